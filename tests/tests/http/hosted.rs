//! What differs most between the hosts of the pages for members and participants: a file that goes in
//! and comes out as bytes, and people whom the cron forgets.

use serde_json::json;
use tests::http::{Answer, get, post};
use tests::wait::within;
use tests::{Campaign, Host, Setup, on_both_hosts};

on_both_hosts!(
    r_look_4_a_logo_comes_out_as_the_file_that_went_in,
    r_me_12_an_address_that_nobody_showed_to_be_theirs_is_forgotten,
);

const SITE: &str = "https://shop.example";

/// A session of the owner's: its cookie.
fn enter(host: &Host) -> String {
    let link = host.owner_link();
    let token = link.rsplit('#').next().expect("a token");
    let form = post(&format!("{}/console/enter", host.url()));
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let entered = form.body(format!("token={token}").into_bytes()).send().expect(303);
    let cookie = entered.header("set-cookie").expect("a cookie");
    cookie.split(';').next().expect("a pair").to_owned()
}

/// A picture of one pixel with every byte in it that may get lost on its way.
fn picture() -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    let bytes: Vec<u8> = (0..=255).collect();
    let text = [&b"\0\0\x01\0tEXt"[..], &bytes, b"\0\0\0\0"].concat();
    let drawn = b"\0\0\0\x01IDAT\0\0\0\0\0";
    [&head[..], &text, drawn, b"\0\0\0\0IEND\xaeB`\x82"].concat()
}

fn r_look_4_a_logo_comes_out_as_the_file_that_went_in(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on(SITE, "/landing"));
    let cookie = enter(host);
    let page = format!("{}/console/{}/design", host.url(), campaign.id);
    let shown = get(&page).header("cookie", &cookie).send().expect(200).text();
    let csrf = shown.split("name=\"csrf\" value=\"").nth(1).expect("a form");
    let csrf = csrf.split('"').next().expect("a token");
    let sends = |file: &[u8]| -> Answer {
        let part = |head: &str| format!("--b7\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        let file_head = part("name=\"file\"; filename=\"a.png\"");
        let before = [&part("name=\"csrf\""), csrf, "\r\n", &file_head].concat();
        let after = ["\r\n", &part("name=\"act\""), "logo\r\n--b7--\r\n"].concat();
        let body = [before.as_bytes(), file, after.as_bytes()];
        let call = post(&page).header("cookie", &cookie).body(body.concat());
        call.header("content-type", "multipart/form-data; boundary=b7").send()
    };
    let file = picture();
    let _ = sends(b"<svg onload=\"alert(1)\"/>").expect(400);
    let _ = sends(&file[..40]).expect(400);
    let _ = sends(&file).expect(303);
    let told = host.api("GET", &campaign.path("")).send().expect(200).json();
    let address = told["companyLogoImageUrl"].as_str().expect("an address").to_owned();
    let path = &address[address.find("/c/").expect("a path")..];
    let served = get(&format!("{}{path}", host.url())).send().expect(200);
    assert_eq!(served.bytes, file);
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ] {
        assert_eq!(served.header(name), Some(value), "{name}");
    }
}

fn r_me_12_an_address_that_nobody_showed_to_be_theirs_is_forgotten(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on(SITE, "/landing"));
    campaign.writes();
    let joins = |name: &str| {
        let form = post(&format!("{}/me/{}/join", host.url(), campaign.id));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let card = get(&format!("{}/c/{}/card.json", host.url(), campaign.id)).send();
        let terms = card.expect(200).json()["version"].as_str().expect("a version").to_owned();
        let body = format!("email={name}%40example.com&agreed=1&terms={terms}");
        let _ = form.body(body.into_bytes()).send().expect(202);
        let email = format!("{name}@example.com");
        within(PATIENCE, || campaign.participant(&email)).expect("a participant")
    };
    let (old, new) = (joins("old"), joins("new"));
    // The worker of the stories has a carrier that takes nothing; here it took the link.
    let sent = "UPDATE message SET state = 'SENT', settled_at = created_at
                 WHERE subject = ?1 AND kind = 'loginLink' RETURNING seq";
    let of_old = std::slice::from_ref(&old["id"]);
    let link = within(PATIENCE, || host.sql(sent, of_old).first().cloned());
    assert!(link.is_some(), "no link was written");
    // As if it had been a month ago.
    let _ = host.sql("UPDATE joining SET at = at - 2592060000 WHERE participant = ?1", of_old);
    let gone = within(PATIENCE, || {
        host.cron();
        campaign.participant("old@example.com").is_none().then_some(())
    });
    assert!(gone.is_some(), "nobody is forgotten");
    let left = "SELECT (SELECT count(*) FROM person WHERE subject = ?1)
                     + (SELECT count(*) FROM joining WHERE participant = ?1) AS n";
    assert_eq!(host.sql(left, of_old)[0]["n"].as_f64(), Some(0.0));
    assert_eq!(campaign.participant("new@example.com").expect("she stays")["id"], new["id"]);
    // The address is a new person.
    let added = host.api("POST", &campaign.path("/participant"));
    let added = added.json(&json!({ "email": "old@example.com" })).send().expect(200).json();
    assert_ne!(added["id"], old["id"]);
}

/// The native host's cron comes once a minute.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(3);
