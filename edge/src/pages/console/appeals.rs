//! What people ask to be looked at again: what was decided, what they say, and the answer.

use maud::{Markup, html};
use shared::lang::Lang;

use super::{
    frame::csrf,
    parts::{Clock, badge, day, done, empty, person, wrong},
    words,
};
use crate::store::appeals::Appeal;

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Appeals<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The longest waiting first.
    pub appeals: &'a [Appeal],
    /// The query of the next page.
    pub next: Option<&'a str>,
    /// What was just done.
    pub told: Option<&'a str>,
    /// The decision whose answer is too long, and that answer.
    pub wrong: Option<(&'a str, &'a str)>,
    /// Whether the reader may answer.
    pub may_answer: bool,
}

/// What the page is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    words_in(lang).title
}

/// The page.
#[must_use]
pub fn page(it: &Appeals<'_>) -> Markup {
    let words = words_in(it.clock.lang);
    html! {
        h1 { (words.title) }
        p.soft { (words.lead) }
        @match it.told {
            Some("answered") => (done(words.answered)),
            Some("already") => (wrong(words.already)),
            _ => {},
        }
        @if it.appeals.is_empty() { (empty(words.none)) }
        @for appeal in it.appeals { (one(it, words, appeal)) }
        @if let Some(next) = it.next { p { a.button href={ "?" (next) } { (words.next) } } }
    }
}

fn one(it: &Appeals<'_>, words: &Words, appeal: &Appeal) -> Markup {
    let lang = it.clock.lang;
    let sentences: Vec<&str> = appeal.reasons.iter().map(|it| it.sentence(lang)).collect();
    let heading = format!("a-{}", appeal.decision);
    html! {
        section.panel aria-labelledby=(heading) {
            h2 id=(heading) {
                // One of the two: their page has both.
                @let email = appeal.email.as_deref().filter(|_| appeal.first_name.is_none());
                (person(it.campaign, appeal.participant.as_str(), appeal.first_name.as_deref(), email))
            }
            p { (badge(words::kind(appeal.kind, lang))) " " (sentences.join(" ")) " " span.soft { (day(it.clock, appeal.decided_at)) } }
            @if appeal.text.is_empty() { p.soft { (words.silent) } }
            @else { blockquote.card { p { (appeal.text) } } }
            p.soft { (words.asked) " " (day(it.clock, appeal.at)) }
            @if it.may_answer { (answer(it, words, appeal)) }
        }
    }
}

fn answer(it: &Appeals<'_>, words: &Words, appeal: &Appeal) -> Markup {
    let typed = it.wrong.filter(|it| it.0 == appeal.decision).map(|it| it.1);
    let (id, about) = (format!("r-{}", appeal.decision), format!("r-{}-about", appeal.decision));
    html! {
        form.stack method="post" action={ "/console/" (it.campaign) "/appeals" } {
            (csrf(it.csrf))
            input type="hidden" name="decision" value=(appeal.decision);
            p.field {
                label for=(id) { (words.reply) }
                textarea id=(id) name="reply" rows="3" maxlength="500" aria-describedby=(about)
                    aria-invalid=[typed.map(|_| "true")] { (typed.unwrap_or_default()) }
                @if typed.is_some() { span.flaw id=(about) { (words.too_long) } }
                @else { span.hint id=(about) { (words.hint) } }
            }
            p.soft { (if appeal.holds { words.agree_held } else { words.agree_other }) }
            p.acts {
                button.primary type="submit" name="act" value="agree" { (words.agree) }
                button type="submit" name="act" value="keep" { (words.keep) }
            }
        }
    }
}

struct Words {
    title: &'static str,
    lead: &'static str,
    answered: &'static str,
    already: &'static str,
    none: &'static str,
    next: &'static str,
    silent: &'static str,
    asked: &'static str,
    reply: &'static str,
    hint: &'static str,
    too_long: &'static str,
    agree_held: &'static str,
    agree_other: &'static str,
    agree: &'static str,
    keep: &'static str,
}

const fn words_in(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Decisions to look at again",
    lead: "People may ask once for each decision that went against them. They read your answer on their page.",
    answered: "Answered. It stands on their page.",
    already: "This was answered already, or its person is gone.",
    none: "Nobody waits for an answer.",
    next: "Next page",
    silent: "They said nothing more.",
    asked: "Asked on",
    reply: "Your answer to them",
    hint: "They read it as you write it. You may leave it empty. At most 500 characters.",
    too_long: "At most 500 characters fit.",
    agree_held: "If they are right, the referral is no longer held.",
    agree_other: "If they are right, put it right on their page: nothing else changes by itself.",
    agree: "They are right",
    keep: "It stays so",
};

const FR: Words = Words {
    title: "Décisions à réexaminer",
    lead: "Chacun peut demander une fois le réexamen de chaque décision défavorable. Votre réponse s’affiche sur sa page.",
    answered: "C’est répondu, sur sa page.",
    already: "La réponse a déjà été donnée, ou la personne est partie.",
    none: "Personne n’attend de réponse.",
    next: "Page suivante",
    silent: "Aucune précision.",
    asked: "Demandé le",
    reply: "Votre réponse",
    hint: "Elle sera lue telle quelle. Facultatif, 500 caractères au plus.",
    too_long: "500 caractères au plus.",
    agree_held: "Si la personne a raison, le parrainage n’est plus retenu.",
    agree_other: "Si la personne a raison, corrigez sur sa page\u{a0}: rien d’autre ne change tout seul.",
    agree: "La personne a raison",
    keep: "Maintenir la décision",
};
