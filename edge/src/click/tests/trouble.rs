//! The click while something fails.

use super::*;

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
