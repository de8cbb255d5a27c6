//! Codes without a link of ours: in the address of the site's own link, or typed by hand.

use std::sync::Arc;

use axum::response::Response;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use shared::{
    attribution::{Claims, LATE},
    click::Class,
    code::Code,
};

use super::{Brought, Common, Page, admit, page, read};
use crate::{
    click::{self, resolve},
    error::Error,
    routes::ask::Ask,
    store::{clicks::Click, links::Link, names},
};

/// The click on a link of the site's own, whose address names a code: no redirect of ours saw it.
///
/// None, where the code brings nothing here, or is that of the click that the browser has just kept:
/// sites carry parameters from page to page.
pub(super) async fn clicked(
    ask: &Ask,
    page: &Page,
    common: &Common,
    brought: &Brought,
) -> Result<Option<(Claims, Click)>, Error> {
    let Ask { app, call, headers, .. } = ask;
    let code = common.grsf.as_deref().and_then(|it| Code::parse(it).ok());
    let Some(code) = code.filter(|_| brought.token.is_none()) else { return Ok(None) };
    let Some((link, terms)) = resolve::resolve(app, call, &code).await? else { return Ok(None) };
    let is_last = |it: &Claims| it.sub == link.participant && call.now <= it.clicked_at() + LATE;
    if terms.campaign.id != page.terms.campaign.id
        || !click::stands(&link, &terms, call)
        || brought.kept.as_ref().is_some_and(|it| is_last(&it.last))
    {
        return Ok(None);
    }
    let agent = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let salt = click::salt(app, call).await;
    let click = Click {
        id: call.id(),
        campaign: link.campaign.clone(),
        participant: link.participant.clone(),
        channel: None,
        class: Class::Person,
        visitor: salt.map(|it| click::visitor(&it, &link, call, agent)),
        at: call.now,
    };
    let claims = Claims {
        iss: app.settings.issuer.clone(),
        aud: link.campaign.clone(),
        sub: link.participant.clone(),
        jti: click.id.clone(),
        ch: None,
        iat: call.now.seconds(),
        exp: 0,
        landed: false,
    };
    Ok(Some((claims, click)))
}

/// Nothing beyond what every body holds.
#[derive(Deserialize)]
pub struct Asked {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    known: bool,
    referrer: Option<Referrer>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Referrer {
    first_name: String,
}

/// `POST /_p/code`: whether a code that somebody typed is one of this campaign that brings anything, which
/// its link would show as well.
pub async fn look_up(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, _) = read::<Asked>(&ask)?;
    let page = page(&ask, &common).await?;
    admit(app, call).await?;
    let found = match typed(&common) {
        Some(code) => resolve::resolve(app, call, &code).await?,
        None => None,
    };
    let campaign = &page.terms.campaign.id;
    let found = found
        .filter(|(link, terms)| link.campaign == *campaign && click::stands(link, terms, call));
    let referrer = match &found {
        Some((link, _)) => names::shown(&app.db, campaign, &link.participant).await?,
        None => None,
    };
    let referrer = referrer.map(|first_name| Referrer { first_name });
    Ok(page.answer(StatusCode::OK, &Answer { known: found.is_some(), referrer }, &[]))
}

/// The code that somebody typed; never an address, which would tell who takes part.
pub(super) fn typed(common: &Common) -> Option<Code> {
    Code::parse(common.typed.as_deref()?.trim()).ok()
}

/// Whether a typed code is one of this campaign's: on a site of several it may be another's. Where that
/// cannot be looked up, it is believed.
pub(super) async fn is_known(ask: &Ask, page: &Page, typed: Option<&Code>) -> bool {
    let Some(code) = typed else { return false };
    let found = resolve::resolve(&ask.app, &ask.call, code).await;
    let is_ours = |(link, _): (Arc<Link>, _)| link.campaign == page.terms.campaign.id;
    found.map_or(true, |it| it.is_some_and(is_ours))
}

#[cfg(test)]
mod tests;
