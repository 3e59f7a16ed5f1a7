//! The swarm of one cell: doors, dials and the streams of its peers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::transport::ListenerId;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{self, ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{PeerId, Swarm, TransportError, identity};
use model::{Address, CellId, DoorId};
use proto::{Entrance, FRAME_LIMIT, Input, Link, ListenOn, Output};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::address::{
    announced, from_libp2p, from_multiaddr, to_address, to_libp2p, to_multiaddr, to_socket,
};
use crate::beacon::Beacon;
use crate::driver::Core;
use crate::gate::{Gate, Opened};
use crate::keys::Keys;
use crate::link::{FrameStream, LinkEvent, Room};
use crate::transport;

/// A connection without its stream is closed after this.
const IDLE_TIME: Duration = Duration::from_secs(20);

/// Connections per peer: both may dial at once, on two networks.
const PER_PEER: u32 = 4;

/// Connections that have not passed the handshakes yet.
const PENDING_INCOMING: u32 = 32;

/// Dials under way: everybody of a full cell, and newcomers.
const PENDING_OUTGOING: u32 = 64;

/// Streams that a peer may have begun to open and not named yet, per connection. It needs one.
const NEGOTIATING: usize = 2;

/// All connections of a swarm: a full cell twice, and those who knock.
const ESTABLISHED: u32 = 128;

/// Per stream: the largest transfer and the answer to a pull may wait for the peer.
const ROOM: Room = Room {
    frame: FRAME_LIMIT,
    waiting: 16,
    queue: 8 << 20,
};

#[derive(NetworkBehaviour)]
struct Behaviour {
    // First: it denies before anything is counted.
    limits: connection_limits::Behaviour,
    gate: Gate,
}

/// A swarm cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the network could not be started")]
pub(crate) struct BuildError;

/// The swarm of one cell and what it needs to know about its peers. Runs until its outputs end.
pub(crate) struct CellSwarm {
    cell: CellId,
    core: Core,
    swarm: Swarm<Behaviour>,
    keys: Keys,
    doors: HashMap<ListenerId, Door>,
    peers: BTreeMap<PeerId, Peer>,
    dials: BTreeMap<PeerId, Dial>,
    beacon: Option<Beacon>,
    interface: IpAddr,
    events: (
        mpsc::UnboundedSender<LinkEvent>,
        mpsc::UnboundedReceiver<LinkEvent>,
    ),
}

struct Door {
    id: DoorId,
    key: Zeroizing<[u8; 32]>,
    entrance: Entrance,
    sockets: BTreeSet<SocketAddr>,
}

/// The connections of one peer that have their stream. We write to the oldest; when any ends, all do, because what was
/// under way in it is lost and the core must know. A stream stays until its connection is closed and what the peer had
/// sent on it is with the core: last words count.
#[derive(Default)]
struct Peer {
    streams: BTreeMap<ConnectionId, Used>,
    closing: bool,
    gone: bool,
}

/// The one dial of a peer that the core has asked for and not yet heard the end of, or whose connection has no stream
/// yet.
struct Dial {
    connection: ConnectionId,
    /// Whether it has not reached anybody yet.
    flying: bool,
    /// Whether the core knows of a connection to the peer since: the end of the dial says nothing new.
    settled: bool,
}

struct Used {
    stream: FrameStream,
    drained: bool,
}

impl CellSwarm {
    pub(crate) fn new(cell: CellId, seed: &[u8; 32], core: Core) -> Result<Self, BuildError> {
        let mut seed = Zeroizing::new(*seed);
        let keypair =
            identity::Keypair::ed25519_from_bytes(seed.as_mut_slice()).map_err(|_| BuildError)?;
        let keys = Keys::default();
        let transport = transport::build(&keypair, keys.clone()).map_err(|_| BuildError)?;
        let limits = ConnectionLimits::default()
            .with_max_pending_incoming(Some(PENDING_INCOMING))
            .with_max_pending_outgoing(Some(PENDING_OUTGOING))
            .with_max_established(Some(ESTABLISHED))
            .with_max_established_per_peer(Some(PER_PEER));
        let behaviour = Behaviour {
            limits: connection_limits::Behaviour::new(limits),
            gate: Gate::default(),
        };
        let config = swarm::Config::with_tokio_executor()
            .with_idle_connection_timeout(IDLE_TIME)
            .with_max_negotiating_inbound_streams(NEGOTIATING);
        Ok(Self {
            cell,
            core,
            swarm: Swarm::new(transport, behaviour, keypair.public().to_peer_id(), config),
            keys,
            doors: HashMap::new(),
            peers: BTreeMap::new(),
            dials: BTreeMap::new(),
            beacon: None,
            interface: Ipv4Addr::UNSPECIFIED.into(),
            events: mpsc::unbounded_channel(),
        })
    }

    /// Carries out outputs until there are no more, or the cell is closed.
    pub(crate) async fn run(mut self, mut outputs: mpsc::UnboundedReceiver<Output>) {
        loop {
            tokio::select! {
                biased;
                output = outputs.recv() => match output {
                    Some(output) => self.carry_out(output),
                    None => break,
                },
                Some(event) = self.events.1.recv() => self.on_link(&event),
                event = self.swarm.select_next_some() => self.on_event(event),
            }
        }
        self.say_goodbye().await;
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Listen {
                door,
                key,
                entrance,
                on,
                ..
            } => self.listen(door, *key.expose(), entrance, on),
            Output::StopListen { door, .. } => self.stop_listening(door),
            Output::Allow { peers, .. } => self.allow(&peers),
            Output::Connect {
                link,
                addresses,
                key,
                entrance,
            } => {
                self.connect(link, &addresses, *key.expose(), entrance);
            }
            Output::Transmit(link, frame) => self.transmit(link, frame),
            Output::Disconnect(link, reason) => {
                tracing::debug!(?reason, "closing a link");
                if let Some(peer) = to_libp2p(&link.peer) {
                    self.close(peer);
                }
            }
            Output::Beacon { bytes, .. } => self.send_beacon(&bytes),
            Output::StopBeacon { .. } => self.beacon = None,
            Output::Persist(_)
            | Output::Read(_)
            | Output::Open { .. }
            | Output::Close { .. }
            | Output::Channel(..)
            | Output::Event(_)
            | Output::Timeout(_) => {
                debug_assert!(false, "the driver keeps these to itself");
            }
        }
    }

    fn listen(&mut self, id: DoorId, key: [u8; 32], entrance: Entrance, on: ListenOn) {
        if entrance == Entrance::Door {
            self.interface = on.ip;
        }
        match listen(&mut self.swarm, SocketAddr::new(on.ip, on.port)) {
            Ok(listener) => {
                let door = Door {
                    id,
                    key: Zeroizing::new(key),
                    entrance,
                    sockets: BTreeSet::new(),
                };
                self.doors.insert(listener, door);
            }
            Err(_) => {
                tracing::warn!("a port could not be opened");
                self.core.input(Input::Listening {
                    cell: self.cell,
                    door: id,
                    addresses: Vec::new(),
                });
            }
        }
    }

    fn stop_listening(&mut self, id: DoorId) {
        let Some(listener) = self
            .doors
            .iter()
            .find(|(_, door)| door.id == id)
            .map(|(listener, _)| *listener)
        else {
            return;
        };
        self.swarm.remove_listener(listener);
        self.forget_door(listener);
    }

    fn forget_door(&mut self, listener: ListenerId) -> Option<DoorId> {
        let door = self.doors.remove(&listener)?;
        for socket in &door.sockets {
            self.keys.close_door(socket.port());
            self.swarm.behaviour_mut().gate.close_door(socket.port());
        }
        Some(door.id)
    }

    fn allow(&mut self, peers: &BTreeSet<model::PeerId>) {
        self.swarm
            .behaviour_mut()
            .gate
            .allow(peers.iter().filter_map(to_libp2p).collect());
        let connected: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in connected {
            if self.swarm.behaviour().gate.is_unwelcome(&peer) {
                self.close(peer);
            }
        }
    }

    fn connect(&mut self, link: Link, addresses: &[Address], key: [u8; 32], entrance: Entrance) {
        let addresses: Vec<_> = addresses
            .iter()
            .filter_map(to_socket)
            .map(to_multiaddr)
            .collect();
        let peer = to_libp2p(&link.peer).filter(|_| !addresses.is_empty());
        let Some(peer) = peer else {
            self.core.input(Input::ConnectFailed(link));
            return;
        };
        // A dial under way tells the core how it ends. A second one would take its key away.
        if self.dials.get(&peer).is_some_and(|dial| dial.flying) {
            return;
        }
        self.keys.dial(peer, key);
        self.swarm.behaviour_mut().gate.expect(peer, entrance);
        let dial = DialOpts::peer_id(peer)
            .condition(PeerCondition::Always)
            .addresses(addresses)
            .allocate_new_port()
            .build();
        let under_way = Dial {
            connection: dial.connection_id(),
            flying: true,
            settled: false,
        };
        if self.swarm.dial(dial).is_ok() {
            self.dials.insert(peer, under_way);
        } else {
            self.forget_keys(&peer);
            self.core.input(Input::ConnectFailed(link));
        }
    }

    fn transmit(&mut self, link: Link, frame: Vec<u8>) {
        let Some(id) = to_libp2p(&link.peer) else {
            return;
        };
        let Some(peer) = self.peers.get(&id).filter(|peer| !peer.closing) else {
            return;
        };
        let Some(used) = peer.streams.values().next() else {
            return;
        };
        if used.stream.send(frame).is_err() {
            tracing::debug!("a peer is too slow");
            self.cut(id);
        }
    }

    /// Ends the streams of a peer after what is queued, then its connections.
    fn close(&mut self, id: PeerId) {
        match self.peers.get_mut(&id) {
            Some(peer) => {
                peer.closing = true;
                for used in peer.streams.values_mut() {
                    used.stream.close();
                    used.drained = true;
                }
                // Its connections may have closed before.
                self.part(id);
            }
            None => self.cut(id),
        }
    }

    /// Closes the connections of a peer, whatever is queued.
    fn cut(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.closing = true;
        }
        let _not_connected = self.swarm.disconnect_peer_id(id);
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
        self.cut(id);
        self.part(id);
    }

    /// Tells the core that a peer is gone, once it is and has been heard to the end.
    fn part(&mut self, id: PeerId) {
        let heard = |peer: &Peer| peer.gone && peer.streams.values().all(|used| used.drained);
        if self.peers.get(&id).is_some_and(heard) {
            self.peers.remove(&id);
            if let Some(link) = self.link(&id) {
                self.core.input(Input::PeerDisconnected(link));
            }
        }
    }

    fn send_beacon(&mut self, bytes: &[u8]) {
        if self.beacon.is_none() {
            self.beacon = Beacon::start(self.cell, self.interface, self.core.clone()).ok();
        }
        match &self.beacon {
            Some(beacon) => beacon.send(bytes),
            None => tracing::debug!("this network takes no beacons"),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "libp2p may add events; what we do not name needs nothing from us"
    )]
    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::NewListenAddr {
                listener_id,
                address,
            } => self.door_opened(listener_id, &address),
            SwarmEvent::ExpiredListenAddr {
                listener_id,
                address,
            } => {
                if let (Some(door), Some(socket)) =
                    (self.doors.get_mut(&listener_id), from_multiaddr(&address))
                {
                    door.sockets.remove(&socket);
                    self.tell_door(listener_id);
                }
            }
            SwarmEvent::ListenerClosed { listener_id, .. } => {
                if let Some(door) = self.forget_door(listener_id) {
                    self.core.input(Input::Listening {
                        cell: self.cell,
                        door,
                        addresses: Vec::new(),
                    });
                }
            }
            SwarmEvent::Behaviour(BehaviourEvent::Gate(opened)) => self.stream_opened(opened),
            SwarmEvent::ConnectionClosed {
                peer_id,
                connection_id,
                num_established,
                ..
            } => {
                self.connection_closed(peer_id, connection_id, num_established);
            }
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                ..
            } => self.dial_landed(peer_id, connection_id),
            SwarmEvent::OutgoingConnectionError {
                peer_id: Some(peer),
                connection_id,
                ..
            } => self.dial_failed(peer, connection_id),
            _ => {}
        }
    }

    fn door_opened(&mut self, listener: ListenerId, address: &libp2p::Multiaddr) {
        let (Some(door), Some(socket)) = (self.doors.get_mut(&listener), from_multiaddr(address))
        else {
            return;
        };
        door.sockets.insert(socket);
        self.keys.open_door(socket.port(), *door.key);
        self.swarm
            .behaviour_mut()
            .gate
            .open_door(socket.port(), door.entrance);
        self.tell_door(listener);
    }

    fn tell_door(&self, listener: ListenerId) {
        let Some(door) = self.doors.get(&listener) else {
            return;
        };
        let addresses = announced(door.sockets.iter().copied().collect());
        let addresses = addresses.into_iter().filter_map(to_address).collect();
        self.core.input(Input::Listening {
            cell: self.cell,
            door: door.id,
            addresses,
        });
    }

    fn stream_opened(&mut self, opened: Opened) {
        let Some(link) = self.link(&opened.peer) else {
            return;
        };
        // Connections that have all closed are over, whether or not what came on them has been read to its end.
        if self.peers.get(&opened.peer).is_some_and(|peer| peer.gone) {
            self.peers.remove(&opened.peer);
            self.core.input(Input::PeerDisconnected(link));
        }
        let peer = self.peers.entry(opened.peer).or_default();
        if peer.closing {
            return;
        }
        if let Some(dial) = self.dials.get_mut(&opened.peer) {
            dial.settled = true;
        }
        self.dials.retain(|_, dial| dial.flying || !dial.settled);
        // Before the first frame: the core knows nobody's frames otherwise.
        self.core.input(Input::PeerConnected(link, opened.entrance));
        let stream = FrameStream::start(
            move |frame| Input::Frame(link, frame),
            ROOM,
            (opened.connection, opened.stream),
            self.core.clone(),
            self.events.0.clone(),
        );
        let used = Used {
            stream,
            drained: false,
        };
        peer.streams.insert(opened.connection, used);
    }

    fn connection_closed(&mut self, id: PeerId, connection: ConnectionId, left: u32) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.gone = left == 0;
            if left > 0 && peer.streams.contains_key(&connection) {
                self.cut(id);
            }
        }
        if left == 0 {
            self.part(id);
            if self.dials.get(&id).is_some_and(|dial| !dial.flying) {
                self.dial_over(id);
            }
        }
    }

    /// A dial has become a connection, which is still without a stream.
    fn dial_landed(&mut self, id: PeerId, connection: ConnectionId) {
        if let Some(dial) = self.dials.get_mut(&id)
            && dial.connection == connection
        {
            dial.flying = false;
            self.forget_keys(&id);
        }
    }

    /// A dial has reached nobody. If the peer came to us meanwhile, its stream or its end is what the core waits for.
    fn dial_failed(&mut self, id: PeerId, connection: ConnectionId) {
        let Some(dial) = self.dials.get_mut(&id) else {
            return;
        };
        if dial.connection != connection {
            return;
        }
        dial.flying = false;
        self.forget_keys(&id);
        if !self.swarm.is_connected(&id) {
            self.dial_over(id);
        }
    }

    /// A dial is over, and its connection with it.
    fn dial_over(&mut self, id: PeerId) {
        if let Some(dial) = self.dials.remove(&id)
            && !dial.settled
            && let Some(link) = self.link(&id)
        {
            self.core.input(Input::ConnectFailed(link));
        }
    }

    fn forget_keys(&mut self, id: &PeerId) {
        self.keys.forget_dial(id);
        self.swarm.behaviour_mut().gate.forget_dial(id);
    }

    fn link(&self, peer: &PeerId) -> Option<Link> {
        Some(Link {
            cell: self.cell,
            peer: from_libp2p(peer)?,
        })
    }

    /// Lets what is queued out before the swarm goes.
    async fn say_goodbye(mut self) {
        let listeners: Vec<ListenerId> = self.doors.keys().copied().collect();
        for listener in listeners {
            self.swarm.remove_listener(listener);
            self.forget_door(listener);
        }
        let peers: Vec<PeerId> = self.peers.keys().copied().collect();
        for peer in peers {
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
        let _in_time = tokio::time::timeout(Duration::from_secs(2), waiting).await;
    }
}

/// Listens there, or on another port if that one is taken.
pub(crate) fn listen<B: NetworkBehaviour>(
    swarm: &mut Swarm<B>,
    on: SocketAddr,
) -> Result<ListenerId, TransportError<io::Error>> {
    let any = SocketAddr::new(on.ip(), 0);
    let wanted = if is_free(on) { on } else { any };
    swarm
        .listen_on(to_multiaddr(wanted))
        .or_else(|_| swarm.listen_on(to_multiaddr(any)))
}

/// Whether nobody listens there: neither another program nor a door of ours. Asked with a socket of our own, because
/// those of libp2p share a port with whoever else is willing to.
fn is_free(on: SocketAddr) -> bool {
    TcpListener::bind(on).is_ok()
}
