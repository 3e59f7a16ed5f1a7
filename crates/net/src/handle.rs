//! How the rest of the program talks to the running node.

use proto::{Answer, Command, CommandError, Node};
use tokio::sync::oneshot;

use crate::driver::{Core, Goodbyes, ToCore};

/// The node runs no longer: it was stopped, or what it said could not be stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the node has stopped")]
pub struct Stopped;

/// Why a command was not answered well.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CallError {
    /// The core refused. Nothing has changed.
    #[error(transparent)]
    Refused(#[from] CommandError),
    /// The node stopped before it answered.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// A running node. Clones are the same node; it runs until [`Handle::stop`].
#[derive(Clone)]
pub struct Handle {
    core: Core,
}

impl Handle {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Carries out a command. What it answers is durable.
    ///
    /// # Errors
    /// Fails if the core refuses, or does not run.
    pub async fn command(&self, command: Command) -> Result<Answer, CallError> {
        let (sender, answer) = oneshot::channel();
        self.core.send(ToCore::Command(command, sender))?;
        Ok(answer.await.map_err(|_| Stopped)??)
    }

    /// Looks at the node. What it shows is durable.
    ///
    /// # Errors
    /// Fails if the core does not run.
    pub async fn query<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Node) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let (sender, seen) = oneshot::channel();
        let look = move |node: &Node| {
            let _gave_up = sender.send(look(node));
        };
        self.core.send(ToCore::Query(Box::new(look)))?;
        seen.await.map_err(|_| Stopped)
    }

    /// Whether the core is still there to be asked.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.core.send(ToCore::Query(Box::new(|_| {}))).is_ok()
    }

    /// Stops the node. When this returns, its store was given back and no key of it is used any more; the network may
    /// still say goodbye for a moment.
    pub async fn stop(&self) -> Closing {
        let (sender, done) = oneshot::channel();
        let stopped = self.core.send(ToCore::Stop(sender));
        Closing(match stopped {
            Ok(()) => done.await.unwrap_or_default(),
            Err(Stopped) => Vec::new(),
        })
    }
}

/// A network on its way out.
#[derive(Debug)]
#[must_use = "ports are open until this is over"]
pub struct Closing(Goodbyes);

impl Closing {
    /// Waits until every connection and port of the node is closed: two seconds at most.
    pub async fn closed(self) {
        for swarm in self.0 {
            let _ended = swarm.await;
        }
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}
