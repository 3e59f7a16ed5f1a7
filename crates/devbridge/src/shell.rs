//! What stands in for the desktop around a page in a browser.

use std::path::PathBuf;
use std::time::Instant;

use desktop::{CommandError, Hardening, Role, Shell, Wanted};
use tauri::AppHandle;
use tauri::test::MockRuntime;
use tokio::sync::oneshot;

/// A browser has one window, no clipboard of ours and no dialogs: files are taken from a folder that was named.
pub(crate) struct Browser {
    app: AppHandle<MockRuntime>,
    files: PathBuf,
}

impl Browser {
    pub(crate) fn new(app: AppHandle<MockRuntime>, files: PathBuf) -> Self {
        Self { app, files }
    }
}

impl Shell for Browser {
    fn role(&self) -> Role {
        Role::Single
    }

    fn hardening(&self) -> Hardening {
        Hardening::default()
    }

    fn opened(&self) -> Result<(), CommandError> {
        Ok(())
    }

    fn closed(&self) {
        desktop::locked(&self.app);
    }

    fn quit(&self) {
        std::process::exit(0);
    }

    fn tell(&self, _: Instant) {}

    fn copy(&self, _: String, _: bool) -> Result<(), CommandError> {
        Ok(())
    }

    fn ask_for_file(&self, wanted: Wanted) -> oneshot::Receiver<Option<PathBuf>> {
        let (answer, answered) = oneshot::channel();
        let chosen = match wanted {
            Wanted::Open { .. } => Some(self.files.join("open")).filter(|path| path.exists()),
            Wanted::Save { name, .. } => Some(self.files.join(name)),
        };
        // The receiver is right here.
        let _ = answer.send(chosen);
        answered
    }
}
