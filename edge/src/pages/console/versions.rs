//! Versions of what a campaign says: who changed what and when, in words; and one version as it stood.

use maud::{Markup, html};
use serde_json::{Value, json};
use shared::{
    api::CampaignReward, campaign::Campaign, card::promise, lang::Lang, reward::Rule,
    time::Timestamp,
};

use super::{
    options::{Changed, LOOK, PARTS, RULE, SETTINGS, Say, TEXTS, at, changed, pick},
    parts::{Clock, Tone, badge, empty, instant, section},
    settings::{beside, of_part},
};
use crate::store::versions;

/// What a version did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Deed {
    /// It is the first of its subject.
    Made,
    /// It changed what was there.
    Changed,
    /// It took a rule out of force.
    Retired,
}

/// What a version is of.
#[derive(Clone, Debug)]
pub enum Subject {
    /// The settings.
    Settings,
    /// The owner's texts.
    Texts,
    /// How public pages look.
    Look,
    /// A rule: what it is called, and its sentences.
    Rule(String),
}

/// A version as the page shows it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Counted from 1 within the campaign.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    pub who: String,
    /// What it is of.
    pub subject: Subject,
    /// What it did.
    pub deed: Deed,
    /// What changed.
    pub changes: Vec<Changed>,
    /// The conditions of a rule before and after, where they changed.
    pub conditions: Option<(String, String)>,
}

/// A rule as the tables of settings read it.
#[must_use]
pub fn whole(rule: &Rule) -> Value {
    let mut said = json!(CampaignReward::from(rule.clone()));
    if said.get("limit") == Some(&json!(-1))
        && let Some(fields) = said.as_object_mut()
    {
        fields.insert("limit".into(), Value::Null);
    }
    said
}

/// The sentences of a rule, one after the other.
#[must_use]
pub fn sentence(campaign: &Campaign, rule: &Rule, lang: Lang) -> String {
    let promise = promise(campaign, rule);
    let both = std::iter::once(&promise.referrer).chain(&promise.friend);
    both.chain(&promise.limits).map(|it| it.in_lang(lang)).collect::<Vec<_>>().join(" ")
}

/// The conditions of a rule in words.
#[must_use]
pub fn conditions(campaign: &Campaign, rule: &Rule, lang: Lang) -> String {
    let said = promise(campaign, rule).conditions;
    let none = pick(lang, ["none", "aucune"]);
    said.map_or_else(|| none.into(), |it| it.in_lang(lang).to_owned())
}

/// A stored version as the page shows it.
#[must_use]
pub fn row(campaign: &Campaign, it: &versions::Version, who: String, say: Say) -> Row {
    let read = |text: &Option<String>| -> Option<Value> {
        text.as_ref().and_then(|it| serde_json::from_str(it).ok())
    };
    let (before, body) = (read(&it.before), read(&it.body));
    let deed = match (&before, &body) {
        (_, None) => Deed::Retired,
        (None, _) => Deed::Made,
        _ => Deed::Changed,
    };
    let pair = |list| match (&before, &body) {
        (Some(before), Some(body)) => changed(list, before, body, say),
        _ => Vec::new(),
    };
    let (subject, changes, told) = match it.subject.as_str() {
        versions::SETTINGS => (Subject::Settings, pair(SETTINGS), None),
        versions::TEXTS => (Subject::Texts, pair(TEXTS), None),
        versions::LOOK => (Subject::Look, pair(LOOK), None),
        _ => {
            let rule = |it: &Option<Value>| -> Option<Rule> {
                it.as_ref().and_then(|it| serde_json::from_value(it.clone()).ok())
            };
            let (old, new) = (rule(&before), rule(&body));
            let shown = new.as_ref().or(old.as_ref());
            let words = shown.map_or_else(String::new, |it| sentence(campaign, it, say.lang));
            let both = old.as_ref().zip(new.as_ref());
            let changes = both
                .map_or_else(Vec::new, |(old, new)| changed(RULE, &whole(old), &whole(new), say));
            let told = both
                .filter(|(old, new)| old.conditions != new.conditions)
                .map(|(old, new)| [old, new].map(|it| conditions(campaign, it, say.lang)).into());
            (Subject::Rule(words), changes, told)
        }
    };
    Row { number: it.number, at: it.at, who, subject, deed, changes, conditions: told }
}

/// The list of versions.
#[derive(Clone, Debug)]
pub struct Versions<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The versions, newest first.
    pub rows: &'a [Row],
    /// Before which number the next page begins.
    pub before: Option<i64>,
}

/// The page of the list.
#[must_use]
pub fn list(it: &Versions<'_>) -> Markup {
    let words = words(it.clock.lang);
    html! {
        div.titled { h1 { (words.title) } }
        (beside(it.clock.lang, it.campaign, "versions"))
        p.lead { (words.lead) }
        (section("versions", words.title, &html! {
            @if it.rows.is_empty() { (empty(words.none)) }
            ol.decisions { @for row in it.rows { li { (entry(it, row, words)) } } }
            @if let Some(before) = it.before {
                p { a.button href={ "?before=" (before) } { (words.older) } }
            }
        }))
    }
}

fn entry(it: &Versions<'_>, row: &Row, words: &Words) -> Markup {
    let lang = it.clock.lang;
    let deed = match row.deed {
        Deed::Made => badge((Tone::Good, words.made)),
        Deed::Changed => badge((Tone::Open, words.changed)),
        Deed::Retired => badge((Tone::Quiet, words.retired)),
    };
    html! {
        p {
            strong { (words.version) " " (row.number) } " · "
            @match &row.subject {
                Subject::Settings => { (words.settings) }
                Subject::Texts => { (words.texts) }
                Subject::Look => { (words.design) }
                Subject::Rule(_) => { (words.rule) }
            }
            " " (deed)
        }
        p.soft { (row.who) " · " (instant(it.clock, row.at)) }
        @if let Subject::Rule(sentence) = &row.subject { p { (sentence) } }
        @if !row.changes.is_empty() || row.conditions.is_some() {
            dl.changed {
                @for change in &row.changes {
                    dt { (change.opt.label(lang)) }
                    dd { del { (change.was) } " → " ins.kept { (change.is) } }
                }
                @if let Some((was, is)) = &row.conditions {
                    dt { (words.conditions) }
                    dd { del { (was) } " → " ins { (is) } }
                }
            }
        }
        p { a href={ "/console/" (it.campaign) "/versions/" (row.number) } { (words.look) } }
    }
}

/// A version as it stood, with all that stood beside it.
#[derive(Clone, Debug)]
pub struct Stood<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// What values are said in.
    pub say: Say,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The number, when and who.
    pub row: &'a Row,
    /// The settings then, if they were noted.
    pub settings: Option<&'a Value>,
    /// The owner's texts then.
    pub texts: Option<&'a Value>,
    /// How public pages looked then, if it was noted.
    pub look: Option<&'a Value>,
    /// The rules in force then, in sentences.
    pub rules: &'a [String],
}

/// The page of one version.
#[must_use]
pub fn one(it: &Stood<'_>) -> Markup {
    let (lang, words) = (it.clock.lang, words(it.clock.lang));
    html! {
        p { a href={ "/console/" (it.campaign) "/versions" } { "← " (words.all) } }
        div.titled { h1 { (words.version) " " (it.row.number) } }
        p.lead { (words.stood) " " (instant(it.clock, it.row.at)) " · " (it.row.who) }
        (section("rules", words.rules, &html! {
            @if it.rules.is_empty() { (empty(words.no_rules)) }
            @for rule in it.rules { blockquote.card { p { (rule) } } }
        }))
        @match it.settings {
            None => { (section("settings", words.settings, &empty(words.unknown))) }
            Some(values) => {
                @for part in PARTS {
                    (section(part.name, pick(lang, part.title), &html! {
                        dl.facts {
                            @for opt in of_part(part.name) {
                                div { dt { (opt.label(lang)) } dd.kept { (opt.said(at(values, opt.path), it.say)) } }
                            }
                        }
                    }))
                }
            }
        }
        @if let Some(values) = it.look {
            (section("design", words.design, &html! {
                dl.facts {
                    @for opt in LOOK {
                        div { dt { (opt.label(lang)) } dd.kept { (opt.said(at(values, opt.path), it.say)) } }
                    }
                }
            }))
        }
        @if let Some(values) = it.texts {
            (section("texts", words.texts, &html! {
                dl.facts {
                    @for opt in TEXTS.iter().filter(|opt| at(values, opt.path) != "") {
                        div { dt { (opt.label(lang)) " (" (opt.part) ")" } dd.kept { (opt.said(at(values, opt.path), it.say)) } }
                    }
                }
            }))
        }
    }
}

struct Words {
    title: &'static str,
    lead: &'static str,
    none: &'static str,
    older: &'static str,
    version: &'static str,
    settings: &'static str,
    texts: &'static str,
    design: &'static str,
    rule: &'static str,
    rules: &'static str,
    no_rules: &'static str,
    made: &'static str,
    changed: &'static str,
    retired: &'static str,
    conditions: &'static str,
    look: &'static str,
    all: &'static str,
    stood: &'static str,
    unknown: &'static str,
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

const EN: Words = Words {
    title: "Versions",
    lead: "Everything that was changed in settings, rules and texts: who, when, what.",
    none: "Nothing was changed yet.",
    older: "Older ones",
    version: "Version",
    settings: "Settings",
    texts: "Your own texts",
    design: "Design",
    rule: "Rule",
    rules: "Rules in force",
    no_rules: "No rule was in force.",
    made: "made",
    changed: "changed",
    retired: "retired",
    conditions: "Conditions",
    look: "Look at this version",
    all: "All versions",
    stood: "So it stood from",
    unknown: "The settings of that time were not noted: they had not been changed yet.",
};

const FR: Words = Words {
    title: "Versions",
    lead: "Tout ce qui a changé dans les réglages, les règles et les textes\u{a0}: qui, quand, quoi.",
    none: "Rien n’a encore changé.",
    older: "Plus anciennes",
    version: "Version",
    settings: "Réglages",
    texts: "Vos propres textes",
    design: "Apparence",
    rule: "Règle",
    rules: "Règles en vigueur",
    no_rules: "Aucune règle n’était en vigueur.",
    made: "création",
    changed: "modification",
    retired: "retrait",
    conditions: "Conditions",
    look: "Voir cette version",
    all: "Toutes les versions",
    stood: "Ce qui valait à partir du",
    unknown: "Les réglages d’alors n’ont pas été notés\u{a0}: ils n’avaient pas encore changé.",
};
