//! `/campaign/{id}/participants`, `…/participant`, `…/participant/{p}`: list, add, retrieve.

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::json;
use shared::{
    api::{FirstStatus, Participant, ParticipantAdd, Participants, is_metadata_key},
    attribution::tried,
    code::Code,
    reward::Source,
};

use super::{attribution, page, shown};
use crate::{
    app::App,
    call::Call,
    click::cache::Terms,
    engine::{
        enrol::{self, Brought, NamedStatus, Newcomer},
        erase, terms,
    },
    error::Error,
    json,
    routes::ask::Ask,
    store::{
        installation_tests::{self, Seen},
        participants::{self, Key, Known},
    },
};

/// Adds a person; one who takes part already comes back unchanged.
pub async fn add(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: ParticipantAdd = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    if asked.is_affiliate == Some(true) {
        let msg = "is not available in this installation";
        return Err(Error::field("isAffiliate", Some(true.into()), msg));
    }
    let touches = attribution::touches(app, &terms, asked.attribution.as_deref(), call.now)?;
    // A test's made-up address is nobody's (R-TRIAL-4): the test is told, and the answer is any other's.
    if let Some(mark) = tried(&asked.email) {
        let seen = Seen { signed_up: true, ..Seen::default() };
        let noted = installation_tests::note(ask.campaign(), &mark, &seen, call.now);
        app.db.batch(vec![noted]).await?;
        return Ok(json::answer(&shown::nobody(app, call, &terms, asked)));
    }
    let newcomer = Newcomer {
        first_name: asked.first_name,
        last_name: asked.last_name,
        metadata: asked.metadata.unwrap_or_default().0,
        language: asked.language.map(|it| it.0.into()),
        brought: touches.map_or(Brought::Nothing, Brought::Touches),
        typed: asked.referred_by,
        named_status: asked.referral_status.map(|it| match it {
            FirstStatus::CreditAwarded => NamedStatus::Awarded,
            FirstStatus::CreditPending => NamedStatus::Pending,
        }),
        ..Newcomer::new(asked.email, Source::Server)
    };
    let enrolled = enrol::enrol(app, call, &terms, &newcomer).await?;
    let mut participant = one(app, call, &terms, &enrolled.participant).await?;
    participant.is_new = Some(enrolled.is_new);
    Ok(json::answer(&participant))
}

/// Shows a participant, by id, vanity key or address.
pub async fn retrieve(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let known = named(app, ask.campaign(), ask.p()).await?;
    Ok(json::answer(&one(app, call, &terms, &known.id).await?))
}

/// Forgets a participant; what is left is a number without a person.
pub async fn remove(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    terms::read(app, ask.campaign()).await?;
    let key = Key::parse(ask.p()).ok_or(Error::Missing)?;
    erase::erase(app, call, ask.campaign(), &key).await?;
    Ok(json::answer(&json!({ "success": true })))
}

/// Lists participants, newest first; filtered by metadata, they come by id.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, query, .. } = &ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let (limit, after) = (query.limit(10)?, page::after(query)?);
    let wanted: BTreeMap<String, String> =
        query.nested("metadata").map(|(key, value)| (key.into(), value.into())).collect();
    if let Some(key) = wanted.keys().find(|it| !is_metadata_key(it)) {
        let msg = "keys have 1 to 40 letters and digits in camel case";
        return Err(Error::query(&format!("metadata[{key}]"), "", msg));
    }
    if 3 < wanted.len() {
        return Err(Error::query("metadata", "", "filters by at most 3 fields"));
    }
    let (db, after) = (&app.db, after.as_ref());
    let mut places = if wanted.is_empty() {
        participants::page(db, ask.campaign(), after, limit + 1).await?
    } else {
        participants::page_by_metadata(db, ask.campaign(), &wanted, after, limit + 1).await?
    };
    let more = page::cut(&mut places, limit);
    let next_id = places.last().filter(|_| more).map(page::next);
    let ids: Vec<&str> = places.iter().map(|it| it.id.as_str()).collect();
    let participants = shown::participants(app, &terms, &ids, call.now).await?;
    Ok(json::answer(&Participants { participants, limit, next_id }))
}

/// Whom the path names within the campaign.
pub(super) async fn named(app: &App, campaign: &str, p: &str) -> Result<Known, Error> {
    let key = Key::parse(p).ok_or(Error::Missing)?;
    participants::find(&app.db, campaign, &key).await?.ok_or(Error::Missing)
}

async fn one(app: &App, call: &Call, terms: &Terms, id: &Code) -> Result<Participant, Error> {
    let found = shown::participants(app, terms, &[id.as_str()], call.now).await?;
    found.into_iter().next().ok_or(Error::Missing)
}

#[cfg(test)]
#[path = "erasure/tests.rs"]
mod erasure_tests;
#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::{Value, json};
    use shared::time::Span;

    use crate::{bench::Bench, sql};

    #[tokio::test]
    async fn somebody_is_added_and_found_by_id_and_address() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let asked = json!({
            "email": " We.Ird+Tag@Example.com", "firstName": "Ann", "lastName": " ",
            "metadata": { "Plan type": "pro" }, "language": "fr", "ipAddress": "192.0.2.1",
            "fingerprint": "f", "referredBy": null,
        });
        let mut ann = bench.post(&format!("{campaign}/participant"), asked.clone()).await.ok();
        let id = ann["id"].as_str().unwrap().to_owned();
        let expected = json!({
            "id": id, "email": "We.Ird+Tag@Example.com", "firstName": "Ann", "lastName": null,
            "shareUrl": format!("https://link.example/r/{id}"), "vanityKeys": [], "rank": -1,
            "monthlyRank": -1, "referralCount": 0, "monthlyReferralCount": 0, "leadCount": 0,
            "impressionCount": 0, "uniqueImpressionCount": 0, "inviteCount": 0, "shareCount": {},
            "createdAt": bench.now.get(), "isWinner": false, "unsubscribed": false,
            "referralSource": "DIRECT", "referralStatus": null, "referredBy": null,
            "fraudRiskLevel": "LOW", "ipAddress": null, "fingerprint": null,
            "metadata": { "planType": "pro" }, "language": "fr", "isAffiliate": false,
            "referrer": null, "rewards": [], "isNew": true,
        });
        assert_eq!(ann, expected);
        ann.as_object_mut().unwrap().remove("isNew");
        for p in [&id, "we.ird+tag@example.com", "we.ird%2Btag%40example.com"] {
            assert_eq!(bench.get(&format!("{campaign}/participant/{p}")).await.ok(), ann);
        }
        // The second call changes nothing.
        let mut again = asked;
        again["firstName"] = "Other".into();
        again["email"] = "we.ird+tag@EXAMPLE.com".into();
        let again = bench.post(&format!("{campaign}/participant"), again).await.ok();
        assert_eq!((&again["firstName"], &again["isNew"]), (&json!("Ann"), &json!(false)));

        let other = bench.campaign("CUSTOM").await;
        for p in ["nobody", "nobody@example.com", "we%20ird", "%FF", "@", "22222223"] {
            bench.get(&format!("{campaign}/participant/{p}")).await.fails(404);
        }
        bench.get(&format!("{other}/participant/{id}")).await.fails(404);
        bench.get(&format!("{other}/participant/we.ird+tag@example.com")).await.fails(404);
        bench.get(&format!("/v2/campaign/nobody/participant/{id}")).await.fails(404);
        let person = json!({ "email": "a@example.com" });
        bench.post("/v2/campaign/nobody/participant", person).await.fails(404);
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_person_is_named() {
        let bench = Bench::new().await;
        let path = format!("{}/participant", bench.campaign("CUSTOM").await);
        bench.post(&path, json!({})).await.refuses("email");
        let fifty_one: Value = (0..51).map(|n| (format!("k{n}"), json!("x"))).collect();
        for (field, value) in [
            ("email", json!("foo")),
            ("email", json!(null)),
            ("firstName", json!(1)),
            ("lastName", json!("x".repeat(256))),
            ("referralStatus", json!("CREDIT_EXPIRED")),
            ("language", json!("xx")),
            ("metadata", fifty_one),
            ("metadata", json!("x")),
            ("mobileInstanceId", json!("x")),
            ("isAffiliate", json!(true)),
            ("attribution", json!("a.b.c")),
            ("attribution", json!("")),
            ("attribution", json!("a.b.c~d.e.f")),
            ("rank", json!(1)),
            ("id", json!("x")),
        ] {
            let mut asked = json!({ "email": "ann@example.com" });
            asked[field] = value;
            bench.post(&path, asked).await.refuses(field);
        }
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM participant")).await, 0);
    }

    #[tokio::test]
    async fn r_bond_1_a_friend_is_bound_by_a_claim_or_by_a_name() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let path = format!("{campaign}/participant");
        let ada = bench.add(&campaign, "ada", None).await;
        let token = bench.token(&campaign, &ada);
        let ways = [
            json!({ "referredBy": ada }),
            json!({ "referredBy": "Ada@example.com" }),
            json!({ "attribution": token }),
            json!({ "attribution": format!("{token}~{token}") }),
        ];
        for (n, way) in ways.into_iter().enumerate() {
            let mut asked = way;
            asked["email"] = format!("friend{n}@example.com").into();
            let friend = bench.post(&path, asked).await.ok();
            assert_eq!(
                (&friend["referredBy"], &friend["referrer"]["id"]),
                (&json!(ada), &json!(ada))
            );
            assert_eq!(friend["referralStatus"], "CREDIT_PENDING");
            assert_eq!(friend["referralSource"], "PARTICIPANT");
            assert_eq!(friend["referrer"].get("referrer"), None);
        }
        let stranger = json!({ "email": "s@example.com", "referredBy": "nobody" });
        assert_eq!(bench.post(&path, stranger).await.ok()["referredBy"], Value::Null);
        // The click that died with its isolate came back, once.
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM click")).await, 1);
        let ada = bench.get(&format!("{path}/{ada}")).await.ok();
        assert_eq!((&ada["leadCount"], &ada["impressionCount"]), (&json!(4), &json!(1)));

        bench.pass(Span::seconds(3_601));
        let late = json!({ "email": "late@example.com", "attribution": token });
        let message = bench.post(&path, late).await.refuses("attribution");
        assert!(message.contains("expired"), "{message}");
        let other = bench.campaign("CUSTOM").await;
        let foreign = json!({ "email": "l@example.com", "attribution": bench.token(&campaign, ada["id"].as_str().unwrap()) });
        bench.post(&format!("{other}/participant"), foreign).await.refuses("attribution");
    }

    #[tokio::test]
    async fn r_credit_3_the_sign_up_credits_at_once_where_it_is_the_trigger() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = json!({ "email": "bob@example.com", "referredBy": ada });
        let bob = bench.post(&format!("{campaign}/participant"), bob).await.ok();
        assert_eq!(bob["referralStatus"], "CREDIT_AWARDED");
        assert_eq!(bob["rewards"][0]["isReferrer"], false);
        let ada = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
        assert_eq!((&ada["referralCount"], &ada["monthlyReferralCount"]), (&json!(1), &json!(1)));
        assert_eq!(
            (&ada["isWinner"], &ada["rewards"][0]["approved"]),
            (&json!(true), &json!(true))
        );
        assert_eq!(ada["rewards"][0]["referredId"], bob["id"]);
        let shown = bench.get(&campaign).await.ok();
        let counts =
            ["participantCount", "referralCount", "winnerCount"].map(|it| shown[it].as_u64());
        assert_eq!(counts, [Some(2), Some(1), Some(2)]);
    }

    #[tokio::test]
    async fn r_credit_4_the_back_end_may_name_the_first_status() {
        let bench = Bench::new().await;
        for (trigger, named) in [("ON_SIGNUP", "CREDIT_PENDING"), ("CUSTOM", "CREDIT_AWARDED")] {
            let campaign = bench.campaign(trigger).await;
            let ada = bench.add(&campaign, "ada", None).await;
            let path = format!("{campaign}/participant");
            let bob =
                json!({ "email": "b@example.com", "referredBy": ada, "referralStatus": named });
            assert_eq!(bench.post(&path, bob).await.ok()["referralStatus"], named);
            let eve = json!({ "email": "e@example.com", "referralStatus": named });
            assert_eq!(bench.post(&path, eve).await.ok()["referralStatus"], Value::Null);
        }
    }

    #[tokio::test]
    async fn r_repeat_4_the_same_sign_up_twenty_times_at_once_is_one_sign_up() {
        let bench = Bench::new().await;
        let reward = json!({ "type": "DOUBLE_SIDED", "limit": 5 });
        let campaign = bench.campaign_with("ON_SIGNUP", &[reward]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob =
            json!({ "email": "bob@example.com", "attribution": bench.token(&campaign, &ada) });
        let path = format!("{campaign}/participant");
        let answers = bench.twenty(Method::POST, &path, bob).await;
        let added: Vec<Value> = answers.into_iter().map(|it| it.ok()).collect();
        assert!(added.iter().all(|it| it["id"] == added[0]["id"]));
        assert_eq!(added.iter().filter(|it| it["isNew"] == true).count(), 1);
        for (table, expected) in [
            ("-- t\n SELECT count(*) AS n FROM referral", 1),
            ("-- t\n SELECT count(*) AS n FROM reward", 2),
            ("-- t\n SELECT count(*) AS n FROM conversion", 1),
            ("-- t\n SELECT max(credited) AS n FROM tally", 1),
            ("-- t\n SELECT count(*) AS n FROM click", 1),
            ("-- t\n SELECT count(*) AS n FROM decision", 3),
        ] {
            assert_eq!(
                bench.number(sql::Statement { sql: table, args: vec![] }).await,
                expected,
                "{table}"
            );
        }
    }

    #[tokio::test]
    async fn r_person_6_a_filter_by_a_key_that_no_metadata_has_is_refused_by_its_name() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let long = "x".repeat(41);
        for key in ["$ann@x.com", "", "[0]", "a.b", "Plan", "plan type", "\"", &long] {
            let encoded: String = key.bytes().map(|it| format!("%{it:02X}")).collect();
            let path = format!("{campaign}/participants?metadata%5B{encoded}%5D=1");
            bench.get(&path).await.refuses(&format!("metadata[{key}]"));
        }
        for key in ["plan", "planType", "5", "x".repeat(40).as_str()] {
            bench.get(&format!("{campaign}/participants?metadata[{key}]=1")).await.ok();
        }
    }

    #[tokio::test]
    async fn r_repeat_7_twenty_friends_of_one_referrer_at_once_are_all_taken() {
        let bench = Bench::new().await;
        let round = json!({ "type": "SINGLE_SIDED", "conversionsRequired": 3, "limit": 2 });
        let campaign = bench.campaign_with("ON_SIGNUP", &[round]).await;
        let ada = bench.add(&campaign, "ada", None).await;
        let path = format!("{campaign}/participant");
        let request = |n| {
            let friend = json!({ "email": format!("f{n}@example.com"), "referredBy": ada });
            bench.request(Method::POST, &path, friend.to_string())
        };
        for answer in bench.at_once((0..20).map(request)).await {
            assert_eq!(answer.ok()["referralStatus"], "CREDIT_AWARDED");
        }
        let ada = bench.get(&format!("{path}/{ada}")).await.ok();
        assert_eq!(ada["referralCount"], 20);
        assert_eq!(ada["rewards"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn r_repeat_8_a_database_that_fails_for_the_moment_is_503() {
        let bench = Bench::new().await;
        let path = format!("{}/participant", bench.campaign("CUSTOM").await);
        let metadata: Value = (0..50).map(|n| (format!("k{n}"), json!("x".repeat(500)))).collect();
        let ann = json!({ "email": "ann@example.com", "metadata": metadata });
        let most = async |statement| {
            bench.app.db.all::<Value>(statement).await.unwrap();
        };
        most(sql!("-- t\n PRAGMA max_page_count = 1")).await;
        let full = bench.post(&path, ann.clone()).await;
        assert_eq!(full.headers["retry-after"], "1");
        full.fails(503);
        most(sql!("-- t\n PRAGMA max_page_count = 100000")).await;
        assert_eq!(bench.post(&path, ann).await.ok()["isNew"], true);
        bench.write([sql!("-- t\n DROP TABLE conversion")]).await;
        let order = json!({ "currency": "EUR", "grossAmount": 1, "orderId": "1" });
        bench.post(&format!("{path}/ann@example.com/transaction"), order).await.fails(500);
    }

    #[tokio::test]
    async fn lists_are_pages_from_the_newest_to_the_oldest() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let path = format!("{campaign}/participants");
        let empty = json!({ "participants": [], "limit": 10, "nextId": null });
        assert_eq!(bench.get(&path).await.ok(), empty);
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            let plan = if name == "b" { "pro" } else { "free" };
            let asked =
                json!({ "email": format!("{name}@example.com"), "metadata": { "plan": plan } });
            let added = bench.post(&format!("{campaign}/participant"), asked).await.ok();
            ids.insert(0, added["id"].clone());
            bench.pass(Span(1));
        }
        let (mut found, mut next) = (Vec::new(), String::new());
        for page in 0..3 {
            let body = bench.get(&format!("{path}?limit=1&nextId={next}")).await.ok();
            found.push(body["participants"][0]["id"].clone());
            assert_eq!(body["nextId"].is_null(), page == 2);
            next = body["nextId"].as_str().unwrap_or_default().into();
        }
        assert_eq!(found, ids);
        let pro = bench.get(&format!("{path}?metadata%5Bplan%5D=pro")).await.ok();
        assert_eq!(pro["participants"].as_array().unwrap().len(), 1);
        assert_eq!(pro["participants"][0]["id"], ids[1]);
        for (query, param) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("nextId=x", "nextId"),
            ("metadata[a]=1&metadata[b]=1&metadata[c]=1&metadata[d]=1", "metadata"),
        ] {
            bench.get(&format!("{path}?{query}")).await.refuses(param);
        }
        bench.get("/v2/campaign/nobody/participants").await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        assert_eq!(bench.get(&format!("{other}/participants")).await.ok(), empty);
    }
}
