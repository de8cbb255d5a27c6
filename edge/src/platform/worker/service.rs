//! The service of one isolate, and how it answers the requests that come to it.

use std::{
    net::IpAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::{HeaderName, HeaderValue, Request, Response, header};
use http_body_util::BodyExt;
use js_sys::{Reflect, Uint8Array};
use shared::secret::Secret;
use tower::ServiceExt;
use wasm_bindgen::JsValue;

use super::{Background, Clicks, Db, Limiter, LinkStore, host, log, now, seed};
use crate::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::{self, Reply, cache::Cache},
    engine::demo,
    router,
};

/// The most of a body that is read: more than any route takes.
const MOST: u32 = 1024 * 1024;

/// State and routes, made once: bindings stay valid for all calls of an isolate.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) app: App,
    router: Router,
    seeded: AtomicBool,
}

static SERVICE: OnceLock<Service> = OnceLock::new();

/// The isolate's service; the first call makes it, from its bindings.
pub(super) fn service(env: &JsValue, url: &str) -> Result<&'static Service, String> {
    if let Some(service) = SERVICE.get() {
        return Ok(service);
    }
    let app = state(env, url)?;
    let router = router::router(Arc::clone(&app));
    Ok(SERVICE.get_or_init(|| Service { app, router, seeded: AtomicBool::new(false) }))
}

/// The state for a call that is no request: the service's, or one of its own, as it may not know
/// the service's address.
pub(super) fn app(env: &JsValue) -> Result<App, String> {
    SERVICE.get().map_or_else(|| state(env, ""), |it| Ok(Arc::clone(&it.app)))
}

fn state(env: &JsValue, url: &str) -> Result<App, String> {
    let binding = |name: &str| {
        let value = Reflect::get(env, &JsValue::from_str(name)).unwrap_or_default();
        (!value.is_null() && !value.is_undefined()).then_some(value)
    };
    let needed = |name: &str| binding(name).ok_or_else(|| format!("{name} is not bound"));
    let text = |name: &str| binding(name).and_then(|it| it.as_string()).unwrap_or_default();

    let secret = secret(&text("INSTALLATION_SECRET"))
        .ok_or("INSTALLATION_SECRET is not 32 bytes in base64url")?;
    let public_url = Some(text("PUBLIC_URL")).filter(|it| !it.is_empty());
    let public_url = public_url.unwrap_or_else(|| origin(url).into());
    Ok(Arc::new(State {
        settings: Settings::new(&public_url, secret, text("DEMO") == "1"),
        db: Db::new(needed("DB")?),
        clicks: Clicks::new(needed("CLICKS")?),
        store: LinkStore::new(needed("LINKS")?),
        cache: Cache::default(),
        misses: Limiter::new(binding("MISSES")),
        leads: Limiter::new(binding("LEADS")),
    }))
}

/// A call that begins now.
pub(super) fn call(address: &str) -> Call {
    let network = address.parse::<IpAddr>().map(Network::of).unwrap_or_default();
    Call::new(now(), seed(), network, Background)
}

impl Service {
    /// Answers a click.
    pub(super) async fn click(&self, outline: &Outline<'_>) -> Result<JsValue, String> {
        let call = call(outline.address);
        match click::answer(&self.app, &call, outline.click()).await {
            Reply::Redirect { location, cookie } => {
                host::redirect(&location, cookie.as_deref()).map_err(|it| host::message(&it))
            }
            reply => {
                let response = router::click_response(reply);
                respond(response.map(|it| it.map_or_else(|body| body, Body::from))).await
            }
        }
    }

    /// Answers anything else.
    pub(super) async fn route(
        &self,
        outline: &Outline<'_>,
        request: &JsValue,
    ) -> Result<JsValue, String> {
        let call = call(outline.address);
        self.seed(&call).await?;
        let request = self.read(outline, request, call).await?;
        let answered = self.router.clone().oneshot(request).await;
        respond(answered.unwrap_or_else(|it| match it {})).await
    }

    /// Seeds the demo, where there is one, before the isolate's first answer.
    async fn seed(&self, call: &Call) -> Result<(), String> {
        let settings = &self.app.settings;
        if !settings.demo || self.seeded.load(Ordering::Relaxed) {
            return Ok(());
        }
        // The foreign site listens on the port beside ours, as it does natively.
        let port = settings.public_url.rsplit(':').next().and_then(|it| it.parse::<u16>().ok());
        let away = port.map(|it| format!("http://localhost:{}", it.saturating_add(1)));
        demo::seed(&self.app, call, away.as_deref()).await.map_err(|it| format!("{it:?}"))?;
        self.seeded.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn read(
        &self,
        outline: &Outline<'_>,
        request: &JsValue,
        call: Call,
    ) -> Result<Request<Body>, String> {
        let body = match outline.method {
            "GET" | "HEAD" => Body::empty(),
            _ => {
                let read = host::body(request, MOST).await.map_err(|it| host::message(&it))?;
                Body::from(Uint8Array::from(read).to_vec())
            }
        };
        let mut read = Request::builder()
            .method(outline.method)
            .uri(outline.target)
            .extension(call)
            .body(body)
            .map_err(|it| it.to_string())?;
        let headers = host::headers(request);
        let mut texts = headers.split('\0');
        while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                read.headers_mut().append(name, value);
            }
        }
        if let Ok(host) = HeaderValue::from_str(outline.host) {
            read.headers_mut().entry(header::HOST).or_insert(host);
        }
        Ok(read)
    }
}

/// The parts of a request that a click looks at; absent headers are empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outline<'a> {
    pub(super) url: &'a str,
    method: &'a str,
    host: &'a str,
    /// Path and query.
    target: &'a str,
    address: &'a str,
    agent: &'a str,
    purpose: &'a str,
    dest: &'a str,
    mode: &'a str,
    cookie: &'a str,
    language: &'a str,
    gpc: &'a str,
}

impl<'a> Outline<'a> {
    /// Reads what `host.js` joined.
    pub(super) fn read(joined: &'a str) -> Self {
        let mut texts = joined.split('\0');
        let mut next = || texts.next().unwrap_or_default();
        let (method, url) = (next(), next());
        let (host, target) = parts(url);
        // Natively, a header that is not ASCII reads as absent.
        let mut header = || Some(next()).filter(|it| it.is_ascii()).unwrap_or_default();
        Self {
            url,
            method,
            host,
            target,
            address: header(),
            agent: header(),
            purpose: header(),
            dest: header(),
            mode: header(),
            cookie: header(),
            language: header(),
            gpc: header(),
        }
    }

    /// Whether it is a click, which is taken before the router.
    pub(super) fn is_click(&self) -> bool {
        matches!(self.method, "GET" | "HEAD") && self.target.starts_with("/r/")
    }

    fn click(&self) -> click::Request<'a> {
        let (path, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        click::Request {
            hit: shared::click::Hit {
                is_head: self.method == "HEAD",
                purpose: self.purpose,
                fetch_dest: self.dest,
                fetch_mode: self.mode,
                agent: self.agent,
            },
            code: path.strip_prefix("/r/").unwrap_or_default(),
            query,
            host: self.host,
            cookie: self.cookie,
            language: self.language,
            refused_globally: self.gpc == "1",
        }
    }
}

/// The authority of a URL, and its path with the query.
fn parts(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |it| it.1);
    let rest = rest.split_once('#').map_or(rest, |it| it.0);
    rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
}

/// Scheme and authority of a URL.
fn origin(url: &str) -> &str {
    let (host, _) = parts(url);
    let scheme = url.find("://").map_or(0, |it| it + 3);
    url.get(..scheme + host.len()).unwrap_or(url)
}

/// The installation's secret, as it is bound.
fn secret(text: &str) -> Option<Secret> {
    Some(Secret::new(BASE64.decode(text.trim()).ok()?.try_into().ok()?))
}

/// An answer as the host takes it. Bodies are small and collected first: a stream costs more.
async fn respond(response: Response<Body>) -> Result<JsValue, String> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|it| it.to_string())?.to_bytes();
    let mut headers = String::new();
    for (name, value) in &parts.headers {
        let Ok(value) = value.to_str() else { continue };
        for text in [name.as_str(), "\0", value, "\0"] {
            headers.push_str(text);
        }
    }
    host::respond(parts.status.as_u16(), &headers, &body).map_err(|it| host::message(&it))
}

/// Says that the worker is not set up, or that something broke, to the log; nothing to the client.
pub(super) fn broken(why: &str) -> JsValue {
    log(why);
    host::respond(500, "", b"").unwrap_or_default()
}
