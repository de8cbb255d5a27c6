//! Tests of rules that count several referrals: by their conditions, through changes, at once.

use http::Method;
use serde_json::{Value, json};
use shared::{
    reward::Source,
    time::{Span, Timestamp},
};

use super::super::refund::tests::{Shop, all, part};
use crate::engine::enrol::{self, Brought, Newcomer};

/// Two orders of 100 net or more.
fn pair_of_hundreds() -> Value {
    let least = json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 10_000 });
    json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2, "conditions": least })
}

async fn open(rule: Value) -> Shop {
    Shop::open(&[rule], json!({})).await
}

fn order(net: i64, number: &str) -> Value {
    json!({ "currency": "EUR", "grossAmount": net, "orderId": number })
}

/// A friend's order.
async fn buys(shop: &Shop, name: &str, net: i64) {
    shop.bench.pass(Span(1));
    shop.bench.post(&shop.path(name, ""), order(net, name)).await.ok();
}

/// New friends who buy.
async fn come_and_buy(shop: &Shop, names: &[&str], net: i64) {
    for name in names {
        shop.friend(name).await;
        buys(shop, name, net).await;
    }
}

/// Changes the one rule.
async fn change(shop: &Shop, patch: Value) {
    let path = format!("{}/reward-configs", shop.campaign);
    let id = shop.bench.get(&path).await.ok()["rewards"][0]["id"].as_str().unwrap().to_owned();
    shop.bench.patch(&format!("{path}/{id}"), patch).await.ok();
}

/// How many count for the rule; fails if that is not what its rows add up to, in any month.
async fn counted(shop: &Shop) -> i64 {
    let differ = shop
        .number(
            "-- t
             SELECT count(*) AS n FROM rule_tally AS t
              WHERE counted <> (SELECT count(*) FROM counted AS c
                                 WHERE c.referrer = t.participant AND c.rule = t.rule AND c.counts
                                   AND c.event = t.event AND t.month IN (0, c.month))
                 OR vouched <> (SELECT count(*) FROM counted AS c JOIN referral AS r
                                    ON r.friend = c.friend AND r.source <> 'BROWSER'
                                 WHERE c.referrer = t.participant AND c.rule = t.rule AND c.counts
                                   AND c.event = t.event AND t.month IN (0, c.month))",
        )
        .await;
    assert_eq!(differ, 0);
    shop.number("-- t\n SELECT coalesce(sum(counted), 0) AS n FROM rule_tally WHERE month = 0")
        .await
}

#[tokio::test]
async fn r_condition_6_a_round_counts_the_referrals_that_meet_its_conditions() {
    let shop = open(pair_of_hundreds()).await;
    buys(&shop, "bob", 10_000).await;
    come_and_buy(&shop, &["cid"], 9_999).await;
    assert_eq!((shop.count().await, counted(&shop).await), (2, 1));
    assert!(shop.rewards(&shop.ada).await.is_empty());
    assert_eq!(shop.told("cid@example.com").await[0], "CREDITED [QUALIFIED,CONDITION_NOT_MET]");
    come_and_buy(&shop, &["dan"], 10_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (1, 2));
    come_and_buy(&shop, &["eve", "fay"], 20_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (2, 4));
}

#[tokio::test]
async fn r_condition_6_a_month_counts_its_own_and_a_dated_rule_those_of_its_days() {
    let mut rule = pair_of_hundreds();
    rule["type"] = "MILESTONE".into();
    rule["limitDuration"] = "PER_MONTH".into();
    let shop = open(rule).await;
    buys(&shop, "bob", 10_000).await;
    // October, in Paris and everywhere else.
    shop.bench.now.set(Timestamp(1_791_000_000_000));
    come_and_buy(&shop, &["cid"], 10_000).await;
    assert!(shop.rewards(&shop.ada).await.is_empty());
    come_and_buy(&shop, &["dan"], 10_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (1, 3));

    let shop = open(pair_of_hundreds()).await;
    buys(&shop, "bob", 10_000).await;
    change(&shop, json!({ "startsAt": shop.bench.now.get().0 + 1_000 })).await;
    come_and_buy(&shop, &["cid"], 10_000).await;
    assert_eq!(counted(&shop).await, 1);
    shop.bench.pass(Span(1_000));
    come_and_buy(&shop, &["dan"], 10_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (1, 2));
}

#[tokio::test]
async fn r_condition_7_what_was_counted_stays_counted_when_the_conditions_change() {
    let shop = open(pair_of_hundreds()).await;
    buys(&shop, "bob", 10_000).await;
    let more = json!({ "fact": "AMOUNT", "is": "AT_LEAST", "value": 50_000 });
    change(&shop, json!({ "conditions": more })).await;
    come_and_buy(&shop, &["cid"], 10_000).await;
    assert_eq!(counted(&shop).await, 1);
    come_and_buy(&shop, &["dan"], 50_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (1, 2));
    // Without conditions all four count, who came before included; with them, the two of before.
    change(&shop, json!({ "conditions": {} })).await;
    come_and_buy(&shop, &["eve"], 1).await;
    assert_eq!(shop.rewards(&shop.ada).await.len(), 2);
    change(&shop, json!({ "conditions": more })).await;
    come_and_buy(&shop, &["fay", "gus"], 50_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (3, 4));
}

#[tokio::test]
async fn r_condition_8_a_refund_takes_its_referral_out_of_the_count() {
    let shop = open(pair_of_hundreds()).await;
    buys(&shop, "bob", 10_000).await;
    come_and_buy(&shop, &["cid", "dan"], 12_000).await;
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (1, 3));
    // One more than the round needs: it stands.
    assert_eq!(shop.refund("dan", all("dan")).await["deleted"], 0);
    assert_eq!(counted(&shop).await, 2);
    // Still enough: 10,000 of 12,000.
    assert_eq!(shop.refund("cid", part("cid", "a", 2_000)).await["deleted"], 0);
    assert_eq!(counted(&shop).await, 2);
    assert_eq!(shop.refund("cid", part("cid", "b", 1)).await["deleted"], 1);
    assert_eq!((shop.count().await, counted(&shop).await), (2, 1));
    assert_eq!(shop.rewards(&shop.ada).await, ["CANCELLED"]);
    // The rest of it undoes the referral, and nothing twice.
    assert_eq!(shop.refund("cid", all("cid")).await["deleted"], 0);
    assert_eq!((shop.count().await, counted(&shop).await), (1, 1));
    // What never counted takes nothing away; the round is earned anew.
    come_and_buy(&shop, &["eve"], 1).await;
    assert_eq!(shop.refund("eve", all("eve")).await["deleted"], 0);
    come_and_buy(&shop, &["fay"], 10_000).await;
    assert_eq!(shop.rewards(&shop.ada).await, ["PENDING", "CANCELLED"]);
    assert_eq!(counted(&shop).await, 2);
}

#[tokio::test]
async fn r_condition_7_orders_at_once_are_counted_as_if_one_after_the_other() {
    let mut rule = pair_of_hundreds();
    rule["conversionsRequired"] = 5.into();
    let shop = open(rule).await;
    let names: Vec<String> = (0..20).map(|n| format!("friend{n}")).collect();
    for name in &names {
        shop.friend(name).await;
    }
    let requests = names.iter().map(|name| {
        let body = order(10_000, name).to_string();
        shop.bench.request(Method::POST, &shop.path(name, ""), body)
    });
    for answer in shop.bench.at_once(requests.collect::<Vec<_>>()).await {
        answer.ok();
    }
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (4, 20));
    // The same order again counts nothing.
    for answer in shop.bench.twenty(Method::POST, &shop.path("bob", ""), order(10_000, "x")).await {
        answer.ok();
    }
    assert_eq!((shop.rewards(&shop.ada).await.len(), counted(&shop).await), (4, 21));
    let path = format!("{}/participant/{}", shop.campaign, shop.ada);
    shop.bench.delete(&path).await.ok();
    assert_eq!(counted(&shop).await, 0);
    assert_eq!(shop.refund("friend3", all("friend3")).await["matched"], 1);
    assert_eq!(shop.number("-- t\n SELECT count(*) AS n FROM rule_tally").await, 0);
}

/// A lead or the back end's word about a person on a plan.
async fn told(shop: &Shop, name: &str, source: Source, referrer: &str, plan: &str) {
    let mut newcomer =
        Newcomer::new(shared::email::Email::parse(&format!("{name}@example.com")).unwrap(), source);
    newcomer.brought = Brought::Nothing;
    newcomer.typed = Some(referrer.into());
    newcomer.metadata.insert("plan".into(), plan.into());
    let id = shop.campaign.trim_start_matches("/v2/campaign/");
    let app = &shop.bench.app;
    let (terms, _) = crate::engine::terms::read(app, id).await.unwrap();
    shop.bench.pass(Span(1));
    enrol::enrol(app, &shop.bench.call(), &terms, &newcomer).await.unwrap();
}

#[tokio::test]
async fn r_condition_7_a_round_that_browsers_filled_waits_until_each_is_confirmed() {
    let plan = json!({ "fact": "METADATA", "key": "plan", "is": "EQUALS", "value": "pro" });
    let rule = json!({
        "type": "SINGLE_SIDED", "event": "LEAD", "conversionsRequired": 2, "conditions": plan,
    });
    let shop = open(rule).await;
    let approved = async || {
        let path = format!("{}/participant/{}/rewards", shop.campaign, shop.ada);
        let found = shop.bench.get(&path).await.ok();
        let rewards = found["rewards"].as_array().unwrap().iter();
        rewards.map(|it| format!("{} {}", it["status"], it["approved"])).collect::<Vec<_>>()
    };
    told(&shop, "cid", Source::Browser, &shop.ada, "free").await;
    told(&shop, "dan", Source::Browser, &shop.ada, "pro").await;
    told(&shop, "eve", Source::Browser, &shop.ada, "pro").await;
    assert_eq!((approved().await, counted(&shop).await), (vec!["\"PENDING\" false".into()], 2));
    told(&shop, "cid", Source::Server, &shop.ada, "free").await;
    told(&shop, "dan", Source::Server, &shop.ada, "pro").await;
    assert_eq!(approved().await, ["\"PENDING\" false"]);
    // Who was another's in truth counts no more, and the round waits for somebody else.
    let ann = shop.bench.add(&shop.campaign, "ann", None).await;
    told(&shop, "eve", Source::Server, &ann, "pro").await;
    assert_eq!((approved().await, counted(&shop).await), (vec!["\"CANCELLED\" false".into()], 2));
    told(&shop, "fay", Source::Browser, &shop.ada, "pro").await;
    assert_eq!(approved().await[0], "\"PENDING\" false");
    told(&shop, "fay", Source::Server, &shop.ada, "pro").await;
    assert_eq!(approved().await, ["\"PENDING\" true", "\"CANCELLED\" false"]);
    assert_eq!(counted(&shop).await, 3);
}

#[tokio::test]
async fn r_reward_11_a_rule_that_asks_for_another_number_gives_each_number_once() {
    let shop = open(json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 })).await;
    buys(&shop, "bob", 1).await;
    come_and_buy(&shop, &["c", "d", "e"], 1).await;
    assert_eq!(shop.rewards(&shop.ada).await.len(), 2);
    change(&shop, json!({ "conversionsRequired": 4 })).await;
    come_and_buy(&shop, &["f", "g", "h", "i"], 1).await;
    assert_eq!((shop.count().await, shop.rewards(&shop.ada).await.len()), (8, 3));
    change(&shop, json!({ "event": "LEAD", "conversionsRequired": 3 })).await;
    shop.friend("j").await;
    assert_eq!(shop.rewards(&shop.ada).await.len(), 4);
}

#[tokio::test]
async fn r_refund_6_a_part_less_is_held_against_what_the_order_was() {
    let any = json!({ "any": [
        { "fact": "AMOUNT", "is": "AT_LEAST", "value": 10_000 },
        { "fact": "PRODUCT", "is": "EQUALS", "value": "tea" },
        { "fact": "COUNTRY", "is": "EQUALS", "value": "FR" },
    ] });
    let shop = Shop::open(&[json!({ "type": "SINGLE_SIDED", "conditions": any })], json!({})).await;
    for (name, products, country, deleted) in [
        ("cid", json!(["cup", "tea"]), "DE", 0),
        ("dan", json!(["cup"]), "FR", 0),
        ("eve", json!(["cup"]), "DE", 1),
        ("fay", json!([]), "DE", 1),
    ] {
        shop.friend(name).await;
        let mut order = order(10_000, name);
        (order["products"], order["country"]) = (products, country.into());
        shop.bench.post(&shop.path(name, ""), order).await.ok();
        let answer = shop.refund(name, part(name, "a", 1)).await;
        assert_eq!(answer["deleted"], deleted, "{name}");
    }
    assert_eq!(
        shop.number("-- t\n SELECT count(*) AS n FROM conversion WHERE country = 'FR'").await,
        1
    );
}

#[tokio::test]
async fn r_refund_7_a_later_order_undoes_no_credit_that_rests_on_something_else() {
    for trigger in ["ON_SIGNUP", "CUSTOM"] {
        let bench = crate::bench::Bench::new().await;
        let campaign = bench.campaign(trigger).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        if trigger == "CUSTOM" {
            bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
        }
        let shop = Shop { bench, campaign, ada };
        buys(&shop, "bob", 100).await;
        let answer = shop.refund("bob", all("bob")).await;
        assert_eq!((&answer["matched"], &answer["deleted"]), (&json!(1), &json!(0)), "{trigger}");
        assert_eq!((shop.count().await, shop.rewards(&shop.ada).await.len()), (1, 1), "{trigger}");
        assert_eq!(shop.told("bob@example.com").await[0], "REFUNDED [REFUNDED]");
    }
}

#[tokio::test]
async fn r_refund_9_a_credit_that_is_undone_before_the_board_is_closed_does_not_count() {
    let rule = json!({
        "type": "LEADERBOARD", "limitDuration": "PER_MONTH", "numberOfWinners": 1,
        "gives": { "kind": "CREDIT", "amount": 500 },
    });
    let shop = open(rule).await;
    let eve = shop.bench.add(&shop.campaign, "eve", None).await;
    // Ada leads by two to one, until both of hers are sent back.
    buys(&shop, "bob", 100).await;
    come_and_buy(&shop, &["cid"], 100).await;
    shop.bench.add(&shop.campaign, "dan", Some(&eve)).await;
    buys(&shop, "dan", 100).await;
    shop.refund("bob", all("bob")).await;
    shop.refund("cid", all("cid")).await;
    // The next month but one.
    shop.bench.now.set(Timestamp(1_793_600_000_000));
    crate::engine::cron::run(&shop.bench.app, &shop.bench.call()).await;
    assert!(shop.rewards(&shop.ada).await.is_empty());
    assert_eq!(shop.rewards(&eve).await, ["PENDING"]);
    // Closed, it stays as it is.
    shop.refund("dan", all("dan")).await;
    crate::engine::cron::run(&shop.bench.app, &shop.bench.call()).await;
    assert_eq!(shop.rewards(&eve).await, ["PENDING"]);
    assert!(shop.rewards(&shop.ada).await.is_empty());
}
