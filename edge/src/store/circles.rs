//! What participants see of each other, and what they agreed to be seen of themselves.

use serde::Deserialize;
use shared::{code::Code, referral::Outcome, time::Timestamp, zone::Month};

use super::{names::AGREED, participants::Place};
use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// The field of a participant by which they agreed to stand on the leaderboard by their first name.
pub const ON_BOARD: &str = "showOnLeaderboard";

/// A friend, as far as the one who referred them learns of them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Friend {
    /// Who.
    pub friend: Code,
    /// Their first name, if they agreed that friends read it.
    pub name: Option<String>,
    /// Else the first letter of their name or address; none: they are gone.
    pub initial: Option<String>,
    /// Where the referral stands.
    pub outcome: Outcome,
    /// In which calendar month the bond was made.
    pub bound_month: Month,
    /// When.
    pub bound_at: Timestamp,
}

/// The friends of a referrer, newest first, `limit` of them after a place.
pub async fn friends(
    db: &Db,
    referrer: &Code,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Friend>, DbError> {
    db.all(sql!(
        "-- circles::friends
         SELECT r.friend, iif(n.metadata->>?5 = 'true', n.first_name, NULL) AS name,
                upper(substr(coalesce(n.first_name, n.email), 1, 1)) AS initial,
                r.outcome, r.bound_month, r.bound_at
           FROM referral AS r LEFT JOIN person AS n ON n.subject = r.friend
          WHERE r.referrer = ?1 AND (r.bound_at, r.friend) < (?2, ?3)
          ORDER BY r.bound_at DESC, r.friend DESC LIMIT ?4",
        referrer,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or(sql::LAST, |it| &it.id),
        limit,
        AGREED,
    ))
    .await
}

/// How somebody came, as far as they learn of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Own {
    /// When the bond was made.
    pub bound_at: Timestamp,
    /// By which channel they came.
    pub channel: Option<String>,
    /// Where the referral stands.
    pub outcome: Outcome,
}

/// Somebody's own referral.
pub async fn own(db: &Db, campaign: &str, friend: &Code) -> Result<Option<Own>, DbError> {
    let rows = db
        .all(sql!(
            "-- circles::own
             SELECT bound_at, channel, outcome FROM referral WHERE campaign = ?1 AND friend = ?2",
            campaign,
            friend,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// Somebody who agreed to be named.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Named {
    /// Who.
    pub id: String,
    /// Their first name.
    pub first_name: String,
}

/// Those of these participants of a campaign who agreed to stand on the leaderboard by their name.
pub async fn named(db: &Db, campaign: &str, ids: &[&str]) -> Result<Vec<Named>, DbError> {
    db.all(sql!(
        "-- circles::named
         SELECT n.subject AS id, n.first_name
           FROM json_each(?2) AS asked CROSS JOIN person AS n
          WHERE n.subject = asked.value AND n.campaign = ?1 AND n.kind = 'PARTICIPANT'
            AND n.first_name IS NOT NULL AND n.metadata->>?3 = 'true'",
        campaign,
        sql::to_json(&ids),
        ON_BOARD,
    ))
    .await
}

/// What somebody said of themselves on their own page.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// Their first name.
    pub first_name: Option<&'a str>,
    /// The language of their messages.
    pub language: &'a str,
    /// Whether friends read their first name.
    pub named: bool,
    /// Whether the leaderboard names them.
    pub on_board: bool,
}

/// Keeps what somebody said of themselves; of who was forgotten, nothing.
#[must_use]
pub fn keep(participant: &Code, said: &Said<'_>) -> Vec<Statement> {
    let field = |agreed: bool| if agreed { "true" } else { "false" };
    vec![
        sql!(
            "-- circles::keep
             UPDATE person
                SET first_name = ?2,
                    metadata = json_set(metadata, '$.' || ?3, ?4, '$.' || ?5, ?6)
              WHERE subject = ?1 AND kind = 'PARTICIPANT'",
            participant,
            said.first_name,
            AGREED,
            field(said.named),
            ON_BOARD,
            field(said.on_board),
        ),
        sql!(
            "-- circles::keep/language
             UPDATE participant SET language = ?2 WHERE id = ?1 AND erased_at IS NULL",
            participant,
            said.language,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::participants::tests::add;

    #[tokio::test]
    async fn r_me_5_only_who_agreed_is_named_and_each_for_what_they_agreed_to() {
        let db = Db::in_memory().unwrap();
        let mut ids = Vec::new();
        for name in ["ada", "bob", "cid"] {
            ids.push(add(&db, "shop", name, &format!("{name}@example.com"), 1).await);
        }
        let said =
            |named, on_board| Said { first_name: Some("N"), language: "fr", named, on_board };
        let mut batch = keep(&ids[0], &said(true, false));
        batch.extend(keep(&ids[1], &said(false, true)));
        batch.extend(keep(&ids[2], &Said { first_name: None, ..said(true, true) }));
        batch.push(sql!(
            "-- t
             INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at,
                                   bound_month, updated_at)
             SELECT 'shop', id, 'dot', 'PENDING', 'SERVER', 1, 24310, 1 FROM participant"
        ));
        db.batch(batch).await.unwrap();
        let all: Vec<&str> = ids.iter().map(Code::as_str).collect();
        let found = named(&db, "shop", &all).await.unwrap();
        assert_eq!(found, [Named { id: "bob".into(), first_name: "N".into() }]);
        assert_eq!(named(&db, "other", &all).await.unwrap(), []);
        assert_eq!(named(&db, "shop", &[]).await.unwrap(), []);
        let dot = Code::parse("dot").unwrap();
        let found = friends(&db, &dot, None, 9).await.unwrap();
        let names: Vec<_> = found.iter().map(|it| it.name.as_deref()).collect();
        assert_eq!(names, [None, None, Some("N")]);
        assert_eq!(found[0].initial.as_deref(), Some("C"));
        let place = Place { created_at: found[0].bound_at, id: found[0].friend.to_string() };
        assert_eq!(friends(&db, &dot, Some(&place), 9).await.unwrap(), found[1..]);
        assert_eq!(friends(&db, &ids[0], None, 9).await.unwrap(), []);
    }
}
