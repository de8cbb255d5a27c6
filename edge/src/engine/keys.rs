//! API keys: `prn_<8 public>_<secret>`, of which only a hash is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::{id, time::Timestamp};
use subtle::ConstantTimeEq;

use crate::{
    call::{By, Call},
    engine::entry::hash,
    sql::Statement,
    store::keys::{self, New},
};

/// A new key, and the statement that keeps its hash.
pub fn create(
    call: &Call,
    name: &str,
    scopes: &str,
    expires_at: Option<Timestamp>,
) -> (String, Statement) {
    let public = id::short(call.draw(), 8);
    let key = format!("prn_{public}_{}", BASE64.encode(call.secret()));
    let by = match &call.by {
        By::Member(id) => Some(id.as_str()),
        _ => None,
    };
    let (id, hash) = (call.id(), hash(&key));
    let new = New { id: &id, public: &public, hash: &hash, name, scopes, by, expires_at };
    (key, keys::insert(&new, call.now))
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
