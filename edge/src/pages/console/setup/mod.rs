//! The guided set-up: one step a page, what was answered kept, what people will read beside it.

mod asks;
mod preview;

pub use asks::CONSENT_RULE;
use asks::{Ask, CONSENT_SOURCES, How, Two};
use maud::{Markup, html};
pub use preview::{design, preview};
use shared::{
    lang::Lang,
    setup::{Answers, Flaw, Problem, Step},
};

use super::{
    frame::csrf,
    parts::{done, empty, wrong},
};

/// What a page of the set-up shows.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The set-up.
    pub id: &'a str,
    /// Whether it was begun.
    pub begun: bool,
    /// The step.
    pub step: Step,
    /// What was answered so far.
    pub answers: &'a Answers,
    /// What is wrong, of this step or, at the last one, of all.
    pub flaws: &'a [Flaw],
    /// What the programme will say.
    pub preview: Markup,
    /// Whether a voucher is promised that has no code yet.
    pub lacks_code: bool,
    /// Others that were begun: id, name, when.
    pub open: &'a [(String, String, Markup)],
    /// What was just done.
    pub told: Option<&'a str>,
}

/// What the set-up is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "New programme",
        Lang::Fr => "Nouveau programme",
    }
}

/// The page of a step.
#[must_use]
pub fn page(it: &Asked<'_>) -> Markup {
    let words = words(it.lang);
    let begun = it.begun.then(|| format!("/console/new/{}/{}", it.id, it.step.path()));
    let at = begun.unwrap_or_else(|| "/console/new".into());
    let wide = matches!(it.step, Step::Goal | Step::Check);
    html! {
        p.soft { (words.titles[it.step.number() - 1]) " · " (words.step) " " (it.step.number()) " " (words.of) " " (Step::ALL.len()) }
        h1 { (words.heads[it.step.number() - 1]) }
        (steps(it, words))
        @if it.told == Some("thrown-away") { (done(words.thrown_away)) }
        @if !it.flaws.is_empty() { (wrong(if it.step == Step::Check { words.not_whole } else { words.look_again })) }
        div.setup.wide[wide] {
            form.panel.stack method="post" action=(at) data-preview=[(it.begun && !wide).then(|| format!("/console/new/{}/preview", it.id))] {
                (csrf(it.csrf))
                input type="hidden" name="setup" value=(it.id);
                input type="hidden" name="step" value=(it.step.path());
                @match it.step {
                    Step::Rewards => (rewards(it)),
                    Step::Check => (check(it, words)),
                    step => { @for field in step.fields() { (question(it, field)) } },
                }
                (buttons(it, words))
            }
            @if !wide {
                aside.panel aria-labelledby="read" {
                    h2 #read { (words.people_read) }
                    div #preview aria-live="polite" { (it.preview) }
                }
            }
        }
        @if it.step == Step::Goal && !it.open.is_empty() { (others(it, words)) }
        @if it.begun {
            form method="post" action={ "/console/new/" (it.id) "/drop" } {
                (csrf(it.csrf))
                p.soft { (words.kept) " " button.plain type="submit" { (words.throw_away) } }
            }
        }
    }
}

/// The steps, as links once the set-up was begun.
fn steps(it: &Asked<'_>, words: &Words) -> Markup {
    html! {
        nav.way aria-label=(words.steps) {
            ol {
                @for (step, title) in Step::ALL.into_iter().zip(words.titles) {
                    li {
                        @if it.begun {
                            a href={ "/console/new/" (it.id) "/" (step.path()) }
                                aria-current=[(step == it.step).then_some("step")] { (title) }
                        } @else {
                            span aria-current=[(step == it.step).then_some("step")] { (title) }
                        }
                    }
                }
            }
        }
    }
}

/// The ways on; the first is what the Enter key presses.
fn buttons(it: &Asked<'_>, words: &Words) -> Markup {
    html! {
        div.actions {
            @if it.step == Step::Check {
                button.primary type="submit" name="go" value="make" { (words.make) }
            } @else {
                button.primary type="submit" name="go" value="on" { (words.on) }
            }
            @if it.step != Step::Goal {
                button type="submit" name="go" value="back" { (words.back) }
            }
            @if it.begun && !matches!(it.step, Step::Goal | Step::Check) {
                button.unscripted type="submit" name="go" value="look" { (words.look) }
            }
        }
    }
}

/// Who earns what: the friend's part by itself.
fn rewards(it: &Asked<'_>) -> Markup {
    let group = |fields: &[&str]| html! { @for field in fields { (question(it, field)) } };
    let words = words(it.lang);
    html! {
        (group(&["who"]))
        fieldset {
            legend { (words.customer) }
            (group(&["gift"]))
            div.fields { (group(&["amount", "currency"])) }
            (group(&["every"]))
            (group(&["code"]))
            details.data open[opened(it, &["words"])] {
                summary { (words.more) }
                div.stack { (group(&["words"])) }
            }
        }
        fieldset data-when="who=both" {
            legend { (words.friend) }
            (group(&["friendGift", "friendAmount"]))
            (group(&["friendCode"]))
            details.data open[opened(it, &["friendWords"])] {
                summary { (words.more) }
                div.stack { (group(&["friendWords"])) }
            }
        }
    }
}

/// Whether something was answered in a part that is folded away otherwise.
fn opened(it: &Asked<'_>, fields: &[&str]) -> bool {
    fields.iter().any(|field| !it.answers.get(field).is_empty())
        || it.flaws.iter().any(|flaw| fields.contains(&flaw.field))
}

/// All answers, before the programme is made.
fn check(it: &Asked<'_>, words: &Words) -> Markup {
    html! {
        (it.preview)
        @if it.lacks_code {
            p.warn {
                (words.no_code) " "
                a href={ "/console/new/" (it.id) "/rewards" } { (words.add_code) }
            }
        }
        @for step in [Step::Goal, Step::Counting, Step::Site, Step::Design] {
            div.titled.part {
                h2 { (words.titles[step.number() - 1]) }
                a href={ "/console/new/" (it.id) "/" (step.path()) } {
                    (words.change) span.hidden { " " (words.titles[step.number() - 1]) }
                }
            }
            dl.facts {
                @for ask in step.fields().iter().filter_map(|it| asks::of(it)) {
                    @let flaw = it.flaws.iter().find(|flaw| flaw.field == ask.field);
                    @let shown = answer(ask, it.answers.get(ask.field), it.lang);
                    @if flaw.is_some() || !shown.is_empty() {
                        div {
                            dt { (in_lang(ask.label, it.lang)) }
                            dd { (shown) @if let Some(flaw) = flaw { " " span.flaw { (said(flaw.problem, words)) } } }
                        }
                    }
                }
            }
        }
        @let rewards: Vec<&Flaw> = it.flaws.iter().filter(|it| it.step() == Step::Rewards).collect();
        @for flaw in rewards {
            p.flaw {
                @if let Some(ask) = asks::of(flaw.field) { (in_lang(ask.label, it.lang)) ": " }
                (said(flaw.problem, words)) " "
                a href={ "/console/new/" (it.id) "/rewards" } { (words.change) }
            }
        }
        p.hint { (words.make_note) }
    }
}

/// An answer as people read it.
fn answer(ask: &Ask, value: &str, lang: Lang) -> String {
    let named = match ask.how {
        How::Cards(of) => of.iter().find(|it| it.0 == value).map(|it| it.1),
        How::List(of) => of.iter().find(|it| it.0 == value).map(|it| it.1),
        How::Line(_) | How::Lines => None,
    };
    named.map_or_else(|| value.into(), |it| in_lang(it, lang).into())
}

/// A question with its field, and what is wrong with the answer.
fn question(it: &Asked<'_>, field: &str) -> Markup {
    let Some(ask) = asks::of(field) else { return html! {} };
    let value = it.answers.get(field);
    let flaw = it.flaws.iter().find(|flaw| flaw.field == field);
    let flaw = flaw.map(|flaw| said(flaw.problem, words(it.lang)));
    let (label, hint) = (in_lang(ask.label, it.lang), in_lang(ask.hint, it.lang));
    let id = format!("f-{field}");
    let mut told = Vec::new();
    if !hint.is_empty() {
        told.push(format!("{id}-hint"));
    }
    if flaw.is_some() {
        told.push(format!("{id}-wrong"));
    }
    let about = (!told.is_empty()).then(|| told.join(" "));
    let invalid = flaw.map(|_| "true");
    let notes = html! {
        @if !hint.is_empty() { span.hint id={ (id) "-hint" } { (hint) } }
        @if let Some(flaw) = flaw { span.flaw id={ (id) "-wrong" } { (flaw) } }
    };
    if let How::Cards(choices) = ask.how {
        return html! {
            fieldset.cards data-when=[when(field)] aria-describedby=[about] {
                legend.hidden[it.step == Step::Goal] { (label) }
                (notes)
                @if field == "consent" {
                    details.data { summary { (words(it.lang).sources) } p.hint { (in_lang(CONSENT_SOURCES, it.lang)) } }
                }
                div {
                    @for (name, text, more) in choices {
                        label.pick {
                            input type="radio" name=(field) value=(name) checked[*name == value] aria-invalid=[invalid];
                            span {
                                strong { (in_lang(*text, it.lang)) }
                                @if !more[0].is_empty() { span.hint { (in_lang(*more, it.lang)) } }
                            }
                        }
                    }
                }
            }
        };
    }
    html! {
        p.field data-when=[when(field)] {
            label for=(id) { (label) }
            @match ask.how {
                How::List(choices) => select id=(id) name=(field) aria-describedby=[about] aria-invalid=[invalid] {
                    @for (name, text) in choices {
                        option value=(name) selected[*name == value] { (in_lang(*text, it.lang)) }
                    }
                },
                How::Lines => textarea id=(id) name=(field) rows="3" aria-describedby=[about] aria-invalid=[invalid] { (value) },
                How::Line(kind) => input id=(id) name=(field) type=(kind) value=(value) autocomplete="off"
                    min=[(kind == "number").then_some("0")] aria-describedby=[about] aria-invalid=[invalid]
                    data-guess=[(field == "zone" && !it.answers.typed.contains_key("zone")).then_some("zone")];,
                How::Cards(_) => {},
            }
            (notes)
        }
    }
}

/// The answer without which a question does not matter.
fn when(field: &str) -> Option<&'static str> {
    Some(match field {
        "wait" => "event=order",
        "trust" => "event=signup",
        "code" => "gift=coupon",
        "friendCode" => "friendGift=coupon",
        _ => return None,
    })
}

fn others(it: &Asked<'_>, words: &Words) -> Markup {
    html! {
        section.panel aria-labelledby="begun" {
            h2 #begun { (words.begun) }
            @if it.open.is_empty() { (empty("")) }
            ul.people {
                @for (id, name, when) in it.open {
                    li {
                        div.who { strong { (name) } p.soft { (when) } }
                        a.button href={ "/console/new/" (id) } {
                            (words.take_up) span.hidden { " " (name) }
                        }
                    }
                }
            }
        }
    }
}

const fn in_lang(text: Two, lang: Lang) -> &'static str {
    match lang {
        Lang::En => text[0],
        Lang::Fr => text[1],
    }
}

const fn said(problem: Problem, words: &Words) -> &'static str {
    match problem {
        Problem::Missing => words.problems[0],
        Problem::Amount => words.problems[1],
        Problem::Number => words.problems[2],
        Problem::Long => words.problems[3],
        Problem::Address => words.problems[4],
        Problem::Secure => words.problems[5],
        Problem::Colour => words.problems[6],
        Problem::Zone => words.problems[7],
        Problem::Choice => words.problems[8],
        Problem::Misfit => words.problems[9],
    }
}

struct Words {
    step: &'static str,
    of: &'static str,
    steps: &'static str,
    titles: [&'static str; 6],
    heads: [&'static str; 6],
    on: &'static str,
    back: &'static str,
    look: &'static str,
    make: &'static str,
    make_note: &'static str,
    change: &'static str,
    customer: &'static str,
    friend: &'static str,
    more: &'static str,
    no_code: &'static str,
    add_code: &'static str,
    sources: &'static str,
    people_read: &'static str,
    kept: &'static str,
    throw_away: &'static str,
    thrown_away: &'static str,
    begun: &'static str,
    take_up: &'static str,
    look_again: &'static str,
    not_whole: &'static str,
    problems: [&'static str; 10],
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    step: "step",
    of: "of",
    steps: "Steps",
    titles: ["Goal", "Rewards", "Terms", "Your site", "Design", "Check"],
    heads: [
        "What is your programme for?",
        "Who earns what?",
        "When does it count?",
        "Where does it run?",
        "How does it look?",
        "Is all of it right?",
    ],
    on: "Next",
    back: "Back",
    look: "Show what people read",
    make: "Start the programme",
    make_note: "It runs from now on, but nobody hears of it before you put the tag on your site or invite somebody. All of it can be changed later, except the currency.",
    change: "Change",
    customer: "Your customer",
    friend: "The friend",
    more: "Own words",
    no_code: "A coupon has no code yet, so that people would have nothing to use: each such reward waits until you give it by hand.",
    add_code: "Add the code",
    sources: "Where this is written",
    people_read: "What people will read",
    kept: "What you answer is kept. You may leave and go on later.",
    throw_away: "Delete this draft",
    thrown_away: "The draft is deleted.",
    begun: "Unfinished",
    take_up: "Go on",
    look_again: "Please look again at what is marked.",
    not_whole: "Something is missing. Please mend what is marked.",
    problems: [
        "Please fill this in.",
        "An amount is a number such as 10 or 9.50.",
        "This is no number that is possible here.",
        "This is too long.",
        "An address looks like shop.example/welcome.",
        "The address must begin with https.",
        "A colour looks like #0b6b56.",
        "A time zone looks like Europe/Paris.",
        "Please choose one of these.",
        "This does not go with the other answers.",
    ],
};

const FR: Words = Words {
    step: "étape",
    of: "sur",
    steps: "Étapes",
    titles: ["Objectif", "Récompenses", "Conditions", "Votre site", "Apparence", "Vérification"],
    heads: [
        "À quoi sert votre programme\u{a0}?",
        "Qui gagne quoi\u{a0}?",
        "Quand cela compte-t-il\u{a0}?",
        "Où tourne-t-il\u{a0}?",
        "À quoi ressemble-t-il\u{a0}?",
        "Tout est-il juste\u{a0}?",
    ],
    on: "Suivant",
    back: "Retour",
    look: "Voir ce qu’on lira",
    make: "Lancer le programme",
    make_note: "Il tourne dès maintenant, mais personne n’en sait rien avant que vous posiez la balise sur votre site ou invitiez quelqu’un. Tout peut être changé ensuite, sauf la monnaie.",
    change: "Modifier",
    customer: "Votre client",
    friend: "Le filleul",
    more: "Vos mots",
    no_code: "Un bon n’a pas encore de code, et personne ne pourrait s’en servir\u{a0}: chaque récompense de ce genre attend que vous la donniez à la main.",
    add_code: "Ajouter le code",
    sources: "Où cela est écrit",
    people_read: "Ce qu’on lira",
    kept: "Vos réponses sont gardées. Vous pouvez partir et reprendre plus tard.",
    throw_away: "Supprimer ce brouillon",
    thrown_away: "Le brouillon est supprimé.",
    begun: "À terminer",
    take_up: "Reprendre",
    look_again: "Regardez encore ce qui est marqué.",
    not_whole: "Il manque quelque chose. Corrigez ce qui est marqué.",
    problems: [
        "À remplir.",
        "Un montant est un nombre comme 10 ou 9,50.",
        "Ce nombre n’est pas possible ici.",
        "C’est trop long.",
        "Une adresse ressemble à boutique.example/bienvenue.",
        "L’adresse doit commencer par https.",
        "Une couleur ressemble à #0b6b56.",
        "Un fuseau ressemble à Europe/Paris.",
        "Choisissez une de ces réponses.",
        "Cela ne va pas avec les autres réponses.",
    ],
};
