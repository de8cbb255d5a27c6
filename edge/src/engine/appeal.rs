//! Asking for a decision to be looked at again, and the answer.

use serde_json::json;
use shared::{
    api::Review,
    code::Code,
    decision::{Kind, Reason, may_be_appealed},
};

use super::{
    plan::{Plan, Turns},
    review::{self, Reviewed, Said},
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
    if plan.commit(&app.db).await? {
        return Ok(Asked::Noted);
    }
    let known = appeals::of(&app.db, participant).await?;
    let noted = known.iter().any(|it| it.decision == found.id);
    Ok(if noted { Asked::Noted } else { Asked::TooMany })
}

/// What the team says to an appeal.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// Whether they are of the same mind.
    pub state: State,
    /// In words, if they like.
    pub reply: &'a str,
}

/// Answers an appeal; `false` if it was answered otherwise before. To agree about what is held ends the
/// hold; what else is to be put right, the team does.
pub async fn answer(
    app: &App,
    call: &Call,
    terms: &Terms,
    appeal: &Appeal,
    answer: Answer<'_>,
) -> Result<bool, Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        if turns.again()
            && let Some(is_this) = given(app, appeal, answer).await?
        {
            return Ok(is_this);
        }
        match attempt(app, call, terms, appeal, answer, turns.again()).await {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) if turns.forgive(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Busy)
}

/// Whether this is the answer that was given; `None`: none was.
async fn given(app: &App, appeal: &Appeal, answer: Answer<'_>) -> Result<Option<bool>, Error> {
    let known = appeals::of(&app.db, &appeal.participant).await?;
    let Some(known) = known.iter().find(|it| it.decision == appeal.decision) else {
        return Ok(Some(false));
    };
    let is_this = known.state == answer.state && known.reply == answer.reply;
    Ok((known.state != State::Open).then_some(is_this))
}

/// One attempt; `false` if something else was first.
async fn attempt(
    app: &App,
    call: &Call,
    terms: &Terms,
    appeal: &Appeal,
    Answer { state, reply }: Answer<'_>,
    again: bool,
) -> Result<bool, Error> {
    let campaign = &terms.campaign;
    let agreed = state == State::Agreed;
    let (kind, reason) = if agreed {
        (Kind::Accepted, Reason::AppealAgreed)
    } else {
        (Kind::Refused, Reason::AppealKept)
    };
    let said = |plan: &mut Plan<'_>| {
        let (who, decision) = (&appeal.participant, &appeal.decision);
        plan.add(appeals::answer(decision, &campaign.id, state, reply, call.now));
        plan.decide(who, kind, vec![reason], json!({ "decision": decision }));
        let (before, after) =
            (json!({ "state": State::Open.as_str() }), json!({ "state": state.as_str() }));
        plan.audit("APPEAL_ANSWERED", who.as_str(), before, after);
    };
    if agreed && appeal.holds {
        let friend = Key::Code(appeal.participant.clone());
        let accepted = Said { review: Review::Accept, also: &said, again };
        match review::attempt(app, call, campaign, &friend, &accepted).await {
            Ok(Some(Reviewed::Accepted { .. } | Reviewed::Rejected)) => return Ok(true),
            Ok(None) => return Ok(false),
            // Nothing is held any more: what is left is the answer.
            Ok(Some(Reviewed::NotHeld | Reviewed::NotReferred)) | Err(Error::Missing) => {}
            Err(error) => return Err(error),
        }
    }
    let mut plan = Plan::new(call, &campaign.id);
    said(&mut plan);
    plan.commit(&app.db).await
}
