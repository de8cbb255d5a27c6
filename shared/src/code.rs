//! What a link carries: a participant's id, or a vanity key of their own.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

/// Digits and consonants that nobody confuses; without vowels there are few words to fear.
const ALPHABET: &[u8; 28] = b"23456789bcdfghjkmnpqrstvwxyz";

/// The prime above the alphabet's size: a check sum modulo a prime notices every wrong character
/// and every swap of neighbours.
const PRIME: u32 = 29;

/// Multiplier of the sequence of candidates (M. E. O'Neill's PCG, 128 bits).
const STEP: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// Seven random characters: 28^7, about 1.3 × 10^10 codes.
const RANDOM: usize = 7;

/// The longest code, as for vanity keys on the wire.
const LONGEST: usize = 20;

/// Roots that no id may contain, read with digits as the letters they look like.
const PROFANE: &[&str] = &[
    "ass", "bch", "btch", "bite", "cnt", "con", "cul", "dck", "fag", "fck", "fuk", "kkk", "ngr",
    "nzi", "pd", "prn", "pss", "pta", "pte", "sex", "sht", "slp", "sxx", "tit", "twt", "wtf",
    "xxx",
];

/// A code: lower case, 1 to 20 characters of `a-z`, `0-9`, `_`, `-`.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Code(String);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CodeError {
    /// A character outside the alphabet of codes.
    #[error("a code holds letters, digits, '_' and '-' only")]
    Character,
    /// It has the shape of an id and its check character is wrong.
    #[error("the check character of the code is wrong")]
    Check,
    /// Empty, or longer than twenty characters.
    #[error("a code has 1 to 20 characters")]
    Length,
}

impl Code {
    /// Reads what somebody typed or followed; letter case does not matter.
    ///
    /// A code with the shape of an id is refused here when its check character is wrong, so it
    /// never costs a look-up.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        if text.is_empty() || LONGEST < text.len() {
            return Err(CodeError::Length);
        }
        if !text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-') {
            return Err(CodeError::Character);
        }
        let code = text.to_ascii_lowercase();
        match values(&code) {
            Some(values) if check(&values[..RANDOM]) != values[RANDOM] => Err(CodeError::Check),
            _ => Ok(Self(code)),
        }
    }

    /// A new id: the first acceptable one of a sequence that the entropy starts.
    #[must_use]
    pub fn from_entropy(entropy: [u8; 16]) -> Self {
        let mut number = u128::from_be_bytes(entropy);
        loop {
            if let Some(code) = compose(number) {
                return code;
            }
            // A linear congruential step visits every number, so the loop ends.
            number = number.wrapping_mul(STEP).wrapping_add(1);
        }
    }

    /// Whether this is an id; everything else is a vanity key.
    #[must_use]
    pub fn is_id(&self) -> bool {
        values(&self.0).is_some()
    }

    /// The text, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id that a number names, unless it has no check character or reads badly.
fn compose(mut number: u128) -> Option<Code> {
    let mut values = [0; RANDOM];
    for value in values.iter_mut().rev() {
        *value = u32::try_from(number % 28).unwrap_or_default();
        number /= 28;
    }
    let check = check(&values);
    let text: String = values
        .into_iter()
        .chain([check])
        .map(|value| ALPHABET.get(value as usize).copied().map(char::from))
        .collect::<Option<_>>()?;
    (!is_profane(&text)).then_some(Code(text))
}

/// The places of an id's characters in the alphabet, or `None` for any other shape.
fn values(code: &str) -> Option<[u32; RANDOM + 1]> {
    let mut values = [0; RANDOM + 1];
    if code.len() != values.len() {
        return None;
    }
    for (value, byte) in values.iter_mut().zip(code.bytes()) {
        *value = u32::try_from(ALPHABET.iter().position(|&it| it == byte)?).ok()?;
    }
    Some(values)
}

/// The weighted sum modulo 29; 28 has no character, and such numbers are not issued.
fn check(values: &[u32]) -> u32 {
    values.iter().zip(1_u32..).map(|(value, weight)| value * weight).sum::<u32>() % PRIME
}

fn is_profane(text: &str) -> bool {
    let letters: String = text
        .chars()
        .map(|it| match it {
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '6' | '9' => 'g',
            '7' => 't',
            '8' => 'b',
            other => other,
        })
        .collect();
    PROFANE.iter().any(|root| text.contains(root) || letters.contains(root))
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn r_code_1_codes_are_compared_in_lower_case() {
        assert_eq!(Code::parse("Ada-7"), Code::parse("ada-7"));
    }

    #[test]
    fn r_code_1_lengths_and_characters_have_limits() {
        assert_eq!(Code::parse(""), Err(CodeError::Length));
        assert!(Code::parse("a").is_ok());
        assert!(Code::parse(&"a".repeat(20)).is_ok());
        assert_eq!(Code::parse(&"a".repeat(21)), Err(CodeError::Length));
        assert_eq!(Code::parse("a b"), Err(CodeError::Character));
        assert_eq!(Code::parse("é"), Err(CodeError::Character));
        assert_eq!(Code::parse("a/../b"), Err(CodeError::Character));
    }

    #[test]
    fn r_code_3_no_id_reads_as_a_profane_word() {
        assert!(is_profane("22f4g222"));
        for seed in 0..2_000_u128 {
            let code = Code::from_entropy((seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).to_be_bytes());
            assert!(!is_profane(code.as_str()), "{code}");
        }
    }

    proptest! {
        #[test]
        fn r_code_2_every_id_is_a_code_of_eight_characters(entropy: [u8; 16]) {
            let code = Code::from_entropy(entropy);
            prop_assert_eq!(code.as_str().len(), 8);
            prop_assert!(code.is_id());
            prop_assert_eq!(Code::parse(&code.to_string().to_ascii_uppercase()), Ok(code));
        }

        #[test]
        fn r_code_2_one_wrong_character_is_noticed(
            entropy: [u8; 16], place in 0..8_usize, wrong in 0..28_usize,
        ) {
            let code = Code::from_entropy(entropy);
            let mut bytes = code.as_str().as_bytes().to_vec();
            bytes[place] = ALPHABET[wrong];
            let text = core::str::from_utf8(&bytes).unwrap();
            prop_assume!(text != code.as_str());
            prop_assert_eq!(Code::parse(text), Err(CodeError::Check));
        }

        #[test]
        fn r_code_2_swapped_neighbours_are_noticed(entropy: [u8; 16], place in 0..7_usize) {
            let code = Code::from_entropy(entropy);
            let mut bytes = code.as_str().as_bytes().to_vec();
            bytes.swap(place, place + 1);
            let text = core::str::from_utf8(&bytes).unwrap();
            prop_assume!(text != code.as_str());
            prop_assert_eq!(Code::parse(text), Err(CodeError::Check), "{}", format!("{code}"));
        }
    }
}
