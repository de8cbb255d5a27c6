//! Whether and when a reward is approved by itself.

use super::Source;
use crate::{
    campaign::Options,
    time::{Span, Timestamp},
};

/// How far a reward goes by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Approval {
    /// It is available, and given if `fulfilled`.
    Now {
        /// Whether it counts as given at once.
        fulfilled: bool,
    },
    /// It is approved when this time comes.
    At(Timestamp),
    /// Somebody approves it; nobody else does.
    ByHand,
}

/// How far a reward goes that was earned at `earned_at` by a rule with this hold, as of `now`.
///
/// What only a browser asserted waits for a better source, or for the hold that the owner set for
/// it (R-SOURCE-1). What the owner approves by hand goes by itself after the days that the owner
/// set for that, if any (R-HOLD-2).
#[must_use]
pub fn approval(
    options: &Options,
    hold_days: u16,
    source: Source,
    earned_at: Timestamp,
    now: Timestamp,
) -> Approval {
    let days = |it: u16| Span::days(i64::from(it));
    let mut due = earned_at + days(hold_days);
    if source == Source::Browser {
        let Some(hold) = options.browser_hold_days else { return Approval::ByHand };
        due = due.max(earned_at + days(hold));
    }
    if options.require_manual_reward_approval {
        let Some(after) = options.auto_approve_after_days else { return Approval::ByHand };
        due = due.max(earned_at + days(after));
    }
    if now < due {
        Approval::At(due)
    } else {
        Approval::Now { fulfilled: options.auto_fulfill_rewards }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEN: Timestamp = Timestamp(1_790_000_000_000);

    #[track_caller]
    fn check(options: &Options, hold: u16, source: Source, expected: Approval) {
        assert_eq!(approval(options, hold, source, THEN, THEN), expected);
    }

    #[test]
    fn r_source_1_what_only_a_browser_asserted_is_never_approved_by_itself() {
        let generous = Options { auto_fulfill_rewards: true, ..Options::default() };
        check(&generous, 0, Source::Browser, Approval::ByHand);
        check(&generous, 0, Source::Signed, Approval::Now { fulfilled: true });
        check(&generous, 0, Source::Server, Approval::Now { fulfilled: true });
        let manual = Options { require_manual_reward_approval: true, ..generous };
        check(&manual, 0, Source::Server, Approval::ByHand);
        check(&Options::default(), 0, Source::Server, Approval::Now { fulfilled: false });
    }

    #[test]
    fn r_hold_1_a_reward_waits_for_the_rules_hold_to_the_millisecond() {
        let due = THEN + Span::days(14);
        check(&Options::default(), 14, Source::Server, Approval::At(due));
        let at = |now| approval(&Options::default(), 14, Source::Server, THEN, now);
        assert_eq!(at(due - Span(1)), Approval::At(due));
        assert_eq!(at(due), Approval::Now { fulfilled: false });
    }

    #[test]
    fn r_hold_2_what_waits_for_a_hand_goes_by_itself_after_the_owners_days() {
        let manual = Options {
            require_manual_reward_approval: true,
            auto_approve_after_days: Some(7),
            ..Options::default()
        };
        check(&manual, 0, Source::Server, Approval::At(THEN + Span::days(7)));
        check(&manual, 30, Source::Server, Approval::At(THEN + Span::days(30)));
        check(&manual, 0, Source::Browser, Approval::ByHand);
    }

    #[test]
    fn r_hold_3_a_browsers_word_goes_by_itself_only_after_the_hold_that_the_owner_set_for_it() {
        let options = Options { browser_hold_days: Some(30), ..Options::default() };
        check(&options, 0, Source::Browser, Approval::At(THEN + Span::days(30)));
        check(&options, 0, Source::Server, Approval::Now { fulfilled: false });
        let after = approval(&options, 0, Source::Browser, THEN, THEN + Span::days(30));
        assert_eq!(after, Approval::Now { fulfilled: false });
    }
}
