//! The header file: which keys open the records, sealed under the passphrase. Bytes only, no files.
//!
//! ```text
//! file, 8192 bytes   copy 0 (4096) ‖ copy 1 (4096)       same meaning; either alone opens the profile
//! copy, 4096 bytes   clear (64) ‖ slot 0..8 (320 each) ‖ random bytes (1472)
//! clear, 64 bytes    version u32 = 1 ‖ Argon2id memory KiB u32 ‖ passes u32 ‖ lanes u32 ‖ salt (32) ‖ random (16)
//! slot, 320 bytes    keys (256) ‖ anchor (64)             an unused slot is 320 random bytes
//! keys, 256 bytes    nonce (24) ‖ sealed under KEK (216) ‖ tag (16)
//!                    generation u64 ‖ ROOT (32) ‖ directory id (16) ‖ index key (32) ‖ zeros (128)
//!                    AAD: "k" ‖ slot number ‖ the first 48 bytes of the clear part
//! anchor, 64 bytes   nonce (24) ‖ sealed under a key derived from ROOT (24) ‖ tag (16)
//!                    commit counter u64 ‖ generation u64 ‖ zeros (8)
//!                    AAD: "a" ‖ slot number
//! ```
//!
//! Numbers are big endian. KEK = Argon2id(passphrase, salt). ROOT is the only key from which others are derived; the
//! *index key* names records and stays the same when ROOT changes, so that an erasure does not rename every record. The
//! *directory id* and *generation* change with ROOT: key erasure writes new keys here, in place, and what only the old
//! ROOT could open is gone. The 128 zero bytes are room for expiry state and a second directory.
//!
//! All slots of both copies are tried, in order, whichever opens: the time tells nothing about which slot is ours. A
//! second Argon2 runs only if the two clear parts differ, which takes damage.

use crypto::kdf::{KdfError, KdfParams, argon2id};
use crypto::{Context, PrfKey, Rng, Secret, aead};
use zeroize::Zeroizing;

use crate::Passphrase;

/// Length of one copy: a page, so that a torn write hits only one.
pub(crate) const COPY_LEN: usize = 4096;
/// Length of the file.
pub(crate) const HEADER_LEN: usize = 2 * COPY_LEN;

const VERSION: u32 = 1;
const SLOTS: u8 = 8;
const CLEAR_LEN: usize = 64;
const BOUND_LEN: usize = 48;
const KEYS_LEN: usize = 256;
const ANCHOR_LEN: usize = 64;
const SLOT_LEN: usize = KEYS_LEN + ANCHOR_LEN;
const KEYS_CONTENT_LEN: usize = KEYS_LEN - aead::NONCE_LEN - aead::TAG_LEN;
const ANCHOR_CONTENT_LEN: usize = ANCHOR_LEN - aead::NONCE_LEN - aead::TAG_LEN;

const ANCHOR: Context = Context::new("vigil store anchor v1");

/// What a slot holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Keys {
    /// Which ROOT this is, counted from 1.
    pub(crate) generation: u64,
    /// Opens everything else.
    pub(crate) root: Secret<32>,
    /// Names the directory record of this generation.
    pub(crate) directory: [u8; 16],
    /// Names records.
    pub(crate) index: Secret<32>,
}

impl Keys {
    /// Keys of a new profile.
    pub(crate) fn generate(rng: &mut Rng) -> Self {
        Self {
            generation: 1,
            root: rng.secret(),
            directory: rng.array(),
            index: rng.secret(),
        }
    }

    fn anchor_key(&self) -> Secret<32> {
        PrfKey::derive(&self.root, ANCHOR).secret(&[])
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut content = Zeroizing::new(Vec::with_capacity(KEYS_CONTENT_LEN));
        content.extend_from_slice(&self.generation.to_be_bytes());
        content.extend_from_slice(self.root.expose());
        content.extend_from_slice(&self.directory);
        content.extend_from_slice(self.index.expose());
        content.resize(KEYS_CONTENT_LEN, 0);
        content
    }

    pub(crate) fn decode(content: &[u8]) -> Option<Self> {
        let (generation, rest) = content.split_first_chunk::<8>()?;
        let (root, rest) = rest.split_first_chunk::<32>()?;
        let (directory, rest) = rest.split_first_chunk::<16>()?;
        let (index, _) = rest.split_first_chunk::<32>()?;
        Some(Self {
            generation: u64::from_be_bytes(*generation),
            root: Secret::from_bytes(*root),
            directory: *directory,
            index: Secret::from_bytes(*index),
        })
    }
}

/// The header as it is on disk, with the place of our slot.
pub(crate) struct Header {
    bytes: Box<[u8; HEADER_LEN]>,
    slot: u8,
}

/// What a passphrase opened.
pub(crate) struct Opened {
    /// The header, both copies sound for our slot.
    pub(crate) header: Header,
    /// Our keys.
    pub(crate) keys: Keys,
    /// The commit counter that the records must have reached; none if no copy has it, which takes damage.
    pub(crate) anchor: Option<u64>,
}

impl Header {
    /// A header for a new profile, anchored at `anchor`. Our slot is drawn, so that its place says nothing.
    pub(crate) fn create(
        passphrase: &Passphrase,
        params: KdfParams,
        keys: &Keys,
        anchor: u64,
        rng: &mut Rng,
    ) -> Result<Self, KdfError> {
        let mut bytes = Box::new([0; HEADER_LEN]);
        let clear = encode_clear(params, &rng.array());
        // Noise that is the same in both copies: a used slot is, too.
        rng.fill(&mut bytes[..COPY_LEN]);
        bytes[..BOUND_LEN].copy_from_slice(&clear);
        bytes.copy_within(..COPY_LEN, COPY_LEN);
        let kek = argon2id(passphrase.expose().as_bytes(), &salt(&clear), params)?;
        let slot = u8::try_from(rng.below(u64::from(SLOTS))).unwrap_or(0);
        let mut header = Self { bytes, slot };
        header.set_keys(&kek, keys, rng);
        header.set_anchor(keys, anchor, rng);
        Ok(header)
    }

    /// Tries a passphrase on the bytes of a header file, which may be damaged in any way. Nothing if no slot opens.
    pub(crate) fn open(file: &[u8], passphrase: &Passphrase) -> Option<Opened> {
        let mut bytes = Box::new([0; HEADER_LEN]);
        let length = file.len().min(HEADER_LEN);
        bytes[..length].copy_from_slice(&file[..length]);
        let keks = stretch(&bytes, passphrase);

        let mut best: Option<(usize, u8, Keys, Option<u64>)> = None;
        for (copy, kek) in keks.iter().enumerate() {
            for slot in 0..SLOTS {
                let Some((keys, anchor)) = open_slot(&bytes, copy, slot, kek.as_ref()) else {
                    continue;
                };
                let newer = best.as_ref().is_none_or(|(_, _, known, reached)| {
                    (keys.generation, anchor) > (known.generation, *reached)
                });
                if newer {
                    best = Some((copy, slot, keys, anchor));
                }
            }
        }
        let (copy, slot, keys, anchor) = best?;
        Some(Opened {
            header: Self::repair(bytes, copy, slot),
            keys,
            anchor,
        })
    }

    /// Makes the other copy say the same as `good`: our slot always, everything if its clear part is damaged. Other
    /// slots stay as they are in each copy: we cannot tell which of two is sound.
    fn repair(mut bytes: Box<[u8; HEADER_LEN]>, good: usize, slot: u8) -> Self {
        let (first, second) = bytes.split_at_mut(COPY_LEN);
        let (from, to) = if good == 0 {
            (first, second)
        } else {
            (second, first)
        };
        if from[..BOUND_LEN] == to[..BOUND_LEN] {
            let place = slot_start(slot);
            to[place..place + SLOT_LEN].copy_from_slice(&from[place..place + SLOT_LEN]);
        } else {
            to.copy_from_slice(from);
        }
        Self { bytes, slot }
    }

    /// One copy's bytes.
    pub(crate) fn copy(&self, copy: usize) -> &[u8] {
        &self.bytes[copy * COPY_LEN..][..COPY_LEN]
    }

    /// Seals the commit counter that the records have reached. The other slots' bytes stay.
    pub(crate) fn set_anchor(&mut self, keys: &Keys, counter: u64, rng: &mut Rng) {
        let mut content = [0; ANCHOR_CONTENT_LEN];
        content[..8].copy_from_slice(&counter.to_be_bytes());
        content[8..16].copy_from_slice(&keys.generation.to_be_bytes());
        let sealed = seal(
            &keys.anchor_key(),
            &anchor_associated(self.slot),
            &content,
            rng,
        );
        for copy in 0..2 {
            let start = copy * COPY_LEN + slot_start(self.slot) + KEYS_LEN;
            self.bytes[start..start + ANCHOR_LEN].copy_from_slice(&sealed);
        }
    }

    /// Whether `passphrase` is the one of our slot.
    pub(crate) fn is_opened_by(&self, passphrase: &Passphrase) -> bool {
        let [kek, _] = stretch(&self.bytes, passphrase);
        open_slot(&self.bytes, 0, self.slot, kek.as_ref()).is_some()
    }

    /// Seals our slot under another passphrase. Salt and cost stay: other slots depend on them.
    pub(crate) fn set_passphrase(
        &mut self,
        passphrase: &Passphrase,
        keys: &Keys,
        rng: &mut Rng,
    ) -> Result<(), KdfError> {
        let [Some(kek), _] = stretch(&self.bytes, passphrase) else {
            return Err(KdfError);
        };
        self.set_keys(&kek, keys, rng);
        Ok(())
    }

    fn set_keys(&mut self, kek: &Secret<32>, keys: &Keys, rng: &mut Rng) {
        let associated = keys_associated(self.slot, &self.bytes[..BOUND_LEN]);
        let sealed = seal(kek, &associated, &keys.encode(), rng);
        for copy in 0..2 {
            let start = copy * COPY_LEN + slot_start(self.slot);
            self.bytes[start..start + KEYS_LEN].copy_from_slice(&sealed);
        }
    }
}

/// The key for each copy; one Argon2 for both unless their clear parts differ.
fn stretch(bytes: &[u8; HEADER_LEN], passphrase: &Passphrase) -> [Option<Secret<32>>; 2] {
    let clear = |copy: usize| &bytes[copy * COPY_LEN..][..BOUND_LEN];
    let derive = |clear: &[u8]| {
        let params = decode_clear(clear)?;
        argon2id(passphrase.expose().as_bytes(), &salt(clear), params).ok()
    };
    let first = derive(clear(0));
    let second = if clear(0) == clear(1) {
        first.clone()
    } else {
        derive(clear(1))
    };
    [first, second]
}

fn encode_clear(params: KdfParams, salt: &[u8; 32]) -> [u8; BOUND_LEN] {
    let mut clear = [0; BOUND_LEN];
    clear[..4].copy_from_slice(&VERSION.to_be_bytes());
    clear[4..8].copy_from_slice(&params.memory_kib.to_be_bytes());
    clear[8..12].copy_from_slice(&params.passes.to_be_bytes());
    clear[12..16].copy_from_slice(&params.lanes.to_be_bytes());
    clear[16..].copy_from_slice(salt);
    clear
}

/// See [`decode_clear`]; of bytes of any length.
#[cfg(any(test, fuzzing))]
pub(crate) fn clear_part(bytes: &[u8]) -> Option<KdfParams> {
    decode_clear(bytes.get(..BOUND_LEN)?)
}

/// The parameters, if we know the version and are willing to spend that much.
fn decode_clear(clear: &[u8]) -> Option<KdfParams> {
    let number = |at: usize| {
        clear[at..]
            .first_chunk()
            .map(|bytes| u32::from_be_bytes(*bytes))
    };
    if number(0)? != VERSION {
        return None;
    }
    let params = KdfParams {
        memory_kib: number(4)?,
        passes: number(8)?,
        lanes: number(12)?,
    };
    params.is_bounded().then_some(params)
}

fn salt(clear: &[u8]) -> [u8; 32] {
    let mut salt = [0; 32];
    salt.copy_from_slice(&clear[16..BOUND_LEN]);
    salt
}

const fn slot_start(slot: u8) -> usize {
    CLEAR_LEN + slot as usize * SLOT_LEN
}

fn open_slot(
    bytes: &[u8; HEADER_LEN],
    copy: usize,
    slot: u8,
    kek: Option<&Secret<32>>,
) -> Option<(Keys, Option<u64>)> {
    let copy = &bytes[copy * COPY_LEN..][..COPY_LEN];
    let (keys, anchor) = copy[slot_start(slot)..][..SLOT_LEN].split_at(KEYS_LEN);
    let associated = keys_associated(slot, &copy[..BOUND_LEN]);
    let keys = Keys::decode(&unseal(kek?, &associated, keys)?)?;
    let anchor = unseal(&keys.anchor_key(), &anchor_associated(slot), anchor).and_then(|content| {
        let (counter, rest) = content.split_first_chunk()?;
        let (generation, _) = rest.split_first_chunk()?;
        (u64::from_be_bytes(*generation) == keys.generation).then(|| u64::from_be_bytes(*counter))
    });
    Some((keys, anchor))
}

fn keys_associated(slot: u8, clear: &[u8]) -> Vec<u8> {
    [&[b'k', slot], clear].concat()
}

const fn anchor_associated(slot: u8) -> [u8; 2] {
    [b'a', slot]
}

fn seal(key: &Secret<32>, associated: &[u8], content: &[u8], rng: &mut Rng) -> Vec<u8> {
    let nonce = rng.array();
    let mut sealed = nonce.to_vec();
    sealed.extend(aead::seal(key, &nonce, associated, content));
    sealed
}

fn unseal(key: &Secret<32>, associated: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk()?;
    aead::open(key, nonce, associated, sealed).ok()
}

#[cfg(test)]
#[path = "tests/header.rs"]
mod tests;
