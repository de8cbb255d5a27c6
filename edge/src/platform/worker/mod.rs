//! The Cloudflare Workers host: D1, KV, Queues, one isolate.

mod background;
mod clicks;
mod clock;
mod db;
mod entry;
mod files;
mod host;
mod http;
mod limiter;
mod links;
mod mail;
mod outline;
mod queue;
mod service;

pub use background::{Background, pause};
pub use clicks::Clicks;
pub use clock::{now, seed};
pub use db::Db;
pub use files::file;
pub use http::Http;
pub use limiter::Limiter;
pub use links::LinkStore;
pub use mail::Mail;

/// The most steps of the roll-up in one run of the cron.
///
/// A run may ask 1,000 statements of D1. A step has 5, forgetting has 11: 20 · 5 + 11 = 111.
pub const FOLDS: usize = 20;

/// The most statements that one run of the cron asks for what is due: what [`FOLDS`] leaves of D1's
/// 1,000.
pub const STATEMENTS: u32 = 880;

/// The most turns that each kind of what is due takes in one run.
pub const ROUNDS: u32 = 20;

/// The most participants that one call imports, of D1's 1,000 statements: 30 · 28 = 840.
pub const IMPORT: u32 = 30;

/// How many rows of an import are done at once: friends of one referrer would try again and again.
pub const IMPORT_TOGETHER: usize = 1;

/// The most rows of an import that one call looks at, or lists as customers: half a megabyte.
pub const IMPORT_LOOK: u32 = 1_000;

/// A line of the log; it holds nothing personal.
pub fn log(line: &str) {
    worker::console_log!("parrain: {line}");
}
