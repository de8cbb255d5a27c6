//! What the owner sets against fraud.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{campaign::Flaw, email::Email};

/// The owner's settings: whom to keep out, whom to let in, and how fast friends may come.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Addresses about which no signal is raised, with `*` for any characters.
    pub allowed_emails: Vec<String>,
    /// Whether friends with throw-away mailboxes are refused instead of held.
    pub block_burner_emails: bool,
    /// Addresses that are refused as friends, with `*` for any characters.
    pub blocked_emails: Vec<String>,
    /// How many friends a referrer may bring in 24 hours before further ones are held; none: any
    /// number.
    pub max_friends_per_day: Option<u32>,
    /// The same in one hour.
    pub max_friends_per_hour: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allowed_emails: Vec::new(),
            block_burner_emails: false,
            blocked_emails: Vec::new(),
            // Four busy hours. No peer publishes a figure for a day.
            max_friends_per_day: Some(20),
            // GrowSurf's guide to referral fraud: more than 5 in one hour.
            max_friends_per_hour: Some(5),
        }
    }
}

/// The most patterns in a list: campaigns are read whole by every call.
const PATTERNS: usize = 200;

/// The longest pattern: as long as an address.
const LONGEST: usize = 254;

/// The most friends that a limit may name.
const FRIENDS: u32 = 100_000;

impl Options {
    /// What is wrong with these settings, if anything.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw> {
        let lists = [
            ("fraud.allowedEmails", &self.allowed_emails),
            ("fraud.blockedEmails", &self.blocked_emails),
        ];
        let sound = |it: &String| {
            (1..=LONGEST).contains(&it.len())
                && it.contains(['@', '*'])
                && !it.contains(|it: char| it.is_whitespace() || it.is_control())
        };
        for (field, list) in lists {
            if PATTERNS < list.len() {
                return Some(Flaw { field, problem: "holds at most 200 addresses" });
            }
            if !list.iter().all(sound) {
                let problem = "holds addresses such as ann@example.com or *@example.com";
                return Some(Flaw { field, problem });
            }
        }
        let limits = [
            ("fraud.maxFriendsPerDay", self.max_friends_per_day),
            ("fraud.maxFriendsPerHour", self.max_friends_per_hour),
        ];
        let wrong = |it: &Option<u32>| it.is_some_and(|it| !(1..=FRIENDS).contains(&it));
        let (field, _) = limits.into_iter().find(|(_, it)| wrong(it))?;
        Some(Flaw { field, problem: "must be null or a whole number from 1 to 100000" })
    }

    /// Whether the owner trusts an address.
    #[must_use]
    pub fn allows(&self, email: &Email) -> bool {
        listed(&self.allowed_emails, &email.identity())
    }

    /// Whether the owner keeps an address out, in any spelling of its mailbox.
    pub(super) fn blocks(&self, email: &Email) -> bool {
        let forms = [email.identity(), email.mailbox()];
        forms.iter().any(|it| listed(&self.blocked_emails, it))
    }
}

fn listed(patterns: &[String], address: &str) -> bool {
    patterns.iter().any(|it| matches(it.to_lowercase().as_bytes(), address.as_bytes()))
}

/// Whether a text has the form of a pattern, whose `*` stand for any characters or none.
///
/// It goes back to the last `*` only, so it takes at most pattern times text steps.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut star = None;
    while let Some(byte) = text.get(at) {
        match pattern.get(place) {
            Some(b'*') => {
                star = Some((place + 1, at));
                place += 1;
            }
            Some(it) if it == byte => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                (place, at) = (after, from + 1);
            }
        }
    }
    pattern.iter().skip(place).all(|it| *it == b'*')
}

#[cfg(test)]
mod tests {
    use alloc::{string::ToString, vec};

    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
    }

    #[test]
    fn stars_stand_for_any_characters_or_none() {
        for (pattern, text, expected) in [
            ("ann@example.com", "ann@example.com", true),
            ("ann@example.com", "ann@example.co", false),
            ("ann@example.co", "ann@example.com", false),
            ("*@example.com", "ann@example.com", true),
            ("*@example.com", "@example.com", true),
            ("*@example.com", "ann@sub.example.com", false),
            ("*.example.com", "ann@sub.example.com", true),
            ("ann*@*", "annabel@x.y", true),
            ("*", "", true),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
            ("*a*a*b", "aaaaaaaaaaaaac", false),
            ("*ab", "aabab", true),
        ] {
            check(pattern, text, expected);
        }
        // What makes a naive matcher hang.
        check(&"*a".repeat(120), &"a".repeat(119), false);
    }

    #[test]
    fn settings_name_the_field_that_is_wrong() {
        let field = |it: Options| it.flaw().map(|it| it.field);
        assert_eq!(field(Options::default()), None);
        let list = |it: &str| vec![it.to_string()];
        for wrong in ["", "example.com", "a b@example.com", "a@b\n"] {
            let it = Options { blocked_emails: list(wrong), ..Options::default() };
            assert_eq!(field(it), Some("fraud.blockedEmails"), "{wrong:?}");
            let it = Options { allowed_emails: list(wrong), ..Options::default() };
            assert_eq!(field(it), Some("fraud.allowedEmails"), "{wrong:?}");
        }
        let many = |n| Options { blocked_emails: vec!["*@x.y".into(); n], ..Options::default() };
        assert_eq!((field(many(200)), field(many(201))), (None, Some("fraud.blockedEmails")));
        for (most, sound) in [
            (None, true),
            (Some(1), true),
            (Some(FRIENDS), true),
            (Some(0), false),
            (Some(FRIENDS + 1), false),
        ] {
            let hour = Options { max_friends_per_hour: most, ..Options::default() };
            assert_eq!(field(hour).is_none(), sound, "{most:?}");
            let day = Options { max_friends_per_day: most, ..Options::default() };
            assert_eq!(field(day).is_none(), sound, "{most:?}");
        }
    }
}
