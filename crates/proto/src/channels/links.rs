//! What links to a channel bring: where readers are, keys, and another way to its charters while there are none.

use channel::Link;
use model::Address;

use super::held::{Held, Known, State, persist};
use super::hints;
use crate::command::ErrorKind;
use crate::config::{LINKS_WAITING, READERS_KNOWN};
use crate::node::Now;
use crate::out::Out;

impl Held {
    /// Takes what another link to the same channel brings: addresses, and the keys of an epoch that was announced.
    pub(super) fn add_link(
        &mut self,
        link: &Link,
        now: Now,
        out: &mut Out,
    ) -> Result<(), ErrorKind> {
        match &mut self.state {
            State::Reading(reader) => {
                let changes = reader.add_link(link);
                let changes = changes.map_err(|_| ErrorKind::LinkMalformed)?;
                persist(&self.id, changes, out);
            }
            // The one before may have been altered on its way.
            State::Waiting(links) => {
                links.retain(|known| known.to_text() != link.to_text());
                links.insert(0, link.clone());
                links.truncate(LINKS_WAITING);
            }
        }
        self.learn(&link.hints, now);
        self.persist_own(out);
        self.open_door(out);
        Ok(())
    }

    /// Remembers where readers are said to be.
    pub(super) fn learn(&mut self, named: &[Address], now: Now) {
        let me = self.me();
        for hint in named.iter().rev() {
            let Some((peer, address)) = hints::read(hint).filter(|(peer, _)| *peer != me) else {
                continue;
            };
            let at = self.own.known.iter().position(|known| known.peer == peer);
            let mut known = match at {
                Some(at) => self.own.known.remove(at),
                None => Known {
                    peer,
                    addresses: Vec::new(),
                },
            };
            known.addresses.retain(|old| *old != address);
            known.addresses.insert(0, address);
            known.addresses.truncate(channel::config::HINTS_MAX);
            self.own.known.insert(0, known);
        }
        self.own.known.truncate(READERS_KNOWN);
        self.plan_dials(now);
    }
}
