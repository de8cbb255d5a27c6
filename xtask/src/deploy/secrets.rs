//! The secrets of a new installation.

use anyhow::{Result, anyhow};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::digest;

/// How many random bytes the secrets are made of: three of 256 bits, and a public part.
const ENTROPY: usize = 3 * 32 + 4;

/// Made at the first deployment, shown or sent once, kept nowhere.
pub(super) struct Secrets {
    /// The root of all derived keys.
    pub(super) installation: String,
    /// The part of the first API key by which it is found.
    pub(super) key_public: String,
    /// The part of the first API key that proves it.
    pub(super) key_secret: String,
    /// What the owner's link carries.
    pub(super) owner: String,
}

impl Secrets {
    /// New ones.
    pub(super) fn random() -> Result<Self> {
        let mut entropy = [0; ENTROPY];
        #[expect(clippy::disallowed_methods, reason = "here entropy enters")]
        getrandom::fill(&mut entropy).map_err(|it| anyhow!("no randomness: {it}"))?;
        Ok(Self::new(entropy))
    }

    fn new(entropy: [u8; ENTROPY]) -> Self {
        let (installation, rest) = entropy.split_at(32);
        let (key, rest) = rest.split_at(32);
        let (owner, public) = rest.split_at(32);
        Self {
            installation: URL_SAFE_NO_PAD.encode(installation),
            key_public: digest::hex(public),
            key_secret: URL_SAFE_NO_PAD.encode(key),
            owner: URL_SAFE_NO_PAD.encode(owner),
        }
    }

    /// The API key as its holder sends it.
    pub(super) fn key(&self) -> String {
        format!("prn_{}_{}", self.key_public, self.key_secret)
    }
}

/// What the database keeps of a secret: 256 random bits need no slow hash.
pub(super) fn hash(secret: &str) -> String {
    digest::sha256(secret.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_have_the_lengths_that_the_service_expects() {
        let secrets = Secrets::random().unwrap();
        let lengths = [&secrets.installation, &secrets.key_secret, &secrets.owner].map(String::len);
        assert_eq!(lengths, [43, 43, 43]);
        assert_eq!(secrets.key().len(), "prn_".len() + 8 + 1 + 43);
    }

    #[test]
    fn no_byte_of_entropy_serves_twice() {
        let mut entropy = [0; ENTROPY];
        for (byte, value) in entropy.iter_mut().zip(0..) {
            *byte = value;
        }
        let secrets = Secrets::new(entropy);
        let decoded = [&secrets.installation, &secrets.key_secret, &secrets.owner]
            .map(|it| URL_SAFE_NO_PAD.decode(it).unwrap());
        assert_eq!(secrets.key_public, "60616263");
        assert_eq!(decoded.concat(), &entropy[..96]);
    }
}
