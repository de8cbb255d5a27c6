//! `/console/me`: the reader's own messages, sessions and passkeys.

use std::collections::BTreeSet;

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::desk::Desk;
use crate::{
    engine::passkey,
    error::Error,
    json,
    mail::{Kind, kind::ALL},
    pages::console::{
        account::{self as page, Account, Passkey, Said, Session},
        frame::Tab,
    },
    routes::{ask::Ask, html, member::Member},
    store::{
        audit, members, passkeys,
        sessions::{self, CALLED},
    },
};

/// Messages, sessions and passkeys.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (db, me) = (&ask.app.db, &desk.member);
    let here = me.session.get(..CALLED).unwrap_or_default();
    let sessions = sessions::of(db, &me.id, ask.call.now).await?.into_iter().map(|it| Session {
        here: it.id == here,
        id: it.id,
        since: it.created_at,
        until: it.expires_at,
    });
    let passkeys = passkeys::of(db, &me.id).await?.into_iter().map(|it| Passkey {
        id: it.id,
        name: it.name,
        made: it.created_at,
        used: it.used_at,
    });
    let known = members::all(db).await?.into_iter().find(|it| it.id == me.id);
    let (email, refused) = known.map(|it| (it.email, it.refused)).unwrap_or_default();
    let kinds = ALL.into_iter().filter(|it| email.is_some() && it.works_for(me.role));
    let account = Account {
        messages: kinds.map(|it| (it, !refused.contains(&it))).collect(),
        lang: desk.lang,
        csrf: &me.csrf,
        email: email.as_deref(),
        sessions: sessions.collect(),
        passkeys: passkeys.collect(),
        passkeys_work: passkey::host(&ask.app).is_some(),
        said: ask.query.get("said").and_then(Said::of),
    };
    Ok(desk.page(Tab::Account, page::title(desk.lang), &page::page(&account)))
}

/// Keeps which of the team's messages the reader gets.
pub async fn choose(ask: Ask, member: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let refused: BTreeSet<Kind> = ALL
        .into_iter()
        .filter(|it| it.works_for(member.role) && form.get(it.as_str()).is_none())
        .collect();
    let all = members::all(&ask.app.db).await?;
    let known = all.into_iter().find(|it| it.id == member.id).map(|it| it.refused);
    let known = known.unwrap_or_default();
    if known != refused {
        let (was, is) = (json!({ "refused": known }), json!({ "refused": refused }));
        let act = "OWN_MESSAGES_CHOSEN";
        let mut batch = members::refuse(&member.id, &refused);
        batch.push(audit::insert(&ask.call, act, None, &member.id, &was, &is));
        ask.app.db.batch(batch).await?;
    }
    Ok(html::see("/console/me?said=chosen"))
}

/// Ends one of the reader's sessions.
pub async fn end(ask: Ask, member: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let id = form.get("session").unwrap_or_default();
    let open = sessions::of(&ask.app.db, &member.id, ask.call.now).await?;
    if open.iter().any(|it| it.id == id) {
        let about = json!({ "session": id });
        let noted = audit::insert(&ask.call, "SESSION_ENDED", None, &member.id, &about, &json!({}));
        ask.app.db.batch(vec![sessions::end_of(&member.id, id), noted]).await?;
    }
    Ok(html::see("/console/me?said=ended"))
}

/// What a new passkey of the reader is to sign, and what it is for.
pub async fn challenge(ask: Ask, member: Member) -> Result<Response, Error> {
    let Some(host) = passkey::host(&ask.app) else { return Err(Error::NotBuilt) };
    let challenge = passkey::new_challenge(&ask.app, &ask.call, &member.id).await?;
    let known = passkeys::of(&ask.app.db, &member.id).await?;
    let known: Vec<_> =
        known.iter().map(|it| json!({ "type": "public-key", "id": it.id })).collect();
    let member = members::all(&ask.app.db).await?.into_iter().find(|it| it.id == member.id);
    let id = member.as_ref().map_or("", |it| it.id.as_str());
    // What the device shows its owner; it stays there.
    let name = member.as_ref().and_then(|it| it.email.as_deref()).unwrap_or("Parrain");
    Ok(json::answer(&json!({
        "rp": { "id": host, "name": "Parrain" },
        "user": { "id": passkey::handle(&ask.app, id), "name": name, "displayName": name },
        "challenge": challenge,
        "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }],
        "timeout": passkey::LIFE.0,
        "attestation": "none",
        "authenticatorSelection": { "residentKey": "required", "userVerification": "required" },
        "excludeCredentials": known,
    })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(default)]
    name: String,
    #[serde(rename = "clientDataJSON")]
    client: String,
    authenticator_data: String,
}

/// Keeps a passkey that the reader's browser made.
pub async fn keep(ask: Ask, member: Member) -> Result<Response, Error> {
    let Sent { name, client, authenticator_data } = ask.json()?;
    let made = passkey::Made { name, client, data: authenticator_data };
    passkey::keep(&ask.app, &ask.call, &member.id, &made).await?;
    Ok(json::answer(&json!({ "to": "/console/me?said=added" })))
}

/// Forgets a passkey of the reader.
pub async fn remove(ask: Ask, member: Member) -> Result<Response, Error> {
    let form = ask.form()?;
    let id = form.get("passkey").unwrap_or_default();
    passkey::remove(&ask.app, &ask.call, &member.id, id).await?;
    Ok(html::see("/console/me?said=removed"))
}

#[cfg(test)]
mod tests;
