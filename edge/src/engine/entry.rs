//! How people enter: by one-time links, of which only a hash is kept, into sessions likewise.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::{email::Email, lang::Lang, secret::mac, time::Span};

use crate::{
    app::App,
    call::Call,
    error::Error,
    mail,
    sql::{DbError, Statement, read, to_json},
    store::{
        attempts,
        jobs::{self, Job},
        members::{self, OWNER},
        sessions::{self, Kind},
    },
};

/// How long the link that the service prints waits for its one use.
pub const PRINTED_LIFE: Span = Span::hours(24);

/// How long a link in an e-mail waits for its one use.
pub const MAILED_LIFE: Span = Span::minutes(15);

/// Makes a one-time link for whoever runs the machine.
pub async fn owner_link(app: &App, call: &Call) -> Result<String, Error> {
    let (token, statement) = link(call, Kind::Member, OWNER, PRINTED_LIFE);
    app.db.batch(vec![statement]).await?;
    Ok(address(app, &token))
}

/// A one-time link's token, and the statement that keeps its hash.
pub fn link(call: &Call, kind: Kind, subject: &str, life: Span) -> (String, Statement) {
    let token = BASE64.encode(call.secret());
    let statement = sessions::insert_link(&hash(&token), kind, subject, call.now, life);
    (token, statement)
}

/// Where a member's link leads. The token stands in the fragment, which no server's log sees.
#[must_use]
pub fn address(app: &App, token: &str) -> String {
    format!("{}/console/enter#{token}", app.settings.public_url)
}

/// Where a participant's link leads, likewise.
#[must_use]
pub fn participants_address(app: &App, campaign: &str, token: &str) -> String {
    format!("{}/me/{campaign}/enter#{token}", app.settings.public_url)
}

/// Uses a link up and opens a session, whose secret is returned; `None`: the link opens nothing.
pub async fn enter(
    app: &App,
    call: &Call,
    kind: Kind,
    token: &str,
) -> Result<Option<String>, Error> {
    let session = BASE64.encode(call.secret());
    let batch = sessions::enter(&hash(token.trim()), kind, &hash(&session), call.now);
    match app.db.batch(batch).await {
        Ok(()) => Ok(Some(session)),
        Err(DbError::Constraint) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// What is kept of a token: its SHA-256 in hex. Tokens are random, so no slow hash is needed.
#[must_use]
pub fn hash(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The kind of the job that sends a link.
pub const KIND: &str = "SIGN_IN";

/// How many links an address gets in an hour.
const MOST: u32 = 5;

/// Promises a link to the member with this address. Whoever has no such address costs and tells the
/// same: a job that names nobody.
pub async fn ask_member_link(
    app: &App,
    call: &Call,
    email: &Email,
    lang: Lang,
) -> Result<(), Error> {
    let secret = app.settings.secret.bytes();
    let bucket = BASE64.encode(mac(secret, &[b"sign-in", email.identity().as_bytes()]));
    let tried = attempts::count(&app.db, &bucket, call.now).await?;
    let member = members::find(&app.db, email).await?;
    if MOST <= tried {
        return Ok(());
    }
    let payload = to_json(&Payload { member: member.map(|it| it.id), lang });
    let id = call.id();
    let promised = jobs::insert(&id, KIND, &payload, call.now);
    app.db.batch(vec![attempts::add(&bucket, call.now), promised]).await?;
    super::jobs::soon(app, call, id);
    Ok(())
}

/// What such a job holds: an id, or nothing.
#[derive(Deserialize, Serialize)]
struct Payload {
    member: Option<String>,
    /// In which they asked.
    #[serde(default)]
    lang: Lang,
}

/// Sends the link, which is made only now: no job holds a secret.
pub async fn send(app: &App, call: &Call, job: &Job) -> Result<(), Error> {
    let payload: Payload =
        read(&job.payload).map_err(|it| Error::Internal(format!("a link's payload: {it}")))?;
    let all = members::all(&app.db).await?;
    let member = all.into_iter().find(|it| Some(&it.id) == payload.member.as_ref());
    let done = jobs::done(&job.id, call.now);
    let Some((id, Some(to))) = member.map(|it| (it.id, it.email)) else {
        return Ok(app.db.batch(vec![done]).await?);
    };
    let (token, link) = link(call, Kind::Member, &id, MAILED_LIFE);
    app.db.batch(vec![link]).await?;
    let address = address(app, &token);
    let kind = mail::Kind::MemberSignInLink;
    let sent = super::mail::to_member(app, call, kind, &to, payload.lang, &address).await;
    sent.map_err(|it| Error::Internal(format!("a link was not sent: {it}")))?;
    Ok(app.db.batch(vec![done]).await?)
}
