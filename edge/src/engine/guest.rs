//! How participants sign in: by a link in an e-mail, or because their site vouches for them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::{
    attribution::{TokenError, Touches, tried},
    campaign::Campaign,
    card::Card,
    code::Code,
    email::Email,
    fraud::Submission,
    proof,
    time::{Span, Timestamp},
};

use super::{
    entry::{self, OF_A_NETWORK, OF_AN_ADDRESS, hash},
    joining,
    leads::{self, Joins, Lead},
    mail,
    plan::Turns,
    tries::{self, Tries},
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::{DbError, Statement, read, to_json},
    store::{
        agreed_cards, audit,
        jobs::{self, Job},
        joinings,
        leads::Person,
        messages,
        participants::{self, Key},
        secrets::{self, Generation},
        sessions::{self, Guest, Kind},
    },
};

/// The kind of the job that sends a participant their link.
pub const KIND: &str = "PARTICIPANT_LINK";

/// How long somebody stays signed in for whom their site vouches: it can do so again at any time.
pub const VOUCHED_LIFE: Span = Span::hours(12);

/// What such a job holds: ids, or nobody's.
#[derive(Deserialize, Serialize)]
struct Payload {
    campaign: String,
    participant: Option<String>,
    /// The page of the site to which the link leads, read when the message is sent.
    page: Option<String>,
}

/// Promises a link to the participant with this address. Whoever has no such address costs and tells
/// the same: a job that names nobody. `page`: the site's page to which the link leads, else ours.
pub async fn ask_link(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    email: &Email,
    page: Option<&str>,
) -> Result<(), Error> {
    let network = Tries::new(app, "guest from", &call.network.0, OF_A_NETWORK);
    let key = Key::Identity(email.identity());
    let known = participants::find(&app.db, &campaign.id, &key).await?;
    let participant = known.map(|it| it.id.to_string());
    let page = page.map(Into::into);
    let payload = to_json(&Payload { campaign: campaign.id.clone(), participant, page });
    let id = call.id();
    let promised = vec![jobs::insert(&id, KIND, &payload, call.now)];
    promise(app, call, &network, &bucket(app, campaign, email), id, promised).await
}

/// How many messages an address gets, whether it joins or signs in: spellings of one mailbox together.
fn bucket(app: &App, campaign: &Campaign, email: &Email) -> Tries {
    let whom = format!("{}\0{}", campaign.id, email.mailbox());
    Tries::new(app, "guest", whom.as_bytes(), OF_AN_ADDRESS)
}

/// Writes a job, unless its network or its address comes too often: the network is told, the address is
/// not.
async fn promise(
    app: &App,
    call: &Call,
    network: &Tries,
    address: &Tries,
    job: String,
    promised: Vec<Statement>,
) -> Result<(), Error> {
    let mut turns = Turns::default();
    while turns.next().await {
        if network.are_over(app, call).await? {
            return Err(Error::TooMany);
        }
        let over = address.are_over(app, call).await?;
        let mut batch = vec![network.add(call)];
        if !over {
            batch.push(address.add(call));
            batch.extend(promised.iter().cloned());
        }
        if tries::write(app, batch).await? {
            if !over {
                super::jobs::soon(app, call, job);
            }
            return Ok(());
        }
    }
    Err(Error::Busy)
}

/// Somebody who joins on our page.
#[derive(Clone, Debug)]
pub struct Joining {
    /// Who.
    pub person: Person,
    /// The touches that their browser keeps, the address's token last.
    pub touches: Option<Touches>,
    /// Why that token does not count, if it does not.
    pub refused: Option<TokenError>,
    /// How the form was filled in.
    pub submission: Submission,
    /// The participant who is signed in in their browser.
    pub signed_in: Option<Code>,
    /// What they say by it.
    pub joins: Joins,
    /// The card whose version they agreed to.
    pub card: Card,
}

/// How many may join from a network in an hour.
const OF_A_NETWORK_JOIN: u32 = 60;

/// Keeps what somebody says who joins, and promises them a link to sign in: before anybody is looked
/// up, so that whoever takes part already costs and tells the same.
pub async fn join(app: &App, call: &Call, campaign: &Campaign, it: Joining) -> Result<(), Error> {
    // A test's made-up address is nobody's (R-TRIAL-4).
    if tried(&it.person.email).is_some() {
        return Ok(());
    }
    let network = Tries::new(app, "joining from", &call.network.0, OF_A_NETWORK_JOIN);
    let address = bucket(app, campaign, &it.person.email);
    let Joining { person, touches, refused, submission, signed_in, joins, card } = it;
    let kept = agreed_cards::keep(&campaign.id, &joins.agreed, &card);
    let joins = Some(joins);
    let lead = Lead { person, touches, refused, typed: None, submission, signed_in, joins };
    let (job, mut batch) = leads::keep(call, &campaign.id, &lead);
    batch.push(kept);
    promise(app, call, &network, &address, job, batch).await
}

/// Writes the message with the link, which is made when that is sent: no row holds a secret.
pub async fn send(app: &App, call: &Call, job: &Job) -> Result<(), Error> {
    let payload: Payload =
        read(&job.payload).map_err(|it| Error::Internal(format!("a link's payload: {it}")))?;
    let done = jobs::done(&job.id, call.now);
    let Some(id) = payload.participant else { return Ok(app.db.batch(vec![done]).await?) };
    let page = payload.page.as_deref();
    let message = mail::login_link(&payload.campaign, &id, &job.id, page);
    app.db.batch(vec![messages::insert(&message, call.now), done]).await?;
    mail::soon(app, call, &message);
    Ok(())
}

/// Uses a link of this campaign up and opens a session, whose secret is returned; `None`: the link
/// opens nothing here.
pub async fn enter(
    app: &App,
    call: &Call,
    campaign: &str,
    token: &str,
) -> Result<Option<String>, Error> {
    let Some(session) = entry::enter(app, call, Kind::Participant, token).await? else {
        return Ok(None);
    };
    let guest = sessions::participant(&app.db, &hash(&session), call.now).await?;
    if let Some(guest) = guest.filter(|it| it.campaign == campaign) {
        confirm(app, call, &guest.id).await;
        return Ok(Some(session));
    }
    // A link of another campaign, or of somebody who was forgotten meanwhile.
    app.db.batch(vec![sessions::end(&hash(&session))]).await?;
    Ok(None)
}

/// The address is theirs. What fails of that is tried again when they come in the next time; until then
/// nobody forgets them.
async fn confirm(app: &App, call: &Call, participant: &str) {
    let Ok(participant) = Code::parse(participant) else { return };
    if let Err(error) = joining::confirm(app, call, &participant).await {
        error.log();
    }
}

/// How a site vouches for one of its customers.
#[derive(Clone, Debug)]
pub enum Proof {
    /// GrowSurf's hash of the exact address.
    Hash {
        /// The address as the page holds it.
        email: String,
        /// HMAC-SHA256 of it in lower-case hexadecimal digits.
        hash: String,
    },
    /// A short JWT.
    Token(String),
    /// What a link in an e-mail brought.
    Link(String),
}

/// A session that a site vouched for.
#[derive(Clone, Debug)]
pub struct Vouched {
    /// Its secret.
    pub session: String,
    /// Whose it is.
    pub guest: Guest,
    /// Until when.
    pub until: Timestamp,
}

/// Opens a session for somebody whom the campaign's site vouches for.
pub async fn vouch(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    proof: &Proof,
) -> Result<Vouched, Error> {
    let secret = secret(app, &campaign.id).await?.1;
    let subject = match proof {
        Proof::Link(token) => return by_link(app, call, campaign, token).await,
        Proof::Hash { email, hash } => {
            proof::hash_fits(&secret, email, hash).then(|| email.clone())
        }
        Proof::Token(token) => proof::subject(&secret, &campaign.id, call.now, token).ok(),
    };
    let key = subject.and_then(|it| Key::parse(&it)).ok_or(Error::Unauthenticated)?;
    // The site knows its customers: that this one does not take part is no secret of ours.
    let known = participants::find(&app.db, &campaign.id, &key).await?.ok_or(Error::Missing)?;
    let session = BASE64.encode(call.secret());
    let (id, until) = (known.id.to_string(), call.now + VOUCHED_LIFE);
    let opened = sessions::open(&hash(&session), &id, call.now, VOUCHED_LIFE);
    app.db.batch(vec![opened, joinings::arrive(&hash(&session))]).await?;
    confirm(app, call, &id).await;
    Ok(Vouched { session, guest: Guest { id, campaign: campaign.id.clone() }, until })
}

/// A session that a link in an e-mail opens in the page of a site.
async fn by_link(
    app: &App,
    call: &Call,
    campaign: &Campaign,
    token: &str,
) -> Result<Vouched, Error> {
    let session = enter(app, call, &campaign.id, token).await?.ok_or(Error::Unauthenticated)?;
    let guest = sessions::participant(&app.db, &hash(&session), call.now).await?;
    let guest = guest.ok_or(Error::Unauthenticated)?;
    Ok(Vouched { session, guest, until: call.now + Kind::Participant.life() })
}

/// The secret with which a campaign's site vouches, and its generation.
pub async fn secret(app: &App, campaign: &str) -> Result<(Generation, String), DbError> {
    let generation = secrets::generation(&app.db, campaign).await?;
    let secret = proof::secret(&app.settings.secret, campaign, generation.generation);
    Ok((generation, secret))
}

/// The next secret, at once: what was signed with the last one vouches for nobody.
pub async fn rotate(app: &App, call: &Call, campaign: &str, from: u32) -> Result<(), Error> {
    let (was, is) =
        (json!({ "generation": from }), json!({ "generation": from.saturating_add(1) }));
    let act = "PARTICIPANT_SECRET_ROTATED";
    let noted = audit::insert(call, act, Some(campaign), campaign, &was, &is);
    match app.db.batch(vec![secrets::rotate(campaign, from, call.now), noted]).await {
        // Somebody was first: the page shows theirs.
        Ok(()) | Err(DbError::Constraint) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
