//! API keys: what they may be used for, when they were, and how they end.

use maud::{Markup, html};
use shared::{
    lang::Lang,
    team::{EVERYTHING, Scope, read},
    time::Timestamp,
    written::date,
};

use super::{
    frame::csrf,
    parts::{Field, choice, copyable, done, utc, wrong},
};

/// A key as the page shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its public part.
    pub public: String,
    /// What people call it.
    pub name: String,
    /// What it may be used for, as one line.
    pub scopes: String,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it stands.
    pub until: Option<Timestamp>,
    /// The minute of its last use.
    pub used: Option<Timestamp>,
    /// When it was revoked.
    pub revoked: Option<Timestamp>,
}

/// What the page holds.
#[derive(Clone, Debug, Default)]
pub struct Keys<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// The token of the reader's session.
    pub csrf: &'a str,
    /// The number of the form: each makes one key.
    pub form: &'a str,
    /// Now.
    pub now: Timestamp,
    /// All keys, those that stand first.
    pub keys: Vec<Row>,
    /// Ids and names of the campaigns.
    pub campaigns: &'a [(String, String)],
    /// The key that was made, for this once.
    pub made: Option<&'a str>,
    /// Whether one was revoked.
    pub revoked: bool,
    /// What was typed.
    pub name: &'a str,
    /// The scopes that were chosen.
    pub scopes: Vec<Scope>,
    /// The days that were chosen.
    pub days: &'a str,
    /// What is wrong.
    pub problem: Option<Problem>,
}

/// What is wrong with the form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Problem {
    /// No name, or too long a one.
    Name,
    /// Nothing that it may be used for.
    Scopes,
    /// The form was sent before.
    Sent,
}

/// The lives that a key can be given, in days; empty: no end.
pub const DAYS: [&str; 4] = ["30", "90", "365", ""];

/// What a scope allows, in plain words.
const fn allows(scope: Scope, lang: Lang) -> &'static str {
    let [en, fr] = match scope {
        Scope::TeamRead => ["See what the team is called", "Voir le nom de l’équipe"],
        Scope::TeamWrite => ["Rename the team", "Renommer l’équipe"],
        Scope::ProgramRead => {
            ["See programmes, rules and settings", "Voir programmes, règles et réglages"]
        }
        Scope::ProgramWrite => ["Make and change programmes", "Créer et modifier des programmes"],
        Scope::ParticipantRead => [
            "See participants, with names and addresses",
            "Voir les participants, avec noms et adresses",
        ],
        Scope::ParticipantWrite => [
            "Add participants, report orders and refunds",
            "Ajouter des participants, signaler commandes et remboursements",
        ],
        Scope::ParticipantDelete => {
            ["Erase participants for good", "Effacer des participants pour de bon"]
        }
        Scope::RewardWrite => ["Approve and remove rewards", "Valider et retirer des récompenses"],
        Scope::RewardFulfill => ["Mark rewards as given", "Marquer des récompenses comme remises"],
        Scope::AnalyticsRead => ["See analytics", "Voir les statistiques"],
        Scope::ApiKeyRotate => ["Replace itself by a new key", "Se remplacer par une nouvelle clé"],
    };
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
}

/// The page.
#[must_use]
pub fn page(it: &Keys<'_>) -> Markup {
    let words = words(it.lang);
    html! {
        div.titled { h1 { (words.title) } }
        @if it.revoked { (done(words.revoked_now)) }
        @if let Some(key) = it.made {
            section.panel.fresh aria-labelledby="made" {
                h2 #made { (words.made) }
                p { (words.once) }
                (copyable(it.lang, Some("key"), key))
            }
        }
        @if it.problem == Some(Problem::Sent) { (wrong(words.sent)) }
        section.panel aria-labelledby="keys" {
            h2 #keys { (words.keys) }
            @if it.keys.is_empty() { p.empty { (words.none) } }
            ul.people { @for key in &it.keys { li { (row(it, key, words)) } } }
        }
        (form(it, words))
        @if !it.campaigns.is_empty() {
            section.panel aria-labelledby="customers" {
                h2 #customers { (words.customers) }
                p.soft { (words.customers_lead) }
                ul { @for (id, name) in it.campaigns {
                    li { a href={ "/console/" (id) "/customer-sign-in" } { (name) } }
                } }
            }
        }
    }
}

fn row(it: &Keys<'_>, key: &Row, words: &Words) -> Markup {
    let lang = it.lang;
    let over = key.until.is_some_and(|end| end < it.now);
    html! {
        div.who {
            strong { (key.name) } " " code { "prn_" (key.public) "_…" }
            @if key.revoked.is_some() { " " span.badge.bad { (words.revoked) } }
            @else if over { " " span.badge.quiet { (words.over) } }
            p.soft {
                (words.made_on) " " (date(lang, key.made)) " · "
                @match key.until {
                    Some(end) => { (words.until) " " (date(lang, end)) }
                    None => { (words.forever) }
                }
                " · "
                @match key.used {
                    Some(at) => { (words.used) " " (utc(lang, at)) }
                    None => { (words.never) }
                }
            }
            @if key.scopes == EVERYTHING {
                p { (words.everything) }
            } @else {
                details {
                    summary { (words.scopes) " (" (read(&key.scopes).len()) ")" }
                    ul { @for scope in read(&key.scopes) { li { (allows(scope, lang)) } } }
                }
            }
        }
        @if key.revoked.is_none() {
            div.acts {
                details.sure {
                    summary { (words.revoke) }
                    form.inline method="post" action={ "/console/keys/" (key.id) "/revoke" } {
                        (csrf(it.csrf))
                        p { (words.sure) }
                        button.danger type="submit" { (words.revoke_now) }
                    }
                }
            }
        }
    }
}

fn form(it: &Keys<'_>, words: &Words) -> Markup {
    let lives: Vec<(&str, String)> = DAYS
        .into_iter()
        .map(|days| match days {
            "" => (days, words.no_end.to_owned()),
            days => (days, format!("{days} {}", words.days)),
        })
        .collect();
    let lives: Vec<(&str, &str)> = lives.iter().map(|(value, text)| (*value, &**text)).collect();
    html! {
        section.panel aria-labelledby="make" {
            h2 #make { (words.make) }
            form.stack method="post" action="/console/keys" {
                (csrf(it.csrf))
                input type="hidden" name="form" value=(it.form);
                (Field {
                    name: "name",
                    label: words.name,
                    hint: words.name_hint,
                    value: it.name,
                    wrong: (it.problem == Some(Problem::Name)).then_some(words.no_name),
                    required: true,
                    ..Field::default()
                }.markup())
                fieldset.choices {
                    legend { (words.may) }
                    @if it.problem == Some(Problem::Scopes) { p.flaw { (words.no_scopes) } }
                    @for scope in Scope::ALL {
                        label {
                            input type="checkbox" name={ "scopes[" (scope.name()) "]" } value="1"
                                checked[it.scopes.contains(&scope)];
                            span { strong { (allows(scope, it.lang)) } " " code.soft { (scope.name()) } }
                        }
                    }
                }
                (choice("days", words.end, &lives, it.days))
                button.primary type="submit" { (words.make_now) }
            }
        }
    }
}

struct Words {
    title: &'static str,
    revoked_now: &'static str,
    made: &'static str,
    once: &'static str,
    sent: &'static str,
    keys: &'static str,
    none: &'static str,
    revoked: &'static str,
    over: &'static str,
    made_on: &'static str,
    until: &'static str,
    forever: &'static str,
    used: &'static str,
    never: &'static str,
    everything: &'static str,
    scopes: &'static str,
    revoke: &'static str,
    sure: &'static str,
    revoke_now: &'static str,
    make: &'static str,
    name: &'static str,
    name_hint: &'static str,
    no_name: &'static str,
    may: &'static str,
    no_scopes: &'static str,
    end: &'static str,
    days: &'static str,
    no_end: &'static str,
    make_now: &'static str,
    customers: &'static str,
    customers_lead: &'static str,
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
    title: "API keys",
    revoked_now: "Revoked. It opens nothing any more.",
    made: "Your new key",
    once: "Copy it now: it is shown this once, and only a fingerprint of it is kept.",
    sent: "This form was sent before: it made one key. Send it again for another one.",
    keys: "Keys",
    none: "There is no key yet.",
    revoked: "revoked",
    over: "expired",
    made_on: "Made on",
    until: "until",
    forever: "no end",
    used: "last used",
    never: "never used",
    everything: "May be used for everything.",
    scopes: "What it may be used for",
    revoke: "Revoke",
    sure: "Whatever uses this key stops working at once.",
    revoke_now: "Revoke for good",
    make: "Make a key",
    name: "Name",
    name_hint: "What it is for, such as “Shop’s back end”.",
    no_name: "A name has 1 to 100 characters.",
    may: "What it may be used for",
    no_scopes: "Choose at least one.",
    end: "How long it stands",
    days: "days",
    no_end: "Until it is revoked",
    make_now: "Make the key",
    customers: "Signing your customers in",
    customers_lead: "Your site can vouch for customers who are signed in there, so that they see their rewards without another e-mail. Each programme has a secret for it:",
};

const FR: Words = Words {
    title: "Clés d’API",
    revoked_now: "Clé révoquée. Elle n’ouvre plus rien.",
    made: "Votre nouvelle clé",
    once: "Copiez-la maintenant\u{a0}: elle n’est affichée que cette fois, et seule son empreinte est gardée.",
    sent: "Ce formulaire a déjà servi\u{a0}: il a créé une clé. Renvoyez-le pour en créer une autre.",
    keys: "Clés",
    none: "Il n’y a pas encore de clé.",
    revoked: "révoquée",
    over: "expirée",
    made_on: "Créée le",
    until: "jusqu’au",
    forever: "sans fin",
    used: "dernier usage",
    never: "jamais utilisée",
    everything: "Peut servir à tout.",
    scopes: "À quoi elle peut servir",
    revoke: "Révoquer",
    sure: "Ce qui utilise cette clé cesse de fonctionner aussitôt.",
    revoke_now: "Révoquer pour de bon",
    make: "Créer une clé",
    name: "Nom",
    name_hint: "Son usage, par exemple «\u{a0}Serveur de la boutique\u{a0}».",
    no_name: "Un nom compte de 1 à 100 caractères.",
    may: "À quoi elle peut servir",
    no_scopes: "Choisissez au moins un usage.",
    end: "Durée",
    days: "jours",
    no_end: "Jusqu’à sa révocation",
    make_now: "Créer la clé",
    customers: "Connecter vos clients",
    customers_lead: "Votre site peut se porter garant des clients qui y sont connectés\u{a0}: ils voient leurs récompenses sans autre e-mail. Chaque programme a un secret pour cela\u{a0}:",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_may_and_how_it_stands() {
        let row = |id: &str, until, revoked| Row {
            id: id.into(),
            public: "abc".into(),
            name: "<b>Shop".into(),
            scopes: "team:read".into(),
            made: Timestamp(0),
            until,
            used: None,
            revoked,
        };
        let now = Timestamp(9);
        let keys = Keys {
            now,
            keys: vec![
                row("k1", None, None),
                row("k2", Some(Timestamp(8)), None),
                row("k3", None, Some(now)),
            ],
            ..Keys::default()
        };
        let page = page(&keys).into_string();
        assert!(page.contains("/k1/revoke") && page.contains("/k2/revoke"));
        assert!(!page.contains("/k3/revoke") && !page.contains("<b>"));
        assert_eq!(page.matches("See what the team is called").count(), 4);
        assert_eq!(page.matches(">expired<").count(), 1);
    }

    #[test]
    fn what_was_chosen_is_kept_where_something_is_wrong() {
        let keys = Keys {
            lang: Lang::Fr,
            scopes: vec![Scope::TeamRead],
            days: "90",
            problem: Some(Problem::Name),
            ..Keys::default()
        };
        let page = page(&keys).into_string();
        assert_eq!(page.matches(" checked").count(), 1);
        assert!(page.contains("value=\"90\" selected") && page.contains("Un nom compte"));
    }
}
