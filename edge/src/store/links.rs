//! What a code resolves to.

use serde::{Deserialize, Serialize};
use shared::{code::Code, time::Timestamp};

use crate::{platform::Db, sql, sql::DbError};

/// Whose link it is. Kept in caches as it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Link {
    /// The campaign.
    pub campaign: String,
    /// The participant.
    pub participant: Code,
    /// Since when the link brings nothing.
    pub blocked_at: Option<Timestamp>,
}

/// The link that a code names.
pub async fn find(db: &Db, code: &Code) -> Result<Option<Link>, DbError> {
    let found = db
        .all(sql!(
            "-- links::find
             SELECT c.campaign, c.participant, p.blocked_at
               FROM code AS c JOIN participant AS p ON p.id = c.participant
              WHERE c.code = ?1",
            code,
        ))
        .await?;
    Ok(found.into_iter().next())
}
