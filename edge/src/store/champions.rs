//! Who brings the most friends, and who brought some and brings none any more.

use serde::Deserialize;
use shared::{code::Code, time::Timestamp};

use crate::{platform::Db, sql, sql::DbError};

/// The most referrals of a period that are counted by referrer: the newest.
pub const COUNTED: u32 = 20_000;

/// A referrer, and how many friends came by them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Champion {
    /// Who.
    pub id: Code,
    /// Their address.
    pub email: String,
    /// Their names.
    pub name: Option<String>,
    /// How many friends.
    pub friends: u64,
}

/// Those who brought the most friends from `from` up to, and without, `until`; at most 5.
pub async fn best(
    db: &Db,
    campaign: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Champion>, DbError> {
    db.all(sql!(
        "-- champions::best
         SELECT n.subject AS id, n.email,
                nullif(trim(coalesce(n.first_name, '') || ' ' || coalesce(n.last_name, '')), '')
                  AS name,
                c.friends
           FROM (SELECT referrer, count(*) AS friends FROM (
                   SELECT referrer FROM referral
                    WHERE campaign = ?1 AND ?2 <= bound_at AND bound_at < ?3
                    ORDER BY bound_at DESC LIMIT ?4)
                  GROUP BY referrer ORDER BY friends DESC, referrer LIMIT 20) AS c
           JOIN person AS n ON n.subject = c.referrer
          ORDER BY c.friends DESC, n.subject LIMIT 5",
        campaign,
        from,
        until,
        COUNTED,
    ))
    .await
}

/// Those who brought the most friends from `from` up to, and without, `until`, and none since; at
/// most 5.
pub async fn fading(
    db: &Db,
    campaign: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<Champion>, DbError> {
    db.all(sql!(
        "-- champions::fading
         SELECT n.subject AS id, n.email,
                nullif(trim(coalesce(n.first_name, '') || ' ' || coalesce(n.last_name, '')), '')
                  AS name,
                c.friends
           FROM (SELECT referrer, count(*) AS friends FROM (
                   SELECT referrer FROM referral
                    WHERE campaign = ?1 AND ?2 <= bound_at AND bound_at < ?3
                    ORDER BY bound_at DESC LIMIT ?4)
                  GROUP BY referrer ORDER BY friends DESC, referrer LIMIT 500) AS c
          CROSS JOIN person AS n ON n.subject = c.referrer
          WHERE NOT EXISTS (SELECT 1 FROM referral
                             WHERE referrer = c.referrer AND ?3 <= bound_at)
          ORDER BY c.friends DESC, n.subject LIMIT 5",
        campaign,
        from,
        until,
        COUNTED,
    ))
    .await
}
