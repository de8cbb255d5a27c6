//! An owner sets a programme up from nothing, puts the tag on their site and tests it, with whatever
//! usually goes wrong.

use std::cell::Cell;
use std::time::Instant;

use tests::browser::View;
use tests::host::{Kind, Options};
use tests::{Browser, Host, Site};

#[test]
fn an_owner_sets_up_a_programme_from_nothing_on_the_native_host() {
    story(Kind::Native);
}

#[test]
fn an_owner_sets_up_a_programme_from_nothing_on_the_worker() {
    story(Kind::Worker);
}

/// Somebody at the console who has never seen it, and what it costs them.
struct Owner<'a> {
    browser: Browser,
    host: &'a Host,
    clicks: Cell<u32>,
    fields: Cell<u32>,
    began: Instant,
}

impl Owner<'_> {
    fn click(&self, selector: &str) {
        self.clicks.set(self.clicks.get() + 1);
        self.browser.click(selector);
    }

    fn enter(&self, selector: &str, text: &str) {
        self.fields.set(self.fields.get() + 1);
        self.browser.enter(selector, text);
    }

    /// Goes on from a step, once the page was looked at, and arrives at another.
    fn on(&self, name: &str, to: &str) {
        self.look(name);
        self.click("form button.primary");
        self.browser.until(&format!("location.pathname.endsWith('/{to}')"));
        self.browser.until("document.readyState === 'complete'");
    }

    /// The page is for everybody.
    #[track_caller]
    fn look(&self, name: &str) {
        let name = format!("setup-{name}-{:?}", self.host.kind).to_lowercase();
        self.browser.picture(&name);
        assert_eq!(self.browser.violations(), Vec::<String>::new(), "{name}");
        assert_eq!(self.browser.overflow(), 0, "{name} is too wide");
        let complaints = self.browser.complaints();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
    }

    fn tell(&self, what: &str) {
        let (clicks, fields) = (self.clicks.take(), self.fields.take());
        let seconds = self.began.elapsed().as_secs_f32();
        println!(
            "{:?} {what}: {clicks} clicks, {fields} typed fields, {seconds:.1} s in all",
            self.host.kind
        );
    }

    /// The answers of a reader's programme, in a language; ends at the page of the installation.
    fn set_up(&self, name: &str, site: &str) {
        self.click("[name=goal][value=newsletter]");
        self.on(&format!("{name}-goal"), "rewards");
        // What people will read follows the typing, in both languages.
        self.browser
            .run("document.querySelector('#f-words').closest('details').open = true", ().into());
        self.browser.run("document.querySelector('#f-words').value = ''", ().into());
        self.enter("#f-words", "a mug of ours");
        self.browser
            .until("document.querySelector('#preview').innerText.includes('a mug of ours')");
        let said = self.browser.text("#preview");
        assert!(said.contains("you get: a mug of ours") && said.contains("vous recevez"), "{said}");
        self.on(&format!("{name}-rewards"), "counting");
        self.on(&format!("{name}-counting"), "site");
        // Going back keeps what was typed, be it unfinished.
        self.enter("#f-company", "The Daily Cup");
        self.click("button[value=back]");
        self.browser.until("location.pathname.endsWith('/counting')");
        self.click("form button.primary");
        self.browser.until("document.querySelector('#f-company')?.value === 'The Daily Cup'");
        self.enter("#f-address", &format!("{site}/welcome"));
        self.click("[name=consent][value=other]");
        self.on(&format!("{name}-site"), "design");
        self.on(&format!("{name}-design"), "check");
        self.on(&format!("{name}-check"), "install");
        self.look(&format!("{name}-install"));
    }

    /// Opens the site by the test link, in a tab of its own.
    fn open_site(&self) {
        self.click("a[href$='/install/go']");
        self.browser.turn_to(1);
        self.browser.until("document.querySelector('parrain-test')?.shadowRoot");
    }

    /// Comes back to the console, which has looked by itself until it says this.
    #[track_caller]
    fn back(&self, done: u32, text: &str) {
        self.browser.complaints();
        self.browser.close_tab();
        self.browser.turn_to(0);
        self.browser.until(&format!(
            "document.querySelectorAll('#state [data-done]').length === {done}
             && document.querySelector('#state').innerText.includes({text:?})"
        ));
    }
}

/// The site's page with its tag.
fn page(tag: &str, form: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Daily Cup</title>{tag}<h1>News</h1>{form}</html>"
    )
}

const SIGN_UP: &str = r#"<form id="f" class="newsletter" action="/thanks" method="post">
    <h2>Subscribe to our newsletter</h2>
    <label>E-mail <input type="email" name="email" required></label>
    <button>Subscribe</button></form>"#;

/// Nothing tells that this is a sign-up; on the contrary.
const ODD: &str = r#"<form id="f" action="/thanks" method="post">
    <h2>Unsubscribe</h2>
    <label>E-mail <input type="email" name="email"></label>
    <button>Unsubscribe</button></form>"#;

#[expect(clippy::disallowed_methods, reason = "how long it takes is what is told")]
fn story(kind: Kind) {
    let host = Host::start(kind, Options { demo: false, ..Options::default() });
    let site = Site::open("localhost");
    let owner = Owner {
        browser: Browser::open(),
        host: &host,
        clicks: Cell::new(0),
        fields: Cell::new(0),
        began: Instant::now(),
    };
    let browser = &owner.browser;
    browser.look(View { width: 360, dark: false });
    browser.visit(&format!("{}/console/sign-in?lang=en", host.url()));
    browser.visit(&host.owner_link());
    browser.until("document.querySelector('#token')?.value.length > 40");
    owner.click("#enter button");
    browser.until("location.pathname === '/console/new'");
    owner.set_up("en-360", site.url());
    owner.tell("from the one-time link to the tag");

    // The tag as it stands on the page.
    let tag = browser.text("details.way[open] code");
    assert!(tag.starts_with("<script async src="), "{tag}");
    site.set_page("/welcome", &page(&tag, SIGN_UP));

    owner.click("button[value=test]");
    browser.until("document.querySelector('[data-state]')");
    owner.look("en-360-test");
    // Once the console has looked by itself, the address can still be taken along.
    browser.until("document.querySelector('#state').dataset.markup");
    browser.run("document.querySelector('#state [data-copy]').scrollIntoView()", ().into());
    owner.click("#state [data-copy]");
    browser.until("document.querySelector('#state [data-copy]').innerText === 'Copied'");
    owner.open_site();
    owner.enter("[name=email]", "made-up@example.com");
    owner.click("#f button");
    browser.arrives_at("/thanks");
    owner.back(3, "All is well");
    owner.look("en-360-all-well");
    owner.tell("the test of an installation that is all right");
    let numbers = host.api("GET", "/campaigns").send().expect(200).json();
    let campaign = &numbers["campaigns"][0];
    for count in ["participantCount", "referralCount", "impressionCount"] {
        assert_eq!(campaign[count], 0, "{count}: {campaign}");
    }

    // A form that nothing tells for a sign-up, until it is marked.
    site.set_page("/welcome", &page(&tag, ODD));
    owner.click("button[value=test]");
    browser.until("document.querySelectorAll('#state [data-done]').length === 0");
    owner.open_site();
    owner.enter("[name=email]", "made-up@example.com");
    owner.click("#f button");
    browser.arrives_at("/thanks");
    owner.back(2, "data-parrain-form");
    owner.look("en-360-form");
    site.set_page("/welcome", &page(&tag, &ODD.replace("<form ", "<form data-parrain-form ")));
    owner.open_site();
    owner.enter("[name=email]", "made-up@example.com");
    owner.click("#f button");
    browser.arrives_at("/thanks");
    owner.back(3, "All is well");
    owner.tell("the test of a form that was not recognised, mended");

    // A second programme, in French and on a wide screen; its page leads on to an address that nobody
    // has allowed.
    let other = site.url().replace("localhost", "127.0.0.1");
    browser.look(View { width: 1280, dark: false });
    browser.visit(&format!("{}/console/new?lang=fr", host.url()));
    owner.set_up("fr-1280", site.url());
    let tag = browser.text("details.way[open] code");
    let lead_on = format!("<script>location.replace('{other}/landing' + location.search)</script>");
    site.set_page("/welcome", &page("", &lead_on));
    site.set_page("/landing", &page(&tag, SIGN_UP));
    owner.click("button[value=test]");
    browser.until("document.querySelector('[data-state]')");
    owner.open_site();
    owner.back(0, &format!("Autoriser {other}"));
    owner.look("fr-1280-origin");
    owner.click("button[value=allow]");
    browser.until("location.search === '?done=allowed'");
    owner.open_site();
    owner.enter("[name=email]", "made-up@example.com");
    owner.click("#f button");
    browser.arrives_at("/thanks");
    owner.back(3, "Tout va bien");
    owner.look("fr-1280-all-well");
    owner.tell("a second programme, and its address allowed");
}
