//! Who was a customer before: hashes as ad platforms take them, and what proves it.

use alloc::{format, string::String, vec, vec::Vec};

use sha2::{Digest, Sha256};

use crate::{
    email::Email,
    secret::{Secret, mac},
};

/// A hash as owners send it, in lower case: SHA-256 in 64 hexadecimal digits.
#[must_use]
pub fn hash(text: &str) -> Option<String> {
    let is_hash = text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
    is_hash.then(|| text.to_ascii_lowercase())
}

/// The hashes under which an address may be in a list: of what was typed, and of its identity, whose
/// domain is in ASCII.
#[must_use]
pub fn hashes(email: &Email) -> Vec<String> {
    let mut hashes = vec![digest(&email.as_str().to_lowercase()), digest(&email.identity())];
    hashes.dedup();
    hashes
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// What is kept of a hash: nobody who has the table alone can try addresses on it.
#[must_use]
pub fn kept(secret: &Secret, campaign: &str, hash: &str) -> String {
    hex(&mac(secret.derive("customer", campaign).bytes(), &[hash.as_bytes()]))
}

/// What is known of somebody's past.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Past {
    /// Whether the owner's list of customers names them; none: there is no list.
    pub listed: Option<bool>,
    /// Whether they had an order before this event.
    pub ordered: bool,
    /// Whether this event is an order.
    pub orders_now: bool,
}

impl Past {
    /// Whether they never bought before; `None`: nothing proves it (R-CUSTOMER-2).
    #[must_use]
    pub fn is_new(self) -> Option<bool> {
        if self.ordered || self.listed == Some(true) {
            return Some(false);
        }
        (self.orders_now || self.listed.is_some()).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_customer_2_a_list_or_the_order_feed_proves_who_is_new() {
        let past = |listed, ordered, orders_now| Past { listed, ordered, orders_now }.is_new();
        for (expected, found) in [
            (None, past(None, false, false)),
            (Some(true), past(None, false, true)),
            (Some(false), past(None, true, false)),
            (Some(false), past(None, true, true)),
            (Some(true), past(Some(false), false, false)),
            (Some(true), past(Some(false), false, true)),
            (Some(false), past(Some(false), true, false)),
            (Some(false), past(Some(true), false, false)),
            (Some(false), past(Some(true), false, true)),
            (Some(false), past(Some(true), true, true)),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn r_customer_1_hashes_are_those_of_ad_platforms_and_kept_under_a_key() {
        let known = "eb78be9ab00fb9a67fde8eb0a49a4d13b4b4b6e4ab2ff6e2c9e0ae9b0b4e5cb0";
        let hash_of = |text: &str| hashes(&Email::parse(text).unwrap());
        let ann = hash_of(" Ann@Example.com ");
        assert_eq!(ann, hash_of("ann@example.com"));
        assert_eq!((ann.len(), ann[0].len()), (1, 64));
        assert_eq!(hash_of("ann@bücher.example").len(), 2);
        assert_eq!(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hash(&known.to_uppercase()).as_deref(), Some(known));
        for wrong in ["", "x", &known[1..], &format!("{known}0"), &known.replace('e', "g")] {
            assert_eq!(hash(wrong), None, "{wrong}");
        }
        let secret = Secret::new([7; 32]);
        let shop = kept(&secret, "shop", known);
        assert_ne!(shop, known);
        assert_ne!(shop, kept(&secret, "other", known));
        assert_ne!(shop, kept(&Secret::new([8; 32]), "shop", known));
        assert_eq!(shop, kept(&secret, "shop", known));
    }
}
