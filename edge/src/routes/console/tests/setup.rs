//! Tests of the guided set-up, as an owner meets it.

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::seat::Seat;
use crate::{
    bench::Bench,
    sql,
    store::{audit, versions},
};

const FRESH: &str = "abcdefghjkmn";

/// A set-up whose every step is answered, up to the last.
async fn answered(seat: &Seat<'_>, goal: &str) -> String {
    answered_in(seat, goal, "en").await
}

/// The same in a language.
async fn answered_in(seat: &Seat<'_>, goal: &str, lang: &str) -> String {
    let first = format!("/console/new?lang={lang}");
    let begun = seat.sends(&first, &format!("setup={FRESH}&goal={goal}&go=on")).await;
    assert_eq!(begun, format!("/console/new/{FRESH}/rewards"));
    let at = |step: &str| format!("/console/new/{FRESH}/{step}");
    assert_eq!(seat.sends(&at("rewards"), "go=on").await, at("counting"));
    assert_eq!(seat.sends(&at("counting"), "go=on").await, at("site"));
    let site = "company=Caf%C3%A9&address=https%3A%2F%2Fshop.example%2Fwelcome&go=on";
    assert_eq!(seat.sends(&at("site"), site).await, at("design"));
    assert_eq!(
        seat.sends(&at("design"), "primary=%23112233&scheme=light&go=on").await,
        at("check")
    );
    at("check")
}

async fn campaigns(bench: &Bench) -> Vec<Value> {
    bench.get("/v2/campaigns").await.ok()["campaigns"].as_array().unwrap().clone()
}

#[tokio::test]
async fn r_setup_1_an_owner_without_a_programme_is_led_to_one_that_runs() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    let home = seat.get("/console").await;
    assert_eq!(home.headers[header::LOCATION], "/console/new");
    let first = seat.page("/console/new").await;
    assert!(first.contains("name=\"goal\" value=\"shop\"") && first.contains("New programme"));
    let check = answered(&seat, "shop").await;
    let page = seat.page(&check).await;
    assert!(page.contains("a coupon worth €10.00"), "{page}");
    assert!(page.contains("A coupon has no code yet"), "{page}");
    let made = seat.sends(&check, "go=make").await;
    let found = campaigns(&bench).await.remove(0);
    let id = found["id"].as_str().unwrap();
    assert_eq!(made, format!("/console/{id}/install?done=made"));
    assert_eq!((&found["status"], &found["goal"]), (&json!("IN_PROGRESS"), &json!("CUSTOMERS")));
    assert_eq!((&found["companyName"], &found["currencyISO"]), (&json!("Café"), &json!("EUR")));
    let rule = &found["rewards"][0];
    assert_eq!((&rule["type"], &rule["gives"]["amount"]), (&json!("DOUBLE_SIDED"), &json!(1_000)));
    let installation = bench.get(&format!("/v2/campaign/{id}/installation")).await.ok();
    assert_eq!(installation["shareUrl"], "https://shop.example/welcome");
    assert_eq!(installation["captureUnreferred"], true);
    let options = bench.get(&format!("/v2/campaign/{id}/options")).await.ok();
    assert_eq!(
        (&options["autoFulfillRewards"], &options["browserHoldDays"]),
        (&json!(false), &json!(null))
    );
    let page = seat.page(&made).await;
    assert!(page.contains("/p.js") && page.contains(&format!("data-campaign=&quot;{id}&quot;")));

    // What people see has the look that was chosen.
    let card = bench.get(&format!("/c/{id}")).await;
    assert!(
        card.text.contains(&format!("/c/{id}/look.css"))
            && card.text.contains("Share your own link")
    );
    assert!(card.text.contains("<h1>Bring a friend</h1>"), "{}", card.text);
    let sheet = bench.get(&format!("/c/{id}/look.css")).await;
    assert_eq!(sheet.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(sheet.text.contains("--accent:#112233") && !sheet.text.contains("@media"));
    assert!(bench.get("/c/nobody/look.css").await.text.contains("--accent:#0b6b56"));
}

#[tokio::test]
async fn r_setup_1_letters_are_in_the_language_in_which_it_was_answered() {
    for lang in ["en", "fr"] {
        let bench = Bench::new().await;
        let seat = Seat::owner(&bench).await;
        let check = answered_in(&seat, "shop", lang).await;
        let made = seat.sends(&check, "go=make").await;
        let id = made.split('/').nth(2).unwrap();
        let letters = bench.get(&format!("/v2/campaign/{id}/emails")).await.ok();
        assert_eq!(
            (&letters["settings"]["language"], &letters["settings"]["isEnabled"]),
            (&json!(lang), &json!(false))
        );
    }
}

#[tokio::test]
async fn r_setup_3_however_often_it_is_sent_one_programme_is_made() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    let check = answered(&seat, "saas").await;
    let form = || async { seat.sends(&check, "go=make").await };
    let mut sent = tokio::join!(form(), form(), form(), form());
    sent.0.truncate("/console/abcdef/install".len());
    for other in [sent.1, sent.2, sent.3, form().await] {
        assert!(other.starts_with(&sent.0), "{other} {}", sent.0);
    }
    assert_eq!(campaigns(&bench).await.len(), 1);
    let acts = audit::page(&bench.app.db, &audit::Search::default(), 100).await.unwrap();
    let made = |act: &str| acts.iter().filter(|it| it.act == act).count();
    assert_eq!((made("CAMPAIGN_MADE"), made("RULE_MADE")), (1, 1));
    // Its steps lead to what was made, and change nothing.
    let goal = format!("/console/new/{FRESH}/goal");
    assert_eq!(seat.sends(&goal, "goal=shop&go=on").await, sent.0);
    assert_eq!(seat.get(&goal).await.headers[header::LOCATION].to_str().unwrap(), sent.0);
    assert_eq!(seat.get(&format!("/console/new/{FRESH}")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn r_setup_2_what_was_typed_is_kept_whatever_comes() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    seat.sends("/console/new", &format!("setup={FRESH}&goal=service")).await;
    // The same form again goes on with the same set-up.
    seat.sends("/console/new", &format!("setup={FRESH}&goal=service")).await;
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM setup")).await, 1);
    let at = |step: &str| format!("/console/new/{FRESH}/{step}");
    let back = seat.sends(&at("rewards"), "amount=ten&words=%3Cscript%3E&go=back").await;
    assert_eq!(back, at("goal"));
    let page = seat.page(&at("rewards")).await;
    assert!(page.contains("value=\"ten\"") && page.contains("&lt;script&gt;"), "{page}");
    assert!(!page.contains("<script>"));
    let wrong = seat.post(&at("rewards"), "amount=ten&go=on").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(
        wrong.text.contains("aria-describedby=\"f-amount-hint f-amount-wrong\""),
        "{}",
        wrong.text
    );
    assert!(wrong.text.contains("value=\"ten\""));
    // What is wrong on one step is said at the last, and makes nothing.
    let refused = seat.post(&at("check"), "go=make").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text.contains("An amount is a number"), "{}", refused.text);
    assert!(campaigns(&bench).await.is_empty());
    // It is taken up again where it is wanting, by anybody of the team who may.
    let up = seat.get(&format!("/console/new/{FRESH}")).await;
    assert_eq!(up.headers[header::LOCATION].to_str().unwrap(), at("rewards"));
    let list = seat.page("/console/new").await;
    assert!(list.contains(&format!("/console/new/{FRESH}\"")), "{list}");
    assert_eq!(seat.sends(&at("drop"), "").await, "/console/new?done=thrown-away");
    assert_eq!(seat.get(&at("goal")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_preview_says_what_stands_in_the_form_and_keeps_nothing() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    seat.sends("/console/new", &format!("setup={FRESH}&goal=shop")).await;
    let at = |query: &str| format!("/console/new/{FRESH}/preview?{query}");
    let typed = "step=rewards&who=referrer&gift=credit&amount=7%2C50&currency=USD";
    let said = seat.page(&at(&format!("{typed}&lang=en"))).await;
    assert!(said.contains("$7.50 of credit") && !said.contains("<html"), "{said}");
    assert!(seat.page(&at(&format!("{typed}&lang=fr"))).await.contains("7,50\u{a0}$"));
    let design = seat.page(&at("step=design&primary=%23ffffff&accent=%23ffff00&lang=en")).await;
    assert!(design.contains("too pale") && design.contains("fill=\"#ffffff\""), "{design}");
    assert_eq!(seat.get(&at("step=moon")).await.status, StatusCode::NOT_FOUND);
    assert!(seat.page(&format!("/console/new/{FRESH}/rewards")).await.contains("€10.00"));
}

#[tokio::test]
async fn what_is_no_set_up_is_refused() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    for setup in ["", "short", "abcdefghjk/m", "abcdefghjkmnp"] {
        let answer = seat.post("/console/new", &format!("setup={setup}&goal=shop")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{setup}");
    }
    for goal in ["", "goal=", "goal=moon"] {
        let answer = seat.post("/console/new", &format!("setup={FRESH}&{goal}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{goal}");
        assert!(answer.text.contains("Please choose one of these."), "{}", answer.text);
    }
    assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM setup")).await, 0);
    for path in ["/console/new/abcdefghjkmn", "/console/new/abcdefghjkmn/goal"] {
        assert_eq!(seat.get(path).await.status, StatusCode::NOT_FOUND);
    }
    seat.sends("/console/new", &format!("setup={FRESH}&goal=shop")).await;
    assert_eq!(seat.get(&format!("/console/new/{FRESH}/moon")).await.status, StatusCode::NOT_FOUND);
    // Who may not change programmes sees none of it.
    let viewer = Seat::of(&bench, shared::team::Role::Viewer).await;
    assert_eq!(viewer.get("/console/new").await.status, StatusCode::FORBIDDEN);
    let page = viewer.page("/console").await;
    assert!(page.contains("There is no programme yet.") && !page.contains("/console/new"));
}

#[tokio::test]
async fn r_settings_5_a_set_up_makes_the_first_versions() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    let check = answered(&seat, "saas").await;
    let made = seat.sends(&check, "go=make").await;
    let id = made.split('/').nth(2).unwrap();
    let kept = versions::page(&bench.app.db, id, None, 10).await.unwrap();
    assert!(kept.iter().all(|it| it.by_kind == "MEMBER"), "{kept:?}");
    for subject in [versions::SETTINGS, versions::TEXTS, versions::LOOK] {
        assert_eq!(kept.iter().filter(|it| it.subject == subject).count(), 1, "{subject}");
    }
    assert_eq!(kept.len(), 4);
    let list = seat.page(&format!("/console/{id}/versions")).await;
    assert_eq!(list.matches(">made<").count(), 4, "{list}");
    // The words are the card's own, changed where those are.
    let page = seat.page(&format!("/console/{id}/card")).await;
    assert!(page.contains("\nBring a friend</textarea>"), "{page}");
}

#[tokio::test]
async fn a_whole_headline_is_previewed_in_both_languages() {
    let bench = Bench::new().await;
    let seat = Seat::owner(&bench).await;
    seat.sends("/console/new", &format!("setup={FRESH}&goal=shop")).await;
    let long = "a".repeat(120);
    let query = format!("step=design&titleEn={long}&titleFr=Venez&lang=en");
    let said = seat.page(&format!("/console/new/{FRESH}/preview?{query}")).await;
    assert!(said.contains(&long) && said.contains("lang=\"fr\"><p><strong>Venez"), "{said}");
}
