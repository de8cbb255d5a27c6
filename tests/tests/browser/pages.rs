//! Every page of ours, for everybody: narrow and wide, light and dark, French and English.

use tests::browser::{Browser, View};
use tests::host::Kind;
use tests::{Host, on_both_hosts};

on_both_hosts!(
    the_start_page_is_for_everybody,
    the_shop_is_for_everybody,
    the_page_of_a_lost_link_is_for_everybody,
    the_campaign_card_is_for_everybody,
    the_console_is_for_everybody
);

fn the_start_page_is_for_everybody(host: &'static Host) {
    check(host, &Browser::open(), &["/"]);
}

fn the_shop_is_for_everybody(host: &'static Host) {
    let pages = ["/demo/shop", "/demo/shop/checkout", "/demo/shop/thanks", "/demo/shop/account"];
    check(host, &Browser::open(), &pages);
}

fn the_page_of_a_lost_link_is_for_everybody(host: &'static Host) {
    check(host, &Browser::open(), &["/r/nothing"]);
}

fn the_campaign_card_is_for_everybody(host: &'static Host) {
    check(host, &Browser::open(), &["/c/lumina"]);
}

fn the_console_is_for_everybody(host: &'static Host) {
    let browser = Browser::open();
    browser.visit(&host.owner_link());
    browser.until("document.querySelector('#token')?.value.length > 40");
    assert_eq!(browser.violations(), Vec::<String>::new());
    browser.click("#enter button");
    browser
        .until("/^[/]console[/]./.test(location.pathname) && !location.pathname.endsWith('enter')");
    // Other stories have campaigns here, too; the demo's has people.
    let overview = "/console/lumina";
    let daily = [
        "",
        "/participants",
        "/participants/add",
        "/participants/ada",
        "/import",
        "/referrals",
        "/rewards",
        "/coupons",
        "/appeals",
        "/install",
    ];
    let mut pages: Vec<String> = daily.iter().map(|it| format!("{overview}{it}")).collect();
    pages.push(format!("{overview}/participants/ada/erase"));
    pages.push("/console/sign-in".into());
    pages.extend(["mail", "mail/goalAchieved", "mail/sent"].map(|it| format!("{overview}/{it}")));
    // Only natively e-mails stay on the machine.
    if host.kind == Kind::Native {
        pages.push(format!("{overview}/mail/inbox"));
    }
    let own = ["look-up", "invite", "briefing", "customer-sign-in"];
    pages.extend(own.map(|it| format!("{overview}/{it}")));
    let terms = ["rules", "rules/new", "settings", "card", "design", "versions", "versions/1"];
    pages.extend(terms.map(|it| format!("{overview}/{it}")));
    pages.extend(["me", "team", "keys", "log", "new"].map(|it| format!("/console/{it}")));
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    check(host, &browser, &pages);
}

/// Looks at pages in every way and lists all that is wrong, at once.
#[track_caller]
pub(crate) fn check(host: &Host, browser: &Browser, paths: &[&str]) {
    let mut wrong = Vec::new();
    for width in [360, 1280] {
        for dark in [false, true] {
            browser.look(View { width, dark });
            for (path, lang) in paths.iter().flat_map(|path| [(path, "en"), (path, "fr")]) {
                browser.visit(&format!("{}{path}?lang={lang}", host.url()));
                browser.until("document.readyState === 'complete'");
                let scheme = if dark { "dark" } else { "light" };
                let name = path.trim_matches('/').replace('/', "-");
                let name = if name.is_empty() { "start" } else { &name };
                let picture =
                    format!("{name}-{lang}-{width}-{scheme}-{:?}", host.kind).to_lowercase();
                browser.picture(&picture);
                let mut fail = |what: String| wrong.push(format!("{picture}: {what}"));
                if browser.value("document.documentElement.lang") != lang {
                    fail("another language".into());
                }
                if browser.overflow() > 0 {
                    fail(format!("{} px too wide", browser.overflow()));
                }
                browser.violations().into_iter().for_each(&mut fail);
                // A page that says "not found" says so with the status, too.
                let complaints = browser.complaints().into_iter();
                complaints.filter(|it| !it.contains("/r/nothing")).for_each(&mut fail);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
