//! One message as it is stored.
//!
//! ```text
//! version 1   option(sealed place) ‖ u64 waiting ‖ message ‖ author ‖ …      begins with the option's byte, 0 or 1
//! version 2   u8 2 ‖ place ‖ message ‖ author ‖ … ‖ option(edited) ‖ u8 deleted
//! version 4   u8 4 ‖ version 2 without its first byte ‖ u64 ends-at
//! version 5   u8 5 ‖ version 4 without its first byte ‖ proof<V>
//! hidden      u8 3, and nothing else: the person removed the message from this device
//! ```

use model::{Folded, LogId, MemberId, MessageId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use super::{Entry, Place, ends_at, print};
use crate::view::{MessageBody, PostOrigin};
use crate::wire::{Malformed, SecretBytes, decode, encode};

const VERSION: u8 = 5;
const FOURTH: u8 = 4;
const SECOND: u8 = 2;
const HIDDEN: u8 = 3;

/// What is stored under the key of a message.
pub(crate) enum StoredMessage {
    /// The message.
    Shown(Box<MessageRecord>),
    /// The person removed it from this device, and it must not come back.
    Hidden,
}

/// Everything about one message, as it is stored.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct MessageRecord {
    pub(super) place: StoredPlace,
    pub(super) message: [u8; 32],
    pub(super) author: [u8; 32],
    pub(super) audience: u32,
    pub(super) arrival: u64,
    /// Makes the message's id while it waits; zeros in what was changed since.
    pub(super) nonce: [u8; 16],
    pub(super) written_at: u64,
    pub(super) text: SecretBytes,
    pub(super) reply_to: Option<[u8; 32]>,
    /// The change that `text` is from.
    pub(super) edited: Option<Edited>,
    /// 1 if it was deleted for everybody; then there is no text.
    pub(super) deleted: u8,
    /// When it goes, in milliseconds; 0 in what was stored before that was said, which lasts as long as by default.
    pub(super) ends_at: u64,
    /// What proves that it is the text of a post; empty if it is not.
    pub(super) proof: SecretBytes,
}

/// A change of a text.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(super) struct Edited {
    pub(super) at: u64,
    pub(super) place: StoredPlace,
}

/// A place as it is stored.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct StoredPlace {
    /// Order, log and seq if it is sealed.
    sealed: Option<SealedPlace>,
    /// The place in the queue if it is not.
    waiting: u64,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SealedPlace {
    order: u64,
    log: [u8; LogId::LEN],
    seq: u64,
}

/// Version 1, which profiles from before there were changes are full of.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct FirstRecord {
    place: StoredPlace,
    message: [u8; 32],
    author: [u8; 32],
    audience: u32,
    arrival: u64,
    nonce: [u8; 16],
    written_at: u64,
    text: SecretBytes,
    reply_to: Option<[u8; 32]>,
}

impl StoredMessage {
    /// Reads a record.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => Ok(Self::Shown(Box::new(decode(rest)?))),
            Some((&FOURTH, rest)) => {
                let record = Zeroizing::new([rest, &[0]].concat());
                Ok(Self::Shown(Box::new(decode(&record)?)))
            }
            Some((&SECOND, rest)) => {
                let record = Zeroizing::new([rest, &0_u64.to_be_bytes(), &[0]].concat());
                Ok(Self::Shown(Box::new(decode(&record)?)))
            }
            Some((&HIDDEN, [])) => Ok(Self::Hidden),
            Some(_) => {
                let first: FirstRecord = decode(bytes)?;
                Ok(Self::Shown(Box::new(MessageRecord {
                    place: first.place,
                    message: first.message,
                    author: first.author,
                    audience: first.audience,
                    arrival: first.arrival,
                    nonce: first.nonce,
                    written_at: first.written_at,
                    text: first.text,
                    reply_to: first.reply_to,
                    edited: None,
                    deleted: 0,
                    ends_at: 0,
                    proof: SecretBytes::from(Vec::new()),
                })))
            }
            None => Err(Malformed),
        }
    }

    /// What stands for a message that the person removed from this device.
    pub(super) fn hidden() -> Vec<u8> {
        vec![HIDDEN]
    }

    /// What the person may look at; nothing if they removed it.
    pub(crate) fn body(self) -> Result<Option<MessageBody>, Malformed> {
        let Self::Shown(record) = self else {
            return Ok(None);
        };
        let deleted = record.deleted != 0;
        // What is only an attachment has no text.
        let text = match record.text.as_slice() {
            [] => None,
            text => Some(crate::view::parse_text(text).ok_or(Malformed)?),
        };
        let forwarded = match record.proof.as_slice() {
            [] => None,
            proof => Some(PostOrigin::read(proof).ok_or(Malformed)?),
        };
        Ok(Some(MessageBody {
            forwarded: forwarded.filter(|_| !deleted),
            author: MemberId::from_bytes(record.author),
            text: text.filter(|_| !deleted),
            deleted,
            reply_to: record.reply_to.map(MessageId::from_bytes),
            sent_at: Timestamp::from_millis(record.written_at),
            edited_at: record
                .edited
                .map(|edited| Timestamp::from_millis(edited.at)),
        }))
    }
}

impl MessageRecord {
    /// The record as bytes.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend(encode(self));
        bytes
    }

    /// Where it stands and what the index keeps of it.
    pub(super) fn index(&self, buffer: &mut Folded) -> Result<(Place, Entry), Malformed> {
        let entry = Entry {
            message: MessageId::from_bytes(self.message),
            author: MemberId::from_bytes(self.author),
            audience: self.audience,
            written_at: self.written_at,
            ends_at: match self.ends_at {
                0 => ends_at(self.written_at, 0),
                stored => stored,
            },
            deleted: self.deleted != 0,
            arrival: self.arrival,
            print: print(&self.text, buffer),
        };
        Ok((self.place.place()?, entry))
    }
}

impl StoredPlace {
    pub(crate) fn place(&self) -> Result<Place, Malformed> {
        Ok(match &self.sealed {
            Some(sealed) => Place::Sealed {
                order: sealed.order,
                log: LogId::from_slice(&sealed.log).ok_or(Malformed)?,
                seq: sealed.seq,
            },
            None => Place::Waiting(self.waiting),
        })
    }
}

impl From<Place> for StoredPlace {
    fn from(place: Place) -> Self {
        match place {
            Place::Sealed { order, log, seq } => Self {
                sealed: Some(SealedPlace {
                    order,
                    log: log.to_bytes(),
                    seq,
                }),
                waiting: 0,
            },
            Place::Waiting(number) => Self {
                sealed: None,
                waiting: number,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{log, sealed};
    use super::*;

    /// A record as profiles hold it that were made before texts could be changed, byte by byte.
    fn first_layout() -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(7_u64.to_be_bytes());
        bytes.extend(log(2).to_bytes());
        bytes.extend(4_u64.to_be_bytes());
        bytes.extend(0_u64.to_be_bytes());
        bytes.extend([9; 32]);
        bytes.extend([2; 32]);
        bytes.extend(3_u32.to_be_bytes());
        bytes.extend(11_u64.to_be_bytes());
        bytes.extend([5; 16]);
        bytes.extend(60_000_u64.to_be_bytes());
        bytes.push(5);
        bytes.extend(b"hello");
        bytes.push(1);
        bytes.extend([8; 32]);
        bytes
    }

    #[test]
    fn records_of_the_first_layout_are_still_read() {
        let StoredMessage::Shown(record) = StoredMessage::from_bytes(&first_layout()).unwrap()
        else {
            panic!("it is hidden")
        };
        let (place, entry) = record.index(&mut Folded::default()).unwrap();
        assert_eq!(place, sealed(7, 2, 4));
        assert_eq!((entry.audience, entry.arrival), (3, 11));
        // What is written from here on is of the new layout and says the same.
        let again = StoredMessage::from_bytes(&record.to_bytes()).unwrap();
        let body = again.body().unwrap().unwrap();
        assert_eq!(body.text.unwrap().expose(), "hello");
        assert_eq!(body.reply_to, Some(MessageId::from_bytes([8; 32])));
        assert_eq!(body.sent_at.as_millis(), 60_000);
        assert_eq!(body.edited_at, None);
    }

    #[test]
    fn a_damaged_record_is_not_taken_for_another_kind() {
        for wrong in [&[][..], &[2], &[3, 0], &[4], &first_layout()[..40]] {
            assert!(StoredMessage::from_bytes(wrong).is_err(), "{wrong:?}");
        }
    }
}
