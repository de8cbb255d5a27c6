//! What happened day by day, by the campaign's own calendar.

use serde::Deserialize;
use shared::time::Span;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What happened, on a day or by a channel.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Figures {
    /// The day, counted from 1970-01-01 by the campaign's clocks.
    pub day: i64,
    /// The share channel; empty: none, or all of them.
    pub channel: String,
    /// People's clicks.
    pub impressions: i64,
    /// Of those, the first of each visitor and day.
    pub uniques: i64,
    /// Shares.
    pub shares: i64,
    /// Who joined.
    pub participants: i64,
    /// Friends who came.
    pub referrals: i64,
    /// Those of them who count.
    pub credited: i64,
    /// What friends did.
    pub conversions: i64,
    /// What they paid, less refunds, in minor units.
    pub revenue: i64,
    /// Rewards that were given.
    pub rewards: i64,
    /// What those are worth, in minor units.
    pub amount: i64,
}

impl Figures {
    /// The sum of both; the day and the channel stay.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let Self { day, channel, .. } = self.clone();
        let sum = |part: fn(&Self) -> i64| part(self).saturating_add(part(other));
        Self {
            day,
            channel,
            impressions: sum(|it| it.impressions),
            uniques: sum(|it| it.uniques),
            shares: sum(|it| it.shares),
            participants: sum(|it| it.participants),
            referrals: sum(|it| it.referrals),
            credited: sum(|it| it.credited),
            conversions: sum(|it| it.conversions),
            revenue: sum(|it| it.revenue),
            rewards: sum(|it| it.rewards),
            amount: sum(|it| it.amount),
        }
    }
}

/// Whether any friend bought or was counted yet.
pub async fn has_credit(db: &Db, campaign: &str) -> Result<bool, DbError> {
    #[derive(Deserialize)]
    struct Found {
        found: i64,
    }
    let rows: Vec<Found> = db
        .all(sql!(
            "-- figures::has_credit
             SELECT EXISTS (SELECT 1 FROM figure
                             WHERE campaign = ?1 AND (credited <> 0 OR revenue <> 0)) AS found",
            campaign,
        ))
        .await?;
    Ok(rows.iter().any(|it| it.found != 0))
}

/// What happened on each day from `first` to `last`, both included; days on which nothing did are
/// left out. Clicks that no roll-up has counted yet are in it, at most 20,000.
pub async fn by_day(
    db: &Db,
    campaign: &str,
    first: i64,
    last: i64,
) -> Result<Vec<Figures>, DbError> {
    db.all(sql!(
        "-- figures::by_day
         WITH fresh AS (
           SELECT (at + coalesce((SELECT ahead FROM clock WHERE campaign = ?1), 0)) / 86400000 AS day,
                  count(*) AS clicks, count(DISTINCT participant || '/' || visitor) AS uniques
             FROM (SELECT at, participant, visitor FROM click
                    WHERE seq > (SELECT seq FROM click_fold) AND campaign = ?1
                      AND class = 'PERSON' LIMIT 20000)
            GROUP BY 1)
         SELECT day, '' AS channel, sum(impressions) AS impressions, sum(uniques) AS uniques,
                sum(shares) AS shares, sum(participants) AS participants,
                sum(referrals) AS referrals, sum(credited) AS credited,
                sum(conversions) AS conversions, sum(revenue) AS revenue, sum(rewards) AS rewards,
                sum(amount) AS amount
           FROM (SELECT day, impressions, uniques, shares, participants, referrals, credited,
                        conversions, revenue, rewards, amount
                   FROM figure WHERE campaign = ?1 AND ?2 <= day AND day <= ?3
                 UNION ALL
                 SELECT day, clicks, uniques, 0, 0, 0, 0, 0, 0, 0, 0 FROM fresh
                  WHERE ?2 <= day AND day <= ?3)
          GROUP BY day ORDER BY day",
        campaign,
        first,
        last,
    ))
    .await
}

/// What happened from day to day by share channel, at most 30: those that brought the most people
/// first.
pub async fn by_channel(
    db: &Db,
    campaign: &str,
    first: i64,
    last: i64,
) -> Result<Vec<Figures>, DbError> {
    db.all(sql!(
        "-- figures::by_channel
         SELECT 0 AS day, channel, sum(impressions) AS impressions, sum(uniques) AS uniques,
                sum(shares) AS shares, sum(participants) AS participants,
                sum(referrals) AS referrals, sum(credited) AS credited,
                sum(conversions) AS conversions, sum(revenue) AS revenue, sum(rewards) AS rewards,
                sum(amount) AS amount
           FROM figure WHERE campaign = ?1 AND ?2 <= day AND day <= ?3
          GROUP BY channel
         HAVING 0 < sum(impressions) + sum(shares) + sum(referrals) + sum(conversions)
          ORDER BY sum(referrals) DESC, sum(impressions) DESC, channel LIMIT 30",
        campaign,
        first,
        last,
    ))
    .await
}

#[derive(Deserialize)]
struct Clock {
    campaign: String,
    ahead: i64,
}

/// How far the clocks of campaigns are ahead, as it was noted last.
pub async fn clocks(db: &Db) -> Result<Vec<(String, Span)>, DbError> {
    let rows: Vec<Clock> =
        db.all(sql!("-- figures::clocks\n SELECT campaign, ahead FROM clock LIMIT 1000")).await?;
    Ok(rows.into_iter().map(|it| (it.campaign, Span(it.ahead))).collect())
}

/// Notes how far a campaign's clocks are ahead of UTC.
pub fn set_clock(campaign: &str, ahead: Span) -> Statement {
    sql!(
        "-- figures::set_clock
         INSERT INTO clock (campaign, ahead) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET ahead = excluded.ahead",
        campaign,
        ahead.0,
    )
}

#[derive(Deserialize)]
pub(super) struct Count {
    pub(super) n: u64,
}

/// What waits for the owner.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
pub struct Waiting {
    /// Rewards to approve, counted up to 1,000.
    pub rewards: u64,
    /// Rewards that were approved and not given, counted up to 1,000.
    pub to_give: u64,
    /// Referrals to look at, counted up to 1,000.
    pub held: u64,
    /// Pools that are nearly empty.
    pub pools: u64,
    /// Decisions to look at again, counted up to 1,000.
    pub appeals: u64,
}

/// How far [`waiting`] counts.
pub const COUNTED: u64 = 1_000;

/// Counts what waits for the owner.
pub async fn waiting(db: &Db, campaign: &str) -> Result<Waiting, DbError> {
    let rows = db
        .all(sql!(
            "-- figures::waiting
             SELECT (SELECT count(*) FROM (
                       SELECT 1 FROM reward WHERE status = 'PENDING' AND campaign = ?1
                          AND (approved_at IS NULL) = 1 LIMIT 1000)) AS rewards,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM reward WHERE status = 'PENDING' AND campaign = ?1
                          AND (approved_at IS NULL) = 0 LIMIT 1000)) AS to_give,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM referral
                        WHERE campaign = ?1 AND outcome = 'HELD'
                          AND outcome IN ('HELD', 'EXPIRED', 'REJECTED', 'REVERSED')
                        LIMIT 1000)) AS held,
                    (SELECT count(*) FROM coupon_pool
                      WHERE campaign = ?1 AND free <= low_stock) AS pools,
                    (SELECT count(*) FROM (
                       SELECT 1 FROM appeal WHERE campaign = ?1 AND state = 'OPEN' LIMIT 1000))
                      AS appeals",
            campaign,
        ))
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

/// Whether anything ever happened in a campaign.
pub async fn is_empty(db: &Db, campaign: &str) -> Result<bool, DbError> {
    let rows: Vec<Count> = db
        .all(sql!(
            "-- figures::is_empty
             SELECT count(*) AS n FROM (SELECT 1 FROM participant WHERE campaign = ?1 LIMIT 1)",
            campaign,
        ))
        .await?;
    Ok(rows.first().is_none_or(|it| it.n == 0))
}
