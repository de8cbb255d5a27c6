//! Tests of installations: the newest of each campaign, and what it has seen.

use serde::Deserialize;
use serde_json::Value;
use shared::{attribution::TRIAL_LIFE, time::Timestamp};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A test.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Test {
    /// What its page's address carries.
    pub mark: String,
    /// The page that is opened.
    pub page: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When the tag was first heard of.
    #[serde(default)]
    pub called_at: Option<Timestamp>,
    /// When it first brought the test link's token.
    #[serde(default)]
    pub clicked_at: Option<Timestamp>,
    /// When it first brought a sign-up.
    #[serde(default)]
    pub signed_up_at: Option<Timestamp>,
    /// The origin of a page that the campaign does not know.
    #[serde(default)]
    pub origin: Option<String>,
    /// What the visit was answered about consent.
    #[serde(default)]
    pub consent: Option<String>,
    /// What the page told of itself.
    #[serde(deserialize_with = "sql::json")]
    pub told: Value,
}

impl Test {
    /// Whether it goes on.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now <= self.started_at + TRIAL_LIFE
    }
}

/// The newest test of a campaign.
pub async fn of(db: &Db, campaign: &str) -> Result<Option<Test>, DbError> {
    let found = db
        .all(sql!(
            "-- installation_tests::of
             SELECT mark, page, started_at, called_at, clicked_at, signed_up_at, origin, consent, told
               FROM installation_test WHERE campaign = ?1",
            campaign,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Begins a test, in the place of the one before.
pub fn begin(campaign: &str, mark: &str, page: &str, now: Timestamp) -> Statement {
    sql!(
        "-- installation_tests::begin
         INSERT INTO installation_test (campaign, mark, page, started_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET mark = excluded.mark, page = excluded.page,
                started_at = excluded.started_at, called_at = NULL, clicked_at = NULL,
                signed_up_at = NULL, origin = NULL, consent = NULL, told = '{}'",
        campaign,
        mark,
        page,
        now,
    )
}

/// What is seen of a test.
#[derive(Clone, Debug, Default)]
pub struct Seen<'a> {
    /// The test link's token came.
    pub clicked: bool,
    /// A sign-up came.
    pub signed_up: bool,
    /// From a page of this origin, which the campaign does not know.
    pub origin: Option<&'a str>,
    /// What was answered about consent.
    pub consent: Option<&'a str>,
    /// What the page told of itself.
    pub told: Option<&'a Value>,
}

/// Notes what is seen of a test that goes on; of another or a past one nothing.
pub fn note(campaign: &str, mark: &str, seen: &Seen<'_>, now: Timestamp) -> Statement {
    let at = |seen: bool| seen.then_some(now);
    sql!(
        "-- installation_tests::note
         UPDATE installation_test
            SET called_at = coalesce(called_at, ?3), clicked_at = coalesce(clicked_at, ?4),
                signed_up_at = coalesce(signed_up_at, ?5), origin = coalesce(?6, origin),
                consent = coalesce(?7, consent), told = json_patch(told, ?8)
          WHERE campaign = ?1 AND mark = ?2 AND ?3 <= started_at + ?9",
        campaign,
        mark,
        now,
        at(seen.clicked),
        at(seen.signed_up),
        seen.origin,
        seen.consent,
        seen.told.map_or_else(|| "{}".to_owned(), Value::to_string),
        TRIAL_LIFE.0,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn r_trial_2_a_test_notes_what_it_first_saw_for_an_hour() {
        let db = Db::in_memory().unwrap();
        let write = async |it| db.batch(vec![it]).await.unwrap();
        assert_eq!(of(&db, "shop").await.unwrap(), None);
        write(begin("shop", "m1", "https://shop.example/", Timestamp(5))).await;
        let fresh = of(&db, "shop").await.unwrap().unwrap();
        assert_eq!((fresh.called_at, &fresh.told), (None, &json!({})));
        let end = Timestamp(5) + TRIAL_LIFE;
        let clicked = Seen { clicked: true, ..Seen::default() };
        write(note("shop", "other", &clicked, Timestamp(6))).await;
        write(note("else", "m1", &clicked, Timestamp(6))).await;
        write(note("shop", "m1", &clicked, Timestamp(end.0 + 1))).await;
        assert_eq!(of(&db, "shop").await.unwrap().unwrap(), fresh);
        let (first, second) = (json!({ "wasm": true }), json!({ "cookies": false }));
        for (told, at) in [(&first, 6), (&second, end.0)] {
            let seen = Seen { told: Some(told), ..clicked.clone() };
            write(note("shop", "m1", &seen, Timestamp(at))).await;
        }
        let seen = of(&db, "shop").await.unwrap().unwrap();
        assert_eq!((seen.called_at, seen.clicked_at), (Some(Timestamp(6)), Some(Timestamp(6))));
        assert_eq!(seen.told, json!({ "wasm": true, "cookies": false }));
        assert_eq!(seen.signed_up_at, None);
        write(begin("shop", "m2", "https://shop.example/", Timestamp(9))).await;
        assert_eq!(of(&db, "shop").await.unwrap().unwrap().told, json!({}));
    }
}
