//! PROTOCOL §4 once more, written down as plainly as it goes: sets of ids, no indices, hardly a cache, no care for
//! speed. What the record says is compared with this.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::*;

type Set = BTreeSet<OpId>;

/// What a set of operations amounts to, in the model's words.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Plain {
    pub(super) standing: BTreeMap<MemberId, Standing>,
    pub(super) full: BTreeSet<MemberId>,
    pub(super) votes: BTreeMap<MemberId, BTreeSet<MemberId>>,
    pub(super) conflicts: BTreeSet<MemberId>,
    pub(super) lifetime_s: u32,
    /// Current and waiting incarnation.
    pub(super) lives: BTreeMap<MemberId, (Option<Incarnation>, Option<Incarnation>)>,
    /// Out for certain, and by which votes.
    settled: BTreeMap<MemberId, Set>,
    inviters: BTreeMap<MemberId, MemberId>,
    used: BTreeSet<(MemberId, Incarnation)>,
}

impl Plain {
    /// The part of a state that the model speaks of.
    pub(super) fn of(state: &State) -> Self {
        let members = || state.members.iter();
        let voted = members().filter(|(_, info)| !info.votes_against.is_empty());
        Self {
            standing: members()
                .map(|(member, info)| (*member, info.standing))
                .collect(),
            full: members()
                .filter(|(_, info)| info.full)
                .map(|(member, _)| *member)
                .collect(),
            votes: voted
                .map(|(member, info)| (*member, info.votes_against.clone()))
                .collect(),
            conflicts: state.conflicts.clone(),
            lifetime_s: state.lifetime_s,
            lives: members()
                .map(|(member, info)| (*member, (info.incarnation, info.pending)))
                .collect(),
            ..Self::default()
        }
    }

    /// Only what a [`State`] shows too.
    pub(super) fn shown(&self) -> Self {
        Self {
            settled: BTreeMap::new(),
            inviters: BTreeMap::new(),
            used: BTreeSet::new(),
            ..self.clone()
        }
    }

    fn is_member(&self, member: &MemberId) -> bool {
        self.standing.get(member) == Some(&Standing::Member)
    }

    fn size(&self) -> usize {
        self.standing
            .values()
            .filter(|standing| matches!(standing, Standing::Member | Standing::Suspended))
            .count()
    }
}

pub(super) struct Model {
    operations: BTreeMap<OpId, Operation>,
    founder: MemberId,
    quorum: Option<u8>,
    cap: usize,
    pasts: RefCell<BTreeMap<OpId, Rc<Set>>>,
    states: RefCell<BTreeMap<Set, Rc<Plain>>>,
}

impl Model {
    pub(super) fn new<'a>(operations: impl IntoIterator<Item = &'a Operation>) -> Self {
        let operations: BTreeMap<OpId, Operation> = operations
            .into_iter()
            .map(|operation| (operation.id(), operation.clone()))
            .collect();
        let genesis = operations
            .values()
            .find(|operation| operation.parents().is_empty())
            .unwrap();
        let Action::Genesis {
            removal_quorum,
            cap,
            ..
        } = genesis.action()
        else {
            panic!("no genesis")
        };
        let (founder, quorum, cap) = (genesis.author(), *removal_quorum, usize::from(*cap));
        Self {
            operations,
            founder,
            quorum,
            cap,
            pasts: RefCell::default(),
            states: RefCell::default(),
        }
    }

    fn get(&self, id: &OpId) -> &Operation {
        &self.operations[id]
    }

    /// Takes note of one more operation.
    pub(super) fn learn(&mut self, operation: &Operation) {
        self.operations.insert(operation.id(), operation.clone());
    }

    fn past_of(&self, operation: &Operation) -> Rc<Set> {
        if let Some(known) = self.pasts.borrow().get(&operation.id()) {
            return known.clone();
        }
        let mut past = Set::new();
        let mut waiting: Vec<OpId> = operation.parents().to_vec();
        while let Some(next) = waiting.pop() {
            if past.insert(next) {
                waiting.extend(self.get(&next).parents());
            }
        }
        let past = Rc::new(past);
        self.pasts.borrow_mut().insert(operation.id(), past.clone());
        past
    }

    fn knows(&self, later: &OpId, earlier: &OpId) -> bool {
        self.past_of(self.get(later)).contains(earlier)
    }

    pub(super) fn everything(&self) -> Rc<Plain> {
        self.state(&self.operations.keys().copied().collect())
    }

    fn before(&self, id: &OpId) -> Rc<Plain> {
        self.state(&self.past_of(self.get(id)))
    }

    /// Whether the author was allowed to do this, by what they knew.
    pub(super) fn allows(&self, operation: &Operation) -> bool {
        let past = self.past_of(operation);
        let known = self.state(&past);
        let author = operation.author();
        let (life, waiting) = known.lives.get(&author).copied().unwrap_or_default();
        let alive = life == Some(operation.incarnation());
        let full = alive && known.full.contains(&author);
        let own = |kind: fn(&Action) -> bool| {
            past.iter()
                .filter(|id| self.get(id).author() == author && kind(self.get(id).action()))
                .count()
        };
        let possible = match operation.action() {
            Action::Genesis { .. } => false,
            Action::Add { member, .. } => {
                let adds = own(|action| matches!(action, Action::Add { .. }));
                full && !known.standing.contains_key(member) && adds < 16 && known.size() < self.cap
            }
            Action::Vouch { member } => {
                let fits = known.is_member(member) && !known.full.contains(member);
                full && fits && known.inviters.get(member) != Some(&author)
            }
            Action::RemoveVote { member } => {
                let here = matches!(
                    known.standing.get(member),
                    Some(Standing::Member | Standing::Suspended)
                );
                let again = known
                    .votes
                    .get(member)
                    .is_some_and(|voters| voters.contains(&author));
                full && here && !again && *member != author && known.size() > 2
            }
            Action::Leave => alive || waiting == Some(operation.incarnation()),
            Action::Reset { incarnation, .. } => !known.used.contains(&(author, *incarnation)),
            Action::ConfirmReset {
                member,
                incarnation,
            } => {
                let waits = known
                    .lives
                    .get(member)
                    .is_some_and(|(_, waiting)| *waiting == Some(*incarnation));
                full && known.is_member(member) && waits && *member != author
            }
            Action::Policy { .. } => full,
            Action::Evidence { first, second } => {
                let whose = check_evidence(&CellId::from_bytes([0; 32]), first, second);
                let same = |id: &OpId| self.get(id).action() == operation.action();
                alive
                    && whose.is_some_and(|log| known.standing.contains_key(&log.member))
                    && !past.iter().any(same)
            }
            Action::Seen => alive,
        };
        known.is_member(&author) && possible && self.names_what_it_may(operation, &past)
    }

    fn chain(&self, id: &OpId) -> (MemberId, Option<Incarnation>) {
        let operation = self.get(id);
        let reset = matches!(operation.action(), Action::Reset { .. });
        (
            operation.author(),
            (!reset).then(|| operation.incarnation()),
        )
    }

    /// The newest operations of one chain.
    fn ends(&self, set: &Set, chain: &(MemberId, Option<Incarnation>)) -> Set {
        let all: Set = set
            .iter()
            .filter(|id| self.chain(id) == *chain)
            .copied()
            .collect();
        let newest = |id: &&OpId| !all.iter().any(|other| self.knows(other, id));
        all.iter().filter(newest).copied().collect()
    }

    fn is_forked(&self, set: &Set, chain: &(MemberId, Option<Incarnation>)) -> bool {
        self.ends(set, chain).len() > 1
    }

    /// What the author's earlier operations show to be forked is not named any more, and two at once show a fork.
    fn names_what_it_may(&self, operation: &Operation, past: &Set) -> bool {
        let mut shown = Set::new();
        for id in past
            .iter()
            .filter(|id| self.get(id).author() == operation.author())
        {
            shown.extend(self.past_of(self.get(id)).iter());
            shown.insert(*id);
        }
        let parents = operation.parents();
        let newest = |id: &&OpId| {
            self.get(id).author() != operation.author()
                && !shown.contains(*id)
                && !parents.iter().any(|other| self.knows(other, id))
        };
        let fresh: Vec<&OpId> = parents.iter().filter(newest).collect();
        fresh.iter().all(|id| {
            let chain = self.chain(id);
            let ends = self.ends(&shown, &chain);
            let beside = fresh.iter().filter(|other| self.chain(other) == chain);
            let after_all = ends.iter().all(|end| self.knows(id, end));
            (ends.len() < 2 || after_all) && beside.count() <= 2
        })
    }

    pub(super) fn state(&self, set: &Set) -> Rc<Plain> {
        if let Some(known) = self.states.borrow().get(set) {
            return known.clone();
        }
        let chains: BTreeSet<_> = set.iter().map(|id| self.chain(id)).collect();
        let forked: BTreeSet<_> = chains
            .into_iter()
            .filter(|chain| self.is_forked(set, chain))
            .collect();
        let sound = |id: &&OpId| !forked.contains(&self.chain(id));
        let founding = |id: &&OpId| self.get(id).parents().is_empty();
        let mut anchored: Set = set.iter().filter(founding).copied().collect();
        for id in set.iter().filter(sound) {
            anchored.extend(self.past_of(self.get(id)).iter());
            anchored.insert(*id);
        }
        let mut state = Case {
            model: self,
            set: &anchored,
        }
        .decide();
        for (member, (life, _)) in &mut state.lives {
            *life = life.filter(|life| !forked.contains(&(*member, Some(*life))));
        }
        for id in set {
            if let Action::Reset { incarnation, .. } = self.get(id).action() {
                state.used.insert((self.get(id).author(), *incarnation));
            }
        }
        let state = Rc::new(state);
        self.states.borrow_mut().insert(set.clone(), state.clone());
        state
    }
}

/// One set of operations under judgement.
struct Case<'a> {
    model: &'a Model,
    set: &'a Set,
}

impl Case<'_> {
    fn ids(&self, kind: impl Fn(&Operation) -> bool) -> Set {
        self.set
            .iter()
            .filter(|id| kind(self.model.get(id)))
            .copied()
            .collect()
    }

    fn votes_on(&self, member: &MemberId) -> Set {
        self.ids(|operation| operation.action() == &Action::RemoveVote { member: *member })
    }

    fn adds_of(&self, member: &MemberId) -> Set {
        self.ids(|operation| matches!(operation.action(), Action::Add { member: added, .. } if added == member))
    }

    fn authors(&self, ids: &Set) -> BTreeSet<MemberId> {
        ids.iter().map(|id| self.model.get(id).author()).collect()
    }

    fn quorum(&self, vote: &OpId) -> usize {
        let by_size = if self.model.before(vote).size() <= 9 {
            2
        } else {
            3
        };
        self.model.quorum.map_or(by_size, usize::from)
    }

    fn suffices(&self, votes: &Set) -> bool {
        votes
            .iter()
            .map(|vote| self.quorum(vote))
            .min()
            .is_some_and(|quorum| self.authors(votes).len() >= quorum)
    }

    fn members(&self) -> BTreeSet<MemberId> {
        let mut members = BTreeSet::from([self.model.founder]);
        for id in self.set {
            if let Action::Add { member, .. } = self.model.get(id).action() {
                members.insert(*member);
            }
        }
        members
    }

    fn seated(&self, member: &MemberId, counted: &Set) -> bool {
        *member == self.model.founder || self.adds_of(member).intersection(counted).next().is_some()
    }

    fn full(&self, member: &MemberId, counted: &Set) -> bool {
        let inviters = self.authors(&self.adds_of(member));
        let founding = |id: &&OpId| {
            let operation = self.model.get(id);
            let past = self.model.past_of(operation);
            let earlier = past.iter().filter(|id| {
                let before = self.model.get(id);
                before.author() == self.model.founder
                    && matches!(before.action(), Action::Add { .. })
            });
            operation.author() == self.model.founder && earlier.count() < 2
        };
        let vouched = |id: &&OpId| {
            let operation = self.model.get(id);
            operation.action() == &Action::Vouch { member: *member }
                && !inviters.contains(&operation.author())
        };
        *member == self.model.founder
            || self
                .adds_of(member)
                .intersection(counted)
                .any(|id| founding(&id))
            || counted.iter().any(|id| vouched(&id))
    }

    fn counts(&self, id: &OpId, assumed: &Set, counted: &Set) -> bool {
        let operation = self.model.get(id);
        let author = operation.author();
        let privileged = matches!(
            operation.action(),
            Action::Add { .. }
                | Action::Vouch { .. }
                | Action::RemoveVote { .. }
                | Action::ConfirmReset { .. }
                | Action::Policy { .. }
        );
        if matches!(
            operation.action(),
            Action::Genesis { .. } | Action::Evidence { .. }
        ) {
            return true;
        }
        let entitled =
            self.seated(&author, counted) && (!privileged || self.full(&author, counted));
        let free = self.free_of_leave(id, counted)
            && self.free_of_evidence(id)
            && self.free_of_votes(id, assumed, counted);
        if entitled && free {
            return true;
        }
        match operation.action() {
            Action::RemoveVote { member } => self.witnessed(id, member, counted),
            _ => false,
        }
    }

    fn accused(&self, id: &OpId) -> bool {
        let votes = self.votes_on(&self.model.get(id).author());
        votes.iter().any(|vote| self.model.knows(id, vote))
    }

    fn free_of_votes(&self, id: &OpId, assumed: &Set, counted: &Set) -> bool {
        let operation = self.model.get(id);
        let votes = self.votes_on(&operation.author());
        if !self.suffices(&votes.intersection(assumed).copied().collect()) {
            return true;
        }
        let grave = matches!(
            operation.action(),
            Action::Add { .. } | Action::Vouch { .. } | Action::RemoveVote { .. }
        );
        if grave && self.accused(id) {
            return false;
        }
        let (knowing, ignorant): (Set, Set) =
            votes.iter().partition(|vote| self.model.knows(vote, id));
        let certain = self.suffices(&knowing.intersection(counted).copied().collect());
        let undisputed = !self.suffices(&ignorant.intersection(assumed).copied().collect());
        certain || self.suffices(&knowing) && undisputed
    }

    fn free_of_leave(&self, id: &OpId, counted: &Set) -> bool {
        let author = self.model.get(id).author();
        let leaves = self
            .ids(|operation| operation.author() == author && operation.action() == &Action::Leave);
        let recorded = || {
            counted.iter().any(|other| {
                let unaware = !leaves.iter().any(|leave| self.model.knows(other, leave));
                self.model.get(other).author() != author && self.model.knows(other, id) && unaware
            })
        };
        leaves.is_empty()
            || leaves
                .iter()
                .any(|leave| leave == id || self.model.knows(leave, id))
            || recorded()
    }

    fn proofs(&self, member: &MemberId, life: Option<Incarnation>) -> Set {
        self.ids(|operation| {
            let Action::Evidence { first, second } = operation.action() else {
                return false;
            };
            let log = check_evidence(&CellId::from_bytes([0; 32]), first, second).unwrap();
            log.member == *member && life.is_none_or(|life| life == log.incarnation)
        })
    }

    fn free_of_evidence(&self, id: &OpId) -> bool {
        let operation = self.model.get(id);
        let proofs = self.proofs(&operation.author(), Some(operation.incarnation()));
        let before = |proof: &OpId| {
            self.model.get(proof).author() != operation.author() && self.model.knows(proof, id)
        };
        proofs.is_empty() || proofs.iter().any(before)
    }

    fn witnessed(&self, vote: &OpId, target: &MemberId, counted: &Set) -> bool {
        let voter = self.model.get(vote).author();
        let accusers = self.authors(&self.votes_on(target));
        counted
            .iter()
            .filter(|other| self.model.knows(other, vote))
            .any(|other| {
                let witness = self.model.get(other).author();
                let known = self.model.before(other);
                let completed = known
                    .settled
                    .get(target)
                    .is_some_and(|votes| votes.contains(vote));
                let voter_stood_well = known.is_member(&voter) && known.full.contains(&voter);
                let own_votes = self
                    .votes_on(&voter)
                    .into_iter()
                    .filter(|id| self.model.get(id).author() == witness);
                let sided = own_votes
                    .into_iter()
                    .any(|own| own == *other || self.model.knows(other, &own));
                let in_passing = !self.accused(vote) && voter_stood_well && !sided;
                witness != *target && !accusers.contains(&witness) && (completed || in_passing)
            })
    }

    fn count(&self, assumed: &Set) -> Set {
        let mut counted = Set::new();
        loop {
            let more: Set = self
                .set
                .iter()
                .filter(|id| self.counts(id, assumed, &counted))
                .copied()
                .collect();
            let all: Set = counted.union(&more).copied().collect();
            if all == counted {
                return counted;
            }
            counted = all;
        }
    }

    fn decide(&self) -> Plain {
        let mut most = self.count(&Set::new());
        let least = loop {
            let least = self.count(&most);
            let fewer = self.count(&least);
            if fewer == most {
                break least;
            }
            most = fewer;
        };
        let mut state = Plain::default();
        for member in self.members() {
            let votes: Set = self
                .votes_on(&member)
                .intersection(&most)
                .copied()
                .collect();
            let certain: Set = self
                .votes_on(&member)
                .intersection(&least)
                .copied()
                .collect();
            if self.suffices(&certain) {
                state.settled.insert(member, certain);
            }
            let removed = self.suffices(&votes);
            let left = !self
                .ids(|operation| {
                    operation.author() == member && operation.action() == &Action::Leave
                })
                .is_empty();
            if !self.seated(&member, &least) && !removed {
                continue;
            }
            let standing = match (removed, left, self.proofs(&member, None).is_empty()) {
                (true, ..) => Standing::Removed,
                (false, true, _) => Standing::Left,
                (false, false, false) => Standing::Suspended,
                (false, false, true) => Standing::Member,
            };
            state.standing.insert(member, standing);
            if self.seated(&member, &least) && self.full(&member, &least) {
                state.full.insert(member);
            }
            if !votes.is_empty() {
                state.votes.insert(member, self.authors(&votes));
            }
            self.describe(member, &least, &mut state);
        }
        let policies = least
            .iter()
            .filter(|id| matches!(self.model.get(id).action(), Action::Policy { .. }));
        let policies: Set = policies.copied().collect();
        let newest = policies
            .iter()
            .filter(|id| !policies.iter().any(|later| self.model.knows(later, id)));
        let lifetimes = newest.filter_map(|id| match self.model.get(id).action() {
            Action::Policy { lifetime_s } => Some(*lifetime_s),
            _ => None,
        });
        state.lifetime_s = lifetimes.min().unwrap_or_default();
        self.name_conflicts(&mut state);
        state
    }

    fn describe(&self, member: MemberId, least: &Set, state: &mut Plain) {
        let adds = self.adds_of(&member);
        let counted: Set = adds.intersection(least).copied().collect();
        let adds = if self.seated(&member, least) {
            counted
        } else {
            adds
        };
        let first = adds
            .iter()
            .min_by_key(|id| (self.model.get(id).author(), **id));
        let mut life = life(0);
        if let Some(add) = first.map(|id| self.model.get(id)) {
            state.inviters.insert(member, add.author());
            if let Action::Add { incarnation, .. } = add.action() {
                life = *incarnation;
            }
        }
        state.used.insert((member, life));
        let reset_of = |id: &OpId| match self.model.get(id).action() {
            Action::Reset { incarnation, .. } if self.model.get(id).author() == member => {
                Some(*incarnation)
            }
            _ => None,
        };
        for id in self.set {
            state.used.extend(reset_of(id).map(|life| (member, life)));
        }
        let resets: Set = least
            .iter()
            .filter(|id| reset_of(id).is_some())
            .copied()
            .collect();
        let confirmed: Set = resets
            .iter()
            .filter(|id| {
                let confirm = Action::ConfirmReset {
                    member,
                    incarnation: reset_of(id).unwrap(),
                };
                least
                    .iter()
                    .any(|other| self.model.get(other).action() == &confirm)
            })
            .copied()
            .collect();
        let beside =
            |a: &OpId, b: &OpId| a != b && !self.model.knows(a, b) && !self.model.knows(b, a);
        let welcome: Set = confirmed
            .iter()
            .filter(|id| !confirmed.iter().any(|other| beside(id, other)))
            .copied()
            .collect();
        let last = welcome.iter().find(|id| {
            welcome
                .iter()
                .all(|other| other == *id || self.model.knows(id, other))
        });
        let open = resets
            .difference(&welcome)
            .filter(|id| !resets.iter().any(|later| self.model.knows(later, id)));
        let open: Vec<&OpId> = open.collect();
        let stale = open
            .iter()
            .any(|id| last.is_none_or(|last| self.model.knows(id, last)));
        let current = last.map_or(life, |id| reset_of(id).unwrap());
        let waiting = open.iter().filter_map(|id| reset_of(id)).min();
        state
            .lives
            .insert(member, ((!stale).then_some(current), waiting));
    }

    fn name_conflicts(&self, state: &mut Plain) {
        let removed: BTreeSet<MemberId> = state
            .standing
            .iter()
            .filter(|(_, standing)| **standing == Standing::Removed)
            .map(|(id, _)| *id)
            .collect();
        for member in &removed {
            let mut reached: BTreeSet<MemberId> = BTreeSet::new();
            let mut waiting = vec![*member];
            while let Some(target) = waiting.pop() {
                let voters = state
                    .votes
                    .get(&target)
                    .into_iter()
                    .flatten()
                    .filter(|voter| removed.contains(voter));
                waiting.extend(voters.filter(|voter| reached.insert(**voter)));
            }
            if reached.contains(member) || !state.settled.contains_key(member) {
                state.conflicts.insert(*member);
            }
        }
    }
}
