//! Who refuses to be written to: by a signed link that holds no address, and that outlives the person.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::{lang::Lang, time::Timestamp};
use subtle::ConstantTimeEq;

use crate::{
    app::App,
    call::Call,
    error::Error,
    mail::{
        Kind, Topic,
        topic::{Each, TOPICS},
    },
    sql::Statement,
    store::suppressions::{self, ALL, ASKED, BOUNCED},
};

/// The length of hashes and signatures, in bytes.
const LENGTH: usize = 16;

/// What a link refuses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    campaign: String,
    /// What the message was about; none: everything is refused.
    pub topic: Option<Topic>,
    hash: String,
}

/// Whose messages a refusal is about: a keyed hash of who they are within the campaign.
#[must_use]
pub fn hash(app: &App, campaign: &str, identity: &str) -> String {
    let parts: [&[u8]; 3] = [campaign.as_bytes(), &[0], identity.as_bytes()];
    BASE64.encode(&app.settings.mac("mail", &parts)[..LENGTH])
}

/// Where somebody refuses messages of a kind.
#[must_use]
pub fn link(app: &App, campaign: &str, kind: Kind, identity: &str, lang: Lang) -> String {
    let (hash, topic) = (hash(app, campaign, identity), kind.refuses());
    let (url, name, tag) =
        (&app.settings.public_url, name(topic), tag(app, campaign, topic, &hash));
    format!("{url}/u/{campaign}/{name}/{hash}/{tag}?lang={}", lang.tag())
}

fn name(topic: Option<Topic>) -> &'static str {
    topic.map_or(ALL, Topic::as_str)
}

fn tag(app: &App, campaign: &str, topic: Option<Topic>, hash: &str) -> String {
    let topic = name(topic).as_bytes();
    let parts: [&[u8]; 5] = [campaign.as_bytes(), &[0], topic, &[0], hash.as_bytes()];
    BASE64.encode(&app.settings.mac("unsubscribe", &parts)[..LENGTH])
}

/// Reads a link's parts; `None`: we did not sign it.
#[must_use]
pub fn read(app: &App, campaign: &str, topic: &str, hash: &str, given: &str) -> Option<Refusal> {
    let topic = if topic == ALL { None } else { Some(Topic::parse(topic)?) };
    let fits: bool = tag(app, campaign, topic, hash).as_bytes().ct_eq(given.as_bytes()).into();
    fits.then(|| Refusal { campaign: campaign.into(), topic, hash: hash.into() })
}

impl Refusal {
    /// Writes no more to them of this topic.
    pub async fn keep(&self, app: &App, call: &Call) -> Result<(), Error> {
        let topic = name(self.topic);
        let kept = suppressions::insert(&self.campaign, &self.hash, topic, ASKED, call.now);
        Ok(app.db.batch(vec![kept]).await?)
    }

    /// Writes to them of the topics that they want, and of no other.
    pub async fn choose(&self, app: &App, call: &Call, wanted: Each<bool>) -> Result<(), Error> {
        Ok(app.db.batch(choose(&self.campaign, &self.hash, wanted, call.now)).await?)
    }

    /// What they get.
    pub async fn wanted(&self, app: &App) -> Result<Wanted, Error> {
        wanted(app, &self.campaign, &self.hash).await
    }

    /// The campaign.
    #[must_use]
    pub fn campaign(&self) -> &str {
        &self.campaign
    }
}

/// What somebody gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Wanted {
    /// Whether they want each of the [`TOPICS`].
    pub topics: Each<bool>,
    /// Whether their address took no mail, so that they get nothing.
    pub bounced: bool,
}

/// What somebody of this hash gets.
pub async fn wanted(app: &App, campaign: &str, hash: &str) -> Result<Wanted, Error> {
    let found = suppressions::among(&app.db, campaign, &[hash.into()]).await?;
    let asked = || found.iter().filter(|it| it.reason == ASKED);
    let gets = |topic: Topic| asked().all(|it| it.topic != ALL && it.topic != topic.as_str());
    let bounced = found.iter().any(|it| it.reason == BOUNCED);
    Ok(Wanted { topics: TOPICS.map(gets), bounced })
}

/// Keeps what somebody wants to get. Who wants nothing gets nothing that is thought of later, either.
#[must_use]
pub fn choose(campaign: &str, hash: &str, wanted: Each<bool>, now: Timestamp) -> Vec<Statement> {
    let refused = |topic: &str| suppressions::insert(campaign, hash, topic, ASKED, now);
    let mut batch = vec![suppressions::forgive(campaign, hash)];
    if wanted.contains(&true) {
        let each = TOPICS.into_iter().zip(wanted).filter(|it| !it.1);
        batch.extend(each.map(|it| refused(it.0.as_str())));
    } else {
        batch.push(refused(ALL));
    }
    batch
}
