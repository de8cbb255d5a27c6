//! Punycode (RFC 3492), one way: names with other letters than ASCII as DNS writes them.
//!
//! Libraries bring the tables of all scripts along, a tenth of the worker's budget; comparing
//! addresses needs only that one name is always written in one way.

use alloc::{string::String, vec::Vec};

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;

/// A label of ASCII, or nothing where it has none to encode or is too long to.
pub(crate) fn encode(label: &str) -> Option<String> {
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    let mut text: String = label.chars().filter(char::is_ascii).collect();
    let plain = u32::try_from(text.len()).ok()?;
    let total = u32::try_from(letters.len()).ok()?;
    if plain == total {
        return None;
    }
    if 0 < plain {
        text.push('-');
    }
    let (mut handled, mut from, mut delta, mut bias) = (plain, 128_u32, 0_u32, 72_u32);
    while handled < total {
        let next = letters.iter().copied().filter(|it| from <= *it).min()?;
        delta = delta.checked_add((next - from).checked_mul(handled + 1)?)?;
        from = next;
        for letter in &letters {
            if *letter < from {
                delta = delta.checked_add(1)?;
            }
            if *letter == from {
                push(&mut text, delta, bias);
                bias = adapted(delta, handled + 1, handled == plain);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        from = from.checked_add(1)?;
    }
    Some(text)
}

/// A number in digits of variable weight (RFC 3492, 6.3).
fn push(text: &mut String, mut number: u32, bias: u32) {
    let mut weight = BASE;
    loop {
        let threshold = weight.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if number < threshold {
            text.push(digit(number));
            return;
        }
        text.push(digit(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
        weight += BASE;
    }
}

fn digit(number: u32) -> char {
    match number {
        0..26 => char::from_u32(u32::from(b'a') + number).unwrap_or('a'),
        _ => char::from_digit(number - 26, 10).unwrap_or('0'),
    }
}

/// How the weights shift after each letter (RFC 3492, 6.1).
fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut bias = 0;
    while ((BASE - T_MIN) * T_MAX) / 2 < delta {
        delta /= BASE - T_MIN;
        bias += BASE;
    }
    bias + (BASE - T_MIN + 1) * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, expected: &str) {
        assert_eq!(encode(label).as_deref(), Some(expected));
    }

    #[test]
    fn labels_are_encoded_as_the_rfc_and_registries_do() {
        check("bücher", "bcher-kva");
        check("münchen", "mnchen-3ya");
        check("ü", "tda");
        check("faß", "fa-hia");
        check("例え", "r8jz45g");
        // RFC 3492, 7.1 (B), (I) and (L).
        check("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye");
        check("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l");
        check("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b");
        assert_eq!(encode("example"), None);
        assert_eq!(encode(""), None);
    }
}
