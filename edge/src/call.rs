//! What one call brings along: the hour, entropy, the caller's network, a place for work after the
//! answer. Nothing else in the service knows the time or draws at random.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use shared::{secret::mac, time::Timestamp};

use crate::platform::Background;

/// One request, one queue batch or one run of the cron.
#[derive(Clone, Debug)]
pub struct Call {
    /// The instant at which it began.
    pub now: Timestamp,
    /// Where it came from; used for hashes and limits only, never stored.
    pub network: Network,
    /// Who calls, for the audit log.
    pub by: By,
    /// Work that goes on after the answer.
    pub background: Background,
    entropy: Entropy,
}

/// Who calls: somebody whom the service knows by id, or nobody in particular.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum By {
    /// A browser, the cron, the machine.
    #[default]
    Nobody,
    /// The holder of an API key.
    Key(String),
    /// A member of the team.
    Member(String),
    /// A participant who is signed in.
    Participant(String),
}

/// The part of an address that names a household: IPv4 whole, IPv6 its first 64 bits.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Network(pub [u8; 8]);

#[derive(Clone, Debug)]
struct Entropy {
    first: [u8; 16],
    key: [u8; 16],
    drawn: Arc<AtomicU64>,
}

impl Call {
    /// A call at an instant, with 32 bytes drawn by the platform.
    #[must_use]
    pub fn new(now: Timestamp, seed: [u8; 32], network: Network, background: Background) -> Self {
        let (first, key) = seed.split_at(16);
        let half = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).unwrap_or_default();
        let entropy = Entropy { first: half(first), key: half(key), drawn: Arc::default() };
        Self { now, network, by: By::Nobody, background, entropy }
    }

    /// The same call as of another instant: a job is judged by the time of what it tells.
    #[must_use]
    pub fn at(&self, then: Timestamp) -> Self {
        Self { now: then, ..self.clone() }
    }

    /// Sixteen fresh bytes. The first draw costs nothing: a click needs no other.
    #[must_use]
    pub fn draw(&self) -> [u8; 16] {
        let n = self.entropy.drawn.fetch_add(1, Ordering::Relaxed);
        if n == 0 {
            return self.entropy.first;
        }
        let bytes = mac(&self.entropy.key, &[&n.to_be_bytes()]);
        let mut drawn = [0; 16];
        drawn.copy_from_slice(&bytes[..16]);
        drawn
    }

    /// A new id that sorts by time.
    #[must_use]
    pub fn id(&self) -> String {
        shared::id::ordered(self.now, self.draw())
    }

    /// Thirty-two fresh bytes, for secrets.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(&self.draw());
        secret[16..].copy_from_slice(&self.draw());
        secret
    }
}

impl Network {
    /// The network of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let mut bytes = [0; 8];
        match address.to_canonical() {
            IpAddr::V4(v4) => bytes[..4].copy_from_slice(&v4.octets()),
            IpAddr::V6(v6) => bytes.copy_from_slice(&v6.octets()[..8]),
        }
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_and_the_first_does_not_tell_the_second() {
        let call = Call::new(Timestamp(1), [7; 32], Network::default(), Background);
        let draws = [call.draw(), call.draw(), call.draw()];
        assert_ne!(draws[0], draws[1]);
        assert_ne!(draws[1], draws[2]);
    }

    #[test]
    fn a_network_is_an_ipv4_address_or_half_an_ipv6_address() {
        let of = |text: &str| Network::of(text.parse().unwrap());
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
