//! Pools of coupons. Which reward a code is given to follows from the schema, but for rewards that
//! wait: those are supplied by [`hand_out`].

use serde::Deserialize;
use shared::{api::CouponPool, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The most pools of a campaign.
pub const MOST: u32 = 100;

/// A campaign's pools by name.
pub async fn pools(db: &Db, campaign: &str) -> Result<Vec<CouponPool>, DbError> {
    db.all(sql!(
        "-- coupons::pools
         SELECT name, total, free, low_stock FROM coupon_pool
          WHERE campaign = ?1 ORDER BY name LIMIT ?2",
        campaign,
        MOST,
    ))
    .await
}

/// A pool of a campaign.
pub async fn pool(db: &Db, campaign: &str, name: &str) -> Result<Option<CouponPool>, DbError> {
    let found = db
        .all(sql!(
            "-- coupons::pool
             SELECT name, total, free, low_stock FROM coupon_pool
              WHERE campaign = ?1 AND name = ?2",
            campaign,
            name,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Adds a pool; fails the batch if there is one of this name.
pub fn insert_pool(campaign: &str, name: &str, low_stock: u32, now: Timestamp) -> Statement {
    sql!(
        "-- coupons::insert_pool
         INSERT INTO coupon_pool (campaign, name, low_stock, created_at) VALUES (?1, ?2, ?3, ?4)",
        campaign,
        name,
        low_stock,
        now,
    )
}

/// Moves the line at which the owner is told; what was told of a pool above it is no news any more.
pub fn set_low(campaign: &str, name: &str, low_stock: u32) -> Statement {
    sql!(
        "-- coupons::set_low
         UPDATE coupon_pool SET low_stock = ?3 WHERE campaign = ?1 AND name = ?2",
        campaign,
        name,
        low_stock,
    )
}

/// Forgets a pool and its codes; fails the batch if a rule in force names it or a reward was earned
/// from it.
#[must_use]
pub fn remove_pool(campaign: &str, name: &str) -> Vec<Statement> {
    vec![
        sql!(
            "-- coupons::remove_pool
             DELETE FROM coupon_pool WHERE campaign = ?1 AND name = ?2",
            campaign,
            name,
        ),
        sql!(
            "-- coupons::remove_pool/codes
             DELETE FROM coupon WHERE campaign = ?1 AND pool = ?2",
            campaign,
            name,
        ),
        sql!(
            "-- coupons::remove_pool/imports
             DELETE FROM coupon_import WHERE campaign = ?1 AND pool = ?2",
            campaign,
            name,
        ),
        sql!(
            "-- coupons::remove_pool/notice
             DELETE FROM notice WHERE kind = 'COUPONS_LOW' AND subject = ?1 || '/' || ?2",
            campaign,
            name,
        ),
    ]
}

#[derive(Deserialize)]
struct Place {
    place: usize,
}

/// The places of codes that the pool has already, at most 20.
pub async fn taken(
    db: &Db,
    campaign: &str,
    pool: &str,
    codes: &[String],
) -> Result<Vec<usize>, DbError> {
    let rows: Vec<Place> = db
        .all(sql!(
            "-- coupons::taken
             -- CROSS: each is looked up, however many there are.
             SELECT asked.key AS place FROM json_each(?3) AS asked
              CROSS JOIN coupon AS c ON c.campaign = ?1 AND c.pool = ?2 AND c.code = asked.value
              ORDER BY asked.key LIMIT 20",
            campaign,
            pool,
            sql::to_json(&codes),
        ))
        .await?;
    Ok(rows.into_iter().map(|it| it.place).collect())
}

/// Adds codes to a pool in their order; fails the batch if it has one of them already, or is gone.
#[must_use]
pub fn import(campaign: &str, pool: &str, codes: &[String], now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- coupons::import
             INSERT INTO coupon (campaign, pool, code, created_at)
             SELECT (SELECT campaign FROM coupon_pool WHERE campaign = ?1 AND name = ?2), ?2, value,
                    ?4
               FROM json_each(?3) ORDER BY key",
            campaign,
            pool,
            sql::to_json(&codes),
            now,
        ),
        hand_out(campaign, pool, u32::try_from(codes.len()).unwrap_or(u32::MAX), now),
    ]
}

#[derive(Deserialize)]
struct Receipt {
    digest: String,
}

/// The digest of an import that was made under this id.
pub async fn receipt(db: &Db, id: &str) -> Result<Option<String>, DbError> {
    let rows: Vec<Receipt> = db
        .all(sql!("-- coupons::receipt\n SELECT digest FROM coupon_import WHERE id = ?1", id))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.digest))
}

/// Keeps that an import was made; fails the batch if it was made before.
pub fn insert_receipt(
    id: &str,
    campaign: &str,
    pool: &str,
    digest: &str,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- coupons::insert_receipt
         INSERT INTO coupon_import (id, campaign, pool, digest, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        id,
        campaign,
        pool,
        digest,
        now,
    )
}

/// Gives free codes of a pool to rewards that wait for one, at most `most`: the oldest code to the
/// oldest reward.
pub fn hand_out(campaign: &str, pool: &str, most: u32, now: Timestamp) -> Statement {
    sql!(
        "-- coupons::hand_out
         UPDATE coupon
            SET given_at = ?4,
                -- Asked anew for each code, because it looks at the code's own row.
                reward = (SELECT id FROM reward INDEXED BY reward_lacking
                           WHERE lacks = 'COUPON' AND status = 'PENDING'
                             AND campaign = coupon.campaign AND pool = coupon.pool
                           ORDER BY created_at, id LIMIT 1)
          WHERE seq IN
            (SELECT seq FROM coupon
              WHERE campaign = ?1 AND pool = ?2 AND reward IS NULL
              ORDER BY seq
              LIMIT (SELECT count(*) FROM
                      (SELECT 1 FROM reward INDEXED BY reward_lacking
                        WHERE lacks = 'COUPON' AND status = 'PENDING' AND campaign = ?1
                          AND pool = ?2 LIMIT ?3)))",
        campaign,
        pool,
        most,
        now,
    )
}

/// A pool that has free codes while rewards wait for one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Owing {
    /// The campaign.
    pub campaign: String,
    /// The pool.
    pub name: String,
}

/// Pools that have free codes while rewards wait for one: such as went back. At most `most`.
pub async fn owing(db: &Db, most: u32) -> Result<Vec<Owing>, DbError> {
    db.all(sql!(
        "-- coupons::owing
         SELECT p.campaign, p.name FROM coupon_pool AS p
          WHERE 0 < p.free
            AND EXISTS (SELECT 1 FROM reward INDEXED BY reward_lacking
                         WHERE lacks = 'COUPON' AND status = 'PENDING'
                           AND campaign = p.campaign AND pool = p.name)
          LIMIT ?1",
        most,
    ))
    .await
}

#[derive(Deserialize)]
struct Code {
    reward: Option<String>,
}

/// Whether a code of a pool is free; `None`: there is no such code.
pub async fn is_free(
    db: &Db,
    campaign: &str,
    pool: &str,
    code: &str,
) -> Result<Option<bool>, DbError> {
    let rows: Vec<Code> = db
        .all(sql!(
            "-- coupons::is_free
             SELECT reward FROM coupon WHERE campaign = ?1 AND pool = ?2 AND code = ?3",
            campaign,
            pool,
            code,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.reward.is_none()))
}

/// Forgets a free code; fails the batch if somebody was given it.
#[must_use]
pub fn remove(campaign: &str, pool: &str, code: &str) -> Vec<Statement> {
    vec![
        sql!(
            "-- coupons::remove
             UPDATE coupon SET code = iif(reward IS NULL, code, NULL)
              WHERE campaign = ?1 AND pool = ?2 AND code = ?3",
            campaign,
            pool,
            code,
        ),
        sql!(
            "-- coupons::remove/code
             DELETE FROM coupon WHERE campaign = ?1 AND pool = ?2 AND code = ?3",
            campaign,
            pool,
            code,
        ),
    ]
}
