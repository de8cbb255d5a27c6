//! `/campaign/{id}/participant/{p}/rewards`: what somebody earned.

use axum::{Json, extract::State};
use shared::api::ParticipantRewards;

use super::{auth::KeyHolder, page, participants::named, shown};
use crate::{
    app::App,
    error::Error,
    routes::{path::At, query::Query},
    store::{participants::Place, rewards},
};

/// Lists the rewards of a participant, newest first.
pub async fn list(
    _: KeyHolder,
    State(app): State<App>,
    At((campaign, p)): At<(String, String)>,
    query: Query,
) -> Result<Json<ParticipantRewards>, Error> {
    let known = named(&app, &campaign, &p).await?;
    let (limit, after) = (query.limit(20)?, page::after(&query)?);
    let mut found = rewards::page(&app.db, &known.id, after.as_ref(), limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    let next_id =
        last.map(|it| page::next(&Place { created_at: it.created_at, id: it.id.clone() }));
    let rewards = found.into_iter().map(shown::reward).collect();
    Ok(Json(ParticipantRewards { rewards, limit, next_id }))
}
