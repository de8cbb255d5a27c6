//! `/campaign/{id}/options`: the touch rule, windows, and how rewards are approved.

use axum::{Json, extract::State};
use serde_json::{Map, Value};
use shared::campaign::{Campaign, Options};

use super::auth::KeyHolder;
use crate::{
    app::App,
    engine::{configure, terms},
    error::Error,
    routes::{
        body::{Body, flawed, patched},
        path::At,
    },
};

/// Shows the settings.
pub async fn retrieve(
    _: KeyHolder,
    State(app): State<App>,
    At(id): At<String>,
) -> Result<Json<Options>, Error> {
    let (terms, _) = terms::read(&app, &id).await?;
    Ok(Json(terms.campaign.options))
}

/// Changes the settings that are sent.
pub async fn update(
    _: KeyHolder,
    State(app): State<App>,
    At(id): At<String>,
    Body(patch): Body<Map<String, Value>>,
) -> Result<Json<Options>, Error> {
    let changed = configure::change(&app, &id, |campaign| {
        let options = patched(&campaign.options, &patch)?;
        match options.flaw() {
            Some(flaw) => Err(flawed(flaw)),
            None => Ok(Campaign { options, ..campaign.clone() }),
        }
    })
    .await?;
    Ok(Json(changed.options))
}
