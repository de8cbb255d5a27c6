//! What a whole story leaves behind: no address of anybody anywhere but in one table, no token, no key.

use serde_json::{Value, json};
use tests::http::{get, post};
use tests::wait::eventually;
use tests::{Campaign, Host, Setup, on_both_hosts};

use crate::clicks::{person, token};

on_both_hosts!(r_privacy_2_nothing_personal_and_nothing_secret_is_left_where_it_does_not_belong);

const SITE: &str = "https://shop.example";
const ADDRESSES: [&str; 2] = ["203.0.113.77", "2001:db8:77:77::77"];
const PEOPLE: [&str; 4] = ["ann.sender", "frida.friend", "order.maker", "hosted.joiner"];

fn r_privacy_2_nothing_personal_and_nothing_secret_is_left_where_it_does_not_belong(
    host: &'static Host,
) {
    let tokens = tell(host);
    host.cron();

    let mut secrets = vec![host.key(), host.secret()];
    // The secret itself may hold the mark that parts it from the rest.
    secrets.extend(host.key().splitn(3, '_').nth(2));
    secrets.extend(ADDRESSES);
    secrets.extend(tokens.iter().map(String::as_str));
    secrets.extend(tokens.iter().filter_map(|it| it.rsplit('.').next()));

    check("the logs", &host.logs(), secrets.iter().copied().chain(PEOPLE));
    check("the cache", &host.cache(), secrets.iter().copied().chain(PEOPLE));
    for table in tables(host) {
        // Bounded by the story: a few rows a table.
        let rows = Value::Array(host.sql(&format!("SELECT * FROM \"{table}\""), &[])).to_string();
        let people = if table == "person" { &[][..] } else { &PEOPLE[..] };
        check(&table, &rows, secrets.iter().copied().chain(people.iter().copied()));
    }
}

#[track_caller]
fn check<'a>(place: &str, text: &str, forbidden: impl Iterator<Item = &'a str>) {
    let text = text.to_lowercase();
    for it in forbidden {
        assert!(!text.contains(&it.to_lowercase()), "{place} tells {it}");
    }
}

fn tables(host: &Host) -> Vec<String> {
    let rows = host.sql("SELECT name FROM sqlite_master WHERE type = 'table'", &[]);
    let names = rows.iter().filter_map(|row| row["name"].as_str());
    let names = names.filter(|it| !it.starts_with("_cf_") && !it.starts_with("sqlite_"));
    let names: Vec<String> = names.map(Into::into).collect();
    assert!(names.iter().any(|it| it == "person"), "{names:?}");
    names
}

/// One story with everything in it that could leave a trace; it returns the tokens it met.
fn tell(host: &'static Host) -> Vec<String> {
    let mut setup = Setup::on(SITE, "/landing");
    setup.consent = "REQUIRED";
    setup.trigger = "CUSTOM";
    let campaign = Campaign::open(host, &setup);
    let ann = campaign.join("ann.sender@example.com", "Ann");
    let mut tokens = Vec::new();

    for address in ADDRESSES {
        let click = host.from_address(address, person(&ann.link(host.url()))).send().expect(302);
        tokens.push(token(&click).expect("a token").to_owned());
    }
    let token = tokens[0].clone();
    let beacon = |endpoint: &str, body: Value| {
        let call =
            post(&format!("{}/_p/{endpoint}", host.url())).header("origin", SITE).beacon(&body);
        host.from_address(ADDRESSES[0], call).send()
    };
    let visit =
        beacon("visit", json!({ "campaign": campaign.id, "token": token })).expect(200).json();
    tokens.extend(visit["token"].as_str().map(Into::into));
    let consent = json!({ "campaign": campaign.id, "token": token, "consent": "GRANTED" });
    let kept = beacon("consent", consent).expect(200).json();
    let touch = kept["touch"].as_str().unwrap_or_default().to_owned();
    tokens.extend(touch.split('~').filter(|it| !it.is_empty()).map(Into::into));
    let lead = json!({ "email": "frida.friend@example.com", "firstName": "Frida" });
    let body = json!({ "campaign": campaign.id, "token": token, "touch": touch, "page": "/landing", "lead": lead });
    assert_eq!(beacon("lead", body).expect(202).json(), json!({ "ok": true }));
    eventually("Frida", || campaign.participant("frida.friend@example.com"));

    tokens.extend(join(host, &campaign));

    // The owner's back end: a participant, a sale, a mistake.
    let body = json!({ "email": "order.maker@example.com", "referredBy": ann.id });
    let path = campaign.path("/participant");
    let _ = host.api("POST", &path).json(&body).send().expect(200);
    for friend in ["frida.friend", "order.maker"] {
        let sale =
            json!({ "currency": "EUR", "grossAmount": 5_000, "orderId": friend.len().to_string() });
        let path = campaign.path(&format!("/participant/{friend}@example.com/transaction"));
        let _ = host.api("POST", &path).json(&sale).send().expect(200);
    }
    let wrong = json!({ "email": "ann.sender at example", "attribution": token });
    let _ = host.api("POST", &path).json(&wrong).send().expect(400);
    let stranger = post(&format!("{}/v2{path}", host.url())).header("authorization", "Bearer no");
    let _ = stranger.json(&wrong).send().expect(403);
    tokens
}

/// Somebody joins on the page for participants, signs in, looks at what is known of them, and mistypes;
/// it returns the secrets that they held.
fn join(host: &'static Host, campaign: &Campaign) -> Vec<String> {
    campaign.writes();
    let page = format!("{}/me/{}", host.url(), campaign.id);
    let form = |end: &str, form: &str| {
        let call = post(&format!("{page}/{end}")).body(form.as_bytes().to_vec());
        host.from_address(
            ADDRESSES[1],
            call.header("content-type", "application/x-www-form-urlencoded"),
        )
    };
    let address = "email=hosted.joiner%40example.com";
    let card =
        get(&format!("{}/c/{}/card.json", host.url(), campaign.id)).send().expect(200).json();
    let agreed = format!("agreed=1&terms={}", card["version"].as_str().expect("a version"));
    let _ =
        form("join", &format!("{address}&first_name=Hosted.Joiner&{agreed}")).send().expect(202);
    let found = eventually("a participant", || campaign.participant("hosted.joiner@example.com"));
    let _ = form("sign-in", address).send().expect(202);
    let _ = form("join", &format!("email=hosted.joiner+at+example&{agreed}")).send().expect(400);
    let link = host.guest_link(&campaign.id, found["id"].as_str().expect("an id"));
    let token = link.rsplit('#').next().expect("a token").to_owned();
    let entered = form("enter", &format!("token={token}")).send().expect(303);
    let cookie = entered.header("set-cookie").expect("a cookie");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let known = get(&format!("{page}/data.json")).header("cookie", &cookie).send().expect(200);
    assert_eq!(known.json()["email"], "hosted.joiner@example.com");
    let session = cookie.split('=').nth(1).expect("a secret").to_owned();
    vec![token, session]
}
