//! The service of Parrain: one router, one SQL text, one domain, on two hosts.
//!
//! `platform` is the seam: two modules of equal functions, one for Cloudflare Workers, one for the
//! native binary. Nothing outside it names a host's crate.

pub mod app;
#[cfg(test)]
mod bench;
pub mod call;
pub mod click;
pub mod csv;
pub mod engine;
pub mod error;
pub mod json;
pub mod mail;
pub mod outgoing;
pub mod pages;
pub mod platform;
pub mod router;
pub mod routes;
pub mod sql;
pub mod store;
pub mod tree;
