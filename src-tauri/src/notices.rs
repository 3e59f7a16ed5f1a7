//! Carries what happened to the page, in order.

use client::Client;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;

use crate::dto::Notice;

/// The window that hears of everything.
pub(crate) const MAIN: &str = "main";

/// Forwards notices until the client is gone; `hear` is told of each before the page is.
pub async fn forward<R: Runtime>(
    app: AppHandle<R>,
    client: Client,
    hear: impl Fn(&client::Notice) + Send,
) {
    let mut notices = client.subscribe();
    drop(client);
    loop {
        let notice = match notices.recv().await {
            Ok(notice) => {
                hear(&notice);
                notice.into()
            }
            Err(RecvError::Lagged(_)) => Notice::Missed,
            Err(RecvError::Closed) => return,
        };
        // While only the door is open nobody listens.
        let _ = notice.emit_to(&app, MAIN);
    }
}

/// Tells the page that the profile was locked. On the desktop the process ends instead.
pub fn locked<R: Runtime>(app: &AppHandle<R>) {
    let _ = Notice::Locked.emit_to(app, MAIN);
}
