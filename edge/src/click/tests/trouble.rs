//! The click while something fails.

use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;

use super::*;
use crate::router::click_response;

impl Scene {
    /// A scene whose caches know the link, and not the day's key.
    async fn warm() -> Self {
        let mut scene = Self::shop().await;
        let call = scene.call();
        let code = Code::parse("ada").unwrap();
        assert!(resolve::resolve(&scene.app, &call, &code).await.unwrap().is_some());
        scene
    }

    /// Takes a table away: from then on every statement fails that names it.
    async fn drop(&self, table: &'static str) {
        self.app.db.batch(vec![sql!(table)]).await.unwrap();
    }
}

#[tokio::test]
async fn r_click_9_without_the_days_key_a_click_is_answered_and_recorded_without_visitor() {
    let mut scene = Scene::warm().await;
    scene.drop("DROP TABLE salt").await;
    let (location, _) = scene.follow(navigation()).await;
    let claims = scene.claims(&token_in(&location).unwrap()).await;
    let rows: Vec<serde_json::Value> =
        scene.app.db.all(sql!("-- t\n SELECT id, visitor FROM click")).await.unwrap();
    assert_eq!(rows, [serde_json::json!({ "id": claims.jti, "visitor": null })]);
}

#[tokio::test]
async fn r_click_9_a_click_that_cannot_be_recorded_is_answered_with_its_token() {
    let mut scene = Scene::warm().await;
    scene.drop("DROP TABLE click").await;
    let (location, _) = scene.follow(navigation()).await;
    let claims = scene.claims(&token_in(&location).unwrap()).await;
    assert_eq!((claims.sub.as_str(), claims.iat), ("ada", NOW.seconds()));
}

/// Status, headers and text of what a browser gets.
async fn shown(scene: &mut Scene, request: Request<'_>) -> (StatusCode, HeaderMap, String) {
    let (parts, body) = click_response(scene.click(request).await).into_parts();
    let text = body.expect_err("a page").collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8(text.into()).unwrap())
}

#[tokio::test]
async fn r_click_14_what_fails_is_a_page_with_the_time_to_wait() {
    let mut scene = Scene::shop().await;
    for guess in 0..31 {
        scene.click(Request { code: &format!("guess-{guess}"), ..navigation() }).await;
    }
    let french = Request { language: "fr", ..navigation() };
    let (status, headers, text) = shown(&mut scene, french).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(headers[header::RETRY_AFTER], "60");
    assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(text.contains("<h1>Trop de choses à la fois</h1>"), "{text}");

    let mut scene = Scene::shop().await;
    scene.drop("DROP TABLE code").await;
    let (status, headers, text) = shown(&mut scene, navigation()).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!headers.contains_key(header::RETRY_AFTER));
    assert!(text.contains("<h1>") && !text.contains("no such table"), "{text}");
}

#[tokio::test]
async fn r_click_13_a_network_that_varies_its_host_has_no_more_of_them_looked_up() {
    let mut scene = Scene::shop().await;
    let malformed = Request { code: "", ..navigation() };
    let names_shop = async |scene: &mut Scene, host: &str| {
        let (status, html) = scene.page(Request { host, ..malformed }).await;
        assert_eq!(status, 404);
        html.contains("https://shop.example/welcome")
    };
    for host in 0..30 {
        assert!(!names_shop(&mut scene, &format!("host-{host}.example")).await);
    }
    assert!(names_shop(&mut scene, "shop.example").await, "30 pass");
    scene.now = scene.now + super::super::cache::LIFE + Span(1);
    for host in 0..31 {
        assert!(!names_shop(&mut scene, &format!("host-{host}.example")).await);
    }
    assert!(!names_shop(&mut scene, "shop.example").await, "not looked up any more");
    // Codes are counted for themselves, and other networks too.
    scene.follow(navigation()).await;
    scene.seed = 100;
    assert!(names_shop(&mut scene, "shop.example").await);
    scene.seed = 90;
    assert!(names_shop(&mut scene, "shop.example").await, "known here by now");
}
