//! Binding a friend: whom the click and the typed code name, which of them counts, what is written.

use serde_json::json;
use shared::{
    attribution::{Claims, TokenError, Touches},
    campaign::Campaign,
    code::Code,
    decision::{Kind, Reason},
    referral::{self, Facts, Typed},
    reward::Source,
};

use super::{
    guard::{self, Guarded},
    plan::Plan,
};
use crate::{
    app::App,
    call::Call,
    error::Error,
    sql::name,
    store::{
        clicks,
        participants::{Key, Known},
        referrals,
        referrers::{self, Referrer},
    },
};

/// A referral's first status as a back end may name it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NamedStatus {
    /// Credited at once.
    Awarded,
    /// Waits for the event.
    Pending,
}

/// What a browser or back end brought along of the way by which somebody came.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "there is one per call")
)]
pub enum Brought {
    /// Nothing.
    #[default]
    Nothing,
    /// Touches whose tokens verified.
    Touches(Touches),
    /// A token that did not.
    Refused(TokenError),
}

/// Everything that a bond is decided on, read.
pub(super) struct Evidence<'a> {
    campaign: &'a Campaign,
    claim: Option<&'a Claims>,
    refused: Option<TokenError>,
    clicked: Option<Referrer>,
    named: Named,
}

/// The referrer whom somebody named.
enum Named {
    Nothing,
    Unknown,
    Of(Box<Referrer>),
}

impl Named {
    const fn referrer(&self) -> Option<&Referrer> {
        match self {
            Self::Of(it) => Some(it),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

/// A bond and its referrer.
pub(super) struct Bonding {
    pub(super) bond: referral::Bond,
    pub(super) referrer: Option<Referrer>,
    /// Who was bound before, by a browser's word alone.
    instead_of: Option<Code>,
    /// What the guards saw; nothing, until they look.
    pub(super) guarded: Guarded,
}

impl Bonding {
    /// Whether it would take the place of the bond that stands.
    pub(super) fn would_replace(&self, known: &Known, source: Source) -> bool {
        known
            .bond
            .as_ref()
            .is_some_and(|old| referral::replaces(&self.bond, source, &old.referrer, known.source))
    }

    /// Takes the place of the bond that stands, if it may.
    pub(super) fn replaces(&mut self, known: &Known, source: Source) -> bool {
        let Some(old) = &known.bond else { return false };
        if !self.would_replace(known, source) {
            return false;
        }
        self.bond.reasons.insert(0, Reason::ServerBeatsBrowser);
        self.instead_of = Some(old.referrer.clone());
        true
    }
}

impl<'a> Evidence<'a> {
    /// Reads the referrers whom the claim and the typed text name.
    pub(super) async fn read(
        app: &App,
        call: &Call,
        campaign: &'a Campaign,
        brought: &'a Brought,
        typed: Option<&str>,
        counted: bool,
    ) -> Result<Self, Error> {
        let (claim, refused) = match brought {
            Brought::Nothing => (None, None),
            Brought::Refused(error) => (None, Some(*error)),
            Brought::Touches(touches) => match referral::claim(campaign, touches, call.now) {
                Some(claim) => (Some(claim), None),
                None => (None, Some(TokenError::Expired)),
            },
        };
        let month = campaign.options.time_zone.month(call.now);
        let clicked = match claim {
            Some(claim) => {
                let key = Key::Code(claim.sub.clone());
                referrers::find(&app.db, &campaign.id, &key, month, counted).await?
            }
            None => None,
        };
        let named = match typed {
            None => Named::Nothing,
            Some(text) => {
                let found = match Key::parse(text) {
                    Some(key) => {
                        referrers::find(&app.db, &campaign.id, &key, month, counted).await?
                    }
                    None => None,
                };
                found.map_or(Named::Unknown, |it| Named::Of(Box::new(it)))
            }
        };
        Ok(Self { campaign, claim, refused, clicked, named })
    }

    /// The referrer whom the winning claim names.
    pub(super) fn claimed(&self) -> Option<&Code> {
        self.claim.map(|it| &it.sub)
    }

    /// Decides the bond.
    pub(super) fn bind(&self, call: &Call, friend: &Code) -> Bonding {
        let bond = referral::bind(&Facts {
            campaign: self.campaign,
            friend: Some(friend),
            claim: self.claim,
            refused: self.refused,
            clicked: self.clicked.as_ref().map(|it| &it.standing),
            typed: match &self.named {
                Named::Nothing => Typed::Nothing,
                Named::Unknown => Typed::Unknown,
                Named::Of(it) => Typed::Of(&it.standing),
            },
            now: call.now,
        });
        let known = [self.clicked.as_ref(), self.named.referrer()];
        let is_referrer = |it: &&Referrer| bond.referrer.as_ref() == Some(&it.standing.participant);
        let referrer = known.into_iter().flatten().find(is_referrer).cloned();
        Bonding { bond, referrer, instead_of: None, guarded: Guarded::default() }
    }

    /// Writes the click that was brought, the bond and its decision.
    pub(super) fn record(
        &self,
        plan: &mut Plan<'_>,
        call: &Call,
        friend: &Code,
        bonding: &Bonding,
        source: Source,
    ) {
        let bond = &bonding.bond;
        // The click itself, in case it died on its way; if it did not, nothing changes.
        plan.extend(self.claim.map(|it| clicks::insert(clicks::claimed(it))));
        let click = self.claim.filter(|_| bond.by_click);
        let kind = match &bond.referrer {
            Some(referrer) => {
                plan.add(referrals::insert(&referrals::New {
                    campaign: &self.campaign.id,
                    friend,
                    referrer,
                    click: click.map(|it| it.jti.as_str()),
                    channel: click.and_then(|it| it.ch.as_deref()),
                    source,
                    month: self.campaign.options.time_zone.month(call.now),
                    now: call.now,
                }));
                Kind::Bound
            }
            None => Kind::Unbound,
        };
        plan.decide(friend, kind, bond.reasons.clone(), self.facts(bonding, source));
        guard::record(plan, call, self.campaign, friend, bonding);
    }

    /// What the decision rested on.
    fn facts(&self, bonding: &Bonding, source: Source) -> serde_json::Value {
        let options = &self.campaign.options;
        let named = self.named.referrer();
        json!({
            "referrer": bonding.bond.referrer,
            "insteadOf": bonding.instead_of,
            "source": name(&source),
            "click": self.claim.map(|it| &it.jti),
            "clickedAt": self.claim.map(Claims::clicked_at),
            "clickedReferrer": self.claim.map(|it| &it.sub),
            "channel": self.claim.and_then(|it| it.ch.as_ref()),
            "namedReferrer": named.map(|it| &it.standing.participant),
            "attributionModel": name(&options.attribution_model),
            "referralCookieWindowDays": options.referral_cookie_window_days,
        })
    }
}
