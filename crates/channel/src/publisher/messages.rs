//! What publishers tell each other. It travels between them inside a cell, never on the topic: a draft can be opened by
//! whoever has a link.
//!
//! ```text
//! place     channel 32 ‖ charter 32 ‖ u64 seq ‖ previous 32 ‖ u64 round ‖ u8 publisher
//! ask       place ‖ signature 64                                                     "vigil/channel-ask/v1"
//! promise   place ‖ optional (u64 round ‖ id 32) ‖ signature 64                      "vigil/channel-promise/v1"
//! draft     place ‖ id 32 ‖ signature 64                                             "vigil/channel-draft/v1"
//! message   1 ask │ 2 promise ‖ sheet<V> │ 3 draft ‖ sheet<V> ‖ promises<V> │ 4 id 32 ‖ u64 round ‖ u8 publisher ‖ sig
//! ```

use crypto::{Label, Signature, SigningKey};
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::charter::Charter;
use crate::config::{POST_LIMIT, PUBLISHERS_MAX};
use crate::id::PostId;
use crate::wire::{Bytes, Malformed, decode, encode};

const ASK: Label = Label::new("vigil/channel-ask/v1");
const PROMISE: Label = Label::new("vigil/channel-promise/v1");
const DRAFT: Label = Label::new("vigil/channel-draft/v1");

/// A turn at one place of the log.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Turn {
    pub(crate) channel: [u8; 32],
    pub(crate) charter: [u8; 32],
    pub(crate) seq: u64,
    pub(crate) previous: [u8; 32],
    pub(crate) round: u64,
    /// Who speaks.
    pub(crate) publisher: u8,
}

/// "May I have this turn?"
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Ask {
    pub(crate) turn: Turn,
    signature: Signature,
}

/// What somebody has signed at this place so far.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Signed {
    pub(crate) round: u64,
    pub(crate) id: [u8; 32],
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct PromiseBody {
    turn: Turn,
    signed: Option<Signed>,
}

/// "I sign nothing of an earlier turn any more, and this is what I have signed."
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Promise {
    body: PromiseBody,
    signature: Signature,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct DraftBody {
    turn: Turn,
    id: [u8; 32],
}

/// "This is what I want to be posted in this turn." It signs no post.
#[derive(Clone, Copy, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
pub(crate) struct Proposal {
    body: DraftBody,
    signature: Signature,
}

/// Everything that publishers send each other.
#[derive(Clone, Debug, Eq, PartialEq, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
pub(crate) enum Message {
    #[tls_codec(discriminant = 1)]
    Ask(Ask),
    Promise {
        promise: Promise,
        /// The sheet that was signed; empty if none was.
        sheet: Bytes,
    },
    Draft {
        proposal: Proposal,
        sheet: Bytes,
        certificate: Vec<Promise>,
    },
    Countersigned {
        id: [u8; 32],
        round: u64,
        publisher: u8,
        signature: Signature,
    },
}

impl Message {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > 2 * POST_LIMIT {
            return Err(Malformed);
        }
        let message: Self = decode(bytes)?;
        if let Self::Draft { certificate, .. } = &message
            && certificate.len() > PUBLISHERS_MAX
        {
            return Err(Malformed);
        }
        Ok(message)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }
}

impl Ask {
    pub(crate) fn sign(turn: Turn, key: &SigningKey) -> Self {
        let signature = key.sign(ASK, &encode(&turn));
        Self { turn, signature }
    }

    pub(crate) fn holds(&self, charter: &Charter) -> bool {
        holds(
            charter,
            ASK,
            &self.turn,
            &encode(&self.turn),
            &self.signature,
        )
    }
}

impl Promise {
    pub(crate) fn sign(turn: Turn, signed: Option<Signed>, key: &SigningKey) -> Self {
        let body = PromiseBody { turn, signed };
        let signature = key.sign(PROMISE, &encode(&body));
        Self { body, signature }
    }

    pub(crate) fn holds(&self, charter: &Charter) -> bool {
        let bytes = encode(&self.body);
        holds(charter, PROMISE, &self.body.turn, &bytes, &self.signature)
    }

    pub(crate) const fn turn(&self) -> &Turn {
        &self.body.turn
    }

    pub(crate) const fn signed(&self) -> Option<Signed> {
        self.body.signed
    }
}

impl Proposal {
    pub(crate) fn sign(turn: Turn, id: &PostId, key: &SigningKey) -> Self {
        let body = DraftBody {
            turn,
            id: *id.as_bytes(),
        };
        let signature = key.sign(DRAFT, &encode(&body));
        Self { body, signature }
    }

    pub(crate) fn holds(&self, charter: &Charter) -> bool {
        let bytes = encode(&self.body);
        holds(charter, DRAFT, &self.body.turn, &bytes, &self.signature)
    }

    pub(crate) const fn turn(&self) -> &Turn {
        &self.body.turn
    }

    pub(crate) const fn id(&self) -> PostId {
        PostId::from_bytes(self.body.id)
    }
}

fn holds(
    charter: &Charter,
    label: Label,
    turn: &Turn,
    bytes: &[u8],
    signature: &Signature,
) -> bool {
    let key = charter.roster().key(turn.publisher);
    key.is_some_and(|key| key.verify(label, bytes, signature).is_ok())
}
