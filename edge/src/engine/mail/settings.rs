//! How a campaign writes: its settings, its words, how they look, and one message to try them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use shared::{
    lang::Lang,
    time::{Span, Timestamp},
};

use super::{Written, facts, month_end, refusal};
use crate::{
    app::App,
    call::{By, Call},
    click::cache::Terms,
    engine::tries::Tries,
    error::Error,
    mail::{
        Broken, Kind, MailError, Text, fact,
        kind::ALL,
        letter::{Frame, Letter, letter},
        markup::{self, Look},
        settings::{Flaw, Settings},
    },
    sql::{DbError, Statement},
    store::{audit, email_templates, mail_settings, rules},
};

/// How a campaign writes, and how often that was changed.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// The settings.
    pub settings: Settings,
    /// The words of every kind that the owner may write, in both languages.
    pub texts: BTreeMap<(Kind, Tag), Text>,
    /// Those of them that are the owner's own.
    pub own: Vec<(Kind, Lang)>,
    /// How often the settings were changed.
    pub revision: i64,
}

/// A language as a key: its tag.
pub type Tag = &'static str;

/// Both languages.
pub const LANGS: [Lang; 2] = [Lang::En, Lang::Fr];

/// What is to be changed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The settings from now on.
    pub settings: Option<Settings>,
    /// Words from now on; none: those that the product comes with.
    pub texts: Vec<(Kind, Lang, Option<Text>)>,
}

/// Reads how a campaign writes.
pub async fn read(app: &App, campaign: &str) -> Result<Mailing, Error> {
    let stored = mail_settings::find(&app.db, campaign).await?;
    let own = email_templates::of_campaign(&app.db, campaign).await?;
    let mut texts = BTreeMap::new();
    for kind in ALL.into_iter().filter(|it| it.editable()) {
        for lang in LANGS {
            texts.insert((kind, lang.tag()), Text::default_of(kind, lang));
        }
    }
    let mut named = Vec::new();
    for it in own {
        named.push((it.kind, it.lang));
        texts.insert((it.kind, it.lang.tag()), it.text);
    }
    Ok(Mailing { settings: stored.body, texts, own: named, revision: stored.revision })
}

impl Mailing {
    /// The words of a kind in a language.
    #[must_use]
    pub fn text(&self, kind: Kind, lang: Lang) -> Text {
        let found = self.texts.get(&(kind, lang.tag())).cloned();
        found.unwrap_or_else(|| Text::default_of(kind, lang))
    }
}

/// Changes how a campaign writes, or says which field is wrong and changes nothing.
///
/// A broken text is refused, so that the last good one stays (R-MAIL-5); and nothing is switched on
/// before it is known who writes (R-MAIL-4).
pub async fn change(
    app: &App,
    call: &Call,
    terms: &Terms,
    current: &Mailing,
    change: &Change,
) -> Result<(), Error> {
    let campaign = &terms.campaign;
    let settings = change.settings.as_ref().unwrap_or(&current.settings);
    if let Some(flaw) = settings.flaw() {
        return Err(flawed(flaw));
    }
    if settings.is_enabled {
        let field = "settings.isEnabled";
        if !app.mail.is_ready() {
            let problem = "no provider of e-mail is configured in this installation";
            return Err(flawed(Flaw { field, problem }));
        }
        if let Some(flaw) = settings.missing().filter(|_| app.mail.is_real()) {
            return Err(flawed(flaw));
        }
    }
    let mut statements: Vec<Statement> = Vec::new();
    for (kind, lang, text) in &change.texts {
        statements.push(match text {
            Some(text) => {
                text.check(*kind, *lang).map_err(|it| broken(*kind, *lang, settings, &it))?;
                email_templates::save(&campaign.id, *kind, *lang, text)
            }
            None => email_templates::reset(&campaign.id, *kind, *lang),
        });
    }
    let (before, after) = traces(app, &campaign.id, current, settings, &change.texts);
    if before != after {
        let id = &campaign.id;
        statements.push(audit::insert(call, "MAIL_CHANGED", Some(id), id, &before, &after));
    }
    let end = month_end(campaign.options.time_zone, call.now);
    let monthly = settings.sends(Kind::ProgressUpdateMonthly).then_some(end);
    // Of those who came long ago nobody is reminded; nor are those who would be due at once where the delay
    // shrinks.
    let reminds = settings.sends(Kind::FollowUpReminder);
    let delay = Span::days(i64::from(settings.delay_days()));
    let since = reminds.then(|| call.now - delay);
    let (jumps, revision) =
        (settings.delay_days() < current.settings.delay_days(), current.revision);
    let saved = mail_settings::save(&campaign.id, settings, revision, monthly, since, jumps);
    statements.extend(saved);
    match app.db.batch(statements).await {
        Ok(()) => Ok(()),
        Err(DbError::Constraint) => {
            Err(Error::Conflict("The e-mails were changed meanwhile. Read them again."))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the audit log says of a change: settings and words before and after, with the hash of
/// the address for answers, which may be a person's.
fn traces(
    app: &App,
    campaign: &str,
    current: &Mailing,
    settings: &Settings,
    texts: &[(Kind, Lang, Option<Text>)],
) -> (Value, Value) {
    let trace = |settings: &Settings, texts: Map<String, Value>| {
        let mut trace = json!({ "settings": settings, "texts": texts });
        if let Some(email) = &settings.sender.reply_to_email {
            let hash = refusal::hash(app, campaign, &email.identity());
            trace["settings"]["sender"]["replyToEmail"] = hash.into();
        }
        trace
    };
    let named = |it: &(Kind, Lang, Option<Text>)| format!("{}.{}", it.0.as_str(), it.1.tag());
    let old = texts.iter().map(|it| (named(it), json!(current.text(it.0, it.1))));
    let new = texts.iter().map(|it| {
        let text = it.2.clone().unwrap_or_else(|| Text::default_of(it.0, it.1));
        (named(it), json!(text))
    });
    (trace(&current.settings, old.collect()), trace(settings, new.collect()))
}

fn flawed(flaw: Flaw) -> Error {
    Error::field(flaw.field, None, flaw.problem)
}

/// A broken text by the name that its field has on the wire.
fn broken(kind: Kind, lang: Lang, settings: &Settings, it: &Broken) -> Error {
    let name = kind.as_str();
    let field = if lang == settings.language {
        format!("{name}.{}", it.field)
    } else {
        format!("{name}.translations.{}.{}", lang.tag(), it.field)
    };
    Error::field(&field, None, it.to_string())
}

/// How a message looks, told of an example.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The subject.
    pub subject: String,
    /// What stands beside it in lists.
    pub preheader: String,
    /// The body as a page of ours shows it.
    pub html: maud::Markup,
    /// The whole letter as plain text.
    pub text: String,
}

/// How words look, told of an example person in this campaign.
pub async fn preview(
    app: &App,
    terms: &Terms,
    settings: &Settings,
    kind: Kind,
    (lang, now): (Lang, Timestamp),
    text: &Text,
) -> Result<Result<Preview, Broken>, Error> {
    if let Err(broken) = text.check(kind, lang) {
        return Ok(Err(broken));
    }
    let facts = example(app, terms, settings, kind, (lang, now)).await?;
    Ok(text.say(&facts).map(|said| {
        let purpose = kind.purpose();
        let unsubscribe = purpose.refusable().then_some("https://…");
        let program = terms.campaign.name.as_str();
        let frame = Frame { lang, purpose, program, settings, unsubscribe };
        let Letter { text, .. } = letter(&said, &frame);
        let html = markup::html(&said.body, Look::Page);
        Preview { subject: said.subject, preheader: said.preheader, html, text }
    }))
}

/// An example person, with what is true of the campaign.
async fn example(
    app: &App,
    terms: &Terms,
    settings: &Settings,
    kind: Kind,
    (lang, now): (Lang, Timestamp),
) -> Result<crate::mail::Facts, Error> {
    let rules = rules::of_campaign(&app.db, &terms.campaign.id).await?;
    let mut facts = fact::examples(kind, lang, true);
    for (name, fact) in facts::program(app, &terms.campaign, &rules, settings, lang, now) {
        if facts.contains_key(name) {
            facts.insert(name, fact);
        }
    }
    Ok(facts)
}

/// How many tests a member sends in an hour.
const MOST_TESTS: u32 = 20;

/// Sends an example to an address of the owner's choice, whatever is switched on.
pub async fn try_out(
    app: &App,
    call: &Call,
    terms: &Terms,
    current: &Mailing,
    what: (Kind, Lang),
    to: &str,
) -> Result<(), Error> {
    let (kind, lang) = what;
    let settings = &current.settings;
    if let Some(flaw) = settings.missing().filter(|_| app.mail.is_real()) {
        return Err(flawed(flaw));
    }
    let by = match &call.by {
        By::Member(id) => id.as_str(),
        _ => "",
    };
    let tries = Tries::new(app, "test e-mail", by.as_bytes(), MOST_TESTS);
    if tries.are_over(app, call).await? {
        return Err(Error::TooMany);
    }
    let id = &terms.campaign.id;
    let after = json!({ "kind": kind, "language": lang.tag() });
    let noted = audit::insert(call, "MAIL_TESTED", Some(id), id, &json!({}), &after);
    app.db.batch(vec![tries.add(call), noted]).await?;
    let facts = example(app, terms, settings, kind, (lang, call.now)).await?;
    let written = Written {
        key: format!("test/{}", call.id()),
        to,
        program: &terms.campaign.name,
        settings,
        unsubscribe: None,
        own: Some(current.text(kind, lang)),
    };
    let message = written.message(app, kind, lang, &facts);
    let mut message = message.ok_or_else(|| Error::Internal("a text of ours is broken".into()))?;
    message.subject = format!("[Test] {}", message.subject);
    match app.mail.send(call, &message).await {
        Ok(()) => Ok(()),
        Err(MailError::Refused(_)) => {
            Err(Error::field("to", None, "the provider refuses this address"))
        }
        Err(error) => {
            crate::platform::log(&format!("a test message was not sent: {error}"));
            Err(Error::field("to", None, format!("the message was not taken: {error}")))
        }
    }
}
