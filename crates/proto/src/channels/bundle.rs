//! A channel in a file: the packs that readers give each other, carried by hand to somebody without a network.
//!
//! ```text
//! file     as of a cell (`carrier::bundle`), under a key that comes of the topic secret of the newest epoch
//! content  (pack<V>)<V>, each a pack of that topic: the charters │ a proof │ posts, oldest first │ …
//! ```
//! What it is: making such a file, and taking one in. What it is not: another way of believing anything; whatever is inside
//! is taken as if a stranger had said it. Invariants: nothing in it says who made it · nothing is taken unless the whole file
//! is whole · what somebody says that they have is not in it, and confirms nothing if it is: an old file would do it as well ·
//! one file at a time is made, of posts that are read from the disk one after the other.

use std::collections::VecDeque;

use channel::{Carried, Item, PostRecord, Topic};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::held::{Held, State, Taken};
use super::record::post_key;
use crate::carrier::CarrierKey;
use crate::carrier::bundle::seal;
use crate::command::{ErrorKind, RequestId};
use crate::config::{CARRIED_PACK, CARRIED_PACKS, CARRIED_POSTS};
use crate::event::Answer;
use crate::node::Now;
use crate::out::Out;
use crate::output::Output;
use crate::wire::{Bytes, decode, encode};

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct BundleContent {
    packs: Vec<Bytes>,
}

/// Decodes and encodes again: one content has one encoding.
#[cfg(any(test, fuzzing))]
pub(crate) fn decode_only(bytes: &[u8]) {
    if let Ok(content) = decode::<BundleContent>(bytes) {
        assert!(encode(&content) == bytes);
    }
}

/// A file that is being put together.
pub(super) struct Making {
    request: RequestId,
    topic: Topic,
    left: VecDeque<u64>,
    packs: Vec<Bytes>,
    /// What goes into the next pack, and its length.
    items: Vec<Item>,
    len: usize,
    posts: u32,
}

impl Making {
    fn pack(&mut self, items: &[Item]) {
        if !items.is_empty() {
            let pack = self.topic.seal(items);
            debug_assert!(
                pack.len() <= channel::config::PACK_LIMIT,
                "what is carried fits in a pack"
            );
            self.packs.push(pack.into());
        }
    }

    fn add(&mut self, post: Vec<u8>) {
        let is_full = self.items.len() >= channel::config::ITEMS_PER_PACK
            || self.len + post.len() > CARRIED_PACK;
        if is_full {
            self.close_pack();
        }
        self.len += post.len();
        self.posts += 1;
        self.items.push(Item::Post(Carried::new(post)));
    }

    fn close_pack(&mut self) {
        let items = std::mem::take(&mut self.items);
        self.pack(&items);
        self.len = 0;
    }
}

impl Held {
    /// The keys under which a file of this channel may be sealed.
    pub(super) fn bundle_keys(&self) -> Vec<(Topic, CarrierKey)> {
        let topics = self.topics().into_iter();
        topics
            .map(|topic| {
                let key = CarrierKey::from_secret(topic.bundle().clone());
                (topic, key)
            })
            .collect()
    }

    /// Begins a file. It is answered once the posts have come from the disk.
    pub(super) fn make_bundle(
        &mut self,
        request: RequestId,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        // Calls that are over are given to nobody.
        self.expire(now, out);
        let topic = self.topics().into_iter().next();
        // Whoever waits for the charters has nothing to give.
        let (State::Reading(reader), Some(topic)) = (&self.state, topic) else {
            return Err(ErrorKind::Unreachable);
        };
        let lineage = Carried::new(reader.lineage().to_bytes());
        let mut making = Making {
            request,
            topic,
            left: reader.to_carry(CARRIED_POSTS).into(),
            packs: Vec::new(),
            items: Vec::new(),
            len: 0,
            posts: 0,
        };
        // Each in a pack of its own: together they might not fit.
        making.pack(&[Item::Lineage(lineage)]);
        if let Some(proof) = &self.proof {
            making.pack(&[Item::Equivocation(Carried::new(proof.clone()))]);
        }
        self.making = Some(making);
        self.go_on_making(out);
        Ok(())
    }

    /// A post came from the disk. It may be gone by now.
    pub(super) fn carry(&mut self, seq: u64, record: Option<&PostRecord>, out: &mut Out) {
        let Some(making) = &mut self.making else {
            return;
        };
        if making.left.front() != Some(&seq) {
            return;
        }
        making.left.pop_front();
        if let Some(post) = record.and_then(PostRecord::post) {
            making.add(post.to_bytes());
        }
        self.go_on_making(out);
    }

    fn go_on_making(&mut self, out: &mut Out) {
        let Some(making) = &mut self.making else {
            return;
        };
        if let Some(next) = making.left.front() {
            out.push(Output::Read(post_key(&self.id, *next)));
            return;
        }
        making.close_pack();
        let Some(making) = self.making.take() else {
            return;
        };
        let content = encode(&BundleContent {
            packs: making.packs,
        });
        let key = CarrierKey::from_secret(making.topic.bundle().clone());
        let sealed = seal(&key, &content, &mut self.rng);
        let answer = sealed
            .map(|sealed| Answer::BundleExported(sealed.into(), making.posts))
            .map_err(|_| ErrorKind::TooMany);
        out.answer(making.request, answer);
    }

    /// The channel is forgotten while a file of it is made.
    pub(super) fn stop_making(&mut self, out: &mut Out) {
        if let Some(making) = self.making.take() {
            out.answer(making.request, Err(ErrorKind::NoSuchChannel));
        }
    }

    /// Takes what an opened file holds, and gives the number of new posts.
    pub(super) fn take_bundle(
        &mut self,
        topic: &Topic,
        content: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<u32, ErrorKind> {
        let content: BundleContent = decode(content).map_err(|_| ErrorKind::BundleDamaged)?;
        if content.packs.len() > CARRIED_PACKS {
            return Err(ErrorKind::BundleDamaged);
        }
        let packs = content.packs.iter();
        // All of them before anything is taken.
        let opened: Result<Vec<_>, _> = packs.map(|pack| topic.open(pack.as_slice())).collect();
        let opened = opened.map_err(|_| ErrorKind::BundleDamaged)?;
        let mut new = 0;
        for item in opened.into_iter().flatten() {
            match item {
                Item::Post(bytes) => {
                    let taken = self.take(bytes.as_bytes(), false, now, out).0;
                    new += u32::from(taken == Taken::New);
                }
                Item::Lineage(bytes) => {
                    self.take_lineage(bytes.as_bytes(), topic.id(), now, out);
                }
                Item::Equivocation(bytes) => {
                    self.take_proof(bytes.as_bytes(), out);
                }
                // Those are for whoever is there and can answer.
                Item::Summary(_) | Item::Request(_) => {}
            }
        }
        self.open_door(out);
        Ok(new)
    }
}

#[cfg(test)]
mod tests;
