//! Calendar months in a campaign's own time zone, by the rule that each zone keeps today.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::{Span, Timestamp};

// `RULES`: each rule with the names of its zones, separated by spaces.
include!(concat!(env!("OUT_DIR"), "/zones.rs"));

/// A month of the calendar, counted from January of the year 0: from its first instant up to, and
/// without, the next month's.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Month(pub i32);

/// A time zone of the IANA database, under any of its names; UTC unless one is named.
///
/// Only the rule that a zone keeps today is known, as only months from now on are asked for. What
/// such a rule cannot say is left out: from October 2036, the weeks of Ramadan that Gaza and Hebron
/// take from summer time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Zone {
    name: &'static str,
    rule: &'static Rule,
}

/// Not the name of a time zone.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a time zone is a name of the IANA database, such as Europe/Paris or UTC")]
pub struct ZoneError;

/// How a zone's clocks are set; offsets are minutes east of UTC.
#[derive(Debug, Eq, PartialEq)]
struct Rule {
    standard: i16,
    daylight: Option<Daylight>,
}

/// The other offset, and when it begins and ends in each year.
#[derive(Debug, Eq, PartialEq)]
struct Daylight {
    offset: i16,
    start: Change,
    end: Change,
}

/// A moment on a weekday (Sunday is 0) of a month, by the clock that it changes.
///
/// Week 5 is the last; the minute counts from midnight and may lie on another day.
#[derive(Debug, Eq, PartialEq)]
struct Change {
    month: u8,
    week: u8,
    weekday: u8,
    minute: i16,
}

impl Month {
    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The number within the year, from 1 to 12.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// A month of a year, by its number.
    pub(crate) const fn of(year: i32, number: i32) -> Self {
        Self(year.saturating_mul(12).saturating_add(number - 1))
    }

    /// The month in UTC.
    ///
    /// # Source
    ///
    /// `civil_from_days` and `days_from_civil` by H. Hinnant, "chrono-compatible low-level date
    /// algorithms": years begin in March, so that the leap day is the last.
    fn containing(at: Timestamp) -> Self {
        let day = at.day() + 719_468;
        let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = (400 * era + year) * 12 + from_march + 2;
        Self(i32::try_from(month).unwrap_or(if month < 0 { i32::MIN } else { i32::MAX }))
    }

    /// The first day in UTC, counted from 1970-01-01.
    pub(crate) fn first_day(self) -> i64 {
        let from_march = i64::from(self.0) - 2;
        let (year, month) = (from_march.div_euclid(12), from_march.rem_euclid(12));
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        365 * year + leap_days + (153 * month + 2) / 5 - 719_468
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl Zone {
    /// Universal time.
    pub const UTC: Self = Self { name: "UTC", rule: &Rule { standard: 0, daylight: None } };

    /// Reads a name, which has to be spelled as in the database: letter case matters.
    pub fn parse(name: &str) -> Result<Self, ZoneError> {
        let found = RULES.iter().find_map(|(names, rule)| {
            let name = names.split(' ').find(|it| *it == name)?;
            Some(Self { name, rule })
        });
        found.ok_or(ZoneError)
    }

    /// The name that was given.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The month in which an instant lies here.
    #[must_use]
    pub fn month(self, at: Timestamp) -> Month {
        Month::containing(at + self.offset(at))
    }

    /// The first instant of a month here.
    ///
    /// Where clocks go back over midnight, it is the first midnight that belongs to the month. No
    /// zone skips a month's first midnight.
    #[must_use]
    pub fn begins(self, month: Month) -> Timestamp {
        let midnight = Timestamp(0) + Span::days(month.first_day());
        let standard = self.rule.standard;
        let other = self.rule.daylight.as_ref().map_or(standard, |it| it.offset);
        let early = midnight - Span::minutes(standard.max(other).into());
        if month <= self.month(early) {
            return early;
        }
        midnight - Span::minutes(standard.min(other).into())
    }

    /// How far local time is ahead of UTC at an instant.
    #[must_use]
    pub fn offset(self, at: Timestamp) -> Span {
        let standard = Span::minutes(self.rule.standard.into());
        let Some(rule) = &self.rule.daylight else { return standard };
        let daylight = Span::minutes(rule.offset.into());
        // No zone changes its clocks so close to New Year that the year would be in doubt.
        let year = Month::containing(at + standard).year();
        let (start, end) = (rule.start.local(year) - standard, rule.end.local(year) - daylight);
        let is_daylight = if start < end {
            start <= at && at < end
        } else {
            // South of the equator the year begins in summer.
            at < end || start <= at
        };
        if is_daylight { daylight } else { standard }
    }
}

impl Change {
    /// When it comes in a year, read as if the clock showed UTC.
    fn local(&self, year: i32) -> Timestamp {
        let month = Month::of(year, self.month.into());
        let first = month.first_day();
        // 1970-01-01 was a Thursday.
        let weekday = (first + 4).rem_euclid(7);
        let until = (i64::from(self.weekday) - weekday).rem_euclid(7);
        let mut day = first + until + 7 * (i64::from(self.week) - 1);
        if month.next().first_day() <= day {
            day -= 7;
        }
        Timestamp(0) + Span::days(day) + Span::minutes(self.minute.into())
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    /// The instant that a text such as `2026-11-01T00:00:00Z` names.
    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    /// The zone's month begins at the instant, and no millisecond earlier.
    #[track_caller]
    fn begins(name: &str, month: Month, expected: &str) {
        let (zone, first) = (zone(name), at(expected));
        assert_eq!(zone.begins(month), first);
        assert_eq!(zone.month(first), month);
        assert_eq!(zone.month(first - Span(1)), month.previous());
        assert_eq!(zone.month(zone.begins(month.next()) - Span(1)), month);
    }

    /// The zone's offset at the instant of a change and a millisecond earlier, in minutes.
    #[track_caller]
    fn changes(name: &str, instant: &str, from: i64, to: i64) {
        let offset = |at| zone(name).offset(at);
        assert_eq!(offset(at(instant) - Span(1)), Span::minutes(from));
        assert_eq!(offset(at(instant)), Span::minutes(to));
    }

    #[test]
    fn r_time_1_a_month_is_the_campaigns_own() {
        let january = Month::of(2027, 1);
        begins("UTC", january, "2027-01-01T00:00:00Z");
        begins("Europe/Paris", january, "2026-12-31T23:00:00Z");
        begins("America/New_York", january, "2027-01-01T05:00:00Z");
        begins("Asia/Calcutta", january, "2026-12-31T18:30:00Z");
        begins("Pacific/Kiritimati", january, "2026-12-31T10:00:00Z");
        begins("Pacific/Pago_Pago", january, "2027-01-01T11:00:00Z");
    }

    #[test]
    fn clocks_change_within_a_month() {
        begins("Europe/Paris", Month::of(2027, 3), "2027-02-28T23:00:00Z");
        begins("Europe/Paris", Month::of(2027, 4), "2027-03-31T22:00:00Z");
        begins("Australia/Sydney", Month::of(2027, 4), "2027-03-31T13:00:00Z");
        begins("Australia/Sydney", Month::of(2027, 5), "2027-04-30T14:00:00Z");
        begins("Pacific/Chatham", Month::of(2027, 1), "2026-12-31T10:15:00Z");
        begins("Pacific/Chatham", Month::of(2027, 7), "2027-06-30T11:15:00Z");
    }

    #[test]
    fn clocks_change_by_the_minute_on_both_sides_of_the_equator() {
        changes("Europe/Paris", "2027-03-28T01:00:00Z", 60, 120);
        changes("Europe/Paris", "2027-10-31T01:00:00Z", 120, 60);
        changes("Australia/Lord_Howe", "2027-04-03T15:00:00Z", 660, 630);
        changes("Australia/Lord_Howe", "2027-10-02T15:30:00Z", 630, 660);
        changes("Asia/Kolkata", "2027-03-28T01:00:00Z", 330, 330);
    }

    #[test]
    fn clocks_that_go_back_over_midnight_begin_a_month_once() {
        // From 24:00 on 31 October back to 23:00.
        begins("Africa/Cairo", Month::of(2030, 11), "2030-10-31T22:00:00Z");
        // From 01:00 on 1 November back to 00:00: the first midnight counts.
        begins("America/Havana", Month::of(2037, 11), "2037-11-01T04:00:00Z");
        assert_eq!(zone("America/Havana").month(at("2037-11-01T05:00:00Z")), Month::of(2037, 11));
    }

    /// Whether jiff has the same offset and month at an instant, and a millisecond earlier.
    fn agrees(zone: Zone, oracle: &jiff::tz::TimeZone, instant: jiff::Timestamp) -> bool {
        let before = instant - jiff::SignedDuration::from_millis(1);
        [before, instant].into_iter().all(|it| {
            let (at, local) = (Timestamp(it.as_millisecond()), it.to_zoned(oracle.clone()));
            let month = Month::of(local.year().into(), local.month().into());
            let offset = Span::seconds(local.offset().seconds().into());
            zone.offset(at) == offset && zone.month(at) == month
        })
    }

    #[test]
    fn r_time_2_every_zone_agrees_with_the_tz_database() {
        let (first, last) = (Month::of(2026, 11), Month::of(2037, 12));
        let mut wrong = Vec::new();
        let names: Vec<_> = jiff::tz::db().available().collect();
        assert_eq!(names.len(), RULES.iter().flat_map(|(names, _)| names.split(' ')).count());
        for name in &names {
            let (zone, oracle) = (zone(name.as_str()), jiff::tz::db().get(name.as_str()).unwrap());
            for month in (first.0..=last.0).map(Month) {
                let (year, number) = (i16::try_from(month.year()), i8::try_from(month.number()));
                let date = jiff::civil::Date::new(year.unwrap(), number.unwrap(), 1).unwrap();
                let start = date.to_zoned(oracle.clone()).unwrap().timestamp();
                let is_same = zone.begins(month).0 == start.as_millisecond();
                if !is_same || !agrees(zone, &oracle, start) {
                    wrong.push(format!("{name} {month}"));
                }
            }
            let [from, until] = [first, last.next()].map(|it| zone.begins(it).0);
            let from = jiff::Timestamp::from_millisecond(from).unwrap();
            let changes = oracle.following(from).map(|it| it.timestamp());
            for change in changes.take_while(|it| it.as_millisecond() < until) {
                if !agrees(zone, &oracle, change) {
                    wrong.push(format!("{name} {change}"));
                }
            }
        }
        // Summer time that ends for Ramadan, which no rule can say; it touches no month.
        let ramadan = [
            "Asia/Gaza 2036-10-17T23:00:00Z",
            "Asia/Gaza 2037-10-09T23:00:00Z",
            "Asia/Hebron 2036-10-17T23:00:00Z",
            "Asia/Hebron 2037-10-09T23:00:00Z",
        ];
        assert_eq!(wrong, ramadan);
    }

    #[test]
    fn months_go_on_over_the_ends_of_years() {
        let december = Month::of(2026, 12);
        assert_eq!((december.year(), december.number()), (2026, 12));
        assert_eq!(december.next(), Month::of(2027, 1));
        assert_eq!(december.next().previous(), december);
        assert!(december < december.next());
        assert_eq!(
            (december.to_string(), Month(8).to_string()),
            ("2026-12".into(), "0000-09".into())
        );
        assert_eq!(serde_json::to_string(&december).unwrap(), "24323");
    }

    #[test]
    fn arithmetic_stops_at_the_ends() {
        for it in [i64::MIN, i64::MAX].map(Timestamp) {
            assert!(zone("Africa/Cairo").month(it).0.checked_abs().is_none_or(|it| it == i32::MAX));
        }
        for it in [i32::MIN, i32::MAX].map(Month) {
            assert_eq!(zone("Africa/Cairo").month(zone("Africa/Cairo").begins(it)), it);
        }
    }

    #[test]
    fn names_are_those_of_the_database_as_they_are_spelled_there() {
        for name in ["UTC", "Etc/UTC", "Asia/Calcutta", "Asia/Kolkata", "Etc/GMT+12"] {
            assert_eq!(zone(name).name(), name);
        }
        for wrong in ["", " ", "Mars/Phobos", "europe/paris", "Europe", "UTC Zulu", "Europe/Paris "]
        {
            assert_eq!(Zone::parse(wrong), Err(ZoneError), "{wrong}");
        }
        assert_eq!(Zone::default(), zone("UTC"));
        let json = serde_json::to_string(&zone("Europe/Kiev")).unwrap();
        assert_eq!(json, "\"Europe/Kiev\"");
        assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone("Europe/Kiev"));
        assert!(serde_json::from_str::<Zone>("\"Mars/Phobos\"").is_err());
    }
}
