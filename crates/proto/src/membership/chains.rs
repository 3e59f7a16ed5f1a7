//! Each author's operations as a chain, and what becomes of those that make none (PROTOCOL §4).
//!
//! Honest people name their own last operation in the past of their next one, so what one life of theirs signed lies on
//! a line, and so do their resets. Whoever signs two operations beside each other can sign thousands, each with an
//! almost empty past. So a life with two such operations is **forked**: it signs nothing more, and of what it signed
//! counts what somebody whose own life is not forked has in their past. The rest is as if it were not there. Hence it
//! makes no difference which of the rest somebody holds, and nobody has to hold all of it.
//!
//! Everything here follows from a set of operations alone, but for [`Dag::is_stray`], which only says what need not be
//! kept.

use std::collections::{BTreeMap, BTreeSet};

use model::{Incarnation, MemberId, OpId};

use super::dag::{Bits, Dag, Node, Person};
use super::limits::{
    FORKED_PARENTS, OPERATIONS_OF_READER, OPERATIONS_PER_AUTHOR, PARENTS_LIMIT, RESETS_PER_AUTHOR,
    VOTES_PER_AUTHOR,
};
use super::operation::{Action, Operation};
use super::refusal::Refusal;

/// One life of a member; all resets of a member are one chain of their own, because each begins a life.
pub(super) type Chain = (Person, Option<Incarnation>);

/// The newest operations of each chain: two or more if it is forked.
pub(super) type Tips = BTreeMap<Chain, Vec<usize>>;

impl Node {
    pub(super) fn chain(&self) -> Chain {
        (self.author, chain_life(&self.operation))
    }
}

/// The life of the chain that an operation belongs to; none if it is a reset.
pub(super) fn chain_life(operation: &Operation) -> Option<Incarnation> {
    let reset = matches!(operation.action(), Action::Reset { .. });
    (!reset).then(|| operation.incarnation())
}

/// Puts the next operation into its chain.
pub(super) fn extend(tips: &mut Tips, index: usize, node: &Node) {
    let chain = tips.entry(node.chain()).or_default();
    chain.retain(|tip| !node.past.contains(*tip));
    chain.push(index);
}

/// Chains with two ends.
pub(super) fn forked(tips: &Tips) -> BTreeSet<Chain> {
    tips.iter()
        .filter(|(_, ends)| ends.len() > 1)
        .map(|(chain, _)| *chain)
        .collect()
}

impl Dag {
    /// The chains of a causally closed set.
    pub(super) fn tips_of(&self, set: &Bits) -> Tips {
        let mut tips = Tips::new();
        for index in set.iter() {
            extend(&mut tips, index, &self.nodes()[index]);
        }
        tips
    }

    /// What of a set is there for everybody: the operations of lives that are not forked, and all before them.
    pub(super) fn anchored(&self, set: &Bits, forked: &BTreeSet<Chain>) -> Bits {
        if forked.is_empty() {
            return set.clone();
        }
        // The genesis is what the cell is, whatever its author does.
        let mut anchored: Bits = set.iter().take(1).collect();
        let indices: Vec<usize> = set.iter().collect();
        for index in indices.into_iter().rev() {
            let node = &self.nodes()[index];
            if !anchored.contains(index) && !forked.contains(&node.chain()) {
                anchored.union_with(&node.past);
                anchored.insert(index);
            }
        }
        anchored
    }

    /// Everything that the author of an operation with this past showed to know before it.
    fn known_before(&self, author: Person, past: &Bits) -> Bits {
        let mut known = Bits::default();
        for index in past.iter().filter(|index| {
            let node = &self.nodes()[*index];
            node.author == author
        }) {
            known.union_with(&self.nodes()[index].past);
            known.insert(index);
        }
        known
    }

    /// Nobody names, of a chain that they have shown to know as forked, anything more: one accomplice could otherwise
    /// carry in what the other signed without end. What comes after all of it is another matter: a reset after two resets.
    pub(super) fn check_parents(&self, operation: &Operation, past: &Bits) -> Result<(), Refusal> {
        let author = self.find_person(&operation.author());
        let parents = operation.parents().iter().filter_map(|id| self.find(id));
        let foreign: Vec<usize> = parents
            .filter(|index| {
                let node = &self.nodes()[*index];
                Some(node.author) != author && self.ever_forked().contains(&node.chain())
            })
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let known = author.map(|author| self.known_before(author, past));
        let known = known.unwrap_or_default();
        let tips = self.tips_of(&known);
        let mut named: BTreeMap<Chain, usize> = BTreeMap::new();
        let newest = |index: &usize| {
            let mut others = operation.parents().iter().filter_map(|id| self.get(id));
            !known.contains(*index) && !others.any(|other| other.past.contains(*index))
        };
        for index in foreign.into_iter().filter(newest) {
            let count = named.entry(self.nodes()[index].chain()).or_default();
            *count += 1;
            if *count > FORKED_PARENTS || !self.may_be_named(index, &known, &tips) {
                return Err(Refusal::Forked);
            }
        }
        Ok(())
    }

    fn may_be_named(&self, index: usize, known: &Bits, tips: &Tips) -> bool {
        let node = &self.nodes()[index];
        let ends = tips.get(&node.chain()).map_or(&[][..], Vec::as_slice);
        known.contains(index) || ends.len() < 2 || ends.iter().all(|end| node.past.contains(*end))
    }

    /// What `author` names as parents, or as the heads that they know: all heads, but of forked chains only what
    /// [`Self::check_parents`] allows.
    pub(super) fn named_heads(&self, author: Option<&MemberId>) -> Vec<OpId> {
        if self.ever_forked().is_empty() {
            return self.heads(author);
        }
        let author_id = author;
        let author = author.and_then(|author| self.find_person(author));
        let all = self.all();
        let known = author.map(|author| self.known_before(author, &all));
        let known = known.unwrap_or_default();
        let tips = self.tips_of(&known);
        let nameable = |index: usize| {
            Some(self.nodes()[index].author) == author || self.may_be_named(index, &known, &tips)
        };
        let first = self.heads_among(&nameable);
        // Of several branches the ones that came first: we have spoken on them.
        let mut chosen: BTreeMap<Chain, Vec<usize>> = BTreeMap::new();
        let mut sorted = first.clone();
        sorted.sort_unstable();
        for index in sorted {
            let node = &self.nodes()[index];
            let branches = chosen.entry(node.chain()).or_default();
            if Some(node.author) == author || branches.len() < FORKED_PARENTS {
                branches.push(index);
            }
        }
        let within = |index: usize| {
            let node = &self.nodes()[index];
            let branches = chosen.get(&node.chain());
            nameable(index)
                && (!self.ever_forked().contains(&node.chain())
                    || branches.is_some_and(|chosen| {
                        chosen
                            .iter()
                            .any(|tip| *tip == index || self.nodes()[*tip].past.contains(index))
                    })
                    || known.contains(index))
        };
        let heads = self.heads_among(&within);
        self.cut_heads(
            heads
                .iter()
                .map(|index| self.nodes()[*index].operation.id())
                .collect(),
            author_id,
        )
    }

    /// The heads of what is left if heads that may not stay are taken away, one after the other.
    fn heads_among(&self, may_stay: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let mut covered = Bits::default();
        let mut heads = Vec::new();
        for index in (0..self.nodes().len()).rev() {
            if !covered.contains(index) && may_stay(index) {
                heads.push(index);
                covered.union_with(&self.nodes()[index].past);
            }
        }
        heads
    }

    /// Whether an operation is one more beside others of a chain that is forked as it is, and we hold plenty of them:
    /// nothing hangs on it before somebody else builds upon it. `plenty` is in times what one chain may hold.
    pub(super) fn is_stray(&self, operation: &Operation, past: &Bits, plenty: usize) -> bool {
        let Some(author) = self.find_person(&operation.author()) else {
            return false;
        };
        let life = chain_life(operation);
        let chain = (author, life);
        let most = if life.is_none() {
            plenty * RESETS_PER_AUTHOR
        } else {
            plenty * OPERATIONS_PER_AUTHOR
        };
        let ends = self.tips().get(&chain).map_or(&[][..], Vec::as_slice);
        ends.len() > 1
            && !ends.iter().all(|end| past.contains(*end))
            && self.chain_len(&chain) >= most
    }

    /// Whether there is something of a forked chain that others may lack until `author` names it.
    pub(super) fn has_loose_ends(&self, author: &MemberId) -> bool {
        let author = self.find_person(author);
        let forked = forked(self.tips());
        if forked.is_empty() {
            return false;
        }
        let all = self.all();
        let anchored = self.anchored(&all, &forked);
        let known = author.map(|author| self.known_before(author, &all));
        let known = self.tips_of(&known.unwrap_or_default());
        self.tips().iter().any(|(chain, ends)| {
            forked.contains(chain)
                && Some(chain.0) != author
                && ends.iter().any(|end| !anchored.contains(*end))
                && known.get(chain).is_none_or(|ends| ends.len() < 2)
        })
    }

    /// The limit on one author, counted in the operation's own past, where its author's chain lies.
    pub(super) fn check_count(
        &self,
        operation: &Operation,
        past: &Bits,
        full: bool,
    ) -> Result<(), Refusal> {
        let of = |kind: fn(&Action) -> bool| self.count(past, &operation.author(), kind);
        let is_vote = |action: &Action| matches!(action, Action::RemoveVote { .. } | Action::Leave);
        let is_reset = |action: &Action| matches!(action, Action::Reset { .. });
        let (count, most) = if is_vote(operation.action()) {
            (of(is_vote), VOTES_PER_AUTHOR)
        } else if is_reset(operation.action()) {
            (of(is_reset), RESETS_PER_AUTHOR)
        } else {
            let others = of(|action| !matches!(action, Action::RemoveVote { .. } | Action::Leave));
            let most = if full {
                OPERATIONS_PER_AUTHOR
            } else {
                OPERATIONS_OF_READER
            };
            (others, most)
        };
        if count >= most {
            Err(Refusal::TooManyOperations)
        } else {
            Ok(())
        }
    }

    /// At most [`PARENTS_LIMIT`] of these heads, sorted. If there are more, those that reach furthest, and among them the
    /// one after the last operation of `author`: nobody forgets what they did themselves.
    pub(super) fn cut_heads(&self, mut heads: Vec<OpId>, author: Option<&MemberId>) -> Vec<OpId> {
        if heads.len() > PARENTS_LIMIT {
            let own = self
                .nodes()
                .iter()
                .rposition(|node| Some(&node.operation.author()) == author);
            let reach = |id: &OpId| {
                let Some(index) = self.find(id) else {
                    return (false, 0);
                };
                let past = &self.nodes()[index].past;
                (
                    own.is_some_and(|own| own == index || past.contains(own)),
                    past.len(),
                )
            };
            heads.sort_by_cached_key(|id| (std::cmp::Reverse(reach(id)), *id));
            heads.truncate(PARENTS_LIMIT);
        }
        heads.sort_unstable();
        heads
    }
}
