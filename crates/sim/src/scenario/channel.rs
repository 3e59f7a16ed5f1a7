//! The table of a channel.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{Place, ScenarioError, Share, Span};

/// Readers of one channel in one world.
const READERS: usize = 20_000;

/// A channel and its readers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ChannelPart {
    /// How many, the publisher and those with a name of their own left out.
    pub(crate) readers: usize,
    /// Links that each reader gets, of as many readers who are already there.
    pub(crate) links: Spanned<usize>,
    /// Posts of one day.
    pub(crate) posts_per_day: f64,
    /// How many of the readers are away, on average.
    pub(crate) churn: Share,
    /// How long one is away, on average.
    pub(crate) away: Option<Span>,
    /// Within how many days the next post is promised; 0 promises nothing.
    pub(crate) fresh_days: u16,
}

impl Default for ChannelPart {
    fn default() -> Self {
        Self {
            readers: 12,
            links: Spanned::new(0..0, 4),
            posts_per_day: 0.0,
            churn: Share(0),
            away: None,
            fresh_days: 0,
        }
    }
}

impl ChannelPart {
    /// How long one is away, on average.
    pub(crate) fn away(&self) -> Duration {
        self.away
            .map_or(Duration::from_secs(4 * 3600), |span| span.0)
    }

    pub(super) fn check(&self, place: &Place<'_>) -> Result<(), ScenarioError> {
        let links = *self.links.get_ref();
        if !(1..=16).contains(&links) {
            return Err(place.error(self.links.span().start, "expected 1 to 16 links"));
        }
        if !(2..=READERS).contains(&self.readers) || self.churn.0 >= crate::link::MILLION {
            return Err(place.error(0, "expected 2 to 20000 readers, and some who are there"));
        }
        Ok(())
    }
}
