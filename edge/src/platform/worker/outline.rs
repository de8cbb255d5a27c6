//! What a click looks at of a request, read in one crossing.

use crate::click;

/// The parts of a request that a click looks at; absent headers are empty.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outline<'a> {
    /// The whole URL.
    pub(super) url: &'a str,
    /// The method.
    pub(super) method: &'a str,
    /// The URL's authority.
    pub(super) host: &'a str,
    /// Path and query.
    pub(super) target: &'a str,
    /// The client's address.
    pub(super) address: &'a str,
    agent: &'a str,
    purpose: &'a str,
    dest: &'a str,
    mode: &'a str,
    cookie: &'a str,
    language: &'a str,
    gpc: &'a str,
}

impl<'a> Outline<'a> {
    /// Reads what `host.js` joined.
    pub(super) fn read(joined: &'a str) -> Self {
        let mut texts = joined.split('\0');
        let mut next = || texts.next().unwrap_or_default();
        let (method, url) = (next(), next());
        let (host, target) = parts(url);
        // Natively, a header that is not ASCII reads as absent.
        let mut header = || Some(next()).filter(|it| it.is_ascii()).unwrap_or_default();
        Self {
            url,
            method,
            host,
            target,
            address: header(),
            agent: header(),
            purpose: header(),
            dest: header(),
            mode: header(),
            cookie: header(),
            language: header(),
            gpc: header(),
        }
    }

    /// Whether it is a click, which is taken before the router.
    pub(super) fn is_click(&self) -> bool {
        matches!(self.method, "GET" | "HEAD") && self.target.starts_with("/r/")
    }

    /// The click.
    pub(super) fn click(&self) -> click::Request<'a> {
        let (path, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        click::Request {
            hit: shared::click::Hit {
                is_head: self.method == "HEAD",
                purpose: self.purpose,
                fetch_dest: self.dest,
                fetch_mode: self.mode,
                agent: self.agent,
            },
            code: path.strip_prefix("/r/").unwrap_or_default(),
            query,
            host: self.host,
            cookie: self.cookie,
            language: self.language,
            refused_globally: self.gpc == "1",
        }
    }
}

/// The authority of a URL, and its path with the query.
fn parts(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |it| it.1);
    let rest = rest.split_once('#').map_or(rest, |it| it.0);
    rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
}

/// Scheme and authority of a URL.
pub(super) fn origin(url: &str) -> &str {
    let (host, _) = parts(url);
    let scheme = url.find("://").map_or(0, |it| it + 3);
    url.get(..scheme + host.len()).unwrap_or(url)
}
