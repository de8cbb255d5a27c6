//! What the wire knows and this installation does not, and what nobody knows.

use crate::error::Error;

/// 501: an operation that is not built.
#[must_use]
pub fn operation() -> Error {
    Error::NotBuilt
}

/// 404: a path that nobody knows.
#[must_use]
pub fn path() -> Error {
    Error::Missing
}

/// 405: a path that does not know the method; the router adds `Allow`.
#[must_use]
pub fn method() -> Error {
    Error::WrongMethod("")
}

#[cfg(test)]
mod tests {
    use http::{Method, header};

    use crate::bench::Bench;

    /// The operations of the wire that are not built.
    const UNBUILT: &str = "
        POST /team/verification-request | POST /team/owner/verification-email
        POST C/clone | GET C/commissions | GET C/payouts | GET C/analytics
        GET C/analytics/activation | POST C/mobile-participant-token
        POST C/referral-flow-screenshots | GET C/affiliate-applications
        GET C/affiliate-applications/x | PATCH C/affiliate-applications/x
        GET C/affiliate-invites | POST C/affiliate-invites | DELETE C/affiliate-invites/x
        POST C/affiliate-invites/x/resend | POST C/participant/x
        POST C/participants/bulk-delete
        GET C/participant/x/referrals | POST C/participant/x/invites
        GET C/participant/x/activity-logs | GET C/participant/x/analytics
        GET C/participant/x/commissions | GET C/participant/x/payouts
        GET C/participant/x/payout-destination
        POST C/participant/x/payout-destination/request-confirmation
        POST C/commission/x/approve | DELETE C/commission/x
        GET C/design | PATCH C/design | GET C/integrations
        GET C/webhooks | POST C/webhooks | PATCH C/webhooks/x | DELETE C/webhooks/x
        POST C/webhooks/x/test | GET C/resources | POST C/resources | PATCH C/resources/x
        DELETE C/resources/x | POST C/resource-upload-tickets";

    /// The operations of the wire that are built; with the above, all 74.
    const BUILT: &str = "
        GET /team | PATCH /team
        POST /accounts | GET /campaigns | POST /campaigns | GET C/ | PATCH C/
        GET C/participants | GET C/referrals | POST C/participant | GET C/participant/x
        POST C/participant/x/ref | DELETE C/participant/x/ref | GET C/participant/x/rewards
        POST C/participant/x/transaction | GET C/leaderboard
        GET C/reward-configs | POST C/reward-configs | PATCH C/reward-configs/x
        DELETE C/reward-configs/x | GET C/options | PATCH C/options
        GET C/installation | PATCH C/installation | DELETE C/participant/x
        POST C/participant/x/transaction/refund | POST C/participant/x/email
        GET C/emails | PATCH C/emails
        POST C/reward/x/approve | POST C/reward/x/fulfill | DELETE C/reward/x
         POST /api-key/rotate";

    fn operations(table: &'static str) -> impl Iterator<Item = (Method, String)> {
        table.split(['|', '\n']).map(str::trim).filter(|it| !it.is_empty()).map(|it| {
            let (method, path) = it.split_once(' ').unwrap();
            let path = path.trim_end_matches('/').replace('C', "/campaign/nobody");
            (method.parse().unwrap(), format!("/v2{path}"))
        })
    }

    #[tokio::test]
    async fn r_wire_1_all_74_operations_are_known_and_the_unbuilt_ones_say_so() {
        let bench = Bench::new().await;
        assert_eq!(operations(UNBUILT).count() + operations(BUILT).count(), 74);
        for (method, path) in operations(UNBUILT) {
            let answer = bench.send(bench.request(method, &path, "{}")).await;
            assert_eq!(answer.headers["x-should-retry"], "false", "{path}");
            assert_eq!(answer.fails(501)["code"], "NOT_IMPLEMENTED");
        }
        for (method, path) in operations(BUILT) {
            let answer = bench.send(bench.request(method.clone(), &path, "{}")).await;
            let known = [200, 400, 403, 404];
            assert!(known.contains(&answer.status.as_u16()), "{method} {path} {}", answer.status);
        }
    }

    #[tokio::test]
    async fn unknown_paths_are_404_and_wrong_methods_405_with_allow() {
        let bench = Bench::new().await;
        for path in
            ["/v2/nothing", "/v2", "/v2/", "/v2/campaigns/x", "/v2/campaign", "/v2/campaign/x/y"]
        {
            bench.get(path).await.fails(404);
        }
        let cases = [
            (Method::DELETE, "/v2/campaigns", "GET,HEAD,POST"),
            (Method::POST, "/v2/campaign/x", "GET,HEAD,PATCH"),
            (Method::GET, "/v2/campaign/x/clone", "POST"),
            (Method::PUT, "/v2/campaign/x/participant/y/ref", "POST,DELETE"),
            (Method::GET, "/v2/accounts", "POST"),
        ];
        for (method, path, allowed) in cases {
            let answer = bench.send(bench.request(method, path, "")).await;
            assert_eq!(answer.headers[header::ALLOW], allowed, "{path}");
            answer.fails(405);
        }
    }

    #[tokio::test]
    async fn the_installation_opens_no_accounts() {
        let bench = Bench::new().await;
        let account = serde_json::json!({ "email": "a@example.com" });
        let body = bench.post("/v2/accounts", account).await.fails(403);
        assert_eq!(body["code"], "NOT_AUTHORIZED_ERROR");
    }
}
