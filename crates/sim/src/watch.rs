//! Looks at every step for what must never happen.
//!
//! It knows what the nodes do not tell each other: who wrote what and when, who knew of which removal by then, whom an
//! author could see among the readers of a message when it was sealed. It reads frames with a reader of its own.

mod calls;
mod channels;
mod check;
mod frames;
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use model::{CellId, DoorId, MemberId, MessageId, PeerId};
use proto::{Answer, Command, ErrorKind, Node, Notice, RequestId};

use crate::clock::{Time, micros};
use crate::stats::Counts;
use crate::world::Who;

pub use lines::Lines;

/// Stands at the beginning of every text in a world, so that it can be found wherever it should not be.
pub(crate) const MARK: &str = "simtext:";

/// So many broken invariants are kept; the first is what matters.
const BROKEN: usize = 50;

/// What must hold.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Invariant {
    /// Messages stand in one order on every device; equal frontiers mean equal histories and equal members.
    SameHistory,
    /// Nobody reads past their removal by anyone who knew.
    PastRemoval,
    /// A newcomer reads nothing from before.
    FromBefore,
    /// An accepted message reaches every member once partitions heal.
    Delivered,
    /// Nothing comes twice.
    Twice,
    /// After quiet every roster equals the membership, and all know the same membership.
    Roster,
    /// Nothing that was accepted or sent is forgotten by a crash.
    Remembered,
    /// No key, nonce or place in a log is used twice.
    Reuse,
    /// Queues, frames and records stay within their limits, and devices come to rest.
    Bounded,
    /// No frame, bundle, beacon or log line holds a text, a name or a whole identifier that should not be in it.
    Hidden,
    /// After healing, a thief of the disk reads nothing more.
    LockedOut,
    /// What was deleted stays deleted.
    Deleted,
    /// Somebody who was refused or has no keys is not among the members, and reads nothing.
    Outsider,
    /// A call that was called off is not shown as on to anybody who heard of it; after quiet all have heard.
    CalledOff,
    /// Nothing is left of a call that is over.
    Erased,
    /// Nothing is shown as posted in a channel that its publisher did not write.
    Genuine,
    /// After quiet everybody shows that a publisher said two things, and nothing stands from there on.
    Contradicted,
    /// A channel that has been silent for longer than it promises is shown as silent, and no other.
    Silent,
}

impl Invariant {
    /// Every one.
    pub const ALL: [Self; 18] = [
        Self::SameHistory,
        Self::PastRemoval,
        Self::FromBefore,
        Self::Delivered,
        Self::Twice,
        Self::Roster,
        Self::Remembered,
        Self::Reuse,
        Self::Bounded,
        Self::Hidden,
        Self::LockedOut,
        Self::Deleted,
        Self::Outsider,
        Self::CalledOff,
        Self::Erased,
        Self::Genuine,
        Self::Contradicted,
        Self::Silent,
    ];

    /// Its stable name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SameHistory => "same_history",
            Self::PastRemoval => "past_removal",
            Self::FromBefore => "from_before",
            Self::Delivered => "delivered",
            Self::Twice => "twice",
            Self::Roster => "roster",
            Self::Remembered => "remembered",
            Self::Reuse => "reuse",
            Self::Bounded => "bounded",
            Self::Hidden => "hidden",
            Self::LockedOut => "locked_out",
            Self::Deleted => "deleted",
            Self::Outsider => "outsider",
            Self::CalledOff => "called_off",
            Self::Erased => "erased",
            Self::Genuine => "genuine",
            Self::Contradicted => "contradicted",
            Self::Silent => "silent",
        }
    }
}

/// An invariant that did not hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Broken {
    /// Which.
    pub invariant: Invariant,
    /// When.
    pub at: Time,
    /// What was seen, without any text.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.invariant.name(), self.at, self.what)
    }
}

/// One message as it really is.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) author: Who,
    pub(crate) accepted: Time,
    pub(crate) sealed: Option<Time>,
    /// Who could read it when it was sealed, its author left out.
    pub(crate) audience: BTreeSet<MemberId>,
    /// What stands in it and nowhere else.
    pub(crate) token: String,
    pub(crate) deleted: bool,
    /// Its author's disk was put back to before it was written.
    pub(crate) forgiven: bool,
    read: BTreeSet<Who>,
}

/// What one member knows of the others.
#[derive(Clone, Debug, Default)]
struct Knowledge {
    joined: BTreeMap<MemberId, Time>,
    out: BTreeMap<MemberId, Time>,
}

/// A frame as somebody sees it who only watches the wires.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// When.
    pub at: Time,
    /// From where; of whom that is, they do not know.
    pub from: Who,
    /// How many bytes.
    pub size: usize,
}

/// Everything that is known of what really happened.
#[derive(Debug, Default)]
pub struct Watch {
    names: Vec<String>,
    /// Whose promises count: everybody but adversaries.
    adversaries: BTreeSet<Who>,
    asked: BTreeMap<RequestId, (Who, CellId, String)>,
    pub(crate) messages: BTreeMap<(CellId, MessageId), Written>,
    unsealed: BTreeMap<Who, Vec<(CellId, MessageId)>>,
    pub(crate) members: BTreeMap<(CellId, MemberId), Who>,
    ids: BTreeMap<(Who, CellId), MemberId>,
    knows: BTreeMap<(Who, CellId), Knowledge>,
    /// Whom somebody voted against: they speak to them no more, whatever comes of the vote.
    votes: BTreeSet<(Who, CellId, MemberId)>,
    /// Messages that somebody removed from their own device.
    hidden: BTreeSet<(Who, CellId, MessageId)>,
    /// When a device's disk was put back last, and to which moment.
    pub(crate) restored: BTreeMap<Who, Time>,
    places: BTreeMap<(Who, [u8; 16], u64), [u8; 32]>,
    tags: BTreeMap<[u8; 16], [u8; 32]>,
    peers: BTreeMap<PeerId, (Who, CellId)>,
    doors: BTreeMap<[u8; 32], (Who, CellId, DoorId)>,
    /// Since when somebody has been there without a break.
    pub(crate) here: BTreeMap<Who, Time>,
    pub(crate) parted: bool,
    texts: u64,
    /// Readers of each message when it was sealed, over time: for the report.
    pub(crate) audiences: Vec<(Time, CellId, usize, usize)>,
    /// What a global passive observer wrote down, if there is one.
    pub observed: Option<Vec<Seen>>,
    calls: calls::Calls,
    channels: channels::Channels,
    broken: Vec<Broken>,
}

impl Watch {
    /// What was broken so far.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    pub(crate) fn report(&mut self, invariant: Invariant, at: Time, what: String) {
        if self.broken.len() < BROKEN {
            self.broken.push(Broken {
                invariant,
                at,
                what,
            });
        }
    }

    pub(crate) fn add_person(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }

    /// Nothing is promised to or by this person.
    pub fn distrust(&mut self, who: Who) {
        self.adversaries.insert(who);
    }

    pub(crate) fn honest(&self, who: Who) -> bool {
        !self.adversaries.contains(&who)
    }

    fn name(&self, who: Who) -> &str {
        self.names.get(who.index()).map_or("?", String::as_str)
    }

    /// A text that was never written.
    pub fn fresh_text(&mut self, words: &str) -> String {
        self.texts += 1;
        format!("{MARK}{}: {words}", self.texts)
    }

    pub(crate) fn restless(&mut self, at: Time) {
        self.report(
            Invariant::Bounded,
            at,
            "the devices never come to rest".to_owned(),
        );
    }

    pub(crate) fn asked(&mut self, request: RequestId, who: Who, command: &Command) {
        if let Command::SendMessage { cell, text, .. } = command {
            let token = text
                .expose()
                .split_inclusive(": ")
                .next()
                .unwrap_or_default();
            self.asked.insert(request, (who, *cell, token.to_owned()));
        } else if let Command::Remove(cell, member) = command {
            self.votes.insert((who, *cell, *member));
        } else if let Command::DeleteMessage {
            cell,
            message,
            everywhere,
        } = command
        {
            let written = self.messages.get_mut(&(*cell, *message));
            match written {
                Some(written) if *everywhere && written.author == who => written.deleted = true,
                Some(_) | None => {
                    self.hidden.insert((who, *cell, *message));
                }
            }
        }
    }

    pub(crate) fn saw_answer(
        &mut self,
        at: Time,
        who: Who,
        request: RequestId,
        answer: &Result<Answer, ErrorKind>,
        node: Option<&Node>,
    ) {
        let asked = self.asked.remove(&request);
        match answer {
            Ok(Answer::MessageAccepted(message)) => {
                let Some((author, cell, token)) = asked else {
                    return;
                };
                let written = Written {
                    author,
                    accepted: at,
                    sealed: None,
                    audience: BTreeSet::new(),
                    token,
                    deleted: false,
                    forgiven: false,
                    read: BTreeSet::new(),
                };
                self.messages.insert((cell, *message), written);
                self.unsealed.entry(who).or_default().push((cell, *message));
            }
            Ok(Answer::CellCreated(cell)) => self.enter(at, who, *cell, node),
            Ok(Answer::BundleExported(bytes, _)) => self.saw_bundle(at, who, bytes),
            Ok(_) | Err(_) => {}
        }
    }

    fn enter(&mut self, at: Time, who: Who, cell: CellId, node: Option<&Node>) {
        let members = node.and_then(|node| node.members(cell)).unwrap_or_default();
        for member in members {
            if member.is_self {
                self.members.insert((cell, member.member), who);
                self.ids.insert((who, cell), member.member);
            }
            let knowledge = self.knows.entry((who, cell)).or_default();
            if member.state == proto::MemberState::Member {
                knowledge.joined.insert(member.member, at);
            } else {
                knowledge.out.insert(member.member, at);
            }
        }
    }

    /// Whether a member is somebody with a device whom `who` did not vote against.
    pub(crate) fn expects(&self, who: Who, cell: CellId, member: &MemberId) -> bool {
        self.members.contains_key(&(cell, *member)) && !self.votes.contains(&(who, cell, *member))
    }

    pub(crate) fn member_bytes(&self, who: Who, cell: CellId) -> Option<[u8; 32]> {
        self.ids.get(&(who, cell)).map(|member| *member.as_bytes())
    }

    pub(crate) fn saw_notice(
        &mut self,
        at: Time,
        who: Who,
        notice: &Notice,
        node: Option<&Node>,
        counts: &mut Counts,
    ) {
        match notice {
            Notice::MessageReceived(cell, message) => {
                self.saw_message(at, who, (*cell, *message), counts)
            }
            Notice::CellJoined(cell, _) => self.enter(at, who, *cell, node),
            Notice::CallErased(cell, call) => self.calls.erased(who, (*cell, *call)),
            Notice::MemberJoined(cell, member) => {
                let knowledge = self.knows.entry((who, *cell)).or_default();
                knowledge.out.remove(member);
                knowledge.joined.entry(*member).or_insert(at);
            }
            Notice::MemberRemoved(cell, member) => {
                let knowledge = self.knows.entry((who, *cell)).or_default();
                knowledge.out.entry(*member).or_insert(at);
            }
            Notice::MessageChanged(..)
            | Notice::MessageDelivered { .. }
            | Notice::AttachmentProgress { .. }
            | Notice::CallReceived(..)
            | Notice::CallChanged(..)
            | Notice::MissedCheckIn { .. }
            | Notice::PostReceived(..)
            | Notice::DraftReceived(..)
            | Notice::ChannelChanged(_)
            | Notice::CellSynced(_)
            | Notice::RemovedFromCell(_)
            | Notice::Warning(..)
            | Notice::MemberConnected(..)
            | Notice::MemberDisconnected(..)
            | Notice::JoinRequested { .. }
            | Notice::JoinPhrase(..)
            | Notice::JoinFailed(..) => {}
        }
    }

    fn saw_message(&mut self, at: Time, who: Who, key: (CellId, MessageId), counts: &mut Counts) {
        counts.deliveries += 1;
        let here = self.here.get(&who).copied().unwrap_or(Time::NEVER);
        let Some(written) = self.messages.get_mut(&key) else {
            return;
        };
        let again = !written.read.insert(who);
        let author = written.author;
        let (accepted, sealed) = (written.accepted, written.sealed);
        let took = micros(at.since(accepted));
        let there = self.here.get(&author).copied().unwrap_or(Time::NEVER);
        if here <= accepted && there <= accepted && !self.parted {
            counts.latency.add(took);
        } else {
            counts.late.add(took);
        }
        if again {
            let what = format!("{} was told of a message twice", self.name(who));
            self.report(Invariant::Twice, at, what);
        }
        if let Some(sealed) = sealed {
            self.judge_reader(at, who, key, sealed);
        }
        let Some(reader) = self.ids.get(&(who, key.0)) else {
            return;
        };
        let known = self
            .knows
            .get(&(author, key.0))
            .and_then(|known| known.out.get(reader));
        if self.honest(author) && known.is_some_and(|known| *known <= accepted) {
            let what = format!(
                "{} reads what {} wrote knowing of the removal",
                self.name(who),
                self.name(author)
            );
            self.report(Invariant::PastRemoval, at, what);
        }
    }

    /// Whether somebody who reads a message was among its readers when it was sealed.
    fn judge_reader(&mut self, at: Time, who: Who, key: (CellId, MessageId), sealed: Time) {
        let Some(written) = self.messages.get(&key) else {
            return;
        };
        let Some(reader) = self.ids.get(&(who, key.0)) else {
            return;
        };
        if written.author == who
            || !self.honest(written.author)
            || written.audience.contains(reader)
        {
            return;
        }
        let known = self
            .knows
            .get(&(written.author, key.0))
            .cloned()
            .unwrap_or_default();
        let (invariant, words) = if known.out.get(reader).is_some_and(|out| *out <= sealed) {
            (Invariant::PastRemoval, "after being out")
        } else {
            (Invariant::FromBefore, "from before they were in")
        };
        let what = format!(
            "{} reads a message of {} {words}",
            self.name(who),
            self.name(written.author)
        );
        self.report(invariant, at, what);
    }

    /// Notes which texts have become envelopes, and for whom.
    pub(crate) fn look_for_sealed(&mut self, at: Time, who: Who, node: &Node) {
        let Some(waiting) = self.unsealed.get_mut(&who) else {
            return;
        };
        if waiting.is_empty() {
            return;
        }
        for key in std::mem::take(waiting) {
            let Some(message) = node.message(key.0, key.1) else {
                continue;
            };
            if message.audience == 0 {
                self.unsealed.entry(who).or_default().push(key);
                continue;
            }
            let readers = node.readers(key.0, key.1).unwrap_or_default();
            let audience: BTreeSet<MemberId> = readers.iter().map(|reader| reader.member).collect();
            let known = self.knows.get(&(who, key.0)).cloned().unwrap_or_default();
            let current = known
                .joined
                .keys()
                .filter(|member| !known.out.contains_key(member))
                .count();
            self.audiences
                .push((at, key.0, audience.len() + 1, current));
            if self.honest(who) && audience.iter().any(|reader| known.out.contains_key(reader)) {
                let what = format!(
                    "{} seals a message for somebody they know to be out",
                    self.name(who)
                );
                self.report(Invariant::PastRemoval, at, what);
            }
            if let Some(written) = self.messages.get_mut(&key) {
                written.sealed = Some(at);
                written.audience = audience;
            }
        }
    }

    pub(crate) fn look_after_start(&mut self, at: Time, who: Who, node: &Node) {
        self.here.insert(who, at);
        let lost = self.messages.iter().any(|((cell, message), written)| {
            written.author == who
                && !written.forgiven
                && !written.deleted
                && !self.hidden.contains(&(who, *cell, *message))
                && node.has_cell(*cell)
                && node.message(*cell, *message).is_none()
        });
        if lost && self.honest(who) {
            let what = format!(
                "{} starts without a message that was accepted",
                self.name(who)
            );
            self.report(Invariant::Remembered, at, what);
        }
        self.look_for_sealed(at, who, node);
    }

    /// A disk was put back to how it was at `then`.
    pub(crate) fn rolled_back(&mut self, who: Who, then: Time, at: Time) {
        self.restored.insert(who, at);
        self.calls.forget(who);
        for written in self.messages.values_mut() {
            if written.author == who && written.accepted >= then {
                written.forgiven = true;
            }
            if written.accepted.max(written.sealed.unwrap_or_default()) + GRACE >= then {
                written.read.remove(&who);
            }
        }
        let forgotten =
            |knowledge: &mut BTreeMap<MemberId, Time>| knowledge.retain(|_, known| *known < then);
        for ((known_by, _), knowledge) in &mut self.knows {
            if *known_by == who {
                forgotten(&mut knowledge.joined);
                forgotten(&mut knowledge.out);
            }
        }
        // What is told again after this was forgotten, not doubled.
        for written in self.messages.values_mut() {
            written.read.remove(&who);
        }
    }
}

/// What was on its way when a disk was copied.
const GRACE: std::time::Duration = std::time::Duration::from_secs(60);

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else {
        return false;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = &rest[at..];
        if rest.starts_with(word) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        for bytes in ["abc", "xabc", "aabc", "ababc", "abcx"] {
            assert!(contains(bytes.as_bytes(), b"abc"), "{bytes}");
        }
        for bytes in ["", "ab", "acb", "ab c"] {
            assert!(!contains(bytes.as_bytes(), b"abc"), "{bytes}");
        }
    }

    #[test]
    fn one_key_of_two_people_is_noticed() {
        let mut watch = Watch::default();
        let (cell, peer) = (CellId::from_bytes([1; 32]), PeerId::from_bytes([2; 32]));
        watch.saw_peer_key(Time::ZERO, Who(0), cell, peer);
        watch.saw_peer_key(Time::ZERO, Who(0), cell, peer);
        assert!(watch.broken().is_empty());
        watch.saw_peer_key(Time::ZERO, Who(1), cell, peer);
        assert_eq!(watch.broken()[0].invariant, Invariant::Reuse);
    }

    #[test]
    fn a_text_in_a_frame_is_noticed() {
        let mut watch = Watch::default();
        let text = watch.fresh_text("at noon");
        watch.saw_frame(Time::ZERO, Who(0), Who(1), b"sealed");
        assert!(watch.broken().is_empty());
        watch.saw_frame(Time::ZERO, Who(0), Who(1), text.as_bytes());
        assert_eq!(watch.broken()[0].invariant, Invariant::Hidden);
    }
}
