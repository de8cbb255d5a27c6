//! Ids that sort by the time they were made: clicks, conversions, rewards, decisions, jobs.

use alloc::string::String;

use crate::time::Timestamp;

/// Crockford's base 32, in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A 26-character id: 48 bits of time, 80 bits of entropy (the layout of a ULID).
///
/// Rows with such keys are appended to their index instead of being spread over it.
#[must_use]
pub fn ordered(now: Timestamp, entropy: [u8; 16]) -> String {
    let time = u128::from(now.0.unsigned_abs() & 0xffff_ffff_ffff) << 80;
    let value = time | (u128::from_be_bytes(entropy) >> 48);
    encode(value, 26)
}

/// A short random id of `length` characters, at most 25: campaigns and keys.
#[must_use]
pub fn short(entropy: [u8; 16], length: usize) -> String {
    encode(u128::from_be_bytes(entropy), length.min(25))
}

fn encode(value: u128, length: usize) -> String {
    (0..length)
        .rev()
        .map(|place| {
            let digit = usize::try_from((value >> (5 * place)) & 31).unwrap_or_default();
            char::from(ALPHABET[digit])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = ordered(Timestamp(1_000), [255; 16]);
        let late = ordered(Timestamp(1_001), [0; 16]);
        assert_eq!((early.len(), late.len()), (26, 26));
        assert!(early < late);
    }

    #[test]
    fn other_entropy_makes_another_id() {
        assert_ne!(ordered(Timestamp(1), [1; 16]), ordered(Timestamp(1), [2; 16]));
        assert_ne!(short([1; 16], 6), short([2; 16], 6));
        assert_eq!(short([1; 16], 6).len(), 6);
    }
}
