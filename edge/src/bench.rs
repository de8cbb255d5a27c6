//! A test bench: the real router over the native platform at a set time, without network.

use std::{
    cell::Cell,
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::{
    attribution::{Claims, SigningKey, sign},
    code::Code,
    secret::Secret,
    team::EVERYTHING,
    time::{Span, Timestamp},
};
use tower::ServiceExt;

use crate::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::cache::Cache,
    engine::{entry, keys},
    platform::{Background, Clicks, Db, Http, Limiter, LinkStore, Mail},
    router,
    routes::member,
    sql::Statement,
    store::sessions::Kind,
};

/// When benches begin: 2026-09-21.
const BEGIN: Timestamp = Timestamp(1_790_000_000_000);

/// The service with one API key, at an hour that the test sets.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) key: String,
    pub(crate) now: Cell<Timestamp>,
    router: Router,
    calls: Cell<u64>,
}

/// What came back: the body as JSON, if it is, and as text.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Answer {
    /// The body of a 200.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body
    }

    /// Whether it is the wire's error of this status.
    #[track_caller]
    pub(crate) fn fails(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.body["status"], status, "{}", self.body);
        assert!(self.body["name"].is_string() && self.body["message"].is_string());
        self.body
    }

    /// Whether it is a 400 that names this field.
    #[track_caller]
    pub(crate) fn refuses(self, param: &str) -> String {
        let body = self.fails(400);
        assert_eq!(body["errors"][0]["param"], param, "{body}");
        body["errors"][0]["msg"].as_str().unwrap().into()
    }
}

impl Bench {
    /// An empty installation on 2026-09-21.
    pub(crate) async fn new() -> Self {
        Self::at("https://link.example").await
    }

    /// An empty installation whose links live there.
    pub(crate) async fn at(public_url: &str) -> Self {
        Self::with_mail(public_url, Mail::scratch()).await
    }

    /// An empty installation whose mail goes that way.
    pub(crate) async fn with_mail(public_url: &str, mail: Mail) -> Self {
        let app = app(public_url, Db::in_memory().unwrap(), mail);
        let now = BEGIN;
        let router = router::router(Arc::clone(&app));
        let mut bench =
            Self { app, key: String::new(), now: Cell::new(now), router, calls: Cell::new(0) };
        let (key, statements) = keys::create(&bench.call(), "test", EVERYTHING, None);
        // Its row in the audit log is of no interest here.
        bench.write(statements.into_iter().take(1)).await;
        bench.key = key;
        bench
    }

    /// A call at the bench's hour, with entropy of its own.
    pub(crate) fn call(&self) -> Call {
        let n = self.calls.get() + 1;
        self.calls.set(n);
        let mut seed = [0; 32];
        let bytes = shared::secret::mac(b"bench", &[&n.to_be_bytes()]);
        seed.copy_from_slice(&bytes);
        Call::new(self.now.get(), seed, Network::default(), Background)
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, span: Span) {
        self.now.set(self.now.get() + span);
    }

    /// Writes statements.
    pub(crate) async fn write(&self, statements: impl IntoIterator<Item = Statement>) {
        self.app.db.batch(statements.into_iter().collect()).await.unwrap();
    }

    /// The one number that a statement yields as `n`.
    pub(crate) async fn number(&self, statement: Statement) -> i64 {
        let rows: Vec<Value> = self.app.db.all(statement).await.unwrap();
        rows[0]["n"].as_i64().unwrap()
    }

    /// A request under the bench's key.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        body: impl Into<Body>,
    ) -> Request<Body> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .unwrap();
        request.extensions_mut().insert(self.call());
        request
    }

    /// A session of a member: its secret.
    pub(crate) async fn seat(&self, member: &str) -> String {
        let call = self.call();
        let (token, link) = entry::link(&call, Kind::Member, member, Span::hours(1));
        self.write([link]).await;
        entry::enter(&self.app, &call, Kind::Member, &token).await.unwrap().unwrap()
    }

    /// The token that forms of that session hold.
    pub(crate) fn csrf(&self, session: &str) -> String {
        member::csrf(&self.app, &entry::hash(session))
    }

    /// A form sent from a page of that session.
    pub(crate) fn form(&self, path: &str, session: &str, form: &str) -> Request<Body> {
        let mut request = self.request(Method::POST, path, form.to_owned());
        let headers = request.headers_mut();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, kind);
        let cookie = format!("__Host-prn-console={session}");
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        request
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        answer(self.router.clone(), request).await
    }

    /// What a request is answered, as work that can be waited for elsewhere.
    pub(crate) fn later(
        &self,
        request: Request<Body>,
    ) -> impl Future<Output = Answer> + Send + use<> {
        answer(self.router.clone(), request)
    }

    /// The process ends and another begins: of all that it kept, the database is left.
    pub(crate) fn restart(&mut self) {
        let db = self.app.db.clone();
        self.app = app(&self.app.settings.public_url, db, self.app.mail.clone());
        self.router = router::router(Arc::clone(&self.app));
    }

    /// Forgets everything but the key, and begins anew in a process of its own: much sooner than
    /// another bench would.
    pub(crate) async fn empty(&mut self) {
        #[derive(serde::Deserialize)]
        struct Table {
            name: String,
        }
        let tables = crate::sql!(
            "-- bench::empty
             SELECT name FROM
               (SELECT 'main.' || name AS name FROM sqlite_schema
                 WHERE type = 'table' AND name NOT IN ('api_key', 'click_fold')
                UNION ALL
                SELECT 'temp.' || name FROM sqlite_temp_schema WHERE type = 'table')
              ORDER BY name = 'main.coupon_pool', name"
        );
        let tables: Vec<Table> = self.app.db.all(tables).await.unwrap();
        let texts =
            tables.into_iter().map(|it| format!("-- bench::empty\n DELETE FROM {}", it.name));
        let folds = "-- bench::empty\n UPDATE click_fold SET seq = 0".to_owned();
        let batch = texts.chain([folds]).map(|it| Statement { sql: kept(it), args: Vec::new() });
        self.write(batch).await;
        self.now.set(BEGIN);
        self.calls.set(1);
        self.restart();
    }

    /// Sends the same request twenty times at once.
    pub(crate) async fn twenty(&self, method: Method, path: &str, body: Value) -> Vec<Answer> {
        self.at_once((0..20).map(|_| self.request(method.clone(), path, body.to_string()))).await
    }

    /// Sends requests at once.
    pub(crate) async fn at_once(
        &self,
        requests: impl IntoIterator<Item = Request<Body>>,
    ) -> Vec<Answer> {
        let mut tasks = tokio::task::JoinSet::new();
        for request in requests {
            tasks.spawn(answer(self.router.clone(), request));
        }
        tasks.join_all().await
    }

    /// Sends a request to a host that dies once it has waited so many times; whether it did.
    pub(crate) async fn dies(&self, request: Request<Body>, waits: u32) -> bool {
        let mut task = std::pin::pin!(answer(self.router.clone(), request));
        let mut left = waits;
        std::future::poll_fn(|context| match task.as_mut().poll(context) {
            std::task::Poll::Ready(_) => std::task::Poll::Ready(false),
            std::task::Poll::Pending if left == 0 => std::task::Poll::Ready(true),
            std::task::Poll::Pending => {
                left -= 1;
                std::task::Poll::Pending
            }
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path, Body::empty())).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path, body.to_string())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path, body.to_string())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path, "")).await
    }

    /// A running campaign in euros with one rule for both sides; its path.
    pub(crate) async fn campaign(&self, trigger: &str) -> String {
        let reward = json!({ "type": "DOUBLE_SIDED" });
        self.campaign_with(trigger, &[reward]).await
    }

    /// A running campaign in euros with these rules; its path.
    pub(crate) async fn campaign_with(&self, trigger: &str, rewards: &[Value]) -> String {
        let asked = json!({ "type": "REFERRAL", "currencyISO": "EUR", "rewards": rewards });
        let made = self.post("/v2/campaigns", asked).await.ok();
        let path = format!("/v2/campaign/{}", made["id"].as_str().unwrap());
        let settings = json!({ "referralTrigger": trigger, "shareUrl": "https://shop.example/" });
        self.patch(&format!("{path}/installation"), settings).await.ok();
        self.patch(&path, json!({ "status": "IN_PROGRESS" })).await.ok();
        // Tests of limits set their own; in the others everybody comes within a second.
        let fraud = json!({ "maxFriendsPerHour": null, "maxFriendsPerDay": null });
        self.patch(&format!("{path}/options"), json!({ "fraud": fraud })).await.ok();
        path
    }

    /// Switches a campaign's mail on; its path.
    pub(crate) async fn mailing(&self, trigger: &str) -> String {
        let campaign = self.campaign(trigger).await;
        let on = json!({ "settings": { "isEnabled": true } });
        self.patch(&format!("{campaign}/emails"), on).await.ok();
        campaign
    }

    /// Lets the cron run, and says what mail lies in the folder: to whom, and the subject, oldest first.
    pub(crate) async fn mail(&self) -> Vec<[String; 2]> {
        // Later than what lies there.
        self.pass(Span(1));
        crate::engine::cron::run(&self.app, &self.call()).await;
        let mut kept = self.app.mail.kept(1_000).unwrap();
        kept.reverse();
        kept.into_iter().map(|it| [it.to, it.subject]).collect()
    }

    /// Adds a person to a campaign; their id.
    pub(crate) async fn add(&self, campaign: &str, name: &str, referrer: Option<&str>) -> String {
        let person = json!({ "email": format!("{name}@example.com"), "referredBy": referrer });
        let added = self.post(&format!("{campaign}/participant"), person).await.ok();
        added["id"].as_str().unwrap().into()
    }

    /// The token of a click on a participant's link, made now.
    pub(crate) fn token(&self, campaign: &str, referrer: &str) -> String {
        let claims = self.claims(campaign, referrer);
        sign(&SigningKey::new(&self.app.settings.secret, &claims.aud, 1), &claims)
    }

    /// The claim of a click on a participant's link, made now.
    pub(crate) fn claims(&self, campaign: &str, referrer: &str) -> Claims {
        let now = self.now.get();
        Claims {
            iss: self.app.settings.issuer.clone(),
            aud: campaign.trim_start_matches("/v2/campaign/").into(),
            sub: Code::parse(referrer).unwrap(),
            jti: self.call().id(),
            ch: Some("whatsapp".into()),
            iat: now.seconds(),
            exp: (now + Span::hours(1)).seconds(),
            landed: true,
        }
    }
}

/// A text that is made again and again, once.
pub(crate) fn kept(text: String) -> &'static str {
    static TEXTS: Mutex<BTreeMap<String, &'static str>> = Mutex::new(BTreeMap::new());
    let mut texts = TEXTS.lock().unwrap();
    texts.entry(text).or_insert_with_key(|it| Box::leak(it.clone().into_boxed_str()))
}

/// A process of its own on a database.
fn app(public_url: &str, db: Db, mail: Mail) -> App {
    Arc::new(State {
        settings: Settings::new(public_url, Secret::new([7; 32]), false),
        clicks: Clicks::start(db.clone()),
        db,
        store: LinkStore,
        cache: Cache::default(),
        misses: Limiter::new(30),
        leads: Limiter::new(120),
        http: Http::new(true),
        mail,
    })
}

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, body, text }
}
