//! Brevo: `POST /v3/smtp/email`.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{about_the_address, object, post};
use crate::mail::{MailError, Message};

pub(super) fn request(
    key: &str,
    message: &Message,
    base: Option<&str>,
) -> Result<Request<Bytes>, MailError> {
    let Message { to, from, reply_to, subject, text, html, .. } = message;
    let mut sender = json!({ "email": from.address });
    if !from.name.is_empty() {
        sender["name"] = from.name.clone().into();
    }
    let mut headers = object(message);
    headers["idempotencyKey"] = message.key.clone().into();
    let mut body = json!({
        "sender": sender, "to": [{ "email": to }], "subject": subject, "textContent": text,
        "headers": headers,
    });
    if let Some(html) = html {
        body["htmlContent"] = html.clone().into();
    }
    if let Some(address) = reply_to {
        body["replyTo"] = json!({ "email": address });
    }
    let base = base.unwrap_or("https://api.brevo.com");
    post(&format!("{base}/v3/smtp/email"), ("api-key", key), &body)
}

pub(super) fn refuses(status: StatusCode, body: &Value) -> bool {
    body["code"] == "invalid_parameter" && about_the_address(status, body)
}
