//! Credits.
use shared::{code::Code, money::Money, reward::Source};

use crate::{app::App, call::Call, click::cache::Terms, error::Error};

/// A sale.
#[derive(Debug)]
pub struct Sale {
    /// How much.
    pub total: Money,
    /// Its numbers.
    pub numbers: Vec<(&'static str, String)>,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// A sale.
    Transaction(Sale),
}

/// Credits.
pub async fn credit(
    _: &App,
    _: &Call,
    _: &Terms,
    _: &Code,
    _: Event,
    _: Source,
) -> Result<(), Error> {
    Err(Error::NotBuilt)
}
