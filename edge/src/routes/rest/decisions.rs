//! `/campaign/{id}/participant/{p}/decisions`, ours: why (not)?

use axum::response::Response;
use shared::api::{Decision, Decisions};

use super::{page, participants::named};
use crate::{error::Error, json, routes::ask::Ask, store::decisions};

/// Lists the decisions about a participant, newest first, with sentences in English or French.
pub async fn list(ask: Ask) -> Result<Response, Error> {
    let Ask { app, query, .. } = &ask;
    let known = named(app, ask.campaign(), ask.p()).await?;
    let (limit, before, lang) = (query.limit(20)?, query.get("nextId"), query.lang("language"));
    let id = known.id.as_str();
    let mut found = decisions::page(&app.db, ask.campaign(), id, before, limit + 1).await?;
    let more = page::cut(&mut found, limit);
    let next_id = found.last().filter(|_| more).map(|it| it.id.clone());
    let shown = found.into_iter().map(|it| {
        let sentences: Vec<_> = it.reasons.iter().map(|reason| reason.sentence(lang)).collect();
        Decision {
            id: it.id,
            kind: it.kind,
            text: sentences.join(" "),
            reasons: it.reasons,
            facts: it.facts,
            created_at: it.at,
        }
    });
    Ok(json::answer(&Decisions { decisions: shown.collect(), limit, next_id }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::bench::Bench;

    #[tokio::test]
    async fn r_decision_3_every_step_is_told_newest_first_in_both_languages() {
        let bench = Bench::new().await;
        let campaign = bench.campaign("CUSTOM").await;
        let ada = bench.add(&campaign, "ada", None).await;
        let bob = bench.add(&campaign, "bob", Some(&ada)).await;
        bench.pass(shared::time::Span(1));
        bench.post(&format!("{campaign}/participant/{bob}/ref"), json!({})).await.ok();
        let path = format!("{campaign}/participant/{bob}/decisions");
        let body = bench.get(&path).await.ok();
        let kinds: Vec<_> =
            body["decisions"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
        assert_eq!(kinds, ["CREDITED", "BOUND"]);
        let credited = &body["decisions"][0];
        assert_eq!(credited["reasons"], json!(["QUALIFIED"]));
        assert_eq!(credited["text"], "All that the programme asks for has happened.");
        assert_eq!(credited["createdAt"], json!(bench.now.get()));
        assert_eq!(credited["facts"]["referrer"], *ada);
        assert_eq!(credited["facts"]["rules"][0]["version"], 1);
        assert!(!body.to_string().contains('@'), "nothing personal: {body}");
        let french = bench.get(&format!("{path}?language=fr&limit=1")).await.ok();
        let text = french["decisions"][0]["text"].as_str().unwrap();
        assert_eq!(text, "Toutes les conditions du programme sont remplies.");
        let next = french["nextId"].as_str().unwrap();
        let second = bench.get(&format!("{path}?nextId={next}")).await.ok();
        assert_eq!(second["decisions"][0]["kind"], "BOUND");
        assert_eq!(second["nextId"], json!(null));
        let unbound = bench.get(&format!("{campaign}/participant/{ada}/decisions")).await.ok();
        assert_eq!(unbound["decisions"][0]["reasons"], json!(["NOBODY_REFERRED"]));
        bench.get(&format!("{campaign}/participant/nobody/decisions")).await.fails(404);
        let other = bench.campaign("CUSTOM").await;
        bench.get(&format!("{other}/participant/{bob}/decisions")).await.fails(404);
    }
}
