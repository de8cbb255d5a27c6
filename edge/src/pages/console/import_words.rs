//! What the pages of imports say, in both languages.

use shared::{
    import::{Field, MOST_ROWS, Reason, What},
    lang::Lang,
    sheet::letters,
    written::number,
};

use super::parts::Tone;
use crate::{
    engine::import::Trouble,
    store::{import_rows::Flawed, imports::State},
};

/// The words of the pages.
#[derive(Debug)]
#[expect(missing_docs, reason = "each is named as what it stands beside")]
pub struct Words {
    pub title: &'static str,
    pub participants: &'static str,
    pub back: &'static str,
    pub what: &'static str,
    pub whats: [&'static str; 2],
    pub whats_hint: [&'static str; 2],
    pub what_wrong: &'static str,
    pub file: &'static str,
    pub file_hint: &'static str,
    pub file_plain: &'static str,
    pub file_wrong: &'static str,
    pub kept: &'static str,
    pub upload: &'static str,
    pub uploading: &'static str,
    pub broken: &'static str,
    pub earlier: &'static str,
    pub none: &'static str,
    pub columns: [&'static str; 5],
    pub stopped: &'static str,
    pub stopped_hint: &'static str,
    pub map: &'static str,
    pub map_hint: &'static str,
    pub example: &'static str,
    pub address: &'static str,
    pub other: &'static str,
    pub no_address: &'static str,
    pub twice: &'static str,
    pub dates: &'static str,
    pub dates_are: [&'static str; 2],
    pub known: &'static str,
    pub knowns: [&'static str; 2],
    pub welcome: &'static str,
    pub welcome_hint: &'static str,
    pub rewards_hint: &'static str,
    pub check: &'static str,
    pub check_again: &'static str,
    pub cancel: &'static str,
    pub result: &'static str,
    pub nothing_yet: &'static str,
    pub fresh: &'static str,
    pub credits: &'static str,
    pub known_count: &'static str,
    pub bad: &'static str,
    pub start: &'static str,
    pub start_hint: &'static str,
    pub nothing: &'static str,
    pub bad_title: &'static str,
    pub bad_columns: [&'static str; 3],
    pub bad_more: &'static str,
    pub download: &'static str,
    pub checking: &'static str,
    pub running: &'static str,
    pub leave: &'static str,
    pub refresh: &'static str,
    pub rows: &'static str,
    pub of: &'static str,
    pub imported: &'static str,
    pub added: &'static str,
    pub failed: &'static str,
    pub see: &'static str,
    pub cancelled: &'static str,
    pub expired: &'static str,
    pub done: &'static str,
    pub column: &'static str,
}

/// The words of a language.
#[must_use]
pub const fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &EN,
        Lang::Fr => &FR,
    }
}

/// What a column may mean.
#[must_use]
pub const fn field(lang: Lang, field: Field) -> &'static str {
    let [en, fr] = match field {
        Field::Nothing => ["Leave out", "Laisser de côté"],
        Field::Email => ["E-mail address", "Adresse e-mail"],
        Field::FirstName => ["First name", "Prénom"],
        Field::LastName => ["Last name", "Nom"],
        Field::Language => ["Language", "Langue"],
        Field::Code => ["Own code", "Code personnel"],
        Field::ReferredBy => ["Referred by", "Parrain"],
        Field::Status => ["Status of the referral", "État du parrainage"],
        Field::JoinedAt => ["Joined on", "Inscription le"],
        Field::Unsubscribed => ["Wants no e-mail", "Ne veut pas d’e-mails"],
        Field::Own => ["Keep as a field of our own", "Garder comme champ à nous"],
    };
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
}

/// What is imported.
#[must_use]
pub const fn what(lang: Lang, what: What) -> &'static str {
    match what {
        What::Participants => words(lang).whats[0],
        What::Customers => words(lang).whats[1],
    }
}

/// How a column is called: by its name, or as in a spreadsheet.
#[must_use]
pub fn column(lang: Lang, heads: &[String], place: usize) -> String {
    match heads.get(place).filter(|it| !it.is_empty()) {
        Some(head) => head.clone(),
        None => format!("{} {}", words(lang).column, letters(place)),
    }
}

/// Where an import stands.
#[must_use]
pub const fn state(lang: Lang, state: State) -> (Tone, &'static str) {
    let (tone, [en, fr]) = match state {
        State::Uploading => (Tone::Open, ["upload not finished", "envoi inachevé"]),
        State::Uploaded => (Tone::Open, ["waits for its columns", "attend ses colonnes"]),
        State::Checking => (Tone::Open, ["being checked", "en vérification"]),
        State::Checked => (Tone::Open, ["ready to import", "prêt à importer"]),
        State::Running => (Tone::Open, ["being imported", "en cours"]),
        State::Done => (Tone::Good, ["imported", "importé"]),
        State::Cancelled => (Tone::Quiet, ["cancelled", "annulé"]),
        State::Expired => (Tone::Quiet, ["ended after a day", "arrêté après un jour"]),
    };
    match lang {
        Lang::En => (tone, en),
        Lang::Fr => (tone, fr),
    }
}

/// What is wrong with a file.
#[must_use]
pub fn trouble(lang: Lang, trouble: Trouble) -> String {
    let most = number(lang, MOST_ROWS.into());
    match (lang, trouble) {
        (Lang::En, Trouble::Endless(row)) => {
            format!("Row {row} has no end: a quotation mark is opened there and never closed.")
        }
        (Lang::Fr, Trouble::Endless(row)) => {
            format!("La ligne {row} n’a pas de fin\u{a0}: un guillemet y est ouvert et jamais fermé.")
        }
        (Lang::En, Trouble::Long(row)) => format!("Row {row} is longer than 8 KB."),
        (Lang::Fr, Trouble::Long(row)) => format!("La ligne {row} dépasse 8 Ko."),
        (Lang::En, Trouble::Wide(row)) => format!("Row {row} has more than 100 columns."),
        (Lang::Fr, Trouble::Wide(row)) => format!("La ligne {row} a plus de 100 colonnes."),
        (Lang::En, Trouble::NoText) => {
            "This is no CSV file. In your spreadsheet, choose “Save as” and “CSV UTF-8”.".into()
        }
        (Lang::Fr, Trouble::NoText) => {
            "Ce n’est pas un fichier CSV. Dans votre tableur, choisissez «\u{a0}Enregistrer sous\u{a0}», puis \
             «\u{a0}CSV UTF-8\u{a0}»."
                .into()
        }
        (Lang::En, Trouble::Empty) => "The file has no rows.".into(),
        (Lang::Fr, Trouble::Empty) => "Le fichier n’a pas de lignes.".into(),
        (Lang::En, Trouble::Large) => {
            format!("The file has more than {most} rows, or 50 MB. Import it in several files.")
        }
        (Lang::Fr, Trouble::Large) => {
            format!("Le fichier dépasse {most} lignes ou 50 Mo. Importez-le en plusieurs fichiers.")
        }
    }
}

/// What is said of a test's made-up address (R-TRIAL-4).
pub(super) const MADE_UP: [&str; 2] = [
    "This address is made up for the test of the installation: it is nobody’s.",
    "Cette adresse est inventée pour le test de l’installation\u{a0}: elle n’est à personne.",
];

/// What is wrong with a row, and how to mend it.
#[must_use]
pub fn reason(lang: Lang, flaw: &Flawed) -> String {
    let [en, fr] = match flaw.reason {
        Reason::EmailMissing => ["There is no e-mail address.", "Il n’y a pas d’adresse e-mail."],
        Reason::EmailWrong => [
            "This is no e-mail address; one looks like name@example.com.",
            "Ce n’est pas une adresse e-mail\u{a0}; elle ressemble à nom@exemple.fr.",
        ],
        Reason::EmailMadeUp => MADE_UP,
        Reason::EmailTwice => {
            ["The same address stands in row", "La même adresse figure à la ligne"]
        }
        Reason::NameLong => {
            ["The name has more than 255 characters.", "Le nom a plus de 255 caractères."]
        }
        Reason::LanguageUnknown => [
            "This language is not known; write en or fr, for example.",
            "Cette langue n’est pas connue\u{a0}; écrivez en ou fr, par exemple.",
        ],
        Reason::CodeWrong => [
            "This cannot be a code: a code has 1 to 20 letters, digits, - or _.",
            "Ce n’est pas un code\u{a0}: un code a de 1 à 20 lettres, chiffres, - ou _.",
        ],
        Reason::CodeTaken => ["Somebody has this code already.", "Quelqu’un a déjà ce code."],
        Reason::CodeTwice => ["The same code stands in row", "Le même code figure à la ligne"],
        Reason::ReferrerSelf => {
            ["Nobody can refer themselves.", "Personne ne peut se parrainer soi-même."]
        }
        Reason::ReferrerUnknown => [
            "Neither the programme nor a good row of this file has this referrer.",
            "Ni le programme ni une bonne ligne de ce fichier n’a ce parrain.",
        ],
        Reason::ReferrerBad => [
            "The referrer cannot be imported either; mend row",
            "Le parrain ne peut pas être importé non plus\u{a0}; corrigez la ligne",
        ],
        Reason::ReferrerCircle => [
            "These rows name each other as referrers, in a circle.",
            "Ces lignes se désignent comme parrains l’une l’autre, en cercle.",
        ],
        Reason::StatusUnknown => [
            "Write PENDING, AWARDED or EXPIRED, or nothing.",
            "Écrivez PENDING, AWARDED ou EXPIRED, ou rien.",
        ],
        Reason::DateWrong => [
            "This is no day in the past; write one as 2026-05-31.",
            "Ce n’est pas un jour passé\u{a0}; écrivez-le comme 2026-05-31.",
        ],
        Reason::FlagWrong => ["Write yes or no.", "Écrivez oui ou non."],
        Reason::OwnLong => {
            ["The text has more than 500 characters.", "Le texte a plus de 500 caractères."]
        }
        Reason::OwnMany => {
            ["There are more than 50 fields of your own.", "Il y a plus de 50 champs à vous."]
        }
        Reason::CellsMany => [
            "The row has more columns than the first one.",
            "La ligne a plus de colonnes que la première.",
        ],
        Reason::Failed => [
            "This row could not be imported. Try it again with the next file.",
            "Cette ligne n’a pas pu être importée. Réessayez avec le prochain fichier.",
        ],
    };
    let text = match lang {
        Lang::En => en,
        Lang::Fr => fr,
    };
    flaw.other.map_or_else(|| text.into(), |row| format!("{text} {row}."))
}

const EN: Words = Words {
    title: "Import",
    participants: "Participants",
    back: "All imports",
    what: "What is in the file?",
    whats: ["Participants", "Customers"],
    whats_hint: [
        "People who take part: they get a link of their own, and may have a referrer.",
        "Who bought before: so that only new customers are rewarded. Addresses are made \
         unreadable at once; only that is kept.",
    ],
    what_wrong: "Choose what is in the file.",
    file: "CSV file",
    file_hint: "At most 100,000 rows and 50 MB, with commas, semicolons or tabs. Your spreadsheet \
                saves such a file as “CSV”.",
    file_plain: "Without scripts in your browser, a file may have at most 900 KB.",
    file_wrong: "Choose a file that is not empty.",
    kept: "Nothing is imported yet: you choose the columns and see what would happen first. What \
           you upload is deleted when the import ends, and after 24 hours at the latest.",
    upload: "Upload",
    uploading: "Uploading…",
    broken: "The upload was interrupted. Choose the same file again: it goes on where it stopped.",
    earlier: "Imports so far",
    none: "Nothing was imported yet.",
    columns: ["When", "What", "Rows", "State", "With mistakes"],
    stopped: "The upload stopped",
    stopped_hint: "Choose the same file again: it goes on where it stopped.",
    map: "What do the columns mean?",
    map_hint: "We guessed by their names. Put right what is wrong.",
    example: "for example",
    address: "an address (made unreadable)",
    other: "no address",
    no_address: "One column has to hold the e-mail addresses.",
    twice: "Two columns cannot mean the same.",
    dates: "Dates such as 03/04/2026",
    dates_are: ["day first: 3 April", "month first: March 4"],
    known: "People who take part already",
    knowns: ["Leave them as they are", "Change their names, fields and code as the file says"],
    welcome: "Write to the new ones that they take part now",
    welcome_hint: "Only if the e-mail “You were added” is switched on. At most 1,200 go out in an \
                   hour. Otherwise nobody is written to because of this import.",
    rewards_hint: "Only a friend whose referral is AWARDED in the file earns something now, for \
                   themselves and their referrer, as the rules say. Every other referral waits for \
                   its event. Leave that column out if they were rewarded elsewhere.",
    check: "See what would happen",
    check_again: "See again what would happen",
    cancel: "Cancel the import",
    result: "What would happen",
    nothing_yet: "Nothing was written yet.",
    fresh: "new",
    credits: "of them, referrals credited at once",
    known_count: "known already",
    bad: "with mistakes",
    start: "Import",
    start_hint: "Rows with mistakes are left out.",
    nothing: "There is no row that could be imported.",
    bad_title: "Rows with mistakes",
    bad_columns: ["Row", "Column", "What is wrong"],
    bad_more: "The file has all of them.",
    download: "Download the rows with mistakes (CSV)",
    checking: "The rows are checked",
    running: "The import is running",
    leave: "You may leave this page: it goes on, more slowly, and you can come back.",
    refresh: "See how far it is",
    rows: "rows",
    of: "of",
    imported: "imported",
    added: "new participants or customers",
    failed: "could not be imported",
    see: "See the participants",
    cancelled: "The import was cancelled. What was imported before that stays.",
    expired: "The import ended because its day was over. What was imported before that stays.",
    done: "The import is done.",
    column: "Column",
};

const FR: Words = Words {
    title: "Importation",
    participants: "Participants",
    back: "Toutes les importations",
    what: "Que contient le fichier\u{a0}?",
    whats: ["Des participants", "Des clients"],
    whats_hint: [
        "Des personnes qui participent\u{a0}: elles reçoivent leur lien et peuvent avoir un parrain.",
        "Qui a déjà acheté\u{a0}: pour que seuls les nouveaux clients soient récompensés. Les adresses \
         sont rendues illisibles aussitôt\u{a0}; rien d’autre n’est gardé.",
    ],
    what_wrong: "Choisissez ce que contient le fichier.",
    file: "Fichier CSV",
    file_hint: "Au plus 100 000 lignes et 50 Mo, avec des virgules, points-virgules ou \
                tabulations. Votre tableur enregistre un tel fichier sous «\u{a0}CSV\u{a0}».",
    file_plain: "Sans scripts dans votre navigateur, un fichier a au plus 900 Ko.",
    file_wrong: "Choisissez un fichier qui n’est pas vide.",
    kept: "Rien n’est importé pour l’instant\u{a0}: vous choisissez les colonnes et voyez d’abord ce \
           qui se passerait. Ce que vous envoyez est supprimé à la fin de l’importation, et au \
           plus tard après 24 heures.",
    upload: "Envoyer",
    uploading: "Envoi en cours…",
    broken: "L’envoi a été interrompu. Choisissez le même fichier\u{a0}: il reprend où il s’est arrêté.",
    earlier: "Importations précédentes",
    none: "Rien n’a encore été importé.",
    columns: ["Quand", "Quoi", "Lignes", "État", "Avec erreurs"],
    stopped: "L’envoi s’est arrêté",
    stopped_hint: "Choisissez le même fichier\u{a0}: il reprend où il s’est arrêté.",
    map: "Que veulent dire les colonnes\u{a0}?",
    map_hint: "Nous l’avons deviné d’après leurs noms. Corrigez ce qui est faux.",
    example: "par exemple",
    address: "une adresse (rendue illisible)",
    other: "pas une adresse",
    no_address: "Une colonne doit contenir les adresses e-mail.",
    twice: "Deux colonnes ne peuvent pas dire la même chose.",
    dates: "Dates comme 03/04/2026",
    dates_are: ["jour d’abord\u{a0}: 3 avril", "mois d’abord\u{a0}: 4 mars"],
    known: "Personnes qui participent déjà",
    knowns: ["Les laisser telles quelles", "Changer leurs noms, champs et code selon le fichier"],
    welcome: "Écrire aux nouvelles personnes qu’elles participent",
    welcome_hint: "Seulement si l’e-mail «\u{a0}Vous avez été ajouté\u{a0}» est activé. Au plus 1 200 \
                   partent par heure. Sinon personne ne reçoit d’e-mail à cause de cette \
                   importation.",
    rewards_hint: "Seul un filleul dont le parrainage est AWARDED dans le fichier fait gagner \
                   quelque chose maintenant, à lui et à son parrain, selon les règles. Les autres \
                   parrainages attendent leur événement. Laissez cette colonne de côté s’ils ont \
                   été récompensés ailleurs.",
    check: "Voir ce qui se passerait",
    check_again: "Revoir ce qui se passerait",
    cancel: "Annuler l’importation",
    result: "Ce qui se passerait",
    nothing_yet: "Rien n’a encore été écrit.",
    fresh: "nouvelles",
    credits: "dont parrainages crédités aussitôt",
    known_count: "déjà connues",
    bad: "avec erreurs",
    start: "Importer",
    start_hint: "Les lignes avec erreurs sont laissées de côté.",
    nothing: "Aucune ligne ne peut être importée.",
    bad_title: "Lignes avec erreurs",
    bad_columns: ["Ligne", "Colonne", "Ce qui ne va pas"],
    bad_more: "Le fichier les contient toutes.",
    download: "Télécharger les lignes avec erreurs (CSV)",
    checking: "Les lignes sont vérifiées",
    running: "L’importation est en cours",
    leave: "Vous pouvez quitter cette page\u{a0}: elle continue, plus lentement, et vous pouvez revenir.",
    refresh: "Voir où elle en est",
    rows: "lignes",
    of: "sur",
    imported: "importées",
    added: "nouveaux participants ou clients",
    failed: "n’ont pas pu être importées",
    see: "Voir les participants",
    cancelled: "L’importation a été annulée. Ce qui avait été importé reste.",
    expired: "L’importation s’est arrêtée après un jour. Ce qui avait été importé reste.",
    done: "L’importation est terminée.",
    column: "Colonne",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mail::Kind, pages::console::mail::name};

    #[test]
    fn the_message_to_new_people_is_called_as_on_its_own_page() {
        for lang in [Lang::En, Lang::Fr] {
            let called = name(Kind::AddedByHand, lang).0;
            assert!(words(lang).welcome_hint.contains(called), "{called}");
        }
    }
}
