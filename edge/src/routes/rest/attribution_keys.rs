//! `…/attribution-keys`, ours: the keys with which the owner's back end verifies tokens offline.

use axum::{Json, extract::State};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use shared::{
    api::{AttributionKey, AttributionKeys},
    attribution::{key_for, kid},
    campaign::Campaign,
};

use super::auth::KeyHolder;
use crate::{
    app::App, call::Call, click::resolve, engine::terms, error::Error, routes::path::At,
    sql::DbError, store::campaigns,
};

/// Lists the generations, oldest first; the last one signs.
pub async fn list(
    _: KeyHolder,
    State(app): State<App>,
    At(id): At<String>,
) -> Result<Json<AttributionKeys>, Error> {
    let (terms, _) = terms::read(&app, &id).await?;
    Ok(Json(shown(&app, &terms.campaign)))
}

/// Retires the key that signs and makes the next one. Of calls at once, one rotates and all answer
/// with the result.
pub async fn rotate(
    _: KeyHolder,
    State(app): State<App>,
    call: Call,
    At(id): At<String>,
) -> Result<Json<AttributionKeys>, Error> {
    let (terms, _) = terms::read(&app, &id).await?;
    let generation = terms.campaign.generation();
    let batch = vec![
        campaigns::retire_key(&id, generation, call.now),
        campaigns::insert_key(&id, generation.saturating_add(1), call.now),
    ];
    match app.db.batch(batch).await {
        Ok(()) => resolve::changed(&app, &id).await?,
        Err(DbError::Constraint) => {}
        Err(error) => return Err(error.into()),
    }
    let (terms, _) = terms::read(&app, &id).await?;
    Ok(Json(shown(&app, &terms.campaign)))
}

fn shown(app: &App, campaign: &Campaign) -> AttributionKeys {
    let secret = &app.settings.secret;
    let keys = campaign.keys.iter().map(|it| AttributionKey {
        kid: kid(&campaign.id, it.generation),
        alg: "HS256",
        key: BASE64.encode(key_for(secret, &campaign.id, it.generation).bytes()),
        retired_at: it.retired_at,
    });
    AttributionKeys { keys: keys.collect() }
}
