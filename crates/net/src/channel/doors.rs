//! The ports of a channel: one per topic, because each has a key of its own.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};

use libp2p::core::transport::ListenerId;
use proto::{ChannelTopic, TopicDoor};

use crate::address::{announced, to_address};

/// One open port, or one that is about to open.
struct Door {
    topic: ChannelTopic,
    sockets: BTreeSet<SocketAddr>,
}

/// What is open, and what is wanted.
#[derive(Default)]
pub(super) struct Doors {
    ip: Option<IpAddr>,
    topics: Vec<ChannelTopic>,
    open: HashMap<ListenerId, Door>,
}

impl Doors {
    /// Takes what is wanted from now on, and says what is to close for it. Doors that fit stay open.
    pub(super) fn want(&mut self, ip: IpAddr, topics: Vec<ChannelTopic>) -> Vec<ListenerId> {
        let before = self.ip.replace(ip);
        let moved = before.is_some_and(|before| before != ip);
        let closes = |door: &Door| moved || !topics.iter().any(|topic| door.is_for(topic));
        let closing = self.open.iter().filter(|(_, door)| closes(door));
        let closing = closing.map(|(listener, _)| *listener).collect();
        self.topics = topics;
        closing
    }

    /// Topics without a door, and where to open theirs.
    pub(super) fn missing(&self) -> Vec<(ChannelTopic, SocketAddr)> {
        let Some(ip) = self.ip else {
            return Vec::new();
        };
        let shut = |topic: &&ChannelTopic| self.of(topic).is_none();
        let missing = self.topics.iter().filter(shut);
        missing
            .map(|topic| (topic.clone(), SocketAddr::new(ip, topic.port)))
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

    fn of(&self, topic: &ChannelTopic) -> Option<&Door> {
        self.open.values().find(|door| door.is_for(topic))
    }

    /// Whether the door of the newest topic is open or cannot be opened: there is nothing to wait for.
    pub(super) fn is_settled(&self) -> bool {
        let newest = self.topics.first().and_then(|topic| self.of(topic));
        newest.is_none_or(|door| !door.sockets.is_empty())
    }

    /// Where the door of each topic is open, the newest first.
    pub(super) fn told(&self) -> Vec<TopicDoor> {
        let told = self.topics.iter().map(|topic| {
            let sockets = self.of(topic).map(|door| &door.sockets);
            let sockets = sockets.into_iter().flatten().copied().collect();
            TopicDoor {
                topic: topic.id,
                addresses: announced(sockets)
                    .into_iter()
                    .filter_map(to_address)
                    .collect(),
            }
        });
        told.collect()
    }
}

impl Door {
    fn is_for(&self, topic: &ChannelTopic) -> bool {
        (self.topic.id, &self.topic.key) == (topic.id, &topic.key)
    }
}
