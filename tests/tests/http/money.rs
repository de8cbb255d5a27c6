//! The same thing said many times at once pays once.

use std::thread;

use serde_json::{Value, json};
use tests::host::{Options, fresh_folder};
use tests::http::{Answer, Call};
use tests::wait::eventually;
use tests::{Campaign, Host, Setup, on_both_hosts};

on_both_hosts!(
    the_same_conversion_twenty_times_at_once_pays_once,
    the_same_trigger_twenty_times_at_once_awards_once,
    the_same_person_twenty_times_at_once_joins_once,
);

const TIMES: usize = 20;

/// Sends the same call from twenty threads at once; none of the answers may be a failure of ours.
#[track_caller]
fn at_once(call: &Call) -> Vec<Answer> {
    let answers: Vec<Answer> = thread::scope(|scope| {
        let calls: Vec<_> = (0..TIMES).map(|_| scope.spawn(|| call.send())).collect();
        calls.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    for answer in &answers {
        assert!(answer.status < 500, "{} {}", answer.status, answer.text());
    }
    answers
}

/// A campaign in which Bob came by Ann and has not yet done what counts.
fn pending(host: &'static Host) -> (Campaign, String) {
    let mut setup = Setup::on("https://shop.example", "/landing");
    setup.trigger = "CUSTOM";
    let campaign = Campaign::open(host, &setup);
    let ann = campaign.join("ann@example.com", "Ann");
    let body = json!({ "email": "bob@example.com", "referredBy": ann.id });
    let path = campaign.path("/participant");
    let bob = host.api("POST", &path).json(&body).send().expect(200).json();
    assert_eq!(bob["referralStatus"], "CREDIT_PENDING");
    assert_eq!(campaign.rewards(&ann.id), Vec::<Value>::new());
    (campaign, ann.id)
}

#[track_caller]
fn check_paid_once(campaign: &Campaign, ann: &str) {
    eventually("a reward for Ann", || Some(campaign.rewards(ann)).filter(|it| !it.is_empty()));
    assert_eq!(campaign.rewards(ann).len(), 1);
    assert_eq!(campaign.rewards("bob@example.com").len(), 1);
    let referrer = campaign.participant(ann).expect("Ann");
    assert_eq!(referrer["referralCount"], 1);
    let friend = campaign.participant("bob@example.com").expect("Bob");
    assert_eq!(friend["referralStatus"], "CREDIT_AWARDED");
}

fn the_same_conversion_twenty_times_at_once_pays_once(host: &'static Host) {
    let (campaign, ann) = pending(host);
    let body = json!({ "currency": "EUR", "grossAmount": 12_990, "orderId": "1001" });
    let path = campaign.path("/participant/bob@example.com/transaction");
    let call = host.api("POST", &path).json(&body);

    let answers = at_once(&call);
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let news = answers.iter().filter(|it| it.json()["duplicate"] == false);
    assert_eq!(news.count(), 1);
    check_paid_once(&campaign, &ann);

    let late = call.send().expect(200).json();
    assert_eq!((&late["success"], &late["duplicate"]), (&json!(false), &json!(true)));
    check_paid_once(&campaign, &ann);
}

fn the_same_trigger_twenty_times_at_once_awards_once(host: &'static Host) {
    let (campaign, ann) = pending(host);
    let path = campaign.path("/participant/bob@example.com/ref");
    let answers = at_once(&host.api("POST", &path).json(&json!({})));
    let successes = answers.iter().filter(|it| it.status == 200 && it.json()["success"] == true);
    assert_eq!(successes.count(), 1);
    check_paid_once(&campaign, &ann);
}

fn the_same_person_twenty_times_at_once_joins_once(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let body = json!({ "email": "Ann@Example.com", "firstName": "Ann" });
    let answers = at_once(&host.api("POST", &campaign.path("/participant")).json(&body));
    let id = &answers[0].json()["id"];
    assert!(answers.iter().all(|it| it.json()["id"] == *id));
    let listed = host.api("GET", &campaign.path("/participants")).send().expect(200).json();
    assert_eq!(listed["participants"].as_array().map(Vec::len), Some(1));
}

/// A power cut at any moment takes nothing of an order that had been answered: neither what it earned,
/// nor the messages that tell of it, which wait for the cron.
#[test]
fn an_answered_order_and_all_that_follows_survive_a_kill() {
    let options = Options { demo: false, deliveries: 1, named: false };
    let data = fresh_folder("order-killed");
    let host: &'static Host = Box::leak(Box::new(Host::start_native(data.clone(), options)));
    let (campaign, ann) = pending(host);
    campaign.writes();
    campaign.change("/emails", &json!({ "settings": { "isEnabled": true } }));
    let body = json!({ "currency": "EUR", "grossAmount": 12_990, "orderId": "1001" });
    let path = campaign.path("/participant/bob@example.com/transaction");
    let _ = host.api("POST", &path).json(&body).send().expect(200);
    host.kill();

    let again: &'static Host = Box::leak(Box::new(Host::start_native(data, options)));
    let earned = "SELECT side FROM reward WHERE friend IS NOT NULL ORDER BY side";
    let sides = again.sql(earned, &[]);
    assert_eq!(sides, [json!({ "side": "FRIEND" }), json!({ "side": "REFERRER" })]);
    let told = "SELECT kind FROM message WHERE subject = ?1 AND kind IN ('referralLinkUsed', 'goalAchieved')
                 ORDER BY kind";
    let told = again.sql(told, &[json!(ann)]);
    assert_eq!(told, [json!({ "kind": "goalAchieved" }), json!({ "kind": "referralLinkUsed" })]);
}
