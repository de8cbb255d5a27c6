//! Tests of the installation's page and its test, as an owner and their site meet it.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use shared::time::Span;

use super::seat::{Seat, console};
use crate::{
    bench::{Answer, Bench},
    sql,
};

struct Tried<'a> {
    bench: &'a Bench,
    seat: Seat<'a>,
    campaign: String,
    path: String,
    token: String,
    mark: String,
}

impl<'a> Tried<'a> {
    /// A campaign whose test has begun, and whose test link was opened.
    async fn begun(bench: &'a Bench) -> Self {
        let campaign = bench.campaign("ON_SIGNUP").await;
        let seat = Seat::owner(bench).await;
        let path = format!("{}/install", console(&campaign));
        assert!(seat.page(&path).await.contains("Begin the test"));
        let page = "act=test&page=shop.example/join%23form";
        assert!(seat.sends(&path, page).await.ends_with("/install?done=test#test"));
        let opened = seat.get(&format!("{path}/go")).await;
        assert_eq!(opened.headers[header::CACHE_CONTROL], "no-store");
        let link = opened.headers[header::LOCATION].to_str().unwrap().to_owned();
        let part = |name: &str| {
            let rest = link.split(&format!("{name}=")).nth(1).unwrap();
            rest.split(['&', '#']).next().unwrap().to_owned()
        };
        assert!(link.starts_with("https://shop.example/join?prn-test=") && link.ends_with("#form"));
        let (token, mark) = (part("prn"), part("prn-test"));
        let campaign = campaign.rsplit('/').next().unwrap().to_owned();
        Self { bench, seat, campaign, path, token, mark }
    }

    /// What a page of an origin says to the service.
    async fn says(&self, origin: &str, what: &str, mut body: Value) -> Answer {
        body["campaign"] = self.campaign.clone().into();
        let path = format!("/_p/{what}");
        let mut request = self.bench.request(Method::POST, &path, body.to_string());
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        self.bench.send(request).await
    }

    async fn state(&self) -> String {
        self.seat.page(&format!("{}/state", self.path)).await
    }

    /// Every row that a visitor or a friend leaves.
    async fn rows(&self) -> i64 {
        let rows = sql!(
            "-- t
             SELECT (SELECT count(*) FROM click) + (SELECT count(*) FROM visit)
                  + (SELECT count(*) FROM person) + (SELECT count(*) FROM participant)
                  + (SELECT count(*) FROM job) + (SELECT count(*) FROM decision) AS n"
        );
        self.bench.number(rows).await
    }
}

const SITE: &str = "https://shop.example";

#[tokio::test]
async fn r_trial_2_call_click_and_sign_up_are_seen_and_none_of_it_is_counted() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let before = it.rows().await;
    assert_eq!(it.state().await.matches("Waiting").count(), 3);
    let hello = json!({ "mark": it.mark, "cookies": true, "wasm": true });
    it.says(SITE, "test", hello).await.ok();
    assert_eq!(it.state().await.matches("Works").count(), 1);
    let visit = it.says(SITE, "visit", json!({ "token": it.token })).await.ok();
    assert_eq!((&visit["referred"], &visit["referrer"]), (&json!(true), &json!(null)));
    assert_eq!(it.state().await.matches("Works").count(), 2);
    assert!(it.state().await.contains("parrain(&quot;consent&quot;, true)"));
    // What the page keeps is enough on the next one.
    let kept = it.says(SITE, "consent", json!({ "token": it.token, "consent": "GRANTED" }));
    let touch = kept.await.ok()["touch"].clone();
    let lead = json!({ "touch": touch, "lead": { "email": "made-up@example.com" } });
    let answer = it.says(SITE, "lead", lead).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::ACCEPTED, "{\"ok\":true}"));
    let state = it.state().await;
    assert_eq!(state.matches("Works").count(), 3, "{state}");
    assert!(state.contains("All is well") && !state.contains("consent"), "{state}");
    assert_eq!(it.rows().await, before);
}

#[tokio::test]
async fn r_trial_1_a_test_link_is_no_referral_after_its_hour() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let before = it.rows().await;
    let kept = it.says(SITE, "consent", json!({ "token": it.token, "consent": "GRANTED" }));
    let touch = kept.await.ok()["touch"].clone();
    assert!(touch.is_string(), "{touch}");
    bench.pass(Span::minutes(61));
    let visit = it.says(SITE, "visit", json!({ "touch": touch })).await.ok();
    assert_eq!(visit["referred"], false);
    let lead = json!({ "touch": touch, "lead": { "email": "real@example.com" } });
    assert_eq!(it.says(SITE, "lead", lead).await.status, StatusCode::ACCEPTED);
    assert_eq!(it.rows().await, before);
    assert!(it.state().await.contains("this one is over"));
}

#[tokio::test]
async fn r_trial_3_an_origin_that_is_not_allowed_is_named_and_allowed_by_a_button() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let www = "https://www.shop.example";
    it.says(www, "test", json!({ "mark": it.mark })).await.fails(403);
    // Whoever does not know the mark tells nothing.
    it.says("https://evil.example", "test", json!({ "mark": "guess" })).await.fails(404);
    let state = it.state().await;
    assert!(state.contains("Allow https://www.shop.example") && !state.contains("evil"), "{state}");
    // Only what the member saw is allowed: by then another may have been met.
    it.says("https://evil.example", "test", json!({ "mark": it.mark })).await.fails(403);
    let allow = "act=allow&origin=https%3A%2F%2Fwww.shop.example";
    for form in [allow, "act=allow", "act=allow&origin=evil"] {
        assert!(it.seat.sends(&it.path, form).await.contains("done=other#"), "{form}");
    }
    it.says(www, "test", json!({ "mark": it.mark })).await.fails(403);
    for told in ["done=allowed#", "done=#"] {
        assert!(it.seat.sends(&it.path, allow).await.contains(told));
    }
    let installation = bench.get(&format!("/v2/campaign/{}/installation", it.campaign)).await.ok();
    let allowed = installation["allowedUrls"].as_array().unwrap();
    assert_eq!(allowed.iter().filter(|it| **it == json!(www)).count(), 1);
    assert!(!allowed.contains(&json!("https://evil.example")));
    // The test begins anew, by another link.
    it.says(www, "test", json!({ "mark": it.mark })).await.fails(404);
    assert_eq!(it.state().await.matches("Waiting").count(), 3);
}

#[tokio::test]
async fn r_trial_3_a_form_that_is_not_read_is_told() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    it.says(SITE, "test", json!({ "mark": it.mark, "form": "UNKNOWN" })).await.ok();
    assert!(it.state().await.contains("data-parrain-form"));
    // What is not said again stands.
    it.says(SITE, "test", json!({ "mark": it.mark, "cookies": false })).await.ok();
    let state = it.state().await;
    assert!(state.contains("data-parrain-form") && state.contains("refuses cookies"));
    for (body, field) in [
        (json!({}), "mark"),
        (json!({ "mark": 7 }), "mark"),
        (json!({ "mark": it.mark, "form": "MOON" }), "form"),
        (json!({ "mark": it.mark, "wasm": "yes" }), "wasm"),
    ] {
        it.says(SITE, "test", body).await.refuses(field);
    }
}

#[tokio::test]
async fn what_is_no_page_is_not_opened() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/install", console(&campaign));
    assert_eq!(seat.get(&format!("{path}/go")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(seat.page(&format!("{path}/state")).await, "");
    // Nothing was met that could be allowed.
    assert!(seat.sends(&path, "act=allow").await.ends_with("done=#test"));
    for page in ["", "javascript://x", "not%20a%20site"] {
        let answer = seat.post(&path, &format!("act=test&page={page}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{page}");
        assert!(answer.text.contains("f-page-wrong"), "{}", answer.text);
    }
    assert_eq!(seat.post(&path, "act=moon").await.status, StatusCode::BAD_REQUEST);
    let viewer = Seat::of(&bench, shared::team::Role::Viewer).await;
    let page = viewer.page(&path).await;
    assert!(page.contains("/p.js") && !page.contains("value=\"test\""));
}

#[tokio::test]
async fn r_trial_1_a_test_link_hides_no_lead_once_its_hour_is_over() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let path = format!("/v2/campaign/{}", it.campaign);
    let ada = bench.add(&path, "ada", None).await;
    let real = bench.token(&path, &ada);
    let kept = it.says(SITE, "consent", json!({ "token": real, "consent": "GRANTED" }));
    let touch = kept.await.ok()["touch"].clone();
    // What a visit answers to a test link is no longer-lived than the test.
    let visit = it.says(SITE, "visit", json!({ "token": it.token })).await.ok();
    let page = visit["token"].clone();
    assert!(page.is_string(), "{visit}");
    bench.pass(Span::minutes(61));
    for token in [json!(it.token), page] {
        let visit = it.says(SITE, "visit", json!({ "token": token })).await.ok();
        assert_eq!((&visit["referred"], &visit["token"]), (&json!(false), &json!(null)));
        let lead = json!({ "email": format!("bob{}@example.com", bench.now.get().0) });
        let body = json!({ "token": token, "touch": touch, "lead": lead });
        assert_eq!(it.says(SITE, "lead", body).await.status, StatusCode::ACCEPTED);
        crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
        let bob = format!("{path}/participant/{}", lead["email"].as_str().unwrap());
        assert_eq!(bench.get(&bob).await.ok()["referredBy"], json!(ada));
        bench.pass(Span::minutes(1));
    }
}

#[tokio::test]
async fn r_trial_2_a_mark_of_no_test_that_goes_on_is_told_so() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let before = it.state().await;
    for origin in [SITE, "https://evil.example"] {
        for mark in ["", "guess", &it.mark[1..]] {
            let answer = it.says(origin, "test", json!({ "mark": mark, "form": "LOGIN" })).await;
            let any = answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN].clone();
            assert_eq!((answer.status, any.as_bytes()), (StatusCode::NOT_FOUND, b"*".as_slice()));
        }
    }
    assert_eq!(it.state().await, before);
    let mine = json!({ "mark": it.mark });
    bench.pass(Span::hours(1));
    it.says(SITE, "test", mine.clone()).await.ok();
    bench.pass(Span(1));
    assert_eq!(it.says(SITE, "test", mine).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_trial_3_where_orders_count_the_first_one_is_waited_for() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let path = format!("{}/install", console(&campaign));
    seat.sends(&path, "act=test&page=shop.example").await;
    let state = async || seat.page(&format!("{path}/state")).await;
    let before = state().await;
    assert_eq!(before.matches("Waiting").count(), 4, "{before}");
    for part in ["/transaction", "Bearer YOUR_KEY", "/console/keys", "/referrals\""] {
        assert!(before.contains(part), "{part}: {before}");
    }
    let ada = bench.add(&campaign, "ada", None).await;
    bench.add(&campaign, "bob", Some(&ada)).await;
    assert_eq!(state().await, before);
    let order = json!({ "currency": "EUR", "grossAmount": 4_990, "orderId": "1001" });
    bench.post(&format!("{campaign}/participant/bob@example.com/transaction"), order).await.ok();
    let after = state().await;
    assert_eq!((after.matches("Waiting").count(), after.matches("Works").count()), (3, 1));
    assert!(!after.contains("/transaction"), "{after}");
}

#[tokio::test]
async fn the_page_where_people_join_is_shown_to_be_passed_on() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let seat = Seat::owner(&bench).await;
    let id = campaign.rsplit('/').next().unwrap();
    let page = seat.page(&format!("{}/install", console(&campaign))).await;
    let address = format!("https://link.example/me/{id}");
    assert!(page.contains(&format!("data-copy=\"{address}\"")), "{page}");
    let code = format!("/c/{id}/join.svg");
    assert!(page.contains(&code));
    let drawn = bench.get(&code).await;
    assert_eq!(drawn.headers[header::CONTENT_TYPE], "image/svg+xml");
    let join = format!("/me/{id}?lang=en");
    assert!(bench.get(&format!("/c/{id}?lang=en")).await.text.contains(&join));
    for list in ["", "/participants"] {
        let empty = seat.page(&format!("{}{list}", console(&campaign))).await;
        assert!(empty.contains("/install#next"), "{list}: {empty}");
    }
    // What does not run yet, or does not exist, has none.
    let draft = bench.post("/v2/campaigns", json!({ "type": "REFERRAL" })).await.ok();
    for id in ["nobody", draft["id"].as_str().unwrap()] {
        bench.get(&format!("/c/{id}/join.svg")).await.fails(404);
    }
}

#[tokio::test]
async fn r_trial_1_consent_by_a_test_link_keeps_both_real_clicks() {
    for (model, first_wins) in [("LAST_CLICK", false), ("FIRST_CLICK", true)] {
        let bench = Bench::new().await;
        let it = Tried::begun(&bench).await;
        let path = format!("/v2/campaign/{}", it.campaign);
        let options = json!({ "attributionModel": model });
        bench.patch(&format!("{path}/options"), options).await.ok();
        let ada = bench.add(&path, "ada", None).await;
        let bea = bench.add(&path, "bea", None).await;
        let agrees = async |token: &str, touch: &Value| {
            let body = json!({ "token": token, "touch": touch, "consent": "GRANTED" });
            it.says(SITE, "consent", body).await.ok()["touch"].clone()
        };
        let one = agrees(&bench.token(&path, &ada), &Value::Null).await;
        bench.pass(Span::seconds(1));
        let both = agrees(&bench.token(&path, &bea), &one).await;
        // By the test's link twice: nothing more comes of it than of once.
        let tested = agrees(&it.token, &both).await;
        assert_eq!(tested.as_str().unwrap().matches('~').count(), 2, "{tested}");
        assert_eq!(agrees(&it.token, &tested).await, tested);
        let before = it.rows().await;
        let visit = it.says(SITE, "visit", json!({ "touch": tested })).await.ok();
        assert_eq!((&visit["referred"], &visit["referrer"]), (&json!(true), &Value::Null));
        let lead = |email: &str| json!({ "touch": tested, "lead": { "email": email } });
        it.says(SITE, "lead", lead("tried@example.com")).await;
        assert_eq!(it.rows().await, before);
        assert!(it.state().await.contains("A sign-up is recognised"));
        // The hour over, both count as if there had been no test.
        bench.pass(Span::minutes(61));
        it.says(SITE, "lead", lead("bob@example.com")).await;
        crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
        let bob = bench.get(&format!("{path}/participant/bob@example.com")).await.ok();
        assert_eq!(bob["referredBy"], json!(if first_wins { &ada } else { &bea }), "{model}");
    }
}

#[tokio::test]
async fn r_trial_1_a_real_click_after_a_test_ends_it_in_that_browser() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let path = format!("/v2/campaign/{}", it.campaign);
    let ada = bench.add(&path, "ada", None).await;
    let body = json!({ "token": it.token, "consent": "GRANTED" });
    let tested = it.says(SITE, "consent", body).await.ok()["touch"].clone();
    let real = bench.token(&path, &ada);
    let body = json!({ "token": real, "touch": tested, "consent": "GRANTED" });
    let kept = it.says(SITE, "consent", body).await.ok()["touch"].clone();
    let lead = json!({ "touch": kept, "lead": { "email": "bob@example.com" } });
    it.says(SITE, "lead", lead).await;
    crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
    let bob = bench.get(&format!("{path}/participant/bob@example.com")).await.ok();
    assert_eq!(bob["referredBy"], json!(ada));
}

#[tokio::test]
async fn r_trial_4_a_made_up_address_is_never_enrolled_even_where_the_link_was_lost() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let path = format!("/v2/campaign/{}", it.campaign);
    let all = json!({ "captureUnreferred": true });
    bench.patch(&format!("{path}/installation"), all).await.ok();
    let ada = bench.add(&path, "ada", None).await;
    let address = format!("test-{}@parrain.example", it.mark);
    assert!(it.state().await.contains(&format!("data-copy=\"{address}\"")));
    let before = it.rows().await;
    let sends = async |body: Value| {
        let answer = it.says(SITE, "lead", body).await;
        assert_eq!((answer.status, &*answer.text), (StatusCode::ACCEPTED, "{\"ok\":true}"));
        crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
    };
    // The mark of another test counts for none, and the address for nobody.
    sends(json!({ "lead": { "email": "test-000000000000@parrain.example" } })).await;
    assert_eq!(it.state().await.matches("Works").count(), 0);
    sends(json!({ "lead": { "email": address.to_uppercase() } })).await;
    let state = it.state().await;
    assert_eq!(state.matches("Works").count(), 2, "{state}");
    assert!(!state.contains(&address), "it was used: {state}");
    // Nor with the link of somebody real, nor where people join, nor later.
    let real = bench.token(&path, &ada);
    sends(json!({ "token": real, "lead": { "email": address } })).await;
    let card = bench.get(&format!("/c/{}/card.json", it.campaign)).await.ok();
    let terms = card["version"].as_str().unwrap();
    let form = format!("email={}&agreed=1&terms={terms}", address.replace('@', "%40"));
    let join = format!("/me/{}/join", it.campaign);
    let mut request = bench.form(&join, "", &form);
    let headers = request.headers_mut();
    headers.insert(header::HOST, "link.example".parse().unwrap());
    headers.insert(header::ORIGIN, "https://link.example".parse().unwrap());
    assert_eq!(bench.send(request).await.status, StatusCode::ACCEPTED);
    bench.pass(Span::hours(2));
    sends(json!({ "lead": { "email": address } })).await;
    assert_eq!(it.rows().await, before);
    // Nor by the team's hand, nor in a file.
    let form = format!("{}&consent=1&lang=en", form.replace("&agreed=1", ""));
    for door in ["invite", "participants/add"] {
        let door = format!("/console/{}/{door}?lang=en", it.campaign);
        let answer = it.seat.post(&door, &form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text.contains("made up for the test"), "{}", answer.text);
    }
    let file = format!("email\n{address}\n");
    let import = super::import::upload(&it.seat, &path, "participants", file.as_bytes()).await;
    it.seat.sends(&import, "act=check&column0=email").await;
    assert_eq!(super::import::steps(&it.seat, &import).await, "CHECKED");
    let found = super::import::counts(&bench).await;
    assert_eq!((&found["fresh"], &found["bad"]), (&json!(0), &json!(1)));
    let page = it.seat.page(&format!("{import}?lang=en")).await;
    assert!(page.contains("made up for the test"), "{page}");
    assert_eq!(it.rows().await, before);
    // Any other address is taken, as the owner asked.
    sends(json!({ "lead": { "email": "real@example.com" } })).await;
    bench.get(&format!("{path}/participant/real@example.com")).await.ok();
    bench.get(&format!("{path}/participant/{address}")).await.fails(404);
}

#[tokio::test]
async fn r_trial_4_a_back_end_that_tells_of_a_made_up_address_gets_an_answer_and_adds_nobody() {
    let bench = Bench::new().await;
    let it = Tried::begun(&bench).await;
    let path = format!("/v2/campaign/{}", it.campaign);
    let ada = bench.add(&path, "ada", None).await;
    let before = it.rows().await;
    let adds = async |email: &str| {
        let person = json!({ "email": email, "firstName": "Zoé", "metadata": { "plan": "pro" } });
        bench.post(&format!("{path}/participant"), person).await.ok()
    };
    let address = format!("test-{}@parrain.example", it.mark);
    for _ in 0..2 {
        let added = adds(&address).await;
        assert_eq!((&added["email"], &added["isNew"]), (&json!(address), &json!(true)));
        assert_eq!(
            (&added["firstName"], &added["metadata"]["plan"]),
            (&json!("Zoé"), &json!("pro"))
        );
        bench
            .get(&format!("{path}/participant/{}", added["id"].as_str().unwrap()))
            .await
            .fails(404);
    }
    assert_eq!(it.rows().await, before);
    assert!(it.state().await.contains("A sign-up is recognised"));
    bench.get(&format!("{path}/participant/{address}")).await.fails(404);
    // It has the shape of any answer.
    let keys = |it: &Value| it.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&adds(&address).await), keys(&adds("real@example.com").await));
    // What is wrong with it is refused as ever.
    let wrong = json!({ "email": address, "referredBy": ada, "isAffiliate": true });
    bench.post(&format!("{path}/participant"), wrong).await.refuses("isAffiliate");
}
