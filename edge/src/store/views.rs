//! Participants with everything that an answer shows of them, in one statement.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::{
    api::Review, code::Code, fraud::Signal, referral::Outcome, time::Timestamp, zone::Month,
};

use super::rewards;
use crate::{platform::Db, sql, sql::DbError};

/// A participant as answers show them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct View {
    /// Who.
    pub id: Code,
    /// Where they get messages.
    pub email: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The owner's own fields.
    #[serde(deserialize_with = "sql::json")]
    pub metadata: BTreeMap<String, String>,
    /// How they came: `DIRECT`, `PARTICIPANT`, or by somebody who was forgotten since.
    pub origin: String,
    /// Their language tag.
    pub language: Option<String>,
    /// Their credited referrals.
    pub credited: u32,
    /// When they were added.
    pub created_at: Timestamp,
    /// Up to when they read on their page what happened.
    pub seen_at: Timestamp,
    /// Who referred them.
    pub referrer: Option<Code>,
    /// Where their own referral stands.
    pub outcome: Option<Outcome>,
    /// Those of the given month.
    pub monthly: u32,
    /// One more than how many people have more of them; -1: they have none.
    pub rank: i32,
    /// The same for the given month.
    pub monthly_rank: i32,
    /// Their referrals that wait for the event.
    pub leads: u32,
    /// People's clicks on their link.
    pub impressions: u64,
    /// Of those, the first of each visitor and day.
    pub uniques: u64,
    /// Shares by channel.
    #[serde(deserialize_with = "sql::json")]
    pub shares: BTreeMap<String, u64>,
    /// Their codes besides the id.
    #[serde(deserialize_with = "sql::json")]
    pub vanity: Vec<Code>,
    /// Signals of fraud about them.
    #[serde(deserialize_with = "sql::json")]
    pub signals: Vec<Signal>,
    /// What the owner said when their referral was held.
    pub review: Option<Review>,
    /// Their rewards, newest first, at most 100.
    #[serde(deserialize_with = "sql::json")]
    pub rewards: Vec<rewards::Stored>,
}

/// Participants of a campaign by their ids, in that order; others are left out.
pub async fn of(db: &Db, campaign: &str, ids: &[&str], month: Month) -> Result<Vec<View>, DbError> {
    db.all(sql!(
        "-- views::of
         WITH fresh AS MATERIALIZED (
           SELECT participant, count(*) AS clicks,
                  count(DISTINCT at / 86400000 || visitor) FILTER (
                    WHERE NOT EXISTS (SELECT 1 FROM unique_visitor AS u
                                       WHERE u.day = click.at / 86400000
                                         AND u.participant = click.participant
                                         AND u.visitor = click.visitor)) AS uniques
             FROM click
            WHERE seq > (SELECT seq FROM click_fold) AND campaign = ?1 AND class = 'PERSON'
            GROUP BY participant)
         SELECT p.id, person.email, person.first_name, person.last_name, person.metadata,
                iif(EXISTS (SELECT 1 FROM participant WHERE id = r.referrer AND erased_at IS NOT NULL),
                    'DELETED_PARTICIPANT', p.origin) AS origin, p.language, coalesce(t.credited, 0) AS credited, p.created_at,
                p.seen_at,
                r.referrer, r.outcome, coalesce(m.credited, 0) AS monthly,
                iif(0 < t.credited, 1 + (SELECT coalesce(sum(people), 0) FROM rank_count
                                          WHERE campaign = ?1 AND month = 0
                                            AND t.credited < credited), -1) AS rank,
                iif(0 < m.credited, 1 + (SELECT coalesce(sum(people), 0) FROM rank_count
                                          WHERE campaign = ?1 AND month = ?3
                                            AND m.credited < credited), -1) AS monthly_rank,
                coalesce(t.waiting, 0) AS leads,
                coalesce((SELECT sum(impressions) FROM click_day
                           WHERE campaign = ?1 AND participant = p.id), 0)
                  + coalesce((SELECT clicks FROM fresh WHERE participant = p.id), 0)
                  AS impressions,
                coalesce((SELECT sum(uniques) FROM click_day
                           WHERE campaign = ?1 AND participant = p.id), 0)
                  + coalesce((SELECT uniques FROM fresh WHERE participant = p.id), 0)
                  AS uniques,
                (SELECT json_group_object(channel, n) FROM
                  (SELECT channel, count(*) AS n FROM share
                    WHERE participant = p.id GROUP BY channel)) AS shares,
                (SELECT json_group_array(code) FROM
                  (SELECT code FROM code WHERE participant = p.id AND code <> p.id
                    ORDER BY created_at, code)) AS vanity,
                (SELECT json_group_array(name) FROM signal
                  WHERE participant = p.id) AS signals,
                (SELECT review FROM hold WHERE friend = p.id) AS review,
                (SELECT json_group_array(json_object(
                          'id', id, 'rule', rule, 'side', side, 'referrer', referrer,
                          'friend', friend, 'kind', kind, 'amount', amount, 'currency', currency,
                          'coupon_code', coupon_code, 'charity', charity, 'lacks', lacks,
                          'status', status,
                          'approve_at', approve_at, 'approved_at', approved_at,
                          'fulfilled_at', fulfilled_at, 'created_at', created_at)) FROM
                  (SELECT id, rule, side, referrer, friend, kind, amount, currency, coupon_code,
                          charity, lacks, status, approve_at, approved_at, fulfilled_at, created_at
                     FROM shown_reward WHERE participant = p.id
                    ORDER BY created_at DESC, id DESC LIMIT 100)) AS rewards
           FROM json_each(?2) AS asked
          CROSS JOIN participant AS p ON p.id = asked.value AND p.campaign = ?1
           JOIN person ON person.subject = p.id
           LEFT JOIN tally AS t ON t.participant = p.id AND t.month = 0
           LEFT JOIN tally AS m ON m.participant = p.id AND m.month = ?3
           LEFT JOIN referral AS r ON r.campaign = p.campaign AND r.friend = p.id
          ORDER BY asked.key",
        campaign,
        sql::to_json(&ids),
        month,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::click::Class;

    use crate::store::{
        clicks::{self, Click},
        participants::tests::add,
    };

    fn click(id: &str, participant: &Code, visitor: &str) -> String {
        clicks::row(&Click {
            id: id.into(),
            campaign: "shop".into(),
            participant: participant.clone(),
            channel: None,
            class: Class::Person,
            visitor: Some(visitor.into()),
            at: Timestamp(5),
        })
    }

    #[tokio::test]
    async fn r_click_11_impressions_count_what_is_rolled_up_and_what_came_since() {
        let db = Db::in_memory().unwrap();
        let ada = add(&db, "shop", "ada", "ada@example.com", 1).await;
        let seen = async |expected: (u64, u64)| {
            let found = of(&db, "shop", &["ada", "nobody"], Month(0)).await.unwrap();
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].impressions, found[0].uniques), expected);
        };
        seen((0, 0)).await;
        let first = [click("1", &ada, "v1"), click("2", &ada, "v1")];
        db.batch(vec![clicks::insert_packed(&clicks::pack(&first))]).await.unwrap();
        seen((2, 1)).await;
        clicks::fold(&db, Timestamp(1 << 47)).await.unwrap();
        seen((2, 1)).await;
        let second = [click("3", &ada, "v1"), click("4", &ada, "v2")];
        db.batch(vec![clicks::insert_packed(&clicks::pack(&second))]).await.unwrap();
        seen((4, 2)).await;
        assert!(of(&db, "other", &["ada"], Month(0)).await.unwrap().is_empty());
        assert!(of(&db, "shop", &[], Month(0)).await.unwrap().is_empty());
    }
}
