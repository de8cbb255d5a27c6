//! What people ask to be looked at again. Their words, and those of the answer, go with them.

use serde::Deserialize;
use shared::{
    code::Code,
    decision::{Kind, Reason},
    time::Timestamp,
};

use super::participants::Place;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Where an appeal stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It waits for an answer.
    Open,
    /// The team is of the same mind.
    Agreed,
    /// It stays as it was decided.
    Kept,
}

impl State {
    /// The name in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Agreed => "AGREED",
            Self::Kept => "KEPT",
        }
    }
}

/// An appeal, and the decision that it is about.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Appeal {
    /// The decision's id.
    pub decision: String,
    /// Whose appeal.
    pub participant: Code,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// What they said.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// What they were answered.
    pub reply: String,
    /// What was decided.
    pub kind: Kind,
    /// Why.
    #[serde(deserialize_with = "sql::json")]
    pub reasons: Vec<Reason>,
    /// When.
    pub decided_at: Timestamp,
    /// Whether it is of the hold that stands, which ends where the team agrees.
    #[serde(deserialize_with = "sql::flag")]
    pub holds: bool,
}

/// Appeals of a participant.
pub async fn of(db: &Db, participant: &Code) -> Result<Vec<Appeal>, DbError> {
    db.all(sql!(
        "-- appeals::of
         SELECT a.decision, a.participant, NULL AS first_name, NULL AS email, a.text, a.at, a.state,
                a.reply, d.kind, d.reasons, d.at AS decided_at,
                d.kind = 'HELD' AND instr(d.reasons, 'AWAITS_CONFIRMATION') = 0
                  AND EXISTS (SELECT 1 FROM hold AS h
                               WHERE h.friend = a.participant AND h.review IS NULL
                                 AND h.at <= d.at) AS holds
           FROM appeal AS a
          CROSS JOIN decision AS d ON d.participant = a.participant AND d.id = a.decision
          WHERE a.participant = ?1",
        participant,
    ))
    .await
}

/// Adds an appeal against a decision about this participant, unless `most` of theirs wait; a second one
/// against a decision, and one of somebody who was forgotten, fails the batch.
pub fn insert(
    decision: &str,
    campaign: &str,
    participant: &Code,
    text: &str,
    most: u32,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- appeals::insert
         INSERT INTO appeal (decision, campaign, participant, text, at)
         SELECT ?1, ?2,
                (SELECT id FROM participant
                  WHERE id = ?3 AND campaign = ?2 AND erased_at IS NULL
                    AND (SELECT count(*) FROM appeal
                          WHERE participant = ?3 AND state = 'OPEN') < ?5),
                ?4, ?6",
        decision,
        campaign,
        participant,
        text,
        most,
        now,
    )
}

/// Appeals of a campaign that wait, the longest waiting first, after a place; of one decision, if it is
/// named.
pub async fn open(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    decision: Option<&str>,
    limit: u32,
) -> Result<Vec<Appeal>, DbError> {
    db.all(sql!(
        "-- appeals::open
         SELECT a.decision, a.participant, n.first_name, n.email, a.text, a.at, a.state, a.reply,
                d.kind, d.reasons, d.at AS decided_at,
                d.kind = 'HELD' AND instr(d.reasons, 'AWAITS_CONFIRMATION') = 0
                  AND EXISTS (SELECT 1 FROM hold AS h
                               WHERE h.friend = a.participant AND h.review IS NULL
                                 AND h.at <= d.at) AS holds
           FROM appeal AS a
          CROSS JOIN decision AS d ON d.participant = a.participant AND d.id = a.decision
           LEFT JOIN person AS n ON n.subject = a.participant
          WHERE a.campaign = ?1 AND a.state = 'OPEN' AND (a.at, a.decision) > (?2, ?3)
            AND (?4 IS NULL OR a.decision = ?4)
          ORDER BY a.at, a.decision LIMIT ?5",
        campaign,
        after.map_or(0, |it| it.created_at.0),
        after.map_or("", |it| &it.id),
        decision,
        limit,
    ))
    .await
}

/// Answers an appeal; fails the batch if it does not wait.
pub fn answer(
    decision: &str,
    campaign: &str,
    state: State,
    reply: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- appeals::answer
         INSERT INTO appeal (decision, campaign, participant, text, at, state, reply, answered_at)
         VALUES (?1, ?2,
                 (SELECT participant FROM appeal
                   WHERE decision = ?1 AND campaign = ?2 AND state = 'OPEN'),
                 '', ?5, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE
           SET state = excluded.state, reply = excluded.reply, answered_at = excluded.answered_at",
        decision,
        campaign,
        state.as_str(),
        reply,
        now,
    )
}

/// Forgets what somebody asked and was answered.
pub fn forget(participant: &Code) -> Statement {
    sql!("-- appeals::forget\n DELETE FROM appeal WHERE participant = ?1", participant)
}
