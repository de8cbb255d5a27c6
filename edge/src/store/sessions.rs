//! One-time links and sessions, of members and of participants; only hashes are kept.

use serde::Deserialize;
use shared::{
    team::Role,
    time::{Span, Timestamp},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// How long a member stays signed in.
pub const MEMBERS_LIFE: Span = Span::hours(12);

/// How long a participant stays signed in.
pub const PARTICIPANTS_LIFE: Span = Span::days(30);

/// Whose link or session it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A member of the team, at the console.
    Member,
    /// A participant, on the hosted page and in the widget.
    Participant,
}

/// What a passkey signs, kept like a link: by whom, for what.
pub const CHALLENGE: &str = "PASSKEY";

/// What a new passkey signs: of a member who is signed in.
pub const NEW_CHALLENGE: &str = "NEW_PASSKEY";

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Member => "MEMBER",
            Self::Participant => "PARTICIPANT",
        }
    }

    /// How long a session of this kind stays open.
    #[must_use]
    pub const fn life(self) -> Span {
        match self {
            Self::Member => MEMBERS_LIFE,
            Self::Participant => PARTICIPANTS_LIFE,
        }
    }
}

/// Adds a one-time link.
pub fn insert_link(hash: &str, kind: Kind, subject: &str, now: Timestamp, life: Span) -> Statement {
    sql!(
        "-- sessions::insert_link
         INSERT INTO entry_link (hash, kind, subject, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        hash,
        kind.name(),
        subject,
        now,
        now + life,
    )
}

/// Adds a passkey's challenge.
pub fn insert_challenge(
    hash: &str,
    kind: &str,
    member: &str,
    now: Timestamp,
    life: Span,
) -> Statement {
    sql!(
        "-- sessions::insert_challenge
         INSERT INTO entry_link (hash, kind, subject, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        hash,
        kind,
        member,
        now,
        now + life,
    )
}

/// Uses a link and opens a session, or fails the batch: the link is unknown, used, too old, or of
/// another kind. Its last instant counts.
#[must_use]
pub fn enter(link: &str, kind: Kind, session: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- sessions::enter
             INSERT INTO session (hash, kind, subject, created_at, expires_at)
             VALUES (?1, ?2,
                     (SELECT subject FROM entry_link
                       WHERE hash = ?3 AND kind = ?2 AND used_at IS NULL AND ?4 <= expires_at),
                     ?4, ?5)",
            session,
            kind.name(),
            link,
            now,
            now + kind.life(),
        ),
        used(link, now),
        sql!(
            "-- sessions::enter/joined
             UPDATE member SET joined_at = ?2
              WHERE joined_at IS NULL AND id = (SELECT subject FROM session WHERE hash = ?1)",
            session,
            now,
        ),
    ]
}

/// A link or a challenge has had its one use.
pub fn used(hash: &str, now: Timestamp) -> Statement {
    sql!("-- sessions::used\n UPDATE entry_link SET used_at = ?2 WHERE hash = ?1", hash, now)
}

/// A member whose session is open.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Open {
    /// The member's id.
    pub id: String,
    /// What they may do.
    pub role: Role,
}

/// The member of a session that is open; its last instant counts.
pub async fn member(db: &Db, session: &str, now: Timestamp) -> Result<Option<Open>, DbError> {
    let rows = db
        .all(sql!(
            "-- sessions::member
             SELECT member.id, member.role FROM session JOIN member ON member.id = session.subject
              WHERE session.hash = ?1 AND session.kind = 'MEMBER' AND ?2 <= session.expires_at
                AND member.removed_at IS NULL",
            session,
            now,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// A participant whose session is open.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Guest {
    /// The participant's id.
    pub id: String,
    /// The campaign that they take part in.
    pub campaign: String,
}

/// The participant of a session that is open; its last instant counts.
pub async fn participant(db: &Db, session: &str, now: Timestamp) -> Result<Option<Guest>, DbError> {
    let rows = db
        .all(sql!(
            "-- sessions::participant
             SELECT participant.id, participant.campaign
               FROM session JOIN participant ON participant.id = session.subject
              WHERE session.hash = ?1 AND session.kind = 'PARTICIPANT'
                AND ?2 <= session.expires_at AND participant.erased_at IS NULL",
            session,
            now,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// A session that is open, as its owner sees it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Listed {
    /// What it is called by: the beginning of its hash.
    pub id: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// The characters of a hash by which a session is called.
pub const CALLED: usize = 16;

/// The open sessions of a member, newest first; the last fifty.
pub async fn of(db: &Db, member: &str, now: Timestamp) -> Result<Vec<Listed>, DbError> {
    db.all(sql!(
        "-- sessions::of
         SELECT substr(hash, 1, 16) AS id, created_at, expires_at FROM session
          WHERE subject = ?1 AND kind = 'MEMBER' AND ?2 <= expires_at
          ORDER BY created_at DESC, id LIMIT 50",
        member,
        now,
    ))
    .await
}

/// How many sessions of a participant are open.
pub async fn of_participant(db: &Db, id: &str, now: Timestamp) -> Result<u64, DbError> {
    #[derive(Deserialize)]
    struct Row {
        n: u64,
    }
    let rows: Vec<Row> = db
        .all(sql!(
            "-- sessions::of_participant
             SELECT count(*) AS n FROM session
              WHERE subject = ?1 AND kind = 'PARTICIPANT' AND ?2 <= expires_at",
            id,
            now,
        ))
        .await?;
    Ok(rows.first().map_or(0, |it| it.n))
}

/// Opens a session of a participant whom their site vouches for.
pub fn open(hash: &str, participant: &str, now: Timestamp, life: Span) -> Statement {
    sql!(
        "-- sessions::open
         INSERT INTO session (hash, kind, subject, created_at, expires_at)
         VALUES (?1, 'PARTICIPANT', ?2, ?3, ?4)",
        hash,
        participant,
        now,
        now + life,
    )
}

/// Ends one session of a member.
pub fn end_of(member: &str, id: &str) -> Statement {
    sql!(
        "-- sessions::end_of
         DELETE FROM session
          WHERE subject = ?1 AND kind = 'MEMBER' AND substr(hash, 1, 16) = ?2",
        member,
        id,
    )
}

/// Ends one session.
pub fn end(session: &str) -> Statement {
    sql!("-- sessions::end\n DELETE FROM session WHERE hash = ?1", session)
}

/// Ends all sessions of somebody, and the links that wait for them.
#[must_use]
pub fn revoke(subject: &str) -> Vec<Statement> {
    vec![
        sql!("-- sessions::revoke\n DELETE FROM session WHERE subject = ?1", subject),
        sql!("-- sessions::revoke/links\n DELETE FROM entry_link WHERE subject = ?1", subject),
    ]
}

/// Forgets sessions and links that are of no use for a week; at most 1,000 of each a time.
#[must_use]
pub fn forget(now: Timestamp) -> Vec<Statement> {
    let week = now - Span::days(7);
    vec![
        sql!(
            "-- sessions::forget
             DELETE FROM session WHERE hash IN
               (SELECT hash FROM session WHERE expires_at < ?1 LIMIT 1000)",
            week,
        ),
        sql!(
            "-- sessions::forget/links
             DELETE FROM entry_link WHERE hash IN
               (SELECT hash FROM entry_link WHERE expires_at < ?1 LIMIT 1000)",
            week,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::members::OWNER;

    const DAY: Span = Span::hours(24);

    #[tokio::test]
    async fn r_owner_1_a_link_opens_one_session_within_its_life() {
        let db = Db::in_memory().unwrap();
        let made = Timestamp(0);
        let last = made + DAY;
        let link = |hash| insert_link(hash, Kind::Member, OWNER, made, DAY);
        let enter = |link, session, at| db.batch(enter(link, Kind::Member, session, at));
        db.batch(vec![link("a"), link("b")]).await.unwrap();
        enter("a", "s1", last).await.unwrap();
        assert_eq!(enter("a", "s2", last).await, Err(DbError::Constraint));
        assert_eq!(enter("b", "s3", last + Span(1)).await, Err(DbError::Constraint));
        assert_eq!(enter("unknown", "s4", made).await, Err(DbError::Constraint));
        let open = async |session, at| member(&db, session, at).await.unwrap().map(|it| it.role);
        assert_eq!(open("s1", last + MEMBERS_LIFE).await, Some(Role::Owner));
        assert_eq!(open("s1", last + MEMBERS_LIFE + Span(1)).await, None);
        assert_eq!(open("s2", last).await, None);
    }

    #[tokio::test]
    async fn r_team_2_a_participants_link_and_session_never_open_the_console() {
        let db = Db::in_memory().unwrap();
        let now = Timestamp(0);
        // Even where the ids are alike.
        let link = |hash, kind| insert_link(hash, kind, OWNER, now, DAY);
        db.batch(vec![link("p", Kind::Participant), link("m", Kind::Member)]).await.unwrap();
        let crossed = db.batch(enter("p", Kind::Member, "s", now)).await;
        assert_eq!(crossed, Err(DbError::Constraint));
        let crossed = db.batch(enter("m", Kind::Participant, "s", now)).await;
        assert_eq!(crossed, Err(DbError::Constraint));
        let row = "-- t\n INSERT INTO participant (id, campaign, origin, source, created_at)
                   VALUES ('owner', 'shop', 'DIRECT', 'SERVER', 1)";
        db.batch(vec![sql!(row)]).await.unwrap();
        db.batch(enter("p", Kind::Participant, "sp", now)).await.unwrap();
        db.batch(enter("m", Kind::Member, "sm", now)).await.unwrap();
        assert_eq!(member(&db, "sp", now).await.unwrap(), None);
        assert_eq!(participant(&db, "sm", now).await.unwrap(), None);
        let guest = Guest { id: OWNER.into(), campaign: "shop".into() };
        assert_eq!(participant(&db, "sp", now).await.unwrap(), Some(guest));
    }

    #[tokio::test]
    async fn r_team_3_who_signs_out_everywhere_or_is_removed_has_no_session() {
        let db = Db::in_memory().unwrap();
        let now = Timestamp(0);
        let link = |hash| insert_link(hash, Kind::Member, OWNER, now, DAY);
        db.batch(vec![link("a"), link("b"), link("c")]).await.unwrap();
        db.batch(enter("a", Kind::Member, "s1", now)).await.unwrap();
        db.batch(enter("b", Kind::Member, "s2", now)).await.unwrap();
        db.batch(vec![end("s1")]).await.unwrap();
        assert_eq!(member(&db, "s1", now).await.unwrap(), None);
        assert!(member(&db, "s2", now).await.unwrap().is_some());
        db.batch(revoke(OWNER)).await.unwrap();
        assert_eq!(member(&db, "s2", now).await.unwrap(), None);
        let stale = db.batch(enter("c", Kind::Member, "s3", now)).await;
        assert_eq!(stale, Err(DbError::Constraint));
    }

    #[tokio::test]
    async fn r_privacy_4_sessions_and_links_are_forgotten_a_week_after_their_end() {
        let db = Db::in_memory().unwrap();
        let made = Timestamp(0);
        let link = |hash| insert_link(hash, Kind::Member, OWNER, made, DAY);
        db.batch(vec![link("a"), link("b")]).await.unwrap();
        db.batch(enter("a", Kind::Member, "s1", made)).await.unwrap();
        let count = async |table: &'static str| {
            let statement = Statement { sql: table, args: vec![] };
            db.all::<serde_json::Value>(statement).await.unwrap().len()
        };
        let left = async || {
            let sessions = count("-- t\n SELECT hash FROM session").await;
            (sessions, count("-- t\n SELECT hash FROM entry_link").await)
        };
        for (now, expected) in [
            (made + MEMBERS_LIFE + Span::days(7), (1, 2)),
            (made + MEMBERS_LIFE + Span::days(7) + Span(1), (0, 2)),
            (made + DAY + Span::days(7), (0, 2)),
            (made + DAY + Span::days(7) + Span(1), (0, 0)),
        ] {
            db.batch(forget(now)).await.unwrap();
            assert_eq!(left().await, expected);
        }
    }
}
