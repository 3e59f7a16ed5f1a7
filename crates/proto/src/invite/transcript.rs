//! What has been said so far, as a hash, and what is derived from it: MACs, signatures, the phrase.
//!
//! A transcript only grows. Each stage hashes the one before with everything that was added, so that whoever agrees on
//! a later one agrees on all before: the occasion (cell, invite, both peer ids), then the newcomer's commitment, then
//! the inviter's nonce, identity key and count of members, then all that the newcomer opened.

use crypto::{Context, Label, PrfKey, Secret, Signature, SigningKey, VerifyingKey, hash};
use model::{CellId, InviteId, PeerId};

use super::handshake::HandshakeError;
use super::phrase::phrase;
use super::wire::{Opening, VERSION};

const TRANSCRIPT: Context = Context::new("vigil invite transcript v1");
const COMMITMENT: Context = Context::new("vigil invite commitment v1");
const PHRASE: Context = Context::new("vigil invite phrase v1");
const MAC_KEY: Context = Context::new("vigil invite mac v1");
const JOIN: Label = Label::new("vigil/join/v1");

/// Which conversation this is. Both sides know it before the first message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occasion {
    pub(super) cell: CellId,
    pub(super) invite: InviteId,
    pub(super) inviter: PeerId,
    pub(super) newcomer: PeerId,
}

/// Hash over everything said so far.
#[derive(Clone, Copy)]
pub(super) struct Transcript([u8; 32]);

impl Transcript {
    /// After the commitment.
    pub(super) fn begin(occasion: &Occasion, commitment: &[u8; 32]) -> Self {
        Self(hash(
            TRANSCRIPT,
            &[
                b"hello",
                &[VERSION],
                occasion.cell.as_bytes(),
                occasion.invite.as_bytes(),
                occasion.inviter.as_bytes(),
                occasion.newcomer.as_bytes(),
                commitment,
            ],
        ))
    }

    /// After the inviter showed itself.
    pub(super) fn reveal(self, nonce: &[u8; 32], key: &[u8; 32], members: u16) -> Self {
        let members = members.to_be_bytes();
        Self(hash(
            TRANSCRIPT,
            &[b"reveal", &self.0, nonce, key, &members],
        ))
    }

    /// After the newcomer opened its commitment. The commitment binds the opening already; it is hashed once more
    /// because the phrase must not be computable before the newcomer's nonce is known.
    pub(super) fn open(self, opening: &Opening) -> Self {
        Self(hash(
            TRANSCRIPT,
            &[
                b"open",
                &self.0,
                &opening.nonce,
                &opening.key,
                &opening.incarnation,
                &opening.name,
                &opening.key_package,
                &opening.card,
            ],
        ))
    }

    /// The words to compare. Of use only after [`Self::open`].
    pub(super) fn phrase(self) -> String {
        let [a, b, c, d, ..] = hash(PHRASE, &[&self.0]);
        phrase([a, b, c, d])
    }

    /// Signs the transcript in this role.
    pub(super) fn sign(self, key: &SigningKey, statement: Statement) -> Signature {
        key.sign(JOIN, &self.signed(statement))
    }

    /// Checks that the holder of `key` signed the transcript in this role.
    pub(super) fn verify(
        self,
        key: &VerifyingKey,
        statement: Statement,
        signature: &Signature,
    ) -> Result<(), HandshakeError> {
        key.verify(JOIN, &self.signed(statement), signature)
            .map_err(|_| HandshakeError::NotProven)
    }

    fn signed(self, statement: Statement) -> Vec<u8> {
        [statement.role(), &self.0].concat()
    }
}

/// The commitment to an opening: hiding because of its nonce, binding because it is a hash.
pub(super) fn commitment(opening: &Opening) -> [u8; 32] {
    hash(
        COMMITMENT,
        &[
            &opening.nonce,
            &opening.key,
            &opening.incarnation,
            &opening.name,
            &opening.key_package,
            &opening.card,
        ],
    )
}

/// What a MAC or a signature states, and in whose role: none can be taken for another or sent back to its maker.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Statement {
    Hello,
    Reveal,
    Open,
    Proof,
    Accept,
    Refuse,
}

impl Statement {
    const fn role(self) -> &'static [u8] {
        match self {
            Self::Hello => b"newcomer hello",
            Self::Reveal => b"inviter reveal",
            Self::Open => b"newcomer open",
            Self::Proof => b"inviter proof",
            Self::Accept => b"inviter accept",
            Self::Refuse => b"inviter refuse",
        }
    }
}

/// Makes and checks the MACs under the secret of one invite.
#[derive(Clone)]
pub(super) struct MacKey(PrfKey);

impl MacKey {
    pub(super) fn new(secret: &Secret<32>) -> Self {
        Self(PrfKey::derive(secret, MAC_KEY))
    }

    /// The MAC for a statement about `transcript` and what it brings along (a join bundle, a reason).
    pub(super) fn mac(
        &self,
        statement: Statement,
        transcript: Transcript,
        extra: &[u8],
    ) -> [u8; 32] {
        self.0.evaluate(&[statement.role(), &transcript.0, extra])
    }

    /// Checks a MAC, in constant time.
    pub(super) fn verify(
        &self,
        statement: Statement,
        transcript: Transcript,
        extra: &[u8],
        mac: &[u8; 32],
    ) -> Result<(), HandshakeError> {
        let ours = self.0.secret(&[statement.role(), &transcript.0, extra]);
        if ours == Secret::from_bytes(*mac) {
            Ok(())
        } else {
            Err(HandshakeError::WrongMac)
        }
    }
}
