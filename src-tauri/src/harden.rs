//! What protects this process before anything else runs: no core dumps, no debugger without the system's leave, and an
//! environment of our choosing for WebKit.
//!
//! The environment of a running process cannot be changed safely, so that the program starts itself anew with the one
//! it wants. Measured: with these settings no page of the drawing process is both writable and executable, and it has no
//! network of its own (`tests/desktop`).

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::desk::Hardening;

/// Says that the environment is ours already.
const STAGE: &str = "NOTEBOOK_STAGE";

/// Makes WebKit put its drawing process into namespaces of its own.
const SANDBOX: &str = "WEBKIT_FORCE_SANDBOX";

/// Nothing of these may reach WebKit or GTK: they open it to remote control, foreign code or tracing.
const FORBIDDEN: &[&str] = &[
    "GTK_DEBUG",
    "GTK_MODULES",
    "GTK_PATH",
    "GTK3_MODULES",
    "JSC_dumpOptions",
    "MALLOC_TRACE",
    "WEBKIT_DEBUG",
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
];

/// Lets WebDriver drive the window, which it does through WebKit's inspector. Only builds for tests keep these.
const REMOTE: &[&str] = &[AUTOMATION, "WEBKIT_INSPECTOR_SERVER"];

pub(crate) const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Scripts are interpreted and pixels drawn without a GPU process: safer, smaller, and faster to start.
const WANTED: &[(&str, &str)] = &[
    ("JSC_useJIT", "0"),
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
];

/// Protects this process, or replaces it by one with the right environment.
///
/// # Errors
/// Fails if the system refuses a protection.
pub(crate) fn enter() -> anyhow::Result<Hardening> {
    if std::env::var_os(STAGE).is_none() {
        return Err(start_again()).context("starting with an environment of our own");
    }
    forbid_dumps().context("forbidding core dumps")?;
    let is = |name: &str, value: &str| std::env::var_os(name).is_some_and(|set| set == value);
    Ok(Hardening {
        sandboxed: is(SANDBOX, "1"),
        jit: !is("JSC_useJIT", "0"),
    })
}

/// Replaces this process by a fresh one: its memory, and that of the processes that drew for it, is gone.
///
/// It returns only if that failed.
pub(crate) fn replace_process() -> io::Error {
    replace_by(|_| {})
}

/// Replaces this process by the same program with the same arguments, prepared as told.
fn replace_by(prepare: impl FnOnce(&mut Command)) -> io::Error {
    use std::os::unix::process::CommandExt as _;

    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1));
    prepare(&mut command);
    command.exec()
}

fn start_again() -> io::Error {
    replace_by(|command| {
        command.env(STAGE, "1");
        for name in FORBIDDEN {
            command.env_remove(name);
        }
        if !cfg!(feature = "testing") {
            for name in REMOTE {
                command.env_remove(name);
            }
        }
        command.envs(WANTED.iter().copied());
        if namespaces_work() {
            command.env(SANDBOX, "1");
        } else {
            // WebKit would not start at all. The page says that the sandbox is missing.
            command.env_remove(SANDBOX);
        }
    })
}

/// Whether this system lets us make the namespaces that the sandbox consists of. Some forbid it.
fn namespaces_work() -> bool {
    succeeds("bwrap", &["--unshare-all", "--ro-bind", "/", "/", "true"])
        && succeeds("xdg-dbus-proxy", &["--version"])
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn forbid_dumps() -> io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Whether something in memory may be written to a disk unencrypted: there is swap, and it is neither in memory nor on
/// the kernel's encryption.
pub(crate) fn plain_swap() -> bool {
    std::fs::read_to_string("/proc/swaps").is_ok_and(|swaps| {
        let blocks = Path::new("/sys/class/block");
        names_plain_swap(&swaps, |device| is_encrypted(blocks, device, 0))
    })
}

fn names_plain_swap(swaps: &str, is_encrypted: impl Fn(&str) -> bool) -> bool {
    let devices = swaps
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next());
    devices.filter(|device| !device.is_empty()).any(|device| {
        let block = device.strip_prefix("/dev/");
        !block.is_some_and(|block| block.starts_with("zram") || is_encrypted(block))
    })
}

/// Mappings on mappings that we follow: a volume on a partition on a RAID on an encrypted disk is four.
const DEPTH: usize = 8;

/// Whether a block device lies on the kernel's encryption (dm-crypt), itself or with all that it is made of. A logical
/// volume is a mapping too, and says nothing by that.
fn is_encrypted(blocks: &Path, device: &str, depth: usize) -> bool {
    let folder = blocks.join(device);
    let uuid = std::fs::read_to_string(folder.join("dm/uuid")).unwrap_or_default();
    if uuid.starts_with("CRYPT-") {
        return true;
    }
    let below = std::fs::read_dir(folder.join("slaves")).into_iter();
    let mut below = below.flatten().flatten().peekable();
    depth < DEPTH
        && below.peek().is_some()
        && below.all(|part| is_encrypted(blocks, &part.file_name().to_string_lossy(), depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_on_a_plain_disk_is_found() {
        let head = "Filename\tType\tSize\tUsed\tPriority\n";
        let crypt = |device: &str| device == "dm-1";
        let plain = |lines: &str| names_plain_swap(&format!("{head}{lines}"), crypt);
        assert!(!plain(""));
        assert!(!plain(
            "/dev/zram0  partition 1 0 100\n/dev/dm-1  partition 1 0 -2\n"
        ));
        assert!(plain(
            "/dev/dm-1  partition 1 0 -2\n/dev/dm-2  partition 1 0 -3\n"
        ));
        assert!(plain("/swapfile  file 1 0 -2\n"));
        assert!(plain("/dev/sda5  partition 1 0 -2\n"));
    }

    #[test]
    fn a_volume_is_encrypted_if_all_that_it_lies_on_is() {
        let blocks = tempfile::tempdir().unwrap();
        let mapped = |name: &str, uuid: &str, on: &[&str]| {
            for part in on {
                std::fs::create_dir_all(blocks.path().join(name).join("slaves").join(part))
                    .unwrap();
            }
            std::fs::create_dir_all(blocks.path().join(name).join("dm")).unwrap();
            std::fs::write(blocks.path().join(name).join("dm/uuid"), uuid).unwrap();
        };
        std::fs::create_dir_all(blocks.path().join("sda3/slaves")).unwrap();
        mapped("dm-0", "CRYPT-LUKS2-0f", &["sda3"]);
        mapped("dm-1", "LVM-on-crypt", &["dm-0"]);
        mapped("dm-2", "LVM-on-plain", &["sda3"]);
        mapped("dm-3", "LVM-on-both", &["dm-0", "sda3"]);
        mapped("dm-4", "LVM-on-itself", &["dm-4"]);
        let encrypted = |device: &str| is_encrypted(blocks.path(), device, 0);
        assert!(encrypted("dm-0") && encrypted("dm-1"));
        for plain in ["sda3", "dm-2", "dm-3", "dm-4", "gone"] {
            assert!(!encrypted(plain), "{plain}");
        }
    }

    #[test]
    fn what_opens_webkit_to_others_is_taken_out_and_nothing_wanted_is() {
        assert!(REMOTE.contains(&"WEBKIT_INSPECTOR_SERVER"));
        assert!(WANTED.iter().all(|(name, _)| !FORBIDDEN.contains(name)));
        assert!(!FORBIDDEN.contains(&SANDBOX));
    }
}
