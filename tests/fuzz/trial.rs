//! Runs the body of a fuzz target over its corpus and over random changes of it, so that no target rots between
//! campaigns. Compiled into the tests of every crate that has targets.

use std::fs;
use std::path::Path;

/// The body of a target: it panics if something is wrong with what we do, never because something is wrong with the bytes.
pub(crate) type Body = fn(&[u8]);

/// Every file of the corpus of `target`, then `changes` changed ones.
pub(crate) fn run(target: &str, body: Body, changes: usize) {
    let corpus = corpus(target);
    assert!(!corpus.is_empty(), "{target} has a corpus");
    for bytes in &corpus {
        body(bytes);
    }
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ target.len() as u64);
    for _ in 0..changes {
        let mut bytes = corpus[chance.below(corpus.len())].clone();
        for _ in 0..=chance.below(4) {
            change(&mut bytes, &corpus, &mut chance);
        }
        body(&bytes);
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = folder
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file());
    let folder = root
        .expect("a repository")
        .join("tests/fuzz/corpus")
        .join(target);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).expect("a file of the corpus can be read"))
        .collect()
}

fn change(bytes: &mut Vec<u8>, corpus: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    match chance.below(6) {
        0 => bytes.insert(at, chance.byte()),
        1 => bytes.truncate(at),
        2 if at < bytes.len() => {
            bytes.remove(at);
        }
        3 => {
            let other = &corpus[chance.below(corpus.len())];
            let from = chance.below(other.len() + 1);
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        4 if at < bytes.len() => {
            bytes[at] = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff][chance.below(8)]
        }
        _ if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        _ => bytes.push(chance.byte()),
    }
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same changes in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}
