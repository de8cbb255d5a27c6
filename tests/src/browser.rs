//! A headless Chromium by `WebDriver`, spoken directly: the protocol is JSON over HTTP.
//!
//! # Cookies over plain HTTP
//!
//! Chromium 156 takes `Set-Cookie: __Host-x=1; Secure; HttpOnly; Path=/; SameSite=Lax` over plain HTTP from
//! `http://127.0.0.1:PORT` and from `http://localhost:PORT` alike, on pages and on redirects, and so it does
//! `__Secure-` names, also with `Domain=127.0.0.1` or `Domain=localhost`. It sends all of them back there, with
//! navigations, `fetch` and a script's `document.cookie = "…; Secure"` too. Ports share cookies; the two names do not.
//! Every name below `localhost` is this machine without being looked up, and is treated in the same way: names such as
//! `www.shop.localhost` and `app.shop.localhost` share what is set with `Domain=shop.localhost`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::host::free_ports;
use crate::http;
use crate::process::Process;
use crate::wait::eventually;
use crate::{output, tool};

/// How Chromium is started: the last five keep it from calling anywhere.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The rules of axe that every page keeps.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// The key under which `WebDriver` names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

struct Driver {
    url: String,
    _process: Process,
}

static DRIVER: LazyLock<Driver> = LazyLock::new(|| {
    let port = free_ports();
    let option = format!("--port={port}");
    let program = tool("PARRAIN_CHROMEDRIVER", "chromedriver");
    let process = Process::start("chromedriver", program.as_os_str(), &[OsStr::new(&option)], &[]);
    let url = format!("http://127.0.0.1:{port}");
    let _ = eventually("chromedriver", || http::get(&format!("{url}/status")).attempt().ok());
    Driver { url, _process: process }
});

static AXE: LazyLock<String> = LazyLock::new(|| {
    let modules = tool("PARRAIN_NODE_MODULES", "tests/node_modules");
    std::fs::read_to_string(modules.join("axe-core/axe.min.js")).expect("axe-core is installed")
});

/// One browser with a profile of its own; it closes when dropped.
pub struct Browser {
    session: String,
}

/// A cookie as the browser keeps it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host that it belongs to.
    pub domain: String,
    /// Whether scripts cannot see it.
    pub http_only: bool,
    /// Whether it is kept for secure origins only.
    pub secure: bool,
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct View {
    /// Width in CSS pixels.
    pub width: u32,
    /// Whether the person prefers a dark page.
    pub dark: bool,
}

impl Browser {
    /// Opens a browser that knows nobody.
    pub fn open() -> Self {
        let binary = tool("PARRAIN_CHROMIUM", "/usr/bin/chromium");
        // A page is there when its own document is: a script that never answers must not stop a story.
        let capabilities = json!({
            "pageLoadStrategy": "eager",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "binary": binary, "args": FLAGS },
        });
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let url = format!("{}/session", DRIVER.url);
        let opened = http::post(&url).json(&body).send().expect(200).json();
        let id = opened["value"]["sessionId"].as_str().expect("a session");
        Self { session: format!("{url}/{id}") }
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        let answer = http::post(&format!("{}/{path}", self.session)).json(body).send().expect(200);
        answer.json()["value"].clone()
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        http::get(&format!("{}/{path}", self.session)).send().expect(200).json()["value"].clone()
    }

    /// Opens a page as somebody who types its address.
    #[track_caller]
    pub fn visit(&self, url: &str) {
        self.post("url", &json!({ "url": url }));
    }

    /// The address in the address bar.
    #[track_caller]
    pub fn address(&self) -> String {
        self.get("url").as_str().unwrap_or_default().into()
    }

    /// Waits until the address bar shows an address that has this text.
    #[track_caller]
    pub fn arrives_at(&self, text: &str) {
        eventually(text, || self.address().contains(text).then_some(()));
    }

    /// What the body of a function returns in the page; a promise is awaited.
    #[track_caller]
    pub fn run(&self, script: &str, arguments: Value) -> Value {
        let arguments = if arguments.is_array() { arguments } else { json!([arguments]) };
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// The same, or nothing while the page is going away or throws.
    fn attempt(&self, script: &str, arguments: &Value) -> Option<Value> {
        let body = json!({ "script": script, "args": arguments });
        let answer = http::post(&format!("{}/execute/sync", self.session)).json(&body).send();
        (answer.status == 200).then(|| answer.json()["value"].clone())
    }

    /// What an expression is worth in the page; a promise is awaited.
    #[track_caller]
    pub fn value(&self, expression: &str) -> Value {
        self.run(&format!("return {expression}"), json!([]))
    }

    /// Waits until an expression is truthy in the page.
    #[track_caller]
    pub fn until(&self, expression: &str) {
        let script = format!("return Boolean({expression})");
        eventually(expression, || self.attempt(&script, &json!([]))?.as_bool().filter(|it| *it));
    }

    /// The element of a selector; `>>>` goes into a shadow tree.
    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let find = "return arguments[0].split('>>>').reduce(
            (scope, part) => (scope?.shadowRoot ?? scope)?.querySelector(part), document) ?? null";
        eventually(selector, || {
            self.attempt(find, &json!([selector]))?[ELEMENT].as_str().map(ToOwned::to_owned)
        })
    }

    /// Clicks, as a mouse does.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let id = self.element(selector);
        self.post(&format!("element/{id}/click"), &json!({}));
    }

    /// Types into a field.
    #[track_caller]
    pub fn enter(&self, selector: &str, text: &str) {
        let id = self.element(selector);
        self.post(&format!("element/{id}/value"), &json!({ "text": text }));
    }

    /// Turns to another tab, by its place in the order in which they were opened.
    #[track_caller]
    pub fn turn_to(&self, place: usize) {
        let handle = eventually("a tab", || {
            self.get("window/handles").as_array()?.get(place).filter(|it| it.is_string()).cloned()
        });
        self.post("window", &json!({ "handle": handle }));
    }

    /// Closes this tab; turn to another then.
    #[track_caller]
    pub fn close_tab(&self) {
        http::call("DELETE", &format!("{}/window", self.session)).attempt().ok();
    }

    /// The text of an element as a person sees it.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let id = self.element(selector);
        self.get(&format!("element/{id}/text")).as_str().unwrap_or_default().into()
    }

    /// Says something to the browser in its own protocol.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "parameters read best in place")]
    pub fn command(&self, name: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", &json!({ "cmd": name, "params": parameters }))
    }

    /// Runs a script in every page from now on, before the page's own.
    #[track_caller]
    pub fn begin_with(&self, script: &str) {
        self.command("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// Every cookie, also those that no script sees.
    #[track_caller]
    pub fn cookies(&self) -> Vec<Cookie> {
        let kept = self.command("Storage.getCookies", json!({}));
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        let cookies = kept["cookies"].as_array().cloned().unwrap_or_default();
        (cookies.iter())
            .map(|it| Cookie {
                name: text(&it["name"]),
                value: text(&it["value"]),
                domain: text(&it["domain"]),
                http_only: it["httpOnly"] == true,
                secure: it["secure"] == true,
            })
            .collect()
    }

    /// How many entries the page keeps in web storage of any kind.
    #[track_caller]
    pub fn stored(&self) -> Value {
        self.value(
            "(async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length
              + (await caches.keys()).length)()",
        )
    }

    /// The errors and warnings in the console since they were last asked for.
    #[track_caller]
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.post("se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().cloned().unwrap_or_default();
        (entries.iter())
            .filter(|it| it["level"] == "SEVERE" || it["level"] == "WARNING")
            .map(|it| it["message"].as_str().unwrap_or_default().into())
            .collect()
    }

    /// Looks at pages in another way from now on.
    #[track_caller]
    pub fn look(&self, view: View) {
        self.command(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": view.width, "height": 800, "deviceScaleFactor": 1, "mobile": view.width < 600 }),
        );
        let scheme = if view.dark { "dark" } else { "light" };
        self.command(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        );
    }

    /// Sends headers with every request from now on.
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "headers read best in place")]
    pub fn send_headers(&self, headers: Value) {
        self.command("Network.enable", json!({}));
        self.command("Network.setExtraHTTPHeaders", json!({ "headers": headers }));
    }

    /// What axe finds wrong with the page, a line each.
    #[track_caller]
    pub fn violations(&self) -> Vec<String> {
        self.run(&AXE, json!([]));
        let find = "return (async () => {
            const runOnly = { type: 'tag', values: arguments[0] };
            const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
            return violations.flatMap((it) => it.nodes.map((node) =>
              `${it.id} at ${node.target.flat().join(' ')}: ${node.failureSummary}`));
          })()";
        let found = self.run(find, json!([RULES]));
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().map(|it| it.as_str().unwrap_or_default().into()).collect()
    }

    /// By how many pixels the page is wider than the window.
    #[track_caller]
    pub fn overflow(&self) -> i64 {
        let root = "document.documentElement";
        self.value(&format!("{root}.scrollWidth - {root}.clientWidth")).as_i64().unwrap_or_default()
    }

    /// Follows a one-time link to the console and presses its button.
    #[track_caller]
    pub fn enter_console(&self, link: &str) {
        self.visit(link);
        self.until("document.querySelector('#token')?.value.length > 40");
        self.click("#enter button");
        self.until(
            "/^[/]console[/]./.test(location.pathname) && !location.pathname.endsWith('enter')",
        );
    }

    /// Fails unless the page is for everybody: on phone and desk no wider than the window, and nothing
    /// that axe finds. Keeps a picture of each.
    #[track_caller]
    pub fn is_for_everybody(&self, name: &str) {
        for width in [360, 1280] {
            self.look(View { width, dark: false });
            assert!(self.overflow() <= 0, "{name} is too wide at {width}");
            assert_eq!(self.violations(), Vec::<String>::new(), "{name}");
            self.picture(&format!("{name}-{width}"));
        }
    }

    /// Keeps a picture of the whole page as `target/screenshots/NAME.png`.
    #[track_caller]
    pub fn picture(&self, name: &str) {
        let options = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.command("Page.captureScreenshot", options);
        let png = STANDARD.decode(taken["data"].as_str().unwrap_or_default()).expect("base64");
        std::fs::write(output("screenshots").join(format!("{name}.png")), png).expect("a file");
    }

    /// Names of the cookies whose name says that they are ours, with their hosts.
    #[track_caller]
    pub fn our_cookies(&self) -> BTreeSet<(String, String)> {
        let all = self.cookies().into_iter();
        all.filter(|it| is_ours(&it.name)).map(|it| (it.name, it.domain)).collect()
    }
}

/// Whether a cookie's name is one of ours.
pub fn is_ours(name: &str) -> bool {
    ["__Host-prn-", "__Secure-prn-", "prn-"].iter().any(|prefix| name.starts_with(prefix))
}

impl Drop for Browser {
    fn drop(&mut self) {
        http::call("DELETE", &self.session).attempt().ok();
    }
}
