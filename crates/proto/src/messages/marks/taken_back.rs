//! What happens to messages without a mark: those that nobody has yet, and those that the person removes here.

use model::MessageId;

use super::Write;
use crate::messages::record::StoredMessage;
use crate::messages::{Messages, Place};
use crate::wire::SecretBytes;

impl Messages {
    /// Changes a text that nobody has yet. False if it is no such text.
    pub(crate) fn rewrite_waiting(
        &mut self,
        message: MessageId,
        text: SecretBytes,
        writes: &mut Vec<Write>,
    ) -> bool {
        let Some((Place::Waiting(number), mut entry)) = self.get(&message) else {
            return false;
        };
        let Some(written) = self.waiting.get_mut(&number) else {
            return false;
        };
        written.text = text.clone();
        let nonce = written.nonce;
        self.reprint(Place::Waiting(number), &mut entry, &text);
        let mut record = self.changed_record(Place::Waiting(number), entry, text, None);
        record.nonce = nonce;
        writes.push(Write::Message(message, Some(record.to_bytes())));
        true
    }

    /// Takes back a text that nobody has yet, as if it had never been. False if it is no such text.
    pub(crate) fn forget_waiting(&mut self, message: MessageId, writes: &mut Vec<Write>) -> bool {
        let Some((stands @ Place::Waiting(number), _)) = self.get(&message) else {
            return false;
        };
        self.waiting.remove(&number);
        self.take_out(stands, message, writes);
        self.drop_outgoing(message, writes, |_| true);
        writes.push(Write::Message(message, None));
        true
    }

    /// Removes a message from this device, for good.
    pub(crate) fn hide(&mut self, message: MessageId, writes: &mut Vec<Write>) -> bool {
        let Some((stands, _)) = self.get(&message) else {
            return false;
        };
        self.take_out(stands, message, writes);
        self.hidden.insert(message);
        writes.push(Write::Message(message, Some(StoredMessage::hidden())));
        true
    }
}
