//! Test links: a token that counts for nothing, by which an owner tries their installation, and the made-up
//! address of somebody who signs up by one.

use alloc::{format, string::String};

use super::{Claims, Touches};
use crate::{
    code::Code,
    email::Email,
    time::{Span, Timestamp},
};

/// How long a test lasts.
pub const TRIAL_LIFE: Span = Span::hours(1);

/// No participant has such an id: ids have no hyphen.
const PREFIX: &str = "test-";

/// The claims of a test's link; none, where its mark is too long for a code.
#[must_use]
pub fn trial(issuer: &str, campaign: &str, mark: &str, now: Timestamp) -> Option<Claims> {
    Some(Claims {
        iss: issuer.into(),
        aud: campaign.into(),
        sub: Code::parse(&format!("{PREFIX}{mark}")).ok()?,
        jti: String::from(mark),
        ch: None,
        iat: now.seconds(),
        exp: (now + TRIAL_LIFE).seconds(),
        landed: false,
    })
}

impl Claims {
    /// The mark of the test whose link this is.
    #[must_use]
    pub fn trial(&self) -> Option<&str> {
        self.sub.as_str().strip_prefix(PREFIX)
    }

    /// Whether this is the link of a test that is over.
    #[must_use]
    pub fn is_past_trial(&self, now: Timestamp) -> bool {
        self.trial().is_some() && self.clicked_at() + TRIAL_LIFE < now
    }
}

/// What one browser keeps for one campaign: the touches that count, and the link of a test that was
/// opened since. A real click ends the test, and a test hides no real click (R-TRIAL-1).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Kept {
    /// The touches that count.
    pub touches: Option<Touches>,
    /// The link of the test.
    pub test: Option<Claims>,
}

impl Kept {
    /// Reads what was kept, oldest first; tests that are over are none.
    #[must_use]
    pub fn read(claims: impl IntoIterator<Item = Claims>, now: Timestamp) -> Self {
        let mut kept = Self::default();
        for it in claims {
            if it.trial().is_some() {
                kept.test = Some(it).filter(|it| !it.is_past_trial(now));
                continue;
            }
            kept.test = None;
            kept.touches = Some(match kept.touches {
                None => Touches { first: None, last: it },
                Some(Touches { first: None, last }) => Touches { first: Some(last), last: it },
                Some(both) => both,
            });
        }
        kept
    }

    /// All of it, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Claims> {
        self.touches.iter().flat_map(Touches::iter).chain(&self.test)
    }
}

impl From<Touches> for Kept {
    fn from(touches: Touches) -> Self {
        Self { touches: Some(touches), test: None }
    }
}

/// The domain of made-up addresses: nobody can own it (RFC 2606).
const NOWHERE: &str = "parrain.example";

/// The made-up address by which a test's sign-up is known even where its link was lost.
#[must_use]
pub fn made_up(mark: &str) -> String {
    format!("{PREFIX}{mark}@{NOWHERE}")
}

/// The mark of the test whose made-up address this is.
#[must_use]
pub fn tried(email: &Email) -> Option<String> {
    let identity = email.identity();
    let mark = identity.strip_suffix(NOWHERE)?.strip_suffix('@')?.strip_prefix(PREFIX)?;
    Some(mark.into())
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn r_trial_1_a_test_counts_for_an_hour_and_hides_no_real_click() {
        let now = Timestamp::from_seconds(10_000);
        let test = trial("prn-x", "shop", "0123456789ab", now).unwrap();
        assert_eq!(test.trial(), Some("0123456789ab"));
        let real = |id: &str| Claims { sub: Code::parse(id).unwrap(), ..test.clone() };
        let [a, b, c] = ["ada", "bob", "cid"].map(real);
        assert_eq!(a.trial(), None);
        let one = |last: &Claims| Some(Touches { first: None, last: last.clone() });
        let both = Some(Touches { first: Some(a.clone()), last: b.clone() });
        let late = now + TRIAL_LIFE + Span::seconds(1);
        for at in [now, now + TRIAL_LIFE, late] {
            let goes_on = Some(test.clone()).filter(|_| at < late);
            for (kept, touches, test) in [
                (vec![], None, None),
                (vec![&a], one(&a), None),
                (vec![&a, &b], both.clone(), None),
                (vec![&test], None, goes_on.clone()),
                (vec![&a, &test], one(&a), goes_on.clone()),
                // Both real ones outlive the test.
                (vec![&a, &b, &test], both.clone(), goes_on.clone()),
                // A real click since ends the test.
                (vec![&test, &a], one(&a), None),
                (vec![&a, &test, &b], both.clone(), None),
                (vec![&a, &b, &c], both.clone(), None),
            ] {
                let read = Kept::read(kept.into_iter().cloned(), at);
                assert_eq!(read, Kept { touches, test });
                assert_eq!(Kept::read(read.iter().cloned(), at), read);
            }
        }
        assert_eq!(trial("prn-x", "shop", "much-too-long-a-mark", now), None);
    }

    #[test]
    fn r_trial_4_a_made_up_address_names_its_test() {
        let tried = |text: &str| tried(&Email::parse(text).unwrap());
        let address = made_up("0123456789ab");
        assert_eq!(address, "test-0123456789ab@parrain.example");
        for text in [&*address, " TEST-0123456789AB@Parrain.Example "] {
            assert_eq!(tried(text).as_deref(), Some("0123456789ab"));
        }
        for text in [
            "0123456789ab@parrain.example",
            "test-0123456789ab@parrain.example.com",
            "test-0123456789ab@eparrain.example",
            "atest-1@parrain.example",
            "test-1@example.com",
        ] {
            assert_eq!(tried(text), None, "{text}");
        }
    }
}
