//! Passing a link on: at most two taps from a page, whether or not the service answers.

use serde_json::json;
use tests::wait::{eventually, now};
use tests::{Browser, Host, on_both_hosts};

use crate::stage::{Place, Stage};

on_both_hosts!(
    r_share_2_from_a_page_to_shared_it_takes_one_tap_or_two,
    r_share_3_a_share_waits_for_nobody,
);

/// A page of the site on which Ann shares, and what it does in place of other programs.
fn page(stage: &Stage) -> String {
    format!(
        r#"<!doctype html><html lang="en"><title>Share</title>{}
        <main><h1>Share</h1><parrain-share code="{}" base="{}" channels="whatsapp email line"></parrain-share></main>
        <script>window.opened = [];
        document.addEventListener("click", (event) => {{
          const link = event.composedPath().find((it) => it.href);
          if (!link) return;
          event.preventDefault();
          opened.push([link.href, performance.now() - event.timeStamp]);
        }});</script></html>"#,
        stage.campaign.script(&stage.service),
        stage.ann.id,
        stage.service
    )
}

const CHANNEL: &str = "parrain-share>>>[data-channel=whatsapp]";

fn r_share_2_from_a_page_to_shared_it_takes_one_tap_or_two(host: &'static Host) {
    let stage = Stage::plain(host, Place::Foreign);
    stage.site.set_page("/share", &page(&stage));
    let browser = Browser::open();
    stage.open(&browser, "/share");
    // One, where the element stands in the page.
    browser.click(CHANNEL);
    let href = browser.value("opened[0][0]");
    let href = href.as_str().expect("a link");
    assert!(href.starts_with("https://wa.me/?text=") && href.contains("%3Fc%3Dwhatsapp"), "{href}");
    // Two, where a button of the page opens the window.
    browser.run(
        "const button = Object.assign(document.createElement('button'), { id: 'refer', textContent: 'Refer' });
         button.onclick = () => parrain('prompt', { code: arguments[0], now: true });
         document.querySelector('main').append(button)",
        json!([stage.ann.id]),
    );
    browser.click("#refer");
    browser.click("parrain-dialog>>>parrain-share>>>[data-channel=email]");
    let href = browser.value("opened[1][0]");
    assert!(href.as_str().expect("a link").starts_with("mailto:?subject="), "{href}");
    let counted = eventually("both shares", || {
        let ann = stage.campaign.participant(&stage.ann.id)?;
        let count = ann["shareCount"].clone();
        (count["whatsapp"] == 1 && count["email"] == 1).then_some(count)
    });
    assert!(counted["line"].is_null(), "{counted}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn r_share_3_a_share_waits_for_nobody(host: &'static Host) {
    let site = Stage::site(host, Place::FirstParty).silence("/_p/share");
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    stage.site.set_page("/share", &page(&stage));
    let browser = Browser::open();
    stage.open(&browser, "/share");
    browser.until(
        "document.querySelector('parrain-share').shadowRoot?.querySelector('[data-channel]')",
    );
    let start = now();
    browser.click(CHANNEL);
    // The link opens in the very click, long before anybody could have answered.
    let took = browser.value("opened[0][1]").as_f64().expect("a time");
    assert!(took < 1_000.0 && start.elapsed().as_secs() < 5, "{took} ms");
    eventually("a share being told", || stage.site.seen("/_p/share").pop());
    assert_eq!(stage.site.seen("/_p/share")[0].status, 0);
    // The page goes on, and away, without waiting for it.
    browser.visit(&format!("{}/later", stage.site.url()));
    stage.settled(&browser);
}
