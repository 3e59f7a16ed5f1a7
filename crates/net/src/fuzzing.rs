//! What fuzzing calls: the framing of a stream, which whoever passed the door can fill with anything.
//!
//! Compiled for tests and with `--cfg fuzzing` only; nothing that ships has it.

use futures::executor::block_on;
use futures::io::Cursor;
use proto::FRAME_LIMIT;

use crate::codec::{encode, read};

/// Frames until the stream ends or breaks the framing.
pub fn stream(bytes: &[u8]) {
    let mut stream = Cursor::new(bytes);
    let mut again = Vec::new();
    while let Ok(content) = block_on(read(&mut stream, FRAME_LIMIT)) {
        assert!(
            content
                .as_ref()
                .is_none_or(|content| content.len() <= FRAME_LIMIT)
        );
        encode(&content.unwrap_or_default(), FRAME_LIMIT, &mut again);
        assert!(bytes.starts_with(&again), "a frame has one encoding");
    }
}

/// A keepalive, a short frame, and one of two cells.
pub fn seeds() -> Vec<Vec<u8>> {
    let frames: [&[u8]; 3] = [&[], b"content", &[7; 1500]];
    let framed = frames.map(|content| {
        let mut bytes = Vec::new();
        encode(content, FRAME_LIMIT, &mut bytes);
        bytes
    });
    let all = framed.concat();
    framed.into_iter().chain([all]).collect()
}

#[cfg(test)]
#[path = "../../../tests/fuzz/trial.rs"]
mod trial;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_framing_stands_its_corpus_and_changes_of_it() {
        trial::run("stream", stream, 5000);
    }
}
