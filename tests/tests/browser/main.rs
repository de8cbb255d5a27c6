//! Stories that need a browser: a friend follows a link, looks around and signs up.

mod absence;
mod attribution;
mod consent;
mod dashboard;
mod demo;
mod hosted;
mod import;
mod pages;
mod passkeys;
mod platform;
mod settings;
mod setup;
mod stage;
mod team;
