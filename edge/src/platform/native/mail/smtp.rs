//! E-mails by SMTP, always encrypted unless the server is on this machine.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, UNIX_EPOCH},
};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{
    call::Call,
    mail::{self, MailError, Message},
    outgoing::PATIENCE,
};

/// A server to hand e-mails to.
#[derive(Clone)]
pub(super) struct Server(AsyncSmtpTransport<Tokio1Executor>);

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server")
    }
}

impl Server {
    /// The server of a URL: `smtps://` speaks TLS from the first byte, `smtp://` asks for it, and does
    /// without only where the server is this machine.
    pub(super) fn new(url: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "PARRAIN_MAIL is no address of an SMTP server";
        let (scheme, rest) = url.split_once("://").ok_or(WRONG)?;
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let host = rest.rsplit('@').next().unwrap_or_default();
        let host = host.split([':', '/']).next().unwrap_or_default();
        let is_local = matches!(host, "localhost" | "127.0.0.1");
        let tls = if scheme == "smtp" && !is_local { "?tls=required" } else { "" };
        let url = format!("{scheme}://{rest}{tls}");
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| WRONG)?;
        Ok(Self(transport.timeout(Some(PATIENCE)).build()))
    }

    pub(super) async fn send(&self, call: &Call, message: &Message) -> Result<(), MailError> {
        let letter = letter(call, message)?;
        let sent = tokio::time::timeout(PATIENCE, self.0.send(letter)).await;
        match sent {
            Err(_) => Err(MailError::Failed("the SMTP server took too long".into())),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(judged(&error)),
        }
    }
}

/// What an error means. What the server said is not repeated: it may quote the address.
fn judged(error: &lettre::transport::smtp::Error) -> MailError {
    let Some(code) = error.status().map(|it| it.to_string()) else {
        let what = match (error.is_timeout(), error.is_tls()) {
            (true, _) => "took too long",
            (_, true) => "could not be spoken to in secret",
            _ => "was not reached",
        };
        return MailError::Failed(format!("the SMTP server {what}"));
    };
    let said = format!("the SMTP server answered {code}");
    // No such mailbox, not here, moved away, not allowed as a name.
    match code.as_str() {
        "550" | "551" | "553" | "556" => MailError::Refused(said),
        _ => MailError::Failed(said),
    }
}

/// The message as SMTP carries it.
fn letter(call: &Call, message: &Message) -> Result<lettre::Message, MailError> {
    message.headers()?;
    let wrong = |_| MailError::Failed("the message cannot be written".to_owned());
    // The address as its owner wrote it: a name outside ASCII needs a server that takes it.
    let address = |text: &str| {
        Address::from_str(text).map_err(|_| MailError::Refused("it is no address for SMTP".into()))
    };
    let mailbox = |it: &mail::Mailbox| {
        let name = Some(it.name.clone()).filter(|it| !it.is_empty());
        address(&it.address).map(|address| Mailbox::new(name, address))
    };
    let seconds = u64::try_from(call.now.seconds()).unwrap_or_default();
    let host = message.from.address.rsplit('@').next().unwrap_or("localhost");
    let mut builder = lettre::Message::builder()
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{}@{host}>", call.id())))
        .from(mailbox(&message.from)?)
        .to(Mailbox::new(None, address(&message.to)?))
        .subject(message.subject.clone());
    if let Some(reply_to) = &message.reply_to {
        builder = builder.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    for (name, value) in message.further() {
        let name = HeaderName::new_from_ascii(name.into())
            .map_err(|_| MailError::Failed("a header has no name".into()))?;
        builder = builder.raw_header(HeaderValue::new(name, value));
    }
    match &message.html {
        Some(html) => builder
            .multipart(MultiPart::alternative_plain_html(message.text.clone(), html.clone()))
            .map_err(wrong),
        None => builder.singlepart(SinglePart::plain(message.text.clone())).map_err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use shared::time::Timestamp;
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;
    use crate::{call::Network, mail::message::tests::full, platform::Background};

    fn call() -> Call {
        Call::new(Timestamp(1_790_000_000_000), [7; 32], Network::default(), Background)
    }

    /// A server on this machine that answers `RCPT` as told; its URL, and what it heard.
    async fn server(rcpt: &'static str) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let heard = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 test\r\n").await.unwrap();
            let (mut heard, mut is_data) = (Vec::new(), false);
            while let Ok(Some(line)) = lines.next_line().await {
                let answer = match (is_data, line.split([' ', ':']).next().unwrap_or_default()) {
                    (true, ".") => {
                        is_data = false;
                        "250 taken\r\n"
                    }
                    (true, _) => "",
                    (_, "EHLO") => "250 test\r\n",
                    (_, "RCPT") => rcpt,
                    (_, "DATA") => {
                        is_data = true;
                        "354 go on\r\n"
                    }
                    (_, "QUIT") => "221 bye\r\n",
                    _ => "250 ok\r\n",
                };
                heard.push(line);
                write.write_all(answer.as_bytes()).await.unwrap();
            }
            heard
        });
        (url, heard)
    }

    #[tokio::test]
    async fn a_message_arrives_with_its_headers_and_both_forms() {
        let (url, heard) = server("250 ok\r\n").await;
        let server = Server::new(&url).unwrap();
        server.send(&call(), &full()).await.unwrap();
        drop(server);
        let heard = heard.await.unwrap().join("\n");
        for part in [
            "MAIL FROM:<hello@shop.example>",
            "RCPT TO:<ada@example.com>",
            "Reply-To: team@shop.example",
            "List-Unsubscribe: <https://link.example/u/shop/NOTICE/h/s>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Subject: =?utf-8?b?",
            "multipart/alternative",
            "Hello Ada.",
            "<p>Hello Ada.</p>",
        ] {
            assert!(heard.contains(part), "{part} is missing in {heard}");
        }
    }

    #[tokio::test]
    async fn r_mail_9_an_address_that_a_server_refuses_for_good_is_told_from_one_that_waits() {
        for (rcpt, expected) in [
            ("550 no such user ada@example.com\r\n", Some(true)),
            ("553 not allowed\r\n", Some(true)),
            ("554 policy\r\n", Some(false)),
            ("451 later\r\n", Some(false)),
        ] {
            let (url, _heard) = server(rcpt).await;
            let error = Server::new(&url).unwrap().send(&call(), &full()).await.unwrap_err();
            let refused = matches!(error, MailError::Refused(_));
            assert_eq!(Some(refused), expected, "{rcpt} {error}");
            assert!(!error.to_string().contains("ada"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_a_failure_that_passes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = Server::new(&url).unwrap().send(&call(), &full()).await.unwrap_err();
        assert_eq!(error, MailError::Failed("the SMTP server was not reached".into()));
    }

    #[test]
    fn an_address_of_a_server_is_read_or_refused_without_its_password() {
        for url in
            ["smtp://u:p%40w@mail.example:587", "smtps://mail.example", "smtp://localhost:25"]
        {
            assert!(Server::new(url).is_ok(), "{url}");
        }
        let error = Server::new("smtp://u:secret@:x").unwrap_err();
        assert!(!error.contains("secret"));
    }
}
