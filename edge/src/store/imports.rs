//! Imports: where each stands, who goes on with it, and what of it is forgotten.

use serde::{Deserialize, Serialize};
use shared::{
    import::{Choices, What, known_heads},
    time::{Span, Timestamp},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Where an import stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// The file comes, piece by piece.
    Uploading,
    /// It is there, and nobody said yet what its columns mean.
    Uploaded,
    /// Its rows are looked at.
    Checking,
    /// It is known what an import would do.
    Checked,
    /// It is done, row by row.
    Running,
    /// All of it is done.
    Done,
    /// Somebody ended it.
    Cancelled,
    /// A day was over before it was done.
    Expired,
}

impl State {
    /// Whether its rows are gone.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Expired)
    }
}

/// An import.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: String,
    /// The campaign.
    pub campaign: String,
    /// What is imported.
    pub what: What,
    /// Where it stands.
    pub state: State,
    /// How many bytes were taken.
    pub received: u64,
    /// How many rows those were, with blank ones and the names of columns.
    pub line: u32,
    /// What parts the cells.
    pub separator: u8,
    /// The names of the columns.
    #[serde(deserialize_with = "sql::json")]
    pub heads: Vec<String>,
    /// What is done with them: JSON, once somebody said so.
    #[serde(default)]
    pub choices: Option<String>,
    /// Rows with something in them.
    pub total: u32,
    /// The last row that was looked at.
    pub place: u32,
    /// Of those looked at, who is new.
    pub fresh: u32,
    /// Who is known.
    pub known: u32,
    /// What is wrong.
    pub bad: u32,
    /// Of those who are new, whose referral would be credited.
    pub credits: u32,
    /// Rows that are done.
    pub done: u32,
    /// Who was new in them.
    pub added: u32,
    /// Rows that were good and could not be done.
    pub failed: u32,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When its rows are forgotten.
    pub expires_at: Timestamp,
}

impl Import {
    /// What is done with the columns.
    #[must_use]
    pub fn chosen(&self) -> Option<Choices> {
        self.choices.as_deref().and_then(|it| sql::read(it).ok())
    }
}

/// How long the rows of an import are kept.
pub const KEPT: Span = Span::hours(24);

/// How long nobody else goes on with an import of which no more is heard.
const LEASE: Span = Span::seconds(15);

/// How long it is known that there was an import: as long as the messages are.
const REMEMBERED: Span = Span::days(400);

/// An import of a campaign.
pub async fn find(db: &Db, campaign: &str, id: &str) -> Result<Option<Import>, DbError> {
    let rows = db
        .all(sql!(
            "-- imports::find
             SELECT id, campaign, what, state, received, line, separator, heads, choices, total,
                    place, fresh, known, bad, credits, done, added, failed, created_at, expires_at
               FROM import WHERE id = ?2 AND campaign = ?1",
            campaign,
            id,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// The newest imports of a campaign.
pub async fn of_campaign(db: &Db, campaign: &str, most: u32) -> Result<Vec<Import>, DbError> {
    db.all(sql!(
        "-- imports::of_campaign
         SELECT id, campaign, what, state, received, line, separator, heads, choices, total, place,
                fresh, known, bad, credits, done, added, failed, created_at, expires_at
           FROM import WHERE campaign = ?1 ORDER BY created_at DESC, id DESC LIMIT ?2",
        campaign,
        most,
    ))
    .await
}

/// Imports that go on, oldest first: campaign and id.
pub async fn open(db: &Db, most: u32) -> Result<Vec<(String, String)>, DbError> {
    #[derive(Deserialize)]
    struct Row {
        campaign: String,
        id: String,
    }
    let rows: Vec<Row> = db
        .all(sql!(
            "-- imports::open
             SELECT campaign, id FROM import WHERE state IN ('CHECKING', 'RUNNING')
              ORDER BY created_at LIMIT ?1",
            most,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| (it.campaign, it.id)).collect())
}

/// Begins an import.
pub fn insert(id: &str, campaign: &str, what: What, member: &str, now: Timestamp) -> Statement {
    sql!(
        "-- imports::insert
         INSERT INTO import (id, campaign, what, member, state, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, 'UPLOADING', ?5, ?6)",
        id,
        campaign,
        sql::name(&what),
        member,
        now,
        now + KEPT,
    )
}

/// What a piece of the file brought.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// Where it begins, in bytes: fails the batch where another piece was taken.
    pub from: u64,
    /// Where the next begins.
    pub next: u64,
    /// How many rows were seen with it.
    pub line: u32,
    /// How many of its rows hold something.
    pub rows: u32,
    /// What parts the cells.
    pub separator: u8,
    /// The names of the columns, of the first piece.
    pub heads: Option<&'a [String]>,
    /// Whether the file is whole.
    pub is_last: bool,
}

/// Takes a piece of the file.
pub fn take(id: &str, it: &Piece<'_>) -> Statement {
    sql!(
        "-- imports::take
         UPDATE import
            SET received = iif(state = 'UPLOADING' AND received = ?2, ?3, NULL), line = ?4,
                total = total + ?5, separator = ?6, heads = coalesce(?7, heads),
                state = iif(?8, 'UPLOADED', state)
          WHERE id = ?1",
        id,
        number(it.from),
        number(it.next),
        it.line,
        it.rows,
        u32::from(it.separator),
        it.heads.map(|it| sql::to_json(&it)),
        it.is_last,
    )
}

/// A number of bytes: far below 2^53.
fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Looks at all rows anew under other choices. Fails the batch unless the file is there and nothing of
/// it was imported.
#[must_use]
pub fn check(id: &str, choices: &Choices) -> Vec<Statement> {
    vec![
        sql!(
            "-- imports::check
             UPDATE import
                SET state = iif(state IN ('UPLOADED', 'CHECKING', 'CHECKED'), 'CHECKING', NULL),
                    choices = ?2, place = 0, fresh = 0, known = 0, bad = 0, leased_until = 0
              WHERE id = ?1",
            id,
            sql::to_json(choices),
        ),
        sql!("-- imports::check/flaws\n DELETE FROM import_flaw WHERE import = ?1", id),
    ]
}

/// What became of the rows that were looked at.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Seen {
    /// Who is new.
    pub fresh: u32,
    /// Who is known.
    pub known: u32,
    /// What is wrong.
    pub bad: u32,
}

/// Goes on after a row; fails the batch if somebody else did, or the choices changed.
pub fn step(it: &Import, place: u32, seen: Seen) -> Statement {
    sql!(
        "-- imports::step
         UPDATE import
            SET place = iif(state = 'CHECKING' AND place = ?2 AND choices = ?3, ?4, NULL),
                fresh = fresh + ?5, known = known + ?6, bad = bad + ?7
          WHERE id = ?1",
        &it.id,
        it.place,
        it.choices.as_deref(),
        place,
        seen.fresh,
        seen.known,
        seen.bad,
    )
}

/// All rows were looked at: `spoilt` of those that were new are bad because of other rows. Comes after
/// they were noted as such.
pub fn checked(it: &Import, spoilt: u32) -> Statement {
    sql!(
        "-- imports::checked
         UPDATE import
            SET state = iif(state = 'CHECKING' AND place = ?2 AND choices = ?3, 'CHECKED', NULL),
                fresh = fresh - ?4, bad = bad + ?4, leased_until = 0,
                credits = (SELECT count(*) FROM import_row
                            WHERE import = ?1 AND state = 'READY' AND credits = 1)
          WHERE id = ?1",
        &it.id,
        it.place,
        it.choices.as_deref(),
        spoilt,
    )
}

/// Begins to import; fails the batch unless it is known what that would do.
pub fn start(id: &str) -> Statement {
    sql!(
        "-- imports::start
         UPDATE import SET state = iif(state = 'CHECKED', 'RUNNING', NULL), leased_until = 0
          WHERE id = ?1",
        id,
    )
}

/// Goes on with an import for a quarter of a minute; fails the batch if somebody else does, or it does
/// not go on.
pub fn lease(id: &str, now: Timestamp) -> Statement {
    sql!(
        "-- imports::lease
         UPDATE import
            SET leased_until = iif(state IN ('CHECKING', 'RUNNING') AND leased_until <= ?2, ?3, NULL)
          WHERE id = ?1",
        id,
        now,
        now + LEASE,
    )
}

/// Lets others go on with it.
pub fn release(id: &str) -> Statement {
    sql!("-- imports::release\n UPDATE import SET leased_until = 0 WHERE id = ?1", id)
}

/// Ends an import and forgets its rows, and of the names of columns those that are not known. Fails the
/// batch if it ended before.
#[must_use]
pub fn end(id: &str, state: State, heads: &[String], now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- imports::end
             UPDATE import
                SET state = iif(settled_at IS NULL, ?2, NULL), settled_at = ?3, leased_until = 0,
                    heads = ?4
              WHERE id = ?1",
            id,
            sql::name(&state),
            now,
            sql::to_json(&known_heads(heads)),
        ),
        sql!("-- imports::end/rows\n DELETE FROM import_row WHERE import = ?1", id),
    ]
}

/// Ends one whose rows are all done; nothing, as long as one is not.
#[must_use]
pub fn finish(id: &str, heads: &[String], now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- imports::finish
             UPDATE import SET state = 'DONE', settled_at = ?2, leased_until = 0, heads = ?3
              WHERE id = ?1 AND state = 'RUNNING'
                AND NOT EXISTS (SELECT 1 FROM import_row WHERE import = ?1 AND state = 'READY')",
            id,
            now,
            sql::to_json(&known_heads(heads)),
        ),
        sql!(
            "-- imports::finish/rows
             DELETE FROM import_row
              WHERE import = ?1 AND EXISTS (SELECT 1 FROM import WHERE id = ?1 AND state = 'DONE')",
            id,
        ),
    ]
}

/// Imports whose day is over, and that did not end, with the names of their columns.
pub async fn stale(
    db: &Db,
    now: Timestamp,
    most: u32,
) -> Result<Vec<(String, Vec<String>)>, DbError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        #[serde(deserialize_with = "sql::json")]
        heads: Vec<String>,
    }
    let rows: Vec<Row> = db
        .all(sql!(
            "-- imports::stale
             SELECT id, heads FROM import WHERE settled_at IS NULL AND expires_at <= ?1
              ORDER BY expires_at LIMIT ?2",
            now,
            most,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| (it.id, it.heads)).collect())
}

/// Forgets that there was an import, a long time after it.
#[must_use]
pub fn forget(now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- imports::forget/flaws
             DELETE FROM import_flaw WHERE import IN
               (SELECT id FROM import WHERE expires_at < ?1 AND settled_at IS NOT NULL LIMIT 5)",
            now - REMEMBERED,
        ),
        sql!(
            "-- imports::forget
             DELETE FROM import WHERE id IN
               (SELECT id FROM import WHERE expires_at < ?1 AND settled_at IS NOT NULL LIMIT 5)",
            now - REMEMBERED,
        ),
    ]
}
