//! The swarm of one channel: doors, dials, gossip on its topics, and one stream of packs per connection.
//!
//! It is a swarm of its own, with a peer id of its own. Whoever has the key of the door may connect, and nobody is on a list.
//! What comes is untrusted, also from neighbours who were honest so far; nothing is passed on before the core says so.

mod doors;
mod gossip;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use futures::StreamExt;
use libp2p::PeerId;
use libp2p::connection_limits;
use libp2p::core::transport::ListenerId;
use libp2p::gossipsub::{self, MessageAcceptance, MessageId};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use model::Address;
use proto::{
    ChannelId, ChannelInput, ChannelOutput, ChannelTopic, Entrance, GOSSIP_LIMIT, Input,
    PACK_LIMIT, Verdict,
};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use self::doors::Doors;
use self::gossip::{Ears, Gossip, Hearing, Waiting, topic_name};
use crate::address::{from_libp2p, from_multiaddr, to_libp2p};
use crate::driver::Core;
use crate::gate::{Gate, Opened};
use crate::host::{BuildError, Gated, Host, IDLE_TIME, Limits};
use crate::link::Room;

/// Dials under way: as many as the core holds addresses of at once.
const PENDING_OUTGOING: u32 = 16;

/// Those who came to us. Gossip needs six neighbours; the others are for who looks for one.
const INCOMING: u32 = 40;

/// All connections, so that some places are left for whom we dial.
const ESTABLISHED: u32 = 56;

/// Streams that a peer may have begun to open and not named yet, per connection. It needs one, and one for gossip.
const NEGOTIATING: usize = 4;

/// Per stream: a pack that is read and one that waits, and what answers some requests. There are many streams and nobody
/// has to deserve one, so it is less than members of a cell get.
const ROOM: Room = Room {
    frame: PACK_LIMIT,
    waiting: 1,
    queue: 3 << 20,
};

/// How often we look for verdicts that do not come and connections without a stream.
const TICK: Duration = Duration::from_secs(1);

#[derive(NetworkBehaviour)]
struct Behaviour {
    // First: it denies before anything is counted.
    limits: connection_limits::Behaviour,
    gate: Gate,
    gossip: Gossip,
}

impl Gated for Behaviour {
    fn gate(&mut self) -> &mut Gate {
        &mut self.gate
    }
}

/// The swarm of one channel. Runs until its outputs end.
pub(crate) struct ChannelSwarm {
    channel: ChannelId,
    core: Core,
    host: Host<Behaviour>,
    doors: Doors,
    ears: Ears,
    dials: BTreeMap<PeerId, ConnectionId>,
    /// Connections whose stream has not been opened yet.
    bare: BTreeMap<ConnectionId, (PeerId, Instant)>,
}

impl ChannelSwarm {
    pub(crate) fn new(channel: ChannelId, seed: &[u8; 32], core: Core) -> Result<Self, BuildError> {
        let limits = Limits {
            pending_outgoing: PENDING_OUTGOING,
            incoming: Some(INCOMING),
            established: ESTABLISHED,
            negotiating: NEGOTIATING,
            room: ROOM,
        };
        let farewell = move |peer| Input::Channel(channel, ChannelInput::Disconnected(peer));
        let host = Host::new(seed, limits, core.clone(), farewell, |limits| {
            Some(Behaviour {
                limits,
                gate: Gate::without_list(),
                gossip: gossip::build()?,
            })
        })?;
        Ok(Self {
            channel,
            core,
            host,
            doors: Doors::default(),
            ears: Ears::new(),
            dials: BTreeMap::new(),
            bare: BTreeMap::new(),
        })
    }

    /// Carries out outputs until there are no more, or the channel is closed.
    pub(crate) async fn run(mut self, mut outputs: mpsc::UnboundedReceiver<ChannelOutput>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let waits = !self.ears.is_idle() || !self.bare.is_empty();
            tokio::select! {
                biased;
                output = outputs.recv() => match output {
                    Some(output) => self.carry_out(output),
                    None => break,
                },
                Some(event) = self.host.links.recv() => self.host.on_link(&event),
                _ = ticks.tick(), if waits => self.on_tick(),
                event = self.host.swarm.select_next_some() => self.on_event(event),
            }
        }
        self.say_goodbye().await;
    }

    fn carry_out(&mut self, output: ChannelOutput) {
        match output {
            ChannelOutput::Door { ip, topics } => self.open_doors(ip, topics),
            ChannelOutput::Dial {
                peer,
                addresses,
                key,
            } => self.dial(&peer, &addresses, *key.expose()),
            ChannelOutput::Refuse(peer) => {
                if let Some(peer) = to_libp2p(&peer) {
                    self.refuse(peer);
                }
            }
            ChannelOutput::Disconnect(peer) => {
                if let Some(peer) = to_libp2p(&peer) {
                    self.host.close(peer);
                }
            }
            ChannelOutput::Spread { topic, pack } => self.spread(&topic, pack),
            ChannelOutput::Send(peer, pack) => {
                if let Some(peer) = to_libp2p(&peer) {
                    self.host.send(peer, pack);
                }
            }
            ChannelOutput::Verdict { ticket, verdict } => self.judge(ticket, verdict),
            ChannelOutput::Open(_) | ChannelOutput::Close => {
                debug_assert!(false, "the driver keeps these to itself");
            }
        }
    }

    fn tell(&self, input: ChannelInput) {
        self.core.input(Input::Channel(self.channel, input));
    }

    fn open_doors(&mut self, ip: IpAddr, topics: Vec<ChannelTopic>) {
        let before: Vec<[u8; 32]> = self.doors.topics().iter().map(|topic| topic.id).collect();
        let now: Vec<[u8; 32]> = topics.iter().map(|topic| topic.id).collect();
        for listener in self.doors.want(ip, topics) {
            self.host.swarm.remove_listener(listener);
            self.forget_door(listener);
        }
        for (topic, on) in self.doors.missing() {
            match self.host.listen(on) {
                Ok(listener) => self.doors.add(listener, topic),
                Err(_) => tracing::warn!("a port could not be opened"),
            }
        }
        let gossip = &mut self.host.swarm.behaviour_mut().gossip;
        for topic in before.iter().filter(|topic| !now.contains(topic)) {
            gossip.unsubscribe(&topic_name(topic));
        }
        for topic in now.iter().filter(|topic| !before.contains(topic)) {
            let _counted = gossip.subscribe(&topic_name(topic));
        }
        // What is still opening tells itself.
        if self.doors.is_settled() {
            self.tell(ChannelInput::Listening(self.doors.told()));
        }
    }

    fn forget_door(&mut self, listener: ListenerId) -> bool {
        let Some(ports) = self.doors.remove(listener) else {
            return false;
        };
        for port in ports {
            self.host.close_door(port);
        }
        true
    }

    fn dial(&mut self, peer: &model::PeerId, addresses: &[Address], key: [u8; 32]) {
        let Some(peer) = to_libp2p(peer) else {
            return;
        };
        if self.dials.contains_key(&peer) || self.host.swarm.is_connected(&peer) {
            return;
        }
        let dial = self.host.dial(peer, addresses, key, Entrance::Door);
        if let Some(connection) = dial {
            self.dials.insert(peer, connection);
        }
    }

    /// A dial has landed or has reached nobody.
    fn dial_over(&mut self, peer: PeerId, connection: ConnectionId) {
        if self.dials.get(&peer) == Some(&connection) {
            self.dials.remove(&peer);
            self.host.forget_dial(&peer);
        }
    }

    /// Nobody may be there to hear it. That is no mistake: who comes later catches up.
    fn spread(&mut self, topic: &[u8; 32], pack: Vec<u8>) {
        if pack.len() > GOSSIP_LIMIT {
            debug_assert!(false, "the core spreads packs within the limit");
            return;
        }
        let gossip = &mut self.host.swarm.behaviour_mut().gossip;
        if let Err(error) = gossip.publish(topic_name(topic), pack) {
            tracing::debug!(%error, "a pack was spread to nobody");
        }
    }

    fn judge(&mut self, ticket: u64, verdict: Verdict) {
        let Some(waiting) = self.ears.answered(ticket) else {
            return;
        };
        match verdict {
            Verdict::Accept => self.report(&waiting, MessageAcceptance::Accept),
            Verdict::Ignore => self.report(&waiting, MessageAcceptance::Ignore),
            Verdict::Reject => {
                self.report(&waiting, MessageAcceptance::Reject);
                let connected = self.host.swarm.is_connected(&waiting.from);
                if connected && self.ears.rejected(waiting.from, Instant::now()) {
                    self.refuse(waiting.from);
                }
            }
        }
    }

    fn report(&mut self, waiting: &Waiting, acceptance: MessageAcceptance) {
        self.report_message(&waiting.message, &waiting.from, acceptance);
    }

    fn report_message(&mut self, id: &MessageId, from: &PeerId, acceptance: MessageAcceptance) {
        let gossip = &mut self.host.swarm.behaviour_mut().gossip;
        let _still_there = gossip.report_message_validation_result(id, from, acceptance);
    }

    fn heard(&mut self, from: PeerId, id: MessageId, message: gossipsub::Message) {
        let topics = self.doors.topics().iter();
        let mut topics = topics.filter(|topic| topic_name(&topic.id).hash() == message.topic);
        let topic = topics.next().map(|topic| topic.id);
        let (Some(topic), Some(peer)) = (topic, from_libp2p(&from)) else {
            self.report_message(&id, &from, MessageAcceptance::Ignore);
            return;
        };
        if message.data.len() > GOSSIP_LIMIT {
            self.report_message(&id, &from, MessageAcceptance::Reject);
            self.refuse(from);
            return;
        }
        let now = Instant::now();
        match self.ears.hear(from, id.clone(), message.data.len(), now) {
            Hearing::Tell(ticket, place) => {
                let heard = ChannelInput::Heard {
                    peer,
                    topic,
                    ticket,
                    pack: message.data,
                };
                self.core.frame(Input::Channel(self.channel, heard), place);
            }
            Hearing::Drop => self.report_message(&id, &from, MessageAcceptance::Ignore),
            Hearing::Cut => {
                self.report_message(&id, &from, MessageAcceptance::Ignore);
                self.refuse(from);
            }
        }
    }

    /// Closes the connections of a peer that breaks the rules, and admits it no more for a while.
    fn refuse(&mut self, peer: PeerId) {
        tracing::debug!("a peer of a channel is refused");
        self.host.gate().refuse(peer);
        self.host.cut(peer);
    }

    fn on_tick(&mut self) {
        let now = Instant::now();
        for waiting in self.ears.expired(now) {
            self.report(&waiting, MessageAcceptance::Ignore);
        }
        let old = |since: &Instant| now.saturating_duration_since(*since) >= IDLE_TIME;
        let silent = self.bare.iter().filter(|(_, (_, since))| old(since));
        for connection in silent.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.bare.remove(&connection);
            self.host.swarm.close_connection(connection);
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "libp2p may add events; what we do not name needs nothing from us"
    )]
    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(BehaviourEvent::Gate(opened)) => self.stream_opened(opened),
            SwarmEvent::Behaviour(BehaviourEvent::Gossip(gossipsub::Event::Message {
                propagation_source,
                message_id,
                message,
            })) => self.heard(propagation_source, message_id, message),
            SwarmEvent::NewListenAddr {
                listener_id,
                address,
            } => self.door_opened(listener_id, &address),
            SwarmEvent::ExpiredListenAddr {
                listener_id,
                address,
            } => {
                if let Some(socket) = from_multiaddr(&address) {
                    self.doors.expired(listener_id, &socket);
                    self.tell(ChannelInput::Listening(self.doors.told()));
                }
            }
            SwarmEvent::ListenerClosed { listener_id, .. } => {
                self.door_closed(listener_id);
            }
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                ..
            } => {
                self.dial_over(peer_id, connection_id);
                self.bare.insert(connection_id, (peer_id, Instant::now()));
            }
            SwarmEvent::ConnectionClosed {
                peer_id,
                connection_id,
                num_established,
                cause,
                ..
            } => {
                let closed = (peer_id, connection_id);
                self.bare.remove(&connection_id);
                self.host
                    .connection_closed(closed, cause.is_none(), num_established);
                if num_established == 0 {
                    self.ears.forget(&peer_id);
                }
            }
            SwarmEvent::OutgoingConnectionError {
                peer_id: Some(peer),
                connection_id,
                ..
            } => self.dial_over(peer, connection_id),
            _ => {}
        }
    }

    fn door_opened(&mut self, listener: ListenerId, address: &libp2p::Multiaddr) {
        let Some(socket) = from_multiaddr(address) else {
            return;
        };
        let Some(key) = self.doors.opened(listener, socket) else {
            return;
        };
        self.host.open_door(socket.port(), key, Entrance::Door);
        self.tell(ChannelInput::Listening(self.doors.told()));
    }

    fn door_closed(&mut self, listener: ListenerId) {
        if self.forget_door(listener) {
            self.tell(ChannelInput::Listening(self.doors.told()));
        }
    }

    fn stream_opened(&mut self, opened: Opened) {
        self.bare.remove(&opened.connection);
        let Some((peer, is_first)) = self.host.meet(&opened) else {
            return;
        };
        // Before the first pack: the core knows nobody's packs otherwise.
        if is_first {
            self.tell(ChannelInput::Connected(peer));
        }
        let channel = self.channel;
        self.host.serve(opened, move |pack| {
            Input::Channel(channel, ChannelInput::Pack(peer, pack))
        });
    }

    /// Lets what is queued out before the swarm goes.
    async fn say_goodbye(mut self) {
        for listener in self.doors.listeners() {
            self.host.swarm.remove_listener(listener);
            self.forget_door(listener);
        }
        self.host.say_goodbye().await;
    }
}
