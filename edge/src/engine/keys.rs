//! API keys: `prn_<8 public>_<secret>`, of which only a hash is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};
use shared::{id, time::Timestamp};
use subtle::ConstantTimeEq;

use crate::{
    app::App,
    call::{By, Call},
    engine::entry::hash,
    error::Error,
    sql::{DbError, Statement},
    store::{
        audit,
        keys::{self, New, Rotated},
    },
};

/// What a new key is to be.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// What people call it.
    pub name: &'a str,
    /// What it may be used for, as one line.
    pub scopes: &'a str,
    /// Until when it stands.
    pub expires_at: Option<Timestamp>,
}

impl Wish<'_> {
    /// The wish as the audit log tells it.
    fn told(&self) -> Value {
        json!({ "name": self.name, "scopes": self.scopes, "expiresAt": self.expires_at })
    }
}

/// A key that is drawn or derived: its id and all of it.
struct Made {
    id: String,
    public: String,
    key: String,
}

impl Made {
    /// A key made of entropy of its own.
    fn new(call: &Call, public: [u8; 16], secret: [u8; 32]) -> Self {
        let public = id::short(public, 8);
        let key = format!("prn_{public}_{}", BASE64.encode(secret));
        Self { id: call.id(), public, key }
    }

    fn kept(&self, call: &Call, wish: &Wish<'_>) -> Statement {
        let by = match &call.by {
            By::Member(id) => Some(id.as_str()),
            _ => None,
        };
        let new = New {
            id: &self.id,
            public: &self.public,
            hash: &hash(&self.key),
            name: wish.name,
            scopes: wish.scopes,
            by,
            expires_at: wish.expires_at,
        };
        keys::insert(&new, call.now)
    }
}

/// A new key, and the statements that keep its hash and note it in the audit log.
pub fn create(
    call: &Call,
    name: &str,
    scopes: &str,
    expires_at: Option<Timestamp>,
) -> (String, [Statement; 2]) {
    let wish = Wish { name, scopes, expires_at };
    let made = Made::new(call, call.draw(), call.secret());
    let noted = audit::insert(call, "KEY_MADE", None, &made.id, &json!({}), &wish.told());
    let kept = made.kept(call, &wish);
    (made.key, [kept, noted])
}

/// Makes a key once for the form with this number; `None`: the form was sent before.
pub async fn make(
    app: &App,
    call: &Call,
    form: &str,
    wish: &Wish<'_>,
) -> Result<Option<String>, Error> {
    let (public, _) = derived(app, &["key form", form]);
    let made = Made::new(call, public, call.secret());
    let noted = audit::insert(call, "KEY_MADE", None, &made.id, &json!({}), &wish.told());
    match app.db.batch(vec![made.kept(call, wish), noted]).await {
        Ok(()) => Ok(Some(made.key)),
        Err(DbError::Constraint) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Revokes a key at once; one that was revoked before stays so.
pub async fn revoke(app: &App, call: &Call, id: &str) -> Result<(), Error> {
    let key = keys::rotated(&app.db, id).await?.ok_or(Error::Missing)?;
    if key.id != id {
        return Err(Error::Missing);
    }
    let noted = audit::insert(call, "KEY_REVOKED", None, id, &json!({}), &json!({}));
    match app.db.batch(vec![keys::revoke(id, call.now), noted]).await {
        Ok(()) | Err(DbError::Constraint) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Replaces the key that calls by a new one of the same name, scopes and end, and revokes it. The old
/// key with the same `name` of the call (its `Idempotency-Key`) gets the same new one again, for as
/// long as that stands.
pub async fn rotate(app: &App, call: &Call, id: &str, name: Option<&str>) -> Result<String, Error> {
    let old = keys::rotated(&app.db, id).await?.ok_or(Error::Forbidden)?;
    let made = match name {
        Some(name) => {
            let (public, secret) = derived(app, &["key rotation", &old.id, name]);
            Made::new(call, public, secret)
        }
        None => Made::new(call, call.draw(), call.secret()),
    };
    if old.revoked_at.is_some() {
        return again(&old, made);
    }
    let wish = Wish { name: &old.name, scopes: &old.scopes, expires_at: old.expires_at };
    let about = json!({ "replacedBy": made.id });
    let mut batch = vec![made.kept(call, &wish)];
    batch.extend(keys::replace(&old.id, &made.id, call.now));
    batch.push(audit::insert(call, "KEY_ROTATED", None, &old.id, &json!({}), &about));
    match app.db.batch(batch).await {
        Ok(()) => Ok(made.key),
        // Another rotation was first: the same one, or not.
        Err(DbError::Constraint) => {
            let old = keys::rotated(&app.db, id).await?.ok_or(Error::Forbidden)?;
            again(&old, made)
        }
        Err(error) => Err(error.into()),
    }
}

/// The key that the same rotation made before.
fn again(old: &Rotated, made: Made) -> Result<String, Error> {
    if old.successor.as_ref() == Some(&made.public) { Ok(made.key) } else { Err(Error::Forbidden) }
}

/// Bytes that the same words always give.
fn derived(app: &App, words: &[&str]) -> ([u8; 16], [u8; 32]) {
    let text = words.join("\0");
    let bytes = |part: u8| app.settings.mac("api key", &[&[part], text.as_bytes()]);
    let mut public = [0; 16];
    public.copy_from_slice(&bytes(1)[..16]);
    (public, bytes(2))
}

/// The public part by which a key is looked up.
#[must_use]
pub fn public(key: &str) -> Option<&str> {
    key.strip_prefix("prn_")?.split_once('_').map(|it| it.0)
}

/// Whether a key is the one that was hashed, compared in constant time.
#[must_use]
pub fn fits(key: &str, hashed: &str) -> bool {
    hash(key).as_bytes().ct_eq(hashed.as_bytes()).into()
}
