//! What the stories take for granted of the browser and of the harness itself.

use std::time::Duration;

use serde_json::json;
use tests::Site;
use tests::browser::{Browser, View};
use tests::wait::now;

use crate::stage::sign_up;

/// Our cookies are `Secure`, and stories run over plain HTTP: see [`tests::browser`].
#[test]
fn chromium_keeps_secure_cookies_over_plain_http_on_both_loopback_names() {
    let browser = Browser::open();
    for host in ["127.0.0.1", "localhost"] {
        let set = "__Host-prn-x=1; Secure; HttpOnly; Path=/; SameSite=Lax";
        let site = Site::open(host).header("set-cookie", set).page("/", "<title>x</title>");
        browser.visit(site.url());
        assert!(browser.our_cookies().contains(&("__Host-prn-x".into(), host.into())));
        browser.visit(&format!("{}/next", site.url()));
        assert_eq!(site.seen("/next")[0].cookie, "__Host-prn-x=1");
        assert_eq!(browser.value("document.cookie"), "");
        browser.value("document.cookie = 'prn-x=2; Path=/; SameSite=Lax; Secure'");
        assert_eq!(browser.value("document.cookie"), "prn-x=2");
    }
    assert_eq!(browser.our_cookies().len(), 4);
}

#[test]
fn the_harness_sees_what_is_wrong_with_a_page() {
    let page = r#"<!doctype html><html lang="en"><title>x</title>
        <meta name="viewport" content="width=device-width"><main><h1>x</h1>
        <p style="width: 500px">wide</p><img src="/x.png"></main>
        <script>console.error("oh")</script></html>"#;
    let site = Site::open("localhost").page("/", page);
    let browser = Browser::open();
    browser.look(View { width: 360, dark: true });
    browser.visit(site.url());
    assert!(browser.overflow() > 0);
    assert_eq!(browser.value("matchMedia('(prefers-color-scheme: dark)').matches"), true);
    let [violation] = &browser.violations()[..] else { panic!("the image has no text") };
    assert!(violation.starts_with("image-alt at img"), "{violation}");
    assert!(browser.complaints()[0].contains("oh"));
    assert_eq!(browser.stored(), 0);
    browser.run("localStorage.setItem('a', arguments[0])", json!("b"));
    assert_eq!(browser.stored(), 1);
}

#[test]
fn the_harness_forbids_wasm_delays_and_never_answers() {
    let form = r#"<!doctype html><title>x</title><script async src="/never"></script>
        <form id="signup" action="/thanks" method="post"><input name="first_name"><input name="email">
        <input name="password"><button>Go</button></form>"#;
    let site = Site::open("127.0.0.1")
        .header("content-security-policy", "script-src 'self' 'unsafe-inline'")
        .delay("/late", Duration::from_millis(300))
        .silence("/never")
        .page("/", form);
    let front = Site::open("localhost").route("/", site.url());
    let browser = Browser::open();
    let start = now();
    browser.visit(front.url());
    assert!(start.elapsed() < Duration::from_secs(5));
    let wasm =
        "WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => 1, () => 0)";
    assert_eq!(browser.value(wasm), 0);
    let late = "(() => { const start = performance.now();
        return fetch('/late').then(() => performance.now() - start > 290) })()";
    assert_eq!(browser.value(late), true);
    sign_up(&browser, "frida@example.com");
    let sent = &site.seen("/thanks")[0];
    assert_eq!(
        sent.body,
        "first_name=Frida&email=frida%40example.com&password=correct+horse+battery"
    );
    assert_eq!(sent.status, 200);
}
