//! What the stories share: a site with a campaign on it, and what a friend does there.

use serde_json::json;
use tests::{Browser, Campaign, Host, Setup, Site};

/// Where the site is, as seen from the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// The site routes links and collector to the service: one host for the browser.
    FirstParty,
    /// The site has nothing but the script tag: links and collector are on another host.
    Foreign,
}

/// A site with a campaign and two people who share its links.
pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) campaign: Campaign,
    pub(crate) ann: tests::campaign::Participant,
    pub(crate) bob: tests::campaign::Participant,
    /// Where links and script are.
    pub(crate) service: String,
}

impl Stage {
    /// Opens a site in its place.
    pub(crate) fn site(host: &Host, place: Place) -> Site {
        match place {
            Place::FirstParty => Site::open("127.0.0.1").first_party(host.url()),
            Place::Foreign => Site::open("localhost"),
        }
    }

    /// Opens a campaign on a site, on terms that the story may change, and writes the site's pages.
    pub(crate) fn set(
        host: &'static Host,
        place: Place,
        site: Site,
        terms: impl FnOnce(&mut Setup),
    ) -> Self {
        let mut setup = Setup::on(site.url(), "/landing");
        terms(&mut setup);
        let campaign = Campaign::open(host, &setup);
        let service = match place {
            Place::FirstParty => site.url().to_owned(),
            Place::Foreign => host.url().to_owned(),
        };
        for path in ["/landing", "/later"] {
            site.set_page(path, &campaign.page(&service, ""));
        }
        let ann = campaign.join("ann@example.com", "Ann");
        let bob = campaign.join("bob@example.com", "Bob");
        Self { site, campaign, ann, bob, service }
    }

    /// The most common stage.
    pub(crate) fn plain(host: &'static Host, place: Place) -> Self {
        Self::set(host, place, Self::site(host, place), |_| ())
    }

    /// A friend follows a link and has landed when the widget says so.
    pub(crate) fn follow(&self, browser: &Browser, link: &str) {
        browser.visit(link);
        browser.arrives_at("/landing");
        self.settled(browser);
    }

    /// A friend opens a page of the site by its address.
    pub(crate) fn open(&self, browser: &Browser, path: &str) {
        browser.visit(&format!("{}{path}", self.site.url()));
        self.settled(browser);
    }

    /// Waits until the widget has made its visit.
    pub(crate) fn settled(&self, browser: &Browser) {
        browser.until("window.parrain");
        let visit = browser.value("parrain('visit')");
        assert!(visit.is_object(), "no visit on {}: {visit}", self.site.url());
    }

    /// Whom the campaign takes for the one who sent the friend.
    pub(crate) fn sender_of(&self, email: &str) -> Option<&str> {
        let id = self.campaign.referrer_of(email)?;
        let known = [(&self.ann.id, "Ann"), (&self.bob.id, "Bob")].into_iter();
        known.filter(|(it, _)| **it == id).map(|(_, name)| name).next()
    }

    /// The name of the campaign's cookie, without a prefix.
    pub(crate) fn cookie(&self) -> String {
        format!("prn-{}", self.campaign.id)
    }

    /// The campaign's cookies in a browser, by name.
    pub(crate) fn cookies(&self, browser: &Browser) -> Vec<tests::browser::Cookie> {
        let name = self.cookie();
        let mut kept = browser.cookies();
        kept.retain(|it| it.name.ends_with(&name));
        kept
    }
}

/// A friend fills in the site's own form and sends it.
pub(crate) fn sign_up(browser: &Browser, email: &str) {
    browser.enter("[name=first_name]", "Frida");
    browser.enter("[name=email]", email);
    browser.enter("[name=password]", "correct horse battery");
    // People take their time; who does not is taken for a robot.
    browser.until("performance.now() > 3000");
    browser.click("#signup button");
    browser.arrives_at("/thanks");
}

/// The hash by which a site vouches for its customer, made with the secret that the console shows.
#[track_caller]
pub(crate) fn vouched(host: &'static Host, campaign: &Campaign, email: &str) -> String {
    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    owner.visit(&format!("{}/console/{}/customer-sign-in", host.url(), campaign.id));
    let hash = owner.run(
        "return (async () => {
           const bytes = (it) => new TextEncoder().encode(it);
           const secret = document.querySelector('.copyable code').textContent.trim();
           const kind = { name: 'HMAC', hash: 'SHA-256' };
           const key = await crypto.subtle.importKey('raw', bytes(secret), kind, false, ['sign']);
           const tag = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(arguments[0])));
           return [...tag].map((it) => it.toString(16).padStart(2, '0')).join('');
         })()",
        json!([email]),
    );
    hash.as_str().expect("a hash").into()
}

/// Presses a key of the keyboard.
#[track_caller]
pub(crate) fn press(browser: &Browser, key: &str) {
    let code = match key {
        "Tab" => 9,
        "Enter" => 13,
        _ => 27,
    };
    for kind in ["keyDown", "keyUp"] {
        let pressed =
            json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
        browser.command("Input.dispatchKeyEvent", pressed);
    }
}
