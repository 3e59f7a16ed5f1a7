//! Devices with a disk each, and hands that carry bytes between them.

use std::collections::BTreeMap;

use action::{Call, Day};
use channel::{
    Accepted, CallRef, Change, ChannelName, Charter, Content, EpochKeys, Item, Link, Notice,
    Origin, PostRecord, PublishError, Publisher, Reader, Refusal, Roster, Shown, Step,
};
use crypto::{Rng, Secret, SigningKey, VerifyingKey};
use model::{MessageText, Timestamp};

pub(crate) const DAY: u64 = 24 * 3_600_000;
pub(crate) const HOUR: u64 = 3_600_000;
/// 24 November 2026, in the morning.
pub(crate) const START: u64 = 20_781 * DAY + 9 * HOUR;

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::from_bytes([seed; 32]))
}

pub(crate) fn rng(seed: u8) -> Rng {
    Rng::from_seed(&Secret::from_bytes([seed; 32]))
}

pub(crate) fn text(words: &str) -> Content {
    Content::Text(MessageText::parse(words.to_owned()).unwrap())
}

pub(crate) fn call_ref(number: u8) -> CallRef {
    CallRef::from_bytes([number; 16])
}

fn preset(supersedes: Option<String>) -> Box<Call> {
    let today = Day::parse("2026-11-24").unwrap();
    let mut call = action::presets(today, Some("en")).remove(0);
    call.supersedes = supersedes;
    Box::new(call.check(Some(today)).unwrap())
}

pub(crate) fn call(number: u8) -> Content {
    Content::Call {
        id: call_ref(number),
        call: preset(None),
    }
}

pub(crate) fn version(number: u8, of: u8) -> Content {
    Content::Version {
        id: call_ref(number),
        of: call_ref(of),
        call: preset(Some(call_ref(of).to_hex())),
    }
}

pub(crate) fn cancel(number: u8) -> Content {
    Content::Cancel {
        call: call_ref(number),
        reason: None,
    }
}

/// What survives a crash.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    pub(crate) state: Vec<u8>,
    pub(crate) posts: BTreeMap<u64, Vec<u8>>,
    pub(crate) publisher: Vec<u8>,
    pub(crate) proof: Option<Vec<u8>>,
}

/// One person's device.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) reader: Reader,
    pub(crate) publisher: Option<Publisher>,
    pub(crate) disk: Disk,
    pub(crate) notices: Vec<Notice>,
    /// For the other publishers.
    pub(crate) messages: Vec<Vec<u8>>,
    /// For the topic.
    pub(crate) posts: Vec<Vec<u8>>,
    seed: u8,
}

impl Device {
    pub(crate) fn reads(link: &Link, lineage: &[u8], now: Timestamp) -> Self {
        Self::with(Reader::subscribe(link, lineage, now).unwrap(), None, 100)
    }

    fn with(reader: Reader, publisher: Option<Publisher>, seed: u8) -> Self {
        let disk = Disk {
            state: reader.to_bytes().to_vec(),
            publisher: publisher
                .as_ref()
                .map(|publisher| publisher.to_bytes().to_vec())
                .unwrap_or_default(),
            ..Disk::default()
        };
        Self {
            reader,
            publisher,
            disk,
            notices: Vec::new(),
            messages: Vec::new(),
            posts: Vec::new(),
            seed,
        }
    }

    fn rng(&mut self) -> Rng {
        self.seed = self.seed.wrapping_add(1);
        let step = u8::try_from(self.reader.head().0 % 251).unwrap();
        let mut seed = [self.seed; 32];
        seed[0] = step;
        Rng::from_seed(&Secret::from_bytes(seed))
    }

    pub(crate) fn persist(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::State(bytes) => self.disk.state = bytes.to_vec(),
                Change::Post { seq, bytes } => {
                    self.disk.posts.insert(seq, bytes.to_vec());
                }
                Change::Forget { seq } => {
                    self.disk.posts.remove(&seq);
                }
                Change::Equivocation(bytes) => self.disk.proof = Some(bytes),
            }
        }
    }

    /// Takes a post as it comes from anywhere.
    pub(crate) fn take(&mut self, bytes: &[u8], now: Timestamp) -> Result<Accepted, Refusal> {
        match self.reader.take(bytes, now) {
            Ok(accepted) => {
                self.persist(accepted.changes.clone());
                self.notices.extend(&accepted.notices);
                let mut rng = self.rng();
                if let Some(publisher) = &mut self.publisher {
                    let step = publisher.on_accepted(&self.reader, &accepted, &mut rng, now);
                    self.carry_out(step, now);
                }
                Ok(accepted)
            }
            Err(refused) => {
                self.persist(refused.changes);
                self.notices.extend(&refused.notices);
                if let Some(theirs) = refused.against {
                    let ours = self.record(theirs.place().seq);
                    let proof = self.reader.prove(&ours, *theirs).unwrap();
                    self.disk.proof = Some(proof.to_bytes());
                }
                Err(refused.why)
            }
        }
    }

    pub(crate) fn carry_out(&mut self, step: Step, now: Timestamp) {
        if let Some(bytes) = step.persist {
            self.disk.publisher = bytes.to_vec();
        }
        self.messages.extend(step.messages);
        if let Some(post) = step.post {
            let _known = self.take(&post, now);
            self.posts.push(post);
        }
    }

    pub(crate) fn write(&mut self, content: Content, now: Timestamp) -> Result<(), PublishError> {
        let mut rng = self.rng();
        let publisher = self.publisher.as_mut().unwrap();
        let step = publisher.write(&self.reader, content, &mut rng, now)?;
        self.carry_out(step, now);
        Ok(())
    }

    pub(crate) fn hear(&mut self, message: &[u8], now: Timestamp) -> Result<(), PublishError> {
        let mut rng = self.rng();
        let publisher = self.publisher.as_mut().unwrap();
        let step = publisher.on_message(&self.reader, message, &mut rng, now)?;
        self.carry_out(step, now);
        Ok(())
    }

    pub(crate) fn poll(&mut self, now: Timestamp) {
        let mut rng = self.rng();
        let publisher = self.publisher.as_mut().unwrap();
        let step = publisher.poll(&self.reader, &mut rng, now);
        self.carry_out(step, now);
    }

    /// Countersigns everything that may be countersigned, and says what it was.
    pub(crate) fn countersign(&mut self, now: Timestamp) -> Vec<Content> {
        self.countersign_if(|_| true, now)
    }

    pub(crate) fn countersign_only(&mut self, content: &Content, now: Timestamp) -> Vec<Content> {
        self.countersign_if(|read| read == content, now)
    }

    fn countersign_if(
        &mut self,
        wanted: impl Fn(&Content) -> bool,
        now: Timestamp,
    ) -> Vec<Content> {
        let pending = self.publisher.as_ref().unwrap().pending(&self.reader);
        let mut signed = Vec::new();
        for one in pending
            .into_iter()
            .filter(|one| one.may_sign && wanted(&one.content))
        {
            let publisher = self.publisher.as_mut().unwrap();
            let step = publisher.countersign(&self.reader, &one.id).unwrap();
            self.carry_out(step, now);
            signed.push(one.content);
        }
        signed
    }

    /// Meets a reader: both sides of catching up, for us, as sealed packs.
    pub(crate) fn catches_up_from(&mut self, other: &Self, now: Timestamp) -> usize {
        let mut given = 0;
        for _ in 0..20 {
            let summary = other.reader.summary();
            let request = self.reader.request(&summary);
            let mut items = vec![Item::Summary(summary.clone())];
            if request.lineage == 1 {
                let lineage = other.reader.lineage().to_bytes();
                items.push(Item::Lineage(channel::Carried::new(lineage)));
            }
            for seq in other.reader.answer(&request) {
                let post = other.record(seq).post().unwrap().to_bytes();
                items.push(Item::Post(channel::Carried::new(post)));
            }
            let before = self.disk.posts.len();
            for item in items {
                match item {
                    Item::Post(bytes) => {
                        given += 1;
                        let _refused = self.take(bytes.as_bytes(), now);
                    }
                    Item::Lineage(bytes) => {
                        if let Ok(changes) = self.reader.take_lineage(bytes.as_bytes()) {
                            self.persist(changes);
                        }
                    }
                    Item::Summary(summary) => {
                        let mut rng = self.rng();
                        if let Some(publisher) = &mut self.publisher {
                            let step = publisher.on_summary(&self.reader, &summary, &mut rng, now);
                            self.carry_out(step, now);
                        }
                    }
                    Item::Request(_) | Item::Equivocation(_) => {}
                }
            }
            if self.disk.posts.len() == before && request.lineage == 0 {
                break;
            }
        }
        // Once more, now that we have what they have.
        let mut rng = self.rng();
        if let Some(publisher) = &mut self.publisher {
            let step = publisher.on_summary(&self.reader, &other.reader.summary(), &mut rng, now);
            self.carry_out(step, now);
        }
        given
    }

    pub(crate) fn record(&self, seq: u64) -> PostRecord {
        PostRecord::parse(&self.disk.posts[&seq]).unwrap()
    }

    /// The program ends and starts again with what is on the disk, or on another disk.
    pub(crate) fn restart_with(&mut self, disk: Disk, origin: Origin, now: Timestamp) {
        let posts = disk.posts.values().map(Vec::as_slice);
        let (reader, changes) =
            Reader::restore(self.reader.channel(), &disk.state, posts, now).unwrap();
        self.reader = reader;
        if self.publisher.is_some() {
            self.publisher = Some(Publisher::restore(&disk.publisher, origin).unwrap());
        }
        self.disk = disk;
        self.messages.clear();
        self.posts.clear();
        self.persist(changes);
    }

    pub(crate) fn restart(&mut self, now: Timestamp) {
        self.restart_with(self.disk.clone(), Origin::Store, now);
    }

    /// What is on the screen, in words.
    pub(crate) fn screen(&self) -> Vec<String> {
        let shown = self.reader.posts();
        let line = |shown: &Shown| match shown {
            Shown::Post {
                seq, kind, stands, ..
            } => {
                let content = self.record(*seq).content();
                let words = match content {
                    Some(Content::Text(text)) => text.expose().to_owned(),
                    _ => format!("[{kind}]"),
                };
                format!("{seq} {words}{}", if *stands { "" } else { " (disputed)" })
            }
            Shown::Gap(range) => format!("{}-{} missing", range.from, range.until),
        };
        shown.iter().map(line).collect()
    }
}

/// A channel with some publishers, and its clock.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) link: Link,
    pub(crate) publishers: Vec<Device>,
    /// Everything that was ever on the topic.
    pub(crate) topic: Vec<Vec<u8>>,
}

pub(crate) fn name(text: &str) -> ChannelName {
    ChannelName::parse(text).unwrap()
}

pub(crate) fn roster(seeds: &[u8], threshold: u8) -> Roster {
    let keys: Vec<VerifyingKey> = seeds
        .iter()
        .map(|seed| key(*seed).verifying_key())
        .collect();
    Roster::new(keys, threshold).unwrap()
}

impl World {
    /// `size` publishers, of whom `threshold` must sign. They stand in the order of the charter.
    pub(crate) fn new(size: u8, threshold: u8) -> Self {
        let now = Timestamp::from_millis(START);
        let seeds: Vec<u8> = (1..=size).collect();
        let charter =
            Charter::founding([9; 16], name("Quiet Square"), 3, roster(&seeds, threshold));
        let keys = EpochKeys::begin(0, &mut rng(200));
        let (reader, link) = Reader::found(charter.clone(), keys, Vec::new(), now).unwrap();
        let mut keys: Vec<SigningKey> = seeds.iter().map(|seed| key(*seed)).collect();
        keys.sort_by_key(|key| charter.roster().index_of(&key.verifying_key()));
        let publishers = keys
            .into_iter()
            .zip(1..)
            .map(|(key, seed)| {
                let publisher = Publisher::fresh(key);
                Device::with(reader.clone(), Some(publisher), seed * 10)
            })
            .collect();
        Self {
            now,
            link,
            publishers,
            topic: Vec::new(),
        }
    }

    pub(crate) fn reader(&self) -> Device {
        let lineage = self.publishers[0].reader.lineage().to_bytes();
        Device::reads(&self.link, &lineage, self.now)
    }

    pub(crate) fn later(&mut self, millis: u64) {
        self.now = Timestamp::from_millis(self.now.as_millis() + millis);
    }

    /// Carries what these publishers say to each other, until all is quiet. Nobody countersigns.
    pub(crate) fn talk(&mut self, here: &[usize]) {
        for _ in 0..50 {
            let mut said = Vec::new();
            for at in here {
                let device = &mut self.publishers[*at];
                for message in std::mem::take(&mut device.messages) {
                    said.push((*at, message));
                }
                for post in std::mem::take(&mut device.posts) {
                    self.topic.push(post.clone());
                    for other in here.iter().filter(|other| *other != at) {
                        let _known = self.publishers[*other].take(&post, self.now);
                    }
                }
            }
            if said.is_empty() {
                return;
            }
            for (from, message) in said {
                for to in here.iter().filter(|to| **to != from) {
                    let _refused = self.publishers[*to].hear(&message, self.now);
                }
            }
        }
        panic!("the publishers never come to rest");
    }

    /// The same, and everybody here countersigns what they read.
    pub(crate) fn agree(&mut self, here: &[usize]) {
        self.talk(here);
        for _ in 0..8 {
            for at in here {
                self.publishers[*at].countersign(self.now);
                self.talk(here);
            }
        }
    }

    pub(crate) fn post(&mut self, author: usize, content: Content, here: &[usize]) {
        let before = self.topic.len();
        self.publishers[author].write(content, self.now).unwrap();
        self.agree(here);
        for _ in 0..3 {
            if self.topic.len() > before {
                return;
            }
            // The turn may be somebody else's for an hour.
            self.later(HOUR);
            for at in here {
                self.publishers[*at].poll(self.now);
            }
            self.agree(here);
        }
        assert!(self.topic.len() > before, "it was not posted");
    }
}
