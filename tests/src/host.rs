//! The service under test: the native binary or the worker in Miniflare, told apart nowhere else.

use std::ffi::{OsStr, OsString};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::http::{self, Call};
use crate::process::Process;
use crate::sqlite;
use crate::{output, root, tool};

/// The two hosts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// The binary over SQLite.
    Native,
    /// The worker over D1, KV and Queues.
    Worker,
}

/// How a host is started.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// With the demo programme, and a second port for its foreign site.
    pub demo: bool,
    /// How often the worker's queue delivers each message.
    pub deliveries: u32,
    /// Whether it is reached by a name, `http://localhost:PORT`, as passkeys need it.
    pub named: bool,
}

/// A running service.
pub struct Host {
    /// Which of the two it is.
    pub kind: Kind,
    url: String,
    foreign: String,
    key: String,
    secret: String,
    side: Side,
    process: Process,
}

enum Side {
    Native { data: PathBuf },
    Worker { control: String },
}

static NATIVE: LazyLock<Host> = LazyLock::new(|| Host::start(Kind::Native, Options::default()));
static WORKER: LazyLock<Host> = LazyLock::new(|| Host::start(Kind::Worker, Options::default()));

impl Default for Options {
    fn default() -> Self {
        Self { demo: true, deliveries: 1, named: false }
    }
}

impl Host {
    /// The native host of this test binary, started once.
    pub fn native() -> &'static Self {
        &NATIVE
    }

    /// The worker of this test binary, started once.
    pub fn worker() -> &'static Self {
        &WORKER
    }

    /// Starts a host with data of its own.
    pub fn start(kind: Kind, options: Options) -> Self {
        match kind {
            Kind::Native => Self::start_native(fresh_folder("native"), options),
            Kind::Worker => Self::start_worker(options),
        }
    }

    /// Starts the native host on data that may be there already.
    pub fn start_native(data: PathBuf, options: Options) -> Self {
        let program = tool("PARRAIN_BIN", "parrain");
        let port = free_ports();
        let url = format!("http://127.0.0.1:{port}");
        let mut arguments: Vec<OsString> =
            vec!["serve".into(), "--data".into(), data.clone().into()];
        arguments.extend(["--port".into(), port.to_string().into()]);
        arguments.extend(["--public-url".into(), public(port, options).into()]);
        arguments.extend(["--trust-proxy".into(), "127.0.0.1/32".into()]);
        arguments.extend(options.demo.then(|| "--demo".into()));
        let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
        let process = Process::start("native", program.as_os_str(), &arguments, &[]);
        assert_eq!(process.line("parrain: listening on "), url);

        let created = std::process::Command::new(&program)
            .args(["key", "create", "--data"])
            .arg(&data)
            .output()
            .expect("the binary");
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
        let secret = std::fs::read_to_string(data.join("secret")).expect("a secret");
        Self {
            kind: Kind::Native,
            url,
            foreign: format!("http://localhost:{}", port + 1),
            key: String::from_utf8_lossy(&created.stdout).trim().into(),
            secret: secret.trim().into(),
            side: Side::Native { data },
            process,
        }
    }

    fn start_worker(options: Options) -> Self {
        let root = root();
        let port = free_ports();
        let url = format!("http://127.0.0.1:{port}");
        let secret = random();
        let mut arguments: Vec<OsString> = vec![root.join("tests/miniflare.mjs").into()];
        // One word each: a secret may begin with a dash.
        let mut add = |name: &str, value: &str| arguments.push(format!("--{name}={value}").into());
        add("port", &port.to_string());
        add("foreign-port", &(port + 1).to_string());
        add("control-port", "0");
        add("secret", &secret);
        if options.named {
            add("public-url", &public(port, options));
        }
        add("deliver", &options.deliveries.to_string());
        arguments.extend(["--tied", "--mail"].map(Into::into));
        arguments.extend(options.demo.then(|| "--demo".into()));
        let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
        let node = tool("PARRAIN_NODE", "node");
        let process = Process::start("worker", node.as_os_str(), &arguments, &[]);
        assert_eq!(process.line("parrain: listening on "), url);

        let host = Self {
            kind: Kind::Worker,
            url,
            foreign: process.line("parrain: foreign on "),
            key: drawn_key(),
            secret,
            side: Side::Worker { control: process.line("parrain: control on ") },
            process,
        };
        host.keep_key(&host.key);
        host
    }

    /// Another API key of the owner, for a story that uses it up.
    pub fn spare_key(&self) -> String {
        let key = drawn_key();
        self.keep_key(&key);
        key
    }

    fn keep_key(&self, key: &str) {
        let public = key.split('_').nth(1).expect("a key has three parts");
        self.sql(
            "INSERT INTO api_key (id, public, hash, name, scopes, created_at)
             VALUES (?1, ?1, ?2, 'stories', '*', 0)",
            &[json!(public), json!(sha256(key))],
        );
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same service under another host name, to a browser another site: `http://localhost:PORT`.
    pub fn foreign(&self) -> &str {
        &self.foreign
    }

    /// An API key of the owner.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The installation's secret, in base64url.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// All it has printed so far but the owner's link, which is for the owner's eyes.
    pub fn logs(&self) -> String {
        let printed = self.process.printed();
        printed.lines().filter(|line| !line.contains("owner link")).collect::<Vec<_>>().join("\n")
    }

    /// A new link by which the owner enters the console, once.
    pub fn owner_link(&self) -> String {
        let token = random();
        let insert = "INSERT INTO entry_link (hash, kind, subject, created_at, expires_at)
                      VALUES (?1, 'MEMBER', 'owner', ?2, ?2 + 86400000)";
        self.sql(insert, &[json!(sha256(&token)), json!(milliseconds())]);
        format!("{}/console/enter#{token}", self.url)
    }

    /// A new member with a role, and the link by which they enter once: invitations go by e-mail.
    pub fn member_link(&self, role: &str) -> String {
        let (member, token) = (random(), random());
        let email = format!("{}@team.example", role.to_lowercase());
        let now = json!(milliseconds());
        self.sql(
            "INSERT INTO member (id, role, invited_by, created_at) VALUES (?1, ?2, 'owner', ?3)",
            &[json!(member), json!(role), now.clone()],
        );
        self.sql(
            "INSERT INTO person (subject, campaign, kind, email, identity, metadata, created_at)
             VALUES (?1, '', 'MEMBER', ?2, ?2, '{}', ?3)",
            &[json!(member), json!(email), now.clone()],
        );
        self.sql(
            "INSERT INTO entry_link (hash, kind, subject, created_at, expires_at)
             VALUES (?1, 'MEMBER', ?2, ?3, ?3 + 86400000)",
            &[json!(sha256(&token)), json!(member), now],
        );
        format!("{}/console/enter#{token}", self.url)
    }

    /// A link as a participant gets it by e-mail, for a host whose mail goes nowhere.
    pub fn guest_link(&self, campaign: &str, participant: &str) -> String {
        let token = random();
        let insert = "INSERT INTO entry_link (hash, kind, subject, created_at, expires_at)
                      VALUES (?1, 'PARTICIPANT', ?2, ?3, ?3 + 900000)";
        self.sql(insert, &[json!(sha256(&token)), json!(participant), json!(milliseconds())]);
        format!("{}/me/{campaign}/enter#{token}", self.url)
    }

    /// Ends it by SIGKILL, as a power cut would.
    pub fn kill(&self) {
        self.process.kill();
    }

    /// Asks it to end, by SIGTERM.
    pub fn terminate(&self) {
        self.process.terminate();
    }

    /// Waits until it has ended and returns its exit code.
    #[track_caller]
    pub fn exit_code(&self) -> String {
        self.process.exit_code()
    }

    /// A call with the owner's key.
    pub fn api(&self, method: &str, path: &str) -> Call {
        http::call(method, &format!("{}/v2{path}", self.url))
            .header("authorization", &format!("Bearer {}", self.key))
    }

    /// A call that comes, as far as the service can tell, from an address.
    pub fn from_address(&self, address: &str, call: Call) -> Call {
        match self.kind {
            Kind::Native => call.header("x-forwarded-for", address),
            Kind::Worker => call.header("cf-connecting-ip", address),
        }
    }

    /// The rows of a statement.
    pub fn sql(&self, sql: &str, parameters: &[Value]) -> Vec<Value> {
        match &self.side {
            Side::Native { data } => sqlite::rows(data, sql, parameters),
            Side::Worker { control } => {
                let body = json!({ "sql": sql, "params": parameters });
                let answer = http::post(&format!("{control}/sql")).json(&body).send().expect(200);
                answer.json().as_array().cloned().unwrap_or_default()
            }
        }
    }

    /// Runs the crons now. The native host runs its own by a timer; there it does nothing.
    pub fn cron(&self) {
        if let Side::Worker { control } = &self.side {
            let _ = http::post(&format!("{control}/scheduled")).send().expect(200);
        }
    }

    /// Delivers texts to the worker's queue consumer, as one batch of an age, and returns what became of it.
    #[track_caller]
    pub fn deliver(&self, messages: &[&str], age: Duration) -> Value {
        let Side::Worker { control } = &self.side else { panic!("only the worker has a queue") };
        let body = json!({ "messages": messages, "ageSeconds": age.as_secs() });
        http::post(&format!("{control}/queue")).json(&body).send().expect(200).json()
    }

    /// Everything kept outside the tables, as text.
    pub fn cache(&self) -> String {
        match &self.side {
            Side::Native { .. } => String::new(),
            Side::Worker { control } => {
                http::get(&format!("{control}/kv")).send().expect(200).text()
            }
        }
    }
}

/// Where the service says that it is.
fn public(port: u16, options: Options) -> String {
    let name = if options.named { "localhost" } else { "127.0.0.1" };
    format!("http://{name}:{port}")
}

/// An API key that nobody made yet.
fn drawn_key() -> String {
    format!("prn_{}_{}", &random()[..8].replace(['-', '_'], "x"), random())
}

/// 32 random bytes in base64url: 43 characters.
pub fn random() -> String {
    URL_SAFE_NO_PAD.encode(entropy::<32>())
}

#[expect(clippy::disallowed_methods, reason = "each run of the stories has secrets of its own")]
fn entropy<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("entropy");
    bytes
}

fn milliseconds() -> u64 {
    let since = std::time::UNIX_EPOCH.elapsed().expect("a clock after 1970");
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn sha256(text: &str) -> String {
    format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(text)))
}

/// A port that is free together with the next one.
///
/// It lies below the range from which the kernel lends ports to others, so that nobody takes it meanwhile.
pub(crate) fn free_ports() -> u16 {
    loop {
        let [high, low] = entropy();
        let port = 20_000 + u16::from_be_bytes([high, low]) % 12_000;
        let free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free(port) && free(port + 1) {
            return port;
        }
    }
}

/// An empty folder of this process's own.
pub fn fresh_folder(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = output("stories").join(format!("{name}-{}-{count}", std::process::id()));
    std::fs::remove_dir_all(&path).ok();
    std::fs::create_dir_all(&path).expect("target can be written");
    path
}
