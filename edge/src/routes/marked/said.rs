//! What back ends, browsers and participants say, by the handlers that take it.

use serde_json::json;
use shared::{lang::Lang, secret::mac, time::Span};

use super::{MARK, Scene, encoded, plain, typed::known};
use crate::{
    engine::{entry, guest, mail::refusal},
    mail,
    store::sessions::Kind,
};

/// What the back end says.
pub(super) async fn back_end(it: &mut Scene) {
    let team = json!({ "name": "Shop" });
    it.says("team::update", "PATCH", "/v2/team", team).await;
    let made = json!({ "type": "REFERRAL", "name": "Another" });
    it.says("campaigns::create", "POST", "/v2/campaigns", made).await;
    it.says("campaigns::update", "PATCH", "", json!({ "name": "Friends" })).await;
    let lists =
        json!({ "allowedEmails": [it.address()], "blockedEmails": [format!("*@{MARK}.example")] });
    let options = json!({ "fraud": lists, "requireManualRewardApproval": true });
    it.says("options::update", "PATCH", "/options", options).await;
    it.says("installation::update", "PATCH", "/installation", json!({ "captureUnreferred": true }))
        .await;
    let on = json!({ "settings": { "isEnabled": true, "sender": { "fromName": "Shop" } } });
    it.says("emails::update", "PATCH", "/emails", on).await;
    let rule = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "BADGE" } });
    let rule = it.says("reward_configs::create", "POST", "/reward-configs", rule).await;
    let rule = format!("/reward-configs/{}", rule["id"].as_str().unwrap());
    it.says("reward_configs::update", "PATCH", &rule, json!({ "title": "A badge" })).await;
    it.says("coupons::create", "POST", "/coupon-pools", json!({ "name": "p" })).await;
    it.says("coupons::update", "PATCH", "/coupon-pools/p", json!({ "lowStock": 1 })).await;
    let codes = json!({ "codes": ["A-1", "A-2"] });
    it.says("coupons::import", "POST", "/coupon-pools/p/coupons", codes).await;
    it.says("coupons::withdraw", "DELETE", "/coupon-pools/p/coupons/A-1", json!({})).await;
    it.says("coupons::remove", "DELETE", "/coupon-pools/p", json!({})).await;
    let hashes = json!({ "hashes": ["a".repeat(64)] });
    it.says("customers::import", "POST", "/customers", hashes).await;
    it.says("customers::forget", "DELETE", "/customers", json!({})).await;
    it.says("attribution_keys::rotate", "POST", "/attribution-keys", json!({})).await;

    let mut person = async |referrer: Option<&str>, host: &str, status: Option<&str>| {
        let email = it.address().replace("mail.example", host);
        let body = json!({
            "email": email, "firstName": MARK, "lastName": format!("van {MARK}"), "referredBy": referrer,
            "referralStatus": status, "metadata": { "plan": format!("{MARK} at home") },
        });
        let made = it.says("participants::add", "POST", "/participant", body).await;
        (email, made["id"].as_str().unwrap().to_owned())
    };
    let (first, ada) = person(None, "mail.example", None).await;
    let (bob, _) = person(Some(&ada), "mail.example", None).await;
    let (gone, _) = person(Some(&first), "mail.example", None).await;
    let (waits, _) = person(Some(&ada), "mail.example", Some("CREDIT_PENDING")).await;
    for _ in 0..3 {
        person(Some(&ada), "yopmail.com", None).await;
    }
    it.ada = ada;
    let of = |who: &str, end: &str| format!("/participant/{who}{end}");
    let letter = json!({ "subject": MARK, "body": format!("<p>{MARK}</p>") });
    it.says("emails::send", "POST", &of(&bob, "/email"), letter).await;
    let order = json!({ "currency": "EUR", "grossAmount": 100, "orderId": "1" });
    it.says("transaction::record", "POST", &of(&bob, "/transaction"), order).await;
    let refund = json!({ "orderId": "1", "amendmentType": "REFUND" });
    it.says("refund::record", "POST", &of(&bob, "/transaction/refund"), refund).await;
    let later = json!({ "delayInDays": 3 });
    it.says("referrals::trigger", "POST", &of(&waits, "/ref"), later).await;
    it.says("referrals::cancel", "DELETE", &of(&waits, "/ref"), json!({})).await;
    let found = it.bench.get(&format!("{}/participant/{first}/rewards", it.campaign)).await.ok();
    let rewards = found["rewards"].as_array().unwrap().clone();
    let ids = |kind: &str| {
        let all = rewards.iter().filter(|it| it["kind"] == kind);
        all.map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (gifts, coupons) = (ids("GIFT"), ids("COUPON"));
    let address = json!({ "address": {
        "name": MARK, "line1": MARK, "postalCode": "1", "city": MARK, "country": "FR" } });
    let path = of(&first, &format!("/reward/{}", gifts[0]));
    it.says("reward_choices::update", "PATCH", &path, address).await;
    let reward = |end: &str| format!("/reward/{end}");
    let keep = json!({ "fulfill": false });
    it.says("rewards::approve", "POST", &reward(&format!("{}/approve", coupons[0])), keep).await;
    let given = reward(&format!("{}/fulfill", coupons[0]));
    it.says("rewards::fulfill", "POST", &given, json!({})).await;
    it.says("rewards::remove", "DELETE", &reward(&coupons[1]), json!({})).await;
    it.says("reward_configs::remove", "DELETE", &rule, json!({})).await;
    it.says("participants::remove", "DELETE", &of(&gone, ""), json!({})).await;
}

/// What browsers say on the site, and then people on their own page.
pub(super) async fn browsers(it: &mut Scene) {
    // The team has forgotten the first.
    let (email, friend) = (it.address(), it.address());
    let person = json!({ "email": email, "firstName": MARK });
    let ada = it.says("participants::add", "POST", "/participant", person).await["id"].clone();
    let person = json!({ "email": friend, "referredBy": ada });
    it.says("participants::add", "POST", "/participant", person).await;
    it.ada = ada.as_str().unwrap().to_owned();
    let call = it.bench.call();
    let (token, link) = entry::link(&call, Kind::Participant, &it.ada, Span::hours(1));
    it.bench.write([link]).await;
    let session = entry::enter(&it.bench.app, &call, Kind::Participant, &token).await;
    it.guest = session.unwrap().unwrap();
    let (id, ada) = (it.id.clone(), it.ada.clone());
    let secret = guest::secret(&it.bench.app, &id).await.unwrap().1;
    let hash: String =
        mac(secret.as_bytes(), &[email.as_bytes()]).iter().map(|it| format!("{it:02x}")).collect();
    let mark = known(it, "-- t\n SELECT mark AS id FROM installation_test").await.remove(0);
    let token = it.bench.token(&it.campaign, &ada);
    // A form as a page has it: its words are the site's, what is typed is nobody else's.
    let field = |name: &str, tag: &str, kind: &str| {
        json!({ "name": name, "label": name, "tag": tag, "type": kind, "visible": true,
                "value": MARK, "typed": true })
    };
    let letter = json!({
        "id": "write", "heading": "Contact", "buttons": ["Send"], "page": { "path": "/contact" },
        "fields": [field("email", "input", "email"), field("message", "textarea", "textarea")],
    });
    for (handler, end, mut body) in [
        ("routes::browser::visit::record", "visit", json!({})),
        ("routes::browser::consent::record", "consent", json!({ "consent": "GRANTED" })),
        ("routes::browser::share::record", "share", json!({ "code": ada, "channel": "whatsapp" })),
        ("routes::browser::trial::record", "test", json!({ "mark": MARK })),
        ("routes::browser::trial::record", "test", json!({ "mark": mark })),
        ("guest::session", "session", json!({ "email": email, "hash": hash })),
        ("guest::sign_in", "sign-in", json!({ "email": it.address() })),
        ("guest::session", "session", json!({ "email": it.address(), "hash": MARK })),
        ("guest::sign_out", "sign-out", json!({})),
        (
            "routes::browser::lead::record",
            "lead",
            json!({ "elapsed": 9_000,
            "lead": { "email": it.address(), "firstName": MARK, "lastName": MARK } }),
        ),
        ("routes::browser::lead::record", "lead", json!({ "lead": { "email": MARK } })),
        ("routes::browser::named::look_up", "code", json!({ "code": MARK })),
        ("routes::browser::proposal::record", "proposal", json!({ "form": letter })),
    ] {
        body["campaign"] = json!(id);
        for token in [&token, MARK] {
            body["token"] = json!(token);
            body["touch"] = json!(MARK);
            it.browses(handler, &format!("/_p/{end}"), &body.to_string()).await;
        }
    }
    it.browses("guest::sign_out", &format!("/_p/sign-out?campaign={id}"), "{}").await;
    let provider = mail::returned::Provider::Brevo;
    let generation = plain("-- t\n SELECT max(generation) AS n FROM mail_return_secret");
    let generation = u32::try_from(it.bench.number(generation).await).unwrap();
    let path = crate::engine::mail::returned::address(&it.bench.app, generation, provider);
    let path = path.replace("https://link.example", "");
    let back = json!({ "event": "hard_bounce", "email": it.address(), "message-id": "1" });
    it.browses("routes::returned::tell", &path, &back.to_string()).await;

    on_their_page(it, &friend).await;
}

/// What people say on their own page, and the team to them.
async fn on_their_page(it: &mut Scene, friend: &str) {
    let (id, ada) = (it.id.clone(), it.ada.clone());
    let (token, link) = entry::link(&it.bench.call(), Kind::Participant, &ada, Span::hours(1));
    it.bench.write([link]).await;
    let csrf = crate::routes::me::csrf(&it.bench.app, &entry::hash(&it.guest));
    let rewards = it.bench.get(&format!("{}/participant/{ada}/rewards", it.campaign)).await.ok();
    let rewards = rewards["rewards"].as_array().unwrap().clone();
    let gift = rewards.iter().rfind(|it| it["kind"] == "GIFT").unwrap()["id"].clone();
    let lines =
        format!("name={MARK}&line1={MARK}&line2={MARK}&postalCode=1&city={MARK}&country=FR");
    let email = encoded(&it.address());
    let decisions = format!("{}/participant/{ada}/decisions?limit=100", it.campaign);
    let decisions = it.bench.get(&decisions).await.ok();
    let mut decisions = decisions["decisions"].as_array().unwrap().iter();
    let refused = decisions.rfind(|it| it["kind"] == "UNBOUND").unwrap();
    let refused = refused["id"].as_str().unwrap();
    let card = it.bench.get(&format!("/c/{id}/card.json")).await.ok();
    let said = format!("agreed=1&terms={}", card["version"].as_str().unwrap());
    for (handler, end, form) in [
        ("door::join", "/join", format!("email={email}&first_name={MARK}&{said}&token={MARK}")),
        ("door::join", "/join", format!("email={MARK}&first_name={MARK}&{said}")),
        ("door::sign_in", "/sign-in", format!("email={email}")),
        ("door::enter", "/enter", format!("token={MARK}")),
        ("account::update", "/account", format!("first_name={MARK}&named=1&language=en")),
        ("reward::choose", "/reward", format!("reward={}&{lines}", gift.as_str().unwrap())),
        ("told::tell", "/code", "code=zebra-7".into()),
        ("told::tell", "/seen", String::new()),
        ("told::tell", "/appeal", format!("decision={refused}&text={MARK}")),
        ("door::sign_out", "/sign-out", String::new()),
        // Whoever enters leaves the session that they had.
        ("door::enter", "/enter", format!("token={token}")),
    ] {
        let form = format!("csrf={csrf}&{form}");
        it.browses(handler, &format!("/me/{id}{end}?q={MARK}"), &form).await;
    }
    // What the team answers, and says to the form that was met.
    let answer = format!("decision={refused}&act=keep&reply={MARK}");
    it.form(&format!("/console/{id}/appeals"), &answer).await;
    let met = known(it, "-- t\n SELECT signature AS id FROM proposal").await.remove(0);
    it.form(&format!("/console/{id}/forms"), &format!("form={met}&act=never")).await;
    let link =
        refusal::link(&it.bench.app, &id, mail::Kind::ProgressUpdateMonthly, friend, Lang::En);
    it.browses("routes::unsubscribe::record", &link.replace("https://link.example", ""), MARK)
        .await;
    let refuse = format!("/u/{id}/{MARK}/{MARK}/{MARK}");
    it.browses("routes::unsubscribe::record", &refuse, MARK).await;
    it.browses("routes::demo::post", &format!("/demo/shop/{MARK}"), MARK).await;
    let (token, link) = entry::link(&it.bench.call(), Kind::Participant, &ada, Span::hours(1));
    it.bench.write([link]).await;
    let call = it.bench.call();
    let session = entry::enter(&it.bench.app, &call, Kind::Participant, &token).await;
    it.guest = session.unwrap().unwrap();
    let csrf = crate::routes::me::csrf(&it.bench.app, &entry::hash(&it.guest));
    it.browses(
        "account::erase",
        &format!("/me/{id}/erase"),
        &format!("csrf={csrf}&sure=1&x={MARK}"),
    )
    .await;
}
