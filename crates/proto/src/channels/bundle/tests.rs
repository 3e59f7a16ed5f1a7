use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use channel::{ChannelName, Content, Link, Reader, Standing};
use crypto::{Rng, Secret};
use model::{Instant, MessageText, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::carrier::bundle::{BundleError, open};
use crate::changes::Key;
use crate::event::Event;

const REQUEST: RequestId = RequestId(7);

fn now() -> Now {
    Now {
        instant: Instant::from_start(Duration::from_secs(1)),
        timestamp: Timestamp::from_millis(1_790_000_000_000),
    }
}

fn rng(seed: u8) -> Rng {
    Rng::from_seed(&Secret::from_bytes([seed; 32]))
}

/// Somebody's channel, and their disk.
struct Device {
    held: Held,
    disk: BTreeMap<Key, Vec<u8>>,
}

impl Device {
    fn alice() -> Self {
        let name = ChannelName::parse("Quiet Square").unwrap();
        let mut out = Out::default();
        let held = Held::found(name, 0, rng(1), now(), &mut out).unwrap();
        let disk = BTreeMap::new();
        let mut alice = Self { held, disk };
        alice.store(&mut out);
        alice
    }

    fn link(&self) -> Link {
        let reader = self.held.reader().expect("alice reads");
        reader.link(Vec::new()).expect("the epoch is open")
    }

    fn subscribed(link: Link) -> Self {
        let held = Held::subscribe(link, rng(2), now(), &mut Out::default());
        let disk = BTreeMap::new();
        Self { held, disk }
    }

    fn store(&mut self, out: &mut Out) -> VecDeque<Output> {
        let mut outputs = VecDeque::new();
        std::mem::take(out).drain_into(&mut outputs);
        for output in &outputs {
            if let Output::Persist(changes) = output {
                for (key, value) in changes.iter() {
                    match value {
                        Some(value) => self.disk.insert(key.clone(), value.to_vec()),
                        None => self.disk.remove(key),
                    };
                }
            }
        }
        outputs
    }

    fn post(&mut self, text: &str) {
        let mut out = Out::default();
        let text = MessageText::parse(text.to_owned()).unwrap();
        let posted = self.held.post(Content::Text(text), now(), &mut out);
        assert!(matches!(posted, Ok(Answer::Posted(Some(_)))));
        self.store(&mut out);
    }

    /// Reads what is asked for, until there is an answer.
    fn run(&mut self, mut out: Out) -> Option<Result<Vec<u8>, ErrorKind>> {
        let mut outputs = self.store(&mut out);
        while let Some(output) = outputs.pop_front() {
            if let Output::Read(key) = &output {
                let value = self.disk.get(key).cloned();
                self.held.on_read(key, value.as_deref(), &mut out);
                outputs.extend(self.store(&mut out));
            }
            if let Output::Event(Event::Answer(REQUEST, answer)) = output {
                let made = answer.map_err(|error| error.kind);
                return Some(made.map(|answer| {
                    let Answer::BundleExported(bytes, _) = answer else {
                        panic!("{answer:?}")
                    };
                    bytes.to_vec()
                }));
            }
        }
        None
    }

    fn export(&mut self) -> Vec<u8> {
        let mut out = Out::default();
        self.held.make_bundle(REQUEST, now(), &mut out).unwrap();
        self.run(out).expect("an answer").unwrap()
    }

    /// What is in a file that is for this device.
    fn content(&self, file: &[u8]) -> Result<Vec<u8>, BundleError> {
        let keys = self.held.bundle_keys();
        let keys = keys.iter().map(|(_, key)| ((), key));
        open(keys, file).map(|((), content)| content.to_vec())
    }

    fn import(&mut self, content: &[u8]) -> Result<u32, ErrorKind> {
        let topic = self.held.topics().remove(0);
        let mut out = Out::default();
        let taken = self.held.take_bundle(&topic, content, now(), &mut out);
        let outputs = self.store(&mut out);
        assert!(taken.is_ok() || outputs.is_empty(), "nothing has changed");
        taken
    }

    fn posts(&self) -> usize {
        self.held.reader().map_or(0, |reader| reader.posts().len())
    }
}

fn packed(packs: Vec<Vec<u8>>) -> Vec<u8> {
    let packs = packs.into_iter().map(Bytes::from).collect();
    encode(&BundleContent { packs })
}

#[test]
fn a_file_brings_all_posts_to_whoever_waits_for_the_charters() {
    let mut alice = Device::alice();
    let mut bob = Device::subscribed(alice.link());
    for number in 0..300 {
        alice.post(&format!("post {number}"));
    }
    let file = alice.export();
    let content = bob.content(&file).unwrap();
    assert_eq!(bob.import(&content), Ok(300));
    assert_eq!(bob.posts(), 300);
    assert_eq!(bob.import(&content), Ok(0));
    // It is whole again from there.
    let again = bob.export();
    assert_eq!(alice.content(&again).unwrap().len(), content.len());
}

#[test]
fn a_file_of_a_channel_is_as_long_as_one_of_a_cell_with_as_much_in_it() {
    let mut alice = Device::alice();
    let cells_key = CarrierKey::generate(&mut rng(9));
    for number in 0..40 {
        alice.post(&format!("post {number}"));
        let file = alice.export();
        let content = alice.content(&file).unwrap();
        let of_a_cell = seal(&cells_key, &vec![1; content.len()], &mut rng(8)).unwrap();
        assert_eq!(file.len(), of_a_cell.len());
        let same = alice.export();
        assert_ne!(file, same, "no two are alike");
    }
}

#[test]
fn a_post_that_went_meanwhile_is_left_out_and_nothing_waits_for_it() {
    let mut alice = Device::alice();
    let mut bob = Device::subscribed(alice.link());
    for text in ["one", "two", "three"] {
        alice.post(text);
    }
    alice.disk.remove(&post_key(&alice.held.id, 1));
    let file = alice.export();
    assert_eq!(bob.import(&bob.content(&file).unwrap()), Ok(2));
}

#[test]
fn whoever_forgets_the_channel_meanwhile_gets_an_answer() {
    let mut alice = Device::alice();
    alice.post("one");
    let mut out = Out::default();
    alice.held.make_bundle(REQUEST, now(), &mut out).unwrap();
    let mut out = Out::default();
    alice.held.stop_making(&mut out);
    assert_eq!(alice.run(out), Some(Err(ErrorKind::NoSuchChannel)));
}

#[test]
fn what_is_not_whole_inside_changes_nothing() {
    let mut alice = Device::alice();
    let mut bob = Device::subscribed(alice.link());
    alice.post("one");
    let file = alice.export();
    let good = bob.content(&file).unwrap();
    let packs: Vec<Vec<u8>> = decode::<BundleContent>(&good)
        .unwrap()
        .packs
        .iter()
        .map(|pack| pack.as_slice().to_vec())
        .collect();
    let bad = |damage: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut packs = packs.clone();
        damage(&mut packs);
        packed(packs)
    };
    for content in [
        bad(&|packs| packs[1][40] ^= 1),
        bad(&|packs| packs.push(vec![0; 64])),
        bad(&|packs| packs.resize(CARRIED_PACKS + 1, packs[0].clone())),
        good[..good.len() - 1].to_vec(),
        [good.as_slice(), &[0]].concat(),
    ] {
        assert_eq!(bob.import(&content), Err(ErrorKind::BundleDamaged));
        assert_eq!(bob.posts(), 0);
        assert!(bob.held.reader().is_none(), "bob still waits");
    }
    // In another order nothing is lost but what came before the charters.
    assert_eq!(bob.import(&good), Ok(1));
}

#[test]
fn what_somebody_says_in_a_file_that_they_have_confirms_no_publisher() {
    let mut alice = Device::alice();
    alice.post("one");
    let bytes = alice.held.publisher.as_ref().unwrap().to_bytes();
    let restored = channel::Publisher::restore(&bytes, channel::Origin::Store);
    alice.held.publisher = Some(restored.unwrap());
    let said = alice.held.reader().map(Reader::summary).unwrap();
    let topic = alice.held.topics().remove(0);
    let content = packed(vec![topic.seal(&[Item::Summary(said)])]);
    assert_eq!(alice.import(&content), Ok(0));
    let standing = alice.held.publisher.as_ref().unwrap().standing();
    assert_eq!(standing, Standing::Unconfirmed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_whoever_has_a_link_puts_into_a_file_adds_no_post(
        garbage in prop::collection::vec((0_u8..4, prop::collection::vec(any::<u8>(), 0..400)), 0..12),
        content in prop::collection::vec(any::<u8>(), 0..400),
        flip in any::<prop::sample::Index>(),
    ) {
        let mut alice = Device::alice();
        let mut bob = Device::subscribed(alice.link());
        alice.post("one");
        let file = alice.export();
        bob.import(&bob.content(&file).unwrap()).unwrap();
        // A genuine post with one bit turned over, among what is none.
        let post = alice.disk[&post_key(&alice.held.id, 0)].clone();
        let post = PostRecord::parse(&post).unwrap().post().unwrap().to_bytes();
        let mut turned = post.clone();
        let at = flip.index(turned.len());
        turned[at] ^= 1;
        let items: Vec<Item> = garbage
            .into_iter()
            .map(|(kind, bytes)| match kind {
                0 => Item::Post(Carried::new(bytes)),
                1 => Item::Lineage(Carried::new(bytes)),
                2 => Item::Equivocation(Carried::new(bytes)),
                _ => Item::Request(channel::Request::default()),
            })
            .chain([Item::Post(Carried::new(turned)), Item::Post(Carried::new(post))])
            .collect();
        let topic = bob.held.topics().remove(0);
        prop_assert_eq!(bob.import(&packed(vec![topic.seal(&items)])), Ok(0));
        prop_assert_eq!(bob.posts(), 1);
        let _read_or_refused = bob.import(&content);
        prop_assert_eq!(bob.posts(), 1);
    }
}
