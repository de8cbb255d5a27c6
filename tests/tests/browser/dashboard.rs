//! The dashboard in a page of a site: a customer whom the site vouches for sees what they have, asks for a
//! decision to be looked at again, and goes; whoever the site does not know comes in by a link.

use serde_json::json;
use tests::browser::View;
use tests::host::Kind;
use tests::wait::eventually;
use tests::{Browser, Campaign, Host, Setup, Site, on_both_hosts};

on_both_hosts!(
    a_customer_sees_earns_appeals_and_signs_out,
    a_stranger_comes_in_by_a_link_that_leads_back,
    without_the_service_the_dashboard_says_so_and_tries_again
);

/// The inside of the dashboard, to a script.
const INSIDE: &str = "document.querySelector('parrain-dashboard').shadowRoot";

/// A site that is somebody else's, with a dashboard in its page for customers.
struct Stage {
    host: &'static Host,
    site: Site,
    campaign: Campaign,
}

impl Stage {
    fn set(host: &'static Host) -> Self {
        let site = Site::open("localhost").header(
            "content-security-policy",
            &format!(
                "default-src 'none'; base-uri 'none'; form-action 'self'; img-src 'self' {0}; \
                 style-src 'self'; connect-src 'self' {0}; script-src 'self' 'wasm-unsafe-eval' {0}; \
                 require-trusted-types-for 'script'; trusted-types 'none'",
                host.url()
            ),
        );
        let mut setup = Setup::on(site.url(), "/landing");
        setup.trigger = "CUSTOM";
        let campaign = Campaign::open(host, &setup);
        campaign.writes();
        let coupon = json!({ "type": "SINGLE_SIDED", "title": "10 €", "couponCode": "FRIEND10" });
        let rules = campaign.path("/reward-configs");
        let _ = host.api("POST", &rules).json(&coupon).send().expect(200);
        let options = json!({ "autoFulfillRewards": true });
        campaign.change("/options", &options);
        Self { host, site, campaign }
    }

    /// The page, with what the element says of the customer.
    fn page(&self, lang: &str, of: &str) {
        let Self { host, site, campaign } = self;
        let page = format!(
            r#"<!doctype html><html lang="{lang}"><meta charset="utf-8">
            <meta name="viewport" content="width=device-width"><title>My account</title>
            {}<main><h1>My account</h1>
            <parrain-dashboard {of}><a href="{}/me/{}">My referrals</a></parrain-dashboard>
            <p id="below">Below</p></main></html>"#,
            campaign.script(host.url()),
            host.url(),
            campaign.id
        );
        site.set_page("/account", &page);
    }

    fn open(&self, browser: &Browser, rest: &str) {
        browser.visit(&format!("{}/account{rest}", self.site.url()));
    }

    /// The link that somebody got by mail, which leads to the site's page: natively it lies in the inbox
    /// of the console; the worker's mail goes nowhere here.
    fn mailed(&self, id: &str) -> String {
        let (host, campaign) = (self.host, &self.campaign.id);
        let page = format!("{}/account#prn-me=", self.site.url());
        if host.kind == Kind::Worker {
            let link = host.guest_link(campaign, id);
            return format!("{page}{}", link.split_once('#').expect("a token").1);
        }
        let owner = Browser::open();
        owner.enter_console(&host.owner_link());
        let inbox = format!("{}/console/{campaign}/mail/inbox", host.url());
        eventually("the letter", || {
            owner.visit(&inbox);
            let all = "[...document.querySelectorAll('pre')].map((it) => it.textContent).join(' ')";
            let letters = owner.value(all).as_str()?.to_owned();
            letters.split_whitespace().find(|it| it.contains(&page)).map(ToOwned::to_owned)
        })
    }

    /// What a customer's page says of them, as the site's own server would write it.
    fn vouched(&self, email: &str) -> String {
        let hash = crate::stage::vouched(self.host, &self.campaign, email);
        format!(r#"email="{email}" hash="{hash}""#)
    }
}

/// The text of the dashboard, once it says this.
#[track_caller]
fn says(browser: &Browser, text: &str) -> String {
    let find = format!("{INSIDE}?.querySelector('.content').textContent.includes({})", json!(text));
    browser.until(&find);
    browser.text("parrain-dashboard>>>.content")
}

/// Nothing is wrong with the page, narrow and wide, by day and by night.
#[track_caller]
fn is_for_everybody(browser: &Browser, name: &str) {
    for width in [360, 1280] {
        for dark in [false, true] {
            browser.look(View { width, dark });
            assert_eq!(browser.overflow(), 0, "{name} {width}");
            assert_eq!(browser.violations(), Vec::<String>::new(), "{name} {width} {dark}");
            let scheme = if dark { "dark" } else { "light" };
            browser.picture(&format!("dashboard-{name}-{width}-{scheme}"));
        }
    }
}

fn a_customer_sees_earns_appeals_and_signs_out(host: &'static Host) {
    let stage = Stage::set(host);
    let campaign = &stage.campaign;
    let ada = campaign.join("ada@example.com", "Ada");
    stage.page("en", &stage.vouched("ada@example.com"));
    let browser = Browser::open();
    stage.open(&browser, "");
    let seen = says(&browser, "Hello Ada");
    assert!(seen.contains("You have earned nothing yet"), "{seen}");
    let link = browser.value(&format!("{INSIDE}.querySelector('input.link').value"));
    assert_eq!(link, json!(ada.link(host.url())));
    is_for_everybody(&browser, "empty-en");
    browser.look(View { width: 1280, dark: false });
    assert_eq!(browser.our_cookies().len(), 0);

    // A friend buys: the reward is there without a reload.
    browser.run("document.body.dataset.same = 'yes'", json!([]));
    let bob = json!({ "email": "bob@example.com", "referredBy": ada.id });
    let _ = host.api("POST", &campaign.path("/participant")).json(&bob).send().expect(200);
    let order = json!({ "currency": "EUR", "grossAmount": 5000, "orderId": "1" });
    let path = campaign.path("/participant/bob@example.com/transaction");
    let _ = host.api("POST", &path).json(&order).send().expect(200);
    browser.run("dispatchEvent(new Event('focus'))", json!([]));
    says(&browser, "counts");
    browser.until(&format!("{INSIDE}.querySelector('[data-copy=FRIEND10]')"));
    assert_eq!(browser.value("document.body.dataset.same"), json!("yes"));
    let unread = "Number(document.querySelector('parrain-dashboard').getAttribute('unread'))";
    browser.until(&format!("0 < {unread}"));
    is_for_everybody(&browser, "earned-en");
    browser.look(View { width: 1280, dark: false });

    // The code is copied, and said to be.
    let origin = stage.site.url();
    let permissions = json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
    browser.command("Browser.grantPermissions", permissions);
    browser.command("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
    browser.click("parrain-dashboard>>>[data-copy=FRIEND10]");
    browser.until(&format!("{INSIDE}.querySelector('.heard').textContent === 'Copied'"));
    assert_eq!(browser.value("navigator.clipboard.readText()"), json!("FRIEND10"));

    // What is new is read, and a decision is to be looked at again.
    browser.click("parrain-dashboard>>>#seen");
    browser.until(&format!("{unread} === 0"));
    let open = format!(
        "{INSIDE}.querySelectorAll('#decisions ~ details, #decisions ~ details details')
           .forEach((it) => (it.open = true))"
    );
    browser.run(&open, json!([]));
    browser.enter("parrain-dashboard>>>textarea", "Bob told me of you.");
    is_for_everybody(&browser, "appeal-en");
    browser.look(View { width: 1280, dark: false });
    browser.click("parrain-dashboard>>>form[action$=appeal] button");
    says(&browser, "waits for an answer");

    // A code of one's own, judged while it is typed.
    browser.run(
        &format!("{INSIDE}.querySelector('#own-code').closest('details').open = true"),
        json!([]),
    );
    browser.enter("parrain-dashboard>>>#own-code", "ada-loves");
    browser.until(&format!("{INSIDE}.querySelector('[data-said]').textContent.includes('free')"));
    browser.click("parrain-dashboard>>>form[action$=code] button");
    says(&browser, "Your link has its new code");

    // The team answers, and she reads it.
    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    owner.visit(&format!("{}/console/{}?lang=en", host.url(), campaign.id));
    assert!(owner.text("#waits ~ ul").contains("decision to look at again"));
    owner.visit(&format!("{}/console/{}/appeals", host.url(), campaign.id));
    assert!(owner.text("main").contains("Bob told me of you."), "{}", owner.text("main"));
    owner.is_for_everybody("appeals");
    owner.enter("[name=reply]", "Bob has it now.");
    owner.click("[name=act][value=agree]");
    owner.until("document.querySelector('[role=status]')");
    browser.run("dispatchEvent(new Event('focus'))", json!([]));
    says(&browser, "Bob has it now.");

    // In French; then out, and she stays out.
    browser.click("parrain-dashboard>>>a.switch");
    says(&browser, "Bonjour Ada");
    is_for_everybody(&browser, "seen-fr");
    browser.click("parrain-dashboard>>>.ways a:last-child");
    says(&browser, "Messages et données");
    is_for_everybody(&browser, "account-fr");
    browser.click("parrain-dashboard>>>form[action$=sign-out] button");
    says(&browser, "Vous êtes déconnecté");
    is_for_everybody(&browser, "door-fr");
    stage.open(&browser, "");
    says(&browser, "Already taking part?");
    assert_eq!(browser.our_cookies().len(), 0);
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}

fn a_stranger_comes_in_by_a_link_that_leads_back(host: &'static Host) {
    let stage = Stage::set(host);
    let ada = stage.campaign.join("ada@example.com", "Ada");
    stage.page("fr", "");
    let browser = Browser::open();
    stage.open(&browser, "");
    says(&browser, "Vous participez déjà");
    browser.enter("parrain-dashboard>>>#in-email", "ada@example.com");
    browser.click("parrain-dashboard>>>#sign-in ~ form button");
    says(&browser, "Consultez votre boîte mail");
    browser.visit("about:blank");
    browser.visit(&stage.mailed(&ada.id));
    let button = "parrain-dashboard>>>.content button.primary";
    browser.until(&format!("{INSIDE}?.querySelector('.content button.primary')"));
    assert_eq!(browser.value("location.hash"), json!(""));
    assert!(browser.text("parrain-dashboard>>>.content").contains("Votre lien vous connecte ici"));
    is_for_everybody(&browser, "link-fr");
    browser.click(button);
    says(&browser, "Bonjour Ada");
    // Whoever is named, or not any more, while the page has taken it out is so when it is back.
    let away = "const [it] = document.getElementsByTagName('parrain-dashboard');
        const [place, kept] = [it.parentNode, { ...sessionStorage }];
        it.remove();
        return parrain('identify', null).then(() => place.append(it)).then(() => kept)";
    let kept = browser.run(away, json!([]));
    says(&browser, "Vous participez déjà");
    browser.run("Object.assign(sessionStorage, arguments[0])", json!([kept]));
    // Another page of the tab knows her, be it written from right to left; another browser does not.
    stage.page("ar\" dir=\"rtl", "");
    stage.open(&browser, "?again");
    says(&browser, "Hello Ada");
    is_for_everybody(&browser, "rtl");
    stage.page("fr", "");
    stage.open(&browser, "");
    says(&browser, "Bonjour Ada");
    let other = Browser::open();
    stage.open(&other, "");
    says(&other, "Vous participez déjà");
    // By the keyboard alone: to the messages, and what is told there has the focus.
    let focus = format!("{INSIDE}.querySelector('.ways a:last-child').focus()");
    browser.run(&focus, json!([]));
    for kind in ["keyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Enter", "code": "Enter", "text": "\r",
                          "windowsVirtualKeyCode": 13 });
        browser.command("Input.dispatchKeyEvent", key);
    }
    says(&browser, "Messages et données");
    browser.until(&format!("{INSIDE}.activeElement?.matches('h1')"));
}

fn without_the_service_the_dashboard_says_so_and_tries_again(host: &'static Host) {
    let stage = Stage::set(host);
    stage.campaign.join("ada@example.com", "Ada");
    stage.page("en", &stage.vouched("ada@example.com"));
    let browser = Browser::open();
    stage.open(&browser, "");
    says(&browser, "Hello Ada");
    let offline = |is: bool| {
        browser.command("Network.enable", json!({}));
        let state = json!({ "offline": is, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.command("Network.emulateNetworkConditions", state);
    };
    offline(true);
    let trouble = format!("{INSIDE}.querySelector('.trouble:not([hidden])')");
    browser.until(&format!("{trouble}?.textContent.includes('You are offline')"));
    browser.click("parrain-dashboard>>>.trouble button");
    browser.until(&format!("{trouble}?.textContent.includes('Try again')"));
    // What is there stays there.
    assert!(browser.text("parrain-dashboard>>>.content").contains("Hello Ada"));
    is_for_everybody(&browser, "offline-en");
    offline(false);
    browser.until(&format!("!{trouble}"));
}
