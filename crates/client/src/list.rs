//! What a window shows beside the calls of the scripting interface: cells with their newest message, and how strong a
//! passphrase is.

use std::path::Path;

use proto::CellSummary;
use store::Passphrase;

use crate::{Client, ClientError, Message};

/// One cell with the newest message in it.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The cell.
    pub summary: CellSummary,
    /// Its newest message, if it can be read.
    pub last: Option<Message>,
}

/// How hard a passphrase is to guess.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Strength {
    /// From 0, guessed at once, to 4.
    pub score: u8,
    /// Whether a profile may be protected with it.
    pub acceptable: bool,
}

impl Client {
    /// Every cell on this device with its newest message.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn cell_list(&self) -> Result<Vec<Cell>, ClientError> {
        let mut cells = Vec::new();
        for summary in self.cells().await? {
            let mut newest = self.messages(summary.cell, None, Some(1)).await?;
            let last = newest.pop();
            cells.push(Cell { summary, last });
        }
        Ok(cells)
    }

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
