//! Text in a call: zeroed when dropped, never printed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// Some words of a call, as they came. Their limits are those of the field they stand in (`check`).
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Words(Zeroizing<String>);

impl Words {
    /// Takes words as they are.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The words, for display or encryption.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} bytes)", self.0.len())
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}
