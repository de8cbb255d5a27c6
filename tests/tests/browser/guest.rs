//! The tag is a guest in somebody else's page: it leaves nothing behind, breaks nothing, and bears what the page
//! does to it.

use serde_json::{Value, json};
use tests::wait::eventually;
use tests::{Browser, Host, Site, on_both_hosts};

use crate::stage::{Place, Stage};

mod policy;
mod versions;

on_both_hosts!(a_page_gets_no_global_but_one_and_keeps_its_natives);

/// Before the page's own scripts: what is wrong is noted, and what there was is remembered.
pub(super) const STORY: &str = "{
    const story = { wrong: [], refused: [] };
    window.story = story;
    addEventListener('error', ({ message }) => message && story.wrong.push(message));
    addEventListener('unhandledrejection', ({ reason }) => story.wrong.push(`rejected: ${reason}`));
    document.addEventListener('securitypolicyviolation', (it) =>
      story.refused.push(`${it.effectiveDirective} ${it.blockedURI}`));
    const owners = { Array, Document, Element, Event, EventTarget, Function, HTMLElement, HTMLFormElement,
      History, Node, Object, Promise, ShadowRoot, Storage, String, XMLHttpRequest };
    story.natives = () => {
      const all = { fetch, json: [JSON.parse, JSON.stringify] };
      for (const [name, it] of Object.entries(owners)) {
        all[name] = Object.entries(Object.getOwnPropertyDescriptors(it.prototype))
          .flatMap(([key, { value, get, set }]) => [key, value, get, set]);
      }
      return Object.entries(all).flat(2);
    };
    story.before = story.natives();
    story.globals = Object.getOwnPropertyNames(window);
    // Two are the driver's own.
    story.left = () => Object.getOwnPropertyNames(window)
      .filter((it) => !story.globals.includes(it) && !/^(ret_nodes|se_exportedFunctionSymbol)$/.test(it));
    story.patched = () => {
      const now = story.natives();
      return now.length - story.before.length + now.filter((it, at) => !Object.is(it, story.before[at])).length;
    };
  }";

/// Elements of ours, as a page has them.
pub(super) fn elements(stage: &Stage) -> String {
    let (id, service) = (&stage.ann.id, &stage.service);
    format!(
        r#"<div id="ours"><parrain-share code="{id}" base="{service}"></parrain-share>
        <parrain-banner></parrain-banner><parrain-dashboard></parrain-dashboard></div>"#
    )
}

/// A form that a script sends, and the thanks for it.
pub(super) const CLUB: &str = r##"<section><form id="join"><label>E-mail <input type="email" name="email" required></label>
    <button>Sign up</button></form><p id="said"></p></section><script>
    document.querySelector("#join").addEventListener("submit", (event) => {
      event.preventDefault();
      setTimeout(() => { document.querySelector("#said").textContent = "Thank you! Look at your inbox." }, 50);
    });</script>"##;

/// A page of a site.
pub(super) fn page(head: &str, body: &str) -> String {
    format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Club</title>{head}<main><h1>Join our club</h1>{body}</main></html>"#
    )
}

/// Whether a lead with this address was told of.
pub(super) fn is_told(stage: &Stage, email: &str) -> bool {
    stage.site.seen("/_p/lead").iter().any(|it| it.body.contains(email))
}

/// All elements have been drawn.
pub(super) const DRAWN: &str =
    "document.querySelector('parrain-share')?.shadowRoot?.querySelector('#channels li')
    && document.querySelector('parrain-dashboard')?.shadowRoot?.querySelector('.content > :not(.bone)')";

fn a_page_gets_no_global_but_one_and_keeps_its_natives(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let tag = stage.campaign.script(&stage.service);
    stage.site.set_page("/landing", &page(&tag, &(elements(&stage) + CLUB)));
    let browser = Browser::open();
    browser.begin_with(STORY);
    stage.follow(&browser, &stage.ann.link(&stage.service));
    browser.until(DRAWN);
    browser.click("parrain-share>>>#copy");
    browser.click("parrain-banner>>>#claim");
    browser.enter("[name=email]", "frida@example.com");
    browser.click("#join button");
    eventually("the lead", || is_told(&stage, "frida@example.com").then_some(()));
    assert_eq!(browser.value("story.left()"), json!(["parrain"]));
    assert_eq!(browser.value("story.patched()"), json!(0));
    assert_eq!(browser.value("story.wrong"), json!([]));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Rules that know no bounds, as some sites have them.
const HOSTILE: &str = "html { font-size: 62.5% } body { font-size: 16px }
    *, *::before, *::after { border: 3px dotted red !important; margin: 7px !important; padding: 9px !important;
      background: lime !important; float: left; position: relative !important; min-height: 1px !important;
      border-radius: 50px !important; text-decoration: line-through; list-style: square inside; opacity: .5 }
    button, a, p, ul, li, section, div { display: table !important; flex-basis: 1px !important; gap: 99px !important }
    [part], #copy, #link, #base { outline: 9px solid blue !important; background: red !important }";

/// Of each of our inner elements what it does not inherit.
const LOOKS: &str = "return ['parrain-share', 'parrain-banner'].flatMap((tag) =>
    [...document.querySelector(tag).shadowRoot.querySelectorAll('*')].map((it) => {
      const style = getComputedStyle(it);
      return `${tag} ${it.id || it.localName}: ` + ['background-color', 'border-top-style', 'border-top-width',
        'border-top-left-radius', 'display', 'flex-basis', 'float', 'margin-top', 'min-height', 'opacity',
        'outline-style', 'padding-left', 'position', 'row-gap', 'text-decoration-line']
        .map((name) => style.getPropertyValue(name)).join(' ');
    }))";

/// Of everything of the page's own all that a sheet could say.
const OWN: &str = "return [...document.querySelectorAll('*')]
    .filter((it) => !it.localName.startsWith('parrain-') && it.localName !== 'script')
    .map((it) => it.localName + [...getComputedStyle(it)].map((name) =>
      `${name}:${getComputedStyle(it).getPropertyValue(name)}`).join(';'))";

#[test]
fn no_style_leaks_either_way() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    let tag = stage.campaign.script(&stage.service);
    let (id, service) = (&stage.ann.id, &stage.service);
    // What we draw has its own place, so that the rest stays where it is.
    let body = format!(
        r#"<p>Text <a href="/x">link</a> <button>Go</button></p><ul><li>One</li></ul><p id="status">Own</p>
        <div id="base" part="base" style="position: fixed !important; display: block !important; inset: auto auto 0 0; width: 300px; height: 300px; overflow: hidden">
        <parrain-share code="{id}" base="{service}"></parrain-share><parrain-banner></parrain-banner></div>"#
    );
    let browser = Browser::open();
    let mut seen = Vec::new();
    for (name, head) in [
        ("alone", String::new()),
        ("calm", tag.clone()),
        ("hostile-alone", format!("<style>{HOSTILE}</style>")),
        ("hostile", format!("<style>{HOSTILE}</style>{tag}")),
    ] {
        stage.site.set_page("/landing", &page(&head, &body));
        if name.ends_with("alone") {
            browser.visit(&format!("{}/landing", stage.site.url()));
            seen.push((browser.run(OWN, json!([])), Value::Null));
            continue;
        }
        stage.follow(&browser, &stage.ann.link(service));
        browser
            .until("document.querySelector('parrain-banner')?.shadowRoot?.querySelector('#claim')");
        seen.push((browser.run(OWN, json!([])), browser.run(LOOKS, json!([]))));
        browser.picture(&format!("guest-{name}"));
        assert_eq!(browser.value("document.adoptedStyleSheets.length"), json!(0));
    }
    let [alone, calm, hostile_alone, hostile] = &seen[..] else { panic!("four pages") };
    assert_eq!(differing(&alone.0, &calm.0), "", "something of ours left its element");
    assert_eq!(differing(&hostile_alone.0, &hostile.0), "", "something of ours left its element");
    assert_eq!(differing(&calm.1, &hostile.1), "", "something of the page came into an element");
    assert!(10 < calm.1.as_array().map_or(0, Vec::len), "{calm:?}");
}

/// What differs between two lists of styles, which are long.
fn differing(one: &Value, other: &Value) -> String {
    let lines = |it: &Value| -> Vec<String> {
        let texts = it.as_array().into_iter().flatten().filter_map(Value::as_str);
        texts.flat_map(|it| it.split(';')).map(ToOwned::to_owned).collect()
    };
    let (one, other) = (lines(one), lines(other));
    let pairs = one.iter().zip(&other).filter(|(one, other)| one != other);
    let mut text: String = pairs.map(|(one, other)| format!("{one} | {other}\n")).collect();
    if one.len() != other.len() {
        text.push_str("another number of elements");
    }
    text
}

/// What pages do to their visitors' browsers, and whether a lead is told there all the same.
const WORLDS: [(&str, &str, bool); 9] = [
    ("polluted", "for (const it of [Object, Array, String, Function, Element])
        it.prototype.polluted = function () { throw new Error('ours?') }", true),
    ("old library", "Array.prototype.toJSON = function () { return `[${[...this]}]` };
        Object.prototype.toJSON = undefined", true),
    ("frozen", "for (const it of [Object, Array, Function, Promise]) Object.freeze(it.prototype)", true),
    ("storage", "for (const it of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, it, { get() { throw new DOMException('denied', 'SecurityError') } });
      Object.defineProperty(Document.prototype, 'cookie',
        { get() { throw new Error('denied') }, set() { throw new Error('denied') } })", true),
    ("history", "history.replaceState = () => { throw new Error('too often') }", true),
    ("no wasm", "delete window.WebAssembly", true),
    ("no json", "const { stringify } = JSON; JSON.stringify = (...given) => {
        if (/[/]p([.]js|[/])/.test(new Error().stack)) throw new Error('patched');
        return stringify(...given) }", false),
    ("no fetch", "window.fetch = () => { throw new Error('patched') }", false),
    ("no elements", "customElements.define = () => { throw new Error('patched') }", true),
];

#[test]
fn nothing_that_a_page_does_to_its_browser_makes_an_error_of_ours() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    stage.campaign.change("/installation", &json!({ "couponField": "#coupon]" }));
    let tag = stage.campaign.script(&stage.service);
    for (name, world, works) in WORLDS {
        let head = format!("<script>{world}</script>{tag}");
        let email = format!("{}@example.com", name.replace(' ', "-"));
        stage.site.set_page("/landing", &page(&head, &(elements(&stage) + CLUB)));
        let browser = Browser::open();
        browser.begin_with(STORY);
        browser.visit(&stage.ann.link(&stage.service));
        browser.arrives_at("/landing");
        live_there(&browser, &email);
        if works {
            eventually(name, || is_told(&stage, &email).then_some(()));
        }
        assert_eq!(browser.value("story.wrong"), json!([]), "{name}");
    }
}

/// Uses the page and every call of ours; nothing of it is rejected.
#[track_caller]
fn live_there(browser: &Browser, email: &str) {
    browser.until("window.parrain");
    let calls = "return (async () => {
        for (const [name, ...given] of [['visit'], ['referrer'], ['code', 'nobody'], ['share', 'x', 'email'],
          ['consent', true], ['claim'], ['consent', false], ['nothing'], ['identify', { email: 'x', hash: 'x' }],
          ['identify', null], ['offer', { now: true }], ['prompt', { now: true }]]) {
          document.querySelector('parrain-dialog')?.remove();
          const gone = new Promise((go) => setTimeout(go, /offer|prompt/.test(name) ? 2000 : 500));
          try { await Promise.race([window.parrain?.(name, ...given), gone]) }
          catch (error) { story.wrong.push(`${name}: ${error}`) }
        }
        document.querySelector('parrain-dialog')?.remove();
      })()";
    browser.run(calls, json!([]));
    browser.enter("[name=email]", email);
    browser.click("#join button");
    browser.until("document.querySelector('#said').textContent");
    browser.run("return new Promise((go) => setTimeout(go, 600))", json!([]));
}

#[test]
fn nothing_of_ours_that_is_gone_makes_an_error_in_the_page() {
    let host = Host::native();
    // The routes before ours answer 502; nobody listens on port 1.
    let nobody = "http://127.0.0.1:1";
    for gone in ["/_p/", "/_p/visit", "/p/", "/"] {
        let site = Site::open("127.0.0.1").route(gone, nobody).first_party(host.url());
        // The whole service: not even the script comes.
        let site = if gone == "/" { Site::open("127.0.0.1") } else { site };
        let stage = Stage::set(host, Place::FirstParty, site, |_| ());
        let from = if gone == "/" { nobody } else { &stage.service };
        let tag = stage.campaign.script(from);
        stage.site.set_page("/landing", &page(&tag, &(elements(&stage) + CLUB)));
        let browser = Browser::open();
        browser.begin_with(STORY);
        browser.visit(&format!("{}/landing", stage.site.url()));
        if gone != "/" {
            browser.until("window.parrain");
            browser.value("parrain('visit')");
        }
        browser.enter("[name=email]", "frida@example.com");
        browser.click("#join button");
        browser.until("document.querySelector('#said').textContent");
        browser.run("return new Promise((go) => setTimeout(go, 600))", json!([]));
        assert_eq!(browser.value("story.wrong"), json!([]), "{gone}");
    }
}

#[test]
fn a_page_sends_its_form_within_a_second_whatever_of_us_never_answers() {
    let host = Host::native();
    for silent in ["/p.js", "/_p/", "/_p/visit", "/p/", ".wasm"] {
        let site = Site::open("127.0.0.1").silence(silent).first_party(host.url());
        let stage = Stage::set(host, Place::FirstParty, site, |_| ());
        // The moment is kept beside the page, which goes.
        let script = "<script>addEventListener('submit', () => { sessionStorage.sent = Date.now() })</script>";
        let body = r#"<form id="signup" action="/thanks" method="post"><input type="email" name="email" aria-label="E-mail">
            <button>Sign up</button></form>"#;
        let tag = stage.campaign.script(&stage.service);
        stage.site.set_page("/landing", &page(&(tag + script), body));
        let browser = Browser::open();
        browser.visit(&format!("{}/landing", stage.site.url()));
        eventually(silent, || {
            stage.site.seen("/").iter().any(|it| it.target.contains(silent)).then_some(())
        });
        browser.enter("[name=email]", "frida@example.com");
        browser.click("#signup button");
        browser.arrives_at("/thanks");
        let took = browser.value("performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseEnd - sessionStorage.sent");
        let took = took.as_f64().expect("a time");
        assert!(took < 1_000.0, "{silent}: the page waited {took} ms for us");
        println!("{silent} never answers: {took:.0} ms from submit to answer");
    }
}

/// Where a page may have its tag.
const PLACES: [(&str, &str, &str); 8] = [
    ("async", "<TAG async></script>", ""),
    ("defer", "<TAG defer></script>", ""),
    ("head", "<TAG></script>", ""),
    ("end", "", "<TAG></script>"),
    ("twice", "<TAG async></script>", "<TAG async></script>"),
    ("thrice in a row", "<TAG></script><TAG></script>", "<TAG defer></script>"),
    ("injected", "", "<script>INJECT</script>"),
    (
        "after load",
        "",
        "<script>addEventListener('load', () => setTimeout(() => { INJECT }, 300))</script>",
    ),
];

#[test]
fn a_tag_works_once_wherever_it_stands_and_however_often() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    let (id, service) = (&stage.campaign.id, &stage.service);
    let tag = format!(r#"script src="{service}/p.js" data-campaign="{id}""#);
    let inject = format!(
        "const it = document.createElement('script'); it.src = '{service}/p.js';
         it.dataset.campaign = '{id}'; document.head.append(it);"
    );
    let write = |it: &str| it.replace("TAG", &tag).replace("INJECT", &inject);
    // A call before the tag waits in the page's own queue.
    let early = "<script>window.parrain ||= function () { (parrain.q ||= []).push(arguments) };
        parrain('lead', { email: 'early@example.com' })</script>";
    for (name, head, end) in PLACES {
        let [visits, leads] = ["/_p/visit", "/_p/lead"].map(|it| stage.site.seen(it).len());
        let end = format!("{CLUB}{}", write(end));
        stage.site.set_page("/landing", &page(&format!("{early}{}", write(head)), &end));
        let browser = Browser::open();
        browser.begin_with(STORY);
        browser.visit(&stage.ann.link(service));
        browser.arrives_at("/landing");
        browser.until("window.customElements.get('parrain-share')");
        browser.enter("[name=email]", "late@example.com");
        browser.click("#join button");
        let told = |email: &str| {
            let all = stage.site.seen("/_p/lead");
            all[leads..].iter().filter(|it| it.body.contains(email)).count()
        };
        eventually(name, || (told("early@") == 1 && told("late@") == 1).then_some(()));
        // Whoever leaves has told all.
        browser.visit("about:blank");
        assert_eq!((told("early@"), told("late@")), (1, 1), "{name}");
        assert_eq!(stage.site.seen("/_p/visit").len(), visits + 1, "{name}");
    }
}
