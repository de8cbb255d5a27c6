//! The programme that answers make: its campaign, its rule, its look.

use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};

use super::{Answers, Flaw, Goal, Problem};
use crate::{
    api,
    attribution::{Consent, Key},
    campaign::{Campaign, Installation, Options, SignupEvent, Status, Trigger},
    card::{self, Own},
    link::SiteUrl,
    look::{Colour, Look, Scheme},
    money::{Currency, LARGEST},
    reward::{self, Budget, Condition, Event, Gift, GiftKind, Kind, Limit, Period, Rule, Texts},
    time::Timestamp,
    zone::Zone,
};

/// The most further addresses that are typed here.
pub const MOST_ADDRESSES: usize = 49;

/// What is made of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The goal, as the wire has it.
    pub goal: api::Goal,
    /// The campaign, running since the instant.
    pub campaign: Campaign,
    /// Its one rule.
    pub rule: Rule,
    /// How its pages look.
    pub look: Look,
    /// The headline and the invitation on them.
    pub texts: Own,
}

impl Plan {
    /// Whether a voucher is promised whose code nobody named yet: it waits until the owner gives it.
    #[must_use]
    pub fn lacks_code(&self) -> bool {
        sides(&self.rule).any(|(gift, code)| gift.kind == GiftKind::Coupon && code.is_none())
    }
}

/// What each side gets, with the code of a voucher.
fn sides(rule: &Rule) -> impl Iterator<Item = (&Gift, Option<&String>)> {
    let friend = (&rule.referral_gives, rule.texts.referral_coupon_code.as_ref());
    let both = rule.kind == Kind::DoubleSided;
    let all = [Some((&rule.gives, rule.texts.coupon_code.as_ref())), both.then_some(friend)];
    all.into_iter().flatten()
}

/// What answers make, and all that is wrong with them: a wrong answer counts as the preset's, so
/// that a preview goes on (R-SETUP-1).
#[must_use]
pub fn read(answers: &Answers, campaign: &str, rule: &str, now: Timestamp) -> (Plan, Vec<Flaw>) {
    let goal = answers.goal();
    let mut reader = Reader { answers, flaws: Vec::new() };
    if goal.is_none() {
        reader.wrong("goal", Problem::Missing);
    }
    let currency = Currency::parse(reader.get("currency")).unwrap_or_else(|_| {
        reader.wrong("currency", Problem::Choice);
        Currency::EUR
    });
    let rule = reader.rule(rule, currency);
    let campaign = reader.campaign(campaign, currency, &rule, now);
    let (look, texts) = (reader.look(), reader.texts());
    if let Some(flaw) = rule.flaw(currency).or_else(|| reward::misfit(&rule, &campaign, now)) {
        // Each answer is right by itself, so that this is about all of them.
        let field = if flaw.field == "referralGives" { "friendGift" } else { "gift" };
        if reader.flaws.is_empty() {
            reader.wrong(field, Problem::Misfit);
        }
    }
    let goal = goal.unwrap_or(Goal::Shop).on_the_wire();
    (Plan { goal, campaign, rule, look, texts }, reader.flaws)
}

struct Reader<'a> {
    answers: &'a Answers,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn get(&self, field: &str) -> &str {
        self.answers.get(field)
    }

    fn wrong(&mut self, field: &'static str, problem: Problem) {
        self.flaws.push(Flaw { field, problem });
    }

    /// A text of at most so many characters; an empty one is none.
    fn text(&mut self, field: &'static str, longest: usize) -> Option<String> {
        let text = String::from(self.get(field));
        if longest < text.chars().count() {
            self.wrong(field, Problem::Long);
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    fn needed(&mut self, field: &'static str, longest: usize) -> Option<String> {
        let text = self.text(field, longest);
        if self.get(field).is_empty() {
            self.wrong(field, Problem::Missing);
        }
        text
    }

    /// A whole number within bounds; nothing typed is none.
    fn number(&mut self, field: &'static str, least: u32, most: u32) -> Option<u32> {
        let text = self.get(field);
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok().filter(|it| (least..=most).contains(it));
        if number.is_none() {
            self.wrong(field, Problem::Number);
        }
        number
    }

    /// One of the choices; the first, where it is none of them.
    fn choice<T: Copy>(&mut self, field: &'static str, choices: &[(&str, T)], or: T) -> T {
        let found = choices.iter().find(|it| it.0 == self.get(field)).map(|it| it.1);
        found.unwrap_or_else(|| {
            self.wrong(field, Problem::Choice);
            or
        })
    }

    fn days(&mut self, field: &'static str) -> u16 {
        const DAYS: [u16; 9] = [1, 3, 7, 14, 30, 60, 90, 180, 365];
        let found = self.get(field).parse().ok().filter(|it| DAYS.contains(it));
        found.unwrap_or_else(|| {
            self.wrong(field, Problem::Choice);
            30
        })
    }

    fn amount(&mut self, field: &'static str, needs: bool, currency: Currency) -> Option<i64> {
        let text = self.get(field);
        if text.is_empty() {
            if needs {
                self.wrong(field, Problem::Amount);
            }
            return None;
        }
        let minor = minor(text, currency.digits());
        if minor.is_none() {
            self.wrong(field, Problem::Amount);
        }
        minor
    }

    fn gift(&mut self, kind: &'static str, amount: &'static str, currency: Currency) -> Gift {
        let kinds = [
            ("coupon", GiftKind::Coupon),
            ("credit", GiftKind::Credit),
            ("gift", GiftKind::Gift),
            ("access", GiftKind::Access),
            ("badge", GiftKind::Badge),
            ("money", GiftKind::Money),
            ("donation", GiftKind::Donation),
        ];
        let kind = self.choice(kind, &kinds, GiftKind::Coupon);
        let needs = matches!(kind, GiftKind::Credit | GiftKind::Money | GiftKind::Donation);
        let amount = match kind {
            GiftKind::Badge | GiftKind::Access => None,
            _ => self.amount(amount, needs, currency),
        };
        // A preview goes on with one unit where the amount is wrong.
        let one = 10_i64.pow(u32::try_from(currency.digits()).unwrap_or_default());
        Gift { kind, amount: amount.or(needs.then_some(one)), currency: None, pool: None }
    }

    fn rule(&mut self, id: &str, currency: Currency) -> Rule {
        let who = [("both", Kind::DoubleSided), ("referrer", Kind::SingleSided)];
        let kind = self.choice("who", &who, Kind::SingleSided);
        let gives = self.gift("gift", "amount", currency);
        let both = kind == Kind::DoubleSided;
        let referral_gives =
            if both { self.gift("friendGift", "friendAmount", currency) } else { Gift::default() };
        let every = self.number("every", 1, 1_000);
        if self.get("every").is_empty() {
            self.wrong("every", Problem::Number);
        }
        let periods =
            [("total", Period::InTotal), ("month", Period::PerMonth), ("year", Period::PerYear)];
        let per = self.choice("per", &periods, Period::InTotal);
        let limit = self.number("limit", 1, reward::LARGEST).map(|most| Limit { most, per });
        let hold = self.number("hold", 0, 365).unwrap_or_default();
        let coupon = |gift: &Gift| gift.kind == GiftKind::Coupon;
        let texts = Texts {
            description: self.text("words", 200),
            referral_description: self.text("friendWords", 200).filter(|_| both),
            coupon_code: self.text("code", 100).filter(|_| coupon(&gives)),
            referral_coupon_code: self
                .text("friendCode", 100)
                .filter(|_| both && coupon(&referral_gives)),
            ..Texts::default()
        };
        Rule {
            id: id.into(),
            version: 1,
            kind,
            event: Event::Conversion,
            conversions_required: every.unwrap_or(1),
            limit,
            period: Period::InTotal,
            number_of_winners: 1,
            is_visible: true,
            upfront: false,
            gives,
            referral_gives,
            conditions: Condition::default(),
            starts_at: None,
            ends_at: None,
            hold_days: u16::try_from(hold).unwrap_or_default(),
            order: None,
            texts,
        }
    }

    fn options(&mut self, company: Option<&str>, rule: &Rule, by_sign_up: bool) -> Options {
        let auto = self.choice("approval", &[("hand", false), ("auto", true)], false);
        // A voucher with its code or a badge needs nobody's hand; whatever else does is given by the owner.
        let by_itself = |(gift, code): (&Gift, Option<&String>)| match gift.kind {
            GiftKind::Badge => true,
            GiftKind::Coupon => code.is_some(),
            _ => false,
        };
        let trusts = self.choice("trust", &[("confirm", false), ("form", true)], false);
        let donates =
            [&rule.gives, &rule.referral_gives].iter().any(|it| it.kind == GiftKind::Donation);
        let rewards = self.number("budget", 1, reward::LARGEST).map(i64::from);
        let wait = (!by_sign_up).then(|| self.days("wait"));
        Options {
            require_manual_reward_approval: !auto,
            auto_fulfill_rewards: auto && sides(rule).all(by_itself),
            // Anybody can send made-up sign-ups through a form: it is believed where the owner says so.
            browser_hold_days: (auto && by_sign_up && trusts).then(|| rule.hold_days.max(1)),
            budget: Budget { rewards, amount: None },
            charities: if donates {
                company.map(ToString::to_string).into_iter().collect()
            } else {
                vec![]
            },
            referral_cookie_window_days: self.days("window"),
            referral_credit_window_days: wait,
            time_zone: Zone::parse(self.get("zone")).unwrap_or_else(|_| {
                self.wrong("zone", Problem::Zone);
                Zone::UTC
            }),
            ..Options::default()
        }
    }

    fn campaign(&mut self, id: &str, currency: Currency, rule: &Rule, now: Timestamp) -> Campaign {
        let events = [("order", Trigger::Custom), ("signup", Trigger::OnSignup)];
        let referral_trigger = self.choice("event", &events, Trigger::Custom);
        let company = self.needed("company", 255);
        let by_sign_up = referral_trigger == Trigger::OnSignup;
        let options = self.options(company.as_deref(), rule, by_sign_up);
        let share_url = self.needed("address", 2_048).map(whole);
        if share_url.as_deref().is_some_and(|it| SiteUrl::parse(it).is_err()) {
            self.wrong("address", Problem::Address);
        }
        let allowed_urls: Vec<String> = self
            .get("more")
            .split(|it: char| it.is_whitespace() || it == ',')
            .filter(|it| !it.is_empty())
            .map(|it| whole(it.into()))
            .collect();
        let is_site = |it: &String| SiteUrl::parse(it).is_ok();
        if MOST_ADDRESSES < allowed_urls.len() || !allowed_urls.iter().all(is_site) {
            self.wrong("more", Problem::Address);
        }
        let consents = [("ask", Consent::Required), ("other", Consent::NotRequired)];
        let consent = self.choice("consent", &consents, Consent::Required);
        let capture_unreferred = self.choice("join", &[("all", true), ("friends", false)], true);
        let logo = self.text("logo", 2_048);
        if logo.as_deref().is_some_and(|it| SiteUrl::parse(it).is_ok_and(|it| !it.is_secure())) {
            self.wrong("logo", Problem::Secure);
        } else if logo.as_deref().is_some_and(|it| SiteUrl::parse(it).is_err()) {
            self.wrong("logo", Problem::Address);
        }
        Campaign {
            id: id.into(),
            name: self.needed("name", 255).unwrap_or_default(),
            status: Status::InProgress,
            currency,
            company_name: company,
            company_logo_image_url: logo,
            started_at: Some(now),
            ended_at: None,
            installation: Installation {
                allowed_urls,
                capture_unreferred,
                consent,
                referral_trigger,
                share_url,
                signup_event: SignupEvent::FormDetection,
                ..Installation::default()
            },
            options,
            keys: vec![Key { generation: 1, retired_at: None }],
        }
    }

    fn look(&mut self) -> Look {
        let mut colour = |field: &'static str| {
            Colour::parse(self.get(field)).unwrap_or_else(|_| {
                self.wrong(field, Problem::Colour);
                Look::default().primary
            })
        };
        let (primary, accent) = (colour("primary"), colour("accent"));
        let schemes = [("auto", Scheme::Auto), ("light", Scheme::Light), ("dark", Scheme::Dark)];
        let scheme = self.choice("scheme", &schemes, Scheme::Auto);
        Look { primary, accent, scheme }
    }

    /// The headline and the invitation; one language stands for the other where that is empty.
    fn texts(&mut self) -> Own {
        let mut of = |title, text| card::Texts {
            headline: self.text(title, 120).unwrap_or_default(),
            intro: self.text(text, 600).unwrap_or_default(),
            ..card::Texts::default()
        };
        Own { en: of("titleEn", "textEn"), fr: of("titleFr", "textFr") }.normalised()
    }
}

/// An address as people type it, with its scheme.
fn whole(text: String) -> String {
    if text.contains("://") { text } else { alloc::format!("https://{text}") }
}

/// An amount as people type it, such as `10` or `10,50`, in minor units of so many digits.
fn minor(text: &str, digits: usize) -> Option<i64> {
    let text: String = text.chars().filter(|it| !it.is_whitespace()).collect();
    let (whole, rest) = text.split_once([',', '.']).unwrap_or((&text, ""));
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(rest) || digits < rest.len() {
        return None;
    }
    let number: i64 = alloc::format!("{whole}{rest:0<digits$}").parse().ok()?;
    Some(number).filter(|it| (1..=LARGEST).contains(it))
}

#[cfg(test)]
mod amounts {
    use super::minor;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, digits, expected) in [
            ("10", 2, Some(1_000)),
            ("10,5", 2, Some(1_050)),
            ("10.05", 2, Some(1_005)),
            ("1 000", 2, Some(100_000)),
            ("500", 0, Some(500)),
            ("1.234", 3, Some(1_234)),
            ("0", 2, None),
            ("0.00", 2, None),
            ("-1", 2, None),
            ("1.005", 2, None),
            ("5,0", 0, None),
            (",5", 2, None),
            ("1,2,3", 2, None),
            ("ten", 2, None),
            ("90071992547409.91", 2, Some(9_007_199_254_740_991)),
            ("90071992547409.92", 2, None),
            ("99999999999999999999", 2, None),
        ] {
            assert_eq!(minor(text, digits), expected, "{text}");
        }
    }
}
