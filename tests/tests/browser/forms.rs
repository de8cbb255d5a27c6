//! The corpus of `tests/forms`, in pages of a real browser: the loader describes, the wasm judges.

use std::fmt::Write;

use serde_json::{Value, json};
use tests::{Browser, Host, Site};

use crate::stage::{Place, Stage};

const FILES: [&str; 12] = [
    include_str!("../../forms/builders.json"),
    include_str!("../../forms/crm.json"),
    include_str!("../../forms/forms.json"),
    include_str!("../../forms/frameworks.json"),
    include_str!("../../forms/languages.json"),
    include_str!("../../forms/newsletters.json"),
    include_str!("../../forms/shops.json"),
    include_str!("../../forms/traps.json"),
    include_str!("../../forms/wordpress.json"),
    include_str!("../../forms/hand-2.json"),
    include_str!("../../forms/hand-3.json"),
    include_str!("../../forms/hand-4.json"),
];

/// Shows a form after another in the page, fills each in as a person does, and sends it: nothing for
/// a case without an HTML form, else the lead that the page was told of, or null.
const SEND: &str = r#"
    const [cases] = arguments;
    const stage = document.getElementById("stage");
    const told = [];
    let lead;
    const hear = ({ detail }) => (lead = detail);
    document.addEventListener("parrain-lead", hear);
    return (async () => {
      for (const { html, kind, expect } of cases) {
        stage.innerHTML = html.includes("<iframe") ? "" : html;
        const form = stage.querySelector("form");
        lead = null;
        if (!form) {
          told.push({});
          continue;
        }
        // A letter to the owner is taken if the owner says so.
        if (kind === "contact") form.setAttribute("data-parrain-form", "");
        const textual = /^(text|email|tel|url|password|search|textarea)$/;
        for (const it of form.querySelectorAll("input,textarea")) {
          if (textual.test(it.type) && !it.defaultValue) it.value = "other@example.com";
          // Whoever came to the last step was in each.
          if (it.closest("[data-step]")) it.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
        }
        const type = (selector, text) => selector && (stage.querySelector(selector).value = text);
        type(expect.email_selector, "frida@example.com");
        type(expect.first_name_selector, "Frida");
        type(expect.last_name_selector, "Bell");
        type(expect.full_name_selector, "Frida Bell");
        for (const it of expect.never_read ?? []) type(it, "secret@example.com");
        const submitter = form.querySelector("button:not([type=button]),[type=submit]");
        form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter }));
        // What nobody prevents is told of right after.
        await new Promise((go) => setTimeout(go));
        told.push({ lead });
        await fetch("/turn");
      }
      document.removeEventListener("parrain-lead", hear);
      return told;
    })();"#;

/// A page that shows forms, and whose leads end at the site.
fn stage(policy: Option<&'static str>) -> (Stage, Site) {
    let host = Host::native();
    let end = Site::open("127.0.0.1");
    let site = Site::open("127.0.0.1").route("/_p/lead", end.url()).first_party(host.url());
    let site = match policy {
        Some(policy) => site.header("content-security-policy", policy),
        None => site,
    };
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let page = format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Daily Cup</title>{}
        <div id="stage"></div></html>"#,
        stage.campaign.script(&stage.service)
    );
    stage.site.set_page("/landing", &page);
    (stage, end)
}

#[test]
fn the_corpus_is_described_in_a_real_browser() {
    let (stage, _end) = stage(None);
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until("customElements.get('parrain-share')");

    let (mut positives, mut right, mut negatives, mut captured_falsely, mut read) = (0, 0, 0, 0, 0);
    let mut report = String::new();
    for file in FILES {
        let cases: Value = serde_json::from_str(file).unwrap();
        let told = browser.run(SEND, json!([cases]));
        for (case, told) in cases.as_array().unwrap().iter().zip(told.as_array().unwrap()) {
            let (id, expect) = (&case["id"], &case["expect"]);
            let Some(lead) = told.get("lead") else { continue };
            if lead.to_string().contains("secret") {
                read += 1;
                writeln!(report, "{id}: read {lead}").unwrap();
            }
            if expect["capture"] == true {
                positives += 1;
                right += usize::from(lead["email"] == "frida@example.com");
                let first = &expect["first_name_selector"];
                let named = first.is_null() || lead["firstName"] == "Frida";
                if lead["email"] != "frida@example.com" || !named {
                    writeln!(report, "{id}: {lead}").unwrap();
                }
            } else {
                negatives += 1;
                captured_falsely += usize::from(!lead.is_null());
                if !lead.is_null() {
                    writeln!(report, "{id}: captured {lead}").unwrap();
                }
            }
        }
    }
    println!(
        "{right} of {positives} taken, {captured_falsely} of {negatives} falsely, {read} read\n{report}"
    );
    assert_eq!(read, 0, "{report}");
    assert!(200 < positives + negatives, "most cases have a form");
    assert!(captured_falsely * 100 <= negatives * 3, "{report}");
    assert!(positives * 85 <= right * 100, "{report}");
}

#[test]
fn without_wasm_nothing_is_told_that_is_never_read() {
    let (stage, end) = stage(Some("script-src 'self'"));
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until("customElements.get('parrain-share')");

    for file in FILES {
        let mut cases: Vec<Value> = serde_json::from_str(file).unwrap();
        cases.retain(|it| it["expect"]["told_without_wasm"] != true);
        browser.run(SEND, json!([cases]));
    }
    let told = stage.site.seen("/_p/lead");
    assert!(end.seen("/_p/lead").len() == told.len() && 100 < told.len(), "{}", told.len());
    let has = |text: &str| told.iter().filter(|it| it.body.contains(text)).count();
    assert!(60 < has("frida@example.com"), "{}", has("frida@example.com"));
    let secret: Vec<_> = told.iter().filter(|it| it.body.contains("secret@")).collect();
    assert!(secret.is_empty(), "{secret:?}");
}
