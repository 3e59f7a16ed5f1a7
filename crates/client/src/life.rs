//! The life of a profile: none, locked, open.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use net::{Clock, Handle};
use proto::{Config, Node, Notice, Persist};
use store::{KdfParams, Passphrase, Rollback, Store, Vault};
use tokio::sync::broadcast;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::settings::is_settings;
use crate::{ClientError, Kind};

/// Notices that a slow listener may be behind by.
const NOTICES: usize = 16 * 1024;

/// Where a profile lies and how it runs.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the profile. It need not exist.
    pub folder: PathBuf,
    /// The interface on which new cells listen.
    pub listen: IpAddr,
}

/// Whether there is a profile, and whether it is open here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ProfileState {
    /// There is none.
    None,
    /// There is one.
    Locked,
    /// It is open here.
    Open,
}

impl ProfileState {
    /// The stable name in the scripting interface.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Locked => "locked",
            Self::Open => "open",
        }
    }
}

/// One profile of this device. Clones are the same profile.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    options: Options,
    open: Mutex<Option<Open>>,
    /// Held while a profile is opened or closed, so that nobody does it twice at once.
    turning: Arc<tokio::sync::Mutex<()>>,
    /// Held while the passphrase of a link is stretched, which takes 256 MiB.
    stretching: Arc<tokio::sync::Mutex<()>>,
    notices: broadcast::Sender<Notice>,
    /// Why the core stopped by itself, until the next unlock.
    failure: Arc<Mutex<Option<ClientError>>>,
}

#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) vault: Vault,
    pub(crate) node: Handle,
}

impl Client {
    /// A client of the profile in a folder, which is neither made nor opened by this.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let (notices, _) = broadcast::channel(NOTICES);
        Self(Arc::new(Inner {
            options,
            open: Mutex::new(None),
            turning: Arc::default(),
            stretching: Arc::default(),
            notices,
            failure: Arc::default(),
        }))
    }

    pub(crate) fn stretched(&self) -> &Arc<tokio::sync::Mutex<()>> {
        &self.0.stretching
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    /// Everything that happens from here on, over locks and unlocks.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.0.notices.subscribe()
    }

    /// Whether there is a profile, and whether it is open here.
    #[must_use]
    pub fn status(&self) -> ProfileState {
        // After a failed write nothing can be asked of it, whether or not somebody has tried.
        if self.slot().is_some() && lock(&self.0.failure).is_none() {
            return ProfileState::Open;
        }
        match store::profile_state(&self.0.options.folder) {
            store::ProfileState::None => ProfileState::None,
            store::ProfileState::Locked => ProfileState::Locked,
        }
    }

    /// Six words that nobody can guess.
    ///
    /// # Errors
    /// Fails if the system gives no randomness.
    pub fn generate_passphrase() -> Result<Zeroizing<String>, ClientError> {
        let mut rng = store::system_rng().map_err(|_| ClientError::internal())?;
        Ok(Zeroizing::new(
            Passphrase::generate(&mut rng).expose().to_owned(),
        ))
    }

    /// Makes a profile and opens it.
    ///
    /// # Errors
    /// `weak_passphrase`, `profile_exists`, `already_running`, `disk_full`.
    pub async fn create(&self, passphrase: &str) -> Result<(), ClientError> {
        let _turn = self.0.turning.lock().await;
        if self.status() != ProfileState::None {
            return Err(store::CreateError::ProfileExists.into());
        }
        let (folder, passphrase) = (self.0.options.folder.clone(), Passphrase::new(passphrase));
        let vault = blocking(move || {
            let mut rng = store::system_rng().map_err(store::CreateError::Io)?;
            Ok(Vault::create(&folder, &passphrase, kdf_params(), &mut rng)?)
        })
        .await?;
        self.run(vault).await
    }

    /// Opens the profile, or checks the passphrase of one that is open. `accept_rollback` goes on although acknowledged changes are missing: every cell then opens a
    /// new incarnation, and its members are told.
    ///
    /// # Errors
    /// `no_profile`, `wrong_passphrase`, `storage_damaged`, `rolled_back`, `already_running`, `disk_full`.
    pub async fn unlock(&self, passphrase: &str, accept_rollback: bool) -> Result<(), ClientError> {
        let _turn = self.0.turning.lock().await;
        let (folder, passphrase) = (self.0.options.folder.clone(), Passphrase::new(passphrase));
        let open = self.slot().clone();
        if let Some(Open { vault, .. }) = open {
            // Whoever asks learns whether they know it, and nothing else changes.
            return blocking(move || Ok(vault.check_passphrase(&passphrase)?)).await;
        }
        let rollback = if accept_rollback {
            Rollback::Accept
        } else {
            Rollback::Refuse
        };
        let vault = blocking(move || Ok(Vault::open(&folder, &passphrase, rollback)?)).await?;
        self.run(vault).await
    }

    /// Closes the profile: connections, keys and messages go.
    ///
    /// # Errors
    /// Fails if the last state could not be written; the profile is closed all the same.
    pub async fn lock(&self) -> Result<(), ClientError> {
        let _turn = self.0.turning.lock().await;
        let Some(open) = self.take() else {
            return Ok(());
        };
        let network = open.node.stop().await;
        let closed = blocking(move || Ok(open.vault.close())).await;
        network.closed().await;
        closed?.map_err(|error| {
            ClientError::new(Kind::Store(store::persist_error_kind(&error)), error)
        })
    }

    /// Destroys the keys of the profile, then its files, open or locked.
    ///
    /// # Errors
    /// `no_profile`, `already_running`, or what the system said.
    pub async fn erase(&self) -> Result<(), ClientError> {
        let _turn = self.0.turning.lock().await;
        match self.take() {
            Some(open) => {
                // The keys first: goodbyes may take a moment.
                let network = open.node.stop().await;
                let erased = blocking(move || Ok(open.vault.erase()?)).await;
                network.closed().await;
                erased
            }
            None => {
                let folder = self.0.options.folder.clone();
                blocking(move || Ok(store::erase(&folder)?)).await
            }
        }
    }

    /// Starts the core on an open vault.
    async fn run(&self, vault: Vault) -> Result<(), ClientError> {
        let clock = Clock::start();
        let config = Config {
            listen_ip: self.0.options.listen,
        };
        let (source, failure) = (vault.clone(), Arc::clone(&self.0.failure));
        let loaded = blocking(move || load(&source, config, clock)).await;
        let node = match loaded {
            Ok(node) => node,
            Err(error) => {
                let _closed = blocking(move || Ok(vault.close())).await;
                return Err(error);
            }
        };
        *lock(&failure) = None;
        let persist = Watched {
            inner: vault.persister(),
            failure,
        };
        let node = net::start(node, clock, Box::new(persist), self.0.notices.clone());
        *self.slot() = Some(Open { vault, node });
        Ok(())
    }

    /// The running node, or why there is none.
    pub(crate) fn open(&self) -> Result<Open, ClientError> {
        // In a statement of its own, which gives the lock back before `abandon` takes it.
        let failure = lock(&self.0.failure).clone();
        if let Some(error) = failure {
            self.abandon();
            return Err(error);
        }
        match (&*self.slot(), store::profile_state(&self.0.options.folder)) {
            (Some(open), _) => Ok(open.clone()),
            (None, store::ProfileState::None) => Err(store::OpenError::NoProfile.into()),
            (None, store::ProfileState::Locked) => Err(ClientError::locked()),
        }
    }

    /// What to answer when the node stopped under a call: the failure that stopped it, once, or that it is locked.
    pub(crate) fn why_stopped(&self) -> ClientError {
        let failure = lock(&self.0.failure).clone();
        self.abandon();
        failure.unwrap_or_else(ClientError::locked)
    }

    /// After a failed write, or when the core is gone, nothing is shown or sent any more: the profile is locked until
    /// somebody unlocks it.
    fn abandon(&self) {
        let failed = lock(&self.0.failure).take().is_some();
        let gone = |open: &Open| failed || !open.node.runs();
        let Some(open) = self.slot().take_if(|open| gone(open)) else {
            return;
        };
        // Whoever unlocks next waits until the folder is free. If somebody turns it already, they have what to close.
        let turn = Arc::clone(&self.0.turning).try_lock_owned();
        tokio::spawn(async move {
            let _turn = turn;
            let network = open.node.stop().await;
            let _failed_before = blocking(move || Ok(open.vault.close())).await;
            network.closed().await;
        });
    }

    fn take(&self) -> Option<Open> {
        self.slot().take()
    }

    fn slot(&self) -> MutexGuard<'_, Option<Open>> {
        lock(&self.0.open)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

/// Remembers the first failure of a persister, which the driver only takes as the end.
struct Watched {
    inner: Box<dyn Persist>,
    failure: Arc<Mutex<Option<ClientError>>>,
}

impl Persist for Watched {
    fn persist(&mut self, changes: &proto::Changes) -> Result<(), proto::PersistError> {
        self.inner.persist(changes).inspect_err(|error| {
            let kind = Kind::Store(store::persist_error_kind(error));
            *lock(&self.failure) = Some(ClientError::new(kind, error));
        })
    }

    fn read(&mut self, key: &proto::Key) -> Option<Zeroizing<Vec<u8>>> {
        self.inner.read(key)
    }
}

fn load(vault: &Vault, config: Config, clock: Clock) -> Result<Node, ClientError> {
    let mut rng = store::system_rng().map_err(|_| ClientError::internal())?;
    let mut records = Vec::new();
    vault.load(&mut |key, value| {
        if !is_settings(&key) {
            records.push((key, value.to_vec()));
        }
    })?;
    Ok(Node::restore(
        config,
        rng.array(),
        records,
        vault.rolled_back().is_some(),
        clock.now(),
    ))
}

/// About a second of this machine's time per guess. Builds for tests may be told to be cheap.
fn kdf_params() -> KdfParams {
    if is_cheap() {
        KdfParams::TEST
    } else {
        store::calibrate()
    }
}

/// Whether this is a build for tests that was told to stretch passphrases cheaply.
pub(crate) fn is_cheap() -> bool {
    cfg!(feature = "testing")
        && std::env::var_os("VIGIL_TEST_KDF").is_some_and(|value| value == "1")
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
) -> Result<T, ClientError> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(ClientError::internal()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that holds one of these locks can leave what it guards half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_is_told_once_and_leaves_the_profile_locked() {
        let client = Client::new(Options {
            folder: std::env::temp_dir().join("vigil-no-such-profile"),
            listen: IpAddr::from([127, 0, 0, 1]),
        });
        let full = Kind::Store(store::ErrorKind::DiskFull);
        *lock(&client.0.failure) = Some(ClientError::new(full, "no room"));
        let told = |client: &Client| client.open().err().map(|error| error.kind().name());
        assert_eq!(client.status(), ProfileState::None);
        assert_eq!(told(&client), Some("disk_full"));
        assert_eq!(told(&client), Some("no_profile"));
    }
}
