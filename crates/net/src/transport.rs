//! TCP, the door key, Noise, Yamux: in this order, so that nobody without the key sees more than a random nonce.

use std::io;
use std::time::Duration;

use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::Version;
use libp2p::pnet::PnetConfig;
use libp2p::{PeerId, Transport, identity, noise, tcp, yamux};

use crate::keys::Keys;

/// How long the handshakes of one connection may take. A prober that says nothing holds one of few places this long.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// The transport of one swarm.
pub(crate) fn build(
    keypair: &identity::Keypair,
    keys: Keys,
) -> Result<Boxed<(PeerId, StreamMuxerBox)>, noise::Error> {
    let noise = noise::Config::new(keypair)?;
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    let wrapped = tcp.and_then(move |socket, point| {
        let key = keys.of(&point);
        async move {
            let key = key.ok_or_else(|| io::Error::other("no door has this port"))?;
            PnetConfig::new(key)
                .handshake(socket)
                .await
                .map_err(io::Error::other)
        }
    });
    Ok(wrapped
        .upgrade(Version::V1)
        .authenticate(noise)
        .multiplex(muxer())
        .timeout(HANDSHAKE_TIME)
        .boxed())
}

/// As many streams as would use up what a connection may hold at the smallest window, 256 KiB each: so no window ever
/// grows beyond that, whatever the peer does. A peer needs one stream.
fn muxer() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(4096);
    config
}
