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
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::transport::ListenerId;
use libp2p::gossipsub::{self, MessageAcceptance, MessageId};
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{self, ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{PeerId, Swarm, identity};
use model::Address;
use proto::{
    ChannelId, ChannelInput, ChannelOutput, ChannelTopic, Entrance, GOSSIP_LIMIT, Input,
    PACK_LIMIT, Verdict,
};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use zeroize::Zeroizing;

use self::doors::Doors;
use self::gossip::{Ears, Gossip, Hearing, Waiting, topic_name};
use crate::address::{from_libp2p, from_multiaddr, to_libp2p, to_multiaddr, to_socket};
use crate::driver::Core;
use crate::gate::{Gate, Opened};
use crate::keys::Keys;
use crate::link::{FrameStream, LinkEvent, Room};
use crate::swarm::{BuildError, listen};
use crate::transport;

/// A connection is closed after this if nobody opens the stream of packs on it, and so is one that nothing uses.
const IDLE_TIME: Duration = Duration::from_secs(20);

/// Connections per peer: both may dial at once, on two networks.
const PER_PEER: u32 = 4;

/// Connections that have not passed the handshakes yet.
const PENDING_INCOMING: u32 = 32;

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

/// How long a swarm that ends waits for what is queued.
const GOODBYE_TIME: Duration = Duration::from_secs(2);

#[derive(NetworkBehaviour)]
struct Behaviour {
    // First: it denies before anything is counted.
    limits: connection_limits::Behaviour,
    gate: Gate,
    gossip: Gossip,
}

/// The swarm of one channel. Runs until its outputs end.
pub(crate) struct ChannelSwarm {
    channel: ChannelId,
    core: Core,
    swarm: Swarm<Behaviour>,
    keys: Keys,
    doors: Doors,
    ears: Ears,
    peers: BTreeMap<PeerId, Peer>,
    dials: BTreeMap<PeerId, ConnectionId>,
    /// Connections whose stream has not been opened yet.
    bare: BTreeMap<ConnectionId, (PeerId, Instant)>,
    events: (
        mpsc::UnboundedSender<LinkEvent>,
        mpsc::UnboundedReceiver<LinkEvent>,
    ),
}

/// The connections of one peer that have their stream. We write to the oldest; when any ends, all do, because what was
/// under way in it is lost and the core must know. What the peer had sent is with the core before it hears of the end.
#[derive(Default)]
struct Peer {
    streams: BTreeMap<ConnectionId, Used>,
    closing: bool,
    gone: bool,
}

impl Peer {
    /// Writes what is queued and reads nothing more.
    fn end_streams(&mut self) {
        self.closing = true;
        for used in self.streams.values_mut() {
            used.stream.close();
            used.drained = true;
        }
    }
}

struct Used {
    stream: FrameStream,
    drained: bool,
}

impl ChannelSwarm {
    pub(crate) fn new(channel: ChannelId, seed: &[u8; 32], core: Core) -> Result<Self, BuildError> {
        let mut seed = Zeroizing::new(*seed);
        let keypair =
            identity::Keypair::ed25519_from_bytes(seed.as_mut_slice()).map_err(|_| BuildError)?;
        let keys = Keys::default();
        let transport = transport::build(&keypair, keys.clone()).map_err(|_| BuildError)?;
        let limits = ConnectionLimits::default()
            .with_max_pending_incoming(Some(PENDING_INCOMING))
            .with_max_pending_outgoing(Some(PENDING_OUTGOING))
            .with_max_established_incoming(Some(INCOMING))
            .with_max_established(Some(ESTABLISHED))
            .with_max_established_per_peer(Some(PER_PEER));
        let behaviour = Behaviour {
            limits: connection_limits::Behaviour::new(limits),
            gate: Gate::without_list(),
            gossip: gossip::build().ok_or(BuildError)?,
        };
        let config = swarm::Config::with_tokio_executor()
            .with_idle_connection_timeout(IDLE_TIME)
            .with_max_negotiating_inbound_streams(NEGOTIATING);
        Ok(Self {
            channel,
            core,
            swarm: Swarm::new(transport, behaviour, keypair.public().to_peer_id(), config),
            keys,
            doors: Doors::default(),
            ears: Ears::new(),
            peers: BTreeMap::new(),
            dials: BTreeMap::new(),
            bare: BTreeMap::new(),
            events: mpsc::unbounded_channel(),
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
                Some(event) = self.events.1.recv() => self.on_link(&event),
                _ = ticks.tick(), if waits => self.on_tick(),
                event = self.swarm.select_next_some() => self.on_event(event),
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
            ChannelOutput::Disconnect(peer) => {
                if let Some(peer) = to_libp2p(&peer) {
                    self.close(peer);
                }
            }
            ChannelOutput::Spread { topic, pack } => self.spread(&topic, pack),
            ChannelOutput::Send(peer, pack) => self.send(&peer, pack),
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
            self.swarm.remove_listener(listener);
            self.forget_door(listener);
        }
        for (topic, on) in self.doors.missing() {
            match listen(&mut self.swarm, on) {
                Ok(listener) => self.doors.add(listener, topic),
                Err(_) => tracing::warn!("a port could not be opened"),
            }
        }
        let gossip = &mut self.swarm.behaviour_mut().gossip;
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
            self.keys.close_door(port);
            self.swarm.behaviour_mut().gate.close_door(port);
        }
        true
    }

    fn dial(&mut self, peer: &model::PeerId, addresses: &[Address], key: [u8; 32]) {
        let addresses: Vec<_> = addresses
            .iter()
            .filter_map(to_socket)
            .map(to_multiaddr)
            .collect();
        let Some(peer) = to_libp2p(peer).filter(|_| !addresses.is_empty()) else {
            return;
        };
        // A second dial would take the key of the first one away.
        if self.dials.contains_key(&peer) || self.swarm.is_connected(&peer) {
            return;
        }
        self.keys.dial(peer, key);
        let gate = &mut self.swarm.behaviour_mut().gate;
        gate.expect(peer, Entrance::Door);
        let dial = DialOpts::peer_id(peer)
            .condition(PeerCondition::Always)
            .addresses(addresses)
            .allocate_new_port()
            .build();
        let connection = dial.connection_id();
        if self.swarm.dial(dial).is_ok() {
            self.dials.insert(peer, connection);
        } else {
            self.forget_keys(&peer);
        }
    }

    fn forget_keys(&mut self, peer: &PeerId) {
        self.keys.forget_dial(peer);
        self.swarm.behaviour_mut().gate.forget_dial(peer);
    }

    /// A dial has landed or has reached nobody.
    fn dial_over(&mut self, peer: PeerId, connection: ConnectionId) {
        if self.dials.get(&peer) == Some(&connection) {
            self.dials.remove(&peer);
            self.forget_keys(&peer);
        }
    }

    /// Nobody may be there to hear it. That is no mistake: who comes later catches up.
    fn spread(&mut self, topic: &[u8; 32], pack: Vec<u8>) {
        if pack.len() > GOSSIP_LIMIT {
            debug_assert!(false, "the core spreads packs within the limit");
            return;
        }
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        if let Err(error) = gossip.publish(topic_name(topic), pack) {
            tracing::debug!(%error, "a pack was spread to nobody");
        }
    }

    fn send(&mut self, peer: &model::PeerId, pack: Vec<u8>) {
        let Some(id) = to_libp2p(peer) else {
            return;
        };
        let Some(peer) = self.peers.get(&id).filter(|peer| !peer.closing) else {
            return;
        };
        let Some(used) = peer.streams.values().next() else {
            return;
        };
        if used.stream.send(pack).is_err() {
            tracing::debug!("a peer is too slow");
            self.cut(id);
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
                let connected = self.swarm.is_connected(&waiting.from);
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
        let gossip = &mut self.swarm.behaviour_mut().gossip;
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
        self.swarm.behaviour_mut().gate.refuse(peer);
        self.cut(peer);
    }

    /// Ends the streams of a peer after what is queued, then its connections.
    fn close(&mut self, id: PeerId) {
        match self.peers.get_mut(&id) {
            Some(peer) => {
                peer.end_streams();
                // Its connections may have closed before.
                self.part(id);
            }
            None => self.cut(id),
        }
    }

    /// Closes the connections of a peer, whatever is queued. Streams of a connection that we close ourselves are not told
    /// of it, so nothing more is read from them.
    fn cut(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.end_streams();
        }
        let _not_connected = self.swarm.disconnect_peer_id(id);
        self.part(id);
    }

    fn on_link(&mut self, event: &LinkEvent) {
        let (LinkEvent::Ended(connection) | LinkEvent::Drained(connection)) = event;
        let owner = |(_, peer): &(&PeerId, &mut Peer)| peer.streams.contains_key(connection);
        let Some((id, peer)) = self.peers.iter_mut().find(owner) else {
            return;
        };
        let id = *id;
        if let (LinkEvent::Drained(_), Some(used)) = (event, peer.streams.get_mut(connection)) {
            used.drained = true;
        }
        // Of connections that the peer has closed everything is read first.
        if peer.gone {
            self.part(id);
        } else {
            self.cut(id);
        }
    }

    /// Tells the core that a peer is gone, once it is and has been heard to the end.
    fn part(&mut self, id: PeerId) {
        let heard = |peer: &Peer| peer.gone && peer.streams.values().all(|used| used.drained);
        if self.peers.get(&id).is_some_and(heard) {
            self.forget(id);
        }
    }

    fn forget(&mut self, id: PeerId) {
        if self.peers.remove(&id).is_some()
            && let Some(peer) = from_libp2p(&id)
        {
            self.tell(ChannelInput::Disconnected(peer));
        }
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
            self.swarm.close_connection(connection);
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
                ..
            } => self.connection_closed(peer_id, connection_id, num_established),
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
        self.keys.open_door(socket.port(), key);
        let gate = &mut self.swarm.behaviour_mut().gate;
        gate.open_door(socket.port(), Entrance::Door);
        self.tell(ChannelInput::Listening(self.doors.told()));
    }

    fn door_closed(&mut self, listener: ListenerId) {
        if self.forget_door(listener) {
            self.tell(ChannelInput::Listening(self.doors.told()));
        }
    }

    fn stream_opened(&mut self, opened: Opened) {
        let id = opened.peer;
        let Some(peer) = from_libp2p(&id) else {
            return;
        };
        self.bare.remove(&opened.connection);
        // Connections that have all closed are over, whether or not what came on them has been read to its end.
        if self.peers.get(&id).is_some_and(|peer| peer.gone) {
            self.forget(id);
        }
        let known = self.peers.entry(id).or_default();
        if known.closing {
            return;
        }
        let (channel, first) = (self.channel, known.streams.is_empty());
        // Before the first pack: the core knows nobody's packs otherwise.
        if first {
            self.core
                .input(Input::Channel(channel, ChannelInput::Connected(peer)));
        }
        let stream = FrameStream::start(
            move |pack| Input::Channel(channel, ChannelInput::Pack(peer, pack)),
            ROOM,
            (opened.connection, opened.stream),
            self.core.clone(),
            self.events.0.clone(),
        );
        let used = Used {
            stream,
            drained: false,
        };
        known.streams.insert(opened.connection, used);
    }

    fn connection_closed(&mut self, id: PeerId, connection: ConnectionId, left: u32) {
        self.bare.remove(&connection);
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.gone = left == 0;
            if left > 0 && peer.streams.contains_key(&connection) {
                self.cut(id);
            }
        }
        if left == 0 {
            self.ears.forget(&id);
            self.part(id);
        }
    }

    /// Lets what is queued out before the swarm goes.
    async fn say_goodbye(mut self) {
        for listener in self.doors.listeners() {
            self.swarm.remove_listener(listener);
            self.forget_door(listener);
        }
        for peer in self.peers.keys().copied().collect::<Vec<_>>() {
            self.close(peer);
        }
        let waiting = async {
            while !self.peers.is_empty() {
                tokio::select! {
                    Some(event) = self.events.1.recv() => self.on_link(&event),
                    event = self.swarm.select_next_some() => {
                        if let SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } = event {
                            self.peers.remove(&peer_id);
                        }
                    }
                }
            }
        };
        let _in_time = tokio::time::timeout(GOODBYE_TIME, waiting).await;
    }
}
