//! Finding messages by their words.
//!
//! There is no index: one would be a second copy of everything that was said. The newest messages are read one by one,
//! for a word that everybody uses is among them. If they are not enough, the store is gone through once, in the order in
//! which it lies, on all cores: each text is opened, folded and forgotten. What is found is read once more to be shown,
//! so that it is what stands there then.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use model::{CellId, Folded, MessageId, SearchWords};
use proto::{ErrorKind, Node, RecordKind};
use store::{Store, Vault};

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

/// Newest messages that are looked at first: some milliseconds.
const NEWEST: usize = 256;

/// Parts in which the store shows its records.
const PARTS: usize = 256;

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
        let looked_for = words.clone();
        let found = blocking(move || find(&vault, &looked_for, &all, limit)).await?;
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

/// The first `limit` of `all` in which the words stand.
fn find(
    vault: &Vault,
    words: &SearchWords,
    all: &[Named],
    limit: usize,
) -> Result<Vec<Named>, ClientError> {
    let (newest, older) = all.split_at(all.len().min(NEWEST));
    let mut found = find_among(vault, words, newest)?;
    if found.len() < limit && !older.is_empty() {
        let anywhere = find_anywhere(vault, words)?;
        let older = older.iter().filter(|named| anywhere.contains(named));
        found.extend(older.copied());
    }
    found.truncate(limit);
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

/// Every message of every cell in which the words stand.
fn find_anywhere(vault: &Vault, words: &SearchWords) -> Result<BTreeSet<Named>, ClientError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let searched: Vec<_> = thread::scope(|scope| {
        let search = || find_in_parts(vault, words, &next);
        let running: Vec<_> = (0..threads.min(THREADS))
            .map(|_| scope.spawn(search))
            .collect();
        let running = running.into_iter();
        running.map(thread::ScopedJoinHandle::join).collect()
    });
    let mut found = BTreeSet::new();
    for part in searched {
        found.extend(part.map_err(|_| ClientError::internal())??);
    }
    Ok(found)
}

/// Goes through parts of the store for as long as there are some that nobody has taken.
fn find_in_parts(
    vault: &Vault,
    words: &SearchWords,
    next: &AtomicUsize,
) -> Result<Vec<Named>, ClientError> {
    let mut buffer = Folded::default();
    let mut found = Vec::new();
    let mut damaged = false;
    while let Ok(part) = u8::try_from(next.fetch_add(1, Ordering::Relaxed).min(PARTS)) {
        vault.scan_part(RecordKind::Message, part, &mut |key, record| {
            let Ok(body) = Node::read_message(&record) else {
                damaged = true;
                return;
            };
            let text = body.and_then(|body| body.text);
            if text.is_some_and(|text| words.are_in(text.expose(), &mut buffer)) {
                let message = <[u8; 32]>::try_from(key.name());
                let cell = CellId::from_bytes(*key.scope());
                found.extend(message.map(|message| (cell, MessageId::from_bytes(message))));
            }
        })?;
    }
    if damaged {
        return Err(store::ReadError::Damaged.into());
    }
    Ok(found)
}
