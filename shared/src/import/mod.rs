//! What a file of people says: which column means what, what a row says of somebody, and what is wrong
//! with it.

mod guess;
mod order;
mod row;

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

pub use guess::{guess, has_heads, known_heads};
pub use order::{Turn, Waiting, turns};
pub use row::{Person, person};

/// What is imported.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum What {
    /// People who take part.
    Participants,
    /// Addresses of customers, of which only hashes are kept.
    Customers,
}

/// The most rows of a file.
pub const MOST_ROWS: u32 = 100_000;

/// The most bytes of a file.
pub const MOST_BYTES: u64 = 50 * 1024 * 1024;

/// What a column means.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// Nothing: it is left out.
    #[default]
    Nothing,
    /// The e-mail address; of customers, or its SHA-256.
    Email,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Language of their messages.
    Language,
    /// Their own code.
    Code,
    /// Who referred them: address, number or code.
    ReferredBy,
    /// Where their referral stands.
    Status,
    /// When they joined.
    JoinedAt,
    /// Whether they asked for no mail.
    Unsubscribed,
    /// One of the owner's own fields, under the column's name.
    Own,
}

impl Field {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Nothing,
        Self::Email,
        Self::FirstName,
        Self::LastName,
        Self::Language,
        Self::Code,
        Self::ReferredBy,
        Self::Status,
        Self::JoinedAt,
        Self::Unsubscribed,
        Self::Own,
    ];

    /// Its name in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Email => "email",
            Self::FirstName => "firstName",
            Self::LastName => "lastName",
            Self::Language => "language",
            Self::Code => "code",
            Self::ReferredBy => "referredBy",
            Self::Status => "status",
            Self::JoinedAt => "joinedAt",
            Self::Unsubscribed => "unsubscribed",
            Self::Own => "own",
        }
    }
}

/// What is done with a file.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Choices {
    /// What each column means.
    pub fields: Vec<Field>,
    /// Whether 03/04/2026 is in March.
    pub month_first: bool,
    /// Whether names, fields and codes of those who take part already are changed.
    pub update: bool,
    /// Whether those who are new are written to.
    pub welcome: bool,
}

/// Why a row cannot be imported.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// There is no address.
    EmailMissing,
    /// It is no address.
    EmailWrong,
    /// It is the made-up one of a test.
    EmailMadeUp,
    /// Another row has the same address.
    EmailTwice,
    /// A name is too long.
    NameLong,
    /// A language that there is not.
    LanguageUnknown,
    /// No code, or one that looks like a number of ours.
    CodeWrong,
    /// Somebody has this code.
    CodeTaken,
    /// Another row has this code.
    CodeTwice,
    /// They refer themselves.
    ReferrerSelf,
    /// Nobody has this address, number or code.
    ReferrerUnknown,
    /// The referrer's own row cannot be imported.
    ReferrerBad,
    /// The rows refer to each other in a circle.
    ReferrerCircle,
    /// A status that there is not.
    StatusUnknown,
    /// No date, or one that is not over.
    DateWrong,
    /// Neither yes nor no.
    FlagWrong,
    /// A field of the owner's is too long.
    OwnLong,
    /// There are too many of them.
    OwnMany,
    /// More cells than the first row has.
    CellsMany,
    /// It did not work; it may, if it is tried again.
    Failed,
}

/// Something that is wrong with a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The column, counted from 0.
    pub column: usize,
    /// What it is.
    pub reason: Reason,
}

/// Whether the columns say what is needed: exactly one holds addresses, and no other meaning but the
/// owner's own fields stands twice. The column that is wrong, if one is.
pub fn check(fields: &[Field]) -> Result<(), Option<usize>> {
    for (place, field) in fields.iter().enumerate() {
        let may_repeat = matches!(field, Field::Nothing | Field::Own);
        if !may_repeat && fields[..place].contains(field) {
            return Err(Some(place));
        }
    }
    if fields.contains(&Field::Email) { Ok(()) } else { Err(None) }
}

/// The name under which a column's texts are kept: its own, or its letter.
#[must_use]
pub fn key(head: &str, column: usize) -> String {
    let key = crate::api::camel_case(head);
    if crate::api::is_metadata_key(&key) && key != "gdprAgreements" {
        return key;
    }
    alloc::format!("column{}", crate::sheet::letters(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_import_2_one_column_holds_addresses_and_none_means_the_same() {
        use Field::{Email, FirstName, Nothing, Own};
        for (fields, expected) in [
            (&[Email][..], Ok(())),
            (&[Nothing, Own, Email, Own, Nothing], Ok(())),
            (&[], Err(None)),
            (&[FirstName], Err(None)),
            (&[Email, Email], Err(Some(1))),
            (&[Email, FirstName, FirstName], Err(Some(2))),
        ] {
            assert_eq!(check(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn own_fields_are_called_as_their_column() {
        assert_eq!(key("Plan type", 3), "planType");
        for head in ["", "été!", "gdprAgreements", &"x".repeat(41)] {
            assert!(!key(head, 27).is_empty());
        }
        assert_eq!(key("", 27), "columnAB");
        assert_eq!(key("gdprAgreements", 0), "columnA");
    }

    #[test]
    fn names_of_fields_are_unique() {
        for (place, field) in Field::ALL.iter().enumerate() {
            assert!(Field::ALL[..place].iter().all(|it| it.name() != field.name()));
        }
    }
}
