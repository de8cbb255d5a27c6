//! `POST /_p/visit`: somebody sees a page of the site.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::{
    around,
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
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
struct Answer<'a> {
    campaign: &'a str,
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
    /// What the friend types at the checkout, and where.
    coupon: Option<&'a str>,
    coupon_field: Option<&'a str>,
    /// When people are asked to share; none while the campaign does not run.
    prompt: Option<Prompt<'a>>,
    /// Whether the page has something of this to do by itself.
    around: bool,
}

/// When people are asked, and how often.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Prompt<'a> {
    purchase_pages: &'a [String],
    quiet_pages: &'a [String],
    launcher: bool,
    offer: bool,
    every_days: u16,
    closed_days: u16,
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
    let referred = touches.is_some() || trial.is_some();
    let runs = campaign.runs_at(call.now);
    let coupon = terms.coupon.as_deref().filter(|_| referred && runs);
    let installation = &campaign.installation;
    let coupon_field = installation.coupon_field.as_deref();
    let fills = coupon.is_some() && coupon_field.is_some();
    let answer = Answer {
        campaign: &campaign.id,
        referred,
        consent: consent(campaign.installation.consent, choice),
        first_party: jar.is_some(),
        referrer: referrer.map(|first_name| Referrer { first_name }),
        offer: terms.offer.as_deref().filter(|_| referred),
        disclosure: terms.disclosure.as_ref(),
        token,
        cookie_name: jar.map_or_else(|| cookies::page_name(campaign), |it| Jar::name(it, campaign)),
        max_age: campaign.window().0 / 1_000,
        forms: &campaign.installation.forms,
        capture_unreferred: campaign.installation.capture_unreferred,
        currency: campaign.currency.as_str(),
        coupon,
        coupon_field,
        prompt: runs.then(|| Prompt {
            purchase_pages: &installation.purchase_pages,
            quiet_pages: &installation.quiet_pages,
            launcher: installation.launcher,
            offer: installation.offer_window,
            every_days: installation.prompt_every_days,
            closed_days: installation.prompt_closed_days,
        }),
        around: fills || (runs && around::opens(installation, referred)),
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

#[cfg(test)]
mod tests;
