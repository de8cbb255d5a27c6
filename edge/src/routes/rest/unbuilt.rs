//! What the wire knows and this installation does not, and what nobody knows.

use super::auth::KeyHolder;
use crate::error::Error;

/// 501: an operation that is not built.
pub async fn operation(_: KeyHolder) -> Error {
    Error::NotBuilt
}

/// 404: a path that nobody knows.
pub async fn path(_: KeyHolder) -> Error {
    Error::Missing
}

/// 405: a path that does not know the method; the router adds `Allow`.
pub async fn method(_: KeyHolder) -> Error {
    Error::WrongMethod("")
}
