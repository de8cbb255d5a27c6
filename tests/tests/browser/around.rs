//! Around a purchase: what a friend is offered and finds at the checkout, and when a customer is asked.

use serde_json::{Value, json};
use tests::browser::View;
use tests::wait::eventually;
use tests::{Browser, Host, on_both_hosts};

use crate::stage::{Place, Stage, press};

on_both_hosts!(
    r_around_2_the_friends_coupon_is_put_where_the_owner_says_once_it_is_claimed,
    r_around_3_a_friend_is_offered_it_in_a_window_that_names_who_sent_them,
    r_around_4_a_customer_is_asked_after_a_purchase_and_no_more_often_than_the_owner_says,
    r_around_4_the_button_in_the_corner_opens_the_same_and_can_be_removed,
    r_around_5_nobody_is_asked_while_they_pay_or_before_another_window,
);

const DAY: i64 = 86_400_000;

/// The inside of the window.
const WINDOW: &str =
    "document.querySelector('parrain-dialog')?.shadowRoot?.querySelector('dialog[open]')";

/// Presses so far within the window's edge.
const PRESS: &str = "((far) => {
    const it = document.querySelector('parrain-dialog').shadowRoot.querySelector('dialog');
    const { left, top } = it.getBoundingClientRect();
    const at = { clientX: left + far, clientY: top + far, bubbles: true };
    it.dispatchEvent(new PointerEvent('pointerdown', at));
    it.dispatchEvent(new MouseEvent('click', at));
  })";

/// A site whose friends have a coupon from the start.
fn set(host: &'static Host, place: Place, consent: &'static str, installation: &Value) -> Stage {
    let stage = Stage::set(host, place, Stage::site(host, place), |terms| terms.consent = consent);
    let rule = json!({
        "type": "DOUBLE_SIDED", "title": "Welcome", "referredRewardUpfront": true,
        "referralDescription": "10 % off", "referralCouponCode": "WELCOME10",
        "description": "a coupon of 10 €",
    });
    let rules = stage.campaign.path("/reward-configs");
    let _ = host.api("POST", &rules).json(&rule).send().expect(200);
    stage.campaign.change("/installation", installation);
    stage
}

/// A page of the site.
fn page(stage: &Stage, path: &str, lang: &str, body: &str) {
    let page = format!(
        r#"<!doctype html><html lang="{lang}"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><title>Shop</title>{}
        <style>body {{ font: 16px sans-serif; color: #222; background: #fff }}</style>
        <main><h1>Shop</h1><p><button id="own">A button of the site</button></p>{body}</main></html>"#,
        stage.campaign.script(&stage.service)
    );
    stage.site.set_page(path, &page);
}

#[track_caller]
fn opens(browser: &Browser) {
    browser.until(WINDOW);
}

/// A window closes at once, and tells its page a moment later; then it leaves.
#[track_caller]
fn closes(browser: &Browser) {
    browser.until("!document.querySelector('parrain-dialog')");
}

#[track_caller]
fn prompt(browser: &Browser, given: &str) -> Value {
    let answer = browser.value(&format!("parrain('prompt', {given})"));
    if answer["shown"] == true { json!("shown") } else { answer["reason"].clone() }
}

#[track_caller]
fn is_for_everybody(browser: &Browser, name: &str) {
    for (width, dark) in [(360, false), (360, true), (1280, false)] {
        browser.look(View { width, dark });
        assert_eq!(browser.overflow(), 0, "{name} {width}");
        assert_eq!(browser.violations(), Vec::<String>::new(), "{name} {width} {dark}");
        let scheme = if dark { "dark" } else { "light" };
        browser.picture(&format!("around-{name}-{width}-{scheme}"));
    }
}

/// A field as a framework keeps one: what is written past its own `value` is seen at the next event.
const FIELD: &str = r#"<parrain-banner></parrain-banner><label>Coupon <input id="coupon"></label>
    <script>
      const field = document.querySelector('#coupon');
      const own = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      window.told = [];
      let tracked = "";
      Object.defineProperty(field, "value", {
        get() { return own.get.call(this); },
        set(it) { tracked = it; own.set.call(this, it); },
      });
      for (const name of ["input", "change"]) document.addEventListener(name, (event) => {
        if (event.target === field) told.push([name, field.value, tracked !== field.value]);
      });
    </script>"#;

fn r_around_2_the_friends_coupon_is_put_where_the_owner_says_once_it_is_claimed(
    host: &'static Host,
) {
    for place in [Place::FirstParty, Place::Foreign] {
        let stage = set(host, place, "REQUIRED", &json!({ "couponField": "#coupon, #late" }));
        for path in ["/landing", "/basket"] {
            page(&stage, path, "en", FIELD);
        }
        page(&stage, "/empty", "en", "");
        let browser = Browser::open();
        let value = |browser: &Browser| browser.value("document.querySelector('#coupon').value");
        stage.follow(&browser, &stage.ann.link(&stage.service));
        browser
            .until("document.querySelector('parrain-banner').shadowRoot?.querySelector('button')");
        assert_eq!((value(&browser), browser.value("told.length")), (json!(""), json!(0)));
        assert_eq!((browser.our_cookies().len(), browser.stored()), (0, json!(0)));

        // One tap, which is the consent; what watches the field sees it as typed.
        browser.click("parrain-banner>>>button");
        browser.until("document.querySelector('#coupon').value === 'WELCOME10'");
        let told = json!([["input", "WELCOME10", true], ["change", "WELCOME10", true]]);
        assert_eq!(browser.value("told"), told);
        eventually("a touch", || stage.cookies(&browser).into_iter().next());

        // Whoever takes it out is left alone, also in a field that comes later.
        browser.value("document.querySelector('#coupon').value = ''");
        browser.enter("#coupon", "MINE");
        browser.value("document.querySelector('#coupon').value = ''");
        browser.value(
            "document.querySelector('main').append(
            Object.assign(document.createElement('input'), { id: 'late' }))",
        );
        browser.click("#own");
        let wait =
            "new Promise((go) => setTimeout(() => go(document.querySelector('#late').value), 600))";
        assert_eq!((browser.value(wait), value(&browser)), (json!(""), json!("")));

        // On a later page it is there at once, in another field as soon as somebody goes on, and in one that
        // comes late; never over what stands there.
        stage.open(&browser, "/basket");
        browser.until("document.querySelector('#coupon').value === 'WELCOME10'");
        browser.value(
            "document.querySelector('main').append(
            Object.assign(document.createElement('input'), { id: 'late' }))",
        );
        browser.click("#own");
        browser.until("document.querySelector('#late').value === 'WELCOME10'");
        stage.open(&browser, "/empty");
        browser.value(
            "document.querySelector('main').append(
            Object.assign(document.createElement('input'), { id: 'late' }))",
        );
        browser.until("document.querySelector('#late').value === 'WELCOME10'");
        let typed = FIELD.replace("id=\"coupon\"", "id=\"coupon\" value=\"MINE\"");
        page(&stage, "/basket", "en", &typed);
        stage.open(&browser, "/basket");
        let asked = "parrain('offer').then(() => new Promise((go) => setTimeout(go, 600)))";
        browser.value(asked);
        assert_eq!(value(&browser), json!("MINE"));
        assert_eq!(browser.complaints(), Vec::<String>::new());

        // Whom nobody sent finds nothing.
        page(&stage, "/basket", "en", FIELD);
        let other = Browser::open();
        stage.open(&other, "/basket");
        other.value(asked);
        assert_eq!(value(&other), json!(""));
    }
}

fn r_around_3_a_friend_is_offered_it_in_a_window_that_names_who_sent_them(host: &'static Host) {
    let offer = json!({ "offerWindow": true, "couponField": "#coupon" });
    let stage = set(host, Place::Foreign, "REQUIRED", &offer);
    // The focus is somewhere before anything opens.
    page(&stage, "/landing", "en", "<script>document.querySelector('#own').focus()</script>");
    let browser = Browser::open();
    browser.visit(&stage.ann.link(&stage.service));
    browser.arrives_at("/landing");
    opens(&browser);
    let said = browser.text("parrain-dialog>>>dialog");
    assert!(said.contains("Ann gives you 10 % off"), "{said}");
    assert_eq!((browser.our_cookies().len(), browser.stored()), (0, json!(0)));
    is_for_everybody(&browser, "offer-en");

    // The keyboard stays within; Escape closes, and the focus is where it was.
    for _ in 0..8 {
        press(&browser, "Tab");
        let at = browser.value("document.activeElement.localName");
        assert!(at == "parrain-dialog" || at == "body", "{at}");
    }
    press(&browser, "Escape");
    closes(&browser);
    assert_eq!(browser.value("document.activeElement.id"), json!("own"));
    // That they closed it is all that is kept.
    assert_eq!((browser.our_cookies().len(), browser.stored()), (0, json!(1)));
    let kept = format!("Object.keys(JSON.parse(localStorage['prn-offer-{}']))", stage.campaign.id);
    assert_eq!(browser.value(&kept), json!(["closed"]));
    let link = stage.ann.link(&stage.service);
    browser.visit(&link);
    browser.arrives_at("/landing");
    stage.settled(&browser);
    let refused = json!({ "shown": false, "reason": "CAPPED" });
    assert_eq!(browser.value("parrain('offer')"), refused);
    assert_eq!(browser.value(&format!("!{WINDOW}")), json!(true));

    // Somebody else claims it, in French.
    page(&stage, "/landing", "fr", "");
    let browser = Browser::open();
    browser.begin_with("addEventListener('unhandledrejection', () => (window.rejected = true))");
    browser.visit(&link);
    browser.arrives_at("/landing");
    opens(&browser);
    assert!(browser.text("parrain-dialog>>>h2").contains("Ann vous offre 10 % off"));
    browser.click("parrain-dialog>>>[part=claim]");
    browser.until(&format!("{WINDOW}.textContent.includes('WELCOME10')"));
    eventually("a touch", || stage.cookies(&browser).into_iter().next());
    is_for_everybody(&browser, "claimed-fr");
    // Where the page may not write the clipboard, the code is marked for them to copy.
    browser.value("void (navigator.clipboard.writeText = () => Promise.reject(Error('no')))");
    browser.click("parrain-dialog>>>.code button");
    browser.until("getSelection().toString() === 'WELCOME10'");
    browser.click("parrain-dialog>>>.primary");
    closes(&browser);
    assert_eq!(browser.value("window.rejected === undefined"), json!(true));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn r_around_4_a_customer_is_asked_after_a_purchase_and_no_more_often_than_the_owner_says(
    host: &'static Host,
) {
    let pages = json!({ "purchasePages": ["/order/*/thanks"], "promptEveryDays": 30, "promptClosedDays": 90 });
    let stage = set(host, Place::Foreign, "NOT_REQUIRED", &pages);
    for (path, lang) in [("/order/7/thanks", "en"), ("/fr", "fr"), ("/home", "en")] {
        page(&stage, path, lang, "");
    }
    let browser = Browser::open();
    stage.open(&browser, "/home");
    assert_eq!(browser.value(&format!("!{WINDOW}")), json!(true));
    browser.visit(&format!("{}/order/7/thanks", stage.site.url()));
    opens(&browser);
    let said = browser.text("parrain-dialog>>>dialog");
    // What it brings, in the card's words, and where to get a link.
    assert!(said.contains("10 € each") && said.contains("Get my link"), "{said}");
    let join = browser.value(&format!("{WINDOW}.querySelector('[part=join]').href"));
    assert_eq!(join, json!(format!("{}/me/{}?lang=en", host.url(), stage.campaign.id)));
    is_for_everybody(&browser, "prompt-en");
    browser.click("parrain-dialog>>>[part=later]");
    closes(&browser);

    // Not again by itself, and not by a call, unless somebody wants it.
    let key = format!("prn-prompt-{}", stage.campaign.id);
    browser.visit(&format!("{}/fr", stage.site.url()));
    stage.settled(&browser);
    assert_eq!(prompt(&browser, ""), json!("CAPPED"));
    assert_eq!(prompt(&browser, "{ now: true }"), json!("shown"));
    assert!(browser.text("parrain-dialog>>>h2").contains("Recommandez-nous"));
    is_for_everybody(&browser, "prompt-fr");
    // Its own edge is no place beside it.
    browser.run(&format!("{PRESS}(2)"), json!([]));
    browser.run("return new Promise((go) => setTimeout(go, 100))", json!([]));
    opens(&browser);
    browser.run(&format!("{PRESS}(-2)"), json!([]));
    closes(&browser);
    assert_eq!(prompt(&browser, "{ now: true }"), json!("shown"));
    press(&browser, "Escape");
    closes(&browser);
    let asked_after = |shown: i64, closed: i64| {
        browser.run(
            "localStorage[arguments[0]] = JSON.stringify({ shown: Date.now() - arguments[1], closed: Date.now() - arguments[2] })",
            json!([key, shown, closed]),
        );
        let said = prompt(&browser, "");
        if said == "shown" {
            press(&browser, "Escape");
            closes(&browser);
        }
        said
    };
    let minute = 60_000;
    assert_eq!(asked_after(30 * DAY - minute, 365 * DAY), json!("CAPPED"));
    assert_eq!(asked_after(30 * DAY, 90 * DAY - minute), json!("CAPPED"));
    assert_eq!(asked_after(30 * DAY, 90 * DAY), json!("shown"));
    assert_eq!(asked_after(0, 365 * DAY), json!("CAPPED"));

    // Where storage is blocked the page remembers as long as it is there.
    let blocked = "<script>Object.defineProperty(window, 'localStorage',
        { get() { throw new DOMException('no', 'SecurityError') } })</script>";
    page(&stage, "/blocked", "en", blocked);
    stage.open(&browser, "/blocked");
    assert_eq!(prompt(&browser, ""), json!("shown"));
    press(&browser, "Escape");
    closes(&browser);
    assert_eq!(prompt(&browser, ""), json!("CAPPED"));

    // An element asks where it stands, with the customer's own link and the owner's words.
    let element = format!(
        r#"<parrain-prompt code="{}" base="{}"><p>Thank you for your order.</p></parrain-prompt>"#,
        stage.ann.id, stage.service
    );
    page(&stage, "/element", "en", &element);
    let other = Browser::open();
    stage.open(&other, "/element");
    other.until(
        "document.querySelector('parrain-prompt').shadowRoot?.querySelector('dialog[open]')",
    );
    assert_eq!(other.text("parrain-prompt p"), "Thank you for your order.");
    assert_eq!(
        other.text("parrain-prompt>>>parrain-share>>>#link"),
        stage.ann.link(&stage.service)
    );
    is_for_everybody(&other, "element-en");
    // One that is moved loses its window, and keeps no other from coming.
    other.run("document.body.append(document.querySelector('parrain-prompt'))", json!([]));
    assert_eq!(prompt(&other, "{ now: true }"), json!("shown"));
    assert_eq!(other.complaints(), Vec::<String>::new());
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn r_around_4_the_button_in_the_corner_opens_the_same_and_can_be_removed(host: &'static Host) {
    let launcher = json!({ "launcher": true });
    let stage = set(host, Place::Foreign, "NOT_REQUIRED", &launcher);
    for (path, lang) in [("/home", "en"), ("/fr", "fr"), ("/checkout", "en")] {
        page(&stage, path, lang, "");
    }
    let browser = Browser::open();
    // Whatever the page does with what its body holds, nothing of it moves.
    let grid = "<style>body { display: grid; gap: 5em; align-content: space-between }</style>";
    page(&stage, "/home", "en", grid);
    browser.begin_with(
        "addEventListener('DOMContentLoaded', () => (window.before = document.querySelector('main').getBoundingClientRect().toJSON()))",
    );
    browser.visit(&format!("{}/home", stage.site.url()));
    browser.until("document.querySelector('parrain-launcher')");
    let after = "document.querySelector('main').getBoundingClientRect().toJSON()";
    assert_eq!(browser.value(after), browser.value("before"));
    is_for_everybody(&browser, "launcher-en");
    browser.click("parrain-launcher>>>[part=launcher]");
    opens(&browser);
    press(&browser, "Escape");
    closes(&browser);
    let focus = "document.querySelector('parrain-launcher').shadowRoot.activeElement?.part.value";
    assert_eq!(browser.value(focus), json!("launcher"));
    // It is gone while somebody pays, also where the page changes its address without loading.
    browser.value("history.pushState(null, '', '/checkout')");
    browser.until("!document.querySelector('parrain-launcher')");
    browser.value("history.back()");
    browser.until("document.querySelector('parrain-launcher')");
    stage.open(&browser, "/checkout");
    assert_eq!(prompt(&browser, "{ now: true }"), json!("CHECKOUT"));
    assert_eq!(browser.value("!document.querySelector('parrain-launcher')"), json!(true));
    // Removed, it stays away.
    browser.visit(&format!("{}/fr", stage.site.url()));
    browser.until("document.querySelector('parrain-launcher')");
    browser.picture("around-launcher-fr");
    browser.click("parrain-launcher>>>[part=remove]");
    browser.until("!document.querySelector('parrain-launcher')");
    stage.open(&browser, "/home");
    browser.value("parrain('prompt')");
    assert_eq!(browser.value("!document.querySelector('parrain-launcher')"), json!(true));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn r_around_5_nobody_is_asked_while_they_pay_or_before_another_window(host: &'static Host) {
    let all = json!({
        "couponField": "#coupon",
        "purchasePages": ["/thanks", "/checkout/done*"], "quietPages": ["/help/*"],
    });
    let stage = set(host, Place::Foreign, "NOT_REQUIRED", &all);
    let browser = Browser::open();
    let now = "{ now: true }";
    for (path, body, expected) in [
        ("/fr/paiement/2", "", "CHECKOUT"),
        ("/cart", "", "CHECKOUT"),
        ("/help/me", "", "CHECKOUT"),
        ("/finalizar-compra/", "", "CHECKOUT"),
        ("/shopping-bag", "", "CHECKOUT"),
        ("/products/tote-bag", "", "shown"),
        ("/fr/basket-femme", "", "shown"),
        ("/buy", r#"<input autocomplete="section-a cc-number" aria-label="Card">"#, "CHECKOUT"),
        ("/order", r#"<input id="coupon" aria-label="Coupon">"#, "CHECKOUT"),
        ("/order", r#"<div hidden><input id="coupon" aria-label="Coupon"></div>"#, "shown"),
        ("/news", r#"<div role="dialog" aria-label="Cookies">Cookies?</div>"#, "DIALOG"),
        ("/news", r#"<div role="dialog" aria-label="Cookies" hidden>Cookies?</div>"#, "shown"),
        ("/cartoons", "", "shown"),
        ("/checkout/done", "", "shown"),
    ] {
        page(&stage, path, "en", body);
        browser.visit(&format!("{}/empty", stage.site.url()));
        browser.value("localStorage.clear()");
        browser.visit(&format!("{}{path}", stage.site.url()));
        stage.settled(&browser);
        if path == "/checkout/done" {
            opens(&browser);
        } else {
            assert_eq!(prompt(&browser, now), json!(expected), "{path} {body}");
        }
    }
    // By itself it waits until the other window is closed.
    let cookies = r#"<dialog id="cookies"><button onclick="this.closest('dialog').close()">OK</button></dialog>
        <script>document.querySelector('#cookies').showModal()</script>"#;
    page(&stage, "/thanks", "en", cookies);
    browser.visit(&format!("{}/empty", stage.site.url()));
    browser.value("localStorage.clear()");
    browser.visit(&format!("{}/thanks", stage.site.url()));
    stage.settled(&browser);
    browser.until("performance.now() > 4000");
    assert_eq!(browser.value(&format!("!{WINDOW}")), json!(true));
    browser.click("#cookies button");
    opens(&browser);
    is_judged_at_the_moment(&stage, &browser);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// What comes while the window waits for its words counts, and what goes does.
fn is_judged_at_the_moment(stage: &Stage, browser: &Browser) {
    let coupon = r#"<input id="coupon" aria-label="Coupon" hidden>"#;
    let slow = "<script>const now = fetch; window.fetch = async (...given) => {
        if (/card.json/.test(given[0])) await new Promise((go) => setTimeout(go, 1000));
        return now(...given) }</script>";
    let typing = "<div id=host></div><script>
        const root = document.querySelector('#host').attachShadow({ mode: 'open' });
        root.append(document.createElement('input'));
        root.firstChild.focus()</script>";
    for (path, body) in [("/news", slow), ("/thanks", typing)] {
        page(stage, path, "en", &format!("{coupon}{body}"));
    }
    let site = stage.site.url();
    let begin = |path: &str| {
        browser.visit(&format!("{site}/empty"));
        browser.value("localStorage.clear()");
        browser.visit(&format!("{site}{path}"));
        stage.settled(browser);
    };
    begin("/news");
    let late = "(() => {
        setTimeout(() => (document.querySelector('#coupon').hidden = false), 500);
        return parrain('prompt', { now: true }).then((it) => [it.reason, localStorage.length]);
      })()";
    assert_eq!(browser.value(late), json!(["CHECKOUT", 0]));

    // Nobody opens by itself before who types, in a shadow root too; nor while the coupon is asked for.
    begin("/thanks");
    browser.until("performance.now() > 4000");
    assert_eq!(browser.value(&format!("!{WINDOW}")), json!(true), "somebody types");
    let paying = "(() => {
        document.querySelector('#coupon').hidden = false;
        root.activeElement.blur();
        return new Promise((go) => setTimeout(go, 2500));
      })()";
    browser.value(paying);
    assert_eq!(browser.value(&format!("!{WINDOW}")), json!(true), "somebody pays");
    browser.value("document.querySelector('#coupon').hidden = true");
    opens(browser);
}
