//! What happens between a route and the tables: facts, a decision of `shared`, one batch.

mod award;
mod bond;
pub mod configure;
mod confirm;
pub mod credit;
pub mod cron;
pub mod demo;
pub mod enrol;
pub mod erase;
pub mod hand;
#[cfg(test)]
mod histories;
pub mod jobs;
pub mod keys;
pub mod leads;
pub mod owner;
mod plan;
pub mod refund;
pub mod terms;
