//! Stories that need a browser: a friend follows a link, looks around and signs up.

mod absence;
mod around;
mod attribution;
mod consent;
mod dashboard;
mod demo;
mod elements;
mod forms;
mod guest;
mod hosted;
mod import;
mod languages;
mod live;
mod pages;
mod passkeys;
mod platform;
mod proposals;
mod settings;
mod setup;
mod several;
mod sharing;
mod signals;
mod stage;
mod team;
