//! E-mail addresses: what is one, who it names, and which addresses are one mailbox.

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::punycode;

/// An address that a message can be sent to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Email(String);

/// Not an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an e-mail address looks like name@example.com")]
pub struct EmailError;

/// The longest address that SMTP carries (RFC 5321, 4.5.3.1.3, less the angle brackets).
const LONGEST: usize = 254;

impl Email {
    /// Reads an address as people type it: spaces around it are dropped.
    ///
    /// The test is a gate for typing errors, not RFC 5322: one `@`, a domain with a dot, no white
    /// space, no control characters.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        let plain =
            |it: char| !it.is_whitespace() && !it.is_control() && !"<>()[],;:\\\"@".contains(it);
        let labels = domain.split('.');
        let sound = text.len() <= LONGEST
            && !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && local.chars().all(plain)
            && 2 <= labels.clone().count()
            && labels.clone().all(|it| {
                !it.is_empty()
                    && it.len() <= 63
                    && !it.starts_with('-')
                    && !it.ends_with('-')
                    && it.chars().all(|it| it.is_alphanumeric() || it == '-')
            });
        if sound { Ok(Self(text.into())) } else { Err(EmailError) }
    }

    /// The address as it was typed: where messages go.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Who the address names within a campaign: lower case, the domain in ASCII.
    #[must_use]
    pub fn identity(&self) -> String {
        let lower = self.0.to_lowercase();
        match lower.rsplit_once('@') {
            Some((local, domain)) => format!("{local}@{}", ascii(domain)),
            None => lower,
        }
    }

    /// The mailbox behind the identity: without tag, and without the dots that Gmail ignores.
    ///
    /// It compares addresses for fraud signals and never merges people.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let identity = self.identity();
        let Some((local, domain)) = identity.rsplit_once('@') else { return identity };
        let local = local.split('+').next().unwrap_or_default();
        match domain {
            "gmail.com" | "googlemail.com" => format!("{}@gmail.com", local.replace('.', "")),
            _ => format!("{local}@{domain}"),
        }
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// The domain as DNS writes it.
fn ascii(domain: &str) -> String {
    let labels = domain.split('.').map(|label| match punycode::encode(label) {
        Some(encoded) => format!("xn--{encoded}"),
        None => label.into(),
    });
    labels.collect::<Vec<String>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn identity(text: &str, expected: &str) {
        assert_eq!(Email::parse(text).unwrap().identity(), expected);
    }

    #[track_caller]
    fn mailbox(text: &str, expected: &str) {
        assert_eq!(Email::parse(text).unwrap().mailbox(), expected);
    }

    #[test]
    fn r_person_1_identity_is_trimmed_lower_case_and_ascii_in_its_domain() {
        identity("  Ann@Example.COM ", "ann@example.com");
        identity("Ann.B+shop@Gmail.com", "ann.b+shop@gmail.com");
        identity("zoé@bücher.example", "zoé@xn--bcher-kva.example");
    }

    #[test]
    fn r_person_2_the_mailbox_drops_tags_and_the_dots_of_gmail() {
        mailbox("Ann.B+shop@googlemail.com", "annb@gmail.com");
        mailbox("Ann.B+shop@example.com", "ann.b@example.com");
    }

    #[test]
    fn typing_errors_are_refused() {
        for wrong in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@example",
            "ann@.com",
            "ann@example..com",
            "a nn@example.com",
            "ann@exa mple.com",
            "<ann@example.com>",
            "a@b@c.com",
            "ann@-example.com",
            ".ann@example.com",
            "ann@example.com\nBcc: x@y.z",
        ] {
            assert_eq!(Email::parse(wrong), Err(EmailError), "{wrong}");
        }
        assert_eq!(Email::parse(&format!("{}@e.co", "a".repeat(65))), Err(EmailError));
    }
}
