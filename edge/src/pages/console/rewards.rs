//! The queue of rewards: what waits for a hand, what is to be given, what was.

use maud::{Markup, html};
use shared::{
    campaign::Campaign,
    card,
    decision::Reason,
    lang::Lang,
    reward::{Gift, Side, Source, Status},
};

use super::{
    frame::csrf,
    participant::written_address,
    parts::{Clock, Field, Tone, badge, choice, day, empty, money, onward, person, query},
    words,
};
use crate::store::{
    browse::Page,
    dossiers::Named,
    queue::{Queue, Row, Show},
    rewards::Lack,
};

/// The reasons that a refusal may name.
pub const REASONS: [Reason; 5] = [
    Reason::ConditionNotMet,
    Reason::AlreadyCustomer,
    Reason::Refunded,
    Reason::OwnLink,
    Reason::TermsNotMet,
];

/// What became of one reward.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It stands otherwise by now.
    State,
    /// The limit or the budget is used up.
    Full,
    /// There is no such reward.
    Missing,
    /// Somebody else was at it.
    Busy,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// What was asked for.
    pub asked: &'a Queue,
    /// Whose rewards, as it was typed.
    pub search: &'a str,
    /// What was found.
    pub page: &'a Page<Row>,
    /// Whether it is not the first page.
    pub begun: bool,
    /// The rules, to choose from.
    pub rules: &'a [Named],
    /// What became of the rewards of a form: who, what, how.
    pub results: &'a [(String, Outcome)],
    /// Whether a form was sent in which nothing was chosen.
    pub nothing: bool,
    /// Whether the reader may decide, and take the list away.
    pub may: [bool; 2],
}

/// The query that shows a list again.
#[must_use]
pub fn asked(list: &Queue, search: &str) -> String {
    query(&[
        ("show", list.show.name()),
        ("rule", list.rule.as_deref().unwrap_or_default()),
        ("q", search),
    ])
}

/// The queue.
#[must_use]
pub fn page(it: &Listing<'_>) -> Markup {
    let words = words(it.clock.lang);
    let base = format!("/console/{}", it.campaign.id);
    let query = asked(it.asked, it.search);
    let acts = it.may[0] && matches!(it.asked.show, Show::Waiting | Show::ToGive | Show::All);
    html! {
        div.titled {
            h1 { (words.title) }
            p.acts {
                a.button href={ (base) "/coupons" } { (words.coupons) }
                @if it.may[1] { a.button href={ (base) "/export/rewards?" (query) } { (words.export) } }
            }
        }
        (results(it, words))
        nav.choice aria-label=(words.show) {
            @for (show, name) in Show::ALL.into_iter().zip(words.shows) {
                @let there = asked(&Queue { show, ..it.asked.clone() }, it.search);
                a href={ "?" (there) } aria-current=[(show == it.asked.show).then_some("true")] { (name) }
            }
        }
        (filter(it, words))
        section.panel aria-label=(words.title) {
            @if it.page.rows.is_empty() {
                @let filtered = !it.search.is_empty() || it.asked.rule.is_some();
                (empty(if filtered { words.none_found } else { words.empty[place(it.asked.show)] }))
            } @else if acts {
                form method="post" data-pick {
                    (csrf(it.csrf))
                    input type="hidden" name="query" value=(query);
                    (buttons(it, words))
                    (listed(it, words, true))
                }
            } @else {
                (listed(it, words, false))
            }
            @let next = it.page.next.as_ref().map(crate::store::browse::Place::written);
            (onward(it.clock.lang, &query, next.as_deref(), it.page.cut, it.begun))
        }
    }
}

fn place(show: Show) -> usize {
    Show::ALL.iter().position(|it| *it == show).unwrap_or_default()
}

fn results(it: &Listing<'_>, words: &Words) -> Markup {
    let name = |outcome: Outcome| match outcome {
        Outcome::Done => (Tone::Good, words.results[0]),
        Outcome::State => (Tone::Quiet, words.results[1]),
        Outcome::Full => (Tone::Bad, words.results[2]),
        Outcome::Missing => (Tone::Bad, words.results[3]),
        Outcome::Busy => (Tone::Bad, words.results[4]),
    };
    let done = it.results.iter().filter(|it| it.1 == Outcome::Done).count();
    html! {
        @if it.nothing { (super::parts::wrong(words.nothing)) }
        @if !it.results.is_empty() {
            div.told role="status" {
                p { strong { (done) " / " (it.results.len()) } " " (words.of_results) }
                ul.results {
                    @for (who, outcome) in it.results {
                        li { (who) " " (badge(name(*outcome))) }
                    }
                }
            }
        }
    }
}

fn filter(it: &Listing<'_>, words: &Words) -> Markup {
    let mut rules = vec![(String::new(), words.any.to_owned())];
    rules.extend(it.rules.iter().map(|rule| {
        let Gift { kind, amount, .. } = rule.gives;
        let what = card::reward(it.campaign, &rule.texts, Side::Referrer, kind, amount);
        let mut name = what.in_lang(it.clock.lang).to_owned();
        // Two rules may give the same: the owner's title tells them apart.
        if let Some(title) = rule.texts.title.as_ref().filter(|title| **title != name) {
            name = format!("{title} – {name}");
        }
        (rule.id.clone(), name)
    }));
    let rules: Vec<_> = rules.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let search = Field {
        name: "q",
        label: words.search,
        value: it.search,
        kind: "search",
        hint: words.search_hint,
        ..Field::default()
    };
    html! {
        form.panel.filters method="get" role="search" {
            input type="hidden" name="show" value=(it.asked.show.name());
            (search.markup())
            div.fields {
                @if 1 < it.rules.len() { (choice("rule", words.rule, &rules, it.asked.rule.as_deref().unwrap_or_default())) }
                p.field.act { button type="submit" { (words.find) } }
            }
        }
    }
}

fn buttons(it: &Listing<'_>, words: &Words) -> Markup {
    let waiting = it.asked.show != Show::ToGive;
    let giving = it.asked.show != Show::Waiting;
    let lang = it.clock.lang;
    html! {
        div.picked {
            label.check hidden {
                input type="checkbox" data-all; " " (words.all)
            }
            @if waiting { button.primary type="submit" name="act" value="approve" { (words.approve) } }
            @if giving { button.primary type="submit" name="act" value="fulfill" { (words.fulfill) } }
            @if waiting {
                span.refusal {
                    label for="f-reason" { (words.reason) }
                    select id="f-reason" name="reason" {
                        option value="" { (Reason::RemovedByHand.sentence(lang)) }
                        @for reason in REASONS {
                            option value=(crate::sql::name(&reason)) { (reason.sentence(lang)) }
                        }
                    }
                    button type="submit" name="act" value="refuse" { (words.refuse) }
                }
            }
        }
    }
}

fn listed(it: &Listing<'_>, words: &Words, picks: bool) -> Markup {
    let columns = &words.columns;
    html! {
        table.cards role="table" {
            caption.hidden { (words.title) }
            thead role="rowgroup" {
                tr role="row" {
                    @if picks { th.pick scope="col" role="columnheader" { span.hidden { (words.pick) } } }
                    @for column in columns { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for row in &it.page.rows {
                    tr role="row" {
                        @if picks {
                            td.pick role="cell" data-column=(words.pick) {
                                @let open = row.status == Status::Pending;
                                @if open {
                                    label.check {
                                        input type="checkbox" name="reward" value=(row.id);
                                        span.hidden { (words.pick) " " (row.email.as_deref().unwrap_or(&row.id)) }
                                    }
                                }
                            }
                        }
                        @for (cell, column) in cells(it, row, words).iter().zip(columns) {
                            td role="cell" data-column=(column) { span { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn cells(it: &Listing<'_>, row: &Row, words: &Words) -> [Markup; 4] {
    let lang = it.clock.lang;
    let what = card::reward(it.campaign, &row.texts, row.side, row.kind, row.amount);
    let sides = words.sides;
    [
        person(
            &it.campaign.id,
            row.participant.as_str(),
            row.name.as_deref(),
            row.email.as_deref(),
        ),
        html! {
            (what.in_lang(lang))
            " " span.soft { (if row.side == Side::Referrer { sides[0] } else { sides[1] }) }
            @let worth = row.amount.zip(row.currency).map(|(amount, currency)| money(lang, amount, currency));
            @if let Some(worth) = worth.filter(|it| !what.in_lang(lang).contains(it)) { br; (worth) }
            @if let Some(code) = &row.coupon_code { br; code { (code) } }
            @if it.may[0] {
                @if let Some(charity) = &row.charity { br; (words.charity) " " (charity) }
                @if let Some(address) = &row.address { br; (written_address(address)) }
            }
        },
        html! {
            (badge(words::reward(row.status, row.approved_at.is_some(), lang)))
            @if row.source == Source::Browser { br; span.soft { (words::source(row.source, lang)) } }
            @if row.status == Status::Pending {
                @match row.lacks {
                    Some(Lack::Coupon) => { br; span.soft { (words.no_coupon) } },
                    Some(Lack::Address) => { br; span.soft { (words.no_address) } },
                    None => {},
                }
                @if let Some(at) = row.approve_at.filter(|_| row.approved_at.is_none()) {
                    br; span.soft { (words.by_itself) " " (day(it.clock, at)) }
                }
            }
        },
        day(it.clock, row.created_at),
    ]
}

struct Words {
    title: &'static str,
    coupons: &'static str,
    export: &'static str,
    show: &'static str,
    shows: [&'static str; 5],
    empty: [&'static str; 5],
    results: [&'static str; 5],
    of_results: &'static str,
    nothing: &'static str,
    none_found: &'static str,
    search: &'static str,
    search_hint: &'static str,
    any: &'static str,
    rule: &'static str,
    find: &'static str,
    all: &'static str,
    pick: &'static str,
    approve: &'static str,
    fulfill: &'static str,
    refuse: &'static str,
    reason: &'static str,
    columns: [&'static str; 4],
    sides: [&'static str; 2],
    charity: &'static str,
    no_coupon: &'static str,
    no_address: &'static str,
    by_itself: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Rewards",
    coupons: "Coupons",
    export: "Download (CSV)",
    show: "Which",
    shows: ["To approve", "To hand over", "Given", "Cancelled", "All"],
    empty: [
        "No reward waits for your approval.",
        "No approved reward waits to be handed over.",
        "No reward was given yet.",
        "No reward was cancelled.",
        "Nothing was earned yet. The first referral that counts shows here.",
    ],
    results: [
        "done",
        "stands otherwise by now",
        "limit or budget used up",
        "unknown",
        "somebody was at it, try again",
    ],
    of_results: "done",
    nothing: "Choose at least one reward, and what is to be done with it.",
    none_found: "No reward fits.",
    search: "Whose",
    search_hint: "A participant’s address, number or code.",
    any: "Any",
    rule: "Reward",
    find: "Find",
    all: "All of this page",
    pick: "Choose",
    approve: "Approve",
    fulfill: "Mark as given",
    refuse: "Refuse",
    reason: "Reason",
    columns: ["Who", "What", "Status", "Since"],
    sides: ["for referring", "as a friend"],
    charity: "To:",
    no_coupon: "no coupon is left",
    no_address: "no address yet",
    by_itself: "approved by itself on",
};

const FR: Words = Words {
    title: "Récompenses",
    coupons: "Bons",
    export: "Télécharger (CSV)",
    show: "Lesquelles",
    shows: ["À valider", "À remettre", "Remises", "Annulées", "Toutes"],
    empty: [
        "Aucune récompense n’attend votre validation.",
        "Aucune récompense validée n’attend d’être remise.",
        "Aucune récompense n’est encore remise.",
        "Aucune récompense n’a été annulée.",
        "Rien n’est encore gagné. Le premier parrainage qui compte apparaîtra ici.",
    ],
    results: [
        "fait",
        "a changé d’état entre-temps",
        "plafond ou budget épuisé",
        "inconnue",
        "quelqu’un s’en occupait, réessayez",
    ],
    of_results: "faites",
    nothing: "Choisissez au moins une récompense, et ce qu’il faut en faire.",
    none_found: "Aucune récompense ne correspond.",
    search: "De qui",
    search_hint: "L’adresse, le numéro ou le code d’un participant.",
    any: "Toutes",
    rule: "Récompense",
    find: "Chercher",
    all: "Toute la page",
    pick: "Choisir",
    approve: "Valider",
    fulfill: "Marquer remises",
    refuse: "Refuser",
    reason: "Raison",
    columns: ["Qui", "Quoi", "État", "Depuis"],
    sides: ["comme parrain", "comme filleul"],
    charity: "À\u{a0}:",
    no_coupon: "il n’y a plus de bon",
    no_address: "pas encore d’adresse",
    by_itself: "validée d’elle-même le",
};
