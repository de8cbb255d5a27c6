//! What may happen in a history, and how histories are drawn.

use proptest::{collection::vec, prelude::*};

/// People are numbers; their addresses are [`super::world::email`]'s.
pub(super) type Person = u8;

/// How many people there are.
pub(super) const PEOPLE: Person = 10;

/// How a form was filled in, as its browser says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Plain,
    Honeypot,
    RobotSpeed,
}

/// What becomes of a lead's job right after its commit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum After {
    /// It is done.
    Done,
    /// It is done twice at once, as a queue may deliver it.
    DoneTwice,
    /// The process dies: it stays in the outbox.
    Left,
}

/// How much of an order is given back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Back {
    /// All of it.
    All,
    /// A part under a number of its own: the n-th refund.
    Part(u8, i64),
    /// So much in all.
    Total(i64),
}

/// What is done with the n-th reward.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hand {
    Approve(Option<bool>),
    Fulfill,
    Remove,
    /// The person says where to send it.
    Address,
    /// The person says whom it is for.
    Charity,
}

/// How the owner changes the n-th rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Change {
    /// It gives so often from now on; none: without a limit.
    Limit(Option<u32>),
    /// What it gives waits so many days from now on.
    Hold(u16),
    /// It is out of force.
    Remove,
    /// Beside it stands one more.
    Add,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// The person follows the other one's link.
    Click(Person, Person),
    /// A browser says that the person signed up.
    Lead(Person, Form, After),
    /// Somebody's script says so, in the name of a referrer whose link the person never saw.
    Script(Person, Person),
    /// The back end says so, with the click if there was one.
    Add(Person),
    /// The back end says so and names a referrer.
    Named(Person, Person),
    /// The back end reports the qualifying event, with the click if there was one.
    Trigger(Person),
    /// The same, to be credited after so many days.
    Delay(Person, u16),
    /// What was put off is taken back.
    CancelDelay(Person),
    /// The back end reports an order with a number and a gross amount.
    Order(Person, u8, i64),
    /// The back end reports a refund of the order with that number.
    Refund(Person, u8, Back),
    /// The owner looks at what is held: it goes on, or it does not.
    Review(Person, bool),
    /// Somebody deals with a reward.
    Hand(u8, Hand),
    /// The owner imports so many fresh codes.
    Import(u8),
    /// The owner changes a rule.
    Rule(u8, Change),
    /// The owner says that the person was a customer before.
    Customer(Person),
    /// The person is forgotten; who comes under that address then is somebody new.
    Erase(Person),
    /// The person loses their good standing, or gets it back.
    Block(Person, bool),
    /// The cron runs.
    Cron,
    /// The outbox is read, as by the queue: so many jobs.
    Outbox(u8),
    /// So many hours pass.
    Pass(u16),
    /// Time goes on to just before, at or just after the next instant at which something is due.
    Edge(i8),
    /// The qualifying event of whoever's window ends next, just before its end, at or after it.
    LastMoment(i8),
    /// The clock is set back by some seconds.
    Back(u16),
    /// The campaign ends.
    End,
    /// It ends by itself after so many days.
    EndIn(u8),
    /// The campaign goes on.
    Resume,
    /// The process starts anew, with cold caches.
    Restart,
    /// A call's host dies when it has waited so many times.
    Killed(Box<Op>, u8),
}

/// The rules of a campaign.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(super) struct Rules {
    /// Both sides for each friend.
    pub(super) both: bool,
    /// How many referrals a round asks for.
    pub(super) every: u32,
    /// How many rewards a referrer earns by the first two.
    pub(super) limit: Option<(u32, &'static str)>,
    /// A code of one's own for each friend.
    pub(super) coupon: bool,
    /// A milestone in each month.
    pub(super) monthly: bool,
    /// A leaderboard at the end, with so many winners; none: no such rule.
    pub(super) board: Option<u32>,
    /// One for each month.
    pub(super) month_board: bool,
    /// A friend's sign-up, where that is not what the campaign pays for.
    pub(super) lead: Option<u32>,
    /// For large orders only.
    pub(super) large: bool,
    /// A thing that is sent, and a donation.
    pub(super) gift: bool,
    /// The days that rewards of the first wait.
    pub(super) hold: u16,
}

/// A campaign, and what happens in it: each step's events at once.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(super) struct History {
    pub(super) on_signup: bool,
    pub(super) manual: bool,
    pub(super) auto_approve: Option<u16>,
    pub(super) fulfil: bool,
    pub(super) browser_hold: Option<u16>,
    pub(super) window: Option<u16>,
    pub(super) per_hour: Option<u32>,
    pub(super) block_burners: bool,
    pub(super) budget: (Option<i64>, Option<i64>),
    /// The zone's name and its hours before UTC.
    pub(super) zone: (&'static str, i64),
    pub(super) rules: Rules,
    pub(super) steps: Vec<Vec<Op>>,
}

fn person() -> std::ops::Range<Person> {
    0..PEOPLE
}

/// Most come through the same referrer, so that rounds fill and counts are fought over.
fn referrer() -> impl Strategy<Value = Person> {
    prop_oneof![5 => Just(0), 1 => person()]
}

fn call() -> BoxedStrategy<Op> {
    let form = prop_oneof![6 => Just(Form::Plain), 1 => Just(Form::Honeypot),
                           1 => Just(Form::RobotSpeed)];
    let after = prop_oneof![4 => Just(After::Done), 1 => Just(After::DoneTwice),
                            2 => Just(After::Left)];
    let back = prop_oneof![
        3 => Just(Back::All),
        2 => (0..3_u8, prop_oneof![Just(300_i64), Just(500), Just(1_000)])
            .prop_map(|(n, amount)| Back::Part(n, amount)),
        1 => prop_oneof![Just(400_i64), Just(1_000), Just(1_001)].prop_map(Back::Total),
    ];
    let hand = prop_oneof![
        3 => proptest::option::of(any::<bool>()).prop_map(Hand::Approve),
        2 => Just(Hand::Fulfill),
        2 => Just(Hand::Remove),
        1 => Just(Hand::Address),
        1 => Just(Hand::Charity),
    ];
    let change = prop_oneof![
        4 => proptest::option::weighted(0.7, 1..4_u32).prop_map(Change::Limit),
        2 => (0..3_u16).prop_map(Change::Hold),
        1 => Just(Change::Remove),
        1 => Just(Change::Add),
    ];
    let order = (person(), 0..6_u8, prop_oneof![3 => Just(1_000_i64), 1 => Just(500_i64)]);
    prop_oneof![
        6 => (person(), form, after).prop_map(|(a, form, after)| Op::Lead(a, form, after)),
        2 => (person(), referrer()).prop_map(|(a, b)| Op::Script(a, b)),
        3 => person().prop_map(Op::Add),
        7 => (person(), referrer()).prop_map(|(a, b)| Op::Named(a, b)),
        6 => person().prop_map(Op::Trigger),
        2 => (person(), 1..4_u16).prop_map(|(a, days)| Op::Delay(a, days)),
        1 => person().prop_map(Op::CancelDelay),
        7 => order.prop_map(|(a, n, gross)| Op::Order(a, n, gross)),
        5 => (person(), 0..6_u8, back).prop_map(|(a, n, back)| Op::Refund(a, n, back)),
        3 => (person(), any::<bool>()).prop_map(|(a, accept)| Op::Review(a, accept)),
        6 => (any::<u8>(), hand).prop_map(|(n, hand)| Op::Hand(n, hand)),
        2 => (1..4_u8).prop_map(Op::Import),
        2 => (any::<u8>(), change).prop_map(|(n, change)| Op::Rule(n, change)),
        1 => person().prop_map(Op::Customer),
        1 => person().prop_map(Op::Erase),
        3 => Just(Op::Cron),
        1 => (1..4_u8).prop_map(Op::Outbox),
        1 => Just(Op::End),
        1 => Just(Op::Resume),
    ]
    .boxed()
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        10 => (person(), referrer()).prop_map(|(a, b)| Op::Click(a, b)),
        60 => call(),
        4 => (call(), 0..9_u8).prop_map(|(op, waits)| Op::Killed(Box::new(op), waits)),
        2 => (person(), any::<bool>()).prop_map(|(a, good)| Op::Block(a, good)),
        3 => prop_oneof![Just(1_u16), Just(25), Just(80), Just(400)].prop_map(Op::Pass),
        5 => (-1..2_i8).prop_map(Op::Edge),
        3 => (-1..2_i8).prop_map(Op::LastMoment),
        1 => (1..2_000_u16).prop_map(Op::Back),
        1 => (1..20_u8).prop_map(Op::EndIn),
        2 => Just(Op::Resume),
        1 => Just(Op::Restart),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let limit = prop_oneof![2 => Just(None), 1 => Just(Some((1, "IN_TOTAL"))),
                            1 => Just(Some((2, "IN_TOTAL"))), 1 => Just(Some((1, "PER_MONTH"))),
                            1 => Just(Some((2, "PER_YEAR")))];
    let some = || proptest::bool::weighted(0.4);
    let first = (proptest::bool::weighted(0.8), 1..4_u32, limit, proptest::bool::weighted(0.5));
    let second = (
        some(),
        proptest::option::weighted(0.4, 1..3_u32),
        some(),
        proptest::option::weighted(0.4, 1..3_u32),
        some(),
        some(),
    );
    let hold = prop_oneof![2 => Just(0_u16), 1 => Just(1), 1 => Just(30)];
    (first, second, hold).prop_map(
        |((both, every, limit, coupon), (monthly, board, month_board, lead, large, gift), hold)| {
            Rules {
                both,
                every,
                limit,
                coupon,
                monthly,
                board,
                month_board,
                lead,
                large,
                gift,
                hold,
            }
        },
    )
}

/// A history.
pub(super) fn history() -> impl Strategy<Value = History> {
    let step = prop_oneof![
        4 => op().prop_map(|it| vec![it]),
        1 => op().prop_map(|it| vec![it; 3]),
        3 => vec(op(), 2..4),
    ];
    let seldom = || proptest::bool::weighted(0.25);
    let days = || prop_oneof![3 => Just(None), 1 => Just(Some(1_u16)), 1 => Just(Some(7))];
    let budget = (
        proptest::option::weighted(0.25, 1..8_i64),
        proptest::option::weighted(0.25, 4..40_i64).prop_map(|it| it.map(|it| it * 100)),
    );
    let zone = prop_oneof![2 => Just(("UTC", 0_i64)), 1 => Just(("Pacific/Kiritimati", 14)),
                           1 => Just(("Pacific/Pago_Pago", -11))];
    let approval = (seldom(), days(), any::<bool>(), days());
    let per_hour = prop_oneof![3 => Just(None), 1 => Just(Some(1_u32)), 1 => Just(Some(3))];
    let guards = (days(), per_hour, seldom(), budget, zone);
    (any::<bool>(), approval, guards, rules(), vec(step, 12..40)).prop_map(
        |(on_signup, approval, guards, rules, steps)| {
            let (manual, auto_approve, fulfil, browser_hold) = approval;
            let (window, per_hour, block_burners, budget, zone) = guards;
            History {
                on_signup,
                manual,
                auto_approve,
                fulfil,
                browser_hold,
                window,
                per_hour,
                block_burners,
                budget,
                zone,
                rules,
                steps,
            }
        },
    )
}
