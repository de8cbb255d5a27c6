//! Codes without a link of ours, over the real router.

use axum::body::Body;
use http::{Method, Request, header};
use serde_json::{Value, json};
use shared::time::Span;

use crate::{
    bench::{Answer, Bench},
    engine::cron,
    sql,
};

/// A campaign, its id, Ada's and Ben's.
async fn scene() -> (Bench, String, String, [String; 2]) {
    let bench = Bench::new().await;
    let path = bench.campaign("ON_SIGNUP").await;
    let ada = bench.add(&path, "ada", None).await;
    let ben = bench.add(&path, "ben", None).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    (bench, path, id, [ada, ben])
}

fn asked(bench: &Bench, endpoint: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = bench.request(Method::POST, &format!("/_p/{endpoint}"), body);
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.insert(header::ORIGIN, "https://shop.example".parse().unwrap());
    headers.insert(header::HOST, "link.example".parse().unwrap());
    request
}

async fn say(bench: &Bench, endpoint: &str, body: Value) -> Answer {
    bench.send(asked(bench, endpoint, body.to_string())).await
}

async fn clicks(bench: &Bench) -> i64 {
    let counted = sql!(
        "-- t
         SELECT count(*) AS n FROM click WHERE class = 'PERSON' AND visitor IS NOT NULL"
    );
    bench.number(counted).await
}

#[tokio::test]
async fn r_arrival_2_a_code_in_an_address_is_a_click_once() {
    let (bench, path, id, [ada, ben]) = scene().await;
    let visit = async |body: Value| say(&bench, "visit", body).await.ok();
    let first = visit(json!({ "campaign": id, "grsf": ada.to_uppercase() })).await;
    assert_eq!(first["referred"], json!(true));
    assert_eq!(clicks(&bench).await, 1);

    // The token that came of it is worth as much as that of a link.
    let token = first["token"].as_str().unwrap();
    let touch = json!({ "campaign": id, "token": token, "consent": "GRANTED" });
    let touch = say(&bench, "consent", touch).await.ok()["touch"].clone();
    let lead = json!({ "campaign": id, "touch": touch, "lead": { "email": "fay@example.com" } });
    say(&bench, "lead", lead).await;
    cron::run(&bench.app, &bench.call()).await;
    let fay = bench.get(&format!("{path}/participant/fay@example.com")).await.ok();
    assert_eq!(fay["referredBy"], json!(ada));

    // Carried from page to page it stays one click for half an hour; somebody else's is another.
    let again = json!({ "campaign": id, "grsf": ada, "touch": touch });
    assert_eq!(visit(again.clone()).await["referred"], json!(true));
    bench.pass(Span::minutes(30));
    visit(again.clone()).await;
    assert_eq!(clicks(&bench).await, 1);
    bench.pass(Span::seconds(1));
    visit(again).await;
    visit(json!({ "campaign": id, "grsf": ben, "touch": touch })).await;
    assert_eq!(clicks(&bench).await, 3);
    // A link's own token goes before.
    let token = bench.token(&path, &ben);
    visit(json!({ "campaign": id, "grsf": ada, "token": token })).await;
    assert_eq!(clicks(&bench).await, 3);
}

#[tokio::test]
async fn r_arrival_2_a_code_that_brings_nothing_is_no_click() {
    let (bench, path, id, [ada, _]) = scene().await;
    let other = bench.campaign("ON_SIGNUP").await;
    let eve = bench.add(&other, "eve", None).await;
    let long = "a".repeat(5_000);
    for code in ["nobody", "not a code", "", "ada@example.com", long.as_str(), eve.as_str()] {
        let visit = say(&bench, "visit", json!({ "campaign": id, "grsf": code })).await.ok();
        assert_eq!((&visit["referred"], &visit["token"]), (&json!(false), &Value::Null), "{code}");
    }
    say(&bench, "visit", json!({ "campaign": id, "grsf": 7 })).await.refuses("grsf");
    bench.patch(&path, json!({ "status": "COMPLETE" })).await.ok();
    bench.pass(Span::seconds(31));
    let visit = say(&bench, "visit", json!({ "campaign": id, "grsf": ada })).await.ok();
    assert_eq!(visit["referred"], json!(false));
    assert_eq!(clicks(&bench).await, 0);
}

#[tokio::test]
async fn r_arrival_2_a_lead_that_overtakes_its_visit_brings_the_code_itself() {
    let (bench, path, id, [ada, _]) = scene().await;
    let lead = json!({ "campaign": id, "grsf": ada, "lead": { "email": "fay@example.com" } });
    say(&bench, "lead", lead).await;
    cron::run(&bench.app, &bench.call()).await;
    let fay = bench.get(&format!("{path}/participant/fay@example.com")).await.ok();
    assert_eq!(fay["referredBy"], json!(ada));
}

#[tokio::test]
async fn r_arrival_4_a_typed_code_is_looked_up_and_binds() {
    let (bench, path, id, [ada, ben]) = scene().await;
    let other = bench.campaign("ON_SIGNUP").await;
    let eve = bench.add(&other, "eve", None).await;
    let known = async |typed: &str| {
        say(&bench, "code", json!({ "campaign": id, "typed": typed })).await.ok()["known"].clone()
    };
    assert_eq!(known(&format!(" {} ", ada.to_uppercase())).await, json!(true));
    for code in ["", "nobody", "ada@example.com", "a b", eve.as_str()] {
        assert_eq!(known(code).await, json!(false), "{code}");
    }
    say(&bench, "code", json!({ "campaign": id, "typed": [] })).await.refuses("typed");

    // Alone it binds; against a click the campaign says who wins, and the decision names the conflict.
    let lead = async |name: &str, more: Value| {
        let email = format!("{name}@example.com");
        let mut body = json!({ "campaign": id, "lead": { "email": email } });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        say(&bench, "lead", body).await;
        cron::run(&bench.app, &bench.call()).await;
        let person = format!("{path}/participant/{email}");
        let decisions = bench.get(&format!("{person}/decisions")).await.ok();
        let first = decisions["decisions"].as_array().unwrap().last().unwrap();
        (bench.get(&person).await.ok()["referredBy"].clone(), first["reasons"][0].clone())
    };
    let token = bench.token(&path, &ada);
    assert_eq!(lead("fay", json!({ "typed": ben })).await, (json!(ben), json!("BY_CODE")));
    let both = json!({ "typed": ben, "token": token });
    assert_eq!(lead("gil", both.clone()).await, (json!(ben), json!("CODE_BEATS_CLICK")));
    let nobody = json!({ "typed": "nobody", "token": token });
    assert_eq!(lead("hal", nobody).await, (json!(ada), json!("BY_CLICK")));
    bench.patch(&format!("{path}/options"), json!({ "codePrecedence": "CLICK" })).await.ok();
    bench.pass(Span::seconds(31));
    assert_eq!(lead("ida", both).await, (json!(ada), json!("CLICK_BEATS_CODE")));
}

#[tokio::test]
async fn r_arrival_4_guessing_codes_is_limited() {
    let (bench, _, id, [ada, _]) = scene().await;
    let status = async |typed: &str| {
        say(&bench, "code", json!({ "campaign": id, "typed": typed })).await.status.as_u16()
    };
    assert_eq!(status(&ada).await, 200);
    let mut refused = 0;
    for guess in 0..40 {
        refused += usize::from(status(&format!("guess-{guess}")).await == 429);
    }
    assert_eq!(refused, 9);
    assert_eq!(status(&ada).await, 200);
}
