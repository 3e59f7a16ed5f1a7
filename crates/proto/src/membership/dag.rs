//! The operations and who came before whom.
//!
//! What it is: nodes with their sets of ancestors, the heads, and orders that are the same on every device. What it is
//! not: rules. Invariants: parents are here before their children, so a node's ancestors all have smaller indices;
//! indices depend on the order of arrival and never leave the record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Incarnation, MemberId, OpId};

use super::chains::{Chain, Tips, extend, forked};
use super::operation::{Action, Operation};

/// A set of small numbers.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn contains(&self, index: usize) -> bool {
        self.0
            .get(index / 64)
            .is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    pub(super) fn insert(&mut self, index: usize) {
        if self.0.len() <= index / 64 {
            self.0.resize(index / 64 + 1, 0);
        }
        self.0[index / 64] |= 1 << (index % 64);
    }

    pub(super) fn union_with(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(position, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| position * 64 + bit)
        })
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        let mut bits = Self::default();
        for index in indices {
            bits.insert(index);
        }
        bits
    }
}

/// Somebody who was ever named in an operation, by order of arrival.
pub(super) type Person = usize;

/// What an operation does, with people as numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Deed {
    Genesis,
    /// `founding` says that it is one of the founder's first adds, which make full at once.
    Add {
        target: Person,
        founding: bool,
    },
    Vouch(Person),
    /// A vote with the quorum that was right in its own past.
    Vote {
        target: Person,
        quorum: u8,
    },
    Leave,
    Reset(Incarnation),
    ConfirmReset(Person, Incarnation),
    Policy(u32),
    /// Whose incarnation is proven to have signed two things.
    Evidence(Person, Incarnation),
    Seen,
}

impl Deed {
    /// PROTOCOL §4: voting, adding and vouching need a full member. So do the lifetime and the word that somebody who
    /// came back is who they were.
    pub(super) const fn needs_full(self) -> bool {
        match self {
            Self::Add { .. }
            | Self::Vouch(_)
            | Self::Vote { .. }
            | Self::ConfirmReset(..)
            | Self::Policy(_) => true,
            Self::Genesis | Self::Leave | Self::Reset(_) | Self::Evidence(..) | Self::Seen => false,
        }
    }

    /// Whether it is taken into a record that is full otherwise: what people need to be rid of who filled it.
    pub(super) const fn is_always_taken(self) -> bool {
        match self {
            Self::Vote { .. } | Self::Leave | Self::Evidence(..) | Self::Seen => true,
            Self::Genesis
            | Self::Add { .. }
            | Self::Vouch(_)
            | Self::Reset(_)
            | Self::ConfirmReset(..)
            | Self::Policy(_) => false,
        }
    }

    /// Against whom, if it is a vote.
    pub(super) const fn vote_on(self) -> Option<Person> {
        if let Self::Vote { target, .. } = self {
            Some(target)
        } else {
            None
        }
    }

    /// The quorum that was right in its own past, if it is a vote.
    pub(super) const fn quorum(self) -> Option<u8> {
        if let Self::Vote { quorum, .. } = self {
            Some(quorum)
        } else {
            None
        }
    }

    /// Whom it lets in, if it is an add.
    pub(super) const fn add_of(self) -> Option<Person> {
        if let Self::Add { target, .. } = self {
            Some(target)
        } else {
            None
        }
    }

    /// The new life, if it is a reset.
    pub(super) const fn reset_to(self) -> Option<Incarnation> {
        if let Self::Reset(life) = self {
            Some(life)
        } else {
            None
        }
    }

    /// The life that it confirms, if it confirms one of `person`.
    pub(super) fn confirms(self, person: Person) -> Option<Incarnation> {
        if let Self::ConfirmReset(target, life) = self {
            (target == person).then_some(life)
        } else {
            None
        }
    }

    /// The lifetime, if it is a policy.
    pub(super) const fn policy(self) -> Option<u32> {
        if let Self::Policy(lifetime_s) = self {
            Some(lifetime_s)
        } else {
            None
        }
    }
}

/// What the author of an operation could see when they made it, as far as others rely on it later.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct View {
    /// Full members in good standing.
    pub(super) full: Bits,
    /// Whom a settled removal had put out, and by which votes.
    pub(super) removed: BTreeMap<Person, Bits>,
}

/// One operation in the record, with what is true of it for ever because it follows from its own past.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) operation: Operation,
    pub(super) author: Person,
    pub(super) deed: Deed,
    /// Every ancestor.
    pub(super) past: Bits,
    pub(super) view: Arc<View>,
    children: Vec<usize>,
}

/// The record as a graph.
#[derive(Debug, Default)]
pub(super) struct Dag {
    nodes: Vec<Node>,
    index: BTreeMap<OpId, usize>,
    heads: BTreeSet<OpId>,
    people: Vec<MemberId>,
    persons: BTreeMap<MemberId, Person>,
    tips: Tips,
    lengths: BTreeMap<Chain, usize>,
    ever_forked: BTreeSet<Chain>,
}

impl Dag {
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn find(&self, id: &OpId) -> Option<usize> {
        self.index.get(id).copied()
    }

    pub(super) fn get(&self, id: &OpId) -> Option<&Node> {
        self.nodes.get(self.find(id)?)
    }

    /// The number of a person, if any operation named them.
    pub(super) fn find_person(&self, member: &MemberId) -> Option<Person> {
        self.persons.get(member).copied()
    }

    /// The number of a person, given out now if need be.
    pub(super) fn person(&mut self, member: &MemberId) -> Person {
        let next = self.people.len();
        let person = *self.persons.entry(*member).or_insert(next);
        if person == next {
            self.people.push(*member);
        }
        person
    }

    pub(super) fn people(&self) -> &[MemberId] {
        &self.people
    }

    /// Everything.
    pub(super) fn all(&self) -> Bits {
        (0..self.nodes.len()).collect()
    }

    /// Ancestors of an operation with these parents; nothing if one is missing.
    pub(super) fn past_of(&self, parents: &[OpId]) -> Option<Bits> {
        let mut past = Bits::default();
        for parent in parents {
            let index = self.find(parent)?;
            past.union_with(&self.nodes[index].past);
            past.insert(index);
        }
        Some(past)
    }

    /// Ancestors of those of `heads` that we know, and they themselves.
    pub(super) fn past_of_known(&self, heads: &[OpId]) -> Bits {
        let known: Vec<OpId> = heads
            .iter()
            .filter(|head| self.index.contains_key(head))
            .copied()
            .collect();
        self.past_of(&known).unwrap_or_default()
    }

    /// Adds an operation whose parents are all here.
    pub(super) fn push(&mut self, operation: Operation, deed: Deed, past: Bits, view: Arc<View>) {
        let index = self.nodes.len();
        for parent in operation.parents() {
            self.heads.remove(parent);
            if let Some(parent) = self.find(parent) {
                self.nodes[parent].children.push(index);
            }
        }
        self.heads.insert(operation.id());
        self.index.insert(operation.id(), index);
        let author = self.person(&operation.author());
        self.nodes.push(Node {
            operation,
            author,
            deed,
            past,
            view,
            children: Vec::new(),
        });
        self.note_chain(index);
    }

    fn note_chain(&mut self, index: usize) {
        let node = &self.nodes[index];
        extend(&mut self.tips, index, node);
        *self.lengths.entry(node.chain()).or_default() += 1;
        if self
            .tips
            .get(&node.chain())
            .is_some_and(|ends| ends.len() > 1)
        {
            self.ever_forked.insert(node.chain());
        }
    }

    /// Takes back everything from `len` on: it was tried and did not fit together.
    pub(super) fn truncate(&mut self, len: usize) {
        while self.nodes.len() > len {
            let Some(node) = self.nodes.pop() else { return };
            self.heads.remove(&node.operation.id());
            self.index.remove(&node.operation.id());
            for parent in node.operation.parents() {
                let Some(index) = self.find(parent) else {
                    continue;
                };
                let children = &mut self.nodes[index].children;
                children.pop();
                if children.is_empty() {
                    self.heads.insert(*parent);
                }
            }
        }
        (self.tips, self.lengths, self.ever_forked) = Default::default();
        for index in 0..self.nodes.len() {
            self.note_chain(index);
        }
    }

    /// The newest operations of each chain.
    pub(super) fn tips(&self) -> &Tips {
        &self.tips
    }

    pub(super) fn chain_len(&self, chain: &Chain) -> usize {
        self.lengths.get(chain).copied().unwrap_or(0)
    }

    /// Chains of which somebody has ever shown two ends.
    pub(super) fn ever_forked(&self) -> &BTreeSet<Chain> {
        &self.ever_forked
    }

    /// Chains that are forked in a causally closed set.
    pub(super) fn forked_in(&self, set: &Bits) -> BTreeSet<Chain> {
        if self.ever_forked.is_empty() {
            BTreeSet::new()
        } else {
            forked(&self.tips_of(set))
        }
    }

    /// Whether these are all the heads there are.
    pub(super) fn are_heads(&self, parents: &[OpId]) -> bool {
        self.heads.iter().eq(parents)
    }

    /// At most 64 heads, sorted; those of `author` among them.
    pub(super) fn heads(&self, author: Option<&MemberId>) -> Vec<OpId> {
        self.cut_heads(self.heads.iter().copied().collect(), author)
    }

    /// The operations in `set`, parents first, in an order that depends on nothing but the set.
    pub(super) fn sorted(&self, set: &Bits) -> Vec<&Operation> {
        let mut waiting: BTreeMap<usize, usize> = BTreeMap::new();
        let mut ready: BTreeSet<(OpId, usize)> = BTreeSet::new();
        for index in set.iter() {
            let operation = &self.nodes[index].operation;
            let parents = operation
                .parents()
                .iter()
                .filter_map(|parent| self.find(parent));
            match parents.filter(|parent| set.contains(*parent)).count() {
                0 => drop(ready.insert((operation.id(), index))),
                count => drop(waiting.insert(index, count)),
            }
        }
        let mut sorted = Vec::new();
        while let Some((_, index)) = ready.pop_first() {
            sorted.push(&self.nodes[index].operation);
            for child in &self.nodes[index].children {
                let Some(count) = waiting.get_mut(child) else {
                    continue;
                };
                *count -= 1;
                if *count == 0 {
                    waiting.remove(child);
                    ready.insert((self.nodes[*child].operation.id(), *child));
                }
            }
        }
        sorted
    }

    /// How many operations in `past` are by `author` and of which `kind` holds.
    pub(super) fn count(
        &self,
        past: &Bits,
        author: &MemberId,
        kind: impl Fn(&Action) -> bool,
    ) -> usize {
        let Some(author) = self.find_person(author) else {
            return 0;
        };
        past.iter()
            .filter(|index| {
                let node = &self.nodes[*index];
                node.author == author && kind(node.operation.action())
            })
            .count()
    }
}
