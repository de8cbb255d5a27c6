//! Uses of share controls.

use serde::Deserialize;
use shared::{code::Code, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Adds a share.
pub fn insert(
    id: &str,
    campaign: &str,
    participant: &Code,
    channel: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- shares::insert
         INSERT INTO share (id, campaign, participant, channel, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        id,
        campaign,
        participant,
        channel,
        now,
    )
}

/// How often a participant shared by one channel.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Count {
    /// The channel's key.
    pub channel: String,
    /// How often.
    pub shares: u64,
}

/// A participant's shares by channel; there are 18 channels.
pub async fn counts(db: &Db, participant: &Code) -> Result<Vec<Count>, DbError> {
    db.all(sql!(
        "-- shares::counts
         SELECT channel, count(*) AS shares FROM share WHERE participant = ?1
          GROUP BY channel ORDER BY channel",
        participant,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn shares_are_counted_by_channel() {
        let db = Db::in_memory().unwrap();
        let ada = Code::parse("ada").unwrap();
        let share = |id, channel| insert(id, "shop", &ada, channel, Timestamp(1));
        let batch = vec![share("1", "email"), share("2", "email"), share("3", "whatsapp")];
        db.batch(batch).await.unwrap();
        let count = |channel: &str, shares| Count { channel: channel.into(), shares };
        let expected = [count("email", 2), count("whatsapp", 1)];
        assert_eq!(counts(&db, &ada).await.unwrap(), expected);
        assert_eq!(counts(&db, &Code::parse("bob").unwrap()).await.unwrap(), []);
    }
}
