//! Periods of whole days of a campaign's own calendar, and what stood before them.

use alloc::{format, string::String};

use crate::{
    time::{Span, Timestamp},
    zone::{Month, Zone},
};

/// The longest period, in days.
pub const LONGEST: i64 = 366;

/// Days from one to another, both included, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Period {
    /// The first day.
    pub first: i64,
    /// The last day.
    pub last: i64,
}

/// Why two dates are no period.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PeriodError {
    /// A text is no date.
    #[error("a date looks like 2026-09-21")]
    Date,
    /// The first day comes after the last.
    #[error("the first day comes after the last")]
    Order,
    /// It is longer than [`LONGEST`].
    #[error("a period has at most 366 days")]
    Long,
}

impl Period {
    /// So many days, the last of which is `today`.
    #[must_use]
    pub const fn days(today: i64, count: i64) -> Self {
        Self { first: today - count + 1, last: today }
    }

    /// The month of `today`, up to today.
    #[must_use]
    pub fn month(today: i64) -> Self {
        Self { first: month_of(today).first_day(), last: today }
    }

    /// The days between two dates.
    pub fn between(first: &str, last: &str) -> Result<Self, PeriodError> {
        let day = |text| day_of(text).ok_or(PeriodError::Date);
        let (first, last) = (day(first)?, day(last)?);
        if last < first {
            return Err(PeriodError::Order);
        }
        if LONGEST < last - first + 1 {
            return Err(PeriodError::Long);
        }
        Ok(Self { first, last })
    }

    /// As many days before.
    #[must_use]
    pub const fn before(self) -> Self {
        Self { first: self.first - (self.last - self.first + 1), last: self.first - 1 }
    }

    /// The same days of the month before, as far as it has them.
    #[must_use]
    pub fn month_before(self) -> Self {
        let month = month_of(self.first).previous();
        let (first, end) = (month.first_day(), month.next().first_day());
        Self { first, last: (first + self.last - self.first).min(end - 1) }
    }
}

/// The day of an instant by a zone's clocks.
#[must_use]
pub fn day(zone: Zone, at: Timestamp) -> i64 {
    (at + zone.offset(at)).day()
}

/// When a day begins by a zone's clocks.
#[must_use]
pub fn begins(zone: Zone, day: i64) -> Timestamp {
    let midnight = Timestamp(0) + Span::days(day);
    // The offset of about that time, and then the one of that time.
    let about = midnight - zone.offset(midnight);
    midnight - zone.offset(about)
}

/// A day as a form holds it: `2026-09-21`.
#[must_use]
pub fn written(day: i64) -> String {
    let month = month_of(day);
    format!("{month}-{:02}", day - month.first_day() + 1)
}

fn month_of(day: i64) -> Month {
    Zone::UTC.month(Timestamp(0) + Span::days(day))
}

/// The day of a date such as `2026-09-21`.
#[must_use]
pub fn day_of(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if ![year, month, day].into_iter().all(digits) {
        return None;
    }
    let (month, day): (i32, i64) = (month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) {
        return None;
    }
    let month = Month::of(year.parse().ok()?, month);
    let found = month.first_day() + day - 1;
    (1 <= day && found < month.next().first_day()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        for day in [-719_000, -1, 0, 58, 59, 20_717, 24_855, 2_000_000] {
            assert_eq!(day_of(&written(day)), Some(day), "{}", written(day));
        }
        assert_eq!(written(0), "1970-01-01");
        assert_eq!(day_of("2028-02-29"), Some(21_243));
        for text in [
            "",
            "2026-9-21",
            "2026-13-01",
            "2026-00-01",
            "2027-02-29",
            "2026-04-31",
            "2026-04-00",
            "2026-04-01-01",
            "+026-04-01",
            "２026-04-01",
        ] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_stood_before_is_as_long() {
        let week = Period::days(100, 7);
        assert_eq!((week.first, week.last), (94, 100));
        assert_eq!(week.before(), Period { first: 87, last: 93 });
        let one = Period { first: 5, last: 5 };
        assert_eq!(one.before(), Period { first: 4, last: 4 });
    }

    #[test]
    fn a_month_is_compared_with_the_same_days_of_the_month_before() {
        let day = |text: &str| day_of(text).unwrap();
        let check = |today: &str, first: &str, last: &str| {
            let before = Period::month(day(today)).month_before();
            assert_eq!(
                (written(before.first).as_str(), written(before.last).as_str()),
                (first, last)
            );
        };
        check("2026-09-21", "2026-08-01", "2026-08-21");
        check("2026-03-31", "2026-02-01", "2026-02-28");
        check("2026-01-01", "2025-12-01", "2025-12-01");
    }

    #[test]
    fn two_dates_are_a_period_of_a_year_at_most() {
        assert_eq!(
            Period::between("2026-01-01", "2026-01-01"),
            Ok(Period { first: 20_454, last: 20_454 })
        );
        assert_eq!(Period::between("2026-01-02", "2026-01-01"), Err(PeriodError::Order));
        assert!(Period::between("2026-01-01", "2027-01-01").is_ok());
        assert_eq!(Period::between("2026-01-01", "2027-01-02"), Err(PeriodError::Long));
        assert_eq!(Period::between("", "2027-01-02"), Err(PeriodError::Date));
    }

    #[test]
    fn a_day_begins_at_the_zones_own_midnight() {
        for (name, date, offset) in [
            ("UTC", "2026-09-21", 0),
            ("Europe/Paris", "2026-09-21", 120),
            ("Europe/Paris", "2026-12-21", 60),
            ("Europe/Paris", "2027-03-28", 60),
            ("Europe/Paris", "2027-03-29", 120),
            ("America/New_York", "2027-11-07", -240),
            ("Asia/Kolkata", "2026-09-21", 330),
            ("Pacific/Kiritimati", "2026-09-21", 840),
        ] {
            let zone = Zone::parse(name).unwrap();
            let it = day_of(date).unwrap();
            let begins = begins(zone, it);
            assert_eq!(
                begins,
                Timestamp(0) + Span::days(it) - Span::minutes(offset),
                "{name} {date}"
            );
            assert_eq!(day(zone, begins), it);
            assert_eq!(day(zone, begins - Span(1)), it - 1);
        }
    }
}
