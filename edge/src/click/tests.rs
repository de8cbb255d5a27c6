//! The click as a browser, a robot and the database see it.

use std::sync::Arc;

use serde::Deserialize;
use shared::{
    attribution::{Claims, Consent, Key, SigningKey, sign},
    campaign::{Campaign, Installation, Options, Status},
    click::Hit,
    code::Code,
    link::parameter,
    money::Currency,
    secret::Secret,
    time::{Span, Timestamp},
};

use super::{Reply, Request, answer, cookies, resolve};
use crate::{
    app::{App, Settings, State},
    call::{Call, Network},
    error::Error,
    platform::{Background, Clicks, Db, Http, Limiter, LinkStore, Mail},
    sql,
    store::campaigns,
};

mod local;
mod trouble;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/156.0.0.0 Safari/537.36";

/// The service without its server, at a time of the test's choice.
struct Scene {
    app: App,
    now: Timestamp,
    seed: u8,
}

#[derive(Debug, Deserialize, Eq, PartialEq)]
struct Row {
    campaign: String,
    participant: String,
    channel: Option<String>,
    class: String,
}

impl Scene {
    async fn open(installation: Installation) -> Self {
        Self::at("https://links.example", installation).await
    }

    async fn at(public_url: &str, installation: Installation) -> Self {
        let db = Db::in_memory().unwrap();
        let campaign = Campaign {
            id: "shop".into(),
            name: "Shop".into(),
            status: Status::InProgress,
            currency: Currency::EUR,
            company_name: Some("The <Shop>".into()),
            company_logo_image_url: Some("https://shop.example/logo.png".into()),
            started_at: Some(NOW - Span::days(100)),
            ended_at: None,
            installation,
            options: Options::default(),
            keys: vec![Key { generation: 1, retired_at: None }],
        };
        let mut batch = campaigns::insert(&campaign, None, NOW);
        batch.push(sql!(
            "-- t\n INSERT INTO participant (id, campaign, origin, source, created_at)
                    VALUES ('ada', 'shop', 'DIRECT', 'SERVER', 1)"
        ));
        batch.push(sql!("-- t\n INSERT INTO code VALUES ('ada', 'shop', 'ada', 1)"));
        db.batch(batch).await.unwrap();
        let app = Arc::new(State {
            settings: Settings::new(public_url, Secret::new([7; 32]), false),
            clicks: Clicks::start(db.clone()),
            db,
            store: LinkStore,
            cache: super::cache::Cache::default(),
            misses: Limiter::new(30),
            leads: Limiter::new(600),
            http: Http::new(true),
            mail: Mail::scratch(),
        });
        Self { app, now: NOW, seed: 0 }
    }

    async fn shop() -> Self {
        Self::open(shop()).await
    }

    fn call(&mut self) -> Call {
        self.seed += 1;
        Call::new(self.now, [self.seed; 32], Network([self.seed / 100; 8]), Background)
    }

    async fn click(&mut self, request: Request<'_>) -> Reply {
        let call = self.call();
        answer(&self.app.clone(), &call, request).await
    }

    /// Location and cookie of a redirect.
    async fn follow(&mut self, request: Request<'_>) -> (String, Option<String>) {
        match self.click(request).await {
            Reply::Redirect { location, cookie } => (location, cookie),
            other => panic!("no redirect: {other:?}"),
        }
    }

    /// Status and text of a page.
    async fn page(&mut self, request: Request<'_>) -> (u16, String) {
        match self.click(request).await {
            Reply::Page { status, html } => (status, html.into_string()),
            other => panic!("no page: {other:?}"),
        }
    }

    async fn rows(&self) -> Vec<Row> {
        let select = "-- t\n SELECT campaign, participant, channel, class FROM click ORDER BY seq";
        self.app.db.all(sql!(select)).await.unwrap()
    }

    async fn claims(&mut self, token: &str) -> Claims {
        let call = self.call();
        let terms = resolve::terms(&self.app, &call, "shop").await.unwrap().unwrap();
        cookies::claims(&self.app, &terms, token, self.now).unwrap()
    }

    fn token(&self, claims: &Claims) -> String {
        sign(&SigningKey::new(&self.app.settings.secret, "shop", 1), claims)
    }
}

fn shop() -> Installation {
    Installation {
        share_url: Some("https://shop.example/welcome?x=1#top".into()),
        ..Installation::default()
    }
}

fn free() -> Installation {
    Installation { consent: Consent::NotRequired, ..shop() }
}

fn navigation() -> Request<'static> {
    Request {
        hit: Hit {
            fetch_dest: "document",
            fetch_mode: "navigate",
            agent: CHROME,
            ..Hit::default()
        },
        code: "ada",
        host: "links.example",
        ..Request::default()
    }
}

fn token_in(location: &str) -> Option<String> {
    let query = location.split('?').nth(1)?.split('#').next()?;
    parameter(query, "prn")
}

#[tokio::test]
async fn r_click_5_a_foreign_site_gets_the_token_as_a_parameter() {
    let mut scene = Scene::open(free()).await;
    let (location, cookie) = scene.follow(navigation()).await;
    assert!(location.starts_with("https://shop.example/welcome?x=1&prn="), "{location}");
    assert!(location.ends_with("#top") && cookie.is_none());
    let claims = scene.claims(&token_in(&location).unwrap()).await;
    assert_eq!((claims.aud.as_str(), claims.sub.as_str()), ("shop", "ada"));
    assert_eq!((claims.iat, claims.exp), (NOW.seconds(), NOW.seconds() + 3_600));
    assert!(!claims.landed);
}

#[tokio::test]
async fn r_token_1_a_token_holds_no_name_and_no_address() {
    let mut scene = Scene::open(free()).await;
    let (location, _) = scene.follow(Request { query: "c=whatsapp", ..navigation() }).await;
    let claims = scene.claims(&token_in(&location).unwrap()).await;
    assert_eq!(claims.ch.as_deref(), Some("whatsapp"));
    let object = serde_json::to_value(&claims).unwrap();
    let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["aud", "ch", "exp", "iat", "iss", "jti", "sub"]);
}

#[tokio::test]
async fn r_click_4_the_sites_own_host_sets_a_cookie_instead() {
    let mut scene = Scene::open(free()).await;
    let own = Request { host: "shop.example", ..navigation() };
    let (location, cookie) = scene.follow(own).await;
    assert_eq!(location, "https://shop.example/welcome?x=1#top");
    let cookie = cookie.unwrap();
    let age = Span::days(30).0 / 1_000;
    let tail = format!("; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax");
    assert!(cookie.starts_with("__Host-prn-shop=") && cookie.ends_with(&tail), "{cookie}");
}

#[tokio::test]
async fn r_click_4_a_cookie_domain_shares_the_cookie_between_www_and_app() {
    let domain = Some("shop.example".into());
    let mut scene = Scene::open(Installation { cookie_domain: domain, ..free() }).await;
    for (host, with_parameter) in [("shop.example", false), ("go.shop.example", true)] {
        let (location, cookie) = scene.follow(Request { host, ..navigation() }).await;
        let cookie = cookie.unwrap();
        assert!(cookie.starts_with("__Secure-prn-shop="), "{cookie}");
        assert!(cookie.contains("; Domain=shop.example;"), "{cookie}");
        // Pages of another host than the link's bring us no cookie: they need the token.
        let token = token_in(&location);
        assert_eq!(token.is_some(), with_parameter, "{location}");
        if let Some(token) = token {
            let kept = cookie.split(['=', ';']).nth(1).unwrap();
            assert_eq!(scene.claims(&token).await.jti, scene.claims(kept).await.jti);
        }
    }
    for foreign in ["links.example", "evilshop.example"] {
        let (location, cookie) = scene.follow(Request { host: foreign, ..navigation() }).await;
        assert!(cookie.is_none() && token_in(&location).is_some());
    }
}

#[tokio::test]
async fn r_click_4_a_cookie_domain_over_plain_http_falls_back_to_the_parameter() {
    for (host, domain) in [
        ("go.shop.example", Some("shop.example")),
        ("shop.example", Some("shop.example")),
        ("shop.example", None),
    ] {
        let installation = Installation {
            share_url: Some("http://shop.example/".into()),
            cookie_domain: domain.map(Into::into),
            ..free()
        };
        let mut scene = Scene::open(installation).await;
        let (location, cookie) = scene.follow(Request { host, ..navigation() }).await;
        assert!(cookie.is_none() && token_in(&location).is_some(), "{host}: {location}");
    }
}

#[tokio::test]
async fn r_consent_1_no_cookie_while_consent_is_required_and_unknown() {
    let mut scene = Scene::shop().await;
    let own = Request { host: "shop.example", ..navigation() };
    let (location, cookie) = scene.follow(own).await;
    assert!(cookie.is_none() && token_in(&location).is_some());
    let granted = Request { cookie: "a=b; __Host-prnc-shop=granted", ..own };
    let (location, cookie) = scene.follow(granted).await;
    assert!(cookie.is_some() && token_in(&location).is_none());
    let denied = Request { cookie: "__Host-prnc-shop=denied", ..own };
    assert_eq!(scene.follow(denied).await.1, None);
}

#[tokio::test]
async fn r_consent_2_a_global_refusal_keeps_the_cookie_away() {
    let mut scene = Scene::open(free()).await;
    let own = Request { host: "shop.example", refused_globally: true, ..navigation() };
    let (location, cookie) = scene.follow(own).await;
    assert!(cookie.is_none() && token_in(&location).is_some());
    let claimed = Request { cookie: "__Host-prnc-shop=granted", ..own };
    assert!(scene.follow(claimed).await.1.is_some());
}

#[tokio::test]
async fn r_touch_3_a_second_click_replaces_only_the_last_touch() {
    let mut scene = Scene::open(free()).await;
    let own = Request { host: "shop.example", ..navigation() };
    let mut kept = String::new();
    let mut sizes = Vec::new();
    let mut firsts = Vec::new();
    for _ in 0..3 {
        let (_, cookie) = scene.follow(Request { cookie: &kept, ..own }).await;
        kept = cookie.unwrap().split(';').next().unwrap().into();
        let tokens: Vec<&str> = kept.split('=').nth(1).unwrap().split('~').collect();
        sizes.push(tokens.len());
        firsts.push(scene.claims(tokens[0]).await.jti);
        scene.now = scene.now + Span::minutes(1);
    }
    assert_eq!(sizes, [1, 2, 2]);
    assert!(firsts.iter().all(|it| *it == firsts[0]));
}

#[tokio::test]
async fn garbage_in_the_cookie_is_as_good_as_none() {
    let mut scene = Scene::open(free()).await;
    for garbage in ["__Host-prn-shop=", "__Host-prn-shop=~~~", "__Host-prn-shop=a.b.c~d", "=;=;;"] {
        let own = Request { host: "shop.example", cookie: garbage, ..navigation() };
        let (_, cookie) = scene.follow(own).await;
        assert!(!cookie.unwrap().contains('~'), "{garbage}");
    }
}

#[tokio::test]
async fn r_click_3_images_frames_and_head_change_nobodys_attribution() {
    let mut scene = Scene::open(free()).await;
    let own = Request { host: "shop.example", ..navigation() };
    let hit = |fetch_mode, fetch_dest| Hit { fetch_dest, fetch_mode, ..own.hit };
    let bare = [
        hit("no-cors", "image"),
        hit("navigate", "iframe"),
        hit("cors", "empty"),
        Hit { is_head: true, ..own.hit },
    ];
    for hit in bare {
        let (location, cookie) = scene.follow(Request { hit, ..own }).await;
        assert_eq!((location.as_str(), cookie), ("https://shop.example/welcome?x=1#top", None));
    }
    let ahead = Request { hit: Hit { purpose: "prefetch;prerender", ..own.hit }, ..own };
    let (location, cookie) = scene.follow(ahead).await;
    assert!(cookie.is_none() && token_in(&location).is_some());
    let classes: Vec<_> = scene.rows().await.into_iter().map(|it| it.class).collect();
    assert_eq!(classes, ["ROBOT", "ROBOT", "ROBOT", "ROBOT", "PREFETCH"]);
}

#[tokio::test]
async fn r_click_6_a_preview_robot_reads_open_graph_tags() {
    let mut scene = Scene::shop().await;
    let hit = Hit { agent: "facebookexternalhit/1.1", ..Hit::default() };
    let request = Request { hit, query: "c=facebook", ..navigation() };
    let (status, html) = scene.page(request).await;
    assert_eq!(status, 200);
    for part in [
        r#"property="og:title" content="The &lt;Shop&gt;""#,
        r#"property="og:url" content="https://links.example/r/ada?c=facebook""#,
        r#"property="og:image" content="https://shop.example/logo.png""#,
        "twitter:card",
        r#"href="https://shop.example/welcome?x=1#top""#,
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert_eq!(scene.rows().await[0].class, "PREVIEW");
}

#[tokio::test]
async fn r_click_8_to_leads_to_a_page_of_the_site_or_nowhere_else() {
    let mut scene = Scene::shop().await;
    let (location, _) = scene.follow(Request { query: "to=%2Fsale%3Fy%3D2", ..navigation() }).await;
    assert!(location.starts_with("https://shop.example/sale?y=2&prn="), "{location}");
    for foreign in ["to=//evil.example", "to=https://evil.example", "to=%2F%5Cevil.example", "to="]
    {
        let (location, _) = scene.follow(Request { query: foreign, ..navigation() }).await;
        assert!(location.starts_with("https://shop.example/welcome?x=1&prn="), "{location}");
    }
}

#[tokio::test]
async fn r_click_9_what_was_answered_is_recorded_with_channel_and_class() {
    let mut scene = Scene::shop().await;
    scene.follow(Request { query: "c=whatsapp", ..navigation() }).await;
    scene.follow(Request { query: "c=%22%2C1%5D", hit: Hit::default(), ..navigation() }).await;
    let row = |channel: Option<&str>, class: &str| Row {
        campaign: "shop".into(),
        participant: "ada".into(),
        channel: channel.map(Into::into),
        class: class.into(),
    };
    assert_eq!(scene.rows().await, [row(Some("whatsapp"), "PERSON"), row(None, "ROBOT")]);
}

#[tokio::test]
async fn r_click_14_unknown_and_malformed_codes_are_a_page_and_never_an_error() {
    let mut scene = Scene::shop().await;
    let long = "a".repeat(4_096);
    for code in ["nobody", "", "a/b", "é", "%00", "../../etc/passwd", long.as_str()] {
        let (status, html) = scene.page(Request { code, ..navigation() }).await;
        assert_eq!(status, 404, "{code}");
        assert!(!html.contains("shop.example"));
    }
    let (_, html) =
        scene.page(Request { code: "x", host: "shop.example:443", ..navigation() }).await;
    assert!(html.contains("https://shop.example/welcome"), "the host belongs to a campaign");
    assert_eq!(scene.rows().await, []);
}

#[tokio::test]
async fn r_code_2_a_wrong_check_character_never_reaches_the_database() {
    let mut scene = Scene::shop().await;
    let code = Code::from_entropy([9; 16]).to_string();
    let wrong = if code.ends_with('2') { "3" } else { "2" };
    let wrong = format!("{}{wrong}", &code[..7]);
    for _ in 0..40 {
        assert_eq!(scene.page(Request { code: &wrong, ..navigation() }).await.0, 404);
    }
}

#[tokio::test]
async fn r_click_13_guessing_codes_is_limited_and_known_links_go_on() {
    let mut scene = Scene::shop().await;
    scene.follow(navigation()).await;
    let mut refused = 0;
    for guess in 0..40 {
        let code = format!("guess-{guess}");
        if let Reply::Failed { error: Error::TooMany, .. } =
            scene.click(Request { code: &code, ..navigation() }).await
        {
            refused += 1;
        }
    }
    assert_eq!(refused, 9, "30 pass, the 31st sets the mark");
    scene.follow(navigation()).await;
}

#[tokio::test]
async fn r_click_1_a_new_link_works_after_five_seconds_and_a_change_shows_after_thirty() {
    let mut scene = Scene::shop().await;
    assert_eq!(scene.page(Request { code: "bob", ..navigation() }).await.0, 404);
    let add = sql!("-- t\n INSERT INTO code VALUES ('bob', 'shop', 'ada', 1)");
    scene.app.db.batch(vec![add]).await.unwrap();
    scene.now = scene.now + Span::seconds(5) + Span(1);
    scene.follow(Request { code: "bob", ..navigation() }).await;

    let block = sql!("-- t\n UPDATE participant SET blocked_at = ?1", scene.now);
    scene.app.db.batch(vec![block]).await.unwrap();
    let attributed = |it: (String, Option<String>)| token_in(&it.0).is_some();
    let bob = Request { code: "bob", ..navigation() };
    for _ in 0..3 {
        assert!(attributed(scene.follow(bob).await));
        scene.now = scene.now + Span::seconds(10);
    }
    scene.now = scene.now + Span(1);
    assert!(!attributed(scene.follow(bob).await), "use does not lengthen an entry's life");
}

#[tokio::test]
async fn r_click_15_links_of_campaigns_that_do_not_run_redirect_without_attribution() {
    for (started, ended) in [(None, None), (Some(1), Some(NOW - Span(1)))] {
        let mut scene = Scene::open(free()).await;
        let change = sql!(
            "-- t\n UPDATE campaign SET started_at = ?1, ended_at = ?2",
            started.map(Timestamp),
            ended,
        );
        scene.app.db.batch(vec![change]).await.unwrap();
        let (location, cookie) = scene.follow(navigation()).await;
        assert_eq!((location.as_str(), cookie), ("https://shop.example/welcome?x=1#top", None));
        assert_eq!(scene.rows().await.len(), 1);
    }
}

#[tokio::test]
async fn r_token_2_a_touch_ends_one_window_after_its_click_however_often_it_is_written() {
    let mut scene = Scene::open(free()).await;
    let claims = Claims {
        iss: scene.app.settings.issuer.clone(),
        aud: "shop".into(),
        sub: Code::parse("ada").unwrap(),
        jti: "old".into(),
        ch: None,
        iat: (NOW - Span::days(29)).seconds(),
        exp: (NOW + Span::days(1)).seconds(),
        landed: true,
    };
    let kept = format!("__Host-prn-shop={}", scene.token(&claims));
    let own = Request { host: "shop.example", cookie: &kept, ..navigation() };
    let cookie = scene.follow(own).await.1.unwrap();
    let first = cookie.split('=').nth(1).unwrap().split('~').next().unwrap().to_owned();
    assert_eq!(scene.claims(&first).await, claims);
}

#[tokio::test]
async fn r_privacy_1_the_network_leaves_only_a_keyed_hash() {
    let mut scene = Scene::shop().await;
    scene.follow(navigation()).await;
    scene.now = scene.now + Span::days(1);
    scene.follow(navigation()).await;
    let visitors: Vec<serde_json::Value> =
        scene.app.db.all(sql!("-- t\n SELECT visitor FROM click ORDER BY seq")).await.unwrap();
    let hash = |n: usize| visitors[n]["visitor"].as_str().unwrap();
    assert_eq!(hash(0).len(), 16);
    assert_ne!(hash(0), hash(1), "another day, another key");
}
