//! A backlog of every kind, found by its indexes and drained bite by bite. `PARRAIN_BACKLOG=100000`
//! drains as many.

use super::*;

/// What is due at once unless the environment says otherwise: a tenth of it are credits and jobs, the
/// rest referrals that expire and rewards that are approved.
const BACKLOG: u32 = 6_000;

fn backlog() -> u32 {
    std::env::var("PARRAIN_BACKLOG").ok().map_or(BACKLOG, |it| it.parse().unwrap())
}

/// `how` from a table of numbers below `?1`; `?2` is the campaign and `?3` the referrer.
fn many(sql: &'static str, most: u32, campaign: &str, referrer: &str) -> Statement {
    sql!(sql, most, campaign, referrer)
}

const EXPIRING: &str = "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at, bound_month,
                          updated_at)
    SELECT ?2, 'x' || n, ?3, 'PENDING', 'SERVER', 1000 + n, 24310, 1 FROM n";

const HELD: &str = "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO reward (id, campaign, rule, version, participant, side, referrer, friend, occasion,
                        event, earned_month, kind, status, source, hold_days, approve_at,
                        created_at)
    SELECT 'prew_' || n, ?2, 'crew_x', 1, ?3, 'REFERRER', ?3, 'y' || n, 'y' || n, 'CONVERSION',
           24310, 'BADGE', 'PENDING', iif(n % 100, 'SERVER', 'BROWSER'), 1, 2000 + n, 1 FROM n";

const JOBS: &str = "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO job (id, kind, payload, due_at)
    SELECT printf('%08d', n), 'NONE', ?2 || ?3, 3000 + n FROM n";

/// Messages that waited too long to be sent.
const MESSAGES: &str = "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
    SELECT ?2, 'goalAchieved', ?3, 'prew_' || n, 4000 + n, 1 FROM n";

/// People who joined and never came in, and what they would be known by.
const JOINED: [&str; 3] = [
    "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO participant (id, campaign, origin, source, created_at, joined)
    SELECT 'j' || n, ?2, 'DIRECT', 'BROWSER', 1, 1 FROM n WHERE ?3 IS NOT NULL",
    "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO joining (participant, campaign, brought, at)
    SELECT 'j' || n, ?2, '{}', 6000 + n FROM n WHERE ?3 IS NOT NULL",
    "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO message (campaign, kind, subject, occasion, state, due_at, created_at)
    SELECT ?2, 'loginLink', 'j' || n, '', 'SENT', 1, 1 FROM n WHERE ?3 IS NOT NULL",
];

/// Friends whose credit is put off.
const DELAYED: [&str; 3] = [
    "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO participant (id, campaign, origin, source, created_at)
    SELECT 'd' || n, ?2, 'PARTICIPANT', 'SERVER', ?1 * 0 + 1 FROM n WHERE ?3 IS NOT NULL",
    "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO code (code, campaign, participant, created_at)
    SELECT 'd' || n, ?2, 'd' || n, 1 FROM n WHERE ?3 IS NOT NULL",
    "-- t
    WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
    INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at, bound_month,
                          credit_at, credit_source, updated_at)
    SELECT ?2, 'd' || n, ?3, 'PENDING', 'SERVER', 1, 24310,
           (SELECT started_at FROM campaign WHERE id = ?2) + n, 'SERVER', 1 FROM n",
];

/// How much of each kind is still due.
async fn left(bench: &Bench) -> [i64; 12] {
    let now = bench.now.get().0;
    let each = [
        "-- t\n SELECT count(*) AS n FROM job WHERE due_at <= ?1 AND attempts = 0",
        "-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'PENDING' AND credit_at <= ?1",
        "-- t\n SELECT count(*) AS n FROM referral AS r JOIN campaign AS c ON c.id = r.campaign
                 WHERE r.outcome = 'PENDING' AND r.credit_at IS NULL
                   AND r.bound_at + (c.options->>'referralCreditWindowDays') * 86400000 < ?1",
        "-- t\n SELECT count(*) AS n FROM reward
                 WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at <= ?1
                   AND source <> 'BROWSER'",
        "-- t\n SELECT count(*) AS n FROM reward
                 WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at <= ?1
                   AND source = 'BROWSER'",
        "-- t\n SELECT count(*) AS n FROM campaign
                 WHERE status = 'IN_PROGRESS' AND options->>'endsAt' < ?1",
        "-- t\n SELECT count(*) AS n FROM board WHERE closed_at IS NULL AND due_at <= ?1",
        "-- t\n SELECT count(*) AS n FROM mail_setting WHERE month_ends_at <= ?1",
        "-- t\n SELECT count(*) AS n FROM mailing WHERE done_at IS NULL AND due_at <= ?1",
        "-- t\n SELECT count(*) AS n FROM mail_setting AS s
                 WHERE EXISTS (SELECT 1 FROM referral
                                WHERE campaign = s.campaign AND s.reminded_to < bound_at
                                  AND bound_at <= ?1 - 3 * 86400000)",
        "-- t\n SELECT count(*) AS n FROM message WHERE state = 'QUEUED' AND due_at <= ?1",
        "-- t\n SELECT count(*) AS n FROM joining
                 WHERE is_open = 1 AND arrived = 0 AND at < ?1 - 2592000000",
    ];
    let mut left = [0; 12];
    for (place, sql) in left.iter_mut().zip(each) {
        *place = bench.number(Statement { sql, args: vec![Arg::from(now)] }).await;
    }
    left
}

#[tokio::test]
async fn r_due_2_a_backlog_of_every_kind_drains_and_no_run_does_more_than_its_bites() {
    let bench = Bench::new().await;
    let rule = json!({ "type": "LEADERBOARD", "limitDuration": "PER_MONTH" });
    let campaign = bench.campaign_with("CUSTOM", &[rule]).await;
    let window = json!({ "referralCreditWindowDays": 7 });
    set(&bench, &campaign, window).await;
    let ada = bench.add(&campaign, "ada", None).await;
    let id = campaign.trim_start_matches("/v2/campaign/");
    // Ends that come together, each with a month to close.
    let total = backlog();
    let many_ends = 12;
    for _ in 0..many_ends {
        let ending = bench.campaign("ON_SIGNUP").await;
        set(&bench, &ending, json!({ "endsAt": bench.now.get() + Span::days(9) })).await;
        let eve = bench.add(&ending, "eve", None).await;
        bench.add(&ending, "bob", Some(&eve)).await;
    }
    let small = total / 20;
    let large = (total - 2 * small) / 2;
    bench.write([many(EXPIRING, large, id, &ada), many(HELD, large, id, &ada)]).await;
    bench.write(DELAYED.map(|it| many(it, small, id, &ada))).await;
    bench.write(JOINED.map(|it| many(it, large, id, &ada))).await;
    bench.write([many(JOBS, small, id, &ada), many(MESSAGES, small, id, &ada)]).await;
    // Months and ends to tell of, and friends of whom nobody is reminded any more.
    let mailings = "-- t
        WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
        INSERT INTO mailing (campaign, kind, occasion, due_at)
        SELECT ?2 || ?3, 'ENDED', n, 5000 + n FROM n";
    let months = "-- t\n UPDATE mail_setting SET month_ends_at = 1, reminded_to = 0 WHERE campaign <> ?1 || ?2 || ?3";
    let mailing = bench.mailing("CUSTOM").await;
    let mailing = mailing.trim_start_matches("/v2/campaign/");
    let options = json!({ "referralCreditWindowDays": null });
    set(&bench, &format!("/v2/campaign/{mailing}"), options).await;
    bench.write([many(mailings, 30, id, &ada), many(months, 0, id, &ada)]).await;
    bench.write([many(EXPIRING, 500, mailing, "nobody")]).await;
    bench.pass(Span::days(60));

    // Every kind is bound by its bite and by what the statements of a run allow.
    let most = KINDS.map(|it| i64::from((ROUNDS * it.bite()).min(STATEMENTS)).max(1));
    let cheap = i64::from(ROUNDS * Kind::Expiries.bite());
    let mut before = left(&bench).await;
    let small = i64::from(small);
    assert_eq!(before[..3], [small, small, i64::from(large)]);
    let mut runs = 0;
    loop {
        run(&bench).await;
        let now = left(&bench).await;
        for (place, kind) in KINDS.iter().enumerate() {
            let done = before[place] - now[place];
            let bound = if kind.bite() == Kind::Expiries.bite() { cheap } else { most[place] };
            // Ends open boards, so that there may be more of those than before.
            assert!(done <= bound, "{kind:?} {done}");
            let begins = 0 < done || before[place] == 0 || *kind == Kind::Boards;
            assert!(begins, "{kind:?} starves: {before:?}");
        }
        before = now;
        runs += 1;
        if now == [0; 12] {
            break;
        }
        assert!(runs < 1_000, "{now:?}");
        bench.pass(Span::minutes(1));
    }
    let kinds = "-- t
        SELECT sum(kind = 'EXPIRED') AS n FROM decision WHERE kind IN ('EXPIRED', 'APPROVED')";
    assert_eq!(count(&bench, kinds).await, i64::from(large));
    let kinds = "-- t
        SELECT sum(kind = 'APPROVED') AS n FROM decision WHERE kind IN ('EXPIRED', 'APPROVED')";
    assert!(i64::from(large) <= count(&bench, kinds).await);
    let forgotten = "-- t
        SELECT count(*) AS n FROM participant WHERE id LIKE 'j%' AND erased_at IS NOT NULL";
    assert_eq!(count(&bench, forgotten).await, i64::from(large));
    let credited = "-- t\n SELECT max(credited) AS n FROM tally";
    assert_eq!(count(&bench, credited).await, small);
    // Nothing is done twice.
    let decisions = count(&bench, "-- t\n SELECT count(*) AS n FROM decision").await;
    run(&bench).await;
    assert_eq!(count(&bench, "-- t\n SELECT count(*) AS n FROM decision").await, decisions);
}

#[tokio::test]
async fn r_due_1_what_is_due_is_found_by_an_index_on_its_time() {
    let bench = Bench::new().await;
    for (sql, index) in [
        (
            "SELECT campaign, friend, credit_at, credit_source FROM referral
              WHERE outcome = 'PENDING' AND credit_at <= ?1 ORDER BY credit_at LIMIT ?2",
            "INDEX referral_due (credit_at<?)",
        ),
        (
            "SELECT id AS reward FROM reward
              WHERE approve_at <= ?1 AND status = 'PENDING' AND approved_at IS NULL
                AND source <> 'BROWSER'
              ORDER BY approve_at LIMIT ?2",
            "INDEX reward_due (approve_at<?)",
        ),
        (
            "FROM waiting_reward
              WHERE approve_at <= ?1 AND approved_at IS NULL
              ORDER BY approve_at LIMIT ?2",
            "INDEX reward_doubted (approve_at<?)",
        ),
        (
            "SELECT id FROM campaign
              WHERE status = 'IN_PROGRESS' AND options->>'endsAt' < ?1
              ORDER BY options->>'endsAt' LIMIT ?2",
            "INDEX campaign_ending (<expr><?)",
        ),
        (
            "SELECT campaign, month, last, rule FROM board
              WHERE closed_at IS NULL AND due_at <= ?1 ORDER BY due_at LIMIT ?2",
            "INDEX board_due (due_at<?)",
        ),
        (
            "SELECT campaign, month_ends_at FROM mail_setting
              WHERE month_ends_at IS NOT NULL AND month_ends_at <= ?1
              ORDER BY month_ends_at LIMIT ?2",
            "INDEX mail_setting_by_month (month_ends_at>? AND month_ends_at<?)",
        ),
        (
            "SELECT campaign, kind, occasion, after_at, after_id FROM mailing
              WHERE done_at IS NULL AND due_at <= ?1 ORDER BY due_at LIMIT ?2",
            "INDEX mailing_due (due_at<?)",
        ),
        (
            "SELECT seq, campaign, kind, subject, occasion, words, attempts, created_at FROM message
              WHERE state = 'QUEUED' AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2",
            "INDEX message_due (due_at<?)",
        ),
        (
            "SELECT participant FROM joining
              WHERE is_open = 1 AND arrived = 0 AND at < ?1 ORDER BY at LIMIT ?2",
            "INDEX joining_due (at<?)",
        ),
    ] {
        let sources = concat!(
            include_str!("../../../store/boards.rs"),
            include_str!("../../../store/delays.rs"),
            include_str!("../../../store/ends.rs"),
            include_str!("../../../store/joinings.rs"),
            include_str!("../../../store/mailings.rs"),
            include_str!("../../../store/messages.rs"),
            include_str!("../../../store/waits.rs"),
        );
        // The very text that runs, whatever its indentation.
        let plain = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain(sources).contains(&plain(sql)), "{sql}");
        let whole =
            if sql.starts_with("FROM") { format!("SELECT id, rule {sql}") } else { sql.into() };
        let found = plan(&bench, &whole).await;
        assert!(found.len() == 1 && found[0].ends_with(index), "{found:?}");
        assert!(found[0].starts_with("SEARCH "), "{found:?}");
    }
    // By the campaigns' windows, which may change at any time.
    let (_, expiries) = include_str!("../../../store/expiries.rs").split_once("WITH").unwrap();
    let (expiries, _) = expiries.split_once('"').unwrap();
    let found = plan(&bench, &format!("WITH{expiries}")).await.join("\n");
    for index in [
        "INDEX campaign_windowed",
        "INDEX referral_waiting (campaign=?)",
        "INDEX referral_waiting (campaign=? AND bound_at<?)",
    ] {
        assert!(found.contains(index), "{found}");
    }
    // By the days that campaigns wait before they remind anybody.
    let reminders = include_str!("../../../store/reminders.rs");
    let (_, reminders) = reminders.split_once("reminders::due\n").unwrap();
    let found = plan(&bench, reminders.split_once('"').unwrap().0).await.join("\n");
    for index in [
        "INDEX mail_setting_by_reminder",
        "INDEX referral_waiting (campaign=? AND bound_at>? AND bound_at<?)",
    ] {
        assert!(found.contains(index), "{found}");
    }
    // The winners come in their order: nothing is sorted, and no more people are read than win.
    let places = "SELECT t.participant, t.vouched AS referrals
           FROM tally AS t INDEXED BY tally_vouched
           CROSS JOIN participant AS p ON p.id = t.participant
          WHERE t.campaign = ?1 AND t.month = ?2 AND t.vouched > 0
            AND (p.blocked_at IS NULL OR ?3 < p.blocked_at)
          ORDER BY t.vouched DESC, t.joined_at, t.participant LIMIT ?4";
    let plain = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(plain(include_str!("../../../store/boards.rs")).contains(&plain(places)));
    let found = plan(&bench, places).await;
    assert!(found[0].contains("INDEX tally_vouched (campaign=? AND month=?"), "{found:?}");
    assert!(found.iter().all(|it| !it.contains("TEMP B-TREE")), "{found:?}");
}

/// What the database says of how it would find the rows.
async fn plan(bench: &Bench, sql: &str) -> Vec<String> {
    let sql: &'static str = Box::leak(format!("-- t\n EXPLAIN QUERY PLAN {sql}").into_boxed_str());
    let most = (2..=4).rev().find(|it| sql.contains(&format!("?{it}"))).unwrap_or(2);
    let args = vec![Arg::Null; most];
    let rows: Vec<Value> = bench.app.db.all(Statement { sql, args }).await.unwrap();
    rows.iter().map(|it| it["detail"].as_str().unwrap().into()).collect()
}
