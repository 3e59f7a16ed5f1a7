//! The index of a cell's messages: the one display order, who could read each, and what the person has read.
//!
//! Texts live in the store and pass through here only while they wait to become envelopes. The order is the envelopes'
//! `order` (a Lamport clock over `seen`), then author, incarnation and seq: the same on every device, nothing to grind
//! but a tie.

use std::collections::BTreeMap;

use model::{LogId, MemberId, MessageId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::view::MessageBody;
use crate::wire::{Bytes, Malformed, decode, encode};

/// Where a message stands. Sealed ones come before those that wait.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place {
    /// In an envelope.
    Sealed { order: u64, log: LogId, seq: u64 },
    /// Waiting to become one, in the order of writing.
    Waiting(u64),
}

/// What the index knows of one message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) message: MessageId,
    pub(crate) author: MemberId,
    /// Which of the cell's audiences; meaningless while it waits.
    pub(crate) audience: u32,
    arrival: u64,
}

/// Everything about one message, as it is stored.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct MessageRecord {
    /// Order, log and seq if it is sealed.
    sealed: Option<SealedPlace>,
    /// The place in the queue if it is not.
    waiting: u64,
    message: [u8; 32],
    author: [u8; 32],
    audience: u32,
    arrival: u64,
    pub(crate) nonce: [u8; 16],
    pub(crate) written_at: u64,
    pub(crate) text: Bytes,
    pub(crate) reply_to: Option<[u8; 32]>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SealedPlace {
    order: u64,
    log: [u8; LogId::LEN],
    seq: u64,
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

/// A text with all that its author decided when they wrote it.
pub(crate) struct Written {
    pub(crate) message: MessageId,
    pub(crate) author: MemberId,
    pub(crate) nonce: [u8; 16],
    pub(crate) written_at: u64,
    pub(crate) text: Bytes,
    pub(crate) reply_to: Option<[u8; 32]>,
}

/// The index of one cell's messages.
#[derive(Default)]
pub(crate) struct Messages {
    entries: BTreeMap<Place, Entry>,
    places: BTreeMap<MessageId, Place>,
    arrivals: u64,
    waiting: BTreeMap<u64, Written>,
    next_waiting: u64,
    read_arrival: u64,
    read_place: Option<Place>,
}

/// How far the person has read, as it is stored.
#[derive(Clone, Copy, Default, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct ReadMark {
    arrival: u64,
    order: u64,
}

impl Messages {
    /// Puts back a stored message.
    pub(crate) fn restore(&mut self, record: MessageRecord) -> Result<(), Malformed> {
        let (place, entry) = record.index()?;
        self.arrivals = self.arrivals.max(entry.arrival + 1);
        self.entries.insert(place, entry);
        self.places.insert(entry.message, place);
        if let Place::Waiting(number) = place {
            self.next_waiting = self.next_waiting.max(number + 1);
            let written = Written {
                message: entry.message,
                author: entry.author,
                nonce: record.nonce,
                written_at: record.written_at,
                text: record.text,
                reply_to: record.reply_to,
            };
            self.waiting.insert(number, written);
        }
        Ok(())
    }

    /// Adds a text that waits; gives its record.
    pub(crate) fn wait(&mut self, written: Written) -> MessageRecord {
        let number = self.next_waiting;
        self.next_waiting += 1;
        let record = self.record(&written, Place::Waiting(number), 0);
        self.waiting.insert(number, written);
        record
    }

    /// Texts that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes the oldest text that waits. The caller seals it and calls [`Self::place`].
    pub(crate) fn take_waiting(&mut self) -> Option<Written> {
        let (number, written) = self.waiting.pop_first()?;
        self.entries.remove(&Place::Waiting(number));
        self.places.remove(&written.message);
        Some(written)
    }

    /// Adds a sealed message; gives its record. A message id that is there already is not added again.
    pub(crate) fn place(
        &mut self,
        written: &Written,
        place: Place,
        audience: u32,
    ) -> Option<MessageRecord> {
        if self.places.contains_key(&written.message) {
            return None;
        }
        Some(self.record(written, place, audience))
    }

    fn record(&mut self, written: &Written, place: Place, audience: u32) -> MessageRecord {
        let entry = Entry {
            message: written.message,
            author: written.author,
            audience,
            arrival: self.arrivals,
        };
        self.arrivals += 1;
        self.entries.insert(place, entry);
        self.places.insert(written.message, place);
        let (sealed, waiting) = match place {
            Place::Sealed { order, log, seq } => (
                Some(SealedPlace {
                    order,
                    log: log.to_bytes(),
                    seq,
                }),
                0,
            ),
            Place::Waiting(number) => (None, number),
        };
        MessageRecord {
            sealed,
            waiting,
            message: *written.message.as_bytes(),
            author: *written.author.as_bytes(),
            audience,
            arrival: entry.arrival,
            nonce: written.nonce,
            written_at: written.written_at,
            text: written.text.clone(),
            reply_to: written.reply_to,
        }
    }

    /// Whether there is such a message.
    pub(crate) fn contains(&self, message: &MessageId) -> bool {
        self.places.contains_key(message)
    }

    /// One message.
    pub(crate) fn get(&self, message: &MessageId) -> Option<(Place, Entry)> {
        let place = self.places.get(message)?;
        Some((*place, *self.entries.get(place)?))
    }

    /// The last `limit` messages before `before`, oldest first; nothing if there is no such message.
    pub(crate) fn list(
        &self,
        before: Option<MessageId>,
        limit: usize,
    ) -> Option<Vec<(Place, Entry)>> {
        let newest_first: Vec<_> = match before {
            Some(message) => self
                .entries
                .range(..self.places.get(&message)?)
                .rev()
                .take(limit)
                .collect(),
            None => self.entries.iter().rev().take(limit).collect(),
        };
        Some(
            newest_first
                .into_iter()
                .rev()
                .map(|(place, entry)| (*place, *entry))
                .collect(),
        )
    }

    /// Messages that stand in envelopes `from..to` of a log.
    pub(crate) fn sealed_in(&self, log: LogId, from: u64, to: u64) -> Vec<MessageId> {
        let in_range = |place: &Place| match place {
            Place::Sealed { log: of, seq, .. } => *of == log && (from..to).contains(seq),
            Place::Waiting(_) => false,
        };
        self.entries
            .iter()
            .rev()
            .take_while(|(place, _)| match place {
                // Order grows along a log, so nothing of it stands before `from`.
                Place::Sealed { log: of, seq, .. } => *of != log || *seq >= from,
                Place::Waiting(_) => true,
            })
            .filter(|(place, _)| in_range(place))
            .map(|(_, entry)| entry.message)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect()
    }

    /// Marks everything up to `message` as read. Nothing if there is no such message.
    pub(crate) fn mark_read(&mut self, message: &MessageId) -> Option<ReadMark> {
        let place = *self.places.get(message)?;
        self.read_arrival = self.arrivals;
        self.read_place = self.read_place.max(Some(place));
        Some(self.read_mark())
    }

    /// How far the person has read.
    pub(crate) fn read_mark(&self) -> ReadMark {
        let order = match self.read_place {
            Some(Place::Sealed { order, .. }) => order + 1,
            Some(Place::Waiting(_)) => u64::MAX,
            None => 0,
        };
        ReadMark {
            arrival: self.read_arrival,
            order,
        }
    }

    /// Puts back how far the person had read.
    pub(crate) fn restore_read_mark(&mut self, mark: ReadMark) {
        let zero = LogId::from_slice(&[0; LogId::LEN]);
        self.read_arrival = mark.arrival;
        self.read_place = zero.filter(|_| mark.order > 0).map(|log| Place::Sealed {
            order: mark.order,
            log,
            seq: 0,
        });
    }

    /// Messages of others that the person has not read.
    pub(crate) fn unread(&self, me: &MemberId) -> usize {
        let unread = |place: &Place, entry: &Entry| {
            entry.author != *me
                && (entry.arrival >= self.read_arrival || Some(*place) > self.read_place)
        };
        self.entries
            .iter()
            .filter(|(place, entry)| unread(place, entry))
            .count()
    }
}
