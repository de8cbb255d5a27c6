//! Settings as pages show them: each with its name, its help, how it is typed, and how it is said.

mod around;
mod conditions;
mod form;
mod problems;
mod read;
mod rule;
mod sections;
mod settings;
mod texts;

use serde_json::Value;
use shared::{
    lang::Lang,
    money::Currency,
    time::Timestamp,
    written::{self, minute},
    zone::Zone,
};

pub use conditions::{Groups, conditions};
pub use form::{field, fold, hidden};
pub use problems::problem;
pub use read::{Wrong, read};
pub use rule::RULE;
pub use sections::{PARTS, Section};
pub use settings::SETTINGS;
pub use texts::{LOOK, TEXTS};

use super::parts::money;

/// A text in English and in French.
pub type Both = [&'static str; 2];

/// How a setting is typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Several lines of text, shown in so many.
    Text(u8),
    /// A list, one entry a line.
    Lines,
    /// Names and values, one pair a line: `name = value`.
    Pairs,
    /// Yes or no.
    Flag,
    /// A whole number, or nothing.
    Count,
    /// An amount of the campaign's currency, or nothing.
    Money,
    /// One of these: as it is on the wire, and in words.
    Choice(&'static [(&'static str, Both)]),
    /// One of these numbers of days, or nothing where the last word says what that means.
    Days(&'static [u16], Option<Both>),
    /// A day and a minute by the campaign's clocks, or nothing.
    Instant,
    /// It stays as it is.
    Fixed,
}

/// From when on a change of a setting holds, and for whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Words only.
    Words,
    /// All links, old ones too.
    Links,
    /// Pages that are opened from now on.
    Visits,
    /// Friends who come from now on.
    Friends,
    /// What is open now, too.
    Open,
    /// What is earned from now on.
    Earned,
    /// What is approved from now on.
    Approved,
    /// The whole programme.
    Whole,
    /// What is counted from now on.
    Counted,
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// Its place in the JSON of the wire, and its name in the form.
    pub path: &'static str,
    /// The part of the page that it stands in.
    pub part: &'static str,
    /// How it is typed.
    pub kind: Kind,
    /// What people call it.
    pub label: Both,
    /// What it does, in plain words.
    pub help: Both,
    /// Whether it is folded away, as most owners never need it.
    pub folded: bool,
    /// From when on a change holds.
    pub reach: Reach,
}

/// What values are said in.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    /// The language.
    pub lang: Lang,
    /// The currency of amounts.
    pub currency: Currency,
    /// Whose clocks are meant.
    pub zone: Zone,
}

/// Which of two texts a reader gets.
#[must_use]
pub const fn pick(lang: Lang, both: Both) -> &'static str {
    match lang {
        Lang::En => both[0],
        Lang::Fr => both[1],
    }
}

/// What a setting is in a JSON object.
#[must_use]
pub fn at<'v>(whole: &'v Value, path: &str) -> &'v Value {
    path.split('.').try_fold(whole, |value, step| value.get(step)).unwrap_or(&Value::Null)
}

impl Opt {
    /// Its name.
    #[must_use]
    pub const fn label(&self, lang: Lang) -> &'static str {
        pick(lang, self.label)
    }

    /// A value as it stands in the field.
    #[must_use]
    pub fn typed(&self, value: &Value, say: Say) -> String {
        match (self.kind, value) {
            (_, Value::Null | Value::Bool(false)) => String::new(),
            (_, Value::Bool(true)) => "1".into(),
            (_, Value::String(text)) => text.clone(),
            (Kind::Money, value) => value.as_i64().map_or_else(String::new, |it| major(it, say)),
            (Kind::Instant, value) => value.as_i64().map_or_else(String::new, |it| local(it, say)),
            (_, Value::Array(list)) => {
                let lines: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                lines.join("\n")
            }
            (Kind::Pairs, Value::Object(pairs)) => {
                let line = |(name, value): (&String, &Value)| {
                    format!("{name} = {}", value.as_str().unwrap_or_default())
                };
                pairs.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            (_, value) => value.to_string(),
        }
    }

    /// A value in words.
    #[must_use]
    pub fn said(&self, value: &Value, say: Say) -> String {
        let lang = say.lang;
        let unset = pick(lang, ["not set", "non défini"]);
        match (self.kind, value) {
            (Kind::Days(_, Some(none)), Value::Null) => pick(lang, none).into(),
            (_, Value::Bool(yes)) => {
                pick(lang, if *yes { ["yes", "oui"] } else { ["no", "non"] }).into()
            }
            (Kind::Choice(choices), Value::String(text)) => {
                let known = choices.iter().find(|it| it.0 == text);
                known.map_or(text.as_str(), |it| pick(lang, it.1)).into()
            }
            (_, Value::String(text)) if !text.is_empty() => text.clone(),
            (Kind::Days(..), value) if value.is_number() => days(lang, &value.to_string()),
            (Kind::Money, value) if value.is_number() => {
                money(lang, value.as_i64().unwrap_or_default(), say.currency)
            }
            (Kind::Instant, value) if value.is_number() => {
                let at = Timestamp(value.as_i64().unwrap_or_default());
                format!("{} ({})", minute(lang, at + say.zone.offset(at)), say.zone.name())
            }
            (_, Value::Array(list)) if !list.is_empty() => {
                list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            // A list of addresses, as versions keep it.
            (Kind::Lines, Value::Object(list)) => {
                let count = list.get("entries").and_then(Value::as_u64).unwrap_or_default();
                let mark = list.get("mark").and_then(Value::as_str).unwrap_or_default();
                match (count, lang) {
                    (0, _) => unset.into(),
                    (count, Lang::En) => format!("{count} entries (list {mark})"),
                    (count, Lang::Fr) => format!("{count} entrées (liste {mark})"),
                }
            }
            (Kind::Pairs, Value::Object(pairs)) if !pairs.is_empty() => {
                self.typed(value, say).replace('\n', ", ")
            }
            (Kind::Count, value) if value.is_u64() => {
                written::number(lang, value.as_u64().unwrap_or_default())
            }
            (_, Value::Number(number)) => number.to_string(),
            _ => unset.into(),
        }
    }
}

/// A number of days in words.
#[must_use]
pub fn days(lang: Lang, count: &str) -> String {
    let plural = if count == "1" { "" } else { "s" };
    match lang {
        Lang::En => format!("{count} day{plural}"),
        Lang::Fr => format!("{count} jour{plural}"),
    }
}

/// Minor units as people type an amount: with a point, or in French with a comma.
fn major(minor: i64, say: Say) -> String {
    let digits = say.currency.digits();
    let unit = 10_u64.pow(u32::try_from(digits).unwrap_or_default());
    let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let mark = pick(say.lang, [".", ","]);
    if digits == 0 { whole.to_string() } else { format!("{whole}{mark}{rest:0digits$}") }
}

/// An instant as a field of day and minute holds it, by the campaign's clocks.
fn local(at: i64, say: Say) -> String {
    let at = Timestamp(at);
    minute(Lang::En, at + say.zone.offset(at)).replace(' ', "T")
}

/// One setting that changed: what it was and what it is, in words.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Which.
    pub opt: &'static Opt,
    /// What it was.
    pub was: String,
    /// What it is.
    pub is: String,
}

/// The settings of a list that differ between two JSON objects.
#[must_use]
pub fn changed(list: &'static [Opt], before: &Value, after: &Value, say: Say) -> Vec<Changed> {
    let differ = list.iter().filter(|it| at(before, it.path) != at(after, it.path));
    let each = differ.map(|opt| Changed {
        opt,
        was: opt.said(at(before, opt.path), say),
        is: opt.said(at(after, opt.path), say),
    });
    each.collect()
}

/// What it means that a change reaches so far.
#[must_use]
pub const fn reaches(reach: Reach, lang: Lang) -> &'static str {
    let both: Both = match reach {
        Reach::Words => [
            "People read it at once; nothing else changes.",
            "Les gens le lisent aussitôt\u{a0}; rien d’autre ne change.",
        ],
        Reach::Links => [
            "For all links at once, old ones too; copies are renewed within five minutes.",
            "Pour tous les liens aussitôt, anciens compris\u{a0}; les copies sont renouvelées en cinq minutes.",
        ],
        Reach::Visits => [
            "For pages that are opened from now on, after five minutes at the latest.",
            "Pour les pages ouvertes désormais, au plus tard après cinq minutes.",
        ],
        Reach::Friends => [
            "For friends who come from now on; those who came before stay as they are.",
            "Pour les filleuls qui arrivent désormais\u{a0}; les autres restent tels quels.",
        ],
        Reach::Open => [
            "At once, also for referrals that are open now.",
            "Aussitôt, y compris pour les parrainages encore ouverts.",
        ],
        Reach::Earned => [
            "For what is earned from now on; rewards that wait keep what held when they were earned.",
            "Pour ce qui est gagné désormais\u{a0}; les récompenses en attente gardent ce qui valait alors.",
        ],
        Reach::Approved => [
            "For rewards that are approved from now on, those that wait now included.",
            "Pour les récompenses validées désormais, y compris celles qui attendent.",
        ],
        Reach::Whole => {
            ["For the whole programme, from now on.", "Pour tout le programme, désormais."]
        }
        Reach::Counted => [
            "For what is counted from now on; what was counted stays.",
            "Pour ce qui est compté désormais\u{a0}; ce qui est compté le reste.",
        ],
    };
    pick(lang, both)
}

#[cfg(test)]
mod tests;
