//! What must never be found in the books, as statements: each yields the ids of what is wrong.
//!
//! In each, `?1` is the campaign, `?2` the time, `?3` its zone's seconds before UTC, `?4` its credit
//! window in days, `?5` how many friends may come in an hour (NULL, where bonds may have come in
//! another order than their times).
//!
//! What each rule must have given is asked of those that stand from beginning to end: whether a call
//! saw one that the owner adds (it gives 100) or removes at that moment is not written anywhere.

mod bonds;
mod counts;
mod decisions;
mod due;
mod gifts;
mod refunds;
mod rewards;
mod seen;

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use super::world::World;
use crate::{bench::kept, sql::Statement};

pub(super) use seen::Seen;

/// What is wrong, and the statement that finds it.
type Fault = (&'static str, &'static str);

/// That nothing is wrong, or what is.
pub(super) type Told = Result<(), String>;

#[derive(Debug, Deserialize)]
struct Found {
    #[expect(dead_code, reason = "shown when a history fails")]
    fault: String,
    #[expect(dead_code, reason = "shown when a history fails")]
    id: String,
}

/// Many statements as one, which the database reads once.
fn joined(faults: &[&[Fault]]) -> &'static str {
    let each = faults.iter().flat_map(|it| it.iter());
    let each = each.map(|(name, sql)| format!("\nUNION ALL\nSELECT '{name}', id FROM ({sql})"));
    let mut sql = format!("SELECT '' AS fault, '' AS id WHERE false{}", each.collect::<String>());
    // Values that are bound may cost the plan: SQLite looks at them, and plans anew for others.
    for (place, name) in ["campaign", "now", "zone", "days", "per_hour"].into_iter().enumerate() {
        sql = sql.replace(&format!("?{}", place + 1), &format!("(SELECT {name} FROM told)"));
    }
    Box::leak(format!("-- faults::joined\n{sql}").into_boxed_str())
}

/// Fails if a fault is found.
async fn find(world: &World<'_>, sql: &'static str) -> Told {
    let per_hour = world.history.per_hour.filter(|_| !world.disordered);
    let told = crate::sql!(
        "-- faults::told
         INSERT INTO told (id, campaign, now, zone, days, per_hour) VALUES (1, ?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET now = excluded.now, per_hour = excluded.per_hour",
        &world.campaign,
        world.bench.now.get(),
        world.history.zone.1 * 3_600,
        world.history.window.map(u32::from),
        per_hour,
    );
    world.bench.write([told]).await;
    let asked = Statement { sql, args: Vec::new() };
    let found: Vec<Found> = world.bench.app.db.all(asked).await.unwrap();
    if found.is_empty() { Ok(()) } else { Err(format!("{found:?}")) }
}

/// What holds after every step.
pub(super) async fn check(world: &World<'_>) -> Told {
    static ALL: OnceLock<&str> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        joined(&[
            bonds::FAULTS,
            counts::FAULTS,
            decisions::FAULTS,
            gifts::FAULTS,
            refunds::FAULTS,
            rewards::FAULTS,
            seen::FAULTS,
        ])
    });
    find(world, all).await?;
    Seen::look(&world.bench.app.db).await;
    Ok(())
}

/// What holds when the cron has run to its end: whatever was due is done.
pub(super) async fn due(world: &World<'_>) -> Told {
    static ALL: OnceLock<&str> = OnceLock::new();
    find(world, ALL.get_or_init(|| joined(&[due::FAULTS]))).await
}

/// What is told of people, as they are in histories.
const PERSONAL: &[&str] = &["@example.com", "@mailinator.com", "zebedee", "tinytown"];

/// Tables that hold something of people, and what of theirs outlives them: nothing does anywhere but
/// in `person`, whose rows are of people who were not forgotten (see `bonds`).
pub(super) async fn nothing_personal(world: &World<'_>) -> Told {
    #[derive(Deserialize)]
    struct Table {
        name: String,
    }
    let db = &world.bench.app.db;
    let tables = crate::sql!(
        "-- faults::tables\n SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'person'"
    );
    let tables: Vec<Table> = db.all(tables).await.unwrap();
    assert!(20 < tables.len());
    for Table { name } in tables {
        let sql = kept(format!("-- faults::every\n SELECT * FROM \"{name}\""));
        let rows: Vec<Value> = db.all(Statement { sql, args: Vec::new() }).await.unwrap();
        let text = Value::Array(rows).to_string().to_lowercase();
        if let Some(told) = PERSONAL.iter().find(|it| text.contains(**it)) {
            return Err(format!("{name} tells {told} of a person"));
        }
    }
    Ok(())
}
