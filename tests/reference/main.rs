//! Megolm as vodozemac does it: the group ratchet of Matrix, which signs and ratchets and has no agreement on members.

use std::hint::black_box;
use std::time::{Duration, Instant};

use vodozemac::megolm::{GroupSession, InboundGroupSession, SessionConfig};

const ROUNDS: usize = 2000;

fn main() {
    let text = [b'x'; 256];
    let mut ours = GroupSession::new(SessionConfig::version_1());
    let mut theirs = InboundGroupSession::new(&ours.session_key(), SessionConfig::version_1());
    let (mut seal, mut open) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let message = ours.encrypt(black_box(&text[..]));
        seal.push(started.elapsed());
        let started = Instant::now();
        let opened = theirs.decrypt(black_box(&message)).expect("it is ours");
        open.push(started.elapsed());
        assert_eq!(opened.plaintext, text);
    }
    println!("{:<44}{:>10.2} µs", "vodozemac Megolm v1, 256 bytes, seal, p50", median(seal));
    println!("{:<44}{:>10.2} µs", "vodozemac Megolm v1, 256 bytes, open, p50", median(open));
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}
