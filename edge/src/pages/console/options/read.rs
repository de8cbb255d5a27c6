//! What was typed into a field, as the wire has it.

use serde_json::{Map, Value};
use shared::{
    time::{Span, Timestamp},
    written::day,
};

use super::{Both, Kind, Opt, Say};

/// Why a field cannot be read.
pub type Wrong = Both;

const NUMBER: Wrong = ["Please type a whole number.", "Tapez un nombre entier."];
const AMOUNT: Wrong =
    ["Please type an amount such as 12.50.", "Tapez un montant, par exemple 12,50."];
const INSTANT: Wrong = ["Please choose a day and a time.", "Choisissez un jour et une heure."];
const PAIRS: Wrong =
    ["Please write each line as name = value.", "Écrivez chaque ligne\u{a0}: nom = valeur."];

/// The value of what was typed.
pub fn read(opt: &Opt, text: &str, say: Say) -> Result<Value, Wrong> {
    let trimmed = text.trim();
    let lines = || text.lines().map(str::trim).filter(|it| !it.is_empty());
    Ok(match opt.kind {
        Kind::Flag => Value::Bool(!trimmed.is_empty()),
        Kind::Text(_) => text.replace("\r\n", "\n").into(),
        Kind::Lines => lines().map(Value::from).collect(),
        Kind::Pairs => {
            let pair = |line: &str| {
                let (name, value) = line.split_once('=').ok_or(PAIRS)?;
                Ok((name.trim().to_owned(), Value::from(value.trim())))
            };
            Value::Object(lines().map(pair).collect::<Result<Map<_, _>, Wrong>>()?)
        }
        _ if trimmed.is_empty() => Value::Null,
        Kind::Line | Kind::Choice(_) | Kind::Fixed => trimmed.into(),
        Kind::Count | Kind::Days(..) => {
            let digits = trimmed.replace(['\u{a0}', '\u{202f}', ' '], "");
            digits.parse::<i64>().map_err(|_| NUMBER)?.into()
        }
        Kind::Money => minor(trimmed, say.currency.digits()).ok_or(AMOUNT)?.into(),
        Kind::Instant => instant(trimmed, say).ok_or(INSTANT)?.0.into(),
    })
}

/// An amount that people typed, with a point or a comma, in minor units.
fn minor(text: &str, digits: usize) -> Option<i64> {
    let text = text.replace(['\u{a0}', '\u{202f}', ' '], "").replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !number(whole) || !number(rest) || digits < rest.len() {
        return None;
    }
    format!("{whole}{rest:0<digits$}").parse().ok()
}

/// A day and a minute by the campaign's clocks.
fn instant(text: &str, say: Say) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', ' '])?;
    let (hour, minute) = time.get(..5)?.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) {
        return None;
    }
    let local = day(date)? + Span::minutes(hour * 60 + minute);
    let about = Timestamp(local.0 - say.zone.offset(local).0);
    Some(Timestamp(local.0 - say.zone.offset(about).0))
}
