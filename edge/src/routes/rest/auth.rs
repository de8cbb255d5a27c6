//! Who calls: the holder of a key, or nobody.

use http::{HeaderMap, header::AUTHORIZATION};
use shared::{
    team::{Scope, read},
    time::{Span, Timestamp},
};

use crate::{app::App, engine, error::Error, platform::log, store::keys};

/// The id of the key that somebody brings. Refused are no key, one that was revoked or has expired,
/// and one that may not do this.
pub async fn check(
    app: &App,
    headers: &HeaderMap,
    scope: Option<Scope>,
    now: Timestamp,
) -> Result<String, Error> {
    let (key, public) = brought(headers)?;
    let known = keys::find(&app.db, public, now).await?.ok_or(Error::Forbidden)?;
    let may = scope.is_none_or(|it| read(&known.scopes).contains(&it));
    if !engine::keys::fits(key, &known.hash) || !may {
        return Err(Error::Forbidden);
    }
    if let Some(used) = keys::used(&known, now) {
        // What the key is for is done whether or not this can be noted.
        if let Err(error) = app.db.batch(vec![used]).await {
            log(&format!("the use of a key was not noted: {error}"));
        }
    }
    Ok(known.id)
}

/// How long a key that was replaced may ask for the one that replaced it.
const REPLACED: Span = Span::days(1);

/// The id of a key that somebody brings and that another key took the place of.
pub async fn check_replaced(
    app: &App,
    headers: &HeaderMap,
    scope: Scope,
    now: Timestamp,
) -> Result<String, Error> {
    let (key, public) = brought(headers)?;
    let known = keys::rotated(&app.db, public).await?.ok_or(Error::Forbidden)?;
    let stands = known.expires_at.is_none_or(|it| now <= it)
        && known.revoked_at.is_some_and(|it| now <= it + REPLACED)
        && known.successor.is_some();
    let may = read(&known.scopes).contains(&scope) && known.public == public;
    if stands && may && engine::keys::fits(key, &known.hash) {
        Ok(known.id)
    } else {
        Err(Error::Forbidden)
    }
}

/// The key in the header, and its public part.
fn brought(headers: &HeaderMap) -> Result<(&str, &str), Error> {
    let header = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    let (scheme, key) = header.and_then(|it| it.split_once(' ')).ok_or(Error::Forbidden)?;
    let key = key.trim();
    let public = engine::keys::public(key).filter(|_| scheme.eq_ignore_ascii_case("Bearer"));
    Ok((key, public.ok_or(Error::Forbidden)?))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Method, Request, StatusCode, header};

    use crate::{bench::Bench, sql};

    async fn answer(
        bench: &Bench,
        authorization: Option<&str>,
        path: &str,
    ) -> (StatusCode, String) {
        let mut request = bench.request(Method::GET, path, Body::empty());
        let headers = request.headers_mut();
        headers.remove(header::AUTHORIZATION);
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        let answer = bench.send(request).await;
        (answer.status, answer.body.to_string())
    }

    #[tokio::test]
    async fn r_key_1_without_a_key_that_stands_every_answer_is_the_same_403() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let key = bench.key.clone();
        let paths =
            [campaign.as_str(), "/v2/campaigns", "/v2/campaign/nobody", "/v2/nothing", "/v2/team"];
        let (_, refused) = answer(&bench, None, "/v2/campaigns").await;
        let wrong = format!("{}x", key.strip_suffix(|_| true).unwrap());
        let attempts = [
            None,
            Some(String::new()),
            Some("Bearer".into()),
            Some("Bearer ".into()),
            Some(key.clone()),
            Some(format!("Basic {key}")),
            Some(format!("Bearer {wrong}")),
            Some("Bearer prn_unknown0_secret".into()),
            Some(format!("Bearer {}", key.rsplit_once('_').unwrap().0)),
        ];
        for attempt in &attempts {
            for path in paths {
                let (status, body) = answer(&bench, attempt.as_deref(), path).await;
                assert_eq!(
                    (status, &body),
                    (StatusCode::FORBIDDEN, &refused),
                    "{attempt:?} {path}"
                );
            }
        }
        let held = format!("bearer {key}");
        assert_eq!(answer(&bench, Some(&held), "/v2/campaigns").await.0, StatusCode::OK);
        bench.write([sql!("-- t\n UPDATE api_key SET revoked_at = 1")]).await;
        assert_eq!(
            answer(&bench, Some(&held), "/v2/campaigns").await,
            (StatusCode::FORBIDDEN, refused)
        );
    }

    #[tokio::test]
    async fn r_key_5_a_key_without_the_scope_is_a_key_that_nobody_knows() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let (key, kept) = crate::engine::keys::create(&bench.call(), "n", "program:read", None);
        bench.write(kept).await;
        let held = format!("Bearer {key}");
        let (_, refused) = answer(&bench, None, "/v2/campaigns").await;
        for path in ["/v2/campaigns", campaign.as_str(), &format!("{campaign}/reward-configs")] {
            assert_eq!(answer(&bench, Some(&held), path).await.0, StatusCode::OK, "{path}");
        }
        for path in ["participants", "referrals", "leaderboard", "participant/nobody"] {
            let path = format!("{campaign}/{path}");
            let answered = answer(&bench, Some(&held), &path).await;
            assert_eq!(answered, (StatusCode::FORBIDDEN, refused.clone()), "{path}");
        }
        // What is not built needs a key, and no scope.
        let unbuilt = format!("{campaign}/design");
        assert_eq!(answer(&bench, Some(&held), &unbuilt).await.0, StatusCode::NOT_IMPLEMENTED);
    }

    #[tokio::test]
    async fn r_key_2_the_key_is_looked_at_before_anything_else() {
        let bench = Bench::new().await;
        let huge = Request::builder()
            .method(Method::POST)
            .uri("/v2/campaign/nobody/participant")
            .body(Body::from("x".repeat(100_000)));
        let mut request = huge.unwrap();
        request.extensions_mut().insert(bench.call());
        bench.send(request).await.fails(403);
        let mut request = bench.request(Method::PUT, "/v2/campaigns", "{");
        request.headers_mut().remove(header::AUTHORIZATION);
        bench.send(request).await.fails(403);
    }
}
