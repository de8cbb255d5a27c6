//! Coming in and going out: the printed link, the e-mailed one, sign-out.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use shared::{email::Email, team::Right};

use super::desk;
use crate::{
    app::App,
    engine::{entry, passkey},
    error::Error,
    json,
    pages::{self, console::frame},
    routes::{
        ask::Ask,
        body::unread,
        html,
        member::{Member, is_same_origin, session_cookie, ways},
    },
    store::{
        audit,
        sessions::{self, Kind},
    },
};

/// `/console`: where the member's work is.
pub async fn home(ask: Ask, member: Member) -> Result<Response, Error> {
    match desk::all(&ask.app).await?.first() {
        Some(first) => {
            let page = frame::first_page(member.role);
            Ok(html::see(&format!("/console/{}{page}", first.id)))
        }
        None if member.role.may(Right::Edit) => Ok(html::see("/console/new")),
        None => {
            let desk = desk::Desk::open(&ask, member).await?;
            let (title, main) = frame::no_campaign(desk.lang);
            Ok(desk.page(frame::Tab::Home, title, &main))
        }
    }
}

/// The page that takes the token out of a one-time link and sends it.
pub async fn show(ask: Ask) -> Result<Response, Error> {
    Ok(html::page(StatusCode::OK, "", &pages::enter(ask.query.lang("lang"))))
}

/// Uses the link up, whose token the form holds, and opens a session.
pub async fn enter(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    if !is_same_origin(&ask.headers) {
        return Ok(Error::Forbidden.into_page(ask.query.lang("lang")));
    }
    let form = ask.form()?;
    let token = form.given("token").ok_or_else(|| unread("the form has no token"))?;
    let Some(session) = entry::enter(app, call, Kind::Member, token).await? else {
        let page = pages::enter_failed(ask.query.lang("lang"));
        return Ok(html::page(StatusCode::FORBIDDEN, "", &page));
    };
    Ok(seated(app, html::see("/console"), &session))
}

/// An answer with the cookie of a fresh session.
fn seated(app: &App, mut response: Response, session: &str) -> Response {
    let age = sessions::MEMBERS_LIFE.0 / 1_000;
    let (name, secure) = session_cookie(app);
    let cookie =
        format!("{name}={session}; Path=/; Max-Age={age}; {secure}HttpOnly; SameSite=Strict");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// What a passkey is to sign, for whoever asks.
pub async fn challenge(ask: Ask) -> Result<Response, Error> {
    let Some(host) = passkey::host(&ask.app) else { return Err(Error::NotBuilt) };
    let challenge = passkey::challenge(&ask.app, &ask.call).await?;
    let body = json!({
        "challenge": challenge, "rpId": host, "timeout": passkey::LIFE.0,
        "userVerification": "required",
    });
    Ok(json::answer(&body))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    id: String,
    #[serde(rename = "clientDataJSON")]
    client: String,
    authenticator_data: String,
    signature: String,
}

/// Opens a session for the member whose passkey signed; whatever is wrong, the answer is the same.
pub async fn enter_by_passkey(ask: Ask) -> Result<Response, Error> {
    if !is_same_origin(&ask.headers) {
        return Err(Error::Forbidden);
    }
    let Signed { id, client, authenticator_data, signature } = ask.json()?;
    let sent = passkey::Sent { id, client, data: authenticator_data, signature };
    let entered = passkey::enter(&ask.app, &ask.call, &sent).await?;
    let session = entered.ok_or(Error::Forbidden)?;
    Ok(seated(&ask.app, json::answer(&json!({ "to": "/console" })), &session))
}

/// The page that asks for a member's address.
pub async fn sign_in(ask: Ask) -> Result<Response, Error> {
    let lang = ask.query.lang("lang");
    let page = pages::sign_in(lang, ways(&ask.app));
    Ok(html::remember(html::page(StatusCode::OK, "", &page), &ask.query))
}

/// Sends a link to a member's address. The answer is the same whoever the address belongs to.
pub async fn ask_link(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let lang = ask.query.lang("lang");
    if !app.mail.is_ready() {
        // Whoever asks: nothing is promised that nobody would carry.
        let page = pages::sign_in(lang, ways(app));
        return Ok(html::page(StatusCode::SERVICE_UNAVAILABLE, "", &page));
    }
    let form = ask.form()?;
    let Ok(email) = Email::parse(form.get("email").unwrap_or_default()) else {
        let page = pages::sign_in_again(lang, ways(app));
        return Ok(html::page(StatusCode::BAD_REQUEST, "", &page));
    };
    if let Err(error) = entry::ask_member_link(app, call, &email, lang).await {
        return Ok(error.into_page(lang));
    }
    Ok(html::page(StatusCode::OK, "", &pages::link_sent(lang)))
}

/// Ends this session; with `everywhere`, all of the member's.
pub async fn sign_out(ask: Ask, member: Member) -> Result<Response, Error> {
    let everywhere = ask.form()?.get("everywhere").is_some();
    let mut batch = if everywhere {
        sessions::revoke(&member.id)
    } else {
        vec![sessions::end(&member.session)]
    };
    let about = json!({ "everywhere": everywhere });
    batch.push(audit::insert(&ask.call, "SIGNED_OUT", None, &member.id, &json!({}), &about));
    ask.app.db.batch(batch).await?;
    Ok(html::see("/console/sign-in"))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Method;
    use shared::{email::Email, team::Role};

    use super::*;
    use crate::{
        bench::{Answer, Bench},
        sql,
        store::members,
    };

    async fn enter(bench: &Bench, form: &str) -> Answer {
        let mut request =
            bench.request(Method::POST, "/console/enter?lang=en", Body::from(form.to_owned()));
        let kind = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        bench.send(request).await
    }

    async fn show(bench: &Bench, cookie: &str) -> StatusCode {
        let mut request = bench.request(Method::GET, "/console?lang=%ff&campaign=%", Body::empty());
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        bench.send(request).await.status
    }

    #[tokio::test]
    async fn r_owner_1_a_link_opens_one_session_and_only_its_cookie_shows_the_console() {
        let bench = Bench::new().await;
        for cookie in ["a=b", "__Host-prn-console=", "__Host-prn-console=guess"] {
            assert_eq!(show(&bench, cookie).await, StatusCode::FORBIDDEN);
        }
        let link = entry::owner_link(&bench.app, &bench.call()).await.unwrap();
        let token = link.split_once('#').unwrap().1;

        let entered = enter(&bench, &format!("token={token}")).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        assert_eq!(entered.headers[header::LOCATION], "/console");
        let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
        let (cookie, attributes) = set.split_once("; ").unwrap();
        assert!(cookie.starts_with("__Host-prn-console=") && !cookie.contains(token), "{set}");
        let age = sessions::MEMBERS_LIFE.0 / 1_000;
        let expected = format!("Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Strict");
        assert_eq!(attributes, expected);
        assert_eq!(show(&bench, cookie).await, StatusCode::SEE_OTHER);

        for used_or_wrong in [token, "guess", ""] {
            let failed = enter(&bench, &format!("token={used_or_wrong}")).await;
            assert_eq!(failed.status, StatusCode::FORBIDDEN);
            assert!(!failed.headers.contains_key(header::SET_COOKIE));
        }
    }

    #[tokio::test]
    async fn on_this_machine_the_session_needs_no_https() {
        let bench = Bench::at("http://127.0.0.1:8787").await;
        let link = entry::owner_link(&bench.app, &bench.call()).await.unwrap();
        let token = link.split_once('#').unwrap().1;
        let entered = enter(&bench, &format!("token={token}")).await;
        let set = entered.headers[header::SET_COOKIE].to_str().unwrap();
        let (cookie, attributes) = set.split_once("; ").unwrap();
        assert!(cookie.starts_with("prn-console="), "{set}");
        assert!(!attributes.contains("Secure") && attributes.contains("HttpOnly"), "{set}");
        assert_eq!(show(&bench, cookie).await, StatusCode::SEE_OTHER);
        assert_eq!(show(&bench, &format!("__Host-{cookie}")).await, StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn what_is_not_the_doors_form_gets_the_wires_error() {
        let bench = Bench::new().await;
        for form in ["", "other=1"] {
            enter(&bench, form).await.fails(400);
        }
        enter(&bench, &"x".repeat(70_000)).await.fails(413);
        // By another content type.
        let request = bench.request(Method::POST, "/console/enter", Body::from("token=a"));
        bench.send(request).await.fails(400);
    }

    async fn ask(bench: &Bench, email: &str) -> Answer {
        let form = format!("email={}", email.replace('@', "%40"));
        bench.send(bench.form("/console/sign-in?lang=en", "", &form)).await
    }

    #[tokio::test]
    async fn r_team_5_asking_for_a_link_answers_alike_whether_or_not_somebody_is_a_member() {
        let bench = Bench::new().await;
        let (now, ann) = (bench.now.get(), Email::parse("ann@team.example").unwrap());
        bench.write(members::insert("m1", Role::Viewer, &ann, members::OWNER, now)).await;
        let known = ask(&bench, "Ann@team.example").await;
        let unknown = ask(&bench, "eve@team.example").await;
        assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
        // Both write as much; only one of the two leads to a link.
        let jobs = "-- t\n SELECT count(*) AS n FROM job WHERE kind = 'SIGN_IN'";
        assert_eq!(bench.number(sql!(jobs)).await, 2);
        crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
        let linked = "-- t\n SELECT count(*) AS n FROM entry_link WHERE subject = 'm1'";
        assert_eq!(bench.number(sql!(linked)).await, 1);
        assert_eq!(ask(&bench, "nonsense").await.status, StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn r_mail_4_where_nobody_carries_mail_the_console_promises_no_link() {
        let mail = crate::platform::Mail::nobody();
        let bench = Bench::with_mail("https://link.example", mail).await;
        let (now, ann) = (bench.now.get(), Email::parse("ann@team.example").unwrap());
        bench.write(members::insert("m1", Role::Viewer, &ann, members::OWNER, now)).await;
        for (lang, said) in [("en", "cannot send e-mails yet"), ("fr", "pas encore envoyer")] {
            let page = bench.get(&format!("/console/sign-in?lang={lang}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text.contains(said) && !page.text.contains("name=\"email\""));
        }
        // The same to whomever: a member, somebody else, an address that is none.
        let known = ask(&bench, "ann@team.example").await;
        assert_eq!(known.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(known.text.contains("cannot send e-mails yet"), "{}", known.text);
        for other in ["eve@team.example", "nonsense"] {
            let other = ask(&bench, other).await;
            assert_eq!((other.status, &other.text), (known.status, &known.text));
        }
        let jobs = "-- t\n SELECT count(*) AS n FROM job";
        assert_eq!(bench.number(sql!(jobs)).await, 0);
    }

    #[tokio::test]
    async fn r_team_6_an_address_gets_five_links_an_hour_and_a_network_asks_for_thirty() {
        let bench = Bench::new().await;
        for _ in 0..7 {
            assert_eq!(ask(&bench, "ann@team.example").await.status, StatusCode::OK);
        }
        let jobs = "-- t\n SELECT count(*) AS n FROM job WHERE kind = 'SIGN_IN'";
        assert_eq!(bench.number(sql!(jobs)).await, 5);
        ask(&bench, "bob@team.example").await;
        assert_eq!(bench.number(sql!(jobs)).await, 6);
        for n in 8..30 {
            let answer = ask(&bench, &format!("p{n}@team.example")).await;
            assert_eq!(answer.status, StatusCode::OK, "{n}");
        }
        let over = ask(&bench, "last@team.example").await;
        assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
        bench.pass(shared::time::Span::hours(1));
        assert_eq!(ask(&bench, "last@team.example").await.status, StatusCode::OK);
    }
}
