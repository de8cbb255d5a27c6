//! Members are invited, change, and go, over the real router.

use http::{Method, StatusCode, header};
use shared::{team::Role, time::Span};

use crate::{
    bench::{Answer, Bench},
    engine::jobs,
    sql,
    store::members::{self, OWNER},
};

/// A form of the team's page.
async fn form(bench: &Bench, session: &str, end: &str, form: &str) -> Answer {
    let form = format!("csrf={}&{form}", bench.csrf(session));
    bench.send(bench.form(&format!("/console/team{end}?lang=en"), session, &form)).await
}

/// Where a form led to.
fn said(answer: &Answer) -> &str {
    let to = answer.headers.get(header::LOCATION).map_or("", |it| it.to_str().unwrap());
    to.rsplit('=').next().unwrap()
}

async fn page(bench: &Bench, session: &str, path: &str) -> Answer {
    let mut request = bench.form(path, session, "");
    *request.method_mut() = Method::GET;
    bench.send(request).await
}

/// Somebody on the team who has come in: their id and session.
async fn member(bench: &Bench, owner: &str, name: &str, role: &str) -> (String, String) {
    let asked = format!("email={name}%40team.example&role={role}");
    assert_eq!(said(&form(bench, owner, "", &asked).await), "invited");
    let all = members::all(&bench.app.db).await.unwrap();
    let email = format!("{name}@team.example");
    let id = all.into_iter().find(|it| it.email.as_ref() == Some(&email)).unwrap().id;
    let session = bench.seat(&id).await;
    (id, session)
}

#[tokio::test]
async fn r_team_8_an_invitation_opens_one_session_within_seven_days() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    let answer = form(&bench, &owner, "", "email=Ann%40team.example&role=REVIEWER").await;
    assert_eq!((answer.status, said(&answer)), (StatusCode::SEE_OTHER, "invited"));
    let again = form(&bench, &owner, "", "email=ann%40TEAM.example&role=OWNER").await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text.contains("is on the team") && again.text.contains("ann@TEAM.example"));
    let wrong = form(&bench, &owner, "", "email=nonsense&role=OWNER").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("value=\"nonsense\"") && wrong.text.contains("name@example.com"));
    // No job holds an address or a link's token.
    let job = "-- t\n SELECT count(*) AS n FROM job WHERE kind = 'INVITATION'
               AND payload NOT LIKE '%team.example%'";
    assert_eq!(bench.number(sql!(job)).await, 1);
    jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
    let link =
        "-- t\n SELECT expires_at - created_at AS n FROM entry_link WHERE subject <> 'owner'";
    assert_eq!(bench.number(sql!(link)).await, Span::days(7).0);
    let shown = page(&bench, &owner, "/console/team?said=invited&lang=en").await;
    assert!(shown.text.contains("Ann@team.example") && shown.text.contains("7 days"));
    assert!(shown.text.contains("not here yet"));
}

#[tokio::test]
async fn r_team_8_an_invitation_is_in_the_language_of_who_invites() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    for (lang, subject) in [("en", "You are invited"), ("fr", "Vous êtes invité")] {
        let csrf = bench.csrf(&owner);
        let asked = format!("csrf={csrf}&email={lang}%40team.example&role=VIEWER");
        let asked = bench.form(&format!("/console/team?lang={lang}"), &owner, &asked);
        assert_eq!(said(&bench.send(asked).await), "invited");
        jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
        bench.pass(Span(1));
        let kept = bench.app.mail.kept(9).unwrap();
        let to = format!("{lang}@team.example");
        let found = kept.iter().find(|it| it.to == to).unwrap();
        assert!(found.subject.starts_with(subject), "{}", found.subject);
    }
}

#[tokio::test]
async fn r_team_8_who_was_invited_is_written_to_again_until_they_came_in() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    form(&bench, &owner, "", "email=ann%40team.example&role=VIEWER").await;
    let all = members::all(&bench.app.db).await.unwrap();
    let ann = all.into_iter().find(|it| it.email.is_some()).unwrap().id;
    let path = format!("/{ann}/invitation");
    for expected in ["again", "again", "again", "again", "again", "too-often"] {
        assert_eq!(said(&form(&bench, &owner, &path, "").await), expected);
    }
    let jobs = "-- t\n SELECT count(*) AS n FROM job WHERE kind = 'INVITATION'";
    assert_eq!(bench.number(sql!(jobs)).await, 6);
    bench.seat(&ann).await;
    assert_eq!(said(&form(&bench, &owner, &path, "").await), "joined");
    let nobody = form(&bench, &owner, "/nobody/invitation", "").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_team_3_a_removed_members_next_request_is_refused_and_so_are_their_links() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    bench.campaign("CUSTOM").await;
    let (ann, hers) = member(&bench, &owner, "ann", "MANAGER").await;
    assert_eq!(page(&bench, &hers, "/console").await.status, StatusCode::SEE_OTHER);
    jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
    let links = "-- t\n SELECT count(*) AS n FROM entry_link WHERE subject <> 'owner'";
    assert!(0 < bench.number(sql!(links)).await);
    assert_eq!(said(&form(&bench, &owner, &format!("/{ann}/remove"), "").await), "removed");
    assert_eq!(page(&bench, &hers, "/console").await.status, StatusCode::FORBIDDEN);
    assert_eq!(bench.number(sql!(links)).await, 0);
    let person = "-- t\n SELECT count(*) AS n FROM person WHERE kind = 'MEMBER'";
    assert_eq!(bench.number(sql!(person)).await, 0);
    // The second time, and somebody unknown.
    for id in [&*ann, "nobody"] {
        let answer = form(&bench, &owner, &format!("/{id}/remove"), "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    // Their address can be invited anew.
    member(&bench, &owner, "ann", "VIEWER").await;
}

#[tokio::test]
async fn r_team_7_a_role_holds_from_the_next_request_and_the_last_owner_stays() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    let (ann, hers) = member(&bench, &owner, "ann", "OWNER").await;
    let (bob, his) = member(&bench, &owner, "bob", "VIEWER").await;
    assert_eq!(page(&bench, &his, "/console/team").await.status, StatusCode::FORBIDDEN);
    // Ann is the only owner with an address.
    let role = |id: &str| format!("/{id}/role");
    let demote = "role=MANAGER";
    assert_eq!(said(&form(&bench, &hers, &role(&ann), demote).await), "last-owner");
    assert_eq!(said(&form(&bench, &hers, &format!("/{ann}/remove"), "").await), "last-owner");
    for end in ["role", "remove"] {
        let answer = form(&bench, &hers, &format!("/{OWNER}/{end}"), demote).await;
        assert_eq!(said(&answer), "machine");
    }
    assert_eq!(said(&form(&bench, &hers, &role(&bob), "role=OWNER").await), "changed");
    assert_eq!(page(&bench, &his, "/console/team").await.status, StatusCode::OK);
    assert_eq!(said(&form(&bench, &hers, &role(&ann), demote).await), "changed");
    assert_eq!(page(&bench, &hers, "/console/team").await.status, StatusCode::FORBIDDEN);
    // Whoever runs the machine may do as they please.
    assert_eq!(said(&form(&bench, &owner, &role(&bob), demote).await), "changed");
    let wrong = form(&bench, &owner, &role(&bob), "role=KING").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn r_team_7_two_owners_who_let_each_other_go_at_once_leave_one() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    let (ann, hers) = member(&bench, &owner, "ann", "OWNER").await;
    let (bob, his) = member(&bench, &owner, "bob", "OWNER").await;
    let act = |session: &str, id: &str| {
        let form = format!("csrf={}&role=VIEWER", bench.csrf(session));
        bench.form(&format!("/console/team/{id}/role"), session, &form)
    };
    let requests = (0..20).map(|n| if n % 2 == 0 { act(&hers, &bob) } else { act(&his, &ann) });
    bench.at_once(requests).await;
    let all = members::all(&bench.app.db).await.unwrap();
    let owners = all.iter().filter(|it| it.role == Role::Owner && it.id != OWNER).count();
    assert_eq!(owners, 1);
}

#[tokio::test]
async fn the_team_has_a_name_of_its_own() {
    let bench = Bench::new().await;
    let owner = bench.seat(OWNER).await;
    assert_eq!(said(&form(&bench, &owner, "/name", "team=+The+Shop+").await), "renamed");
    assert_eq!(bench.get("/v2/team").await.ok()["name"], "The Shop");
    assert_eq!(said(&form(&bench, &owner, "/name", "team=").await), "no-name");
    let shown = page(&bench, &owner, "/console/team?said=no-name&lang=fr").await;
    assert!(shown.text.contains("value=\"The Shop\"") && shown.text.contains("100 caractères"));
}
