//! `/u/{campaign}/{purpose}/{hash}/{tag}`: refusing messages, by the link at the end of each.
//!
//! To look at the page changes nothing, since programs open links; whoever posts to it, a mail
//! program's one click among them (RFC 8058), is written to no more. No cookie is asked for.

use axum::response::Response;
use http::StatusCode;

use super::{ask::Ask, html};
use crate::{
    engine::{mail::refusal, terms},
    error::Error,
    pages::{self, unsubscribe::State},
};

/// The page with the button.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    page(&ask, &refusal(&ask)?, State::Asked).await
}

/// Refuses, or takes the refusal back.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let refusal = refusal(&ask)?;
    let form = ask.form().ok();
    let has = |name: &str| form.as_ref().is_some_and(|it| it.get(name).is_some());
    if has("again") {
        refusal.take_back(&ask.app).await?;
        return page(&ask, &refusal, State::Again).await;
    }
    refusal.keep(&ask.app, &ask.call, has("all")).await?;
    page(&ask, &refusal, State::Done).await
}

fn refusal(ask: &Ask) -> Result<refusal::Refusal, Error> {
    let at = |name| ask.at(name).unwrap_or_default();
    refusal::read(&ask.app, ask.campaign(), at("purpose"), at("hash"), at("tag"))
        .ok_or(Error::Missing)
}

async fn page(ask: &Ask, refusal: &refusal::Refusal, state: State) -> Result<Response, Error> {
    let program = match terms::read(&ask.app, refusal.campaign()).await {
        Ok((terms, _)) => terms.campaign.name,
        // The campaign is gone: what they said stands all the same.
        Err(Error::Missing) => String::new(),
        Err(error) => return Err(error),
    };
    let lang = ask.query.lang("lang");
    let page = pages::unsubscribe::page(lang, &program, refusal.purpose, state);
    Ok(html::page(StatusCode::OK, "", &page))
}
