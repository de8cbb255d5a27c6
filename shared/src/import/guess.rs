//! What columns mean, by their names: French, English, and as GrowSurf exports them.

use alloc::{string::String, vec::Vec};

use super::{Field, What};
use crate::{customer, email::Email};

/// Names of columns, in small letters without accents, blanks and signs.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Email,
        &[
            "email",
            "emailaddress",
            "mail",
            "courriel",
            "adresseemail",
            "adressemail",
            "adresse",
            "adresseelectronique",
            "emailhash",
            "hash",
            "sha256",
            "hashedemail",
            "customeremail",
        ],
    ),
    (Field::FirstName, &["firstname", "prenom", "givenname", "first", "forename"]),
    (
        Field::LastName,
        &["lastname", "nom", "nomdefamille", "surname", "familyname", "last", "name"],
    ),
    (Field::Language, &["language", "langue", "lang", "locale"]),
    (
        Field::Code,
        &[
            "id",
            "participantid",
            "code",
            "owncode",
            "referralcode",
            "vanitykey",
            "vanitykeys",
            "codepersonnel",
            "codeparrain",
            "codeparrainage",
            "codedeparrainage",
        ],
    ),
    (
        Field::ReferredBy,
        &[
            "referredby",
            "referrer",
            "referrerid",
            "referreremail",
            "referredbyid",
            "referredbyemail",
            "parrain",
            "parrainepar",
            "emailparrain",
            "emailduparrain",
        ],
    ),
    (
        Field::Status,
        &["referralstatus", "statutparrainage", "statutduparrainage", "etatduparrainage"],
    ),
    (
        Field::JoinedAt,
        &[
            "createdat",
            "joinedat",
            "joined",
            "created",
            "createddate",
            "signupdate",
            "datecreated",
            "inscritle",
            "dateinscription",
            "datedinscription",
            "datedecreation",
            "creele",
        ],
    ),
    (Field::Unsubscribed, &["unsubscribed", "optedout", "optout", "desabonne", "desinscrit"]),
];

/// What an export of figures holds besides: numbers of the old service, which are nobody's own fields.
const DROPPED: &[&str] = &[
    "referralcount",
    "monthlyreferralcount",
    "rank",
    "monthlyrank",
    "prevmonthlyrank",
    "leadcount",
    "impressioncount",
    "uniqueimpressioncount",
    "invitecount",
    "sharecount",
    "shareurl",
    "ipaddress",
    "fingerprint",
    "iswinner",
    "isnew",
    "fraudrisklevel",
    "fraudreasoncode",
    "referralsource",
    "isaffiliate",
    "rewards",
    "mobileinstanceid",
];

/// Whether the first row names the columns: it does, unless somebody's address stands in it.
#[must_use]
pub fn has_heads(first: &[String]) -> bool {
    !first.iter().any(|it| Email::parse(it).is_ok() || customer::hash(it).is_some())
}

/// The names of columns that say nothing of a person, being known: others are empty.
#[must_use]
pub fn known_heads(heads: &[String]) -> Vec<String> {
    let is_known = |head: &String| {
        let name = plain(head);
        let name = name.as_str();
        DROPPED.contains(&name) || NAMES.iter().any(|it| it.1.contains(&name))
    };
    heads.iter().map(|it| if is_known(it) { it.clone() } else { String::new() }).collect()
}

/// What columns mean, by their names and by a few rows.
#[must_use]
pub fn guess(what: What, heads: &[String], rows: &[Vec<String>]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for head in heads {
        let name = plain(head);
        let named = NAMES.iter().find(|it| it.1.contains(&name.as_str())).map(|it| it.0);
        let field = match (what, named) {
            (What::Customers, Some(Field::Email)) => Field::Email,
            (What::Customers, _) => Field::Nothing,
            (What::Participants, Some(field)) => field,
            (What::Participants, None) if name.is_empty() || DROPPED.contains(&&*name) => {
                Field::Nothing
            }
            (What::Participants, None) => Field::Own,
        };
        let is_taken = field != Field::Own && fields.contains(&field);
        fields.push(if is_taken { Field::Nothing } else { field });
    }
    if !fields.contains(&Field::Email) {
        // The column in which most addresses stand.
        let count = |column: usize| {
            let cells = rows.iter().filter_map(|it| it.get(column));
            cells.filter(|it| is_address(it)).count()
        };
        let best = (0..heads.len()).rev().max_by_key(|it| count(*it));
        if let Some(best) = best.filter(|it| 0 < count(*it)) {
            fields[best] = Field::Email;
        }
    }
    fields
}

/// Whether a cell is an address, or stands for one.
fn is_address(cell: &str) -> bool {
    Email::parse(cell).is_ok()
        || customer::hash(cell).is_some()
        || cell.starts_with(super::row::HASH)
}

/// A name in small letters without accents, blanks and signs.
fn plain(name: &str) -> String {
    let letter = |it: char| match it {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    };
    let lower = name.chars().flat_map(char::to_lowercase).map(letter);
    lower.filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::ToOwned, string::ToString, vec};

    use super::*;

    #[track_caller]
    fn check(what: What, heads: &str, expected: &[Field]) {
        let heads: Vec<String> = heads.split(',').map(ToOwned::to_owned).collect();
        assert_eq!(guess(what, &heads, &[]), expected);
    }

    #[test]
    fn r_import_2_columns_are_guessed_by_french_english_and_growsurf_names() {
        use Field::{
            Code, Email, FirstName, JoinedAt, Language, LastName, Nothing, Own, ReferredBy, Status,
        };
        let participants = What::Participants;
        check(
            participants,
            "E-mail,First name,Last_Name,Plan,",
            &[Email, FirstName, LastName, Own, Nothing],
        );
        check(
            participants,
            "Adresse e-mail,Prénom,NOM,Langue,Parrain",
            &[Email, FirstName, LastName, Language, ReferredBy],
        );
        check(
            participants,
            "id,email,firstName,lastName,referredBy,referralStatus,createdAt,referralCount,rank,shareUrl",
            &[
                Code, Email, FirstName, LastName, ReferredBy, Status, JoinedAt, Nothing, Nothing,
                Nothing,
            ],
        );
        check(participants, "email,courriel", &[Email, Nothing]);
        check(What::Customers, "nom,courriel,plan", &[Nothing, Email, Nothing]);
    }

    #[test]
    fn r_import_2_a_column_without_a_name_is_known_by_its_addresses() {
        let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let rows = [row(&["Ann", "ann@example.com"]), row(&["Bob", "bob@example.com"])];
        let heads = row(&["Who", "Where"]);
        assert_eq!(guess(What::Participants, &heads, &rows), [Field::Own, Field::Email]);
        assert_eq!(guess(What::Customers, &heads, &rows), [Field::Nothing, Field::Email]);
        assert_eq!(guess(What::Customers, &heads, &[]), [Field::Nothing, Field::Nothing]);
        assert!(!has_heads(&rows[0]) && has_heads(&heads));
        assert!(!has_heads(&["a".repeat(64)]));
        assert_eq!(guess(What::Customers, &[], &rows), vec![]);
        let first = row(&["E-mail", "Ann Martin", "Prénom", "+33 6 12", "rank"]);
        assert_eq!(known_heads(&first), ["E-mail", "", "Prénom", "", "rank"]);
    }
}
