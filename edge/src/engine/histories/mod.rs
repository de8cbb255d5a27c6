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
    reward::{Kind, Limit, Period, Rule, Source},
    time::{Span, Timestamp},
};
use tokio::task::JoinSet;

mod faults;

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
        let rule = |kind: &str, every, limit: Option<u32>, sides| Rule {
            kind: sides,
            conversions_required: every,
            limit: limit.map(|most| Limit { most, per: Period::InTotal }),
            ..rules::tests::double(&format!("crew_{id}_{kind}"))
        };
        let mut batch = campaigns::insert(&campaign, None, bench.now.get());
        let both = rule("both", 1, None, Kind::DoubleSided);
        let round = rule("round", history.every, history.limit, Kind::SingleSided);
        batch.extend([both, round].iter().flat_map(|it| rules::insert(&id, it, bench.now.get())));
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
        for (name, statement) in faults::all(&self.campaign) {
            let rows: Vec<Fault> = self.bench.app.db.all(statement).await.unwrap();
            assert!(rows.is_empty(), "{name}: {rows:?}");
        }
        let bonds: Vec<Bond> = self
            .bench
            .app
            .db
            .all(sql!(
                "-- histories::check\n SELECT friend, referrer, source FROM referral WHERE campaign = ?1",
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
        by_hand: false,
        submission: shared::fraud::Submission::default(),
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
            let event = Event::Transaction(Transaction {
                numbers,
                gross,
                net: gross,
                products: Vec::new(),
                country: None,
            });
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

fn email(person: Person) -> Email {
    Email::parse(&format!("{person}@example.com")).unwrap()
}

fn draft(id: &str) -> Campaign {
    let campaign = serde_json::json!({
        "id": id, "name": "Shop", "status": "DRAFT", "currency": "EUR", "company_name": null,
        "company_logo_image_url": null, "started_at": null, "ended_at": null, "options": { "fraud": { "maxFriendsPerHour": null, "maxFriendsPerDay": null } },
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
