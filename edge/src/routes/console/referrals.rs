//! `/console/{campaign}/referrals`: the list, and what somebody of the team decides about a referral.

use axum::response::Response;
use http::StatusCode;
use shared::{api::Review, lang::Lang, reward::Source, team::Right};

use super::{desk::Desk, participant};
use crate::{
    engine::{
        assign::{self, Assigned},
        credit::{self, Effect, Event},
        review::{self, Reviewed},
        terms,
    },
    error::Error,
    pages::console::{
        frame::Tab,
        parts::Clock,
        referrals::{self as page, Listing, OUTCOMES},
    },
    routes::{ask::Ask, html, member::Member, query::Query},
    store::{
        bonds::Bonds,
        browse::{self, Place},
        participants::{self, Key},
    },
};

/// How many referrals stand on a page.
const SHOWN: u32 = 25;

/// What a query asks for; `None`: for somebody who is not of the campaign.
pub(super) async fn asked(
    ask: &Ask,
    campaign: &str,
    query: &Query,
) -> Result<Option<Bonds>, Error> {
    let status = query.get("status").unwrap_or_default();
    let list = Bonds {
        campaign: campaign.into(),
        outcome: OUTCOMES.iter().find(|it| it.0 == status).map(|it| it.1),
        of: None,
        doubted: query.get("by") == Some("browser"),
    };
    let Some(typed) = query.get("q").map(str::trim).filter(|it| !it.is_empty()) else {
        return Ok(Some(list));
    };
    let found = match Key::parse(typed) {
        Some(key) => participants::find(&ask.app.db, campaign, &key).await?,
        None => None,
    };
    Ok(found.map(|it| Bonds { of: Some(it.id), ..list }))
}

/// The list.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    listed(&ask, &desk, None).await
}

/// The list; with what was typed of a form that is to be mended.
async fn listed(ask: &Ask, desk: &Desk, wrong: Option<(&str, &str)>) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let list = asked(ask, &campaign.id, &ask.query).await?;
    let after = ask.query.get("after").and_then(Place::read);
    let begun = after.is_some();
    let found = match &list {
        Some(list) => browse::page(&ask.app.db, list, after, SHOWN).await?,
        None => browse::Page { rows: Vec::new(), next: None, cut: false },
    };
    let role = desk.member.role;
    let listing = Listing {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        asked: &list.unwrap_or_default(),
        search: ask.query.get("q").unwrap_or_default(),
        page: &found,
        begun,
        told: ask.query.get("done"),
        wrong,
        may: [role.may(Right::Decide), role.may(Right::Export)],
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let title = match desk.lang {
        Lang::En => "Referrals",
        Lang::Fr => "Parrainages",
    };
    Ok(desk.page_with(status, Tab::Referrals, title, &page::page(&listing)))
}

/// Decides about a friend's referral: `assign`, `trigger`, `accept` or `reject`.
pub async fn decide(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (app, call, form) = (&ask.app, &ask.call, ask.form()?);
    let campaign = desk.campaign()?.id.as_str();
    let (terms, _) = terms::read(app, campaign).await?;
    let typed = form.get("friend").unwrap_or_default().trim();
    let key = Key::parse(typed);
    let known = match &key {
        Some(key) => participants::find(&app.db, campaign, key).await?,
        None => None,
    };
    let back = |known: &participants::Known, done: &str| {
        if form.get("back").is_some() {
            return participant::back(campaign, known.id.as_str(), done);
        }
        // Only what the page itself makes of a query goes into the link.
        let again = Query::parse(form.get("query").unwrap_or_default(), "");
        let status = again.get("status").unwrap_or_default();
        let status = OUTCOMES.iter().find(|it| it.0 == status).map_or("", |it| it.0);
        html::see(&format!("/console/{campaign}/referrals?status={status}&done={done}"))
    };
    let referrer = form.get("referrer").unwrap_or_default().trim();
    let is_assignment = form.get("act") == Some("assign");
    let Some(known) = known else {
        if is_assignment {
            return listed(&ask, &desk, Some((typed, referrer))).await;
        }
        return Ok(html::see(&format!("/console/{campaign}/referrals?done=unknown")));
    };
    let friend = Key::Code(known.id.clone());
    let done = match form.get("act") {
        Some("assign") => match assign::assign(app, call, &terms, &friend, referrer).await? {
            Assigned::Bound { .. } => "assigned",
            Assigned::AlreadyReferred => "already",
            Assigned::Refused(_) => {
                return listed(&ask, &desk, Some((typed, referrer))).await;
            }
        },
        Some("trigger") => {
            let (event, source) = (Event::Qualifying, Source::Server);
            match credit::credit(app, call, &terms, &friend, &event, None, source).await? {
                Effect::Awarded | Effect::Recorded { .. } => "awarded",
                Effect::Delayed => "delayed",
                Effect::AlreadyAwarded | Effect::Duplicate { .. } => "already",
                Effect::Expired => "expired",
                Effect::NotReferred => "not-referred",
                Effect::Refused(_) => "not-credited",
            }
        }
        Some(act @ ("accept" | "reject")) => {
            let verdict = if act == "accept" { Review::Accept } else { Review::Reject };
            match review::review(app, call, &terms, &friend, verdict).await? {
                Reviewed::Accepted { .. } => "accepted",
                Reviewed::Rejected => "rejected",
                Reviewed::NotHeld => "not-held",
                Reviewed::NotReferred => "not-referred",
            }
        }
        _ => return Err(Error::field("act", None, "is none of this page")),
    };
    Ok(back(&known, done))
}
