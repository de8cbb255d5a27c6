//! What lives as long as the process or isolate: settings, database, caches.

use std::sync::Arc;

use http::Uri;
use shared::{
    id,
    link::SiteUrl,
    secret::{Secret, mac},
};

use crate::{
    click::cache::Cache,
    outgoing::{Reach, target},
    platform::{Clicks, Db, Http, Limiter, LinkStore, Mail},
};

/// The service's state, shared by all calls.
pub type App = Arc<State>;

/// The parts of it.
#[derive(Debug)]
pub struct State {
    /// How the installation was set up.
    pub settings: Settings,
    /// The database.
    pub db: Db,
    /// The recorder of clicks.
    pub clicks: Clicks,
    /// The link cache beyond the process.
    pub store: LinkStore,
    /// The caches of the process.
    pub cache: Cache,
    /// Misses of codes, per network.
    pub misses: Limiter,
    /// Leads of browsers, per network.
    pub leads: Limiter,
    /// Requests to other servers.
    pub http: Http,
    /// E-mails.
    pub mail: Mail,
}

/// How the installation was set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `https://links.example`, without a slash at its end: where links and files live.
    pub public_url: String,
    /// The installation's name in tokens, derived from its secret.
    pub issuer: String,
    /// The root of all keys.
    pub secret: Secret,
    /// Whether the demo's shop is open.
    pub demo: bool,
    is_local: bool,
}

impl Settings {
    /// Settings of an installation.
    #[must_use]
    pub fn new(public_url: &str, secret: Secret, demo: bool) -> Self {
        let named = keyed(&secret, "issuer", &[]);
        let mut entropy = [0; 16];
        entropy.copy_from_slice(&named[..16]);
        let target = public_url.parse::<Uri>().map(|it| target(&it, true));
        let is_local = target.is_ok_and(|it| it.is_ok_and(|it| it.reach == Reach::Loopback));
        Self {
            public_url: public_url.trim_end_matches('/').into(),
            issuer: format!("prn-{}", id::short(entropy, 10)),
            secret,
            demo,
            is_local,
        }
    }

    /// HMAC-SHA256 of the parts under the installation's key for one purpose.
    #[must_use]
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        keyed(&self.secret, purpose, parts)
    }

    /// Whether its links are `http` on this machine only: then it may ask other servers of this
    /// machine, and cookies need no `https`.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.is_local
    }

    /// Whether its links go over plain `http` beyond this machine, wherever it listens.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let url = SiteUrl::parse(&self.public_url);
        url.is_ok_and(|it| !it.is_secure()) && !self.is_local()
    }
}

fn keyed(secret: &Secret, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    mac(secret.derive(purpose, "").bytes(), parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let settings = Settings::new("https://link.example", Secret::new([7; 32]), false);
        let tag = settings.mac("form", &[b"a", b"b"]);
        assert_eq!(tag, settings.mac("form", &[b"ab"]));
        assert_ne!(tag, settings.mac("tries", &[b"ab"]));
        // The secret itself signs nothing.
        assert_ne!(tag, mac(settings.secret.bytes(), &[b"form", b"ab"]));
        assert_ne!(tag, mac(settings.secret.bytes(), &[b"ab"]));
    }

    #[test]
    fn an_installation_is_local_if_its_links_lead_to_this_machine() {
        let is_local = |url| Settings::new(url, Secret::new([7; 32]), true).is_local();
        assert!(is_local("http://127.0.0.1:8787"));
        assert!(is_local("http://localhost:8787/"));
        assert!(!is_local("http://0.0.0.0:8787"));
        assert!(!is_local("http://192.168.1.2"));
        assert!(!is_local("https://link.example"));
        assert!(!is_local(""));
    }

    #[test]
    fn plain_http_is_worth_a_warning_where_it_leaves_this_machine() {
        let is_plain = |url| Settings::new(url, Secret::new([7; 32]), true).is_plain();
        assert!(is_plain("http://links.example"));
        assert!(is_plain("HTTP://192.168.1.2:8787"));
        assert!(is_plain("http://0.0.0.0:8787"));
        assert!(!is_plain("https://links.example"));
        assert!(!is_plain("http://localhost:8787"));
        assert!(!is_plain("http://127.0.0.1:8787"));
    }
}
