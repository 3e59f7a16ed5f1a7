//! The protocol state of one device: routes inputs to cells, and to attempts to join one.

mod attachments;
mod calls;
mod channels;
mod views;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use crypto::{Rng, Secret};
use model::{Address, CellId, CellName, DisplayName, Instant, JoinId, Suite, Timestamp};

use crate::carrier::bundle;
use crate::cell::{Cell, CellRecords, Founding, JoinOutcome, Joining};
use crate::changes::Key;
use crate::channels::Channels;
use crate::command::{Command, ErrorKind, RequestId};
use crate::config::{BUNDLE_LIMIT, CELLS, Config};
use crate::event::{Answer, JoinFailure, Notice, WarningKind};
use crate::input::{Input, Link};
use crate::invite::InviteLink;
use crate::membership::limits::QUORUM_SMALL;
use crate::out::Out;
use crate::output::{DisconnectReason, ListenOn, Output};
use crate::wire::Malformed;

/// Both clocks at the moment of an input. The monotonic one decides; the wall clock only expires and displays.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The monotonic clock.
    pub instant: Instant,
    /// The wall clock.
    pub timestamp: Timestamp,
}

/// The protocol state of one device. See the crate documentation for the one rule of use.
pub struct Node {
    config: Config,
    cells: BTreeMap<CellId, Cell>,
    joinings: BTreeMap<CellId, Joining>,
    channels: Channels,
    /// Cells whose records cannot be read. They are shown, and nothing is done to them.
    damaged: BTreeMap<CellId, Option<CellName>>,
    online: bool,
    rng: Rng,
    outputs: VecDeque<Output>,
    /// The clocks at the last input, for views that show how long something has been.
    seen: Now,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({} cells)", self.cells.len())
    }
}

impl Node {
    /// A node that is in no cell. `seed` is 32 fresh random bytes, never used before.
    pub fn new(config: Config, seed: [u8; 32], now: Now) -> Self {
        Self {
            config,
            cells: BTreeMap::new(),
            joinings: BTreeMap::new(),
            channels: Channels::default(),
            damaged: BTreeMap::new(),
            online: true,
            rng: Rng::from_seed(&Secret::from_bytes(seed)),
            outputs: VecDeque::new(),
            seen: now,
        }
    }

    /// The node whose changes were persisted as `records`, in any order. `rolled_back` says that the store knows of
    /// newer changes that are missing: every cell then opens a new incarnation. A cell of which a record cannot have been
    /// written by us is listed as damaged and nothing else; the others go on. Drain it before the first input.
    pub fn restore(
        config: Config,
        seed: [u8; 32],
        records: impl IntoIterator<Item = (Key, Vec<u8>)>,
        rolled_back: bool,
        now: Now,
    ) -> Self {
        let mut node = Self::new(config, seed, now);
        let mut cells: BTreeMap<CellId, CellRecords> = BTreeMap::new();
        let mut of_channels = Vec::new();
        for (key, value) in records {
            if Channels::owns(&key) {
                of_channels.push((key, value));
                continue;
            }
            let cell = CellId::from_bytes(*key.scope());
            cells.entry(cell).or_default().push(&key, value);
        }
        let mut out = Out::default();
        for (id, records) in cells {
            let rng = node.rng.fork();
            let name = records.name(&id);
            // Tried apart: of a cell that is damaged nothing is written, so that what is left of it stays as it is.
            let mut theirs = Out::default();
            match records.restore(id, rng, rolled_back, now, &mut theirs) {
                Ok(cell) => {
                    out.absorb(theirs);
                    node.cells.insert(id, cell);
                }
                Err(Malformed) => {
                    tracing::error!("the records of a cell are damaged; the others go on");
                    out.warn(id, WarningKind::Damaged);
                    node.damaged.insert(id, name);
                }
            }
        }
        for cell in node.cells.values_mut() {
            cell.expire(now, &mut out);
            cell.open_network(now, &mut out);
        }
        node.restore_channels(of_channels, rolled_back, now, &mut out);
        node.finish(now, out);
        node
    }

    /// Feeds one input. The caller drains [`Self::poll_output`] before the next one.
    pub fn handle_input(&mut self, input: Input, now: Now) {
        debug_assert!(self.outputs.is_empty(), "the last input was drained");
        self.seen = now;
        let mut out = Out::default();
        match input {
            Input::Command(request, command) => self.on_command(request, command, now, &mut out),
            Input::Timeout => self.on_timeout(now, &mut out),
            Input::Frame(link, bytes) => self.on_frame(link, &bytes, now, &mut out),
            Input::PeerConnected(link, entrance) => {
                if let Some(cell) = self.cells.get_mut(&link.cell) {
                    cell.on_connected(link, entrance, now, &mut out);
                } else if let Some(joining) = self.joinings.get_mut(&link.cell) {
                    let outcome = joining.on_connected(link, &mut out);
                    self.settle(link.cell, outcome, &mut out);
                }
            }
            Input::PeerDisconnected(link) => {
                if let Some(cell) = self.cells.get_mut(&link.cell) {
                    cell.on_disconnected(link, now, &mut out);
                }
                self.on_join_link_lost(link, now, &mut out);
            }
            Input::ConnectFailed(link) => {
                if let Some(cell) = self.cells.get_mut(&link.cell) {
                    cell.on_connect_failed(link, now);
                }
                self.on_join_link_lost(link, now, &mut out);
            }
            Input::Listening {
                cell,
                door,
                addresses,
            } => {
                if let Some(cell) = self.cells.get_mut(&cell) {
                    cell.on_listening(door, addresses, now, &mut out);
                } else if let Some(joining) = self.joinings.get_mut(&cell) {
                    joining.on_listening(door, addresses, now, &mut out);
                }
            }
            Input::Read(key, value) => {
                let value = value.as_ref().map(|value| value.as_slice());
                let cell = CellId::from_bytes(*key.scope());
                if Channels::owns(&key) {
                    let forwards = self.channels.on_read(&key, value, &mut out);
                    self.on_forwards(forwards, now, &mut out);
                } else if let Some(cell) = self.cells.get_mut(&cell) {
                    cell.on_read(&key, value, now);
                }
            }
            Input::Channel(channel, input) => self.channels.on_input(channel, input, now, &mut out),
            Input::Beacon { cell, from, bytes } => {
                self.on_beacon(cell, &from, &bytes, now, &mut out)
            }
        }
        self.finish(now, out);
    }

    fn finish(&mut self, now: Now, mut out: Out) {
        loop {
            self.carry_whispers(now, &mut out);
            self.channels.finish(now, &mut out);
            self.carry_whispers(now, &mut out);
            self.pass_on_call_offs(&mut out);
            for cell in self.cells.values_mut() {
                cell.finish(now, &mut out);
            }
            if out.heard.is_empty() && out.said.is_empty() {
                break;
            }
        }
        out.drain_into(&mut self.outputs);
    }

    /// The next thing to do, ending with [`Output::Timeout`].
    pub fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or_else(|| Output::Timeout(self.next_timeout()))
    }

    fn next_timeout(&self) -> Instant {
        let idle = self.seen.instant + Duration::from_secs(60);
        let cells = self.cells.values().filter_map(Cell::next_timeout);
        cells
            .chain(self.joinings.values().map(Joining::due))
            .chain(self.channels.next_timeout())
            .min()
            .unwrap_or(idle)
            .min(idle)
    }

    fn on_timeout(&mut self, now: Now, out: &mut Out) {
        for cell in self.cells.values_mut() {
            cell.handle_timeout(now, out);
        }
        self.channels.handle_timeout(now, out);
        let outcomes: Vec<_> = self
            .joinings
            .iter_mut()
            .map(|(id, joining)| (*id, joining.handle_timeout(now, out)))
            .collect();
        for (id, outcome) in outcomes {
            self.settle(id, outcome, out);
        }
    }

    fn on_frame(&mut self, link: Link, bytes: &[u8], now: Now, out: &mut Out) {
        if let Some(cell) = self.cells.get_mut(&link.cell) {
            cell.on_frame(link, bytes, now, out);
        } else if let Some(joining) = self.joinings.get_mut(&link.cell) {
            let outcome = joining.on_frame(link, bytes, now, out);
            self.settle(link.cell, outcome, out);
        }
    }

    fn on_join_link_lost(&mut self, link: Link, now: Now, out: &mut Out) {
        if let Some(joining) = self.joinings.get_mut(&link.cell) {
            let outcome = joining.on_disconnected(link, now);
            self.settle(link.cell, outcome, out);
        }
    }

    fn on_beacon(&mut self, cell: CellId, from: &Address, bytes: &[u8], now: Now, out: &mut Out) {
        if let Some(cell) = self.cells.get_mut(&cell) {
            cell.on_beacon(from, bytes, now, out);
        }
    }

    fn settle(&mut self, id: CellId, outcome: JoinOutcome, out: &mut Out) {
        match outcome {
            JoinOutcome::Going => {}
            JoinOutcome::Joined(cell) => {
                self.joinings.remove(&id);
                self.cells.insert(id, *cell);
            }
            JoinOutcome::Failed(reason) => self.abandon(id, reason, out),
        }
    }

    fn abandon(&mut self, id: CellId, reason: JoinFailure, out: &mut Out) {
        if let Some(joining) = self.joinings.remove(&id) {
            out.push(Output::Close { cell: id });
            out.notice(Notice::JoinFailed(joining.join, reason));
        }
    }

    fn on_command(&mut self, request: RequestId, command: Command, now: Now, out: &mut Out) {
        if let Command::Channel(deed) = command {
            self.on_channel_command(request, deed, now, out);
            return;
        }
        // The answer to an invite comes when its door is open.
        let answer = if let Command::Invite { cell, expires_in } = command {
            let made = self
                .cell_mut(cell)
                .and_then(|cell| cell.make_invite(request, expires_in, now, out));
            let Err(kind) = made else { return };
            Err(kind)
        } else {
            self.carry_out(command, now, out)
        };
        out.answer(request, answer);
    }

    fn carry_out(
        &mut self,
        command: Command,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        match command {
            Command::CreateCell {
                name,
                display_name,
                suite,
                removal_quorum,
            } => {
                let founding = self.founding(name, display_name, suite, removal_quorum);
                return self.create_cell(founding, now, out);
            }
            Command::Join { link, display_name } => {
                return self.join(&link, display_name, now, out);
            }
            Command::Remove(cell, member) => return self.cell_mut(cell)?.vote(member, now, out),
            Command::SendMessage {
                cell,
                text,
                reply_to,
            } => {
                let message = self.cell_mut(cell)?.write(&text, reply_to, now, out)?;
                return Ok(Answer::MessageAccepted(message));
            }
            Command::Attach(cell, what) => return self.cell_mut(cell)?.attach(what, now, out),
            Command::React(cell, message, emoji) => {
                self.cell_mut(cell)?.react(message, emoji, now, out)?
            }
            Command::EditMessage(cell, message, text) => {
                self.cell_mut(cell)?.edit(message, &text, now, out)?
            }
            Command::DeleteMessage {
                cell,
                message,
                everywhere,
            } => self.cell_mut(cell)?.delete(message, everywhere, now, out)?,
            Command::SetDraft(cell, text) => self.cell_mut(cell)?.set_draft(text, out)?,
            Command::ShareCall(cell, call) => return self.share_call(cell, &call, now, out),
            Command::OnCall(cell, call, what) => self.on_call((cell, call), what, now, out)?,
            Command::PresumeArrest(cell, call, member) => {
                return self.presume_arrest((cell, call), member, now, out);
            }
            Command::SetLifetime(cell, s) => self.cell_mut(cell)?.set_lifetime(s, now, out)?,
            Command::ExportBundle(cell) => return self.cell_mut(cell)?.export_bundle(now, out),
            Command::ImportBundle(bytes) => return self.import_bundle(&bytes, now, out),
            Command::RenameCell(cell, name) => self.cell_mut(cell)?.rename(name, out),
            Command::MarkRead(cell, message) => self.cell_mut(cell)?.mark_read(&message, out)?,
            Command::SetLan(cell, on) => self.cell_mut(cell)?.set_lan(on, now, out),
            // Answered by the caller.
            Command::Invite { .. } | Command::Channel(_) => {}
            Command::WithdrawInvite(cell, invite) => {
                self.cell_mut(cell)?.withdraw_invite(invite, out)?
            }
            Command::CancelJoin(join) => self.cancel_join(join, out)?,
            Command::DismissWarning(cell, kind) => {
                self.cell_mut(cell)?.dismiss_warning(kind, out)?
            }
            Command::ConfirmJoin { cell, join, accept } => {
                self.cell_mut(cell)?.confirm_join(join, accept, now, out)?
            }
            Command::Vouch(cell, member) => self.cell_mut(cell)?.vouch(member, now, out)?,
            Command::ConfirmRestored(cell, member) => {
                self.cell_mut(cell)?.confirm_restored(member, now, out)?
            }
            Command::Leave(cell) => self.cell_mut(cell)?.leave(now, out)?,
            Command::Heal(cell) => self.cell_mut(cell)?.heal(now, out)?,
            Command::Verify(cell, member) => self.cell_mut(cell)?.verify(member, out)?,
            Command::Offline => self.go_offline(out),
            Command::Online => self.go_online(now, out),
            Command::SetListen { cell, ip, port } => self.cell_mut(cell)?.set_listen(ip, port, out),
        }
        Ok(Answer::Done)
    }

    fn cell_mut(&mut self, cell: CellId) -> Result<&mut Cell, ErrorKind> {
        if self.damaged.contains_key(&cell) {
            return Err(ErrorKind::CellDamaged);
        }
        self.cells.get_mut(&cell).ok_or(ErrorKind::NoSuchCell)
    }

    fn founding(
        &self,
        name: CellName,
        display_name: DisplayName,
        suite: Suite,
        removal_quorum: Option<u8>,
    ) -> Founding {
        Founding {
            name,
            display_name,
            suite,
            removal_quorum,
            listen: self.listen_on(),
        }
    }

    fn listen_on(&self) -> ListenOn {
        ListenOn {
            ip: self.config.listen_ip,
            port: 0,
        }
    }

    fn create_cell(
        &mut self,
        founding: Founding,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if self.cells.len() + self.joinings.len() >= CELLS {
            return Err(ErrorKind::TooMany);
        }
        // Not brought into bounds in silence: whoever asks for one vote would count on one.
        let most = founding.suite.cap();
        let quorum = founding.removal_quorum.map(usize::from);
        if quorum.is_some_and(|quorum| !(usize::from(QUORUM_SMALL)..most).contains(&quorum)) {
            return Err(ErrorKind::InvalidParams);
        }
        let rng = self.rng.fork();
        let mut cell = Cell::found(founding, rng, now, out)?;
        if self.online {
            cell.open_network(now, out);
        }
        let id = cell.id();
        self.cells.insert(id, cell);
        Ok(Answer::CellCreated(id))
    }

    fn join(
        &mut self,
        link: &str,
        name: DisplayName,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let link = InviteLink::parse(link).map_err(|error| error.kind())?;
        if self.damaged.contains_key(&link.cell) {
            return Err(ErrorKind::CellDamaged);
        }
        if self.cells.contains_key(&link.cell) || self.joinings.contains_key(&link.cell) {
            return Err(ErrorKind::AlreadyJoined);
        }
        if self.cells.len() + self.joinings.len() >= CELLS {
            return Err(ErrorKind::TooMany);
        }
        if !self.online {
            return Err(ErrorKind::Unreachable);
        }
        let rng = self.rng.fork();
        let joining = Joining::start(link, name, self.listen_on(), rng, now, out)?;
        let join = joining.join;
        self.joinings.insert(joining.cell(), joining);
        Ok(Answer::JoinStarted(join))
    }

    /// The one who gives up knows why, so nothing but the answer is told.
    fn cancel_join(&mut self, join: JoinId, out: &mut Out) -> Result<(), ErrorKind> {
        let mut joinings = self.joinings.iter();
        let found = joinings.find(|(_, joining)| joining.join == join);
        let cell = found.map(|(cell, _)| *cell).ok_or(ErrorKind::NoSuchJoin)?;
        if let Some(joining) = self.joinings.remove(&cell) {
            joining.give_up(out);
        }
        out.push(Output::Close { cell });
        Ok(())
    }

    fn go_offline(&mut self, out: &mut Out) {
        self.online = false;
        let joinings: Vec<CellId> = self.joinings.keys().copied().collect();
        for id in joinings {
            self.abandon(id, JoinFailure::Unreachable, out);
        }
        for cell in self.cells.values_mut() {
            cell.close_network(DisconnectReason::Closing, out);
        }
        self.channels.close_network(out);
    }

    fn go_online(&mut self, now: Now, out: &mut Out) {
        self.online = true;
        for cell in self.cells.values_mut() {
            cell.open_network(now, out);
        }
        self.channels.open_network(self.config.listen_ip, now, out);
    }

    fn import_bundle(
        &mut self,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        if bytes.len() > BUNDLE_LIMIT {
            return Err(ErrorKind::BundleDamaged);
        }
        let keys = self
            .cells
            .iter()
            .flat_map(|(id, cell)| cell.carrier_keys().map(move |key| (*id, key)));
        match bundle::open(keys, bytes) {
            Ok((id, content)) => {
                let new = self.cell_mut(id)?.import_bundle(&content, now, out)?;
                Ok(Answer::BundleImported(new, id))
            }
            Err(bundle::BundleError::Damaged) => Err(ErrorKind::BundleDamaged),
            Err(bundle::BundleError::Foreign) => {
                let (new, id) = self.channels.import(bytes, now, out)?;
                Ok(Answer::ChannelImported(new, id))
            }
        }
    }
}
