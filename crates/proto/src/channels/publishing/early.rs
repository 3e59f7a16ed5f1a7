//! What other publishers said and cannot be taken yet: the post before it is not here, nobody has confirmed our log, or
//! somebody else has the turn. It is looked at again when something has changed.
//!
//! Invariants: bounded, and nobody fills the room of the others · nothing of a place that is past is kept.

use std::collections::BTreeMap;

use channel::{PublishError, Publisher};
use model::{MemberId, Timestamp};
use zeroize::Zeroizing;

use super::Publishing;
use crate::channels::held::{Held, State};
use crate::channels::record::{PUBLISHER, key};
use crate::config::{EARLY_BYTES, EARLY_LIFE, EARLY_MAX};
use crate::node::Now;
use crate::out::Out;

/// What came before it could be taken.
pub(super) struct Early {
    pub(super) from: MemberId,
    pub(super) since: Timestamp,
    pub(super) message: Zeroizing<Vec<u8>>,
}

impl Publishing {
    /// Keeps what came too early, within bounds: of whoever said most the oldest goes first, and is said again.
    fn keep_early(&mut self, early: Early) {
        if self
            .early
            .iter()
            .any(|known| known.message == early.message)
        {
            return;
        }
        self.early.push(early);
        let is_too_much = |all: &[Early]| {
            let bytes: usize = all.iter().map(|one| one.message.len()).sum();
            all.len() > EARLY_MAX || bytes > EARLY_BYTES
        };
        while is_too_much(&self.early) {
            let mut said: BTreeMap<MemberId, usize> = BTreeMap::new();
            for one in &self.early {
                *said.entry(one.from).or_default() += one.message.len() + EARLY_BYTES / EARLY_MAX;
            }
            let most = said.into_iter().max_by_key(|(_, weight)| *weight);
            let at = most.and_then(|(from, _)| self.early.iter().position(|one| one.from == from));
            self.early.remove(at.unwrap_or(0));
        }
    }
}

impl Held {
    /// Takes a message of another publisher, or keeps it until it can be taken.
    pub(super) fn hear(&mut self, early: Early, now: Now, out: &mut Out) {
        let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher) else {
            self.publishing.keep_early(early);
            self.persist_publishing(out);
            return;
        };
        let message = early.message.as_slice();
        let next = reader.head().0;
        let error = match publisher.on_message(reader, message, &mut self.rng, now.timestamp) {
            Ok(step) => {
                self.carry_out(step, now, out);
                return;
            }
            Err(error) => error,
        };
        if error == PublishError::Busy {
            // A device that turned somebody away remembers that.
            let bytes = publisher.to_bytes().to_vec();
            out.changes.put(key(&self.id, PUBLISHER), bytes);
        }
        let is_past = Publisher::place_of(message).is_some_and(|place| place < next);
        let may_come = match error {
            PublishError::OtherPlace
            | PublishError::NotAPublisher
            | PublishError::Unconfirmed
            | PublishError::NoKeys
            | PublishError::UnknownDraft
            | PublishError::Busy => !is_past,
            PublishError::RolledBack
            | PublishError::Parted
            | PublishError::TooLong
            | PublishError::TooMany
            | PublishError::StaleCharter
            | PublishError::Malformed
            | PublishError::WrongSignature
            | PublishError::NotTheirTurn
            | PublishError::WrongCertificate
            | PublishError::WrongDay
            | PublishError::Unreadable
            | PublishError::AlreadySigned => false,
        };
        if may_come && now.timestamp.since(early.since) < EARLY_LIFE {
            self.publishing.keep_early(early);
            self.persist_publishing(out);
        }
    }

    /// Looks again at what came too early.
    pub(super) fn hear_again(&mut self, now: Now, out: &mut Out) {
        let early = std::mem::take(&mut self.publishing.early);
        if early.is_empty() {
            return;
        }
        for one in early {
            self.hear(one, now, out);
        }
        self.persist_publishing(out);
    }
}
