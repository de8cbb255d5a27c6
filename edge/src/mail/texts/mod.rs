//! The words that the product comes with: subject, preheader and body of each kind.

mod en;
mod fr;

/// Subject, preheader, body.
type Words = [&'static str; 3];

pub(super) use en::en;
pub(super) use fr::fr;
