//! Who sent this person: the signed claim, the touches a browser keeps, and which of them wins.

mod consent;
mod token;
mod touches;
mod trial;

pub use consent::{Choice, Consent, may_keep};
pub use token::{Claims, Key, SigningKey, TokenError, key_for, kid, sign, verify};
pub use touches::{LATE, Model, Touches, WINDOW_LONGEST, winner};
pub use trial::{Kept, TRIAL_LIFE, made_up, trial, tried};
