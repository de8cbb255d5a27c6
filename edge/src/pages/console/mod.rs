//! The console's pages, one file a subject: who clicked, who referred whom, what was earned, and why.

mod chart;
pub mod coupons;
pub mod frame;
pub mod mail;
pub mod overview;
mod overview_words;
pub mod participant;
mod participant_words;
pub mod participants;
pub mod parts;
pub mod referrals;
pub mod rewards;
mod words;
