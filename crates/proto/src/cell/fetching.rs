//! Pieces of attachments between members (PROTOCOL §5).
//!
//! ```text
//!  alice                                   bob
//!    │            want (message, 0), (message, 1)     two at a time: what is said meanwhile need not wait for more
//!    │ ◄──────────────────────────────────── │
//!    │ piece 0                               │
//!    │ ────────────────────────────────────► │        checked against the hash in the message, made durable
//!    │            want (message, 2)          │
//!    │ ◄──────────────────────────────────── │
//! ```
//! Any member who has a piece and could read the message is asked, its author first, one for each attachment at a time.
//! Pieces come in order, so how far we are is one number, which survives a crash. Invariants: a piece is kept only if its
//! hash is in the message · a piece is given only to a current member who could read the message · whatever a peer sends
//! or asks for, what we keep for it is bounded.

use std::collections::{BTreeSet, VecDeque};

use model::{Instant, MessageId, PeerId};

use super::{Cell, Presence, records};
use crate::attachment::{Attachment, piece_hash, sealed_len};
use crate::changes::{Key, RecordKind};
use crate::config::{
    FETCH_REST, FETCHES_PER_CELL, LIAR_REST, PIECE_PACE, PIECE_TIME, PIECES_ASKED, WANTS_PER_PEER,
};
use crate::event::Notice;
use crate::messages::Place;
use crate::node::Now;
use crate::out::Out;
use crate::output::{DisconnectReason, Output};
use crate::wire::{Item, Malformed};

/// An attachment that somebody is giving to us.
pub(super) struct Fetch {
    pub(super) message: MessageId,
    /// Of its pieces; none while its record is being read.
    hashes: Option<Vec<[u8; 32]>>,
    /// The next piece to ask for.
    asked: u32,
    until: Instant,
}

/// What somebody asked of us.
#[derive(Default)]
pub(super) struct Serving {
    wants: VecDeque<(MessageId, u32)>,
    reading: Option<(MessageId, u32)>,
    /// The next piece is not given before.
    next: Option<Instant>,
}

impl Cell {
    /// Looks whom to ask for what we want, if something has changed since we last looked.
    pub(super) fn pump_fetches(&mut self, now: Now, out: &mut Out) {
        if !std::mem::take(&mut self.attachments.stirred) || self.presence != Presence::In {
            return;
        }
        let wanted: Vec<MessageId> = self.attachments.wanted.iter().copied().collect();
        for message in wanted {
            if self.attachments.fetches.len() >= FETCHES_PER_CELL {
                return;
            }
            let fetched = self.attachments.fetches.values();
            if fetched.into_iter().any(|fetch| fetch.message == message) {
                continue;
            }
            if let Some(peer) = self.giver(message) {
                let fetch = Fetch {
                    message,
                    hashes: None,
                    asked: 0,
                    until: now.instant + PIECE_TIME,
                };
                self.attachments.fetches.insert(peer, fetch);
                out.push(Output::Read(records::attachment_key(self.id, &message)));
                out.notice(Notice::MessageChanged(self.id, message));
            }
        }
    }

    /// Somebody connected who may have an attachment: its author if possible.
    fn giver(&self, message: MessageId) -> Option<PeerId> {
        let (_, entry) = self.messages.get(&message)?;
        let audience = self.audiences.get(entry.audience as usize)?;
        let may = |(peer, session): &(&PeerId, &super::Session)| {
            audience.contains(&session.member)
                && !self.attachments.fetches.contains_key(*peer)
                && !self.attachments.rests.contains_key(&(message, **peer))
        };
        let sessions = self.sessions.iter().filter(may);
        sessions
            .min_by_key(|(_, session)| session.member != entry.author)
            .map(|(peer, _)| *peer)
    }

    /// What the store found.
    pub(crate) fn on_read(&mut self, key: &Key, value: Option<&[u8]>, now: Now) {
        if key.kind() == RecordKind::Piece {
            self.give_piece(key, value, now);
        } else if let Some(message) = records::attachment_of(key) {
            self.begin_fetch(message, value, now);
        }
    }

    fn begin_fetch(&mut self, message: MessageId, record: Option<&[u8]>, now: Now) {
        let fetches = self.attachments.fetches.iter_mut();
        let mut fetches =
            fetches.filter(|(_, fetch)| fetch.message == message && fetch.hashes.is_none());
        let Some((peer, fetch)) = fetches.next() else {
            return;
        };
        let peer = *peer;
        let have = self.attachments.held.get(&message).map(|held| held.have);
        let attachment = record.and_then(|record| Attachment::from_bytes(record).ok());
        let (Some(have), Some(attachment)) = (have, attachment) else {
            // Without its record nothing can be fetched.
            self.attachments.fetches.remove(&peer);
            self.attachments.wanted.remove(&message);
            return;
        };
        fetch.hashes = Some(attachment.hashes);
        fetch.asked = have;
        self.ask_pieces(peer, now);
    }

    fn ask_pieces(&mut self, peer: PeerId, now: Now) {
        let (Some(fetch), Some(session)) = (
            self.attachments.fetches.get_mut(&peer),
            self.sessions.get_mut(&peer),
        ) else {
            return;
        };
        let Some(held) = self.attachments.held.get(&fetch.message) else {
            return;
        };
        while fetch.asked < held.of() && fetch.asked < held.have + PIECES_ASKED {
            session.send(&Item::Want {
                message: *fetch.message.as_bytes(),
                index: fetch.asked,
            });
            fetch.asked += 1;
        }
        fetch.until = now.instant + PIECE_TIME;
    }

    /// Takes a piece, if it is the next one of what this peer is giving us.
    pub(super) fn take_piece(
        &mut self,
        peer: PeerId,
        message: MessageId,
        index: u32,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<(), Malformed> {
        let fetch = self.attachments.fetches.get(&peer);
        let fetch = fetch.filter(|fetch| fetch.message == message && index < fetch.asked);
        let (Some(fetch), Some(held)) = (fetch, self.attachments.held.get_mut(&message)) else {
            // It comes late, or was not asked for.
            return Ok(());
        };
        if index != held.have {
            return Ok(());
        }
        if bytes.is_empty() {
            self.rest(peer, message, now.instant + FETCH_REST);
            return Ok(());
        }
        let hashes = fetch.hashes.as_ref();
        let hash = usize::try_from(index)
            .ok()
            .and_then(|index| hashes?.get(index));
        if bytes.len() != sealed_len(held.size, index)
            || hash != Some(&piece_hash(&message, index, bytes))
        {
            self.rest(peer, message, now.instant + LIAR_REST);
            return Err(Malformed);
        }
        held.have += 1;
        let (have, of) = (held.have, held.of());
        out.changes
            .put(records::piece_key(self.id, &message, index), bytes.to_vec());
        if have == of {
            self.attachments.wanted.remove(&message);
            self.stop_fetching(message);
            out.notice(Notice::MessageChanged(self.id, message));
        } else {
            self.ask_pieces(peer, now);
        }
        self.store_progress(message, out);
        self.tell_progress(message, have, of, out);
        Ok(())
    }

    fn rest(&mut self, peer: PeerId, message: MessageId, until: Instant) {
        self.attachments.fetches.remove(&peer);
        self.attachments.rests.insert((message, peer), until);
        self.attachments.stirred = true;
    }

    pub(super) fn stop_fetching(&mut self, message: MessageId) {
        self.attachments
            .fetches
            .retain(|_, fetch| fetch.message != message);
        self.attachments.rests.retain(|(of, _), _| *of != message);
        self.attachments.stirred = true;
    }

    /// A connection to somebody is there, or gone.
    pub(super) fn stir_fetches(&mut self, peer: PeerId, gone: bool) {
        if gone {
            self.attachments.fetches.remove(&peer);
            self.attachments.serving.remove(&peer);
        }
        self.attachments.stirred = true;
    }

    /// Somebody wants a piece. More wants than an honest peer has at once end the connection.
    pub(super) fn take_want(&mut self, peer: PeerId, message: MessageId, index: u32) {
        let serving = self.attachments.serving.entry(peer).or_default();
        if serving.wants.len() < WANTS_PER_PEER {
            serving.wants.push_back((message, index));
        } else if let Some(session) = self.sessions.get_mut(&peer) {
            session.closing = Some(DisconnectReason::TooMuch);
        }
    }

    /// Reads the next piece for each peer whose turn it is.
    pub(super) fn pump_serving(&mut self, now: Now, out: &mut Out) {
        let due = |serving: &Serving| serving.due().is_some_and(|due| now.instant >= due);
        let peers = self.attachments.serving.iter();
        let peers: Vec<PeerId> = peers
            .filter(|(_, serving)| due(serving))
            .map(|(peer, _)| *peer)
            .collect();
        for peer in peers {
            let Some(serving) = self.attachments.serving.get_mut(&peer) else {
                continue;
            };
            let Some((message, index)) = serving.wants.pop_front() else {
                continue;
            };
            serving.next = Some(now.instant + PIECE_PACE);
            if self.may_be_given(peer, message, index) {
                if let Some(serving) = self.attachments.serving.get_mut(&peer) {
                    serving.reading = Some((message, index));
                }
                out.push(Output::Read(records::piece_key(self.id, &message, index)));
            } else {
                self.send_piece(peer, message, index, &[]);
            }
        }
    }

    /// Whether we have a piece, and whoever asks could read its message. They are told no difference.
    fn may_be_given(&self, peer: PeerId, message: MessageId, index: u32) -> bool {
        let (Some(session), Some(held)) = (
            self.sessions.get(&peer),
            self.attachments.held.get(&message),
        ) else {
            return false;
        };
        let Some((Place::Sealed { .. }, entry)) = self.messages.get(&message) else {
            return false;
        };
        let audience = self.audiences.get(entry.audience as usize);
        index < held.have
            && !entry.deleted
            && self.is_member(&session.member)
            && audience.is_some_and(|audience| audience.contains(&session.member))
    }

    fn give_piece(&mut self, key: &Key, value: Option<&[u8]>, now: Now) {
        let Some((message, index)) = records::piece_of(key) else {
            return;
        };
        let serving = self.attachments.serving.iter_mut();
        let waiting: Vec<PeerId> = serving
            .filter(|(_, serving)| serving.reading == Some((message, index)))
            .map(|(peer, serving)| {
                serving.reading = None;
                serving.next = Some(now.instant + PIECE_PACE);
                *peer
            })
            .collect();
        for peer in waiting {
            // It may have been deleted, or they may have been removed, while it was read.
            let may = self.may_be_given(peer, message, index);
            let bytes = value.filter(|_| may).unwrap_or_default();
            self.send_piece(peer, message, index, bytes);
        }
    }

    fn send_piece(&mut self, peer: PeerId, message: MessageId, index: u32, bytes: &[u8]) {
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.send(&Item::Piece {
                message: *message.as_bytes(),
                index,
                bytes: bytes.into(),
            });
        }
    }

    pub(super) fn tick_fetches(&mut self, now: Now, out: &mut Out) {
        let fetches = self.attachments.fetches.iter();
        let slow: BTreeSet<(PeerId, MessageId)> = fetches
            .filter(|(_, fetch)| now.instant >= fetch.until)
            .map(|(peer, fetch)| (*peer, fetch.message))
            .collect();
        for (peer, message) in slow {
            self.rest(peer, message, now.instant + FETCH_REST);
            out.notice(Notice::MessageChanged(self.id, message));
        }
        let before = self.attachments.rests.len();
        self.attachments
            .rests
            .retain(|_, until| now.instant < *until);
        self.attachments.stirred |= self.attachments.rests.len() < before;
    }

    pub(super) fn fetches_due(&self) -> Option<Instant> {
        let fetches = self.attachments.fetches.values().map(|fetch| fetch.until);
        let serving = self.attachments.serving.values().filter_map(Serving::due);
        let rests = self.attachments.rests.values().copied();
        let now = self.attachments.stirred && !self.attachments.wanted.is_empty();
        let at_once = now.then_some(Instant::ZERO);
        fetches.chain(serving).chain(rests).chain(at_once).min()
    }
}

impl Serving {
    /// When the next piece may be read, if one is asked for and none is being read.
    fn due(&self) -> Option<Instant> {
        let idle = self.reading.is_none() && !self.wants.is_empty();
        idle.then(|| self.next.unwrap_or(Instant::ZERO))
    }
}
