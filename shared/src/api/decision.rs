//! Our own bodies: decisions, and the keys that verify attribution tokens.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    decision::{Coarse, Kind, Reason},
    time::Timestamp,
};

/// A stored answer to "why (not)?".
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Sorts by time.
    pub id: String,
    /// What was decided.
    pub kind: Kind,
    /// Why, most important first; the names are stable.
    pub reasons: Vec<Reason>,
    /// The same as sentences, in the language that was asked for.
    pub text: String,
    /// Ids and numbers that it rested on.
    pub facts: serde_json::Value,
    /// When.
    pub created_at: Timestamp,
}

/// `GET /campaign/{id}/participant/{p}/decisions`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Decisions {
    /// Newest first.
    pub decisions: Vec<Decision>,
    /// How many were asked for.
    pub limit: u32,
    /// Where the next page begins.
    pub next_id: Option<String>,
}

/// A decision as the person whom it is about reads it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Sorts by time.
    pub id: String,
    /// Why, in the language that was asked for.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
}

/// How a friend's referral stands, as the one who referred them reads it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldFriend {
    /// The friend's initial, such as `B.`.
    pub friend: String,
    /// The calendar month in which they came.
    pub month: String,
    /// How it stands.
    pub status: Coarse,
    /// The same in words.
    pub text: &'static str,
}

/// The same list for another audience.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldDecisions<T> {
    /// Newest first.
    pub decisions: Vec<T>,
    /// How many were asked for.
    pub limit: u32,
    /// Where the next page begins.
    pub next_id: Option<String>,
}

/// A key that verifies attribution tokens: a secret of the owner's back end.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributionKey {
    /// Its name in a token's header.
    pub kid: String,
    /// `HS256`.
    pub alg: &'static str,
    /// Thirty-two bytes, base64url.
    pub key: String,
    /// When the next one took over; it verifies for one window more.
    pub retired_at: Option<Timestamp>,
}

/// `GET /campaign/{id}/attribution-keys`.
#[derive(Clone, Debug, Serialize)]
pub struct AttributionKeys {
    /// Oldest first.
    pub keys: Vec<AttributionKey>,
}
