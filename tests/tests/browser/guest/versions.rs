//! Loaders of other days: pages and caches keep them while the service goes on.

use serde_json::{Value, json};
use tests::http::get;
use tests::wait::eventually;
use tests::{Browser, Host, on_both_hosts};

use super::{CLUB, DRAWN, STORY, elements, is_told, page};
use crate::stage::{Place, Stage, sign_up};

on_both_hosts!(
    an_old_loader_whose_files_are_gone_still_tells_of_a_friend,
    a_second_tag_does_nothing_beside_a_loader_of_an_earlier_version,
);

/// The loader of a version whose other files are gone. What it sends and reads is named below: a loader that
/// is changed may say more, and the names of today stay, because pages keep the loader of today.
fn old(host: &Host) -> String {
    let loader = get(&format!("{}/p.js", host.url())).send().expect(200).text();
    let (head, tail) = loader.split_once("/widget.js").expect("the name of its files");
    let (head, _) = head.rsplit_once("/p/").expect("their version");
    format!("{head}/p/000000000000/widget.js{tail}")
}

fn an_old_loader_whose_files_are_gone_still_tells_of_a_friend(host: &'static Host) {
    let site = Stage::site(host, Place::FirstParty);
    let site = site.file("/p-old.js", "text/javascript", old(host).into());
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let landing = stage.campaign.page(&stage.service, "").replace("/p.js", "/p-old.js");
    stage.site.set_page("/landing", &landing);
    let browser = Browser::open();
    browser.begin_with(STORY);
    browser.visit(&stage.ann.link(&stage.service));
    browser.arrives_at("/landing");
    browser.until("window.parrain");
    let visit = browser.value("parrain('visit')");
    // What it reads of the answer.
    for field in ["referred", "consent", "token", "forms", "captureUnreferred"] {
        assert!(visit.get(field).is_some(), "{field}: {visit}");
    }
    assert_eq!(visit["forms"]["take"], json!([]));
    assert_eq!(visit["forms"]["ignore"], json!([]));
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));

    // What it sends: another day's service has to read these names.
    let sent = |path: &str| -> Value {
        let body = stage.site.seen(path).pop().expect("a call").body;
        serde_json::from_str(&body).expect("JSON")
    };
    let names = |it: &Value| -> Vec<String> {
        it.as_object().expect("an object").keys().cloned().collect()
    };
    assert_eq!(names(&sent("/_p/visit")), ["campaign"]);
    let lead = sent("/_p/lead");
    assert_eq!(names(&lead), ["campaign", "form"]);
    let form = [
        "action", "buttons", "chosen", "class", "fields", "heading", "id", "name", "path", "role",
        "text", "title",
    ];
    assert_eq!(
        names(&lead["form"]).into_iter().filter(|it| it != "chosen").collect::<Vec<_>>(),
        form.into_iter().filter(|it| *it != "chosen").collect::<Vec<_>>()
    );
    let field = [
        "aria-label",
        "autocomplete",
        "data-parrain-field",
        "id",
        "label",
        "name",
        "placeholder",
        "prefilled",
        "readOnly",
        "title",
        "type",
        "typed",
        "value",
        "visible",
    ];
    assert_eq!(names(&lead["form"]["fields"][1]), field);
}

/// Such a loader leaves no more than the name of its campaign.
fn a_second_tag_does_nothing_beside_a_loader_of_an_earlier_version(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let earlier = |campaign: &str| {
        format!(
            "<script>window.parrain = Object.assign(() => {{}}, {{ campaign: {campaign:?} }})</script>"
        )
    };
    for (campaign, visits) in [(stage.campaign.id.as_str(), 0), ("another", 1)] {
        let tag = stage.campaign.script(&stage.service);
        stage.site.set_page("/landing", &page(&(earlier(campaign) + &tag), ""));
        let browser = Browser::open();
        browser.visit(&format!("{}/landing", stage.site.url()));
        eventually("the tag", || stage.site.seen("/p.js").pop());
        browser.until("document.readyState === 'complete' && performance.now() > 2000");
        assert_eq!(stage.site.seen("/_p/visit").len(), visits, "{campaign}");
    }
}

/// The service of tomorrow says more; who does not know it passes over it.
#[test]
fn answers_with_fields_that_nobody_knows_yet_change_nothing() {
    let host = Host::native();
    let more = json!({ "later": { "deep": [1, null, { "x": "y" }] }, "also": null, "kind": 7 });
    let site = Stage::site(host, Place::FirstParty).with_more(&more);
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    let tag = stage.campaign.script(&stage.service);
    stage.site.set_page("/landing", &page(&tag, &(elements(&stage) + CLUB)));
    let browser = Browser::open();
    browser.begin_with(STORY);
    stage.follow(&browser, &stage.ann.link(&stage.service));
    assert_eq!(browser.value("parrain('visit').then((it) => it.later.deep[2].x)"), json!("y"));
    browser.until(DRAWN);
    browser.click("parrain-banner>>>#claim");
    browser.until(
        "document.querySelector('parrain-banner').shadowRoot.querySelector('#status').textContent",
    );
    browser.enter("[name=email]", "frida@example.com");
    browser.click("#join button");
    eventually("the lead", || is_told(&stage, "frida@example.com").then_some(()));
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert_eq!(browser.value("story.wrong"), json!([]));
}
