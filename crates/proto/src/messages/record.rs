//! One message as it is stored.

use model::{LogId, MemberId, MessageId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::{Entry, Place};
use crate::view::MessageBody;
use crate::wire::{Bytes, Malformed, decode, encode};

/// Everything about one message, as it is stored.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct MessageRecord {
    /// Order, log and seq if it is sealed.
    pub(super) sealed: Option<SealedPlace>,
    /// The place in the queue if it is not.
    pub(super) waiting: u64,
    pub(super) message: [u8; 32],
    pub(super) author: [u8; 32],
    pub(super) audience: u32,
    pub(super) arrival: u64,
    pub(crate) nonce: [u8; 16],
    pub(crate) written_at: u64,
    pub(crate) text: Bytes,
    pub(crate) reply_to: Option<[u8; 32]>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct SealedPlace {
    pub(super) order: u64,
    pub(super) log: [u8; LogId::LEN],
    pub(super) seq: u64,
}

impl MessageRecord {
    /// Reads a record.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        decode(bytes)
    }

    /// The record as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Which message it is.
    pub(crate) fn id(&self) -> MessageId {
        MessageId::from_bytes(self.message)
    }

    /// What the person may look at.
    pub(crate) fn body(self) -> Option<MessageBody> {
        Some(MessageBody {
            author: MemberId::from_bytes(self.author),
            text: crate::view::parse_text(self.text.as_slice())?,
            reply_to: self.reply_to.map(MessageId::from_bytes),
            sent_at: Timestamp::from_millis(self.written_at),
        })
    }

    /// Where it stands and what the index keeps of it.
    pub(crate) fn index(&self) -> Result<(Place, Entry), Malformed> {
        let place = match &self.sealed {
            Some(sealed) => Place::Sealed {
                order: sealed.order,
                log: LogId::from_slice(&sealed.log).ok_or(Malformed)?,
                seq: sealed.seq,
            },
            None => Place::Waiting(self.waiting),
        };
        let entry = Entry {
            message: MessageId::from_bytes(self.message),
            author: MemberId::from_bytes(self.author),
            audience: self.audience,
            arrival: self.arrival,
        };
        Ok((place, entry))
    }
}
