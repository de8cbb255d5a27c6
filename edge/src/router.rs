//! The route table. Clicks (`/r/…`) are answered before it, on both hosts.

use axum::{
    Router,
    body::Body,
    response::IntoResponse,
    routing::{get, post},
};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

use crate::{app::App, click::Reply, routes};

/// All routes.
pub fn router(app: App) -> Router {
    Router::new()
        // The browser's endpoints, under a name that no blocker's list has.
        .route("/_p/consent", post(routes::browser::consent::record))
        .route("/_p/lead", post(routes::browser::lead::record))
        .route("/_p/share", post(routes::browser::share::record))
        .route("/_p/visit", post(routes::browser::visit::record))
        // Pages.
        .route("/q/{file}", get(routes::qr::show))
        .route("/console", get(routes::console::show))
        .route("/console/enter", get(routes::console::door).post(routes::console::enter))
        // The demo.
        .route("/", get(routes::demo::start))
        .route("/demo/shop", get(routes::demo::page))
        .route("/demo/shop/{page}", get(routes::demo::page).post(routes::demo::post))
        .fallback(routes::files::serve)
        .with_state(app)
}

/// A click's reply as a response; `Ok` bodies are small bytes, `Err` ones come from the router.
#[must_use]
pub fn click_response(reply: Reply) -> Response<Result<Bytes, Body>> {
    match reply {
        Reply::Redirect { location, cookie } => {
            let mut response = Response::new(Ok(Bytes::new()));
            *response.status_mut() = StatusCode::FOUND;
            let headers = response.headers_mut();
            // Both are made of checked ASCII.
            if let Ok(location) = HeaderValue::try_from(location) {
                headers.insert(header::LOCATION, location);
            }
            if let Some(Ok(cookie)) = cookie.map(HeaderValue::try_from) {
                headers.insert(header::SET_COOKIE, cookie);
            }
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Reply::Page { status, html } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            routes::html::page(status, "", &html).map(Err)
        }
        Reply::Failed(error) => error.into_response().map(Err),
    }
}
