//! `/v2`: GrowSurf's REST API on the wire, and our own fields and endpoints beside it.
//!
//! One file a resource; the route table is in [`crate::router`].

pub mod accounts;
pub mod attribution;
pub mod attribution_keys;
pub mod auth;
pub mod campaigns;
pub mod coupons;
pub mod customers;
pub mod decisions;
pub mod emails;
pub mod installation;
pub mod leaderboard;
pub mod notices;
pub mod options;
pub mod page;
pub mod participants;
pub mod referrals;
pub mod refund;
pub mod repeat;
pub mod reward_choices;
pub mod reward_configs;
pub mod rewards;
pub mod shown;
pub mod team;
pub mod transaction;
pub mod unbuilt;
