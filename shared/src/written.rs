//! Money and dates as people of a language write them.

use alloc::{
    format,
    string::{String, ToString},
};

use crate::{
    lang::Lang,
    money::Money,
    time::{Span, Timestamp},
};

/// An amount such as `€1,234.50` or `1 234,50 €`, with spaces that do not break.
#[must_use]
pub fn money(lang: Lang, money: Money) -> String {
    let digits = money.currency.digits();
    let unit = 10_u64.pow(u32::try_from(digits).unwrap_or_default());
    let (whole, rest) = (money.minor.unsigned_abs() / unit, money.minor.unsigned_abs() % unit);
    let sign = if money.minor < 0 { "-" } else { "" };
    let mark = match lang {
        Lang::En => '.',
        Lang::Fr => ',',
    };
    let fraction = if digits == 0 { String::new() } else { format!("{mark}{rest:0digits$}") };
    let amount = format!("{}{fraction}", number(lang, whole));
    let symbol = match money.currency.as_str() {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        code => return format!("{sign}{amount}\u{a0}{code}"),
    };
    match lang {
        Lang::En => format!("{sign}{symbol}{amount}"),
        Lang::Fr => format!("{sign}{amount}\u{a0}{symbol}"),
    }
}

/// A whole number in groups of three digits.
#[must_use]
pub fn number(lang: Lang, number: u64) -> String {
    let gap = match lang {
        Lang::En => ',',
        Lang::Fr => '\u{202f}',
    };
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            grouped.push(gap);
        }
        grouped.push(digit);
    }
    grouped
}

/// A day of the UTC calendar: `2026-03-09` or `09/03/2026`.
#[must_use]
pub fn date(lang: Lang, at: Timestamp) -> String {
    let (year, month, day) = civil(at.day());
    match lang {
        Lang::En => format!("{year:04}-{month:02}-{day:02}"),
        Lang::Fr => format!("{day:02}/{month:02}/{year:04}"),
    }
}

/// A day and a minute, in UTC.
#[must_use]
pub fn minute(lang: Lang, at: Timestamp) -> String {
    let minutes = at.seconds().div_euclid(60).rem_euclid(24 * 60);
    format!("{} {:02}:{:02}", date(lang, at), minutes / 60, minutes % 60)
}

/// An instant for a `datetime` attribute.
#[must_use]
pub fn machine(at: Timestamp) -> String {
    let (year, month, day) = civil(at.day());
    let second = at.seconds().rem_euclid(24 * 60 * 60);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day counted from 1970-01-01.
///
/// # Source
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: years begin
/// in March, so that the leap day is their last, and 400 of them are 146 097 days.
fn civil(day: i64) -> (i64, i64, i64) {
    let from_march_0 = day + 719_468;
    let (era, of_era) = (from_march_0.div_euclid(146_097), from_march_0.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The first instant of a day that is written `2026-09-21`, in UTC; until the year 2199.
#[must_use]
pub fn day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('-').map(|it| it.parse::<i64>().ok());
    let [year, month, date] = [parts.next()??, parts.next()??, parts.next()??];
    let fits = (1970..=2199).contains(&year) && (1..=12).contains(&month);
    if text.len() != 10 || parts.next().is_some() || !fits {
        return None;
    }
    // Around this day of the year; exactly one of these days is written so.
    let near = (year - 1970) * 365 + (year - 1970) / 4 + (month - 1) * 30 + date - 20;
    let found = (near..near + 40).find(|it| civil(*it) == (year, month, date));
    found.map(|it| Timestamp(it * Span::days(1).0))
}

#[cfg(test)]
mod tests {
    use crate::money::Currency;

    use super::*;

    #[track_caller]
    fn check_money(minor: i64, currency: &str, en: &str, fr: &str) {
        let amount = Money { minor, currency: Currency::parse(currency).unwrap() };
        assert_eq!([money(Lang::En, amount), money(Lang::Fr, amount)], [en, fr]);
    }

    #[test]
    fn amounts_follow_language_and_currency() {
        check_money(1_290, "EUR", "€12.90", "12,90\u{a0}€");
        check_money(123_456_789, "USD", "$1,234,567.89", "1\u{202f}234\u{202f}567,89\u{a0}$");
        check_money(-5, "GBP", "-£0.05", "-0,05\u{a0}£");
        check_money(1_200, "JPY", "1,200\u{a0}JPY", "1\u{202f}200\u{a0}JPY");
        check_money(0, "EUR", "€0.00", "0,00\u{a0}€");
    }

    #[track_caller]
    fn check_time(ms: i64, en: &str, fr: &str, attribute: &str) {
        let at = Timestamp(ms);
        assert_eq!([minute(Lang::En, at), minute(Lang::Fr, at)], [en, fr]);
        assert_eq!(machine(at), attribute);
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        for number in 0..84_000 {
            let at = Timestamp(number * Span::days(1).0);
            assert_eq!(day(&date(Lang::En, at)), Some(at));
        }
        for wrong in ["", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-1"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        for wrong in ["2026-09-21x", "09/21/2026", "2026-09--1", "1969-12-31", "2026-09-21-1"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn instants_follow_the_calendar() {
        check_time(0, "1970-01-01 00:00", "01/01/1970 00:00", "1970-01-01T00:00:00Z");
        check_time(-1, "1969-12-31 23:59", "31/12/1969 23:59", "1969-12-31T23:59:59Z");
        check_time(951_782_400_000, "2000-02-29 00:00", "29/02/2000 00:00", "2000-02-29T00:00:00Z");
        check_time(
            1_772_323_199_000,
            "2026-02-28 23:59",
            "28/02/2026 23:59",
            "2026-02-28T23:59:59Z",
        );
    }

    #[test]
    fn the_ends_of_time_are_dates_too() {
        for at in [Timestamp(i64::MIN), Timestamp(i64::MAX)] {
            assert!(!machine(at).is_empty());
        }
    }
}
