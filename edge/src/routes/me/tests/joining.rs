//! Joining and signing in.

use super::*;

async fn links(it: &Scene, id: &str) -> i64 {
    let sql = "-- t\n SELECT count(*) AS n FROM message WHERE kind = 'loginLink' AND subject = ?1";
    it.bench.number(sql!(sql, id)).await
}

#[tokio::test]
async fn r_me_1_who_joins_becomes_a_participant_with_a_link_on_its_way() {
    let it = Scene::new().await;
    let door = it.page("?lang=en", "").await;
    assert_eq!(door.status, StatusCode::OK);
    assert!(door.text.contains("action=\"/me/") && door.text.contains("name=\"agreed\""));
    let sent = it.join("Bob@example.com", "&first_name=Bob").await;
    assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.text);
    it.run().await;
    let bob = it.wire("bob@example.com").await.ok();
    let told = [&bob["firstName"], &bob["language"], &bob["referredBy"]];
    assert_eq!(told, [&json!("Bob"), &json!("en"), &Value::Null]);
    assert_eq!(links(&it, bob["id"].as_str().unwrap()).await, 1);
    // Once more: nothing changes but another link.
    it.join("bob@example.com", "&first_name=Robert").await;
    it.run().await;
    assert_eq!(it.wire("bob@example.com").await.ok()["firstName"], "Bob");
    assert_eq!(links(&it, bob["id"].as_str().unwrap()).await, 2);
}

#[tokio::test]
async fn r_me_11_it_is_kept_which_terms_somebody_agreed_to_who_joins() {
    let it = Scene::new().await;
    let version = async || {
        let card = it.bench.get(&format!("/c/{}/card.json", it.id)).await.ok();
        card["version"].as_str().unwrap().to_owned()
    };
    let known = async |path: &str| {
        let id = it.wire(path).await.ok()["id"].as_str().unwrap().to_owned();
        let session = it.session(&id).await;
        it.page("/data.json", &session).await.ok()["agreed"].clone()
    };
    let old = version().await;
    let door = it.page("?lang=en", "").await.text;
    assert!(door.contains(&format!("name=\"terms\" value=\"{old}\"")), "{door}");
    it.join("bob@example.com", &format!("&terms={old}")).await;
    let at = it.bench.now.get();
    it.run().await;
    let terms = format!("https://link.example/c/{}?version={old}", it.id);
    let agreed = json!({ "terms": terms, "version": old, "at": shared::written::machine(at) });
    assert_eq!(known("bob@example.com").await, agreed);
    // The site told of Ada: nobody knows what she agreed to.
    assert_eq!(known("ada@example.com").await, Value::Null);

    // The terms change while somebody reads the old ones: they are asked again, and nobody is kept.
    let rules = it.bench.get(&format!("{}/reward-configs", it.campaign)).await.ok();
    let rule = rules["rewards"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("{}/reward-configs/{rule}", it.campaign);
    it.bench.patch(&path, json!({ "limit": 3 })).await.ok();
    let new = version().await;
    // What Bob agreed to can still be read; what nobody did cannot.
    let path_of = |end: &str| format!("/c/{}{end}?lang=en&version={old}", it.id);
    let page = it.bench.get(&path_of("")).await;
    assert!(page.text.contains("These are earlier terms") && page.text.contains(&old));
    assert!(!page.text.contains("At most 3 times"), "{}", page.text);
    let kept = it.bench.get(&path_of("/card.json")).await.ok();
    assert_eq!((&kept["version"], &kept["rewards"][0]["limits"]), (&json!(old), &json!([])));
    for unknown in [&*new.replace(|_: char| true, "0"), "'", ""] {
        let path = format!("/c/{}/card.json?version={unknown}", it.id);
        let expected = if unknown.is_empty() { 200 } else { 404 };
        assert_eq!(it.bench.get(&path).await.status.as_u16(), expected, "{unknown}");
    }
    let stale = it.join("cid@example.com", &format!("&terms={old}")).await;
    assert_eq!(stale.status, StatusCode::BAD_REQUEST);
    assert!(stale.text.contains("The terms changed") && stale.text.contains(&new));
    it.run().await;
    it.wire("cid@example.com").await.fails(404);
    // Until the address is known to be theirs, what was agreed to last counts; not from then on.
    let bob = it.wire("bob@example.com").await.ok()["id"].as_str().unwrap().to_owned();
    for (arrives, expected) in [(false, &new), (true, &new)] {
        if arrives {
            it.arrive(&bob).await;
            it.bench.patch(&path, json!({ "limit": 4 })).await.ok();
        }
        it.join("bob@example.com", &format!("&terms={}", version().await)).await;
        it.run().await;
        assert_eq!(known("bob@example.com").await["version"], **expected, "{arrives}");
    }
    // The team reads it, too.
    let owner = it.bench.seat(crate::store::members::OWNER).await;
    let console = async |end: &str| {
        let path = format!("/console/{}/participants/{bob}{end}", it.id);
        let mut request = it.bench.request(Method::GET, &path, Body::empty());
        let cookie = format!("__Host-prn-console={owner}");
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        it.bench.send(request).await
    };
    assert!(console("?lang=en").await.text.contains(&format!("<code>{new}</code>")));
    assert_eq!(console("/export").await.ok()["agreed"]["version"], *new);
}

#[tokio::test]
async fn r_mail_4_where_nobody_carries_mail_the_door_promises_no_message() {
    let bench = Bench::with_mail("https://link.example", crate::platform::Mail::nobody()).await;
    let it = Scene::on(bench, "ON_SIGNUP", &[json!({ "type": "DOUBLE_SIDED" })]).await;
    for (lang, said) in [("en", "Ask us when that will be"), ("fr", "Demandez-nous quand")] {
        let door = it.page(&format!("?lang={lang}"), "").await;
        assert_eq!(door.status, StatusCode::OK);
        assert!(door.text.contains(said) && !door.text.contains("name=\"email\""));
    }
    // The same to whomever, and nobody is kept.
    for path in ["/sign-in?lang=en", "/join?lang=en"] {
        let ask = async |email: &str| {
            it.form(path, "", &format!("email={email}%40example.com&agreed=1")).await
        };
        let (known, unknown) = (ask("ada").await, ask("eve").await);
        assert_eq!(known.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(known.text.contains("cannot send e-mails so far"), "{}", known.text);
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    }
    let kept = "-- t\n SELECT (SELECT count(*) FROM job) + (SELECT count(*) FROM attempt) AS n";
    assert_eq!(it.bench.number(sql!(kept)).await, 0);
    // Whom their site vouches for sees their page as ever.
    let session = it.session(&it.ada).await;
    assert_eq!(it.page("", &session).await.status, StatusCode::OK);
}

#[tokio::test]
async fn r_me_1_the_answer_is_the_same_whoever_takes_part() {
    let it = Scene::new().await;
    // The network's own bucket is there from the first time on.
    it.join("first@example.com", "").await;
    let rows = async || {
        // What is promised is done beside the calls that follow: people come and go with it.
        let all = "-- t\n SELECT (SELECT count(*) FROM job) + (SELECT count(*) FROM attempt) AS n";
        it.bench.number(sql!(all)).await
    };
    let before = rows().await;
    let known = it.join("ada@example.com", "").await;
    let between = rows().await;
    let unknown = it.join("eve@example.com", "").await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(known.headers, unknown.headers);
    assert_eq!(between - before, rows().await - between);
    // So is that to whoever asks for a link.
    let known = it.form("/sign-in?lang=en", "", "email=ada%40example.com").await;
    let unknown = it.form("/sign-in?lang=en", "", "email=nobody%40example.com").await;
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    assert_eq!(known.headers, unknown.headers);
}

#[tokio::test]
async fn r_me_2_a_friend_who_joins_by_a_click_is_bound_and_earns_nobody_anything_by_it() {
    let lead = json!({ "type": "SINGLE_SIDED", "event": "LEAD" });
    let both = json!({ "type": "DOUBLE_SIDED" });
    for (trigger, rule, arrives) in [
        ("ON_SIGNUP", both.clone(), true),
        ("ON_SIGNUP", both, false),
        ("CUSTOM", lead.clone(), true),
        ("CUSTOM", lead, false),
    ] {
        let it = Scene::with(trigger, &[rule]).await;
        let token = it.bench.token(&it.campaign, &it.ada);
        let door = it.page(&format!("?lang=en&prn={token}"), "").await;
        assert!(door.text.contains(&format!("name=\"token\" value=\"{token}\"")), "{}", door.text);
        it.join("bob@example.com", &format!("&token={token}")).await;
        it.run().await;
        let bob = async || it.wire("bob@example.com").await.ok();
        assert_eq!(bob().await["referredBy"], Value::Null, "the address may be anybody's");
        // By the link in their mail; or the site vouches for them first.
        if arrives {
            for _ in 0..2 {
                it.arrive(bob().await["id"].as_str().unwrap()).await;
                let bob = bob().await;
                let bond = (&bob["referredBy"], &bob["referralStatus"]);
                assert_eq!(bond, (&json!(it.ada), &json!("CREDIT_PENDING")));
                assert_eq!(bob["referralSource"], "PARTICIPANT");
            }
        }
        let ada = async || it.wire(&it.ada).await.ok();
        assert_eq!(ada().await["rewards"], json!([]), "{trigger}");
        assert_eq!(ada().await["referralCount"], 0);
        // The sign-up to the product counts, once.
        for _ in 0..2 {
            let person = json!({ "email": "bob@example.com" });
            it.bench.post(&format!("{}/participant", it.campaign), person).await.ok();
        }
        assert_eq!(ada().await["rewards"].as_array().unwrap().len(), 1, "{trigger}");
        let bob = bob().await;
        assert_eq!(bob["referredBy"], json!(it.ada));
        it.arrive(bob["id"].as_str().unwrap()).await;
        let counts = u32::from(trigger == "ON_SIGNUP");
        assert_eq!(ada().await["referralCount"], counts, "{trigger}");
    }
}

#[tokio::test]
async fn r_me_2_a_form_of_the_site_counts_for_somebody_who_had_joined() {
    let it = Scene::new().await;
    let token = it.bench.token(&it.campaign, &it.ada);
    it.join("bob@example.com", &format!("&token={token}")).await;
    it.run().await;
    let body = json!({
        "campaign": it.id, "token": token, "lead": { "email": "bob@example.com", "elapsed": 9_000 },
    });
    let mut request = it.bench.request(Method::POST, "/_p/lead", body.to_string());
    request.headers_mut().insert(header::ORIGIN, "https://shop.example".parse().unwrap());
    assert_eq!(it.bench.send(request).await.status, StatusCode::ACCEPTED);
    it.run().await;
    assert_eq!(it.wire("bob@example.com").await.ok()["referralStatus"], "CREDIT_AWARDED");
    let ada = it.wire(&it.ada).await.ok();
    assert_eq!(ada["rewards"][0]["approved"], false, "a browser's word alone: {ada}");
}

#[tokio::test]
async fn r_me_1_a_form_of_a_robot_is_held_and_one_that_is_wrong_keeps_what_was_typed() {
    let it = Scene::new().await;
    let terms = it.terms().await;
    for (name, form) in [("trap", "website=x"), ("fast", ""), ("forged", "shown=1.x")] {
        let token = it.bench.token(&it.campaign, &it.ada);
        let form =
            format!("email={name}%40example.com&agreed=1&terms={terms}&token={token}&{form}");
        assert_eq!(it.form("/join", "", &form).await.status, StatusCode::ACCEPTED);
        it.run().await;
        let path = format!("{name}@example.com");
        it.arrive(it.wire(&path).await.ok()["id"].as_str().unwrap()).await;
        let found = it.wire(&path).await.ok();
        assert_ne!(found["fraudRiskLevel"], "LOW", "{name}: {found}");
    }
    let wrong =
        it.form("/join?lang=en", "", "email=%22%3E%3Cb%3E&first_name=Zo%C3%A9&agreed=1").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("value=\"&quot;&gt;&lt;b&gt;\"") && wrong.text.contains("Zoé"));
    assert!(wrong.text.contains("This is no e-mail address"));
    let wrong = it.form("/join?lang=fr", "", "email=zoe%40example.com").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("Sans votre accord"), "{}", wrong.text);
    let wrong = it.form("/sign-in?lang=en", "", "email=nonsense").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    it.run().await;
    it.wire("zoe@example.com").await.fails(404);
}

#[tokio::test]
async fn r_me_1_an_address_gets_five_messages_an_hour_and_a_network_joins_sixty_times() {
    let it = Scene::new().await;
    let jobs = async || {
        let sql = "-- t\n SELECT count(*) AS n FROM job WHERE kind IN ('LEAD', 'PARTICIPANT_LINK')";
        it.bench.number(sql!(sql)).await
    };
    let terms = it.terms().await;
    let form = |email: &str| format!("agreed=1&terms={terms}&email={email}%40example.com");
    for n in 0..4 {
        let path = if n % 2 == 0 { "/join" } else { "/sign-in" };
        it.form(path, "", &form("bob")).await;
    }
    assert_eq!(jobs().await, 4);
    for _ in 0..3 {
        assert_eq!(it.form("/join", "", &form("bob")).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(jobs().await, 5);
    for n in 5..60 {
        let status = it.form("/join", "", &form(&format!("p{n}"))).await.status;
        assert_eq!(status, StatusCode::ACCEPTED, "{n}");
    }
    let over = it.form("/join", "", &form("last")).await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    it.bench.pass(Span::hours(1));
    assert_eq!(it.form("/join", "", &form("last")).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn r_me_1_nobody_joins_a_draft_or_what_is_over_and_another_sites_form_is_not_meant() {
    let it = Scene::new().await;
    let mut foreign = it.request(Method::POST, "/join", "", "email=a%40b.co&agreed=1");
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(it.bench.send(foreign).await.status, StatusCode::FORBIDDEN);
    it.bench.patch(&it.campaign, json!({ "status": "COMPLETE" })).await.ok();
    let door = it.page("?lang=en", "").await;
    assert!(door.text.contains("has ended") && !door.text.contains("name=\"agreed\""));
    it.join("bob@example.com", "").await;
    it.run().await;
    it.wire("bob@example.com").await.fails(404);
    let made = it.bench.post("/v2/campaigns", json!({ "type": "REFERRAL" })).await.ok();
    let draft = made["id"].as_str().unwrap();
    for path in [format!("/me/{draft}"), "/me/nobody".into()] {
        let lost = it.bench.get(&path).await;
        assert_eq!(lost.status, StatusCode::NOT_FOUND);
        assert!(lost.text.starts_with("<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn r_me_10_whoever_types_an_address_learns_nothing_of_it_and_binds_nobody() {
    let it = Scene::new().await;
    it.bench
        .write([sql!(
            "-- t\n INSERT INTO mail_kind (campaign, kind)
        SELECT ?1, value FROM json_each('[\"referredSignup\",\"welcomeReferred\"]')",
            &it.id
        )])
        .await;
    it.bench.add(&it.campaign, "known", None).await;
    let bea = it.bench.add(&it.campaign, "bea", None).await;
    let ada = it.session(&it.ada).await;
    let before = it.page("?lang=en", &ada).await.text;
    for email in ["known@example.com", "stranger@example.com", "other@example.com"] {
        let token = it.bench.token(&it.campaign, &it.ada);
        it.join(email, &format!("&token={token}")).await;
        it.run().await;
    }
    assert_eq!(it.page("?lang=en", &ada).await.text, before);
    let told = "-- t\n SELECT count(*) AS n FROM message WHERE kind <> 'loginLink'";
    assert_eq!(it.bench.number(sql!(told)).await, 0);
    let seen = it.wire(&it.ada).await.ok();
    assert_eq!((&seen["leadCount"], &seen["referralCount"]), (&json!(0), &json!(0)));
    // The stranger signs up by the link of somebody else, and another one by nobody's after all.
    let path = format!("{}/participant", it.campaign);
    let person = json!({ "email": "stranger@example.com", "referredBy": bea });
    it.bench.post(&path, person).await.ok();
    assert_eq!(it.wire("stranger@example.com").await.ok()["referredBy"], json!(bea));
    // Who joins once more by another link, before either mail was read, is the other's.
    let token = it.bench.token(&it.campaign, &bea);
    it.join("other@example.com", &format!("&token={token}")).await;
    it.run().await;
    let other = it.wire("other@example.com").await.ok();
    it.arrive(other["id"].as_str().unwrap()).await;
    assert_eq!(it.wire("other@example.com").await.ok()["referredBy"], json!(bea));
    // Who took part before is nobody's, whatever link they come in by.
    let known = it.wire("known@example.com").await.ok();
    it.arrive(known["id"].as_str().unwrap()).await;
    assert_eq!(it.wire("known@example.com").await.ok()["referredBy"], Value::Null);
    // What was open is forgotten with the person.
    it.join("gone@example.com", "").await;
    it.run().await;
    it.bench.delete(&format!("{path}/gone@example.com")).await.ok();
    let left = "-- t\n SELECT count(*) AS n FROM joining WHERE is_open = 1";
    assert_eq!(it.bench.number(sql!(left)).await, 0);
}

#[tokio::test]
async fn r_me_10_links_and_sign_ups_at_once_bind_once_and_count_once() {
    let it = Scene::new().await;
    let token = it.bench.token(&it.campaign, &it.ada);
    it.join("bob@example.com", &format!("&token={token}")).await;
    it.run().await;
    let bob = it.wire("bob@example.com").await.ok()["id"].as_str().unwrap().to_owned();
    let mut all = Vec::new();
    for _ in 0..10 {
        all.push(it.arriving(&bob).await);
        let person = json!({ "email": "bob@example.com" }).to_string();
        let path = format!("{}/participant", it.campaign);
        all.push(it.bench.request(Method::POST, &path, person));
    }
    for answer in it.bench.at_once(all).await {
        assert!(answer.status.is_success() || answer.status == StatusCode::SEE_OTHER);
    }
    let ada = it.wire(&it.ada).await.ok();
    assert_eq!((&ada["referralCount"], &ada["leadCount"]), (&json!(1), &json!(0)), "{ada}");
    assert_eq!(ada["rewards"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn r_me_1_of_twenty_at_once_an_address_gets_five_however_it_is_spelt() {
    let it = Scene::new().await;
    let jobs = async || {
        let sql = "-- t\n SELECT count(*) AS n FROM job WHERE kind IN ('LEAD', 'PARTICIPANT_LINK')";
        it.bench.number(sql!(sql)).await
    };
    let terms = it.terms().await;
    let spelt = |n: usize| {
        let path = if n.is_multiple_of(2) { "/join" } else { "/sign-in" };
        it.sent(path, "", &format!("agreed=1&terms={terms}&email=bo.b%2B{n}%40gmail.com"))
    };
    for answer in it.bench.at_once((0..20).map(spelt)).await {
        assert_eq!(answer.status, StatusCode::ACCEPTED);
    }
    assert_eq!(jobs().await, 5);
    // A network joins sixty times: ten were counted, and forty more.
    for n in 0..40 {
        let form = format!("agreed=1&terms={terms}&email=p{n}%40example.com");
        it.form("/join", "", &form).await;
    }
    let form = |n: usize| format!("agreed=1&terms={terms}&email=q{n}%40example.com");
    let more = (0..20).map(|n| it.sent("/join", "", &form(n)));
    let answers = it.bench.at_once(more).await;
    let over = answers.iter().filter(|it| it.status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!((over, jobs().await), (10, 55));
}

#[tokio::test]
async fn r_trial_1_a_test_link_brings_nobody_to_the_page_where_people_join() {
    let it = Scene::new().await;
    let (terms, _) = crate::engine::terms::read(&it.bench.app, &it.id).await.unwrap();
    let issuer = &it.bench.app.settings.issuer;
    let now = it.bench.now.get();
    let claims = shared::attribution::trial(issuer, &it.id, "0123456789ab", now).unwrap();
    let test = shared::attribution::sign(&terms.key, &claims);
    assert_eq!(it.page(&format!("?lang=en&prn={test}"), "").await.status, StatusCode::OK);
    it.join("bob@example.com", &format!("&token={test}")).await;
    it.run().await;
    let bob = it.wire("bob@example.com").await.ok();
    assert_eq!((&bob["referredBy"], &bob["fraudRiskLevel"]), (&Value::Null, &json!("LOW")));
    let refused =
        "-- t\n SELECT count(*) AS n FROM decision WHERE participant = ?1 AND kind = 'REFUSED'";
    let bob = bob["id"].as_str().unwrap();
    assert_eq!(it.bench.number(sql!(refused, bob)).await, 0);
}

#[tokio::test]
async fn r_look_2_the_participants_pages_have_the_programmes_look_and_words() {
    let it = Scene::new().await;
    let mut own = shared::card::Own::default();
    own.en.headline = "Bring <b>them</b>".into();
    own.fr.intro = "Entre\nnous".into();
    it.bench.write([crate::store::card_texts::put(&it.id, &own, 0)]).await;
    let session = it.session(&it.ada).await;
    for (path, session) in [("?lang=en", ""), ("?lang=en", &*session), ("/account", &*session)] {
        let page = it.page(path, session).await.text;
        let sheet = format!("/c/{}/look.css", it.id);
        let (ours, theirs) = (page.find("/me.css"), page.find(&sheet));
        assert!(ours.is_some() && ours < theirs, "{page}");
    }
    let door = it.page("?lang=en", "").await.text;
    let headline = "<h1><bdi translate=\"no\">Bring &lt;b&gt;them&lt;/b&gt;</bdi></h1>";
    assert!(door.contains(headline), "{door}");
    assert!(door.contains("<p>Entre<br>nous</p>"), "{door}");
}
