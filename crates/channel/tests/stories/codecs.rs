//! Every decoder: any bytes are read or refused, what is read has one encoding, and nothing prints what it holds.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use channel::{
    Carried, ChannelName, Charter, Checks, Content, Equivocation, Forward, Item, Lineage, Link,
    LinkError, Origin, PostIn, PostRecord, Publisher, Reader, RosterError, Sheet, Topic,
};
use crypto::kdf::KdfParams;
use crypto::{Context, hash};
use model::Address;
use proptest::prelude::*;

use crate::world::{Device, World, call, cancel, key, name, rng, roster, text};

const ALL: [usize; 3] = [0, 1, 2];
/// Of a link (CHANNELS.md, Bytes).
const CHECKSUM: Context = Context::new("vigil channel link checksum v1");

/// Reads bytes, and writes what it read.
type Read = dyn Fn(&[u8]) -> Option<Vec<u8>>;

/// One of everything, and what reads it: the bytes that it would write again.
struct Decoder {
    what: &'static str,
    genuine: Vec<u8>,
    read: Box<Read>,
}

fn decoder(
    what: &'static str,
    genuine: Vec<u8>,
    read: impl Fn(&[u8]) -> Option<Vec<u8>> + 'static,
) -> Decoder {
    let read = Box::new(read);
    Decoder {
        what,
        genuine,
        read,
    }
}

fn channel_with_everything() -> (World, Device) {
    let mut world = World::new(3, 2);
    let charter = world.publishers[0].reader.lineage().newest().clone();
    let next = charter.next([1; 16], name("Тихая площадь"), 5, charter.roster().clone());
    for content in [
        text("one"),
        Content::Charter(Box::new(next)),
        call(1),
        cancel(1),
        Content::Fresh,
    ] {
        world.post(0, content, &ALL);
    }
    let mut dave = world.reader();
    for post in &world.topic {
        dave.take(post, world.now).unwrap();
    }
    (world, dave)
}

fn decoders() -> Vec<Decoder> {
    let (mut world, dave) = channel_with_everything();
    let channel = world.link.channel;
    let now = world.now;
    let topic = Topic::of(&channel, &world.link.keys);
    let post = world.topic[0].clone();
    let sheet = PostIn::parse(&post).unwrap().sheet().as_bytes().to_vec();
    let items = [
        Item::Post(Carried::new(post.clone())),
        Item::Summary(dave.reader.summary()),
        Item::Request(world.reader().reader.request(&dave.reader.summary())),
    ];
    let forward = dave
        .reader
        .forward(&dave.record(2))
        .unwrap()
        .to_bytes()
        .to_vec();
    world.publishers[0].write(text("waits"), now).unwrap();
    let publisher = world.publishers[0].disk.publisher.clone();
    let charter = dave.reader.lineage().newest().to_bytes();
    vec![
        decoder("post", post, |bytes| {
            Some(PostIn::parse(bytes).ok()?.to_bytes())
        }),
        decoder("sheet", sheet, |bytes| {
            Some(Sheet::parse(bytes).ok()?.as_bytes().to_vec())
        }),
        decoder("charter", charter, |bytes| {
            Some(Charter::parse(bytes).ok()?.to_bytes())
        }),
        decoder("lineage", dave.reader.lineage().to_bytes(), move |bytes| {
            let read = Lineage::check(channel, None, bytes, &mut Checks::default());
            Some(read.ok()?.to_bytes())
        }),
        decoder("pack", topic.seal(&items), move |bytes| {
            Some(topic.seal(&topic.open(bytes).ok()?))
        }),
        decoder("forward", forward, |bytes| {
            Forward::check(bytes, &mut Checks::default()).ok()?;
            Some(bytes.to_vec())
        }),
        decoder("record", dave.disk.posts[&2].clone(), |bytes| {
            Some(PostRecord::parse(bytes).ok()?.to_bytes().to_vec())
        }),
        decoder("state", dave.disk.state.clone(), move |bytes| {
            let (reader, _) = Reader::restore(channel, bytes, std::iter::empty(), now).ok()?;
            Some(reader.to_bytes().to_vec())
        }),
        decoder("publisher", publisher, |bytes| {
            let read = Publisher::restore(bytes, Origin::Store).ok()?;
            Some(read.to_bytes().to_vec())
        }),
    ]
}

#[test]
fn what_is_written_is_read_back_and_written_the_same() {
    for Decoder {
        what,
        genuine,
        read,
    } in decoders()
    {
        assert_eq!(read(&genuine), Some(genuine.clone()), "{what}");
        let longer = [genuine.as_slice(), &[0]].concat();
        assert_eq!(read(&longer), None, "{what} with something behind it");
        for len in (0..genuine.len()).step_by(1 + genuine.len() / 300) {
            assert_eq!(read(&genuine[..len]), None, "{what} cut to {len}");
        }
    }
}

#[test]
fn a_changed_byte_is_refused_or_another_value_with_one_encoding() {
    for Decoder {
        what,
        genuine,
        read,
    } in decoders()
    {
        for at in (0..genuine.len()).step_by(1 + genuine.len() / 500) {
            for change in [1, 0x40, 0x80, 0xff] {
                let mut changed = genuine.clone();
                changed[at] ^= change;
                if let Some(again) = read(&changed) {
                    assert_eq!(again, changed, "{what}, byte {at}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for Decoder { what, read, .. } in DECODERS.with(|all| all.clone()).iter() {
            if let Some(again) = read(&bytes) {
                prop_assert_eq!(&again, &bytes, "{}", what);
            }
        }
        let mut world = World::new(3, 2);
        prop_assert!(world.publishers[0].hear(&bytes, world.now).is_err());
        prop_assert!(world.publishers[0].take(&bytes, world.now).is_err());
        let proof = Equivocation::check(world.link.channel, &bytes, &mut Checks::default());
        prop_assert!(proof.is_err());
    }

    #[test]
    fn any_text_is_a_link_or_none(words in "(vigil-channel:)?\\PC{0,400}") {
        prop_assert!(Link::parse(&words, None).is_err());
    }

    #[test]
    fn a_changed_or_cut_link_is_refused(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]") {
        let words = World::new(1, 1).link.to_text();
        let at = at.index(words.len());
        prop_assert_eq!(Link::parse(&words[..at], None), Err(LinkError::Malformed));
        let changed = format!("{}{letter}{}", &words[..at], &words[at + 1..]);
        prop_assume!(changed != *words);
        prop_assert_eq!(Link::parse(&changed, None), Err(LinkError::Malformed));
    }

    #[test]
    fn texts_of_every_length_are_posted_in_one_of_few_lengths(length in 1..16_000_usize) {
        let mut world = World::new(1, 1);
        world.post(0, text(&"a".repeat(length)), &[0]);
        let sheet = PostIn::parse(&world.topic[0]).unwrap().sheet().clone();
        let body = sheet.as_bytes().len() - 176;
        let bucket = channel::config::BUCKETS.iter().find(|bucket| body > **bucket && body < *bucket + 32);
        prop_assert!(bucket.is_some(), "{} bytes", body);
    }
}

thread_local! {
    static DECODERS: std::rc::Rc<Vec<Decoder>> = std::rc::Rc::new(decoders());
}

#[test]
fn a_link_is_read_back_also_when_a_mail_program_broke_it() {
    let mut link = World::new(3, 2).link;
    link.hints = vec![Address::parse("/ip4/192.0.2.1/tcp/4001").unwrap(); 5];
    let words = link.to_text();
    link.hints.truncate(channel::config::HINTS_MAX);
    assert!(words.len() < 600, "{} characters", words.len());
    let (start, end) = words.split_at(100);
    let broken = format!("\u{a0} {start}\r\n  {end}\n");
    assert_eq!(Link::parse(&broken, None), Ok(link));
    let long = format!("{}{}", *words, " ".repeat(4000));
    assert_eq!(Link::parse(&long, None), Err(LinkError::Malformed));
}

#[test]
fn a_guarded_link_takes_its_passphrase_and_a_bounded_cost() {
    let link = World::new(1, 1).link;
    let words = link
        .to_guarded_text(b"six words", KdfParams::TEST, &mut rng(4))
        .unwrap();
    assert_eq!(Link::parse(&words, Some(b"six words")), Ok(link.clone()));
    assert_eq!(Link::parse(&words, None), Err(LinkError::NeedsPassphrase));
    assert_eq!(
        Link::parse(&words, Some(b"five words")),
        Err(LinkError::WrongPassphrase)
    );
    let refused = link.to_guarded_text(b"six words", KdfParams::CEILING, &mut rng(4));
    assert_eq!(refused, Err(LinkError::TooCostly));
    // One that somebody else made so is not tried, whatever the passphrase: memory stands behind version, form and salt.
    let body = words.strip_prefix("vigil-channel:").unwrap();
    let mut bytes = Base64UrlUnpadded::decode_vec(body).unwrap();
    bytes[34..38].copy_from_slice(&KdfParams::CEILING.memory_kib.to_be_bytes());
    let end = bytes.len() - 4;
    let sum = hash(CHECKSUM, &[&bytes[..end]]);
    bytes[end..].copy_from_slice(&sum[..4]);
    let costly = format!("vigil-channel:{}", Base64UrlUnpadded::encode_string(&bytes));
    for passphrase in [None, Some(&b"six words"[..])] {
        let refused = Link::parse(&costly, passphrase);
        assert_eq!(refused, Err(LinkError::TooCostly));
    }
}

#[test]
fn nothing_prints_what_it_holds() {
    let (mut world, dave) = channel_with_everything();
    world.publishers[0]
        .write(text("meet at dawn"), world.now)
        .unwrap();
    let publisher = world.publishers[0].publisher.clone().unwrap();
    let accepted = dave.reader.posts();
    let printed = format!(
        "{:?} {:?} {publisher:?} {:?} {:?} {accepted:?} {:?}",
        world.link,
        dave.reader,
        dave.record(0),
        text("meet at dawn"),
        publisher.pending(&world.publishers[0].reader),
    );
    for secret in ["dawn", "Quiet", "площадь"] {
        assert!(!printed.contains(secret), "{secret}");
    }
    let secret = world.link.keys.topic().expose();
    let digits: String = secret[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let list = format!("{}, {}, {}", secret[0], secret[1], secret[2]);
    assert!(!printed.contains(&digits) && !printed.contains(&list));
}

#[test]
fn a_roster_is_a_majority_of_different_keys() {
    let new = |seeds: &[u8], threshold| {
        let keys = seeds.iter().map(|seed| key(*seed).verifying_key());
        channel::Roster::new(keys.collect(), threshold).map(|roster| roster.survives_an_arrest())
    };
    assert_eq!(new(&[1], 1), Ok(false));
    assert_eq!(new(&[1, 2], 2), Ok(false));
    assert_eq!(new(&[1, 2, 3], 2), Ok(true));
    assert_eq!(new(&[1, 2, 3, 4, 5], 3), Ok(true));
    assert_eq!(new(&[], 0), Err(RosterError::Empty));
    assert_eq!(new(&[1, 2], 1), Err(RosterError::Threshold));
    assert_eq!(new(&[1, 2, 3], 4), Err(RosterError::Threshold));
    assert_eq!(new(&[1, 2, 1], 2), Err(RosterError::Duplicate));
    let many: Vec<u8> = (1..=17).collect();
    assert_eq!(new(&many, 9), Err(RosterError::TooMany));
}

/// What is published stays as it is: whoever changes a layout changes this on purpose, and the version with it.
#[test]
fn the_bytes_are_those_of_version_one() {
    let charter = Charter::founding(
        [9; 16],
        ChannelName::parse("Quiet Square").unwrap(),
        3,
        roster(&[1], 1),
    );
    let channel = charter.channel().unwrap();
    let keys = channel::EpochKeys::begin(0, &mut rng(200));
    let place = channel::Place {
        channel,
        charter: charter.id(),
        epoch: 0,
        index: 0,
        seq: 0,
        previous: channel::PostId::NONE,
        author: 0,
        day: channel::PostDay::from_number(20_781),
    };
    let key = keys.look(0).unwrap();
    let sheet = Sheet::seal(&place, &text("hello"), &key, [7; 24]).unwrap();
    let topic = Topic::of(&channel, &keys);
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    assert_eq!(
        [
            hex(channel.as_bytes()),
            hex(sheet.id().as_bytes()),
            hex(topic.id())
        ],
        [
            "0147b0a89cfbc98dd8aa51deaf5a1818b7a33b6a5612d5ff4f31da4d4760c112",
            "d1ecfb473e43a959fa6f543a2bc9d1b22d4c66963a4dfcb1099f34567aefda2b",
            "36e9164bb3e5afb759d0d0a91ee04d26c4124742a6bc8ba49dab5f579b932232"
        ]
    );
    assert_eq!(sheet.as_bytes().len(), 176 + 2 + 320 + 16);
}
