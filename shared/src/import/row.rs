//! What a row says of somebody.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use super::{Choices, Field, Flaw, Reason, key};
use crate::{
    api::{Language, Metadata},
    attribution::tried,
    code::Code,
    email::Email,
    period,
    referral::Status,
    time::{Span, Timestamp},
    zone::Zone,
};

/// What a hashed address begins with.
pub(super) const HASH: &str = "#";

/// The longest name, in characters.
const NAME_LONGEST: usize = 255;

/// Somebody, as a row tells of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// Where they get messages.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Their language tag.
    pub language: Option<&'static str>,
    /// Their own code.
    pub code: Option<Code>,
    /// Who referred them: address, number or code.
    pub referrer: Option<String>,
    /// Where their referral stands; none: as the campaign has it.
    pub status: Option<Status>,
    /// When they joined.
    pub joined_at: Option<Timestamp>,
    /// Whether they asked for no mail.
    pub unsubscribed: bool,
    /// The owner's own fields.
    pub metadata: BTreeMap<String, String>,
}

/// Reads a row; `heads` are the names of the columns.
pub fn person(
    choices: &Choices,
    heads: &[String],
    cells: &[String],
    zone: Zone,
    now: Timestamp,
) -> Result<Person, Flaw> {
    let flaw = |column: usize, reason| Flaw { column, reason };
    let fields = &choices.fields;
    let at = |field: Field| {
        let column = fields.iter().position(|it| *it == field)?;
        let cell = cells.get(column).map_or("", String::as_str);
        (!cell.is_empty()).then_some((column, cell))
    };
    if let Some(column) = (fields.len()..cells.len()).find(|it| !cells[*it].is_empty()) {
        return Err(flaw(column, Reason::CellsMany));
    }
    let address = fields.iter().position(|it| *it == Field::Email).unwrap_or_default();
    let (column, text) = at(Field::Email).ok_or(flaw(address, Reason::EmailMissing))?;
    let email = Email::parse(text).map_err(|_| flaw(column, Reason::EmailWrong))?;
    // A test's made-up address is nobody's (R-TRIAL-4).
    if tried(&email).is_some() {
        return Err(flaw(column, Reason::EmailMadeUp));
    }
    let name = |field| match at(field) {
        Some((column, text)) if NAME_LONGEST < text.chars().count() => {
            Err(flaw(column, Reason::NameLong))
        }
        found => Ok(found.map(|it| String::from(it.1))),
    };
    let (first_name, last_name) = (name(Field::FirstName)?, name(Field::LastName)?);
    let read = |field, reason, read: &dyn Fn(&str) -> bool| match at(field) {
        Some((column, text)) if !read(text) => Err(flaw(column, reason)),
        found => Ok(found.map(|it| it.1)),
    };
    let language =
        read(Field::Language, Reason::LanguageUnknown, &|it| Language::find(it).is_some())?;
    let code = read(Field::Code, Reason::CodeWrong, &|it| own_code(it).is_some())?;
    let status = read(Field::Status, Reason::StatusUnknown, &|it| status(it).is_some())?;
    let joined = |text: &str| date(text, choices.month_first, zone).filter(|it| *it <= now);
    let joined_at = read(Field::JoinedAt, Reason::DateWrong, &|it| joined(it).is_some())?;
    let unsubscribed = read(Field::Unsubscribed, Reason::FlagWrong, &|it| flag(it).is_some())?;
    let referrer = at(Field::ReferredBy);
    if let Some((column, text)) = referrer {
        let is_self = Email::parse(text).is_ok_and(|it| it.identity() == email.identity())
            || code.is_some_and(|it| it.eq_ignore_ascii_case(text));
        if is_self {
            return Err(flaw(column, Reason::ReferrerSelf));
        }
    }
    Ok(Person {
        email,
        first_name,
        last_name,
        language: language.and_then(Language::find).map(|it| it.0),
        code: code.and_then(own_code),
        referrer: referrer.map(|it| it.1.into()),
        status: status.and_then(self::status),
        joined_at: joined_at.and_then(joined),
        unsubscribed: unsubscribed.and_then(flag).unwrap_or_default(),
        metadata: own(choices, heads, cells)?,
    })
}

/// The owner's own fields.
fn own(
    choices: &Choices,
    heads: &[String],
    cells: &[String],
) -> Result<BTreeMap<String, String>, Flaw> {
    let mut fields = serde_json::Map::new();
    let none = String::new();
    let columns = choices.fields.iter().zip(cells).enumerate();
    for (column, (_, cell)) in columns.filter(|it| *it.1.0 == Field::Own && !it.1.1.is_empty()) {
        let name = key(heads.get(column).unwrap_or(&none), column);
        let one = serde_json::Map::from_iter([(name.clone(), cell.clone().into())]);
        if Metadata::parse(one).is_err() {
            return Err(Flaw { column, reason: Reason::OwnLong });
        }
        fields.insert(name, cell.clone().into());
        if Metadata::MOST < fields.len() {
            return Err(Flaw { column, reason: Reason::OwnMany });
        }
    }
    Ok(Metadata::parse(fields).map(|it| it.0).unwrap_or_default())
}

/// A code of somebody's own: what has the shape of a number of ours may be somebody's some day.
fn own_code(text: &str) -> Option<Code> {
    Code::parse(text).ok().filter(|it| !it.is_id())
}

/// A status as GrowSurf's exports have it, in any case, with or without `CREDIT_`.
fn status(text: &str) -> Option<Status> {
    let upper = text.to_ascii_uppercase();
    match upper.strip_prefix("CREDIT_").unwrap_or(&upper) {
        "PENDING" => Some(Status::CreditPending),
        "AWARDED" => Some(Status::CreditAwarded),
        "EXPIRED" => Some(Status::CreditExpired),
        _ => None,
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "oui" | "vrai" | "x" => Some(true),
        "false" | "no" | "n" | "0" | "non" | "faux" => Some(false),
        _ => None,
    }
}

/// An instant: ISO 8601, a day as people write it, or seconds or milliseconds since 1970. A day is
/// taken at noon of the campaign's own clocks, so that it stays that day.
fn date(text: &str, month_first: bool, zone: Zone) -> Option<Timestamp> {
    if text.bytes().all(|it| it.is_ascii_digit()) && (9..=13).contains(&text.len()) {
        let number: i64 = text.parse().ok()?;
        return Some(if text.len() < 12 {
            Timestamp::from_seconds(number)
        } else {
            Timestamp(number)
        });
    }
    let (day, rest) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    };
    let parts: Vec<i64> =
        day.split(['-', '/', '.']).map(|it| it.parse().ok()).collect::<Option<_>>()?;
    let [a, b, c] = parts[..] else { return None };
    let (year, month, day) = match (1_900 <= a, 1_900 <= c) {
        (true, _) => (a, b, c),
        (_, true) if month_first && !day.contains('.') => (c, a, b),
        (_, true) => (c, b, a),
        _ => return None,
    };
    let day = period::day_of(&alloc::format!("{year:04}-{month:02}-{day:02}"))?;
    let begins = period::begins(zone, day);
    if rest.is_empty() {
        return Some(begins + Span::hours(12));
    }
    let time = rest.find(['Z', 'z', '+', '-']);
    let (clock, shift) = rest.split_at(time.unwrap_or(rest.len()));
    let mut parts = clock.split(':');
    let mut number = |most: i64| {
        let text = parts.next()?.split('.').next()?;
        text.trim().parse::<i64>().ok().filter(|it| (0..most).contains(it))
    };
    let (hours, minutes) = (number(24)?, number(60)?);
    let seconds = number(60).unwrap_or_default();
    let within = Span::seconds(hours * 3_600 + minutes * 60 + seconds);
    let ahead = match shift {
        "" => return Some(begins + within),
        "Z" | "z" => Span::seconds(0),
        _ => {
            let digits: String = shift.chars().filter(char::is_ascii_digit).collect();
            let number = |it: Option<&str>| it.and_then(|it| it.parse::<i64>().ok());
            let hours = number(digits.get(..2))?;
            let ahead = hours * 60 + number(digits.get(2..4)).unwrap_or(0);
            Span::minutes(if shift.starts_with('-') { -ahead } else { ahead })
        }
    };
    Some(Timestamp(0) + Span::days(day) + within - ahead)
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn cells(row: &str) -> Vec<String> {
        row.split(',').map(ToOwned::to_owned).collect()
    }

    fn read(fields: &[Field], row: &str) -> Result<Person, Flaw> {
        let choices = Choices { fields: fields.into(), ..Choices::default() };
        person(&choices, &cells("A,B,C"), &cells(row), Zone::default(), NOW)
    }

    #[track_caller]
    fn check(field: Field, cell: &str, expected: Option<Reason>) {
        let found = read(&[Field::Email, field], &alloc::format!("ann@example.com,{cell}"));
        let found = found.err();
        assert_eq!(found.map(|it| it.reason), expected, "{cell}");
        assert!(found.is_none_or(|it| it.column == 1));
    }

    #[test]
    fn r_import_3_what_is_wrong_with_a_row_is_named_by_its_column() {
        check(Field::FirstName, "Zoé", None);
        check(Field::LastName, &"x".repeat(256), Some(Reason::NameLong));
        check(Field::Language, "fr-FR", None);
        check(Field::Language, "klingon", Some(Reason::LanguageUnknown));
        check(Field::Code, "Ann", None);
        check(Field::Code, "a b", Some(Reason::CodeWrong));
        check(Field::Status, "awarded", None);
        check(Field::Status, "paid", Some(Reason::StatusUnknown));
        check(Field::JoinedAt, "2026-02-30", Some(Reason::DateWrong));
        check(Field::JoinedAt, "2999-01-01", Some(Reason::DateWrong));
        check(Field::Unsubscribed, "oui", None);
        check(Field::Unsubscribed, "maybe", Some(Reason::FlagWrong));
        check(Field::Own, &"é".repeat(501), Some(Reason::OwnLong));
        check(Field::ReferredBy, "ANN@Example.com", Some(Reason::ReferrerSelf));
        check(Field::ReferredBy, "bob", None);
        for (row, reason) in [
            ("", Reason::EmailMissing),
            ("ann", Reason::EmailWrong),
            ("TEST-0123456789ab@parrain.example", Reason::EmailMadeUp),
            ("ann@example.com,x", Reason::CellsMany),
        ] {
            assert_eq!(read(&[Field::Email], row).unwrap_err().reason, reason);
        }
        assert!(read(&[Field::Email], "ann@example.com,").is_ok());
    }

    #[test]
    fn a_row_says_who_somebody_is() {
        let fields = [Field::FirstName, Field::Email, Field::Own, Field::Code, Field::ReferredBy];
        let ann = read(&fields, "Ann,ann@example.com,pro,ANN,bob").unwrap();
        assert_eq!(
            (ann.email.as_str(), ann.first_name.as_deref()),
            ("ann@example.com", Some("Ann"))
        );
        assert_eq!(ann.metadata, BTreeMap::from([("c".into(), "pro".into())]));
        assert_eq!(ann.code, Code::parse("ann").ok());
        assert_eq!(ann.referrer.as_deref(), Some("bob"));
        let short = read(&fields, ",ann@example.com").unwrap();
        assert_eq!((short.first_name, short.metadata.len()), (None, 0));
    }

    #[test]
    fn dates_are_read_as_files_have_them() {
        let utc = |text| date(text, false, Zone::default());
        let noon = Timestamp(1_767_225_600_000) + Span::hours(12);
        assert_eq!(date("2026-01-01T12:00:00.000Z", false, Zone::default()), Some(noon));
        assert_eq!(utc("2026-01-01T14:00+02:00"), Some(noon));
        assert_eq!(utc("1767268800"), Some(noon));
        assert_eq!(utc("1767268800000"), Some(noon));
        let day = |text, first| date(text, first, Zone::default()).map(Timestamp::day);
        let third_of_april = Some(20_546);
        assert_eq!(day("2026-04-03", false), third_of_april);
        assert_eq!(day("03/04/2026", false), third_of_april);
        assert_eq!(day("04/03/2026", true), third_of_april);
        assert_eq!(day("03.04.2026", true), third_of_april);
        assert_eq!(day("3/4/2026 08:30", false), third_of_april);
        for wrong in ["", "x", "2026-13-01", "31/02/2026", "03/04/26", "2026-01-01T25:00", "1-2"] {
            assert_eq!(utc(wrong), None, "{wrong}");
        }
    }
}
