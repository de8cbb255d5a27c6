//! What is wrong with a text, in both languages.

use std::fmt;

use shared::lang::Lang;

/// What is wrong with a text. The wire says it in English.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    en: String,
    fr: String,
}

impl Problem {
    /// A problem in English and in French.
    #[must_use]
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }

    /// The problem in a language.
    #[must_use]
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Fr => &self.fr,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}
