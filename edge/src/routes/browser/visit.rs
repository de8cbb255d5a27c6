//! `POST /_p/visit`: somebody sees a page of the site.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::{
    attribution::{Choice, Consent, Touches, may_keep, sign},
    campaign::Forms,
    card::Both,
    time::Span,
};

use super::{named, page, read, trial::note};
use crate::{
    click::cookies::{self, Jar},
    error::Error,
    routes::ask::Ask,
    store::{clicks, installation_tests::Seen, names, visits},
};

/// How long the token that a visit answers is valid. It lies in the memory of one page only, and a
/// tab may stay open for a day before the person agrees or signs up.
const PAGE_TOKEN_LIFE: Span = Span::hours(24);

/// Nothing beyond what every body holds.
#[derive(Deserialize)]
pub struct Visit {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    referred: bool,
    consent: &'static str,
    first_party: bool,
    referrer: Option<Referrer>,
    offer: Option<&'a str>,
    disclosure: Option<&'a Both>,
    token: Option<String>,
    cookie_name: String,
    max_age: i64,
    forms: &'a Forms,
    capture_unreferred: bool,
    currency: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Referrer {
    first_name: String,
}

/// Confirms the click on the landing page, and tells the widget what it needs to know.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    // Facts.
    let (common, _) = read::<Visit>(&ask)?;
    let page = page(&ask, &common).await?;
    let terms = &page.terms;
    let campaign = &terms.campaign;
    let mut brought = page.brought(app, call, &common);
    let named = named::clicked(&ask, &page, &common, &brought).await?;
    if let Some((claims, _)) = &named {
        brought.token = Some(Ok(claims.clone()));
    }
    let jar = page.jar(app);
    let choice = jar.map_or(Choice::Unknown, |it| it.choice(campaign, page.cookie()));
    let trial = brought.trial();
    // Whoever tries the installation is nobody's friend.
    let touches = brought.touches().filter(|_| trial.is_none());
    let referrer = match &touches {
        Some(touches) => names::shown(&app.db, &campaign.id, &touches.last.sub).await?,
        None => None,
    };

    // Consequences: the visit, and the click itself if it died on its way.
    let arrived = touches.as_ref().map(|it| it.last.clone()).filter(|it| !it.landed);
    if let Some(claims) = &arrived {
        let click = named.map_or_else(|| clicks::claimed(claims), |(_, click)| click);
        let click = clicks::insert(click);
        let visit = visits::insert(&claims.jti, &campaign.id, call.now);
        app.db.batch(vec![click, visit]).await?;
    }
    let touches = touches.map(Touches::landed);
    let keeps = may_keep(campaign.installation.consent, choice, page.refused_globally);
    let set = match (jar, &touches, &arrived) {
        (Some(jar), Some(touches), Some(_)) if keeps => {
            vec![jar.set(terms, &touches.clone().into(), call.now)]
        }
        _ => Vec::new(),
    };
    // A test's link stays what it is: it ends with the test.
    let real = touches.as_ref().map(|it| it.last.clone().until(call.now + PAGE_TOKEN_LIFE));
    let token = brought.test.clone().or(real).filter(|_| brought.token.is_some());
    let token = token.map(|it| sign(&terms.key, &it));
    if let Some(mark) = &trial {
        let consent = Some(consent(campaign.installation.consent, choice));
        let seen = Seen { clicked: true, consent, ..Seen::default() };
        note(app, call, &campaign.id, mark, &seen).await?;
    }
    let answer = Answer {
        referred: touches.is_some() || trial.is_some(),
        consent: consent(campaign.installation.consent, choice),
        first_party: jar.is_some(),
        referrer: referrer.map(|first_name| Referrer { first_name }),
        offer: terms.offer.as_deref().filter(|_| touches.is_some() || trial.is_some()),
        disclosure: terms.disclosure.as_ref(),
        token,
        cookie_name: jar.map_or_else(|| cookies::page_name(campaign), |it| Jar::name(it, campaign)),
        max_age: campaign.window().0 / 1_000,
        forms: &campaign.installation.forms,
        capture_unreferred: campaign.installation.capture_unreferred,
        currency: campaign.currency.as_str(),
    };
    Ok(page.answer(StatusCode::OK, &answer, &set))
}

fn consent(asked: Consent, choice: Choice) -> &'static str {
    match (choice, asked) {
        (Choice::Granted, _) => "GRANTED",
        (Choice::Denied, _) => "DENIED",
        (Choice::Unknown, Consent::Required) => "REQUIRED",
        (Choice::Unknown, Consent::NotRequired) => "NOT_REQUIRED",
    }
}
