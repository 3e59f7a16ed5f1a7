//! What is done to messages: reactions, changes, deletions, here and by others (`messages/marks.rs` has the rules).

use model::{Emoji, MessageId, MessageText};

use super::{Cell, Presence, records};
use crate::command::ErrorKind;
use crate::config::{SENT_AT_UNIT, WAITING_PER_CELL};
use crate::content::Content;
use crate::envelope::Envelope;
use crate::event::Notice;
use crate::messages::{Entry, Mark, Place, Placed, Write, Written};
use crate::node::Now;
use crate::out::Out;

impl Cell {
    /// Reacts to a message, or takes the reaction back.
    pub(crate) fn react(
        &mut self,
        message: MessageId,
        emoji: Option<Emoji>,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        self.markable(&message)?;
        if self.messages.reaction_of(&message, &self.me) == emoji.as_ref() {
            return Ok(());
        }
        self.queue_mark(message, Mark::React(emoji), now, out)
    }

    /// Changes a text of ours: in place while nobody has it, else for everybody.
    pub(crate) fn edit(
        &mut self,
        message: MessageId,
        text: &MessageText,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let (_, entry) = self.markable(&message)?;
        if entry.author != self.me && !mutant!(AnybodyDeletes) {
            return Err(ErrorKind::NotTheAuthor);
        }
        let text = text.expose().as_bytes();
        let mut writes = Vec::new();
        if self
            .messages
            .rewrite_waiting(message, text.into(), &mut writes)
        {
            self.store_writes(writes, out);
            out.notice(Notice::MessageChanged(self.id, message));
            return Ok(());
        }
        let mark = Mark::Edit {
            at: now.timestamp.rounded_down(SENT_AT_UNIT).as_millis(),
            text: text.into(),
        };
        self.queue_mark(message, mark, now, out)
    }

    /// Deletes a message: from this device, or a text of ours for everybody. What nobody has yet is simply taken back.
    pub(crate) fn delete(
        &mut self,
        message: MessageId,
        everywhere: bool,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let (_, entry) = self
            .messages
            .get(&message)
            .ok_or(ErrorKind::NoSuchMessage)?;
        if everywhere && self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        if everywhere && entry.author != self.me && !mutant!(AnybodyDeletes) {
            return Err(ErrorKind::NotTheAuthor);
        }
        let mut writes = Vec::new();
        let taken_back = self.messages.forget_waiting(message, &mut writes);
        if taken_back || (!everywhere && self.messages.hide(message, &mut writes)) {
            self.store_writes(writes, out);
            out.notice(Notice::MessageChanged(self.id, message));
            return Ok(());
        }
        if entry.deleted {
            return Ok(());
        }
        self.queue_mark(message, Mark::Delete, now, out)
    }

    /// A message that something can be done to.
    fn markable(&self, message: &MessageId) -> Result<(Place, Entry), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        let found = self.messages.get(message);
        found
            .filter(|(_, entry)| !entry.deleted)
            .ok_or(ErrorKind::NoSuchMessage)
    }

    fn queue_mark(
        &mut self,
        message: MessageId,
        mark: Mark,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self.waiting() >= WAITING_PER_CELL {
            return Err(ErrorKind::TooMany);
        }
        let mut writes = Vec::new();
        self.messages.queue(message, mark, &mut writes);
        self.store_writes(writes, out);
        out.notice(Notice::MessageChanged(self.id, message));
        self.speak_if_heard(now, out);
        Ok(())
    }

    /// Says the marks of ours that wait, oldest first.
    pub(super) fn say_marks(&mut self, now: Now, out: &mut Out) {
        while let Some((number, target, mark)) = self.messages.next_outgoing() {
            let Some(place) = self.say_in_turn(&mark.content(target), now, out) else {
                tracing::error!("a mark could not be sealed and waits");
                return;
            };
            let mut writes = Vec::new();
            self.messages.sent(number, place, &mut writes);
            self.store_writes(writes, out);
        }
    }

    /// Takes a text that somebody said.
    pub(super) fn take_text(
        &mut self,
        written: &Written,
        place: Place,
        audience: u32,
        out: &mut Out,
    ) {
        let mut writes = Vec::new();
        let placed = self.messages.place(written, place, audience, &mut writes);
        self.store_writes(writes, out);
        self.take_attachment(written, placed, out);
        match placed {
            Placed::Known => {}
            Placed::New => out.notice(Notice::MessageReceived(self.id, written.message)),
            Placed::Deleted => out.notice(Notice::MessageChanged(self.id, written.message)),
        }
    }

    /// Takes what somebody did to a message. Whether they may shows from who sealed the envelope.
    pub(super) fn take_mark(&mut self, envelope: &Envelope, content: &Content, out: &mut Out) {
        let Some((target, mark)) = Mark::of(content) else {
            return;
        };
        let (log, place) = (envelope.log(), Place::of(envelope));
        let mut writes = Vec::new();
        let changed = self
            .messages
            .mark(target, log.member, place, mark, &mut writes);
        self.store_writes(writes, out);
        if changed {
            out.notice(Notice::MessageChanged(self.id, target));
        }
    }

    /// Puts what the index wrote into this input's persist.
    pub(super) fn store_writes(&mut self, writes: Vec<Write>, out: &mut Out) {
        for write in writes {
            let (key, value) = match write {
                Write::Message(message, value) => (records::message_key(self.id, &message), value),
                Write::Reaction(message, member, value) => {
                    (records::reaction_key(self.id, &message, &member), value)
                }
                Write::Early(message, member, value) => {
                    (records::early_key(self.id, &message, &member), value)
                }
                Write::Outgoing(number, value) => (records::outgoing_key(self.id, number), value),
                Write::NoAttachment(message) => {
                    self.drop_attachment(message, out);
                    continue;
                }
            };
            match value {
                Some(value) => out.changes.put(key, value),
                None => out.changes.delete(key),
            }
        }
    }

    /// Keeps the text that the person has begun, or forgets it.
    pub(crate) fn set_draft(
        &self,
        text: Option<MessageText>,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        let key = records::draft_key(self.id);
        match text {
            Some(text) => out.changes.put(key, text.expose().as_bytes().to_vec()),
            None => out.changes.delete(key),
        }
        Ok(())
    }
}
