//! `POST /_p/test`: what a page that the console opened tells of itself, and what else is seen of such a
//! test. Nothing of it is counted or kept of anybody, and nobody else is heard.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{NOTED, admit, page, read};
use crate::{
    app::App,
    call::Call,
    error::Error,
    routes::ask::Ask,
    store::installation_tests::{self, Seen},
};

/// What a page tells.
#[derive(Deserialize)]
pub struct Told {
    mark: String,
    #[serde(default)]
    cookies: Option<bool>,
    #[serde(default)]
    wasm: Option<bool>,
    #[serde(default)]
    form: Option<Form>,
}

/// What became of a form that was sent.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Form {
    /// It was read as a sign-up.
    Read,
    /// No field for an address that can be read.
    NoAddress,
    /// It looks like a login.
    Login,
    /// The site says that it is to be left alone.
    Ignored,
    /// Nothing tells that it is a sign-up.
    Unknown,
}

/// Notes what the page tells; of a page that the campaign does not know, where it is. Where no test of
/// this mark goes on, the page is told so, and forgets it (R-TRIAL-2).
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, told) = read::<Told>(&ask)?;
    admit(app, call).await?;
    let test = installation_tests::of(&app.db, &common.campaign).await?;
    if !test.is_some_and(|it| it.mark == told.mark && it.is_live(call.now)) {
        let mut response = Error::Missing.into_response();
        // Whichever page asks may read that there is nothing.
        let any = HeaderValue::from_static("*");
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
        return Ok(response);
    }
    let page = match page(&ask, &common).await {
        Err(Error::ForeignOrigin) => {
            let origin = ask.headers.get(header::ORIGIN).and_then(|it| it.to_str().ok());
            let origin = origin.filter(|it| it.len() <= 300);
            let seen = Seen { origin, ..Seen::default() };
            note(app, call, &common.campaign, &told.mark, &seen).await?;
            return Err(Error::ForeignOrigin);
        }
        page => page?,
    };
    // What is not told is left as it was.
    let mut facts = json!({});
    for (name, fact) in [
        ("cookies", told.cookies.map(|it| json!(it))),
        ("wasm", told.wasm.map(|it| json!(it))),
        ("form", told.form.map(|it| json!(it))),
    ] {
        if let Some(fact) = fact {
            facts[name] = fact;
        }
    }
    let seen = Seen { told: Some(&facts), ..Seen::default() };
    note(app, call, &common.campaign, &told.mark, &seen).await?;
    Ok(page.answer(StatusCode::OK, &NOTED, &[]))
}

/// Writes down what is seen of a test.
pub(super) async fn note(
    app: &App,
    call: &Call,
    campaign: &str,
    mark: &str,
    seen: &Seen<'_>,
) -> Result<(), Error> {
    Ok(app.db.batch(vec![installation_tests::note(campaign, mark, seen, call.now)]).await?)
}
