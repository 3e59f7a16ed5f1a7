//! What every command works on: the client, and the shell around it.

use std::fmt;
use std::path::PathBuf;
use std::time::Instant;

use client::{Client, Language, Notifications, Settings};
use serde::Serialize;
use specta::Type;
use tokio::sync::oneshot;

use crate::error::CommandError;
use crate::files::Wanted;
use crate::offers::Offers;
use crate::words;

/// What a window is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// First run and unlocking.
    Door,
    /// Everything else.
    Main,
    /// Both, one after the other: a browser that shows the page for development and tests.
    Single,
}

/// What differs between the desktop and the development bridge.
pub trait Shell: Send + Sync + 'static {
    /// What the window that is open is for.
    fn role(&self) -> Role;
    /// What this process is protected by, for the page that tells people.
    fn hardening(&self) -> Hardening;
    /// The profile is open: show what is in it, where no passphrase was typed.
    fn opened(&self) -> Result<(), CommandError>;
    /// The profile is closed or gone: forget everything that was shown.
    fn closed(&self);
    /// End the program. The profile is closed already.
    fn quit(&self);
    /// Tell the person that something arrived. On the main thread only.
    fn tell(&self, now: Instant);
    /// Put text into the clipboard; a secret leaves it again after a while.
    fn copy(&self, text: String, secret: bool) -> Result<(), CommandError>;
    /// Ask for a file in the system's own dialog; none if the person changed their mind.
    fn ask_for_file(&self, wanted: Wanted) -> oneshot::Receiver<Option<PathBuf>>;
}

/// What holds in this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hardening {
    /// The page is drawn by a process without network and files.
    pub sandboxed: bool,
    /// The page's scripts may become machine code.
    pub jit: bool,
}

/// The state of the shell.
pub struct Desk {
    /// The profile.
    pub client: Client,
    /// What is around it.
    pub shell: Box<dyn Shell>,
    /// Files that were chosen and not yet sent.
    pub offers: Offers,
}

impl Desk {
    /// Closes the profile, then forgets what was shown.
    pub(crate) async fn lock(&self) -> Result<(), CommandError> {
        let closed = self.client.lock().await;
        self.offers.clear();
        self.shell.closed();
        Ok(closed?)
    }

    /// A file that the person chooses; none if they changed their mind.
    pub(crate) async fn ask_for_file(&self, wanted: Wanted) -> Option<PathBuf> {
        self.shell.ask_for_file(wanted).await.ok().flatten()
    }

    /// Keeps the language that the person chose before there was a profile.
    pub(crate) async fn speak(&self, language: Language) -> Result<(), CommandError> {
        let settings = Settings {
            language,
            ..Settings::default()
        };
        self.client.set_settings(settings).await?;
        self.speak_as_chosen().await
    }

    /// Speaks the language that the person chose, outside the page too.
    pub(crate) async fn speak_as_chosen(&self) -> Result<(), CommandError> {
        words::choose(self.client.settings().await?.language.name());
        Ok(())
    }

    /// Whether the person wants to hear that something arrived.
    pub(crate) async fn notifies(&self) -> bool {
        let settings = self.client.settings().await;
        settings.is_ok_and(|settings| settings.notifications != Notifications::None)
    }

    /// Whether the profile is open and locks before the machine sleeps.
    pub(crate) async fn locks_on_suspend(&self) -> bool {
        let settings = self.client.settings().await;
        settings.is_ok_and(|settings| settings.lock_on_suspend)
    }

    /// Closes the profile, then ends the program.
    pub(crate) async fn quit(&self) {
        if let Err(error) = self.client.lock().await {
            tracing::warn!(kind = error.kind().name(), "the last state was not written");
        }
        self.shell.quit();
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Desk")
    }
}
