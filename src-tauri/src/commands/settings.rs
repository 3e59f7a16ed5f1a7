//! What the person chose for this device.

use crate::commands::{Answer, Desk};
use crate::dto::Settings;

/// What the person chose.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_get(desk: Desk<'_>) -> Answer<Settings> {
    Ok(desk.client.settings().await?.into())
}

/// Keeps what the person chose.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set(desk: Desk<'_>, settings: Settings) -> Answer {
    desk.client.set_settings(settings.try_into()?).await?;
    desk.speak_as_chosen().await
}
