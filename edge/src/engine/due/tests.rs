//! What is due, found in time and done once.

use serde_json::{Value, json};
use shared::time::{Span, Timestamp};

use super::*;
use crate::{
    bench::Bench,
    sql,
    sql::{Arg, Statement},
};

/// One run of the cron.
async fn run(bench: &Bench) {
    super::super::cron::run(&bench.app, &bench.call()).await;
}

/// A millisecond less.
fn short_of(span: Span) -> Span {
    Span(span.0 - 1)
}

/// The decisions about somebody, newest first: kinds and reasons.
async fn told(bench: &Bench, campaign: &str, p: &str) -> Vec<(String, Value)> {
    let found = bench.get(&format!("{campaign}/participant/{p}/decisions")).await.ok();
    let each = found["decisions"].as_array().unwrap().iter();
    each.map(|it| (it["kind"].as_str().unwrap().into(), it["reasons"].clone())).collect()
}

/// Somebody's rewards, newest first.
async fn rewards_of(bench: &Bench, campaign: &str, p: &str) -> Vec<Value> {
    let found = bench.get(&format!("{campaign}/participant/{p}/rewards")).await.ok();
    found["rewards"].as_array().unwrap().clone()
}

async fn status(bench: &Bench, campaign: &str, p: &str) -> String {
    let shown = bench.get(&format!("{campaign}/participant/{p}")).await.ok();
    shown["referralStatus"].as_str().unwrap().into()
}

async fn set(bench: &Bench, campaign: &str, options: Value) {
    bench.patch(&format!("{campaign}/options"), options).await.ok();
}

async fn count(bench: &Bench, sql: &'static str) -> i64 {
    bench.number(Statement { sql, args: Vec::new() }).await
}

mod expiry {
    use super::*;

    #[tokio::test]
    async fn r_expiry_1_a_referral_expires_after_its_window_to_the_millisecond() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        set(&bench, &campaign, json!({ "referralCreditWindowDays": 7 })).await;
        let other = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let ann = bench.add(&other, "ann", None).await;
        let cid = bench.add(&other, "cid", Some(&ann)).await;
        bench.pass(Span::days(7));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        bench.pass(Span(1));
        for _ in 0..2 {
            run(&bench).await;
            assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_EXPIRED");
            let expected = [
                ("EXPIRED".to_owned(), json!(["EXPIRED_UNUSED"])),
                ("BOUND".to_owned(), json!(["BY_CODE"])),
            ];
            assert_eq!(told(&bench, &campaign, &bob).await, expected);
        }
        assert_eq!(status(&bench, &other, &cid).await, "CREDIT_PENDING");
        // A later event is answered as one that came too late.
        let late = bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
        assert_eq!(late["success"], true);
        assert!(rewards_of(&bench, &campaign, &ada).await.is_empty());
    }

    #[tokio::test]
    async fn r_expiry_2_what_was_credited_meanwhile_stays_and_gets_no_decision() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        set(&bench, &campaign, json!({ "referralCreditWindowDays": 7 })).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let eve = bench.add(&campaign, "eve", Some(&ada)).await;
        let then = bench.now.get() + Span::days(7) + Span(1);
        let mut due = expiries::due(&bench.app.db, then, 9).await.unwrap();
        assert_eq!(due.len(), 2);
        bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
        for (n, it) in due.iter_mut().enumerate() {
            it.id = format!("{n}");
        }
        bench.write(expiries::expire(&due, then)).await;
        // Another run that found the same.
        for it in &mut due {
            it.id.push('x');
        }
        bench.write(expiries::expire(&due, then)).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_AWARDED");
        assert_eq!(status(&bench, &campaign, &eve).await, "CREDIT_EXPIRED");
        let sql = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'EXPIRED'";
        assert_eq!(count(&bench, sql).await, 1);
    }

    #[tokio::test]
    async fn r_expiry_2_of_a_trigger_and_the_expiry_at_once_one_comes_through() {
        for _ in 0..5 {
            let bench = Bench::new().await;
            let campaign = bench.campaign("CUSTOM").await;
            let ada = bench.add(&campaign, "ada", None).await;
            let bob = bench.add(&campaign, "bob", Some(&ada)).await;
            bench.pass(Span::days(1));
            // Called in time: a run whose clock is a millisecond ahead labels it meanwhile.
            set(&bench, &campaign, json!({ "referralCreditWindowDays": 1 })).await;
            let path = format!("{campaign}/participant/{bob}/ref");
            let ahead = bench.call().at(bench.now.get() + Span(1));
            let run = super::super::run(&bench.app, &ahead);
            let (answer, ()) = tokio::join!(bench.post(&path, json!({})), run);
            assert_eq!(answer.ok()["success"], true);
            let credited = status(&bench, &campaign, &bob).await == "CREDIT_AWARDED";
            let rewards = rewards_of(&bench, &campaign, &ada).await.len();
            assert_eq!(rewards, usize::from(credited));
            let sql = "-- t\n SELECT count(*) AS n FROM decision
                        WHERE kind IN ('CREDITED', 'EXPIRED')";
            assert_eq!(count(&bench, sql).await, 1);
        }
    }

    #[tokio::test]
    async fn r_expiry_3_pending_referrals_follow_a_change_of_the_window() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let other = bench.campaign("CUSTOM").await;
        let (ada, ann) =
            (bench.add(&campaign, "ada", None).await, bench.add(&other, "ann", None).await);
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let cid = bench.add(&other, "cid", Some(&ann)).await;
        let pending = async |bench: &Bench| {
            run(bench).await;
            status(bench, &campaign, &bob).await == "CREDIT_PENDING"
        };
        let bound = bench.now.get();
        let window = async |days: Option<i64>| {
            set(&bench, &campaign, json!({ "referralCreditWindowDays": days })).await;
        };
        // Longer, none, and shorter again: each holds at once for what was bound before it.
        window(Some(7)).await;
        bench.now.set(bound + Span::days(7));
        assert!(pending(&bench).await);
        window(Some(30)).await;
        bench.pass(Span(1));
        assert!(pending(&bench).await);
        window(None).await;
        bench.now.set(bound + Span::days(90));
        assert!(pending(&bench).await);
        window(Some(90)).await;
        assert!(pending(&bench).await);
        window(Some(60)).await;
        assert!(!pending(&bench).await);
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_EXPIRED");
        assert_eq!(status(&bench, &other, &cid).await, "CREDIT_PENDING");
        // What is settled stays as it was.
        window(Some(365)).await;
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_EXPIRED");
    }

    #[tokio::test]
    async fn r_due_2_no_campaigns_expiries_wait_for_anothers_backlog() {
        let bench = Bench::new().await;
        let now = bench.now.get();
        for (campaign, days, bound) in [("a", 1_i64, 5_i64), ("b", 3, 2), ("c", 2, 1), ("d", 1, 90)]
        {
            let insert = sql!(
                "-- t
                 INSERT INTO campaign (id, name, status, currency, installation, options,
                                       created_at, revision)
                 VALUES (?1, 'x', 'IN_PROGRESS', 'EUR', '{}',
                         json_object('referralCreditWindowDays', CAST(?2 AS INTEGER)), 1, 0)",
                campaign,
                days,
            );
            let day = Span::days(1).0;
            let referrals = sql!(
                "-- t
                 INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at,
                                       bound_month, updated_at)
                 SELECT ?1, ?1 || value, 'x', 'PENDING', 'SERVER', ?2 + value, 1, 1
                   FROM json_each('[3,1,2]')",
                campaign,
                bound * day,
            );
            bench.write([insert, referrals]).await;
        }
        // They end on days 6, 5, 3 and 91, a few milliseconds later.
        let due = async |at: Timestamp, most| {
            let found = expiries::due(&bench.app.db, at, most).await.unwrap();
            found.into_iter().map(|it| it.friend.to_string()).collect::<Vec<_>>()
        };
        let day = |days: i64, more: i64| Timestamp(Span::days(days).0 + more);
        assert_eq!(due(day(3, 1), 9).await, [""; 0]);
        assert_eq!(due(day(3, 2), 9).await, ["c1"]);
        assert_eq!(due(day(5, 3), 9).await, ["c1", "c2", "c3", "b1", "b2"]);
        assert_eq!(due(day(6, 9), 4).await, ["c1", "c2", "c3", "b1"]);
        assert_eq!(due(now, 99).await.len(), 12);
    }
}

mod delays_of_credits {
    use http::Method;

    use super::*;

    /// A campaign, its referrer and a friend.
    async fn stage(bench: &Bench) -> (String, String, String) {
        let campaign = bench.campaign("CUSTOM").await;
        set(bench, &campaign, json!({ "referralCreditWindowDays": 7 })).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        (campaign, ada, bob)
    }

    async fn trigger(bench: &Bench, campaign: &str, p: &str, body: Value) -> bool {
        let body = bench.post(&format!("{campaign}/participant/{p}/ref"), body).await.ok();
        body["success"].as_bool().unwrap()
    }

    async fn cancel(bench: &Bench, campaign: &str, p: &str) -> bool {
        let body = bench.delete(&format!("{campaign}/participant/{p}/ref")).await.ok();
        assert!(body["message"].is_string());
        body["success"].as_bool().unwrap()
    }

    #[tokio::test]
    async fn r_delay_1_a_credit_comes_on_its_day_to_the_millisecond() {
        let bench = Bench::new().await;
        let (campaign, ada, bob) = stage(&bench).await;
        bench.pass(Span(1));
        let awarded =
            json!({ "success": true, "message": "Successfully awarded referral credit." });
        let path = format!("{campaign}/participant/{bob}/ref");
        assert_eq!(bench.post(&path, json!({ "delayInDays": 3 })).await.ok(), awarded);
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        // The first day stands.
        bench.pass(Span::days(1));
        assert_eq!(bench.post(&path, json!({ "delayInDays": 90 })).await.ok(), awarded);
        bench.pass(short_of(Span::days(2)));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        assert!(rewards_of(&bench, &campaign, &ada).await.is_empty());
        bench.pass(Span(1));
        for _ in 0..2 {
            run(&bench).await;
            assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_AWARDED");
            assert_eq!(rewards_of(&bench, &campaign, &ada).await.len(), 1);
        }
        let kinds: Vec<_> = told(&bench, &campaign, &bob).await;
        let expected = [
            ("CREDITED".to_owned(), json!(["QUALIFIED"])),
            ("DELAYED".to_owned(), json!(["AWAITS_DAY"])),
            ("BOUND".to_owned(), json!(["BY_CODE"])),
        ];
        assert_eq!(kinds, expected);
        assert!(!trigger(&bench, &campaign, &bob, json!({ "delayInDays": 3 })).await);
        assert!(!cancel(&bench, &campaign, &bob).await);
    }

    #[tokio::test]
    async fn r_delay_1_a_delay_is_a_whole_number_of_days_from_1_to_90() {
        let bench = Bench::new().await;
        let (campaign, ada, bob) = stage(&bench).await;
        let path = format!("{campaign}/participant/{bob}/ref");
        for days in [json!(0), json!(91), json!(-1), json!(1.5), json!("3"), json!([]), json!(1e9)]
        {
            bench.post(&path, json!({ "delayInDays": days })).await.refuses("delayInDays");
        }
        let nobody = json!({ "success": false, "message": "Participant was not referred" });
        let own = format!("{campaign}/participant/{ada}/ref");
        assert_eq!(bench.post(&own, json!({ "delayInDays": 1 })).await.ok(), nobody);
        assert!(trigger(&bench, &campaign, &bob, json!({ "delayInDays": 90 })).await);
        bench.pass(Span::days(90));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_AWARDED");
        let unknown = format!("{campaign}/participant/nobody/ref");
        bench.delete(&unknown).await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        bench.delete(&format!("{other}/participant/{bob}/ref")).await.fails(404);
        bench.delete("/v2/campaign/nobody/participant/x/ref").await.fails(404);
    }

    #[tokio::test]
    async fn r_delay_2_a_referral_whose_credit_waits_does_not_expire() {
        let bench = Bench::new().await;
        let (campaign, _, bob) = stage(&bench).await;
        let eve = bench.add(&campaign, "eve", Some("ada@example.com")).await;
        bench.pass(Span::days(7));
        // In the last millisecond of the window.
        assert!(trigger(&bench, &campaign, &bob, json!({ "delayInDays": 30 })).await);
        bench.pass(Span(1));
        run(&bench).await;
        // A change of the window moves no day.
        set(&bench, &campaign, json!({ "referralCreditWindowDays": 1 })).await;
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        assert_eq!(status(&bench, &campaign, &eve).await, "CREDIT_EXPIRED");
        bench.pass(short_of(Span::days(30)));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_AWARDED");
    }

    #[tokio::test]
    async fn r_delay_3_the_window_is_measured_when_the_trigger_is_called() {
        let bench = Bench::new().await;
        let (campaign, _, bob) = stage(&bench).await;
        let eve = bench.add(&campaign, "eve", Some("ada@example.com")).await;
        let dot = bench.add(&campaign, "dot", Some("ada@example.com")).await;
        bench.pass(Span::days(7));
        let wait = json!({ "delayInDays": 1 });
        assert!(trigger(&bench, &campaign, &bob, wait.clone()).await);
        assert!(trigger(&bench, &campaign, &dot, wait.clone()).await);
        bench.pass(Span(1));
        assert!(trigger(&bench, &campaign, &eve, wait).await, "the wire says success");
        assert_eq!(status(&bench, &campaign, &eve).await, "CREDIT_EXPIRED");
        // A trigger that does not wait credits what waits, even after the window.
        assert!(trigger(&bench, &campaign, &dot, json!({})).await);
        assert_eq!(status(&bench, &campaign, &dot).await, "CREDIT_AWARDED");
        let sql = "-- t\n SELECT count(*) AS n FROM referral WHERE credit_at IS NOT NULL";
        assert_eq!(count(&bench, sql).await, 1);
        bench.pass(Span::days(1));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_AWARDED");
        let sql = "-- t\n SELECT max(credited) AS n FROM tally";
        assert_eq!(count(&bench, sql).await, 2);
    }

    #[tokio::test]
    async fn r_delay_4_campaign_and_referrer_stand_well_on_the_day() {
        let bench = Bench::new().await;
        let (campaign, ada, bob) = stage(&bench).await;
        let wait = json!({ "delayInDays": 3 });
        assert!(trigger(&bench, &campaign, &bob, wait.clone()).await);
        bench.pass(Span(Span::days(3).0 - 2));
        bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
        bench.pass(Span(1));
        assert!(!trigger(&bench, &campaign, &bob, json!({})).await);
        bench.pass(Span(1));
        run(&bench).await;
        run(&bench).await;
        let newest = told(&bench, &campaign, &bob).await;
        assert_eq!(newest[0], ("REFUSED".into(), json!(["CAMPAIGN_NOT_RUNNING"])));
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        assert!(!cancel(&bench, &campaign, &bob).await, "nothing waits any more");
        // It can be triggered again.
        bench.patch(&campaign, json!({ "status": "IN_PROGRESS" })).await.ok();
        assert!(trigger(&bench, &campaign, &bob, wait).await);
        bench.pass(Span::days(2));
        let block = sql!(
            "-- t\n UPDATE participant SET blocked_at = ?1 WHERE id = ?2",
            bench.now.get(),
            ada.as_str()
        );
        bench.write([block]).await;
        bench.pass(Span::days(1));
        run(&bench).await;
        let newest = told(&bench, &campaign, &bob).await;
        assert_eq!(newest[0], ("REFUSED".into(), json!(["REFERRER_BLOCKED"])));
        // Pending, and by now too late.
        bench.pass(Span::days(2));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_EXPIRED");
    }

    #[tokio::test]
    async fn r_delay_4_a_day_before_the_campaigns_end_counts_however_late_it_is_looked_at() {
        let bench = Bench::new().await;
        let (campaign, _, bob) = stage(&bench).await;
        assert!(trigger(&bench, &campaign, &bob, json!({ "delayInDays": 3 })).await);
        bench.pass(Span::days(3));
        let day = bench.now.get();
        bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
        bench.pass(Span::days(1));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_AWARDED");
        let sql = "-- t\n SELECT settled_at AS n FROM referral";
        assert_eq!(count(&bench, sql).await, day.0);
    }

    #[tokio::test]
    async fn r_delay_5_a_delayed_credit_is_cancelled_once_and_the_referral_waits_again() {
        let bench = Bench::new().await;
        let (campaign, ada, bob) = stage(&bench).await;
        assert!(!cancel(&bench, &campaign, &bob).await);
        assert!(!cancel(&bench, &campaign, &ada).await);
        assert!(trigger(&bench, &campaign, &bob, json!({ "delayInDays": 3 })).await);
        bench.pass(Span(1));
        let path = format!("{campaign}/participant/{bob}/ref");
        let answers = bench.twenty(Method::DELETE, &path, json!({})).await;
        let cancelled = answers.into_iter().filter(|it| it.body["success"] == true).count();
        assert_eq!(cancelled, 1);
        let newest = told(&bench, &campaign, &bob).await;
        assert_eq!(newest[0], ("REFUSED".into(), json!(["DELAY_CANCELLED"])));
        bench.pass(Span::days(3));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        bench.pass(short_of(Span::days(4)));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_PENDING");
        bench.pass(Span(1));
        run(&bench).await;
        assert_eq!(status(&bench, &campaign, &bob).await, "CREDIT_EXPIRED");
    }

    #[tokio::test]
    async fn r_delay_5_of_credit_and_cancellation_at_once_one_comes_through() {
        for _ in 0..5 {
            let bench = Bench::new().await;
            let (campaign, ada, bob) = stage(&bench).await;
            assert!(trigger(&bench, &campaign, &bob, json!({ "delayInDays": 1 })).await);
            bench.pass(Span::days(1));
            let ((), (), cancelled) =
                tokio::join!(run(&bench), run(&bench), cancel(&bench, &campaign, &bob));
            let rewards = rewards_of(&bench, &campaign, &ada).await.len();
            assert_eq!(rewards, usize::from(!cancelled));
            let expected = if cancelled { "CREDIT_PENDING" } else { "CREDIT_AWARDED" };
            assert_eq!(status(&bench, &campaign, &bob).await, expected);
        }
    }

    #[tokio::test]
    async fn r_delay_1_the_same_delay_twenty_times_at_once_is_one() {
        let bench = Bench::new().await;
        let (campaign, _, bob) = stage(&bench).await;
        let path = format!("{campaign}/participant/{bob}/ref");
        for answer in bench.twenty(Method::POST, &path, json!({ "delayInDays": 2 })).await {
            assert_eq!(answer.ok()["success"], true);
        }
        let sql = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'DELAYED'";
        assert_eq!(count(&bench, sql).await, 1);
        bench.pass(Span::days(2));
        for _ in 0..2 {
            tokio::join!(run(&bench), run(&bench));
        }
        assert_eq!(count(&bench, "-- t\n SELECT count(*) AS n FROM reward").await, 2);
    }
}

mod drain;
mod ends_and_boards;
mod holds_that_end;
