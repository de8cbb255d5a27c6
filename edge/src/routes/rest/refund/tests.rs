//! Tests of refunds: what they undo, told once or often, before or after their order, at once.

use http::Method;
use serde_json::{Value, json};
use shared::time::Span;

use crate::{bench::Bench, sql};

mod numbers;

/// Bob, who came by Ada and waits for an order; what he does and what she has.
pub(crate) struct Shop {
    pub(crate) bench: Bench,
    pub(crate) campaign: String,
    pub(crate) ada: String,
}

impl Shop {
    pub(crate) async fn open(rules: &[Value], options: Value) -> Self {
        let bench = Bench::new().await;
        let campaign = bench.campaign_with("CUSTOM", rules).await;
        bench.patch(&format!("{campaign}/options"), options).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        let shop = Self { bench, campaign, ada };
        shop.friend("bob").await;
        shop
    }

    async fn double() -> Self {
        Self::open(&[json!({ "type": "DOUBLE_SIDED" })], json!({})).await
    }

    pub(crate) async fn friend(&self, name: &str) {
        self.bench.add(&self.campaign, name, Some(&self.ada)).await;
    }

    pub(crate) fn path(&self, name: &str, end: &str) -> String {
        format!("{}/participant/{name}@example.com/transaction{end}", self.campaign)
    }

    /// An order of 120, 100 of them net.
    pub(crate) async fn order(&self, name: &str, number: &str) -> Value {
        self.bench.post(&self.path(name, ""), order(number)).await.ok()
    }

    pub(crate) async fn refund(&self, name: &str, refund: Value) -> Value {
        self.bench.pass(Span(1));
        self.bench.post(&self.path(name, "/refund"), refund).await.ok()
    }

    /// Status and approval of a participant's rewards, newest first.
    pub(crate) async fn rewards(&self, p: &str) -> Vec<String> {
        let found =
            self.bench.get(&format!("{}/participant/{p}/rewards", self.campaign)).await.ok();
        let rewards = found["rewards"].as_array().unwrap().iter();
        rewards.map(|it| it["status"].as_str().unwrap().into()).collect()
    }

    pub(crate) async fn count(&self) -> u64 {
        let path = format!("{}/participant/{}", self.campaign, self.ada);
        self.bench.get(&path).await.ok()["referralCount"].as_u64().unwrap()
    }

    /// Kinds and reasons of the decisions about a participant, newest first.
    pub(crate) async fn told(&self, p: &str) -> Vec<String> {
        let path = format!("{}/participant/{p}/decisions", self.campaign);
        let found = self.bench.get(&path).await.ok();
        let decisions = found["decisions"].as_array().unwrap().iter();
        decisions.map(|it| format!("{} {}", it["kind"], it["reasons"]).replace('"', "")).collect()
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        self.bench.number(sql::Statement { sql, args: Vec::new() }).await
    }

    async fn refunded(&self) -> i64 {
        self.number("-- t\n SELECT max(refunded) AS n FROM conversion").await
    }

    async fn reversed(&self) -> i64 {
        self.number("-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'REVERSED'").await
    }

    async fn records(&self) -> i64 {
        self.number("-- t\n SELECT count(*) AS n FROM reversal").await
    }
}

const BOB: &str = "bob@example.com";

pub(crate) fn order(number: &str) -> Value {
    json!({ "currency": "EUR", "grossAmount": 12_000, "taxAmount": 2_000, "orderId": number })
}

pub(crate) fn all(number: &str) -> Value {
    json!({ "orderId": number })
}

pub(crate) fn part(number: &str, id: &str, amount: i64) -> Value {
    json!({ "orderId": number, "refundId": id, "refundAmount": amount, "currency": "EUR" })
}

#[tokio::test]
async fn r_refund_4_a_full_refund_undoes_the_credit_and_cancels_what_was_not_given() {
    let shop = Shop::double().await;
    shop.order("bob", "7").await;
    assert_eq!((shop.count().await, shop.rewards(&shop.ada).await), (1, vec!["PENDING".into()]));
    let answer = shop.refund("bob", all("7")).await;
    let expected = json!({
        "success": true, "amendmentType": "REFUND", "matched": 1, "adjusted": 0, "reversed": 0,
        "deleted": 2, "matchingCommissionIds": [], "message": "Successfully recorded the refund.",
    });
    assert_eq!(answer, expected);
    assert_eq!((shop.count().await, shop.reversed().await, shop.refunded().await), (0, 1, 12_000));
    assert_eq!(shop.rewards(&shop.ada).await, ["CANCELLED"]);
    assert_eq!(shop.rewards(BOB).await, ["CANCELLED"]);
    assert_eq!(shop.records().await, 0);
    // The friend is told why; the referrer learns of no refund.
    assert_eq!(shop.told(BOB).await[0], "REVERSED [REFUNDED]");
    assert_eq!(shop.told(&shop.ada).await[0], "CANCELLED [NO_LONGER_COUNTS]");
    let path = format!("{}/participant/{}/decisions", shop.campaign, shop.ada);
    let seen = shop.bench.get(&path).await.text.to_lowercase();
    assert!(!seen.contains("refund"), "{seen}");
    // The order stays a duplicate, and another one does not credit again.
    assert_eq!(shop.order("bob", "7").await["duplicate"], true);
    assert_eq!(shop.order("bob", "8").await["firstSale"], false);
    assert_eq!((shop.count().await, shop.rewards(BOB).await.len()), (0, 1));
    let ref_path = format!("{}/participant/{BOB}/ref", shop.campaign);
    assert_eq!(shop.bench.post(&ref_path, json!({})).await.ok()["success"], false);
}

#[tokio::test]
async fn r_refund_4_what_was_given_is_undone_by_a_record_of_its_own() {
    let rule = json!({ "type": "DOUBLE_SIDED", "gives": { "kind": "CREDIT", "amount": 500 } });
    let shop = Shop::open(&[rule], json!({ "autoFulfillRewards": true })).await;
    shop.order("bob", "7").await;
    let mut chargeback = all("7");
    chargeback["amendmentType"] = "CHARGEBACK".into();
    let answer = shop.refund("bob", chargeback).await;
    assert_eq!(
        (&answer["amendmentType"], &answer["reversed"], &answer["deleted"]),
        (&json!("CHARGEBACK"), &json!(2), &json!(0))
    );
    assert_eq!(shop.number("-- t\n SELECT sum(amount) AS n FROM reversal").await, 500);
    assert_eq!(shop.records().await, 2);
    let kept = "-- t\n SELECT count(*) AS n FROM reward
                 WHERE status = 'REVERSED' AND fulfilled_at IS NOT NULL AND amount IS NOT NULL";
    assert_eq!(shop.number(kept).await, 1, "nothing is edited away");
    // It was given: it goes on counting against the budget.
    assert_eq!(shop.number("-- t\n SELECT max(rewards) AS n FROM budget").await, 2);
    assert_eq!(shop.told(&shop.ada).await[0], "REVERSED [NO_LONGER_COUNTS]");
    // On the wire, both are cancelled.
    assert_eq!(shop.rewards(&shop.ada).await, ["CANCELLED"]);
    let id = shop.bench.get(&format!("{}/participant/{BOB}/rewards", shop.campaign)).await.ok();
    let id = id["rewards"][0]["id"].as_str().unwrap();
    let approve = format!("{}/reward/{id}/approve", shop.campaign);
    let body = shop.bench.post(&approve, json!({})).await.fails(406);
    assert_eq!(body["message"], "Invalid reward state. Reward has been reversed.");
}

#[tokio::test]
async fn r_refund_1_parts_add_up_and_more_than_the_order_is_a_conflict() {
    let shop = Shop::double().await;
    shop.order("bob", "7").await;
    let answer = shop.refund("bob", part("7", "a", 5_000)).await;
    assert_eq!((&answer["adjusted"], &answer["deleted"]), (&json!(1), &json!(0)));
    assert_eq!((shop.count().await, shop.refunded().await), (1, 5_000));
    assert_eq!(shop.told(BOB).await[0], "REFUNDED [PARTLY_REFUNDED]");
    for wrong in [
        part("7", "b", 7_001),
        part("7", "b", 9_007_199_254_740_991),
        json!({ "orderId": "7", "amountRefunded": 12_001 }),
        part("7", "a", 5_001),
    ] {
        let body = shop.bench.post(&shop.path("bob", "/refund"), wrong).await.fails(409);
        assert!(body["message"].as_str().unwrap().starts_with("The refund history conflicts"));
    }
    assert_eq!((shop.count().await, shop.refunded().await), (1, 5_000));
    assert_eq!(shop.number("-- t\n SELECT count(*) AS n FROM refund").await, 1);
    // What is left, all of it: now it is a full refund.
    assert_eq!(shop.refund("bob", part("7", "b", 7_000)).await["deleted"], 2);
    assert_eq!((shop.count().await, shop.refunded().await, shop.reversed().await), (0, 12_000, 1));
    assert_eq!(shop.refund("bob", all("7")).await["deleted"], 0);
    assert_eq!(shop.told(BOB).await.iter().filter(|it| it.contains("REFUNDED")).count(), 2);
}

#[tokio::test]
async fn r_refund_2_a_refund_that_is_told_again_changes_nothing() {
    let shop = Shop::double().await;
    let mut both = order("7");
    both["chargeId"] = "ch".into();
    shop.bench.post(&shop.path("bob", ""), both).await.ok();
    let same = json!({ "chargeId": "ch", "refundId": "a", "refundAmount": 5_000 });
    shop.refund("bob", part("7", "a", 5_000)).await;
    for again in [part("7", "a", 5_000), same] {
        let answer = shop.refund("bob", again).await;
        assert_eq!(answer["message"], "This refund has already been recorded.");
        assert_eq!((&answer["matched"], &answer["success"]), (&json!(1), &json!(true)));
    }
    // By its total, it has no need of a name.
    let total = |amount| json!({ "orderId": "7", "amountRefunded": amount });
    for amount in [5_000, 6_000, 6_000, 5_500] {
        shop.refund("bob", total(amount)).await;
    }
    assert_eq!(shop.refunded().await, 6_000);
    let sum = "-- t\n SELECT sum(amount) AS n FROM refund";
    assert_eq!(shop.number(sum).await, 6_000);
}

#[tokio::test]
async fn r_refund_3_a_refund_that_comes_before_its_order_counts_as_soon_as_that_is_told() {
    let shop = Shop::double().await;
    let answer = shop.refund("bob", all("7")).await;
    assert_eq!((&answer["matched"], &answer["notFound"]), (&json!(0), &json!(true)));
    assert_eq!(shop.refund("bob", all("7")).await["notFound"], true);
    assert_eq!(shop.number("-- t\n SELECT count(*) AS n FROM refund").await, 1);
    assert_eq!(shop.order("bob", "7").await["success"], true);
    assert_eq!((shop.count().await, shop.refunded().await, shop.reversed().await), (0, 12_000, 1));
    assert!(shop.rewards(BOB).await.is_empty() && shop.rewards(&shop.ada).await.is_empty());
    assert_eq!(shop.order("bob", "8").await["success"], true);
    assert_eq!(shop.count().await, 0, "as after a refund");
    // A part: the credit stands.
    shop.friend("cid").await;
    shop.refund("cid", part("9", "a", 12_000 - 1)).await;
    let mut both = order("9");
    both["chargeId"] = "ch".into();
    shop.bench.post(&shop.path("cid", ""), both).await.ok();
    assert_eq!((shop.count().await, shop.rewards(&shop.ada).await), (1, vec!["PENDING".into()]));
    assert!(shop.told("cid@example.com").await.iter().any(|it| it == "REFUNDED [PARTLY_REFUNDED]"));
    let again = json!({ "chargeId": "ch", "refundId": "a", "refundAmount": 11_999 });
    assert_eq!(shop.refund("cid", again).await["matched"], 1);
    assert_eq!(shop.refund("cid", part("9", "b", 1)).await["deleted"], 2);
}

#[tokio::test]
async fn r_refund_6_a_part_less_than_the_rules_amount_undoes_that_rules_rewards() {
    let least = json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 5_000 });
    let rules =
        [json!({ "type": "DOUBLE_SIDED" }), json!({ "type": "SINGLE_SIDED", "conditions": least })];
    let shop = Shop::open(&rules, json!({})).await;
    shop.order("bob", "7").await;
    // 100 net of 120: half of it is 50, which is enough still.
    assert_eq!(shop.refund("bob", part("7", "a", 6_000)).await["deleted"], 0);
    let answer = shop.refund("bob", part("7", "b", 2)).await;
    assert_eq!((&answer["deleted"], &answer["adjusted"]), (&json!(1), &json!(1)));
    let mut rewards = shop.rewards(&shop.ada).await;
    rewards.sort_unstable();
    assert_eq!((shop.count().await, rewards), (1, vec!["CANCELLED".into(), "PENDING".into()]));
    assert_eq!(shop.told(BOB).await[0], "REVERSED [PARTLY_REFUNDED]");
    assert_eq!(shop.told(&shop.ada).await[0], "CANCELLED [NO_LONGER_COUNTS]");
    // So it is if the part was refunded before the order was told.
    shop.friend("cid").await;
    shop.refund("cid", part("8", "a", 6_002)).await;
    shop.order("cid", "8").await;
    let of_cid = "-- t\n SELECT count(*) AS n FROM reward WHERE side = 'REFERRER'";
    assert_eq!(shop.number(of_cid).await, 3);
}

#[tokio::test]
async fn r_refund_5_rounds_that_are_not_full_any_more_are_undone_and_filled_anew() {
    let rules = [json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 })];
    let shop = Shop::open(&rules, json!({ "autoFulfillRewards": true })).await;
    for name in ["cid", "dot"] {
        shop.friend(name).await;
    }
    shop.order("bob", "1").await;
    shop.order("cid", "2").await;
    assert_eq!(shop.rewards(&shop.ada).await, ["FULFILLED"]);
    assert_eq!(shop.refund("bob", all("1")).await["reversed"], 1);
    assert_eq!((shop.count().await, shop.rewards(&shop.ada).await), (1, vec!["CANCELLED".into()]));
    shop.order("dot", "3").await;
    assert_eq!(shop.rewards(&shop.ada).await, ["FULFILLED", "CANCELLED"]);
    // One too many for a round: its end undoes nothing.
    shop.friend("eve").await;
    shop.order("eve", "4").await;
    assert_eq!(shop.refund("eve", all("4")).await["reversed"], 0);
    assert_eq!((shop.count().await, shop.records().await), (2, 1));
}

#[tokio::test]
async fn r_refund_5_a_round_that_a_hand_took_back_is_filled_anew_as_well() {
    let rules = [json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 })];
    let shop = Shop::open(&rules, json!({ "requireManualRewardApproval": true })).await;
    shop.friend("cid").await;
    shop.friend("dot").await;
    shop.order("bob", "1").await;
    shop.order("cid", "2").await;
    let path = format!("{}/participant/{}/rewards", shop.campaign, shop.ada);
    let id = shop.bench.get(&path).await.ok()["rewards"][0]["id"].as_str().unwrap().to_owned();
    shop.bench.delete(&format!("{}/reward/{id}", shop.campaign)).await.ok();
    assert_eq!(shop.refund("bob", all("1")).await["deleted"], 0);
    shop.order("dot", "3").await;
    assert_eq!(shop.rewards(&shop.ada).await, ["PENDING", "CANCELLED"]);
}

#[tokio::test]
async fn r_refund_5_a_round_that_rests_on_a_browsers_word_again_waits_again() {
    let rules = [json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 })];
    let bench = Bench::new().await;
    let campaign = bench.campaign_with("CUSTOM", &rules).await;
    let ada = bench.add(&campaign, "ada", None).await;
    let shop = Shop { bench, campaign, ada };
    for (name, number) in [("bob", "1"), ("cid", "2")] {
        shop.friend(name).await;
        shop.order(name, number).await;
    }
    // Dot's credit stands on a browser's word: told as such in the books.
    shop.friend("dot").await;
    shop.order("dot", "3").await;
    let doubt = sql!(
        "-- t
         UPDATE referral SET source = 'BROWSER'
          WHERE friend = (SELECT subject FROM person WHERE identity = 'dot@example.com')"
    );
    let people = sql!(
        "-- t
         UPDATE participant SET source = 'BROWSER'
          WHERE id = (SELECT subject FROM person WHERE identity = 'dot@example.com')"
    );
    shop.bench.write([doubt, people]).await;
    assert_eq!(shop.refund("bob", all("1")).await["deleted"], 0);
    let waits = "-- t
        SELECT count(*) AS n FROM reward
         WHERE source = 'BROWSER' AND status = 'PENDING' AND approved_at IS NULL";
    assert_eq!(shop.number(waits).await, 1);
    assert_eq!(shop.told(&shop.ada).await[0], "HELD [AWAITS_CONFIRMATION]");
    shop.bench.add(&shop.campaign, "dot", None).await;
    assert_eq!(shop.number(waits).await, 0);
    assert_eq!(shop.rewards(&shop.ada).await, ["PENDING"]);
}

#[tokio::test]
async fn r_refund_7_a_refund_of_an_order_that_credited_nothing_is_only_recorded() {
    let shop = Shop::double().await;
    shop.order("bob", "7").await;
    shop.order("bob", "8").await;
    let answer = shop.refund("bob", all("8")).await;
    assert_eq!((&answer["matched"], &answer["deleted"]), (&json!(1), &json!(0)));
    assert_eq!((shop.count().await, shop.rewards(BOB).await), (1, vec!["PENDING".into()]));
    assert_eq!(shop.told(BOB).await[0], "REFUNDED [REFUNDED]");
}

#[tokio::test]
async fn what_is_wrong_with_a_refund_is_named() {
    let shop = Shop::double().await;
    shop.order("bob", "7").await;
    let path = shop.path("bob", "/refund");
    for (field, value) in [
        ("currency", json!("USD")),
        ("currency", json!("EURO")),
        ("amendmentType", json!("GIFT")),
        ("amount", json!(0)),
        ("amountRefunded", json!(-1)),
        ("amountRefunded", json!(1.5)),
        ("refundAmount", json!(-1)),
        ("refundAmount", json!(9_007_199_254_740_992_i64)),
        ("refundId", json!("")),
        ("refundId", json!("x".repeat(256))),
        ("refundStatus", json!("canceled")),
        ("orderId", json!("")),
        ("orderId", json!(7)),
        ("description", json!("x".repeat(501))),
        ("paymentProvider", json!("stripe")),
        ("testMode", json!(true)),
        ("refundHistoryComplete", json!("x")),
        ("levels", json!(2)),
    ] {
        let mut wrong = part("7", "a", 1);
        wrong[field] = value;
        shop.bench.post(&path, wrong).await.refuses(field);
    }
    let nameless = json!({ "orderId": "7", "refundAmount": 5 });
    shop.bench.post(&path, nameless).await.refuses("refundId");
    shop.bench.post(&path, json!({ "amountRefunded": 1 })).await.refuses("externalId");
    // Somebody else's order, and nobody's; another campaign's is unknown there.
    shop.friend("cid").await;
    shop.bench.post(&shop.path("cid", "/refund"), all("7")).await.refuses("participantIdOrEmail");
    shop.bench.post(&shop.path("nobody", "/refund"), all("7")).await.fails(404);
    shop.order("bob", "8").await;
    let mut two = all("7");
    two["orderId"] = "8".into();
    two["chargeId"] = "7".into();
    assert_eq!(shop.bench.post(&path, two).await.ok()["matched"], 1);
    let other = shop.bench.campaign("CUSTOM").await;
    let eve = shop.bench.add(&other, "eve", None).await;
    let elsewhere = format!("{other}/participant/{eve}/transaction/refund");
    assert_eq!(shop.bench.post(&elsewhere, all("7")).await.ok()["matched"], 0);
    assert_eq!((shop.count().await, shop.rewards(BOB).await), (1, vec!["PENDING".into()]));
}

#[tokio::test]
async fn numbers_of_two_orders_are_a_conflict() {
    let shop = Shop::double().await;
    shop.order("bob", "7").await;
    let charged = json!({ "currency": "EUR", "grossAmount": 1, "chargeId": "c" });
    shop.bench.post(&shop.path("bob", ""), charged).await.ok();
    let both = json!({ "orderId": "7", "chargeId": "c" });
    shop.bench.post(&shop.path("bob", "/refund"), both).await.fails(409);
    assert_eq!(shop.refunded().await, 0);
}

#[tokio::test]
async fn r_refund_8_the_same_refund_twenty_times_at_once_is_one() {
    let shop =
        Shop::open(&[json!({ "type": "DOUBLE_SIDED" })], json!({ "autoFulfillRewards": true }))
            .await;
    shop.order("bob", "7").await;
    for (refund, changed) in [(part("7", "a", 5_000), "adjusted"), (all("7"), "reversed")] {
        let answers = shop.bench.twenty(Method::POST, &shop.path("bob", "/refund"), refund).await;
        let changes: Vec<_> =
            answers.into_iter().map(|it| it.ok()).filter(|it| it[changed] != 0).collect();
        assert_eq!(changes.len(), 1, "{changes:?}");
    }
    assert_eq!(
        (shop.refunded().await, shop.records().await, shop.reversed().await),
        (12_000, 2, 1)
    );
    // Before the order, too.
    let answers = shop.bench.twenty(Method::POST, &shop.path("bob", "/refund"), all("8")).await;
    assert!(answers.into_iter().all(|it| it.ok()["notFound"] == true));
    assert_eq!(shop.number("-- t\n SELECT count(*) AS n FROM refund").await, 3);
}

#[tokio::test]
async fn r_refund_8_refunds_at_once_add_up_to_no_more_than_the_order() {
    let shop = Shop::double().await;
    shop.order("bob", "7").await;
    let path = shop.path("bob", "/refund");
    let request = |n: i64| {
        let refund = part("7", &n.to_string(), 1_000);
        shop.bench.request(Method::POST, &path, refund.to_string())
    };
    let requests: Vec<_> = (0..20).map(request).collect();
    let answers = shop.bench.at_once(requests).await;
    let taken = answers.iter().filter(|it| it.status == 200).count();
    let conflicts = answers.iter().filter(|it| it.status == 409).count();
    assert_eq!((taken, conflicts), (12, 8));
    assert_eq!((shop.refunded().await, shop.count().await), (12_000, 0));
}

#[tokio::test]
async fn r_refund_8_a_refund_and_its_order_at_once_undo_each_other() {
    for first in [true, false] {
        let shop = Shop::double().await;
        for turn in 0..10 {
            let name = format!("f{turn}");
            shop.friend(&name).await;
            let number = turn.to_string();
            let (buys, returns) = (shop.path(&name, ""), shop.path(&name, "/refund"));
            let mut requests = vec![
                shop.bench.request(Method::POST, &buys, order(&number).to_string()),
                shop.bench.request(Method::POST, &returns, all(&number).to_string()),
                shop.bench.request(Method::POST, &buys, order(&number).to_string()),
            ];
            if first {
                requests.reverse();
            }
            for answer in shop.bench.at_once(requests).await {
                answer.ok();
            }
        }
        assert_eq!((shop.count().await, shop.reversed().await), (0, 10));
        let left = "-- t\n SELECT count(*) AS n FROM conversion WHERE refunded <> 12000";
        assert_eq!(shop.number(left).await, 0);
        let stands = "-- t\n SELECT count(*) AS n FROM reward WHERE status <> 'CANCELLED'";
        assert_eq!(shop.number(stands).await, 0);
    }
}

#[tokio::test]
async fn r_refund_8_approval_and_refund_at_once_leave_nothing_that_stands() {
    let options = json!({ "requireManualRewardApproval": true });
    let shop = Shop::open(&[json!({ "type": "DOUBLE_SIDED" })], options).await;
    for turn in 0..10 {
        let name = format!("f{turn}");
        shop.friend(&name).await;
        shop.order(&name, &name).await;
        let path = format!("{}/participant/{name}@example.com/rewards", shop.campaign);
        let id = shop.bench.get(&path).await.ok()["rewards"][0]["id"].as_str().unwrap().to_owned();
        let approve = format!("{}/reward/{id}/approve", shop.campaign);
        let mut requests = vec![
            shop.bench.request(Method::POST, &approve, r#"{"fulfill":true}"#),
            shop.bench.request(Method::POST, &shop.path(&name, "/refund"), all(&name).to_string()),
        ];
        if turn % 2 == 0 {
            requests.reverse();
        }
        for answer in shop.bench.at_once(requests).await {
            assert!([200, 406].contains(&answer.status.as_u16()), "{}", answer.body);
        }
    }
    let stands = "-- t\n SELECT count(*) AS n FROM reward WHERE status IN ('PENDING', 'FULFILLED')";
    assert_eq!(shop.number(stands).await, 0);
    let given = "-- t\n SELECT count(*) AS n FROM reward WHERE status = 'REVERSED'";
    assert_eq!(shop.records().await, shop.number(given).await);
    let cancelled = "-- t
        SELECT count(*) AS n FROM reward WHERE status = 'CANCELLED' AND fulfilled_at IS NOT NULL";
    assert_eq!(shop.number(cancelled).await, 0);
}
