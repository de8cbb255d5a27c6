//! Rewards that rest on a browser's word alone, and whose owner said how long that has to stand: from
//! then on it is as good as the owner's own, and uses up limits and budget.

use serde_json::json;
use shared::{
    decision::{Kind, Reason},
    reward::{Approval, Confirmation, Count, Picked, Settled, Source, Tally},
};

use super::super::{
    award,
    plan::{Plan, Turns},
    terms,
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::name,
    store::{referrers, waits, waits::Doubted},
};

/// What is vouched for by the owner's own terms: every round is.
const ALL: Tally =
    Tally { leads: u32::MAX, vouched_leads: u32::MAX, credited: u32::MAX, vouched: u32::MAX };

/// Approves a reward, or cancels it where nothing is left for it.
pub(super) async fn settle(app: &App, call: &Call, doubted: &Doubted) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        match attempt(app, call, doubted).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
        let still = waits::doubted(&app.db, call.now, super::Kind::Doubts.bite()).await?;
        if !still.contains(doubted) {
            return Ok(());
        }
    }
    Err(Error::Busy)
}

/// One attempt; `false` if something else was first.
async fn attempt(app: &App, call: &Call, it: &Doubted) -> Result<bool, Error> {
    // Facts.
    let (terms, _) = terms::read(app, &it.campaign).await?;
    let campaign = &terms.campaign;
    let month = campaign.options.time_zone.month(call.now);
    let referrer = referrers::bound(&app.db, &campaign.id, &it.referrer, month, true).await?;
    let referrer = referrer.ok_or(Error::Missing)?;

    // Decision.
    let waiting = &it.waiting;
    let confirmation = Confirmation {
        options: &campaign.options,
        given: &referrer.given,
        total: ALL,
        monthly: (waiting.month.unwrap_or(month), ALL),
        picked: &[Picked {
            rule: waiting.rule.clone(),
            event: waiting.event,
            month: waiting.month,
            count: Count { all: u32::MAX, vouched: u32::MAX },
        }],
        source: Source::Server,
        now: call.now,
    };

    // Consequences.
    let mut plan = Plan::new(call, &campaign.id);
    plan.count(&referrer, true);
    let mut budget = referrer.budget;
    let settled =
        award::confirm(&mut plan, call, [waiting].into_iter(), &confirmation, &mut budget);
    for (id, outcome) in settled {
        let (kind, reason) = match outcome {
            Settled::Cancelled(reason) => (Kind::Cancelled, reason),
            Settled::Stands(Approval::Now { .. }) => (Kind::Approved, Reason::ApprovedByTime),
            // The owner asks for more than when it was earned.
            Settled::Stands(Approval::At(_)) => (Kind::Confirmed, Reason::AwaitsHold),
            Settled::Stands(Approval::ByHand) => (Kind::Confirmed, Reason::AwaitsApproval),
        };
        let facts = json!({
            "reward": id, "rule": waiting.rule, "version": it.version, "side": name(&waiting.side),
            "dueAt": it.approve_at,
        });
        plan.decide_of(&it.participant, kind, reason, &id, facts);
    }
    plan.commit(&app.db).await
}
