//! A history under way: one installation, and what its callers do.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    attribution::{Claims, Touches},
    customer,
    email::Email,
    time::{Span, Timestamp},
};
use tokio::task::JoinSet;

use super::{
    act, faults,
    ops::{Back, Change, Hand, History, Op, Person, Rules},
};
use crate::{
    bench::Bench,
    engine::{cron, jobs, terms},
    sql,
    store::{clicks, participants, participants::Key, rules},
};

/// What a caller does, on its own.
pub(super) type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How often the cron runs at most until nothing is due: each run does much.
const RUNS: usize = 5;

/// A history under way.
pub(super) struct World<'a> {
    pub(super) bench: &'a mut Bench,
    pub(super) campaign: String,
    pub(super) history: &'a History,
    touches: BTreeMap<Person, Touches>,
    codes: u32,
    /// Whether bonds may have come in another order than their times.
    pub(super) disordered: bool,
}

#[derive(Deserialize)]
struct Instant {
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Expiring {
    friend: String,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Earned {
    id: String,
    participant: String,
}

/// Person 7 is person 0 and person 9 is person 2 under another spelling; person 8 throws mailboxes
/// away.
pub(super) fn email(person: Person) -> Email {
    let text = match person {
        7 => "0+shop@example.com".into(),
        8 => "8@mailinator.com".into(),
        9 => "2+again@example.com".into(),
        n => format!("{n}@example.com"),
    };
    Email::parse(&text).unwrap()
}

impl<'a> World<'a> {
    /// Begins on a bench that is empty.
    pub(super) async fn start(bench: &'a mut Bench, history: &'a History) -> Self {
        let trigger = if history.on_signup { "ON_SIGNUP" } else { "CUSTOM" };
        let path = bench.campaign_with(trigger, &[]).await;
        let pool = json!({ "name": "codes", "lowStock": 1 });
        bench.post(&format!("{path}/coupon-pools"), pool).await.ok();
        let options = json!({
            "requireManualRewardApproval": history.manual,
            "autoApproveAfterDays": history.auto_approve,
            "autoFulfillRewards": history.fulfil,
            "browserHoldDays": history.browser_hold,
            "referralCreditWindowDays": history.window,
            "budget": { "rewards": history.budget.0, "amount": history.budget.1 },
            "charities": ["Sea", "Forest"],
            "timeZone": history.zone.0,
            "fraud": {
                "maxFriendsPerHour": history.per_hour, "maxFriendsPerDay": null,
                "blockBurnerEmails": history.block_burners,
            },
        });
        bench.patch(&format!("{path}/options"), options).await.ok();
        for rule in asked(&history.rules, history.on_signup) {
            bench.post(&format!("{path}/reward-configs"), rule).await.ok();
        }
        let campaign = path.trim_start_matches("/v2/campaign/").into();
        let (touches, codes, disordered) = (BTreeMap::new(), 0, false);
        let mut world = Self { bench, campaign, history, touches, codes, disordered };
        world.step(&[Op::Import(2), Op::Add(0)]).await;
        world
    }

    /// Does what happens at once; what calls do runs in turns.
    pub(super) async fn step(&mut self, ops: &[Op]) {
        let mut tasks = JoinSet::new();
        for op in ops {
            if let Some(task) = self.begin(op).await {
                tasks.spawn(task);
            }
        }
        tasks.join_all().await;
        // What goes on after an answer does so before the next call.
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }

    /// Runs the cron until nothing is due.
    pub(super) async fn quiet(&mut self) -> faults::Told {
        for _ in 0..RUNS {
            cron::run(&self.bench.app, &self.bench.call()).await;
        }
        faults::due(self).await
    }

    /// What follows from an op: at once, or as a task of its own.
    fn begin<'s>(&'s mut self, op: &'s Op) -> Pin<Box<dyn Future<Output = Option<Task>> + 's>> {
        Box::pin(async move {
            let app = Arc::clone(&self.bench.app);
            let task: Task = match op {
                Op::Cron => {
                    let call = self.bench.call();
                    Box::pin(async move { cron::run(&app, &call).await })
                }
                Op::Outbox(most) => {
                    let (call, most) = (self.bench.call(), u32::from(*most));
                    Box::pin(async move {
                        jobs::run_due(&app, &call, most).await.unwrap();
                    })
                }
                Op::Killed(op, waits) => {
                    self.disordered = true;
                    let waits = *waits;
                    Box::pin(act::killed(self.begin(op).await?, waits))
                }
                Op::LastMoment(offset) => {
                    let (friend, end) = self.expiring().await?;
                    self.bench.now.set(end + Span(i64::from(*offset)));
                    let at = format!("/v2/campaign/{}/participant/{friend}/ref", self.campaign);
                    let answer = self.bench.later(self.bench.request(Method::POST, &at, "{}"));
                    let op = op.clone();
                    Box::pin(async move { act::check(&op, &answer.await) })
                }
                Op::Delay(..)
                | Op::CancelDelay(_)
                | Op::Refund(..)
                | Op::Review(..)
                | Op::Hand(..)
                | Op::Import(_)
                | Op::Rule(..)
                | Op::Customer(_)
                | Op::Erase(_)
                | Op::End
                | Op::EndIn(_)
                | Op::Resume => self.ask(op).await?,
                Op::Lead(..)
                | Op::Script(..)
                | Op::Add(_)
                | Op::Named(..)
                | Op::Trigger(_)
                | Op::Order(..) => self.tell(op).await,
                Op::Click(..)
                | Op::Pass(_)
                | Op::Edge(_)
                | Op::Back(_)
                | Op::Restart
                | Op::Block(..) => {
                    self.happen(op).await;
                    return None;
                }
            };
            Some(task)
        })
    }

    /// What happens at once.
    async fn happen(&mut self, op: &Op) {
        match op {
            Op::Click(person, owner) => self.click(*person, *owner).await,
            Op::Pass(hours) => self.bench.pass(Span::hours(i64::from(*hours))),
            Op::Edge(offset) => self.edge(*offset).await,
            Op::Back(seconds) => {
                self.disordered = true;
                self.bench.pass(Span(-1_000 * i64::from(*seconds)));
            }
            Op::Restart => self.bench.restart(),
            Op::Block(person, good) => self.block(*person, *good).await,
            _ => {}
        }
    }

    /// A sign-up, event or order, told to the engine.
    async fn tell(&mut self, op: &Op) -> Task {
        let app = Arc::clone(&self.bench.app);
        let (terms, _) = terms::read(&app, &self.campaign).await.unwrap();
        let touches = match op {
            Op::Script(_, referrer) => {
                self.claims(*referrer).await.map(|it| Touches::after(None, it))
            }
            Op::Lead(person, ..)
            | Op::Add(person)
            | Op::Named(person, _)
            | Op::Trigger(person)
            | Op::Order(person, ..) => self.touches.get(person).cloned(),
            _ => None,
        };
        self.disordered |= matches!(op, Op::Lead(_, _, act::LEFT));
        let call = self.bench.call();
        Box::pin(act::tell(app, call, terms, op.clone(), touches))
    }

    /// A call of the owner's back end.
    async fn ask(&mut self, op: &Op) -> Option<Task> {
        let at = format!("/v2/campaign/{}", self.campaign);
        let p = |person: &Person| {
            format!("{at}/participant/{}", email(*person).as_str().replace('+', "%2B"))
        };
        let status = |status: &str| json!({ "status": status });
        let (method, path, body) = match op {
            Op::Delay(person, days) => {
                (Method::POST, format!("{}/ref", p(person)), json!({ "delayInDays": days }))
            }
            Op::CancelDelay(person) => (Method::DELETE, format!("{}/ref", p(person)), Value::Null),
            Op::Review(person, accept) => {
                let review = if *accept { "ACCEPT" } else { "REJECT" };
                (Method::POST, format!("{}/ref", p(person)), json!({ "review": review }))
            }
            Op::Refund(person, number, back) => {
                let path = format!("{}/transaction/refund", p(person));
                let number = number.to_string();
                let body = match back {
                    Back::All => json!({ "orderId": number }),
                    Back::Part(n, amount) => json!({
                        "orderId": number, "refundId": n.to_string(), "refundAmount": amount,
                    }),
                    Back::Total(amount) => json!({ "orderId": number, "amountRefunded": amount }),
                };
                (Method::POST, path, body)
            }
            Op::Hand(n, hand) => {
                let Earned { id, participant } = self.earned(*n).await?;
                let reward = format!("{at}/reward/{id}");
                let own = format!("{at}/participant/{participant}/reward/{id}");
                match hand {
                    Hand::Approve(fulfill) => {
                        (Method::POST, format!("{reward}/approve"), json!({ "fulfill": fulfill }))
                    }
                    Hand::Fulfill => (Method::POST, format!("{reward}/fulfill"), json!({})),
                    Hand::Remove => (Method::DELETE, reward, Value::Null),
                    Hand::Charity => (Method::PATCH, own, json!({ "charity": "Sea" })),
                    Hand::Address => {
                        let address = json!({
                            "name": "Zebedee", "line1": "1 Sea Road", "city": "Tinytown",
                            "country": "FR",
                        });
                        (Method::PATCH, own, json!({ "address": address }))
                    }
                }
            }
            Op::Import(count) => {
                let codes: Vec<String> = (0..*count)
                    .map(|_| {
                        self.codes += 1;
                        format!("CODE-{}", self.codes)
                    })
                    .collect();
                (
                    Method::POST,
                    format!("{at}/coupon-pools/codes/coupons"),
                    json!({ "codes": codes }),
                )
            }
            Op::Rule(n, change) => {
                let rules = format!("{at}/reward-configs");
                let rule = format!("{rules}/{}", self.rule(*n).await?);
                match change {
                    Change::Limit(Some(most)) => (Method::PATCH, rule, json!({ "limit": most })),
                    Change::Limit(None) => (Method::PATCH, rule, json!({ "isUnlimited": true })),
                    Change::Hold(days) => (Method::PATCH, rule, json!({ "holdDays": days })),
                    Change::Remove => (Method::DELETE, rule, Value::Null),
                    Change::Add => {
                        let gives = json!({ "kind": "CREDIT", "amount": 100 });
                        (Method::POST, rules, json!({ "type": "DOUBLE_SIDED", "gives": gives }))
                    }
                }
            }
            Op::Customer(person) => {
                let hashes = customer::hashes(&email(*person));
                (Method::POST, format!("{at}/customers"), json!({ "hashes": hashes }))
            }
            Op::Erase(person) => {
                self.disordered = true;
                (Method::DELETE, p(person), Value::Null)
            }
            Op::End => (Method::PATCH, at, status("COMPLETE")),
            Op::EndIn(days) => {
                let end = self.bench.now.get() + Span::days(i64::from(*days));
                (Method::PATCH, format!("{at}/options"), json!({ "endsAt": end }))
            }
            Op::Resume => {
                // An end that is past does not end what goes on.
                let path = format!("{at}/options");
                // Refused, if something else changes the campaign at that moment.
                self.bench.patch(&path, json!({ "endsAt": null })).await;
                (Method::PATCH, at, status("IN_PROGRESS"))
            }
            _ => return None,
        };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.bench.later(self.bench.request(method, &path, body));
        let op = op.clone();
        Some(Box::pin(async move { act::check(&op, &answer.await) }))
    }

    /// Whose window ends next, and when.
    async fn expiring(&self) -> Option<(String, Timestamp)> {
        let next = sql!(
            "-- histories::expiring
             SELECT friend, bound_at + CAST(?3 AS INTEGER) * 86400000 AS expires_at FROM referral
              WHERE campaign = ?1 AND outcome = 'PENDING' AND ?2 + 1 < bound_at + ?3 * 86400000
              ORDER BY bound_at LIMIT 1",
            &self.campaign,
            self.bench.now.get(),
            self.history.window.map(u32::from),
        );
        let next: Vec<Expiring> = self.bench.app.db.all(next).await.unwrap();
        next.into_iter().next().map(|it| (it.friend, it.expires_at))
    }

    /// The n-th reward, counted around.
    async fn earned(&self, n: u8) -> Option<Earned> {
        let rows: Vec<Earned> = self
            .bench
            .app
            .db
            .all(sql!(
                "-- histories::earned
                 SELECT id, participant FROM reward WHERE campaign = ?1 ORDER BY id
                  LIMIT 1 OFFSET CAST(?2 AS INTEGER) % max(1, (SELECT count(*) FROM reward WHERE campaign = ?1))",
                &self.campaign,
                u32::from(n),
            ))
            .await
            .unwrap();
        rows.into_iter().next()
    }

    /// The n-th rule that is in force, counted around.
    async fn rule(&self, n: u8) -> Option<String> {
        let mut rules = rules::of_campaign(&self.bench.app.db, &self.campaign).await.unwrap();
        let place = usize::from(n).checked_rem(rules.len())?;
        Some(rules.swap_remove(place).id)
    }

    /// The claim of a click on somebody's link, if they take part.
    async fn claims(&self, owner: Person) -> Option<Claims> {
        let key = Key::Identity(email(owner).identity());
        let found = participants::find(&self.bench.app.db, &self.campaign, &key).await.unwrap();
        let claims = self.bench.claims(&self.campaign, found?.id.as_str());
        Some(Claims { exp: i64::MAX, ..claims })
    }

    /// A click; its message comes twice.
    async fn click(&mut self, person: Person, owner: Person) {
        let Some(claims) = self.claims(owner).await else { return };
        let packed = clicks::pack(&[clicks::row(&clicks::claimed(&claims))]);
        self.bench.write([clicks::insert_packed(&packed), clicks::insert_packed(&packed)]).await;
        let kept = self.touches.remove(&person);
        self.touches.insert(person, Touches::after(kept, claims));
    }

    /// Nobody can do so by a call yet.
    async fn block(&self, person: Person, good: bool) {
        let at = (!good).then_some(self.bench.now.get());
        let block = sql!(
            "-- histories::block
             UPDATE participant SET blocked_at = ?3 WHERE id =
               (SELECT subject FROM person
                 WHERE campaign = ?1 AND identity = ?2 AND kind = 'PARTICIPANT')",
            &self.campaign,
            email(person).identity(),
            at,
        );
        self.bench.write([block]).await;
    }

    /// Goes to an instant at which something is due, or a millisecond beside it.
    async fn edge(&self, offset: i8) {
        let now = self.bench.now.get();
        let next = sql!(
            "-- histories::edge
             SELECT min(at) AS at FROM (
               SELECT bound_at + 86400000 * CAST(?3 AS INTEGER) AS at FROM referral WHERE outcome = 'PENDING'
               UNION ALL SELECT credit_at FROM referral WHERE outcome = 'PENDING'
               UNION ALL SELECT approve_at FROM reward
                          WHERE status = 'PENDING' AND approved_at IS NULL
               UNION ALL SELECT options->>'endsAt' FROM campaign WHERE status = 'IN_PROGRESS'
               UNION ALL SELECT due_at FROM board WHERE closed_at IS NULL AND month = 0
               UNION ALL SELECT due_at FROM job WHERE done_at IS NULL
               UNION ALL SELECT CAST(1000 * (unixepoch(CAST(?1 AS INTEGER) / 1000 + ?2, 'unixepoch',
                                                       'start of month', '+1 month') - ?2)
                                 AS INTEGER))
              WHERE ?1 + 1 < at AND at < ?1 + 3000000000",
            now,
            self.history.zone.1 * 3_600,
            self.history.window.map(u32::from),
        );
        let next: Vec<Instant> = self.bench.app.db.all(next).await.unwrap();
        if let Some(at) = next.into_iter().find_map(|it| it.at) {
            self.bench.now.set(at + Span(i64::from(offset)));
        }
    }
}

/// The rules as they are asked for.
fn asked(it: &Rules, on_signup: bool) -> Vec<Value> {
    let mut rules = Vec::new();
    let credit = json!({ "kind": "CREDIT", "amount": 500 });
    let codes = json!({ "kind": "UNIQUE_COUPON", "pool": "codes" });
    let limited = |mut rule: Value| {
        if let Some((most, per)) = it.limit {
            rule["limit"] = most.into();
            rule["limitDuration"] = per.into();
        }
        rule
    };
    if it.both {
        rules.push(limited(json!({
            "type": "DOUBLE_SIDED", "holdDays": it.hold, "gives": credit,
        })));
    }
    rules.push(limited(json!({ "type": "SINGLE_SIDED", "conversionsRequired": it.every })));
    if it.coupon {
        rules.push(json!({ "type": "DOUBLE_SIDED", "gives": codes }));
    }
    if it.monthly {
        rules.push(json!({
            "type": "MILESTONE", "conversionsRequired": 2, "limitDuration": "PER_MONTH",
            "gives": { "kind": "BADGE" },
        }));
    }
    if let Some(winners) = it.board {
        rules.push(json!({ "type": "LEADERBOARD", "numberOfWinners": winners, "gives": codes }));
    }
    if it.month_board {
        rules.push(json!({
            "type": "LEADERBOARD", "limitDuration": "PER_MONTH", "numberOfWinners": 2,
            "gives": credit,
        }));
    }
    if let Some(every) = it.lead.filter(|_| !on_signup) {
        rules.push(json!({
            "type": "SINGLE_SIDED", "event": "LEAD", "conversionsRequired": every,
        }));
    }
    if it.large && !on_signup {
        rules.push(json!({
            "type": "SINGLE_SIDED", "gives": { "kind": "MONEY", "amount": 300 },
            "conditions": { "fact": "AMOUNT", "is": "AT_LEAST", "value": 600 },
        }));
    }
    if it.gift {
        rules.push(json!({
            "type": "DOUBLE_SIDED", "gives": { "kind": "GIFT" },
            "referralGives": { "kind": "DONATION", "amount": 200 },
        }));
    }
    rules
}
