//! What a call can fail with, and the one body and status that tell it.

use axum::response::{IntoResponse, Response};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ALLOW, RETRY_AFTER},
};
use serde::Serialize;
use serde_json::Value;
use shared::lang::Lang;

use crate::{
    json, pages,
    platform::log,
    routes::{body::Size, html},
    sql::DbError,
};

/// Why a call failed. Only this file knows status codes.
#[derive(Debug)]
pub enum Error {
    /// 400: fields that are wrong.
    Invalid(Vec<Problem>),
    /// 403: no key, or one that may not do this. One body for all.
    Forbidden,
    /// 403: a form of a session that is over, or of an older page.
    OutOfDate,
    /// 403: a page of an origin that the campaign does not know.
    ForeignOrigin,
    /// 401: a participant who has to sign in, or whose proof does not hold.
    Unauthenticated,
    /// 404.
    Missing,
    /// 409: it was changed meanwhile, or stands already.
    Conflict(&'static str),
    /// 406: a reward that stands otherwise, in the words of the wire.
    RewardState(&'static str),
    /// 405, with the methods that would do; empty where the router names them.
    WrongMethod(&'static str),
    /// 413.
    TooLarge(&'static Size),
    /// 429.
    TooMany,
    /// 501: an operation of the wire that is not built.
    NotBuilt,
    /// 503: try again soon. Nothing was written, or the same call finds what was.
    Busy,
    /// 500: ours; the text goes to the log.
    Internal(String),
}

/// One field that is wrong.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Problem {
    /// `body`, `query` or `params`.
    pub location: &'static str,
    /// The field.
    pub param: String,
    /// What was given, cut short; only for holders of a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What is wrong with it.
    pub msg: String,
}

/// The wire's body: flat.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: &'static str,
    code: &'static str,
    message: String,
    status: u16,
    support_url: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Problem>,
}

impl Error {
    /// A field of the body that is wrong.
    #[must_use]
    pub fn field(param: &str, value: Option<Value>, msg: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new("body", param, value, msg)])
    }

    /// A parameter of the query that is wrong.
    #[must_use]
    pub fn query(param: &str, value: &str, msg: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::new("query", param, Some(value.into()), msg)])
    }
}

impl Problem {
    /// A problem whose value is cut to 64 characters.
    #[must_use]
    pub fn new(
        location: &'static str,
        param: &str,
        value: Option<Value>,
        msg: impl Into<String>,
    ) -> Self {
        let value = value.map(|it| match it {
            Value::String(text) => text.chars().take(64).collect::<String>().into(),
            Value::Array(_) | Value::Object(_) => {
                it.to_string().chars().take(64).collect::<String>().into()
            }
            other => other,
        });
        Self { location, param: param.chars().take(64).collect(), value, msg: msg.into() }
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        if !error.passes() {
            return Self::Internal(error.to_string());
        }
        if error != DbError::Constraint {
            log(&format!("the database failed for the moment: {error}"));
        }
        Self::Busy
    }
}

impl Error {
    /// Status, `name`, `code` and `message` of the wire.
    fn face(&self) -> (StatusCode, &'static str, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Invalid(_) => (
                S::BAD_REQUEST,
                "BadRequestError",
                "BAD_REQUEST_ERROR",
                "The request is not valid.",
            ),
            Self::Forbidden | Self::OutOfDate => (
                S::FORBIDDEN,
                "NotAuthorizedError",
                "NOT_AUTHORIZED_ERROR",
                "The API key is missing, unknown or may not do this.",
            ),
            Self::ForeignOrigin => (
                S::FORBIDDEN,
                "NotAuthorizedError",
                "NOT_AUTHORIZED_ERROR",
                "This origin is not among the campaign's addresses.",
            ),
            Self::Unauthenticated => (
                S::UNAUTHORIZED,
                "UnauthorizedError",
                "UNAUTHORIZED_ERROR",
                "Participant authentication is required.",
            ),
            Self::Missing => (
                S::NOT_FOUND,
                "NotFoundError",
                "NOT_FOUND_ERROR",
                "The requested resource does not exist.",
            ),
            Self::Conflict(message) => {
                (S::CONFLICT, "DuplicateRequestError", "DUPLICATE_REQUEST_ERROR", message)
            }
            Self::RewardState(message) => {
                (S::NOT_ACCEPTABLE, "InvalidRewardState", "INVALID_REWARD_STATE", message)
            }
            Self::WrongMethod(_) => (
                S::METHOD_NOT_ALLOWED,
                "MethodNotAllowedError",
                "METHOD_NOT_ALLOWED_ERROR",
                "This path does not know that method.",
            ),
            Self::TooLarge(size) => (
                S::PAYLOAD_TOO_LARGE,
                "PayloadTooLargeError",
                "PAYLOAD_TOO_LARGE_ERROR",
                size.refusal,
            ),
            Self::TooMany => {
                (S::TOO_MANY_REQUESTS, "RateLimit", "RATE_LIMIT", "Too many requests.")
            }
            Self::NotBuilt => (
                S::NOT_IMPLEMENTED,
                "NotImplementedError",
                "NOT_IMPLEMENTED",
                "This operation is not available in this installation.",
            ),
            Self::Busy => (
                S::SERVICE_UNAVAILABLE,
                "ServiceUnavailableError",
                "SERVICE_UNAVAILABLE",
                "Busy. Try again.",
            ),
            Self::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "InternalServerError",
                "INTERNAL_SERVER_ERROR",
                "Something went wrong on our side.",
            ),
        }
    }

    /// The header that some statuses call for.
    fn header(&self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::Busy => Some((RETRY_AFTER, "1")),
            Self::NotBuilt => Some((HeaderName::from_static("x-should-retry"), "false")),
            Self::TooMany => Some((RETRY_AFTER, "60")),
            Self::WrongMethod("") => None,
            Self::WrongMethod(methods) => Some((ALLOW, methods)),
            _ => None,
        }
    }
}

impl Error {
    /// The answer to somebody who followed a link: a page in place of the wire's body.
    #[must_use]
    pub fn into_page(self, lang: Lang) -> Response {
        let status = self.face().0;
        let page = match self {
            Self::OutOfDate => pages::out_of_date(lang),
            _ => pages::error(lang, status.as_u16()),
        };
        let mut response = html::page(status, "", &page);
        if let Some((name, value)) = self.header() {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        self.log();
        response
    }

    /// What is ours goes to the log, never to the client.
    pub(crate) fn log(&self) {
        if let Self::Internal(text) = self {
            log(&format!("internal error: {text}"));
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, name, code, message) = self.face();
        let header = self.header();
        self.log();
        let (message, errors) = match self {
            Self::Invalid(problems) => {
                let first = problems.first().map(|it| match it.param.as_str() {
                    "" => it.msg.clone(),
                    param => format!("{param}: {}", it.msg),
                });
                (first.unwrap_or_else(|| message.into()), problems)
            }
            Self::TooLarge(Size { list: Some((field, problem)), .. }) => {
                (format!("{field}: {problem}"), vec![Problem::new("body", field, None, *problem)])
            }
            _ => (message.into(), Vec::new()),
        };
        let body = Body { name, code, message, status: status.as_u16(), support_url: "", errors };
        let mut response = json::with_status(status, &body);
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
