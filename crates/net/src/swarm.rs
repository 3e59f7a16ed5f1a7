//! The swarm of one cell: doors, dials and the streams of its peers.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use futures::StreamExt;
use libp2p::PeerId;
use libp2p::connection_limits;
use libp2p::core::transport::ListenerId;
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use model::{Address, CellId, DoorId};
use proto::{Entrance, FRAME_LIMIT, Input, Link, ListenOn, Output};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::address::{announced, from_libp2p, from_multiaddr, to_address, to_libp2p};
use crate::beacon::Beacon;
use crate::driver::Core;
use crate::gate::{Gate, Opened};
use crate::host::{BuildError, Gated, Host, Limits};
use crate::link::Room;

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

impl Gated for Behaviour {
    fn gate(&mut self) -> &mut Gate {
        &mut self.gate
    }
}

/// The swarm of one cell and what it needs to know about its peers. Runs until its outputs end.
pub(crate) struct CellSwarm {
    cell: CellId,
    core: Core,
    host: Host<Behaviour>,
    doors: HashMap<ListenerId, Door>,
    dials: BTreeMap<PeerId, Dial>,
    beacon: Option<Beacon>,
    interface: IpAddr,
}

struct Door {
    id: DoorId,
    key: Zeroizing<[u8; 32]>,
    entrance: Entrance,
    sockets: BTreeSet<SocketAddr>,
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

impl CellSwarm {
    pub(crate) fn new(cell: CellId, seed: &[u8; 32], core: Core) -> Result<Self, BuildError> {
        let limits = Limits {
            pending_outgoing: PENDING_OUTGOING,
            incoming: None,
            established: ESTABLISHED,
            negotiating: NEGOTIATING,
            room: ROOM,
        };
        let farewell = move |peer| Input::PeerDisconnected(Link { cell, peer });
        let host = Host::new(seed, limits, core.clone(), farewell, |limits| {
            Some(Behaviour {
                limits,
                gate: Gate::default(),
            })
        })?;
        Ok(Self {
            cell,
            core,
            host,
            doors: HashMap::new(),
            dials: BTreeMap::new(),
            beacon: None,
            interface: Ipv4Addr::UNSPECIFIED.into(),
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
                Some(event) = self.host.links.recv() => self.host.on_link(&event),
                event = self.host.swarm.select_next_some() => self.on_event(event),
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
            Output::Transmit(link, frame) => {
                if let Some(peer) = to_libp2p(&link.peer) {
                    self.host.send(peer, frame);
                }
            }
            Output::Disconnect(link, reason) => {
                tracing::debug!(?reason, "closing a link");
                if let Some(peer) = to_libp2p(&link.peer) {
                    self.host.close(peer);
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
        match self.host.listen(SocketAddr::new(on.ip, on.port)) {
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
        self.host.swarm.remove_listener(listener);
        self.forget_door(listener);
    }

    fn forget_door(&mut self, listener: ListenerId) -> Option<DoorId> {
        let door = self.doors.remove(&listener)?;
        for socket in &door.sockets {
            self.host.close_door(socket.port());
        }
        Some(door.id)
    }

    fn allow(&mut self, peers: &BTreeSet<model::PeerId>) {
        let peers = peers.iter().filter_map(to_libp2p).collect();
        self.host.gate().allow(peers);
        let connected: Vec<PeerId> = self.host.swarm.connected_peers().copied().collect();
        for peer in connected {
            if self.host.gate().is_unwelcome(&peer) {
                self.host.close(peer);
            }
        }
    }

    fn connect(&mut self, link: Link, addresses: &[Address], key: [u8; 32], entrance: Entrance) {
        let Some(peer) = to_libp2p(&link.peer) else {
            self.core.input(Input::ConnectFailed(link));
            return;
        };
        // A dial under way tells the core how it ends.
        if self.dials.get(&peer).is_some_and(|dial| dial.flying) {
            return;
        }
        let Some(connection) = self.host.dial(peer, addresses, key, entrance) else {
            self.core.input(Input::ConnectFailed(link));
            return;
        };
        let under_way = Dial {
            connection,
            flying: true,
            settled: false,
        };
        self.dials.insert(peer, under_way);
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
                cause,
                ..
            } => {
                let closed = (peer_id, connection_id);
                self.host
                    .connection_closed(closed, cause.is_none(), num_established);
                if num_established == 0 && self.dials.get(&peer_id).is_some_and(|dial| !dial.flying)
                {
                    self.dial_over(peer_id);
                }
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
        self.host.open_door(socket.port(), *door.key, door.entrance);
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
        let Some((peer, _)) = self.host.meet(&opened) else {
            return;
        };
        let link = Link {
            cell: self.cell,
            peer,
        };
        if let Some(dial) = self.dials.get_mut(&opened.peer) {
            dial.settled = true;
        }
        self.dials.retain(|_, dial| dial.flying || !dial.settled);
        // Before the first frame: the core knows nobody's frames otherwise.
        self.core.input(Input::PeerConnected(link, opened.entrance));
        self.host
            .serve(opened, move |frame| Input::Frame(link, frame));
    }

    /// A dial has become a connection, which is still without a stream.
    fn dial_landed(&mut self, id: PeerId, connection: ConnectionId) {
        if let Some(dial) = self.dials.get_mut(&id)
            && dial.connection == connection
        {
            dial.flying = false;
            self.host.forget_dial(&id);
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
        self.host.forget_dial(&id);
        if !self.host.swarm.is_connected(&id) {
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
            self.host.swarm.remove_listener(listener);
            self.forget_door(listener);
        }
        self.host.say_goodbye().await;
    }
}
