//! What rows bring besides a participant: a code, a status that is over, silence or a welcome.

use std::collections::BTreeMap;

use shared::{
    code::Code,
    decision::Reason,
    time::{Span, Timestamp},
};

use crate::{sql, sql::Statement};

/// The most codes that a participant has, with their number.
const CODES_MOST: u32 = 21;

/// How many imported people are written to in an hour: others' messages are not kept waiting.
const WELCOMES_AN_HOUR: i64 = 1_200;

/// Gives somebody a code of their own, unless somebody has it or they have very many.
pub fn give_code(campaign: &str, identity: &str, code: &Code, now: Timestamp) -> Statement {
    sql!(
        "-- import_people::give_code
         INSERT INTO code (code, campaign, participant, created_at)
         SELECT ?3, ?1, subject, ?4 FROM person
          WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?2
            AND (SELECT count(*) FROM code WHERE participant = subject) < ?5
         ON CONFLICT DO NOTHING",
        campaign,
        identity,
        code,
        now,
        CODES_MOST,
    )
}

/// What a file says anew of somebody who takes part.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// First name.
    pub first_name: Option<&'a str>,
    /// Last name.
    pub last_name: Option<&'a str>,
    /// Language of their messages.
    pub language: Option<&'a str>,
    /// The owner's own fields: others stay as they are.
    pub metadata: &'a BTreeMap<String, String>,
}

/// Changes what is known of somebody; what the file leaves open stays. Fields that would be more than
/// somebody may have are left as they were.
#[must_use]
pub fn change(campaign: &str, identity: &str, it: &Change<'_>) -> Vec<Statement> {
    vec![
        sql!(
            "-- import_people::change
             UPDATE person
                SET first_name = coalesce(?3, first_name), last_name = coalesce(?4, last_name),
                    metadata = iif((SELECT count(*) FROM json_each(json_patch(metadata, ?5))) <= ?6,
                                   json_patch(metadata, ?5), metadata)
              WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?2",
            campaign,
            identity,
            it.first_name,
            it.last_name,
            sql::to_json(it.metadata),
            u32::try_from(shared::api::Metadata::MOST).unwrap_or(u32::MAX),
        ),
        sql!(
            "-- import_people::change/language
             UPDATE participant SET language = coalesce(?3, language)
              WHERE id = (SELECT subject FROM person
                           WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?2)",
            campaign,
            identity,
            it.language,
        ),
    ]
}

/// The referral of somebody who just came is over, as the file says, held or not; with the decision, `id`.
#[must_use]
pub fn expire(campaign: &str, identity: &str, id: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- import_people::expire/decision
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT ?3, r.campaign, r.friend, 'EXPIRED', ?5,
                    json_object('referrer', r.referrer, 'boundAt', r.bound_at, 'imported', 1), ?4
               FROM person AS p CROSS JOIN referral AS r
                 ON r.campaign = ?1 AND r.friend = p.subject AND r.outcome IN ('PENDING', 'HELD')
              WHERE p.kind = 'PARTICIPANT' AND p.campaign = ?1 AND p.identity = ?2
                AND r.credit_at IS NULL AND r.bound_at = ?4",
            campaign,
            identity,
            id,
            now,
            sql::to_json(&[Reason::ExpiredUnused]),
        ),
        sql!(
            "-- import_people::expire
             UPDATE referral SET outcome = 'EXPIRED', settled_at = ?3, updated_at = ?3
              WHERE campaign = ?1
                AND friend = (SELECT subject FROM person
                               WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?2)
                AND outcome IN ('PENDING', 'HELD') AND credit_at IS NULL AND bound_at = ?3",
            campaign,
            identity,
            now,
        ),
        sql!(
            "-- import_people::expire/hold
             DELETE FROM hold
              WHERE friend = (SELECT subject FROM person
                               WHERE kind = 'PARTICIPANT' AND campaign = ?1 AND identity = ?2)
                AND at = ?3 AND review IS NULL",
            campaign,
            identity,
            now,
        ),
    ]
}

/// Nobody is told what a file says of somebody, now or when it is reviewed or approved: neither they nor
/// their referrer. Comes before the bond.
pub fn hush(friend: &Code, now: Timestamp) -> Statement {
    sql!(
        "-- import_people::hush
         INSERT INTO import_quiet (friend, at) VALUES (?1, ?2)
         ON CONFLICT (friend) DO UPDATE SET at = excluded.at",
        friend,
        now,
    )
}

/// Tells somebody who was new that they take part, if the campaign sends such messages: so many an
/// hour, in the order of their rows.
pub fn welcome(campaign: &str, identity: &str, import: &str, now: Timestamp) -> Statement {
    sql!(
        "-- import_people::welcome
         INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
         SELECT ?1, k.kind, p.subject, '', ?4 + i.added * ?5, ?4
           FROM person AS p CROSS JOIN import AS i CROSS JOIN mail_kind AS k
          WHERE p.kind = 'PARTICIPANT' AND p.campaign = ?1 AND p.identity = ?2 AND i.id = ?3
            AND k.campaign = ?1 AND k.kind = 'addedByHand'
         ON CONFLICT DO NOTHING",
        campaign,
        identity,
        import,
        now,
        Span::hours(1).0 / WELCOMES_AN_HOUR,
    )
}

/// Forgets what files say of somebody who is erased: their rows, and their address where others name
/// it. In files of which nobody said yet what their columns mean, every row that holds it goes; and what
/// stands for the name of a column, if it is their name.
#[must_use]
pub fn erase(id: &Code, campaign: &str) -> Vec<Statement> {
    vec![
        sql!(
            "-- import_people::erase
             DELETE FROM import_row
              WHERE import IN (SELECT id FROM import WHERE campaign = ?2 AND settled_at IS NULL)
                AND (identity = (SELECT identity FROM person WHERE subject = ?1)
                     OR identity IS NULL
                    AND EXISTS (SELECT 1 FROM json_each(import_row.cells) AS cell
                                 WHERE coalesce(import_row.spelt->>('$.\"' || cell.key || '\"'),
                                                lower(cell.value))
                                       = (SELECT identity FROM person WHERE subject = ?1)))",
            id,
            campaign,
        ),
        sql!(
            "-- import_people::erase/named
             UPDATE import_row
                SET referrer = NULL,
                    spelt = (SELECT json_group_object(one.key, one.value)
                               FROM json_each(import_row.spelt) AS one
                              WHERE one.value <> (SELECT identity FROM person WHERE subject = ?1)),
                    cells = (SELECT json_group_array(
                                      iif(coalesce(import_row.spelt->>('$.\"' || cell.key || '\"'),
                                                   lower(cell.value))
                                          = (SELECT identity FROM person WHERE subject = ?1),
                                          '', cell.value))
                               FROM json_each(import_row.cells) AS cell)
              WHERE import IN (SELECT id FROM import WHERE campaign = ?2 AND settled_at IS NULL)
                AND EXISTS (SELECT 1 FROM json_each(import_row.cells) AS cell
                             WHERE coalesce(import_row.spelt->>('$.\"' || cell.key || '\"'),
                                            lower(cell.value))
                                   = (SELECT identity FROM person WHERE subject = ?1))",
            id,
            campaign,
        ),
        sql!(
            "-- import_people::erase/heads
             UPDATE import
                SET heads = (SELECT json_group_array(
                                      iif(lower(head.value) IN
                                            (SELECT lower(first_name) FROM person WHERE subject = ?1
                                             UNION ALL
                                             SELECT lower(last_name) FROM person
                                              WHERE subject = ?1),
                                          '', head.value))
                               FROM json_each(import.heads) AS head)
              WHERE campaign = ?2 AND settled_at IS NULL",
            id,
            campaign,
        ),
    ]
}
