//! What is kept in a browser, and since when.

use serde_json::json;
use tests::browser::Browser;
use tests::wait::eventually;
use tests::{Host, on_both_hosts};

use crate::stage::{Place, Stage, sign_up};

on_both_hosts!(
    consent_refused_keeps_nothing_and_given_later_keeps_the_touch,
    the_banner_is_an_express_claim,
    without_consent_a_form_sent_on_the_landing_page_still_names_the_referrer,
    a_browser_that_asks_not_to_be_tracked_keeps_nothing_until_it_claims,
);

fn asking(host: &'static Host, place: Place) -> Stage {
    Stage::set(host, place, Stage::site(host, place), |terms| terms.consent = "REQUIRED")
}

#[track_caller]
fn check_nothing_kept(browser: &Browser) {
    assert_eq!(browser.our_cookies().len(), 0, "{:?}", browser.our_cookies());
    assert_eq!(browser.stored(), 0);
}

fn consent_refused_keeps_nothing_and_given_later_keeps_the_touch(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let stage = asking(host, place);
        let browser = Browser::open();
        let link = stage.ann.link(&stage.service);

        // Nobody has answered yet.
        stage.follow(&browser, &link);
        browser.until("!location.search.includes('prn')");
        check_nothing_kept(&browser);

        // No is no, here and on the next page.
        browser.value("parrain('consent', false)");
        check_nothing_kept(&browser);
        stage.open(&browser, "/later");
        assert_eq!(browser.value("parrain('visit').then((it) => it.referred)"), false);
        check_nothing_kept(&browser);

        // Yes, on another visit, holds on the next page.
        stage.follow(&browser, &link);
        browser.value("parrain('consent', true)");
        eventually("a touch", || stage.cookies(&browser).into_iter().next());
        stage.open(&browser, "/later");
        sign_up(&browser, "frida@example.com");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{place:?}");
    }
}

fn the_banner_is_an_express_claim(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let stage = asking(host, place);
        let banner = "<parrain-banner></parrain-banner>";
        stage.site.set_page("/landing", &stage.campaign.page(&stage.service, banner));
        let browser = Browser::open();

        stage.follow(&browser, &stage.ann.link(&stage.service));
        eventually("a banner that names Ann", || {
            let text =
                browser.value("document.querySelector('parrain-banner')?.shadowRoot?.textContent");
            text.as_str().filter(|it| it.contains("Ann")).map(|_| ())
        });
        check_nothing_kept(&browser);
        assert_eq!(browser.violations(), Vec::<String>::new());
        browser.click("parrain-banner>>>button");
        eventually("a touch", || stage.cookies(&browser).into_iter().next());

        stage.open(&browser, "/later");
        sign_up(&browser, "frida@example.com");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{place:?}");
    }
}

fn without_consent_a_form_sent_on_the_landing_page_still_names_the_referrer(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let stage = asking(host, place);
        let browser = Browser::open();
        stage.follow(&browser, &stage.ann.link(&stage.service));
        sign_up(&browser, "frida@example.com");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{place:?}");
        check_nothing_kept(&browser);
    }
}

fn a_browser_that_asks_not_to_be_tracked_keeps_nothing_until_it_claims(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let browser = Browser::open();
    browser.send_headers(json!({ "Sec-GPC": "1" }));
    stage.follow(&browser, &stage.ann.link(&stage.service));
    check_nothing_kept(&browser);

    browser.value("parrain('claim')");
    eventually("a touch", || stage.cookies(&browser).into_iter().next());
    stage.open(&browser, "/later");
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
}
