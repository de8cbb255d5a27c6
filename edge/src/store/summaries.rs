//! Campaigns with the counts and rules that an answer shows of them, in one statement.

use serde::Deserialize;
use shared::{api::Goal, campaign::Status, money::Currency, reward::Rule, time::Timestamp};

use crate::{platform::Db, sql, sql::DbError};

/// A campaign as answers show it.
#[derive(Clone, Debug, Deserialize)]
pub struct Summary {
    /// Six characters.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// The one currency of its amounts.
    pub currency: Currency,
    /// The owner's name.
    pub company_name: Option<String>,
    /// The owner's logo.
    pub company_logo_image_url: Option<String>,
    /// What it is for.
    pub goal: Option<Goal>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its participants.
    pub participants: u64,
    /// Its credited referrals.
    pub referrals: u64,
    /// People's clicks.
    pub impressions: u64,
    /// Participants with an approved reward.
    pub winners: u64,
    /// Its visible rules, oldest first.
    #[serde(deserialize_with = "sql::json")]
    pub rules: Vec<Rule>,
}

/// One campaign, or all of them, oldest first; at most 1,000.
pub async fn of(db: &Db, id: Option<&str>) -> Result<Vec<Summary>, DbError> {
    db.all(sql!(
        "-- summaries::of
         SELECT c.id, c.name, c.status, c.currency, c.company_name, c.company_logo_image_url,
                c.goal, c.created_at,
                (SELECT count(*) FROM participant
                  WHERE campaign = c.id AND erased_at IS NULL) AS participants,
                (SELECT count(*) FROM referral
                  WHERE campaign = c.id AND outcome = 'AWARDED') AS referrals,
                coalesce((SELECT sum(clicks) FROM click_quarter
                           WHERE campaign = c.id AND class = 'PERSON'), 0)
                  + (SELECT count(*) FROM click
                      WHERE seq > (SELECT seq FROM click_fold)
                        AND campaign = c.id AND class = 'PERSON') AS impressions,
                (SELECT count(DISTINCT participant) FROM reward INDEXED BY reward_by_campaign
                  WHERE campaign = c.id AND approved_at IS NOT NULL AND status IN ('PENDING', 'FULFILLED'))
                  AS winners,
                (SELECT json_group_array(json(body)) FROM
                  (SELECT body FROM rule
                    WHERE campaign = c.id AND removed_at IS NULL AND body->>'isVisible'
                    ORDER BY created_at, id LIMIT 100)) AS rules
           FROM campaign AS c
          WHERE ?1 IS NULL OR c.id = ?1 ORDER BY c.created_at, c.id LIMIT 1000",
        id,
    ))
    .await
}
