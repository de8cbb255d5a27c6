//! What a Cloudflare account already has of ours.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::plan;

/// Lists databases.
pub(super) const DATABASES: [&str; 3] = ["d1", "list", "--json"];

/// Lists key-value namespaces.
pub(super) const NAMESPACES: [&str; 3] = ["kv", "namespace", "list"];

/// Fails when the queue is not there.
pub(super) const QUEUE: [&str; 3] = ["queues", "info", plan::QUEUE];

/// Fails when the queue of what was given up is not there.
pub(super) const DEAD_QUEUE: [&str; 3] = ["queues", "info", plan::DEAD_QUEUE];

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
    /// Whether the queue of the clicks that could not be recorded is there.
    pub(super) has_dead_queue: bool,
    /// Whether the installation's secret is set: false until the first deployment is over.
    pub(super) has_secret: bool,
}

impl Account {
    /// Whether the worker finds all that it is bound to.
    pub(super) fn is_complete(&self) -> bool {
        self.database.is_some() && self.namespace.is_some() && self.has_queue && self.has_dead_queue
    }
}

/// The id of what is called `name` in a list printed by wrangler.
///
/// Databases have `name` and `uuid`, namespaces have `title` and `id`.
pub(super) fn id(list: &str, name: &str) -> Result<Option<String>> {
    Ok(entry(list, name)?.and_then(|it| text(&it, ["uuid", "id"])))
}

/// Whether the installation's secret is set, by what wrangler answered when asked for the list.
///
/// Only a worker that is not there has none for certain. Any other failure is one: taken for a
/// first deployment, it would overwrite the root of all keys.
pub(super) fn has_secret(answer: Result<String>) -> Result<bool> {
    match answer {
        Ok(list) => Ok(entry(&list, plan::SECRET)?.is_some()),
        Err(error) if format!("{error:#}").contains(&no_worker()) => Ok(false),
        Err(error) => Err(error.context("whether the worker has its secret is not known")),
    }
}

/// What wrangler says of a worker that is not there.
fn no_worker() -> String {
    format!("Worker \"{}\" not found.", plan::WORKER)
}

fn entry(list: &str, name: &str) -> Result<Option<Value>> {
    let list: Value = serde_json::from_str(list)
        .with_context(|| format!("wrangler printed no JSON but: {}", list.trim()))?;
    let Value::Array(entries) = list else { bail!("wrangler printed no list but: {list}") };
    let is_ours = |it: &Value| text(it, ["name", "title"]).as_deref() == Some(name);
    Ok(entries.into_iter().find(is_ours))
}

fn text(entry: &Value, keys: [&str; 2]) -> Option<String> {
    keys.into_iter().find_map(|key| entry.get(key)?.as_str().map(str::to_owned))
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
        assert!(id("{}", "ours").is_err());
    }

    #[track_caller]
    fn check_secret(answer: Result<&str, &str>, expected: Option<bool>) {
        let answer = answer.map(str::to_owned).map_err(|it| anyhow::anyhow!("{it}"));
        assert_eq!(has_secret(answer).ok(), expected);
    }

    #[test]
    fn only_a_worker_that_is_not_there_has_no_secret_for_certain() {
        let set = r#"[{"name":"OTHER","type":"secret_text"},{"name":"INSTALLATION_SECRET"}]"#;
        check_secret(Ok(set), Some(true));
        check_secret(Ok("[]"), Some(false));
        check_secret(Ok(r#"[{"name":"INSTALLATION_SECRET_OLD"}]"#), Some(false));
        check_secret(
            Err("failed: exit status: 1\n✘ [ERROR] Worker \"parrain\" not found.\n\nIf"),
            Some(false),
        );
    }

    #[test]
    fn a_failure_is_never_taken_for_a_first_deployment() {
        check_secret(
            Err("✘ [ERROR] A request to the Cloudflare API failed. Gateway Timeout"),
            None,
        );
        check_secret(Err("✘ [ERROR] You are not logged in."), None);
        check_secret(Err("✘ [ERROR] Worker \"parrain-two\" not found."), None);
        check_secret(Err("✘ [ERROR] account not found."), None);
        check_secret(Ok(""), None);
        check_secret(Ok(r#"{"success":false}"#), None);
    }
}
