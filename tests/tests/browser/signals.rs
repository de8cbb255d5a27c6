//! What reaches a page after it was loaded: a link's parameters, the site's consent banner, a typed code.

use serde_json::{Value, json};
use tests::browser::Browser;
use tests::wait::eventually;
use tests::{Host, Site, on_both_hosts};

use crate::stage::{Place, Stage, sign_up};

on_both_hosts!(
    r_arrival_1_a_link_that_a_page_opens_without_loading_is_attributed,
    r_arrival_2_a_code_in_the_sites_own_address_is_a_click,
    r_arrival_4_a_code_that_somebody_types_binds_them,
);

#[track_caller]
fn referred(browser: &Browser) -> bool {
    browser.value("parrain('visit').then((it) => it.referred)") == true
}

fn r_arrival_1_a_link_that_a_page_opens_without_loading_is_attributed(host: &'static Host) {
    let stage = Stage::plain(host, Place::Foreign);
    let browser = Browser::open();
    // The token as the link would bring it.
    stage.follow(&browser, &stage.ann.link(&stage.service));
    let landing = stage.site.seen("/landing")[0].target.clone();
    let token = landing.split_once("prn=").expect("a token").1.to_owned();

    for change in ["pushState", "replaceState"] {
        let browser = Browser::open();
        stage.open(&browser, "/later");
        browser.until("customElements.get('parrain-share')");
        assert!(!referred(&browser));
        browser.run(
            &format!(
                "history.{change}({{ kept: 1 }}, '', '/landing?a=1&prn=' + arguments[0] + '#x')"
            ),
            json!([token]),
        );
        browser.until("!location.search.includes('prn')");
        assert_eq!(
            browser.value("location.pathname + location.search + location.hash"),
            "/landing?a=1#x"
        );
        assert_eq!(browser.value("history.state.kept"), 1);
        assert!(referred(&browser), "{change}");
        sign_up(&browser, &format!("{}@example.com", change.to_lowercase()));
        let sender = stage.sender_of(&format!("{}@example.com", change.to_lowercase()));
        assert_eq!(sender, Some("Ann"), "{change}");
    }

    // One that comes when another is kept already is kept, too.
    let before = stage.cookies(&browser);
    let other = Browser::open();
    stage.follow(&other, &stage.bob.link(&stage.service));
    let landing = stage.site.seen("/landing").pop().expect("a landing").target;
    let token = landing.split_once("prn=").expect("a token").1.to_owned();
    browser.run("history.pushState(null, '', '?prn=' + arguments[0])", json!([token]));
    eventually("another touch", || (stage.cookies(&browser) != before).then_some(()));
    stage.open(&browser, "/later");
    sign_up(&browser, "later@example.com");
    assert_eq!(stage.sender_of("later@example.com"), Some("Bob"));
}

fn r_arrival_2_a_code_in_the_sites_own_address_is_a_click(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let stage = Stage::plain(host, place);
        let browser = Browser::open();
        stage.open(&browser, &format!("/landing?grsf={}&b=2", stage.ann.id));
        assert_eq!(browser.value("location.search"), "?b=2");
        assert!(referred(&browser));
        eventually("a touch", || stage.cookies(&browser).into_iter().next());
        stage.open(&browser, "/later");
        sign_up(&browser, "frida@example.com");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{place:?}");
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

fn r_arrival_4_a_code_that_somebody_types_binds_them(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let field = r#"<label>Code of your friend <input form="signup" id="code" data-parrain-field="code"></label>"#;
    let page =
        stage.campaign.page(&stage.service, "").replace("<button>", &format!("{field}<button>"));
    stage.site.set_page("/code", &page);

    // Nobody sent them but whoever told them the code.
    let browser = Browser::open();
    stage.open(&browser, "/code");
    browser.enter("#code", &stage.bob.id.to_uppercase());
    sign_up(&browser, "typed@example.com");
    assert_eq!(stage.sender_of("typed@example.com"), Some("Bob"));

    // By a call, which says whether there is such a code; against a click the code wins by default.
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    let known = |code: &str| browser.run("return parrain('code', arguments[0])", json!([code]));
    assert_eq!(known("nobody-has-this")["known"], false);
    assert_eq!(known("ann@example.com")["known"], false);
    let answer = known(&format!(" {} ", stage.bob.id));
    assert_eq!((&answer["known"], &answer["referrer"]["firstName"]), (&json!(true), &json!("Bob")));
    sign_up(&browser, "both@example.com");
    assert_eq!(stage.sender_of("both@example.com"), Some("Bob"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// A campaign that asks for consent, and a page whose head has a script before our tag.
fn asking(script: &str) -> Stage {
    let host = Host::native();
    let site = Site::open("localhost");
    let stage = Stage::set(host, Place::Foreign, site, |terms| terms.consent = "REQUIRED");
    for path in ["/landing", "/later"] {
        let page = stage.campaign.page(&stage.service, "");
        let page = page.replace("<title>", &format!("<script>{script}</script><title>"));
        stage.site.set_page(path, &page);
    }
    stage
}

/// A friend who has landed, in a browser whose page has heard of everything.
fn landed(stage: &Stage) -> Browser {
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until("customElements.get('parrain-share')");
    browser
}

fn kept(stage: &Stage, browser: &Browser) -> bool {
    !stage.cookies(browser).is_empty()
}

/// Long enough for a call to the service and its answer.
fn pause(browser: &Browser) {
    let turn = "fetch('/turn')";
    browser.value(&format!(
        "parrain('visit').then(() => {turn}).then(() => {turn}).then(() => {turn}).then(() => null)"
    ));
}

const TCF: &str = "let tell; window.__tcfapi = (command, version, act) => {
    if (command === 'addEventListener') tell = (status, purposes, interests = {}, applies = true) =>
      act({ eventStatus: status, gdprApplies: applies,
            purpose: { consents: purposes, legitimateInterests: interests } }, true);
  };";

#[test]
fn r_consent_3_the_banners_word_by_tcf_is_heard() {
    let stage = asking(TCF);
    let browser = landed(&stage);
    for unheard in [
        "tell('cmpuishown', { 1: true, 7: true })",
        "tell('tcloaded', { 1: true })",
        "tell('tcloaded', {}, { 7: true })",
        "tell('tcloaded', { 1: true, 7: true }, {}, false)",
    ] {
        browser.value(unheard);
        pause(&browser);
        assert!(!kept(&stage, &browser), "{unheard}");
    }
    browser.value("tell('useractioncomplete', { 1: true }, { 7: true })");
    eventually("a touch", || kept(&stage, &browser).then_some(()));

    // On the next page the banner says again what was said.
    stage.open(&browser, "/later");
    browser.until("customElements.get('parrain-share')");
    browser.value("tell('tcloaded', { 1: true, 7: true })");
    assert!(kept(&stage, &browser));
    // Whoever takes it back is forgotten.
    browser.click("h1");
    browser.value("tell('useractioncomplete', {})");
    eventually("nothing kept", || (!kept(&stage, &browser)).then_some(()));
}

#[test]
fn r_consent_3_googles_consent_mode_is_heard() {
    let stage = asking(
        "window.dataLayer = []; function gtag() { dataLayer.push(arguments) }
         gtag('consent', 'default', { ad_storage: 'denied' });
         gtag('consent', 'default', { ad_storage: 'granted', region: ['US'] });",
    );
    let browser = landed(&stage);
    browser.value("gtag('event', 'x')");
    browser.value("gtag('consent', 'update', { analytics_storage: 'granted' })");
    pause(&browser);
    assert!(!kept(&stage, &browser));
    browser.value("gtag('consent', 'update', { ad_storage: 'granted' })");
    eventually("a touch", || kept(&stage, &browser).then_some(()));
    assert_eq!(browser.value("dataLayer.length"), 5);
    browser.click("h1");
    browser.value("gtag('consent', 'update', { ad_storage: 'denied' })");
    eventually("nothing kept", || (!kept(&stage, &browser)).then_some(()));

    // What was said before we came; and of the type that the tag names.
    let stage = asking("window.dataLayer = [['consent', 'update', { ad_user_data: 'granted' }]]");
    let tag = "data-consent-type=\"ad_user_data\" data-campaign";
    let page = stage.campaign.page(&stage.service, "").replace("data-campaign", tag);
    let page = page.replace(
        "<title>",
        "<script>window.dataLayer = [['consent', 'update', { ad_user_data: 'granted' }]]</script><title>",
    );
    stage.site.set_page("/landing", &page);
    let browser = landed(&stage);
    eventually("a touch", || kept(&stage, &browser).then_some(()));
}

#[test]
fn r_consent_3_the_pages_own_word_goes_before_and_a_global_refusal_stands() {
    let stage = asking(TCF);
    let browser = landed(&stage);
    browser.value("parrain('consent', false)");
    browser.value("tell('useractioncomplete', { 1: true, 7: true })");
    pause(&browser);
    assert!(!kept(&stage, &browser));
    // A claim stands, too.
    browser.value("parrain('claim')");
    eventually("a touch", || kept(&stage, &browser).then_some(()));
    browser.value("tell('useractioncomplete', {})");
    pause(&browser);
    assert!(kept(&stage, &browser));
    // On the next page the banner's standing refusal does not undo the claim.
    stage.open(&browser, "/later");
    browser.until("customElements.get('parrain-share')");
    browser.value("tell('tcloaded', {})");
    pause(&browser);
    assert!(kept(&stage, &browser));

    let browser = Browser::open();
    browser.send_headers(json!({ "Sec-GPC": "1" }));
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until("customElements.get('parrain-share')");
    browser.value("tell('useractioncomplete', { 1: true, 7: true })");
    eventually("an answer", || stage.site.seen("/landing").pop());
    pause(&browser);
    assert!(!kept(&stage, &browser));
}

#[test]
fn r_arrival_3_in_a_foreign_frame_and_without_storage_nothing_breaks() {
    let stage = Stage::plain(Host::native(), Place::Foreign);
    let inner = format!("{}/landing", stage.site.url());
    let frame = Site::open("127.0.0.1").page(
        "/",
        &format!(r#"<!doctype html><title>Other</title><iframe src="{inner}"></iframe>"#),
    );
    let browser = Browser::open();
    browser.visit(frame.url());
    eventually("a visit of the frame", || stage.site.seen("/landing").pop());
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(browser.our_cookies().len(), 0);

    // Cookies and storage throw in a page that is shut in; the lead goes with what is in memory.
    let shut = "Object.defineProperty(document, 'cookie', { get() { throw new Error('no') }, set() { throw new Error('no') } });
        for (const name of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, name, { get() { throw new Error('no') } });";
    let page = stage.campaign.page(&stage.service, "");
    let page = page.replace("<title>", &format!("<script>{shut}</script><title>"));
    stage.site.set_page("/landing", &page);
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(browser.value("1"), Value::from(1));
}
