//! Finding words in the texts of a page, in any spelling of identifiers and without regard to accents.

use alloc::string::String;

/// Texts as lower-case words with one space before and after each.
///
/// Punctuation separates, and so does `camelCase`; Latin letters lose their accents. A text ends
/// with a word of its own, so that no phrase spans two texts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Words(String);

impl Words {
    pub(super) fn of(texts: &[&str]) -> Self {
        let mut it = Self::default();
        for text in texts {
            it.add(text);
        }
        it
    }

    pub(super) fn add(&mut self, text: &str) {
        self.0.push_str(if self.0.is_empty() { " " } else { "| " });
        let mut previous = ' ';
        for letter in text.chars() {
            if previous.is_ascii_lowercase() && letter.is_ascii_uppercase() {
                self.space();
            }
            previous = letter;
            match plain(letter) {
                "" if is_letter(letter) => self.0.push(letter.to_ascii_lowercase()),
                "" => self.space(),
                folded => self.0.push_str(folded),
            }
        }
        self.space();
    }

    /// Whether one of `phrases` (`a|b c|d*|*e*`) is in here.
    ///
    /// A phrase matches whole words; a star at an end leaves that end open. Where words are written
    /// together, or begin with their article, both are; but one letter is a word.
    pub(super) fn say(&self, phrases: &str) -> bool {
        !phrases.is_empty() && phrases.split('|').any(|it| self.has(it))
    }

    fn has(&self, phrase: &str) -> bool {
        let joined = 3 < phrase.len() && phrase.starts_with(|it: char| !it.is_ascii());
        let (phrase, open_start) = match phrase.strip_prefix('*') {
            Some(rest) => (rest, true),
            None => (phrase, joined),
        };
        let (phrase, open_end) = match phrase.strip_suffix('*') {
            Some(rest) => (rest, true),
            None => (phrase, joined),
        };
        let (text, phrase) = (self.0.as_bytes(), phrase.as_bytes());
        let mut before = b' ';
        text.iter().enumerate().any(|(at, letter)| {
            let starts = open_start || before == b' ';
            before = *letter;
            // Most places are none: the first letter says so at once.
            starts && Some(letter) == phrase.first() && {
                let rest = text.get(at..).and_then(|it| it.strip_prefix(phrase));
                rest.is_some_and(|it| open_end || it.first() == Some(&b' '))
            }
        })
    }

    fn space(&mut self) {
        if !self.0.ends_with(' ') {
            self.0.push(' ');
        }
    }
}

/// ASCII letters and digits, and everything beyond Latin punctuation.
///
/// The tables of Unicode would say it better, and weigh more than the whole scorer.
fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || !matches!(letter, '\0'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'
            | '\u{60c}'..='\u{61f}' | '\u{ff00}'..='\u{ff20}')
}

/// A Latin letter without its accent, an Arabic one without its hamza; nothing for all others.
fn plain(letter: char) -> &'static str {
    match letter {
        'À'..='Å' | 'à'..='å' | 'ą' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'ć' | 'č' => "c",
        'È'..='Ë' | 'è'..='ë' | 'ę' | 'ě' => "e",
        'Ì'..='Ï' | 'ì'..='ï' => "i",
        'Ñ' | 'ñ' | 'ń' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' => "o",
        'Œ' | 'œ' => "oe",
        'Ś' | 'ś' | 'Š' | 'š' => "s",
        'ß' => "ss",
        'Ù'..='Ü' | 'ù'..='ü' | 'ů' => "u",
        'Ý' | 'ý' => "y",
        'آ' | 'أ' | 'إ' => "ا",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[track_caller]
    fn check(text: &str, phrases: &str, expected: bool) {
        assert_eq!(Words::of(&[text]).say(phrases), expected, "{:?}", Words::of(&[text]));
    }

    #[test]
    fn every_spelling_of_an_identifier_is_the_same_words() {
        for text in ["first_name", "firstName", "FirstName", "user[first-name]", "First  NAME*"] {
            check(text, "first name", true);
        }
    }

    #[test]
    fn a_phrase_matches_whole_words() {
        check("Subscribe", "subscribe", true);
        check("Unsubscribe", "subscribe", false);
        check("Subscribed", "subscribe", false);
    }

    #[test]
    fn a_star_opens_an_end() {
        check("Registrieren", "regist*", true);
        check("Preregister", "regist*", false);
        check("workemail2", "*email*", true);
        check("Geburtsname", "*name", true);
        check("renamed", "*name", false);
    }

    #[test]
    fn accents_do_not_matter() {
        check("Prénom", "prenom", true);
        check("S’inscrire", "s inscrire", true);
        check("CONTRASEÑA", "contrasena", true);
        check("Straße", "strasse", true);
    }

    #[test]
    fn other_scripts_stay_as_they_are() {
        check("メールアドレス", "メール", true);
        check("Eメール", "メール", true);
        check("電子郵件，邮箱", "邮箱", true);
        check("会社名", "名", false);
        check("お名前（名）", "名", true);
        check("إنشاء حساب", "انشاء حساب", true);
        check("هل نسيت؟", "نسيت", true);
    }

    #[test]
    fn a_phrase_does_not_span_two_texts() {
        assert!(!Words::of(&["Sign", "up"]).say("sign up"));
        assert!(Words::of(&["Sign", "up"]).say("sign"));
        assert!(Words::of(&["Sign", "up"]).say("up"));
    }

    #[test]
    fn nothing_says_nothing() {
        check("", "a", false);
        check("a", "", false);
    }
}
