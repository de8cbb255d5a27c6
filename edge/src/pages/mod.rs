//! The pages that people see: pure functions from plain values to HTML.
//!
//! Nothing in here reads a clock, a database or a request. Every text exists in both languages,
//! every value is escaped by maud, and no page needs more than its own origin's style sheets and
//! scripts, so that a content security policy without `unsafe-inline` suits them all.

pub mod card;
pub mod console;
pub mod enter;
pub mod error;
pub mod layout;
pub mod link;
pub mod look;
pub mod me;
pub mod shop;
pub mod sign_in;
pub mod start;
pub mod unsubscribe;

pub use card::card;
pub use enter::{enter, enter_failed};
pub use error::{error, out_of_date};
pub use layout::layout;
pub use link::{missing, preview};
pub use sign_in::{link_sent, not_yours, sign_in, sign_in_again};
pub use start::start;
