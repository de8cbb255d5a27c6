//! A piece of a file: whole rows are kept, and it is said where the next begins. What of customers is
//! an address is hashed before anything is written.

use std::collections::BTreeMap;

use shared::{
    customer,
    email::Email,
    import::{MOST_BYTES, MOST_ROWS, What, has_heads, known_heads},
    sheet::{self, SheetError},
};

use super::written;
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::{pieces, to_json},
    store::{
        import_rows,
        imports::{self, Import, Piece, State},
    },
};

/// The longest name of a column, in characters.
const HEAD_LONGEST: usize = 80;

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// This row has no end: a quotation mark is not closed.
    Endless(u32),
    /// This row is too long.
    Long(u32),
    /// This row has too many cells.
    Wide(u32),
    /// It is no text, or in UTF-16.
    NoText,
    /// It has no rows.
    Empty,
    /// It has too many rows, or bytes.
    Large,
}

/// Takes a piece that begins at a byte, and says where the next begins; one that was taken before
/// changes nothing. A file that is no good ends the import.
pub async fn take(
    app: &App,
    call: &Call,
    it: &Import,
    from: u64,
    bytes: &[u8],
    is_last: bool,
) -> Result<Result<u64, Trouble>, Error> {
    if it.state != State::Uploading || from != it.received {
        return Ok(Ok(it.received));
    }
    match cut(app, it, bytes, is_last) {
        Ok(found) => {
            let piece = Piece {
                from,
                next: from + found.used,
                line: found.line,
                rows: u32::try_from(found.rows.len()).unwrap_or(u32::MAX),
                separator: found.separator,
                heads: found.heads.as_deref(),
                is_last,
            };
            let mut batch = vec![imports::take(&it.id, &piece)];
            let rows = found.rows.iter().map(|(row, cells)| to_json(&(row, cells, spelt(cells))));
            let rows = rows.collect::<Vec<_>>();
            batch.extend(pieces(&rows).into_iter().map(|rows| import_rows::insert(&it.id, rows)));
            if written(app, batch).await? {
                return Ok(Ok(piece.next));
            }
            let now = imports::find(&app.db, &it.campaign, &it.id).await?;
            Ok(Ok(now.ok_or(Error::Missing)?.received))
        }
        Err(trouble) => {
            super::cancel(app, call, it).await?;
            Ok(Err(trouble))
        }
    }
}

/// What a piece holds.
struct Found {
    used: u64,
    line: u32,
    separator: u8,
    heads: Option<Vec<String>>,
    rows: Vec<(u32, Vec<String>)>,
}

fn cut(app: &App, it: &Import, bytes: &[u8], is_last: bool) -> Result<Found, Trouble> {
    let mark = if it.received == 0 { sheet::mark(bytes) } else { 0 };
    let bytes = &bytes[mark..];
    let separator = if it.received == 0 { sheet::separator(bytes) } else { it.separator };
    let at = |row: usize| it.line.saturating_add(u32::try_from(row).unwrap_or(u32::MAX)) + 1;
    let cut = sheet::cut(bytes, separator, is_last).map_err(|error| match error {
        SheetError::Endless(row) => Trouble::Endless(at(row)),
        SheetError::Long(row) => Trouble::Long(at(row)),
        SheetError::Wide(row) => Trouble::Wide(at(row)),
        SheetError::NoText => Trouble::NoText,
    })?;
    // What is left of a whole file has a mark that nothing closes.
    if is_last && cut.used < bytes.len() {
        return Err(Trouble::Endless(at(cut.rows.len())));
    }
    let mut line = it.line;
    let (mut heads, mut rows) = (None, Vec::new());
    for cells in cut.rows {
        line = line.saturating_add(1);
        if line == 1 {
            let named = names(&cells);
            // What is no name that we know may be a customer, in a file without names.
            heads = Some(if it.what == What::Customers { known_heads(&named) } else { named });
            if has_heads(&cells) {
                continue;
            }
        }
        if !cells.is_empty() {
            rows.push((line, kept(app, it, cells)));
        }
    }
    let used = (mark + cut.used) as u64;
    let total = it.total.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    if MOST_ROWS < total || MOST_BYTES < it.received + used {
        return Err(Trouble::Large);
    }
    if is_last && total == 0 {
        return Err(Trouble::Empty);
    }
    Ok(Found { used, line, separator, heads, rows })
}

/// The names of the columns; empty ones, where the first row names none.
fn names(cells: &[String]) -> Vec<String> {
    let named = has_heads(cells);
    let name = |it: &String| it.chars().filter(|_| named).take(HEAD_LONGEST).collect();
    cells.iter().map(name).collect()
}

/// Who is named by cells, where SQL's small letters do not tell: by the number of the cell. So an
/// erasure finds them, however they are spelt.
fn spelt(cells: &[String]) -> BTreeMap<usize, String> {
    let named = cells.iter().enumerate().filter_map(|(place, cell)| {
        let identity = Email::parse(cell).ok()?.identity();
        (identity != cell.to_ascii_lowercase()).then_some((place, identity))
    });
    named.collect()
}

/// What is kept of a row: of customers, keyed hashes of addresses, and of what is no address nothing.
fn kept(app: &App, it: &Import, cells: Vec<String>) -> Vec<String> {
    if it.what == What::Participants {
        return cells;
    }
    let secret = &app.settings.secret;
    let hashed = |cell: String| {
        if cell.is_empty() {
            return cell;
        }
        let hash = match Email::parse(&cell) {
            Ok(email) => customer::hashes(&email).pop(),
            Err(_) => customer::hash(&cell),
        };
        hash.map_or_else(
            || "-".into(),
            |it_| format!("#{}", customer::kept(secret, &it.campaign, &it_)),
        )
    };
    cells.into_iter().map(hashed).collect()
}
