//! The console's pages, one file a subject: who clicked, who referred whom, what was earned, and why.

pub mod account;
pub mod briefing;
pub mod card;
mod chart;
pub mod confirm;
pub mod coupons;
pub mod customer_sign_in;
pub mod fields;
pub mod frame;
pub mod keys;
pub mod log;
pub mod look_up;
pub mod mail;
pub mod options;
pub mod overview;
mod overview_words;
pub mod participant;
mod participant_words;
pub mod participants;
pub mod parts;
pub mod referrals;
pub mod rewards;
pub mod rules;
pub mod settings;
pub mod team;
pub mod versions;
mod words;
