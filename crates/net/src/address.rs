//! Between the core's words for places and peers and libp2p's.

use std::net::{IpAddr, SocketAddr};

use libp2p::multiaddr::{Multiaddr, Protocol};
use libp2p::{PeerId, identity};
use model::Address;

/// The libp2p name of a peer. `None` if its bytes are no Ed25519 key.
pub(crate) fn to_libp2p(peer: &model::PeerId) -> Option<PeerId> {
    let key = identity::ed25519::PublicKey::try_from_bytes(peer.as_bytes()).ok()?;
    Some(identity::PublicKey::from(key).to_peer_id())
}

/// Our name of a peer. `None` unless its key is Ed25519: we speak to no others.
pub(crate) fn from_libp2p(peer: &PeerId) -> Option<model::PeerId> {
    let multihash: &libp2p::multihash::Multihash<64> = peer.as_ref();
    // The identity multihash (code 0): short keys are their own hash.
    if multihash.code() != 0 {
        return None;
    }
    let key = identity::PublicKey::try_decode_protobuf(multihash.digest()).ok()?;
    Some(model::PeerId::from_bytes(
        key.try_into_ed25519().ok()?.to_bytes(),
    ))
}

/// An IP address and TCP port, if that is all an address holds. Names are never looked up: that would tell a resolver.
pub(crate) fn to_socket(address: &Address) -> Option<SocketAddr> {
    from_multiaddr(&address.expose().parse().ok()?)
}

/// The same for a libp2p address, ignoring the peer it may name.
pub(crate) fn from_multiaddr(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip = ip_of(&parts.next()?)?;
    let Some(Protocol::Tcp(port)) = parts.next() else {
        return None;
    };
    let ends = matches!(parts.next(), None | Some(Protocol::P2p(_)));
    ends.then_some(SocketAddr::new(ip, port))
}

fn ip_of(part: &Protocol<'_>) -> Option<IpAddr> {
    if let Protocol::Ip4(ip) = part {
        return Some(IpAddr::V4(*ip));
    }
    let Protocol::Ip6(ip) = part else { return None };
    Some(IpAddr::V6(*ip))
}

pub(crate) fn to_multiaddr(socket: SocketAddr) -> Multiaddr {
    Multiaddr::from(socket.ip()).with(Protocol::Tcp(socket.port()))
}

/// The address as it stands in peer cards and invites.
pub(crate) fn to_address(socket: SocketAddr) -> Option<Address> {
    Address::parse(&to_multiaddr(socket).to_string()).ok()
}

/// The peer that a dialled address names.
pub(crate) fn named_peer(address: &Multiaddr) -> Option<PeerId> {
    address.iter().find_map(|part| {
        let Protocol::P2p(peer) = part else {
            return None;
        };
        Some(peer)
    })
}

/// Which addresses of a door others may be told. A door on all interfaces is not announced on the loopback one, unless
/// there is nothing else.
pub(crate) fn announced(mut sockets: Vec<SocketAddr>) -> Vec<SocketAddr> {
    if sockets.iter().any(|socket| !socket.ip().is_loopback()) {
        sockets.retain(|socket| !socket.ip().is_loopback());
    }
    sockets.sort_unstable();
    sockets.dedup();
    sockets
}
