//! The domain of Parrain: what is true, who earns, and why.
//!
//! Pure by construction: `no_std`, no clock, no randomness, no I/O, no HTTP, no SQL, no DOM.
//! The hour and the entropy are arguments; every function is total. The numbered rules that the
//! functions implement stand in `docs/domain.md`.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod address;
pub mod api;
pub mod around;
pub mod attribution;
pub mod campaign;
pub mod card;
pub mod channel;
pub mod click;
pub mod code;
pub mod customer;
pub mod decision;
pub mod email;
pub mod form;
pub mod fraud;
pub mod id;
pub mod import;
pub mod lang;
pub mod link;
pub mod look;
pub mod money;
pub mod period;
pub mod picture;
pub mod pitch;
pub mod proof;
pub mod proposal;
mod punycode;
pub mod referral;
pub mod refund;
pub mod reward;
pub mod secret;
pub mod setup;
pub mod share;
pub mod sheet;
pub mod team;
pub mod time;
pub mod written;
pub mod zone;
