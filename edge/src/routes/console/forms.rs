//! `/console/{campaign}/forms`: forms that the widget met and that wait for the owner's word.

use axum::response::Response;
use shared::{campaign::Installation, team::Right};

use super::desk::Desk;
use crate::{
    engine::{configure, settings},
    error::Error,
    pages::console::{
        forms::{self as page, Page},
        frame::Tab,
    },
    routes::{ask::Ask, body::unread, html, member::Member},
    sql::DbError,
    store::{audit, proposals},
};

/// The page.
pub async fn show(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let campaign = desk.campaign()?;
    let waiting = proposals::waiting(&ask.app.db, &campaign.id).await?;
    let markup = page::page(&Page {
        lang: desk.lang,
        csrf: &desk.member.csrf,
        campaign,
        waiting: &waiting,
        may: desk.member.role.may(Right::Edit),
        said: ask.query.get("said"),
    });
    Ok(desk.page(Tab::Install, page::title(desk.lang), &markup))
}

/// Puts a form into the campaign's lists, or aside where nothing names it.
pub async fn decide(ask: Ask, member: Member) -> Result<Response, Error> {
    let desk = Desk::open(&ask, member).await?;
    let (id, form) = (&desk.campaign()?.id, ask.form()?);
    let take = match form.get("act") {
        Some("take") => true,
        Some("never") => false,
        _ => return Err(unread("act is none of this page")),
    };
    let there = |said: &str| html::see(&format!("/console/{id}/forms?said={said}"));
    let asked = form.get("form").unwrap_or_default();
    let waiting = proposals::waiting(&ask.app.db, id).await?;
    let Some(row) = waiting.into_iter().find(|it| it.signature == asked) else {
        return Ok(there("gone"));
    };
    let Some(selector) = row.body.selector else {
        if take {
            return Ok(there("unnamed"));
        }
        let after = serde_json::json!({ "path": row.body.path });
        let before = serde_json::json!({});
        let mut batch = proposals::dismiss(id, asked, ask.call.now);
        batch.push(audit::insert(&ask.call, "FORM_DISMISSED", Some(id), asked, &before, &after));
        return match ask.app.db.batch(batch).await {
            Ok(()) => Ok(there("never")),
            Err(DbError::Constraint) => Ok(there("gone")),
            Err(error) => Err(error.into()),
        };
    };
    let facts = settings::facts(&ask.app, id, ask.call.now).await?;
    let (before, after) = (serde_json::json!({}), serde_json::json!({ "form": selector }));
    let act = if take { "FORM_TAKEN" } else { "FORM_DISMISSED" };
    let mut decided = proposals::remove(id, asked);
    decided.push(audit::insert(&ask.call, act, Some(id), asked, &before, &after));
    let changed = configure::change_with(&ask.app, &ask.call, id, None, decided, |campaign| {
        let listed = listing(&campaign.installation, &selector, take);
        settings::with_installation(campaign, listed, &facts)
    })
    .await;
    match changed {
        Ok(_) => {}
        Err(Error::Invalid(flaws)) if flaws.iter().all(|it| it.param.starts_with("forms")) => {
            return Ok(there("full"));
        }
        Err(error) => {
            // Somebody else decided at the same time.
            let waiting = proposals::waiting(&ask.app.db, id).await?;
            if waiting.iter().any(|it| it.signature == asked) {
                return Err(error);
            }
            return Ok(there("gone"));
        }
    }
    Ok(there(if take { "take" } else { "never" }))
}

/// The settings with a form in one of the lists, and not in the other.
fn listing(installation: &Installation, selector: &str, take: bool) -> Installation {
    let mut listed = installation.clone();
    let forms = &mut listed.forms;
    let (to, from) = if take {
        (&mut forms.take, &mut forms.ignore)
    } else {
        (&mut forms.ignore, &mut forms.take)
    };
    from.retain(|it| it != selector);
    if !to.iter().any(|it| it == selector) {
        to.push(selector.into());
    }
    listed
}
