//! Lists as members keep them: a name, and the query that shows them.

use serde::Deserialize;
use shared::time::Timestamp;

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The most views that a member keeps of a campaign.
pub const MOST: usize = 50;

/// A view.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct View {
    /// What the member calls it.
    pub name: String,
    /// The query.
    pub query: String,
}

/// A member's views of a campaign, by name.
pub async fn of(db: &Db, member: &str, campaign: &str) -> Result<Vec<View>, DbError> {
    db.all(sql!(
        "-- saved_views::of
         SELECT name, query FROM saved_view
          WHERE member = ?1 AND campaign = ?2 ORDER BY name LIMIT 50",
        member,
        campaign,
    ))
    .await
}

/// Keeps a view, in the place of one with the same name.
pub fn keep(member: &str, campaign: &str, view: &View, now: Timestamp) -> Statement {
    sql!(
        "-- saved_views::keep
         INSERT INTO saved_view (member, campaign, name, query, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET query = excluded.query",
        member,
        campaign,
        &view.name,
        &view.query,
        now,
    )
}

/// Forgets a view.
pub fn remove(member: &str, campaign: &str, name: &str) -> Statement {
    sql!(
        "-- saved_views::remove
         DELETE FROM saved_view WHERE member = ?1 AND campaign = ?2 AND name = ?3",
        member,
        campaign,
        name,
    )
}
