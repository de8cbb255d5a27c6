//! A message that the owner's back end, or the owner, asks for.

use super::{New, messages, soon};
use crate::{
    app::App,
    call::Call,
    error::Error,
    mail::{Kind, Text},
    sql::to_json,
    store::{mail_facts, mail_settings, participants::Known},
};

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A message of a kind, as the campaign says it.
    Kind(Kind),
    /// The owner's own words.
    Words(Text),
}

/// Promises a message to a participant. `id` is the number of the asking: the same one asks once.
pub async fn ask(
    app: &App,
    call: &Call,
    campaign: &str,
    known: &Known,
    asked: &Asked,
    id: &str,
) -> Result<(), Error> {
    let field = match asked {
        Asked::Kind(_) => "emailType",
        Asked::Words(_) => "body",
    };
    let refuse = |problem: String| Err(Error::field(field, None, problem));
    if !app.mail.is_ready() {
        return refuse("no provider of e-mail is configured in this installation".into());
    }
    let settings = mail_settings::find(&app.db, campaign).await?.body;
    if let Some(flaw) = settings.missing().filter(|_| app.mail.is_real()) {
        return refuse(format!("{} {}", flaw.field, flaw.problem));
    }
    let subject = known.id.as_str();
    let (kind, words, tells) = match asked {
        Asked::Words(text) => (Kind::FreeForm, Some(to_json(text)), Some(String::new())),
        Asked::Kind(kind) => {
            let tells = match kind {
                Kind::ReferredSignup => mail_facts::newest_friend(&app.db, subject, false).await?,
                Kind::ReferralLinkUsed => mail_facts::newest_friend(&app.db, subject, true).await?,
                Kind::GoalAchieved => mail_facts::newest_reward(&app.db, subject).await?,
                _ => Some(String::new()),
            };
            (*kind, None, tells)
        }
    };
    let Some(tells) = tells else {
        return refuse("this participant has nothing that it could tell of yet".into());
    };
    let occasion = format!("{tells}/{id}");
    let words = words.as_deref();
    let new = New { campaign, kind, subject, occasion: &occasion, words };
    app.db.batch(vec![messages::insert(&new, call.now)]).await?;
    soon(app, call, &new);
    Ok(())
}
