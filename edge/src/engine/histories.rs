//! Generated histories of a few people: whatever happens, in whatever order and at once, the books
//! agree. `PARRAIN_HISTORIES=20` runs twenty times as many.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::Arc,
};

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use serde::Deserialize;
use shared::{
    attribution::{Claims, Touches},
    campaign::{Campaign, Status, Trigger},
    email::Email,
    money::Money,
    reward::{Rule, Sides, Source, Texts},
    time::{Span, Timestamp},
};
use tokio::task::JoinSet;

use super::{
    credit::{self, Event, Transaction},
    enrol::{self, Brought, Newcomer},
    terms,
};
use crate::{
    app::App,
    bench::Bench,
    call::Call,
    click::cache::Terms,
    error::Error,
    sql,
    store::{campaigns, conversions::Numbers, participants, participants::Key, rules},
};

/// People are numbers: person 2 is `2@example.com`.
type Person = u8;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Op {
    /// The person follows the other one's link.
    Click(Person, Person),
    /// A browser says that the person signed up.
    Lead(Person),
    /// Somebody's script says so, in the name of a referrer whose link the person never saw.
    Script(Person, Person),
    /// The back end says so, with the click if there was one.
    Add(Person),
    /// The back end says so and names a referrer.
    Named(Person, Person),
    /// The back end reports the qualifying event, with the click if there was one.
    Trigger(Person),
    /// The back end reports an order with a number.
    Order(Person, u8),
    /// Days pass.
    Pass(u8),
    /// The campaign ends.
    End,
    /// The campaign goes on.
    Resume,
}

/// A campaign, and what happens in it: each step's events at once.
#[derive(Clone, Debug)]
struct History {
    on_signup: bool,
    manual: bool,
    window: Option<u16>,
    every: u32,
    limit: Option<u32>,
    steps: Vec<Vec<Op>>,
}

const PEOPLE: Person = 7;

fn op() -> impl Strategy<Value = Op> {
    let person = || 0..PEOPLE;
    // Most come through the same referrer, so that rounds fill and counts are fought over.
    let referrer = || prop_oneof![4 => Just(0), 1 => person()];
    prop_oneof![
        5 => (person(), referrer()).prop_map(|(a, b)| Op::Click(a, b)),
        5 => person().prop_map(Op::Lead),
        3 => (person(), person()).prop_map(|(a, b)| Op::Script(a, b)),
        3 => person().prop_map(Op::Add),
        3 => (person(), referrer()).prop_map(|(a, b)| Op::Named(a, b)),
        3 => person().prop_map(Op::Trigger),
        3 => (person(), 0..3_u8).prop_map(|(a, n)| Op::Order(a, n)),
        1 => (0..20_u8).prop_map(Op::Pass),
        1 => prop_oneof![1 => Just(Op::End), 3 => Just(Op::Resume)],
    ]
}

fn history() -> impl Strategy<Value = History> {
    let step = prop_oneof![
        3 => op().prop_map(|it| vec![it]),
        1 => op().prop_map(|it| vec![it; 3]),
        3 => vec(op(), 2..4),
    ];
    (
        any::<bool>(),
        prop::bool::weighted(0.1),
        prop_oneof![3 => Just(None), 1 => Just(Some(7_u16))],
        1..4_u32,
        prop_oneof![2 => Just(None), 1 => Just(Some(1_u32)), 1 => Just(Some(2))],
        vec(step, 4..20),
    )
        .prop_map(|(on_signup, manual, window, every, limit, steps)| History {
            on_signup,
            manual,
            window,
            every,
            limit,
            steps,
        })
}

/// A history under way.
struct World<'a> {
    bench: &'a Bench,
    campaign: String,
    touches: BTreeMap<Person, Touches>,
    bonds: BTreeMap<String, (String, Source)>,
}

impl<'a> World<'a> {
    async fn start(bench: &'a Bench, id: String, history: &History) -> Self {
        let mut campaign = draft(&id);
        if history.on_signup {
            campaign.installation.referral_trigger = Trigger::OnSignup;
        }
        campaign.options.require_manual_reward_approval = history.manual;
        campaign.options.referral_credit_window_days = history.window;
        let campaign = campaign.published(bench.now.get());
        let rule = |kind: &str, every, limit, sides| Rule {
            id: format!("crew_{id}_{kind}"),
            version: 1,
            sides,
            conversions_required: every,
            limit,
            is_visible: true,
            texts: Texts::default(),
        };
        let mut batch = campaigns::insert(&campaign, None, bench.now.get());
        let both = rule("both", 1, None, Sides::DoubleSided);
        let round = rule("round", history.every, history.limit, Sides::SingleSided);
        batch.extend([both, round].map(|it| rules::insert(&id, &it, bench.now.get())));
        bench.write(batch).await;
        Self { bench, campaign: id, touches: BTreeMap::new(), bonds: BTreeMap::new() }
    }

    async fn step(&mut self, ops: &[Op]) {
        let app = &self.bench.app;
        let mut tasks = JoinSet::new();
        for op in ops {
            let (terms, revision) = terms::read(app, &self.campaign).await.unwrap();
            let campaign = &terms.campaign;
            match op {
                Op::Click(person, owner) => self.click(*person, *owner).await,
                Op::Pass(days) => self.bench.pass(Span::days(i64::from(*days))),
                Op::End if campaign.status == Status::InProgress => {
                    let ended = campaign.ended(self.bench.now.get()).unwrap();
                    self.bench.write([campaigns::update(&ended, revision)]).await;
                }
                Op::Resume if campaign.status == Status::Complete => {
                    let resumed = campaign.published(self.bench.now.get());
                    self.bench.write([campaigns::update(&resumed, revision)]).await;
                }
                Op::End | Op::Resume => {}
                Op::Lead(person)
                | Op::Script(person, _)
                | Op::Add(person)
                | Op::Named(person, _)
                | Op::Trigger(person)
                | Op::Order(person, _) => {
                    let touches = match op {
                        Op::Script(_, referrer) => {
                            self.claims(*referrer).await.map(|it| Touches::after(None, it))
                        }
                        _ => self.touches.get(person).cloned(),
                    };
                    let (app, call) = (Arc::clone(app), self.bench.call());
                    tasks.spawn(act(app, call, terms, op.clone(), touches));
                }
            }
        }
        for outcome in tasks.join_all().await {
            match outcome {
                // Nobody was added under that address yet.
                Ok(()) | Err(Error::Missing) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    }

    /// The claim of a click on somebody's link, if they take part.
    async fn claims(&self, owner: Person) -> Option<Claims> {
        let key = Key::Identity(email(owner).identity());
        let found = participants::find(&self.bench.app.db, &self.campaign, &key).await.unwrap();
        let claims = self.bench.claims(&self.campaign, found?.id.as_str());
        Some(Claims { exp: i64::MAX, ..claims })
    }

    async fn click(&mut self, person: Person, owner: Person) {
        let Some(claims) = self.claims(owner).await else { return };
        let kept = self.touches.remove(&person);
        self.touches.insert(person, Touches::after(kept, claims));
    }

    /// What holds after every step.
    async fn check(&mut self) {
        for (name, statement) in faults(&self.campaign) {
            let rows: Vec<Fault> = self.bench.app.db.all(statement).await.unwrap();
            assert!(rows.is_empty(), "{name}: {rows:?}");
        }
        let bonds: Vec<Bond> = self
            .bench
            .app
            .db
            .all(sql!(
                "-- t\n SELECT friend, referrer, source FROM referral WHERE campaign = ?1",
                &self.campaign,
            ))
            .await
            .unwrap();
        for bond in bonds {
            let now = (bond.referrer, bond.source);
            let kept = self.bonds.entry(bond.friend).or_insert_with(|| now.clone());
            if kept.1 == Source::Browser && now.1 != Source::Browser {
                *kept = now;
            } else {
                assert_eq!(*kept, now, "a bond that somebody vouches for is for life");
            }
        }
    }
}

/// What one caller does.
async fn act(
    app: App,
    call: Call,
    terms: Terms,
    op: Op,
    touches: Option<Touches>,
) -> Result<(), Error> {
    let brought = touches.clone().map_or(Brought::Nothing, Brought::Touches);
    let friend = |person| Key::Identity(email(person).identity());
    let currency = terms.campaign.currency;
    let enrols = |person, source, brought, typed| Newcomer {
        email: email(person),
        first_name: None,
        last_name: None,
        metadata: BTreeMap::new(),
        language: None,
        source,
        brought,
        typed,
        named_status: None,
        also: Vec::new(),
    };
    match op {
        Op::Lead(person) | Op::Script(person, _) => {
            let newcomer = enrols(person, Source::Browser, brought, None);
            enrol::enrol(&app, &call, &terms, &newcomer).await?;
        }
        Op::Add(person) => {
            let newcomer = enrols(person, Source::Server, brought, None);
            enrol::enrol(&app, &call, &terms, &newcomer).await?;
        }
        Op::Named(person, referrer) => {
            let typed = Some(email(referrer).as_str().into());
            let newcomer = enrols(person, Source::Server, Brought::Nothing, typed);
            enrol::enrol(&app, &call, &terms, &newcomer).await?;
        }
        Op::Trigger(person) => {
            let (friend, event) = (friend(person), Event::Qualifying);
            credit::credit(&app, &call, &terms, &friend, &event, touches, Source::Server).await?;
        }
        Op::Order(person, number) => {
            let gross = Money { minor: 1_000, currency };
            let numbers = Numbers::from([("orderId", number.to_string())]);
            let event = Event::Transaction(Transaction { numbers, gross, net: gross });
            let friend = friend(person);
            credit::credit(&app, &call, &terms, &friend, &event, touches, Source::Server).await?;
        }
        Op::Click(..) | Op::Pass(_) | Op::End | Op::Resume => {}
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "shown when a history fails")]
struct Fault {
    id: String,
}

#[derive(Deserialize)]
struct Bond {
    friend: String,
    referrer: String,
    source: Source,
}

/// Statements that find what must not be.
#[expect(clippy::too_many_lines, reason = "it is a list")]
fn faults(campaign: &str) -> Vec<(&'static str, sql::Statement)> {
    vec![
        (
            "credited counts the awarded referrals",
            sql!(
                "-- t
                 SELECT id FROM participant AS p WHERE campaign = ?1 AND credited <>
                   (SELECT count(*) FROM referral WHERE referrer = p.id AND outcome = 'AWARDED')",
                campaign,
            ),
        ),
        (
            "nobody refers themselves, and referrers are of the campaign",
            sql!(
                "-- t
                 SELECT friend AS id FROM referral AS r WHERE campaign = ?1
                    AND (referrer = friend OR referrer NOT IN
                          (SELECT id FROM participant WHERE campaign = ?1))",
                campaign,
            ),
        ),
        (
            "every bond and credit has its one decision",
            sql!(
                "-- t
                 SELECT friend || ' ' || kind AS id FROM (
                   SELECT friend, referrer, 'BOUND' AS kind FROM referral WHERE campaign = ?1
                   UNION ALL
                   SELECT friend, referrer, iif(outcome = 'AWARDED', 'CREDITED', 'EXPIRED')
                     FROM referral WHERE campaign = ?1 AND outcome <> 'PENDING') AS due
                  WHERE 1 <> (SELECT count(*) FROM decision AS d
                               WHERE d.participant = due.friend AND d.kind = due.kind
                                 AND d.facts->>'referrer' = due.referrer)",
                campaign,
            ),
        ),
        (
            "everybody who came has a decision on who referred them",
            sql!(
                "-- t
                 SELECT id FROM participant AS p WHERE campaign = ?1 AND NOT EXISTS
                   (SELECT 1 FROM decision WHERE participant = p.id
                                             AND kind IN ('BOUND', 'UNBOUND'))",
                campaign,
            ),
        ),
        (
            "what only a browser asserted is not approved",
            sql!(
                "-- t
                 SELECT w.id FROM reward AS w
                   JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
                  WHERE w.campaign = ?1 AND w.approved_at IS NOT NULL
                    AND (w.source = 'BROWSER' OR iif(w.needs IS NULL, r.source = 'BROWSER',
                          (SELECT count(*) FROM referral
                            WHERE referrer = w.referrer AND outcome = 'AWARDED'
                              AND source <> 'BROWSER') < w.needs))",
                campaign,
            ),
        ),
        (
            "no reward of a bond that the server contradicted is approved",
            sql!(
                "-- t
                 SELECT w.id FROM reward AS w
                   JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
                  WHERE w.campaign = ?1 AND w.needs IS NULL AND w.referrer <> r.referrer
                    AND (w.approved_at IS NOT NULL OR w.status <> 'CANCELLED')",
                campaign,
            ),
        ),
        (
            "what is vouched for does not wait, unless the owner approves each",
            sql!(
                "-- t
                 SELECT w.id FROM reward AS w
                   JOIN referral AS r ON r.campaign = w.campaign AND r.friend = w.friend
                   JOIN campaign AS c ON c.id = w.campaign
                  WHERE w.campaign = ?1 AND w.approved_at IS NULL AND w.status <> 'CANCELLED'
                    AND NOT c.options->>'requireManualRewardApproval'
                    AND iif(w.needs IS NULL, r.source <> 'BROWSER',
                          w.needs <= (SELECT count(*) FROM referral
                            WHERE referrer = w.referrer AND outcome = 'AWARDED'
                              AND source <> 'BROWSER'))",
                campaign,
            ),
        ),
        (
            "an awarded referral rewards both sides, others nobody",
            sql!(
                "-- t
                 SELECT friend AS id FROM referral AS r WHERE campaign = ?1
                    AND iif(outcome = 'AWARDED', 2, 0) <>
                      (SELECT count(*) FROM reward
                        WHERE friend = r.friend AND rule = 'crew_' || ?1 || '_both'
                          AND status <> 'CANCELLED')",
                campaign,
            ),
        ),
        (
            "rewards and rounds follow the counts, up to the limit",
            sql!(
                "-- t
                 SELECT p.id FROM participant AS p JOIN rule ON rule.campaign = p.campaign
                  WHERE p.campaign = ?1 AND rule.id = 'crew_' || ?1 || '_round'
                    AND iif(rule.conversions_required = 1 AND rule.total_limit IS NOT NULL,
                      min(rule.total_limit,
                          (SELECT count(*) FROM referral
                            WHERE referrer = p.id AND outcome = 'AWARDED'
                              AND source <> 'BROWSER')) <>
                      (SELECT count(*) FROM reward AS w
                        WHERE w.participant = p.id AND w.rule = rule.id AND w.side = 'REFERRER'
                          AND w.status <> 'CANCELLED' AND w.source <> 'BROWSER'),
                      min(p.credited / rule.conversions_required,
                          coalesce(rule.total_limit, 1000)) <>
                      (SELECT count(*) FROM reward AS w
                        WHERE w.participant = p.id AND w.rule = rule.id AND w.side = 'REFERRER'
                          AND w.status <> 'CANCELLED'))",
                campaign,
            ),
        ),
        (
            "an event happens to a friend once, and a number is one order's",
            sql!(
                "-- t
                 SELECT participant AS id FROM conversion
                  WHERE campaign = ?1 AND kind <> 'TRANSACTION' GROUP BY 1 HAVING 1 < count(*)
                 UNION ALL
                 SELECT c.id FROM conversion AS c WHERE campaign = ?1 AND 1 <>
                   (SELECT count(*) FROM conversion_number WHERE conversion = c.id)",
                campaign,
            ),
        ),
    ]
}

fn email(person: Person) -> Email {
    Email::parse(&format!("{person}@example.com")).unwrap()
}

fn draft(id: &str) -> Campaign {
    let campaign = serde_json::json!({
        "id": id, "name": "Shop", "status": "DRAFT", "currency": "EUR", "company_name": null,
        "company_logo_image_url": null, "started_at": null, "ended_at": null, "options": {},
        "installation": { "referralTrigger": "CUSTOM" },
        "keys": [{ "generation": 1 }],
    });
    serde_json::from_value(campaign).unwrap()
}

async fn run(bench: &Bench, id: String, history: &History) {
    bench.now.set(Timestamp(1_790_000_000_000));
    let mut world = World::start(bench, id, history).await;
    world.step(&[Op::Add(0)]).await;
    for step in &history.steps {
        world.step(step).await;
        world.check().await;
    }
}

#[test]
fn the_books_agree_after_every_step_of_any_history() {
    let times: u32 =
        std::env::var("PARRAIN_HISTORIES").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let config =
        ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200 * times) };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (bench, number) = (RefCell::new(runtime.block_on(Bench::new())), Cell::new(0_u32));
    TestRunner::new(config)
        .run(&history(), |history| {
            number.set(number.get() + 1);
            // Campaigns share a database, which stays small.
            if number.get().is_multiple_of(10) {
                bench.replace(runtime.block_on(Bench::new()));
            }
            let id = format!("h{}", number.get());
            runtime.block_on(run(&bench.borrow(), id, &history));
            Ok(())
        })
        .unwrap();
}
