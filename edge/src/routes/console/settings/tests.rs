//! Tests of the settings page.

use std::fmt::Write as _;

use http::{Method, StatusCode, header};
use serde_json::json;
use shared::{email::Email, team::Role, time::Span};

use crate::{
    bench::{Answer, Bench},
    pages::console::options::SETTINGS,
    sql,
    store::{
        audit::{self, Search},
        members::{self, OWNER},
    },
};

/// Pairs as a form sends them.
pub(in crate::routes::console) fn encoded(pairs: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in pairs {
        let text = |it: &str| {
            it.bytes().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "%{byte:02X}");
                text
            })
        };
        let _ = write!(form, "&{}={}", text(name), text(value));
    }
    form
}

/// A console where somebody sits.
pub(in crate::routes::console) struct Seat {
    pub(in crate::routes::console) bench: Bench,
    pub(in crate::routes::console) session: String,
    /// The campaign's path in the API, and its id.
    pub(in crate::routes::console) campaign: String,
    pub(in crate::routes::console) id: String,
}

impl Seat {
    pub(in crate::routes::console) async fn new(trigger: &str) -> Self {
        let bench = Bench::new().await;
        let campaign = bench.campaign(trigger).await;
        let session = bench.seat(OWNER).await;
        let id = campaign.rsplit('/').next().unwrap().into();
        Self { bench, session, campaign, id }
    }

    pub(in crate::routes::console) async fn post(
        &self,
        path: &str,
        pairs: &[(&str, &str)],
    ) -> Answer {
        let form = format!("csrf={}{}", self.bench.csrf(&self.session), encoded(pairs));
        let path = format!("/console/{}{path}", self.id);
        self.bench.send(self.bench.form(&path, &self.session, &form)).await
    }

    pub(in crate::routes::console) async fn get(&self, path: &str) -> Answer {
        let mut request =
            self.bench.form(&format!("/console/{}{path}", self.id), &self.session, "");
        *request.method_mut() = Method::GET;
        self.bench.send(request).await
    }

    pub(in crate::routes::console) async fn rows(&self) -> i64 {
        let rows = sql!(
            "-- t
             SELECT (SELECT count(*) FROM version) + (SELECT count(*) FROM audit)
                    + (SELECT coalesce(sum(revision), 0) FROM campaign) AS n"
        );
        self.bench.number(rows).await
    }

    /// The fields of a part as the page shows them, with others in their place.
    async fn fields(
        &self,
        part: &'static str,
        other: &[(&'static str, &str)],
    ) -> Vec<(&'static str, String)> {
        let page = self.get("/settings").await.text;
        let revision = value(&page, "revision");
        let stored = self.stored().await;
        let values = super::whole(&stored);
        let mut pairs = vec![("part", part.to_owned()), ("revision", revision)];
        for opt in SETTINGS.iter().filter(|it| it.part == part) {
            let say = crate::pages::console::options::Say {
                lang: shared::lang::Lang::En,
                currency: shared::money::Currency::EUR,
                zone: stored.options.time_zone,
            };
            let known = opt.typed(crate::pages::console::options::at(&values, opt.path), say);
            let typed = other.iter().find(|it| it.0 == opt.path);
            pairs.push((opt.path, typed.map_or(known, |it| it.1.into())));
        }
        pairs
    }

    async fn stored(&self) -> shared::campaign::Campaign {
        crate::engine::terms::read(&self.bench.app, &self.id).await.unwrap().0.campaign
    }

    /// Sends a part of the page with some fields typed otherwise, confirmed or not.
    async fn change(
        &self,
        part: &'static str,
        other: &[(&'static str, &str)],
        sure: bool,
    ) -> Answer {
        let mut pairs = self.fields(part, other).await;
        if sure {
            pairs.push(("sure", "1".into()));
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|it| (it.0, it.1.as_str())).collect();
        self.post("/settings", &pairs).await
    }
}

/// What a hidden field of a page holds.
pub(in crate::routes::console) fn value(page: &str, name: &str) -> String {
    let part = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let part = part.unwrap_or_else(|| panic!("no {name}: {page}"));
    part.split('"').next().unwrap().into()
}

#[track_caller]
pub(in crate::routes::console) fn goes(answer: &Answer, to: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let there = answer.headers[header::LOCATION].to_str().unwrap();
    assert!(there.contains(to), "{there}");
}

#[tokio::test]
async fn r_settings_3_a_change_is_shown_then_confirmed_and_is_what_the_api_says() {
    let seat = Seat::new("CUSTOM").await;
    let bench = &seat.bench;
    let ada = bench.add(&seat.campaign, "ada", None).await;
    let friend = json!({ "email": "bob@example.com", "referredBy": ada, "referralStatus": "CREDIT_PENDING" });
    bench.post(&format!("{}/participant", seat.campaign), friend).await.ok();
    bench.pass(Span::days(8));
    let session = bench.seat(OWNER).await;
    let seat = Seat { session, ..seat };
    let bench = &seat.bench;
    let before = seat.rows().await;
    let window =
        [("options.referralCreditWindowDays", "7"), ("options.attributionModel", "FIRST_CLICK")];
    let asked = seat.change("counting", &window, false).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    for part in [
        "Is this what you want?",
        "Time for the friend to do what counts",
        "no limit",
        "7 days",
        "The last link counts",
        "At once, also for referrals that are open now.",
        "<dt>people take part</dt><dd>2</dd>",
        "<dt>referrals are open</dt><dd>1</dd>",
        "<strong>1</strong> open referrals are older",
        "<del>If a friend opened several links, the last one counts.</del>",
        "<ins>After signing up, a friend has 7 days to do what counts.</ins>",
        "name=\"sure\" value=\"1\"",
    ] {
        assert!(asked.text.contains(part), "{part}: {}", asked.text);
    }
    assert_eq!(seat.rows().await, before);
    goes(&seat.change("counting", &window, true).await, "/settings?said=saved#counting");
    let options = bench.get(&format!("{}/options", seat.campaign)).await.ok();
    assert_eq!(
        (&options["referralCreditWindowDays"], &options["attributionModel"]),
        (&json!(7), &json!("FIRST_CLICK"))
    );
    // The second time there is nothing to do.
    let before = seat.rows().await;
    goes(&seat.change("counting", &window, true).await, "said=same");
    assert_eq!(seat.rows().await, before);
    // One may go back to what was typed.
    let mut pairs = seat.fields("counting", &[("options.referralCreditWindowDays", "30")]).await;
    pairs.push(("act", "edit".into()));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|it| (it.0, it.1.as_str())).collect();
    let again = seat.post("/settings", &pairs).await;
    assert!(again.text.contains("<option value=\"30\" selected>30 days"), "{}", again.text);
}

#[tokio::test]
async fn r_settings_1_every_setting_is_changed_by_its_field() {
    let seat = Seat::new("CUSTOM").await;
    let campaign =
        |path: &'static str, typed: &'static str, wire: serde_json::Value| (path, typed, wire);
    let typed = [
        campaign("name", "Friends", json!("Friends")),
        campaign("companyName", "Shop & Co", json!("Shop & Co")),
        campaign(
            "companyLogoImageUrl",
            "https://shop.example/l.png",
            json!("https://shop.example/l.png"),
        ),
        campaign("options.timeZone", "Europe/Paris", json!("Europe/Paris")),
        campaign(
            "installation.shareUrl",
            "https://new.example/in",
            json!("https://new.example/in"),
        ),
        campaign(
            "installation.allowedUrls",
            "https://a.example\r\nhttps://b.example",
            json!(["https://a.example", "https://b.example"]),
        ),
        campaign("installation.consent", "NOT_REQUIRED", json!("NOT_REQUIRED")),
        campaign("installation.signupEvent", "PROGRAMMATIC", json!("PROGRAMMATIC")),
        campaign("installation.forms.take", "#in", json!(["#in"])),
        campaign("installation.forms.ignore", "#out", json!(["#out"])),
        campaign("installation.captureUnreferred", "1", json!(true)),
        campaign("installation.cookieDomain", "New.example", json!("new.example")),
        campaign("installation.couponField", "#coupon", json!("#coupon")),
        campaign("installation.offerWindow", "1", json!(true)),
        campaign("installation.purchasePages", "/thanks*", json!(["/thanks*"])),
        campaign("installation.launcher", "1", json!(true)),
        campaign("installation.promptEveryDays", "7", json!(7)),
        campaign("installation.promptClosedDays", "365", json!(365)),
        campaign("installation.quietPages", "/help", json!(["/help"])),
        campaign("installation.referralTrigger", "ON_SIGNUP", json!("ON_SIGNUP")),
        campaign("options.referralCookieWindowDays", "90", json!(90)),
        campaign("options.referralCreditWindowDays", "14", json!(14)),
        campaign("options.attributionModel", "FIRST_CLICK", json!("FIRST_CLICK")),
        campaign("options.codePrecedence", "CLICK", json!("CLICK")),
        campaign("options.requireManualRewardApproval", "1", json!(true)),
        campaign("options.autoApproveAfterDays", "30", json!(30)),
        campaign("options.autoFulfillRewards", "1", json!(true)),
        campaign("options.browserHoldDays", "7", json!(7)),
        campaign("options.charities", "Sea\nSky", json!(["Sea", "Sky"])),
        campaign("options.budget.rewards", "1 000", json!(1_000)),
        campaign("options.budget.amount", "2500,50", json!(250_050)),
        campaign("options.fraud.maxFriendsPerHour", "3", json!(3)),
        campaign("options.fraud.maxFriendsPerDay", "9", json!(9)),
        campaign("options.fraud.blockBurnerEmails", "1", json!(true)),
        campaign("options.fraud.blockedEmails", "*@rival.example", json!(["*@rival.example"])),
        campaign("options.fraud.allowedEmails", "*@own.example", json!(["*@own.example"])),
        campaign("options.endsAt", "2026-12-24T18:30", json!(1_798_133_400_000_i64)),
        campaign("status", "COMPLETE", json!("COMPLETE")),
    ];
    let fixed = ["currencyISO", "installation.useGrowSurfHostedLinks"];
    assert_eq!(typed.len() + fixed.len(), SETTINGS.len(), "tell this test of the new setting");
    for (path, text, wire) in typed {
        let opt = SETTINGS.iter().find(|it| it.path == path).unwrap();
        let answer = seat.change(opt.part, &[(path, text)], true).await;
        goes(&answer, "said=saved");
        let now = super::whole(&seat.stored().await);
        let told = crate::pages::console::options::at(&now, path);
        assert_eq!(told, &wire, "{path}");
    }
    // What was emptied is empty.
    goes(&seat.change("programme", &[("companyName", "")], true).await, "saved");
    assert_eq!(seat.stored().await.company_name, None);
}

#[tokio::test]
async fn r_settings_2_what_is_wrong_stands_beside_its_field_and_nothing_is_written() {
    let seat = Seat::new("CUSTOM").await;
    let donation = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "DONATION", "amount": 5 } });
    let charities = json!({ "charities": ["Sea"] });
    seat.bench.patch(&format!("{}/options", seat.campaign), charities).await.ok();
    seat.bench.post(&format!("{}/reward-configs", seat.campaign), donation).await.ok();
    let before = seat.rows().await;
    for (part, path, typed, said) in [
        ("programme", "name", " ", "cannot be taken"),
        ("programme", "options.endsAt", "2020-01-01T10:00", "still to come"),
        ("programme", "options.timeZone", "Paris", "name of a time zone"),
        ("programme", "companyLogoImageUrl", "logo", "beginning with https"),
        ("site", "installation.shareUrl", "shop", "beginning with https"),
        ("site", "installation.allowedUrls", "x", "beginning with https"),
        ("site", "installation.cookieDomain", "shop", "Type a domain"),
        ("around", "installation.purchasePages", "thanks", "beginning with / or *"),
        ("approval", "options.autoApproveAfterDays", "many", "whole number"),
        ("approval", "options.autoApproveAfterDays", "366", "from 1 to 365"),
        ("approval", "options.charities", "", "needs charities"),
        ("budget", "options.budget.amount", "1.234", "an amount"),
        ("budget", "options.budget.rewards", "-1", "less than what was given"),
        ("guards", "options.fraud.maxFriendsPerDay", "0", "from 1 to 100,000"),
        ("guards", "options.fraud.blockedEmails", "<b>rival", "Each line is an address"),
    ] {
        let answer = seat.change(part, &[(path, typed)], true).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        let field = answer.text.split(&format!("id=\"f-{path}-wrong\"")).nth(1);
        let field = field.unwrap_or_else(|| panic!("{path}: {}", answer.text));
        assert!(field.split("</p>").next().unwrap().contains(said), "{path} {field}");
        assert!(!answer.text.contains("<b>rival"));
        let kept = answer.text.split(&format!("id=\"f-{path}\"")).nth(1).unwrap();
        let kept = kept.split("</div>").next().unwrap();
        assert!(kept.contains(&typed.replace('<', "&lt;").replace('>', "&gt;")), "{path}: {kept}");
        assert!(kept.contains("aria-invalid=\"true\""), "{path}: {kept}");
    }
    assert_eq!(seat.rows().await, before);
    let nothing = seat.post("/settings", &[("part", "nothing"), ("revision", "1")]).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
    assert_eq!(seat.post("/settings", &[("part", "budget")]).await.status, StatusCode::BAD_REQUEST);
    // A programme that runs is no draft any more.
    let draft = seat.change("programme", &[("status", "DRAFT")], true).await;
    assert_eq!(draft.status, StatusCode::BAD_REQUEST);
    let french = seat.get("/settings?lang=fr").await.text;
    assert!(french.contains("Ce qui donne droit à une récompense"), "{french}");
}

#[tokio::test]
async fn r_settings_4_a_change_on_top_of_a_newer_one_is_refused_and_both_are_shown() {
    let seat = Seat::new("CUSTOM").await;
    let stale = seat.fields("programme", &[("name", "Mine")]).await;
    let rename = json!({ "name": "Theirs" });
    seat.bench.patch(&seat.campaign, rename).await.ok();
    let before = seat.rows().await;
    for sure in [false, true] {
        let mut pairs = stale.clone();
        if sure {
            pairs.push(("sure", "1".into()));
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|it| (it.0, it.1.as_str())).collect();
        let met = seat.post("/settings", &pairs).await;
        assert_eq!(met.status, StatusCode::CONFLICT, "{}", met.text);
        assert!(met.text.contains(">Theirs<") && met.text.contains(">Mine<"), "{}", met.text);
        // Sent again from there, it is asked about, on top of the newer one.
        let newest = value(&met.text, "revision");
        let on_top: Vec<(&str, &str)> = pairs
            .iter()
            .filter(|it| it.0 != "sure")
            .map(|it| if it.0 == "revision" { (it.0, newest.as_str()) } else { *it })
            .collect();
        let asked = seat.post("/settings", &on_top).await;
        assert!(asked.text.contains("Is this what you want?"), "{}", asked.text);
    }
    assert_eq!(seat.rows().await, before);
    // What stands already is no conflict.
    let mut same = seat.fields("programme", &[]).await;
    same[1].1 = "1".into();
    let same: Vec<(&str, &str)> = same.iter().map(|it| (it.0, it.1.as_str())).collect();
    goes(&seat.post("/settings", &same).await, "said=same");
}

#[tokio::test]
async fn r_settings_4_of_twenty_changes_at_once_one_is_made() {
    let seat = Seat::new("CUSTOM").await;
    let pairs = seat.fields("programme", &[]).await;
    let before = seat.stored().await.name;
    let requests = (0..20).map(|n| {
        let name = format!("Name {n}");
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|it| if it.0 == "name" { ("name", name.as_str()) } else { (it.0, it.1.as_str()) })
            .chain([("sure", "1")])
            .collect();
        let form = format!("csrf={}{}", seat.bench.csrf(&seat.session), encoded(&pairs));
        seat.bench.form(&format!("/console/{}/settings", seat.id), &seat.session, &form)
    });
    let requests: Vec<_> = requests.collect();
    let answers = seat.bench.at_once(requests).await;
    let done = answers.iter().filter(|it| it.status == StatusCode::SEE_OTHER).count();
    let met = answers.iter().filter(|it| it.status == StatusCode::CONFLICT).count();
    assert_eq!((done, met), (1, 19));
    assert_ne!(seat.stored().await.name, before);
}

#[tokio::test]
async fn a_change_is_audited_and_viewers_read_without_forms() {
    let seat = Seat::new("CUSTOM").await;
    let blocked = [("options.fraud.blockedEmails", "eve@evil.example")];
    goes(&seat.change("guards", &blocked, true).await, "saved");
    let search = Search { act: Some("OPTIONS_CHANGED"), ..Search::default() };
    let log = audit::page(&seat.bench.app.db, &search, 9).await.unwrap();
    assert_eq!((log[0].by_kind.as_str(), log[0].by_id.as_str()), ("MEMBER", OWNER));
    assert!(!log[0].after.contains('@'), "{}", log[0].after);
    let held = seat
        .bench
        .number(sql!("-- t\n SELECT count(*) AS n FROM version WHERE body LIKE '%evil.example%'"));
    assert_eq!(held.await, 0);
    let vic = Email::parse("vic@team.example").unwrap();
    let now = seat.bench.now.get();
    seat.bench.write(members::insert("vic", Role::Viewer, &vic, OWNER, now)).await;
    let session = seat.bench.seat("vic").await;
    let seat = Seat { session, ..seat };
    let page = seat.get("/settings").await.text;
    assert!(
        page.contains("How long a click counts") && !page.contains("action=\"/console/x/settings")
    );
    assert!(!page.contains("name=\"revision\""), "{page}");
    assert!(!page.contains("eve@evil.example"), "{page}");
}

#[tokio::test]
async fn another_campaigns_settings_are_its_own() {
    let seat = Seat::new("CUSTOM").await;
    let other = seat.bench.campaign("CUSTOM").await;
    goes(&seat.change("programme", &[("name", "Mine")], true).await, "saved");
    assert_eq!(seat.bench.get(&other).await.ok()["name"], "Referral programme");
    let seat = Seat { id: "nobody".into(), ..seat };
    assert_eq!(seat.get("/settings").await.status, StatusCode::NOT_FOUND);
    let answer = seat.post("/settings", &[("part", "budget"), ("revision", "1")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
