//! What travels between two members: items, packed back to back into frames.
//!
//! ```text
//! frame    ┌──────┬──────┬──────┬───
//!          │ item │ item │ item │ …        at most FRAME_LIMIT bytes; the driver pads to whole KiB
//!          └──────┴──────┴──────┴───
//! item     u8 kind, then its fields
//! ```
//! An item longer than a frame travels as fragments, in order, on one link.

use std::collections::BTreeMap;

use tls_codec::{DeserializeBytes as _, TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::{Bytes, Malformed, encode};
use crate::config::{FRAME_TARGET, TRANSFER_LIMIT, TRANSFERS_PER_PEER};

/// One thing that a member tells another.
#[derive(Clone, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Item {
    /// How far our copies reach.
    #[tls_codec(discriminant = 1)]
    Frontier(Frontier),
    /// One envelope of any log.
    Envelope(Bytes),
    /// One membership operation.
    Operation(Bytes),
    /// One peer card.
    Card(Bytes),
    /// One ack.
    Ack(Bytes),
    /// The answer to a pull ends here; `more` says that there is more to pull.
    PullEnd {
        /// 1 if there is more.
        more: u8,
    },
    /// A part of an item that does not fit in a frame.
    Fragment {
        /// Which transfer on this link.
        transfer: u32,
        /// Which part, from 0.
        index: u16,
        /// How many parts.
        count: u16,
        /// The part.
        bytes: Bytes,
    },
    /// A message of the invite handshake.
    Handshake(Bytes),
    /// We cannot follow your log: remove and add us.
    Rewelcome {
        /// Which of your lives.
        incarnation: [u8; 16],
    },
    /// Give us a piece of an attachment.
    #[tls_codec(discriminant = 16)]
    Want {
        /// Of which message.
        message: [u8; 32],
        /// Which piece, from 0.
        index: u32,
    },
    /// A piece of an attachment, sealed.
    Piece {
        /// Of which message.
        message: [u8; 32],
        /// Which piece.
        index: u32,
        /// The piece; empty if we have it not.
        bytes: Bytes,
    },
}

/// How far somebody's copies of a cell's logs reach, and which membership they know.
#[derive(Clone, Default, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Frontier {
    /// 1 asks for what is missing; 0 only tells.
    pub(crate) pull: u8,
    /// One entry per log.
    pub(crate) entries: Vec<FrontierEntry>,
    /// Membership heads.
    pub(crate) heads: Vec<[u8; 32]>,
}

/// How far a copy of one log reaches.
#[derive(Clone, Copy, Debug, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct FrontierEntry {
    /// Names the log within the cell.
    pub(crate) tag: [u8; 16],
    /// The first seq that is missing.
    pub(crate) next: u64,
    /// The first 16 bytes of the hash of the envelope before it; zeros if `next` is 0.
    pub(crate) head: [u8; 16],
}

/// Packs items into frames, in order.
#[derive(Default)]
pub(crate) struct Packer {
    frames: Vec<Vec<u8>>,
}

impl Packer {
    /// Adds one item. `transfer` numbers the transfers of this link.
    pub(crate) fn push(&mut self, item: &Item, transfer: &mut u32) {
        let bytes = encode(item);
        if bytes.len() <= FRAME_TARGET {
            self.push_bytes(&bytes);
            return;
        }
        // A fragment's own fields take 13 bytes; 64 leaves room for the length's encoding.
        let parts: Vec<&[u8]> = bytes.chunks(FRAME_TARGET - 64).collect();
        let count = u16::try_from(parts.len()).unwrap_or(u16::MAX);
        *transfer = transfer.wrapping_add(1);
        for (index, part) in (0..count).zip(parts) {
            let fragment = Item::Fragment {
                transfer: *transfer,
                index,
                count,
                bytes: part.into(),
            };
            self.push_bytes(&encode(&fragment));
        }
    }

    /// The frames.
    pub(crate) fn finish(self) -> Vec<Vec<u8>> {
        self.frames
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        match self.frames.last_mut() {
            Some(frame) if frame.len() + bytes.len() <= FRAME_TARGET => {
                frame.extend_from_slice(bytes)
            }
            Some(_) | None => self.frames.push(bytes.to_vec()),
        }
    }
}

/// Takes a frame apart into its items.
pub(crate) fn unpack(frame: &[u8]) -> Result<Vec<Item>, Malformed> {
    let mut rest = frame;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (item, after) = Item::tls_deserialize_bytes(rest).map_err(|_| Malformed)?;
        items.push(item);
        rest = after;
    }
    Ok(items)
}

/// Fragments of one peer on their way to becoming items.
#[derive(Default)]
pub(crate) struct Assembly {
    transfers: BTreeMap<u32, Transfer>,
}

struct Transfer {
    next: u16,
    count: u16,
    bytes: Vec<u8>,
}

impl Assembly {
    /// Adds a fragment. Gives the item once it is whole.
    pub(crate) fn push(
        &mut self,
        transfer: u32,
        index: u16,
        count: u16,
        bytes: &[u8],
    ) -> Result<Option<Item>, Malformed> {
        if index == 0 {
            if count < 2
                || self.transfers.len() >= TRANSFERS_PER_PEER
                || self.transfers.contains_key(&transfer)
            {
                return Err(Malformed);
            }
            self.transfers.insert(
                transfer,
                Transfer {
                    next: 0,
                    count,
                    bytes: Vec::new(),
                },
            );
        }
        let Some(open) = self.transfers.get_mut(&transfer) else {
            return Err(Malformed);
        };
        if open.next != index
            || open.count != count
            || open.bytes.len() + bytes.len() > TRANSFER_LIMIT
        {
            return Err(Malformed);
        }
        open.bytes.extend_from_slice(bytes);
        open.next += 1;
        if open.next < count {
            return Ok(None);
        }
        let Some(whole) = self.transfers.remove(&transfer) else {
            return Err(Malformed);
        };
        let item = super::decode(&whole.bytes)?;
        if matches!(item, Item::Fragment { .. }) {
            return Err(Malformed);
        }
        Ok(Some(item))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pack(items: &[Item]) -> Vec<Vec<u8>> {
        let mut packer = Packer::default();
        let mut transfer = 0;
        for item in items {
            packer.push(item, &mut transfer);
        }
        packer.finish()
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "everything but fragments is whole"
    )]
    fn receive(frames: &[Vec<u8>]) -> Result<Vec<Item>, Malformed> {
        let mut assembly = Assembly::default();
        let mut items = Vec::new();
        for frame in frames {
            for item in unpack(frame)? {
                match item {
                    Item::Fragment {
                        transfer,
                        index,
                        count,
                        bytes,
                    } => {
                        items.extend(assembly.push(transfer, index, count, bytes.as_slice())?);
                    }
                    item => items.push(item),
                }
            }
        }
        Ok(items)
    }

    proptest! {
        #[test]
        fn items_arrive_as_they_were_packed(lengths in proptest::collection::vec(0usize..150_000, 0..12)) {
            let items: Vec<Item> = lengths.iter().map(|len| Item::Envelope(vec![7; *len].into())).collect();
            let frames = pack(&items);
            prop_assert!(frames.iter().all(|frame| frame.len() <= FRAME_TARGET));
            prop_assert!(receive(&frames).unwrap() == items);
        }

        #[test]
        fn any_bytes_are_taken_apart_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(items) = unpack(&bytes) {
                let again: Vec<u8> = items.iter().flat_map(encode).collect();
                prop_assert_eq!(again, bytes);
            }
        }
    }

    #[test]
    fn fragments_that_do_not_fit_together_are_refused() {
        let fragment = |transfer, index, count| Item::Fragment {
            transfer,
            index,
            count,
            bytes: vec![1].into(),
        };
        for wrong in [
            vec![fragment(1, 1, 2)],
            vec![fragment(1, 0, 1)],
            vec![fragment(1, 0, 3), fragment(1, 2, 3)],
            vec![fragment(1, 0, 3), fragment(1, 1, 4)],
            (0..=4).map(|transfer| fragment(transfer, 0, 2)).collect(),
        ] {
            let frame: Vec<u8> = wrong.iter().flat_map(encode).collect();
            assert!(receive(&[frame]).is_err());
        }
    }
}
