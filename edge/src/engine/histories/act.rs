//! What one caller does, and what may be answered.

use std::{collections::BTreeMap, future::Future, pin::pin, task::Poll};

use shared::{attribution::Touches, fraud::Submission, money::Money, reward::Source, time::Span};

use super::{
    ops::{After, Form, Op, Person},
    world::{Task, email},
};
use crate::{
    app::App,
    bench::Answer,
    call::Call,
    click::cache::Terms,
    engine::{
        credit::{self, Event, Transaction},
        enrol::{self, Brought, Newcomer},
        jobs,
        leads::{self, Lead},
    },
    error::Error,
    store::{conversions::Numbers, leads::Person as Told, participants::Key},
};

/// A lead whose process died after the commit.
pub(super) const LEFT: After = After::Left;

/// Does a task until it has waited so many times: then its host dies.
pub(super) async fn killed(task: Task, waits: u8) {
    let (mut task, mut left) = (pin!(task), waits);
    std::future::poll_fn(|context| {
        if task.as_mut().poll(context).is_ready() || left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        Poll::Pending
    })
    .await;
}

/// What the owner's back end may be answered: that it is done, that nobody and nothing is there, or
/// that its state forbids it; never that the service failed.
pub(super) fn check(op: &Op, answer: &Answer) {
    let param = answer.body["errors"][0]["param"].as_str().unwrap_or_default();
    let fits = match answer.status.as_u16() {
        200 | 404 => true,
        406 => matches!(op, Op::Hand(..)),
        409 => matches!(op, Op::Refund(..) | Op::Rule(..) | Op::End | Op::EndIn(_) | Op::Resume),
        400 => match op {
            Op::Refund(..) => param == "participantIdOrEmail",
            Op::Hand(..) => ["charity", "address"].contains(&param),
            // Somebody has more already, or its kind has none.
            Op::Rule(..) => ["limit", "limitDuration", "holdDays"].contains(&param),
            // A campaign whose end is past is not resumed.
            Op::End | Op::Resume => ["status", "endsAt"].contains(&param),
            _ => false,
        },
        _ => false,
    };
    assert!(fits, "{op:?} was answered {} {}", answer.status, answer.body);
}

/// Tells the engine of a sign-up, an event or an order.
pub(super) async fn tell(app: App, call: Call, terms: Terms, op: Op, touches: Option<Touches>) {
    match told(&app, &call, &terms, &op, touches).await {
        // Nobody was added under that address yet.
        Ok(()) | Err(Error::Missing) => {}
        Err(error) => panic!("{op:?}: {error:?}"),
    }
}

async fn told(
    app: &App,
    call: &Call,
    terms: &Terms,
    op: &Op,
    touches: Option<Touches>,
) -> Result<(), Error> {
    let brought = touches.clone().map_or(Brought::Nothing, Brought::Touches);
    let friend = |person: Person| Key::Identity(email(person).identity());
    let server = Source::Server;
    match *op {
        Op::Lead(person, form, after) => lead(app, call, terms, person, form, after, touches).await,
        Op::Script(person, _) => {
            lead(app, call, terms, person, Form::Plain, After::Done, touches).await
        }
        Op::Add(person) => {
            enrol::enrol(app, call, terms, &newcomer(person, brought, None)).await?;
            Ok(())
        }
        Op::Named(person, referrer) => {
            let newcomer = newcomer(person, Brought::Nothing, Some(referrer));
            enrol::enrol(app, call, terms, &newcomer).await?;
            Ok(())
        }
        Op::Trigger(person) => {
            let (friend, event) = (friend(person), Event::Qualifying);
            credit::credit(app, call, terms, &friend, &event, touches, server).await?;
            Ok(())
        }
        Op::Order(person, number, gross) => {
            let gross = Money { minor: gross, currency: terms.campaign.currency };
            let event = Event::Transaction(Transaction {
                numbers: Numbers::from([("orderId", number.to_string())]),
                gross,
                net: gross,
                products: Vec::new(),
                country: None,
            });
            credit::credit(app, call, terms, &friend(person), &event, touches, server).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Somebody whom the back end adds.
fn newcomer(person: Person, brought: Brought, referrer: Option<Person>) -> Newcomer {
    Newcomer {
        first_name: Some("Zebedee".into()),
        metadata: BTreeMap::from([("town".into(), "Tinytown".into())]),
        brought,
        typed: referrer.map(|it| email(it).as_str().into()),
        ..Newcomer::new(email(person), Source::Server)
    }
}

/// A form that a browser reports: kept with its job, which is done right after.
async fn lead(
    app: &App,
    call: &Call,
    terms: &Terms,
    person: Person,
    form: Form,
    after: After,
    touches: Option<Touches>,
) -> Result<(), Error> {
    let elapsed = if form == Form::RobotSpeed { Span(2_999) } else { Span::seconds(3) };
    let lead = Lead {
        person: Told {
            email: email(person),
            first_name: Some("Zebedee".into()),
            last_name: Some("Tinytown".into()),
        },
        touches,
        refused: None,
        typed: None,
        submission: Submission { honeypot: form == Form::Honeypot, elapsed: Some(elapsed) },
        signed_in: None,
        joins: None,
    };
    let (job, batch) = leads::keep(call, &terms.campaign.id, &lead);
    app.db.batch(batch).await?;
    match after {
        After::Left => {}
        After::Done => jobs::run_one(app, call, &job).await,
        After::DoneTwice => {
            tokio::join!(jobs::run_one(app, call, &job), jobs::run_one(app, call, &job));
        }
    }
    Ok(())
}
