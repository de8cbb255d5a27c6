//! Stories over HTTP alone: machines, races, failures, and what is left in the tables.

mod clicks;
mod conformance;
mod ending;
mod files;
mod hosted;
mod money;
mod privacy;
mod races;
mod readme;
