//! When a bond is credited, and what it earns then.

use alloc::{vec, vec::Vec};

use super::{Outcome, Standing};
use crate::{
    campaign::{Campaign, Trigger},
    code::Code,
    decision::Reason,
    reward::{
        Approval, Budget, Earned, Event, Given, Known, Met, Moment, Picked, Refused, Rule, Source,
        Taken, Tally, earn,
    },
    time::{Span, Timestamp},
    zone::Month,
};

/// What a credit is decided on.
#[derive(Clone, Debug)]
pub struct CreditFacts<'a> {
    /// The campaign's terms.
    pub campaign: &'a Campaign,
    /// The rules in force.
    pub rules: &'a [Rule],
    /// The friend.
    pub friend: &'a Code,
    /// The referrer.
    pub referrer: &'a Standing,
    /// When the bond was made.
    pub bound_at: Timestamp,
    /// The referrer's counts so far; of the leads, those whose sign-up was told.
    pub total: Tally,
    /// Those of this calendar month.
    pub monthly: Tally,
    /// Whether the friend came before their sign-up was told: they are among those for whom more than a
    /// browser vouches already, if it does.
    pub came: bool,
    /// How many of the referrer's referrals met each rule's conditions so far.
    pub picked: &'a [Picked],
    /// What the referrer has by each rule.
    pub given: &'a [Given],
    /// What was given for this friend before.
    pub taken: &'a [Taken],
    /// What is left of the budget.
    pub budget: Budget,
    /// What conditions look at.
    pub known: &'a Known,
    /// Who says that the event happened.
    pub source: Source,
    /// When it happened.
    pub now: Timestamp,
}

/// What follows from the event that a referral waited for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Credit {
    /// The referral's new outcome; none: it stays as it is.
    pub outcome: Option<Outcome>,
    /// The calendar month in which it counts.
    pub month: Month,
    /// What both sides earn.
    pub rewards: Vec<Earned>,
    /// By which rules nothing is earned, and why.
    pub refused: Vec<Refused>,
    /// For which rules that count by their conditions it counts.
    pub counted: Vec<Met>,
    /// What is left of the budget.
    pub budget: Budget,
    /// Why, most important first.
    pub reasons: Vec<Reason>,
}

impl CreditFacts<'_> {
    /// The referrer's counts and the month's, with this friend among those of an event.
    #[must_use]
    pub fn counts(&self, event: Event) -> (Tally, Tally) {
        let one = |tally: Tally| {
            let counted = self.came && event == Event::Lead;
            let vouched = u32::from(self.source != Source::Browser && !counted);
            match event {
                Event::Lead => Tally {
                    leads: tally.leads.saturating_add(1),
                    vouched_leads: tally.vouched_leads.saturating_add(vouched),
                    ..tally
                },
                Event::Conversion => Tally {
                    credited: tally.credited.saturating_add(1),
                    vouched: tally.vouched.saturating_add(vouched),
                    ..tally
                },
            }
        };
        (one(self.total), one(self.monthly))
    }

    fn moment(&self, event: Event) -> Moment<'_> {
        let (total, monthly) = self.counts(event);
        Moment {
            options: &self.campaign.options,
            event,
            source: self.source,
            referrer: &self.referrer.participant,
            friend: self.friend,
            total,
            monthly,
            month: self.month(),
            picked: self.picked,
            given: self.given,
            taken: self.taken,
            budget: self.budget,
            known: self.known,
            now: self.now,
        }
    }

    fn month(&self) -> Month {
        self.campaign.options.time_zone.month(self.now)
    }

    fn refused(&self, outcome: Option<Outcome>, reason: Reason) -> Credit {
        Credit {
            outcome,
            month: self.month(),
            rewards: Vec::new(),
            refused: Vec::new(),
            counted: Vec::new(),
            budget: self.budget,
            reasons: vec![reason],
        }
    }

    fn earned(&self, event: Event, outcome: Option<Outcome>) -> Credit {
        let verdict = earn(self.rules, &self.moment(event));
        let mut reasons = vec![Reason::Qualified];
        if verdict.earned.is_empty() && verdict.refused.is_empty() {
            reasons.push(Reason::NoRuleApplies);
        }
        for refused in &verdict.refused {
            if !reasons.contains(&refused.reason) {
                reasons.push(refused.reason);
            }
        }
        let waits = |test: fn(&Earned) -> bool| verdict.earned.iter().any(test);
        if waits(|it| it.source == Source::Browser) {
            reasons.push(Reason::AwaitsConfirmation);
        } else if waits(|it| it.approval == Approval::ByHand) {
            reasons.push(Reason::AwaitsApproval);
        } else if waits(|it| matches!(it.approval, Approval::At(_))) {
            reasons.push(Reason::AwaitsHold);
        }
        Credit {
            outcome,
            month: self.month(),
            rewards: verdict.earned,
            refused: verdict.refused,
            counted: verdict.counted,
            budget: verdict.budget,
            reasons,
        }
    }
}

/// Until when a referral that was bound at this time may be credited; none: for ever.
#[must_use]
pub fn expires_at(campaign: &Campaign, bound_at: Timestamp) -> Option<Timestamp> {
    let window = campaign.options.referral_credit_window_days;
    window.map(|it| bound_at + Span::days(i64::from(it)))
}

/// Why a pending referral's event brings nothing, and the referral's new outcome, if it gets one.
///
/// The credit window is closed at both ends; after it, the referral is labelled expired.
#[must_use]
pub fn refusal(facts: &CreditFacts<'_>) -> Option<(Option<Outcome>, Reason)> {
    let late = expires_at(facts.campaign, facts.bound_at).is_some_and(|it| it < facts.now);
    misfit(facts, facts.campaign.runs_at(facts.now))
        .map(|it| (None, it))
        .or_else(|| late.then_some((Some(Outcome::Expired), Reason::CreditWindowPassed)))
}

/// What speaks against campaign or referrer.
fn misfit(facts: &CreditFacts<'_>, runs: bool) -> Option<Reason> {
    if !runs {
        return Some(Reason::CampaignNotRunning);
    }
    (!facts.referrer.good_at(facts.now)).then_some(Reason::ReferrerBlocked)
}

/// Decides what a pending referral's event brings.
#[must_use]
pub fn credit(facts: &CreditFacts<'_>) -> Credit {
    match refusal(facts) {
        Some((outcome, reason)) => facts.refused(outcome, reason),
        None => facts.earned(Event::Conversion, Some(Outcome::Awarded)),
    }
}

/// Decides what a delayed credit brings on its day: its event came within the credit window, or it
/// would not have been put off (R-DELAY-3). That day may be past, and the campaign may have ended
/// since.
#[must_use]
pub fn credit_delayed(facts: &CreditFacts<'_>) -> Credit {
    let (campaign, day) = (facts.campaign, facts.now);
    match misfit(facts, campaign.ran_at(day) && !campaign.is_over(day)) {
        Some(reason) => facts.refused(None, reason),
        None => facts.earned(Event::Conversion, Some(Outcome::Awarded)),
    }
}

/// Decides what a friend's sign-up earns by the rules that ask for no more, where the campaign waits
/// for a further event (R-REWARD-9): elsewhere the sign-up is the conversion, and would earn twice.
/// `None`: no rule asks.
#[must_use]
pub fn lead(facts: &CreditFacts<'_>) -> Option<Credit> {
    let waits = facts.campaign.installation.referral_trigger == Trigger::Custom;
    let asked = waits && facts.rules.iter().any(|it| it.is_visible && it.event == Event::Lead);
    (asked && misfit(facts, facts.campaign.runs_at(facts.now)).is_none())
        .then(|| facts.earned(Event::Lead, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        campaign::{Status, tests::campaign},
        reward::{Side, rules::double},
    };

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn standing(text: &str) -> Standing {
        Standing { participant: code(text), blocked_at: None }
    }

    #[track_caller]
    fn credits(
        facts: &CreditFacts<'_>,
        outcome: Option<Outcome>,
        reasons: &[Reason],
        sides: &[Side],
    ) {
        let credit = credit(facts);
        assert_eq!((credit.outcome, credit.reasons.as_slice()), (outcome, reasons));
        assert_eq!(credit.rewards.iter().map(|it| it.side).collect::<Vec<_>>(), sides);
    }

    #[test]
    fn r_credit_1_the_event_awards_both_sides_once_the_terms_are_met() {
        let (campaign, rules) = (campaign(), [double()]);
        let (friend, ada, known) = (code("bob"), standing("ada"), Known::default());
        let facts = CreditFacts {
            campaign: &campaign,
            rules: &rules,
            friend: &friend,
            referrer: &ada,
            bound_at: NOW,
            total: Tally::default(),
            monthly: Tally::default(),
            came: false,
            picked: &[],
            given: &[],
            taken: &[],
            budget: Budget::default(),
            known: &known,
            source: Source::Server,
            now: NOW,
        };
        let both = [Side::Friend, Side::Referrer];
        credits(&facts, Some(Outcome::Awarded), &[Reason::Qualified], &both);
        let browser = CreditFacts { source: Source::Browser, ..facts.clone() };
        let waits = [Reason::Qualified, Reason::AwaitsConfirmation];
        credits(&browser, Some(Outcome::Awarded), &waits, &both);
        assert!(credit(&browser).rewards.iter().all(|it| it.approval == Approval::ByHand));
        let none = CreditFacts { rules: &[], ..facts.clone() };
        let reasons = [Reason::Qualified, Reason::NoRuleApplies];
        credits(&none, Some(Outcome::Awarded), &reasons, &[]);
        let blocked = Standing { blocked_at: Some(NOW), ..ada.clone() };
        let refused = CreditFacts { referrer: &blocked, ..facts.clone() };
        credits(&refused, None, &[Reason::ReferrerBlocked], &[]);
        let ended = Campaign { status: Status::Complete, ..campaign.clone() };
        let refused = CreditFacts { campaign: &ended, ..facts };
        credits(&refused, None, &[Reason::CampaignNotRunning], &[]);
    }

    #[test]
    fn r_credit_2_the_credit_window_is_closed_at_both_ends() {
        let mut campaign = campaign();
        campaign.options.referral_credit_window_days = Some(7);
        let (friend, ada, known) = (code("bob"), standing("ada"), Known::default());
        let at = |bound_at| CreditFacts {
            campaign: &campaign,
            rules: &[],
            friend: &friend,
            referrer: &ada,
            bound_at,
            total: Tally::default(),
            monthly: Tally::default(),
            came: false,
            picked: &[],
            given: &[],
            taken: &[],
            budget: Budget::default(),
            known: &known,
            source: Source::Server,
            now: NOW,
        };
        let reasons = [Reason::Qualified, Reason::NoRuleApplies];
        credits(&at(NOW - Span::days(7)), Some(Outcome::Awarded), &reasons, &[]);
        let late = at(NOW - Span::days(7) - Span(1));
        credits(&late, Some(Outcome::Expired), &[Reason::CreditWindowPassed], &[]);
        // On the day of a delayed credit the window was looked at already.
        assert_eq!(credit_delayed(&late).reasons, reasons);
    }

    #[test]
    fn r_reward_9_a_lead_earns_where_the_campaign_waits_for_more_and_nowhere_else() {
        let (friend, ada, known) = (code("bob"), standing("ada"), Known::default());
        let rules = [Rule { event: Event::Lead, ..double() }];
        let earned = |referral_trigger, rules: &[Rule]| {
            let mut campaign = campaign();
            campaign.installation.referral_trigger = referral_trigger;
            let facts = CreditFacts {
                campaign: &campaign,
                rules,
                friend: &friend,
                referrer: &ada,
                bound_at: NOW,
                total: Tally::default(),
                monthly: Tally::default(),
                came: false,
                picked: &[],
                given: &[],
                taken: &[],
                budget: Budget::default(),
                known: &known,
                source: Source::Server,
                now: NOW,
            };
            lead(&facts).map(|it| it.rewards.len())
        };
        assert_eq!(earned(Trigger::Custom, &rules), Some(2));
        assert_eq!(earned(Trigger::OnSignup, &rules), None, "the sign-up is the conversion");
        assert_eq!(earned(Trigger::Custom, &[double()]), None);
    }
}
