//! What protects this process before anything else runs: no core dumps, no debugger without the system's leave, and an
//! environment of our choosing for WebKit.
//!
//! The environment of a running process cannot be changed safely, so that the program starts itself anew with the one
//! it wants. Measured: with these settings no page of the drawing process is both writable and executable, and it has no
//! network of its own (`tests/desktop`).

use std::io;
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

/// Whether something in memory may be written to a disk unencrypted: there is swap, and it is neither in memory nor
/// mapped by the kernel's encryption.
pub(crate) fn plain_swap() -> bool {
    std::fs::read_to_string("/proc/swaps").is_ok_and(|swaps| names_plain_swap(&swaps))
}

fn names_plain_swap(swaps: &str) -> bool {
    let devices = swaps
        .lines()
        .skip(1)
        .filter_map(|line| line.split(' ').next());
    devices
        .filter(|device| !device.is_empty())
        .any(|device| !device.starts_with("/dev/zram") && !device.starts_with("/dev/dm-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swap_on_a_plain_disk_is_found() {
        let head = "Filename\tType\tSize\tUsed\tPriority\n";
        assert!(!names_plain_swap(head));
        assert!(!names_plain_swap(&format!(
            "{head}/dev/zram0  partition 1 0 100\n/dev/dm-1  partition 1 0 -2\n"
        )));
        assert!(names_plain_swap(&format!("{head}/swapfile  file 1 0 -2\n")));
        assert!(names_plain_swap(&format!(
            "{head}/dev/sda5  partition 1 0 -2\n"
        )));
    }

    #[test]
    fn what_opens_webkit_to_others_is_taken_out_and_nothing_wanted_is() {
        assert!(REMOTE.contains(&"WEBKIT_INSPECTOR_SERVER"));
        assert!(WANTED.iter().all(|(name, _)| !FORBIDDEN.contains(name)));
        assert!(!FORBIDDEN.contains(&SANDBOX));
    }
}
