//! Finding messages by their words.
//!
//! There is no index: one would be a second copy of everything that was said. The store is read newest first, each text is
//! opened, folded and forgotten, on all cores, until enough is found. What is found is read once more to be shown, so that
//! it is what stands there then.

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

/// Messages that one thread looks at before it is asked whether there is enough: some milliseconds.
const STEP: usize = 1024;

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
        let (all, vault) = self.query(move |node| node.newest_first(cell)).await?;
        let all = all.ok_or(ClientError::core(ErrorKind::NoSuchCell))?;
        let found = blocking(move || find(&vault, &words, &all, limit)).await?;
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
            let mut hits = Vec::new();
            for (names, message) in seen {
                let cell = names.cell();
                // What was deleted while we searched is not found.
                let shown = show(&vault, message, &names)?;
                let shown = shown.filter(|message| message.text.is_some());
                hits.extend(shown.map(|message| Hit { cell, message }));
            }
            Ok(hits)
        })
        .await
    }
}

type Named = (CellId, MessageId);

/// The first `limit` of `all` in which the words stand.
fn find(
    vault: &Vault,
    words: &SearchWords,
    all: &[Named],
    limit: usize,
) -> Result<Vec<Named>, ClientError> {
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(THREADS);
    let mut found = Vec::new();
    for round in all.chunks(STEP * threads) {
        let steps = round.chunks(STEP);
        let searched: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = steps
                .map(|step| scope.spawn(move || find_in(vault, words, step)))
                .collect();
            running
                .into_iter()
                .map(thread::ScopedJoinHandle::join)
                .collect()
        });
        for step in searched {
            found.extend(step.map_err(|_| ClientError::internal())??);
        }
        if found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

fn find_in(vault: &Vault, words: &SearchWords, step: &[Named]) -> Result<Vec<Named>, ClientError> {
    let mut buffer = Folded::default();
    let mut found = Vec::new();
    for (cell, message) in step {
        let text = body(vault, *cell, *message)?.and_then(|body| body.text);
        if text.is_some_and(|text| words.are_in(text.expose(), &mut buffer)) {
            found.push((*cell, *message));
        }
    }
    Ok(found)
}
