//! Statements as values: reads run at once, writes are gathered and run as one batch.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use shared::{time::Timestamp, zone::Month};

use crate::tree;

/// A bound value. Numbers are doubles on both hosts, as D1 binds them: whole up to 2^53.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// SQL's NULL.
    Null,
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// An SQL text with its arguments.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Statement {
    /// The text; its first line names the function that it stands in.
    pub sql: &'static str,
    /// `?1`, `?2`, …
    pub args: Vec<Arg>,
}

/// Why the database refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DbError {
    /// A key or a guard: something else was first. Reading again tells what.
    #[error("a constraint failed")]
    Constraint,
    /// Everything else: what the database said, and the function whose statement it was.
    #[error("{}", unquoted(.0))]
    Failed(String),
}

/// What the hosts say of a failure that passes: D1 by its list of retryable errors, `SQLite` by its
/// result codes BUSY, FULL and IOERR.
const PASSING: &[&str] = &[
    "Network connection lost",
    "caused object to be reset",
    "reset because its code was updated",
    "transient issue",
    "overloaded",
    "Too many requests queued",
    "was reset",
    "Internal error",
    "internal error",
    "database is locked",
    "database or disk is full",
    "disk I/O error",
];

impl DbError {
    /// Whether the same call may succeed in a moment.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::Constraint => true,
            Self::Failed(text) => {
                let said = said(text).0;
                PASSING.iter().any(|it| said.contains(it))
            }
        }
    }
}

/// What the database said up to the first quotation, which may be somebody's own text, and the
/// function.
fn said(text: &str) -> (&str, &str) {
    let (said, function) = text.rsplit_once(" in ").unwrap_or((text, ""));
    (said.split(['\'', '"', '`']).next().unwrap_or_default(), function)
}

/// A failure as the log may hold it.
fn unquoted(text: &str) -> String {
    let (said, function) = said(text);
    format!("{function}: {said}")
}

/// A statement: `sql!("-- module::function\n SELECT …", first, second)`.
#[macro_export]
macro_rules! sql {
    ($sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::sql::Statement { sql: $sql, args: vec![$($crate::sql::Arg::from($arg)),*] }
    };
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&shared::code::Code> for Arg {
    fn from(code: &shared::code::Code) -> Self {
        Self::Text(code.as_str().into())
    }
}

impl From<Timestamp> for Arg {
    fn from(at: Timestamp) -> Self {
        Self::from(at.0)
    }
}

impl From<i64> for Arg {
    #[expect(clippy::cast_precision_loss, reason = "amounts and times stay below 2^53")]
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<Month> for Arg {
    fn from(month: Month) -> Self {
        Self::Number(f64::from(month.0))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<bool> for Arg {
    fn from(flag: bool) -> Self {
        Self::Number(f64::from(u8::from(flag)))
    }
}

impl<T: Into<Self>> From<Option<T>> for Arg {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The text before the first row of a page whose rows go down: after every id.
pub const LAST: &str = "\u{10ffff}";

/// Reads 0 or 1 as a flag: `#[serde(deserialize_with = "sql::flag")]`.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    i64::deserialize(deserializer).map(|it| it != 0)
}

/// Reads 0, 1 or nothing: `#[serde(deserialize_with = "sql::maybe_flag")]`.
pub fn maybe_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(|it| it != 0))
}

/// Reads a JSON text: `#[serde(deserialize_with = "sql::json")]`. An error names the column and no
/// place within the text, whose keys may be somebody's own words.
pub fn json<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    read(&text).map_err(|it| serde::de::Error::custom(it.flaw))
}

/// Reads a value from JSON text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, tree::Error> {
    let value: Value = serde_json::from_str(text).map_err(serde::de::Error::custom)?;
    tree::read(&value)
}

/// A value as JSON text.
pub fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our values have string keys only")
}

/// The most bytes of a parameter: D1 takes up to two million, of which a batch of several may not all
/// be had.
const PIECE: usize = 400_000;

/// A long list in pieces that are short enough for a parameter.
#[must_use]
pub fn pieces(list: &[String]) -> Vec<&[String]> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (place, text) in list.iter().enumerate() {
        let more = to_json(text).len() + 1;
        if PIECE < size + more {
            pieces.push(&list[start..place]);
            (start, size) = (place, 0);
        }
        size += more;
    }
    pieces.push(&list[start..]);
    pieces
}

/// The stored name of a unit variant, as serde writes it.
pub fn name<T: serde::Serialize>(value: &T) -> String {
    to_json(value).trim_matches('"').into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn r_repeat_8_what_is_logged_of_a_failure_quotes_nobody() {
        for (text, expected) in [
            (
                "bad JSON path: '$ann@x.com' in participants::page_by_metadata",
                "participants::page_by_metadata: bad JSON path: ",
            ),
            (
                "invalid type: string \"ann in love\", expected u32 in rules::of_campaign",
                "rules::of_campaign: invalid type: string ",
            ),
            ("no such table: job in jobs::due", "jobs::due: no such table: job"),
            ("disk I/O error", ": disk I/O error"),
        ] {
            assert_eq!(DbError::Failed(text.into()).to_string(), expected);
        }
    }

    #[test]
    fn r_repeat_8_what_is_logged_of_stored_json_names_no_key_of_it() {
        #[derive(Debug, Deserialize)]
        struct Row {
            #[serde(deserialize_with = "json")]
            #[expect(dead_code, reason = "what it holds is not looked at")]
            metadata: BTreeMap<String, Vec<u8>>,
        }
        for text in [r#"{"ann@x.com":[300]}"#, r#"{"ann@x.com":{"ann":1}}"#, r#"{"ann@x.com":1"#] {
            let row = serde_json::json!({ "metadata": text });
            let error = tree::read::<Row>(&row).unwrap_err();
            let logged = DbError::Failed(format!("{error} in views::of")).to_string();
            assert!(
                logged.starts_with("views::of: metadata ") && !logged.contains("ann"),
                "{logged}"
            );
        }
    }

    #[test]
    fn r_repeat_8_failures_of_the_host_pass_and_refusals_stay() {
        let passes = |text: &str| DbError::Failed(text.into()).passes();
        assert!(passes("D1_ERROR: Network connection lost. in jobs::due"));
        assert!(passes("database is locked in jobs::due"));
        assert!(DbError::Constraint.passes());
        assert!(!passes("no such table: job in jobs::due"));
        assert!(!passes("bad JSON path: 'Network connection lost' in jobs::due"));
    }
}
