//! `/console/{campaign}/rules`: the reward rules; what a change affects is shown first.

mod form;

use axum::response::Response;
use http::StatusCode;
use shared::{campaign::Campaign, card, reward::Rule, team::Right, time::Timestamp};

pub use form::{change, one};

use super::{desk::Desk, filled::Filled, settings::say};
use crate::{
    engine::rules as engine,
    error::Error,
    pages::console::{
        confirm::{self, Confirm, Met, sentences},
        frame::Tab,
        options::{RULE, changed},
        rules::{self as page, Act, Row, Rules},
        versions::{conditions, sentence, whole},
    },
    routes::{ask::Ask, html, member::Member},
    store::{effects, rules},
};

/// The list, in the owner's order.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let row = |it: Rule| Row {
        sentence: sentence(campaign, &it, desk.lang),
        id: it.id,
        version: it.version,
        title: it.texts.title,
        is_visible: it.is_visible,
        starts_at: it.starts_at,
        ends_at: it.ends_at,
    };
    let rows: Vec<Row> = ordered(&ask, &campaign.id).await?.into_iter().map(row).collect();
    let markup = page::list(&Rules {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        campaign: &campaign.id,
        now: ask.call.now,
        rows: &rows,
        may_edit: desk.member.role.may(Right::Edit),
        said: ask.query.get("said"),
    });
    Ok(desk.page(Tab::Rules, page::title(desk.lang), &markup))
}

/// The rules as the card orders them.
async fn ordered(ask: &Ask, campaign: &str) -> Result<Vec<Rule>, Error> {
    let mut rules = rules::of_campaign(&ask.app.db, campaign).await?;
    rules.sort_by_key(|it| it.order.unwrap_or(i64::MAX));
    Ok(rules)
}

/// What a button of the list does: moves a rule at once; pauses, resumes or retires it after a page
/// that says what that affects.
pub async fn act(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let form = ask.form()?;
    let all = ordered(&ask, &campaign.id).await?;
    let id = form.get("rule").unwrap_or_default();
    let old = all.iter().find(|it| it.id == id).ok_or(Error::Missing)?;
    let there = format!("/console/{}/rules", campaign.id);
    let chosen = form.get("act").unwrap_or_default();
    if matches!(chosen, "up" | "down") {
        reorder(&ask, campaign, &all, id, chosen == "up").await?;
        return Ok(html::see(&format!("{there}?said=ordered")));
    }
    // Back from the page that asked.
    if chosen == "edit" {
        return Ok(html::see(&there));
    }
    let act = match form.get("do").unwrap_or(chosen) {
        "pause" => Act::Pause,
        "resume" => Act::Resume,
        "retire" => Act::Retire,
        _ => return Err(Error::field("act", None, "is unknown")),
    };
    let new = match act {
        Act::Retire => None,
        act => {
            Some(Rule { version: old.version + 1, is_visible: act == Act::Resume, ..old.clone() })
        }
    };
    if new.as_ref().is_some_and(|it| it.is_visible == old.is_visible) {
        return Ok(html::see(&format!("{there}?said=same")));
    }
    let mut filled = Filled::default();
    filled.keep("rule", id);
    filled.keep("do", form.get("do").unwrap_or(chosen));
    filled.keep("version", &old.version.to_string());
    if form.get("version") != Some(old.version.to_string().as_str()) {
        return met(&desk, &there, old, new.as_ref(), &filled);
    }
    if form.get("sure").is_none() {
        let change = Change { act, old: Some(old), new: new.as_ref(), all: &all };
        return confirm(&ask, &desk, &there, &change, &filled).await;
    }
    let done = match &new {
        None => engine::remove(&ask.app, &ask.call, &campaign.id, old).await,
        Some(new) => engine::change(&ask.app, &ask.call, &campaign.id, old, new).await,
    };
    match done {
        Ok(()) => {
            let said = if act == Act::Retire { "retired" } else { "changed" };
            Ok(html::see(&format!("{there}?said={said}")))
        }
        Err(Error::Conflict(_)) => {
            let all = ordered(&ask, &campaign.id).await?;
            let now = all.iter().find(|it| it.id == id).ok_or(Error::Missing)?;
            filled.keep("version", &now.version.to_string());
            met(&desk, &there, now, new.as_ref(), &filled)
        }
        Err(error) => Err(error),
    }
}

/// Moves a rule by one place: all get numbers that say their order.
async fn reorder(
    ask: &Ask,
    campaign: &Campaign,
    all: &[Rule],
    id: &str,
    up: bool,
) -> Result<(), Error> {
    let mut order: Vec<&Rule> = all.iter().collect();
    let at = order.iter().position(|it| it.id == id).unwrap_or_default();
    let other = if up { at.checked_sub(1) } else { Some(at + 1) };
    let Some(other) = other.filter(|it| *it < order.len()) else { return Ok(()) };
    order.swap(at, other);
    let numbered = order.into_iter().zip(1_i64..);
    let moved = numbered.filter(|(rule, place)| rule.order != Some(*place)).map(|(rule, place)| {
        let new = Rule { order: Some(place), version: rule.version + 1, ..rule.clone() };
        (rule.clone(), new)
    });
    engine::change_all(&ask.app, &ask.call, &campaign.id, &moved.collect::<Vec<_>>()).await
}

/// A change of a rule, among all rules.
struct Change<'a> {
    act: Act,
    old: Option<&'a Rule>,
    new: Option<&'a Rule>,
    all: &'a [Rule],
}

/// The page that says what a change affects.
async fn confirm(
    ask: &Ask,
    desk: &Desk,
    action: &str,
    change: &Change<'_>,
    filled: &Filled,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let lang = desk.lang;
    let id = change.old.map_or("", |it| it.id.as_str());
    let others = change.all.iter().filter(|it| it.id != id);
    let mut after: Vec<Rule> = others.cloned().chain(change.new.cloned()).collect();
    after.sort_by_key(|it| change.all.iter().position(|own| own.id == it.id));
    let read = |rules: &[Rule]| sentences(&card::card(campaign, rules, ask.call.now), lang);
    let both = change.old.zip(change.new);
    let changes = both.map_or_else(Vec::new, |(old, new)| {
        changed(RULE, &whole(old), &whole(new), say(desk, campaign))
    });
    let label = page::act(lang, change.act);
    let more = more(campaign, change.old, change.new, label, lang);
    let concerned = effects::concerned(&ask.app.db, &campaign.id, id, Timestamp(0)).await?;
    let markup = confirm::page(&Confirm {
        lang,
        csrf: &desk.member.csrf,
        action,
        title: label,
        changes: &changes,
        more: &more,
        concerned,
        ends_older: false,
        of_rule: true,
        sentences: (read(change.all), read(&after)),
        typed: &filled.typed,
    });
    Ok(desk.page(Tab::Rules, page::title(lang), &markup))
}

/// What no field says: that a rule begins or ends, and its conditions.
fn more<'w>(
    campaign: &Campaign,
    old: Option<&Rule>,
    new: Option<&Rule>,
    label: &'w str,
    lang: shared::lang::Lang,
) -> Vec<(&'w str, String, String)> {
    let said = |it: Option<&Rule>| it.map_or_else(|| "—".into(), |it| sentence(campaign, it, lang));
    match (old, new) {
        (Some(old), Some(new)) if old.conditions != new.conditions => {
            let told = |it| conditions(campaign, it, lang);
            vec![("Conditions", told(old), told(new))]
        }
        (Some(_), Some(_)) => Vec::new(),
        (old, new) => vec![(label, said(old), said(new))],
    }
}

/// The page of a change that another was first to.
fn met(
    desk: &Desk,
    action: &str,
    now: &Rule,
    asked: Option<&Rule>,
    filled: &Filled,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let label = page::title(desk.lang);
    let differ = asked.map_or_else(Vec::new, |asked| {
        changed(RULE, &whole(now), &whole(asked), say(desk, campaign))
    });
    let markup = confirm::met(&Met {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        action,
        leave: &format!("/console/{}/rules", campaign.id),
        differ: &differ,
        more: &more(campaign, Some(now), asked, label, desk.lang),
        typed: &filled.typed,
    });
    Ok(desk.page_with(StatusCode::CONFLICT, Tab::Rules, label, &markup))
}

#[cfg(test)]
mod tests;
