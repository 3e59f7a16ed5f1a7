//! The two windows, and what keeps their pages in.
//!
//! ```text
//! start ──► door ──(passphrase)──► main ──(lock, erase)──► a fresh process ──► door
//! ```
//! The process that drew the door ends when the main window is there, and with it what was typed into it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use client::{Client, Notice, Options};
use tauri::webview::{NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{AppHandle, Manager as _, RunEvent, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use tokio::sync::oneshot;

use crate::desk::{Desk, Hardening, Role, Shell};
use crate::error::CommandError;
use crate::files::{self, Wanted};
use crate::folder::Folder;
use crate::notices::{self, MAIN};
use crate::notify::Notifier;
use crate::{bindings, clipboard, harden, idle, sleep, words};

const DOOR: &str = "door";

/// A proxy that is not there: nothing listens on port 1.
const NOWHERE: &str = "socks5://127.0.0.1:1";

/// Shows the door and runs until the last window is closed.
pub(crate) fn run(options: Options, hardening: Hardening) -> anyhow::Result<()> {
    let folder = Folder::claim(&options.folder).context("taking the profile's folder")?;
    let view = folder.view();
    let client = Client::new(options);
    let commands = bindings::builder::<tauri::Wry>();
    let app = tauri::Builder::default()
        .invoke_handler(commands.invoke_handler())
        .setup(move |app| {
            commands.mount_events(app);
            files::forget_recent_files();
            let desktop = Desktop {
                app: app.handle().clone(),
                view,
                hardening,
                notifier: Notifier::default(),
            };
            open(&desktop, DOOR, (600.0, 840.0))?;
            tauri::async_runtime::spawn(listen(app.handle().clone(), client.clone()));
            app.manage(Desk {
                client,
                offers: crate::offers::Offers::default(),
                shell: Box::new(desktop),
            });
            let locker = app.handle().clone();
            sleep::listen(move || lock_for_sleep(&locker));
            quit_on_signals(app.handle().clone());
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                // The last state is written before the window goes.
                api.prevent_close();
                let app = window.app_handle().clone();
                tauri::async_runtime::spawn(async move { app.state::<Desk>().quit().await });
            }
        })
        .build(tauri::generate_context!())
        .context("starting the window")?;
    let mut folder = Some(folder);
    app.run(move |_, event| {
        if matches!(event, RunEvent::Exit) {
            // The last thing that happens: what follows ends the process.
            drop(folder.take());
        }
    });
    Ok(())
}

/// Forwards notices to the page, and says to the person that there are some.
async fn listen(app: AppHandle, client: Client) {
    let hearer = app.clone();
    notices::forward(app, client, move |notice| {
        let told = matches!(
            notice,
            Notice::MessageReceived(..)
                | Notice::CallReceived(..)
                | Notice::MissedCheckIn { .. }
                | Notice::JoinRequested { .. }
        );
        if told && !is_looked_at(&hearer) {
            tauri::async_runtime::spawn(tell(hearer.clone()));
        }
    })
    .await;
}

async fn tell(app: AppHandle) {
    if app.state::<Desk>().notifies().await {
        let teller = app.clone();
        let tell = move || teller.state::<Desk>().shell.tell(Instant::now());
        // It fails only when the program ends.
        let _ = app.run_on_main_thread(tell);
    }
}

fn is_looked_at(app: &AppHandle) -> bool {
    let main = app.get_webview_window(MAIN);
    main.is_some_and(|window| window.is_focused().unwrap_or(false))
}

fn lock_for_sleep(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let desk = app.state::<Desk>();
        if desk.locks_on_suspend().await
            && let Err(error) = desk.lock().await
        {
            tracing::warn!(?error, "locking before sleep");
        }
    });
}

fn quit_on_signals(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    tauri::async_runtime::spawn(async move {
        let (Ok(mut term), Ok(mut int)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) else {
            return;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        app.state::<Desk>().quit().await;
    });
}

/// The shell of the desktop.
struct Desktop {
    app: AppHandle,
    /// Where WebKit may put what it cannot do without.
    view: PathBuf,
    hardening: Hardening,
    notifier: Notifier,
}

impl Shell for Desktop {
    fn role(&self) -> Role {
        if self.app.get_webview_window(MAIN).is_some() {
            Role::Main
        } else {
            Role::Door
        }
    }

    fn hardening(&self) -> Hardening {
        self.hardening
    }

    fn opened(&self) -> Result<(), CommandError> {
        open(self, MAIN, (1120.0, 760.0)).map_err(CommandError::internal)?;
        match self.app.get_webview_window(DOOR) {
            Some(door) => door.destroy().map_err(CommandError::internal),
            None => Ok(()),
        }
    }

    fn closed(&self) {
        let error = harden::replace_process();
        // Nothing may stay on the screen, and in memory, that belongs to a locked profile.
        tracing::error!(%error, "starting anew");
        self.app.exit(1);
    }

    fn quit(&self) {
        self.app.exit(0);
    }

    fn copy(&self, text: String, secret: bool) -> Result<(), CommandError> {
        let copied = self
            .app
            .run_on_main_thread(move || clipboard::copy(text, secret));
        copied.map_err(CommandError::internal)
    }

    fn ask_for_file(&self, wanted: Wanted) -> oneshot::Receiver<Option<PathBuf>> {
        let (answer, answered) = oneshot::channel();
        // If the program ends meanwhile, the answer is dropped, which counts as none.
        let _ = self
            .app
            .run_on_main_thread(move || files::ask(wanted, answer));
        answered
    }

    fn tell(&self, now: Instant) {
        self.notifier.something_new(now);
    }
}

/// Opens a window whose page can go nowhere else.
fn open(desktop: &Desktop, label: &str, (width, height): (f64, f64)) -> tauri::Result<()> {
    let builder =
        WebviewWindowBuilder::new(&desktop.app, label, WebviewUrl::App("index.html".into()))
            .title(words::title())
            .inner_size(width, height)
            .min_inner_size(360.0, 480.0)
            .visible(false)
            .disable_drag_drop_handler()
            .on_navigation(|url| url.scheme() == "tauri" && url.host_str() == Some("localhost"))
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .on_download(|_, _| false)
            .on_permission_request(|_, _| PermissionResponse::Deny)
            .on_page_load(|window, load| {
                if load.event() == PageLoadEvent::Finished {
                    // No white flash: it is shown when its colours are there.
                    let _ = window.show();
                    let _ = window.set_focus();
                }
            });
    let window = remember_nothing(builder, &desktop.view).build()?;
    let watched = (label == MAIN).then(|| desktop.app.clone());
    window.with_webview(move |webview| {
        let page = webview.inner();
        restrict(&page);
        if let Some(app) = watched {
            idle::watch(&page, &app);
        }
    })
}

/// WebKit keeps nothing but what it cannot do without, and that inside the profile.
fn remember_nothing<'a>(
    builder: WebviewWindowBuilder<'a, tauri::Wry, AppHandle>,
    view: &Path,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    // Whatever finds a way past the policy of the page gets no further than a closed port of this machine.
    let builder = match NOWHERE.parse() {
        Ok(nowhere) => builder.proxy_url(nowhere),
        Err(_) => builder,
    };
    let builder = builder.data_directory(view.to_owned());
    // A window that keeps nothing cannot be driven by WebDriver.
    let driven = cfg!(feature = "testing") && std::env::var_os(harden::AUTOMATION).is_some();
    builder.incognito(!driven)
}

/// Switches off everything of the web that a page of ours does not use.
fn restrict(webview: &webkit2gtk::WebView) {
    use webkit2gtk::{SettingsExt as _, WebContextExt as _, WebViewExt as _};

    if let Some(context) = webview.context() {
        // WebKit goes by the system's locales, of which the one that the person chose may not be generated.
        context.set_preferred_languages(&[words::language_of_system()]);
    }
    let Some(settings) = webview.settings() else {
        return;
    };
    settings.set_allow_modal_dialogs(false);
    settings.set_enable_back_forward_navigation_gestures(false);
    settings.set_enable_developer_extras(false);
    settings.set_enable_dns_prefetching(false);
    settings.set_enable_encrypted_media(false);
    settings.set_enable_fullscreen(false);
    settings.set_enable_html5_database(false);
    settings.set_enable_html5_local_storage(false);
    settings.set_enable_media(false);
    settings.set_enable_media_stream(false);
    settings.set_enable_mediasource(false);
    settings.set_enable_page_cache(false);
    settings.set_enable_webaudio(false);
    settings.set_enable_webgl(false);
    settings.set_enable_webrtc(false);
    settings.set_javascript_can_access_clipboard(false);
    settings.set_javascript_can_open_windows_automatically(false);
    // No menu with "reload" or "inspect".
    webview.connect_context_menu(|_, _, _, _| true);
}
