//! An e-mail, and what can come of sending it.

/// An address, perhaps with a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mailbox {
    /// What people read: `The Shop`; empty: nothing.
    pub name: String,
    /// `hello@shop.example`.
    pub address: String,
}

/// An e-mail to one person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// By which the same message is known when it is handed over twice; it names nobody.
    pub key: String,
    /// Whom it goes to: `ada@example.com`.
    pub to: String,
    /// Whom it comes from.
    pub from: Mailbox,
    /// Whom answers go to.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// What it says as plain text.
    pub text: String,
    /// What it says as HTML, for those who look at that.
    pub html: Option<String>,
    /// Where a mail program unsubscribes with one click (RFC 8058), if one can.
    pub unsubscribe: Option<String>,
}

/// An e-mail that was kept in place of being carried away, as the console shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kept {
    /// Its id, which sorts by time.
    pub id: String,
    /// Whom it is to.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What it says as plain text.
    pub text: String,
}

/// Why an e-mail was not sent. No text of these names anybody.
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
    /// Nobody will ever take it to that address.
    #[error("the address is refused for good: {0}")]
    Refused(String),
}

impl Mailbox {
    /// An address without a name.
    #[must_use]
    pub fn plain(address: &str) -> Self {
        Self { name: String::new(), address: address.into() }
    }

    /// As headers and most providers take it: `"The Shop" <hello@shop.example>`.
    #[must_use]
    pub fn written(&self) -> String {
        if self.name.is_empty() {
            return self.address.clone();
        }
        let quoted = self.name.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{quoted}\" <{}>", self.address)
    }
}

impl Message {
    /// The headers that people see, and those for mail programs, each of them one line: nothing typed
    /// can add another.
    pub fn headers(&self) -> Result<Vec<(&'static str, String)>, MailError> {
        let mut headers = vec![("From", self.from.written()), ("To", self.to.clone())];
        headers.extend(self.reply_to.clone().map(|it| ("Reply-To", it)));
        headers.push(("Subject", self.subject.clone()));
        headers.extend(self.further());
        match headers.iter().find(|it| it.1.contains(char::is_control)) {
            Some((name, _)) => Err(MailError::Header(name)),
            None => Ok(headers),
        }
    }

    /// The headers that providers do not know by themselves.
    #[must_use]
    pub fn further(&self) -> Vec<(&'static str, String)> {
        let Some(url) = &self.unsubscribe else { return Vec::new() };
        vec![
            ("List-Unsubscribe", format!("<{url}>")),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
        ]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A message with everything in it.
    pub(crate) fn full() -> Message {
        Message {
            key: "goalAchieved/ada/prew_1".into(),
            to: "ada@example.com".into(),
            from: Mailbox { name: "The \"Shop\"".into(), address: "hello@shop.example".into() },
            reply_to: Some("team@shop.example".into()),
            subject: "Grüße".into(),
            text: "Hello Ada.\n".into(),
            html: Some("<p>Hello Ada.</p>".into()),
            unsubscribe: Some("https://link.example/u/shop/NOTICE/h/s".into()),
        }
    }

    #[test]
    fn a_name_is_quoted() {
        assert_eq!(full().from.written(), "\"The \\\"Shop\\\"\" <hello@shop.example>");
        assert_eq!(Mailbox::plain("a@b.co").written(), "a@b.co");
    }

    #[test]
    fn r_mail_10_no_text_adds_a_header() {
        for evil in ["a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\0b", "a\u{85}b"] {
            let evil = || evil.to_owned();
            let from = Mailbox { name: evil(), address: "a@b.co".into() };
            for (header, message) in [
                ("From", Message { from, ..full() }),
                ("To", Message { to: evil(), ..full() }),
                ("Reply-To", Message { reply_to: Some(evil()), ..full() }),
                ("Subject", Message { subject: evil(), ..full() }),
                ("List-Unsubscribe", Message { unsubscribe: Some(evil()), ..full() }),
            ] {
                assert_eq!(message.headers(), Err(MailError::Header(header)));
            }
        }
    }
}
