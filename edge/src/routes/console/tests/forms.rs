//! Forms that wait for the owner's word: how they come there, and what becomes of them.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use shared::team::Role;

use super::seat::{HOSTILE, Seat, console, encoded, escapes};
use crate::{
    bench::{Answer, Bench},
    engine::cron,
    sql,
};

/// What a page of the shop's site says to the service.
async fn says(bench: &Bench, campaign: &str, what: &str, mut body: Value) -> Answer {
    body["campaign"] = campaign.rsplit('/').next().unwrap().into();
    let request = bench.request(Method::POST, &format!("/_p/{what}"), body.to_string());
    let (mut parts, body) = request.into_parts();
    parts.headers.insert(header::ORIGIN, "https://shop.example".parse().unwrap());
    bench.send(http::Request::from_parts(parts, body)).await
}

fn form(id: &str, button: &str, fields: &[(&str, &str)]) -> Value {
    let fields: Vec<Value> = (fields.iter())
        .map(|(kind, label)| {
            json!({ "type": kind, "label": label, "visible": true, "value": "secret@example.com" })
        })
        .collect();
    json!({ "form": {
        "id": id, "buttons": [button], "fields": fields, "path": "/about", "heading": "Write to us",
    } })
}

fn letter(id: &str) -> Value {
    form(id, "Send", &[("email", "Your e-mail"), ("textarea", "Your message")])
}

/// The signature of the only form that waits.
async fn signature(bench: &Bench) -> String {
    let rows: Vec<Value> =
        bench.app.db.all(sql!("-- t\n SELECT signature AS s FROM proposal")).await.unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0]["s"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn r_proposal_2_what_is_told_holds_nothing_that_was_typed() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    for _ in 0..2 {
        let told = says(&bench, &campaign, "proposal", letter("contact")).await;
        assert_eq!(told.status, StatusCode::ACCEPTED);
    }
    // A search is no lead, and what a referred friend sends needs no word.
    says(&bench, &campaign, "proposal", form("q", "Search", &[("email", "Find")])).await;
    let ada = bench.add(&campaign, "ada", None).await;
    let mut news = form("news", "Subscribe", &[("email", "E-mail")]);
    news["token"] = bench.token(&campaign, &ada).into();
    says(&bench, &campaign, "proposal", news).await;
    says(&bench, &campaign, "proposal", json!({ "form": 7 })).await.refuses("form");

    signature(&bench).await;
    let kept: Vec<Value> =
        bench.app.db.all(sql!("-- t\n SELECT body AS b FROM proposal")).await.unwrap();
    let kept = kept[0]["b"].as_str().unwrap();
    assert!(kept.contains("Your e-mail") && !kept.contains("secret"), "{kept}");

    let seat = Seat::owner(&bench).await;
    let page = seat.page(&format!("{}/forms", console(&campaign))).await;
    for text in
        ["Contact form", "Write to us", "/about", "Your e-mail", "It is for writing to you."]
    {
        assert!(page.contains(text), "{text}: {page}");
    }
    let page = seat.page(&format!("{}/forms?lang=fr", console(&campaign))).await;
    assert!(page.contains("Il sert à vous écrire."), "{page}");
}

#[tokio::test]
async fn r_proposal_5_a_form_that_is_taken_is_taken_from_everybody() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let lead = || json!({ "chosen": true, "lead": { "email": "eve@example.com" } });
    let person = format!("{campaign}/participant/eve@example.com");
    // Whatever a page says, nothing was taken yet.
    says(&bench, &campaign, "lead", lead()).await;
    cron::run(&bench.app, &bench.call()).await;
    bench.get(&person).await.fails(404);

    says(&bench, &campaign, "proposal", letter("contact")).await;
    let signature = signature(&bench).await;
    let (seat, there) = (Seat::owner(&bench).await, format!("{}/forms", console(&campaign)));
    let wrong = seat.post(&there, &format!("act=other&form={signature}")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let to = seat.sends(&there, &format!("act=take&form={signature}")).await;
    assert!(to.ends_with("/forms?said=take"), "{to}");
    let forms = bench.get(&format!("{campaign}/installation")).await.ok()["forms"].clone();
    assert_eq!(forms, json!({ "take": ["[id=\"contact\"]"], "ignore": [] }));
    let page = seat.page(&to).await;
    assert!(page.contains("[id=&quot;contact&quot;]") && page.contains("No form waits"), "{page}");
    // A second press finds it decided.
    let to = seat.sends(&there, &format!("act=never&form={signature}")).await;
    assert!(to.ends_with("said=gone"), "{to}");

    says(&bench, &campaign, "lead", lead()).await;
    cron::run(&bench.app, &bench.call()).await;
    bench.get(&person).await.ok();

    // A page that was opened before proposes it again: it is decided.
    says(&bench, &campaign, "proposal", letter("contact")).await;
    assert!(seat.page(&there).await.contains("No form waits"));
}

#[tokio::test]
async fn r_proposal_5_of_twenty_words_at_once_about_a_form_one_counts() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    says(&bench, &campaign, "proposal", letter("contact")).await;
    let signature = signature(&bench).await;
    let owner = bench.seat(crate::store::members::OWNER).await;
    let there = format!("{}/forms", console(&campaign));
    let words = (0..20).map(|n| {
        let act = if n % 2 == 0 { "take" } else { "never" };
        let form = format!("csrf={}&act={act}&form={signature}", bench.csrf(&owner));
        bench.form(&there, &owner, &form)
    });
    let mut said = Vec::new();
    for answer in bench.at_once(words).await {
        let to = answer.headers["location"].to_str().unwrap().to_owned();
        said.extend(to.split("said=").nth(1).filter(|it| *it != "gone").map(str::to_owned));
    }
    let forms = bench.get(&format!("{campaign}/installation")).await.ok()["forms"].clone();
    let list = if said == ["take"] { "take" } else { "ignore" };
    let other = if list == "take" { "ignore" } else { "take" };
    assert_eq!(
        (said.len(), &forms[list], &forms[other]),
        (1, &json!(["[id=\"contact\"]"]), &json!([]))
    );
}

#[tokio::test]
async fn r_proposal_5_a_form_without_a_name_is_put_aside() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    says(&bench, &campaign, "proposal", letter("")).await;
    let signature = signature(&bench).await;
    let (seat, there) = (Seat::owner(&bench).await, format!("{}/forms", console(&campaign)));
    assert!(seat.page(&there).await.contains("Add data-parrain-form to its"));
    let to = seat.sends(&there, &format!("act=take&form={signature}")).await;
    assert!(to.ends_with("said=unnamed"), "{to}");
    let to = seat.sends(&there, &format!("act=never&form={signature}")).await;
    assert!(to.ends_with("said=never"), "{to}");
    says(&bench, &campaign, "proposal", letter("")).await;
    assert!(seat.page(&there).await.contains("No form waits"));
    let log = seat.page("/console/log").await;
    assert!(log.contains("Form put aside"), "{log}");
}

#[tokio::test]
async fn r_proposal_5_a_list_that_is_full_says_so_and_a_viewer_decides_nothing() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("ON_SIGNUP").await;
    let many: Vec<String> = (0..50).map(|it| format!("#f{it}")).collect();
    let forms = json!({ "forms": { "take": many, "ignore": [] } });
    bench.patch(&format!("{campaign}/installation"), forms).await.ok();
    says(&bench, &campaign, "proposal", letter(HOSTILE)).await;
    let mut hostile = letter("contact");
    for field in ["heading", "path"] {
        hostile["form"][field] = HOSTILE.into();
    }
    hostile["form"]["buttons"] = json!([HOSTILE]);
    hostile["form"]["class"] = "other".into();
    says(&bench, &campaign, "proposal", hostile).await;
    let rows: Vec<Value> = (bench.app.db)
        .all(sql!(
            "-- t\n SELECT signature AS s FROM proposal WHERE body LIKE '%contact\\%' ESCAPE '!'"
        ))
        .await
        .unwrap();
    let (seat, there) = (Seat::owner(&bench).await, format!("{}/forms", console(&campaign)));
    escapes(&seat.page(&there).await);
    let form = format!("act=take&form={}", rows[0]["s"].as_str().unwrap());
    assert!(seat.sends(&there, &form).await.ends_with("said=full"));
    assert!(
        seat.sends(&there, &format!("act=take&form={}", encoded(HOSTILE))).await.ends_with("gone")
    );

    let viewer = Seat::of(&bench, Role::Viewer).await;
    assert!(!viewer.page(&there).await.contains("name=\"act\""));
    assert_eq!(viewer.post(&there, &form).await.status, StatusCode::FORBIDDEN);
}
