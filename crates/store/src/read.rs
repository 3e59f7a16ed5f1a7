//! Reading: one record, all records, and the check that they are all there.

use proto::Key;
use zeroize::Zeroizing;

use crate::engine::{Engine, EngineError};
use crate::error::ReadError;
use crate::record::{Commit, Damaged, Piece, Records, parse_body};

/// Reads the newest commit record and checks that the pieces are exactly those it speaks of.
pub(crate) fn check(engine: &Engine, records: &Records) -> Result<Commit, EngineError> {
    let commit = commit(engine, records)?;
    let mut found = Commit {
        counter: commit.counter,
        ..Commit::default()
    };
    let commit_name = records.commit_name();
    engine.scan(|name, stored| -> Result<(), EngineError> {
        if *name != commit_name {
            found.toggle(&records.mark(name, stored));
            found.pieces += 1;
        }
        Ok(())
    })?;
    if found == commit {
        Ok(commit)
    } else {
        Err(EngineError::Damaged)
    }
}

/// Opens every piece and shows every record, in no meaningful order.
pub(crate) fn load(
    engine: &Engine,
    records: &Records,
    each: &mut dyn FnMut(Key, Zeroizing<Vec<u8>>),
) -> Result<(), ReadError> {
    let commit = commit(engine, records)?;
    let (mut found, mut expected) = (0, 0);
    engine.scan(|name, stored| {
        match records.open(name, stored)? {
            Piece::Commit(_) => return Ok(()),
            Piece::Tail { .. } => {}
            Piece::Head {
                commit,
                pieces,
                body,
            } => {
                expected += u64::from(pieces);
                let (key, value) = assemble(
                    engine,
                    records,
                    Head {
                        commit,
                        pieces,
                        body,
                    },
                )?;
                if records.name(&key, 0) != *name {
                    return Err(ReadError::Damaged);
                }
                each(key, value);
            }
        }
        found += 1;
        Ok(())
    })?;
    // Every tail belongs to a head, and every head has all its tails.
    if found == expected && found == commit.pieces {
        Ok(())
    } else {
        Err(ReadError::Damaged)
    }
}

/// Reads one record.
pub(crate) fn get(
    engine: &Engine,
    records: &Records,
    key: &Key,
) -> Result<Option<Zeroizing<Vec<u8>>>, ReadError> {
    let name = records.name(key, 0);
    let Some(stored) = engine.get(&name)? else {
        return Ok(None);
    };
    let Piece::Head {
        commit,
        pieces,
        body,
    } = records.open(&name, &stored)?
    else {
        return Err(ReadError::Damaged);
    };
    let (stored_key, value) = assemble(
        engine,
        records,
        Head {
            commit,
            pieces,
            body,
        },
    )?;
    if stored_key == *key {
        Ok(Some(value))
    } else {
        Err(ReadError::Damaged)
    }
}

struct Head {
    commit: u64,
    pieces: u16,
    body: Zeroizing<Vec<u8>>,
}

/// Adds the tails, which must come from the same write as their head.
fn assemble(
    engine: &Engine,
    records: &Records,
    head: Head,
) -> Result<(Key, Zeroizing<Vec<u8>>), ReadError> {
    if head.pieces == 1 {
        return parse_body(&head.body).ok_or(ReadError::Damaged);
    }
    let key = head_key(&head.body).ok_or(ReadError::Damaged)?;
    let mut body = Zeroizing::new(Vec::with_capacity(
        usize::from(head.pieces) * crate::record::PIECE_LEN,
    ));
    body.extend_from_slice(&head.body);
    for piece in 1..head.pieces {
        let name = records.name(&key, piece);
        let stored = engine.get(&name)?.ok_or(ReadError::Damaged)?;
        match records.open(&name, &stored)? {
            Piece::Tail { commit, body: part } if commit == head.commit => {
                body.extend_from_slice(&part);
            }
            Piece::Tail { .. } | Piece::Head { .. } | Piece::Commit(_) => {
                return Err(ReadError::Damaged);
            }
        }
    }
    parse_body(&body).ok_or(ReadError::Damaged)
}

/// The key, which the head always holds whole.
fn head_key(body: &[u8]) -> Option<Key> {
    let (length, rest) = body.split_first()?;
    Key::from_bytes(rest.get(..usize::from(*length))?)
}

fn commit(engine: &Engine, records: &Records) -> Result<Commit, EngineError> {
    let name = records.commit_name();
    // Opened but empty is never a first start: a profile is made with its first commit in it.
    let stored = engine.get(&name)?.ok_or(EngineError::Damaged)?;
    match records.open(&name, &stored)? {
        Piece::Commit(commit) => Ok(commit),
        Piece::Head { .. } | Piece::Tail { .. } => Err(EngineError::Damaged),
    }
}

impl From<EngineError> for ReadError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Io(error) => Self::Io(error),
            EngineError::Damaged | EngineError::Full | EngineError::Locked => Self::Damaged,
        }
    }
}

impl From<Damaged> for ReadError {
    fn from(_: Damaged) -> Self {
        Self::Damaged
    }
}
