//! A reader of a channel who means harm: it has a link like everybody, and sends what it likes.

use channel::config::POST_LIMIT;
use channel::{Carried, Item, Link, Summary, Topic};
use crypto::Rng;
use model::PeerId;
use proto::ChannelId;

use crate::scenario::Attack;
use crate::world::{Tap, Who, World};

/// Genuine posts that are kept, to make others of them.
const KEPT: usize = 8;

/// What one peer is sent in one attack: three of these in a minute are as much as a reader looks at.
const AT_ONCE: usize = 70;

/// Where fields stand in the header of a post (docs/CHANNELS.md).
const SEQ: std::ops::Range<usize> = 73..81;
const INDEX: std::ops::Range<usize> = 69..73;
const DAY: std::ops::Range<usize> = 114..118;
const NONCE: std::ops::Range<usize> = 120..144;

/// What such a reader knows.
pub(crate) struct Insider {
    topic: Topic,
    genuine: Vec<Vec<u8>>,
    made: u64,
}

impl Insider {
    pub(crate) fn new(link: &str) -> Option<Self> {
        let link = Link::parse(link, None).ok()?;
        Some(Self {
            topic: Topic::of(&link.channel, &link.keys),
            genuine: Vec::new(),
            made: 0,
        })
    }

    /// Keeps posts of what it hears.
    pub(crate) fn hear(&mut self, taps: &[Tap], me: Who) {
        for tap in taps.iter().filter(|tap| tap.to == me) {
            let Some(pack) = crate::world::pack_of(&tap.bytes) else {
                continue;
            };
            for item in self.topic.open(pack).unwrap_or_default() {
                if let Item::Post(post) = item
                    && !self.genuine.iter().any(|held| held == post.as_bytes())
                {
                    self.genuine.push(post.as_bytes().to_vec());
                }
            }
        }
        let over = self.genuine.len().saturating_sub(KEPT);
        self.genuine.drain(..over);
    }

    pub(crate) fn attack(
        &mut self,
        world: &mut World,
        (channel, me): (ChannelId, Who),
        attack: Attack,
        rng: &mut Rng,
    ) {
        let peers = world.channel_peers(me, channel);
        for peer in peers {
            for _ in 0..AT_ONCE {
                let Some(pack) = self.pack(attack, rng) else {
                    continue;
                };
                world.counts.channel.forged += 1;
                world.inject_pack(me, (channel, peer), &pack);
            }
            self.pass_on(world, (channel, me, peer), attack, rng);
        }
    }

    /// A false pack that goes over gossip, now and then: three of them end the connection.
    fn pass_on(
        &mut self,
        world: &mut World,
        (channel, me, peer): (ChannelId, Who, PeerId),
        attack: Attack,
        rng: &mut Rng,
    ) {
        if rng.below(8) > 0 {
            return;
        }
        if let Some(pack) = self.pack(attack, rng) {
            world.counts.channel.forged += 1;
            world.inject_spread(me, (channel, peer), *self.topic.id(), &pack);
        }
    }

    /// One thing that no honest reader sends.
    fn pack(&mut self, attack: Attack, rng: &mut Rng) -> Option<Vec<u8>> {
        self.made += 1;
        match attack {
            Attack::Flooder => {
                // By turns: bytes that are no pack, and a post that is too long.
                if self.made.is_multiple_of(2) {
                    let junk: [u8; 32] = rng.array();
                    return Some(junk.repeat(33));
                }
                let junk: [u8; 32] = rng.array();
                let long = junk.repeat(POST_LIMIT / 32 + 1);
                Some(self.topic.seal(&[Item::Post(Carried::new(long))]))
            }
            Attack::Forger => self.altered(rng, |post, rng| {
                // By turns: another signature under it, and another text in the next place.
                let random: [u8; 24] = rng.array();
                if random[0].is_multiple_of(2) {
                    let end = post.len() - 24;
                    post[end..].copy_from_slice(&random);
                } else {
                    next_place(post);
                    post[NONCE].copy_from_slice(&random);
                }
            }),
            Attack::Backdater => self.altered(rng, |post, rng| {
                next_place(post);
                let random: [u8; 24] = rng.array();
                post[NONCE].copy_from_slice(&random);
                let day: [u8; 4] = post[DAY].try_into().unwrap_or_default();
                let earlier = u32::from_be_bytes(day).saturating_sub(3);
                post[DAY].copy_from_slice(&earlier.to_be_bytes());
            }),
            Attack::Replayer => self.altered(rng, |_, _| {}),
            Attack::Withholder => {
                // Says that it has more than anybody, and gives nothing.
                let all = Summary {
                    oldest: 0,
                    end: 1_000_000 + rng.below(1_000_000),
                    gaps: Vec::new(),
                    probes: Vec::new(),
                    charters: 1,
                };
                Some(self.topic.seal(&[Item::Summary(all)]))
            }
            Attack::Racer | Attack::Equivocator | Attack::Promoter => None,
            Attack::Bomber | Attack::Outsider | Attack::Observer => None,
        }
    }

    /// A genuine post, changed.
    fn altered(&self, rng: &mut Rng, change: impl Fn(&mut [u8], &mut Rng)) -> Option<Vec<u8>> {
        let at = rng.below(self.genuine.len().max(1) as u64);
        let mut post = usize::try_from(at)
            .ok()
            .and_then(|at| self.genuine.get(at))?
            .clone();
        change(&mut post, rng);
        Some(self.topic.seal(&[Item::Post(Carried::new(post))]))
    }
}

/// Moves a post to the place behind its own.
fn next_place(post: &mut [u8]) {
    let seq: [u8; 8] = post[SEQ].try_into().unwrap_or_default();
    post[SEQ].copy_from_slice(&(u64::from_be_bytes(seq) + 1).to_be_bytes());
    let index: [u8; 4] = post[INDEX].try_into().unwrap_or_default();
    post[INDEX].copy_from_slice(&(u32::from_be_bytes(index) + 1).to_be_bytes());
}
