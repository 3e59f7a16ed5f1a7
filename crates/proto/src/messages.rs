//! The index of a cell's messages: the one display order, who could read each, and what the person has read.
//!
//! Texts live in the store and pass through here only while they wait to become envelopes. The order is the envelopes'
//! `order` (a Lamport clock over `seen`), then author, incarnation and seq: the same on every device, nothing to grind
//! but a tie.

mod expire;
mod marks;
mod page;
mod read;
mod record;

pub(crate) use marks::{Mark, Write};
pub(crate) use read::ReadMark;
pub(crate) use record::{MessageRecord, StoredMessage, StoredPlace};

use std::collections::{BTreeMap, BTreeSet};

use model::{Folded, LogId, MemberId, MessageId, SearchWords, TextPrint};

use crate::attachment::Attachment;
use crate::config::LIFETIME_DEFAULT;
use crate::envelope::Envelope;
use crate::membership::limits::LIFETIME_MIN_S;
use crate::wire::{Malformed, SecretBytes};
use marks::Marks;

/// Where a message stands. Sealed ones come before those that wait.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Place {
    /// In an envelope.
    Sealed { order: u64, log: LogId, seq: u64 },
    /// Waiting to become one, in the order of writing.
    Waiting(u64),
}

impl Place {
    /// Where an envelope stands.
    pub(crate) fn of(envelope: &Envelope) -> Self {
        let header = envelope.header();
        Self::Sealed {
            order: header.order,
            log: envelope.log(),
            seq: header.seq,
        }
    }
}

/// What the index knows of one message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) message: MessageId,
    pub(crate) author: MemberId,
    /// Which of the cell's audiences; meaningless while it waits.
    pub(crate) audience: u32,
    /// When its author says they wrote it, in milliseconds.
    pub(crate) written_at: u64,
    /// When it goes, in milliseconds since the Unix epoch. What its author was told when they wrote it holds: nobody can
    /// agree afterwards that it is gone sooner.
    ends_at: u64,
    /// Whether its author deleted it for everybody.
    pub(crate) deleted: bool,
    arrival: u64,
    /// What a search needs to know of the text.
    print: TextPrint,
}

/// A text with all that its author decided when they wrote it.
pub(crate) struct Written {
    pub(crate) message: MessageId,
    pub(crate) author: MemberId,
    pub(crate) nonce: [u8; 16],
    pub(crate) written_at: u64,
    /// When it goes, in milliseconds since the Unix epoch.
    pub(crate) ends_at: u64,
    pub(crate) text: SecretBytes,
    pub(crate) reply_to: Option<[u8; 32]>,
    pub(crate) attachment: Option<Attachment>,
    /// What proves that it is the text of a post (`channel::Forward`); empty if it is not.
    pub(crate) proof: SecretBytes,
}

/// When a message goes that was written then and lasts so many seconds; 0 is the default.
pub(crate) fn ends_at(written_at: u64, lifetime_s: u32) -> u64 {
    let seconds = match lifetime_s {
        0 => LIFETIME_DEFAULT.as_secs(),
        seconds => u64::from(seconds.max(LIFETIME_MIN_S)),
    };
    written_at.saturating_add(seconds * 1000)
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
    /// Of messages that answer another one, which.
    replies: BTreeMap<MessageId, MessageId>,
    /// When each goes.
    ages: BTreeSet<(u64, MessageId)>,
    /// Messages that the person removed from this device.
    hidden: BTreeSet<MessageId>,
    marks: Marks,
    folded: Folded,
}

/// What became of a message that was opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Placed {
    /// It is there already, or was removed from this device.
    Known,
    /// It is new.
    New,
    /// It is new, and its author has deleted it since.
    Deleted,
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
            replies: BTreeMap::new(),
            ages: BTreeSet::new(),
            hidden: BTreeSet::new(),
            marks: Marks::default(),
            folded: Folded::default(),
        }
    }

    /// Puts back a stored message. [`Self::restore_read_mark`] follows the last one.
    pub(crate) fn restore(&mut self, record: MessageRecord) -> Result<(), Malformed> {
        let (place, entry) = record.index(&mut self.folded)?;
        if mutant!(ForgetWaiting) && matches!(place, Place::Waiting(_)) {
            return Ok(());
        }
        self.arrivals = self.arrivals.max(entry.arrival + 1);
        self.insert(place, entry, record.reply_to);
        if let Some(edited) = &record.edited {
            self.restore_edit(entry.message, edited.place.place()?);
        }
        if let Place::Waiting(number) = place {
            self.next_waiting = self.next_waiting.max(number + 1);
            let written = Written {
                message: entry.message,
                author: entry.author,
                nonce: record.nonce,
                written_at: record.written_at,
                ends_at: entry.ends_at,
                text: record.text,
                reply_to: record.reply_to,
                // Put back by the cell, which has its record.
                attachment: None,
                proof: record.proof,
            };
            self.waiting.insert(number, written);
        }
        Ok(())
    }

    /// Puts back that the person removed a message from this device.
    pub(crate) fn restore_hidden(&mut self, message: MessageId) {
        self.hidden.insert(message);
    }

    /// Adds a text that waits.
    pub(crate) fn wait(&mut self, written: Written, writes: &mut Vec<Write>) {
        let number = self.next_waiting;
        self.next_waiting += 1;
        self.add(&written, Place::Waiting(number), 0, writes);
        self.waiting.insert(number, written);
    }

    /// Puts the attachment of a message that waits back beside it. False if there is no such message.
    pub(crate) fn restore_attachment(
        &mut self,
        message: MessageId,
        attachment: Attachment,
    ) -> bool {
        match self.places.get(&message) {
            Some(Place::Waiting(number)) => {
                if let Some(written) = self.waiting.get_mut(number) {
                    written.attachment = Some(attachment);
                }
                true
            }
            Some(Place::Sealed { .. }) => true,
            None => false,
        }
    }

    /// Texts and marks of ours that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len() + self.outgoing()
    }

    /// Takes the oldest text that waits. The caller seals it and calls [`Self::place`].
    pub(crate) fn take_waiting(&mut self) -> Option<Written> {
        let (number, written) = self.waiting.pop_first()?;
        if let Some(entry) = self.entries.remove(&Place::Waiting(number)) {
            self.ages.remove(&(entry.ends_at, written.message));
        }
        self.places.remove(&written.message);
        Some(written)
    }

    /// Adds a sealed message, and what was done to it before it came. One that is there already is not added again.
    pub(crate) fn place(
        &mut self,
        written: &Written,
        place: Place,
        audience: u32,
        writes: &mut Vec<Write>,
    ) -> Placed {
        let message = written.message;
        if self.places.contains_key(&message) || self.hidden.contains(&message) {
            return Placed::Known;
        }
        self.add(written, place, audience, writes);
        self.apply_early(message, writes);
        let deleted = self.entries.get(&place).is_some_and(|entry| entry.deleted);
        if deleted {
            Placed::Deleted
        } else {
            Placed::New
        }
    }

    fn add(&mut self, written: &Written, place: Place, audience: u32, writes: &mut Vec<Write>) {
        let entry = Entry {
            message: written.message,
            author: written.author,
            audience,
            written_at: written.written_at,
            ends_at: written.ends_at,
            deleted: false,
            arrival: self.arrivals,
            print: print(&written.text, &mut self.folded),
        };
        self.arrivals += 1;
        self.insert(place, entry, written.reply_to);
        let record = MessageRecord {
            place: place.into(),
            message: *written.message.as_bytes(),
            author: *written.author.as_bytes(),
            audience,
            arrival: entry.arrival,
            nonce: written.nonce,
            written_at: written.written_at,
            text: written.text.clone(),
            reply_to: written.reply_to,
            edited: None,
            deleted: 0,
            ends_at: written.ends_at,
            proof: written.proof.clone(),
        };
        writes.push(Write::Message(written.message, Some(record.to_bytes())));
    }

    fn insert(&mut self, place: Place, entry: Entry, reply_to: Option<[u8; 32]>) {
        self.entries.insert(place, entry);
        self.ages.insert((entry.ends_at, entry.message));
        self.places.insert(entry.message, place);
        if let Some(answered) = reply_to {
            let answered = MessageId::from_bytes(answered);
            self.replies.insert(entry.message, answered);
        }
        if self.is_unread(place, &entry) {
            self.unread.insert(place);
        }
    }

    /// The text of a message has changed: what a search knows of it does too.
    fn reprint(&mut self, stands: Place, entry: &mut Entry, text: &SecretBytes) {
        entry.print = print(text, &mut self.folded);
        self.entries.insert(stands, *entry);
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

    /// Every message in whose text the words may stand, newest first, and when its author says they wrote it.
    pub(crate) fn may_have(&self, words: &SearchWords) -> impl Iterator<Item = (MessageId, u64)> {
        let entries = self.entries.values().rev();
        entries
            .filter(|entry| !entry.deleted && entry.print.may_have(words))
            .map(|entry| (entry.message, entry.written_at))
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

/// Of a text that is none, nothing: it is never found.
fn print(text: &SecretBytes, buffer: &mut Folded) -> TextPrint {
    let text = std::str::from_utf8(text.as_slice()).unwrap_or_default();
    TextPrint::of(text, buffer)
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
            ends_at: ends_at(60_000, 0),
            text: format!("message {number}").into_bytes().into(),
            reply_to: None,
            attachment: None,
            proof: SecretBytes::from(Vec::new()),
        }
    }

    /// What is stored after these writes.
    pub(super) fn stored(writes: &[Write]) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let mut stored = BTreeMap::new();
        for write in writes {
            let (key, value) = match write {
                Write::Message(message, value) => ([b"m", &message.as_bytes()[..]].concat(), value),
                Write::Reaction(message, member, value) => (
                    [b"r", &message.as_bytes()[..], member.as_bytes()].concat(),
                    value,
                ),
                Write::Early(message, member, value) => (
                    [b"e", &message.as_bytes()[..], member.as_bytes()].concat(),
                    value,
                ),
                Write::Outgoing(number, value) => {
                    ([b"o", &number.to_be_bytes()[..]].concat(), value)
                }
                Write::NoAttachment(_) => continue,
            };
            match value {
                Some(value) => stored.insert(key, value.clone()),
                None => stored.remove(&key),
            };
        }
        stored
    }

    /// The same after a restart from what was written.
    pub(super) fn restart(messages: &Messages, writes: &[Write]) -> Messages {
        let mut again = Messages::new(messages.me);
        for (key, value) in stored(writes) {
            let id = |from: usize| <[u8; 32]>::try_from(&key[from..from + 32]).unwrap();
            let (message, member) = (
                || MessageId::from_bytes(id(1)),
                || MemberId::from_bytes(id(33)),
            );
            match key[0] {
                b'm' => match StoredMessage::from_bytes(&value).unwrap() {
                    StoredMessage::Shown(record) => again.restore(*record).unwrap(),
                    StoredMessage::Hidden => again.restore_hidden(message()),
                },
                b'r' => again.restore_reaction(message(), member(), &value).unwrap(),
                b'e' => again.restore_early(message(), member(), &value).unwrap(),
                _ => {
                    let number = u64::from_be_bytes(key[1..].try_into().unwrap());
                    again.restore_outgoing(number, &value).unwrap();
                }
            }
        }
        again.restore_read_mark(messages.read_mark());
        again
    }
}
