//! What is told to everybody of a campaign: its end, and each month.

use shared::{campaign::Status, time::Span};

use super::{facts, month_end};
use crate::{
    app::App,
    call::Call,
    engine::terms,
    error::Error,
    platform::log,
    sql::DbError,
    store::mailings::{self, Kind, Mailing},
};

/// To how many people a mailing writes at once.
const BITE: u32 = 200;

/// How far the end of a month may lie from when it was expected: another time zone was chosen, or the
/// service slept.
const SLACK: Span = Span::hours(26);

/// Writes the next messages of a few mailings; says how many mailings it found.
pub async fn spread(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = mailings::due(&app.db, call.now, most).await?;
    for it in &due {
        match step(app, call, it).await {
            // Another run went on.
            Ok(()) | Err(Error::Busy) => {}
            Err(error) => log(&format!("a mailing of {} failed: {error:?}", it.campaign)),
        }
    }
    Ok(due.len())
}

async fn step(app: &App, call: &Call, it: &Mailing) -> Result<(), Error> {
    let next = mailings::next(&app.db, it, BITE).await?;
    let is_last = next.len() < BITE as usize;
    let mut batch = Vec::new();
    if !next.is_empty() {
        batch.push(match it.kind {
            Kind::Ended => mailings::tell_end(it, &next, call.now),
            Kind::Month => {
                let (terms, _) = terms::read(app, &it.campaign).await?;
                let zone = terms.campaign.options.time_zone;
                let month = i32::try_from(it.occasion).unwrap_or_default();
                let days = facts::days(zone, shared::zone::Month(month));
                mailings::tell_month(it, &next, days, call.now)
            }
        });
    }
    let last = next.last().filter(|_| !is_last);
    batch.push(mailings::step(it, last, call.now));
    match app.db.batch(batch).await {
        Ok(()) | Err(DbError::Constraint) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Begins to tell of months that are over, in campaigns that run; says how many it found.
pub async fn begin_months(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = mailings::months(&app.db, call.now, most).await?;
    for it in &due {
        let (terms, _) = match terms::read(app, &it.campaign).await {
            Ok(read) => read,
            Err(error) => {
                log(&format!("a month of {} was not told: {error:?}", it.campaign));
                continue;
            }
        };
        let zone = terms.campaign.options.time_zone;
        let current = zone.month(call.now);
        let began = zone.begins(current);
        let is_near = it.month_ends_at - SLACK <= began && began <= it.month_ends_at + SLACK;
        let runs = terms.campaign.status == Status::InProgress;
        let told = Some(current.previous()).filter(|_| is_near && runs);
        let end = month_end(zone, call.now);
        app.db.batch(mailings::begin_month(&it.campaign, told, end, call.now)).await?;
    }
    Ok(due.len())
}
