//! Everything that comes into the core.

use channel::ChannelId;
use model::{Address, CellId, DoorId, InviteId, PeerId};

use zeroize::Zeroizing;

use crate::changes::Key;
use crate::command::{Command, RequestId};

/// What the outside world tells the node.
#[derive(Clone, Debug)]
pub enum Input {
    /// The person wants something done. The answer is an `Event::Answer` with the same request id.
    Command(RequestId, Command),
    /// The content of one frame arrived. It is untrusted. At most [`crate::FRAME_LIMIT`] bytes.
    Frame(Link, Vec<u8>),
    /// An authenticated connection to a peer is ready for frames. Comes again if the peer has several connections; the
    /// link is then one and the same.
    PeerConnected(Link, Entrance),
    /// The last connection to a peer closed.
    PeerDisconnected(Link),
    /// An `Output::Connect` reached nobody.
    ConnectFailed(Link),
    /// A door of ours is open at these addresses (all of them, every time they change).
    Listening {
        /// Whose swarm.
        cell: CellId,
        /// Which door.
        door: DoorId,
        /// Where it can be reached.
        addresses: Vec<Address>,
    },
    /// A LAN beacon arrived from this address (without its port). It is untrusted.
    Beacon {
        /// Which cell's swarm heard it.
        cell: CellId,
        /// Who sent it, `/ip4/…` or `/ip6/…`.
        from: Address,
        /// The datagram.
        bytes: Vec<u8>,
    },
    /// What an `Output::Read` found: none if the record is not there, or not what was written.
    Read(Key, Option<Zeroizing<Vec<u8>>>),
    /// Something from the swarm of a channel.
    Channel(ChannelId, ChannelInput),
    /// The deadline of the last `Output::Timeout` passed.
    Timeout,
}

/// Where the port of one topic of a channel is open. Nowhere, if it could not be opened or is not yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TopicDoor {
    /// The name of the topic.
    pub topic: [u8; 32],
    /// Every address of it.
    pub addresses: Vec<Address>,
}

/// What the swarm of one channel tells the node. Peers here are whoever has a link; nobody knows who they are.
#[derive(Clone, Debug)]
pub enum ChannelInput {
    /// Its ports are open there (all of them, every time they change), that of the newest topic first.
    Listening(Vec<TopicDoor>),
    /// A connection to a peer who has the door key is ready for packs. Once per peer, however many connections there are.
    Connected(PeerId),
    /// The last connection to a peer closed.
    Disconnected(PeerId),
    /// A pack came over gossip. It is untrusted. It is passed on only after [`crate::ChannelOutput::Verdict`] says so.
    Heard {
        /// The neighbour who passed it on.
        peer: PeerId,
        /// On which topic.
        topic: [u8; 32],
        /// Names it in the verdict.
        ticket: u64,
        /// The pack, at most [`crate::GOSSIP_LIMIT`] bytes.
        pack: Vec<u8>,
    },
    /// A pack that a peer sent to us alone. It is untrusted. At most [`crate::PACK_LIMIT`] bytes.
    Pack(PeerId, Vec<u8>),
}

/// One connection as the core sees it: a peer, in the swarm of one cell.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Link {
    /// Whose swarm of ours.
    pub cell: CellId,
    /// Who is at the other end; the transport has proven it.
    pub peer: PeerId,
}

/// Which way a connection came about.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Entrance {
    /// Through the members' door, ours or theirs: the peer is one of the allowed peers.
    Door,
    /// Through the door of an invite: anybody who holds the link.
    Invite(InviteId),
}
