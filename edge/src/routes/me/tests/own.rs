//! What somebody sees of themselves, says of themselves, and takes along.

use super::*;
use crate::mail::{Topic, topic::TOPICS};

#[tokio::test]
async fn r_me_3_somebody_sees_their_link_their_progress_and_their_rewards() {
    let three = json!({ "type": "MILESTONE", "conversionsRequired": 2, "description": "A mug" });
    let both = json!({
        "type": "DOUBLE_SIDED", "gives": { "kind": "COUPON" }, "couponCode": "MERCI",
        "referralGives": { "kind": "COUPON" }, "referralDescription": "5 € off",
    });
    let it = Scene::with("ON_SIGNUP", &[three, both]).await;
    let options = json!({ "autoFulfillRewards": true });
    it.bench.patch(&format!("{}/options", it.campaign), options).await.ok();
    let session = it.session(&it.ada).await;
    let page = it.page("?lang=en", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["0 of 2", "Nobody came through your link yet", "nothing yet", "2 more friends"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    let page = it.page("?lang=en", &session).await.text;
    for said in
        ["1 of 2", "One more friend", "value=\"MERCI\"", "B.", "counts", "5%20%E2%82%AC%20off"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Nothing of the friend but an initial, and nothing that the owner alone may know.
    for secret in ["bob", "fraud", "BROWSER"] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
    let french = it.page("?lang=fr", &session).await.text;
    assert!(french.contains("1 sur 2") && french.contains("Encore un filleul"), "{french}");
}

#[tokio::test]
async fn r_me_5_names_are_shown_to_those_who_may_read_them_only() {
    let it = Scene::new().await;
    let add = async |name: &str, referrer: &str| {
        let person = json!({
            "email": format!("{name}@example.com"), "firstName": name, "referredBy": referrer,
        });
        let added = it.bench.post(&format!("{}/participant", it.campaign), person).await.ok();
        added["id"].as_str().unwrap().to_owned()
    };
    let bob = add("Bobinette", &it.ada).await;
    add("Cid", &bob).await;
    let (ada, bobs) = (it.session(&it.ada).await, it.session(&bob).await);
    let seen = it.page("?lang=en", &ada).await.text;
    assert!(!seen.contains("Bobinette") && seen.contains("A participant"), "{seen}");
    // For friends only.
    let form = "first_name=Bobinette&named=1&language=en";
    assert_eq!(it.say("/account", &bobs, form).await.status, StatusCode::SEE_OTHER);
    let seen = it.page("?lang=en", &ada).await.text;
    assert_eq!(seen.matches("Bobinette").count(), 1, "{seen}");
    assert!(seen.contains("A participant"));
    // For the list, too.
    it.say("/account", &bobs, &format!("{form}&on_board=1")).await;
    let seen = it.page("?lang=en", &ada).await.text;
    assert_eq!(seen.matches("Bobinette").count(), 2, "{seen}");
    // Taken back; and a name that is an advertisement is none.
    it.say("/account", &bobs, "first_name=www.evil.example&named=1&on_board=1").await;
    let seen = it.page("?lang=en", &ada).await.text;
    assert!(!seen.contains("Bobinette") && !seen.contains("evil"), "{seen}");
}

#[tokio::test]
async fn r_me_6_somebody_chooses_their_messages_name_and_language() {
    let it = Scene::new().await;
    let session = it.session(&it.ada).await;
    let refused = async || {
        let rows: Vec<Value> = it
            .bench
            .app
            .db
            .all(sql!("-- t\n SELECT topic FROM suppression ORDER BY topic"))
            .await
            .unwrap();
        rows.iter().map(|it| it["topic"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let all = TOPICS.map(Topic::as_str);
    let but = |left: &[&str]| {
        let each = all.iter().filter(|it| !left.contains(it));
        each.map(|it| format!("&{it}=1")).collect::<String>()
    };
    let page = it.page("/account?lang=en", &session).await.text;
    // Each of them, and the link to sign in, which nobody can refuse.
    assert_eq!(page.matches(" checked").count(), all.len() + 1, "{page}");
    assert!(page.contains("The link to sign in") && page.contains("checked disabled"));
    let form = "first_name=Ad%C3%A8le&language=fr";
    it.say("/account", &session, &format!("{form}{}", but(&["MONTH", "OWN"]))).await;
    assert_eq!(refused().await, ["MONTH", "OWN"]);
    // What is thought of later is refused, too, by who wants nothing.
    it.say("/account", &session, form).await;
    assert_eq!(refused().await, ["ALL"]);
    let ada = it.wire(&it.ada).await.ok();
    assert_eq!((&ada["firstName"], &ada["language"]), (&json!("Adèle"), &json!("fr")));
    let page = it.page("/account?lang=en", &session).await.text;
    assert_eq!(page.matches(" checked").count(), 1, "{page}");
    let known = it.page("/data.json?lang=en", &session).await.ok();
    let told = json!({ "what": "A friend who counts", "wanted": false });
    assert!(known["messages"].as_array().unwrap().contains(&told), "{known}");
    // Twice is once; and all of it is taken back.
    for _ in 0..2 {
        it.say("/account", &session, &format!("language=en{}", but(&[]))).await;
        assert_eq!(refused().await, Vec::<String>::new());
    }
    assert_eq!(it.wire(&it.ada).await.ok()["firstName"], Value::Null);
    // What is wrong changes nothing, and is shown as it was typed.
    let long = format!("first_name={}&named=1&MONTH=1", "%3Ci%3E".repeat(40));
    let wrong = it.say("/account?lang=en", &session, &long).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("at most 100 characters") && wrong.text.contains("&lt;i&gt;"));
    assert!(wrong.text.contains("name=\"MONTH\" value=\"1\" checked"), "{}", wrong.text);
    assert!(wrong.text.contains("name=\"OWN\" value=\"1\">"), "{}", wrong.text);
    assert_eq!(refused().await, Vec::<String>::new());
    // An address that takes no mail is not written to by a tick.
    it.bench
        .write([sql!(
            "-- t
             INSERT INTO suppression (campaign, hash, topic, reason, at) VALUES (?1, ?2, 'ALL', 'BOUNCED', 1)",
            &it.id,
            crate::engine::mail::refusal::hash(&it.bench.app, &it.id, "ada@example.com"),
        )])
        .await;
    let page = it.page("/account?lang=en", &session).await.text;
    assert!(page.contains("came back") && !page.contains("name=\"MONTH\""), "{page}");
    it.say("/account", &session, &but(&[])).await;
    assert_eq!(refused().await, ["ALL"]);
}

#[tokio::test]
async fn r_me_7_a_gift_gets_an_address_and_a_donation_a_charity_until_it_is_given() {
    let gift = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "GIFT" } });
    let tree = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "DONATION", "amount": 500 } });
    let it = Scene::with("ON_SIGNUP", &[gift]).await;
    let options = json!({ "charities": ["Trees", "Seas"] });
    it.bench.patch(&format!("{}/options", it.campaign), options).await.ok();
    it.bench.post(&format!("{}/reward-configs", it.campaign), tree).await.ok();
    it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    let rewards = async || it.wire(&it.ada).await.ok()["rewards"].clone();
    let all = rewards().await;
    let id = |kind: &str| {
        let found =
            all.as_array().unwrap().iter().find(|it| it["type"] == kind || it["kind"] == kind);
        found.unwrap_or_else(|| panic!("{kind}: {all}"))["id"].as_str().unwrap().to_owned()
    };
    let (gift, tree) = (id("GIFT"), id("DONATION"));
    let session = it.session(&it.ada).await;
    let chosen = it.say("/reward", &session, &format!("reward={tree}&charity=Seas")).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.text);
    let wrong = it.say("/reward", &session, &format!("reward={tree}&charity=Me")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let address = "name=Ada&line1=1+rue+X&city=Paris&postalCode=75001&line2=&region=";
    let form = format!("reward={gift}&{address}&country=France");
    let wrong = it.say("/reward?lang=en", &session, &form).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(
        wrong.text.contains("Two letters are needed") && wrong.text.contains("value=\"1 rue X\"")
    );
    let form = format!("reward={gift}&{address}&country=fr");
    assert_eq!(it.say("/reward", &session, &form).await.status, StatusCode::SEE_OTHER);
    assert!(rewards().await.to_string().contains("\"charity\":\"Seas\""));
    let kept = it.bench.get(&format!("{}/participant/{}/reward/{gift}", it.campaign, it.ada)).await;
    assert_eq!(kept.ok()["address"]["country"], "FR");
    // Somebody else's reward, and one that is given.
    let other = it.bench.add(&it.campaign, "eve", None).await;
    let eve = it.session(&other).await;
    assert_eq!(it.say("/reward", &eve, &form).await.status, StatusCode::NOT_FOUND);
    it.bench.post(&format!("{}/reward/{gift}/approve", it.campaign), json!({})).await;
    it.bench.post(&format!("{}/reward/{gift}/fulfill", it.campaign), json!({})).await;
    assert_eq!(it.say("/reward", &session, &form).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn r_me_8_somebody_takes_their_data_along_and_is_forgotten_when_they_are_sure() {
    let it = Scene::new().await;
    let bob = it.bench.add(&it.campaign, "bob", Some(&it.ada)).await;
    it.bench.add(&it.campaign, "cid", Some(&bob)).await;
    let session = it.session(&bob).await;
    let file = it.page("/data.json", &session).await;
    let name = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(name.contains("attachment") && file.headers[header::CACHE_CONTROL] == "no-store");
    let known = file.ok();
    assert_eq!(
        (&known["email"], &known["friends"][0]["friend"]),
        (&json!("bob@example.com"), &json!("C."))
    );
    assert_eq!(known["referral"]["status"], "COUNTS");
    assert!(!known["decisions"].as_array().unwrap().is_empty());
    // Nothing of anybody else, and no sign of abuse.
    for secret in ["cid", "ada@", it.ada.as_str(), "signals"] {
        assert!(!known.to_string().contains(secret), "{secret}: {known}");
    }
    let page = it.page("/data?lang=fr", &session).await.text;
    assert!(page.contains("bob@example.com") && page.contains("Ce que nous savons"), "{page}");
    // One step more.
    let asked = it.page("/erase?lang=en", &session).await.text;
    assert!(asked.contains("name=\"sure\""));
    let unsure = it.say("/erase?lang=en", &session, "").await;
    assert_eq!(unsure.status, StatusCode::BAD_REQUEST);
    assert!(unsure.text.contains("Tick this"));
    it.wire("bob@example.com").await.ok();
    let gone = it.say("/erase", &session, "sure=1").await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    let set = gone.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("__Host-prn-me=;") && set.contains("Max-Age=0"), "{set}");
    it.wire("bob@example.com").await.fails(404);
    // The second call, and every page of theirs: the door.
    assert_eq!(it.say("/erase", &session, "sure=1").await.status, StatusCode::SEE_OTHER);
    for path in ["/account", "/data", "/data.json", "/erase"] {
        let answer = it.page(path, &session).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.headers[header::LOCATION], format!("/me/{}", it.id));
    }
    assert!(
        it.page("?done=erased&lang=en", &session).await.text.contains("You are forgotten here")
    );
}

#[tokio::test]
async fn r_me_9_a_form_without_its_sessions_token_or_of_another_site_changes_nothing() {
    let it = Scene::new().await;
    let (session, other) = (it.session(&it.ada).await, it.session(&it.ada).await);
    let others = super::super::csrf(&it.bench.app, &entry::hash(&other));
    let own = super::super::csrf(&it.bench.app, &entry::hash(&session));
    for path in ["/account", "/erase", "/sign-out", "/reward"] {
        for token in ["", "csrf=x", &format!("csrf={others}")] {
            let answer = it.form(path, &session, &format!("{token}&sure=1&everywhere=1")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {token}");
            assert!(answer.text.starts_with("<!DOCTYPE html>"));
        }
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]
        {
            let form = format!("csrf={own}&sure=1&everywhere=1");
            let mut request = it.request(Method::POST, path, &session, &form);
            request.headers_mut().insert(name, value.parse().unwrap());
            assert_eq!(it.bench.send(request).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        // Without a session there is nothing to change.
        let answer = it.form(path, "guess", &format!("csrf={own}&sure=1")).await;
        assert_eq!(answer.headers[header::LOCATION], format!("/me/{}", it.id));
    }
    it.wire("ada@example.com").await.ok();
    // Out of this browser; the other stays until all are ended.
    let out = it.say("/sign-out", &session, "").await;
    assert_eq!(out.headers[header::LOCATION], format!("/me/{}?done=out", it.id));
    assert!(it.page("", &session).await.text.contains("name=\"agreed\""));
    assert!(!it.page("", &other).await.text.contains("name=\"agreed\""));
    it.say("/sign-out", &other, "everywhere=1").await;
    assert!(it.page("", &other).await.text.contains("name=\"agreed\""));
}

#[tokio::test]
async fn r_me_9_coming_in_ends_what_this_browser_had_and_leads_nowhere_else() {
    let it = Scene::new().await;
    let before = it.session(&it.ada).await;
    let call = it.bench.call();
    let (token, link) = entry::link(&call, Kind::Participant, &it.ada, Span::hours(1));
    it.bench.write([link]).await;
    let form = format!("token={token}&next=https%3A%2F%2Fevil.example&to=%2F%2Fevil.example");
    let entered = it.form("/enter?next=//evil.example", &before, &form).await;
    assert_eq!(entered.headers[header::LOCATION], format!("/me/{}", it.id));
    let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
    let after = set.strip_prefix("__Host-prn-me=").unwrap().split(';').next().unwrap();
    assert_ne!(after, before);
    assert!(it.page("", &before).await.text.contains("name=\"agreed\""));
    assert!(!it.page("", after).await.text.contains("name=\"agreed\""));
    // A session of another campaign shows nothing here.
    let shop = it.bench.campaign("CUSTOM").await;
    let eve = it.bench.add(&shop, "eve", None).await;
    let foreign = it.session(&eve).await;
    assert!(it.page("", &foreign).await.text.contains("name=\"agreed\""));
    assert_eq!(it.page("/data.json", &foreign).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn r_me_8_the_file_holds_all_of_it() {
    let it = Scene::new().await;
    let id = || it.ada.as_str();
    // More than any page shows; and Ada's own bond is older than all of them.
    let many = [
        sql!(
            "-- t
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
             INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at,
                                   bound_month, updated_at)
             SELECT ?1, 'friend' || i, ?2, 'PENDING', 'SERVER', 100 + i / 3, 24310, 1 FROM n",
            &it.id,
            id(),
        ),
        sql!(
            "-- t
             INSERT INTO referral (campaign, friend, referrer, outcome, source, bound_at,
                                   bound_month, updated_at)
             VALUES (?1, ?2, 'zoe', 'PENDING', 'SERVER', 1, 24310, 1)",
            &it.id,
            id(),
        ),
        sql!(
            "-- t
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             SELECT 'd' || i, ?1, ?2, 'UNBOUND', '[\"NOBODY_REFERRED\"]', '{}', i FROM n",
            &it.id,
            id(),
        ),
        sql!(
            "-- t
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
             INSERT INTO message (campaign, kind, subject, occasion, state, due_at, created_at,
                                  settled_at)
             SELECT ?1, 'loginLink', ?2, i, iif(i = 1, 'FAILED', 'SENT'), 1, 1, i FROM n",
            &it.id,
            id(),
        ),
        sql!(
            "-- t
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
             INSERT INTO share (id, campaign, participant, channel, at)
             SELECT 's' || i, ?1, ?2, 'email', i FROM n",
            &it.id,
            id(),
        ),
    ];
    let decided = sql!("-- t\n SELECT count(*) AS n FROM decision WHERE participant = ?1", id());
    let before = it.bench.number(decided).await;
    it.bench.write(many).await;
    let session = it.session(&it.ada).await;
    let known = it.page("/data.json", &session).await.ok();
    let count = |name: &str| known[name].as_array().unwrap().len();
    assert_eq!((count("friends"), count("sent"), count("events")), (1_200, 499, 300));
    assert_eq!(i64::try_from(count("decisions")).unwrap(), before + 600);
    assert_eq!(known["referral"]["joinedAt"], "1970-01-01T00:00:00Z");

    // The page shows what came last, and says that there is more.
    let page = it.page("/data?lang=en", &session).await.text;
    assert!(page.contains("the newest 50 entries of each list"), "{page}");
    let times = |what: &str| page.matches(what).count();
    assert_eq!((times("<dt>Friend</dt>"), times("<dt>Why</dt>")), (50, 50));
}

#[tokio::test]
async fn r_share_5_cards_to_print_hold_the_link_and_what_both_get() {
    let rule = json!({
        "type": "DOUBLE_SIDED", "description": "a coupon", "referralDescription": "10 % off",
    });
    let it = Scene::with("ON_SIGNUP", &[rule]).await;
    let session = it.session(&it.ada).await;
    let page = it.page("/cards?lang=en", &session).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let (qr, link) = (format!("src=\"/q/{}.svg\"", it.ada), format!("link.example/r/{}", it.ada));
    for part in [&*qr, &*link, "10 % off", "I may get this: a coupon.", "Cards to give away"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert_eq!(page.text.matches("class=\"handout\"").count(), 8);
    let french = it.page("/cards?lang=fr", &session).await;
    assert!(french.text.contains("Cartes à distribuer"), "{}", french.text);
    let nobody = it.page("/cards", "guess").await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    assert!(it.page("?lang=en", &session).await.text.contains("/cards\""));
}
