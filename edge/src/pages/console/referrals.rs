//! The list of referrals, and what is decided about each.

use maud::{Markup, html};
use shared::{fraud::Signal, lang::Lang, referral::Outcome, reward::Source};

use super::{
    frame::csrf,
    parts::{Clock, Field, badge, choice, day, done, empty, onward, person, query, table, wrong},
    words,
};
use crate::store::{
    bonds::{Bonds, Row},
    browse::{Page, Place},
};

/// The outcomes of the choice, by their names in addresses.
pub const OUTCOMES: [(&str, Outcome); 6] = [
    ("pending", Outcome::Pending),
    ("held", Outcome::Held),
    ("counts", Outcome::Awarded),
    ("expired", Outcome::Expired),
    ("rejected", Outcome::Rejected),
    ("reversed", Outcome::Reversed),
];

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    /// The language and the time zone.
    pub clock: Clock,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// What was asked for.
    pub asked: &'a Bonds,
    /// Whose referrals, as it was typed.
    pub search: &'a str,
    /// What was found.
    pub page: &'a Page<Row>,
    /// Where the page begins; nowhere: it is the first.
    pub after: Option<&'a Place>,
    /// What was just done.
    pub told: Option<&'a str>,
    /// With how many, of how many.
    pub count: Option<[u32; 2]>,
    /// The friend and the referrer of a form that is to be mended.
    pub wrong: Option<(&'a str, &'a str)>,
    /// Whether the reader may decide, and take the list away.
    pub may: [bool; 2],
}

/// The query that shows a list again.
#[must_use]
pub fn asked(list: &Bonds, search: &str) -> String {
    let status = OUTCOMES.iter().find(|it| Some(it.1) == list.outcome).map_or("", |it| it.0);
    query(&[("q", search), ("status", status), ("by", if list.doubted { "browser" } else { "" })])
}

/// The list.
#[must_use]
pub fn page(it: &Listing<'_>) -> Markup {
    let words = words(it.clock.lang);
    let query = asked(it.asked, it.search);
    let told = it.told.and_then(|code| words.told.iter().find(|it| it.0 == code));
    html! {
        div.titled {
            h1 { (words.title) }
            p.acts {
                @if it.may[1] { a.button href={ "/console/" (it.campaign) "/export/referrals?" (query) } { (words.export) } }
            }
        }
        @if let Some((code, text)) = told {
            @match it.count {
                Some([did, of]) => {
                    @let text = format!("{did} / {of} {}.", words.did[usize::from(*code == "rejected")]);
                    @if did < of { (wrong(&format!("{text} {}", words.others))) } @else { (done(&text)) }
                }
                None => { @if GOOD.contains(code) { (done(text)) } @else { (wrong(text)) } }
            }
        }
        (filters(it, words))
        section.panel aria-label=(words.title) {
            @if it.page.rows.is_empty() {
                (empty(if query.is_empty() && it.after.is_none() { words.nobody } else { words.none_found }))
            } @else if picks(it) {
                form method="post" data-pick {
                    (hidden(it))
                    input type="hidden" name="many" value="1";
                    div.picked {
                        label.check hidden { input type="checkbox" data-all; " " (words.all) }
                        button.primary type="submit" name="act" value="accept" { (words.accept) }
                        button type="submit" name="act" value="reject" { (words.reject) }
                    }
                    @let [friend, by, status, since, _] = words.columns;
                    (table(words.title, &[words.pick, friend, by, status, since], &rows(it, words)))
                }
            } @else {
                (table(words.title, &words.columns, &rows(it, words)))
            }
            @let next = it.page.next.as_ref().map(Place::written);
            (onward(it.clock.lang, &query, next.as_deref(), it.page.cut, it.after.is_some()))
        }
        @if it.may[0] { (assign(it, words)) }
    }
}

/// What is told in good words.
const GOOD: [&str; 5] = ["assigned", "awarded", "delayed", "accepted", "rejected"];

fn filters(it: &Listing<'_>, words: &Words) -> Markup {
    let search = Field {
        name: "q",
        label: words.search,
        value: it.search,
        kind: "search",
        hint: words.search_hint,
        ..Field::default()
    };
    let lang = it.clock.lang;
    let mut statuses = vec![("", words.any)];
    statuses.extend(OUTCOMES.map(|(name, outcome)| (name, words::outcome(outcome, lang).1)));
    let status = OUTCOMES.iter().find(|one| Some(one.1) == it.asked.outcome).map_or("", |it| it.0);
    let by = [("", words.anybody), ("browser", words::source(Source::Browser, lang))];
    html! {
        form.panel.filters method="get" role="search" {
            (search.markup())
            div.fields {
                (choice("status", words.status, &statuses, status))
                (choice("by", words.by, &by, if it.asked.doubted { "browser" } else { "" }))
                p.field.act { button.primary type="submit" { (words.find) } }
            }
        }
    }
}

/// Whether several are decided at once: where all of them wait for that.
fn picks(it: &Listing<'_>) -> bool {
    it.may[0] && it.asked.outcome == Some(Outcome::Held)
}

/// What every form of the list holds.
fn hidden(it: &Listing<'_>) -> Markup {
    let after = it.after.map(Place::written).unwrap_or_default();
    let query = [asked(it.asked, it.search), query(&[("after", &after)])];
    html! {
        (csrf(it.csrf))
        input type="hidden" name="query" value=(query.join("&"));
    }
}

fn rows(it: &Listing<'_>, words: &Words) -> Vec<Vec<Markup>> {
    let lang = it.clock.lang;
    let pick = |row: &Row| {
        let who = row.friend_email.as_deref().unwrap_or(row.friend.as_str());
        html! {
            label.check {
                input type="checkbox" name="friend" value=(row.friend);
                span.hidden { (words.pick) " " (who) }
            }
        }
    };
    let each = it.page.rows.iter().map(|row| {
        let signals: Vec<Signal> = serde_json::from_str(&row.signals).unwrap_or_default();
        let mut cells = vec![
            person(it.campaign, row.friend.as_str(), row.friend_name.as_deref(), row.friend_email.as_deref()),
            person(it.campaign, row.referrer.as_str(), row.referrer_name.as_deref(), row.referrer_email.as_deref()),
            html! {
                (badge(words::outcome(row.outcome, lang)))
                @if row.source == Source::Browser { br; span.soft { (words::source(row.source, lang)) } }
                @if row.outcome == Outcome::Pending && let Some(until) = row.expires_at {
                    br; span.soft { (words.until) " " (day(it.clock, until)) }
                }
                @for signal in signals { br; span.soft { (words::signal(signal, lang)) } }
            },
            day(it.clock, row.bound_at),
        ];
        if picks(it) {
            cells.insert(0, pick(row));
        } else {
            cells.push(acts(it, row, words));
        }
        cells
    });
    each.collect()
}

fn acts(it: &Listing<'_>, row: &Row, words: &Words) -> Markup {
    let form = |buttons: Markup| {
        html! {
            form.acts method="post" {
                (hidden(it))
                input type="hidden" name="friend" value=(row.friend);
                (buttons)
            }
        }
    };
    let who = row.friend_email.as_deref().unwrap_or(row.friend.as_str());
    let button = |act: &str, text: &str| {
        html! { button type="submit" name="act" value=(act) { (text) span.hidden { " " (who) } } }
    };
    match (it.may[0], row.outcome) {
        (true, Outcome::Held) => form(html! {
            (button("accept", words.accept)) (button("reject", words.reject))
        }),
        (true, Outcome::Pending) => form(button("trigger", words.trigger)),
        _ => html! {},
    }
}

fn assign(it: &Listing<'_>, words: &Words) -> Markup {
    let (friend, referrer) = it.wrong.unwrap_or_default();
    let flaw = it.wrong.map(|_| words.assign_wrong);
    let field = |name, label, value, hint, wrong| Field {
        name,
        label,
        value,
        hint,
        wrong,
        ..Field::default()
    };
    html! {
        section.panel aria-labelledby="assign" {
            h2 id="assign" { (words.assign) }
            p.soft { (words.assign_note) }
            form method="post" {
                (hidden(it))
                div.fields {
                    (field("friend", words.friend, friend, words.who_hint, flaw).markup())
                    (field("referrer", words.referrer, referrer, words.who_hint, None).markup())
                    p.field.act { button type="submit" name="act" value="assign" { (words.assign_now) } }
                }
            }
        }
    }
}

struct Words {
    title: &'static str,
    export: &'static str,
    told: [(&'static str, &'static str); 12],
    did: [&'static str; 2],
    others: &'static str,
    all: &'static str,
    pick: &'static str,
    search: &'static str,
    search_hint: &'static str,
    status: &'static str,
    any: &'static str,
    by: &'static str,
    anybody: &'static str,
    find: &'static str,
    columns: [&'static str; 5],
    until: &'static str,
    accept: &'static str,
    reject: &'static str,
    trigger: &'static str,
    nobody: &'static str,
    none_found: &'static str,
    assign: &'static str,
    assign_note: &'static str,
    friend: &'static str,
    referrer: &'static str,
    who_hint: &'static str,
    assign_now: &'static str,
    assign_wrong: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Referrals",
    export: "Download (CSV)",
    told: [
        ("assigned", "The referrer is noted."),
        ("awarded", "The referral counts."),
        ("delayed", "The referral counts on a later day."),
        ("accepted", "The referral goes on."),
        ("rejected", "The referral is rejected."),
        ("already", "It was done before: nothing changed."),
        ("not-referred", "Nobody referred this person: nothing changed."),
        ("not-held", "The referral is not in review any more: nothing changed."),
        ("expired", "It came too late: the referral does not count."),
        ("not-credited", "The referral does not count now; the friend’s page says why."),
        ("unknown", "Nobody here has this number: nothing changed."),
        ("nothing", "Choose at least one referral."),
    ],
    did: ["accepted", "rejected"],
    others: "The others are not in review any more.",
    all: "All of this page",
    pick: "Choose",
    search: "Of whom",
    search_hint: "The address, number or code of the friend or the referrer.",
    status: "Status",
    any: "Any",
    by: "Source",
    anybody: "Anybody",
    find: "Find",
    columns: ["Friend", "Sent by", "Status", "Since", "Act"],
    until: "until",
    accept: "Accept",
    reject: "Reject",
    trigger: "Count it",
    nobody: "No friend has come yet. The first link that is followed to a sign-up shows here.",
    none_found: "No referral fits.",
    assign: "Note a referrer",
    assign_note: "For somebody who came without a link although a friend sent them. Once, for good.",
    friend: "Who came",
    referrer: "Who sent them",
    who_hint: "Address, number or code.",
    assign_now: "Note it",
    assign_wrong: "One of the two is not of this programme, is blocked, or they are the same person.",
};

const FR: Words = Words {
    title: "Parrainages",
    export: "Télécharger (CSV)",
    told: [
        ("assigned", "Le parrain est noté."),
        ("awarded", "Le parrainage compte."),
        ("delayed", "Le parrainage comptera plus tard."),
        ("accepted", "Le parrainage continue."),
        ("rejected", "Le parrainage est rejeté."),
        ("already", "C’était déjà fait\u{a0}: rien n’a changé."),
        ("not-referred", "Personne n’a parrainé cette personne\u{a0}: rien n’a changé."),
        ("not-held", "Le parrainage n’est plus à examiner\u{a0}: rien n’a changé."),
        ("expired", "C’est arrivé trop tard\u{a0}: le parrainage ne compte pas."),
        ("not-credited", "Le parrainage ne compte pas\u{a0}; la page du filleul dit pourquoi."),
        ("unknown", "Personne ici n’a ce numéro\u{a0}: rien n’a changé."),
        ("nothing", "Choisissez au moins un parrainage."),
    ],
    did: ["acceptés", "rejetés"],
    others: "Les autres ne sont plus à examiner.",
    all: "Toute la page",
    pick: "Choisir",
    search: "De qui",
    search_hint: "L’adresse, le numéro ou le code du filleul ou du parrain.",
    status: "État",
    any: "Tous",
    by: "Source",
    anybody: "N’importe qui",
    find: "Chercher",
    columns: ["Filleul", "Parrain", "État", "Depuis", "Action"],
    until: "jusqu’au",
    accept: "Accepter",
    reject: "Rejeter",
    trigger: "Compter",
    nobody: "Aucun filleul n’est encore venu. Le premier lien suivi jusqu’à une inscription \
        apparaîtra ici.",
    none_found: "Aucun parrainage ne correspond.",
    assign: "Noter un parrain",
    assign_note: "Pour qui est venu sans lien bien qu’un parrain l’ait envoyé. Une fois, pour toujours.",
    friend: "Qui est venu",
    referrer: "Qui l’a envoyé",
    who_hint: "Adresse, numéro ou code.",
    assign_now: "Noter",
    assign_wrong: "L’un des deux n’est pas de ce programme, est bloqué, ou c’est la même personne.",
};
