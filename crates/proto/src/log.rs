//! Our copy of one log: an append-only chain of envelopes by one incarnation of one member (PROTOCOL §2).
//!
//! It decides where an envelope belongs and nothing else: what the envelope says is for the cell. Envelopes are kept as
//! long as some member may lack them; the head is kept for ever. Invariant: what is retained ends right before `next`.

use std::collections::BTreeMap;

use model::LogId;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::config::{BACKLOG_BYTES, PARKED_BYTES, PARKED_PER_LOG};
use crate::envelope::{Envelope, Header, LogTag, goes_back, truncated};
use crate::wire::{FrontierEntry, Malformed, decode, encode};

/// How far our copy reaches. Stored with every change.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize,
)]
pub(crate) struct Position {
    /// The first seq that we lack.
    pub(crate) next: u64,
    /// The id of the envelope before it; zeros if there is none.
    pub(crate) head: [u8; 32],
    /// The order of that envelope.
    pub(crate) order: u64,
    /// The first seq that we have not opened or skipped.
    pub(crate) opened: u64,
    /// Nothing from this seq on is taken any more: its author was removed. `u64::MAX` while the log is open.
    pub(crate) limit: u64,
    /// Up to where a current member has shown to hold this log: so far it may grow, whatever becomes of its author.
    pub(crate) shown: u64,
}

impl Position {
    /// The start of a log.
    pub(crate) const START: Self = Self {
        next: 0,
        head: [0; 32],
        order: 0,
        opened: 0,
        limit: u64::MAX,
        shown: 0,
    };

    /// As it is stored.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        encode(&self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        decode(bytes)
    }
}

/// Where an envelope belongs.
pub(crate) enum Place {
    /// We have it, or it lies below what we need.
    Known,
    /// It comes next.
    Next,
    /// Something before it is missing.
    Early,
    /// It stands where another one stands; ours is given if we still hold it.
    Fork(Option<Box<Envelope>>),
    /// The log is closed.
    Refused,
    /// More of it waits to be opened than we keep.
    Full,
}

/// Our copy of one log.
pub(crate) struct Log {
    id: LogId,
    tag: LogTag,
    position: Position,
    retained: BTreeMap<u64, Envelope>,
    retained_bytes: usize,
    parked: BTreeMap<u64, Envelope>,
    /// What the author last named of each other log, and in which envelope.
    named: BTreeMap<LogTag, (FrontierEntry, u64)>,
}

impl Log {
    /// A copy that reaches to `position` and holds nothing below it.
    pub(crate) fn new(id: LogId, tag: LogTag, position: Position) -> Self {
        Self {
            id,
            tag,
            position,
            retained: BTreeMap::new(),
            retained_bytes: 0,
            parked: BTreeMap::new(),
            named: BTreeMap::new(),
        }
    }

    pub(crate) fn id(&self) -> LogId {
        self.id
    }

    pub(crate) fn tag(&self) -> LogTag {
        self.tag
    }

    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// What we tell others about our copy.
    pub(crate) fn frontier(&self) -> FrontierEntry {
        FrontierEntry {
            tag: self.tag,
            next: self.position.next,
            head: truncated(&self.position.head),
        }
    }

    /// Puts back an envelope that was retained before a restart.
    pub(crate) fn restore(&mut self, envelope: Envelope) {
        if envelope.header().seq < self.position.next {
            self.retained_bytes += envelope.payload().len();
            self.retained.insert(envelope.header().seq, envelope);
        }
    }

    /// Says where an envelope of this log belongs. Changes nothing.
    pub(crate) fn place(&self, envelope: &Envelope) -> Place {
        let header = envelope.header();
        if header.seq < self.position.next {
            let is_head = header.seq + 1 == self.position.next;
            return match self.retained.get(&header.seq) {
                Some(ours) if ours.id() == envelope.id() => Place::Known,
                Some(ours) => Place::Fork(Some(Box::new(ours.clone()))),
                None if is_head && *envelope.id().as_bytes() != self.position.head => {
                    Place::Fork(None)
                }
                None => Place::Known,
            };
        }
        if header.seq >= self.position.limit {
            return Place::Refused;
        }
        if self.retained_bytes >= BACKLOG_BYTES && self.unopened_bytes() >= BACKLOG_BYTES {
            return Place::Full;
        }
        if header.seq > self.position.next && !mutant!(SkipGap) {
            return Place::Early;
        }
        let follows = header.previous == self.position.head && header.order > self.position.order;
        let skips = mutant!(SkipGap) && header.seq > self.position.next;
        if follows || skips {
            Place::Next
        } else {
            Place::Fork(None)
        }
    }

    /// Appends the envelope that comes next, see [`Place::Next`].
    pub(crate) fn append(&mut self, envelope: Envelope) {
        if mutant!(SkipGap) {
            let seq = envelope.header().seq;
            self.position.next = seq;
            self.position.opened = self.position.opened.max(seq);
        }
        debug_assert_eq!(
            envelope.header().seq,
            self.position.next,
            "the envelope was placed before"
        );
        self.position.next += 1;
        self.position.head = *envelope.id().as_bytes();
        self.position.order = envelope.header().order;
        self.retained_bytes += envelope.payload().len();
        self.retained.insert(envelope.header().seq, envelope);
    }

    /// Keeps an early envelope until what is before it arrives. Beyond the limit it is dropped: sync brings it again.
    pub(crate) fn park(&mut self, envelope: Envelope) {
        let bytes: usize = self
            .parked
            .values()
            .map(|parked| parked.payload().len())
            .sum();
        if self.parked.len() < PARKED_PER_LOG && bytes < PARKED_BYTES {
            self.parked.insert(envelope.header().seq, envelope);
        }
    }

    /// The parked envelope that comes next, if it is there.
    pub(crate) fn unpark(&mut self) -> Option<Envelope> {
        let envelope = self.parked.remove(&self.position.next)?;
        self.parked = self.parked.split_off(&self.position.next);
        Some(envelope)
    }

    /// The envelope that is to be opened next, if we have it.
    pub(crate) fn unopened(&self) -> Option<&Envelope> {
        self.retained.get(&self.position.opened)
    }

    /// Notes that everything below `opened` was opened or skipped.
    pub(crate) fn set_opened(&mut self, opened: u64) {
        self.position.opened = opened;
    }

    /// Takes nothing from here on, because the author was removed. Later calls may only raise the limit: a remaining
    /// member shows that it had more before it knew.
    pub(crate) fn close_at(&mut self, limit: u64) {
        let limit = limit.max(self.position.next).max(self.position.shown);
        self.position.limit = if self.position.limit == u64::MAX {
            limit
        } else {
            limit.max(self.position.limit)
        };
    }

    /// A current member has shown to hold this log up to here. Says whether that is new.
    pub(crate) fn note_shown(&mut self, next: u64) -> bool {
        // The last number there is means an open log, and no log is that long.
        let more = next > self.position.shown && next < u64::MAX;
        if more {
            self.position.shown = next;
        }
        more
    }

    /// Takes more again: the author was not removed after all.
    pub(crate) fn reopen(&mut self) {
        self.position.limit = u64::MAX;
    }

    /// An earlier envelope of this log that knew more of another log than `header` does, or something else: its author
    /// has signed two histories. Only the last that named each log is known.
    pub(crate) fn knew_more(&self, header: &Header) -> Option<&Envelope> {
        let back = |entry: &&FrontierEntry| {
            self.named
                .get(&entry.tag)
                .is_some_and(|(before, _)| goes_back(before, entry))
        };
        let entry = header.seen.iter().find(back)?;
        self.retained.get(&self.named.get(&entry.tag)?.1)
    }

    /// Whether the author of this log may name how far their copy of another log reaches.
    pub(crate) fn may_name(&self, entry: &FrontierEntry) -> bool {
        let before = self.named.get(&entry.tag);
        before.is_none_or(|(before, _)| !goes_back(before, entry))
    }

    /// Remembers what an envelope of this log names of logs that are known.
    pub(crate) fn note_named(&mut self, header: &Header, is_known: impl Fn(&LogTag) -> bool) {
        for entry in header.seen.iter().filter(|entry| is_known(&entry.tag)) {
            let known = self.named.get(&entry.tag);
            if known.is_none_or(|(_, seq)| *seq < header.seq) {
                self.named.insert(entry.tag, (*entry, header.seq));
            }
        }
    }

    /// Whether the author may still append.
    pub(crate) fn is_open(&self) -> bool {
        self.position.limit == u64::MAX
    }

    fn unopened_bytes(&self) -> usize {
        let unopened = self.retained.range(self.position.opened..);
        unopened.map(|(_, envelope)| envelope.payload().len()).sum()
    }

    /// Forgets the oldest opened envelopes of a log that holds more than we keep, whoever may still lack them. Gives their
    /// seqs.
    pub(crate) fn trim(&mut self) -> Vec<u64> {
        let end = self
            .position
            .opened
            .min(self.position.next.saturating_sub(1));
        let mut bytes = self.retained_bytes;
        let mut first = 0;
        for (seq, envelope) in self.retained.range(..end) {
            if bytes <= BACKLOG_BYTES {
                break;
            }
            bytes -= envelope.payload().len();
            first = seq + 1;
        }
        if first > 0 {
            self.cut(first)
        } else {
            Vec::new()
        }
    }

    /// Whether something is here before which something is missing.
    pub(crate) fn has_gap(&self) -> bool {
        !self.parked.is_empty()
    }

    /// Gives up what is missing before the first parked envelope: from there on the log goes on. It is given, to be
    /// appended. What was not opened before it never will be.
    pub(crate) fn leap(&mut self) -> Option<Envelope> {
        let (seq, envelope) = self.parked.pop_first()?;
        self.position.next = seq;
        self.position.head = envelope.header().previous;
        self.position.order = self
            .position
            .order
            .max(envelope.header().order.saturating_sub(1));
        self.position.opened = seq;
        Some(envelope)
    }

    /// Takes back a leap.
    pub(crate) fn restore_position(&mut self, position: Position) {
        self.position = position;
    }

    /// The oldest envelope that we still hold.
    pub(crate) fn first(&self) -> Option<&Envelope> {
        self.retained
            .first_key_value()
            .map(|(_, envelope)| envelope)
    }

    /// The last envelope, if we hold it: it shows how far the log reached.
    pub(crate) fn last(&self) -> Option<&Envelope> {
        self.retained.get(&self.position.next.checked_sub(1)?)
    }

    /// One retained envelope.
    pub(crate) fn get(&self, seq: u64) -> Option<&Envelope> {
        self.retained.get(&seq)
    }

    /// Retained envelopes from `seq` on.
    pub(crate) fn from(&self, seq: u64) -> impl Iterator<Item = &Envelope> {
        self.retained.range(seq..).map(|(_, envelope)| envelope)
    }

    /// Whether we can give somebody whose copy ends at `next` what follows.
    pub(crate) fn serves(&self, next: u64) -> bool {
        next < self.position.next && self.retained.contains_key(&next)
    }

    /// Forgets envelopes below `seq` that are opened, but for the last one: with it can be shown how far the log reached.
    /// Gives their seqs.
    pub(crate) fn prune(&mut self, seq: u64) -> Vec<u64> {
        let last = self.position.next.saturating_sub(1);
        self.cut(seq.min(self.position.opened).min(last))
    }

    /// Forgets every envelope.
    pub(crate) fn clear(&mut self) -> Vec<u64> {
        self.cut(u64::MAX)
    }

    fn cut(&mut self, seq: u64) -> Vec<u64> {
        let kept = self.retained.split_off(&seq);
        let pruned = std::mem::replace(&mut self.retained, kept);
        self.retained_bytes -= pruned
            .values()
            .map(|envelope| envelope.payload().len())
            .sum::<usize>();
        pruned.into_keys().collect()
    }
}

#[cfg(test)]
mod tests {
    use crypto::{Secret, SigningKey};
    use model::{CellId, Incarnation, MemberId, OpId, Timestamp};

    use super::*;
    use crate::envelope::{Draft, Kind, log_tag};

    const CELL: CellId = CellId::from_bytes([9; 32]);

    fn bob() -> SigningKey {
        SigningKey::from_seed(&Secret::from_bytes([1; 32]))
    }

    fn id() -> LogId {
        let member = MemberId::from_bytes(bob().verifying_key().to_bytes());
        LogId {
            member,
            incarnation: Incarnation::from_bytes([2; 16]),
        }
    }

    fn envelope(seq: u64, previous: [u8; 32], payload: &[u8]) -> Envelope {
        let draft = Draft {
            cell: CELL,
            log: id(),
            seq,
            previous,
            order: seq + 1,
            seen: Vec::new(),
            heads: vec![OpId::from_bytes([3; 32])],
            kind: Kind::Application,
            sent_at: Timestamp::from_millis(0),
            lifetime_s: 0,
        };
        draft.sign(payload.to_vec(), &bob())
    }

    fn chain(len: u64) -> Vec<Envelope> {
        let mut previous = [0; 32];
        (0..len)
            .map(|seq| {
                let envelope = envelope(seq, previous, b"payload");
                previous = *envelope.id().as_bytes();
                envelope
            })
            .collect()
    }

    fn log() -> Log {
        Log::new(id(), log_tag(&CELL, &id()), Position::START)
    }

    #[test]
    fn envelopes_in_any_order_make_one_chain() {
        let chain = chain(3);
        let mut log = log();
        for index in [2, 1] {
            assert!(matches!(log.place(&chain[index]), Place::Early));
            log.park(chain[index].clone());
        }
        assert!(matches!(log.place(&chain[0]), Place::Next));
        log.append(chain[0].clone());
        while let Some(envelope) = log.unpark() {
            assert!(matches!(log.place(&envelope), Place::Next));
            log.append(envelope);
        }
        assert_eq!(log.position().next, 3);
        assert!(matches!(log.place(&chain[1]), Place::Known));
    }

    #[test]
    fn a_second_envelope_in_one_place_is_a_fork() {
        let chain = chain(2);
        let mut log = log();
        log.append(chain[0].clone());
        log.append(chain[1].clone());
        let other = envelope(1, *chain[0].id().as_bytes(), b"other");
        assert!(matches!(log.place(&other), Place::Fork(Some(_))));
        let pruned = {
            log.set_opened(2);
            log.prune(2)
        };
        assert_eq!(pruned, [0], "the last one is kept");
        assert!(matches!(log.place(&other), Place::Fork(Some(_))));
        assert_eq!(log.clear(), [1]);
        assert!(
            matches!(log.place(&other), Place::Fork(None)),
            "the head is kept for ever"
        );
    }

    #[test]
    fn a_closed_log_takes_only_what_others_show_they_had() {
        let chain = chain(3);
        let mut log = log();
        log.append(chain[0].clone());
        log.close_at(0);
        assert!(matches!(log.place(&chain[1]), Place::Refused));
        log.close_at(2);
        assert!(matches!(log.place(&chain[1]), Place::Next));
        log.append(chain[1].clone());
        assert!(matches!(log.place(&chain[2]), Place::Refused));
    }

    #[test]
    fn what_a_remaining_member_showed_before_the_removal_may_still_come() {
        let chain = chain(3);
        let mut log = log();
        log.append(chain[0].clone());
        assert!(log.note_shown(2) && !log.note_shown(2) && !log.note_shown(u64::MAX));
        log.close_at(0);
        assert!(matches!(log.place(&chain[1]), Place::Next));
        log.append(chain[1].clone());
        assert!(matches!(log.place(&chain[2]), Place::Refused));
        log.reopen();
        assert!(matches!(log.place(&chain[2]), Place::Next));
    }

    #[test]
    fn what_is_not_opened_is_not_pruned() {
        let chain = chain(3);
        let mut log = log();
        for envelope in &chain {
            log.append(envelope.clone());
        }
        log.set_opened(1);
        assert_eq!(log.prune(3), [0]);
        assert!(log.serves(1) && !log.serves(0) && !log.serves(3));
    }

    #[test]
    fn a_log_that_nobody_acknowledges_still_takes_what_is_new() {
        let mut log = log();
        let payload = vec![0; 1024 * 1024];
        let mut previous = [0; 32];
        for seq in 0..70 {
            let envelope = envelope(seq, previous, &payload);
            previous = *envelope.id().as_bytes();
            assert!(matches!(log.place(&envelope), Place::Next), "{seq}");
            log.append(envelope);
            log.set_opened(seq + 1);
            log.trim();
            assert!(log.retained_bytes <= BACKLOG_BYTES);
        }
        assert!(log.serves(69) && !log.serves(0));
    }

    #[test]
    fn a_log_that_cannot_be_opened_waits_at_the_bound() {
        let mut log = log();
        let payload = vec![0; 1024 * 1024];
        let mut previous = [0; 32];
        for seq in 0..64 {
            let envelope = envelope(seq, previous, &payload);
            previous = *envelope.id().as_bytes();
            log.append(envelope);
            assert_eq!(log.trim(), [0; 0], "what was not opened is not forgotten");
        }
        let next = envelope(64, previous, &payload);
        assert!(matches!(log.place(&next), Place::Full));
        log.set_opened(1);
        assert!(matches!(log.place(&next), Place::Next));
    }

    #[test]
    fn after_a_leap_the_log_goes_on() {
        let chain = chain(4);
        let mut log = log();
        log.append(chain[0].clone());
        log.park(chain[2].clone());
        let next = log.leap().unwrap();
        assert!(matches!(log.place(&next), Place::Next));
        log.append(next);
        assert!(matches!(log.place(&chain[3]), Place::Next));
        assert!(matches!(log.place(&chain[1]), Place::Known));
    }

    #[test]
    fn parked_envelopes_are_bounded() {
        let mut log = log();
        for seq in 1..=(PARKED_PER_LOG as u64 + 10) {
            log.park(envelope(seq, [1; 32], b""));
        }
        assert_eq!(log.parked.len(), PARKED_PER_LOG);
    }
}
