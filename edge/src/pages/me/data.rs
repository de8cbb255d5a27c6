//! All that is known of somebody, to be read.

use maud::{Markup, html};
use serde_json::Value;
use shared::{campaign::Campaign, lang::Lang};

use super::frame::{Frame, Tab, frame, part, theirs};

/// How many entries of a list the page shows.
pub const SHOWN: u32 = 50;

/// The page: the same object as the file, as lists; of long ones what came last.
#[must_use]
pub fn data(lang: Lang, service: &str, campaign: &Campaign, known: &Value) -> Markup {
    let words = words(lang);
    let main = part(
        "data",
        words.title,
        &html! {
            p { a href={ "/me/" (campaign.id) "/account" } { span.arrow aria-hidden="true" { "←" } " " (words.back) } }
            (value(known, words, "", Whose::Theirs))
            p { a.button href={ "/me/" (campaign.id) "/data.json" } { (words.download) } }
            p.hint { (words.newest) " " (words.note) }
        },
    );
    let (query, tab) = (Some(""), Some(Tab::Account));
    frame(&Frame { lang, service, campaign, query, tab, told: None, main })
}

/// Whose a text is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Whose {
    /// Ours, which may be said in another language.
    Ours,
    /// Somebody's own.
    Theirs,
    /// Nobody's: it says when.
    Time,
}

/// The fields, by what they stand in, whose texts are ours.
const OURS: [(&str, &str); 8] = [
    ("appeals", "status"),
    ("decisions", "text"),
    ("events", "kind"),
    ("friends", "status"),
    ("messages", "what"),
    ("referral", "status"),
    ("rewards", "status"),
    ("sent", "what"),
];

/// Whose the text of a field is that stands in another. What the owner keeps of somebody is the owner's own.
fn whose(within: &str, field: &str) -> Whose {
    if OURS.iter().any(|it| it.0 == within && it.1 == field) {
        Whose::Ours
    } else if within != "metadata" && (["at", "month"].contains(&field) || field.ends_with("At")) {
        Whose::Time
    } else {
        Whose::Theirs
    }
}

/// The value of a field in words; what is not known is left out. Only one text goes down with it: of two that
/// changed places here, optimised builds (Rust 1.95.0) took the wrong one.
fn value(it: &Value, words: &Words, field: &str, whose_text: Whose) -> Markup {
    html! {
        @match it {
            Value::Null => "–",
            Value::Bool(true) => (words.yes_no[0]),
            Value::Bool(false) => (words.yes_no[1]),
            Value::Number(number) => (number),
            Value::String(text) => @match whose_text {
                Whose::Ours => (text),
                Whose::Theirs => (theirs(text)),
                Whose::Time => time datetime=(text) { (text) },
            },
            Value::Array(all) if all.is_empty() => "–",
            Value::Array(all) => ul { @for it in all { li { (value(it, words, field, whose_text)) } } },
            Value::Object(fields) if fields.is_empty() => "–",
            Value::Object(fields) => dl.known {
                @for (name, it) in fields.iter().filter(|it| !it.1.is_null()) {
                    div { dt { (label(name, words)) } dd { (value(it, words, name, whose(field, name))) } }
                }
            },
        }
    }
}

/// What a field is called; the owner's own ones by the name that they have.
fn label(name: &str, words: &Words) -> Markup {
    match words.fields.iter().find(|it| it.0 == name) {
        Some((_, label)) => html! { (label) },
        None => theirs(name),
    }
}

#[cfg_attr(test, derive(Debug))]
struct Words {
    title: &'static str,
    back: &'static str,
    download: &'static str,
    newest: &'static str,
    note: &'static str,
    yes_no: [&'static str; 2],
    fields: [(&'static str, &'static str); 41],
}

const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// The English texts, as a test reads them.
#[cfg(test)]
pub(super) fn said() -> String {
    format!("{:?}", words(Lang::En))
}

const EN: Words = Words {
    title: "What we know of you",
    back: "Messages and data",
    download: "Download (JSON)",
    newest: "This page shows the newest 50 entries of each list; the file has all of them.",
    note: "Times are in UTC. What our team noted about a case, we tell you when you ask.",
    yes_no: ["yes", "no"],
    fields: [
        ("id", "Number"),
        ("email", "E-mail address"),
        ("firstName", "First name"),
        ("lastName", "Last name"),
        ("language", "Language"),
        ("metadata", "Further fields"),
        ("codes", "Codes of your own"),
        ("address", "Where gifts are sent"),
        ("joinedAt", "Joined"),
        ("clicks", "Times your link was opened"),
        ("uniqueClicks", "By different people"),
        ("shares", "Shared"),
        ("messages", "Messages"),
        ("sessions", "Devices where you are signed in"),
        ("referral", "How you came"),
        ("channel", "Channel"),
        ("friends", "Friends"),
        ("friend", "Friend"),
        ("month", "Month"),
        ("status", "Status"),
        ("rewards", "Rewards"),
        ("what", "What"),
        ("amount", "Amount, in the smallest unit"),
        ("currency", "Currency"),
        ("couponCode", "Code"),
        ("charity", "Goes to"),
        ("earnedAt", "Earned"),
        ("approvedAt", "Approved"),
        ("givenAt", "Given"),
        ("decisions", "Decisions"),
        ("events", "Events"),
        ("at", "When"),
        ("text", "Why"),
        ("kind", "Kind"),
        ("wanted", "You get it"),
        ("agreed", "Terms that you agreed to"),
        ("version", "Version"),
        ("terms", "To be read at"),
        ("sent", "Messages that we sent you"),
        ("appeals", "What you asked to be looked at again"),
        ("reply", "Answer"),
    ],
};

const FR: Words = Words {
    title: "Ce que nous savons de vous",
    back: "Messages et données",
    download: "Télécharger (JSON)",
    newest: "Cette page montre les 50 entrées les plus récentes de chaque liste\u{a0}; le fichier les a toutes.",
    note: "Les heures sont en UTC. Ce que notre équipe a noté d’un cas, nous vous le disons si vous le demandez.",
    yes_no: ["oui", "non"],
    fields: [
        ("id", "Numéro"),
        ("email", "Adresse e-mail"),
        ("firstName", "Prénom"),
        ("lastName", "Nom"),
        ("language", "Langue"),
        ("metadata", "Autres champs"),
        ("codes", "Codes à vous"),
        ("address", "Où l’on envoie les cadeaux"),
        ("joinedAt", "Depuis"),
        ("clicks", "Ouvertures de votre lien"),
        ("uniqueClicks", "Par des personnes différentes"),
        ("shares", "Partages"),
        ("messages", "Messages"),
        ("sessions", "Appareils connectés"),
        ("referral", "Comment vous êtes venu"),
        ("channel", "Moyen"),
        ("friends", "Filleuls"),
        ("friend", "Filleul"),
        ("month", "Mois"),
        ("status", "État"),
        ("rewards", "Récompenses"),
        ("what", "Quoi"),
        ("amount", "Montant, dans la plus petite unité"),
        ("currency", "Monnaie"),
        ("couponCode", "Code"),
        ("charity", "Va à"),
        ("earnedAt", "Gagnée"),
        ("approvedAt", "Validée"),
        ("givenAt", "Remise"),
        ("decisions", "Décisions"),
        ("events", "Événements"),
        ("at", "Quand"),
        ("text", "Pourquoi"),
        ("kind", "Genre"),
        ("wanted", "Vous le recevez"),
        ("agreed", "Conditions que vous avez acceptées"),
        ("version", "Version"),
        ("terms", "À relire ici"),
        ("sent", "Messages que nous vous avons envoyés"),
        ("appeals", "Vos demandes de réexamen"),
        ("reply", "Réponse"),
    ],
};

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;
    use shared::{
        attribution::Key,
        campaign::{Installation, Options, Status},
        money::Currency,
    };

    use super::*;

    /// A campaign of this name.
    pub(crate) fn campaign(name: &str) -> Campaign {
        Campaign {
            id: "shop".into(),
            name: name.into(),
            status: Status::InProgress,
            currency: Currency::EUR,
            company_name: None,
            company_logo_image_url: None,
            started_at: None,
            ended_at: None,
            installation: Installation::default(),
            options: Options::default(),
            keys: vec![Key { generation: 1, retired_at: None }],
        }
    }

    #[test]
    fn every_value_is_text_and_what_is_unknown_is_left_out() {
        let known = json!({
            "email": "<b>", "metadata": { "<i>": "<u>" }, "codes": [], "lastName": null,
            "friends": [{ "friend": "B.", "month": "2026-09", "status": "COUNTS" }], "refused": false,
            "decisions": [{ "text": "Why." }], "appeals": [{ "text": "Mine." }],
        });
        for lang in [Lang::En, Lang::Fr] {
            let shown = data(lang, "https://x", &campaign("x"), &known).into_string();
            assert!(["<b>", "<i>", "<u>"].iter().all(|it| !shown.contains(it)), "{shown}");
            assert!(shown.contains("B.") && shown.contains(words(lang).yes_no[1]));
            // What is ours may be said in other languages, what is somebody's own may not.
            assert!(
                shown.contains("<dd>Why.</dd>") && shown.contains("<dd>COUNTS</dd>"),
                "{shown}"
            );
            for own in ["B.", "&lt;u&gt;", "Mine."] {
                assert!(shown.contains(&format!("<bdi translate=\"no\">{own}</bdi>")), "{shown}");
            }
            assert!(shown.contains("<time datetime=\"2026-09\">"), "{shown}");
            assert!(!shown.contains(&label("lastName", words(lang)).into_string()), "{shown}");
        }
    }
}
