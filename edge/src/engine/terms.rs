//! A campaign's terms as they are now, past every cache: what writes are decided on.

use shared::campaign::Campaign;

use crate::{app::App, click::cache::Terms, error::Error, store::campaigns};

/// A campaign's terms, and the number of its changes.
pub async fn read(app: &App, campaign: &str) -> Result<(Terms, i64), Error> {
    let stored = campaigns::find(&app.db, campaign).await?.ok_or(Error::Missing)?;
    let revision = stored.revision;
    let campaign = Campaign::from(stored);
    let generation = campaign.generation();
    // The offer is for previews of links only.
    Ok((Terms::new(&app.settings.secret, campaign, None, generation), revision))
}
