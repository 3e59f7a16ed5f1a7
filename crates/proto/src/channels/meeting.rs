//! Meeting other readers: our port, whom we dial, what is said on a connection, and what is passed on.
//!
//! ```text
//!  connected ─► what we have ─► what they lack is asked for ─► at most 64 posts ─► asked again while it brings anything
//!               (or: a request for the charters, while we have none)
//!  gossip    ─► opened, taken, persisted ─► passed on only if it is genuine and new
//! ```
//! Nobody here is known to us. Invariants: what one peer can make us do is bounded by the packs of a minute · two who answer
//! each other come to rest · an answer is in memory once, and few at a time.

mod catch_up;
mod dials;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use channel::{Carried, Item, Summary, Topic};
use model::{Address, Instant, PeerId};

use super::held::{Held, Taken};
use crate::cell::advertised;
use crate::command::RequestId;
use crate::config::{
    CATCH_UP_TIME, CHANNEL_PEERS, CONFIRM_WAIT, LINK_WAIT, PACKS_PER_MINUTE, READER_BACKOFF,
    SUMMARY_DOUBLINGS, SUMMARY_INTERVAL, SUMMARY_PAUSE,
};
use crate::event::Answer;
use crate::input::TopicDoor;
use crate::node::Now;
use crate::out::Out;
use crate::output::{ChannelOutput, ChannelTopic, Output, Verdict};

use catch_up::Giving;
use dials::Dial;

const MINUTE: Duration = Duration::from_secs(60);

/// The network side of one channel.
pub(super) struct Meeting {
    pub(super) online: bool,
    pub(super) ip: IpAddr,
    /// Where our port for the newest topic is, and where all are.
    pub(super) addresses: Vec<Address>,
    pub(super) listen: Vec<Address>,
    /// Something came that others may lack.
    pub(super) news: bool,
    pub(super) peers: BTreeMap<PeerId, Peer>,
    dials: BTreeMap<PeerId, Dial>,
    /// The topics that the swarm was told of.
    open: Vec<[u8; 32]>,
    /// Links that wait for the port, each until a moment; whether the channel was just founded.
    links: Vec<(RequestId, bool, Instant)>,
}

impl Default for Meeting {
    fn default() -> Self {
        Self {
            online: false,
            ip: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            addresses: Vec::new(),
            listen: Vec::new(),
            news: false,
            peers: BTreeMap::new(),
            dials: BTreeMap::new(),
            open: Vec::new(),
            links: Vec::new(),
        }
    }
}

/// Somebody who has a link.
#[derive(Default)]
pub(super) struct Peer {
    /// What they said that they have.
    theirs: Option<Summary>,
    /// The topic on which they spoke last.
    topic: Option<Topic>,
    /// What they said before they could have it from us: what they repeat shows nothing about our own disk.
    claim: Option<Summary>,
    /// How far they know by us that our log goes.
    shown: Option<u64>,
    /// When we last said what we have, and when we say it next.
    told: Option<Instant>,
    due: Option<Instant>,
    /// How often we have said it since there was anything new.
    idle: u32,
    /// What of theirs we answered last, and where our log ended then.
    answered: Option<(Summary, u64)>,
    /// Since when a request of ours is open, and when we asked last.
    asked: Option<Instant>,
    last: Option<Instant>,
    /// Whether they have given us anything, and whether they owe us an answer whose time is over.
    gave: bool,
    silent: bool,
    giving: Option<Giving>,
    /// Packs in the minute that began then.
    minute: Option<(Instant, u32)>,
}

impl Peer {
    /// Counts a pack; whether it is one too many.
    fn is_too_much(&mut self, now: Now) -> bool {
        let (since, count) = self
            .minute
            .filter(|(since, _)| now.instant < *since + MINUTE)
            .unwrap_or((now.instant, 0));
        self.minute = Some((since, count.saturating_add(1)));
        count >= PACKS_PER_MINUTE
    }

    /// Plans to say what we have because there is something new, not before the pause is over.
    fn plan(&mut self, at: Instant) {
        self.idle = 0;
        let at = self.told.map_or(at, |told| at.max(told + SUMMARY_PAUSE));
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }
}

impl Held {
    pub(super) fn open_network(&mut self, now: Now, out: &mut Out) {
        if self.meeting.online {
            return;
        }
        self.meeting.online = true;
        self.tell_swarm(ChannelOutput::Open(self.own.peer_key.clone()), out);
        self.meeting.open.clear();
        self.open_door(out);
        self.plan_dials(now);
    }

    pub(super) fn close_network(&mut self, out: &mut Out) {
        if std::mem::take(&mut self.meeting.online) {
            self.tell_swarm(ChannelOutput::Close, out);
        }
        self.meeting.addresses.clear();
        self.meeting.listen.clear();
        self.meeting.peers.clear();
        self.meeting.dials.clear();
        self.meeting.open.clear();
        self.answer_links(out);
    }

    /// Tells the swarm on which topics we are, if that has changed.
    pub(super) fn open_door(&mut self, out: &mut Out) {
        let topics = self.topics();
        let ids: Vec<[u8; 32]> = topics.iter().map(|topic| *topic.id()).collect();
        if !self.meeting.online || ids == self.meeting.open {
            return;
        }
        self.meeting.open = ids;
        let topics = topics.iter().map(|topic| ChannelTopic {
            id: *topic.id(),
            key: topic.door().clone(),
            port: self.own.ports.get(topic.id()).copied().unwrap_or(0),
        });
        let door = ChannelOutput::Door {
            ip: self.meeting.ip,
            topics: topics.collect(),
        };
        self.tell_swarm(door, out);
    }

    pub(super) fn on_listening(&mut self, doors: Vec<TopicDoor>, out: &mut Out) {
        let topics: Vec<[u8; 32]> = self.topics().iter().map(|topic| *topic.id()).collect();
        if self.own.keep_ports(&topics, &doors) {
            self.persist_own(out);
        }
        let newest = doors
            .iter()
            .find(|door| topics.first() == Some(&door.topic));
        self.meeting.addresses =
            advertised(newest.map_or(Vec::new(), |door| door.addresses.clone()));
        self.meeting.listen = doors.into_iter().flat_map(|door| door.addresses).collect();
        // Without a port there is still the moment until which links wait.
        if !self.meeting.addresses.is_empty() {
            self.answer_links(out);
        }
    }

    /// Answers with a link as soon as it can name where we are.
    pub(super) fn ask_link(&mut self, request: RequestId, founded: bool, now: Now, out: &mut Out) {
        let until = now.instant + LINK_WAIT;
        self.meeting.links.push((request, founded, until));
        if !self.meeting.online || !self.meeting.addresses.is_empty() {
            self.answer_links(out);
        }
    }

    fn answer_links(&mut self, out: &mut Out) {
        for (request, founded, _) in std::mem::take(&mut self.meeting.links) {
            let link = self.reader().and_then(|reader| reader.link(self.hints()));
            let answer = link.map(|link| match founded {
                true => Answer::ChannelCreated(self.id, link.to_text()),
                false => Answer::LinkMade(link.to_text()),
            });
            out.answer(request, answer.ok_or(crate::ErrorKind::Unreachable));
        }
    }

    pub(super) fn on_connected(&mut self, peer: PeerId, now: Now, out: &mut Out) {
        if self.meeting.peers.contains_key(&peer) {
            return;
        }
        if self.meeting.peers.len() >= CHANNEL_PEERS {
            self.tell_swarm(ChannelOutput::Disconnect(peer), out);
            return;
        }
        // Whoever has to be shown how far the log goes lets others speak first.
        let wait = match self.is_unconfirmed() {
            true => self.jittered(CONFIRM_WAIT),
            false => Duration::ZERO,
        };
        let met = Peer {
            due: Some(now.instant + wait),
            ..Peer::default()
        };
        self.meeting.peers.insert(peer, met);
        if let Some(proof) = self.proof.clone() {
            self.say(peer, vec![Item::Equivocation(Carried::new(proof))], out);
        }
    }

    pub(super) fn on_disconnected(&mut self, peer: PeerId, now: Now) {
        self.meeting.peers.remove(&peer);
        let pause = self.jittered(READER_BACKOFF);
        if let Some(dial) = self.meeting.dials.get_mut(&peer) {
            dial.wait = READER_BACKOFF;
            dial.due = now.instant + pause;
        }
    }

    /// A pack that a peer sent to us alone.
    pub(super) fn on_pack(&mut self, peer: PeerId, pack: &[u8], now: Now, out: &mut Out) {
        let Some(met) = self.meeting.peers.get_mut(&peer) else {
            return;
        };
        if met.is_too_much(now) {
            self.meeting.peers.remove(&peer);
            self.tell_swarm(ChannelOutput::Refuse(peer), out);
            return;
        }
        let opened = self
            .topics()
            .into_iter()
            .find_map(|topic| Some((topic.open(pack).ok()?, topic)));
        // Sealed for an epoch that we do not have.
        let Some((items, topic)) = opened else { return };
        let topic_id = *topic.id();
        if let Some(met) = self.meeting.peers.get_mut(&peer) {
            met.topic = Some(topic);
        }
        let (mut posts, mut new) = (false, false);
        // What costs us a look at all posts is done once in a pack: packs are counted, items are not.
        let (mut told, mut wanted) = (false, false);
        for item in items {
            let taken = match item {
                Item::Post(bytes) => {
                    posts = true;
                    self.take(bytes.as_bytes(), false, now, out).0
                }
                Item::Lineage(bytes) => {
                    posts = true;
                    self.take_lineage(bytes.as_bytes(), &topic_id, now, out)
                }
                Item::Summary(theirs) => {
                    if !std::mem::replace(&mut told, true) {
                        self.on_summary(peer, theirs, now, out);
                    }
                    Taken::Nothing
                }
                Item::Request(request) => {
                    if !std::mem::replace(&mut wanted, true) {
                        self.on_request(peer, &request, out);
                    }
                    Taken::Nothing
                }
                Item::Equivocation(bytes) => self.take_proof(bytes.as_bytes(), out),
            };
            new |= taken == Taken::New;
        }
        if posts && let Some(met) = self.meeting.peers.get_mut(&peer) {
            met.asked = None;
            (met.gave, met.silent) = (true, false);
        }
        if new {
            self.open_door(out);
            self.confirm(now, out);
            self.ask(peer, now, out);
        }
    }

    /// A pack over gossip: what to do with it is said after it is durable.
    pub(super) fn on_heard(
        &mut self,
        peer: PeerId,
        topic: [u8; 32],
        pack: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Verdict {
        let met = self.meeting.peers.get_mut(&peer);
        if met.is_some_and(|met| met.is_too_much(now)) {
            return Verdict::Ignore;
        }
        let known = self.topics().into_iter().find(|known| *known.id() == topic);
        let Some(known) = known else {
            return Verdict::Ignore;
        };
        // One thing at a time is spread, and only what everybody wants.
        let taken = match known.open(pack).as_deref() {
            Ok([Item::Post(bytes)]) => self.take(bytes.as_bytes(), false, now, out).0,
            Ok([Item::Equivocation(bytes)]) => self.take_proof(bytes.as_bytes(), out),
            Ok(_) | Err(_) => Taken::Wrong,
        };
        match taken {
            Taken::New => Verdict::Accept,
            Taken::Nothing => Verdict::Ignore,
            Taken::Wrong => Verdict::Reject,
        }
    }

    /// Shows everybody here that the publishers contradicted themselves.
    pub(super) fn tell_proof(&self, out: &mut Out) {
        if let Some(proof) = &self.proof {
            for peer in self.meeting.peers.keys() {
                let item = Item::Equivocation(Carried::new(proof.clone()));
                self.say(*peer, vec![item], out);
            }
        }
    }

    /// Sends items to one peer: on the topic on which they spoke, or on all of ours if they have not.
    fn say(&self, peer: PeerId, items: Vec<Item>, out: &mut Out) {
        let topics = match self
            .meeting
            .peers
            .get(&peer)
            .and_then(|met| met.topic.clone())
        {
            Some(topic) => vec![topic],
            None => self.topics(),
        };
        for topic in topics {
            let pack = topic.seal(&items);
            debug_assert!(
                pack.len() <= channel::config::PACK_LIMIT,
                "what we say fits in a pack"
            );
            self.tell_swarm(ChannelOutput::Send(peer, pack), out);
        }
    }

    /// What is due now: summaries, dials, links that have waited long enough.
    pub(super) fn finish(&mut self, now: Now, out: &mut Out) {
        if std::mem::take(&mut self.meeting.news) {
            for met in self.meeting.peers.values_mut() {
                met.plan(now.instant);
            }
        }
        if self
            .meeting
            .links
            .iter()
            .any(|(.., until)| *until <= now.instant)
        {
            self.answer_links(out);
        }
        self.give_up(now, out);
        let is_due = |met: &Peer| met.due.is_some_and(|due| due <= now.instant);
        let due = self.meeting.peers.iter().filter(|(_, met)| is_due(met));
        let due: Vec<PeerId> = due.map(|(peer, _)| *peer).collect();
        let reads = self.reader().is_some();
        for peer in due {
            let idle = self.meeting.peers.get(&peer).map_or(0, |met| met.idle);
            let wait = SUMMARY_INTERVAL * (1 << idle.min(SUMMARY_DOUBLINGS));
            let next = now.instant + self.jittered(wait);
            if self.shows_nothing(&peer) {
                // They know from us what they would have to show. They come back, and may speak first then.
                self.tell_swarm(ChannelOutput::Disconnect(peer), out);
                self.meeting.peers.remove(&peer);
                continue;
            }
            self.show(&peer);
            if let Some(met) = self.meeting.peers.get_mut(&peer) {
                (met.told, met.due) = (Some(now.instant), Some(next));
                met.idle = if reads { idle.saturating_add(1) } else { 0 };
            }
            match self.reader().map(channel::Reader::summary) {
                Some(summary) => self.say(peer, vec![Item::Summary(summary)], out),
                None => self.ask(peer, now, out),
            }
        }
        self.dial(now, out);
        self.tend_publishing(now, out);
    }

    pub(super) fn next_timeout(&self) -> Option<Instant> {
        let peers = self.meeting.peers.values().filter_map(|met| met.due);
        let dials = self.meeting.dials.iter();
        let dials = dials
            .filter(|(peer, _)| !self.meeting.peers.contains_key(*peer))
            .map(|(_, dial)| dial.due);
        let links = self.meeting.links.iter().map(|(.., until)| *until);
        let asked = self.meeting.peers.values();
        let asked = asked.filter_map(|met| Some(met.asked? + CATCH_UP_TIME));
        let waits = self.publishing_due();
        peers
            .chain(dials)
            .chain(links)
            .chain(asked)
            .chain(waits)
            .min()
    }

    /// Between half and one and a half of a time.
    pub(super) fn jittered(&mut self, time: Duration) -> Duration {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        time / 2 + Duration::from_millis(self.rng.below(millis))
    }

    fn tell_swarm(&self, what: ChannelOutput, out: &mut Out) {
        out.push(Output::Channel(self.id, what));
    }
}
