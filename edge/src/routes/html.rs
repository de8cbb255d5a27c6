//! Pages as responses: a strict content security policy on every one.

use axum::{body::Body, response::IntoResponse};
use http::{HeaderValue, Response, StatusCode, header};
use maud::Markup;

use super::query::{LANGUAGE, Query};

/// A page whose scripts, besides our own files, may come from `service` (empty: only from here).
#[must_use]
pub fn page(status: StatusCode, service: &str, markup: &Markup) -> Response<Body> {
    let policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         img-src 'self' data: https:; style-src 'self' {service}; connect-src 'self' {service}; \
         script-src 'self' 'wasm-unsafe-eval' {service}"
    );
    let mut response = (status, markup.0.clone()).into_response();
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Keeps the language that a page's switch chose, for a year.
#[must_use]
pub fn remember(mut response: Response<Body>, query: &Query) -> Response<Body> {
    if let Some(lang) = query.chosen_lang() {
        let cookie =
            format!("{LANGUAGE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", lang.tag());
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// "See there", after a form was taken.
#[must_use]
pub fn see(path: &str) -> Response<Body> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(path) = HeaderValue::try_from(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    response
}
