//! What a Cloudflare account already has of ours.

use anyhow::{Context, Result};
use serde_json::Value;

use super::plan;

/// Lists databases.
pub(super) const DATABASES: [&str; 3] = ["d1", "list", "--json"];

/// Lists key-value namespaces.
pub(super) const NAMESPACES: [&str; 3] = ["kv", "namespace", "list"];

/// Fails when the queue is not there.
pub(super) const QUEUE: [&str; 3] = ["queues", "info", plan::QUEUE];

/// Lists the names of the worker's secrets.
pub(super) const SECRETS: [&str; 4] = ["secret", "list", "--name", plan::WORKER];

/// What was found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Account {
    /// The database's id.
    pub(super) database: Option<String>,
    /// The id of the links' namespace.
    pub(super) namespace: Option<String>,
    /// Whether the clicks' queue is there.
    pub(super) has_queue: bool,
    /// Whether the installation's secret is set: false until the first deployment is over.
    pub(super) has_secret: bool,
}

impl Account {
    /// Whether the worker finds all that it is bound to.
    pub(super) fn is_complete(&self) -> bool {
        self.database.is_some() && self.namespace.is_some() && self.has_queue
    }
}

/// The id of what is called `name` in a list printed by wrangler.
///
/// Databases have `name` and `uuid`, namespaces have `title` and `id`.
pub(super) fn id(list: &str, name: &str) -> Result<Option<String>> {
    let list: Value = serde_json::from_str(list)
        .with_context(|| format!("wrangler printed no JSON but: {}", list.trim()))?;
    let text = |it: &Value, keys: [&str; 2]| {
        keys.into_iter().find_map(|key| it.get(key)?.as_str().map(str::to_owned))
    };
    let mut entries = list.as_array().into_iter().flatten();
    let ours = entries.find(|it| text(it, ["name", "title"]).as_deref() == Some(name));
    Ok(ours.and_then(|it| text(it, ["uuid", "id"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, expected: Option<&str>) {
        assert_eq!(id(list, "ours").unwrap().as_deref(), expected);
    }

    #[test]
    fn ours_is_found_by_its_whole_name() {
        check("[]", None);
        check(r#"[{"uuid":"1","name":"ours-too"},{"uuid":"2","name":"ours"}]"#, Some("2"));
        check(r#"[{"id":"3","title":"ours"}]"#, Some("3"));
    }

    #[test]
    fn what_is_no_list_is_shown() {
        let error = id("You are not logged in.\n", "ours").unwrap_err();
        assert_eq!(error.to_string(), "wrangler printed no JSON but: You are not logged in.");
    }
}
