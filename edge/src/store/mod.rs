//! SQL, one function a statement. Reads are async and return values; writes return a
//! [`Statement`](crate::sql::Statement) for the caller's batch.

pub mod boards;
pub mod budgets;
pub mod campaigns;
pub mod choices;
pub mod clicks;
pub mod codes;
pub mod conversions;
pub mod coupons;
pub mod customers;
pub mod decisions;
pub mod delays;
pub mod ends;
pub mod expiries;
pub mod holds;
pub mod jobs;
pub mod keys;
pub mod leaderboards;
pub mod leads;
pub mod links;
pub mod names;
pub mod overview;
pub mod owner;
pub mod participants;
pub mod referrals;
pub mod referrers;
pub mod rewards;
pub mod rules;
pub mod salts;
pub mod shares;
pub mod signals;
pub mod summaries;
pub mod views;
pub mod visits;
pub mod waits;
