//! Participants who sign in, over the real router.

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::{proof, secret::mac, time::Span};

use crate::{
    bench::{Answer, Bench},
    engine::{cron, entry, jobs},
    sql,
    store::sessions::Kind,
};

const SHOP: &str = "https://shop.example";

struct Scene {
    bench: Bench,
    campaign: String,
    id: String,
    ada: String,
}

impl Scene {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let id = campaign.rsplit('/').next().unwrap().to_owned();
        Self { bench, campaign, id, ada }
    }

    fn asked(&self, method: Method, path: &str, body: &Value) -> Request<Body> {
        let mut request = self.bench.request(method, path, body.to_string());
        let headers = request.headers_mut();
        headers.remove(header::AUTHORIZATION);
        headers.insert(header::ORIGIN, SHOP.parse().unwrap());
        headers.insert(header::HOST, "link.example".parse().unwrap());
        request
    }

    async fn say(&self, end: &str, body: Value) -> Answer {
        self.bench.send(self.asked(Method::POST, &format!("/_p/{end}"), &body)).await
    }

    async fn me(&self, token: &str) -> Answer {
        let path = format!("/_p/me?campaign={}", self.id);
        let mut request = self.asked(Method::GET, &path, &Value::Null);
        let value = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        self.bench.send(request).await
    }

    fn secret(&self, generation: u32) -> String {
        proof::secret(&self.bench.app.settings.secret, &self.id, generation)
    }

    fn jwt(&self, subject: &str) -> String {
        let part = |it: Value| BASE64.encode(it.to_string());
        let end = self.bench.now.get().seconds() + 600;
        let claims = part(json!({ "sub": subject, "aud": self.id, "exp": end }));
        let signed = format!("{}.{claims}", part(json!({ "alg": "HS256" })));
        let tag = mac(self.secret(1).as_bytes(), &[signed.as_bytes()]);
        format!("{signed}.{}", BASE64.encode(tag))
    }

    fn hash(&self, email: &str, generation: u32) -> Value {
        let tag = mac(self.secret(generation).as_bytes(), &[email.as_bytes()]);
        let hash: String = tag.iter().map(|it| format!("{it:02x}")).collect();
        json!({ "campaign": self.id, "email": email, "hash": hash })
    }

    async fn session(&self) -> String {
        let said = self.say("session", self.hash("ada@example.com", 1)).await.ok();
        said["token"].as_str().unwrap().to_owned()
    }

    async fn count(&self, what: &'static str) -> i64 {
        let statement = match what {
            "jobs" => sql!("-- t\n SELECT count(*) AS n FROM job WHERE kind = 'PARTICIPANT_LINK'"),
            "links" => {
                sql!("-- t\n SELECT count(*) AS n FROM entry_link WHERE kind = 'PARTICIPANT'")
            }
            _ => sql!("-- t\n SELECT count(*) AS n FROM session WHERE kind = 'PARTICIPANT'"),
        };
        self.bench.number(statement).await
    }
}

#[tokio::test]
async fn r_guest_1_asking_for_a_link_answers_alike_whoever_takes_part() {
    let it = Scene::new().await;
    let ask =
        async |email: &str| it.say("sign-in", json!({ "campaign": it.id, "email": email })).await;
    let rows = async || {
        let mut rows = Vec::new();
        for table in ["jobs", "sessions"] {
            rows.push(it.count(table).await);
        }
        rows.push(it.bench.number(sql!("-- t\n SELECT count(*) AS n FROM attempt")).await);
        rows.push(it.bench.number(sql!("-- t\n SELECT count(*) AS n FROM audit")).await);
        rows
    };
    // The network's own bucket is there from the first time on.
    ask("first@example.com").await;
    let start = rows().await;
    let known = ask("Ada@example.com").await;
    let between = rows().await;
    let unknown = ask("eve@example.com").await;
    let end = rows().await;
    assert_eq!(known.status, StatusCode::ACCEPTED);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(known.headers, unknown.headers);
    let grown = |from: &[i64], to: &[i64]| -> Vec<i64> {
        from.iter().zip(to).map(|(from, to)| to - from).collect()
    };
    assert_eq!(grown(&start, &between), grown(&between, &end));
    jobs::run_due(&it.bench.app, &it.bench.call(), 9).await.unwrap();
    cron::run(&it.bench.app, &it.bench.call()).await;
    // A job may be done twice, and leads to nobody who does not take part.
    let others = "-- t\n SELECT count(*) AS n FROM entry_link WHERE subject <> ?1";
    assert_eq!(it.bench.number(sql!(others, &it.ada)).await, 0);
    assert!(0 < it.count("links").await);
    it.say("sign-in", json!({ "campaign": it.id, "email": "nonsense" })).await.refuses("email");
    it.say("sign-in", json!({ "campaign": "nobody", "email": "a@b.co" })).await.fails(404);
}

#[tokio::test]
async fn r_guest_1_an_address_gets_five_links_an_hour_and_a_network_thirty() {
    let it = Scene::new().await;
    let ask = async |email: String| {
        it.say("sign-in", json!({ "campaign": it.id, "email": email })).await.status
    };
    for _ in 0..7 {
        assert_eq!(ask("ada@example.com".into()).await, StatusCode::ACCEPTED);
    }
    assert_eq!(it.count("jobs").await, 5);
    for n in 7..30 {
        assert_eq!(ask(format!("p{n}@example.com")).await, StatusCode::ACCEPTED, "{n}");
    }
    assert_eq!(ask("last@example.com".into()).await, StatusCode::TOO_MANY_REQUESTS);
    it.bench.pass(Span::hours(1));
    assert_eq!(ask("last@example.com".into()).await, StatusCode::ACCEPTED);
}

/// A form of a page of ours.
async fn form(it: &Scene, path: &str, cookie: &str, form: &str) -> Answer {
    let mut request = it.bench.form(path, "", form);
    let headers = request.headers_mut();
    headers.insert(header::COOKIE, format!("__Host-prn-me={cookie}").parse().unwrap());
    it.bench.send(request).await
}

async fn page(it: &Scene, path: &str, cookie: &str) -> Answer {
    let mut request = it.bench.request(Method::GET, path, Body::empty());
    let headers = request.headers_mut();
    headers.insert(header::COOKIE, format!("__Host-prn-me={cookie}").parse().unwrap());
    it.bench.send(request).await
}

#[tokio::test]
async fn r_guard_2_a_lead_from_the_browser_in_which_the_referrer_is_signed_in_is_held() {
    let it = Scene::new().await;
    let zoe = it.bench.add(&it.campaign, "zoe", None).await;
    let hers = it.session().await;
    let other = Scene::new().await;
    let foreign = other.session().await;
    for (friend, referrer, cookie, expected) in [
        ("bob", &it.ada, hers.as_str(), "CREDIT_PENDING"),
        // A family's friend of somebody else, a guess, another service's session, none.
        ("carl", &zoe, &hers, "CREDIT_AWARDED"),
        ("dora", &it.ada, "guess", "CREDIT_AWARDED"),
        ("ewan", &it.ada, &foreign, "CREDIT_AWARDED"),
        ("fay", &it.ada, "", "CREDIT_AWARDED"),
    ] {
        let lead = json!({ "email": format!("{friend}@example.com"), "elapsed": 9_000 });
        let token = it.bench.token(&it.campaign, referrer);
        let body = json!({ "campaign": it.id, "token": token, "lead": lead });
        let mut request = it.asked(Method::POST, "/_p/lead", &body);
        let cookie = format!("__Host-prn-me={cookie}").parse().unwrap();
        request.headers_mut().insert(header::COOKIE, cookie);
        assert_eq!(it.bench.send(request).await.status, StatusCode::ACCEPTED);
        cron::run(&it.bench.app, &it.bench.call()).await;
        let path = format!("{}/participant/{friend}@example.com", it.campaign);
        assert_eq!(it.bench.get(&path).await.ok()["referralStatus"], expected, "{friend}");
    }
    let seen = sql!("-- t\n SELECT count(*) AS n FROM signal WHERE name = 'OWN_BROWSER'");
    assert_eq!(it.bench.number(seen).await, 1);
}

#[tokio::test]
async fn r_guest_5_a_link_shows_a_button_and_opens_one_session_of_its_campaign() {
    let it = Scene::new().await;
    let link = async |life| {
        let call = it.bench.call();
        let (token, kept) = entry::link(&call, Kind::Participant, &it.ada, life);
        it.bench.write([kept]).await;
        token
    };
    let (token, other) = (link(Span::minutes(15)).await, link(Span::minutes(15)).await);
    let it_ada = format!("/r/{}", it.ada);
    let path = format!("/me/{}/enter?lang=en", it.id);
    // Looking uses nothing up, however often.
    for _ in 0..3 {
        let shown = page(&it, &path, "").await;
        assert!(shown.status == StatusCode::OK && shown.text.contains("method=\"post\""));
    }
    let mut foreign = it.bench.form(&path, "", &format!("token={token}"));
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(it.bench.send(foreign).await.status, StatusCode::FORBIDDEN);

    let entered = form(&it, &path, "planted", &format!("token={token}")).await;
    assert_eq!(entered.headers[header::LOCATION], format!("/me/{}", it.id));
    let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
    let (cookie, attributes) = set.split_once("; ").unwrap();
    assert!(attributes.ends_with("Secure; HttpOnly; SameSite=Lax"), "{set}");
    let session = cookie.strip_prefix("__Host-prn-me=").unwrap();
    assert!(session != "planted" && session != token);
    let mine = page(&it, &format!("/me/{}", it.id), session).await;
    assert!(mine.text.contains(&it.ada), "{}", mine.text);
    let planted = page(&it, &format!("/me/{}", it.id), "planted").await;
    let is_door = |it: &Answer| it.text.contains("/sign-in?") && !it.text.contains(&it_ada);
    assert!(is_door(&planted), "{}", planted.text);
    for wrong in [&*token, "guess", ""] {
        let failed = form(&it, &path, "", &format!("token={wrong}")).await;
        assert_eq!(failed.status, StatusCode::FORBIDDEN);
        let set = failed.headers.get(header::SET_COOKIE).map(|it| it.to_str().unwrap());
        assert!(set.is_none_or(|it| it.starts_with("prn-lang=")), "{set:?}");
    }
    // Another campaign's page takes it up and opens nothing.
    let shop = it.bench.campaign("CUSTOM").await;
    let elsewhere = shop.rsplit('/').next().unwrap();
    let path = format!("/me/{elsewhere}/enter");
    let failed = form(&it, &path, "", &format!("token={other}")).await;
    assert_eq!(failed.status, StatusCode::FORBIDDEN);
    assert_eq!(it.count("sessions").await, 1);
    let shut = page(&it, &format!("/me/{elsewhere}"), session).await;
    assert!(is_door(&shut), "{}", shut.text);
    assert_eq!(page(&it, "/me/nobody", session).await.status, StatusCode::NOT_FOUND);
    let out = format!("/me/{}/sign-out", it.id);
    assert_eq!(form(&it, &out, session, "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(it.count("sessions").await, 1);
}

#[tokio::test]
async fn r_guest_2_and_3_a_site_vouches_for_its_customer_by_hash_or_token() {
    let it = Scene::new().await;
    let with_jwt = |subject: &str| json!({ "campaign": it.id, "jwt": it.jwt(subject) });
    for proof in [
        it.hash("ada@example.com", 1),
        it.hash("Ada@Example.com", 1),
        with_jwt("ada@example.com"),
        with_jwt(&it.ada),
    ] {
        let answer = it.say("session", proof).await;
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], SHOP);
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        let said = answer.ok();
        assert_eq!(said["participant"]["id"], *it.ada);
        assert_eq!(said["expiresAt"], json!(it.bench.now.get() + Span::hours(12)));
        let mine = it.me(said["token"].as_str().unwrap()).await.ok();
        assert_eq!(mine, said["participant"]);
    }
    let mut other = it.hash("ada@example.com", 1);
    other["email"] = "bob@example.com".into();
    let sessions = it.count("sessions").await;
    for wrong in [
        other,
        it.hash("ada@example.com", 2),
        json!({ "campaign": it.id, "email": "ada@example.com", "hash": "" }),
        json!({ "campaign": it.id, "jwt": "a.b.c" }),
    ] {
        let answer = it.say("session", wrong).await;
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], SHOP);
        answer.fails(401);
    }
    it.say("session", it.hash("eve@example.com", 1)).await.fails(404);
    assert_eq!(it.count("sessions").await, sessions);
    for wrong in [json!({}), json!({ "email": "a@b.co" }), json!({ "hash": "x" })] {
        let mut wrong = wrong;
        wrong["campaign"] = it.id.clone().into();
        it.say("session", wrong).await.refuses("jwt");
    }
}

#[tokio::test]
async fn r_guest_4_what_an_old_secret_signed_vouches_for_nobody() {
    let it = Scene::new().await;
    let call = it.bench.call();
    crate::engine::guest::rotate(&it.bench.app, &call, &it.id, 1).await.unwrap();
    it.say("session", it.hash("ada@example.com", 1)).await.fails(401);
    it.say("session", it.hash("ada@example.com", 2)).await.ok();
}

#[tokio::test]
async fn r_guest_6_a_token_shows_its_holder_themselves_and_ends() {
    let it = Scene::new().await;
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    let token = it.session().await;
    let mine = it.me(&token).await.ok();
    assert_eq!(mine["email"], "ada@example.com");
    assert_eq!(mine["rewards"].as_array().unwrap().len(), 1);
    // Nothing of friends, guards, or the owner's own fields.
    let text = mine.to_string();
    assert!(!text.contains("bob@example.com") && !text.contains("fraud"), "{text}");
    assert!(mine.get("metadata").is_none() && mine.get("referrer").is_none());
    // The other campaign's page, another's token, a member's session.
    for wrong in ["", "guess", &it.bench.seat("owner").await] {
        it.me(wrong).await.fails(401);
    }
    let shop = it.bench.campaign("CUSTOM").await;
    let path = format!("/_p/me?campaign={}", shop.rsplit('/').next().unwrap());
    let mut request = it.asked(Method::GET, &path, &Value::Null);
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    it.bench.send(request).await.fails(401);
    // Twelve hours, the last instant included.
    it.bench.pass(Span::hours(12));
    it.me(&token).await.ok();
    it.bench.pass(Span(1));
    it.me(&token).await.fails(401);
    let token = it.session().await;
    let path = format!("/_p/sign-out?campaign={}", it.id);
    let mut request = it.asked(Method::POST, &path, &json!({}));
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, value);
    assert_eq!(it.bench.send(request).await.status, StatusCode::ACCEPTED);
    it.me(&token).await.fails(401);
}

#[tokio::test]
async fn r_guest_6_who_is_erased_is_signed_out() {
    let it = Scene::new().await;
    let token = it.session().await;
    it.say("sign-in", json!({ "campaign": it.id, "email": "ada@example.com" })).await;
    jobs::run_due(&it.bench.app, &it.bench.call(), 9).await.unwrap();
    cron::run(&it.bench.app, &it.bench.call()).await;
    assert!(0 < it.count("links").await);
    it.bench.delete(&format!("{}/participant/{}", it.campaign, it.ada)).await.ok();
    it.me(&token).await.fails(401);
    assert_eq!((it.count("links").await, it.count("sessions").await), (0, 0));
}

#[tokio::test]
async fn r_guest_7_only_pages_of_the_campaign_are_heard_and_told() {
    let it = Scene::new().await;
    let token = it.session().await;
    let me = format!("/_p/me?campaign={}", it.id);
    for (method, path, body) in [
        (Method::POST, "/_p/sign-in", json!({ "campaign": it.id, "email": "ada@example.com" })),
        (Method::POST, "/_p/session", it.hash("ada@example.com", 1)),
        (Method::GET, &*me, Value::Null),
        (Method::OPTIONS, &*me, Value::Null),
    ] {
        for origin in ["https://evil.example", "null", "https://shop.example.evil.example"] {
            let mut request = it.asked(method.clone(), path, &body);
            let headers = request.headers_mut();
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
            let answer = it.bench.send(request).await;
            assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
            answer.fails(403);
        }
    }
    let asked = it.asked(Method::OPTIONS, &me, &Value::Null);
    let answer = it.bench.send(asked).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], SHOP);
    assert_eq!(answer.headers[header::ACCESS_CONTROL_MAX_AGE], "7200");
    assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
    assert_eq!(answer.headers[header::VARY], "Origin");
    // A page that reads from its own host sends no origin.
    let mut request = it.asked(Method::GET, &me, &Value::Null);
    request.headers_mut().remove(header::ORIGIN);
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    it.bench.send(request).await.ok();
}
