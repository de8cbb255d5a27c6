//! What a credit must know of a referrer, however much they earned.

use std::path::Path;

use edge::store::referrers;
use shared::zone::Month;

use crate::shop::{app, block_on, code, seed, started, statement};

/// How many reads are timed together, and how often referrers take turns.
const TIMES: u32 = 100;
const ROUNDS: u32 = 50;

/// Microseconds to read referrers with so many rewards each: the least of rounds in which they take
/// turns, because a busy machine only adds.
pub(crate) fn micros<const N: usize>(folder: &Path, rewards: [u32; N]) -> [f64; N] {
    block_on(async {
        let app = app(folder);
        seed(&app, 1_000, 0).await;
        let mut took = [f64::INFINITY; N];
        for (place, rewards) in rewards.into_iter().enumerate() {
            let referrer = code(&format!("p-{place}"));
            let earned = statement(
                "-- referrer::micros
                 INSERT INTO reward (id, campaign, rule, version, participant, side, referrer,
                                     occasion, event, earned_month, kind, amount, status, source,
                                     hold_days, approved_at, fulfilled_at, created_at)
                 WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
                 SELECT 'prew_' || ?1 || i, 'shop', 'crew_1', 1, ?1, 'REFERRER', ?1, ?1 || i,
                        'CONVERSION', 24320 - i % 12, 'CREDIT', 1000, 'FULFILLED', 'SERVER', 0, 1,
                        1, i
                   FROM n",
                vec![(&referrer).into(), rewards.into()],
            );
            app.db.batch(vec![earned]).await.expect("rewards");
        }
        for _ in 0..ROUNDS {
            for (place, rewards) in rewards.into_iter().enumerate() {
                let referrer = code(&format!("p-{place}"));
                let before = started();
                for _ in 0..TIMES {
                    let month = Month(24_320);
                    let found = referrers::bound(&app.db, "shop", &referrer, month, true).await;
                    let found = found.expect("a database").expect("a referrer");
                    let count: u32 = found.given.iter().map(|it| it.count).sum();
                    assert_eq!(count, rewards, "all of them count");
                }
                let round = before.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES);
                took[place] = round.min(took[place]);
            }
        }
        took
    })
}
