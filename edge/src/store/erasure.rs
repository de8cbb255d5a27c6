//! Forgetting a person: what is left of them is a number without a name.

use shared::{code::Code, time::Timestamp};

use crate::{sql, sql::Statement};

/// Forgets a participant, their codes, counts, signs of abuse and leads on their way; what they earned and nobody
/// approved is cancelled. Fails the batch if they were forgotten before.
#[must_use]
pub fn erase(id: &Code, campaign: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- erasure::erase
             UPDATE participant SET erased_at = ?2, language = NULL,
                    revision = iif(erased_at IS NULL, revision + 1, NULL)
              WHERE id = ?1",
            id,
            now,
        ),
        sql!(
            "-- erasure::erase/leads
             DELETE FROM person WHERE kind = 'LEAD' AND campaign = ?2
                AND identity = (SELECT identity FROM person WHERE subject = ?1)",
            id,
            campaign,
        ),
        sql!("-- erasure::erase/person\n DELETE FROM person WHERE subject = ?1", id),
        sql!("-- erasure::erase/sessions\n DELETE FROM session WHERE subject = ?1", id),
        sql!("-- erasure::erase/links\n DELETE FROM entry_link WHERE subject = ?1", id),
        sql!("-- erasure::erase/codes\n DELETE FROM code WHERE participant = ?1", id),
        sql!("-- erasure::erase/mailbox\n DELETE FROM mailbox WHERE participant = ?1", id),
        sql!("-- erasure::erase/holds\n DELETE FROM hold WHERE friend = ?1", id),
        sql!("-- erasure::erase/signals\n DELETE FROM signal WHERE participant = ?1", id),
        sql!("-- erasure::erase/counts\n DELETE FROM tally WHERE participant = ?1", id),
        sql!(
            "-- erasure::erase/rewards
             UPDATE reward SET status = 'CANCELLED'
              WHERE participant = ?1 AND status = 'PENDING' AND approved_at IS NULL",
            id,
        ),
    ]
}
