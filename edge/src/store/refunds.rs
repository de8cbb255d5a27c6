//! Refunds of orders: recorded once each, whether the order or the refund comes first.

use serde::Deserialize;
use shared::{
    code::Code,
    referral::Outcome,
    refund::{Amendment, Extent},
    time::Timestamp,
};

use super::conversions::Numbers;
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A new refund.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Sorts by time.
    pub id: &'a str,
    /// The campaign.
    pub campaign: &'a str,
    /// Whose order it is of.
    pub participant: &'a Code,
    /// What it is called.
    pub name: &'a str,
    /// What kind of amendment.
    pub kind: Amendment,
    /// How much, as it was told.
    pub extent: Extent,
    /// When.
    pub now: Timestamp,
}

/// Adds a refund of an order and what of it this takes; fails the batch if it was counted before.
#[must_use]
pub fn insert(new: &New<'_>, numbers: &Numbers, conversion: &str, amount: i64) -> Vec<Statement> {
    vec![
        sql!(
            "-- refunds::insert
             INSERT INTO refund (id, campaign, participant, name, kind, extent, told, state,
                                 conversion, amount, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'COUNTED', ?8, ?9, ?10)",
            new.id,
            new.campaign,
            new.participant,
            new.name,
            sql::name(&new.kind),
            new.extent.parts().0,
            new.extent.parts().1,
            conversion,
            amount,
            new.now,
        ),
        insert_numbers(new, numbers),
    ]
}

/// Keeps a refund for its order to come; fails the batch if the order came meanwhile, or the refund.
#[must_use]
pub fn keep(new: &New<'_>, numbers: &Numbers) -> Vec<Statement> {
    vec![
        sql!(
            "-- refunds::keep
             INSERT INTO refund (id, campaign, participant, name, kind, extent, told, state, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
                     iif(EXISTS (SELECT 1 FROM json_each(?8) AS asked
                                   JOIN conversion_number AS n
                                     ON n.campaign = ?2 AND n.kind = asked.key
                                    AND n.number = asked.value), NULL, 'WAITING'), ?9)",
            new.id,
            new.campaign,
            new.participant,
            new.name,
            sql::name(&new.kind),
            new.extent.parts().0,
            new.extent.parts().1,
            sql::to_json(numbers),
            new.now,
        ),
        insert_numbers(new, numbers),
    ]
}

fn insert_numbers(new: &New<'_>, numbers: &Numbers) -> Statement {
    sql!(
        "-- refunds::insert_numbers
         INSERT INTO refund_number (campaign, kind, number, name, refund)
         SELECT ?1, key, value, ?2, ?3 FROM json_each(?4)",
        new.campaign,
        new.name,
        new.id,
        sql::to_json(numbers),
    )
}

/// A refund that was told before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// Sorts by time.
    pub id: String,
    /// How much.
    pub extent: Extent,
    /// Its order, if that is known.
    pub conversion: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    extent: String,
    told: Option<i64>,
    conversion: Option<String>,
}

impl From<Row> for Told {
    fn from(it: Row) -> Self {
        let extent = Extent::of(&it.extent, it.told).unwrap_or(Extent::All);
        Self { id: it.id, extent, conversion: it.conversion }
    }
}

/// The refund of this name that was told of this order, or under one of these numbers.
pub async fn told(
    db: &Db,
    campaign: &str,
    numbers: &Numbers,
    conversion: Option<&str>,
    name: &str,
) -> Result<Option<Told>, DbError> {
    let found: Vec<Row> = db
        .all(sql!(
            "-- refunds::told
             SELECT id, extent, told, conversion FROM refund WHERE id IN (
               SELECT n.refund FROM json_each(?2) AS asked
                 JOIN refund_number AS n ON n.campaign = ?1 AND n.kind = asked.key
                                        AND n.number = asked.value AND n.name = ?4
               UNION ALL
               SELECT id FROM refund WHERE conversion = ?3 AND name = ?4)
              ORDER BY id LIMIT 1",
            campaign,
            sql::to_json(numbers),
            conversion,
            name,
        ))
        .await?;
    Ok(found.into_iter().next().map(Told::from))
}

/// Refunds of a participant that wait for an order with one of these numbers, oldest first; under
/// several of the numbers, one is one.
pub async fn waiting(
    db: &Db,
    campaign: &str,
    participant: &Code,
    numbers: &Numbers,
) -> Result<Vec<Told>, DbError> {
    let found: Vec<Row> = db
        .all(sql!(
            "-- refunds::waiting
             SELECT min(r.id) AS id, r.extent, r.told, r.conversion FROM json_each(?3) AS asked
               JOIN refund_number AS n ON n.campaign = ?1 AND n.kind = asked.key
                                      AND n.number = asked.value
               JOIN refund AS r ON r.id = n.refund AND r.state = 'WAITING' AND r.participant = ?2
              GROUP BY r.name ORDER BY 1",
            campaign,
            participant,
            sql::to_json(numbers),
        ))
        .await?;
    Ok(found.into_iter().map(Told::from).collect())
}

/// A refund that waited is counted.
pub fn count(id: &str, conversion: &str, amount: i64) -> Statement {
    sql!(
        "-- refunds::count
         UPDATE refund SET state = iif(state = 'WAITING', 'COUNTED', NULL), conversion = ?2,
                amount = ?3
          WHERE id = ?1",
        id,
        conversion,
        amount,
    )
}

/// What of a new order is refunded already; fails the batch if a refund waits that was not counted.
pub fn settle(new: &Sold<'_>, numbers: &Numbers, refunded: i64) -> Statement {
    sql!(
        "-- refunds::settle
         UPDATE conversion
            SET refunded = iif(EXISTS (
                  SELECT 1 FROM json_each(?4) AS asked
                    JOIN refund_number AS n ON n.campaign = ?2 AND n.kind = asked.key
                                           AND n.number = asked.value
                    JOIN refund AS r ON r.id = n.refund AND r.state = 'WAITING'
                                    AND r.participant = ?3
                   WHERE NOT EXISTS (SELECT 1 FROM refund AS twin
                                      WHERE twin.conversion = ?1 AND twin.name = r.name)),
                  NULL, ?5)
          WHERE id = ?1",
        new.conversion,
        new.campaign,
        new.participant,
        sql::to_json(numbers),
        refunded,
    )
}

/// A new order.
#[derive(Clone, Copy, Debug)]
pub struct Sold<'a> {
    /// The order.
    pub conversion: &'a str,
    /// The campaign.
    pub campaign: &'a str,
    /// Whose it is.
    pub participant: &'a Code,
}

/// An order as a refund finds it, and the referral that it credited.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Sale {
    /// The order.
    pub id: String,
    /// Whose it is.
    pub participant: Code,
    /// Whether they were forgotten.
    #[serde(deserialize_with = "sql::flag")]
    pub erased: bool,
    /// What was paid.
    pub gross: i64,
    /// What of it rewards are reckoned on.
    pub net: i64,
    /// What was refunded so far.
    pub refunded: i64,
    /// What was bought.
    #[serde(deserialize_with = "sql::json")]
    pub products: Vec<String>,
    /// Where to.
    pub country: Option<String>,
    /// Whether the friend had never bought before.
    #[serde(deserialize_with = "sql::maybe_flag")]
    pub new_customer: Option<bool>,
    /// Who referred them, if this order credited that.
    pub referrer: Option<Code>,
    /// Where their referral stands, if they have one.
    pub outcome: Option<Outcome>,
    /// The conversion that it was credited for.
    pub credited: Option<String>,
}

/// The orders that have one of these numbers.
pub async fn sales(db: &Db, campaign: &str, numbers: &Numbers) -> Result<Vec<Sale>, DbError> {
    db.all(sql!(
        "-- refunds::sales
         SELECT c.id, c.participant, p.erased_at IS NOT NULL AS erased, coalesce(c.gross, 0) AS gross,
                coalesce(c.amount, 0) AS net, c.refunded,
                iif(r.conversion = c.id AND r.outcome IN ('AWARDED', 'HELD'), r.referrer, NULL)
                  AS referrer, r.outcome, r.conversion AS credited,
                coalesce(c.products, '[]') AS products, c.country, c.new_customer
           FROM conversion AS c
           JOIN participant AS p ON p.id = c.participant
           LEFT JOIN referral AS r ON r.campaign = c.campaign AND r.friend = c.participant
          WHERE c.id IN (SELECT n.conversion FROM json_each(?2) AS asked
                           JOIN conversion_number AS n ON n.campaign = ?1 AND n.kind = asked.key
                                                      AND n.number = asked.value)
          ORDER BY c.id",
        campaign,
        sql::to_json(numbers),
    ))
    .await
}

/// Fails the batch if the payer's referral is not as it was read: a review may have credited it for
/// the order that is refunded.
pub fn unsettled(campaign: &str, sale: &Sale) -> Statement {
    sql!(
        "-- refunds::unsettled
         UPDATE referral
            SET updated_at = iif(outcome IS ?3 AND conversion IS ?4, updated_at, NULL)
          WHERE campaign = ?1 AND friend = ?2",
        campaign,
        &sale.participant,
        sale.outcome.map(Outcome::as_str),
        sale.credited.as_deref(),
    )
}

/// Fails the batch if an order is not as it was read: a refund may have taken what a review credits.
pub fn unchanged(conversion: &str, refunded: i64) -> Statement {
    sql!(
        "-- refunds::unchanged
         UPDATE conversion
            SET refunded = iif(refunded = ?2
                               AND NOT (coalesce(gross, 0) <= refunded
                                        AND EXISTS (SELECT 1 FROM refund WHERE conversion = ?1)),
                               refunded, NULL)
          WHERE id = ?1",
        conversion,
        refunded,
    )
}

/// More of an order is refunded; fails the batch if something else was first.
pub fn take(conversion: &str, before: i64, after: i64) -> Statement {
    sql!(
        "-- refunds::take
         UPDATE conversion SET refunded = iif(refunded = ?2, ?3, NULL) WHERE id = ?1",
        conversion,
        before,
        after,
    )
}

#[cfg(test)]
mod tests {
    use shared::{
        money::{Currency, Money},
        reward::Source,
    };

    use super::*;
    use crate::store::conversions::{self, Kind};

    #[tokio::test]
    async fn r_refund_8_an_order_and_its_refund_never_pass_each_other_unseen() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let numbers = Numbers::from([("orderId", "7".into())]);
        let refund = |id: &str, name: &str| {
            let new = New {
                id,
                campaign: "shop",
                participant: &bob,
                name,
                kind: Amendment::Refund,
                extent: Extent::Part(5),
                now: Timestamp(1),
            };
            keep(&new, &numbers)
        };
        let eur = |minor| Money { minor, currency: Currency::EUR };
        let sells = |seen: Vec<Statement>, refunded| {
            let new = conversions::New {
                id: "c",
                campaign: "shop",
                participant: &bob,
                kind: Kind::Transaction,
                known: None,
                paid: Some((eur(10), eur(10))),
                source: Source::Server,
                now: Timestamp(2),
            };
            let mut batch = conversions::insert(&new, &numbers);
            batch.extend(seen);
            let sold = Sold { conversion: "c", campaign: "shop", participant: &bob };
            batch.push(settle(&sold, &numbers, refunded));
            batch
        };
        db.batch(refund("r1", "a")).await.unwrap();
        assert_eq!(db.batch(refund("r2", "a")).await, Err(DbError::Constraint), "it is kept once");
        let unseen = db.batch(sells(Vec::new(), 0)).await;
        assert_eq!(unseen, Err(DbError::Constraint), "the order was read before its refund");
        assert_eq!(waiting(&db, "shop", &bob, &numbers).await.unwrap().len(), 1);
        assert!(waiting(&db, "other", &bob, &numbers).await.unwrap().is_empty());
        db.batch(sells(vec![count("r1", "c", 5)], 5)).await.unwrap();
        assert!(waiting(&db, "shop", &bob, &numbers).await.unwrap().is_empty());
        let late = db.batch(refund("r3", "b")).await;
        assert_eq!(late, Err(DbError::Constraint), "the refund was read before its order");
        assert_eq!(db.batch(vec![count("r1", "c", 5)]).await, Err(DbError::Constraint));
        assert_eq!(db.batch(vec![take("c", 4, 9)]).await, Err(DbError::Constraint));
        db.batch(vec![take("c", 5, 9)]).await.unwrap();
    }
}
