//! Values of a scenario, each checked where it is read, so that a mistake is told with its place.

use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::link::MILLION;

const DAY: u64 = 86_400_000;

/// A length of time: `250ms`, `90s`, `5m`, `2h`, `7d`, or several of them, `1d 2h`.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Span(pub Duration);

impl Span {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// Says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no length of time: expected one such as `250ms`, `90s`, `5m`, `2h` or `7d`"
            )
        };
        let mut millis: u64 = 0;
        for part in text.split_whitespace() {
            let digits = part.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
            let number: u64 = part[..digits].parse().map_err(|_| wrong())?;
            let unit = match &part[digits..] {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => DAY,
                _ => return Err(wrong()),
            };
            millis = number
                .checked_mul(unit)
                .and_then(|part| millis.checked_add(part))
                .ok_or_else(wrong)?;
        }
        if text.trim().is_empty() || millis > 3650 * DAY {
            return Err(wrong());
        }
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// A moment since the scenario began: a length of time, or a time of the day, `14:05`, of the first day or of another,
/// `3d 14:05`.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Moment(pub Duration);

impl Moment {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no moment: expected one such as `14:05`, `3d 14:05` or `90m`");
        let Some((day, clock)) = text
            .contains(':')
            .then(|| text.rsplit_once(' ').unwrap_or(("", text)))
        else {
            return Span::parse(text)
                .map(|span| Self(span.0))
                .map_err(|_| wrong());
        };
        let day = if day.is_empty() {
            Duration::ZERO
        } else {
            Span::parse(day).map_err(|_| wrong())?.0
        };
        let (hours, minutes) = clock.split_once(':').ok_or_else(wrong)?;
        let (hours, minutes): (u64, u64) = (
            hours.parse().map_err(|_| wrong())?,
            minutes.parse().map_err(|_| wrong())?,
        );
        if hours > 23 || minutes > 59 {
            return Err(wrong());
        }
        Ok(Self(day + Duration::from_secs(hours * 3600 + minutes * 60)))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

/// A share of all, `2%` or `0.05%`, in parts per million.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Share(pub u64);

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = text
            .strip_suffix('%')
            .and_then(|number| number.trim().parse::<f64>().ok());
        match number {
            Some(percent) if (0.0..=100.0).contains(&percent) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share was checked to be between 0 and 100 percent"
                )]
                let millionths = (percent * 10_000.0).round() as u64;
                Ok(Self(millionths.min(MILLION)))
            }
            Some(_) | None => Err(D::Error::custom(format!(
                "`{text}` is no share: expected one between `0%` and `100%`"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_and_anything_else_is_refused() {
        let good = [("250ms", 250), ("90s", 90_000), ("1d 2h", DAY + 7_200_000)];
        for (text, millis) in good {
            assert_eq!(
                Span::parse(text).map(|span| span.0),
                Ok(Duration::from_millis(millis)),
                "{text}"
            );
        }
        for wrong in [
            "",
            "5",
            "m",
            "-3m",
            "5 m",
            "99999999999999999999s",
            "99999d",
            "1w",
        ] {
            assert!(Span::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_a_time_of_day_or_a_length() {
        let good = [("14:05", 50_700), ("3d 14:05", 309_900), ("90m", 5_400)];
        for (text, seconds) in good {
            assert_eq!(
                Moment::parse(text).map(|moment| moment.0),
                Ok(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        for wrong in ["24:00", "14:60", "14:", "noon", "3 14:05"] {
            assert!(Moment::parse(wrong).is_err(), "{wrong}");
        }
    }
}
