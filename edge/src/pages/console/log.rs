//! The audit log: who changed what, and when.

use maud::{Markup, html};
use serde_json::Value;
use shared::{lang::Lang, time::Timestamp};

use super::parts::{Field, choice, utc};

/// A change as the page shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    pub who: String,
    /// Their id; empty: nobody in particular.
    pub who_id: String,
    /// What was done: its name in the table.
    pub act: String,
    /// In which campaign, by name.
    pub campaign: Option<String>,
    /// The id of what was changed.
    pub subject: String,
    /// What that is called, where it is a member or a key.
    pub called: Option<String>,
    /// The fields that changed: name, before, after.
    pub fields: Vec<(String, String, String)>,
}

/// What is searched for, as it was typed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Asked {
    /// The campaign's id.
    pub campaign: String,
    /// The kind of change.
    pub act: String,
    /// Who, by id.
    pub who: String,
    /// What, by id.
    pub subject: String,
    /// The first day.
    pub since: String,
    /// The last day.
    pub until: String,
}

/// What the page holds.
#[derive(Clone, Debug, Default)]
pub struct Log<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What is searched for.
    pub asked: Asked,
    /// Ids and names of the campaigns.
    pub campaigns: &'a [(String, String)],
    /// Ids and names of members and keys.
    pub people: Vec<(String, String)>,
    /// The changes, newest first.
    pub rows: Vec<Row>,
    /// The query of the next page.
    pub next: Option<String>,
    /// The query of this search.
    pub query: String,
}

/// Every kind of change, with its name in both languages.
pub const ACTS: &[(&str, &str, &str)] = &[
    ("COUPON_POOL_CHANGED", "Coupon pool changed", "Réserve de bons modifiée"),
    ("REFERRAL_ASSIGNED", "Referrer named", "Parrain désigné"),
    ("PARTICIPANT_BLOCKED", "Participant blocked", "Participant bloqué"),
    ("PARTICIPANT_UNBLOCKED", "Participant unblocked", "Participant débloqué"),
    ("APPEAL_ANSWERED", "Looked at again", "Réexamen fait"),
    ("CODE_GIVEN", "Own code given", "Code personnel donné"),
    ("NOTE_ADDED", "Note added", "Note ajoutée"),
    ("NOTE_REMOVED", "Note removed", "Note retirée"),
    ("IMPORT_BEGUN", "Import begun", "Importation commencée"),
    ("IMPORT_CHECKED", "Import checked", "Importation vérifiée"),
    ("IMPORT_STARTED", "Import started", "Importation lancée"),
    ("IMPORT_CANCELLED", "Import cancelled", "Importation annulée"),
    ("LIST_EXPORTED", "List taken away", "Liste exportée"),
    ("MAIL_CHANGED", "E-mails changed", "E-mails modifiés"),
    ("MAIL_SECRET_ROTATED", "Addresses for bounces changed", "Adresses des retours changées"),
    ("BOUNCE_LIFTED", "Address tried again", "Adresse réessayée"),
    ("MAIL_TESTED", "Test e-mail sent", "E-mail d’essai envoyé"),
    ("SIGNED_IN", "Signed in", "Connexion"),
    ("SIGNED_OUT", "Signed out", "Déconnexion"),
    ("SESSION_ENDED", "Session ended", "Session fermée"),
    ("OWN_MESSAGES_CHOSEN", "Own e-mails chosen", "Choix de ses e-mails"),
    ("PASSKEY_ADDED", "Passkey added", "Clé d’accès ajoutée"),
    ("PASSKEY_REMOVED", "Passkey removed", "Clé d’accès retirée"),
    ("MEMBER_INVITED", "Member invited", "Membre invité"),
    ("INVITATION_SENT", "Invitation sent again", "Invitation renvoyée"),
    ("MEMBER_CHANGED", "Role changed", "Rôle changé"),
    ("MEMBER_REMOVED", "Member removed", "Membre retiré"),
    ("TEAM_RENAMED", "Team renamed", "Équipe renommée"),
    ("KEY_MADE", "API key made", "Clé d’API créée"),
    ("KEY_REVOKED", "API key revoked", "Clé d’API révoquée"),
    ("KEY_ROTATED", "API key replaced", "Clé d’API remplacée"),
    ("PARTICIPANT_SECRET_ROTATED", "Customer secret changed", "Secret client changé"),
    ("CAMPAIGN_MADE", "Programme made", "Programme créé"),
    ("CARD_CHANGED", "Card texts changed", "Textes de la carte modifiés"),
    ("DESIGN_CHANGED", "Design changed", "Apparence modifiée"),
    ("CAMPAIGN_CHANGED", "Programme changed", "Programme modifié"),
    ("OPTIONS_CHANGED", "Settings changed", "Réglages modifiés"),
    ("INSTALLATION_TESTED", "Installation tested", "Installation testée"),
    ("FORM_TAKEN", "Form to be taken", "Formulaire à prendre"),
    ("FORM_DISMISSED", "Form put aside", "Formulaire écarté"),
    ("INSTALLATION_CHANGED", "Installation changed", "Installation modifiée"),
    ("RULE_MADE", "Rule made", "Règle créée"),
    ("RULE_CHANGED", "Rule changed", "Règle modifiée"),
    ("RULE_REMOVED", "Rule removed", "Règle retirée"),
    ("ATTRIBUTION_KEYS_ROTATED", "Signing key changed", "Clé de signature changée"),
    ("COUPON_POOL_MADE", "Coupon pool made", "Réserve de bons créée"),
    ("COUPON_POOL_REMOVED", "Coupon pool removed", "Réserve de bons retirée"),
    ("COUPONS_IMPORTED", "Coupons imported", "Bons importés"),
    ("COUPON_WITHDRAWN", "Coupon withdrawn", "Code retiré"),
    ("CUSTOMERS_IMPORTED", "Customers imported", "Clients importés"),
    ("CUSTOMERS_FORGOTTEN", "Customers forgotten", "Clients oubliés"),
    ("PARTICIPANT_ADDED", "Participant added", "Participant ajouté"),
    ("PARTICIPANT_ERASED", "Participant erased", "Participant effacé"),
    ("CUSTOMER_INVITED", "Customer invited", "Client invité"),
    ("LOOKED_UP", "Customer looked up", "Client recherché"),
    ("REWARD_APPROVED", "Reward approved", "Récompense validée"),
    ("REWARD_FULFILLED", "Reward given", "Récompense remise"),
    ("REWARD_REMOVED", "Reward removed", "Récompense retirée"),
    ("REWARD_CHOICE_MADE", "Choice for a reward", "Choix pour une récompense"),
    ("REFERRAL_TRIGGERED", "Referral triggered", "Parrainage déclenché"),
    ("REFERRAL_ACCEPTED", "Referral accepted", "Parrainage accepté"),
    ("REFERRAL_REJECTED", "Referral rejected", "Parrainage rejeté"),
    ("REFERRAL_DELAY_CANCELLED", "Delayed credit cancelled", "Comptage différé annulé"),
    ("REFUND_RECORDED", "Refund recorded", "Remboursement enregistré"),
];

/// What a kind of change is called; one that has no name here, by its name in the table.
#[must_use]
pub fn act(name: &str, lang: Lang) -> &str {
    let known = ACTS.iter().find(|it| it.0 == name);
    known.map_or(name, |it| match lang {
        Lang::En => it.1,
        Lang::Fr => it.2,
    })
}

/// The fields of two objects, one below the other: name, before, after.
#[must_use]
pub fn fields(before: &Value, after: &Value) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    gather(String::new(), before, after, &mut found);
    found
}

fn gather(name: String, before: &Value, after: &Value, found: &mut Vec<(String, String, String)>) {
    let empty = serde_json::Map::new();
    let (old, new) = (before.as_object(), after.as_object());
    if old.is_none() && new.is_none() || found.len() > 200 {
        let plain = |it: &Value| match it {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if !name.is_empty() {
            found.push((name, plain(before), plain(after)));
        }
        return;
    }
    let (old, new) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    for key in old.keys().chain(new.keys().filter(|it| !old.contains_key(*it))) {
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        let of = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
        gather(name, &of(old), &of(new), found);
    }
}

/// The page.
#[must_use]
pub fn page(it: &Log<'_>) -> Markup {
    let words = words(it.lang);
    html! {
        div.titled {
            h1 { (words.title) }
            p { a.button href={ "/console/log.csv?" (it.query) } { (words.export) } }
        }
        (search(it, words))
        section.panel aria-labelledby="changes" {
            h2 #changes { (words.changes) }
            @if it.rows.is_empty() { p.empty { (words.none) } }
            ol.decisions { @for row in &it.rows { li { (change(it, row, words)) } } }
            @if let Some(next) = &it.next {
                p { a.button href={ "/console/log?" (next) } { (words.older) } }
            }
        }
    }
}

fn change(it: &Log<'_>, row: &Row, words: &Words) -> Markup {
    html! {
        p {
            strong { (act(&row.act, it.lang)) } " "
            @if let Some(campaign) = &row.campaign { (words.within) " " (campaign) " " }
            span.soft { (utc(it.lang, row.at)) }
        }
        p.soft {
            (words.by) " "
            @if row.who_id.is_empty() { (row.who) } @else {
                a href={ "/console/log?who=" (row.who_id) } { (row.who) }
            }
            @if !row.subject.is_empty() {
                " · " a href={ "/console/log?subject=" (row.subject) } {
                    @match &row.called {
                        Some(name) => { (name) }
                        None => { code { (row.subject) } }
                    }
                }
            }
        }
        @if !row.fields.is_empty() {
            details {
                summary { (words.what) }
                dl.changed { @for (name, before, after) in &row.fields {
                    dt { code { (name) } }
                    dd {
                        @if !before.is_empty() { del { (before) } " " }
                        @if !after.is_empty() { ins { (after) } }
                    }
                } }
            }
        }
    }
}

fn search(it: &Log<'_>, words: &Words) -> Markup {
    let any = ("", words.any);
    let pairs = |list: &'static [(&str, &str, &str)]| {
        let name = |row: &(&'static str, &'static str, &'static str)| (row.0, act(row.0, it.lang));
        std::iter::once(any).chain(list.iter().map(name)).collect::<Vec<_>>()
    };
    let known = |list: &[(String, String)]| {
        let own = list.iter().map(|(id, name)| (id.clone(), name.clone()));
        std::iter::once((String::new(), words.any.to_owned())).chain(own).collect::<Vec<_>>()
    };
    let (campaigns, people) = (known(it.campaigns), known(&it.people));
    let campaigns: Vec<_> = campaigns.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let people: Vec<_> = people.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let day = |name, label, value| Field { name, label, value, kind: "date", ..Field::default() };
    let subject = Field {
        name: "subject",
        label: words.subject,
        value: &it.asked.subject,
        ..Field::default()
    };
    html! {
        form.search.panel method="get" action="/console/log" role="search" {
            (choice("act", words.act, &pairs(ACTS), &it.asked.act))
            (choice("campaign", words.campaign, &campaigns, &it.asked.campaign))
            (choice("who", words.who, &people, &it.asked.who))
            (subject.markup())
            (day("since", words.since, &it.asked.since).markup())
            (day("until", words.until, &it.asked.until).markup())
            button.primary type="submit" { (words.find) }
        }
    }
}

struct Words {
    title: &'static str,
    export: &'static str,
    changes: &'static str,
    none: &'static str,
    older: &'static str,
    within: &'static str,
    by: &'static str,
    what: &'static str,
    any: &'static str,
    act: &'static str,
    campaign: &'static str,
    who: &'static str,
    subject: &'static str,
    since: &'static str,
    until: &'static str,
    find: &'static str,
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

/// What somebody is called who is not in the lists any more, or nobody in particular.
#[must_use]
pub const fn somebody(kind: Kind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (Kind::Service, _) => "Parrain",
        (Kind::Member, Lang::En) => "a former member",
        (Kind::Member, Lang::Fr) => "un ancien membre",
        (Kind::Key, Lang::En) => "an old API key",
        (Kind::Key, Lang::Fr) => "une ancienne clé d’API",
        (Kind::Machine, Lang::En) => "the machine’s owner",
        (Kind::Machine, Lang::Fr) => "propriétaire de la machine",
    }
}

/// Who may have made a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// The service itself.
    Service,
    /// A member.
    Member,
    /// The holder of a key.
    Key,
    /// Whoever runs the machine.
    Machine,
}

const EN: Words = Words {
    title: "Log",
    export: "Export (CSV)",
    changes: "Changes",
    none: "Nothing was changed that fits this search.",
    older: "Older changes",
    within: "in",
    by: "by",
    what: "What changed",
    any: "all",
    act: "What was done",
    campaign: "Programme",
    who: "By whom",
    subject: "Id of what was changed",
    since: "From (UTC)",
    until: "To (UTC)",
    find: "Search",
};

const FR: Words = Words {
    title: "Journal",
    export: "Exporter (CSV)",
    changes: "Changements",
    none: "Aucun changement ne correspond à cette recherche.",
    older: "Plus anciens",
    within: "dans",
    by: "par",
    what: "Ce qui a changé",
    any: "tous",
    act: "Ce qui a été fait",
    campaign: "Programme",
    who: "Par qui",
    subject: "Identifiant de l’objet",
    since: "Du (UTC)",
    until: "Au (UTC)",
    find: "Rechercher",
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_told_one_by_one() {
        let before = json!({ "a": { "b": 1, "c": [1] }, "gone": "x" });
        let after = json!({ "a": { "b": 2, "c": [] }, "new": null });
        let told = fields(&before, &after);
        let expected =
            [("a.b", "1", "2"), ("a.c", "[1]", "[]"), ("gone", "x", ""), ("new", "", "")];
        let expected = expected.map(|it| (it.0.to_owned(), it.1.to_owned(), it.2.to_owned()));
        assert_eq!(told, expected);
        assert_eq!(fields(&json!({}), &json!({})), []);
    }

    #[test]
    fn what_stands_in_the_log_is_escaped() {
        let row = Row {
            at: Timestamp(0),
            who: "<b>".into(),
            who_id: "m1".into(),
            act: "<i>".into(),
            campaign: Some("<u>".into()),
            subject: "<s>".into(),
            called: Some("<s>".into()),
            fields: vec![("<a>".into(), "<a>".into(), "<a>".into())],
        };
        let page = page(&Log { rows: vec![row], ..Log::default() }).into_string();
        for tag in ["<b>", "<i>", "<u>", "<s>", "<a>"] {
            assert!(!page.contains(tag), "{tag}");
        }
        assert!(page.contains("&lt;b&gt;"));
    }

    #[test]
    fn every_kind_of_change_has_a_name_of_its_own() {
        for lang in [Lang::En, Lang::Fr] {
            let names: std::collections::BTreeSet<_> =
                ACTS.iter().map(|it| act(it.0, lang)).collect();
            assert_eq!(names.len(), ACTS.len());
        }
        assert_eq!(act("UNHEARD_OF", Lang::Fr), "UNHEARD_OF");
    }
}
