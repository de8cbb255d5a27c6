//! The consequences of one call: statements and decisions that become one batch.

use std::task::Poll;

use serde_json::Value;
use shared::{
    code::Code,
    decision::{Kind, Reason},
};

use crate::{
    call::Call,
    error::Error,
    mail,
    platform::Db,
    sql::{DbError, Statement},
    store::{
        audit,
        decisions::{self, Decision},
        messages,
        referrers::{self, Referrer},
    },
};

/// How often a call is begun when something else was first: of calls at once on one referrer's
/// counts, one comes through in each round.
const TURNS: u32 = 25;

/// The attempts of one call.
#[derive(Debug, Default)]
pub(super) struct Turns {
    begun: u32,
    failed: bool,
}

impl Turns {
    /// Whether there is another one; from the second on, others go first.
    pub(super) async fn next(&mut self) -> bool {
        if 0 < self.begun {
            others_first().await;
        }
        self.begun += 1;
        self.begun <= TURNS
    }

    /// Whether this is not the first attempt: something that was read does not hold any more, or a
    /// key is taken for good.
    pub(super) const fn again(&self) -> bool {
        1 < self.begun
    }

    /// Whether a failure is worth another attempt: the first that passes is, because what reports
    /// failure may be written, and reading again finds it.
    pub(super) fn forgive(&mut self, error: &Error) -> bool {
        matches!(error, Error::Busy) && !std::mem::replace(&mut self.failed, true)
    }
}

/// Lets go of the thread once.
async fn others_first() {
    let mut gone = false;
    std::future::poll_fn(|context| {
        if gone {
            return Poll::Ready(());
        }
        gone = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A reward on whose state, once all else of a batch is written, a decision depends.
struct Outcome {
    reward: String,
    /// Nothing is said unless the reward is given.
    only_given: bool,
}

/// What is to be written, gathered while the call is decided.
pub(super) struct Plan<'a> {
    call: &'a Call,
    campaign: &'a str,
    statements: Vec<Statement>,
    decisions: Vec<(Decision, Option<Outcome>)>,
    deeds: Vec<Deed>,
    counted: Vec<Code>,
}

/// What the audit log is told.
struct Deed {
    act: &'static str,
    subject: String,
    before: Value,
    after: Value,
}

impl<'a> Plan<'a> {
    pub(super) fn new(call: &'a Call, campaign: &'a str) -> Self {
        let (statements, decisions, deeds, counted) = Default::default();
        Self { call, campaign, statements, decisions, deeds, counted }
    }

    /// What is counted of a referrer changes; `strictly`, the batch fails if it did since it was
    /// read. Once in a batch: the counts are those before it.
    pub(super) fn count(&mut self, referrer: &Referrer, strictly: bool) {
        let id = &referrer.standing.participant;
        if self.counted.contains(id) {
            return;
        }
        self.counted.push(id.clone());
        self.add(if strictly {
            referrers::touch_at(id, referrer.revision)
        } else {
            referrers::touch(id)
        });
    }

    /// The campaign.
    pub(super) const fn campaign(&self) -> &'a str {
        self.campaign
    }

    /// When the call was made.
    pub(super) fn now(&self) -> shared::time::Timestamp {
        self.call.now
    }

    /// Adds a write.
    pub(super) fn add(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// Adds a message, if the campaign sends such messages by itself: once per occasion.
    pub(super) fn tell(&mut self, kind: mail::Kind, subject: &Code, occasion: &str) {
        let (campaign, subject) = (self.campaign, subject.as_str());
        let new = messages::New { campaign, kind, subject, occasion, words: None };
        self.add(messages::insert_automatic(&new, self.call.now));
    }

    /// Adds several writes.
    pub(super) fn extend(&mut self, statements: impl IntoIterator<Item = Statement>) {
        self.statements.extend(statements);
    }

    /// Writes down in the audit log what a member or the holder of a key did.
    pub(super) fn audit(&mut self, act: &'static str, subject: &str, before: Value, after: Value) {
        self.deeds.push(Deed { act, subject: subject.into(), before, after });
    }

    /// Adds a decision.
    pub(super) fn decide(&mut self, about: &Code, kind: Kind, reasons: Vec<Reason>, facts: Value) {
        self.decisions.push((self.decision(about, kind, reasons, facts), None));
    }

    /// Adds the decision that a reward was given, which stands only if the schema let it be.
    pub(super) fn decide_given(
        &mut self,
        about: &Code,
        reason: Reason,
        reward: &str,
        facts: Value,
    ) {
        let outcome = Outcome { reward: reward.into(), only_given: true };
        let decision = self.decision(about, Kind::Fulfilled, vec![reason], facts);
        self.decisions.push((decision, Some(outcome)));
    }

    /// Adds a decision about a reward; its facts say as `fulfilled` whether it is given then.
    pub(super) fn decide_of(
        &mut self,
        about: &Code,
        kind: Kind,
        reason: Reason,
        reward: &str,
        facts: Value,
    ) {
        let outcome = Outcome { reward: reward.into(), only_given: false };
        self.decisions.push((self.decision(about, kind, vec![reason], facts), Some(outcome)));
    }

    fn decision(&self, about: &Code, kind: Kind, reasons: Vec<Reason>, facts: Value) -> Decision {
        let (id, participant, at) = (String::new(), about.to_string(), self.call.now);
        Decision { id, participant, kind, reasons, facts, at }
    }

    /// Writes all of it or nothing: `false` if something else was first, and reading again tells
    /// what. A plan without content writes nothing.
    pub(super) async fn commit(self, db: &Db) -> Result<bool, Error> {
        let Self { call, campaign, mut statements, mut decisions, deeds, .. } = self;
        // Sorted, so that decisions of one call are read in the order in which they were taken.
        let mut ids: Vec<String> = decisions.iter().map(|_| call.id()).collect();
        ids.sort_unstable();
        for ((decision, _), id) in decisions.iter_mut().zip(ids) {
            decision.id = id;
        }
        statements.extend(decisions.iter().map(|(it, outcome)| match outcome {
            None => decisions::insert(campaign, it),
            Some(of) => decisions::insert_of(campaign, it, &of.reward, of.only_given),
        }));
        if statements.is_empty() {
            return Ok(true);
        }
        // What changes nothing is no deed.
        let deeds = deeds.iter().filter_map(|it| {
            audit::deed(call, it.act, Some(campaign), &it.subject, &it.before, &it.after)
        });
        statements.extend(deeds);
        match db.batch(statements).await {
            Ok(()) => Ok(true),
            Err(DbError::Constraint) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r_repeat_8_one_failure_that_passes_is_forgiven() {
        let mut turns = Turns::default();
        assert!(turns.next().await);
        assert!(!turns.forgive(&Error::Internal("no".into())));
        assert!(turns.forgive(&Error::Busy));
        assert!(turns.next().await);
        assert!(!turns.forgive(&Error::Busy));
        for _ in 2..TURNS {
            assert!(turns.next().await);
        }
        assert!(!turns.next().await);
    }
}
