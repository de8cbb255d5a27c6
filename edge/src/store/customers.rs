//! Who was a customer before: keyed hashes, and how many.

use serde::Deserialize;
use shared::{code::Code, email::Email};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// How many rows one statement forgets.
const BITE: u32 = 5_000;

#[derive(Deserialize)]
struct Count {
    customers: u64,
}

/// How many customers of a campaign are known.
pub async fn count(db: &Db, campaign: &str) -> Result<u64, DbError> {
    let rows: Vec<Count> = db
        .all(sql!(
            "-- customers::count
             SELECT customers FROM customer_count WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    Ok(rows.first().map_or(0, |it| it.customers))
}

/// Adds customers; those who are there already stay.
pub fn insert(campaign: &str, kept: &[String]) -> Statement {
    sql!(
        "-- customers::insert
         INSERT INTO customer (campaign, hash) SELECT ?1, value FROM json_each(?2) WHERE true
         ON CONFLICT DO NOTHING",
        campaign,
        sql::to_json(&kept),
    )
}

/// Forgets customers of a campaign, as many as one statement should.
pub fn forget(campaign: &str) -> Statement {
    sql!(
        "-- customers::forget
         DELETE FROM customer WHERE campaign = ?1 AND hash IN
           (SELECT hash FROM customer WHERE campaign = ?1 ORDER BY hash LIMIT ?2)",
        campaign,
        BITE,
    )
}

#[derive(Deserialize)]
struct Listed {
    customers: u64,
    #[serde(deserialize_with = "sql::flag")]
    is_listed: bool,
}

/// Whether one of these is in the campaign's list; `None`: there is no list.
pub async fn listed(db: &Db, campaign: &str, kept: &[String]) -> Result<Option<bool>, DbError> {
    let rows: Vec<Listed> = db
        .all(sql!(
            "-- customers::listed
             SELECT customers,
                    EXISTS (SELECT 1 FROM json_each(?2) AS asked
                              CROSS JOIN customer AS c ON c.campaign = ?1 AND c.hash = asked.value)
                      AS is_listed
               FROM customer_count WHERE campaign = ?1",
            campaign,
            sql::to_json(&kept),
        ))
        .await?;
    Ok(rows.into_iter().next().filter(|it| 0 < it.customers).map(|it| it.is_listed))
}

#[derive(Deserialize)]
struct Address {
    email: Email,
}

/// A participant's address.
pub async fn email(db: &Db, participant: &Code) -> Result<Option<Email>, DbError> {
    let rows: Vec<Address> = db
        .all(sql!(
            "-- customers::email
             SELECT email FROM person WHERE subject = ?1 AND kind = 'PARTICIPANT'",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.email))
}
