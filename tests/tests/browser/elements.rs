//! The elements in pages of other people: their looks, languages, directions, room and keyboard.

use serde_json::{Value, json};
use tests::browser::View;
use tests::{Browser, Host, Site, on_both_hosts};

use crate::stage::{Place, Stage};

on_both_hosts!(a_catalogue_says_everything_in_its_language_and_direction);

/// A friend on a page of the site.
#[track_caller]
fn come(stage: &Stage, page: &str) -> Browser {
    stage.site.set_page("/landing", page);
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until(DRAWN);
    browser
}

const DRAWN: &str =
    "document.querySelector('parrain-share')?.shadowRoot?.querySelector('#channels li')
    && document.querySelector('parrain-banner')?.shadowRoot?.querySelector('#claim')";

/// A page with all that people see of us, and something around it.
fn page(stage: &Stage, lang: &str, style: &str, attributes: &str) -> String {
    let (id, service) = (&stage.ann.id, &stage.service);
    format!(
        r##"<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Tea</title><style>{style}</style>{}<header><h1>Tea and company</h1></header><main>
        <parrain-banner {attributes}></parrain-banner><p>Leaves from four gardens, in tins of 80 g.</p>
        <h2>Your link</h2><parrain-share {attributes} code="{id}" base="{service}"></parrain-share>
        <p id="below">Free delivery from 40 €. <a href="#more">More</a></p></main></html>"##,
        stage.campaign.script(service)
    )
}

/// Nothing is wrong with the page on phone and desk, by day and by night; each is kept as a picture.
#[track_caller]
fn is_for_everybody(browser: &Browser, name: &str) {
    for width in [360, 1280] {
        for dark in [false, true] {
            browser.look(View { width, dark });
            let scheme = if dark { "dark" } else { "light" };
            browser.picture(&format!("elements-{name}-{width}-{scheme}"));
            assert_eq!(browser.overflow(), 0, "{name} {width}");
            assert_eq!(browser.violations(), Vec::<String>::new(), "{name} {width} {dark}");
        }
    }
    browser.look(View { width: 1280, dark: false });
}

/// A tab of a developers' tool, as such are.
const DARK: &str = "html { color-scheme: dark; background: #0d1117; color: #e6edf3; font: 15px/1.5 system-ui, sans-serif }
    body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem } a { color: #79c0ff }
    parrain-share, parrain-banner { --parrain-accent: #3fb950; --parrain-accent-text: #04260f; --parrain-background: #161b22;
      --parrain-border: #6e7681; --parrain-text: #e6edf3; --parrain-radius: 4px }";

/// A magazine.
const SERIF: &str = "body { background: #fbf6ec; color: #2c2416; font: 1.2rem/1.6 Georgia, 'Times New Roman', serif; max-width: 44rem;
      margin: 3rem auto; padding: 0 1.25rem } h1, h2 { font-weight: 400 } a { color: #7a1f1f }
    parrain-share, parrain-banner { --parrain-accent: #7a1f1f; --parrain-background: #fffdf8; --parrain-border: #8a7a5c;
      --parrain-text: #2c2416; --parrain-radius: 0; color-scheme: light }";

/// What sheets of small classes reset, and the root's font size of many a shop.
const UTILITY: &str = "*, ::before, ::after { box-sizing: border-box; border-width: 0; border-style: solid; border-color: #e5e7eb }
    html { font-size: 62.5%; line-height: 1.5; font-family: ui-sans-serif, system-ui, sans-serif } body { margin: 0; font-size: 1.6rem }
    h1, h2 { font-size: inherit; font-weight: 600; margin: 0 } p, ul { margin: 0; padding: 0; list-style: none }
    a { color: inherit; text-decoration: underline } button { background: transparent; padding: 0; font: inherit; color: inherit }
    header, main { padding: 2.4rem } main > * + * { margin-top: 1.6rem }";

#[test]
fn elements_look_right_on_sites_of_many_kinds() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    for (name, style) in [("plain", ""), ("dark", DARK), ("serif", SERIF), ("utility", UTILITY)] {
        let browser = come(&stage, &page(&stage, "en", style, ""));
        is_for_everybody(&browser, name);
        // What is pressed with a finger is as large as one, whatever the root's font size.
        let low = "[...document.querySelectorAll('parrain-share, parrain-banner')].flatMap((it) =>
            [...it.shadowRoot.querySelectorAll('button, [part=channel]')])
            .filter((it) => it.getBoundingClientRect().height < 40).map((it) => it.outerHTML)";
        assert_eq!(browser.value(low), json!([]), "{name}");
    }
}

#[test]
fn elements_fit_the_room_that_they_have_and_not_the_window() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    let narrow = "main { width: 15rem } parrain-share, parrain-banner { outline: 1px dotted gray }";
    let browser = come(&stage, &page(&stage, "en", narrow, ""));
    browser.look(View { width: 1280, dark: false });
    browser.picture("elements-narrow-1280-light");
    let wide = "['parrain-share', 'parrain-banner'].flatMap((tag) => {
        const it = document.querySelector(tag);
        const { right } = it.getBoundingClientRect();
        return [...it.shadowRoot.querySelectorAll('*')].filter((it) => right + 1 < it.getBoundingClientRect().right)
          .map((it) => it.outerHTML);
      })";
    assert_eq!(browser.value(wide), json!([]));
}

#[test]
fn every_state_is_for_everybody() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    let share = "document.querySelector('parrain-share')";
    let status = format!("{share}.shadowRoot.querySelector('#status').textContent");
    for (lang, copied, selected, thanks) in [
        ("en", "Link copied", "Link selected", "Thank you!"),
        ("fr", "Lien copié", "Lien sélectionné", "Merci"),
    ] {
        let browser = come(&stage, &page(&stage, lang, "", ""));
        // Where the page may not write the clipboard, the link waits selected.
        browser.run("navigator.clipboard.writeText = () => Promise.reject()", json!([]));
        browser.click("parrain-share>>>#copy");
        browser.until(&format!("{status}.startsWith('{selected}')"));
        is_for_everybody(&browser, &format!("selected-{lang}"));
        browser.run("navigator.clipboard.writeText = () => Promise.resolve()", json!([]));
        browser.click("parrain-share>>>#copy");
        browser.until(&format!("{status}.startsWith('{copied}')"));
        browser.click("parrain-banner>>>#claim");
        let said = "document.querySelector('parrain-banner').shadowRoot.querySelector('#status').textContent";
        browser.until(&format!("{said}.startsWith('{thanks}')"));
        is_for_everybody(&browser, &format!("copied-claimed-{lang}"));
        // Where the device has a way of its own, and where there is no code any more.
        browser.run("navigator.share = () => Promise.resolve()", json!([]));
        browser.run(&format!("{share}.setAttribute('message', 'Try it')"), json!([]));
        browser.until(&format!("{share}.shadowRoot.querySelector('#native')"));
        is_for_everybody(&browser, &format!("native-{lang}"));
        browser.run(&format!("{share}.append('Soon'); {share}.removeAttribute('code')"), json!([]));
        browser.until(&format!("{share}.shadowRoot.querySelector('slot')"));
        is_for_everybody(&browser, &format!("no-code-{lang}"));
    }
    // Nobody sent them: there is nothing to be seen.
    let stranger = Browser::open();
    stage.open(&stranger, "/landing");
    stranger.until("document.querySelector('parrain-share')?.shadowRoot?.querySelector('#link')");
    let banner = "document.querySelector('parrain-banner')";
    assert_eq!(stranger.value(&format!("{banner}.shadowRoot.childElementCount")), json!(0));
    assert_eq!(stranger.value(&format!("{banner}.offsetHeight")), json!(0));
}

/// Presses a key, as a person does.
fn press(browser: &Browser, key: &str, code: u32, text: &str) {
    for kind in ["keyDown", "keyUp"] {
        let mut event =
            json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
        if kind == "keyDown" && !text.is_empty() {
            event["text"] = json!(text);
        }
        browser.command("Input.dispatchKeyEvent", event);
    }
}

#[test]
fn by_keyboard_alone_everything_is_reached_in_order_and_used() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    let browser = come(&stage, &page(&stage, "en", "", ""));
    browser.run("navigator.clipboard.writeText = () => Promise.resolve()", json!([]));
    let focused = "(() => {
        let it = document.activeElement;
        while (it?.shadowRoot) it = it.shadowRoot.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(it);
        return [it.id || it.textContent, outlineStyle, outlineWidth];
      })()";
    let mut order = Vec::new();
    for _ in 0..6 {
        press(&browser, "Tab", 9, "");
        let seen = browser.value(focused);
        let name = seen[0].as_str().unwrap_or_default().to_owned();
        if name != "More" {
            assert_eq!(seen, json!([name, "solid", "3px"]));
        }
        if name == "claim" || name == "copy" {
            press(&browser, "Enter", 13, "\r");
        }
        order.push(name);
    }
    assert_eq!(order, ["claim", "link", "copy", "WhatsApp", "E-mail", "More"]);
    for tag in ["parrain-banner", "parrain-share"] {
        browser.until(&format!(
            "document.querySelector('{tag}').shadowRoot.querySelector('#status').textContent"
        ));
    }
    browser.picture("elements-keyboard");
}

fn a_catalogue_says_everything_in_its_language_and_direction(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let style = "body { font: 1.1rem/1.6 sans-serif; max-width: 48rem; margin: 1rem auto; padding: 0 1rem }";
    for (lang, dir) in [("de", "ltr"), ("ar", "rtl")] {
        let html = page(&stage, lang, style, &format!(r#"catalogue="{lang}""#));
        let browser = come(&stage, &html.replace("<html ", &format!("<html dir=\"{dir}\" ")));
        let file = tests::root().join(format!("widget/catalogues/{lang}.json"));
        let texts: Value =
            serde_json::from_slice(&std::fs::read(file).expect("a file")).expect("JSON");
        let text = |key: &str| texts[key].as_str().expect("a text");
        let inner = |tag: &str, id: &str| {
            format!("document.querySelector('{tag}').shadowRoot.querySelector('#{id}')")
        };
        let says = |tag: &str, id: &str, key: &str| {
            let text = json!(text(key));
            browser.until(&format!("{}.textContent === {text}", inner(tag, id)));
        };
        let (share, banner) = ("parrain-share", "parrain-banner");
        says(share, "copy", "copy");
        let offer = browser.value("parrain('visit').then((it) => it.offer)");
        let (sentence, button) =
            if offer.is_null() { ("recommends", "accept") } else { ("gives", "claim") };
        says(banner, "claim", button);
        let told = browser.value(&format!("{}.textContent", inner(banner, "text")));
        let told = told.as_str().expect("a text");
        let expected = text(sentence).replace("{friend}", "Ann");
        let expected = expected.replace("{offer}", offer.as_str().unwrap_or_default());
        assert_eq!(told, expected);
        for tag in [share, banner] {
            let base = inner(tag, "base");
            let found = browser
                .value(&format!("[{base}.lang, {base}.dir, getComputedStyle({base}).direction]"));
            assert_eq!(found, json!([lang, dir, dir]), "{tag}");
        }
        let href = browser.value(&format!(
            "decodeURIComponent({}.querySelector('a').href)",
            inner(share, "channels")
        ));
        assert!(href.as_str().expect("a text").contains(text("message")), "{href}");
        // What is said later, too, and after everything was drawn again.
        browser.run("navigator.clipboard.writeText = () => Promise.resolve()", json!([]));
        browser.click("parrain-share>>>#copy");
        says(share, "status", "copied");
        browser.run("navigator.clipboard.writeText = () => Promise.reject()", json!([]));
        browser.click("parrain-share>>>#copy");
        says(share, "status", "select");
        browser.click("parrain-banner>>>#claim");
        says(banner, "status", "thanks");
        says(banner, "claim", "claimed");
        says(share, "copy", "copy");
        // What comes first stands where this language begins.
        let places =
            ["link", "copy"].map(|id| format!("{}.getBoundingClientRect().left", inner(share, id)));
        browser.look(View { width: 1280, dark: false });
        let is_first = browser.value(&format!("{} < {}", places[0], places[1]));
        assert_eq!(is_first, json!(dir == "ltr"));
        is_for_everybody(&browser, &format!("catalogue-{lang}"));
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

#[test]
fn a_catalogue_of_the_sites_own_may_say_little_and_a_missing_one_nothing() {
    let host = Host::native();
    let site = Stage::site(host, Place::FirstParty);
    let little = json!({ "lang": "es", "copy": "Copiar el enlace", "later": { "x": 1 } });
    let site = site.file("/es.json", "application/json", little.to_string().into_bytes());
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    // Of the tag: for every element.
    let tagged = page(&stage, "es", "", "")
        .replace("data-campaign", "data-catalogue=\"/es.json\" data-campaign");
    let browser = come(&stage, &tagged);
    let copy =
        "document.querySelector('parrain-share').shadowRoot.querySelector('#copy').textContent";
    browser.until(&format!("{copy} === 'Copiar el enlace'"));
    assert_eq!(browser.text("parrain-banner>>>#claim"), "Accept the invitation");

    let browser = come(&stage, &page(&stage, "es", "", "catalogue=\"/gone.json\""));
    browser.until("performance.getEntriesByName(location.origin + '/gone.json').length");
    assert_eq!(browser.text("parrain-share>>>#copy"), "Copy the link");
}

/// The sheet that the documents tell sites to write.
fn room() -> String {
    let page =
        std::fs::read_to_string(tests::root().join("docs/elements.md")).expect("the documents");
    let sheet = page.split("```css\n").nth(1).and_then(|it| it.split("```").next());
    sheet.expect("a sheet in the documents").to_owned()
}

#[test]
fn with_the_documented_sheet_nothing_moves_when_elements_come() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    // Frames come all the time, as in a window that is looked at. The first ones of a headless one are laid
    // out in another width: what moves then is not the page's doing.
    let watch = |width: u32| {
        format!(
            "let steady = 0;
             let since = Infinity;
             const frame = () => {{
               steady = innerWidth === {width} ? steady + 1 : 0;
               if (steady === 3) since = performance.now();
               requestAnimationFrame(frame);
             }};
             frame();
             window.shifts = [];
             const rect = ({{ x, y, width, height }}) => [x, y, width, height].map(Math.round).join(' ');
             new PerformanceObserver((list) => list.getEntries().forEach((it) => {{
               if (it.startTime < since) return;
               const moved = it.sources.map(({{ node, previousRect, currentRect }}) =>
                 `${{node?.nodeName}}: ${{rect(previousRect)}} to ${{rect(currentRect)}}`);
               shifts.push(`${{it.value}}: ${{moved.join(', ')}}`);
             }})).observe({{ type: 'layout-shift', buffered: true }});"
        )
    };
    for (name, sheet) in [("kept", room()), ("unkept", String::new())] {
        for width in [360, 1280] {
            stage.site.set_page("/landing", &page(&stage, "en", &sheet, ""));
            let browser = Browser::open();
            browser.begin_with(&watch(width));
            browser.look(View { width, dark: false });
            stage.follow(&browser, &stage.ann.link(&stage.service));
            browser.until(DRAWN);
            browser.run("return new Promise((go) => setTimeout(go, 500))", json!([]));
            browser.picture(&format!("elements-room-{name}-{width}"));
            // Without the sheet the page moves: the measure sees it.
            let shifts = browser.value("shifts.join('\\n')");
            assert_eq!(shifts == json!(""), name == "kept", "{name} {width}: {shifts}");
        }
    }
}

#[test]
fn nothing_moves_for_whoever_asked_for_less_motion() {
    let site = Stage::site(Host::native(), Place::FirstParty).silence("/_p/me/");
    let stage = Stage::set(Host::native(), Place::FirstParty, site, |_| ());
    let html = page(&stage, "en", "", "")
        .replace("<p id=\"below\">", "<parrain-dashboard></parrain-dashboard><p>");
    stage.site.set_page("/landing", &html);
    let moving = "[document, ...[...document.querySelectorAll('*')].map((it) => it.shadowRoot).filter((it) => it)]
        .flatMap((it) => it.getAnimations()).length";
    for (asked, some) in [("reduce", false), ("no-preference", true)] {
        let browser = Browser::open();
        let feature = json!({ "features": [{ "name": "prefers-reduced-motion", "value": asked }] });
        browser.command("Emulation.setEmulatedMedia", feature);
        stage.follow(&browser, &stage.ann.link(&stage.service));
        // The dashboard waits for a page that never comes.
        browser.until("document.querySelector('parrain-dashboard')?.shadowRoot?.querySelector('.page:not([hidden]) .bone')");
        browser.picture(&format!("elements-waiting-{asked}"));
        assert_eq!(browser.violations(), Vec::<String>::new());
        assert_eq!(0 < browser.value(moving).as_u64().expect("a number"), some, "{asked}");
    }
}

#[test]
fn a_dashboard_that_cannot_come_says_so_to_everybody() {
    let host = Host::native();
    // Nobody listens there: the site answers 502.
    let site =
        Site::open("127.0.0.1").route("/_p/me/", "http://127.0.0.1:1").first_party(host.url());
    let stage = Stage::set(host, Place::FirstParty, site, |_| ());
    for (lang, said) in [("en", "could not be reached"), ("fr", "n’a pas pu être chargée")] {
        let html = page(&stage, lang, "", "")
            .replace("<p id=\"below\">", "<parrain-dashboard></parrain-dashboard><p>");
        let browser = come(&stage, &html);
        let trouble = "document.querySelector('parrain-dashboard').shadowRoot.querySelector('.trouble:not([hidden])')";
        browser.until(&format!("{trouble}?.textContent.includes('{said}')"));
        is_for_everybody(&browser, &format!("failed-{lang}"));
    }
}
