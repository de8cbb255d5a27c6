//! How the owner enters: a one-time link, of which only a hash is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

use crate::{app::App, call::Call, error::Error, store::owner};

/// Makes a one-time owner link. The token stands in the fragment, which no server's log sees.
pub async fn link(app: &App, call: &Call) -> Result<String, Error> {
    let token = BASE64.encode(call.secret());
    app.db.batch(vec![owner::insert_link(&hash(&token), call.now)]).await?;
    Ok(format!("{}/console/enter#{token}", app.settings.public_url))
}

/// What is kept of a token: its SHA-256 in hex. Tokens are random, so no slow hash is needed.
#[must_use]
pub fn hash(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}
