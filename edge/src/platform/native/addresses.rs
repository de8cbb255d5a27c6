//! Which addresses lie on the public internet.

use std::net::IpAddr;

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(a, b, c, 0), length)
}

const fn v6(a: u16, b: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(std::net::Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length)
}

/// IPv4 that is not for everybody.
///
/// # Source
///
/// IANA's registry of special-purpose addresses, with multicast and what is reserved.
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 8),       // this network
    v4(10, 0, 0, 8),      // private
    v4(100, 64, 0, 10),   // behind a carrier's NAT
    v4(127, 0, 0, 8),     // loopback
    v4(169, 254, 0, 16),  // link-local; metadata of clouds
    v4(172, 16, 0, 12),   // private
    v4(192, 0, 0, 24),    // protocols
    v4(192, 0, 2, 24),    // documentation
    v4(192, 88, 99, 24),  // relays of 6to4
    v4(192, 168, 0, 16),  // private
    v4(198, 18, 0, 15),   // benchmarks
    v4(198, 51, 100, 24), // documentation
    v4(203, 0, 113, 24),  // documentation
    v4(224, 0, 0, 4),     // multicast
    v4(240, 0, 0, 4),     // reserved; broadcast
];

/// All that is handed out of IPv6. Outside of it lie loopback, unique local, link-local, multicast,
/// and the IPv4 addresses in mapped, compatible and NAT64 dress.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What is special inside of [`GLOBAL_V6`].
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),      // protocols: Teredo, ORCHID
    v6(0x2001, 0x0db8, 32), // documentation
    v6(0x2002, 0, 16),      // 6to4: IPv4 in another dress
    v6(0x3fff, 0, 20),      // documentation
];

/// Whether an address lies on the public internet, as it is written: IPv4 in IPv6's dress does not.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => !SPECIAL_V4.iter().any(|net| net.contains(&it)),
        IpAddr::V6(it) => {
            GLOBAL_V6.contains(&it) && !SPECIAL_V6.iter().any(|net| net.contains(&it))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(addresses: &[&str], expected: bool) {
        for text in addresses {
            assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn public_addresses_are_public() {
        check(&["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"], true);
        check(&["126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0"], true);
        check(&["172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"], true);
        check(&["198.17.255.255", "198.20.0.0", "223.255.255.255"], true);
        check(&["2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00::1"], true);
        check(&["2003::1", "3ffe:ffff::1"], true);
    }

    #[test]
    fn private_and_special_addresses_are_not() {
        check(&["0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "127.0.0.1"], false);
        check(&["100.64.0.0", "100.127.255.255", "127.255.255.255", "169.254.169.254"], false);
        check(&["172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1"], false);
        check(&["192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255"], false);
        check(&["198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"], false);
        check(&["255.255.255.255"], false);
        check(
            &["::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1"],
            false,
        );
        check(&["2001::1", "2001:1ff::1", "2001:db8::1", "3fff::1", "3fff:fff::1"], false);
        check(&["5f00::1", "100::1", "fd00:ec2::254"], false);
    }

    #[test]
    fn an_ipv4_address_in_the_dress_of_ipv6_is_not() {
        check(&["::ffff:127.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "::ffff:0:127.0.0.1"], false);
        check(&["64:ff9b::127.0.0.1", "64:ff9b::1.1.1.1", "64:ff9b:1::127.0.0.1"], false);
        check(&["2002:7f00:1::", "2002:101:101::"], false);
    }
}
