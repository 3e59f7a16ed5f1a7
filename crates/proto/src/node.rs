//! The protocol state of one device.

use std::net::IpAddr;

use model::{CellId, Instant, MemberId, MessageId, Timestamp};

use crate::changes::Key;
use crate::input::Input;
use crate::output::Output;
use crate::view::{CellSummary, InviteSummary, MemberSummary, MessageBody, MessageRef, NetSummary, SafetyNumber};

/// Both clocks at the moment of an input. The monotonic one decides; the wall clock only expires and displays.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The monotonic clock.
    pub instant: Instant,
    /// The wall clock.
    pub timestamp: Timestamp,
}

/// What the person or the shell chose before the start.
#[derive(Clone, Debug)]
pub struct Config {
    /// The interface on which doors listen unless a cell says otherwise.
    pub listen_ip: IpAddr,
}

/// Why a node could not be made from what was stored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A record is not what the core writes.
    #[error("the storage is damaged; restore a backup")]
    Damaged,
}

/// The protocol state of one device. See the crate documentation for the one rule of use.
#[derive(Debug)]
pub struct Node {}

impl Node {
    /// A node that is in no cell. `seed` is 32 fresh random bytes, never used before.
    pub fn new(_config: Config, _seed: [u8; 32], _now: Now) -> Self {
        Self {}
    }

    /// The node whose changes were persisted as `records`, in any order. `rolled_back` says that the store knows of
    /// newer changes that are missing: every cell then opens a new incarnation. Drain it before the first input.
    ///
    /// # Errors
    ///
    /// Fails if a record cannot have been written by us.
    pub fn restore(
        _config: Config,
        _seed: [u8; 32],
        _records: impl IntoIterator<Item = (Key, Vec<u8>)>,
        _rolled_back: bool,
        _now: Now,
    ) -> Result<Self, RestoreError> {
        Ok(Self {})
    }

    /// Feeds one input. The caller drains [`Self::poll_output`] before the next one.
    pub fn handle_input(&mut self, _input: Input, _now: Now) {}

    /// The next thing to do, ending with [`Output::Timeout`].
    pub fn poll_output(&mut self) -> Output {
        Output::Timeout(Instant::ZERO)
    }

    /// Every cell on this device, those left and those we were removed from included.
    pub fn cells(&self) -> Vec<CellSummary> {
        Vec::new()
    }

    /// Everybody who is or was in a cell, ourselves first; nothing if there is no such cell.
    pub fn members(&self, _cell: CellId) -> Option<Vec<MemberSummary>> {
        None
    }

    /// The invites we made, newest last.
    pub fn invites(&self, _cell: CellId) -> Option<Vec<InviteSummary>> {
        None
    }

    /// The last `limit` messages before `before` (or of all), oldest first, in the order that is the same on every
    /// device; own texts that wait come last. Nothing if there is no such cell or no such message.
    pub fn messages(&self, _cell: CellId, _before: Option<MessageId>, _limit: usize) -> Option<Vec<MessageRef>> {
        None
    }

    /// One message.
    pub fn message(&self, _cell: CellId, _message: MessageId) -> Option<MessageRef> {
        None
    }

    /// Under which key the body of a message is stored.
    pub fn message_key(_cell: CellId, _message: MessageId) -> Key {
        Key::new(crate::RecordKind::Message, [0; 32], &[])
    }

    /// Reads a body stored under [`Self::message_key`]; nothing if it cannot have been.
    pub fn read_message(_record: &[u8]) -> Option<MessageBody> {
        None
    }

    /// The safety number between us and a member.
    pub fn safety_number(&self, _cell: CellId, _member: MemberId) -> Option<SafetyNumber> {
        None
    }

    /// The network side of every cell, and whether we are online.
    pub fn net(&self) -> (bool, Vec<NetSummary>) {
        (true, Vec::new())
    }
}
