//! `…/participant/{p}/reward/{reward}`, ours: what a person says about a reward of theirs.

use axum::response::Response;
use shared::{
    api::{RewardChoice, RewardChosen},
    code::Code,
    reward::GiftKind,
};

use super::{participants::named, shown};
use crate::{
    engine::{choices as engine, terms},
    error::Error,
    json,
    routes::ask::Ask,
    store::{choices, rewards, seen},
};

/// Shows a reward and, of a gift, where it is sent.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    let known = named(&ask.app, ask.campaign(), ask.p()).await?;
    one(&ask, &known.id).await
}

/// Keeps whom a donation goes to, or where a gift is sent, until it is given.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: RewardChoice = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let known = named(app, ask.campaign(), ask.p()).await?;
    engine::choose(app, call, &terms.campaign, &known.id, item(&ask), &asked).await?;
    one(&ask, &known.id).await
}

async fn one(ask: &Ask, participant: &Code) -> Result<Response, Error> {
    let db = &ask.app.db;
    let reward = rewards::find(db, participant, item(ask)).await?.ok_or(Error::Missing)?;
    let address = match reward.kind {
        GiftKind::Gift => choices::address(db, participant).await?,
        _ => None,
    };
    let seen_at = seen::find(db, participant).await?;
    Ok(json::answer(&RewardChosen { reward: shown::reward(reward, seen_at), address }))
}

fn item(ask: &Ask) -> &str {
    ask.at("item").unwrap_or_default()
}

#[cfg(test)]
mod tests;
