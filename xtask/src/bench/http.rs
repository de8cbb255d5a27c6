//! As much of HTTP as a client of our own servers needs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::AGENT;

/// A connection that is kept alive.
pub(super) struct Connection {
    stream: TcpStream,
    /// What was read of the present answer.
    read: Vec<u8>,
}

impl Connection {
    /// Connects to a port of this machine.
    pub(super) fn open(port: u16) -> Result<Self> {
        Ok(Self { stream: connect(port)?, read: Vec::new() })
    }

    /// Follows a link as a browser does, and returns the status.
    pub(super) fn get(&mut self, path: &str) -> Result<u16> {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n\r\n");
        self.stream.write_all(request.as_bytes())?;
        self.read.clear();
        let head = loop {
            self.more()?;
            if let Some(end) = self.read.windows(4).position(|it| it == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(self.read.get(..head).unwrap_or_default()).into_owned();
        let body = length(&text).with_context(|| format!("no length in {text}"))?;
        while self.read.len() < head + body {
            self.more()?;
        }
        status(&text)
    }

    fn more(&mut self) -> Result<()> {
        let mut buffer = [0; 8 * 1024];
        let size = self.stream.read(&mut buffer)?;
        ensure!(0 < size, "the server hung up");
        self.read.extend_from_slice(buffer.get(..size).unwrap_or_default());
        Ok(())
    }
}

/// Sends one request on a connection of its own and returns the answer's body; any status but 200
/// is an error.
pub(super) fn once(port: u16, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = connect(port)?;
    let length = body.len();
    // Without keep-alive there is nothing to frame: the body ends with the connection.
    let request = format!(
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer without an end")?;
    match status(head)? {
        200 => Ok(body.into()),
        other => bail!("{method} {path}: {other} {body}"),
    }
}

fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    Ok(stream)
}

fn status(head: &str) -> Result<u16> {
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
    status.with_context(|| format!("no status in {head}"))
}

fn length(head: &str) -> Option<usize> {
    let mut fields = head.lines().filter_map(|it| it.split_once(':'));
    let (_, value) = fields.find(|it| it.0.eq_ignore_ascii_case("content-length"))?;
    value.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_length_are_read_from_the_head() {
        let head = "HTTP/1.1 302 Found\r\ncontent-Length: 12\r\nlocation: /\r\n\r\n";
        assert_eq!((status(head).unwrap(), length(head)), (302, Some(12)));
        assert_eq!(length("HTTP/1.1 204 No Content\r\n\r\n"), None);
    }
}
