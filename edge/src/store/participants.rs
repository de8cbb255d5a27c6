//! Participants: who they are, who referred them, and what a credit must know of a referrer.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::{
    code::Code, email::Email, referral::Outcome, reward::Source, time::Timestamp, zone::Month,
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// What names a participant: an id or vanity key, or an address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Key {
    /// An id or vanity key.
    Code(Code),
    /// The identity of an address.
    Identity(String),
}

impl Key {
    /// Reads what people and back ends name participants by; `None` names nobody.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            return Email::parse(text).ok().map(|it| Self::Identity(it.identity()));
        }
        Code::parse(text.trim()).ok().map(Self::Code)
    }

    pub(super) fn code(&self) -> Option<&Code> {
        match self {
            Self::Code(code) => Some(code),
            Self::Identity(_) => None,
        }
    }

    pub(super) fn identity(&self) -> Option<&str> {
        match self {
            Self::Code(_) => None,
            Self::Identity(identity) => Some(identity),
        }
    }
}

/// A participant, as far as bonds and credits depend on them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// Who.
    pub id: Code,
    /// The best of those who vouch for them, or, if they are bound, for their bond.
    pub source: Source,
    /// The owner's own fields.
    pub metadata: BTreeMap<String, String>,
    /// Whether they joined on our page for participants, and no sign-up to the owner's product was told
    /// since.
    pub joined: bool,
    /// Who referred them.
    pub bond: Option<Bond>,
}

/// The bond that a participant has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bond {
    /// The referrer.
    pub referrer: Code,
    /// Where it stands.
    pub outcome: Outcome,
    /// When it was made.
    pub bound_at: Timestamp,
    /// In which calendar month it was credited.
    pub month: Option<Month>,
    /// When its delayed credit is due.
    pub credit_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct KnownRow {
    id: Code,
    source: Source,
    #[serde(deserialize_with = "sql::json")]
    metadata: BTreeMap<String, String>,
    #[serde(deserialize_with = "sql::flag")]
    joined: bool,
    referrer: Option<Code>,
    outcome: Option<Outcome>,
    bound_at: Option<Timestamp>,
    month: Option<Month>,
    credit_at: Option<Timestamp>,
}

/// A participant of a campaign.
pub async fn find(db: &Db, campaign: &str, key: &Key) -> Result<Option<Known>, DbError> {
    let rows: Vec<KnownRow> = db
        .all(sql!(
            "-- participants::find
             SELECT p.id, p.source, coalesce(person.metadata, '{}') AS metadata, p.joined, r.referrer,
                    r.outcome, r.bound_at, r.month, r.credit_at
               FROM participant AS p
               LEFT JOIN person ON person.subject = p.id
               LEFT JOIN referral AS r ON r.campaign = p.campaign AND r.friend = p.id
              WHERE p.campaign = ?1 AND p.id = coalesce(
                (SELECT participant FROM code WHERE code = ?2 AND campaign = ?1),
                (SELECT subject FROM person
                  WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?3))",
            campaign,
            key.code(),
            key.identity(),
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| {
        let bond = match (it.referrer, it.outcome, it.bound_at) {
            (Some(referrer), Some(outcome), Some(bound_at)) => {
                let (month, credit_at) = (it.month, it.credit_at);
                Some(Bond { referrer, outcome, bound_at, month, credit_at })
            }
            _ => None,
        };
        let KnownRow { id, source, metadata, joined, .. } = it;
        Known { id, source, metadata, joined, bond }
    }))
}

/// How somebody came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// By themselves.
    Direct,
    /// Added by somebody of the team, referred or not.
    Manual,
    /// Referred.
    Participant,
    /// In a file of the team's, referred or not.
    Import,
}

/// A new participant.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Also the default code.
    pub id: &'a Code,
    /// The campaign.
    pub campaign: &'a str,
    /// How they came.
    pub origin: Origin,
    /// Who vouches for them.
    pub source: Source,
    /// Their language tag.
    pub language: Option<&'a str>,
    /// Where they get messages.
    pub email: &'a Email,
    /// First name.
    pub first_name: Option<&'a str>,
    /// Last name.
    pub last_name: Option<&'a str>,
    /// The owner's own fields.
    pub metadata: &'a BTreeMap<String, String>,
    /// Whether they joined on our page for participants, and did not sign up to the owner's product.
    pub joins: bool,
    /// When.
    pub now: Timestamp,
}

/// Adds a participant with their default code; fails the batch when id or identity is taken.
#[must_use]
pub fn insert(new: &New<'_>) -> Vec<Statement> {
    let origin = match new.origin {
        Origin::Direct => "DIRECT",
        Origin::Participant => "PARTICIPANT",
        Origin::Manual => "MANUAL",
        Origin::Import => "IMPORT",
    };
    vec![
        sql!(
            "-- participants::insert
             INSERT INTO participant (id, campaign, origin, source, language, created_at, joined)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            new.id,
            new.campaign,
            origin,
            sql::name(&new.source),
            new.language,
            new.now,
            new.joins,
        ),
        sql!(
            "-- participants::insert/person
             INSERT INTO person (subject, campaign, kind, email, identity, first_name, last_name,
                                 metadata, created_at)
             VALUES (?1, ?2, 'PARTICIPANT', ?3, ?4, ?5, ?6, ?7, ?8)",
            new.id,
            new.campaign,
            new.email.as_str(),
            new.email.identity(),
            new.first_name,
            new.last_name,
            sql::to_json(new.metadata),
            new.now,
        ),
        sql!(
            "-- participants::insert/code
             INSERT INTO code (code, campaign, participant, created_at) VALUES (?1, ?2, ?1, ?3)",
            new.id,
            new.campaign,
            new.now,
        ),
    ]
}

/// Somebody better than a browser vouches for the participant; fails the batch if one did already.
pub fn vouch(id: &Code, source: Source) -> Statement {
    sql!(
        "-- participants::vouch
         UPDATE participant SET source = iif(source = 'BROWSER', ?2, NULL) WHERE id = ?1",
        id,
        sql::name(&source),
    )
}

/// The sign-up of somebody who had only joined is told; fails the batch if it was before.
pub fn signed_up(id: &Code) -> Statement {
    sql!(
        "-- participants::signed_up
         UPDATE participant SET joined = iif(joined = 1, 0, NULL) WHERE id = ?1",
        id,
    )
}

/// Somebody who joined by themselves, as it seemed, was referred.
pub fn brought(id: &Code) -> Statement {
    sql!(
        "-- participants::brought
         UPDATE participant SET origin = 'PARTICIPANT' WHERE id = ?1 AND origin = 'DIRECT'",
        id,
    )
}

/// Keeps which version of the card somebody agreed to who joins, as long as they have not shown that the
/// address is theirs: then they cannot be made to agree by whoever types it.
pub fn agree(id: &Code, version: &str, now: Timestamp) -> Statement {
    sql!(
        "-- participants::agree
         UPDATE participant SET agreed = ?2, agreed_at = ?3
          WHERE id = ?1 AND EXISTS (SELECT 1 FROM joining WHERE participant = ?1 AND is_open = 1)",
        id,
        version,
        now,
    )
}

/// What is told of a participant waits for somebody better again: a browser told who referred them.
pub fn doubt(id: &Code) -> Statement {
    sql!(
        "-- participants::doubt
         UPDATE participant SET source = 'BROWSER' WHERE id = ?1",
        id,
    )
}

/// Where a page of participants goes on: after this one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Place {
    /// When the row was made.
    pub created_at: Timestamp,
    /// Its id.
    pub id: String,
}

/// A campaign's participants, newest first, `limit` of them after a place.
pub async fn page(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- participants::page
         SELECT created_at, id FROM participant
          WHERE campaign = ?1 AND (created_at, id) < (?2, ?3) AND erased_at IS NULL
          ORDER BY created_at DESC, id DESC LIMIT ?4",
        campaign,
        after.map_or(shared::money::LARGEST, |it| it.created_at.0),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

/// Participants whose metadata holds all the given values, by id.
pub async fn page_by_metadata(
    db: &Db,
    campaign: &str,
    wanted: &BTreeMap<String, String>,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- participants::page_by_metadata
         SELECT p.created_at, p.id
           FROM participant AS p JOIN person ON person.subject = p.id
          WHERE p.campaign = ?1 AND ?2 < p.id
            AND NOT EXISTS (SELECT 1 FROM json_each(?3) AS wanted
                             WHERE person.metadata->>wanted.key IS NOT wanted.value)
          ORDER BY p.id LIMIT ?4",
        campaign,
        after.map_or("", |it| &it.id),
        sql::to_json(wanted),
        limit,
    ))
    .await
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) async fn add(db: &Db, campaign: &str, id: &str, email: &str, at: i64) -> Code {
        let id = Code::parse(id).unwrap();
        let new = New {
            id: &id,
            campaign,
            origin: Origin::Direct,
            source: Source::Browser,
            language: None,
            email: &Email::parse(email).unwrap(),
            first_name: None,
            last_name: None,
            metadata: &BTreeMap::from([("plan".into(), id.to_string())]),
            joins: false,
            now: Timestamp(at),
        };
        db.batch(insert(&new)).await.unwrap();
        id
    }

    #[tokio::test]
    async fn r_person_3_people_are_found_by_code_or_address_in_their_campaign_only() {
        let db = Db::in_memory().unwrap();
        let ada = add(&db, "shop", "ada", "Ada@Example.com", 1).await;
        for key in ["ada", "ADA", "ada@example.com", " Ada@example.COM "] {
            let key = Key::parse(key).unwrap();
            let found = find(&db, "shop", &key).await.unwrap().unwrap();
            let metadata = BTreeMap::from([("plan".into(), "ada".into())]);
            let id = ada.clone();
            assert_eq!(
                found,
                Known { id, source: Source::Browser, metadata, joined: false, bond: None }
            );
            assert_eq!(find(&db, "other", &key).await.unwrap(), None);
        }
        assert_eq!(Key::parse("no such thing"), None);
        assert_eq!(Key::parse("@"), None);
    }

    #[tokio::test]
    async fn r_person_4_one_participant_per_person_and_campaign() {
        let db = Db::in_memory().unwrap();
        add(&db, "shop", "ada", "ada@example.com", 1).await;
        add(&db, "other", "ada2", "ada@example.com", 1).await;
        let id = Code::parse("ada3").unwrap();
        let email = Email::parse("ADA@example.com").unwrap();
        let again = New {
            id: &id,
            campaign: "shop",
            origin: Origin::Direct,
            source: Source::Server,
            language: None,
            email: &email,
            first_name: None,
            last_name: None,
            metadata: &BTreeMap::new(),
            joins: false,
            now: Timestamp(2),
        };
        assert_eq!(db.batch(insert(&again)).await, Err(DbError::Constraint));
    }

    #[tokio::test]
    async fn somebody_is_vouched_for_once() {
        let db = Db::in_memory().unwrap();
        let ada = add(&db, "shop", "ada", "ada@example.com", 1).await;
        db.batch(vec![vouch(&ada, Source::Server)]).await.unwrap();
        assert_eq!(db.batch(vec![vouch(&ada, Source::Server)]).await, Err(DbError::Constraint));
    }

    #[tokio::test]
    async fn pages_go_from_the_newest_to_the_oldest() {
        let db = Db::in_memory().unwrap();
        assert_eq!(page(&db, "shop", None, 10).await.unwrap(), []);
        for (id, at) in [("a1", 1), ("b2", 2), ("c2", 2)] {
            add(&db, "shop", id, &format!("{id}@example.com"), at).await;
        }
        let ids = |places: &[Place]| places.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        let first = page(&db, "shop", None, 2).await.unwrap();
        assert_eq!(ids(&first), ["c2", "b2"]);
        let second = page(&db, "shop", first.last(), 2).await.unwrap();
        assert_eq!(ids(&second), ["a1"]);
        let wanted = BTreeMap::from([("plan".into(), "b2".into())]);
        let found = page_by_metadata(&db, "shop", &wanted, None, 10).await.unwrap();
        assert_eq!(ids(&found), ["b2"]);
        let wanted = BTreeMap::from([("other".into(), "b2".into())]);
        assert_eq!(page_by_metadata(&db, "shop", &wanted, None, 10).await.unwrap(), []);
    }
}
