//! The program itself.

use crate::commands::{Answer, Desk};
use crate::desk::Role;
use crate::dto::About;
use crate::harden;

/// What the window that is open is for.
#[tauri::command]
#[specta::specta]
pub(crate) fn app_role(desk: Desk<'_>) -> Role {
    desk.shell.role()
}

/// What this program is and what protects it here.
#[tauri::command]
#[specta::specta]
pub(crate) fn app_about(desk: Desk<'_>) -> About {
    let hardening = desk.shell.hardening();
    About {
        version: env!("CARGO_PKG_VERSION"),
        sandboxed: hardening.sandboxed,
        jit: hardening.jit,
        plain_swap: harden::plain_swap(),
        profile_folder: desk.client.folder().display().to_string(),
    }
}

/// Closes the profile and ends the program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn app_quit(desk: Desk<'_>) -> Answer {
    desk.quit().await;
    Ok(())
}

/// Replaces the process by a fresh one that shows the door.
#[tauri::command]
#[specta::specta]
pub(crate) async fn app_restart(desk: Desk<'_>) -> Answer {
    desk.lock().await
}

/// Copies text; a secret leaves the clipboard again after a while.
#[tauri::command]
#[specta::specta]
pub(crate) fn clipboard_copy(desk: Desk<'_>, text: String, secret: bool) -> Answer {
    desk.shell.copy(text, secret)
}
