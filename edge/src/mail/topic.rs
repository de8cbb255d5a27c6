//! What people may refuse: messages as their readers tell them apart. Kinds of which nobody gets more than
//! one, such as the three welcomes, are one topic.

use super::Kind;

/// What a message is about, for whoever may refuse it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Topic {
    /// They take part.
    Welcome,
    /// Their link was opened.
    Opened,
    /// A friend signed up.
    Friend,
    /// A friend does not count yet.
    Waiting,
    /// A friend counts.
    Credit,
    /// A reward is theirs.
    Reward,
    /// What a month brought.
    Month,
    /// The programme ended.
    End,
    /// What the owner writes in their own words.
    Own,
}

/// All of them, in the order in which they are shown.
pub const TOPICS: [Topic; 9] = [
    Topic::Welcome,
    Topic::Opened,
    Topic::Friend,
    Topic::Waiting,
    Topic::Credit,
    Topic::Reward,
    Topic::Month,
    Topic::End,
    Topic::Own,
];

/// Something said of each of them.
pub type Each<T> = [T; TOPICS.len()];

impl Topic {
    /// Its name in tables, links and forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Welcome => "WELCOME",
            Self::Opened => "OPENED",
            Self::Friend => "FRIEND",
            Self::Waiting => "WAITING",
            Self::Credit => "CREDIT",
            Self::Reward => "REWARD",
            Self::Month => "MONTH",
            Self::End => "END",
            Self::Own => "OWN",
        }
    }

    /// The topic of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        TOPICS.into_iter().find(|it| it.as_str() == text)
    }
}

impl Kind {
    /// What it is about; none: nobody may refuse it.
    #[must_use]
    pub const fn topic(self) -> Option<Topic> {
        Some(match self {
            Self::WelcomeNonReferred | Self::WelcomeReferred | Self::AddedByHand => Topic::Welcome,
            Self::ReferralLinkViewedFirstTime => Topic::Opened,
            Self::ReferredSignup => Topic::Friend,
            Self::FollowUpReminder => Topic::Waiting,
            Self::ReferralLinkUsed => Topic::Credit,
            Self::GoalAchieved => Topic::Reward,
            Self::ProgressUpdateMonthly => Topic::Month,
            Self::CampaignEndedWinners | Self::CampaignEndedNonWinners => Topic::End,
            Self::FreeForm => Topic::Own,
            Self::LoginLink
            | Self::RewardWaits
            | Self::CouponsLow
            | Self::MemberInvitation
            | Self::MemberSignInLink => return None,
        })
    }

    /// What one click refuses. Whoever did not ask to take part is promised that it is enough: none stands
    /// for everything.
    #[must_use]
    pub fn refuses(self) -> Option<Topic> {
        self.topic().filter(|_| self != Self::AddedByHand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::kind::ALL;

    #[test]
    fn what_may_be_refused_has_a_topic_and_every_topic_a_message() {
        for kind in ALL {
            assert_eq!(kind.topic().is_some(), kind.purpose().refusable(), "{kind:?}");
        }
        for topic in TOPICS {
            assert_eq!(Topic::parse(topic.as_str()), Some(topic));
            assert!(ALL.iter().any(|it| it.topic() == Some(topic)), "{topic:?}");
        }
        assert_eq!(Topic::parse("ALL"), None);
    }
}
