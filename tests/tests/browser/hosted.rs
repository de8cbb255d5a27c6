//! The page for participants: a friend joins by a link, signs in elsewhere by mail, shares, and leaves.

use serde_json::{Value, json};
use tests::browser::View;
use tests::host::Kind;
use tests::wait::eventually;
use tests::{Browser, Campaign, Host, Setup, on_both_hosts};

use crate::pages::check;

on_both_hosts!(
    a_friend_joins_signs_in_elsewhere_shares_and_leaves,
    the_participants_pages_are_for_everybody
);

const PHONE: View = View { width: 360, dark: false };

fn a_friend_joins_signs_in_elsewhere_shares_and_leaves(host: &'static Host) {
    let mut setup = Setup::on(host.url(), "/");
    setup.trigger = "CUSTOM";
    let campaign = Campaign::open(host, &setup);
    campaign.writes();
    let here = format!("{}/me/{}", host.url(), campaign.id);
    campaign.change("/installation", &json!({ "shareUrl": here }));
    let ann = campaign.join("ann@example.com", "Ann");

    // On a phone, in French, by Ann's link.
    let phone = Browser::open();
    phone.look(PHONE);
    phone.send_headers(json!({ "Accept-Language": "fr-FR,fr" }));
    phone.visit(&ann.link(host.url()));
    phone.arrives_at(&format!("/me/{}", campaign.id));
    assert!(phone.text(".invited").contains("Ann nous recommande"), "{}", phone.text("main"));
    clean(&phone);
    phone.enter("#join-email", "frida@example.com");
    phone.enter("#join-first_name", "Frida");
    phone.click("#join + form [name=agreed]");
    // People take their time; who does not is taken for a robot.
    phone.until("performance.now() > 3500");
    phone.click("#join + form button");
    phone.until("document.querySelector('h1').textContent.includes('boîte mail')");
    clean(&phone);
    let found = eventually("Frida", || campaign.participant("frida@example.com"));
    // The address may still be anybody's.
    let told = (&found["referredBy"], &found["firstName"], &found["language"]);
    assert_eq!(told, (&Value::Null, &json!("Frida"), &json!("fr")));
    let frida = found["id"].as_str().expect("an id");

    // Elsewhere, by the link in the e-mail.
    let desk = Browser::open();
    enter(&desk, &mailed(host, &campaign.id, frida, "frida@example.com"));
    assert_eq!(campaign.participant(frida).expect("Frida")["referredBy"], json!(ann.id));
    desk.visit(&format!("{here}?lang=en"));
    assert_eq!(
        desk.value("document.querySelector('input.link').value"),
        json!(format!("{}/r/{frida}", host.url()))
    );
    assert!(desk.text("h1").contains("Hello Frida"), "{}", desk.text("h1"));
    // The language stays.
    desk.visit(&here);
    clean(&desk);
    assert!(desk.text("h1").contains("Hello"));
    // The phone is still nobody's.
    phone.visit(&here);
    assert!(phone.text("main").contains("Participer"));

    // Cards to give away: one to look at, a sheet for the printer.
    desk.visit(&format!("{here}/cards"));
    assert!(desk.text(".handout").contains("Frida recommends Story"), "{}", desk.text("main"));
    clean(&desk);
    let loaded = "[...document.querySelectorAll('.handout .qr')].every((it) => it.naturalWidth)";
    desk.until(loaded);
    desk.picture(&format!("me-cards-{:?}", host.kind).to_lowercase());
    desk.command("Emulation.setEmulatedMedia", json!({ "media": "print" }));
    let shown =
        "[...document.querySelectorAll('.handout')].filter((it) => it.checkVisibility()).length";
    assert_eq!(desk.value(shown), json!(8));
    assert_eq!(desk.value("document.querySelector('.ways').checkVisibility()"), json!(false));
    desk.picture(&format!("me-cards-printed-{:?}", host.kind).to_lowercase());
    desk.command("Emulation.setEmulatedMedia", json!({ "media": "" }));
    desk.visit(&here);

    // She passes it on; and does what the programme waits for.
    desk.click("[data-share=email]");
    eventually("a share", || {
        let now = campaign.participant(frida)?;
        (now["shareCount"]["email"] == 1).then_some(())
    });
    let path = campaign.path(&format!("/participant/{frida}/ref"));
    let _ = host.api("POST", &path).json(&json!({})).send().expect(200);

    // Ann sees that a friend came, and what she has by it; not who it is.
    let anns = Browser::open();
    anns.look(PHONE);
    enter(&anns, &host.guest_link(&campaign.id, &ann.id));
    anns.visit(&format!("{here}?lang=en"));
    let seen = anns.text("main");
    for said in ["F.", "counts", "10 € each"] {
        assert!(seen.contains(said), "{said}: {seen}");
    }
    assert!(!seen.contains("Frida") && !seen.contains("frida"), "{seen}");
    clean(&anns);
    anns.picture(&format!("me-story-{:?}", host.kind).to_lowercase());
    // Until Frida allows it.
    desk.visit(&format!("{here}/account"));
    desk.click("[name=named]");
    desk.click("#settings ~ form button");
    desk.until("document.querySelector('[role=status]')");
    clean(&desk);
    anns.visit(&here);
    assert!(anns.text("#friends ~ ul").contains("Frida"), "{}", anns.text("main"));

    // She leaves, and is asked once more.
    desk.click("#leave ~ p a.danger");
    desk.until("location.pathname.endsWith('/erase')");
    clean(&desk);
    desk.click("[name=sure]");
    desk.click("form button.danger");
    desk.until("location.search.includes('done=erased')");
    assert!(desk.text("[role=status]").contains("forgotten"), "{}", desk.text("main"));
    assert_eq!(campaign.participant("frida@example.com"), None::<Value>);
    assert_eq!(desk.our_cookies().iter().filter(|it| it.0.contains("prn-me")).count(), 0);
}

fn the_participants_pages_are_for_everybody(host: &'static Host) {
    let browser = Browser::open();
    check(host, &browser, &["/me/faraway"]);
    let ada = host.api("GET", "/campaign/lumina/participant/ada").send().expect(200).json();
    enter(&browser, &host.guest_link("lumina", ada["id"].as_str().expect("an id")));
    let pages = [
        "/me/lumina",
        "/me/lumina/account",
        "/me/lumina/cards",
        "/me/lumina/data",
        "/me/lumina/erase",
    ];
    check(host, &browser, &pages);
}

/// Follows a link and presses its button.
#[track_caller]
fn enter(browser: &Browser, link: &str) {
    browser.visit(link);
    browser.until("document.querySelector('#token')?.value.length > 40");
    assert_eq!(browser.violations(), Vec::<String>::new());
    browser.click("#enter button");
    browser.until("document.querySelector('input.link')");
}

/// The link that somebody got by mail: natively it lies in the inbox of the console; the worker's mail
/// goes nowhere here.
#[track_caller]
fn mailed(host: &Host, campaign: &str, id: &str, to: &str) -> String {
    eventually("a message", || {
        let sql = "SELECT 1 FROM message WHERE kind = 'loginLink' AND subject = ?1";
        host.sql(sql, &[json!(id)]).pop()
    });
    if host.kind == Kind::Worker {
        return host.guest_link(campaign, id);
    }
    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    let inbox = format!("{}/console/{campaign}/mail/inbox", host.url());
    eventually("the letter", || {
        owner.visit(&inbox);
        let letters = owner.run(
            "return [...document.querySelectorAll('details.message')]
               .filter((it) => it.querySelector('summary').textContent.includes(arguments[0]))
               .map((it) => it.querySelector('pre').textContent).join(' ')",
            json!([to]),
        );
        let mark = format!("/me/{campaign}/enter#");
        let letters = letters.as_str()?.to_owned();
        letters.split_whitespace().find(|it| it.contains(&mark)).map(ToOwned::to_owned)
    })
}

/// Nothing is wrong with the page, for whom it may concern.
#[track_caller]
fn clean(browser: &Browser) {
    assert_eq!(browser.violations(), Vec::<String>::new());
    assert_eq!(browser.overflow(), 0, "{}", browser.address());
}
