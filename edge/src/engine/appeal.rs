//! Asking for a decision to be looked at again, and the answer.

use serde_json::json;
use shared::{
    api::Review,
    code::Code,
    decision::{Kind, Reason, may_be_appealed},
};

use super::{
    plan::Plan,
    review::{self, Reviewed},
};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    error::Error,
    store::{
        appeals::{self, Appeal, State},
        decisions,
        participants::Key,
    },
};

/// The longest words of either side, in characters.
pub const LONGEST: usize = 500;

/// How many appeals of one person wait at a time.
pub const MOST: u32 = 5;

/// What came of asking.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asked {
    /// It is noted, or was before.
    Noted,
    /// The words are too long.
    TooLong,
    /// So many wait already.
    TooMany,
}

/// Notes that somebody asks for a decision about them to be looked at again, once (R-APPEAL-1).
pub async fn ask(
    app: &App,
    call: &Call,
    campaign: &str,
    participant: &Code,
    decision: &str,
    text: &str,
) -> Result<Asked, Error> {
    let found = decisions::one(&app.db, campaign, participant.as_str(), decision).await?;
    let found = found.filter(|it| may_be_appealed(it.kind, &it.reasons)).ok_or(Error::Missing)?;
    if LONGEST < text.chars().count() {
        return Ok(Asked::TooLong);
    }
    let mut plan = Plan::new(call, campaign);
    plan.add(appeals::insert(&found.id, campaign, participant, text, MOST, call.now));
    plan.audit("APPEAL_MADE", participant.as_str(), json!({}), json!({ "decision": found.id }));
    if plan.commit(&app.db).await? {
        return Ok(Asked::Noted);
    }
    let known = appeals::of(&app.db, participant).await?;
    let noted = known.iter().any(|it| it.decision == found.id);
    Ok(if noted { Asked::Noted } else { Asked::TooMany })
}

/// Answers an appeal; `false` if it was answered before. To agree about what is held ends the hold; what
/// else is to be put right, the team does.
pub async fn answer(
    app: &App,
    call: &Call,
    terms: &Terms,
    appeal: &Appeal,
    state: State,
    reply: &str,
) -> Result<bool, Error> {
    let campaign = terms.campaign.id.as_str();
    let agreed = state == State::Agreed;
    let (kind, reason) = if agreed {
        (Kind::Accepted, Reason::AppealAgreed)
    } else {
        (Kind::Refused, Reason::AppealKept)
    };
    let said = |plan: &mut Plan<'_>| {
        let (who, decision) = (&appeal.participant, &appeal.decision);
        plan.add(appeals::answer(decision, campaign, state, reply, call.now));
        plan.decide(who, kind, vec![reason], json!({ "decision": decision }));
        let (before, after) =
            (json!({ "state": State::Open.as_str() }), json!({ "state": state.as_str() }));
        plan.audit("APPEAL_ANSWERED", who.as_str(), before, after);
    };
    if agreed && appeal.kind == Kind::Held {
        let friend = Key::Code(appeal.participant.clone());
        match review::review_with(app, call, terms, &friend, Review::Accept, &said).await {
            Ok(Reviewed::Accepted { .. } | Reviewed::Rejected) => return Ok(true),
            // Nothing is held any more: what is left is the answer.
            Ok(Reviewed::NotHeld | Reviewed::NotReferred) | Err(Error::Missing) => {}
            Err(Error::Busy) if !waits(app, appeal).await? => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    let mut plan = Plan::new(call, campaign);
    said(&mut plan);
    plan.commit(&app.db).await
}

/// Whether an appeal waits for its answer.
async fn waits(app: &App, appeal: &Appeal) -> Result<bool, Error> {
    let known = appeals::of(&app.db, &appeal.participant).await?;
    Ok(known.iter().any(|it| it.decision == appeal.decision && it.state == State::Open))
}
