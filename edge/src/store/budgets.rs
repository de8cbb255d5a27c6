//! What campaigns have given away. The schema keeps count, and refuses what would exceed it.

use serde::Deserialize;
use shared::reward::Budget;

use crate::{platform::Db, sql, sql::DbError};

#[derive(Deserialize)]
struct Row {
    rewards: i64,
    amount: i64,
}

/// What a campaign has given.
pub async fn spent(db: &Db, campaign: &str) -> Result<Budget, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- budgets::spent
             SELECT rewards, amount FROM budget WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    let row = rows.first();
    Ok(Budget {
        rewards: Some(row.map_or(0, |it| it.rewards)),
        amount: Some(row.map_or(0, |it| it.amount)),
    })
}

/// What a campaign may still give.
pub async fn left(db: &Db, campaign: &str) -> Result<Budget, DbError> {
    let rows: Vec<Budget> = db
        .all(sql!(
            "-- budgets::left
             SELECT rewards_most - rewards AS rewards,
                    coalesce(amount_most, 9007199254740991) - amount AS amount
               FROM budget WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}
