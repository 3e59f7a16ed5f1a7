//! What fuzzing calls: every decoder of bytes that a peer, a file or a pasted text brings.
//!
//! Compiled for tests and with `--cfg fuzzing` only; nothing that ships has it. A body panics if we read a value in two
//! ways, or take what nobody signed; what is malformed it must refuse.

use crypto::{Rng, Secret, SigningKey};
use model::{
    CellId, DisplayName, FileName, Incarnation, InviteId, MessageId, PeerId, Suite, Timestamp,
};

use crate::attachment::{Attachment, AttachmentIn};
use crate::carrier::CarrierKey;
use crate::carrier::bundle;
use crate::content::{Content, pad, unpad};
use crate::envelope::{EnvelopeIn, equivocation};
use crate::invite::{Host, Identity, InviteLink, Inviter, Newcomer};
use crate::membership::OperationIn;
use crate::objects::{Ack, PeerCard};
use crate::view::{About, Media};
use crate::wire::{Assembly, Item, encode, unpack};

const CELL: CellId = CellId::from_bytes([9; 32]);
const PEERS: [PeerId; 2] = [
    PeerId::from_bytes([0xa1; 32]),
    PeerId::from_bytes([0xb0; 32]),
];

/// The body of a target.
pub type Body = fn(&[u8]);

/// All of them, by name.
pub const TARGETS: [(&str, Body); 8] = [
    ("frame", frame),
    ("envelope", envelope),
    ("operation", operation),
    ("object", object),
    ("link", link),
    ("handshake", handshake),
    ("bundle", bundle_file),
    ("content", content),
];

/// What a peer sends: items, and fragments that become items.
pub fn frame(bytes: &[u8]) {
    let Ok(items) = unpack(bytes) else { return };
    let again: Vec<u8> = items.iter().flat_map(encode).collect();
    assert!(again == bytes, "a frame has one encoding");
    let mut assembly = Assembly::default();
    for item in items {
        if let Item::Fragment {
            transfer,
            index,
            count,
            bytes,
        } = item
        {
            let _whole = assembly.push(transfer, index, count, bytes.as_slice());
        }
    }
}

/// An envelope, and two of them as proof of an equivocation.
pub fn envelope(bytes: &[u8]) {
    if let Ok(envelope) = EnvelopeIn::decode(bytes) {
        assert!(encode(&envelope) == bytes, "an envelope has one encoding");
        let _place = (envelope.claimed_place(), envelope.id());
        if let Ok(envelope) = envelope.clone().trust() {
            let _names = (envelope.associated_data(), envelope.signed_header());
        }
        assert!(
            envelope.check(&CELL).is_err(),
            "nobody signed anything for this cell"
        );
    }
    let (first, second) = bytes.split_at(bytes.len() / 2);
    assert!(equivocation(&CELL, first, second).is_none());
}

/// A membership operation.
pub fn operation(bytes: &[u8]) {
    if let Ok(operation) = OperationIn::decode(bytes) {
        let _refused = operation.check(&CELL);
    }
}

/// What is signed beside the logs: cards and acks.
pub fn object(bytes: &[u8]) {
    assert!(PeerCard::check(&CELL, bytes).is_err());
    assert!(Ack::check(&CELL, bytes).is_err());
}

/// What somebody pasted, and what stands between its version and its checksum.
pub fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for text in [text.as_ref(), &InviteLink::text_around(bytes)] {
        if let Ok(link) = InviteLink::parse(text) {
            let again = InviteLink::parse(&link.to_text());
            assert!(again.is_ok_and(|again| again.to_text() == link.to_text()));
        }
    }
}

/// The messages of joining: the first byte says where in an honest conversation these stand instead of one of its own.
pub fn handshake(bytes: &[u8]) {
    let Some((turn, bytes)) = bytes.split_first() else {
        return;
    };
    let Some((mut inviter, mut newcomer, hello)) = conversation() else {
        return;
    };
    let mut said = hello;
    for number in 0..4 {
        if number == turn % 4 {
            bytes.clone_into(&mut said);
        }
        let answer = if number % 2 == 0 {
            inviter
                .handle(&said)
                .ok()
                .map(crate::invite::InviterStep::into_answer)
        } else {
            newcomer
                .handle(&said)
                .ok()
                .map(crate::invite::NewcomerStep::into_answer)
        };
        let Some(Some(next)) = answer else { break };
        said = next;
    }
    let _late = (
        inviter.handle(bytes).is_ok(),
        newcomer.handle(bytes).is_ok(),
    );
}

/// A bundle file, and what is in one that opens.
pub fn bundle_file(bytes: &[u8]) {
    let key = CarrierKey::from_secret(Secret::from_bytes([3; 32]));
    assert!(
        bundle::open([((), &key)].into_iter(), bytes).is_err(),
        "nobody sealed it under this key"
    );
    crate::cell::decode_bundles(bytes);
    crate::channels::decode_bundles(bytes);
    let mut rng = Rng::from_seed(&Secret::from_bytes([4; 32]));
    if let Ok(sealed) = bundle::seal(&key, bytes, &mut rng) {
        let opened = bundle::open([((), &key)].into_iter(), &sealed);
        assert!(opened.is_ok_and(|(_, content)| content.as_slice() == bytes));
    }
}

/// What a member sealed for us.
pub fn content(bytes: &[u8]) {
    if let Ok(content) = unpad(bytes) {
        assert!(
            pad(&content).as_slice() == bytes,
            "a content has one encoding"
        );
        if let Content::Attachment { attachment, .. } = &content
            && let Ok(checked) = attachment.check()
        {
            assert!(AttachmentIn::from(&checked) == *attachment);
            let sealed_by_nobody = checked.open(&MessageId::from_bytes([2; 32]), 0, bytes);
            assert!(sealed_by_nobody.is_none());
        }
    }
    let _about = Attachment::from_bytes(bytes);
    let _record = crate::Node::read_message(bytes);
    if let Some(key) = crate::Key::from_bytes(bytes) {
        assert!(key.to_bytes() == bytes, "a key has one encoding");
    }
}

/// What of a real frame, link or bundle is worth to begin with, and for which target.
pub fn seeds(frame: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let items = unpack(frame).unwrap_or_default();
    let mut seeds: Vec<_> = items.into_iter().filter_map(seed).collect();
    seeds.push(("frame", frame.to_vec()));
    seeds
}

fn seed(item: Item) -> Option<(&'static str, Vec<u8>)> {
    let (target, bytes) = match item {
        Item::Envelope(bytes) => ("envelope", bytes),
        Item::Operation(bytes) => ("operation", bytes),
        Item::Card(bytes) | Item::Ack(bytes) => ("object", bytes),
        Item::Frontier(_)
        | Item::PullEnd { .. }
        | Item::Fragment { .. }
        | Item::Handshake(_)
        | Item::Want { .. }
        | Item::Piece { .. }
        | Item::Rewelcome { .. } => return None,
    };
    Some((target, bytes.as_slice().to_vec()))
}

/// The messages of an honest conversation, each with its turn before it.
pub fn handshake_seeds() -> Vec<Vec<u8>> {
    let Some((mut inviter, mut newcomer, mut said)) = conversation() else {
        return Vec::new();
    };
    let mut seeds = Vec::new();
    for turn in 0..4_u8 {
        seeds.push([&[turn], said.as_slice()].concat());
        let next = if turn % 2 == 0 {
            inviter
                .handle(&said)
                .ok()
                .and_then(crate::invite::InviterStep::into_answer)
        } else {
            newcomer
                .handle(&said)
                .ok()
                .and_then(crate::invite::NewcomerStep::into_answer)
        };
        let Some(next) = next else { break };
        said = next;
    }
    seeds
}

/// A text, a carrier key, a reaction, an edit, a deletion and an attachment, as they are sealed.
pub fn content_seeds() -> Vec<Vec<u8>> {
    let contents = [
        Content::Text {
            nonce: [1; 16],
            written_at: 60_000,
            text: b"hello".to_vec().into(),
            reply_to: Some([2; 32]),
        },
        Content::Carrier { key: [3; 32] },
        Content::Reaction {
            target: [2; 32],
            emoji: "👍".as_bytes().into(),
        },
        Content::Edit {
            target: [2; 32],
            written_at: 60_000,
            text: b"hello again".to_vec().into(),
        },
        Content::Delete { target: [2; 32] },
    ];
    contents
        .iter()
        .chain(&picture())
        .map(|content| pad(content).to_vec())
        .collect()
}

fn picture() -> Option<Content> {
    let attachment = Attachment {
        key: Secret::from_bytes([4; 32]),
        about: About {
            name: FileName::parse("leaflet.png").ok()?,
            media: Media::Image {
                width: 20,
                height: 10,
            },
            size: 500,
        },
        hashes: vec![[5; 32]],
    };
    Some(Content::Attachment {
        nonce: [6; 16],
        written_at: 60_000,
        text: b"look".to_vec().into(),
        reply_to: None,
        attachment: AttachmentIn::from(&attachment),
    })
}

fn conversation() -> Option<(Inviter, Newcomer, Vec<u8>)> {
    let secret = Secret::from_bytes([91; 32]);
    let key = |seed| SigningKey::from_seed(&Secret::from_bytes([seed; 32]));
    let link = InviteLink {
        cell: CELL,
        invite: InviteId::from_bytes([8; 16]),
        peer: PEERS[0],
        addresses: Vec::new(),
        door: Secret::from_bytes([90; 32]),
        secret: secret.clone(),
        suite: Suite::X25519,
        expires_at: Timestamp::from_millis(0),
    };
    let me = Identity {
        key: key(2),
        peer: PEERS[1],
        incarnation: Incarnation::from_bytes([2; 16]),
        name: DisplayName::parse("Bob").ok()?,
        key_package: b"key package".to_vec(),
        card: b"card".to_vec(),
    };
    let host = Host {
        cell: CELL,
        invite: link.invite,
        secret: &secret,
        peer: PEERS[0],
        key: &key(1),
        members: 5,
    };
    let inviter = Inviter::new(
        host,
        PEERS[1],
        &mut Rng::from_seed(&Secret::from_bytes([11; 32])),
    );
    let mut rng = Rng::from_seed(&Secret::from_bytes([12; 32]));
    let (newcomer, hello) = Newcomer::start(&link, me, &mut rng).ok()?;
    Some((inviter, newcomer, hello))
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
            trial::run(name, body, 2000);
        }
    }

    #[test]
    fn an_honest_conversation_reaches_its_end() {
        let (mut inviter, mut newcomer, hello) = conversation().unwrap();
        let reveal = inviter.handle(&hello).unwrap().into_answer().unwrap();
        let open = newcomer.handle(&reveal).unwrap().into_answer().unwrap();
        let proof = inviter.handle(&open).unwrap().into_answer().unwrap();
        assert!(newcomer.handle(&proof).is_ok());
    }
}
