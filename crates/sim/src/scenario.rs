//! Scenarios: what a world is made of and what happens in it, as TOML (docs/SIMULATOR.md).

mod channel;
mod parts;
mod plan;
mod values;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use model::Suite;
use serde::Deserialize;
use toml::Spanned;

use crate::link::Quality;
use crate::watch::Invariant;
use parts::{
    CellPart, CiPart, Deed, EventPart, FaultsPart, LinkPart, PairPart, PeerPart, RhythmKind,
    RhythmPart, SuiteName, TalkPart,
};

pub(crate) use channel::ChannelPart;
pub use plan::{Act, Attack, Planned, plan};
pub(crate) use plan::{CallAct, ChannelAct};
pub use values::{Moment, Share, Span};

/// People of a cell, as many as the larger suite allows.
const MEMBERS: usize = 50;

/// The same for the hybrid suite.
const MEMBERS_HYBRID: usize = 25;

/// What people are called who have no name of their own.
const NAMES: [&str; 16] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim",
    "leo", "mona", "nils", "olga", "paul",
];

/// Why a scenario cannot be run, and where that stands.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ScenarioError {
    /// Which file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong, and what was expected.
    pub message: String,
}

/// A scenario as it was read and checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A few words.
    pub name: String,
    /// What it is about, for people.
    pub story: String,
    /// The suite of its cells.
    #[serde(default)]
    suite: SuiteName,
    /// How long it lasts, once all are in.
    duration: Spanned<Span>,
    /// How long all is quiet at the end before the last look.
    #[serde(default = "quiet")]
    quiet: Span,
    /// A channel in place of a cell.
    channel: Option<ChannelPart>,
    #[serde(default)]
    cell: CellPart,
    #[serde(default)]
    link: LinkPart,
    #[serde(default)]
    links: Vec<PairPart>,
    #[serde(default)]
    rhythm: RhythmPart,
    #[serde(default)]
    talk: TalkPart,
    #[serde(default)]
    faults: FaultsPart,
    #[serde(default)]
    peer: Vec<PeerPart>,
    #[serde(default)]
    event: Vec<EventPart>,
    #[serde(default)]
    ci: CiPart,
}

fn quiet() -> Span {
    Span(Duration::from_secs(20 * 60))
}

impl Scenario {
    /// Reads a file, and the files that it names.
    ///
    /// # Errors
    ///
    /// Says where the mistake is and what was expected.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path).map_err(|error| ScenarioError {
            file: path.display().to_string(),
            line: 1,
            column: 1,
            message: format!("the file cannot be read: {error}"),
        })?;
        Self::parse(&text, path)
    }

    /// Reads `text`, which stands in `path`.
    ///
    /// # Errors
    ///
    /// Says where the mistake is and what was expected.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ScenarioError> {
        let place = Place { text, path };
        let scenario: Self = toml::from_str(text).map_err(|error| {
            place.error(error.span().map_or(0, |span| span.start), error.message())
        })?;
        scenario.check(&place)?;
        Ok(scenario)
    }

    /// The same at the size that CI runs it.
    #[must_use]
    pub fn at_ci_size(mut self) -> Self {
        self.cell.count = self.ci.cells.unwrap_or(self.cell.count);
        if let Some(members) = self.ci.members.take() {
            self.cell.members = Some(members);
        }
        if let (Some(channel), Some(readers)) = (&mut self.channel, self.ci.readers) {
            channel.readers = readers;
        }
        if let Some(duration) = self.ci.duration {
            self.duration = Spanned::new(0..0, duration);
        }
        self
    }

    /// How many seeds CI tries.
    pub fn ci_seeds(&self) -> u64 {
        self.ci.seeds.unwrap_or(3)
    }

    /// How many cells there are, each a world of its own.
    pub const fn cells(&self) -> u64 {
        self.cell.count
    }

    /// People of one cell.
    pub fn members(&self) -> usize {
        self.names().len()
    }

    /// How long it lasts, once all are in.
    pub fn duration(&self) -> Duration {
        self.duration.get_ref().0
    }

    pub(crate) fn quiet(&self) -> Duration {
        self.quiet.0
    }

    pub(crate) const fn suite(&self) -> Suite {
        match self.suite {
            SuiteName::X25519 => Suite::X25519,
            SuiteName::Xwing => Suite::XWing,
        }
    }

    pub(crate) const fn quorum(&self) -> Option<u8> {
        self.cell.quorum
    }

    /// Everybody, in the order in which they come in.
    pub fn names(&self) -> Vec<String> {
        let given: Vec<String> = self
            .cell
            .names
            .iter()
            .map(|name| name.get_ref().clone())
            .collect();
        let unsaid = if let Some(channel) = &self.channel {
            channel.readers + 1
        } else if given.is_empty() {
            3
        } else {
            given.len().max(2)
        };
        let count = self
            .cell
            .members
            .as_ref()
            .map_or(unsaid, |count| *count.get_ref());
        let free = NAMES
            .iter()
            .map(|name| (*name).to_owned())
            .filter(|name| !given.contains(name));
        let numbered = (1..).map(|number| format!("member{number}"));
        let mut names: Vec<String> = given
            .iter()
            .cloned()
            .chain(free.chain(numbered))
            .take(count.max(given.len()))
            .collect();
        let others = self.peer.iter().map(|peer| peer.name.get_ref());
        for name in others.collect::<Vec<_>>() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// Whether somebody is in the cell from the beginning.
    pub(crate) fn is_in(&self, name: &str) -> bool {
        self.peer
            .iter()
            .find(|peer| peer.name.get_ref() == name)
            .is_none_or(|peer| peer.member)
    }

    /// Who attacks, and how.
    pub(crate) fn attackers(&self) -> impl Iterator<Item = (&str, Attack)> {
        self.peer
            .iter()
            .filter_map(|peer| Some((peer.name.get_ref().as_str(), peer.adversary?)))
    }

    /// The way between two devices unless told otherwise.
    pub(crate) fn quality(&self) -> Quality {
        self.link.quality(None).unwrap_or_else(Quality::home)
    }

    /// Ways that differ: between these two.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str, Quality)> {
        self.links.iter().filter_map(|pair| {
            let [a, b] = &pair.between;
            Some((
                a.get_ref().as_str(),
                b.get_ref().as_str(),
                Quality::preset(pair.preset.get_ref())?,
            ))
        })
    }

    /// Ways of one person that differ: to everybody.
    pub(crate) fn singles(&self) -> impl Iterator<Item = (&str, Quality)> {
        self.peer.iter().filter_map(|peer| {
            let preset = peer.preset.as_ref()?;
            Some((
                peer.name.get_ref().as_str(),
                Quality::preset(preset.get_ref())?,
            ))
        })
    }

    /// Whether it is about secrets, which modelled cryptography cannot show.
    pub fn is_about_secrecy(&self) -> bool {
        let secret = |deed: &Deed| {
            matches!(
                deed,
                Deed::Remove
                    | Deed::StealDisk
                    | Deed::LockedOut
                    | Deed::Join
                    | Deed::Arrest
                    | Deed::PutBack
            )
        };
        self.channel.is_some()
            || self.event.iter().any(|event| secret(event.r#do.get_ref()))
            || self.attackers().next().is_some()
            || self.faults.restores > 0.0
    }

    /// What nothing in this scenario could break.
    pub(crate) fn idle(&self, modelled: bool) -> Vec<Invariant> {
        let has = |deed| self.event.iter().any(|event| *event.r#do.get_ref() == deed);
        let tried = |invariant: &Invariant| match invariant {
            Invariant::Delivered => true,
            Invariant::PastRemoval => {
                has(Deed::Remove) || has(Deed::Leave) || has(Deed::Unsubscribe)
            }
            Invariant::LockedOut => has(Deed::LockedOut),
            Invariant::Outsider => self
                .attackers()
                .any(|(_, attack)| attack == Attack::Outsider),
            Invariant::CalledOff => has(Deed::CallOff) || has(Deed::CancelPosted),
            Invariant::Erased => has(Deed::ShareCall) || has(Deed::PostCall),
            Invariant::Deleted => has(Deed::Delete) || self.talk.deletions.0 > 0,
            Invariant::Genuine | Invariant::Silent => self.channel.is_some(),
            Invariant::Contradicted => has(Deed::UseCopy),
            Invariant::SameHistory
            | Invariant::FromBefore
            | Invariant::Twice
            | Invariant::Remembered
            | Invariant::Reuse
            | Invariant::Bounded
            | Invariant::Hidden => !modelled,
            Invariant::Roster => !modelled && self.channel.is_none(),
        };
        Invariant::ALL
            .into_iter()
            .filter(|invariant| !tried(invariant))
            .collect()
    }

    /// Messages of one member in one day.
    pub fn messages_per_day(&self) -> f64 {
        self.talk.per_day
    }

    /// How much of the time somebody is there, on average.
    pub fn online_share(&self) -> f64 {
        let seconds = |span: Option<Span>, or: f64| span.map_or(or, |span| span.0.as_secs_f64());
        match self.rhythm.kind {
            RhythmKind::Always => 1.0,
            RhythmKind::Daily => (seconds(self.rhythm.online, 14_400.0) / 86_400.0).min(1.0),
            RhythmKind::Lids => {
                let (awake, asleep) = (
                    seconds(self.rhythm.awake, 1200.0),
                    seconds(self.rhythm.asleep, 2400.0),
                );
                awake / (awake + asleep).max(1.0)
            }
        }
    }

    /// The channel, if it is about one.
    pub(crate) const fn channel(&self) -> Option<&ChannelPart> {
        self.channel.as_ref()
    }

    fn check(&self, place: &Place<'_>) -> Result<(), ScenarioError> {
        if let Some(channel) = &self.channel {
            channel.check(place)?;
        }
        self.check_people(place)?;
        self.check_ways(place)?;
        let names = self.names();
        for event in &self.event {
            event.check(place, &names, self.duration())?;
        }
        Ok(())
    }

    fn check_people(&self, place: &Place<'_>) -> Result<(), ScenarioError> {
        let most = match self.suite {
            SuiteName::X25519 => MEMBERS,
            SuiteName::Xwing => MEMBERS_HYBRID,
        };
        for members in self.cell.members.iter().chain(&self.ci.members) {
            if !(2..=most).contains(members.get_ref()) {
                return Err(place.error(
                    members.span().start,
                    &format!("expected 2 to {most} members"),
                ));
            }
        }
        if self.cell.count == 0 || self.duration().is_zero() {
            return Err(place.error(
                self.duration.span().start,
                "expected at least one cell and some time",
            ));
        }
        let mut names = BTreeSet::new();
        for name in &self.cell.names {
            let good = model::DisplayName::parse(name.get_ref()).is_ok();
            if !good || !names.insert(name.get_ref()) {
                return Err(place.error(name.span().start, "expected a name that nobody else has"));
            }
        }
        if names.len() > most {
            return Err(place.error(0, &format!("expected at most {most} names")));
        }
        Ok(())
    }

    fn check_ways(&self, place: &Place<'_>) -> Result<(), ScenarioError> {
        let names = self.names();
        let presets = self
            .link
            .preset
            .iter()
            .chain(self.links.iter().map(|pair| &pair.preset));
        for preset in presets.chain(self.peer.iter().filter_map(|peer| peer.preset.as_ref())) {
            if Quality::preset(preset.get_ref()).is_none() {
                return Err(place.error(
                    preset.span().start,
                    "expected `instant`, `lan`, `home`, `mobile` or `tor`",
                ));
            }
        }
        for name in self.links.iter().flat_map(|pair| &pair.between) {
            place.known(name, &names)?;
        }
        self.link
            .quality(Some(place))
            .map(|_| ())
            .map_or_else(|| self.link.first_error(place), Ok)
    }
}

/// A text and where it stands.
struct Place<'a> {
    text: &'a str,
    path: &'a Path,
}

impl Place<'_> {
    fn error(&self, at: usize, message: &str) -> ScenarioError {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        let message = message.trim().replace('\n', ", ");
        ScenarioError {
            file: self.path.display().to_string(),
            line,
            column,
            message,
        }
    }

    fn known(&self, name: &Spanned<String>, names: &[String]) -> Result<(), ScenarioError> {
        if names.contains(name.get_ref()) {
            return Ok(());
        }
        let known = names
            .iter()
            .take(12)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        Err(self.error(
            name.span().start,
            &format!("expected somebody of the scenario: {known}"),
        ))
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} × {}", self.name, self.cells(), self.members())
    }
}
