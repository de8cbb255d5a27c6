//! Test links: a token that counts for nothing, by which an owner tries their installation.

use alloc::{format, string::String};

use super::{Claims, Touches};
use crate::{
    code::Code,
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

impl Touches {
    /// The touches without those of tests that are over, or that a real click followed: what is left
    /// counts (R-TRIAL-1).
    #[must_use]
    pub fn without_past_trials(self, now: Timestamp) -> Option<Self> {
        let Self { first, last } = self;
        let first = first.filter(|it| it.trial().is_none());
        if last.is_past_trial(now) {
            return first.map(|last| Self { first: None, last });
        }
        Some(Self { first, last })
    }

    /// The touches without those of any test.
    #[must_use]
    pub fn without_trials(self) -> Option<Self> {
        let Self { first, last } = self;
        let first = first.filter(|it| it.trial().is_none());
        if last.trial().is_some() {
            return first.map(|last| Self { first: None, last });
        }
        Some(Self { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_trial_1_a_test_counts_for_an_hour_and_hides_no_real_click() {
        let now = Timestamp::from_seconds(10_000);
        let test = trial("prn-x", "shop", "0123456789ab", now).unwrap();
        assert_eq!(test.trial(), Some("0123456789ab"));
        let real = Claims { sub: Code::parse("ada").unwrap(), ..test.clone() };
        assert_eq!(real.trial(), None);
        let touches = |first: Option<&Claims>, last: &Claims| Touches {
            first: first.cloned(),
            last: last.clone(),
        };
        let end = now + TRIAL_LIFE;
        let late = end + Span::seconds(1);
        let with = touches(Some(&real), &test);
        assert_eq!(with.clone().without_past_trials(end), Some(with.clone()));
        assert_eq!(with.without_past_trials(late), Some(touches(None, &real)));
        assert_eq!(touches(None, &test).without_past_trials(late), None);
        for at in [now, late] {
            let found = touches(Some(&test), &real).without_past_trials(at);
            assert_eq!(found, Some(touches(None, &real)));
        }
        assert_eq!(touches(Some(&real), &test).without_trials(), Some(touches(None, &real)));
        assert_eq!(touches(Some(&test), &real).without_trials(), Some(touches(None, &real)));
        assert_eq!(touches(None, &test).without_trials(), None);
        assert_eq!(trial("prn-x", "shop", "much-too-long-a-mark", now), None);
    }
}
