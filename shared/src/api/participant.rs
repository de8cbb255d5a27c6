//! Participants on the wire.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{ParticipantReward, Unbuilt};
use crate::{
    code::Code,
    email::{Email, EmailError},
    fraud::Level,
    referral::Status,
    time::Timestamp,
};

/// The languages that a participant may have on the wire.
const LANGUAGES: &[&str] = &[
    "en", "es", "fr", "de", "it", "pt-BR", "nl", "pl", "sv", "tr", "ja", "ko", "zh-CN", "id", "da",
    "nb", "nn", "fi", "is", "cs", "sk", "hu", "ro", "hr", "sl", "et", "lv", "lt", "el", "bg", "uk",
    "ru", "pt-PT", "ca", "vi", "ms", "fil", "af", "sw",
];

/// The most fields of metadata, the longest key, the longest value.
const METADATA: (usize, usize, usize) = (50, 40, 500);

/// A language of the wire's list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Language(pub &'static str);

impl Language {
    /// The language of a tag as files have it: in any case, with any region.
    #[must_use]
    pub fn find(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-");
        let named = |text: &str| LANGUAGES.iter().find(|it| it.eq_ignore_ascii_case(text));
        let base = tag.split('-').next().unwrap_or_default();
        named(&tag).or_else(|| named(base)).map(|it| Self(it))
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = LANGUAGES.iter().find(|it| **it == text);
        known.map(|it| Self(it)).ok_or_else(|| {
            serde::de::Error::custom("must be a language of the list, such as en, fr or pt-BR")
        })
    }
}

/// The owner's own fields of a person: at most 50, keys of at most 40 letters and digits in camel
/// case, values of at most 500 characters.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Metadata(pub BTreeMap<String, String>);

impl Metadata {
    /// The most fields.
    pub const MOST: usize = METADATA.0;

    /// Reads fields; numbers and flags become texts.
    pub fn parse(fields: serde_json::Map<String, Value>) -> Result<Self, String> {
        let (most, longest_key, longest) = METADATA;
        if most < fields.len() {
            return Err(format!("holds at most {most} fields"));
        }
        let mut metadata = BTreeMap::new();
        for (name, value) in fields {
            let key = camel_case(&name);
            if key.is_empty() || longest_key < key.len() {
                return Err(format!("keys have 1 to {longest_key} letters and digits"));
            }
            if key == "gdprAgreements" {
                return Err("the key gdprAgreements is reserved".into());
            }
            let value = match value {
                Value::String(text) => text,
                Value::Bool(_) | Value::Number(_) => value.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => {
                    return Err("values are texts, numbers or booleans".into());
                }
            };
            if longest < value.chars().count() {
                return Err(format!("values have at most {longest} characters"));
            }
            metadata.insert(key, value);
        }
        Ok(Self(metadata))
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = serde_json::Map::deserialize(deserializer)?;
        Self::parse(fields).map_err(serde::de::Error::custom)
    }
}

/// Whether a key can be one of somebody's own fields: such as [`Metadata`] holds.
#[must_use]
pub fn is_metadata_key(key: &str) -> bool {
    key.len() <= METADATA.1 && !key.is_empty() && camel_case(key) == key
}

/// `first name` and `First-Name` as `firstName`: ASCII letters and digits only.
pub(crate) fn camel_case(name: &str) -> String {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let mut key = String::new();
    for word in words {
        let mut letters = word.chars();
        let Some(first) = letters.next() else { continue };
        key.push(if key.is_empty() {
            first.to_ascii_lowercase()
        } else {
            first.to_ascii_uppercase()
        });
        key.extend(letters);
    }
    key
}

/// The statuses that a back end may name when it adds somebody.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FirstStatus {
    /// Waits for the event.
    CreditPending,
    /// Credited at once.
    CreditAwarded,
}

/// `POST /campaign/{id}/participant`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantAdd {
    /// Who they are.
    #[serde(deserialize_with = "address")]
    pub email: Email,
    /// The signed claim of the click that brought them; ours.
    #[serde(default)]
    pub attribution: Option<String>,
    /// Who referred them: id, vanity key or address.
    #[serde(default, deserialize_with = "super::name")]
    pub referred_by: Option<String>,
    /// Where their referral stands at first.
    #[serde(default)]
    pub referral_status: Option<FirstStatus>,
    /// First name.
    #[serde(default, deserialize_with = "super::name")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "super::name")]
    pub last_name: Option<String>,
    /// Taken and dropped: addresses are not stored.
    #[serde(default)]
    pub ip_address: Option<String>,
    /// Taken and dropped: fingerprints are not stored.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// Not built.
    #[serde(default)]
    pub mobile_instance_id: Option<Unbuilt>,
    /// The owner's own fields.
    #[serde(default)]
    pub metadata: Option<Metadata>,
    /// Affiliates are not built.
    #[serde(default)]
    pub is_affiliate: Option<bool>,
    /// Their language.
    #[serde(default)]
    pub language: Option<Language>,
}

/// An address, refused with the wire's words.
fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Email, D::Error> {
    let text = String::deserialize(deserializer)?;
    Email::parse(&text).map_err(|EmailError| {
        serde::de::Error::custom(format!(
            "Invalid email {}",
            text.chars().take(64).collect::<String>()
        ))
    })
}

/// A participant.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct Participant {
    #[serde(flatten)]
    pub core: Referrer,
    /// Who referred them.
    pub referrer: Option<Referrer>,
    pub rewards: Vec<ParticipantReward>,
    /// Only in answers to calls that may add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_new: Option<bool>,
}

/// A participant without their own referrer and rewards: what the wire shows of a referrer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct Referrer {
    pub id: Code,
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_url: Option<String>,
    pub vanity_keys: Vec<Code>,
    pub rank: i32,
    pub monthly_rank: i32,
    pub referral_count: u32,
    pub monthly_referral_count: u32,
    pub lead_count: u32,
    pub impression_count: u64,
    pub unique_impression_count: u64,
    pub invite_count: u32,
    pub share_count: BTreeMap<String, u64>,
    pub created_at: Timestamp,
    pub is_winner: bool,
    pub unsubscribed: bool,
    pub referral_source: String,
    pub referral_status: Option<Status>,
    pub referred_by: Option<Code>,
    pub fraud_risk_level: Level,
    /// The heaviest signal; only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraud_reason_code: Option<&'static str>,
    pub ip_address: Option<String>,
    pub fingerprint: Option<String>,
    pub metadata: Metadata,
    pub language: Option<String>,
    pub is_affiliate: bool,
}

/// `GET /campaign/{id}/participants`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Participants {
    /// Newest first.
    pub participants: Vec<Participant>,
    /// How many were asked for.
    pub limit: u32,
    /// Where the next page begins.
    pub next_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let read = serde_json::from_str::<Metadata>(text).ok();
        assert_eq!(read.map(|it| serde_json::to_string(&it).unwrap()).as_deref(), expected);
    }

    #[test]
    fn r_person_5_metadata_has_camel_case_keys_and_short_texts() {
        check(r#"{"plan":"pro"}"#, Some(r#"{"plan":"pro"}"#));
        check(r#"{"First-name of":1,"IsVip":true}"#, Some(r#"{"firstNameOf":"1","isVip":"true"}"#));
        check("{}", Some("{}"));
        for wrong in [r#"{"":"x"}"#, r#"{"--":"x"}"#, r#"{"a":null}"#, r#"{"a":{}}"#, "[]", "1"] {
            check(wrong, None);
        }
        check(r#"{"gdprAgreements":"x"}"#, None);
        let key = |length| format!(r#"{{"{}":"x"}}"#, "k".repeat(length));
        check(&key(40), Some(&key(40)));
        check(&key(41), None);
        let value = |length| format!(r#"{{"a":"{}"}}"#, "é".repeat(length));
        check(&value(500), Some(&value(500)));
        check(&value(501), None);
        let fields = |count| {
            let fields: Vec<_> = (0..count).map(|n| format!(r#""k{n}":"x""#)).collect();
            format!("{{{}}}", fields.join(","))
        };
        assert!(serde_json::from_str::<Metadata>(&fields(50)).is_ok());
        check(&fields(51), None);
    }
}
