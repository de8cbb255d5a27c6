//! Referrers: their counts, and what limits and rounds rest on.

use serde::Deserialize;
use shared::{
    code::Code,
    referral::Standing,
    reward::{Budget, Given, Picked, Tally, Waiting},
    time::Timestamp,
    zone::Month,
};

use super::participants::Key;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A referrer, as far as a bond or a credit depends on them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Referrer {
    /// Who, and whether they stand well.
    pub standing: Standing,
    /// Their counts so far; of the leads, those whose sign-up was told.
    pub total: Tally,
    /// Those of the month that was asked for.
    pub monthly: Tally,
    /// How many met each rule's conditions, in total and in that month; empty unless counts were
    /// asked for or rounds wait.
    pub picked: Vec<Picked>,
    /// What they have by each rule; empty unless counts were asked for or rounds wait.
    pub given: Vec<Given>,
    /// Their rounds that wait for somebody better than a browser, also of rules that are gone.
    pub rounds: Vec<Waiting>,
    /// What is left of the campaign's budget.
    pub budget: Budget,
    /// Counts what a counted credit depends on.
    pub revision: i64,
}

#[derive(Deserialize)]
struct ReferrerRow {
    id: Code,
    blocked_at: Option<Timestamp>,
    #[serde(deserialize_with = "sql::json")]
    total: Tally,
    #[serde(deserialize_with = "sql::json")]
    monthly: Tally,
    #[serde(deserialize_with = "sql::json")]
    picked: Vec<Picked>,
    #[serde(deserialize_with = "sql::json")]
    given: Vec<Given>,
    #[serde(deserialize_with = "sql::json")]
    rounds: Vec<Waiting>,
    rewards_left: Option<i64>,
    amount_left: Option<i64>,
    revision: i64,
}

/// A referrer in a campaign, with their counts in total and in a month; and what rules with limits
/// or rounds depend on, if `counted`.
pub async fn find(
    db: &Db,
    campaign: &str,
    key: &Key,
    month: Month,
    counted: bool,
) -> Result<Option<Referrer>, DbError> {
    read(db, campaign, key, month, counted, false).await
}

/// The referrer of a bond: also one who was forgotten since, as somebody whose link brings nothing.
pub async fn bound(
    db: &Db,
    campaign: &str,
    referrer: &Code,
    month: Month,
    counted: bool,
) -> Result<Option<Referrer>, DbError> {
    read(db, campaign, &Key::Code(referrer.clone()), month, counted, true).await
}

async fn read(
    db: &Db,
    campaign: &str,
    key: &Key,
    month: Month,
    counted: bool,
    bound: bool,
) -> Result<Option<Referrer>, DbError> {
    let rows: Vec<ReferrerRow> = db
        .all(sql!(
            "-- referrers::read
             SELECT p.id, iif(p.erased_at IS NULL, p.blocked_at, 0) AS blocked_at, p.revision,
                    coalesce((SELECT json_object(
                                'leads', leads - (SELECT count(*) FROM referral
                                                   WHERE referrer = p.id AND unsigned = 1
                                                     AND outcome NOT IN ('HELD', 'REJECTED')),
                                'vouched_leads', vouched_leads,
                                'credited', credited, 'vouched', vouched)
                                FROM tally WHERE participant = p.id AND month = 0), '{}') AS total,
                    coalesce((SELECT json_object('leads', leads, 'vouched_leads', vouched_leads,
                                                 'credited', credited, 'vouched', vouched)
                                FROM tally WHERE participant = p.id AND month = ?4), '{}')
                      AS monthly,
                    CASE WHEN ?5 OR EXISTS (SELECT 1 FROM waiting_reward
                                               WHERE participant = p.id AND needs IS NOT NULL)
                      THEN
                      (SELECT json_group_array(json_object(
                                'rule', rule, 'event', event, 'month', nullif(month, 0),
                                'all', counted, 'vouched', vouched))
                         FROM rule_tally WHERE participant = p.id AND month IN (0, ?4))
                    ELSE '[]' END AS picked,
                    CASE WHEN ?5 OR EXISTS (SELECT 1 FROM waiting_reward
                                               WHERE participant = p.id AND needs IS NOT NULL)
                      THEN
                      (SELECT json_group_array(json_object(
                                'rule', g.rule, 'version', g.version, 'month', g.month,
                                'per', g.per, 'event', g.event,
                                'picked', json(iif(g.picked, 'true', 'false')),
                                'count', g.rewards, 'reach', g.reach, 'singles', g.singles))
                         FROM rule CROSS JOIN given AS g
                           ON g.rule = rule.id AND g.participant = p.id
                        WHERE rule.campaign = ?1)
                    ELSE '[]' END AS given,
                    (SELECT json_group_array(json(it)) FROM
                      (SELECT it FROM waiting_reward
                        WHERE participant = p.id AND needs IS NOT NULL
                        ORDER BY created_at, id)) AS rounds,
                    b.rewards_most - b.rewards AS rewards_left,
                    coalesce(b.amount_most, 9007199254740991) - b.amount AS amount_left
               FROM participant AS p LEFT JOIN budget AS b ON b.campaign = p.campaign
              WHERE p.campaign = ?1 AND p.id = iif(?6, ?2, coalesce(
                (SELECT participant FROM code WHERE code = ?2 AND campaign = ?1),
                (SELECT subject FROM person
                  WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?3)))",
            campaign,
            key.code(),
            key.identity(),
            month,
            counted,
            bound,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| Referrer {
        standing: Standing { participant: it.id, blocked_at: it.blocked_at },
        total: it.total,
        monthly: it.monthly,
        picked: it.picked,
        given: it.given,
        rounds: it.rounds,
        budget: Budget { rewards: it.rewards_left, amount: it.amount_left },
        revision: it.revision,
    }))
}

/// What was counted of a referrer changes.
pub fn touch(referrer: &Code) -> Statement {
    sql!(
        "-- referrers::touch
         UPDATE participant SET revision = revision + 1 WHERE id = ?1",
        referrer,
    )
}

/// What was counted of a referrer changes; fails the batch if it did since it was read.
pub fn touch_at(referrer: &Code, revision: i64) -> Statement {
    sql!(
        "-- referrers::touch_at
         UPDATE participant SET revision = iif(revision = ?2, revision + 1, NULL) WHERE id = ?1",
        referrer,
        revision,
    )
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use shared::{
        referral::Outcome,
        reward::{Approval, Earned, Event, Gift, GiftKind, Period, Side, Source},
    };

    use super::*;
    use crate::store::{
        participants::tests::add,
        referrals::{self, Settlement},
        rewards::{self, Occasion},
        rules,
    };

    const MONTH: Month = Month(24_310);

    async fn ada(db: &Db, month: Month) -> Referrer {
        let key = Key::parse("ada").unwrap();
        find(db, "shop", &key, month, true).await.unwrap().unwrap()
    }

    async fn bond(db: &Db, friend: &Code, month: Month, source: Source) {
        let new = referrals::New {
            campaign: "shop",
            friend,
            referrer: &Code::parse("ada").unwrap(),
            click: None,
            channel: None,
            source,
            month,
            now: Timestamp(1),
        };
        db.batch(vec![referrals::insert(&new)]).await.unwrap();
    }

    /// What a referrer earned by the rule `crew_1`.
    fn earned(referrer: &Code, source: Source) -> Earned {
        Earned {
            rule: "crew_1".into(),
            version: 1,
            participant: referrer.clone(),
            side: Side::Referrer,
            event: Event::Conversion,
            gift: Gift::default(),
            occasion: String::new(),
            needs: None,
            month: None,
            picked: false,
            source,
            hold_days: 0,
            approval: Approval::ByHand,
        }
    }

    fn award(friend: &Code, month: Month) -> Statement {
        let settlement = Settlement {
            outcome: Outcome::Awarded,
            month: Some(month),
            conversion: None,
            source: Source::Server,
            now: Timestamp(2),
        };
        referrals::settle("shop", friend, &settlement)
    }

    #[tokio::test]
    async fn a_counted_credit_fails_when_the_counts_changed() {
        let db = Db::in_memory().unwrap();
        let id = add(&db, "shop", "ada", "ada@example.com", 1).await;
        db.batch(vec![touch_at(&id, 0)]).await.unwrap();
        assert_eq!(db.batch(vec![touch_at(&id, 0)]).await, Err(DbError::Constraint));
        db.batch(vec![touch(&id)]).await.unwrap();
        assert_eq!(ada(&db, MONTH).await.revision, 2);
        let key = Key::parse("ada").unwrap();
        assert_eq!(find(&db, "other", &key, MONTH, true).await.unwrap(), None);
    }

    #[tokio::test]
    async fn r_reward_7_what_was_given_is_counted_by_rule_version_and_month() {
        let db = Db::in_memory().unwrap();
        let id = add(&db, "shop", "ada", "ada@example.com", 1).await;
        let friends = ["b", "c", "d", "e", "f"].map(|it| Code::parse(it).unwrap());
        let give = |n: usize, version, month, source, needs| {
            let occasion = n.to_string();
            let earned = Earned { version, occasion, needs, ..earned(&id, source) };
            let (referrer, friend, now) = (&id, Some(&friends[n]), Timestamp(1));
            let occasion = Occasion { campaign: "shop", referrer, friend, month, now };
            rewards::insert(&format!("prew_{n}"), &occasion, &earned)
        };
        db.batch(vec![
            give(0, 1, MONTH, Source::Server, None),
            give(1, 1, MONTH, Source::Browser, None),
            give(2, 1, MONTH.next(), Source::Server, None),
            give(3, 2, MONTH, Source::Browser, Some(6)),
            give(4, 2, MONTH, Source::Server, Some(4)),
        ])
        .await
        .unwrap();
        db.batch(rules::insert("shop", &rules::tests::double("crew_1"), Timestamp(1)))
            .await
            .unwrap();
        let of = |version, month, count, reach, singles| Given {
            rule: "crew_1".into(),
            version,
            month,
            per: Period::InTotal,
            event: Event::Conversion,
            picked: false,
            count,
            reach,
            singles,
        };
        let expected = |second| vec![of(1, MONTH, 1, 0, 2), of(1, MONTH.next(), 1, 0, 1), second];
        // Whichever month is asked for.
        for month in [MONTH, MONTH.next(), Month(1)] {
            assert_eq!(ada(&db, month).await.given, expected(of(2, MONTH, 2, 6, 0)));
        }
        let most = async |per| rules::most_given(&db, "crew_1", per).await.unwrap();
        assert_eq!((most(Period::InTotal).await, most(Period::PerMonth).await), (4, 3));
        // A round that may be earned anew reaches nowhere.
        let sql = "-- t\n UPDATE reward SET status = 'CANCELLED', occasion = occasion || ' ' || id
                   WHERE id = 'prew_3'";
        db.batch(vec![Statement { sql, args: Vec::new() }]).await.unwrap();
        assert_eq!(ada(&db, MONTH).await.given, expected(of(2, MONTH, 1, 4, 0)));
    }

    #[tokio::test]
    async fn r_count_1_counts_follow_every_change_of_a_referral() {
        let db = Db::in_memory().unwrap();
        add(&db, "shop", "ada", "ada@example.com", 1).await;
        let bob = add(&db, "shop", "bob", "bob@example.com", 1).await;
        let cid = add(&db, "shop", "cid", "cid@example.com", 1).await;
        let counts = |it: Tally| [it.leads, it.vouched_leads, it.credited, it.vouched];
        let check = async |total, monthly, next| {
            let (now, later) = (ada(&db, MONTH).await, ada(&db, MONTH.next()).await);
            let found = [now.total, now.monthly, later.monthly].map(counts);
            assert_eq!(found, [total, monthly, next]);
            let sql = "-- t
                SELECT waiting - (SELECT count(*) FROM referral
                                   WHERE referrer = 'ada' AND outcome IN ('HELD', 'PENDING')) AS n
                  FROM tally WHERE participant = 'ada' AND month = 0";
            assert_eq!(all::<serde_json::Value>(&db, sql).await[0]["n"], 0);
        };
        check([0; 4], [0; 4], [0; 4]).await;
        bond(&db, &bob, MONTH, Source::Browser).await;
        check([1, 0, 0, 0], [1, 0, 0, 0], [0; 4]).await;
        bond(&db, &cid, MONTH, Source::Server).await;
        check([2, 1, 0, 0], [2, 1, 0, 0], [0; 4]).await;
        db.batch(vec![award(&bob, MONTH), award(&cid, MONTH.next())]).await.unwrap();
        check([2, 2, 2, 2], [2, 2, 1, 1], [0, 0, 1, 1]).await;
        let change = async |sql| {
            let args = Vec::new();
            db.batch(vec![Statement { sql, args }]).await.unwrap();
        };
        change("-- t\n UPDATE referral SET outcome = 'REVERSED' WHERE friend = 'cid'").await;
        check([2, 2, 1, 1], [2, 2, 1, 1], [0; 4]).await;
        change("-- t\n UPDATE referral SET outcome = 'REJECTED' WHERE friend = 'cid'").await;
        check([1, 1, 1, 1], [1, 1, 1, 1], [0; 4]).await;
        change("-- t\n UPDATE referral SET outcome = 'HELD' WHERE friend = 'cid'").await;
        check([1, 1, 1, 1], [1, 1, 1, 1], [0; 4]).await;
        change("-- t\n UPDATE referral SET source = 'BROWSER' WHERE friend = 'bob'").await;
        check([1, 0, 1, 0], [1, 0, 1, 0], [0; 4]).await;
        change("-- t\n UPDATE referral SET month = 24311 WHERE friend = 'bob'").await;
        check([1, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]).await;
        change("-- t\n DELETE FROM referral WHERE friend = 'bob'").await;
        check([0; 4], [0; 4], [0; 4]).await;
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        credited: u32,
        people: u32,
    }

    const SQL: &str = "-- t
        SELECT credited, people FROM rank_count WHERE campaign = 'shop' AND month = 0
         ORDER BY credited";

    async fn all<T: DeserializeOwned>(db: &Db, sql: &'static str) -> Vec<T> {
        db.all(Statement { sql, args: Vec::new() }).await.unwrap()
    }

    #[tokio::test]
    async fn r_rank_1_the_histogram_counts_people_by_their_referrals() {
        let db = Db::in_memory().unwrap();
        for id in ["ada", "bob", "cid"] {
            add(&db, "shop", id, &format!("{id}@example.com"), 1).await;
        }
        assert_eq!(all::<Row>(&db, SQL).await, []);
        for id in ["bob", "cid"] {
            let friend = Code::parse(id).unwrap();
            bond(&db, &friend, MONTH, Source::Server).await;
            db.batch(vec![award(&friend, MONTH)]).await.unwrap();
        }
        assert_eq!(all::<Row>(&db, SQL).await, [Row { credited: 2, people: 1 }]);
        let sql = "-- t\n DELETE FROM referral WHERE friend = 'cid'";
        db.batch(vec![Statement { sql, args: Vec::new() }]).await.unwrap();
        assert_eq!(all::<Row>(&db, SQL).await, [Row { credited: 1, people: 1 }]);
        let sql = "-- t\n DELETE FROM tally WHERE participant = 'ada'";
        db.batch(vec![Statement { sql, args: Vec::new() }]).await.unwrap();
        assert_eq!(all::<Row>(&db, SQL).await, []);
    }

    #[tokio::test]
    async fn r_budget_3_what_would_exceed_the_budget_is_not_written() {
        let db = Db::in_memory().unwrap();
        let (ada_id, bob) = (
            add(&db, "shop", "ada", "ada@example.com", 1).await,
            add(&db, "shop", "bob", "bob@example.com", 1).await,
        );
        let sql = "-- t\n INSERT INTO budget (campaign, rewards_most, amount_most) VALUES ('shop', 3, 1000)";
        db.batch(vec![Statement { sql, args: Vec::new() }]).await.unwrap();
        let give = |id: &str, amount, source| {
            let gift = Gift { kind: GiftKind::Credit, amount, ..Gift::default() };
            let earned = Earned { gift, occasion: id.into(), ..earned(&ada_id, source) };
            let friend = Some(&bob);
            let occasion = Occasion {
                campaign: "shop",
                referrer: &ada_id,
                friend,
                month: MONTH,
                now: Timestamp(1),
            };
            vec![rewards::insert(id, &occasion, &earned)]
        };
        let left = async || {
            let budget = ada(&db, MONTH).await.budget;
            (budget.rewards.unwrap(), budget.amount.unwrap())
        };
        assert_eq!(left().await, (3, 1_000));
        db.batch(give("a", Some(600), Source::Server)).await.unwrap();
        db.batch(give("b", Some(600), Source::Browser)).await.unwrap();
        assert_eq!(left().await, (2, 400));
        let beyond = db.batch(give("c", Some(401), Source::Server)).await;
        assert_eq!(beyond, Err(DbError::Constraint));
        db.batch(give("c", Some(400), Source::Server)).await.unwrap();
        assert_eq!(left().await, (1, 0));
        // What a browser had said, too, once somebody better does.
        let stands = rewards::settle("b", Source::Server, Approval::ByHand, Timestamp(2));
        assert_eq!(db.batch(vec![stands]).await, Err(DbError::Constraint));
        let sql = "-- t\n UPDATE reward SET status = 'CANCELLED' WHERE id = 'a'";
        db.batch(vec![Statement { sql, args: Vec::new() }]).await.unwrap();
        assert_eq!(left().await, (2, 600));
    }
}
