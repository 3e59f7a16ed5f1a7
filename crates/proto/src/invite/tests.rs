//! Alice invites, Bob joins. What Mallory tries with a copy of the link is in [`mallory`].

mod mallory;

use crypto::{Rng, Secret, SigningKey};
use model::{CellId, DisplayName, Incarnation, InviteId, MemberId, PeerId, Suite, Timestamp};
use proptest::prelude::*;

use super::handshake::HandshakeError;
use super::handshake::{ACCEPT_LIMIT, BUNDLE_LIMIT, CARD_LIMIT, KEY_PACKAGE_LIMIT, MESSAGE_LIMIT};
use super::transcript::{MacKey, Occasion, Statement, Transcript, commitment};
use super::wire::{Hello, Message, Open, Opening, Refuse, VERSION, decode, encode};
use super::*;
use crate::event::JoinFailure;

const ALICE: PeerId = PeerId::from_bytes([0xa1; 32]);
const BOB: PeerId = PeerId::from_bytes([0xb0; 32]);
const MALLORY: PeerId = PeerId::from_bytes([0x66; 32]);
const CELL: CellId = CellId::from_bytes([7; 32]);
const INVITE: InviteId = InviteId::from_bytes([8; 16]);
const BUNDLE: &[u8] = b"genesis, adds, floors";

fn secret(seed: u8) -> Secret<32> {
    Secret::from_bytes([seed; 32])
}

fn rng(seed: u8) -> Rng {
    Rng::from_seed(&secret(seed))
}

fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&secret(seed))
}

/// The link as it reads at a newcomer who will dial `peer`.
fn link_to(peer: PeerId) -> InviteLink {
    InviteLink {
        cell: CELL,
        invite: INVITE,
        peer,
        addresses: Vec::new(),
        door: secret(90),
        secret: secret(91),
        suite: Suite::X25519,
        expires_at: Timestamp::from_millis(0),
    }
}

fn identity(peer: PeerId, key: u8) -> Identity {
    Identity {
        key: signing_key(key),
        peer,
        incarnation: Incarnation::from_bytes([key; 16]),
        name: DisplayName::parse("Bob").unwrap(),
        key_package: b"key package".to_vec(),
        card: b"card".to_vec(),
    }
}

fn inviter_with(secret: &Secret<32>, peer: PeerId, key: u8, newcomer: PeerId, seed: u8) -> Inviter {
    let host = Host {
        cell: CELL,
        invite: INVITE,
        secret,
        peer,
        key: &signing_key(key),
        members: 5,
    };
    Inviter::new(host, newcomer, &mut rng(seed))
}

fn alice(newcomer: PeerId) -> Inviter {
    inviter_with(&secret(91), ALICE, 1, newcomer, 11)
}

fn bob(link: &InviteLink) -> (Newcomer, Vec<u8>) {
    Newcomer::start(link, identity(BOB, 2), &mut rng(12)).unwrap()
}

/// An honest conversation, message by message, and the two phrases.
struct Conversation {
    messages: Vec<Vec<u8>>,
    alice_sees: String,
    bob_sees: String,
}

fn sent(step: InviterStep) -> Vec<u8> {
    let InviterStep::Send(bytes) = step else {
        panic!("expected something to send, got {step:?}");
    };
    bytes
}

fn answered(step: NewcomerStep) -> Vec<u8> {
    let NewcomerStep::Send(bytes) = step else {
        panic!("expected something to send, got {step:?}");
    };
    bytes
}

fn requested(step: InviterStep) -> (String, Vec<u8>) {
    let InviterStep::Requested { phrase, proof, .. } = step else {
        panic!("expected a request, got {step:?}");
    };
    (phrase, proof)
}

fn phrase_of(step: NewcomerStep) -> String {
    let NewcomerStep::Phrase { phrase, .. } = step else {
        panic!("expected a phrase, got {step:?}");
    };
    phrase
}

fn converse(mut inviter: Inviter, (mut newcomer, hello): (Newcomer, Vec<u8>)) -> Conversation {
    let reveal = sent(inviter.handle(&hello).unwrap());
    let open = answered(newcomer.handle(&reveal).unwrap());
    let (alice_sees, proof) = requested(inviter.handle(&open).unwrap());
    let bob_sees = phrase_of(newcomer.handle(&proof).unwrap());
    let accept = inviter.accept(BUNDLE.to_vec()).unwrap();
    Conversation {
        messages: vec![hello, reveal, open, proof, accept],
        alice_sees,
        bob_sees,
    }
}

/// Both sides after the first `told` messages of the honest conversation.
fn after(told: usize) -> (Inviter, Newcomer, Vec<Vec<u8>>) {
    let messages = converse(alice(BOB), bob(&link_to(ALICE))).messages;
    let mut alice = alice(BOB);
    let (mut bob, _) = bob(&link_to(ALICE));
    for (number, message) in messages.iter().take(told).enumerate() {
        if number % 2 == 0 && number < 4 {
            alice.handle(message).unwrap();
        } else {
            bob.handle(message).unwrap();
        }
    }
    (alice, bob, messages)
}

fn occasion(inviter: PeerId, newcomer: PeerId) -> Occasion {
    Occasion {
        cell: CELL,
        invite: INVITE,
        inviter,
        newcomer,
    }
}

fn opening(key: u8, name: &str) -> Opening {
    Opening {
        nonce: [1; 32],
        key: signing_key(key).verifying_key().to_bytes(),
        incarnation: [3; 16],
        name: name.as_bytes().to_vec(),
        key_package: b"package".to_vec(),
        card: b"card".to_vec(),
    }
}

/// What Alice says to a newcomer who holds the secret and makes every MAC by hand: who commits to one opening, opens
/// another and signs with any key.
fn knock(
    newcomer: PeerId,
    committed: &Opening,
    opened: Opening,
    signer: u8,
) -> Result<InviterStep, HandshakeError> {
    let (mut alice, mac) = (alice(newcomer), MacKey::new(&secret(91)));
    let commitment = commitment(committed);
    let start = Transcript::begin(&occasion(ALICE, newcomer), &commitment);
    let hello = Hello {
        version: VERSION,
        commitment,
        mac: mac.mac(Statement::Hello, start, &[]),
    };
    let reveal = sent(alice.handle(&encode(&Message::Hello(hello))).unwrap());
    let Message::Reveal(reveal) = decode(&reveal, MESSAGE_LIMIT).unwrap() else {
        panic!("no reveal");
    };
    let transcript = start
        .reveal(&reveal.nonce, &reveal.key, reveal.members)
        .open(&opened);
    let open = Open {
        mac: mac.mac(Statement::Open, transcript, &[]),
        signature: transcript.sign(&signing_key(signer), Statement::Open),
        opening: opened,
    };
    alice.handle(&encode(&Message::Open(open)))
}

#[test]
fn bob_joins_and_both_see_one_phrase() {
    let (mut alice, link) = (alice(BOB), link_to(ALICE));
    let (mut bob, hello) = bob(&link);
    let reveal = sent(alice.handle(&hello).unwrap());
    let open = answered(bob.handle(&reveal).unwrap());

    let InviterStep::Requested {
        name,
        phrase,
        member,
        incarnation,
        key_package,
        card,
        proof,
    } = alice.handle(&open).unwrap()
    else {
        panic!("nothing was requested");
    };
    assert_eq!(name.expose(), "Bob");
    assert_eq!(
        member.as_bytes(),
        &signing_key(2).verifying_key().to_bytes()
    );
    assert_eq!(incarnation, Incarnation::from_bytes([2; 16]));
    assert_eq!(
        (key_package.as_slice(), card.as_slice()),
        (&b"key package"[..], &b"card"[..])
    );

    let NewcomerStep::Phrase {
        phrase: bob_sees,
        inviter,
        members,
    } = bob.handle(&proof).unwrap()
    else {
        panic!("no phrase");
    };
    assert_eq!(bob_sees, phrase);
    assert_eq!(
        inviter,
        MemberId::from_bytes(signing_key(1).verifying_key().to_bytes())
    );
    assert_eq!(members, 5);

    let accept = alice.accept(BUNDLE.to_vec()).unwrap();
    let NewcomerStep::Accepted(bundle) = bob.handle(&accept).unwrap() else {
        panic!("not accepted");
    };
    assert_eq!(bundle, BUNDLE);
}

#[test]
fn two_attempts_never_have_one_phrase() {
    let again = |seed| {
        let bob = Newcomer::start(&link_to(ALICE), identity(BOB, 2), &mut rng(seed)).unwrap();
        converse(alice(BOB), bob).bob_sees
    };
    assert_ne!(again(12), again(13));
}

#[test]
fn a_message_out_of_place_is_an_error_and_the_end() {
    // Alice hears messages 0 and 2, Bob 1, 3 and 4. Everything else at any time is a replay, a reflection or too early.
    let next = |heard: &[usize], told| heard.iter().copied().find(|number| *number >= told);
    for told in 0..=5 {
        for number in 0..5 {
            let (mut alice, mut bob, messages) = after(told);
            if next(&[0, 2], told) != Some(number) {
                assert_eq!(
                    alice.handle(&messages[number]).unwrap_err(),
                    HandshakeError::OutOfTurn
                );
                assert!(
                    messages
                        .iter()
                        .all(|message| alice.handle(message).is_err())
                );
            }
            if next(&[1, 3, 4], told) != Some(number) {
                assert_eq!(
                    bob.handle(&messages[number]).unwrap_err(),
                    HandshakeError::OutOfTurn
                );
                assert!(messages.iter().all(|message| bob.handle(message).is_err()));
            }
        }
    }
}

#[test]
fn messages_of_another_attempt_with_the_same_link_are_errors() {
    let other_bob = Newcomer::start(&link_to(ALICE), identity(BOB, 2), &mut rng(42)).unwrap();
    let other = converse(inviter_with(&secret(91), ALICE, 1, BOB, 41), other_bob).messages;
    for (told, message) in other.iter().enumerate().skip(1) {
        let (mut alice, mut bob, _) = after(told);
        let error = if told == 2 {
            alice.handle(message).unwrap_err()
        } else {
            bob.handle(message).unwrap_err()
        };
        let expected = if told == 2 {
            HandshakeError::NotAsCommitted
        } else {
            HandshakeError::WrongMac
        };
        assert_eq!(error, expected, "message {told}");
    }
}

#[test]
fn a_refusal_is_understood_at_every_stage() {
    let reasons = [
        JoinFailure::Expired,
        JoinFailure::Used,
        JoinFailure::Withdrawn,
        JoinFailure::Refused,
        JoinFailure::NameConfusable,
        JoinFailure::CellFull,
        JoinFailure::HandshakeFailed,
    ];
    for reason in reasons {
        // Turned away at once.
        let (mut bob, hello) = bob(&link_to(ALICE));
        let refusal = alice(BOB).turn_away(&hello, reason).unwrap();
        assert_refused(&mut bob, &refusal, reason);
        // Alice has heard one message or three; Bob may be one stage ahead of her.
        for (alice_heard, bob_heard) in [(1, 1), (1, 2), (3, 3), (3, 4)] {
            let (mut alice, _, _) = after(alice_heard);
            let (_, mut bob, _) = after(bob_heard);
            assert_refused(&mut bob, &alice.refuse(reason).unwrap(), reason);
            assert_eq!(
                alice.accept(BUNDLE.to_vec()),
                Err(HandshakeError::OutOfTurn)
            );
        }
    }
}

fn assert_refused(bob: &mut Newcomer, refusal: &[u8], reason: JoinFailure) {
    let step = bob.handle(refusal).unwrap();
    let NewcomerStep::Refused(told) = step else {
        panic!("expected a refusal, got {step:?}");
    };
    assert_eq!(told, reason);
    assert_eq!(bob.handle(refusal).unwrap_err(), HandshakeError::OutOfTurn);
}

#[test]
fn a_refusal_that_alice_did_not_make_is_an_error() {
    let (_, mut bob, _) = after(4);
    let refusal = Refuse {
        mac: [0; 32],
        reason: 1,
    };
    let result = bob.handle(&encode(&Message::Refuse(refusal)));
    assert_eq!(result.unwrap_err(), HandshakeError::WrongMac);
}

#[test]
fn nothing_is_accepted_or_refused_before_there_is_something() {
    let mut alice = alice(BOB);
    assert_eq!(
        alice.refuse(JoinFailure::Refused),
        Err(HandshakeError::OutOfTurn)
    );
    for told in [0, 1] {
        let (mut alice, _, _) = after(told);
        assert_eq!(
            alice.accept(BUNDLE.to_vec()),
            Err(HandshakeError::OutOfTurn)
        );
    }
    let (mut alice, _, _) = after(4);
    assert!(alice.accept(BUNDLE.to_vec()).is_ok());
    assert_eq!(
        alice.accept(BUNDLE.to_vec()),
        Err(HandshakeError::OutOfTurn)
    );
    assert_eq!(
        alice.refuse(JoinFailure::Refused),
        Err(HandshakeError::OutOfTurn)
    );
}

#[test]
fn a_join_bundle_up_to_its_limit_arrives_and_more_is_refused_here() {
    let (mut alice, mut bob, _) = after(4);
    assert_eq!(
        alice.accept(vec![1; BUNDLE_LIMIT + 1]),
        Err(HandshakeError::TooLarge)
    );
    let accept = alice.accept(vec![1; BUNDLE_LIMIT]).unwrap();
    assert!(accept.len() <= ACCEPT_LIMIT);
    let NewcomerStep::Accepted(bundle) = bob.handle(&accept).unwrap() else {
        panic!("not accepted");
    };
    assert_eq!(bundle.len(), BUNDLE_LIMIT);
}

#[test]
fn key_packages_and_card_up_to_their_limits_fit_one_frame() {
    let identity = |key_package, card| Identity {
        name: DisplayName::parse(&"x".repeat(DisplayName::LIMIT)).unwrap(),
        key_package: vec![1; key_package],
        card: vec![2; card],
        ..identity(BOB, 2)
    };
    let (mut bob, hello) = Newcomer::start(
        &link_to(ALICE),
        identity(KEY_PACKAGE_LIMIT, CARD_LIMIT),
        &mut rng(12),
    )
    .unwrap();
    let mut alice = alice(BOB);
    let reveal = sent(alice.handle(&hello).unwrap());
    let open = answered(bob.handle(&reveal).unwrap());
    assert!(open.len() <= MESSAGE_LIMIT);
    assert!(alice.handle(&open).is_ok());
    for (key_package, card) in [(KEY_PACKAGE_LIMIT + 1, 0), (0, CARD_LIMIT + 1)] {
        let result = Newcomer::start(&link_to(ALICE), identity(key_package, card), &mut rng(12));
        assert!(matches!(result, Err(HandshakeError::TooLarge)));
    }
}

#[test]
fn a_name_that_is_none_is_refused() {
    let knock_as = |name| {
        let opening = opening(2, name);
        knock(BOB, &opening, opening.clone(), 2).map(requested)
    };
    assert!(knock_as("Bob").is_ok());
    for name in ["", " Bob", "bo\u{202e}b", "e\u{301}"] {
        assert_eq!(knock_as(name), Err(HandshakeError::Malformed), "{name:?}");
    }
}

#[test]
fn a_message_of_another_version_is_refused() {
    let hello = Hello {
        version: VERSION + 1,
        commitment: [0; 32],
        mac: [0; 32],
    };
    let result = alice(BOB).handle(&encode(&Message::Hello(hello)));
    assert_eq!(result.unwrap_err(), HandshakeError::Malformed);
}

#[test]
fn debug_shows_no_secret_no_name_and_no_phrase() {
    let (mut alice, bob, messages) = after(2);
    let step = alice.handle(&messages[2]).unwrap();
    assert_eq!(
        format!("{alice:?} {bob:?} {step:?}"),
        "Inviter(Deciding) Newcomer(AwaitProof) Requested"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn one_changed_bit_in_any_message_is_an_error(number in 0_usize..5, at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (mut alice, mut bob, mut messages) = after(number);
        let message = &mut messages[number];
        let at = at.index(message.len());
        message[at] ^= 1 << bit;
        let failed = if number == 0 || number == 2 { alice.handle(message).is_err() } else { bob.handle(message).is_err() };
        prop_assert!(failed);
    }

    #[test]
    fn a_cut_or_lengthened_message_is_an_error(number in 0_usize..5, at in any::<prop::sample::Index>(), more in any::<u8>()) {
        let (_, _, messages) = after(number);
        let mut longer = messages[number].clone();
        longer.push(more);
        for wrong in [&messages[number][..at.index(messages[number].len())], &longer] {
            let (mut alice, mut bob, _) = after(number);
            prop_assert!(alice.handle(wrong).is_err());
            prop_assert!(bob.handle(wrong).is_err());
        }
    }

    #[test]
    fn no_bytes_stop_either_side(told in 0_usize..5, tag in 0_u8..8, noise in prop::collection::vec(any::<u8>(), 0..600)) {
        let (mut alice, mut bob, _) = after(told);
        let bytes = [&[tag], noise.as_slice()].concat();
        prop_assert!(alice.handle(&bytes).is_err());
        prop_assert!(bob.handle(&bytes).is_err());
    }
}
