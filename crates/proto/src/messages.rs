//! The index of a cell's messages: the one display order, who could read each, and what the person has read.
//!
//! Texts live in the store and pass through here only while they wait to become envelopes. The order is the envelopes'
//! `order` (a Lamport clock over `seen`), then author, incarnation and seq: the same on every device, nothing to grind
//! but a tie.

mod page;
mod read;
mod record;

pub(crate) use read::ReadMark;
pub(crate) use record::MessageRecord;

use std::collections::{BTreeMap, BTreeSet};

use model::{LogId, MemberId, MessageId};

use crate::wire::{Bytes, Malformed};
use record::SealedPlace;

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
pub(crate) struct Messages {
    me: MemberId,
    entries: BTreeMap<Place, Entry>,
    places: BTreeMap<MessageId, Place>,
    arrivals: u64,
    waiting: BTreeMap<u64, Written>,
    next_waiting: u64,
    read_arrival: u64,
    read_place: Option<Place>,
    /// Where messages of others stand that the person has not read.
    unread: BTreeSet<Place>,
}

impl Messages {
    /// An empty one, of somebody.
    pub(crate) fn new(me: MemberId) -> Self {
        Self {
            me,
            entries: BTreeMap::new(),
            places: BTreeMap::new(),
            arrivals: 0,
            waiting: BTreeMap::new(),
            next_waiting: 0,
            read_arrival: 0,
            read_place: None,
            unread: BTreeSet::new(),
        }
    }

    /// Puts back a stored message. [`Self::restore_read_mark`] follows the last one.
    pub(crate) fn restore(&mut self, record: MessageRecord) -> Result<(), Malformed> {
        let (place, entry) = record.index()?;
        self.arrivals = self.arrivals.max(entry.arrival + 1);
        self.insert(place, entry);
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
        self.insert(place, entry);
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

    fn insert(&mut self, place: Place, entry: Entry) {
        self.entries.insert(place, entry);
        self.places.insert(entry.message, place);
        if self.is_unread(place, &entry) {
            self.unread.insert(place);
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
}

#[cfg(test)]
mod tests {
    use model::Incarnation;

    use super::*;

    /// The log of somebody.
    pub(super) fn log(who: u8) -> LogId {
        LogId {
            member: MemberId::from_bytes([who; 32]),
            incarnation: Incarnation::from_bytes([who; 16]),
        }
    }

    pub(super) fn sealed(order: u64, who: u8, seq: u64) -> Place {
        Place::Sealed {
            order,
            log: log(who),
            seq,
        }
    }

    /// The message of this number by somebody.
    pub(super) fn written(who: u8, number: u8) -> Written {
        Written {
            message: MessageId::from_bytes([number; 32]),
            author: log(who).member,
            nonce: [number; 16],
            written_at: 60_000,
            text: format!("message {number}").into_bytes().into(),
            reply_to: None,
        }
    }
}
