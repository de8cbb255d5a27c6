//! `/campaign/{id}/referrals` and `…/participant/{p}/ref`: list, trigger, cancel what was put off.

use axum::response::Response;
use shared::{
    api::{Referral, ReferralTrigger, Referrals, Triggered},
    decision::Reason,
    email::Email,
    lang::Lang,
    referral::Status,
    reward::Source,
};

use super::{attribution, page};
use crate::{
    engine::{
        credit::{self, Effect, Event},
        delay,
        review::{self, Reviewed},
        terms,
    },
    error::Error,
    json,
    routes::{ask::Ask, query::Query},
    store::{
        newest,
        participants::{Key, Place},
        referrals::{self, Sort},
    },
};

/// Reports the qualifying event of a friend. It never fails on state.
pub async fn trigger(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let asked: ReferralTrigger = ask.json()?;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let friend = Key::parse(ask.p()).ok_or(Error::Missing)?;
    if let Some(review) = asked.review {
        if asked.attribution.is_some() {
            return Err(Error::field("attribution", None, "cannot come with a review"));
        }
        let reviewed = review::review(app, call, &terms, &friend, review).await?;
        return Ok(json::answer(&told(reviewed)));
    }
    let touches = attribution::touches(app, &terms, asked.attribution.as_deref(), call.now)?;
    let event = asked.delay_in_days.map_or(Event::Qualifying, Event::Delayed);
    let source = Source::Server;
    let effect = credit::credit(app, call, &terms, &friend, &event, touches, source).await?;
    let (success, message) = match effect {
        // Past the window the wire answers success and gives nothing; the decision says so.
        // So it does of a credit that waits for its day.
        Effect::Awarded | Effect::Delayed | Effect::Expired => {
            (true, "Successfully awarded referral credit.")
        }
        Effect::AlreadyAwarded => (false, "Referral credit has already been awarded"),
        Effect::Refused(Reason::CampaignNotRunning) => (false, "The program is not running"),
        Effect::Refused(reason) => (false, reason.sentence(Lang::En)),
        Effect::NotReferred | Effect::Duplicate { .. } | Effect::Recorded { .. } => {
            (false, "Participant was not referred")
        }
    };
    Ok(json::answer(&Triggered { success, message }))
}

/// What came of a review, in the trigger's words.
const fn told(reviewed: Reviewed) -> Triggered {
    let (success, message) = match reviewed {
        Reviewed::Accepted { credited: true } => (true, "Successfully awarded referral credit."),
        Reviewed::Accepted { credited: false } => (true, "The referral goes on"),
        Reviewed::NotHeld => (false, "The referral is not held for review"),
        Reviewed::NotReferred => (false, "Participant was not referred"),
        Reviewed::Rejected => (true, "The referral is rejected"),
    };
    Triggered { success, message }
}

/// Takes a delayed credit back. It never fails on state.
pub async fn cancel(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, .. } = &ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let friend = Key::parse(ask.p()).ok_or(Error::Missing)?;
    let success = delay::cancel(app, call, &terms.campaign, &friend).await?;
    let message = if success {
        "Successfully cancelled the delayed referral credit."
    } else {
        "No delayed referral credit is pending"
    };
    Ok(json::answer(&Triggered { success, message }))
}

/// Lists referrals.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, query, .. } = &ask;
    terms::read(app, ask.campaign()).await?;
    let limit = query.limit(20)?;
    let sort = sort(query)?;
    let (offset, after) = begin(query)?;
    let asked = referrals::Query {
        sort,
        ascending: !query.flag("desc", true)?,
        // What is no address finds nobody.
        identity: query
            .get("email")
            .map(|it| Email::parse(it).map_or_else(|_| it.to_lowercase(), |it| it.identity())),
        first_name: query.get("firstName").map(Into::into),
        last_name: query.get("lastName").map(Into::into),
        // The wire ignores statuses that it does not know.
        status: match query.get("referralStatus") {
            Some("CREDIT_PENDING") => Some(Status::CreditPending),
            Some("CREDIT_AWARDED") => Some(Status::CreditAwarded),
            Some("CREDIT_EXPIRED") => Some(Status::CreditExpired),
            _ => None,
        },
        offset,
        limit: limit + 1,
    };
    let newest = newest::page(&app.db, ask.campaign(), &asked, after.as_ref()).await?;
    let by_index = newest.is_some();
    let mut found = match (newest, &after) {
        (Some(found), _) => found,
        (None, None) => referrals::page(&app.db, ask.campaign(), &asked).await?,
        (None, Some(_)) => return Err(no_place("nextId", query)),
    };
    let more = page::cut(&mut found, limit);
    let next_offset = more.then(|| offset.saturating_add(limit));
    let next_id = next_offset.map(|offset| match found.last() {
        Some(last) if by_index => {
            format!("{offset}-{}", page::next(&newest::place(&asked, last)))
        }
        _ => offset.to_string(),
    });
    let shown = found.into_iter().map(|it| Referral {
        id: it.friend,
        email: it.email,
        first_name: it.first_name,
        last_name: it.last_name,
        referral_status: it.outcome.status(),
        referred_by: it.referrer,
        created_at: it.bound_at,
        updated_at: it.updated_at,
    });
    Ok(json::answer(&Referrals { referrals: shown.collect(), limit, more, next_id, next_offset }))
}

/// Where the page begins: after how many rows, by `nextId` or `offset`; and after which, where `nextId`
/// names it.
fn begin(query: &Query) -> Result<(u32, Option<Place>), Error> {
    let named = ["nextId", "offset"].into_iter().find_map(|it| Some((it, query.get(it)?)));
    let Some((name, text)) = named else { return Ok((0, None)) };
    let (offset, place) = match text.split_once('-') {
        Some((offset, place)) if name == "nextId" => (offset, page::place(place).map(Some)),
        _ => (text, Some(None)),
    };
    let begin = offset.parse().ok().zip(place);
    begin.ok_or_else(|| no_place(name, query))
}

fn no_place(name: &'static str, query: &Query) -> Error {
    Error::query(name, query.get(name).unwrap_or_default(), "is not a place in this list")
}

fn sort(query: &Query) -> Result<Sort, Error> {
    Ok(match query.get("sortBy") {
        None | Some("updatedAt") => Sort::UpdatedAt,
        Some("createdAt") => Sort::CreatedAt,
        Some("email") => Sort::Email,
        Some("firstName") => Sort::FirstName,
        Some("lastName") => Sort::LastName,
        Some("referralStatus") => Sort::Status,
        Some("referralTriggeredAt") => Sort::TriggeredAt,
        Some(text) => {
            let msg = "must be updatedAt, createdAt, email, firstName, lastName, referralStatus \
                or referralTriggeredAt";
            return Err(Error::query("sortBy", text, msg));
        }
    })
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;
    use shared::time::Span;

    use crate::{bench::Bench, sql};

    #[tokio::test]
    async fn r_credit_5_the_trigger_awards_once_and_never_fails_on_state() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let path = |p: &str| format!("{campaign}/participant/{p}/ref");
        let trigger = async |p: &str| bench.post(&path(p), json!({})).await.ok();
        let awarded =
            json!({ "success": true, "message": "Successfully awarded referral credit." });
        let before =
            json!({ "success": false, "message": "Referral credit has already been awarded" });
        let nobody = json!({ "success": false, "message": "Participant was not referred" });
        assert_eq!(trigger("bob@example.com").await, awarded);
        assert_eq!(trigger(&bob).await, before);
        assert_eq!(trigger(&ada).await, nobody);
        assert_eq!(trigger(&ada).await, nobody);
        let empty = bench.send(bench.request(Method::POST, &path(&bob), "")).await;
        assert_eq!(empty.ok(), before);
        let refusals = sql!("-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'REFUSED'");
        assert_eq!(bench.number(refusals).await, 1);
        let shown = bench.get(&format!("{campaign}/participant/{ada}")).await.ok();
        assert_eq!((&shown["referralCount"], &shown["leadCount"]), (&json!(1), &json!(0)));

        bench.post(&path("nobody"), json!({})).await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        bench.post(&format!("{other}/participant/{bob}/ref"), json!({})).await.fails(404);
        bench.post(&path(&bob), json!({ "attribution": "x" })).await.refuses("attribution");
        bench.post(&path(&bob), json!({ "amount": 1 })).await.refuses("amount");
    }

    #[tokio::test]
    async fn r_repeat_5_the_same_trigger_twenty_times_at_once_awards_once() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let path = format!("{campaign}/participant/{bob}/ref");
        let answers = bench.twenty(Method::POST, &path, json!({})).await;
        let awarded = answers.into_iter().filter(|it| it.body["success"] == true).count();
        assert_eq!(awarded, 1);
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM reward")).await, 2);
        let credited = sql!("-- t\n SELECT max(credited) AS n FROM tally");
        assert_eq!(bench.number(credited).await, 1);
    }

    #[tokio::test]
    async fn r_credit_2_past_the_window_the_wire_says_success_and_nobody_is_credited() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let window = json!({ "referralCreditWindowDays": 7 });
        bench.patch(&format!("{campaign}/options"), window).await.ok();
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let eve = bench.add(&campaign, "eve", Some(&ada)).await;
        bench.pass(Span::days(7));
        let trigger = async |p: &str| {
            let body = bench.post(&format!("{campaign}/participant/{p}/ref"), json!({})).await.ok();
            let shown = bench.get(&format!("{campaign}/participant/{p}")).await.ok();
            (
                body["success"].as_bool().unwrap(),
                shown["referralStatus"].as_str().unwrap().to_owned(),
            )
        };
        assert_eq!(trigger(&bob).await, (true, "CREDIT_AWARDED".into()));
        bench.pass(Span(1));
        for _ in 0..2 {
            assert_eq!(trigger(&eve).await, (true, "CREDIT_EXPIRED".into()));
        }
        assert_eq!(bench.number(sql!("-- t\n SELECT count(*) AS n FROM reward")).await, 2);
        let expired = sql!("-- t\n SELECT count(*) AS n FROM decision WHERE kind = 'EXPIRED'");
        assert_eq!(bench.number(expired).await, 1);
    }

    #[tokio::test]
    async fn r_campaign_2_an_ended_campaign_takes_people_and_credits_nobody() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        let ada = bench.add(&campaign, "ada", None).await;
        bench.patch(&campaign, json!({ "status": "COMPLETE" })).await.ok();
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        let path = format!("{campaign}/participant/{bob}");
        assert_eq!(bench.get(&path).await.ok()["referralStatus"], "CREDIT_PENDING");
        let trigger = async || bench.post(&format!("{path}/ref"), json!({})).await.ok();
        let refused = json!({ "success": false, "message": "The program is not running" });
        assert_eq!(trigger().await, refused);
        assert_eq!(trigger().await, refused);
        bench.patch(&campaign, json!({ "status": "IN_PROGRESS" })).await.ok();
        assert_eq!(trigger().await["success"], true);
    }

    #[tokio::test]
    async fn r_bond_7_a_trigger_with_a_claim_binds_whom_nobody_is_bound_to() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let cid = bench.add(&campaign, "cid", None).await;
        let bob = bench.add(&campaign, "bob", None).await;
        let trigger = async |p: &str, referrer: &str| {
            // Decisions of one instant have no order between calls.
            bench.pass(Span(1));
            let body = json!({ "attribution": bench.token(&campaign, referrer) });
            let body = bench.post(&format!("{campaign}/participant/{p}/ref"), body).await.ok();
            let shown = bench.get(&format!("{campaign}/participant/{p}")).await.ok();
            (body["success"].as_bool().unwrap(), shown["referredBy"].clone())
        };
        assert_eq!(trigger(&bob, &ada).await, (true, json!(ada)));
        assert_eq!(trigger(&bob, &cid).await, (false, json!(ada)));
        // Nobody refers themselves.
        assert_eq!(trigger(&ada, &ada).await, (false, json!(null)));
        let kept = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        assert_eq!(kept["decisions"][0]["reasons"], json!(["OWN_LINK"]));
    }

    #[tokio::test]
    async fn lists_are_sorted_filtered_and_paged() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let path = format!("{campaign}/referrals");
        let empty = json!({
            "referrals": [], "limit": 20, "more": false, "nextId": null, "nextOffset": null,
        });
        assert_eq!(bench.get(&path).await.ok(), empty);
        let ada = bench.add(&campaign, "ada", None).await;
        let mut ids = Vec::new();
        for name in ["bob", "cid", "dot"] {
            bench.pass(Span(1));
            ids.push(bench.add(&campaign, name, Some(&ada)).await);
        }
        bench.pass(Span(1));
        bench.post(&format!("{campaign}/participant/{}/ref", ids[1]), json!({})).await.ok();
        let found = async |query: &str| {
            let body = bench.get(&format!("{path}?{query}")).await.ok();
            let found: Vec<String> = body["referrals"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["email"].as_str().unwrap().split('@').next().unwrap().into())
                .collect();
            (found.join(" "), body["more"].as_bool().unwrap())
        };
        for (query, expected) in [
            ("", ("cid dot bob", false)),
            ("sortBy=createdAt", ("dot cid bob", false)),
            ("sortBy=email&desc=false", ("bob cid dot", false)),
            ("sortBy=email&desc=false&limit=2", ("bob cid", true)),
            ("sortBy=email&desc=false&limit=2&offset=2", ("dot", false)),
            ("sortBy=email&desc=false&limit=2&nextId=2", ("dot", false)),
            ("sortBy=email&desc=false&offset=9", ("", false)),
            ("referralStatus=CREDIT_AWARDED", ("cid", false)),
            ("referralStatus=OTHER", ("cid dot bob", false)),
            ("email=BOB%40example.com", ("bob", false)),
            ("email=nobody", ("", false)),
        ] {
            assert_eq!(found(query).await, (expected.0.into(), expected.1), "{query}");
        }
        let first = bench.get(&format!("{path}?limit=1")).await.ok();
        let expected = json!({
            "id": ids[1], "email": "cid@example.com", "firstName": null, "lastName": null,
            "referralStatus": "CREDIT_AWARDED", "referredBy": ada,
            "createdAt": bench.now.get() - Span(2), "updatedAt": bench.now.get(),
        });
        assert_eq!(first["referrals"][0], expected);
        assert_eq!(
            (&first["nextId"], &first["nextOffset"]),
            (&json!(format!("1-{}-{}", bench.now.get().0, ids[1])), &json!(1),)
        );
        for (query, param) in [
            ("limit=101", "limit"),
            ("offset=-1", "offset"),
            ("nextId=x", "nextId"),
            ("nextId=1-x-bob", "nextId"),
            ("nextId=x-1-bob", "nextId"),
            ("nextId=1-1-bob&sortBy=email", "nextId"),
            ("nextId=1-1-bob&desc=false", "nextId"),
            ("offset=1-1-bob", "offset"),
            ("sortBy=rank", "sortBy"),
            ("desc=1", "desc"),
        ] {
            bench.get(&format!("{path}?{query}")).await.refuses(param);
        }
        bench.get("/v2/campaign/nobody/referrals").await.fails(404);
    }

    #[tokio::test]
    async fn the_newest_referrals_are_paged_by_place_whatever_comes_meanwhile() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let path = format!("{campaign}/referrals");
        let ada = bench.add(&campaign, "ada", None).await;
        // Some at the same time: they have places, too.
        for n in 0..7 {
            bench.pass(Span(i64::from(n % 2 == 0)));
            bench.add(&campaign, &format!("bob{n}"), Some(&ada)).await;
        }
        for sort in ["createdAt", "updatedAt"] {
            let page = async |more: &str| {
                bench.get(&format!("{path}?sortBy={sort}&limit=3{more}")).await.ok()
            };
            let ids = |body: &serde_json::Value| -> Vec<String> {
                let rows = body["referrals"].as_array().unwrap();
                rows.iter().map(|it| it["id"].as_str().unwrap().into()).collect()
            };
            let whole = bench.get(&format!("{path}?sortBy={sort}&limit=100")).await.ok();
            let whole = ids(&whole);
            let distinct: std::collections::HashSet<_> = whole.iter().collect();
            assert!(7 <= whole.len() && distinct.len() == whole.len());
            let first = page("").await;
            assert_eq!(ids(&first), whole[..3]);
            assert_eq!(ids(&page("&offset=3").await), whole[3..6]);
            // What is new stands before the first page, and shifts no other.
            bench.pass(Span(1));
            bench.add(&campaign, &format!("new-{sort}"), Some(&ada)).await;
            let second = page(&format!("&nextId={}", first["nextId"].as_str().unwrap())).await;
            assert_eq!(ids(&second), whole[3..6]);
            assert_eq!(second["nextOffset"], 6);
            let third = page(&format!("&nextId={}", second["nextId"].as_str().unwrap())).await;
            assert_eq!(ids(&third), whole[6..9.min(whole.len())]);
            assert_eq!(ids(&page("&offset=3").await), whole[2..5]);
        }
    }
}
