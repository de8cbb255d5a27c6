//! Which commands a deployment runs: composed here, run elsewhere.

use anyhow::{Context, Result, ensure};

use super::account::Account;
use super::secrets::{self, Secrets};

/// The worker's name.
pub(super) const WORKER: &str = "parrain";
/// The database's name.
pub(super) const DATABASE: &str = "parrain";
/// The name of the links' cache.
pub(super) const NAMESPACE: &str = "parrain-links";
/// The name of the clicks' queue.
pub(super) const QUEUE: &str = "parrain-clicks";
/// The name of the queue that keeps what could not be recorded.
pub(super) const DEAD_QUEUE: &str = "parrain-clicks-dead";
/// The name of the worker's secret.
pub(super) const SECRET: &str = "INSTALLATION_SECRET";
/// The configuration in the repository.
pub(super) const TEMPLATE: &str = "edge/wrangler.toml";
/// The same with the account's ids; it lies beside the other, so that paths mean the same.
pub(super) const CONFIG: &str = "edge/wrangler.installation.toml";

/// One call of wrangler.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Step {
    /// What it is for.
    pub(super) why: &'static str,
    /// Its words.
    pub(super) words: Vec<String>,
    /// What it reads, never to be shown.
    pub(super) input: Option<String>,
}

impl Step {
    fn new<const N: usize>(why: &'static str, words: [&str; N]) -> Self {
        Self { why, words: words.map(str::to_owned).to_vec(), input: None }
    }

    /// The call as a line that one could type.
    pub(super) fn shown(&self) -> String {
        let quoted = self
            .words
            .iter()
            .map(|it| if it.contains(' ') { format!("\"{it}\"") } else { it.clone() });
        let input = if self.input.is_some() { " < (a secret)" } else { "" };
        format!("wrangler {}{input}", quoted.collect::<Vec<_>>().join(" "))
    }
}

/// Where people reach the service.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Address {
    host: String,
}

impl Address {
    /// Reads `https://HOST`.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let host = url.trim_end_matches('/').strip_prefix("https://").unwrap_or_default();
        let is_host_char = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
        ensure!(
            host.contains('.') && host.chars().all(is_host_char),
            "the public address must look like https://referral.example, not {url}"
        );
        Ok(Self { host: host.to_ascii_lowercase() })
    }

    /// The origin, without a slash at its end.
    pub(super) fn url(&self) -> String {
        format!("https://{}", self.host)
    }

    /// Whether the account has to route a domain of its own to the worker.
    fn is_own_domain(&self) -> bool {
        !self.host.ends_with(".workers.dev")
    }
}

/// What has to be created before the worker can be bound to it.
pub(super) fn missing(account: &Account) -> Vec<Step> {
    let database = Step::new("create the database", ["d1", "create", DATABASE]);
    let namespace = Step::new("create the links' cache", ["kv", "namespace", "create", NAMESPACE]);
    let queue = Step::new("create the clicks' queue", ["queues", "create", QUEUE]);
    let dead = Step::new("create the queue of lost clicks", ["queues", "create", DEAD_QUEUE]);
    let all = [
        (account.database.is_none(), database),
        (account.namespace.is_none(), namespace),
        (!account.has_queue, queue),
        (!account.has_dead_queue, dead),
    ];
    all.into_iter().filter_map(|(is_missing, step)| is_missing.then_some(step)).collect()
}

/// The configuration with the account's ids.
pub(super) fn config(account: &Account) -> Result<String> {
    let mut config = include_str!("../../../edge/wrangler.toml").to_owned();
    let ids = [
        (format!("database_name = \"{DATABASE}\"\n"), "database_id", &account.database),
        ("binding = \"LINKS\"\n".to_owned(), "id", &account.namespace),
    ];
    for (line, key, id) in ids {
        let id = id.as_ref().with_context(|| format!("the account has no {key} for us"))?;
        ensure!(config.matches(&line).count() == 1, "{TEMPLATE} lacks the line {line}");
        config = config.replace(&line, &format!("{line}{key} = \"{id}\"\n"));
    }
    Ok(config)
}

/// Everything after that; the secrets are those of a first deployment.
pub(super) fn release(address: &Address, secrets: Option<&Secrets>) -> Vec<Step> {
    let mut steps = vec![
        Step::new(
            "bring the database up to date",
            ["d1", "migrations", "apply", DATABASE, "--remote", "--config", CONFIG],
        ),
        deploy(address),
    ];
    let Some(secrets) = secrets else { return steps };
    steps.push(insert("make the first API key and the owner's link", &first_rows(secrets)));
    // Last: its presence says that a first deployment got this far.
    steps.push(Step {
        input: Some(secrets.installation.clone()),
        ..Step::new("set the installation's secret", ["secret", "put", SECRET, "--config", CONFIG])
    });
    steps
}

/// Lets the owner in once more.
pub(super) fn owner_link(owner: &str) -> Step {
    insert("make an owner's link", &owner_row(owner))
}

fn insert(why: &'static str, rows: &str) -> Step {
    let words = ["d1", "execute", DATABASE, "--remote", "--yes", "--config", CONFIG, "--command"];
    let mut step = Step::new(why, words);
    step.words.push(rows.to_owned());
    step
}

/// What only the person at the terminal gets to see.
pub(super) fn farewell(address: &Address, secrets: &Secrets) -> String {
    format!(
        "Shown once, kept nowhere:\n  first API key  {}\n  owner's link   {}",
        secrets.key(),
        entrance(address, &secrets.owner),
    )
}

/// The owner's link: it opens one session, within a day.
pub(super) fn entrance(address: &Address, owner: &str) -> String {
    format!("{}/console/enter#{owner}", address.url())
}

fn deploy(address: &Address) -> Step {
    let variable = format!("PUBLIC_URL:{}", address.url());
    let mut step = Step::new(
        "send the worker and its files",
        ["deploy", "--config", CONFIG, "--var", &variable],
    );
    if address.is_own_domain() {
        step.words.extend(["--domain".to_owned(), address.host.clone()]);
    }
    step
}

/// The rows that let the owner in; of each secret only its hash.
fn first_rows(secrets: &Secrets) -> String {
    let (public, hash) = (&secrets.key_public, secrets::hash(&secrets.key()));
    let owner = owner_row(&secrets.owner);
    format!(
        "INSERT INTO api_key (id, public, hash, name, scopes, created_at) \
         VALUES ('key_{public}', '{public}', '{hash}', 'first', '*', unixepoch() * 1000); {owner}"
    )
}

fn owner_row(owner: &str) -> String {
    let hash = secrets::hash(owner);
    format!(
        "INSERT INTO entry_link (hash, kind, subject, created_at, expires_at) VALUES ('{hash}', \
         'MEMBER', 'owner', unixepoch() * 1000, (unixepoch() + 86400) * 1000)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        let [installation, key_public, key_secret, owner] =
            ["root", "00010203", "key", "token"].map(str::to_owned);
        Secrets { installation, key_public, key_secret, owner }
    }

    fn complete() -> Account {
        let [database, namespace] = ["d", "n"].map(|it| Some(it.to_owned()));
        Account { database, namespace, has_queue: true, has_dead_queue: true, has_secret: true }
    }

    fn lines(steps: &[Step]) -> Vec<String> {
        steps.iter().map(Step::shown).collect()
    }

    #[test]
    fn only_what_is_missing_is_created() {
        let expected = [
            "wrangler d1 create parrain",
            "wrangler kv namespace create parrain-links",
            "wrangler queues create parrain-clicks",
            "wrangler queues create parrain-clicks-dead",
        ];
        assert_eq!(lines(&missing(&Account::default())), expected);
        assert_eq!(missing(&complete()), []);
        let partial = Account { database: None, ..complete() };
        assert_eq!(lines(&missing(&partial)), expected[..1]);
    }

    #[test]
    fn the_configuration_gets_both_ids_in_their_tables() {
        let config = config(&complete()).unwrap();
        assert!(config.contains("database_name = \"parrain\"\ndatabase_id = \"d\"\n"));
        assert!(config.contains("binding = \"LINKS\"\nid = \"n\"\n"));
        assert!(super::config(&Account::default()).is_err());
    }

    #[test]
    fn a_second_deployment_makes_no_secrets() {
        let address = Address::parse("https://Referral.example/").unwrap();
        let expected = [
            "wrangler d1 migrations apply parrain --remote --config edge/wrangler.installation.toml",
            "wrangler deploy --config edge/wrangler.installation.toml \
             --var PUBLIC_URL:https://referral.example --domain referral.example",
        ];
        assert_eq!(lines(&release(&address, None)), expected);
    }

    #[test]
    fn a_host_of_cloudflare_needs_no_domain() {
        let address = Address::parse("https://parrain.me.workers.dev").unwrap();
        assert!(!deploy(&address).shown().contains("--domain"));
    }

    #[test]
    fn no_secret_is_on_a_command_line() {
        let secrets = Secrets::random().unwrap();
        let address = Address::parse("https://referral.example").unwrap();
        let all = lines(&release(&address, Some(&secrets))).join("\n");
        for secret in [&secrets.installation, &secrets.key_secret, &secrets.owner] {
            assert!(!all.contains(secret));
        }
        assert!(all.contains(&secrets::hash(&secrets.owner)));
        assert!(all.ends_with(
            "INSTALLATION_SECRET --config edge/wrangler.installation.toml < (a secret)"
        ));
    }

    #[test]
    fn the_owner_sees_key_and_link() {
        let address = Address::parse("https://referral.example").unwrap();
        assert_eq!(
            farewell(&address, &secrets()),
            "Shown once, kept nowhere:\n  first API key  prn_00010203_key\n  \
             owner's link   https://referral.example/console/enter#token"
        );
    }

    #[test]
    fn a_further_link_sends_the_hash_and_shows_the_token() {
        let shown = owner_link("token").shown();
        assert!(shown.starts_with("wrangler d1 execute parrain --remote --yes --config "));
        assert!(shown.contains(&secrets::hash("token")) && !shown.contains("token'"));
        let address = Address::parse("https://referral.example").unwrap();
        let expected = "https://referral.example/console/enter#token";
        assert_eq!(entrance(&address, "token"), expected);
    }

    #[test]
    fn the_worker_is_bound_to_the_queues_that_are_created() {
        let config = config(&complete()).unwrap();
        assert!(config.contains(&format!("\nqueue = \"{QUEUE}\"\n")));
        assert!(config.contains(&format!("\ndead_letter_queue = \"{DEAD_QUEUE}\"\n")));
    }

    #[test]
    fn an_address_is_an_origin_on_https() {
        for wrong in
            ["", "referral.example", "http://a.b", "https://", "https://a", "https://a.b/c"]
        {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }
}
