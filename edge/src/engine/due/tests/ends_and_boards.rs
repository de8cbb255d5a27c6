//! Campaigns that end, and leaderboards whose time is over.

use shared::{reward::GRACE, zone::Zone};

use super::*;

/// The first instant of the next month.
fn next_month(bench: &Bench, zone: &str) -> Timestamp {
    let zone = Zone::parse(zone).unwrap();
    zone.begins(zone.month(bench.now.get()).next())
}

/// A campaign with one leaderboard of two winners.
async fn board(bench: &Bench, duration: &str) -> String {
    let rule = json!({
        "type": "LEADERBOARD", "limitDuration": duration, "numberOfWinners": 2,
        "gives": { "kind": "CREDIT", "amount": 500 },
    });
    bench.campaign_with("ON_SIGNUP", &[rule]).await
}

/// Friends whom somebody brings.
async fn bring(bench: &Bench, campaign: &str, referrer: &str, friends: u32) {
    for n in 0..friends {
        let at = bench.now.get().0;
        bench.add(campaign, &format!("{referrer}.{at}.{n}"), Some(referrer)).await;
    }
}

/// Whose rewards there are by which occasion.
async fn won(bench: &Bench) -> Vec<String> {
    let sql = "-- t
        SELECT p.email || ' ' || r.occasion || ' ' || r.side || ' ' || (r.friend IS NULL) AS won
          FROM reward AS r JOIN person AS p ON p.subject = r.participant ORDER BY r.occasion";
    let rows: Vec<Value> = bench.app.db.all(Statement { sql, args: Vec::new() }).await.unwrap();
    let short = |it: &Value| it["won"].as_str().unwrap().replace("@example.com", "");
    rows.iter().map(short).collect()
}

async fn block(bench: &Bench, p: &str) {
    let sql = "-- t\n UPDATE participant SET blocked_at = 1 WHERE id = ?1";
    bench.write([Statement { sql, args: vec![Arg::from(p)] }]).await;
}

async fn state(bench: &Bench, campaign: &str) -> String {
    let shown = bench.get(campaign).await.ok();
    shown["status"].as_str().unwrap().into()
}

#[tokio::test]
async fn r_campaign_3_the_cron_ends_a_campaign_at_the_time_that_was_set() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let other = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", Some(&ada)).await;
    let eve = bench.add(&campaign, "eve", Some(&ada)).await;
    let end = bench.now.get() + Span::days(2);
    set(&bench, &campaign, json!({ "endsAt": end })).await;
    bench.pass(Span::days(2));
    run(&bench).await;
    assert_eq!(state(&bench, &campaign).await, "IN_PROGRESS");
    let trigger = async |p: &str| {
        bench.post(&format!("{campaign}/participant/{p}/ref"), json!({})).await.ok()["success"]
            == true
    };
    assert!(trigger(&bob).await, "the end itself counts");
    bench.pass(Span(1));
    assert!(!trigger(&eve).await, "nothing counts after it, though no cron has run");
    bench.pass(Span::minutes(5));
    let revision = "-- t\n SELECT max(revision) AS n FROM campaign WHERE ended_at IS NOT NULL";
    let mut before = None;
    for _ in 0..2 {
        tokio::join!(run(&bench), run(&bench));
        assert_eq!(state(&bench, &campaign).await, "COMPLETE");
        let sql = "-- t\n SELECT max(ended_at) AS n FROM campaign";
        assert_eq!(count(&bench, sql).await, end.0);
        let now = count(&bench, revision).await;
        assert_eq!(*before.get_or_insert(now), now, "ended once");
    }
    assert_eq!(state(&bench, &other).await, "IN_PROGRESS");
    let refused = bench.patch(&campaign, json!({ "status": "IN_PROGRESS" })).await;
    assert!(refused.refuses("status").contains("endsAt"));
    set(&bench, &campaign, json!({ "endsAt": bench.now.get() + Span(1) })).await;
    bench.patch(&campaign, json!({ "status": "IN_PROGRESS" })).await.ok();
    assert!(trigger(&eve).await);
}

#[tokio::test]
async fn r_campaign_4_an_end_lies_in_the_future_when_it_is_set() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let path = format!("{campaign}/options");
    let now = bench.now.get();
    for wrong in [json!(now), json!(1), json!(-1), json!("soon"), json!(1_u64 << 60)] {
        bench.patch(&path, json!({ "endsAt": wrong })).await.refuses("endsAt");
    }
    set(&bench, &campaign, json!({ "endsAt": now + Span(1) })).await;
    bench.pass(Span::days(1));
    run(&bench).await;
    // Other settings of an ended campaign can be changed, and its end can be taken back.
    set(&bench, &campaign, json!({ "autoFulfillRewards": true })).await;
    set(&bench, &campaign, json!({ "endsAt": now + Span(1) })).await;
    set(&bench, &campaign, json!({ "endsAt": null })).await;
    bench.patch(&campaign, json!({ "status": "IN_PROGRESS" })).await.ok();
    run(&bench).await;
    assert_eq!(state(&bench, &campaign).await, "IN_PROGRESS");
    // A draft whose end is past cannot be published.
    let made = bench.post("/v2/campaigns", json!({ "type": "REFERRAL" })).await.ok();
    let draft = format!("/v2/campaign/{}", made["id"].as_str().unwrap());
    set(&bench, &draft, json!({ "endsAt": bench.now.get() + Span(1) })).await;
    bench.pass(Span(2));
    run(&bench).await;
    assert_eq!(state(&bench, &draft).await, "DRAFT");
    bench.patch(&draft, json!({ "status": "IN_PROGRESS" })).await.refuses("status");
}

#[tokio::test]
async fn r_board_1_a_month_is_closed_after_its_grace_to_the_millisecond() {
    for zone in ["UTC", "Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let bench = Bench::new().await;
        let campaign = board(&bench, "PER_MONTH").await;
        set(&bench, &campaign, json!({ "timeZone": zone })).await;
        let ada = bench.add(&campaign, "ada", None).await;
        bring(&bench, &campaign, &ada, 1).await;
        let over = next_month(&bench, zone);
        let month = Zone::parse(zone).unwrap().month(bench.now.get());
        bench.now.set(over + GRACE - Span(1));
        run(&bench).await;
        assert!(won(&bench).await.is_empty(), "{zone}");
        bench.pass(Span(1));
        for _ in 0..2 {
            tokio::join!(run(&bench), run(&bench));
            assert_eq!(won(&bench).await, [format!("ada {month}:1 REFERRER 1")], "{zone}");
            bench.pass(Span::minutes(1));
        }
        let kept = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        let kept = &kept["decisions"][0];
        assert_eq!((&kept["kind"], &kept["reasons"]), (&json!("WON"), &json!(["LEADERBOARD_WON"])));
        assert_eq!((&kept["facts"]["place"], &kept["facts"]["referrals"]), (&json!(1), &json!(1)));
        let open = "-- t\n SELECT count(*) AS n FROM board WHERE closed_at IS NULL";
        assert_eq!(count(&bench, open).await, 0);
    }
}

#[tokio::test]
async fn r_board_2_the_most_win_ties_go_to_the_earlier_and_the_blocked_are_left_out() {
    let bench = Bench::new().await;
    let campaign = board(&bench, "PER_MONTH").await;
    let mut ids = Vec::new();
    for name in ["zoe", "ada", "bob", "cid", "dot"] {
        ids.push(bench.add(&campaign, name, None).await);
        bench.pass(Span(1));
    }
    // zoe, who was first, and ada and bob have as many; cid has the most and is blocked.
    for (id, friends) in ids.iter().zip([2, 2, 2, 3, 0]) {
        bring(&bench, &campaign, id, friends).await;
    }
    block(&bench, &ids[3]).await;
    // What only a browser said counts for nobody.
    let sql = "-- t
        UPDATE referral SET source = 'BROWSER' WHERE friend =
          (SELECT min(friend) FROM referral WHERE referrer = ?1)";
    bench.pass(Span(1));
    bring(&bench, &campaign, &ids[1], 1).await;
    bench.write([Statement { sql, args: vec![Arg::from(ids[1].as_str())] }]).await;
    let other = board(&bench, "PER_MONTH").await;
    bench.add(&other, "out", None).await;
    bench.now.set(next_month(&bench, "UTC") + GRACE);
    run(&bench).await;
    let expected = ["zoe 2026-09:1 REFERRER 1", "ada 2026-09:2 REFERRER 1"];
    assert_eq!(won(&bench).await, expected);
}

#[tokio::test]
async fn r_board_3_a_board_gives_by_the_rules_of_its_last_instant() {
    let bench = Bench::new().await;
    let campaign = board(&bench, "PER_MONTH").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bring(&bench, &campaign, &ada, 1).await;
    let rules = format!("{campaign}/reward-configs");
    let first = bench.get(&rules).await.ok()["rewards"][0]["id"].clone();
    let first = format!("{rules}/{}", first.as_str().unwrap());
    // In the last millisecond it still changes; after it, nothing does.
    let over = next_month(&bench, "UTC");
    bench.now.set(over - Span(1));
    let gives = json!({ "gives": { "kind": "CREDIT", "amount": 700 } });
    bench.patch(&first, gives).await.ok();
    bench.now.set(over);
    let gives = json!({ "gives": { "kind": "CREDIT", "amount": 900 } });
    bench.patch(&first, gives).await.ok();
    bench.delete(&first).await.ok();
    let late = json!({ "type": "LEADERBOARD", "limitDuration": "PER_MONTH" });
    bench.post(&rules, late).await.ok();
    bench.now.set(over + GRACE);
    run(&bench).await;
    assert_eq!(won(&bench).await, ["ada 2026-09:1 REFERRER 1"]);
    assert_eq!(rewards_of(&bench, &campaign, &ada).await[0]["amount"], 700);
    assert_eq!(told(&bench, &campaign, &ada).await.len(), 2);
}

#[tokio::test]
async fn r_board_4_the_campaigns_end_has_winners_once() {
    let bench = Bench::new().await;
    let campaign = board(&bench, "IN_TOTAL").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", None).await;
    bring(&bench, &campaign, &ada, 1).await;
    let end = json!({ "status": "COMPLETE" });
    let resume = json!({ "status": "IN_PROGRESS" });
    // Gone on within the grace: nothing is given.
    bench.patch(&campaign, end.clone()).await.ok();
    bench.pass(short_of(GRACE));
    run(&bench).await;
    bench.patch(&campaign, resume.clone()).await.ok();
    bench.pass(Span::days(40));
    run(&bench).await;
    assert!(won(&bench).await.is_empty());
    bring(&bench, &campaign, &bob, 2).await;
    bench.patch(&campaign, end.clone()).await.ok();
    bench.pass(short_of(GRACE));
    run(&bench).await;
    assert!(won(&bench).await.is_empty());
    bench.pass(Span(1));
    let expected = ["bob end:1 REFERRER 1", "ada end:2 REFERRER 1"];
    for _ in 0..2 {
        tokio::join!(run(&bench), run(&bench));
        assert_eq!(won(&bench).await, expected);
    }
    // Resumed and ended again.
    bench.patch(&campaign, resume).await.ok();
    bring(&bench, &campaign, &ada, 5).await;
    bench.patch(&campaign, end).await.ok();
    bench.pass(Span::days(1));
    run(&bench).await;
    assert_eq!(won(&bench).await, expected);
}

#[tokio::test]
async fn r_board_4_an_end_that_was_set_has_winners_too() {
    let bench = Bench::new().await;
    let campaign = board(&bench, "IN_TOTAL").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bring(&bench, &campaign, &ada, 1).await;
    let end = bench.now.get() + Span::days(1);
    set(&bench, &campaign, json!({ "endsAt": end })).await;
    bench.now.set(end + GRACE - Span(1));
    run(&bench).await;
    assert!(won(&bench).await.is_empty());
    bench.pass(Span(1));
    run(&bench).await;
    assert_eq!(won(&bench).await, ["ada end:1 REFERRER 1"]);
}

#[tokio::test]
async fn r_board_5_what_the_budget_does_not_pay_leaves_a_decision() {
    let bench = Bench::new().await;
    let campaign = board(&bench, "IN_TOTAL").await;
    set(&bench, &campaign, json!({ "budget": { "amount": 999 }, "autoFulfillRewards": true }))
        .await;
    let ada = bench.add(&campaign, "ada", None).await;
    let bob = bench.add(&campaign, "bob", None).await;
    bring(&bench, &campaign, &ada, 2).await;
    bring(&bench, &campaign, &bob, 1).await;
    bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
    bench.pass(GRACE);
    for _ in 0..2 {
        run(&bench).await;
        assert_eq!(won(&bench).await, ["ada end:1 REFERRER 1"]);
        let newest = told(&bench, &campaign, &bob).await;
        assert_eq!(newest[0], ("REFUSED".into(), json!(["BUDGET_EXHAUSTED"])));
    }
    assert_eq!(rewards_of(&bench, &campaign, &ada).await[0]["status"], "FULFILLED");
    let spent = "-- t\n SELECT sum(amount) AS n FROM budget";
    assert_eq!(count(&bench, spent).await, 500);
}

#[tokio::test]
async fn r_board_6_a_campaign_that_ended_within_a_month_still_has_that_months_winners() {
    let bench = Bench::new().await;
    let campaign = board(&bench, "PER_MONTH").await;
    let ada = bench.add(&campaign, "ada", None).await;
    bring(&bench, &campaign, &ada, 1).await;
    bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
    bench.pass(Span::days(1));
    run(&bench).await;
    assert!(won(&bench).await.is_empty());
    // A zone that is further ahead ends the month earlier.
    let over = next_month(&bench, "Pacific/Kiritimati");
    bench.now.set(over - Span::minutes(1));
    run(&bench).await;
    set(&bench, &campaign, json!({ "timeZone": "Pacific/Kiritimati" })).await;
    bench.now.set(over + GRACE);
    run(&bench).await;
    assert_eq!(won(&bench).await, ["ada 2026-09:1 REFERRER 1"]);
}

#[tokio::test]
async fn r_board_1_every_rule_gives_each_place_once_however_many_there_are() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "LEADERBOARD", "limitDuration": "PER_MONTH" });
    let total = json!({ "type": "LEADERBOARD", "limitDuration": "IN_TOTAL" });
    let rules = [rule.clone(), total, rule.clone(), rule];
    let campaign = bench.campaign_with("ON_SIGNUP", &rules).await;
    let ada = bench.add(&campaign, "ada", None).await;
    bring(&bench, &campaign, &ada, 1).await;
    bench.now.set(next_month(&bench, "UTC") + GRACE);
    for _ in 0..2 {
        tokio::join!(run(&bench), run(&bench), run(&bench));
        assert_eq!(won(&bench).await, ["ada 2026-09:1 REFERRER 1"; 3]);
    }
}
