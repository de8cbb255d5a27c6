//! What anybody says about people stays where it belongs: every form of the console, every call of the
//! API and every call of a browser is sent with marked names, addresses and notes, and none of it stands
//! in the log, the audit log, decisions, jobs or any other table but those for it. Routes are read from
//! the tables of routes, so that one that is added is missed here.

mod forms;
mod said;
mod typed;

use std::{collections::BTreeSet, path::PathBuf};

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::{Value, json};
use shared::time::Span;

use crate::{
    bench::{Answer, Bench, kept},
    engine::{cron, jobs},
    platform::{LOGGED, Mail},
    routes::{audited::keyed_handlers, console},
    sql::Statement,
    store::members,
};

/// What nobody would write by chance.
const MARK: &str = "Zqmark";

/// What leads to the page where members sign in.
const SIGN_OUT: &str = "/console/sign-out";

/// The id of a set-up.
const SETUP: &str = "abcdefghjkmn";

/// Where what people are called and what is written of them lies: the person's own table, the team's
/// notes and what they are asked to look at again, a file until it is imported; and settings in which an owner names addresses: their own for
/// answers, and lists of those that are let in or kept out.
const PLACES: [&str; 6] = ["appeal", "campaign", "import_row", "mail_setting", "note", "person"];

/// Forms in which an owner says what the programme is and does: their texts are everybody's, and are in
/// the audit log. Fields for somebody's address are marked in them, too.
const OWN: [&str; 14] = [
    "/console/keys",
    "/console/new",
    "/console/new/{setup}/{step}",
    "/console/team/name",
    "/console/{campaign}/card",
    "/console/{campaign}/coupons",
    "/console/{campaign}/design",
    "/console/{campaign}/install",
    "/console/{campaign}/mail",
    "/console/{campaign}/mail/{kind}",
    "/console/{campaign}/participants/views",
    "/console/{campaign}/rules",
    "/console/{campaign}/rules/{rule}",
    "/console/{campaign}/settings",
];

/// What takes nothing in this walk, and why.
const REFUSED: [(&str, &str); 3] = [
    ("/console/me/passkeys", "only an authenticator signs a challenge; passkey/tests.rs has one"),
    ("/console/passkey", "likewise"),
    ("routes::demo::post", "only the demo has its shop; nothing of it is a programme's"),
];

/// A request that can be sent again.
struct Sent {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
}

/// One programme, and whoever says something in it.
struct Scene {
    bench: Bench,
    folder: PathBuf,
    campaign: String,
    id: String,
    ada: String,
    owner: String,
    guest: String,
    people: usize,
    sent: Vec<Sent>,
    /// What took what was said to it at least once.
    seen: BTreeSet<String>,
}

impl Scene {
    async fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("parrain-marked-{}", std::process::id()));
        let bench = Bench::with_mail("https://link.example", Mail::new(folder.clone())).await;
        let gift = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "GIFT" } });
        let coupon = json!({ "type": "DOUBLE_SIDED", "gives": { "kind": "COUPON" } });
        let campaign = bench.campaign_with("ON_SIGNUP", &[coupon, gift]).await;
        let id = campaign.rsplit('/').next().unwrap().to_owned();
        let owner = bench.seat(members::OWNER).await;
        let (ada, guest, people, sent, seen) = Default::default();
        Self { bench, folder, campaign, id, ada, owner, guest, people, sent, seen }
    }

    /// An address that nobody had before.
    fn address(&mut self) -> String {
        self.people += 1;
        format!("{MARK}.{}@mail.example", self.people)
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let headers = headers.iter().map(|it| (it.0.clone(), it.1.to_owned())).collect();
        let sent = Sent { method, path: path.into(), headers, body: body.into() };
        let answer = self.bench.send(self.request(&sent)).await;
        self.sent.push(sent);
        answer
    }

    fn request(&self, sent: &Sent) -> Request<Body> {
        let mut request =
            self.bench.request(sent.method.clone(), &sent.path, Body::from(sent.body.clone()));
        for (name, value) in &sent.headers {
            request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
        }
        request
    }

    /// The same once more, in the session that the owner has now.
    fn again(&self, sent: &Sent) -> Request<Body> {
        const COOKIE: &str = "__Host-prn-console=";
        let cookie = sent.headers.iter().find_map(|it| it.1.strip_prefix(COOKIE));
        let Some(old) = cookie else { return self.request(sent) };
        let body = String::from_utf8_lossy(&sent.body);
        let body = body.replace(&self.bench.csrf(old), &self.bench.csrf(&self.owner)).into_bytes();
        let mut headers = sent.headers.clone();
        headers.retain(|it| it.0 != header::COOKIE);
        headers.push((header::COOKIE, format!("{COOKIE}{}", self.owner)));
        let (method, path) = (sent.method.clone(), sent.path.clone());
        self.request(&Sent { method, path, headers, body })
    }

    /// A call of the back end, by the handler that takes it.
    async fn says(&mut self, handler: &str, method: &str, end: &str, body: Value) -> Value {
        let path =
            if end.starts_with("/v2") { end.into() } else { format!("{}{end}", self.campaign) };
        let answer = self.send(method.parse().unwrap(), &path, &[], body.to_string()).await;
        assert!(answer.status.is_success(), "{handler} {}", answer.body);
        self.seen.insert(handler.into());
        // With something that cannot be read besides, it is refused.
        let mut wrong = body;
        wrong["email"] = json!(MARK);
        wrong["firstName"] = json!({ MARK: MARK });
        wrong["metadata"] = json!([MARK]);
        self.send(method.parse().unwrap(), &format!("{path}?q={MARK}"), &[], wrong.to_string())
            .await;
        answer.body
    }

    /// A form as a page of the console sends it.
    async fn form(&mut self, path: &str, form: &str) -> Answer {
        let cookie = format!("__Host-prn-console={}", self.owner);
        let form = format!("csrf={}&{form}", self.bench.csrf(&self.owner));
        let kind = "application/x-www-form-urlencoded";
        let headers = [(header::CONTENT_TYPE, kind), (header::COOKIE, &*cookie)];
        let answer = self.send(Method::POST, path, &headers, form).await;
        self.saw(route_of(path), &answer);
        answer
    }

    /// What a browser says on the site, or a form on a participant's own page.
    async fn browses(&mut self, handler: &str, path: &str, body: &str) -> Answer {
        let on_site = path.starts_with("/_");
        let origin = if on_site { "https://shop.example" } else { "https://link.example" };
        let kind = if on_site { "text/plain" } else { "application/x-www-form-urlencoded" };
        let cookie = format!("__Host-prn-me={}", self.guest);
        let headers = [
            (header::ORIGIN, origin),
            (header::HOST, "link.example"),
            (header::CONTENT_TYPE, kind),
            (header::COOKIE, &*cookie),
        ];
        let answer = self.send(Method::POST, path, &headers, body).await;
        self.saw(Some(handler.into()), &answer);
        answer
    }

    /// Notes what took something: it did not refuse it, nor ask who is there.
    fn saw(&mut self, what: Option<String>, answer: &Answer) {
        let to = answer.headers.get(header::LOCATION).and_then(|it| it.to_str().ok());
        let door = format!("/me/{}", self.id);
        let asks = match what.as_deref() {
            Some(
                "account::update" | "account::erase" | "reward::choose" | "told::tell"
                | "door::sign_out",
            ) => to == Some(&*door),
            Some(SIGN_OUT) => false,
            _ => to.is_some_and(|it| it.starts_with("/console/sign-in")),
        };
        if (answer.status.is_success() || answer.status.is_redirection()) && !asks {
            self.seen.extend(what);
        }
    }

    async fn works(&self) {
        jobs::run_due(&self.bench.app, &self.bench.call(), 99).await.unwrap();
        self.bench.pass(Span::minutes(1));
        cron::run(&self.bench.app, &self.bench.call()).await;
    }

    /// What is written anywhere but where it belongs.
    async fn lost(&self) -> Vec<String> {
        #[derive(serde::Deserialize)]
        struct Table {
            name: String,
        }
        let db = &self.bench.app.db;
        let tables =
            crate::sql!("-- marked::lost\n SELECT name FROM sqlite_master WHERE type = 'table'");
        let tables: Vec<Table> = db.all(tables).await.unwrap();
        let mut found = Vec::new();
        for Table { name } in tables {
            let sql = kept(format!("-- t\n SELECT * FROM \"{name}\""));
            let rows: Vec<Value> = db.all(plain(sql)).await.unwrap();
            assert!(!rows.is_empty() || !["audit", "decision", "job", "message"].contains(&&*name));
            if PLACES.contains(&&*name) {
                continue;
            }
            let marked = rows.iter().filter(|it| told(&it.to_string()));
            found.extend(marked.map(|it| format!("{name}: {it}")));
        }
        let log = LOGGED.lock().unwrap();
        found.extend(log.iter().filter(|it| told(it)).map(|it| format!("log: {it}")));
        found
    }
}

fn plain(sql: &'static str) -> Statement {
    Statement { sql, args: Vec::new() }
}

fn told(text: &str) -> bool {
    text.to_lowercase().contains(&MARK.to_lowercase())
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The console's route of a path, as its list writes it: what is fixed comes before what is not.
fn route_of(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let fits = |route: &str| {
        let (a, b) = (route.split('/'), path.split('/'));
        a.clone().count() == b.clone().count()
            && a.zip(b).all(|(a, b)| a.starts_with('{') && !b.is_empty() || a == b)
    };
    let routes = console::routes().into_iter().filter(|it| it.0 != Method::GET).map(|it| it.1);
    let fixed = |it: &&str| it.split('/').filter(|it| !it.starts_with('{')).count();
    routes.filter(|it| fits(it)).max_by_key(fixed).map(Into::into)
}

/// The handlers of browsers and participants that take something: what the route table says.
fn open_handlers() -> BTreeSet<String> {
    let table = include_str!("../router.rs");
    let parts = table.split("post(open(").skip(1).chain(table.split("post(paged(").skip(1));
    let found: BTreeSet<String> =
        parts.map(|it| it.split(')').next().unwrap_or_default().to_owned()).collect();
    assert!(found.contains("routes::browser::lead::record") && found.contains("door::join"));
    found
}

#[tokio::test]
async fn r_privacy_2_what_is_said_of_people_stands_in_no_log_audit_row_decision_or_job() {
    let mut it = Scene::new().await;
    said::back_end(&mut it).await;
    typed::team(&mut it).await;
    it.works().await;
    said::browsers(&mut it).await;
    it.works().await;
    // Whoever was written about so far is forgotten, and what was written with them.
    let left = "-- t\n SELECT subject AS id FROM person WHERE kind = 'PARTICIPANT' LIMIT 1";
    let left = typed::known(&it, left).await.remove(0);
    let path = format!("/console/{}/participants/{left}/note", it.id);
    it.form(&path, &format!("note={MARK}")).await;
    let new = it.says("team::rotate", "POST", "/v2/api-key/rotate", json!({})).await;
    it.bench.key = new["apiKey"].as_str().unwrap().to_owned();

    // It was said: it stands where it belongs.
    let people = plain("-- t\n SELECT count(*) AS n FROM person WHERE identity LIKE 'zqmark%'");
    assert!(9 < it.bench.number(people).await);
    let notes = plain("-- t\n SELECT count(*) AS n FROM note WHERE text LIKE 'zqmark%'");
    assert_eq!(it.bench.number(notes).await, 1);
    assert_eq!(it.lost().await, Vec::<String>::new());

    // Every route took something, but for those of which it is known why not.
    let posts = console::routes().into_iter().filter(|it| it.0 != Method::GET);
    let mut expected: BTreeSet<String> = posts.map(|it| it.1.into()).collect();
    assert!(OWN.iter().all(|own| expected.contains(*own)), "{expected:?}");
    expected.extend(keyed_handlers());
    expected.extend(open_handlers());
    let refused: BTreeSet<String> = REFUSED.iter().map(|it| it.0.into()).collect();
    assert!(refused.is_subset(&expected));
    let taken: BTreeSet<String> = expected.difference(&refused).cloned().collect();
    assert_eq!(it.seen, taken);

    // Nothing works any more: what is said of it names nobody, either.
    let before = LOGGED.lock().unwrap().len();
    it.owner = it.bench.seat(members::OWNER).await;
    let (sent, mut failed) = (std::mem::take(&mut it.sent), 0);
    for table in ["audit", "person"] {
        let sql = kept(format!("-- t\n ALTER TABLE {table} RENAME TO {table}_gone"));
        it.bench.write([plain(sql)]).await;
        for one in &sent {
            failed += usize::from(it.bench.send(it.again(one)).await.status.is_server_error());
        }
    }
    cron::run(&it.bench.app, &it.bench.call()).await;
    let log = LOGGED.lock().unwrap().split_off(before);
    assert!(50 < failed && 50 < log.len(), "{failed} {}", log.len());
    assert_eq!(log.into_iter().filter(|it| told(it)).collect::<Vec<_>>(), Vec::<String>::new());
    std::fs::remove_dir_all(&it.folder).ok();
}
