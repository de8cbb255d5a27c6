//! A running campaign with many people, for the engine to work on.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use edge::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::cache::Cache,
    platform::{Background, Clicks, Db, Http, Limiter, LinkStore, Mail},
    sql::{Arg, Statement},
    store::rules,
};
use shared::{
    code::Code,
    reward::{Condition, Event, Gift, GiftKind, Kind, Period, Rule, Texts},
    secret::Secret,
    time::Timestamp,
};

/// When it all happens.
pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn started() -> Instant {
    Instant::now()
}

pub(crate) fn timed(act: impl FnOnce()) -> Duration {
    let started = started();
    act();
    started.elapsed()
}

/// User and system time of this process, from procfs, in hundredths of a second as a second's
/// fraction.
pub(crate) fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("procfs");
    let (_, fields) = stat.rsplit_once(") ").expect("a name in parentheses");
    let ticks = |at: usize| fields.split(' ').nth(at).and_then(|it| it.parse::<f64>().ok());
    // Fields 14 and 15 of proc(5), counted from the third.
    (ticks(11).expect("user time") + ticks(12).expect("system time")) / 100.0
}

pub(crate) fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

pub(crate) fn rule(id: &str, kind: Kind) -> Rule {
    let gift = Gift { kind: GiftKind::Credit, amount: Some(1_000), ..Gift::default() };
    Rule {
        id: id.into(),
        version: 1,
        kind,
        event: Event::Conversion,
        conversions_required: 1,
        limit: None,
        period: Period::InTotal,
        number_of_winners: 1,
        is_visible: true,
        upfront: false,
        gives: gift.clone(),
        referral_gives: if kind == Kind::DoubleSided { gift } else { Gift::default() },
        conditions: Condition::default(),
        starts_at: None,
        ends_at: None,
        hold_days: 0,
        order: None,
        texts: Texts::default(),
    }
}

pub(crate) fn app(folder: &Path) -> App {
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

pub(crate) fn statement(sql: &'static str, args: Vec<Arg>) -> Statement {
    Statement { sql, args }
}

/// A call of its own, by its number.
pub(crate) fn call(n: u32) -> Call {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&n.to_be_bytes());
    seed[16..20].copy_from_slice(&n.to_be_bytes());
    Call::new(NOW, seed, Network::default(), Background)
}

/// Participants, of whom the last `friends` wait for their order, each of another referrer if there
/// are enough.
pub(crate) async fn seed(app: &App, people: u32, friends: u32) {
    let count = |sql| statement(sql, vec![people.into()]);
    let campaign = statement(
        "-- shop::seed
         INSERT INTO campaign (id, name, status, currency, installation, options, created_at,
                               started_at, revision)
         VALUES ('shop', 'Shop', 'IN_PROGRESS', 'EUR', '{\"referralTrigger\":\"CUSTOM\"}', '{}',
                 1, 1, 0)",
        vec![],
    );
    let mut batch = vec![
        campaign,
        count(
            "-- shop::seed
             INSERT INTO participant (id, campaign, origin, source, created_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
             SELECT 'p-' || i, 'shop', 'DIRECT', 'SERVER', i FROM n",
        ),
        count(
            "-- shop::seed
             INSERT INTO person (subject, campaign, kind, email, identity, metadata, created_at)
             SELECT id, campaign, 'PARTICIPANT', id || '@example.com', id || '@example.com', '{}',
                    created_at
               FROM participant WHERE ?1 = ?1",
        ),
        count(
            "-- shop::seed
             INSERT INTO code (code, campaign, participant, created_at)
             SELECT id, campaign, id, created_at FROM participant WHERE ?1 = ?1",
        ),
        statement(
            "-- shop::seed
             INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at,
                                   bound_month, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
             SELECT 'shop', 'p-' || CAST(?1 - 1 - i AS INTEGER),
                    'p-' || CAST(i * 7919 % (?1 - ?2) AS INTEGER), 'PENDING', 'SERVER', 2, 24320, 2
               FROM n",
            vec![people.into(), friends.into()],
        ),
    ];
    batch.extend(rules::insert("shop", &rule("crew_1", Kind::DoubleSided), NOW));
    app.db.batch(batch).await.expect("a seeded database");
}

/// What a statement counts, as `n`.
pub(crate) async fn number(app: &App, sql: &'static str) -> i64 {
    let rows: Vec<serde_json::Value> = app.db.all(statement(sql, vec![])).await.expect("a count");
    rows[0]["n"].as_i64().expect("a number")
}

/// Runs on one thread, as the service does.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}
