//! `/console/{campaign}/card`: the card as people read it, and the owner's own texts on it.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};
use shared::{
    campaign::{Campaign, Status},
    card::{self, Card, Own},
    team::Right,
    time::Timestamp,
};

use super::{desk::Desk, filled::Filled, settings::say};
use crate::{
    engine::card_texts as engine,
    error::Error,
    pages::console::{
        card::{self as page, Page},
        confirm::{self, Confirm, Met, sentences},
        frame::Tab,
        options::{Opt, TEXTS, at, changed},
    },
    routes::{ask::Ask, body::parse, html, member::Member},
    store::{
        card_texts::{self, Stored},
        effects, rules,
    },
};

/// The card.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    shown(&ask, &desk, None).await
}

async fn shown(ask: &Ask, desk: &Desk, sent: Option<&Filled>) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let stored = card_texts::find(&ask.app.db, &campaign.id).await?;
    let (say, values) = (say(desk, campaign), json!(stored.body));
    let known = TEXTS.iter().map(|it| (it.path.into(), it.typed(at(&values, it.path), say)));
    let known: BTreeMap<String, String> = known.collect();
    let none = BTreeMap::new();
    let markup = page::page(&Page {
        say,
        csrf: &desk.member.csrf,
        card: &live(ask, campaign, stored.body.clone()).await?,
        is_public: campaign.status != Status::Draft,
        revision: stored.revision,
        may_edit: desk.member.role.may(Right::Edit),
        typed: sent.map_or(&known, |it| &it.typed),
        wrong: sent.map_or(&none, |it| &it.wrong),
        said: ask.query.get("said"),
    });
    let is_wrong = sent.is_some_and(|it| !it.wrong.is_empty());
    let status = if is_wrong { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Settings, page::title(desk.lang), &markup))
}

/// The card with these texts.
async fn live(ask: &Ask, campaign: &Campaign, own: Own) -> Result<Card, Error> {
    let rules = rules::of_campaign(&ask.app.db, &campaign.id).await?;
    Ok(Card { own, ..card::card(campaign, &rules, ask.call.now) })
}

/// Changes the texts: first says what people will read, then does it.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let form = ask.form()?;
    let revision = form.get("revision").and_then(|it| it.parse::<i64>().ok());
    let revision = revision.ok_or_else(|| Error::field("revision", None, "is missing"))?;
    let list: Vec<&'static Opt> = TEXTS.iter().collect();
    let mut filled = Filled::of(&form, &list, say(&desk, campaign));
    filled.keep("revision", &revision.to_string());
    if form.get("act") == Some("edit") {
        return shown(&ask, &desk, Some(&filled)).await;
    }
    let own: Own = parse(&Value::Object(filled.said.clone()))?;
    let own = own.normalised();
    if let Some((lang, flaw)) = own.flaw() {
        let param = format!("{}.{}", lang.tag(), flaw.field);
        filled.refused(Error::field(&param, None, flaw.problem), &list, desk.lang)?;
        return shown(&ask, &desk, Some(&filled)).await;
    }
    let stored = card_texts::find(&ask.app.db, &campaign.id).await?;
    let there = format!("/console/{}/card", campaign.id);
    if stored.body == own {
        return Ok(html::see(&format!("{there}?said=same")));
    }
    if stored.revision != revision {
        return met(&desk, &stored, &own, filled);
    }
    if form.get("sure").is_none() {
        return confirm(&ask, &desk, &stored, &own, &filled).await;
    }
    match engine::change(&ask.app, &ask.call, &campaign.id, &own, revision).await {
        Ok(()) => Ok(html::see(&format!("{there}?said=saved"))),
        Err(Error::Conflict(_)) => {
            let stored = card_texts::find(&ask.app.db, &campaign.id).await?;
            met(&desk, &stored, &own, filled)
        }
        Err(error) => Err(error),
    }
}

async fn confirm(
    ask: &Ask,
    desk: &Desk,
    stored: &Stored,
    own: &Own,
    filled: &Filled,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let then = live(ask, campaign, stored.body.clone()).await?;
    let now = live(ask, campaign, own.clone()).await?;
    let (old, new) = (json!(stored.body), json!(own));
    let markup = confirm::page(&Confirm {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        action: &format!("/console/{}/card", campaign.id),
        title: page::title(desk.lang),
        changes: &changed(TEXTS, &old, &new, say(desk, campaign)),
        more: &[],
        concerned: effects::concerned(&ask.app.db, &campaign.id, "", Timestamp(0)).await?,
        ends_older: false,
        of_rule: false,
        sentences: (sentences(&then, desk.lang), sentences(&now, desk.lang)),
        typed: &filled.typed,
    });
    Ok(desk.page(Tab::Settings, page::title(desk.lang), &markup))
}

fn met(desk: &Desk, now: &Stored, own: &Own, mut filled: Filled) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    filled.keep("revision", &now.revision.to_string());
    let action = format!("/console/{}/card", campaign.id);
    let markup = confirm::met(&Met {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        action: &action,
        leave: &action,
        differ: &changed(TEXTS, &json!(now.body), &json!(own), say(desk, campaign)),
        more: &[],
        typed: &filled.typed,
    });
    let title = page::title(desk.lang);
    Ok(desk.page_with(StatusCode::CONFLICT, Tab::Settings, title, &markup))
}

#[cfg(test)]
mod tests;
