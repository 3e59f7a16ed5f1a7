//! The commands of the desktop over loopback HTTP, so that the page can be developed and tested in a browser.
//!
//! What it is: the same commands, types and client, on Tauri's mock runtime. What it is not: it never ships, and it
//! protects nothing: whoever may open its port may use the profile. It listens on 127.0.0.1 only and answers no other
//! site's page.
//!
//! ```text
//! POST /invoke/<command>   JSON arguments → 200 and the answer, or 422 and the error
//! GET  /events             server-sent events: {"event": name, "payload": …}
//! GET  /…                  the page, as it was built for the bridge
//! ```

mod http;
mod shell;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use client::{Client, Options};
use desktop::Desk;
use tauri::test::{mock_builder, mock_context, noop_assets};
use tauri::{Listener as _, Manager as _, WebviewWindowBuilder};
use tokio::sync::broadcast;

use crate::shell::Browser;

/// Events that a slow page may be behind by.
const EVENTS: usize = 1024;

/// What was asked for on the command line.
struct Arguments {
    profile: PathBuf,
    port: u16,
    page: PathBuf,
    files: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = parse(std::env::args().skip(1))?;
    let client = Client::new(Options {
        folder: arguments.profile,
        listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
    });
    let commands = desktop::builder::<tauri::test::MockRuntime>();
    let app = mock_builder()
        .invoke_handler(commands.invoke_handler())
        .build(mock_context(noop_assets()))
        .context("starting the mock runtime")?;
    commands.mount_events(&app);
    app.manage(Desk {
        client: client.clone(),
        offers: desktop::Offers::default(),
        shell: Box::new(Browser::new(app.handle().clone(), arguments.files)),
    });
    let webview = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default()).build()?;
    let (events, _) = broadcast::channel(EVENTS);
    let sender = events.clone();
    app.listen_any("notice", move |event| {
        // Nobody may be looking.
        let _ = sender.send(event.payload().to_owned());
    });
    let forwarder = desktop::forward(app.handle().clone(), client, |_| {});
    tauri::async_runtime::spawn(forwarder);
    let bridge = Arc::new(http::Bridge {
        webview,
        events,
        page: arguments.page,
    });
    tauri::async_runtime::block_on(async {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
        let listener = tokio::net::TcpListener::bind(address).await?;
        announce(listener.local_addr()?.port());
        axum::serve(listener, http::routes(bridge)).await?;
        Ok(())
    })
}

#[expect(
    clippy::print_stdout,
    reason = "whoever started the bridge reads where it listens"
)]
fn announce(port: u16) {
    println!("http://127.0.0.1:{port}");
}

fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut parsed = Arguments {
        profile: PathBuf::new(),
        port: 0,
        page: PathBuf::from("ui/dist-bridge"),
        files: std::env::temp_dir(),
    };
    while let Some(name) = arguments.next() {
        let value = arguments.next().context("a value is missing at the end")?;
        match name.as_str() {
            "--profile" => parsed.profile = value.into(),
            "--port" => parsed.port = value.parse().context("--port takes a number")?,
            "--page" => parsed.page = value.into(),
            "--files" => parsed.files = value.into(),
            other => bail!("there is no option {other}"),
        }
    }
    if parsed.profile.as_os_str().is_empty() {
        bail!("usage: devbridge --profile DIR [--port N] [--page DIR] [--files DIR]");
    }
    Ok(parsed)
}
