//! `POST /_p/proposal`: the widget met a form that would be a lead, if the owner said so. What is told is
//! its structure and its words; values are not kept, whoever sends them.

use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use shared::{
    form::Form,
    proposal::{LONGEST, Proposal, signature},
};

use super::{NOTED, admit, page, read};
use crate::{error::Error, routes::ask::Ask, sql::to_json, store::proposals};

/// What is told.
#[derive(Deserialize)]
pub struct Told {
    form: Form,
}

/// Keeps the proposal, once of a form.
pub async fn record(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (common, told) = read::<Told>(&ask)?;
    let page = page(&ask, &common).await?;
    admit(app, call).await?;
    let brought = page.brought(app, call, &common);
    let campaign = &page.terms.campaign;
    let referred = brought.touches().is_some() || campaign.installation.capture_unreferred;
    // Nothing of a test counts, and what the owner decided is decided.
    let forms = &campaign.installation.forms;
    let is_listed = |it: &Proposal| {
        let lists = forms.take.iter().chain(&forms.ignore);
        it.selector.as_ref().is_some_and(|selector| lists.into_iter().any(|it| it == selector))
    };
    let proposal =
        Proposal::of(&told.form, referred).filter(|it| brought.trial().is_none() && !is_listed(it));
    if let Some(body) = proposal.map(|it| to_json(&it)).filter(|it| it.len() <= LONGEST) {
        let insert = proposals::insert(&campaign.id, &signature(&told.form), &body, call.now);
        app.db.batch(vec![insert]).await?;
    }
    Ok(page.answer(StatusCode::ACCEPTED, &NOTED, &[]))
}
