//! Under which key each record of a cell lies.

use model::{CellId, InviteId, LogId, MemberId, MessageId, OpId};

use crate::changes::{Key, RecordKind};

pub(super) const CARD: u8 = b'c';
pub(super) const ACK: u8 = b'a';
pub(super) const AUDIENCE: u8 = b'r';
pub(super) const REACTION: u8 = b'r';
pub(super) const EARLY: u8 = b'e';
pub(super) const LOST: u8 = b'l';
pub(super) const MANIFEST: u8 = b'm';
pub(super) const PROGRESS: u8 = b'p';
pub(super) const UNFINISHED: u8 = b'u';
pub(super) const WARNING: u8 = b'w';
pub(super) const VERDICT: u8 = b'v';

pub(super) fn key(kind: RecordKind, cell: CellId, name: &[u8]) -> Key {
    Key::new(kind, *cell.as_bytes(), name)
}

pub(in crate::cell) fn group_key(cell: CellId, name: &[u8]) -> Key {
    key(RecordKind::Group, cell, name)
}

pub(in crate::cell) fn operation_key(cell: CellId, id: &OpId) -> Key {
    key(RecordKind::Membership, cell, id.as_bytes())
}

pub(in crate::cell) fn log_key(cell: CellId, log: &LogId) -> Key {
    key(RecordKind::Log, cell, &log.to_bytes())
}

pub(in crate::cell) fn envelope_key(cell: CellId, log: &LogId, seq: u64) -> Key {
    key(
        RecordKind::Envelope,
        cell,
        &[log.to_bytes().as_slice(), &seq.to_be_bytes()].concat(),
    )
}

pub(crate) fn message_key(cell: CellId, message: &MessageId) -> Key {
    key(RecordKind::Message, cell, message.as_bytes())
}

pub(in crate::cell) fn reaction_key(cell: CellId, message: &MessageId, member: &MemberId) -> Key {
    mark_key(REACTION, cell, message, member)
}

pub(in crate::cell) fn early_key(cell: CellId, message: &MessageId, member: &MemberId) -> Key {
    mark_key(EARLY, cell, message, member)
}

fn mark_key(what: u8, cell: CellId, message: &MessageId, member: &MemberId) -> Key {
    let name = [&[what], &message.as_bytes()[..], member.as_bytes()].concat();
    key(RecordKind::Mark, cell, &name)
}

pub(in crate::cell) fn outgoing_key(cell: CellId, number: u64) -> Key {
    key(RecordKind::Waiting, cell, &number.to_be_bytes())
}

pub(in crate::cell) fn call_key(cell: CellId, name: &[u8]) -> Key {
    key(RecordKind::Call, cell, name)
}

pub(crate) fn draft_key(cell: CellId) -> Key {
    key(RecordKind::Draft, cell, &[])
}

pub(in crate::cell) fn card_key(cell: CellId, member: &MemberId) -> Key {
    key(
        RecordKind::Object,
        cell,
        &[&[CARD], member.as_bytes().as_slice()].concat(),
    )
}

pub(in crate::cell) fn ack_key(cell: CellId, member: &MemberId) -> Key {
    key(
        RecordKind::Object,
        cell,
        &[&[ACK], member.as_bytes().as_slice()].concat(),
    )
}

pub(in crate::cell) fn audience_key(cell: CellId, index: usize) -> Key {
    key(
        RecordKind::Object,
        cell,
        &[&[AUDIENCE], (index as u64).to_be_bytes().as_slice()].concat(),
    )
}

pub(in crate::cell) fn lost_key(cell: CellId, log: &LogId) -> Key {
    key(
        RecordKind::Object,
        cell,
        &[&[LOST], log.to_bytes().as_slice()].concat(),
    )
}

pub(in crate::cell) fn warning_key(cell: CellId, kind: u8) -> Key {
    key(RecordKind::Object, cell, &[WARNING, kind])
}

pub(in crate::cell) fn verdict_key(cell: CellId, member: &MemberId) -> Key {
    let name = [&[VERDICT], member.as_bytes().as_slice()].concat();
    key(RecordKind::Object, cell, &name)
}

pub(in crate::cell) fn invite_key(cell: CellId, invite: &InviteId) -> Key {
    key(RecordKind::Invite, cell, invite.as_bytes())
}

pub(in crate::cell) fn carrier_key(cell: CellId, id: &[u8; 16]) -> Key {
    key(RecordKind::Secret, cell, id)
}

/// What the message says of its attachment.
pub(crate) fn attachment_key(cell: CellId, message: &MessageId) -> Key {
    attachment_name(MANIFEST, cell, message)
}

pub(in crate::cell) fn progress_key(cell: CellId, message: &MessageId) -> Key {
    attachment_name(PROGRESS, cell, message)
}

pub(in crate::cell) fn unfinished_key(cell: CellId, message: &MessageId) -> Key {
    attachment_name(UNFINISHED, cell, message)
}

fn attachment_name(what: u8, cell: CellId, message: &MessageId) -> Key {
    let name = [&[what], &message.as_bytes()[..]].concat();
    key(RecordKind::Attachment, cell, &name)
}

/// The message that [`attachment_key`] made a key of.
pub(in crate::cell) fn attachment_of(key: &Key) -> Option<MessageId> {
    match key.name().split_first() {
        Some((&MANIFEST, message)) => Some(MessageId::from_bytes(message.try_into().ok()?)),
        Some(_) | None => None,
    }
}

/// One piece of an attachment.
pub(crate) fn piece_key(cell: CellId, message: &MessageId, index: u32) -> Key {
    let name = [&message.as_bytes()[..], &index.to_be_bytes()].concat();
    key(RecordKind::Piece, cell, &name)
}

/// The message and number that [`piece_key`] made a key of.
pub(in crate::cell) fn piece_of(key: &Key) -> Option<(MessageId, u32)> {
    let (message, index) = key.name().split_first_chunk::<32>()?;
    let index = u32::from_be_bytes(index.try_into().ok()?);
    Some((MessageId::from_bytes(*message), index))
}
