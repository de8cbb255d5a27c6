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
use http::{HeaderValue, Request, Response, header};
use http_body_util::BodyExt;
use js_sys::{Reflect, Uint8Array};
use shared::secret::Secret;
use tower::ServiceExt;
use wasm_bindgen::JsValue;

use super::{
    Background, Clicks, Db, Http, Limiter, LinkStore, Mail, host, log, now,
    outline::{Outline, origin},
    seed,
};
use crate::{
    app::{App, Settings, State},
    call::{Call, Network},
    click::{self, Reply, cache::Cache},
    engine::demo,
    mail::Configuration,
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
    let settings = Settings::new(&public_url, secret, text("DEMO") == "1");
    let http = Http::new(settings.is_local());
    let configuration = Configuration::parse(&text("PARRAIN_MAIL"), &text("PARRAIN_MAIL_FROM"))?;
    Ok(Arc::new(State {
        mail: Mail::new(configuration, http, binding("EMAIL")),
        http,
        settings,
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
        let body = match outline.method {
            "GET" | "HEAD" => Body::empty(),
            _ => {
                let read = host::body(request, MOST).await.map_err(|it| host::message(&it))?;
                Body::from(Uint8Array::from(read).to_vec())
            }
        };
        // What the host lets through and is no request by the book is the client's fault.
        let Some(request) = read(outline, &host::headers(request), body, call) else {
            return host::respond(400, "", b"").map_err(|it| host::message(&it));
        };
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
}

/// A request as the router takes it.
fn read(outline: &Outline<'_>, headers: &str, body: Body, call: Call) -> Option<Request<Body>> {
    let request =
        Request::builder().method(outline.method).uri(outline.target).extension(call).body(body);
    let mut request = request.ok()?;
    *request.headers_mut() = host::split(headers)?;
    let host = HeaderValue::from_bytes(outline.host.as_bytes()).ok()?;
    request.headers_mut().entry(header::HOST).or_insert(host);
    Some(request)
}

/// The installation's secret, as it is bound.
fn secret(text: &str) -> Option<Secret> {
    Some(Secret::new(BASE64.decode(text.trim()).ok()?.try_into().ok()?))
}

/// An answer as the host takes it. Bodies are small and collected first: a stream costs more.
async fn respond(response: Response<Body>) -> Result<JsValue, String> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|it| it.to_string())?.to_bytes();
    host::respond(parts.status.as_u16(), &host::joined(&parts.headers), &body)
        .map_err(|it| host::message(&it))
}

/// Says that the worker is not set up, or that something broke, to the log; nothing to the client.
pub(super) fn broken(why: &str) -> JsValue {
    log(why);
    host::respond(500, "", b"").unwrap_or_default()
}
