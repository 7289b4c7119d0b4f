//! Wrong passwords make the next try wait: per address, and overall.

use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use crate::limits::{FIRST_PAUSE, FORGET, FREE_TRIES, FREE_TRIES_OVERALL, LONGEST_PAUSE, MAX_ADDRESSES};

/// Who has to wait.
#[derive(Debug, Default)]
pub(crate) struct Pauses {
    addresses: HashMap<IpAddr, Wrongs>,
    overall: Option<Wrongs>,
}

/// Wrong passwords in a row.
#[derive(Clone, Copy, Debug)]
struct Wrongs {
    count: u32,
    last: Instant,
}

impl Wrongs {
    fn one_more(before: Option<Self>, now: Instant) -> Self {
        let count = before.filter(|wrongs| !wrongs.is_forgotten(now)).map_or(0, |wrongs| wrongs.count);
        Self { count: count.saturating_add(1), last: now }
    }

    fn is_forgotten(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) >= FORGET
    }

    fn left(&self, free: u32, now: Instant) -> Duration {
        let Some(beyond) = self.count.checked_sub(free) else { return Duration::ZERO };
        let pause = FIRST_PAUSE.saturating_mul(1_u32.checked_shl(beyond).unwrap_or(u32::MAX)).min(LONGEST_PAUSE);
        pause.saturating_sub(now.saturating_duration_since(self.last))
    }
}

impl Pauses {
    /// How long this address has to wait.
    pub(crate) fn left(&self, address: IpAddr, now: Instant) -> Duration {
        let own = self.addresses.get(&network(address)).map_or(Duration::ZERO, |wrongs| wrongs.left(FREE_TRIES, now));
        let overall = self.overall.map_or(Duration::ZERO, |wrongs| wrongs.left(FREE_TRIES_OVERALL, now));
        own.max(overall)
    }

    /// It was wrong.
    pub(crate) fn wrong(&mut self, address: IpAddr, now: Instant) {
        self.overall = Some(Wrongs::one_more(self.overall, now));
        let address = network(address);
        let wrongs = Wrongs::one_more(self.addresses.get(&address).copied(), now);
        if self.addresses.len() >= MAX_ADDRESSES && !self.addresses.contains_key(&address) {
            self.addresses.retain(|_, wrongs| !wrongs.is_forgotten(now));
            let oldest = self.addresses.iter().min_by_key(|(_, wrongs)| wrongs.last).map(|(address, _)| *address);
            if let Some(oldest) = oldest.filter(|_| self.addresses.len() >= MAX_ADDRESSES) {
                self.addresses.remove(&oldest);
            }
        }
        self.addresses.insert(address, wrongs);
    }

    /// It was right. What came from everywhere is not forgotten: someone may guess while staff log in.
    pub(crate) fn right(&mut self, address: IpAddr) {
        self.addresses.remove(&network(address));
    }
}

/// A PC may give itself any address of its IPv6 network (/64).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => std::net::Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u16) -> IpAddr {
        let [high, low] = last.to_be_bytes();
        [192, 0, high, low].into()
    }

    #[test]
    fn the_third_wrong_password_pauses_and_each_further_one_doubles_up_to_five_minutes() {
        let (mut pauses, mut now) = (Pauses::default(), Instant::now());
        let mut seen = Vec::new();
        for _ in 0..10 {
            pauses.wrong(address(1), now);
            seen.push(pauses.left(address(1), now).as_secs());
            now += pauses.left(address(1), now);
            assert_eq!(pauses.left(address(1), now), Duration::ZERO, "it ends");
        }
        assert_eq!(seen, [0, 0, 5, 10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn one_address_pauses_alone_and_a_right_password_clears_it() {
        let (mut pauses, now) = (Pauses::default(), Instant::now());
        (0..4).for_each(|_| pauses.wrong(address(1), now));
        assert!(pauses.left(address(1), now) > Duration::ZERO);
        assert_eq!(pauses.left(address(2), now), Duration::ZERO);
        pauses.right(address(1));
        assert_eq!(pauses.left(address(1), now), Duration::ZERO);
    }

    #[test]
    fn many_addresses_are_no_way_around() {
        let (mut pauses, now) = (Pauses::default(), Instant::now());
        (0..12).for_each(|number| pauses.wrong(address(number), now));
        assert_eq!(pauses.left(address(99), now), FIRST_PAUSE);
        pauses.right(address(99));
        assert_eq!(pauses.left(address(99), now), FIRST_PAUSE, "a right one somewhere does not clear it");
        assert_eq!(pauses.left(address(99), now + FORGET), Duration::ZERO);
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let (mut pauses, now) = (Pauses::default(), Instant::now());
        for last in 1..=3_u128 {
            pauses.wrong(std::net::Ipv6Addr::from_bits((0x2001_0db8 << 96) | last).into(), now);
        }
        let another = std::net::Ipv6Addr::from_bits((0x2001_0db8 << 96) | 0xffff).into();
        assert_eq!(pauses.left(another, now), FIRST_PAUSE);
        for last in 1..=2 {
            pauses.wrong(address(last), now);
        }
        pauses.wrong("::ffff:192.0.0.1".parse().unwrap(), now);
        pauses.wrong("::ffff:192.0.0.1".parse().unwrap(), now);
        assert_eq!(pauses.left(address(1), now), FIRST_PAUSE, "the same IPv4 address in other clothes");
    }

    #[test]
    fn the_list_of_addresses_is_bounded_and_drops_the_oldest() {
        let (mut pauses, start) = (Pauses::default(), Instant::now());
        for number in 0..1000_u16 {
            pauses.wrong(address(number), start + Duration::from_millis(number.into()));
        }
        assert_eq!(pauses.addresses.len(), MAX_ADDRESSES);
        assert!(pauses.addresses.contains_key(&address(999)) && !pauses.addresses.contains_key(&address(0)));
    }

    #[test]
    fn forgotten_wrongs_begin_anew() {
        let (mut pauses, now) = (Pauses::default(), Instant::now());
        (0..9).for_each(|_| pauses.wrong(address(1), now));
        pauses.wrong(address(1), now + FORGET);
        assert_eq!(pauses.left(address(1), now + FORGET), Duration::ZERO);
    }
}
