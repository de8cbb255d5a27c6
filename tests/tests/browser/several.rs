//! Several campaigns on one site, and customers whom the page itself names.

use serde_json::{Value, json};
use tests::browser::is_ours;
use tests::wait::eventually;
use tests::{Browser, Campaign, Host, Setup, on_both_hosts};

use crate::stage::{Place, Stage, sign_up, vouched};

on_both_hosts!(
    r_several_1_each_campaign_of_a_site_has_its_own_friends,
    r_several_2_a_link_that_comes_without_loading_is_its_own_campaigns,
    r_several_3_an_element_waits_for_the_tag_of_its_campaign,
    r_identify_1_a_page_names_its_customer_and_they_are_known_everywhere_on_it,
    r_identify_2_what_somebody_types_stays_until_they_have_ended,
);

/// A site with two campaigns, and Eve, who shares the second one's link.
fn two(
    host: &'static Host,
    place: Place,
    consent: &'static str,
) -> (Stage, Campaign, tests::campaign::Participant) {
    let stage = Stage::set(host, place, Stage::site(host, place), |it| it.consent = consent);
    let setup = Setup { consent, ..Setup::on(stage.site.url(), "/landing") };
    let other = Campaign::open(host, &setup);
    let eve = other.join("eve@example.com", "Eve");
    let scripts = format!(
        r#"{}<parrain-banner id="one" campaign="{}"></parrain-banner>
        <parrain-banner id="two" campaign="{}"></parrain-banner>
        <parrain-banner id="none" campaign="unknown"></parrain-banner>"#,
        other.script(&stage.service),
        stage.campaign.id,
        other.id
    );
    for path in ["/landing", "/later"] {
        stage.site.set_page(path, &stage.campaign.page(&stage.service, &scripts));
    }
    (stage, other, eve)
}

/// Waits until both campaigns have made their visits, and says which of them the visitor is a friend of.
#[track_caller]
fn referred(browser: &Browser, ids: [&str; 2]) -> [bool; 2] {
    ids.map(|id| {
        browser.until(&format!("window.parrain?.[{id:?}]"));
        browser.value(&format!("parrain[{id:?}]('visit').then((it) => it.referred)")) == true
    })
}

fn r_several_1_each_campaign_of_a_site_has_its_own_friends(host: &'static Host) {
    for place in [Place::FirstParty, Place::Foreign] {
        let (stage, other, eve) = two(host, place, "NOT_REQUIRED");
        let ids = [stage.campaign.id.as_str(), other.id.as_str()];
        let browser = Browser::open();
        browser.visit(&eve.link(&stage.service));
        browser.arrives_at("/landing");
        assert_eq!(referred(&browser, ids), [false, true], "{place:?}");
        browser.until("!location.search.includes('prn')");
        browser.until("document.querySelector('#two').shadowRoot?.textContent.includes('Eve')");
        let one = "document.querySelector('#one').shadowRoot?.textContent ?? ''";
        assert_eq!(browser.value(one), json!(""));
        let kept = |id: &str| {
            let mut all = browser.cookies();
            all.retain(|it| is_ours(&it.name) && it.name.ends_with(&format!("prn-{id}")));
            all.into_iter().map(|it| it.value).next()
        };
        eventually("a touch of the second", || kept(ids[1]));
        assert_eq!(kept(ids[0]), None);
        sign_up(&browser, "frida@example.com");
        assert_eq!(other.referrer_of("frida@example.com"), Some(eve.id.clone()), "{place:?}");
        assert_eq!(stage.campaign.participant("frida@example.com"), None::<Value>);

        // A link of the first takes nothing from the second.
        let before = kept(ids[1]);
        browser.visit(&stage.ann.link(&stage.service));
        browser.arrives_at("/landing");
        assert_eq!(referred(&browser, ids), [true, true], "{place:?}");
        browser.until("document.querySelector('#one').shadowRoot?.textContent.includes('Ann')");
        // An element of a campaign that is not there is nobody's.
        let none = "document.querySelector('#none').shadowRoot?.textContent ?? ''";
        assert_eq!(browser.value(none), json!(""));
        eventually("a touch of the first", || kept(ids[0]));
        assert_eq!(kept(ids[1]).is_some(), before.is_some());
        browser.visit(&format!("{}/later", stage.site.url()));
        assert_eq!(referred(&browser, ids), [true, true], "{place:?}");
        sign_up(&browser, "gina@example.com");
        assert_eq!(stage.sender_of("gina@example.com"), Some("Ann"), "{place:?}");
        assert_eq!(other.referrer_of("gina@example.com"), Some(eve.id), "{place:?}");
        assert_eq!(browser.complaints(), Vec::<String>::new());
    }
}

fn r_several_2_a_link_that_comes_without_loading_is_its_own_campaigns(host: &'static Host) {
    let (stage, other, eve) = two(host, Place::Foreign, "REQUIRED");
    let ids = [stage.campaign.id.as_str(), other.id.as_str()];
    let browser = Browser::open();
    browser.visit(&format!("{}/landing", stage.site.url()));
    assert_eq!(referred(&browser, ids), [false, false]);
    browser.until("customElements.get('parrain-share')");
    for (code, expected) in [(&eve.id, [false, true]), (&stage.ann.id, [true, true])] {
        browser.run(
            "history.pushState(null, '', arguments[0])",
            json!([format!("/later?grsf={code}")]),
        );
        browser.until("!location.search.includes('grsf')");
        eventually("the visits", || (referred(&browser, ids) == expected).then_some(()));
    }
    // The second one's link takes nothing from the first, though no consent lets the page keep either.
    browser.run(
        "return parrain[arguments[0]]('visit').then(({ token }) =>
           history.pushState(null, '', `/later?prn=${token}`))",
        json!([other.id]),
    );
    browser.until("!location.search.includes('prn')");
    assert_eq!(referred(&browser, ids), [true, true]);
    sign_up(&browser, "frida@example.com");
    assert_eq!(stage.sender_of("frida@example.com"), Some("Ann"));
    assert_eq!(other.referrer_of("frida@example.com"), Some(eve.id));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn r_several_3_an_element_waits_for_the_tag_of_its_campaign(host: &'static Host) {
    let (stage, other, eve) = two(host, Place::Foreign, "NOT_REQUIRED");
    let page = format!(
        r#"<!doctype html><html lang="en"><title>Shop</title>{}<main><h1>Shop</h1>
        <parrain-prompt campaign="{}" code="{}"></parrain-prompt></main></html>"#,
        stage.campaign.script(&stage.service),
        other.id,
        eve.id
    );
    stage.site.set_page("/shop", &page);
    let browser = Browser::open();
    stage.open(&browser, "/shop");
    // The first campaign's script asks nobody in the other's name.
    browser.until("customElements.get('parrain-prompt') && performance.now() > 4000");
    let window =
        "document.querySelector('parrain-prompt').shadowRoot?.querySelector('dialog[open]')";
    assert_eq!(browser.value(&format!("!{window}")), json!(true));
    browser.run(
        "const tag = document.createElement('script');
        Object.assign(tag, { src: arguments[0] }).dataset.campaign = arguments[1];
        document.head.append(tag)",
        json!([format!("{}/p.js", stage.service), other.id]),
    );
    browser.until(window);
    let link = browser.text("parrain-prompt>>>parrain-share>>>#link");
    assert_eq!(link, eve.link(&stage.service));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn r_identify_1_a_page_names_its_customer_and_they_are_known_everywhere_on_it(host: &'static Host) {
    let stage = Stage::plain(host, Place::Foreign);
    let hash = vouched(host, &stage.campaign, "ann@example.com");
    let page = format!(
        r#"<!doctype html><html lang="en"><title>Account</title>
        <script>window.parrain = function () {{ (parrain.q = parrain.q || []).push(arguments) }};
        parrain("identify", {{ email: "ann@example.com", hash: "{hash}" }});
        document.addEventListener("parrain-identify", (event) => (window.told = event.detail));</script>{}
        <main><h1>Account</h1><parrain-dashboard></parrain-dashboard></main></html>"#,
        stage.campaign.script(&stage.service)
    );
    stage.site.set_page("/account", &page);
    let browser = Browser::open();
    stage.open(&browser, "/account");
    // What was said before the script came counts: the dashboard and whoever listens know her.
    let dashboard = "document.querySelector('parrain-dashboard').shadowRoot";
    browser.until(&format!("{dashboard}?.textContent.includes('Hello Ann')"));
    assert_eq!(browser.value("told.participant.id"), json!(stage.ann.id));

    // So does whoever asks her to share, with her own link.
    browser.value("parrain('prompt')");
    let link = "document.querySelector('parrain-dialog').shadowRoot.querySelector('parrain-share').shadowRoot.querySelector('#link').textContent";
    browser.until(&format!("{link} === {}", json!(stage.ann.link(host.url()))));
    assert_eq!(browser.our_cookies().len(), 0);

    // Nobody any more, a wrong word, a stranger: null, and nothing thrown.
    let wrong = r#"parrain("identify", { email: "bob@example.com", hash: "00" })"#;
    // Her page goes at once, though the service is away, and so does the window, which nobody closed.
    browser.run("XMLHttpRequest.prototype.send = () => {}", json!([]));
    let stays = format!("{dashboard}.textContent.includes('Hello Ann')");
    let left = format!("parrain('identify', null).then((it) => [it, {stays}])");
    assert_eq!(browser.value(&left), json!([null, false]));
    browser.until("!document.querySelector('parrain-dialog')");
    let closed = format!("/closed/.test(localStorage['prn-prompt-{}'])", stage.campaign.id);
    assert_eq!(browser.value(&closed), json!(false));
    assert_eq!(browser.value(wrong), Value::Null);
    assert_eq!(browser.value("told.participant"), Value::Null);
    // The last word counts, however late an answer to an earlier one comes.
    let both = format!(
        r#"Promise.all([parrain("identify", {{ email: "ann@example.com", hash: "{hash}" }}), parrain("identify", null)])"#
    );
    assert_eq!(browser.value(&both), json!([null, null]));
    let told = json!({ "campaign": stage.campaign.id, "participant": null });
    assert_eq!(browser.value("told"), told);
    let session = format!("/token/.test(sessionStorage['prn-me-{}'])", stage.campaign.id);
    assert_eq!(browser.value(&session), json!(false));
    assert_eq!(browser.value("parrain.user"), Value::Null);
    assert_eq!(browser.value(wrong), Value::Null);
    let own = browser.value("parrain.user");
    assert_eq!(own, json!({ "email": "bob@example.com", "hash": "00" }));

    // No window opens with the link of somebody who left while it waited for its words.
    browser.run(
        "const now = fetch; window.fetch = async (...given) => {
           if (/card.json/.test(given[0])) await parrain('identify', null);
           return now(...given) }",
        json!([]),
    );
    let asked = format!(
        r#"parrain("identify", {{ email: "ann@example.com", hash: "{hash}" }}).then(() => parrain("prompt", {{ now: true }}))"#
    );
    assert_eq!(browser.value(&asked), json!({ "shown": false, "reason": "GONE" }));
}

fn r_identify_2_what_somebody_types_stays_until_they_have_ended(host: &'static Host) {
    let stage = Stage::plain(host, Place::Foreign);
    stage.campaign.writes();
    let hash = vouched(host, &stage.campaign, "ann@example.com");
    let page = format!(
        r#"<!doctype html><html lang="en"><title>Account</title>{}
        <main><h1>Account</h1><button id="own">Of the site</button><parrain-dashboard></parrain-dashboard></main></html>"#,
        stage.campaign.script(&stage.service)
    );
    stage.site.set_page("/account", &page);
    let browser = Browser::open();
    stage.open(&browser, "/account");
    browser.enter("parrain-dashboard>>>[name=email]", "somebody@exam");
    let call = format!(r#"parrain("identify", {{ email: "ann@example.com", hash: "{hash}" }})"#);
    assert_eq!(browser.value(&format!("{call}.then((it) => it.id)")), json!(stage.ann.id));
    browser.value("new Promise((go) => setTimeout(go, 2500))");
    let typed = "document.querySelector('parrain-dashboard').shadowRoot.querySelector('[name=email]').value";
    assert_eq!(browser.value(typed), json!("somebody@exam"));
    // They take it out and go elsewhere.
    browser.run(
        "const field = document.querySelector('parrain-dashboard').shadowRoot.querySelector('[name=email]');
        field.value = ''; field.blur()",
        json!([]),
    );
    browser.click("#own");
    let dashboard = "document.querySelector('parrain-dashboard').shadowRoot";
    browser.until(&format!("{dashboard}.textContent.includes('Hello Ann')"));
    // Another word for her, as a page renews a token, takes nothing that she types either.
    let open = format!("{dashboard}.querySelector('#own-code').closest('details').open = true");
    browser.run(&open, json!([]));
    browser.enter("parrain-dashboard>>>#own-code", "ann-lov");
    let same = vouched(host, &stage.campaign, "ANN@example.com");
    let call = format!(r#"parrain("identify", {{ email: "ANN@example.com", hash: "{same}" }})"#);
    assert_eq!(browser.value(&format!("{call}.then((it) => it.id)")), json!(stage.ann.id));
    browser.value("new Promise((go) => setTimeout(go, 1500))");
    assert_eq!(
        browser.value(&format!("{dashboard}.querySelector('#own-code').value")),
        json!("ann-lov")
    );
    let kept = format!("JSON.parse(sessionStorage['prn-me-{}']).who", stage.campaign.id);
    assert_eq!(browser.value(&kept), json!(format!("ANN@example.com{same}")));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
