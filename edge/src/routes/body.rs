//! Bodies, mostly JSON: at most 64 KB, lists that are imported 2 MB; unknown fields refused, errors that
//! name the field.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use shared::{api, campaign};

use crate::{
    error::{Error, Problem},
    tree::{self, Flaw},
};

/// The largest body, in bytes: what browsers let a beacon carry.
pub const LARGEST: usize = 64 * 1024;

/// How large a body may be.
#[derive(Debug, Eq, PartialEq)]
pub struct Size {
    /// In bytes.
    pub most: usize,
    /// What to say of a larger one.
    pub refusal: &'static str,
    /// The list that makes it large, and what to say of that.
    pub list: Option<(&'static str, &'static str)>,
}

/// Of every body but those of imports.
pub static ORDINARY: Size =
    Size { most: LARGEST, refusal: "The body is larger than 64 KB.", list: None };

/// Of an import of codes.
pub static CODES: Size = Size {
    most: LARGEST_IMPORT,
    refusal: "The body is larger than 2 MB.",
    list: Some(("codes", "is larger than 2 MB: at most 10000 codes go in one call")),
};

/// Of an import of customers.
pub static HASHES: Size = Size {
    most: LARGEST_IMPORT,
    refusal: "The body is larger than 2 MB.",
    list: Some(("hashes", "is larger than 2 MB: at most 25000 hashes go in one call")),
};

/// Of a file that comes with a form, whole: what the worker reads of a body.
pub static FILE: Size =
    Size { most: LARGEST_FILE, refusal: "The file is larger than 900 KB.", list: None };

/// Of a picture: a photo is read, so that its own form says that it is too large.
pub static PICTURE: Size =
    Size { most: 2 * LARGEST_IMPORT, refusal: "The file is larger than 4 MB.", list: None };

/// Of a piece of a file.
pub static PIECE: Size =
    Size { most: LARGEST_PIECE, refusal: "A piece is larger than 300 KB.", list: None };

/// The largest file that comes whole, in bytes.
pub const LARGEST_FILE: usize = 900 * 1024;

/// The largest piece of one, in bytes.
const LARGEST_PIECE: usize = 300 * 1024;

/// The largest body of an import, in bytes.
const LARGEST_IMPORT: usize = 2 * 1024 * 1024;

/// The most codes of an import: each is a row with what follows from it, in one batch.
pub const MOST_CODES: usize = 10_000;

/// The most hashes of customers of an import: as many as fit into its body.
pub const MOST_HASHES: usize = 25_000;

/// Refuses a list that is too long; nothing of it was looked at yet.
pub fn counted(field: &str, rows: usize, most: usize) -> Result<(), Error> {
    if rows <= most {
        return Ok(());
    }
    Err(Error::field(field, None, format!("holds {rows} rows: at most {most} go in one call")))
}

/// What cannot be read as a body.
#[must_use]
pub fn unread(problem: &str) -> Error {
    Error::field("", None, problem)
}

/// Reads a JSON object.
pub fn parse<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    if !value.is_object() {
        return Err(Error::field("", Some(value.clone()), "the body must be a JSON object"));
    }
    tree::read_strictly(value).map_err(|it| Error::Invalid(vec![problem(&it, value)]))
}

/// Settings with the sent fields changed; lists are replaced whole.
pub fn patched<T: DeserializeOwned + Serialize>(
    current: &T,
    patch: &Map<String, Value>,
) -> Result<T, Error> {
    let mut settings = serde_json::to_value(current)
        .map_err(|it| Error::Internal(format!("settings are not JSON: {it}")))?;
    merge(&mut settings, patch);
    parse(&settings)
}

/// A value with the sent fields changed; lists are replaced whole.
#[must_use]
pub fn overlaid(mut current: Value, patch: &Map<String, Value>) -> Value {
    merge(&mut current, patch);
    current
}

fn merge(to: &mut Value, patch: &Map<String, Value>) {
    let Value::Object(fields) = to else { return };
    for (name, value) in patch {
        match (fields.get_mut(name), value) {
            (Some(known @ Value::Object(_)), Value::Object(inner)) => merge(known, inner),
            _ => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}

/// A field that is wrong, as the answer names it.
#[must_use]
pub fn flawed(flaw: campaign::Flaw) -> Error {
    Error::field(flaw.field, None, flaw.problem)
}

/// What is wrong, in the words of the wire.
fn problem(error: &tree::Error, value: &Value) -> Problem {
    let path = &error.path;
    match &error.flaw {
        Flaw::Unknown => {
            let field = path.rsplit('.').next().unwrap_or_default();
            Problem::new("body", path, None, api::refusal(field))
        }
        Flaw::Missing | Flaw::Ended(_) => Problem::new("body", path, None, "is required"),
        // serde repeats what was given, however long.
        Flaw::Wrong(text) => {
            let given = at(value, path).cloned();
            Problem::new("body", path, given, text.chars().take(240).collect::<String>())
        }
    }
}

/// The value at a path such as `rewards[0].type`.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split(['.', '[']).filter(|it| !it.is_empty()).try_fold(value, |value, step| {
        match step.strip_suffix(']') {
            Some(place) => value.get(place.parse::<usize>().ok()?),
            None => value.get(step),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        api::{CampaignCreate, ParticipantAdd},
        campaign::Installation,
    };

    #[track_caller]
    fn check<T: DeserializeOwned>(json: &str, param: &str, message: &str) {
        let value = serde_json::from_str(json).unwrap();
        let Err(Error::Invalid(problems)) = parse::<T>(&value) else { panic!("{json} is taken") };
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].param, param);
        assert!(problems[0].msg.contains(message), "{}", problems[0].msg);
    }

    #[test]
    fn errors_name_the_field() {
        check::<ParticipantAdd>("{}", "email", "is required");
        check::<ParticipantAdd>(r#"{"email":1}"#, "email", "expected a string");
        check::<ParticipantAdd>(r#"{"email":"foo"}"#, "email", "Invalid email foo");
        let with = |field: &str| format!(r#"{{"email":"a@example.com",{field}}}"#);
        check::<ParticipantAdd>(&with(r#""rank":1"#), "rank", "unknown or read-only");
        check::<ParticipantAdd>(&with(r#""metadata":{"a":[]}"#), "metadata", "values are");
        check::<ParticipantAdd>(&with(r#""language":"xx"#).replace("xx", "xx\""), "language", "en");
        check::<ParticipantAdd>(
            &with(r#""mobileInstanceId":"x""#),
            "mobileInstanceId",
            "not avail",
        );
        check::<CampaignCreate>("[]", "", "JSON object");
        let reward = |field: &str| format!(r#"{{"type":"REFERRAL","rewards":[{{{field}}}]}}"#);
        check::<CampaignCreate>(&reward(r#""type":"X""#), "rewards[0].type", "unknown variant");
        check::<CampaignCreate>(&reward(r#""levels":2"#), "rewards[0].levels", "R-LEVEL-1");
        check::<CampaignCreate>(&reward(""), "rewards[0].type", "is required");
    }

    #[test]
    fn errors_are_short_however_long_the_value() {
        let value = serde_json::json!({ "type": "x".repeat(10_000) });
        let Err(Error::Invalid(problems)) = parse::<CampaignCreate>(&value) else { panic!() };
        let length = serde_json::to_string(&problems).unwrap().len();
        assert!(length < 500, "{length}");
    }

    #[test]
    fn a_patch_changes_what_it_names_and_replaces_lists_whole() {
        let current = Installation {
            allowed_urls: vec!["https://a.example".into()],
            share_url: Some("https://shop.example".into()),
            ..Installation::default()
        };
        let patch = |json: &str| {
            let patch: Map<String, Value> = serde_json::from_str(json).unwrap();
            patched(&current, &patch)
        };
        let changed = patch(r#"{"allowedUrls":["https://b.example"]}"#).unwrap();
        assert_eq!(changed.allowed_urls, ["https://b.example"]);
        assert_eq!(changed.share_url, current.share_url);
        assert_eq!(patch("{}").unwrap(), current);
        assert_eq!(patch(r#"{"shareUrl":null}"#).unwrap().share_url, None);
        let forms = patch(r##"{"forms":{"take":["#a"]}}"##).unwrap().forms;
        assert_eq!((forms.take.len(), forms.ignore.len()), (1, 0));
        assert!(patch(r#"{"mobile":{}}"#).is_err());
        assert!(patch(r#"{"allowedUrls":null}"#).is_err());
    }
}
