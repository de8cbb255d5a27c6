//! `/_p/…`: what the widget says. Bodies are JSON sent as `text/plain`, so that a page's own submit
//! never waits for a preflight; only pages of the campaign's origins are heard.

pub mod consent;
pub mod guest;
pub mod lead;
pub mod named;
pub mod proposal;
pub mod share;
#[cfg(test)]
mod tests;
pub mod trial;
pub mod visit;

use std::sync::Arc;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use shared::{
    attribution::{Claims, Kept, TokenError, Touches},
    link::SiteUrl,
};

use crate::{
    app::App,
    call::Call,
    click::{
        cache::Terms,
        cookies::{self, Jar},
        resolve,
    },
    error::{Error, Problem},
    json,
    routes::ask::Ask,
    tree,
};

/// The longest token or pair of touches that is read: what a cookie can hold.
const LONGEST: usize = 4_096;

/// What every body of a browser holds.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Common {
    /// The campaign's id, from the script tag.
    pub campaign: String,
    /// The token that the landing URL carried.
    #[serde(default)]
    pub token: Option<String>,
    /// What the page keeps on a host that is not ours.
    #[serde(default)]
    pub touch: Option<String>,
    /// The code in the address of a link of the site's own.
    #[serde(default)]
    pub grsf: Option<String>,
    /// The code that somebody typed.
    #[serde(default)]
    pub typed: Option<String>,
}

/// A page that speaks to us, once its origin is known to be the campaign's.
#[derive(Debug)]
pub struct Page {
    /// The campaign's terms.
    pub terms: Arc<Terms>,
    origin: String,
    host: String,
    cookie: String,
    /// `Sec-GPC: 1`.
    pub refused_globally: bool,
}

/// What a page brought as proof of a click.
#[derive(Clone, Debug)]
pub struct Brought {
    /// The token of the landing URL, or why it does not count.
    pub token: Option<Result<Claims, TokenError>>,
    /// The touches that the browser keeps, by cookie or page.
    pub kept: Option<Touches>,
    /// The link of a test that goes on, if no real click came since.
    pub test: Option<Claims>,
}

/// Reads a body: what every one holds, and what this one holds besides.
pub fn read<T: DeserializeOwned>(ask: &Ask) -> Result<(Common, T), Error> {
    let body: Value = serde_json::from_slice(&ask.body)
        .map_err(|_| Error::Invalid(vec![Problem::new("body", "", None, "is not JSON")]))?;
    Ok((parse(&body)?, parse(&body)?))
}

/// The page that sent a body, if it may speak for the campaign.
pub async fn page(ask: &Ask, common: &Common) -> Result<Page, Error> {
    let Ask { app, call, headers, .. } = ask;
    let terms = resolve::campaign(app, call, &common.campaign).await?.ok_or(Error::Missing)?;
    let text = |name| headers.get(name).and_then(|it: &HeaderValue| it.to_str().ok());
    let origin = text(header::ORIGIN).unwrap_or_default();
    // Our own pages, such as the demo's start page, speak for every campaign.
    let ours = SiteUrl::parse(&app.settings.public_url).is_ok_and(|it| it.origin() == origin);
    // Browsers leave the origin out only where a page reads from its own host.
    let own_host = origin.is_empty() && ask.reads;
    if !ours && !own_host && !terms.campaign.allows(origin) {
        return Err(Error::ForeignOrigin);
    }
    Ok(Page {
        terms,
        origin: origin.into(),
        host: text(header::HOST).unwrap_or_default().into(),
        cookie: text(header::COOKIE).unwrap_or_default().into(),
        refused_globally: text("sec-gpc".parse().unwrap_or(header::DNT)) == Some("1"),
    })
}

/// What a body says; a browser is told the field that is wrong, never its value.
fn parse<T: DeserializeOwned>(body: &Value) -> Result<T, Error> {
    tree::read(body).map_err(|error| {
        let problem = "is missing or has the wrong type";
        Error::Invalid(vec![Problem::new("body", &error.path, None, problem)])
    })
}

/// Refuses what a network asks to be written beyond its share.
pub async fn admit(app: &App, call: &Call) -> Result<(), Error> {
    let network = u64::from_be_bytes(call.network.0).to_string();
    if app.leads.admits(&network, call.now).await { Ok(()) } else { Err(Error::TooMany) }
}

impl Page {
    /// The jar of this page's host, if the service answers on the site's own origin.
    #[must_use]
    pub fn jar(&self, app: &App) -> Option<Jar<'_>> {
        let same = self.origin.split_once("://").is_some_and(|(_, it)| it == self.host);
        Jar::of(app, &self.terms, &self.host).filter(|_| same)
    }

    /// The `Cookie` header.
    #[must_use]
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// What the page brought as proof of a click.
    #[must_use]
    pub fn brought(&self, app: &App, call: &Call, common: &Common) -> Brought {
        let brief = |it: &String| (1..=LONGEST).contains(&it.len());
        let given = |text: &Option<String>| text.clone().filter(brief);
        let token = given(&common.token).map(|it| cookies::claims(app, &self.terms, &it, call.now));
        // The link of a test that is over is none, so that it hides no lead (R-TRIAL-1).
        let is_past = |it: &Claims| it.is_past_trial(call.now);
        let token = token.filter(|it| !it.as_ref().is_ok_and(is_past));
        // Several campaigns may be on one site: another's link brings nothing here (R-SEVERAL-1).
        let token = token.filter(|it| !matches!(it, Err(TokenError::Audience)));
        let kept = match self.jar(app) {
            Some(jar) => jar.kept(app, &self.terms, &self.cookie, call.now),
            None => given(&common.touch)
                .map(|it| cookies::kept(app, &self.terms, &it, call.now))
                .unwrap_or_default(),
        };
        let test = match &token {
            Some(Ok(claims)) => Some(claims.clone()).filter(|it| it.trial().is_some()),
            _ => kept.test,
        };
        Brought { token, kept: kept.touches, test }
    }

    /// An answer that the page may read, with cookies of ours.
    pub fn answer(&self, status: StatusCode, body: &impl Serialize, set: &[String]) -> Response {
        self.let_read(json::with_status(status, body), set)
    }

    /// An error that the page may read.
    fn tell(&self, error: Error) -> Response {
        self.let_read(error.into_response(), &[])
    }

    /// An answer of any kind that the page may read.
    pub(super) fn let_read(&self, mut response: Response<Body>, set: &[String]) -> Response {
        let headers = response.headers_mut();
        for cookie in set {
            if let Ok(cookie) = HeaderValue::from_str(cookie) {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        if let Ok(origin) = HeaderValue::from_str(&self.origin) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl Brought {
    /// All touches that count, the token's last; what the browser keeps stays first.
    #[must_use]
    pub fn touches(&self) -> Option<Touches> {
        match &self.token {
            Some(Ok(claims)) if claims.trial().is_none() => Some(self.with(claims.clone())),
            _ => self.kept.clone(),
        }
    }

    /// What the browser may keep from now on; `None`: there is nothing.
    #[must_use]
    pub fn to_keep(&self) -> Option<Kept> {
        let kept = Kept { touches: self.touches(), test: self.test.clone() };
        (kept != Kept::default()).then_some(kept)
    }

    /// The touches after a claim that may be among them already.
    fn with(&self, claims: Claims) -> Touches {
        match &self.kept {
            // The same click again: only whether it landed can have changed.
            Some(kept) if kept.last.jti == claims.jti => {
                let landed = kept.last.landed || claims.landed;
                Touches { first: kept.first.clone(), last: Claims { landed, ..claims } }
            }
            Some(kept) if kept.first.as_ref().is_some_and(|it| it.jti == claims.jti) => {
                kept.clone()
            }
            kept => Touches::after(kept.clone(), claims),
        }
    }

    /// The mark of the test that this is part of: nothing of it counts (R-TRIAL-1).
    #[must_use]
    pub fn trial(&self) -> Option<String> {
        self.test.as_ref()?.trial().map(Into::into)
    }

    /// Why the token does not count, if it does not.
    #[must_use]
    pub fn refused(&self) -> Option<TokenError> {
        match &self.token {
            Some(Err(error)) => Some(*error),
            _ => None,
        }
    }
}

/// The one answer to whatever a browser reports: known and unknown people look the same.
#[derive(Serialize)]
pub struct Noted {
    ok: bool,
}

/// Noted.
pub const NOTED: Noted = Noted { ok: true };
