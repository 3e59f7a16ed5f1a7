//! The network, and bundles.

use crate::commands::{Answer, Desk};
use crate::dto::{self, BundleImport, NetStatus};
use crate::error::CommandError;
use crate::files::Wanted;
use crate::words;

/// Which ports are open, whose, and who is connected.
#[tauri::command]
#[specta::specta]
pub(crate) async fn net_status(desk: Desk<'_>) -> Answer<NetStatus> {
    Ok(desk.client.net().await?.into())
}

/// Closes every connection and port, or opens them again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn net_set_online(desk: Desk<'_>, online: bool) -> Answer {
    Ok(desk.client.set_online(online).await?)
}

/// Changes where the door of a cell listens. What is absent stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn net_set_listen(
    desk: Desk<'_>,
    cell: String,
    ip: Option<String>,
    port: Option<u16>,
) -> Answer {
    let ip = ip.map(|ip| ip.parse()).transpose();
    let ip = ip.map_err(|_| CommandError::new("invalid_params", "this is no IP address"))?;
    Ok(desk.client.set_listen(dto::cell(&cell)?, ip, port).await?)
}

/// Writes a bundle to a file that the person chooses; none if they changed their mind.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bundle_export(desk: Desk<'_>, cell: String) -> Answer<Option<u32>> {
    let cell = dto::cell(&cell)?;
    let Some(path) = desk.ask_for_file(Wanted::bundle()).await else {
        return Ok(None);
    };
    Ok(Some(desk.client.export_bundle(cell, &path).await?))
}

/// Takes in a bundle from a file that the person chooses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bundle_import(desk: Desk<'_>) -> Answer<Option<BundleImport>> {
    let title = words::say("bundle-open-title");
    let Some(path) = desk.ask_for_file(Wanted::Open { title }).await else {
        return Ok(None);
    };
    let imported = desk.client.import_bundle(&path).await?;
    Ok(Some(BundleImport::from(imported)))
}
