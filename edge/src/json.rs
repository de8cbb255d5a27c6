//! Answers in JSON.

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::sql::to_json;

/// A 200 with this body.
pub fn answer(body: &impl Serialize) -> Response {
    with_status(StatusCode::OK, body)
}

/// An answer with this status and body.
pub fn with_status(status: StatusCode, body: &impl Serialize) -> Response {
    written(status, to_json(body))
}

fn written(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
