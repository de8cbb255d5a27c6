//! Templates: the owner's text with names in braces, and what it says of one person's facts.

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use serde::{Deserialize, Serialize};
use shared::lang::Lang;

use super::{
    Fact, Facts, Kind, Problem, fact,
    markup::{self, Block},
    texts,
};

/// The longest text of a template, in bytes.
pub const LONGEST: usize = 20_000;

/// The longest subject, in characters, when its values are merged.
const LONGEST_SUBJECT: usize = 200;

/// The words of a template in one language.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Text {
    /// The subject.
    pub subject: String,
    /// What mail programs show beside it in a list.
    pub preheader: String,
    /// The body, in the markup of [`markup`].
    pub body: String,
}

/// What a template says to one person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    /// One line.
    pub subject: String,
    /// One line.
    pub preheader: String,
    /// The body's parts.
    pub body: Vec<Block>,
}

/// Why a template cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct Broken {
    /// `subject`, `preheader` or `body`.
    pub field: &'static str,
    /// In which line of it, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl Text {
    /// The words that the product comes with.
    #[must_use]
    pub fn default_of(kind: Kind, lang: Lang) -> Self {
        let [subject, preheader, body] = match lang {
            Lang::En => texts::en(kind),
            Lang::Fr => texts::fr(kind),
        };
        Self { subject: subject.into(), preheader: preheader.into(), body: body.into() }
    }

    /// Whether it can be used, tried on examples with everything in them and with as little as can be.
    pub fn check(&self, kind: Kind, lang: Lang) -> Result<(), Broken> {
        for (field, text) in self.fields() {
            if LONGEST < text.len() {
                let problem = Problem::new(
                    format!("the text is longer than {LONGEST} characters"),
                    format!("le texte dépasse {LONGEST} caractères"),
                );
                return Err(Broken { field, line: 1, problem });
            }
        }
        if self.subject.trim().is_empty() {
            let problem = Problem::new("it is empty", "il est vide");
            return Err(Broken { field: "subject", line: 1, problem });
        }
        for full in [true, false] {
            let facts = fact::examples(kind, lang, full);
            let said = self.say(&facts)?;
            if said.subject.is_empty() {
                let problem = Problem::new(
                    "it would be empty for some people",
                    "il serait vide pour certaines personnes",
                );
                return Err(Broken { field: "subject", line: 1, problem });
            }
            let body = merge("body", &self.body, &facts, true)?;
            if let Some(flaw) = markup::parse(&body).1.into_iter().next() {
                return Err(Broken { field: "body", line: flaw.line, problem: flaw.problem });
            }
        }
        Ok(())
    }

    /// What it says of these facts.
    pub fn say(&self, facts: &Facts) -> Result<Said, Broken> {
        let line = |field, source: &str, most: usize| {
            let text = merge(field, source, facts, false)?;
            let words: Vec<&str> = text.split_whitespace().collect();
            Ok::<String, Broken>(words.join(" ").chars().take(most).collect())
        };
        Ok(Said {
            subject: line("subject", &self.subject, LONGEST_SUBJECT)?,
            preheader: line("preheader", &self.preheader, LONGEST_SUBJECT)?,
            body: markup::parse(&merge("body", &self.body, facts, true)?).0,
        })
    }

    fn fields(&self) -> [(&'static str, &str); 3] {
        [("subject", &self.subject), ("preheader", &self.preheader), ("body", &self.body)]
    }
}

/// Merges facts into a source; for a body, each value stands between its marks.
fn merge(
    field: &'static str,
    source: &str,
    facts: &Facts,
    is_body: bool,
) -> Result<String, Broken> {
    let source = markup::source(source);
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_trim_blocks(true);
    engine.set_lstrip_blocks(true);
    engine.set_recursion_limit(50);
    engine.set_formatter(move |out, state, value| {
        if value.is_undefined() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        // One who has more to say than a name: sentences by commas.
        let text = match value.as_str() {
            Some(text) => text.to_owned(),
            None => match value.try_iter().ok().filter(|_| !value.is_number()) {
                Some(items) => items.map(|it| it.to_string()).collect::<Vec<_>>().join(", "),
                None => value.to_string(),
            },
        };
        let _ = state;
        let text = if is_body { markup::marked(&text) } else { markup::clean(&text) };
        out.write_str(&text).map_err(|_| Error::from(ErrorKind::WriteFailure))
    });
    let values: Value =
        facts.iter().map(|(name, fact): (&&str, &Fact)| (*name, Value::from(fact))).collect();
    engine.render_str(&source, values).map_err(|error| broken(field, &source, facts, &error))
}

/// An error in the owner's words: the line, and the name that nobody knows.
fn broken(field: &'static str, source: &str, facts: &Facts, error: &Error) -> Broken {
    let line = error.line().unwrap_or(1);
    let place = error.range().and_then(|it| source.get(it)).unwrap_or_default();
    let problem = match error.kind() {
        ErrorKind::UndefinedError => {
            let name = place.trim_matches(|it: char| !it.is_alphanumeric() && it != '_');
            let known = facts.keys().copied().collect::<Vec<_>>().join(", ");
            Problem::new(
                format!("nothing is called “{name}” here; there are {known}"),
                format!("rien ne s’appelle «\u{a0}{name}\u{a0}» ici\u{a0}; il y a {known}"),
            )
        }
        ErrorKind::SyntaxError => {
            let detail = error.detail().unwrap_or("it cannot be read");
            Problem::new(
                format!("the braces cannot be read: {detail}"),
                "les accolades ne se lisent pas\u{a0}: il en manque, ou un mot est mal écrit",
            )
        }
        ErrorKind::UnknownFilter => Problem::new(
            format!("there is no filter in “{place}”"),
            format!("il n’y a pas de filtre dans «\u{a0}{place}\u{a0}»"),
        ),
        _ => Problem::new(
            error.detail().map_or_else(|| format!("“{place}” cannot be worked out"), Into::into),
            format!("«\u{a0}{place}\u{a0}» ne peut pas être calculé"),
        ),
    };
    Broken { field, line, problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{kind::ALL, markup::text};

    fn of(subject: &str, body: &str) -> Text {
        Text { subject: subject.into(), preheader: String::new(), body: body.into() }
    }

    fn facts() -> Facts {
        fact::examples(Kind::WelcomeReferred, Lang::En, true)
    }

    #[track_caller]
    fn breaks(body: &str, line: usize, problem: &str) {
        let broken = of("Hi", body).check(Kind::WelcomeReferred, Lang::En).unwrap_err();
        assert_eq!((broken.field, broken.line), ("body", line), "{broken}");
        assert!(broken.problem.say(Lang::En).contains(problem), "{broken}");
        let french = broken.problem.say(Lang::Fr);
        assert!(!french.is_empty() && french != broken.problem.say(Lang::En), "{french}");
    }

    #[test]
    fn a_broken_template_is_named_by_line_and_name() {
        breaks("Hello\n{{firstNam}}", 2, "“firstNam”");
        breaks("a\n\n{% if friendName %}x{% endif %}", 3, "“friendName”");
        breaks("{{ firstName.x.y }}", 1, "");
        breaks("a\n{{ firstName", 2, "braces");
        breaks("{% if firstName %}a", 1, "braces");
        breaks("{{ firstName|upper }}", 1, "filter");
        breaks("{% if leadCount == 0 %}\n\n{{ typo }}\n{% endif %}", 3, "“typo”");
        breaks("a\n[x](javascript:alert(1))", 2, "https://");
        breaks(&"x".repeat(LONGEST + 1), 1, "longer");
        breaks("{{ isReferrer ? 'a' : 'b' }}", 1, "");
        let empty = of(" ", "a").check(Kind::GoalAchieved, Lang::En).unwrap_err();
        assert_eq!(empty.field, "subject");
        let sometimes = of("{{firstName}}", "a").check(Kind::GoalAchieved, Lang::En).unwrap_err();
        assert!(sometimes.problem.say(Lang::En).contains("some people"), "{sometimes}");
    }

    #[test]
    fn names_choices_and_lists_are_merged() {
        let body = "{% if firstName %}Hi {{firstName}}{% else %}Hi{% endif %} \
                    {{ 'there' if leadCount > 3 else 'nobody' }}, {{leadCount}}.\n\
                    {% for it in rewards %}- {{it}}\n{% endfor %}\n{{shareUrl}}\n\n{{rewards}}";
        let said = of("To {{firstName}}", body).say(&facts()).unwrap();
        assert_eq!(said.subject, "To Ada");
        assert_eq!(
            text(&said.body),
            "Hi Ada there, 4.\n\n- For each friend who becomes a customer, you get: €10.\n\n\
             https://links.example/r/ada\n\nFor each friend who becomes a customer, you get: €10.\n"
        );
    }

    #[test]
    fn r_mail_10_a_subject_is_one_line_without_marks_whatever_is_merged() {
        let mut facts = facts();
        facts.insert("firstName", Fact::Text("A\r\nBcc: eve@example.com\u{E000}".into()));
        let said = of("Hi\n{{firstName}} {{shareUrl}}", "").say(&facts).unwrap();
        assert_eq!(said.subject, "Hi A Bcc: eve@example.com https://links.example/r/ada");
        let long = of(&"x".repeat(1_000), "").say(&facts).unwrap();
        assert_eq!(long.subject.len(), 200);
    }

    #[test]
    fn the_texts_that_come_with_us_are_sound() {
        for kind in ALL {
            for lang in [Lang::En, Lang::Fr] {
                let text = Text::default_of(kind, lang);
                text.check(kind, lang).unwrap_or_else(|it| panic!("{kind:?} {lang:?} {it}"));
                if kind != Kind::FreeForm {
                    let other = if lang == Lang::En { Lang::Fr } else { Lang::En };
                    assert_ne!(text, Text::default_of(kind, other), "{kind:?}");
                }
            }
        }
    }

    #[test]
    fn messages_lead_to_the_readers_own_page() {
        let kinds = [
            Kind::WelcomeNonReferred,
            Kind::WelcomeReferred,
            Kind::AddedByHand,
            Kind::GoalAchieved,
            Kind::ProgressUpdateMonthly,
        ];
        for kind in kinds {
            for lang in [Lang::En, Lang::Fr] {
                let facts = fact::examples(kind, lang, true);
                let said = text(&Text::default_of(kind, lang).say(&facts).unwrap().body);
                let pages = said.matches("https://links.example/me/shop").count();
                // Where an address or a charity is asked for, too.
                let expected = if kind == Kind::GoalAchieved { 3 } else { 1 };
                assert_eq!(pages, expected, "{kind:?} {said}");
            }
        }
    }

    #[test]
    fn no_template_runs_for_ever() {
        let ten = "{% for a in [1,2,3,4,5,6,7,8,9,10] %}".repeat(51);
        let body = format!("{ten}x{}", "{% endfor %}".repeat(51));
        assert!(of("Hi", &body).say(&facts()).is_err());
    }
}
