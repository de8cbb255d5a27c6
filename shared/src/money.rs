//! Amounts of money: minor units and a currency.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest amount, in minor units: what a browser and D1 hold exactly in a double (2^53 − 1).
pub const LARGEST: i64 = 9_007_199_254_740_991;

/// A currency: three upper-case letters of ISO 4217.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Currency([u8; 3]);

/// Not a currency.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a currency is an ISO 4217 code such as EUR")]
pub struct CurrencyError;

/// An amount in minor units of one currency.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Money {
    /// Minor units: cents, pence, or whole yen.
    pub minor: i64,
    /// What they are units of.
    pub currency: Currency,
}

/// ISO 4217 codes in use for money (funds and metals left out), list of 2026.
const KNOWN: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD \
    BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD \
    FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES \
    KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR \
    MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB \
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD \
    TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Currencies whose minor unit is the unit itself (ISO 4217, exponent 0).
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

/// Currencies with a thousandth (ISO 4217, exponent 3).
const THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

impl Currency {
    /// The default of the wire.
    pub const USD: Self = Self(*b"USD");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");

    /// Reads a code in either letter case.
    pub fn parse(text: &str) -> Result<Self, CurrencyError> {
        let code: [u8; 3] =
            text.to_ascii_uppercase().as_bytes().try_into().map_err(|_| CurrencyError)?;
        let known = KNOWN.split_ascii_whitespace().any(|it| it.as_bytes() == code);
        if known { Ok(Self(code)) } else { Err(CurrencyError) }
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many digits the minor unit has: 2 for most.
    #[must_use]
    pub fn digits(&self) -> usize {
        if WHOLE.contains(self.as_str()) {
            0
        } else if THOUSANDTHS.contains(self.as_str()) {
            3
        } else {
            2
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let unit = 10_u64.pow(u32::try_from(digits).unwrap_or_default());
        let (sign, minor) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
        write!(f, "{sign}{}", minor / unit)?;
        if 0 < digits {
            write!(f, ".{:0digits$}", minor % unit)?;
        }
        write!(f, " {}", self.currency.as_str())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[track_caller]
    fn check(minor: i64, currency: &str, expected: &str) {
        let currency = Currency::parse(currency).unwrap();
        assert_eq!(Money { minor, currency }.to_string(), expected);
    }

    #[test]
    fn amounts_are_written_with_the_digits_of_their_currency() {
        check(12_990, "EUR", "129.90 EUR");
        check(-5, "usd", "-0.05 USD");
        check(1_200, "JPY", "1200 JPY");
        check(1_234, "KWD", "1.234 KWD");
    }

    #[test]
    fn unknown_currencies_are_refused() {
        for wrong in ["", "EU", "EURO", "XXX", "E R", "€"] {
            assert_eq!(Currency::parse(wrong), Err(CurrencyError), "{wrong}");
        }
    }
}
