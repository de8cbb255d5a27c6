//! The installation's one secret and the keys derived from it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Thirty-two bytes that no log, answer or table ever shows.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Wraps entropy that was drawn, or read back from where it is kept.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key for one purpose and one subject.
    ///
    /// The purpose ends with a zero byte, so that no pair of arguments reads as another pair.
    #[must_use]
    pub fn derive(&self, purpose: &str, subject: &str) -> Self {
        Self(mac(&self.0, &[purpose.as_bytes(), &[0], subject.as_bytes()]))
    }

    /// The bytes, for whoever signs with them or hands them to the owner's back end.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key of HMAC-SHA256 with its schedule worked out, for keys that are used again and again: a
/// short message costs half as much.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl MacKey {
    /// Works out the schedule of a key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of any length"))
    }

    /// HMAC-SHA256 of the parts, one after the other.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.fed(parts).finalize().into_bytes().into()
    }

    fn fed(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut state = self.0.clone();
        for part in parts {
            state.update(part);
        }
        state
    }
}

impl core::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MacKey(…)")
    }
}

/// HMAC-SHA256 of the parts, one after the other.
#[must_use]
pub fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    MacKey::new(key).mac(parts)
}

/// Whether `tag` is the HMAC-SHA256 of the parts, compared in constant time.
#[must_use]
pub fn verifies(key: &[u8], parts: &[&[u8]], tag: &[u8]) -> bool {
    MacKey::new(key).fed(parts).verify_slice(tag).is_ok()
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn purposes_and_subjects_do_not_run_into_each_other() {
        let secret = Secret::new([7; 32]);
        assert_ne!(secret.derive("a", "bc"), secret.derive("ab", "c"));
        assert_eq!(secret.derive("a", "bc"), secret.derive("a", "bc"));
    }

    #[test]
    fn a_changed_message_or_tag_does_not_verify() {
        let tag = mac(b"key", &[b"mes", b"sage"]);
        assert!(verifies(b"key", &[b"message"], &tag));
        assert!(!verifies(b"key", &[b"massage"], &tag));
        assert!(!verifies(b"key", &[b"message"], &tag[..31]));
        assert!(!verifies(b"other", &[b"message"], &tag));
    }

    #[test]
    fn debug_output_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new([7; 32])), "Secret(…)");
        assert_eq!(format!("{:?}", MacKey::new(&[7; 32])), "MacKey(…)");
    }
}
