//! Members with less than the owner's rights: a reviewer approves in bulk, an agent explains.

use serde_json::json;
use tests::{Browser, Campaign, Host, Setup, on_both_hosts};

on_both_hosts!(a_reviewer_approves_in_bulk, an_agent_explains);

/// A member at the console.
fn member(host: &Host, role: &str) -> Browser {
    let member = Browser::open();
    member.enter_console(&host.member_link(role));
    member
}

/// Ann's campaign, in which so many of her friends signed up.
fn campaign(host: &'static Host, options: &serde_json::Value, friends: u32) -> Campaign {
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/welcome"));
    campaign.change("/options", options);
    let ann = campaign.join("ann@example.com", "Ann");
    for n in 0..friends {
        let friend = json!({ "email": format!("f{n}@example.com"), "referredBy": ann.id });
        let path = campaign.path("/participant");
        let _ = host.api("POST", &path).json(&friend).send().expect(200);
    }
    campaign
}

fn a_reviewer_approves_in_bulk(host: &'static Host) {
    let campaign = campaign(host, &json!({ "requireManualRewardApproval": true }), 3);
    let waits = |email: &str| {
        let rewards = campaign.rewards(email);
        rewards.iter().filter(|it| it["approved"] == false).count()
    };
    assert_eq!((waits("ann@example.com"), waits("f0@example.com")), (3, 1));
    let reviewer = member(host, "REVIEWER");
    let path = format!("{}/console/{}/rewards?lang=en", host.url(), campaign.id);
    reviewer.visit(&path);
    reviewer.is_for_everybody("team-queue");
    // One of Ann's is left for later.
    reviewer.click("[data-all]");
    assert_eq!(reviewer.value("document.querySelectorAll('[name=reward]:checked').length"), 6);
    reviewer.run(
        "[...document.querySelectorAll('tbody tr')]
           .find((it) => it.textContent.includes('ann@'))
           .querySelector('[name=reward]').click()",
        json!([]),
    );
    reviewer.click("button[value=approve]");
    reviewer.until("document.querySelector('[role=status]')");
    assert!(reviewer.text("[role=status]").contains("5 / 5"), "{}", reviewer.text("main"));
    reviewer.is_for_everybody("team-approved");
    assert_eq!((waits("ann@example.com"), waits("f0@example.com")), (1, 0));
    // The one that is left is refused, with a reason.
    assert_eq!(reviewer.value("document.querySelectorAll('[name=reward]').length"), 1);
    reviewer.click("[name=reward]");
    reviewer.run("document.querySelector('[name=reason]').value = 'ALREADY_CUSTOMER'", json!([]));
    reviewer.click("button[value=refuse]");
    reviewer.until("document.querySelector('[role=status]')?.textContent.includes('1 / 1')");
    let cancelled =
        campaign.rewards("ann@example.com").iter().filter(|it| it["status"] == "CANCELLED").count();
    assert_eq!(cancelled, 1);
    // What is not theirs is not there.
    reviewer.visit(&format!("{}/console/keys?lang=en", host.url()));
    assert!(
        reviewer.value("!!document.querySelector('[data-role=REVIEWER]')").as_bool() == Some(true)
    );
}

fn an_agent_explains(host: &'static Host) {
    // The second friend within an hour is looked at.
    let fraud = json!({ "fraud": { "maxFriendsPerHour": 1 } });
    let campaign = campaign(host, &fraud, 2);
    let agent = member(host, "SUPPORT");
    let at = |path: &str| format!("{}/console/{}{path}", host.url(), campaign.id);
    agent.visit(&at("/look-up?lang=en"));
    assert_eq!(agent.value("document.querySelectorAll('.tabs a').length"), 3);
    agent.enter("[name=whom]", "nobody@example.com");
    agent.click("main form button");
    agent.until("document.querySelector('#f-whom-wrong')");
    agent.visit(&at("/look-up?lang=en"));
    agent.enter("[name=whom]", "f1@example.com");
    agent.click("main form button");
    agent.until("document.querySelector('#why')");
    agent.is_for_everybody("team-explained");
    // Why it went as it did, and how much of it the customer may be told.
    let said = agent.text("section[aria-labelledby=why]");
    assert!(said.contains("held") && said.contains("What you may say:"), "{said}");
    agent.visit(&at("/look-up?lang=en"));
    agent.enter("[name=whom]", "ann@example.com");
    agent.click("main form button");
    agent.until("document.querySelector('#rewards')");
    let earned = agent.text("section[aria-labelledby=rewards]");
    assert!(earned.contains("10 € each"), "{earned}");
    // Every search is noted, and no list is theirs.
    let looked = host.sql(
        "SELECT count(*) AS n FROM audit WHERE act = 'LOOKED_UP' AND campaign = ?1",
        &[json!(campaign.id)],
    );
    assert_eq!(looked[0]["n"], 3);
    for path in ["", "/participants", "/rewards"] {
        agent.visit(&at(path));
        assert!(
            agent.value("!!document.querySelector('[data-role=SUPPORT]')").as_bool() == Some(true),
            "{path}"
        );
    }
}
