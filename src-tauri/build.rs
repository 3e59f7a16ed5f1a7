//! Prepares what Tauri compiles in: the page, and a permission for each command, so that none can be called from a
//! window that was not given it.

use std::path::Path;
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    stub_page()?;
    let commands = list(include_str!("src/commands.rs"));
    let commands: &'static [&'static str] = commands.leak();
    let manifest = tauri_build::AppManifest::new().commands(commands);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

/// The commands are named once, between two marks in `src/commands.rs`.
fn list(source: &'static str) -> Vec<&'static str> {
    println!("cargo:rerun-if-changed=src/commands.rs");
    let inside = source.split("// commands begin").nth(1);
    let inside = inside.and_then(|rest| rest.split("// commands end").next());
    let paths = inside.unwrap_or_default().split(',').map(str::trim);
    paths
        .filter_map(|path| path.rsplit("::").next())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Tests of Rust code need no page: without one, a development build shows a sentence. A release has to have the real
/// one.
fn stub_page() -> io::Result<()> {
    let page = Path::new("../ui/dist/index.html");
    println!("cargo:rerun-if-changed=../ui/dist");
    if page.exists() {
        return Ok(());
    }
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        return Err(io::Error::other(
            "ui/dist is missing; build it with `cargo xtask run --release`",
        ));
    }
    fs::create_dir_all("../ui/dist")?;
    fs::write(
        page,
        "<!doctype html><title>Notebook</title><p>The page was not built. Start with: cargo xtask run</p>\n",
    )
}
