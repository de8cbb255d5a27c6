//! The page for participants within the pages of a site.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::time::Span;

use super::Scene;
use crate::{bench::Answer, engine::entry, sql, store::sessions::Kind};

const SHOP: &str = "https://shop.example";

impl Scene {
    /// What a page of this origin asks by a bearer's token.
    fn inside(&self, method: Method, path: &str, token: &str, form: &str) -> Request<Body> {
        let path = format!("/_p/me/{}{path}", self.id);
        let mut request = self.bench.request(method, &path, form.to_owned());
        let headers = request.headers_mut();
        let bearer = format!("Bearer {token}").parse().unwrap();
        headers.insert(header::AUTHORIZATION, bearer);
        let kind = "application/x-www-form-urlencoded;charset=UTF-8".parse().unwrap();
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::HOST, "link.example".parse().unwrap());
        headers.insert(header::ORIGIN, SHOP.parse().unwrap());
        request
    }

    pub(super) async fn look(&self, path: &str, token: &str) -> Answer {
        self.bench.send(self.inside(Method::GET, path, token, "")).await
    }

    pub(super) async fn tell(&self, path: &str, token: &str, form: &str) -> Answer {
        self.bench.send(self.inside(Method::POST, path, token, form)).await
    }
}

/// The subject of a page, without the tokens of its forms.
fn subject(page: &str) -> String {
    let (_, main) = page.split_once("<main").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    let mut parts = main.split("<input type=\"hidden\" name=\"csrf\" value=\"");
    let mut shown = parts.next().unwrap().to_owned();
    for part in parts {
        shown.push_str(part.split_once('>').unwrap().1);
    }
    shown
}

#[tokio::test]
async fn r_dash_1_a_sites_page_shows_what_the_hosted_page_shows_by_a_token_alone() {
    let it = Scene::new().await;
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    let session = it.session(&it.ada).await;
    for path in ["", "/account", "/erase", "/data"] {
        let hosted = it.page(&format!("{path}?lang=fr"), &session).await;
        let inside = it.look(&format!("{path}?lang=fr"), &session).await;
        assert_eq!(inside.status, StatusCode::OK, "{path}");
        assert_eq!(subject(&inside.text), subject(&hosted.text), "{path}");
        assert_eq!(inside.headers.get(header::SET_COOKIE), None, "{path}");
        assert_eq!(inside.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], SHOP);
    }
    // A cookie opens nothing in here, and a token nothing out there.
    let mut request = it.inside(Method::GET, "?lang=en", "", "");
    let cookie = format!("__Host-prn-me={session}").parse().unwrap();
    request.headers_mut().insert(header::COOKIE, cookie);
    assert!(it.bench.send(request).await.text.contains("name=\"agreed\""));
    let mut request = it.request(Method::GET, "?lang=en", "", "");
    let bearer = format!("Bearer {session}").parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    assert!(it.bench.send(request).await.text.contains("name=\"agreed\""));
    // A form needs no token of its own, and leads to a page in here.
    let kept = it.tell("/account", &session, "first_name=Ada&language=en").await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    assert_eq!(kept.headers[header::LOCATION], format!("/_p/me/{}/account?done=kept", it.id));
    assert_eq!(it.wire(&it.ada).await.ok()["firstName"], "Ada");
    let kept = it.tell("/account?lang=fr", &session, "first_name=Ada&language=fr").await;
    let there = format!("/_p/me/{}/account?done=kept&lang=fr#", it.id);
    assert_eq!(kept.headers[header::LOCATION], there);
    let wrong = it.tell("/erase?lang=en", &session, "").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("Tick this"));
    // Out, by the token's own session.
    let out = it.tell("/sign-out", &session, "").await;
    assert_eq!(out.headers[header::LOCATION], format!("/_p/me/{}?done=out", it.id));
    assert_eq!(out.headers.get(header::SET_COOKIE), None);
    assert!(it.look("", &session).await.text.contains("name=\"agreed\""));
}

#[tokio::test]
async fn r_dash_2_only_pages_of_the_campaigns_sites_are_answered() {
    let it = Scene::new().await;
    let session = it.session(&it.ada).await;
    for path in ["", "/account", "/data.json"] {
        let mut request = it.inside(Method::GET, path, &session, "");
        request.headers_mut().insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        let refused = it.bench.send(request).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(refused.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
        assert!(!refused.text.contains("ada@"), "{}", refused.text);
    }
    for (path, form) in [("/erase", "sure=1"), ("/join", "email=x%40example.com&agreed=1")] {
        let mut request = it.inside(Method::POST, path, &session, form);
        request.headers_mut().insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert_eq!(it.bench.send(request).await.status, StatusCode::FORBIDDEN, "{path}");
        // No browser leaves the origin out of a form.
        let mut request = it.inside(Method::POST, path, &session, form);
        request.headers_mut().remove(header::ORIGIN);
        assert_eq!(it.bench.send(request).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    it.wire(&it.ada).await.ok();
    // Browsers ask first.
    for path in ["", "/account", "/data.json", "/sign-out"] {
        let asked = it.bench.send(it.inside(Method::OPTIONS, path, "", "")).await;
        assert_eq!(asked.status, StatusCode::NO_CONTENT, "{path}");
        let allowed = asked.headers[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap();
        assert!(allowed.contains("authorization") && allowed.contains("if-none-match"));
        let mut request = it.inside(Method::OPTIONS, path, "", "");
        request.headers_mut().insert(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert_eq!(it.bench.send(request).await.status, StatusCode::FORBIDDEN);
    }
    // A session of another campaign shows nothing here.
    let shop = it.bench.campaign("CUSTOM").await;
    let eve = it.bench.add(&shop, "eve", None).await;
    let foreign = it.session(&eve).await;
    assert!(it.look("", &foreign).await.text.contains("name=\"agreed\""));
}

#[tokio::test]
async fn r_dash_3_what_did_not_change_is_told_in_no_bytes() {
    let it = Scene::with("ON_SIGNUP", &[json!({ "type": "SINGLE_SIDED" })]).await;
    let session = it.session(&it.ada).await;
    let first = it.look("?lang=en", &session).await;
    let tag = first.headers[header::ETAG].clone();
    let again = async || {
        let mut request = it.inside(Method::GET, "?lang=en", &session, "");
        request.headers_mut().insert(header::IF_NONE_MATCH, tag.clone());
        it.bench.send(request).await
    };
    let same = again().await;
    assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(same.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], SHOP);
    assert_eq!(same.headers[header::ACCESS_CONTROL_EXPOSE_HEADERS], "etag");
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    let changed = again().await;
    assert_eq!(changed.status, StatusCode::OK);
    assert!(changed.text.contains("B.") && changed.headers[header::ETAG] != tag);
    // Out there pages have no such tag.
    assert_eq!(it.page("", &session).await.headers.get(header::ETAG), None);
}

#[tokio::test]
async fn r_dash_4_a_link_that_was_asked_for_in_a_sites_page_leads_back_to_it() {
    let it = Scene::new().await;
    let pages = async || {
        let promised = sql!(
            "-- t
             SELECT payload->>'page' AS page FROM job
              WHERE kind IN ('PARTICIPANT_LINK', 'LEAD') AND payload <> ''
              ORDER BY due_at DESC LIMIT 1"
        );
        let rows: Vec<Value> = it.bench.app.db.all(promised).await.unwrap();
        rows[0]["page"].clone()
    };
    let ask = async |page: &str| {
        let form = format!("email=ada%40example.com&page={page}");
        let sent = it.tell("/sign-in", "", &form).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{page}");
        it.bench.pass(Span::hours(1));
        pages().await
    };
    assert_eq!(
        ask("https%3A%2F%2Fshop.example%2Fmy%2Faccount").await,
        "https://shop.example/my/account"
    );
    for odd in [
        "https%3A%2F%2Fevil.example%2F",
        "https%3A%2F%2Fshop.example",
        "https%3A%2F%2Fshop.example.evil.example%2F",
        "https%3A%2F%2Fshop.example%2Fada%40example.com",
        "https%3A%2F%2Fshop.example%2F%3Fmail%3Dada",
        "https%3A%2F%2Fshop.example%2F%23x",
        "javascript%3Aalert(1)",
        "",
    ] {
        assert_eq!(ask(odd).await, Value::Null, "{odd}");
    }
    // On our own page nobody names another.
    it.form("/sign-in", "", "email=ada%40example.com&page=https%3A%2F%2Flink.example%2Fx").await;
    assert_eq!(pages().await, Value::Null);
    // Whoever joins there comes back there, too.
    let shown = super::super::door::shown_at(&it.bench.app, it.bench.now.get());
    it.bench.pass(Span::minutes(1));
    let terms = it.terms().await;
    let form = format!(
        "email=dan%40example.com&agreed=1&terms={terms}&shown={shown}\
         &page=https%3A%2F%2Fshop.example%2Fjoin"
    );
    assert_eq!(it.tell("/join", "", &form).await.status, StatusCode::ACCEPTED);
    assert_eq!(pages().await, "https://shop.example/join");
    // The message holds that address, and its token opens one session in the site's page.
    let (token, link) = entry::link(&it.bench.call(), Kind::Participant, &it.ada, Span::hours(1));
    it.bench.write([link]).await;
    let enter = async || {
        let body = json!({ "campaign": it.id, "link": token }).to_string();
        let mut request = it.bench.request(Method::POST, "/_p/session", body);
        request.headers_mut().insert(header::ORIGIN, SHOP.parse().unwrap());
        it.bench.send(request).await
    };
    let opened = enter().await.ok();
    let session = opened["token"].as_str().unwrap();
    assert!(it.look("?lang=en", session).await.text.contains("Hello"));
    enter().await.fails(401);
}

#[tokio::test]
async fn r_dash_4_the_message_holds_the_address_of_the_sites_page() {
    let it = Scene::new().await;
    let form = "email=ada%40example.com&page=https%3A%2F%2Fshop.example%2Fme";
    it.tell("/sign-in", "", form).await;
    it.run().await;
    it.bench.mail().await;
    let letter = it.bench.app.mail.kept(1).unwrap().pop().unwrap();
    assert!(letter.text.contains("https://shop.example/me#prn-me="), "{}", letter.text);
}

#[tokio::test]
async fn r_dash_5_of_twenty_codes_at_once_five_are_theirs() {
    let it = Scene::new().await;
    let ada = it.session(&it.ada).await;
    let chosen = (0..20).map(|n| it.inside(Method::POST, "/code", &ada, &format!("code=mine-{n}")));
    it.bench.at_once(chosen).await;
    let known = it.wire(&it.ada).await.ok();
    assert_eq!(known["vanityKeys"].as_array().unwrap().len(), 5, "{known}");
    let noted = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'CODE_GIVEN'";
    assert_eq!(it.bench.number(sql!(noted)).await, 5);
}

#[tokio::test]
async fn r_dash_5_somebody_chooses_a_code_that_is_free() {
    let it = Scene::new().await;
    let bob = it.bench.add(&it.campaign, "bob", None).await;
    let (ada, bobs) = (it.session(&it.ada).await, it.session(&bob).await);
    let judged = async |code: &str, session: &str| {
        let told = it.look(&format!("/code?code={code}&lang=en"), session).await.ok();
        (told["free"] == true, told["text"].as_str().unwrap().to_owned())
    };
    assert_eq!(judged("Ada-1", &ada).await, (true, "This code is free.".into()));
    // No code has these shapes; the first is an id.
    for odd in [it.ada.as_str(), "ab", "a%20b", "", "%C3%A9t%C3%A9", "abcdefghijklmnopqrstu"] {
        let (free, text) = judged(odd, &bobs).await;
        assert!(!free && text.contains("cannot be used"), "{odd} {text}");
    }
    let took = it.tell("/code", &ada, "code=Ada-1").await;
    assert_eq!(took.headers[header::LOCATION], format!("/_p/me/{}?done=code", it.id));
    assert!(it.look("?lang=en", &ada).await.text.contains("/r/ada-1"));
    let taken = judged("ADA-1", &bobs).await;
    assert_eq!(taken, (false, "Somebody has this code.".into()));
    assert_eq!(judged("ada-1", &ada).await.1, "This code is yours already.");
    // Twice is once; somebody else's stays theirs, and what was typed is kept.
    it.tell("/code", &ada, "code=ada-1").await;
    let refused = it.tell("/code?lang=en", &bobs, "code=ada-1").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.text.contains("Somebody has this code.")
            && refused.text.contains("value=\"ada-1\"")
    );
    // On our page, without script, it is said after it was sent.
    let wrong = it.say("/code?lang=en", &ada, "code=a").await;
    assert!(wrong.text.contains("cannot be used"), "{}", wrong.text);
    for n in 2..=5 {
        it.say("/code", &ada, &format!("code=ada-{n}")).await;
    }
    let known = it.wire(&it.ada).await.ok();
    assert_eq!(known["vanityKeys"].as_array().unwrap().len(), 5, "{known}");
    let more = it.say("/code?lang=en", &ada, "code=ada-6").await;
    assert!(more.text.contains("as many codes"), "{}", more.text);
    // The first one works on.
    assert_eq!(it.wire("ada-1").await.ok()["id"], it.ada.as_str());
    // Nobody asks without a session, nor without end.
    assert_eq!(it.look("/code?code=x", "").await.status, StatusCode::UNAUTHORIZED);
    let mut asked = 0;
    while it.look("/code?code=xyz", &bobs).await.status == StatusCode::OK {
        asked += 1;
        assert!(asked < 200);
    }
    assert_eq!(it.look("/code?code=xyz", &bobs).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn r_dash_6_what_is_new_is_marked_until_it_was_read() {
    let it = Scene::new().await;
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    let session = it.session(&it.ada).await;
    let unread = async || {
        let page = it.look("?lang=en", &session).await.text;
        let (_, count) = page.split_once("data-unread=\"").unwrap();
        let count: usize = count.split_once('"').unwrap().0.parse().unwrap();
        let wire = it.wire(&it.ada).await.ok();
        let rewards = it.wire(&format!("{}/rewards", it.ada)).await.ok();
        assert_eq!(wire["rewards"][0]["unread"], rewards["rewards"][0]["unread"]);
        (count, wire["rewards"][0]["unread"] == true)
    };
    let (new, reward) = unread().await;
    assert!(0 < new && reward);
    // Looking is not reading.
    assert_eq!(unread().await, (new, true));
    let until = it.bench.now.get().0;
    let seen = it.tell("/seen", &session, &format!("until={until}")).await;
    assert_eq!(seen.headers[header::LOCATION], format!("/_p/me/{}?done=seen", it.id));
    assert_eq!(unread().await, (0, false));
    // What comes later is new; what was read stays read, whatever an older page says.
    it.bench.pass(Span::minutes(1));
    it.bench.add(&it.campaign, "cid", Some(&it.ada)).await;
    let (later, _) = unread().await;
    assert!(0 < later, "{later}");
    it.tell("/seen", &session, "until=1").await;
    assert_eq!(unread().await.0, later);
    // No page is ahead of the clock.
    it.tell("/seen", &session, "until=9999999999999").await;
    assert_eq!(unread().await.0, 0);
    it.bench.pass(Span::minutes(1));
    it.bench.add(&it.campaign, "dan", Some(&it.ada)).await;
    assert!(0 < unread().await.0);
}
