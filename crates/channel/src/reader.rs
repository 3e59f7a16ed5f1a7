//! One channel as one reader holds it.
//!
//! ```text
//!  bytes ─► size ─► decode ─► place, day, charter, epoch, whose signatures ─► signatures ─► key ─► content
//!           nothing here costs more than a hash of the bytes │   one at a time  │
//! ```
//! What it is: which posts are here, what is missing, what is called off, whether the publishers contradicted themselves.
//! What it is not: the posts themselves; they are records, and the caller has them. Invariants: a post is kept only with
//! as many signatures as its charter asks for · the order in which posts come makes no difference to what is shown · each
//! refused post costs at most one signature check, and one more per publisher who really signed it, once.

mod calls;
mod epochs;
mod place;
mod record;
mod syncing;
mod told;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use model::{Address, Timestamp};

use crate::charter::Charter;
use crate::config::{CANCELLED_MAX, EPOCHS_KEPT, POSTS_KEPT, WINDOW};
use crate::content::{Checkpoint, Content};
use crate::error::{ProofError, Refusal};
use crate::id::{CallRef, CharterId, PostDay, PostId};
use crate::keys::EpochKeys;
use crate::lineage::Lineage;
use crate::link::Link;
use crate::post::{Checks, Place, Post, PostIn};
use crate::proof::{Equivocation, Forward};

pub use calls::CallState;
pub use record::PostRecord;
pub use told::{Accepted, Change, Notice, Refused, Shown, Silence};

/// What is known of a post that is here.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Kept {
    id: PostId,
    previous: PostId,
    charter: CharterId,
    day: PostDay,
    author: u8,
    what: What,
    len: usize,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum What {
    Text,
    Call {
        id: CallRef,
        of: Option<CallRef>,
        until: Timestamp,
    },
    Cancel,
    Fresh,
    Charter,
    Closed,
    Checkpoint,
    /// Nothing that we can open.
    Unreadable,
    /// A call that was erased.
    Over,
}

/// The keys of an epoch and where it lies in the log.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Epoch {
    keys: EpochKeys,
    /// The seq of its first post.
    start: u64,
    /// The seq of its last post, once it is closed.
    end: Option<u64>,
}

/// Where the publishers contradicted themselves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Fork {
    /// The lowest place that is proven.
    seq: u64,
    /// Whether both posts there follow the same post.
    is_first: bool,
}

/// One channel as one reader holds it.
#[derive(Clone, Debug)]
pub struct Reader {
    lineage: Lineage,
    /// Nothing below is taken: the link begins here, or it was forgotten.
    low: u64,
    /// What publishers said may be forgotten. Missing posts below are not waited for.
    floor: u64,
    /// When the person subscribed.
    since: PostDay,
    epochs: BTreeMap<u32, Epoch>,
    /// What was announced of epochs whose keys are not here yet.
    announced: BTreeMap<u32, ([u8; 32], u64)>,
    kept: BTreeMap<u64, Kept>,
    /// The first post that is missing.
    next: u64,
    off: BTreeMap<CallRef, u64>,
    fork: Option<Fork>,
    suspects: BTreeSet<u64>,
    checks: Checks,
}

impl Reader {
    /// Begins to read with a link, and the charters as any reader gives them.
    ///
    /// # Errors
    ///
    /// Fails if the charters are not those of the channel, or do not lead to the one that the link names.
    pub fn subscribe(link: &Link, lineage: &[u8], now: Timestamp) -> Result<Self, ProofError> {
        let mut checks = Checks::default();
        let lineage = Lineage::check(link.channel, Some(link.charter), lineage, &mut checks)?;
        Ok(Self::begin(lineage, link, PostDay::of(now)))
    }

    /// Founds a channel: its first reader, and the link from the first post on. None if `charter` is no first one.
    pub fn found(
        charter: Charter,
        keys: EpochKeys,
        hints: Vec<Address>,
        now: Timestamp,
    ) -> Option<(Self, Link)> {
        let lineage = Lineage::founded(charter)?;
        let link = Link {
            channel: lineage.channel(),
            charter: lineage.newest().id(),
            seq: 0,
            keys,
            hints,
        };
        Some((Self::begin(lineage, &link, PostDay::of(now)), link))
    }

    fn begin(lineage: Lineage, link: &Link, since: PostDay) -> Self {
        let start = link.seq.saturating_sub(u64::from(link.keys.next()));
        let epoch = Epoch {
            keys: link.keys.clone(),
            start,
            end: None,
        };
        Self {
            lineage,
            low: link.seq,
            floor: link.seq,
            since,
            epochs: BTreeMap::from([(link.keys.epoch(), epoch)]),
            announced: BTreeMap::new(),
            kept: BTreeMap::new(),
            next: link.seq,
            off: BTreeMap::new(),
            fork: None,
            suspects: BTreeSet::new(),
            checks: Checks::default(),
        }
    }

    /// Takes a post from wherever it comes.
    ///
    /// # Errors
    ///
    /// Says why it was refused. What comes with a refusal is persisted and shown as well.
    pub fn take(&mut self, bytes: &[u8], now: Timestamp) -> Result<Accepted, Refused> {
        let post = PostIn::parse(bytes)?;
        self.look(&post, PostDay::of(now))?;
        let charter = self.lineage.by_id(&post.sheet().place().charter);
        let charter = charter.ok_or(Refusal::UnknownCharter)?;
        let post = post.check(charter, &mut self.checks)?;
        let place = *post.place();
        if self.kept.contains_key(&place.seq) {
            return Err(self.on_second(post));
        }
        if let Some(seq) = self.other_branch(&place, &post.id()) {
            self.suspects.insert(seq);
            while self.suspects.len() > EPOCHS_KEPT {
                self.suspects.pop_first();
            }
            return Err(Refused {
                notices: vec![Notice::OtherBranch { seq }],
                ..Refusal::OtherBranch.into()
            });
        }
        Ok(self.keep(&post, bytes.len(), now))
    }

    /// Where another post must be than the one that is here, if this one is genuine.
    fn other_branch(&self, place: &Place, id: &PostId) -> Option<u64> {
        let before = place.seq.checked_sub(1)?;
        let behind = place.seq.saturating_add(1);
        if self
            .kept
            .get(&before)
            .is_some_and(|kept| kept.id != place.previous)
        {
            return Some(before);
        }
        let follows = |kept: &Kept| kept.previous != *id;
        self.kept
            .get(&behind)
            .is_some_and(follows)
            .then_some(place.seq)
    }

    fn on_second(&mut self, post: Post) -> Refused {
        let place = *post.place();
        let before = place
            .seq
            .checked_sub(1)
            .and_then(|before| self.kept.get(&before));
        let ours = self.kept.get(&place.seq).map(|kept| kept.previous);
        let is_first = ours == Some(place.previous) || before.is_none();
        let fork = self.live_fork();
        let known = fork.is_some_and(|fork| fork.seq <= place.seq);
        self.suspects.remove(&place.seq);
        // What old keys sign later says nothing about the present publishers, and hides nothing that those do.
        let is_old = place.seq < self.lineage.newest_from();
        if is_old || known && !(is_first && fork.is_some_and(|fork| fork.seq == place.seq)) {
            return Refusal::Equivocation.into();
        }
        let found = Fork {
            seq: place.seq,
            is_first,
        };
        if fork == Some(found) {
            return Refused {
                against: Some(Box::new(post)),
                ..Refusal::Equivocation.into()
            };
        }
        self.fork = Some(found);
        Refused {
            against: Some(Box::new(post)),
            notices: vec![Notice::Equivocation { seq: place.seq }],
            changes: vec![Change::State(self.to_bytes())],
            ..Refusal::Equivocation.into()
        }
    }

    fn keep(&mut self, post: &Post, len: usize, now: Timestamp) -> Accepted {
        let place = *post.place();
        let epoch = self.epochs.get_mut(&place.epoch);
        let key = epoch.and_then(|epoch| epoch.keys.take(place.index).ok());
        let key = key.filter(|_| post.sheet().is_sealed());
        let mut content = post.sheet().open(key.as_ref()).ok();
        let mut what = content.as_ref().map_or(What::Unreadable, What::of);
        let mut notices = Vec::new();
        let mut changes = Vec::new();
        match &content {
            Some(Content::Charter(charter)) => {
                if self.lineage.extend(post) {
                    changes.extend(self.drop_behind(place.seq));
                    let number = charter.number();
                    notices.push(Notice::Charter { number });
                } else if !self.lineage.has(&post.id()) {
                    what = What::Unreadable;
                }
            }
            Some(Content::Cancel { call, .. }) => {
                self.call_off(*call, place.seq);
                notices.push(Notice::CalledOff { call: *call });
            }
            Some(Content::Closed { commitment, keys }) => {
                notices.extend(self.close(&place, *commitment, keys.as_ref()));
            }
            Some(Content::Checkpoint(point)) => {
                notices.extend(self.on_checkpoint(point, place.seq))
            }
            Some(
                Content::Text(_) | Content::Call { .. } | Content::Version { .. } | Content::Fresh,
            )
            | None => {}
        }
        if what == What::Unreadable {
            content = None;
            notices.push(Notice::Unreadable { seq: place.seq });
        }
        let record = PostRecord::whole(post, key);
        let kept = Kept::of(&place, post.id(), what, len);
        self.kept.insert(place.seq, kept.clone());
        self.advance();
        if let What::Call { until, .. } = what
            && until <= now
        {
            content = None;
            changes.push(self.over(place.seq, &kept));
        } else {
            let (seq, bytes) = (place.seq, record.to_bytes());
            changes.push(Change::Post { seq, bytes });
        }
        changes.extend(self.prune());
        changes.push(Change::State(self.to_bytes()));
        Accepted {
            place,
            id: post.id(),
            signers: post.signers().collect(),
            content,
            notices,
            changes,
        }
    }

    /// Posts that were signed under the charter before, behind the post that ended it.
    fn drop_behind(&mut self, seq: u64) -> Vec<Change> {
        let newest = self.lineage.newest().id();
        let behind = self.kept.range(seq.saturating_add(1)..);
        let wrong = behind
            .filter(|(_, kept)| kept.charter != newest)
            .map(|(seq, _)| *seq);
        let wrong: Vec<u64> = wrong.collect();
        for seq in &wrong {
            self.kept.remove(seq);
            self.next = self.next.min(*seq);
        }
        wrong
            .into_iter()
            .map(|seq| Change::Forget { seq })
            .collect()
    }

    fn call_off(&mut self, call: CallRef, seq: u64) {
        let first = self.off.get(&call).copied().unwrap_or(u64::MAX).min(seq);
        self.off.insert(call, first);
        while self.off.len() > CANCELLED_MAX {
            let oldest = self.off.iter().min_by_key(|(_, seq)| **seq);
            let Some(call) = oldest.map(|(call, _)| *call) else {
                return;
            };
            self.off.remove(&call);
        }
    }

    fn on_checkpoint(&mut self, point: &Checkpoint, seq: u64) -> Vec<Notice> {
        for call in &point.cancelled {
            self.call_off(*call, seq);
        }
        if point.upto < seq {
            self.floor = self.floor.max(point.floor);
        }
        let differs = |kept: &Kept| kept.id != point.id;
        if self.kept.get(&point.upto).is_some_and(differs) {
            self.suspects.insert(point.upto);
            return vec![Notice::OtherBranch { seq: point.upto }];
        }
        point
            .cancelled
            .iter()
            .map(|call| Notice::CalledOff { call: *call })
            .collect()
    }

    /// The charters as another reader gives them, if they lead further than ours.
    ///
    /// # Errors
    ///
    /// Fails if they are not those of this channel, or part from ours.
    pub fn take_lineage(&mut self, bytes: &[u8]) -> Result<Vec<Change>, ProofError> {
        let theirs = self.lineage.grown(bytes, &mut self.checks)?;
        if theirs.len() == self.lineage.len() {
            return Ok(Vec::new());
        }
        self.lineage = theirs;
        Ok(vec![Change::State(self.to_bytes())])
    }

    /// The proof, out of our own record of the post and the one that came with [`Refusal::Equivocation`].
    pub fn prove(&self, ours: &PostRecord, theirs: Post) -> Option<Equivocation> {
        Equivocation::of(&self.lineage, ours.post()?, theirs)
    }

    /// A proof that somebody else found.
    ///
    /// # Errors
    ///
    /// Fails if it proves nothing about this channel, or speaks of a charter that is not here yet.
    pub fn take_equivocation(
        &mut self,
        bytes: &[u8],
    ) -> Result<(Option<Notice>, Vec<Change>), ProofError> {
        let proof = Equivocation::check_known(&self.lineage, bytes, &mut self.checks)?;
        let seq = proof.seq();
        let is_old = seq < self.lineage.newest_from();
        let known = self.live_fork().is_some_and(|fork| fork.seq <= seq);
        if is_old || known || seq < self.low {
            return Ok((None, Vec::new()));
        }
        let [one, other] = proof.posts().map(|post| post.place().previous);
        self.fork = Some(Fork {
            seq,
            is_first: one == other,
        });
        let changes = vec![
            Change::Equivocation(proof.to_bytes()),
            Change::State(self.to_bytes()),
        ];
        Ok((Some(Notice::Equivocation { seq }), changes))
    }

    /// A post to hand on to somebody who has no link, out of its record.
    pub fn forward(&self, record: &PostRecord) -> Option<Forward> {
        Some(Forward::of(
            &self.lineage,
            record.post()?,
            record.key().cloned(),
        ))
    }

    /// Erases calls that are over: what to persist.
    pub fn expire(&mut self, now: Timestamp) -> Vec<Change> {
        let over = |what: What| matches!(what, What::Call { until, .. } if until <= now);
        let due: Vec<(u64, Kept)> = self
            .kept
            .iter()
            .filter(|(_, kept)| over(kept.what))
            .map(|(seq, kept)| (*seq, kept.clone()))
            .collect();
        due.iter()
            .map(|(seq, kept)| self.over(*seq, kept))
            .collect()
    }

    fn over(&mut self, seq: u64, kept: &Kept) -> Change {
        let spent = Kept {
            what: What::Over,
            len: 0,
            ..kept.clone()
        };
        let bytes = PostRecord::spent(seq, &spent).to_bytes();
        self.kept.insert(seq, spent);
        Change::Post { seq, bytes }
    }

    fn prune(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        while self.kept.len() > POSTS_KEPT {
            let Some((seq, _)) = self.kept.pop_first() else {
                break;
            };
            self.low = self.low.max(seq.saturating_add(1));
            changes.push(Change::Forget { seq });
        }
        if !changes.is_empty() {
            self.advance();
        }
        let low = self.low;
        self.epochs
            .retain(|_, epoch| epoch.end.is_none_or(|end| end >= low));
        for epoch in self.epochs.values_mut() {
            let index = u32::try_from(low.saturating_sub(epoch.start)).unwrap_or(u32::MAX);
            epoch.keys.forget_below(index);
        }
        changes
    }

    /// Moves on to the first post that is missing.
    fn advance(&mut self) {
        self.next = self.next.max(self.low).max(self.floor);
        while self.kept.contains_key(&self.next) {
            self.next = self.next.saturating_add(1);
        }
    }

    fn horizon(&self) -> u64 {
        self.next.saturating_add(WINDOW)
    }
}
