//! Everything that goes out of the core.

use std::collections::BTreeSet;
use std::net::IpAddr;

use channel::ChannelId;
use crypto::Secret;
use model::{Address, CellId, DoorId, Instant, PeerId};

use crate::changes::{Changes, Key};
use crate::event::Event;
use crate::input::{Entrance, Link};

/// What the node asks the outside world to do, in this order.
#[derive(Debug)]
#[must_use]
pub enum Output {
    /// Write these changes durably before carrying out any later output.
    Persist(Changes),
    /// Read this record, as it is after all that was persisted before. Answered by `Input::Read`.
    Read(Key),
    /// Run a swarm for this cell, with this Ed25519 key (seed) and no other. Replaces the cell's swarm if there is one.
    Open {
        /// The cell.
        cell: CellId,
        /// Seed of the swarm's Ed25519 key.
        peer_key: Secret<32>,
    },
    /// Close every connection and port of this cell and forget its swarm.
    Close {
        /// The cell.
        cell: CellId,
    },
    /// Open a listening port that is silent to whoever lacks `key`. Answered by `Input::Listening`.
    Listen {
        /// The cell whose swarm listens.
        cell: CellId,
        /// Names the door.
        door: DoorId,
        /// Its pre-shared key.
        key: Secret<32>,
        /// What connections through it are. `Door` admits allowed peers only.
        entrance: Entrance,
        /// Where.
        on: ListenOn,
    },
    /// Close a listening port. Connections that came through it stay.
    StopListen {
        /// The cell whose swarm listens.
        cell: CellId,
        /// Names the door.
        door: DoorId,
    },
    /// From here on exactly these peers may pass through doors of this cell; connections of others are closed, except
    /// through an invite's.
    Allow {
        /// The cell.
        cell: CellId,
        /// Peers of its current members.
        peers: BTreeSet<PeerId>,
    },
    /// Dial a peer at these addresses, with this door key. Ends in `Input::PeerConnected` or `Input::ConnectFailed`.
    Connect {
        /// Whom, in which swarm.
        link: Link,
        /// Where they said they are. They may have lied.
        addresses: Vec<Address>,
        /// The key of their door.
        key: Secret<32>,
        /// What the connection is for.
        entrance: Entrance,
    },
    /// Send the content of one frame. If the peer is too slow, close the link; sync repairs what was lost.
    Transmit(Link, Vec<u8>),
    /// Close every connection to this peer.
    Disconnect(Link, DisconnectReason),
    /// Send this datagram to the LAN.
    Beacon {
        /// From which cell's swarm.
        cell: CellId,
        /// The datagram.
        bytes: Vec<u8>,
    },
    /// Neither send datagrams to the LAN any more, nor listen for them, until the next [`Self::Beacon`].
    StopBeacon {
        /// For which cell.
        cell: CellId,
    },
    /// Something for the swarm of a channel.
    Channel(ChannelId, ChannelOutput),
    /// Tell the person or answer a command.
    Event(Event),
    /// Nothing more to do until this instant or the next input.
    Timeout(Instant),
}

/// What the swarm of one channel is to do. It is a swarm of its own: no port, key or connection is shared with a cell or
/// with another channel.
#[derive(Debug)]
#[must_use]
pub enum ChannelOutput {
    /// Run a swarm for this channel, with this Ed25519 key (seed) and no other. Replaces its swarm if there is one.
    Open(Secret<32>),
    /// From here on listen here, and take part in exactly these topics. Comes again when they change: then the port stays
    /// open if it can, and connections stay. Answered by [`crate::ChannelInput::Listening`].
    Door {
        /// The address of the interface, or the unspecified one for all.
        ip: IpAddr,
        /// The topics, the newest first: one, or two for a while after an epoch was closed.
        topics: Vec<ChannelTopic>,
    },
    /// Close every connection and port and forget the swarm.
    Close,
    /// Dial a peer at these addresses, with this door key. Ends in [`crate::ChannelInput::Connected`] or in nothing; the
    /// core dials again in its own time.
    Dial {
        /// Whom. A peer with another key is not the one.
        peer: PeerId,
        /// Where they are said to be. It may be a lie.
        addresses: Vec<Address>,
        /// The key of their door.
        key: Secret<32>,
    },
    /// Close every connection to this peer, and admit it no more for a while: it broke the rules.
    Refuse(PeerId),
    /// Close every connection to this peer.
    Disconnect(PeerId),
    /// Give a pack to the neighbours on a topic, who pass it on.
    Spread {
        /// On which topic.
        topic: [u8; 32],
        /// The pack.
        pack: Vec<u8>,
    },
    /// Send a pack to one peer. If the peer is too slow, close the connection; catching up repairs what was lost.
    Send(PeerId, Vec<u8>),
    /// What to do with a pack that was heard. Each is answered once, unless its swarm was closed.
    Verdict {
        /// Which pack.
        ticket: u64,
        /// What to do.
        verdict: Verdict,
    },
}

/// One topic of a channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChannelTopic {
    /// Its name among neighbours. It tells nothing to who has no link.
    pub id: [u8; 32],
    /// The pre-shared key of doors for readers of this epoch.
    pub key: Secret<32>,
    /// The TCP port, 0 for any: where links say that it is. If it is taken, the driver takes another.
    pub port: u16,
}

/// What to do with a pack that was heard over gossip.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Verdict {
    /// Pass it on: it is genuine, new, and durable here.
    Accept,
    /// Do not pass it on, and hold it against nobody: we have it already, or cannot judge it.
    Ignore,
    /// Do not pass it on, and think less of the neighbour: no honest reader passes this on.
    Reject,
}

/// Where to open a port. Port 0 lets the system choose.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListenOn {
    /// The address of the interface, or the unspecified one for all.
    pub ip: IpAddr,
    /// The TCP port. If it is taken, the driver takes another.
    pub port: u16,
}

/// Why the node closes a link. Told to nobody outside this device.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum DisconnectReason {
    /// The frame could not be decoded, or broke a rule of the protocol.
    BadFrame,
    /// The peer is not a member, or no longer.
    NotAMember,
    /// The invite is used up, expired, withdrawn, or the handshake failed.
    InviteOver,
    /// The peer sent more than a limit allows.
    TooMuch,
    /// We go offline, lock or leave.
    Closing,
}
