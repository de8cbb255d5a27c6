//! What support agents do: look a customer up, invite one, read the briefing.

use axum::response::Response;
use http::StatusCode;
use shared::{
    api::ParticipantReward,
    attribution::tried,
    card,
    decision::{Reason, told},
    email::Email,
    lang::Lang,
    reward::{Side, Status, Texts},
};

use super::desk::Desk;
use crate::{
    engine::{
        support::{self as engine, Invited},
        terms,
    },
    error::Error,
    mail::kind::Kind,
    pages::console::{
        briefing,
        frame::Tab,
        look_up::{self as page, Asked, Found, Person, Problem, Ruling, Told},
    },
    routes::{ask::Ask, member::Member, rest::shown},
    store::{
        decisions, dossiers, mail_settings,
        participants::{Key, Known},
        referrals, rules,
    },
};

/// How many of a customer's decisions and friends are shown.
const SHOWN: u32 = 20;

/// The longest first name, in characters.
const LONGEST: usize = 255;

/// The form.
pub async fn ask(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    found(&desk, "", &Found::Unasked)
}

/// One customer, by their exact address or code. What was typed is in no address and no log.
pub async fn look_up(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let form = ask.form()?;
    let typed = form.get("whom").unwrap_or_default();
    let Some(key) = Key::parse(typed) else { return found(&desk, typed, &Found::Nobody) };
    let (campaign, member) = (desk.campaign()?, &desk.member.id);
    let seen = match engine::look_up(&ask.app, &ask.call, member, campaign, &key).await? {
        engine::Found::Nobody => Found::Nobody,
        engine::Found::TooOften => Found::TooOften,
        engine::Found::Somebody(known) => {
            Found::Somebody(Box::new(person(&ask, &desk, &known).await?))
        }
    };
    found(&desk, typed, &seen)
}

fn found(desk: &Desk, typed: &str, found: &Found) -> Result<Response, Error> {
    let markup = page::page(desk.lang, &desk.member.csrf, &desk.campaign()?.id, typed, found);
    let status = match found {
        Found::Somebody(_) | Found::Unasked => StatusCode::OK,
        Found::Nobody => StatusCode::NOT_FOUND,
        Found::TooOften => StatusCode::TOO_MANY_REQUESTS,
    };
    Ok(desk.page_with(status, Tab::LookUp, page::titles(desk.lang)[0], &markup))
}

/// All that staff may see of a customer.
async fn person(ask: &Ask, desk: &Desk, known: &Known) -> Result<Person, Error> {
    let (db, lang, id) = (&ask.app.db, desk.lang, known.id.as_str());
    let campaign = desk.campaign()?;
    let (terms, _) = terms::read(&ask.app, &campaign.id).await?;
    let seen = shown::participants(&ask.app, &terms, &[id], ask.call.now).await?;
    let seen = seen.into_iter().next().ok_or(Error::Missing)?;
    let (texts, none) = (dossiers::texts(db, &campaign.id).await?, Texts::default());
    let what = |it: &ParticipantReward| {
        let side = if it.is_referrer { Side::Referrer } else { Side::Friend };
        let texts = texts.get(&it.reward_id).unwrap_or(&none);
        card::reward(campaign, texts, side, it.kind, it.amount).in_lang(lang).to_owned()
    };
    let rewards = seen.rewards.iter().map(|it| page::RewardRow {
        what: what(it),
        status: match it.status {
            "FULFILLED" => Status::Fulfilled,
            "CANCELLED" => Status::Cancelled,
            _ => Status::Pending,
        },
        approved: it.approved,
        since: it.created_at,
    });
    let rulings = decisions::page(db, &campaign.id, id, None, SHOWN).await?;
    let rulings = rulings.into_iter().map(|it| it.decision).map(|it| {
        let why = sentences(&it.reasons, lang);
        let tell = sentences(&told(it.kind, &it.reasons, it.facts["side"] == "REFERRER"), lang);
        Ruling { at: it.at, kind: it.kind, tell: (tell != why).then_some(tell), why }
    });
    let friends = referrals::of_referrer(db, &known.id, None, SHOWN).await?;
    let friends = friends.into_iter().map(|it| {
        let initial = it.initial.filter(|it| !it.is_empty()).unwrap_or_else(|| "–".into());
        (format!("{initial}."), it.bound_month.to_string(), it.outcome.coarse())
    });
    let core = seen.core;
    let names = [core.first_name, core.last_name];
    Ok(Person {
        name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
        email: core.email,
        code: core.id.to_string(),
        link: core.share_url.unwrap_or_default(),
        since: core.created_at,
        friends_count: core.referral_count.into(),
        clicks: core.impression_count,
        friends: friends.collect(),
        rewards: rewards.collect(),
        decisions: rulings.collect(),
    })
}

fn sentences(reasons: &[Reason], lang: Lang) -> String {
    reasons.iter().map(|it| it.sentence(lang)).collect::<Vec<_>>().join(" ")
}

/// The form of an invitation.
pub async fn ask_invitation(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let asked = Asked { language: desk.lang.tag(), ..Asked::default() };
    invitation(&desk, asked)
}

fn invitation(desk: &Desk, asked: Asked<'_>) -> Result<Response, Error> {
    let markup = page::invite(desk.lang, &desk.member.csrf, &desk.campaign()?.id, asked);
    let status = match asked.problem {
        None => StatusCode::OK,
        Some(Problem::TooOften) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::BAD_REQUEST,
    };
    Ok(desk.page_with(status, Tab::Invite, page::titles(desk.lang)[1], &markup))
}

/// Adds a customer who said yes, and shows their link.
pub async fn invite(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let form = ask.form()?;
    let language = form.get("language").and_then(Lang::from_tag).unwrap_or(desk.lang).tag();
    let email = form.get("email").unwrap_or_default();
    let first_name = form.get("firstName").unwrap_or_default().trim();
    let asked = Asked { email, first_name, language, problem: None };
    let Ok(address) = Email::parse(email) else {
        return invitation(&desk, Asked { problem: Some(Problem::Address), ..asked });
    };
    if tried(&address).is_some() {
        return invitation(&desk, Asked { problem: Some(Problem::MadeUp), ..asked });
    }
    if form.get("consent").is_none() {
        return invitation(&desk, Asked { problem: Some(Problem::Consent), ..asked });
    }
    let first_name: String = first_name.chars().filter(|it| !it.is_control()).collect();
    let first_name = first_name.chars().take(LONGEST).collect::<String>();
    let first_name = Some(first_name).filter(|it| !it.is_empty());
    let (terms, _) = terms::read(&ask.app, &desk.campaign()?.id).await?;
    let member = &desk.member.id;
    let (app, call) = (&ask.app, &ask.call);
    let invited = engine::invite(app, call, member, &terms, address, first_name, language).await?;
    let mail = mail_settings::find(&app.db, &terms.campaign.id).await?.body;
    let told = if mail.sends(Kind::AddedByHand) { Told::Mailed } else { Told::Unmailed };
    let (code, told) = match invited {
        Invited::New(code) => (code, told),
        Invited::Known(code) => (code, Told::Known),
        Invited::TooOften => {
            return invitation(&desk, Asked { problem: Some(Problem::TooOften), ..asked });
        }
    };
    let link = format!("{}/r/{code}", app.settings.public_url);
    let (lang, id) = (desk.lang, &desk.campaign()?.id);
    let markup = page::invited(lang, id, &link, code.as_str(), told);
    Ok(desk.page(Tab::Invite, page::titles(lang)[1], &markup))
}

/// The briefing for staff.
pub async fn brief(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let rules = rules::of_campaign(&ask.app.db, &campaign.id).await?;
    let markup = briefing::page(desk.lang, campaign, &card::card(campaign, &rules, ask.call.now));
    Ok(desk.page(Tab::Briefing, briefing::title(desk.lang), &markup))
}

#[cfg(test)]
mod tests;
