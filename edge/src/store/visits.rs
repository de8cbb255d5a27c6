//! Visits: clicks that the widget saw arrive on the landing page.

use shared::time::Timestamp;

use crate::{sql, sql::Statement};

/// Adds a visit; a second one of the same click changes nothing.
pub fn insert(click: &str, campaign: &str, now: Timestamp) -> Statement {
    sql!(
        "-- visits::insert
         INSERT INTO visit (click, campaign, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        click,
        campaign,
        now,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Db;

    #[tokio::test]
    async fn a_second_visit_of_a_click_changes_nothing() {
        let db = Db::in_memory().unwrap();
        for at in [1, 2] {
            db.batch(vec![insert("c1", "shop", Timestamp(at))]).await.unwrap();
        }
        let rows: Vec<serde_json::Value> =
            db.all(sql!("-- t\n SELECT click, at FROM visit")).await.unwrap();
        assert_eq!(rows, [serde_json::json!({"click": "c1", "at": 1})]);
    }
}
