//! E-mail: what a message is, what it says and in which words, and who carries it.
//!
//! Nothing in here reads a clock, a database or a request.

pub mod configuration;
pub mod fact;
pub mod kind;
pub mod letter;
pub mod markup;
pub mod message;
mod problem;
pub mod provider;
pub mod returned;
pub mod settings;
pub mod template;
mod texts;
pub mod topic;

pub use configuration::{Carrier, Configuration};
pub use fact::{Fact, Facts};
pub use kind::{Audience, Kind, Purpose};
pub use message::{Kept, MailError, Mailbox, Message};
pub use problem::Problem;
pub use template::{Broken, Text};
pub use topic::Topic;
