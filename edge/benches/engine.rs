//! What the reward engine costs on the native host, one JSON line a figure:
//! `cargo bench -p edge --bench engine`.

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use edge::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::cache::Cache,
    engine::{
        credit::{self, Event, Transaction},
        terms,
    },
    platform::{Background, Clicks, Db, Http, Limiter, LinkStore, Mail},
    sql::{Arg, Statement},
    store::{conversions::Numbers, participants::Key, rules},
};
use shared::{
    campaign::Options,
    code::Code,
    money::{Currency, Money},
    reward::{
        Budget, Condition, Fact, Gift, GiftKind, Kind, Known, Moment, Period, Rule, Source, Tally,
        Test, Texts, earn,
    },
    secret::Secret,
    time::Timestamp,
    zone::Zone,
};

/// When it all happens.
const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// How many conversions are timed.
const CONVERSIONS: u32 = 5_000;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed(act: impl FnOnce()) -> Duration {
    let started = Instant::now();
    act();
    started.elapsed()
}

fn rule(id: &str, kind: Kind) -> Rule {
    let gift = Gift { kind: GiftKind::Credit, amount: Some(1_000), ..Gift::default() };
    Rule {
        id: id.into(),
        version: 1,
        kind,
        event: shared::reward::Event::Conversion,
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

/// One decision by 20 rules with a condition each, in microseconds.
fn decision() -> f64 {
    const TIMES: u32 = 50_000;
    let condition = |n: u32| match n % 4 {
        0 => (Fact::Amount, None, Test::AtLeast, 100.into()),
        1 => (Fact::Country, None, Test::OneOf, vec!["BE", "CH", "FR"].into()),
        2 => (Fact::Metadata, Some("plan".into()), Test::Equals, "pro".into()),
        _ => (Fact::Product, None, Test::Differs, "socks".into()),
    };
    let rules: Vec<Rule> = (0..20)
        .map(|n| {
            let (fact, key, test, value) = condition(n);
            let conditions = Condition {
                fact: Some(fact),
                key,
                test: Some(test),
                value,
                ..Condition::default()
            };
            Rule { conditions, ..rule(&format!("crew_{n}"), Kind::DoubleSided) }
        })
        .collect();
    let (ada, bob) = (code("ada"), code("bob"));
    let options = Options::default();
    let known = Known {
        metadata: [("plan".into(), "pro".into())].into(),
        amount: Some(5_000),
        products: vec!["shoes".into(), "hat".into()],
        country: Some("FR".into()),
        new_customer: Some(true),
    };
    let moment = Moment {
        options: &options,
        event: shared::reward::Event::Conversion,
        source: Source::Server,
        referrer: &ada,
        friend: &bob,
        total: Tally::default(),
        monthly: Tally::default(),
        month: Zone::default().month(NOW),
        given: &[],
        taken: &[],
        budget: Budget::default(),
        known: &known,
        now: NOW,
    };
    assert_eq!(earn(&rules, &moment).earned.len(), 40);
    let took = timed(|| {
        for _ in 0..TIMES {
            black_box(earn(black_box(&rules), black_box(&moment)));
        }
    });
    micros(took) / f64::from(TIMES)
}

fn code(text: &str) -> Code {
    Code::parse(text).expect("a code")
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
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

fn statement(sql: &'static str, args: Vec<Arg>) -> Statement {
    Statement { sql, args }
}

/// A running campaign with `people` participants, of whom `CONVERSIONS` are friends that wait for
/// their order, each of another referrer.
async fn seed(app: &App, people: u32) {
    let count = |sql| statement(sql, vec![people.into()]);
    let campaign = statement(
        "-- engine::seed
         INSERT INTO campaign (id, name, status, currency, installation, options, created_at,
                               started_at, revision)
         VALUES ('shop', 'Shop', 'IN_PROGRESS', 'EUR', '{\"referralTrigger\":\"CUSTOM\"}', '{}',
                 1, 1, 0)",
        vec![],
    );
    let mut batch = vec![
        campaign,
        count(
            "-- engine::seed
             INSERT INTO participant (id, campaign, origin, source, created_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
             SELECT 'p-' || i, 'shop', 'DIRECT', 'SERVER', i FROM n",
        ),
        count(
            "-- engine::seed
             INSERT INTO person (subject, campaign, kind, email, identity, metadata, created_at)
             SELECT id, campaign, 'PARTICIPANT', id || '@example.com', id || '@example.com', '{}',
                    created_at
               FROM participant WHERE ?1 = ?1",
        ),
        count(
            "-- engine::seed
             INSERT INTO code (code, campaign, participant, created_at)
             SELECT id, campaign, id, created_at FROM participant WHERE ?1 = ?1",
        ),
        // Friends are the last so many, referrers those before them, spread over all.
        statement(
            "-- engine::seed
             INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at,
                                   bound_month, updated_at)
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
             SELECT 'shop', 'p-' || CAST(?1 - 1 - i AS INTEGER),
                    'p-' || CAST(i * 7919 % (?1 - ?2) AS INTEGER), 'PENDING', 'SERVER', 2, 24320, 2
               FROM n",
            vec![people.into(), CONVERSIONS.into()],
        ),
    ];
    batch.extend(rules::insert("shop", &rule("crew_1", Kind::DoubleSided), NOW));
    app.db.batch(batch).await.expect("a seeded database");
}

/// How many conversions that pay both sides are recorded in a second, one after the other.
fn conversions(folder: &Path, people: u32) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        let app = app(folder);
        seed(&app, people).await;
        let (terms, _) = terms::read(&app, "shop").await.expect("the campaign");
        let mut took = Duration::ZERO;
        for n in 0..CONVERSIONS {
            let friend = Key::Code(code(&format!("p-{}", people - 1 - n)));
            let money = Money { minor: 5_000, currency: Currency::EUR };
            let order = Event::Transaction(Transaction {
                numbers: Numbers::from([("orderId", n.to_string())]),
                gross: money,
                net: money,
                products: Vec::new(),
                country: None,
            });
            let call = Call::new(NOW, seed_of(n), Network::default(), Background);
            #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
            let started = Instant::now();
            credit::credit(&app, &call, &terms, &friend, &order, None, Source::Server)
                .await
                .expect("a recorded order");
            took += started.elapsed();
        }
        let rewards: Vec<serde_json::Value> = app
            .db
            .all(statement("-- engine::conversions\n SELECT count(*) AS n FROM reward", vec![]))
            .await
            .expect("a count");
        assert_eq!(rewards[0]["n"], 2 * CONVERSIONS, "both sides are paid");
        f64::from(CONVERSIONS) / took.as_secs_f64()
    })
}

fn seed_of(n: u32) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&n.to_be_bytes());
    seed[16..20].copy_from_slice(&n.to_be_bytes());
    seed
}

fn folder(name: &str) -> PathBuf {
    let folder = env::temp_dir().join(format!("parrain-bench-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn main() {
    println!("{{\"decision\":{:.3}}}", decision());
    for people in [20_000, 1_000_000] {
        let folder = folder(&people.to_string());
        println!("{{\"people\":{people},\"conversions\":{:.0}}}", conversions(&folder, people));
        let _ = fs::remove_dir_all(&folder);
    }
}
