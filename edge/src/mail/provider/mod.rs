//! Carriers that are asked by HTTPS: what to ask of each, and what its answer means. Nothing of what
//! they say is repeated: it may quote addresses.

mod brevo;
mod postmark;
mod resend;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::{Map, Value};

use super::{Carrier, MailError, Message};

/// What to ask of a carrier; none where it is not asked by HTTPS. `base` takes the place of its own
/// address in tests.
#[must_use]
pub fn request(
    carrier: &Carrier,
    message: &Message,
    base: Option<&str>,
) -> Option<Result<Request<Bytes>, MailError>> {
    // Nothing that cannot stand in a header goes out by another way.
    if let Err(error) = message.headers() {
        return Some(Err(error));
    }
    Some(match carrier {
        Carrier::Brevo(key) => brevo::request(key, message, base),
        Carrier::Postmark(token) => postmark::request(token, message, base),
        Carrier::Resend(key) => resend::request(key, message, base),
        Carrier::Cloudflare | Carrier::Smtp(_) => return None,
    })
}

/// What an answer means.
pub fn judge(carrier: &Carrier, answer: &Response<Bytes>) -> Result<(), MailError> {
    let status = answer.status();
    // Resend has it already: the first attempt's answer was lost, and what is told has changed since.
    let is_known = status == StatusCode::CONFLICT && matches!(carrier, Carrier::Resend(_));
    if status.is_success() || is_known {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let refused = match carrier {
        Carrier::Brevo(_) => brevo::refuses(status, &body),
        Carrier::Postmark(_) => postmark::refuses(status, &body),
        Carrier::Resend(_) => resend::refuses(status, &body),
        Carrier::Cloudflare | Carrier::Smtp(_) => false,
    };
    let said = format!("{} answered {}", carrier.name(), status.as_u16());
    Err(if refused { MailError::Refused(said) } else { MailError::Failed(said) })
}

/// A request with a JSON body.
fn post(url: &str, secret: (&str, &str), body: &Value) -> Result<Request<Bytes>, MailError> {
    Request::post(url)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(secret.0, secret.1)
        .body(Bytes::from(body.to_string()))
        .map_err(|_| MailError::Failed("the request to the provider cannot be written".into()))
}

/// Headers as an object.
fn object(message: &Message) -> Value {
    let headers = message.further().into_iter().map(|it| (it.0.to_owned(), Value::String(it.1)));
    Value::Object(headers.collect::<Map<_, _>>())
}

/// Whether a refusal is about the address itself: the provider says so in its own words.
fn about_the_address(status: StatusCode, body: &Value) -> bool {
    let is_refusal = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY);
    let said = body["message"].as_str().unwrap_or_default().to_ascii_lowercase();
    let names_it =
        ["`to`", "email is not valid in to", "recipient"].iter().any(|it| said.contains(it));
    is_refusal && names_it
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mail::message::tests::full;

    /// The address, the secret's header and the body of what a carrier is asked.
    fn asked(carrier: &Carrier) -> (String, String, Value) {
        let request = request(carrier, &full(), None).unwrap().unwrap();
        let secret = ["api-key", "x-postmark-server-token", "authorization"]
            .into_iter()
            .find_map(|it| request.headers().get(it))
            .unwrap();
        let body = serde_json::from_slice(request.body()).unwrap();
        (request.uri().to_string(), secret.to_str().unwrap().into(), body)
    }

    #[test]
    fn brevo_is_asked_as_it_wants() {
        let (url, secret, body) = asked(&Carrier::Brevo("k".into()));
        assert_eq!((url.as_str(), secret.as_str()), ("https://api.brevo.com/v3/smtp/email", "k"));
        let expected = json!({
            "sender": { "name": "The \"Shop\"", "email": "hello@shop.example" },
            "to": [{ "email": "ada@example.com" }],
            "replyTo": { "email": "team@shop.example" },
            "subject": "Grüße", "textContent": "Hello Ada.\n",
            "htmlContent": "<p>Hello Ada.</p>",
            "headers": {
                "List-Unsubscribe": "<https://link.example/u/shop/NOTICE/h/s>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "idempotencyKey": "goalAchieved/ada/prew_1",
            },
        });
        assert_eq!(body, expected);
    }

    #[test]
    fn postmark_is_asked_as_it_wants() {
        let (url, secret, body) = asked(&Carrier::Postmark("t".into()));
        assert_eq!((url.as_str(), secret.as_str()), ("https://api.postmarkapp.com/email", "t"));
        let expected = json!({
            "From": "\"The \\\"Shop\\\"\" <hello@shop.example>", "To": "ada@example.com",
            "ReplyTo": "team@shop.example", "Subject": "Grüße", "TextBody": "Hello Ada.\n",
            "HtmlBody": "<p>Hello Ada.</p>", "TrackOpens": false, "TrackLinks": "None",
            "Headers": [
                { "Name": "List-Unsubscribe", "Value": "<https://link.example/u/shop/NOTICE/h/s>" },
                { "Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click" },
            ],
        });
        assert_eq!(body, expected);
    }

    #[test]
    fn resend_is_asked_as_it_wants() {
        let (url, secret, body) = asked(&Carrier::Resend("k".into()));
        assert_eq!((url.as_str(), secret.as_str()), ("https://api.resend.com/emails", "Bearer k"));
        let expected = json!({
            "from": "\"The \\\"Shop\\\"\" <hello@shop.example>", "to": ["ada@example.com"],
            "reply_to": "team@shop.example", "subject": "Grüße", "text": "Hello Ada.\n",
            "html": "<p>Hello Ada.</p>",
            "headers": {
                "List-Unsubscribe": "<https://link.example/u/shop/NOTICE/h/s>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        });
        assert_eq!(body, expected);
        let request = request(&Carrier::Resend("k".into()), &full(), None).unwrap().unwrap();
        assert_eq!(request.headers()["idempotency-key"], "goalAchieved/ada/prew_1");
    }

    #[test]
    fn r_mail_9_a_refusal_for_good_is_told_from_one_that_passes() {
        let judged = |carrier: &Carrier, status: u16, body: Value| {
            let body = Bytes::from(body.to_string());
            judge(carrier, &Response::builder().status(status).body(body).unwrap())
        };
        let [brevo, postmark, resend] = [
            Carrier::Brevo("k".into()),
            Carrier::Postmark("k".into()),
            Carrier::Resend("k".into()),
        ];
        let inactive = json!({ "ErrorCode": 406, "Message": "inactive: ada@example.com" });
        let quota = json!({ "ErrorCode": 405, "Message": "Not allowed to send" });
        let to = json!({ "message": "Invalid `to` field.", "name": "validation_error" });
        let not_valid =
            json!({ "code": "invalid_parameter", "message": "email is not valid in to" });
        for carrier in [&brevo, &postmark, &resend] {
            assert_eq!(judged(carrier, 200, json!({})), Ok(()));
            for status in [301, 401, 403, 404, 429, 500, 503] {
                let error = judged(carrier, status, to.clone()).unwrap_err();
                assert!(matches!(error, MailError::Failed(_)), "{status} {error}");
            }
        }
        for (carrier, status, body) in
            [(&postmark, 422, &inactive), (&resend, 422, &to), (&brevo, 400, &not_valid)]
        {
            let error = judged(carrier, status, body.clone()).unwrap_err();
            assert!(matches!(error, MailError::Refused(_)), "{error}");
            assert!(!error.to_string().contains('@'), "{error}");
        }
        assert_eq!(judged(&resend, 409, json!({ "name": "invalid_idempotent_request" })), Ok(()));
        assert!(judged(&brevo, 409, json!({})).is_err());
        let error = judged(&postmark, 422, quota).unwrap_err();
        assert!(matches!(error, MailError::Failed(_)));
    }

    #[test]
    fn no_header_gets_another_line_by_a_provider() {
        let message = Message { subject: "a\nBcc: eve@example.com".into(), ..full() };
        let asked = request(&Carrier::Brevo("k".into()), &message, None).unwrap();
        assert_eq!(asked.unwrap_err(), MailError::Header("Subject"));
    }
}
