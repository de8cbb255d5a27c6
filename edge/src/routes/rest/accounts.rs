//! `POST /accounts`: the installation opens none; its owner makes keys on the command line.

use crate::error::Error;

/// Refuses.
#[must_use]
pub fn create() -> Error {
    Error::Forbidden
}
