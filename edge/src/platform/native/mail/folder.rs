//! E-mails as files in a folder, which the console shows as an inbox.

use std::{
    fs::{self, DirBuilder, OpenOptions, rename},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

use crate::{
    call::Call,
    mail::{Kept, MailError, Message},
};

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Writes an e-mail to a file of its own; their names sort by time.
    pub(super) fn send(&self, call: &Call, message: &Message) -> Result<(), MailError> {
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

    /// The newest e-mails, newest first. What cannot be read is left out.
    pub(super) fn read(&self, most: usize) -> Vec<Kept> {
        let Ok(entries) = fs::read_dir(&self.0) else { return Vec::new() };
        let names = entries.filter_map(|it| it.ok()?.file_name().into_string().ok());
        let mut ids: Vec<String> =
            names.filter_map(|it| it.strip_suffix(".eml").map(String::from)).collect();
        ids.retain(|it| !it.starts_with('.'));
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.truncate(most);
        let read = |id: String| {
            let text = fs::read_to_string(self.0.join(format!("{id}.eml"))).ok()?;
            Some(kept(id, &text))
        };
        ids.into_iter().filter_map(read).collect()
    }
}

/// What a file of ours holds.
fn kept(id: String, file: &str) -> Kept {
    let (headers, body) = file.split_once("\n\n").unwrap_or((file, ""));
    let header = |name: &str| {
        let line = headers.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default().to_owned()
    };
    let (to, subject) = (header("To"), header("Subject"));
    // The text is the first part, or all of it.
    let bound = format!("--{id}\n");
    let text = match body.split_once(&bound) {
        Some((_, parts)) => {
            let part = parts.split(&bound).next().unwrap_or_default();
            part.split_once("\n\n").map_or("", |it| it.1)
        }
        None => body,
    };
    Kept { id, to, subject, text: text.trim_end().to_owned() }
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
    use crate::{
        call::Network,
        mail::{Mailbox, message::tests::full},
        platform::{Background, Mail},
    };

    fn message() -> Message {
        let from = Mailbox { name: "The Shop".into(), address: "hello@shop.example".into() };
        Message { from, reply_to: None, html: None, unsubscribe: None, ..full() }
    }

    #[test]
    fn a_message_is_a_file_that_mail_programs_open() {
        expect![[r#"
            From: "The Shop" <hello@shop.example>
            To: ada@example.com
            Subject: Grüße
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Hello Ada.

        "#]]
        .assert_eq(&file(&message(), "id").unwrap());
        let message = Message { html: Some("<p>Hello <b>Ada</b>.</p>".into()), ..message() };
        expect![[r#"
            From: "The Shop" <hello@shop.example>
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
        "#]]
        .assert_eq(&file(&message, "id").unwrap());
    }

    #[tokio::test]
    async fn each_message_is_a_file_for_its_owner_only_and_is_read_back() {
        let name = crate::platform::seed().map(|it| format!("{it:02x}")).concat();
        let path = std::env::temp_dir().join(format!("parrain-folder-{name}"));
        let mail = Mail::new(path.clone());
        assert_eq!(mail.kept(9), Some(Vec::new()));
        let call = |at| Call::new(Timestamp(at), [7; 32], Network::default(), Background);
        mail.send(&call(1), &message()).await.unwrap();
        let html = Message { html: Some("<p>b</p>".into()), subject: "Two".into(), ..message() };
        mail.send(&call(2), &html).await.unwrap();
        let broken = Message { to: "\n".into(), ..message() };
        assert_eq!(mail.send(&call(3), &broken).await, Err(MailError::Header("To")));
        let files: Vec<_> = fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(files.len(), 2);
        for file in files {
            assert_eq!(file.extension().unwrap(), "eml");
            assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        }
        let kept = mail.kept(9).unwrap();
        let shown: Vec<_> = kept.iter().map(|it| [it.to.as_str(), &it.subject, &it.text]).collect();
        let ada = "ada@example.com";
        assert_eq!(shown, [[ada, "Two", "Hello Ada."], [ada, "Grüße", "Hello Ada."]]);
        assert_eq!(mail.kept(1).unwrap(), kept[..1]);
        fs::remove_dir_all(path).unwrap();
    }
}
