//! What happens between a route and the tables: facts, a decision of `shared`, one batch.

pub mod credit;
pub mod cron;
pub mod demo;
pub mod enrol;
pub mod jobs;
pub mod keys;
pub mod leads;
pub mod owner;
