//! What providers tell of messages later: whoever's address takes none, or who complained, is written
//! to no more.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::secret::mac;
use subtle::ConstantTimeEq;

use super::refusal;
use crate::{
    app::App,
    call::Call,
    error::Error,
    mail::returned::{Fate, Provider, Returned},
    store::{returns, suppressions},
};

/// The secret part of the address at which a provider tells it: nobody else knows it, and it changes
/// with the installation's secret alone.
#[must_use]
pub fn token(app: &App, provider: Provider) -> String {
    let parts: [&[u8]; 2] = [b"returned mail", provider.name().as_bytes()];
    BASE64.encode(&mac(app.settings.secret.bytes(), &parts)[..24])
}

/// The address at which a provider tells it.
#[must_use]
pub fn address(app: &App, provider: Provider) -> String {
    format!("{}/_m/{}/{}", app.settings.public_url, provider.name(), token(app, provider))
}

/// The provider whose secret somebody knows.
#[must_use]
pub fn provider(app: &App, name: &str, given: &str) -> Option<Provider> {
    let named = Provider::ALL.into_iter().find(|it| it.name() == name)?;
    let fits: bool = token(app, named).as_bytes().ct_eq(given.as_bytes()).into();
    fits.then_some(named)
}

/// Takes what is told. An address that nobody has here changes nothing, and neither does what was told
/// before.
pub async fn take(app: &App, call: &Call, told: &[Returned]) -> Result<(), Error> {
    let mut batch = Vec::new();
    for it in told {
        let identity = it.email.identity();
        for campaign in returns::campaigns(&app.db, &identity).await? {
            let hash = refusal::hash(app, &campaign, &identity);
            batch.push(returns::insert(&campaign, &hash, &it.number, it.fate.name(), call.now));
            let reason = match it.fate {
                Fate::Bounced => suppressions::BOUNCED,
                Fate::Complained => suppressions::ASKED,
                Fate::Soft => continue,
            };
            let all = suppressions::ALL;
            batch.push(suppressions::insert(&campaign, &hash, all, reason, call.now));
        }
    }
    if !batch.is_empty() {
        app.db.batch(batch).await?;
    }
    Ok(())
}
