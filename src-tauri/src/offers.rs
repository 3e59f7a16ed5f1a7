//! Files that the person chose, pasted or dropped, and has not sent yet. The page knows them by a number; it is never told
//! a path.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use client::Source;

/// Files that wait at once. More were forgotten by the page, and the oldest go.
const OFFERS: usize = 8;

/// Files that wait to be sent.
#[derive(Default)]
pub struct Offers(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    next: u64,
    sources: BTreeMap<u64, Source>,
}

impl Offers {
    /// Keeps a file: what the page calls it.
    pub(crate) fn keep(&self, source: Source) -> String {
        let mut waiting = self.lock();
        waiting.next += 1;
        let token = waiting.next;
        waiting.sources.insert(token, source);
        while waiting.sources.len() > OFFERS {
            waiting.sources.pop_first();
        }
        token.to_string()
    }

    /// The file of this name. It stays until it is sent: it may have to go in another way.
    pub(crate) fn get(&self, token: &str) -> Option<Source> {
        let token = token.parse().ok()?;
        self.lock().sources.get(&token).cloned()
    }

    /// Forgets a file.
    pub(crate) fn forget(&self, token: &str) {
        if let Ok(token) = token.parse() {
            self.lock().sources.remove(&token);
        }
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        self.lock().sources.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing is left half done in it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Offers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Offers")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_and_forgotten_fills_no_memory() {
        let offers = Offers::default();
        let tokens: Vec<String> = (0..OFFERS + 3)
            .map(|number| offers.keep(Source::Path(number.to_string().into())))
            .collect();
        assert!(offers.get(&tokens[2]).is_none());
        assert!(offers.get(&tokens[3]).is_some());
        offers.forget(&tokens[3]);
        assert!(offers.get(&tokens[3]).is_none() && offers.get("x").is_none());
        offers.clear();
        assert!(tokens.iter().all(|token| offers.get(token).is_none()));
    }
}
