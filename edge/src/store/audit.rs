//! The audit log: who changed what, before and after. Ids in place of personal data.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::time::Timestamp;

use crate::{
    call::{By, Call},
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// One change.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Change {
    /// Its id, which sorts by time.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// `MEMBER`, `KEY`, `PARTICIPANT` or `NOBODY`: the service itself.
    pub by_kind: String,
    /// Their id.
    pub by_id: String,
    /// What was done.
    pub act: String,
    /// In which campaign.
    #[serde(default)]
    pub campaign: Option<String>,
    /// The id of what was changed.
    pub subject: String,
    /// The fields that changed, as they were: JSON.
    pub before: String,
    /// The fields that changed, as they are: JSON.
    pub after: String,
}

/// Writes down a change by whoever calls; of two objects only what differs.
pub fn insert(
    call: &Call,
    act: &str,
    campaign: Option<&str>,
    subject: &str,
    before: &Value,
    after: &Value,
) -> Statement {
    let (by_kind, by_id) = match &call.by {
        By::Nobody => ("NOBODY", ""),
        By::Key(id) => ("KEY", id.as_str()),
        By::Member(id) => ("MEMBER", id.as_str()),
        By::Participant(id) => ("PARTICIPANT", id.as_str()),
    };
    let (before, after) = differing(before, after);
    sql!(
        "-- audit::insert
         INSERT INTO audit (id, at, by_kind, by_id, act, campaign, subject, before, after)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        call.id(),
        call.now,
        by_kind,
        by_id,
        act,
        campaign,
        subject,
        before.to_string(),
        after.to_string(),
    )
}

/// Two values without the fields that are alike.
fn differing(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return (before.clone(), after.clone());
    };
    let (mut was, mut is) = (Map::new(), Map::new());
    for key in old.keys().chain(new.keys().filter(|it| !old.contains_key(*it))) {
        let null = &Value::Null;
        let (before, after) = (old.get(key).unwrap_or(null), new.get(key).unwrap_or(null));
        if before != after {
            let (before, after) = differing(before, after);
            was.insert(key.clone(), before);
            is.insert(key.clone(), after);
        }
    }
    (was.into(), is.into())
}

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct Search<'a> {
    /// Changes in this campaign.
    pub campaign: Option<&'a str>,
    /// Changes of this subject, or by this id.
    pub about: Option<&'a str>,
    /// Older than this change.
    pub before: Option<&'a str>,
}

/// Changes, newest first.
pub async fn page(db: &Db, search: &Search<'_>, limit: u32) -> Result<Vec<Change>, DbError> {
    db.all(sql!(
        "-- audit::page
         SELECT id, at, by_kind, by_id, act, campaign, subject, before, after FROM audit
          WHERE (?1 IS NULL OR campaign = ?1) AND (?2 IS NULL OR subject = ?2 OR by_id = ?2)
            AND (?3 IS NULL OR id < ?3)
          ORDER BY id DESC LIMIT ?4",
        search.campaign,
        search.about,
        search.before,
        limit,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bench::Bench;

    #[tokio::test]
    async fn r_audit_1_a_change_says_who_what_before_and_after() {
        let bench = Bench::new().await;
        let mut call = bench.call();
        call.by = By::Member("m1".into());
        let before = json!({ "name": "A", "options": { "x": 1, "y": 2 }, "gone": true });
        let after = json!({ "name": "A", "options": { "x": 1, "y": 3 }, "new": [1] });
        let act = |call, subject| {
            insert(call, "CAMPAIGN_CHANGED", Some("shop"), subject, &before, &after)
        };
        bench.write([act(&call, "shop"), act(&bench.call(), "other")]).await;
        let all = page(&bench.app.db, &Search::default(), 10).await.unwrap();
        assert_eq!(all.len(), 2);
        let of = |about| Search { about: Some(about), ..Search::default() };
        let found = page(&bench.app.db, &of("m1"), 10).await.unwrap();
        let [change] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((change.by_kind.as_str(), change.subject.as_str()), ("MEMBER", "shop"));
        assert_eq!(change.before, r#"{"gone":true,"new":null,"options":{"y":2}}"#);
        assert_eq!(change.after, r#"{"gone":null,"new":[1],"options":{"y":3}}"#);
        let found = page(&bench.app.db, &of("other"), 10).await.unwrap();
        assert_eq!(found[0].by_kind, "NOBODY");
        let older = Search { before: Some(&all[0].id), ..Search::default() };
        assert_eq!(page(&bench.app.db, &older, 10).await.unwrap(), all[1..]);
        let none = Search { campaign: Some("elsewhere"), ..Search::default() };
        assert_eq!(page(&bench.app.db, &none, 10).await.unwrap(), []);
    }
}
