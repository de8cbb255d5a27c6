//! Codes under pressure: winners at once, imports meanwhile, rewards taken back.

use http::Method;
use serde_json::{Value, json};

use shared::{attribution::Touches, email::Email, reward::Source};

use super::hand_out;
use crate::{
    bench::Bench,
    engine::{
        enrol::{self, Brought, Newcomer},
        terms,
    },
    sql,
};

async fn shop(bench: &Bench, trigger: &str) -> (String, String) {
    let campaign = bench.campaign_with(trigger, &[]).await;
    bench.patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": true })).await.ok();
    bench.post(&format!("{campaign}/coupon-pools"), json!({ "name": "summer" })).await.ok();
    let gives = json!({ "kind": "UNIQUE_COUPON", "pool": "summer" });
    let rule = json!({ "type": "SINGLE_SIDED", "gives": gives });
    bench.post(&format!("{campaign}/reward-configs"), rule).await.ok();
    (campaign.clone(), format!("{campaign}/coupon-pools/summer/coupons"))
}

fn codes(from: u32, count: u32) -> Value {
    json!({ "codes": (from..from + count).map(|n| format!("C{n:02}")).collect::<Vec<_>>() })
}

/// Rewards that were given, with their codes; rewards that wait; decisions that say so; codes left.
async fn books(bench: &Bench) -> [i64; 4] {
    let count = async |statement| bench.number(statement).await;
    let given = count(sql!(
        "-- t
         SELECT count(DISTINCT coupon.code) AS n FROM reward JOIN coupon ON coupon.reward = reward.id
          WHERE reward.status = 'FULFILLED' AND reward.fulfilled_at IS NOT NULL
            AND reward.lacks IS NULL"
    ))
    .await;
    let waiting = count(sql!(
        "-- t
         SELECT count(*) AS n FROM reward
          WHERE lacks = 'COUPON' AND status = 'PENDING' AND approved_at IS NOT NULL
            AND id NOT IN (SELECT reward FROM coupon WHERE reward IS NOT NULL)"
    ))
    .await;
    let told = count(sql!(
        "-- t
         SELECT count(DISTINCT facts->>'reward') AS n FROM decision
          WHERE kind = 'HELD' AND reasons = '[\"POOL_EMPTY\"]'"
    ))
    .await;
    let free = count(sql!("-- t\n SELECT count(*) AS n FROM coupon WHERE reward IS NULL")).await;
    let counted = count(sql!("-- t\n SELECT sum(free) AS n FROM coupon_pool")).await;
    assert_eq!(free, counted, "what is counted follows from the rows");
    [given, waiting, told, free]
}

#[tokio::test]
async fn r_coupon_1_twenty_winners_at_once_share_five_codes() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    bench.post(&path, codes(0, 5)).await.ok();
    let mut friends = Vec::new();
    for n in 0..20 {
        let referrer = bench.add(&campaign, &format!("r{n}"), None).await;
        let friend = json!({ "email": format!("f{n}@example.com"), "referredBy": referrer });
        let path = format!("{campaign}/participant");
        friends.push(bench.request(Method::POST, &path, friend.to_string()));
    }
    for answer in bench.at_once(friends).await {
        answer.ok();
    }
    assert_eq!(books(&bench).await, [5, 15, 15, 0]);
    // The rest in two bites, the last of which is too large.
    bench.post(&path, codes(5, 7)).await.ok();
    assert_eq!(books(&bench).await, [12, 8, 15, 0]);
    bench.post(&path, codes(12, 10)).await.ok();
    assert_eq!(books(&bench).await, [20, 0, 15, 2]);
}

#[tokio::test]
async fn r_coupon_1_an_import_among_the_winners_loses_no_code_and_no_reward() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    bench.post(&path, codes(0, 5)).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let friend = |n: u32| {
        let friend = json!({ "email": format!("f{n}@example.com"), "referredBy": ada });
        bench.request(Method::POST, &format!("{campaign}/participant"), friend.to_string())
    };
    let import = |n: u32| bench.request(Method::POST, &path, codes(5 + 4 * n, 4).to_string());
    let mixed = (0..20).flat_map(|n| {
        let import = (n % 7 == 3).then(|| import(n / 7));
        [Some(friend(n)), import]
    });
    for answer in bench.at_once(mixed.flatten().collect::<Vec<_>>()).await {
        answer.ok();
    }
    let [given, waiting, told, free] = books(&bench).await;
    assert_eq!((given, waiting, free), (17, 3, 0));
    assert!(3 <= told, "{told}");
}

#[tokio::test]
async fn r_coupon_1_what_was_given_is_given_once_whatever_is_tried() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    bench.post(&path, codes(0, 2)).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["bob", "cid"] {
        bench.add(&campaign, friend, Some(&ada)).await;
    }
    for doubled in [
        sql!("-- t\n UPDATE coupon SET reward = (SELECT min(id) FROM reward)"),
        sql!(
            "-- t\n INSERT INTO coupon (campaign, pool, code, created_at) SELECT campaign, pool, code, 1 FROM coupon"
        ),
    ] {
        let refused = bench.app.db.batch(vec![doubled]).await;
        assert_eq!(refused, Err(sql::DbError::Constraint));
    }
    // Approved again, fulfilled again: it keeps its one code.
    bench.write([sql!("-- t\n UPDATE reward SET approved_at = 9, status = 'FULFILLED'")]).await;
    assert_eq!(books(&bench).await, [2, 0, 0, 0]);
}

#[tokio::test]
async fn r_coupon_5_a_code_goes_back_unless_it_was_available() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    bench.post(&path, codes(0, 3)).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": false })).await.ok();
    bench.add(&campaign, "cid", Some(&ada)).await;
    bench.add(&campaign, "dot", Some(&ada)).await;
    let free = async || books(&bench).await[3];
    assert_eq!(free().await, 0);
    let cancel = |friend: &str| {
        sql!(
            "-- t
             UPDATE reward SET status = 'CANCELLED'
              WHERE friend = (SELECT subject FROM person WHERE identity = ?1)",
            format!("{friend}@example.com"),
        )
    };
    // Bob's was shown to Ada: it is spent.
    bench.write([cancel("bob")]).await;
    assert_eq!(free().await, 0);
    bench.write([cancel("cid"), cancel("cid")]).await;
    assert_eq!(free().await, 1);
    bench.write([sql!("-- t\n DELETE FROM reward WHERE status = 'PENDING'")]).await;
    assert_eq!(free().await, 2);
}

#[tokio::test]
async fn r_coupon_5_a_code_that_went_back_is_handed_out_by_the_cron_to_the_oldest() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    let options = format!("{campaign}/options");
    bench.patch(&options, json!({ "autoFulfillRewards": false })).await.ok();
    bench.post(&path, codes(0, 1)).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["bob", "cid", "dot"] {
        bench.pass(shared::time::Span(1));
        bench.add(&campaign, friend, Some(&ada)).await;
    }
    bench.patch(&options, json!({ "autoFulfillRewards": true })).await.ok();
    hand_out(&bench.app, &bench.call()).await.unwrap();
    assert_eq!(books(&bench).await, [0, 2, 2, 0]);
    let cancel = "-- t\n UPDATE reward SET status = 'CANCELLED' WHERE lacks IS NULL";
    bench.write([sql!(cancel)]).await;
    assert_eq!(books(&bench).await, [0, 2, 2, 1]);
    bench.pass(shared::time::Span(1));
    for _ in 0..2 {
        crate::engine::cron::run(&bench.app, &bench.call()).await;
        assert_eq!(books(&bench).await, [1, 1, 2, 0]);
    }
    let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
    let shown: Vec<_> =
        found["rewards"].as_array().unwrap().iter().map(|it| &it["couponCode"]).collect();
    assert_eq!(shown, [&json!(null), &json!("C00"), &json!(null)]);
    assert_eq!(found["rewards"][1]["fulfilledAt"], json!(bench.now.get()));
}

#[tokio::test]
async fn r_coupon_1_scripted_sign_ups_take_no_code_until_somebody_vouches_for_them() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    bench.post(&path, codes(0, 1)).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let id = campaign.trim_start_matches("/v2/campaign/");
    let (terms, _) = terms::read(&bench.app, id).await.unwrap();
    for friend in ["bob", "cid"] {
        let last = bench.claims(&campaign, &ada);
        let brought = Brought::Touches(Touches { first: None, last });
        let email = Email::parse(&format!("{friend}@example.com")).unwrap();
        let newcomer = Newcomer { brought, ..Newcomer::new(email, Source::Browser) };
        enrol::enrol(&bench.app, &bench.call(), &terms, &newcomer).await.unwrap();
    }
    assert_eq!(books(&bench).await, [0, 0, 0, 1]);
    bench.add(&campaign, "cid", None).await;
    assert_eq!(books(&bench).await, [1, 0, 0, 0]);
    bench.add(&campaign, "bob", None).await;
    assert_eq!(books(&bench).await, [1, 1, 1, 0]);
}

#[tokio::test]
async fn r_coupon_2_a_long_queue_is_supplied_by_one_import() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, "ON_SIGNUP").await;
    let waiting = sql!(
        "-- t
         INSERT INTO reward (id, campaign, rule, version, participant, side, referrer, occasion,
                             event, earned_month, kind, pool, status, source, hold_days,
                             approved_at, fulfilled_at, created_at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         SELECT printf('prew_%026d', i), ?1, 'r', 1, 'ada', 'REFERRER', 'ada', i, 'CONVERSION', 1,
                'UNIQUE_COUPON', 'summer', 'FULFILLED', 'SERVER', 0, 5, 5, i FROM n",
        campaign.trim_start_matches("/v2/campaign/"),
    );
    bench.write([waiting]).await;
    let list: Vec<String> = (0..3_000).map(|n| format!("{n:04}")).collect();
    bench.post(&path, json!({ "codes": list })).await.ok();
    assert_eq!(books(&bench).await, [3_000, 0, 3_000, 0]);
    let order = sql!(
        "-- t
         SELECT count(*) AS n FROM coupon JOIN reward ON reward.id = coupon.reward
          WHERE CAST(coupon.code AS INTEGER) + 1 = reward.created_at"
    );
    assert_eq!(bench.number(order).await, 3_000);
}
