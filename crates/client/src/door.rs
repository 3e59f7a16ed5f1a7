//! What a window shows before there is a profile: how strong a passphrase is, and where the profile lies.

use std::path::Path;

use store::Passphrase;

use crate::Client;

/// How hard a passphrase is to guess.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Strength {
    /// From 0, guessed at once, to 4.
    pub score: u8,
    /// Whether a profile may be protected with it.
    pub acceptable: bool,
}

impl Client {
    /// How hard a passphrase is to guess.
    #[must_use]
    pub fn passphrase_strength(passphrase: &str) -> Strength {
        let score = Passphrase::new(passphrase).score();
        Strength {
            score,
            acceptable: score == 4,
        }
    }

    /// Where the profile lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.options().folder.as_path()
    }
}
