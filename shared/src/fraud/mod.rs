//! Signals of fraud: what is looked at when a friend is bound to a referrer, and what follows.
//!
//! The score of the signals and the queue of reviews are to come; until then the heaviest signal
//! alone decides.

mod disposable;
mod options;

pub use self::options::Options;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{code::Code, decision::Reason, email::Email, lang::Lang, time::Span};

/// What follows from a signal, or from all of them; later ones weigh more.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// The friend is bound.
    #[default]
    Accept,
    /// The friend is bound, and nothing is earned until the owner has looked at it.
    Hold,
    /// The friend is bound for the record and never earns anything.
    Reject,
    /// The friend is not bound.
    Refuse,
}

/// How suspicious somebody is, in the wire's three words.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Level {
    /// Nothing speaks against them.
    Low,
    /// Somebody should look.
    Medium,
    /// Refused.
    High,
}

impl Verdict {
    /// How suspicious somebody is about whom this was said.
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Accept => Level::Low,
            Self::Hold => Level::Medium,
            Self::Reject | Self::Refuse => Level::High,
        }
    }
}

macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident = $verdict:ident, $reason:ident, $code:literal, $en:literal, $fr:literal;)+) => {
        /// A named reason for suspicion. The names are stable: they stand in tables and on the wire.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Signal {
            $($(#[$doc])* $name,)+
        }

        impl Signal {
            /// All of them, the heaviest first.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// What follows from it alone, unless the owner wants it otherwise.
            const fn alone(self) -> Verdict {
                match self { $(Self::$name => Verdict::$verdict,)+ }
            }

            /// The reason that a decision names.
            #[must_use]
            pub const fn reason(self) -> Reason {
                match self { $(Self::$name => Reason::$reason,)+ }
            }

            /// The wire's `fraudReasonCode`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What it means, for the owner; referrers never read it about their friends.
            #[must_use]
            pub const fn explanation(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Fr) => $fr,)+
                }
            }
        }
    };
}

signals! {
    /// The friend is the referrer.
    OwnLink = Refuse, OwnLink, "DUPLICATE_IDENTITY",
        "The friend is the referrer.",
        "Le filleul est le parrain lui-même.";
    /// The friend's address is the referrer's mailbox in another spelling.
    SameMailbox = Refuse, SameMailbox, "DUPLICATE_EMAIL",
        "The friend's address is another spelling of the referrer's mailbox.",
        "L’adresse du filleul est une autre graphie de la boîte aux lettres du parrain.";
    /// The owner keeps the address out.
    BlockedEmail = Reject, BlockedEmail, "BLOCKED_EMAIL",
        "The address is on the list of blocked addresses.",
        "L’adresse figure sur la liste des adresses bloquées.";
    /// The mailbox takes part already, spelt otherwise.
    DuplicateFriend = Reject, DuplicateFriend, "DUPLICATE_EMAIL",
        "The same mailbox took part before, spelt otherwise.",
        "La même boîte aux lettres participait déjà, sous une autre graphie.";
    /// The friend bought before anybody referred them.
    AlreadyCustomer = Reject, AlreadyCustomer, "EXISTING_CUSTOMER",
        "The friend was a customer before.",
        "Le filleul était déjà client.";
    /// The form came from a browser in which the referrer is signed in.
    OwnBrowser = Hold, OwnBrowser, "DUPLICATE_IDENTITY",
        "The form came from a browser in which the referrer is signed in; families share browsers.",
        "Le formulaire vient d’un navigateur où le parrain est connecté\u{a0}; on peut le partager en famille.";
    /// A field that nobody sees was filled in.
    Honeypot = Hold, Honeypot, "AUTOMATED_SIGNUP",
        "A field that people do not see was filled in.",
        "Un champ invisible a été rempli.";
    /// The form was filled in faster than anybody types.
    RobotSpeed = Hold, RobotSpeed, "AUTOMATED_SIGNUP",
        "The form was sent less than three seconds after it was shown.",
        "Le formulaire a été envoyé moins de trois secondes après son affichage.";
    /// The address is of a provider of throw-away mailboxes.
    DisposableEmail = Hold, DisposableEmail, "DISPOSABLE_EMAIL",
        "The address is of a provider of throw-away mailboxes.",
        "L’adresse est celle d’un fournisseur de boîtes jetables.";
    /// The referrer brought more friends than people do in an hour or a day.
    Velocity = Hold, Velocity, "REFERRAL_VELOCITY_FRAUD",
        "The referrer brought more friends in an hour or a day than the campaign expects.",
        "Le parrain a amené plus de filleuls en une heure ou un jour que le programme ne le prévoit.";
}

impl Signal {
    /// What follows from it alone.
    #[must_use]
    pub fn verdict(self, options: &Options) -> Verdict {
        match self {
            Self::DisposableEmail if options.block_burner_emails => Verdict::Reject,
            _ => self.alone(),
        }
    }

    /// The name in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnLink => "OWN_LINK",
            Self::SameMailbox => "SAME_MAILBOX",
            Self::BlockedEmail => "BLOCKED_EMAIL",
            Self::DuplicateFriend => "DUPLICATE_FRIEND",
            Self::AlreadyCustomer => "ALREADY_CUSTOMER",
            Self::OwnBrowser => "OWN_BROWSER",
            Self::Honeypot => "HONEYPOT",
            Self::RobotSpeed => "ROBOT_SPEED",
            Self::DisposableEmail => "DISPOSABLE_EMAIL",
            Self::Velocity => "VELOCITY",
        }
    }
}

/// How a form was filled in, as far as its browser says.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Submission {
    /// Whether a field that nobody sees was filled in.
    pub honeypot: bool,
    /// From when the form was shown until it was sent; none: nobody measured.
    pub elapsed: Option<Span>,
}

/// Nobody reads and fills in a form in less.
pub const FASTEST: Span = Span::seconds(3);

/// What is known of a friend at the moment at which a referrer is found for them.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The owner's settings.
    pub options: &'a Options,
    /// Who came.
    pub friend: &'a Code,
    /// Their address.
    pub email: &'a Email,
    /// Who referred them.
    pub referrer: &'a Code,
    /// Who is signed in in the browser that sent the form.
    pub signed_in: Option<&'a Code>,
    /// Whether friend and referrer have one mailbox.
    pub same_mailbox: bool,
    /// Whether somebody else with the friend's mailbox took part before the friend.
    pub duplicate: bool,
    /// Whether the friend ordered before.
    pub ordered: bool,
    /// Whether the friend is on the owner's list of customers; none: there is no list.
    pub is_customer: Option<bool>,
    /// How many other friends of the referrer were bound in the hour before.
    pub within_hour: u32,
    /// And in the 24 hours before.
    pub within_day: u32,
    /// How the form was filled in.
    pub submission: Submission,
}

/// The signals that the facts give, the heaviest first.
///
/// About an address that the owner allows, the address itself raises none.
#[must_use]
pub fn look(facts: &Facts<'_>) -> Vec<Signal> {
    let options = facts.options;
    let trusted = options.allows(facts.email);
    let domain = facts.email.identity();
    let domain = domain.rsplit_once('@').map_or("", |it| it.1);
    let full = |most: Option<u32>, others: u32| most.is_some_and(|most| most <= others);
    let speaks = |signal: &Signal| match signal {
        Signal::OwnLink => facts.friend == facts.referrer,
        Signal::SameMailbox => !trusted && facts.same_mailbox,
        Signal::BlockedEmail => !trusted && options.blocks(facts.email),
        Signal::DuplicateFriend => !trusted && facts.duplicate,
        Signal::AlreadyCustomer => facts.ordered || facts.is_customer == Some(true),
        Signal::OwnBrowser => facts.signed_in == Some(facts.referrer),
        Signal::Honeypot => facts.submission.honeypot,
        Signal::RobotSpeed => facts.submission.elapsed.is_some_and(|it| it < FASTEST),
        Signal::DisposableEmail => !trusted && disposable::is_disposable(domain),
        Signal::Velocity => {
            full(options.max_friends_per_hour, facts.within_hour)
                || full(options.max_friends_per_day, facts.within_day)
        }
    };
    Signal::ALL.iter().copied().filter(speaks).collect()
}

/// What follows from signals: what the heaviest says.
#[must_use]
pub fn verdict(signals: &[Signal], options: &Options) -> Verdict {
    signals.iter().map(|it| it.verdict(options)).max().unwrap_or_default()
}

/// Why: the reasons of those signals that made the verdict, and of all if somebody has to look.
#[must_use]
pub fn reasons(signals: &[Signal], options: &Options) -> Vec<Reason> {
    let verdict = verdict(signals, options);
    let mut reasons: Vec<Reason> = match verdict {
        Verdict::Hold => [Reason::AwaitsReview].into(),
        Verdict::Accept | Verdict::Reject | Verdict::Refuse => Vec::new(),
    };
    let decisive = signals.iter().filter(|it| it.verdict(options) == verdict);
    for reason in decisive.map(|it| it.reason()) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

#[cfg(test)]
mod tests;
