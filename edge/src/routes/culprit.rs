//! Which field an error of serde is about.
//!
//! Readers that keep track of their path exist, and cost the worker a second reader for each type.
//! An error is rare, so it is found by trying: the field without which the error changes.

use serde_json::Value;

/// The object whose keys are the owner's own words: it is named itself, and none of its keys.
const FREE: &str = "metadata";

/// How many fields of one object or list are tried; nobody's body has more by mistake.
const TRIED: usize = 64;

/// The path of the field, such as `rewards[0].type`; empty if it is the body itself.
///
/// `retry` reads a changed body and says what is wrong with it, if anything.
#[must_use]
pub fn culprit(body: &Value, error: &str, retry: &dyn Fn(&Value) -> Option<String>) -> String {
    let (mut pointer, mut path) = (String::new(), String::new());
    loop {
        let without = |step: &str| {
            let mut rest = body.clone();
            match rest.pointer_mut(&pointer) {
                Some(Value::Object(fields)) => drop(fields.remove(step)),
                Some(Value::Array(items)) => drop(items.remove(step.parse().unwrap_or_default())),
                _ => {}
            }
            // Without another field that is needed too, that one is missed: no sign of anything.
            retry(&rest).is_none_or(|it| it != error && !(missing(&it) && missing(error)))
        };
        let (step, name) = match body.pointer(&pointer) {
            Some(Value::Object(fields)) => {
                let Some(name) = fields.keys().take(TRIED).find(|it| without(it)) else { break };
                (name.clone(), if path.is_empty() { name.clone() } else { format!(".{name}") })
            }
            Some(Value::Array(items)) => {
                let places = (0..items.len().min(TRIED)).map(|it| it.to_string());
                let Some(place) = places.into_iter().find(|it| without(it)) else { break };
                let name = format!("[{place}]");
                (place, name)
            }
            _ => break,
        };
        let is_free = step == FREE;
        pointer.push('/');
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        path.push_str(&name);
        if is_free {
            break;
        }
    }
    path
}

fn missing(error: &str) -> bool {
    error.starts_with("missing field")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Order {
        number: String,
        #[serde(default)]
        lines: Vec<Line>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Line {
        amount: u8,
    }

    #[track_caller]
    fn check(body: &Value, expected: &str) {
        let retry = |it: &Value| Order::deserialize(it).err().map(|it| it.to_string());
        let error = retry(body).expect("an error");
        assert_eq!(culprit(body, &error, &retry), expected);
    }

    #[test]
    fn the_field_is_found_at_any_depth() {
        check(&json!({ "number": 7 }), "number");
        check(&json!({ "lines": [], "number": 7 }), "number");
        check(&json!({ "number": "7", "lines": 1 }), "lines");
        check(
            &json!({ "number": "7", "lines": [{ "amount": 1 }, { "amount": -1 }] }),
            "lines[1].amount",
        );
        check(&json!({ "number": "7", "a/b~c": 1 }), "a/b~c");
        check(&json!([]), "");
    }
}
