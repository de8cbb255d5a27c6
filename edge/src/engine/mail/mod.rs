//! Messages: written in the batch of what caused them, rendered and sent after it, once each.

mod facts;
mod mailing;
pub mod refusal;
mod reminder;
mod request;
pub mod returned;
pub mod settings;
#[cfg(test)]
mod tests;

use shared::{
    email::Email,
    lang::Lang,
    time::{Span, Timestamp},
};

pub use mailing::{begin_months, spread};
pub use reminder::remind;
pub use request::{Asked, ask};

use crate::{
    app::App,
    call::Call,
    engine::{entry, terms},
    error::Error,
    mail::{
        Audience, Fact, Facts, Kind, MailError, Mailbox, Message, Purpose, Text, Topic,
        kind::MOST_PROMOTIONS,
        letter::{Frame, letter},
        settings::Settings,
    },
    platform::log,
    sql::{DbError, read},
    store::{
        mail_facts::{self, Reader},
        members,
        messages::{self, New, Queued, State},
        sessions, suppressions,
    },
};

/// How often a message is tried.
const MOST_ATTEMPTS: u32 = 8;

/// What is older than this tells nobody anything.
const STALE: Span = Span::days(7);

/// A link to sign in that is older than this opens nothing.
const LINK_STALE: Span = Span::minutes(15);

/// How long nobody else tries a message: a minute, 4, 16, … at most eight hours.
fn patience(attempts: u32) -> Span {
    Span::minutes(1 << (2 * attempts.min(5))).min(Span::hours(8))
}

/// Sends at most so many of the messages that are due, and says how many it found.
pub async fn run_due(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    if !app.mail.is_ready() {
        return Ok(0);
    }
    let due = messages::due(&app.db, call.now, most).await?;
    for message in &due {
        if let Err(error) = attempt(app, call, message).await {
            log(&format!("message {} ({}) failed: {error:?}", message.seq, message.kind.as_str()));
        }
    }
    Ok(due.len())
}

/// Sends one message that was just written, beside the calls that follow.
pub fn soon(app: &App, call: &Call, new: &New<'_>) {
    let (service, later) = (std::sync::Arc::clone(app), call.clone());
    let (campaign, kind) = (new.campaign.to_owned(), new.kind);
    let (subject, occasion) = (new.subject.to_owned(), new.occasion.to_owned());
    call.background.run(async move {
        let (campaign, subject, occasion) = (&*campaign, &*subject, &*occasion);
        let new = New { campaign, kind, subject, occasion, words: None };
        let sent = match messages::find(&service.db, &new).await {
            Ok(Some(message)) if service.mail.is_ready() => {
                attempt(&service, &later, &message).await
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = sent {
            log(&format!("a message ({}) failed: {error:?}", kind.as_str()));
        }
    });
}

/// What becomes of a message when its turn has come.
enum Fate {
    /// It goes out, in a language.
    Go(Box<Message>, Lang),
    /// It is written again when its time comes.
    TooEarly,
    /// It is not to be sent.
    Suppressed(&'static str),
}

async fn attempt(app: &App, call: &Call, it: &Queued) -> Result<(), Error> {
    let claim = messages::claim(it, call.now + patience(it.attempts));
    match app.db.batch(vec![claim]).await {
        Ok(()) => {}
        // Another run has it.
        Err(DbError::Constraint) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let settle =
        |state, reason, lang| vec![messages::settle(it.seq, state, reason, lang, call.now)];
    let (message, lang) = match fate(app, call, it).await? {
        Fate::Go(message, lang) => (message, lang),
        Fate::TooEarly => return Ok(app.db.batch(vec![messages::withdraw(it.seq)]).await?),
        Fate::Suppressed(reason) => {
            return Ok(app.db.batch(settle(State::Suppressed, Some(reason), None)).await?);
        }
    };
    let after = match app.mail.send(call, &message).await {
        Ok(()) => settle(State::Sent, None, Some(lang.tag())),
        Err(MailError::Refused(said)) => {
            log(&format!("message {} was refused for good: {said}", it.seq));
            let mut batch = settle(State::Bounced, None, Some(lang.tag()));
            if let Some(reader) = reader(app, call, it).await? {
                let hash = refusal::hash(app, &it.campaign, &reader.identity);
                let (all, reason) = (suppressions::ALL, suppressions::BOUNCED);
                let written = suppressions::insert(&it.campaign, &hash, all, reason, call.now);
                batch.push(written);
            }
            batch
        }
        Err(error) => {
            log(&format!("message {} was not sent: {error}", it.seq));
            if it.attempts + 1 < MOST_ATTEMPTS {
                return Ok(());
            }
            settle(State::Failed, Some("NOT_TAKEN"), Some(lang.tag()))
        }
    };
    Ok(app.db.batch(after).await?)
}

async fn reader(app: &App, call: &Call, it: &Queued) -> Result<Option<Reader>, Error> {
    let since = call.now - Span::days(7);
    Ok(mail_facts::reader(&app.db, &it.campaign, &it.subject, it.kind, since).await?)
}

/// Decides what becomes of a message, by what is known now.
async fn fate(app: &App, call: &Call, it: &Queued) -> Result<Fate, Error> {
    let purpose = it.kind.purpose();
    let oldest = if purpose == Purpose::SignIn { LINK_STALE } else { STALE };
    if it.created_at + oldest < call.now {
        return Ok(Fate::Suppressed("STALE"));
    }
    if it.kind.audience() == Audience::Member {
        return for_team(app, call, it).await;
    }
    let Some(reader) = reader(app, call, it).await? else {
        return Ok(Fate::Suppressed("GONE"));
    };
    if let Some(reason) = refused(app, it, &reader).await? {
        return Ok(Fate::Suppressed(reason));
    }
    let terms = match terms::read(app, &it.campaign).await {
        Ok((terms, _)) => terms,
        Err(Error::Missing) => return Ok(Fate::Suppressed("GONE")),
        Err(error) => return Err(error),
    };
    let lang = lang_of(reader.language.as_deref(), &reader.settings);
    let facts = match facts::of(app, call, &terms.campaign, it, &reader, lang).await? {
        facts::Told::Facts(facts) if it.kind == Kind::LoginLink => {
            sign_in(app, call, it, facts).await?
        }
        facts::Told::Facts(facts) => facts,
        facts::Told::TooEarly => return Ok(Fate::TooEarly),
        facts::Told::Untrue(reason) => return Ok(Fate::Suppressed(reason)),
    };
    let own = match it.words.as_ref().filter(|_| it.kind != Kind::LoginLink) {
        Some(words) => read(words).ok(),
        None => reader.texts.into_iter().find(|it| it.lang == lang.tag()).map(|it| it.text),
    };
    let to = &reader.email;
    let unsubscribe = purpose
        .refusable()
        .then(|| refusal::link(app, &it.campaign, it.kind, &reader.identity, lang));
    let written = Written {
        key: key(it),
        to,
        program: &terms.campaign.name,
        settings: &reader.settings,
        unsubscribe: unsubscribe.as_deref(),
        own,
    };
    Ok(match written.message(app, it.kind, lang, &facts) {
        Some(message) => Fate::Go(Box::new(message), lang),
        None => Fate::Suppressed("TEMPLATE"),
    })
}

/// The same facts with a link to sign in, which is made only now: no row holds a secret.
async fn sign_in(app: &App, call: &Call, it: &Queued, mut facts: Facts) -> Result<Facts, Error> {
    let (kind, life) = (sessions::Kind::Participant, entry::MAILED_LIFE);
    let (token, link) = entry::link(call, kind, &it.subject, life);
    app.db.batch(vec![link]).await?;
    let url = match &it.words {
        Some(page) => format!("{page}#prn-me={token}"),
        None => entry::participants_address(app, &it.campaign, &token),
    };
    facts.insert("signInUrl", Fact::Url(url));
    Ok(facts)
}

/// The same for a message to somebody of the team.
async fn for_team(app: &App, call: &Call, it: &Queued) -> Result<Fate, Error> {
    let all = members::all(&app.db).await?;
    let member = all.into_iter().find(|member| member.id == it.subject);
    let Some(member) = member else { return Ok(Fate::Suppressed("GONE")) };
    if member.refused.contains(&it.kind) {
        return Ok(Fate::Suppressed("UNSUBSCRIBED"));
    }
    let Some(to) = member.email else { return Ok(Fate::Suppressed("GONE")) };
    if let Ok(email) = Email::parse(&to) {
        let hash = refusal::hash(app, &it.campaign, &email.identity());
        let found = suppressions::among(&app.db, &it.campaign, &[hash]).await?;
        if found.iter().any(|it| it.reason == suppressions::BOUNCED) {
            return Ok(Fate::Suppressed("BOUNCED"));
        }
        if found.iter().any(|it| it.topic == suppressions::ALL) {
            return Ok(Fate::Suppressed("UNSUBSCRIBED"));
        }
    }
    let mailing = settings::read(app, &it.campaign).await?;
    let (settings, lang) = (&mailing.settings, mailing.settings.language);
    if !settings.sends(it.kind) {
        return Ok(Fate::Suppressed("SWITCHED_OFF"));
    }
    if app.mail.is_real() && settings.missing().is_some() {
        return Ok(Fate::Suppressed("SENDER_MISSING"));
    }
    let (terms, _) = terms::read(app, &it.campaign).await?;
    let campaign = &terms.campaign;
    let Some(facts) = facts::of_team(app, campaign, it.kind, settings, (lang, call.now)).await?
    else {
        return Ok(Fate::Suppressed("UNDONE"));
    };
    let written = Written {
        key: key(it),
        to: &to,
        program: &campaign.name,
        settings,
        unsubscribe: None,
        own: Some(mailing.text(it.kind, lang)),
    };
    Ok(match written.message(app, it.kind, lang, &facts) {
        Some(message) => Fate::Go(Box::new(message), lang),
        None => Fate::Suppressed("TEMPLATE"),
    })
}

/// By what a provider knows the same message again.
fn key(it: &Queued) -> String {
    format!("{}/{}/{}", it.kind.as_str(), it.subject, it.occasion)
}

/// Why somebody is not written to, if they are not.
async fn refused(app: &App, it: &Queued, reader: &Reader) -> Result<Option<&'static str>, Error> {
    let purpose = it.kind.purpose();
    let is_asked = it.words.is_some() || it.occasion.contains('/') || !it.kind.automatic();
    if reader.blocked {
        return Ok(Some("BLOCKED"));
    }
    if app.mail.is_real() && reader.settings.missing().is_some() {
        return Ok(Some("SENDER_MISSING"));
    }
    if !is_asked && !reader.settings.sends(it.kind) {
        return Ok(Some("SWITCHED_OFF"));
    }
    let hash = refusal::hash(app, &it.campaign, &reader.identity);
    let found = suppressions::among(&app.db, &it.campaign, &[hash]).await?;
    if found.iter().any(|it| it.reason == suppressions::BOUNCED) {
        return Ok(Some("BOUNCED"));
    }
    let topic = it.kind.topic().map(Topic::as_str);
    let named = |it: &suppressions::Suppression| {
        topic.is_some_and(|topic| it.topic == suppressions::ALL || it.topic == topic)
    };
    if found.iter().any(named) {
        return Ok(Some("UNSUBSCRIBED"));
    }
    let too_many = purpose == Purpose::Promotion && MOST_PROMOTIONS <= reader.promotions;
    Ok(too_many.then_some("TOO_MANY"))
}

/// The language of somebody: their own, or the campaign's.
fn lang_of(tag: Option<&str>, settings: &Settings) -> Lang {
    tag.and_then(Lang::from_tag).unwrap_or(settings.language)
}

/// A message but for its facts.
struct Written<'a> {
    key: String,
    to: &'a str,
    program: &'a str,
    settings: &'a Settings,
    unsubscribe: Option<&'a str>,
    /// The owner's words; none, or broken ones: those that the product comes with.
    own: Option<Text>,
}

impl Written<'_> {
    fn message(self, app: &App, kind: Kind, lang: Lang, facts: &Facts) -> Option<Message> {
        let said = self.own.and_then(|it| it.say(facts).ok());
        let said = match said {
            Some(said) => said,
            None if kind == Kind::FreeForm => return None,
            None => Text::default_of(kind, lang).say(facts).ok()?,
        };
        let frame = Frame {
            lang,
            purpose: kind.purpose(),
            program: self.program,
            settings: self.settings,
            unsubscribe: self.unsubscribe,
        };
        let letter = letter(&said, &frame);
        let one_line = |text: &str| text.replace(char::is_control, " ");
        let name = self.settings.sender.from_name.as_deref().unwrap_or(self.program);
        let reply_to = self.settings.sender.reply_to_email.as_ref();
        Some(Message {
            key: self.key,
            to: self.to.into(),
            from: Mailbox { name: one_line(name), address: from(app) },
            reply_to: reply_to.map(|it| it.as_str().into()),
            subject: said.subject,
            text: letter.text,
            html: Some(letter.html),
            unsubscribe: self.unsubscribe.map(String::from),
        })
    }
}

/// The address that mail comes from; where it goes into a folder, one of our own host.
fn from(app: &App) -> String {
    app.mail.from().map_or_else(|| format!("parrain@{}", host(app)), String::from)
}

/// The host of the installation.
fn host(app: &App) -> &str {
    let host = app.settings.public_url.split("://").last().unwrap_or_default();
    host.split([':', '/']).next().unwrap_or_default()
}

/// Hands over a message to somebody of the team, about no campaign: an invitation, or a link to sign in.
/// What fails is told to the caller.
pub async fn to_member(
    app: &App,
    call: &Call,
    kind: Kind,
    to: &str,
    lang: Lang,
    sign_in_url: &str,
) -> Result<(), MailError> {
    let facts = facts::entry(host(app), sign_in_url);
    let settings = Settings::default();
    let written = Written {
        key: format!("{}/{}", kind.as_str(), call.id()),
        to,
        program: "",
        settings: &settings,
        unsubscribe: None,
        own: None,
    };
    let message = written.message(app, kind, lang, &facts);
    let message = message.ok_or_else(|| MailError::Failed("a text of ours is broken".into()))?;
    let from = Mailbox { name: "Parrain".into(), ..message.from };
    app.mail.send(call, &Message { from, ..message }).await
}

/// Promises a participant a link to sign in, in the caller's batch; `id` is the number of the asking.
/// Send it by [`soon`] when the batch is written. `page`: the site's page to which it leads, else ours.
#[must_use]
pub const fn login_link<'a>(
    campaign: &'a str,
    participant: &'a str,
    id: &'a str,
    page: Option<&'a str>,
) -> New<'a> {
    New { campaign, kind: Kind::LoginLink, subject: participant, occasion: id, words: page }
}

/// The end of the month in which something happens, for whoever tells of it.
pub(super) fn month_end(zone: shared::zone::Zone, now: Timestamp) -> Timestamp {
    zone.begins(zone.month(now).next())
}
