//! Files of people and of customers: taken piece by piece, looked at without a change, then imported in
//! bounded bites. Each step is a batch that fails where another was first, so that an import is left,
//! killed and gone on with at any point, and does each row once.

mod check;
mod run;
mod upload;

use serde_json::json;
use shared::import::{Choices, What};

pub use upload::{Trouble, take};

use crate::{
    app::App,
    call::{By, Call},
    error::Error,
    platform::{IMPORT, log},
    sql::{DbError, Statement},
    store::{
        audit,
        imports::{self, Import, State},
    },
};

/// The most statements for a row that is imported: to read what it is decided on, and its batch.
const ROW: u32 = 28;

/// Begins an import; its id.
pub async fn begin(app: &App, call: &Call, campaign: &str, what: What) -> Result<String, Error> {
    let id = call.id();
    let member = match &call.by {
        By::Member(member) => member.as_str(),
        _ => "",
    };
    let after = json!({ "what": crate::sql::name(&what) });
    let noted = audit::insert(call, "IMPORT_BEGUN", Some(campaign), &id, &json!({}), &after);
    let begun = imports::insert(&id, campaign, what, member, call.now);
    app.db.batch(vec![begun, noted]).await?;
    Ok(id)
}

/// Writes something that another may be first to; whether it was written.
async fn written(app: &App, batch: Vec<Statement>) -> Result<bool, Error> {
    match app.db.batch(batch).await {
        Ok(()) => Ok(true),
        Err(DbError::Constraint) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Looks at what an import would do, under these choices.
pub async fn check(app: &App, call: &Call, it: &Import, choices: &Choices) -> Result<bool, Error> {
    let mut batch = imports::check(&it.id, choices);
    let after = json!({
        "columns": choices.fields.iter().filter(|it| !it.name().is_empty()).count(),
        "update": choices.update,
        "welcome": choices.welcome,
    });
    batch.push(noted(call, it, "IMPORT_CHECKED", &after));
    written(app, batch).await
}

/// Begins to import.
pub async fn start(app: &App, call: &Call, it: &Import) -> Result<bool, Error> {
    let after = json!({ "new": it.fresh, "known": it.known, "bad": it.bad });
    written(app, vec![imports::start(&it.id), noted(call, it, "IMPORT_STARTED", &after)]).await
}

/// Ends an import before it is done; what was imported stays.
pub async fn cancel(app: &App, call: &Call, it: &Import) -> Result<bool, Error> {
    let mut batch = imports::end(&it.id, State::Cancelled, &it.heads, call.now);
    batch.push(noted(call, it, "IMPORT_CANCELLED", &json!({ "done": it.done })));
    written(app, batch).await
}

fn noted(call: &Call, it: &Import, act: &str, after: &serde_json::Value) -> Statement {
    audit::insert(call, act, Some(&it.campaign), &it.id, &json!({}), after)
}

/// Goes on with an import by one bite, and says whether there may be more to do; nothing, if somebody
/// else goes on with it.
pub async fn go_on(app: &App, call: &Call, it: &Import, most: u32) -> Result<bool, Error> {
    if !matches!(it.state, State::Checking | State::Running)
        || !written(app, vec![imports::lease(&it.id, call.now)]).await?
    {
        return Ok(false);
    }
    // Whoever started it is in the log; each row is not.
    let mut call = call.clone();
    call.by = By::Nobody;
    let call = &call;
    let done = match (it.state, it.what) {
        (State::Checking, _) => check::bite(app, it).await,
        (_, What::Participants) => run::participants(app, call, it, most).await,
        (_, What::Customers) => run::customers(app, call, it).await,
    };
    app.db.batch(vec![imports::release(&it.id)]).await?;
    done
}

/// Goes on with imports that nobody looks at, for so many statements.
pub async fn run_due(app: &App, call: &Call, mut left: u32) -> Result<(), Error> {
    const STEP: u32 = 12;
    for (campaign, id) in imports::open(&app.db, 3).await? {
        loop {
            let Some(rows) = left.checked_sub(STEP).map(|it| (it / ROW).min(IMPORT)) else {
                return Ok(());
            };
            let Some(it) = imports::find(&app.db, &campaign, &id).await? else { break };
            let runs = it.state == State::Running && it.what == What::Participants;
            if runs && rows == 0 {
                return Ok(());
            }
            left -= STEP + if runs { rows * ROW } else { 0 };
            // One that fails keeps no younger one from going on.
            match go_on(app, call, &it, rows).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    log(&format!("import {id} failed: {error:?}"));
                    break;
                }
            }
            crate::platform::pause().await;
        }
    }
    Ok(())
}

/// Forgets the rows of imports whose day is over.
pub async fn expire(app: &App, call: &Call) -> Result<(), DbError> {
    for (id, heads) in imports::stale(&app.db, call.now, 5).await? {
        match app.db.batch(imports::end(&id, State::Expired, &heads, call.now)).await {
            Ok(()) | Err(DbError::Constraint) => log(&format!("import {id} is over after a day")),
            Err(error) => return Err(error),
        }
    }
    app.db.batch(imports::forget(call.now)).await
}
