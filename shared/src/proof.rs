//! What a site signs to vouch for its own customer: GrowSurf's hash of the address, or a short JWT
//! (RFC 7519) with HS256.

use alloc::{format, string::String};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Deserialize;

use crate::{
    secret::{Secret, verifies},
    time::{Span, Timestamp},
};

/// The longest time for which a token may vouch, from now to its end.
pub const LONGEST: Span = Span::minutes(15);

/// How far the site's clock may run ahead of ours, or behind.
pub const SKEW: Span = Span::seconds(60);

/// The longest token that is looked at.
const LONGEST_TOKEN: usize = 2_048;

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ProofError {
    /// It is not three parts of base64url with JSON in them, or lacks a claim.
    #[error("the token is malformed")]
    Malformed,
    /// It is not signed with HS256 under the campaign's secret.
    #[error("the signature is wrong")]
    Signature,
    /// It was made for another campaign.
    #[error("the token belongs to another campaign")]
    Audience,
    /// Its end has passed.
    #[error("the token has expired")]
    Expired,
    /// Its end is more than fifteen minutes away.
    #[error("the token vouches for more than 15 minutes")]
    TooLong,
    /// It was issued later than now, or is not to be used yet.
    #[error("the token comes from the future")]
    Future,
}

/// The secret of a campaign's site, as the owner copies it: 64 hexadecimal digits, whose characters
/// are the key.
#[must_use]
pub fn secret(secret: &Secret, campaign: &str, generation: u32) -> String {
    let key = secret.derive("participant", &format!("{campaign}.{generation}"));
    key.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a hash is that of an address, letter by letter as it was sent (R-GUEST-2).
#[must_use]
pub fn hash_fits(secret: &str, email: &str, hash: &str) -> bool {
    unhex(hash).is_some_and(|tag| verifies(secret.as_bytes(), &[email.as_bytes()], &tag))
}

/// Thirty-two bytes in lower-case hexadecimal digits.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |it: u8| match it {
        b'0'..=b'9' => Some(it - b'0'),
        b'a'..=b'f' => Some(it - b'a' + 10),
        _ => None,
    };
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    aud: String,
    exp: i64,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(default)]
    nbf: Option<i64>,
}

/// Whom a token vouches for: an address or a participant's id (R-GUEST-3). `exp` is the last second.
pub fn subject(
    secret: &str,
    campaign: &str,
    now: Timestamp,
    token: &str,
) -> Result<String, ProofError> {
    if LONGEST_TOKEN < token.len() {
        return Err(ProofError::Malformed);
    }
    let (signed, tag) = token.rsplit_once('.').ok_or(ProofError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(ProofError::Malformed)?;
    let header: Header = json(header)?;
    let tag = BASE64.decode(tag).map_err(|_| ProofError::Malformed)?;
    let plain = header.alg == "HS256" && header.crit.is_none();
    if !plain || !verifies(secret.as_bytes(), &[signed.as_bytes()], &tag) {
        return Err(ProofError::Signature);
    }
    let claims: Claims = json(claims)?;
    if claims.aud != campaign {
        return Err(ProofError::Audience);
    }
    let ahead = now.seconds().saturating_add(SKEW.0 / 1_000);
    if [claims.iat, claims.nbf].into_iter().flatten().any(|it| ahead < it) {
        return Err(ProofError::Future);
    }
    if claims.exp < now.seconds() {
        return Err(ProofError::Expired);
    }
    if now.seconds() + LONGEST.0 / 1_000 + SKEW.0 / 1_000 < claims.exp {
        return Err(ProofError::TooLong);
    }
    Ok(claims.sub)
}

fn json<T: serde::de::DeserializeOwned>(part: &str) -> Result<T, ProofError> {
    let bytes = BASE64.decode(part).map_err(|_| ProofError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| ProofError::Malformed)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::secret::mac;

    /// `printf %s ada@example.com | openssl dgst -sha256 -hmac secret`
    const HASH: &str = "d1da3149b0fa35cd09c21c293552aeb73c0085ec04332577adec55eafdee7e0e";

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn signed(key: &str, header: &Value, claims: &Value) -> String {
        let part = |it: &Value| BASE64.encode(serde_json::to_vec(it).unwrap());
        let signed = format!("{}.{}", part(header), part(claims));
        let tag = mac(key.as_bytes(), &[signed.as_bytes()]);
        format!("{signed}.{}", BASE64.encode(tag))
    }

    #[test]
    fn r_guest_2_a_hash_is_that_of_the_exact_address() {
        assert!(hash_fits("secret", "ada@example.com", HASH));
        assert!(!hash_fits("secret", "Ada@example.com", HASH));
        assert!(!hash_fits("other", "ada@example.com", HASH));
        assert!(!hash_fits("secret", "ada@example.com", &HASH.to_uppercase()));
        for wrong in ["", "00", &HASH[1..], &format!("{HASH}0")] {
            assert!(!hash_fits("secret", "ada@example.com", wrong));
        }
    }

    #[test]
    fn r_guest_3_a_token_vouches_for_its_subject_for_fifteen_minutes() {
        let header = json!({ "alg": "HS256", "typ": "JWT" });
        let now = NOW.seconds();
        let read = |header: &Value, claims: Value| {
            subject("key", "shop", NOW, &signed("key", header, &claims))
        };
        let claims = |exp: i64| json!({ "sub": "ada@example.com", "aud": "shop", "exp": exp });
        for exp in [now, now + 900, now + 960] {
            assert_eq!(read(&header, claims(exp)).as_deref(), Ok("ada@example.com"), "{exp}");
        }
        assert_eq!(read(&header, claims(now - 1)), Err(ProofError::Expired));
        assert_eq!(read(&header, claims(now + 961)), Err(ProofError::TooLong));
        let with = |field: &str, value: Value| {
            let mut claims = claims(now + 60);
            claims[field] = value;
            read(&header, claims)
        };
        assert!(with("iat", json!(now + 60)).is_ok());
        assert_eq!(with("iat", json!(now + 61)), Err(ProofError::Future));
        assert_eq!(with("nbf", json!(now + 61)), Err(ProofError::Future));
        assert_eq!(with("aud", json!("other")), Err(ProofError::Audience));
        assert_eq!(with("aud", json!(["shop"])), Err(ProofError::Malformed));
        assert_eq!(with("exp", Value::Null), Err(ProofError::Malformed));
        for header in [
            json!({ "alg": "none" }),
            json!({ "alg": "HS512" }),
            json!({ "alg": "HS256", "crit": ["x"] }),
        ] {
            assert_eq!(read(&header, claims(now + 60)), Err(ProofError::Signature));
        }
        let good = signed("key", &header, &claims(now + 60));
        assert_eq!(subject("other", "shop", NOW, &good), Err(ProofError::Signature));
        for wrong in ["", "a.b", "a.b.c", &good[..good.len() - 1], &"x".repeat(9_999)] {
            assert!(subject("key", "shop", NOW, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_campaign_and_generation_has_a_secret_of_its_own() {
        let root = Secret::new([7; 32]);
        let of = |campaign: &str, generation| secret(&root, campaign, generation);
        assert_eq!(of("shop", 1).len(), 64);
        assert_ne!(of("shop", 1), of("shop", 2));
        assert_ne!(of("shop", 1), of("sho", 1));
    }
}
