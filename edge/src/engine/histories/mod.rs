//! Generated histories of a few people in one campaign: whatever happens, in whatever order and at
//! once, the books agree after every step.
//!
//! A history is drawn from its number: `PARRAIN_HISTORY=17` tells that one alone, and
//! `PARRAIN_HISTORIES=50000` tells so many, from number 0 on. What fails is made as short as it can
//! be and printed with its number.
//!
//! What is no fault: an answer that the state of things forbids what was asked. What is: an answer
//! that the service failed, and every row that `faults` finds.

use std::{
    cell::RefCell,
    fmt::Write as _,
    io::Write as _,
    sync::atomic::{AtomicU64, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestError, TestRng, TestRunner},
};

mod act;
mod faults;
mod ops;
mod world;

use faults::Seen;
use ops::{History, Op};
use tokio::runtime::{Builder, Runtime};
use world::World;

use crate::bench::Bench;

/// How many histories are told, unless more are asked for.
const HISTORIES: u64 = 460;

/// How many operations they are made of, at the least.
const OPERATIONS: u64 = 20_000;

/// How many threads share them: each takes every so many-th.
const SHARES: u64 = 2;

/// After how many histories of a share its progress is told.
const NEWS: u64 = 500;

/// How long a failing history is made shorter, in milliseconds.
const SHORTER: u32 = 20_000;

/// Where histories take place, one after the other.
struct Place {
    runtime: Runtime,
    bench: Bench,
}

impl Place {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().build().unwrap();
        let bench = runtime.block_on(async {
            let bench = Bench::new().await;
            Seen::begin(&bench.app.db).await;
            bench
        });
        Self { runtime, bench }
    }

    fn run(&mut self, history: &History) -> Result<u64, String> {
        self.runtime.block_on(async {
            self.bench.empty().await;
            run(&mut self.bench, history).await
        })
    }
}

async fn run(bench: &mut Bench, history: &History) -> Result<u64, String> {
    let mut world = World::start(bench, history).await;
    let mut operations = 0;
    for step in &history.steps {
        world.step(step).await;
        faults::check(&world).await?;
        if let [Op::Cron] = step[..] {
            world.quiet().await?;
            faults::check(&world).await?;
        }
        operations += step.len() as u64;
    }
    faults::check(&world).await?;
    world.quiet().await?;
    faults::check(&world).await?;
    faults::nothing_personal(&world).await?;
    Ok(operations)
}

/// Tells the history of a number; how many operations it was made of.
fn tell(place: &RefCell<Place>, number: u64) -> u64 {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 1_000_000,
        max_shrink_time: SHORTER,
        ..ProptestConfig::with_cases(1)
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let operations = AtomicU64::new(0);
    let told = TestRunner::new_with_rng(config, rng).run(&ops::history(), |history| {
        let told = place.borrow_mut().run(&history).map_err(TestCaseError::fail)?;
        operations.store(told, Ordering::Relaxed);
        Ok(())
    });
    match told {
        Ok(()) => operations.into_inner(),
        Err(TestError::Fail(reason, history)) => {
            panic!("history {number}: {reason}\n{}", readable(&history))
        }
        Err(error) => panic!("history {number}: {error}"),
    }
}

/// A history, a line a step.
fn readable(history: &History) -> String {
    let mut text = format!("{:?}\n", History { steps: Vec::new(), ..history.clone() });
    for step in &history.steps {
        let _ = writeln!(text, "  {step:?}");
    }
    text
}

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Tells every so many-th history, and more than enough of them.
fn share(first: u64) {
    let place = RefCell::new(Place::new());
    if let Some(number) = asked("PARRAIN_HISTORY") {
        if number % SHARES == first {
            tell(&place, number);
        }
        return;
    }
    let most = asked("PARRAIN_HISTORIES").unwrap_or(HISTORIES);
    let numbers = (first..most).step_by(usize::try_from(SHARES).unwrap());
    let mut operations = 0;
    for (told, number) in (1..).zip(numbers) {
        operations += tell(&place, number);
        // Past the test's own output, which nobody sees of what passes.
        if told % NEWS == 0 || most <= number + SHARES {
            let _ = writeln!(std::io::stderr(), "{operations} operations in {told} histories");
        }
    }
    let enough = OPERATIONS.div_ceil(SHARES);
    assert!(most < HISTORIES || enough <= operations, "too few operations: {operations}");
}

#[test]
fn the_books_agree_after_every_step_of_any_history() {
    share(0);
}

#[test]
fn the_books_agree_after_every_step_of_any_other_history() {
    share(1);
}
