//! `/console/keys`: API keys; `/console/{campaign}/customer-sign-in`: the secret of a site.

use axum::response::Response;
use http::StatusCode;
use shared::{
    team::{Scope, written},
    time::Span,
};

use super::desk::Desk;
use crate::{
    engine::{
        guest,
        keys::{self as engine, Wish},
    },
    error::Error,
    pages::console::{
        customer_sign_in,
        frame::Tab,
        keys::{self as page, DAYS, Keys, Problem, Row},
    },
    routes::{ask::Ask, html, member::Member, rest::team::named},
    store::keys,
};

/// The keys.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let revoked = ask.query.get("said") == Some("revoked");
    shown(&ask, member, Keys { revoked, days: "365", ..Keys::default() }).await
}

/// Makes a key, which the answer shows, and nothing ever again.
pub async fn make(ask: Ask, member: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let typed = form.get("name").unwrap_or_default();
    let chosen = Scope::ALL.into_iter();
    let asked: Vec<&str> = form.nested("scopes").map(|it| it.0).collect();
    let scopes: Vec<Scope> = chosen.filter(|it| asked.contains(&it.name())).collect();
    let days = form.given("days").filter(|it| DAYS.contains(it)).unwrap_or("365");
    let line = written(&scopes);
    let kept = Keys { name: typed, days, ..Keys::default() };
    let Some(name) = named(typed) else {
        return shown(&ask, member, Keys { scopes, problem: Some(Problem::Name), ..kept }).await;
    };
    if scopes.is_empty() {
        return shown(&ask, member, Keys { problem: Some(Problem::Scopes), ..kept }).await;
    }
    let expires_at = days.parse().ok().map(|days| ask.call.now + Span::days(days));
    let wish = Wish { name, scopes: &line, expires_at };
    let number = form.get("form").ok_or_else(|| Error::field("form", None, "is missing"))?;
    let made = engine::make(&ask.app, &ask.call, number, &wish).await?;
    match &made {
        Some(key) => {
            shown(&ask, member, Keys { made: Some(key), days: "365", ..Keys::default() }).await
        }
        None => shown(&ask, member, Keys { scopes, problem: Some(Problem::Sent), ..kept }).await,
    }
}

/// Revokes a key.
pub async fn revoke(ask: Ask, _: Member) -> Result<Response, Error> {
    engine::revoke(&ask.app, &ask.call, ask.at("key").unwrap_or_default()).await?;
    Ok(html::see("/console/keys?said=revoked"))
}

async fn shown(ask: &Ask, member: Member, keys: Keys<'_>) -> Result<Response, Error> {
    let desk = Desk::open(ask, member).await?;
    let rows = keys::all(&ask.app.db).await?.into_iter().map(|it| Row {
        id: it.id,
        public: it.public,
        name: it.name,
        scopes: it.scopes,
        made: it.created_at,
        until: it.expires_at,
        used: it.used_at,
        revoked: it.revoked_at,
    });
    let form = ask.call.id();
    let status = if keys.problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let keys = Keys {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        form: &form,
        now: ask.call.now,
        keys: rows.collect(),
        campaigns: &desk.campaigns,
        ..keys
    };
    Ok(desk.page_with(status, Tab::Keys, page::title(desk.lang), &page::page(&keys)))
}

/// The secret with which a campaign's site signs its customers in.
pub async fn secret(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let (generation, secret) = guest::secret(&ask.app, &campaign.id).await?;
    let markup = customer_sign_in::page(&customer_sign_in::Secret {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        campaign: &campaign.id,
        service: &ask.app.settings.public_url,
        secret: &secret,
        generation: generation.generation,
        since: generation.at,
        changed: ask.query.get("said") == Some("changed"),
    });
    Ok(desk.page(Tab::CustomerSignIn, customer_sign_in::title(desk.lang), &markup))
}

/// Changes that secret, if it still is the one that the page showed.
pub async fn change_secret(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let generation = ask.form()?.get("generation").and_then(|it| it.parse().ok());
    let generation = generation.ok_or_else(|| Error::field("generation", None, "is missing"))?;
    let (known, _) = guest::secret(&ask.app, &campaign.id).await?;
    if known.generation == generation {
        guest::rotate(&ask.app, &ask.call, &campaign.id, generation).await?;
    }
    Ok(html::see(&format!("/console/{}/customer-sign-in?said=changed", campaign.id)))
}

#[cfg(test)]
mod tests;
