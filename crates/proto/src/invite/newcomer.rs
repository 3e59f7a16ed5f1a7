//! The side that uses the invite.
//!
//! See [`super`] for the conversation and for what protects whom.

use std::{fmt, mem};

use crypto::{Rng, SigningKey, VerifyingKey};
use model::{DisplayName, Incarnation, MemberId, PeerId};

use super::handshake::{ACCEPT_LIMIT, BUNDLE_LIMIT, CARD_LIMIT, HandshakeError, KEY_PACKAGE_LIMIT};
use super::link::InviteLink;
use super::transcript::{MacKey, Occasion, Statement, Transcript, commitment};
use super::wire::{
    Accept, Hello, Message, Open, Opening, Proof, Refuse, Reveal, VERSION, decode, encode,
};
use crate::event::JoinFailure;

/// What the newcomer brings to the conversation, all of it made fresh for this cell.
pub(crate) struct Identity {
    /// Our identity key in this cell.
    pub(crate) key: SigningKey,
    /// Our peer id in this cell.
    pub(crate) peer: PeerId,
    /// The incarnation that we begin with.
    pub(crate) incarnation: Incarnation,
    /// What we want to be called.
    pub(crate) name: DisplayName,
    /// Our key packages.
    pub(crate) key_package: Vec<u8>,
    /// Our peer card.
    pub(crate) card: Vec<u8>,
}

/// The newcomer's half of one attempt to join.
pub(crate) struct Newcomer {
    mac: MacKey,
    hello: Transcript,
    state: State,
}

/// Where the conversation stands.
enum State {
    /// We have committed; the inviter has to show itself.
    AwaitReveal { key: SigningKey, opening: Opening },
    /// We have opened the commitment; the inviter has to prove that it saw all of it.
    AwaitProof {
        transcript: Transcript,
        inviter: VerifyingKey,
        members: u16,
    },
    /// The inviter has to decide.
    AwaitVerdict { transcript: Transcript },
    /// Nothing more is said.
    Over,
}

/// What to do after a message.
pub(crate) enum NewcomerStep {
    /// Transmit this.
    Send(Vec<u8>),
    /// Show the words to the person, with the number of members, and wait.
    #[allow(
        dead_code,
        reason = "screens do not show all of it yet; the tests look at it"
    )]
    Phrase {
        /// The words to compare.
        phrase: String,
        /// The inviter's identity key, proven.
        inviter: MemberId,
        /// How many members the inviter says there are.
        members: u16,
    },
    /// We are let in, and this is the join bundle. The inviter vouches for it; nobody else has yet.
    Accepted(Vec<u8>),
    /// We are not.
    Refused(JoinFailure),
}

#[cfg(any(test, fuzzing))]
impl NewcomerStep {
    /// What goes to the inviter next.
    pub(crate) fn into_answer(self) -> Option<Vec<u8>> {
        match self {
            Self::Send(bytes) => Some(bytes),
            Self::Phrase { .. } | Self::Accepted(_) | Self::Refused(_) => None,
        }
    }
}

impl Newcomer {
    /// Begins with the first message, to be transmitted to the link's peer through the link's door.
    ///
    /// # Errors
    ///
    /// Fails if key package or card are over their limit.
    pub(crate) fn start(
        link: &InviteLink,
        me: Identity,
        rng: &mut Rng,
    ) -> Result<(Self, Vec<u8>), HandshakeError> {
        if me.key_package.len() > KEY_PACKAGE_LIMIT || me.card.len() > CARD_LIMIT {
            return Err(HandshakeError::TooLarge);
        }
        let occasion = Occasion {
            cell: link.cell,
            invite: link.invite,
            inviter: link.peer,
            newcomer: me.peer,
        };
        let opening = Opening {
            nonce: rng.array(),
            key: me.key.verifying_key().to_bytes(),
            incarnation: *me.incarnation.as_bytes(),
            name: me.name.expose().as_bytes().to_vec(),
            key_package: me.key_package,
            card: me.card,
        };
        let mac = MacKey::new(&link.secret);
        let commitment = commitment(&opening);
        let hello = Transcript::begin(&occasion, &commitment);
        let message = encode(&Message::Hello(Hello {
            version: VERSION,
            commitment,
            mac: mac.mac(Statement::Hello, hello, &[]),
        }));
        let state = State::AwaitReveal {
            key: me.key,
            opening,
        };
        Ok((Self { mac, hello, state }, message))
    }

    /// Whether all is said and the inviter's person has to decide. Then a broken connection costs nothing.
    pub(crate) const fn awaits_verdict(&self) -> bool {
        matches!(self.state, State::AwaitVerdict { .. })
    }

    /// Takes the next message.
    ///
    /// # Errors
    ///
    /// Fails if it is not exactly a message that may come now. The conversation is then over and the invite burnt.
    pub(crate) fn handle(&mut self, bytes: &[u8]) -> Result<NewcomerStep, HandshakeError> {
        let state = mem::replace(&mut self.state, State::Over);
        match (state, decode(bytes, ACCEPT_LIMIT)?) {
            (State::AwaitReveal { key, opening }, Message::Reveal(reveal)) => {
                self.on_reveal(&key, opening, &reveal)
            }
            (
                State::AwaitProof {
                    transcript,
                    inviter,
                    members,
                },
                Message::Proof(proof),
            ) => self.on_proof(transcript, &inviter, members, &proof),
            (State::AwaitVerdict { transcript }, Message::Accept(accept)) => {
                self.on_accept(transcript, accept)
            }
            (
                State::AwaitReveal { .. } | State::AwaitProof { .. } | State::AwaitVerdict { .. },
                Message::Refuse(refuse),
            ) => self.on_refuse(&refuse),
            (
                State::AwaitReveal { .. }
                | State::AwaitProof { .. }
                | State::AwaitVerdict { .. }
                | State::Over,
                _,
            ) => Err(HandshakeError::OutOfTurn),
        }
    }

    fn on_reveal(
        &mut self,
        key: &SigningKey,
        opening: Opening,
        reveal: &Reveal,
    ) -> Result<NewcomerStep, HandshakeError> {
        let transcript = self
            .hello
            .reveal(&reveal.nonce, &reveal.key, reveal.members);
        self.mac
            .verify(Statement::Reveal, transcript, &[], &reveal.mac)?;
        let inviter = VerifyingKey::parse(&reveal.key).map_err(|_| HandshakeError::NotProven)?;
        let transcript = transcript.open(&opening);
        self.state = State::AwaitProof {
            transcript,
            inviter,
            members: reveal.members,
        };
        Ok(NewcomerStep::Send(encode(&Message::Open(Open {
            opening,
            mac: self.mac.mac(Statement::Open, transcript, &[]),
            signature: transcript.sign(key, Statement::Open),
        }))))
    }

    fn on_proof(
        &mut self,
        transcript: Transcript,
        inviter: &VerifyingKey,
        members: u16,
        proof: &Proof,
    ) -> Result<NewcomerStep, HandshakeError> {
        self.mac
            .verify(Statement::Proof, transcript, &[], &proof.mac)?;
        transcript.verify(inviter, Statement::Proof, &proof.signature)?;
        self.state = State::AwaitVerdict { transcript };
        Ok(NewcomerStep::Phrase {
            phrase: transcript.phrase(),
            inviter: MemberId::from_bytes(inviter.to_bytes()),
            members,
        })
    }

    fn on_accept(
        &self,
        transcript: Transcript,
        accept: Accept,
    ) -> Result<NewcomerStep, HandshakeError> {
        if accept.bundle.len() > BUNDLE_LIMIT {
            return Err(HandshakeError::Malformed);
        }
        self.mac
            .verify(Statement::Accept, transcript, &accept.bundle, &accept.mac)?;
        Ok(NewcomerStep::Accepted(accept.bundle))
    }

    fn on_refuse(&self, refuse: &Refuse) -> Result<NewcomerStep, HandshakeError> {
        self.mac
            .verify(Statement::Refuse, self.hello, &[refuse.reason], &refuse.mac)?;
        let reason = read_reason(refuse.reason).ok_or(HandshakeError::Malformed)?;
        Ok(NewcomerStep::Refused(reason))
    }
}

/// Reads what [`super::inviter`] wrote.
const fn read_reason(code: u8) -> Option<JoinFailure> {
    Some(match code {
        1 => JoinFailure::Expired,
        2 => JoinFailure::Used,
        3 => JoinFailure::Withdrawn,
        4 => JoinFailure::Refused,
        5 => JoinFailure::NameConfusable,
        6 => JoinFailure::CellFull,
        7 => JoinFailure::HandshakeFailed,
        _ => return None,
    })
}

impl fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::AwaitReveal { .. } => "Newcomer(AwaitReveal)",
            State::AwaitProof { .. } => "Newcomer(AwaitProof)",
            State::AwaitVerdict { .. } => "Newcomer(AwaitVerdict)",
            State::Over => "Newcomer(Over)",
        })
    }
}

impl fmt::Debug for NewcomerStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Send(_) => "Send",
            Self::Phrase { .. } => "Phrase",
            Self::Accepted(_) => "Accepted",
            Self::Refused(_) => "Refused",
        })
    }
}
