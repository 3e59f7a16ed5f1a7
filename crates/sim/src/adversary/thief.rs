//! A thief with a full copy of somebody's disk, who hears every frame that goes to them and never sends one.

use std::collections::BTreeSet;

use model::CellId;
use proto::{Config, Entrance, Event, Input, Link, Node, Notice, Now, Output};

use crate::clock::Time;
use crate::disk::Disk;
use crate::watch::Invariant;
use crate::world::{Tap, Who, World};

/// A copy that listens.
pub(crate) struct Thief {
    pub(crate) owner: Who,
    node: Node,
    disk: Disk,
    met: BTreeSet<Link>,
    /// When the disk was copied.
    since: Time,
    /// From when on nothing may be read.
    pub(crate) locked: Option<Time>,
    pub(crate) read: usize,
}

impl Thief {
    /// Copies a disk. Nothing if there is none.
    pub(crate) fn new(world: &mut World, owner: Who) -> Option<Self> {
        let disk = world.copy_disk(owner);
        if disk.is_empty() {
            return None;
        }
        let records: Vec<_> = disk
            .records()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let listen_ip = std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
        let seed = world.fresh_seed();
        let node = Node::restore(Config { listen_ip }, seed, records, false, world.now(owner));
        world.tapped.insert(owner);
        let since = world.time();
        let mut thief = Self {
            owner,
            node,
            disk,
            met: BTreeSet::new(),
            since,
            locked: None,
            read: 0,
        };
        thief.drain(world);
        Some(thief)
    }

    /// Hears what went to the owner.
    pub(crate) fn hear(&mut self, world: &mut World, taps: &[Tap]) {
        let now = world.now(self.owner);
        let owner = self.owner;
        for tap in taps.iter().filter(|tap| tap.to == owner) {
            if self.met.insert(tap.link) {
                self.feed(world, Input::PeerConnected(tap.link, Entrance::Door), now);
            }
            self.feed(world, Input::Frame(tap.link, tap.bytes.clone()), now);
        }
        self.feed(world, Input::Timeout, now);
    }

    fn feed(&mut self, world: &mut World, input: Input, now: Now) {
        self.node.handle_input(input, now);
        self.drain(world);
    }

    fn drain(&mut self, world: &mut World) {
        loop {
            let output = self.node.poll_output();
            if let Output::Persist(changes) = &output {
                self.disk.persist(changes);
            } else if let Output::Event(Event::Notice(Notice::MessageReceived(cell, message))) =
                &output
            {
                self.reads(world, *cell, *message);
            } else if let Output::Disconnect(link, _) = &output {
                self.met.remove(link);
            } else if matches!(output, Output::Timeout(_)) {
                return;
            }
        }
    }

    fn reads(&mut self, world: &mut World, cell: CellId, message: model::MessageId) {
        self.read += 1;
        let sealed = world
            .watch
            .messages
            .get(&(cell, message))
            .and_then(|written| written.sealed);
        let (Some(sealed), Some(locked)) = (sealed, self.locked) else {
            return;
        };
        if sealed > locked {
            let name = world.name(self.owner).to_owned();
            let what = format!(
                "a thief of the disk of {name} reads what was sealed after healing (copied at {})",
                self.since
            );
            world.watch.report(Invariant::LockedOut, world.time(), what);
        }
    }
}
