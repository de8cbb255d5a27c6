//! `/console/{campaign}/referrals`: the list, and what somebody of the team decides about a referral.

use axum::response::Response;
use http::StatusCode;
use shared::{api::Review, code::Code, lang::Lang, reward::Source, team::Right};

use super::{desk::Desk, participant};
use crate::{
    click::cache::Terms,
    engine::{
        assign::{self, Assigned},
        credit::{self, Effect, Event},
        review::{self, Reviewed},
        terms,
    },
    error::Error,
    pages::console::{
        frame::Tab,
        parts::{self, Clock},
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

/// What a query asks for, whoever it is about.
fn of_anybody(campaign: &str, query: &Query) -> Bonds {
    let status = query.get("status").unwrap_or_default();
    Bonds {
        campaign: campaign.into(),
        outcome: OUTCOMES.iter().find(|it| it.0 == status).map(|it| it.1),
        of: None,
        doubted: query.get("by") == Some("browser"),
    }
}

/// What a query asks for; `None`: for somebody who is not of the campaign.
pub(super) async fn asked(
    ask: &Ask,
    campaign: &str,
    query: &Query,
) -> Result<Option<Bonds>, Error> {
    let list = of_anybody(campaign, query);
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
    let begins = after.clone();
    let found = match &list {
        Some(list) => browse::page(&ask.app.db, list, after, SHOWN).await?,
        None => browse::Page { rows: Vec::new(), next: None, cut: false },
    };
    let role = desk.member.role;
    let listing = Listing {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        asked: &list.unwrap_or_else(|| of_anybody(&campaign.id, &ask.query)),
        search: ask.query.get("q").unwrap_or_default(),
        page: &found,
        after: begins.as_ref(),
        told: ask.query.get("done"),
        count: count(&ask.query),
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

/// The most referrals that a form may name.
const MOST: usize = 100;

/// With how many referrals something was done, of how many that were chosen.
fn count(query: &Query) -> Option<[u32; 2]> {
    let (did, of) = query.get("count")?.split_once('-')?;
    Some([did.parse().ok()?, of.parse().ok()?])
}

/// The query of a page once more, of which only what this page makes itself is taken over.
fn again(asked: &Query) -> String {
    let status = asked.get("status").unwrap_or_default();
    let after = asked.get("after").and_then(Place::read).map(|it| it.written());
    parts::query(&[
        ("q", asked.get("q").unwrap_or_default()),
        ("status", OUTCOMES.iter().find(|it| it.0 == status).map_or("", |it| it.0)),
        ("by", asked.get("by").filter(|it| *it == "browser").unwrap_or_default()),
        ("after", &after.unwrap_or_default()),
    ])
}

/// The list as it was, which says what was done.
fn listed_again(campaign: &str, form: &Query, done: &str) -> Response {
    let query = again(&Query::parse(form.get("query").unwrap_or_default(), ""));
    let gap = if query.is_empty() { "" } else { "&" };
    html::see(&format!("/console/{campaign}/referrals?{query}{gap}done={done}"))
}

/// Accepts or rejects the referrals of a form, each by itself.
async fn decide_many(ask: &Ask, campaign: &str, terms: &Terms) -> Result<Response, Error> {
    let (app, form) = (&ask.app, ask.form()?);
    let (verdict, done) = match form.get("act") {
        Some("accept") => (Review::Accept, "accepted"),
        Some("reject") => (Review::Reject, "rejected"),
        _ => return Err(Error::field("act", None, "is none of this page")),
    };
    let mut friends: Vec<&str> = form.every("friend").take(MOST).collect();
    friends.sort_unstable();
    friends.dedup();
    let mut did = 0;
    for friend in &friends {
        let Ok(friend) = Code::parse(friend).map(Key::Code) else { continue };
        match review::review(app, &ask.call, terms, &friend, verdict).await {
            Ok(Reviewed::Accepted { .. } | Reviewed::Rejected) => did += 1,
            // The others are told by their number.
            Ok(_) | Err(Error::Missing | Error::Busy) => {}
            Err(error) => return Err(error),
        }
    }
    let done = if friends.is_empty() {
        "nothing".to_owned()
    } else {
        format!("{done}&count={did}-{}", friends.len())
    };
    Ok(listed_again(campaign, &form, &done))
}

/// Decides about a friend's referral: `assign`, `trigger`, `accept` or `reject`.
pub async fn decide(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (app, call, form) = (&ask.app, &ask.call, ask.form()?);
    let campaign = desk.campaign()?.id.as_str();
    let (terms, _) = terms::read(app, campaign).await?;
    if form.get("many").is_some() {
        return decide_many(&ask, campaign, &terms).await;
    }
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
        listed_again(campaign, &form, done)
    };
    let referrer = form.get("referrer").unwrap_or_default().trim();
    let is_assignment = form.get("act") == Some("assign");
    let Some(known) = known else {
        if is_assignment {
            return listed(&ask, &desk, Some((typed, referrer))).await;
        }
        return Ok(listed_again(campaign, &form, "unknown"));
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
