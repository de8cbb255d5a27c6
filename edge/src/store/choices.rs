//! What people say about their rewards: a charity, an address.

use serde::Deserialize;
use shared::{address::Address, code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The reward is still to be given; fails the batch if it is not.
pub fn still_open(reward: &str) -> Statement {
    sql!(
        "-- choices::still_open
         UPDATE reward SET status = iif(status = 'PENDING', status, NULL) WHERE id = ?1",
        reward,
    )
}

/// Keeps whom a donation goes to.
pub fn choose(reward: &str, charity: &str) -> Statement {
    sql!("-- choices::choose\n UPDATE reward SET charity = ?2 WHERE id = ?1", reward, charity)
}

/// Keeps where a participant's gifts are sent, and lets those go on that waited for it.
#[must_use]
pub fn send_to(participant: &Code, address: &Address, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- choices::send_to
             UPDATE person SET address = ?2 WHERE subject = ?1 AND kind = 'PARTICIPANT'",
            participant,
            sql::to_json(address),
        ),
        sql!(
            "-- choices::send_to/rewards
             UPDATE reward
                SET lacks = NULL, lacks_at = ?2,
                    fulfilled_at = iif(c.options->>'autoFulfillRewards', ?2, NULL),
                    status = iif(c.options->>'autoFulfillRewards', 'FULFILLED',
                                 reward.status)
               FROM campaign AS c
              WHERE c.id = reward.campaign AND participant = ?1 AND lacks = 'ADDRESS'
                AND reward.status = 'PENDING'",
            participant,
            now,
        ),
    ]
}

#[derive(Deserialize)]
struct Row {
    #[serde(deserialize_with = "sql::json")]
    address: Address,
}

/// Where a participant's gifts are sent.
pub async fn address(db: &Db, participant: &Code) -> Result<Option<Address>, DbError> {
    let rows: Vec<Row> = db
        .all(sql!(
            "-- choices::address
             SELECT address FROM person WHERE subject = ?1 AND address IS NOT NULL",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.address))
}
