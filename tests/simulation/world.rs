//! A small world for stories: real nodes, a clock that moves when told, disks that keep what was persisted, and links
//! that exist when somebody dials and nothing stands between.
//!
//! It is not the simulator: no latency, no loss, one order of events. Stories say who meets whom and when.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use crypto::{Secret, SigningKey};
use model::{Address, CellId, DoorId, Instant, PeerId, Suite, Timestamp};
use proto::{
    Answer, Changes, Config, Entrance, ErrorKind, Event, Input, Key, Link, Node, Notice, Now,
    Output, RecordKind, RequestId,
};
use zeroize::Zeroizing;

use crate::ether::Ether;

pub(crate) type Name = &'static str;
pub(crate) type Disk = BTreeMap<Key, Vec<u8>>;

/// Everybody and everything between them.
pub(crate) struct World {
    pub(crate) people: BTreeMap<Name, Person>,
    time: Duration,
    /// Pairs that cannot reach each other.
    walls: BTreeSet<(Name, Name)>,
    /// Open connections, one per pair of peers of one cell.
    wires: BTreeSet<(Link, Link)>,
    inbox: VecDeque<(Name, Input)>,
    seeds: u64,
    pub(crate) requests: u64,
    pub(crate) suite: Suite,
    /// Every frame that was sent, newest last: who, to whom, how long.
    pub(crate) traffic: Vec<(Name, Name, usize)>,
    /// What was in each of them, if the story asks for it.
    pub(crate) frames: Option<Vec<Vec<u8>>>,
    /// Whether each dial makes two connections, as two networks or a race do. The link is one.
    pub(crate) doubled: bool,
    /// Every dial: who, whom, and where.
    pub(crate) dials: Vec<(Name, Link, Vec<Address>)>,
    /// Every beacon: who, and what was in the datagram. Nobody hears them unless the story says so.
    pub(crate) beacons: Vec<(Name, Vec<u8>)>,
    /// Every envelope that anybody stored, once each, in the order in which they came to be.
    pub(crate) sealed: Vec<Vec<u8>>,
    /// From whom to whom frames are on their way until the story delivers them.
    pub(crate) slow: BTreeSet<(Name, Name)>,
    /// Those frames, with the link by which they come.
    pub(crate) under_way: Vec<(Name, Link, Vec<u8>)>,
    /// Whose program makes which mistake.
    #[cfg(feature = "mutants")]
    pub(crate) mistakes: BTreeMap<Name, group::Mutant>,
    /// Whose inputs are kept in `recorded`, each with its moment.
    pub(crate) recording: Option<Name>,
    pub(crate) recorded: Vec<(Now, Input)>,
    /// Between the swarms of channels.
    pub(crate) ether: Ether,
}

/// One device.
pub(crate) struct Person {
    node: Option<Node>,
    pub(crate) disk: Disk,
    swarms: BTreeMap<CellId, Swarm>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) answers: BTreeMap<RequestId, Result<Answer, ErrorKind>>,
    wake: Instant,
    host: u8,
    ports: u16,
}

#[derive(Default)]
struct Swarm {
    peer: Option<PeerId>,
    doors: BTreeMap<DoorId, (Secret<32>, Entrance, Address)>,
    allowed: BTreeSet<PeerId>,
}

impl World {
    pub(crate) fn new(suite: Suite, names: &[Name]) -> Self {
        let mut world = Self {
            people: BTreeMap::new(),
            time: Duration::from_secs(1),
            walls: BTreeSet::new(),
            wires: BTreeSet::new(),
            inbox: VecDeque::new(),
            seeds: 0,
            requests: 0,
            suite,
            traffic: Vec::new(),
            frames: None,
            doubled: false,
            dials: Vec::new(),
            beacons: Vec::new(),
            sealed: Vec::new(),
            slow: BTreeSet::new(),
            under_way: Vec::new(),
            #[cfg(feature = "mutants")]
            mistakes: BTreeMap::new(),
            recording: None,
            recorded: Vec::new(),
            ether: Ether::default(),
        };
        for (host, name) in (1..).zip(names) {
            let person = Person {
                node: None,
                disk: Disk::new(),
                swarms: BTreeMap::new(),
                notices: Vec::new(),
                answers: BTreeMap::new(),
                wake: Instant::ZERO,
                host,
                ports: 1000,
            };
            world.people.insert(name, person);
            world.start(name);
        }
        world
    }

    pub(crate) fn now(&self) -> Now {
        let timestamp = Timestamp::from_millis(1_790_000_000_000) + self.time;
        Now {
            instant: Instant::from_start(self.time),
            timestamp,
        }
    }

    /// What the device that starts next draws its randomness from.
    pub(crate) fn next_seed(&self) -> [u8; 32] {
        Self::seed_of(self.seeds + 1)
    }

    fn seed(&mut self) -> [u8; 32] {
        self.seeds += 1;
        Self::seed_of(self.seeds)
    }

    fn seed_of(number: u64) -> [u8; 32] {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_be_bytes());
        seed
    }

    pub(crate) fn config() -> Config {
        Config {
            listen_ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        }
    }

    /// Starts somebody's device from their disk.
    pub(crate) fn start(&mut self, name: Name) {
        self.start_from(name, false);
    }

    /// Starts a device whose store says that it was put back to an earlier day, as it does once.
    pub(crate) fn start_put_back(&mut self, name: Name) {
        self.start_from(name, true);
    }

    fn start_from(&mut self, name: Name, rolled_back: bool) {
        let (seed, now) = (self.seed(), self.now());
        let records: Vec<_> = self.people[name]
            .disk
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let node = if records.is_empty() {
            Node::new(Self::config(), seed, now)
        } else {
            Node::restore(Self::config(), seed, records, rolled_back, now)
        };
        self.person(name).node = Some(node);
        self.drain(name, usize::MAX);
        self.settle();
    }

    /// Pulls the plug: nothing is said, nothing is stored any more.
    pub(crate) fn stop(&mut self, name: Name) {
        self.person(name).node = None;
        self.person(name).swarms.clear();
        self.lose_channel(|(who, _)| who == name);
        self.ether.swarms.retain(|(who, _), _| *who != name);
        let gone: Vec<_> = self
            .wires
            .iter()
            .filter(|(a, b)| self.owner(*a) == Some(name) || self.owner(*b) == Some(name))
            .copied()
            .collect();
        for wire in gone {
            self.cut(wire);
        }
        // Wires of a stopped device have no owner any more.
        let orphans: Vec<_> = self
            .wires
            .iter()
            .filter(|(a, b)| self.owner(*a).is_none() || self.owner(*b).is_none())
            .copied()
            .collect();
        for wire in orphans {
            self.cut(wire);
        }
        self.inbox.retain(|(to, _)| *to != name);
        self.settle();
    }

    pub(crate) fn person(&mut self, name: Name) -> &mut Person {
        self.people
            .get_mut(name)
            .expect("the story knows who is in it")
    }

    pub(crate) fn node(&self, name: Name) -> &Node {
        self.people[name].node.as_ref().expect("the device runs")
    }

    /// Builds a wall between two people; connections across it break.
    pub(crate) fn wall(&mut self, a: Name, b: Name) {
        self.walls.insert(pair(a, b));
        let broken: Vec<_> = self
            .wires
            .iter()
            .filter(|(x, y)| {
                let (Some(x), Some(y)) = (self.owner(*x), self.owner(*y)) else {
                    return false;
                };
                pair(x, y) == pair(a, b)
            })
            .copied()
            .collect();
        for wire in broken {
            self.cut(wire);
        }
        self.part_channels(a, b);
        self.settle();
    }

    /// Whether a wall stands between two people.
    pub(crate) fn are_apart(&self, a: Name, b: Name) -> bool {
        self.walls.contains(&pair(a, b))
    }

    /// Something arrives for somebody, after all that is on its way.
    pub(crate) fn push_input(&mut self, name: Name, input: Input) {
        self.inbox.push_back((name, input));
    }

    /// Where somebody's swarm of a channel listens.
    pub(crate) fn channel_address(&mut self, name: Name, port: u16) -> Address {
        let person = self.person(name);
        person.ports += 1;
        let port = if port == 0 { person.ports } else { port };
        let address = format!("/ip4/10.0.0.{}/tcp/{port}", person.host);
        Address::parse(&address).expect("an address")
    }

    /// Walls between everybody on one side and everybody on the other.
    pub(crate) fn part(&mut self, left: &[Name], right: &[Name]) {
        for a in left {
            for b in right {
                self.wall(a, b);
            }
        }
    }

    /// No walls any more.
    pub(crate) fn heal_network(&mut self) {
        self.walls.clear();
    }

    /// Lets time pass, in the steps in which devices want to be woken.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = Instant::from_start(self.time + time);
        self.settle();
        for _ in 0..100_000 {
            let running = self
                .people
                .iter()
                .filter(|(_, person)| person.node.is_some());
            let Some((name, wake)) = running
                .map(|(name, person)| (*name, person.wake))
                .min_by_key(|(_, wake)| *wake)
            else {
                break;
            };
            if wake > end {
                self.time = end.since_start();
                return;
            }
            self.time = self.time.max(wake.since_start());
            self.inbox.push_back((name, Input::Timeout));
            self.settle();
        }
        self.time = end.since_start();
    }

    /// Delivers what waits first for somebody, and nothing else.
    pub(crate) fn deliver_to(&mut self, name: Name) {
        let first = self.inbox.iter().position(|(to, _)| *to == name);
        if let Some((to, input)) = first.and_then(|at| self.inbox.remove(at)) {
            self.feed(to, input, usize::MAX);
        }
    }

    /// What waits first for somebody arrives last.
    pub(crate) fn overtake(&mut self, name: Name) {
        let first = self.inbox.iter().position(|(to, _)| *to == name);
        let first = first.and_then(|at| self.inbox.remove(at));
        self.inbox.extend(first);
    }

    /// Delivers everything that is on its way.
    pub(crate) fn settle(&mut self) {
        for _ in 0..200_000 {
            let Some((name, input)) = self.inbox.pop_front() else {
                return;
            };
            self.feed(name, input, usize::MAX);
        }
        panic!(
            "the devices never come to rest; next: {:?}",
            self.inbox.iter().take(6).collect::<Vec<_>>()
        );
    }

    /// Gives a device one input and carries out at most `limit` outputs: fewer is a crash in between.
    pub(crate) fn feed(&mut self, name: Name, input: Input, limit: usize) {
        let now = self.now();
        #[cfg(feature = "mutants")]
        let _made = self.mistakes.get(name).map(|mistake| mistake.make());
        if self.recording == Some(name) {
            self.recorded.push((now, input.clone()));
        }
        let Some(node) = &mut self.person(name).node else {
            return;
        };
        node.handle_input(input, now);
        self.drain(name, limit);
    }

    fn drain(&mut self, name: Name, limit: usize) {
        for _ in 0..limit {
            if self.ether.crashes(name) {
                break;
            }
            let Some(node) = &mut self.person(name).node else {
                return;
            };
            match node.poll_output() {
                Output::Timeout(at) => {
                    self.person(name).wake = at;
                    return;
                }
                output => self.carry_out(name, output),
            }
        }
        self.stop(name);
    }

    fn close(&mut self, name: Name, cell: CellId) {
        let peer = self.people[name]
            .swarms
            .get(&cell)
            .and_then(|swarm| swarm.peer);
        let ends = |link: &Link| link.cell == cell && Some(link.peer) == peer;
        let wires: Vec<_> = self
            .wires
            .iter()
            .filter(|(a, b)| ends(a) || ends(b))
            .copied()
            .collect();
        for wire in wires {
            self.cut(wire);
        }
        self.person(name).swarms.remove(&cell);
    }

    fn disconnect(&mut self, name: Name, link: Link) {
        let here = self.end(name, link.cell);
        if let Some(wire) = here
            .map(|here| wire(here, link))
            .filter(|wire| self.wires.contains(wire))
        {
            self.cut(wire);
        }
    }

    fn carry_out(&mut self, name: Name, output: Output) {
        match output {
            Output::Persist(changes) => self.persist(name, &changes),
            Output::Read(key) => self.read(name, key),
            Output::Open { cell, peer_key } => {
                let peer =
                    PeerId::from_bytes(SigningKey::from_seed(&peer_key).verifying_key().to_bytes());
                self.person(name).swarms.insert(
                    cell,
                    Swarm {
                        peer: Some(peer),
                        ..Swarm::default()
                    },
                );
            }
            Output::Close { cell } => self.close(name, cell),
            Output::Listen {
                cell,
                door,
                key,
                entrance,
                on,
            } => {
                let person = self.person(name);
                person.ports += 1;
                let port = if on.port == 0 { person.ports } else { on.port };
                let address = Address::parse(&format!("/ip4/10.0.0.{}/tcp/{port}", person.host))
                    .expect("an address");
                let swarm = person.swarms.get_mut(&cell).expect("a swarm listens");
                swarm.doors.insert(door, (key, entrance, address.clone()));
                self.inbox.push_back((
                    name,
                    Input::Listening {
                        cell,
                        door,
                        addresses: vec![address],
                    },
                ));
            }
            Output::StopListen { cell, door } => {
                if let Some(swarm) = self.person(name).swarms.get_mut(&cell) {
                    swarm.doors.remove(&door);
                }
            }
            Output::Allow { cell, peers } => {
                if let Some(swarm) = self.person(name).swarms.get_mut(&cell) {
                    swarm.allowed = peers;
                }
            }
            Output::Connect {
                link,
                addresses,
                key,
                entrance,
            } => {
                self.dials.push((name, link, addresses.clone()));
                self.connect(name, link, &addresses, &key, entrance);
            }
            Output::Transmit(link, bytes) => self.transmit(name, link, bytes),
            Output::Disconnect(link, _) => self.disconnect(name, link),
            Output::Beacon { bytes, .. } => self.beacons.push((name, bytes)),
            Output::Channel(channel, output) => self.carry_out_channel(name, channel, output),
            Output::StopBeacon { .. } | Output::Timeout(_) => {}
            Output::Event(Event::Answer(request, answer)) => {
                self.person(name)
                    .answers
                    .insert(request, answer.map_err(|error| error.kind));
            }
            Output::Event(Event::Notice(notice)) => self.person(name).notices.push(notice),
        }
    }

    fn persist(&mut self, name: Name, changes: &Changes) {
        self.note_sealed(changes);
        apply(&mut self.person(name).disk, changes);
    }

    fn read(&mut self, name: Name, key: Key) {
        let value = self.people[name].disk.get(&key).cloned();
        let found = Input::Read(key, value.map(Zeroizing::new));
        self.inbox.push_back((name, found));
    }

    /// This person's own end of wires in a cell.
    pub(crate) fn end(&self, name: Name, cell: CellId) -> Option<Link> {
        Some(Link {
            cell,
            peer: self.people[name].swarms.get(&cell)?.peer?,
        })
    }

    /// How many doors of invites somebody has open.
    pub(crate) fn invite_doors(&self, name: Name, cell: CellId) -> usize {
        let doors = self.people[name].swarms[&cell].doors.values();
        doors
            .filter(|(_, entrance, _)| matches!(entrance, Entrance::Invite(_)))
            .count()
    }

    fn owner(&self, end: Link) -> Option<Name> {
        let has = |person: &Person| {
            person
                .swarms
                .get(&end.cell)
                .is_some_and(|swarm| swarm.peer == Some(end.peer))
        };
        self.people
            .iter()
            .find(|(_, person)| has(person))
            .map(|(name, _)| *name)
    }

    fn connect(
        &mut self,
        name: Name,
        link: Link,
        addresses: &[Address],
        key: &Secret<32>,
        entrance: Entrance,
    ) {
        let here = self.end(name, link.cell).expect("who dials has a swarm");
        let there = self
            .owner(link)
            .filter(|there| !self.walls.contains(&pair(name, there)) && *there != name);
        let door = there.and_then(|there| {
            let swarm = &self.people[there].swarms[&link.cell];
            let (_, entrance, _) = swarm
                .doors
                .values()
                .find(|(door, _, address)| door == key && addresses.contains(address))?;
            let may = !matches!(entrance, Entrance::Door) || swarm.allowed.contains(&here.peer);
            may.then_some((there, *entrance))
        });
        let Some((there, theirs)) = door else {
            self.inbox.push_back((name, Input::ConnectFailed(link)));
            return;
        };
        self.wires.insert(wire(here, link));
        let connections = if self.doubled { 2 } else { 1 };
        for _ in 0..connections {
            let ends = [(name, link, entrance), (there, here, theirs)];
            let ends = ends.map(|(who, to, through)| (who, Input::PeerConnected(to, through)));
            self.inbox.extend(ends);
        }
    }

    fn transmit(&mut self, name: Name, link: Link, bytes: Vec<u8>) {
        let Some(here) = self.end(name, link.cell) else {
            return;
        };
        if !self.wires.contains(&wire(here, link)) {
            return;
        }
        if let Some(there) = self.owner(link) {
            self.traffic.push((name, there, bytes.len()));
            if let Some(frames) = &mut self.frames {
                frames.push(bytes.clone());
            }
            if self.slow.contains(&(name, there)) {
                self.under_way.push((there, here, bytes));
                return;
            }
            self.inbox.push_back((there, Input::Frame(here, bytes)));
        }
    }

    fn note_sealed(&mut self, changes: &Changes) {
        let envelopes = changes
            .iter()
            .filter(|(key, _)| key.kind() == RecordKind::Envelope);
        for bytes in envelopes.filter_map(|(_, value)| value) {
            if !self.sealed.iter().any(|known| known == bytes) {
                self.sealed.push(bytes.to_vec());
            }
        }
    }

    /// Delivers the frames that are under way, the last one first, and holds none any more.
    pub(crate) fn deliver_backwards(&mut self) {
        self.slow.clear();
        while let Some((to, from, bytes)) = self.under_way.pop() {
            self.feed(to, Input::Frame(from, bytes), usize::MAX);
        }
        self.settle();
    }

    fn cut(&mut self, wire: (Link, Link)) {
        self.wires.remove(&wire);
        for (end, other) in [wire, (wire.1, wire.0)] {
            if let Some(name) = self.owner(end) {
                self.inbox.push_back((name, Input::PeerDisconnected(other)));
            }
        }
    }
}

pub(crate) fn apply(disk: &mut Disk, changes: &Changes) {
    for (key, value) in changes.iter() {
        match value {
            Some(value) => disk.insert(key.clone(), value.to_vec()),
            None => disk.remove(key),
        };
    }
}

fn pair(a: Name, b: Name) -> (Name, Name) {
    if a < b { (a, b) } else { (b, a) }
}

fn wire(a: Link, b: Link) -> (Link, Link) {
    if a < b { (a, b) } else { (b, a) }
}
