//! What is written down of a channel, besides what its reader and its publisher write themselves.
//!
//! ```text
//! kind Channel   "own"        u8 version ‖ peer key 32 ‖ (topic 32 ‖ u16 port)<V> ‖ u64 read ‖ (peer 32 ‖ (address<V>)<V>)<V> ‖ (link<V>)<V>
//!                "state"      channel::Reader
//!                "publisher"  channel::Publisher
//!                "proof"      channel::Equivocation
//!                "publishing" what publishers say to each other (`publishing.rs`)
//! kind Post      seq          channel::PostRecord
//! ```

use std::collections::BTreeMap;

use channel::{ChannelId, Link, Origin, Publisher, Reader};
use crypto::{Rng, Secret};
use model::{Address, PeerId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::held::{Held, Known, Own, State};
use super::publishing::Publishing;
use crate::changes::{Key, RecordKind};
use crate::config::{LINKS_WAITING, READERS_KNOWN};
use crate::node::Now;
use crate::out::Out;
use crate::wire::{Bytes, Malformed, SecretBytes, decode, encode};

const VERSION: u8 = 1;

pub(super) const OWN: &[u8] = b"own";
pub(super) const STATE: &[u8] = b"state";
pub(super) const PUBLISHER: &[u8] = b"publisher";
pub(super) const PROOF: &[u8] = b"proof";
pub(super) const PUBLISHING: &[u8] = b"publishing";

/// The key of one record of a channel.
pub(super) fn key(channel: &ChannelId, name: &[u8]) -> Key {
    Key::new(RecordKind::Channel, *channel.as_bytes(), name)
}

/// The key of one post.
pub(crate) fn post_key(channel: &ChannelId, seq: u64) -> Key {
    Key::new(RecordKind::Post, *channel.as_bytes(), &seq.to_be_bytes())
}

/// The place of a post, out of its key.
pub(super) fn seq_of(key: &Key) -> Option<u64> {
    let name = (key.kind() == RecordKind::Post).then(|| key.name())?;
    Some(u64::from_be_bytes(name.try_into().ok()?))
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct OwnWire {
    version: u8,
    peer_key: SecretBytes,
    ports: Vec<PortWire>,
    read: u64,
    known: Vec<KnownWire>,
    links: Vec<SecretBytes>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PortWire {
    topic: [u8; 32],
    port: u16,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct KnownWire {
    peer: [u8; 32],
    addresses: Vec<Bytes>,
}

/// Writes what is ours of a channel; with `links`, what waits for the charters.
pub(super) fn own_bytes(own: &Own, links: &[Link]) -> Vec<u8> {
    let known = own.known.iter().map(|known| KnownWire {
        peer: *known.peer.as_bytes(),
        addresses: known
            .addresses
            .iter()
            .map(|address| address.expose().as_bytes().into())
            .collect(),
    });
    let ports = own.ports.iter();
    let ports = ports.map(|(topic, port)| PortWire {
        topic: *topic,
        port: *port,
    });
    let links = links.iter().map(|link| link.to_text().as_bytes().into());
    encode(&OwnWire {
        version: VERSION,
        peer_key: own.peer_key.expose().as_slice().into(),
        ports: ports.collect(),
        read: own.read,
        known: known.collect(),
        links: links.collect(),
    })
}

fn read_own(bytes: &[u8]) -> Result<(Own, Vec<Link>), Malformed> {
    let wire: OwnWire = decode(bytes)?;
    let bounded = wire.known.len() <= READERS_KNOWN && wire.links.len() <= LINKS_WAITING;
    if wire.version != VERSION || !bounded {
        return Err(Malformed);
    }
    let known = wire.known.iter().map(|known| {
        let addresses = known.addresses.iter().map(|address| {
            let text = std::str::from_utf8(address.as_slice()).map_err(|_| Malformed)?;
            Address::parse(text).map_err(|_| Malformed)
        });
        Ok(Known {
            peer: PeerId::from_bytes(known.peer),
            addresses: addresses.collect::<Result<_, _>>()?,
        })
    });
    let links = wire.links.iter().map(|link| {
        let text = std::str::from_utf8(link.as_slice()).map_err(|_| Malformed)?;
        Link::parse(text, None).map_err(|_| Malformed)
    });
    let links = links.collect::<Result<Vec<Link>, Malformed>>()?;
    let ports = wire.ports.iter().map(|one| (one.topic, one.port));
    let peer_key = wire.peer_key.as_slice().try_into().map_err(|_| Malformed)?;
    let own = Own {
        peer_key: Secret::from_bytes(peer_key),
        ports: ports.collect(),
        read: wire.read,
        known: known.collect::<Result<_, _>>()?,
    };
    Ok((own, links))
}

/// The records of one channel, as they come from the store.
#[derive(Default)]
pub(super) struct ChannelRecords {
    named: BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>>,
    posts: BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>>,
}

impl ChannelRecords {
    pub(super) fn push(&mut self, key: &Key, value: Vec<u8>) {
        let records = match key.kind() == RecordKind::Post {
            true => &mut self.posts,
            false => &mut self.named,
        };
        records.insert(key.name().to_vec(), Zeroizing::new(value));
    }

    /// Brings the channel back. `is_old` says that the store was put back to an earlier day.
    pub(super) fn restore(
        &self,
        id: ChannelId,
        is_old: bool,
        rng: Rng,
        now: Now,
        out: &mut Out,
    ) -> Result<Held, Malformed> {
        let (own, links) = read_own(self.named.get(OWN).ok_or(Malformed)?)?;
        let origin = if is_old {
            Origin::Backup
        } else {
            Origin::Store
        };
        let publisher = self.named.get(PUBLISHER);
        let publisher = publisher.map(|bytes| Publisher::restore(bytes, origin));
        let fits = !links.is_empty() && links.iter().all(|link| link.channel == id);
        let state = match self.named.get(STATE) {
            None if fits => State::Waiting(links),
            None => return Err(Malformed),
            Some(state) => {
                let posts = self.posts.values().map(|post| post.as_slice());
                let read = Reader::restore(id, state, posts, now.timestamp);
                let (reader, changes) = read.map_err(|_| Malformed)?;
                super::held::persist(&id, changes, out);
                State::Reading(Box::new(reader))
            }
        };
        let mut held = Held::new(id, state, own, rng);
        held.publisher = publisher.transpose().map_err(|_| Malformed)?;
        if let Some(publisher) = held.publisher.as_ref().filter(|_| is_old) {
            // The store says so at one start only.
            let bytes = publisher.to_bytes().to_vec();
            out.changes.put(key(&id, PUBLISHER), bytes);
        }
        if let Some(bytes) = self.named.get(PUBLISHING) {
            held.publishing = Publishing::restore(bytes, origin)?;
        }
        if is_old && held.publishing.offered.is_some() {
            held.persist_publishing(out);
        }
        held.promote(now, out);
        held.proof = self.named.get(PROOF).map(|proof| proof.to_vec());
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_of_a_channel_comes_back_and_nothing_else_is_read() {
        let own = Own {
            peer_key: Secret::from_bytes([3; 32]),
            ports: [([1; 32], 4001), ([2; 32], 4002)].into(),
            read: 7,
            known: vec![Known {
                peer: PeerId::from_bytes([9; 32]),
                addresses: vec![Address::parse("/ip4/192.0.2.1/tcp/4001").unwrap()],
            }],
        };
        let bytes = own_bytes(&own, &[]);
        let (read, links) = read_own(&bytes).unwrap();
        assert_eq!(own_bytes(&read, &links), bytes);
        assert_eq!((&read.ports, read.read), (&own.ports, 7));
        assert_eq!(read.known.len(), 1);
        for cut in 0..bytes.len() {
            assert!(read_own(&bytes[..cut]).is_err());
        }
        assert!(read_own(&[&bytes[..], &[0]].concat()).is_err());
    }
}
