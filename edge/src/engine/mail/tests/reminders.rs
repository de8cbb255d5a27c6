//! Referrers are reminded of friends who do not count yet.

use super::*;

const SUBJECT: &str = "Your referral of B. is still open";

/// A campaign whose reminder is on, Ada and her friend Bob in it.
async fn scene(days: Value) -> (Bench, String, String) {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let on = json!({ "followUpReminder": { "isEnabled": true, "delayDays": days } });
    bench.patch(&format!("{campaign}/emails"), on).await.ok();
    let ada = bench.add(&campaign, "ada", None).await;
    bob(&bench, &campaign, &ada).await;
    (bench, campaign, ada)
}

async fn bob(bench: &Bench, campaign: &str, ada: &str) {
    let bob = json!({ "email": "bob@example.com", "firstName": "Bob", "referredBy": ada });
    bench.post(&format!("{campaign}/participant"), bob).await.ok();
}

/// Bob is forgotten, or blocked.
async fn lose(bench: &Bench, campaign: &str, ada: &str, what: &str) {
    if what == "erased" {
        bench.delete(&format!("{campaign}/participant/bob@example.com")).await.ok();
        return;
    }
    let blocked = "-- t
        UPDATE participant SET blocked_at = 1
         WHERE id = (SELECT friend FROM referral WHERE referrer = ?1)";
    bench.write([sql!(blocked, ada)]).await;
}

async fn reminders(bench: &Bench) -> Vec<String> {
    let mail = bench.mail().await;
    let about = mail.into_iter().filter(|it| it[1].ends_with("is still open"));
    about.map(|[to, subject]| format!("{to}: {subject}")).collect()
}

#[tokio::test]
async fn r_mail_15_a_referrer_is_reminded_once_of_a_friend_who_does_not_count_yet() {
    let (bench, campaign, ada) = scene(json!(3)).await;
    // A millisecond passes with each look.
    bench.pass(Span(Span::days(3).0 - 2));
    assert_eq!(reminders(&bench).await, Vec::<String>::new());
    let told = [format!("ada@example.com: {SUBJECT}")];
    for _ in 0..3 {
        assert_eq!(reminders(&bench).await, told);
        bench.pass(Span::days(1));
    }
    // Another setting begins with nobody of whom they know already.
    let later = json!({ "followUpReminder": { "delayDays": 5 } });
    bench.patch(&format!("{campaign}/emails"), later).await.ok();
    bench.pass(Span::days(9));
    assert_eq!(reminders(&bench).await, told);
    let person = format!("{campaign}/participant/{ada}/email");
    let asked = json!({ "emailType": "followUpReminder" });
    bench.post(&person, asked).await.refuses("emailType");
}

#[tokio::test]
async fn r_mail_15_it_is_off_until_it_is_asked_for_and_begins_with_who_comes_then() {
    let bench = Bench::new().await;
    let campaign = bench.mailing("CUSTOM").await;
    let emails = format!("{campaign}/emails");
    let shown = bench.get(&emails).await.ok()["followUpReminder"].clone();
    assert_eq!((&shown["isEnabled"], &shown["delayDays"]), (&json!(false), &json!(3)));
    let ada = bench.add(&campaign, "ada", None).await;
    bob(&bench, &campaign, &ada).await;
    bench.pass(Span::days(4));
    assert!(reminders(&bench).await.is_empty());
    // Bob came more than three days ago.
    let on = json!({ "followUpReminder": { "isEnabled": true } });
    bench.patch(&emails, on).await.ok();
    bench.add(&campaign, "cid", Some(&ada)).await;
    bench.pass(Span::days(4));
    assert_eq!(reminders(&bench).await, ["ada@example.com: A referral of yours is still open"]);
    let off = json!({ "followUpReminder": { "isEnabled": false } });
    bench.patch(&emails, off).await.ok();
    bench.add(&campaign, "dot", Some(&ada)).await;
    bench.pass(Span::days(4));
    assert_eq!(reminders(&bench).await.len(), 1);
}

#[tokio::test]
async fn r_mail_15_nobody_is_reminded_of_who_counts_is_late_or_was_refused() {
    // Bob counts; his credit is put off; his window is over; the programme ended; Ada refused; Bob asked to
    // be forgotten; he is blocked.
    for what in [
        "counts", "delayed", "expired", "ended", "refused", "imported", "erased", "blocked",
        "waits",
    ] {
        let (bench, campaign, ada) = scene(json!(3)).await;
        let friend = format!("{campaign}/participant/bob@example.com/ref");
        match what {
            "counts" => drop(bench.post(&friend, json!({})).await.ok()),
            "delayed" => drop(bench.post(&friend, json!({ "delayInDays": 20 })).await.ok()),
            "expired" => {
                let options = json!({ "referralCreditWindowDays": 7 });
                bench.patch(&format!("{campaign}/options"), options).await.ok();
            }
            "ended" => {
                bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
            }
            "refused" => {
                let id = campaign.rsplit('/').next().unwrap();
                let hash = refusal::hash(&bench.app, id, "ada@example.com");
                let asked = suppressions::ASKED;
                let now = bench.now.get();
                bench.write([suppressions::insert(id, &hash, "WAITING", asked, now)]).await;
            }
            "erased" | "blocked" => lose(&bench, &campaign, &ada, what).await,
            "imported" => {
                let quiet = "-- t
                    INSERT INTO import_quiet (friend, at)
                    SELECT friend, bound_at FROM referral WHERE referrer = ?1";
                bench.write([sql!(quiet, &ada)]).await;
            }
            _ => {}
        }
        bench.pass(Span::days(9));
        let told = reminders(&bench).await;
        assert_eq!(told.len(), usize::from(what == "waits"), "{what}: {told:?}");
    }
}

#[tokio::test]
async fn r_mail_15_of_many_at_once_each_referrer_is_reminded_in_bites() {
    let (bench, campaign, ada) = scene(json!(2)).await;
    let id = campaign.rsplit('/').next().unwrap();
    // More than one bite, many of them of the same millisecond; and another programme's.
    let many = "-- t
        WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
        INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at, bound_month,
                              updated_at)
        SELECT ?1, ?1 || n, ?2 || n, 'PENDING', 'SERVER', ?3 + n / 300, 24310, ?3 FROM n";
    let now = bench.now.get();
    bench.write([sql!(many, id, &ada, now), sql!(many, "other", &ada, now)]).await;
    let count = async |later: Span| {
        bench.pass(later);
        crate::engine::cron::run(&bench.app, &bench.call()).await;
        let all = "-- t
            SELECT count(*) AS n FROM message WHERE kind = 'followUpReminder' AND campaign = ?1";
        bench.number(sql!(all, id)).await
    };
    assert_eq!(count(Span(Span::days(2).0 - 1)).await, 0);
    // Those of the last millisecond are not due yet.
    assert_eq!(count(Span(1)).await, 300);
    assert_eq!(count(Span(1)).await, 501);
    // A run that overlaps.
    let stale = sql!("-- t\n UPDATE mail_setting SET reminded_to = ?1", now - Span(1));
    bench.write([stale]).await;
    assert_eq!(count(Span(1)).await, 501);
}

#[tokio::test]
async fn r_mail_15_nobody_is_reminded_of_who_was_lost_before_it_is_sent() {
    for what in ["erased", "blocked", ""] {
        let (bench, campaign, ada) = scene(json!(3)).await;
        let bob = bench.get(&format!("{campaign}/participant/bob@example.com")).await.ok();
        let id = campaign.rsplit('/').next().unwrap();
        let new = New {
            campaign: id,
            kind: Kind::FollowUpReminder,
            subject: &ada,
            occasion: bob["id"].as_str().unwrap(),
            words: None,
        };
        bench.write([messages::insert(&new, bench.now.get())]).await;
        if !what.is_empty() {
            lose(&bench, &campaign, &ada, what).await;
        }
        assert_eq!(reminders(&bench).await.len(), usize::from(what.is_empty()), "{what}");
    }
}

#[tokio::test]
async fn r_mail_15_a_referrer_is_reminded_once_a_day_at_most() {
    let (bench, campaign, ada) = scene(json!(3)).await;
    for name in ["cid", "dot", "eve", "fay"] {
        bench.add(&campaign, name, Some(&ada)).await;
    }
    bench.pass(Span::days(2));
    bench.add(&campaign, "gil", Some(&ada)).await;
    bench.pass(Span::days(2));
    for _ in 0..3 {
        assert_eq!(reminders(&bench).await.len(), 1);
    }
    // Of who comes due on another day they are reminded then.
    bench.pass(Span::days(2));
    assert_eq!(reminders(&bench).await.len(), 2);
}

#[tokio::test]
async fn r_mail_15_a_shorter_delay_reminds_of_nobody_who_waited_that_long_already() {
    let (bench, campaign, ada) = scene(json!(20)).await;
    bench.pass(Span::days(10));
    let shorter = json!({ "followUpReminder": { "delayDays": 2 } });
    bench.patch(&format!("{campaign}/emails"), shorter).await.ok();
    bench.add(&campaign, "cid", Some(&ada)).await;
    bench.pass(Span::days(1));
    assert_eq!(reminders(&bench).await, Vec::<String>::new());
    bench.pass(Span::days(2));
    assert_eq!(reminders(&bench).await, ["ada@example.com: A referral of yours is still open"]);
}

#[tokio::test]
async fn r_mail_15_reminders_that_fail_stop_nobody_elses() {
    let bench = Bench::new().await;
    let mut good = String::new();
    // As many fail as one turn takes, and they come first.
    for _ in 0..4 {
        bench.pass(Span::seconds(1));
        let campaign = bench.mailing("CUSTOM").await;
        let on = json!({ "followUpReminder": { "isEnabled": true } });
        bench.patch(&format!("{campaign}/emails"), on).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        bob(&bench, &campaign, &ada).await;
        good = campaign.rsplit('/').next().unwrap().to_owned();
    }
    let broken = format!(
        "-- t
         CREATE TRIGGER broken BEFORE INSERT ON message
           WHEN NEW.kind = 'followUpReminder' AND NEW.campaign <> '{good}'
         BEGIN SELECT raise(ABORT, 'broken'); END"
    );
    bench.write([sql::Statement { sql: Box::leak(broken.into_boxed_str()), args: vec![] }]).await;
    bench.pass(Span::days(4));
    // Each run finds three of the four.
    for _ in 0..60 {
        reminders(&bench).await;
    }
    assert_eq!(reminders(&bench).await.len(), 1);
    // Who did nothing has not more to do.
    assert_eq!(remind(&bench.app, &bench.call(), 3).await.unwrap(), 0);
}
