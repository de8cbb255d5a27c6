//! Where a link leads: the campaign's own site, with the site's query and fragment kept.

use alloc::{format, string::String, vec::Vec};

/// The name of the parameter that carries a token to a site on another host.
pub const TOKEN_PARAMETER: &str = "prn";

/// An `http` or `https` address without user information, split where we need it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SiteUrl {
    text: String,
    /// Length of `scheme://authority`.
    origin: usize,
}

/// Not an address of a site.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a site's address starts with http:// or https:// and a host, without user name or spaces")]
pub struct SiteUrlError;

impl SiteUrl {
    /// Reads an address with an explicit scheme.
    pub fn parse(text: &str) -> Result<Self, SiteUrlError> {
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|it| text.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it)))
            .ok_or(SiteUrlError)?;
        let rest = text.get(scheme.len()..).unwrap_or_default();
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let plain = |it: u8| it.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&it);
        let host_plain =
            |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b':' | b'[' | b']');
        let sound = text.len() <= 2_048
            && !authority.is_empty()
            && !authority.starts_with(':')
            && authority.bytes().all(host_plain)
            && text.bytes().all(plain);
        if !sound {
            return Err(SiteUrlError);
        }
        let origin = scheme.len() + authority.len();
        let text = format!("{scheme}{}{}", authority.to_ascii_lowercase(), &text[origin..]);
        Ok(Self { text, origin })
    }

    /// `scheme://host[:port]`, as a browser sends it in `Origin` (default ports left out).
    #[must_use]
    pub fn origin(&self) -> &str {
        let origin = self.text.get(..self.origin).unwrap_or_default();
        let default = if self.is_secure() { ":443" } else { ":80" };
        origin.strip_suffix(default).unwrap_or(origin)
    }

    /// Whether its pages are of this authority, `host[:port]` as a `Host` header has it.
    #[must_use]
    pub fn is_at(&self, authority: &str) -> bool {
        self.origin().split_once("://").is_some_and(|it| it.1 == authority)
    }

    /// The host without its port: what cookies go by.
    #[must_use]
    pub fn host(&self) -> &str {
        host(
            self.text.get(..self.origin).unwrap_or_default().split("//").nth(1).unwrap_or_default(),
        )
    }

    /// Whether it is `https`.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.text.starts_with("https://")
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Another page of the same site, if `path` is nothing but a path (with query and fragment).
    ///
    /// Whatever a browser could take for another host is refused: `//`, `/\`, a scheme, controls.
    #[must_use]
    pub fn page(&self, path: &str) -> Option<Self> {
        let sound = path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= 2_048
            && path.bytes().all(|it| it.is_ascii_graphic() && it != b'\\');
        if !sound {
            return None;
        }
        Self::parse(&format!("{}{path}", self.text.get(..self.origin)?)).ok()
    }

    /// The address with one more parameter; query and fragment of its own are kept.
    ///
    /// A parameter of the same name that was there is replaced.
    #[must_use]
    pub fn with_parameter(&self, name: &str, value: &str) -> String {
        let (before, fragment) = match self.text.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (self.text.as_str(), None),
        };
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        let other =
            |pair: &&str| !pair.is_empty() && pair.split('=').next().is_some_and(|it| it != name);
        let mut url = String::with_capacity(self.text.len() + name.len() + value.len() + 2);
        url.push_str(path);
        if self.origin == path.len() {
            url.push('/');
        }
        let mut sign = '?';
        for pair in query.split('&').filter(other) {
            url.push(sign);
            url.push_str(pair);
            sign = '&';
        }
        url.push(sign);
        url.push_str(name);
        url.push('=');
        url.push_str(value);
        if let Some(fragment) = fragment {
            url.push('#');
            url.push_str(fragment);
        }
        url
    }
}

/// A host without its port.
#[must_use]
pub fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|it| it.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether `host` is the domain or lies below it.
#[must_use]
pub fn within(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|it| it.ends_with('.'))
}

/// The value of a query parameter, percent-decoded, `+` as it is.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name).and_then(|it| it.strip_prefix('=')))?;
    decoded(value)
}

/// Percent-decoded UTF-8, or `None` where it is not.
#[must_use]
pub fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(SiteUrl::parse(url).unwrap().with_parameter("prn", "T"), expected);
    }

    #[test]
    fn r_click_7_query_and_fragment_of_the_site_are_kept() {
        check("https://shop.example", "https://shop.example/?prn=T");
        check("https://shop.example/", "https://shop.example/?prn=T");
        check("https://shop.example/a?b=c&d=%20e", "https://shop.example/a?b=c&d=%20e&prn=T");
        check("https://shop.example/a?b#/route?x=1", "https://shop.example/a?b&prn=T#/route?x=1");
        check("https://shop.example#top", "https://shop.example/?prn=T#top");
        check("https://shop.example/?prn=old&b=1", "https://shop.example/?b=1&prn=T");
        check("HTTPS://Shop.Example:8443/A", "https://shop.example:8443/A?prn=T");
    }

    #[test]
    fn addresses_that_are_no_site_are_refused() {
        for wrong in [
            "",
            "shop.example",
            "javascript:alert(1)",
            "//shop.example",
            "https://",
            "https:///path",
            "https://user@shop.example",
            "https://shop.example/a b",
            "https://shop.example/\r\nSet-Cookie:x",
            "ftp://shop.example",
            "https://é.example",
        ] {
            assert_eq!(SiteUrl::parse(wrong), Err(SiteUrlError), "{wrong}");
        }
    }

    #[test]
    fn r_click_8_to_is_only_ever_a_path_of_the_same_site() {
        let site = SiteUrl::parse("https://shop.example/home?x=1").unwrap();
        let page = |to| site.page(to).map(|it| String::from(it.as_str()));
        assert_eq!(page("/sale?y=2#z"), Some("https://shop.example/sale?y=2#z".into()));
        for wrong in [
            "",
            "sale",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "\\evil",
            "/a b",
            "@evil.example",
            ".evil.example",
        ] {
            assert_eq!(page(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn origins_and_hosts_are_read_as_browsers_do() {
        let url = SiteUrl::parse("https://Shop.example:443/a").unwrap();
        assert_eq!((url.origin(), url.host()), ("https://shop.example", "shop.example"));
        let local = SiteUrl::parse("http://127.0.0.1:8787").unwrap();
        assert_eq!((local.origin(), local.host()), ("http://127.0.0.1:8787", "127.0.0.1"));
        assert!(within("www.shop.example", "shop.example"));
        assert!(!within("evilshop.example", "shop.example"));
    }

    #[test]
    fn parameters_are_decoded_or_absent() {
        assert_eq!(parameter("c=email&to=%2Fa%3Fb", "to"), Some("/a?b".into()));
        assert_eq!(parameter("to=%zz", "to"), None);
        assert_eq!(parameter("to=%ff", "to"), None);
        assert_eq!(parameter("toy=1", "to"), None);
    }
}
