//! The console's pages, one file a subject: who clicked, who referred whom, what was earned, and why.

pub mod account;
pub mod briefing;
mod chart;
pub mod coupons;
pub mod customer_sign_in;
pub mod frame;
pub mod import;
pub mod import_words;
pub mod install;
pub mod keys;
pub mod log;
pub mod look_up;
pub mod mail;
pub mod overview;
mod overview_words;
pub mod participant;
mod participant_words;
pub mod participants;
pub mod parts;
pub mod referrals;
pub mod rewards;
pub mod setup;
pub mod team;
mod words;
