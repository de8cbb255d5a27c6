//! The owner's own texts of the card, in each language: plain text, a paragraph after an empty line.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{campaign::Flaw, lang::Lang};

/// The owner's texts.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Own {
    /// English.
    pub en: Texts,
    /// French.
    pub fr: Texts,
}

/// The texts of one language; an empty one is not shown.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Texts {
    /// What stands in the largest letters; none: the programme's name.
    pub headline: String,
    /// What the programme is about.
    pub intro: String,
    /// Who may take part, beyond what the settings say.
    pub eligibility: String,
    /// Further terms.
    pub terms: String,
    /// Whom to ask.
    pub contact: String,
}

/// The longest of each, in characters: a line or two, a tweet or two, a page, a small book, an address.
const LONGEST: [(&str, &str, usize); 5] = [
    ("headline", "has at most 120 characters", 120),
    ("intro", "has at most 600 characters", 600),
    ("eligibility", "has at most 2000 characters", 2_000),
    ("terms", "has at most 12000 characters", 12_000),
    ("contact", "has at most 400 characters", 400),
];

impl Own {
    /// The texts of a language; where it has none, of the other, so that nothing stays unsaid.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> [&str; 5] {
        let (own, other) = match lang {
            Lang::En => (&self.en, &self.fr),
            Lang::Fr => (&self.fr, &self.en),
        };
        let mut texts = own.all();
        for (text, other) in texts.iter_mut().zip(other.all()) {
            if text.is_empty() {
                *text = other;
            }
        }
        texts
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same with lines ended and texts trimmed alike, as they are kept.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        for texts in [&mut self.en, &mut self.fr] {
            texts.headline = texts.headline.split_whitespace().collect::<Vec<_>>().join(" ");
            let all =
                [&mut texts.intro, &mut texts.eligibility, &mut texts.terms, &mut texts.contact];
            for text in all {
                *text = text.replace("\r\n", "\n").replace('\r', "\n").trim().into();
            }
        }
        self
    }

    /// What is wrong with them, if anything: the field by its language and name.
    #[must_use]
    pub fn flaw(&self) -> Option<(Lang, Flaw)> {
        for (lang, texts) in [(Lang::En, &self.en), (Lang::Fr, &self.fr)] {
            for (text, (field, problem, longest)) in texts.all().into_iter().zip(LONGEST) {
                if longest < text.chars().count() {
                    return Some((lang, Flaw { field, problem }));
                }
                if text.chars().any(|it| it.is_control() && it != '\n' && it != '\t') {
                    return Some((lang, Flaw { field, problem: "holds characters of no text" }));
                }
            }
        }
        None
    }
}

impl Texts {
    fn all(&self) -> [&str; 5] {
        [&self.headline, &self.intro, &self.eligibility, &self.terms, &self.contact]
    }
}

/// The paragraphs of a text, each with its lines.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut begun = false;
    for line in text.lines().map(str::trim_end) {
        match (line.is_empty(), begun, found.last_mut()) {
            (true, _, _) => begun = false,
            (false, true, Some(last)) => last.push(line),
            _ => {
                found.push(alloc::vec![line]);
                begun = true;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn a_text_has_paragraphs_and_lines() {
        assert_eq!(paragraphs("a\nb\n\n\n c \n"), [vec!["a", "b"], vec![" c"]]);
        assert!(paragraphs(" \n\n").is_empty());
    }

    #[test]
    fn r_settings_8_a_language_without_a_text_shows_the_others() {
        let mut own = Own::default();
        assert!(own.is_empty());
        own.en.intro = "Hello".into();
        own.fr.contact = "Nous".into();
        assert_eq!(own.in_lang(Lang::En), ["", "Hello", "", "", "Nous"]);
        own.fr.intro = "Bonjour".into();
        assert_eq!(own.in_lang(Lang::Fr), ["", "Bonjour", "", "", "Nous"]);
    }

    #[test]
    fn r_settings_8_a_text_has_its_longest_and_no_control_characters() {
        for (field, _, longest) in LONGEST {
            for (count, fits) in [(longest, true), (longest + 1, false)] {
                let mut own = Own::default();
                let text = "é".repeat(count);
                match field {
                    "headline" => own.fr.headline = text,
                    "intro" => own.fr.intro = text,
                    "eligibility" => own.fr.eligibility = text,
                    "terms" => own.fr.terms = text,
                    _ => own.fr.contact = text,
                }
                let flaw = own.flaw().map(|(lang, it)| (lang, it.field));
                assert_eq!(flaw, (!fits).then_some((Lang::Fr, field)));
            }
        }
        let mut own = Own::default();
        own.en.terms = " a\r\nb\rc ".into();
        own.en.headline = " one\n line ".into();
        let own = own.normalised();
        assert_eq!(own.en.headline, "one line");
        assert_eq!((own.en.terms.as_str(), own.flaw()), ("a\nb\nc", None));
        let mut own = Own::default();
        own.en.intro = "a\u{7}".into();
        assert_eq!(own.flaw().map(|it| it.1.field), Some("intro"));
    }
}
