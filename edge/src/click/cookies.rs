//! The attribution's cookies: their names, what they hold, and who may set them.

use shared::{
    attribution::{Choice, Claims, Kept, TokenError, sign, verify},
    campaign::Campaign,
    link::{host, within},
    time::Timestamp,
};

use super::cache::Terms;
use crate::app::App;

/// Where a host of ours that is also the site's keeps its cookies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Jar<'a> {
    /// On the host itself: `__Host-prn-…`.
    Host,
    /// On the campaign's domain: `__Secure-prn-…` with `Domain`.
    Domain(&'a str),
    /// On this machine, over plain `http`: `prn-…`, with `Domain` where the campaign has one. Safari
    /// refuses `Secure` cookies there.
    Local(Option<&'a str>),
}

/// How long a choice is remembered, in seconds: six months, after which the site asks again.
const CHOICE_SECONDS: i64 = 15_552_000;

impl<'a> Jar<'a> {
    /// The jar of a request's host, if that host is the site's.
    #[must_use]
    pub fn of(app: &App, terms: &'a Terms, request_host: &str) -> Option<Self> {
        let site = terms.site.as_ref()?;
        let request_host = host(request_host);
        let here = loopback(request_host);
        if !here && !site.is_secure() {
            return None;
        }
        let domain = terms.campaign.installation.cookie_domain.as_deref();
        let domain = domain.filter(|it| within(request_host, it) && within(site.host(), it));
        if domain.is_none() && request_host != site.host() {
            return None;
        }
        Some(match domain {
            domain if here && app.settings.is_local() => Self::Local(domain),
            Some(domain) => Self::Domain(domain),
            None => Self::Host,
        })
    }

    /// The name of the cookie with the touches.
    #[must_use]
    pub fn name(self, campaign: &Campaign) -> String {
        format!("{}prn-{}", self.prefix(), campaign.id)
    }

    /// What the visitor said of consent.
    #[must_use]
    pub fn choice(self, campaign: &Campaign, header: &str) -> Choice {
        match value(header, &self.choice_name(campaign)) {
            Some("granted") => Choice::Granted,
            Some("denied") => Choice::Denied,
            _ => Choice::Unknown,
        }
    }

    /// What the browser keeps; what does not verify is not there.
    #[must_use]
    pub fn kept(self, app: &App, terms: &Terms, header: &str, now: Timestamp) -> Kept {
        let value = value(header, &self.name(&terms.campaign));
        value.map(|it| kept(app, terms, it, now)).unwrap_or_default()
    }

    /// `Set-Cookie` with what the browser is to keep, for the campaign's window.
    #[must_use]
    pub fn set(self, terms: &Terms, kept: &Kept, now: Timestamp) -> String {
        let age = terms.campaign.window().0 / 1_000;
        self.cookie(&self.name(&terms.campaign), &written(terms, kept, now), age)
    }

    /// `Set-Cookie` that forgets the touches.
    #[must_use]
    pub fn forget(self, campaign: &Campaign) -> String {
        self.cookie(&self.name(campaign), "", 0)
    }

    /// `Set-Cookie` with what the visitor said of consent.
    #[must_use]
    pub fn set_choice(self, campaign: &Campaign, granted: bool) -> String {
        let value = if granted { "granted" } else { "denied" };
        self.cookie(&self.choice_name(campaign), value, CHOICE_SECONDS)
    }

    fn choice_name(self, campaign: &Campaign) -> String {
        format!("{}prnc-{}", self.prefix(), campaign.id)
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Host => "__Host-",
            Self::Domain(_) => "__Secure-",
            Self::Local(_) => "",
        }
    }

    fn cookie(self, name: &str, value: &str, age: i64) -> String {
        let domain = match self {
            Self::Host | Self::Local(None) => String::new(),
            Self::Domain(domain) | Self::Local(Some(domain)) => format!("; Domain={domain}"),
        };
        let secure = if matches!(self, Self::Local(_)) { "" } else { "; Secure" };
        format!("{name}={value}; Path=/{domain}; Max-Age={age}{secure}; HttpOnly; SameSite=Lax")
    }
}

/// The name under which a page keeps its touches where no cookie of ours can.
#[must_use]
pub fn page_name(campaign: &Campaign) -> String {
    format!("prn-{}", campaign.id)
}

/// The touches as a browser keeps them: tokens of one window, joined by `~`; that of a test comes last.
#[must_use]
pub fn written(terms: &Terms, kept: &Kept, now: Timestamp) -> String {
    let window = terms.campaign.window();
    let token = |it: &Claims| {
        // A touch ends one window after its click, whenever it is written again.
        sign(&terms.key, &it.clone().until((it.clicked_at() + window).min(now + window)))
    };
    kept.iter().map(token).collect::<Vec<_>>().join("~")
}

/// Reads what a browser keeps: at most two touches and a test, and only those that verify.
#[must_use]
pub fn kept(app: &App, terms: &Terms, text: &str, now: Timestamp) -> Kept {
    let tokens = text.splitn(4, '~').take(3);
    Kept::read(tokens.filter_map(|it| claims(app, terms, it, now).ok()), now)
}

/// Reads one token of the campaign.
pub fn claims(app: &App, terms: &Terms, token: &str, now: Timestamp) -> Result<Claims, TokenError> {
    let campaign = &terms.campaign;
    let settings = &app.settings;
    let (id, keys, window) = (&campaign.id, &campaign.keys, campaign.window());
    verify(&settings.secret, &settings.issuer, id, keys, window, now, token)
}

/// The value of a cookie in a `Cookie` header.
#[must_use]
pub fn value<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    header.split(';').find_map(|pair| pair.trim_start().strip_prefix(name)?.strip_prefix('='))
}

/// Whether a host is this machine. Names below `localhost` never leave it (RFC 6761, section 6.3).
fn loopback(host: &str) -> bool {
    within(host, "localhost") || matches!(host, "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let header = "a=1; prn-x=2; xprn-x=3; prn-xy=4";
        assert_eq!(value(header, "prn-x"), Some("2"));
        assert_eq!(value(header, "prn"), None);
        assert_eq!(value("", "a"), None);
    }

    #[test]
    fn names_below_localhost_are_this_machine() {
        let hosts = ["localhost", "www.shop.localhost", "127.0.0.1", "[::1]"];
        assert!(hosts.into_iter().all(loopback));
        let hosts = ["localhost.example", "evil-localhost", "127.0.0.1.example", ""];
        assert!(!hosts.into_iter().any(loopback));
    }
}
