//! Changing how a programme's public pages look: its colours, and the logo that is sent as a file.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::{
    campaign::Campaign,
    look::Look,
    picture::{self, Format, HASH_LENGTH, PictureError},
};

use crate::{
    app::App,
    call::Call,
    engine::configure,
    error::Error,
    sql::DbError,
    store::{
        audit,
        logos::{self, Logo},
        looks, versions,
    },
};

/// What a change says that another was first to.
const STALE: Error = Error::Conflict("The design was changed meanwhile. Read it again.");

/// Changes a look that was made from this one, unless it is what it was (R-LOOK-3).
pub async fn change(
    app: &App,
    call: &Call,
    campaign: &str,
    from: Look,
    look: Look,
) -> Result<(), Error> {
    let known = looks::of(&app.db, campaign).await?;
    if known == look {
        return Ok(());
    }
    if known != from {
        return Err(STALE);
    }
    let (before, after) = (json!(known), json!(look));
    let batch = vec![
        looks::change(campaign, known, look),
        versions::settle(campaign, versions::LOOK, &before, call.now),
        versions::insert(call, campaign, versions::LOOK, &after),
        audit::insert(call, "DESIGN_CHANGED", Some(campaign), campaign, &before, &after),
    ];
    match app.db.batch(batch).await {
        Ok(()) => Ok(()),
        Err(DbError::Constraint) if looks::of(&app.db, campaign).await? == look => Ok(()),
        Err(DbError::Constraint) => Err(STALE),
        Err(error) => Err(error.into()),
    }
}

/// Takes a file as a campaign's logo: its address is the campaign's from then on (R-LOOK-4).
pub async fn take_logo(
    app: &App,
    call: &Call,
    campaign: &str,
    file: &[u8],
) -> Result<Result<(), PictureError>, Error> {
    let format = match picture::read(file) {
        Ok(it) => it.format,
        Err(error) => return Ok(Err(error)),
    };
    let digest = Sha256::digest(file);
    let hash: String = digest.iter().take(HASH_LENGTH / 2).map(|it| format!("{it:02x}")).collect();
    let address = format!("{}/c/{campaign}/logo.{hash}", app.settings.public_url);
    let logo = Logo { hash, mime: format.mime().into(), body: BASE64.encode(file) };
    let kept = vec![logos::save(campaign, &logo)];
    let changed = |it: &Campaign| {
        Ok(Campaign { company_logo_image_url: Some(address.clone()), ..it.clone() })
    };
    configure::change_with(app, call, campaign, None, kept, changed).await?;
    Ok(Ok(()))
}

/// Leaves a campaign without a logo.
pub async fn remove_logo(app: &App, call: &Call, campaign: &str) -> Result<(), Error> {
    let changed = |it: &Campaign| Ok(Campaign { company_logo_image_url: None, ..it.clone() });
    configure::change(app, call, campaign, changed).await?;
    Ok(())
}

/// The file of a logo and what it is written in.
pub async fn logo(app: &App, campaign: &str, hash: &str) -> Result<(Format, Vec<u8>), Error> {
    let found = logos::find(&app.db, campaign, hash).await?.ok_or(Error::Missing)?;
    let file = BASE64.decode(&found.body).ok().zip(Format::of_mime(&found.mime));
    let (file, format) = file.ok_or_else(|| Error::Internal("a logo is no file".into()))?;
    Ok((format, file))
}
