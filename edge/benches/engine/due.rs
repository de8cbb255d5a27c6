//! What is due: a backlog of each kind, drained by the cron as it comes.

use std::path::Path;

use edge::engine::cron;

use crate::shop::{app, block_on, call, cpu, number, seed, started, statement};

/// A kind of due work, how a backlog of it is made, and what is left of it.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    make: &'static [&'static str],
    left: &'static str,
}

/// Every kind of which there is one for each referral or reward.
pub(crate) const KINDS: [Kind; 3] = [
    Kind {
        name: "expiry",
        make: &["-- due::expiry
            UPDATE campaign SET options = '{\"referralCreditWindowDays\":7}' WHERE ?1 = ?1"],
        left: "-- due::left\n SELECT count(*) AS n FROM referral WHERE outcome <> 'EXPIRED'",
    },
    Kind {
        name: "delayed credit",
        make: &["-- due::delay
            UPDATE referral SET credit_at = 3, credit_source = 'SERVER' WHERE ?1 = ?1"],
        left: "-- due::left\n SELECT count(*) AS n FROM referral WHERE outcome <> 'AWARDED'",
    },
    Kind {
        name: "hold",
        make: &["-- due::hold
            INSERT INTO reward (id, campaign, rule, version, participant, side, referrer, friend,
                                occasion, event, earned_month, kind, amount, status, source,
                                hold_days, approve_at, created_at)
            SELECT 'prew_' || friend, campaign, 'crew_1', 1, referrer, 'REFERRER', referrer, friend,
                   friend, 'CONVERSION', 24320, 'CREDIT', 1000, 'PENDING', 'SERVER', 1, 3, 2
              FROM referral WHERE ?1 = ?1"],
        left: "-- due::left\n SELECT count(*) AS n FROM reward WHERE approved_at IS NULL",
    },
];

/// Microseconds for one of so many that are due at once: by the clock, and of the processor.
pub(crate) fn micros(folder: &Path, kind: &Kind, most: u32) -> (f64, f64) {
    block_on(async {
        let app = app(folder);
        seed(&app, 3 * most, most).await;
        let make = kind.make.iter().map(|it| statement(it, vec![most.into()]));
        app.db.batch(make.collect()).await.expect("a backlog");
        assert_eq!(number(&app, kind.left).await, i64::from(most), "all are due");
        let (cpu_before, before, mut n) = (cpu(), started(), 1_000_000);
        while 0 < number(&app, kind.left).await {
            cron::run(&app, &call(n)).await;
            n += 1;
            assert!(n < 1_000_100, "nothing is done of {}", kind.name);
        }
        let each = 1e6 / f64::from(most);
        (before.elapsed().as_secs_f64() * each, (cpu() - cpu_before) * each)
    })
}
