//! E-mails: files in a folder, for whoever runs the service to read.

use std::{
    fs::{DirBuilder, OpenOptions, rename},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

use crate::{
    call::Call,
    mail::{MailError, Message},
};

/// The folder.
#[derive(Clone, Debug)]
pub struct Mail(PathBuf);

impl Mail {
    /// E-mails into a folder, which the first of them makes.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// E-mails into a folder that nobody else has, for tests.
    #[cfg(test)]
    pub(crate) fn scratch() -> Self {
        let name = super::seed().map(|it| format!("{it:02x}")).concat();
        Self(std::env::temp_dir().join(format!("parrain-mail-{name}")))
    }

    /// Writes an e-mail to a file of its own; their names sort by time.
    pub async fn send(&self, call: &Call, message: &Message) -> Result<(), MailError> {
        let id = call.id();
        let text = file(message, &id)?;
        self.write(&id, &text).map_err(|it| MailError::Failed(it.to_string()))
    }

    /// Under another name first: who looks into the folder sees whole files only.
    fn write(&self, id: &str, text: &str) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        let begun = self.0.join(format!(".{id}"));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&begun)?;
        file.write_all(text.as_bytes())?;
        rename(begun, self.0.join(format!("{id}.eml")))
    }
}

/// The message as mail programs open it. The id bounds its parts: no text can know it beforehand.
fn file(message: &Message, id: &str) -> Result<String, MailError> {
    let mut lines: Vec<String> =
        message.headers()?.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.push("MIME-Version: 1.0".into());
    let text = part("plain", &message.text);
    match &message.html {
        None => lines.push(text),
        Some(html) => lines.extend([
            format!("Content-Type: multipart/alternative; boundary={id}\n"),
            format!("--{id}\n{text}"),
            format!("--{id}\n{}", part("html", html)),
            format!("--{id}--"),
        ]),
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn part(kind: &str, text: &str) -> String {
    format!("Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}")
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt};

    use expect_test::expect;
    use shared::time::Timestamp;

    use super::*;
    use crate::{call::Network, platform::Background};

    fn message() -> Message {
        Message {
            to: "ada@example.com".into(),
            from: "The Shop <hello@shop.example>".into(),
            subject: "Grüße".into(),
            text: "Hello Ada.\n".into(),
            html: None,
        }
    }

    #[test]
    fn a_message_is_a_file_that_mail_programs_open() {
        expect![[r"
            From: The Shop <hello@shop.example>
            To: ada@example.com
            Subject: Grüße
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Hello Ada.

        "]]
        .assert_eq(&file(&message(), "id").unwrap());
        let message = Message { html: Some("<p>Hello <b>Ada</b>.</p>".into()), ..message() };
        expect![[r"
            From: The Shop <hello@shop.example>
            To: ada@example.com
            Subject: Grüße
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary=id

            --id
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Hello Ada.

            --id
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: 8bit

            <p>Hello <b>Ada</b>.</p>
            --id--
        "]]
        .assert_eq(&file(&message, "id").unwrap());
    }

    #[test]
    fn no_text_adds_a_header() {
        for evil in ["a\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\0b", "a\u{85}b"] {
            let evil = || evil.to_owned();
            for (header, message) in [
                ("From", Message { from: evil(), ..message() }),
                ("To", Message { to: evil(), ..message() }),
                ("Subject", Message { subject: evil(), ..message() }),
            ] {
                assert_eq!(file(&message, "id"), Err(MailError::Header(header)));
            }
        }
    }

    #[tokio::test]
    async fn each_message_is_a_file_for_its_owner_only() {
        let mail = Mail::scratch();
        let call = Call::new(Timestamp(1), [7; 32], Network::default(), Background);
        mail.send(&call, &message()).await.unwrap();
        mail.send(&call, &message()).await.unwrap();
        let broken = Message { to: "\n".into(), ..message() };
        assert_eq!(mail.send(&call, &broken).await, Err(MailError::Header("To")));
        let files: Vec<_> = fs::read_dir(&mail.0).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(files.len(), 2);
        for path in files {
            assert_eq!(path.extension().unwrap(), "eml");
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
            assert_eq!(fs::read_to_string(path).unwrap(), file(&message(), "id").unwrap());
        }
        fs::remove_dir_all(mail.0).unwrap();
    }
}
