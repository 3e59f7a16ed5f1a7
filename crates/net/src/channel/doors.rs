//! The ports of a channel: one per topic, because each has a key of its own.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use libp2p::core::transport::ListenerId;
use model::Address;
use proto::{ChannelTopic, ListenOn};

use crate::address::{announced, to_address};

/// One open port, or one that is about to open.
struct Door {
    topic: ChannelTopic,
    sockets: BTreeSet<SocketAddr>,
}

/// What is open, and what is wanted.
#[derive(Default)]
pub(super) struct Doors {
    on: Option<ListenOn>,
    topics: Vec<ChannelTopic>,
    open: HashMap<ListenerId, Door>,
}

impl Doors {
    /// Takes what is wanted from now on, and says what is to close for it. Doors that fit stay open.
    pub(super) fn want(&mut self, on: ListenOn, topics: Vec<ChannelTopic>) -> Vec<ListenerId> {
        let before = self.on.replace(on);
        let moved = before.is_some_and(|before| before.ip != on.ip);
        // Another port is wanted, and not only the one that the system had chosen.
        let other_port = before.is_some_and(|before| before.port != on.port)
            && on.port != 0
            && !self.open.values().any(|door| door.has(on.port));
        let newest = topics.first();
        let closes = |door: &Door| {
            moved
                || !topics.contains(&door.topic)
                || other_port && Some(&door.topic) == newest && !door.sockets.is_empty()
        };
        let closing = self.open.iter().filter(|(_, door)| closes(door));
        let closing = closing.map(|(listener, _)| *listener).collect();
        self.topics = topics;
        closing
    }

    /// Topics without a door, and where to open theirs: the newest at the port that the core remembers.
    pub(super) fn missing(&self) -> Vec<(ChannelTopic, ListenOn)> {
        let Some(on) = self.on else {
            return Vec::new();
        };
        let numbered = self.topics.iter().enumerate();
        numbered
            .filter(|(_, topic)| self.open.values().all(|door| door.topic != **topic))
            .map(|(place, topic)| {
                let port = if place == 0 { on.port } else { 0 };
                (topic.clone(), ListenOn { ip: on.ip, port })
            })
            .collect()
    }

    pub(super) fn add(&mut self, listener: ListenerId, topic: ChannelTopic) {
        let sockets = BTreeSet::new();
        self.open.insert(listener, Door { topic, sockets });
    }

    /// A door has opened somewhere. Gives its key.
    pub(super) fn opened(&mut self, listener: ListenerId, socket: SocketAddr) -> Option<[u8; 32]> {
        let door = self.open.get_mut(&listener)?;
        door.sockets.insert(socket);
        Some(*door.topic.key.expose())
    }

    pub(super) fn expired(&mut self, listener: ListenerId, socket: &SocketAddr) {
        if let Some(door) = self.open.get_mut(&listener) {
            door.sockets.remove(socket);
        }
    }

    /// Forgets a door. Gives its ports, if there was one.
    pub(super) fn remove(&mut self, listener: ListenerId) -> Option<BTreeSet<u16>> {
        let door = self.open.remove(&listener)?;
        Some(door.sockets.iter().map(SocketAddr::port).collect())
    }

    pub(super) fn listeners(&self) -> Vec<ListenerId> {
        self.open.keys().copied().collect()
    }

    pub(super) fn topics(&self) -> &[ChannelTopic] {
        &self.topics
    }

    /// Whether the door of the newest topic is open or cannot be opened: there is nothing to wait for.
    pub(super) fn is_settled(&self) -> bool {
        self.newest().is_none_or(|door| !door.sockets.is_empty())
    }

    fn newest(&self) -> Option<&Door> {
        let newest = self.topics.first();
        self.open.values().find(|door| Some(&door.topic) == newest)
    }

    /// Where the door of the newest topic is open: what goes into links.
    pub(super) fn addresses(&self) -> Vec<Address> {
        let sockets = self
            .newest()
            .map(|door| door.sockets.iter().copied().collect());
        let sockets = announced(sockets.unwrap_or_default());
        sockets.into_iter().filter_map(to_address).collect()
    }
}

impl Door {
    fn has(&self, port: u16) -> bool {
        self.sockets.iter().any(|socket| socket.port() == port)
    }
}
