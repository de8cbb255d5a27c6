//! Calls that fight for the same thing, at once: one of them comes through, and none is lost.

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};
use tests::http::{Answer, Call};
use tests::wait::eventually;
use tests::{Campaign, Host, Setup, on_both_hosts};

on_both_hosts!(
    two_sales_for_the_last_of_a_budget_give_one_of_them,
    twenty_winners_of_five_coupons_get_five_different_ones,
    an_approval_against_a_refund_leaves_nothing_available,
    triggers_against_the_end_of_their_window_settle_each_referral_once,
    a_review_against_a_refund_leaves_nothing_available,
);

/// Sends calls at once; none of the answers may be a failure of ours.
#[track_caller]
fn at_once(calls: &[Call]) -> Vec<Answer> {
    let answers: Vec<Answer> = thread::scope(|scope| {
        let sent: Vec<_> = calls.iter().map(|it| scope.spawn(|| it.send())).collect();
        sent.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    for answer in &answers {
        assert!(answer.status < 500, "{} {}", answer.status, answer.text());
    }
    answers
}

/// A campaign that waits for an order, in which Ann referred these friends.
fn friends(host: &'static Host, options: &Value, names: &[String]) -> (Campaign, String) {
    let mut setup = Setup::on("https://shop.example", "/landing");
    setup.trigger = "CUSTOM";
    let campaign = Campaign::open(host, &setup);
    campaign.change("/options", options);
    let any = json!({ "fraud": { "maxFriendsPerHour": null, "maxFriendsPerDay": null } });
    campaign.change("/options", &any);
    let ann = campaign.join("ann@example.com", "Ann");
    for name in names {
        let body = json!({ "email": format!("{name}@example.com"), "referredBy": ann.id });
        let path = campaign.path("/participant");
        let _ = host.api("POST", &path).json(&body).send().expect(200);
    }
    (campaign, ann.id)
}

fn order(host: &'static Host, campaign: &Campaign, name: &str) -> Call {
    let body = json!({ "currency": "EUR", "grossAmount": 5_000, "orderId": name });
    let path = campaign.path(&format!("/participant/{name}@example.com/transaction"));
    host.api("POST", &path).json(&body)
}

fn two_sales_for_the_last_of_a_budget_give_one_of_them(host: &'static Host) {
    let names = ["bob", "cid"].map(String::from);
    // Enough for both sides of one.
    let (campaign, ann) = friends(host, &json!({ "budget": { "rewards": 2 } }), &names);
    for answer in at_once(&names.clone().map(|it| order(host, &campaign, &it))) {
        assert_eq!(answer.expect(200).json()["success"], true);
    }
    assert_eq!(campaign.rewards(&ann).len(), 1);
    let paid = names.iter().filter(|it| campaign.rewards(&format!("{it}@example.com")).len() == 1);
    assert_eq!(paid.count(), 1);
    let told: Vec<Value> = names
        .iter()
        .map(|it| {
            let path = campaign.path(&format!("/participant/{it}@example.com/decisions"));
            host.api("GET", &path).send().expect(200).json()["decisions"][0]["reasons"].clone()
        })
        .collect();
    let exhausted = json!(["QUALIFIED", "BUDGET_EXHAUSTED"]);
    assert_eq!(told.iter().filter(|it| **it == exhausted).count(), 1, "{told:?}");
}

fn twenty_winners_of_five_coupons_get_five_different_ones(host: &'static Host) {
    let names: Vec<String> = (0..20).map(|it| format!("friend{it}")).collect();
    let (campaign, ann) = friends(host, &json!({ "autoFulfillRewards": true }), &names);
    let post = |path: &str, body: Value| {
        host.api("POST", &campaign.path(path)).json(&body).send().expect(200).json()
    };
    post("/coupon-pools", json!({ "name": "winter" }));
    let codes = ["W1", "W2", "W3", "W4", "W5"];
    post("/coupon-pools/winter/coupons", json!({ "codes": codes }));
    let gives = json!({ "kind": "UNIQUE_COUPON", "pool": "winter" });
    let rule = post("/reward-configs", json!({ "type": "SINGLE_SIDED", "gives": gives }));
    let calls: Vec<Call> = names.iter().map(|it| order(host, &campaign, it)).collect();
    for answer in at_once(&calls) {
        assert_eq!(answer.expect(200).json()["success"], true);
    }
    let path = campaign.path(&format!("/participant/{ann}/rewards?limit=100"));
    let rewards = host.api("GET", &path).send().expect(200).json();
    let rewards: Vec<&Value> = rewards["rewards"].as_array().expect("a list").iter().collect();
    let won: Vec<_> = rewards.into_iter().filter(|it| it["rewardId"] == rule["id"]).collect();
    assert_eq!(won.len(), 20);
    let given: Vec<&str> = won.iter().filter_map(|it| it["couponCode"].as_str()).collect();
    assert_eq!(given.len(), 5);
    assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(codes));
    let available = won.iter().filter(|it| it["isAvailable"] == true).count();
    assert_eq!(available, 5, "whoever has no code waits for one");
}

fn an_approval_against_a_refund_leaves_nothing_available(host: &'static Host) {
    let names = ["bob".to_owned()];
    let manual = json!({ "requireManualRewardApproval": true });
    let (campaign, ann) = friends(host, &manual, &names);
    let _ = order(host, &campaign, "bob").send().expect(200);
    let reward = campaign.rewards(&ann)[0]["id"].as_str().expect("an id").to_owned();
    let approve = campaign.path(&format!("/reward/{reward}/approve"));
    let refund = campaign.path("/participant/bob@example.com/transaction/refund");
    at_once(&[
        host.api("POST", &approve).json(&json!({ "fulfill": true })),
        host.api("POST", &refund).json(&json!({ "orderId": "bob" })),
    ]);
    for person in [ann.as_str(), "bob@example.com"] {
        let rewards = campaign.rewards(person);
        assert_eq!(rewards.len(), 1, "{person}");
        assert_eq!(rewards[0]["status"], "CANCELLED", "{rewards:?}");
        assert_eq!(rewards[0]["isAvailable"], false, "{rewards:?}");
    }
    assert_eq!(campaign.participant(&ann).expect("Ann")["referralCount"], 0);
}

/// The window of twenty friends ends a moment from now, while their triggers and the crons arrive: each
/// referral is credited or expires, once, with its rewards and its decision.
fn triggers_against_the_end_of_their_window_settle_each_referral_once(host: &'static Host) {
    const DAY: i64 = 86_400_000;
    const STEP: i64 = 60;
    let names: Vec<String> = (0..20).map(|it| format!("late{it}")).collect();
    let (campaign, ann) = friends(host, &json!({ "referralCreditWindowDays": 1 }), &names);
    // Half of the windows are over, the others end one after the other while the calls arrive.
    host.sql(
        "UPDATE referral SET bound_at =
           (SELECT it - ?2 FROM
             (SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)
                       + (CAST(substr(identity, 5) AS INTEGER) - 10) * ?1 AS it
                FROM person WHERE subject = referral.friend AND kind = 'PARTICIPANT'))
          WHERE campaign = ?3",
        &[STEP.into(), DAY.into(), campaign.id.as_str().into()],
    );
    let trigger = |name: &String| {
        let path = campaign.path(&format!("/participant/{name}@example.com/ref"));
        host.api("POST", &path).json(&json!({}))
    };
    let calls: Vec<Call> = names.iter().map(trigger).collect();
    let answers = thread::scope(|scope| {
        let crons = scope.spawn(|| (0..5).for_each(|_| host.cron()));
        let answers = at_once(&calls);
        crons.join().expect("crons");
        answers
    });
    for answer in answers {
        let _ = answer.expect(200);
    }
    // Whose window ended before the call is expired already, by the call itself.
    let outcomes = || -> Vec<Value> {
        let sql = "SELECT r.outcome FROM referral AS r
                     JOIN person AS p ON p.subject = r.friend AND p.kind = 'PARTICIPANT'
                    WHERE r.campaign = ?1 ORDER BY CAST(substr(p.identity, 5) AS INTEGER)";
        let rows = host.sql(sql, &[campaign.id.as_str().into()]);
        rows.into_iter().map(|it| it["outcome"].clone()).collect()
    };
    let found = eventually("every referral settled", || {
        host.cron();
        let found = outcomes();
        (found.len() == 20 && found.iter().all(|it| it != "PENDING")).then_some(found)
    });
    let credited: Vec<bool> = found.iter().map(|it| it == "AWARDED").collect();
    assert!(found[..10].iter().all(|it| it == "EXPIRED"), "{found:?}");
    let awarded = credited.iter().filter(|it| **it).count();
    assert_eq!(campaign.rewards(&ann).len(), awarded);
    for (name, credited) in names.iter().zip(&credited) {
        let person = format!("{name}@example.com");
        assert_eq!(campaign.rewards(&person).len(), usize::from(*credited), "{name}");
        let path = campaign.path(&format!("/participant/{person}/decisions"));
        let told = host.api("GET", &path).send().expect(200).json();
        let kinds: Vec<_> = told["decisions"].as_array().expect("a list").iter().collect();
        let count = |kind: &str| kinds.iter().filter(|it| it["kind"] == kind).count();
        let both = (usize::from(*credited), usize::from(!*credited));
        assert_eq!((count("CREDITED"), count("EXPIRED")), both, "{name}: {told}");
    }
}

fn a_review_against_a_refund_leaves_nothing_available(host: &'static Host) {
    let (campaign, ann) = friends(host, &json!({}), &[]);
    let join = campaign.path("/participant");
    for n in 0..4 {
        // Of a mailbox that does not last, so held for review.
        let friend = format!("friend{n}@yopmail.com");
        let person = json!({ "email": friend, "referredBy": ann });
        let _ = host.api("POST", &join).json(&person).send().expect(200);
        let path = |rest: &str| campaign.path(&format!("/participant/{friend}{rest}"));
        let name = format!("order{n}");
        let order = json!({ "currency": "EUR", "grossAmount": 5_000, "orderId": name });
        let _ = host.api("POST", &path("/transaction")).json(&order).send().expect(200);
        let mut calls = [
            host.api("POST", &path("/ref")).json(&json!({ "review": "ACCEPT" })),
            host.api("POST", &path("/transaction/refund")).json(&json!({ "orderId": name })),
        ];
        if n % 2 == 1 {
            calls.reverse();
        }
        at_once(&calls);
        for person in [ann.as_str(), &friend] {
            let rewards = campaign.rewards(person);
            assert!(rewards.iter().all(|it| it["status"] == "CANCELLED"), "{rewards:?}");
        }
        assert_eq!(campaign.participant(&ann).expect("Ann")["referralCount"], 0);
    }
}
