//! How fast a file of 100,000 people is imported natively, and how much memory that takes, one JSON line
//! a step: `cargo bench -p edge --bench import`. `ROWS` names another number of rows.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body};
use edge::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::cache::Cache,
    engine::entry,
    platform::{Background, Clicks, Db, Http, Limiter, LinkStore, Mail},
    router,
    routes::member::csrf,
    sql::Statement,
    store::{members, sessions::Kind},
};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use shared::{
    secret::Secret,
    time::{Span, Timestamp},
};
use tower::ServiceExt;

/// When it all happens: 2026-09-21.
const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// How large a piece of the file is, in bytes: as the page's script sends it.
const PIECE: usize = 250_000;

const CAMPAIGN: &str = "-- import::campaign
    INSERT INTO campaign (id, name, status, currency, installation, options, created_at, started_at,
                          revision)
    VALUES ('shop', 'Shop', 'IN_PROGRESS', 'EUR', '{\"referralTrigger\":\"ON_SIGNUP\"}', '{}', 1, 1, 0)";

/// Nine in ten have a referrer in the file, and one in ten is called awarded.
fn file(rows: u32) -> String {
    let mut text = String::from("email,firstName,lastName,referredBy,referralStatus,plan\n");
    for n in 0..rows {
        let referrer =
            if n % 10 == 0 { String::new() } else { format!("p{}@example.com", n / 10 * 10) };
        let status = if n % 10 == 1 { "CREDIT_AWARDED" } else { "" };
        writeln!(text, "p{n}@example.com,Anna,Name{n},{referrer},{status},pro").expect("memory");
    }
    text
}

/// A member at the console.
struct Seat {
    router: Router,
    session: String,
    csrf: String,
    calls: u32,
}

impl Seat {
    async fn new(app: &App) -> Self {
        let (token, link) = entry::link(&call(1), Kind::Member, members::OWNER, Span::hours(9));
        let campaign = Statement { sql: CAMPAIGN, args: Vec::new() };
        app.db.batch(vec![link, campaign]).await.expect("a database");
        let entered = entry::enter(app, &call(2), Kind::Member, &token).await.expect("an answer");
        let session = entered.expect("a session");
        let csrf = csrf(app, &entry::hash(&session));
        Self { router: router::router(Arc::clone(app)), session, csrf, calls: 2 }
    }

    async fn post(&mut self, path: &str, kind: &str, body: impl Into<Body>) -> Value {
        self.calls += 1;
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, format!("__Host-prn-console={}", self.session))
            .header(header::CONTENT_TYPE, kind)
            .header("x-parrain-csrf", &self.csrf)
            .extension(call(self.calls))
            .body(body.into())
            .expect("a request");
        let answer = self.router.clone().oneshot(request).await.unwrap_or_else(|it| match it {});
        let status = answer.status();
        assert!(status.is_success() || status.is_redirection(), "{path} {status}");
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        serde_json::from_slice(&body).unwrap_or_default()
    }

    async fn form(&mut self, path: &str, form: &str) -> Value {
        self.post(path, "application/x-www-form-urlencoded", form.to_owned()).await
    }

    /// Goes on until the import stands elsewhere.
    async fn steps(&mut self, path: &str, until: &str) {
        loop {
            let now = self.form(path, "act=step&script=1").await;
            let state = now["state"].as_str().expect("a state").to_owned();
            if state == until {
                return;
            }
            assert!(matches!(&*state, "CHECKING" | "RUNNING"), "{state}");
        }
    }
}

fn call(n: u32) -> Call {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&n.to_be_bytes());
    seed[16..20].copy_from_slice(&n.to_be_bytes());
    Call::new(NOW, seed, Network::default(), Background)
}

fn app(folder: &Path) -> App {
    let db = Db::open(&folder.join("parrain.db")).expect("a database");
    Arc::new(State {
        settings: Settings::new("https://link.example", Secret::new([7; 32]), false),
        clicks: Clicks::start(db.clone()),
        db,
        store: LinkStore,
        cache: Cache::default(),
        misses: Limiter::new(30),
        leads: Limiter::new(120),
        http: Http::new(true),
        mail: Mail::new(folder.join("mail")),
    })
}

/// The most memory that the process ever had, in MB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or_default();
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse().unwrap_or_default();
    kilobytes / 1_024
}

fn told(step: &str, rows: u32, took: Duration) {
    let seconds = took.as_secs_f64();
    let rate = f64::from(rows) / seconds;
    println!(
        "{{\"step\":\"{step}\",\"rows\":{rows},\"seconds\":{seconds:.1},\"rows_per_s\":{rate:.0},\"peak_mb\":{}}}",
        peak()
    );
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

async fn measured(folder: &Path) {
    let rows = env::var("ROWS").ok().and_then(|it| it.parse().ok()).unwrap_or(100_000);
    let app = app(folder);
    let mut seat = Seat::new(&app).await;
    let file = file(rows);
    told("nothing yet", 0, Duration::from_secs(1));

    let began = now();
    let begun = seat.form("/console/shop/import", "what=participants&pieces=1").await;
    let path = format!("/console/shop/import/{}", begun["id"].as_str().expect("an id"));
    let mut from = 0;
    while from < file.len() {
        let end = (from + PIECE).min(file.len());
        let last = end == file.len();
        // Pieces are of whole rows.
        let end = file[from..end].rfind('\n').map_or(end, |it| from + it + 1);
        let piece = format!("{path}/piece?from={from}&last={last}");
        let next = seat.post(&piece, "text/csv", file[from..end].to_owned()).await;
        from = usize::try_from(next["from"].as_u64().expect("a place")).expect("a place");
    }
    told("upload", rows, began.elapsed());

    let began = now();
    let columns = "column0=email&column1=firstName&column2=lastName&column3=referredBy\
                   &column4=status&column5=own";
    seat.form(&path, &format!("act=check&{columns}")).await;
    seat.steps(&path, "CHECKED").await;
    told("dry run", rows, began.elapsed());

    let began = now();
    seat.form(&path, "act=start").await;
    seat.steps(&path, "DONE").await;
    told("import", rows, began.elapsed());

    let counted = "-- import::counted
        SELECT (SELECT count(*) FROM participant) AS people, (SELECT count(*) FROM referral) AS friends,
               (SELECT sum(failed) FROM import) AS failed, (SELECT sum(bad) FROM import) AS bad";
    let counted: Vec<Value> =
        app.db.all(Statement { sql: counted, args: Vec::new() }).await.expect("counts");
    println!("{}", counted[0]);
    assert_eq!(counted[0]["people"], f64::from(rows));
}

fn main() {
    let folder = env::temp_dir().join(format!("parrain-bench-{}-import", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measured(&folder));
    let _ = fs::remove_dir_all(&folder);
}
