//! Keys are made, shown once, and revoked, over the real router.

use axum::body::Body;
use http::{Method, StatusCode, header};
use shared::time::Span;

use crate::{
    bench::{Answer, Bench},
    sql,
    store::members::OWNER,
};

async fn form(bench: &Bench, session: &str, path: &str, form: &str) -> Answer {
    let form = format!("csrf={}&{form}", bench.csrf(session));
    bench.send(bench.form(&format!("{path}?lang=en"), session, &form)).await
}

async fn page(bench: &Bench, session: &str, path: &str) -> String {
    let mut request = bench.form(path, session, "");
    *request.method_mut() = Method::GET;
    bench.send(request).await.text
}

/// What a key is answered.
async fn with(bench: &Bench, key: &str, path: &str) -> StatusCode {
    let mut request = bench.request(Method::GET, path, Body::empty());
    request.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {key}").parse().unwrap());
    bench.send(request).await.status
}

fn key_in(text: &str) -> &str {
    text.split("<code id=\"key\">").nth(1).unwrap().split('<').next().unwrap()
}

#[tokio::test]
async fn r_key_7_a_key_is_shown_once_has_its_scopes_and_end_and_is_revoked_at_once() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    let asked = "form=a&name=Back+end&scopes[team:read]=1&scopes[api_key:rotate]=1&days=30";
    let made = form(&bench, &owner, "/console/keys", asked).await;
    assert_eq!(made.status, StatusCode::OK);
    let key = key_in(&made.text).to_owned();
    assert_eq!(with(&bench, &key, "/v2/team").await, StatusCode::OK);
    assert_eq!(with(&bench, &key, "/v2/campaigns").await, StatusCode::FORBIDDEN);
    let shown = page(&bench, &owner, "/console/keys?lang=en").await;
    assert!(shown.contains("Back end") && !shown.contains(&key), "{shown}");
    assert!(shown.contains("last used"));
    // The form that was sent again makes no second key.
    let again = form(&bench, &owner, "/console/keys", asked).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    let keys = "-- t\n SELECT count(*) AS n FROM api_key WHERE name = 'Back end'";
    assert_eq!(bench.number(sql!(keys)).await, 1);

    bench.pass(Span::days(30));
    assert_eq!(with(&bench, &key, "/v2/team").await, StatusCode::OK);
    bench.pass(Span(1));
    assert_eq!(with(&bench, &key, "/v2/team").await, StatusCode::FORBIDDEN);

    let owner = bench.seat(OWNER).await;
    let asked = "form=b&name=Other&scopes[team:read]=1&days=";
    let key = form(&bench, &owner, "/console/keys", asked).await;
    let key = key_in(&key.text).to_owned();
    let public = key.split('_').nth(1).unwrap();
    let shown = page(&bench, &owner, "/console/keys").await;
    let id = shown.split(public).nth(1).unwrap().split("/console/keys/").nth(1).unwrap();
    let id = id.split('/').next().unwrap();
    assert_eq!(with(&bench, &key, "/v2/team").await, StatusCode::OK);
    for _ in 0..2 {
        let revoked = form(&bench, &owner, &format!("/console/keys/{id}/revoke"), "").await;
        assert_eq!(revoked.status, StatusCode::SEE_OTHER);
        assert_eq!(with(&bench, &key, "/v2/team").await, StatusCode::FORBIDDEN);
    }
    for wrong in ["nothing", public] {
        let answer = form(&bench, &owner, &format!("/console/keys/{wrong}/revoke"), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_its_field_and_what_was_typed_is_kept() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    for (asked, expected) in [
        ("form=a&name=&scopes[team:read]=1&days=90", "A name has 1 to 100 characters."),
        ("form=a&name=Shop&days=90", "Choose at least one."),
        ("form=a&name=Shop&scopes[everything]=1&days=90", "Choose at least one."),
    ] {
        let answer = form(&bench, &owner, "/console/keys", asked).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{asked}");
        assert!(answer.text.contains(expected), "{asked}");
        assert!(answer.text.contains("value=\"90\" selected"));
        assert_eq!(answer.text.contains(" checked"), asked.contains("team:read"));
    }
    let none = "-- t\n SELECT count(*) AS n FROM api_key WHERE created_by IS NOT NULL";
    assert_eq!(bench.number(sql!(none)).await, 0);
    // A life that the form does not offer is a year.
    let asked = "form=a&name=Shop&scopes[team:read]=1&days=99999";
    form(&bench, &owner, "/console/keys", asked).await;
    let life = "-- t\n SELECT expires_at - created_at AS n FROM api_key WHERE created_by = 'owner'";
    assert_eq!(bench.number(sql!(life)).await, Span::days(365).0);
}

#[tokio::test]
async fn r_guest_4_a_sites_secret_is_shown_and_changed_once_by_one_form() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let id = campaign.rsplit('/').next().unwrap();
    let owner = bench.seat(OWNER).await;
    let path = format!("/console/{id}/customer-sign-in");
    let secret = async || {
        let page = page(&bench, &owner, &path).await;
        page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    let first = secret().await;
    assert_eq!(first, shared::proof::secret(&bench.app.settings.secret, id, 1));
    for _ in 0..2 {
        let change = format!("{path}/change");
        let answer = form(&bench, &owner, &change, "generation=1").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(secret().await, shared::proof::secret(&bench.app.settings.secret, id, 2));
    }
}
