//! The form of a rule: a new one, or the next version of one.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use shared::{api::RewardCreate, id, reward::Rule};

use super::{Change, confirm, met, ordered};
use crate::{
    engine::rules as engine,
    error::Error,
    pages::console::{
        frame::Tab,
        options::{Groups, Opt, RULE, Say, at, pick},
        rules::{self as page, Act, Form, PRESETS},
        versions::{sentence, whole},
    },
    routes::{
        ask::Ask,
        body::{flawed, parse},
        console::{desk::Desk, filled::Filled, settings::say},
        html,
        member::Member,
        query::Query,
        rest::reward_configs::patched,
    },
};

/// The form of a rule, or of a new one that begins with a preset or another rule's words.
pub async fn one(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let say = say(&desk, campaign);
    let all = ordered(&ask, &campaign.id).await?;
    let named = |id: Option<&str>| all.iter().find(|it| Some(it.id.as_str()) == id);
    let rule = of_path(&ask, &all)?;
    let mut filled = Filled::default();
    let mut groups;
    match rule.or_else(|| named(ask.query.get("from"))) {
        Some(rule) => {
            let values = whole(rule);
            for opt in RULE {
                let typed = opt.typed(at(&values, opt.path), say);
                filled.keep(opt.path, &typed);
            }
            groups = Groups::of(&rule.conditions, say);
        }
        None => {
            filled.keep("isVisible", "1");
            filled.keep("conversionsRequired", "1");
            let chosen = ask.query.get("preset");
            let preset = PRESETS.iter().find(|it| Some(it.0) == chosen);
            let fields = preset.map_or(&[][..], |it| it.2);
            for (name, value) in fields.iter().filter(|it| !it.0.starts_with("c.")) {
                filled.keep(name, value);
            }
            groups =
                Some(Groups::sent(|name| fields.iter().find(|it| it.0 == name).map(|it| it.1)));
        }
    }
    match rule {
        Some(rule) => filled.keep("version", &rule.version.to_string()),
        // Each form makes one rule.
        None => filled.keep("once", &ask.call.id()),
    }
    // Words that the form cannot show are not taken over into another rule.
    if rule.is_none() && groups.is_none() {
        groups = Some(Groups::default());
    }
    shown(&desk, rule, &filled, groups.as_ref(), say)
}

/// The rule that the path names; none: it names a new one.
fn of_path<'r>(ask: &Ask, all: &'r [Rule]) -> Result<Option<&'r Rule>, Error> {
    match ask.at("rule") {
        Some("new") => Ok(None),
        id => all.iter().find(|it| Some(it.id.as_str()) == id).map(Some).ok_or(Error::Missing),
    }
}

fn shown(
    desk: &Desk,
    rule: Option<&Rule>,
    filled: &Filled,
    groups: Option<&Groups>,
    say: Say,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let mut typed: BTreeMap<String, String> = filled.typed.clone();
    if let (Some(rule), Some(kind)) = (rule, RULE.iter().find(|it| it.path == "type")) {
        typed.insert("type".into(), kind.said(&json!(rule.kind), say));
    }
    let markup = page::form(&Form {
        say,
        csrf: &desk.member.csrf,
        campaign: &campaign.id,
        rule: rule.map(|it| it.id.as_str()),
        typed: &typed,
        wrong: &filled.wrong,
        groups,
        kept: &rule.map_or_else(String::new, |it| sentence(campaign, it, desk.lang)),
    });
    let status = if filled.wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    Ok(desk.page_with(status, Tab::Rules, page::title(desk.lang), &markup))
}

/// The conditions that a form sends: those of its fields, or, where it could not show them, those of
/// the rule, as nothing.
fn sent(form: &Query, filled: &mut Filled, say: Say) -> Option<Groups> {
    if form.get("c.kept").is_some() {
        if form.get("c.drop").is_some() {
            filled.keep("c.drop", "1");
            filled.said.insert("conditions".into(), json!({}));
        }
        filled.keep("c.kept", "1");
        return None;
    }
    let groups = Groups::sent(|name| form.given(name));
    for (name, value) in groups.fields() {
        filled.keep(&name, &value);
    }
    match groups.wire(say) {
        Ok(wire) => {
            filled.said.insert("conditions".into(), wire);
        }
        Err(wrong) => {
            filled.wrong.insert("conditions".into(), pick(say.lang, wrong).into());
        }
    }
    Some(groups)
}

/// What a form says, as the wire has it.
fn wire(mut said: Map<String, Value>) -> Map<String, Value> {
    let is_empty = |said: &Map<String, Value>, name: &str| said.get(name) == Some(&Value::Null);
    if is_empty(&said, "limit") {
        said.insert("limit".into(), json!(-1));
        said.insert("isUnlimited".into(), json!(true));
    }
    if is_empty(&said, "conversionsRequired") {
        said.insert("conversionsRequired".into(), json!(1));
    }
    if is_empty(&said, "numberOfWinners") {
        said.remove("numberOfWinners");
    }
    for side in ["gives", "referralGives"] {
        if let Some(Value::Object(gift)) = said.get_mut(side)
            && is_empty(gift, "kind")
        {
            gift.remove("kind");
        }
    }
    said
}

/// Makes a rule or its next version: first says what that affects, then does it.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let say = say(&desk, campaign);
    let form = ask.form()?;
    let all = ordered(&ask, &campaign.id).await?;
    let rule = of_path(&ask, &all)?;
    let list: Vec<&'static Opt> =
        RULE.iter().filter(|it| rule.is_none() || it.path != "type").collect();
    let mut filled = Filled::of(&form, &list, say);
    let guard = if rule.is_some() { "version" } else { "once" };
    let made_from = form.get(guard).ok_or_else(|| Error::field(guard, None, "is missing"))?;
    filled.keep(guard, made_from);
    let mut groups = sent(&form, &mut filled, say);
    if let Some(act) = form.get("act") {
        if let Some(groups) = &mut groups {
            groups.press(act);
        }
        filled.wrong.clear();
        return shown(&desk, rule, &filled, groups.as_ref(), say);
    }
    let asked = if filled.wrong.is_empty() {
        asked(&ask, &desk, rule, &filled, made_from).await
    } else {
        return shown(&desk, rule, &filled, groups.as_ref(), say);
    };
    let new = match asked {
        Ok(new) => new,
        Err(error) => {
            filled.refused(error, &list, desk.lang)?;
            return shown(&desk, rule, &filled, groups.as_ref(), say);
        }
    };
    let there = format!("/console/{}/rules", campaign.id);
    if rule == Some(&new) {
        return Ok(html::see(&format!("{there}?said=same")));
    }
    let action = format!("{there}/{}", rule.map_or("new", |it| it.id.as_str()));
    if let Some(old) = rule.filter(|it| it.version.to_string() != made_from) {
        filled.keep("version", &old.version.to_string());
        return met(&desk, &action, old, Some(&new), &filled);
    }
    if form.get("sure").is_none() {
        let act = if rule.is_some() { Act::Change } else { Act::Make };
        let change = Change { act, old: rule, new: Some(&new), all: &all };
        return confirm(&ask, &desk, &action, &change, &filled).await;
    }
    let done = match rule {
        // The same form twice makes one rule.
        None => engine::add(&ask.app, &ask.call, campaign, &new).await.map(drop),
        Some(old) => engine::change(&ask.app, &ask.call, &campaign.id, old, &new).await,
    };
    match done {
        Ok(()) => {
            let said = if rule.is_some() { "changed" } else { "made" };
            Ok(html::see(&format!("{there}?said={said}")))
        }
        Err(Error::Conflict(_)) if rule.is_some() => {
            let all = ordered(&ask, &campaign.id).await?;
            let now = of_path(&ask, &all)?.ok_or(Error::Missing)?;
            filled.keep("version", &now.version.to_string());
            met(&desk, &action, now, Some(&new), &filled)
        }
        Err(error) => Err(error),
    }
}

/// The rule that a form asks for, if it fits.
async fn asked(
    ask: &Ask,
    desk: &Desk,
    rule: Option<&Rule>,
    filled: &Filled,
    once: &str,
) -> Result<Rule, Error> {
    let campaign = desk.campaign()?;
    let said = wire(filled.said.clone());
    let new = match rule {
        Some(old) => {
            let whole = ["conditions", "metadata"];
            let new = patched(old, &said, campaign.currency, &whole)?;
            engine::allowed(&ask.app, old, &new).await?;
            new
        }
        None => {
            let asked: RewardCreate = parse(&Value::Object(said))?;
            let parts: [&[u8]; 3] = [campaign.id.as_bytes(), &[0], once.as_bytes()];
            let tag = ask.app.settings.mac("rule's form", &parts);
            let mut entropy = [0; 16];
            entropy.iter_mut().zip(tag).for_each(|(to, from)| *to = from);
            let id = format!("crew_{}", id::short(entropy, 20));
            asked.rule(id, 1, campaign.currency).map_err(flawed)?
        }
    };
    if rule != Some(&new) {
        engine::fits(&ask.app, campaign, &new, ask.call.now).await?;
    }
    Ok(new)
}

/// The fields of a rule's form, as they are shown.
#[cfg(test)]
pub(super) fn typed_fields(rule: &Rule, say: Say) -> Vec<(String, String)> {
    let values = whole(rule);
    let own = RULE.iter().filter(|it| it.path != "type");
    let own = own.map(|it| (it.path.to_owned(), it.typed(at(&values, it.path), say)));
    let groups = Groups::of(&rule.conditions, say).unwrap_or_default();
    own.chain(groups.fields()).collect()
}
