//! Before something is changed: what was, what will be, whom it concerns; and where two changes meet.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use shared::{card::Card, lang::Lang};

use super::{
    frame::csrf,
    options::{Changed, hidden, reaches},
    parts::{section, table, wrong},
};
use crate::store::effects::{COUNTED, Concerned};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Confirm<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Where the answer goes.
    pub action: &'a str,
    /// What is to be changed, as people call it.
    pub title: &'a str,
    /// The settings that change.
    pub changes: &'a [Changed],
    /// Further changes: what, what it was, what it will be.
    pub more: &'a [(&'a str, String, String)],
    /// Whom it concerns.
    pub concerned: Concerned,
    /// Whether referrals that are older than the new window end.
    pub ends_older: bool,
    /// Whether the change is of a rule that gave something.
    pub of_rule: bool,
    /// What people read before, and will read.
    pub sentences: (Vec<String>, Vec<String>),
    /// What was typed.
    pub typed: &'a BTreeMap<String, String>,
}

/// All sentences of a card.
#[must_use]
pub fn sentences(card: &Card, lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for promise in &card.rewards {
        let both = std::iter::once(&promise.referrer).chain(&promise.friend);
        all.push(
            both.chain(&promise.limits).map(|it| it.in_lang(lang)).collect::<Vec<_>>().join(" "),
        );
    }
    all.extend(card.terms.iter().map(|it| it.in_lang(lang).to_owned()));
    all.extend(card.charities.iter().cloned());
    all.extend(card.disclosure.iter().map(|it| it.in_lang(lang).to_owned()));
    all.extend(card.own.in_lang(lang).into_iter().filter(|it| !it.is_empty()).map(String::from));
    all
}

/// The page.
#[must_use]
pub fn page(it: &Confirm<'_>) -> Markup {
    let words = words(it.lang);
    html! {
        div.titled { h1 { (words.title) } }
        p.lead { (it.title) }
        (section("changes", words.changes, &changes(it, words)))
        (section("concerned", words.concerned, &concerned(it, words)))
        (section("read", words.read, &read(it, words)))
        form method="post" action=(it.action) {
            (csrf(it.csrf))
            (hidden(it.typed))
            div.actions {
                button.primary type="submit" name="sure" value="1" { (words.confirm) }
                button type="submit" name="act" value="edit" { (words.back) }
            }
        }
    }
}

fn changes(it: &Confirm<'_>, words: &Words) -> Markup {
    let cell = |text: &str| html! { span.kept { (text) } };
    let own = it.changes.iter().map(|change| {
        vec![
            html! { strong { (change.opt.label(it.lang)) } },
            cell(&change.was),
            cell(&change.is),
            html! { span.soft { (reaches(change.opt.reach, it.lang)) } },
        ]
    });
    let more = it.more.iter().map(|(what, was, is)| {
        let reach = html! { span.soft { (words.from_now) } };
        vec![html! { strong { (what) } }, cell(was), cell(is), reach]
    });
    table(words.changes, &words.columns, &own.chain(more).collect::<Vec<_>>())
}

fn concerned(it: &Confirm<'_>, words: &Words) -> Markup {
    let count = |count: u64| {
        let number = shared::written::number(it.lang, count);
        if count < COUNTED { number } else { format!("{number} {}", words.or_more) }
    };
    let reached: BTreeSet<&str> =
        it.changes.iter().map(|change| reaches(change.opt.reach, it.lang)).collect();
    let whom = it.concerned;
    html! {
        dl.tiles.three {
            div { dt { (words.participants) } dd { (count(whom.participants)) } }
            div { dt { (words.open) } dd { (count(whom.open)) } }
            div { dt { (words.waiting) } dd { (count(if it.of_rule { whom.by_rule } else { whom.waiting })) } }
        }
        @if it.ends_older && 0 < whom.older {
            p.warn { strong { (count(whom.older)) } " " (words.older) }
        }
        @if it.of_rule { p { (words.of_rule) } }
        @if !it.of_rule && reached.len() == 1 { @for text in reached { p { (text) } } }
    }
}

fn read(it: &Confirm<'_>, words: &Words) -> Markup {
    let (then, now) = &it.sentences;
    let gone: Vec<&String> = then.iter().filter(|it| !now.contains(it)).collect();
    let new: Vec<&String> = now.iter().filter(|it| !then.contains(it)).collect();
    html! {
        @if gone.is_empty() && new.is_empty() {
            p { (words.same) }
        } @else {
            div.beside.then {
                div {
                    h3 { (words.then) }
                    @if gone.is_empty() { p.soft { (words.nothing) } }
                    @for text in gone { blockquote.card.was { p { del { (text) } } } }
                }
                div {
                    h3 { (words.now) }
                    @if new.is_empty() { p.soft { (words.nothing) } }
                    @for text in new { blockquote.card.will { p { ins { (text) } } } }
                }
            }
        }
    }
}

/// Two changes that met.
#[derive(Clone, Debug)]
pub struct Met<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// Where the answer goes.
    pub action: &'a str,
    /// Where the page is that shows what stands now.
    pub leave: &'a str,
    /// Where they differ: what stands now, and what was typed.
    pub differ: &'a [Changed],
    /// Further differences.
    pub more: &'a [(&'a str, String, String)],
    /// What was typed, with the newest revision in it.
    pub typed: &'a BTreeMap<String, String>,
}

/// The page of two changes that met: nothing was written.
#[must_use]
pub fn met(it: &Met<'_>) -> Markup {
    let words = words(it.lang);
    let row = |what: &str, now: &str, own: &str| {
        vec![
            html! { strong { (what) } },
            html! { span.kept { (now) } },
            html! { span.kept { (own) } },
        ]
    };
    let own = it.differ.iter().map(|it_| row(it_.opt.label(it.lang), &it_.was, &it_.is));
    let more = it.more.iter().map(|(what, now, own)| row(what, now, own));
    html! {
        div.titled { h1 { (words.met) } }
        (wrong(words.met_lead))
        (section("differ", words.differ, &table(words.differ, &words.sides, &own.chain(more).collect::<Vec<_>>())))
        form method="post" action=(it.action) {
            (csrf(it.csrf))
            (hidden(it.typed))
            div.actions {
                button type="submit" { (words.on_top) }
                a.button.primary href=(it.leave) { (words.leave) }
            }
        }
    }
}

struct Words {
    title: &'static str,
    changes: &'static str,
    columns: [&'static str; 4],
    from_now: &'static str,
    concerned: &'static str,
    participants: &'static str,
    open: &'static str,
    waiting: &'static str,
    or_more: &'static str,
    older: &'static str,
    of_rule: &'static str,
    read: &'static str,
    same: &'static str,
    then: &'static str,
    now: &'static str,
    nothing: &'static str,
    confirm: &'static str,
    back: &'static str,
    met: &'static str,
    met_lead: &'static str,
    differ: &'static str,
    sides: [&'static str; 3],
    on_top: &'static str,
    leave: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Is this what you want?",
    changes: "What changes",
    columns: ["What", "Was", "Will be", "For whom"],
    from_now: "For what is earned from now on.",
    concerned: "Whom it concerns",
    participants: "people take part",
    open: "referrals are open",
    waiting: "rewards wait for approval",
    or_more: "or more",
    older: "open referrals are older than the new time: they end within minutes.",
    of_rule: "Friends whose referral is open now earn by the new words once they do what counts. Rewards that were earned already stay as they were promised.",
    read: "What people will read",
    same: "Nothing that people read on the card changes.",
    then: "Until now",
    now: "From now on",
    nothing: "Nothing.",
    confirm: "Yes, change it",
    back: "Back to the form",
    met: "Somebody else was faster",
    met_lead: "While you were typing, somebody changed the same page. Nothing of yours was written yet.",
    differ: "Where your form differs from what stands now",
    sides: ["What", "Stands now", "You typed"],
    on_top: "Look at my change again, on top of theirs",
    leave: "Leave it as it stands now",
};

const FR: Words = Words {
    title: "Est-ce bien ce que vous voulez\u{a0}?",
    changes: "Ce qui change",
    columns: ["Quoi", "Avant", "Désormais", "Pour qui"],
    from_now: "Pour ce qui est gagné désormais.",
    concerned: "Qui est concerné",
    participants: "personnes participent",
    open: "parrainages sont ouverts",
    waiting: "récompenses attendent une validation",
    or_more: "ou plus",
    older: "parrainages ouverts sont plus anciens que le nouveau délai\u{a0}: ils se terminent en quelques minutes.",
    of_rule: "Les filleuls dont le parrainage est ouvert gagnent selon les nouveaux mots dès qu’ils font ce qui compte. Les récompenses déjà gagnées restent telles que promises.",
    read: "Ce que les gens liront",
    same: "Rien de ce que les gens lisent sur la carte ne change.",
    then: "Jusqu’ici",
    now: "Désormais",
    nothing: "Rien.",
    confirm: "Oui, changer",
    back: "Revenir au formulaire",
    met: "Quelqu’un a été plus rapide",
    met_lead: "Pendant que vous écriviez, quelqu’un a changé la même page. Rien de votre saisie n’est encore écrit.",
    differ: "Où votre formulaire diffère de ce qui vaut maintenant",
    sides: ["Quoi", "Vaut maintenant", "Votre saisie"],
    on_top: "Revoir mon changement par-dessus le sien",
    leave: "Laisser tel quel",
};
