//! Records as they lie in the engine: names that say nothing, sealed values of padded length, and the mark of them all.
//!
//! ```text
//! name      first 16 bytes of PRF(index key; logical key, piece number)      commit record: PRF(index key; )
//! value     nonce (24) ‖ sealed ‖ tag (16), at most 4096 bytes, a Padmé length of at least 256
//!           AAD: version u8 = 1 ‖ name (16) ‖ generation u64
//! head      1 ‖ commit u64 ‖ pieces u16 ‖ body …          piece 0
//! tail      2 ‖ commit u64 ‖ body …                       pieces 1, 2, …
//! body      key length u8 ‖ logical key ‖ value length u32 ‖ value ‖ zeros, cut into pieces
//! commit    3 ‖ commit u64 ‖ set mark (32) ‖ pieces u64 ‖ zeros
//! ```
//!
//! *commit* is the counter of the batch that wrote the piece: head and tails of one value carry the same.
//!
//! sled takes a flipped bit for the torn end of its log and brings old values back, whose seals are sound. So every batch
//! also writes the **set mark**: the exclusive or of PRF(set key; name, nonce, tag) over all pieces. A set of records
//! that is not exactly the one of the newest commit record has another mark.

use crypto::{Context, PrfKey, Rng, Secret, aead};
use proto::Key;
use zeroize::Zeroizing;

use crate::header::Keys;

/// Longest stored value: above 8 KiB sled moves values to files that it never syncs.
pub(crate) const PIECE_LEN: usize = 4096;
/// Longest value of one record. Larger things are files of their own (STORAGE rule 5).
pub(crate) const VALUE_LIMIT: usize = (1 << 20) + (64 << 10);

const PIECE_LEN_MIN: usize = 256;
const OVERHEAD: usize = aead::NONCE_LEN + aead::TAG_LEN;
const PLAIN_LEN: usize = PIECE_LEN - OVERHEAD;
const PLAIN_LEN_MIN: usize = PIECE_LEN_MIN - OVERHEAD;
const HEAD_LEN: usize = 1 + 8 + 2;
const TAIL_LEN: usize = 1 + 8;
const VERSION: u8 = 1;

const BLOCKS: Context = Context::new("vigil store blocks v1");
const SET: Context = Context::new("vigil store set v1");

/// What a record is called in the engine.
pub(crate) type Name = [u8; 16];
/// The mark of one piece, or the exclusive or of several.
pub(crate) type Mark = [u8; 32];

/// The stored bytes are not what we wrote.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a record is not what was written")]
pub(crate) struct Damaged;

/// What the newest batch says about the whole.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Commit {
    /// Batches so far.
    pub(crate) counter: u64,
    /// Exclusive or of the marks of all pieces.
    pub(crate) set: Mark,
    /// Number of pieces.
    pub(crate) pieces: u64,
}

impl Commit {
    /// Adds a piece that appears, or takes out one that goes: the exclusive or does both.
    pub(crate) fn toggle(&mut self, mark: &Mark) {
        for (sum, byte) in self.set.iter_mut().zip(mark) {
            *sum ^= byte;
        }
    }
}

/// Names and seals records with the keys of one generation.
pub(crate) struct Records {
    generation: u64,
    index: PrfKey,
    set: PrfKey,
    block: Secret<32>,
}

/// One opened piece.
pub(crate) enum Piece {
    /// Piece 0: how many there are, and the start of the body.
    Head {
        commit: u64,
        pieces: u16,
        body: Zeroizing<Vec<u8>>,
    },
    /// A later piece.
    Tail {
        commit: u64,
        body: Zeroizing<Vec<u8>>,
    },
    /// The commit record.
    Commit(Commit),
}

impl Records {
    /// With these keys. All records are in one block so far; its key hangs on ROOT like those of later blocks will.
    pub(crate) fn new(keys: &Keys) -> Self {
        let block = PrfKey::derive(&keys.root, BLOCKS)
            .secret(&[&keys.generation.to_be_bytes(), &keys.directory]);
        Self {
            generation: keys.generation,
            index: PrfKey::new(keys.index.clone()),
            set: PrfKey::derive(&keys.root, SET),
            block,
        }
    }

    /// The name of one piece of a record.
    pub(crate) fn name(&self, key: &Key, piece: u16) -> Name {
        shorten(
            self.index
                .evaluate(&[&key.to_bytes(), &piece.to_be_bytes()]),
        )
    }

    /// The name of the commit record. It has no parts, records have two: they cannot meet.
    pub(crate) fn commit_name(&self) -> Name {
        shorten(self.index.evaluate(&[]))
    }

    /// Seals a record into named pieces.
    pub(crate) fn seal(
        &self,
        key: &Key,
        value: &[u8],
        commit: u64,
        rng: &mut Rng,
    ) -> Vec<(Name, Vec<u8>)> {
        let pieces = cut(key, value, commit);
        let numbered = (0..=u16::MAX).zip(&pieces);
        numbered
            .map(|(number, plain)| {
                let name = self.name(key, number);
                (name, self.seal_piece(&name, plain, rng))
            })
            .collect()
    }

    /// Seals the commit record.
    pub(crate) fn seal_commit(&self, commit: &Commit, rng: &mut Rng) -> Vec<u8> {
        let mut plain = Zeroizing::new(Vec::with_capacity(PLAIN_LEN_MIN));
        plain.push(3);
        plain.extend_from_slice(&commit.counter.to_be_bytes());
        plain.extend_from_slice(&commit.set);
        plain.extend_from_slice(&commit.pieces.to_be_bytes());
        plain.resize(PLAIN_LEN_MIN, 0);
        self.seal_piece(&self.commit_name(), &plain, rng)
    }

    fn seal_piece(&self, name: &Name, plain: &[u8], rng: &mut Rng) -> Vec<u8> {
        let nonce = rng.array();
        let mut stored = Vec::with_capacity(plain.len() + OVERHEAD);
        stored.extend_from_slice(&nonce);
        stored.extend(aead::seal(
            &self.block,
            &nonce,
            &self.associated(name),
            plain,
        ));
        stored
    }

    /// Opens whatever is stored under `name`.
    pub(crate) fn open(&self, name: &Name, stored: &[u8]) -> Result<Piece, Damaged> {
        let (nonce, sealed) = stored.split_first_chunk().ok_or(Damaged)?;
        let plain =
            aead::open(&self.block, nonce, &self.associated(name), sealed).map_err(|_| Damaged)?;
        parse_piece(&plain).ok_or(Damaged)
    }

    /// The mark of a stored piece. Nonce and tag stand for its content: no two seals of ours share both.
    pub(crate) fn mark(&self, name: &Name, stored: &[u8]) -> Mark {
        let nonce = &stored[..stored.len().min(aead::NONCE_LEN)];
        let tag = &stored[stored.len().saturating_sub(aead::TAG_LEN)..];
        self.set.evaluate(&[name, nonce, tag])
    }

    fn associated(&self, name: &Name) -> [u8; 25] {
        let mut associated = [VERSION; 25];
        associated[1..17].copy_from_slice(name);
        associated[17..].copy_from_slice(&self.generation.to_be_bytes());
        associated
    }
}

fn shorten(value: [u8; 32]) -> Name {
    let [name, _] = [value.first_chunk::<16>(), value.last_chunk::<16>()];
    name.copied().unwrap_or_default()
}

/// Cuts a record into the plaintexts of its pieces.
fn cut(key: &Key, value: &[u8], commit: u64) -> Vec<Zeroizing<Vec<u8>>> {
    let key = key.to_bytes();
    let body_len = 1 + key.len() + 4 + value.len();
    let padded = padded_body_len(body_len);
    let mut body = Zeroizing::new(Vec::with_capacity(padded));
    body.push(u8::try_from(key.len()).unwrap_or(u8::MAX));
    body.extend_from_slice(&key);
    body.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
    body.extend_from_slice(value);
    body.resize(padded, 0);

    let (first, rest) = body.split_at(padded.min(PLAIN_LEN - HEAD_LEN));
    let tails = rest.chunks(PLAIN_LEN - TAIL_LEN);
    let pieces = u16::try_from(tails.len() + 1).unwrap_or(u16::MAX);
    let head = [
        &[1],
        commit.to_be_bytes().as_slice(),
        &pieces.to_be_bytes(),
        first,
    ]
    .concat();
    let mut plain = vec![Zeroizing::new(head)];
    plain.extend(
        tails.map(|tail| Zeroizing::new([&[2], commit.to_be_bytes().as_slice(), tail].concat())),
    );
    plain
}

/// Length of the body such that one piece has a Padmé length, and a longer value a Padmé length in all.
fn padded_body_len(body: usize) -> usize {
    let single = HEAD_LEN + body + OVERHEAD;
    if single <= PIECE_LEN {
        return padme(single).clamp(PIECE_LEN_MIN, PIECE_LEN) - OVERHEAD - HEAD_LEN;
    }
    let padded = padme(body);
    let last = (padded - (PLAIN_LEN - HEAD_LEN)) % (PLAIN_LEN - TAIL_LEN);
    // The last piece, too, has at least the length of the shortest record.
    let short = (PLAIN_LEN_MIN - TAIL_LEN).saturating_sub(last);
    if last == 0 { padded } else { padded + short }
}

/// Padmé (Nikitin and others, PURBs, 2019): at most 12 % longer, and only O(log log n) bits of the length leak.
fn padme(length: usize) -> usize {
    let exponent = length.max(2).ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1 << exponent.saturating_sub(kept)) - 1;
    (length + mask) & !mask
}

pub(crate) fn parse_piece(plain: &[u8]) -> Option<Piece> {
    let (kind, rest) = plain.split_first()?;
    let (commit, rest) = rest
        .split_first_chunk()
        .map(|(n, rest)| (u64::from_be_bytes(*n), rest))?;
    match kind {
        1 => {
            let (pieces, body) = rest.split_first_chunk()?;
            let pieces = u16::from_be_bytes(*pieces);
            let body = Zeroizing::new(body.to_vec());
            (pieces > 0).then_some(Piece::Head {
                commit,
                pieces,
                body,
            })
        }
        2 => Some(Piece::Tail {
            commit,
            body: Zeroizing::new(rest.to_vec()),
        }),
        3 => {
            let (set, rest) = rest.split_first_chunk()?;
            let (pieces, _) = rest.split_first_chunk()?;
            let pieces = u64::from_be_bytes(*pieces);
            Some(Piece::Commit(Commit {
                counter: commit,
                set: *set,
                pieces,
            }))
        }
        _ => None,
    }
}

/// Reads a record from its whole body.
pub(crate) fn parse_body(body: &[u8]) -> Option<(Key, Zeroizing<Vec<u8>>)> {
    let (key_len, rest) = body.split_first()?;
    let (key, rest) = rest.split_at_checked(usize::from(*key_len))?;
    let (length, rest) = rest.split_first_chunk()?;
    let value = rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((Key::from_bytes(key)?, Zeroizing::new(value.to_vec())))
}

#[cfg(test)]
#[path = "tests/record.rs"]
mod tests;
