//! Pools of coupons as an owner and their participants see them.

mod large;

use http::Method;
use serde_json::{Value, json};

use crate::{bench::Bench, sql};

/// A campaign that credits sign-ups, with a pool and a rule that gives its codes to referrers.
async fn shop(bench: &Bench, low_stock: u32, fulfil: bool) -> (String, String) {
    let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
    let options = json!({ "autoFulfillRewards": fulfil });
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    let pool = json!({ "name": "summer", "lowStock": low_stock });
    bench.post(&format!("{campaign}/coupon-pools"), pool).await.ok();
    bench.post(&format!("{campaign}/reward-configs"), rule("summer")).await.ok();
    let codes = format!("{campaign}/coupon-pools/summer/coupons");
    (campaign, codes)
}

fn rule(pool: &str) -> Value {
    json!({ "type": "SINGLE_SIDED", "gives": { "kind": "UNIQUE_COUPON", "pool": pool } })
}

fn codes(list: &[&str]) -> Value {
    json!({ "codes": list })
}

/// The rewards of a participant, the newest first.
async fn rewards(bench: &Bench, campaign: &str, p: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/participant/{p}/rewards")).await.ok();
    found["rewards"].as_array().unwrap().clone()
}

/// Free codes, and all codes.
async fn stock(bench: &Bench, campaign: &str) -> [Value; 2] {
    let pools = bench.get(&format!("{campaign}/coupon-pools")).await.ok();
    ["free", "total"].map(|it| pools["couponPools"][0][it].clone())
}

async fn notices(bench: &Bench) -> i64 {
    bench.number(sql!("-- t\n SELECT count(*) AS n FROM notice WHERE kind = 'COUPONS_LOW'")).await
}

/// The reasons of the decisions about somebody, the newest first.
async fn reasons(bench: &Bench, campaign: &str, p: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/participant/{p}/decisions")).await.ok();
    let found = found["decisions"].as_array().unwrap().clone();
    found.into_iter().map(|it| json!([it["kind"], it["reasons"][0]])).collect()
}

#[tokio::test]
async fn pools_are_made_listed_and_removed() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let path = format!("{campaign}/coupon-pools");
    assert_eq!(bench.get(&path).await.ok(), json!({ "couponPools": [] }));
    let pool = json!({ "name": "summer", "lowStock": 2 });
    let expected = json!({ "name": "summer", "total": 0, "free": 0, "lowStock": 2 });
    for _ in 0..2 {
        assert_eq!(bench.post(&path, pool.clone()).await.ok(), expected);
    }
    let other = json!({ "name": "summer", "lowStock": 3 });
    bench.post(&path, other).await.fails(409);
    bench.post(&path, json!({ "name": "autumn" })).await.ok();
    let listed = bench.get(&path).await.ok();
    let autumn = json!({ "name": "autumn", "total": 0, "free": 0, "lowStock": 0 });
    assert_eq!(listed, json!({ "couponPools": [autumn, expected] }));
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("a/b")),
        ("name", json!(1)),
        ("lowStock", json!(-1)),
        ("lowStock", json!(1_000_001)),
        ("lowStock", json!(0.5)),
        ("free", json!(1)),
    ] {
        let mut asked = json!({ "name": "winter" });
        asked[field] = value;
        bench.post(&path, asked).await.refuses(field);
    }
    bench.post(&path, json!({})).await.refuses("name");
    bench.delete(&format!("{path}/summer")).await.ok();
    bench.delete(&format!("{path}/summer")).await.fails(404);
    let foreign = bench.campaign("ON_SIGNUP").await;
    bench.delete(&format!("{foreign}/coupon-pools/autumn")).await.fails(404);
    assert_eq!(
        bench.get(&format!("{foreign}/coupon-pools")).await.ok(),
        json!({ "couponPools": [] })
    );
    bench.get("/v2/campaign/nobody/coupon-pools").await.fails(404);
    bench.post("/v2/campaign/nobody/coupon-pools", pool).await.fails(404);
}

#[tokio::test]
async fn a_campaign_has_100_pools_at_most() {
    let bench = Bench::new().await;
    let path = format!("{}/coupon-pools", bench.campaign("ON_SIGNUP").await);
    for n in 0..100 {
        bench.post(&path, json!({ "name": format!("p{n}") })).await.ok();
    }
    bench.post(&path, json!({ "name": "more" })).await.fails(409);
    bench.post(&path, json!({ "name": "p99" })).await.ok();
}

#[tokio::test]
async fn r_coupon_1_each_reward_has_the_oldest_code_that_nobody_has() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, true).await;
    let imported = bench.post(&path, codes(&["B", "A", "C"])).await.ok();
    let expected = json!({ "imported": 3, "name": "summer", "total": 3, "free": 3, "lowStock": 0 });
    assert_eq!(imported, expected);
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.pass(shared::time::Span(1));
    bench.add(&campaign, "cid", Some(&ada)).await;
    let found = rewards(&bench, &campaign, &ada).await;
    let shown: Vec<_> = found.iter().map(|it| it["couponCode"].clone()).collect();
    assert_eq!(shown, ["A", "B"]);
    assert!(found.iter().all(|it| it["isAvailable"] == true && it["kind"] == "UNIQUE_COUPON"));
    // The person's own page of rewards says the same.
    let person = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(person["rewards"], json!(found));
    assert_eq!(stock(&bench, &campaign).await, [1, 3]);
    let other = bench.campaign("ON_SIGNUP").await;
    bench.post(&format!("{other}/coupon-pools/summer/coupons"), codes(&["D"])).await.fails(404);
}

#[tokio::test]
async fn r_coupon_3_ones_own_code_is_shown_once_it_is_given_and_a_fixed_one_once_it_is_approved() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, false).await;
    bench.post(&path, codes(&["A"])).await.ok();
    let fixed =
        json!({ "type": "DOUBLE_SIDED", "couponCode": "TEN", "referralCouponCode": "FIVE" });
    let fixed = bench.post(&format!("{campaign}/reward-configs"), fixed).await.ok();
    let fixed = fixed["id"].as_str().unwrap();
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    for it in rewards(&bench, &campaign, &ada).await {
        let code = if it["kind"] == "COUPON" { json!("TEN") } else { json!(null) };
        assert_eq!((&it["approved"], &it["couponCode"]), (&json!(true), &code));
    }
    // Its code is kept for it all the same.
    assert_eq!(stock(&bench, &campaign).await, [0, 1]);
    // What the rule says later is for later rewards.
    let patch = json!({ "couponCode": "NINE" });
    bench.patch(&format!("{campaign}/reward-configs/{fixed}"), patch).await.ok();
    bench.write([sql!("-- t\n UPDATE reward SET status = 'FULFILLED', fulfilled_at = 9")]).await;
    let mut shown: Vec<_> = rewards(&bench, &campaign, &ada).await;
    shown.sort_by_key(|it| it["kind"].to_string());
    assert_eq!((&shown[0]["couponCode"], &shown[1]["couponCode"]), (&json!("TEN"), &json!("A")));
    assert_eq!(rewards(&bench, &campaign, &bob).await[0]["couponCode"], "FIVE");
    bench.write([sql!("-- t\n UPDATE reward SET status = 'REVERSED'")]).await;
    assert!(rewards(&bench, &campaign, &ada).await.iter().all(|it| it["couponCode"].is_null()));
}

#[tokio::test]
async fn r_coupon_2_a_reward_without_a_code_waits_for_the_next_import_and_says_so() {
    for (fulfil, status) in [(true, "FULFILLED"), (false, "PENDING")] {
        let bench = Bench::new().await;
        let (campaign, path) = shop(&bench, 0, fulfil).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let eve = bench.add(&campaign, "eve", None).await;
        for (friend, referrer) in [("bob", &eve), ("cid", &ada), ("dot", &ada)] {
            bench.pass(shared::time::Span(1));
            bench.add(&campaign, friend, Some(referrer)).await;
        }
        for waiting in rewards(&bench, &campaign, &ada).await {
            let seen = ["approved", "isFulfilled", "isAvailable"].map(|it| waiting[it].clone());
            assert_eq!(seen, [true, false, false]);
            assert_eq!(waiting["status"], "PENDING");
        }
        let waits = json!(["HELD", "POOL_EMPTY"]);
        let told = reasons(&bench, &campaign, &ada).await;
        assert_eq!((&told[0], &told[1]), (&waits, &waits));
        let decision = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        let decision = &decision["decisions"][0];
        assert_eq!(decision["createdAt"], json!(bench.now.get()));
        assert_eq!(decision["text"], "A coupon follows as soon as there is one.");
        assert_eq!(decision["facts"]["pool"], "summer");
        let newest = rewards(&bench, &campaign, &ada).await[0]["id"].clone();
        assert_eq!(decision["facts"]["reward"], newest);

        // Two codes for three who wait: the oldest first, whoever they are.
        bench.pass(shared::time::Span(1));
        let imported = bench.post(&path, codes(&["A", "B"])).await.ok();
        assert_eq!((&imported["free"], &imported["total"]), (&json!(0), &json!(2)));
        let of_eve = rewards(&bench, &campaign, &eve).await;
        let of_ada = rewards(&bench, &campaign, &ada).await;
        assert_eq!((&of_eve[0]["status"], &of_ada[1]["status"]), (&json!(status), &json!(status)));
        assert_eq!(
            (&of_ada[0]["status"], &of_ada[0]["couponCode"]),
            (&json!("PENDING"), &json!(null))
        );
        if fulfil {
            assert_eq!(
                (&of_eve[0]["couponCode"], &of_ada[1]["couponCode"]),
                (&json!("A"), &json!("B"))
            );
            assert_eq!(of_eve[0]["fulfilledAt"], json!(bench.now.get()));
        }
        let kind = if fulfil { "FULFILLED" } else { "APPROVED" };
        let told = reasons(&bench, &campaign, &ada).await;
        assert_eq!((&told[0], &told[1]), (&json!([kind, "COUPON_CAME"]), &waits));
        bench.post(&path, codes(&["C", "D"])).await.ok();
        assert_eq!(rewards(&bench, &campaign, &ada).await[0]["status"], status);
        assert_eq!(stock(&bench, &campaign).await, [1, 4]);
        // Nothing counts as given without its code.
        let none = "-- t\n SELECT count(*) AS n FROM reward WHERE lacks IS NOT NULL";
        assert_eq!(bench.number(sql!(none)).await, 0);
    }
}

#[tokio::test]
async fn r_coupon_2_nobody_gives_what_is_not_there() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, false).await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let fulfil = || sql!("-- t\n UPDATE reward SET status = 'FULFILLED', fulfilled_at = 9");
    bench.write([fulfil()]).await;
    let waiting = rewards(&bench, &campaign, &ada).await;
    assert_eq!(
        (&waiting[0]["status"], &waiting[0]["fulfilledAt"]),
        (&json!("PENDING"), &json!(null))
    );
    assert_eq!(reasons(&bench, &campaign, &ada).await.len(), 2, "told once");
    bench.post(&path, codes(&["A"])).await.ok();
    bench.write([fulfil()]).await;
    let given = rewards(&bench, &campaign, &ada).await;
    assert_eq!((&given[0]["couponCode"], &given[0]["isAvailable"]), (&json!("A"), &json!(true)));
}

#[tokio::test]
async fn r_coupon_4_an_import_is_taken_whole_or_not_at_all() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, true).await;
    bench.post(&path, codes(&["A", "a b"])).await.ok();
    let long = "x".repeat(101);
    for (list, place) in [
        (vec!["B", "C", "B"], "codes[2]"),
        (vec!["B", "A"], "codes[1]"),
        (vec!["B", "C", " D"], "codes[2]"),
        (vec![""], "codes[0]"),
        (vec!["B", "a\nb"], "codes[1]"),
        (vec!["B", &long], "codes[1]"),
        (vec![], "codes"),
    ] {
        bench.post(&path, codes(&list)).await.refuses(place);
    }
    bench.post(&path, json!({ "codes": ["B", 1] })).await.refuses("codes[1]");
    bench.post(&path, json!({ "codes": "B" })).await.refuses("codes");
    bench.post(&path, json!({})).await.refuses("codes");
    assert_eq!(stock(&bench, &campaign).await, [2, 2]);
    let many: Vec<String> = (0..7_000).map(|n| format!("{n:05}")).collect();
    let imported = bench.post(&path, json!({ "codes": many })).await.ok();
    assert_eq!(imported["free"], 7_002);
    let again = bench.post(&path, json!({ "codes": many })).await.fails(400);
    assert_eq!(again["errors"].as_array().unwrap().len(), 20);
    bench.post(&format!("{campaign}/coupon-pools/other/coupons"), codes(&["B"])).await.fails(404);
}

#[tokio::test]
async fn r_coupon_4_the_same_import_under_one_key_is_one_import() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, true).await;
    let send = |list: &[&str], key: &str| {
        let mut request = bench.request(Method::POST, &path, codes(list).to_string());
        request.headers_mut().insert("idempotency-key", key.parse().unwrap());
        request
    };
    let all = bench.at_once((0..20).map(|_| send(&["A", "B"], "k"))).await;
    for it in all {
        assert_eq!(it.ok()["imported"], 2);
    }
    assert_eq!(stock(&bench, &campaign).await, [2, 2]);
    bench.send(send(&["A"], "k")).await.fails(409);
    bench.send(send(&["B", "A"], "k")).await.fails(409);
    bench.send(send(&["A", "B"], "l")).await.refuses("codes[0]");
    bench.send(send(&["C"], "l")).await.ok();
    // A pool that is made anew knows nothing of the imports of the old one.
    let pools = format!("{campaign}/coupon-pools");
    for _ in 0..2 {
        bench.post(&pools, json!({ "name": "winter" })).await.ok();
        let path = format!("{pools}/winter/coupons");
        let mut request = bench.request(Method::POST, &path, codes(&["W"]).to_string());
        request.headers_mut().insert("idempotency-key", "k".parse().unwrap());
        assert_eq!(bench.send(request).await.ok()["free"], 1);
        bench.delete(&format!("{pools}/winter")).await.ok();
    }
    // Without a key the second one finds the codes there.
    let all = bench.twenty(Method::POST, &path, codes(&["D"])).await;
    let taken = all.iter().filter(|it| it.status == 200).count();
    assert_eq!(taken, 1);
    for it in all.into_iter().filter(|it| it.status != 200) {
        it.refuses("codes[0]");
    }
    assert_eq!(stock(&bench, &campaign).await, [4, 4]);
}

#[tokio::test]
async fn r_coupon_6_the_owner_is_told_at_each_fall_to_the_low_mark() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 1, true).await;
    bench.post(&path, codes(&["A", "B", "C"])).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let mut told = Vec::new();
    for friend in ["b", "c", "d", "e"] {
        bench.pass(shared::time::Span(1));
        bench.add(&campaign, friend, Some(&ada)).await;
        told.push(notices(&bench).await);
    }
    assert_eq!(told, [0, 1, 1, 1]);
    let subject = sql!(
        "-- t
         SELECT count(*) AS n FROM notice WHERE subject = campaign || '/summer' AND at = ?1
            AND seen_at IS NULL",
        bench.now.get() - shared::time::Span(2),
    );
    assert_eq!(bench.number(subject).await, 1);
    // One of them waits: the import leaves one free, which is still low.
    bench.post(&path, codes(&["D", "E"])).await.ok();
    assert_eq!(notices(&bench).await, 1);
    bench.post(&path, codes(&["F"])).await.ok();
    assert_eq!(notices(&bench).await, 0);
    bench.add(&campaign, "f", Some(&ada)).await;
    assert_eq!(notices(&bench).await, 1);
}

#[tokio::test]
async fn r_coupon_6_an_empty_pool_is_told_when_somebody_waits() {
    let bench = Bench::new().await;
    let (campaign, _) = shop(&bench, 0, true).await;
    assert_eq!(notices(&bench).await, 0);
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    assert_eq!(notices(&bench).await, 1);
}

#[tokio::test]
async fn r_coupon_7_rules_name_pools_that_are_there_and_those_stay() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, true).await;
    let (configs, pools) =
        (format!("{campaign}/reward-configs"), format!("{campaign}/coupon-pools"));
    bench.post(&configs, rule("winter")).await.refuses("gives");
    let friend = json!({
        "type": "DOUBLE_SIDED", "referralGives": { "kind": "UNIQUE_COUPON", "pool": "winter" },
    });
    bench.post(&configs, friend.clone()).await.refuses("referralGives");
    let asked =
        json!({ "type": "REFERRAL", "rewards": [{ "type": "SINGLE_SIDED" }, rule("summer")] });
    bench.post("/v2/campaigns", asked).await.refuses("rewards[1].gives");
    let made = bench.get(&configs).await.ok()["rewards"][0]["id"].as_str().unwrap().to_owned();
    let patch = json!({ "gives": { "pool": "winter" } });
    bench.patch(&format!("{configs}/{made}"), patch).await.refuses("gives");
    // A pool of the same name elsewhere is another pool.
    let other = bench.campaign("ON_SIGNUP").await;
    bench.post(&format!("{other}/coupon-pools"), json!({ "name": "winter" })).await.ok();
    bench.post(&configs, friend).await.refuses("referralGives");

    bench.delete(&format!("{pools}/summer")).await.fails(409);
    bench.post(&path, codes(&["A", "B/%"])).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.delete(&format!("{path}/A")).await.fails(409);
    bench.delete(&format!("{path}/C")).await.fails(404);
    bench.delete(&format!("{path}/B%2F%25")).await.ok();
    bench.delete(&format!("{path}/B%2F%25")).await.fails(404);
    assert_eq!(stock(&bench, &campaign).await, [0, 1]);
    // What was given stays given: the codes of the past are not imported again.
    bench.delete(&format!("{configs}/{made}")).await.ok();
    bench.delete(&format!("{pools}/summer")).await.fails(409);
    bench.post(&path, codes(&["A"])).await.refuses("codes[0]");
    bench.post(&pools, json!({ "name": "winter" })).await.ok();
    bench.post(&format!("{pools}/winter/coupons"), codes(&["D"])).await.ok();
    bench.delete(&format!("{pools}/winter")).await.ok();
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM coupon")).await, 1);
}

#[tokio::test]
async fn r_coupon_7_a_rule_and_the_end_of_its_pool_at_once_leave_no_rule_without_a_pool() {
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
    let (configs, pools) =
        (format!("{campaign}/reward-configs"), format!("{campaign}/coupon-pools"));
    for n in 0..10 {
        let name = format!("p{n}");
        bench.post(&pools, json!({ "name": name })).await.ok();
        let both = [
            bench.request(Method::POST, &configs, rule(&name).to_string()),
            bench.request(Method::DELETE, &format!("{pools}/{name}"), ""),
        ];
        let answers = bench.at_once(both).await;
        assert!(answers.iter().filter(|it| it.status == 200).count() <= 1, "{answers:?}");
    }
    let lost = sql!(
        "-- t
         SELECT count(*) AS n FROM rule WHERE NOT EXISTS
           (SELECT 1 FROM coupon_pool WHERE name = rule.body->'gives'->>'pool')"
    );
    assert_eq!(bench.number(lost).await, 0);
}

#[tokio::test]
async fn r_coupon_4_a_code_stands_in_one_pool_of_its_campaign() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, true).await;
    bench.post(&path, codes(&["A", "B"])).await.ok();
    let pools = format!("{campaign}/coupon-pools");
    bench.post(&pools, json!({ "name": "winter" })).await.ok();
    let winter = format!("{pools}/winter/coupons");
    let said = bench.post(&winter, codes(&["C", "B"])).await.refuses("codes[1]");
    assert_eq!(said, "is in the pool summer already");
    assert_eq!(bench.get(&pools).await.ok()["couponPools"][1]["total"], 0, "nothing half-written");
    bench.post(&winter, codes(&["C"])).await.ok();
    // The same code at once into two pools is in one of them.
    let both = ["summer", "winter"].map(|pool| {
        let path = format!("{pools}/{pool}/coupons");
        bench.request(Method::POST, &path, codes(&["D"]).to_string())
    });
    let answers = bench.at_once(both).await;
    assert_eq!(answers.iter().filter(|it| it.status == 200).count(), 1, "{answers:?}");
    // Another campaign's codes are its own.
    let (_, other) = shop(&bench, 0, true).await;
    bench.post(&other, codes(&["A"])).await.ok();
}

#[tokio::test]
async fn r_coupon_2_a_hand_gives_nothing_while_the_pool_is_empty() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, false).await;
    let options = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let id = rewards(&bench, &campaign, &ada).await[0]["id"].as_str().unwrap().to_owned();
    let deed = |deed: &str| format!("{campaign}/reward/{id}/{deed}");
    bench.post(&deed("approve"), json!({ "fulfill": true })).await.ok();
    let stands = async || {
        let it = rewards(&bench, &campaign, &ada).await.remove(0);
        (it["status"].clone(), it["approved"].clone(), it["couponCode"].clone())
    };
    let waits = (json!("PENDING"), json!(true), json!(null));
    assert_eq!(stands().await, waits);
    let given = json!(["FULFILLED", "FULFILLED_BY_HAND"]);
    for _ in 0..2 {
        bench.pass(shared::time::Span(1));
        let said = bench.post(&deed("fulfill"), json!({})).await.fails(406);
        let message = "Invalid reward state. Reward has no coupon yet: its pool is empty.";
        assert_eq!((&said["message"], stands().await), (&json!(message), waits.clone()));
        assert!(!reasons(&bench, &campaign, &ada).await.contains(&given));
    }
    bench.pass(shared::time::Span(1));
    bench.post(&path, codes(&["A"])).await.ok();
    bench.post(&deed("fulfill"), json!({})).await.ok();
    assert_eq!(stands().await, (json!("FULFILLED"), json!(true), json!("A")));
    assert_eq!(reasons(&bench, &campaign, &ada).await[0], given);
}

#[tokio::test]
async fn r_hold_5_what_is_due_with_an_empty_pool_is_not_told_as_given() {
    let bench = Bench::new().await;
    let (campaign, path) = shop(&bench, 0, true).await;
    let held = json!({
        "type": "SINGLE_SIDED", "holdDays": 1,
        "gives": { "kind": "UNIQUE_COUPON", "pool": "summer" },
    });
    bench.post(&path, codes(&["A"])).await.ok();
    bench.post(&format!("{campaign}/reward-configs"), held).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.pass(shared::time::Span::days(1));
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    let found = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
    let found = found["decisions"].as_array().unwrap();
    let approved = found.iter().find(|it| it["kind"] == "APPROVED").unwrap();
    assert_eq!(approved["facts"]["fulfilled"], false, "{approved}");
}
