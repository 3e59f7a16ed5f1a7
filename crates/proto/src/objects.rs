//! Signed objects beside the logs, of which the newest per member wins: peer cards and acks (PROTOCOL §1, §5).

use crypto::{Label, Secret, SigningKey, VerifyingKey};
use model::{Address, CellId, LogId, MemberId, PeerId};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::config::{ADDRESSES_PER_CARD, ANSWERS_PER_ACK, LOGS_PER_CELL};
use crate::envelope::LogTag;
use crate::wire::{Bytes, Malformed, decode, encode};

const CARD: Label = Label::new("vigil/card/v1");
const CARD_PEER: Label = Label::new("vigil/card-peer/v1");
const ACK: Label = Label::new("vigil/ack/v1");

/// Bytes with two signatures or one: `body<V> ‖ signature 64 ‖ signature by the peer key 64`.
#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Signed {
    body: Bytes,
    signature: [u8; 64],
    peer_signature: Option<[u8; 64]>,
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct CardBody {
    cell: [u8; 32],
    member: [u8; 32],
    peer: [u8; 32],
    version: u64,
    door: [u8; 32],
    addresses: Vec<Bytes>,
}

/// Maps a member to the peer where they can be reached, and how. Signed by both keys: nobody can claim another's peer.
#[derive(Clone)]
pub(crate) struct PeerCard {
    pub(crate) member: MemberId,
    pub(crate) peer: PeerId,
    pub(crate) version: u64,
    pub(crate) door: Secret<32>,
    pub(crate) addresses: Vec<Address>,
    bytes: Vec<u8>,
}

/// What goes into a card of ours.
pub(crate) struct CardDraft<'a> {
    pub(crate) cell: CellId,
    pub(crate) version: u64,
    pub(crate) door: &'a Secret<32>,
    pub(crate) addresses: &'a [Address],
}

impl PeerCard {
    /// Signs a card of ours.
    pub(crate) fn sign(
        draft: &CardDraft<'_>,
        identity: &SigningKey,
        peer_key: &SigningKey,
    ) -> Self {
        let member = MemberId::from_bytes(identity.verifying_key().to_bytes());
        let peer = PeerId::from_bytes(peer_key.verifying_key().to_bytes());
        let addresses: Vec<Address> = draft
            .addresses
            .iter()
            .take(ADDRESSES_PER_CARD)
            .cloned()
            .collect();
        let body = encode(&CardBody {
            cell: *draft.cell.as_bytes(),
            member: *member.as_bytes(),
            peer: *peer.as_bytes(),
            version: draft.version,
            door: *draft.door.expose(),
            addresses: addresses
                .iter()
                .map(|address| address.expose().as_bytes().into())
                .collect(),
        });
        let signed = Signed {
            signature: identity.sign(CARD, &body),
            peer_signature: Some(peer_key.sign(CARD_PEER, &body)),
            body: body.into(),
        };
        Self {
            member,
            peer,
            version: draft.version,
            door: draft.door.clone(),
            addresses,
            bytes: encode(&signed),
        }
    }

    /// Checks a card from anywhere.
    pub(crate) fn check(cell: &CellId, bytes: &[u8]) -> Result<Self, Malformed> {
        let signed: Signed = decode(bytes)?;
        let body: CardBody = decode(signed.body.as_slice())?;
        if body.cell != *cell.as_bytes() || body.addresses.len() > ADDRESSES_PER_CARD {
            return Err(Malformed);
        }
        let peer_signature = signed.peer_signature.ok_or(Malformed)?;
        verify(
            &body.member,
            CARD,
            signed.body.as_slice(),
            &signed.signature,
        )?;
        verify(
            &body.peer,
            CARD_PEER,
            signed.body.as_slice(),
            &peer_signature,
        )?;
        let addresses = body.addresses.iter().map(|address| {
            let text = std::str::from_utf8(address.as_slice()).map_err(|_| Malformed)?;
            Address::parse(text).map_err(|_| Malformed)
        });
        Ok(Self {
            member: MemberId::from_bytes(body.member),
            peer: PeerId::from_bytes(body.peer),
            version: body.version,
            door: Secret::from_bytes(body.door),
            addresses: addresses.collect::<Result<_, _>>()?,
            bytes: bytes.to_vec(),
        })
    }

    /// The card as it is stored and sent.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[derive(TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct AckBody {
    cell: [u8; 32],
    log: [u8; LogId::LEN],
    version: u64,
    start: Start,
    entries: Vec<AckEntry>,
    answers: Vec<Answer>,
}

#[derive(Clone, Copy, Debug, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct AckEntry {
    tag: LogTag,
    next: u64,
}

/// Names one start of a member's device: drawn then and never read back from the disk, so that no disk that is put back
/// brings an old one back to life (PROTOCOL §2).
pub(crate) type Start = [u8; 16];

/// The signer has heard of this start of the author of this log, and their copy of the log ends in this head.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Answer {
    pub(crate) tag: LogTag,
    pub(crate) start: Start,
    pub(crate) head: [u8; 16],
}

/// How far a member says their copies reach. Signed, newest wins, never acked itself.
#[derive(Clone)]
pub(crate) struct Ack {
    pub(crate) log: LogId,
    /// Milliseconds since the Unix epoch on the author's clock: newest wins, and silence shows.
    pub(crate) version: u64,
    /// The start of its author's device in which it was signed.
    pub(crate) start: Start,
    pub(crate) entries: Vec<(LogTag, u64)>,
    /// The newest starts of others of which its author had heard.
    pub(crate) answers: Vec<Answer>,
    bytes: Vec<u8>,
}

/// What goes into an ack of ours.
pub(crate) struct AckDraft {
    pub(crate) cell: CellId,
    pub(crate) log: LogId,
    pub(crate) version: u64,
    pub(crate) start: Start,
    pub(crate) entries: Vec<(LogTag, u64)>,
    pub(crate) answers: Vec<Answer>,
}

impl Ack {
    /// Signs an ack of ours.
    pub(crate) fn sign(draft: AckDraft, identity: &SigningKey) -> Self {
        let entries = draft.entries.iter();
        let body = encode(&AckBody {
            cell: *draft.cell.as_bytes(),
            log: draft.log.to_bytes(),
            version: draft.version,
            start: draft.start,
            entries: entries
                .map(|(tag, next)| AckEntry {
                    tag: *tag,
                    next: *next,
                })
                .collect(),
            answers: draft.answers.clone(),
        });
        let signed = Signed {
            signature: identity.sign(ACK, &body),
            peer_signature: None,
            body: body.into(),
        };
        Self {
            log: draft.log,
            version: draft.version,
            start: draft.start,
            entries: draft.entries,
            answers: draft.answers,
            bytes: encode(&signed),
        }
    }

    /// Checks an ack from anywhere.
    pub(crate) fn check(cell: &CellId, bytes: &[u8]) -> Result<Self, Malformed> {
        let signed: Signed = decode(bytes)?;
        let body: AckBody = decode(signed.body.as_slice())?;
        let log = LogId::from_slice(&body.log).ok_or(Malformed)?;
        if body.cell != *cell.as_bytes()
            || body.entries.len() > LOGS_PER_CELL
            || body.answers.len() > ANSWERS_PER_ACK
            || signed.peer_signature.is_some()
        {
            return Err(Malformed);
        }
        verify(
            log.member.as_bytes(),
            ACK,
            signed.body.as_slice(),
            &signed.signature,
        )?;
        let entries = body
            .entries
            .iter()
            .map(|entry| (entry.tag, entry.next))
            .collect();
        Ok(Self {
            log,
            version: body.version,
            start: body.start,
            entries,
            answers: body.answers,
            bytes: bytes.to_vec(),
        })
    }

    /// What it says to one start of the author of this log: how far the signer's copy reaches, and its head.
    pub(crate) fn answer(&self, tag: &LogTag, start: &Start) -> Option<(u64, [u8; 16])> {
        let mut answers = self.answers.iter();
        let to_this = |answer: &Answer| answer.start == *start || mutant!(AnswerToOldStart);
        let answer = answers.find(|answer| answer.tag == *tag && to_this(answer))?;
        Some((self.next(tag), answer.head))
    }

    /// How far the copy of this log reaches.
    pub(crate) fn next(&self, tag: &LogTag) -> u64 {
        self.entries
            .iter()
            .find(|(known, _)| known == tag)
            .map_or(0, |(_, next)| *next)
    }

    /// The ack as it is stored and sent.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn verify(
    key: &[u8; 32],
    label: Label,
    body: &[u8],
    signature: &[u8; 64],
) -> Result<(), Malformed> {
    let key = VerifyingKey::parse(key).map_err(|_| Malformed)?;
    key.verify(label, body, signature).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use model::Incarnation;

    use super::*;

    const CELL: CellId = CellId::from_bytes([9; 32]);

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(&Secret::from_bytes([seed; 32]))
    }

    fn card() -> PeerCard {
        let addresses = [Address::parse("/ip4/127.0.0.1/tcp/1").unwrap()];
        let draft = CardDraft {
            cell: CELL,
            version: 7,
            door: &Secret::from_bytes([4; 32]),
            addresses: &addresses,
        };
        PeerCard::sign(&draft, &key(1), &key(2))
    }

    #[test]
    fn a_card_is_read_back_and_belongs_to_one_cell() {
        let read = PeerCard::check(&CELL, card().as_bytes()).unwrap();
        assert_eq!(
            (read.member, read.peer, read.addresses),
            (card().member, card().peer, card().addresses)
        );
        assert!(PeerCard::check(&CellId::from_bytes([8; 32]), card().as_bytes()).is_err());
    }

    #[test]
    fn a_card_for_somebody_elses_peer_is_refused() {
        let mut signed: Signed = decode(card().as_bytes()).unwrap();
        signed.peer_signature = Some(key(3).sign(CARD_PEER, signed.body.as_slice()));
        assert!(PeerCard::check(&CELL, &encode(&signed)).is_err());
        signed.peer_signature = None;
        assert!(PeerCard::check(&CELL, &encode(&signed)).is_err());
    }

    #[test]
    fn changed_bytes_of_card_or_ack_are_refused() {
        let log = LogId {
            member: card().member,
            incarnation: Incarnation::from_bytes([1; 16]),
        };
        let draft = AckDraft {
            cell: CELL,
            log,
            version: 3,
            start: [2; 16],
            entries: vec![([1; 16], 5)],
            answers: vec![Answer {
                tag: [1; 16],
                start: [6; 16],
                head: [7; 16],
            }],
        };
        let ack = Ack::sign(draft, &key(1));
        let read = Ack::check(&CELL, ack.as_bytes()).unwrap();
        assert_eq!((read.next(&[1; 16]), read.start), (5, [2; 16]));
        assert_eq!(read.answer(&[1; 16], &[6; 16]), Some((5, [7; 16])));
        assert_eq!(read.answer(&[1; 16], &[2; 16]), None, "another start");
        assert_eq!(read.answer(&[6; 16], &[6; 16]), None, "another log");
        for at in 0..ack.as_bytes().len() {
            let mut bytes = ack.as_bytes().to_vec();
            bytes[at] ^= 0x40;
            assert!(Ack::check(&CELL, &bytes).is_err(), "byte {at} of the ack");
        }
        for at in 0..card().as_bytes().len() {
            let mut bytes = card().as_bytes().to_vec();
            bytes[at] ^= 0x40;
            assert!(
                PeerCard::check(&CELL, &bytes).is_err(),
                "byte {at} of the card"
            );
        }
    }
}
