//! The seam between the service and its host: two modules of equal functions, chosen by `cfg`.
//!
//! | | native | worker |
//! | --- | --- | --- |
//! | [`Db`] | SQLite file | D1 |
//! | [`Clicks`] | group commit before the answer | gathered, packed, sent to a queue |
//! | [`LinkStore`] | nothing beyond the process | KV |
//! | [`Limiter`] | counters in the process | rate-limiting binding |
//! | [`Background`] | a task of the runtime | `waitUntil` |
//! | [`Http`] | hyper and rustls, public addresses only | `fetch` |
//! | [`Mail`] | a folder of files, SMTP, or an HTTPS provider | an HTTPS provider, or the account's own |

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(not(target_arch = "wasm32"))]
pub use native::*;
#[cfg(target_arch = "wasm32")]
pub use worker::*;
