//! Forgetting a person: what is left of them is a number without a name.

use shared::{code::Code, decision::Reason, time::Timestamp};

use super::{appeals, decisions, import_people};
use crate::{sql, sql::Statement};

/// Forgets a participant, their codes, counts, signs of abuse and leads on their way, and ends what of
/// theirs waits. Fails the batch if they were forgotten before.
#[must_use]
pub fn erase(id: &Code, campaign: &str, decision: &str, now: Timestamp) -> Vec<Statement> {
    let mut all = import_people::erase(id, campaign);
    all.extend(forget(id, campaign, now));
    all.extend(end_bond(id, campaign, decision, now));
    all.extend(end_rewards(id, now));
    all
}

fn forget(id: &Code, campaign: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- erasure::forget
             UPDATE participant SET erased_at = ?2, language = NULL,
                    revision = iif(erased_at IS NULL, revision + 1, NULL)
              WHERE id = ?1",
            id,
            now,
        ),
        sql!(
            "-- erasure::forget/leads
             DELETE FROM person WHERE kind = 'LEAD' AND campaign = ?2
                AND identity = (SELECT identity FROM person WHERE subject = ?1)",
            id,
            campaign,
        ),
        sql!("-- erasure::forget/person\n DELETE FROM person WHERE subject = ?1", id),
        sql!("-- erasure::forget/sessions\n DELETE FROM session WHERE subject = ?1", id),
        sql!("-- erasure::forget/links\n DELETE FROM entry_link WHERE subject = ?1", id),
        sql!("-- erasure::forget/codes\n DELETE FROM code WHERE participant = ?1", id),
        sql!("-- erasure::forget/joining\n DELETE FROM joining WHERE participant = ?1", id),
        sql!("-- erasure::forget/mailbox\n DELETE FROM mailbox WHERE participant = ?1", id),
        sql!("-- erasure::forget/holds\n DELETE FROM hold WHERE friend = ?1", id),
        sql!("-- erasure::forget/notes\n DELETE FROM note WHERE participant = ?1", id),
        appeals::forget(id),
        sql!("-- erasure::forget/signals\n DELETE FROM signal WHERE participant = ?1", id),
        sql!("-- erasure::forget/counts\n DELETE FROM tally WHERE participant = ?1", id),
        sql!("-- erasure::forget/rules\n DELETE FROM rule_tally WHERE participant = ?1", id),
    ]
}

/// Ends the delay or the hold of the referral of somebody who is forgotten: their event cannot come any
/// more.
fn end_bond(id: &Code, campaign: &str, decision: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- erasure::end_bond/decision
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT ?3, campaign, friend, 'REFUSED', ?5,
                    json_object('referrer', referrer, 'outcome', outcome, 'creditAt', credit_at), ?4
               FROM referral
              WHERE campaign = ?2 AND friend = ?1
                AND (outcome = 'HELD' OR outcome = 'PENDING' AND credit_at IS NOT NULL)",
            id,
            campaign,
            decision,
            now,
            sql::to_json(&[Reason::ErasedOnRequest]),
        ),
        sql!(
            "-- erasure::end_bond/hold
             UPDATE referral SET outcome = 'REJECTED', settled_at = ?3, updated_at = ?3
              WHERE campaign = ?2 AND friend = ?1 AND outcome = 'HELD'",
            id,
            campaign,
            now,
        ),
        sql!(
            "-- erasure::end_bond/delay
             UPDATE referral SET credit_at = NULL, credit_source = NULL, updated_at = ?3
              WHERE campaign = ?2 AND friend = ?1 AND outcome = 'PENDING'
                AND credit_at IS NOT NULL",
            id,
            campaign,
            now,
        ),
    ]
}

/// Cancels what somebody who is forgotten earned and nobody approved, or that cannot be given because
/// something is missing.
fn end_rewards(id: &Code, now: Timestamp) -> Vec<Statement> {
    vec![
        sql!(
            "-- erasure::end_rewards/decisions
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT ?3 || substr(id, -15) || '3', campaign, participant, 'CANCELLED', ?4,
                    json_object('reward', id, 'rule', rule, 'version', version, 'side', side), ?2
               FROM reward
              WHERE participant = ?1 AND status = 'PENDING'
                AND (approved_at IS NULL OR lacks IS NOT NULL)",
            id,
            now,
            decisions::time(now),
            sql::to_json(&[Reason::ErasedOnRequest]),
        ),
        sql!(
            "-- erasure::end_rewards
             UPDATE reward SET status = 'CANCELLED'
              WHERE participant = ?1 AND status = 'PENDING'
                AND (approved_at IS NULL OR lacks IS NOT NULL)",
            id,
        ),
    ]
}
