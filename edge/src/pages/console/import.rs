//! Imports: the file, its columns, what would happen, how far it is, what came of it.

use maud::{Markup, html};
use shared::{
    import::{Choices, Field, What},
    lang::Lang,
    written::number,
};

use super::{
    frame::csrf,
    import_words::{self, Words, column, field, reason, state, words},
    parts::{Clock, badge, choice, done as told, empty, instant, table, wrong},
};
use crate::{
    sql::name,
    store::{
        import_rows::Flawed,
        imports::{Import, State},
    },
};

/// The imports of a campaign.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Language and time zone.
    pub clock: Clock,
    /// The campaign's id.
    pub campaign: &'a str,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The newest.
    pub imports: &'a [Import],
    /// What is wrong with the form that was sent.
    pub wrong: Option<&'a str>,
}

/// The list, and the form that begins an import.
#[must_use]
pub fn list(it: &Listing<'_>) -> Markup {
    let lang = it.clock.lang;
    let words = words(lang);
    html! {
        p { a href={ "/console/" (it.campaign) "/participants" } { "← " (words.participants) } }
        h1 { (words.title) }
        form.panel.stack method="post" enctype="multipart/form-data"
            action={ "/console/" (it.campaign) "/import" } data-import
            data-going=(words.uploading) data-broken=(words.broken) {
            (csrf(it.csrf))
            fieldset.field {
                legend { (words.what) }
                @for (place, value) in ["participants", "customers"].into_iter().enumerate() {
                    label.choice {
                        input type="radio" name="what" value=(value) checked[place == 0];
                        span { strong { (words.whats[place]) } " " span.soft { (words.whats_hint[place]) } }
                    }
                }
            }
            (file(words, it.wrong))
            p.hint { (words.kept) }
            button.primary type="submit" { (words.upload) }
        }
        section.panel aria-labelledby="earlier" {
            h2 id="earlier" { (words.earlier) }
            @if it.imports.is_empty() { (empty(words.none)) }
            @else { (table(words.earlier, &words.columns, &rows(it))) }
        }
    }
}

fn rows(it: &Listing<'_>) -> Vec<Vec<Markup>> {
    let lang = it.clock.lang;
    let each = it.imports.iter().map(|import| {
        vec![
            html! {
                a href={ "/console/" (it.campaign) "/import/" (import.id) } {
                    (instant(it.clock, import.created_at))
                }
            },
            html! { (import_words::what(lang, import.what)) },
            html! { (number(lang, import.total.into())) },
            html! { (badge(state(lang, import.state))) },
            html! { (number(lang, (import.bad + import.failed).into())) },
        ]
    });
    each.collect()
}

/// The field of the file, and where the script says how far its upload is.
fn file(words: &Words, flaw: Option<&str>) -> Markup {
    html! {
        p.field {
            label for="f-file" { (words.file) }
            input id="f-file" name="file" type="file" required
                accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                aria-describedby="f-file-hint f-file-wrong" aria-invalid=[flaw.map(|_| "true")];
            span.hint id="f-file-hint" { (words.file_hint) span data-plain { " " (words.file_plain) } }
            span.flaw id="f-file-wrong" role="alert" { (flaw.unwrap_or_default()) }
        }
        p.going hidden data-progress {
            label { span data-text { (words.uploading) } progress max="100" value="0" {} }
        }
    }
}

/// One import.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Language and time zone.
    pub clock: Clock,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The import.
    pub import: &'a Import,
    /// The first rows.
    pub samples: &'a [Vec<String>],
    /// What its columns mean, as chosen or guessed.
    pub choices: &'a Choices,
    /// The first mistakes.
    pub flaws: &'a [Flawed],
    /// What is wrong with the choices: the column that says what another does, or none holds addresses.
    pub wrong: Option<Option<usize>>,
}

/// The page of an import.
#[must_use]
pub fn show(it: &Shown<'_>) -> Markup {
    let words = words(it.clock.lang);
    let import = it.import;
    html! {
        p { a href={ "/console/" (import.campaign) "/import" } { "← " (words.back) } }
        div.titled {
            h1 { (words.title) ": " (import_words::what(it.clock.lang, import.what)) }
            p { (badge(state(it.clock.lang, import.state))) }
        }
        @match import.state {
            State::Uploading => (stopped(it, words)),
            State::Uploaded => (mapping(it, words)),
            State::Checking | State::Running => (progress(it, words)),
            State::Checked => {
                (outlook(it, words))
                (mistakes(it, words))
                (mapping(it, words))
            }
            State::Done | State::Cancelled | State::Expired => {
                (ended(it, words))
                (mistakes(it, words))
            }
        }
    }
}

/// The way of a form of this page.
fn way(it: &Shown<'_>) -> String {
    format!("/console/{}/import/{}", it.import.campaign, it.import.id)
}

/// A form with one button.
fn act(it: &Shown<'_>, act: &str, text: &str, primary: bool) -> Markup {
    html! {
        form method="post" action=(way(it)) {
            (csrf(it.csrf))
            input type="hidden" name="act" value=(act);
            button.primary[primary] type="submit" { (text) }
        }
    }
}

fn stopped(it: &Shown<'_>, words: &Words) -> Markup {
    html! {
        form.panel.stack method="post" enctype="multipart/form-data" data-import=(it.import.id)
            data-from=(it.import.received) data-going=(words.uploading) data-broken=(words.broken)
            action={ "/console/" (it.import.campaign) "/import" } {
            h2 { (words.stopped) }
            p { (words.stopped_hint) }
            (csrf(it.csrf))
            input type="hidden" name="what" value=(what_name(it.import.what));
            (file(words, None))
            button.primary type="submit" { (words.upload) }
        }
        (act(it, "cancel", words.cancel, false))
    }
}

const fn what_name(what: What) -> &'static str {
    match what {
        What::Participants => "participants",
        What::Customers => "customers",
    }
}

fn mapping(it: &Shown<'_>, words: &Words) -> Markup {
    let lang = it.clock.lang;
    let people = it.import.what == What::Participants;
    let offered = |it: &Field| people || matches!(it, Field::Nothing | Field::Email);
    let again = it.import.state == State::Checked;
    html! {
        form.panel.mapping method="post" action=(way(it)) {
            h2 id="map" { (words.map) }
            p { (words.map_hint) }
            (csrf(it.csrf))
            @match it.wrong {
                Some(None) => (wrong(words.no_address)),
                Some(Some(place)) => (wrong(&format!("{} {}", words.twice, column(lang, &it.import.heads, place)))),
                None => {},
            }
            ul.columns {
                @for place in 0..it.import.heads.len() {
                    @let name = format!("column{place}");
                    @let chosen = it.choices.fields.get(place).copied().unwrap_or_default();
                    li {
                        p.field {
                            label for={ "f-" (name) } { (column(lang, &it.import.heads, place)) }
                            select id={ "f-" (name) } name=(name)
                                aria-invalid=[(it.wrong == Some(Some(place))).then_some("true")] {
                                @for one in Field::ALL.iter().filter(|it| offered(it)) {
                                    option value=(one.name()) selected[*one == chosen] { (field(lang, *one)) }
                                }
                            }
                        }
                        p.hint { (samples(it, words, place)) }
                    }
                }
            }
            @if people { (options(it, words)) }
            p.buttons {
                button.primary[!again] type="submit" name="act" value="check" {
                    (if again { words.check_again } else { words.check })
                }
            }
        }
        (act(it, "cancel", words.cancel, false))
    }
}

/// What stands in a column, in the first rows; of customers only whether it is an address.
fn samples(it: &Shown<'_>, words: &Words, place: usize) -> String {
    let cells = it.samples.iter().filter_map(|row| row.get(place)).filter(|it| !it.is_empty());
    let shown = |cell: &String| match it.import.what {
        What::Participants => {
            let short: String = cell.chars().take(40).collect();
            if short.len() < cell.len() { format!("{short}…") } else { short }
        }
        What::Customers if cell.starts_with('#') => words.address.into(),
        What::Customers => words.other.into(),
    };
    let mut texts: Vec<String> = cells.map(shown).collect();
    texts.dedup();
    if texts.is_empty() {
        "–".into()
    } else {
        format!("{} {}", words.example, texts.join(" · "))
    }
}

fn options(it: &Shown<'_>, words: &Words) -> Markup {
    let choices = it.choices;
    let dates = [("day", words.dates_are[0]), ("month", words.dates_are[1])];
    let knowns = [("leave", words.knowns[0]), ("update", words.knowns[1])];
    html! {
        div.fields {
            (choice("known", words.known, &knowns, if choices.update { "update" } else { "leave" }))
            (choice("dates", words.dates, &dates, if choices.month_first { "month" } else { "day" }))
        }
        p.field {
            label.choice {
                input type="checkbox" name="welcome" value="1" checked[choices.welcome];
                span { (words.welcome) }
            }
            span.hint { (words.welcome_hint) }
        }
        p.hint { (words.rewards_hint) }
    }
}

/// How many rows are done with, in the step that goes on.
#[must_use]
pub fn done(it: &Import) -> u32 {
    match it.state {
        State::Checking => it.fresh + it.known + it.bad,
        _ => it.done + it.failed,
    }
}

/// Of how many.
#[must_use]
pub fn total(it: &Import) -> u32 {
    match it.state {
        State::Checking => it.total,
        _ => it.fresh + it.known,
    }
}

/// The same in words.
#[must_use]
pub fn progress_text(lang: Lang, it: &Import) -> String {
    let words = words(lang);
    let number = |it: u32| number(lang, it.into());
    format!("{} {} {} {}", number(done(it)), words.of, number(total(it)), words.rows)
}

fn progress(it: &Shown<'_>, words: &Words) -> Markup {
    let import = it.import;
    let title = if import.state == State::Checking { words.checking } else { words.running };
    html! {
        section.panel.stack aria-labelledby="going" data-steps=(way(it)) data-csrf=(it.csrf)
            data-state=(name(&import.state)) {
            h2 id="going" { (title) }
            p.going {
                label {
                    span data-text { (progress_text(it.clock.lang, import)) }
                    progress max=(total(import).max(1)) value=(done(import)) {}
                }
            }
            p { (words.leave) }
            p data-plain { a.button href=(way(it)) { (words.refresh) } }
        }
        (act(it, "cancel", words.cancel, false))
    }
}

fn tiles(lang: Lang, tiles: &[(u32, &str)]) -> Markup {
    html! {
        dl.tiles {
            @for (count, name) in tiles {
                div { dt { (name) } dd { (number(lang, (*count).into())) } }
            }
        }
    }
}

fn outlook(it: &Shown<'_>, words: &Words) -> Markup {
    let import = it.import;
    let counts = [
        (import.fresh, words.fresh),
        (import.credits, words.credits),
        (import.known, words.known_count),
        (import.bad, words.bad),
    ];
    // Customers refer nobody.
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|it| import.what == What::Participants || it.1 != words.credits)
        .collect();
    let good = import.fresh + import.known;
    let lang = it.clock.lang;
    html! {
        section.panel.stack aria-labelledby="result" {
            h2 id="result" { (words.result) }
            (tiles(lang, &counts))
            @if good == 0 { p { (words.nothing) } } @else {
                p.hint { (words.nothing_yet) @if 0 < import.bad { " " (words.start_hint) } }
                (act(it, "start", &format!("{}: {} {}", words.start, number(lang, good.into()), words.rows), true))
            }
        }
    }
}

fn ended(it: &Shown<'_>, words: &Words) -> Markup {
    let import = it.import;
    let counts = [
        (import.done, words.imported),
        (import.added, words.added),
        (import.bad, words.bad),
        (import.failed, words.failed),
    ];
    let counts = if import.failed == 0 { &counts[..3] } else { &counts[..] };
    html! {
        section.panel.stack aria-labelledby="result" {
            h2.hidden id="result" { (words.title) }
            @match import.state {
                State::Done => (told(words.done)),
                State::Cancelled => p { (words.cancelled) },
                _ => p { (words.expired) },
            }
            (tiles(it.clock.lang, counts))
            @if import.what == What::Participants {
                p { a.button href={ "/console/" (import.campaign) "/participants?from=hand" } { (words.see) } }
            }
        }
    }
}

/// What is wrong, row by row.
fn mistakes(it: &Shown<'_>, words: &Words) -> Markup {
    let lang = it.clock.lang;
    let rows: Vec<Vec<Markup>> = it
        .flaws
        .iter()
        .map(|flaw| {
            vec![
                html! { (flaw.row) },
                html! { (column(lang, &it.import.heads, flaw.place)) },
                html! { (reason(lang, flaw)) },
            ]
        })
        .collect();
    let is_cut = (rows.len() as u64) < u64::from(it.import.bad + it.import.failed);
    html! {
        @if !rows.is_empty() {
            section.panel aria-labelledby="bad" {
                h2 id="bad" { (words.bad_title) }
                p { a.button href={ (way(it)) "/bad.csv" } { (words.download) } }
                (table(words.bad_title, &words.bad_columns, &rows))
                @if is_cut { p.soft { (words.bad_more) } }
            }
        }
    }
}
