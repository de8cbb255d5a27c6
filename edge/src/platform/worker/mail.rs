//! E-mails: there is no folder on the edge, and no provider yet.

use crate::{
    call::Call,
    mail::{MailError, Message},
};

/// Nobody to hand them to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mail;

impl Mail {
    /// Says that nobody sends it.
    pub async fn send(&self, _call: &Call, _message: &Message) -> Result<(), MailError> {
        Err(MailError::NotConfigured)
    }
}
