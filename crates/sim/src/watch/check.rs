//! Looks at all devices at once: while the world runs, and when all is quiet.

use std::collections::{BTreeMap, BTreeSet};

use model::{CellId, MemberId, MessageId};
use proto::{At, MemberState, Node, RecordKind};

use super::{Invariant, contains};
use crate::world::{PowerState, Who, World};

/// Envelopes of one log that a device holds for others: `BACKLOG_BYTES` and one more of the largest.
const BACKLOG: usize = 65 * 1024 * 1024;

/// Texts that wait, per cell.
const WAITING: usize = 8192;

/// Logs of one cell.
const LOGS: usize = 128;

/// The largest record.
const RECORD: usize = (1024 + 64) * 1024;

/// Messages of one page: more are not compared.
const PAGE: usize = 10_000;

/// One cell as one device has it.
struct Copy {
    who: Who,
    /// Messages that were sealed, in order.
    order: Vec<MessageId>,
    places: BTreeMap<MessageId, usize>,
    members: BTreeMap<MemberId, (&'static str, bool)>,
    /// Membership operations and positions of logs.
    operations: BTreeSet<Vec<u8>>,
    frontier: BTreeMap<Vec<u8>, Vec<u8>>,
    state: MemberState,
}

impl World {
    /// Looks at everything that must hold at every moment.
    pub fn check(&mut self) {
        for cell in self.cells() {
            let copies = self.copies(cell);
            self.check_order(&copies);
            self.check_readers(cell, &copies);
            self.check_members(&copies);
        }
        for who in self.everybody() {
            self.check_bounds(who);
            self.check_deleted(who);
            self.check_calls(who);
        }
        self.check_channels();
    }

    /// Looks at what must hold when nothing is in the way and enough time has passed. `last` are messages that everybody
    /// wrote last.
    pub fn check_quiet(&mut self, cell: CellId, last: &[(Who, MessageId)]) {
        let copies = self.copies(cell);
        let honest =
            |copy: &&Copy| copy.state == MemberState::Member && self.watch.honest(copy.who);
        // Whoever was cut off when they were removed is told by nobody (PROTOCOL §4), and knows less than those who know.
        let out = |copy: &&Copy| {
            let id = self.watch.ids.get(&(copy.who, cell));
            copies.iter().any(|other| {
                let knows = id.and_then(|id| other.members.get(id));
                self.watch.honest(other.who)
                    && other.operations.is_superset(&copy.operations)
                    && knows.is_some_and(|(state, _)| *state != "member")
            })
        };
        let honest: Vec<&Copy> = copies
            .iter()
            .filter(honest)
            .filter(|copy| !out(copy))
            .collect();
        let mut wrong = Vec::new();
        self.quiet_members(&honest, &mut wrong);
        self.quiet_last_words(cell, &honest, last, &mut wrong);
        self.quiet_deliveries(cell, &honest, &mut wrong);
        self.quiet_frontiers(cell, &honest, &mut wrong);
        let everybody: Vec<Who> = honest.iter().map(|copy| copy.who).collect();
        self.quiet_calls(cell, &everybody, &mut wrong);
        let at = self.time;
        for (invariant, what) in wrong {
            self.watch.report(invariant, at, what);
        }
    }

    /// Whether all honest members of a cell who are on have the same, and nothing waits.
    pub fn is_same(&self, cell: CellId) -> bool {
        let mut copies = self.copies(cell);
        copies.retain(|copy| self.power(copy.who) == PowerState::On);
        let mut honest = copies
            .iter()
            .filter(|copy| copy.state == MemberState::Member && self.watch.honest(copy.who));
        let Some(first) = honest.next() else {
            return true;
        };
        let members: Vec<Who> = copies.iter().map(|copy| copy.who).collect();
        let have = |(key, written): (&(CellId, MessageId), &super::Written)| {
            let needs = |copy: &&Copy| {
                copy.state == MemberState::Member
                    && self.watch.honest(copy.who)
                    && self
                        .watch
                        .ids
                        .get(&(copy.who, cell))
                        .is_some_and(|id| written.audience.contains(id))
            };
            key.0 != cell
                || !members.contains(&written.author)
                || copies
                    .iter()
                    .filter(needs)
                    .all(|copy| copy.places.contains_key(&key.1))
        };
        honest.all(|copy| copy.operations == first.operations)
            && self.watch.messages.iter().all(have)
    }

    /// Every cell that somebody has entered.
    pub fn cells(&self) -> BTreeSet<CellId> {
        self.watch.members.keys().map(|(cell, _)| *cell).collect()
    }

    fn copies(&self, cell: CellId) -> Vec<Copy> {
        let on = |who: &Who| self.power(*who) != PowerState::Off;
        self.everybody()
            .filter(on)
            .filter_map(|who| self.copy(who, cell))
            .collect()
    }

    fn copy(&self, who: Who, cell: CellId) -> Option<Copy> {
        let node = self.node(who)?;
        let disk = self.disk(who)?;
        let page = node.messages(cell, At::Newest, PAGE)?;
        let sealed = page.messages.iter().filter(|message| message.audience > 0);
        let order: Vec<MessageId> = sealed.map(|message| message.message).collect();
        let members = node.members(cell)?;
        let state = members.iter().find(|member| member.is_self)?.state;
        let scope = cell.as_bytes();
        Some(Copy {
            who,
            places: order
                .iter()
                .enumerate()
                .map(|(place, message)| (*message, place))
                .collect(),
            order,
            members: members
                .iter()
                .map(|member| (member.member, (member.state.name(), member.full)))
                .collect(),
            operations: disk
                .of_kind(RecordKind::Membership, scope)
                .map(|(key, _)| key.name().to_vec())
                .collect(),
            frontier: disk
                .of_kind(RecordKind::Log, scope)
                .map(|(key, value)| {
                    (
                        key.name().to_vec(),
                        value.iter().take(40).copied().collect(),
                    )
                })
                .collect(),
            state,
        })
    }

    fn check_order(&mut self, copies: &[Copy]) {
        for (number, one) in copies.iter().enumerate() {
            for two in &copies[number + 1..] {
                let common = one
                    .order
                    .iter()
                    .filter_map(|message| two.places.get(message));
                if !common.is_sorted() {
                    let what = format!(
                        "{} and {} see one order each",
                        self.name(one.who),
                        self.name(two.who)
                    );
                    self.watch.report(Invariant::SameHistory, self.time, what);
                }
            }
        }
    }

    fn check_readers(&mut self, cell: CellId, copies: &[Copy]) {
        for copy in copies {
            for message in &copy.order {
                let key = (cell, *message);
                let sealed = self
                    .watch
                    .messages
                    .get(&key)
                    .and_then(|written| written.sealed);
                if let Some(sealed) = sealed {
                    self.watch.judge_reader(self.time, copy.who, key, sealed);
                }
            }
        }
    }

    /// The state of a cell is a function of its operations.
    fn check_members(&mut self, copies: &[Copy]) {
        for (number, one) in copies.iter().enumerate() {
            for two in &copies[number + 1..] {
                let both = one.state == MemberState::Member && two.state == MemberState::Member;
                if both && one.operations == two.operations && one.members != two.members {
                    let what = format!(
                        "{} and {} know the same operations and other members",
                        self.name(one.who),
                        self.name(two.who)
                    );
                    self.watch.report(Invariant::SameHistory, self.time, what);
                }
            }
        }
    }

    fn check_bounds(&mut self, who: Who) {
        let Some(disk) = self.disk(who) else { return };
        let mut held: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut counts: BTreeMap<(RecordKind, [u8; 32]), usize> = BTreeMap::new();
        let mut largest = 0;
        for (key, value) in disk.records() {
            largest = largest.max(value.len());
            *counts.entry((key.kind(), *key.scope())).or_default() += 1;
            if key.kind() == RecordKind::Envelope {
                let log = key
                    .name()
                    .split_at_checked(48)
                    .map_or(key.name(), |(log, _)| log);
                *held.entry(log).or_default() += value.len();
            }
        }
        let over = |kind, most| {
            counts
                .iter()
                .any(|((found, _), count)| *found == kind && *count > most)
        };
        let wrong = [
            (largest > RECORD, "a record is too large"),
            (
                held.values().any(|bytes| *bytes > BACKLOG),
                "envelopes of one log are too many",
            ),
            (over(RecordKind::Waiting, WAITING), "too many texts wait"),
            (over(RecordKind::Log, LOGS), "there are too many logs"),
        ];
        for (_, words) in wrong.iter().filter(|(wrong, _)| *wrong) {
            let what = format!("on the disk of {}: {words}", self.name(who));
            self.watch.report(Invariant::Bounded, self.time, what);
        }
    }

    /// What a device has shown as deleted is nowhere on its disk.
    fn check_deleted(&mut self, who: Who) {
        let Some(disk) = self.disk(who) else { return };
        let shows = |(cell, message): &(CellId, MessageId)| {
            let record = disk.get(&Node::message_key(*cell, *message))?;
            Some(Node::read_message(record).ok()??.text.is_none())
        };
        let deleted = self
            .watch
            .messages
            .iter()
            .filter(|(key, written)| written.deleted && shows(key) == Some(true));
        let tokens: Vec<&[u8]> = deleted
            .map(|(_, written)| written.token.as_bytes())
            .collect();
        if tokens.is_empty() {
            return;
        }
        let left = disk
            .records()
            .any(|(_, value)| tokens.iter().any(|token| contains(value, token)));
        if left {
            let what = format!(
                "the disk of {} still holds a text that was deleted",
                self.name(who)
            );
            self.watch.report(Invariant::Deleted, self.time, what);
        }
    }

    fn quiet_members(&self, honest: &[&Copy], wrong: &mut Vec<(Invariant, String)>) {
        let Some(first) = honest.first() else { return };
        for copy in honest.iter().filter(|copy| copy.members != first.members) {
            let (one, two) = (self.name(first.who), self.name(copy.who));
            wrong.push((
                Invariant::Roster,
                format!("{one} and {two} know different members after quiet"),
            ));
        }
    }

    fn quiet_last_words(
        &self,
        cell: CellId,
        honest: &[&Copy],
        last: &[(Who, MessageId)],
        wrong: &mut Vec<(Invariant, String)>,
    ) {
        for (who, message) in last {
            let Some(author) = honest.iter().find(|copy| copy.who == *who) else {
                continue;
            };
            let Some(written) = self.watch.messages.get(&(cell, *message)) else {
                continue;
            };
            let current = author
                .members
                .iter()
                .filter(|(_, (state, _))| *state == "member");
            let own = self.watch.ids.get(&(*who, cell));
            let current: BTreeSet<MemberId> = current
                .map(|(member, _)| *member)
                .filter(|member| Some(member) != own && self.watch.expects(*who, cell, member))
                .collect();
            if written.sealed.is_none() {
                wrong.push((
                    Invariant::Delivered,
                    format!("what {} wrote last still waits", self.name(*who)),
                ));
                continue;
            }
            // Puppets of adversaries have no device, and perhaps no usable key.
            let audience: BTreeSet<MemberId> = written
                .audience
                .iter()
                .copied()
                .filter(|member| self.watch.expects(*who, cell, member))
                .collect();
            if audience != current {
                let (sent, should) = (audience.len(), current.len());
                let name = self.name(*who);
                wrong.push((
                    Invariant::Roster,
                    format!("{name} speaks to {sent} others, there are {should}"),
                ));
            }
        }
    }

    fn quiet_deliveries(
        &self,
        cell: CellId,
        honest: &[&Copy],
        wrong: &mut Vec<(Invariant, String)>,
    ) {
        for ((of, message), written) in &self.watch.messages {
            if *of != cell || written.forgiven || !self.watch.honest(written.author) {
                continue;
            }
            for copy in honest {
                let Some(id) = self.watch.ids.get(&(copy.who, cell)) else {
                    continue;
                };
                let restored = self.watch.restored.get(&copy.who);
                let before =
                    restored.is_some_and(|at| written.sealed.is_some_and(|sealed| sealed <= *at));
                let hidden = self.watch.hidden.contains(&(copy.who, cell, *message));
                let lacks = !copy.places.contains_key(message);
                if written.audience.contains(id) && lacks && !before && !hidden {
                    let (author, reader) = (self.name(written.author), self.name(copy.who));
                    let at = written.accepted;
                    let what = format!("{reader} never got what {author} wrote at {at}");
                    wrong.push((Invariant::Delivered, what));
                }
            }
        }
    }

    fn quiet_frontiers(
        &self,
        cell: CellId,
        honest: &[&Copy],
        wrong: &mut Vec<(Invariant, String)>,
    ) {
        for (number, one) in honest.iter().enumerate() {
            for two in &honest[number + 1..] {
                if one.frontier != two.frontier {
                    continue;
                }
                let readers = [one, two].map(|copy| self.watch.ids.get(&(copy.who, cell)));
                let forgets = [one, two]
                    .iter()
                    .any(|copy| self.watch.restored.contains_key(&copy.who));
                let differs = one.order.iter().chain(&two.order).any(|message| {
                    let both = one.places.contains_key(message) && two.places.contains_key(message);
                    let written = self.watch.messages.get(&(cell, *message));
                    let may = written.is_some_and(|written| {
                        [one, two].iter().zip(readers).all(|(copy, id)| {
                            written.author == copy.who
                                || id.is_some_and(|id| written.audience.contains(id))
                        })
                    });
                    let hidden = [one, two]
                        .iter()
                        .any(|copy| self.watch.hidden.contains(&(copy.who, cell, *message)));
                    may && !both && !hidden && !forgets
                });
                if differs {
                    let what = format!(
                        "{} and {} have one frontier and two histories",
                        self.name(one.who),
                        self.name(two.who)
                    );
                    wrong.push((Invariant::SameHistory, what));
                }
            }
        }
    }
}
