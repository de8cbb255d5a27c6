//! How often something may be tried in an hour: by an address, a network, a member. What is counted is
//! kept under keyed hashes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use crate::{
    app::App,
    call::Call,
    sql::{DbError, Statement},
    store::attempts,
};

/// Writes a batch that counts tries; `false` if there were none left, or something else was first.
pub(super) async fn write(app: &App, batch: Vec<Statement>) -> Result<bool, DbError> {
    match app.db.batch(batch).await {
        Ok(()) => Ok(true),
        Err(DbError::Constraint) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Something that may be tried so often in an hour.
/// It is asked first whether any are left, so that whoever comes too often is told, and counted in the
/// batch of what was tried: of many at once no more than that come through.
#[derive(Clone, Debug)]
pub(super) struct Tries {
    bucket: String,
    most: u32,
}

impl Tries {
    /// So many tries of `what` by `whom`.
    pub(super) fn new(app: &App, what: &str, whom: &[u8], most: u32) -> Self {
        let bucket = BASE64.encode(app.settings.mac("tries", &[what.as_bytes(), &[0], whom]));
        Self { bucket, most }
    }

    /// Whether there are none left in this hour.
    pub(super) async fn are_over(&self, app: &App, call: &Call) -> Result<bool, DbError> {
        Ok(self.most <= attempts::count(&app.db, &self.bucket, call.now).await?)
    }

    /// Counts one; fails the batch if there are none left.
    pub(super) fn add(&self, call: &Call) -> Statement {
        attempts::add(&self.bucket, self.most, call.now)
    }
}
