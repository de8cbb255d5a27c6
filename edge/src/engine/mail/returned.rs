//! What providers tell of messages later: whoever's address takes none, or who complained, is written
//! to no more.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::json;
use shared::{email::Email, secret::mac, time::Span};
use subtle::ConstantTimeEq;

use super::refusal;
use crate::{
    app::App,
    call::Call,
    error::Error,
    mail::returned::{Fate, Provider, Returned},
    sql::DbError,
    store::{
        audit,
        messages::{self, State, Told},
        returns, suppressions,
        views::View,
    },
};

/// How long after a message was handed over what comes back may be it.
const SOON: Span = Span::days(3);

/// The secret part of the address at which a provider tells it: nobody else knows it, and an owner
/// changes it by the next generation.
fn token(app: &App, generation: u32, provider: Provider) -> String {
    let key = app.settings.secret.derive("returned mail", &generation.to_string());
    BASE64.encode(&mac(key.bytes(), &[provider.name().as_bytes()])[..24])
}

/// The address at which a provider tells it.
#[must_use]
pub fn address(app: &App, generation: u32, provider: Provider) -> String {
    let token = token(app, generation, provider);
    format!("{}/_m/{}/{token}", app.settings.public_url, provider.name())
}

/// The provider whose secret somebody knows.
pub async fn provider(app: &App, name: &str, given: &str) -> Result<Option<Provider>, Error> {
    let Some(named) = Provider::ALL.into_iter().find(|it| it.name() == name) else {
        return Ok(None);
    };
    let token = token(app, returns::generation(&app.db).await?, named);
    let fits: bool = token.as_bytes().ct_eq(given.as_bytes()).into();
    Ok(fits.then_some(named))
}

/// The next secret, at once: whoever knows the last one is heard no more.
pub async fn rotate(app: &App, call: &Call, from: u32) -> Result<(), Error> {
    let (was, is) =
        (json!({ "generation": from }), json!({ "generation": from.saturating_add(1) }));
    let noted = audit::insert(call, "MAIL_SECRET_ROTATED", None, "mail", &was, &is);
    match app.db.batch(vec![returns::rotate(from), noted]).await {
        // Somebody was first: the page shows theirs.
        Ok(()) | Err(DbError::Constraint) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Tries the address of a participant again that took no mail; of any other it changes nothing.
pub async fn lift(app: &App, call: &Call, campaign: &str, view: &View) -> Result<bool, Error> {
    if !bounced(app, campaign, &view.email).await? {
        return Ok(false);
    }
    let Ok(email) = Email::parse(&view.email) else { return Ok(false) };
    let hash = refusal::hash(app, campaign, &email.identity());
    let (id, was, is) = (view.id.as_str(), json!({ "bounced": true }), json!({ "bounced": false }));
    let noted = audit::insert(call, "BOUNCE_LIFTED", Some(campaign), id, &was, &is);
    app.db.batch(vec![suppressions::lift(campaign, &hash), noted]).await?;
    Ok(true)
}

/// Whether an address took no mail.
pub async fn bounced(app: &App, campaign: &str, email: &str) -> Result<bool, Error> {
    let Ok(email) = Email::parse(email) else { return Ok(false) };
    let hash = refusal::hash(app, campaign, &email.identity());
    let found = suppressions::among(&app.db, campaign, &[hash]).await?;
    Ok(found.iter().any(|it| it.reason == suppressions::BOUNCED))
}

/// Takes what is told. An address that nobody has here changes nothing, and neither does what was told
/// before. The newest message to the address of the last days stands as returned from then on.
pub async fn take(app: &App, call: &Call, told: &[Returned]) -> Result<(), Error> {
    for it in told {
        let mut batch = Vec::new();
        let identity = it.email.identity();
        let fate = it.fate.name();
        let (reason, state) = match it.fate {
            Fate::Bounced => (Some(suppressions::BOUNCED), Some(State::Bounced)),
            Fate::Complained => (Some(suppressions::ASKED), Some(State::Complained)),
            Fate::Soft => (None, None),
        };
        let campaigns = returns::campaigns(&app.db, &identity).await?;
        let newest = match state {
            Some(state) => {
                returns::newest(&app.db, &identity, call.now - SOON).await?.map(|it| (it, state))
            }
            None => None,
        };
        if let Some(((seq, campaign), state)) = newest {
            let hash = refusal::hash(app, &campaign, &identity);
            let told = Told { campaign: &campaign, hash: &hash, number: &it.number, fate };
            batch.push(messages::returned(seq, state, &told));
        }
        for campaign in campaigns {
            let hash = refusal::hash(app, &campaign, &identity);
            let told = Told { campaign: &campaign, hash: &hash, number: &it.number, fate };
            batch.push(returns::insert(&told, call.now));
            if let Some(reason) = reason {
                let all = suppressions::ALL;
                batch.push(suppressions::insert(&campaign, &hash, all, reason, call.now));
            }
        }
        if !batch.is_empty() {
            app.db.batch(batch).await?;
        }
    }
    Ok(())
}
