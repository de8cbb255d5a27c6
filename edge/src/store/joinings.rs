//! Who joined on the page for participants, and what their browser brought, until they show that the
//! address is theirs.

use serde::{Deserialize, Serialize};
use shared::{
    code::Code,
    decision::Reason,
    email::Email,
    time::{Span, Timestamp},
};

use crate::{
    platform::Db,
    sql,
    sql::{DbError, Statement},
};

/// Somebody of whom it is not known yet whether the address is theirs.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Joining {
    /// The campaign.
    pub campaign: String,
    /// The address that was typed.
    pub email: Email,
    /// What the browser brought, as JSON.
    pub brought: String,
}

/// Keeps what the browser of somebody new brought.
pub fn insert(participant: &Code, campaign: &str, brought: &str, now: Timestamp) -> Statement {
    sql!(
        "-- joinings::insert
         INSERT INTO joining (participant, campaign, brought, at) VALUES (?1, ?2, ?3, ?4)",
        participant,
        campaign,
        brought,
        now,
    )
}

/// Keeps that they joined once more, and what they brought, if it is still open whether the address is
/// theirs.
pub fn update(participant: &Code, brought: Option<&str>, now: Timestamp) -> Statement {
    sql!(
        "-- joinings::update
         UPDATE joining SET brought = coalesce(?2, brought), at = max(at, ?3)
          WHERE participant = ?1 AND is_open = 1",
        participant,
        brought,
        now,
    )
}

/// Who joined and has not shown yet that the address is theirs.
pub async fn find(db: &Db, participant: &Code) -> Result<Option<Joining>, DbError> {
    let rows = db
        .all(sql!(
            "-- joinings::find
             SELECT j.campaign, person.email, j.brought
               FROM joining AS j JOIN person ON person.subject = j.participant
              WHERE j.participant = ?1 AND j.is_open = 1",
            participant,
        ))
        .await?;
    Ok(rows.into_iter().next())
}

/// The address is theirs; fails the batch if that was shown before, or if they were forgotten.
pub fn close(participant: &Code) -> Statement {
    sql!(
        "-- joinings::close
         INSERT INTO joining (participant, campaign, brought, is_open, at)
         VALUES (?1, (SELECT campaign FROM joining WHERE participant = ?1 AND is_open = 1), '{}', 0, 0)
         ON CONFLICT (participant) DO UPDATE SET is_open = 0, brought = '{}'",
        participant,
    )
}

/// Somebody came in by a session that was opened: whatever follows from it, they are not forgotten.
pub fn arrive(session: &str) -> Statement {
    sql!(
        "-- joinings::arrive
         UPDATE joining SET arrived = 1
          WHERE is_open = 1 AND participant = (SELECT subject FROM session WHERE hash = ?1)",
        session,
    )
}

/// How long an address waits for somebody who shows that it is theirs (R-ME-12).
pub const PATIENCE: Span = Span::days(30);

/// Somebody who waited for too long, and the id of the decision that says so.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Stale {
    /// Who.
    pub participant: Code,
    /// The decision's.
    #[serde(default)]
    pub id: String,
}

/// Who joined last before that long, and has not shown that the address is theirs; the oldest first.
pub async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Stale>, DbError> {
    db.all(sql!(
        "-- joinings::due
         SELECT participant FROM joining
          WHERE is_open = 1 AND arrived = 0 AND at < ?1 ORDER BY at LIMIT ?2",
        Timestamp(now.0 - PATIENCE.0),
        most,
    ))
    .await
}

/// Forgets those of them who were sent a link and of whom nothing else is known, and says so. Who never was,
/// or whom the team or somebody else has dealt with meanwhile, waits as long again.
#[must_use]
pub fn forget(due: &[Stale], now: Timestamp) -> Vec<Statement> {
    let (due, before) = (sql::to_json(&due), Timestamp(now.0 - PATIENCE.0));
    let mut all = vec![
        sql!(
            "-- joinings::forget
             UPDATE joining SET is_open = 2
              WHERE participant IN (SELECT value->>'participant' FROM json_each(?1))
                AND is_open = 1 AND arrived = 0 AND at < ?2
                AND EXISTS (SELECT 1 FROM participant AS p
                             WHERE p.id = joining.participant AND p.joined = 1
                               AND p.source = 'BROWSER' AND p.blocked_at IS NULL
                               AND p.erased_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM referral
                                 WHERE campaign = joining.campaign AND friend = joining.participant)
                AND NOT EXISTS (SELECT 1 FROM referral WHERE referrer = joining.participant)
                AND NOT EXISTS (SELECT 1 FROM conversion WHERE participant = joining.participant)
                AND NOT EXISTS (SELECT 1 FROM reward WHERE participant = joining.participant)
                AND NOT EXISTS (SELECT 1 FROM session WHERE subject = joining.participant)
                AND EXISTS (SELECT 1 FROM message
                             WHERE subject = joining.participant AND kind = 'loginLink'
                               AND state IN ('SENT', 'BOUNCED', 'COMPLAINED'))
                AND NOT EXISTS (SELECT 1 FROM note WHERE participant = joining.participant)
                AND NOT EXISTS (SELECT 1 FROM code
                                 WHERE participant = joining.participant
                                   AND code <> joining.participant)
                AND NOT EXISTS (SELECT 1 FROM click_day
                                 WHERE campaign = joining.campaign
                                   AND participant = joining.participant)",
            &due,
            before,
        ),
        sql!(
            "-- joinings::forget/others
             UPDATE joining SET at = ?3
              WHERE participant IN (SELECT value->>'participant' FROM json_each(?1))
                AND is_open = 1 AND at < ?2",
            &due,
            before,
            now,
        ),
        sql!(
            "-- joinings::forget/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT it.value->>'id', j.campaign, j.participant, 'ERASED', ?2,
                    json_object('joinedAt', j.at), ?3
               FROM json_each(?1) AS it
              CROSS JOIN joining AS j ON j.participant = it.value->>'participant'
              WHERE j.is_open = 2",
            &due,
            sql::to_json(&[Reason::NeverConfirmed]),
            now,
        ),
        // Whoever was about to say that they signed up begins again, and finds nobody.
        sql!(
            "-- joinings::forget/participants
             UPDATE participant
                SET erased_at = ?2, language = NULL, joined = 0, revision = revision + 1
              WHERE id IN (SELECT j.participant FROM json_each(?1) AS it
                            CROSS JOIN joining AS j ON j.participant = it.value->>'participant'
                            WHERE j.is_open = 2)",
            &due,
            now,
        ),
    ];
    all.extend(TRACES.map(|it| Statement { sql: it, args: vec![due.as_str().into()] }));
    all
}

/// What is left of somebody of whom nothing is known but an address; what names them goes last.
const TRACES: [&str; 6] = [
    "-- joinings::forget/people
     DELETE FROM person WHERE subject IN
       (SELECT j.participant FROM json_each(?1) AS it
         CROSS JOIN joining AS j ON j.participant = it.value->>'participant' WHERE j.is_open = 2)",
    "-- joinings::forget/codes
     DELETE FROM code WHERE participant IN
       (SELECT j.participant FROM json_each(?1) AS it
         CROSS JOIN joining AS j ON j.participant = it.value->>'participant' WHERE j.is_open = 2)",
    "-- joinings::forget/links
     DELETE FROM entry_link WHERE subject IN
       (SELECT j.participant FROM json_each(?1) AS it
         CROSS JOIN joining AS j ON j.participant = it.value->>'participant' WHERE j.is_open = 2)",
    "-- joinings::forget/mailboxes
     DELETE FROM mailbox WHERE participant IN
       (SELECT j.participant FROM json_each(?1) AS it
         CROSS JOIN joining AS j ON j.participant = it.value->>'participant' WHERE j.is_open = 2)",
    "-- joinings::forget/counts
     DELETE FROM tally WHERE participant IN
       (SELECT j.participant FROM json_each(?1) AS it
         CROSS JOIN joining AS j ON j.participant = it.value->>'participant' WHERE j.is_open = 2)",
    "-- joinings::forget/joinings
     DELETE FROM joining
      WHERE participant IN (SELECT value->>'participant' FROM json_each(?1)) AND is_open = 2",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::participants::tests::add;

    #[tokio::test]
    async fn what_somebody_brought_is_open_once() {
        let db = Db::in_memory().unwrap();
        let ada = add(&db, "shop", "ada", "ada@example.com", 1).await;
        assert_eq!(find(&db, &ada).await.unwrap(), None);
        let at = Timestamp(1);
        let twice = vec![insert(&ada, "shop", "[1]", at), update(&ada, Some("[2]"), at)];
        db.batch(twice).await.unwrap();
        db.batch(vec![update(&ada, None, at)]).await.unwrap();
        let email = Email::parse("ada@example.com").unwrap();
        let open = Joining { campaign: "shop".into(), email, brought: "[2]".into() };
        assert_eq!(find(&db, &ada).await.unwrap(), Some(open));
        db.batch(vec![close(&ada)]).await.unwrap();
        db.batch(vec![update(&ada, Some("[3]"), at)]).await.unwrap();
        assert_eq!(find(&db, &ada).await.unwrap(), None);
        assert_eq!(db.batch(vec![close(&ada)]).await, Err(DbError::Constraint));
        // Of whom nothing is open, nothing can be closed.
        let eve = Code::parse("eve").unwrap();
        assert_eq!(db.batch(vec![close(&eve)]).await, Err(DbError::Constraint));
    }
}
