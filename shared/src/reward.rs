//! Rewards: what a rule gives, to whom, and whether it is available to spend.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::{campaign::Options, code::Code};

/// Who earns by a rule.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Sides {
    /// The referrer.
    SingleSided,
    /// The referrer and the friend.
    DoubleSided,
}

/// One of the two people whom a rule can name; there is no third (R-LEVEL-1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    /// The one who referred.
    Referrer,
    /// The one who came.
    Friend,
}

/// What is earned by a referral, by whom, and how often.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Rule {
    /// `crew_…`.
    pub id: String,
    /// Counted from 1; a change makes a new version.
    pub version: u32,
    /// Who earns.
    pub sides: Sides,
    /// Every how many credited referrals the rule gives.
    pub conversions_required: u32,
    /// How many rewards a participant earns by it in total; none: any number.
    pub limit: Option<u32>,
    /// Hidden rules give nothing.
    pub is_visible: bool,
    /// Texts and codes for people.
    pub texts: Texts,
}

/// What people read about a reward; the friend's side where the name begins with `referral`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Texts {
    /// Internal title.
    pub title: Option<String>,
    /// What the referrer gets.
    pub description: Option<String>,
    /// What the friend gets.
    pub referral_description: Option<String>,
    /// A picture.
    pub image_url: Option<String>,
    /// The referrer's coupon, shown when the reward is available.
    pub coupon_code: Option<String>,
    /// The friend's coupon.
    pub referral_coupon_code: Option<String>,
    /// The owner's own fields.
    pub metadata: BTreeMap<String, String>,
}

/// Who vouches for a fact.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// A browser, whose `Origin` can be forged.
    Browser,
    /// An identity that the site signed.
    Signed,
    /// The site's back end, by its key.
    Server,
}

/// A reward that somebody earned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Earned {
    /// The rule and its version.
    pub rule: String,
    /// The version that was in force.
    pub version: u32,
    /// Who earned it.
    pub participant: Code,
    /// On which side.
    pub side: Side,
    /// What makes it unique with rule and side: the friend, or the referrer's n-th round.
    pub occasion: String,
    /// How many of the referrer's referrals it rests on, if it is a round's; else on this one.
    pub needs: Option<u32>,
    /// The least of those who vouch for what it rests on.
    pub source: Source,
    /// Approved at once.
    pub approved: bool,
    /// Fulfilled at once.
    pub fulfilled: bool,
}

/// How many rewards a referrer has by a rule that more than a browser vouches for, cancelled ones
/// left out: what scripted leads earn does not use up a limit.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Given {
    /// The rule.
    pub rule: String,
    /// How many.
    pub count: u32,
}

/// Whether and how far a reward may go by itself: what only a browser asserted waits (R-SOURCE-1).
#[must_use]
pub fn standing(options: &Options, source: Source) -> (bool, bool) {
    let approved = source != Source::Browser && !options.require_manual_reward_approval;
    (approved, approved && options.auto_fulfill_rewards)
}

/// Rules whose limit or round needs the referrer's counts.
#[must_use]
pub fn counts(rules: &[Rule]) -> bool {
    rules.iter().any(|it| it.is_visible && (it.limit.is_some() || 1 < it.conversions_required))
}

/// Rules whose limit leaves nothing for a referrer when one more of their referrals is confirmed.
///
/// Rounds are not among them: a round beyond the limit is never made.
pub fn full<'a>(rules: &'a [Rule], given: &[Given]) -> impl Iterator<Item = &'a Rule> {
    rules.iter().filter(|it| it.conversions_required <= 1 && is_full(it, count(given, it)))
}

fn count(given: &[Given], rule: &Rule) -> u32 {
    given.iter().find(|it| it.rule == rule.id).map_or(0, |it| it.count)
}

fn is_full(rule: &Rule, count: u32) -> bool {
    rule.limit.is_some_and(|limit| limit <= count)
}

/// What one credited referral earns by the rules, and by which rules the limit was reached.
///
/// `credited` counts the referrer's credited referrals, this one included; `vouched` those of them
/// that more than a browser vouches for. A round rests on all its referrals: one that scripted leads
/// helped to fill waits like they do (R-SOURCE-1).
#[must_use]
#[expect(clippy::too_many_arguments, reason = "each is one fact of the credit")]
pub fn earned<'a>(
    rules: &'a [Rule],
    options: &Options,
    source: Source,
    referrer: &Code,
    friend: &Code,
    credited: u32,
    vouched: u32,
    given: &[Given],
) -> (Vec<Earned>, Vec<&'a Rule>) {
    let mut earned = Vec::new();
    let mut capped = Vec::new();
    for rule in rules.iter().filter(|it| it.is_visible) {
        let reward = |participant: &Code, side, occasion, needs: Option<u32>| {
            let backed = needs.is_none_or(|it| it <= vouched);
            let source = if backed { source } else { Source::Browser };
            let (approved, fulfilled) = standing(options, source);
            Earned {
                rule: rule.id.clone(),
                version: rule.version,
                participant: participant.clone(),
                side,
                occasion,
                needs,
                source,
                approved,
                fulfilled,
            }
        };
        if rule.sides == Sides::DoubleSided {
            earned.push(reward(friend, Side::Friend, friend.to_string(), None));
        }
        let every = rule.conversions_required.max(1);
        if !credited.is_multiple_of(every) {
            continue;
        }
        // Rounds are filled in order, so that their number counts those before.
        let round = credited / every;
        if is_full(rule, if every == 1 { count(given, rule) } else { round.saturating_sub(1) }) {
            capped.push(rule);
            continue;
        }
        let (occasion, needs) = if every == 1 {
            (friend.to_string(), None)
        } else {
            (format!("{referrer}:{round}"), Some(credited))
        };
        earned.push(reward(referrer, Side::Referrer, occasion, needs));
    }
    (earned, capped)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A rule that rewards both sides for every referral.
    pub(crate) fn double() -> Rule {
        Rule {
            id: "crew_1".into(),
            version: 1,
            sides: Sides::DoubleSided,
            conversions_required: 1,
            limit: None,
            is_visible: true,
            texts: Texts::default(),
        }
    }

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    #[track_caller]
    fn check(rule: &Rule, credited: u32, given: u32, expected: &[(Side, &str)]) {
        let options = Options::default();
        let given = [Given { rule: rule.id.clone(), count: given }];
        let rules = core::slice::from_ref(rule);
        let (ada, bob) = (code("ada"), code("bob"));
        let (found, _) =
            earned(rules, &options, Source::Server, &ada, &bob, credited, credited, &given);
        let found: Vec<_> = found.iter().map(|it| (it.side, it.occasion.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn r_reward_1_one_or_both_sides_earn() {
        check(&double(), 1, 0, &[(Side::Friend, "bob"), (Side::Referrer, "bob")]);
        let single = Rule { sides: Sides::SingleSided, ..double() };
        check(&single, 1, 0, &[(Side::Referrer, "bob")]);
        check(&Rule { is_visible: false, ..double() }, 1, 0, &[]);
    }

    #[test]
    fn r_reward_2_every_nth_referral_earns_one_round() {
        let rule = Rule { conversions_required: 3, sides: Sides::SingleSided, ..double() };
        check(&rule, 1, 0, &[]);
        check(&rule, 2, 0, &[]);
        check(&rule, 3, 0, &[(Side::Referrer, "ada:1")]);
        check(&rule, 6, 1, &[(Side::Referrer, "ada:2")]);
    }

    #[test]
    fn r_reward_3_a_limit_stops_the_referrers_side_only() {
        let rule = Rule { limit: Some(2), ..double() };
        check(&rule, 2, 1, &[(Side::Friend, "bob"), (Side::Referrer, "bob")]);
        check(&rule, 3, 2, &[(Side::Friend, "bob")]);
        let rounds = Rule { conversions_required: 3, sides: Sides::SingleSided, ..rule };
        check(&rounds, 6, 0, &[(Side::Referrer, "ada:2")]);
        check(&rounds, 9, 0, &[]);
    }

    #[test]
    fn r_reward_6_a_limit_that_is_used_up_is_full_for_single_referrals_only() {
        let given = [Given { rule: "crew_1".into(), count: 2 }];
        for (limit, every, expected) in
            [(Some(2), 1, 1), (Some(1), 1, 1), (Some(3), 1, 0), (None, 1, 0), (Some(2), 2, 0)]
        {
            let rules = [Rule { limit, conversions_required: every, ..double() }];
            assert_eq!(full(&rules, &given).count(), expected, "{limit:?} {every}");
        }
        assert_eq!(full(&[Rule { limit: Some(1), ..double() }], &[]).count(), 0);
    }

    #[test]
    fn r_source_1_what_only_a_browser_asserted_is_never_approved_by_itself() {
        let generous = Options { auto_fulfill_rewards: true, ..Options::default() };
        assert_eq!(standing(&generous, Source::Browser), (false, false));
        assert_eq!(standing(&generous, Source::Signed), (true, true));
        assert_eq!(standing(&generous, Source::Server), (true, true));
        let manual = Options { require_manual_reward_approval: true, ..generous };
        assert_eq!(standing(&manual, Source::Server), (false, false));
        assert_eq!(standing(&Options::default(), Source::Server), (true, false));
    }

    #[test]
    fn r_source_1_a_round_waits_until_all_its_referrals_are_vouched_for() {
        let rules = [Rule { conversions_required: 3, sides: Sides::SingleSided, ..double() }];
        let (ada, bob, options) = (code("ada"), code("bob"), Options::default());
        let third = |source, vouched| {
            let (found, _) = earned(&rules, &options, source, &ada, &bob, 3, vouched, &[]);
            found.into_iter().map(|it| (it.source, it.needs, it.approved)).collect::<Vec<_>>()
        };
        assert_eq!(third(Source::Server, 3), [(Source::Server, Some(3), true)]);
        assert_eq!(third(Source::Server, 2), [(Source::Browser, Some(3), false)]);
        assert_eq!(third(Source::Browser, 2), [(Source::Browser, Some(3), false)]);
    }
}
