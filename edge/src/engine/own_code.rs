//! A code that somebody chooses for their link.

use serde_json::json;
use shared::code::Code;

use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::DbError,
    store::{
        audit,
        codes::{self, Standing},
        links,
        views::View,
    },
};

/// The most codes that somebody chooses themselves.
pub const MOST: u32 = 5;

/// The fewest characters of such a code.
const SHORTEST: usize = 3;

/// Whether what was typed can be somebody's code (R-DASH-5).
pub async fn judge(app: &App, view: &View, typed: &str) -> Result<(Standing, Option<Code>), Error> {
    let code = Code::parse(typed).ok();
    // What has the shape of an id may be somebody's id some day.
    let fits = |it: &Code| SHORTEST <= it.as_str().len() && !it.is_id();
    let Some(code) = code.filter(fits) else { return Ok((Standing::Wrong, None)) };
    let standing = if view.vanity.contains(&code) {
        Standing::Theirs
    } else if MOST as usize <= view.vanity.len() {
        Standing::Enough
    } else if links::find(&app.db, &code).await?.is_some() {
        Standing::Taken
    } else {
        Standing::Free
    };
    Ok((standing, Some(code)))
}

/// Gives somebody the code that they chose, if it can be theirs.
pub async fn take(
    app: &App,
    call: &Call,
    campaign: &str,
    view: &View,
    typed: &str,
) -> Result<Standing, Error> {
    let (standing, code) = judge(app, view, typed).await?;
    let Some(code) = code.filter(|_| standing == Standing::Free) else { return Ok(standing) };
    let (before, after) = (json!({ "code": view.vanity.last() }), json!({ "code": code }));
    let id = view.id.as_str();
    let noted = audit::insert(call, "CODE_GIVEN", Some(campaign), id, &before, &after);
    let choose = codes::choose(&code, campaign, &view.id, MOST, call.now);
    match app.db.batch(vec![choose, noted]).await {
        Ok(()) => {}
        // Something was first at this moment: the same form, another code, or somebody else.
        Err(DbError::Constraint) => {
            let theirs = codes::of(&app.db, &view.id).await?;
            return Ok(if theirs.contains(&code) {
                Standing::Theirs
            } else if links::find(&app.db, &code).await?.is_some() {
                Standing::Taken
            } else {
                Standing::Enough
            });
        }
        Err(error) => return Err(error.into()),
    }
    app.cache.links.forget(code.as_str());
    Ok(Standing::Free)
}
