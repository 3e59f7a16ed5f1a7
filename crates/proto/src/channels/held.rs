//! One channel as this device holds it: its reader, its publisher if we are one, and what is ours of it.
//!
//! ```text
//!  link ──► Waiting ──(the charters, from any reader)──► Reading ──► posts, summaries, proofs
//! ```
//! What it is: what is done with posts, wherever they come from. What it is not: the network (`meeting`), and the posts
//! themselves; they are records, which are read when somebody asks for them. Invariants: what the reader and the publisher
//! ask to be persisted is in the one persist before anything that came with it is sent or told.

use std::collections::BTreeMap;
use std::net::IpAddr;

use channel::{
    Carried, Change, ChannelId, ChannelName, Charter, Content, EpochKeys, Item, Link, PostId,
    PostRecord, PublishError, Publisher, Reader, Refusal, Refused, Roster, Standing, Step, Topic,
};
use crypto::{Rng, Secret, SigningKey};
use model::{Address, CellId, PeerId};

use super::bundle::Making;
use super::meeting::Meeting;
use super::publishing::Publishing;
use super::record::{OWN, PROOF, PUBLISHER, PUBLISHING, STATE, key, own_bytes, post_key};
use super::view::is_read;
use super::wanted::Forwarding;
use super::{hints, record};
use crate::changes::Key;
use crate::command::{ErrorKind, RequestId};
use crate::config::{GOSSIP_LIMIT, PROOFS_WAITING};
use crate::event::{Answer, Notice};
use crate::input::TopicDoor;
use crate::node::Now;
use crate::out::Out;
use crate::output::{ChannelOutput, Output};

/// What is ours of a channel.
pub(super) struct Own {
    /// Seed of the key by which peers of this channel know us, and of nothing else.
    pub(super) peer_key: Secret<32>,
    /// The port of each topic the last time, so that links that were handed out stay good.
    pub(super) ports: BTreeMap<[u8; 32], u16>,
    /// The person has seen what stands below.
    pub(super) read: u64,
    /// Readers that may be there, the last named first.
    pub(super) known: Vec<Known>,
}

/// A reader that a link named.
pub(super) struct Known {
    pub(super) peer: PeerId,
    pub(super) addresses: Vec<Address>,
}

/// How far we are.
pub(super) enum State {
    /// There are links, the last first, and nobody has given us the charters yet.
    Waiting(Vec<Link>),
    /// It can be read.
    Reading(Box<Reader>),
}

/// One channel as this device holds it.
pub(crate) struct Held {
    pub(super) id: ChannelId,
    pub(super) state: State,
    pub(super) own: Own,
    pub(super) publisher: Option<Publisher>,
    pub(super) publishing: Publishing,
    /// That the publishers contradicted themselves.
    pub(super) proof: Option<Vec<u8>>,
    /// Posts that stand against ours, which is on its way from the disk.
    proving: BTreeMap<u64, channel::Post>,
    /// Posts that are on their way from the disk to be shown to a cell.
    pub(super) wanted: BTreeMap<u64, Vec<(Option<RequestId>, CellId)>>,
    /// Something came that may have called a call off.
    pub(super) news: bool,
    /// A file for somebody without a network that is being made.
    pub(super) making: Option<Making>,
    pub(super) meeting: Meeting,
    pub(super) rng: Rng,
}

/// What became of something that a stranger gave us.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Taken {
    /// It is genuine and new.
    New,
    /// We have it, or cannot judge it.
    Nothing,
    /// No honest reader passes it on.
    Wrong,
}

/// Adds what a reader asks to be written.
pub(super) fn persist(id: &ChannelId, changes: Vec<Change>, out: &mut Out) {
    for change in changes {
        match change {
            Change::State(bytes) => out.changes.put(key(id, STATE), bytes.to_vec()),
            Change::Post { seq, bytes } => out.changes.put(post_key(id, seq), bytes.to_vec()),
            Change::Forget { seq } => out.changes.delete(post_key(id, seq)),
            Change::Equivocation(bytes) => out.changes.put(key(id, PROOF), bytes),
        }
    }
}

impl Held {
    pub(super) fn new(id: ChannelId, state: State, own: Own, rng: Rng) -> Self {
        Self {
            id,
            state,
            own,
            publisher: None,
            publishing: Publishing::default(),
            proof: None,
            proving: BTreeMap::new(),
            wanted: BTreeMap::new(),
            news: true,
            making: None,
            meeting: Meeting::default(),
            rng,
        }
    }

    /// Founds a channel with one publisher.
    pub(super) fn found(
        name: ChannelName,
        fresh_days: u16,
        mut rng: Rng,
        now: Now,
        out: &mut Out,
    ) -> Result<Self, ErrorKind> {
        let signing = SigningKey::from_seed(&rng.secret());
        let roster = Roster::new(vec![signing.verifying_key()], 1);
        let roster = roster.map_err(|_| ErrorKind::Internal)?;
        let charter = Charter::founding(rng.array(), name, fresh_days, roster);
        let keys = EpochKeys::begin(0, &mut rng);
        let (reader, link) =
            Reader::found(charter, keys, Vec::new(), now.timestamp).ok_or(ErrorKind::Internal)?;
        let publisher = Publisher::fresh(signing);
        let (state, secret) = (reader.to_bytes(), publisher.to_bytes());
        out.changes.put(key(&link.channel, STATE), state.to_vec());
        out.changes
            .put(key(&link.channel, PUBLISHER), secret.to_vec());
        let own = Own::fresh(&mut rng);
        let mut held = Self::new(link.channel, State::Reading(Box::new(reader)), own, rng);
        held.publisher = Some(publisher);
        held.persist_own(out);
        Ok(held)
    }

    /// Begins with a link. The charters have to come from a reader.
    pub(super) fn subscribe(link: Link, mut rng: Rng, now: Now, out: &mut Out) -> Self {
        let own = Own::fresh(&mut rng);
        let (id, named) = (link.channel, link.hints.clone());
        let mut held = Self::new(id, State::Waiting(vec![link]), own, rng);
        held.learn(&named, now);
        held.persist_own(out);
        held
    }

    pub(super) fn persist_own(&self, out: &mut Out) {
        let links = match &self.state {
            State::Waiting(links) => links.as_slice(),
            State::Reading(_) => &[],
        };
        out.changes
            .put(key(&self.id, OWN), own_bytes(&self.own, links));
    }

    /// Deletes every record of it.
    pub(super) fn forget(&self, out: &mut Out) {
        for name in [OWN, STATE, PUBLISHER, PUBLISHING, PROOF] {
            out.changes.delete(key(&self.id, name));
        }
        if let State::Reading(reader) = &self.state {
            for seq in reader.places() {
                out.changes.delete(post_key(&self.id, seq));
            }
        }
    }

    /// By which key peers of this channel know us.
    pub(super) fn me(&self) -> PeerId {
        let key = SigningKey::from_seed(&self.own.peer_key).verifying_key();
        PeerId::from_bytes(key.to_bytes())
    }

    pub(super) const fn reader(&self) -> Option<&Reader> {
        match &self.state {
            State::Reading(reader) => Some(reader),
            State::Waiting(_) => None,
        }
    }

    /// The topics to be on, the newest first.
    pub(super) fn topics(&self) -> Vec<Topic> {
        match &self.state {
            State::Waiting(links) => {
                let topics = links
                    .iter()
                    .map(|link| Topic::of(&link.channel, &link.keys));
                let mut topics: Vec<Topic> = topics.collect();
                // Two links of one epoch lead to one topic.
                let ids: Vec<[u8; 32]> = topics.iter().map(|topic| *topic.id()).collect();
                let mut places = 0..;
                topics.retain(|topic| {
                    let place = places.next().unwrap_or(0);
                    !ids[..place].contains(topic.id())
                });
                topics
            }
            State::Reading(reader) => reader.topics().into_iter().rev().collect(),
        }
    }

    /// Wants something to be posted. It may wait until a reader has shown how far the channel goes, or for others to sign.
    pub(super) fn post(
        &mut self,
        content: Content,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher) else {
            return Err(ErrorKind::NotAPublisher);
        };
        let alone = reader.lineage().newest().roster().size() == 1;
        let step = publisher
            .write(reader, content, &mut self.rng, now.timestamp)
            .map_err(refused)?;
        let posted = self.carry_out(step, now, out);
        Ok(match posted {
            None if !alone => {
                let (draft, needs) = self.needed();
                Answer::Drafted(draft, needs)
            }
            Some(_) | None => Answer::Posted(posted),
        })
    }

    /// Does what the publisher says, and gives the name of the post that was completed.
    pub(super) fn carry_out(&mut self, step: Step, now: Now, out: &mut Out) -> Option<PostId> {
        let Step {
            persist,
            post,
            messages,
        } = step;
        if let Some(bytes) = persist {
            out.changes.put(key(&self.id, PUBLISHER), bytes.to_vec());
        }
        self.say_messages(messages, now, out);
        let post = post?;
        self.say_post(&post, now, out);
        self.spread(Item::Post(Carried::new(post.clone())), out);
        self.take(&post, true, now, out).1
    }

    /// The only publisher, whose device was put back, gives up its key for a new one: what the old one may have signed
    /// and forgotten then takes nothing from what follows.
    pub(super) fn hand_over(&mut self, now: Now, out: &mut Out) {
        let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher) else {
            return;
        };
        let newest = reader.lineage().newest();
        let alone = newest.roster().publishers() == [publisher.verifying_key()];
        if publisher.standing() != Standing::Retiring || !alone {
            return;
        }
        if reader.link(Vec::new()).is_none() {
            // Nothing can be posted before a fresh link is here.
            return;
        }
        // The key is written down before the charter that names it can be: whatever happens in between, nobody is left
        // with a channel and no key.
        let fresh = self
            .publishing
            .offered
            .get_or_insert_with(|| Publisher::fresh(SigningKey::from_seed(&self.rng.secret())));
        let Ok(roster) = Roster::new(vec![fresh.verifying_key()], 1) else {
            return;
        };
        let (name, fresh_days) = (newest.name().clone(), newest.fresh_days());
        let next = newest.next(self.rng.array(), name, fresh_days, roster);
        let waiting: Vec<Content> = publisher.waiting().cloned().collect();
        while publisher.withdraw().is_ok() {}
        let next = Content::Charter(Box::new(next));
        let written = publisher.write(reader, next, &mut self.rng, now.timestamp);
        self.persist_publishing(out);
        let Some(_) = written.ok().and_then(|step| self.carry_out(step, now, out)) else {
            return;
        };
        for content in waiting {
            let _refused_before = self.post(content, now, out);
        }
    }

    /// Gives an item to the neighbours on the newest topic.
    fn spread(&self, item: Item, out: &mut Out) {
        let Some(topic) = self.topics().into_iter().next() else {
            return;
        };
        let pack = topic.seal(&[item]);
        if pack.len() > GOSSIP_LIMIT || !self.meeting.online {
            return;
        }
        let topic = *topic.id();
        out.push(Output::Channel(
            self.id,
            ChannelOutput::Spread { topic, pack },
        ));
    }

    /// Takes a post from wherever it comes, and gives its name if it is new.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        ours: bool,
        now: Now,
        out: &mut Out,
    ) -> (Taken, Option<PostId>) {
        let State::Reading(reader) = &mut self.state else {
            return (Taken::Nothing, None);
        };
        let mut accepted = match reader.take(bytes, now.timestamp) {
            Ok(accepted) => accepted,
            Err(refused) => return (self.on_refused(refused, out), None),
        };
        let id = accepted.id;
        persist(&self.id, std::mem::take(&mut accepted.changes), out);
        if !accepted.notices.is_empty() {
            self.changed(out);
        }
        let content = accepted.content.as_ref();
        if !ours && content.is_some_and(|content| is_read(content.kind())) {
            out.notice(Notice::PostReceived(self.id, id));
        }
        self.forget_said();
        if let (State::Reading(reader), Some(publisher)) = (&self.state, &mut self.publisher) {
            let step = publisher.on_accepted(reader, &accepted, &mut self.rng, now.timestamp);
            self.carry_out(step, now, out);
        }
        self.promote(now, out);
        self.use_epoch_keys(out);
        self.open_door(out);
        (self.news, self.meeting.news) = (true, true);
        (Taken::New, Some(id))
    }

    fn on_refused(&mut self, refused: Refused, out: &mut Out) -> Taken {
        // Who sends it again costs us nothing, but for a proof that a crash has kept from the disk.
        let is_news = !refused.changes.is_empty();
        persist(&self.id, refused.changes, out);
        if !refused.notices.is_empty() {
            self.changed(out);
        }
        if let Some(theirs) = refused.against
            && (is_news || self.proof.is_none())
            && self.proving.len() < PROOFS_WAITING
        {
            let seq = theirs.place().seq;
            out.push(Output::Read(post_key(&self.id, seq)));
            self.proving.insert(seq, *theirs);
        }
        match refused.why {
            Refusal::Oversized
            | Refusal::Malformed
            | Refusal::OtherChannel
            | Refusal::WrongSigners
            | Refusal::WrongSignature => Taken::Wrong,
            // Others who know more or less than we do may have taken it.
            Refusal::OtherVersion
            | Refusal::TooOld
            | Refusal::TooFar
            | Refusal::Replayed
            | Refusal::Backdated
            | Refusal::DatedAhead
            | Refusal::UnknownCharter
            | Refusal::WrongCharter
            | Refusal::UnknownEpoch
            | Refusal::WrongPlace
            | Refusal::OtherBranch
            | Refusal::Equivocation => Taken::Nothing,
        }
    }

    /// Takes charters that came on a topic: the first that hold for a link to that topic make a reader of us.
    pub(super) fn take_lineage(
        &mut self,
        bytes: &[u8],
        topic: &[u8; 32],
        now: Now,
        out: &mut Out,
    ) -> Taken {
        match &mut self.state {
            State::Waiting(links) => {
                let leads = |link: &&Link| Topic::of(&link.channel, &link.keys).id() == topic;
                // The one that reads from furthest back.
                let mut tried: Vec<&Link> = links.iter().filter(leads).collect();
                tried.sort_by_key(|link| link.seq);
                let made = tried.into_iter().find_map(|link| {
                    let reader = Reader::subscribe(link, bytes, now.timestamp).ok()?;
                    Some((link.seq, reader))
                });
                let Some((seq, reader)) = made else {
                    return Taken::Wrong;
                };
                self.own.read = seq;
                out.changes
                    .put(key(&self.id, STATE), reader.to_bytes().to_vec());
                self.state = State::Reading(Box::new(reader));
                self.persist_own(out);
            }
            State::Reading(reader) => match reader.take_lineage(bytes) {
                Err(_) => return Taken::Wrong,
                Ok(changes) if changes.is_empty() => return Taken::Nothing,
                Ok(changes) => persist(&self.id, changes, out),
            },
        }
        self.promote(now, out);
        self.changed(out);
        Taken::New
    }

    /// Takes a proof that somebody else found.
    pub(super) fn take_proof(&mut self, bytes: &[u8], out: &mut Out) -> Taken {
        let State::Reading(reader) = &mut self.state else {
            return Taken::Nothing;
        };
        match reader.take_equivocation(bytes) {
            Err(_) => Taken::Wrong,
            Ok((_, changes)) if changes.is_empty() => Taken::Nothing,
            Ok((_, changes)) => {
                let ours = changes.iter().find_map(|change| match change {
                    Change::Equivocation(proof) => Some(proof.clone()),
                    Change::State(_) | Change::Post { .. } | Change::Forget { .. } => None,
                });
                let is_ours = ours.as_deref() == Some(bytes);
                persist(&self.id, changes, out);
                self.changed(out);
                self.proof = ours;
                if is_ours {
                    return Taken::New;
                }
                // What somebody wrote around the proof goes no further: it is passed on as we write it.
                if let Some(proof) = self.proof.clone() {
                    self.spread(Item::Equivocation(Carried::new(proof)), out);
                    self.tell_proof(out);
                }
                Taken::Nothing
            }
        }
    }

    /// A record that was asked for: our own post, to prove something or to give it to somebody.
    pub(super) fn on_read(
        &mut self,
        read: &Key,
        value: Option<&[u8]>,
        out: &mut Out,
    ) -> Vec<Forwarding> {
        let Some(seq) = record::seq_of(read) else {
            return Vec::new();
        };
        let record = value.and_then(|value| PostRecord::parse(value).ok());
        if let Some(theirs) = self.proving.remove(&seq)
            && let (Some(ours), State::Reading(reader)) = (&record, &self.state)
            && let Some(proof) = reader.prove(ours, theirs)
        {
            let bytes = proof.to_bytes();
            out.changes.put(key(&self.id, PROOF), bytes.clone());
            self.proof = Some(bytes.clone());
            self.spread(Item::Equivocation(Carried::new(bytes)), out);
            self.tell_proof(out);
        }
        self.give(seq, record.as_ref(), out);
        self.carry(seq, record.as_ref(), out);
        self.forwards(seq, record.as_ref())
    }

    /// Erases calls that are over.
    pub(super) fn expire(&mut self, now: Now, out: &mut Out) {
        if let State::Reading(reader) = &mut self.state {
            let changes = reader.expire(now.timestamp);
            if !changes.is_empty() {
                persist(&self.id, changes, out);
                self.changed(out);
            }
        }
    }

    /// The person has seen everything below.
    pub(super) fn mark_read(&mut self, below: u64, out: &mut Out) {
        if below > self.own.read {
            self.own.read = below;
            self.persist_own(out);
        }
    }

    pub(super) fn changed(&self, out: &mut Out) {
        out.notice(Notice::ChannelChanged(self.id));
    }

    /// Whether somebody has to be met before we may sign.
    pub(super) fn is_unconfirmed(&self) -> bool {
        let standing = self.publisher.as_ref().map(Publisher::standing);
        standing.is_some_and(|standing| standing != Standing::Confirmed)
    }

    /// Where our own port is, as a link names it.
    pub(super) fn hints(&self) -> Vec<Address> {
        let me = self.me();
        let addresses = self.meeting.addresses.iter();
        addresses
            .filter_map(|address| hints::hint(&me, address))
            .take(channel::config::HINTS_MAX)
            .collect()
    }

    pub(super) const fn set_ip(&mut self, ip: IpAddr) {
        self.meeting.ip = ip;
    }
}

impl Own {
    fn fresh(rng: &mut Rng) -> Self {
        Self {
            peer_key: rng.secret(),
            ports: BTreeMap::new(),
            read: 0,
            known: Vec::new(),
        }
    }

    /// Notes where the ports of these topics are, and forgets others'. Whether that is news.
    pub(super) fn keep_ports(&mut self, topics: &[[u8; 32]], doors: &[TopicDoor]) -> bool {
        let before = self.ports.clone();
        self.ports.retain(|topic, _| topics.contains(topic));
        for door in doors.iter().filter(|door| topics.contains(&door.topic)) {
            let mut ports = door.addresses.iter();
            let port = ports.find_map(|at| at.expose().rsplit("/tcp/").next()?.parse().ok());
            if let Some(port) = port {
                self.ports.insert(door.topic, port);
            }
        }
        self.ports != before
    }
}

pub(super) fn refused(error: PublishError) -> ErrorKind {
    match error {
        PublishError::NotAPublisher => ErrorKind::NotAPublisher,
        PublishError::RolledBack => ErrorKind::PublisherRestored,
        PublishError::TooLong => ErrorKind::PostTooLong,
        PublishError::TooMany => ErrorKind::TooMany,
        // The post before ours is not here.
        PublishError::Unconfirmed => ErrorKind::Unreachable,
        PublishError::Parted => ErrorKind::ChannelParted,
        PublishError::UnknownDraft => ErrorKind::NoSuchPost,
        PublishError::AlreadySigned | PublishError::Busy => ErrorKind::AlreadySigned,
        PublishError::NoKeys => ErrorKind::EpochKeysMissing,
        // None of these comes of what a person does here.
        PublishError::StaleCharter
        | PublishError::Malformed
        | PublishError::OtherPlace
        | PublishError::WrongSignature
        | PublishError::NotTheirTurn
        | PublishError::WrongCertificate
        | PublishError::WrongDay
        | PublishError::Unreadable => ErrorKind::Internal,
    }
}
