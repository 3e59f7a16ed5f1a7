//! Identifiers. Each is a newtype over bytes whose `Debug` shows only a short prefix.

use std::fmt;

/// Why some text is not an identifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an identifier is {expected} lower-case hexadecimal digits")]
pub struct ParseIdError {
    expected: usize,
}

/// Defines a fixed-size identifier whose `Debug` form shows only a short prefix.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Wraps raw bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The whole identifier as lower-case hexadecimal digits, for scripting (RPC) and nothing else.
            pub fn to_hex(&self) -> String {
                self.0.iter().map(|byte| format!("{byte:02x}")).collect()
            }

            /// Reads what [`Self::to_hex`] wrote.
            ///
            /// # Errors
            ///
            /// Fails if `text` is not exactly the lower-case hexadecimal digits of this identifier.
            pub fn from_hex(text: &str) -> Result<Self, ParseIdError> {
                let mut bytes = [0; $len];
                parse_hex(text, &mut bytes).ok_or(ParseIdError { expected: 2 * $len })?;
                Ok(Self(bytes))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:02x}{:02x}..)"), self.0[0], self.0[1])
            }
        }
    };
}

id! {
    /// Names one cell: the hash of its `genesis` operation.
    CellId, 32
}
id! {
    /// Names one member of one cell: the bytes of the Ed25519 identity key made for that cell. A key that can verify
    /// is `crypto::VerifyingKey`.
    MemberId, 32
}
id! {
    /// Names one device on the network, per cell: the bytes of the Ed25519 key of its libp2p swarm. Unlinkable to a
    /// [`MemberId`] without the cell's peer cards.
    PeerId, 32
}
id! {
    /// Names one message: a hash over its cell, its author and a nonce that the author drew when the text was written.
    MessageId, 32
}
id! {
    /// Names one call in a cell: a hash over the cell, its author and a nonce that the author drew when it was shared.
    CallId, 32
}
id! {
    /// Names one envelope: the hash of its signed header.
    EnvelopeId, 32
}
id! {
    /// Names one membership operation: the hash of its signed object.
    OpId, 32
}
id! {
    /// One life of a member's log and send group. A restore opens a new one.
    Incarnation, 16
}
id! {
    /// Names one invite on the device that made it.
    InviteId, 16
}
id! {
    /// Names one attempt to join, on either side.
    JoinId, 16
}
id! {
    /// Names one listening port with its door key.
    DoorId, 16
}

/// Names one log and its send group: whose it is, and which life of it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LogId {
    /// Whose log it is.
    pub member: MemberId,
    /// Which life of it.
    pub incarnation: Incarnation,
}

impl LogId {
    /// Length of [`Self::to_bytes`].
    pub const LEN: usize = MemberId::LEN + Incarnation::LEN;

    /// Member, then incarnation: the bytes that an MLS leaf credential holds.
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[..MemberId::LEN].copy_from_slice(self.member.as_bytes());
        bytes[MemberId::LEN..].copy_from_slice(self.incarnation.as_bytes());
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote, or nothing if the length is wrong.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let (member, incarnation) = bytes.split_at_checked(MemberId::LEN)?;
        Some(Self {
            member: MemberId::from_bytes(member.try_into().ok()?),
            incarnation: Incarnation::from_bytes(incarnation.try_into().ok()?),
        })
    }
}

fn parse_hex(text: &str, bytes: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(())
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_only_a_prefix() {
        let member = MemberId::from_bytes([0xab; 32]);
        assert_eq!(format!("{member:?}"), "MemberId(abab..)");
    }

    #[test]
    fn hex_is_read_back_and_anything_else_is_refused() {
        let invite = InviteId::from_bytes([0x1f; 16]);
        assert_eq!(InviteId::from_hex(&invite.to_hex()), Ok(invite));
        for wrong in [
            "",
            "1f",
            &"1F".repeat(16),
            &"1g".repeat(16),
            &"1f".repeat(17),
        ] {
            assert_eq!(
                InviteId::from_hex(wrong),
                Err(ParseIdError { expected: 32 })
            );
        }
    }

    #[test]
    fn a_log_id_is_read_back_from_its_bytes() {
        let log = LogId {
            member: MemberId::from_bytes([1; 32]),
            incarnation: Incarnation::from_bytes([2; 16]),
        };
        assert_eq!(LogId::from_slice(&log.to_bytes()), Some(log));
        assert_eq!(LogId::from_slice(&log.to_bytes()[1..]), None);
    }
}
