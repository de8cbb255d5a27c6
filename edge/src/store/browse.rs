//! Lists of any length: an index says in which order, filters look at so many rows and no more, and a
//! place says where to go on.

use serde::Deserialize;

use crate::{platform::Db, sql::DbError};

/// The most rows that one page looks at: what is not found among them is looked for from there on.
const LOOKED_AT: usize = 3_000;

/// How many of them at a time, where a filter may refuse them.
const AT_A_TIME: u32 = 300;

/// A row's place in its list: what it is sorted by, and its id.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Place {
    /// What comes first.
    pub a: i64,
    /// What comes next, where there is something.
    pub b: i64,
    /// What tells equals apart.
    pub id: String,
}

impl Place {
    /// The place as an address holds it.
    #[must_use]
    pub fn written(&self) -> String {
        format!("{}.{}.{}", self.a, self.b, self.id)
    }

    /// The place of an address; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (a, b, id) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { a: a.parse().ok()?, b: b.parse().ok()?, id: id.into() })
    }
}

/// A part of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Where to go on, if there may be more.
    pub next: Option<Place>,
    /// Whether so many rows were looked at that the rest is left to the next page.
    pub cut: bool,
}

/// A list: the order of its places, and the rows that stand there.
pub(crate) trait List {
    /// A row.
    type Row;

    /// Places in the list's order, `limit` of them after one.
    async fn places(
        &self,
        db: &Db,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Place>, DbError>;

    /// The rows of these ids that the filter lets through, in their order.
    async fn rows(&self, db: &Db, ids: &[&str]) -> Result<Vec<Self::Row>, DbError>;

    /// A row's id.
    fn id(row: &Self::Row) -> &str;

    /// Whether rows may be refused.
    fn filters(&self) -> bool;
}

/// A page of a list, `limit` rows after a place.
pub(crate) async fn page<L: List>(
    db: &Db,
    list: &L,
    after: Option<Place>,
    limit: u32,
) -> Result<Page<L::Row>, DbError> {
    let wanted = limit as usize;
    let step = if list.filters() { AT_A_TIME.max(limit + 1) } else { limit + 1 };
    let (mut rows, mut last, mut looked) = (Vec::new(), after, Vec::new());
    loop {
        let places = list.places(db, last.as_ref(), step).await?;
        let ids: Vec<&str> = places.iter().map(|it| it.id.as_str()).collect();
        if !ids.is_empty() {
            rows.extend(list.rows(db, &ids).await?);
        }
        let found = places.len();
        looked.extend(places);
        if wanted < rows.len() {
            rows.truncate(wanted);
            let id = rows.last().map(|it| L::id(it));
            let next = looked.into_iter().find(|it| Some(it.id.as_str()) == id);
            return Ok(Page { rows, next, cut: false });
        }
        if found < step as usize {
            return Ok(Page { rows, next: None, cut: false });
        }
        last = looked.last().cloned();
        if LOOKED_AT <= looked.len() {
            return Ok(Page { rows, next: last, cut: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers below `0`, every `1`-th of which is let through.
    struct Numbers(i64, i64);

    impl List for Numbers {
        type Row = String;

        async fn places(
            &self,
            _: &Db,
            after: Option<&Place>,
            limit: u32,
        ) -> Result<Vec<Place>, DbError> {
            let from = after.map_or(0, |it| it.a + 1);
            let until = self.0.min(from + i64::from(limit));
            Ok((from..until).map(|a| Place { a, b: 0, id: a.to_string() }).collect())
        }

        async fn rows(&self, _: &Db, ids: &[&str]) -> Result<Vec<String>, DbError> {
            let fits = |it: &&&str| it.parse::<i64>().unwrap() % self.1 == 0;
            Ok(ids.iter().filter(fits).map(|it| (*it).to_owned()).collect())
        }

        fn id(row: &String) -> &str {
            row
        }

        fn filters(&self) -> bool {
            1 < self.1
        }
    }

    /// All rows of a list, page by page, and how many pages there were.
    async fn all(list: &Numbers, limit: u32) -> (Vec<i64>, usize) {
        let db = Db::in_memory().unwrap();
        let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
        loop {
            let read = page(&db, list, after, limit).await.unwrap();
            assert!(read.rows.len() <= limit as usize);
            found.extend(read.rows.iter().map(|it| it.parse::<i64>().unwrap()));
            pages += 1;
            after = read.next;
            if after.is_none() {
                return (found, pages);
            }
        }
    }

    #[tokio::test]
    async fn pages_hold_each_row_once_however_many_the_filter_refuses() {
        for (count, every) in
            [(0, 1), (1, 1), (7, 1), (8, 1), (10_000, 1), (7_000, 3), (9_000, 400)]
        {
            let expected: Vec<i64> = (0..count).filter(|it| it % every == 0).collect();
            assert_eq!(all(&Numbers(count, every), 7).await.0, expected, "{count} {every}");
        }
    }

    #[tokio::test]
    async fn a_page_looks_at_so_many_rows_and_no_more() {
        let (found, pages) = all(&Numbers(9_100, 9_000), 25).await;
        assert_eq!((found, pages), (vec![0, 9_000], 4));
    }

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for place in [
            Place { a: 1, b: -2, id: "a-b.c".into() },
            Place { a: i64::MIN, b: i64::MAX, id: String::new() },
        ] {
            assert_eq!(Place::read(&place.written()), Some(place));
        }
        for text in ["", "1", "1.2", "x.1.a", "1..a"] {
            assert_eq!(Place::read(text), None, "{text}");
        }
    }
}
