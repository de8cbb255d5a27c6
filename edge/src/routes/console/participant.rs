//! `/console/{campaign}/participants/{p}`: one participant, and what is done with them.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use shared::{card, code::Code, reward::Texts, team::Right};

use super::desk::Desk;
use crate::{
    engine::{erase, mail::returned},
    error::Error,
    json,
    pages::console::{
        frame::Tab,
        participant::{self as page, Dossier},
        parts::Clock,
    },
    platform::Db,
    routes::{ask::Ask, html, member::Member},
    sql::DbError,
    store::{
        appeals, audit,
        bonds::Bonds,
        browse, codes,
        decisions::{self, Decision},
        dossiers, links, messages, notes,
        participants::{self, Key},
        rewards::Stored,
        views::{self, View},
    },
};

/// How many decisions and friends the page shows.
const DECISIONS: u32 = 100;
const FRIENDS: u32 = 20;

/// The longest note, in characters.
const NOTE_LONGEST: usize = 2_000;

/// The most codes that a participant has.
const CODES_MOST: u32 = 20;

/// Whom the path names, within the campaign.
async fn named(ask: &Ask, desk: &Desk) -> Result<View, Error> {
    let campaign = desk.campaign()?;
    let key = Key::parse(ask.p()).ok_or(Error::Missing)?;
    let known = participants::find(&ask.app.db, &campaign.id, &key).await?;
    let known = known.ok_or(Error::Missing)?;
    let month = campaign.options.time_zone.month(ask.call.now);
    let found = views::of(&ask.app.db, &campaign.id, &[known.id.as_str()], month).await?;
    found.into_iter().next().ok_or(Error::Missing)
}

/// The page.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    shown(&ask, &desk, &view, None).await
}

/// The page; with the field that is wrong, and what was typed there.
pub(super) async fn shown(
    ask: &Ask,
    desk: &Desk,
    view: &View,
    wrong: Option<(&str, &str)>,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let (db, id) = (&ask.app.db, campaign.id.as_str());
    let extra = dossiers::extra(db, &view.id).await?.ok_or(Error::Missing)?;
    let friends = Bonds { campaign: id.into(), of: Some(view.id.clone()), ..Bonds::default() };
    let bonds = browse::page(db, &friends, None, FRIENDS).await?.rows;
    let (texts, none) = (dossiers::texts(db, id).await?, Texts::default());
    let what = |it: &Stored| {
        let texts = texts.get(&it.rule).unwrap_or(&none);
        card::reward(campaign, texts, it.side, it.kind, it.amount).in_lang(desk.lang).to_owned()
    };
    let what: Vec<String> = view.rewards.iter().map(what).collect();
    let role = desk.member.role;
    let code = view.vanity.last().unwrap_or(&view.id);
    let dossier = Dossier {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign: id,
        currency: campaign.currency,
        csrf: &desk.member.csrf,
        view,
        extra: &extra,
        link: &format!("{}/r/{code}", ask.app.settings.public_url),
        bonds: &bonds,
        decisions: &decided(db, id, view.id.as_str(), DECISIONS).await?,
        events: &dossiers::events(db, id, &view.id).await?,
        mail: &messages::of(db, view.id.as_str()).await?,
        what: &what,
        notes: &notes::of(db, id, &view.id).await?,
        bounced: returned::bounced(&ask.app, id, &view.email).await?,
        told: ask.query.get("done"),
        wrong,
        may: [role.may(Right::Decide), role.may(Right::Edit), role.may(Right::Export)],
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Participants, &view.email, &page::page(&dossier)))
}

/// Back to the page, which says what was done.
pub(super) fn back(campaign: &str, id: &str, done: &str) -> Response {
    html::see(&format!("/console/{campaign}/participants/{id}?done={done}"))
}

/// Adds a note, or forgets one.
pub async fn note(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    let (campaign, form) = (desk.campaign()?.id.as_str(), ask.form()?);
    let (call, id) = (&ask.call, view.id.as_str());
    if let Some(note) = form.get("remove") {
        let change = audit::insert(
            call,
            "NOTE_REMOVED",
            Some(campaign),
            id,
            &json!({ "note": note }),
            &json!({}),
        );
        ask.app.db.batch(vec![notes::remove(campaign, &view.id, note), change]).await?;
        return Ok(back(campaign, id, "unnoted"));
    }
    let text = form.get("note").unwrap_or_default().trim();
    if text.is_empty() || NOTE_LONGEST < text.chars().count() {
        return shown(&ask, &desk, &view, Some(("note", text))).await;
    }
    // The same form sent twice is one note: the newest says the same.
    let kept = notes::of(&ask.app.db, campaign, &view.id).await?;
    if kept.first().is_some_and(|it| it.text == text && it.member == desk.member.id) {
        return Ok(back(campaign, id, "noted"));
    }
    let note = call.id();
    let insert = notes::insert(&note, campaign, &view.id, &desk.member.id, text, call.now);
    let after = json!({ "note": note });
    let change = audit::insert(call, "NOTE_ADDED", Some(campaign), id, &json!({}), &after);
    ask.app.db.batch(vec![insert, change]).await?;
    Ok(back(campaign, id, "noted"))
}

/// Blocks a participant's link, or lets it count again.
pub async fn block(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    let (app, call, campaign) = (&ask.app, &ask.call, desk.campaign()?.id.as_str());
    let blocks = ask.form()?.get("block") == Some("1");
    let (act, statement) = if blocks {
        ("PARTICIPANT_BLOCKED", dossiers::block(&view.id, call.now))
    } else {
        ("PARTICIPANT_UNBLOCKED", dossiers::unblock(&view.id))
    };
    let (before, after) = (json!({ "blocked": !blocks }), json!({ "blocked": blocks }));
    let change = audit::insert(call, act, Some(campaign), view.id.as_str(), &before, &after);
    match app.db.batch(vec![statement, change]).await {
        // It stood so before.
        Ok(()) | Err(DbError::Constraint) => {}
        Err(error) => return Err(error.into()),
    }
    forget_links(&ask, &view.id).await?;
    Ok(back(campaign, view.id.as_str(), if blocks { "blocked" } else { "unblocked" }))
}

/// Tries the address of a participant again that took no mail.
pub async fn lift(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    let campaign = desk.campaign()?.id.as_str();
    let done = returned::lift(&ask.app, &ask.call, campaign, &view).await?;
    Ok(back(campaign, view.id.as_str(), if done { "lifted" } else { "already" }))
}

/// Whatever caches know of a participant's links is read anew.
async fn forget_links(ask: &Ask, id: &Code) -> Result<(), Error> {
    for code in codes::of(&ask.app.db, id).await? {
        ask.app.cache.links.forget(code.as_str());
        ask.app.store.keep(&format!("code:{code}"), "").await;
    }
    Ok(())
}

/// Gives a participant a code of their own.
pub async fn code(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    let (app, call, campaign) = (&ask.app, &ask.call, desk.campaign()?.id.as_str());
    let form = ask.form()?;
    let typed = form.get("code").unwrap_or_default().trim();
    let wrong = || shown(&ask, &desk, &view, Some(("code", typed)));
    // What has the shape of an id may be somebody's id some day.
    let Some(code) = Code::parse(typed).ok().filter(|it| !it.is_id()) else {
        return wrong().await;
    };
    if view.vanity.contains(&code) {
        return Ok(back(campaign, view.id.as_str(), "code"));
    }
    if CODES_MOST as usize <= view.vanity.len() || links::find(&app.db, &code).await?.is_some() {
        return wrong().await;
    }
    let (before, after) = (json!({ "code": view.vanity.last() }), json!({ "code": code }));
    let change =
        audit::insert(call, "CODE_GIVEN", Some(campaign), view.id.as_str(), &before, &after);
    let insert = codes::choose(&code, campaign, &view.id, CODES_MOST, call.now);
    match app.db.batch(vec![insert, change]).await {
        Ok(()) => {}
        // Somebody else took it at this moment.
        Err(DbError::Constraint) => return wrong().await,
        Err(error) => return Err(error.into()),
    }
    app.cache.links.forget(code.as_str());
    Ok(back(campaign, view.id.as_str(), "code"))
}

/// Asks whether somebody is really to be erased.
pub async fn erasing(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    let campaign = desk.campaign()?.id.as_str();
    let main = page::erasing(desk.lang, campaign, &desk.member.csrf, &view);
    Ok(desk.page(Tab::Participants, &view.email, &main))
}

/// Erases somebody.
pub async fn erase(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?.id.as_str();
    let gone = html::see(&format!("/console/{campaign}/participants?done=erased"));
    let view = match named(&ask, &desk).await {
        // Sent twice: they are gone. Only a number that was a participant's is answered so.
        Err(Error::Missing) if was_here(&ask, campaign).await? => return Ok(gone),
        found => found?,
    };
    if ask.form()?.get("sure") != Some(view.id.as_str()) {
        return Ok(erasing_again(&desk, campaign, &view));
    }
    erase::erase(&ask.app, &ask.call, campaign, &Key::Code(view.id.clone())).await?;
    Ok(gone)
}

fn erasing_again(desk: &Desk, campaign: &str, view: &View) -> Response {
    let main = page::erasing(desk.lang, campaign, &desk.member.csrf, view);
    desk.page_with(StatusCode::BAD_REQUEST, Tab::Participants, &view.email, &main)
}

/// The newest decisions about a participant.
async fn decided(db: &Db, campaign: &str, id: &str, most: u32) -> Result<Vec<Decision>, Error> {
    let found = decisions::page(db, campaign, id, None, most).await?;
    Ok(found.into_iter().map(|it| it.decision).collect())
}

/// Whether the path's number was erased in this campaign.
async fn was_here(ask: &Ask, campaign: &str) -> Result<bool, Error> {
    let found = decided(&ask.app.db, campaign, ask.p(), 1).await?;
    Ok(found.first().is_some_and(|it| it.kind == shared::decision::Kind::Erased))
}

/// All that is known of a participant, as a file.
pub async fn export(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let view = named(&ask, &desk).await?;
    let (db, campaign) = (&ask.app.db, desk.campaign()?.id.as_str());
    let extra = dossiers::extra(db, &view.id).await?.ok_or(Error::Missing)?;
    let friends =
        Bonds { campaign: campaign.into(), of: Some(view.id.clone()), ..Bonds::default() };
    let bonds = browse::page(db, &friends, None, 1_000).await?.rows;
    // Of friends, what the person may know of others: a number and how it stands.
    let bonds: Vec<_> = bonds
        .iter()
        .map(|it| {
            json!({ "friend": it.friend, "referrer": it.referrer, "status": it.outcome.as_str(),
                    "channel": it.channel, "at": it.bound_at })
        })
        .collect();
    let rewards: Vec<_> = view
        .rewards
        .iter()
        .map(|it| {
            json!({ "id": it.id, "rule": it.rule, "kind": it.kind, "amount": it.amount,
                    "currency": it.currency, "couponCode": it.coupon_code, "charity": it.charity,
                    "status": it.status, "earnedAt": it.created_at, "approvedAt": it.approved_at,
                    "givenAt": it.fulfilled_at })
        })
        .collect();
    let decisions: Vec<_> = decided(db, campaign, view.id.as_str(), 1_000)
        .await?
        .iter()
        .map(|it| json!({ "at": it.at, "kind": it.kind, "reasons": it.reasons, "facts": it.facts }))
        .collect();
    let events: Vec<_> = dossiers::events(db, campaign, &view.id)
        .await?
        .iter()
        .map(|it| json!({ "kind": it.kind, "at": it.at, "number": it.number, "what": it.what }))
        .collect();
    let notes: Vec<_> = notes::of(db, campaign, &view.id)
        .await?
        .iter()
        .map(|it| json!({ "at": it.at, "text": it.text }))
        .collect();
    let appeals: Vec<_> = appeals::of(db, &view.id)
        .await?
        .iter()
        .map(|it| {
            json!({ "decision": it.decision, "at": it.at, "text": it.text, "state": it.state.as_str(),
                    "reply": it.reply })
        })
        .collect();
    let address: serde_json::Value =
        extra.address.as_deref().and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default();
    let known = json!({
        "id": view.id, "email": view.email, "firstName": view.first_name,
        "lastName": view.last_name, "language": view.language, "metadata": view.metadata,
        "codes": view.vanity, "address": address, "joinedAt": view.created_at,
        "origin": view.origin, "blockedAt": extra.blocked_at, "signals": view.signals,
        "clicks": view.impressions, "uniqueClicks": view.uniques, "shares": view.shares,
        "referrals": bonds, "rewards": rewards, "decisions": decisions, "events": events,
        "notes": notes,
        "agreed": extra.agreed.map(|it| json!({ "version": it, "at": extra.agreed_at })),
        "appeals": appeals,
    });
    let mut response = json::answer(&known);
    let headers = response.headers_mut();
    let name = format!("attachment; filename=\"{}.json\"", view.id);
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
