//! Catalogues of other languages: the dashboard and the windows say everything in theirs, from right to left
//! where it is written so.

use std::time::Duration;

use serde_json::{Value, json};
use tests::browser::View;
use tests::{Browser, Host, on_both_hosts};

use crate::stage::{Place, Stage, press, vouched};

on_both_hosts!(
    a_dashboard_is_whole_in_the_language_of_a_catalogue,
    windows_are_whole_in_the_language_of_a_catalogue,
);

/// The inside of the dashboard.
const BOARD: &str = "document.querySelector('parrain-dashboard').shadowRoot";

/// What is said in Latin letters although nobody's own, within a root.
const LEFT: &str = "((root) => {
    const left = [];
    const isLatin = (it) => /[A-Za-z\\u00c0-\\u024f]{3,}/.test(it);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement: it } = walker.currentNode;
      if (!it.closest('[translate=no], time, style') && isLatin(data)) left.push(data.trim());
    }
    for (const name of ['alt', 'aria-label', 'data-copied', 'placeholder', 'title']) {
      for (const it of root.querySelectorAll(`[${name}]`)) {
        const text = it.getAttribute(name);
        if (!it.closest('[translate=no]') && isLatin(text)) left.push(`${name}: ${text}`);
      }
    }
    return left;
  })";

/// The texts of a file that comes with the service.
fn file(name: &str) -> Value {
    let path = tests::root().join(format!("widget/catalogues/{name}.json"));
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

/// A page of the site that is written from right to left.
fn page(stage: &Stage, path: &str, lang: &str, tag: &str, body: &str) {
    let dir = if lang == "ar" { "rtl" } else { "ltr" };
    let script = stage.campaign.script(&stage.service);
    let script = script.replace("data-campaign", &format!("{tag} data-campaign"));
    let page = format!(
        r#"<!doctype html><html lang="{lang}" dir="{dir}"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><title>Tea</title>{script}
        <style>body {{ font: 16px sans-serif; color: #222; background: #fff }}</style>
        <main><h1>…</h1><p><button id="own">…</button></p>{body}</main></html>"#
    );
    stage.site.set_page(path, &page);
}

#[track_caller]
fn is_for_everybody(browser: &Browser, name: &str) {
    for width in [360, 1280] {
        browser.look(View { width, dark: false });
        browser.picture(&format!("elements-{name}-{width}"));
        assert_eq!(browser.overflow(), 0, "{name} {width}");
        assert_eq!(browser.violations(), Vec::<String>::new(), "{name} {width}");
    }
}

/// The dashboard shows this, all of it in Arabic, on phone and desk.
#[track_caller]
fn is_arabic(browser: &Browser, texts: &Value, name: &str, text: &str) {
    let said = &texts[text];
    assert!(said.is_string(), "{text}");
    browser.until(&format!("{BOARD}?.querySelector('.content')?.textContent.includes({said})"));
    let open = "querySelectorAll('details').forEach((it) => (it.open = true))";
    browser.run(&format!("{BOARD}.{open}"), json!([]));
    let found = browser.value(&format!("{LEFT}({BOARD}.querySelector('.page'))"));
    assert_eq!(found, json!([]), "{name}");
    let page = format!(
        "(({{ lang, dir }}) => [lang, dir])({BOARD}.querySelector('.page'))
         .concat(getComputedStyle({BOARD}.querySelector('.content')).direction)"
    );
    assert_eq!(browser.value(&page), json!(["ar", "rtl", "rtl"]), "{name}");
    is_for_everybody(browser, &format!("dashboard-ar-{name}"));
}

/// A campaign with rules of several kinds, in the owner's words and without.
fn earning(host: &'static Host) -> Stage {
    let place = Place::Foreign;
    let stage = Stage::set(host, place, Stage::site(host, place), |terms| terms.trigger = "CUSTOM");
    stage.campaign.writes();
    stage.campaign.change("/options", &json!({ "autoFulfillRewards": true }));
    for rule in [
        json!({ "type": "SINGLE_SIDED", "title": "10 €", "couponCode": "FRIEND10" }),
        json!({ "type": "SINGLE_SIDED", "title": "Box", "gives": { "kind": "GIFT", "amount": 1250 } }),
        json!({ "type": "MILESTONE", "title": "Three", "conversionsRequired": 3, "limit": 1,
                "gives": { "kind": "CREDIT", "amount": 123_450 } }),
    ] {
        let rules = stage.campaign.path("/reward-configs");
        let _ = host.api("POST", &rules).json(&rule).send().expect(200);
    }
    stage
}

fn a_dashboard_is_whole_in_the_language_of_a_catalogue(host: &'static Host) {
    let stage = earning(host);
    let (texts, campaign) = (file("ar.dashboard"), &stage.campaign);
    // The door, of the tag's catalogue.
    let tag = r#"data-catalogue="ar""#;
    page(&stage, "/door", "ar", tag, "<parrain-dashboard></parrain-dashboard>");
    let stranger = Browser::open();
    stranger.visit(&format!("{}/door", stage.site.url()));
    is_arabic(&stranger, &texts, "door", "Already taking part?");
    stranger.enter("parrain-dashboard>>>#in-email", "ann@example.com");
    stranger.click("parrain-dashboard>>>#sign-in ~ form button");
    is_arabic(&stranger, &texts, "sent", "Check your inbox");
    assert_eq!(stranger.complaints(), Vec::<String>::new());

    // A customer, before anything happened, and after.
    let hash = vouched(host, campaign, "ann@example.com");
    let of = format!(r#"email="ann@example.com" hash="{hash}" catalogue="ar""#);
    page(&stage, "/account", "ar", "", &format!("<parrain-dashboard {of}></parrain-dashboard>"));
    let browser = Browser::open();
    let origin = stage.site.url();
    browser.visit(&format!("{origin}/account"));
    is_arabic(&browser, &texts, "empty", "Hello");
    for (email, order) in [("eve@example.com", false), ("dan@example.com", true)] {
        let friend = json!({ "email": email, "referredBy": stage.ann.id, "firstName": "Friend" });
        let _ = host.api("POST", &campaign.path("/participant")).json(&friend).send().expect(200);
        let path = campaign.path(&format!("/participant/{email}/transaction"));
        let sale = json!({ "currency": "EUR", "grossAmount": 5000, "orderId": "1" });
        if order {
            let _ = host.api("POST", &path).json(&sale).send().expect(200);
        }
    }
    browser.run("dispatchEvent(new Event('focus'))", json!([]));
    browser.until(&format!("{BOARD}.querySelector('[data-copy=FRIEND10]')"));
    is_arabic(&browser, &texts, "earned", "counts");
    // What is somebody's own stays as it is written, and days are written as that language writes them.
    let seen = browser.text("parrain-dashboard>>>.content");
    for said in ["Ann", "10 € each", "€1,234.50", "1 من 3"] {
        let isolated = seen.replace(['\u{2066}', '\u{2069}'], "");
        assert!(isolated.contains(said), "{said}: {seen}");
    }
    let days = format!("[...{BOARD}.querySelectorAll('time')].map((it) => it.textContent)");
    let days = browser.value(&format!("{days}.filter((it) => !/[\\u0600-\\u06ff]/.test(it))"));
    assert_eq!(days, json!([]));

    // What is said later: whether a code is free, and that something was copied.
    browser.enter("parrain-dashboard>>>#own-code", "ann-loves");
    let free = format!(
        "{BOARD}.querySelector('[data-said]').textContent === {}",
        texts["This code is free."]
    );
    browser.until(&free);
    browser.click("parrain-dashboard>>>form[action$=code] button");
    is_arabic(&browser, &texts, "code", "Your link has its new code. The old one goes on working.");
    browser.run("navigator.clipboard.writeText = () => Promise.resolve()", json!([]));
    browser.click("parrain-dashboard>>>[data-copy=FRIEND10]");
    browser.until(&format!("{BOARD}.querySelector('.heard').textContent === {}", texts["Copied"]));

    the_other_pages(&browser, &texts);
    people_choose_another_language(&browser, &texts);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Messages and data, what is known, leaving.
#[track_caller]
fn the_other_pages(browser: &Browser, texts: &Value) {
    browser.click("parrain-dashboard>>>.ways a:last-child");
    is_arabic(browser, texts, "account", "Signed in as");
    let go = |path: &str| {
        let link = format!("{BOARD}.querySelector('.content a[href$=\"{path}\"]').click()");
        browser.run(&link, json!([]));
    };
    go("/data");
    is_arabic(browser, texts, "data", "Times are in UTC.");
    let seen = browser.text("parrain-dashboard>>>.known");
    for text in
        ["You came without a personal link or code.", "A friend who counts", "REWARD", "FULFILLED"]
    {
        assert!(seen.contains(texts[text].as_str().expect("a text")), "{text}: {seen}");
    }
    go("/account");
    is_arabic(browser, texts, "account-again", "Signed in as");
    go("/erase");
    is_arabic(browser, texts, "erase", "This cannot be undone. What goes at once:");
}

/// The service's two languages, and back.
#[track_caller]
fn people_choose_another_language(browser: &Browser, texts: &Value) {
    let says = |text: &str| {
        let text = json!(text);
        browser.until(&format!("{BOARD}.querySelector('.content').textContent.includes({text})"));
    };
    let page = format!("(({{ lang, dir }}) => [lang, dir])({BOARD}.querySelector('.page'))");
    let ways = format!("[...{BOARD}.querySelectorAll('.switch')].map((it) => it.textContent)");
    assert_eq!(browser.value(&ways), json!(["English", "Français"]));
    browser.click("parrain-dashboard>>>.switch[lang=fr]");
    says("C’est définitif");
    assert_eq!(browser.value(&page), json!(["fr", "ltr"]));
    assert_eq!(browser.value(&ways), json!(["English", "العربية"]));
    browser.picture("elements-dashboard-fr-chosen");
    browser.click("parrain-dashboard>>>.ways a:first-child");
    says("Bonjour");
    browser.click("parrain-dashboard>>>.switch[lang=en]");
    says("Hello Ann");
    browser.click("parrain-dashboard>>>.switch[lang=ar]");
    says(texts["Hello"].as_str().expect("a text"));
    assert_eq!(browser.value(&page), json!(["ar", "rtl"]));
}

#[test]
fn a_dashboard_speaks_german() {
    let stage = earning(Host::native());
    let texts = file("de.dashboard");
    let hash = vouched(Host::native(), &stage.campaign, "ann@example.com");
    let of = format!(r#"email="ann@example.com" hash="{hash}" catalogue="de""#);
    page(&stage, "/account", "de", "", &format!("<parrain-dashboard {of}></parrain-dashboard>"));
    let browser = Browser::open();
    browser.visit(&format!("{}/account", stage.site.url()));
    let says = |text: &str| {
        let text = &texts[text];
        browser.until(&format!("{BOARD}?.querySelector('.content')?.textContent.includes({text})"));
        // What it lacks would be marked as English.
        let marked = browser.value(&format!(
            "[...{BOARD}.querySelectorAll('[lang=en]:not([translate=no])')].map((it) => it.textContent)"
        ));
        assert_eq!(marked, json!([]));
    };
    says("Your rewards");
    is_for_everybody(&browser, "dashboard-de");
    browser.click("parrain-dashboard>>>.ways a:last-child");
    says("About you");
}

#[test]
fn a_dashboards_catalogue_may_be_late_say_little_or_fail() {
    let host = Host::native();
    let site = Stage::site(host, Place::Foreign);
    let own = json!({ "lang": "ar", "dir": "rtl", "dashboard": "late/words.json" });
    let words = json!({ "Hello": "أهلًا", "Your rewards": 7, "a gift worth {1}": "هدية بقيمة {1}" });
    let nameless = json!({ "again": "…", "dashboard": "words.json" });
    let french = json!({ "lang": "fr", "dashboard": "words.json" });
    let bytes = |it: &Value| it.to_string().into_bytes();
    let site = site
        .file("/own.json", "application/json", bytes(&own))
        .file("/late/words.json", "application/json", bytes(&words))
        .file("/french.json", "application/json", bytes(&french))
        .file("/nameless.json", "application/json", bytes(&nameless))
        .file("/words.json", "application/json", bytes(&json!({ "Hello": "Salut" })))
        .delay("/late/", Duration::from_secs(6));
    let stage = Stage::set(host, Place::Foreign, site, |_| ());
    stage.campaign.writes();
    let gift = json!({ "type": "SINGLE_SIDED", "title": "Box", "gives": { "kind": "GIFT", "amount": 1250 } });
    let rules = stage.campaign.path("/reward-configs");
    let _ = host.api("POST", &rules).json(&gift).send().expect(200);
    let hash = vouched(host, &stage.campaign, "ann@example.com");
    let open = |catalogue: &str| {
        let of = format!(r#"email="ann@example.com" hash="{hash}" catalogue="{catalogue}""#);
        page(
            &stage,
            "/account",
            "fr",
            "",
            &format!("<parrain-dashboard {of}></parrain-dashboard>"),
        );
        let browser = Browser::open();
        browser.visit(&format!("{}/account", stage.site.url()));
        browser
    };
    let says = |browser: &Browser, text: &str| {
        let text = json!(text);
        browser.until(&format!("{BOARD}?.querySelector('.content')?.textContent.includes({text})"));
    };
    let page = format!("(({{ lang, dir }}) => [lang, dir])({BOARD}.querySelector('.page'))");
    let browser = open("/own.json");
    // Nobody waits for it; once it is there, it is spoken, and the rest is marked as what it is.
    says(&browser, "Bonjour");
    assert_eq!(browser.value(&page), json!(["fr", "ltr"]));
    // The service is asked beside it, and again where it does not come.
    let asked = "((it) => it.at(-1) - it[0])(performance.getEntriesByType('resource')
        .filter((it) => it.name.includes('/_p/me/')).map((it) => it.startTime))";
    let apart = browser.value(asked).as_f64().expect("both");
    assert!(apart > 1_000.0, "{apart}");
    says(&browser, "أهلًا");
    assert_eq!(browser.value(&page), json!(["ar", "rtl"]));
    let rewards = format!(
        "(({{ lang, dir, textContent }}) => [lang, dir, textContent])({BOARD}.querySelector('#rewards'))"
    );
    assert_eq!(browser.value(&rewards), json!(["en", "ltr", "Your rewards"]));
    // A sentence that is English as a whole keeps its order.
    let promise = format!("(({{ lang, dir }}) => [lang, dir])({BOARD}.querySelector('#goal-0'))");
    assert_eq!(browser.value(&promise), json!(["en", "ltr"]));
    // Where a part of it is said, the rest is marked for itself.
    let parts = format!(
        "(([it]) => [it.lang, it.querySelector('bdi').matches('[lang=en] *'), it.querySelector('span[lang=en]').textContent.slice(0, 3)])(
           [...{BOARD}.querySelectorAll('[id^=goal-]')].filter((it) => it.textContent.includes('هدية')))"
    );
    assert_eq!(browser.value(&parts), json!(["", false, "For"]));
    is_for_everybody(&browser, "dashboard-ar-little");
    assert_eq!(browser.complaints(), Vec::<String>::new());

    // One that does not say its language could not be chosen.
    for name in ["/gone.json", "/nameless.json"] {
        let browser = open(name);
        says(&browser, "Bonjour");
        assert_eq!(browser.value(&page), json!(["fr", "ltr"]));
        assert!(browser.complaints().iter().any(|it| it.contains("parrain")), "{name}");
    }

    // Words of one's own in one of our languages are chosen as another is.
    let browser = open("/french.json");
    says(&browser, "Salut");
    browser.click("parrain-dashboard>>>.switch[lang=en]");
    says(&browser, "Hello");
    browser.click("parrain-dashboard>>>.switch[lang=fr]");
    says(&browser, "Salut");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

const WINDOW: &str =
    "document.querySelector('parrain-dialog')?.shadowRoot?.querySelector('dialog[open]')";

/// A window says this, in its language and direction.
#[track_caller]
fn window_is(browser: &Browser, root: &str, lang: &str, name: &str) {
    browser.until(root);
    let dir = if lang == "ar" { "rtl" } else { "ltr" };
    let found = browser.value(&format!("(({{ lang, dir }}) => [lang, dir])({root})"));
    assert_eq!(found, json!([lang, dir]), "{name}");
    if lang == "ar" {
        assert_eq!(browser.value(&format!("{LEFT}({root})")), json!([]), "{name}");
    }
    is_for_everybody(browser, &format!("window-{lang}-{name}"));
}

fn windows_are_whole_in_the_language_of_a_catalogue(host: &'static Host) {
    let place = Place::Foreign;
    let stage = Stage::set(host, place, Stage::site(host, place), |_| ());
    let rule = json!({
        "type": "DOUBLE_SIDED", "title": "Welcome", "referredRewardUpfront": true,
        "referralDescription": "10 €", "referralCouponCode": "TEA-10",
    });
    let rules = stage.campaign.path("/reward-configs");
    let _ = host.api("POST", &rules).json(&rule).send().expect(200);
    stage.campaign.change("/installation", &json!({ "launcher": true, "couponField": "#coupon" }));
    for lang in ["ar", "de"] {
        let texts = file(lang);
        let text = |key: &str| texts[key].as_str().expect("a text");
        let tag = format!(r#"data-catalogue="{lang}""#);
        page(&stage, "/landing", lang, &tag, "");
        let browser = Browser::open();
        stage.follow(&browser, &stage.ann.link(&stage.service));
        // The button in the corner, and the window of the offer, by the tag's catalogue.
        let launcher =
            "document.querySelector('parrain-launcher')?.shadowRoot?.querySelector('aside')";
        window_is(&browser, launcher, lang, "launcher");
        assert_eq!(browser.text("parrain-launcher>>>[part=launcher]"), text("launcher"));
        assert_eq!(browser.value("parrain('offer', { now: true })"), json!({ "shown": true }));
        let said = browser.text("parrain-dialog>>>h2");
        assert!(said.contains("Ann") && said.contains("10 €"), "{said}");
        window_is(&browser, WINDOW, lang, "offer");
        browser.click("parrain-dialog>>>[part=claim]");
        browser.until(&format!("{WINDOW}.textContent.includes({})", texts["thanks"]));
        window_is(&browser, WINDOW, lang, "claimed");
        press(&browser, "Escape");
        browser.until("!document.querySelector('parrain-dialog')");

        // Customers, by the catalogue of the call and of the element.
        page(&stage, "/home", lang, "", "");
        stage.open(&browser, "/home");
        let call = format!("parrain('prompt', {{ now: true, catalogue: '{lang}' }})");
        assert_eq!(browser.value(&call), json!({ "shown": true }));
        assert_eq!(browser.text("parrain-dialog>>>h2"), text("ask"));
        window_is(&browser, WINDOW, lang, "prompt");
        // What we compose of the promise is said; what the owner wrote stays.
        let promise = &file(&format!("{lang}.dashboard"))["For each friend who signs up, you get:"];
        browser.until(&format!("{WINDOW}.textContent.includes({promise} + ' 10 € each')"));
        let element = format!(
            r#"<parrain-prompt catalogue="{lang}" code="{}" base="{}"></parrain-prompt>"#,
            stage.ann.id, stage.service
        );
        page(&stage, "/element", lang, "", &element);
        let other = Browser::open();
        stage.open(&other, "/element");
        let window =
            "document.querySelector('parrain-prompt').shadowRoot?.querySelector('dialog[open]')";
        let share = "document.querySelector('parrain-prompt').shadowRoot.querySelector('parrain-share').shadowRoot";
        other.until(window);
        other.until(&format!("{share}?.querySelector('#copy')?.textContent === {}", texts["copy"]));
        assert_eq!(
            other.text("parrain-prompt>>>parrain-share>>>[data-channel=email]"),
            text("email")
        );
        window_is(&other, window, lang, "element");
        assert_eq!(other.complaints(), Vec::<String>::new());
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

#[test]
fn a_window_waits_for_no_catalogue_that_does_not_come() {
    let host = Host::native();
    let site = Stage::site(host, Place::Foreign).silence("/never.json");
    let stage = Stage::set(host, Place::Foreign, site, |_| ());
    page(&stage, "/home", "fr", "", "");
    for catalogue in ["/gone.json", "/never.json"] {
        let browser = Browser::open();
        stage.open(&browser, "/home");
        // Nor for the card after it.
        browser.run(
            "const now = fetch; window.fetch = (...given) => /card.json/.test(given[0])
               ? new Promise((_, no) => given[1].signal.addEventListener('abort', no)) : now(...given)",
            json!([]),
        );
        let call = format!(
            "(async () => {{
               const begun = performance.now();
               const {{ shown }} = await parrain('prompt', {{ now: true, catalogue: '{catalogue}' }});
               return shown && performance.now() - begun;
             }})()"
        );
        let took = browser.value(&call).as_f64().expect("it is shown");
        assert!(took < 5_000.0, "{took}");
        assert!(browser.text("parrain-dialog>>>h2").contains("Recommandez-nous"));
        assert!(browser.complaints().iter().any(|it| it.contains("parrain")), "{catalogue}");
    }
}
