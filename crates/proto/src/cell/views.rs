//! What the person may look at in one cell.

use std::time::Duration;

use model::{LogId, MemberId, MessageId, SearchWords};

use super::{Cell, Presence};
use crate::config::LIST_LIMIT;
use crate::membership::Standing;
use crate::messages::{Entry, Place};
use crate::node::Now;
use crate::safety::safety_number;
use crate::view::{
    At, CellSummary, Delivery, InviteState, InviteSummary, MemberState, MemberSummary, MessagePage,
    MessageRef, NetSummary, Reader, RemovalSummary, SafetyNumber,
};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Cell {
    /// The cell as one line of a list.
    pub(crate) fn summary(&self) -> Option<CellSummary> {
        let connected = |member: &MemberId| self.session_of(member).is_some();
        Some(CellSummary {
            cell: self.id,
            name: self.settings.name.clone(),
            display_name: self.known.members.get(&self.me)?.name.clone(),
            members: self.others().count() + usize::from(self.presence == Presence::In),
            reachable: self.others().filter(connected).count(),
            unread: self.messages.unread(),
            state: match self.presence {
                Presence::In => MemberState::Member,
                Presence::Left { .. } => MemberState::Left,
                Presence::Removed => MemberState::Removed,
            },
            suite: self.known.suite,
            lifetime_s: self.lifetime_s(),
            lan: self.settings.lan,
            last: self
                .messages
                .last()
                .map(|(place, entry)| self.message_ref(place, entry)),
        })
    }

    /// Everybody who is or was here, ourselves first.
    pub(crate) fn member_summaries(&self, now: Now) -> Vec<MemberSummary> {
        let ours = self
            .known
            .members
            .keys()
            .filter(|member| **member == self.me);
        let others = self
            .known
            .members
            .keys()
            .filter(|member| **member != self.me);
        ours.chain(others)
            .filter_map(|member| self.member_summary(*member, now))
            .collect()
    }

    fn member_summary(&self, member: MemberId, now: Now) -> Option<MemberSummary> {
        let info = self.known.members.get(&member)?;
        let acked = self
            .acks
            .get(&member)
            .map_or(now.timestamp.as_millis(), |ack| ack.version);
        let silent = Duration::from_millis(now.timestamp.as_millis().saturating_sub(acked));
        let votes = u8::try_from(info.votes_against.len()).unwrap_or(u8::MAX);
        Some(MemberSummary {
            member,
            name: info.name.clone(),
            is_self: member == self.me,
            full: info.full,
            verified: self.settings.verified.contains(&member),
            reachable: self.session_of(&member).is_some(),
            silent_days: u32::try_from(silent.as_secs() / DAY.as_secs()).unwrap_or(u32::MAX),
            state: match info.standing {
                Standing::Member => MemberState::Member,
                Standing::Suspended => MemberState::Suspended,
                Standing::Removed => MemberState::Removed,
                Standing::Left => MemberState::Left,
            },
            unconfirmed: info.pending.is_some() && info.standing == Standing::Member,
            introduced_by: info.introduced_by,
            compared: info.compared,
            removal: (votes > 0).then(|| self.removal_summary(member, votes, info.needed)),
        })
    }

    fn removal_summary(&self, target: MemberId, votes: u8, needed: u8) -> RemovalSummary {
        let without = |roster: std::collections::BTreeSet<LogId>| {
            roster.iter().all(|leaf| leaf.member != target)
        };
        let applied = self
            .others()
            .filter(|member| *member != target)
            .filter(|member| self.has_applied(member, &target));
        let ours = usize::from(without(self.groups.own_roster()));
        let of = self.others().filter(|member| *member != target).count() + 1;
        RemovalSummary {
            votes,
            needed,
            applied: u16::try_from(applied.count() + ours).unwrap_or(u16::MAX),
            of: u16::try_from(of).unwrap_or(u16::MAX),
        }
    }

    /// The invites we made, in the order in which they end.
    pub(crate) fn invite_summaries(&self, now: Now) -> Vec<InviteSummary> {
        let summary = |invite: &super::Invite| InviteSummary {
            invite: invite.id,
            expires_at: invite.expires_at,
            state: if invite.state == InviteState::Open && now.timestamp >= invite.expires_at {
                InviteState::Expired
            } else {
                invite.state
            },
        };
        let mut summaries: Vec<_> = self.invites.values().map(summary).collect();
        summaries.sort_by_key(|invite| (invite.expires_at, invite.invite));
        summaries
    }

    /// A stretch of the one display order.
    pub(crate) fn page(&self, at: At, limit: usize) -> Option<MessagePage> {
        let stretch = self.messages.stretch(at, limit.min(LIST_LIMIT))?;
        let messages = stretch.entries.into_iter();
        Some(MessagePage {
            messages: messages
                .map(|(place, entry)| self.message_ref(place, entry))
                .collect(),
            more_before: stretch.more_before,
            more_after: stretch.more_after,
        })
    }

    /// Every message in whose text the words may stand, newest first, and when its author says they wrote it.
    pub(crate) fn may_have(&self, words: &SearchWords) -> impl Iterator<Item = (MessageId, u64)> {
        self.messages.may_have(words)
    }

    /// Who besides its author could read a message, and who is known to have it.
    pub(crate) fn readers(&self, message: &MessageId) -> Option<Vec<Reader>> {
        let (place, entry) = self.messages.get(message)?;
        let Place::Sealed { log, seq, .. } = place else {
            let waits = |member| Reader { member, has: false };
            return Some(self.others().map(waits).collect());
        };
        let audience = self.audiences.get(entry.audience as usize);
        let tag = self.logs.get(&log).map(super::Log::tag);
        let has = |member: &MemberId| {
            *member == self.me || tag.is_some_and(|tag| self.known_next(member, &tag) > seq)
        };
        let readers = audience.into_iter().flatten();
        Some(
            readers
                .filter(|member| **member != entry.author)
                .map(|member| Reader {
                    member: *member,
                    has: has(member),
                })
                .collect(),
        )
    }

    /// One message.
    pub(crate) fn message(&self, message: &MessageId) -> Option<MessageRef> {
        let (place, entry) = self.messages.get(message)?;
        Some(self.message_ref(place, entry))
    }

    fn message_ref(&self, place: Place, entry: Entry) -> MessageRef {
        let audience = match place {
            Place::Sealed { .. } => self
                .audiences
                .get(entry.audience as usize)
                .map_or(0, std::collections::BTreeSet::len),
            Place::Waiting(_) => 0,
        };
        MessageRef {
            message: entry.message,
            author: entry.author,
            delivery: self.delivery(place, entry),
            audience: u16::try_from(audience).unwrap_or(u16::MAX),
            unread: self.messages.is_unread_at(&place),
            reactions: self.messages.reactions(&entry.message),
            attachment: self.attachment_summary(&entry.message),
        }
    }

    /// How many of those who could read a message are known to have it.
    pub(super) fn delivery(&self, place: Place, entry: Entry) -> Delivery {
        let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let Place::Sealed { log, seq, .. } = place else {
            return Delivery {
                have: 0,
                of: count(self.others().count()),
            };
        };
        let (Some(audience), Some(copy)) = (
            self.audiences.get(entry.audience as usize),
            self.logs.get(&log),
        ) else {
            return Delivery { have: 0, of: 0 };
        };
        let tag = copy.tag();
        let listeners = audience.iter().filter(|member| **member != entry.author);
        let has = |member: &&MemberId| **member == self.me || self.known_next(member, &tag) > seq;
        Delivery {
            have: count(listeners.clone().filter(has).count()),
            of: count(listeners.count()),
        }
    }

    /// The safety number between us and a member.
    pub(crate) fn safety_number(&self, member: MemberId) -> Option<SafetyNumber> {
        let known = member != self.me && self.known.members.contains_key(&member);
        known.then(|| safety_number(self.id, self.me, member))
    }

    /// The network side.
    /// Where every open port of this cell can be reached, the members' door first.
    fn open_doors(&self) -> Vec<model::Address> {
        let old = self.old_door.iter().map(|(door, _)| door);
        let invites = self.invites.values().map(|invite| &invite.door);
        let doors = [&self.door].into_iter().chain(old).chain(invites);
        doors.flat_map(|door| door.addresses.clone()).collect()
    }

    pub(crate) fn net_summary(&self) -> NetSummary {
        NetSummary {
            cell: self.id,
            peer: self.peer(),
            listen: self.open_doors(),
            connected: self
                .sessions
                .values()
                .map(|session| session.member)
                .collect(),
        }
    }
}
