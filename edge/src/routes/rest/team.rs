//! `/team` and `/api-key/rotate`: what the team is called, and a new key for an old one.

use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::{
    call::By,
    engine::{keys, team as engine},
    error::Error,
    json,
    routes::ask::Ask,
    store::team,
};

/// The longest name, in characters.
pub const LONGEST: usize = 100;

/// Shows the team. An installation is its own: nobody has to verify it.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    let name = team::name(&ask.app.db).await?;
    Ok(json::answer(&json!({
        "name": name, "verificationStatus": "VERIFIED", "verificationRequestedAt": null,
    })))
}

#[derive(Deserialize)]
struct Update {
    name: String,
}

/// Renames the team.
pub async fn update(ask: Ask) -> Result<Response, Error> {
    let Update { name } = ask.json()?;
    let name = named(&name).ok_or_else(|| {
        let msg = format!("must have 1 to {LONGEST} characters");
        Error::field("name", Some(name.clone().into()), msg)
    })?;
    engine::rename(&ask.app, &ask.call, name).await?;
    retrieve(ask).await
}

/// A name as it is kept, if it can be one.
#[must_use]
pub fn named(text: &str) -> Option<&str> {
    let text = text.trim();
    let fits = (1..=LONGEST).contains(&text.chars().count());
    (fits && !text.chars().any(char::is_control)).then_some(text)
}

/// Replaces the key that calls. The same call again, with the old key and the same
/// `Idempotency-Key`, is told the same new one.
pub async fn rotate(ask: Ask) -> Result<Response, Error> {
    let By::Key(id) = &ask.call.by else { return Err(Error::Forbidden) };
    let name = ask.headers.get("idempotency-key").and_then(|it| it.to_str().ok());
    let name = name.filter(|it| !it.is_empty());
    let key = keys::rotate(&ask.app, &ask.call, id, name).await?;
    Ok(json::answer(&json!({ "apiKey": key })))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Method, Request, header};
    use shared::{team::EVERYTHING, time::Span};

    use super::*;
    use crate::{bench::Bench, engine::keys, sql};

    #[tokio::test]
    async fn the_team_is_shown_and_renamed() {
        let bench = Bench::new().await;
        let team = |name: &str| {
            json!({
                "name": name, "verificationStatus": "VERIFIED", "verificationRequestedAt": null,
            })
        };
        assert_eq!(bench.get("/v2/team").await.ok(), team("Team"));
        for _ in 0..2 {
            let renamed = bench.patch("/v2/team", json!({ "name": " The Shop " })).await.ok();
            assert_eq!(renamed, team("The Shop"));
        }
        let longest = "x".repeat(LONGEST);
        assert_eq!(bench.patch("/v2/team", json!({ "name": longest })).await.ok(), team(&longest));
        for name in ["", "  ", "a\nb", &format!("{longest}x")] {
            bench.patch("/v2/team", json!({ "name": name })).await.refuses("name");
        }
        bench.patch("/v2/team", json!({})).await.refuses("name");
        let other = json!({ "name": "x", "owner": "y" });
        bench.patch("/v2/team", other).await.refuses("owner");
        let noted = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'TEAM_RENAMED'";
        assert_eq!(bench.number(sql!(noted)).await, 2);
    }

    fn rotation(bench: &Bench, key: &str, name: Option<&str>) -> Request<Body> {
        let mut request = bench.request(Method::POST, "/v2/api-key/rotate", Body::empty());
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
        if let Some(name) = name {
            headers.insert("idempotency-key", name.parse().unwrap());
        }
        request
    }

    #[tokio::test]
    async fn r_key_6_a_rotation_gives_the_same_new_key_again_and_the_old_one_opens_nothing_else() {
        let bench = Bench::new().await;
        let old = bench.key.clone();
        let rotate = async |key: &str, name| bench.send(rotation(&bench, key, name)).await;
        let made = rotate(&old, Some("a")).await.ok();
        let new = made["apiKey"].as_str().unwrap().to_owned();
        assert!(new.starts_with("prn_") && new != old, "{new}");
        assert_eq!(made.as_object().unwrap().len(), 1);
        assert_eq!(rotate(&old, Some("a")).await.ok(), made);
        rotate(&old, Some("b")).await.fails(403);
        rotate(&old, None).await.fails(403);
        bench.get("/v2/campaigns").await.fails(403);
        rotate(&format!("{old}x"), Some("a")).await.fails(403);

        let mut asked = bench.request(Method::GET, "/v2/team", Body::empty());
        asked.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {new}").parse().unwrap());
        bench.send(asked).await.ok();
        // The old one is told for a day, its end included.
        bench.pass(Span::days(1));
        assert_eq!(rotate(&old, Some("a")).await.ok(), made);
        bench.pass(Span(1));
        rotate(&old, Some("a")).await.fails(403);
        // Without a name of its own, a rotation is told once.
        let third = rotate(&new, None).await.ok()["apiKey"].as_str().unwrap().to_owned();
        rotate(&new, None).await.fails(403);
        // What was revoked meanwhile is told to nobody.
        let fourth = rotate(&third, Some("c")).await.ok();
        assert_eq!(rotate(&third, Some("c")).await.ok(), fourth);
        bench.write([sql!("-- t\n UPDATE api_key SET revoked_at = 1")]).await;
        rotate(&third, Some("c")).await.fails(403);
    }

    #[tokio::test]
    async fn r_key_6_twenty_rotations_at_once_are_one() {
        let bench = Bench::new().await;
        let old = bench.key.clone();
        let answers = bench.at_once((0..20).map(|_| rotation(&bench, &old, Some("same")))).await;
        let keys: std::collections::BTreeSet<String> =
            answers.into_iter().map(|it| it.ok()["apiKey"].to_string()).collect();
        assert_eq!(keys.len(), 1);
        let standing = "-- t\n SELECT count(*) AS n FROM api_key WHERE revoked_at IS NULL";
        assert_eq!(bench.number(sql!(standing)).await, 1);
        let noted = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'KEY_ROTATED'";
        assert_eq!(bench.number(sql!(noted)).await, 1);
    }

    #[tokio::test]
    async fn r_key_6_a_rotation_needs_its_scope_and_keeps_name_scopes_and_end() {
        let bench = Bench::new().await;
        let end = Some(bench.now.get() + Span::days(9));
        let (poor, kept) = keys::create(&bench.call(), "n", "team:read", None);
        bench.write(kept).await;
        bench.send(rotation(&bench, &poor, Some("a"))).await.fails(403);
        let scopes = "team:read api_key:rotate";
        let (key, kept) = keys::create(&bench.call(), "Shop", scopes, end);
        bench.write(kept).await;
        bench.send(rotation(&bench, &key, Some("a"))).await.ok();
        let same = sql!(
            "-- t\n SELECT count(*) AS n FROM api_key
              WHERE name = 'Shop' AND scopes = ?1 AND expires_at = ?2",
            scopes,
            end,
        );
        assert_eq!(bench.number(same).await, 2);
        let whole = sql!("-- t\n SELECT count(*) AS n FROM api_key WHERE scopes = ?1", EVERYTHING);
        assert_eq!(bench.number(whole).await, 1);
    }
}
