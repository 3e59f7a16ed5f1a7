//! Frames and envelopes as docs/PROTOCOL.md describes them, read without the core's code.

use crypto::{Context, hash};

const ENVELOPE_ID: Context = Context::new("vigil envelope id v1");

/// One item of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Item<'a> {
    pub(crate) kind: u8,
    /// All of it, its kind included.
    pub(crate) whole: &'a [u8],
    /// What is in it: the vector of an item that is one, else its fields.
    pub(crate) bytes: &'a [u8],
}

/// What an envelope says of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EnvelopeView<'a> {
    pub(crate) cell: &'a [u8],
    pub(crate) author: &'a [u8],
    pub(crate) incarnation: &'a [u8],
    pub(crate) seq: u64,
    pub(crate) id: [u8; 32],
    pub(crate) payload: &'a [u8],
}

/// Takes a frame apart; nothing if it is none.
pub(crate) fn items(mut frame: &[u8]) -> Option<Vec<Item<'_>>> {
    let mut items = Vec::new();
    while let Some((kind, fields)) = frame.split_first() {
        let (bytes, rest) = match kind {
            1 => {
                let (_, after) = fields.split_at_checked(1)?;
                let (_, after) = vector(after)?;
                let (_, after) = vector(after)?;
                fields.split_at_checked(fields.len() - after.len())?
            }
            2..=5 | 8 => vector(fields)?,
            6 => fields.split_at_checked(1)?,
            7 => {
                let (_, after) = fields.split_at_checked(8)?;
                vector(after)?
            }
            9 => fields.split_at_checked(16)?,
            _ => return None,
        };
        let (whole, rest) = frame.split_at_checked(frame.len() - rest.len())?;
        items.push(Item {
            kind: *kind,
            whole,
            bytes,
        });
        frame = rest;
    }
    Some(items)
}

/// Reads the head of an envelope.
pub(crate) fn envelope(bytes: &[u8]) -> Option<EnvelopeView<'_>> {
    let (header, rest) = vector(bytes)?;
    let (_, rest) = rest.split_at_checked(64)?;
    let (payload, _) = vector(rest)?;
    let (_, fields) = header.split_at_checked(1)?;
    let (cell, fields) = fields.split_at_checked(32)?;
    let (author, fields) = fields.split_at_checked(32)?;
    let (incarnation, fields) = fields.split_at_checked(16)?;
    let (seq, _) = fields.split_at_checked(8)?;
    let seq = u64::from_be_bytes(seq.try_into().ok()?);
    let id = hash(ENVELOPE_ID, &[header]);
    Some(EnvelopeView {
        cell,
        author,
        incarnation,
        seq,
        id,
        payload,
    })
}

/// The frame without envelopes of anybody but `author`; nothing if nothing is left.
pub(crate) fn without_others(frame: &[u8], author: Option<[u8; 32]>) -> Option<Vec<u8>> {
    let Some(items) = items(frame) else {
        return Some(frame.to_vec());
    };
    let kept = |item: &&Item<'_>| {
        let foreign = item.kind == 2
            && envelope(item.bytes)
                .is_some_and(|view| Some(view.author) != author.as_ref().map(|id| &id[..]));
        !foreign
    };
    let kept: Vec<u8> = items
        .iter()
        .filter(kept)
        .flat_map(|item| item.whole)
        .copied()
        .collect();
    (!kept.is_empty()).then_some(kept)
}

/// What is in a frame, in words.
pub(crate) fn describe(frame: &[u8]) -> String {
    let Some(items) = items(frame) else {
        return format!("{} bytes that are no frame", frame.len());
    };
    let names = [
        "?",
        "frontier",
        "envelope",
        "operation",
        "card",
        "ack",
        "pull-end",
        "fragment",
        "handshake",
        "rewelcome",
    ];
    let mut words: Vec<(usize, &str)> = Vec::new();
    for item in items {
        let name = names.get(usize::from(item.kind)).copied().unwrap_or("?");
        match words.last_mut() {
            Some((count, last)) if *last == name => *count += 1,
            Some(_) | None => words.push((1, name)),
        }
    }
    let words = words.iter().map(|(count, name)| match count {
        1 => (*name).to_owned(),
        more => format!("{more} {name}s"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Bytes behind their length (RFC 9420 §2.1.2), and what comes after.
pub(crate) fn vector(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = *bytes.first()?;
    let (len, from) = match first >> 6 {
        0 => (usize::from(first), 1),
        1 => (
            usize::from(u16::from_be_bytes([first & 0x3f, *bytes.get(1)?])),
            2,
        ),
        2 => {
            let [a, b, c, d] = *bytes.first_chunk::<4>()?;
            (
                usize::try_from(u32::from_be_bytes([a & 0x3f, b, c, d])).ok()?,
                4,
            )
        }
        _ => return None,
    };
    bytes.get(from..)?.split_at_checked(len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_taken_apart_and_described() {
        let frame = [&[6, 1][..], &[4, 2, 7, 7], &[4, 1, 9], &[9; 17]].concat();
        let found = items(&frame).unwrap_or_default();
        let kinds: Vec<u8> = found.iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [6, 4, 4, 9]);
        assert_eq!(found[1].bytes, [7, 7]);
        assert_eq!(describe(&frame), "pull-end, 2 cards, rewelcome");
        assert_eq!(items(&[4, 9, 1]), None);
        assert_eq!(items(&[77]), None);
    }
}
