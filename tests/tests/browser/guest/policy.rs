//! What a strict site must allow, and that nothing more is asked for: content security policy, trusted types,
//! integrity.

use serde_json::{Value, json};
use tests::wait::eventually;
use tests::{Browser, Host, Site, http, on_both_hosts};

use super::{DRAWN, STORY, elements, page};
use crate::stage::{Place, Stage};

on_both_hosts!(
    a_strict_policy_is_enough,
    a_tag_of_a_fixed_version_comes_with_its_integrity_and_no_other_file_passes,
    a_script_runs_the_wasm_of_its_version_and_no_other,
);

/// What the documents say that a site must allow; nothing else is.
pub(super) fn policy(service: &str) -> Vec<(&'static str, String)> {
    vec![
        ("default-src", "'none'".into()),
        ("base-uri", "'none'".into()),
        ("form-action", "'self'".into()),
        ("script-src", format!("{service} 'wasm-unsafe-eval'")),
        ("connect-src", service.into()),
        ("img-src", service.into()),
        ("require-trusted-types-for", "'script'".into()),
        ("trusted-types", "'none'".into()),
    ]
}

fn written(policy: &[(&str, String)]) -> String {
    policy.iter().map(|(name, value)| format!("{name} {value}; ")).collect()
}

/// A foreign site under a policy, with a form that the page itself sends.
fn strict(host: &'static Host, policy: &str, tag: impl FnOnce(String) -> String) -> Stage {
    let site = Site::open("localhost").header("content-security-policy", policy);
    let stage = Stage::set(host, Place::Foreign, site, |_| ());
    let form = r#"<form id="join" action="/thanks" method="post"><label>E-mail <input type="email" name="email"></label>
        <button>Sign up</button></form>"#;
    let tag = tag(stage.campaign.script(&stage.service));
    stage.site.set_page("/landing", &page(&tag, &(elements(&stage) + form)));
    stage
}

/// Comes by Ann's link in a browser that remembers what was wrong.
fn come(stage: &Stage) -> Browser {
    let browser = Browser::open();
    browser.begin_with(STORY);
    browser.visit(&stage.ann.link(&stage.service));
    browser.arrives_at("/landing");
    browser
}

fn a_strict_policy_is_enough(host: &'static Host) {
    let with = |script: &str| {
        let mut all = policy(host.url());
        all[3].1 = format!("{script} 'wasm-unsafe-eval'");
        written(&all)
    };
    for (name, policy, nonce) in [
        ("by host", written(&policy(host.url())), ""),
        ("by nonce", with("'nonce-cafe' 'strict-dynamic'"), r#" nonce="cafe""#),
    ] {
        let stage = strict(host, &policy, |tag| tag.replace(" async", &format!(" async{nonce}")));
        let browser = come(&stage);
        browser.until(DRAWN);
        browser.click("parrain-share>>>#copy");
        browser.click("parrain-banner>>>#claim");
        browser.until("document.querySelector('parrain-banner').shadowRoot.querySelector('#status').textContent");
        assert_eq!(browser.value("story.refused"), json!([]), "{name}");
        assert_eq!(browser.value("story.wrong"), json!([]), "{name}");
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{name}");
        browser.enter("[name=email]", "frida@example.com");
        browser.until("performance.now() > 3000");
        browser.click("#join button");
        browser.arrives_at("/thanks");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{name}");
    }
}

#[test]
fn what_a_policy_leaves_out_is_missing_and_nothing_breaks() {
    let host = Host::native();
    // What is not allowed, what the browser says of it, and what is there all the same.
    for (place, without, refused, there) in [
        (3, host.url().to_owned(), "script-src-elem", "!window.parrain"),
        (4, "'none'".to_owned(), "connect-src", "window.parrain"),
        (5, "'none'".to_owned(), "", DRAWN),
    ] {
        let mut all = policy(host.url());
        all[place].1 = if place == 3 { "'wasm-unsafe-eval'".into() } else { without };
        let stage = strict(host, &written(&all), |tag| tag);
        let browser = come(&stage);
        browser.until(there);
        let said = "story.refused.join()";
        if refused.is_empty() {
            assert_eq!(browser.value(said), json!(""));
        } else {
            browser.until(&format!("{said}.includes('{refused}')"));
        }
        assert_eq!(browser.value("story.wrong"), json!([]), "{refused}");
        browser.enter("[name=email]", "frida@example.com");
        browser.click("#join button");
        browser.arrives_at("/thanks");
    }
}

fn a_tag_of_a_fixed_version_comes_with_its_integrity_and_no_other_file_passes(host: &'static Host) {
    let published = http::get(&format!("{}/p.json", host.url())).send().expect(200).json();
    let text = |it: &Value| it.as_str().expect("a text").to_owned();
    let integrity = text(&published["integrity"]);
    let files = published["files"].as_object().expect("files");
    let widget = files.keys().find(|it| it.ends_with("/widget.js")).expect("the widget");
    for (name, loader, module) in [
        ("right", &integrity, &files[widget]),
        ("another loader", &text(&files[widget]), &files[widget]),
        ("another widget", &integrity, &published["integrity"]),
    ] {
        let stage = Stage::plain(host, Place::Foreign);
        // Each campaign has one of its own.
        let address = format!("{}{widget}?{}", host.url(), stage.campaign.id);
        let map = json!({ "integrity": { address: module } });
        let tag = on_the_console(host, &stage.campaign.id);
        assert!(tag.contains(&format!("{}{}\"", host.url(), text(&published["src"]))), "{tag}");
        assert!(tag.contains(&integrity) && tag.contains(&stage.campaign.id), "{tag}");
        let tag = tag.replace(&integrity, loader);
        let head = format!(r#"<script type="importmap">{map}</script>{tag}"#);
        let body = elements(&stage)
            + r#"<form id="signup" class="signup-form" action="/thanks" method="post">
            <input name="first_name"><input type="email" name="email"><input type="password" name="password"
            autocomplete="new-password"><button>Sign up</button></form>"#;
        stage.site.set_page("/landing", &page(&head, &body));
        let browser = come(&stage);
        match name {
            "right" => browser.until(DRAWN),
            // The file came, and was not run.
            "another loader" => {
                eventually("a refusal", || {
                    browser.complaints().iter().any(|it| it.contains("integrity")).then_some(())
                });
                assert_eq!(browser.value("window.parrain === undefined"), json!(true));
            }
            _ => {
                browser.until("window.parrain && performance.now() > 3000");
                assert_eq!(
                    browser.value("customElements.get('parrain-share') === undefined"),
                    json!(true)
                );
            }
        }
        assert_eq!(browser.value("story.wrong"), json!([]), "{name}");
        crate::stage::sign_up(&browser, "frida@example.com");
        if name != "another loader" {
            assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"), "{name}");
        }
    }
}

/// Without its wasm the page has plain links, and the service judges its forms.
fn a_script_runs_the_wasm_of_its_version_and_no_other(host: &'static Host) {
    let published = http::get(&format!("{}/p.json", host.url())).send().expect(200).json();
    let files = published["files"].as_object().expect("files");
    let path = files.keys().find(|it| it.ends_with("/widget.wasm")).expect("the wasm");
    let wasm = http::get(&format!("{}{path}", host.url())).send().expect(200).bytes;
    // A section of no meaning, which every browser passes over.
    let other = [wasm.as_slice(), &[0, 2, 1, b'x']].concat();
    for (bytes, is_run) in [(wasm, true), (other, false)] {
        let site = Stage::site(host, Place::FirstParty).file(path, "application/wasm", bytes);
        let stage = Stage::set(host, Place::FirstParty, site, |_| ());
        let share = format!(r#"<parrain-share code="{}"></parrain-share>"#, stage.ann.id);
        stage.site.set_page("/landing", &stage.campaign.page(&stage.service, &share));
        let browser = come(&stage);
        let links = "document.querySelector('parrain-share')";
        if is_run {
            browser.until(&format!("{links}.shadowRoot?.querySelector('#channels li')"));
        } else {
            browser.until(&format!("{links}.querySelector('a')"));
            assert_eq!(browser.value(&format!("{links}.shadowRoot")), Value::Null);
            assert!(browser.complaints().iter().any(|it| it.contains("integrity")));
        }
        assert_eq!(browser.value("story.wrong"), json!([]));
        crate::stage::sign_up(&browser, "frida@example.com");
        assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    }
}

/// The tag of a fixed version, as the console shows it.
#[track_caller]
fn on_the_console(host: &Host, campaign: &str) -> String {
    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    owner.visit(&format!("{}/console/{campaign}/install", host.url()));
    owner.until("document.querySelector('[data-pinned]:not([hidden])')");
    owner.click("[data-pinned] summary");
    let copied = owner.value("document.querySelector('[data-pinned] [data-copy]').dataset.copy");
    let shown = owner.text("[data-pinned] code");
    assert_eq!(copied, json!(shown));
    assert_eq!(owner.violations(), Vec::<String>::new());
    shown
}
