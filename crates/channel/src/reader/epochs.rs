//! The epochs of a channel: how one ends and the next begins, and which link leads where.

use model::Address;

use super::{Change, Epoch, Notice, Reader};
use crate::config::EPOCHS_KEPT;
use crate::content::NextKeys;
use crate::keys::EpochKeys;
use crate::link::{Link, LinkError};
use crate::post::Place;
use crate::topic::Topic;

impl Reader {
    pub(super) fn close(
        &mut self,
        place: &Place,
        commitment: [u8; 32],
        keys: Option<&NextKeys>,
    ) -> Vec<Notice> {
        let start = place.seq.saturating_add(1);
        let next = place.epoch.saturating_add(1);
        if let Some(epoch) = self.epochs.get_mut(&place.epoch) {
            epoch.end = Some(place.seq);
            if epoch.keys.next() == place.index.saturating_add(1) {
                epoch.keys.close();
            }
        }
        let mut notices = Vec::new();
        let offered =
            keys.map(|keys| EpochKeys::at(next, 0, keys.chain.clone(), keys.topic.clone()));
        let channel = self.lineage.channel();
        let genuine = |keys: &EpochKeys| keys.commitment(&channel) == commitment;
        let held = self.epochs.get(&next);
        let is_false = held.is_some_and(|held| !genuine(&held.keys) || held.start != start);
        if is_false {
            // Keys that somebody gave us and that the publishers did not announce.
            self.epochs.remove(&next);
            notices.push(Notice::FalseLink { epoch: next });
        }
        if let Some(keys) = offered.filter(genuine)
            && !self.epochs.contains_key(&next)
        {
            self.add_epoch(keys, start);
        }
        self.announced.insert(next, (commitment, start));
        while self.announced.len() > EPOCHS_KEPT {
            self.announced.pop_first();
        }
        notices.push(Notice::EpochClosed {
            epoch: place.epoch,
            needs_link: !self.epochs.contains_key(&next),
        });
        notices
    }

    fn add_epoch(&mut self, keys: EpochKeys, start: u64) {
        let epoch = Epoch {
            start,
            end: None,
            keys,
        };
        self.epochs.insert(epoch.keys.epoch(), epoch);
        while self.epochs.len() > EPOCHS_KEPT {
            self.epochs.pop_first();
        }
    }

    /// A fresh link after an epoch was closed to everybody who has none.
    ///
    /// # Errors
    ///
    /// Fails if the link is of another channel, of a charter that is not here yet, or not the one that was announced.
    pub fn add_link(&mut self, link: &Link) -> Result<Vec<Change>, LinkError> {
        let epoch = link.keys.epoch();
        let start = link.seq.saturating_sub(u64::from(link.keys.next()));
        let announced = self.announced.get(&epoch);
        let differs = announced.is_some_and(|(commitment, at)| {
            *commitment != link.keys.commitment(&link.channel) || *at != start
        });
        let known = self.lineage.by_id(&link.charter).is_some();
        if link.channel != self.lineage.channel() || !known || differs {
            return Err(LinkError::Malformed);
        }
        if !self.epochs.contains_key(&epoch) {
            self.add_epoch(link.keys.clone(), start);
        }
        Ok(vec![Change::State(self.to_bytes())])
    }

    /// The link into an epoch that was announced, made of its keys; none if these were not announced.
    pub fn fresh_link(&self, keys: &EpochKeys, hints: Vec<Address>) -> Option<Link> {
        let (commitment, start) = self.announced.get(&keys.epoch())?;
        let channel = self.lineage.channel();
        (keys.commitment(&channel) == *commitment).then(|| Link {
            channel,
            charter: self.lineage.newest().id(),
            seq: start.saturating_add(u64::from(keys.next())),
            keys: keys.clone(),
            hints,
        })
    }

    /// A link from the next post on. None while the epoch is closed and no fresh one is here.
    pub fn link(&self, hints: Vec<Address>) -> Option<Link> {
        let epoch = self.epochs.last_key_value()?.1;
        if epoch.keys.next() == u32::MAX {
            return None;
        }
        Some(Link {
            channel: self.lineage.channel(),
            charter: self.lineage.newest().id(),
            seq: epoch.start.saturating_add(u64::from(epoch.keys.next())),
            keys: EpochKeys::at(
                epoch.keys.epoch(),
                epoch.keys.next(),
                epoch.keys.chain().clone(),
                epoch.keys.topic().clone(),
            ),
            hints,
        })
    }

    /// The topics to be on: those of the epochs that may still bring something, the newest last.
    pub fn topics(&self) -> Vec<Topic> {
        let channel = self.lineage.channel();
        let epochs = self.epochs.values();
        epochs
            .map(|epoch| Topic::of(&channel, &epoch.keys))
            .collect()
    }

    /// The keys of the epoch in which the next post stands, and its index.
    pub(crate) fn keys_for(&self, seq: u64) -> Option<(&EpochKeys, u32)> {
        let holds = |epoch: &&Epoch| epoch.start <= seq && epoch.end.is_none_or(|end| seq <= end);
        let epoch = self.epochs.values().rev().find(holds)?;
        let index = u32::try_from(seq - epoch.start).ok()?;
        Some((&epoch.keys, index))
    }
}
