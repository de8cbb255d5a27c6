//! Requests to other servers: `fetch`, which reaches no network but the public one.

use bytes::Bytes;
use http::{Request, Response, header};
use js_sys::{Array, Error, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use worker::send::SendFuture;

use super::host;
use crate::outgoing::{HttpError, MOST, PATIENCE, target};

/// Asks other servers.
#[derive(Clone, Copy, Debug)]
pub struct Http {
    local: bool,
}

impl Http {
    /// A client; if `local`, servers of this machine may be asked, too.
    #[must_use]
    pub const fn new(local: bool) -> Self {
        Self { local }
    }

    /// What a server answers, be it a redirect: nobody follows it.
    pub async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        target(request.uri(), self.local)?;
        // The URL says it.
        request.headers_mut().remove(header::HOST);
        SendFuture::new(ask(request)).await
    }
}

#[expect(clippy::cast_possible_truncation, reason = "constants far below 2^32")]
async fn ask(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (parts, body) = request.into_parts();
    let (url, headers) = (parts.uri.to_string(), host::joined(&parts.headers));
    let (most, patience) = (MOST as u32, PATIENCE.as_millis() as u32);
    let answer = host::ask(parts.method.as_str(), &url, &headers, &body, most, patience)
        .await
        .map_err(|it| failure(&it))?;
    let answer = Array::from(&answer);
    let body = Uint8Array::from(answer.get(2)).to_vec();
    if MOST < body.len() {
        return Err(HttpError::TooLarge);
    }
    read(&answer, body).ok_or_else(|| HttpError::Failed("the answer is none by the book".into()))
}

/// An answer, from its status and headers.
fn read(answer: &Array, body: Vec<u8>) -> Option<Response<Bytes>> {
    let status = answer.get(0).as_f64()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
    let response = Response::builder().status(status as u16).body(body.into());
    let mut response = response.ok()?;
    *response.headers_mut() = host::split(&answer.get(1).as_string()?)?;
    Some(response)
}

fn failure(error: &JsValue) -> HttpError {
    match error.dyn_ref::<Error>() {
        Some(error) if error.name() == "TimeoutError" => HttpError::TooSlow,
        _ => HttpError::Failed(host::message(error)),
    }
}
