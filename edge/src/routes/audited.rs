//! Every way by which a member or the holder of a key changes something leaves a row in the audit
//! log: all unsafe routes are walked, and one that is added is missed here.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{email::Email, team::Role};

use crate::{
    bench::{Answer, Bench},
    pages::console::log::ACTS,
    routes::{ask::Access, console},
    sql,
    store::{
        audit::{self, Change, Search},
        members,
    },
};

/// A walk through the routes.
struct Walk {
    bench: Bench,
    session: String,
    seen: BTreeSet<String>,
}

impl Walk {
    async fn log(&self) -> Vec<Change> {
        audit::page(&self.bench.app.db, &Search::default(), 1_000).await.unwrap()
    }

    /// The rows that something adds are these, by this kind of caller.
    async fn adds(&self, before: &[Change], by: &str, acts: &[&str], what: &str) {
        let log = self.log().await;
        let new: Vec<&Change> = log.iter().filter(|it| !before.contains(it)).collect();
        // Ids of one millisecond are in no order.
        let mut told: Vec<&str> = new.iter().map(|it| it.act.as_str()).collect();
        let mut expected = acts.to_vec();
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{what}");
        for it in new {
            assert_eq!((it.by_kind.as_str(), it.by_id.is_empty()), (by, false), "{what}");
            assert!(ACTS.iter().any(|act| act.0 == it.act), "{} has no name", it.act);
            let said = format!("{} {} {}", it.subject, it.before, it.after);
            assert!(!said.contains('@'), "{what} names somebody: {said}");
        }
    }

    /// A call of the back end, by the handler that takes it.
    async fn key(&mut self, handler: &str, acts: &[&str], call: (&str, &str, Value)) -> Value {
        let (method, path, body) = call;
        let before = self.log().await;
        let method: Method = method.parse().unwrap();
        let request = self.bench.request(method, path, body.to_string());
        let answer = self.bench.send(request).await.ok();
        self.adds(&before, "KEY", acts, handler).await;
        self.seen.insert(handler.into());
        answer
    }

    /// A form of the console, by its path in the list of routes.
    async fn form(&mut self, route: &str, acts: &[&str], path: &str, form: &str) -> Answer {
        let before = self.log().await;
        let form = format!("csrf={}&{form}", self.bench.csrf(&self.session));
        let answer = self.bench.send(self.bench.form(path, &self.session, &form)).await;
        let taken = [StatusCode::OK, StatusCode::SEE_OTHER].contains(&answer.status);
        assert!(taken, "{route} {} {}", answer.status, answer.text);
        self.adds(&before, "MEMBER", acts, route).await;
        self.seen.insert(route.into());
        answer
    }
}

/// The handlers of `/v2` that change something: what the route table says.
pub(super) fn keyed_handlers() -> BTreeSet<String> {
    let table = include_str!("../router.rs");
    let (mut found, mut before) = (BTreeSet::new(), "");
    for part in table.split("keyed(S::").flat_map(|it| it.split("replaced(S::")) {
        let unsafe_method =
            ["post(", "patch(", "delete("].iter().any(|it| before.trim_end().ends_with(it));
        if unsafe_method {
            let handler = part.split(", ").nth(1).unwrap_or_default();
            found.insert(handler.split(')').next().unwrap_or_default().to_owned());
        }
        before = part;
    }
    assert!(found.contains("campaigns::create") && found.contains("team::rotate"), "{found:?}");
    found
}

/// Events that a back end reports by the thousand, which decisions tell of.
const EVENTS: [&str; 3] = ["emails::send", "referrals::trigger", "transaction::record"];

#[tokio::test]
async fn r_audit_3_every_change_by_a_key_leaves_its_row() {
    let bench = Bench::new().await;
    let mut walk = Walk { session: String::new(), seen: BTreeSet::new(), bench };
    let reward = json!([{ "type": "DOUBLE_SIDED" }]);
    let body = json!({ "type": "REFERRAL", "currencyISO": "EUR", "rewards": reward });
    let made = walk.key("campaigns::create", &["CAMPAIGN_MADE"], ("POST", "/v2/campaigns", body));
    let made = made.await;
    let at = |end: &str| format!("/v2/campaign/{}{end}", made["id"].as_str().unwrap());
    let settings = json!({ "referralTrigger": "ON_SIGNUP", "shareUrl": "https://shop.example/" });
    let call = ("PATCH", &*at("/installation"), settings);
    walk.key("installation::update", &["INSTALLATION_CHANGED"], call).await;
    let call = ("PATCH", &*at(""), json!({ "status": "IN_PROGRESS" }));
    walk.key("campaigns::update", &["CAMPAIGN_CHANGED"], call).await;
    let fraud = json!({ "blockedEmails": ["eve@evil.example"] });
    let options =
        json!({ "fraud": fraud, "requireManualRewardApproval": true, "charities": ["A"] });
    let call = ("PATCH", &*at("/options"), options);
    walk.key("options::update", &["OPTIONS_CHANGED"], call).await;
    let rule = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "DONATION", "amount": 5 } });
    let call = ("POST", &*at("/reward-configs"), rule);
    let rule = walk.key("reward_configs::create", &["RULE_MADE"], call).await;
    let path = at(&format!("/reward-configs/{}", rule["id"].as_str().unwrap()));
    let call = ("PATCH", &*path, json!({ "title": "A tree" }));
    walk.key("reward_configs::update", &["RULE_CHANGED"], call).await;

    let call = ("POST", &*at("/coupon-pools"), json!({ "name": "p", "lowStock": 1 }));
    walk.key("coupons::create", &["COUPON_POOL_MADE"], call).await;
    let call = ("PATCH", &*at("/coupon-pools/p"), json!({ "lowStock": 2 }));
    walk.key("coupons::update", &["COUPON_POOL_CHANGED"], call).await;
    let call =
        ("PATCH", &*at("/emails"), json!({ "settings": { "sender": { "fromName": "Shop" } } }));
    walk.key("emails::update", &["MAIL_CHANGED"], call).await;
    let call = ("POST", &*at("/coupon-pools/p/coupons"), json!({ "codes": ["A-1", "A-2"] }));
    walk.key("coupons::import", &["COUPONS_IMPORTED"], call).await;
    let call = ("DELETE", &*at("/coupon-pools/p/coupons/A-1"), json!({}));
    walk.key("coupons::withdraw", &["COUPON_WITHDRAWN"], call).await;
    let call = ("DELETE", &*at("/coupon-pools/p"), json!({}));
    walk.key("coupons::remove", &["COUPON_POOL_REMOVED"], call).await;
    let call = ("POST", &*at("/customers"), json!({ "hashes": ["a".repeat(64)] }));
    walk.key("customers::import", &["CUSTOMERS_IMPORTED"], call).await;
    let call = ("DELETE", &*at("/customers"), json!({}));
    walk.key("customers::forget", &["CUSTOMERS_FORGOTTEN"], call).await;
    let call = ("POST", &*at("/attribution-keys"), json!({}));
    walk.key("attribution_keys::rotate", &["ATTRIBUTION_KEYS_ROTATED"], call).await;
    people(&mut walk, &at).await;

    let call = ("DELETE", &*path, json!({}));
    walk.key("reward_configs::remove", &["RULE_REMOVED"], call).await;
    let call = ("PATCH", "/v2/team", json!({ "name": "Shop" }));
    walk.key("team::update", &["TEAM_RENAMED"], call).await;
    let call = ("POST", "/v2/api-key/rotate", json!({}));
    walk.key("team::rotate", &["KEY_ROTATED"], call).await;

    let mut expected = keyed_handlers();
    for event in EVENTS {
        assert!(expected.remove(event), "{event}");
    }
    assert_eq!(walk.seen, expected);
}

/// The calls about people.
async fn people(walk: &mut Walk, at: &impl Fn(&str) -> String) {
    let person =
        |name: &str, by: Value| json!({ "email": format!("{name}@example.com"), "referredBy": by });
    let call = ("POST", &*at("/participant"), person("ada", Value::Null));
    let ada = walk.key("participants::add", &["PARTICIPANT_ADDED"], call).await["id"].clone();
    let call = ("POST", &*at("/participant"), person("bob", ada.clone()));
    walk.key("participants::add", &["PARTICIPANT_ADDED"], call).await;
    // The second time nothing changes.
    let call = ("POST", &*at("/participant"), person("bob", ada.clone()));
    walk.key("participants::add", &[], call).await;

    let found = walk.bench.get(&at("/participant/ada@example.com/rewards")).await.ok();
    let of = |kind: &str| {
        let all = found["rewards"].as_array().unwrap().iter();
        let id = all.clone().find(|it| it["kind"] == kind).unwrap()["id"].clone();
        id.as_str().unwrap().to_owned()
    };
    let (gift, donation) = (of("COUPON"), of("DONATION"));
    let choice = json!({ "charity": "A" });
    let path = at(&format!("/participant/ada@example.com/reward/{donation}"));
    let call = ("PATCH", &*path, choice);
    walk.key("reward_choices::update", &["REWARD_CHOICE_MADE"], call).await;
    let path = at(&format!("/reward/{donation}"));
    let call = ("DELETE", &*path, json!({}));
    walk.key("rewards::remove", &["REWARD_REMOVED"], call).await;
    let path = at(&format!("/reward/{gift}/approve"));
    let call = ("POST", &*path, json!({ "fulfill": false }));
    walk.key("rewards::approve", &["REWARD_APPROVED"], call).await;
    let path = at(&format!("/reward/{gift}/fulfill"));
    let call = ("POST", &*path, json!({}));
    walk.key("rewards::fulfill", &["REWARD_FULFILLED"], call).await;

    // Events leave none; what the owner decides does.
    let order = json!({ "currency": "EUR", "grossAmount": 100, "orderId": "1" });
    let bob = |end: &str| at(&format!("/participant/bob@example.com{end}"));
    let call = ("POST", &*bob("/transaction"), order);
    walk.key("transaction::record", &[], call).await;
    let refund = json!({ "orderId": "1", "amendmentType": "REFUND" });
    let call = ("POST", &*bob("/transaction/refund"), refund);
    walk.key("refund::record", &["REFUND_RECORDED"], call).await;
    let waits = json!({
        "email": "cid@example.com", "referredBy": ada, "referralStatus": "CREDIT_PENDING",
    });
    walk.bench.post(&at("/participant"), waits).await.ok();
    let cid = at("/participant/cid@example.com/ref");
    let call = ("POST", &*cid, json!({ "delayInDays": 3 }));
    walk.key("referrals::trigger", &[], call).await;
    let call = ("DELETE", &*cid, json!({}));
    walk.key("referrals::cancel", &["REFERRAL_DELAY_CANCELLED"], call).await;
    for (name, review, act) in
        [("dan", "ACCEPT", "REFERRAL_ACCEPTED"), ("eli", "REJECT", "REFERRAL_REJECTED")]
    {
        let held = json!({ "email": format!("{name}@yopmail.com"), "referredBy": ada });
        walk.bench.post(&at("/participant"), held).await.ok();
        let path = at(&format!("/participant/{name}@yopmail.com/ref"));
        let call = ("POST", &*path, json!({ "review": review }));
        walk.key("referrals::trigger", &[act], call).await;
    }
    let call = ("DELETE", &*bob(""), json!({}));
    walk.key("participants::remove", &["PARTICIPANT_ERASED"], call).await;
    walk.seen.retain(|it| !EVENTS.contains(&it.as_str()));
}

#[tokio::test]
async fn r_audit_3_every_change_by_a_member_leaves_its_row() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let at = |end: &str| format!("/console/{}{end}", campaign.rsplit('/').next().unwrap());
    bench.add(&campaign, "ada", None).await;
    let now = bench.now.get();
    let ann = Email::parse("ann@team.example").unwrap();
    bench.write(members::insert("ann", Role::Viewer, &ann, members::OWNER, now)).await;
    let session = bench.seat(members::OWNER).await;
    let mut walk = Walk { bench, session, seen: BTreeSet::new() };

    let bob = "email=bob%40team.example&role=VIEWER";
    let team = "/console/team";
    walk.form(team, &["MEMBER_INVITED"], team, bob).await;
    let named = |act: &str| format!("/console/team/ann/{act}");
    let route = |act: &str| format!("/console/team/{{member}}/{act}");
    let acts = ["INVITATION_SENT"];
    walk.form(&route("invitation"), &acts, &named("invitation"), "").await;
    walk.form(&route("role"), &["MEMBER_CHANGED"], &named("role"), "role=MANAGER").await;
    walk.form(&route("role"), &[], &named("role"), "role=MANAGER").await;
    walk.form(&route("remove"), &["MEMBER_REMOVED"], &named("remove"), "").await;
    let path = "/console/team/name";
    walk.form(path, &["TEAM_RENAMED"], path, "team=Shop").await;

    let form = "form=1&name=Shop&scopes[team:read]=1&days=30";
    walk.form("/console/keys", &["KEY_MADE"], "/console/keys", form).await;
    let log = walk.log().await;
    let key = log.iter().find(|it| it.act == "KEY_MADE" && it.by_kind == "MEMBER").unwrap();
    let path = format!("/console/keys/{}/revoke", key.subject);
    walk.form("/console/keys/{key}/revoke", &["KEY_REVOKED"], &path, "").await;
    walk.form("/console/keys/{key}/revoke", &[], &path, "").await;

    let (path, whom) = ("/console/{campaign}/look-up", "whom=ada%40example.com");
    walk.form(path, &["LOOKED_UP"], &at("/look-up"), whom).await;
    let cid = "email=cid%40example.com&consent=1&language=fr";
    let acts = ["PARTICIPANT_ADDED", "CUSTOMER_INVITED"];
    walk.form("/console/{campaign}/invite", &acts, &at("/invite"), cid).await;
    let path = "/console/{campaign}/customer-sign-in/change";
    let acts = ["PARTICIPANT_SECRET_ROTATED"];
    walk.form(path, &acts, &at("/customer-sign-in/change"), "generation=1").await;

    daily(&mut walk, &at).await;
    set_up(&mut walk, &at).await;

    // Passkeys have tests of their own, which look at their rows, too.
    walk.seen.extend(["/console/me/passkeys", "/console/me/passkeys/remove"].map(Into::into));
    // What a passkey is to sign changes nothing.
    walk.seen.insert("/console/me/passkeys/challenge".into());
    let other = walk.bench.seat(members::OWNER).await;
    let id = &crate::engine::entry::hash(&other)[..16];
    let path = "/console/me/sessions/end";
    walk.form(path, &["SESSION_ENDED"], path, &format!("session={id}")).await;
    let path = "/console/me/messages";
    walk.form(path, &["OWN_MESSAGES_CHOSEN"], path, "").await;
    walk.form(path, &[], path, "").await;
    let path = "/console/sign-out";
    walk.form(path, &["SIGNED_OUT"], path, "").await;

    let posts = console::routes().into_iter().filter(|it| it.0 != Method::GET);
    let posts = posts.filter(|it| matches!(it.2.access, Access::Member(_)));
    let expected: BTreeSet<String> = posts.map(|it| it.1.into()).collect();
    assert_eq!(walk.seen, expected);
}

/// The forms of a campaign's daily work.
async fn daily(walk: &mut Walk, at: &impl Fn(&str) -> String) {
    let route = |end: &str| format!("/console/{{campaign}}{end}");
    let (add, dan) = ("/participants/add", "email=dan%40example.com&consent=1");
    let added = walk.form(&route(add), &["PARTICIPANT_ADDED"], &at(add), dan).await;
    let dan = added.headers[http::header::LOCATION].to_str().unwrap().to_owned();
    let dan = dan.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
    for (act, rows, form) in [
        ("note", "NOTE_ADDED", "note=Rang+up".to_owned()),
        ("block", "PARTICIPANT_BLOCKED", "block=1".into()),
        ("block", "PARTICIPANT_UNBLOCKED", "block=0".into()),
        ("code", "CODE_GIVEN", "code=dans-own".into()),
    ] {
        let path = at(&format!("/participants/{dan}/{act}"));
        walk.form(&route(&format!("/participants/{{p}}/{act}")), &[rows], &path, &form).await;
    }
    walk.bench
        .write([sql!(
            "-- audited::daily
             INSERT INTO appeal (decision, campaign, participant, text, at)
             SELECT id, campaign, participant, '', 1 FROM decision WHERE participant = ?1 LIMIT 1",
            &dan,
        )])
        .await;
    let asked: Vec<Value> = walk
        .bench
        .app
        .db
        .all(sql!("-- audited::daily/asked\n SELECT decision FROM appeal"))
        .await
        .unwrap();
    let (appeals, there) = (route("/appeals"), at("/appeals"));
    let form = format!("act=keep&reply=No&decision={}", asked[0]["decision"].as_str().unwrap());
    walk.form(&appeals, &["APPEAL_ANSWERED"], &there, &form).await;
    walk.form(&appeals, &[], &there, &form).await;
    // Nothing came back: nothing is lifted.
    let path = at(&format!("/participants/{dan}/mail"));
    walk.form(&route("/participants/{p}/mail"), &[], &path, "").await;
    let form = format!("act=assign&friend={dan}&referrer=ada%40example.com");
    walk.form(&route("/referrals"), &["REFERRAL_ASSIGNED"], &at("/referrals"), &form).await;
    let form = format!("act=trigger&friend={dan}&query=");
    walk.form(&route("/referrals"), &["REFERRAL_TRIGGERED"], &at("/referrals"), &form).await;
    let path = at(&format!("/participants/{dan}/erase"));
    let form = format!("sure={dan}");
    walk.form(&route("/participants/{p}/erase"), &["PARTICIPANT_ERASED"], &path, &form).await;

    let (coupons, there) = (route("/coupons"), at("/coupons"));
    walk.form(&coupons, &["COUPON_POOL_MADE"], &there, "act=pool&name=q&low=0").await;
    let upload = "act=upload&pool=q&codes=A-1%0AA-2&once=1";
    walk.form(&coupons, &["COUPONS_IMPORTED"], &there, upload).await;
    walk.form(&coupons, &["COUPON_POOL_CHANGED"], &there, "act=low&pool=q&value=1").await;
    walk.form(&coupons, &["COUPON_WITHDRAWN"], &there, "act=withdraw&pool=q&value=A-1").await;
    settings(walk, at).await;
    let (mail, there) = (route("/mail"), at("/mail"));
    walk.form(&mail, &["MAIL_CHANGED"], &there, "revision=0&sender.fromName=Shop&language=en")
        .await;
    let (returned, path) = (route("/mail/returned"), at("/mail/returned"));
    walk.form(&returned, &["MAIL_SECRET_ROTATED"], &path, "generation=1").await;
    walk.form(&returned, &[], &path, "generation=1").await;
    let text = "act=save&subject=Well+done&preheader=&body=Hello.";
    let (kind, there) = (route("/mail/{kind}"), at("/mail/goalAchieved?of=en"));
    walk.form(&kind, &["MAIL_CHANGED"], &there, text).await;
    walk.form(&kind, &["MAIL_TESTED"], &there, "act=test&to=me%40example.com").await;
    let (import, there) = (route("/import"), at("/import"));
    let form = "what=participants&pieces=1";
    let begun = walk.form(&import, &["IMPORT_BEGUN"], &there, form).await;
    let there = format!("{there}/{}", begun.body["id"].as_str().unwrap());
    // What the form holds is the piece: a column whose name begins with csrf.
    let piece = format!("{there}/piece?from=0&last=true");
    walk.form(&route("/import/{import}/piece"), &[], &piece, "%0Aann%40example.com\nx\n").await;
    let import = route("/import/{import}");
    let form = "act=check&column0=email";
    walk.form(&import, &["IMPORT_CHECKED"], &there, form).await;
    for _ in 0..2 {
        walk.form(&import, &[], &there, "act=step").await;
    }
    walk.form(&import, &["IMPORT_STARTED"], &there, "act=start").await;
    walk.form(&import, &["IMPORT_CANCELLED"], &there, "act=cancel").await;
    walk.form(&import, &[], &there, "act=cancel").await;
    // Rewards have tests of their own, which count their rows; views are a member's own.
    walk.seen.extend(["/rewards", "/participants/views"].map(route));
}

/// A programme is set up, and the installation of one tested.
async fn set_up(walk: &mut Walk, at: &impl Fn(&str) -> String) {
    let id = "abcdefghjkmn";
    let step = "/console/new/{setup}/{step}";
    let there = |step: &str| format!("/console/new/{id}/{step}");
    // What is only answered is nobody's programme yet.
    let form = format!("setup={id}&goal=shop");
    walk.form("/console/new", &[], "/console/new", &form).await;
    let site = "company=C&address=c.example";
    walk.form(step, &[], &there("site"), site).await;
    walk.form(step, &["CAMPAIGN_MADE", "RULE_MADE"], &there("check"), "go=make").await;
    walk.form(step, &[], &there("check"), "go=make").await;
    walk.form("/console/new/{setup}/drop", &[], &there("drop"), "").await;
    let (route, path) = ("/console/{campaign}/install", at("/install"));
    let test = "act=test&page=shop.example";
    walk.form(route, &["INSTALLATION_TESTED"], &path, test).await;
    let (route, path) = ("/console/{campaign}/forms", at("/forms"));
    walk.form(route, &[], &path, "act=take&form=gone").await;
    let campaign = at("").trim_start_matches("/console/").to_owned();
    let told = |id: &str| {
        json!({ "campaign": campaign, "form": {
            "id": id, "buttons": ["Subscribe"], "fields": [{ "type": "email", "visible": true }],
        } })
    };
    for (id, act, acts) in [
        ("news", "take", &["FORM_TAKEN", "INSTALLATION_CHANGED"][..]),
        ("", "never", &["FORM_DISMISSED"]),
    ] {
        let body = told(id).to_string();
        let mut request = walk.bench.request(Method::POST, "/_p/proposal", Body::from(body));
        request.headers_mut().insert("origin", "https://shop.example".parse().unwrap());
        assert!(walk.bench.send(request).await.status.is_success());
        let form: shared::form::Form = serde_json::from_value(told(id)["form"].clone()).unwrap();
        let form = format!("act={act}&form={}", shared::proposal::signature(&form));
        walk.form(route, acts, &path, &form).await;
    }
}

/// The forms of settings, rules and the card.
async fn settings(walk: &mut Walk, at: &impl Fn(&str) -> String) {
    let route = |end: &str| format!("/console/{{campaign}}{end}");
    let campaign = at("").trim_start_matches("/console/").to_owned();
    let (_, revision) = crate::engine::terms::read(&walk.bench.app, &campaign).await.unwrap();
    let form = format!("part=budget&revision={revision}&options.budget.rewards=1000");
    let (settings, there) = (route("/settings"), at("/settings"));
    // What is only asked about changes nothing.
    walk.form(&settings, &[], &there, &form).await;
    walk.form(&settings, &["OPTIONS_CHANGED"], &there, &format!("{form}&sure=1")).await;
    let form = "revision=0&en.intro=Hello&sure=1";
    walk.form(&route("/card"), &["CARD_CHANGED"], &at("/card"), form).await;
    let from = sql::to_json(&shared::look::Look::default()).replace('#', "%23");
    let form = format!("from={from}&primary=%23112233&accent=%23112233&scheme=AUTO");
    walk.form(&route("/design"), &["DESIGN_CHANGED"], &at("/design"), &form).await;
    let (rule, there) = (route("/rules/{rule}"), at("/rules/new"));
    let form = "once=1&type=SINGLE_SIDED&isVisible=1";
    walk.form(&rule, &[], &there, form).await;
    walk.form(&rule, &["RULE_MADE"], &there, &format!("{form}&sure=1")).await;
    walk.form(&rule, &[], &there, &format!("{form}&sure=1")).await;
    let made = crate::store::rules::of_campaign(&walk.bench.app.db, &campaign).await.unwrap();
    let form = format!("rule={}&version=1&do=pause", made[0].id);
    let (rules, there) = (route("/rules"), at("/rules"));
    walk.form(&rules, &[], &there, &form).await;
    walk.form(&rules, &["RULE_CHANGED"], &there, &format!("{form}&sure=1")).await;
    let form = format!("rule={}&version=2&do=retire&sure=1", made[0].id);
    walk.form(&rules, &["RULE_REMOVED"], &there, &form).await;
}

#[tokio::test]
async fn r_audit_3_who_comes_in_is_noted_and_what_browsers_report_is_not() {
    let bench = Bench::new().await;
    let campaign = bench.campaign("CUSTOM").await;
    let ada = bench.add(&campaign, "ada", None).await;
    let entries = async |act: &'static str| {
        let search = Search { act: Some(act), ..Search::default() };
        audit::page(&bench.app.db, &search, 100).await.unwrap()
    };
    bench.seat(members::OWNER).await;
    let came = entries("SIGNED_IN").await;
    assert_eq!((came.len(), came[0].by_id.as_str()), (1, members::OWNER));
    assert_eq!(came[0].after, r#"{"way":"LINK"}"#);
    // A browser's lead adds somebody without a row.
    let added = entries("PARTICIPANT_ADDED").await.len();
    let campaign_id = campaign.rsplit('/').next().unwrap();
    let lead = json!({
        "campaign": campaign_id, "token": bench.token(&campaign, &ada), "elapsed": 9_000,
        "lead": { "email": "bob@example.com" },
    });
    let mut request = bench.request(Method::POST, "/_p/lead", Body::from(lead.to_string()));
    request.headers_mut().insert("origin", "https://shop.example".parse().unwrap());
    let answer = bench.send(request).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    crate::engine::jobs::run_due(&bench.app, &bench.call(), 9).await.unwrap();
    assert_eq!(entries("PARTICIPANT_ADDED").await.len(), added);
}
