//! The life of the profile.

use client::Client;
use zeroize::Zeroizing;

use crate::commands::{Answer, Desk};
use crate::dto::{Language, ProfileState, Strength};

/// Whether there is a profile, and whether it is open.
#[tauri::command]
#[specta::specta]
pub(crate) fn profile_status(desk: Desk<'_>) -> ProfileState {
    desk.client.status().into()
}

/// Six random words. Nothing is stored.
#[tauri::command]
#[specta::specta]
pub(crate) fn profile_generate_passphrase() -> Answer<String> {
    Ok(Client::generate_passphrase()?.to_string())
}

/// How hard a chosen passphrase is to guess.
#[tauri::command]
#[specta::specta]
pub(crate) fn passphrase_strength(passphrase: String) -> Strength {
    let strength = Client::passphrase_strength(&Zeroizing::new(passphrase));
    Strength {
        score: strength.score,
        acceptable: strength.acceptable,
    }
}

/// Makes a profile that speaks the language of the first run, and opens it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_create(
    desk: Desk<'_>,
    passphrase: String,
    language: Language,
) -> Answer {
    desk.client.create(&Zeroizing::new(passphrase)).await?;
    desk.speak(language.into()).await?;
    desk.shell.opened()
}

/// Opens the profile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_unlock(
    desk: Desk<'_>,
    passphrase: String,
    accept_rollback: bool,
) -> Answer {
    let passphrase = Zeroizing::new(passphrase);
    desk.client.unlock(&passphrase, accept_rollback).await?;
    desk.speak_as_chosen().await?;
    desk.shell.opened()
}

/// Closes the profile and replaces the process.
#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_lock(desk: Desk<'_>) -> Answer {
    desk.lock().await
}

/// Destroys the keys of the profile, then its files. The page shows the outcome, then asks for a restart.
#[tauri::command]
#[specta::specta]
pub(crate) async fn profile_erase(desk: Desk<'_>) -> Answer {
    Ok(desk.client.erase().await?)
}
