//! Sessions and passkeys of a member, over the real router, with an authenticator of software.

use axum::body::Body;
use http::{Method, StatusCode, header};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{email::Email, team::Role, time::Span};

use crate::{
    bench::{Answer, Bench},
    engine::{
        entry,
        passkey::proof::{decoded, encoded},
    },
    sql,
    store::members::{self, OWNER},
};

/// An authenticator with one key for the bench's site.
struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    counter: u32,
    origin: &'static str,
    host: &'static str,
}

impl Authenticator {
    fn new(number: u8) -> Self {
        let key = SigningKey::from_slice(&[number; 32]).unwrap();
        let (origin, host) = ("https://link.example", "link.example");
        Self { key, id: vec![number; 16], counter: 0, origin, host }
    }

    fn client(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let data = json!({ "type": kind, "challenge": challenge, "origin": self.origin });
        data.to_string().into_bytes()
    }

    /// What `navigator.credentials.create` gives.
    fn make(&self, challenge: &str, name: &str) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        let head: &[u8] = &[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [
            &Sha256::digest(self.host)[..],
            &[0x45],
            &self.counter.to_be_bytes(),
            &[0; 16],
            &length,
            &self.id,
            head,
            x,
            &[0x22, 0x58, 0x20],
            y,
        ];
        json!({
            "name": name,
            "clientDataJSON": encoded(&self.client("webauthn.create", challenge)),
            "authenticatorData": encoded(&data.concat()),
        })
    }

    /// What `navigator.credentials.get` gives.
    fn sign(&mut self, challenge: &str) -> Value {
        self.counter += 1;
        let client = self.client("webauthn.get", challenge);
        let data = [&Sha256::digest(self.host)[..], &[0x05], &self.counter.to_be_bytes()].concat();
        let message = [&data[..], &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&message);
        let (r, s) = signature.split_bytes();
        let number = |it: &[u8]| {
            let digits = &it[it.iter().position(|it| *it != 0).unwrap()..];
            let zero: &[u8] = if 0x80 <= digits[0] { &[0] } else { &[] };
            let length = u8::try_from(zero.len() + digits.len()).unwrap();
            [&[2, length], zero, digits].concat()
        };
        let numbers = [number(&r), number(&s)].concat();
        let der = [vec![0x30, u8::try_from(numbers.len()).unwrap()], numbers].concat();
        json!({
            "id": encoded(&self.id),
            "clientDataJSON": encoded(&client),
            "authenticatorData": encoded(&data),
            "signature": encoded(&der),
        })
    }
}

/// A script's request of a page of that session.
async fn script(bench: &Bench, session: &str, path: &str, body: &Value) -> Answer {
    let mut request = bench.request(Method::POST, path, body.to_string());
    let headers = request.headers_mut();
    headers.remove(header::AUTHORIZATION);
    if !session.is_empty() {
        headers.insert(header::COOKIE, format!("__Host-prn-console={session}").parse().unwrap());
        headers.insert("x-parrain-csrf", bench.csrf(session).parse().unwrap());
    }
    bench.send(request).await
}

/// What a new passkey is answered; members get pages, whatever happens.
async fn keep(bench: &Bench, session: &str, made: &Value) -> StatusCode {
    script(bench, session, "/console/me/passkeys", made).await.status
}

async fn challenge(bench: &Bench, session: &str) -> String {
    let path = if session.is_empty() {
        "/console/passkey/challenge"
    } else {
        "/console/me/passkeys/challenge"
    };
    let asked = script(bench, session, path, &json!({})).await.ok();
    asked["challenge"].as_str().unwrap().to_owned()
}

async fn page(bench: &Bench, session: &str, path: &str) -> Answer {
    let mut request = bench.form(path, session, "");
    *request.method_mut() = Method::GET;
    bench.send(request).await
}

/// A bench with a member, who is signed in.
async fn scene() -> (Bench, String) {
    let bench = Bench::new().await;
    let email = Email::parse("ann@team.example").unwrap();
    bench.write(members::insert("ann", Role::Viewer, &email, OWNER, bench.now.get())).await;
    let session = bench.seat("ann").await;
    (bench, session)
}

/// A passkey of hers.
async fn with_passkey() -> (Bench, String, Authenticator) {
    let (bench, session) = scene().await;
    let device = Authenticator::new(7);
    let made = device.make(&challenge(&bench, &session).await, " My <laptop> ");
    script(&bench, &session, "/console/me/passkeys", &made).await.ok();
    (bench, session, device)
}

fn cookie(answer: &Answer) -> Option<String> {
    let set = answer.headers.get(header::SET_COOKIE)?.to_str().unwrap();
    let value = set.split("; ").next().unwrap().split_once('=').unwrap().1;
    assert!(set.ends_with("Secure; HttpOnly; SameSite=Strict"), "{set}");
    Some(value.to_owned())
}

#[tokio::test]
async fn r_passkey_1_a_passkey_that_a_member_made_signs_them_in() {
    let (bench, session, mut device) = with_passkey().await;
    let shown = page(&bench, &session, "/console/me?lang=en").await;
    assert!(shown.text.contains("My &lt;laptop&gt;") && shown.text.contains("ann@team.example"));

    let sign = device.sign(&challenge(&bench, "").await);
    let entered = script(&bench, "", "/console/passkey", &sign).await;
    let fresh = cookie(&entered).unwrap();
    assert_eq!(entered.ok(), json!({ "to": "/console" }));
    assert_ne!(fresh, session);
    assert_eq!(page(&bench, &fresh, "/console/me").await.status, StatusCode::OK);
    let rows =
        "-- t\n SELECT count(*) AS n FROM audit WHERE by_id = 'ann' AND (act = 'PASSKEY_ADDED'
                OR act = 'SIGNED_IN' AND after = '{\"way\":\"PASSKEY\"}')";
    assert_eq!(bench.number(sql!(rows)).await, 2);

    // What was signed once opens nothing again.
    let again = script(&bench, "", "/console/passkey", &sign).await;
    assert!(cookie(&again).is_none());
    again.fails(403);
    // A passkey that was removed opens nothing.
    let form = format!("csrf={}&passkey={}", bench.csrf(&session), encoded(&device.id));
    let path = "/console/me/passkeys/remove";
    let other = bench.seat(OWNER).await;
    let theirs = format!("csrf={}&passkey={}", bench.csrf(&other), encoded(&device.id));
    bench.send(bench.form(path, &other, &theirs)).await;
    let count = || bench.number(sql!("-- t\n SELECT count(*) AS n FROM passkey"));
    assert_eq!(count().await, 1, "somebody else's stays");
    let removed = bench.send(bench.form(path, &session, &form)).await;
    assert_eq!((removed.status, count().await), (StatusCode::SEE_OTHER, 0));
    let sign = device.sign(&challenge(&bench, "").await);
    script(&bench, "", "/console/passkey", &sign).await.fails(403);
    let rows = "-- t\n SELECT count(*) AS n FROM audit WHERE act = 'PASSKEY_REMOVED'";
    assert_eq!(bench.number(sql!(rows)).await, 1);
}

#[tokio::test]
async fn r_passkey_4_a_challenge_has_one_use_within_five_minutes_and_one_member() {
    let (bench, session, mut device) = with_passkey().await;
    // Its last instant counts.
    let early = challenge(&bench, "").await;
    let late = challenge(&bench, "").await;
    bench.pass(Span::minutes(5));
    let sign = device.sign(&early);
    script(&bench, "", "/console/passkey", &sign).await.ok();
    bench.pass(Span(1));
    let sign = device.sign(&late);
    script(&bench, "", "/console/passkey", &sign).await.fails(403);
    // None that we made, one for making passkeys, one of a link.
    let new = challenge(&bench, &session).await;
    for wrong in ["guess", &new] {
        let sign = device.sign(wrong);
        script(&bench, "", "/console/passkey", &sign).await.fails(403);
    }
    // A new passkey answers its own member's challenge.
    let second = Authenticator::new(8);
    let others = challenge(&bench, &bench.seat(OWNER).await).await;
    for wrong in ["guess", &others, &challenge(&bench, "").await] {
        let made = second.make(wrong, "x");
        assert_eq!(keep(&bench, &session, &made).await, StatusCode::CONFLICT);
    }
    let good = challenge(&bench, &session).await;
    let made = second.make(&good, "x");
    script(&bench, &session, "/console/me/passkeys", &made).await.ok();
    let third = Authenticator::new(9).make(&good, "x");
    assert_eq!(keep(&bench, &session, &third).await, StatusCode::CONFLICT);
    // Only hashes of challenges are kept.
    let kept = sql!("-- t\n SELECT count(*) AS n FROM entry_link WHERE hash = ?1", &good);
    assert_eq!(bench.number(kept).await, 0);
}

#[tokio::test]
async fn r_passkey_2_what_another_site_or_key_signed_opens_nothing() {
    let (bench, session, mut device) = with_passkey().await;
    let sign = async |device: &mut Authenticator| {
        let sign = device.sign(&challenge(&bench, "").await);
        script(&bench, "", "/console/passkey", &sign).await
    };
    let mut phished =
        Authenticator { origin: "https://link.example.evil.example", ..Authenticator::new(7) };
    phished.counter = 50;
    sign(&mut phished).await.fails(403);
    let mut other = Authenticator { host: "evil.example", ..Authenticator::new(7) };
    other.counter = 50;
    sign(&mut other).await.fails(403);
    let mut key = Authenticator { id: vec![7; 16], ..Authenticator::new(8) };
    sign(&mut key).await.fails(403);
    let mut unknown = Authenticator { id: vec![6; 16], ..Authenticator::new(7) };
    sign(&mut unknown).await.fails(403);
    sign(&mut device).await.ok();
    // A copy that lags behind.
    device.counter -= 1;
    sign(&mut device).await.fails(403);
    device.counter = 9;
    sign(&mut device).await.ok();
    for field in ["id", "clientDataJSON", "authenticatorData", "signature"] {
        let mut wrong = device.sign(&challenge(&bench, "").await);
        wrong[field] = json!("!");
        script(&bench, "", "/console/passkey", &wrong).await.fails(403);
    }
    // Whoever is not on the team any more.
    bench.write(members::remove("ann", bench.now.get())).await;
    sign(&mut device).await.fails(403);
    let made = Authenticator { origin: "https://evil.example", ..Authenticator::new(9) };
    let owner = bench.seat(OWNER).await;
    let made = made.make(&challenge(&bench, &owner).await, "x");
    assert_eq!(keep(&bench, &owner, &made).await, StatusCode::BAD_REQUEST);
    assert_eq!(page(&bench, &session, "/console/me").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn r_passkey_5_there_are_no_passkeys_where_the_installation_has_no_name() {
    let bench = Bench::at("http://127.0.0.1:8787").await;
    let answer = bench.post("/console/passkey/challenge", json!({})).await;
    answer.fails(501);
    let sign_in = bench.get("/console/sign-in").await;
    assert!(!sign_in.text.contains("passkey.js"));
    let named = Bench::at("http://localhost:8787").await;
    let sign_in = named.get("/console/sign-in").await;
    assert!(sign_in.text.contains("passkey.js"));
    assert_eq!(named.post("/console/passkey/challenge", json!({})).await.ok()["rpId"], "localhost");
}

#[tokio::test]
async fn r_passkey_4_a_network_asks_for_sixty_challenges_an_hour() {
    let bench = Bench::new().await;
    for _ in 0..60 {
        challenge(&bench, "").await;
    }
    script(&bench, "", "/console/passkey/challenge", &json!({})).await.fails(429);
}

#[tokio::test]
async fn r_team_11_a_member_ends_one_of_their_own_sessions() {
    let (bench, session) = scene().await;
    let other = bench.seat("ann").await;
    let owners = bench.seat(OWNER).await;
    let shown = page(&bench, &session, "/console/me").await.text;
    let called = |session: &str| entry::hash(session)[..16].to_owned();
    assert!(shown.contains(&called(&other)) && !shown.contains(&called(&owners)));
    let end = async |id: &str| {
        let form = format!("csrf={}&session={id}", bench.csrf(&session));
        bench.send(bench.form("/console/me/sessions/end", &session, &form)).await
    };
    // Somebody else's, and none.
    for id in [&*called(&owners), "", "%25"] {
        end(id).await;
    }
    assert_eq!(page(&bench, &owners, "/console/me").await.status, StatusCode::OK);
    assert_eq!(page(&bench, &other, "/console/me").await.status, StatusCode::OK);
    end(&called(&other)).await;
    assert_eq!(page(&bench, &other, "/console/me").await.status, StatusCode::FORBIDDEN);
    assert_eq!(page(&bench, &session, "/console/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn r_team_12_signing_in_never_keeps_a_session_that_the_browser_brought() {
    let bench = Bench::new().await;
    let planted = "planted-by-somebody-else";
    let link = entry::owner_link(&bench.app, &bench.call()).await.unwrap();
    let token = link.split_once('#').unwrap().1;
    let form = format!("token={token}");
    // A form of another site signs nobody in.
    let mut foreign = bench.form("/console/enter", planted, &form);
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(bench.send(foreign).await.status, StatusCode::FORBIDDEN);
    let entered = bench.send(bench.form("/console/enter", planted, &form)).await;
    let fresh = cookie(&entered).unwrap();
    assert_ne!(fresh, planted);
    assert_eq!(page(&bench, planted, "/console/me").await.status, StatusCode::FORBIDDEN);
    assert_eq!(page(&bench, &fresh, "/console/me").await.status, StatusCode::OK);
    // Each entry is a session of its own, and a passkey's, too.
    let next = entry::owner_link(&bench.app, &bench.call()).await.unwrap();
    let form = format!("token={}", next.split_once('#').unwrap().1);
    let second = bench.send(bench.form("/console/enter", &fresh, &form)).await;
    assert_ne!(cookie(&second).unwrap(), fresh);
    let foreign = {
        let mut request = bench.request(Method::POST, "/console/passkey", Body::from("{}"));
        request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
        request.headers_mut().insert("host", "link.example".parse().unwrap());
        request
    };
    bench.send(foreign).await.fails(403);
    assert!(decoded(&fresh).is_some_and(|it| it.len() == 32));
}
