//! `GET|HEAD /r/{code}`: decide what the visitor is, record the click, attribute, redirect.
//!
//! Taken before the router on both hosts: most hits find link, campaign and the day's key in the
//! caches of the process, and nothing on that way parses more than it needs.

pub mod cache;
pub mod cookies;
pub mod resolve;
#[cfg(test)]
mod tests;

use maud::Markup;
use shared::{
    attribution::{Claims, Touches, may_keep, sign},
    channel::Channel,
    click::{Answer, Hit},
    code::{Code, CodeError},
    lang::Lang,
    link::{SiteUrl, TOKEN_PARAMETER, parameter},
    secret::MacKey,
    time::Span,
};

use crate::{
    app::App,
    call::Call,
    click::{cache::Terms, cookies::Jar},
    error::Error,
    pages,
    platform::log,
    store::{clicks::Click, links::Link},
};

/// How long the token in a URL is valid.
pub const URL_TOKEN_LIFE: Span = Span::hours(1);

/// A request for a link, as far as the answer depends on it. Absent headers are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// What tells a person from a robot.
    pub hit: Hit<'a>,
    /// What follows `/r/` in the path.
    pub code: &'a str,
    /// The query without its question mark.
    pub query: &'a str,
    /// The `Host` header.
    pub host: &'a str,
    /// The `Cookie` header.
    pub cookie: &'a str,
    /// `Accept-Language`.
    pub language: &'a str,
    /// `Sec-GPC: 1`.
    pub refused_globally: bool,
}

/// What a link answers.
#[derive(Debug)]
pub enum Reply {
    /// 302, never stored.
    Redirect {
        /// Where to.
        location: String,
        /// `Set-Cookie`, if any.
        cookie: Option<String>,
    },
    /// A page of ours.
    Page {
        /// 200 for a preview, 404 for an unknown link.
        status: u16,
        /// The page.
        html: Markup,
    },
    /// Anything that went wrong: a page, too.
    Failed {
        /// What.
        error: Error,
        /// The page's language.
        lang: Lang,
    },
}

/// Answers a click.
pub async fn answer(app: &App, call: &Call, request: Request<'_>) -> Reply {
    match follow(app, call, request).await {
        Ok(reply) => reply,
        Err(error) => Reply::Failed { error, lang: language(request) },
    }
}

async fn follow(app: &App, call: &Call, request: Request<'_>) -> Result<Reply, Error> {
    let code = match Code::parse(request.code) {
        Ok(code) => code,
        Err(CodeError::Character | CodeError::Check | CodeError::Length) => {
            return missing(app, call, request).await;
        }
    };
    // Facts.
    let Some((link, terms)) = resolve::resolve(app, call, &code).await? else {
        return missing(app, call, request).await;
    };
    let Some(site) = &terms.site else { return missing(app, call, request).await };
    let salt = salt(app, call).await;

    // Decision.
    let (class, reply) = request.hit.judge();
    let channel = parameter(request.query, "c").and_then(|it| Channel::from_key(&it));
    let channel = channel.map(|it| it.key().to_owned());
    let landing = parameter(request.query, "to").and_then(|it| site.page(&it));
    let landing = landing.as_ref().unwrap_or(site);
    let id = call.id();
    let claims = stands(&link, &terms, call).then(|| Claims {
        iss: app.settings.issuer.clone(),
        aud: link.campaign.clone(),
        sub: link.participant.clone(),
        jti: id.clone(),
        ch: channel.clone(),
        iat: call.now.seconds(),
        exp: 0,
        landed: false,
    });
    let visitor = salt.map(|it| visitor(&it, &link, call, request.hit.agent));

    // Consequences.
    let click = Click {
        id,
        campaign: link.campaign.clone(),
        participant: link.participant.clone(),
        channel,
        class,
        visitor,
        at: call.now,
    };
    app.clicks.record(click).await;
    let plain = || Reply::Redirect { location: landing.as_str().into(), cookie: None };
    Ok(match (reply, claims) {
        (Answer::Preview, _) => preview(app, &code, &terms, site, request),
        (Answer::Bare, _) | (_, None) => plain(),
        (Answer::Attributed, Some(claims)) => {
            attributed(app, call, request, &terms, landing, claims)
        }
        (Answer::Parameter, Some(claims)) => with_token(call, &terms, landing, &claims),
    })
}

/// Whether the link may bring anything: its campaign runs and its owner is in good standing.
#[must_use]
pub fn stands(link: &Link, terms: &Terms, call: &Call) -> bool {
    terms.campaign.ran_at(call.now) && link.blocked_at.is_none_or(|it| call.now < it)
}

/// The token as a cookie where the link is a route of the site itself and the visitor agreed;
/// else as a parameter.
///
/// Where the link is on another host of the site (`go.` and `www.`), it is both: the cookie serves
/// further clicks, but the page's calls to us are cross-origin and bring no cookie along.
fn attributed(
    app: &App,
    call: &Call,
    request: Request<'_>,
    terms: &Terms,
    landing: &SiteUrl,
    claims: Claims,
) -> Reply {
    let campaign = &terms.campaign;
    let jar = Jar::of(app, terms, request.host).filter(|jar| {
        let choice = jar.choice(campaign, request.cookie);
        may_keep(campaign.installation.consent, choice, request.refused_globally)
    });
    let Some(jar) = jar else { return with_token(call, terms, landing, &claims) };
    let location = if landing.is_at(request.host) {
        landing.as_str().into()
    } else {
        landing.with_parameter(TOKEN_PARAMETER, &url_token(call, terms, &claims))
    };
    let kept = jar.kept(app, terms, request.cookie, call.now);
    let touches = Touches::after(kept.touches, claims);
    let cookie = jar.set(terms, &touches.into(), call.now);
    Reply::Redirect { location, cookie: Some(cookie) }
}

fn with_token(call: &Call, terms: &Terms, landing: &SiteUrl, claims: &Claims) -> Reply {
    let token = url_token(call, terms, claims);
    Reply::Redirect { location: landing.with_parameter(TOKEN_PARAMETER, &token), cookie: None }
}

fn url_token(call: &Call, terms: &Terms, claims: &Claims) -> String {
    sign(&terms.key, &claims.clone().until(call.now + URL_TOKEN_LIFE))
}

/// The day's key of the visitor hash; without it the click counts, and its visitor does not.
pub async fn salt(app: &App, call: &Call) -> Option<MacKey> {
    let salt = resolve::salt(app, call).await;
    salt.inspect_err(|it| log(&format!("a click has no visitor: {it}"))).ok()
}

/// A hash that tells visitors apart for a day, without saying who they are (R-PRIVACY-1).
#[must_use]
pub fn visitor(salt: &MacKey, link: &Link, call: &Call, agent: &str) -> String {
    let tag = salt.mac(&[link.campaign.as_bytes(), &call.network.0, agent.as_bytes()]);
    let mut text = String::with_capacity(16);
    for byte in &tag[..8] {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// The language of our own pages: `lang` in the query, else what the browser prefers.
fn language(request: Request<'_>) -> Lang {
    let asked = parameter(request.query, "lang").and_then(|it| Lang::from_tag(&it));
    asked.unwrap_or_else(|| Lang::preferred(request.language))
}

async fn missing(app: &App, call: &Call, request: Request<'_>) -> Result<Reply, Error> {
    let neighbour = resolve::neighbour(app, call, shared::link::host(request.host)).await?;
    let site =
        neighbour.as_ref().map(|it| pages::link::Site { name: &it.name, url: &it.share_url });
    let html = pages::missing(language(request), site);
    Ok(Reply::Page { status: 404, html })
}

fn preview(app: &App, code: &Code, terms: &Terms, site: &SiteUrl, request: Request<'_>) -> Reply {
    let campaign = &terms.campaign;
    let title = campaign.company_name.as_deref().unwrap_or(&campaign.name);
    let description = terms.offer.as_deref().unwrap_or(&campaign.name);
    let query =
        if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let html = pages::preview(&pages::link::Preview {
        lang: language(request),
        title,
        description,
        image: campaign.company_logo_image_url.as_deref().filter(|it| it.starts_with("https://")),
        url: &format!("{}/r/{code}{query}", app.settings.public_url),
        site: pages::link::Site { name: title, url: site.as_str() },
    });
    Reply::Page { status: 200, html }
}
