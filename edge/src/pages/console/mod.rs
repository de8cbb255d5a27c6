//! The owner's page: who clicked, who referred whom, what was earned, and why.

pub mod account;
pub mod briefing;
mod chart;
pub mod customer_sign_in;
mod facts;
pub mod frame;
pub mod keys;
pub mod log;
pub mod look_up;
pub mod parts;
pub mod team;
mod words;

use maud::{Markup, html};
use shared::{
    lang::Lang,
    referral::Outcome,
    time::Timestamp,
    written::{date, machine, minute, number},
};

pub use self::facts::{
    Clicks, Console, DecisionRow, ParticipantRow, ReferralRow, RewardRow, RewardState, WaitingRow,
};
use self::words::{Words, words};

/// How a status reads at a glance; its word says the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Tone {
    Bad,
    Good,
    Open,
    Quiet,
}

/// The overview of a campaign.
#[must_use]
pub fn console(console: &Console<'_>) -> Markup {
    let words = words(console.lang);
    html! {
        div.titled {
            h1 { (console.campaign_name) }
            p { a.button href="" { (words.refresh) } }
        }
        (tiles(console, words))
        (section("waiting", words.waiting, &waiting(console, words)))
        (section("clicks", words.clicks, &clicks(console, words)))
        (section("referrals", words.referrals, &referrals(console, words)))
        (section("rewards", words.rewards, &rewards(console, words)))
        (section("decisions", words.decisions, &decisions(console, words)))
        (section("participants", words.participants, &participants(console, words)))
        p.soft { (words.utc) }
    }
}

fn section(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section.panel aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (content)
        }
    }
}

fn tiles(console: &Console<'_>, words: &Words) -> Markup {
    let awarded = console.referrals.iter().filter(|it| it.outcome == Outcome::Awarded).count();
    let available = console.rewards.iter().filter(|it| it.available).count();
    let counts = [
        console.clicks.person,
        console.participants.len() as u64,
        awarded as u64,
        available as u64,
    ];
    html! {
        dl.tiles {
            @for (count, name) in counts.into_iter().zip(words.tiles) {
                div { dt { (name) } dd { (number(console.lang, count)) } }
            }
        }
    }
}

fn waiting(console: &Console<'_>, words: &Words) -> Markup {
    let lang = console.lang;
    let row = |it: &WaitingRow| {
        [html! { (it.who) }, html! { (it.what) }, html! { code { (it.id) } }, day(lang, it.since)]
    };
    let [one, several] = words.waiting_count;
    html! {
        @if 0 < console.waiting_count {
            p {
                strong { (number(lang, console.waiting_count)) } " "
                (if console.waiting_count == 1 { one } else { several })
            }
        }
        (table(&words.waiting_columns, &console.waiting, row, words.waiting_empty))
    }
}

fn clicks(console: &Console<'_>, words: &Words) -> Markup {
    let Clicks { person, prefetch, preview, robot } = console.clicks;
    let counts = [person, prefetch, preview, robot];
    let total: u64 = counts.iter().fold(0, |sum, it| sum.saturating_add(*it));
    if total == 0 {
        return empty(words.clicks_empty);
    }
    let bars: Vec<_> =
        words.classes.iter().zip(counts).map(|(&(name, _), count)| (name, count)).collect();
    html! {
        p.soft { (words.clicks_note) }
        div.beside {
            (chart::bars(console.lang, words.clicks, &bars))
            table {
                thead { tr { th scope="col" { (words.class) } th.number scope="col" { (words.clicks) } } }
                tbody {
                    @for ((name, meaning), count) in words.classes.into_iter().zip(counts) {
                        tr {
                            th scope="row" { (name) " " span.soft { (meaning) } }
                            td.number { (number(console.lang, count)) }
                        }
                    }
                }
                tfoot {
                    tr { th scope="row" { (words.total) } td.number { (number(console.lang, total)) } }
                }
            }
        }
    }
}

fn participants(console: &Console<'_>, words: &Words) -> Markup {
    let lang = console.lang;
    let row = |it: &ParticipantRow| {
        [
            html! { (it.name) },
            html! { (it.email) },
            html! { code { (it.code) } },
            day(lang, it.since),
            html! { (number(lang, it.referrals)) },
        ]
    };
    table(&words.participant_columns, &console.participants, row, words.participants_empty)
}

fn referrals(console: &Console<'_>, words: &Words) -> Markup {
    let lang = console.lang;
    let row = |it: &ReferralRow| {
        let outcome = badge(words::outcome(it.outcome, lang));
        [html! { (it.friend) }, html! { (it.referrer) }, outcome, day(lang, it.since)]
    };
    table(&words.referral_columns, &console.referrals, row, words.referrals_empty)
}

fn rewards(console: &Console<'_>, words: &Words) -> Markup {
    let lang = console.lang;
    let row = |it: &RewardRow| {
        let available = if it.available { words.available } else { words.unavailable };
        [
            html! { (it.who) },
            html! { (it.what) },
            badge(it.state.words(lang)),
            html! { (available) },
            day(lang, it.since),
        ]
    };
    table(&words.reward_columns, &console.rewards, row, words.rewards_empty)
}

fn decisions(console: &Console<'_>, words: &Words) -> Markup {
    let lang = console.lang;
    if console.decisions.is_empty() {
        return empty(words.decisions_empty);
    }
    html! {
        ol.decisions {
            @for it in &console.decisions {
                li {
                    p {
                        (badge(words::kind(it.kind, lang))) " "
                        strong { (it.about) } " "
                        time.soft datetime=(machine(it.at)) { (minute(lang, it.at)) }
                    }
                    p { (it.reasons.join(" ")) }
                }
            }
        }
    }
}

/// A table that turns into cards on a phone.
///
/// Style sheets that change `display` take a table's meaning away from some screen readers, so the
/// roles are written out; each cell carries its column's name for the cards.
fn table<R, const N: usize>(
    columns: &[&str; N],
    rows: &[R],
    cells: impl Fn(&R) -> [Markup; N],
    nothing: &str,
) -> Markup {
    if rows.is_empty() {
        return empty(nothing);
    }
    html! {
        table.cards role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (cell, column) in cells(row).into_iter().zip(columns) {
                            td role="cell" data-column=(column) { span { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn badge((tone, word): (Tone, &str)) -> Markup {
    let tone = match tone {
        Tone::Bad => "badge bad",
        Tone::Good => "badge good",
        Tone::Open => "badge open",
        Tone::Quiet => "badge quiet",
    };
    html! { span class=(tone) { (word) } }
}

fn day(lang: Lang, at: Timestamp) -> Markup {
    html! { time datetime=(machine(at)) { (date(lang, at)) } }
}

fn empty(text: &str) -> Markup {
    html! { p.empty { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(lang: Lang) -> Console<'static> {
        Console {
            lang,
            campaign_name: "Café Lumière",
            clicks: Clicks::default(),
            participants: Vec::new(),
            referrals: Vec::new(),
            waiting_count: 0,
            waiting: Vec::new(),
            rewards: Vec::new(),
            decisions: Vec::new(),
        }
    }

    #[test]
    fn nothing_yet_is_said_of_each_part() {
        for lang in [Lang::En, Lang::Fr] {
            let page = console(&bare(lang)).into_string();
            let words = words(lang);
            for text in [
                words.clicks_empty,
                words.participants_empty,
                words.referrals_empty,
                words.rewards_empty,
                words.waiting_empty,
                words.decisions_empty,
            ] {
                assert!(page.contains(text), "{text} is missing");
            }
            assert!(!page.contains("<table"));
        }
    }

    #[test]
    fn classes_are_told_apart_and_summed() {
        let clicks = Clicks { person: 1_200, prefetch: 3, preview: 2, robot: 0 };
        let page = console(&Console { clicks, ..bare(Lang::En) }).into_string();
        assert!(page.contains("<td class=\"number\">1,200</td>"));
        assert!(page.contains("<td class=\"number\">1,205</td>"));
        assert!(page.contains("<svg class=\"chart\""));
    }

    #[test]
    fn what_people_typed_is_escaped() {
        let name = "<script>alert(1)</script>".to_owned();
        let since = Timestamp(0);
        let page = console(&Console {
            participants: vec![ParticipantRow {
                name: name.clone(),
                email: "\"a&b\"@example.com".to_owned(),
                code: name.clone(),
                since,
                referrals: 1,
            }],
            referrals: vec![ReferralRow {
                friend: name.clone(),
                referrer: name.clone(),
                outcome: Outcome::Pending,
                since,
            }],
            waiting_count: 2,
            waiting: vec![WaitingRow {
                who: name.clone(),
                what: name.clone(),
                id: name.clone(),
                since,
            }],
            rewards: vec![RewardRow {
                who: name.clone(),
                what: name.clone(),
                state: RewardState::Waiting,
                available: false,
                since,
            }],
            decisions: vec![DecisionRow {
                at: since,
                about: name.clone(),
                kind: shared::decision::Kind::Refused,
                reasons: vec![name],
            }],
            ..bare(Lang::Fr)
        })
        .into_string();
        assert!(!page.contains("<script>"));
        assert_eq!(page.matches("&lt;script&gt;alert(1)&lt;/script&gt;").count(), 11);
        assert!(page.contains("<strong>2</strong> récompenses attendent votre validation."));
        assert!(page.contains("&quot;a&amp;b&quot;@example.com"));
        assert!(page.contains("en attente"));
        assert!(page.contains("pas encore"));
    }
}
