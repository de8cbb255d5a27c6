//! `/campaign/{id}/participant/{p}/decisions`, ours: why (not)?

use axum::{Json, extract::State};
use shared::api::{Decision, Decisions};

use super::{auth::KeyHolder, page, participants::named};
use crate::{
    app::App,
    error::Error,
    routes::{path::At, query::Query},
    store::decisions,
};

/// Lists the decisions about a participant, newest first, with sentences in English or French.
pub async fn list(
    _: KeyHolder,
    State(app): State<App>,
    At((campaign, p)): At<(String, String)>,
    query: Query,
) -> Result<Json<Decisions>, Error> {
    let known = named(&app, &campaign, &p).await?;
    let (limit, before, lang) = (query.limit(20)?, query.get("nextId"), query.lang());
    let id = known.id.as_str();
    let mut found = decisions::page(&app.db, &campaign, id, before, limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let next_id = found.last().filter(|_| more).map(|it| it.id.clone());
    let shown = found.into_iter().map(|it| {
        let sentences: Vec<_> = it.reasons.iter().map(|reason| reason.sentence(lang)).collect();
        Decision {
            id: it.id,
            kind: it.kind,
            text: sentences.join(" "),
            reasons: it.reasons,
            facts: it.facts,
            created_at: it.at,
        }
    });
    Ok(Json(Decisions { decisions: shown.collect(), limit, next_id }))
}
