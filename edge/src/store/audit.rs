//! The audit log: who changed what, before and after. Ids in place of personal data.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use shared::time::{Span, Timestamp};

use crate::{
    call::{By, Call},
    platform::Db,
    sql,
    sql::{DbError, LAST, Statement},
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

/// Writes down what a member or the holder of a key did; what browsers report and jobs finish is told
/// by decisions.
#[must_use]
pub fn deed(
    call: &Call,
    act: &str,
    campaign: Option<&str>,
    subject: &str,
    before: &Value,
    after: &Value,
) -> Option<Statement> {
    let watched = matches!(call.by, By::Key(_) | By::Member(_));
    watched.then(|| insert(call, act, campaign, subject, before, after))
}

/// Writes down that a member came in by a session that the same batch opens; of participants nothing.
pub fn entered(call: &Call, session: &str, way: &str) -> Statement {
    sql!(
        "-- audit::entered
         INSERT INTO audit (id, at, by_kind, by_id, act, campaign, subject, before, after)
         SELECT ?1, ?2, kind, subject, 'SIGNED_IN', NULL, subject, '{}', ?4
           FROM session WHERE hash = ?3 AND kind = 'MEMBER'",
        call.id(),
        call.now,
        session,
        json!({ "way": way }).to_string(),
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

/// What is searched for; what is not named is not asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// Changes in this campaign.
    pub campaign: Option<&'a str>,
    /// Changes of this kind.
    pub act: Option<&'a str>,
    /// Changes by the member or key with this id.
    pub who: Option<&'a str>,
    /// Changes of what has this id.
    pub subject: Option<&'a str>,
    /// Made then or later.
    pub since: Option<Timestamp>,
    /// Made then or before.
    pub until: Option<Timestamp>,
    /// Older than this change.
    pub before: Option<&'a str>,
}

/// A page of the log, found by the index of one column.
macro_rules! page_by {
    ($by:literal) => {
        concat!(
            "-- audit::page
             SELECT id, at, by_kind, by_id, act, campaign, subject, before, after FROM audit
              WHERE ",
            $by,
            " AND (?1 IS NULL OR campaign = ?1) AND (?2 IS NULL OR act = ?2)
                AND (?3 IS NULL OR by_id = ?3) AND (?4 IS NULL OR subject = ?4)
                AND ?5 <= id AND id < ?6 ORDER BY id DESC LIMIT ?7"
        )
    };
}

/// Changes, newest first. Ids sort by time, so that every bound is one of the id.
pub async fn page(db: &Db, search: &Search<'_>, limit: u32) -> Result<Vec<Change>, DbError> {
    db.all(query(search, limit)).await
}

fn query(search: &Search<'_>, limit: u32) -> Statement {
    let sql = match search {
        Search { subject: Some(_), .. } => page_by!("subject = ?4"),
        Search { who: Some(_), .. } => page_by!("by_id = ?3"),
        Search { act: Some(_), .. } => page_by!("act = ?2"),
        Search { campaign: Some(_), .. } => page_by!("campaign = ?1"),
        _ => page_by!("TRUE"),
    };
    let first = |at: Timestamp| shared::id::ordered(at, [0; 16]);
    let until = search.until.map_or_else(|| LAST.into(), |it| first(it + Span(1)));
    let before = search.before.filter(|it| *it < until.as_str()).unwrap_or(&until);
    Statement {
        sql,
        args: vec![
            search.campaign.into(),
            search.act.into(),
            search.who.into(),
            search.subject.into(),
            search.since.map(first).unwrap_or_default().into(),
            before.into(),
            limit.into(),
        ],
    }
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
        let who = Search { who: Some("m1"), ..Search::default() };
        let found = page(&bench.app.db, &who, 10).await.unwrap();
        let [change] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((change.by_kind.as_str(), change.subject.as_str()), ("MEMBER", "shop"));
        assert_eq!(change.before, r#"{"gone":true,"new":null,"options":{"y":2}}"#);
        assert_eq!(change.after, r#"{"gone":null,"new":[1],"options":{"y":3}}"#);
        let subject = Search { subject: Some("other"), ..Search::default() };
        let found = page(&bench.app.db, &subject, 10).await.unwrap();
        assert_eq!(found[0].by_kind, "NOBODY");
        let older = Search { before: Some(&all[0].id), ..Search::default() };
        assert_eq!(page(&bench.app.db, &older, 10).await.unwrap(), all[1..]);
        let none = Search { campaign: Some("elsewhere"), ..Search::default() };
        assert_eq!(page(&bench.app.db, &none, 10).await.unwrap(), []);
    }

    #[tokio::test]
    async fn r_audit_2_the_log_is_found_by_campaign_act_person_subject_and_time() {
        let bench = Bench::new().await;
        let start = bench.now.get();
        for n in 0..4 {
            let mut call = bench.call();
            call.by = By::Member(format!("m{}", n % 2));
            let (act, campaign) = if n < 2 { ("ONE", Some("a")) } else { ("TWO", Some("b")) };
            let subject = format!("s{n}");
            bench.write([insert(&call, act, campaign, &subject, &json!({}), &json!({}))]).await;
            bench.pass(Span(1));
        }
        let found = async |search: Search<'static>| {
            let found = page(&bench.app.db, &search, 9).await.unwrap();
            found.into_iter().map(|it| it.subject).collect::<Vec<_>>()
        };
        let any = Search::default();
        assert_eq!(found(any).await, ["s3", "s2", "s1", "s0"]);
        assert_eq!(found(Search { campaign: Some("a"), ..any }).await, ["s1", "s0"]);
        assert_eq!(found(Search { act: Some("TWO"), ..any }).await, ["s3", "s2"]);
        assert_eq!(found(Search { who: Some("m1"), ..any }).await, ["s3", "s1"]);
        assert_eq!(found(Search { subject: Some("s2"), ..any }).await, ["s2"]);
        let two = Search { act: Some("TWO"), who: Some("m1"), ..any };
        assert_eq!(found(two).await, ["s3"]);
        assert_eq!(found(Search { campaign: Some("a"), ..two }).await, [""; 0]);
        // Both ends count.
        let at = |n| Some(start + Span(n));
        assert_eq!(found(Search { since: at(1), until: at(2), ..any }).await, ["s2", "s1"]);
        assert_eq!(found(Search { since: at(4), ..any }).await, [""; 0]);
        let asked = query(&Search { subject: Some("s2"), ..any }, 9);
        let plan = format!("EXPLAIN QUERY PLAN {}", asked.sql.replace("-- audit::page", ""));
        let plan = Statement { sql: Box::leak(plan.into_boxed_str()), ..asked };
        let rows: Vec<Value> = bench.app.db.all(plan).await.unwrap();
        let plan = rows[0]["detail"].as_str().unwrap();
        assert!(plan.contains("audit_by_subject") && rows.len() == 1, "{rows:?}");
    }
}
