//! `/u/{campaign}/{topic}/{hash}/{tag}`: what somebody is written, by the link at the end of each message.
//!
//! To look at the page changes nothing, since programs open links; a post without a choice, a mail
//! program's one click among them (RFC 8058), refuses what the message was about. No cookie is asked for.

use axum::response::Response;
use http::StatusCode;

use super::{ask::Ask, html, query::Query};
use crate::{
    engine::{mail::refusal, terms},
    error::Error,
    mail::topic::{Each, TOPICS},
    pages::{
        self,
        unsubscribe::{Choices, State},
    },
};

/// The page with the buttons.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    page(&ask, &refusal(&ask)?, State::Asked).await
}

/// Refuses what the message was about, or keeps what was chosen.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let refusal = refusal(&ask)?;
    let form = ask.form().ok();
    let has = |name: &str| form.as_ref().is_some_and(|it| it.get(name).is_some());
    let state = match &form {
        _ if has("all") => {
            refusal.choose(&ask.app, &ask.call, TOPICS.map(|_| false)).await?;
            State::Chosen
        }
        Some(form) if has("choose") => {
            refusal.choose(&ask.app, &ask.call, chosen(form)).await?;
            State::Chosen
        }
        _ => {
            refusal.keep(&ask.app, &ask.call).await?;
            State::Refused
        }
    };
    page(&ask, &refusal, state).await
}

/// Which topics are ticked in a form.
pub(in crate::routes) fn chosen(form: &Query) -> Each<bool> {
    TOPICS.map(|it| form.get(it.as_str()).is_some())
}

fn refusal(ask: &Ask) -> Result<refusal::Refusal, Error> {
    let at = |name| ask.at(name).unwrap_or_default();
    refusal::read(&ask.app, ask.campaign(), at("topic"), at("hash"), at("tag"))
        .ok_or(Error::Missing)
}

async fn page(ask: &Ask, refusal: &refusal::Refusal, state: State) -> Result<Response, Error> {
    let program = match terms::read(&ask.app, refusal.campaign()).await {
        Ok((terms, _)) => terms.campaign.name,
        // The campaign is gone: what they said stands all the same.
        Err(Error::Missing) => String::new(),
        Err(error) => return Err(error),
    };
    let wanted = refusal.wanted(&ask.app).await?.topics;
    let mut left = TOPICS.into_iter().zip(wanted).filter(|it| it.1);
    // Whoever comes back finds what they refused.
    let is_refused = !left.any(|it| refusal.topic.is_none_or(|topic| topic == it.0));
    let state = if is_refused && state == State::Asked { State::Refused } else { state };
    let page = pages::unsubscribe::page(&Choices {
        lang: ask.query.lang("lang"),
        program: &program,
        topic: refusal.topic,
        wanted,
        state,
    });
    Ok(html::page(StatusCode::OK, "", &page))
}
