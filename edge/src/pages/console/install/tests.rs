//! Tests of what the installation's page says.

use serde_json::json;
use shared::{
    attribution::Key,
    campaign::{Installation, Options, Status},
    money::Currency,
};

use super::*;

fn campaign() -> Campaign {
    let share_url = Some("https://shop.example/welcome".into());
    Campaign {
        id: "shop01".into(),
        name: "Shop".into(),
        status: Status::InProgress,
        currency: Currency::EUR,
        company_name: None,
        company_logo_image_url: None,
        started_at: Some(Timestamp(0)),
        ended_at: None,
        installation: Installation { share_url, ..Installation::default() },
        options: Options::default(),
        keys: vec![Key { generation: 1, retired_at: None }],
    }
}

fn begun() -> Test {
    Test {
        mark: "m".into(),
        page: "https://shop.example/welcome".into(),
        started_at: Timestamp(0),
        called_at: None,
        clicked_at: None,
        signed_up_at: None,
        origin: None,
        consent: None,
        told: json!({}),
    }
}

/// What is said of a test after so many seconds.
fn said(test: &Test, seconds: i64) -> String {
    let campaign = campaign();
    let install = Install {
        lang: Lang::En,
        csrf: "t",
        campaign: &campaign,
        service: "https://go.example",
        test: Some(test),
        ordered: None,
        now: Timestamp::from_seconds(seconds),
        may: true,
        told: None,
        wrong: None,
    };
    state(&install).into_string()
}

#[test]
fn r_trial_3_what_is_missing_is_said_with_how_to_mend_it() {
    let at = Some(Timestamp(5));
    let called = Test { called_at: at, ..begun() };
    let clicked = Test { clicked_at: at, ..called.clone() };
    let form = |form: &str| Test { told: json!({ "form": form }), ..clicked.clone() };
    let foreign = Test { origin: Some("https://www.shop.example".into()), ..called.clone() };
    for (test, expected) in [
        (begun(), EN_SILENT),
        (called.clone(), "The tag answers, but the test link did not come"),
        (foreign.clone(), "Allow https://www.shop.example"),
        (form("UNKNOWN"), "Add the attribute data-parrain-form"),
        (form("LOGIN"), "looks like a login"),
        (form("NO_ADDRESS"), "Give its field the type email"),
        (form("IGNORED"), "Take the attribute away"),
        (Test { told: json!({ "cookies": false }), ..clicked.clone() }, "refuses cookies"),
        (Test { told: json!({ "wasm": false }), ..clicked.clone() }, "forbids WebAssembly"),
        (
            Test { consent: Some("REQUIRED".into()), ..clicked.clone() },
            "parrain(&quot;consent&quot;, true)",
        ),
    ] {
        let text = said(&test, 21);
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(!text.contains("All is well"), "{text}");
        assert!(!said(&clicked, 21).contains(expected), "{expected}");
    }
    // Once it is allowed, or read after all, nothing is wrong any more.
    let mended = Test { origin: Some("https://shop.example".into()), ..called };
    assert!(!said(&mended, 21).contains("Allow https"));
    let well = Test { signed_up_at: at, ..form("UNKNOWN") };
    let text = said(&well, 21);
    assert!(text.contains("All is well") && !text.contains("class=\"wrong\""), "{text}");
}

const EN_SILENT: &str = "Nothing was heard of the tag yet.";

#[test]
fn silence_is_told_after_twenty_seconds_and_a_test_ends_after_an_hour() {
    assert!(!said(&begun(), 20).contains(EN_SILENT));
    assert!(said(&begun(), 21).contains("connect-src https://go.example"));
    assert!(!said(&begun(), 3_600).contains(words(Lang::En).over));
    assert!(said(&begun(), 3_601).contains(words(Lang::En).over));
}

#[test]
fn every_snippet_names_script_and_campaign() {
    for it in snippets::all("https://go.example/p.js", "shop01") {
        assert!(it.contains("https://go.example/p.js") && it.contains("shop01"), "{it}");
    }
}

#[test]
fn the_tag_of_a_fixed_version_waits_for_the_script_that_fills_it_in() {
    let (campaign, test) = (campaign(), begun());
    let install = Install {
        lang: Lang::En,
        csrf: "t",
        campaign: &campaign,
        service: "https://go.example",
        test: Some(&test),
        ordered: None,
        now: Timestamp(0),
        may: true,
        told: None,
        wrong: None,
    };
    let page = page(&install).into_string();
    let (_, pinned) = page.split_once("hidden data-pinned=\"/p.json\"").unwrap();
    assert!(pinned.contains("src=&quot;https://go.example/p.js&quot;"), "{pinned}");
}

#[test]
fn an_origin_is_shown_as_text() {
    let evil = Some("https://<script>".into());
    let text = said(&Test { origin: evil, called_at: Some(Timestamp(1)), ..begun() }, 1);
    assert!(text.contains("https://&lt;script&gt;") && !text.contains("<script>"), "{text}");
}
