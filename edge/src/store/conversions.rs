//! Conversions, and the numbers under which the site knows them.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::{
    code::Code,
    money::Money,
    reward::{Known, Source},
    time::Timestamp,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A sign-up to the owner's product.
    Signup,
    /// The qualifying event after it.
    Qualifying,
    /// An order.
    Transaction,
}

impl Kind {
    /// The name in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signup => "SIGNUP",
            Self::Qualifying => "QUALIFYING",
            Self::Transaction => "TRANSACTION",
        }
    }
}

/// The numbers of a conversion, by their kind on the wire (`orderId`, …).
pub type Numbers = BTreeMap<&'static str, String>;

/// A new conversion.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Sorts by time.
    pub id: &'a str,
    /// The campaign.
    pub campaign: &'a str,
    /// Who converted.
    pub participant: &'a Code,
    /// What happened.
    pub kind: Kind,
    /// What was paid, and what of it rewards are reckoned on.
    pub paid: Option<(Money, Money)>,
    /// What conditions look at; of it the order's own facts are kept, and nothing of the person.
    pub known: Option<&'a Known>,
    /// Who vouches for it.
    pub source: Source,
    /// When.
    pub now: Timestamp,
}

/// Adds a conversion under its numbers; fails the batch if one of them is taken.
#[must_use]
pub fn insert(new: &New<'_>, numbers: &Numbers) -> Vec<Statement> {
    let (gross, net) = new.paid.unzip();
    vec![
        sql!(
            "-- conversions::insert
             INSERT INTO conversion (id, campaign, participant, kind, gross, amount, currency,
                                     source, at, products, country, new_customer)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, '[]'), ?11, ?12)",
            new.id,
            new.campaign,
            new.participant,
            new.kind.as_str(),
            gross.map(|it| it.minor),
            net.map(|it| it.minor),
            net.as_ref().map(|it| it.currency.as_str()),
            sql::name(&new.source),
            new.now,
            new.known.map(|it| sql::to_json(&it.products)),
            new.known.and_then(|it| it.country.as_deref()),
            new.known.and_then(|it| it.new_customer),
        ),
        sql!(
            "-- conversions::insert/numbers
             INSERT INTO conversion_number (campaign, kind, number, conversion)
             SELECT ?1, key, value, ?2 FROM json_each(?3)",
            new.campaign,
            new.id,
            sql::to_json(numbers),
        ),
    ]
}

/// Forgets a sign-up that only a browser told of, so that it is recorded by a better word.
#[must_use]
pub fn retract(campaign: &str, friend: &Code) -> Vec<Statement> {
    vec![
        sql!(
            "-- conversions::retract/number
             DELETE FROM conversion_number WHERE campaign = ?1 AND kind = 'SIGNUP' AND number = ?2",
            campaign,
            friend,
        ),
        sql!(
            "-- conversions::retract
             DELETE FROM conversion
              WHERE participant = ?1 AND kind = 'SIGNUP' AND source = 'BROWSER'",
            friend,
        ),
    ]
}

#[derive(Deserialize)]
struct Taken {
    kind: String,
}

/// Which of these numbers are taken in the campaign, by kind.
pub async fn taken(db: &Db, campaign: &str, numbers: &Numbers) -> Result<Vec<String>, DbError> {
    let rows: Vec<Taken> = db
        .all(sql!(
            "-- conversions::taken
             SELECT n.kind FROM json_each(?2) AS asked
              CROSS JOIN conversion_number AS n
                 ON n.campaign = ?1 AND n.kind = asked.key AND n.number = asked.value
              ORDER BY n.kind",
            campaign,
            sql::to_json(numbers),
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.kind).collect())
}

#[derive(Deserialize)]
struct Exists {
    #[serde(deserialize_with = "sql::flag")]
    found: bool,
}

/// Whether the participant has an order already, or had one before a time.
pub async fn has_transaction(
    db: &Db,
    participant: &Code,
    before: Option<Timestamp>,
) -> Result<bool, DbError> {
    let rows: Vec<Exists> = db
        .all(sql!(
            "-- conversions::has_transaction
             SELECT EXISTS (SELECT 1 FROM conversion
                             WHERE participant = ?1 AND kind = 'TRANSACTION'
                               AND (?2 IS NULL OR at < ?2)) AS found",
            participant,
            before,
        ))
        .await?;
    Ok(rows.into_iter().any(|it| it.found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::money::Currency;

    fn order<'a>(id: &'a str, campaign: &'a str, participant: &'a Code) -> New<'a> {
        let eur = |minor| Money { minor, currency: Currency::EUR };
        New {
            id,
            campaign,
            participant,
            kind: Kind::Transaction,
            paid: Some((eur(12_000), eur(10_000))),
            known: None,
            source: Source::Server,
            now: Timestamp(1),
        }
    }

    #[tokio::test]
    async fn r_order_1_a_number_is_recorded_once_per_campaign_and_kind() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        assert!(!has_transaction(&db, &bob, None).await.unwrap());
        let numbers = Numbers::from([("orderId", "7".into()), ("invoiceId", "7".into())]);
        db.batch(insert(&order("1", "shop", &bob), &numbers)).await.unwrap();
        assert!(has_transaction(&db, &bob, None).await.unwrap());
        assert!(has_transaction(&db, &bob, Some(Timestamp(2))).await.unwrap());
        assert!(!has_transaction(&db, &bob, Some(Timestamp(1))).await.unwrap());

        let same = Numbers::from([("orderId", "7".into()), ("chargeId", "9".into())]);
        assert_eq!(taken(&db, "shop", &same).await.unwrap(), ["orderId"]);
        let again = db.batch(insert(&order("2", "shop", &bob), &same)).await;
        assert_eq!(again, Err(DbError::Constraint));
        assert!(taken(&db, "other", &same).await.unwrap().is_empty());
        db.batch(insert(&order("3", "other", &bob), &same)).await.unwrap();
        let kind = Numbers::from([("chargeId", "7".into())]);
        db.batch(insert(&order("4", "shop", &bob), &kind)).await.unwrap();
    }

    #[tokio::test]
    async fn a_browsers_sign_up_is_retracted_and_nothing_else() {
        let db = Db::in_memory().unwrap();
        let bob = Code::parse("bob").unwrap();
        let numbers = Numbers::from([("SIGNUP", "bob".into())]);
        let told =
            |source| New { kind: Kind::Signup, source, paid: None, ..order("1", "shop", &bob) };
        db.batch(insert(&told(Source::Browser), &numbers)).await.unwrap();
        let seven = Numbers::from([("orderId", "7".into())]);
        db.batch(insert(&order("2", "shop", &bob), &seven)).await.unwrap();
        db.batch(retract("shop", &bob)).await.unwrap();
        db.batch(insert(&told(Source::Server), &numbers)).await.unwrap();
        assert_eq!(taken(&db, "shop", &seven).await.unwrap(), ["orderId"]);
        assert!(has_transaction(&db, &bob, None).await.unwrap());
    }
}
