//! The signed unit of a log (PROTOCOL §2).
//!
//! ```text
//! header    u8 version ‖ cell 32 ‖ author 32 ‖ incarnation 16 ‖ u64 seq ‖ previous 32 ‖ u64 order
//!           ‖ seen<V> of (tag 16 ‖ u64 next ‖ head 16) ‖ heads<V> of 32 ‖ u8 kind ‖ u64 sent-at ‖ u32 lifetime
//!           ‖ payload-hash 32
//! envelope  header<V> ‖ signature 64 ‖ payload<V>
//! ```
//! An [`EnvelopeIn`] is what a peer gave us; the one way to an [`Envelope`] is [`EnvelopeIn::check`].

use crypto::{Context, Label, SigningKey, VerifyingKey, hash};
use model::{CellId, EnvelopeId, Incarnation, LogId, MemberId, OpId, Timestamp};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::config::{ENVELOPE_LIMIT, HEADS_PER_ENVELOPE, SEEN_PER_ENVELOPE};
use crate::wire::{Bytes, FrontierEntry, Malformed, decode, encode};

const LABEL: Label = Label::new("vigil/header/v1");
const ID: Context = Context::new("vigil envelope id v1");
const PAYLOAD: Context = Context::new("vigil envelope payload v1");
const ASSOCIATED: Context = Context::new("vigil envelope associated data v1");
const TAG: Context = Context::new("vigil log tag v1");
const VERSION: u8 = 1;

/// Names a log within a cell on the wire: shorter than its id and telling nothing to who lacks it.
pub(crate) type LogTag = [u8; 16];

/// The tag of a log.
pub(crate) fn log_tag(cell: &CellId, log: &LogId) -> LogTag {
    truncated(&hash(TAG, &[cell.as_bytes(), &log.to_bytes()]))
}

/// The first 16 bytes of a hash, as frontiers carry it.
pub(crate) fn truncated(hash: &[u8; 32]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

/// What an envelope carries.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Kind {
    /// One MLS application message: content sealed for the roster.
    Application = 1,
    /// One MLS commit and, if it adds somebody, its welcome.
    Commit = 2,
}

/// The payload of [`Kind::Commit`].
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct CommitPayload {
    pub(crate) commit: Bytes,
    /// Empty if nobody was added.
    pub(crate) welcome: Bytes,
}

/// What is signed.
#[derive(Clone, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Header {
    version: u8,
    cell: [u8; 32],
    author: [u8; 32],
    incarnation: [u8; 16],
    pub(crate) seq: u64,
    pub(crate) previous: [u8; 32],
    pub(crate) order: u64,
    pub(crate) seen: Vec<FrontierEntry>,
    pub(crate) heads: Vec<[u8; 32]>,
    pub(crate) kind: Kind,
    sent_at: u64,
    pub(crate) lifetime: u32,
    payload_hash: [u8; 32],
}

/// What an author decides about an envelope before its payload exists.
pub(crate) struct Draft {
    pub(crate) cell: CellId,
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) previous: [u8; 32],
    pub(crate) order: u64,
    pub(crate) seen: Vec<FrontierEntry>,
    pub(crate) heads: Vec<OpId>,
    pub(crate) kind: Kind,
    pub(crate) sent_at: Timestamp,
    pub(crate) lifetime_s: u32,
}

impl Draft {
    fn header(&self, payload_hash: [u8; 32]) -> Header {
        Header {
            version: VERSION,
            cell: *self.cell.as_bytes(),
            author: *self.log.member.as_bytes(),
            incarnation: *self.log.incarnation.as_bytes(),
            seq: self.seq,
            previous: self.previous,
            order: self.order,
            seen: self.seen.clone(),
            heads: self.heads.iter().map(|head| *head.as_bytes()).collect(),
            kind: self.kind,
            sent_at: self.sent_at.as_millis(),
            lifetime: self.lifetime_s,
            payload_hash,
        }
    }

    /// The MLS `authenticated_data`: a hash over the header without payload hash, so that a sealed payload fits this
    /// one place in this one log.
    pub(crate) fn associated_data(&self) -> [u8; 32] {
        hash(ASSOCIATED, &[&encode(&self.header([0; 32]))])
    }

    /// Signs the envelope.
    pub(crate) fn sign(&self, payload: Vec<u8>, key: &SigningKey) -> Envelope {
        let header = self.header(hash(PAYLOAD, &[&payload]));
        let header_bytes = encode(&header);
        let signature = key.sign(LABEL, &header_bytes);
        Envelope::assemble(
            header,
            EnvelopeIn {
                header: header_bytes.into(),
                signature,
                payload: payload.into(),
            },
        )
    }
}

/// An envelope as a peer or a record gives it. Nothing in it is to be believed.
#[derive(Clone, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct EnvelopeIn {
    header: Bytes,
    signature: [u8; 64],
    payload: Bytes,
}

impl EnvelopeIn {
    /// Takes the bytes apart.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > ENVELOPE_LIMIT {
            return Err(Malformed);
        }
        decode(bytes)
    }

    /// The name it would have if it were good: enough to drop what we already hold before any signature is checked.
    pub(crate) fn id(&self) -> EnvelopeId {
        EnvelopeId::from_bytes(hash(ID, &[self.header.as_slice()]))
    }

    /// Where it says it belongs: enough to find a copy that we already hold.
    pub(crate) fn claimed_place(&self) -> Option<(LogId, u64)> {
        let header: Header = decode(self.header.as_slice()).ok()?;
        Some((header.log(), header.seq))
    }

    /// Checks everything that can be checked without knowing the log: version, cell, limits, payload, signature.
    pub(crate) fn check(self, cell: &CellId) -> Result<Envelope, Malformed> {
        let header = check_header(cell, self.header.as_slice(), &self.signature)?;
        if hash(PAYLOAD, &[self.payload.as_slice()]) != header.payload_hash {
            return Err(Malformed);
        }
        Ok(Envelope::assemble(header, self))
    }

    /// Reads back an envelope from a record of ours, which was checked before it was stored.
    pub(crate) fn trust(self) -> Result<Envelope, Malformed> {
        let header: Header = decode(self.header.as_slice())?;
        Ok(Envelope::assemble(header, self))
    }
}

/// An envelope whose signature holds.
#[derive(Clone)]
pub(crate) struct Envelope {
    id: EnvelopeId,
    header: Header,
    parts: EnvelopeIn,
}

impl Envelope {
    fn assemble(header: Header, parts: EnvelopeIn) -> Self {
        Self {
            id: parts.id(),
            header,
            parts,
        }
    }

    pub(crate) fn id(&self) -> EnvelopeId {
        self.id
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn log(&self) -> LogId {
        self.header.log()
    }

    pub(crate) fn payload(&self) -> &[u8] {
        self.parts.payload.as_slice()
    }

    /// The whole envelope, to store and to send.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        encode(&self.parts)
    }

    /// Header and signature alone: one half of a proof of equivocation.
    pub(crate) fn signed_header(&self) -> Vec<u8> {
        encode(&SignedHeader {
            header: self.parts.header.clone(),
            signature: self.parts.signature,
        })
    }

    /// See [`Draft::associated_data`].
    pub(crate) fn associated_data(&self) -> [u8; 32] {
        hash(
            ASSOCIATED,
            &[&encode(&Header {
                payload_hash: [0; 32],
                ..self.header.clone()
            })],
        )
    }
}

impl Header {
    pub(crate) fn log(&self) -> LogId {
        LogId {
            member: MemberId::from_bytes(self.author),
            incarnation: Incarnation::from_bytes(self.incarnation),
        }
    }

    pub(crate) fn heads(&self) -> Vec<OpId> {
        self.heads
            .iter()
            .map(|head| OpId::from_bytes(*head))
            .collect()
    }
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct SignedHeader {
    header: Bytes,
    signature: [u8; 64],
}

/// Whether two signed headers prove that one incarnation signed two histories: two things in one place, or first that it
/// had seen more of a log and then that it had seen less. Gives the culprit.
pub(crate) fn equivocation(cell: &CellId, first: &[u8], second: &[u8]) -> Option<LogId> {
    let read = |bytes: &[u8]| {
        let signed: SignedHeader = decode(bytes).ok()?;
        check_header(cell, signed.header.as_slice(), &signed.signature).ok()
    };
    let (first, second) = (read(first)?, read(second)?);
    if first.log() != second.log() {
        return None;
    }
    let forked = first.seq == second.seq && first != second;
    let backwards = || {
        let (earlier, later) = if first.seq < second.seq {
            (&first, &second)
        } else {
            (&second, &first)
        };
        later.seen.iter().any(|entry| {
            let mut before = earlier.seen.iter();
            before.any(|before| before.tag == entry.tag && goes_back(before, entry))
        })
    };
    (forked || first.seq != second.seq && backwards()).then(|| first.log())
}

/// Whether somebody who named `before` in an envelope has lost something, or exchanged it, when they name `after` in a
/// later one. Copies of logs only grow.
pub(crate) fn goes_back(before: &FrontierEntry, after: &FrontierEntry) -> bool {
    after.next < before.next || after.next == before.next && after.head != before.head
}

fn check_header(cell: &CellId, bytes: &[u8], signature: &[u8; 64]) -> Result<Header, Malformed> {
    let header: Header = decode(bytes)?;
    let bounded = header.seen.len() <= SEEN_PER_ENVELOPE
        && (1..=HEADS_PER_ENVELOPE).contains(&header.heads.len());
    let first = header.seq == 0 && header.previous == [0; 32];
    let later = header.seq > 0 && header.seq < u64::MAX && header.previous != [0; 32];
    if header.version != VERSION || header.cell != *cell.as_bytes() || !bounded || !(first || later)
    {
        return Err(Malformed);
    }
    let key = VerifyingKey::parse(&header.author).map_err(|_| Malformed)?;
    key.verify(LABEL, bytes, signature).map_err(|_| Malformed)?;
    Ok(header)
}

#[cfg(test)]
mod tests {
    use crypto::Secret;
    use proptest::prelude::*;

    use super::*;

    const CELL: CellId = CellId::from_bytes([9; 32]);

    fn alice() -> SigningKey {
        SigningKey::from_seed(&Secret::from_bytes([1; 32]))
    }

    fn draft(seq: u64) -> Draft {
        let member = MemberId::from_bytes(alice().verifying_key().to_bytes());
        Draft {
            cell: CELL,
            log: LogId {
                member,
                incarnation: Incarnation::from_bytes([2; 16]),
            },
            seq,
            previous: if seq == 0 { [0; 32] } else { [5; 32] },
            order: seq + 1,
            seen: Vec::new(),
            heads: vec![OpId::from_bytes([3; 32])],
            kind: Kind::Application,
            sent_at: Timestamp::from_millis(60_000),
            lifetime_s: 0,
        }
    }

    #[test]
    fn a_signed_envelope_passes_its_check_and_keeps_its_name() {
        let envelope = draft(3).sign(b"sealed".to_vec(), &alice());
        let checked = EnvelopeIn::decode(&envelope.to_bytes())
            .unwrap()
            .check(&CELL)
            .unwrap();
        assert_eq!(checked.id(), envelope.id());
        assert_eq!(checked.associated_data(), draft(3).associated_data());
        assert_ne!(checked.associated_data(), draft(4).associated_data());
    }

    #[test]
    fn an_envelope_of_another_cell_is_refused() {
        let envelope = draft(0).sign(Vec::new(), &alice());
        let other = CellId::from_bytes([8; 32]);
        assert!(
            EnvelopeIn::decode(&envelope.to_bytes())
                .unwrap()
                .check(&other)
                .is_err()
        );
    }

    #[test]
    fn two_headers_in_one_place_are_a_proof_and_one_is_not() {
        let one = draft(3).sign(b"one".to_vec(), &alice()).signed_header();
        let two = draft(3).sign(b"two".to_vec(), &alice()).signed_header();
        let next = draft(4).sign(b"two".to_vec(), &alice()).signed_header();
        assert_eq!(equivocation(&CELL, &one, &two), Some(draft(3).log));
        assert_eq!(equivocation(&CELL, &one, &one), None);
        assert_eq!(equivocation(&CELL, &one, &next), None);
    }

    #[test]
    fn seen_that_goes_backwards_is_a_proof_and_seen_that_grows_is_none() {
        let seen = |seq, tag, next, head| {
            let entry = FrontierEntry {
                tag: [tag; 16],
                next,
                head: [head; 16],
            };
            let draft = Draft {
                seen: vec![entry],
                ..draft(seq)
            };
            draft.sign(b"sealed".to_vec(), &alice()).signed_header()
        };
        let culprit = Some(draft(3).log);
        for (first, second, proven) in [
            (seen(3, 1, 7, 7), seen(4, 1, 6, 6), culprit),
            (seen(4, 1, 6, 6), seen(3, 1, 7, 7), culprit),
            (seen(3, 1, 7, 7), seen(9, 1, 7, 8), culprit),
            (seen(3, 1, 7, 7), seen(4, 1, 8, 8), None),
            (seen(3, 1, 7, 7), seen(4, 1, 7, 7), None),
            (seen(3, 1, 7, 7), seen(4, 2, 6, 6), None),
        ] {
            assert_eq!(equivocation(&CELL, &first, &second), proven);
        }
    }

    proptest! {
        #[test]
        fn a_changed_envelope_is_refused(at in any::<prop::sample::Index>(), flip in 1u8..) {
            let mut bytes = draft(3).sign(b"sealed".to_vec(), &alice()).to_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            prop_assert!(EnvelopeIn::decode(&bytes).and_then(|envelope| envelope.check(&CELL)).is_err());
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(envelope) = EnvelopeIn::decode(&bytes) {
                prop_assert!(envelope.check(&CELL).is_err());
            }
        }
    }
}
