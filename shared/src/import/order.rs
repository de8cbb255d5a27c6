//! In which order rows are imported: referrers before their friends, wherever they stand in the file.

use alloc::{collections::BTreeMap, vec::Vec};

use super::Reason;

/// A row whose referrer does not take part yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Waiting {
    /// The row.
    pub row: u32,
    /// The row of its referrer, if a good row is.
    pub referrer: Option<u32>,
}

/// What becomes of such a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// It comes after all rows of lower levels; 0 is the level of rows that wait for nobody.
    Level(u32),
    /// It cannot be imported, because of another row if one is named.
    Bad(Reason, Option<u32>),
}

/// The turns of rows, in their order.
#[must_use]
pub fn turns(waiting: &[Waiting]) -> Vec<(u32, Turn)> {
    let known: BTreeMap<u32, &Waiting> = waiting.iter().map(|it| (it.row, it)).collect();
    let mut turns: BTreeMap<u32, Turn> = BTreeMap::new();
    for it in waiting {
        // Down to a row whose turn is known, and back.
        let (mut path, mut at) = (Vec::new(), it.row);
        let mut found = loop {
            if let Some(turn) = turns.get(&at) {
                break match turn {
                    Turn::Bad(Reason::ReferrerCircle, _) | Turn::Level(_) => *turn,
                    Turn::Bad(..) => Turn::Bad(Reason::ReferrerBad, Some(at)),
                };
            }
            let Some(row) = known.get(&at) else { break Turn::Level(0) };
            let Some(referrer) = row.referrer else {
                turns.insert(at, Turn::Bad(Reason::ReferrerUnknown, None));
                break Turn::Bad(Reason::ReferrerBad, Some(at));
            };
            path.push(at);
            // A mark, in case the way leads back here.
            turns.insert(at, Turn::Bad(Reason::ReferrerCircle, None));
            at = referrer;
        };
        for row in path.into_iter().rev() {
            if let Turn::Level(level) = found {
                found = Turn::Level(level + 1);
            }
            turns.insert(row, found);
            if matches!(found, Turn::Bad(Reason::ReferrerBad, _)) {
                found = Turn::Bad(Reason::ReferrerBad, Some(row));
            }
        }
    }
    waiting.iter().filter_map(|it| Some((it.row, *turns.get(&it.row)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[(u32, Option<u32>)], expected: &[Turn]) {
        let waiting: Vec<Waiting> =
            rows.iter().map(|it| Waiting { row: it.0, referrer: it.1 }).collect();
        let expected: Vec<_> = rows.iter().map(|it| it.0).zip(expected.iter().copied()).collect();
        assert_eq!(turns(&waiting), expected);
    }

    #[test]
    fn r_import_5_referrers_come_before_their_friends_wherever_they_stand() {
        use Turn::{Bad, Level};
        check(&[], &[]);
        // 9 waits for nobody.
        check(
            &[(2, Some(3)), (3, Some(4)), (4, Some(9)), (5, Some(3))],
            &[Level(3), Level(2), Level(1), Level(3)],
        );
        check(&[(2, None)], &[Bad(Reason::ReferrerUnknown, None)]);
        check(
            &[(2, Some(3)), (3, None), (4, Some(2))],
            &[
                Bad(Reason::ReferrerBad, Some(3)),
                Bad(Reason::ReferrerUnknown, None),
                Bad(Reason::ReferrerBad, Some(2)),
            ],
        );
        check(
            &[(3, None), (2, Some(3))],
            &[Bad(Reason::ReferrerUnknown, None), Bad(Reason::ReferrerBad, Some(3))],
        );
        let circle = Bad(Reason::ReferrerCircle, None);
        check(&[(2, Some(3)), (3, Some(2)), (4, Some(2))], &[circle; 3]);
        check(&[(2, Some(2))], &[circle]);
    }

    #[test]
    fn a_chain_of_any_length_is_walked_once() {
        let waiting: Vec<Waiting> =
            (2..100_000).map(|row| Waiting { row, referrer: Some(row + 1) }).collect();
        let found = turns(&waiting);
        assert_eq!(found[0], (2, Turn::Level(99_998)));
        assert_eq!(found.last(), Some(&(99_999, Turn::Level(1))));
        assert_eq!(turns(&[]), []);
    }
}
