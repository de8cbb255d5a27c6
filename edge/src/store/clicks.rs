//! Clicks: rows as they arrive, roll-ups that follow them.

use serde::Deserialize;
use shared::{
    attribution::Claims,
    click::Class,
    code::Code,
    time::{Span, Timestamp},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// A hit on a link.
#[derive(Clone, Debug)]
pub struct Click {
    /// Sorts by time.
    pub id: String,
    /// The campaign.
    pub campaign: String,
    /// Whose link it was.
    pub participant: Code,
    /// The share channel in the link.
    pub channel: Option<String>,
    /// What sent it.
    pub class: Class,
    /// Keyed hash of network and agent.
    pub visitor: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Adds a click; one that is there already stays as it is.
pub fn insert(click: Click) -> Statement {
    sql!(
        "-- clicks::insert
         INSERT INTO click (id, campaign, participant, channel, class, visitor, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
        click.id,
        click.campaign,
        &click.participant,
        click.channel,
        click.class.as_str(),
        click.visitor,
        click.at,
    )
}

/// A click as one packed row: a JSON array.
///
/// Every text in it is made of letters, digits, `_` and `-` (ids, codes, channels, hex), so it is
/// written without escaping: this runs for every click.
#[must_use]
pub fn row(click: &Click) -> String {
    let quoted =
        |text: &Option<String>| text.as_ref().map_or("null".into(), |it| format!("\"{it}\""));
    format!(
        "[\"{}\",\"{}\",\"{}\",{},\"{}\",{},{}]",
        click.id,
        click.campaign,
        click.participant,
        quoted(&click.channel),
        click.class.as_str(),
        quoted(&click.visitor),
        click.at.0,
    )
}

/// A click as its token tells it: for clicks that were lost on their way.
///
/// Whoever brings a token is a person with a browser; the hash of their network is gone.
#[must_use]
pub fn claimed(claims: &Claims) -> Click {
    Click {
        id: claims.jti.clone(),
        campaign: claims.aud.clone(),
        participant: claims.sub.clone(),
        channel: claims.ch.clone(),
        class: Class::Person,
        visitor: None,
        at: claims.clicked_at(),
    }
}

/// Rows as one packed message, as `host.js` packs them.
#[cfg(test)]
#[must_use]
pub fn pack(rows: &[String]) -> String {
    format!("[{}]", rows.join(","))
}

/// Adds the clicks of a packed message; those that are there already stay as they are.
///
/// One statement with one parameter: integers stay integers, and a message delivered again changes
/// nothing. A visit may overtake its click: then the row is there as the token told it, and gets its
/// class and visitor now, so long as no roll-up has counted it.
pub fn insert_packed(packed: &str) -> Statement {
    sql!(
        "-- clicks::insert_packed
         INSERT INTO click (id, campaign, participant, channel, class, visitor, at)
         SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6
           FROM json_each(?1) WHERE true
         ON CONFLICT (id) DO UPDATE SET class = excluded.class, visitor = excluded.visitor
          WHERE click.visitor IS NULL AND (SELECT seq FROM click_fold) < click.seq",
        packed,
    )
}

/// How long a packed message of an age waits for its next attempt: as long again, so that the
/// attempts grow rare while the database is away; 12 hours is the most that a queue waits.
#[must_use]
pub fn patience(age: Span) -> Span {
    age.clamp(Span::seconds(5), Span::hours(12))
}

#[derive(Deserialize)]
struct Fold {
    seq: i64,
    until: i64,
}

/// The most clicks that one step of the roll-up takes: ten milliseconds of a native call's time.
const FOLD_STEP: i64 = 5_000;

/// How old a click must be before it is rolled up: by then its message has come.
const SETTLED: Span = Span::minutes(2);

/// Brings the roll-ups up to date by one step; whether there is more to do.
///
/// A step takes the rows after the mark and moves the mark in the same batch, guarded by its old
/// value: two runs at once count nothing twice. It ends before the first row that is young: a message
/// that comes late is behind rows that still wait for theirs.
pub async fn fold(db: &Db, now: Timestamp) -> Result<bool, DbError> {
    let found: Vec<Fold> = db
        .all(sql!(
            "-- clicks::fold
             SELECT fold.seq, coalesce(
                      -- `+`: by seq, which ends at once where rows are young, not by id.
                      (SELECT c.seq - 1 FROM click AS c
                        WHERE fold.seq < c.seq AND c.seq <= fold.seq + ?2 AND ?1 <= +c.id
                        ORDER BY c.seq LIMIT 1),
                      (SELECT max(c.seq) FROM click AS c
                        WHERE fold.seq < c.seq AND c.seq <= fold.seq + ?2),
                      -- Over a gap that somebody's own hand left.
                      (SELECT min(c.seq) - 1 FROM click AS c WHERE fold.seq < c.seq),
                      fold.seq) AS until
               FROM click_fold AS fold",
            // Ids begin with their time.
            shared::id::ordered(now - SETTLED, [0; 16]),
            FOLD_STEP,
        ))
        .await?;
    let Some(Fold { seq, until }) = found.into_iter().next() else { return Ok(false) };
    if until <= seq {
        return Ok(false);
    }
    let batch = vec![
        sql!(
            "-- clicks::fold/mark
             UPDATE click_fold SET seq = iif(seq = ?1, ?2, NULL) WHERE id = 1",
            seq,
            until,
        ),
        sql!(
            "-- clicks::fold/uniques
             INSERT INTO unique_visitor (day, participant, visitor, click)
             SELECT at / 86400000, participant, visitor, min(seq) FROM click
              WHERE ?1 < seq AND seq <= ?2 AND class = 'PERSON' AND visitor IS NOT NULL
              GROUP BY 1, 2, 3
             ON CONFLICT DO NOTHING",
            seq,
            until,
        ),
        sql!(
            "-- clicks::fold/quarters
             INSERT INTO click_quarter (campaign, quarter, channel, class, clicks)
             SELECT campaign, at / 900000, coalesce(channel, ''), class, count(*) FROM click
              WHERE ?1 < seq AND seq <= ?2 GROUP BY 1, 2, 3, 4
             ON CONFLICT DO UPDATE SET clicks = clicks + excluded.clicks",
            seq,
            until,
        ),
        sql!(
            "-- clicks::fold/days
             INSERT INTO click_day (campaign, participant, day, impressions, uniques)
             SELECT c.campaign, c.participant, c.at / 86400000, count(*), count(u.click)
               FROM click AS c
               LEFT JOIN unique_visitor AS u
                 ON u.day = c.at / 86400000 AND u.participant = c.participant
                    AND u.visitor = c.visitor AND u.click = c.seq
              WHERE ?1 < c.seq AND c.seq <= ?2 AND c.class = 'PERSON' GROUP BY 1, 2, 3
             ON CONFLICT DO UPDATE SET impressions = impressions + excluded.impressions,
                                       uniques = uniques + excluded.uniques",
            seq,
            until,
        ),
    ];
    let batch = [batch, vec![figured(seq, until)]].concat();
    match db.batch(batch).await {
        // Another run was first: it counted them.
        Ok(()) | Err(DbError::Constraint) => Ok(until == seq + FOLD_STEP),
        Err(other) => Err(other),
    }
}

/// Adds people's clicks to the figures of their days.
fn figured(seq: i64, until: i64) -> Statement {
    sql!(
        "-- clicks::figured
         INSERT INTO figure (campaign, day, channel, impressions, uniques)
         SELECT c.campaign, (c.at + coalesce(k.ahead, 0)) / 86400000, coalesce(c.channel, ''),
                count(*), count(u.click)
           FROM click AS c
           LEFT JOIN clock AS k ON k.campaign = c.campaign
           LEFT JOIN unique_visitor AS u
             ON u.day = c.at / 86400000 AND u.participant = c.participant
                AND u.visitor = c.visitor AND u.click = c.seq
          WHERE ?1 < c.seq AND c.seq <= ?2 AND c.class = 'PERSON' GROUP BY 1, 2, 3
         ON CONFLICT DO UPDATE SET impressions = impressions + excluded.impressions,
                                   uniques = uniques + excluded.uniques",
        seq,
        until,
    )
}

/// How long raw clicks are kept; roll-ups stay.
pub const KEPT: Span = Span::days(400);

/// Forgets raw clicks that are too old, and the days whose key is gone; at most 5,000 a time.
///
/// The newest click that was rolled up stays, however old: the next one counts on from it.
#[must_use]
pub fn prune(now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- clicks::prune
             DELETE FROM click WHERE seq IN (
               SELECT seq FROM click WHERE id < ?1
                  AND seq < (SELECT seq FROM click_fold) ORDER BY id LIMIT 5000)",
            // Ids begin with their time.
            shared::id::ordered(now - KEPT, [0; 16]),
        ),
        sql!(
            "-- clicks::prune/uniques
             DELETE FROM unique_visitor WHERE day < CAST(?1 AS INTEGER)",
            now.day() - 2,
        ),
    ]
}

/// Clicks of a campaign by class.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Total {
    /// The class.
    pub class: Class,
    /// How many.
    pub clicks: u64,
}

/// How many clicks a campaign had, by class: what is rolled up, and what has come since.
pub async fn totals(db: &Db, campaign: &str) -> Result<Vec<Total>, DbError> {
    db.all(sql!(
        "-- clicks::totals
         SELECT class, sum(clicks) AS clicks FROM (
           SELECT class, clicks FROM click_quarter WHERE campaign = ?1
           UNION ALL
           SELECT class, 1 FROM click
            WHERE seq > (SELECT seq FROM click_fold) AND campaign = ?1)
         GROUP BY class ORDER BY class",
        campaign,
    ))
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(id: &str, class: Class, visitor: &str, at: i64) -> Click {
        Click {
            id: id.into(),
            campaign: "shop".into(),
            participant: Code::parse("ada").unwrap(),
            channel: Some("email".into()),
            class,
            visitor: Some(visitor.into()),
            at: Timestamp(at),
        }
    }

    fn click(id: &str, class: Class, visitor: &str, at: i64) -> String {
        row(&made(id, class, visitor, at))
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        day: i64,
        impressions: i64,
        uniques: i64,
    }

    async fn days(db: &Db) -> Vec<Row> {
        db.all(sql!("-- t\n SELECT day, impressions, uniques FROM click_day ORDER BY day"))
            .await
            .unwrap()
    }

    const DAY: i64 = 86_400_000;

    /// When even clicks with the shortest ids have settled.
    const LATER: Timestamp = Timestamp(1 << 47);

    #[test]
    fn each_failed_attempt_doubles_the_age_of_a_message_within_bounds() {
        let mut age = Span::seconds(1);
        let waits: Vec<i64> = std::iter::repeat_with(|| {
            let wait = patience(age);
            age = Span(age.0 + wait.0);
            wait.0 / 1000
        })
        .take(18)
        .collect();
        assert_eq!(waits[..5], [5, 6, 12, 24, 48]);
        assert_eq!(waits[13..], [24_576, 43_200, 43_200, 43_200, 43_200]);
        assert_eq!(patience(Span(-1)), Span::seconds(5), "clocks differ");
    }

    #[tokio::test]
    async fn r_click_10_a_message_delivered_three_times_records_once() {
        let db = Db::in_memory().unwrap();
        let packed = pack(&[
            click("01", Class::Person, "v1", 1_790_000_000_123),
            click("02", Class::Robot, "v2", 1_790_000_000_124),
        ]);
        for _ in 0..3 {
            db.batch(vec![insert_packed(&packed)]).await.unwrap();
        }
        let total = |class, clicks| Total { class, clicks };
        let expected = [total(Class::Person, 1), total(Class::Robot, 1)];
        assert_eq!(totals(&db, "shop").await.unwrap(), expected);
        assert!(!fold(&db, LATER).await.unwrap());
        assert_eq!(totals(&db, "shop").await.unwrap(), expected);
        assert_eq!(totals(&db, "other").await.unwrap(), []);
    }

    #[tokio::test]
    async fn r_click_17_a_click_that_its_visit_overtook_gets_its_class_when_it_comes() {
        let db = Db::in_memory().unwrap();
        let told = |id: &str| Click { visitor: None, ..made(id, Class::Person, "", 1) };
        db.batch(vec![insert(told("01")), insert(told("02"))]).await.unwrap();
        let packed = pack(&[click("01", Class::Robot, "v1", 1)]);
        db.batch(vec![insert_packed(&packed)]).await.unwrap();
        let total = |class, clicks| Total { class, clicks };
        let expected = [total(Class::Person, 1), total(Class::Robot, 1)];
        assert_eq!(totals(&db, "shop").await.unwrap(), expected);
        fold(&db, LATER).await.unwrap();
        let late = pack(&[click("02", Class::Robot, "v2", 1)]);
        db.batch(vec![insert_packed(&late)]).await.unwrap();
        assert_eq!(totals(&db, "shop").await.unwrap(), expected, "counted, and left so");
    }

    #[tokio::test]
    async fn r_click_17_young_clicks_wait_with_the_roll_up() {
        let db = Db::in_memory().unwrap();
        let at = Timestamp(1_790_000_000_000);
        let id = shared::id::ordered(at, [0; 16]);
        db.batch(vec![insert(made(&id, Class::Person, "v1", at.0))]).await.unwrap();
        fold(&db, at + SETTLED).await.unwrap();
        assert_eq!(days(&db).await, []);
        fold(&db, at + SETTLED + Span(1)).await.unwrap();
        assert_eq!(days(&db).await.len(), 1);
    }

    #[tokio::test]
    async fn r_click_17_a_late_message_takes_no_young_click_along() {
        let db = Db::in_memory().unwrap();
        let now = Timestamp(1_790_000_000_000);
        let at = |at: Timestamp, visitor: &str| {
            made(&shared::id::ordered(at, [0; 16]), Class::Person, visitor, at.0)
        };
        let hour_ago = now - Span::hours(1);
        let rows = [
            at(hour_ago, "v1"),
            // Its visit overtook it: its own message, which tells the visitor, is under way.
            Click { visitor: None, ..at(now, "") },
            at(hour_ago + Span(1), "v2"),
        ];
        db.batch(rows.map(insert).into()).await.unwrap();
        let folded = async |now| {
            assert!(!fold(&db, now).await.unwrap());
            days(&db).await.iter().map(|it| (it.impressions, it.uniques)).collect::<Vec<_>>()
        };
        assert_eq!(folded(now + Span(1)).await, [(1, 1)]);
        assert_eq!(folded(now + SETTLED).await, [(1, 1)]);
        let message = pack(&[row(&at(now, "v3"))]);
        db.batch(vec![insert_packed(&message)]).await.unwrap();
        assert_eq!(folded(now + SETTLED + Span(1)).await, [(3, 3)]);
    }

    #[tokio::test]
    async fn a_step_takes_so_many_rows_and_says_whether_there_are_more() {
        let db = Db::in_memory().unwrap();
        let rows: Vec<String> =
            (0..=FOLD_STEP).map(|it| click(&format!("{it:05}"), Class::Person, "v1", it)).collect();
        db.batch(vec![insert_packed(&pack(&rows))]).await.unwrap();
        assert!(fold(&db, LATER).await.unwrap());
        assert_eq!(days(&db).await[0].impressions, FOLD_STEP);
        assert!(!fold(&db, LATER).await.unwrap());
        assert_eq!(days(&db).await[0].impressions, FOLD_STEP + 1);

        let far = sql!("-- t\n UPDATE click SET seq = 99999 WHERE id = '06000'");
        db.batch(vec![insert(made("06000", Class::Person, "v1", 1)), far]).await.unwrap();
        fold(&db, LATER).await.unwrap();
        fold(&db, LATER).await.unwrap();
        assert_eq!(days(&db).await[0].impressions, FOLD_STEP + 2, "a gap stops nothing");
    }

    #[tokio::test]
    async fn r_click_11_roll_ups_follow_the_rows_and_count_nothing_twice() {
        let db = Db::in_memory().unwrap();
        let first = [
            click("01", Class::Person, "v1", 0),
            click("02", Class::Person, "v1", 1),
            click("03", Class::Robot, "v3", 2),
            click("04", Class::Person, "v1", DAY),
        ];
        db.batch(vec![insert_packed(&pack(&first))]).await.unwrap();
        fold(&db, LATER).await.unwrap();
        fold(&db, LATER).await.unwrap();
        let second = [click("05", Class::Person, "v1", 5), click("06", Class::Person, "v2", 6)];
        db.batch(vec![insert_packed(&pack(&second))]).await.unwrap();
        fold(&db, LATER).await.unwrap();
        let expected = [
            Row { day: 0, impressions: 4, uniques: 2 },
            Row { day: 1, impressions: 1, uniques: 1 },
        ];
        assert_eq!(days(&db).await, expected);
    }

    #[tokio::test]
    async fn r_click_12_old_rows_go_and_roll_ups_stay() {
        let db = Db::in_memory().unwrap();
        let now = Timestamp(2_000_000_000_000);
        let id = |at| shared::id::ordered(at, [0; 16]);
        let (old, edge) = (now - KEPT - Span(1), now - KEPT);
        let rows = [
            click(&id(old), Class::Person, "v1", old.0),
            click(&id(edge), Class::Person, "v1", edge.0),
        ];
        db.batch(vec![insert_packed(&pack(&rows))]).await.unwrap();
        db.batch(prune(now)).await.unwrap();
        assert_eq!(count(&db).await, 2, "nothing goes before it is rolled up");
        fold(&db, LATER).await.unwrap();
        db.batch(prune(now)).await.unwrap();
        assert_eq!(count(&db).await, 1);
        assert_eq!(totals(&db, "shop").await.unwrap()[0].clicks, 2);
    }

    async fn count(db: &Db) -> i64 {
        #[derive(Deserialize)]
        struct Count {
            n: i64,
        }
        let rows: Vec<Count> =
            db.all(sql!("-- t\n SELECT count(*) AS n FROM click")).await.unwrap();
        rows[0].n
    }
}
