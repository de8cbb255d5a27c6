//! Tests of [`earn`].

use alloc::{vec, vec::Vec};

use super::*;
use crate::reward::{
    Condition, Fact, GiftKind, Test,
    rules::{double, single},
};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

/// What a test changes of a server's word about Bob, whom Ada referred.
struct Case {
    event: Event,
    source: Source,
    total: Tally,
    monthly: Tally,
    picked: Vec<Picked>,
    given: Vec<Given>,
    budget: Budget,
    known: Known,
    now: Timestamp,
}

fn tally(credited: u32, vouched: u32) -> Tally {
    Tally { leads: credited, vouched_leads: vouched, credited, vouched }
}

fn case(credited: u32) -> Case {
    Case {
        event: Event::Conversion,
        source: Source::Server,
        total: tally(credited, credited),
        monthly: tally(credited, credited),
        picked: Vec::new(),
        given: Vec::new(),
        budget: Budget::default(),
        known: Known::default(),
        now: Timestamp(1_790_000_000_000),
    }
}

fn verdict(rules: &[Rule], case: &Case) -> Verdict {
    let (ada, bob, options) = (code("ada"), code("bob"), Options::default());
    earn(
        rules,
        &Moment {
            options: &options,
            event: case.event,
            source: case.source,
            referrer: &ada,
            friend: &bob,
            total: case.total,
            monthly: case.monthly,
            month: MONTH,
            picked: &case.picked,
            given: &case.given,
            taken: &[],
            budget: case.budget,
            known: &case.known,
            now: case.now,
        },
    )
}

const MONTH: Month = Month(2026 * 12 + 10);

fn of_month(month: Month, count: u32) -> Given {
    let rule = "crew_1".into();
    Given {
        rule,
        version: 1,
        month,
        per: Period::InTotal,
        event: Event::Conversion,
        picked: false,
        count,
        reach: 0,
        singles: 0,
    }
}

/// So many in this month.
fn given(count: u32) -> Vec<Given> {
    vec![of_month(MONTH, count)]
}

/// So many rounds of this version in this month, the furthest of which rests on so many referrals.
fn rounds(version: u32, count: u32, reach: u32) -> Given {
    Given { version, reach, ..of_month(MONTH, count) }
}

#[track_caller]
fn check(rule: &Rule, case: &Case, earned: &[(Side, &str)], refused: &[Reason]) {
    let found = verdict(core::slice::from_ref(rule), case);
    let sides: Vec<_> = found.earned.iter().map(|it| (it.side, it.occasion.as_str())).collect();
    let reasons: Vec<_> = found.refused.iter().map(|it| it.reason).collect();
    assert_eq!((sides.as_slice(), reasons.as_slice()), (earned, refused), "{rule:?}");
}

const BOTH: &[(Side, &str)] = &[(Side::Friend, "bob"), (Side::Referrer, "bob")];
const FRIENDS: &[(Side, &str)] = &[(Side::Friend, "bob")];
const OWN: &[(Side, &str)] = &[(Side::Referrer, "bob")];

#[test]
fn r_reward_1_one_or_both_sides_earn() {
    check(&double(), &case(1), BOTH, &[]);
    check(&single(1), &case(1), OWN, &[]);
    check(&Rule { is_visible: false, ..double() }, &case(1), &[], &[]);
    check(&Rule { upfront: true, ..double() }, &case(1), OWN, &[]);
}

#[test]
fn r_reward_2_every_nth_referral_earns_one_round() {
    for (credited, expected) in [(1, None), (2, None), (3, Some("ada:3")), (6, Some("ada:6"))] {
        let expected: Vec<_> = expected.map(|it| (Side::Referrer, it)).into_iter().collect();
        check(&single(3), &case(credited), &expected, &[]);
    }
    let pair = Rule { kind: Kind::DoubleSided, ..single(2) };
    check(&pair, &case(1), FRIENDS, &[]);
    check(&pair, &case(2), &[(Side::Friend, "bob"), (Side::Referrer, "ada:2")], &[]);
}

#[test]
fn r_reward_3_a_limit_stops_the_referrers_side_only() {
    let rule = Rule { limit: Some(Limit { most: 2, per: Period::InTotal }), ..double() };
    check(&rule, &Case { given: given(1), ..case(2) }, BOTH, &[]);
    check(&rule, &Case { given: given(2), ..case(3) }, FRIENDS, &[Reason::LimitReached]);
    let rule = Rule { limit: rule.limit, ..single(3) };
    check(&rule, &case(6), &[(Side::Referrer, "ada:6")], &[]);
    let full = Case { given: vec![rounds(1, 2, 6)], ..case(9) };
    check(&rule, &full, &[], &[Reason::LimitReached]);
    // Referrals from before the rule use up nothing.
    check(&rule, &case(9), &[(Side::Referrer, "ada:9")], &[]);
}

#[test]
fn r_reward_7_a_limit_counts_in_total_by_year_or_by_month() {
    // November: January and December lie within its year.
    let (first, last) = (Month(2026 * 12), Month(2026 * 12 + 11));
    let before = vec![of_month(first.previous(), 9)];
    for (per, full, free) in [
        (Period::InTotal, before.clone(), vec![]),
        (Period::PerYear, vec![of_month(first, 1)], before.clone()),
        (Period::PerYear, vec![of_month(last, 1)], vec![of_month(last.next(), 1)]),
        (Period::PerMonth, given(1), vec![of_month(MONTH.previous(), 1), of_month(last, 1)]),
    ] {
        let rule = Rule { limit: Some(Limit { most: 1, per }), ..single(1) };
        check(&rule, &Case { given: full, ..case(2) }, &[], &[Reason::LimitReached]);
        check(&rule, &Case { given: free, ..case(2) }, OWN, &[]);
    }
    let yearly = Rule { limit: Some(Limit { most: 1, per: Period::PerYear }), ..single(2) };
    let full = Case { given: vec![of_month(first, 1)], ..case(6) };
    check(&yearly, &full, &[], &[Reason::LimitReached]);
    let fresh = Case { given: before, ..case(6) };
    check(&yearly, &fresh, &[(Side::Referrer, "ada:6")], &[]);
}

#[test]
fn r_reward_8_a_milestone_is_reached_once_each_month_or_again_and_again() {
    let once = Limit { most: 1, per: Period::InTotal };
    let milestone = Rule { kind: Kind::Milestone, limit: Some(once), ..single(5) };
    check(&milestone, &case(4), &[], &[]);
    check(&milestone, &case(5), &[(Side::Referrer, "ada:5")], &[]);
    check(&milestone, &case(6), &[], &[]);
    let reached = Case { given: vec![rounds(1, 1, 5)], ..case(10) };
    check(&milestone, &reached, &[], &[Reason::LimitReached]);
    let first = Rule { conversions_required: 1, ..milestone.clone() };
    check(&first, &case(1), &[(Side::Referrer, "ada:1")], &[]);
    let again = Rule { limit: None, ..milestone.clone() };
    check(&again, &reached, &[(Side::Referrer, "ada:10")], &[]);
    let monthly = Rule {
        period: Period::PerMonth,
        limit: Some(Limit { most: 1, per: Period::PerMonth }),
        ..milestone
    };
    let month = |credited| Case { monthly: tally(credited, credited), ..case(40 + credited) };
    check(&monthly, &month(4), &[], &[]);
    check(&monthly, &month(5), &[(Side::Referrer, "ada:2026-11:5")], &[]);
    let full = Given { per: Period::PerMonth, ..rounds(1, 1, 5) };
    let full = Case { given: vec![full], ..month(10) };
    check(&monthly, &full, &[], &[Reason::LimitReached]);
    let found = verdict(core::slice::from_ref(&monthly), &month(5));
    assert_eq!(found.earned[0].month, Some(Month(2026 * 12 + 10)));
}

#[test]
fn r_reward_9_leads_and_conversions_earn_by_rules_of_their_own() {
    let lead = Rule { event: Event::Lead, ..single(1) };
    check(&lead, &case(1), &[], &[]);
    check(&lead, &Case { event: Event::Lead, ..case(1) }, OWN, &[]);
    check(&single(1), &Case { event: Event::Lead, ..case(1) }, &[], &[]);
    let rounds = Rule { event: Event::Lead, ..single(2) };
    let total = Tally { leads: 2, vouched_leads: 2, ..Tally::default() };
    let second = Case { event: Event::Lead, total, ..case(0) };
    check(&rounds, &second, &[(Side::Referrer, "ada:lead:2")], &[]);
}

#[test]
fn r_reward_11_a_round_begins_after_the_last_whatever_it_asked_for() {
    let next = |every, given: Vec<Given>| {
        let of = |count| Case { given: given.clone(), ..case(count) };
        let earns = |it: &u32| !verdict(&[single(every)], &of(*it)).earned.is_empty();
        (1..=20).find(earns).unwrap()
    };
    assert_eq!(next(4, vec![rounds(1, 1, 2)]), 6);
    assert_eq!(next(3, vec![rounds(1, 2, 4)]), 7);
    // There and back: nothing is earned in between.
    assert_eq!(next(2, vec![rounds(1, 2, 4)]), 6);
    assert_eq!(next(2, vec![rounds(1, 1, 2), rounds(2, 1, 6)]), 8);
    // Rewards for single referrals stand for one each: those after the last round.
    let singles = |version, singles| Given { singles, ..rounds(version, singles, 0) };
    assert_eq!(next(2, vec![singles(1, 5)]), 7);
    assert_eq!(next(2, vec![rounds(1, 2, 4), singles(2, 3)]), 9);
    assert_eq!(next(2, vec![singles(1, 5), rounds(2, 2, 9)]), 11);
    // Other rules, and rounds of single months, are matters of their own.
    let other = Given { rule: "crew_2".into(), ..rounds(1, 1, 2) };
    let monthly = Given { per: Period::PerMonth, ..rounds(1, 1, 2) };
    assert_eq!(next(3, vec![other, monthly]), 3);
    let month = |month| Given { month, per: Period::PerMonth, ..rounds(1, 1, 2) };
    let rule = Rule { period: Period::PerMonth, ..single(3) };
    for (given, expected) in [(MONTH, 5), (MONTH.previous(), 3)] {
        let of = |count| Case { given: vec![month(given)], ..case(count) };
        let earns = |it: &u32| !verdict(core::slice::from_ref(&rule), &of(*it)).earned.is_empty();
        assert_eq!((1..=20).find(earns), Some(expected));
    }
}

#[test]
fn r_reward_10_a_leaderboard_gives_nothing_for_a_referral() {
    let board = Rule { kind: Kind::Leaderboard, ..single(1) };
    check(&board, &case(1), &[], &[]);
}

#[test]
fn r_condition_5_a_rule_whose_condition_does_not_hold_says_so() {
    let amount = |value: i64| Condition {
        fact: Some(Fact::Amount),
        test: Some(Test::AtLeast),
        value: value.into(),
        ..Condition::default()
    };
    let known = || Known { amount: Some(5_000), ..Known::default() };
    let rule = |value| Rule { conditions: amount(value), ..double() };
    check(&rule(5_000), &Case { known: known(), ..case(1) }, BOTH, &[]);
    let small = Case { known: known(), ..case(1) };
    check(&rule(5_001), &small, &[], &[Reason::ConditionNotMet]);
    let burst = Rule { ends_at: Some(small.now), ..double() };
    check(&burst, &small, &[], &[Reason::RuleNotOpen]);
}

#[test]
fn r_budget_1_a_rule_takes_from_the_budget_for_both_sides_or_for_none() {
    let credit = |amount| Gift { kind: GiftKind::Credit, amount, ..Gift::default() };
    let rule = Rule { gives: credit(Some(700)), referral_gives: credit(Some(300)), ..double() };
    let left = |rewards, amount| Case { budget: Budget { rewards, amount }, ..case(1) };
    let exhausted = &[Reason::BudgetExhausted];
    check(&rule, &left(None, Some(1_000)), BOTH, &[]);
    check(&rule, &left(None, Some(999)), &[], exhausted);
    check(&rule, &left(Some(2), None), BOTH, &[]);
    check(&rule, &left(Some(1), None), &[], exhausted);
    // Rules take one after the other.
    let two = [rule.clone(), Rule { id: "crew_2".into(), ..rule.clone() }];
    let found = verdict(&two, &left(None, Some(1_999)));
    assert_eq!((found.earned.len(), found.refused[0].rule.as_str()), (2, "crew_2"));
    // A browser's word takes nothing.
    let browser = Case { source: Source::Browser, ..left(Some(0), Some(0)) };
    check(&rule, &browser, BOTH, &[]);
}

#[test]
fn r_source_1_a_round_waits_until_all_its_referrals_are_vouched_for() {
    let third = |source, vouched| {
        let case = Case { source, total: tally(3, vouched), ..case(3) };
        let found = verdict(&[single(3)], &case).earned;
        found.into_iter().map(|it| (it.source, it.needs, it.approval)).collect::<Vec<_>>()
    };
    let now = Approval::Now { fulfilled: false };
    assert_eq!(third(Source::Server, 3), [(Source::Server, Some(3), now)]);
    assert_eq!(third(Source::Server, 2), [(Source::Browser, Some(3), Approval::ByHand)]);
    assert_eq!(third(Source::Browser, 2), [(Source::Browser, Some(3), Approval::ByHand)]);
}

#[test]
fn r_condition_6_a_round_counts_what_met_its_conditions() {
    let conditions = Condition {
        fact: Some(Fact::Amount),
        test: Some(Test::AtLeast),
        value: 500.into(),
        ..Condition::default()
    };
    let rule = Rule { conditions, ..single(2) };
    let met = |month, all, vouched| Picked {
        rule: "crew_1".into(),
        event: Event::Conversion,
        month,
        count: Count { all, vouched },
    };
    let this = Some(Month(2026 * 12 + 10));
    let paid = |amount, picked: &[Picked]| Case {
        known: Known { amount: Some(amount), ..Known::default() },
        picked: picked.to_vec(),
        ..case(6)
    };
    let counted = |case: &Case| verdict(core::slice::from_ref(&rule), case).counted.len();
    // All six count elsewhere; here this one is the first, or the second.
    check(&rule, &paid(500, &[]), &[], &[]);
    let one = [met(None, 1, 1), met(this, 0, 0)];
    check(&rule, &paid(500, &one), &[(Side::Referrer, "ada:met:2")], &[]);
    check(&rule, &paid(499, &one), &[], &[Reason::ConditionNotMet]);
    assert_eq!([counted(&paid(500, &one)), counted(&paid(499, &one))], [1, 0]);
    // What the budget does not pay counts as well, as it does elsewhere.
    let budget = Budget { rewards: Some(0), amount: None };
    let spent = Case { budget, ..paid(500, &one) };
    check(&rule, &spent, &[], &[Reason::BudgetExhausted]);
    assert_eq!(counted(&spent), 1);
    // A month counts its own; another event is counted apart.
    let monthly = Rule { period: Period::PerMonth, ..rule.clone() };
    check(&monthly, &paid(500, &one), &[], &[]);
    let second = [met(None, 6, 6), met(this, 1, 1)];
    check(&monthly, &paid(500, &second), &[(Side::Referrer, "ada:met:2026-11:2")], &[]);
    let lead = Picked { event: Event::Lead, ..met(None, 1, 1) };
    check(&rule, &paid(500, &[lead]), &[], &[]);
    // A round waits with the least of the words that it rests on.
    for (vouched, source) in [(1, Source::Server), (0, Source::Browser)] {
        let found = verdict(core::slice::from_ref(&rule), &paid(500, &[met(None, 1, vouched)]));
        assert_eq!((found.earned[0].source, found.earned[0].picked), (source, true));
    }
    assert_eq!(counted(&Case { known: Known::default(), ..case(1) }), 0);
}
