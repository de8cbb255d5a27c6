//! Versions of a campaign's settings, rules and texts: who made each, and what it says.

use serde::Deserialize;
use serde_json::Value;
use shared::time::Timestamp;

use crate::{
    call::{By, Call},
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The subject of the settings' versions.
pub const SETTINGS: &str = "SETTINGS";

/// The subject of the versions of the owner's texts.
pub const TEXTS: &str = "TEXTS";

/// The subject of the versions of how public pages look.
pub const LOOK: &str = "LOOK";

/// More versions than there are.
const NEWEST: i64 = 1 << 50;

/// A version, with what its subject said before.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Version {
    /// Counted from 1 within the campaign.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// `MEMBER`, `KEY` or `NOBODY`.
    pub by_kind: String,
    /// Their id.
    pub by_id: String,
    /// [`SETTINGS`], [`TEXTS`], [`LOOK`], or a rule's id.
    pub subject: String,
    /// What it says: JSON; none: the rule is out of force.
    pub body: Option<String>,
    /// What it said before.
    #[serde(default)]
    pub before: Option<String>,
}

/// Notes what settings or texts are from now on.
pub fn insert(call: &Call, campaign: &str, subject: &str, body: &Value) -> Statement {
    let (by_kind, by_id) = by(call);
    sql!(
        "-- versions::insert
         INSERT INTO version (campaign, number, at, by_kind, by_id, subject, body)
         SELECT ?1, coalesce((SELECT max(number) FROM version WHERE campaign = ?1), 0) + 1,
                ?2, ?3, ?4, ?5, ?6",
        campaign,
        call.now,
        by_kind,
        by_id,
        subject,
        body.to_string(),
    )
}

/// Notes what settings or texts were before a change, where the newest version says something else:
/// they were written past the list, by nobody of the team, or before there was any version of them.
pub fn settle(campaign: &str, subject: &str, body: &Value, now: Timestamp) -> Statement {
    sql!(
        "-- versions::settle
         INSERT INTO version (campaign, number, at, by_kind, by_id, subject, body)
         SELECT ?1, coalesce((SELECT max(number) FROM version WHERE campaign = ?1), 0) + 1,
                coalesce(iif(EXISTS (SELECT 1 FROM version WHERE campaign = ?1 AND subject = ?2),
                             NULL, (SELECT created_at FROM campaign WHERE id = ?1)), ?4),
                'NOBODY', '', ?2, ?3
          WHERE ?3 IS NOT (SELECT body FROM version WHERE campaign = ?1 AND subject = ?2
                            ORDER BY number DESC LIMIT 1)",
        campaign,
        subject,
        body.to_string(),
        now,
    )
}

fn by(call: &Call) -> (&'static str, &str) {
    match &call.by {
        By::Key(id) => ("KEY", id),
        By::Member(id) => ("MEMBER", id),
        By::Nobody | By::Participant(_) => ("NOBODY", ""),
    }
}

/// Versions before a number, newest first, each beside what was said before.
pub async fn page(
    db: &Db,
    campaign: &str,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Version>, DbError> {
    db.all(sql!(
        "-- versions::page
         SELECT v.number, v.at, v.by_kind, v.by_id, v.subject,
                coalesce(v.body, r.body) AS body, coalesce(o.body, b.body) AS before
           FROM version AS v
           LEFT JOIN rule_version AS r ON r.rule = v.subject AND r.version = v.rule_version
           LEFT JOIN version AS o ON o.campaign = v.campaign
            AND o.number = (SELECT max(number) FROM version
                             WHERE campaign = v.campaign AND subject = v.subject
                               AND number < v.number)
           LEFT JOIN rule_version AS b ON b.rule = v.subject
            AND b.version = coalesce(o.rule_version, v.rule_version - 1)
          WHERE v.campaign = ?1 AND v.number < ?2
          ORDER BY v.number DESC LIMIT ?3",
        campaign,
        before.unwrap_or(NEWEST),
        limit,
    ))
    .await
}

/// The newest version of each subject up to a number: what stood then, the oldest subject first.
pub async fn standing(db: &Db, campaign: &str, number: i64) -> Result<Vec<Version>, DbError> {
    db.all(sql!(
        "-- versions::standing
         SELECT v.number, v.at, v.by_kind, v.by_id, v.subject, coalesce(v.body, r.body) AS body
           FROM (SELECT max(number) AS number FROM version
                  WHERE campaign = ?1 AND number <= ?2 GROUP BY subject) AS it
          CROSS JOIN version AS v ON v.campaign = ?1 AND v.number = it.number
           LEFT JOIN rule_version AS r ON r.rule = v.subject AND r.version = v.rule_version
          ORDER BY (SELECT min(number) FROM version
                     WHERE campaign = ?1 AND subject = v.subject)",
        campaign,
        number,
    ))
    .await
}
