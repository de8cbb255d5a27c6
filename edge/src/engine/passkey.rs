//! Passkeys of members: made by who is signed in, and a way to sign in.

pub mod proof;

use http::Uri;
use serde_json::json;
use shared::{id, time::Span};

use self::proof::{Ceremony, Flaw, Signed, Site, decoded, encoded};
use super::{
    entry::{OF_A_NETWORK, hash},
    tries::{self, Tries},
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::DbError,
    store::{
        audit, members,
        passkeys::{self, MOST, Passkey},
        sessions::{self, CHALLENGE, NEW_CHALLENGE},
    },
};

/// How long a challenge waits for its one answer.
pub const LIFE: Span = Span::minutes(5);

/// The longest name of a passkey, in characters.
pub const LONGEST: usize = 60;

/// The site that the installation's passkeys are for: its origin and host.
fn site(app: &App) -> Option<(String, String)> {
    let uri: Uri = app.settings.public_url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    Some((format!("{scheme}://{authority}"), authority.host().to_owned()))
}

/// The host that passkeys are bound to; none, where browsers make none: by a bare address.
#[must_use]
pub fn host(app: &App) -> Option<String> {
    let (_, host) = site(app)?;
    let bare = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    (!bare).then_some(host)
}

/// What a new passkey of a member is to sign.
pub async fn new_challenge(app: &App, call: &Call, member: &str) -> Result<String, Error> {
    let challenge = encoded(&call.secret());
    let kept = sessions::insert_challenge(&hash(&challenge), NEW_CHALLENGE, member, call.now, LIFE);
    app.db.batch(vec![kept]).await?;
    Ok(challenge)
}

/// What whoever signs in is to sign. A network gets so many in an hour.
pub async fn challenge(app: &App, call: &Call) -> Result<String, Error> {
    let network = Tries::new(app, "passkey from", &call.network.0, 2 * OF_A_NETWORK);
    if network.are_over(app, call).await? {
        return Err(Error::TooMany);
    }
    let challenge = encoded(&call.secret());
    let kept = sessions::insert_challenge(&hash(&challenge), CHALLENGE, "", call.now, LIFE);
    let counted = tries::write(app, vec![network.add(call), kept]).await?;
    if counted { Ok(challenge) } else { Err(Error::TooMany) }
}

/// What a browser sends of a passkey that it made, in base64url.
#[derive(Clone, Debug)]
pub struct Made {
    /// What the member calls it.
    pub name: String,
    /// The client's data.
    pub client: String,
    /// The authenticator's data.
    pub data: String,
}

/// Keeps a passkey that a member's browser made.
pub async fn keep(app: &App, call: &Call, member: &str, sent: &Made) -> Result<(), Error> {
    let (origin, host) = site(app).ok_or(Error::NotBuilt)?;
    let site = Site { origin: &origin, host: &host };
    let (client, data) = (bytes("clientDataJSON", &sent.client)?, bytes("data", &sent.data)?);
    let challenge = proof::challenge(site, Ceremony::Create, &client)
        .map_err(|flaw| refused("clientDataJSON", flaw))?;
    let made = proof::made(site, &data).map_err(|flaw| refused("data", flaw))?;
    let known = passkeys::of(&app.db, member).await?;
    if usize::try_from(MOST).is_ok_and(|most| most <= known.len()) {
        return Err(Error::Conflict("A member has at most 20 passkeys."));
    }
    let name: String = sent.name.trim().chars().filter(|it| !it.is_control()).collect();
    let passkey = Passkey {
        id: encoded(&made.id),
        member: member.into(),
        name: name.chars().take(LONGEST).collect(),
        point: encoded(&made.point),
        counter: made.counter,
        created_at: call.now,
        used_at: None,
    };
    let about = json!({ "passkey": short(&passkey.id), "name": passkey.name });
    let mut batch = passkeys::insert(&passkey, &hash(&challenge)).to_vec();
    batch.push(audit::insert(call, "PASSKEY_ADDED", None, member, &json!({}), &about));
    match app.db.batch(batch).await {
        Ok(()) => Ok(()),
        Err(DbError::Constraint) => {
            Err(Error::Conflict("The time to make this passkey is over. Try again."))
        }
        Err(error) => Err(error.into()),
    }
}

/// Forgets a passkey of a member; what is not theirs stays.
pub async fn remove(app: &App, call: &Call, member: &str, id: &str) -> Result<(), Error> {
    let known = passkeys::of(&app.db, member).await?;
    let Some(passkey) = known.into_iter().find(|it| it.id == id) else { return Ok(()) };
    let about = json!({ "passkey": short(id), "name": passkey.name });
    let noted = audit::insert(call, "PASSKEY_REMOVED", None, member, &about, &json!({}));
    Ok(app.db.batch(vec![passkeys::remove(member, id), noted]).await?)
}

/// What a browser sends of a passkey that signed, in base64url.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The credential's id.
    pub id: String,
    /// The client's data.
    pub client: String,
    /// The authenticator's data.
    pub data: String,
    /// The signature.
    pub signature: String,
}

/// Opens a session for the member whose passkey signed, whose secret is returned; `None`: it opens
/// nothing, and why not is nobody's business.
pub async fn enter(app: &App, call: &Call, sent: &Sent) -> Result<Option<String>, Error> {
    let Some((origin, host)) = site(app) else { return Ok(None) };
    let site = Site { origin: &origin, host: &host };
    let parts = [&sent.client, &sent.data, &sent.signature].map(|it| decoded(it));
    let [Some(client), Some(data), Some(signature)] = parts else { return Ok(None) };
    let Ok(challenge) = proof::challenge(site, Ceremony::Get, &client) else { return Ok(None) };
    let Some(passkey) = passkeys::find(&app.db, &sent.id).await? else { return Ok(None) };
    let signed = Signed { data: &data, client: &client, signature: &signature };
    let point = decoded(&passkey.point).unwrap_or_default();
    let Ok(counter) = proof::signed(site, &point, passkey.counter, signed) else { return Ok(None) };
    let member = members::all(&app.db).await?.into_iter().any(|it| it.id == passkey.member);
    if !member {
        return Ok(None);
    }
    let session = encoded(&call.secret());
    let (link, opened) = (hash(&challenge), hash(&session));
    let mut batch = passkeys::enter(&passkey, counter, &link, &opened, call.now);
    batch.push(audit::entered(call, &opened, "PASSKEY"));
    match app.db.batch(batch).await {
        Ok(()) => Ok(Some(session)),
        Err(DbError::Constraint) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What a member is called by an authenticator: bytes that tell nothing of them.
#[must_use]
pub fn handle(app: &App, member: &str) -> String {
    let tag = app.settings.mac("passkey", &[member.as_bytes()]);
    let mut entropy = [0; 16];
    entropy.copy_from_slice(&tag[..16]);
    encoded(id::short(entropy, 20).as_bytes())
}

/// A passkey in the log: the beginning of its id.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn bytes(field: &str, text: &str) -> Result<Vec<u8>, Error> {
    decoded(text).ok_or_else(|| Error::field(field, None, "is not base64url"))
}

fn refused(field: &str, flaw: Flaw) -> Error {
    Error::field(field, None, flaw.to_string())
}
