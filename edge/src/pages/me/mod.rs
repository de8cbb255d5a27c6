//! The page for participants: a file a subject, so that other pages can show the same.

pub mod account;
pub mod board;
pub mod data;
pub mod decisions;
pub mod door;
pub mod frame;
pub mod friends;
pub mod handout;
pub mod home;
pub mod link;
pub mod progress;
pub mod rewards;
#[cfg(test)]
mod tests;
