//! Looks at channels: who reads what since when, in which order, and whether a contradiction, a silence or a call-off is
//! shown to everybody.

mod figures;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::Timestamp;
use proto::{
    ChannelId, ChannelState, ChannelSummary, GOSSIP_LIMIT, Node, PACK_LIMIT, PostBody, PostId,
    PostSummary, RecordKind,
};

use super::{Invariant, MARK, Watch, contains};
use crate::clock::{Time, micros};
use crate::stats::Counts;
use crate::world::{PowerState, Who, World};

/// Nonces of packs that are remembered.
const NONCES: usize = 200_000;

/// Posts of one page.
const PAGE: usize = 10_000;

const DAY: u64 = 86_400_000;

/// A device that is on has erased what is over after this: clocks are looked at when something happens.
const LATE: Duration = Duration::from_secs(3600);

/// One post as it really is.
#[derive(Debug)]
struct Posting {
    author: Who,
    at: Time,
    /// The day of its author's clock.
    day: u64,
    /// Who was on when it was written.
    there: BTreeSet<Who>,
    read: BTreeSet<Who>,
    /// Its author was honest then.
    honest: bool,
}

/// Since when somebody reads.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// From which place on their link opens.
    from: u64,
    since: Time,
    until: Option<Time>,
    /// The payload of what was posted before.
    before: u64,
}

/// What really became of a channel, and what devices showed of it.
#[derive(Debug, Default)]
pub(super) struct Channels {
    channel: Option<ChannelId>,
    fresh_days: u64,
    /// What six hops take.
    six_hops: u64,
    /// Texts that were given to a device to be posted, and who gave them.
    texts: BTreeMap<String, Who>,
    posts: BTreeMap<PostId, Posting>,
    readers: BTreeMap<Who, Reading>,
    /// Which post of an honest author stands in which place.
    places: BTreeMap<u64, PostId>,
    /// Places in which somebody else has posted too.
    contradicted: BTreeSet<u64>,
    nonces: BTreeMap<[u8; 24], [u8; 32]>,
    /// Calls by a text in them, and when they were called off.
    off: BTreeMap<String, Time>,
    /// Calls by a text in them, and from when on nothing of them is left.
    over: BTreeMap<String, Time>,
    payload: u64,
}

impl Watch {
    /// Looks at this channel.
    pub(crate) fn look_at_channel(&mut self, channel: ChannelId, fresh_days: u16, six_hops: u64) {
        self.channels.channel = Some(channel);
        self.channels.fresh_days = u64::from(fresh_days);
        self.channels.six_hops = six_hops;
    }

    /// Somebody gets a link that opens posts from a place on.
    pub(crate) fn subscribes(&mut self, at: Time, who: Who, from: u64) {
        let reading = Reading {
            from,
            since: at,
            until: None,
            before: self.channels.payload,
        };
        self.channels.readers.entry(who).or_insert(reading);
    }

    pub(crate) fn unsubscribed(&mut self, at: Time, who: Who) {
        if let Some(reading) = self.channels.readers.get_mut(&who) {
            reading.until = Some(at);
        }
    }

    /// A text is given to a device to be posted.
    pub(crate) fn posts_text(&mut self, who: Who, text: &str) {
        let token = token(text);
        self.channels.texts.insert(token, who);
    }

    /// A call is called off, of which `text` is a part.
    pub(crate) fn post_called_off(&mut self, at: Time, text: &str) {
        self.channels.off.entry(token(text)).or_insert(at);
    }

    /// A call is posted of which nothing is left from a moment on.
    pub(crate) fn posted_call(&mut self, text: &str, until: Time) {
        self.channels.over.insert(token(text), until);
    }

    /// A frame of a channel goes out.
    pub(crate) fn saw_pack(&mut self, at: Time, (who, to): (Who, Who), frame: &[u8]) {
        if !self.honest(who) {
            return;
        }
        let shows = |word: &[u8]| contains(frame, word);
        let id = self.channels.channel.as_ref().map(ChannelId::as_bytes);
        if shows(MARK.as_bytes()) || id.is_some_and(|id| shows(id)) {
            let what = format!(
                "a pack of {} to {} shows a text or the channel",
                self.name(who),
                self.name(to)
            );
            self.report(Invariant::Hidden, at, what);
        }
        if frame.len() > PACK_LIMIT + 1 {
            let what = format!("{} sends a pack of {} bytes", self.name(who), frame.len());
            self.report(Invariant::Bounded, at, what);
        }
        if let Some(observed) = &mut self.observed {
            observed.push(super::Seen {
                at,
                from: who,
                size: frame.len(),
            });
        }
        if let Some(pack) = frame.strip_prefix(&[0]) {
            self.saw_nonce(at, pack);
        }
    }

    /// A pack is spread by whoever made it.
    pub(crate) fn saw_spread(&mut self, at: Time, who: Who, pack: &[u8]) {
        if pack.len() > GOSSIP_LIMIT {
            let what = format!("{} spreads {} bytes", self.name(who), pack.len());
            self.report(Invariant::Bounded, at, what);
        }
        self.saw_nonce(at, pack);
        if self.honest(who) && !self.channels.readers.contains_key(&who) {
            self.channels.payload += pack.len() as u64;
        }
    }

    fn saw_nonce(&mut self, at: Time, pack: &[u8]) {
        let Some(nonce) = pack.first_chunk::<24>() else {
            return;
        };
        if self.channels.nonces.len() >= NONCES && !self.channels.nonces.contains_key(nonce) {
            return;
        }
        let id = proto::pack_name(&[], pack);
        let before = *self.channels.nonces.entry(*nonce).or_insert(id);
        if before != id {
            let what = "two packs begin with one nonce".to_owned();
            self.report(Invariant::Reuse, at, what);
        }
    }

    pub(crate) fn heard_after(&self, who: Who, hops: u8, counts: &mut Counts) {
        if self.honest(who) {
            counts.channel.hops.add(u64::from(hops));
        }
    }

    /// A post was completed. `place` is where.
    fn completes(&mut self, at: Time, (post, place): (PostId, u64), posting: Posting) {
        let (author, honest) = (posting.author, posting.honest);
        if self.channels.posts.insert(post, posting).is_some() {
            return;
        }
        let before = self.channels.places.get(&place).copied();
        match before {
            Some(before) if before != post && honest => {
                let what = format!("{} posts twice in place {place}", self.name(author));
                self.report(Invariant::Reuse, at, what);
            }
            Some(before) if before != post => {
                self.channels.contradicted.insert(place);
            }
            Some(_) => {}
            None => {
                self.channels.places.insert(place, post);
            }
        }
    }
}

fn token(text: &str) -> String {
    text.split_inclusive(": ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// What stands in a post that somebody shows.
fn words(body: &PostBody) -> Option<String> {
    match body {
        PostBody::Text(text) => Some(text.expose().to_owned()),
        PostBody::Call(call) => Some(call.texts.first()?.title.expose().to_owned()),
        PostBody::Cancelled(_, reason) => Some(reason.as_ref()?.expose().to_owned()),
        PostBody::Nothing => None,
    }
}

impl World {
    /// Somebody gets a link that another made: it opens what the other has not seen.
    pub(crate) fn takes_link(&mut self, maker: Who, reader: Who) {
        let first = self
            .channel_of(maker)
            .and_then(|(_, posts)| Some(posts.last()?.seq + 1));
        let theirs = self.watch.channels.readers.get(&maker);
        let from = first.unwrap_or(theirs.map_or(0, |reading| reading.from));
        self.watch.subscribes(self.time, reader, from);
    }

    /// A device has a new post, heard or its own. Notes whose it is.
    pub(crate) fn saw_post(&mut self, who: Who, channel: ChannelId, post: PostId, ours: bool) {
        if self.watch.channels.channel != Some(channel) {
            return;
        }
        let Some(place) = self
            .node(who)
            .and_then(|node| node.place_of(channel, post).ok().flatten())
        else {
            return;
        };
        if !self.watch.channels.posts.contains_key(&post) && !self.meet_post(who, (post, place)) {
            let what = format!("{} reads what nobody posted", self.name(who));
            self.watch.report(Invariant::Genuine, self.time, what);
            return;
        }
        if !ours {
            self.judge_post(who, post, place);
        }
    }

    /// Finds out whose a post is that was not seen before. False if it is nobody's.
    fn meet_post(&mut self, who: Who, (post, place): (PostId, u64)) -> bool {
        let Some(channel) = self.watch.channels.channel else {
            return false;
        };
        let record = self
            .disk(who)
            .and_then(|disk| disk.get(&Node::post_key(channel, place)));
        let body = record.and_then(|record| Node::read_post(record).ok());
        let Some(words) = body.as_ref().and_then(words) else {
            return false;
        };
        let token = token(&words);
        let Some(author) = self.watch.channels.texts.get(&token).copied() else {
            return false;
        };
        let on = |who: &Who| self.power(*who) == PowerState::On;
        let readers = self.watch.channels.readers.iter();
        let there: BTreeSet<Who> = readers
            .filter(|(who, reading)| on(who) && reading.until.is_none() && reading.from <= place)
            .map(|(who, _)| *who)
            .filter(|who| self.watch.honest(*who) && *who != author)
            .collect();
        let posting = Posting {
            author,
            at: self.time,
            day: day(self.now(author).timestamp),
            honest: self.watch.honest(author),
            read: BTreeSet::new(),
            there,
        };
        if posting.honest {
            self.counts.channel.posts += 1;
            self.counts.channel.there += posting.there.len() as u64;
            self.counts.channel.six_hops = self.watch.channels.six_hops;
        }
        self.watch.completes(self.time, (post, place), posting);
        true
    }

    fn judge_post(&mut self, who: Who, post: PostId, place: u64) {
        let at = self.time;
        self.counts.deliveries += 1;
        let here = self.watch.here.get(&who).copied().unwrap_or(Time::NEVER);
        let six_hops = self.watch.channels.six_hops;
        let reading = self.watch.channels.readers.get(&who).copied();
        let Some(posting) = self.watch.channels.posts.get_mut(&post) else {
            return;
        };
        let again = !posting.read.insert(who);
        if posting.honest && !again {
            let took = micros(at.since(posting.at));
            if posting.there.contains(&who) {
                self.counts.channel.spread.add(took);
                self.counts.channel.within += u64::from(took <= six_hops);
            } else {
                let back = micros(at.since(posting.at.max(here)));
                self.counts.channel.back.add(back);
            }
        }
        let name = self.name(who).to_owned();
        let mut tell = |invariant, words| {
            self.watch.report(invariant, at, format!("{name} {words}"));
        };
        if again {
            tell(Invariant::Twice, "was told of a post twice");
        }
        match reading {
            None => tell(Invariant::FromBefore, "reads a post without a link"),
            Some(reading) if place < reading.from => {
                tell(
                    Invariant::FromBefore,
                    "reads what was posted before their link",
                );
            }
            Some(reading) if reading.until.is_some() => {
                tell(Invariant::PastRemoval, "reads a post after unsubscribing");
            }
            Some(_) => {}
        }
    }

    /// How a device shows the channel; nothing if it is off or has left it.
    fn channel_of(&self, who: Who) -> Option<(ChannelSummary, Vec<PostSummary>)> {
        let channel = self.watch.channels.channel?;
        let node = self.node(who)?;
        let mut rows = node.channels().into_iter();
        let row = rows.find(|row| row.channel == channel)?;
        let posts = node.posts(channel, None, PAGE).ok()?.posts;
        Some((row, posts))
    }

    /// Those who are promised something and are on.
    fn honest_readers(&self) -> Vec<(Who, u64)> {
        let readers = self.watch.channels.readers.iter();
        readers
            .filter(|(who, reading)| {
                self.watch.honest(**who)
                    && reading.until.is_none()
                    && self.power(**who) == PowerState::On
            })
            .map(|(who, reading)| (*who, reading.from))
            .collect()
    }

    /// Looks at what must hold of channels at every moment.
    pub(super) fn check_channels(&mut self) {
        if self.watch.channels.channel.is_none() {
            return;
        }
        for (who, _) in self.honest_readers() {
            let Some((row, posts)) = self.channel_of(who) else {
                let what = format!("{} has no channel any more", self.name(who));
                self.watch.report(Invariant::Remembered, self.time, what);
                continue;
            };
            for words in self.check_posts(who, &posts) {
                let what = format!("{} {}", self.name(who), words.1);
                self.watch.report(words.0, self.time, what);
            }
            if row.state == ChannelState::Reading
                && row.silent_since.is_some() != self.should_show_silence(who, &posts)
            {
                let what = format!("{} is wrong about the silence", self.name(who));
                self.watch.report(Invariant::Silent, self.time, what);
            }
        }
        self.check_unsubscribed();
        self.check_over();
        self.count_parts();
    }

    fn check_posts(&self, who: Who, posts: &[PostSummary]) -> Vec<(Invariant, &'static str)> {
        let channels = &self.watch.channels;
        let mut wrong = Vec::new();
        let mut have = BTreeSet::new();
        for post in posts {
            have.insert(post.post);
            let is_read = ["text", "call", "version", "cancel"].contains(&post.kind);
            if is_read && !channels.posts.contains_key(&post.post) {
                wrong.push((Invariant::Genuine, "shows what nobody posted"));
            }
            let other = channels.places.get(&post.seq);
            let apart = other.is_some_and(|other| *other != post.post);
            if is_read && apart && channels.contradicted.is_empty() {
                wrong.push((Invariant::SameHistory, "shows another post in one place"));
            }
        }
        let lost = channels
            .posts
            .iter()
            .any(|(id, posting)| posting.read.contains(&who) && !have.contains(id));
        if lost && channels.contradicted.is_empty() {
            wrong.push((Invariant::Remembered, "has lost a post"));
        }
        wrong
    }

    /// Whether the newest post that somebody has is older than the charter promises.
    fn should_show_silence(&self, who: Who, posts: &[PostSummary]) -> bool {
        let channels = &self.watch.channels;
        let newest = posts.last().and_then(|post| channels.posts.get(&post.post));
        let since = match (newest, channels.readers.get(&who)) {
            (Some(posting), _) => posting.day,
            (None, Some(reading)) => day(self.at(reading.since)),
            (None, None) => return false,
        };
        let today = day(self.now(who).timestamp);
        channels.fresh_days > 0 && today.saturating_sub(since) > channels.fresh_days
    }

    fn check_unsubscribed(&mut self) {
        let readers = self.watch.channels.readers.iter();
        let gone = readers.filter(|(_, reading)| reading.until.is_some());
        let left: Vec<Who> = gone
            .map(|(who, _)| *who)
            .filter(|who| {
                let kinds = [RecordKind::Channel, RecordKind::Post];
                self.disk(*who)
                    .is_some_and(|disk| disk.records().any(|(key, _)| kinds.contains(&key.kind())))
            })
            .collect();
        for who in left {
            let what = format!("{} keeps a channel that they left", self.name(who));
            self.watch.report(Invariant::PastRemoval, self.time, what);
        }
    }

    /// Nothing is left of calls that are over, wherever a device has been on for a while.
    fn check_over(&mut self) {
        let now = self.time;
        let over = self.watch.channels.over.iter();
        let over: BTreeSet<String> = over
            .filter(|(_, until)| **until + LATE < now)
            .map(|(token, _)| token.clone())
            .collect();
        if over.is_empty() {
            return;
        }
        for (who, _) in self.honest_readers() {
            let here = self.watch.here.get(&who).copied().unwrap_or_default();
            let Some(disk) = self.disk(who).filter(|_| here + LATE < now) else {
                continue;
            };
            // Words are sealed there, beside their key: whoever has the disk opens them as the core does.
            let posts = disk
                .records()
                .filter(|(key, _)| key.kind() == RecordKind::Post);
            let left = posts
                .filter_map(|(_, record)| words(&Node::read_post(record).ok()?))
                .any(|words| over.contains(&token(&words)));
            if left {
                let what = format!(
                    "{} holds words of a posted call that is over",
                    self.name(who)
                );
                self.watch.report(Invariant::Erased, now, what);
            }
        }
    }

    /// The newest call that somebody shows as on, by its post.
    pub(crate) fn newest_posted_call(&self, who: Who) -> Option<PostId> {
        let (_, posts) = self.channel_of(who)?;
        let mut calls = posts.iter().rev();
        let on = |post: &&PostSummary| post.call.is_some_and(|(_, off)| off.is_none());
        calls.find(on).map(|post| post.post)
    }

    /// Looks at what must hold when nothing is in the way and enough time has passed.
    pub(crate) fn check_quiet_channel(&mut self) {
        let mut wrong: Vec<(Invariant, String)> = Vec::new();
        let channels = &self.watch.channels;
        for (who, from) in self.honest_readers() {
            let name = self.name(who);
            let Some((row, posts)) = self.channel_of(who) else {
                continue;
            };
            let have: BTreeMap<PostId, &PostSummary> =
                posts.iter().map(|post| (post.post, post)).collect();
            if row.state != ChannelState::Reading {
                wrong.push((
                    Invariant::Delivered,
                    format!("{name} never got the charters"),
                ));
                continue;
            }
            let places = channels.places.iter();
            let owed = places.filter(|(place, post)| {
                let honest = channels.posts.get(post).is_some_and(|post| post.honest);
                **place >= from && honest && !have.contains_key(post)
            });
            // Beyond a contradiction nothing stands, and who took the other branch keeps it.
            let parted = channels.contradicted.first().copied().unwrap_or(u64::MAX);
            let lacks = owed.filter(|(place, _)| **place < parted).count();
            if lacks > 0 {
                wrong.push((Invariant::Delivered, format!("{name} lacks {lacks} posts")));
            }
            if parted < u64::MAX && (row.parted.is_none() || row.parted > Some(parted)) {
                let shown = row.parted;
                let what = format!("{name} shows {shown:?} as parted, it is {parted}");
                wrong.push((Invariant::Contradicted, what));
            }
            let stands = |post: &&PostSummary| {
                post.stands
                    && channels
                        .posts
                        .get(&post.post)
                        .is_some_and(|post| !post.honest)
            };
            if parted < u64::MAX && posts.iter().any(|post| stands(&post)) {
                let what = format!("{name} shows what a thief posted as if it stood");
                wrong.push((Invariant::Contradicted, what));
            }
            wrong.extend(self.quiet_channel_calls(who, &posts));
        }
        let at = self.time;
        for (invariant, what) in wrong {
            self.watch.report(invariant, at, what);
        }
    }

    /// Calls that were called off and that somebody shows as on.
    fn quiet_channel_calls(&self, who: Who, posts: &[PostSummary]) -> Vec<(Invariant, String)> {
        let Some(channel) = self.watch.channels.channel else {
            return Vec::new();
        };
        let on = posts
            .iter()
            .filter(|post| post.call.is_some_and(|(_, off)| off.is_none()));
        let mut wrong = Vec::new();
        for post in on {
            let record = self
                .disk(who)
                .and_then(|disk| disk.get(&Node::post_key(channel, post.seq)));
            let body = record.and_then(|record| Node::read_post(record).ok());
            let words = body.as_ref().and_then(words).unwrap_or_default();
            if self.watch.channels.off.contains_key(&token(&words)) {
                let what = format!("{} shows as on what was called off", self.name(who));
                wrong.push((Invariant::CalledOff, what));
            }
        }
        wrong
    }
}

const fn day(moment: Timestamp) -> u64 {
    moment.as_millis() / DAY
}

#[cfg(test)]
mod tests;
