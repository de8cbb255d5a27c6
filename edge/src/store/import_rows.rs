//! The rows of imports: what they say, what is wrong with them, which comes next.
//!
//! `coalesce(?1, it.key)` is `?1`, and keeps the planner from looking through all rows of an import for
//! each of the list: it has to begin with the list.

use serde::{Deserialize, Serialize};
use shared::{
    code::Code,
    import::{Reason, Turn, Waiting},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A row as the file has it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Row {
    /// Its number.
    pub row: u32,
    /// Its cells.
    #[serde(deserialize_with = "sql::json")]
    pub cells: Vec<String>,
    /// Whether whom it names takes part already.
    #[serde(deserialize_with = "sql::flag")]
    pub known: bool,
    /// Rows of lower levels come first.
    pub level: u32,
    /// How often others were first to it.
    pub tries: u32,
}

/// Adds rows: each is a number, its cells, and whom cells name, as JSON.
pub fn insert(import: &str, rows: &[String]) -> Statement {
    sql!(
        "-- import_rows::insert
         INSERT INTO import_row (import, row, cells, spelt)
         SELECT ?1, value->>'$[0]', value->>'$[1]', value->>'$[2]' FROM json_each(?2)",
        import,
        sql::to_json(&rows),
    )
}

/// Rows after a number, in the file's order.
pub async fn after(db: &Db, import: &str, row: u32, most: u32) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- import_rows::after
         SELECT row, cells, known, level, tries FROM import_row
          WHERE import = ?1 AND ?2 < row ORDER BY row LIMIT ?3",
        import,
        row,
        most,
    ))
    .await
}

/// Good rows that are not done yet, referrers before their friends.
pub async fn next(db: &Db, import: &str, most: u32) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- import_rows::next
         SELECT row, cells, known, level, tries FROM import_row
          WHERE import = ?1 AND state = 'READY' ORDER BY level, tries, row LIMIT ?2",
        import,
        most,
    ))
    .await
}

/// Whether a row is still to be done.
pub async fn waits(db: &Db, import: &str, row: u32) -> Result<bool, DbError> {
    let rows: Vec<Number> = db
        .all(sql!(
            "-- import_rows::waits
             SELECT r.row FROM import AS i CROSS JOIN import_row AS r ON r.import = i.id
              WHERE i.id = ?1 AND i.state = 'RUNNING' AND r.row = ?2 AND r.state = 'READY'",
            import,
            row,
        ))
        .await?;
    Ok(!rows.is_empty())
}

#[derive(Deserialize)]
struct Number {
    #[expect(dead_code, reason = "only whether there is one is asked")]
    row: u32,
}

/// Whom a row names, to be looked up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    /// The row.
    pub row: u32,
    /// Who it is.
    pub identity: String,
    /// The code of their own.
    pub code: Option<Code>,
    /// The referrer's identity or code.
    pub referrer: Option<String>,
}

/// What is known of those whom a row names.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Fact {
    /// The row.
    pub row: u32,
    /// The participant, if they take part.
    #[serde(default)]
    pub known: Option<String>,
    /// Whose the code is.
    #[serde(default)]
    pub holder: Option<String>,
    /// Whether the referrer takes part.
    #[serde(deserialize_with = "sql::flag")]
    pub has_referrer: bool,
    /// An earlier row of the same address.
    #[serde(default)]
    pub same_address: Option<u32>,
    /// An earlier row of the same code.
    #[serde(default)]
    pub same_code: Option<u32>,
}

/// What is known of those whom rows name.
pub async fn facts(
    db: &Db,
    campaign: &str,
    import: &str,
    named: &[Named],
) -> Result<Vec<Fact>, DbError> {
    let named: Vec<_> =
        named.iter().map(|it| (it.row, &it.identity, &it.code, &it.referrer)).collect();
    db.all(sql!(
        "-- import_rows::facts
         SELECT it.value->>'$[0]' AS row,
                (SELECT subject FROM person
                  WHERE kind = 'PARTICIPANT' AND campaign = ?1
                    AND identity = it.value->>'$[1]') AS known,
                (SELECT participant FROM code WHERE code = it.value->>'$[2]') AS holder,
                EXISTS (SELECT 1 FROM code
                         WHERE code = it.value->>'$[3]' AND campaign = ?1)
                  OR EXISTS (SELECT 1 FROM person
                              WHERE kind = 'PARTICIPANT' AND campaign = ?1
                                AND identity = it.value->>'$[3]') AS has_referrer,
                (SELECT min(row) FROM import_row
                  WHERE import = ?2 AND identity = it.value->>'$[1]'
                    AND row < it.value->>'$[0]') AS same_address,
                (SELECT min(row) FROM import_row
                  WHERE import = ?2 AND code = it.value->>'$[2]'
                    AND row < it.value->>'$[0]') AS same_code
           FROM json_each(?3) AS it",
        campaign,
        import,
        sql::to_json(&named),
    ))
    .await
}

/// Which of these keyed hashes are customers already, and which stood in an earlier row.
pub async fn known_customers(
    db: &Db,
    campaign: &str,
    import: &str,
    named: &[(u32, &str)],
) -> Result<Vec<u32>, DbError> {
    #[derive(Deserialize)]
    struct Found {
        row: u32,
    }
    let rows: Vec<Found> = db
        .all(sql!(
            "-- import_rows::known_customers
             SELECT it.value->>'$[0]' AS row FROM json_each(?3) AS it
              WHERE EXISTS (SELECT 1 FROM customer
                             WHERE campaign = ?1 AND hash = it.value->>'$[1]')
                 OR EXISTS (SELECT 1 FROM import_row
                             WHERE import = ?2 AND identity = it.value->>'$[1]'
                               AND row < it.value->>'$[0]')",
            campaign,
            import,
            sql::to_json(&named),
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.row).collect())
}

/// What was seen in a row.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Judged(
    /// The row.
    pub u32,
    /// Who it is.
    pub Option<String>,
    /// The code of their own.
    pub Option<Code>,
    /// A referrer who does not take part yet.
    pub Option<String>,
    /// Whether they take part: 0 or 1.
    pub u8,
    /// READY or BAD.
    pub &'static str,
    /// Whether its referral would be credited: 0 or 1.
    pub u8,
);

/// Notes what was seen.
pub fn judge(import: &str, rows: &[Judged]) -> Statement {
    sql!(
        "-- import_rows::judge
         UPDATE import_row
            SET identity = it.value->>'$[1]', code = it.value->>'$[2]',
                referrer = it.value->>'$[3]', known = it.value->>'$[4]',
                state = it.value->>'$[5]', credits = it.value->>'$[6]', level = 0, tries = 0
           FROM json_each(?2) AS it
          WHERE import_row.import = coalesce(?1, it.key) AND import_row.row = it.value->>'$[0]'",
        import,
        sql::to_json(&rows),
    )
}

/// Something that is wrong with a row.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Flawed {
    /// The row.
    pub row: u32,
    /// The column, counted from 0.
    pub place: usize,
    /// What it is.
    pub reason: Reason,
    /// The row that it is about, if it is about another.
    #[serde(default)]
    pub other: Option<u32>,
}

/// Notes what is wrong.
pub fn flaw(import: &str, flaws: &[Flawed]) -> Statement {
    sql!(
        "-- import_rows::flaw
         INSERT INTO import_flaw (import, row, place, reason, other)
         SELECT ?1, value->>'row', value->>'place', value->>'reason', value->>'other'
           FROM json_each(?2) WHERE true
         ON CONFLICT DO NOTHING",
        import,
        sql::to_json(&flaws),
    )
}

/// What is wrong, from a row on.
pub async fn flaws(db: &Db, import: &str, after: u32, most: u32) -> Result<Vec<Flawed>, DbError> {
    db.all(sql!(
        "-- import_rows::flaws
         SELECT row, place, reason, other FROM import_flaw
          WHERE import = ?1 AND ?2 < row ORDER BY row LIMIT ?3",
        import,
        after,
        most,
    ))
    .await
}

/// The cells of bad rows, after a number: as long as they are kept.
pub async fn bad(db: &Db, import: &str, after: u32, most: u32) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- import_rows::bad
         SELECT r.row, r.cells, r.known, r.level, r.tries
           FROM import_flaw AS f CROSS JOIN import_row AS r
             ON r.import = f.import AND r.row = f.row AND r.state = 'BAD'
          WHERE f.import = ?1 AND ?2 < f.row ORDER BY f.row LIMIT ?3",
        import,
        after,
        most,
    ))
    .await
}

/// Good rows whose referrer does not take part yet, with the rows of those, after a number.
pub async fn waiting(
    db: &Db,
    import: &str,
    after: u32,
    most: u32,
) -> Result<Vec<Waiting>, DbError> {
    #[derive(Deserialize)]
    struct Found {
        row: u32,
        #[serde(default)]
        referrer: Option<u32>,
    }
    let rows: Vec<Found> = db
        .all(sql!(
            "-- import_rows::waiting
             SELECT r.row,
                    coalesce((SELECT row FROM import_row
                               WHERE import = ?1 AND identity = r.referrer),
                             (SELECT row FROM import_row
                               WHERE import = ?1 AND code = r.referrer)) AS referrer
               FROM import_row AS r INDEXED BY import_row_waiting
              WHERE r.import = ?1 AND r.referrer IS NOT NULL AND ?2 < r.row
              ORDER BY r.row LIMIT ?3",
            import,
            after,
            most,
        ))
        .await?;
    Ok(rows.into_iter().map(|it| Waiting { row: it.row, referrer: it.referrer }).collect())
}

/// Orders rows that wait for others.
pub fn order(import: &str, turns: &[(u32, Turn)]) -> Statement {
    let levels: Vec<(u32, u32)> = turns
        .iter()
        .filter_map(|(row, turn)| match turn {
            Turn::Level(level) => Some((*row, *level)),
            Turn::Bad(..) => None,
        })
        .collect();
    sql!(
        "-- import_rows::order
         UPDATE import_row SET level = it.value->>'$[1]' FROM json_each(?2) AS it
          WHERE import_row.import = coalesce(?1, it.key) AND import_row.row = it.value->>'$[0]'",
        import,
        sql::to_json(&levels),
    )
}

/// Rows turn out to be bad; they name nobody any more.
pub fn spoil(import: &str, rows: &[u32]) -> Statement {
    sql!(
        "-- import_rows::spoil
         UPDATE import_row SET state = 'BAD', identity = NULL, code = NULL, referrer = NULL
           FROM json_each(?2) AS it
          WHERE import_row.import = coalesce(?1, it.key) AND import_row.row = it.value",
        import,
        sql::to_json(&rows),
    )
}

/// A row is done, with the batch of what it brought, and nothing of it is left. Fails the batch if it
/// was done before, or the import does not go on.
#[must_use]
pub fn done(import: &str, row: u32) -> Vec<Statement> {
    vec![
        sql!(
            "-- import_rows::done
             UPDATE import
                SET done = iif(state = 'RUNNING'
                                 AND EXISTS (SELECT 1 FROM import_row
                                              WHERE import = ?1 AND row = ?2 AND state = 'READY'),
                               done + 1, NULL)
              WHERE id = ?1",
            import,
            row,
        ),
        sql!(
            "-- import_rows::done/row
             UPDATE import_row
                SET state = 'DONE', cells = '[]', spelt = '{}', identity = NULL, code = NULL,
                    referrer = NULL
              WHERE import = ?1 AND row = ?2",
            import,
            row,
        ),
    ]
}

/// Others were always first to what a row changes: it comes after the rest of its level.
pub fn put_off(import: &str, row: u32) -> Statement {
    sql!(
        "-- import_rows::put_off
         UPDATE import_row SET tries = tries + 1
          WHERE import = ?1 AND row = ?2 AND state = 'READY'",
        import,
        row,
    )
}

/// Somebody was new.
pub fn added(import: &str) -> Statement {
    sql!("-- import_rows::added\n UPDATE import SET added = added + 1 WHERE id = ?1", import)
}

/// A row could not be done. Nothing, if it was meanwhile.
#[must_use]
pub fn failed(import: &str, row: u32, reason: Reason, place: usize) -> Vec<Statement> {
    let flaw = Flawed { row, place, reason, other: None };
    vec![
        sql!(
            "-- import_rows::failed
             UPDATE import SET failed = failed + 1
              WHERE id = ?1 AND EXISTS (SELECT 1 FROM import_row
                                         WHERE import = ?1 AND row = ?2 AND state = 'READY')",
            import,
            row,
        ),
        sql!(
            "-- import_rows::failed/row
             UPDATE import_row SET state = 'BAD' WHERE import = ?1 AND row = ?2 AND state = 'READY'",
            import,
            row,
        ),
        self::flaw(import, &[flaw]),
    ]
}

/// So many rows of customers are done at once. Fails the batch if others were meanwhile.
#[must_use]
pub fn done_together(import: &str, before: u32, rows: &[u32], added: u32) -> Vec<Statement> {
    vec![
        sql!(
            "-- import_rows::done_together
             UPDATE import
                SET done = iif(state = 'RUNNING' AND done = ?2, done + ?3, NULL),
                    added = added + ?4
              WHERE id = ?1",
            import,
            before,
            u32::try_from(rows.len()).unwrap_or(u32::MAX),
            added,
        ),
        sql!(
            "-- import_rows::done_together/rows
             UPDATE import_row SET state = 'DONE', cells = '[]', spelt = '{}', identity = NULL
               FROM json_each(?2) AS it
              WHERE import_row.import = coalesce(?1, it.key) AND import_row.row = it.value",
            import,
            sql::to_json(&rows),
        ),
    ]
}
