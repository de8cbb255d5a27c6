//! Holds that end, and approvals by time.

use shared::{email::Email, reward::Source};

use super::*;
use crate::engine::{
    enrol::{Newcomer, enrol},
    terms,
};

/// Somebody of whom a browser alone tells.
async fn browse(bench: &Bench, campaign: &str, name: &str, referrer: &str) {
    let id = campaign.trim_start_matches("/v2/campaign/");
    let (terms, _) = terms::read(&bench.app, id).await.unwrap();
    let email = Email::parse(&format!("{name}@example.com")).unwrap();
    let typed = Some(referrer.into());
    let newcomer = Newcomer { typed, ..Newcomer::new(email, Source::Browser) };
    enrol(&bench.app, &bench.call(), &terms, &newcomer).await.unwrap();
}

/// How many of somebody's rewards are approved, and how many cancelled.
async fn stand(bench: &Bench, campaign: &str, p: &str) -> (usize, usize) {
    let found = rewards_of(bench, campaign, p).await;
    let cancelled = found.iter().filter(|it| it["status"] == "CANCELLED").count();
    (found.iter().filter(|it| it["approved"] == true).count(), cancelled)
}

#[tokio::test]
async fn r_hold_7_what_a_browser_told_uses_limit_and_budget_when_its_hold_is_over() {
    for (limit, budget, approved) in [(2, 9_999, 2), (9, 1_499, 2), (9, 9_999, 3)] {
        let bench = Bench::new().await;
        let rule = json!({
            "type": "SINGLE_SIDED", "limit": limit,
            "gives": { "kind": "CREDIT", "amount": 500 },
        });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        let options = json!({ "browserHoldDays": 3, "budget": { "amount": budget } });
        set(&bench, &campaign, options).await;
        let ada = bench.add(&campaign, "ada", None).await;
        for name in ["bob", "cid", "dot"] {
            browse(&bench, &campaign, name, &ada).await;
        }
        bench.pass(short_of(Span::days(3)));
        run(&bench).await;
        assert_eq!(stand(&bench, &campaign, &ada).await, (0, 0));
        bench.pass(Span(1));
        for _ in 0..2 {
            tokio::join!(run(&bench), run(&bench));
            assert_eq!(stand(&bench, &campaign, &ada).await, (approved, 3 - approved));
        }
        let spent = "-- t\n SELECT sum(amount) AS n FROM budget";
        assert_eq!(count(&bench, spent).await, i64::try_from(approved).unwrap() * 500);
        let mut kinds = told(&bench, &campaign, &ada).await;
        kinds.retain(|it| it.0 == "CANCELLED");
        let reason = if limit == 2 { "LIMIT_REACHED" } else { "BUDGET_EXHAUSTED" };
        let expected = vec![("CANCELLED".to_owned(), json!([reason])); 3 - approved];
        assert_eq!(kinds, expected);
    }
}

#[tokio::test]
async fn r_hold_7_a_round_of_a_browsers_friends_is_approved_by_time_too() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "SINGLE_SIDED", "conversionsRequired": 2 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    set(&bench, &campaign, json!({ "browserHoldDays": 3 })).await;
    let ada = bench.add(&campaign, "ada", None).await;
    for name in ["bob", "cid"] {
        browse(&bench, &campaign, name, &ada).await;
    }
    bench.pass(Span::days(3));
    run(&bench).await;
    assert_eq!(stand(&bench, &campaign, &ada).await, (1, 0));
}

#[tokio::test]
async fn r_hold_5_a_hold_ends_to_the_millisecond_and_says_so() {
    for fulfils in [false, true] {
        let bench = Bench::new().await;
        let rule = json!({ "type": "SINGLE_SIDED", "holdDays": 14 });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
        set(&bench, &campaign, json!({ "autoFulfillRewards": fulfils })).await;
        let ada = bench.add(&campaign, "ada", None).await;
        bench.add(&campaign, "bob", Some(&ada)).await;
        bench.pass(short_of(Span::days(14)));
        run(&bench).await;
        let before = rewards_of(&bench, &campaign, &ada).await;
        assert_eq!(before[0]["approved"], false);
        bench.pass(Span(1));
        let due = bench.now.get();
        for _ in 0..2 {
            run(&bench).await;
            bench.pass(Span::days(1));
            let after = &rewards_of(&bench, &campaign, &ada).await[0];
            let found = (&after["approved"], &after["approvedAt"], &after["isFulfilled"]);
            assert_eq!(found, (&json!(true), &json!(due), &json!(fulfils)));
            let status = if fulfils { "FULFILLED" } else { "PENDING" };
            assert_eq!(after["status"], status);
        }
        let kept = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        let kept = &kept["decisions"][0];
        assert_eq!(kept["reasons"], json!(["APPROVED_BY_TIME"]));
        assert_eq!(kept["kind"], "APPROVED");
        let facts = json!({
            "reward": before[0]["id"], "rule": before[0]["rewardId"], "version": 1,
            "dueAt": due, "fulfilled": fulfils,
        });
        assert_eq!(kept["facts"], facts);
        let sql = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'APPROVED'";
        assert_eq!(count(&bench, sql).await, 1);
    }
}

#[tokio::test]
async fn r_hold_6_what_was_approved_or_cancelled_meanwhile_stays_as_it_is() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "SINGLE_SIDED", "holdDays": 1 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    for name in ["bob", "cid", "dot"] {
        bench.add(&campaign, name, Some(&ada)).await;
    }
    bench.pass(Span::days(1));
    let due = waits::due(&bench.app.db, bench.now.get(), 9).await.unwrap();
    assert_eq!(due.len(), 3);
    let change = |sql, id: &str| Statement { sql, args: vec![Arg::from(id)] };
    bench
        .write([
            change("-- t\n UPDATE reward SET status = 'CANCELLED' WHERE id = ?1", &due[0].reward),
            change("-- t\n UPDATE reward SET approved_at = 7 WHERE id = ?1", &due[1].reward),
        ])
        .await;
    let of = |mark: &str| {
        let each = due.iter().enumerate();
        let each =
            each.map(|(n, it)| waits::Due { reward: it.reward.clone(), id: format!("{mark}{n}") });
        each.collect::<Vec<_>>()
    };
    bench.write(waits::approve(&of("a"), bench.now.get())).await;
    bench.write(waits::approve(&of("b"), bench.now.get())).await;
    let sql = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'APPROVED'";
    assert_eq!(count(&bench, sql).await, 1);
    let sql = "-- t\n SELECT sum(approved_at = 7) * 10 + sum(status = 'CANCELLED') AS n \
               FROM reward";
    assert_eq!(count(&bench, sql).await, 11);
}

#[tokio::test]
async fn r_hold_2_what_waits_for_a_hand_is_approved_after_the_owners_days() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let options = json!({ "requireManualRewardApproval": true, "autoApproveAfterDays": 7 });
    set(&bench, &campaign, options).await;
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    bench.pass(short_of(Span::days(7)));
    run(&bench).await;
    assert_eq!(rewards_of(&bench, &campaign, &ada).await[0]["approved"], false);
    bench.pass(Span(1));
    tokio::join!(run(&bench), run(&bench));
    assert_eq!(rewards_of(&bench, &campaign, &ada).await[0]["approved"], true);
    let sql = "-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'APPROVED'";
    assert_eq!(count(&bench, sql).await, 2, "one for each side");
}

#[tokio::test]
async fn r_hold_4_what_is_due_is_found_by_its_time_the_longest_waiting_first() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "SINGLE_SIDED", "holdDays": 1 });
    let campaign = bench.campaign_with("ON_SIGNUP", &[rule]).await;
    let ada = bench.add(&campaign, "ada", None).await;
    let first = bench.now.get() + Span::days(1);
    for name in ["bob", "cid"] {
        bench.add(&campaign, name, Some(&ada)).await;
        bench.pass(Span(5));
    }
    let mut ids = rewards_of(&bench, &campaign, &ada).await;
    ids.reverse();
    let ids: Vec<_> = ids.iter().map(|it| it["id"].as_str().unwrap()).collect();
    let found = async |now, most| {
        let found = waits::due(&bench.app.db, now, most).await.unwrap();
        found.into_iter().map(|it| it.reward).collect::<Vec<_>>()
    };
    assert!(found(first - Span(1), 9).await.is_empty());
    assert_eq!(found(first, 9).await, ids[..1]);
    assert_eq!(found(first + Span(4), 9).await, ids[..1]);
    assert_eq!(found(first + Span(5), 9).await, ids);
    assert_eq!(found(first + Span(5), 1).await, ids[..1]);
}
