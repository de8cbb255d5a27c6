//! Tests of forgetting people: what is gone, what stays, and what may not come back.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use shared::time::Span;

use super::super::rewards::hand_tests::lead;
use crate::{bench::Bench, sql, sql::Statement};

/// Ada, Bob who came by her, and Cid who came by Bob.
async fn three(bench: &Bench, options: Value) -> (String, [String; 3]) {
    let campaign = bench.campaign("ON_SIGNUP").await;
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let cid = bench.add(&campaign, "cid", Some(&bob)).await;
    (campaign, [ada, bob, cid])
}

async fn erase(bench: &Bench, campaign: &str, p: &str) -> Value {
    bench.delete(&format!("{campaign}/participant/{p}")).await.ok()
}

async fn number(bench: &Bench, sql: &'static str) -> i64 {
    bench.number(Statement { sql, args: Vec::new() }).await
}

#[tokio::test]
async fn r_erase_1_a_person_is_forgotten_and_never_found_again() {
    let bench = Bench::new().await;
    let (campaign, [ada, bob, cid]) = three(&bench, json!({})).await;
    let call = bench.call();
    let code = shared::code::Code::parse(&bob).unwrap();
    let link = crate::click::resolve::resolve(&bench.app, &call, &code).await.unwrap();
    assert!(link.is_some());
    assert_eq!(erase(&bench, &campaign, "bob@example.com").await, json!({ "success": true }));
    for p in [&bob, "bob@example.com"] {
        bench.delete(&format!("{campaign}/participant/{p}")).await.fails(404);
        bench.get(&format!("{campaign}/participant/{p}")).await.fails(404);
        bench.get(&format!("{campaign}/participant/{p}/rewards")).await.fails(404);
        bench.get(&format!("{campaign}/participant/{p}/decisions")).await.fails(404);
    }
    let link = crate::click::resolve::resolve(&bench.app, &call, &code).await.unwrap();
    assert!(link.is_none(), "the link is dead");
    let listed = bench.get(&format!("{campaign}/participants")).await.ok();
    let ids: Vec<_> =
        listed["participants"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(ids.len() == 2 && ids.iter().all(|it| **it != *bob), "{ids:?}");
    assert_eq!(bench.get(&campaign).await.ok()["participantCount"], 2);
    // Who referred them keeps their count, and whom they referred shows how they came.
    let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!((&shown["referralCount"], &shown["rank"]), (&json!(1), &json!(1)));
    let shown = bench.get(&format!("{campaign}/participant/{cid}")).await.ok();
    assert_eq!(shown["referralSource"], "DELETED_PARTICIPANT");
    assert_eq!(shown["referrer"], Value::Null);
    // Nobody comes by their name or link any more.
    let named = json!({ "email": "dot@example.com", "referredBy": bob });
    let dot = bench.post(&format!("{campaign}/participant"), named).await.ok();
    assert_eq!(dot["referredBy"], Value::Null);
    // The same address is a new person.
    let again = json!({ "email": "bob@example.com", "referredBy": ada });
    let again = bench.post(&format!("{campaign}/participant"), again).await.ok();
    assert!(again["isNew"] == true && again["id"] != *bob);
    let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(shown["referralCount"], 2);
    let other = bench.campaign("CUSTOM").await;
    bench.delete(&format!("{other}/participant/{ada}")).await.fails(404);
    bench.delete(&format!("{campaign}/participant/nobody")).await.fails(404);
    bench.delete(&format!("/v2/campaign/nobody/participant/{ada}")).await.fails(404);
}

#[tokio::test]
async fn r_erase_2_nothing_personal_is_left_in_any_table() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let asked = json!({
        "email": "Frida.Friend@example.com", "firstName": "Frida", "lastName": "Friend",
        "metadata": { "city": "Tinytown" }, "language": "fr", "referredBy": ada,
    });
    bench.post(&format!("{campaign}/participant"), asked).await.ok();
    lead(&bench, &campaign, "frida.friend", &ada).await;
    let waiting = sql!(
        "-- t
         INSERT INTO person (subject, campaign, kind, email, identity, metadata, created_at)
         VALUES ('lead', ?1, 'LEAD', 'Frida.Friend@example.com', 'frida.friend@example.com', '{}', 1)",
        campaign.trim_start_matches("/v2/campaign/"),
    );
    bench.write([waiting]).await;
    let p = format!("{campaign}/participant/frida.friend@example.com");
    let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": "7" });
    bench.post(&format!("{p}/transaction"), order).await.ok();
    let refund = json!({ "orderId": "7", "amountRefunded": 1, "description": "for Frida" });
    bench.post(&format!("{p}/transaction/refund"), refund).await.ok();
    assert!(tells(&bench).await.contains(&"person".into()), "there is something to forget");
    erase(&bench, &campaign, "frida.friend@example.com").await;
    assert_eq!(tells(&bench).await, Vec::<String>::new());
}

/// The tables that tell something of Frida.
async fn tells(bench: &Bench) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Table {
        name: String,
    }
    let tables = sql!("-- t\n SELECT name FROM sqlite_master WHERE type = 'table'");
    let tables: Vec<Table> = bench.app.db.all(tables).await.unwrap();
    assert!(20 < tables.len());
    let mut telling = Vec::new();
    for Table { name } in tables {
        let sql = Box::leak(format!("-- t\n SELECT * FROM \"{name}\"").into_boxed_str());
        let rows: Vec<Value> = bench.app.db.all(Statement { sql, args: Vec::new() }).await.unwrap();
        let text = Value::Array(rows).to_string().to_lowercase();
        if ["frida", "tinytown"].iter().any(|it| text.contains(it)) {
            telling.push(name);
        }
    }
    telling
}

#[derive(Debug, serde::Deserialize)]
struct Row {
    status: String,
}

#[tokio::test]
async fn r_erase_3_what_nobody_approved_is_cancelled_and_the_rest_stays_as_a_record() {
    for (options, expected) in [
        (json!({ "requireManualRewardApproval": true }), ["CANCELLED", "CANCELLED"]),
        (json!({}), ["PENDING", "PENDING"]),
        (json!({ "autoFulfillRewards": true }), ["FULFILLED", "FULFILLED"]),
    ] {
        let bench = Bench::new().await;
        let (campaign, [ada, bob, cid]) = three(&bench, options).await;
        erase(&bench, &campaign, &bob).await;
        let his = sql!("-- t\n SELECT status FROM reward WHERE participant = ?1 ORDER BY id", &bob);
        let his: Vec<Row> = bench.app.db.all(his).await.unwrap();
        assert_eq!(his.iter().map(|it| it.status.as_str()).collect::<Vec<_>>(), expected);
        let expected = expected[0].replace("CANCELLED", "PENDING");
        for p in [&ada, &cid] {
            let found = bench.get(&format!("{campaign}/participant/{p}/rewards")).await.ok();
            assert_eq!(found["rewards"][0]["status"], *expected, "others keep theirs");
        }
        let told = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'ERASED'";
        assert_eq!(number(&bench, told).await, 1);
        // Each reward that ends has a decision that names it.
        let named = "-- t\n SELECT count(*) AS n FROM decision AS d JOIN reward AS r
                       ON r.id = d.facts->>'reward' AND r.status = 'CANCELLED'
                      WHERE d.kind = 'CANCELLED' AND d.reasons = '[\"ERASED_ON_REQUEST\"]'";
        let ended = "-- t\n SELECT count(*) AS n FROM reward WHERE status = 'CANCELLED'";
        assert_eq!(number(&bench, named).await, number(&bench, ended).await);
    }
}

#[tokio::test]
async fn r_erase_3_a_code_is_not_given_to_somebody_forgotten() {
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("ON_SIGNUP", &[]).await;
    let options = json!({ "autoFulfillRewards": true });
    bench.patch(&format!("{campaign}/options"), options).await.ok();
    let pools = format!("{campaign}/coupon-pools");
    bench.post(&pools, json!({ "name": "summer" })).await.ok();
    let gives = json!({ "kind": "UNIQUE_COUPON", "pool": "summer" });
    let rule = json!({ "type": "SINGLE_SIDED", "gives": gives });
    bench.post(&format!("{campaign}/reward-configs"), rule).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let eve = bench.add(&campaign, "eve", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.pass(Span(1));
    bench.add(&campaign, "cid", Some(&eve)).await;
    erase(&bench, &campaign, &ada).await;
    bench.post(&format!("{pools}/summer/coupons"), json!({ "codes": ["X"] })).await.ok();
    let found = bench.get(&format!("{campaign}/participant/{eve}/rewards")).await.ok();
    assert_eq!(found["rewards"][0]["couponCode"], "X");
}

#[tokio::test]
async fn r_erase_7_what_waits_for_somebody_forgotten_ends_with_them() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let person = json!({ "email": "x@yopmail.com", "referredBy": ada });
    bench.post(&format!("{campaign}/participant"), person).await.ok();
    let waiting = "-- t\n SELECT count(*) AS n FROM referral
                         WHERE outcome = 'HELD' OR credit_at IS NOT NULL";
    bench
        .post(&format!("{campaign}/participant/{bob}/ref"), json!({ "delayInDays": 1 }))
        .await
        .ok();
    assert_eq!(number(&bench, waiting).await, 2);
    for p in ["bob@example.com", "x@yopmail.com"] {
        erase(&bench, &campaign, p).await;
    }
    assert_eq!(number(&bench, waiting).await, 0);
    let told = "-- t\n SELECT count(*) AS n FROM decision
                      WHERE kind = 'REFUSED' AND reasons = '[\"ERASED_ON_REQUEST\"]'";
    assert_eq!(number(&bench, told).await, 2);
    let path = format!("{campaign}/participant/{ada}/decisions?audience=REFERRER");
    let friends = bench.get(&path).await.ok();
    let stand: Vec<_> = friends["decisions"].as_array().unwrap().iter().collect();
    assert!(stand.iter().any(|it| it["status"] == "DOES_NOT_COUNT"), "{friends}");
}

#[tokio::test]
async fn r_erase_7_a_delay_at_once_with_forgetting_waits_for_nobody() {
    for first in [true, false] {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let path = format!("{campaign}/participant/{bob}");
        let delay = json!({ "delayInDays": 1 }).to_string();
        let mut requests = vec![
            bench.request(Method::POST, &format!("{path}/ref"), delay),
            bench.request(Method::DELETE, &path, ""),
        ];
        if first {
            requests.reverse();
        }
        bench.at_once(requests).await;
        let waiting = "-- t\n SELECT count(*) AS n FROM referral WHERE credit_at IS NOT NULL";
        assert_eq!(number(&bench, waiting).await, 0);
    }
}

#[tokio::test]
async fn r_erase_8_a_friends_reward_does_not_end_with_their_referrer() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    bench.patch(&format!("{campaign}/options"), json!({ "browserHoldDays": 3 })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    lead(&bench, &campaign, "bob", &ada).await;
    erase(&bench, &campaign, &ada).await;
    bench.pass(Span::days(3));
    crate::engine::cron::run(&bench.app, &bench.call()).await;
    let path = format!("{campaign}/participant/bob@example.com/rewards");
    assert_eq!(bench.get(&path).await.ok()["rewards"][0]["approved"], true);
}

#[tokio::test]
async fn r_erase_4_counts_of_somebody_forgotten_do_not_come_back() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.add(&campaign, "cid", Some(&ada)).await;
    let dot = bench.add(&campaign, "dot", Some(&ada)).await;
    lead(&bench, &campaign, "eve", &ada).await;
    bench.post(&format!("{campaign}/participant/bob@example.com/ref"), json!({})).await.ok();
    let tallies = "-- t\n SELECT count(*) AS n FROM tally AS t JOIN participant AS p
                           ON p.id = t.participant AND p.erased_at IS NOT NULL";
    let ranked = "-- t\n SELECT coalesce(sum(people), 0) AS n FROM rank_count WHERE month = 0";
    assert_eq!(number(&bench, ranked).await, 1);
    erase(&bench, &campaign, &ada).await;
    assert_eq!((number(&bench, tallies).await, number(&bench, ranked).await), (0, 0));
    // Whatever happens to those whom they referred.
    let cid = format!("{campaign}/participant/cid@example.com");
    assert_eq!(bench.post(&format!("{cid}/ref"), json!({})).await.ok()["success"], false);
    let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": "7" });
    bench.post(&format!("{cid}/transaction"), order).await.ok();
    bench.add(&campaign, "eve", None).await;
    let forced = sql!(
        "-- t\n UPDATE referral SET outcome = 'AWARDED', month = 24310 WHERE friend = ?1",
        &dot
    );
    bench.write([forced]).await;
    assert_eq!((number(&bench, tallies).await, number(&bench, ranked).await), (0, 0));
    let told = bench.get(&format!("{cid}/decisions")).await.ok();
    assert!(told.to_string().contains("REFERRER_BLOCKED"), "{told}");
}

#[tokio::test]
async fn r_erase_5_the_order_of_somebody_forgotten_may_be_refunded_by_its_number() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": "7" });
    bench.post(&format!("{campaign}/participant/{bob}/transaction"), order).await.ok();
    erase(&bench, &campaign, &bob).await;
    let path = format!("{campaign}/participant/bob@example.com/transaction/refund");
    bench.post(&path, json!({ "orderId": "8" })).await.fails(404);
    let answer = bench.post(&path, json!({ "orderId": "7" })).await.ok();
    assert_eq!((&answer["matched"], &answer["deleted"]), (&json!(1), &json!(2)));
    let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
    assert_eq!(shown["referralCount"], 0);
    assert_eq!(bench.post(&path, json!({ "orderId": "7" })).await.ok()["deleted"], 0);
}

#[tokio::test]
async fn r_erase_6_forgetting_twenty_times_at_once_forgets_once() {
    let bench = Bench::new().await;
    let (campaign, [_, bob, _]) = three(&bench, json!({})).await;
    let path = format!("{campaign}/participant/{bob}");
    let answers = bench.twenty(Method::DELETE, &path, json!({})).await;
    let done = answers.iter().filter(|it| it.status == StatusCode::OK).count();
    let missing = answers.iter().filter(|it| it.status == StatusCode::NOT_FOUND).count();
    assert_eq!((done, missing), (1, 19));
    let told = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'ERASED'";
    assert_eq!(number(&bench, told).await, 1);
}

#[tokio::test]
async fn r_erase_6_a_credit_at_once_with_forgetting_leaves_nothing_that_waits_for_nobody() {
    for (victim, first) in [("ada", true), ("ada", false), ("bob", true), ("bob", false)] {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let options = json!({ "requireManualRewardApproval": true });
        bench.patch(&format!("{campaign}/options"), options).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": "7" });
        let buys = format!("{campaign}/participant/bob@example.com/transaction");
        let mut requests = vec![
            bench.request(Method::POST, &buys, order.to_string()),
            bench.request(
                Method::DELETE,
                &format!("{campaign}/participant/{victim}@example.com"),
                "",
            ),
        ];
        if first {
            requests.reverse();
        }
        for answer in bench.at_once(requests).await {
            assert!([200, 404].contains(&answer.status.as_u16()), "{}", answer.body);
        }
        let orphans = "-- t
            SELECT count(*) AS n FROM reward AS w JOIN participant AS p ON p.id = w.participant
             WHERE p.erased_at IS NOT NULL AND w.status = 'PENDING'";
        assert_eq!(number(&bench, orphans).await, 0, "{victim}");
        let tallies = "-- t
            SELECT count(*) AS n FROM tally AS t JOIN participant AS p ON p.id = t.participant
             WHERE p.erased_at IS NOT NULL";
        assert_eq!(number(&bench, tallies).await, 0, "{victim}");
    }
}

#[tokio::test]
async fn r_erase_6_a_sign_up_that_is_told_again_at_once_with_forgetting_leaves_no_sign() {
    for n in 0..2 {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let own = bench.add(&campaign, "ada+own", None).await;
        lead(&bench, &campaign, "ada", "nobody").await;
        let path = format!("{campaign}/participant");
        let person = json!({ "email": "ada@example.com", "referredBy": own }).to_string();
        let tell = bench.request(Method::POST, &path, person);
        let forget = bench.request(Method::DELETE, &format!("{path}/ada@example.com"), "");
        let both = if n == 0 { [tell, forget] } else { [forget, tell] };
        bench.at_once(both).await;
        let left = "-- t
            SELECT count(*) AS n FROM signal AS s JOIN participant AS p ON p.id = s.participant
             WHERE p.erased_at IS NOT NULL";
        assert_eq!(number(&bench, left).await, 0, "{n}");
        let gone = "-- t\n SELECT count(*) AS n FROM participant WHERE erased_at IS NOT NULL";
        assert_eq!(number(&bench, gone).await, 1, "{n}");
    }
}

#[tokio::test]
async fn r_erase_3_a_credit_of_before_brings_nothing_once_the_referrer_is_forgotten() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let before = bench.now.get();
    bench.pass(Span::days(1));
    erase(&bench, &campaign, &ada).await;
    // A host whose clock is behind, or an event that is looked at as of its day.
    bench.now.set(before + Span::hours(1));
    let path = format!("{campaign}/participant/bob@example.com/ref");
    let told = bench.post(&path, json!({})).await.ok();
    assert_eq!(told["success"], false, "{told}");
    assert_eq!(number(&bench, "-- t\n SELECT count(*) AS n FROM reward").await, 0);
}
