//! Whom the service may ask, and what can come of it. Addresses of webhooks are typed by people:
//! none may lead into the network that we run in.

use std::time::Duration;

use http::Uri;
use shared::link::within;

/// The most bytes of an answer's body that are read.
pub const MOST: usize = 64 * 1024;

/// How long an exchange may take, from the look-up of the name to the last byte.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Names that mean something else on every network.
const PRIVATE_NAMES: [&str; 4] = ["home.arpa", "internal", "local", "localhost"];

/// Why there is no answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HttpError {
    /// The connection or the exchange broke; the text is for the log.
    #[error("{0}")]
    Failed(String),
    /// The address is none that may be asked.
    #[error("the address {0}")]
    Refused(&'static str),
    /// The answer is longer than [`MOST`].
    #[error("the answer is longer than {MOST} bytes")]
    TooLarge,
    /// The answer was not there within [`PATIENCE`].
    #[error("no whole answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
}

/// Whom a request goes to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// The name in lower case; for [`Reach::Loopback`] perhaps an address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Where its addresses must lie.
    pub reach: Reach,
}

/// Where a host's addresses must lie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// On this machine; asked in plain `http`.
    Loopback,
    /// On the public internet; asked by `https`.
    Public,
}

/// Whom a request to this URL goes to, if it may be asked: a public name by `https`, and if we are
/// `local`, also this machine by `http`, and any port.
pub fn target(url: &Uri, local: bool) -> Result<Target, HttpError> {
    let authority = url.authority().ok_or(HttpError::Refused("names no host"))?;
    if authority.as_str().contains('@') {
        return Err(HttpError::Refused("names a user"));
    }
    let host = authority.host().to_ascii_lowercase();
    let (reach, default) = match url.scheme_str() {
        Some("https") if is_public_name(&host) => (Reach::Public, 443),
        Some("https") => return Err(HttpError::Refused("has no public name for its host")),
        Some("http") if local && is_this_machine(&host) => (Reach::Loopback, 80),
        _ => return Err(HttpError::Refused("does not begin with https://")),
    };
    let port = match authority.as_str().get(host.len()..).unwrap_or_default() {
        "" => default,
        text => port(text).ok_or(HttpError::Refused("has no number for its port"))?,
    };
    if !local && port != default {
        return Err(HttpError::Refused("has a port of its own"));
    }
    Ok(Target { host: host.trim_matches(['[', ']']).into(), port, reach })
}

/// Two labels or more, of letters, digits and hyphens only, and the last no number in any notation.
/// No dot at the end: resolvers and `fetch` disagree on what it means.
fn is_public_name(host: &str) -> bool {
    let is_label = |it: &str| {
        (1..=63).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
            && !it.starts_with('-')
            && !it.ends_with('-')
    };
    let top = host.rsplit_once('.').map_or("", |it| it.1);
    host.len() <= 253
        && host.split('.').all(is_label)
        && top.starts_with(|it: char| it.is_ascii_lowercase())
        && !PRIVATE_NAMES.iter().any(|it| within(host, it))
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

/// The number after a colon.
fn port(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(':')?;
    let is_number = digits.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, local: bool, expected: Option<(&str, u16, Reach)>) {
        // What is no URI at all cannot stand in a request.
        let found = url.parse::<Uri>().ok().and_then(|it| target(&it, local).ok());
        let expected =
            expected.map(|(host, port, reach)| Target { host: host.into(), port, reach });
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn public_names_are_asked_by_https() {
        for url in [
            "https://hooks.example.com",
            "https://hooks.example.com:443/in?x=1",
            "https://HOOKS.Example.COM/in",
            "HTTPS://hooks.example.com/@127.0.0.1",
        ] {
            for local in [false, true] {
                check(url, local, Some(("hooks.example.com", 443, Reach::Public)));
            }
        }
        check(
            "https://xn--bcher-kva.example",
            false,
            Some(("xn--bcher-kva.example", 443, Reach::Public)),
        );
        check("https://127.0.0.1.example", false, Some(("127.0.0.1.example", 443, Reach::Public)));
        check("https://notlocal.example", false, Some(("notlocal.example", 443, Reach::Public)));
        check("https://hooks.example:8443", true, Some(("hooks.example", 8443, Reach::Public)));
    }

    #[test]
    fn nothing_else_is_asked_by_anybody() {
        for url in [
            // Addresses in all notations that some resolver or `fetch` understands.
            "https://127.0.0.1",
            "https://127.1",
            "https://2130706433",
            "https://0x7f000001",
            "https://0x7f.0.0.1",
            "https://0X7F.0.0.0X1",
            "https://0177.0.0.1",
            "https://017700000001",
            "https://0",
            "https://0.0.0.0",
            "https://10.0.0.1",
            "https://169.254.169.254/latest/meta-data",
            "https://8.8.8.8",
            "https://example.0x7f000001",
            "https://example.1",
            "https://127.0.0.1.",
            "https://[::1]",
            "https://[::]",
            "https://[::ffff:127.0.0.1]",
            "https://[::ffff:7f00:1]",
            "https://[64:ff9b::7f00:1]",
            "https://[2002:7f00:1::]",
            "https://[fe80::1%25eth0]",
            "https://[2606:4700::1111]",
            // Names of networks like ours.
            "https://localhost",
            "https://LOCALHOST",
            "https://localhost.",
            "https://a.localhost",
            "https://printer.local",
            "https://Printer.LOCAL",
            "https://metadata.google.internal",
            "https://router.home.arpa",
            "https://intranet",
            // What is no name.
            "https://example.com.",
            "https://example..com",
            "https://.example.com",
            "https://.com",
            "https://-.com",
            "https://exa_mple.com",
            "https://exa%6Dple.com",
            "https://%31%32%37.0.0.1",
            "https://example.com%00.evil.test",
            "https://１２７.0.0.1",
            "https://ⓛocalhost",
            "https://example。com",
            "https://example.com\\@127.0.0.1",
            "https://*.example.com",
            // Users, ports, schemes.
            "https://user@example.com",
            "https://user:word@example.com",
            "https://example.com@127.0.0.1",
            "https://127.0.0.1@example.com",
            "https://@example.com",
            "https://example.com:",
            "https://example.com:+443",
            "https://example.com:65536",
            "https://example.com:443:443",
            "http://example.com",
            "http://example.com:443",
            "ftp://example.com",
            "file:///etc/passwd",
            "//example.com",
            "example.com:443",
            "/hook",
            "https://",
            "https:///hook",
            "",
        ] {
            check(url, false, None);
            check(url, true, None);
        }
        check("https://example.com:8443", false, None);
        check("https://example.com:22", false, None);
    }

    #[test]
    fn this_machine_is_asked_by_http_where_the_installation_is_local() {
        for (url, host, port) in [
            ("http://127.0.0.1", "127.0.0.1", 80),
            ("http://127.0.0.1:8787/hook", "127.0.0.1", 8787),
            ("http://localhost:8788", "localhost", 8788),
            ("http://LOCALHOST:8788", "localhost", 8788),
            ("http://[::1]:8788", "::1", 8788),
        ] {
            check(url, true, Some((host, port, Reach::Loopback)));
            check(url, false, None);
        }
        for url in [
            "http://localhost.",
            "http://127.1",
            "http://127.0.0.2",
            "http://user@localhost",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0",
            "http://a.localhost",
            "http://localhost:0x50",
            "http://192.168.1.2",
        ] {
            check(url, true, None);
        }
    }
}
