//! Mallory holds a copy of the link, secret and all, and stands between Alice and Bob; or she lacks the secret.

use std::collections::BTreeSet;

use super::*;
use crate::invite::wire::{Proof, Reveal};

#[test]
fn mallory_in_the_middle_with_the_link_makes_the_phrases_differ() {
    // Bob got a link with Mallory's peer id in it; Mallory plays the inviter to Bob and the newcomer to Alice.
    let to_bob = inviter_with(&secret(91), MALLORY, 66, BOB, 67);
    let to_alice = Newcomer::start(&link_to(ALICE), identity(MALLORY, 66), &mut rng(68)).unwrap();
    let bob_sees = converse(to_bob, bob(&link_to(MALLORY))).bob_sees;
    let alice_sees = converse(alice(MALLORY), to_alice).alice_sees;
    assert_ne!(alice_sees, bob_sees);
}

#[test]
fn mallory_cannot_pass_on_what_bob_says_as_her_own() {
    // She relays Bob's bytes; Noise shows Alice Mallory's peer id.
    let (_, hello) = bob(&link_to(MALLORY));
    assert_eq!(
        alice(MALLORY).handle(&hello).unwrap_err(),
        HandshakeError::WrongMac
    );
    let (_, hello) = bob(&link_to(ALICE));
    assert_eq!(
        alice(MALLORY).handle(&hello).unwrap_err(),
        HandshakeError::WrongMac
    );
}

#[test]
fn whatever_is_substituted_changes_the_phrase() {
    let (occasion, opening) = (occasion(ALICE, BOB), opening(2, "Bob"));
    let phrase = |occasion: Occasion, nonce: u8, key: u8, members: u16, opening: Opening| {
        Transcript::begin(&occasion, &commitment(&opening))
            .reveal(&[nonce; 32], &[key; 32], members)
            .open(&opening)
            .phrase()
    };
    let with = |change: fn(&mut Occasion)| {
        let mut changed = occasion;
        change(&mut changed);
        phrase(changed, 4, 5, 6, opening.clone())
    };
    let opened = |change: fn(&mut Opening)| {
        let mut changed = opening.clone();
        change(&mut changed);
        phrase(occasion, 4, 5, 6, changed)
    };
    let phrases = BTreeSet::from([
        phrase(occasion, 4, 5, 6, opening.clone()),
        phrase(occasion, 9, 5, 6, opening.clone()),
        phrase(occasion, 4, 9, 6, opening.clone()),
        phrase(occasion, 4, 5, 9, opening.clone()),
        with(|occasion| occasion.cell = CellId::from_bytes([9; 32])),
        with(|occasion| occasion.invite = InviteId::from_bytes([9; 16])),
        with(|occasion| occasion.inviter = MALLORY),
        with(|occasion| occasion.newcomer = MALLORY),
        with(|occasion| std::mem::swap(&mut occasion.inviter, &mut occasion.newcomer)),
        opened(|opening| opening.nonce = [9; 32]),
        opened(|opening| opening.key = [9; 32]),
        opened(|opening| opening.incarnation = [9; 16]),
        opened(|opening| opening.name = b"Bobb".to_vec()),
        opened(|opening| opening.key_package = b"packag".to_vec()),
        opened(|opening| opening.card = b"ecard".to_vec()),
    ]);
    assert_eq!(phrases.len(), 15);
}

#[test]
fn a_commitment_cannot_be_opened_to_anything_else() {
    // Mallory makes every MAC and signature right; she only changes her mind after Alice's nonce is known.
    let changes: [fn(&mut Opening); 6] = [
        |opening| opening.nonce[0] ^= 1,
        |opening| opening.key = signing_key(77).verifying_key().to_bytes(),
        |opening| opening.incarnation[0] ^= 1,
        |opening| opening.name = b"Carol".to_vec(),
        |opening| opening.key_package.push(0),
        |opening| opening.card.clear(),
    ];
    let committed = opening(66, "Mallory");
    assert!(knock(MALLORY, &committed, committed.clone(), 66).is_ok());
    for (number, change) in changes.into_iter().enumerate() {
        let mut opened = committed.clone();
        change(&mut opened);
        let signer = if opened.key == committed.key { 66 } else { 77 };
        let result = knock(MALLORY, &committed, opened, signer);
        assert_eq!(
            result.unwrap_err(),
            HandshakeError::NotAsCommitted,
            "change {number}"
        );
    }
}

#[test]
fn mallory_cannot_join_under_a_key_that_she_does_not_hold() {
    let bobs_key = opening(2, "Bob");
    let result = knock(MALLORY, &bobs_key, bobs_key.clone(), 66);
    assert_eq!(result.unwrap_err(), HandshakeError::NotProven);

    let mut no_key = opening(66, "Mallory");
    no_key.key = [0; 32];
    let result = knock(MALLORY, &no_key, no_key.clone(), 66);
    assert_eq!(result.unwrap_err(), HandshakeError::NotProven);
}

#[test]
fn mallory_cannot_invite_under_a_key_that_she_does_not_hold() {
    let mac = MacKey::new(&secret(91));
    let (mut bob, hello) = bob(&link_to(MALLORY));
    let Message::Hello(hello) = decode(&hello, MESSAGE_LIMIT).unwrap() else {
        panic!("no hello");
    };
    let key = signing_key(1).verifying_key().to_bytes();
    let transcript =
        Transcript::begin(&occasion(MALLORY, BOB), &hello.commitment).reveal(&[4; 32], &key, 5);
    let reveal = Reveal {
        nonce: [4; 32],
        key,
        members: 5,
        mac: mac.mac(Statement::Reveal, transcript, &[]),
    };
    let open = answered(bob.handle(&encode(&Message::Reveal(reveal))).unwrap());
    let Message::Open(open) = decode(&open, MESSAGE_LIMIT).unwrap() else {
        panic!("no opening");
    };
    let transcript = transcript.open(&open.opening);
    let proof = Proof {
        mac: mac.mac(Statement::Proof, transcript, &[]),
        signature: transcript.sign(&signing_key(66), Statement::Proof),
    };
    let result = bob.handle(&encode(&Message::Proof(proof)));
    assert_eq!(result.unwrap_err(), HandshakeError::NotProven);
}

#[test]
fn who_lacks_the_secret_learns_nothing() {
    let mut link = link_to(ALICE);
    link.secret = secret(92);
    let (_, hello) = bob(&link);
    // No answer at all: not a key, not a count, not even that the invite is used.
    assert_eq!(
        alice(BOB).handle(&hello).unwrap_err(),
        HandshakeError::WrongMac
    );
    let turned_away = alice(BOB).turn_away(&hello, JoinFailure::Used);
    assert_eq!(turned_away.unwrap_err(), HandshakeError::WrongMac);

    // And somebody who plays the inviter without it gets no name out of Bob.
    let (mut bob, bobs_hello) = self::bob(&link_to(ALICE));
    let stranger = || inviter_with(&secret(92), ALICE, 1, BOB, 11);
    assert_eq!(
        stranger().handle(&bobs_hello).unwrap_err(),
        HandshakeError::WrongMac
    );
    let reveal = sent(stranger().handle(&hello).unwrap());
    assert_eq!(bob.handle(&reveal).unwrap_err(), HandshakeError::WrongMac);
}

#[test]
fn another_cell_invite_or_peer_is_an_error() {
    let mut links = [link_to(ALICE), link_to(ALICE), link_to(MALLORY)];
    links[0].cell = CellId::from_bytes([9; 32]);
    links[1].invite = InviteId::from_bytes([9; 16]);
    for link in links {
        let (_, hello) = bob(&link);
        assert_eq!(
            alice(BOB).handle(&hello).unwrap_err(),
            HandshakeError::WrongMac
        );
    }
}
