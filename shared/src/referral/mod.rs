//! The bond between a friend and the one who referred them: how it is made, and where it stands.

mod credit;

pub use self::credit::{Credit, CreditFacts, credit, credit_delayed, expires_at, lead, refusal};

use alloc::{vec, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    attribution::{Claims, TokenError, Touches, winner},
    campaign::{Campaign, Precedence},
    code::Code,
    decision::{Coarse, Reason},
    reward::Source,
    time::Timestamp,
};

/// Where a referral stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// Waits for the qualifying event.
    Pending,
    /// Waits for somebody to look at it.
    Held,
    /// Credited.
    Awarded,
    /// The event came too late, or never.
    Expired,
    /// Refused for good.
    Rejected,
    /// Credited, and undone by a refund: it counts no more.
    Reversed,
}

/// A referral's status on the wire.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// A lead.
    CreditPending,
    /// Credited.
    CreditAwarded,
    /// Too late.
    CreditExpired,
}

impl Outcome {
    /// The status that the wire has for it.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Pending | Self::Held => Status::CreditPending,
            Self::Awarded | Self::Reversed => Status::CreditAwarded,
            Self::Expired | Self::Rejected => Status::CreditExpired,
        }
    }

    /// What the referrer learns of it: no cause, no refund, no sign of abuse.
    #[must_use]
    pub const fn coarse(self) -> Coarse {
        match self {
            Self::Pending | Self::Held => Coarse::Waits,
            Self::Awarded => Coarse::Counts,
            Self::Expired | Self::Rejected | Self::Reversed => Coarse::DoesNotCount,
        }
    }

    /// The name in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Held => "HELD",
            Self::Awarded => "AWARDED",
            Self::Expired => "EXPIRED",
            Self::Rejected => "REJECTED",
            Self::Reversed => "REVERSED",
        }
    }
}

/// A possible referrer, as far as a bond depends on them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Standing {
    /// Who.
    pub participant: Code,
    /// Since when their link brings nothing.
    pub blocked_at: Option<Timestamp>,
}

impl Standing {
    fn good_at(&self, at: Timestamp) -> bool {
        self.blocked_at.is_none_or(|blocked| at < blocked)
    }
}

/// The referrer whom somebody named: by a typed code, or the back end by id or address.
#[derive(Clone, Copy, Debug)]
pub enum Typed<'a> {
    /// Nobody was named.
    Nothing,
    /// Whoever was named does not take part here.
    Unknown,
    /// This one.
    Of(&'a Standing),
}

/// What a bond is decided on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The campaign's terms.
    pub campaign: &'a Campaign,
    /// The friend, once known.
    pub friend: Option<&'a Code>,
    /// The claim that won, if a browser or back end brought one.
    pub claim: Option<&'a Claims>,
    /// Why a token that was brought does not count.
    pub refused: Option<TokenError>,
    /// The referrer whom the claim names, if they still exist.
    pub clicked: Option<&'a Standing>,
    /// The referrer whose code was typed or named by the back end.
    pub typed: Typed<'a>,
    /// When the friend is bound.
    pub now: Timestamp,
}

/// Who referred, by which click, and why (not).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bond {
    /// The referrer.
    pub referrer: Option<Code>,
    /// Whether the click made the bond.
    pub by_click: bool,
    /// Why, most important first.
    pub reasons: Vec<Reason>,
}

/// The claim that counts among the touches, by the campaign's touch rule and window.
#[must_use]
pub fn claim<'a>(campaign: &Campaign, touches: &'a Touches, now: Timestamp) -> Option<&'a Claims> {
    winner(touches, campaign.options.attribution_model, campaign.window(), now)
}

/// Binds a friend to a referrer, once and for life.
#[must_use]
pub fn bind(facts: &Facts<'_>) -> Bond {
    let clicked = clicked(facts);
    let typed = match facts.typed {
        Typed::Nothing => None,
        Typed::Unknown => Some(Err(Reason::ReferrerUnknown)),
        Typed::Of(it) => Some(standing(facts, it, facts.now)),
    };
    let refused = |reason| Bond { referrer: None, by_click: false, reasons: vec![reason] };
    match (typed, clicked) {
        (Some(Ok(typed)), Some(Ok(clicked))) if typed != clicked => {
            let (referrer, by_click, reason) = match facts.campaign.options.code_precedence {
                Precedence::Code => (typed, false, Reason::CodeBeatsClick),
                Precedence::Click => (clicked, true, Reason::ClickBeatsCode),
            };
            Bond { referrer: Some(referrer), by_click, reasons: vec![reason] }
        }
        (_, Some(Ok(referrer))) => {
            Bond { referrer: Some(referrer), by_click: true, reasons: vec![Reason::ByClick] }
        }
        (Some(Ok(referrer)), _) => {
            Bond { referrer: Some(referrer), by_click: false, reasons: vec![Reason::ByCode] }
        }
        (Some(Err(reason)), _) | (None, Some(Err(reason))) => refused(reason),
        (None, None) => refused(match facts.refused {
            Some(TokenError::Expired) => Reason::TokenExpired,
            Some(_) => Reason::TokenInvalid,
            None => Reason::NobodyReferred,
        }),
    }
}

/// Whether a fresh bond takes the place of the one that stands: where a browser alone vouches for
/// that one, and somebody better names another referrer (R-SOURCE-4).
#[must_use]
pub fn replaces(fresh: &Bond, said_by: Source, referrer: &Code, vouched_by: Source) -> bool {
    vouched_by == Source::Browser
        && said_by != Source::Browser
        && fresh.referrer.as_ref().is_some_and(|it| it != referrer)
}

/// The referrer of the claim, or what speaks against them.
fn clicked(facts: &Facts<'_>) -> Option<Result<Code, Reason>> {
    let claim = facts.claim?;
    if !facts.campaign.ran_at(claim.clicked_at()) {
        return Some(Err(Reason::CampaignNotRunning));
    }
    let Some(referrer) = facts.clicked else { return Some(Err(Reason::ReferrerUnknown)) };
    Some(standing(facts, referrer, claim.clicked_at()))
}

/// A referrer in good standing at the click and now, who is not the friend.
fn standing(facts: &Facts<'_>, referrer: &Standing, at: Timestamp) -> Result<Code, Reason> {
    if !referrer.good_at(at) || !referrer.good_at(facts.now) {
        Err(Reason::ReferrerBlocked)
    } else if facts.friend == Some(&referrer.participant) {
        Err(Reason::OwnLink)
    } else {
        Ok(referrer.participant.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{campaign::tests::campaign, time::Span};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn standing(text: &str) -> Standing {
        Standing { participant: code(text), blocked_at: None }
    }

    fn claims(referrer: &str, at: Timestamp) -> Claims {
        Claims {
            iss: "prn".into(),
            aud: "shop".into(),
            sub: code(referrer),
            jti: "c".into(),
            ch: None,
            iat: at.seconds(),
            exp: i64::MAX,
            landed: true,
        }
    }

    fn facts(campaign: &Campaign) -> Facts<'_> {
        Facts {
            campaign,
            friend: None,
            claim: None,
            refused: None,
            clicked: None,
            typed: Typed::Nothing,
            now: NOW,
        }
    }

    #[track_caller]
    fn check(facts: &Facts<'_>, referrer: Option<&str>, reason: Reason) {
        let bond = bind(facts);
        assert_eq!((bond.referrer, bond.reasons), (referrer.map(code), vec![reason]));
    }

    #[test]
    fn r_bond_1_click_or_code_name_the_referrer() {
        let campaign = campaign();
        let (ada, claim) = (standing("ada"), claims("ada", NOW));
        let click = Facts { claim: Some(&claim), clicked: Some(&ada), ..facts(&campaign) };
        check(&click, Some("ada"), Reason::ByClick);
        check(&Facts { typed: Typed::Of(&ada), ..facts(&campaign) }, Some("ada"), Reason::ByCode);
        let unknown = Facts { typed: Typed::Unknown, ..facts(&campaign) };
        check(&unknown, None, Reason::ReferrerUnknown);
        check(&Facts { typed: Typed::Unknown, ..click }, Some("ada"), Reason::ByClick);
        check(&facts(&campaign), None, Reason::NobodyReferred);
    }

    #[test]
    fn r_bond_2_a_typed_code_against_a_click_is_decided_by_the_campaign_and_named() {
        let campaign = campaign();
        let (ada, bob, claim) = (standing("ada"), standing("bob"), claims("ada", NOW));
        let both = Facts {
            claim: Some(&claim),
            clicked: Some(&ada),
            typed: Typed::Of(&bob),
            ..facts(&campaign)
        };
        check(&both, Some("bob"), Reason::CodeBeatsClick);
        let mut clicks = campaign.clone();
        clicks.options.code_precedence = Precedence::Click;
        check(&Facts { campaign: &clicks, ..both }, Some("ada"), Reason::ClickBeatsCode);
    }

    #[test]
    fn r_bond_3_referrer_and_campaign_stand_well_at_the_click_and_now() {
        let campaign = campaign();
        let at = NOW - Span::days(1);
        let claim = claims("ada", at);
        let with = |blocked| Standing { participant: code("ada"), blocked_at: blocked };
        for blocked in [at, NOW] {
            let ada = with(Some(blocked));
            let facts = Facts { claim: Some(&claim), clicked: Some(&ada), ..facts(&campaign) };
            check(&facts, None, Reason::ReferrerBlocked);
        }
        let ada = with(Some(NOW + Span(1)));
        let good = Facts { claim: Some(&claim), clicked: Some(&ada), ..facts(&campaign) };
        check(&good, Some("ada"), Reason::ByClick);
        let gone = Facts { claim: Some(&claim), ..facts(&campaign) };
        check(&gone, None, Reason::ReferrerUnknown);

        let late = Campaign { started_at: Some(NOW), ..campaign.clone() };
        let early = Facts { campaign: &late, ..good.clone() };
        check(&early, None, Reason::CampaignNotRunning);
        let ended = Campaign { ended_at: Some(at - Span(1)), ..campaign.clone() };
        check(&Facts { campaign: &ended, ..good }, None, Reason::CampaignNotRunning);
    }

    #[test]
    fn r_bond_4_nobody_refers_themselves() {
        let campaign = campaign();
        let (ada, claim) = (standing("ada"), claims("ada", NOW));
        let friend = code("ada");
        let own = Facts {
            claim: Some(&claim),
            clicked: Some(&ada),
            friend: Some(&friend),
            ..facts(&campaign)
        };
        check(&own, None, Reason::OwnLink);
    }

    #[test]
    fn r_source_4_only_a_better_source_that_names_another_referrer_replaces_a_bond() {
        use Source::{Browser, Server, Signed};
        let to = |referrer: Option<&str>| Bond {
            referrer: referrer.map(code),
            by_click: true,
            reasons: vec![Reason::ByClick],
        };
        let eve = code("eve");
        for (referrer, said_by, vouched_by, expected) in [
            (Some("ann"), Server, Browser, true),
            (Some("ann"), Signed, Browser, true),
            (Some("ann"), Browser, Browser, false),
            (Some("ann"), Server, Signed, false),
            (Some("ann"), Server, Server, false),
            (Some("eve"), Server, Browser, false),
            (None, Server, Browser, false),
        ] {
            assert_eq!(replaces(&to(referrer), said_by, &eve, vouched_by), expected);
        }
    }

    #[test]
    fn r_bond_5_a_refused_token_leaves_its_reason() {
        let campaign = campaign();
        let with = |error| Facts { refused: Some(error), ..facts(&campaign) };
        check(&with(TokenError::Expired), None, Reason::TokenExpired);
        check(&with(TokenError::Signature), None, Reason::TokenInvalid);
    }
}
