//! One signed membership operation: its encoding, its signature and the bounds of its fields (PROTOCOL §4).
//!
//! What it is: untrusted bytes with exactly one way out, [`OperationIn::check`]. What it is not: a judgement on whether
//! the author may do this; that depends on the operation's past and is made when it enters the record.
//! Invariant: an [`Operation`] has one encoding, and its id covers everything but the signature.

use std::fmt;
use std::sync::Arc;

use crypto::{Context, Label, SigningKey, VerifyingKey, hash};
use model::{CellId, DisplayName, Incarnation, MemberId, OpId, Suite};
use tls_codec::{DeserializeBytes, Serialize, TlsDeserializeBytes, TlsSerialize, TlsSize};

use super::limits::{
    EVIDENCE_HEADER_LIMIT, KEY_PACKAGE_LIMIT, LIFETIME_MIN_S, OPERATION_LIMIT, PARENTS_LIMIT,
    QUORUM_SMALL,
};

const LABEL: Label = Label::new("vigil/membership/v1");
const ID: Context = Context::new("vigil membership operation v1");
const SIGNATURE_LEN: usize = 64;

/// What an operation does (PROTOCOL §4).
#[derive(Clone, Eq, PartialEq)]
pub(crate) enum Action {
    /// Founds the cell. Its hash is the cell's id.
    Genesis {
        /// The suite of every send group, for ever.
        suite: Suite,
        /// Votes that remove a member; by size if absent.
        removal_quorum: Option<u8>,
        /// The most members that may be added.
        cap: u16,
        /// Makes the cell's id unique.
        nonce: [u8; 16],
        /// What the founder is called.
        name: DisplayName,
        /// The founder's key package.
        key_package: Vec<u8>,
    },
    /// Lets somebody in, to read and to speak.
    Add {
        /// Their identity key, made for this cell.
        member: MemberId,
        /// Their first incarnation.
        incarnation: Incarnation,
        /// What they are called.
        name: DisplayName,
        /// Their key package.
        key_package: Vec<u8>,
        /// Whether the inviter compared the short phrase with them.
        compared: bool,
    },
    /// Makes a member full.
    Vouch {
        /// Whom.
        member: MemberId,
    },
    /// A vote for removing a member.
    RemoveVote {
        /// Whom.
        member: MemberId,
    },
    /// The author leaves.
    Leave,
    /// The author comes back with a new incarnation, after a restore or lost state.
    Reset {
        /// The new one; also the incarnation that signs.
        incarnation: Incarnation,
        /// Its key package.
        key_package: Vec<u8>,
    },
    /// The author knows that a reset was made by who they say they are.
    ConfirmReset {
        /// Who came back.
        member: MemberId,
        /// With which incarnation.
        incarnation: Incarnation,
    },
    /// How long messages last from here on.
    Policy {
        /// In seconds.
        lifetime_s: u32,
    },
    /// Proof that a member signed two different things in one place (PROTOCOL §2).
    Evidence {
        /// A signed envelope header.
        first: Vec<u8>,
        /// Another one for the same place.
        second: Vec<u8>,
    },
    /// Says nothing but that its author has its parents. Makes a removal that somebody has recorded impossible to undo
    /// with a vote that is dated back (see `judge`).
    Seen,
}

impl Action {
    /// The name of the variant.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Genesis { .. } => "genesis",
            Self::Add { .. } => "add",
            Self::Vouch { .. } => "vouch",
            Self::RemoveVote { .. } => "remove-vote",
            Self::Leave => "leave",
            Self::Reset { .. } => "reset",
            Self::ConfirmReset { .. } => "confirm-reset",
            Self::Policy { .. } => "policy",
            Self::Evidence { .. } => "evidence",
            Self::Seen => "seen",
        }
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Action({})", self.name())
    }
}

/// Why bytes are no operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum DecodeError {
    /// Over [`OPERATION_LIMIT`].
    #[error("the membership operation is too long")]
    TooLong,
    /// Not an encoding, or not the one encoding that there is.
    #[error("the membership operation is malformed")]
    Malformed,
}

/// Why an operation is not one of this cell.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum CheckError {
    /// It belongs to another cell.
    #[error("the membership operation is of another cell")]
    OtherCell,
    /// The author's signature does not hold.
    #[error("the membership operation is not signed by its author")]
    BadSignature,
    /// A field is outside what is allowed.
    #[error("a field of the membership operation is outside its limits")]
    OutOfBounds,
}

/// What is signed: `cell 32 ‖ author 32 ‖ incarnation 16 ‖ parents<V> ‖ action`. Byte strings are `Vec<u8>` and not
/// `tls_codec::VLBytes`, whose decoder asserts, in debug builds, that an untrusted length is true.
#[derive(Clone, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct Body {
    cell: [u8; CellId::LEN],
    author: [u8; MemberId::LEN],
    incarnation: [u8; Incarnation::LEN],
    parents: Vec<[u8; OpId::LEN]>,
    action: ActionBody,
}

#[derive(Clone, TlsDeserializeBytes, TlsSerialize, TlsSize)]
#[repr(u8)]
enum ActionBody {
    #[tls_codec(discriminant = 1)]
    Genesis(GenesisBody),
    Add(AddBody),
    Vouch([u8; MemberId::LEN]),
    RemoveVote([u8; MemberId::LEN]),
    Leave,
    Reset([u8; Incarnation::LEN], Vec<u8>),
    ConfirmReset([u8; MemberId::LEN], [u8; Incarnation::LEN]),
    Policy(u32),
    Evidence(Vec<u8>, Vec<u8>),
    Seen,
}

#[derive(Clone, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct GenesisBody {
    suite: u16,
    removal_quorum: Option<u8>,
    cap: u16,
    nonce: [u8; 16],
    name: Vec<u8>,
    key_package: Vec<u8>,
}

#[derive(Clone, TlsDeserializeBytes, TlsSerialize, TlsSize)]
struct AddBody {
    member: [u8; MemberId::LEN],
    incarnation: [u8; Incarnation::LEN],
    name: Vec<u8>,
    key_package: Vec<u8>,
    compared: u8,
}

/// An operation as it arrived: decoded, bounded, of unknown origin.
pub(crate) struct OperationIn {
    body: Body,
    bytes: Vec<u8>,
}

impl OperationIn {
    /// Decodes untrusted bytes: body, then 64 bytes of signature.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > OPERATION_LIMIT {
            return Err(DecodeError::TooLong);
        }
        let body_len = bytes
            .len()
            .checked_sub(SIGNATURE_LEN)
            .ok_or(DecodeError::Malformed)?;
        let signed = &bytes[..body_len];
        let body = Body::tls_deserialize_exact_bytes(signed).map_err(|_| DecodeError::Malformed)?;
        if body.parents.len() > PARENTS_LIMIT || body.encode() != signed {
            return Err(DecodeError::Malformed);
        }
        Ok(Self {
            body,
            bytes: bytes.to_vec(),
        })
    }

    #[cfg(test)]
    pub(super) fn encoding(&self) -> Vec<u8> {
        self.body.encode()
    }

    /// The only way to an [`Operation`]: it is of this cell, its fields are within bounds, its author signed it.
    pub(crate) fn check(self, cell: &CellId) -> Result<Operation, CheckError> {
        let operation =
            Operation::from_parts(&self.body, self.bytes).ok_or(CheckError::OutOfBounds)?;
        let named = match operation.action() {
            Action::Genesis { .. } => *operation.id().as_bytes(),
            Action::Add { .. }
            | Action::Vouch { .. }
            | Action::RemoveVote { .. }
            | Action::Leave
            | Action::Reset { .. }
            | Action::ConfirmReset { .. }
            | Action::Policy { .. }
            | Action::Evidence { .. }
            | Action::Seen => self.body.cell,
        };
        if named != *cell.as_bytes() {
            return Err(CheckError::OtherCell);
        }
        let (signed, signature) = operation.as_bytes().split_at(operation.signed_len());
        let key = VerifyingKey::parse(&self.body.author).map_err(|_| CheckError::BadSignature)?;
        let signature = signature.try_into().map_err(|_| CheckError::BadSignature)?;
        key.verify(LABEL, signed, signature)
            .map_err(|_| CheckError::BadSignature)?;
        Ok(operation)
    }
}

/// A signed operation of known author and cell, within all bounds. Cheap to clone.
#[derive(Clone, Eq, PartialEq)]
pub(crate) struct Operation(Arc<Inner>);

#[derive(Eq, PartialEq)]
struct Inner {
    id: OpId,
    author: MemberId,
    incarnation: Incarnation,
    parents: Vec<OpId>,
    action: Action,
    bytes: Vec<u8>,
}

impl Operation {
    /// Signs an operation. `parents` are sorted; a genesis has none, and zeros for its cell.
    pub(super) fn sign(
        cell: &CellId,
        author: &SigningKey,
        incarnation: Incarnation,
        parents: Vec<OpId>,
        action: Action,
    ) -> Self {
        let author_id = MemberId::from_bytes(author.verifying_key().to_bytes());
        let cell = if matches!(action, Action::Genesis { .. }) {
            [0; 32]
        } else {
            *cell.as_bytes()
        };
        let body = Body {
            cell,
            author: *author_id.as_bytes(),
            incarnation: *incarnation.as_bytes(),
            parents: parents.iter().map(|parent| *parent.as_bytes()).collect(),
            action: ActionBody::from(&action),
        };
        let mut bytes = body.encode();
        let id = OpId::from_bytes(hash(ID, &[&bytes]));
        let signature = author.sign(LABEL, &bytes);
        bytes.extend_from_slice(&signature);
        debug_assert!(
            bytes.len() <= OPERATION_LIMIT,
            "we sign only what others would take"
        );
        Self(Arc::new(Inner {
            id,
            author: author_id,
            incarnation,
            parents,
            action,
            bytes,
        }))
    }

    fn from_parts(body: &Body, bytes: Vec<u8>) -> Option<Self> {
        let signed = bytes.get(..bytes.len().checked_sub(SIGNATURE_LEN)?)?;
        let id = OpId::from_bytes(hash(ID, &[signed]));
        let action = body.action.check()?;
        let parents: Vec<OpId> = body
            .parents
            .iter()
            .map(|parent| OpId::from_bytes(*parent))
            .collect();
        let genesis = matches!(action, Action::Genesis { .. });
        let shaped = if genesis {
            body.cell == [0; 32] && parents.is_empty()
        } else {
            !parents.is_empty()
        };
        let incarnation = Incarnation::from_bytes(body.incarnation);
        let consistent = match &action {
            Action::Reset {
                incarnation: new, ..
            } => *new == incarnation,
            Action::Genesis { .. }
            | Action::Add { .. }
            | Action::Vouch { .. }
            | Action::RemoveVote { .. }
            | Action::Leave
            | Action::ConfirmReset { .. }
            | Action::Policy { .. }
            | Action::Evidence { .. }
            | Action::Seen => true,
        };
        let sorted = parents.is_sorted_by(|a, b| a < b);
        let author = MemberId::from_bytes(body.author);
        (shaped && consistent && sorted).then(|| {
            Self(Arc::new(Inner {
                id,
                author,
                incarnation,
                parents,
                action,
                bytes,
            }))
        })
    }

    /// Its id: the hash of what is signed.
    pub(crate) fn id(&self) -> OpId {
        self.0.id
    }

    /// Who signed it.
    pub(crate) fn author(&self) -> MemberId {
        self.0.author
    }

    /// Which life of the author.
    pub(crate) fn incarnation(&self) -> Incarnation {
        self.0.incarnation
    }

    /// What it does.
    pub(crate) fn action(&self) -> &Action {
        &self.0.action
    }

    /// The heads that its author knew, sorted.
    pub(crate) fn parents(&self) -> &[OpId] {
        &self.0.parents
    }

    /// The one encoding, as stored and sent.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    fn signed_len(&self) -> usize {
        self.0.bytes.len() - SIGNATURE_LEN
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Operation({}, {:?})", self.0.action.name(), self.0.id)
    }
}

impl Body {
    fn encode(&self) -> Vec<u8> {
        // Encoding fails only over 2^30 bytes, which no bounded field reaches.
        self.tls_serialize_detached().unwrap_or_default()
    }
}

impl From<&Action> for ActionBody {
    fn from(action: &Action) -> Self {
        let name = |name: &DisplayName| name.expose().as_bytes().to_vec();
        match action {
            Action::Genesis {
                suite,
                removal_quorum,
                cap,
                nonce,
                name: called,
                key_package,
            } => Self::Genesis(GenesisBody {
                suite: suite.number(),
                removal_quorum: *removal_quorum,
                cap: *cap,
                nonce: *nonce,
                name: name(called),
                key_package: key_package.clone(),
            }),
            Action::Add {
                member,
                incarnation,
                name: called,
                key_package,
                compared,
            } => Self::Add(AddBody {
                member: *member.as_bytes(),
                incarnation: *incarnation.as_bytes(),
                name: name(called),
                key_package: key_package.clone(),
                compared: u8::from(*compared),
            }),
            Action::Vouch { member } => Self::Vouch(*member.as_bytes()),
            Action::RemoveVote { member } => Self::RemoveVote(*member.as_bytes()),
            Action::Leave => Self::Leave,
            Action::Reset {
                incarnation,
                key_package,
            } => Self::Reset(*incarnation.as_bytes(), key_package.clone()),
            Action::ConfirmReset {
                member,
                incarnation,
            } => Self::ConfirmReset(*member.as_bytes(), *incarnation.as_bytes()),
            Action::Policy { lifetime_s } => Self::Policy(*lifetime_s),
            Action::Evidence { first, second } => Self::Evidence(first.clone(), second.clone()),
            Action::Seen => Self::Seen,
        }
    }
}

impl ActionBody {
    /// The action, if every field is within its bounds.
    fn check(&self) -> Option<Action> {
        Some(match self {
            Self::Genesis(genesis) => genesis.check()?,
            Self::Add(add) => Action::Add {
                member: MemberId::from_bytes(add.member),
                incarnation: Incarnation::from_bytes(add.incarnation),
                name: name(&add.name)?,
                key_package: bounded(&add.key_package, KEY_PACKAGE_LIMIT)?,
                compared: match add.compared {
                    0 => false,
                    1 => true,
                    _ => return None,
                },
            },
            Self::Vouch(member) => Action::Vouch {
                member: MemberId::from_bytes(*member),
            },
            Self::RemoveVote(member) => Action::RemoveVote {
                member: MemberId::from_bytes(*member),
            },
            Self::Leave => Action::Leave,
            Self::Reset(incarnation, key_package) => Action::Reset {
                incarnation: Incarnation::from_bytes(*incarnation),
                key_package: bounded(key_package, KEY_PACKAGE_LIMIT)?,
            },
            Self::ConfirmReset(member, incarnation) => Action::ConfirmReset {
                member: MemberId::from_bytes(*member),
                incarnation: Incarnation::from_bytes(*incarnation),
            },
            Self::Policy(lifetime_s) => Action::Policy {
                lifetime_s: Some(*lifetime_s).filter(|seconds| *seconds >= LIFETIME_MIN_S)?,
            },
            Self::Evidence(first, second) => Action::Evidence {
                first: bounded(first, EVIDENCE_HEADER_LIMIT)?,
                second: bounded(second, EVIDENCE_HEADER_LIMIT)?,
            },
            Self::Seen => Action::Seen,
        })
    }
}

impl GenesisBody {
    fn check(&self) -> Option<Action> {
        let suite = Suite::from_number(self.suite)?;
        let cap_fits = (2..=suite.cap()).contains(&usize::from(self.cap));
        let quorum_fits = self
            .removal_quorum
            .is_none_or(|quorum| quorum >= QUORUM_SMALL && u16::from(quorum) < self.cap);
        (cap_fits && quorum_fits).then_some(())?;
        Some(Action::Genesis {
            suite,
            removal_quorum: self.removal_quorum,
            cap: self.cap,
            nonce: self.nonce,
            name: name(&self.name)?,
            key_package: bounded(&self.key_package, KEY_PACKAGE_LIMIT)?,
        })
    }
}

/// A name in the form in which it would be parsed: anything else could be shown differently from what was signed.
fn name(bytes: &[u8]) -> Option<DisplayName> {
    let text = std::str::from_utf8(bytes).ok()?;
    DisplayName::parse(text)
        .ok()
        .filter(|name| name.expose() == text)
}

fn bounded(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    (bytes.len() <= limit).then(|| bytes.to_vec())
}
