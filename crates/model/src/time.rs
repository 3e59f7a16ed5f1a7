//! The two clocks: one that only moves forward, and one that people read.

use std::ops::Add;
use std::time::Duration;

/// A point on the monotonic clock, counted from the start of the process.
///
/// Unlike [`std::time::Instant`] it can be made from a number, so a simulator can own the clock.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Instant(Duration);

impl Instant {
    /// The start of the process.
    pub const ZERO: Self = Self(Duration::ZERO);

    /// A point this long after the start of the process.
    pub const fn from_start(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// Time since the start of the process.
    pub const fn since_start(self) -> Duration {
        self.0
    }

    /// Time from `earlier` to here, zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

/// A point on the wall clock, in milliseconds since the Unix epoch.
///
/// Peers choose the value, so it is a hint for display and expiry and never decides order.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Wraps a count of milliseconds since the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// This time cut to whole units of `unit`, so that it tells less about the person. `unit` is at least 1 ms.
    pub fn rounded_down(self, unit: Duration) -> Self {
        let unit = u64::try_from(unit.as_millis()).unwrap_or(u64::MAX).max(1);
        Self(self.0 - self.0 % unit)
    }

    /// Time from `earlier` to here, zero if `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, rhs: Duration) -> Self {
        let millis = u64::try_from(rhs.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_never_moves_forward() {
        let time = Timestamp::from_millis(61_234);
        assert_eq!(
            time.rounded_down(Duration::from_secs(60)),
            Timestamp::from_millis(60_000)
        );
        assert_eq!(time.rounded_down(Duration::ZERO), time);
    }

    #[test]
    fn clocks_saturate() {
        let last = Timestamp::from_millis(u64::MAX);
        assert_eq!(last + Duration::from_secs(1), last);
        assert_eq!(Timestamp::from_millis(0).since(last), Duration::ZERO);
        assert_eq!(
            Instant::ZERO.since(Instant::ZERO + Duration::from_secs(1)),
            Duration::ZERO
        );
    }
}
