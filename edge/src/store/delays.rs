//! Credits that are put off: their day, who vouches for it, and its end.

use serde::Deserialize;
use shared::{code::Code, reward::Source, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A credit whose day has come.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Due {
    /// The campaign.
    pub campaign: String,
    /// Who came.
    pub friend: Code,
    /// The day.
    pub credit_at: Timestamp,
    /// Who vouches for the event.
    pub credit_source: Source,
}

/// Puts the credit of a pending referral off: it does not expire meanwhile. Fails the batch if it is
/// pending no more, put off already, or its friend was forgotten.
pub fn begin(
    campaign: &str,
    friend: &Code,
    until: Timestamp,
    source: Source,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- delays::begin
         UPDATE referral SET credit_at = ?3, credit_source = ?4,
                updated_at = iif(outcome = 'PENDING' AND credit_at IS NULL
                                   AND NOT EXISTS (SELECT 1 FROM participant
                                                    WHERE id = ?2 AND erased_at IS NOT NULL),
                                 ?5, NULL)
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        until,
        sql::name(&source),
        now,
    )
}

/// Ends a delay: the referral waits for its event again, as long as the campaign lets it. Fails the
/// batch if it waits for another day or for none.
pub fn end(campaign: &str, friend: &Code, until: Timestamp, now: Timestamp) -> Statement {
    sql!(
        "-- delays::end
         UPDATE referral SET credit_at = NULL, credit_source = NULL,
                updated_at = iif(outcome = 'PENDING' AND credit_at = ?3, ?4, NULL)
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        friend,
        until,
        now,
    )
}

/// Looks at a due credit again later: it could not be decided now.
pub fn put_off(it: &Due, until: Timestamp) -> Statement {
    sql!(
        "-- delays::put_off
         UPDATE referral SET credit_at = ?4
          WHERE campaign = ?1 AND friend = ?2 AND outcome = 'PENDING' AND credit_at = ?3",
        &it.campaign,
        &it.friend,
        it.credit_at,
        until,
    )
}

/// Credits whose day has come, the longest waiting first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Due>, DbError> {
    db.all(sql!(
        "-- delays::due
         SELECT campaign, friend, credit_at, credit_source FROM referral
          WHERE outcome = 'PENDING' AND credit_at <= ?1 ORDER BY credit_at LIMIT ?2",
        now,
        most,
    ))
    .await
}
