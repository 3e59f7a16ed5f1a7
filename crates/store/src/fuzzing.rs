//! What fuzzing calls: the decoders of what lies on the disk, which somebody else may have had in hand.
//!
//! Compiled for tests and with `--cfg fuzzing` only; nothing that ships has it.

use crypto::{Rng, Secret};
use proto::{Key, RecordKind};

use crate::header::{Keys, clear_part};
use crate::record::{Records, parse_body, parse_piece};

/// The body of a target.
pub type Body = fn(&[u8]);

/// All of them, by name.
pub const TARGETS: [(&str, Body); 2] = [("header", header), ("record", record)];

/// The part of the header that is read before any key: what it asks to be spent is bounded. Then what is in a slot.
pub fn header(bytes: &[u8]) {
    if let Some(params) = clear_part(bytes) {
        assert!(
            params.is_bounded(),
            "a header cannot make us spend what it likes"
        );
    }
    let _keys = Keys::decode(bytes);
}

/// A stored value, the piece in one that opens, and the record in whole pieces.
pub fn record(bytes: &[u8]) {
    let records = Records::new(&keys());
    assert!(
        records.open(&[7; 16], bytes).is_err(),
        "nobody sealed it under this key"
    );
    let _piece = parse_piece(bytes);
    if let Some((key, value)) = parse_body(bytes) {
        assert!(key.to_bytes().len() + value.len() <= bytes.len());
    }
}

/// A sealed piece, and what is in it.
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let key = Key::new(RecordKind::Settings, [0; 32], b"");
    let name = key.to_bytes();
    let length = u8::try_from(name.len()).unwrap_or(0);
    let body = [&[length], name.as_slice(), &[0, 0, 0, 3], b"abc", &[0; 20]].concat();
    let head = [&[1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1], body.as_slice()].concat();
    let commit = [
        &[3, 0, 0, 0, 0, 0, 0, 0, 9],
        [5; 32].as_slice(),
        &[0, 0, 0, 0, 0, 0, 0, 1],
    ]
    .concat();
    // Version, memory, passes and lanes of a header with the default cost.
    let clear = [
        &[0, 0, 0, 1, 0, 4, 0, 0, 0, 0, 0, 3, 0, 0, 0, 4],
        [6; 32].as_slice(),
    ]
    .concat();
    vec![
        ("record", body),
        ("record", head),
        ("record", commit),
        ("header", clear),
        ("header", vec![2; 88]),
    ]
}

fn keys() -> Keys {
    Keys::generate(&mut Rng::from_seed(&Secret::from_bytes([1; 32])))
}

#[cfg(test)]
#[path = "../../../tests/fuzz/trial.rs"]
mod trial;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_stands_its_corpus_and_changes_of_it() {
        for (name, body) in TARGETS {
            trial::run(name, body, 5000);
        }
    }
}
