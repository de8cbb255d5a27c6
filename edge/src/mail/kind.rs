//! The kinds of message: what they are called, whom they go to, what may stop them, what they may say.

use serde::{Deserialize, Serialize};
use shared::team::Role;

/// A kind of message. Its name is that of the wire.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Somebody joined, and nobody referred them.
    WelcomeNonReferred,
    /// Somebody joined by a link.
    WelcomeReferred,
    /// Somebody was added by hand, or imported.
    AddedByHand,
    /// A referrer's link was opened for the first time.
    ReferralLinkViewedFirstTime,
    /// A friend signed up.
    ReferredSignup,
    /// A friend signed up some days ago, and does not count yet.
    FollowUpReminder,
    /// A referral was credited.
    ReferralLinkUsed,
    /// A reward is theirs.
    GoalAchieved,
    /// The campaign ended, to those who earned something.
    CampaignEndedWinners,
    /// The campaign ended, to the others.
    CampaignEndedNonWinners,
    /// What a month brought.
    ProgressUpdateMonthly,
    /// A link by which a participant signs in.
    LoginLink,
    /// A reward waits for the owner's approval.
    RewardWaits,
    /// A pool of coupons runs low.
    CouponsLow,
    /// Somebody is invited to the team.
    MemberInvitation,
    /// A link by which a member signs in.
    MemberSignInLink,
    /// What the owner wrote for one person.
    FreeForm,
}

/// All of them.
pub const ALL: [Kind; 17] = [
    Kind::WelcomeNonReferred,
    Kind::WelcomeReferred,
    Kind::AddedByHand,
    Kind::ReferralLinkViewedFirstTime,
    Kind::ReferredSignup,
    Kind::FollowUpReminder,
    Kind::ReferralLinkUsed,
    Kind::GoalAchieved,
    Kind::CampaignEndedWinners,
    Kind::CampaignEndedNonWinners,
    Kind::ProgressUpdateMonthly,
    Kind::LoginLink,
    Kind::RewardWaits,
    Kind::CouponsLow,
    Kind::MemberInvitation,
    Kind::MemberSignInLink,
    Kind::FreeForm,
];

/// Whom a message goes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Audience {
    /// A participant.
    Participant,
    /// A member of the team.
    Member,
}

/// What a message is for, and so what may stop it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// It invites to do more: at most [`MOST_PROMOTIONS`] a week, and whoever refuses gets none.
    Promotion,
    /// It tells what happened: once per occasion, unless they refuse.
    Notice,
    /// They asked for it: it cannot be refused.
    SignIn,
    /// It is the team's work.
    Work,
}

/// The most promotions that one person gets in seven days.
pub const MOST_PROMOTIONS: u32 = 3;

impl Purpose {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Promotion => "PROMOTION",
            Self::Notice => "NOTICE",
            Self::SignIn => "SIGN_IN",
            Self::Work => "WORK",
        }
    }

    /// Whether people may refuse it.
    #[must_use]
    pub const fn refusable(self) -> bool {
        matches!(self, Self::Promotion | Self::Notice)
    }
}

impl Kind {
    /// Its name on the wire and in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WelcomeNonReferred => "welcomeNonReferred",
            Self::WelcomeReferred => "welcomeReferred",
            Self::AddedByHand => "addedByHand",
            Self::ReferralLinkViewedFirstTime => "referralLinkViewedFirstTime",
            Self::ReferredSignup => "referredSignup",
            Self::FollowUpReminder => "followUpReminder",
            Self::ReferralLinkUsed => "referralLinkUsed",
            Self::GoalAchieved => "goalAchieved",
            Self::CampaignEndedWinners => "campaignEndedWinners",
            Self::CampaignEndedNonWinners => "campaignEndedNonWinners",
            Self::ProgressUpdateMonthly => "progressUpdateMonthly",
            Self::LoginLink => "loginLink",
            Self::RewardWaits => "rewardWaits",
            Self::CouponsLow => "couponsLow",
            Self::MemberInvitation => "memberInvitation",
            Self::MemberSignInLink => "memberSignInLink",
            Self::FreeForm => "freeForm",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whom it goes to.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::RewardWaits
            | Self::CouponsLow
            | Self::MemberInvitation
            | Self::MemberSignInLink => Audience::Member,
            _ => Audience::Participant,
        }
    }

    /// Whether members of that role are told, unless they refuse: as the schema writes it.
    #[must_use]
    pub fn works_for(self, role: Role) -> bool {
        match self {
            Self::RewardWaits => [Role::Owner, Role::Manager, Role::Reviewer].contains(&role),
            Self::CouponsLow => [Role::Owner, Role::Manager].contains(&role),
            _ => false,
        }
    }

    /// What it is for.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::AddedByHand
            | Self::ReferralLinkViewedFirstTime
            | Self::FollowUpReminder
            | Self::ProgressUpdateMonthly
            | Self::FreeForm => Purpose::Promotion,
            Self::WelcomeNonReferred
            | Self::WelcomeReferred
            | Self::ReferredSignup
            | Self::ReferralLinkUsed
            | Self::GoalAchieved
            | Self::CampaignEndedWinners
            | Self::CampaignEndedNonWinners => Purpose::Notice,
            Self::LoginLink | Self::MemberInvitation | Self::MemberSignInLink => Purpose::SignIn,
            Self::RewardWaits | Self::CouponsLow => Purpose::Work,
        }
    }

    /// Whether the owner may write it in their own words.
    #[must_use]
    pub const fn editable(self) -> bool {
        !matches!(self, Self::MemberInvitation | Self::MemberSignInLink | Self::FreeForm)
    }

    /// Whether it is sent by itself, so that the owner may switch it off.
    #[must_use]
    pub const fn automatic(self) -> bool {
        self.editable() && !matches!(self, Self::LoginLink)
    }

    /// Whether a back end may ask for it to be sent to one participant.
    #[must_use]
    pub const fn requestable(self) -> bool {
        self.automatic()
            && matches!(self.audience(), Audience::Participant)
            && !matches!(self, Self::FollowUpReminder)
    }

    /// What the owner may merge into it.
    #[must_use]
    pub fn variables(self) -> Vec<&'static str> {
        let mut variables = match self {
            Self::MemberInvitation | Self::MemberSignInLink => vec!["signInUrl", "host"],
            Self::RewardWaits => vec!["programName", "companyName", "consoleUrl", "waitingCount"],
            Self::CouponsLow => vec!["programName", "companyName", "consoleUrl", "pools"],
            _ => vec![
                "firstName",
                "lastName",
                "programName",
                "companyName",
                "shareUrl",
                "pageUrl",
                "cardUrl",
                "rewards",
                "friendRewards",
                "disclosure",
                "leadCount",
                "referralCount",
                "rewardCount",
                "referrerFirstName",
            ],
        };
        variables.extend_from_slice(match self {
            Self::ReferredSignup | Self::FollowUpReminder | Self::ReferralLinkUsed => {
                &["friendName"]
            }
            Self::GoalAchieved => {
                &["reward", "couponCode", "isReferrer", "needsAddress", "choosesCharity"]
            }
            Self::ProgressUpdateMonthly => &["month", "monthlyReferralCount", "monthlyClickCount"],
            Self::LoginLink => &["signInUrl"],
            _ => &[],
        });
        variables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde_and_read_back() {
        for kind in ALL {
            assert_eq!(crate::sql::name(&kind), kind.as_str());
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse("invite"), None);
        for purpose in [Purpose::Promotion, Purpose::Notice, Purpose::SignIn, Purpose::Work] {
            assert_eq!(crate::sql::name(&purpose), purpose.as_str());
        }
    }

    #[test]
    fn a_back_end_may_ask_for_the_wires_nine_and_ours() {
        let names: Vec<_> =
            ALL.into_iter().filter(|it| it.requestable()).map(Kind::as_str).collect();
        assert_eq!(
            names,
            [
                "welcomeNonReferred",
                "welcomeReferred",
                "addedByHand",
                "referralLinkViewedFirstTime",
                "referredSignup",
                "referralLinkUsed",
                "goalAchieved",
                "campaignEndedWinners",
                "campaignEndedNonWinners",
                "progressUpdateMonthly",
            ]
        );
    }
}
