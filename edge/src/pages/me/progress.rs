//! How far somebody is: counts, and what is missing to the next reward.

use maud::{Markup, html};
use shared::{card::Both, lang::Lang, reward::Progress, written::number};

use super::frame::{part, promised};

/// What is told.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// How often people opened the link.
    pub clicks: u64,
    /// How many friends count.
    pub counted: u32,
    /// How many wait.
    pub waiting: u32,
    /// What each rule promises, whether in the owner's words, and how far it is.
    pub goals: &'a [(Both, bool, Progress)],
}

/// The part of the page with what came of the link.
#[must_use]
pub fn markup(it: &Told<'_>) -> Markup {
    let words = words(it.lang);
    let counts = [it.clicks, it.counted.into(), it.waiting.into()];
    part(
        "progress",
        words.title,
        &html! {
            dl.tiles.three {
                @for (count, name) in counts.into_iter().zip(words.counts) {
                    div { dt { (name) } dd { (number(it.lang, count)) } }
                }
            }
            ul.goals {
                @for (place, (promise, own, progress)) in it.goals.iter().enumerate() {
                    li { (goal(it.lang, &words, place, &promised(it.lang, promise, *own), *progress)) }
                }
            }
        },
    )
}

fn goal(lang: Lang, words: &Words, place: usize, promise: &Markup, progress: Progress) -> Markup {
    let count = |it: u32| number(lang, it.into());
    html! {
        p id={ "goal-" (place) } { (promise) }
        @match progress {
            Progress::Each => {},
            Progress::Full => p.hint { (words.full) },
            Progress::Round { have, of } => {
                progress max=(of) value=(have) aria-labelledby={ "goal-" (place) } {}
                p.hint { (count(have)) " " (words.of) " " (count(of)) ". " (missing(lang, of - have)) }
            },
        }
    }
}

/// How many are missing, in words.
fn missing(lang: Lang, missing: u32) -> String {
    let count = number(lang, missing.into());
    match (lang, missing) {
        (Lang::En, 1) => "One more friend to go.".into(),
        (Lang::En, _) => format!("{count} more friends to go."),
        (Lang::Fr, 1) => "Encore un filleul.".into(),
        (Lang::Fr, _) => format!("Encore {count} filleuls."),
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    counts: [&'static str; 3],
    full: &'static str,
    of: &'static str,
}

const fn words(lang: Lang) -> Words {
    match lang {
        Lang::En => Words {
            title: "How far you are",
            counts: ["times opened", "friends who count", "friends who may count yet"],
            full: "You have reached the limit of this reward.",
            of: "of",
        },
        Lang::Fr => Words {
            title: "Où vous en êtes",
            counts: ["ouvertures", "filleuls qui comptent", "filleuls en attente"],
            full: "Vous avez atteint le plafond de cette récompense.",
            of: "sur",
        },
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_words_and_shown_as_a_bar() {
        for (lang, said) in [(Lang::En, "One more friend"), (Lang::Fr, "Encore un filleul")] {
            let both = |it: &str| Both { en: it.into(), fr: it.into() };
            let goals = [
                (both("You get: <b>."), true, Progress::Round { have: 2, of: 3 }),
                (both("each"), false, Progress::Each),
                (both("full"), false, Progress::Full),
            ];
            let told = Told { lang, clicks: 1_200, counted: 2, waiting: 1, goals: &goals };
            let shown = markup(&told).into_string();
            assert!(shown.contains("max=\"3\" value=\"2\"") && shown.contains(said), "{shown}");
            assert!(shown.contains("You get: <bdi translate=\"no\">&lt;b&gt;</bdi>."), "{shown}");
            assert!(!shown.contains("<b>"));
            assert_eq!(shown.matches("<progress").count(), 1);
        }
        assert!(missing(Lang::Fr, 2).contains("2 filleuls"));
    }
}
