//! The list of participants, and the form that adds one.

use maud::{Markup, html};
use shared::{
    email::Email,
    lang::Lang,
    reward::Source,
    time::{Span, Timestamp},
    written::date,
};

use super::{
    frame::csrf,
    import_words::MADE_UP,
    parts::{
        Clock, Field, Tone, badge, choice, day, done, empty, onward, person, query, table, wrong,
    },
    words::source,
};
use crate::store::{
    browse::Page,
    directory::{Directory, FEW, From, Row, Show, Sort},
    saved_views::View,
};

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
    pub asked: &'a Directory,
    /// What was found.
    pub page: &'a Page<Row>,
    /// Whether it is not the first page.
    pub begun: bool,
    /// The reader's own views.
    pub views: &'a [View],
    /// What was just done.
    pub told: Option<&'a str>,
    /// The name of a view that could not be kept, as it was typed.
    pub refused: Option<&'a str>,
    /// Whether the reader may add people.
    pub may_add: bool,
    /// Whether the reader may take the list away.
    pub may_export: bool,
}

/// The query that shows a list again.
#[must_use]
pub fn asked(list: &Directory) -> String {
    query(&[
        ("q", list.search.as_deref().unwrap_or_default()),
        ("show", list.show.name()),
        ("from", list.from.map_or("", From::name)),
        ("sort", list.sort.name()),
    ])
}

/// The list.
#[must_use]
pub fn page(it: &Listing<'_>) -> Markup {
    let words = words(it.clock.lang);
    let base = format!("/console/{}", it.campaign);
    let query = asked(it.asked);
    let told = it.told.and_then(|code| words.told.iter().find(|it| it.0 == code));
    html! {
        div.titled {
            h1 { (words.title) }
            p.acts {
                @if it.may_add {
                    a.button.primary href={ (base) "/participants/add" } { (words.add) }
                    a.button href={ (base) "/import" } { (words.import) }
                }
                @if it.may_export { a.button href={ (base) "/export/participants?" (query) } { (words.export) } }
            }
        }
        @if let Some((_, text)) = told { (done(text)) }
        (filters(it, words))
        (views(it, words, &query))
        section.panel aria-label=(words.title) {
            @if it.page.rows.is_empty() {
                @let nobody = query.is_empty() && !it.begun;
                (empty(if nobody { words.nobody } else { words.none_found }))
                @if nobody { p { a href={ (base) "/install#next" } { (words.join) } } }
            } @else {
                (table(words.title, &words.columns, &rows(it, words)))
            }
            @if it.asked.search.is_some() && FEW as usize <= it.page.rows.len() { p.soft { (words.many) } }
            @let next = it.page.next.as_ref().map(crate::store::browse::Place::written);
            (onward(it.clock.lang, &query, next.as_deref(), it.page.cut, it.begun))
        }
    }
}

fn filters(it: &Listing<'_>, words: &Words) -> Markup {
    let search = Field {
        name: "q",
        label: words.search,
        value: it.asked.search.as_deref().unwrap_or_default(),
        kind: "search",
        hint: words.search_hint,
        ..Field::default()
    };
    let shows: Vec<_> = Show::ALL.into_iter().map(Show::name).zip(words.shows).collect();
    let sorts: Vec<_> = Sort::ALL.into_iter().map(Sort::name).zip(words.sorts).collect();
    let froms: Vec<_> =
        [""].into_iter().chain(From::ALL.into_iter().map(From::name)).zip(words.froms).collect();
    html! {
        form.panel.filters method="get" role="search" {
            (search.markup())
            div.fields {
                (choice("show", words.show, &shows, it.asked.show.name()))
                (choice("from", words.from, &froms, it.asked.from.map_or("", From::name)))
                (choice("sort", words.sort, &sorts, it.asked.sort.name()))
                p.field.act { button.primary type="submit" { (words.find) } }
            }
        }
    }
}

fn views(it: &Listing<'_>, words: &Words, query: &str) -> Markup {
    let action = format!("/console/{}/participants/views", it.campaign);
    let field = Field {
        name: "name",
        label: words.view_name,
        value: it.refused.unwrap_or_default(),
        wrong: it.refused.map(|_| words.view_wrong),
        ..Field::default()
    };
    html! {
        @if !it.views.is_empty() {
            nav.choice aria-label=(words.views) {
                @for view in it.views {
                    a href={ "?" (view.query) }
                        aria-current=[(view.query == query && !it.begun).then_some("true")] { (view.name) }
                }
            }
        }
        details.filters open[it.refused.is_some()] {
            summary { (words.keep) }
            form method="post" action=(action) {
                (csrf(it.csrf))
                input type="hidden" name="query" value=(query);
                div.fields {
                    (field.markup())
                    p.field.act { button type="submit" { (words.keep_now) } }
                }
                @if it.asked.search.is_some() { p.hint { (words.keep_note) } }
            }
            @for view in it.views {
                form.line method="post" action=(action) {
                    (csrf(it.csrf))
                    input type="hidden" name="remove" value=(view.name);
                    button.plain type="submit" { (words.forget) " " q { (view.name) } }
                }
            }
        }
    }
}

fn rows(it: &Listing<'_>, words: &Words) -> Vec<Vec<Markup>> {
    let lang = it.clock.lang;
    let active = |day: i64| date(lang, Timestamp(0) + Span::days(day));
    let each = it.page.rows.iter().map(|row| {
        let name = name(row.first_name.as_deref(), row.last_name.as_deref());
        vec![
            person(it.campaign, row.id.as_str(), name.as_deref(), Some(&row.email)),
            html! { (row.credited) @if row.credited < row.leads { " " span.soft { "+ " (row.leads - row.credited) " " (words.open) } } },
            day(it.clock, row.created_at),
            html! { (active(row.active_day)) },
            state(row, lang, words),
        ]
    });
    each.collect()
}

/// Both names, as far as they are known.
#[must_use]
pub fn name(first: Option<&str>, last: Option<&str>) -> Option<String> {
    let names: Vec<&str> = [first, last].into_iter().flatten().collect();
    (!names.is_empty()).then(|| names.join(" "))
}

fn state(row: &Row, lang: Lang, words: &Words) -> Markup {
    html! {
        @if row.blocked_at.is_some() { (badge((Tone::Bad, words.blocked))) " " }
        @if let Some(outcome) = row.outcome {
            (badge((Tone::Quiet, words.friend))) " " (badge(super::words::outcome(outcome, lang))) " "
        }
        @if row.origin == "MANUAL" { (badge((Tone::Quiet, words.by_hand))) " " }
        @if row.origin == "IMPORT" { (badge((Tone::Quiet, words.imported))) " " }
        @if row.source == Source::Browser { span.soft { (source(row.source, lang)) } }
    }
}

/// A form that adds somebody, as it was typed, and what is wrong with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Form<'a> {
    /// Their address.
    pub email: &'a str,
    /// Their first name.
    pub first_name: &'a str,
    /// Their last name.
    pub last_name: &'a str,
    /// Who referred them: an address, a number or a code.
    pub referrer: &'a str,
    /// The language of their messages.
    pub language: &'a str,
    /// Whether they agreed, as far as the member knows.
    pub agreed: bool,
    /// Which field is wrong.
    pub wrong: Option<&'a str>,
    /// The number of whoever takes part already.
    pub known: Option<&'a str>,
}

/// The form that adds a participant.
#[must_use]
pub fn add(lang: Lang, campaign: &str, token: &str, form: &Form<'_>) -> Markup {
    let words = words(lang);
    let field = |name, label, value, kind, hint, flaw: &'static str| Field {
        name,
        label,
        value,
        kind,
        hint,
        wrong: (form.wrong == Some(name)).then_some(flaw),
        ..Field::default()
    };
    // What is an address and is refused all the same is a test's.
    let is_made_up = Email::parse(form.email).is_ok();
    let email_wrong =
        if is_made_up { MADE_UP[usize::from(lang == Lang::Fr)] } else { words.email_wrong };
    html! {
        p { a href={ "/console/" (campaign) "/participants" } { "← " (words.title) } }
        h1 { (words.add) }
        @if let Some(known) = form.known {
            (wrong(words.known))
            p { a href={ "/console/" (campaign) "/participants/" (known) } { (words.known_link) } }
        }
        form.panel.stack.narrow method="post" {
            (csrf(token))
            (field("email", words.email, form.email, "email", "", email_wrong).markup())
            (field("firstName", words.first_name, form.first_name, "text", words.optional, words.name_wrong).markup())
            (field("lastName", words.last_name, form.last_name, "text", words.optional, words.name_wrong).markup())
            (field("referrer", words.referrer, form.referrer, "text", words.referrer_hint, words.referrer_wrong).markup())
            (choice("language", words.language, &[("", "–"), ("en", "English"), ("fr", "Français")], form.language))
            @if form.wrong == Some("consent") { p.flaw #consent-about { (words.consent_wrong) } }
            label.check {
                input type="checkbox" name="consent" value="1" required checked[form.agreed]
                    aria-describedby=[(form.wrong == Some("consent")).then_some("consent-about")];
                span { (words.consent) }
            }
            button.primary type="submit" { (words.add) }
        }
    }
}

struct Words {
    title: &'static str,
    add: &'static str,
    export: &'static str,
    told: [(&'static str, &'static str); 3],
    search: &'static str,
    search_hint: &'static str,
    show: &'static str,
    shows: [&'static str; 6],
    from: &'static str,
    froms: [&'static str; 4],
    sort: &'static str,
    sorts: [&'static str; 3],
    find: &'static str,
    views: &'static str,
    view_name: &'static str,
    view_wrong: &'static str,
    keep: &'static str,
    keep_now: &'static str,
    keep_note: &'static str,
    forget: &'static str,
    columns: [&'static str; 5],
    open: &'static str,
    blocked: &'static str,
    friend: &'static str,
    import: &'static str,
    by_hand: &'static str,
    imported: &'static str,
    nobody: &'static str,
    join: &'static str,
    none_found: &'static str,
    many: &'static str,
    email: &'static str,
    email_wrong: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    name_wrong: &'static str,
    optional: &'static str,
    referrer: &'static str,
    referrer_hint: &'static str,
    referrer_wrong: &'static str,
    language: &'static str,
    consent: &'static str,
    consent_wrong: &'static str,
    known: &'static str,
    known_link: &'static str,
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

const EN: Words = Words {
    title: "Participants",
    add: "Add a participant",
    export: "Download (CSV)",
    told: [
        ("kept", "The view is kept."),
        ("forgotten", "The view is gone."),
        ("erased", "The person was erased."),
    ],
    search: "Search",
    search_hint: "How an address, a name, a number or a code begins.",
    show: "Show",
    shows: [
        "Everybody",
        "Who brought friends",
        "Who was referred",
        "With a waiting reward",
        "Blocked",
        "In review",
    ],
    from: "Source",
    froms: ["Anybody", "A browser only", "Your site", "Your team"],
    sort: "Order",
    sorts: ["Newest first", "Most referrals first", "Last active first"],
    find: "Find",
    views: "Your views",
    view_name: "Name of the view",
    view_wrong: "A name has 1 to 60 characters, and you keep at most 50 views.",
    keep: "Keep this view",
    keep_now: "Keep",
    keep_note: "The filters and the order are kept. What you searched for is not: it may name a person.",
    forget: "Forget",
    columns: ["Who", "Referrals", "Since", "Last active", "Notes"],
    open: "open",
    blocked: "blocked",
    friend: "friend",
    import: "Import",
    by_hand: "added by hand",
    imported: "imported",
    nobody: "Nobody takes part yet. Customers join with their first link.",
    join: "The page where people join, to be passed on",
    none_found: "Nobody fits. Try fewer letters, or show everybody.",
    many: "There are more. Type more letters.",
    email: "E-mail address",
    email_wrong: "An address looks like name@example.com.",
    first_name: "First name",
    last_name: "Last name",
    name_wrong: "A name has at most 255 characters.",
    optional: "May be left out.",
    referrer: "Referred by",
    referrer_hint: "The referrer’s address, number or code. May be left out.",
    referrer_wrong: "Nobody of this programme has this address, number or code.",
    language: "Language of their messages",
    consent: "The person agreed to take part.",
    consent_wrong: "Ask them first: without their yes nobody is added.",
    known: "They take part already; nothing was changed.",
    known_link: "Open their page",
};

const FR: Words = Words {
    title: "Participants",
    add: "Ajouter un participant",
    export: "Télécharger (CSV)",
    told: [
        ("kept", "La vue est gardée."),
        ("forgotten", "La vue est supprimée."),
        ("erased", "La personne a été effacée."),
    ],
    search: "Rechercher",
    search_hint: "Le début d’une adresse, d’un nom, d’un numéro ou d’un code.",
    show: "Afficher",
    shows: [
        "Tout le monde",
        "Qui a amené des filleuls",
        "Qui a été parrainé",
        "Avec une récompense en attente",
        "Bloqués",
        "À examiner",
    ],
    from: "Source",
    froms: ["N’importe qui", "Un navigateur seulement", "Votre site", "Votre équipe"],
    sort: "Ordre",
    sorts: ["Les plus récents", "Le plus de parrainages", "Les derniers actifs"],
    find: "Chercher",
    views: "Vos vues",
    view_name: "Nom de la vue",
    view_wrong: "Un nom a de 1 à 60 caractères, et vous gardez 50 vues au plus.",
    keep: "Garder cette vue",
    keep_now: "Garder",
    keep_note: "Les filtres et l’ordre sont gardés, mais pas le texte recherché\u{a0}: il peut nommer quelqu’un.",
    forget: "Supprimer",
    columns: ["Qui", "Parrainages", "Depuis", "Dernière activité", "Remarques"],
    open: "en cours",
    blocked: "bloqué",
    friend: "filleul",
    import: "Importer",
    by_hand: "ajouté à la main",
    imported: "importé",
    nobody: "Personne ne participe encore. Un client entre avec son premier lien.",
    join: "La page pour participer, à faire connaître",
    none_found: "Personne ne correspond. Essayez moins de lettres, ou affichez tout le monde.",
    many: "Il y en a d’autres. Tapez plus de lettres.",
    email: "Adresse e-mail",
    email_wrong: "Une adresse ressemble à nom@exemple.fr.",
    first_name: "Prénom",
    last_name: "Nom",
    name_wrong: "Un nom a 255 caractères au plus.",
    optional: "Facultatif.",
    referrer: "Parrainé par",
    referrer_hint: "L’adresse, le numéro ou le code du parrain. Facultatif.",
    referrer_wrong: "Personne de ce programme n’a cette adresse, ce numéro ou ce code.",
    language: "Langue de ses messages",
    consent: "La personne accepte de participer.",
    consent_wrong: "Demandez-lui d’abord\u{a0}: sans son oui, personne n’est ajouté.",
    known: "Cette personne participe déjà\u{a0}; rien n’a été changé.",
    known_link: "Ouvrir sa page",
};
