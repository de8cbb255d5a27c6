//! Forms that are sent without leaving the page, and by other ways than a form's own button.

use tests::wait::eventually;
use tests::{Browser, Host, on_both_hosts};

use crate::stage::{Place, Stage};

on_both_hosts!(
    r_live_1_a_form_that_a_script_sends_counts_once_the_page_says_so,
    r_live_4_what_is_sent_without_a_form_is_taken,
);

/// A friend on a page of the site with these contents, and a script.
#[track_caller]
fn arrive(host: &'static Host, body: &str, script: &str) -> (Stage, Browser) {
    let stage = Stage::plain(host, Place::FirstParty);
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));
    show(&stage, &browser, body, script);
    (stage, browser)
}

/// Shows another such page.
#[track_caller]
fn show(stage: &Stage, browser: &Browser, body: &str, script: &str) {
    let page = format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Club</title>{}
        <main><h1>Join our club</h1>{body}</main><script>{script}</script></html>"#,
        stage.campaign.script(&stage.service)
    );
    stage.site.set_page("/club", &page);
    stage.open(browser, "/club");
    browser.until("customElements.get('parrain-share')");
}

/// The leads that the site's pages told of.
fn told(stage: &Stage) -> Vec<String> {
    stage.site.seen("/_p/lead").into_iter().map(|it| it.body).collect()
}

/// Waits until a lead with this address was told of.
#[track_caller]
fn is_told(stage: &Stage, email: &str) {
    eventually(email, || told(stage).iter().any(|it| it.contains(email)).then_some(()));
}

/// Leaves the page, which tells of whatever still waits, and fails if the address was among it.
#[track_caller]
fn is_never_told(stage: &Stage, browser: &Browser, email: &str) {
    let ends = || told(stage).iter().filter(|it| it.contains("end@example.com")).count();
    let before = ends();
    stage.open(browser, "/later");
    browser.value("parrain('lead', { email: 'end@example.com' })");
    eventually("the last lead", || (before < ends()).then_some(()));
    assert!(!told(stage).iter().any(|it| it.contains(email)), "{:?}", told(stage));
}

const FORM: &str = r#"<section><div><form id="join"><label>E-mail <input type="email" name="email"
    required></label><button>Sign up</button></form><p id="said"></p></div></section>
    <div id="live" aria-live="polite"></div>"#;

/// Prevents the form's own submit, and does something instead a moment later.
fn instead(act: &str) -> String {
    format!(
        "const form = document.querySelector('form');
         const said = document.querySelector('#said');
         form.addEventListener('submit', (event) => {{
           event.preventDefault();
           window.sent = performance.now();
           setTimeout(() => {{ {act} }}, 100);
         }});"
    )
}

fn send(browser: &Browser, email: &str) {
    browser.enter("[name=email]", email);
    browser.click("#join button");
}

fn r_live_1_a_form_that_a_script_sends_counts_once_the_page_says_so(host: &'static Host) {
    let act = "if (form.email.value.includes('wrong')) {
        said.setAttribute('role', 'alert');
        said.textContent = 'This address is invalid.';
      } else {
        said.textContent = 'Thank you! Look at your inbox.';
      }";
    let (stage, browser) = arrive(host, FORM, &instead(act));
    send(&browser, "wrong@example.com");
    browser.until("document.querySelector('#said').textContent && performance.now() > sent + 700");
    browser.value("document.querySelector('[name=email]').value = ''");
    browser.until("performance.now() > 3000");
    send(&browser, "frida@example.com");
    is_told(&stage, "frida@example.com");
    assert_eq!(told(&stage).len(), 1, "{:?}", told(&stage));
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    is_never_told(&stage, &browser, "wrong@example.com");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn r_live_1_every_sign_of_success_counts() {
    let (stage, browser) = arrive(Host::native(), FORM, "");
    for (name, act) in [
        ("removed", "form.remove()"),
        ("hidden", "form.style.display = 'none'"),
        ("emptied", "form.email.value = ''"),
        ("reset", "form.reset()"),
        ("thanked", "said.textContent = 'Merci de votre inscription !'"),
        ("live", "document.querySelector('#live').textContent = 'E-Mail wurde gesendet. Danke!'"),
        ("moved", "history.pushState(null, '', '/welcome')"),
        ("replaced", "document.querySelector('section').innerHTML = '<h2>Welcome aboard</h2>'"),
    ] {
        show(&stage, &browser, FORM, &instead(act));
        send(&browser, &format!("{name}@example.com"));
        is_told(&stage, &format!("{name}@example.com"));
        // Told while the page is still there.
        assert_ne!(browser.value("window.sent"), serde_json::Value::Null, "{name}");
    }
    assert_eq!(told(&stage).len(), 8, "{:?}", told(&stage));
}

#[test]
fn r_live_2_every_sign_of_an_error_does_not() {
    let (stage, browser) = arrive(Host::native(), FORM, "");
    for (name, act) in [
        ("alerted", "said.textContent = 'An error occurred, please try again.'"),
        ("marked", "form.email.setAttribute('aria-invalid', 'true')"),
        ("styled", "said.className = 'field-error'; said.textContent = 'Hm.'"),
        ("known", "said.textContent = 'Cette adresse est déjà inscrite.'"),
        (
            "redrawn",
            "form.outerHTML = form.outerHTML.replace('required', 'value=redrawn@example.com') + '<p>Something went wrong.</p>'",
        ),
        ("refused", "form.email.setCustomValidity('no')"),
    ] {
        show(&stage, &browser, FORM, &instead(act));
        let email = format!("{name}@example.com");
        send(&browser, &email);
        browser.until("window.sent && performance.now() > sent + 700");
        is_never_told(&stage, &browser, &email);
    }
    // What its own browser says is wrong before a script sends it.
    let form = FORM.replace("<form", "<form novalidate");
    show(&stage, &browser, &form, &instead(""));
    send(&browser, "no address@");
    browser.until("window.sent && performance.now() > sent + 500");
    is_never_told(&stage, &browser, "no address@");
}

#[test]
fn r_live_3_where_nothing_is_to_be_seen_it_counts_with_time_or_with_the_page() {
    let (stage, browser) = arrive(Host::native(), FORM, &instead(""));
    send(&browser, "leaves@example.com");
    browser.until("window.sent");
    assert_eq!(told(&stage), Vec::<String>::new());
    stage.open(&browser, "/later");
    is_told(&stage, "leaves@example.com");

    show(&stage, &browser, FORM, &instead(""));
    send(&browser, "waits@example.com");
    is_told(&stage, "waits@example.com");
    let waited = browser.value("performance.now() - sent").as_f64().unwrap();
    assert!(9_000.0 < waited, "{waited}");
}

fn r_live_4_what_is_sent_without_a_form_is_taken(host: &'static Host) {
    let fields = r#"<section><div class="newsletter"><p>News, once a month</p>
        <input type="email" id="mail" aria-label="E-mail address"> <div id="join"><button>Subscribe</button></div>
        <button id="close" aria-label="Close">×</button><p id="said"></p></div></section>"#;
    let script = "const mail = document.querySelector('#mail');
        const done = () => { mail.value = ''; document.querySelector('#said').textContent = 'Thanks!' };
        document.querySelector('#join button').onclick = done;
        mail.onkeydown = ({ key }) => { if (key === 'Enter') done() };
        document.querySelector('#close').onclick = () => document.querySelector('section').remove();";
    let (stage, browser) = arrive(host, fields, script);
    browser.enter("#mail", "click@example.com");
    browser.click("#join button");
    is_told(&stage, "click@example.com");

    show(&stage, &browser, fields, script);
    browser.enter("#mail", "enter@example.com\u{e007}");
    is_told(&stage, "enter@example.com");

    show(&stage, &browser, fields, script);
    browser.enter("#mail", "close@example.com");
    browser.click("#close");
    browser.until("!document.querySelector('section')");
    is_never_told(&stage, &browser, "close@example.com");
    assert_eq!(stage.sender_of("click@example.com"), Some("Ann"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn r_live_4_a_button_that_sends_no_form_counts_only_if_it_worked() {
    let form = r#"<section><form id="join"><label>E-mail <input type="email" name="email"></label>
        <label>Password <input type="password" autocomplete="new-password"></label>
        <button type="button" id="look">Show password</button>
        <button type="button" id="go">Create account</button><p id="said"></p></form></section>"#;
    let script = "document.querySelector('#go').onclick = () =>
        document.querySelector('#said').textContent = 'Your account is ready. Welcome!'";
    let (stage, browser) = arrive(Host::native(), form, script);
    browser.enter("[name=email]", "look@example.com");
    browser.click("#look");
    is_never_told(&stage, &browser, "look@example.com");

    show(&stage, &browser, form, script);
    browser.enter("[name=email]", "go@example.com");
    browser.click("#go");
    is_told(&stage, "go@example.com");
}

#[test]
fn r_live_5_what_the_steps_of_a_form_ask_for_is_sent_with_the_last() {
    let steps = r#"<section><div id="step"><input type="email" name="email" aria-label="E-mail">
        <button type="button">Continue</button></div></section>"#;
    let script = r#"const step = document.querySelector('#step');
        const next = () => {
          step.innerHTML = '<label>First name <input name="first_name"></label><button type="button">Create account</button>';
          step.querySelector('button').onclick = () => { step.innerHTML = '<p>Thank you, we are done.</p>' };
        };
        step.querySelector('button').onclick = next;"#;
    let (stage, browser) = arrive(Host::native(), steps, script);
    browser.enter("[name=email]", "steps@example.com");
    browser.click("#step button");
    browser.until("document.querySelector('[name=first_name]')");
    // The step is seen to have gone.
    browser.value("window.sent = performance.now()");
    browser.until("performance.now() > sent + 600");
    assert_eq!(told(&stage), Vec::<String>::new());
    browser.enter("[name=first_name]", "Frida");
    browser.click("#step button");
    is_told(&stage, "steps@example.com");
    assert!(told(&stage)[0].contains("Frida"), "{:?}", told(&stage));

    // Who stops halfway has sent nothing.
    show(&stage, &browser, steps, script);
    browser.enter("[name=email]", "halfway@example.com");
    browser.click("#step button");
    browser.value("window.sent = performance.now()");
    browser.until("performance.now() > sent + 600");
    is_never_told(&stage, &browser, "halfway@example.com");
}

#[test]
fn r_live_6_forms_are_found_wherever_they_are() {
    let thanks = "onsubmit=\"event.preventDefault(); this.outerHTML = '<p>Thank you</p>'\"";
    let form = |email: &str| {
        format!(
            r#"<form {thanks}><input type="email" name="email" value="" aria-label="E-mail" data-to="{email}">
            <button>Subscribe</button></form>"#
        )
    };
    let fill = "const fill = (root) => {
        const field = root.querySelector('input');
        field.focus();
        field.value = field.dataset.to;
        root.querySelector('button').click();
      };";
    // Added later.
    let (stage, browser) = arrive(Host::native(), "<section id=place></section>", fill);
    browser.run(
        "document.querySelector('#place').innerHTML = arguments[0]; fill(document)",
        form("late@example.com").into(),
    );
    is_told(&stage, "late@example.com");

    // In a shadow root, and with an input in another.
    show(&stage, &browser, "<div id=host></div>", fill);
    browser.run(
        "const root = document.querySelector('#host').attachShadow({ mode: 'open' });
         root.innerHTML = arguments[0];
         fill(root)",
        form("shadow@example.com").into(),
    );
    is_told(&stage, "shadow@example.com");
    show(
        &stage,
        &browser,
        "<section><form id=join><x-field></x-field><button>Sign up</button></form></section>",
        fill,
    );
    browser.value(
        "(() => {
          const root = document.querySelector('x-field').attachShadow({ mode: 'open' });
          root.innerHTML = '<label>E-mail <input type=email></label>';
          const form = document.querySelector('form');
          form.addEventListener('submit', (event) => { event.preventDefault(); form.remove() });
          root.querySelector('input').value = 'inner@example.com';
          form.requestSubmit();
        })()",
    );
    is_told(&stage, "inner@example.com");

    // In a frame of the same origin; one of another shows nothing, and nothing is said of it.
    stage.site.set_page(
        "/frame",
        &format!("<!doctype html><title>Frame</title>{}", form("frame@example.com")),
    );
    let other = Host::native().url();
    let frames =
        format!(r#"<iframe src="/frame"></iframe><iframe src="{other}/nothing"></iframe>"#);
    show(&stage, &browser, &frames, fill);
    browser.until("frames[0].document.querySelector('button')");
    browser.complaints();
    browser.value("fill(frames[0].document)");
    is_told(&stage, "frame@example.com");
    assert_eq!(browser.complaints(), Vec::<String>::new());

    // What the owner rules out is left alone there, too.
    show(&stage, &browser, "<div id=host data-parrain-ignore></div>", fill);
    browser.run(
        "const root = document.querySelector('#host').attachShadow({ mode: 'open' });
         root.innerHTML = arguments[0];
         fill(root)",
        form("ignored@example.com").into(),
    );
    is_never_told(&stage, &browser, "ignored@example.com");
}
