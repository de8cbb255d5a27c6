//! The browser's endpoints over the real router.

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::{
    attribution::{Claims, SigningKey, sign},
    time::Span,
};

use crate::{
    bench::{Answer, Bench},
    engine::cron,
    sql,
};

const SHOP: &str = "https://shop.example";

/// A campaign, its id, and Ada's id.
async fn scene(trigger: &str) -> (Bench, String, String, String) {
    let bench = Bench::new().await;
    let path = bench.campaign(trigger).await;
    let ada = bench.add(&path, "ada", None).await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    (bench, path, id, ada)
}

fn asked(bench: &Bench, endpoint: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = bench.request(Method::POST, &format!("/_p/{endpoint}"), body);
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.insert(header::CONTENT_TYPE, "text/plain;charset=UTF-8".parse().unwrap());
    headers.insert(header::ORIGIN, SHOP.parse().unwrap());
    headers.insert(header::HOST, "link.example".parse().unwrap());
    request
}

async fn say(bench: &Bench, endpoint: &str, body: Value) -> Answer {
    bench.send(asked(bench, endpoint, body.to_string())).await
}

/// The same, where the service answers on the site's own host.
async fn say_at_home(bench: &Bench, endpoint: &str, cookie: &str, body: Value) -> Answer {
    let mut request = asked(bench, endpoint, body.to_string());
    request.headers_mut().insert(header::HOST, "shop.example".parse().unwrap());
    request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
    bench.send(request).await
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let set = headers.get_all(header::SET_COOKIE).iter();
    set.map(|it| it.to_str().unwrap().to_owned()).collect()
}

async fn count(bench: &Bench, table: &'static str) -> i64 {
    let statement = match table {
        "visit" => sql!("-- t\n SELECT count(*) AS n FROM visit"),
        "click" => sql!("-- t\n SELECT count(*) AS n FROM click"),
        "share" => sql!("-- t\n SELECT count(*) AS n FROM share"),
        "job" => sql!("-- t\n SELECT count(*) AS n FROM job"),
        "person" => sql!("-- t\n SELECT count(*) AS n FROM person"),
        other => panic!("{other}"),
    };
    bench.number(statement).await
}

#[tokio::test]
async fn r_browser_1_pages_of_foreign_origins_are_not_heard() {
    let (bench, _, id, _) = scene("ON_SIGNUP").await;
    for endpoint in ["visit", "consent", "lead", "share"] {
        let body = json!({
            "campaign": id, "consent": "GRANTED", "code": "ada", "channel": "email",
            "lead": { "email": "eve@example.com" },
        });
        for origin in ["https://evil.example", "null", "http://shop.example"] {
            let mut request = asked(&bench, endpoint, body.to_string());
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
            let answer = bench.send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint} {origin}");
            assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        }
        let mut request = asked(&bench, endpoint, body.to_string());
        request.headers_mut().remove(header::ORIGIN);
        assert_eq!(bench.send(request).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(count(&bench, "job").await, 0);
}

#[tokio::test]
async fn bad_bodies_name_the_field_and_never_its_value() {
    let (bench, _, id, _) = scene("ON_SIGNUP").await;
    let wrong = [
        ("visit", json!({}), 400),
        ("visit", json!({ "campaign": 7 }), 400),
        ("visit", json!({ "campaign": "nobody" }), 404),
        ("consent", json!({ "campaign": id, "consent": "MAYBE" }), 400),
        ("lead", json!({ "campaign": id }), 400),
        ("lead", json!({ "campaign": id, "lead": { "email": "secret value" } }), 400),
        ("lead", json!({ "campaign": id, "lead": { "email": 5 } }), 400),
        ("share", json!({ "campaign": id, "code": "ada", "channel": "pigeon" }), 400),
    ];
    for (endpoint, body, status) in wrong {
        let answer = say(&bench, endpoint, body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{endpoint} {body}");
        assert!(!answer.body.to_string().contains("secret value"));
    }
    let answer = bench.send(asked(&bench, "visit", "{not json")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    for length in [70_000, 3_000_000] {
        bench.send(asked(&bench, "visit", "x".repeat(length))).await.fails(413);
    }
    assert_eq!((count(&bench, "job").await, count(&bench, "visit").await), (0, 0));
}

#[tokio::test]
async fn r_browser_3_a_visit_lands_the_touch_and_brings_a_lost_click_back() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let claims = Claims { landed: false, ..bench.claims(&path, &ada) };
    let token = sign(&SigningKey::new(&bench.app.settings.secret, &id, 1), &claims);
    for _ in 0..2 {
        let visit = say(&bench, "visit", json!({ "campaign": id, "token": token })).await;
        let origin = visit.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).unwrap();
        assert_eq!(origin, SHOP);
        let body = visit.ok();
        assert_eq!((&body["referred"], &body["firstParty"]), (&json!(true), &json!(false)));
        assert!(body["token"].as_str().unwrap() != token, "landed, and signed again");
    }
    assert_eq!((count(&bench, "visit").await, count(&bench, "click").await), (1, 1));

    let nobody = say(&bench, "visit", json!({ "campaign": id })).await.ok();
    assert_eq!((&nobody["referred"], &nobody["token"]), (&json!(false), &Value::Null));
    for bad in ["garbage", "a.b.c", ""] {
        let body = json!({ "campaign": id, "token": bad });
        assert_eq!(say(&bench, "visit", body).await.ok()["referred"], json!(false));
    }
    assert_eq!(count(&bench, "visit").await, 1);
}

#[tokio::test]
async fn r_card_2_a_visit_tells_what_those_who_share_say_of_their_part() {
    let (bench, campaign, _, _) = scene("CUSTOM").await;
    let disclosure = async || {
        let id = campaign.trim_start_matches("/v2/campaign/");
        let visit = say(&bench, "visit", json!({ "campaign": id })).await.ok();
        visit["disclosure"].clone()
    };
    let said = disclosure().await;
    assert_eq!(said["en"], "If you become a customer through my link, I may get this: a coupon.");
    assert!(said["fr"].as_str().unwrap().starts_with("Si vous devenez client avec mon lien"));
    let configs = format!("{campaign}/reward-configs");
    let rule = bench.get(&configs).await.ok()["rewards"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("{configs}/{rule}");
    let ends_at = bench.now.get() + Span::days(1);
    bench.patch(&path, json!({ "endsAt": ends_at })).await.ok();
    assert_eq!(disclosure().await, said);
    bench.pass(Span::days(1));
    assert_eq!(disclosure().await, json!(null), "it is over");
}

#[tokio::test]
async fn r_token_2_a_visits_token_serves_a_tab_that_stays_open_for_a_day() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let visit = say(&bench, "visit", json!({ "campaign": id, "token": token })).await.ok();
    let landed = visit["token"].as_str().unwrap();
    let granted = async |token: &str| {
        let body = json!({ "campaign": id, "token": token, "consent": "GRANTED" });
        say(&bench, "consent", body).await.ok()["touch"].is_string()
    };
    bench.pass(Span::hours(24));
    assert!(granted(landed).await && !granted(&token).await, "the URL's lives one hour");
    bench.pass(Span::seconds(1));
    assert!(!granted(landed).await);
}

#[tokio::test]
async fn r_browser_5_what_can_be_no_campaign_is_never_looked_up() {
    let (bench, ..) = scene("ON_SIGNUP").await;
    let long = "a".repeat(21);
    let monster = "a".repeat(60_000);
    for endpoint in ["visit", "consent", "lead", "share"] {
        for id in ["", "Shop", "a b", "é", "a/b", long.as_str(), monster.as_str()] {
            let body = json!({
                "campaign": id, "consent": "GRANTED", "code": "ada", "channel": "email",
            });
            // Far more than a network may miss: what is no id is no miss.
            say(&bench, endpoint, body).await.fails(404);
            assert!(bench.app.cache.terms.read(id, bench.now.get()).is_none(), "kept: {id}");
        }
    }
    let visit = async |id: &str| say(&bench, "visit", json!({ "campaign": id })).await.status;
    assert_eq!(visit(&"a".repeat(20)).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_browser_5_guessing_campaigns_is_limited_and_known_ones_go_on() {
    let (bench, _, id, _) = scene("ON_SIGNUP").await;
    let visit = async |id: &str| say(&bench, "visit", json!({ "campaign": id })).await.status;
    assert_eq!(visit(&id).await, StatusCode::OK);
    let mut refused = 0;
    for guess in 0..40 {
        refused += usize::from(visit(&format!("guess-{guess}")).await == 429);
    }
    assert_eq!(refused, 9, "30 pass, the 31st sets the mark");
    assert_eq!(visit(&id).await, StatusCode::OK);
}

#[tokio::test]
async fn tokens_and_touches_of_any_length_do_no_harm() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    for long in ["x".repeat(5_000), "~".repeat(5_000), format!("{token}~").repeat(40)] {
        let body = json!({ "campaign": id, "token": long, "touch": long });
        assert_eq!(say(&bench, "visit", body).await.ok()["referred"], json!(false));
    }
}

#[tokio::test]
async fn r_browser_5_shares_and_leads_of_a_network_are_limited() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let body = json!({ "campaign": id, "code": ada, "channel": "email" });
    let mut refused = 0;
    for _ in 0..125 {
        let answer = say(&bench, "share", body.clone()).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!((refused, count(&bench, "share").await), (5, 120));
    let token = bench.token(&path, &ada);
    let lead = json!({ "campaign": id, "token": token, "lead": { "email": "bob@example.com" } });
    say(&bench, "lead", lead).await.fails(429);
}

#[tokio::test]
async fn r_consent_1_consent_trades_the_token_for_what_may_be_kept() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let body = |consent: &str| json!({ "campaign": id, "token": token, "consent": consent });

    let unasked = say(&bench, "consent", body("NOT_REQUIRED")).await.ok();
    assert_eq!((&unasked["consent"], &unasked["touch"]), (&json!("REQUIRED"), &Value::Null));
    let away = say(&bench, "consent", body("GRANTED")).await;
    assert_eq!(cookies(&away.headers), [""; 0], "a foreign host gets no cookie of ours");
    let away = away.ok();
    let touch = away["touch"].as_str().unwrap().to_owned();
    assert_eq!(away["cookieName"], format!("prn-{id}"));
    let again = say(&bench, "visit", json!({ "campaign": id, "touch": touch })).await.ok();
    assert_eq!(again["referred"], json!(true));

    let home = say_at_home(&bench, "consent", "", body("GRANTED")).await;
    let set = cookies(&home.headers);
    assert!(set.iter().any(|it| it.starts_with(&format!("__Host-prnc-{id}=granted;"))), "{set:?}");
    let kept = set.iter().find(|it| it.starts_with(&format!("__Host-prn-{id}="))).unwrap();
    assert!(kept.ends_with("; Secure; HttpOnly; SameSite=Lax") && !kept.contains("Domain"));
    assert_eq!(home.ok()["touch"], Value::Null);

    let denied = say_at_home(&bench, "consent", "", body("DENIED")).await;
    let set = cookies(&denied.headers);
    assert!(set.iter().any(|it| it.contains("=denied;")), "{set:?}");
    assert!(set.iter().any(|it| it.starts_with(&format!("__Host-prn-{id}=; Path=/; Max-Age=0"))));
    assert_eq!(denied.ok()["consent"], json!("DENIED"));
}

#[tokio::test]
async fn r_consent_2_under_a_global_refusal_only_a_claim_keeps_anything() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let refused = async |claim: bool| {
        let body = json!({ "campaign": id, "token": token, "consent": "GRANTED", "claim": claim });
        let mut request = asked(&bench, "consent", body.to_string());
        request.headers_mut().insert("sec-gpc", "1".parse().unwrap());
        bench.send(request).await.ok()["touch"].clone()
    };
    assert_eq!(refused(false).await, Value::Null);
    assert!(refused(true).await.is_string());
}

#[tokio::test]
async fn r_browser_2_known_and_unknown_addresses_get_the_same_answer() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let mut answers = Vec::new();
    for email in ["ada@example.com", "new@example.com", "new@example.com"] {
        let body = json!({ "campaign": id, "token": token, "lead": { "email": email } });
        let answer = say(&bench, "lead", body).await;
        answers.push((answer.status, format!("{:?}", answer.headers), answer.body.to_string()));
    }
    assert_eq!(answers[0].0, StatusCode::ACCEPTED);
    assert!(answers.iter().all(|it| *it == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn r_source_1_a_browsers_lead_earns_nothing_payable_until_the_server_says_so() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let lead = json!({ "email": "bob@example.com", "firstName": "Bob" });
    let body = json!({ "campaign": id, "token": token, "lead": lead });
    assert_eq!(say(&bench, "lead", body).await.status, StatusCode::ACCEPTED);
    cron::run(&bench.app, &bench.call()).await;

    let bob = bench.get(&format!("{path}/participant/bob@example.com")).await.ok();
    assert_eq!((&bob["referredBy"], &bob["firstName"]), (&json!(ada), &json!("Bob")));
    let rewards = async || bench.get(&format!("{path}/participant/{ada}/rewards")).await.ok();
    assert_eq!(rewards().await["rewards"][0]["approved"], json!(false));
    assert_eq!(count(&bench, "person").await, 2, "the lead itself is forgotten");

    bench.add(&path, "bob", None).await;
    assert_eq!(rewards().await["rewards"][0]["approved"], json!(true));
}

#[tokio::test]
async fn r_browser_4_a_lead_with_a_bad_token_is_kept_unattributed_with_its_reason() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    bench.pass(Span::hours(2));
    for (email, token) in [("late", token.as_str()), ("forged", "a.b.c")] {
        let lead = json!({ "email": format!("{email}@example.com") });
        say(&bench, "lead", json!({ "campaign": id, "token": token, "lead": lead })).await;
    }
    cron::run(&bench.app, &bench.call()).await;
    for (email, reason) in [("late", "TOKEN_EXPIRED"), ("forged", "TOKEN_INVALID")] {
        let person = format!("{path}/participant/{email}@example.com");
        assert_eq!(bench.get(&person).await.ok()["referredBy"], Value::Null);
        let why = bench.get(&format!("{person}/decisions")).await.ok();
        assert_eq!(why["decisions"][0]["reasons"], json!([reason]));
    }
}

#[tokio::test]
async fn r_browser_4_unreferred_leads_are_dropped_unless_the_campaign_takes_them() {
    let (bench, path, id, _) = scene("ON_SIGNUP").await;
    let body = json!({ "campaign": id, "lead": { "email": "eve@example.com" } });
    assert_eq!(say(&bench, "lead", body.clone()).await.status, StatusCode::ACCEPTED);
    assert_eq!((count(&bench, "job").await, count(&bench, "person").await), (0, 1));

    bench.patch(&format!("{path}/installation"), json!({ "captureUnreferred": true })).await.ok();
    assert_eq!(say(&bench, "lead", body).await.status, StatusCode::ACCEPTED);
    cron::run(&bench.app, &bench.call()).await;
    bench.get(&format!("{path}/participant/eve@example.com")).await.ok();
}

#[tokio::test]
async fn without_wasm_the_service_judges_the_form_itself() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let field = |name: &str, kind: &str, value: &str| {
        json!({ "tag": "input", "type": kind, "name": name, "label": name, "visible": true,
                "value": value })
    };
    let form = |fields: Value, button: &str| {
        json!({ "campaign": id, "token": token, "page": "/",
                "form": { "fields": fields, "buttons": [button], "heading": button } })
    };
    let newsletter = form(json!([field("email", "email", "ann@example.com")]), "Subscribe");
    let search = form(json!([field("q", "search", "shoes@example.com")]), "Search");
    assert_eq!(say(&bench, "lead", search).await.status, StatusCode::ACCEPTED);
    assert_eq!(count(&bench, "job").await, 0);
    assert_eq!(say(&bench, "lead", newsletter).await.status, StatusCode::ACCEPTED);
    cron::run(&bench.app, &bench.call()).await;
    bench.get(&format!("{path}/participant/ann@example.com")).await.ok();
}

#[tokio::test]
async fn shares_are_counted_for_links_of_the_campaign_only() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let share = async |code: &str| {
        let body = json!({ "campaign": id, "code": code, "channel": "whatsapp" });
        assert_eq!(say(&bench, "share", body).await.status, StatusCode::ACCEPTED);
    };
    share(&ada).await;
    share("nobody").await;
    share("not a code").await;
    let other = bench.campaign("ON_SIGNUP").await;
    let eve = bench.add(&other, "eve", None).await;
    share(&eve).await;
    assert_eq!(count(&bench, "share").await, 1);
    let ada = bench.get(&format!("{path}/participant/{ada}")).await.ok();
    assert_eq!(ada["shareCount"]["whatsapp"], json!(1));
}

#[tokio::test]
async fn r_job_1_a_lead_that_was_answered_is_read_by_the_cron_if_nobody_else_did() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let body = json!({ "campaign": id, "token": token, "lead": { "email": "bob@example.com" } });
    say(&bench, "lead", body).await;
    for _ in 0..3 {
        cron::run(&bench.app, &bench.call()).await;
    }
    let ada = bench.get(&format!("{path}/participant/{ada}")).await.ok();
    assert_eq!(ada["referralCount"], json!(1), "however often the job is run");
}

#[tokio::test]
async fn r_guard_7_a_lead_tells_how_its_form_was_filled_in() {
    let (bench, path, id, ada) = scene("ON_SIGNUP").await;
    let token = bench.token(&path, &ada);
    let lead = |name: &str, told: Value| {
        let mut body = json!({
            "campaign": id, "token": token, "lead": { "email": format!("{name}@example.com") },
        });
        body.as_object_mut().unwrap().extend(told.as_object().unwrap().clone());
        body
    };
    for (field, value) in
        [("honeypot", json!("yes")), ("honeypot", json!(1)), ("elapsed", json!("1"))]
    {
        let answer = say(&bench, "lead", lead("eve", json!({ field: value }))).await;
        answer.refuses(field);
    }
    let mut answers = Vec::new();
    for (name, told, held) in [
        ("trap", json!({ "honeypot": true }), true),
        ("fast", json!({ "honeypot": false, "elapsed": 2_999.5 }), true),
        ("slow", json!({ "elapsed": 3_000 }), false),
        ("open", json!({ "elapsed": 1e300 }), false),
        ("back", json!({ "elapsed": -1 }), false),
        ("form", json!({ "lead": { "email": "form@example.com", "honeypot": true } }), true),
        ("page", json!({ "lead": { "email": "page@example.com", "elapsed": 2_999 } }), true),
        ("calm", json!({ "lead": { "email": "calm@example.com", "elapsed": 3_000 } }), false),
        ("mute", json!({ "honeypot": null, "elapsed": null }), false),
    ] {
        let answer = say(&bench, "lead", lead(name, told)).await;
        answers.push((answer.status, answer.body));
        cron::run(&bench.app, &bench.call()).await;
        let friend = bench.get(&format!("{path}/participant/{name}@example.com")).await.ok();
        let expected = if held { "CREDIT_PENDING" } else { "CREDIT_AWARDED" };
        assert_eq!(friend["referralStatus"], expected, "{name}");
    }
    assert!(answers.iter().all(|it| *it == answers[0]), "{answers:?}");
}
