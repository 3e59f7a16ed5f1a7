//! The tables of a scenario.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::{Attack, Moment, Place, ScenarioError, Share, Span};
use crate::link::{Latency, Quality};

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SuiteName {
    #[default]
    X25519,
    Xwing,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CellPart {
    /// How many cells of this kind, each a world of its own.
    pub(super) count: u64,
    pub(super) members: Option<Spanned<usize>>,
    pub(super) names: Vec<Spanned<String>>,
    pub(super) quorum: Option<u8>,
}

impl Default for CellPart {
    fn default() -> Self {
        Self {
            count: 1,
            members: None,
            names: Vec::new(),
            quorum: None,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LinkPart {
    pub(super) preset: Option<Spanned<String>>,
    pub(super) latency: Option<Spanned<LatencyPart>>,
    pub(super) jitter: Option<Span>,
    pub(super) loss: Option<Share>,
    pub(super) duplicate: Option<Share>,
    pub(super) reorder: Option<Share>,
    pub(super) doubled: Option<Share>,
    /// Kilobytes per second.
    pub(super) bandwidth: Option<u64>,
    pub(super) lasts: Option<Span>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a latency such as \"40ms\", { median = \"40ms\", p90 = \"90ms\" } or { file = \"ways/tor.txt\" }"
)]
pub(super) enum LatencyPart {
    Fixed(Span),
    Spread {
        median: Span,
        p90: Span,
    },
    File {
        /// One measured latency per line.
        file: String,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PairPart {
    pub(super) between: [Spanned<String>; 2],
    pub(super) preset: Spanned<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RhythmPart {
    pub(super) kind: RhythmKind,
    /// Daily: from when on, and for how long.
    pub(super) from: Moment,
    pub(super) online: Option<Span>,
    /// Lids: how long on average.
    pub(super) awake: Option<Span>,
    pub(super) asleep: Option<Span>,
    /// Whether a device that is away is asleep or off.
    pub(super) off: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum RhythmKind {
    #[default]
    Always,
    Daily,
    Lids,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TalkPart {
    /// Messages of one member in one day.
    pub(super) per_day: f64,
    /// How many of them are written one after the other.
    pub(super) burst: u32,
    pub(super) reactions: Share,
    pub(super) edits: Share,
    pub(super) deletions: Share,
}

/// How often something happens to one member in one day.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FaultsPart {
    pub(super) crashes: f64,
    pub(super) power_losses: f64,
    pub(super) restores: f64,
    pub(super) full_disks: f64,
    /// Of the whole cell in one day.
    pub(super) partitions: f64,
    pub(super) partition_lasts: Option<Span>,
    /// Clocks are off by up to this much, either way.
    pub(super) skew: Option<Span>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeerPart {
    pub(super) name: Spanned<String>,
    pub(super) adversary: Option<Attack>,
    /// Between two attacks.
    pub(super) every: Option<Span>,
    pub(super) from: Option<Moment>,
    pub(super) until: Option<Moment>,
    pub(super) preset: Option<Spanned<String>>,
    /// How far its clock is off.
    pub(super) ahead: Option<Span>,
    pub(super) behind: Option<Span>,
    /// Whether it is in the cell from the beginning.
    #[serde(default = "yes")]
    pub(super) member: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventPart {
    pub(super) at: Spanned<Moment>,
    pub(super) r#do: Spanned<Deed>,
    pub(super) who: Option<Spanned<String>>,
    pub(super) whom: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) sides: Vec<Vec<Spanned<String>>>,
    pub(super) times: Option<u32>,
    pub(super) point: Option<Point>,
    pub(super) by: Option<Span>,
}

/// What happens in an event.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Deed {
    Say,
    React,
    Edit,
    Delete,
    Hide,
    Sleep,
    Wake,
    Stop,
    Start,
    Crash,
    PowerLoss,
    CopyDisk,
    PutBack,
    FillDisk,
    FreeDisk,
    Part,
    HealNetwork,
    Carry,
    Remove,
    Vouch,
    Leave,
    Heal,
    Join,
    Arrest,
    StealDisk,
    LockedOut,
    Skew,
    Attack,
    ShareCall,
    UpdateCall,
    AnswerCall,
    PlanCall,
    CheckIn,
    CallOff,
    Post,
    PostCall,
    ChangePosted,
    CancelPosted,
    Unsubscribe,
    UseCopy,
    AddLink,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Point {
    BeforePersist,
    #[default]
    AfterPersist,
    AfterOutputs,
}

/// How large the scenario is when CI runs it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CiPart {
    pub(super) seeds: Option<u64>,
    pub(super) cells: Option<u64>,
    pub(super) members: Option<Spanned<usize>>,
    pub(super) readers: Option<usize>,
    pub(super) duration: Option<Span>,
}

impl LinkPart {
    /// The quality it describes; nothing if a file that it names cannot be read.
    pub(super) fn quality(&self, place: Option<&Place<'_>>) -> Option<Quality> {
        let preset = self
            .preset
            .as_ref()
            .map_or("home", |preset| preset.get_ref());
        let mut quality = Quality::preset(preset)?;
        match self.latency.as_ref().map(Spanned::get_ref) {
            None => {}
            Some(LatencyPart::Fixed(span)) => quality.latency = Latency::fixed(span.0),
            Some(LatencyPart::Spread { median, p90 }) => {
                quality.latency = Latency::spread(median.0, p90.0)
            }
            Some(LatencyPart::File { file }) => quality.latency = samples(file, place).ok()?,
        }
        quality.jitter = self.jitter.map_or(quality.jitter, |span| span.0);
        quality.loss = self.loss.map_or(quality.loss, |share| share.0);
        quality.duplicate = self.duplicate.map_or(quality.duplicate, |share| share.0);
        quality.reorder = self.reorder.map_or(quality.reorder, |share| share.0);
        quality.doubled = self.doubled.map_or(quality.doubled, |share| share.0);
        quality.bandwidth = self.bandwidth.map_or(quality.bandwidth, |kilobytes| {
            kilobytes.saturating_mul(1000)
        });
        quality.lasts = self.lasts.map_or(quality.lasts, |span| Some(span.0));
        Some(quality)
    }

    pub(super) fn first_error(&self, place: &Place<'_>) -> Result<(), ScenarioError> {
        let Some(latency) = &self.latency else {
            return Ok(());
        };
        let LatencyPart::File { file } = latency.get_ref() else {
            return Ok(());
        };
        match samples(file, Some(place)) {
            Ok(_) => Ok(()),
            Err(message) => Err(place.error(latency.span().start, &message)),
        }
    }
}

/// Measured latencies, one per line, in a file beside the scenario.
fn samples(file: &str, place: Option<&Place<'_>>) -> Result<Latency, String> {
    let folder = place
        .and_then(|place| place.path.parent())
        .unwrap_or(Path::new("tests/scenarios"));
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        format!(
            "expected a file with one latency per line; {} cannot be read: {error}",
            path.display()
        )
    })?;
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let samples: Result<Vec<Duration>, String> = lines
        .map(|line| Span::parse(line).map(|span| span.0))
        .collect();
    Latency::measured(samples?)
        .ok_or_else(|| "expected a file with at least one latency".to_owned())
}

impl EventPart {
    pub(super) fn check(
        &self,
        place: &Place<'_>,
        names: &[String],
        duration: Duration,
    ) -> Result<(), ScenarioError> {
        let sides = self.sides.iter().flatten();
        for name in self.who.iter().chain(&self.whom).chain(sides) {
            place.known(name, names)?;
        }
        if self.at.get_ref().0 > duration {
            return Err(place.error(
                self.at.span().start,
                "expected a moment before the end of the scenario",
            ));
        }
        let deed = *self.r#do.get_ref();
        let at = self.r#do.span().start;
        let nobody = matches!(deed, Deed::Part | Deed::HealNetwork | Deed::LockedOut);
        let two = matches!(
            deed,
            Deed::Carry | Deed::Remove | Deed::Vouch | Deed::Join | Deed::UseCopy | Deed::AddLink
        );
        if !nobody && self.who.is_none() {
            return Err(place.error(at, "expected `who` beside this"));
        }
        if two && self.whom.is_none() {
            return Err(place.error(at, "expected `whom` beside this"));
        }
        if deed == Deed::Part && self.sides.len() < 2 {
            return Err(place.error(
                at,
                "expected `sides` with at least two lists of names beside this",
            ));
        }
        Ok(())
    }
}
