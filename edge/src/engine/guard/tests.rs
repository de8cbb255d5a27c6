//! Tests of the guards over the real router.

use http::Method;
use serde_json::{Value, json};
use shared::time::Span;

use crate::{
    bench::Bench,
    engine::{
        enrol::{self, Brought, Newcomer},
        terms,
    },
    sql,
};
use shared::{attribution::Touches, email::Email, fraud::Submission, reward::Source};

/// A campaign with Ada in it, under these settings against fraud.
pub(crate) async fn scene(bench: &Bench, trigger: &str, fraud: Value) -> (String, String) {
    let campaign = bench.campaign(trigger).await;
    bench.patch(&format!("{campaign}/options"), json!({ "fraud": fraud })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    (campaign, ada)
}

pub(crate) async fn join(bench: &Bench, campaign: &str, email: &str, referrer: &str) -> Value {
    bench.pass(Span(1));
    let person = json!({ "email": email, "referredBy": referrer });
    bench.post(&format!("{campaign}/participant"), person).await.ok()
}

/// A browser's lead by somebody's link.
pub(crate) async fn lead(
    bench: &Bench,
    campaign: &str,
    email: &str,
    referrer: &str,
    submission: Submission,
) {
    let last = bench.claims(campaign, referrer);
    let newcomer = Newcomer {
        brought: Brought::Touches(Touches { first: None, last }),
        submission,
        ..Newcomer::new(Email::parse(email).unwrap(), Source::Browser)
    };
    let id = campaign.trim_start_matches("/v2/campaign/");
    let (terms, _) = terms::read(&bench.app, id).await.unwrap();
    bench.pass(Span(1));
    enrol::enrol(&bench.app, &bench.call(), &terms, &newcomer).await.unwrap();
}

/// Kinds and reasons of the decisions about somebody, newest first.
pub(crate) async fn told(bench: &Bench, campaign: &str, p: &str) -> Vec<String> {
    let found = bench.get(&format!("{campaign}/participant/{p}/decisions")).await.ok();
    let decisions = found["decisions"].as_array().unwrap().iter();
    decisions.map(|it| format!("{} {}", it["kind"], it["reasons"]).replace('"', "")).collect()
}

pub(crate) async fn review(bench: &Bench, campaign: &str, p: &str, review: &str) -> (bool, String) {
    bench.pass(Span(1));
    let path = format!("{campaign}/participant/{p}/ref");
    let body = bench.post(&path, json!({ "review": review })).await.ok();
    (body["success"].as_bool().unwrap(), body["message"].as_str().unwrap().into())
}

pub(crate) async fn order(bench: &Bench, campaign: &str, p: &str, number: &str) {
    bench.pass(Span(1));
    let order = json!({ "currency": "EUR", "grossAmount": 1_000, "orderId": number });
    bench.post(&format!("{campaign}/participant/{p}/transaction"), order).await.ok();
}

pub(crate) async fn shown(bench: &Bench, campaign: &str, p: &str) -> Value {
    bench.get(&format!("{campaign}/participant/{p}")).await.ok()
}

/// Referrals, leads and rewards of a referrer.
pub(crate) async fn counts(bench: &Bench, campaign: &str, p: &str) -> (u64, u64, usize) {
    let it = shown(bench, campaign, p).await;
    let number = |field: &str| it[field].as_u64().unwrap();
    (number("referralCount"), number("leadCount"), it["rewards"].as_array().unwrap().len())
}

#[tokio::test]
async fn r_guard_1_another_spelling_of_the_referrers_mailbox_is_not_bound() {
    let bench = Bench::new().await;
    let (campaign, _) = scene(&bench, "ON_SIGNUP", json!({})).await;
    let ann = join(&bench, &campaign, "ann.b@gmail.com", "nobody").await;
    let ann = ann["id"].as_str().unwrap();
    for own in ["annb+2@googlemail.com", "A.n.n.b@gmail.com"] {
        let added = join(&bench, &campaign, own, ann).await;
        assert_eq!(
            (&added["isNew"], &added["referredBy"], &added["fraudRiskLevel"]),
            (&json!(true), &Value::Null, &json!("HIGH"))
        );
        assert_eq!(added["fraudReasonCode"], "DUPLICATE_EMAIL");
        assert_eq!(told(&bench, &campaign, own).await, ["UNBOUND [SAME_MAILBOX]"]);
    }
    assert_eq!(counts(&bench, &campaign, ann).await, (0, 0, 0));
    // By a click, and of somebody whom a browser brought before, as well.
    let free = Submission::default();
    lead(&bench, &campaign, "annb+3@gmail.com", ann, free).await;
    assert_eq!(told(&bench, &campaign, "annb%2B3@gmail.com").await, ["UNBOUND [SAME_MAILBOX]"]);
    let claim = json!({ "attribution": bench.token(&campaign, ann) });
    bench.pass(Span(1));
    let path = format!("{campaign}/participant/annb%2B3@gmail.com/ref");
    assert_eq!(bench.post(&path, claim).await.ok()["success"], json!(false));
    assert_eq!(counts(&bench, &campaign, ann).await, (0, 0, 0));
    // Elsewhere it is nobody's yet.
    let other = bench.campaign("ON_SIGNUP").await;
    let eve = bench.add(&other, "eve", None).await;
    let added = join(&bench, &other, "annb+2@gmail.com", &eve).await;
    assert_eq!(added["referralStatus"], "CREDIT_AWARDED");
}

#[tokio::test]
async fn r_guard_3_a_mailbox_that_took_part_is_no_new_friend() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
    let first = join(&bench, &campaign, "bob@example.com", &ada).await;
    assert_eq!(
        (&first["referralStatus"], &first["fraudRiskLevel"], first.get("fraudReasonCode")),
        (&json!("CREDIT_AWARDED"), &json!("LOW"), None)
    );
    let again = join(&bench, &campaign, "bob+2@example.com", &ada).await;
    assert_eq!(
        (&again["referralStatus"], &again["fraudRiskLevel"], &again["fraudReasonCode"]),
        (&json!("CREDIT_EXPIRED"), &json!("HIGH"), &json!("DUPLICATE_EMAIL"))
    );
    let expected = ["REFUSED [DUPLICATE_FRIEND]", "BOUND [BY_CODE]"];
    assert_eq!(told(&bench, &campaign, "bob%2B2@example.com").await, expected);
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1));
    let leads =
        sql!("-- t\n SELECT leads AS n FROM tally WHERE participant = ?1 AND month = 0", &ada);
    assert_eq!(bench.number(leads).await, 1, "what is rejected counts nothing");
    // A trigger and an order change nothing of it.
    order(&bench, &campaign, "bob%2B2@example.com", "7").await;
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1));
    let gone = review(&bench, &campaign, "bob%2B2@example.com", "ACCEPT").await;
    assert_eq!(gone, (false, "The referral is not held for review".into()));
}

#[tokio::test]
async fn r_guard_3_twenty_spellings_of_one_mailbox_at_once_are_one_friend() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
    let path = format!("{campaign}/participant");
    let requests = (0..20).map(|n| {
        let person = json!({ "email": format!("bob+{n}@example.com"), "referredBy": ada });
        bench.request(Method::POST, &path, person.to_string())
    });
    for answer in bench.at_once(requests).await {
        answer.ok();
    }
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1));
    let rejected = sql!("-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'REJECTED'");
    assert_eq!(bench.number(rejected).await, 19);
}

#[tokio::test]
async fn r_guard_3_of_twenty_spellings_of_one_held_mailbox_one_is_left_to_be_let_in() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
    let path = format!("{campaign}/participant");
    let requests = (0..20).map(|n| {
        let person = json!({ "email": format!("bob+{n}@mailinator.com"), "referredBy": ada });
        bench.request(Method::POST, &path, person.to_string())
    });
    for answer in bench.at_once(requests).await {
        answer.ok();
    }
    for n in 0..20 {
        review(&bench, &campaign, &format!("bob%2B{n}@mailinator.com"), "ACCEPT").await;
    }
    assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1));
}

#[tokio::test]
async fn r_guard_4_friends_beyond_the_limit_are_held_and_later_ones_are_not() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({ "maxFriendsPerHour": 2 })).await;
    for (name, expected) in [
        ("a", "CREDIT_AWARDED"),
        ("b", "CREDIT_AWARDED"),
        ("c", "CREDIT_PENDING"),
        ("d", "CREDIT_PENDING"),
    ] {
        let friend = join(&bench, &campaign, &format!("{name}@example.com"), &ada).await;
        assert_eq!(friend["referralStatus"], expected, "{name}");
        let level = if expected == "CREDIT_PENDING" { "MEDIUM" } else { "LOW" };
        assert_eq!(friend["fraudRiskLevel"], level);
    }
    let held = ["HELD [AWAITS_REVIEW]", "HELD [AWAITS_REVIEW,VELOCITY]", "BOUND [BY_CODE]"];
    assert_eq!(told(&bench, &campaign, "c@example.com").await, held);
    // Another referrer's friends have nothing to do with it.
    let eve = bench.add(&campaign, "eve", None).await;
    let friend = join(&bench, &campaign, "e@example.com", &eve).await;
    assert_eq!(friend["referralStatus"], "CREDIT_AWARDED");
    bench.pass(Span::hours(1));
    let friend = join(&bench, &campaign, "f@example.com", &ada).await;
    assert_eq!(friend["referralStatus"], "CREDIT_AWARDED");
}

#[tokio::test]
async fn r_guard_4_nobodys_friends_are_held_because_of_what_strangers_do_with_their_link() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CUSTOM", json!({ "maxFriendsPerHour": 5 })).await;
    let outcome = async |email: &str| {
        let told = told(&bench, &campaign, email).await;
        !told.iter().any(|it| it.starts_with("HELD"))
    };
    // What is held uses nothing up, ...
    let machine = Submission { honeypot: true, ..Submission::default() };
    for n in 0..5 {
        lead(&bench, &campaign, &format!("h{n}@yopmail.com"), &ada, machine).await;
    }
    lead(&bench, &campaign, "a@example.com", &ada, Submission::default()).await;
    assert!(outcome("a@example.com").await);
    // ... and what browsers tell counts for browsers only.
    for n in 0..5 {
        lead(&bench, &campaign, &format!("f{n}@example.com"), &ada, Submission::default()).await;
    }
    assert!(!outcome("f4@example.com").await, "the sixth");
    for n in 0..5 {
        join(&bench, &campaign, &format!("g{n}@example.com"), &ada).await;
        assert!(outcome(&format!("g{n}@example.com")).await, "{n}");
    }
    join(&bench, &campaign, "g5@example.com", &ada).await;
    assert!(!outcome("g5@example.com").await);
}

#[tokio::test]
async fn r_notice_2_the_owner_is_told_of_each_hold_until_it_ends() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "CUSTOM", json!({})).await;
    let open = async || {
        let held = sql!(
            "-- t\n SELECT count(*) AS n FROM notice WHERE kind = 'REFERRAL_HELD' AND seen_at IS NULL"
        );
        bench.number(held).await
    };
    assert_eq!(open().await, 0);
    let names = ["a", "b", "c"].map(|it| format!("{it}@yopmail.com"));
    for name in &names {
        join(&bench, &campaign, name, &ada).await;
    }
    assert_eq!(open().await, 3);
    let told = bench.get(&format!("{campaign}/notices")).await.ok();
    let told = told["notices"].as_array().unwrap();
    assert_eq!((told.len(), &told[0]["kind"]), (3, &json!("REFERRAL_HELD")), "{told:?}");
    review(&bench, &campaign, &names[0], "ACCEPT").await;
    review(&bench, &campaign, &names[1], "REJECT").await;
    assert_eq!(open().await, 1);
    bench.delete(&format!("{campaign}/participant/{}", names[2])).await.ok();
    assert_eq!(open().await, 0);
}

#[tokio::test]
async fn r_guard_4_of_twenty_friends_at_once_no_more_than_the_limit_pass() {
    let bench = Bench::new().await;
    let limits = json!({ "maxFriendsPerHour": 3, "maxFriendsPerDay": 10 });
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", limits).await;
    let path = format!("{campaign}/participant");
    let requests = (0..20).map(|n| {
        let person = json!({ "email": format!("f{n}@example.com"), "referredBy": ada });
        bench.request(Method::POST, &path, person.to_string())
    });
    for answer in bench.at_once(requests).await {
        answer.ok();
    }
    assert_eq!(counts(&bench, &campaign, &ada).await, (3, 17, 3));
    let held = sql!("-- t\n SELECT count(*) AS n FROM hold WHERE event IS NOT NULL");
    assert_eq!(bench.number(held).await, 17, "each keeps its sign-up");
}

#[tokio::test]
async fn r_guard_4_three_hundred_people_behind_one_address_are_taken() {
    let bench = Bench::new().await;
    let (campaign, _) = scene(&bench, "ON_SIGNUP", json!({ "maxFriendsPerHour": 5 })).await;
    // One office, one network, sixty colleagues who each bring five.
    for n in 0..60 {
        let referrer = bench.add(&campaign, &format!("r{n}"), None).await;
        for m in 0..5 {
            let friend = format!("f{n}-{m}@example.com");
            lead(&bench, &campaign, &friend, &referrer, Submission::default()).await;
        }
    }
    let counted = sql!("-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'AWARDED'");
    assert_eq!(bench.number(counted).await, 300);
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM signal")).await, 0);
}

#[tokio::test]
async fn r_guard_5_throw_away_mailboxes_are_held_or_refused() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
    let held = join(&bench, &campaign, "x@sub.mailinator.com", &ada).await;
    assert_eq!(
        (&held["referralStatus"], &held["fraudReasonCode"]),
        (&json!("CREDIT_PENDING"), &json!("DISPOSABLE_EMAIL"))
    );
    let path = format!("{campaign}/options");
    bench.patch(&path, json!({ "fraud": { "blockBurnerEmails": true } })).await.ok();
    let refused = join(&bench, &campaign, "y@yopmail.com", &ada).await;
    assert_eq!(refused["referralStatus"], "CREDIT_EXPIRED");
    let expected = ["REFUSED [DISPOSABLE_EMAIL]", "BOUND [BY_CODE]"];
    assert_eq!(told(&bench, &campaign, "y@yopmail.com").await, expected);
    // Somebody whom nobody referred is nobody's business.
    let alone = join(&bench, &campaign, "z@yopmail.com", "nobody").await;
    assert_eq!(alone["fraudRiskLevel"], "LOW");
}

#[tokio::test]
async fn r_guard_6_the_owners_lists_are_kept_and_wrong_ones_are_refused_by_their_field() {
    let bench = Bench::new().await;
    let lists =
        json!({ "blockedEmails": ["*@rival.example"], "allowedEmails": ["qa*@rival.example"] });
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", lists).await;
    let blocked = join(&bench, &campaign, "Bob@Rival.example", &ada).await;
    assert_eq!(
        (&blocked["referralStatus"], &blocked["fraudReasonCode"]),
        (&json!("CREDIT_EXPIRED"), &json!("BLOCKED_EMAIL"))
    );
    for test in ["qa@rival.example", "qa+1@rival.example"] {
        let allowed = join(&bench, &campaign, test, &ada).await;
        assert_eq!(allowed["referralStatus"], "CREDIT_AWARDED", "{test}");
    }
    let path = format!("{campaign}/options");
    let before = bench.get(&path).await.ok();
    for (field, value) in [
        ("blockedEmails", json!([""])),
        ("blockedEmails", json!(["rival.example"])),
        ("blockedEmails", json!(vec!["*@x.y"; 201])),
        ("allowedEmails", json!(["a b@x.y"])),
        ("maxFriendsPerHour", json!(0)),
        ("maxFriendsPerHour", json!(-1)),
        ("maxFriendsPerHour", json!(1.5)),
        ("maxFriendsPerDay", json!(100_001)),
        ("blockBurnerEmails", json!("yes")),
        ("blockedIps", json!([])),
        ("recaptcha", json!({ "isEnabled": true })),
        ("levels", json!(2)),
    ] {
        let mut fraud = json!({});
        fraud[field] = value;
        let answer = bench.patch(&path, json!({ "fraud": fraud })).await;
        answer.refuses(&format!("fraud.{field}"));
    }
    assert_eq!(bench.get(&path).await.ok(), before, "nothing half-written");
    let blocked = json!({ "fraud": { "blockedIps": [] } });
    let message = bench.patch(&path, blocked).await.refuses("fraud.blockedIps");
    assert!(message.contains("not available"), "{message}");
}

#[tokio::test]
async fn r_guard_7_what_a_machine_filled_in_is_held() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
    let trap = Submission { honeypot: true, elapsed: None };
    let fast = Submission { honeypot: false, elapsed: Some(Span(2_999)) };
    let slow = Submission { honeypot: false, elapsed: Some(Span(3_000)) };
    for (name, submission, status, code) in [
        ("trap", trap, "CREDIT_PENDING", json!("AUTOMATED_SIGNUP")),
        ("fast", fast, "CREDIT_PENDING", json!("AUTOMATED_SIGNUP")),
        ("slow", slow, "CREDIT_AWARDED", Value::Null),
    ] {
        let email = format!("{name}@example.com");
        lead(&bench, &campaign, &email, &ada, submission).await;
        let friend = shown(&bench, &campaign, &email).await;
        assert_eq!(
            (&friend["referralStatus"], &friend["fraudReasonCode"]),
            (&json!(status), &code)
        );
    }
}

#[tokio::test]
async fn r_guard_8_every_signal_is_noted_and_named() {
    let bench = Bench::new().await;
    let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({ "maxFriendsPerDay": 1 })).await;
    join(&bench, &campaign, "a@example.com", &ada).await;
    let trap = Submission { honeypot: true, elapsed: Some(Span(1)) };
    lead(&bench, &campaign, "x@yopmail.com", &ada, trap).await;
    let found = bench.get(&format!("{campaign}/participant/x@yopmail.com/decisions")).await.ok();
    let held = &found["decisions"][1];
    let signals = json!(["HONEYPOT", "ROBOT_SPEED", "DISPOSABLE_EMAIL", "VELOCITY"]);
    assert_eq!((&held["kind"], &held["facts"]["signals"]), (&json!("HELD"), &signals));
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM signal")).await, 4);
    assert!(!found.to_string().contains('@'), "nothing personal: {found}");
}

#[tokio::test]
async fn r_guard_12_mailboxes_are_compared_by_a_keyed_hash_of_each_campaign() {
    let bench = Bench::new().await;
    let (campaign, _) = scene(&bench, "CUSTOM", json!({})).await;
    let other = bench.campaign("CUSTOM").await;
    bench.add(&other, "ada", None).await;
    let hashes = sql!("-- t\n SELECT count(DISTINCT hash) AS n FROM mailbox");
    assert_eq!(bench.number(hashes).await, 2, "one address, two campaigns");
    bench.add(&campaign, "ada", None).await;
    let rows = sql!("-- t\n SELECT count(*) AS n FROM mailbox");
    assert_eq!(bench.number(rows).await, 2);
    let plain = sql!("-- t\n SELECT count(*) AS n FROM mailbox WHERE hash LIKE '%ada%'");
    assert_eq!(bench.number(plain).await, 0);
}

#[tokio::test]
async fn r_source_4_the_back_ends_claim_takes_the_place_of_a_held_bond() {
    let bench = Bench::new().await;
    for way in ["participant", "ref", "transaction"] {
        let (campaign, ada) = scene(&bench, "ON_SIGNUP", json!({})).await;
        let eve = bench.add(&campaign, "eve", None).await;
        let trap = Submission { honeypot: true, elapsed: None };
        lead(&bench, &campaign, "bob@example.com", &eve, trap).await;
        let attribution = bench.token(&campaign, &ada);
        bench.pass(Span(1));
        let bob = format!("{campaign}/participant/bob@example.com");
        let (path, body) = match way {
            "participant" => (
                format!("{campaign}/participant"),
                json!({ "email": "bob@example.com", "attribution": attribution }),
            ),
            "ref" => (format!("{bob}/ref"), json!({ "attribution": attribution })),
            _ => (
                format!("{bob}/transaction"),
                json!({ "attribution": attribution, "currency": "EUR", "grossAmount": 1,
                        "orderId": "1" }),
            ),
        };
        bench.post(&path, body).await.ok();
        assert_eq!(counts(&bench, &campaign, &ada).await, (1, 0, 1), "{way}");
        assert_eq!(counts(&bench, &campaign, &eve).await, (0, 0, 0), "{way}");
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM hold")).await, 0);
    }
}

#[tokio::test]
async fn r_guard_4_friends_are_counted_in_whatever_order_they_are_read() {
    let bench = Bench::new().await;
    let limits = json!({ "maxFriendsPerHour": 5, "maxFriendsPerDay": 20 });
    let (campaign, ada) = scene(&bench, "CUSTOM", limits).await;
    let (terms, _) =
        terms::read(&bench.app, campaign.trim_start_matches("/v2/campaign/")).await.unwrap();
    bench.pass(Span::days(1));
    for n in (0..40).rev() {
        let last = bench.claims(&campaign, &ada);
        let newcomer = Newcomer {
            brought: Brought::Touches(Touches { first: None, last }),
            ..Newcomer::new(Email::parse(&format!("f{n}@example.com")).unwrap(), Source::Browser)
        };
        let call = bench.call().at(bench.now.get() + Span(n));
        enrol::enrol(&bench.app, &call, &terms, &newcomer).await.unwrap();
    }
    let held = sql!("-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'HELD'");
    assert_eq!(bench.number(held).await, 35);
}
