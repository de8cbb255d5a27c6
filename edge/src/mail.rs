//! An e-mail, and what can come of sending it.

/// An e-mail to one person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// Whom it goes to: `ada@example.com`.
    pub to: String,
    /// Whom it comes from: an address, perhaps with a name: `The Shop <hello@shop.example>`.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// What it says as plain text.
    pub text: String,
    /// What it says as HTML, for those who look at that.
    pub html: Option<String>,
}

/// Why an e-mail was not sent.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MailError {
    /// It could not be handed over; the text is for the log.
    #[error("{0}")]
    Failed(String),
    /// A header would be more than one line.
    #[error("the header {0} holds a line break or another control character")]
    Header(&'static str),
    /// Nobody was named to hand it to.
    #[error("no provider of e-mail is configured")]
    NotConfigured,
}

impl Message {
    /// The headers that people see, each of them one line: nothing typed can add another.
    pub fn headers(&self) -> Result<[(&'static str, &str); 3], MailError> {
        let headers = [("From", &*self.from), ("To", &*self.to), ("Subject", &*self.subject)];
        match headers.iter().find(|it| it.1.contains(char::is_control)) {
            Some((name, _)) => Err(MailError::Header(name)),
            None => Ok(headers),
        }
    }
}
