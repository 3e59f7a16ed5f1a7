//! Which door key a connection is wrapped in. Shared between a swarm and its transport.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libp2p::PeerId;
use libp2p::core::ConnectedPoint;
use libp2p::pnet::PreSharedKey;
use zeroize::Zeroizing;

use crate::address::{from_multiaddr, named_peer};

type Key = Zeroizing<[u8; 32]>;

/// Keys by our port for who comes, by peer for whom we dial.
#[derive(Clone, Default)]
pub(crate) struct Keys(Arc<Mutex<Table>>);

#[derive(Default)]
struct Table {
    doors: HashMap<u16, Key>,
    dials: HashMap<PeerId, Key>,
}

impl Keys {
    pub(crate) fn open_door(&self, port: u16, key: [u8; 32]) {
        self.table().doors.insert(port, Zeroizing::new(key));
    }

    pub(crate) fn close_door(&self, port: u16) {
        self.table().doors.remove(&port);
    }

    pub(crate) fn dial(&self, peer: PeerId, key: [u8; 32]) {
        self.table().dials.insert(peer, Zeroizing::new(key));
    }

    pub(crate) fn forget_dial(&self, peer: &PeerId) {
        self.table().dials.remove(peer);
    }

    /// The key of one connection; none if it came through no door of ours.
    pub(crate) fn of(&self, point: &ConnectedPoint) -> Option<PreSharedKey> {
        let table = self.table();
        let key = match point {
            ConnectedPoint::Dialer { address, .. } => table.dials.get(&named_peer(address)?)?,
            ConnectedPoint::Listener { local_addr, .. } => {
                table.doors.get(&from_multiaddr(local_addr)?.port())?
            }
        };
        Some(PreSharedKey::new(**key))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // No code that holds the lock can leave the table half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
