//! A member makes a passkey and signs in with it, with an authenticator of the browser's own.

use serde_json::json;
use tests::host::{Kind, Options};
use tests::{Browser, Host};

#[test]
fn a_member_signs_in_with_a_passkey_on_the_native_host() {
    story(Kind::Native);
}

#[test]
fn a_member_signs_in_with_a_passkey_on_the_worker() {
    story(Kind::Worker);
}

fn story(kind: Kind) {
    let host = Host::start(kind, Options { named: true, ..Options::default() });
    let here = host.url().replace("127.0.0.1", "localhost");
    let browser = Browser::open();
    browser.command("WebAuthn.enable", json!({}));
    let device = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true,
        "automaticPresenceSimulation": true,
    });
    browser.command("WebAuthn.addVirtualAuthenticator", json!({ "options": device }));

    browser.enter_console(&host.owner_link().replace("127.0.0.1", "localhost"));
    browser.visit(&format!("{here}/console/me?lang=en"));
    browser.until("document.querySelector('#new-passkey')?.hidden === false");
    assert_eq!(browser.violations(), Vec::<String>::new());
    browser.enter("#passkey-name", "My laptop");
    browser.click("#new-passkey button");
    browser.until("location.search.includes('said=added')");
    assert!(browser.text("main").contains("My laptop"), "{}", browser.text("main"));

    browser.click("header .menu:last-of-type summary");
    browser.click("form[action='/console/sign-out'] button");
    browser.until("location.pathname === '/console/sign-in'");
    browser.visit(&format!("{here}/console/me?lang=en"));
    browser.until("document.querySelector('#passkey')?.hidden === false");
    assert_eq!(browser.violations(), Vec::<String>::new());
    browser.visit(&format!("{here}/console/sign-in?lang=en"));
    browser.until("document.querySelector('#passkey')?.hidden === false");
    browser.click("#passkey button");
    browser.until(
        "/^[/]console[/]./.test(location.pathname) && !location.pathname.endsWith('sign-in')",
    );
    browser.visit(&format!("{here}/console/me?lang=en"));
    assert!(browser.text("main").contains("last used"), "{}", browser.text("main"));
}
