//! The page for participants, over the real router.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::time::Span;

use crate::{
    bench::{Answer, Bench},
    engine::{entry, jobs},
    sql,
    store::sessions::Kind,
};

/// A campaign with Ada in it, and who looks at her page.
pub(super) struct Scene {
    pub(super) bench: Bench,
    /// Its path on the wire.
    pub(super) campaign: String,
    pub(super) id: String,
    pub(super) ada: String,
}

impl Scene {
    pub(super) async fn new() -> Self {
        Self::with("ON_SIGNUP", &[json!({ "type": "DOUBLE_SIDED" })]).await
    }

    pub(super) async fn with(trigger: &str, rewards: &[Value]) -> Self {
        Self::on(Bench::new().await, trigger, rewards).await
    }

    pub(super) async fn on(bench: Bench, trigger: &str, rewards: &[Value]) -> Self {
        let campaign = bench.campaign_with(trigger, rewards).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let id = campaign.rsplit('/').next().unwrap().to_owned();
        Self { bench, campaign, id, ada }
    }

    fn request(&self, method: Method, path: &str, session: &str, form: &str) -> Request<Body> {
        let path = format!("/me/{}{path}", self.id);
        let mut request = self.bench.request(method, &path, form.to_owned());
        let headers = request.headers_mut();
        headers.remove(header::AUTHORIZATION);
        let kind = "application/x-www-form-urlencoded".parse().unwrap();
        headers.insert(header::CONTENT_TYPE, kind);
        headers.insert(header::HOST, "link.example".parse().unwrap());
        headers.insert(header::COOKIE, format!("__Host-prn-me={session}").parse().unwrap());
        request
    }

    pub(super) async fn page(&self, path: &str, session: &str) -> Answer {
        self.bench.send(self.request(Method::GET, path, session, "")).await
    }

    /// A form as a page of this origin sends it.
    pub(super) fn sent(&self, path: &str, session: &str, form: &str) -> Request<Body> {
        let mut request = self.request(Method::POST, path, session, form);
        request.headers_mut().insert(header::ORIGIN, "https://link.example".parse().unwrap());
        request
    }

    pub(super) async fn form(&self, path: &str, session: &str, form: &str) -> Answer {
        self.bench.send(self.sent(path, session, form)).await
    }

    /// The form that uses the link up which somebody got by mail.
    pub(super) async fn arriving(&self, id: &str) -> Request<Body> {
        let (token, link) = entry::link(&self.bench.call(), Kind::Participant, id, Span::hours(1));
        self.bench.write([link]).await;
        self.sent("/enter", "", &format!("token={token}"))
    }

    pub(super) async fn arrive(&self, id: &str) {
        let entered = self.bench.send(self.arriving(id).await).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    }

    /// The same with the token of the session's forms.
    pub(super) async fn say(&self, path: &str, session: &str, form: &str) -> Answer {
        let csrf = super::csrf(&self.bench.app, &entry::hash(session));
        self.form(path, session, &format!("csrf={csrf}&{form}")).await
    }

    /// A session of a participant.
    pub(super) async fn session(&self, id: &str) -> String {
        let call = self.bench.call();
        let (token, link) = entry::link(&call, Kind::Participant, id, Span::hours(1));
        self.bench.write([link]).await;
        entry::enter(&self.bench.app, &call, Kind::Participant, &token).await.unwrap().unwrap()
    }

    /// The version of the terms that the page shows; nothing, where nobody joins.
    pub(super) async fn terms(&self) -> String {
        let door = self.page("", "").await.text;
        let shown = door.split_once("name=\"terms\" value=\"");
        shown.and_then(|it| it.1.split_once('"')).map(|it| it.0.to_owned()).unwrap_or_default()
    }

    /// Joins after looking at the page for a minute, as people do.
    pub(super) async fn join(&self, email: &str, more: &str) -> Answer {
        let shown = super::door::shown_at(&self.bench.app, self.bench.now.get());
        self.bench.pass(Span::minutes(1));
        let email = email.replace('@', "%40");
        let terms = if more.contains("&terms=") {
            String::new()
        } else {
            format!("&terms={}", self.terms().await)
        };
        let form = format!("email={email}&agreed=1&shown={shown}{terms}{more}");
        self.form("/join?lang=en", "", &form).await
    }

    pub(super) async fn run(&self) {
        jobs::run_due(&self.bench.app, &self.bench.call(), 99).await.unwrap();
    }

    pub(super) async fn wire(&self, path: &str) -> Answer {
        self.bench.get(&format!("{}/participant/{path}", self.campaign)).await
    }
}

mod forgotten;
mod inside;
mod joining;
mod links;
mod own;
mod signing_up;
