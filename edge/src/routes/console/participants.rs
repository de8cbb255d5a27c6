//! `/console/{campaign}/participants`: the list, the reader's views of it, adding somebody.

use axum::response::Response;
use http::StatusCode;
use shared::{attribution::tried, email::Email, lang::Lang, reward::Source, team::Right};

use super::desk::Desk;
use crate::{
    engine::{
        enrol::{self, Newcomer},
        terms,
    },
    error::Error,
    pages::console::{
        frame::Tab,
        participants::{self as page, Form, Listing},
        parts::Clock,
    },
    routes::{ask::Ask, html, member::Member, query::Query},
    store::{
        browse::{self, Place},
        directory::{Directory, From, Show, Sort},
        participants::{self, Key},
        saved_views::{self, View},
    },
};

/// How many participants stand on a page.
const SHOWN: u32 = 25;

/// The longest name of a view.
const NAME_LONGEST: usize = 60;

/// What a query asks for.
pub(super) fn asked(campaign: &str, query: &Query) -> Directory {
    let named = |name| query.get(name).unwrap_or_default();
    Directory {
        campaign: campaign.into(),
        search: Some(named("q").trim()).filter(|it| !it.is_empty()).map(Into::into),
        show: Show::ALL.into_iter().find(|it| it.name() == named("show")).unwrap_or_default(),
        from: From::ALL.into_iter().find(|it| it.name() == named("from")),
        sort: Sort::ALL.into_iter().find(|it| it.name() == named("sort")).unwrap_or_default(),
    }
}

/// The list.
pub async fn list(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    listed(&ask, &desk, None).await
}

/// The list; with the name of a view that could not be kept, if there is one.
async fn listed(ask: &Ask, desk: &Desk, refused: Option<(&str, &str)>) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let again = refused.map(|it| Query::parse(it.1, ""));
    let query = again.as_ref().unwrap_or(&ask.query);
    let list = asked(&campaign.id, query);
    let after = query.get("after").and_then(Place::read);
    let begun = after.is_some();
    let found = browse::page(&ask.app.db, &list, after, SHOWN).await?;
    let views = saved_views::of(&ask.app.db, &desk.member.id, &campaign.id).await?;
    let role = desk.member.role;
    let listing = Listing {
        clock: Clock { lang: desk.lang, zone: campaign.options.time_zone },
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        asked: &list,
        page: &found,
        begun,
        views: &views,
        told: query.get("done"),
        refused: refused.map(|it| it.0),
        may_add: role.may(Right::Edit),
        may_export: role.may(Right::Export),
    };
    let status = if refused.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(desk.page_with(status, Tab::Participants, title(desk.lang), &page::page(&listing)))
}

const fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::En | Lang::Fr => "Participants",
    }
}

/// Keeps a view of the reader's own, or forgets one.
pub async fn views(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (campaign, form) = (&desk.campaign()?.id, ask.form()?);
    let (db, member) = (&ask.app.db, desk.member.id.as_str());
    let back = format!("/console/{campaign}/participants");
    if let Some(name) = form.get("remove") {
        db.batch(vec![saved_views::remove(member, campaign, name)]).await?;
        return Ok(html::see(&format!("{back}?done=forgotten")));
    }
    let name = form.get("name").unwrap_or_default().trim();
    // What is kept is what the page makes of it, without what was searched for: names and addresses
    // lie elsewhere.
    let sent = Query::parse(form.get("query").unwrap_or_default(), "");
    let query = page::asked(&Directory { search: None, ..asked(campaign, &sent) });
    let kept = saved_views::of(db, member, campaign).await?;
    let is_full = saved_views::MOST <= kept.len() && kept.iter().all(|it| it.name != name);
    if name.is_empty() || NAME_LONGEST < name.chars().count() || is_full {
        return listed(&ask, &desk, Some((name, &query))).await;
    }
    let view = View { name: name.into(), query };
    db.batch(vec![saved_views::keep(member, campaign, &view, ask.call.now)]).await?;
    let gap = if view.query.is_empty() { "" } else { "&" };
    Ok(html::see(&format!("{back}?{}{gap}done=kept", view.query)))
}

/// The form that adds somebody.
pub async fn form(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let main = page::add(desk.lang, &campaign.id, &desk.member.csrf, &Form::default());
    Ok(desk.page(Tab::Participants, title(desk.lang), &main))
}

/// Adds somebody.
pub async fn add(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (campaign, sent) = (desk.campaign()?, ask.form()?);
    let (app, call) = (&ask.app, &ask.call);
    let typed = |name| sent.get(name).unwrap_or_default().trim();
    let form = Form {
        email: typed("email"),
        first_name: typed("firstName"),
        last_name: typed("lastName"),
        referrer: typed("referrer"),
        language: typed("language"),
        agreed: sent.get("consent").is_some(),
        ..Form::default()
    };
    let again = |form: &Form<'_>| {
        let main = page::add(desk.lang, &campaign.id, &desk.member.csrf, form);
        Ok(desk.page_with(StatusCode::BAD_REQUEST, Tab::Participants, title(desk.lang), &main))
    };
    let Ok(email) = Email::parse(form.email) else {
        return again(&Form { wrong: Some("email"), ..form });
    };
    if tried(&email).is_some() {
        return again(&Form { wrong: Some("email"), ..form });
    }
    for (name, text) in [("firstName", form.first_name), ("lastName", form.last_name)] {
        if 255 < text.chars().count() {
            return again(&Form { wrong: Some(name), ..form });
        }
    }
    let referrer = match Key::parse(form.referrer) {
        Some(key) => participants::find(&app.db, &campaign.id, &key).await?,
        None => None,
    };
    if referrer.is_none() && !form.referrer.is_empty() {
        return again(&Form { wrong: Some("referrer"), ..form });
    }
    if !form.agreed {
        return again(&Form { wrong: Some("consent"), ..form });
    }
    let (terms, _) = terms::read(app, &campaign.id).await?;
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let newcomer = Newcomer {
        first_name: given(form.first_name),
        last_name: given(form.last_name),
        language: ["en", "fr"].into_iter().find(|it| *it == form.language).map(Into::into),
        typed: referrer.map(|it| it.id.to_string()),
        by_hand: true,
        ..Newcomer::new(email, Source::Server)
    };
    let enrolled = enrol::enrol(app, call, &terms, &newcomer).await?;
    let id = enrolled.participant.as_str();
    if !enrolled.is_new {
        return again(&Form { known: Some(id), ..form });
    }
    Ok(html::see(&format!("/console/{}/participants/{id}?done=added", campaign.id)))
}
