//! `POST /_p/share`: a customer used a share control.

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use shared::{channel::Channel, code::Code};

use super::{NOTED, admit, page, read};
use crate::{
    click::resolve,
    error::{Error, Problem},
    routes::ask::Ask,
    store::shares,
};

/// What was shared, and where.
#[derive(Deserialize)]
pub struct Shared {
    code: String,
    channel: String,
}

/// Counts a share of a link of this campaign; of another or unknown link nothing is written.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, shared) = read::<Shared>(&ask)?;
    let page = page(&ask, &common).await?;
    let channel = Channel::from_key(&shared.channel).ok_or_else(|| {
        Error::Invalid(vec![Problem::new("body", "channel", None, "is no share channel")])
    })?;
    admit(app, call).await?;
    let campaign = &page.terms.campaign.id;
    let found = match Code::parse(&shared.code) {
        Ok(code) => resolve::resolve(app, call, &code).await?,
        Err(_) => None,
    };
    if let Some((link, _)) = found.filter(|(link, _)| link.campaign == *campaign) {
        let share =
            shares::insert(&call.id(), campaign, &link.participant, channel.key(), call.now);
        app.db.batch(vec![share]).await?;
    }
    Ok(page.answer(StatusCode::ACCEPTED, &NOTED, &[]))
}
