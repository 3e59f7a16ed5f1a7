//! Who may connect, and the one stream of each connection.
//!
//! A peer that dials our door must be on the list of members' peers; behind an invite's door anybody is admitted, but
//! only to the invite. In the swarm of a channel whoever has the key of the door is admitted. The dialler opens one stream
//! on each connection. Streams beyond it are dropped.

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::core::upgrade::ReadyUpgrade;
use libp2p::swarm::behaviour::{ConnectionClosed, DialFailure, FromSwarm, ListenFailure};
use libp2p::swarm::handler::{ConnectionEvent, FullyNegotiatedInbound, FullyNegotiatedOutbound};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, NetworkBehaviour,
    Stream, StreamProtocol, SubstreamProtocol, THandler, THandlerInEvent, THandlerOutEvent,
    ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use proto::Entrance;

use crate::address::from_multiaddr;

/// What we speak on the stream. Both ends are Vigil and have passed the door, so the name tells nobody anything.
const PROTOCOL: StreamProtocol = StreamProtocol::new("/vigil/1");

/// How long the stream's name may take to be agreed on.
const NEGOTIATION_TIME: Duration = Duration::from_secs(10);

/// Connections through doors of invites at any time: people who hold a link, or a scanner that found one.
const INVITED_MAX: usize = 8;

/// Connections from one address that have not passed the handshakes yet: a quarter of all places, so that one machine
/// cannot keep everybody else out.
const PENDING_PER_ADDRESS: usize = 8;

/// Connections from one address through the door of a channel, of the 40 that may come in: a household, and not one
/// machine that takes every place.
const READERS_PER_ADDRESS: usize = 16;

/// How long a peer that broke the rules of a channel is not admitted again. A new peer id costs nothing, so longer would
/// only keep out who was wronged.
const REFUSAL_TIME: Duration = Duration::from_secs(600);

/// Peers that are refused at a time. The oldest goes.
const REFUSED_MAX: usize = 128;

/// The peer may not connect. It is told nothing.
#[derive(Debug, thiserror::Error)]
#[error("the peer may not connect here")]
struct Refused;

/// A connection has its stream.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) peer: PeerId,
    pub(crate) connection: ConnectionId,
    pub(crate) entrance: Entrance,
    pub(crate) stream: Stream,
}

/// The behaviour of every swarm.
#[derive(Default)]
pub(crate) struct Gate {
    allowed: HashSet<PeerId>,
    /// Whether there is no list: the key of the door is enough.
    everybody: bool,
    refused: VecDeque<(PeerId, Instant)>,
    readers: HashMap<ConnectionId, IpAddr>,
    doors: HashMap<u16, Entrance>,
    dials: HashMap<PeerId, Entrance>,
    entrances: HashMap<ConnectionId, (PeerId, Entrance)>,
    knocking: HashMap<ConnectionId, IpAddr>,
    opened: VecDeque<Opened>,
}

impl Gate {
    /// The gate of a channel, whose readers are on no list.
    pub(crate) fn without_list() -> Self {
        Self {
            everybody: true,
            ..Self::default()
        }
    }

    /// Admits this peer no more for a while.
    pub(crate) fn refuse(&mut self, peer: PeerId) {
        if self.refused.len() >= REFUSED_MAX {
            self.refused.pop_front();
        }
        self.refused.push_back((peer, Instant::now()));
    }

    fn is_refused(&self, peer: &PeerId) -> bool {
        let mut refused = self.refused.iter();
        refused.any(|(other, since)| other == peer && since.elapsed() < REFUSAL_TIME)
    }

    /// Whether the door of a channel takes one more connection from this address.
    fn admit_reader(&mut self, id: ConnectionId, remote: &Multiaddr) -> bool {
        let Some(from) = from_multiaddr(remote).map(|socket| socket.ip()) else {
            return false;
        };
        let same = self.readers.values().filter(|ip| **ip == from).count();
        if same < READERS_PER_ADDRESS {
            self.readers.insert(id, from);
        }
        same < READERS_PER_ADDRESS
    }

    pub(crate) fn allow(&mut self, peers: HashSet<PeerId>) {
        self.allowed = peers;
    }

    pub(crate) fn open_door(&mut self, port: u16, entrance: Entrance) {
        self.doors.insert(port, entrance);
    }

    pub(crate) fn close_door(&mut self, port: u16) {
        self.doors.remove(&port);
    }

    pub(crate) fn expect(&mut self, peer: PeerId, entrance: Entrance) {
        self.dials.insert(peer, entrance);
    }

    pub(crate) fn forget_dial(&mut self, peer: &PeerId) {
        self.dials.remove(peer);
    }

    /// Whether every connection of this peer came in as a member's, and it is a member's no longer.
    pub(crate) fn is_unwelcome(&self, peer: &PeerId) -> bool {
        let mut entrances = self.entrances.values().filter(|(known, _)| known == peer);
        !self.allowed.contains(peer) && entrances.all(|(_, entrance)| *entrance == Entrance::Door)
    }

    fn admit(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        entrance: Entrance,
    ) -> Result<Handler, ConnectionDenied> {
        let allowed = match entrance {
            Entrance::Door => {
                (self.everybody || self.allowed.contains(&peer)) && !self.is_refused(&peer)
            }
            Entrance::Invite(_) => {
                let invited =
                    |(_, entrance): &&(PeerId, Entrance)| matches!(entrance, Entrance::Invite(_));
                // Members who came in this way stay, and take no place from the next.
                let strangers = self.entrances.values().filter(invited);
                strangers
                    .filter(|(known, _)| !self.allowed.contains(known))
                    .count()
                    < INVITED_MAX
            }
        };
        if !allowed || crate::address::from_libp2p(&peer).is_none() {
            return Err(ConnectionDenied::new(Refused));
        }
        self.entrances.insert(id, (peer, entrance));
        Ok(Handler::default())
    }
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = Handler;
    type ToSwarm = Opened;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        let from = from_multiaddr(remote).ok_or_else(|| ConnectionDenied::new(Refused))?;
        let same = self.knocking.values().filter(|ip| **ip == from.ip());
        if same.count() >= PENDING_PER_ADDRESS {
            return Err(ConnectionDenied::new(Refused));
        }
        self.knocking.insert(id, from.ip());
        Ok(())
    }

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.knocking.remove(&id);
        let door = from_multiaddr(local).and_then(|socket| self.doors.get(&socket.port()));
        let entrance = *door.ok_or_else(|| ConnectionDenied::new(Refused))?;
        let handler = self.admit(id, peer, entrance)?;
        if self.everybody && !self.admit_reader(id, remote) {
            self.entrances.remove(&id);
            return Err(ConnectionDenied::new(Refused));
        }
        Ok(handler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        _address: &Multiaddr,
        _role: Endpoint,
        _port: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let entrance = *self
            .dials
            .get(&peer)
            .ok_or_else(|| ConnectionDenied::new(Refused))?;
        // Whom we dial with an invite need not be a member yet.
        Ok(Handler {
            ask: true,
            ..self.admit(id, peer, entrance)?
        })
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let FromSwarm::ConnectionClosed(ConnectionClosed { connection_id, .. }) = event {
            self.entrances.remove(&connection_id);
            self.readers.remove(&connection_id);
        }
        if let FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) = event {
            self.knocking.remove(&connection_id);
            self.entrances.remove(&connection_id);
            self.readers.remove(&connection_id);
        }
        if let FromSwarm::DialFailure(DialFailure { connection_id, .. }) = event {
            self.entrances.remove(&connection_id);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        stream: THandlerOutEvent<Self>,
    ) {
        if let Some((_, entrance)) = self.entrances.get(&connection) {
            self.opened.push_back(Opened {
                peer,
                connection,
                entrance: *entrance,
                stream,
            });
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Opened, THandlerInEvent<Self>>> {
        match self.opened.pop_front() {
            Some(opened) => Poll::Ready(ToSwarm::GenerateEvent(opened)),
            None => Poll::Pending,
        }
    }
}

/// One connection: opens or awaits its one stream.
#[derive(Default)]
pub(crate) struct Handler {
    ask: bool,
    taken: bool,
    stream: Option<Stream>,
}

impl Handler {
    fn take(&mut self, stream: Stream) {
        if !self.taken {
            self.taken = true;
            self.stream = Some(stream);
        }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Stream;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ()).with_timeout(NEGOTIATION_TIME)
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, (), Self::ToBehaviour>> {
        if std::mem::take(&mut self.ask) {
            let protocol = SubstreamProtocol::new(ReadyUpgrade::new(PROTOCOL), ())
                .with_timeout(NEGOTIATION_TIME);
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        match self.stream.take() {
            Some(stream) => Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(stream)),
            None => Poll::Pending,
        }
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<'_, Self::InboundProtocol, Self::OutboundProtocol>,
    ) {
        // Without a stream the connection is idle, and closed by the swarm's timeout.
        if let ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
            protocol: stream,
            ..
        })
        | ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
            protocol: stream,
            ..
        }) = event
        {
            self.take(stream);
        }
    }
}
