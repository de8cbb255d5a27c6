//! What an authenticator sends, checked as the W3C's Web Authentication (Level 3, sections 7.1 and
//! 7.2) says: ES256 keys, no attestation.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Where passkeys are good: an origin, and its host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Site<'a> {
    /// `https://links.example`.
    pub origin: &'a str,
    /// `links.example`.
    pub host: &'a str,
}

/// What the browser was asked to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ceremony {
    /// Make a passkey.
    Create,
    /// Sign with one.
    Get,
}

/// Why what was sent does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// The client's data cannot be read, or is of another ceremony.
    #[error("the client's data is not of this ceremony")]
    Client,
    /// It was made for another site, or within a page of one.
    #[error("the passkey is for another site")]
    Site,
    /// The authenticator's data cannot be read.
    #[error("the authenticator's data cannot be read")]
    Data,
    /// Nobody was there, or the authenticator did not make sure who.
    #[error("the authenticator did not verify the person")]
    Person,
    /// It is no key on P-256 for ES256.
    #[error("the key is not an ES256 key")]
    Key,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// It signed no more often than it said before: there may be a copy of it.
    #[error("the counter went back")]
    Counter,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// The challenge that a client's data answers.
pub fn challenge(site: Site<'_>, ceremony: Ceremony, client: &[u8]) -> Result<String, Flaw> {
    let client: Client = serde_json::from_slice(client).map_err(|_| Flaw::Client)?;
    let expected = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    if client.kind != expected {
        return Err(Flaw::Client);
    }
    if client.origin != site.origin || client.cross_origin {
        return Err(Flaw::Site);
    }
    Ok(client.challenge)
}

/// A key as an authenticator tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Made {
    /// The credential's id.
    pub id: Vec<u8>,
    /// The key's point, uncompressed.
    pub point: Vec<u8>,
    /// How often it signed.
    pub counter: u32,
}

/// What stands at the beginning of an authenticator's data.
struct Head {
    flags: u8,
    counter: u32,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// The head of an authenticator's data for this site, and what follows it.
fn head<'d>(site: Site<'_>, data: &'d [u8]) -> Result<(Head, &'d [u8]), Flaw> {
    let (hash, rest) = data.split_at_checked(32).ok_or(Flaw::Data)?;
    let (&flags, rest) = rest.split_first().ok_or(Flaw::Data)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Flaw::Data)?;
    if hash != Sha256::digest(site.host).as_slice() {
        return Err(Flaw::Site);
    }
    Ok((Head { flags, counter: u32::from_be_bytes(*counter) }, rest))
}

/// Whether somebody was there, and the authenticator made sure that it was its owner: a passkey is all
/// that is asked for.
fn person(flags: u8) -> Result<(), Flaw> {
    let both = PRESENT | VERIFIED;
    if flags & both == both { Ok(()) } else { Err(Flaw::Person) }
}

/// A COSE key for ES256 in the one form that CTAP2 writes: `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`.
fn point(key: &[u8]) -> Result<Vec<u8>, Flaw> {
    const BEFORE_X: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    const BEFORE_Y: [u8; 3] = [0x22, 0x58, 0x20];
    let rest = key.strip_prefix(&BEFORE_X).ok_or(Flaw::Key)?;
    let (x, rest) = rest.split_at_checked(32).ok_or(Flaw::Key)?;
    let y = rest.strip_prefix(&BEFORE_Y).and_then(|it| it.get(..32)).ok_or(Flaw::Key)?;
    let point = [&[4], x, y].concat();
    VerifyingKey::from_sec1_bytes(&point).map_err(|_| Flaw::Key)?;
    Ok(point)
}

/// The key that an authenticator made, of its data. No attestation is asked for, so nothing is
/// signed: what counts is that the member's own session sends it.
pub fn made(site: Site<'_>, data: &[u8]) -> Result<Made, Flaw> {
    let (head, rest) = head(site, data)?;
    person(head.flags)?;
    if head.flags & ATTESTED == 0 {
        return Err(Flaw::Data);
    }
    // The model of the authenticator is nobody's business.
    let rest = rest.get(16..).ok_or(Flaw::Data)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Flaw::Data)?;
    let length = usize::from(u16::from_be_bytes(*length));
    // Ids have at most 1023 bytes (section 4).
    let (id, key) = rest.split_at_checked(length).ok_or(Flaw::Data)?;
    if id.is_empty() || 1_023 < id.len() {
        return Err(Flaw::Data);
    }
    Ok(Made { id: id.into(), point: point(key)?, counter: head.counter })
}

/// What a passkey signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The authenticator's data.
    pub data: &'a [u8],
    /// The client's data.
    pub client: &'a [u8],
    /// The signature, in DER.
    pub signature: &'a [u8],
}

/// How often a passkey signed by now, if it signed this.
pub fn signed(site: Site<'_>, point: &[u8], counter: u32, signed: Signed<'_>) -> Result<u32, Flaw> {
    let (head, _) = head(site, signed.data)?;
    person(head.flags)?;
    signature(point, signed)?;
    // Those that do not count say 0 for ever.
    if (head.counter, counter) != (0, 0) && head.counter <= counter {
        return Err(Flaw::Counter);
    }
    Ok(head.counter)
}

fn signature(point: &[u8], it: Signed<'_>) -> Result<(), Flaw> {
    let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| Flaw::Key)?;
    let signature = der(it.signature).ok_or(Flaw::Signature)?;
    let message = [it.data, &Sha256::digest(it.client)].concat();
    key.verify(&message, &signature).map_err(|_| Flaw::Signature)
}

/// A signature from DER: a sequence of two whole numbers that are not negative.
fn der(bytes: &[u8]) -> Option<Signature> {
    let (&[tag, length], rest) = bytes.split_first_chunk::<2>()?;
    if tag != 0x30 || usize::from(length) != rest.len() {
        return None;
    }
    let (r, rest) = number(rest)?;
    let (s, rest) = number(rest)?;
    if !rest.is_empty() {
        return None;
    }
    Signature::from_scalars(r, s).ok()
}

/// A whole number of at most 32 bytes in its shortest form, and what follows it.
fn number(bytes: &[u8]) -> Option<([u8; 32], &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk::<2>()?;
    let (digits, rest) = rest.split_at_checked(usize::from(length))?;
    let shortest = match digits {
        [] => false,
        [0] => true,
        [0, next, ..] => 0x80 <= *next,
        [first, ..] => *first < 0x80,
    };
    let digits = digits.strip_prefix(&[0]).filter(|it| !it.is_empty()).unwrap_or(digits);
    let start = 32_usize.checked_sub(digits.len())?;
    let mut number = [0; 32];
    number.get_mut(start..)?.copy_from_slice(digits);
    (tag == 0x02 && shortest).then_some((number, rest))
}

/// Bytes from base64url.
#[must_use]
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Bytes as base64url.
#[must_use]
pub fn encoded(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
