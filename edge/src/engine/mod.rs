//! What happens between a route and the tables: facts, a decision of `shared`, one batch.

pub mod assign;
mod award;
mod bond;
pub mod card_texts;
pub mod choices;
pub mod configure;
mod confirm;
pub mod coupons;
pub mod credit;
pub mod cron;
pub mod delay;
pub mod demo;
mod due;
pub mod enrol;
pub mod entry;
pub mod erase;
mod guard;
pub mod guest;
pub mod hand;
#[cfg(test)]
mod histories;
pub mod jobs;
pub mod keys;
pub mod leads;
pub mod mail;
pub mod passkey;
mod past;
mod plan;
pub mod refund;
pub mod review;
pub mod rules;
pub mod settings;
pub mod support;
pub mod team;
pub mod terms;
mod tries;
