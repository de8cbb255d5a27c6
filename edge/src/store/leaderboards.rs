//! Leaderboards: who has most referrals, in total or in a month, or whose link was opened most.

use serde::Deserialize;
use shared::{time::Timestamp, zone::Month};

use crate::{platform::Db, sql, sql::DbError};

/// A place on a leaderboard.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Spot {
    /// What is counted.
    pub count: i64,
    /// When the participant joined: of equals, the earlier is first.
    pub joined_at: Timestamp,
    /// Who.
    pub id: String,
}

/// What a leaderboard counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Board {
    /// Credited referrals since the beginning; those who have none come last.
    AllTime,
    /// Those of one month; who has none is left out.
    Month(Month),
    /// People's clicks on the link.
    Impressions,
    /// Of those, the first of each visitor and day.
    Uniques,
}

/// A page of a leaderboard, `limit` of its places after one.
pub async fn page(
    db: &Db,
    campaign: &str,
    board: Board,
    after: Option<&Spot>,
    limit: u32,
) -> Result<Vec<Spot>, DbError> {
    match board {
        Board::AllTime => referrals(db, campaign, Month(0), 0, after, limit).await,
        Board::Month(month) => referrals(db, campaign, month, 1, after, limit).await,
        Board::Impressions => clicks(db, campaign, false, after, limit).await,
        Board::Uniques => clicks(db, campaign, true, after, limit).await,
    }
}

async fn referrals(
    db: &Db,
    campaign: &str,
    month: Month,
    least: u32,
    after: Option<&Spot>,
    limit: u32,
) -> Result<Vec<Spot>, DbError> {
    let (count, joined_at, id) = before(after);
    db.all(sql!(
        "-- leaderboards::referrals
         SELECT credited AS count, joined_at, participant AS id FROM tally
          WHERE campaign = ?1 AND month = ?2 AND ?3 <= credited AND credited <= ?4
            AND (credited < ?4 OR (joined_at, participant) > (?5, ?6))
          ORDER BY credited DESC, joined_at, participant LIMIT ?7",
        campaign,
        month,
        least,
        count,
        joined_at,
        id,
        limit,
    ))
    .await
}

/// Counted from the roll-ups: what came in the last minutes is not in them yet.
async fn clicks(
    db: &Db,
    campaign: &str,
    uniques: bool,
    after: Option<&Spot>,
    limit: u32,
) -> Result<Vec<Spot>, DbError> {
    let (count, joined_at, id) = before(after);
    db.all(sql!(
        "-- leaderboards::clicks
         WITH counted AS (
           SELECT t.participant AS id, t.joined_at,
                  coalesce((SELECT sum(iif(?2, uniques, impressions)) FROM click_day
                             WHERE campaign = ?1 AND participant = t.participant), 0) AS count
             FROM tally AS t
            WHERE t.campaign = ?1 AND t.month = 0)
         SELECT count, joined_at, id FROM counted
          WHERE count <= ?3 AND (count < ?3 OR (joined_at, id) > (?4, ?5))
          ORDER BY count DESC, joined_at, id LIMIT ?6",
        campaign,
        uniques,
        count,
        joined_at,
        id,
        limit,
    ))
    .await
}

/// The place before a page: one above all of them, for the first.
fn before(after: Option<&Spot>) -> (i64, i64, &str) {
    after.map_or((shared::money::LARGEST, -1, ""), |it| (it.count, it.joined_at.0, &it.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sql::Statement, store::participants::tests::add};

    async fn ids(db: &Db, board: Board, after: Option<&Spot>, limit: u32) -> Vec<String> {
        let found = page(db, "shop", board, after, limit).await.unwrap();
        found.into_iter().map(|it| it.id).collect()
    }

    async fn run(db: &Db, sql: &'static str) {
        db.batch(vec![Statement { sql, args: Vec::new() }]).await.unwrap();
    }

    #[tokio::test]
    async fn r_board_7_most_referrals_come_first_and_of_equals_who_joined_earlier() {
        let db = Db::in_memory().unwrap();
        assert!(ids(&db, Board::AllTime, None, 9).await.is_empty());
        for (id, at) in [("dot", 1), ("cid", 2), ("bob", 2), ("ada", 3)] {
            add(&db, "shop", id, &format!("{id}@example.com"), at).await;
        }
        add(&db, "other", "eve", "eve@example.com", 1).await;
        run(&db, "-- t\n UPDATE tally SET credited = 2 WHERE participant = 'ada'").await;
        assert_eq!(ids(&db, Board::AllTime, None, 9).await, ["ada", "dot", "bob", "cid"]);
        let first = page(&db, "shop", Board::AllTime, None, 2).await.unwrap();
        assert_eq!(ids(&db, Board::AllTime, first.last(), 9).await, ["bob", "cid"]);
        let month = Board::Month(Month(24_310));
        assert!(ids(&db, month, None, 9).await.is_empty());
        run(
            &db,
            "-- t
             INSERT INTO tally (participant, month, campaign, joined_at, credited)
             VALUES ('bob', 24310, 'shop', 2, 1), ('cid', 24310, 'shop', 2, 0)",
        )
        .await;
        assert_eq!(ids(&db, month, None, 9).await, ["bob"]);
    }

    #[tokio::test]
    async fn r_board_8_links_that_were_opened_most_come_first() {
        let db = Db::in_memory().unwrap();
        for (id, at) in [("ada", 1), ("bob", 2), ("cid", 3)] {
            add(&db, "shop", id, &format!("{id}@example.com"), at).await;
        }
        run(
            &db,
            "-- t
             INSERT INTO click_day (campaign, participant, day, impressions, uniques)
             VALUES ('shop', 'cid', 1, 5, 1), ('shop', 'cid', 2, 1, 1), ('shop', 'bob', 1, 5, 4)",
        )
        .await;
        assert_eq!(ids(&db, Board::Impressions, None, 9).await, ["cid", "bob", "ada"]);
        assert_eq!(ids(&db, Board::Uniques, None, 9).await, ["bob", "cid", "ada"]);
        let first = page(&db, "shop", Board::Uniques, None, 1).await.unwrap();
        assert_eq!(ids(&db, Board::Uniques, first.last(), 9).await, ["cid", "ada"]);
    }
}
