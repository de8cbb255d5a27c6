//! The database: D1.

use js_sys::Array;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::JsValue;
use worker::send::SendFuture;

use super::host;
use crate::{
    sql::{self, Arg, DbError, Statement},
    tree,
};

/// The database.
#[derive(Clone, Debug)]
pub struct Db(JsValue);

impl Db {
    /// A database by its binding.
    #[must_use]
    pub(super) const fn new(db: JsValue) -> Self {
        Self(db)
    }

    /// The rows that a statement yields.
    pub async fn all<T: DeserializeOwned>(&self, statement: Statement) -> Result<Vec<T>, DbError> {
        let sql = statement.sql;
        let rows = self.rows(statement).await?;
        rows.iter().map(|it| tree::read(it).map_err(|it| misread(&it, sql))).collect()
    }

    /// Apart from [`all`](Self::all), so that there is one of it and not one for each type of row.
    ///
    /// As JSON, rows cross from JavaScript at once, and are read as they are natively.
    async fn rows(&self, statement: Statement) -> Result<Vec<Value>, DbError> {
        let args = bound(&statement.args);
        let rows = SendFuture::new(host::all(&self.0, statement.sql, &args))
            .await
            .map_err(|it| refusal(&it, statement.sql))?;
        sql::read(&rows.as_string().unwrap_or_default()).map_err(|it| misread(&it, statement.sql))
    }

    /// Runs all of the statements or none.
    pub async fn batch(&self, statements: Vec<Statement>) -> Result<(), DbError> {
        let first = statements.first().map_or("", |it| it.sql);
        let statements: Array = statements
            .iter()
            .map(|it| Array::of2(&JsValue::from_str(it.sql), &bound(&it.args)))
            .collect();
        SendFuture::new(host::batch(&self.0, &statements))
            .await
            .map_err(|it| refusal(&it, first))?;
        Ok(())
    }
}

fn misread(error: &tree::Error, sql: &str) -> DbError {
    DbError::Failed(format!("{error} in {}", head(sql)))
}

fn bound(args: &[Arg]) -> JsValue {
    let values = args.iter().map(|it| match it {
        Arg::Null => JsValue::NULL,
        Arg::Number(number) => JsValue::from_f64(*number),
        Arg::Text(text) => JsValue::from_str(text),
    });
    values.collect::<Array>().into()
}

/// What an exception of D1 means: SQLite's own words stand in its message.
fn refusal(error: &JsValue, sql: &str) -> DbError {
    let said = host::message(error);
    if said.contains("constraint failed") || said.contains("SQLITE_CONSTRAINT") {
        DbError::Constraint
    } else {
        DbError::Failed(format!("{said} in {}", head(sql)))
    }
}

/// The name of the function that a statement stands in.
fn head(sql: &str) -> &str {
    sql.lines().next().unwrap_or_default().trim_start_matches("-- ")
}
