//! The release as a package for Debian and Ubuntu, named like the program and as silent as it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::setup::{self, For, node};
use crate::steps::{output, root, run};
use crate::window;

/// What the program needs of a system. The second name of GTK is the one since Debian 13 and Ubuntu 24.04.
const DEPENDS: &str =
    "libwebkit2gtk-4.1-0, libgtk-3-0 | libgtk-3-0t64, libc6 (>= 2.36), bubblewrap, xdg-dbus-proxy";

/// A menu shows the name and no more.
const ENTRY: &str = "\
[Desktop Entry]
Type=Application
Name=Notebook
Exec=notebook
Icon=notebook
Terminal=false
Categories=Office;
StartupWMClass=notebook
";

/// Builds the page, the program and the package.
pub(crate) fn build(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("package takes no arguments");
    }
    setup::set_up(For::Window)?;
    node::script("build")?;
    let program = window::build_release()?;
    println!("\n{}", pack(&program)?.display());
    Ok(())
}

/// Packs a release; gives where the package is.
pub(crate) fn pack(program: &Path) -> Result<PathBuf> {
    if !Path::new("/usr/bin/dpkg-deb").is_file() {
        bail!("a package for Debian is made with dpkg-deb, which is not here");
    }
    let target = root().join("target/package");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let tree = target.join("tree");
    let architecture = output(Command::new("dpkg").arg("--print-architecture"))?;
    let version = env!("CARGO_PKG_VERSION");
    let size = program.metadata()?.len().div_ceil(1024);
    let control = format!(
        "Package: notebook\nVersion: {version}\nArchitecture: {architecture}\nInstalled-Size: {size}\n\
         Maintainer: the makers of notebook <nobody@localhost>\nSection: misc\nPriority: optional\n\
         Depends: {DEPENDS}\nDescription: notebook\n"
    );
    let icon = fs::read(root().join("src-tauri/icons/icon.png"))?;
    let licence = fs::read_to_string(root().join("LICENSE-MIT"))?;
    // The name of the project would undo the name of the program.
    let licence = licence.replace("the Vigil contributors", "its contributors");
    for (path, bytes, mode) in [
        ("DEBIAN/control", control.into_bytes(), 0o644),
        ("usr/bin/notebook", fs::read(program)?, 0o755),
        (
            "usr/share/applications/notebook.desktop",
            ENTRY.as_bytes().to_vec(),
            0o644,
        ),
        (
            "usr/share/doc/notebook/copyright",
            licence.into_bytes(),
            0o644,
        ),
        ("usr/share/pixmaps/notebook.png", icon, 0o644),
    ] {
        put(&tree.join(path), &bytes, mode)?;
    }
    let package = target.join(format!("notebook_{version}_{architecture}.deb"));
    let mut command = Command::new("dpkg-deb");
    command
        .args(["--root-owner-group", "-Zxz", "--build"])
        .arg(&tree)
        .arg(&package)
        // One date for everything in it, so that two builds of one state are the same bytes.
        .env("SOURCE_DATE_EPOCH", "0");
    run(&mut command)?;
    fs::remove_dir_all(&tree)?;
    Ok(package)
}

/// Writes a file that everybody may read, in folders that everybody may enter.
fn put(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)?;
    let target = root().join("target/package");
    for folder in folder.ancestors().take_while(|folder| *folder != target) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    }
    fs::write(path, bytes)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    Ok(())
}
