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
    let campaign = &terms.campaign.id;
    let agreed = state == State::Agreed;
    let (kind, reason) = if agreed {
        (Kind::Accepted, Reason::AppealAgreed)
    } else {
        (Kind::Refused, Reason::AppealKept)
    };
    let mut plan = Plan::new(call, campaign);
    plan.add(appeals::answer(&appeal.decision, campaign, state, reply, call.now));
    plan.decide(&appeal.participant, kind, vec![reason], json!({ "decision": appeal.decision }));
    let (before, after) =
        (json!({ "state": State::Open.as_str() }), json!({ "state": state.as_str() }));
    plan.audit("APPEAL_ANSWERED", appeal.participant.as_str(), before, after);
    if !plan.commit(&app.db).await? {
        return Ok(false);
    }
    if agreed && appeal.kind == Kind::Held {
        let friend = Key::Code(appeal.participant.clone());
        match review::review(app, call, terms, &friend, Review::Accept).await {
            Ok(
                Reviewed::Accepted { .. }
                | Reviewed::NotHeld
                | Reviewed::NotReferred
                | Reviewed::Rejected,
            )
            | Err(Error::Missing) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
