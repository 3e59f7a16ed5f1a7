//! Files that the person chose, pasted or dropped, and has not sent yet. The page knows them by a number; it is never told
//! a path.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use client::Source;
use model::MessageId;

/// Files that wait at once. More were forgotten by the page, and the oldest go.
const OFFERS: usize = 8;

/// Files that wait to be sent.
#[derive(Default)]
pub struct Offers(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    next: u64,
    offers: BTreeMap<u64, Offer>,
}

struct Offer {
    source: Source,
    /// The message that it is being sent as.
    sending: Option<MessageId>,
}

impl Offers {
    /// Keeps a file: what the page calls it.
    pub(crate) fn keep(&self, source: Source) -> String {
        let mut waiting = self.lock();
        waiting.next += 1;
        let token = waiting.next;
        let offer = Offer {
            source,
            sending: None,
        };
        waiting.offers.insert(token, offer);
        while waiting.offers.len() > OFFERS {
            waiting.offers.pop_first();
        }
        token.to_string()
    }

    /// The file of this name. It stays until it is sent: it may have to go in another way.
    pub(crate) fn get(&self, token: &str) -> Option<Source> {
        let token = token.parse().ok()?;
        let waiting = self.lock();
        Some(waiting.offers.get(&token)?.source.clone())
    }

    /// A file is being sent as this message, or no longer; false if it was forgotten meanwhile.
    pub(crate) fn sending(&self, token: &str, message: Option<MessageId>) -> bool {
        let Ok(token) = token.parse::<u64>() else {
            return false;
        };
        let mut waiting = self.lock();
        let offer = waiting.offers.get_mut(&token);
        offer.is_some_and(|offer| {
            offer.sending = message;
            true
        })
    }

    /// Forgets a file: the message that it is being sent as, if it is.
    pub(crate) fn forget(&self, token: &str) -> Option<MessageId> {
        let token = token.parse().ok()?;
        self.lock().offers.remove(&token)?.sending
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        self.lock().offers.clear();
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
        assert_eq!(offers.forget(&tokens[3]), None);
        assert!(offers.get(&tokens[3]).is_none() && offers.get("x").is_none());
        offers.clear();
        assert!(tokens.iter().all(|token| offers.get(token).is_none()));
    }
    #[test]
    fn who_takes_off_a_file_learns_what_it_is_being_sent_as_and_it_does_not_begin_afterwards() {
        let offers = Offers::default();
        let message = MessageId::from_bytes([7; 32]);
        let token = offers.keep(Source::Path("minutes".into()));
        assert!(offers.sending(&token, Some(message)));
        assert_eq!(offers.forget(&token), Some(message));
        assert!(!offers.sending(&token, Some(message)));
        // One that was refused waits again, and is no message.
        let token = offers.keep(Source::Path("minutes".into()));
        assert!(offers.sending(&token, Some(message)) && offers.sending(&token, None));
        assert_eq!(offers.forget(&token), None);
    }
}
