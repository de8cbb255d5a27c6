//! The native host: tokio, SQLite, everything in one process.

mod addresses;
mod background;
mod clicks;
mod clock;
mod command;
mod data;
mod db;
mod files;
mod group;
mod http;
mod limiter;
mod links;
mod mail;
mod serve;
#[cfg(test)]
mod statements;

pub use background::{Background, pause};
pub use clicks::Clicks;
pub use clock::{now, seed};
pub use command::command;
pub use db::Db;
pub use files::file;
pub use http::Http;
pub use limiter::Limiter;
pub use links::LinkStore;
pub use mail::Mail;
pub use serve::{Listen, serve};

/// The most steps of the roll-up in one run of the cron.
pub const FOLDS: usize = 200;

/// The most statements that one run of the cron asks for what is due, and the most turns that each
/// kind of it takes: seconds of work, with pauses.
pub const STATEMENTS: u32 = 40_000;

/// See [`STATEMENTS`].
pub const ROUNDS: u32 = 100;

/// The most participants that one call imports.
pub const IMPORT: u32 = 400;

/// How many rows of an import are done at once, so that they share transactions.
pub const IMPORT_TOGETHER: usize = 16;

/// The most rows of an import that one call looks at, or lists as customers.
pub const IMPORT_LOOK: u32 = 4_000;

/// A line of the log; it holds nothing personal.
pub fn log(line: &str) {
    #[cfg(test)]
    LOGGED.lock().expect("no test fails while it logs").push(line.to_owned());
    eprintln!("parrain: {line}");
}

/// What was logged, for tests.
#[cfg(test)]
pub(crate) static LOGGED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
