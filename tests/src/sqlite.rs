//! The native host's tables, read and changed beside it, as D1's are over the control port.

use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};

/// The rows of a statement on the database in a folder.
pub(crate) fn rows(data: &Path, sql: &str, parameters: &[Value]) -> Vec<Value> {
    let file = (std::fs::read_dir(data).expect("the data").flatten())
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|it| it == "db" || it == "sqlite"))
        .expect("a database");
    let db = rusqlite::Connection::open(file).expect("a database");
    db.busy_timeout(Duration::from_secs(10)).expect("a setting");
    let mut statement = db.prepare(sql).expect(sql);
    let names: Vec<String> = statement.column_names().map(Into::into).collect();
    let mut cursor =
        statement.query(rusqlite::params_from_iter(parameters.iter().map(bound))).expect(sql);
    let mut rows = Vec::new();
    while let Some(row) = cursor.next().expect(sql) {
        let cells = names.iter().enumerate().map(|(index, name)| {
            (name.clone(), cell(row.get_ref(index).expect("a column of the statement")))
        });
        rows.push(Value::Object(cells.collect::<Map<_, _>>()));
    }
    rows
}

fn bound(value: &Value) -> rusqlite::types::Value {
    use rusqlite::types::Value as Sql;
    match value {
        Value::Null => Sql::Null,
        Value::Bool(it) => Sql::Integer(i64::from(*it)),
        Value::Number(it) => {
            it.as_i64().map_or_else(|| Sql::Real(it.as_f64().unwrap_or(0.0)), Sql::Integer)
        }
        Value::String(it) => Sql::Text(it.clone()),
        other => Sql::Text(other.to_string()),
    }
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => json!(it),
        ValueRef::Real(it) => json!(it),
        ValueRef::Text(it) => json!(String::from_utf8_lossy(it)),
        ValueRef::Blob(it) => json!(it),
    }
}
