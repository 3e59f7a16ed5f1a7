//! How the rest of the program talks to the running node.

use proto::{Answer, Command, CommandError, Node};
use tokio::sync::oneshot;

use crate::driver::{Core, ToCore};

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

    /// Stops the node. When this returns, its store was given back and no key of it is used any more.
    pub async fn stop(&self) {
        let (sender, done) = oneshot::channel();
        if self.core.send(ToCore::Stop(sender)).is_ok() {
            let _already_stopped = done.await;
        }
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}
