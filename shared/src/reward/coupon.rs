//! Coupon pools: what names one, and what is a code.

/// The longest code, in characters.
const LONGEST: usize = 100;

/// The largest number of free codes at which an owner can ask to be told.
pub const LOW_MOST: u32 = 1_000_000;

/// Whether a text can name a pool: 1 to 40 letters, digits, `_`, `-`, so that it can stand in a path.
#[must_use]
pub fn is_pool_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-')
}

/// What is wrong with a code, if anything (R-COUPON-4).
#[must_use]
pub fn code_flaw(code: &str) -> Option<&'static str> {
    if code.is_empty() || LONGEST < code.chars().count() {
        return Some("must have 1 to 100 characters");
    }
    if code.trim() != code {
        return Some("must not begin or end with a space");
    }
    // What people cannot see they cannot type: among it spaces without width and changes of
    // direction.
    let is_hidden = |it: char| {
        it.is_control()
            || it != ' ' && it.is_whitespace()
            || matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    code.chars().any(is_hidden).then_some("must be printable")
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use super::*;

    #[test]
    fn r_coupon_4_a_code_is_printable_and_has_1_to_100_characters() {
        let long: String = "é".repeat(LONGEST);
        for code in ["A", "SAVE-10 €", "a b", "10%/off?", long.as_str()] {
            assert_eq!(code_flaw(code), None, "{code}");
        }
        let longer = format!("{long}x");
        for code in ["", " A", "A ", "A\n", "A\tB", "A\u{a0}B", "A\u{200b}", "\u{feff}A", &longer] {
            assert!(code_flaw(code).is_some(), "{code:?}");
        }
    }

    #[test]
    fn a_pools_name_can_stand_in_a_path() {
        let long = "x".repeat(40);
        for name in ["a", "Summer_2026-b", long.as_str()] {
            assert!(is_pool_name(name), "{name}");
        }
        for name in ["", "a b", "a/b", "é", ".", "x".repeat(41).as_str()] {
            assert!(!is_pool_name(name), "{name}");
        }
    }
}
