//! Which algorithms a cell's send groups use.

/// The cipher suite of a cell, fixed in its `genesis` operation (PROTOCOL §3).
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Suite {
    /// MLS 0x004D: X-Wing (X25519 with ML-KEM-768), ChaCha20-Poly1305, SHA-256, Ed25519. For cells of up to 25.
    #[default]
    XWing,
    /// MLS 0x0003: X25519, ChaCha20-Poly1305, SHA-256, Ed25519. For cells of up to 50.
    X25519,
}

impl Suite {
    /// The number in the MLS registry.
    pub const fn number(self) -> u16 {
        match self {
            Self::XWing => 0x004d,
            Self::X25519 => 0x0003,
        }
    }

    /// The suite with this number in the MLS registry, if we speak it.
    pub const fn from_number(number: u16) -> Option<Self> {
        match number {
            0x004d => Some(Self::XWing),
            0x0003 => Some(Self::X25519),
            _ => None,
        }
    }

    /// The most members a cell of this suite admits. X-Wing trees cost 1.2 KB a leaf in every path commit and 3.9 MB
    /// for all welcomes at 50 members; measured in `docs/decisions`.
    pub const fn cap(self) -> usize {
        match self {
            Self::XWing => 25,
            Self::X25519 => 50,
        }
    }
}
