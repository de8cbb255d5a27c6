//! Resend: `POST /emails`.

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Value, json};

use super::{about_the_address, object, post};
use crate::mail::{MailError, Message};

pub(super) fn request(
    key: &str,
    message: &Message,
    base: Option<&str>,
) -> Result<Request<Bytes>, MailError> {
    let Message { to, from, reply_to, subject, text, html, .. } = message;
    let mut body = json!({
        "from": from.written(), "to": [to], "subject": subject, "text": text,
        "headers": object(message),
    });
    if let Some(html) = html {
        body["html"] = html.clone().into();
    }
    if let Some(address) = reply_to {
        body["reply_to"] = address.clone().into();
    }
    let base = base.unwrap_or("https://api.resend.com");
    let bearer = format!("Bearer {key}");
    let mut request = post(&format!("{base}/emails"), ("authorization", &bearer), &body)?;
    // Ids without names; what it cannot hold is sent without it.
    if let Ok(value) = HeaderValue::from_str(&message.key) {
        request.headers_mut().insert("idempotency-key", value);
    }
    Ok(request)
}

pub(super) fn refuses(status: StatusCode, body: &Value) -> bool {
    about_the_address(status, body)
}
