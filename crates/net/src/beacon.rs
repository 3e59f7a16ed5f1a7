//! The LAN beacon: small datagrams to a multicast group, in and out. What they say is the core's (PROTOCOL §5).

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use model::{Address, CellId};
use proto::Input;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

use crate::driver::Core;

/// Group and port of our own choosing in the block for organisations' own use (RFC 2365 §6.1).
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 86, 71);
const PORT: u16 = 18671;

/// Beacons are far smaller. What is longer is cut, and then refused by the core.
const DATAGRAM: usize = 512;

/// Datagrams that are passed on per second: a cell of 50 sends five.
const PER_SECOND: u32 = 64;

/// A socket in the group, and the task that listens on it.
pub(crate) struct Beacon {
    socket: std::sync::Arc<UdpSocket>,
    listening: JoinHandle<()>,
}

impl Beacon {
    /// Joins the group on the interface with this address.
    pub(crate) fn start(cell: CellId, on: IpAddr, core: Core) -> io::Result<Self> {
        let interface = match on {
            IpAddr::V4(ip) => ip,
            IpAddr::V6(_) => Ipv4Addr::UNSPECIFIED,
        };
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        // Several profiles on one machine, and several cells in one profile, listen side by side.
        socket.set_reuse_address(true)?;
        #[cfg(unix)]
        socket.set_reuse_port(true)?;
        socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)).into())?;
        socket.join_multicast_v4(&GROUP, &interface)?;
        socket.set_multicast_if_v4(&interface)?;
        socket.set_multicast_ttl_v4(1)?;
        socket.set_nonblocking(true)?;
        let socket = std::sync::Arc::new(UdpSocket::from_std(socket.into())?);
        let listening = tokio::spawn(listen(cell, std::sync::Arc::clone(&socket), core));
        Ok(Self { socket, listening })
    }

    /// Sends one datagram, if the network takes it now.
    pub(crate) fn send(&self, bytes: &[u8]) {
        if self
            .socket
            .try_send_to(bytes, (GROUP, PORT).into())
            .is_err()
        {
            tracing::debug!("a beacon was not sent");
        }
    }
}

impl Drop for Beacon {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(cell: CellId, socket: std::sync::Arc<UdpSocket>, core: Core) {
    let mut buffer = [0; DATAGRAM];
    let (mut since, mut count) = (Instant::now(), 0);
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else {
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        };
        if since.elapsed() >= Duration::from_secs(1) {
            (since, count) = (Instant::now(), 0);
        }
        count += 1;
        let from = Address::parse(&format!("/ip4/{}", from.ip()));
        if let (true, Ok(from), Some(bytes)) = (count <= PER_SECOND, from, buffer.get(..length)) {
            core.input(Input::Beacon {
                cell,
                from,
                bytes: bytes.to_vec(),
            });
        }
    }
}
