//! `GET /c/{campaign}/logo.{hash}`: the logo that an owner sent as a file.

use axum::response::{IntoResponse, Response};
use http::header;

use super::ask::Ask;
use crate::{engine::look, error::Error};

/// The file as what it is, and as nothing else: it is what somebody sent.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    let hash = ask.at("file").and_then(|it| it.strip_prefix("logo.")).ok_or(Error::Missing)?;
    let (format, file) = look::logo(&ask.app, ask.campaign(), hash).await?;
    let headers = [
        (header::CONTENT_TYPE, format.mime()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, file).into_response())
}
