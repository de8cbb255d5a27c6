//! The guided set-up: what an owner answers, step by step, and the programme that it makes.
//!
//! Answers are kept as they were typed, so that a form shows them again; what they mean is read here.

mod goal;
mod plan;
#[cfg(test)]
mod tests;

use alloc::{collections::BTreeMap, string::String};

pub use goal::Goal;
pub use plan::{MOST_ADDRESSES, Plan, read};

use crate::lang::Lang;

/// A step of the set-up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// What the programme is for.
    Goal,
    /// Who earns what.
    Rewards,
    /// When it counts, how often, and who approves.
    Counting,
    /// Where it runs, and what visitors are asked.
    Site,
    /// Colours, logo, words.
    Design,
    /// All of it, before it is made.
    Check,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Goal, Self::Rewards, Self::Counting, Self::Site, Self::Design, Self::Check];

    /// The step as addresses name it.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Goal => "goal",
            Self::Rewards => "rewards",
            Self::Counting => "counting",
            Self::Site => "site",
            Self::Design => "design",
            Self::Check => "check",
        }
    }

    /// The step of an address.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.path() == path)
    }

    /// The questions that it asks, by their fields.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Goal => &["goal"],
            Self::Rewards => &[
                "who",
                "currency",
                "gift",
                "amount",
                "words",
                "code",
                "friendGift",
                "friendAmount",
                "friendWords",
                "friendCode",
                "every",
            ],
            Self::Counting => {
                &["event", "window", "wait", "limit", "per", "hold", "approval", "trust", "budget"]
            }
            Self::Site => &["company", "name", "address", "join", "more", "consent", "zone"],
            Self::Design => {
                &["primary", "accent", "scheme", "logo", "titleEn", "titleFr", "textEn", "textFr"]
            }
            Self::Check => &[],
        }
    }

    /// The step after it; after the last, itself.
    #[must_use]
    pub fn next(self) -> Self {
        self.beside(1)
    }

    /// The step before it; before the first, itself.
    #[must_use]
    pub fn previous(self) -> Self {
        self.beside(-1)
    }

    /// Its place, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|it| *it == self).map_or(1, |it| it + 1)
    }

    fn beside(self, by: isize) -> Self {
        let at = self.number().checked_add_signed(by).unwrap_or_default();
        at.checked_sub(1).and_then(|it| Self::ALL.get(it)).copied().unwrap_or(self)
    }
}

/// What was answered so far.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answers {
    /// What was typed, by field.
    pub typed: BTreeMap<String, String>,
    /// The language of the words that a preset proposes.
    pub lang: Lang,
}

impl Answers {
    /// The goal, once it is chosen.
    #[must_use]
    pub fn goal(&self) -> Option<Goal> {
        Goal::from_name(self.typed.get("goal")?)
    }

    /// What was typed, or what the goal's preset proposes.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        match self.typed.get(field) {
            Some(typed) => typed.trim(),
            None => self.goal().map_or("", |it| it.answer(field, self.lang)),
        }
    }

    /// Takes what a step's form brings. Another goal brings its own proposals, except where something
    /// else than the old one's was typed (R-SETUP-2).
    pub fn take<'a>(&mut self, step: Step, sent: impl Fn(&str) -> Option<&'a str>) {
        let old = self.goal();
        for field in step.fields() {
            if let Some(text) = sent(field) {
                let text: String = text.chars().take(LONGEST).collect();
                self.typed.insert((*field).into(), text);
            }
        }
        if let Some(old) = old.filter(|it| Some(*it) != self.goal()) {
            let lang = self.lang;
            self.typed.retain(|field, text| field == "goal" || text != old.answer(field, lang));
        }
    }
}

/// The longest answer that is kept; what is longer than its field allows is refused by that.
const LONGEST: usize = 4_000;

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// Nothing was answered.
    Missing,
    /// No amount of money above nought.
    Amount,
    /// No whole number within its bounds.
    Number,
    /// Too many characters.
    Long,
    /// No address of a site.
    Address,
    /// No `https` address.
    Secure,
    /// No colour.
    Colour,
    /// No time zone.
    Zone,
    /// None of the choices.
    Choice,
    /// Something that the other answers do not allow.
    Misfit,
}

/// A field with what is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The field.
    pub field: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

impl Flaw {
    /// The step on which it is mended.
    #[must_use]
    pub fn step(&self) -> Step {
        let asks = |it: &Step| it.fields().contains(&self.field);
        Step::ALL.into_iter().find(asks).unwrap_or(Step::Goal)
    }
}
