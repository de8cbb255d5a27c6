//! The import itself: each row with what marks it done, in one batch.

use futures_util::future::join_all;
use shared::{
    import::{Choices, Field, Person, Reason, What, person},
    referral::Status,
    reward::Source,
};

use super::{check::column, written};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    engine::{
        enrol::{Imported, NamedStatus, Newcomer, enrol_of},
        mail::refusal,
        terms,
    },
    error::Error,
    platform::{IMPORT_LOOK, IMPORT_TOGETHER, log},
    store::{
        customers as listed,
        import_people::{self, Change},
        import_rows::{self, Row},
        imports::{self, Import},
        suppressions,
    },
};

/// How often a row is tried that others are always first to.
const MOST_TRIES: u32 = 5;

/// An import that goes on.
struct Running<'a> {
    app: &'a App,
    call: &'a Call,
    import: &'a Import,
    choices: &'a Choices,
    terms: &'a Terms,
}

/// Does some rows; whether to go on at once. A row that others are always first to comes last of its
/// level, and after some tries it is left out.
pub(super) async fn participants(
    app: &App,
    call: &Call,
    it: &Import,
    most: u32,
) -> Result<bool, Error> {
    let choices = it.chosen().ok_or_else(|| Error::Internal("an import without choices".into()))?;
    let (terms, _) = terms::read(app, &it.campaign).await?;
    let rows = import_rows::next(&app.db, &it.id, most).await?;
    if rows.is_empty() {
        app.db.batch(imports::finish(&it.id, &it.heads, call.now)).await?;
        return Ok(false);
    }
    let running = Running { app, call, import: it, choices: &choices, terms: &terms };
    for level in rows.chunk_by(|a, b| a.level == b.level) {
        for some in level.chunks(IMPORT_TOGETHER) {
            let done = join_all(some.iter().map(|row| running.row(row))).await;
            let mut was_busy = false;
            for (row, done) in some.iter().zip(done) {
                match done {
                    // Done or erased meanwhile, or the import was ended.
                    Ok(()) | Err(Error::Missing) => {}
                    Err(Error::Busy) if row.tries + 1 < MOST_TRIES => {
                        app.db.batch(vec![import_rows::put_off(&it.id, row.row)]).await?;
                        was_busy = true;
                    }
                    Err(error) => {
                        log(&format!("row {} of import {} failed: {error:?}", row.row, it.id));
                        let place = column(&choices, Field::Email);
                        let failed = import_rows::failed(&it.id, row.row, Reason::Failed, place);
                        app.db.batch(failed).await?;
                    }
                }
            }
            // It took many statements; and friends do not come before their referrers.
            if was_busy {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

impl Running<'_> {
    async fn row(&self, row: &Row) -> Result<(), Error> {
        let Self { app, call, import, choices, terms } = *self;
        let zone = terms.campaign.options.time_zone;
        let done = import_rows::done(&import.id, row.row);
        let person = match person(choices, &import.heads, &row.cells, zone, import.created_at) {
            Ok(person) => person,
            // It was good when it was looked at: something of it was erased.
            Err(flaw) => {
                let failed = import_rows::failed(&import.id, row.row, flaw.reason, flaw.column);
                return Ok(app.db.batch(failed).await?);
            }
        };
        if row.known {
            let mut batch = if choices.update { self.changes(&person) } else { Vec::new() };
            batch.extend(self.silence(&person));
            batch.extend(done);
            written(app, batch).await?;
            return Ok(());
        }
        let first = self.besides(&person);
        // Whoever came since the dry run asked for no mail, too.
        let also = self.silence(&person).into_iter().chain(done).collect();
        let newcomer = Newcomer {
            first_name: person.first_name,
            last_name: person.last_name,
            metadata: person.metadata,
            language: person.language.map(Into::into),
            typed: person.referrer,
            named_status: Some(match person.status {
                Some(Status::CreditAwarded) => NamedStatus::Awarded,
                Some(Status::CreditPending | Status::CreditExpired) | None => NamedStatus::Pending,
            }),
            by_hand: true,
            imported: Some(Imported {
                import: import.id.clone(),
                row: row.row,
                joined_at: person.joined_at,
                quiet: !choices.welcome,
                first,
            }),
            also,
            ..Newcomer::new(person.email, Source::Server)
        };
        enrol_of(app, call, terms, &newcomer, None).await?;
        Ok(())
    }

    /// What a row changes of somebody who takes part.
    fn changes(&self, person: &Person) -> Vec<crate::sql::Statement> {
        let (campaign, identity) = (self.import.campaign.as_str(), person.email.identity());
        let change = Change {
            first_name: person.first_name.as_deref(),
            last_name: person.last_name.as_deref(),
            language: person.language,
            metadata: &person.metadata,
        };
        let mut all = import_people::change(campaign, &identity, &change);
        let code = person.code.as_ref();
        let now = self.call.now;
        all.extend(code.map(|it| import_people::give_code(campaign, &identity, it, now)));
        all
    }

    /// What a row brings besides a new participant.
    fn besides(&self, person: &Person) -> Vec<crate::sql::Statement> {
        let Self { call, import, choices, .. } = *self;
        let (campaign, identity) = (import.campaign.as_str(), person.email.identity());
        let mut all: Vec<_> = person
            .code
            .as_ref()
            .map(|it| import_people::give_code(campaign, &identity, it, call.now))
            .into_iter()
            .collect();
        if person.status == Some(Status::CreditExpired) {
            all.extend(import_people::expire(campaign, &identity, &call.id(), call.now));
        }
        if choices.welcome {
            all.push(import_people::welcome(campaign, &identity, &import.id, call.now));
        }
        all
    }

    /// Whoever asked for no mail elsewhere gets none here.
    fn silence(&self, person: &Person) -> Option<crate::sql::Statement> {
        let campaign = self.import.campaign.as_str();
        let hash = refusal::hash(self.app, campaign, &person.email.identity());
        let (all, asked) = (suppressions::ALL, suppressions::ASKED);
        person
            .unsubscribed
            .then(|| suppressions::insert(campaign, &hash, all, asked, self.call.now))
    }
}

/// Does some rows of customers at once; whether there are more.
pub(super) async fn customers(app: &App, call: &Call, it: &Import) -> Result<bool, Error> {
    debug_assert_eq!(it.what, What::Customers, "others are no hashes");
    let choices = it.chosen().ok_or_else(|| Error::Internal("an import without choices".into()))?;
    let rows = import_rows::next(&app.db, &it.id, IMPORT_LOOK).await?;
    if rows.is_empty() {
        app.db.batch(imports::finish(&it.id, &it.heads, call.now)).await?;
        return Ok(false);
    }
    let place = column(&choices, Field::Email);
    let hash = |row: &Row| row.cells.get(place)?.strip_prefix('#').map(String::from);
    let hashes: Vec<String> = rows.iter().filter_map(hash).collect();
    let numbers: Vec<u32> = rows.iter().map(|it| it.row).collect();
    let added = rows.iter().filter(|it| !it.known).count();
    let added = u32::try_from(added).unwrap_or(u32::MAX);
    let mut batch = import_rows::done_together(&it.id, it.done, &numbers, added);
    batch.push(listed::insert(&it.campaign, &hashes));
    written(app, batch).await?;
    Ok(true)
}
