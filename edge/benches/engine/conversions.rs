//! Recording orders that pay both sides.

use std::{
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use edge::{
    app::App,
    click::cache::Terms,
    engine::{
        credit::{self, Effect, Event, Transaction},
        terms,
    },
    platform::Db,
    store::{conversions::Numbers, participants::Key},
};
use shared::{
    money::{Currency, Money},
    reward::Source,
};

use crate::shop::{app, block_on, call, code, cpu, number, seed, started, statement};

/// What recording one order costs.
pub(crate) struct Cost {
    /// How many are recorded in a second.
    pub(crate) rate: f64,
    /// User and system time of each, in microseconds.
    pub(crate) cpu: f64,
    /// Rows that each writes, with those of triggers.
    pub(crate) rows: f64,
}

/// Orders of the last `friends` of `people`, told by so many clients at once.
pub(crate) fn cost(folder: &Path, people: u32, friends: u32, clients: u32) -> Cost {
    block_on(async {
        let app = app(folder);
        seed(&app, people, friends).await;
        let written = "-- conversions::cost\n SELECT total_changes() AS n";
        let (rows, cpu_before, before) = (number(&app, written).await, cpu(), started());
        record(&app, people, friends, clients, false).await;
        let (took, cpu) = (before.elapsed().as_secs_f64(), cpu() - cpu_before);
        let rows = number(&app, written).await - rows;
        let rewards = number(&app, "-- conversions::cost\n SELECT count(*) AS n FROM reward").await;
        assert_eq!(rewards, i64::from(2 * friends), "both sides are paid");
        let (each, rows) = (f64::from(friends), u32::try_from(rows).expect("a few millions"));
        Cost { rate: each / took, cpu: cpu / each * 1e6, rows: f64::from(rows) / each }
    })
}

/// Records orders until it is killed, and names each on a line of its own once it is answered.
pub(crate) fn tell(folder: &Path, people: u32, friends: u32, clients: u32) {
    block_on(async {
        let app = app(folder);
        seed(&app, people, friends).await;
        println!("ready");
        record(&app, people, friends, clients, true).await;
    });
}

async fn record(app: &App, people: u32, friends: u32, clients: u32, aloud: bool) {
    let (terms, _) = terms::read(app, "shop").await.expect("the campaign");
    let (terms, next) = (Arc::new(terms), Arc::new(AtomicU32::new(0)));
    let clients: Vec<_> = (0..clients)
        .map(|_| {
            let (app, terms, next) = (Arc::clone(app), Arc::clone(&terms), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if friends <= n {
                        break;
                    }
                    order(&app, &terms, people - 1 - n, n).await;
                    if aloud {
                        let mut out = std::io::stdout().lock();
                        writeln!(out, "{n}").expect("somebody reads");
                    }
                }
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client that ends");
    }
}

async fn order(app: &App, terms: &Terms, friend: u32, n: u32) {
    let friend = Key::Code(code(&format!("p-{friend}")));
    let money = Money { minor: 5_000, currency: Currency::EUR };
    let order = Event::Transaction(Transaction {
        numbers: Numbers::from([("orderId", n.to_string())]),
        gross: money,
        net: money,
        products: Vec::new(),
        country: None,
    });
    let effect = credit::credit(app, &call(n), terms, &friend, &order, None, Source::Server).await;
    assert_eq!(effect.expect("a recorded order"), Effect::Recorded { is_first: true });
}

/// How many transactions a second SQLite writes by itself, each of so many rows of 100 bytes under
/// keys in no order, in one table without an index.
pub(crate) fn bare(folder: &Path, rows: u32, times: u32) -> f64 {
    block_on(async {
        let db = Db::open(&folder.join("bare.db")).expect("a database");
        let table = "-- conversions::bare
             CREATE TABLE bare (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID";
        db.batch(vec![statement(table, vec![])]).await.expect("a table");
        let insert = "-- conversions::bare/row
             INSERT INTO bare (key, value) VALUES (printf('%08x', (?1 * 2654435761) & 4294967295), ?2)";
        let value = "x".repeat(100);
        let before = started();
        for time in 0..times {
            let row =
                |n: u32| statement(insert, vec![(time * rows + n).into(), value.as_str().into()]);
            db.batch((0..rows).map(row).collect()).await.expect("rows");
        }
        f64::from(times) / before.elapsed().as_secs_f64()
    })
}
