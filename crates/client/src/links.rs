//! Links to channels, with and without a passphrase.
//!
//! Invariants: a passphrase is stretched on a thread that nobody else waits for, and one at a time, whatever links somebody
//! pastes · the core and the store never have it.

use std::sync::Arc;

use proto::{Answer, ChannelDeed, ChannelId, Command, ErrorKind, LinkError};
use store::{KdfParams, Passphrase};
use zeroize::Zeroizing;

use crate::life::blocking;
use crate::{Client, ClientError, Kind};

impl Client {
    /// A link from the next post on, which names where we are.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `no_such_channel`, `unreachable` while nobody has given us its charters.
    pub async fn channel_link(&self, channel: ChannelId) -> Result<Zeroizing<String>, ClientError> {
        let link = Command::Channel(ChannelDeed::Link(channel));
        let Answer::LinkMade(link) = self.command(link).await? else {
            return Err(ClientError::internal());
        };
        Ok(link)
    }

    /// The same, of use only with a passphrase, which goes another way. It can be guessed by whoever has the link, so a weak
    /// one is refused.
    ///
    /// # Errors
    /// See [`Self::channel_link`]; `weak_passphrase`.
    pub async fn guarded_channel_link(
        &self,
        channel: ChannelId,
        passphrase: &str,
    ) -> Result<Zeroizing<String>, ClientError> {
        let link = self.channel_link(channel).await?;
        let passphrase = Passphrase::new(passphrase);
        self.stretching(move || {
            if !passphrase.is_strong() {
                return Err(store::CreateError::WeakPassphrase.into());
            }
            let mut rng = store::system_rng().map_err(|_| ClientError::internal())?;
            let passphrase = passphrase.expose().as_bytes();
            Ok(proto::guard_link(&link, passphrase, cost(), &mut rng)?)
        })
        .await
    }

    /// Reads a channel, by a link. With a second link to the same channel more readers are known.
    ///
    /// # Errors
    /// See [`Self::create_cell`]; `link_malformed`, `link_other_version`, `link_guarded` if it takes a passphrase,
    /// `wrong_passphrase`, `link_too_costly`, `too_many`.
    pub async fn subscribe_channel(
        &self,
        link: String,
        passphrase: Option<&str>,
    ) -> Result<ChannelId, ClientError> {
        let mut link = Zeroizing::new(link);
        if let Some(passphrase) = passphrase.map(Passphrase::new) {
            self.open()?;
            let opening = move || {
                let passphrase = passphrase.expose().as_bytes();
                Ok(proto::open_link(&link, Some(passphrase))?)
            };
            link = self.stretching(opening).await?;
        }
        let subscribe = Command::Channel(ChannelDeed::Subscribe(link));
        let Answer::Subscribed(channel) = self.command(subscribe).await? else {
            return Err(ClientError::internal());
        };
        Ok(channel)
    }

    /// Runs what takes a second and much memory: after whatever else does, and to its end, also if nobody waits any more.
    async fn stretching<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
    ) -> Result<T, ClientError> {
        let turn = Arc::clone(self.stretched()).lock_owned().await;
        blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
    }
}

impl From<LinkError> for ClientError {
    fn from(error: LinkError) -> Self {
        let kind = match error {
            LinkError::WrongPassphrase => Kind::Store(store::ErrorKind::WrongPassphrase),
            LinkError::Malformed
            | LinkError::OtherVersion
            | LinkError::NeedsPassphrase
            | LinkError::TooCostly => Kind::Core(ErrorKind::from(error)),
        };
        Self::new(kind, error)
    }
}

/// The most that readers try. Builds for tests may be told to be cheap.
fn cost() -> KdfParams {
    if crate::life::is_cheap() {
        KdfParams::TEST
    } else {
        KdfParams::DEFAULT
    }
}
