//! Does the jobs of the outbox: right after the call that promised them, and by the cron what was
//! left behind. Any job may be done twice at once with the effect of once.

use crate::{
    app::App,
    call::Call,
    engine::{entry, guest, leads},
    error::Error,
    platform::log,
    store::{jobs, jobs::Job},
};

/// Does a job right after the answer; the cron finds what fails.
pub fn soon(app: &App, call: &Call, id: String) {
    let (later, follow) = (App::clone(app), call.clone());
    call.background.run(async move { run_one(&later, &follow, &id).await });
}

/// Does one job, if it is still to be done.
pub async fn run_one(app: &App, call: &Call, id: &str) {
    match jobs::find(&app.db, id).await {
        Ok(Some(job)) => attempt(app, call, &job).await,
        Ok(None) => {}
        Err(error) => log(&format!("a job was not found: {error}")),
    }
}

/// Does at most so many of the jobs that are due, and says how many it found.
pub async fn run_due(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = jobs::due(&app.db, call.now, most).await?;
    for job in &due {
        attempt(app, call, job).await;
    }
    Ok(due.len())
}

async fn attempt(app: &App, call: &Call, job: &Job) {
    let done = match job.kind.as_str() {
        entry::INVITATION | entry::KIND => entry::send(app, call, job).await,
        guest::KIND => guest::send(app, call, job).await,
        leads::KIND => leads::enrol(app, call, job).await,
        other => Err(Error::Internal(format!("no job is called {other}"))),
    };
    if let Err(error) = done {
        log(&format!("job {} ({}) failed: {error:?}", job.id, job.kind));
        if let Err(error) = app.db.batch(vec![jobs::postpone(job, call.now)]).await {
            log(&format!("job {} was not put off: {error}", job.id));
        }
    }
}
