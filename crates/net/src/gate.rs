//! Who may connect, and the one stream of each connection.
//!
//! A peer that dials our door must be on the list of members' peers; behind an invite's door anybody is admitted, but
//! only to the invite. The dialler opens one stream on each connection. Streams beyond it are dropped.

use std::collections::{HashMap, HashSet, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::Duration;

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
    doors: HashMap<u16, Entrance>,
    dials: HashMap<PeerId, Entrance>,
    entrances: HashMap<ConnectionId, (PeerId, Entrance)>,
    knocking: HashMap<ConnectionId, IpAddr>,
    opened: VecDeque<Opened>,
}

impl Gate {
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
            Entrance::Door => self.allowed.contains(&peer),
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
        _remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.knocking.remove(&id);
        let door = from_multiaddr(local).and_then(|socket| self.doors.get(&socket.port()));
        let entrance = *door.ok_or_else(|| ConnectionDenied::new(Refused))?;
        self.admit(id, peer, entrance)
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
        }
        if let FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) = event {
            self.knocking.remove(&connection_id);
            self.entrances.remove(&connection_id);
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
