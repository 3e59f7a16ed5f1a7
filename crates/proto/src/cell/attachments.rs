//! Attachments of one cell: taking in what we send, and what is kept of each. Who gives pieces to whom is in
//! `fetching.rs`; what a piece is, in `attachment.rs`.
//!
//! ```text
//!   shell ── begin ─► making ── pieces, each durable ─► the last one ─► a message that waits, whole
//!                        └─ cancel ─► nothing
//! ```
//! Pieces go to the store and are not kept here; nor are keys and hashes, but while they are made or fetched. Invariants:
//! a message is never accepted before all of its attachment is durable · what was begun and not ended leaves nothing after
//! the next start · an attachment goes with its message.

use std::collections::{BTreeMap, BTreeSet};

use crypto::Secret;
use model::{Instant, MemberId, MessageId, MessageText, PeerId};

use super::fetching::{Fetch, Serving};
use super::{Cell, Presence, records};
use crate::attachment::{Attachment, PIECE_LEN, file_len, piece_hash, pieces, seal};
use crate::command::{Attach, ErrorKind};
use crate::config::{
    ATTACHMENT_BYTES_PER_CELL, ATTACHMENT_BYTES_PER_MEMBER, ATTACHMENT_LIMIT, ATTACHMENT_LIMIT_FAR,
    ATTACHMENTS_IN_MAKING, FETCH_AT_ONCE, FETCH_AT_ONCE_BYTES, SENT_AT_UNIT, WAITING_PER_CELL,
};
use crate::content::message_id;
use crate::event::{Answer, Notice};
use crate::messages::{Placed, Written};
use crate::node::Now;
use crate::out::Out;
use crate::view::{About, AttachmentState, AttachmentSummary, Media};

/// Everything about the attachments of one cell.
#[derive(Default)]
pub(super) struct Attachments {
    pub(super) held: BTreeMap<MessageId, Held>,
    /// Those that are to be fetched and are not whole.
    pub(super) wanted: BTreeSet<MessageId>,
    pub(super) fetches: BTreeMap<PeerId, Fetch>,
    pub(super) serving: BTreeMap<PeerId, Serving>,
    /// Who is not asked for what before when.
    pub(super) rests: BTreeMap<(MessageId, PeerId), Instant>,
    /// Something changed since we last looked whom to ask.
    pub(super) stirred: bool,
    making: BTreeMap<MessageId, Making>,
}

/// What is kept in memory of one.
pub(super) struct Held {
    pub(super) author: MemberId,
    pub(super) size: u64,
    /// Pieces that are here: the first ones.
    pub(super) have: u32,
}

impl Held {
    pub(super) fn of(&self) -> u32 {
        pieces(self.size)
    }

    pub(super) fn is_whole(&self) -> bool {
        self.have == self.of()
    }
}

/// A file that a shell is handing over.
struct Making {
    nonce: [u8; 16],
    key: Secret<32>,
    about: About,
    text: Option<MessageText>,
    reply_to: Option<MessageId>,
    hashes: Vec<[u8; 32]>,
}

impl Cell {
    /// Does what the person wants with an attachment.
    pub(crate) fn attach(
        &mut self,
        what: Attach,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        match what {
            Attach::Begin {
                about,
                text,
                reply_to,
            } => {
                let message = self.begin_attachment(about, text, reply_to, out)?;
                return Ok(Answer::AttachmentBegun(message));
            }
            Attach::Piece(message, bytes) => {
                return self.take_file_piece(message, &bytes, now, out);
            }
            Attach::Abandon(message) => self.abandon_attachment(message, out),
            Attach::Fetch(message) => self.fetch_attachment(message, out)?,
            Attach::Cancel(message) => self.cancel_attachment(message, out)?,
            Attach::Lost(message, index) => self.lose_pieces(message, index, out),
        }
        Ok(Answer::Done)
    }

    /// Begins to take in a file. Its pieces follow.
    fn begin_attachment(
        &mut self,
        about: About,
        text: Option<MessageText>,
        reply_to: Option<MessageId>,
        out: &mut Out,
    ) -> Result<MessageId, ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        if about.size == 0 {
            return Err(ErrorKind::InvalidParams);
        }
        let limit = if self.settings.lan {
            ATTACHMENT_LIMIT
        } else {
            ATTACHMENT_LIMIT_FAR
        };
        if about.size > limit {
            return Err(ErrorKind::AttachmentTooLarge);
        }
        if reply_to.is_some_and(|message| !self.messages.contains(&message)) {
            return Err(ErrorKind::NoSuchMessage);
        }
        if self.messages.waiting() >= WAITING_PER_CELL
            || self.attachments.making.len() >= ATTACHMENTS_IN_MAKING
            || !self.has_room(self.me, about.size)
        {
            return Err(ErrorKind::TooMany);
        }
        let nonce = self.rng.array();
        let message = message_id(&self.id, &self.me, &nonce);
        // From here on pieces may lie in the store: what this record names is cleared away at the next start.
        out.changes.put(
            records::unfinished_key(self.id, &message),
            pieces(about.size).to_be_bytes().to_vec(),
        );
        let making = Making {
            nonce,
            key: self.rng.secret(),
            about,
            text,
            reply_to,
            hashes: Vec::new(),
        };
        self.attachments.making.insert(message, making);
        Ok(message)
    }

    /// Takes the next bytes of a file. With the last of them the message is there, and waits like any other.
    fn take_file_piece(
        &mut self,
        message: MessageId,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        let id = self.id;
        let making = self.attachments.making.get_mut(&message);
        let making = making.ok_or(ErrorKind::NoSuchMessage)?;
        let size = making.about.size;
        let index = making.next();
        if bytes.is_empty() || bytes.len() != file_len(size, index) {
            return Err(ErrorKind::InvalidParams);
        }
        making.take(id, message, bytes, out);
        let of = pieces(size);
        if usize::try_from(making.next()).unwrap_or(usize::MAX) * PIECE_LEN
            < usize::try_from(size).unwrap_or(usize::MAX)
        {
            let have = making.next();
            self.tell_progress(message, have, of, out);
            return Ok(Answer::Done);
        }
        // What is left is padding.
        while making.next() < of {
            making.take(id, message, &[], out);
        }
        self.end_making(message, now, out)
    }

    fn end_making(
        &mut self,
        message: MessageId,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let making = self.attachments.making.remove(&message);
        let making = making.ok_or(ErrorKind::NoSuchMessage)?;
        let attachment = Attachment {
            key: making.key,
            about: making.about,
            hashes: making.hashes,
        };
        let held = Held {
            author: self.me,
            size: attachment.about.size,
            have: pieces(attachment.about.size),
        };
        self.tell_progress(message, held.have, held.have, out);
        out.changes
            .delete(records::unfinished_key(self.id, &message));
        self.hold(message, &attachment, held, out);
        let text = making.text.as_ref().map(MessageText::expose);
        let written_at = now.timestamp.rounded_down(SENT_AT_UNIT).as_millis();
        let written = Written {
            message,
            author: self.me,
            nonce: making.nonce,
            written_at,
            ends_at: self.end_of_ours(written_at),
            text: text.unwrap_or_default().as_bytes().into(),
            reply_to: making.reply_to.map(|answered| *answered.as_bytes()),
            attachment: Some(attachment),
            proof: crate::wire::SecretBytes::from(Vec::new()),
        };
        let mut writes = Vec::new();
        self.messages.wait(written, &mut writes);
        self.store_writes(writes, out);
        self.speak_if_heard(now, out);
        Ok(Answer::MessageAccepted(message))
    }

    /// Forgets a file that was begun.
    fn abandon_attachment(&mut self, message: MessageId, out: &mut Out) {
        if let Some(making) = self.attachments.making.remove(&message) {
            records::forget_unfinished(self.id, message, pieces(making.about.size), out);
        }
    }

    /// Keeps what a message says of its attachment, if the message is new.
    pub(super) fn take_attachment(&mut self, written: &Written, placed: Placed, out: &mut Out) {
        let (Some(attachment), Placed::New) = (&written.attachment, placed) else {
            return;
        };
        let held = Held {
            author: written.author,
            size: attachment.about.size,
            have: 0,
        };
        self.hold(written.message, attachment, held, out);
        let small = match attachment.about.media {
            Media::Image { .. } => attachment.about.size <= FETCH_AT_ONCE,
            Media::File => false,
        };
        let (_, theirs) = self.kept(written.author);
        if small
            && theirs + attachment.about.size <= FETCH_AT_ONCE_BYTES
            && self.has_room(written.author, attachment.about.size)
        {
            self.want(written.message, true, out);
        }
    }

    /// Nobody gives us anything any more, and we give nothing.
    pub(super) fn close_attachments(&mut self, out: &mut Out) {
        let making = std::mem::take(&mut self.attachments.making);
        for (message, making) in making {
            records::forget_unfinished(self.id, message, pieces(making.about.size), out);
        }
        self.attachments.wanted.clear();
        self.attachments.fetches.clear();
        self.attachments.serving.clear();
        self.attachments.rests.clear();
    }

    fn hold(&mut self, message: MessageId, attachment: &Attachment, held: Held, out: &mut Out) {
        out.changes.put(
            records::attachment_key(self.id, &message),
            attachment.to_bytes(),
        );
        self.attachments.held.insert(message, held);
        self.store_progress(message, out);
    }

    /// Fetches an attachment, or goes on with that.
    fn fetch_attachment(&mut self, message: MessageId, out: &mut Out) -> Result<(), ErrorKind> {
        let held = self.attachments.held.get(&message);
        let held = held.ok_or(ErrorKind::NoSuchMessage)?;
        if held.is_whole() {
            return Ok(());
        }
        if self.presence != Presence::In {
            return Err(ErrorKind::NotAMember);
        }
        if !self.attachments.wanted.contains(&message) && !self.has_room(held.author, held.size) {
            return Err(ErrorKind::TooMany);
        }
        self.want(message, true, out);
        // Whoever asks again wants everybody to be asked again.
        self.attachments.rests.retain(|(of, _), _| *of != message);
        out.notice(Notice::MessageChanged(self.id, message));
        Ok(())
    }

    /// Fetches it no longer, and forgets what has come of it, or what the shell has handed over so far.
    fn cancel_attachment(&mut self, message: MessageId, out: &mut Out) -> Result<(), ErrorKind> {
        if self.attachments.making.contains_key(&message) {
            self.abandon_attachment(message, out);
            return Ok(());
        }
        let held = self.attachments.held.get_mut(&message);
        let held = held.ok_or(ErrorKind::NoSuchMessage)?;
        if held.is_whole() {
            return Ok(());
        }
        for index in 0..std::mem::take(&mut held.have) {
            out.changes
                .delete(records::piece_key(self.id, &message, index));
        }
        self.stop_fetching(message);
        self.want(message, false, out);
        out.notice(Notice::MessageChanged(self.id, message));
        Ok(())
    }

    /// The disk has not kept a piece. Pieces come in order, so those behind it go and come again; members who have it are
    /// asked, also for a file of our own.
    fn lose_pieces(&mut self, message: MessageId, index: u32, out: &mut Out) {
        let Some(held) = self.attachments.held.get_mut(&message) else {
            return;
        };
        if index >= held.have {
            return;
        }
        for gone in index..std::mem::replace(&mut held.have, index) {
            out.changes
                .delete(records::piece_key(self.id, &message, gone));
        }
        // Whoever is giving it to us was asked for what comes behind.
        self.attachments
            .fetches
            .retain(|_, fetch| fetch.message != message);
        self.want(message, self.presence == Presence::In, out);
        out.notice(Notice::MessageChanged(self.id, message));
    }

    /// The message of an attachment is gone, and all of it with it.
    pub(super) fn drop_attachment(&mut self, message: MessageId, out: &mut Out) {
        let Some(held) = self.attachments.held.remove(&message) else {
            return;
        };
        self.attachments.wanted.remove(&message);
        self.stop_fetching(message);
        for index in 0..held.have {
            out.changes
                .delete(records::piece_key(self.id, &message, index));
        }
        out.changes
            .delete(records::attachment_key(self.id, &message));
        out.changes.delete(records::progress_key(self.id, &message));
    }

    fn want(&mut self, message: MessageId, wanted: bool, out: &mut Out) {
        if wanted {
            self.attachments.wanted.insert(message);
        } else {
            self.attachments.wanted.remove(&message);
        }
        self.attachments.stirred = true;
        self.store_progress(message, out);
    }

    pub(super) fn store_progress(&self, message: MessageId, out: &mut Out) {
        if let Some(held) = self.attachments.held.get(&message) {
            let wanted = self.attachments.wanted.contains(&message);
            out.changes.put(
                records::progress_key(self.id, &message),
                records::progress_record(held.author, held.have, wanted),
            );
        }
    }

    pub(super) fn tell_progress(&self, message: MessageId, have: u32, of: u32, out: &mut Out) {
        out.notice(Notice::AttachmentProgress {
            cell: self.id,
            message,
            have,
            of,
        });
    }

    /// Bytes of attachments that are here or will be: of the cell, and of one member.
    fn kept(&self, author: MemberId) -> (u64, u64) {
        let (mut all, mut theirs) = (0, 0);
        for (message, held) in &self.attachments.held {
            if held.have > 0 || self.attachments.wanted.contains(message) {
                all += held.size;
                theirs += if held.author == author { held.size } else { 0 };
            }
        }
        let making = self.attachments.making.values();
        let making: u64 = making.map(|making| making.about.size).sum();
        let ours = if author == self.me { making } else { 0 };
        (all + making, theirs + ours)
    }

    fn has_room(&self, author: MemberId, size: u64) -> bool {
        let (all, theirs) = self.kept(author);
        all + size <= ATTACHMENT_BYTES_PER_CELL && theirs + size <= ATTACHMENT_BYTES_PER_MEMBER
    }

    /// Whether a message has an attachment.
    pub(crate) fn has_attachment(&self, message: &MessageId) -> bool {
        self.attachments.held.contains_key(message) || self.attachments.making.contains_key(message)
    }

    /// How much of the attachment of a message is here, if it has one.
    pub(super) fn attachment_summary(&self, message: &MessageId) -> Option<AttachmentSummary> {
        let held = self.attachments.held.get(message)?;
        let coming = |fetch: &Fetch| fetch.message == *message;
        let state = if held.is_whole() {
            AttachmentState::Here
        } else if !self.attachments.wanted.contains(message) || self.presence != Presence::In {
            AttachmentState::Offered
        } else if self.attachments.fetches.values().any(coming) {
            AttachmentState::Coming
        } else {
            AttachmentState::Waiting
        };
        Some(AttachmentSummary {
            state,
            have: held.have,
            of: held.of(),
        })
    }
}

impl Making {
    fn next(&self) -> u32 {
        u32::try_from(self.hashes.len()).unwrap_or(u32::MAX)
    }

    fn take(&mut self, cell: model::CellId, message: MessageId, bytes: &[u8], out: &mut Out) {
        let index = self.next();
        let sealed = seal(&self.key, &message, self.about.size, index, bytes);
        self.hashes.push(piece_hash(&message, index, &sealed));
        out.changes
            .put(records::piece_key(cell, &message, index), sealed);
    }
}
