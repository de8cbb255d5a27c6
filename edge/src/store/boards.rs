//! Leaderboards: when they are closed, by which rules they give, and who leads.

use serde::Deserialize;
use shared::{
    reward::{Period, Place, Rule},
    time::Timestamp,
    zone::Month,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A leaderboard that is to be closed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Due {
    /// The campaign.
    pub campaign: String,
    /// The calendar month; 0: the campaign's end.
    pub month: Month,
    /// The last instant of a campaign that ended.
    pub last: Option<Timestamp>,
    /// The last rule by which it gave.
    pub rule: String,
}

/// The month of a campaign's end.
pub const END: Month = Month(0);

/// Leaderboards that are to be looked at, the longest waiting first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Due>, DbError> {
    db.all(sql!(
        "-- boards::due
         SELECT campaign, month, last, rule FROM board
          WHERE closed_at IS NULL AND due_at <= ?1 ORDER BY due_at LIMIT ?2",
        now,
        most,
    ))
    .await
}

#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "sql::json")]
    body: Rule,
}

/// The next leaderboard rule of a period after the one by which the board gave, as it stood at an
/// instant.
pub async fn next_rule(
    db: &Db,
    board: &Due,
    period: Period,
    at: Timestamp,
) -> Result<Option<Rule>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- boards::next_rule
             SELECT v.body FROM rule AS r
               JOIN rule_version AS v ON v.rule = r.id AND v.version =
                 (SELECT max(version) FROM rule_version WHERE rule = r.id AND at <= ?2)
              WHERE r.campaign = ?1 AND ?3 < r.id AND (r.removed_at IS NULL OR ?2 < r.removed_at)
                AND v.body->>'kind' = 'LEADERBOARD' AND v.body->>'period' = ?4
              ORDER BY r.id LIMIT 1",
            &board.campaign,
            at,
            &board.rule,
            sql::name(&period),
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.body))
}

/// The first places by the referrals for which more than a browser vouches: of equals, whoever joined
/// first. People without any, and those who are blocked, have no place.
pub async fn places(
    db: &Db,
    campaign: &str,
    month: Month,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- boards::places
         SELECT t.participant, t.vouched AS referrals
           FROM tally AS t INDEXED BY tally_vouched
           CROSS JOIN participant AS p ON p.id = t.participant
          WHERE t.campaign = ?1 AND t.month = ?2 AND t.vouched > 0
            AND (p.blocked_at IS NULL OR ?3 < p.blocked_at)
          ORDER BY t.vouched DESC, t.joined_at, t.participant LIMIT ?4",
        campaign,
        month,
        now,
        most,
    ))
    .await
}

/// The board has given by a rule; fails the batch if it had before, is closed, or the campaign went
/// on.
pub fn given(board: &Due, rule: &str) -> Statement {
    sql!(
        "-- boards::given
         UPDATE board SET rule = iif(rule = ?3 AND last IS ?5 AND closed_at IS NULL, ?4, NULL)
          WHERE campaign = ?1 AND month = ?2",
        &board.campaign,
        board.month,
        &board.rule,
        rule,
        board.last,
    )
}

/// Closes a board for good, unless it went on meanwhile.
pub fn close(board: &Due, now: Timestamp) -> Statement {
    sql!(
        "-- boards::close
         UPDATE board SET closed_at = ?4
          WHERE campaign = ?1 AND month = ?2 AND rule = ?3 AND last IS ?5 AND closed_at IS NULL",
        &board.campaign,
        board.month,
        &board.rule,
        now,
        board.last,
    )
}

/// Looks at a board again later.
pub fn put_off(board: &Due, until: Timestamp) -> Statement {
    sql!(
        "-- boards::put_off
         UPDATE board SET due_at = ?3
          WHERE campaign = ?1 AND month = ?2 AND last IS ?4 AND closed_at IS NULL",
        &board.campaign,
        board.month,
        until,
        board.last,
    )
}
