//! Publishing together: what the publishers of a channel say to each other inside a cell, and what waits for a person.
//!
//! ```text
//!  Publisher ──messages──► a content of the cell ──► the devices of the other publishers ──► drafts ──► a person signs
//!                                                 └► everybody else: dropped unread
//! said    1 key 32 ‖ signature 64 │ 2 message<V> │ 3 u32 epoch ‖ chain key<V> ‖ topic secret<V> │ 4 post<V>
//! ```
//! What it is: carrying and remembering. What it is not: the rules of turns and signatures (`channel::Publisher`).
//! Invariants: what is not published yet leaves a device in a cell only · only publishers, and those who offered a key,
//! keep what they hear, and only until the place of the log is past · a key is persisted before any charter names it ·
//! whoever speaks is known by the cell, and believed nothing that a publisher's key has not signed.

mod deeds;
mod early;
mod record;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use channel::{Content, EpochKeys, PostId, Publisher, Roster, RosterError, Standing};
use crypto::{Context, SigningKey, VerifyingKey, hash};
use model::{CellId, Instant, MemberId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};
use zeroize::Zeroizing;

use early::Early;

use super::held::{Held, State};
use super::record::{PUBLISHER, PUBLISHING, key};
use crate::command::{ErrorKind, PublishersChange};
use crate::config::{PUBLISH_POLL, PUBLISHER_KEYS, SAY_AGAIN, SAY_AGAIN_MAX, WHISPER_LIMIT};
use crate::event::{Answer, Notice};
use crate::node::Now;
use crate::out::{Out, Whisper};
use crate::wire::{SecretBytes, decode, encode};

const SAID: Context = Context::new("vigil channel whisper v1");

/// What is known of publishing with others, besides our own key.
#[derive(Default)]
pub(super) struct Publishing {
    /// The cell in which the publishers speak, and who we are in it.
    pub(super) cell: Option<(CellId, MemberId)>,
    /// A publisher with the key that we offered, while no charter names it.
    pub(super) offered: Option<Publisher>,
    /// Which member said that they hold which key.
    keys: BTreeMap<(CellId, MemberId), VerifyingKey>,
    /// Keys that were made for the next epoch: ours under none, and those that somebody handed us.
    epochs: BTreeMap<Option<MemberId>, EpochKeys>,
    /// What came before it could be taken, the oldest first, and when.
    early: Vec<Early>,
    /// What we said, when, and after how long we say it again.
    said: BTreeMap<[u8; 32], (Instant, std::time::Duration)>,
    /// Drafts of which the person was told.
    told: BTreeSet<PostId>,
    /// Something may have become possible: what came early is looked at again, and the person is told of drafts.
    pub(super) stirred: bool,
    poll: Option<Instant>,
}

/// What publishers say to each other in a cell.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
enum Said {
    /// "This is my key for this channel": an offer to publish, or who is who.
    #[tls_codec(discriminant = 1)]
    Key { key: [u8; 32], signature: [u8; 64] },
    /// What `channel::Publisher` gives to the others.
    Message(SecretBytes),
    /// Keys of an epoch that a draft announces and no post hands on.
    Epoch {
        epoch: u32,
        chain: SecretBytes,
        topic: SecretBytes,
    },
    /// A post that is complete: those who sign the next may know of no reader but whoever wrote the first link.
    Post(SecretBytes),
}

impl Publishing {
    fn member_with(&self, key: &VerifyingKey) -> Option<MemberId> {
        let mut keys = self.keys.iter();
        let found = keys.find(|((cell, _), known)| {
            *known == key && self.cell.is_none_or(|(ours, _)| *cell == ours)
        });
        found.map(|((_, member), _)| *member)
    }
}

fn epoch_keys(epoch: u32, chain: &SecretBytes, topic: &SecretBytes) -> Option<EpochKeys> {
    let chain = chain.as_slice().try_into().ok()?;
    let topic = topic.as_slice().try_into().ok()?;
    Some(EpochKeys::at(
        epoch,
        0,
        crypto::Secret::from_bytes(chain),
        crypto::Secret::from_bytes(topic),
    ))
}

/// What is signed with a key to show that this member holds it.
fn claim(held: &Held, (cell, member): (CellId, MemberId), key: &VerifyingKey) -> Vec<u8> {
    [
        &cell.as_bytes()[..],
        held.id.as_bytes(),
        member.as_bytes(),
        &key.to_bytes(),
    ]
    .concat()
}

/// What a person decides.
impl Held {
    /// Offers to publish: makes a key that was never used and says so in the cell.
    pub(super) fn offer(
        &mut self,
        at: (CellId, MemberId),
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self.reader().is_none() {
            return Err(ErrorKind::Unreachable);
        }
        // A key that may have signed what this device has forgotten is none to begin with.
        let is_good = |one: &Option<Publisher>| {
            one.as_ref().is_some_and(|one| match one.standing() {
                Standing::Confirmed | Standing::Unconfirmed => true,
                Standing::RolledBack | Standing::Retiring => false,
            })
        };
        let has_one = self.signs() && is_good(&self.publisher);
        self.publishing.cell = Some(at);
        if !has_one && !is_good(&self.publishing.offered) {
            let fresh = Publisher::fresh(SigningKey::from_seed(&self.rng.secret()));
            self.publishing.offered = Some(fresh);
        }
        self.persist_publishing(out);
        self.publishing.said.clear();
        self.say_key(now, out);
        self.changed(out);
        Ok(())
    }

    /// Proposes another set of publishers.
    pub(super) fn set_publishers(
        &mut self,
        change: &PublishersChange,
        at: Option<(CellId, MemberId)>,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let State::Reading(reader) = &self.state else {
            return Err(ErrorKind::NotAPublisher);
        };
        if !self.signs() {
            return Err(ErrorKind::NotAPublisher);
        }
        let newest = reader.lineage().newest().clone();
        let at = at.or(self.publishing.cell);
        let mut keys = newest.roster().publishers().to_vec();
        for gone in &change.remove {
            let known = keys.iter().position(|key| key.to_bytes() == *gone);
            keys.remove(known.ok_or(ErrorKind::InvalidParams)?);
        }
        for member in &change.add {
            let (cell, _) = at.ok_or(ErrorKind::InvalidParams)?;
            let offered = self.publishing.keys.get(&(cell, *member));
            keys.push(*offered.ok_or(ErrorKind::NoOffer)?);
        }
        let most = u8::try_from(keys.len() / 2 + 1).unwrap_or(u8::MAX);
        let present = newest.roster().threshold();
        let fits = present >= most && usize::from(present) <= keys.len();
        let threshold = change
            .threshold
            .unwrap_or(if fits { present } else { most });
        let roster = Roster::new(keys, threshold).map_err(|error| match error {
            RosterError::Empty | RosterError::Duplicate => ErrorKind::InvalidParams,
            RosterError::TooMany => ErrorKind::TooMany,
            RosterError::Threshold => ErrorKind::Threshold,
        })?;
        if self.waits_for("charter") {
            return Err(ErrorKind::TooMany);
        }
        if self.publishing.cell != at {
            self.publishing.cell = at;
            self.persist_publishing(out);
        }
        self.say_key(now, out);
        if roster == *newest.roster() {
            return Ok(Answer::Drafted(None, 0));
        }
        let (name, fresh_days) = (newest.name().clone(), newest.fresh_days());
        let next = newest.next(self.rng.array(), name, fresh_days, roster);
        self.post(Content::Charter(Box::new(next)), now, out)
    }

    /// The person has read a draft and wants it to be posted.
    pub(super) fn countersign(
        &mut self,
        post: &PostId,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        if self
            .pending()
            .iter()
            .any(|one| one.id == *post && !self.has_keys_for(&one.content))
        {
            return Err(ErrorKind::EpochKeysMissing);
        }
        let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher) else {
            return Err(ErrorKind::NotAPublisher);
        };
        let step = publisher
            .countersign(reader, post)
            .map_err(super::held::refused)?;
        self.carry_out(step, now, out);
        self.changed(out);
        Ok(())
    }

    /// Takes back what was written here: this draft, or what is first in line.
    pub(super) fn withdraw(
        &mut self,
        post: Option<PostId>,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        let ours = self.pending();
        let is_ours = |post| ours.iter().any(|one| one.id == post && one.is_ours);
        if post.is_some_and(|post| !is_ours(post)) {
            return Err(ErrorKind::NoSuchPost);
        }
        let publisher = self.publisher.as_mut().ok_or(ErrorKind::NotAPublisher)?;
        let step = publisher.withdraw().map_err(super::held::refused)?;
        self.carry_out(step, now, out);
        if !self.waits_for("closed") && self.publishing.epochs.remove(&None).is_some() {
            self.persist_publishing(out);
        }
        self.changed(out);
        Ok(())
    }

    /// Proposes to end the epoch. Of a hard end the other publishers get the keys before they are asked to sign.
    pub(super) fn rekey(
        &mut self,
        is_hard: bool,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let (State::Reading(reader), true) = (&self.state, self.signs()) else {
            return Err(ErrorKind::NotAPublisher);
        };
        if self.waits_for("closed") {
            return Err(ErrorKind::TooMany);
        }
        let made = Publisher::rekey(reader, is_hard, &mut self.rng);
        let (content, keys) = made.ok_or(ErrorKind::EpochKeysMissing)?;
        if is_hard {
            self.publishing.epochs.insert(None, keys);
            self.persist_publishing(out);
            self.say_epoch(now, out);
        }
        let answer = self.post(content, now, out);
        if answer.is_err() && self.publishing.epochs.remove(&None).is_some() {
            self.persist_publishing(out);
        }
        answer
    }

    fn waits_for(&self, kind: &str) -> bool {
        let publisher = self.publisher.as_ref();
        publisher.is_some_and(|one| one.waiting().any(|wish| wish.kind() == kind))
    }
}

/// What is said and heard.
impl Held {
    /// Whether the present charter names our key.
    pub(super) fn signs(&self) -> bool {
        match (&self.state, &self.publisher) {
            (State::Reading(reader), Some(publisher)) => {
                let roster = reader.lineage().newest().roster();
                roster.index_of(&publisher.verifying_key()).is_some()
            }
            (State::Reading(_), None) | (State::Waiting(_), _) => false,
        }
    }

    pub(super) fn persist_publishing(&self, out: &mut Out) {
        let bytes = self.publishing.to_bytes().to_vec();
        out.changes.put(key(&self.id, PUBLISHING), bytes);
    }

    /// Says something to the other publishers, or says it again once its time has come. Cells carry everything that was
    /// said to everybody; again it is said for whoever has lost it.
    fn whisper(&mut self, said: &Said, now: Now, out: &mut Out) {
        let Some((cell, _)) = self.publishing.cell else {
            return;
        };
        let bytes = Zeroizing::new(encode(said));
        let name = hash(SAID, &[cell.as_bytes(), &bytes]);
        let again = match self.publishing.said.get(&name) {
            Some((at, wait)) if now.instant < *at + *wait => return,
            Some((_, wait)) => (*wait * 2).min(SAY_AGAIN_MAX),
            None => SAY_AGAIN,
        };
        self.publishing.said.insert(name, (now.instant, again));
        out.said.push(Whisper {
            cell,
            channel: *self.id.as_bytes(),
            said: bytes.as_slice().into(),
        });
    }

    /// Gives the other publishers what ours has for them.
    pub(super) fn say_messages(&mut self, messages: Vec<Vec<u8>>, now: Now, out: &mut Out) {
        self.publishing.stirred = true;
        for message in messages {
            let message = Zeroizing::new(message);
            self.whisper(&Said::Message(message.as_slice().into()), now, out);
        }
    }

    /// Gives the other publishers a post that was completed here.
    pub(super) fn say_post(&mut self, post: &[u8], now: Now, out: &mut Out) {
        self.whisper(&Said::Post(post.into()), now, out);
    }

    fn say_key(&mut self, now: Now, out: &mut Out) {
        let (Some(at), Some(ours)) = (
            self.publishing.cell,
            self.publishing.offered.as_ref().or(self.publisher.as_ref()),
        ) else {
            return;
        };
        let key = ours.verifying_key();
        let signature = ours.prove_key(&claim(self, at, &key));
        let key = key.to_bytes();
        self.whisper(&Said::Key { key, signature }, now, out);
    }

    fn say_epoch(&mut self, now: Now, out: &mut Out) {
        let Some(keys) = self.publishing.epochs.get(&None) else {
            return;
        };
        let said = Said::Epoch {
            epoch: keys.epoch(),
            chain: keys.chain().expose().as_slice().into(),
            topic: keys.topic().expose().as_slice().into(),
        };
        self.whisper(&said, now, out);
    }

    /// Somebody in a cell said something to the publishers of this channel.
    pub(super) fn on_whisper(
        &mut self,
        cell: CellId,
        from: MemberId,
        bytes: &[u8],
        now: Now,
        out: &mut Out,
    ) {
        let is_ours = self.publishing.cell.map(|(ours, _)| ours) == Some(cell);
        let listens = self.signs() || self.publishing.offered.is_some();
        let Ok(said) = decode::<Said>(bytes) else {
            return;
        };
        if bytes.len() > WHISPER_LIMIT || !listens {
            return;
        }
        match said {
            // Before we have a cell for it, from any; then whoever is elsewhere cannot fill the room.
            Said::Key { key, signature } if is_ours || self.publishing.cell.is_none() => {
                self.on_key((cell, from), &key, &signature, now, out);
            }
            Said::Message(message) if is_ours => {
                let early = Early {
                    from,
                    since: now.timestamp,
                    message: Zeroizing::new(message.as_slice().to_vec()),
                };
                self.hear(early, now, out);
            }
            Said::Epoch {
                epoch,
                chain,
                topic,
            } if is_ours => {
                // Of an epoch that has begun nobody needs keys.
                let begun = self.reader().and_then(|reader| reader.link(Vec::new()));
                let is_next = begun.is_none_or(|link| link.keys.epoch() < epoch);
                if let Some(keys) = epoch_keys(epoch, &chain, &topic).filter(|_| is_next) {
                    self.publishing.epochs.insert(Some(from), keys);
                    self.persist_publishing(out);
                    self.use_epoch_keys(out);
                    self.publishing.stirred = true;
                }
            }
            Said::Post(post) if is_ours => {
                let _known_or_refused = self.take(post.as_slice(), false, now, out);
            }
            // Of another cell than that of the publishers.
            Said::Key { .. } | Said::Message(_) | Said::Epoch { .. } | Said::Post(_) => {}
        }
    }

    fn on_key(
        &mut self,
        who: (CellId, MemberId),
        key: &[u8; 32],
        signature: &[u8; 64],
        now: Now,
        out: &mut Out,
    ) {
        let Ok(key) = VerifyingKey::parse(key) else {
            return;
        };
        let known = self.publishing.keys.get(&who);
        let is_full = known.is_none() && self.publishing.keys.len() >= PUBLISHER_KEYS;
        if known == Some(&key)
            || is_full
            || !Publisher::is_key_proven(&key, &claim(self, who, &key), signature)
        {
            return;
        }
        self.publishing.keys.insert(who, key);
        self.persist_publishing(out);
        self.changed(out);
        // So that they learn who is who.
        if self.publishing.cell.is_some_and(|(cell, _)| cell == who.0) {
            self.say_key(now, out);
        }
    }

    /// Keys of the epoch that the last post announced open it here. All others are of no use any more.
    pub(super) fn use_epoch_keys(&mut self, out: &mut Out) {
        let State::Reading(reader) = &mut self.state else {
            return;
        };
        let mut candidates = self.publishing.epochs.values();
        let Some(link) = candidates.find_map(|keys| reader.fresh_link(keys, Vec::new())) else {
            return;
        };
        if let Ok(changes) = reader.add_link(&link) {
            super::held::persist(&self.id, changes, out);
        }
        self.publishing.epochs.clear();
        self.persist_publishing(out);
        self.open_door(out);
    }

    /// A charter that names the key which we offered makes us a publisher.
    pub(super) fn promote(&mut self, now: Now, out: &mut Out) {
        let (State::Reading(reader), Some(offered)) = (&self.state, &self.publishing.offered)
        else {
            return;
        };
        let roster = reader.lineage().newest().roster();
        if roster.index_of(&offered.verifying_key()).is_none() || self.signs() {
            return;
        }
        let before = self.publisher.take();
        self.publisher = self.publishing.offered.take();
        if let Some(publisher) = &self.publisher {
            let bytes = publisher.to_bytes().to_vec();
            out.changes.put(key(&self.id, PUBLISHER), bytes);
        }
        self.persist_publishing(out);
        self.publishing.stirred = true;
        self.changed(out);
        let waiting: Vec<Content> = before
            .iter()
            .flat_map(|before| before.waiting().cloned())
            .collect();
        for content in waiting {
            let _refused_before = self.post(content, now, out);
        }
    }

    /// Does what is due: what came early, drafts that wait, and telling the person.
    pub(super) fn tend_publishing(&mut self, now: Now, out: &mut Out) {
        let is_due = self.publishing.poll.is_some_and(|at| at <= now.instant);
        if !is_due && !std::mem::take(&mut self.publishing.stirred) {
            return;
        }
        self.hear_again(now, out);
        if is_due {
            self.publishing.poll = None;
            self.poll(now, out);
        }
        self.publishing.stirred = false;
        let publisher = self.publisher.as_ref().filter(|_| self.signs());
        let waits = publisher.is_some_and(Publisher::is_waiting);
        if !waits && self.publishing.early.is_empty() {
            (self.publishing.poll, self.publishing.told) = (None, BTreeSet::new());
            return;
        }
        if self.publishing.poll.is_none() {
            let pause = self.jittered(PUBLISH_POLL);
            self.publishing.poll = Some(now.instant + pause);
        }
        let pending = self.pending();
        let ids: BTreeSet<PostId> = pending.iter().map(|one| one.id).collect();
        self.publishing.told.retain(|id| ids.contains(id));
        for one in pending {
            if one.may_sign
                && self.has_keys_for(&one.content)
                && self.publishing.told.insert(one.id)
            {
                out.notice(Notice::DraftReceived(self.id, one.id));
            }
        }
    }

    fn poll(&mut self, now: Now, out: &mut Out) {
        self.say_epoch(now, out);
        let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher) else {
            return;
        };
        let before = publisher.to_bytes();
        let mut step = publisher.poll(reader, &mut self.rng, now.timestamp);
        // Nothing is written every few minutes for people who sleep.
        step.persist = step.persist.filter(|bytes| *bytes != before);
        self.carry_out(step, now, out);
    }

    /// When something that waits is looked at again.
    pub(super) const fn publishing_due(&self) -> Option<Instant> {
        self.publishing.poll
    }

    /// The place of the log is another one: what was said about the last is not said again.
    pub(super) fn forget_said(&mut self) {
        self.publishing.said.clear();
        self.publishing.stirred = true;
    }
}
