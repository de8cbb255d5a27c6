//! How people enter: by one-time links, of which only a hash is kept, into sessions likewise.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::{email::Email, lang::Lang, time::Span};

use super::{
    plan::Turns,
    tries::{self, Tries},
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    mail,
    sql::{DbError, Statement, read, to_json},
    store::{
        audit,
        jobs::{self, Job},
        joinings,
        members::{self, OWNER},
        sessions::{self, Kind},
    },
};

/// How long the link that the service prints waits for its one use.
pub const PRINTED_LIFE: Span = Span::hours(24);

/// How long a link in an e-mail waits for its one use.
pub const MAILED_LIFE: Span = Span::minutes(15);

/// How long an invitation to the team waits for its one use.
pub const INVITED_LIFE: Span = Span::days(7);

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
    let mut batch = sessions::enter(&hash(token.trim()), kind, &hash(&session), call.now);
    batch.push(audit::entered(call, &hash(&session), "LINK"));
    if kind == Kind::Participant {
        batch.push(joinings::arrive(&hash(&session)));
    }
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

/// The kind of the job that invites to the team.
pub const INVITATION: &str = "INVITATION";

/// How many links an address gets in an hour, and how many a network may ask for.
pub(super) const OF_AN_ADDRESS: u32 = 5;
pub(super) const OF_A_NETWORK: u32 = 30;

/// Promises a link to the member with this address. Whoever has no such address costs and tells the
/// same: a job that names nobody.
pub async fn ask_member_link(
    app: &App,
    call: &Call,
    email: &Email,
    lang: Lang,
) -> Result<(), Error> {
    let network = Tries::new(app, "sign-in from", &call.network.0, OF_A_NETWORK);
    let address = Tries::new(app, "sign-in", email.mailbox().as_bytes(), OF_AN_ADDRESS);
    let mut turns = Turns::default();
    while turns.next().await {
        if network.are_over(app, call).await? {
            return Err(Error::TooMany);
        }
        let over = address.are_over(app, call).await?;
        let member = members::find(&app.db, email).await?;
        let (id, promised) = promise(call, KIND, member.map(|it| it.id), lang);
        let mut batch = vec![network.add(call)];
        if !over {
            batch.extend([address.add(call), promised]);
        }
        if tries::write(app, batch).await? {
            if !over {
                super::jobs::soon(app, call, id);
            }
            return Ok(());
        }
    }
    Err(Error::Busy)
}

/// A job that sends a link to a member, or to nobody, and its id.
pub(super) fn promise(
    call: &Call,
    kind: &str,
    member: Option<String>,
    lang: Lang,
) -> (String, Statement) {
    let id = call.id();
    let statement = jobs::insert(&id, kind, &to_json(&Payload { member, lang }), call.now);
    (id, statement)
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
    let invites = job.kind == INVITATION;
    let life = if invites { INVITED_LIFE } else { MAILED_LIFE };
    let (token, link) = link(call, Kind::Member, &id, life);
    app.db.batch(vec![link]).await?;
    let address = address(app, &token);
    let kind = if invites { mail::Kind::MemberInvitation } else { mail::Kind::MemberSignInLink };
    let sent = super::mail::to_member(app, call, kind, &to, payload.lang, &address).await;
    sent.map_err(|it| Error::Internal(format!("a link was not sent: {it}")))?;
    Ok(app.db.batch(vec![done]).await?)
}
