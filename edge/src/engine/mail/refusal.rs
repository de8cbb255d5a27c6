//! Who refuses to be written to: by a signed link that holds no address, and that outlives the person.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::{
    lang::Lang,
    secret::{mac, verifies},
};

use crate::{
    app::App,
    call::Call,
    error::Error,
    mail::Purpose,
    store::suppressions::{self, ALL, ASKED},
};

/// The length of hashes and signatures, in bytes.
const LENGTH: usize = 16;

/// What a link refuses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    campaign: String,
    /// What the message was for.
    pub purpose: Purpose,
    hash: String,
}

/// Whose messages a refusal is about: a keyed hash of who they are within the campaign.
#[must_use]
pub fn hash(app: &App, campaign: &str, identity: &str) -> String {
    let parts: [&[u8]; 4] = [b"mail", campaign.as_bytes(), &[0], identity.as_bytes()];
    BASE64.encode(&mac(app.settings.secret.bytes(), &parts)[..LENGTH])
}

/// Where somebody refuses messages for a purpose.
#[must_use]
pub fn link(app: &App, campaign: &str, purpose: Purpose, identity: &str, lang: Lang) -> String {
    let hash = hash(app, campaign, identity);
    let tag = mac(app.settings.secret.bytes(), &signed(campaign, purpose, &hash));
    let tag = BASE64.encode(&tag[..LENGTH]);
    let (url, purpose, lang) = (&app.settings.public_url, purpose.as_str(), lang.tag());
    format!("{url}/u/{campaign}/{purpose}/{hash}/{tag}?lang={lang}")
}

fn signed<'a>(campaign: &'a str, purpose: Purpose, hash: &'a str) -> [&'a [u8]; 6] {
    let purpose = purpose.as_str().as_bytes();
    [b"unsubscribe", campaign.as_bytes(), &[0], purpose, &[0], hash.as_bytes()]
}

/// Reads a link's parts; `None`: we did not sign it.
#[must_use]
pub fn read(app: &App, campaign: &str, purpose: &str, hash: &str, tag: &str) -> Option<Refusal> {
    let purpose =
        [Purpose::Promotion, Purpose::Notice].into_iter().find(|it| it.as_str() == purpose)?;
    let tag = BASE64.decode(tag).ok().filter(|it| it.len() == LENGTH)?;
    let expected = mac(app.settings.secret.bytes(), &signed(campaign, purpose, hash));
    // Both are hashed again, so that how long the comparison takes tells nothing.
    let secret = app.settings.secret.bytes();
    let same = verifies(secret, &[b"same", &expected[..LENGTH]], &mac(secret, &[b"same", &tag]));
    same.then(|| Refusal { campaign: campaign.into(), purpose, hash: hash.into() })
}

impl Refusal {
    /// Writes no more to them for this purpose, or for any.
    pub async fn keep(&self, app: &App, call: &Call, all: bool) -> Result<(), Error> {
        let purpose = if all { ALL } else { self.purpose.as_str() };
        let kept = suppressions::insert(&self.campaign, &self.hash, purpose, ASKED, call.now);
        Ok(app.db.batch(vec![kept]).await?)
    }

    /// Writes to them again.
    pub async fn take_back(&self, app: &App) -> Result<(), Error> {
        let forgiven = suppressions::forgive(&self.campaign, &self.hash);
        Ok(app.db.batch(vec![forgiven]).await?)
    }

    /// The campaign.
    #[must_use]
    pub fn campaign(&self) -> &str {
        &self.campaign
    }
}
