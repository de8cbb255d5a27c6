//! What the team types into the forms that the console's pages hold.

use std::collections::BTreeSet;

use http::{Method, StatusCode, header};
use serde_json::Value;
use shared::{setup::Step, time::Span};

use super::{
    MARK, OWN, SETUP, Scene, encoded,
    forms::{Form, of_page},
    plain, route_of,
};
use crate::{
    bench::Answer,
    engine::entry,
    routes::console,
    store::{members, sessions::Kind},
};

/// Every form that a page of the console holds; those that end something come last.
async fn found(it: &mut Scene, paths: &[String]) -> Vec<Form> {
    let mut all: Vec<Form> = Vec::new();
    let cookie = format!("__Host-prn-console={}", it.owner);
    for path in paths {
        let answer = it.send(Method::GET, path, &[(header::COOKIE, &*cookie)], "").await;
        let people = &mut it.people;
        all.extend(of_page(&answer.text, path, |to, name, kind| {
            let is_own = route_of(to).is_some_and(|it| OWN.contains(&&*it));
            if kind == "email" || ["email", "referrer", "to", "whom"].contains(&name) {
                *people += 1;
                return format!("{MARK}.{people}@mail.example");
            }
            if is_own { "Own words".into() } else { format!("{MARK} {name}") }
        }));
    }
    // The same form on several pages, such as the one that ends the session, is sent once.
    let mut known = BTreeSet::new();
    all.retain(|it| {
        let names: Vec<&str> = it.fields.iter().map(|it| it.0.as_str()).collect();
        known.insert(format!("{} {names:?} {}", it.path, it.deed()))
    });
    let ends = |it: &Form| {
        let ends = ["erase", "remove", "revoke", "end", "drop", "role"];
        let path = it.path.split('?').next().unwrap_or_default();
        usize::from(ends.iter().any(|end| path.ends_with(end)) || it.deed() == "cancel")
            + 2 * usize::from(path.ends_with("sign-out"))
    };
    all.sort_by_key(ends);
    all
}

async fn fills(it: &mut Scene, form: &Form) -> Answer {
    if !form.has_file {
        let pairs = form.fields.iter().filter(|it| it.0 != "csrf");
        let pairs: Vec<_> =
            pairs.map(|it| format!("{}={}", encoded(&it.0), encoded(&it.1))).collect();
        return it.form(&form.path, &pairs.join("&")).await;
    }
    let mut body = String::new();
    let file = format!("email,firstName\n{},{MARK}\n{MARK},{MARK}\n", it.address());
    let file = ("file\"; filename=\"f.csv".to_owned(), file);
    for (name, value) in form.fields.iter().chain([&file]) {
        let head = format!("--b7\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend([&*head, "\r\n\r\n", value, "\r\n"]);
    }
    let cookie = format!("__Host-prn-console={}", it.owner);
    let kind = "multipart/form-data; boundary=b7";
    let headers = [(header::CONTENT_TYPE, kind), (header::COOKIE, &*cookie)];
    let answer = it.send(Method::POST, &form.path, &headers, body + "--b7--\r\n").await;
    it.saw(route_of(&form.path), &answer);
    answer
}

/// The ids that a statement finds.
pub(super) async fn known(it: &Scene, sql: &'static str) -> Vec<String> {
    let rows = it.bench.app.db.all(plain(sql)).await;
    let rows: Vec<Value> = rows.unwrap();
    rows.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

/// The pages of the console, and what the team says on them.
pub(super) async fn team(it: &mut Scene) {
    let bob = encoded(&it.address());
    it.form("/console/team", &format!("email={bob}&role=VIEWER")).await;
    let key = "form=1&name=Other&scopes[team:read]=1&days=30";
    it.form("/console/keys", key).await;
    it.form("/console/new", &format!("setup={SETUP}&goal=shop")).await;
    let import = format!("/console/{}/import", it.id);
    let whole = Form { path: import.clone(), fields: vec![], has_file: true };
    for what in ["participants", "customers"] {
        let csrf = ("csrf".to_owned(), it.bench.csrf(&it.owner));
        let fields = vec![csrf, ("what".to_owned(), what.to_owned())];
        let begun = fills(it, &Form { fields, ..whole.clone() }).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
    }
    let begun = it.form(&import, "what=participants&pieces=1").await.ok();
    let piece = format!("{import}/{}/piece?from=0&last=true", begun["id"].as_str().unwrap());
    let person = format!("%0A{MARK}@mail.example,{MARK}\n");
    it.form(&piece, &person).await;

    let all = "-- t
        SELECT id FROM import UNION ALL SELECT id FROM rule WHERE removed_at IS NULL";
    let ids = known(it, all).await;
    let mut paths = Vec::new();
    for (method, route, _) in console::routes() {
        if method != Method::GET || route.contains(".csv") || route.contains("/export") {
            continue;
        }
        let path = route.replace("{campaign}", &it.id).replace("{p}", &it.ada);
        let path = path.replace("{setup}", SETUP).replace("{version}", "1");
        let each: Vec<String> = match () {
            () if path.contains("{step}") => {
                Step::ALL.iter().map(|it| path.replace("{step}", it.path())).collect()
            }
            () if path.contains("{kind}") => {
                ["goalAchieved", "loginLink"].map(|it| path.replace("{kind}", it)).to_vec()
            }
            () if path.contains("{import}") || path.contains("{rule}") => {
                let ids =
                    ids.iter().filter(|it| it.starts_with("crew_") == path.contains("{rule}"));
                ids.map(|it| path.replace("{import}", it).replace("{rule}", it)).collect()
            }
            () => vec![path],
        };
        assert!(
            each.iter().all(|it| !it.contains('{')),
            "{each:?}: tell this test what to put there"
        );
        paths.extend(each);
    }
    for list in ["participants?show=review", "referrals?show=held", "rewards?show=all"] {
        paths.push(format!("/console/{}/{list}&q={MARK}", it.id));
        paths.push(format!("/console/{}/{list}", it.id));
    }
    let mut all = found(it, &paths).await;
    // Without its key the back end would say nothing more.
    let keys = known(it, "-- t\n SELECT id FROM api_key WHERE name = 'test'").await;
    all.retain(|it| !it.path.contains(&keys[0]));
    assert!(60 < all.len(), "{}", all.len());
    for form in &all {
        let answer = fills(it, form).await;
        assert!(!answer.status.is_server_error(), "{form:?} {}", answer.text);
        if form.path.ends_with("sign-out") {
            it.owner = it.bench.seat(members::OWNER).await;
        }
    }
    by_hand(it).await;
}

/// What no page of this programme asks, because nothing has come to it yet, or a script asks it.
async fn by_hand(it: &mut Scene) {
    let (id, ada) = (it.id.clone(), it.ada.clone());
    let (token, link) = entry::link(&it.bench.call(), Kind::Member, members::OWNER, Span::hours(1));
    it.bench.write([link]).await;
    let left = "-- t\n SELECT id FROM participant WHERE erased_at IS NULL ORDER BY id LIMIT 1";
    let left = known(it, left).await.remove(0);
    let new = encoded(&it.address());
    for (path, form) in [
        ("/console/enter".to_owned(), format!("token={MARK}")),
        ("/console/enter".into(), format!("token={token}")),
        (format!("/console/{id}/look-up"), format!("whom={left}")),
        (format!("/console/{id}/coupons"), "act=pool&name=own&low=1".into()),
        (format!("/console/{id}/customer-sign-in/change"), "generation=1".into()),
        (
            format!("/console/{id}/participants/add"),
            format!("email={new}&firstName={MARK}&consent=1"),
        ),
        (format!("/console/{id}/participants/{left}/code"), "code=own-words".into()),
        (format!("/console/{id}/participants/{left}/mail"), format!("note={MARK}")),
        (format!("/console/{id}/install"), "act=test&page=shop.example".into()),
        ("/console/sign-in".into(), format!("email={MARK}.9@mail.example")),
        ("/console/sign-in".into(), format!("email={MARK}")),
        ("/console/passkey/challenge".into(), format!("email={MARK}")),
        ("/console/passkey".into(), format!("{{\"id\":\"{MARK}\"}}")),
        ("/console/me/sessions/end".into(), format!("session={MARK}")),
        // An owner without an address has no such form.
        ("/console/me/messages".into(), format!("{MARK}=on")),
        ("/console/me/passkeys/challenge".into(), String::new()),
        ("/console/me/passkeys".into(), format!("name={MARK}")),
        ("/console/me/passkeys/remove".into(), format!("passkey={MARK}")),
        (format!("/console/new/{SETUP}/drop"), String::new()),
        (format!("/console/{id}/mail/returned"), "generation=1".into()),
        (format!("/console/{id}/participants/{ada}/mail"), format!("note={MARK}")),
        (
            format!("/console/{id}/mail/loginLink?of=en"),
            format!("act=test&to={MARK}@mail.example&subject=a&body=b"),
        ),
    ] {
        it.form(&path, &form).await;
    }
}
