//! Messages that are older than the members want: they go, with everything that was done to them and what
//! hangs on them.

use std::time::Duration;

use model::{MemberId, MessageId};

use super::{Messages, Place, Write};

impl Messages {
    /// Forgets every message whose time is over at this moment, and changes of messages that never came which are as old
    /// as messages get at most. Gives the messages.
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
            .filter(|(_, early)| early.edit.as_ref().is_some_and(|(_, at, _)| *at <= before))
            .map(|(key, _)| *key)
            .collect();
        for (author, message) in late {
            self.take_early(message, author, writes);
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
