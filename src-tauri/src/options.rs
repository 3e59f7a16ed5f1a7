//! Where the profile lies and where its cells listen: from the command line, the environment, or the usual place.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use client::Options;

/// Reads `[--profile DIR] [--listen IP]`.
///
/// # Errors
/// Fails on anything else, and if no folder was named and the system has no usual place.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Options> {
    let mut folder = std::env::var_os("VIGIL_PROFILE").map(PathBuf::from);
    let mut listen = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let mut arguments = arguments.into_iter();
    while let Some(name) = arguments.next() {
        let value = arguments.next();
        match (name.to_str(), value) {
            (Some("--profile"), Some(value)) => folder = Some(value.into()),
            (Some("--listen"), Some(value)) => {
                let value = value.to_str().and_then(|value| value.parse().ok());
                listen = value.context("--listen takes an IP address")?;
            }
            (Some("--profile" | "--listen"), None) => bail!("a value is missing at the end"),
            (Some(_) | None, _) => bail!("usage: notebook [--profile DIR] [--listen IP]"),
        }
    }
    let folder = match folder {
        Some(folder) => std::path::absolute(folder).context("finding the profile's folder")?,
        None => usual_folder().context("no folder for a profile; name one with --profile DIR")?,
    };
    Ok(Options { folder, listen })
}

/// Named like the program, so that it tells no more than the program does.
fn usual_folder() -> Option<PathBuf> {
    Some(dirs::data_local_dir()?.join("notebook"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> anyhow::Result<Options> {
        parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_folder_and_an_interface_can_be_named() {
        let options =
            read(&["--profile", "/tmp/a", "--listen", "127.0.0.1"]).expect("it is well-formed");
        assert_eq!(options.folder, PathBuf::from("/tmp/a"));
        assert_eq!(options.listen, IpAddr::V4(Ipv4Addr::LOCALHOST));
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            &["--profile"][..],
            &["--listen", "home"],
            &["--passphrase", "abc"],
            &["/tmp/a"],
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
