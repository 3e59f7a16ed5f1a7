//! The swarms of channels: the same ways, ports and connections as those of cells, and on them packs and gossip.
//!
//! ```text
//! frame     u8 0 ‖ pack                                   for one peer, on `/vigil/1`
//!           u8 1 ‖ u8 hops ‖ topic 32 ‖ pack              passed on
//!           u8 2 join the mesh · 3 leave it · 4 these are here · 5 send these · 6 these I have: names of 32 bytes each
//! ```
//! `hops` is what the simulator counts and nobody sends. A swarm has no list of peers: whoever has the door key comes in.
//! Its limits are those of `net`: so many who came to us, and nobody twice who passed on what no honest reader does.

mod gossip;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{CellId, DoorId, InviteId, PeerId};
use proto::{ChannelId, ChannelInput, ChannelOutput, Entrance, Input, Link, ListenOn, TopicDoor};

use super::{Happening, PowerState, Who, World};
use crate::clock::Time;
use gossip::Gossip;

/// Who came to us, as in `net`.
const INCOMING: usize = 40;

/// Whoever was cut off for what they passed on stays away so long, as in `net`.
const REFUSED: Duration = Duration::from_secs(600);

/// What gossip adds to a pack: the name of the topic in hexadecimal digits, and lengths.
const AROUND: usize = 80;

/// Frames on a stream are padded to whole multiples of this, behind a length, as in `net`.
const CELL: usize = 1024;

const PACK: u8 = 0;
const SPREAD: u8 = 1;
const GRAFT: u8 = 2;
const PRUNE: u8 = 3;
const HAVE: u8 = 4;
const WANT: u8 = 5;
const DONT_WANT: u8 = 6;

/// Bytes that came to one device over the swarm of a channel.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Heard {
    /// Packs that were passed on, doubles included.
    pub gossip: u64,
    /// How many of them were here already.
    pub doubles: u64,
    /// Packs for this device alone.
    pub direct: u64,
    /// What gossip says of itself.
    pub control: u64,
}

/// Every swarm of a channel.
#[derive(Default)]
pub(crate) struct Ether {
    rooms: BTreeSet<CellId>,
    swarms: BTreeMap<(Who, CellId), Gossip>,
    pub(crate) heard: BTreeMap<Who, Heard>,
    tickets: u64,
}

/// What the swarm of a channel is called among those of cells.
pub(crate) fn room(channel: ChannelId) -> CellId {
    CellId::from_bytes(*channel.as_bytes())
}

/// Bytes on the wire.
pub(super) fn wire_len(frame: &[u8]) -> usize {
    match frame.first() {
        Some(&PACK) => (frame.len() + 3).div_ceil(CELL) * CELL,
        Some(&SPREAD) => frame.len() - 34 + AROUND,
        Some(_) | None => frame.len() + AROUND,
    }
}

/// The pack in a frame, if there is one.
pub(crate) fn pack_of(frame: &[u8]) -> Option<&[u8]> {
    match frame.first() {
        Some(&PACK) => frame.get(1..),
        Some(&SPREAD) => frame.get(34..),
        Some(_) | None => None,
    }
}

/// What is in a frame, in words.
fn describe(frame: &[u8]) -> String {
    let names = frame.len() / 32;
    match frame.first() {
        Some(&PACK) => format!("a pack of {} bytes", frame.len() - 1),
        Some(&SPREAD) => format!("passes on {} bytes", frame.len() - 34),
        Some(&GRAFT) => "joins the mesh".to_owned(),
        Some(&PRUNE) => "leaves the mesh".to_owned(),
        Some(&HAVE) => format!("has {names} packs"),
        Some(&WANT) => format!("wants {names} packs"),
        Some(&DONT_WANT) => format!("needs {names} packs no more"),
        Some(_) | None => "nothing".to_owned(),
    }
}

impl World {
    pub(super) fn is_room(&self, cell: CellId) -> bool {
        self.ether.rooms.contains(&cell)
    }

    pub(super) fn carry_out_channel(&mut self, who: Who, id: ChannelId, output: ChannelOutput) {
        let room = room(id);
        match output {
            ChannelOutput::Open(key) => {
                self.ether.rooms.insert(room);
                self.open(who, room, &key);
                self.ether.swarms.insert((who, room), Gossip::default());
            }
            ChannelOutput::Door { ip, topics } => {
                let Some(newest) = topics.first() else { return };
                if let Some(gossip) = self.ether.swarms.get_mut(&(who, room)) {
                    gossip.topics = topics.iter().map(|topic| topic.id).collect();
                }
                let entrance = Entrance::Invite(InviteId::from_bytes([0; 16]));
                let door = DoorId::from_bytes([0; 16]);
                let on = ListenOn {
                    ip,
                    port: newest.port,
                };
                self.open_port(who, room, door, (newest.key.clone(), entrance, on));
            }
            ChannelOutput::Close => {
                self.close(who, room);
                self.ether.swarms.remove(&(who, room));
            }
            ChannelOutput::Dial {
                peer,
                addresses,
                key,
            } => {
                let link = Link { cell: room, peer };
                let entrance = Entrance::Invite(InviteId::from_bytes([0; 16]));
                self.dial(who, link, &addresses, &key, entrance);
            }
            ChannelOutput::Refuse(peer) => self.refuse(who, Link { cell: room, peer }),
            ChannelOutput::Disconnect(peer) => self.disconnect(who, Link { cell: room, peer }),
            ChannelOutput::Spread { topic, pack } => self.spread(who, room, topic, pack),
            ChannelOutput::Send(peer, pack) => {
                let link = Link { cell: room, peer };
                self.utter(who, link, [&[PACK], pack.as_slice()].concat());
            }
            ChannelOutput::Verdict { ticket, verdict } => {
                self.on_verdict((who, room), ticket, verdict)
            }
        }
    }

    /// Who somebody is connected to in channels.
    pub(crate) fn channel_neighbours(&self, who: Who) -> BTreeSet<Who> {
        let links = self.people.get(who.index()).map(|person| &person.links);
        let rooms = links.into_iter().flatten();
        let numbers = rooms.filter(|(link, _)| self.is_room(link.cell));
        let connections = numbers
            .flat_map(|(_, numbers)| numbers)
            .filter_map(|number| self.connections.get(number));
        connections
            .flat_map(|connection| &connection.ends)
            .map(|end| end.who)
            .filter(|other| *other != who)
            .collect()
    }

    /// Peers that somebody is connected to in a channel.
    pub(crate) fn channel_peers(&self, who: Who, channel: ChannelId) -> Vec<PeerId> {
        let links = self.links_of(who, room(channel));
        links.iter().map(|link| link.peer).collect()
    }

    /// Sends a pack that no node made.
    pub(crate) fn inject_pack(&mut self, who: Who, to: (ChannelId, PeerId), pack: &[u8]) {
        let link = Link {
            cell: room(to.0),
            peer: to.1,
        };
        self.utter(who, link, [&[PACK], pack].concat());
    }

    /// Passes on a pack that no node made.
    pub(crate) fn inject_spread(
        &mut self,
        who: Who,
        to: (ChannelId, PeerId),
        topic: [u8; 32],
        pack: &[u8],
    ) {
        let link = Link {
            cell: room(to.0),
            peer: to.1,
        };
        self.forward(who, link, [&[SPREAD, 1], topic.as_slice(), pack].concat());
    }

    /// Forgets the swarms of a device that is off.
    pub(super) fn forget_swarms(&mut self, who: Who) {
        let rooms = self.ether.rooms.iter().copied();
        for room in rooms.collect::<Vec<_>>() {
            self.ether.swarms.remove(&(who, room));
        }
    }

    /// Whether a swarm of a channel lets a peer in who dials it.
    pub(super) fn has_place(&self, who: Who, cell: CellId, peer: PeerId) -> bool {
        if !self.is_room(cell) {
            return true;
        }
        let now = self.time;
        self.ether
            .swarms
            .get(&(who, cell))
            .is_some_and(|gossip| gossip.came.len() < INCOMING && !gossip.refuses(&peer, now))
    }

    /// Notes that a peer came to us.
    pub(super) fn came(&mut self, who: Who, link: Link) {
        if let Some(gossip) = self.ether.swarms.get_mut(&(who, link.cell)) {
            gossip.came.insert(link.peer);
        }
    }

    /// What an input says to the node: for channels a driver stands between.
    pub(super) fn of_channel(&mut self, who: Who, input: Input) -> Option<Input> {
        if let Input::PeerConnected(link, _) = &input
            && self.is_room(link.cell)
        {
            let gossip = self.ether.swarms.get_mut(&(who, link.cell))?;
            let new = gossip.peers.insert(link.peer);
            self.plan_beat(who, link.cell, 1_000_000);
            return new.then(|| told(*link, ChannelInput::Connected(link.peer)));
        }
        if let Input::PeerDisconnected(link) = &input
            && self.is_room(link.cell)
        {
            let back = self.people.get(who.index());
            if back.is_some_and(|person| person.links.contains_key(link)) {
                return None;
            }
            let gossip = self.ether.swarms.get_mut(&(who, link.cell))?;
            gossip.came.remove(&link.peer);
            gossip.mesh.remove(&link.peer);
            let was = gossip.peers.remove(&link.peer);
            self.plan_beat(who, link.cell, 1_000_000);
            return was.then(|| told(*link, ChannelInput::Disconnected(link.peer)));
        }
        if let Input::ConnectFailed(link) = &input
            && self.is_room(link.cell)
        {
            return None;
        }
        if let Input::Listening {
            cell, addresses, ..
        } = &input
            && self.is_room(*cell)
        {
            let channel = ChannelId::from_bytes(*cell.as_bytes());
            let gossip = self.ether.swarms.get(&(who, *cell))?;
            let open = TopicDoor {
                topic: *gossip.topics.first()?,
                addresses: addresses.clone(),
            };
            let listening = ChannelInput::Listening(vec![open]);
            return Some(Input::Channel(channel, listening));
        }
        if let Input::Frame(link, bytes) = &input
            && self.is_room(link.cell)
        {
            return self.on_channel_frame(who, *link, bytes);
        }
        Some(input)
    }

    fn on_channel_frame(&mut self, who: Who, link: Link, bytes: &[u8]) -> Option<Input> {
        let size = wire_len(bytes) as u64;
        let heard = self.ether.heard.entry(who).or_default();
        match bytes.split_first()? {
            (&PACK, pack) => {
                heard.direct += size;
                Some(told(link, ChannelInput::Pack(link.peer, pack.to_vec())))
            }
            (&SPREAD, rest) => {
                heard.gossip += size;
                self.on_spread(who, link, rest)
            }
            (kind, names) => {
                heard.control += size;
                self.on_control(who, link, *kind, names);
                None
            }
        }
    }

    /// Sends one frame of a channel.
    fn utter(&mut self, who: Who, link: Link, bytes: Vec<u8>) {
        let numbers = self
            .people
            .get(who.index())
            .and_then(|person| person.links.get(&link));
        let Some(number) = numbers.and_then(|numbers| numbers.first().copied()) else {
            return;
        };
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let far = usize::from(connection.ends[0].who == who && connection.ends[0].link == link);
        let (to, from) = (connection.ends[far].who, connection.ends[far].link);
        self.watch.saw_pack(self.time, (who, to), &bytes);
        self.trace.number(u64::from(who.0) << 32 | u64::from(to.0));
        self.trace.bytes(&bytes);
        self.trace
            .line(self.time, who.0, Some(to.0), || describe(&bytes));
        if self.tapped.contains(&to) {
            self.taps.push(super::Tap {
                from: who,
                to,
                link: from,
                bytes: bytes.clone(),
            });
        }
        self.send(number, far, bytes);
    }

    /// Passes a pack on, unless this is somebody who passes nothing on.
    fn forward(&mut self, who: Who, link: Link, frame: Vec<u8>) {
        if !self.filtered.contains(&who) {
            self.utter(who, link, frame);
        }
    }

    /// Plans a heartbeat within so many microseconds, if none is planned for sooner.
    fn plan_beat(&mut self, who: Who, room: CellId, within: u64) {
        let life = self.people.get(who.index()).map_or(0, |person| person.life);
        let Some(gossip) = self.ether.swarms.get_mut(&(who, room)) else {
            return;
        };
        let after = self.rng.below(within);
        let at = self.time + Duration::from_micros(after);
        if at < gossip.beats.unwrap_or(Time::NEVER) {
            gossip.beats = Some(at);
            self.plan(after, Happening::Beat(who, room, life));
        }
    }

    pub(super) fn on_beat(&mut self, who: Who, room: CellId, life: u64) {
        let alive = |person: &super::Person| person.life == life && person.power == PowerState::On;
        let alive = self.people.get(who.index()).is_some_and(alive);
        let now = self.time;
        let Some(gossip) = self.ether.swarms.get_mut(&(who, room)) else {
            return;
        };
        // One that was planned for later came after one that was planned for sooner.
        if gossip.beats == Some(now) {
            gossip.beats = None;
            if alive {
                self.beat(who, room);
            }
        }
    }

    /// Whoever passed on what no honest reader does goes, and stays away for a while.
    fn refuse(&mut self, who: Who, link: Link) {
        let until: Time = self.time + REFUSED;
        if let Some(gossip) = self.ether.swarms.get_mut(&(who, link.cell)) {
            gossip.refused.insert(link.peer, until);
        }
        self.disconnect(who, link);
    }
}

fn told(link: Link, input: ChannelInput) -> Input {
    Input::Channel(ChannelId::from_bytes(*link.cell.as_bytes()), input)
}
