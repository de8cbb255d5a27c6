//! The demo's campaign and customer.

use crate::{app::App, call::Call, error::Error};

/// Seeds the demo, once.
pub async fn seed(_app: &App, _call: &Call, _foreign: Option<u16>) -> Result<(), Error> {
    Ok(())
}
