//! `/campaign/{id}/emails` and `…/participant/{p}/email`: the texts of messages, who writes them, and
//! one message to one person.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::lang::Lang;

use super::{participants, repeat::Repeat};
use crate::{
    app::App,
    engine::{
        mail::{
            Asked, ask as promise,
            settings::{self, Change, LANGS, Mailing},
        },
        terms,
    },
    error::{Error, Problem},
    json,
    mail::{
        Kind, Text,
        markup::from_html,
        settings::{REMINDER_DAYS, Settings},
    },
    routes::{ask::Ask, body::patched},
    store::mail_settings,
};

/// Shows all texts and the settings.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    let (terms, _) = terms::read(&ask.app, ask.campaign()).await?;
    let mailing = settings::read(&ask.app, &terms.campaign.id).await?;
    Ok(json::answer(&shown(&ask.app, &mailing)))
}

/// Changes what is sent; `null` in place of a text goes back to ours.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let patch: Map<String, Value> = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let current = settings::read(app, &terms.campaign.id).await?;
    let mut change = Change::default();
    let mut wanted = current.settings.clone();
    if let Some(value) = patch.get("settings") {
        wanted = changed_settings(&current.settings, value)?;
    }
    for (name, value) in patch.iter().filter(|it| it.0 != "settings") {
        let kind = Kind::parse(name).filter(|it| it.editable());
        let kind = kind.ok_or_else(|| Error::field(name, None, unknown()))?;
        template(&current, &mut wanted, &mut change, kind, value)?;
    }
    change.settings = Some(wanted);
    settings::change(app, call, &terms, &current, &change).await?;
    let mailing = settings::read(app, &terms.campaign.id).await?;
    Ok(json::answer(&shown(app, &mailing)))
}

fn unknown() -> &'static str {
    "is unknown or read-only"
}

/// Settings that are said at each kind.
const OWN: [&str; 3] = ["disabled", "reminds", "reminderDays"];

/// The settings with the sent fields changed.
fn changed_settings(current: &Settings, value: &Value) -> Result<Settings, Error> {
    let Value::Object(patch) = value else {
        return Err(Error::field("settings", Some(value.clone()), "must be an object"));
    };
    if let Some(name) = OWN.into_iter().find(|it| patch.contains_key(*it)) {
        return Err(Error::field(&format!("settings.{name}"), None, unknown()));
    }
    patched(current, patch).map_err(|error| match error {
        Error::Invalid(problems) => {
            let within = |it: Problem| Problem { param: format!("settings.{}", it.param), ..it };
            Error::Invalid(problems.into_iter().map(within).collect())
        }
        other => other,
    })
}

/// Reads what is sent of one kind.
fn template(
    current: &Mailing,
    wanted: &mut Settings,
    change: &mut Change,
    kind: Kind,
    value: &Value,
) -> Result<(), Error> {
    let name = kind.as_str();
    let base = wanted.language;
    let fields = match value {
        Value::Null => {
            change.texts.extend(LANGS.map(|lang| (kind, lang, None)));
            return Ok(());
        }
        Value::Object(fields) => fields,
        other => return Err(Error::field(name, Some(other.clone()), "must be an object")),
    };
    let mut text = current.text(kind, base);
    let mut is_changed = false;
    for (field, value) in fields {
        let path = format!("{name}.{field}");
        match field.as_str() {
            "isEnabled" if kind.automatic() => {
                let msg = "must be true or false";
                let on = value.as_bool();
                let on = on.ok_or_else(|| Error::field(&path, Some(value.clone()), msg))?;
                wanted.switch(kind, on);
            }
            "delayDays" if kind == Kind::FollowUpReminder => {
                let msg = "must be a whole number from 2 to 30";
                let days = value.as_u64().and_then(|it| u32::try_from(it).ok());
                let days = days.filter(|it| REMINDER_DAYS.contains(it));
                let days = days.ok_or_else(|| Error::field(&path, Some(value.clone()), msg))?;
                wanted.reminder_days = days;
            }
            "translations" => translations(current, change, kind, base, value)?,
            field => {
                set(&mut text, field, value, &path)?;
                is_changed = true;
            }
        }
    }
    if is_changed {
        change.texts.push((kind, base, Some(text)));
    }
    Ok(())
}

fn translations(
    current: &Mailing,
    change: &mut Change,
    kind: Kind,
    base: Lang,
    value: &Value,
) -> Result<(), Error> {
    let path = format!("{}.translations", kind.as_str());
    let Value::Object(all) = value else {
        return Err(Error::field(&path, Some(value.clone()), "must be an object"));
    };
    for (tag, value) in all {
        let path = format!("{path}.{tag}");
        let lang = LANGS.into_iter().find(|it| it.tag() == tag && *it != base);
        let lang = lang.ok_or_else(|| Error::field(&path, None, "is no other language"))?;
        match value {
            Value::Null => change.texts.push((kind, lang, None)),
            Value::Object(fields) => {
                let mut text = current.text(kind, lang);
                for (field, value) in fields {
                    set(&mut text, field, value, &format!("{path}.{field}"))?;
                }
                change.texts.push((kind, lang, Some(text)));
            }
            other => return Err(Error::field(&path, Some(other.clone()), "must be an object")),
        }
    }
    Ok(())
}

fn set(text: &mut Text, field: &str, value: &Value, path: &str) -> Result<(), Error> {
    let place = match field {
        "subject" => &mut text.subject,
        "preheader" => &mut text.preheader,
        "body" => &mut text.body,
        _ => return Err(Error::field(path, None, unknown())),
    };
    let Value::String(given) = value else {
        return Err(Error::field(path, Some(value.clone()), "must be a text"));
    };
    *place = if field == "body" { from_html(given) } else { given.clone() };
    Ok(())
}

/// Everything as the wire shows it.
fn shown(app: &App, mailing: &Mailing) -> Value {
    let settings = &mailing.settings;
    let mut all = Map::new();
    for kind in crate::mail::kind::ALL.into_iter().filter(|it| it.editable()) {
        let words = |lang| {
            let text = mailing.text(kind, lang);
            json!({ "subject": text.subject, "preheader": text.preheader, "body": text.body })
        };
        let mut template = words(settings.language);
        if kind.automatic() {
            template["isEnabled"] = settings.is_on(kind).into();
        }
        if kind == Kind::FollowUpReminder {
            template["delayDays"] = settings.delay_days().into();
        }
        let others = LANGS.into_iter().filter(|it| *it != settings.language);
        let others = others.map(|it| (it.tag().to_owned(), words(it)));
        template["translations"] = Value::Object(others.collect());
        template["variables"] = kind.variables().into();
        all.insert(kind.as_str().into(), template);
    }
    let mut shown = json!(settings);
    if let Some(fields) = shown.as_object_mut() {
        for name in OWN {
            fields.remove(name);
        }
    }
    shown["sender"]["fromEmail"] = app.mail.from().into();
    all.insert("settings".into(), shown);
    Value::Object(all)
}

/// What is asked to be sent: a kind by its name, or words.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ToSend {
    #[serde(default)]
    email_type: Option<String>,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    preheader: Option<String>,
    #[serde(default)]
    body: Option<String>,
}

/// Promises a message to a participant.
pub async fn send(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, headers, .. } = &ask;
    let wanted: ToSend = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let known = participants::named(app, ask.campaign(), ask.p()).await?;
    let asked = match (wanted.email_type, wanted.subject, wanted.body) {
        (Some(name), None, None) if wanted.preheader.is_none() => {
            let kind = Kind::parse(&name).filter(|it| it.requestable());
            let msg = "names no message that can be sent";
            Asked::Kind(kind.ok_or_else(|| Error::field("emailType", Some(name.into()), msg))?)
        }
        (Some(_), _, _) => {
            let msg = "stands alone: a message of the owner's own has subject and body instead";
            return Err(Error::field("emailType", None, msg));
        }
        (None, Some(subject), Some(body)) => {
            let preheader = wanted.preheader.unwrap_or_default();
            let text = Text { subject, preheader, body: from_html(&body) };
            let lang = mail_settings::find(&app.db, &terms.campaign.id).await?.body.language;
            text.check(Kind::FreeForm, lang)
                .map_err(|it| Error::field(it.field, None, it.to_string()))?;
            Asked::Words(text)
        }
        (None, None, None) => {
            return Err(Error::field("emailType", None, "is required, or subject and body"));
        }
        (None, None, Some(_)) => return Err(Error::field("subject", None, "is required")),
        (None, Some(_), None) => return Err(Error::field("body", None, "is required")),
    };
    let entropy = Repeat::of(headers).entropy(app, call, known.id.as_str());
    let id = shared::id::short(entropy, 16);
    promise(app, call, &terms.campaign.id, &known, &asked, &id).await?;
    Ok(json::answer(&json!({ "success": true, "status": "queued" })))
}

#[cfg(test)]
mod tests;
