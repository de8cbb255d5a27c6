//! The attribution token: a JWT (RFC 7519) signed with HS256, which the owner's back end can verify
//! offline with any JWT library.

use alloc::{format, string::String, vec::Vec};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};

use crate::{
    code::Code,
    secret::{MacKey, Secret, verifies},
    time::{Span, Timestamp},
};

/// What a token claims. No name, no address, no terms: money never depends on what a browser sends.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Claims {
    /// The installation that signed.
    pub iss: String,
    /// The campaign.
    pub aud: String,
    /// The referrer's participant id.
    pub sub: Code,
    /// The click.
    pub jti: String,
    /// The share channel of the link, if it named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ch: Option<String>,
    /// When the click happened, in seconds.
    pub iat: i64,
    /// The last second in which the token is valid.
    pub exp: i64,
    /// Whether the widget saw the visitor arrive on the landing page.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub landed: bool,
}

impl Claims {
    /// The instant of the click.
    #[must_use]
    pub const fn clicked_at(&self) -> Timestamp {
        Timestamp::from_seconds(self.iat)
    }

    /// The same claim with another end.
    #[must_use]
    pub fn until(self, end: Timestamp) -> Self {
        Self { exp: end.seconds(), ..self }
    }
}

/// A generation of a campaign's signing key.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Key {
    /// Counted from 1; the highest signs.
    pub generation: u32,
    /// When the next generation took over.
    #[serde(default)]
    pub retired_at: Option<Timestamp>,
}

/// The key that signs, with the header that names it: worth keeping between clicks.
#[derive(Clone, Debug)]
pub struct SigningKey {
    head: String,
    key: MacKey,
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, thiserror::Error)]
pub enum TokenError {
    /// The header asks for another algorithm than HS256.
    #[error("the token must be signed with HS256")]
    Algorithm,
    /// It was made for another campaign.
    #[error("the token belongs to another campaign")]
    Audience,
    /// Its last second has passed.
    #[error("the token has expired")]
    Expired,
    /// It was issued later than now.
    #[error("the token comes from the future")]
    Future,
    /// Another installation made it.
    #[error("the token comes from another installation")]
    Issuer,
    /// The key that it names was never issued, or was retired more than a window ago.
    #[error("the token names an unknown key")]
    Key,
    /// It is not three parts of base64url with JSON in them.
    #[error("the token is malformed")]
    Malformed,
    /// The signature is wrong.
    #[error("the token's signature is wrong")]
    Signature,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: String,
}

/// The longest token that is looked at; ours have about 350 bytes.
const LONGEST: usize = 1_024;

/// How far an issuing clock may run ahead of ours.
const SKEW: Span = Span::seconds(60);

/// The name of a campaign's key of one generation, as it stands in a token's header.
#[must_use]
pub fn kid(campaign: &str, generation: u32) -> String {
    format!("{campaign}.{generation}")
}

/// A campaign's key of one generation: a secret of the owner's back end.
#[must_use]
pub fn key_for(secret: &Secret, campaign: &str, generation: u32) -> Secret {
    secret.derive("attribution", &kid(campaign, generation))
}

impl SigningKey {
    /// The key of one generation, ready to sign.
    #[must_use]
    pub fn new(secret: &Secret, campaign: &str, generation: u32) -> Self {
        let kid = kid(campaign, generation);
        let header = format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"JWT"}}"#);
        let key = MacKey::new(key_for(secret, campaign, generation).bytes());
        Self { head: BASE64.encode(header), key }
    }
}

/// The signed form of a claim.
#[must_use]
pub fn sign(key: &SigningKey, claims: &Claims) -> String {
    let claims = serde_json::to_vec(claims).unwrap_or_default();
    let mut token = String::with_capacity(key.head.len() + claims.len() * 4 / 3 + 50);
    token.push_str(&key.head);
    token.push('.');
    BASE64.encode_string(claims, &mut token);
    let tag = key.key.mac(&[token.as_bytes()]);
    token.push('.');
    BASE64.encode_string(tag, &mut token);
    token
}

/// Reads a token for one campaign.
///
/// A retired key verifies until one whole window after its retirement, both ends included; `exp` is
/// the last valid second.
pub fn verify(
    secret: &Secret,
    issuer: &str,
    campaign: &str,
    keys: &[Key],
    window: Span,
    now: Timestamp,
    token: &str,
) -> Result<Claims, TokenError> {
    if LONGEST < token.len() {
        return Err(TokenError::Malformed);
    }
    let (signed, tag) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let header: Header = json(header)?;
    if header.alg != "HS256" {
        return Err(TokenError::Algorithm);
    }
    let claims: Claims = json(claims)?;
    if claims.aud != campaign {
        return Err(TokenError::Audience);
    }
    let usable = |key: &&Key| {
        key.retired_at.is_none_or(|retired| now <= retired + window)
            && kid(campaign, key.generation) == header.kid
    };
    let key = keys.iter().find(usable).ok_or(TokenError::Key)?;
    let key = key_for(secret, campaign, key.generation);
    let tag = BASE64.decode(tag).map_err(|_| TokenError::Malformed)?;
    if !verifies(key.bytes(), &[signed.as_bytes()], &tag) {
        return Err(TokenError::Signature);
    }
    if claims.iss != issuer {
        return Err(TokenError::Issuer);
    }
    if claims.exp < now.seconds() {
        return Err(TokenError::Expired);
    }
    if (now + SKEW).seconds() < claims.iat {
        return Err(TokenError::Future);
    }
    Ok(claims)
}

fn json<T: for<'de> Deserialize<'de>>(part: &str) -> Result<T, TokenError> {
    let bytes: Vec<u8> = BASE64.decode(part).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Span = Span::days(30);
    const NOW: Timestamp = Timestamp(1_790_000_000_000);
    const KEY: Key = Key { generation: 1, retired_at: None };

    fn secret() -> Secret {
        Secret::new([7; 32])
    }

    fn claims() -> Claims {
        Claims {
            iss: "prn-1".into(),
            aud: "shop".into(),
            sub: Code::parse("ada").unwrap(),
            jti: "01click".into(),
            ch: Some("whatsapp".into()),
            iat: NOW.seconds(),
            exp: (NOW + Span::hours(1)).seconds(),
            landed: false,
        }
    }

    fn token() -> String {
        sign(&SigningKey::new(&secret(), "shop", 1), &claims())
    }

    #[track_caller]
    fn check(token: &str, keys: &[Key], now: Timestamp, expected: Result<(), TokenError>) {
        let read = verify(&secret(), "prn-1", "shop", keys, WINDOW, now, token);
        assert_eq!(read.map(|_| ()), expected);
    }

    fn forged(header: &str, claims: &Claims) -> String {
        let claims = serde_json::to_string(claims).unwrap();
        format!("{}.{}.", BASE64.encode(header), BASE64.encode(claims))
    }

    #[test]
    fn r_token_1_claims_survive_the_journey() {
        let read = verify(&secret(), "prn-1", "shop", &[KEY], WINDOW, NOW, &token());
        assert_eq!(read, Ok(claims()));
    }

    #[test]
    fn r_token_2_the_last_second_is_valid_and_the_next_is_not() {
        let last = Timestamp::from_seconds(claims().exp);
        check(&token(), &[KEY], last, Ok(()));
        check(&token(), &[KEY], last + Span(999), Ok(()));
        check(&token(), &[KEY], last + Span::seconds(1), Err(TokenError::Expired));
    }

    #[test]
    fn r_token_3_a_retired_key_verifies_for_one_window() {
        let retired = |at| [Key { generation: 1, retired_at: Some(at) }];
        check(&token(), &retired(NOW - WINDOW), NOW, Ok(()));
        check(&token(), &retired(NOW - WINDOW - Span(1)), NOW, Err(TokenError::Key));
        check(&token(), &[], NOW, Err(TokenError::Key));
    }

    #[test]
    fn r_token_4_alg_none_and_other_algorithms_are_refused() {
        for alg in ["none", "None", "HS384", "RS256"] {
            let header = format!(r#"{{"alg":"{alg}","kid":"shop.1"}}"#);
            check(&forged(&header, &claims()), &[KEY], NOW, Err(TokenError::Algorithm));
        }
        let unsigned = forged(r#"{"alg":"HS256","kid":"shop.1"}"#, &claims());
        check(&unsigned, &[KEY], NOW, Err(TokenError::Signature));
    }

    #[test]
    fn r_token_4_tampered_foreign_and_future_tokens_are_refused() {
        let mut tampered = token();
        let place = tampered.len() - 60;
        let other = if &tampered[place..=place] == "A" { "B" } else { "A" };
        tampered.replace_range(place..=place, other);
        let refused = verify(&secret(), "prn-1", "shop", &[KEY], WINDOW, NOW, &tampered);
        assert!(matches!(refused, Err(TokenError::Signature | TokenError::Malformed)));

        let foreign = sign(
            &SigningKey::new(&secret(), "other", 1),
            &Claims { aud: "other".into(), ..claims() },
        );
        check(&foreign, &[KEY], NOW, Err(TokenError::Audience));
        let relabelled = sign(&SigningKey::new(&secret(), "other", 1), &claims());
        check(&relabelled, &[KEY], NOW, Err(TokenError::Key));
        check(&token(), &[KEY], NOW - Span::seconds(61), Err(TokenError::Future));
        let strange = Claims { iss: "prn-2".into(), ..claims() };
        let strange = sign(&SigningKey::new(&secret(), "shop", 1), &strange);
        check(&strange, &[KEY], NOW, Err(TokenError::Issuer));
    }

    #[test]
    fn r_token_4_garbage_is_malformed() {
        let long = "a".repeat(5_000);
        for garbage in ["", ".", "..", "a.b.c", "é.é.é", "null.null.null", long.as_str()] {
            check(garbage, &[KEY], NOW, Err(TokenError::Malformed));
        }
    }
}
