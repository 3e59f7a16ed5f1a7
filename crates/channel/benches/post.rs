//! What a post costs beside an Ed25519 signature and XChaCha20-Poly1305 over the same bytes: `cargo xtask bench`. A text of
//! 1 KiB in a channel with one publisher, one thread.
//!
//! Both sides do the same number in turns, so that whatever else the machine does meets both.
#![expect(clippy::print_stdout, reason = "figures are what this program is for")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "time is what is measured"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that fails ends, which is all it can do"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use channel::{
    Carried, ChannelName, Charter, Content, EpochKeys, Item, Publisher, Reader, Roster, Topic,
};
use crypto::{Label, Rng, Secret, SigningKey, aead};
use model::{MessageText, Timestamp};

const ROUNDS: usize = 2_000;
const LABEL: Label = Label::new("vigil/bench/v1");
const NOW: Timestamp = Timestamp::from_millis(1_795_510_800_000);

fn main() {
    println!("post of 1 KiB, median of {ROUNDS}, microseconds");
    println!("{:<34}{:>10}{:>10}{:>8}", "", "ours", "bare", "ratio");
    let mut times: [Vec<Duration>; 6] = Default::default();
    let mut channel = Channel::new();
    for _ in 0..ROUNDS {
        let taken = [channel.round(), bare()].concat();
        for (all, one) in times.iter_mut().zip(taken) {
            all.push(one);
        }
    }
    let [publish, read, sealed, opened, sign, verify] = times.map(median);
    row("publish", publish, sign);
    row("verify and open", read, verify);
    row("publish, and seal for the topic", publish + sealed, sign);
    row("open the pack, verify and open", read + opened, verify);
}

struct Channel {
    publisher: Publisher,
    author: Reader,
    reader: Reader,
    topic: Topic,
    rng: Rng,
}

impl Channel {
    fn new() -> Self {
        let mut rng = Rng::from_seed(&Secret::from_bytes([5; 32]));
        let key = SigningKey::from_seed(&rng.secret());
        let roster = Roster::new(vec![key.verifying_key()], 1).unwrap();
        let name = ChannelName::parse("Quiet Square").unwrap();
        let charter = Charter::founding([1; 16], name, 0, roster);
        let keys = EpochKeys::begin(0, &mut rng);
        let (author, link) = Reader::found(charter, keys, Vec::new(), NOW).unwrap();
        let lineage = author.lineage().to_bytes();
        Self {
            publisher: Publisher::fresh(key),
            reader: Reader::subscribe(&link, &lineage, NOW).unwrap(),
            topic: Topic::of(&link.channel, &link.keys),
            author,
            rng,
        }
    }

    fn round(&mut self) -> Vec<Duration> {
        let content = Content::Text(MessageText::parse("x".repeat(1024)).unwrap());
        let started = Instant::now();
        let step = self
            .publisher
            .write(&self.author, content, &mut self.rng, NOW);
        let post = step.unwrap().post.unwrap();
        let published = started.elapsed();
        let started = Instant::now();
        let pack = self.topic.seal(&[Item::Post(Carried::new(post.clone()))]);
        let sealed = started.elapsed();
        let started = Instant::now();
        black_box(self.topic.open(&pack).unwrap());
        let opened = started.elapsed();
        let started = Instant::now();
        black_box(self.reader.take(&post, NOW).unwrap());
        let read = started.elapsed();
        let accepted = self.author.take(&post, NOW).unwrap();
        self.publisher
            .on_accepted(&self.author, &accepted, &mut self.rng, NOW);
        vec![published, read, sealed, opened]
    }
}

fn bare() -> Vec<Duration> {
    let key = SigningKey::from_seed(&Secret::from_bytes([6; 32]));
    let verifying = key.verifying_key();
    let (seal, nonce) = (Secret::from_bytes([7; 32]), [8; aead::NONCE_LEN]);
    let text = [b'x'; 1024];
    let started = Instant::now();
    let sealed = aead::seal(&seal, &nonce, b"header", &text);
    let signature = black_box(key.sign(LABEL, &sealed));
    let made = started.elapsed();
    let started = Instant::now();
    verifying.verify(LABEL, &sealed, &signature).unwrap();
    black_box(aead::open(&seal, &nonce, b"header", &sealed).unwrap());
    vec![made, started.elapsed()]
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn row(what: &str, ours: Duration, bare: Duration) {
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let (ours, bare) = (micros(ours), micros(bare));
    println!("{what:<34}{ours:>10.1}{bare:>10.1}{:>8.2}", ours / bare);
}
