//! SQL, one function a statement. Reads are async and return values; writes return a
//! [`Statement`](crate::sql::Statement) for the caller's batch.

pub mod approvals;
pub mod budgets;
pub mod campaigns;
pub mod clicks;
pub mod codes;
pub mod conversions;
pub mod decisions;
pub mod erasure;
pub mod jobs;
pub mod keys;
pub mod leads;
pub mod links;
pub mod names;
pub mod notices;
pub mod overview;
pub mod owner;
pub mod participants;
pub mod referrals;
pub mod referrers;
pub mod refunds;
pub mod reversals;
pub mod rewards;
pub mod rules;
pub mod salts;
pub mod shares;
pub mod summaries;
pub mod views;
pub mod visits;
