//! Instants and lengths of time, in milliseconds.

use core::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01 UTC, as on the wire and in the tables.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Span(pub i64);

impl Timestamp {
    /// The last instant of the year 9999, UTC.
    pub const LAST: Self = Self(253_402_300_799_999);

    /// Whether it is an instant that an owner may name: from 1970 to the year 9999.
    #[must_use]
    pub const fn is_told(self) -> bool {
        0 <= self.0 && self.0 <= Self::LAST.0
    }

    /// Whole seconds, rounded down: the unit of a JWT.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The instant that a JWT's seconds name.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// The number of the UTC day, counted from 1970-01-01.
    #[must_use]
    pub const fn day(self) -> i64 {
        self.0.div_euclid(Span::days(1).0)
    }

    /// The first instant of the UTC month.
    ///
    /// # Source
    ///
    /// Day of the month by H. Hinnant, "chrono-compatible low-level date algorithms".
    #[must_use]
    pub const fn month(self) -> Self {
        let of_era = (self.day() + 719_468).rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let elapsed = of_year - (153 * from_march + 2) / 5;
        Self((self.day() - elapsed) * Span::days(1).0)
    }
}

impl Span {
    /// `n` days of 24 hours.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self(n.saturating_mul(86_400_000))
    }

    /// `n` hours.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self(n.saturating_mul(3_600_000))
    }

    /// `n` minutes.
    #[must_use]
    pub const fn minutes(n: i64) -> Self {
        Self(n.saturating_mul(60_000))
    }

    /// `n` seconds.
    #[must_use]
    pub const fn seconds(n: i64) -> Self {
        Self(n.saturating_mul(1_000))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_days_round_down_on_both_sides_of_1970() {
        assert_eq!([Timestamp(1_999).seconds(), Timestamp(-1).seconds()], [1, -1]);
        assert_eq!([Timestamp(86_399_999).day(), Timestamp(86_400_000).day()], [0, 1]);
        assert_eq!(Timestamp(-1).day(), -1);
    }

    #[track_caller]
    fn month(day: i64, expected: i64) {
        let at = Timestamp(day * 86_400_000 + 12_345);
        assert_eq!(at.month(), Timestamp(expected * 86_400_000));
    }

    #[test]
    fn months_begin_at_midnight_of_their_first_day() {
        month(0, 0);
        month(30, 0);
        month(31, 31);
        // 2024-02-29 and 2024-03-01.
        month(19_782, 19_754);
        month(19_783, 19_783);
        // 2026-12-31.
        month(20_818, 20_788);
        month(-1, -31);
    }

    #[test]
    fn sums_stop_at_the_ends_instead_of_wrapping() {
        assert_eq!(Timestamp(i64::MAX) + Span::days(1), Timestamp(i64::MAX));
        assert_eq!(Timestamp(i64::MIN) - Span::hours(1), Timestamp(i64::MIN));
    }
}
