//! The demo as a newcomer plays it: a link, a shop, an order, and the owner's page that tells of it.

use serde_json::Value;
use tests::host::random;
use tests::wait::eventually;
use tests::{Browser, Host, on_both_hosts};

on_both_hosts!(
    a_newcomer_plays_all_three_parts_of_the_demo,
    the_demo_shop_works_on_a_foreign_host_too
);

fn a_newcomer_plays_all_three_parts_of_the_demo(host: &'static Host) {
    play(host, host.url(), "a.button.primary[href*='/r/']", "href");
}

fn the_demo_shop_works_on_a_foreign_host_too(host: &'static Host) {
    play(host, host.foreign(), ".copyable button[data-copy$='ada-away']", "data-copy");
}

/// Follows the link that the start page shows, orders, and looks for the friend on the console.
fn play(host: &'static Host, shop: &str, link: &str, attribute: &str) {
    let customer = Browser::open();
    customer.visit(&format!("{}/?lang=en", host.url()));
    customer
        .until("document.querySelector('parrain-share')?.shadowRoot?.querySelector('a, button')");
    let link = customer.run(
        "return document.querySelector(arguments[0]).getAttribute(arguments[1])",
        serde_json::json!([link, attribute]),
    );
    let friend = Browser::open();
    friend.visit(link.as_str().expect("a link on the start page"));
    friend.arrives_at("/demo/shop");
    assert!(friend.address().starts_with(shop), "{}", friend.address());
    friend.until("!location.search.includes('prn')");
    assert_eq!(friend.our_cookies().len(), 0, "nobody has agreed yet");

    friend.click("[data-consent=yes]");
    eventually("a touch", || friend.our_cookies().pop_first());
    friend.click(".card a.button");
    friend.arrives_at("/demo/shop/checkout");
    friend.until("window.parrain");
    let email = format!("{}@example.com", random().to_lowercase().replace(['-', '_'], "x"));
    friend.enter("#order-name", "Frida Friend");
    friend.enter("#order-email", &email);
    friend.value("parrain('visit')");
    friend.click("#order button");
    friend.arrives_at("/demo/shop/thanks");
    assert_ne!(friend.text("#order-number"), "");
    assert_eq!(friend.complaints(), Vec::<String>::new());

    let campaign = friend.value("document.querySelector('script[data-campaign]').dataset.campaign");
    let campaign = campaign.as_str().expect("an id");
    let path = format!("/campaign/{campaign}/participant/{email}");
    let found = eventually("the friend", || {
        let answer = host.api("GET", &path).send();
        (answer.status == 200).then(|| answer.json())
    });
    assert_ne!(found["referredBy"], Value::Null, "{found}");

    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    owner.visit(&format!("{}/console/{campaign}/referrals", host.url()));
    eventually("the friend on the console", || owner.text("main").contains(&email).then_some(()));
}
