//! Who wins a leaderboard when its time is over, and what they get.

use alloc::{format, string::String, vec::Vec};

use serde::Deserialize;

use super::{Budget, Earned, Event, Kind, Rule, Side, Source, approval};
use crate::{
    campaign::Options,
    code::Code,
    time::{Span, Timestamp},
    zone::Month,
};

/// How long after its time a leaderboard is closed, so that what is told late is in it.
pub const GRACE: Span = Span::minutes(10);

/// A leaderboard whose time is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Board<'a> {
    /// The campaign's options.
    pub options: &'a Options,
    /// The calendar month that is over; none: the campaign is.
    pub month: Option<Month>,
    /// The last instant that belongs to it.
    pub last: Timestamp,
    /// When it is closed.
    pub now: Timestamp,
}

/// Somebody's place, by the referrals for which more than a browser vouches.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Place {
    /// Who.
    pub participant: Code,
    /// How many credited referrals they have.
    pub referrals: u32,
}

/// A winning place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Won {
    /// Counted from 1.
    pub place: u32,
    /// Whose it is.
    pub winner: Place,
    /// What they get; none: the budget has too little left for it.
    pub earned: Option<Earned>,
}

/// The winners by one rule, as it stood at the board's last instant, among places that are sorted:
/// the best come first. What the budget does not pay is not given, and what comes after may be.
#[must_use]
pub fn win(rule: &Rule, board: &Board<'_>, places: &[Place], mut budget: Budget) -> Vec<Won> {
    if rule.kind != Kind::Leaderboard || !rule.is_visible || !rule.is_open_at(board.last) {
        return Vec::new();
    }
    let winners = places.iter().filter(|it| 0 < it.referrals);
    (1..=rule.number_of_winners)
        .zip(winners)
        .map(|(place, winner)| {
            let pays = budget.pays(1, rule.gives.amount.unwrap_or(0));
            let earned = pays.then(|| earned(rule, board, &winner.participant, place));
            Won { place, winner: winner.clone(), earned }
        })
        .collect()
}

fn earned(rule: &Rule, board: &Board<'_>, winner: &Code, place: u32) -> Earned {
    Earned {
        rule: rule.id.clone(),
        version: rule.version,
        participant: winner.clone(),
        side: Side::Referrer,
        event: Event::Conversion,
        gift: rule.gives.clone(),
        occasion: occasion(board.month, place),
        needs: None,
        month: board.month,
        picked: false,
        // Nothing else was counted.
        source: Source::Server,
        hold_days: rule.hold_days,
        approval: approval(board.options, rule.hold_days, Source::Server, board.now, board.now),
    }
}

/// What makes a place unique with its rule: however often a board is closed, it is won once.
fn occasion(month: Option<Month>, place: u32) -> String {
    month.map_or_else(|| format!("end:{place}"), |it| format!("{it}:{place}"))
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::{
        super::{Approval, Gift, GiftKind, rules::single},
        *,
    };

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn place(name: &str, referrals: u32) -> Place {
        Place { participant: Code::parse(name).unwrap(), referrals }
    }

    fn rule() -> Rule {
        let gives = Gift { kind: GiftKind::Credit, amount: Some(500), ..Gift::default() };
        Rule { kind: Kind::Leaderboard, number_of_winners: 2, gives, ..single(1) }
    }

    /// Who wins which occasion, and what the budget does not pay.
    fn won(rule: &Rule, month: Option<Month>, places: &[Place], budget: Budget) -> Vec<String> {
        let options = Options::default();
        let board = Board { options: &options, month, last: NOW - GRACE, now: NOW };
        let told = |it: Won| {
            let given = it.earned.map_or_else(|| "nothing".into(), |it| it.occasion);
            format!("{} {} {given}", it.place, it.winner.participant)
        };
        win(rule, &board, places, budget).into_iter().map(told).collect()
    }

    #[test]
    fn r_board_1_the_first_places_win_and_nobody_wins_with_nothing() {
        let places = [place("ada", 3), place("bob", 3), place("cid", 1)];
        let any = Budget::default();
        assert_eq!(won(&rule(), None, &places, any), ["1 ada end:1", "2 bob end:2"]);
        let month = Some(Month(24_323));
        assert_eq!(won(&rule(), month, &places[2..], any), ["1 cid 2026-12:1"]);
        let none = [place("ada", 1), place("bob", 0)];
        assert_eq!(won(&rule(), None, &none, any), ["1 ada end:1"]);
        assert_eq!(won(&rule(), None, &[], any), [""; 0]);
    }

    #[test]
    fn r_board_3_a_rule_counts_as_it_stood_at_the_last_instant() {
        let places = [place("ada", 3)];
        let check = |rule: &Rule, wins: usize| {
            assert_eq!(won(rule, None, &places, Budget::default()).len(), wins, "{rule:?}");
        };
        let last = NOW - GRACE;
        check(&Rule { is_visible: false, ..rule() }, 0);
        check(&Rule { starts_at: Some(last), ..rule() }, 1);
        check(&Rule { starts_at: Some(last + Span(1)), ..rule() }, 0);
        check(&Rule { ends_at: Some(last), ..rule() }, 0);
        check(&Rule { ends_at: Some(last + Span(1)), ..rule() }, 1);
        check(&single(1), 0);
    }

    #[test]
    fn r_board_5_what_the_budget_does_not_pay_is_not_given() {
        let places = [place("ada", 3), place("bob", 2)];
        let amount = |it| Budget { amount: Some(it), rewards: None };
        let of = |budget| won(&rule(), None, &places, budget);
        assert_eq!(of(amount(1_000)), ["1 ada end:1", "2 bob end:2"]);
        assert_eq!(of(amount(999)), ["1 ada end:1", "2 bob nothing"]);
        assert_eq!(of(amount(499)), ["1 ada nothing", "2 bob nothing"]);
        let one = Budget { amount: None, rewards: Some(1) };
        assert_eq!(of(one), ["1 ada end:1", "2 bob nothing"]);
    }

    #[test]
    fn r_board_5_a_place_is_approved_like_any_reward() {
        let options = Options::default();
        let board = Board { options: &options, month: None, last: NOW - GRACE, now: NOW };
        let held = Rule { hold_days: 3, ..rule() };
        let won = win(&held, &board, &[place("ada", 1)], Budget::default());
        let due = Approval::At(NOW + Span::days(3));
        let found: Vec<_> = won.into_iter().map(|it| it.earned.unwrap().approval).collect();
        assert_eq!(found, vec![due]);
    }
}
