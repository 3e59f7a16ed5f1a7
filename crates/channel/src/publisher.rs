//! One publisher's device: from what a person wrote to a post that enough publishers have signed.
//!
//! ```text
//!            first turn: whoever posted last             later turns: whoever asks, one after the other
//!  wish ──────────────► draft ──► others read it, countersign ──► author signs last ──► post
//!    └──► ask ──► promises ──► draft (what may be complete already, else the wish)
//! ```
//! What it is: the rules by which any number of publishers write one log, and the memory that keeps a device from signing
//! two things in one place. What it is not: a decision on what to say; a person reads each draft before it is signed.
//! Invariants: nothing is signed before a reader has confirmed, since the start, how far the log goes · a device that
//! finds a signature of its own that it does not remember signs nothing more with that key, but to give it up · what is
//! signed was persisted before · the author signs last, so that a draft that nobody wants binds nobody.

mod choice;
mod drafts;
mod error;
mod messages;
mod record;
mod signer;
mod turns;

use std::collections::{BTreeMap, VecDeque};

use crypto::{Label, Rng, Signature, SigningKey};
use model::Timestamp;
use zeroize::Zeroizing;

use crate::charter::Charter;
use crate::config::WISHES_MAX;
use crate::content::{Content, NextKeys, is_sayable};
use crate::id::PostId;
use crate::keys::EpochKeys;
use crate::post::{Countersignature, Post, Sheet};
use crate::reader::{Accepted, Reader};
use crate::sync::{Probe, Summary};

pub use error::PublishError;
use messages::{Message, Promise, Turn};
use signer::{Seat, Signer};

const OFFER: Label = Label::new("vigil/channel-offer/v1");

/// Where a publisher's state comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The store, at a start. It may be an old one that was put back: a reader has to confirm the log first.
    Store,
    /// A backup, or another copy that is known to be old.
    Backup,
}

/// What a publisher may sign.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// Everything.
    Confirmed,
    /// Nothing before a reader has shown that the log ends where ours does.
    Unconfirmed,
    /// Nothing: this is an old copy, and no reader has shown how far the log goes.
    RolledBack,
    /// Nothing but a charter without the key of this device.
    Retiring,
}

/// What to do, in this order: persist, hand the post to our own reader and to the topic, send the messages to the other
/// publishers.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Step {
    /// The state of the publisher, for sealed storage; none if nothing changed.
    pub persist: Option<Zeroizing<Vec<u8>>>,
    /// A complete post.
    pub post: Option<Vec<u8>>,
    /// For every other publisher. They hold what is not published yet: only a cell may carry them.
    pub messages: Vec<Vec<u8>>,
}

/// A draft that waits for signatures.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Its name.
    pub id: PostId,
    /// Who proposed it, by their place in the charter.
    pub proposer: u8,
    /// Who wrote it.
    pub author: u8,
    /// Whether this device wants it to be posted: it was written here.
    pub is_ours: bool,
    /// What it says. This is what a person reads before they countersign.
    pub content: Content,
    /// How many others have to countersign.
    pub needs: u8,
    /// Whether this device has signed it.
    pub signed: bool,
    /// Whether this device may sign it now.
    pub may_sign: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Draft {
    sheet: Sheet,
    round: u64,
    proposer: u8,
    certificate: Vec<Promise>,
    signatures: BTreeMap<u8, Signature>,
    /// Whether it is the first of our wishes.
    is_wish: bool,
    /// Given up by us.
    withdrawn: bool,
}

/// One publisher's device.
#[derive(Clone, Debug)]
pub struct Publisher {
    key: SigningKey,
    standing: Standing,
    signer: Signer,
    wishes: VecDeque<Content>,
    drafts: BTreeMap<PostId, Draft>,
    promises: BTreeMap<u8, Promise>,
}

impl Publisher {
    /// A publisher with a key that has never signed anything.
    pub fn fresh(key: SigningKey) -> Self {
        Self {
            key,
            standing: Standing::Confirmed,
            signer: Signer::at(0, PostId::NONE),
            wishes: VecDeque::new(),
            drafts: BTreeMap::new(),
            promises: BTreeMap::new(),
        }
    }

    /// What this device may sign.
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Its public key, as it stands in a charter.
    pub fn verifying_key(&self) -> crypto::VerifyingKey {
        self.key.verifying_key()
    }

    /// Wants something to be posted. It is kept until it is posted or taken back, and drafted as soon as that can be.
    ///
    /// # Errors
    ///
    /// Fails if it can never be posted, or if too much waits.
    pub fn write(
        &mut self,
        reader: &Reader,
        content: Content,
        rng: &mut Rng,
        now: Timestamp,
    ) -> Result<Step, PublishError> {
        self.place(reader)?;
        if self.wishes.len() >= WISHES_MAX {
            return Err(PublishError::TooMany);
        }
        self.may_say(reader, &content)?;
        if !is_sayable(&content) {
            return Err(PublishError::TooLong);
        }
        if content.charter().is_some() {
            // Who publishes comes before what is published, behind what others may be signing already.
            let drafted = self.drafts.values().any(|draft| draft.is_wish);
            self.wishes.insert(usize::from(drafted), content);
        } else {
            self.wishes.push_back(content);
        }
        let mut step = Step::default();
        self.go_on(reader, true, rng, now, &mut step);
        self.persist(&mut step);
        Ok(step)
    }

    /// Something may have become possible: time has passed, or a device was met again. Drafts that wait are sent again. To
    /// be called every few minutes while something waits: two who asked at once come apart by asking again.
    pub fn poll(&mut self, reader: &Reader, rng: &mut Rng, now: Timestamp) -> Step {
        let mut step = Step::default();
        if self.place(reader).is_err() {
            return step;
        }
        self.send_again(reader, &mut step);
        for id in self.drafts.keys().copied().collect::<Vec<_>>() {
            self.try_complete(reader, &id, &mut step);
        }
        self.go_on(reader, true, rng, now, &mut step);
        self.persist(&mut step);
        step
    }

    /// Takes what another publisher sent.
    ///
    /// # Errors
    ///
    /// Says why it was not taken. Nothing has changed then, but that we remember whom we turned away.
    pub fn on_message(
        &mut self,
        reader: &Reader,
        bytes: &[u8],
        rng: &mut Rng,
        now: Timestamp,
    ) -> Result<Step, PublishError> {
        self.place(reader)?;
        let message = Message::parse(bytes).map_err(|_| PublishError::Malformed)?;
        let mut step = Step::default();
        match message {
            Message::Ask(ask) => self.on_ask(reader, &ask, now, &mut step)?,
            Message::Promise { promise, sheet } => {
                self.on_promise(reader, promise, sheet.as_slice(), now)?;
                self.go_on(reader, false, rng, now, &mut step);
            }
            Message::Draft {
                proposal,
                sheet,
                certificate,
            } => {
                self.on_draft(reader, &proposal, sheet.as_slice(), certificate, now)?;
                self.sign_again(&proposal.id(), &mut step);
            }
            Message::Countersigned {
                id,
                round,
                publisher,
                signature,
            } => {
                let one = Countersignature {
                    publisher,
                    signature,
                };
                let id = PostId::from_bytes(id);
                self.on_countersigned(reader, &id, round, one, &mut step)?;
            }
        }
        self.persist(&mut step);
        Ok(step)
    }

    /// A person has read a draft and wants it to be posted.
    ///
    /// # Errors
    ///
    /// Fails if there is no such draft, or signing it would contradict what was signed or promised.
    pub fn countersign(&mut self, reader: &Reader, id: &PostId) -> Result<Step, PublishError> {
        let me = self.place(reader)?;
        let draft = self.drafts.get(id).ok_or(PublishError::UnknownDraft)?;
        let content = self.opened(reader, &draft.sheet);
        let content = content.ok_or(PublishError::Unreadable)?;
        self.may_sign_now(reader, &content)?;
        let draft = self.drafts.get_mut(id).ok_or(PublishError::UnknownDraft)?;
        if !self.signer.may_sign(draft.round, id) {
            return Err(PublishError::AlreadySigned);
        }
        self.signer.sign(draft.round, id);
        let one = Countersignature::sign(&self.key, me, id, draft.round);
        draft.signatures.insert(me, one.signature);
        let mut step = Step::default();
        step.messages.push(said(id, draft.round, &one));
        self.try_complete(reader, id, &mut step);
        self.persist(&mut step);
        Ok(step)
    }

    /// Takes back what we wanted to be posted: the draft of it, or what is first in line. What others have countersigned
    /// may still be posted by them.
    ///
    /// # Errors
    ///
    /// Fails if there is nothing.
    pub fn withdraw(&mut self) -> Result<Step, PublishError> {
        self.wishes.pop_front().ok_or(PublishError::UnknownDraft)?;
        for draft in self.drafts.values_mut().filter(|draft| draft.is_wish) {
            draft.withdrawn = true;
            draft.is_wish = false;
        }
        let mut step = Step::default();
        self.persist(&mut step);
        Ok(step)
    }

    /// Our own reader has taken a post.
    pub fn on_accepted(
        &mut self,
        reader: &Reader,
        accepted: &Accepted,
        rng: &mut Rng,
        now: Timestamp,
    ) -> Step {
        let (place, id) = (&accepted.place, &accepted.id);
        let key = self.key.verifying_key();
        let charter = reader.lineage().by_id(&place.charter);
        let me = charter.and_then(|charter| charter.roster().index_of(&key));
        let ours = me.is_some_and(|me| accepted.signers.contains(&me));
        let remembered = self.signer.seq == place.seq
            && self
                .signer
                .signed
                .is_some_and(|signed| signed.id == *id.as_bytes());
        if ours && !remembered && place.seq >= self.signer.seq {
            self.standing = Standing::RolledBack;
        }
        if self.drafts.get(id).is_some_and(|draft| draft.is_wish) {
            self.wishes.pop_front();
        }
        if matches!(accepted.content, Some(Content::Closed { .. })) {
            // Keys that were made for the epoch which has begun are those of no epoch now.
            self.wishes
                .retain(|wish| !matches!(wish, Content::Closed { .. }));
        }
        let mut step = Step::default();
        if self.place(reader).is_ok() {
            self.go_on(reader, true, rng, now, &mut step);
        }
        self.persist(&mut step);
        step
    }

    /// What a reader says that they have. It confirms ours if it ends in the same post.
    pub fn on_summary(
        &mut self,
        reader: &Reader,
        theirs: &Summary,
        rng: &mut Rng,
        now: Timestamp,
    ) -> Step {
        let (next, head) = reader.head();
        let same = head.is_some_and(|head| match next.checked_sub(1) {
            Some(seq) => theirs.probes.contains(&Probe::of(seq, &head)),
            None => true,
        });
        if !same || theirs.end != next {
            return Step::default();
        }
        self.standing = match self.standing {
            Standing::Unconfirmed | Standing::Confirmed => Standing::Confirmed,
            Standing::RolledBack | Standing::Retiring => Standing::Retiring,
        };
        self.poll(reader, rng, now)
    }

    /// Ends the present epoch and makes the keys of the next. With `is_hard` they are in no post: a link made of them
    /// ([`Reader::fresh_link`]) goes to whoever is to read on, and to the other publishers before they countersign.
    pub fn rekey(reader: &Reader, is_hard: bool, rng: &mut Rng) -> Option<(Content, EpochKeys)> {
        let (next, _) = reader.head();
        let (present, _) = reader.keys_for(next)?;
        let keys = EpochKeys::begin(present.epoch().checked_add(1)?, rng);
        let commitment = keys.commitment(&reader.channel());
        let handed_on = NextKeys {
            chain: keys.chain().clone(),
            topic: keys.topic().clone(),
        };
        let content = Content::Closed {
            commitment,
            keys: (!is_hard).then_some(handed_on),
        };
        Some((content, keys))
    }

    /// Drafts that wait here, ours among them.
    pub fn pending(&self, reader: &Reader) -> Vec<Pending> {
        let Some(me) = index(reader.lineage().newest(), &self.key) else {
            return Vec::new();
        };
        let needed = reader.lineage().newest().roster().threshold();
        let pending = self.drafts.iter().filter_map(|(id, draft)| {
            let content = self.opened(reader, &draft.sheet)?;
            let have = u8::try_from(draft.signatures.len()).unwrap_or(u8::MAX);
            // The proposer signs last, once the others have.
            let last = u8::from(!draft.signatures.contains_key(&draft.proposer));
            let signed = self.signer.has_signed(draft.round, id);
            Some(Pending {
                id: *id,
                proposer: draft.proposer,
                author: draft.sheet.place().author,
                needs: needed.saturating_sub(have).saturating_sub(last),
                signed,
                may_sign: !signed
                    && draft.proposer != me
                    && self.signer.may_sign(draft.round, id)
                    && self.may_sign_now(reader, &content).is_ok(),
                is_ours: draft.is_wish,
                content,
            })
        });
        pending.collect()
    }

    /// Whether anything waits for other publishers: then [`Self::poll`] is called every few minutes.
    pub fn is_waiting(&self) -> bool {
        !self.wishes.is_empty() || !self.drafts.is_empty()
    }

    /// Shows that whoever says something holds this key: a signature over what they say, which is none of a post.
    pub fn prove_key(&self, bytes: &[u8]) -> Signature {
        self.key.sign(OFFER, bytes)
    }

    /// Whether whoever said something held this key.
    pub fn is_key_proven(key: &crypto::VerifyingKey, bytes: &[u8], signature: &Signature) -> bool {
        key.verify(OFFER, bytes, signature).is_ok()
    }

    /// About which place of the log a message of a publisher is; none if it does not say so by itself.
    pub fn place_of(bytes: &[u8]) -> Option<u64> {
        match Message::parse(bytes).ok()? {
            Message::Ask(ask) => Some(ask.turn.seq),
            Message::Promise { promise, .. } => Some(promise.turn().seq),
            Message::Draft { proposal, .. } => Some(proposal.turn().seq),
            Message::Countersigned { .. } => None,
        }
    }

    /// What waits to be drafted, the first first.
    pub fn waiting(&self) -> impl Iterator<Item = &Content> {
        self.wishes.iter()
    }

    /// Moves to the place that is next for our reader, and says who we are there.
    fn place(&mut self, reader: &Reader) -> Result<u8, PublishError> {
        let (seq, head) = reader.head();
        let previous = head.ok_or(PublishError::Unconfirmed)?;
        if self.signer.seq != seq || self.signer.previous != *previous.as_bytes() {
            self.signer = Signer::at(seq, previous);
            self.drafts.clear();
            self.promises.clear();
        }
        index(reader.lineage().newest(), &self.key).ok_or(PublishError::NotAPublisher)
    }

    /// Whether this device may sign anything, and then this. Behind a place where the publishers said two things nothing
    /// stands but what follows another charter.
    fn may_sign_now(&self, reader: &Reader, content: &Content) -> Result<(), PublishError> {
        if reader.contradiction().is_some() && content.charter().is_none() {
            return Err(PublishError::Parted);
        }
        match self.standing {
            Standing::Confirmed => Ok(()),
            Standing::Unconfirmed => Err(PublishError::Unconfirmed),
            Standing::RolledBack => Err(PublishError::RolledBack),
            Standing::Retiring => match content.charter() {
                Some(charter) if index(charter, &self.key).is_none() => Ok(()),
                Some(_) | None => Err(PublishError::RolledBack),
            },
        }
    }

    fn may_say(&self, reader: &Reader, content: &Content) -> Result<(), PublishError> {
        match content.charter() {
            Some(charter) if charter.previous() != reader.lineage().newest().id() => {
                return Err(PublishError::StaleCharter);
            }
            None if reader.contradiction().is_some() => return Err(PublishError::Parted),
            Some(_) | None => {}
        }
        match self.standing {
            // It waits until a reader was met.
            Standing::Unconfirmed => Ok(()),
            Standing::Confirmed | Standing::RolledBack | Standing::Retiring => {
                self.may_sign_now(reader, content)
            }
        }
    }

    fn opened(&self, reader: &Reader, sheet: &Sheet) -> Option<Content> {
        let (keys, index) = reader.keys_for(sheet.place().seq)?;
        let key = keys.look(index).ok();
        sheet.open(key.as_ref()).ok()
    }

    fn turn(&self, reader: &Reader, round: u64, publisher: u8) -> Turn {
        Turn {
            channel: *reader.channel().as_bytes(),
            charter: *reader.lineage().newest().id().as_bytes(),
            seq: self.signer.seq,
            previous: self.signer.previous,
            round,
            publisher,
        }
    }

    fn persist(&self, step: &mut Step) {
        step.persist = Some(self.to_bytes());
    }
}

fn index(charter: &Charter, key: &SigningKey) -> Option<u8> {
    charter.roster().index_of(&key.verifying_key())
}

fn said(id: &PostId, round: u64, one: &Countersignature) -> Vec<u8> {
    let message = Message::Countersigned {
        id: *id.as_bytes(),
        round,
        publisher: one.publisher,
        signature: one.signature,
    };
    message.to_bytes()
}

/// Whose turn it is: in the first whoever wrote the post before, then one after the other in the order of the charter.
fn proposer(reader: &Reader, seq: u64, round: u64) -> u8 {
    let charter = reader.lineage().newest();
    let before = seq.checked_sub(1).and_then(|before| reader.known(before));
    // Places in another charter are other people.
    let first = before
        .filter(|(_, _, id)| *id == charter.id())
        .map_or(0, |(_, author, _)| u64::from(author));
    let size = u64::from(charter.roster().size());
    u8::try_from((first.wrapping_add(round)) % size.max(1)).unwrap_or(0)
}

/// How far behind whoever has the first turn a publisher stands.
fn seat(reader: &Reader, seq: u64, publisher: u8) -> Seat {
    let size = reader.lineage().newest().roster().size();
    let distance = (0..size).find(|round| proposer(reader, seq, u64::from(*round)) == publisher);
    Seat {
        publisher,
        distance: distance.unwrap_or(size),
    }
}

/// The next turn of a publisher after a given one.
fn next_turn(reader: &Reader, seq: u64, publisher: u8, after: u64) -> u64 {
    let size = u64::from(reader.lineage().newest().roster().size());
    let turns = after.saturating_add(1)..=after.saturating_add(size);
    let mut mine = turns.filter(|round| proposer(reader, seq, *round) == publisher);
    mine.next().unwrap_or(u64::MAX)
}

/// Puts together what was signed.
fn completed(draft: &Draft, charter: &Charter) -> Option<Post> {
    let signatures = draft.signatures.iter();
    let signatures = signatures.map(|(publisher, signature)| Countersignature {
        publisher: *publisher,
        signature: *signature,
    });
    Post::complete(
        draft.sheet.clone(),
        draft.round,
        signatures.collect(),
        charter,
    )
}
