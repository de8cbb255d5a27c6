//! What still works when parts of us are late, forbidden or gone.

use std::time::Duration;

use tests::browser::Browser;
use tests::wait::{eventually, now};
use tests::{Host, Site, on_both_hosts};

use crate::stage::{Place, Stage, sign_up};

on_both_hosts!(
    a_form_sent_before_the_wasm_is_there_is_taken,
    a_form_sent_before_the_visit_is_answered_is_taken,
    a_form_on_a_site_that_forbids_wasm_is_taken,
    a_login_on_a_site_that_forbids_wasm_is_told_to_nobody,
    without_wasm_an_element_has_plain_links_or_its_own_content,
    a_service_that_never_answers_stops_nobody,
    a_collector_that_never_answers_stops_nobody,
);

fn a_form_sent_before_the_wasm_is_there_is_taken(host: &'static Host) {
    let late = Duration::from_secs(10);
    let site = Stage::site(host, Place::FirstParty).delay(".wasm", late);
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let browser = Browser::open();
    let start = now();

    browser.visit(&stage.ann.link(&stage.service));
    browser.arrives_at("/landing");
    browser.until("window.parrain");
    sign_up(&browser, "frida@example.com");

    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert!(start.elapsed() < late, "the form had to wait for the wasm");
}

fn a_form_sent_before_the_visit_is_answered_is_taken(host: &'static Host) {
    let late = Duration::from_secs(10);
    let site = Stage::site(host, Place::FirstParty).delay("/_p/visit", late);
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let browser = Browser::open();
    let start = now();

    // The redirect has set the cookie, which no script can see.
    browser.visit(&stage.ann.link(&stage.service));
    browser.arrives_at("/landing");
    browser.until("window.parrain");
    sign_up(&browser, "frida@example.com");

    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert!(start.elapsed() < late, "the form had to wait for the visit");
}

fn a_login_on_a_site_that_forbids_wasm_is_told_to_nobody(host: &'static Host) {
    let site =
        Stage::site(host, Place::FirstParty).header("content-security-policy", "script-src 'self'");
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let script = stage.campaign.script(&stage.service);
    let login = format!(
        r#"<!doctype html><html lang="en"><title>Welcome back</title>{script}<h1>Welcome back</h1>
        <form id="login" action="/thanks" method="post"><input type="email" name="email">
        <input type="password" name="secret"><button>Go</button></form></html>"#
    );
    stage.site.set_page("/login", &login);
    let browser = Browser::open();

    stage.follow(&browser, &stage.ann.link(&stage.service));
    stage.open(&browser, "/login");
    browser.enter("[name=email]", "gina@example.com");
    browser.enter("[name=secret]", "correct horse battery");
    browser.click("#login button");
    browser.arrives_at("/thanks");

    // Whatever was sent for the login came before what is sent for the account.
    stage.open(&browser, "/later");
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    let told = stage.site.seen("/_p/");
    assert!(!told.iter().any(|it| it.body.contains("gina")), "{told:?}");
}

fn a_form_on_a_site_that_forbids_wasm_is_taken(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let policy = format!("script-src 'self' {}", host.url());
        let site = Stage::site(host, place).header("content-security-policy", &policy);
        let stage = Stage::set(host, place, site, |_| ());
        let fallback = format!(
            r#"<parrain-share code="{}" base="{}"><a href="{}">Your link</a></parrain-share>"#,
            stage.ann.id,
            stage.service,
            stage.ann.link(&stage.service)
        );
        stage.site.set_page("/landing", &stage.campaign.page(&stage.service, &fallback));
        let browser = Browser::open();

        browser.visit(&stage.ann.link(&stage.service));
        browser.arrives_at("/landing");
        browser.until("window.parrain");
        assert_eq!(browser.text("parrain-share a"), "Your link");
        sign_up(&browser, "frida@example.com");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{place:?}");
    }
}

fn without_wasm_an_element_has_plain_links_or_its_own_content(host: &'static Host) {
    let site =
        Stage::site(host, Place::FirstParty).header("content-security-policy", "script-src 'self'");
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let link = stage.ann.link(&stage.service);
    let elements = format!(
        r#"<parrain-share id="ann" code="{}"></parrain-share>
        <parrain-share id="nobody">Soon</parrain-share>"#,
        stage.ann.id
    );
    stage.site.set_page("/landing", &stage.campaign.page(&stage.service, &elements));
    let browser = Browser::open();

    stage.open(&browser, "/landing");
    browser.until("document.querySelector('#ann a')");
    assert_eq!(browser.text("#ann a"), link);
    assert_eq!(browser.value("document.querySelector('#nobody').innerHTML"), "Soon");
}

fn a_service_that_never_answers_stops_nobody(host: &'static Host) {
    let gone = Site::open("127.0.0.1").silence("/");
    let site = Site::open("localhost");
    let stage = Stage::set(host, Place::Foreign, site, |_| ());
    stage.site.set_page("/landing", &stage.campaign.page(gone.url(), ""));
    let browser = Browser::open();
    let start = now();

    browser.visit(&format!("{}/landing", stage.site.url()));
    eventually("the script being asked for", || gone.seen("/p.js").pop());
    sign_up(&browser, "frida@example.com");
    assert!(start.elapsed() < Duration::from_secs(5), "the page had to wait for us");
}

fn a_collector_that_never_answers_stops_nobody(host: &'static Host) {
    let site = Stage::site(host, Place::FirstParty).silence("/_p/");
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let browser = Browser::open();

    browser.visit(&stage.ann.link(&stage.service));
    browser.arrives_at("/landing");
    eventually("a visit", || stage.site.seen("/_p/visit").pop());
    let start = now();
    sign_up(&browser, "frida@example.com");
    assert!(start.elapsed() < Duration::from_secs(5), "the page had to wait for us");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
