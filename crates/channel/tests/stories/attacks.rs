//! Ten thousand posts of each kind that no reader may take: refused with a stable kind, at one signature check at most.

use channel::{ChannelId, CharterId, Content, EpochKeys, Place, PostDay, PostId, Sheet};
use crypto::{Label, SigningKey};

use crate::world::{Device, World, key, rng, text};

const EACH: u32 = 10_000;
const ALL: [usize; 3] = [0, 1, 2];

struct Target {
    world: World,
    dave: Device,
    head: Place,
    id: PostId,
    forger: SigningKey,
}

/// Dave has three posts, and the forger has a link.
fn target() -> Target {
    let mut world = World::new(3, 2);
    for at in 0..3 {
        world.post(at, text("genuine"), &ALL);
    }
    let mut dave = world.reader();
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    let last = dave.record(2).post().unwrap();
    Target {
        head: *last.place(),
        id: last.id(),
        forger: key(99),
        world,
        dave,
    }
}

impl Target {
    /// A sheet for the next place, made with the keys that every link brings.
    fn sheet(&self, number: u32, change: impl Fn(&mut Place)) -> Sheet {
        let mut place = Place {
            seq: 3,
            index: 3,
            previous: self.id,
            ..self.head
        };
        change(&mut place);
        let key = self.world.link.keys.look(3).unwrap();
        let words = text(&format!("forged {number}"));
        let mut nonce = [0; 24];
        nonce[..4].copy_from_slice(&number.to_be_bytes());
        Sheet::seal(&place, &words, &key, nonce).unwrap()
    }

    fn signed(&self, sheet: &Sheet, signers: &[(u8, &SigningKey)]) -> Vec<u8> {
        let label = Label::new("vigil/channel-post/v1");
        let message = [sheet.id().as_bytes().as_slice(), &0_u64.to_be_bytes()].concat();
        let signatures: Vec<u8> = signers
            .iter()
            .flat_map(|(publisher, key)| {
                let signature = key.sign(label, &message);
                std::iter::once(*publisher).chain(signature)
            })
            .collect();
        post(sheet, &signatures)
    }

    /// Gives all of them to dave. All are refused with one of these kinds, and cost at most one check each.
    fn refuses(&mut self, posts: impl Iterator<Item = Vec<u8>>, kinds: &[&str], checks_each: u64) {
        let before = self.dave.reader.signatures_checked();
        let screen = self.dave.screen();
        let disk = self.dave.disk.posts.len();
        let mut count = 0;
        for bytes in posts {
            let refused = self.dave.take(&bytes, self.world.now).unwrap_err();
            assert!(kinds.contains(&refused.kind()), "{refused}");
            count += 1;
        }
        assert_eq!(count, EACH);
        let cost = self.dave.reader.signatures_checked() - before;
        assert!(cost <= checks_each * u64::from(EACH), "{cost} checks");
        assert_eq!(self.dave.screen(), screen);
        assert_eq!(self.dave.disk.posts.len(), disk);
        // And the next genuine one is taken.
        self.world.post(0, text("genuine"), &ALL);
        let genuine = self.world.topic.last().unwrap();
        self.dave.take(genuine, self.world.now).unwrap();
    }
}

/// Sheet, round 0, signatures.
fn post(sheet: &Sheet, signatures: &[u8]) -> Vec<u8> {
    let length = u16::try_from(signatures.len()).unwrap();
    let prefix = match length {
        0..64 => vec![u8::try_from(length).unwrap()],
        _ => (0x4000 | length).to_be_bytes().to_vec(),
    };
    [sheet.as_bytes(), &0_u64.to_be_bytes(), &prefix, signatures].concat()
}

#[test]
fn a_post_put_together_by_hand_is_one_if_the_right_keys_sign_it() {
    let mut target = target();
    let sheet = target.sheet(0, |_| ());
    let mut keys: Vec<SigningKey> = (1..=3).map(key).collect();
    let roster = target.dave.reader.lineage().newest().roster().clone();
    keys.sort_by_key(|key| roster.index_of(&key.verifying_key()));
    let bytes = target.signed(&sheet, &[(0, &keys[0]), (2, &keys[2])]);
    target.dave.take(&bytes, target.world.now).unwrap();
}

#[test]
fn forged_posts_are_refused() {
    let mut target = target();
    let forger = target.forger.clone();
    let posts: Vec<_> = (0..EACH)
        .map(|at| target.signed(&target.sheet(at, |_| ()), &[(0, &forger), (1, &forger)]))
        .collect();
    target.refuses(posts.into_iter(), &["wrong_signature"], 1);
}

#[test]
fn replayed_posts_cost_nothing() {
    let mut target = target();
    let genuine = target.world.topic.clone();
    let posts = (0..EACH).map(|at| genuine[at as usize % genuine.len()].clone());
    target.refuses(posts.collect::<Vec<_>>().into_iter(), &["replayed"], 0);
}

#[test]
fn backdated_posts_cost_nothing() {
    let mut target = target();
    let forger = target.forger.clone();
    let posts: Vec<_> = (0..EACH)
        .map(|at| {
            let day = target.head.day.number() - 1 - at % 300;
            let sheet = target.sheet(at, |place| place.day = PostDay::from_number(day));
            target.signed(&sheet, &[(0, &forger), (1, &forger)])
        })
        .collect();
    target.refuses(posts.into_iter(), &["backdated"], 0);
}

#[test]
fn posts_that_claim_an_early_place_or_a_late_day_cost_nothing_or_one_check() {
    let mut target = target();
    let forger = target.forger.clone();
    let posts: Vec<_> = (0..EACH)
        .map(|at| {
            let sheet = target.sheet(at, |place| match at % 4 {
                0 => place.day = place.day.plus(2 + at),
                1 => (place.seq, place.index) = (1, 1),
                2 => place.seq = 3 + 600 + u64::from(at),
                _ => place.index = 4,
            });
            target.signed(&sheet, &[(0, &forger), (1, &forger)])
        })
        .collect();
    let kinds = ["dated_ahead", "wrong_signature", "too_far", "wrong_place"];
    target.refuses(posts.into_iter(), &kinds, 1);
}

#[test]
fn oversized_posts_cost_nothing() {
    let mut target = target();
    let genuine = target.world.topic[0].clone();
    let posts = (0..EACH).map(move |at| {
        let mut long = genuine.clone();
        long.resize(channel::config::POST_LIMIT + 1 + at as usize % 100, 7);
        long
    });
    target.refuses(posts, &["oversized"], 0);
}

#[test]
fn wrongly_signed_posts_cost_a_check_at_most() {
    let mut target = target();
    let mut keys: Vec<SigningKey> = (1..=3).map(key).collect();
    let roster = target.dave.reader.lineage().newest().roster().clone();
    keys.sort_by_key(|key| roster.index_of(&key.verifying_key()));
    let (one, two) = (keys[0].clone(), keys[1].clone());
    let posts: Vec<_> = (0..EACH)
        .map(|at| {
            let sheet = target.sheet(at, |_| ());
            match at % 6 {
                0 => target.signed(&sheet, &[]),
                1 => target.signed(&sheet, &[(0, &one)]),
                2 => target.signed(&sheet, &[(0, &one), (0, &one)]),
                3 => target.signed(&sheet, &[(1, &two), (0, &one)]),
                4 => target.signed(&sheet, &[(0, &two), (1, &one)]),
                _ => target.signed(&sheet, &[(0, &one), (9, &two)]),
            }
        })
        .collect();
    target.refuses(posts.into_iter(), &["wrong_signers", "wrong_signature"], 1);
}

#[test]
fn a_genuine_post_that_is_garbled_again_and_again_costs_a_check_each_and_gets_through() {
    let mut target = target();
    target.world.post(0, text("the next"), &ALL);
    let genuine = target.world.topic.last().unwrap().clone();
    let before = target.dave.reader.signatures_checked();
    for at in 0..EACH {
        let mut garbled = genuine.clone();
        let back = garbled.len() - 1 - at as usize % 64;
        garbled[back] ^= u8::try_from(at % 255).unwrap() + 1;
        let refused = target.dave.take(&garbled, target.world.now).unwrap_err();
        assert_eq!(refused.kind(), "wrong_signature");
    }
    let cost = target.dave.reader.signatures_checked() - before;
    assert!(cost <= u64::from(EACH) + 1, "{cost} checks");
    target.dave.take(&genuine, target.world.now).unwrap();
}

#[test]
fn one_seized_key_fills_nothing_and_shows_nothing() {
    let mut target = target();
    let mut keys: Vec<SigningKey> = (1..=3).map(key).collect();
    let roster = target.dave.reader.lineage().newest().roster().clone();
    keys.sort_by_key(|key| roster.index_of(&key.verifying_key()));
    let (seized, forger) = (keys[0].clone(), target.forger.clone());
    let posts: Vec<_> = (0..EACH)
        .map(|at| target.signed(&target.sheet(at, |_| ()), &[(0, &seized), (1, &forger)]))
        .collect();
    // A publisher's own signature holds, so each costs one check more.
    target.refuses(posts.into_iter(), &["wrong_signature"], 2);
}

#[test]
fn posts_of_other_channels_charters_and_epochs_cost_nothing() {
    let mut target = target();
    let forger = target.forger.clone();
    let posts: Vec<_> = (0..EACH)
        .map(|at| {
            let sheet = target.sheet(at, |place| match at % 3 {
                0 => place.channel = ChannelId::from_bytes([5; 32]),
                1 => place.charter = CharterId::from_bytes([5; 32]),
                _ => place.epoch = 1 + at,
            });
            target.signed(&sheet, &[(0, &forger), (1, &forger)])
        })
        .collect();
    let kinds = ["other_channel", "unknown_charter", "unknown_epoch"];
    target.refuses(posts.into_iter(), &kinds, 0);
}

#[test]
fn a_key_that_gives_another_text_is_refused() {
    let target = target();
    let sheet = target.sheet(0, |_| ());
    let right = target.world.link.keys.look(3).unwrap();
    assert!(sheet.open(Some(&right)).unwrap() == text("forged 0"));
    let wrong = EpochKeys::begin(0, &mut rng(5)).look(3).unwrap();
    assert!(sheet.open(Some(&wrong)).is_err() && sheet.open(None).is_err());
    // A charter that is sealed, which newcomers could not check, is nothing.
    let charter = target.dave.reader.lineage().newest().clone();
    let roster = charter.roster().clone();
    let next = charter.next([1; 16], crate::world::name("Other"), 0, roster);
    let open = Sheet::seal(
        &target.head,
        &Content::Charter(Box::new(next)),
        &right,
        [1; 24],
    );
    assert!(!open.unwrap().is_sealed());
}

#[test]
fn charters_and_proofs_that_are_shown_again_and_again_cost_a_check_at_most() {
    let mut target = target();
    let charter = target.dave.reader.lineage().newest().clone();
    let next = |charter: &channel::Charter, nonce| {
        let roster = charter.roster().clone();
        charter.next([nonce; 16], crate::world::name("Quiet Square"), 3, roster)
    };
    let second = next(&charter, 1);
    let third = next(&second, 2);
    let mut lineages = Vec::new();
    for charter in [second, third] {
        target
            .world
            .post(0, Content::Charter(Box::new(charter)), &ALL);
        lineages.push(target.world.publishers[0].reader.lineage().to_bytes());
    }
    target.dave.reader.take_lineage(&lineages[0]).unwrap();
    let before = target.dave.reader.signatures_checked();
    for at in 0..1_000 {
        assert!(
            target
                .dave
                .reader
                .take_lineage(&lineages[0])
                .unwrap()
                .is_empty()
        );
        let mut garbled = lineages[1].clone();
        let back = garbled.len() - 1 - at % 64;
        garbled[back] ^= 1;
        let refused = target.dave.reader.take_lineage(&garbled).unwrap_err();
        assert_eq!(refused.kind(), "wrong_signature");
        let noise: [u8; 64] = rng(7).array();
        assert!(target.dave.reader.take_equivocation(&noise).is_err());
    }
    let cost = target.dave.reader.signatures_checked() - before;
    assert!(cost <= 1_001, "{cost} checks");
    target.dave.reader.take_lineage(&lineages[1]).unwrap();
}
