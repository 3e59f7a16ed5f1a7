//! What a shell can look at between inputs.

use model::{CellId, DisplayName, MemberId, MessageId, SearchWords, Suite};

use super::Node;
use crate::cell::{Cell, draft_key, message_key};
use crate::changes::Key;
use crate::event::WarningKind;
use crate::messages::StoredMessage;
use crate::view::{
    At, CellSummary, DamagedRecord, InviteSummary, MemberState, MemberSummary, MessageBody,
    MessagePage, MessageRef, NetStatus, Reader, SafetyNumber, WarningSummary,
};

impl Node {
    /// Whether there is such a cell on this device.
    pub fn has_cell(&self, cell: CellId) -> bool {
        self.cells.contains_key(&cell)
    }

    /// Every cell on this device, those left and those we were removed from included, damaged ones last.
    pub fn cells(&self) -> Vec<CellSummary> {
        let damaged = self.damaged.iter().filter_map(|(cell, name)| {
            Some(CellSummary {
                cell: *cell,
                name: name.clone()?,
                // What we were called in it is in what cannot be read.
                display_name: DisplayName::parse("?").ok()?,
                members: 0,
                reachable: 0,
                unread: 0,
                state: MemberState::Damaged,
                suite: Suite::default(),
                lifetime_s: 0,
                lan: false,
                last: None,
            })
        });
        let whole = self.cells.values().filter_map(Cell::summary);
        whole.chain(damaged).collect()
    }

    /// Everybody who is or was in a cell, ourselves first; nothing if there is no such cell.
    pub fn members(&self, cell: CellId) -> Option<Vec<MemberSummary>> {
        Some(self.cells.get(&cell)?.member_summaries(self.seen))
    }

    /// What the person was warned of in a cell and has not dismissed, oldest first.
    pub fn warnings(&self, cell: CellId) -> Option<Vec<WarningSummary>> {
        if self.damaged.contains_key(&cell) {
            let (kind, at) = (WarningKind::Damaged, self.seen.timestamp);
            return Some(vec![WarningSummary { kind, at }]);
        }
        Some(self.cells.get(&cell)?.warning_summaries())
    }

    /// The invites we made, newest last.
    pub fn invites(&self, cell: CellId) -> Option<Vec<InviteSummary>> {
        Some(self.cells.get(&cell)?.invite_summaries(self.seen))
    }

    /// At most `limit` messages of a cell, in the order that is the same on every device; own texts that wait come last.
    /// Nothing if there is no such cell or no such message.
    pub fn messages(&self, cell: CellId, at: At, limit: usize) -> Option<MessagePage> {
        self.cells.get(&cell)?.page(at, limit)
    }

    /// Who besides its author could read a message (or will be sent it, while it waits), and who has it.
    pub fn readers(&self, cell: CellId, message: MessageId) -> Option<Vec<Reader>> {
        self.cells.get(&cell)?.readers(&message)
    }

    /// One message.
    pub fn message(&self, cell: CellId, message: MessageId) -> Option<MessageRef> {
        self.cells.get(&cell)?.message(&message)
    }

    /// Under which key the body of a message is stored.
    pub fn message_key(cell: CellId, message: MessageId) -> Key {
        message_key(cell, &message)
    }

    /// Reads a body stored under [`Self::message_key`]; nothing if the person removed the message from this device.
    ///
    /// # Errors
    ///
    /// Fails if the record cannot have been written by us.
    pub fn read_message(record: &[u8]) -> Result<Option<MessageBody>, DamagedRecord> {
        let stored = StoredMessage::from_bytes(record);
        stored
            .and_then(StoredMessage::body)
            .map_err(|_| DamagedRecord)
    }

    /// Under which key the text is stored that the person has begun in a cell, as it is.
    pub fn draft_key(cell: CellId) -> Key {
        draft_key(cell)
    }

    /// Messages of one cell or of all in whose text the words may stand: few others, and none is missing. Newest first,
    /// within a cell in the one display order, between cells by what their authors say. Nothing if there is no such cell.
    pub fn may_have(
        &self,
        cell: Option<CellId>,
        words: &SearchWords,
    ) -> Option<Vec<(CellId, MessageId)>> {
        let cells: Vec<&Cell> = match cell {
            Some(cell) => vec![self.cells.get(&cell)?],
            None => self.cells.values().collect(),
        };
        let mut heads: Vec<_> = cells
            .into_iter()
            .map(|cell| (cell.id(), cell.may_have(words).peekable()))
            .collect();
        let mut all = Vec::new();
        loop {
            let newest = heads
                .iter_mut()
                .filter_map(|(id, rest)| {
                    let written_at = rest.peek()?.1;
                    Some((written_at, *id, rest))
                })
                .max_by_key(|(written_at, ..)| *written_at);
            let Some((_, id, rest)) = newest else {
                return Some(all);
            };
            all.extend(rest.next().map(|(message, _)| (id, message)));
        }
    }

    /// The safety number between us and a member.
    pub fn safety_number(&self, cell: CellId, member: MemberId) -> Option<SafetyNumber> {
        self.cells.get(&cell)?.safety_number(member)
    }

    /// Which ports are open, whose, and who is connected.
    pub fn net(&self) -> NetStatus {
        NetStatus {
            online: self.online,
            cells: self.cells.values().map(Cell::net_summary).collect(),
            channels: self.channels.net(),
        }
    }
}
