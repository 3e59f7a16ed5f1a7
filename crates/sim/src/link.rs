//! How good the way between two devices is, and what a frame meets on it.
//!
//! The transport is TCP, so within one connection nothing is lost, doubled or overtaken: a lost packet is a pause, a bad
//! way is a connection that ends. What a connection cannot do, two connections of one pair can: frames of both arrive in
//! any order. `duplicate` and `reorder` go further than TCP does, for the sake of transports to come.

use std::time::Duration;

use crypto::Rng;

use crate::clock::micros;

/// One in so many, in parts per million.
pub(crate) const MILLION: u64 = 1_000_000;

/// TCP waits at least this long before it sends again.
const RESEND: Duration = Duration::from_millis(200);

/// TCP gives up after so many tries in a row here; the real number is higher and the wait longer.
const TRIES: u32 = 6;

/// How long one way takes: samples at equal steps of probability, with straight lines between them. Whole numbers only,
/// so that every machine draws the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Latency(Vec<u64>);

impl Latency {
    /// Always the same.
    pub fn fixed(latency: Duration) -> Self {
        Self(vec![micros(latency)])
    }

    /// Half of all are below `median`, nine of ten below `p90`; the slowest take four times as long as that.
    pub fn spread(median: Duration, p90: Duration) -> Self {
        let (median, p90) = (micros(median), micros(p90).max(micros(median)));
        let knots = (0..=20).map(|step| match step {
            0..=10 => median / 2 + median * step / 20,
            11..=18 => median + (p90 - median) * (step - 10) / 8,
            19 => p90 * 2,
            _ => p90 * 4,
        });
        Self(knots.collect())
    }

    /// As it was measured: any number of samples.
    pub fn measured(mut samples: Vec<Duration>) -> Option<Self> {
        samples.sort_unstable();
        (!samples.is_empty()).then(|| Self(samples.into_iter().map(micros).collect()))
    }

    /// Draws one.
    pub(crate) fn draw(&self, rng: &mut Rng) -> u64 {
        let [first, .., _] = self.0.as_slice() else {
            return self.0.first().copied().unwrap_or(0);
        };
        let steps = self.0.len() as u64 - 1;
        let at = rng.below(steps * 1024);
        let step = usize::try_from(at / 1024).unwrap_or(0);
        let low = self.0.get(step).copied().unwrap_or(*first);
        let high = self.0.get(step + 1).copied().unwrap_or(low);
        low + (high - low) * (at % 1024) / 1024
    }

    /// Nine of ten are not slower.
    pub(crate) fn p90(&self) -> u64 {
        let place = (self.0.len() - self.0.len().min(1)) * 9 / 10;
        self.0.get(place).copied().unwrap_or(0)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> u64 {
        self.0.get(self.0.len() / 2).copied().unwrap_or(0)
    }
}

/// How good the way between two devices is.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// How long one way takes.
    pub latency: Latency,
    /// Up to this much more, each time anew.
    pub jitter: Duration,
    /// Parts per million of frames of which a packet is lost, so that they come later.
    pub loss: u64,
    /// Parts per million of frames that arrive twice.
    pub duplicate: u64,
    /// Parts per million of frames that overtake what was sent before.
    pub reorder: u64,
    /// Parts per million of dials that make two connections at once.
    pub doubled: u64,
    /// Bytes per second in each direction; 0 is without limit.
    pub bandwidth: u64,
    /// How long a connection lasts on average; none if it lasts until somebody ends it.
    pub lasts: Option<Duration>,
}

impl Quality {
    /// No way at all: everything arrives at once. For stories and for exhaustive orders.
    pub fn instant() -> Self {
        Self {
            latency: Latency::fixed(Duration::ZERO),
            jitter: Duration::ZERO,
            loss: 0,
            duplicate: 0,
            reorder: 0,
            doubled: 0,
            bandwidth: 0,
            lasts: None,
        }
    }

    /// One room.
    pub fn lan() -> Self {
        Self {
            latency: Latency::spread(Duration::from_micros(300), Duration::from_millis(1)),
            doubled: MILLION / 100,
            bandwidth: 12_500_000,
            ..Self::instant()
        }
    }

    /// Two flats with cable or fibre.
    pub fn home() -> Self {
        Self {
            latency: Latency::spread(Duration::from_millis(20), Duration::from_millis(45)),
            jitter: Duration::from_millis(5),
            loss: MILLION / 500,
            bandwidth: 1_250_000,
            lasts: Some(Duration::from_secs(12 * 3600)),
            ..Self::lan()
        }
    }

    /// Telephones and trains.
    pub fn mobile() -> Self {
        Self {
            latency: Latency::spread(Duration::from_millis(60), Duration::from_millis(220)),
            jitter: Duration::from_millis(40),
            loss: MILLION / 50,
            bandwidth: 250_000,
            lasts: Some(Duration::from_secs(20 * 60)),
            ..Self::lan()
        }
    }

    /// Onion services at both ends: six relays.
    pub fn tor() -> Self {
        Self {
            latency: Latency::spread(Duration::from_millis(300), Duration::from_millis(900)),
            jitter: Duration::from_millis(100),
            loss: MILLION / 200,
            bandwidth: 60_000,
            lasts: Some(Duration::from_secs(2 * 3600)),
            ..Self::lan()
        }
    }

    /// One by its name in a scenario.
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "instant" => Some(Self::instant()),
            "lan" => Some(Self::lan()),
            "home" => Some(Self::home()),
            "mobile" => Some(Self::mobile()),
            "tor" => Some(Self::tor()),
            _ => None,
        }
    }

    /// How long one frame is under way, or nothing if the connection breaks over it.
    pub(crate) fn travel(&self, rng: &mut Rng) -> Option<u64> {
        let mut time = self.latency.draw(rng) + rng.below(micros(self.jitter));
        let mut wait = micros(RESEND).max(2 * self.latency.median());
        for _ in 0..TRIES {
            if self.loss == 0 || rng.below(MILLION) >= self.loss {
                return Some(time);
            }
            time += wait;
            wait *= 2;
        }
        None
    }

    /// How long so many bytes take to be sent at all.
    pub(crate) fn sending(&self, bytes: usize) -> u64 {
        let bits = bytes as u64 * MILLION;
        bits.checked_div(self.bandwidth).unwrap_or(0)
    }

    /// When a connection that begins now breaks by itself.
    pub(crate) fn life(&self, rng: &mut Rng) -> Option<Duration> {
        let mean = micros(self.lasts?);
        Some(Duration::from_micros(1 + rng.below(2 * mean)))
    }

    /// From dialling to the first frame: TCP, the door key, Noise, Yamux and the stream.
    pub(crate) fn handshake(&self, rng: &mut Rng) -> u64 {
        (0..6).map(|_| self.latency.draw(rng)).sum()
    }
}

#[cfg(test)]
mod tests {
    use crypto::Secret;

    use super::*;

    fn rng() -> Rng {
        Rng::from_seed(&Secret::from_bytes([3; 32]))
    }

    #[test]
    fn half_of_what_is_drawn_is_below_the_median_and_nine_of_ten_below_p90() {
        let (median, p90) = (Duration::from_millis(60), Duration::from_millis(220));
        let latency = Latency::spread(median, p90);
        let mut rng = rng();
        let drawn: Vec<u64> = (0..20_000).map(|_| latency.draw(&mut rng)).collect();
        let below = |limit| drawn.iter().filter(|time| **time <= micros(limit)).count();
        assert!(
            (9_700..10_300).contains(&below(median)),
            "{}",
            below(median)
        );
        assert!((17_800..18_200).contains(&below(p90)), "{}", below(p90));
    }

    #[test]
    fn a_lossy_way_is_slower_and_a_dead_one_breaks() {
        let mut quality = Quality::home();
        quality.loss = 300_000;
        let mut rng = rng();
        let times: Vec<u64> = (0..1_000)
            .filter_map(|_| quality.travel(&mut rng))
            .collect();
        let slow = times.iter().filter(|time| **time > 200_000).count();
        assert!((200..400).contains(&slow), "{slow}");
        quality.loss = MILLION;
        assert_eq!(quality.travel(&mut rng), None);
    }

    #[test]
    fn a_thin_way_takes_its_time() {
        assert_eq!(Quality::tor().sending(60_000), MILLION);
        assert_eq!(Quality::instant().sending(60_000), 0);
    }
}
