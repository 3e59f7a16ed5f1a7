//! Messages that are older than the members want: they go, with everything that was done to them and what
//! hangs on them.

use std::time::Duration;

use model::{MemberId, MessageId};

use super::{Messages, Place, Write};

impl Messages {
    /// Forgets every message whose time is over at this moment, and what was done to messages that are not here as long as
    /// messages last at most. Gives the messages.
    pub(crate) fn expire(
        &mut self,
        wall: u64,
        longest: Duration,
        writes: &mut Vec<Write>,
    ) -> Vec<MessageId> {
        let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
        let before = wall.saturating_sub(longest);
        let mut gone = Vec::new();
        while let Some((end, message)) = self.ages.first().copied() {
            if end > wall {
                break;
            }
            self.ages.pop_first();
            let Some((stands, _)) = self.get(&message) else {
                continue;
            };
            if let Place::Waiting(number) = stands {
                self.waiting.remove(&number);
            }
            self.take_out(stands, message, writes);
            self.drop_outgoing(message, writes, |_| true);
            writes.push(Write::Message(message, None));
            gone.push(message);
        }
        let late: Vec<(MemberId, MessageId)> = self
            .marks
            .early
            .iter()
            .filter(|(_, early)| {
                let written = early.edit.as_ref().map(|(_, at, _)| *at);
                let came = Some(early.since).filter(|since| *since > 0);
                written.into_iter().chain(came).any(|then| then <= before)
            })
            .map(|(key, _)| *key)
            .collect();
        for (author, message) in late {
            self.take_early(message, author, writes);
        }
        // What came since we looked last came now. A clock that was set back is not waited for.
        let early = self.marks.early.iter_mut();
        for ((author, message), early) in
            early.filter(|(_, early)| early.since == 0 || early.since > wall)
        {
            early.since = wall;
            writes.push(Write::Early(*message, *author, Some(early.to_bytes())));
        }
        gone
    }

    /// Takes a message out of every list.
    pub(super) fn take_out(&mut self, stands: Place, message: MessageId, writes: &mut Vec<Write>) {
        if let Some(entry) = self.entries.remove(&stands) {
            self.ages.remove(&(entry.ends_at, message));
        }
        self.places.remove(&message);
        self.unread.remove(&stands);
        self.replies.remove(&message);
        self.forget_marks(message, writes);
        writes.push(Write::NoAttachment(message));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{restart, sealed, stored, written};
    use super::super::{Mark, Messages, ends_at};
    use super::Duration;
    use crate::config::LIFETIME_DEFAULT;

    #[test]
    fn what_is_done_to_messages_that_are_gone_goes_as_they_did() {
        let mut writes = Vec::new();
        let mut messages = Messages::new(written(0, 1).author);
        let gone = written(1, 2).message;
        messages.mark(
            gone,
            written(2, 1).author,
            sealed(2, 2, 0),
            Mark::React(None),
            &mut writes,
        );
        let deleted = sealed(3, 1, 0);
        messages.mark(
            gone,
            written(1, 1).author,
            deleted,
            Mark::Delete,
            &mut writes,
        );
        let week = u64::try_from(LIFETIME_DEFAULT.as_millis()).unwrap();
        messages.expire(week * 9, LIFETIME_DEFAULT, &mut writes);
        let mut again = restart(&messages, &writes);
        again.expire(week * 10 - 1, LIFETIME_DEFAULT, &mut writes);
        assert_eq!(stored(&writes).len(), 2, "they may still come");
        again.expire(week * 10, LIFETIME_DEFAULT, &mut writes);
        assert!(stored(&writes).is_empty());
    }

    #[test]
    fn what_is_old_goes_with_its_marks_and_leaves_no_record() {
        let mut writes = Vec::new();
        let me = written(0, 1).author;
        let mut messages = Messages::new(me);
        let old = written(1, 2);
        messages.place(&old, sealed(1, 1, 0), 0, &mut writes);
        messages.mark(
            old.message,
            me,
            sealed(2, 0, 0),
            Mark::React(None),
            &mut writes,
        );
        let early = Mark::Edit {
            at: 60_000,
            text: "never came".as_bytes().into(),
        };
        messages.mark(
            written(1, 9).message,
            old.author,
            sealed(3, 1, 1),
            early,
            &mut writes,
        );
        let mut young = written(1, 3);
        young.written_at = 60_001;
        young.ends_at += 1;
        messages.place(&young, sealed(4, 1, 2), 0, &mut writes);
        let mut agreed = written(1, 5);
        agreed.ends_at = ends_at(60_000, 3600);
        messages.place(&agreed, sealed(5, 1, 3), 0, &mut writes);
        messages.wait(written(0, 4), &mut writes);
        let (hour, week) = (Duration::from_secs(3600), LIFETIME_DEFAULT);
        let mut expire = |after: Duration, writes: &mut Vec<_>| {
            let wall = 60_000 + u64::try_from(after.as_millis()).unwrap();
            messages.expire(wall, week, writes)
        };
        assert_eq!(expire(hour - Duration::from_millis(1), &mut writes), []);
        assert_eq!(expire(hour, &mut writes), [agreed.message]);
        assert_eq!(expire(week - Duration::from_millis(1), &mut writes), []);
        let gone = expire(week, &mut writes);
        assert_eq!(gone, [old.message, written(0, 4).message]);
        assert_eq!(stored(&writes).len(), 1, "one message is left");
        assert_eq!((messages.unread(), messages.waiting()), (1, 0));
        let again = restart(&messages, &writes);
        assert!(again.contains(&young.message) && !again.contains(&old.message));
    }
}
