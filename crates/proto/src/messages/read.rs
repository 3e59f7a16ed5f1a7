//! How far the person has read.
//!
//! Two numbers say it: what had arrived when they last marked something as read, and the furthest place they marked. A
//! message that arrives later is unread although it may stand before that place. Invariant: `unread` holds exactly the
//! places of unread messages, so that nobody has to go through all of them to count.

use model::{LogId, MessageId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::{Entry, Messages, Place};

/// How far the person has read, as it is stored.
#[derive(Clone, Copy, Default, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct ReadMark {
    arrival: u64,
    order: u64,
}

impl Messages {
    /// Marks everything up to `message` as read. Nothing if there is no such message.
    pub(crate) fn mark_read(&mut self, message: &MessageId) -> Option<ReadMark> {
        let mut place = self.places.get(message).copied();
        place?;
        if let Some(Place::Waiting(_)) = place {
            // It will stand elsewhere once it is sealed; what is read is what stands before it now.
            place = self.last_sealed();
        }
        self.read_arrival = self.arrivals;
        self.read_place = self.read_place.max(place);
        // Nothing has arrived since, so only what stands behind is still unread.
        if let Some(place) = self.read_place {
            self.unread = self.unread.split_off(&place);
            self.unread.remove(&place);
        }
        Some(self.read_mark())
    }

    fn last_sealed(&self) -> Option<Place> {
        let places = self.entries.keys().rev();
        places
            .copied()
            .find(|place| matches!(place, Place::Sealed { .. }))
    }

    /// How far the person has read.
    pub(crate) fn read_mark(&self) -> ReadMark {
        let order = match self.read_place {
            Some(Place::Sealed { order, .. }) => order.saturating_add(1),
            Some(Place::Waiting(_)) => u64::MAX,
            None => 0,
        };
        ReadMark {
            arrival: self.read_arrival,
            order,
        }
    }

    /// Puts back how far the person had read, after all messages.
    pub(crate) fn restore_read_mark(&mut self, mark: ReadMark) {
        let zero = LogId::from_slice(&[0; LogId::LEN]);
        self.read_arrival = mark.arrival;
        self.read_place = zero.filter(|_| mark.order > 0).map(|log| Place::Sealed {
            order: mark.order,
            log,
            seq: 0,
        });
        let unread =
            |(place, entry): (&Place, &Entry)| self.is_unread(*place, entry).then_some(*place);
        self.unread = self.entries.iter().filter_map(unread).collect();
    }

    pub(super) fn is_unread(&self, place: Place, entry: &Entry) -> bool {
        entry.author != self.me
            && !entry.deleted
            && (entry.arrival >= self.read_arrival || Some(place) > self.read_place)
    }

    /// Messages of others that the person has not read.
    pub(crate) fn unread(&self) -> usize {
        self.unread.len()
    }

    /// Whether the person has still to read what stands there.
    pub(crate) fn is_unread_at(&self, place: &Place) -> bool {
        self.unread.contains(place)
    }

    /// The first message that the person has not read.
    pub(super) fn first_unread(&self) -> Option<Place> {
        self.unread.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{log, restart, sealed, written};
    use super::*;

    #[derive(Clone, Debug)]
    enum Step {
        /// Somebody's message arrives at a place.
        Arrives(u8, u64),
        /// We write one that waits.
        Writes,
        /// What waits is sealed.
        Seals,
        /// The person reads up to the message at this index.
        Reads(usize),
        Restarts,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            5 => (0..3_u8, 0..60_u64).prop_map(|(who, order)| Step::Arrives(who, order)),
            1 => Just(Step::Writes),
            1 => Just(Step::Seals),
            2 => (0..100_usize).prop_map(Step::Reads),
            1 => Just(Step::Restarts),
        ];
        proptest::collection::vec(step, 0..80)
    }

    fn naive(messages: &Messages) -> usize {
        let entries = messages.entries.iter();
        entries
            .filter(|(place, entry)| messages.is_unread(**place, entry))
            .count()
    }

    proptest! {
        #[test]
        fn what_is_counted_as_unread_is_what_a_count_of_all_would_find(steps in steps()) {
            let mut messages = Messages::new(log(0).member);
            let mut writes = Vec::new();
            let mut sealed_orders = 100;
            for (number, step) in (0_u8..).zip(steps) {
                match step {
                    Step::Arrives(who, order) => {
                        let at = sealed(order, who, u64::from(number));
                        messages.place(&written(who, number), at, 0, &mut writes);
                    }
                    Step::Writes => messages.wait(written(0, number), &mut writes),
                    Step::Seals => {
                        while let Some(waited) = messages.take_waiting() {
                            sealed_orders += 1;
                            let at = sealed(sealed_orders, 0, sealed_orders);
                            messages.place(&waited, at, 0, &mut writes);
                        }
                    }
                    Step::Reads(index) => {
                        let Some(entry) = messages.entries.values().nth(index).copied() else { continue };
                        let read = messages.entries.iter().find(|(_, e)| e.message == entry.message).map(|(p, _)| *p);
                        messages.mark_read(&entry.message);
                        prop_assert!(read.is_none_or(|read| !messages.is_unread_at(&read)));
                    }
                    Step::Restarts => {
                        let again = restart(&messages, &writes);
                        messages = again;
                    }
                }
                prop_assert_eq!(messages.unread(), naive(&messages));
            }
        }
    }

    #[test]
    fn what_arrives_late_is_unread_although_it_stands_before_what_was_read() {
        let mut messages = Messages::new(log(0).member);
        messages.place(&written(1, 1), sealed(5, 1, 0), 0, &mut Vec::new());
        messages.mark_read(&written(1, 1).message);
        assert_eq!(messages.unread(), 0);
        messages.place(&written(2, 2), sealed(3, 2, 0), 0, &mut Vec::new());
        assert_eq!(messages.unread(), 1);
        assert_eq!(messages.first_unread(), Some(sealed(3, 2, 0)));
        messages.mark_read(&written(1, 1).message);
        assert_eq!(messages.unread(), 0);
    }

    #[test]
    fn a_text_that_waits_marks_nothing_as_read_that_comes_later() {
        let mut messages = Messages::new(log(0).member);
        messages.place(&written(1, 1), sealed(5, 1, 0), 0, &mut Vec::new());
        messages.wait(written(0, 2), &mut Vec::new());
        messages.mark_read(&written(0, 2).message);
        assert_eq!(messages.unread(), 0);
        messages.place(&written(1, 3), sealed(6, 1, 1), 0, &mut Vec::new());
        messages.place(&written(1, 4), sealed(7, 1, 2), 0, &mut Vec::new());
        messages.mark_read(&written(1, 3).message);
        assert_eq!(messages.unread(), 1, "the one after what was read");
    }
}
