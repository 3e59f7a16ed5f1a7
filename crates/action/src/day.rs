//! Days, as calls name them: no hour, no zone.

use std::fmt;
use std::time::Duration;

use model::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const DAY: Duration = Duration::from_secs(24 * 3600);
const DAY_MS: u64 = 24 * 3600 * 1000;

/// A day of the Gregorian calendar, in UTC, counted from 1970-01-01. None is beyond the year 9999.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Day(u32);

impl Day {
    /// The last one that can be written with four digits of the year.
    const LAST: Self = Self(2_932_896);

    /// The day of a moment.
    pub fn of(moment: Timestamp) -> Self {
        let days = u32::try_from(moment.as_millis() / DAY_MS).unwrap_or(u32::MAX);
        Self(days).min(Self::LAST)
    }

    /// So many days later.
    #[must_use]
    pub fn plus(self, days: u32) -> Self {
        Self(self.0.saturating_add(days)).min(Self::LAST)
    }

    /// Days from `earlier` to here, 0 if `earlier` is later.
    pub const fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Its first moment.
    pub fn start(self) -> Timestamp {
        Timestamp::from_millis(u64::from(self.0) * DAY_MS)
    }

    /// The moment at which it is over.
    pub fn end(self) -> Timestamp {
        self.start() + DAY
    }

    /// Reads `2026-11-24`; nothing if there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| -> Option<u32> {
            let digits = text.get(range)?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse().ok())?
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let read = Self(days_before(year, month) + day - 1);
        // A day that the month does not have would be one of the next month.
        (read.civil() == (year, month, day)).then_some(read)
    }

    /// Year, month, day.
    pub fn civil(self) -> (u32, u32, u32) {
        // Estimated, then brought right: a year has at most 366 days, so the estimate is never too late by more than one
        // for each four centuries.
        let mut year = 1970 + self.0 / 366;
        while days_before(year + 1, 1) <= self.0 {
            year += 1;
        }
        let month = (1..=12)
            .rev()
            .find(|month| days_before(year, *month) <= self.0)
            .unwrap_or(1);
        (year, month, self.0 - days_before(year, month) + 1)
    }
}

/// Days from 1970-01-01 to the first of a month.
fn days_before(year: u32, month: u32) -> u32 {
    const BEFORE_MONTH: [u32; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap_days = |years: u32| years / 4 - years / 100 + years / 400;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let past_years = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let index = usize::try_from(month - 1).unwrap_or(0).min(11);
    past_years + BEFORE_MONTH[index] + u32::from(is_leap && month > 2)
}

/// Reads a moment as RFC 3339 writes it, `2026-11-24T18:30:00Z` or with an offset; nothing if there is no such moment.
/// Seconds may be left out.
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    let day = Day::parse(text.get(..10)?)?;
    let time = text.get(10..)?.strip_prefix(['T', 't', ' '])?;
    let digits = |text: &str, most: u64| -> Option<u64> {
        let number = (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok())??;
        (number <= most).then_some(number)
    };
    let clock = |text: &str| -> Option<u64> {
        let minutes = digits(text.get(..2)?, 23)? * 60 + digits(text.get(3..5)?, 59)?;
        (text.as_bytes().get(2) == Some(&b':')).then_some(minutes * 60_000)
    };
    let at = day.start().as_millis() + clock(time)?;
    let mut rest = time.get(5..)?;
    let mut seconds = 0;
    if let Some(after) = rest.strip_prefix(':') {
        // A leap second is the end of the second before it.
        seconds = digits(after.get(..2)?, 60)?.min(59) * 1000;
        rest = after.get(2..)?;
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit())?;
            rest = fraction.get(end..).filter(|_| end > 0)?;
        }
    }
    let at = at + seconds;
    let offset = |sign: &str| rest.strip_prefix(sign).filter(|offset| offset.len() == 5);
    let moment = match (rest, offset("+"), offset("-")) {
        ("Z" | "z", ..) => at,
        (_, Some(ahead), _) => at.checked_sub(clock(ahead)?)?,
        (_, _, Some(behind)) => at + clock(behind)?,
        _ => return None,
    };
    Some(Timestamp::from_millis(moment))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a day is written as 2026-11-24"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_read_and_days_that_do_not_exist_are_not() {
        assert_eq!(Day::parse("1970-01-01"), Some(Day(0)));
        let day = Day::of(Timestamp::from_millis(1_790_000_000_000));
        assert_eq!(day.to_string(), "2026-09-21");
        assert_eq!(day.plus(10).to_string(), "2026-10-01");
        assert_eq!(
            Day::parse("2024-02-29").unwrap().plus(1).to_string(),
            "2024-03-01"
        );
        assert_eq!(Day::LAST.to_string(), "9999-12-31");
        for wrong in [
            "2023-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "1969-12-31",
            "26-1-1",
            "2026-1-01x",
            "+026-01-01",
            "２０２６-01-01",
            "",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_are_read_as_rfc_3339_writes_them() {
        let at = |text: &str| parse_moment(text).map(Timestamp::as_millis);
        let moment = Some(1_790_000_000_000);
        assert_eq!(at("2026-09-21T14:13:20Z"), moment);
        assert_eq!(at("2026-09-21T17:13:20.125+03:00"), moment);
        assert_eq!(at("2026-09-21t09:43:20-04:30"), moment);
        assert_eq!(at("2026-09-21T14:13Z"), Some(1_789_999_980_000));
        for wrong in [
            "",
            "2026-09-21",
            "2026-09-21T14:13:20",
            "2026-09-31T14:13:20Z",
            "2026-09-21T24:00:00Z",
            "2026-09-21T14:60Z",
            "2026-09-21T14:13:20.Z",
            "2026-09-21T14:13:20+3:00",
            "2026-09-21T14.13Z",
            "2026-09-21T14:13:20Zx",
            "1970-01-01T00:00:00+01:00",
            "2026-09-21Tжж:13Z",
        ] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_moment_or_none(text in "\\PC{0,30}") {
            let _read_or_not = parse_moment(&text);
        }

        #[test]
        fn every_day_is_written_and_read_back(days in 0..=Day::LAST.0) {
            prop_assert_eq!(Day::parse(&Day(days).to_string()), Some(Day(days)));
        }
    }
}
