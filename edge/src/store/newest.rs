//! A campaign's referrals, the newest first: read in the order of an index and sorted by nobody.

use super::{
    participants::Place,
    referrals::{Item, Query, Sort},
};
use crate::{platform::Db, sql, sql::DbError};

/// A page of them, after a place or the query's offset; `None` if they are sorted by something else.
pub async fn page(
    db: &Db,
    campaign: &str,
    query: &Query,
    after: Option<&Place>,
) -> Result<Option<Vec<Item>>, DbError> {
    match query.sort {
        _ if query.ascending => Ok(None),
        Sort::CreatedAt => bound(db, campaign, query, after).await.map(Some),
        Sort::UpdatedAt => updated(db, campaign, query, after).await.map(Some),
        _ => Ok(None),
    }
}

/// The place of a referral in such a list.
#[must_use]
pub fn place(query: &Query, item: &Item) -> Place {
    let at = if query.sort == Sort::CreatedAt { item.bound_at } else { item.updated_at };
    Place { created_at: at, id: item.friend.to_string() }
}

/// Those that were bound last.
async fn bound(
    db: &Db,
    campaign: &str,
    query: &Query,
    after: Option<&Place>,
) -> Result<Vec<Item>, DbError> {
    db.all(sql!(
        "-- newest::bound
         SELECT r.friend, n.email, n.first_name, n.last_name, r.referrer, r.outcome, r.bound_at,
                r.updated_at
           FROM referral AS r CROSS JOIN person AS n ON n.subject = r.friend
          WHERE r.campaign = ?1 AND (r.bound_at, r.friend) < (?2, ?3)
            AND (?4 IS NULL OR n.identity = ?4)
            AND (?5 IS NULL OR lower(n.first_name) = lower(?5))
            AND (?6 IS NULL OR lower(n.last_name) = lower(?6))
            AND (?7 IS NULL OR r.outcome IN (SELECT value FROM json_each(?7)))
          ORDER BY r.bound_at DESC, r.friend DESC LIMIT ?8 OFFSET ?9",
        campaign,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or(sql::LAST, |it| &it.id),
        query.identity.as_deref(),
        query.first_name.as_deref(),
        query.last_name.as_deref(),
        query.outcomes(),
        query.limit,
        if after.is_some() { 0 } else { query.offset },
    ))
    .await
}

/// Those that changed last.
async fn updated(
    db: &Db,
    campaign: &str,
    query: &Query,
    after: Option<&Place>,
) -> Result<Vec<Item>, DbError> {
    db.all(sql!(
        "-- newest::updated
         SELECT r.friend, n.email, n.first_name, n.last_name, r.referrer, r.outcome, r.bound_at,
                r.updated_at
           FROM referral AS r CROSS JOIN person AS n ON n.subject = r.friend
          WHERE r.campaign = ?1 AND (r.updated_at, r.friend) < (?2, ?3)
            AND (?4 IS NULL OR n.identity = ?4)
            AND (?5 IS NULL OR lower(n.first_name) = lower(?5))
            AND (?6 IS NULL OR lower(n.last_name) = lower(?6))
            AND (?7 IS NULL OR r.outcome IN (SELECT value FROM json_each(?7)))
          ORDER BY r.updated_at DESC, r.friend DESC LIMIT ?8 OFFSET ?9",
        campaign,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or(sql::LAST, |it| &it.id),
        query.identity.as_deref(),
        query.first_name.as_deref(),
        query.last_name.as_deref(),
        query.outcomes(),
        query.limit,
        if after.is_some() { 0 } else { query.offset },
    ))
    .await
}
