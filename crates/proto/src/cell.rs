//! One cell on this device: its membership, its logs, its send groups and the members we are connected to.
//!
//! ```text
//!   commands ─► speak.rs ──► own log ──► push ┐                    ┌─► messages, membership
//!               people.rs                      ├─► sync.rs ◄─ frames ┤
//!               invites.rs, doors.rs           ┘                    └─► receive.rs ─► open
//! ```
//! What it is: the only place where these parts meet. What it is not: a decision on who is a member (`membership`), on
//! where an envelope belongs (`log`), or on keys (`group`). Invariant: whatever a peer sends, the worst it can do to
//! this state is to be disconnected.

mod attachments;
mod bundles;
mod calls;
mod contents;
mod copies;
mod doors;
mod expiry;
mod fetching;
mod following;
mod forwards;
mod gaps;
mod head;
mod invites;
mod join;
mod marks;
mod people;
mod reach;
mod receive;
mod records;
mod speak;
mod sync;
mod verdicts;
mod views;
mod warnings;

#[cfg(any(test, fuzzing))]
pub(crate) fn decode_bundles(bytes: &[u8]) {
    bundles::decode_only(bytes);
    join::decode_only(bytes);
}

pub(crate) use doors::advertised;
pub(crate) use join::{JoinBundle, JoinOutcome, Joining};
pub(crate) use records::{CellRecords, attachment_key, draft_key, message_key, piece_key};

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crypto::{Rng, Secret, SigningKey};
use group::{Groups, KeyPackage};
use model::{
    CellId, CellName, DisplayName, Incarnation, Instant, InviteId, LogId, MemberId, PeerId, Suite,
    Timestamp,
};

use crate::calls::Calls;
use crate::carrier::CarrierKey;
use crate::command::ErrorKind;
use crate::envelope::{LogTag, equivocation, log_tag};
use crate::event::WarningKind;
use crate::input::Link;
use crate::log::{Log, Position};
use crate::membership::{Membership, Standing, State};
use crate::messages::Messages;
use crate::node::Now;
use crate::objects::{Ack, PeerCard, Start};
use crate::out::Out;
use crate::output::{ListenOn, Output};
use crate::wire::Packer;

use attachments::Attachments;
use doors::{Dial, Door};
use gaps::Gap;
use invites::{Invite, Stranger};
use sync::{Pull, Session};
use verdicts::Verdict;

/// One cell on this device.
pub(crate) struct Cell {
    id: CellId,
    identity: SigningKey,
    me: MemberId,
    /// Our own log in its current life.
    log: LogId,
    peer_key: SigningKey,
    /// Names this start of the device in acks, for others to answer.
    start: Start,
    settings: Settings,
    presence: Presence,
    membership: Membership,
    /// The state of which the consequences were drawn, see `people.rs`.
    known: Arc<State>,
    groups: Groups,
    logs: BTreeMap<LogId, Log>,
    tags: BTreeMap<LogTag, LogId>,
    messages: Messages,
    calls: Calls,
    audiences: Vec<BTreeSet<MemberId>>,
    cards: BTreeMap<MemberId, PeerCard>,
    acks: BTreeMap<MemberId, Ack>,
    carriers: BTreeMap<[u8; 16], Carrier>,
    sessions: BTreeMap<PeerId, Session>,
    strangers: BTreeMap<PeerId, Stranger>,
    invites: BTreeMap<InviteId, Invite>,
    /// What members whom we let in may not have heard.
    verdicts: BTreeMap<MemberId, Verdict>,
    dials: BTreeMap<MemberId, Dial>,
    door: Door,
    old_door: Option<(Door, Timestamp)>,
    speech: Speech,
    pull: Pull,
    timers: Timers,
    /// Logs that wait for a healing secret, and since when.
    stuck: BTreeMap<LogId, Instant>,
    /// Logs that we cannot follow, and when we last asked their owners to add us again.
    lost: BTreeMap<LogId, Option<Instant>>,
    /// What others refer to and we lack.
    gaps: BTreeMap<LogId, Gap>,
    /// Removals that somebody has not applied yet, as far as we know, and since when we watch.
    unapplied: BTreeMap<MemberId, Instant>,
    attachments: Attachments,
    /// Logs that hold more than we keep, of which the person was told.
    paused: BTreeSet<LogId>,
    /// What the person was warned of and has not dismissed, and when.
    warnings: BTreeMap<WarningKind, Timestamp>,
    online: bool,
    rng: Rng,
}

/// What the person chose for this cell on this device.
struct Settings {
    name: CellName,
    listen: ListenOn,
    lan: bool,
    verified: BTreeSet<MemberId>,
}

/// Whether we are in the cell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Presence {
    /// We are.
    In,
    /// We left; `told` says whether some member has heard it.
    Left { told: bool },
    /// We were removed, and hold no key of the cell any more.
    Removed,
}

/// A carrier key and the membership heads that its maker knew.
struct Carrier {
    key: CarrierKey,
    heads: Vec<model::OpId>,
}

/// What stands between us and our next envelope.
struct Speech {
    /// Whether a member has confirmed the head of our log since the start (PROTOCOL §2).
    head: OwnHead,
    /// Our group has had no path commit since the start (CRYPTO rule 4).
    fresh: bool,
    /// The roster may differ from the membership, or a newer secret may be there to inject.
    stale: bool,
    /// The person asked for new keys.
    heal: bool,
    messages_since_path: u32,
    path_at: Instant,
    /// Logs that grew since our last envelope.
    changed: BTreeSet<LogId>,
    /// Members who asked to be added again, and when we last did so.
    rewelcome: BTreeMap<MemberId, Rewelcome>,
    /// Something was said about a call: it may be time to vote.
    presumptions: bool,
    /// What publishers of channels have to say to each other.
    whispers: VecDeque<crate::content::Content>,
    /// Carrier keys that we made and have not told the cell yet.
    carriers: Vec<[u8; 32]>,
    /// Key packages of members as parsed, so that none is verified twice.
    packages: BTreeMap<LogId, Option<KeyPackage>>,
}

/// Whether the head of our own log is what others have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum OwnHead {
    /// Nobody has said so since the start.
    Unconfirmed,
    /// Somebody says they have more than we do; until when we wait for it to be shown.
    Doubted(Instant),
    /// A member has said so.
    Confirmed,
}

#[derive(Clone, Copy)]
enum Rewelcome {
    Asked,
    Done(Instant),
}

/// When things of this cell are due.
struct Timers {
    sync: Instant,
    frontier: Option<Instant>,
    ack: Option<Instant>,
    acked_at: Option<Instant>,
    reconcile: Option<Instant>,
    beacon: Instant,
}

/// What makes a new [`Cell`], whether founded, joined or restored.
struct Parts {
    identity: SigningKey,
    log: LogId,
    peer_key: SigningKey,
    settings: Settings,
    membership: Membership,
    groups: Groups,
    door: Door,
    head: OwnHead,
    rng: Rng,
}

/// What a person decides when they found a cell.
pub(crate) struct Founding {
    pub(crate) name: CellName,
    pub(crate) display_name: DisplayName,
    pub(crate) suite: Suite,
    pub(crate) removal_quorum: Option<u8>,
    pub(crate) listen: ListenOn,
}

impl Cell {
    /// Founds a cell.
    pub(crate) fn found(
        founding: Founding,
        mut rng: Rng,
        now: Now,
        out: &mut Out,
    ) -> Result<Self, ErrorKind> {
        let identity = SigningKey::from_seed(&rng.secret());
        let me = MemberId::from_bytes(identity.verifying_key().to_bytes());
        let log = LogId {
            member: me,
            incarnation: Incarnation::from_bytes(rng.array()),
        };
        // The cell's id is the hash of the genesis, which holds our key package: so the package is made first, by an
        // engine that is then given its name.
        let nowhere = CellId::from_bytes([0; 32]);
        let mut unnamed = Groups::new(nowhere, founding.suite, identity.clone(), rng.fork());
        let package = unnamed.create_key_package(log);
        let (mut membership, genesis) = Membership::found(
            &identity,
            log.incarnation,
            founding.display_name,
            founding.suite,
            founding.removal_quorum,
            rng.array(),
            package,
        );
        membership.accept_evidence(equivocation);
        let records: Vec<_> = unnamed
            .take_changes()
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?.to_vec())))
            .collect();
        for (key, value) in &records {
            out.changes
                .put(records::group_key(membership.cell(), key), value.clone());
        }
        let mut groups = Groups::restore(
            membership.cell(),
            founding.suite,
            identity.clone(),
            rng.fork(),
            records,
        )
        .map_err(|_| ErrorKind::Internal)?;
        groups.create_own(log).map_err(|_| ErrorKind::Internal)?;
        let parts = Parts {
            identity,
            log,
            peer_key: SigningKey::from_seed(&rng.secret()),
            settings: Settings {
                name: founding.name,
                listen: founding.listen,
                lan: false,
                verified: BTreeSet::new(),
            },
            membership,
            groups,
            door: Door::new(&mut rng),
            head: OwnHead::Confirmed,
            rng,
        };
        let mut cell = Self::assemble(parts, now);
        out.changes.put(
            records::operation_key(cell.id, &genesis.id()),
            genesis.as_bytes().to_vec(),
        );
        cell.start_own_log(out);
        cell.add_carrier(now, out);
        cell.store_settings(out);
        Ok(cell)
    }

    fn assemble(mut parts: Parts, now: Now) -> Self {
        let mut cell = Self {
            id: parts.membership.cell(),
            me: parts.log.member,
            identity: parts.identity,
            log: parts.log,
            peer_key: parts.peer_key,
            start: parts.rng.array(),
            settings: parts.settings,
            presence: Presence::In,
            known: parts.membership.state(),
            membership: parts.membership,
            groups: parts.groups,
            logs: BTreeMap::new(),
            tags: BTreeMap::new(),
            messages: Messages::new(parts.log.member),
            calls: Calls::new(parts.log.member),
            audiences: Vec::new(),
            cards: BTreeMap::new(),
            acks: BTreeMap::new(),
            carriers: BTreeMap::new(),
            sessions: BTreeMap::new(),
            strangers: BTreeMap::new(),
            invites: BTreeMap::new(),
            verdicts: BTreeMap::new(),
            dials: BTreeMap::new(),
            door: parts.door,
            old_door: None,
            speech: Speech {
                head: parts.head,
                fresh: true,
                stale: true,
                heal: false,
                messages_since_path: 0,
                path_at: now.instant,
                changed: BTreeSet::new(),
                rewelcome: BTreeMap::new(),
                presumptions: false,
                whispers: VecDeque::new(),
                carriers: Vec::new(),
                packages: BTreeMap::new(),
            },
            pull: Pull::default(),
            timers: Timers {
                sync: now.instant,
                frontier: None,
                ack: None,
                acked_at: None,
                reconcile: None,
                beacon: now.instant,
            },
            stuck: BTreeMap::new(),
            lost: BTreeMap::new(),
            gaps: BTreeMap::new(),
            unapplied: BTreeMap::new(),
            attachments: Attachments::default(),
            paused: BTreeSet::new(),
            warnings: BTreeMap::new(),
            online: false,
            rng: parts.rng,
        };
        cell.timers.sync = cell.next_sync(now);
        cell
    }

    pub(crate) fn id(&self) -> CellId {
        self.id
    }

    /// Does what is due, sends what was packed and stores what the group engine changed. Ends every input.
    pub(crate) fn finish(&mut self, now: Now, out: &mut Out) {
        if std::mem::take(&mut self.speech.presumptions) {
            self.act_on_presumptions(now, out);
        }
        self.pump_pull(now, out);
        self.pump_fetches(now, out);
        self.pump_serving(now, out);
        self.keep_warnings(now, out);
        for (key, value) in self.groups.take_changes() {
            let key = records::group_key(self.id, &key);
            match value {
                Some(value) => out.changes.put(key, value.to_vec()),
                None => out.changes.delete(key),
            }
        }
        let mut closing = Vec::new();
        for (peer, session) in &mut self.sessions {
            let link = Link {
                cell: self.id,
                peer: *peer,
            };
            for frame in std::mem::take(&mut session.packer).finish() {
                out.push(Output::Transmit(link, frame));
            }
            closing.extend(session.closing.map(|reason| (link, reason)));
        }
        for (link, reason) in closing {
            out.push(Output::Disconnect(link, reason));
            self.drop_session(link.peer, out);
        }
    }

    /// Does what is due by the clock.
    pub(crate) fn handle_timeout(&mut self, now: Now, out: &mut Out) {
        self.expire_invites(now, out);
        self.tick_verdicts(now, out);
        self.expire(now, out);
        if self.presence == Presence::Removed {
            return;
        }
        self.tick_doors(now, out);
        self.tick_sync(now, out);
        self.tick_speech(now, out);
        self.tick_stuck(now, out);
        self.tick_gaps(now, out);
        self.tick_removals(now, out);
        self.tick_fetches(now, out);
        self.tick_calls(now, out);
    }

    /// When something is due next.
    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        if self.presence == Presence::Removed {
            return None;
        }
        let timers = [
            self.timers.frontier,
            self.timers.ack,
            self.beacon_due(),
            self.speech_due(),
            self.stuck_due(),
            self.gaps_due(),
            self.removals_due(),
            self.fetches_due(),
            self.pull.due(),
        ];
        let due = timers.into_iter().flatten().chain([self.timers.sync]);
        due.chain(self.dials_due()).chain(self.invites_due()).min()
    }

    /// Current members but us.
    fn others(&self) -> impl Iterator<Item = MemberId> {
        let members = self.known.members.iter();
        members
            .filter(|(member, info)| **member != self.me && info.standing == Standing::Member)
            .map(|(member, _)| *member)
    }

    fn is_member(&self, member: &MemberId) -> bool {
        self.known
            .members
            .get(member)
            .is_some_and(|info| info.standing == Standing::Member)
    }

    /// Who speaks from this peer, if it is a current member.
    fn member_of(&self, peer: &PeerId) -> Option<MemberId> {
        let card = self.cards.values().find(|card| card.peer == *peer)?;
        (card.member != self.me && self.is_member(&card.member)).then_some(card.member)
    }

    fn session_of(&self, member: &MemberId) -> Option<&Session> {
        self.sessions
            .values()
            .find(|session| session.member == *member)
    }

    fn peer(&self) -> PeerId {
        PeerId::from_bytes(self.peer_key.verifying_key().to_bytes())
    }

    fn insert_log(&mut self, id: LogId, position: Position) {
        let tag = log_tag(&self.id, &id);
        self.tags.insert(tag, id);
        self.logs.insert(id, Log::new(id, tag, position));
    }

    fn start_own_log(&mut self, out: &mut Out) {
        self.insert_log(self.log, Position::START);
        out.changes.put(
            records::log_key(self.id, &self.log),
            Position::START.to_bytes(),
        );
    }

    fn link(&self, peer: PeerId) -> Link {
        Link {
            cell: self.id,
            peer,
        }
    }

    fn jitter(&mut self, most: std::time::Duration) -> std::time::Duration {
        let millis = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        std::time::Duration::from_millis(self.rng.below(millis))
    }
}

/// A seed as it goes to the driver.
fn seed(key: &SigningKey) -> Secret<32> {
    key.seed()
}

/// Frames of one item, for peers without a session.
fn frames(item: &crate::wire::Item) -> Vec<Vec<u8>> {
    let mut packer = Packer::default();
    packer.push(item, &mut 0);
    packer.finish()
}
