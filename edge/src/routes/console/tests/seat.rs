//! A member at the console, for tests.

use axum::body::Body;
use http::{Method, StatusCode, header};
use shared::{email::Email, team::Role, time::Span};

use crate::{
    bench::{Answer, Bench},
    store::members,
};

/// A member who is signed in.
pub(super) struct Seat<'a> {
    bench: &'a Bench,
    session: String,
}

impl<'a> Seat<'a> {
    pub(super) async fn owner(bench: &'a Bench) -> Self {
        Self { bench, session: bench.seat(members::OWNER).await }
    }

    pub(super) async fn of(bench: &'a Bench, role: Role) -> Self {
        let id = role.name();
        let email = Email::parse(&format!("{id}@team.example")).unwrap();
        bench.write(members::insert(id, role, &email, members::OWNER, bench.now.get())).await;
        Self { bench, session: bench.seat(id).await }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        let mut request = self.bench.request(Method::GET, path, Body::empty());
        let cookie = format!("__Host-prn-console={}", self.session);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        self.bench.send(request).await
    }

    /// The text of a page that is there.
    pub(super) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    }

    /// Sends a form of the session's own.
    pub(super) async fn post(&self, path: &str, form: &str) -> Answer {
        let form = format!("csrf={}&{form}", self.bench.csrf(&self.session));
        self.bench.send(self.bench.form(path, &self.session, &form)).await
    }

    /// Sends a form with a file.
    pub(super) async fn file(&self, path: &str, what: &str, file: &[u8]) -> Answer {
        // Later than what was sent before.
        self.bench.pass(Span(1));
        let csrf = self.bench.csrf(&self.session);
        let mut body = Vec::new();
        let fields =
            [("csrf", &*csrf, ""), ("what", what, ""), ("file", "", "; filename=\"f.csv\"")];
        for (name, text, more) in fields {
            let head = format!("--b7\r\nContent-Disposition: form-data; name=\"{name}\"{more}");
            body.extend(format!("{head}\r\n\r\n{text}").into_bytes());
            if name == "file" {
                body.extend(file);
            }
            body.extend(b"\r\n");
        }
        body.extend(b"--b7--\r\n");
        self.bytes(path, "multipart/form-data; boundary=b7", body).await
    }

    /// Sends a piece of a file, as a script does.
    pub(super) async fn piece(&self, path: &str, bytes: &[u8]) -> Answer {
        self.bytes(path, "text/csv", bytes.to_vec()).await
    }

    async fn bytes(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let mut request = self.bench.request(Method::POST, path, body);
        let cookie = format!("__Host-prn-console={}", self.session);
        let headers = request.headers_mut();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        headers.insert("x-parrain-csrf", self.bench.csrf(&self.session).parse().unwrap());
        self.bench.send(request).await
    }

    /// Sends a form that is taken: where the answer leads.
    pub(super) async fn sends(&self, path: &str, form: &str) -> String {
        let answer = self.post(path, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
        answer.headers[header::LOCATION].to_str().unwrap().to_owned()
    }
}

/// The path of a campaign's console.
pub(super) fn console(campaign: &str) -> String {
    campaign.replace("/v2/campaign/", "/console/")
}

/// A text as a form holds it.
pub(super) fn encoded(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}

/// What no page may show as it stands.
pub(super) const HOSTILE: &str = "\"><script>alert(1)</script>&'";

/// The page shows the hostile text as text.
#[track_caller]
pub(super) fn escapes(page: &str) {
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;"), "it is not there: {page}");
}
