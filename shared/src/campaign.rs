//! A campaign: one referral programme with its terms.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    around,
    attribution::{Consent, Key, Model, WINDOW_LONGEST},
    fraud,
    link::SiteUrl,
    money::{Currency, LARGEST},
    reward::Budget,
    time::{Span, Timestamp},
    zone::Zone,
};

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Being set up: links redirect, nothing is attributed or credited.
    Draft,
    /// Running.
    InProgress,
    /// Ended: people may still be added, nothing is credited.
    Complete,
}

/// What a conversion is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Trigger {
    /// A sign-up to the owner's product.
    #[default]
    OnSignup,
    /// A qualifying event after it: a trigger call or a transaction.
    Custom,
}

/// How sign-ups reach us.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignupEvent {
    /// The widget recognises the site's own forms.
    #[default]
    FormDetection,
    /// The site's back end or script says so.
    Programmatic,
}

/// Which counts when a typed code names another referrer than the click.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Precedence {
    /// The code: typing it was an act of its own.
    #[default]
    Code,
    /// The click.
    Click,
}

/// Forms that the owner names for the widget, as CSS selectors.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Forms {
    /// Always captured.
    pub take: Vec<String>,
    /// Never captured.
    pub ignore: Vec<String>,
}

/// How the campaign is installed on its site.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[serde(default, rename_all = "camelCase")]
pub struct Installation {
    /// Further addresses whose origins may call the browser's endpoints.
    pub allowed_urls: Vec<String>,
    /// Whether leads of visitors whom nobody referred are taken too.
    pub capture_unreferred: bool,
    /// Whether anything may be kept in a browser before the visitor agreed.
    pub consent: Consent,
    /// The domain whose hosts share the attribution cookie, such as `shop.example`, in lower case.
    #[serde(deserialize_with = "lower_case")]
    pub cookie_domain: Option<String>,
    /// Where a friend's coupon is typed, as a CSS selector.
    pub coupon_field: Option<String>,
    /// Forms named by the owner.
    pub forms: Forms,
    /// Whether a button in the corner of the site's pages asks customers to share.
    pub launcher: bool,
    /// Whether a friend sees the offer in a window.
    pub offer_window: bool,
    /// For how many days nobody is asked who closed what asked them.
    pub prompt_closed_days: u16,
    /// Once in how many days somebody is asked.
    pub prompt_every_days: u16,
    /// Paths of pages after a purchase, where customers are asked to share; `*` is any text.
    pub purchase_pages: Vec<String>,
    /// Paths of pages where nothing opens; `*` is any text.
    pub quiet_pages: Vec<String>,
    /// What a conversion is.
    pub referral_trigger: Trigger,
    /// Where links lead.
    pub share_url: Option<String>,
    /// How sign-ups reach us.
    pub signup_event: SignupEvent,
    /// Whether the share URL is a link of ours (`/r/…`): always, as that needs no script to attribute.
    pub use_grow_surf_hosted_links: bool,
}

fn lower_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|it| it.to_ascii_lowercase()))
}

impl Default for Installation {
    fn default() -> Self {
        Self {
            allowed_urls: Vec::new(),
            capture_unreferred: false,
            consent: Consent::default(),
            cookie_domain: None,
            coupon_field: None,
            forms: Forms::default(),
            launcher: false,
            offer_window: false,
            prompt_closed_days: 90,
            prompt_every_days: 30,
            purchase_pages: Vec::new(),
            quiet_pages: Vec::new(),
            referral_trigger: Trigger::default(),
            share_url: None,
            signup_event: SignupEvent::default(),
            use_grow_surf_hosted_links: true,
        }
    }
}

/// The campaign's options, so far as they exist.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Which touch wins.
    pub attribution_model: Model,
    /// After how many days a reward that somebody should approve is approved by itself; none: never.
    pub auto_approve_after_days: Option<u16>,
    /// Whether approved rewards count as fulfilled at once.
    pub auto_fulfill_rewards: bool,
    /// After how many days a reward that rests on a browser's word alone is approved; none: never.
    pub browser_hold_days: Option<u16>,
    /// What the campaign may give away.
    pub budget: Budget,
    /// Whom a donation may go to: the person chooses among these.
    pub charities: Vec<String>,
    /// What counts when a typed code contradicts the click.
    pub code_precedence: Precedence,
    /// How long a click counts, in days.
    pub referral_cookie_window_days: u16,
    /// How long a pending referral waits for its event, in days; none: for ever.
    pub referral_credit_window_days: Option<u16>,
    /// What is done against fraud.
    pub fraud: fraud::Options,
    /// When the campaign ends by itself.
    pub ends_at: Option<Timestamp>,
    /// Whether somebody approves each reward.
    pub require_manual_reward_approval: bool,
    /// By whose calendar months and years are counted.
    pub time_zone: Zone,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            attribution_model: Model::default(),
            auto_approve_after_days: None,
            auto_fulfill_rewards: false,
            browser_hold_days: None,
            budget: Budget::default(),
            charities: Vec::new(),
            code_precedence: Precedence::default(),
            referral_cookie_window_days: 30,
            referral_credit_window_days: None,
            fraud: fraud::Options::default(),
            ends_at: None,
            require_manual_reward_approval: false,
            time_zone: Zone::default(),
        }
    }
}

/// A referral programme.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Campaign {
    /// Six characters.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// The one currency of its amounts.
    pub currency: Currency,
    /// The owner's name, for people.
    pub company_name: Option<String>,
    /// The owner's logo.
    pub company_logo_image_url: Option<String>,
    /// When it was first published.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it is installed.
    pub installation: Installation,
    /// Its options.
    pub options: Options,
    /// The generations of its signing key, newest last.
    pub keys: Vec<Key>,
}

/// What is wrong with a setting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// The field, as it is named on the wire.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// After this long no cache holds an older record: those of processes, of the host, and a minute more.
const KNOWN_EVERYWHERE: Span = Span::seconds(30 + 300 + 60);

/// Windows that the wire offers, in days.
const COOKIE_WINDOWS: &[u16] = &[1, 3, 7, 14, 30, 60, 90, 180, 365, 400];

/// The longest time to wait for an approval, in days.
const DAYS_MOST: u16 = 365;

/// Credit windows that the wire offers, in days.
const CREDIT_WINDOWS: &[u16] = &[1, 3, 7, 14, 30, 60, 90, 180, 365];

impl Campaign {
    /// How long a click counts: the option, but never above 395 days.
    #[must_use]
    pub fn window(&self) -> Span {
        Span::days(i64::from(self.options.referral_cookie_window_days)).min(WINDOW_LONGEST)
    }

    /// Where links lead, once that is set.
    #[must_use]
    pub fn site(&self) -> Option<SiteUrl> {
        SiteUrl::parse(self.installation.share_url.as_deref()?).ok()
    }

    /// Whether a page of this origin may call the browser's endpoints.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        let urls = self.installation.share_url.iter().chain(&self.installation.allowed_urls);
        urls.filter_map(|it| SiteUrl::parse(it).ok()).any(|it| it.origin() == origin)
    }

    /// Whether the campaign was running at an instant, both ends included.
    #[must_use]
    pub fn ran_at(&self, at: Timestamp) -> bool {
        // A token knows its click to the second.
        self.started_at.is_some_and(|start| start.seconds() <= at.seconds())
            && self.ended_at.is_none_or(|end| at <= end)
    }

    /// Whether something that happens now counts: until its end, itself included, even where
    /// nobody has noted the end yet.
    #[must_use]
    pub fn runs_at(&self, now: Timestamp) -> bool {
        self.status == Status::InProgress && !self.is_over(now)
    }

    /// Whether the end that the owner set is past.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.options.ends_at.is_some_and(|it| it < now)
    }

    /// The campaign published, or resumed.
    ///
    /// It began when it was first published; a pause counts as run, so that a click made before it
    /// is not lost.
    #[must_use]
    pub fn published(&self, now: Timestamp) -> Self {
        let started_at = Some(self.started_at.unwrap_or(now));
        Self { status: Status::InProgress, started_at, ended_at: None, ..self.clone() }
    }

    /// The campaign ended, at the time that the owner set if that is past; `None`: a draft has
    /// nothing to end.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Option<Self> {
        match self.status {
            Status::Draft => None,
            Status::InProgress => {
                let ended_at = self.options.ends_at.map_or(now, |it| it.min(now));
                Some(Self { status: Status::Complete, ended_at: Some(ended_at), ..self.clone() })
            }
            Status::Complete => Some(self.clone()),
        }
    }

    /// The newest generation of the signing key.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.keys.iter().map(|it| it.generation).max().unwrap_or(1)
    }

    /// The generation that signs: a new one waits until every cache has heard of it.
    #[must_use]
    pub fn signing_generation(&self, now: Timestamp) -> u32 {
        let fresh =
            |it: &&Key| it.retired_at.is_some_and(|retired| now < retired + KNOWN_EVERYWHERE);
        let retiring = self.keys.iter().filter(fresh).map(|it| it.generation).min();
        retiring.unwrap_or_else(|| self.generation())
    }
}

impl Installation {
    /// What is wrong with these settings, if anything.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw> {
        const URL: &str = "must be an http:// or https:// address of a site";
        let flaw = |field, problem| Some(Flaw { field, problem });
        if self.share_url.as_ref().is_some_and(|it| SiteUrl::parse(it).is_err()) {
            return flaw("shareUrl", URL);
        }
        if 50 < self.allowed_urls.len() {
            return flaw("allowedUrls", "holds at most 50 addresses");
        }
        if self.allowed_urls.iter().any(|it| SiteUrl::parse(it).is_err()) {
            return flaw("allowedUrls", URL);
        }
        let selectors = [&self.forms.take, &self.forms.ignore];
        if selectors.iter().any(|list| 50 < list.len() || list.iter().any(|it| 200 < it.len())) {
            return flaw("forms", "holds at most 50 selectors of 200 characters");
        }
        let domain = |it: &String| {
            it.contains('.')
                && it.len() <= 253
                && it.split('.').all(|label| {
                    !label.is_empty()
                        && label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
                })
        };
        if self.cookie_domain.as_ref().is_some_and(|it| !domain(it)) {
            return flaw("cookieDomain", "must be a domain such as shop.example");
        }
        if !self.use_grow_surf_hosted_links {
            return flaw("useGrowSurfHostedLinks", "is not available in this installation");
        }
        around::flaw(self)
    }
}

impl Options {
    /// What is wrong with these options, if anything.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw> {
        if !COOKIE_WINDOWS.contains(&self.referral_cookie_window_days) {
            return Some(Flaw {
                field: "referralCookieWindowDays",
                problem: "must be one of 1, 3, 7, 14, 30, 60, 90, 180, 365, 400",
            });
        }
        if self.referral_credit_window_days.is_some_and(|it| !CREDIT_WINDOWS.contains(&it)) {
            return Some(Flaw {
                field: "referralCreditWindowDays",
                problem: "must be null or one of 1, 3, 7, 14, 30, 60, 90, 180, 365",
            });
        }
        let flaw = |field, problem| Some(Flaw { field, problem });
        let days = |it: Option<u16>| it.is_none_or(|it| (1..=DAYS_MOST).contains(&it));
        if !days(self.auto_approve_after_days) {
            return flaw("autoApproveAfterDays", "must be null or a whole number from 1 to 365");
        }
        if !days(self.browser_hold_days) {
            return flaw("browserHoldDays", "must be null or a whole number from 1 to 365");
        }
        let whole = |it: Option<i64>| it.is_none_or(|it| (0..=LARGEST).contains(&it));
        if !whole(self.budget.rewards) || !whole(self.budget.amount) {
            return flaw("budget", "holds whole numbers from 0 to 2^53 - 1");
        }
        if self.ends_at.is_some_and(|it| !it.is_told()) {
            return flaw(
                "endsAt",
                "must be null or milliseconds since 1970, before the year 10000",
            );
        }
        let named = |it: &String| (1..=255).contains(&it.trim().len());
        if 100 < self.charities.len() || !self.charities.iter().all(named) {
            return flaw("charities", "holds at most 100 names of 1 to 255 characters");
        }
        self.fraud.flaw()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A campaign that runs since the epoch.
    pub(crate) fn campaign() -> Campaign {
        Campaign {
            id: "shop".into(),
            name: "Shop".into(),
            status: Status::InProgress,
            currency: Currency::EUR,
            company_name: None,
            company_logo_image_url: None,
            started_at: Some(Timestamp(0)),
            ended_at: None,
            installation: Installation {
                share_url: Some("https://shop.example/welcome".into()),
                allowed_urls: alloc::vec!["https://app.shop.example".into()],
                ..Installation::default()
            },
            options: Options::default(),
            keys: alloc::vec![Key { generation: 1, retired_at: None }],
        }
    }

    #[test]
    fn r_token_2_the_window_never_exceeds_395_days() {
        let mut campaign = campaign();
        campaign.options.referral_cookie_window_days = 365;
        assert_eq!(campaign.window(), Span::days(365));
        campaign.options.referral_cookie_window_days = 400;
        assert_eq!(campaign.window(), Span::days(395));
    }

    #[test]
    fn r_campaign_1_a_campaign_is_published_ended_and_resumed() {
        let at = Timestamp;
        let draft = Campaign { status: Status::Draft, started_at: None, ..campaign() };
        assert_eq!(draft.ended(at(1)), None);
        let running = draft.published(at(1));
        assert_eq!((running.status, running.started_at), (Status::InProgress, Some(at(1))));
        assert_eq!(running.published(at(2)), running);
        let ended = running.ended(at(3)).unwrap();
        assert_eq!((ended.status, ended.ended_at), (Status::Complete, Some(at(3))));
        assert_eq!(ended.ended(at(4)), Some(ended.clone()));
        assert_eq!(ended.published(at(5)), running);
    }

    #[test]
    fn r_campaign_3_a_campaign_ends_at_the_time_that_was_set_for_it() {
        let at = Timestamp;
        let mut campaign = campaign();
        campaign.options.ends_at = Some(at(5));
        let runs = [4, 5, 6].map(|it| campaign.runs_at(at(it)));
        assert_eq!(runs, [true, true, false]);
        let ended = |now| campaign.ended(at(now)).unwrap().ended_at;
        assert_eq!([4, 5, 9].map(ended), [4, 5, 5].map(|it| Some(at(it))));
        assert!(!campaign.ended(at(4)).unwrap().runs_at(at(4)));
    }

    #[test]
    fn r_token_6_a_new_key_signs_once_every_cache_knows_it() {
        let at = Timestamp(1_790_000_000_000);
        let mut campaign = campaign();
        campaign.keys = alloc::vec![
            Key { generation: 1, retired_at: Some(at) },
            Key { generation: 2, retired_at: None },
        ];
        assert_eq!(campaign.generation(), 2);
        assert_eq!(campaign.signing_generation(at), 1);
        assert_eq!(campaign.signing_generation(at + KNOWN_EVERYWHERE - Span(1)), 1);
        assert_eq!(campaign.signing_generation(at + KNOWN_EVERYWHERE), 2);
        campaign.keys.remove(0);
        assert_eq!(campaign.signing_generation(at), 2);
    }

    #[test]
    fn r_browser_1_only_the_campaigns_own_origins_are_allowed() {
        let campaign = campaign();
        assert!(campaign.allows("https://shop.example"));
        assert!(campaign.allows("https://app.shop.example"));
        for foreign in ["http://shop.example", "https://shop.example:8443", "null", ""] {
            assert!(!campaign.allows(foreign), "{foreign}");
        }
    }

    #[test]
    fn settings_name_the_field_that_is_wrong() {
        let wrong = Installation { share_url: Some("shop.example".into()), ..Default::default() };
        assert_eq!(wrong.flaw().map(|it| it.field), Some("shareUrl"));
        let wrong = Installation { cookie_domain: Some("com".into()), ..Default::default() };
        assert_eq!(wrong.flaw().map(|it| it.field), Some("cookieDomain"));
        let wrong = Installation { use_grow_surf_hosted_links: false, ..Default::default() };
        assert_eq!(wrong.flaw().map(|it| it.field), Some("useGrowSurfHostedLinks"));
        let wrong = Options { referral_cookie_window_days: 31, ..Default::default() };
        assert_eq!(wrong.flaw().map(|it| it.field), Some("referralCookieWindowDays"));
        assert_eq!(Options::default().flaw(), None);
        assert_eq!(campaign().installation.flaw(), None);
    }
}
