//! A model of gossipsub 1.2 as `net` sets it up: a mesh of six neighbours, five to twelve; what is one's own goes to all
//! neighbours, what is others' to the mesh and only after the core has said that it is genuine; names of packs to some of
//! the others; and a word to the mesh that a pack is here, before it has been judged.
//!
//! What it is not: scores, peer exchange, lost control messages. A heartbeat comes when there is something to do, at a
//! moment within the second in which it would have come.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{CellId, PeerId};
use proto::{ChannelInput, Input, Link, Verdict, pack_name};

use super::{DONT_WANT, GRAFT, HAVE, PRUNE, SPREAD, WANT, Who, World, told};
use crate::clock::{Time, micros};

/// Neighbours in the mesh: fewer than `LOW` are filled up to `WANTED`, more than `HIGH` cut down to it.
const WANTED: usize = 6;
const LOW: usize = 5;
const HIGH: usize = 12;

/// After leaving a mesh one does not come back for so long, as in `net`.
const BACKOFF: Duration = Duration::from_secs(10);

/// Packs are named to others for so long, and can be asked for for so long.
const NAMED: Duration = Duration::from_secs(3);
const KEPT: Duration = Duration::from_secs(10);

/// A heartbeat.
const BEAT: u64 = 1_000_000;

/// Names of packs that are remembered: gossipsub remembers them for a minute.
const SEEN: Duration = Duration::from_secs(60);

/// What a neighbour may pass on at once and per second, what each pack counts at least, and how much of what is over is
/// dropped before the connection is: as in `net`.
const BURST: u64 = 4 << 20;
const PER_SECOND: u64 = 64 << 10;
const LEAST: u64 = 16 << 10;
const OVER: u32 = 32;

/// Packs that no honest reader passes on before the connection ends, as in `net`.
const REJECTED: u32 = 3;

type Name = [u8; 32];

/// The swarm of one channel on one device, as gossip sees it.
#[derive(Default)]
pub(super) struct Gossip {
    pub(super) topics: Vec<[u8; 32]>,
    pub(super) peers: BTreeSet<PeerId>,
    pub(super) came: BTreeSet<PeerId>,
    pub(super) mesh: BTreeSet<PeerId>,
    pub(super) refused: BTreeMap<PeerId, Time>,
    /// When the next heartbeat comes, if one is planned.
    pub(super) beats: Option<Time>,
    backoff: BTreeMap<PeerId, Time>,
    seen: BTreeMap<Name, Time>,
    /// Who needs no pack of such a name any more.
    unwanted: BTreeMap<Name, (Time, BTreeSet<PeerId>)>,
    waiting: BTreeMap<u64, Waiting>,
    kept: BTreeMap<Name, (Time, Vec<u8>)>,
    neighbours: BTreeMap<PeerId, Neighbour>,
}

struct Waiting {
    name: Name,
    from: PeerId,
    /// As it is passed on.
    frame: Vec<u8>,
}

struct Neighbour {
    left: u64,
    at: Time,
    over: u32,
    rejected: u32,
}

impl Neighbour {
    fn may(&mut self, bytes: u64, now: Time) -> bool {
        let since = micros(now.since(self.at)) / 1_000;
        self.left = (since.saturating_mul(PER_SECOND) / 1_000)
            .saturating_add(self.left)
            .min(BURST);
        self.at = now;
        if self.left == BURST {
            self.over = 0;
        }
        let cost = bytes.max(LEAST);
        let may = cost <= self.left;
        if may {
            self.left -= cost;
        } else {
            self.over += 1;
        }
        may
    }
}

impl Gossip {
    pub(super) fn refuses(&self, peer: &PeerId, now: Time) -> bool {
        self.refused.get(peer).is_some_and(|until| now < *until)
    }

    fn neighbour(&mut self, peer: PeerId, now: Time) -> &mut Neighbour {
        self.neighbours.entry(peer).or_insert(Neighbour {
            left: BURST,
            at: now,
            over: 0,
            rejected: 0,
        })
    }

    fn needs_no(&mut self, name: Name, peer: PeerId, now: Time) {
        let (_, peers) = self.unwanted.entry(name).or_insert((now, BTreeSet::new()));
        peers.insert(peer);
    }

    fn forget(&mut self, now: Time) {
        self.seen.retain(|_, at| now.since(*at) < SEEN);
        self.unwanted.retain(|_, (at, _)| now.since(*at) < SEEN);
        self.kept.retain(|_, (at, _)| now.since(*at) < KEPT);
        self.backoff.retain(|_, until| now < *until);
        self.refused.retain(|_, until| now < *until);
        let peers = &self.peers;
        self.neighbours.retain(|peer, _| peers.contains(peer));
    }
}

impl World {
    /// Something of our own goes to all neighbours.
    pub(super) fn spread(&mut self, who: Who, room: CellId, topic: [u8; 32], pack: Vec<u8>) {
        let name = pack_name(&topic, &pack);
        self.watch.saw_spread(self.time, who, &pack);
        let frame = [&[SPREAD, 1], topic.as_slice(), &pack].concat();
        let now = self.time;
        let Some(gossip) = self.ether.swarms.get_mut(&(who, room)) else {
            return;
        };
        gossip.seen.insert(name, now);
        gossip.kept.insert(name, (now, frame.clone()));
        let peers: Vec<PeerId> = gossip.peers.iter().copied().collect();
        for peer in peers {
            self.utter(who, Link { cell: room, peer }, frame.clone());
        }
        self.plan_beat(who, room, BEAT);
    }

    /// A neighbour passed something on.
    pub(super) fn on_spread(&mut self, who: Who, link: Link, rest: &[u8]) -> Option<Input> {
        let (hops, rest) = rest.split_first()?;
        let (topic, pack) = rest.split_first_chunk::<32>()?;
        let name = pack_name(topic, pack);
        let now = self.time;
        let gossip = self.ether.swarms.get_mut(&(who, link.cell))?;
        if !gossip.topics.contains(topic) || !gossip.peers.contains(&link.peer) {
            return None;
        }
        gossip.needs_no(name, link.peer, now);
        if gossip.seen.insert(name, now).is_some() {
            self.ether.heard.entry(who).or_default().doubles += 1;
            return None;
        }
        let neighbour = gossip.neighbour(link.peer, now);
        if !neighbour.may(pack.len() as u64, now) {
            if neighbour.over > OVER {
                self.refuse(who, link);
            }
            return None;
        }
        let mesh: Vec<PeerId> = gossip.mesh.iter().copied().collect();
        self.ether.tickets += 1;
        let ticket = self.ether.tickets;
        let waiting = Waiting {
            name,
            from: link.peer,
            frame: [&[SPREAD, hops.saturating_add(1)], topic.as_slice(), pack].concat(),
        };
        gossip.waiting.insert(ticket, waiting);
        self.watch.heard_after(who, *hops, &mut self.counts);
        for peer in mesh.into_iter().filter(|peer| *peer != link.peer) {
            let known = [&[DONT_WANT], name.as_slice()].concat();
            self.utter(who, Link { peer, ..link }, known);
        }
        let heard = ChannelInput::Heard {
            peer: link.peer,
            topic: *topic,
            ticket,
            pack: pack.to_vec(),
        };
        Some(told(link, heard))
    }

    /// The core has judged.
    pub(super) fn on_verdict(&mut self, (who, room): (Who, CellId), ticket: u64, verdict: Verdict) {
        let now = self.time;
        let Some(gossip) = self.ether.swarms.get_mut(&(who, room)) else {
            return;
        };
        let Some(waited) = gossip.waiting.remove(&ticket) else {
            return;
        };
        match verdict {
            Verdict::Accept => {
                let knows = gossip.unwanted.get(&waited.name);
                let lacks = |peer: &&PeerId| !knows.is_some_and(|(_, knows)| knows.contains(*peer));
                let peers: Vec<PeerId> = gossip.mesh.iter().filter(lacks).copied().collect();
                gossip.kept.insert(waited.name, (now, waited.frame.clone()));
                for peer in peers {
                    self.forward(who, Link { cell: room, peer }, waited.frame.clone());
                }
                self.plan_beat(who, room, BEAT);
            }
            Verdict::Ignore => {}
            Verdict::Reject => {
                self.counts.channel.rejected += 1;
                let neighbour = gossip.neighbour(waited.from, now);
                neighbour.rejected += 1;
                if neighbour.rejected >= REJECTED {
                    let peer = waited.from;
                    self.refuse(who, Link { cell: room, peer });
                }
            }
        }
    }

    pub(super) fn on_control(&mut self, who: Who, link: Link, kind: u8, names: &[u8]) {
        let now = self.time;
        let Some(gossip) = self.ether.swarms.get_mut(&(who, link.cell)) else {
            return;
        };
        if !gossip.peers.contains(&link.peer) {
            return;
        }
        let names = names.as_chunks::<32>().0;
        match kind {
            GRAFT if gossip.mesh.len() >= HIGH => {
                gossip.backoff.insert(link.peer, now + BACKOFF);
                self.utter(who, link, vec![PRUNE]);
            }
            GRAFT => {
                gossip.mesh.insert(link.peer);
            }
            PRUNE => {
                gossip.mesh.remove(&link.peer);
                gossip.backoff.insert(link.peer, now + BACKOFF);
                self.plan_beat(who, link.cell, BEAT);
            }
            HAVE => {
                let lacks = |name: &&Name| !gossip.seen.contains_key(*name);
                let wanted: Vec<Name> = names.iter().filter(lacks).copied().collect();
                if !wanted.is_empty() {
                    self.utter(who, link, [&[WANT], wanted.as_flattened()].concat());
                }
            }
            WANT => {
                let kept = |name| gossip.kept.get(name).map(|(_, frame)| frame.clone());
                let frames: Vec<Vec<u8>> = names.iter().filter_map(kept).collect();
                for frame in frames {
                    self.utter(who, link, frame);
                }
            }
            DONT_WANT => {
                for name in names {
                    gossip.needs_no(*name, link.peer, now);
                }
            }
            _ => {}
        }
    }

    /// A heartbeat: the mesh is kept at its size, and what is new is named to some who are not in it.
    pub(super) fn beat(&mut self, who: Who, room: CellId) {
        let now = self.time;
        let Some(gossip) = self.ether.swarms.get_mut(&(who, room)) else {
            return;
        };
        gossip.forget(now);
        let mut join = Vec::new();
        let mut leave = Vec::new();
        if gossip.mesh.len() < LOW {
            let backoff = &gossip.backoff;
            let free = gossip.peers.difference(&gossip.mesh);
            let mut free: Vec<PeerId> = free
                .filter(|peer| !backoff.contains_key(*peer))
                .copied()
                .collect();
            while gossip.mesh.len() < WANTED && !free.is_empty() {
                let at = usize::try_from(self.rng.below(free.len() as u64)).unwrap_or(0);
                let peer = free.swap_remove(at);
                gossip.mesh.insert(peer);
                join.push(peer);
            }
        }
        if gossip.mesh.len() > HIGH {
            let mut all: Vec<PeerId> = gossip.mesh.iter().copied().collect();
            while gossip.mesh.len() > WANTED && !all.is_empty() {
                let at = usize::try_from(self.rng.below(all.len() as u64)).unwrap_or(0);
                let peer = all.swap_remove(at);
                gossip.mesh.remove(&peer);
                gossip.backoff.insert(peer, now + BACKOFF);
                leave.push(peer);
            }
        }
        let waits = gossip.mesh.len() < LOW && !gossip.backoff.is_empty();
        let new = gossip.kept.iter();
        let new = new.filter(|(_, (at, _))| now.since(*at) < NAMED);
        let new: Vec<Name> = new.map(|(name, _)| *name).collect();
        let mut named = Vec::new();
        if !new.is_empty() {
            let others = gossip.peers.difference(&gossip.mesh);
            let mut others: Vec<PeerId> = others.copied().collect();
            let count = WANTED.max(others.len() / 4);
            while named.len() < count && !others.is_empty() {
                let at = usize::try_from(self.rng.below(others.len() as u64)).unwrap_or(0);
                named.push(others.swap_remove(at));
            }
        }
        for (peers, frame) in [
            (join, vec![GRAFT]),
            (leave, vec![PRUNE]),
            (named, [&[HAVE], new.as_flattened()].concat()),
        ] {
            for peer in peers {
                self.utter(who, Link { cell: room, peer }, frame.clone());
            }
        }
        if !new.is_empty() {
            self.plan_beat(who, room, BEAT);
        } else if waits {
            self.plan_beat(who, room, 2 * micros(BACKOFF));
        }
    }
}
