//! What the console is told: plain rows, newest first.

use shared::{decision::Kind, lang::Lang, referral::Outcome, time::Timestamp};

/// All that the page shows of one campaign.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Console<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What the owner calls the campaign.
    pub campaign_name: &'a str,
    /// Clicks so far.
    pub clicks: Clicks,
    /// Who takes part, newest first.
    pub participants: Vec<ParticipantRow>,
    /// Who referred whom, newest first.
    pub referrals: Vec<ReferralRow>,
    /// How many rewards wait for the owner's hand.
    pub waiting_count: u64,
    /// The longest waiting of them.
    pub waiting: Vec<WaitingRow>,
    /// What was earned, newest first.
    pub rewards: Vec<RewardRow>,
    /// What was decided, newest first.
    pub decisions: Vec<DecisionRow>,
}

/// Clicks by class.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Clicks {
    /// Somebody followed the link.
    pub person: u64,
    /// A browser looked ahead.
    pub prefetch: u64,
    /// A messenger or network fetched a preview.
    pub preview: u64,
    /// A crawler.
    pub robot: u64,
}

/// A participant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParticipantRow {
    /// Their name, or nothing.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their code.
    pub code: String,
    /// When they joined.
    pub since: Timestamp,
    /// How many friends they brought that count.
    pub referrals: u64,
}

/// A referral.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReferralRow {
    /// The friend, by name or address.
    pub friend: String,
    /// The referrer, by name or address.
    pub referrer: String,
    /// What has become of it.
    pub outcome: Outcome,
    /// When the friend was bound.
    pub since: Timestamp,
}

/// A reward.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RewardRow {
    /// Who earned it, by name or address.
    pub who: String,
    /// What it is, in the page's language.
    pub what: String,
    /// Where it stands.
    pub state: RewardState,
    /// Whether it can be had by now.
    pub available: bool,
    /// When it was earned.
    pub since: Timestamp,
}

/// A reward that waits for the owner's hand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WaitingRow {
    /// Who earned it, by name or address.
    pub who: String,
    /// What it is, in the page's language.
    pub what: String,
    /// Its number.
    pub id: String,
    /// Since when it waits.
    pub since: Timestamp,
}

/// Where a reward stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RewardState {
    /// The owner, or the rule, has agreed.
    Approved,
    /// Removed, reversed or expired.
    Cancelled,
    /// Handed over.
    Fulfilled,
    /// Not approved yet.
    Waiting,
}

/// A decision.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecisionRow {
    /// When it was taken.
    pub at: Timestamp,
    /// What it was about, in the page's language: a friend, an order.
    pub about: String,
    /// How it went.
    pub kind: Kind,
    /// Why: whole sentences in the page's language.
    pub reasons: Vec<String>,
}
