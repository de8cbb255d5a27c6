//! Whether anything may be kept in a browser.

use serde::{Deserialize, Serialize};

/// What the campaign asks for before anything is kept in a browser.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Consent {
    /// Nothing is kept before the visitor agreed.
    #[default]
    Required,
    /// The owner has another legal ground.
    NotRequired,
}

/// What the visitor said.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Choice {
    /// Agreed: on the site's banner, or by claiming the friend's offer.
    Granted,
    /// Refused.
    Denied,
    /// Not asked yet.
    #[default]
    Unknown,
}

/// Whether a cookie or web storage may be used.
///
/// `refused_globally` is `Sec-GPC: 1`: it counts as a refusal until an express claim.
#[must_use]
pub fn may_keep(consent: Consent, choice: Choice, refused_globally: bool) -> bool {
    match choice {
        Choice::Granted => true,
        Choice::Denied => false,
        Choice::Unknown => consent == Consent::NotRequired && !refused_globally,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_consent_1_nothing_is_kept_while_consent_is_required_and_unknown() {
        assert!(!may_keep(Consent::Required, Choice::Unknown, false));
        assert!(may_keep(Consent::NotRequired, Choice::Unknown, false));
        assert!(!may_keep(Consent::NotRequired, Choice::Denied, false));
        assert!(may_keep(Consent::Required, Choice::Granted, false));
    }

    #[test]
    fn r_consent_2_a_global_refusal_holds_until_an_express_claim() {
        assert!(!may_keep(Consent::NotRequired, Choice::Unknown, true));
        assert!(may_keep(Consent::Required, Choice::Granted, true));
    }
}
