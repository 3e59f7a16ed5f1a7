//! Everybody and everything between them.
//!
//! ```text
//!   queue ──► input ──► round: handle, drain ──► durable write ──► frames, dials, events ──► queue
//! ```
//! A device is driven as `net` drives it: what arrives while its disk is busy waits and becomes one round of at most 256
//! inputs with one durable write, and nothing that follows from a round is done before that write.

mod carry;
mod device;
mod ether;
mod walls;
mod way;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use crypto::{Rng, Secret};
use model::{Address, CellId, Instant, Suite, Timestamp};
use proto::{
    Answer, Changes, Config, ErrorKind, Input, Link, Node, Notice, Now, Output, RequestId,
};

use crate::clock::{Queue, Time};
use crate::disk::Disk;
use crate::link::Quality;
use crate::stats::Counts;
use crate::trace::Trace;
use crate::watch::Watch;

pub use ether::Heard;
pub(crate) use ether::{Ether, pack_of};
pub(crate) use way::{Connection, Dial, Doorway, Swarm};

/// The wall clock when a world begins.
const EPOCH: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// Inputs of one round, as in `net`.
const BATCH: usize = 256;

/// So many things at one moment mean that the devices never come to rest.
const RESTLESS: u64 = 500_000;

/// Somebody with one device.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Who(pub u32);

impl Who {
    pub(crate) fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What a device is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PowerState {
    /// Nothing.
    Off,
    /// Running.
    On,
    /// Its lid is closed: it neither hears nor does anything, and goes on where it was.
    Asleep,
}

/// Where in a round a device crashes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CrashAt {
    /// Before its changes are on the disk.
    BeforePersist,
    /// When they are, and before anything else is done.
    AfterPersist,
    /// After so many of the outputs that follow.
    AfterOutputs(usize),
}

/// What a world is made of.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides everything.
    pub seed: u64,
    /// Which of several worlds of one run this is.
    pub shard: u64,
    /// The suite of its cells.
    pub suite: Suite,
    /// The way between two devices unless told otherwise.
    pub quality: Quality,
    /// How long a connection may be silent before its ends give it up.
    pub silence: Duration,
    /// How long a dial waits for a device that does not answer.
    pub dial: Duration,
    /// How long a durable write takes.
    pub write: Duration,
}

impl Options {
    /// As on real networks and disks.
    pub fn real(seed: u64, quality: Quality) -> Self {
        Self {
            seed,
            shard: 0,
            suite: Suite::X25519,
            quality,
            silence: Duration::from_secs(90),
            dial: Duration::from_secs(10),
            write: Duration::from_millis(4),
        }
    }

    /// Everything takes no time at all: one order of events, for stories and exhaustive searches.
    pub fn instant(seed: u64) -> Self {
        Self {
            silence: Duration::ZERO,
            dial: Duration::ZERO,
            write: Duration::ZERO,
            ..Self::real(seed, Quality::instant())
        }
    }
}

/// One device and who it belongs to.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) node: Option<Node>,
    pub(crate) disk: Disk,
    pub(crate) power: PowerState,
    /// When its monotonic clock stood at zero; moves on while the lid is closed.
    booted: Time,
    asleep_since: Time,
    /// Milliseconds that its wall clock is off.
    pub(crate) skew: i64,
    /// Counts starts, so that what was planned for an earlier one is forgotten.
    life: u64,
    pub(crate) swarms: BTreeMap<CellId, Swarm>,
    pub(crate) links: BTreeMap<Link, Vec<u64>>,
    /// Connections of which one end was here, also if it is closed.
    touches: BTreeSet<u64>,
    deadline: Instant,
    /// Earliest wake-up in the queue.
    planned: Time,
    inbox: VecDeque<Input>,
    writing: Option<Round>,
    ports: u16,
    crash: Option<CrashAt>,
    pub(crate) answers: BTreeMap<RequestId, Result<Answer, ErrorKind>>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) sent_bytes: u64,
    /// Whether the last write failed for lack of room.
    pub(crate) ran_out: bool,
}

/// What one round of inputs asks for.
#[derive(Default)]
struct Round {
    changes: Changes,
    after: Vec<Output>,
}

/// What is going to happen.
enum Happening {
    Input(Who, u64, Input),
    Wake(Who),
    Written(Who, u64),
    Dialled(Box<Dial>),
    Arrive(u64, usize, Vec<u8>),
    /// This end of a connection learns that it is over.
    Ended(u64, usize),
    /// A connection breaks by itself.
    Break(u64),
    /// Has it been silent for too long?
    Silence(u64),
    /// A heartbeat of the gossip of a channel.
    Beat(Who, CellId, u64),
}

/// Everybody and everything between them.
pub struct World {
    pub(crate) options: Options,
    pub(crate) rng: Rng,
    pub(crate) time: Time,
    queue: Queue<Happening>,
    pub(crate) people: Vec<Person>,
    pub(crate) connections: BTreeMap<u64, Connection>,
    doors: BTreeMap<Address, Doorway>,
    pub(crate) ether: Ether,
    pub(crate) qualities: BTreeMap<(Who, Who), Quality>,
    /// Who is behind which wall.
    pub(crate) sides: Vec<u8>,
    pub(crate) walls: BTreeSet<(Who, Who)>,
    /// Who hears whose beacons.
    pub(crate) lan: BTreeSet<Who>,
    pub(crate) requests: u64,
    numbers: u64,
    /// What never must happen.
    pub watch: Watch,
    /// What happened.
    pub trace: Trace,
    /// What was counted.
    pub counts: Counts,
    /// Frames as they went out, for adversaries who listen: who, to whom, on which link, what.
    pub taps: Vec<Tap>,
    pub(crate) tapped: BTreeSet<Who>,
    /// Whose frames are changed or held back before they go out.
    pub(crate) filtered: BTreeSet<Who>,
}

/// A frame that somebody overheard.
#[derive(Clone, Debug)]
pub struct Tap {
    /// Whose frame it was.
    pub from: Who,
    /// To whom it went.
    pub to: Who,
    /// The sender, as the receiver sees them.
    pub link: Link,
    /// The frame.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "World({} devices, {})", self.people.len(), self.time)
    }
}

impl World {
    /// A world with nobody in it.
    pub fn new(options: Options) -> Self {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&options.seed.to_be_bytes());
        seed[8..16].copy_from_slice(&options.shard.to_be_bytes());
        Self {
            rng: Rng::from_seed(&Secret::from_bytes(seed)),
            options,
            time: Time::from_micros(1_000_000),
            queue: Queue::new(),
            people: Vec::new(),
            connections: BTreeMap::new(),
            doors: BTreeMap::new(),
            ether: Ether::default(),
            qualities: BTreeMap::new(),
            sides: Vec::new(),
            walls: BTreeSet::new(),
            lan: BTreeSet::new(),
            requests: 0,
            numbers: 0,
            watch: Watch::default(),
            trace: Trace::default(),
            counts: Counts::default(),
            taps: Vec::new(),
            tapped: BTreeSet::new(),
            filtered: BTreeSet::new(),
        }
    }

    /// A person whose device is off and empty.
    pub fn add_person(&mut self, name: &str) -> Who {
        let who = Who(u32::try_from(self.people.len()).unwrap_or(u32::MAX));
        self.people.push(Person {
            name: name.to_owned(),
            node: None,
            disk: Disk::default(),
            power: PowerState::Off,
            booted: self.time,
            asleep_since: self.time,
            skew: 0,
            life: 0,
            swarms: BTreeMap::new(),
            links: BTreeMap::new(),
            touches: BTreeSet::new(),
            deadline: Instant::ZERO,
            planned: Time::NEVER,
            inbox: VecDeque::new(),
            writing: None,
            ports: 1000,
            crash: None,
            answers: BTreeMap::new(),
            notices: Vec::new(),
            sent_bytes: 0,
            ran_out: false,
        });
        self.sides.push(0);
        self.watch.add_person(name);
        who
    }

    /// Everybody.
    pub fn everybody(&self) -> impl Iterator<Item = Who> + use<> {
        (0..u32::try_from(self.people.len()).unwrap_or(u32::MAX)).map(Who)
    }

    /// What somebody is called.
    pub fn name(&self, who: Who) -> &str {
        self.people
            .get(who.index())
            .map_or("?", |person| &person.name)
    }

    /// The moment.
    pub const fn time(&self) -> Time {
        self.time
    }

    /// The node of a device that is not off.
    pub fn node(&self, who: Who) -> Option<&Node> {
        self.people.get(who.index())?.node.as_ref()
    }

    /// What a device has written.
    pub fn disk(&self, who: Who) -> Option<&Disk> {
        Some(&self.people.get(who.index())?.disk)
    }

    /// What a device is doing.
    pub fn power(&self, who: Who) -> PowerState {
        self.people
            .get(who.index())
            .map_or(PowerState::Off, |person| person.power)
    }

    /// Everything that a device told its person since it was made.
    pub fn notices(&self, who: Who) -> &[Notice] {
        self.people
            .get(who.index())
            .map_or(&[], |person| &person.notices)
    }

    /// The person's own end of links in a cell, as others see it.
    pub fn end(&self, who: Who, cell: CellId) -> Option<Link> {
        let peer = self.people.get(who.index())?.swarms.get(&cell)?.peer;
        Some(Link { cell, peer })
    }

    pub(crate) fn person(&mut self, who: Who) -> Option<&mut Person> {
        self.people.get_mut(who.index())
    }

    /// The clocks of a device.
    pub(crate) fn now(&self, who: Who) -> Now {
        let (booted, skew) = self
            .people
            .get(who.index())
            .map_or((Time::ZERO, 0), |person| (person.booted, person.skew));
        let wall = (EPOCH + self.time.since_start()).as_millis();
        Now {
            instant: Instant::from_start(self.time.since(booted)),
            timestamp: Timestamp::from_millis(wall.saturating_add_signed(skew)),
        }
    }

    /// What a clock shows that is not off.
    pub(crate) fn at(&self, time: Time) -> Timestamp {
        EPOCH + time.since_start()
    }

    /// When a clock that is not off shows this.
    pub(crate) fn when(&self, moment: Timestamp) -> Time {
        let millis = moment.as_millis().saturating_sub(EPOCH.as_millis());
        Time::from_micros(millis.saturating_mul(1_000))
    }

    fn config() -> Config {
        Config {
            listen_ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        }
    }

    /// Lets everything happen that is due until then.
    pub fn run_until(&mut self, until: Time) {
        let (mut moment, mut happened) = (self.time, 0);
        while self.queue.next().is_some_and(|at| at <= until) {
            self.step();
            if moment != self.time {
                (moment, happened) = (self.time, 0);
            }
            happened += 1;
            if happened > RESTLESS {
                self.watch.restless(self.time);
                return;
            }
        }
        self.time = self.time.max(until);
    }

    /// Lets so much time pass.
    pub fn pass(&mut self, duration: Duration) {
        self.run_until(self.time + duration);
    }

    /// Lets everything happen that is due at this moment.
    pub fn settle(&mut self) {
        self.run_until(self.time);
    }

    /// Lets things happen until `holds`, at most for so long. Says whether it came to hold.
    pub fn run_while(&mut self, most: Duration, mut holds: impl FnMut(&Self) -> bool) -> bool {
        let end = self.time + most;
        loop {
            if holds(self) {
                return true;
            }
            if self.queue.next().is_none_or(|at| at > end) {
                self.time = self.time.max(end);
                return holds(self);
            }
            self.step();
        }
    }

    /// Whether nothing is due at this moment.
    pub fn is_settled(&self) -> bool {
        self.queue.next().is_none_or(|at| at > self.time)
    }

    /// Things that are planned.
    pub fn planned(&self) -> usize {
        self.queue.len()
    }

    /// Lets the next thing happen; false if there is nothing.
    pub fn step(&mut self) -> bool {
        let Some((at, what)) = self.queue.pop() else {
            return false;
        };
        self.time = self.time.max(at);
        self.counts.events += 1;
        self.trace.number(at.as_micros());
        match what {
            Happening::Input(who, life, input) => {
                if self
                    .people
                    .get(who.index())
                    .is_some_and(|person| person.life == life)
                {
                    self.take(who, input);
                }
            }
            Happening::Wake(who) => self.on_wake(who),
            Happening::Written(who, life) => self.on_written(who, life),
            Happening::Dialled(dial) => self.on_dialled(*dial),
            Happening::Arrive(number, end, bytes) => self.on_arrival(number, end, bytes),
            Happening::Ended(number, end) => self.close_end(number, end),
            Happening::Break(number) => self.on_break(number),
            Happening::Silence(number) => self.on_silence(number),
            Happening::Beat(who, room, life) => self.on_beat(who, room, life),
        }
        true
    }

    fn plan(&mut self, after: u64, what: Happening) {
        let at = self.time + Duration::from_micros(after);
        self.queue.push(at, what);
    }

    /// A seed that was never used.
    pub(crate) fn fresh_seed(&mut self) -> [u8; 32] {
        self.rng.array()
    }
}
