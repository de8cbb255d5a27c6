//! Batches of calls that come at once share one transaction.
//!
//! A call leaves its batch and waits; the task that the first of them starts runs when all calls that
//! were ready have left theirs. Each batch succeeds or fails alone, and sees what those before it
//! wrote. All are answered after the one commit: answered = written, also across SIGKILL.

use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Db, db};
use crate::sql::{DbError, Statement};

type Written = Result<(), DbError>;

/// Batches on their way, and who waits for each.
#[derive(Debug, Default)]
pub(super) struct Group(Mutex<Vec<(Vec<Statement>, oneshot::Sender<Written>)>>);

impl Group {
    /// Writes a batch with those that come at the same time.
    pub(super) async fn written(&self, db: &Db, batch: Vec<Statement>) -> Written {
        let (done, written) = oneshot::channel();
        let first = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push((batch, done));
            waiting.len() == 1
        };
        if first {
            let db = db.clone();
            tokio::spawn(async move { db.write_group() });
        }
        written.await.unwrap_or_else(|_| Err(DbError::Failed("the runtime ended".into())))
    }

    /// Takes the batches that wait.
    pub(super) fn take(&self) -> (Vec<Vec<Statement>>, Vec<oneshot::Sender<Written>>) {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
            .into_iter()
            .unzip()
    }
}

/// Writes each batch or nothing of it, all of them in one transaction.
pub(super) fn write(connection: &mut Connection, batches: &[Vec<Statement>]) -> Vec<Written> {
    // A savepoint keeps a copy of every page that changes after it. Batches seldom fail, so that they
    // are tried without, and all again where one did.
    if together(connection, batches).is_ok() {
        return vec![Ok(()); batches.len()];
    }
    match apart(connection, batches) {
        Ok(each) => each,
        Err(error) => batches.iter().map(|_| Err(error.clone())).collect(),
    }
}

/// Writes all of them, or nothing where one fails.
fn together(connection: &mut Connection, batches: &[Vec<Statement>]) -> Written {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    batches.iter().try_for_each(|batch| db::run(&transaction, batch))?;
    Ok(transaction.commit()?)
}

/// Writes each that does not fail. Fails if none of them was written.
fn apart(connection: &mut Connection, batches: &[Vec<Statement>]) -> Result<Vec<Written>, DbError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut each = Vec::with_capacity(batches.len());
    for batch in batches {
        transaction.prepare_cached("SAVEPOINT batch")?.execute([])?;
        let written = db::run(&transaction, batch);
        if let Err(error) = &written {
            if transaction.is_autocommit() {
                // A full disk and the like undo the whole transaction.
                return Err(error.clone());
            }
            transaction.prepare_cached("ROLLBACK TO batch")?.execute([])?;
        }
        transaction.prepare_cached("RELEASE batch")?.execute([])?;
        each.push(written);
    }
    transaction.commit()?;
    Ok(each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    fn insert(day: i64) -> Statement {
        sql!("-- tests::insert\n INSERT INTO salt (day, value) VALUES (?1, 'x')", day)
    }

    /// Needs that so many days are there.
    fn needs(days: i64) -> Statement {
        sql!(
            "-- tests::needs
             INSERT INTO salt (day, value)
             SELECT 1000 + ?1, iif((SELECT count(*) FROM salt) = ?1, 'x', NULL)",
            days
        )
    }

    async fn days(db: &Db) -> Vec<serde_json::Value> {
        let rows: Vec<serde_json::Value> =
            db.all(sql!("-- tests::days\n SELECT day FROM salt ORDER BY day")).await.unwrap();
        rows.into_iter().map(|it| it["day"].clone()).collect()
    }

    #[tokio::test]
    async fn of_batches_at_once_each_fails_alone_and_whole() {
        let db = Db::in_memory().unwrap();
        let batches =
            vec![vec![insert(1)], vec![insert(2), insert(1), insert(3)], vec![insert(4)], vec![]];
        let expected = vec![Ok(()), Err(DbError::Constraint), Ok(()), Ok(())];
        assert_eq!(write(&mut db.connection(), &batches), expected);
        assert_eq!(days(&db).await, [1, 4]);
    }

    #[tokio::test]
    async fn a_batch_sees_what_those_before_it_wrote_and_not_what_failed() {
        let db = Db::in_memory().unwrap();
        let batches =
            vec![vec![needs(0)], vec![insert(2), needs(7)], vec![needs(1)], vec![needs(1)]];
        let expected = vec![Ok(()), Err(DbError::Constraint), Ok(()), Err(DbError::Constraint)];
        assert_eq!(write(&mut db.connection(), &batches), expected);
        assert_eq!(days(&db).await, [1000, 1001]);
    }

    #[tokio::test]
    async fn what_undoes_the_transaction_fails_all_of_it() {
        let db = Db::in_memory().unwrap();
        let all = sql!("-- tests::all\n INSERT OR ROLLBACK INTO salt (day, value) VALUES (1, 'x')");
        let batches = vec![vec![insert(1)], vec![all], vec![insert(3)]];
        assert_eq!(write(&mut db.connection(), &batches), vec![Err(DbError::Constraint); 3]);
        assert_eq!(days(&db).await, [0; 0]);
        assert_eq!(
            write(&mut db.connection(), &[vec![insert(1)], vec![insert(2)]]),
            [Ok(()), Ok(())]
        );
    }

    #[tokio::test]
    async fn of_calls_at_once_with_one_key_one_succeeds_and_all_are_answered() {
        let db = Db::in_memory().unwrap();
        let calls: Vec<_> = (0..20)
            .map(|it| {
                let db = db.clone();
                tokio::spawn(async move { db.batch(vec![insert(2 + it), insert(1)]).await })
            })
            .collect();
        let mut written = 0;
        for call in calls {
            written += usize::from(call.await.unwrap().is_ok());
        }
        assert_eq!(written, 1);
        assert_eq!(days(&db).await.len(), 2);
    }
}
