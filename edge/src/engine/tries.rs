//! How often something may be tried in an hour: by an address, a network, a member. What is counted is
//! kept under keyed hashes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::secret::mac;

use crate::{
    app::App,
    call::Call,
    sql::{DbError, Statement},
    store::attempts,
};

/// Something that may be tried so often in an hour.
#[derive(Clone, Debug)]
pub(super) struct Tries {
    bucket: String,
    most: u32,
}

impl Tries {
    /// So many tries of `what` by `whom`.
    pub(super) fn new(app: &App, what: &str, whom: &[u8], most: u32) -> Self {
        let secret = app.settings.secret.bytes();
        let bucket = BASE64.encode(mac(secret, &[what.as_bytes(), &[0], whom]));
        Self { bucket, most }
    }

    /// Whether there are none left in this hour.
    pub(super) async fn are_over(&self, app: &App, call: &Call) -> Result<bool, DbError> {
        Ok(self.most <= attempts::count(&app.db, &self.bucket, call.now).await?)
    }

    /// Counts one.
    pub(super) fn add(&self, call: &Call) -> Statement {
        attempts::add(&self.bucket, call.now)
    }
}
