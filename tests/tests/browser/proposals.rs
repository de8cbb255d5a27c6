//! The owner's word on forms: markup, lists, and what the console proposes.

use tests::wait::eventually;
use tests::{Browser, Host, on_both_hosts};

use crate::stage::{Place, Stage};

on_both_hosts!(r_proposal_5_a_form_is_proposed_decided_on_the_console_and_taken,);

/// Shows a page of the site with these contents, whose forms a script sends.
#[track_caller]
fn show(stage: &Stage, browser: &Browser, body: &str) {
    let page = format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>{}<h1>Hello</h1>{body}
        <script>addEventListener("submit", (event) => {{
          event.preventDefault();
          event.target.outerHTML = "<p>Thank you!</p>";
        }})</script></html>"#,
        stage.campaign.script(&stage.service)
    );
    stage.site.set_page("/about", &page);
    stage.open(browser, "/about");
    browser.until("customElements.get('parrain-share')");
}

fn told(stage: &Stage, what: &str) -> Vec<String> {
    stage.site.seen(&format!("/_p/{what}")).into_iter().map(|it| it.body).collect()
}

fn send(browser: &Browser, form: &str, email: &str) {
    browser.enter(&format!("#{form} [type=email]"), email);
    browser.click(&format!("#{form} button"));
}

const LETTER: &str = r#"<form id="letter"><label>Your e-mail <input type="email" name="email"></label>
    <label>Your message <textarea name="message"></textarea></label><button>Send message</button></form>"#;
const NEWS: &str = r#"<form id="news"><label>E-mail <input type="email" name="email"></label>
    <button>Subscribe</button></form>"#;

fn r_proposal_5_a_form_is_proposed_decided_on_the_console_and_taken(host: &'static Host) {
    let stage = Stage::plain(host, Place::FirstParty);
    let browser = Browser::open();
    // Nobody referred them.
    for (form, html) in [("letter", LETTER), ("news", NEWS), ("news", NEWS)] {
        show(&stage, &browser, html);
        send(&browser, form, "secret@example.com");
        browser.until("!document.forms[0]");
        eventually("a proposal", || {
            told(&stage, "proposal").iter().find(|it| it.contains(form)).cloned()
        });
    }
    // Each once in the browser's session, and nothing that was typed.
    stage.open(&browser, "/later");
    let proposals = told(&stage, "proposal");
    assert_eq!(proposals.len(), 2, "{proposals:?}");
    assert!(!proposals.iter().any(|it| it.contains("secret")), "{proposals:?}");
    assert_eq!(told(&stage, "lead"), Vec::<String>::new());

    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    owner.visit(&format!("{}/console/{}/forms?lang=en", host.url(), stage.campaign.id));
    for text in ["Contact form", "Sent by somebody whom nobody referred", "Your message", "/about"]
    {
        assert!(owner.text("main").contains(text), "{text}: {}", owner.text("main"));
    }
    owner.click("article details summary");
    owner.is_for_everybody("story-forms");
    owner.click("article:has(input) [value=take]");
    owner.arrives_at("said=take");
    owner.click("article:has(input) [value=take]");
    owner.until("!document.querySelector('article')");
    owner.is_for_everybody("story-forms-decided");

    // From now on both are taken, from whomever.
    let browser = Browser::open();
    for (form, html) in [("letter", LETTER), ("news", NEWS)] {
        let email = format!("{form}@example.com");
        eventually("the list", || {
            show(&stage, &browser, html);
            browser
                .value("parrain('visit').then((it) => it.forms.take.length === 2)")
                .as_bool()
                .filter(|it| *it)
        });
        send(&browser, form, &email);
        eventually(&email, || stage.campaign.participant(&email));
        assert_eq!(stage.campaign.referrer_of(&email), None);
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn r_form_7_the_markup_and_the_lists_have_the_last_word() {
    let stage = Stage::plain(Host::native(), Place::FirstParty);
    let browser = Browser::open();
    stage.follow(&browser, &stage.ann.link(&stage.service));

    // Fields that nobody could tell, named by the owner.
    show(
        &stage,
        &browser,
        r#"<form id="odd"><input type="text" name="x1" data-parrain-field="email"><input name="x2" data-parrain-field="first-name">
        <input type="email" name="x3" data-parrain-field="ignore"><button>Go</button></form>"#,
    );
    browser.enter("[name=x2]", "Frida");
    browser.enter("[name=x3]", "other@example.com");
    browser.enter("[name=x1]", "odd@example.com");
    browser.click("#odd button");
    let lead = eventually("a lead", || told(&stage, "lead").pop());
    assert!(lead.contains("odd@example.com") && lead.contains("Frida"), "{lead}");
    assert!(!lead.contains("other@"), "{lead}");

    // A letter that the markup takes, and sign-ups that markup and list rule out.
    show(&stage, &browser, &LETTER.replace("<form", "<form data-parrain-form"));
    send(&browser, "letter", "letter@example.com");
    eventually("a letter", || {
        told(&stage, "lead").iter().find(|it| it.contains("letter@")).cloned()
    });
    show(&stage, &browser, &format!("<div data-parrain-ignore>{NEWS}</div>"));
    send(&browser, "news", "inside@example.com");
    browser.until("!document.forms[0]");
    let lists = serde_json::json!({ "forms": { "take": [], "ignore": ["#news"] } });
    stage.campaign.change("/installation", &lists);
    eventually("the list", || {
        show(&stage, &browser, NEWS);
        browser
            .value("parrain('visit').then((it) => it.forms.ignore.length === 1)")
            .as_bool()
            .filter(|it| *it)
    });
    send(&browser, "news", "listed@example.com");
    browser.until("!document.forms[0]");
    stage.open(&browser, "/later");
    browser.value("parrain('lead', { email: 'end@example.com' })");
    eventually("the end", || told(&stage, "lead").iter().find(|it| it.contains("end@")).cloned());
    let leads = told(&stage, "lead");
    assert!(!leads.iter().any(|it| it.contains("inside@") || it.contains("listed@")), "{leads:?}");
}
