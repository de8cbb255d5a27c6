//! `/console/{campaign}/versions`: every version of settings, rules and texts, with who and when.

use axum::response::Response;
use serde_json::{Value, json};
use shared::{campaign::Campaign, reward::Rule};

use super::{desk::Desk, log, settings::say};
use crate::{
    error::Error,
    pages::console::{
        frame::Tab,
        parts::Clock,
        versions::{self as page, Row, Stood, Versions},
    },
    routes::{ask::Ask, member::Member},
    store::versions::{self, LOOK, SETTINGS, TEXTS, Version},
};

/// Versions on a page.
const PAGE: u32 = 30;

/// The list, newest first.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let before = ask.query.get("before").and_then(|it| it.parse().ok());
    let mut found = versions::page(&ask.app.db, &campaign.id, before, PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let rows = rows(&ask, &desk, campaign, &found).await?;
    let markup = page::list(&Versions {
        clock: clock(&desk, campaign),
        campaign: &campaign.id,
        rows: &rows,
        before: found.last().filter(|_| more).map(|it| it.number),
    });
    Ok(desk.page(Tab::Settings, page::title(desk.lang), &markup))
}

/// One version, with all that stood beside it.
pub async fn one(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let number: i64 = ask.at("version").and_then(|it| it.parse().ok()).ok_or(Error::Missing)?;
    let found = versions::page(&ask.app.db, &campaign.id, number.checked_add(1), 1).await?;
    let found: Vec<Version> = found.into_iter().filter(|it| it.number == number).collect();
    let row = rows(&ask, &desk, campaign, &found).await?.pop().ok_or(Error::Missing)?;
    let standing = versions::standing(&ask.app.db, &campaign.id, number).await?;
    let body = |of: &str| {
        let it = standing.iter().find(|it| it.subject == of)?;
        serde_json::from_str::<Value>(it.body.as_deref()?).ok()
    };
    let settings = body(SETTINGS);
    let then = settings.as_ref().map_or_else(|| campaign.clone(), |it| as_it_was(campaign, it));
    let no_rules = [SETTINGS, TEXTS, LOOK];
    let of_rules = standing.iter().filter(|it| !no_rules.contains(&it.subject.as_str()));
    let rules = of_rules.filter_map(|it| {
        let rule: Rule = serde_json::from_str(it.body.as_deref()?).ok()?;
        rule.is_visible.then(|| page::sentence(&then, &rule, desk.lang))
    });
    let markup = page::one(&Stood {
        clock: clock(&desk, campaign),
        say: say(&desk, campaign),
        campaign: &campaign.id,
        row: &row,
        settings: settings.as_ref(),
        texts: body(TEXTS).as_ref(),
        look: body(LOOK).as_ref(),
        rules: &rules.collect::<Vec<_>>(),
    });
    Ok(desk.page(Tab::Settings, page::title(desk.lang), &markup))
}

async fn rows(
    ask: &Ask,
    desk: &Desk,
    campaign: &Campaign,
    found: &[Version],
) -> Result<Vec<Row>, Error> {
    let people = log::people(ask, desk.lang).await?;
    let row = |it: &Version| {
        let who = log::name(&people, (&it.by_kind, &it.by_id), desk.lang);
        page::row(campaign, it, who, say(desk, campaign))
    };
    Ok(found.iter().map(row).collect())
}

fn clock(desk: &Desk, campaign: &Campaign) -> Clock {
    Clock { lang: desk.lang, zone: campaign.options.time_zone }
}

/// The campaign with the settings of a version: what its sentences depended on.
fn as_it_was(campaign: &Campaign, settings: &Value) -> Campaign {
    let mut then = campaign.clone();
    let mut options = settings.get("options").cloned().unwrap_or_default();
    // Versions keep lists of addresses by their length only.
    if let Some(fraud) = options.get_mut("fraud") {
        for list in ["allowedEmails", "blockedEmails"] {
            if let Some(list) = fraud.get_mut(list) {
                *list = json!([]);
            }
        }
    }
    if let Ok(options) = serde_json::from_value(options) {
        then.options = options;
    }
    let installation = settings.get("installation").cloned().unwrap_or_default();
    if let Ok(installation) = serde_json::from_value(installation) {
        then.installation = installation;
    }
    then
}

#[cfg(test)]
mod tests;
