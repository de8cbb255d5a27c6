//! `/console/log`: who changed what; `/console/log.csv`: the same to take away.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::Value;
use shared::{
    lang::Lang,
    time::{Span, Timestamp},
    written::{day, machine},
};

use super::desk::Desk;
use crate::{
    csv,
    error::Error,
    pages::console::{
        frame::Tab,
        log::{self as page, Asked, Kind, Log, Row, fields, somebody},
    },
    routes::{ask::Ask, member::Member},
    store::{
        audit::{self, Change, Search},
        keys,
        members::{self, OWNER},
    },
};

/// Changes on a page, and in a file.
const PAGE: u32 = 50;
const FILE: u32 = 10_000;

/// The log.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let asked = asked(&ask);
    let mut changes = found(&ask, &asked, PAGE + 1).await?;
    let more = changes.len() > PAGE as usize;
    changes.truncate(PAGE as usize);
    let query = query(&asked);
    let last = changes.last().filter(|_| more);
    let next = last.map(|it| format!("{query}&before={}", it.id));
    let people = people(&ask, desk.lang).await?;
    let row = |it: Change| Row {
        at: it.at,
        who: name(&people, (&it.by_kind, &it.by_id), desk.lang),
        who_id: it.by_id,
        act: it.act,
        campaign: it.campaign.map(|id| {
            let known = desk.campaigns.iter().find(|it| it.0 == id);
            known.map_or(id, |it| it.1.clone())
        }),
        called: people.iter().find(|(id, _)| *id == it.subject).map(|it| it.1.clone()),
        subject: it.subject,
        fields: fields(&json(&it.before), &json(&it.after)),
    };
    let log = Log {
        lang: desk.lang,
        asked,
        campaigns: &desk.campaigns,
        rows: changes.into_iter().map(row).collect(),
        people: people.clone(),
        next,
        query,
    };
    Ok(desk.page(Tab::Log, page::title(desk.lang), &page::page(&log)))
}

/// The newest of what is searched for, as a file.
pub async fn export(ask: Ask, _: Member) -> Result<Response, Error> {
    let changes = found(&ask, &asked(&ask), FILE).await?;
    let people = people(&ask, Lang::En).await?;
    let mut text = String::from(csv::MARK);
    csv::line(
        &mut text,
        &["id", "at", "byKind", "byId", "by", "act", "campaign", "subject", "before", "after"],
    );
    for it in changes {
        let who = name(&people, (&it.by_kind, &it.by_id), Lang::En);
        let at = machine(it.at);
        let campaign = it.campaign.as_deref().unwrap_or_default();
        csv::line(
            &mut text,
            &[
                it.id.as_str(),
                &at,
                &it.by_kind,
                &it.by_id,
                &who,
                &it.act,
                campaign,
                &it.subject,
                &it.before,
                &it.after,
            ],
        );
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"parrain-log.csv\""),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, text).into_response())
}

/// What is asked for, as it was typed.
fn asked(ask: &Ask) -> Asked {
    let typed = |name: &str| ask.query.get(name).unwrap_or_default().trim().to_owned();
    Asked {
        campaign: typed("campaign"),
        act: typed("act"),
        who: typed("who"),
        subject: typed("subject"),
        since: typed("since"),
        until: typed("until"),
    }
}

/// The changes that are asked for; a day that cannot be read bounds nothing.
async fn found(ask: &Ask, asked: &Asked, limit: u32) -> Result<Vec<Change>, Error> {
    fn given(text: &str) -> Option<&str> {
        Some(text).filter(|it| !it.is_empty())
    }
    let end = |it: Timestamp| Timestamp(it.0 + Span::days(1).0 - 1);
    let search = Search {
        campaign: given(&asked.campaign),
        act: given(&asked.act),
        who: given(&asked.who),
        subject: given(&asked.subject),
        since: day(&asked.since),
        until: day(&asked.until).map(end),
        before: ask.query.get("before"),
    };
    Ok(audit::page(&ask.app.db, &search, limit).await?)
}

/// The search as a query string.
fn query(asked: &Asked) -> String {
    let pairs = [
        ("campaign", &asked.campaign),
        ("act", &asked.act),
        ("who", &asked.who),
        ("subject", &asked.subject),
        ("since", &asked.since),
        ("until", &asked.until),
    ];
    let given = pairs.iter().filter(|it| !it.1.is_empty());
    given.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// A value as queries hold it.
fn encoded(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(letter).collect()
}

/// Ids and names of those who may have changed something.
pub(super) async fn people(ask: &Ask, lang: Lang) -> Result<Vec<(String, String)>, Error> {
    let members = members::all(&ask.app.db).await?.into_iter().map(|it| {
        let name = it.email.unwrap_or_else(|| somebody(Kind::Machine, lang).into());
        (it.id, name)
    });
    let keys = keys::all(&ask.app.db).await?.into_iter().map(|it| (it.id, it.name));
    Ok(members.chain(keys).collect())
}

/// Who that is, by name.
pub(super) fn name(
    people: &[(String, String)],
    (by_kind, by_id): (&str, &str),
    lang: Lang,
) -> String {
    let known = people.iter().find(|(id, _)| *id == by_id && !by_id.is_empty());
    known.map_or_else(
        || {
            let kind = match by_kind {
                "KEY" => Kind::Key,
                "MEMBER" if by_id == OWNER => Kind::Machine,
                "MEMBER" => Kind::Member,
                _ => Kind::Service,
            };
            somebody(kind, lang).into()
        },
        |it| it.1.clone(),
    )
}

/// What a column holds; what cannot be read is shown as it is.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into()))
}

#[cfg(test)]
mod tests;
