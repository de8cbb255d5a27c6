//! Messages, from what causes them to the folder or the provider's door.

mod door;
mod refusals;
mod reminders;
mod work;

use http::{Method, header};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    email::Email,
    team::Role,
    time::{Span, Timestamp},
};

use super::*;
use crate::{bench::Bench, sql};

#[derive(Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
struct Row {
    kind: String,
    subject: String,
    state: String,
    #[serde(default)]
    reason: Option<String>,
}

async fn rows(bench: &Bench) -> Vec<Row> {
    let all = sql!("-- t\n SELECT kind, subject, state, reason FROM message ORDER BY seq");
    bench.app.db.all(all).await.unwrap()
}

fn to(mail: &[[String; 2]], name: &str) -> Vec<String> {
    let address = format!("{name}@example.com");
    let mut subjects: Vec<String> =
        mail.iter().filter(|it| it[0] == address).map(|it| it[1].clone()).collect();
    // What goes out in one run has no order.
    subjects.sort_unstable();
    subjects
}

#[tokio::test]
async fn r_mail_1_what_happens_is_told_once_and_one_thing_by_one_message() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let mail = bench.mail().await;
    let expected = ["A friend came through your link", "Your link for Referral programme"];
    assert_eq!(to(&mail, "ada"), expected);
    assert_eq!(to(&mail, "bob"), ["Welcome to Referral programme"]);
    // Neither the second run nor the second call says it again.
    bench.add(&campaign, "bob", Some(&ada)).await;
    assert_eq!(bench.mail().await, mail);

    let trigger = format!("{campaign}/participant/{bob}/ref");
    bench.twenty(Method::POST, &trigger, json!({})).await;
    let mail = bench.mail().await;
    assert_eq!(to(&mail, "ada")[2..], ["Yours: a coupon"]);
    assert_eq!(to(&mail, "bob")[1..], ["Yours: a coupon"]);
    let told = rows(&bench).await;
    let counts = told.iter().find(|it| it.kind == "referralLinkUsed").unwrap();
    assert_eq!(counts.reason.as_deref(), Some("TOLD_OTHERWISE"));
    assert_eq!(bench.mail().await, mail);
}

#[tokio::test]
async fn r_mail_1_a_credit_without_a_reward_is_told_as_such() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    let on = json!({ "settings": { "isEnabled": true } });
    bench.patch(&format!("{campaign}/emails"), on).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = json!({ "email": "bob@example.com", "firstName": "Bob", "referredBy": ada });
    bench.post(&format!("{campaign}/participant"), bob).await.ok();
    let mail = bench.mail().await;
    assert_eq!(to(&mail, "ada"), ["It counts: B.", "Your link for Referral programme"]);
    let cid = json!({
        "email": "cid@example.com", "firstName": "Cid", "referredBy": ada,
        "metadata": { "showFirstName": "true" },
    });
    bench.post(&format!("{campaign}/participant"), cid).await.ok();
    // The round is full: the reward tells that it counts.
    assert_eq!(to(&bench.mail().await, "ada")[2..], ["Yours: a coupon"]);
}

#[tokio::test]
async fn r_mail_2_what_is_not_so_any_more_is_not_told() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    bench.delete(&format!("{campaign}/participant/{bob}")).await.ok();
    let mail = bench.mail().await;
    assert!(to(&mail, "bob").is_empty());
    // Their referral stands, without a name.
    assert_eq!(to(&mail, "ada")[..1], ["A friend came through your link"]);

    let cid = bench.add(&campaign, "cid", Some(&ada)).await;
    bench.post(&format!("{campaign}/participant/{cid}/ref"), json!({})).await.ok();
    bench.write([sql!("-- t\n UPDATE reward SET status = 'REVERSED'")]).await;
    let before = mail.len();
    // The welcome, and that the referral counts.
    assert_eq!(bench.mail().await.len(), before + 2);
    let reasons: Vec<_> = rows(&bench).await.into_iter().filter_map(|it| it.reason).collect();
    assert_eq!(reasons.iter().filter(|it| *it == "UNDONE").count(), 2, "{reasons:?}");
}

#[tokio::test]
async fn r_mail_3_a_campaign_says_nothing_until_it_is_switched_on_and_only_what_is() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    bench.add(&campaign, "ada", None).await;
    assert!(bench.mail().await.is_empty() && rows(&bench).await.is_empty());
    let path = format!("{campaign}/emails");
    let on = json!({
        "settings": { "isEnabled": true }, "welcomeNonReferred": { "isEnabled": false },
    });
    bench.patch(&path, on).await.ok();
    let bob = bench.add(&campaign, "bob", None).await;
    bench.add(&campaign, "cid", Some(&bob)).await;
    let mail = bench.mail().await;
    assert_eq!((to(&mail, "bob").len(), to(&mail, "cid").len()), (1, 1));
    // Switched off before its turn came.
    bench.add(&campaign, "dot", Some(&bob)).await;
    bench.patch(&path, json!({ "settings": { "isEnabled": false } })).await.ok();
    assert_eq!(bench.mail().await, mail);
    let reasons: Vec<_> = rows(&bench).await.into_iter().filter_map(|it| it.reason).collect();
    assert_eq!(reasons, ["SWITCHED_OFF"; 2]);
}

#[tokio::test]
async fn r_mail_1_what_is_held_is_told_to_nobody_until_it_passes() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let fraud = json!({ "fraud": { "maxFriendsPerHour": 1 } });
    bench.patch(&format!("{campaign}/options"), fraud).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.add(&campaign, "cid", Some(&ada)).await;
    let mail = bench.mail().await;
    assert_eq!(to(&mail, "ada").len(), 2);
    assert_eq!(to(&mail, "cid"), ["Your link for Referral programme"]);
    let free = sql!("-- t\n UPDATE referral SET outcome = 'PENDING' WHERE outcome = 'HELD'");
    bench.write([free]).await;
    assert_eq!(to(&bench.mail().await, "ada").len(), 3);
}

#[tokio::test]
async fn a_coupon_is_told_when_it_is_there() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    let pool = json!({ "name": "summer" });
    bench.post(&format!("{campaign}/coupon-pools"), pool).await.ok();
    let rule = json!({
        "type": "SINGLE_SIDED", "gives": { "kind": "UNIQUE_COUPON", "pool": "summer" },
    });
    bench.post(&format!("{campaign}/reward-configs"), rule).await.ok();
    bench.patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": true })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let coupons = async || {
        bench.mail().await;
        let kept = bench.app.mail.kept(99).unwrap();
        kept.into_iter().filter(|it| it.text.contains("CODE-1")).count()
    };
    assert_eq!(coupons().await, 0);
    let codes = json!({ "codes": ["CODE-1", "CODE-2"] });
    bench.post(&format!("{campaign}/coupon-pools/summer/coupons"), codes).await.ok();
    bench.pass(Span::minutes(1));
    assert_eq!(coupons().await, 1);
    assert_eq!(coupons().await, 1);
}

#[tokio::test]
async fn r_coupon_3_the_message_holds_the_code_also_where_the_owner_gives_by_hand() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    bench.post(&format!("{campaign}/coupon-pools"), json!({ "name": "summer" })).await.ok();
    let codes = json!({ "codes": ["OWN-1"] });
    bench.post(&format!("{campaign}/coupon-pools/summer/coupons"), codes).await.ok();
    let rules = [
        json!({ "type": "SINGLE_SIDED", "gives": { "kind": "UNIQUE_COUPON", "pool": "summer" } }),
        json!({ "type": "SINGLE_SIDED", "couponCode": "TEN" }),
    ];
    for rule in rules {
        bench.post(&format!("{campaign}/reward-configs"), rule).await.ok();
    }
    bench.patch(&format!("{campaign}/options"), json!({ "autoFulfillRewards": false })).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let with = async |code: &str| {
        bench.mail().await;
        let kept = bench.app.mail.kept(99).unwrap();
        kept.into_iter().filter(|it| it.text.contains(code)).count()
    };
    assert_eq!((with("TEN").await, with("OWN-1").await), (1, 0));
    let found = bench.get(&format!("{campaign}/participant/{ada}/rewards")).await.ok();
    let own = found["rewards"].as_array().unwrap().iter();
    let own = own.filter(|it| it["kind"] == "UNIQUE_COUPON").collect::<Vec<_>>();
    assert_eq!((own.len(), &own[0]["couponCode"]), (1, &json!(null)));
    // Weeks later: the message is new all the same.
    bench.pass(Span::days(20));
    let path = format!("{campaign}/reward/{}/fulfill", own[0]["id"].as_str().unwrap());
    bench.post(&path, json!({})).await.ok();
    assert_eq!((with("TEN").await, with("OWN-1").await), (1, 1));
    assert_eq!(with("OWN-1").await, 1);
}

#[tokio::test]
async fn everybody_is_told_of_the_end_once_it_is_settled_who_won() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.add(&campaign, "cid", None).await;
    bench.mail().await;
    bench.pass(Span::minutes(1));
    bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
    let count = async || {
        let mail = bench.mail().await;
        let ended = |it: &&[String; 2]| it[1].contains("has ended");
        let mut found: Vec<String> =
            mail.iter().filter(ended).map(|it| format!("{}: {}", it[0], it[1])).collect();
        found.sort();
        found
    };
    assert!(count().await.is_empty());
    bench.pass(Span::minutes(20));
    let expected = [
        "ada@example.com: Referral programme has ended: thank you",
        "bob@example.com: Referral programme has ended: thank you",
        "cid@example.com: Referral programme has ended",
    ];
    assert_eq!(count().await, expected);
    bench.pass(Span::minutes(1));
    assert_eq!(count().await, expected);
}

#[tokio::test]
async fn whoever_had_something_in_a_month_is_told_of_it() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.mail().await;
    let monthly = async || {
        let mail = bench.mail().await;
        mail.into_iter().filter(|it| it[1].starts_with("Your September")).collect::<Vec<_>>()
    };
    bench.pass(Span::days(9));
    assert!(monthly().await.is_empty());
    // It is 1 October.
    bench.pass(Span::days(1));
    let told = monthly().await;
    let subject = "Your September 2026: 1 referral".to_owned();
    assert_eq!(told, [["ada@example.com".to_owned(), subject]]);
    bench.pass(Span::days(1));
    assert_eq!(monthly().await, told);
}

#[tokio::test]
async fn the_first_click_of_a_person_is_told() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.mail().await;
    for click in 0..3 {
        let bob = json!({
            "email": format!("f{click}@example.com"), "attribution": bench.token(&campaign, &ada),
        });
        bench.post(&format!("{campaign}/participant"), bob).await.ok();
        bench.pass(Span::minutes(5));
        bench.mail().await;
    }
    let mail = bench.mail().await;
    let opened = to(&mail, "ada").iter().filter(|it| *it == "Somebody opened your link").count();
    assert_eq!(opened, 1, "{mail:?}");
}

/// The link of this topic at the end of the newest such message to somebody, without the host.
fn refusal(bench: &Bench, name: &str, topic: &str) -> String {
    let kept = bench.app.mail.kept(1_000).unwrap();
    let letters = kept.iter().filter(|it| it.to == format!("{name}@example.com"));
    let lines = letters.flat_map(|it| it.text.lines());
    let mut links = lines.filter_map(|it| it.strip_prefix("Unsubscribe: https://link.example"));
    links.find(|it| it.contains(topic)).unwrap().into()
}

fn posted(bench: &Bench, path: &str, form: &str) -> http::Request<axum::body::Body> {
    let mut request = bench.request(Method::POST, path, form.to_owned());
    request.headers_mut().remove(header::AUTHORIZATION);
    let kind = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    request
}

async fn click(bench: &Bench, path: &str, form: &str) -> u16 {
    bench.send(posted(bench, path, form)).await.status.as_u16()
}

#[tokio::test]
async fn r_mail_8_nobody_gets_more_than_three_promotions_a_week() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let path = format!("{campaign}/participant/{ada}/email");
    let ask = async |count: usize| {
        for _ in 0..count {
            bench.post(&path, json!({ "subject": "News", "body": "x" })).await.ok();
            bench.mail().await;
        }
        to(&bench.mail().await, "ada").iter().filter(|it| *it == "News").count()
    };
    assert_eq!(ask(5).await, 3);
    assert_eq!(rows(&bench).await.last().unwrap().reason.as_deref(), Some("TOO_MANY"));
    bench.pass(Span::days(7));
    assert_eq!(ask(1).await, 4);
}

#[tokio::test]
async fn r_mail_11_no_row_but_the_persons_names_an_address() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    let path = format!("{campaign}/participant/{ada}/email");
    bench.post(&path, json!({ "subject": "To ada@example.com", "body": "x" })).await.ok();
    bench.mail().await;
    click(&bench, &refusal(&bench, "ada", ""), "").await;
    for table in ["message", "mailing", "suppression", "job", "decision"] {
        let text = format!("-- t\n SELECT * FROM {table}");
        let all = sql::Statement { sql: Box::leak(text.into_boxed_str()), args: vec![] };
        let rows: Vec<Value> = bench.app.db.all(all).await.unwrap();
        let text = Value::Array(rows).to_string();
        assert!(!text.contains("example.com"), "{table}: {text}");
    }
}

#[tokio::test]
async fn r_mail_10_a_name_that_is_an_advertisement_is_not_passed_on() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let eve = json!({ "email": "victim@example.com", "firstName": "Win at www.evil.example" });
    bench.post(&format!("{campaign}/participant"), eve).await.ok();
    bench.mail().await;
    let kept = bench.app.mail.kept(9).unwrap();
    assert!(kept[0].text.starts_with("Hello,\n"), "{}", kept[0].text);
}

#[tokio::test]
async fn what_waited_too_long_is_not_sent() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    bench.add(&campaign, "ada", None).await;
    bench.pass(Span(Span::days(7).0 + 1));
    assert!(bench.mail().await.is_empty());
    assert_eq!(rows(&bench).await[0].reason.as_deref(), Some("STALE"));
}

#[test]
fn patience_grows_up_to_eight_hours() {
    let minutes: Vec<i64> = (0..8).map(|it| patience(it).0 / 60_000).collect();
    assert_eq!(minutes, [1, 4, 16, 64, 256, 480, 480, 480]);
    assert_eq!(month_end(shared::zone::Zone::UTC, Timestamp(0)), Timestamp(31 * 86_400_000));
}

#[tokio::test]
async fn r_mail_11_a_link_to_sign_in_is_made_when_it_is_sent_and_no_row_holds_its_secret() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let id = campaign.rsplit('/').next().unwrap();
    let ada = bench.add(&campaign, "ada", None).await;
    bench.mail().await;
    // Who refused everything may sign in all the same.
    click(&bench, &refusal(&bench, "ada", ""), "all=1").await;
    let new = login_link(id, &ada, "1", None);
    bench.write([messages::insert(&new, bench.now.get())]).await;
    assert_eq!(to(&bench.mail().await, "ada")[1..], ["Your link to sign in to Referral programme"]);
    let letter = bench.app.mail.kept(1).unwrap().pop().unwrap();
    let token = letter.text.split("/enter#").nth(1).unwrap().split_whitespace().next().unwrap();
    let kept = sql!(
        "-- t\n SELECT count(*) AS n FROM entry_link WHERE kind = 'PARTICIPANT' AND hash <> ?1",
        token,
    );
    assert_eq!(bench.number(kept).await, 1);
    let kind = sessions::Kind::Participant;
    let entered = entry::enter(&bench.app, &bench.call(), kind, token).await.unwrap();
    assert!(entered.is_some());

    let late = login_link(id, &ada, "2", None);
    bench.write([messages::insert(&late, bench.now.get())]).await;
    bench.pass(Span(Span::minutes(15).0 + 1));
    assert_eq!(to(&bench.mail().await, "ada").len(), 2);
}

#[tokio::test]
async fn r_mail_12_the_team_is_told_of_its_work_once_a_day_in_one_message() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("ON_SIGNUP").await;
    let manual = json!({ "requireManualRewardApproval": true });
    bench.patch(&format!("{campaign}/options"), manual).await.ok();
    for (id, role) in [("m1", Role::Manager), ("m2", Role::Viewer), ("m3", Role::Reviewer)] {
        let email = Email::parse(&format!("{id}@example.com")).unwrap();
        bench.write(members::insert(id, role, &email, members::OWNER, bench.now.get())).await;
    }
    // The third was invited and never came.
    for id in ["m1", "m2"] {
        bench.seat(id).await;
    }
    let ada = bench.add(&campaign, "ada", None).await;
    for friend in ["bob", "cid"] {
        bench.add(&campaign, friend, Some(&ada)).await;
    }
    assert!(to(&bench.mail().await, "m1").is_empty());
    bench.pass(Span::minutes(15));
    let mail = bench.mail().await;
    assert_eq!(to(&mail, "m1"), ["Referral programme: 4 rewards wait for you"]);
    assert!(to(&mail, "m2").is_empty() && to(&mail, "m3").is_empty());
    bench.add(&campaign, "dot", Some(&ada)).await;
    bench.pass(Span::minutes(15));
    assert_eq!(to(&bench.mail().await, "m1").len(), 1);
}
