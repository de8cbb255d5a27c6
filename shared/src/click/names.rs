//! Looking for one of many names in a text, at the price of one pass.

/// Names, and a sieve that tells of nearly every place of a text that none of them begins there.
#[derive(Debug)]
pub(super) struct Names {
    names: &'static [&'static str],
    /// A bit for each hash that four first bytes of a name have.
    sieve: [u64; 64],
}

/// How many bytes the sieve looks at; no name is shorter.
const HEAD: usize = 4;

impl Names {
    /// A table, made by the compiler.
    pub(super) const fn new(names: &'static [&'static str]) -> Self {
        let mut sieve = [0; 64];
        let mut rest = names;
        while let [name, others @ ..] = rest {
            let Some(head) = name.as_bytes().first_chunk() else {
                panic!("a name is shorter than the sieve looks");
            };
            let (word, bit) = place(*head);
            sieve[word] |= bit;
            rest = others;
        }
        Self { names, sieve }
    }

    /// Whether one of the names occurs, ASCII letters compared without case.
    pub(super) fn occur_in(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        while let Some(head) = rest.first_chunk() {
            let (word, bit) = place(*head);
            if self.sieve[word] & bit != 0 && self.begin(rest) {
                return true;
            }
            rest = &rest[1..];
        }
        false
    }

    fn begin(&self, text: &[u8]) -> bool {
        self.names.iter().any(|name| {
            let start = text.get(..name.len());
            start.is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
        })
    }
}

/// Where the sieve keeps a head: one of its 64 words, and a bit of that. Both cases of a letter
/// have the same place, by Knuth's multiplicative hash.
const fn place(head: [u8; HEAD]) -> (usize, u64) {
    let hash = (u32::from_le_bytes(head) | 0x2020_2020).wrapping_mul(0x9e37_79b1);
    ((hash >> 26) as usize, 1 << (hash >> 20 & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_wherever_it_stands_and_however_it_is_written() {
        const NAMES: Names = Names::new(&["bot/", "_bot", "wget/", "+http://"]);
        for text in ["bot/", "ab BOT/1", "x_Bot", "Wget/1.0", "(+http://a.example)"] {
            assert!(NAMES.occur_in(text), "{text}");
        }
        for text in ["", "bot", "wget", "b o t /", "wge\u{301}t/", "\u{7f}bot", "http://"] {
            assert!(!NAMES.occur_in(text), "{text}");
        }
    }
}
