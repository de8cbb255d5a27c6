//! A merchant's site: pages that a story writes, routes it hands on to the service, and everything it was asked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use serde_json::Value;

use crate::http;

/// A running site; it ends when dropped.
#[must_use]
pub struct Site {
    url: String,
    plan: Arc<Mutex<Plan>>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

/// One request that the site received.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its method.
    pub method: String,
    /// Its path with the query.
    pub target: String,
    /// Its `Cookie` header, or nothing.
    pub cookie: String,
    /// Its body.
    pub body: String,
    /// The status it was answered with; 0 while it is not.
    pub status: u16,
}

#[derive(Default)]
struct Plan {
    pages: Vec<(String, String)>,
    files: Vec<(String, &'static str, Vec<u8>)>,
    headers: Vec<(&'static str, String)>,
    routes: Vec<(String, String)>,
    delays: Vec<(String, Duration)>,
    more: Option<Value>,
    seen: Vec<Seen>,
}

type Shared = Arc<Mutex<Plan>>;

/// As good as never: longer than any story.
const NEVER: Duration = Duration::from_hours(1);

impl Site {
    /// Opens a site without pages on `http://HOST:PORT`; the host is `127.0.0.1`, `localhost` or a name below it.
    pub fn open(host: &str) -> Self {
        let plan = Shared::default();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = mpsc::channel();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&plan));
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listener =
                    tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
                tell.send(listener.local_addr().expect("a bound socket").port()).ok();
                tokio::select! {
                    _ = stopped => {}
                    _ = async { axum::serve(listener, router).await } => {}
                }
            });
        });
        let port = told.recv().expect("the site has started");
        Self { url: format!("http://{host}:{port}"), plan, _stop: stop }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Puts a page at a path; unknown paths are an empty page.
    pub fn page(self, path: &str, html: &str) -> Self {
        self.set_page(path, html);
        self
    }

    /// Replaces the page at a path.
    pub fn set_page(&self, path: &str, html: &str) {
        lock(&self.plan).pages.insert(0, (path.into(), html.into()));
    }

    /// Puts a file of a kind at a path, also where others are handed on.
    pub fn file(self, path: &str, kind: &'static str, bytes: Vec<u8>) -> Self {
        lock(&self.plan).files.push((path.into(), kind, bytes));
        self
    }

    /// Sends a header with every page.
    pub fn header(self, name: &'static str, value: &str) -> Self {
        lock(&self.plan).headers.push((name, value.into()));
        self
    }

    /// Hands on every path that starts so to a service, as a reverse proxy does.
    pub fn route(self, prefix: &str, to: &str) -> Self {
        lock(&self.plan).routes.push((prefix.into(), to.into()));
        self
    }

    /// The same for everything that a browser asks of the service: the site becomes its first party.
    pub fn first_party(self, to: &str) -> Self {
        ["/r/", "/_p/", "/p.js", "/p/"]
            .into_iter()
            .fold(self, |site, prefix| site.route(prefix, to))
    }

    /// Adds these fields to every object that the service answers with, as a later one may.
    pub fn with_more(self, fields: &Value) -> Self {
        lock(&self.plan).more = Some(fields.clone());
        self
    }

    /// Answers paths that contain a text only after a while.
    pub fn delay(self, part: &str, time: Duration) -> Self {
        lock(&self.plan).delays.push((part.into(), time));
        self
    }

    /// Never answers paths that contain a text.
    pub fn silence(self, part: &str) -> Self {
        self.delay(part, NEVER)
    }

    /// All requests so far whose path starts so.
    pub fn seen(&self, prefix: &str) -> Vec<Seen> {
        lock(&self.plan).seen.iter().filter(|it| it.target.starts_with(prefix)).cloned().collect()
    }
}

fn lock(plan: &Shared) -> MutexGuard<'_, Plan> {
    plan.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(plan): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let target = uri.path_and_query().map_or("/", |it| it.as_str()).to_owned();
    let cookies = headers.get_all(header::COOKIE).iter();
    let cookie = cookies.map(|it| String::from_utf8_lossy(it.as_bytes())).collect::<Vec<_>>();
    let seen = Seen {
        method: method.to_string(),
        target: target.clone(),
        cookie: cookie.join("; "),
        body: String::from_utf8_lossy(&body).into(),
        status: 0,
    };
    let (number, delay, route, more) = {
        let mut plan = lock(&plan);
        plan.seen.push(seen);
        let more = plan.more.clone();
        let delay = plan.delays.iter().find(|(part, _)| target.contains(part.as_str()));
        let is_own = plan.files.iter().any(|(at, ..)| at == uri.path());
        let mut routes = plan.routes.iter().filter(|_| !is_own);
        let route = routes.find(|(prefix, _)| target.starts_with(prefix.as_str()));
        (plan.seen.len() - 1, delay.map(|it| it.1), route.map(|it| it.1.clone()), more)
    };
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    let response = match route {
        Some(to) => hand_on(&to, &target, &method, &headers, &body, more).await,
        None => page(&lock(&plan), uri.path()),
    };
    lock(&plan).seen[number].status = response.status().as_u16();
    response
}

fn page(plan: &Plan, path: &str) -> Response<Body> {
    if let Some((_, kind, bytes)) = plan.files.iter().find(|(at, ..)| at == path) {
        let response = Response::builder().header("content-type", *kind);
        return response.body(Body::from(bytes.clone())).expect("kinds of a story are valid");
    }
    let html = plan.pages.iter().find(|(at, _)| at == path).map_or("<!doctype html>", |it| &it.1);
    let mut response = Response::builder().header("content-type", "text/html; charset=utf-8");
    for (name, value) in &plan.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(html.to_owned())).expect("headers of a story are valid")
}

/// Asks the service what the browser asked the site, under the site's own name.
async fn hand_on(
    to: &str,
    target: &str,
    method: &Method,
    headers: &HeaderMap,
    body: &Bytes,
    more: Option<Value>,
) -> Response<Body> {
    let mut call = http::call(method.as_str(), &format!("{to}{target}"));
    for (name, value) in headers {
        if ![header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING].contains(name) {
            call = call.header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
    }
    if *method == Method::POST {
        call = call.body(body.to_vec());
    }
    let answer = tokio::task::spawn_blocking(move || call.attempt()).await;
    let Ok(Ok(answer)) = answer else {
        let gone = Response::builder().status(StatusCode::BAD_GATEWAY);
        return gone.body(Body::empty()).expect("a plain answer");
    };
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        if !["connection", "content-length", "transfer-encoding"].contains(&name.as_str()) {
            response = response.header(name, value);
        }
    }
    let bytes = more.and_then(|it| widened(&answer.bytes, &it)).unwrap_or(answer.bytes);
    response.body(Body::from(bytes)).expect("an answer of the service is valid")
}

/// A JSON object with more fields in it and in each object that it holds; nothing of what is none.
fn widened(bytes: &[u8], more: &Value) -> Option<Vec<u8>> {
    fn widen(value: &mut Value, more: &Value) {
        if let (Value::Object(fields), Value::Object(added)) = (value, more) {
            fields.values_mut().for_each(|it| widen(it, more));
            fields.extend(added.clone());
        }
    }
    let mut value: Value = serde_json::from_slice(bytes).ok().filter(Value::is_object)?;
    widen(&mut value, more);
    Some(value.to_string().into_bytes())
}
