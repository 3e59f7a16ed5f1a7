//! The side that made the invite.
//!
//! See [`super`] for the conversation and for what protects whom.

use std::{fmt, mem};

use crypto::{Rng, Secret, SigningKey, VerifyingKey};
use model::{CellId, DisplayName, Incarnation, InviteId, MemberId, PeerId};

use super::handshake::{
    BUNDLE_LIMIT, CARD_LIMIT, HandshakeError, KEY_PACKAGE_LIMIT, MESSAGE_LIMIT,
};
use super::transcript::{MacKey, Occasion, Statement, Transcript, commitment};
use super::wire::{
    Accept, Hello, Message, Open, Opening, Proof, Refuse, Reveal, VERSION, decode, encode,
};
use crate::event::JoinFailure;

/// What the inviter brings to the conversation.
pub(crate) struct Host<'a> {
    /// The cell to join.
    pub(crate) cell: CellId,
    /// The invite whose door the newcomer came through.
    pub(crate) invite: InviteId,
    /// The secret in its link.
    pub(crate) secret: &'a Secret<32>,
    /// Our peer id in this cell.
    pub(crate) peer: PeerId,
    /// Our identity key in this cell.
    pub(crate) key: &'a SigningKey,
    /// How many members there are, ourselves included; the newcomer is told.
    pub(crate) members: u16,
}

/// The inviter's half of one attempt to join.
pub(crate) struct Inviter {
    mac: MacKey,
    key: SigningKey,
    occasion: Occasion,
    members: u16,
    nonce: [u8; 32],
    state: State,
}

/// Where the conversation stands.
enum State {
    /// The newcomer has to speak first.
    AwaitHello,
    /// We have shown ourselves; the newcomer has to open its commitment.
    AwaitOpen {
        hello: Transcript,
        transcript: Transcript,
        commitment: [u8; 32],
    },
    /// The person has to decide.
    Deciding {
        hello: Transcript,
        transcript: Transcript,
    },
    /// Nothing more is said.
    Over,
}

/// What to do after a message.
pub(crate) enum InviterStep {
    /// Persist that the invite is used, then transmit this.
    Send(Vec<u8>),
    /// Transmit `proof`, show name and phrase to the person, then call [`Inviter::accept`] or [`Inviter::refuse`]. The
    /// caller checks the name against those of members, and key package and card, of which only the length is checked.
    Requested {
        /// What they want to be called.
        name: DisplayName,
        /// The words to compare.
        phrase: String,
        /// Their identity key, proven.
        member: MemberId,
        /// The incarnation that they begin with.
        incarnation: Incarnation,
        /// Their key packages. Untrusted.
        key_package: Vec<u8>,
        /// Their peer card. Untrusted.
        card: Vec<u8>,
        /// The message that lets the newcomer show the phrase too.
        proof: Vec<u8>,
    },
}

#[cfg(any(test, fuzzing))]
impl InviterStep {
    /// What goes to the newcomer next.
    pub(crate) fn into_answer(self) -> Option<Vec<u8>> {
        match self {
            Self::Send(bytes) | Self::Requested { proof: bytes, .. } => Some(bytes),
        }
    }
}

impl Inviter {
    /// Waits for the first message of `newcomer`, whose peer id the transport has proven.
    pub(crate) fn new(host: Host<'_>, newcomer: PeerId, rng: &mut Rng) -> Self {
        Self {
            mac: MacKey::new(host.secret),
            key: host.key.clone(),
            occasion: Occasion {
                cell: host.cell,
                invite: host.invite,
                inviter: host.peer,
                newcomer,
            },
            members: host.members,
            nonce: rng.array(),
            state: State::AwaitHello,
        }
    }

    /// Takes the next message.
    ///
    /// # Errors
    ///
    /// Fails if it is not exactly the message that has to come now. The conversation is then over and the invite burnt.
    pub(crate) fn handle(&mut self, bytes: &[u8]) -> Result<InviterStep, HandshakeError> {
        let state = mem::replace(&mut self.state, State::Over);
        match (state, decode(bytes, MESSAGE_LIMIT)?) {
            (State::AwaitHello, Message::Hello(hello)) => self.on_hello(&hello),
            (
                State::AwaitOpen {
                    hello,
                    transcript,
                    commitment,
                },
                Message::Open(open),
            ) => self.on_open(hello, transcript, &commitment, open),
            (
                State::AwaitHello | State::AwaitOpen { .. } | State::Deciding { .. } | State::Over,
                _,
            ) => Err(HandshakeError::OutOfTurn),
        }
    }

    /// Answers a first message with a refusal: for an invite that is used, expired or withdrawn, or a cell that is full.
    /// Who does not hold the secret is not even told that.
    ///
    /// # Errors
    ///
    /// As [`Self::handle`].
    pub(crate) fn turn_away(
        mut self,
        bytes: &[u8],
        reason: JoinFailure,
    ) -> Result<Vec<u8>, HandshakeError> {
        // The answer that is dropped here was seen by nobody.
        let _ = self.handle(bytes)?;
        self.refuse(reason)
    }

    /// The person compared the phrase and lets the newcomer in with this join bundle.
    ///
    /// # Errors
    ///
    /// Fails if nothing has been requested, or if the bundle is over its limit (then refusing is still possible).
    pub(crate) fn accept(&mut self, bundle: Vec<u8>) -> Result<Vec<u8>, HandshakeError> {
        let State::Deciding { transcript, .. } = self.state else {
            return Err(HandshakeError::OutOfTurn);
        };
        if bundle.len() > BUNDLE_LIMIT {
            return Err(HandshakeError::TooLarge);
        }
        self.state = State::Over;
        let mac = self.mac.mac(Statement::Accept, transcript, &bundle);
        Ok(encode(&Message::Accept(Accept { mac, bundle })))
    }

    /// Ends the conversation with a reason. Possible as soon as the newcomer has shown that it holds the secret.
    ///
    /// # Errors
    ///
    /// Fails before the first message and after the end.
    pub(crate) fn refuse(&mut self, reason: JoinFailure) -> Result<Vec<u8>, HandshakeError> {
        let state = mem::replace(&mut self.state, State::Over);
        let (State::AwaitOpen { hello, .. } | State::Deciding { hello, .. }) = state else {
            return Err(HandshakeError::OutOfTurn);
        };
        // Over the transcript as of the first message: the newcomer may meanwhile be one stage ahead of us.
        let reason = reason_code(reason);
        let mac = self.mac.mac(Statement::Refuse, hello, &[reason]);
        Ok(encode(&Message::Refuse(Refuse { mac, reason })))
    }

    fn on_hello(&mut self, hello: &Hello) -> Result<InviterStep, HandshakeError> {
        if hello.version != VERSION {
            return Err(HandshakeError::Malformed);
        }
        let start = Transcript::begin(&self.occasion, &hello.commitment);
        self.mac.verify(Statement::Hello, start, &[], &hello.mac)?;
        let key = self.key.verifying_key().to_bytes();
        let transcript = start.reveal(&self.nonce, &key, self.members);
        self.state = State::AwaitOpen {
            hello: start,
            transcript,
            commitment: hello.commitment,
        };
        Ok(InviterStep::Send(encode(&Message::Reveal(Reveal {
            nonce: self.nonce,
            key,
            members: self.members,
            mac: self.mac.mac(Statement::Reveal, transcript, &[]),
        }))))
    }

    fn on_open(
        &mut self,
        hello: Transcript,
        transcript: Transcript,
        committed: &[u8; 32],
        open: Open,
    ) -> Result<InviterStep, HandshakeError> {
        let opening = open.opening;
        if commitment(&opening) != *committed {
            return Err(HandshakeError::NotAsCommitted);
        }
        let transcript = transcript.open(&opening);
        self.mac
            .verify(Statement::Open, transcript, &[], &open.mac)?;
        let key = VerifyingKey::parse(&opening.key).map_err(|_| HandshakeError::NotProven)?;
        transcript.verify(&key, Statement::Open, &open.signature)?;
        let name = parse_name(&opening)?;
        let proof = Proof {
            mac: self.mac.mac(Statement::Proof, transcript, &[]),
            signature: transcript.sign(&self.key, Statement::Proof),
        };
        self.state = State::Deciding { hello, transcript };
        Ok(InviterStep::Requested {
            name,
            phrase: transcript.phrase(),
            member: MemberId::from_bytes(opening.key),
            incarnation: Incarnation::from_bytes(opening.incarnation),
            key_package: opening.key_package,
            card: opening.card,
            proof: encode(&Message::Proof(proof)),
        })
    }
}

/// The name, if it is written as [`DisplayName::parse`] would write it and the rest is within its limits.
fn parse_name(opening: &Opening) -> Result<DisplayName, HandshakeError> {
    let name = std::str::from_utf8(&opening.name)
        .ok()
        .and_then(|text| {
            DisplayName::parse(text)
                .ok()
                .filter(|name| name.expose() == text)
        })
        .ok_or(HandshakeError::Malformed)?;
    if opening.key_package.len() > KEY_PACKAGE_LIMIT || opening.card.len() > CARD_LIMIT {
        return Err(HandshakeError::Malformed);
    }
    Ok(name)
}

/// How a reason is written; [`super::newcomer`] reads it.
const fn reason_code(reason: JoinFailure) -> u8 {
    match reason {
        JoinFailure::Expired => 1,
        JoinFailure::Used => 2,
        JoinFailure::Withdrawn => 3,
        // Nobody can be told that they are unreachable.
        JoinFailure::Refused | JoinFailure::Unreachable => 4,
        JoinFailure::NameConfusable => 5,
        JoinFailure::CellFull => 6,
        JoinFailure::HandshakeFailed => 7,
    }
}

impl fmt::Debug for Inviter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::AwaitHello => "Inviter(AwaitHello)",
            State::AwaitOpen { .. } => "Inviter(AwaitOpen)",
            State::Deciding { .. } => "Inviter(Deciding)",
            State::Over => "Inviter(Over)",
        })
    }
}

impl fmt::Debug for InviterStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Send(_) => "Send",
            Self::Requested { .. } => "Requested",
        })
    }
}
