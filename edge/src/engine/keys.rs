//! API keys: `prn_<8 public>_<secret>`, of which only a hash is kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::id;
use subtle::ConstantTimeEq;

use crate::{call::Call, engine::owner::hash, sql::Statement, store::keys};

/// A new key, and the statement that keeps its hash.
pub fn create(call: &Call, name: &str) -> (String, Statement) {
    let public = id::short(call.draw(), 8);
    let key = format!("prn_{public}_{}", BASE64.encode(call.secret()));
    let statement = keys::insert(&call.id(), &public, &hash(&key), name, call.now);
    (key, statement)
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
