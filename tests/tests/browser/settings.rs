//! An owner changes a reward, reads what that affects, confirms it, and finds it as a version of theirs.

use serde_json::{Value, json};
use tests::{Browser, Campaign, Host, Setup, on_both_hosts};

on_both_hosts!(
    an_owner_changes_a_reward_and_reads_what_it_affects,
    settings_meet_and_nothing_is_lost
);

/// The owner at the console.
fn owner(host: &Host) -> Browser {
    let owner = Browser::open();
    owner.enter_console(&host.owner_link());
    owner
}

/// Writes a text in the place of what stands in a field.
#[track_caller]
fn type_over(browser: &Browser, selector: &str, text: &str) {
    browser.run("document.querySelector(arguments[0]).value = ''", json!([selector]));
    browser.enter(selector, text);
}

fn an_owner_changes_a_reward_and_reads_what_it_affects(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/welcome"));
    let friend = campaign.join("ann@example.com", "Ann");
    assert!(!friend.id.is_empty());
    let id = campaign.id.clone();
    let owner = owner(host);
    let at = |path: &str| format!("{}/console/{id}{path}", host.url());
    owner.visit(&at("/rules?lang=en"));
    owner.is_for_everybody("story-rules");
    owner.click(".people .acts a");
    owner.arrives_at("/rules/crew_");
    owner.is_for_everybody("story-rule");
    owner.run("document.querySelector('[name=\"gives.kind\"]').value = 'CREDIT'", json!([]));
    type_over(&owner, "[name='gives.amount']", "15");
    // Without words of their own, the rule is said by what it gives.
    owner.run("document.querySelector('[name=description]').value = ''", json!([]));
    owner.click("form.rule > button.primary");
    owner.until("document.querySelector('[name=sure]')");
    let asked = owner.text("main");
    for part in ["Credit with you", "€15.00", "people take part", "Until now", "From now on"] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    owner.is_for_everybody("story-confirm");
    owner.click("[name=sure]");
    owner.arrives_at("said=changed");
    assert!(owner.text("main").contains("you get: €15.00 of credit."), "{}", owner.text("main"));

    owner.visit(&at("/versions"));
    let versions = owner.text("main");
    for part in ["the machine’s owner", "€15.00", "Rule"] {
        assert!(versions.contains(part), "{part}: {versions}");
    }
    owner.is_for_everybody("story-versions");
    owner.click(".decisions li a");
    owner.arrives_at("/versions/");
    owner.is_for_everybody("story-version");

    let anybody = Browser::open();
    anybody.visit(&format!("{}/c/{id}?lang=fr", host.url()));
    let card = anybody.text("main").replace('\u{a0}', " ");
    assert!(card.contains("vous recevez : 15,00 € d’avoir"), "{card}");

    owner.visit(&at("/card?lang=fr"));
    owner.is_for_everybody("story-card");
    owner.enter("[name='fr.intro']", "Bonjour à tous.");
    owner.click("section[aria-labelledby=texts] button.primary");
    owner.until("document.querySelector('[name=sure]')");
    owner.is_for_everybody("story-confirm-texts");
    owner.click("[name=sure]");
    owner.arrives_at("said=saved");
    anybody.visit(&format!("{}/c/{id}?lang=fr", host.url()));
    assert!(anybody.text("main").contains("Bonjour à tous."), "{}", anybody.text("main"));
    assert_eq!(owner.complaints(), Vec::<String>::new());
}

fn settings_meet_and_nothing_is_lost(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/welcome"));
    let owner = owner(host);
    owner.visit(&format!("{}/console/{}/settings?lang=en", host.url(), campaign.id));
    owner.is_for_everybody("story-settings");
    type_over(&owner, "[name='options.budget.rewards']", "many");
    owner.click("section[aria-labelledby=budget] button.primary");
    owner.until("document.querySelector('[aria-invalid]')");
    assert!(owner.text("main").contains("Please type a whole number."));
    owner.is_for_everybody("story-settings-wrong");
    type_over(&owner, "[name='options.budget.rewards']", "500");
    // Meanwhile somebody else names the programme.
    let answer = host.api("PATCH", &campaign.path("")).json(&json!({ "name": "Theirs" })).send();
    assert_eq!(answer.status, 200);
    owner.click("section[aria-labelledby=budget] button.primary");
    owner.until("document.querySelector('[role=alert]')");
    assert!(owner.text("main").contains("Somebody else was faster"), "{}", owner.text("main"));
    owner.is_for_everybody("story-met");
    owner.click("main form button");
    owner.until("document.querySelector('[name=sure]')");
    owner.click("[name=sure]");
    owner.arrives_at("said=saved");
    let options: Value = host.api("GET", &campaign.path("/options")).send().json();
    assert_eq!(options["budget"]["rewards"], 500);
    let named: Value = host.api("GET", &campaign.path("")).send().json();
    assert_eq!(named["name"], "Theirs");
}
