//! Finding messages by their words.
//!
//! There is no index on the disk: one would be a second copy of everything that was said. The core names the messages in
//! which the words may stand ([`model::TextPrint`]), newest first. They are read in stretches, each on all cores, until
//! there are enough: a text is opened, folded and forgotten. What is found is read once more to be shown, so that it is
//! what stands there then.

use std::thread;

use model::{CellId, Folded, MessageId, SearchWords};
use proto::{ErrorKind, Node};
use store::Vault;

use crate::life::blocking;
use crate::messages::{Message, Names, body, show};
use crate::{Client, ClientError};

/// A message that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// In which cell.
    pub cell: CellId,
    /// The message.
    pub message: Message,
}

/// Hits unless the caller says otherwise.
const HITS: usize = 50;

/// Hits that one search may ask for: more than anybody reads through.
const HITS_MOST: usize = 1000;

/// Messages that the first stretch reads: some milliseconds. A word that everybody uses is among them.
const STRETCH: usize = 256;

/// Messages of later stretches: few rounds, and little is read in vain after enough was found.
const STRETCH_MOST: usize = 8192;

/// Threads of one search: more wait for the store rather than for a core.
const THREADS: usize = 4;

impl Client {
    /// Messages of one cell or of all in which all words stand, newest first.
    ///
    /// # Errors
    /// See [`Self::create_cell`].
    pub async fn search(
        &self,
        cell: Option<CellId>,
        words: SearchWords,
        limit: Option<usize>,
    ) -> Result<Vec<Hit>, ClientError> {
        let limit = limit.unwrap_or(HITS).min(HITS_MOST);
        let looked_for = words.clone();
        let look = move |node: &Node| node.may_have(cell, &looked_for);
        let (among, vault) = self.query(look).await?;
        let among = among.ok_or(ClientError::core(ErrorKind::NoSuchCell))?;
        let looked_for = words.clone();
        let found = blocking(move || find(&vault, &looked_for, &among, limit)).await?;
        let look = move |node: &Node| {
            let found = found.into_iter();
            found
                .filter_map(|(cell, message)| {
                    Some((Names::of(node, cell)?, node.message(cell, message)?))
                })
                .collect::<Vec<_>>()
        };
        let (seen, vault) = self.query(look).await?;
        blocking(move || {
            let (mut hits, mut buffer) = (Vec::new(), Folded::default());
            for (names, message) in seen {
                let cell = names.cell();
                // What was deleted or changed while we searched is not found.
                let shown = show(&vault, message, &names)?.filter(|message| {
                    let text = message.text.as_ref();
                    text.is_some_and(|text| words.are_in(text.expose(), &mut buffer))
                });
                hits.extend(shown.map(|message| Hit { cell, message }));
            }
            Ok(hits)
        })
        .await
    }
}

type Named = (CellId, MessageId);

/// The first `limit` of `among` in which the words stand.
fn find(
    vault: &Vault,
    words: &SearchWords,
    mut among: &[Named],
    limit: usize,
) -> Result<Vec<Named>, ClientError> {
    let (mut found, mut stretch) = (Vec::new(), STRETCH);
    while found.len() < limit && !among.is_empty() {
        let (now, later) = among.split_at(stretch.min(among.len()));
        found.extend(find_on_all_cores(vault, words, now)?);
        among = later;
        stretch = (stretch * 4).min(STRETCH_MOST);
    }
    found.truncate(limit);
    Ok(found)
}

fn find_on_all_cores(
    vault: &Vault,
    words: &SearchWords,
    among: &[Named],
) -> Result<Vec<Named>, ClientError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = among.len().div_ceil(threads.min(THREADS)).max(1);
    let searched: Vec<_> = thread::scope(|scope| {
        let shares = among.chunks(share);
        let running: Vec<_> = shares
            .map(|share| scope.spawn(|| find_among(vault, words, share)))
            .collect();
        let running = running.into_iter();
        running.map(thread::ScopedJoinHandle::join).collect()
    });
    let mut found = Vec::new();
    for share in searched {
        found.extend(share.map_err(|_| ClientError::internal())??);
    }
    Ok(found)
}

fn find_among(
    vault: &Vault,
    words: &SearchWords,
    among: &[Named],
) -> Result<Vec<Named>, ClientError> {
    let mut buffer = Folded::default();
    let mut found = Vec::new();
    for (cell, message) in among {
        let text = body(vault, *cell, *message)?.and_then(|body| body.text);
        if text.is_some_and(|text| words.are_in(text.expose(), &mut buffer)) {
            found.push((*cell, *message));
        }
    }
    Ok(found)
}
