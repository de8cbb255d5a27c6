//! What a handler gets: all of a request, read in one place.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequestParts, RawPathParams, Request},
    handler::Handler,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, Method, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::team::{Right, Scope};

use super::{
    body::{self, Size},
    html,
    member::{self, Member},
    parts,
    query::Query,
    rest::auth,
};
use crate::{
    app::App,
    call::{By, Call},
    error::Error,
};

/// A request as handlers see it.
#[derive(Debug)]
pub struct Ask {
    /// The service's state.
    pub app: App,
    /// The hour, entropy, the caller's network.
    pub call: Call,
    /// The headers.
    pub headers: HeaderMap,
    /// The query string.
    pub query: Query,
    /// The body; empty for `GET` and `HEAD`.
    pub body: Bytes,
    /// The path that was asked for, without its query.
    pub uri: String,
    /// Whether the method is `GET` or `HEAD`.
    pub reads: bool,
    path: RawPathParams,
}

impl Ask {
    async fn read(
        app: App,
        mut parts: Parts,
        body: Body,
        size: &'static Size,
    ) -> Result<Self, Error> {
        let call = parts.extensions.remove::<Call>();
        let call = call.ok_or_else(|| Error::Internal("a request came without its call".into()))?;
        // A segment that is no text names nothing.
        let path = RawPathParams::from_request_parts(&mut parts, &()).await;
        let path = path.map_err(|_| Error::Missing)?;
        let query = Query::of(&parts);
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        let body = if reads { Bytes::new() } else { whole(body, size).await? };
        let uri = parts.uri.path().into();
        Ok(Self { app, call, headers: parts.headers, query, body, uri, reads, path })
    }

    /// A segment of the path by its name in the route, percent-decoded; `+` stays as it is.
    #[must_use]
    pub fn at(&self, name: &str) -> Option<&str> {
        self.path.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    /// The campaign that the path names.
    #[must_use]
    pub fn campaign(&self) -> &str {
        self.at("campaign").unwrap_or_default()
    }

    /// The participant that the path names: an id, a vanity key or an address.
    #[must_use]
    pub fn p(&self) -> &str {
        self.at("p").unwrap_or_default()
    }

    /// The body read as JSON, whatever its content type says; an empty one is `{}`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        body::parse(&self.value()?)
    }

    fn value(&self) -> Result<Value, Error> {
        let bytes: &[u8] = if self.body.trim_ascii().is_empty() { b"{}" } else { &self.body };
        serde_json::from_slice(bytes)
            .map_err(|error| Error::field("", None, format!("the body is not JSON: {error}")))
    }

    /// The body read as a form that a page of ours sent.
    pub fn form(&self) -> Result<Query, Error> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
        if let Some(parts) = self.parts() {
            let text = |it: parts::Part<'_>| {
                Some((it.name.to_owned(), str::from_utf8(it.bytes).ok()?.to_owned()))
            };
            let texts = parts.into_iter().filter(|it| !it.is_file).filter_map(text).collect();
            return Ok(Query::of_parts(texts));
        }
        let is_form = kind.is_some_and(|it| it.starts_with("application/x-www-form-urlencoded"));
        let text = str::from_utf8(&self.body).ok().filter(|_| is_form);
        text.map(|it| Query::parse(it, "")).ok_or_else(|| body::unread("the body is no form"))
    }
}

impl Ask {
    /// The file of a form; none, where nobody chose one.
    #[must_use]
    pub fn file(&self) -> Option<&[u8]> {
        let file = self.parts()?.into_iter().find(|it| it.is_file)?;
        (!file.bytes.is_empty()).then_some(file.bytes)
    }

    fn parts(&self) -> Option<Vec<parts::Part<'_>>> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok())?;
        parts::read(kind, &self.body)
    }
}

/// A whole body, unless it is too large.
async fn whole(body: Body, size: &'static Size) -> Result<Bytes, Error> {
    match Limited::new(body, size.most).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge(size)),
        Err(_) => Err(body::unread("the body could not be read")),
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send>>;

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// Anybody.
    Open,
    /// Holders of a key with this scope.
    Key(Scope),
    /// The same, and holders of such a key that was replaced within a day: what replaced it may ask
    /// again.
    Replaced(Scope),
    /// Members whose role has this right.
    Member(Right),
}

/// A handler and who may call it. All are of one type, so that what the router does with a handler
/// is in the worker once.
#[derive(Clone)]
pub struct Endpoint {
    /// Who may call it.
    pub access: Access,
    size: &'static Size,
    handler: Arc<dyn Fn(Ask, Option<Member>) -> Answer + Send + Sync>,
}

/// An endpoint for anybody.
pub fn open<F>(handler: impl Fn(Ask) -> F + Send + Sync + 'static) -> Endpoint
where
    F: Future<Output = Result<Response, Error>> + Send + 'static,
{
    Endpoint {
        access: Access::Open,
        size: &body::ORDINARY,
        handler: Arc::new(move |ask, _| Box::pin(handler(ask))),
    }
}

/// An endpoint for holders of a key.
pub fn keyed<F>(scope: Scope, handler: impl Fn(Ask) -> F + Send + Sync + 'static) -> Endpoint
where
    F: Future<Output = Result<Response, Error>> + Send + 'static,
{
    Endpoint { access: Access::Key(scope), ..open(handler) }
}

/// An endpoint for holders of a key, or of one that was replaced within a day.
pub fn replaced<F>(scope: Scope, handler: impl Fn(Ask) -> F + Send + Sync + 'static) -> Endpoint
where
    F: Future<Output = Result<Response, Error>> + Send + 'static,
{
    Endpoint { access: Access::Replaced(scope), ..open(handler) }
}

/// An endpoint for members. What is not `GET` or `HEAD` comes from a page of ours, with the
/// session's token in it.
pub fn seated<F>(
    right: Right,
    handler: impl Fn(Ask, Member) -> F + Send + Sync + 'static,
) -> Endpoint
where
    F: Future<Output = Result<Response, Error>> + Send + 'static,
{
    let handler: Arc<dyn Fn(Ask, Option<Member>) -> Answer + Send + Sync> =
        Arc::new(move |ask, member| match member {
            Some(member) => Box::pin(handler(ask, member)),
            None => Box::pin(async { Err(Error::Forbidden) }),
        });
    Endpoint { access: Access::Member(right), size: &body::ORDINARY, handler }
}

impl Endpoint {
    /// The same, which takes bodies of this size.
    #[must_use]
    pub fn sized(self, size: &'static Size) -> Self {
        Self { size, ..self }
    }

    /// What an endpoint for anybody answers to what was read already.
    pub(super) async fn run(&self, ask: Ask) -> Result<Response, Error> {
        (self.handler)(ask, None).await
    }

    async fn answer(self, request: Request, app: App) -> Result<Response, Error> {
        let (mut parts, body) = request.into_parts();
        match self.access {
            Access::Open => {}
            // Whoever has no key learns nothing else: it comes before anything else is looked at.
            Access::Key(scope) => held(&app, &mut parts, Some(scope)).await?,
            Access::Replaced(scope) => match held(&app, &mut parts, Some(scope)).await {
                Err(Error::Forbidden) => was_held(&app, &mut parts, scope).await?,
                held => held?,
            },
            Access::Member(right) => return self.at_console(right, parts, body, app).await,
        }
        (self.handler)(Ask::read(app, parts, body, self.size).await?, None).await
    }

    /// Members get pages, whatever happens.
    async fn at_console(
        self,
        right: Right,
        mut parts: Parts,
        body: Body,
        app: App,
    ) -> Result<Response, Error> {
        let query = Query::of(&parts);
        let member = match member::seat(&app, &mut parts, right).await {
            Ok(Ok(member)) => member,
            Ok(Err(page)) => return Ok(page),
            Err(error) => return Ok(error.into_page(query.lang("lang"))),
        };
        let answer = async {
            let method = parts.method.clone();
            let ask = Ask::read(app, parts, body, self.size).await?;
            member.vouches(&ask, &method)?;
            (self.handler)(ask, Some(member)).await
        };
        let answer = answer.await.unwrap_or_else(|error| error.into_page(query.lang("lang")));
        Ok(html::remember(answer, &query))
    }
}

/// Lets holders of a key pass and notes who they are.
async fn held(app: &App, parts: &mut Parts, scope: Option<Scope>) -> Result<(), Error> {
    let call = parts.extensions.get_mut::<Call>();
    let call = call.ok_or_else(|| Error::Internal("a request came without its call".into()))?;
    call.by = By::Key(auth::check(app, &parts.headers, scope, call.now).await?);
    Ok(())
}

/// Lets holders of a key pass that another took the place of.
async fn was_held(app: &App, parts: &mut Parts, scope: Scope) -> Result<(), Error> {
    let call = parts.extensions.get_mut::<Call>();
    let call = call.ok_or_else(|| Error::Internal("a request came without its call".into()))?;
    call.by = By::Key(auth::check_replaced(app, &parts.headers, scope, call.now).await?);
    Ok(())
}

impl Handler<(), App> for Endpoint {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, app: App) -> Self::Future {
        Box::pin(async {
            self.answer(request, app).await.unwrap_or_else(IntoResponse::into_response)
        })
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("access", &self.access).finish_non_exhaustive()
    }
}

/// An endpoint that refuses holders of a key, whatever they send.
#[derive(Clone, Copy, Debug)]
pub struct Refused(pub fn() -> Error);

impl Refused {
    async fn answer(self, request: Request, app: App) -> Error {
        let (mut parts, _) = request.into_parts();
        held(&app, &mut parts, None).await.err().unwrap_or_else(self.0)
    }
}

impl Handler<(), App> for Refused {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, app: App) -> Self::Future {
        Box::pin(async move { self.answer(request, app).await.into_response() })
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::body::LARGEST;
    use crate::bench::Bench;

    #[tokio::test]
    async fn a_body_has_64_kb_at_most() {
        let bench = Bench::new().await;
        // Nothing but blanks is `{}`.
        for size in [0, LARGEST] {
            let body = " ".repeat(size);
            bench.send(bench.request(Method::POST, "/v2/campaigns", body)).await.refuses("type");
        }
        let large = || " ".repeat(LARGEST + 1);
        for path in ["/v2/campaigns", "/_p/lead", "/console/enter"] {
            bench.send(bench.request(Method::POST, path, large())).await.fails(413);
        }
        // What takes no body does not read it.
        bench.send(bench.request(Method::GET, "/v2/campaigns", large())).await.ok();
        bench.send(bench.request(Method::POST, "/v2/campaign/x/clone", large())).await.fails(501);
    }

    #[tokio::test]
    async fn a_segment_that_is_no_text_names_nothing() {
        let bench = Bench::new().await;
        for path in ["/v2/campaign/%ff", "/v2/campaign/x/participant/%ff", "/q/%ff"] {
            bench.get(path).await.fails(404);
        }
    }
}
