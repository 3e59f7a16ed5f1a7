//! What leaves a device: frames, bundles, beacons and keys.

use model::{CellId, DoorId, PeerId};
use proto::FRAME_LIMIT;

use super::{Invariant, MARK, Seen, Watch, contains};
use crate::clock::Time;
use crate::wire;
use crate::world::Who;

impl Watch {
    pub(crate) fn saw_frame(&mut self, at: Time, who: Who, to: Who, bytes: &[u8]) {
        if bytes.len() > FRAME_LIMIT {
            let what = format!("{} sends a frame of {} bytes", self.name(who), bytes.len());
            self.report(Invariant::Bounded, at, what);
        }
        if let Some(observed) = &mut self.observed {
            let size = (bytes.len() + 4).div_ceil(1024) * 1024;
            observed.push(Seen {
                at,
                from: who,
                size,
            });
        }
        if contains(bytes, MARK.as_bytes()) {
            let what = format!(
                "a frame of {} to {} holds a text",
                self.name(who),
                self.name(to)
            );
            self.report(Invariant::Hidden, at, what);
        }
        if self.honest(who) {
            self.saw_places(at, who, bytes);
        }
    }

    /// What somebody says in their own log: each place once, each ciphertext once.
    fn saw_places(&mut self, at: Time, who: Who, bytes: &[u8]) {
        for item in wire::items(bytes).unwrap_or_default() {
            let Some(view) = (item.kind == 2)
                .then(|| wire::envelope(item.bytes))
                .flatten()
            else {
                continue;
            };
            let ours = CellId::from_bytes(view.cell.try_into().unwrap_or_default());
            if self
                .member_bytes(who, ours)
                .is_none_or(|id| id != view.author)
            {
                continue;
            }
            let life: [u8; 16] = view.incarnation.try_into().unwrap_or_default();
            let before = *self.places.entry((who, life, view.seq)).or_insert(view.id);
            if before != view.id {
                let what = format!(
                    "{} used place {} of their log twice",
                    self.name(who),
                    view.seq
                );
                self.report(Invariant::Reuse, at, what);
            }
            if let Some(tag) = view.payload.last_chunk::<16>() {
                let before = *self.tags.entry(*tag).or_insert(view.id);
                if before != view.id {
                    let what = format!("two envelopes of {} end in one tag", self.name(who));
                    self.report(Invariant::Reuse, at, what);
                }
            }
        }
    }

    pub(super) fn saw_bundle(&mut self, at: Time, who: Who, bytes: &[u8]) {
        let shown = |word: &[u8]| contains(bytes, word);
        let names = self
            .names
            .iter()
            .any(|name| name.len() > 5 && shown(name.as_bytes()));
        let ids = self
            .members
            .keys()
            .any(|(cell, member)| shown(cell.as_bytes()) || shown(member.as_bytes()));
        if names || ids || shown(MARK.as_bytes()) {
            let what = format!("a bundle of {} shows what is in it", self.name(who));
            self.report(Invariant::Hidden, at, what);
        }
        if let Some(salt) = bytes.first_chunk::<16>() {
            let id = crypto::hash(crypto::Context::new("vigil simulated bundle v1"), &[bytes]);
            let before = *self.tags.entry(*salt).or_insert(id);
            if before != id {
                self.report(
                    Invariant::Reuse,
                    at,
                    "two bundles begin with one salt".to_owned(),
                );
            }
        }
    }

    pub(crate) fn saw_beacon(&mut self, at: Time, who: Who, bytes: &[u8]) {
        let mut ids = self.peers.keys().map(PeerId::as_bytes);
        if ids.any(|id| contains(bytes, id)) {
            let what = format!("a beacon of {} shows a peer id", self.name(who));
            self.report(Invariant::Hidden, at, what);
        }
    }

    pub(crate) fn saw_peer_key(&mut self, at: Time, who: Who, cell: CellId, peer: PeerId) {
        let before = *self.peers.entry(peer).or_insert((who, cell));
        if before != (who, cell) && self.honest(who) && self.honest(before.0) {
            let what = format!(
                "{} and {} have one peer key",
                self.name(who),
                self.name(before.0)
            );
            self.report(Invariant::Reuse, at, what);
        }
    }

    pub(crate) fn saw_door_key(
        &mut self,
        at: Time,
        who: Who,
        cell: CellId,
        door: DoorId,
        key: &[u8; 32],
    ) {
        let before = *self.doors.entry(*key).or_insert((who, cell, door));
        if before != (who, cell, door) {
            let what = format!(
                "{} and {} have one door key",
                self.name(who),
                self.name(before.0)
            );
            self.report(Invariant::Reuse, at, what);
        }
    }
}
