//! Participants as the console lists them: searched, filtered, sorted.

use serde::Deserialize;
use shared::{code::Code, referral::Outcome, reward::Source, time::Timestamp};

use super::browse::{List, Place};
use crate::{platform::Db, sql, sql::DbError};

/// The most people that a search, or a filter that few pass, is answered with.
pub const FEW: u32 = 1_000;

/// Who is shown.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Show {
    /// Everybody.
    #[default]
    All,
    /// Who brought somebody.
    Referrers,
    /// Whom somebody brought.
    Friends,
    /// Whose reward waits for somebody's hand.
    Waiting,
    /// Whose link brings nothing.
    Blocked,
    /// Whose referral waits for somebody to look at it.
    Review,
}

impl Show {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 6] =
        [Self::All, Self::Referrers, Self::Friends, Self::Waiting, Self::Blocked, Self::Review];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Referrers => "referrers",
            Self::Friends => "friends",
            Self::Waiting => "waiting",
            Self::Blocked => "blocked",
            Self::Review => "review",
        }
    }

    /// Whether few pass, so that they are read from an index of their own.
    const fn is_rare(self) -> bool {
        matches!(self, Self::Waiting | Self::Blocked | Self::Review)
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sort {
    /// The newest first.
    #[default]
    Newest,
    /// Who has the most credited referrals first.
    Referrals,
    /// Who did something last first.
    Activity,
}

impl Sort {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Referrals, Self::Activity];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "",
            Self::Referrals => "referrals",
            Self::Activity => "activity",
        }
    }
}

/// Who vouches for a participant, as the list tells them apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum From {
    /// A browser alone.
    Browser,
    /// The site, or somebody signed in.
    Site,
    /// Somebody of the team added them.
    Hand,
}

impl From {
    /// All of them, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Browser, Self::Site, Self::Hand];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Site => "site",
            Self::Hand => "hand",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Directory {
    /// The campaign.
    pub campaign: String,
    /// How an address, a name, a number or a code begins.
    pub search: Option<String>,
    /// Who is shown.
    pub show: Show,
    /// How they came.
    pub from: Option<From>,
    /// The order.
    pub sort: Sort,
}

/// A participant in the list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Row {
    /// Who.
    pub id: Code,
    /// Their address.
    pub email: String,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Their credited referrals.
    pub credited: u64,
    /// Their referrals that count or may yet.
    pub leads: u64,
    /// When they joined.
    pub created_at: Timestamp,
    /// The last day, in UTC, on which something happened.
    pub active_day: i64,
    /// Since when their link brings nothing.
    pub blocked_at: Option<Timestamp>,
    /// Who vouches for them.
    pub source: Source,
    /// How they came.
    pub origin: String,
    /// Where their own referral stands.
    pub outcome: Option<Outcome>,
}

impl List for Directory {
    type Row = Row;

    async fn places(
        &self,
        db: &Db,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Place>, DbError> {
        if self.search.is_some() || self.show.is_rare() {
            return few(db, self, after, limit).await;
        }
        match self.sort {
            Sort::Newest => by_age(db, &self.campaign, after, limit).await,
            Sort::Referrals => by_referrals(db, &self.campaign, after, limit).await,
            Sort::Activity => by_activity(db, &self.campaign, after, limit).await,
        }
    }

    async fn rows(&self, db: &Db, ids: &[&str]) -> Result<Vec<Row>, DbError> {
        rows(db, self, ids).await
    }

    fn id(row: &Row) -> &str {
        row.id.as_str()
    }

    fn filters(&self) -> bool {
        self.show != Show::All || self.from.is_some()
    }
}

/// After every number that a place holds.
const END: i64 = shared::money::LARGEST;

async fn by_age(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- directory::by_age
         SELECT created_at AS a, 0 AS b, id FROM participant
          WHERE campaign = ?1 AND (created_at, id) < (?2, ?3)
          ORDER BY created_at DESC, id DESC LIMIT ?4",
        campaign,
        after.map_or(END, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn by_activity(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- directory::by_activity
         SELECT active_day AS a, 0 AS b, id FROM participant
          WHERE campaign = ?1 AND (active_day, id) < (?2, ?3)
          ORDER BY active_day DESC, id DESC LIMIT ?4",
        campaign,
        after.map_or(END, |it| it.a),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn by_referrals(
    db: &Db,
    campaign: &str,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    db.all(sql!(
        "-- directory::by_referrals
         -- Two reads: of those with as many, who joined later; and all with fewer.
         SELECT credited AS a, joined_at AS b, participant AS id FROM tally
          WHERE campaign = ?1 AND month = 0 AND credited = ?2
            AND (joined_at, participant) > (?3, ?4)
         UNION ALL
         SELECT credited AS a, joined_at AS b, participant AS id FROM tally
          WHERE campaign = ?1 AND month = 0 AND credited < ?2
          ORDER BY a DESC, b, id LIMIT ?5",
        campaign,
        after.map_or(END, |it| it.a),
        after.map_or(0, |it| it.b),
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

/// Those whom a search finds, or a filter that few pass, in the list's order.
async fn few(
    db: &Db,
    list: &Directory,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, DbError> {
    let search = list.search.as_deref().map(str::trim);
    // A name is searched as it is stored: in lower case as far as SQLite knows letters.
    let lower = search.map(str::to_ascii_lowercase);
    let (first, second) = match lower.as_deref().and_then(|it| it.split_once(' ')) {
        Some((first, second)) => (Some(first.to_owned()), Some(second.trim().to_owned())),
        None => (lower.clone(), None),
    };
    db.all(sql!(
        "-- directory::few
         -- D1 takes at most five parts of a UNION.
         WITH sought (id) AS (
           SELECT id FROM (
             SELECT participant AS id FROM code
              WHERE ?3 <= code AND code < ?3 || char(1114111) AND campaign = ?1 LIMIT ?9)
           UNION SELECT id FROM (
             SELECT subject AS id FROM person
              WHERE kind = 'PARTICIPANT' AND campaign = ?1
                AND ?2 <= identity AND identity < ?2 || char(1114111) LIMIT ?9)
           UNION SELECT id FROM (
             SELECT subject AS id FROM person
              WHERE kind = 'PARTICIPANT' AND first_name IS NOT NULL AND campaign = ?1
                AND ?3 <= lower(first_name) AND lower(first_name) < ?3 || char(1114111) LIMIT ?9)
           UNION SELECT id FROM (
             SELECT subject AS id FROM person
              WHERE kind = 'PARTICIPANT' AND last_name IS NOT NULL AND campaign = ?1
                AND ?3 <= lower(last_name) AND lower(last_name) < ?3 || char(1114111) LIMIT ?9)),
         -- Both names, in either order.
         paired (id) AS (
           SELECT id FROM (
             SELECT subject AS id FROM person
              WHERE kind = 'PARTICIPANT' AND first_name IS NOT NULL AND campaign = ?1
                AND lower(first_name) = ?4 AND ?5 <= lower(last_name)
                AND lower(last_name) < ?5 || char(1114111) LIMIT ?9)
           UNION SELECT id FROM (
             SELECT subject AS id FROM person
              WHERE kind = 'PARTICIPANT' AND last_name IS NOT NULL AND campaign = ?1
                AND lower(last_name) = ?4 AND ?5 <= lower(first_name)
                AND lower(first_name) < ?5 || char(1114111) LIMIT ?9)),
         rare (id) AS (
           SELECT id FROM (
             SELECT id FROM participant
              WHERE ?6 = 'blocked' AND campaign = ?1 AND blocked_at IS NOT NULL
              ORDER BY created_at DESC LIMIT ?9)
           UNION SELECT id FROM (
             SELECT friend AS id FROM referral
              WHERE ?6 = 'review' AND campaign = ?1
                AND outcome IN ('HELD', 'EXPIRED', 'REJECTED', 'REVERSED') AND outcome = 'HELD'
              ORDER BY bound_at DESC LIMIT ?9)
           UNION SELECT id FROM (
             SELECT participant AS id FROM reward
              WHERE ?6 = 'waiting' AND campaign = ?1 AND (approved_at IS NULL) = 1
                AND status = 'PENDING'
              ORDER BY created_at LIMIT ?9)),
         few (id) AS (SELECT id FROM sought UNION SELECT id FROM paired UNION SELECT id FROM rare)
         SELECT CASE ?7 WHEN 'referrals' THEN coalesce(t.credited, 0) WHEN 'activity' THEN p.active_day
                        ELSE p.created_at END AS a, 0 AS b, p.id
           FROM few
          CROSS JOIN participant AS p ON p.id = few.id AND p.campaign = ?1
           LEFT JOIN tally AS t ON t.participant = p.id AND t.month = 0
          WHERE (CASE ?7 WHEN 'referrals' THEN coalesce(t.credited, 0) WHEN 'activity' THEN p.active_day
                         ELSE p.created_at END, p.id) < (?8, ?10)
          ORDER BY a DESC, p.id DESC LIMIT ?11",
        &list.campaign,
        search.map(str::to_lowercase),
        lower,
        first,
        second,
        if search.is_none() { list.show.name() } else { "" },
        list.sort.name(),
        after.map_or(END, |it| it.a),
        FEW,
        after.map_or("", |it| &it.id),
        limit,
    ))
    .await
}

async fn rows(db: &Db, list: &Directory, ids: &[&str]) -> Result<Vec<Row>, DbError> {
    db.all(sql!(
        "-- directory::rows
         SELECT p.id, n.email, n.first_name, n.last_name, coalesce(t.credited, 0) AS credited,
                coalesce(t.leads, 0) AS leads, p.created_at, p.active_day, p.blocked_at, p.source,
                p.origin, r.outcome
           FROM json_each(?2) AS asked
          CROSS JOIN participant AS p ON p.id = asked.value AND p.campaign = ?1
           JOIN person AS n ON n.subject = p.id
           LEFT JOIN tally AS t ON t.participant = p.id AND t.month = 0
           LEFT JOIN referral AS r ON r.campaign = p.campaign AND r.friend = p.id
          WHERE p.erased_at IS NULL
            AND CASE ?3 WHEN 'referrers' THEN 0 < coalesce(t.leads, 0)
                        WHEN 'friends' THEN r.friend IS NOT NULL
                        WHEN 'blocked' THEN p.blocked_at IS NOT NULL
                        WHEN 'review' THEN coalesce(r.outcome = 'HELD', 0)
                        WHEN 'waiting' THEN EXISTS (
                          SELECT 1 FROM reward
                           WHERE participant = p.id AND status = 'PENDING' AND approved_at IS NULL)
                        ELSE 1 END
            AND CASE ?4 WHEN 'browser' THEN p.source = 'BROWSER'
                        WHEN 'site' THEN p.source <> 'BROWSER'
                                          AND p.origin NOT IN ('MANUAL', 'IMPORT')
                        WHEN 'hand' THEN p.origin IN ('MANUAL', 'IMPORT')
                        ELSE 1 END
          ORDER BY asked.key",
        &list.campaign,
        sql::to_json(&ids),
        list.show.name(),
        list.from.map(From::name),
    ))
    .await
}
