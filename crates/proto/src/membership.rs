//! Who is in the cell: a causally ordered record of signed operations, and what it amounts to (PROTOCOL §4).
//!
//! ```text
//!  bytes ─ OperationIn::decode ─ check ─► Operation ─ insert ─► admit ─► dag ─► judge ─► State
//!          (operation)           (signature)          (allowed     (order)  (counts   (members)
//!                                                      in its past)         beside others)
//! ```
//!
//! What it is: a pure function from a set of operations to a [`State`]. What it is not: send groups, connections or
//! storage; what a removal means for those, others decide who read the state.
//! Invariants: two records with the same operations give the same state and the same heads, whatever their order of
//! arrival; there is no clock, hash or size in any rule that decides about people; nothing that arrives makes us fail or
//! grow beyond `limits`.

mod admit;
mod chains;
mod dag;
mod judge;
pub(crate) mod limits;
mod operation;
mod parked;
mod refusal;
mod state;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use crypto::SigningKey;
use model::{CellId, DisplayName, Incarnation, MemberId, OpId, Suite};

use admit::Candidate;
use dag::{Bits, Dag, Deed, View};
use limits::{ADDS_PER_MEMBER, OPERATIONS_LIMIT, QUORUM_SMALL, STATES_CACHED, STRAY_CHAINS};
use parked::Parked;

pub(crate) use admit::EvidenceCheck;
pub(crate) use operation::{Action, Operation, OperationIn};
pub(crate) use refusal::Refusal;
pub(crate) use state::{Member, Standing, State, confusable_pairs};

/// What became of an operation.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use]
pub(crate) enum Inserted {
    /// It is in the record, and with it those that had waited for it or that it builds upon, parents first.
    New(Vec<OpId>),
    /// It was there.
    Known,
    /// It waits for its parents.
    Parked,
    /// It stands beside other operations of a life that is forked anyway, and nobody has built upon it: it need not be
    /// in the record, and nothing is missing.
    Aside,
    /// Its author was not allowed to do this.
    Refused(Refusal),
}

/// The membership record of one cell.
pub(crate) struct Membership {
    cell: CellId,
    dag: Dag,
    state: Arc<State>,
    view: Arc<View>,
    /// Whether `state` is that of everything in the graph.
    fresh: bool,
    parked: Parked,
    /// See [`STRAY_CHAINS`].
    strays: usize,
    evidence: Option<EvidenceCheck>,
    states: RefCell<VecDeque<(Vec<OpId>, Arc<State>)>>,
}

impl Membership {
    /// Founds a cell: the record and its genesis. A quorum that no cell of this suite could reach, or that one person
    /// could, is brought into bounds.
    pub(crate) fn found(
        author: &SigningKey,
        incarnation: Incarnation,
        name: DisplayName,
        suite: Suite,
        removal_quorum: Option<u8>,
        nonce: [u8; 16],
        key_package: Vec<u8>,
    ) -> (Self, Operation) {
        let cap = u16::try_from(suite.cap()).unwrap_or(u16::MAX);
        let most = u8::try_from(cap - 1).unwrap_or(u8::MAX);
        let removal_quorum = removal_quorum.map(|quorum| quorum.clamp(QUORUM_SMALL, most));
        let action = Action::Genesis {
            suite,
            removal_quorum,
            cap,
            nonce,
            name,
            key_package,
        };
        let nowhere = CellId::from_bytes([0; 32]);
        let genesis = Operation::sign(&nowhere, author, incarnation, Vec::new(), action);
        (Self::from_genesis(genesis.clone()), genesis)
    }

    /// The record that holds only this genesis.
    ///
    /// # Errors
    ///
    /// Fails if the operation is none.
    pub(crate) fn new(genesis: Operation) -> Result<Self, Refusal> {
        if matches!(genesis.action(), Action::Genesis { .. }) {
            Ok(Self::from_genesis(genesis))
        } else {
            Err(Refusal::Genesis)
        }
    }

    /// The record of these operations, in whatever order they are given: what storage or an inviter hands us. What is
    /// not allowed or not connected is left out.
    ///
    /// # Errors
    ///
    /// Fails if there is no genesis among them.
    pub(crate) fn replay(
        operations: impl IntoIterator<Item = Operation>,
        evidence: Option<EvidenceCheck>,
    ) -> Result<Self, Refusal> {
        let mut waiting: BTreeMap<OpId, Operation> = BTreeMap::new();
        let mut genesis = None;
        for operation in operations {
            if matches!(operation.action(), Action::Genesis { .. }) {
                genesis.get_or_insert(operation);
            } else {
                waiting.insert(operation.id(), operation);
            }
        }
        let mut membership = Self::new(genesis.ok_or(Refusal::Genesis)?)?;
        membership.evidence = evidence;
        let mut children: BTreeMap<OpId, Vec<OpId>> = BTreeMap::new();
        let mut missing: BTreeMap<OpId, usize> = BTreeMap::new();
        for (id, operation) in &waiting {
            missing.insert(*id, operation.parents().len());
            for parent in operation.parents() {
                children.entry(*parent).or_default().push(*id);
            }
        }
        let mut arrived = vec![OpId::from_bytes(*membership.cell.as_bytes())];
        while let Some(parent) = arrived.pop() {
            for child in children.remove(&parent).unwrap_or_default() {
                let Some(count) = missing.get_mut(&child) else {
                    continue;
                };
                *count -= 1;
                if *count > 0 {
                    continue;
                }
                let Some(operation) = waiting.remove(&child) else {
                    continue;
                };
                if membership.enter(operation).is_ok() {
                    arrived.push(child);
                }
            }
        }
        membership.refresh();
        Ok(membership)
    }

    /// Takes evidence of equivocation from here on, as far as `check` finds it true. Without it all is refused.
    pub(crate) fn accept_evidence(&mut self, check: EvidenceCheck) {
        self.evidence = Some(check);
    }

    fn from_genesis(genesis: Operation) -> Self {
        let cell = CellId::from_bytes(*genesis.id().as_bytes());
        let mut dag = Dag::default();
        dag.push(genesis, Deed::Genesis, Bits::default(), Arc::default());
        let (state, view) = State::of(&dag, &dag.all());
        Self {
            cell,
            dag,
            state: Arc::new(state),
            view: Arc::new(view),
            fresh: true,
            parked: Parked::default(),
            strays: STRAY_CHAINS,
            evidence: None,
            states: RefCell::default(),
        }
    }

    /// Which cell.
    pub(crate) fn cell(&self) -> CellId {
        self.cell
    }

    /// Takes a checked operation from anywhere.
    pub(crate) fn insert(&mut self, operation: Operation) -> Inserted {
        let id = operation.id();
        if self.dag.find(&id).is_some() {
            return Inserted::Known;
        }
        let (mut entered, aside) = match self.insert_one(operation) {
            Inserted::New(entered) => (entered, false),
            // Something may have waited for it and bring it in.
            Inserted::Aside => (Vec::new(), true),
            Inserted::Known => return Inserted::Known,
            Inserted::Parked => return Inserted::Parked,
            Inserted::Refused(refusal) => return Inserted::Refused(refusal),
        };
        while let Some(waited) = self.parked.ready(&|parent| self.dag.find(parent).is_some()) {
            self.parked.remove(&waited.id());
            if let Inserted::New(more) = self.insert_one(waited) {
                entered.extend(more);
            }
        }
        if aside && entered.is_empty() {
            return Inserted::Aside;
        }
        Inserted::New(entered)
    }

    /// Takes one operation, and with it the strays that its author builds upon: all of them, or none.
    fn insert_one(&mut self, operation: Operation) -> Inserted {
        let id = operation.id();
        let is_here = |parent: &OpId| self.dag.find(parent).is_some();
        let Some(before) = self.parked.ancestors(&operation, &is_here) else {
            self.parked.park(operation);
            return Inserted::Parked;
        };
        if self.parked.continues(&operation) {
            self.parked.lay_aside(operation);
            return Inserted::Aside;
        }
        let len = self.dag.nodes().len();
        let mut entered = Vec::new();
        let mut result = Ok(());
        for stray in before {
            entered.push(stray.id());
            result = result.and_then(|()| self.enter(stray));
        }
        let stray = self
            .dag
            .past_of(operation.parents())
            .is_some_and(|past| self.dag.is_stray(&operation, &past, self.strays));
        result = result.and_then(|()| {
            if stray {
                Err(Refusal::Forked)
            } else {
                self.enter(operation.clone())
            }
        });
        if let Err(refusal) = result {
            self.dag.truncate(len);
            self.fresh = true;
            return if stray {
                self.parked.lay_aside(operation);
                Inserted::Aside
            } else {
                self.parked.drop_descendants(id);
                Inserted::Refused(refusal)
            };
        }
        for stray in &entered {
            self.parked.remove(stray);
        }
        entered.push(id);
        if matches!(operation.action(), Action::Reset { .. }) {
            self.parked.reconsider(operation.author());
        }
        self.refresh();
        Inserted::New(entered)
    }

    /// Puts an operation into the graph if it was allowed in its own past.
    fn enter(&mut self, operation: Operation) -> Result<(), Refusal> {
        let past = self
            .dag
            .past_of(operation.parents())
            .ok_or(Refusal::Genesis)?;
        let newest = self.dag.are_heads(operation.parents()) || mutant!(ArrivalDecides);
        let (state, view) = if self.fresh && newest {
            (self.state.clone(), self.view.clone())
        } else {
            let (state, view) = State::of(&self.dag, &past);
            (Arc::new(state), self.share(view))
        };
        let evidence = self.evidence.map(|check| (self.cell, check));
        let mut candidate = Candidate {
            dag: &mut self.dag,
            operation: &operation,
            past: &past,
            state: &state,
            evidence,
        };
        let deed = candidate.admit()?;
        if self.dag.nodes().len() >= OPERATIONS_LIMIT && !deed.is_always_taken() {
            return Err(Refusal::RecordFull);
        }
        self.dag.push(operation, deed, past, view);
        self.fresh = false;
        Ok(())
    }

    fn refresh(&mut self) {
        self.fresh = true;
        let (state, view) = State::of(&self.dag, &self.dag.all());
        self.view = self.share(view);
        if *self.state != state {
            self.state = Arc::new(state);
        }
    }

    /// One copy of equal views: they change only when people come, go or are voted on.
    fn share(&self, view: View) -> Arc<View> {
        if *self.view == view {
            self.view.clone()
        } else {
            Arc::new(view)
        }
    }

    /// Keeps none of what nobody built upon.
    #[cfg(test)]
    pub(crate) fn keep_no_strays(&mut self) {
        self.strays = 0;
    }

    /// Operations that others refer to and that we lack.
    #[cfg(test)]
    pub(crate) fn missing_parents(&self) -> Vec<OpId> {
        self.parked
            .missing(|parent| self.dag.find(parent).is_some())
    }

    /// Signs an operation after everything that we know. It is not inserted.
    pub(crate) fn make(
        &self,
        author: &SigningKey,
        incarnation: Incarnation,
        action: Action,
    ) -> Operation {
        let member = MemberId::from_bytes(author.verifying_key().to_bytes());
        Operation::sign(
            &self.cell,
            author,
            incarnation,
            self.dag.named_heads(Some(&member)),
            action,
        )
    }

    /// The newest operations: sorted, at most 64.
    pub(crate) fn heads(&self) -> Vec<OpId> {
        self.dag.heads(None)
    }

    /// The newest operations that `member` may show to know in an envelope: others can follow all of them.
    pub(crate) fn named_heads(&self, member: &MemberId) -> Vec<OpId> {
        self.dag.named_heads(Some(member))
    }

    /// Whether an operation is in the record, or need not be.
    pub(crate) fn knows(&self, id: &OpId) -> bool {
        self.dag.find(id).is_some() || self.parked.is_aside(id)
    }

    /// An operation in the record.
    pub(crate) fn get(&self, id: &OpId) -> Option<&Operation> {
        self.dag.get(id).map(|node| &node.operation)
    }

    /// Every operation, parents first, in an order that depends on nothing but which there are.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.dag.sorted(&self.dag.all()).into_iter()
    }

    /// What somebody with these heads lacks, parents first, and last what they need not have. Heads that we do not know
    /// are ignored.
    pub(crate) fn after(&self, their_heads: &[OpId]) -> Vec<&Operation> {
        let theirs = self.dag.past_of_known(their_heads);
        let all = self.dag.all();
        let anchored = self.dag.anchored(&all, &self.dag.forked_in(&all));
        let lacking = all.iter().filter(|index| !theirs.contains(*index));
        let (needed, loose): (Vec<usize>, Vec<usize>) =
            lacking.partition(|index| anchored.contains(*index));
        let mut after = self.dag.sorted(&needed.into_iter().collect());
        after.extend(self.dag.sorted(&loose.into_iter().collect()));
        after
    }

    /// These operations and everything they rest upon, parents first: a proof of them that stands by itself.
    pub(crate) fn with_ancestors<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a OpId>,
    ) -> Vec<&Operation> {
        let ids: Vec<OpId> = ids.into_iter().copied().collect();
        self.dag.sorted(&self.dag.past_of_known(&ids))
    }

    /// What everything amounts to. The same allocation as long as nothing changes.
    pub(crate) fn state(&self) -> Arc<State> {
        self.state.clone()
    }

    /// What these heads and everything before them amount to; nothing if we lack one.
    pub(crate) fn state_at(&self, heads: &[OpId]) -> Option<Arc<State>> {
        if self.dag.are_heads(heads) {
            return Some(self.state());
        }
        let cached = |states: &VecDeque<(Vec<OpId>, Arc<State>)>| {
            states
                .iter()
                .find(|(known, _)| known == heads)
                .map(|(_, state)| state.clone())
        };
        if let Some(state) = cached(&self.states.borrow()) {
            return Some(state);
        }
        let past = self.dag.past_of(heads)?;
        let state = Arc::new(State::of(&self.dag, &past).0);
        let mut states = self.states.borrow_mut();
        states.truncate(STATES_CACHED - 1);
        states.push_front((heads.to_vec(), state.clone()));
        Some(state)
    }

    /// Whether whoever knows these heads knows this operation.
    #[cfg(test)]
    pub(crate) fn includes(&self, heads: &[OpId], id: &OpId) -> bool {
        self.dag
            .find(id)
            .is_some_and(|index| self.dag.past_of_known(heads).contains(index))
    }

    /// Whether `author` may vote for the removal of `target` now.
    pub(crate) fn can_vote(&self, author: &MemberId, target: &MemberId) -> Result<(), Refusal> {
        self.state.check_vote(author, target)
    }

    /// Whether `author` may vouch for `target` now.
    pub(crate) fn can_vouch(&self, author: &MemberId, target: &MemberId) -> Result<(), Refusal> {
        self.state.check_vouch(author, target)
    }

    /// Whether `author` may add somebody now.
    pub(crate) fn can_add(&self, author: &MemberId) -> Result<(), Refusal> {
        self.state.check_add(author)?;
        let adds = self.dag.count(&self.dag.all(), author, admit::is_add);
        if adds >= ADDS_PER_MEMBER {
            Err(Refusal::TooManyAdds)
        } else {
            Ok(())
        }
    }

    /// Whether a newcomer may be called this: PROTOCOL §1, refused at join.
    pub(crate) fn can_be_called(&self, name: &DisplayName) -> Result<(), Refusal> {
        let taken = |info: &Member| info.name.is_confusable_with(name);
        if self.state.members.values().any(taken) {
            Err(Refusal::NameConfusable)
        } else {
            Ok(())
        }
    }

    /// Whether `author` should make a `Seen`: they hold something of a forked life that the others may lack, and that does
    /// not count before somebody builds upon it.
    pub(crate) fn should_anchor(&self, author: &MemberId) -> bool {
        let sound = self.state.check_member(author);
        sound.is_ok_and(|info| info.incarnation.is_some()) && self.dag.has_loose_ends(author)
    }

    /// Whether `author` should make a `Seen`: somebody is out, and nobody but those who voted has recorded it. Until
    /// then the removed member could still date back a vote that makes it a conflict (see `judge`).
    pub(crate) fn should_record(&self, author: &MemberId) -> bool {
        let Some(person) = self.dag.find_person(author) else {
            return false;
        };
        self.state
            .check_member(author)
            .is_ok_and(|info| info.incarnation.is_some())
            && self.view.removed.iter().any(|(removed, _)| {
                let accusers: BTreeSet<usize> = self
                    .dag
                    .nodes()
                    .iter()
                    .filter(|node| node.deed.vote_on() == Some(*removed))
                    .map(|node| node.author)
                    .collect();
                let recorded = self.dag.nodes().iter().any(|node| {
                    !accusers.contains(&node.author) && node.view.removed.contains_key(removed)
                });
                !accusers.contains(&person) && !recorded
            })
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Membership({} operations)", self.dag.nodes().len())
    }
}
