//! What the reward engine costs on the native host, one JSON line a figure:
//! `cargo bench -p edge --bench engine`. `cargo xtask bench engine` holds it to its floors.

mod conversions;
mod decision;
mod due;
mod referrer;
mod shop;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

/// How many clients tell of orders at the same time.
const CLIENTS: u32 = 16;

/// How many orders are recorded where it is timed.
const ORDERS: u32 = 10_000;

/// An empty folder, gone when it is not needed any more.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("parrain-bench-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn tell(figure: &Value) {
    println!("{figure}");
}

fn decisions() {
    for conditions in [1, 20] {
        tell(&json!({ "decision": decision::micros(conditions), "conditionsPerRule": conditions }));
    }
}

fn orders(people: u32, clients: u32) {
    let folder = Folder::new(&people.to_string());
    let cost = conversions::cost(&folder.0, people, ORDERS.min(people / 3), clients);
    tell(&json!({
        "orders": cost.rate, "people": people, "clients": clients, "cpu": cost.cpu,
        "rows": cost.rows,
    }));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen rows")]
    let bare = conversions::bare(&folder.0, cost.rows.round() as u32, 2_000);
    tell(&json!({ "bare": bare, "rows": cost.rows.round() }));
}

/// How many are due at once.
const BACKLOG: u32 = 5_000;

fn due() {
    for kind in &due::KINDS {
        let folder = Folder::new("due");
        let (micros, cpu) = due::micros(&folder.0, kind, BACKLOG);
        tell(&json!({ "due": kind.name, "micros": micros, "cpu": cpu }));
    }
}

fn referrers() {
    let folder = Folder::new("referrers");
    let [few, many] = referrer::micros(&folder.0, [10, 10_000]);
    tell(&json!({ "referrer": few, "rewards": 10 }));
    tell(&json!({ "referrer": many, "rewards": 10_000 }));
}

fn main() {
    let words: Vec<String> = env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().expect("a number");
    match words[..] {
        [] => {
            decisions();
            for people in [20_000, 1_000_000] {
                orders(people, 1);
                orders(people, CLIENTS);
            }
            due();
            referrers();
        }
        ["decision"] => decisions(),
        ["due"] => due(),
        ["referrers"] => referrers(),
        ["orders", people, clients] => orders(number(people), number(clients)),
        ["load", folder, people, friends] => {
            conversions::tell(Path::new(folder), number(people), number(friends), CLIENTS);
        }
        _ => panic!(
            "decision, due, referrers, orders PEOPLE CLIENTS, load FOLDER PEOPLE FRIENDS, or nothing"
        ),
    }
}
