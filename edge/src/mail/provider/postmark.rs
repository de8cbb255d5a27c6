//! Postmark: `POST /email`, with tracking of opens and links switched off.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::post;
use crate::mail::{MailError, Message};

/// Its code for an address that bounced, complained or was switched off before.
const INACTIVE: u64 = 406;

pub(super) fn request(
    token: &str,
    message: &Message,
    base: Option<&str>,
) -> Result<Request<Bytes>, MailError> {
    let Message { to, from, reply_to, subject, text, html, .. } = message;
    let headers: Vec<Value> =
        message.further().iter().map(|it| json!({ "Name": it.0, "Value": it.1 })).collect();
    let mut body = json!({
        "From": from.written(), "To": to, "Subject": subject, "TextBody": text,
        "Headers": headers, "TrackOpens": false, "TrackLinks": "None",
    });
    if let Some(html) = html {
        body["HtmlBody"] = html.clone().into();
    }
    if let Some(address) = reply_to {
        body["ReplyTo"] = address.clone().into();
    }
    let base = base.unwrap_or("https://api.postmarkapp.com");
    post(&format!("{base}/email"), ("x-postmark-server-token", token), &body)
}

pub(super) fn refuses(status: StatusCode, body: &Value) -> bool {
    status == StatusCode::UNPROCESSABLE_ENTITY && body["ErrorCode"] == INACTIVE
}
