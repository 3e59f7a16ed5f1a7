//! What is written down of publishing with others.
//!
//! ```text
//! record    u8 version ‖ (cell 32)? ‖ (us 32)? ‖ publisher<V> ‖ (cell 32 ‖ member 32 ‖ key 32)<V>
//!           ‖ ((member 32)? ‖ u32 epoch ‖ chain key<V> ‖ topic secret<V>)<V> ‖ (member 32 ‖ u64 since ‖ message<V>)<V>
//! ```

use std::fmt;

use channel::Publisher;
use crypto::VerifyingKey;
use model::{CellId, MemberId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::early::Early;
use super::{Publishing, epoch_keys};
use crate::config::{EARLY_MAX, PUBLISHER_KEYS};
use crate::wire::{Malformed, SecretBytes, decode, encode};

const VERSION: u8 = 1;

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PublishingWire {
    version: u8,
    cell: Option<[u8; 32]>,
    me: Option<[u8; 32]>,
    offered: SecretBytes,
    keys: Vec<KeyWire>,
    epochs: Vec<EpochWire>,
    early: Vec<EarlyWire>,
}

#[derive(Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct KeyWire {
    cell: [u8; 32],
    member: [u8; 32],
    key: [u8; 32],
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct EpochWire {
    from: Option<[u8; 32]>,
    epoch: u32,
    chain: SecretBytes,
    topic: SecretBytes,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct EarlyWire {
    from: [u8; 32],
    since: u64,
    message: SecretBytes,
}

impl fmt::Debug for EpochWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EpochWire({})", self.epoch)
    }
}

impl fmt::Debug for EarlyWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EarlyWire({} bytes)", self.message.as_slice().len())
    }
}

impl Publishing {
    pub(in crate::channels) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let offered = self.offered.as_ref().map(Publisher::to_bytes);
        let epochs = self.epochs.iter().map(|(from, keys)| EpochWire {
            from: from.map(|member| *member.as_bytes()),
            epoch: keys.epoch(),
            chain: keys.chain().expose().as_slice().into(),
            topic: keys.topic().expose().as_slice().into(),
        });
        let early = self.early.iter().map(|one| EarlyWire {
            from: *one.from.as_bytes(),
            since: one.since.as_millis(),
            message: one.message.as_slice().into(),
        });
        let keys = self.keys.iter().map(|((cell, member), key)| KeyWire {
            cell: *cell.as_bytes(),
            member: *member.as_bytes(),
            key: key.to_bytes(),
        });
        Zeroizing::new(encode(&PublishingWire {
            version: VERSION,
            cell: self.cell.map(|(cell, _)| *cell.as_bytes()),
            me: self.cell.map(|(_, me)| *me.as_bytes()),
            offered: offered.as_ref().map_or(&b""[..], |bytes| bytes).into(),
            keys: keys.collect(),
            epochs: epochs.collect(),
            early: early.collect(),
        }))
    }

    pub(in crate::channels) fn restore(
        bytes: &[u8],
        origin: channel::Origin,
    ) -> Result<Self, Malformed> {
        let wire: PublishingWire = decode(bytes)?;
        if wire.version != VERSION
            || wire.keys.len() > PUBLISHER_KEYS
            || wire.early.len() > EARLY_MAX
        {
            return Err(Malformed);
        }
        let cell = match (wire.cell, wire.me) {
            (Some(cell), Some(me)) => Some((CellId::from_bytes(cell), MemberId::from_bytes(me))),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(Malformed),
        };
        let mut read = Self {
            cell,
            stirred: true,
            ..Self::default()
        };
        if !wire.offered.as_slice().is_empty() {
            let offered = Publisher::restore(wire.offered.as_slice(), origin);
            read.offered = Some(offered.map_err(|_| Malformed)?);
        }
        for one in wire.keys {
            let who = (
                CellId::from_bytes(one.cell),
                MemberId::from_bytes(one.member),
            );
            let key = VerifyingKey::parse(&one.key).map_err(|_| Malformed)?;
            read.keys.insert(who, key);
        }
        for one in wire.epochs {
            let keys = epoch_keys(one.epoch, &one.chain, &one.topic).ok_or(Malformed)?;
            read.epochs.insert(one.from.map(MemberId::from_bytes), keys);
        }
        for one in wire.early {
            read.early.push(Early {
                from: MemberId::from_bytes(one.from),
                since: Timestamp::from_millis(one.since),
                message: Zeroizing::new(one.message.as_slice().to_vec()),
            });
        }
        Ok(read)
    }
}
