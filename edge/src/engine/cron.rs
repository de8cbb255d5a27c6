//! What is done every minute, in bounded bites; any run may be repeated or overlap with another.

use std::collections::BTreeMap;

use shared::{campaign::Campaign, time::Span};

use crate::{
    app::App,
    call::Call,
    engine::{coupons, due, import},
    platform::{FOLDS, log, pause},
    sql::{DbError, Statement},
    store::{
        attempts, campaigns, clicks, figures, jobs as outbox, messages, returns, salts, sessions,
    },
};

/// Does what is due now: first what every run must come to, then what may be much, in turns.
pub async fn run(app: &App, call: &Call) {
    // What people said is forgotten in its time, whatever becomes of the rest.
    if let Err(error) = import::expire(app, call).await {
        log(&format!("imports were not forgotten: {error}"));
    }
    if let Err(error) = tables(app, call).await {
        log(&format!("the cron failed: {error}"));
    }
    due::run(app, call).await;
}

async fn tables(app: &App, call: &Call) -> Result<(), DbError> {
    for _ in 0..FOLDS {
        if !clicks::fold(&app.db, call.now).await? {
            break;
        }
        pause().await;
    }
    let mut batch = clicks::prune(call.now);
    batch.extend([salts::forget(call.now.day()), outbox::prune(call.now)]);
    batch.extend([messages::forget(call.now), returns::forget(call.now)]);
    batch.extend(outbox::bury(call.now));
    batch.extend(sessions::forget(call.now));
    batch.push(attempts::forget(call.now));
    batch.extend(clocks(app, call).await?);
    app.db.batch(batch).await?;
    coupons::hand_out(app, call).await
}

/// Notes how far the clocks of campaigns are ahead, where they were set since: summer time begins, or
/// the owner named another time zone.
async fn clocks(app: &App, call: &Call) -> Result<Vec<Statement>, DbError> {
    let noted: BTreeMap<String, Span> = figures::clocks(&app.db).await?.into_iter().collect();
    let each = campaigns::all(&app.db).await?.into_iter().map(Campaign::from).filter_map(|it| {
        let ahead = it.options.time_zone.offset(call.now);
        (noted.get(&it.id) != Some(&ahead)).then(|| figures::set_clock(&it.id, ahead))
    });
    Ok(each.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bench::Bench, sql, store::jobs::insert};

    #[tokio::test]
    async fn r_click_11_roll_ups_do_not_wait_for_the_jobs() {
        let bench = Bench::new().await;
        let click = sql!(
            "-- t
             INSERT INTO click (id, campaign, participant, class, at)
             VALUES ('0', 'shop', 'ada', 'ROBOT', 1)"
        );
        // Tells how many jobs were tried when the roll-up moved on.
        let witness = sql!(
            "-- t
             CREATE TRIGGER witness AFTER UPDATE ON click_fold BEGIN
               INSERT INTO visit SELECT '0', 'shop', max(attempts) FROM job;
             END"
        );
        let jobs = (0..9).map(|it| insert(&format!("{it:04}"), "NONE", "{}", bench.now.get()));
        bench.write([click, witness].into_iter().chain(jobs)).await;
        run(&bench.app, &bench.call()).await;
        let tried = sql!("-- t\n SELECT at AS n FROM visit");
        assert_eq!(bench.number(tried).await, 0);
        let tried = sql!("-- t\n SELECT sum(attempts) AS n FROM job");
        assert_eq!(bench.number(tried).await, 9);
    }
}
