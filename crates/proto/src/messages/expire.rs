//! Messages that are older than the members want: they go, with everything that was done to them and what
//! hangs on them.

use model::{MemberId, MessageId};

use super::{Messages, Place, Write};

impl Messages {
    /// Forgets every message that was written at or before this moment, in milliseconds, and changes from before it of
    /// messages that never came. Gives the messages.
    pub(crate) fn expire(&mut self, before: u64, writes: &mut Vec<Write>) -> Vec<MessageId> {
        let mut gone = Vec::new();
        while let Some((written_at, message)) = self.ages.first().copied() {
            if written_at > before {
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
            self.ages.remove(&(entry.written_at, message));
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
    use super::super::{Mark, Messages};

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
        messages.place(&young, sealed(4, 1, 2), 0, &mut writes);
        messages.wait(written(0, 4), &mut writes);
        assert_eq!(messages.expire(59_999, &mut writes), []);
        let gone = messages.expire(60_000, &mut writes);
        assert_eq!(gone, [old.message, written(0, 4).message]);
        assert_eq!(stored(&writes).len(), 1, "one message is left");
        assert_eq!((messages.unread(), messages.waiting()), (1, 0));
        let again = restart(&messages, &writes);
        assert!(again.contains(&young.message) && !again.contains(&old.message));
    }
}
