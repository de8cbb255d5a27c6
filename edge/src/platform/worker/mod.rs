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

/// A line of the log; it holds nothing personal.
pub fn log(line: &str) {
    worker::console_log!("parrain: {line}");
}
