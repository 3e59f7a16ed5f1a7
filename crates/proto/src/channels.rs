//! The channels of this device: which there are, and what goes to which. They know nothing of cells, and cells nothing of
//! them.
//!
//! Construction and rules: `docs/CHANNELS.md`. `held` is one channel, `meeting` its network, `hints` where readers are,
//! `bundle` what is carried to somebody without a network.

mod bundle;
mod calls;
pub(crate) mod guard;
mod held;
mod hints;
mod links;
mod meeting;
mod publishing;
mod record;
pub(crate) mod view;
mod wanted;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use channel::{CallRef, ChannelId, ChannelName, Content, Link, PostId, Shown};
use crypto::Rng;
use model::{CellId, Instant, MemberId};

use crate::carrier;
use crate::changes::{Key, RecordKind};
use crate::command::{ChannelDeed, ErrorKind, RequestId};
use crate::config::CHANNELS;
use crate::event::Answer;
use crate::input::ChannelInput;
use crate::node::Now;
use crate::out::Out;
use crate::output::{ChannelOutput, Output};
use held::{Held, State};
use record::ChannelRecords;
pub(crate) use record::post_key;
use view::{ChannelNet, ChannelState, ChannelSummary, PostPage, PostSummary, is_read, moment};
pub(crate) use wanted::Forwarding;

#[cfg(any(test, fuzzing))]
pub(crate) use bundle::decode_only as decode_bundles;

/// The channels of this device.
#[derive(Default)]
pub(crate) struct Channels {
    held: BTreeMap<ChannelId, Held>,
    /// Channels whose records cannot be read. They are shown, and nothing is done to them but to forget them.
    damaged: BTreeMap<ChannelId, BTreeSet<Key>>,
}

impl Channels {
    /// Brings all channels back, as far as they can be read.
    pub(crate) fn restore(
        records: Vec<(Key, Vec<u8>)>,
        is_old: bool,
        rng: &mut Rng,
        now: Now,
        out: &mut Out,
    ) -> Self {
        let mut channels = Self::default();
        let mut sorted: BTreeMap<ChannelId, (ChannelRecords, BTreeSet<Key>)> = BTreeMap::new();
        for (key, value) in records {
            let id = ChannelId::from_bytes(*key.scope());
            let (records, keys) = sorted.entry(id).or_default();
            records.push(&key, value);
            keys.insert(key);
        }
        for (id, (records, keys)) in sorted {
            let mut theirs = Out::default();
            match records.restore(id, is_old, rng.fork(), now, &mut theirs) {
                Ok(held) => {
                    out.absorb(theirs);
                    channels.held.insert(id, held);
                }
                Err(crate::wire::Malformed) => {
                    tracing::error!("the records of a channel are damaged; the others go on");
                    channels.damaged.insert(id, keys);
                }
            }
        }
        channels
    }

    /// Whether a record belongs to a channel.
    pub(crate) fn owns(key: &Key) -> bool {
        matches!(key.kind(), RecordKind::Channel | RecordKind::Post)
    }

    pub(crate) fn open_network(&mut self, ip: IpAddr, now: Now, out: &mut Out) {
        for held in self.held.values_mut() {
            held.set_ip(ip);
            held.open_network(now, out);
        }
    }

    pub(crate) fn close_network(&mut self, out: &mut Out) {
        for held in self.held.values_mut() {
            held.close_network(out);
        }
    }

    /// Carries out a command. None if it is answered later. `ip` is where to listen, if we are online.
    pub(crate) fn command(
        &mut self,
        (request, deed): (RequestId, ChannelDeed),
        at: Option<(CellId, MemberId)>,
        ip: Option<IpAddr>,
        rng: &mut Rng,
        now: Now,
        out: &mut Out,
    ) -> Option<Result<Answer, ErrorKind>> {
        match deed {
            ChannelDeed::Create(name, fresh_days) => {
                let made = self.create(name, fresh_days, ip, rng, now, out);
                self.link(made, (request, true), now, out)
            }
            ChannelDeed::Link(channel) => self.link(Ok(channel), (request, false), now, out),
            ChannelDeed::Export(channel) => self.export(channel, request, now, out),
            ChannelDeed::Subscribe(link) => Some(self.subscribe(&link, ip, rng, now, out)),
            ChannelDeed::Unsubscribe(channel) => Some(self.unsubscribe(channel, out)),
            ChannelDeed::PostText(channel, text) => {
                Some(self.post(channel, Content::Text(text), now, out))
            }
            ChannelDeed::PostCall(channel, call) => {
                let id = CallRef::from_bytes(rng.array());
                Some(self.post(channel, Content::Call { id, call }, now, out))
            }
            ChannelDeed::UpdateCall(channel, post, call) => {
                let id = CallRef::from_bytes(rng.array());
                let of = self.call_to_change(channel, post);
                Some(of.and_then(|of| {
                    let call = Box::new(call.superseding(Some(*of.as_bytes())));
                    self.post(channel, Content::Version { id, of, call }, now, out)
                }))
            }
            ChannelDeed::CancelCall(channel, post, reason) => {
                let call = self.call_to_change(channel, post);
                Some(call.and_then(|call| {
                    self.post(channel, Content::Cancel { call, reason }, now, out)
                }))
            }
            ChannelDeed::Forward(channel, post, cell) => {
                let found = self.place_to_forward(channel, post);
                match found.and_then(|seq| Ok((seq, self.get(channel)?))) {
                    Ok((seq, held)) => {
                        held.want(seq, Some(request), cell, out);
                        None
                    }
                    Err(kind) => Some(Err(kind)),
                }
            }
            ChannelDeed::MarkRead(channel, below) => Some(self.get(channel).map(|held| {
                held.mark_read(below, out);
                Answer::Done
            })),
            ChannelDeed::Offer(channel, _) => Some(self.offer(channel, at, now, out)),
            ChannelDeed::SetPublishers(channel, change) => {
                Some(self.set_publishers((channel, &change), at, now, out))
            }
            ChannelDeed::Countersign(channel, post) => {
                Some(self.countersign(channel, &post, now, out))
            }
            ChannelDeed::Withdraw(channel, post) => Some(self.withdraw(channel, post, now, out)),
            ChannelDeed::Rekey(channel, is_hard) => {
                self.rekey((channel, is_hard), request, now, out)
            }
        }
    }

    fn get(&mut self, channel: ChannelId) -> Result<&mut Held, ErrorKind> {
        if self.damaged.contains_key(&channel) {
            return Err(ErrorKind::ChannelDamaged);
        }
        self.held.get_mut(&channel).ok_or(ErrorKind::NoSuchChannel)
    }

    fn link(
        &mut self,
        channel: Result<ChannelId, ErrorKind>,
        (request, founded): (RequestId, bool),
        now: Now,
        out: &mut Out,
    ) -> Option<Result<Answer, ErrorKind>> {
        match channel.and_then(|channel| self.get(channel)) {
            Err(kind) => Some(Err(kind)),
            // Whoever waits for the charters cannot say from where on a link opens.
            Ok(held) if held.reader().is_none() => Some(Err(ErrorKind::Unreachable)),
            Ok(held) => {
                held.ask_link(request, founded, now, out);
                None
            }
        }
    }

    /// Begins a file of a channel. One at a time: each is in memory as a whole.
    fn export(
        &mut self,
        channel: ChannelId,
        request: RequestId,
        now: Now,
        out: &mut Out,
    ) -> Option<Result<Answer, ErrorKind>> {
        let is_busy = self.held.values().any(|held| held.making.is_some());
        match self.get(channel) {
            Err(kind) => Some(Err(kind)),
            Ok(_) if is_busy => Some(Err(ErrorKind::TooMany)),
            Ok(held) => held.make_bundle(request, now, out).err().map(Err),
        }
    }

    /// Takes in a file of one of the channels here: how many posts were new, and in which.
    pub(crate) fn import(
        &mut self,
        file: &[u8],
        now: Now,
        out: &mut Out,
    ) -> Result<(u32, ChannelId), ErrorKind> {
        let held = self.held.values();
        let keys: Vec<_> = held
            .flat_map(|held| held.bundle_keys().into_iter().map(|key| (held.id, key)))
            .collect();
        let keys = keys.iter().map(|(id, (topic, key))| ((*id, topic), key));
        let ((id, topic), content) = carrier::bundle::open(keys, file)?;
        let new = self.get(id)?.take_bundle(topic, &content, now, out)?;
        Ok((new, id))
    }

    fn create(
        &mut self,
        name: ChannelName,
        fresh_days: u16,
        ip: Option<IpAddr>,
        rng: &mut Rng,
        now: Now,
        out: &mut Out,
    ) -> Result<ChannelId, ErrorKind> {
        self.has_room()?;
        if fresh_days > channel::config::FRESH_DAYS_MAX {
            return Err(ErrorKind::InvalidParams);
        }
        let held = Held::found(name, fresh_days, rng.fork(), now, out)?;
        Ok(self.add(held, ip, now, out))
    }

    fn has_room(&self) -> Result<(), ErrorKind> {
        let room = self.held.len() + self.damaged.len() < CHANNELS;
        room.then_some(()).ok_or(ErrorKind::TooMany)
    }

    fn add(&mut self, mut held: Held, ip: Option<IpAddr>, now: Now, out: &mut Out) -> ChannelId {
        let id = held.id;
        if let Some(ip) = ip {
            held.set_ip(ip);
            held.open_network(now, out);
        }
        self.held.insert(id, held);
        id
    }

    fn subscribe(
        &mut self,
        text: &str,
        ip: Option<IpAddr>,
        rng: &mut Rng,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        // Without a passphrase nothing is stretched here: see `guard`.
        let link = Link::parse(text, None)?;
        let id = link.channel;
        if self.damaged.contains_key(&id) {
            return Err(ErrorKind::ChannelDamaged);
        }
        if let Some(held) = self.held.get_mut(&id) {
            held.add_link(&link, now, out)?;
            return Ok(Answer::Subscribed(id));
        }
        self.has_room()?;
        let held = Held::subscribe(link, rng.fork(), now, out);
        Ok(Answer::Subscribed(self.add(held, ip, now, out)))
    }

    fn unsubscribe(&mut self, channel: ChannelId, out: &mut Out) -> Result<Answer, ErrorKind> {
        if let Some(keys) = self.damaged.remove(&channel) {
            for key in keys {
                out.changes.delete(key);
            }
            return Ok(Answer::Done);
        }
        let mut held = self.held.remove(&channel).ok_or(ErrorKind::NoSuchChannel)?;
        held.stop_making(out);
        held.forget(out);
        held.close_network(out);
        Ok(Answer::Done)
    }

    fn post(
        &mut self,
        channel: ChannelId,
        content: Content,
        now: Now,
        out: &mut Out,
    ) -> Result<Answer, ErrorKind> {
        self.get(channel)?.post(content, now, out)
    }

    /// Something from the swarm of a channel.
    pub(crate) fn on_input(
        &mut self,
        channel: ChannelId,
        input: ChannelInput,
        now: Now,
        out: &mut Out,
    ) {
        let Some(held) = self.held.get_mut(&channel) else {
            return;
        };
        match input {
            ChannelInput::Listening(doors) => held.on_listening(doors, out),
            ChannelInput::Connected(peer) => held.on_connected(peer, now, out),
            ChannelInput::Disconnected(peer) => held.on_disconnected(peer, now),
            ChannelInput::Heard {
                peer,
                topic,
                ticket,
                pack,
            } => {
                let verdict = held.on_heard(peer, topic, &pack, now, out);
                let verdict = ChannelOutput::Verdict { ticket, verdict };
                out.push(Output::Channel(channel, verdict));
            }
            ChannelInput::Pack(peer, pack) => held.on_pack(peer, &pack, now, out),
        }
    }

    /// A record that was asked for.
    pub(crate) fn on_read(
        &mut self,
        key: &Key,
        value: Option<&[u8]>,
        out: &mut Out,
    ) -> Vec<Forwarding> {
        let channel = ChannelId::from_bytes(*key.scope());
        match self.held.get_mut(&channel) {
            Some(held) => held.on_read(key, value, out),
            None => Vec::new(),
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Now, out: &mut Out) {
        for held in self.held.values_mut() {
            held.expire(now, out);
        }
    }

    pub(crate) fn finish(&mut self, now: Now, out: &mut Out) {
        for held in self.held.values_mut() {
            held.finish(now, out);
        }
    }

    pub(crate) fn next_timeout(&self) -> Option<Instant> {
        self.held.values().filter_map(Held::next_timeout).min()
    }

    /// Every channel, damaged ones last.
    pub(crate) fn summaries(&self, now: Now) -> Vec<ChannelSummary> {
        let mut all: Vec<ChannelSummary> =
            self.held.values().map(|held| summary(held, now)).collect();
        let names: Vec<Option<ChannelName>> = all.iter().map(|one| one.name.clone()).collect();
        for (at, one) in all.iter_mut().enumerate() {
            let others = names.iter().enumerate().filter(|(other, _)| *other != at);
            let mut others = others.filter_map(|(_, name)| name.as_ref());
            let name = one.name.as_ref();
            one.confusable =
                name.is_some_and(|name| others.any(|other| name.is_confusable_with(other)));
        }
        all.extend(self.damaged.keys().map(|channel| ChannelSummary {
            channel: *channel,
            ..ChannelSummary::empty(ChannelState::Damaged)
        }));
        all
    }

    /// The network side of every channel.
    pub(crate) fn net(&self) -> Vec<ChannelNet> {
        let held = self.held.values().map(|held| ChannelNet {
            channel: held.id,
            peer: held.me(),
            listen: held.meeting.listen.clone(),
            connected: held.meeting.peers.len(),
        });
        held.collect()
    }

    /// At most `limit` posts of a channel, oldest first: those before a place, or the newest.
    pub(crate) fn posts(
        &self,
        channel: ChannelId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<PostPage, ErrorKind> {
        let mut posts = posts(self.look(channel)?);
        if let Some(before) = before {
            posts.retain(|post| post.seq < before);
        }
        let from = posts.len().saturating_sub(limit);
        Ok(PostPage {
            more: from > 0,
            posts: posts.split_off(from),
        })
    }

    /// Where a post stands.
    pub(crate) fn place(&self, channel: ChannelId, post: PostId) -> Result<Option<u64>, ErrorKind> {
        let posts = posts(self.look(channel)?);
        let found = posts.iter().find(|shown| shown.post == post);
        Ok(found.map(|shown| shown.seq))
    }

    fn look(&self, channel: ChannelId) -> Result<&Held, ErrorKind> {
        if self.damaged.contains_key(&channel) {
            return Err(ErrorKind::ChannelDamaged);
        }
        self.held.get(&channel).ok_or(ErrorKind::NoSuchChannel)
    }
}

fn posts(held: &Held) -> Vec<PostSummary> {
    let Some(reader) = held.reader() else {
        return Vec::new();
    };
    let calls = reader.calls_by_place();
    let newest = calls::newest(&calls);
    let mut missing_before = 0;
    let mut all = Vec::new();
    for shown in reader.posts() {
        match shown {
            Shown::Gap(range) => missing_before = range.until - range.from + 1,
            Shown::Post {
                seq,
                id,
                day,
                kind,
                stands,
            } => all.push(PostSummary {
                post: id,
                seq,
                day: moment(day),
                kind,
                stands,
                missing_before: std::mem::take(&mut missing_before),
                call: calls.get(&seq).copied(),
                replaced: calls
                    .get(&seq)
                    .is_some_and(|(call, _)| newest.get(call).is_some_and(|last| *last > seq)),
            }),
        }
    }
    all
}

fn summary(held: &Held, now: Now) -> ChannelSummary {
    let mut row = ChannelSummary {
        channel: held.id,
        peers: held.meeting.peers.len(),
        publisher: held.signs(),
        to_sign: held.to_sign(),
        ..ChannelSummary::empty(match held.state {
            State::Waiting(_) => ChannelState::Waiting,
            State::Reading(_) => ChannelState::Reading,
        })
    };
    if let Some(publisher) = held.publisher.as_ref().filter(|_| held.signs()) {
        row.confirmed = publisher.standing() == channel::Standing::Confirmed;
        row.restored = matches!(
            publisher.standing(),
            channel::Standing::RolledBack | channel::Standing::Retiring
        );
        row.unsigned = publisher.waiting().count();
    }
    if let Some(reader) = held.reader() {
        let newest = reader.lineage().newest();
        row.name = Some(newest.name().clone());
        row.publishers = newest.roster().size();
        row.threshold = newest.roster().threshold();
        for shown in reader.posts() {
            match shown {
                Shown::Gap(range) => row.gaps += range.until - range.from + 1,
                Shown::Post { seq, kind, .. } if seq >= held.own.read && is_read(kind) => {
                    row.unread += usize::from(!row.publisher);
                }
                Shown::Post { .. } => {}
            }
        }
        row.silent_since = reader
            .silence(now.timestamp)
            .map(|silence| moment(silence.since));
        row.parted = reader.contradiction();
    }
    row
}
