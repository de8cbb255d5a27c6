//! `/campaign/{id}/installation`: where links lead, whose pages may call, what a conversion is.

use axum::{Json, extract::State};
use serde_json::{Map, Value};
use shared::campaign::{Campaign, Installation};

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
) -> Result<Json<Installation>, Error> {
    let (terms, _) = terms::read(&app, &id).await?;
    Ok(Json(terms.campaign.installation))
}

/// Changes the settings that are sent.
pub async fn update(
    _: KeyHolder,
    State(app): State<App>,
    At(id): At<String>,
    Body(patch): Body<Map<String, Value>>,
) -> Result<Json<Installation>, Error> {
    let changed = configure::change(&app, &id, |campaign| {
        let installation = patched(&campaign.installation, &patch)?;
        match installation.flaw() {
            Some(flaw) => Err(flawed(flaw)),
            None => Ok(Campaign { installation, ..campaign.clone() }),
        }
    })
    .await?;
    Ok(Json(changed.installation))
}
