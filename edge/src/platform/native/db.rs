//! The database: one SQLite file in WAL mode.
//!
//! Calls run on the runtime's one thread and take microseconds; the checkpoint, which waits for the
//! disk, runs on a thread of its own and never on a call's way. Batches of calls that come at once
//! share one transaction (`group`): each succeeds or fails alone, and is answered when all are written.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use rusqlite::{
    Connection, ErrorCode, ToSql, TransactionBehavior, config::DbConfig, types::ToSqlOutput,
    types::ValueRef,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::group::{self, Group};
use crate::{
    sql::{Arg, DbError, Statement},
    tree,
};

/// The migrations in order; their count is the schema's version.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/0001_campaigns.sql"),
    include_str!("../../../migrations/0002_people.sql"),
    include_str!("../../../migrations/0003_clicks.sql"),
    include_str!("../../../migrations/0004_referrals.sql"),
    include_str!("../../../migrations/0005_rewards.sql"),
    include_str!("../../../migrations/0006_coupons.sql"),
    include_str!("../../../migrations/0007_counted.sql"),
    include_str!("../../../migrations/0020_team.sql"),
    include_str!("../../../migrations/0021_mail.sql"),
    include_str!("../../../migrations/0022_console.sql"),
    include_str!("../../../migrations/0023_setup.sql"),
    include_str!("../../../migrations/0024_settings.sql"),
    include_str!("../../../migrations/0025_import.sql"),
    include_str!("../../../migrations/0026_hosted.sql"),
    include_str!("../../../migrations/0027_appeals.sql"),
    include_str!("../../../migrations/0028_proposals.sql"),
];

/// How often the log is folded back into the file. Calls may feel each time for a few milliseconds
/// that the disk is busy; what the last second brought may be lost with the machine's power.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);

/// How much of the file is mapped, at most: all that SQLite allows.
const MAPPED: i64 = 2_147_418_112;

/// Pages of 4 KB from which on the log is begun anew: 64 MB. One that only grows costs the system a
/// fresh page for each that is written.
const LONG: i64 = 16_384;

/// The database.
#[derive(Clone, Debug)]
pub struct Db(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    connection: Mutex<Connection>,
    group: Group,
}

impl Db {
    /// Opens or makes the file, and brings its schema up to date.
    pub fn open(path: &Path) -> Result<Self, DbError> {
        let db = Self::with(Connection::open(path)?)?;
        db.checkpoint_from_beside(path.into());
        Ok(db)
    }

    /// A migrated database in memory, for tests.
    pub fn in_memory() -> Result<Self, DbError> {
        Self::with(Connection::open_in_memory()?)
    }

    fn with(mut connection: Connection) -> Result<Self, DbError> {
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(128);
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A committed transaction survives the death of the process; the disk is awaited by the
        // checkpoint only.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        // 16 MB. At the end of a transaction that split a page SQLite looks through all that it keeps.
        connection.pragma_update(None, "cache_size", -16_000)?;
        // What is not among them is read where the system keeps it, without a copy.
        connection.pragma_update(None, "mmap_size", MAPPED)?;
        // What a statement may have to undo is kept in memory, not in a file.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        // Else every statement whose arguments the planner looks at is prepared anew for each call,
        // which costs more than running it; and a plan would be another one than on D1.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        migrate(&mut connection, MIGRATIONS)?;
        let connection = Mutex::new(connection);
        Ok(Self(Arc::new(Shared { connection, group: Group::default() })))
    }

    /// The rows that a statement yields.
    pub async fn all<T: DeserializeOwned>(&self, statement: Statement) -> Result<Vec<T>, DbError> {
        interleave().await;
        let connection = self.connection();
        let mut prepared = connection.prepare_cached(statement.sql)?;
        let names: Vec<String> = prepared.column_names().map(String::from).collect();
        let mut rows = prepared.query(rusqlite::params_from_iter(&statement.args))?;
        let mut values = Vec::new();
        while let Some(row) = rows.next()? {
            let mut object = Map::with_capacity(names.len());
            for (place, name) in names.iter().enumerate() {
                object.insert(name.clone(), value(row.get_ref(place)?));
            }
            let row = tree::read(&Value::Object(object))
                .map_err(|it| DbError::Failed(format!("{it} in {}", head(statement.sql))))?;
            values.push(row);
        }
        Ok(values)
    }

    /// Runs all of the statements or none.
    pub async fn batch(&self, statements: Vec<Statement>) -> Result<(), DbError> {
        interleave().await;
        self.0.group.written(self, statements).await
    }

    pub(super) fn commit(&self, statements: &[Statement]) -> Result<(), DbError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        run(&transaction, statements)?;
        Ok(transaction.commit()?)
    }

    /// Writes the batches that wait, and answers each.
    pub(super) fn write_group(&self) {
        let (batches, waiting) = self.0.group.take();
        let each = match batches.as_slice() {
            [only] => vec![self.commit(only)],
            several => group::write(&mut self.connection(), several),
        };
        for (written, done) in each.into_iter().zip(waiting) {
            // Who hung up does not wait any more.
            let _ = done.send(written);
        }
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Folds the log back from a thread of its own, for as long as the database is open.
    fn checkpoint_from_beside(&self, path: PathBuf) {
        let calls: Weak<_> = Arc::downgrade(&self.0);
        std::thread::spawn(move || {
            let Ok(connection) = Connection::open(path) else { return };
            let _ = connection.busy_timeout(Duration::from_secs(5));
            loop {
                std::thread::sleep(CHECKPOINT_EVERY);
                let Some(calls) = calls.upgrade() else { return };
                if Some(LONG) < fold(&connection) {
                    // SQLite begins anew when it finds all of the log folded, which never happens
                    // while calls add to it. Most of what came meanwhile is folded beside them,
                    // the little that then came while they wait.
                    fold(&connection);
                    let _waiting = calls.connection.lock().unwrap_or_else(PoisonError::into_inner);
                    fold(&connection);
                }
            }
        });
    }
}

/// Runs statements within a transaction, up to the first that fails.
pub(super) fn run(connection: &Connection, statements: &[Statement]) -> Result<(), DbError> {
    for statement in statements {
        connection
            .prepare_cached(statement.sql)
            .and_then(|mut it| it.execute(rusqlite::params_from_iter(&statement.args)))
            .map_err(|error| match DbError::from(error) {
                DbError::Constraint => DbError::Constraint,
                DbError::Failed(text) => {
                    DbError::Failed(format!("{text} in {}", head(statement.sql)))
                }
            })?;
    }
    Ok(())
}

/// In tests, other calls get between two statements, as they do on the worker.
async fn interleave() {
    #[cfg(test)]
    tokio::task::yield_now().await;
}

/// Folds the log as it is now, while calls may add to it. Returns its pages, if it could be read.
fn fold(connection: &Connection) -> Option<i64> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1)).ok()
}

/// What tells these migrations from others, as the file keeps it beside their number.
fn digest(migrations: &[&str]) -> i32 {
    let mut all = Sha256::new();
    for sql in migrations {
        // Their own digests: what moves from one to the next is another schema's history.
        all.update(Sha256::digest(sql));
    }
    all.finalize().iter().take(4).fold(0, |sum, it| (sum << 8) | i32::from(*it))
}

/// Runs the migrations that the file has not seen, each in a transaction of its own. A file that saw
/// others than these is left alone.
fn migrate(connection: &mut Connection, all: &[&str]) -> Result<(), DbError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (seen, kept) = (number("user_version")?, number("application_id")?);
    let seen = usize::try_from(seen).unwrap_or(usize::MAX);
    let known = all.get(..seen).map(|it| i64::from(digest(it)));
    if 0 < seen && known != Some(kept) {
        let text = "the database has the schema of another build of Parrain, and nothing was changed. \
                    Before the first release schemas change in place: open it with the build that made \
                    it, or begin with another folder";
        return Err(DbError::Failed(text.into()));
    }
    for (version, sql) in (1_usize..).zip(all).skip(seen) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(
            None,
            "user_version",
            i64::try_from(version).unwrap_or(i64::MAX),
        )?;
        transaction.pragma_update(None, "application_id", digest(&all[..version]))?;
        transaction.commit()?;
    }
    Ok(())
}

/// The name of the function that a statement stands in.
fn head(sql: &str) -> &str {
    sql.lines().next().unwrap_or_default().trim_start_matches("-- ")
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => it.into(),
        ValueRef::Real(it) => it.into(),
        ValueRef::Text(it) | ValueRef::Blob(it) => String::from_utf8_lossy(it).into(),
    }
}

impl ToSql for Arg {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Null => Ok(ToSqlOutput::Borrowed(ValueRef::Null)),
            Self::Number(it) => Ok(ToSqlOutput::Borrowed(ValueRef::Real(*it))),
            Self::Text(it) => Ok(ToSqlOutput::Borrowed(ValueRef::Text(it.as_bytes()))),
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::Constraint,
            _ => Self::Failed(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    #[derive(Debug, Eq, PartialEq, serde::Deserialize)]
    struct Salt {
        day: i64,
        value: String,
    }

    fn insert(day: i64) -> Statement {
        sql!("-- tests::insert\n INSERT INTO salt (day, value) VALUES (?1, ?2)", day, "x")
    }

    async fn days(db: &Db) -> Vec<i64> {
        let rows: Vec<Salt> = db
            .all(sql!("-- tests::days\n SELECT day, value FROM salt ORDER BY day"))
            .await
            .unwrap();
        rows.into_iter().map(|it| it.day).collect()
    }

    #[tokio::test]
    async fn a_batch_is_all_or_nothing() {
        let db = Db::in_memory().unwrap();
        db.batch(vec![insert(1)]).await.unwrap();
        assert_eq!(db.batch(vec![insert(2), insert(1)]).await, Err(DbError::Constraint));
        assert_eq!(days(&db).await, [1]);
    }

    #[tokio::test]
    async fn numbers_are_bound_as_doubles_and_kept_as_integers() {
        let db = Db::in_memory().unwrap();
        let large = 1_790_000_000_123;
        db.batch(vec![insert(large)]).await.unwrap();
        assert_eq!(days(&db).await, [large]);
        let half: Vec<Map<String, Value>> =
            db.all(sql!("-- tests::half\n SELECT ?1 / 2 AS half", 5_i64)).await.unwrap();
        assert_eq!(half[0]["half"], 2.5);
    }

    #[tokio::test]
    async fn a_file_is_migrated_once_and_opens_again() {
        let folder = std::env::temp_dir().join(format!("parrain-db-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("test.db");
        for day in [1, 2] {
            let db = Db::open(&path).unwrap();
            db.batch(vec![insert(day)]).await.unwrap();
            assert_eq!(days(&db).await.len(), usize::try_from(day).unwrap());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_of_another_schema_is_not_opened_and_left_as_it_was() {
        let [one, other, two] = ["CREATE TABLE a (b)", "CREATE TABLE a (c)", "CREATE TABLE d (e)"];
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[one]).unwrap();
        // The same, and the same with more, go on; what is fewer, or was changed in place, does not.
        for good in [&[one][..], &[one, two], &[one, two]] {
            migrate(&mut connection, good).unwrap();
        }
        for bad in [&[][..], &[one], &[other, two], &[one, other], &[two, one], &[other, two, one]]
        {
            let refused = migrate(&mut connection, bad).unwrap_err();
            assert!(format!("{refused:?}").contains("another build"), "{refused:?}");
        }
        migrate(&mut connection, &[one, two]).unwrap();
        // Nor is one that tells of no schema's digest.
        connection.pragma_update(None, "application_id", 0).unwrap();
        migrate(&mut connection, &[one, two]).unwrap_err();
    }
}
