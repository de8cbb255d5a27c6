//! The languages that every text of ours exists in.

use serde::{Deserialize, Serialize};

/// A language of the product's own texts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English, spoken to whoever asks for neither.
    #[default]
    En,
    /// French.
    Fr,
}

impl Lang {
    /// The first of our languages in an `Accept-Language` value or a language tag.
    ///
    /// Weights are ignored: browsers list in order of preference.
    #[must_use]
    pub fn preferred(accepted: &str) -> Self {
        accepted.split(',').find_map(|tag| Self::from_tag(tag.trim())).unwrap_or_default()
    }

    /// The language of a tag such as `fr-CA`, if it is one of ours.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', ';']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("fr") {
            Some(Self::Fr)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// Its name, as those who speak it write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Fr => "Français",
        }
    }

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accepted: &str, expected: Lang) {
        assert_eq!(Lang::preferred(accepted), expected);
    }

    #[test]
    fn the_first_of_our_languages_wins() {
        check("fr-CA,fr;q=0.9,en;q=0.8", Lang::Fr);
        check("de,en-GB;q=0.8,fr;q=0.5", Lang::En);
        check("de, FR;q=0.3", Lang::Fr);
        check("", Lang::En);
        check("zh", Lang::En);
    }
}
