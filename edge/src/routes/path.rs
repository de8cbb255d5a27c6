//! Segments of a path: one that is no text names nothing.

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Path};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The path's parameters, percent-decoded; `+` stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = <Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
        path.map(|Path(it)| Self(it)).map_err(|_| Error::Missing)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> OptionalFromRequestParts<S> for At<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Error> {
        let path = <Path<T> as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await;
        path.map(|it| it.map(|Path(it)| Self(it))).map_err(|_| Error::Missing)
    }
}
