//! The console, one file a subject. Who may do what stands in the one list of routes.

pub mod account;
pub mod appeals;
pub mod card;
pub mod coupons;
pub mod design;
pub mod desk;
pub mod door;
pub mod export;
pub mod filled;
pub mod forms;
pub mod import;
pub mod install;
pub mod keys;
pub mod log;
pub mod mail;
pub mod overview;
pub mod participant;
pub mod participants;
pub mod referrals;
pub mod rewards;
pub mod rules;
pub mod settings;
pub mod setup;
pub mod support;
pub mod team;
pub mod versions;

use http::Method;
use shared::team::Right;

use super::{
    ask::{Endpoint, open, seated},
    body::{FILE, PICTURE, PIECE},
};

/// Every page and form of the console: method, path, and who may.
#[must_use]
pub fn routes() -> Vec<(Method, &'static str, Endpoint)> {
    let (get, post) = (|| Method::GET, || Method::POST);
    let mut routes = vec![
        (get(), "/console", seated(Right::LookUp, door::home)),
        (get(), "/console/enter", open(door::show)),
        (post(), "/console/enter", open(door::enter)),
        (get(), "/console/sign-in", open(door::sign_in)),
        (post(), "/console/sign-in", open(door::ask_link)),
        (post(), "/console/sign-out", seated(Right::LookUp, door::sign_out)),
        (post(), "/console/passkey/challenge", open(door::challenge)),
        (post(), "/console/passkey", open(door::enter_by_passkey)),
        (get(), "/console/me", seated(Right::LookUp, account::show)),
        (post(), "/console/me/sessions/end", seated(Right::LookUp, account::end)),
        (post(), "/console/me/messages", seated(Right::LookUp, account::choose)),
        (post(), "/console/me/passkeys/challenge", seated(Right::LookUp, account::challenge)),
        (post(), "/console/me/passkeys", seated(Right::LookUp, account::keep)),
        (post(), "/console/me/passkeys/remove", seated(Right::LookUp, account::remove)),
        (get(), "/console/team", seated(Right::Govern, team::show)),
        (post(), "/console/team", seated(Right::Govern, team::invite)),
        (post(), "/console/team/name", seated(Right::Govern, team::rename)),
        (post(), "/console/team/{member}/invitation", seated(Right::Govern, team::invite_again)),
        (post(), "/console/team/{member}/role", seated(Right::Govern, team::change)),
        (post(), "/console/team/{member}/remove", seated(Right::Govern, team::remove)),
        (get(), "/console/keys", seated(Right::Govern, keys::show)),
        (post(), "/console/keys", seated(Right::Govern, keys::make)),
        (post(), "/console/keys/{key}/revoke", seated(Right::Govern, keys::revoke)),
        (get(), "/console/log", seated(Right::Govern, log::show)),
        (get(), "/console/log.csv", seated(Right::Govern, log::export)),
        (get(), "/console/{campaign}", seated(Right::Look, overview::show)),
        (get(), "/console/{campaign}/participants", seated(Right::Look, participants::list)),
        (
            post(),
            "/console/{campaign}/participants/views",
            seated(Right::Look, participants::views),
        ),
        (get(), "/console/{campaign}/participants/add", seated(Right::Edit, participants::form)),
        (post(), "/console/{campaign}/participants/add", seated(Right::Edit, participants::add)),
        (get(), "/console/{campaign}/participants/{p}", seated(Right::Look, participant::show)),
        (
            post(),
            "/console/{campaign}/participants/{p}/note",
            seated(Right::Decide, participant::note),
        ),
        (
            post(),
            "/console/{campaign}/participants/{p}/block",
            seated(Right::Edit, participant::block),
        ),
        (
            post(),
            "/console/{campaign}/participants/{p}/mail",
            seated(Right::Edit, participant::lift),
        ),
        (
            post(),
            "/console/{campaign}/participants/{p}/code",
            seated(Right::Edit, participant::code),
        ),
        (
            get(),
            "/console/{campaign}/participants/{p}/erase",
            seated(Right::Edit, participant::erasing),
        ),
        (
            post(),
            "/console/{campaign}/participants/{p}/erase",
            seated(Right::Edit, participant::erase),
        ),
        (
            get(),
            "/console/{campaign}/participants/{p}/export",
            seated(Right::Export, participant::export),
        ),
        (get(), "/console/{campaign}/referrals", seated(Right::Look, referrals::list)),
        (post(), "/console/{campaign}/referrals", seated(Right::Decide, referrals::decide)),
        (get(), "/console/{campaign}/rewards", seated(Right::Look, rewards::list)),
        (post(), "/console/{campaign}/rewards", seated(Right::Decide, rewards::act)),
        (get(), "/console/{campaign}/appeals", seated(Right::Look, appeals::list)),
        (post(), "/console/{campaign}/appeals", seated(Right::Decide, appeals::answer)),
        (get(), "/console/{campaign}/coupons", seated(Right::Look, coupons::list)),
        (post(), "/console/{campaign}/coupons", seated(Right::Edit, coupons::change)),
        (get(), "/console/{campaign}/export/{list}", seated(Right::Export, export::list)),
        (get(), "/console/{campaign}/look-up", seated(Right::LookUp, support::ask)),
        (post(), "/console/{campaign}/look-up", seated(Right::LookUp, support::look_up)),
        (get(), "/console/{campaign}/invite", seated(Right::Invite, support::ask_invitation)),
        (post(), "/console/{campaign}/invite", seated(Right::Invite, support::invite)),
        (get(), "/console/{campaign}/briefing", seated(Right::LookUp, support::brief)),
        (get(), "/console/{campaign}/customer-sign-in", seated(Right::Govern, keys::secret)),
        (
            post(),
            "/console/{campaign}/customer-sign-in/change",
            seated(Right::Govern, keys::change_secret),
        ),
    ];
    routes.extend(mails());
    routes.extend(terms());
    routes.extend(set_up());
    routes.extend(imports());
    routes
}

/// What people are written.
fn mails() -> Vec<(Method, &'static str, Endpoint)> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        (get(), "/console/{campaign}/mail", seated(Right::Look, mail::show)),
        (post(), "/console/{campaign}/mail", seated(Right::Govern, mail::change)),
        (post(), "/console/{campaign}/mail/returned", seated(Right::Govern, mail::change_returned)),
        (get(), "/console/{campaign}/mail/sent", seated(Right::Look, mail::outbox)),
        // It shows links by which people sign in.
        (get(), "/console/{campaign}/mail/inbox", seated(Right::Govern, mail::inbox)),
        (get(), "/console/{campaign}/mail/{kind}", seated(Right::Look, mail::template)),
        (post(), "/console/{campaign}/mail/{kind}", seated(Right::Edit, mail::change_template)),
    ]
}

/// What a campaign promises, and on which terms.
fn terms() -> Vec<(Method, &'static str, Endpoint)> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        (get(), "/console/{campaign}/rules", seated(Right::Look, rules::list)),
        (post(), "/console/{campaign}/rules", seated(Right::Edit, rules::act)),
        (get(), "/console/{campaign}/rules/{rule}", seated(Right::Edit, rules::one)),
        (post(), "/console/{campaign}/rules/{rule}", seated(Right::Edit, rules::change)),
        (get(), "/console/{campaign}/settings", seated(Right::Look, settings::show)),
        (post(), "/console/{campaign}/settings", seated(Right::Edit, settings::change)),
        (get(), "/console/{campaign}/card", seated(Right::Look, card::show)),
        (post(), "/console/{campaign}/card", seated(Right::Edit, card::change)),
        (get(), "/console/{campaign}/design", seated(Right::Look, design::show)),
        (post(), "/console/{campaign}/design", seated(Right::Edit, design::change).sized(&PICTURE)),
        (get(), "/console/{campaign}/design/preview", seated(Right::Look, design::preview)),
        (get(), "/console/{campaign}/versions", seated(Right::Look, versions::list)),
        (get(), "/console/{campaign}/versions/{version}", seated(Right::Look, versions::one)),
    ]
}

/// A new programme, and the tag of one.
fn set_up() -> Vec<(Method, &'static str, Endpoint)> {
    let (get, post) = (|| Method::GET, || Method::POST);
    vec![
        (get(), "/console/new", seated(Right::Edit, setup::begin)),
        (post(), "/console/new", seated(Right::Edit, setup::start)),
        (get(), "/console/new/{setup}", seated(Right::Edit, setup::take_up)),
        (get(), "/console/new/{setup}/preview", seated(Right::Edit, setup::look)),
        (post(), "/console/new/{setup}/drop", seated(Right::Edit, setup::discard)),
        (get(), "/console/new/{setup}/{step}", seated(Right::Edit, setup::show)),
        (post(), "/console/new/{setup}/{step}", seated(Right::Edit, setup::take)),
        (get(), "/console/{campaign}/forms", seated(Right::Look, forms::show)),
        (post(), "/console/{campaign}/forms", seated(Right::Edit, forms::decide)),
        (get(), "/console/{campaign}/install", seated(Right::Look, install::show)),
        (post(), "/console/{campaign}/install", seated(Right::Edit, install::change)),
        (get(), "/console/{campaign}/install/state", seated(Right::Look, install::state)),
        (get(), "/console/{campaign}/install/go", seated(Right::Edit, install::go)),
    ]
}

/// Those of imports.
fn imports() -> [(Method, &'static str, Endpoint); 6] {
    let (get, post) = (|| Method::GET, || Method::POST);
    [
        (get(), "/console/{campaign}/import", seated(Right::Edit, import::list)),
        (post(), "/console/{campaign}/import", seated(Right::Edit, import::begin).sized(&FILE)),
        (get(), "/console/{campaign}/import/{import}", seated(Right::Edit, import::show)),
        (post(), "/console/{campaign}/import/{import}", seated(Right::Edit, import::change)),
        (
            post(),
            "/console/{campaign}/import/{import}/piece",
            seated(Right::Edit, import::piece).sized(&PIECE),
        ),
        (get(), "/console/{campaign}/import/{import}/bad.csv", seated(Right::Edit, import::bad)),
    ]
}

#[cfg(test)]
mod tests {
    mod export;
    mod forms;
    mod import;
    mod imported;
    mod install;
    mod overview;
    mod participant;
    mod participants;
    mod referrals;
    mod rewards;
    mod seat;
    mod setup;

    use axum::body::Body;
    use http::{StatusCode, header};
    use shared::{email::Email, team::Role};

    use super::*;
    use crate::{
        bench::Bench,
        routes::ask::Access,
        sql,
        store::{members, sessions},
    };

    /// A member of each role, by the secret of their session.
    async fn members(bench: &Bench) -> Vec<(Role, String)> {
        let mut seats = Vec::new();
        for role in Role::ALL {
            let (id, now) = (role.name(), bench.now.get());
            let email = Email::parse(&format!("{id}@team.example")).unwrap();
            bench.write(members::insert(id, role, &email, members::OWNER, now)).await;
            seats.push((role, bench.seat(id).await));
        }
        seats
    }

    #[tokio::test]
    async fn r_team_1_every_route_of_the_console_opens_to_the_roles_that_may_and_no_other() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let id = campaign.rsplit('/').next().unwrap();
        let seats = members(&bench).await;
        for (method, path, endpoint) in routes() {
            let Access::Member(right) = endpoint.access else { continue };
            if path == "/console/sign-out" {
                continue;
            }
            let path = path
                .replace("{campaign}", id)
                .replace("{kind}", "goalAchieved")
                .replace("{p}", "nobody")
                .replace("{setup}", "nothing")
                .replace("{step}", "goal")
                .replace("{version}", "1")
                .replace("{rule}", "new")
                .replace("{list}", "decisions")
                .replace("{import}", "nothing")
                .replace("{member}", "nobody")
                .replace("{key}", "nothing");
            assert!(!path.contains('{'), "{path}: tell this test what to put there");
            for (role, session) in &seats {
                let csrf = format!("csrf={}", bench.csrf(session));
                let mut request = bench.form(&path, session, &csrf);
                *request.method_mut() = method.clone();
                let answer = bench.send(request).await;
                let forbidden = answer.status == StatusCode::FORBIDDEN;
                let refused = forbidden && answer.text.contains("data-role");
                assert_eq!(refused, !role.may(right), "{role:?} {method} {path} {}", answer.status);
                assert_eq!(forbidden, refused, "{role:?} {method} {path}");
            }
            let nobody = bench.send(bench.request(method.clone(), &path, Body::empty())).await;
            assert_eq!(nobody.status, StatusCode::FORBIDDEN, "{method} {path}");
        }
    }

    #[tokio::test]
    async fn r_team_4_no_form_of_the_console_is_taken_from_another_page() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let id = campaign.rsplit('/').next().unwrap();
        let session = bench.seat(members::OWNER).await;
        let other = bench.seat(members::OWNER).await;
        let (own, others) = (bench.csrf(&session), bench.csrf(&other));
        let rows = || bench.number(sql!("-- t\n SELECT count(*) AS n FROM audit"));
        let before = rows().await;
        let mut count = 0;
        for (method, path, endpoint) in routes() {
            if method != Method::POST || !matches!(endpoint.access, Access::Member(_)) {
                continue;
            }
            count += 1;
            let path =
                path.replace("{campaign}", id).replace("{member}", "m").replace("{key}", "k");
            let ours = format!("csrf={own}");
            let stolen = format!("csrf={others}");
            for (form, header, value) in [
                ("", "host", "link.example"),
                (&*stolen, "host", "link.example"),
                (&*ours, "origin", "https://evil.example"),
                (&*ours, "origin", "null"),
                (&*ours, "sec-fetch-site", "cross-site"),
                (&*ours, "sec-fetch-site", "same-site"),
            ] {
                let mut request = bench.form(&path, &session, form);
                request.headers_mut().insert(header::HOST, "link.example".parse().unwrap());
                request.headers_mut().insert(header, value.parse().unwrap());
                let answer = bench.send(request).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {header} {value}");
            }
        }
        assert!(14 < count);
        assert_eq!(rows().await, before);
    }

    #[tokio::test]
    async fn r_team_4_a_form_without_the_sessions_token_changes_nothing() {
        let bench = Bench::new().await;
        let session = bench.seat(members::OWNER).await;
        let post = async |form: &str, origin: Option<&str>| {
            let mut request = bench.form("/console/sign-out", &session, form);
            if let Some(origin) = origin {
                request.headers_mut().insert(header::HOST, "link.example".parse().unwrap());
                request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
            }
            bench.send(request).await.status
        };
        let token = bench.csrf(&session);
        for form in ["", "csrf=", "csrf=guess", &format!("csrf={token}x")] {
            assert_eq!(post(form, None).await, StatusCode::FORBIDDEN, "{form}");
        }
        let old = bench.form("/console/sign-out?lang=en", &session, "csrf=old");
        let page = bench.send(old).await.text;
        assert!(page.contains("Reload it and try again.") && !page.contains("for its owner"));
        let form = format!("csrf={token}");
        assert_eq!(post(&form, Some("https://evil.example")).await, StatusCode::FORBIDDEN);
        let hash = crate::engine::entry::hash(&session);
        let now = bench.now.get();
        assert!(sessions::member(&bench.app.db, &hash, now).await.unwrap().is_some());
        assert_eq!(post(&form, Some("https://link.example")).await, StatusCode::SEE_OTHER);
        assert!(sessions::member(&bench.app.db, &hash, now).await.unwrap().is_none());
    }
}
