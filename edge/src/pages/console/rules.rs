//! What is earned, by whom: the rules as people read them, and the form of one.

use std::collections::BTreeMap;

use maud::{Markup, html};
use shared::{lang::Lang, time::Timestamp};

use super::{
    frame::csrf,
    options::{Both, Groups, Kind, Opt, RULE, Say, conditions, fold, pick},
    parts::{Tone, badge, done, empty, section, wrong},
};

/// A rule on the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// What the team calls it.
    pub title: Option<String>,
    /// Its sentences.
    pub sentence: String,
    /// Whether it is not paused.
    pub is_visible: bool,
    /// From when on it gives.
    pub starts_at: Option<Timestamp>,
    /// Until when.
    pub ends_at: Option<Timestamp>,
}

/// The list.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The campaign's id.
    pub campaign: &'a str,
    /// Now.
    pub now: Timestamp,
    /// The rules, in their order.
    pub rows: &'a [Row],
    /// Whether the reader may change them.
    pub may_edit: bool,
    /// What was just done.
    pub said: Option<&'a str>,
}

/// Fields of a form with what stands in them.
type Fields = &'static [(&'static str, &'static str)];

/// What a new rule begins with: its name in addresses, what it is, and fields of the form.
pub const PRESETS: &[(&str, Both, Fields)] = &[
    (
        "both",
        ["10 of credit for both", "10 d’avoir pour les deux"],
        &[
            ("type", "DOUBLE_SIDED"),
            ("gives.kind", "CREDIT"),
            ("gives.amount", "10"),
            ("referralGives.kind", "CREDIT"),
            ("referralGives.amount", "10"),
        ],
    ),
    (
        "new",
        ["For first orders from 50 on", "Dès 50 pour une première commande"],
        &[
            ("type", "DOUBLE_SIDED"),
            ("gives.kind", "COUPON"),
            ("c.0.join", "ALL"),
            ("c.0.0.what", "AMOUNT_AT_LEAST"),
            ("c.0.0.value", "50"),
            ("c.0.1.what", "NEW"),
        ],
    ),
    (
        "five",
        ["A gift for every five friends", "Un cadeau tous les cinq filleuls"],
        &[("type", "SINGLE_SIDED"), ("conversionsRequired", "5"), ("gives.kind", "GIFT")],
    ),
    (
        "milestone",
        ["A badge for the tenth friend", "Un badge au dixième filleul"],
        &[
            ("type", "MILESTONE"),
            ("conversionsRequired", "10"),
            ("limit", "1"),
            ("gives.kind", "BADGE"),
        ],
    ),
    (
        "board",
        ["The best three of each month", "Les trois premiers de chaque mois"],
        &[("type", "LEADERBOARD"), ("numberOfWinners", "3"), ("limitDuration", "PER_MONTH")],
    ),
];

/// The page of the list.
#[must_use]
pub fn list(it: &Rules<'_>) -> Markup {
    let words = words(it.lang);
    let said = it.said.and_then(|code| words.said.iter().find(|it| it.0 == code));
    html! {
        div.titled {
            h1 { (words.title) }
            @if it.may_edit { p { a.button.primary href={ "/console/" (it.campaign) "/rules/new" } { (words.add) } } }
        }
        (super::settings::beside(it.lang, it.campaign, "rules"))
        @if let Some((_, text)) = said { (done(text)) }
        p.lead { (words.lead) }
        (section("rules", words.title, &html! {
            @if it.rows.is_empty() { (empty(words.none)) }
            ol.people { @for (place, rule) in it.rows.iter().enumerate() { li { (row(it, rule, place, words)) } } }
        }))
        @if it.may_edit {
            (section("presets", words.presets, &html! {
                ul.links { @for (name, label, _) in PRESETS {
                    li { a href={ "/console/" (it.campaign) "/rules/new?preset=" (name) } { (pick(it.lang, *label)) } }
                } }
            }))
        }
    }
}

fn row(it: &Rules<'_>, rule: &Row, place: usize, words: &Words) -> Markup {
    let state = if !rule.is_visible {
        badge((Tone::Quiet, words.paused))
    } else if rule.ends_at.is_some_and(|end| end <= it.now) {
        badge((Tone::Quiet, words.over))
    } else if rule.starts_at.is_some_and(|start| it.now < start) {
        badge((Tone::Open, words.ahead))
    } else {
        badge((Tone::Good, words.live))
    };
    let named = rule.title.as_deref();
    let act = |value: &str, label: &str| {
        html! {
            button type="submit" name="act" value=(value) {
                (label) span.unseen { " " (named.unwrap_or(&rule.sentence)) }
            }
        }
    };
    html! {
        div.who {
            @if let Some(title) = named { strong { (title) } " " }
            (state)
            p { (rule.sentence) }
            p.soft { (words.version) " " (rule.version) }
        }
        @if it.may_edit {
            form.acts method="post" action={ "/console/" (it.campaign) "/rules" } {
                (csrf(it.csrf))
                input type="hidden" name="rule" value=(rule.id);
                input type="hidden" name="version" value=(rule.version);
                a.button href={ "/console/" (it.campaign) "/rules/" (rule.id) } {
                    (words.edit) span.unseen { " " (named.unwrap_or(&rule.sentence)) }
                }
                a.button href={ "/console/" (it.campaign) "/rules/new?from=" (rule.id) } {
                    (words.copy) span.unseen { " " (named.unwrap_or(&rule.sentence)) }
                }
                @if 0 < place { (act("up", words.up)) }
                @if place + 1 < it.rows.len() { (act("down", words.down)) }
                @if rule.is_visible { (act("pause", words.pause)) } @else { (act("resume", words.resume)) }
                (act("retire", words.retire))
            }
        }
    }
}

/// The form of a rule.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// What values are said in.
    pub say: Say,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The rule's id; none: a new one.
    pub rule: Option<&'a str>,
    /// What stands in the fields.
    pub typed: &'a BTreeMap<String, String>,
    /// What is wrong, by field.
    pub wrong: &'a BTreeMap<String, String>,
    /// The conditions; none: they are nested deeper than the form can show.
    pub groups: Option<&'a Groups>,
    /// The conditions in words, where the form cannot show them.
    pub kept: &'a str,
}

/// The page of the form.
#[must_use]
pub fn form(it: &Form<'_>) -> Markup {
    let (lang, words) = (it.say.lang, words(it.say.lang));
    let parts: [(&str, &str); 5] = [
        ("what", words.what),
        ("referrer", words.referrer),
        ("friend", words.friend),
        ("limits", words.limits),
        ("more", words.more),
    ];
    // What kind of rule it is stays.
    let fixed = |opt: &Opt| it.rule.is_some() && opt.path == "type";
    let shown: Vec<Opt> = RULE
        .iter()
        .map(|opt| if fixed(opt) { Opt { kind: Kind::Fixed, ..*opt } } else { *opt })
        .collect();
    let of = |part: &str| shown.iter().filter(|opt| opt.part == part).collect::<Vec<&Opt>>();
    let general = it.wrong.get("").map_or(words.mend, String::as_str);
    html! {
        p { a href={ "/console/" (it.campaign) "/rules" } { "← " (words.all) } }
        div.titled { h1 { (if it.rule.is_some() { words.change } else { words.add }) } }
        @if !it.wrong.is_empty() { (wrong(general)) }
        @if it.rule.is_none() {
            ul.links { @for (name, label, _) in PRESETS {
                li { a href={ "?preset=" (name) } { (pick(lang, *label)) } }
            } }
        }
        form.rule method="post" action={ "/console/" (it.campaign) "/rules/" (it.rule.unwrap_or("new")) } {
            (csrf(it.csrf))
            @for name in ["version", "once"] {
                @if let Some(value) = it.typed.get(name) { input type="hidden" name=(name) value=(value); }
            }
            // What the return key presses: the first button of a form.
            button.unseen type="submit" tabindex="-1" aria-hidden="true" { (words.look) }
            @for (part, title) in parts {
                (section(part, title, &fold(&of(part), it.typed, it.wrong, it.say)))
                @if part == "limits" {
                    (section("conditions", words.conditions, &match it.groups {
                        Some(groups) => conditions(groups, it.wrong.get("conditions").map(String::as_str), it.say),
                        None => html! {
                            p { (it.kept) }
                            p.soft { (words.deep) }
                            label.check {
                                input type="checkbox" name="c.drop" value="1";
                                span { (words.drop) }
                            }
                            input type="hidden" name="c.kept" value="1";
                        },
                    }))
                }
            }
            button.primary type="submit" { (words.look) }
        }
    }
}

struct Words {
    title: &'static str,
    lead: &'static str,
    none: &'static str,
    add: &'static str,
    change: &'static str,
    all: &'static str,
    said: &'static [(&'static str, &'static str)],
    presets: &'static str,
    live: &'static str,
    paused: &'static str,
    over: &'static str,
    ahead: &'static str,
    version: &'static str,
    edit: &'static str,
    copy: &'static str,
    up: &'static str,
    down: &'static str,
    pause: &'static str,
    resume: &'static str,
    retire: &'static str,
    what: &'static str,
    referrer: &'static str,
    friend: &'static str,
    limits: &'static str,
    conditions: &'static str,
    more: &'static str,
    deep: &'static str,
    drop: &'static str,
    mend: &'static str,
    look: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// What the page is called.
#[must_use]
pub const fn title(lang: Lang) -> &'static str {
    words(lang).title
}

/// What a button of the list does, for the page that asks once more.
#[must_use]
pub const fn act(lang: Lang, act: Act) -> &'static str {
    let words = words(lang);
    match act {
        Act::Pause => words.pause,
        Act::Resume => words.resume,
        Act::Retire => words.retire,
        Act::Make => words.add,
        Act::Change => words.change,
    }
}

/// What is done with a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Act {
    /// It is in force no more, until it is resumed.
    Pause,
    /// It is in force again.
    Resume,
    /// It is taken out of force for good.
    Retire,
    /// It is new.
    Make,
    /// It gets its next version.
    Change,
}

const EN: Words = Words {
    title: "Rules",
    lead: "What people earn, in the words that they read on the card. A change is a new version: what was earned stays as it was promised.",
    none: "There is no rule yet: nothing is earned. Begin with one of these.",
    add: "Add a rule",
    change: "Change a rule",
    all: "All rules",
    said: &[
        ("made", "The rule is in force."),
        ("changed", "The rule is in force in its new version."),
        ("retired", "The rule is out of force. What it gave stays."),
        ("ordered", "The rules are ordered so."),
        ("same", "Nothing changed: the rule is as you typed it."),
    ],
    presets: "Begin with",
    live: "in force",
    paused: "paused",
    over: "over",
    ahead: "begins later",
    version: "Version",
    edit: "Change",
    copy: "Duplicate",
    up: "Up",
    down: "Down",
    pause: "Pause",
    resume: "Resume",
    retire: "Retire",
    what: "Kind",
    referrer: "Who shares",
    friend: "The friend",
    limits: "How often, and when",
    conditions: "Conditions",
    more: "Name, and more",
    deep: "These conditions were made by your back end, and are nested deeper than this form can show. They stay as they are.",
    drop: "Take all conditions away",
    mend: "Something has to be mended: it is marked below, and nothing was saved.",
    look: "See what this changes",
};

const FR: Words = Words {
    title: "Règles",
    lead: "Ce que l’on gagne, avec les mots que les gens lisent sur la carte. Un changement est une nouvelle version\u{a0}: ce qui est gagné reste tel que promis.",
    none: "Il n’y a pas encore de règle\u{a0}: rien n’est gagné. Commencez par l’une de celles-ci.",
    add: "Ajouter une règle",
    change: "Changer une règle",
    all: "Toutes les règles",
    said: &[
        ("made", "La règle est en vigueur."),
        ("changed", "La règle est en vigueur dans sa nouvelle version."),
        ("retired", "La règle est retirée. Ce qu’elle a donné reste."),
        ("ordered", "Les règles sont rangées ainsi."),
        ("same", "Rien n’a changé\u{a0}: la règle est déjà ainsi."),
    ],
    presets: "Commencer par",
    live: "en vigueur",
    paused: "en pause",
    over: "terminée",
    ahead: "commence plus tard",
    version: "Version",
    edit: "Changer",
    copy: "Dupliquer",
    up: "Monter",
    down: "Descendre",
    pause: "Mettre en pause",
    resume: "Reprendre",
    retire: "Retirer",
    what: "Genre",
    referrer: "Celui qui partage",
    friend: "Le filleul",
    limits: "Combien de fois, et quand",
    conditions: "Conditions",
    more: "Nom et autres",
    deep: "Ces conditions viennent de votre serveur et sont plus imbriquées que ce formulaire ne peut montrer. Elles restent telles quelles.",
    drop: "Retirer toutes les conditions",
    mend: "Quelque chose est à corriger\u{a0}: voyez ci-dessous. Rien n’a été enregistré.",
    look: "Voir ce que cela change",
};
