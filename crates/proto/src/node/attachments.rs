//! What a shell may look at of attachments.

use model::{CellId, MessageId};

use super::Node;
use crate::attachment::Attachment;
use crate::cell::{attachment_key, piece_key};
use crate::changes::Key;
use crate::view::{AttachmentBody, DamagedRecord};

impl Node {
    /// In which cell a message with an attachment is, whatever its id is called by.
    pub fn cell_of_attachment(&self, message: MessageId) -> Option<CellId> {
        let mut cells = self.cells.values();
        let cell = cells.find(|cell| cell.has_attachment(&message))?;
        Some(cell.id())
    }

    /// Under which key it is stored what the attachment of a message is.
    pub fn attachment_key(cell: CellId, message: MessageId) -> Key {
        attachment_key(cell, &message)
    }

    /// Reads what is stored under [`Self::attachment_key`].
    ///
    /// # Errors
    ///
    /// Fails if the record cannot have been written by us.
    pub fn read_attachment(record: &[u8]) -> Result<AttachmentBody, DamagedRecord> {
        let attachment = Attachment::from_bytes(record);
        attachment.map(AttachmentBody).map_err(|_| DamagedRecord)
    }

    /// Under which key a piece of the attachment of a message is stored.
    pub fn piece_key(cell: CellId, message: MessageId, index: u32) -> Key {
        piece_key(cell, &message, index)
    }
}
