//! The tag of a campaign, and the test of its installation.

use axum::response::Response;
use http::StatusCode;
use shared::{
    attribution::{sign, trial},
    campaign::{Campaign, Trigger},
    id,
    link::{SiteUrl, TOKEN_PARAMETER},
};

use super::desk::Desk;
use crate::{
    engine::{configure, terms},
    error::Error,
    pages::console::{
        frame::Tab,
        install::{self as page, Install},
    },
    routes::{ask::Ask, body::unread, html, member::Member},
    store::{audit, figures, installation_tests},
};

/// The parameter by which a page knows that it is tested.
pub const MARK: &str = "prn-test";

/// The page.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    shown(&ask, &desk, None).await
}

/// What the test has seen so far, for the script that looks again and again.
pub async fn state(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let test = installation_tests::of(&ask.app.db, &desk.campaign()?.id).await?;
    let it = install(&ask, &desk, test.as_ref(), None).await?;
    Ok(html::page(StatusCode::OK, "", &page::state(&it)))
}

/// Begins a test, or allows the address that it found.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (campaign, form) = (desk.campaign()?, ask.form()?);
    match form.get("act") {
        Some("test") => {
            let typed = form.get("page").unwrap_or_default().trim();
            let typed = if typed.contains("://") || typed.is_empty() {
                typed.to_owned()
            } else {
                format!("https://{typed}")
            };
            let Ok(page) = SiteUrl::parse(&typed) else {
                return shown(&ask, &desk, Some(&typed)).await;
            };
            let mark = id::short(ask.call.draw(), 12);
            let begin = installation_tests::begin(&campaign.id, &mark, page.as_str(), ask.call.now);
            let id = Some(campaign.id.as_str());
            let nothing = serde_json::json!({});
            let noted = audit::insert(
                &ask.call,
                "INSTALLATION_TESTED",
                id,
                &campaign.id,
                &nothing,
                &nothing,
            );
            ask.app.db.batch(vec![begin, noted]).await?;
            Ok(back(campaign, "test"))
        }
        Some("allow") => allow(&ask, campaign, form.get("origin").unwrap_or_default()).await,
        _ => Err(unread("act is none of this page")),
    }
}

/// Allows the origin that the test met, if it is the one that the member saw: by then another may have
/// been met.
async fn allow(ask: &Ask, campaign: &Campaign, seen: &str) -> Result<Response, Error> {
    let test = installation_tests::of(&ask.app.db, &campaign.id).await?;
    let Some((page, origin)) = test.and_then(|it| Some((it.page, it.origin?))) else {
        return Ok(back(campaign, ""));
    };
    if origin != seen {
        return Ok(back(campaign, "other"));
    }
    configure::change(&ask.app, &ask.call, &campaign.id, |old| {
        let mut new = old.clone();
        if !old.allows(&origin) {
            new.installation.allowed_urls.push(origin.clone());
        }
        let flaw = new.installation.flaw();
        flaw.map_or(Ok(new), |it| Err(Error::field(it.field, None, it.problem)))
    })
    .await?;
    // What was seen before says nothing any more.
    let mark = id::short(ask.call.draw(), 12);
    let again = installation_tests::begin(&campaign.id, &mark, &page, ask.call.now);
    ask.app.db.batch(vec![again]).await?;
    Ok(back(campaign, "allowed"))
}

/// Leads to the page that is tested, by a link that counts for nothing.
pub async fn go(ask: Ask, _: Member) -> Result<Response, Error> {
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    let test = installation_tests::of(&ask.app.db, ask.campaign()).await?.ok_or(Error::Missing)?;
    let issuer = &ask.app.settings.issuer;
    let claims = trial(issuer, ask.campaign(), &test.mark, ask.call.now).ok_or(Error::Missing)?;
    let token = sign(&terms.key, &claims);
    let page = SiteUrl::parse(&test.page).map_err(|_| Error::Missing)?;
    let page = page.with_parameter(MARK, &test.mark);
    let page = SiteUrl::parse(&page).map_err(|_| Error::Missing)?;
    let mut response = html::see(&page.with_parameter(TOKEN_PARAMETER, &token));
    response
        .headers_mut()
        .insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn shown(ask: &Ask, desk: &Desk, wrong: Option<&str>) -> Result<Response, Error> {
    let test = installation_tests::of(&ask.app.db, &desk.campaign()?.id).await?;
    let main = page::page(&install(ask, desk, test.as_ref(), wrong).await?);
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Install, page::title(desk.lang), &main))
}

async fn install<'a>(
    ask: &'a Ask,
    desk: &'a Desk,
    test: Option<&'a installation_tests::Test>,
    wrong: Option<&'a str>,
) -> Result<Install<'a>, Error> {
    let campaign = desk.campaign()?;
    let ordered = match campaign.installation.referral_trigger {
        Trigger::Custom => Some(figures::has_credit(&ask.app.db, &campaign.id).await?),
        Trigger::OnSignup => None,
    };
    Ok(Install {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        campaign,
        ordered,
        service: &ask.app.settings.public_url,
        test,
        now: ask.call.now,
        may: desk.member.role.may(shared::team::Right::Edit),
        told: ask.query.get("done"),
        wrong,
    })
}

fn back(campaign: &Campaign, done: &str) -> Response {
    html::see(&format!("/console/{}/install?done={done}#test", campaign.id))
}
