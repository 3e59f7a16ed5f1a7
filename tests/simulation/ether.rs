//! What lies between the swarms of channels: dials, packs to one peer, and gossip that passes on what was accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crypto::{Secret, SigningKey};
use model::{Address, Instant, PeerId};
use proto::{ChannelId, ChannelInput, ChannelOutput, ChannelTopic, Input, TopicDoor, Verdict};

use crate::world::{Name, World};

/// Somebody's swarm for one channel.
#[derive(Default)]
pub(crate) struct ChannelSwarm {
    peer: Option<PeerId>,
    /// The key of each topic that it is on, and where its port is.
    topics: BTreeMap<[u8; 32], (Secret<32>, Address)>,
}

type End = (Name, ChannelId);

/// As the gate of `net` has it.
const REFUSAL_TIME: Duration = Duration::from_secs(600);

/// Every swarm and every connection between them.
#[derive(Default)]
pub(crate) struct Ether {
    pub(crate) swarms: BTreeMap<End, ChannelSwarm>,
    wires: BTreeSet<(End, End)>,
    /// Packs that wait for a verdict of whoever heard them.
    tickets: BTreeMap<u64, (End, [u8; 32], Vec<u8>)>,
    next: u64,
    /// Every verdict, newest last.
    pub(crate) verdicts: Vec<(Name, Verdict)>,
    /// Every pack that was sent or spread: by whom.
    pub(crate) packs: Vec<(Name, Vec<u8>)>,
    /// Whom whose gate does not admit, until when.
    refused: BTreeMap<(End, PeerId), Instant>,
    /// Packs for peers who are nobody in the story.
    pub(crate) to_strangers: Vec<Vec<u8>>,
    /// Who crashes after so many more outputs.
    pub(crate) crash: Option<(Name, usize)>,
    /// Whether what is spread gets lost.
    pub(crate) deaf: bool,
}

impl Ether {
    /// Counts one output of somebody; whether it is one too many.
    pub(crate) fn crashes(&mut self, name: Name) -> bool {
        let Some((who, left)) = &mut self.crash else {
            return false;
        };
        if *who != name {
            return false;
        }
        let is_over = *left == 0;
        *left = left.saturating_sub(1);
        if is_over {
            self.crash = None;
        }
        is_over
    }
}

fn wire(a: End, b: End) -> (End, End) {
    if a < b { (a, b) } else { (b, a) }
}

impl World {
    pub(crate) fn carry_out_channel(&mut self, name: Name, id: ChannelId, output: ChannelOutput) {
        let end = (name, id);
        match output {
            ChannelOutput::Open(key) => {
                let key = SigningKey::from_seed(&key).verifying_key();
                let swarm = ChannelSwarm {
                    peer: Some(PeerId::from_bytes(key.to_bytes())),
                    ..ChannelSwarm::default()
                };
                self.ether.swarms.insert(end, swarm);
            }
            ChannelOutput::Door { topics, .. } => self.open_channel_doors(end, topics),
            ChannelOutput::Close => {
                self.lose_channel(|other| other == end);
                self.ether.swarms.remove(&end);
            }
            ChannelOutput::Dial {
                peer,
                addresses,
                key,
            } => self.dial_channel(end, peer, &addresses, &key),
            ChannelOutput::Refuse(peer) => {
                let until = self.now().instant + REFUSAL_TIME;
                self.ether.refused.insert((end, peer), until);
                if let Some(other) = self.channel_end(id, peer) {
                    self.cut_channel(wire(end, other));
                }
            }
            ChannelOutput::Disconnect(peer) => {
                if let Some(other) = self.channel_end(id, peer) {
                    self.cut_channel(wire(end, other));
                }
            }
            ChannelOutput::Spread { topic, pack } => {
                self.ether.packs.push((name, pack.clone()));
                if !self.ether.deaf {
                    self.spread_from(end, topic, &pack);
                }
            }
            ChannelOutput::Send(peer, pack) => {
                self.ether.packs.push((name, pack.clone()));
                if self.channel_end(id, peer).is_none() {
                    self.ether.to_strangers.push(pack.clone());
                }
                if let Some(other) = self.channel_end(id, peer)
                    && self.ether.wires.contains(&wire(end, other))
                    && let Some(me) = self.ether.swarms[&end].peer
                {
                    self.tell_channel(other, ChannelInput::Pack(me, pack));
                }
            }
            ChannelOutput::Verdict { ticket, verdict } => {
                self.ether.verdicts.push((name, verdict));
                let heard = self.ether.tickets.remove(&ticket);
                let (end, topic, pack) = heard.expect("a verdict names a ticket");
                if verdict == Verdict::Accept {
                    self.spread_from(end, topic, &pack);
                }
            }
        }
    }

    fn open_channel_doors(&mut self, end: End, topics: Vec<ChannelTopic>) {
        let swarm = self.ether.swarms.get_mut(&end).expect("a swarm is open");
        let mut before = std::mem::take(&mut swarm.topics);
        let (mut open, mut doors) = (BTreeMap::new(), Vec::new());
        for one in topics {
            let address = match before.remove(&one.id) {
                Some((_, address)) => address,
                None => self.channel_address(end.0, one.port),
            };
            open.insert(one.id, (one.key, address.clone()));
            doors.push(TopicDoor {
                topic: one.id,
                addresses: vec![address],
            });
        }
        let swarm = self.ether.swarms.get_mut(&end).expect("a swarm is open");
        swarm.topics = open;
        self.tell_channel(end, ChannelInput::Listening(doors));
    }

    fn tell_channel(&mut self, (name, id): End, input: ChannelInput) {
        self.push_input(name, Input::Channel(id, input));
    }

    fn channel_end(&self, id: ChannelId, peer: PeerId) -> Option<End> {
        let mut swarms = self.ether.swarms.iter();
        let found = swarms.find(|((_, at), swarm)| *at == id && swarm.peer == Some(peer));
        found.map(|(end, _)| *end)
    }

    fn dial_channel(&mut self, end: End, peer: PeerId, at: &[Address], key: &Secret<32>) {
        let Some(other) = self.channel_end(end.1, peer) else {
            return;
        };
        let mut doors = self.ether.swarms[&other].topics.values();
        let opens = doors.any(|(known, here)| known == key && at.contains(here));
        if !opens || self.are_apart(end.0, other.0) || other == end {
            return;
        }
        let me = self.ether.swarms[&end].peer.expect("who dials has a key");
        let now = self.now().instant;
        let refuses = |whose: End, whom: PeerId| {
            let until = self.ether.refused.get(&(whose, whom));
            until.is_some_and(|until| now < *until)
        };
        if refuses(end, peer) || refuses(other, me) {
            return;
        }
        if self.ether.wires.insert(wire(end, other)) {
            self.tell_channel(end, ChannelInput::Connected(peer));
            self.tell_channel(other, ChannelInput::Connected(me));
        }
    }

    fn neighbours(&self, end: End) -> Vec<End> {
        let wires = self.ether.wires.iter();
        wires
            .filter_map(|(a, b)| match (*a == end, *b == end) {
                (true, _) => Some(*b),
                (_, true) => Some(*a),
                (false, false) => None,
            })
            .collect()
    }

    /// Gives a pack to all neighbours who are on the topic, as if it came from `end`.
    pub(crate) fn spread_from(&mut self, end: End, topic: [u8; 32], pack: &[u8]) {
        let peer = self.ether.swarms[&end].peer.expect("who spreads has a key");
        for other in self.neighbours(end) {
            if !self.ether.swarms[&other].topics.contains_key(&topic) {
                continue;
            }
            self.ether.next += 1;
            let ticket = self.ether.next;
            self.ether
                .tickets
                .insert(ticket, (other, topic, pack.to_vec()));
            let heard = ChannelInput::Heard {
                peer,
                topic,
                ticket,
                pack: pack.to_vec(),
            };
            self.tell_channel(other, heard);
        }
    }

    fn cut_channel(&mut self, (a, b): (End, End)) {
        if !self.ether.wires.remove(&(a, b)) {
            return;
        }
        for (end, other) in [(a, b), (b, a)] {
            if let Some(peer) = self.ether.swarms.get(&other).and_then(|swarm| swarm.peer) {
                self.tell_channel(end, ChannelInput::Disconnected(peer));
            }
        }
    }

    /// Cuts every wire of which one end is such.
    pub(crate) fn lose_channel(&mut self, lost: impl Fn(End) -> bool) {
        let wires = self.ether.wires.iter().copied();
        for wire in wires
            .filter(|(a, b)| lost(*a) || lost(*b))
            .collect::<Vec<_>>()
        {
            self.cut_channel(wire);
        }
    }

    /// The topics that somebody's swarm is on, the wires of a channel gone through a wall.
    pub(crate) fn topics_of(&self, name: Name, id: ChannelId) -> Vec<[u8; 32]> {
        self.ether.swarms[&(name, id)]
            .topics
            .keys()
            .copied()
            .collect()
    }

    /// Cuts the channels between two people.
    pub(crate) fn part_channels(&mut self, one: Name, other: Name) {
        let wires = self.ether.wires.iter().copied();
        let between = |(a, b): &(End, End)| [(a.0, b.0), (b.0, a.0)].contains(&(one, other));
        for wire in wires.filter(between).collect::<Vec<_>>() {
            self.cut_channel(wire);
        }
    }
}

impl World {
    /// The key by which peers of a channel know somebody.
    pub(crate) fn channel_peer(&self, name: Name, id: ChannelId) -> PeerId {
        self.ether.swarms[&(name, id)]
            .peer
            .expect("a swarm has a key")
    }

    /// A story hands somebody a pack with ticket 0 itself.
    pub(crate) fn expect_verdict(&mut self, end: End) {
        self.ether.tickets.insert(0, (end, [0; 32], Vec::new()));
    }
}
