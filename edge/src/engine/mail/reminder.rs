//! Referrers are reminded of friends who came by them and do not count yet: once of each.

use crate::{app::App, call::Call, error::Error, platform::log, store::reminders};

/// How many friends of a campaign are looked at once.
const BITE: u32 = 200;

/// Writes reminders that are due in some campaigns. There may be more of each: it says that it found as many
/// as it may, as long as it came on in any.
pub async fn remind(app: &App, call: &Call, most: u32) -> Result<usize, Error> {
    let due = reminders::due(&app.db, call.now, BITE, most).await?;
    let mut came_on = false;
    for it in &due {
        match app.db.batch(reminders::remind(it, call.now)).await {
            Ok(()) => came_on = true,
            Err(error) => log(&format!("reminders of {} failed: {error}", it.campaign)),
        }
    }
    Ok(if came_on { usize::try_from(most).unwrap_or(usize::MAX) } else { 0 })
}
