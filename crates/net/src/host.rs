//! One peer id of ours on the network and the peers that are connected to it: what swarms of cells and of channels have in
//! common.
//!
//! ```text
//!  dialled or came ─► stream ─► served ──(too slow, unwelcome: cut)──► streams and connections end ─┐
//!                                 └──(a stream of theirs ended)──────► heard to the end ────────────┴─► gone
//! ```
//! What it is: keypair, transport, limits, doors, dials, and the streams of each peer. What it is not: it knows neither
//! cells nor channels, nor who may connect. Invariants: the core hears once that a peer is gone, after everything that it
//! sent and that can still be read · nobody has to wait for a silence to be told so.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use futures::StreamExt;
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::transport::ListenerId;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{self, ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{PeerId, Swarm, TransportError, identity};
use model::Address;
use proto::{Entrance, Input};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::address::{from_libp2p, to_multiaddr, to_socket};
use crate::driver::Core;
use crate::gate::{Gate, Opened};
use crate::keys::Keys;
use crate::link::{FrameStream, LinkEvent, Room};
use crate::transport;

/// A connection without its stream is closed after this, and so is one that nothing uses.
pub(crate) const IDLE_TIME: Duration = Duration::from_secs(20);

/// Connections per peer: both may dial at once, on two networks.
const PER_PEER: u32 = 4;

/// Connections that have not passed the handshakes yet.
const PENDING_INCOMING: u32 = 32;

/// How long a swarm that ends waits for what is queued.
const GOODBYE_TIME: Duration = Duration::from_secs(2);

/// What differs between swarms.
pub(crate) struct Limits {
    /// Dials under way.
    pub(crate) pending_outgoing: u32,
    /// Connections of those who came, if they are counted apart.
    pub(crate) incoming: Option<u32>,
    /// All connections.
    pub(crate) established: u32,
    /// Streams that a peer may have begun to open and not named yet, per connection.
    pub(crate) negotiating: usize,
    /// What one stream may hold.
    pub(crate) room: Room,
}

/// A behaviour with a gate in it.
pub(crate) trait Gated: NetworkBehaviour {
    fn gate(&mut self) -> &mut Gate;
}

/// A swarm cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the network could not be started")]
pub(crate) struct BuildError;

/// A swarm, and the peers that have a stream in it.
pub(crate) struct Host<B: Gated> {
    pub(crate) swarm: Swarm<B>,
    core: Core,
    keys: Keys,
    peers: BTreeMap<PeerId, Peer>,
    room: Room,
    /// What the core is told when a peer is gone.
    farewell: Box<dyn Fn(model::PeerId) -> Input + Send>,
    /// What streams report, for [`Self::on_link`].
    pub(crate) links: mpsc::UnboundedReceiver<LinkEvent>,
    reports: mpsc::UnboundedSender<LinkEvent>,
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

struct Used {
    stream: FrameStream,
    drained: bool,
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

impl<B: Gated> Host<B> {
    pub(crate) fn new(
        seed: &[u8; 32],
        limits: Limits,
        core: Core,
        farewell: impl Fn(model::PeerId) -> Input + Send + 'static,
        behaviour: impl FnOnce(connection_limits::Behaviour) -> Option<B>,
    ) -> Result<Self, BuildError> {
        let mut seed = Zeroizing::new(*seed);
        let keypair =
            identity::Keypair::ed25519_from_bytes(seed.as_mut_slice()).map_err(|_| BuildError)?;
        let keys = Keys::default();
        let transport = transport::build(&keypair, keys.clone()).map_err(|_| BuildError)?;
        let counted = ConnectionLimits::default()
            .with_max_pending_incoming(Some(PENDING_INCOMING))
            .with_max_pending_outgoing(Some(limits.pending_outgoing))
            .with_max_established_incoming(limits.incoming)
            .with_max_established(Some(limits.established))
            .with_max_established_per_peer(Some(PER_PEER));
        let behaviour = behaviour(connection_limits::Behaviour::new(counted)).ok_or(BuildError)?;
        let config = swarm::Config::with_tokio_executor()
            .with_idle_connection_timeout(IDLE_TIME)
            .with_max_negotiating_inbound_streams(limits.negotiating);
        let (reports, links) = mpsc::unbounded_channel();
        Ok(Self {
            swarm: Swarm::new(transport, behaviour, keypair.public().to_peer_id(), config),
            core,
            keys,
            peers: BTreeMap::new(),
            room: limits.room,
            farewell: Box::new(farewell),
            links,
            reports,
        })
    }

    pub(crate) fn gate(&mut self) -> &mut Gate {
        self.swarm.behaviour_mut().gate()
    }

    /// Listens there, or on another port if that one is taken.
    pub(crate) fn listen(
        &mut self,
        on: SocketAddr,
    ) -> Result<ListenerId, TransportError<io::Error>> {
        let any = SocketAddr::new(on.ip(), 0);
        let wanted = if is_free(on) { on } else { any };
        self.swarm
            .listen_on(to_multiaddr(wanted))
            .or_else(|_| self.swarm.listen_on(to_multiaddr(any)))
    }

    /// A port is open: who comes through it needs this key.
    pub(crate) fn open_door(&mut self, port: u16, key: [u8; 32], entrance: Entrance) {
        self.keys.open_door(port, key);
        self.gate().open_door(port, entrance);
    }

    pub(crate) fn close_door(&mut self, port: u16) {
        self.keys.close_door(port);
        self.gate().close_door(port);
    }

    /// Dials a peer. None if there is nowhere to dial. A second dial of a peer would take the key of the first one away.
    pub(crate) fn dial(
        &mut self,
        peer: PeerId,
        addresses: &[Address],
        key: [u8; 32],
        entrance: Entrance,
    ) -> Option<ConnectionId> {
        let addresses = addresses.iter().filter_map(to_socket).map(to_multiaddr);
        let addresses: Vec<_> = addresses.collect();
        if addresses.is_empty() {
            return None;
        }
        self.keys.dial(peer, key);
        self.gate().expect(peer, entrance);
        let dial = DialOpts::peer_id(peer)
            .condition(PeerCondition::Always)
            .addresses(addresses)
            .allocate_new_port()
            .build();
        let connection = dial.connection_id();
        if self.swarm.dial(dial).is_err() {
            self.forget_dial(&peer);
            return None;
        }
        Some(connection)
    }

    pub(crate) fn forget_dial(&mut self, peer: &PeerId) {
        self.keys.forget_dial(peer);
        self.gate().forget_dial(peer);
    }

    /// Sends a frame to a peer. Who takes too little is cut.
    pub(crate) fn send(&mut self, id: PeerId, frame: Vec<u8>) {
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
    pub(crate) fn close(&mut self, id: PeerId) {
        match self.peers.get_mut(&id) {
            Some(peer) => {
                peer.end_streams();
                // Its connections may have closed before.
                self.part(id);
            }
            None => self.cut(id),
        }
    }

    /// Closes the connections of a peer, whatever is queued, and reads nothing more.
    pub(crate) fn cut(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.end_streams();
        }
        let _not_connected = self.swarm.disconnect_peer_id(id);
        self.part(id);
    }

    pub(crate) fn on_link(&mut self, event: &LinkEvent) {
        let (LinkEvent::Ended(connection) | LinkEvent::Drained(connection)) = event;
        let owner = |(_, peer): &(&PeerId, &mut Peer)| peer.streams.contains_key(connection);
        let Some((id, peer)) = self.peers.iter_mut().find(owner) else {
            return;
        };
        let id = *id;
        if let (LinkEvent::Drained(_), Some(used)) = (event, peer.streams.get_mut(connection)) {
            used.drained = true;
        }
        self.let_go(id);
    }

    /// Closes the connections of a peer. What they sent on them is read as far as it is here.
    fn let_go(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.closing = true;
        }
        let _not_connected = self.swarm.disconnect_peer_id(id);
        self.part(id);
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
            self.core.input((self.farewell)(peer));
        }
    }

    /// A connection has its stream. Gives whose it is, and whether it is the first; none if they are on their way out.
    pub(crate) fn meet(&mut self, opened: &Opened) -> Option<(model::PeerId, bool)> {
        let peer = from_libp2p(&opened.peer)?;
        // Connections that have all closed are over, whether or not what came on them has been read to its end.
        if self.peers.get(&opened.peer).is_some_and(|peer| peer.gone) {
            self.forget(opened.peer);
        }
        let known = self.peers.entry(opened.peer).or_default();
        (!known.closing).then_some((peer, known.streams.is_empty()))
    }

    /// Serves the stream of a peer whom the core knows by now. Each frame goes to the core as what `take` makes of it.
    pub(crate) fn serve(
        &mut self,
        opened: Opened,
        take: impl Fn(Vec<u8>) -> Input + Send + 'static,
    ) {
        let stream = FrameStream::start(
            take,
            self.room,
            (opened.connection, opened.stream),
            self.core.clone(),
            self.reports.clone(),
        );
        let used = Used {
            stream,
            drained: false,
        };
        let peer = self.peers.entry(opened.peer).or_default();
        peer.streams.insert(opened.connection, used);
    }

    /// A connection is closed: by us, or by the peer or the network. `left` are those to the same peer.
    pub(crate) fn connection_closed(
        &mut self,
        (id, connection): (PeerId, ConnectionId),
        by_us: bool,
        left: u32,
    ) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        peer.gone = left == 0;
        let used = peer.streams.get_mut(&connection);
        let had_stream = used.is_some();
        // Whoever reads from a connection that we closed ourselves is told nothing of it, and would wait for a silence.
        if let Some(used) = used.filter(|_| by_us) {
            used.drained = true;
        }
        if left > 0 && had_stream {
            self.let_go(id);
        }
        self.part(id);
    }

    /// Lets what is queued out before the swarm goes.
    pub(crate) async fn say_goodbye(mut self) {
        for peer in self.peers.keys().copied().collect::<Vec<_>>() {
            self.close(peer);
        }
        let waiting = async {
            while !self.peers.is_empty() {
                tokio::select! {
                    Some(event) = self.links.recv() => self.on_link(&event),
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

/// Whether nobody listens there: neither another program nor a door of ours. Asked with a socket of our own, because
/// those of libp2p share a port with whoever else is willing to.
fn is_free(on: SocketAddr) -> bool {
    TcpListener::bind(on).is_ok()
}
