//! Messages: what is to be sent, and what came of it. No row holds an address.

use serde::Deserialize;
use shared::time::{Span, Timestamp};

use crate::{
    mail::Kind,
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A message that is to be sent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Queued {
    /// Its number.
    pub seq: i64,
    /// The campaign.
    pub campaign: String,
    /// What it is.
    pub kind: Kind,
    /// A participant's id or a member's.
    pub subject: String,
    /// What it tells of; for one that was asked for, the number of that call stands after a slash.
    pub occasion: String,
    /// The owner's words for this one message, as JSON; of a link to sign in, the page to which it leads.
    #[serde(default)]
    pub words: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A message that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// The campaign.
    pub campaign: &'a str,
    /// What it is.
    pub kind: Kind,
    /// A participant's id or a member's.
    pub subject: &'a str,
    /// What it tells of.
    pub occasion: &'a str,
    /// The owner's words for this one message, as JSON; of a link to sign in, the page to which it leads.
    pub words: Option<&'a str>,
}

/// How a message ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Nobody takes mail at that address, as the provider said then or later.
    Bounced,
    /// It was handed over, and called unwanted.
    Complained,
    /// It was tried as often as there is sense in.
    Failed,
    /// It waits.
    Queued,
    /// It was handed over.
    Sent,
    /// It was not to be sent; the reason says why.
    Suppressed,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Bounced => "BOUNCED",
            Self::Complained => "COMPLAINED",
            Self::Failed => "FAILED",
            Self::Queued => "QUEUED",
            Self::Sent => "SENT",
            Self::Suppressed => "SUPPRESSED",
        }
    }
}

/// Writes a message that is due at once, whatever the campaign sends by itself; once per occasion.
pub fn insert(new: &New<'_>, now: Timestamp) -> Statement {
    sql!(
        "-- messages::insert
         INSERT INTO message (campaign, kind, subject, occasion, words, due_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT DO NOTHING",
        new.campaign,
        new.kind.as_str(),
        new.subject,
        new.occasion,
        new.words,
        now,
    )
}

/// The same, if the campaign sends such messages by itself.
pub fn insert_automatic(new: &New<'_>, now: Timestamp) -> Statement {
    sql!(
        "-- messages::insert_automatic
         INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
         SELECT campaign, kind, ?3, ?4, ?5, ?5 FROM mail_kind WHERE campaign = ?1 AND kind = ?2
         ON CONFLICT DO NOTHING",
        new.campaign,
        new.kind.as_str(),
        new.subject,
        new.occasion,
        now,
    )
}

/// Messages that are due, the longest waiting first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Queued>, DbError> {
    db.all(sql!(
        "-- messages::due
         SELECT seq, campaign, kind, subject, occasion, words, attempts, created_at FROM message
          WHERE state = 'QUEUED' AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2",
        now,
        most,
    ))
    .await
}

/// A message that waits.
pub async fn find(db: &Db, new: &New<'_>) -> Result<Option<Queued>, DbError> {
    let rows = db
        .all(sql!(
            "-- messages::find
             SELECT seq, campaign, kind, subject, occasion, words, attempts, created_at
               FROM message
              WHERE subject = ?1 AND kind = ?2 AND occasion = ?3 AND state = 'QUEUED'",
            new.subject,
            new.kind.as_str(),
            new.occasion,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// Takes a message for one attempt: nobody else tries it before `until`. Fails the batch if somebody
/// else took it.
pub fn claim(message: &Queued, until: Timestamp) -> Statement {
    sql!(
        "-- messages::claim
         UPDATE message
            SET due_at = ?3, attempts = iif(state = 'QUEUED' AND attempts = ?2, attempts + 1, NULL)
          WHERE seq = ?1",
        message.seq,
        message.attempts,
        until,
    )
}

/// What came of a message; the owner's words for it are forgotten.
pub fn settle(
    seq: i64,
    state: State,
    reason: Option<&str>,
    lang: Option<&str>,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- messages::settle
         UPDATE message SET state = ?2, reason = ?3, lang = ?4, settled_at = ?5, words = NULL
          WHERE seq = ?1 AND state = 'QUEUED'",
        seq,
        state.as_str(),
        reason,
        lang,
        now,
    )
}

/// What a provider told later of a message that was sent; `told`: under which hash and number it is
/// noted that it did, so that the same is told once; of one without a number nobody knows. Comes before that
/// note.
pub fn returned(seq: i64, state: State, told: &Told<'_>) -> Statement {
    sql!(
        "-- messages::returned
         UPDATE message SET state = ?2
          WHERE seq = ?1 AND state = 'SENT'
            AND (?5 = '' OR NOT EXISTS
                 (SELECT 1 FROM mail_return
                   WHERE campaign = ?3 AND hash = ?4 AND number = ?5 AND fate = ?6))",
        seq,
        state.as_str(),
        told.campaign,
        told.hash,
        told.number,
        told.fate,
    )
}

/// Takes a message back that came too early: it is written again when its time comes.
pub fn withdraw(seq: i64) -> Statement {
    sql!("-- messages::withdraw\n DELETE FROM message WHERE seq = ?1 AND state = 'QUEUED'", seq)
}

/// What a provider told of a message.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The campaign of the message.
    pub campaign: &'a str,
    /// The keyed hash of the address in that campaign.
    pub hash: &'a str,
    /// The provider's own number of the message.
    pub number: &'a str,
    /// What became of it.
    pub fate: &'a str,
}

/// A message as the console lists it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Listed {
    /// Its number.
    pub seq: i64,
    /// What it is.
    pub kind: Kind,
    /// Whom it goes to.
    pub subject: String,
    /// What they are called, if they are known.
    #[serde(default)]
    pub email: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why it was not sent.
    #[serde(default)]
    pub reason: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was settled.
    #[serde(default)]
    pub settled_at: Option<Timestamp>,
}

/// A campaign's messages, newest first, before a number.
pub async fn page(
    db: &Db,
    campaign: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Listed>, DbError> {
    db.all(sql!(
        "-- messages::page
         SELECT m.seq, m.kind, m.subject, p.email, m.state, m.reason, m.created_at, m.settled_at
           FROM message AS m LEFT JOIN person AS p ON p.subject = m.subject
          WHERE m.campaign = ?1 AND m.seq < ?2 ORDER BY m.seq DESC LIMIT ?3",
        campaign,
        before.unwrap_or(shared::money::LARGEST),
        limit,
    ))
    .await
}

/// What was written to one person, newest first, at most 100.
pub async fn of(db: &Db, subject: &str) -> Result<Vec<Listed>, DbError> {
    db.all(sql!(
        "-- messages::of
         SELECT seq, kind, subject, NULL AS email, state, reason, created_at, settled_at
           FROM message WHERE subject = ?1 ORDER BY seq DESC LIMIT 100",
        subject,
    ))
    .await
}

/// A message that went out.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Sent {
    /// Its number.
    pub seq: i64,
    /// What it is.
    pub kind: Kind,
    /// When it went out.
    pub settled_at: Timestamp,
}

/// What one person was sent, newest first, before a number.
pub async fn sent(
    db: &Db,
    subject: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Sent>, DbError> {
    db.all(sql!(
        "-- messages::sent
         SELECT seq, kind, settled_at FROM message
          WHERE subject = ?1 AND state IN ('SENT', 'COMPLAINED') AND seq < ?2
          ORDER BY seq DESC LIMIT ?3",
        subject,
        before.unwrap_or(shared::money::LARGEST),
        limit,
    ))
    .await
}

/// Forgets messages that were settled more than 400 days ago; at most 2,000 a time.
pub fn forget(now: Timestamp) -> Statement {
    sql!(
        "-- messages::forget
         DELETE FROM message WHERE seq IN
           (SELECT seq FROM message WHERE settled_at IS NOT NULL AND settled_at < ?1
             ORDER BY settled_at LIMIT 2000)",
        now - Span::days(400),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: New<'_> = New {
        campaign: "shop",
        kind: Kind::GoalAchieved,
        subject: "ada",
        occasion: "prew_1",
        words: None,
    };

    async fn only(db: &Db, now: i64) -> Option<Queued> {
        let mut found = due(db, Timestamp(now), 9).await.unwrap();
        assert!(found.len() < 2);
        found.pop()
    }

    #[tokio::test]
    async fn r_mail_1_a_message_is_written_once_per_occasion_and_taken_by_one() {
        let db = Db::in_memory().unwrap();
        db.batch(vec![insert(&ADA, Timestamp(5)), insert(&ADA, Timestamp(6))]).await.unwrap();
        assert_eq!(only(&db, 4).await, None);
        let found = only(&db, 5).await.unwrap();
        assert_eq!(find(&db, &ADA).await.unwrap().as_ref(), Some(&found));
        db.batch(vec![claim(&found, Timestamp(9))]).await.unwrap();
        let again = db.batch(vec![claim(&found, Timestamp(9))]).await;
        assert_eq!(again, Err(DbError::Constraint));
        assert_eq!(only(&db, 8).await, None);
        let found = only(&db, 9).await.unwrap();
        assert_eq!(found.attempts, 1);
        let sent = settle(found.seq, State::Sent, None, Some("fr"), Timestamp(9));
        db.batch(vec![sent, insert(&ADA, Timestamp(9))]).await.unwrap();
        assert_eq!(only(&db, 99).await, None);
        let late = db.batch(vec![claim(&found, Timestamp(10))]).await;
        assert_eq!(late, Err(DbError::Constraint));
        let listed = page(&db, "shop", None, 9).await.unwrap();
        assert_eq!((listed.len(), listed[0].state), (1, State::Sent));
        assert_eq!(of(&db, "ada").await.unwrap(), listed);
        assert!(page(&db, "other", None, 9).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn r_mail_3_what_a_campaign_does_not_send_is_not_written() {
        let db = Db::in_memory().unwrap();
        db.batch(vec![insert_automatic(&ADA, Timestamp(5))]).await.unwrap();
        assert_eq!(only(&db, 5).await, None);
        let on = sql!("-- t\n INSERT INTO mail_kind VALUES ('shop', 'goalAchieved')");
        db.batch(vec![on, insert_automatic(&ADA, Timestamp(5))]).await.unwrap();
        assert!(only(&db, 5).await.is_some());
    }

    #[tokio::test]
    async fn messages_are_forgotten_after_400_days_unless_they_wait() {
        let db = Db::in_memory().unwrap();
        let other = New { occasion: "prew_2", ..ADA };
        db.batch(vec![
            insert(&ADA, Timestamp(1)),
            insert(&other, Timestamp(1)),
            settle(1, State::Failed, None, None, Timestamp(1)),
        ])
        .await
        .unwrap();
        let after = |days| forget(Timestamp(1) + Span::days(days));
        db.batch(vec![after(400)]).await.unwrap();
        assert_eq!(of(&db, "ada").await.unwrap().len(), 2);
        db.batch(vec![after(401)]).await.unwrap();
        assert_eq!(of(&db, "ada").await.unwrap().len(), 1);
    }
}
