//! Postal addresses: where gifts are sent.

use alloc::string::String;

use serde::{Deserialize, Deserializer, Serialize};

/// Where a gift is sent.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Who receives it.
    #[serde(deserialize_with = "needed")]
    pub name: String,
    /// Street and number.
    #[serde(deserialize_with = "needed")]
    pub line1: String,
    /// Floor, door, company.
    #[serde(default, deserialize_with = "line")]
    pub line2: Option<String>,
    /// Postal code; not every country has them.
    #[serde(default, deserialize_with = "line")]
    pub postal_code: Option<String>,
    /// Town.
    #[serde(deserialize_with = "needed")]
    pub city: String,
    /// State, province, county.
    #[serde(default, deserialize_with = "line")]
    pub region: Option<String>,
    /// The country, as two capital letters.
    #[serde(deserialize_with = "country")]
    pub country: String,
}

/// The longest line, in characters.
const LONGEST: usize = 100;

impl core::fmt::Debug for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Address(…)")
    }
}

fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = crate::api::line::<D, LONGEST>(deserializer)?;
    if text.as_ref().is_some_and(|it| it.chars().any(char::is_control)) {
        return Err(serde::de::Error::custom("must be one line"));
    }
    Ok(text)
}

fn needed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    line(deserializer)?.ok_or_else(|| serde::de::Error::custom("is required"))
}

fn country<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = needed(deserializer)?.to_ascii_uppercase();
    if text.len() == 2 && text.bytes().all(|it| it.is_ascii_uppercase()) {
        Ok(text)
    } else {
        Err(serde::de::Error::custom("must be two letters such as FR"))
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use serde_json::{Value, json};

    use super::*;

    fn read(value: &Value) -> Result<Address, serde_json::Error> {
        serde_json::from_value(value.clone())
    }

    #[test]
    fn r_address_3_an_address_has_a_name_a_street_a_town_and_a_country() {
        let whole = json!({
            "name": " Ann ", "line1": "1, rue X", "line2": "", "postalCode": "75001",
            "city": "Paris", "region": null, "country": "fr",
        });
        let address = read(&whole).unwrap();
        assert_eq!((&*address.name, address.line2, &*address.country), ("Ann", None, "FR"));
        for field in ["name", "line1", "city", "country"] {
            for wrong in [json!(null), json!(" "), json!(1), json!("x".repeat(LONGEST + 1))] {
                let mut other = whole.clone();
                other[field] = wrong;
                assert!(read(&other).is_err(), "{other}");
            }
        }
        for (field, wrong) in
            [("country", "FRA"), ("country", "F1"), ("line2", "a\nb"), ("postalCode", "\u{7}1")]
        {
            let mut other = whole.clone();
            other[field] = wrong.into();
            assert!(read(&other).is_err(), "{other}");
        }
        let longest =
            json!({ "name": "x".repeat(LONGEST), "line1": "y", "city": "z", "country": "BE" });
        assert!(read(&longest).is_ok());
        assert_eq!(format!("{:?}", read(&longest).unwrap()), "Address(…)");
    }
}
