//! `/campaign/{id}/leaderboard`: participants by their referrals or clicks.

use axum::response::Response;
use shared::{api::Participants, time::Timestamp};

use super::{page, shown};
use crate::{
    engine::terms,
    error::Error,
    json,
    routes::ask::Ask,
    store::leaderboards::{self, Board, Spot},
};

/// Lists participants by what the leaderboard counts, those with most of it first.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, call, query, .. } = &ask;
    let (terms, _) = terms::read(app, ask.campaign()).await?;
    let month = terms.campaign.options.time_zone.month(call.now);
    let board = match (query.get("leaderboardType"), query.get("isMonthly")) {
        (None | Some("ALL_TIME"), None | Some("false")) => Board::AllTime,
        (Some("CURRENT_MONTH"), _) | (None, Some("true")) => Board::Month(month),
        (Some("PREV_MONTH"), _) => Board::Month(month.previous()),
        (Some("TOTAL_IMPRESSION_COUNT"), _) => Board::Impressions,
        (Some("UNIQUE_IMPRESSION_COUNT"), _) => Board::Uniques,
        (None | Some("ALL_TIME"), Some(other)) => {
            return Err(Error::query("isMonthly", other, "must be true or false"));
        }
        (Some(other), _) => {
            let problem = "must be ALL_TIME, CURRENT_MONTH, PREV_MONTH, TOTAL_IMPRESSION_COUNT or \
                           UNIQUE_IMPRESSION_COUNT";
            return Err(Error::query("leaderboardType", other, problem));
        }
    };
    let (limit, after) = (query.limit(10)?, after(&ask)?);
    let mut spots =
        leaderboards::page(&app.db, ask.campaign(), board, after.as_ref(), limit + 1).await?;
    let more = page::cut(&mut spots, limit);
    let next_id = spots.last().filter(|_| more).map(next);
    let ids: Vec<&str> = spots.iter().map(|it| it.id.as_str()).collect();
    let participants = shown::participants(app, &terms, &ids, call.now).await?;
    Ok(json::answer(&Participants { participants, limit, next_id }))
}

/// The place after which a page begins.
fn after(ask: &Ask) -> Result<Option<Spot>, Error> {
    let Some(text) = ask.query.get("nextId") else { return Ok(None) };
    let mut parts = text.splitn(3, '-');
    let mut number = || parts.next()?.parse().ok();
    let spot = number().zip(number());
    let spot = spot.zip(parts.next()).map(|((count, joined_at), id)| Spot {
        count,
        joined_at: Timestamp(joined_at),
        id: id.into(),
    });
    spot.map(Some).ok_or_else(|| Error::query("nextId", text, "is not a place in this list"))
}

fn next(spot: &Spot) -> String {
    format!("{}-{}-{}", spot.count, spot.joined_at.0, spot.id)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use shared::time::Span;

    use crate::bench::Bench;

    async fn board(bench: &Bench, campaign: &str, query: &str) -> Vec<[Value; 5]> {
        let found = bench.get(&format!("{campaign}/leaderboard{query}")).await.ok();
        let people = found["participants"].as_array().unwrap();
        let of = |it: &Value| {
            ["email", "referralCount", "monthlyReferralCount", "rank", "monthlyRank"]
                .map(|field| it[field].clone())
        };
        people.iter().map(of).collect()
    }

    fn spot(name: &str, counts: [i64; 4]) -> [Value; 5] {
        let [total, monthly, rank, monthly_rank] = counts.map(Value::from);
        [format!("{name}@example.com").into(), total, monthly, rank, monthly_rank]
    }

    #[tokio::test]
    async fn r_rank_2_ranks_and_leaderboards_agree_in_total_and_by_month() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("ON_SIGNUP").await;
        assert!(board(&bench, &campaign, "").await.is_empty());
        let ada = bench.add(&campaign, "ada", None).await;
        bench.pass(Span(1));
        let bob = bench.add(&campaign, "bob", None).await;
        for (friend, referrer) in [("c", &ada), ("d", &ada), ("e", &bob)] {
            bench.pass(Span(1));
            bench.add(&campaign, friend, Some(referrer)).await;
        }
        let all = board(&bench, &campaign, "?limit=3").await;
        let (first, second) = (spot("ada", [2, 2, 1, 1]), spot("bob", [1, 1, 2, 2]));
        assert_eq!(all, [first.clone(), second.clone(), spot("c", [0, 0, -1, -1])]);
        let months = board(&bench, &campaign, "?leaderboardType=CURRENT_MONTH").await;
        assert_eq!(months, [first.clone(), second.clone()]);
        assert_eq!(board(&bench, &campaign, "?isMonthly=true").await, months);
        assert!(board(&bench, &campaign, "?leaderboardType=PREV_MONTH").await.is_empty());

        bench.pass(Span::days(31));
        for friend in ["f", "g"] {
            bench.add(&campaign, friend, Some(&bob)).await;
        }
        let months = board(&bench, &campaign, "?leaderboardType=CURRENT_MONTH").await;
        assert_eq!(months, [spot("bob", [3, 2, 1, 1])]);
        let before = board(&bench, &campaign, "?leaderboardType=PREV_MONTH").await;
        assert_eq!(before, [spot("ada", [2, 0, 2, -1]), spot("bob", [3, 2, 1, 1])]);
    }

    #[tokio::test]
    async fn leaderboards_are_paged_and_refuse_what_they_do_not_know() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        for name in ["ada", "bob", "cid"] {
            bench.add(&campaign, name, None).await;
            bench.pass(Span(1));
        }
        let path = format!("{campaign}/leaderboard?limit=2");
        let first = bench.get(&path).await.ok();
        let next = first["nextId"].as_str().unwrap();
        let second = bench.get(&format!("{path}&nextId={next}")).await.ok();
        assert_eq!(second["participants"][0]["email"], "cid@example.com");
        assert_eq!((&second["nextId"], &second["limit"]), (&Value::Null, &Value::from(2)));
        for kind in ["TOTAL_IMPRESSION_COUNT", "UNIQUE_IMPRESSION_COUNT"] {
            let found = board(&bench, &campaign, &format!("?leaderboardType={kind}")).await;
            assert_eq!(found.len(), 3);
        }
        for (query, field) in [
            ("leaderboardType=WEEK", "leaderboardType"),
            ("isMonthly=1", "isMonthly"),
            ("nextId=1", "nextId"),
            ("nextId=a-b-c", "nextId"),
            ("limit=0", "limit"),
        ] {
            bench.get(&format!("{campaign}/leaderboard?{query}")).await.refuses(field);
        }
        bench.get("/v2/campaign/nobody/leaderboard").await.fails(404);
    }
}
