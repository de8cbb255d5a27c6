//! Pages by cursor: `nextId` names the last row of the page before.

use shared::time::Timestamp;

use crate::{error::Error, routes::query::Query, store::participants::Place};

/// The place after which a page begins.
pub(super) fn after(query: &Query) -> Result<Option<Place>, Error> {
    let Some(text) = query.get("nextId") else { return Ok(None) };
    let refusal = || Error::query("nextId", text, "is not a place in this list");
    place(text).map(Some).ok_or_else(refusal)
}

/// The place that a text names.
pub(super) fn place(text: &str) -> Option<Place> {
    let (at, id) = text.split_once('-')?;
    let created_at = at.parse().ok().map(Timestamp)?;
    Some(Place { created_at, id: id.into() })
}

/// `nextId` of a page that goes on after this row.
pub(super) fn next(place: &Place) -> String {
    format!("{}-{}", place.created_at.0, place.id)
}

/// Cuts the one row too many that tells whether there is another page.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = limit < rows.len();
    rows.truncate(limit);
    more
}
