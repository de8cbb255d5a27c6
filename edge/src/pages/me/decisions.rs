//! What happened to somebody and why: in plain sentences, what is new first, each that went against them
//! with a way to have it looked at again.

use maud::{Markup, html};
use shared::{lang::Lang, time::Timestamp};

use super::frame::{csrf, part, theirs};
use crate::{
    pages::console::parts::{Clock, day},
    store::appeals::{Appeal, State},
};

/// A decision as the person whom it is about reads it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub text: String,
    /// Whether they did not read it yet.
    pub is_new: bool,
    /// Whether they may ask for it to be looked at again.
    pub may_be_appealed: bool,
    /// What they asked, and what they were answered.
    pub appeal: Option<Appeal>,
}

/// What the part of the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// Where forms go.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Newest first.
    pub lines: &'a [Line],
    /// An appeal that could not be taken.
    pub wrong: Option<&'a Wrong>,
}

/// An appeal that could not be taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wrong {
    /// The decision that it is about.
    pub decision: String,
    /// What was typed.
    pub typed: String,
    /// Whether too many wait; else it is too long.
    pub too_many: bool,
}

/// How many new ones are shown at once.
const SHOWN: usize = 5;

/// The part of the page with the decisions.
#[must_use]
pub fn markup(it: &Told<'_>) -> Markup {
    let words = words(it.clock.lang);
    let new: Vec<&Line> = it.lines.iter().filter(|it| it.is_new).collect();
    let told = &new[..new.len().min(SHOWN)];
    let known: Vec<&Line> = it.lines.iter().filter(|it| !told.contains(it)).collect();
    html! {
        @if !it.lines.is_empty() {
            (part("decisions", words.title, &html! {
                p.soft { (words.lead) }
                @if !told.is_empty() { ol.decisions { @for line in told { (one(it, words, line)) } } }
                @if !known.is_empty() {
                    details open[known.iter().any(|line| wrong(it, line).is_some())] {
                        summary { (if new.is_empty() { words.show } else { words.earlier }) }
                        ol.decisions { @for line in &known { (one(it, words, line)) } }
                    }
                }
            }))
        }
    }
}

fn wrong<'a>(it: &Told<'a>, line: &Line) -> Option<&'a Wrong> {
    it.wrong.filter(|it| it.decision == line.id)
}

fn one(it: &Told<'_>, words: &Words, line: &Line) -> Markup {
    html! {
        li id={ "d-" (line.id) } {
            p.soft { (day(it.clock, line.at)) @if line.is_new { " " span.badge.open { (words.new) } } }
            p { (line.text) }
            @if let Some(appeal) = &line.appeal { (asked(it.clock, words, appeal)) }
            @else if line.may_be_appealed { (ask(it, words, line)) }
        }
    }
}

fn ask(it: &Told<'_>, words: &Words, line: &Line) -> Markup {
    let wrong = wrong(it, line);
    let (id, about) = (format!("why-{}", line.id), format!("why-{}-about", line.id));
    html! {
        details open[wrong.is_some()] {
            summary { (words.ask) }
            form.stack method="post" action={ "/me/" (it.campaign) "/appeal" } {
                (csrf(it.csrf))
                input type="hidden" name="decision" value=(line.id);
                div.field {
                    label for=(id) { (words.why) }
                    textarea id=(id) name="text" rows="3" maxlength="500" translate="no" aria-describedby=(about)
                        aria-invalid=[wrong.map(|_| "true")] { (wrong.map_or("", |it| &it.typed)) }
                    @match wrong {
                        Some(wrong) => p.flaw id=(about) { (if wrong.too_many { words.too_many } else { words.too_long }) },
                        None => p.hint id=(about) { (words.hint) },
                    }
                }
                button type="submit" { (words.send) }
            }
        }
    }
}

fn asked(clock: Clock, words: &Words, it: &Appeal) -> Markup {
    let (tone, state) = match it.state {
        State::Open => ("open", words.states[0]),
        State::Agreed => ("good", words.states[1]),
        State::Kept => ("quiet", words.states[2]),
    };
    html! {
        p { (words.asked) " " (day(clock, it.at)) " " span class={ "badge " (tone) } { (state) } }
        @if !it.text.is_empty() { p.soft { q translate="no" { (it.text) } } }
        @if !it.reply.is_empty() { p { strong { (words.answer) } " " (theirs(&it.reply)) } }
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    lead: &'static str,
    new: &'static str,
    show: &'static str,
    earlier: &'static str,
    ask: &'static str,
    why: &'static str,
    hint: &'static str,
    too_long: &'static str,
    too_many: &'static str,
    send: &'static str,
    asked: &'static str,
    states: [&'static str; 3],
    answer: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}

const EN: Words = Words {
    title: "What happened, and why",
    lead: "Whatever is decided about your sign-up and your rewards is written down with its reasons.",
    new: "new",
    show: "Show the decisions",
    earlier: "Show earlier ones",
    ask: "Ask for this to be looked at again",
    why: "What should we know?",
    hint: "You may leave it empty. At most 500 characters.",
    too_long: "At most 500 characters fit.",
    too_many: "Five of your requests wait for an answer already. Ask again after that.",
    send: "Send",
    asked: "You asked for it to be looked at again:",
    states: ["waits for an answer", "you were right", "it stays so"],
    answer: "Answer:",
};

const FR: Words = Words {
    title: "Ce qui s’est passé, et pourquoi",
    lead: "Tout ce qui est décidé de votre inscription et de vos récompenses est noté avec ses raisons.",
    new: "nouveau",
    show: "Afficher les décisions",
    earlier: "Afficher les précédentes",
    ask: "Demander un réexamen",
    why: "Que devons-nous savoir\u{a0}?",
    hint: "Facultatif. 500 caractères au plus.",
    too_long: "500 caractères au plus.",
    too_many: "Cinq de vos demandes attendent déjà une réponse. Redemandez ensuite.",
    send: "Envoyer",
    asked: "Vous avez demandé un réexamen\u{a0}:",
    states: ["en attente de réponse", "vous aviez raison", "décision maintenue"],
    answer: "Réponse\u{a0}:",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_and_the_team_write_is_text_and_what_is_new_is_counted() {
        let appeal = Appeal {
            decision: "2".into(),
            participant: shared::code::Code::parse("bob").unwrap(),
            first_name: None,
            email: None,
            kind: shared::decision::Kind::Refused,
            reasons: Vec::new(),
            decided_at: Timestamp(1),
            holds: false,
            text: "<i>".into(),
            at: Timestamp(1),
            state: State::Kept,
            reply: "<b>".into(),
        };
        let line = |id: &str, is_new, appeal| Line {
            id: id.into(),
            at: Timestamp(1),
            text: "No.".into(),
            is_new,
            may_be_appealed: true,
            appeal,
        };
        let lines = [line("3", true, None), line("2", false, Some(appeal)), line("1", false, None)];
        let wrong = Wrong { decision: "1".into(), typed: "<u>".into(), too_many: true };
        for lang in [Lang::En, Lang::Fr] {
            let clock = Clock { lang, zone: shared::zone::Zone::default() };
            let told =
                Told { clock, campaign: "shop", csrf: "t", lines: &lines, wrong: Some(&wrong) };
            let shown = markup(&told).into_string();
            assert!(["<i>", "<b>", "<u>"].iter().all(|it| !shown.contains(it)), "{shown}");
            assert!(shown.contains(words(lang).too_many));
            assert_eq!(shown.matches("action=\"/me/shop/appeal\"").count(), 2);
            assert_eq!(shown.matches(words(lang).new).count(), 1);
        }
    }
}
