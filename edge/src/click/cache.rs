//! The caches of the process: an entry lives for an absolute time, however often it is used.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use shared::{
    attribution::SigningKey,
    campaign::Campaign,
    card::Both,
    link::SiteUrl,
    secret::{MacKey, Secret},
    time::{Span, Timestamp},
};

use crate::store::{campaigns::Neighbour, links::Link};

/// How long a record is believed.
pub const LIFE: Span = Span::seconds(30);

/// How long absence is believed.
pub const ABSENCE: Span = Span::seconds(5);

/// The most entries of a map; a full one is emptied, which costs a look-up each.
const MOST: usize = 20_000;

/// A campaign as a click needs it, worked out once per entry.
#[derive(Debug)]
pub struct Terms {
    /// The campaign's own record.
    pub campaign: Campaign,
    /// Where its links lead.
    pub site: Option<SiteUrl>,
    /// What signs its tokens.
    pub key: SigningKey,
    /// What the friend gets, in the owner's words.
    pub offer: Option<String>,
    /// What somebody who shares their link says of what they get by it.
    pub disclosure: Option<Both>,
    /// The coupon that a friend has before they buy.
    pub coupon: Option<String>,
}

impl Terms {
    /// The terms of a campaign whose tokens this generation of its key signs.
    #[must_use]
    pub fn new(
        secret: &Secret,
        campaign: Campaign,
        offer: Option<String>,
        generation: u32,
    ) -> Self {
        let site = campaign.site();
        let key = SigningKey::new(secret, &campaign.id, generation);
        Self { campaign, site, key, offer, disclosure: None, coupon: None }
    }
}

/// Links, campaigns, and the day's key of the visitor hash.
#[derive(Debug, Default)]
pub struct Cache {
    /// By code.
    pub links: Kept<Arc<Link>>,
    /// By campaign id.
    pub terms: Kept<Arc<Terms>>,
    /// By host of the site.
    pub neighbours: Kept<Arc<Neighbour>>,
    /// Networks that tried too many unknown codes or campaigns.
    pub guessers: Kept<()>,
    salt: Mutex<Option<(i64, MacKey)>>,
}

/// A map whose entries end at a set time, absence included.
#[derive(Debug)]
pub struct Kept<V>(Mutex<HashMap<String, (Timestamp, Option<V>)>>);

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<V: Clone> Kept<V> {
    /// What is known of a key: nothing, its absence, or its value. An entry's last instant counts.
    pub fn read(&self, key: &str, now: Timestamp) -> Option<Option<V>> {
        let map = self.map();
        let (until, value) = map.get(key)?;
        (now <= *until).then(|| value.clone())
    }

    /// Keeps a value, or its absence, for its time from now.
    pub fn keep(&self, key: &str, value: Option<V>, now: Timestamp) {
        let life = if value.is_some() { LIFE } else { ABSENCE };
        let mut map = self.map();
        if MOST <= map.len() {
            map.clear();
        }
        map.insert(key.into(), (now + life, value));
    }

    /// Forgets a key that was changed here.
    pub fn forget(&self, key: &str) {
        self.map().remove(key);
    }

    fn map(&self) -> MutexGuard<'_, HashMap<String, (Timestamp, Option<V>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache {
    /// The key of a day, if it is known here.
    pub fn salt(&self, day: i64) -> Option<MacKey> {
        let kept = self.salt.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|it| it.0 == day).map(|it| it.1.clone())
    }

    /// Keeps the key of a day.
    pub fn keep_salt(&self, day: i64, salt: MacKey) {
        *self.salt.lock().unwrap_or_else(PoisonError::into_inner) = Some((day, salt));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_click_1_lives_are_absolute_and_absence_is_short() {
        let kept = Kept::default();
        let at = Timestamp;
        kept.keep("a", Some(1), at(0));
        kept.keep("b", None, at(0));
        for used in [0, 10_000, 30_000] {
            assert_eq!(kept.read("a", at(used)), Some(Some(1)));
        }
        assert_eq!(kept.read("a", at(30_001)), None);
        assert_eq!(kept.read("b", at(5_000)), Some(None));
        assert_eq!(kept.read("b", at(5_001)), None);
        assert_eq!(kept.read("c", at(0)), None);
        kept.forget("a");
        assert_eq!(kept.read("a", at(0)), None);
    }

    #[test]
    fn a_full_map_is_emptied_instead_of_growing() {
        let kept = Kept::default();
        for n in 0..=MOST {
            kept.keep(&n.to_string(), Some(n), Timestamp(0));
        }
        assert_eq!(kept.map().len(), 1);
    }
}
