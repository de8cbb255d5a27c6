//! Signals of fraud, and the facts that they are read from.

use serde::Deserialize;
use shared::{
    code::Code,
    email::Email,
    fraud::{Options, Signal},
    time::{Span, Timestamp},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A friend who may be bound to a referrer.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The campaign.
    pub campaign: &'a str,
    /// Who came.
    pub friend: &'a Code,
    /// The keyed hash of the friend's mailbox.
    pub mailbox: &'a str,
    /// Who referred them.
    pub referrer: &'a Code,
    /// The owner's settings.
    pub options: &'a Options,
    /// Whether more than a browser vouches for the friend: then only such friends count.
    pub vouched: bool,
    /// When they are bound.
    pub now: Timestamp,
    /// Before when an order speaks of a past; none: all that there are do.
    pub since: Option<Timestamp>,
}

impl Pair<'_> {
    const fn hour_ago(&self) -> Timestamp {
        Timestamp(self.now.0.saturating_sub(Span::hours(1).0))
    }

    const fn in_an_hour(&self) -> Timestamp {
        Timestamp(self.now.0.saturating_add(Span::hours(1).0))
    }

    const fn day_ago(&self) -> Timestamp {
        Timestamp(self.now.0.saturating_sub(Span::days(1).0))
    }

    const fn in_a_day(&self) -> Timestamp {
        Timestamp(self.now.0.saturating_add(Span::days(1).0))
    }
}

/// What the tables know of a friend and a referrer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Facts {
    /// Whether they have one mailbox.
    #[serde(deserialize_with = "sql::flag")]
    pub same_mailbox: bool,
    /// Whether somebody else with the friend's mailbox took part before.
    #[serde(deserialize_with = "sql::flag")]
    pub duplicate: bool,
    /// Whether the friend ordered before.
    #[serde(deserialize_with = "sql::flag")]
    pub ordered: bool,
    /// Other friends of the referrer in the hour before and the hour after who are not held or
    /// rejected and did not come in a file, counted up to the limit; both ends are within it. Who came
    /// later may be read sooner.
    pub within_hour: u32,
    /// The same in the 24 hours before and after.
    pub within_day: u32,
}

/// Reads them. Friends are counted no further than the limit, however many there are.
pub async fn facts(db: &Db, pair: &Pair<'_>) -> Result<Option<Facts>, DbError> {
    let found = db
        .all(sql!(
            "-- signals::facts
             SELECT EXISTS (SELECT 1 FROM mailbox
                             WHERE participant = ?3 AND hash = ?4) AS same_mailbox,
                    EXISTS (SELECT 1 FROM mailbox
                             WHERE campaign = ?1 AND hash = ?4 AND participant NOT IN (?2, ?3)
                               AND seq < coalesce((SELECT seq FROM mailbox WHERE participant = ?2),
                                                  9007199254740991)) AS duplicate,
                    EXISTS (SELECT 1 FROM conversion
                             WHERE participant = ?2 AND kind = 'TRANSACTION'
                               AND (?11 IS NULL OR at < ?11)) AS ordered,
                    (SELECT count(*) FROM
                      (SELECT 1 FROM referral
                        WHERE referrer = ?3 AND friend <> ?2 AND bound_at BETWEEN ?5 AND ?7
                          AND outcome NOT IN ('HELD', 'REJECTED')
                          AND (NOT ?12 OR source <> 'BROWSER')
                          AND (SELECT origin FROM participant WHERE id = friend) IS NOT 'IMPORT'
                        LIMIT ?9)) AS within_hour,
                    (SELECT count(*) FROM
                      (SELECT 1 FROM referral
                        WHERE referrer = ?3 AND friend <> ?2 AND bound_at BETWEEN ?6 AND ?8
                          AND outcome NOT IN ('HELD', 'REJECTED')
                          AND (NOT ?12 OR source <> 'BROWSER')
                          AND (SELECT origin FROM participant WHERE id = friend) IS NOT 'IMPORT'
                        LIMIT ?10)) AS within_day",
            pair.campaign,
            pair.friend,
            pair.referrer,
            pair.mailbox,
            pair.hour_ago(),
            pair.day_ago(),
            pair.in_an_hour(),
            pair.in_a_day(),
            pair.options.max_friends_per_hour.unwrap_or(0),
            pair.options.max_friends_per_day.unwrap_or(0),
            pair.since,
            pair.vouched,
        ))
        .await?;
    Ok(found.into_iter().next())
}

/// Fails the batch that binds a friend if a duplicate or further friends of the referrer came since
/// the facts were read, so that of many at once no more than the limit pass.
/// Who comes in a file is not `limited`.
pub fn guard(pair: &Pair<'_>, duplicates: bool, limited: bool) -> Statement {
    sql!(
        "-- signals::guard
         UPDATE referral SET updated_at = iif(
             (?9 IS NULL OR (SELECT count(*) FROM
                (SELECT 1 FROM referral
                  WHERE referrer = ?3 AND friend <> ?2 AND bound_at BETWEEN ?5 AND ?7
                    AND outcome NOT IN ('HELD', 'REJECTED')
                    AND (NOT ?12 OR source <> 'BROWSER')
                    AND (SELECT origin FROM participant WHERE id = friend) IS NOT 'IMPORT'
                  LIMIT coalesce(?9, 1))) < ?9)
             AND (?10 IS NULL OR (SELECT count(*) FROM
                (SELECT 1 FROM referral
                  WHERE referrer = ?3 AND friend <> ?2 AND bound_at BETWEEN ?6 AND ?8
                    AND outcome NOT IN ('HELD', 'REJECTED')
                    AND (NOT ?12 OR source <> 'BROWSER')
                    AND (SELECT origin FROM participant WHERE id = friend) IS NOT 'IMPORT'
                  LIMIT coalesce(?10, 1))) < ?10)
             AND (NOT ?11 OR NOT EXISTS
                (SELECT 1 FROM mailbox AS other JOIN mailbox AS own ON own.participant = ?2
                  WHERE other.campaign = ?1 AND other.hash = ?4 AND other.seq < own.seq)),
           updated_at, NULL)
          WHERE campaign = ?1 AND friend = ?2",
        pair.campaign,
        pair.friend,
        pair.referrer,
        pair.mailbox,
        pair.hour_ago(),
        pair.day_ago(),
        pair.in_an_hour(),
        pair.in_a_day(),
        pair.options.max_friends_per_hour.filter(|_| limited),
        pair.options.max_friends_per_day.filter(|_| limited),
        duplicates,
        pair.vouched,
    )
}

/// Notes a signal about a friend who is here, once.
pub fn insert(
    id: &str,
    campaign: &str,
    friend: &Code,
    signal: Signal,
    now: Timestamp,
) -> Statement {
    sql!(
        "-- signals::insert
         INSERT INTO signal (id, campaign, participant, name, at)
         SELECT ?1, ?2, id, ?4, ?5 FROM participant WHERE id = ?3 AND erased_at IS NULL
         ON CONFLICT (participant, name) DO NOTHING",
        id,
        campaign,
        friend,
        signal.as_str(),
        now,
    )
}

/// Notes whose mailbox is whose; fails the batch if the participant has one.
pub fn insert_mailbox(campaign: &str, participant: &Code, hash: &str) -> Statement {
    sql!(
        "-- signals::insert_mailbox
         INSERT INTO mailbox (campaign, participant, hash) VALUES (?1, ?2, ?3)",
        campaign,
        participant,
        hash,
    )
}

#[derive(Deserialize)]
struct Address {
    email: Email,
}

/// A participant's address.
pub async fn address(db: &Db, participant: &Code) -> Result<Option<Email>, DbError> {
    let rows: Vec<Address> = db
        .all(sql!(
            "-- signals::address
             SELECT email FROM person WHERE subject = ?1 AND kind = 'PARTICIPANT'",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next().map(|it| it.email))
}

#[cfg(test)]
mod tests {
    use shared::{reward::Source, zone::Month};

    use super::*;
    use crate::store::{participants::tests::add, referrals};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn bond(friend: &Code, at: Timestamp) -> Statement {
        referrals::insert(&referrals::New {
            campaign: "shop",
            friend,
            referrer: &code("ada"),
            click: None,
            channel: None,
            source: Source::Browser,
            month: Month(24_310),
            now: at,
        })
    }

    #[tokio::test]
    async fn r_guard_4_friends_are_counted_in_an_hour_and_a_day_closed_at_both_ends() {
        let db = Db::in_memory().unwrap();
        add(&db, "shop", "ada", "ada@example.com", 1).await;
        let options = Options { max_friends_per_hour: Some(3), ..Options::default() };
        let bob = code("bob");
        let pair = Pair {
            campaign: "shop",
            friend: &bob,
            mailbox: "b",
            referrer: &code("ada"),
            options: &options,
            vouched: false,
            now: NOW,
            since: None,
        };
        let counted = async || {
            let found = facts(&db, &pair).await.unwrap().unwrap();
            (found.within_hour, found.within_day)
        };
        assert_eq!(counted().await, (0, 0));
        for (friend, at, expected) in [
            ("a1", NOW - Span::hours(1), (1, 1)),
            ("a2", NOW - Span::hours(1) - Span(1), (1, 2)),
            ("a3", NOW - Span::days(1), (1, 3)),
            ("a4", NOW - Span::days(1) - Span(1), (1, 3)),
            ("a5", NOW + Span::hours(1), (2, 4)),
            ("a6", NOW + Span::days(1) + Span(1), (2, 4)),
            ("bob", NOW, (2, 4)),
            ("a7", NOW + Span::days(1), (2, 5)),
            ("a8", NOW, (3, 6)),
        ] {
            db.batch(vec![bond(&code(friend), at)]).await.unwrap();
            assert_eq!(counted().await, expected, "{friend}");
        }
        let guarded = |friend: &str, options: &Options| {
            let friend = code(friend);
            let pair = Pair { friend: &friend, options, ..pair };
            vec![guard(&pair, true, true)]
        };
        assert_eq!(db.batch(guarded("a8", &options)).await, Err(DbError::Constraint));
        let five = Options { max_friends_per_hour: Some(5), ..options.clone() };
        db.batch(guarded("a8", &five)).await.unwrap();
        let day = Options { max_friends_per_day: Some(6), ..five.clone() };
        assert_eq!(db.batch(guarded("a8", &day)).await, Err(DbError::Constraint));
        let none = Options { max_friends_per_day: None, max_friends_per_hour: None, ..five };
        db.batch(guarded("a8", &none)).await.unwrap();
        let vouched = || Pair { vouched: true, ..pair };
        let found = facts(&db, &vouched()).await.unwrap().unwrap();
        assert_eq!((found.within_hour, found.within_day), (0, 0), "browsers told of all of them");
        let server =
            sql!("-- t\n UPDATE referral SET source = 'SERVER' WHERE friend IN ('a5', 'a8')");
        let held = sql!("-- t\n UPDATE referral SET outcome = 'HELD' WHERE friend IN ('a1', 'a8')");
        db.batch(vec![server, held]).await.unwrap();
        let found = facts(&db, &vouched()).await.unwrap().unwrap();
        assert_eq!((found.within_hour, found.within_day), (1, 1), "the held one does not count");
        let found = facts(&db, &pair).await.unwrap().unwrap();
        assert_eq!((found.within_hour, found.within_day), (1, 4));
        let found = facts(&db, &Pair { options: &none, ..pair }).await.unwrap().unwrap();
        assert_eq!((found.within_hour, found.within_day), (0, 0), "nothing is counted");
    }

    #[tokio::test]
    async fn r_guard_3_of_two_people_with_one_mailbox_the_second_is_the_duplicate() {
        let db = Db::in_memory().unwrap();
        let (ada, bob, cid, options) = (code("ada"), code("bob"), code("cid"), Options::default());
        db.batch(vec![
            insert_mailbox("shop", &ada, "a"),
            insert_mailbox("shop", &bob, "b"),
            insert_mailbox("other", &code("eve"), "b"),
        ])
        .await
        .unwrap();
        let seen = async |friend: &Code, mailbox: &str| {
            let pair = Pair {
                campaign: "shop",
                friend,
                mailbox,
                referrer: &ada,
                options: &options,
                vouched: false,
                now: NOW,
                since: None,
            };
            let found = facts(&db, &pair).await.unwrap().unwrap();
            (found.same_mailbox, found.duplicate)
        };
        assert_eq!(seen(&cid, "b").await, (false, true));
        assert_eq!(seen(&cid, "c").await, (false, false));
        assert_eq!(seen(&cid, "a").await, (true, false));
        db.batch(vec![insert_mailbox("shop", &cid, "b")]).await.unwrap();
        assert_eq!(seen(&cid, "b").await, (false, true));
        assert_eq!(seen(&bob, "b").await, (false, false), "they were first");
        let pair = |friend| Pair {
            campaign: "shop",
            friend,
            mailbox: "b",
            referrer: &ada,
            options: &options,
            vouched: false,
            now: NOW,
            since: None,
        };
        db.batch(vec![bond(&cid, NOW), bond(&bob, NOW)]).await.unwrap();
        db.batch(vec![guard(&pair(&bob), true, true)]).await.unwrap();
        assert_eq!(db.batch(vec![guard(&pair(&cid), true, true)]).await, Err(DbError::Constraint));
        db.batch(vec![guard(&pair(&cid), false, true)]).await.unwrap();
        let again = insert_mailbox("shop", &cid, "x");
        assert_eq!(db.batch(vec![again]).await, Err(DbError::Constraint));
    }

    #[derive(Deserialize)]
    struct Row {
        id: String,
    }

    #[tokio::test]
    async fn r_guard_8_a_signal_is_noted_once() {
        let db = Db::in_memory().unwrap();
        let bob = add(&db, "shop", "bob", "bob@example.com", 1).await;
        let nobody = code("gone");
        let note = |id: &str, signal| insert(id, "shop", &bob, signal, NOW);
        db.batch(vec![insert("0", "shop", &nobody, Signal::Velocity, NOW)]).await.unwrap();
        let batch = [("1", Signal::Velocity), ("2", Signal::Velocity), ("3", Signal::Honeypot)];
        db.batch(batch.map(|(id, signal)| note(id, signal)).into()).await.unwrap();
        let rows: Vec<Row> =
            db.all(sql!("-- t\n SELECT id FROM signal ORDER BY id")).await.unwrap();
        assert_eq!(rows.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(address(&db, &nobody).await.unwrap(), None);
        let eve = add(&db, "shop", "eve", "Eve@example.com", 1).await;
        let found = address(&db, &eve).await.unwrap().unwrap();
        assert_eq!(found.as_str(), "Eve@example.com");
    }
}
