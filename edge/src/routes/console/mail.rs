//! `/console/{campaign}/mail`: who writes, what messages say, what became of them.

use axum::response::Response;
use http::StatusCode;
use shared::{email::Email, lang::Lang, team::Right};

use super::desk::Desk;
use crate::{
    app::App,
    engine::{
        mail::{
            returned,
            settings::{self, Change, LANGS, Mailing, try_out},
        },
        terms,
    },
    error::{Error, Problem},
    mail::{
        Fact, Kind, Text, fact,
        kind::ALL,
        returned::Provider,
        settings::{Contact, Design, REMINDER_DAYS, Sender, Settings},
    },
    pages::console::{
        frame::Tab,
        mail::{self as page, Silence, Way},
    },
    routes::{ask::Ask, body::unread, html, member::Member, query::Query},
    store::{self, messages},
};

/// How many messages a page lists.
const PAGE: u32 = 50;

/// How many messages the inbox shows.
const INBOX: usize = 50;

/// Who writes, and all messages.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let mailing = settings::read(&ask.app, &desk.campaign()?.id).await?;
    overview(&ask, &desk, &mailing, &mailing.settings, &Sent::default()).await
}

/// Changes the secret by which providers tell what came back.
pub async fn change_returned(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let id = &desk.campaign()?.id;
    let seen = ask.form()?.get("generation").and_then(|it| it.parse().ok());
    let seen = seen.ok_or_else(|| unread("the form has no generation"))?;
    returned::rotate(&ask.app, &ask.call, seen).await?;
    Ok(html::see(&format!("/console/{id}/mail?saved=1#returned")))
}

/// Changes who writes, and whether anything is sent.
pub async fn change(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let id = desk.campaign()?.id.clone();
    let form = ask.form()?;
    let mailing = settings::read(&ask.app, &id).await?;
    let revision = form.get("revision").and_then(|it| it.parse::<i64>().ok());
    let revision = revision.ok_or_else(|| Error::field("revision", None, "is missing"))?;
    let (settings, unread) = sent(&form, &mailing.settings);
    if revision != mailing.revision {
        return overview(&ask, &desk, &mailing, &settings, &Sent { stale: true, problem: None })
            .await;
    }
    let (terms, _) = terms::read(&ask.app, &id).await?;
    let done = match unread {
        Some(problem) => Err(problem),
        None => {
            let change = Change { settings: Some(settings.clone()), texts: Vec::new() };
            settings::change(&ask.app, &ask.call, &terms, &mailing, &change).await
        }
    };
    match done {
        Ok(()) => Ok(html::see(&format!("/console/{id}/mail?saved=1"))),
        Err(Error::Invalid(problems)) => {
            let problem = problems.into_iter().next();
            overview(&ask, &desk, &mailing, &settings, &Sent { stale: false, problem }).await
        }
        Err(Error::Conflict(_)) => {
            let now = settings::read(&ask.app, &id).await?;
            overview(&ask, &desk, &now, &settings, &Sent { stale: true, problem: None }).await
        }
        Err(error) => Err(error),
    }
}

/// What is wrong with a form that was sent.
#[derive(Default)]
struct Sent {
    /// Somebody else was first.
    stale: bool,
    problem: Option<Problem>,
}

async fn overview(
    ask: &Ask,
    desk: &Desk,
    mailing: &Mailing,
    settings: &Settings,
    Sent { stale, problem }: &Sent,
) -> Result<Response, Error> {
    let mail = &ask.app.mail;
    let campaign = desk.campaign()?;
    let kinds = ALL.into_iter().filter(|it| it.editable());
    let row = |kind| {
        let own = mailing.own.iter().any(|it| it.0 == kind);
        // As an example person reads it, not as it is written.
        let mut facts = fact::examples(kind, settings.language, true);
        facts.insert("programName", Fact::Text(campaign.name.clone()));
        let company = settings.contact.company_name.as_ref().or(campaign.company_name.as_ref());
        facts.insert("companyName", Fact::Text(company.cloned().unwrap_or_default()));
        let text = mailing.text(kind, settings.language);
        let subject = text.say(&facts).map_or(text.subject, |it| it.subject);
        (kind, subject, own)
    };
    let generation = store::returns::generation(&ask.app.db).await?;
    let shown = page::overview(&page::Overview {
        lang: desk.lang,
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        way: match (mail.is_ready(), mail.is_real()) {
            (false, _) => Way::Nobody,
            (true, false) => Way::Folder,
            (true, true) => Way::Real,
        },
        from: mail.from(),
        settings,
        returned: Provider::ALL.map(|it| returned::address(&ask.app, generation, it)),
        generation,
        may_govern: desk.member.role.may(Right::Govern),
        rows: kinds.map(row).collect(),
        problem: problem.as_ref().map(|it| (it.param.as_str(), it.msg.as_str())),
        saved: ask.query.get("saved").is_some(),
        revision: mailing.revision,
        stale: *stale,
        silence: silence(&ask.app, &mailing.settings),
    });
    let status = match (stale, problem) {
        (true, _) => StatusCode::CONFLICT,
        (false, Some(_)) => StatusCode::BAD_REQUEST,
        (false, None) => StatusCode::OK,
    };
    Ok(desk.page_with(status, Tab::Mail, "E-mails", &shown))
}

/// Why no mail reaches participants, so that none can sign in.
pub(in crate::routes) fn silence(app: &App, settings: &Settings) -> Option<Silence> {
    match (app.mail.is_ready(), app.mail.is_real()) {
        (false, _) => Some(Silence::NoCarrier),
        (true, true) => settings.missing().map(|_| Silence::NoSender),
        (true, false) => None,
    }
}

/// The settings that a form sends, and what in it cannot be read.
fn sent(form: &Query, current: &Settings) -> (Settings, Option<Error>) {
    let text = |name: &str| form.get(name).map(str::trim).filter(|it| !it.is_empty());
    let some = |name: &str| text(name).map(String::from);
    let reply_to = text("sender.replyToEmail").map(Email::parse);
    let unread = match &reply_to {
        Some(Err(error)) => {
            Some(Error::field("settings.sender.replyToEmail", None, error.to_string()))
        }
        _ => None,
    };
    let settings = Settings {
        is_enabled: form.get("isEnabled").is_some(),
        language: text("language").and_then(Lang::from_tag).unwrap_or(current.language),
        sender: Sender {
            from_name: some("sender.fromName"),
            reply_to_email: reply_to.and_then(Result::ok),
        },
        contact: Contact {
            company_name: some("contact.companyName"),
            address_line1: some("contact.addressLine1"),
            address_line2: some("contact.addressLine2"),
            city: some("contact.city"),
            state: some("contact.state"),
            postal_code: some("contact.postalCode"),
            country: some("contact.country"),
        },
        design: Design { footer: some("design.footer") },
        disabled: current.disabled.clone(),
        reminds: current.reminds,
        reminder_days: current.reminder_days,
    };
    (settings, unread)
}

/// One message.
pub async fn template(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let mailing = settings::read(&ask.app, &desk.campaign()?.id).await?;
    let (kind, of) = named(&ask, &mailing)?;
    let text = mailing.text(kind, of);
    let note = ["save", "test", "reset", "off", "on", "days"];
    let note = ask.query.get("done").and_then(|it| note.into_iter().find(|note| *note == it));
    shown(&ask, &desk, &mailing, (kind, of), &text, Said { note, ..Said::default() }).await
}

/// Changes a message, shows how it would look, sends a test, or goes back to our words.
pub async fn change_template(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let id = desk.campaign()?.id.clone();
    let form = ask.form()?;
    let mailing = settings::read(&ask.app, &id).await?;
    let (kind, of) = named(&ask, &mailing)?;
    let (terms, _) = terms::read(&ask.app, &id).await?;
    let typed = || {
        let text = |name: &str| form.given(name).unwrap_or_default().to_owned();
        Text { subject: text("subject"), preheader: text("preheader"), body: text("body") }
    };
    let act = form.get("act").unwrap_or("save").to_owned();
    let mut change = Change::default();
    match act.as_str() {
        "save" => change.texts.push((kind, of, Some(typed()))),
        "reset" => change.texts.push((kind, of, None)),
        "on" | "off" if kind.automatic() => {
            let mut settings = mailing.settings.clone();
            settings.switch(kind, act == "on");
            change.settings = Some(settings);
        }
        "days" if kind == Kind::FollowUpReminder => {
            let typed = form.get("days").unwrap_or_default();
            let Some(days) = typed.parse::<u32>().ok().filter(|it| REMINDER_DAYS.contains(it))
            else {
                let text = mailing.text(kind, of);
                let said = Said { days: Some(typed), ..Said::default() };
                return shown(&ask, &desk, &mailing, (kind, of), &text, said).await;
            };
            let mut settings = mailing.settings.clone();
            settings.reminder_days = days;
            change.settings = Some(settings);
        }
        "test" => {
            let to = form.get("to").unwrap_or_default();
            let text = mailing.text(kind, of);
            let problem = match Email::parse(to) {
                Ok(to) => {
                    let what = (kind, of);
                    try_out(&ask.app, &ask.call, &terms, &mailing, what, to.as_str()).await.err()
                }
                Err(error) => Some(Error::field("to", None, error.to_string())),
            };
            return match problem {
                None => Ok(see(&id, kind, of, "test")),
                Some(Error::Invalid(problems)) => {
                    let refused = problems.into_iter().next().map(|it| it.msg);
                    let said = Said { refused, ..Said::default() };
                    shown(&ask, &desk, &mailing, (kind, of), &text, said).await
                }
                Some(error) => Err(error),
            };
        }
        _ => {
            return shown(&ask, &desk, &mailing, (kind, of), &typed(), Said::default()).await;
        }
    }
    match settings::change(&ask.app, &ask.call, &terms, &mailing, &change).await {
        Ok(()) => Ok(see(&id, kind, of, &act)),
        Err(Error::Invalid(_)) if act == "save" => {
            shown(&ask, &desk, &mailing, (kind, of), &typed(), Said::default()).await
        }
        Err(error) => Err(error),
    }
}

fn see(campaign: &str, kind: Kind, of: Lang, done: &str) -> Response {
    let (kind, of) = (kind.as_str(), of.tag());
    html::see(&format!("/console/{campaign}/mail/{kind}?of={of}&done={done}"))
}

/// Which message the path names, and the language of its words.
fn named(ask: &Ask, mailing: &Mailing) -> Result<(Kind, Lang), Error> {
    let kind = ask.at("kind").and_then(Kind::parse).filter(|it| it.editable());
    let of = ask.query.get("of").and_then(|tag| LANGS.into_iter().find(|it| it.tag() == tag));
    Ok((kind.ok_or(Error::Missing)?, of.unwrap_or(mailing.settings.language)))
}

/// What the page of a message says of what was sent.
#[derive(Default)]
struct Said<'a> {
    /// What was done.
    note: Option<&'static str>,
    /// Why a test did not go.
    refused: Option<String>,
    /// A number of days that cannot be.
    days: Option<&'a str>,
}

async fn shown(
    ask: &Ask,
    desk: &Desk,
    mailing: &Mailing,
    (kind, of): (Kind, Lang),
    text: &Text,
    Said { note, refused, days }: Said<'_>,
) -> Result<Response, Error> {
    let campaign = desk.campaign()?;
    let (terms, _) = terms::read(&ask.app, &campaign.id).await?;
    let settings = &mailing.settings;
    let preview =
        settings::preview(&ask.app, &terms, settings, kind, (of, ask.call.now), text).await?;
    let status = if preview.is_err() || refused.is_some() || days.is_some() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let shown = page::template(&page::Template {
        lang: desk.lang,
        campaign: &campaign.id,
        csrf: &desk.member.csrf,
        kind,
        of,
        text,
        own: mailing.own.contains(&(kind, of)),
        enabled: settings.is_on(kind),
        days: (kind == Kind::FollowUpReminder).then(|| {
            let known = || settings.delay_days().to_string();
            (days.map_or_else(known, String::from), days.is_some())
        }),
        may_edit: desk.member.role.may(Right::Edit),
        preview,
        note,
        refused,
    });
    Ok(desk.page_with(status, Tab::Mail, page::name(kind, desk.lang).0, &shown))
}

/// What became of messages.
pub async fn outbox(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let id = &desk.campaign()?.id;
    let before = ask.query.get("before").and_then(|it| it.parse::<i64>().ok());
    let mut listed = messages::page(&ask.app.db, id, before, PAGE + 1).await?;
    let more = listed.len() > PAGE as usize;
    listed.truncate(PAGE as usize);
    let older = listed.last().filter(|_| more).map(|it| it.seq);
    let shown = page::outbox(desk.lang, id, &listed, older);
    Ok(desk.page(Tab::Mail, "E-mails", &shown))
}

/// The messages that stay on this machine; there is no such page where they do not.
pub async fn inbox(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let kept = ask.app.mail.kept(INBOX).ok_or(Error::Missing)?;
    let shown = page::inbox(desk.lang, &desk.campaign()?.id, &kept);
    Ok(desk.page(Tab::Mail, "E-mails", &shown))
}

#[cfg(test)]
mod tests;
