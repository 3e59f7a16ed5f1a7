//! Stretches of the one display order.

use std::ops::Bound::{Excluded, Unbounded};

use model::MessageId;

use super::{Entry, Messages, Place};
use crate::view::At;

/// A stretch of the display order, oldest first.
pub(crate) struct Stretch {
    pub(crate) entries: Vec<(Place, Entry)>,
    pub(crate) more_before: bool,
    pub(crate) more_after: bool,
}

/// Where a stretch lies, of messages that are there.
#[derive(Clone, Copy)]
enum Anchor {
    Newest,
    Before(Place),
    After(Place),
    Around(Place),
}

impl Messages {
    /// At most `limit` messages there; nothing if the message that says where is not there.
    pub(crate) fn stretch(&self, at: At, limit: usize) -> Option<Stretch> {
        let place = |message: MessageId| self.places.get(&message).copied();
        let anchor = match at {
            At::Newest => Anchor::Newest,
            At::FirstUnread => self.first_unread().map_or(Anchor::Newest, Anchor::Around),
            At::Before(message) => Anchor::Before(place(message)?),
            At::After(message) => Anchor::After(place(message)?),
            At::Around(message) => Anchor::Around(place(message)?),
        };
        let places = match anchor {
            Anchor::Newest => self.up_to(None, limit),
            Anchor::Before(place) => self.up_to(Some(place), limit),
            Anchor::After(place) => self.behind(place, limit),
            Anchor::Around(place) => self.around(place, limit),
        };
        // An empty stretch lies right beside what it was asked for.
        let (first, last) = match (places.first(), places.last(), anchor) {
            (Some(first), Some(last), _) => (Some(*first), Some(*last)),
            (_, _, Anchor::Newest) => (None, None),
            (_, _, Anchor::Before(place) | Anchor::Around(place)) => (Some(place), None),
            (_, _, Anchor::After(place)) => (None, Some(place)),
        };
        let before = first.map_or_else(
            || self.entries.range(..).next(),
            |first| self.entries.range(..first).next(),
        );
        let after = last.and_then(|last| self.entries.range((Excluded(last), Unbounded)).next());
        let beside = places.is_empty();
        Some(Stretch {
            more_before: before.is_some() || (beside && matches!(anchor, Anchor::After(_))),
            more_after: after.is_some()
                || (beside && matches!(anchor, Anchor::Before(_) | Anchor::Around(_))),
            entries: places
                .into_iter()
                .filter_map(|place| Some((place, *self.entries.get(&place)?)))
                .collect(),
        })
    }

    fn up_to(&self, end: Option<Place>, limit: usize) -> Vec<Place> {
        let range = match end {
            Some(end) => self.entries.range(..end),
            None => self.entries.range(..),
        };
        let mut places: Vec<Place> = range.rev().take(limit).map(|(place, _)| *place).collect();
        places.reverse();
        places
    }

    fn behind(&self, start: Place, limit: usize) -> Vec<Place> {
        let range = self.entries.range((Excluded(start), Unbounded));
        range.take(limit).map(|(place, _)| *place).collect()
    }

    /// As many before as after, and more of one where the other has fewer.
    fn around(&self, place: Place, limit: usize) -> Vec<Place> {
        let before = self.up_to(Some(place), limit);
        let range = self.entries.range(place..).take(limit);
        let after: Vec<Place> = range.map(|(place, _)| *place).collect();
        let kept = (limit / 2).max(limit - after.len()).min(before.len());
        let before = before[before.len() - kept..].iter().copied();
        before.chain(after).take(limit).collect()
    }

    /// The last message.
    pub(crate) fn last(&self) -> Option<(Place, Entry)> {
        let (place, entry) = self.entries.last_key_value()?;
        Some((*place, *entry))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{log, sealed, written};
    use super::*;

    fn conversation(count: u8) -> Messages {
        let mut messages = Messages::new(log(0).member);
        for number in 0..count {
            let at = sealed(u64::from(number), 1, u64::from(number));
            messages.place(&written(1, number), at, 0, &mut Vec::new());
        }
        messages
    }

    fn shown(messages: &Messages, at: At, limit: usize) -> (Vec<u64>, bool, bool) {
        let stretch = messages.stretch(at, limit).unwrap();
        let number = |place: &Place| match place {
            Place::Sealed { order, .. } => *order,
            Place::Waiting(number) => *number,
        };
        let numbers = stretch.entries.iter().map(|(place, _)| number(place));
        (numbers.collect(), stretch.more_before, stretch.more_after)
    }

    fn id(number: u8) -> MessageId {
        written(1, number).message
    }

    #[test]
    fn a_stretch_says_what_there_is_on_both_sides() {
        let messages = conversation(10);
        let shown = |at, limit| shown(&messages, at, limit);
        assert_eq!(shown(At::Newest, 3), (vec![7, 8, 9], true, false));
        assert_eq!(shown(At::Newest, 0), (vec![], true, false));
        assert_eq!(shown(At::Before(id(7)), 3), (vec![4, 5, 6], true, true));
        assert_eq!(shown(At::Before(id(2)), 3), (vec![0, 1], false, true));
        assert_eq!(shown(At::Before(id(0)), 3), (vec![], false, true));
        assert_eq!(shown(At::After(id(2)), 3), (vec![3, 4, 5], true, true));
        assert_eq!(shown(At::After(id(9)), 3), (vec![], true, false));
        assert_eq!(shown(At::Around(id(5)), 4), (vec![3, 4, 5, 6], true, true));
        assert_eq!(shown(At::Around(id(0)), 4), (vec![0, 1, 2, 3], false, true));
        assert_eq!(shown(At::Around(id(9)), 4), (vec![6, 7, 8, 9], true, false));
        assert!(messages.stretch(At::Before(id(99)), 3).is_none());
    }

    #[test]
    fn the_first_unread_message_is_shown_with_what_was_before_it() {
        let mut messages = conversation(10);
        messages.mark_read(&id(5));
        assert_eq!(
            shown(&messages, At::FirstUnread, 4),
            (vec![4, 5, 6, 7], true, true)
        );
        messages.mark_read(&id(9));
        assert_eq!(
            shown(&messages, At::FirstUnread, 4),
            (vec![6, 7, 8, 9], true, false)
        );
    }

    proptest! {
        #[test]
        fn walking_either_way_meets_every_message_once(count in 0..40_u8, limit in 1..9_usize, start in 0..40_u8) {
            let messages = conversation(count);
            prop_assume!(start < count);
            let mut seen = messages.stretch(At::Around(id(start)), limit).unwrap();
            while seen.more_before {
                let at = At::Before(seen.entries[0].1.message);
                let earlier = messages.stretch(at, limit).unwrap();
                prop_assert!(earlier.more_after && !earlier.entries.is_empty());
                seen.entries.splice(0..0, earlier.entries);
                seen.more_before = earlier.more_before;
            }
            while seen.more_after {
                let at = At::After(seen.entries.last().unwrap().1.message);
                let later = messages.stretch(at, limit).unwrap();
                prop_assert!(later.more_before && !later.entries.is_empty());
                seen.entries.extend(later.entries);
                seen.more_after = later.more_after;
            }
            let met: Vec<Place> = seen.entries.iter().map(|(place, _)| *place).collect();
            let all: Vec<Place> = messages.entries.keys().copied().collect();
            prop_assert_eq!(met, all);
        }
    }
}
