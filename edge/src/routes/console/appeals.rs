//! `/console/{campaign}/appeals`: what people ask to be looked at again, and the answers.

use axum::response::Response;
use http::StatusCode;
use shared::{team::Right, time::Timestamp};

use super::desk::Desk;
use crate::{
    engine::{
        appeal::{self as engine, Answer, LONGEST},
        terms,
    },
    error::Error,
    pages::console::{
        appeals::{self as page, Appeals},
        frame::Tab,
        parts::Clock,
    },
    routes::{ask::Ask, html, member::Member},
    store::{
        appeals::{self, State},
        participants::Place,
    },
};

/// How many the page shows.
const MOST: u32 = 20;

/// The list, the longest waiting first.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    listed(&ask, &desk, None).await
}

/// The list; with an answer that could not be taken.
async fn listed(ask: &Ask, desk: &Desk, wrong: Option<(&str, &str)>) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let after = ask.query.get("after").and_then(|it| it.split_once('-')).and_then(|(at, id)| {
        let created_at = at.parse().ok().map(Timestamp)?;
        Some(Place { created_at, id: id.into() })
    });
    let mut found =
        appeals::open(&ask.app.db, &campaign.id, after.as_ref(), None, MOST + 1).await?;
    let shown = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = shown < found.len();
    found.truncate(shown);
    let next = found.last().filter(|_| more);
    let next = next.map(|it| format!("after={}-{}", it.at.0, it.decision));
    let markup = page::page(&Appeals {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        appeals: &found,
        next: next.as_deref(),
        told: ask.query.get("done"),
        wrong,
        may_answer: desk.member.role.may(Right::Decide),
    });
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Overview, page::title(desk.lang), &markup))
}

/// Answers one.
pub async fn answer(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (campaign, form) = (desk.campaign()?.id.as_str(), ask.form()?);
    let decision = form.get("decision").unwrap_or_default();
    let reply = form.get("reply").unwrap_or_default().trim();
    let state = match form.get("act") {
        Some("agree") => State::Agreed,
        Some("keep") => State::Kept,
        _ => return Err(Error::field("act", None, "is none of this page")),
    };
    if LONGEST < reply.chars().count() {
        return listed(&ask, &desk, Some((decision, reply))).await;
    }
    let (terms, _) = terms::read(&ask.app, campaign).await?;
    let found = appeals::open(&ask.app.db, campaign, None, Some(decision), 1).await?;
    let done = match found.first() {
        Some(it) => {
            let answer = Answer { state, reply };
            let given = engine::answer(&ask.app, &ask.call, &terms, it, answer).await?;
            if given { "answered" } else { "already" }
        }
        _ => "already",
    };
    Ok(html::see(&format!("/console/{campaign}/appeals?done={done}")))
}

#[cfg(test)]
#[path = "appeals/tests.rs"]
mod tests;
