//! Who sent a friend, told by links, landings and cookies.

use serde_json::Value;
use tests::browser::{Browser, is_ours};
use tests::wait::eventually;
use tests::{Host, Site, on_both_hosts};

use crate::stage::{Place, Stage, sign_up};

on_both_hosts!(
    a_friend_signs_up_on_a_site_that_routes_our_links,
    a_friend_signs_up_on_a_foreign_site_which_gets_none_of_our_cookies,
    a_friend_who_landed_on_www_is_known_on_app_where_the_two_share_a_cookie,
    images_frames_and_prefetches_of_a_link_change_nobodys_attribution,
    the_first_touch_wins_where_the_campaign_says_so,
    the_last_touch_wins_by_default,
    a_friend_without_a_link_has_no_referrer,
    robots_are_told_apart_by_traps_and_speed,
);

fn a_friend_signs_up_on_a_site_that_routes_our_links(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let browser = Browser::open();

    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until("!location.search.includes('prn')");
    let [cookie] = &stage.cookies(&browser)[..] else {
        panic!("one cookie, not {:?}", browser.cookies())
    };
    // On one machine without https, where not every browser takes `Secure`.
    assert_eq!(cookie.name, stage.cookie());
    assert!(cookie.http_only && !cookie.secure, "{cookie:?}");
    assert_eq!(browser.value("document.cookie"), "");

    // Nothing but the cookie leads from here to there.
    stage.open(&browser, "/later");
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));

    // Both have earned, and as only a browser says so, nobody is paid yet.
    let earned = eventually("a reward for Ann", || {
        Some(stage.campaign.rewards(&stage.ann.id)).filter(|it| !it.is_empty())
    });
    assert_eq!(earned.len(), 1, "{earned:?}");
    assert_eq!(earned[0]["approved"], false, "{earned:?}");
    assert_eq!(stage.campaign.rewards("frida@example.com").len(), 1);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn a_friend_signs_up_on_a_foreign_site_which_gets_none_of_our_cookies(host: &'static Host) {
    let stage = Stage::plain(host, Place::Foreign);
    let browser = Browser::open();

    stage.follow(&browser, &stage.ann.link(&stage.service));
    let landing = &stage.site.seen("/landing")[0];
    assert!(landing.target.contains("prn="), "{landing:?}");
    assert!(!landing.cookie.split("; ").any(is_ours), "{landing:?}");

    // The widget keeps the touch where this site's pages, and only they, find it.
    browser.until("!location.search.includes('prn')");
    eventually("a touch", || {
        stage.cookies(&browser).into_iter().find(|it| it.domain == "localhost")
    });
    assert!(browser.value("document.cookie").to_string().contains(&stage.cookie()));

    stage.open(&browser, "/later");
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn a_friend_who_landed_on_www_is_known_on_app_where_the_two_share_a_cookie(host: &'static Host) {
    let (stage, browser) = landed_on_www(host, Some("shop.localhost"));
    let [cookie] = &stage.cookies(&browser)[..] else {
        panic!("one cookie, not {:?}", browser.cookies())
    };
    // Over plain http, as on this machine, neither prefix nor `Secure`.
    assert_eq!(cookie.name, stage.cookie());
    assert_eq!(cookie.domain, ".shop.localhost");
    assert!(cookie.http_only, "{cookie:?}");
    assert!(known_on_app(&stage, &browser));
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert_eq!(browser.complaints(), Vec::<String>::new());

    // Without a domain the cookie is the one host's, and nobody is known on the other.
    let (stage, browser) = landed_on_www(host, None);
    assert_eq!(stage.cookies(&browser)[0].domain, "www.shop.localhost");
    assert!(!known_on_app(&stage, &browser));
}

/// A site of two hosts that both route our links, and a browser that has followed one on the first.
#[track_caller]
fn landed_on_www(host: &'static Host, cookie_domain: Option<&str>) -> (Stage, Browser) {
    let site = Site::open("www.shop.localhost").first_party(host.url());
    let stage = Stage::set(host, Place::FirstParty, site, |terms| {
        terms.sites.push(terms.sites[0].replace("www", "app"));
        terms.cookie_domain = cookie_domain.map(Into::into);
    });
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until("!location.search.includes('prn')");
    (stage, browser)
}

/// Whether somebody who types the other host's address is known there for a friend.
#[track_caller]
fn known_on_app(stage: &Stage, browser: &Browser) -> bool {
    let app = stage.service.replace("www", "app");
    stage.site.set_page("/account", &stage.campaign.page(&app, ""));
    browser.visit(&format!("{app}/account"));
    stage.settled(browser);
    browser.value("parrain('visit').then((it) => it.referred)") == true
}

fn the_first_touch_wins_where_the_campaign_says_so(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let site = Stage::site(host, place);
        let stage = Stage::set(host, place, site, |terms| terms.model = "FIRST_CLICK");
        check_touches(&stage, place, "Ann");
    }
}

fn the_last_touch_wins_by_default(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        check_touches(&Stage::plain(host, place), place, "Bob");
    }
}

#[track_caller]
fn check_touches(stage: &Stage, place: Place, expected: &str) {
    let browser = Browser::open();
    // A foreign site keeps a touch by one more call after the visit's: leaving cuts it off.
    let mut kept = None;
    for sender in [&stage.ann, &stage.bob] {
        stage.follow(&browser, &sender.link(&stage.service));
        kept = eventually("a touch that is kept", || {
            let ours = stage.cookies(&browser).into_iter().map(|it| it.value).next();
            Some(ours).filter(|it| it.is_some() && *it != kept)
        });
    }
    stage.open(&browser, "/later");
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some(expected), "{place:?}");
}

fn images_frames_and_prefetches_of_a_link_change_nobodys_attribution(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let link = format!("/r/{}", stage.bob.id);
    let stuffing = format!(
        r#"<link rel="prefetch" href="{link}"><img alt="" src="{link}"><iframe title="x" src="{link}"></iframe>
           <script>fetch("{link}", {{ mode: "no-cors" }})</script>"#
    );
    stage.site.set_page("/stuffed", &stage.campaign.page(&stage.service, &stuffing));
    let stuffed = |browser: &Browser| {
        let answered = || stage.site.seen(&link).iter().filter(|it| it.status == 302).count();
        let before = answered();
        stage.open(browser, "/stuffed");
        eventually("four answers for the link", || (answered() >= before + 4).then_some(()));
    };

    // Somebody whom Ann had sent is still hers.
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    let before = stage.cookies(&browser);
    stuffed(&browser);
    assert_eq!(stage.cookies(&browser).len(), before.len());
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));

    // Somebody whom nobody had sent is still nobody's.
    let browser = Browser::open();
    stuffed(&browser);
    assert_eq!(stage.cookies(&browser), []);
    stage.open(&browser, "/later");
    assert_eq!(browser.value("parrain('visit').then((it) => it.referred)"), false);
}

fn a_friend_without_a_link_has_no_referrer(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let browser = Browser::open();
    stage.open(&browser, "/landing");
    assert_eq!(browser.value("parrain('visit').then((it) => it.referred)"), false);
    assert_eq!(browser.value("parrain('referrer')"), Value::Null);
    assert_eq!(browser.our_cookies().len(), 0);
}

fn robots_are_told_apart_by_traps_and_speed(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let trap = r#"<label hidden>Leave this field blank <input name="nickname"></label><button>"#;
    let page = stage.campaign.page(&stage.service, "");
    stage.site.set_page("/trap", &page.replace("<button>", trap));
    let status = |email: &str| {
        let found = eventually(email, || stage.campaign.participant(email));
        (found["referralStatus"].clone(), found["fraudReasonCode"].clone())
    };
    let held = ("CREDIT_PENDING".into(), "AUTOMATED_SIGNUP".into());

    // Somebody who leaves the trap alone is a friend; whoever writes into it is looked at first.
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    stage.open(&browser, "/trap");
    sign_up(&browser, "frida@example.com");
    assert_eq!(status("frida@example.com").0, "CREDIT_AWARDED");
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    stage.open(&browser, "/trap");
    browser.value("document.querySelector('[name=nickname]').value = 'a secret'");
    sign_up(&browser, "robot@example.com");
    assert_eq!(status("robot@example.com"), held);

    // A script that fills the form in as soon as the wasm is there, which tells. The page's clock says
    // how soon: a machine with much to do may take longer than people type.
    let script = "<script>performance.now = () => 900; const wait = setInterval(() => {
        if (!customElements.get('parrain-share')) return;
        clearInterval(wait);
        document.querySelector('[name=email]').value = 'script@example.com';
        document.querySelector('#signup').requestSubmit();
    }, 5)</script></html>";
    stage.site.set_page("/fast", &page.replace("</html>", script));
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.visit(&format!("{}/fast", stage.service));
    assert_eq!(status("script@example.com"), held);
}
