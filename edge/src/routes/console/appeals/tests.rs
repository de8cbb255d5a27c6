//! Appeals, from the person's page to the answer.

use http::StatusCode;
use serde_json::{Value, json};
use shared::{email::Email, team::Role};

use crate::{
    bench::{Answer, Bench},
    engine::entry,
    sql,
    store::{
        members,
        sessions::{self, Kind},
    },
};

struct Scene {
    bench: Bench,
    campaign: String,
    id: String,
    /// Whose sign-up is held.
    bob: String,
    session: String,
    owner: String,
}

impl Scene {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let reward = json!({ "type": "DOUBLE_SIDED" });
        let campaign = bench.campaign_with("ON_SIGNUP", &[reward]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = json!({ "email": "bob@mailinator.com", "referredBy": ada, "firstName": "Bob" });
        let bob = bench.post(&format!("{campaign}/participant"), bob).await.ok();
        let bob = bob["id"].as_str().unwrap().to_owned();
        let id = campaign.rsplit('/').next().unwrap().to_owned();
        let call = bench.call();
        let (token, link) =
            entry::link(&call, Kind::Participant, &bob, shared::time::Span::hours(1));
        bench.write([link]).await;
        let session =
            entry::enter(&bench.app, &call, Kind::Participant, &token).await.unwrap().unwrap();
        let owner = bench.seat(members::OWNER).await;
        Self { bench, campaign, id, bob, session, owner }
    }

    async fn page(&self) -> String {
        let path = format!("/_p/me/{}?lang=en", self.id);
        self.sent("GET", &path, "").await.text
    }

    async fn sent(&self, method: &str, path: &str, form: &str) -> Answer {
        let method = method.parse().unwrap();
        let mut request = self.bench.request(method, path, form.to_owned());
        for (name, value) in [
            ("authorization", format!("Bearer {}", self.session)),
            ("content-type", "application/x-www-form-urlencoded".into()),
            ("origin", "https://shop.example".into()),
        ] {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.bench.send(request).await
    }

    /// The decision that holds Bob.
    async fn held(&self) -> String {
        let path = format!("{}/participant/{}/decisions", self.campaign, self.bob);
        let found = self.bench.get(&path).await.ok();
        let all = found["decisions"].as_array().unwrap();
        let held = all.iter().find(|it| it["kind"] == "HELD").unwrap_or_else(|| panic!("{found}"));
        held["id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, decision: &str, text: &str) -> Answer {
        let path = format!("/_p/me/{}/appeal?lang=en", self.id);
        self.sent("POST", &path, &format!("decision={decision}&text={text}")).await
    }

    async fn answer(&self, form: &str) -> Answer {
        let form = format!("csrf={}&{form}", self.bench.csrf(&self.owner));
        let path = format!("/console/{}/appeals?lang=en", self.id);
        self.bench.send(self.bench.form(&path, &self.owner, &form)).await
    }

    async fn console(&self, rest: &str) -> String {
        let path = format!("/console/{}{rest}", self.id);
        let mut request = self.bench.form(&path, &self.owner, "");
        *request.method_mut() = http::Method::GET;
        self.bench.send(request).await.text
    }

    async fn notices(&self) -> Vec<Value> {
        let found = self.bench.get(&format!("{}/notices", self.campaign)).await.ok();
        let all = found["notices"].as_array().unwrap().clone();
        all.into_iter().filter(|it| it["kind"] == "APPEAL_MADE").collect()
    }

    async fn appeals(&self) -> i64 {
        self.bench.number(sql!("-- t\n SELECT count(*) AS n FROM appeal")).await
    }
}

#[tokio::test]
async fn r_appeal_1_somebody_asks_once_for_each_decision_against_them() {
    let it = Scene::new().await;
    let held = it.held().await;
    assert!(it.page().await.contains("Ask for this to be looked at again"));
    // Too long, and shown as it was typed.
    let long = it.ask(&held, &"%3Cb%3E".repeat(200)).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
    assert!(long.text.contains("At most 500 characters fit") && long.text.contains("&lt;b&gt;"));
    assert_eq!(it.appeals().await, 0);
    for _ in 0..2 {
        let asked = it.ask(&held, "It+is+my+real+address").await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    }
    assert_eq!(it.appeals().await, 1);
    let page = it.page().await;
    assert!(page.contains("waits for an answer") && page.contains("It is my real address"));
    assert_eq!(page.matches(&format!("value=\"{held}\"")).count(), 0, "{page}");
    // Nobody else's, and none that there is not.
    assert_eq!(it.ask("nothing", "").await.status, StatusCode::NOT_FOUND);
    let ada = it.bench.get(&format!("{}/participant/ada@example.com/decisions", it.campaign)).await;
    let hers = ada.ok()["decisions"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(it.ask(&hers, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(it.appeals().await, 1);
}

#[tokio::test]
async fn r_appeal_2_five_of_one_person_wait_at_a_time() {
    let it = Scene::new().await;
    for n in 0..6_i64 {
        it.bench
            .write([sql!(
                "-- t
                 INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
                 VALUES ('d' || CAST(?3 AS INTEGER), ?1, ?2, 'REFUSED', '[\"LIMIT_REACHED\"]', '{}', 1)",
                &it.id,
                &it.bob,
                n,
            )])
            .await;
    }
    for n in 0..5 {
        let asked = it.ask(&format!("d{n}"), "").await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{n}: {}", asked.text);
    }
    let more = it.ask("d5", "please").await;
    assert_eq!(more.status, StatusCode::BAD_REQUEST);
    assert!(more.text.contains("Five of your requests wait"), "{}", more.text);
    // Once one is answered there is room.
    it.answer("decision=d0&act=keep").await;
    assert_eq!(it.ask("d5", "please").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn r_appeal_3_the_team_answers_once_and_whom_it_concerns_reads_it() {
    let it = Scene::new().await;
    let held = it.held().await;
    assert!(it.console("/appeals?lang=en").await.contains("Nobody waits"));
    it.ask(&held, "It+is+%3Ci%3Emine").await;
    assert_eq!(it.notices().await[0]["participantId"], it.bob.as_str());
    let overview = it.console("?lang=en").await;
    assert!(overview.contains("decision to look at again"), "{overview}");
    let list = it.console("/appeals?lang=en").await;
    assert!(list.contains("It is &lt;i&gt;mine") && list.contains("Bob") && list.contains(&held));
    // Too long, unheard of, of another campaign.
    let long = it.answer(&format!("decision={held}&act=agree&reply={}", "x".repeat(501))).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
    assert!(long.text.contains("At most 500 characters fit"));
    assert_eq!(it.answer(&format!("decision={held}&act=x")).await.status, StatusCode::BAD_REQUEST);
    let shop = it.bench.campaign("CUSTOM").await;
    let other = shop.rsplit('/').next().unwrap();
    let form = format!("csrf={}&decision={held}&act=agree", it.bench.csrf(&it.owner));
    let path = format!("/console/{other}/appeals");
    let foreign = it.bench.send(it.bench.form(&path, &it.owner, &form)).await;
    assert!(foreign.headers["location"].to_str().unwrap().ends_with("done=already"));
    assert_eq!(it.notices().await.len(), 1);
    // Right: the hold ends, and Bob reads why; the second answer changes nothing.
    for (form, done) in [("act=agree&reply=Sorry", "answered"), ("act=keep&reply=No", "already")] {
        let answered = it.answer(&format!("decision={held}&{form}")).await;
        assert!(answered.headers["location"].to_str().unwrap().ends_with(done), "{done}");
    }
    assert!(it.notices().await.is_empty());
    let page = it.page().await;
    assert!(page.contains("you were right") && page.contains("Sorry") && !page.contains(">No<"));
    assert!(page.contains("the objection was right"), "{page}");
    let bob = it.bench.get(&format!("{}/participant/{}", it.campaign, it.bob)).await.ok();
    assert_eq!(bob["referralStatus"], "CREDIT_AWARDED", "{bob}");
    // Kept: said so, and not asked for again.
    it.bench
        .write([sql!(
            "-- t
             INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
             VALUES ('d', ?1, ?2, 'REFUSED', '[\"LIMIT_REACHED\"]', '{}', 1)",
            &it.id,
            &it.bob,
        )])
        .await;
    it.ask("d", "").await;
    it.answer("decision=d&act=keep").await;
    let page = it.page().await;
    assert!(page.contains("It was looked at again, and stays as it is."), "{page}");
    assert_eq!(page.matches("value=\"d\"").count(), 0, "{page}");
    let answers = "-- t\n SELECT count(*) AS n FROM decision WHERE reasons = '[\"APPEAL_KEPT\"]'";
    assert_eq!(it.bench.number(sql!(answers)).await, 1);
    // Who looks only reads.
    let reader = Email::parse("v@team.example").unwrap();
    let now = it.bench.now.get();
    it.bench.write(members::insert("v", Role::Viewer, &reader, members::OWNER, now)).await;
    let viewer = it.bench.seat("v").await;
    let form = format!("csrf={}&decision={held}&act=keep", it.bench.csrf(&viewer));
    let path = format!("/console/{}/appeals", it.id);
    let refused = it.bench.send(it.bench.form(&path, &viewer, &form)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn r_appeal_3_what_is_held_for_another_cause_stays_held() {
    let it = Scene::new().await;
    let held = it.held().await;
    // A reward of his as a referrer waits; that he came is held, too, and so was an earlier referral.
    for (id, at, reasons) in [
        ("round", 1_900_000_000_000_i64, "[\"AWAITS_CONFIRMATION\"]"),
        ("earlier", 1, "[\"AWAITS_REVIEW\"]"),
    ] {
        it.bench
            .write([sql!(
                "-- t
                 INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
                 VALUES (?1, ?2, ?3, 'HELD', ?4, '{}', ?5)",
                id,
                &it.id,
                &it.bob,
                reasons,
                at,
            )])
            .await;
        it.ask(id, "").await;
        assert!(!it.console("/appeals?lang=en").await.contains("is no longer held"), "{id}");
        let answered = it.answer(&format!("decision={id}&act=agree")).await;
        assert!(answered.headers["location"].to_str().unwrap().ends_with("done=answered"));
        let bob = it.bench.get(&format!("{}/participant/{}", it.campaign, it.bob)).await.ok();
        assert_eq!(bob["referralStatus"], "CREDIT_PENDING", "{id}");
    }
    it.ask(&held, "").await;
    assert!(it.console("/appeals?lang=en").await.contains("is no longer held"));
}

#[tokio::test]
async fn r_appeal_3_a_host_that_dies_leaves_no_half_of_an_answer() {
    let it = Scene::new().await;
    let held = it.held().await;
    it.ask(&held, "").await;
    let form = format!("csrf={}&decision={held}&act=agree", it.bench.csrf(&it.owner));
    let path = format!("/console/{}/appeals", it.id);
    let stands = async || {
        let held = sql!("-- t\n SELECT count(*) AS n FROM referral WHERE outcome = 'HELD'");
        let open = sql!("-- t\n SELECT count(*) AS n FROM appeal WHERE state = 'OPEN'");
        (it.bench.number(held).await, it.bench.number(open).await)
    };
    let mut deaths = 0;
    loop {
        let waits = deaths;
        let died = it.bench.dies(it.bench.form(&path, &it.owner, &form), waits).await;
        let (held, open) = stands().await;
        assert_eq!(held, open, "after {waits} waits");
        if !died {
            break;
        }
        deaths += 1;
    }
    assert!(1 < deaths, "{deaths}");
    assert_eq!(stands().await, (0, 0));
}

#[tokio::test]
async fn r_appeal_3_of_two_answers_at_once_one_is_given() {
    for _ in 0..10 {
        let it = Scene::new().await;
        let held = it.held().await;
        it.ask(&held, "").await;
        let path = format!("/console/{}/appeals", it.id);
        let csrf = it.bench.csrf(&it.owner);
        let answers = (0..20).map(|n| {
            let act = if n % 2 == 0 { "agree" } else { "keep" };
            it.bench.form(
                &path,
                &it.owner,
                &format!("csrf={csrf}&decision={held}&act={act}&reply={n}"),
            )
        });
        let told = it.bench.at_once(answers).await;
        let given = told
            .iter()
            .filter(|it| it.headers["location"].to_str().unwrap().ends_with("done=answered"));
        assert_eq!(given.count(), 1);
        let bound = |outcome: &str| {
            sql!(
                "-- t
                 SELECT count(*) AS n FROM referral, appeal
                  WHERE referral.friend = appeal.participant AND appeal.state = ?1
                    AND referral.outcome = ?2",
                if outcome == "HELD" { "KEPT" } else { "AGREED" },
                outcome,
            )
        };
        let (kept, agreed) =
            (it.bench.number(bound("HELD")).await, it.bench.number(bound("AWARDED")).await);
        assert_eq!(kept + agreed, 1, "kept {kept}, agreed {agreed}");
    }
}

#[tokio::test]
async fn r_appeal_4_what_was_asked_and_answered_goes_with_the_person_and_stands_nowhere_else() {
    let it = Scene::new().await;
    let held = it.held().await;
    it.ask(&held, "Marked-Words").await;
    it.answer(&format!("decision={held}&act=keep&reply=Marked-Reply")).await;
    for statement in [
        sql!("-- t\n SELECT count(*) AS n FROM audit WHERE before || after LIKE '%Marked%'"),
        sql!("-- t\n SELECT count(*) AS n FROM decision WHERE facts LIKE '%Marked%'"),
        sql!("-- t\n SELECT count(*) AS n FROM job WHERE payload LIKE '%Marked%'"),
        sql!("-- t\n SELECT count(*) AS n FROM message WHERE occasion LIKE '%Marked%'"),
    ] {
        assert_eq!(it.bench.number(statement.clone()).await, 0, "{}", statement.sql);
    }
    let path = format!("/_p/me/{}/data.json", it.id);
    let known = it.sent("GET", &path, "").await.ok();
    assert_eq!(known["appeals"][0]["text"], "Marked-Words");
    assert_eq!(known["appeals"][0]["reply"], "Marked-Reply");
    let erased = it.sent("POST", &format!("/_p/me/{}/erase", it.id), "sure=1").await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER);
    assert_eq!(it.appeals().await, 0);
    assert!(
        sessions::of_participant(&it.bench.app.db, &it.bob, it.bench.now.get()).await.unwrap() == 0
    );
}
