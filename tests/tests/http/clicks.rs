//! Clicks: who counts, and that none is lost or counted twice.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::host::{Kind, Options, fresh_folder};
use tests::http::{Answer, Call, get};
use tests::wait::{eventually, now};
use tests::{Campaign, Host, Setup, on_both_hosts};

on_both_hosts!(a_preview_robot_sees_a_card_and_counts_nothing, every_person_who_clicks_counts_once);

/// A click as a person's browser makes it.
pub(crate) fn person(url: &str) -> Call {
    get(url)
        .header(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        )
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-site", "cross-site")
}

/// The attribution token in the address that a click leads to.
pub(crate) fn token(answer: &Answer) -> Option<&str> {
    let (_, query) = answer.header("location")?.split_once('?')?;
    let query = query.split('#').next()?;
    query.split('&').find_map(|pair| pair.strip_prefix("prn="))
}

/// The id of the click that a token speaks of.
pub(crate) fn click_of(token: &str) -> String {
    let payload = token.split('.').nth(1).expect("a token has three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let claims: Value = serde_json::from_slice(&payload).expect("claims");
    claims["jti"].as_str().expect("a click id").into()
}

fn impressions(campaign: &Campaign, id: &str) -> u64 {
    let participant = campaign.participant(id).expect("a participant");
    participant["impressionCount"].as_u64().unwrap_or(0)
}

fn a_preview_robot_sees_a_card_and_counts_nothing(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let ann = campaign.join("ann@example.com", "Ann");
    let link = ann.link(host.url());

    for robot in ["WhatsApp/2.23.20.0 A", "facebookexternalhit/1.1", "Twitterbot/1.0"] {
        let card = get(&link).header("user-agent", robot).send().expect(200);
        let html = card.text();
        assert!(
            html.contains("og:title") && html.contains("https://shop.example/landing"),
            "{html}"
        );
        assert!(!html.contains("ann@example.com") && !html.contains("prn="), "{html}");
        assert_eq!(card.header("set-cookie"), None);
    }
    let clicked = person(&link).send().expect(302);
    assert_eq!(clicked.header("cache-control"), Some("no-store"));
    assert!(
        clicked.header("location").is_some_and(|it| it.starts_with("https://shop.example/landing"))
    );

    eventually("the person's click", || (impressions(&campaign, &ann.id) > 0).then_some(()));
    assert_eq!(impressions(&campaign, &ann.id), 1);
}

/// In the worker, the queue of this story's host hands over each message three times.
fn every_person_who_clicks_counts_once(host: &'static Host) {
    let own;
    let host = match host.kind {
        Kind::Native => host,
        Kind::Worker => {
            own = Host::start(Kind::Worker, Options { demo: false, deliveries: 3, named: false });
            Box::leak(Box::new(own))
        }
    };
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let ann = campaign.join("ann@example.com", "Ann");
    let clicks: BTreeSet<String> = (1..=10)
        .map(|number| {
            let click = person(&ann.link(host.url()));
            let answer = host.from_address(&format!("192.0.2.{number}"), click).send().expect(302);
            click_of(token(&answer).expect("a token"))
        })
        .collect();
    assert_eq!(clicks.len(), 10);
    eventually("ten clicks", || (impressions(&campaign, &ann.id) >= 10).then_some(()));
    host.cron();
    assert_eq!(impressions(&campaign, &ann.id), 10);
    let rows = host.sql("SELECT count(*) AS n FROM click", &[]);
    if host.kind == Kind::Worker {
        assert_eq!(rows, [json!({ "n": 10 })]);
    }
}

#[test]
fn a_poison_message_is_dropped_and_its_neighbours_are_recorded_once() {
    let host = Host::worker();
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let ann = campaign.join("ann@example.com", "Ann");
    let row =
        |id: &str| json!([id, campaign.id, ann.id, null, "PERSON", null, 1_790_000_000_000_u64]);
    let first = json!([row("beside-poison-1"), row("beside-poison-2")]).to_string();
    let second = json!([row("beside-poison-3")]).to_string();
    let nothing = json!([["poison", null, null, null, null, null, null]]).to_string();
    for _ in 0..3 {
        let outcome = host.deliver(&[&first, "no JSON at all", &nothing, &second], Duration::ZERO);
        assert_eq!(outcome["outcome"], "ok");
        assert_eq!(outcome["retryMessages"], json!([]), "{outcome}");
        assert_eq!(outcome["explicitAcks"].as_array().map(Vec::len), Some(4), "{outcome}");
    }
    let rows = host.sql("SELECT count(*) AS n FROM click WHERE id LIKE '%poison%'", &[]);
    assert_eq!(rows, [json!({ "n": 3 })]);
    for why in ["it holds no rows", "its rows break a constraint"] {
        let said = format!("a message of clicks was dropped: {why}");
        eventually(&said, || host.logs().contains(&said).then_some(()));
    }
}

/// Each attempt waits as long again as the message is old, so that they grow rare.
#[test]
fn clicks_wait_in_the_queue_while_the_database_fails() {
    let options = Options { demo: false, deliveries: 1, named: false };
    let host: &'static Host = Box::leak(Box::new(Host::start(Kind::Worker, options)));
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let ann = campaign.join("ann@example.com", "Ann");
    let row =
        |id: &str| json!([id, campaign.id, ann.id, null, "PERSON", null, 1_790_000_000_000_u64]);
    let messages = ["waits-1", "waits-2"].map(|id| json!([row(id)]).to_string());
    let deliver = |seconds| {
        host.deliver(&messages.each_ref().map(String::as_str), Duration::from_secs(seconds))
    };
    let delays = |outcome: &Value| -> Vec<u64> {
        let retried = outcome["retryMessages"].as_array().cloned().unwrap_or_default();
        retried.iter().filter_map(|it| it["delaySeconds"].as_u64()).collect()
    };

    host.sql("ALTER TABLE click RENAME TO click_away", &[]);
    for (age, least) in [(0, 5), (600, 600), (86_400, 43_200)] {
        let outcome = deliver(age);
        assert_eq!(outcome["outcome"], "ok", "{outcome}");
        assert_eq!(outcome["explicitAcks"], json!([]), "{outcome}");
        let delays = delays(&outcome);
        assert_eq!(delays.len(), messages.len(), "{outcome}");
        // The messages age while they are delivered.
        assert!(delays.iter().all(|it| (least..least + 20).contains(it)), "{outcome}");
    }
    eventually("a line of the log", || {
        host.logs().contains("clicks not recorded yet").then_some(())
    });

    host.sql("ALTER TABLE click_away RENAME TO click", &[]);
    let outcome = deliver(600);
    assert_eq!(outcome["explicitAcks"].as_array().map(Vec::len), Some(2), "{outcome}");
    assert_eq!(outcome["retryMessages"], json!([]), "{outcome}");
    let rows = host.sql("SELECT id FROM click ORDER BY id", &[]);
    assert_eq!(rows, [json!({ "id": "waits-1" }), json!({ "id": "waits-2" })]);
}

/// A power cut at 300 clicks a second takes nothing with it that had been answered.
#[test]
fn an_answered_click_survives_a_kill() {
    const THREADS: u32 = 6;
    const PER_SECOND: u32 = 300;
    let options = Options { demo: false, deliveries: 1, named: false };
    let data = fresh_folder("killed");
    let host: &'static Host = Box::leak(Box::new(Host::start_native(data.clone(), options)));
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/landing"));
    let link = campaign.join("ann@example.com", "Ann").link(host.url());

    let answered = Mutex::new(BTreeSet::new());
    let dead = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let start = now();
                for tick in 0.. {
                    let due = Duration::from_secs(1) * tick * THREADS / PER_SECOND;
                    thread::sleep(due.saturating_sub(start.elapsed()));
                    let Ok(answer) = person(&link).attempt() else { break };
                    let click = click_of(token(&answer.expect(302)).expect("a token"));
                    answered.lock().expect("no panic").insert(click);
                }
                assert!(dead.load(Ordering::Relaxed), "the service refused a click while it ran");
            });
        }
        let count = || answered.lock().expect("no panic").len();
        eventually("600 answered clicks", || (count() >= 600).then_some(()));
        dead.store(true, Ordering::Relaxed);
        host.kill();
    });

    let again = Host::start_native(data, options);
    let rows = again.sql("SELECT id FROM click", &[]);
    let kept: BTreeSet<String> =
        rows.iter().filter_map(|row| row["id"].as_str().map(Into::into)).collect();
    let answered = answered.into_inner().expect("no panic");
    let lost: Vec<_> = answered.difference(&kept).collect();
    assert!(lost.is_empty(), "{} of {} clicks are lost", lost.len(), answered.len());
}
