//! What is stored of attachments besides their pieces.
//!
//! ```text
//! m ‖ message   what the message says of it: key, name, hashes
//! p ‖ message   author[32] ‖ u32 pieces that are here ‖ u8 1 if the rest is wanted
//! u ‖ message   u32 pieces that may lie in the store: a shell was handing it over and has not ended
//! ```

use std::collections::BTreeMap;

use model::{CellId, MemberId, MessageId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::keys::{MANIFEST, PROGRESS, UNFINISHED};
use super::{piece_key, progress_key, unfinished_key};
use crate::attachment::Attachment;
use crate::cell::attachments::Held;
use crate::cell::{Cell, attachment_key};
use crate::out::Out;
use crate::wire::{Malformed, decode, encode};

#[derive(Clone, Copy, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct ProgressRecord {
    author: [u8; 32],
    have: u32,
    wanted: u8,
}

pub(in crate::cell) fn progress_record(author: MemberId, have: u32, wanted: bool) -> Vec<u8> {
    encode(&ProgressRecord {
        author: *author.as_bytes(),
        have,
        wanted: u8::from(wanted),
    })
}

/// Deletes all that may be there of a file that was begun and not ended.
pub(in crate::cell) fn forget_unfinished(
    cell: CellId,
    message: MessageId,
    pieces: u32,
    out: &mut Out,
) {
    for index in 0..pieces {
        out.changes.delete(piece_key(cell, &message, index));
    }
    out.changes.delete(unfinished_key(cell, &message));
}

/// The records of a cell's attachments, on their way back.
#[derive(Default)]
pub(super) struct AttachmentRecords {
    attachments: BTreeMap<MessageId, Attachment>,
    progress: BTreeMap<MessageId, ProgressRecord>,
    unfinished: Vec<(MessageId, u32)>,
}

impl AttachmentRecords {
    pub(super) fn push(&mut self, name: &[u8], value: &[u8]) -> Result<(), Malformed> {
        let (what, message) = name.split_first().ok_or(Malformed)?;
        let message = MessageId::from_bytes(message.try_into().map_err(|_| Malformed)?);
        match *what {
            MANIFEST => {
                let attachment = Attachment::from_bytes(value)?;
                self.attachments.insert(message, attachment);
            }
            PROGRESS => {
                self.progress.insert(message, decode(value)?);
            }
            UNFINISHED => {
                let pieces = value.try_into().map_err(|_| Malformed)?;
                self.unfinished.push((message, u32::from_be_bytes(pieces)));
            }
            _ => return Err(Malformed),
        }
        Ok(())
    }

    /// Gives everything back to the cell, which has its messages, and clears away what a crash left.
    pub(super) fn fill(self, cell: &mut Cell, out: &mut Out) {
        for (message, pieces) in self.unfinished {
            forget_unfinished(cell.id, message, pieces, out);
        }
        for (message, attachment) in self.attachments {
            let Some(progress) = self.progress.get(&message) else {
                out.changes.delete(attachment_key(cell.id, &message));
                continue;
            };
            let held = Held {
                author: MemberId::from_bytes(progress.author),
                size: attachment.about.size,
                have: progress.have,
            };
            if progress.wanted == 1 && !held.is_whole() {
                cell.attachments.wanted.insert(message);
                cell.attachments.stirred = true;
            }
            cell.attachments.held.insert(message, held);
            if !cell.messages.restore_attachment(message, attachment) {
                cell.drop_attachment(message, out);
                out.changes.delete(progress_key(cell.id, &message));
            }
        }
    }
}
