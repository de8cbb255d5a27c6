//! How fast the console's pages are over a million participants, natively, one JSON line a page:
//! `cargo bench -p edge --bench console`. Fails where 95 of 100 take longer than 50 ms.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body};
use edge::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::cache::Cache,
    engine::entry,
    platform::{Background, Clicks, Db, Http, Limiter, LinkStore, Mail},
    router,
    sql::{Arg, Statement},
    store::{members, sessions::Kind},
};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use shared::{
    reward::{Condition, Event, Gift, GiftKind, Kind as RuleKind, Period, Rule, Texts},
    secret::Secret,
    time::{Span, Timestamp},
};
use tower::ServiceExt;

/// When it all happens: 2026-09-21.
const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// The longest that 95 of 100 may take.
const MOST: Duration = Duration::from_millis(50);

/// How often a page is asked for.
const TIMES: u32 = 40;

/// Every page and filter; `q=` is sought with all kinds of text.
const PAGES: &[&str] = &[
    "",
    "?period=7",
    "?period=90",
    "?period=month",
    "?from=2025-09-22&to=2026-09-21",
    "/participants",
    "/participants?sort=referrals",
    "/participants?sort=activity",
    "/participants?show=referrers",
    "/participants?show=friends",
    "/participants?show=waiting",
    "/participants?show=blocked",
    "/participants?show=review",
    "/participants?show=waiting&sort=referrals",
    "/participants?show=blocked&sort=activity",
    "/participants?show=referrers&sort=referrals",
    "/participants?show=referrers&sort=activity",
    "/participants?show=friends&sort=referrals",
    "/participants?from=browser",
    "/participants?from=site",
    "/participants?from=hand",
    "/participants?from=hand&show=friends&sort=activity",
    "/participants?q=p-777777",
    "/participants?q=p-7",
    "/participants?q=p",
    "/participants?q=p-777777%40example.com",
    "/participants?q=anna",
    "/participants?q=name77",
    "/participants?q=anna+name77",
    "/participants?q=anna&show=blocked&sort=referrals",
    "/participants?q=nobody",
    "/participants?after=1780000000000.0.p-500000",
    "/participants?sort=referrals&after=0.1780000000000.p-500000",
    "/participants?sort=activity&after=20600.0.p-500000",
    "/participants/add",
    "/participants/p-1",
    "/participants/p-600001",
    "/participants/p-1/erase",
    "/participants/p-1/export",
    "/referrals",
    "/referrals?status=pending",
    "/referrals?status=held",
    "/referrals?status=counts",
    "/referrals?status=expired",
    "/referrals?status=rejected",
    "/referrals?status=reversed",
    "/referrals?by=browser",
    "/referrals?status=counts&by=browser",
    "/referrals?q=p-1",
    "/referrals?q=p-600001%40example.com",
    "/referrals?q=nobody",
    "/referrals?after=1780000000000.0.p-600001",
    "/rewards",
    "/rewards?show=to-give",
    "/rewards?show=given",
    "/rewards?show=cancelled",
    "/rewards?show=all",
    "/rewards?show=all&rule=crew_1",
    "/rewards?rule=crew_2",
    "/rewards?show=given&rule=crew_2",
    "/rewards?q=p-1&show=all",
    "/rewards?show=all&after=1780000000000.0.prew_500000",
    "/rewards?q=nobody",
    "/coupons",
    "/mail",
    "/mail/sent",
    "/mail/sent?before=200000",
    "/mail/welcomeReferred",
    "/rules",
    "/rules/crew_1",
    "/rules/new",
    "/settings",
    "/card",
    "/versions",
    "/versions/1",
    "/design",
    "/design/preview?primary=%23ffcc00&accent=%230b6b56&scheme=DARK",
    "/install",
    "/install/state",
    "/import",
    "/import/checked",
    "/import/checked/bad.csv",
    "/import/done",
    "/look-up",
    "/invite",
    "/briefing",
    "/customer-sign-in",
];

/// Pages that no programme has for itself.
const OF_ALL: &[&str] = &[
    "/team",
    "/keys",
    "/log",
    "/log?act=RULE_CHANGED",
    "/log?who=owner",
    "/log?subject=p-600001",
    "/log?since=2026-01-01&until=2026-02-01",
    "/log?campaign=shop&act=RULE_CHANGED",
    "/me",
    "/new",
    "/new/abcdefghjkmn/goal",
    "/new/abcdefghjkmn/rewards",
    "/new/abcdefghjkmn/check",
];

/// Pages of the programme that are no member's: of somebody with 8,000 friends, of a friend, of nobody.
/// A file of everything takes as long as there is much.
const PUBLIC: &[(&str, &str)] = &[
    ("/me/shop", "p-1"),
    ("/me/shop/account", "p-1"),
    ("/me/shop/data", "p-1"),
    ("/me/shop/erase", "p-1"),
    ("/me/shop", "p-600001"),
    ("/me/shop/data", "p-600001"),
    ("/me/shop", ""),
    ("/c/shop", ""),
    ("/c/shop/card.json", ""),
    ("/c/shop/look.css", ""),
];

fn statement(sql: &'static str, args: Vec<Arg>) -> Statement {
    Statement { sql, args }
}

/// Ten euros for every friend.
fn rule() -> Rule {
    Rule {
        id: String::new(),
        version: 1,
        kind: RuleKind::SingleSided,
        event: Event::Conversion,
        conversions_required: 1,
        limit: None,
        period: Period::InTotal,
        number_of_winners: 1,
        is_visible: true,
        upfront: false,
        gives: Gift { kind: GiftKind::Credit, amount: Some(1_000), ..Gift::default() },
        referral_gives: Gift::default(),
        conditions: Condition::default(),
        starts_at: None,
        ends_at: None,
        hold_days: 0,
        order: None,
        texts: Texts::default(),
    }
}

/// The campaign and its rules.
fn campaign() -> Vec<Statement> {
    let campaign = statement(
        "-- console::seed
         INSERT INTO campaign (id, name, status, currency, installation, options, created_at,
                               started_at, revision)
         VALUES ('shop', 'Shop', 'IN_PROGRESS', 'EUR', '{\"referralTrigger\":\"CUSTOM\"}',
                 '{\"timeZone\":\"Europe/Paris\"}', 1, 1, 0)",
        vec![],
    );
    let rules = statement(
        "-- console::seed
         INSERT INTO rule (id, campaign, version, body, created_at)
         SELECT value, 'shop', 1, json_set(?1, '$.id', value), 1
           FROM json_each('[\"crew_1\",\"crew_2\"]')",
        vec![serde_json::to_string(&rule()).expect("JSON").into()],
    );
    vec![campaign, rules]
}

/// A campaign of so many people: three fifths are referrers or nobody, two fifths friends, who came
/// within a year. One in 5,000 is blocked, one friend in 2,000 is held, one reward in 50 waits.
async fn seed(app: &App, people: u32) {
    let friends = people * 2 / 5;
    let count = |sql| statement(sql, vec![people.into(), friends.into(), NOW.into()]);
    app.db.batch(campaign()).await.expect("a campaign");
    let batch = vec![
        count(
            "-- console::seed
             INSERT INTO participant (id, campaign, origin, source, blocked_at, created_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
             SELECT 'p-' || i, 'shop', iif(i % 5000 = 3, 'MANUAL', 'DIRECT'),
                    iif(i % 10 = 0, 'BROWSER', 'SERVER'), iif(i % 5000 = 1, 1, NULL),
                    CAST(?3 - 31536000000 + i * 31500 AS INTEGER) FROM n WHERE ?2 = ?2",
        ),
        count(
            "-- console::seed
             INSERT INTO person (subject, campaign, kind, email, identity, first_name, last_name,
                                 metadata, created_at)
             SELECT id, campaign, 'PARTICIPANT', id || '@example.com', id || '@example.com',
                    CASE rowid % 4 WHEN 0 THEN 'Anna' WHEN 1 THEN 'Bert' WHEN 2 THEN 'Chloe' END,
                    iif(rowid % 4 = 3, NULL, 'Name' || rowid % 1000), '{\"plan\":\"pro\"}', created_at
               FROM participant WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
        ),
        count(
            "-- console::seed
             INSERT INTO code (code, campaign, participant, created_at)
             SELECT id, campaign, id, created_at FROM participant
              WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
        ),
        // Friends are the last so many; the one-thousandth referrer has most of them.
        count(
            "-- console::seed
             INSERT INTO referral (campaign, friend, referrer, channel, outcome, source, bound_at,
                                   bound_month, month, settled_at, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
             SELECT 'shop', 'p-' || CAST(?1 - ?2 + i AS INTEGER),
                    'p-' || iif(i % 50 = 0, 1, i * 7919 % 100000),
                    iif(i % 3 = 0, NULL, iif(i % 3 = 1, 'whatsapp', 'email')),
                    CASE WHEN i % 2000 = 1 THEN 'HELD' WHEN i % 2000 = 3 THEN 'REJECTED'
                         WHEN i % 2000 = 5 THEN 'REVERSED' WHEN i % 20 = 7 THEN 'EXPIRED'
                         WHEN i % 3 = 0 THEN 'PENDING' ELSE 'AWARDED' END,
                    iif(i % 10 = 0, 'BROWSER', 'SERVER'),
                    CAST(?3 - 31536000000 + (?1 - ?2 + i) * 31500 AS INTEGER), 24320, 24320,
                    CAST(?3 - 31536000000 + (?1 - ?2 + i) * 31500 AS INTEGER),
                    CAST(?3 - 31536000000 + (?1 - ?2 + i) * 31500 AS INTEGER)
               FROM n",
        ),
        count(
            "-- console::seed
             INSERT INTO reward (id, campaign, rule, version, participant, side, referrer, friend,
                                 occasion, event, earned_month, kind, amount, status, source,
                                 hold_days, approved_at, fulfilled_at, created_at)
             SELECT 'prew_' || substr(friend, 3), 'shop', iif(substr(friend, 3) % 5000 = 2, 'crew_2', 'crew_1'), 1,
                    referrer, 'REFERRER', referrer, friend, friend, 'CONVERSION', 24320, 'CREDIT', 1000,
                    CASE WHEN substr(friend, 3) % 50 IN (2, 3) THEN 'PENDING'
                         WHEN substr(friend, 3) % 5000 = 4 THEN 'CANCELLED' ELSE 'FULFILLED' END,
                    'SERVER', 0, iif(substr(friend, 3) % 50 = 2, NULL, bound_at),
                    iif(substr(friend, 3) % 50 IN (2, 3), NULL, bound_at), bound_at
               FROM referral WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
        ),
        count(
            "-- console::seed
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT 'd' || friend, campaign, friend, 'BOUND', '[\"BY_CODE\"]', '{}', bound_at
               FROM referral WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
        ),
        count(
            "-- console::seed
             INSERT INTO click_day (campaign, participant, day, impressions, uniques)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 200000)
             SELECT 'shop', 'p-' || (i * 7919 % 100000), 20300 + i % 400, 5, 3 FROM n
              WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3
             ON CONFLICT DO NOTHING",
        ),
        // Twelve channels on every day of two years.
        count(
            "-- console::seed
             INSERT INTO figure (campaign, day, channel, impressions, uniques)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 9000)
             SELECT 'shop', 19980 + i / 12, 'c' || (i % 12), 1000, 800 FROM n
              WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
        ),
        count(
            "-- console::seed
             INSERT INTO coupon_pool (campaign, name, low_stock, created_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 100)
             SELECT 'shop', 'pool' || i, 5, 1 FROM n WHERE ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
        ),
    ];
    for it in batch.into_iter().chain(team_work()).chain(files()) {
        app.db.batch(vec![it]).await.expect("a seeded database");
    }
}

/// What the team and the mail wrote beside it: a message and a change for every friend, a thousand
/// versions of the settings.
fn team_work() -> Vec<Statement> {
    vec![
        statement(
            "-- console::team_work
             INSERT INTO message (campaign, kind, subject, occasion, state, due_at, created_at,
                                  settled_at)
             SELECT 'shop', 'welcomeReferred', friend, '', 'SENT', bound_at, bound_at, bound_at
               FROM referral",
            vec![],
        ),
        statement(
            "-- console::team_work
             INSERT INTO audit (id, at, by_kind, by_id, act, campaign, subject, before, after)
             SELECT 'a' || (2000000000000 + substr(friend, 3)), bound_at, 'MEMBER', 'owner',
                    iif(substr(friend, 3) % 1000 = 0, 'RULE_CHANGED', 'REFERRAL_ACCEPTED'), 'shop', friend,
                    '{}', '{}'
               FROM referral",
            vec![],
        ),
        statement(
            "-- console::team_work
             INSERT INTO version (campaign, number, at, by_kind, by_id, subject, body)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
             SELECT 'shop', i, i, 'MEMBER', 'owner', 'SETTINGS', '{}' FROM n
             ",
            vec![],
        ),
        statement(
            "-- console::team_work
             INSERT INTO setup (id, member, answers, lang, created_at, changed_at, revision)
             VALUES ('abcdefghjkmn', 'owner', '{\"goal\":\"shop\"}', 'en', 1, 1, 1)",
            vec![],
        ),
        statement(
            "-- console::team_work
             INSERT INTO installation_test (campaign, mark, page, started_at)
             VALUES ('shop', 'm1', 'https://shop.example/', ?1)",
            vec![NOW.into()],
        ),
    ]
}

/// Two files of 100,000 rows: one that is looked at, with a thousand mistakes, and one that is done.
fn files() -> Vec<Statement> {
    vec![
        statement(
            "-- console::files
             INSERT INTO import (id, campaign, what, member, state, heads, choices, total, place, fresh,
                                 bad, created_at, expires_at, settled_at)
             SELECT value, 'shop', 'PARTICIPANTS', 'owner', upper(value), '[\"email\",\"name\"]',
                    '{\"fields\":[\"email\",\"firstName\"]}', 100000, 100000, 99000, 1000, ?1, ?1 + 1000,
                    iif(value = 'done', ?1, NULL)
               FROM json_each('[\"checked\",\"done\"]')",
            vec![NOW.into()],
        ),
        statement(
            "-- console::files
             INSERT INTO import_row (import, row, cells, identity, state)
             WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100001)
             SELECT 'checked', i, json_array('f' || i || '@example.com', 'Fay'),
                    'f' || i || '@example.com', iif(i % 100 = 0, 'BAD', 'READY') FROM n",
            vec![],
        ),
        statement(
            "-- console::files
             INSERT INTO import_flaw (import, row, place, reason)
             SELECT i.id, row, 0, 'EMAIL_WRONG' FROM import_row JOIN import AS i WHERE import_row.state = 'BAD'",
            vec![],
        ),
    ]
}

fn app(folder: &Path) -> App {
    let db = Db::open(&folder.join("parrain.db")).expect("a database");
    Arc::new(State {
        settings: Settings::new("https://link.example", Secret::new([7; 32]), false),
        clicks: Clicks::start(db.clone()),
        db,
        store: LinkStore,
        cache: Cache::default(),
        misses: Limiter::new(30),
        leads: Limiter::new(120),
        http: Http::new(true),
        mail: Mail::new(folder.join("mail")),
    })
}

fn call(n: u32) -> Call {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&n.to_be_bytes());
    seed[16..20].copy_from_slice(&n.to_be_bytes());
    Call::new(NOW, seed, Network::default(), Background)
}

/// One answer, and how long it took.
async fn timed(router: &Router, cookies: &str, path: &str, n: u32) -> Duration {
    let request = Request::builder()
        .method(Method::GET)
        .uri(path)
        .header(header::COOKIE, cookies)
        .extension(call(n))
        .body(Body::empty())
        .expect("a request");
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let started = Instant::now();
    let answer = router.clone().oneshot(request).await.unwrap_or_else(|it| match it {});
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    assert!(!body.is_empty(), "{path}");
    started.elapsed()
}

/// A session of somebody: its secret.
async fn seat(app: &App, n: u32, kind: Kind, id: &str) -> String {
    let (token, link) = entry::link(&call(n), kind, id, Span::hours(1));
    app.db.batch(vec![link]).await.expect("a link");
    let entered = entry::enter(app, &call(n + 1), kind, &token).await.expect("an answer");
    entered.expect("a session")
}

async fn measured(folder: &Path) -> bool {
    let people = env::var("PEOPLE").ok().and_then(|it| it.parse().ok()).unwrap_or(1_000_000);
    let app = app(folder);
    seed(&app, people).await;
    let owner = format!("__Host-prn-console={}", seat(&app, 1, Kind::Member, members::OWNER).await);
    let mut guests = BTreeMap::from([("", String::new())]);
    for (n, id) in (11..).step_by(2).zip(["p-1", "p-600001"]) {
        let session = seat(&app, n, Kind::Participant, id).await;
        guests.insert(id, format!("__Host-prn-me={session}"));
    }
    let router = router::router(Arc::clone(&app));
    let mut fast = true;
    let of_shop = PAGES.iter().map(|page| (format!("/console/shop{page}"), owner.as_str()));
    let of_all = OF_ALL.iter().map(|page| (format!("/console{page}"), owner.as_str()));
    let public = PUBLIC.iter().map(|(page, who)| ((*page).to_owned(), guests[who].as_str()));
    for (page, cookies) in of_shop.chain(of_all).chain(public) {
        let mut took = Vec::new();
        for n in 0..TIMES {
            took.push(timed(&router, cookies, &page, n + 20).await);
        }
        took.sort_unstable();
        let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
        let millis = |it: Duration| it.as_secs_f64() * 1e3;
        println!(
            "{{\"page\":\"{page}\",\"p50_ms\":{:.1},\"p95_ms\":{:.1}}}",
            millis(at(50)),
            millis(at(95))
        );
        fast &= at(95) <= MOST;
    }
    fast
}

fn folder() -> PathBuf {
    let folder = env::temp_dir().join(format!("parrain-bench-{}-console", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn main() {
    let folder = folder();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let fast = runtime.expect("a runtime").block_on(measured(&folder));
    let _ = fs::remove_dir_all(&folder);
    assert!(fast, "a page takes longer than {MOST:?}");
}
