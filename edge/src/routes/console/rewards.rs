//! `/console/{campaign}/rewards`: the queue, and what is done with many of them at once.

use axum::response::Response;
use http::StatusCode;
use shared::{decision::Reason, lang::Lang, team::Right};

use super::{desk::Desk, participant};
use crate::{
    app::App,
    call::Call,
    engine::hand::{self, Deed},
    error::Error,
    pages::console::{
        frame::Tab,
        parts::Clock,
        rewards::{self as page, Listing, Outcome, REASONS},
    },
    routes::{ask::Ask, member::Member, query::Query},
    sql::name,
    store::{
        approvals,
        browse::{self, Place},
        dossiers,
        participants::{self, Key},
        queue::{Queue, Show},
    },
};

/// How many rewards stand on a page, and the most that a form may name.
const SHOWN: u32 = 50;
const MOST: usize = 100;

/// What a query asks for, whoever it is about.
fn of_anybody(campaign: &str, query: &Query) -> Queue {
    let show = query.get("show").unwrap_or_default();
    Queue {
        campaign: campaign.into(),
        show: Show::ALL.into_iter().find(|it| it.name() == show).unwrap_or_default(),
        rule: query.get("rule").map(Into::into),
        of: None,
    }
}

/// What a query asks for; `None`: for somebody who is not of the campaign.
pub(super) async fn asked(
    ask: &Ask,
    campaign: &str,
    query: &Query,
) -> Result<Option<Queue>, Error> {
    let list = of_anybody(campaign, query);
    let Some(typed) = query.get("q").map(str::trim).filter(|it| !it.is_empty()) else {
        return Ok(Some(list));
    };
    let found = match Key::parse(typed) {
        Some(key) => participants::find(&ask.app.db, campaign, &key).await?,
        None => None,
    };
    Ok(found.map(|it| Queue { of: Some(it.id), ..list }))
}

/// The queue.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    listed(&ask, &desk, &ask.query, &Said::default()).await
}

/// What is said of a form.
#[derive(Default)]
struct Said {
    results: Vec<(String, Outcome)>,
    nothing: bool,
}

async fn listed(ask: &Ask, desk: &Desk, query: &Query, said: &Said) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let list = asked(ask, &campaign.id, query).await?;
    let after = query.get("after").and_then(Place::read);
    let begun = after.is_some();
    let found = match &list {
        Some(list) => browse::page(&ask.app.db, list, after, SHOWN).await?,
        None => browse::Page { rows: Vec::new(), next: None, cut: false },
    };
    let role = desk.member.role;
    let listing = Listing {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign,
        csrf: &desk.member.csrf,
        asked: &list.unwrap_or_else(|| of_anybody(&campaign.id, query)),
        search: query.get("q").map(str::trim).unwrap_or_default(),
        page: &found,
        begun,
        rules: &dossiers::rules(&ask.app.db, &campaign.id).await?,
        results: &said.results,
        nothing: said.nothing,
        may: [role.may(Right::Decide), role.may(Right::Export)],
    };
    let status = if said.nothing { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let title = match desk.lang {
        Lang::En => "Rewards",
        Lang::Fr => "Récompenses",
    };
    Ok(desk.page_with(status, Tab::Rewards, title, &page::page(&listing)))
}

/// Approves, gives or refuses the rewards of a form, and tells of each.
pub async fn act(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let form = ask.form()?;
    let reason = form.get("reason").unwrap_or_default();
    let reason = REASONS.into_iter().find(|it: &Reason| name(it) == reason);
    let deed = match form.get("act") {
        Some("approve") => Some(Deed::Approve(None)),
        Some("fulfill") => Some(Deed::Fulfill),
        Some("refuse") => Some(Deed::Remove(reason)),
        _ => None,
    };
    let ids: Vec<&str> = form.every("reward").take(MOST).collect();
    let query = Query::parse(form.get("query").unwrap_or_default(), "");
    let Some(deed) = deed.filter(|_| !ids.is_empty()) else {
        let said = Said { nothing: true, ..Said::default() };
        return listed(&ask, &desk, &query, &said).await;
    };
    let mut said = Said::default();
    for id in ids {
        said.results.push(one(&ask.app, &ask.call, desk.campaign()?, id, deed).await?);
    }
    if let (Some(person), [(_, outcome)]) = (form.get("back"), said.results.as_slice()) {
        let done = match (outcome, deed) {
            (Outcome::Done, Deed::Approve(_)) => "approved",
            (Outcome::Done, Deed::Fulfill) => "fulfilled",
            (Outcome::Done, Deed::Remove(_)) => "refused",
            (Outcome::Full, _) => "full",
            (Outcome::Busy, _) => "busy",
            (Outcome::State | Outcome::Missing, _) => "state",
        };
        let id = shared::code::Code::parse(person).map_err(|_| Error::Missing)?;
        return Ok(participant::back(&desk.campaign()?.id, id.as_str(), done));
    }
    listed(&ask, &desk, &query, &said).await
}

/// Does it with one reward: whose it is, and what became of it.
async fn one(
    app: &App,
    call: &Call,
    campaign: &shared::campaign::Campaign,
    id: &str,
    deed: Deed,
) -> Result<(String, Outcome), Error> {
    let who = match approvals::find(&app.db, &campaign.id, id).await? {
        Some(held) => crate::store::signals::address(&app.db, &held.participant)
            .await?
            .map_or_else(|| held.participant.to_string(), |it| it.as_str().to_owned()),
        None => return Ok((id.chars().take(40).collect(), Outcome::Missing)),
    };
    let outcome = match hand::act(app, call, campaign, id, deed).await {
        Ok(()) => Outcome::Done,
        Err(Error::RewardState(why)) if why.contains("limit") || why.contains("budget") => {
            Outcome::Full
        }
        Err(Error::RewardState(_)) => Outcome::State,
        Err(Error::Missing) => Outcome::Missing,
        Err(Error::Busy) => Outcome::Busy,
        Err(error) => return Err(error),
    };
    Ok((who, outcome))
}
