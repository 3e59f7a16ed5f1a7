//! Where the profile lies, where its cells listen and what the window is called: from the command line, the environment,
//! or the usual.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use client::Options;
use model::CellName;

const USAGE: &str = "usage: notebook [--profile DIR] [--listen IP] [--title TEXT]";

/// What the person who starts the program may choose.
#[derive(Debug)]
pub(crate) struct Choices {
    /// For the profile.
    pub(crate) client: Options,
    /// What the window is called; nothing for the usual.
    pub(crate) title: Option<String>,
}

/// Reads `[--profile DIR] [--listen IP] [--title TEXT]`.
///
/// # Errors
/// Fails on anything else, and if no folder was named and the system has no usual place.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Choices> {
    let mut folder = std::env::var_os("VIGIL_PROFILE").map(PathBuf::from);
    let mut listen = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let mut title = None;
    let mut arguments = arguments.into_iter();
    while let Some(name) = arguments.next() {
        let value = arguments.next();
        match (name.to_str(), value) {
            (Some("--profile"), Some(value)) => folder = Some(value.into()),
            (Some("--listen"), Some(value)) => {
                let value = value.to_str().and_then(|value| value.parse().ok());
                listen = value.context("--listen takes an IP address")?;
            }
            (Some("--title"), Some(value)) => {
                // What a cell may be called is fit for the frame of a window: short, on one line, nothing hidden in it.
                let value = value.to_str().and_then(|text| CellName::parse(text).ok());
                let value = value.context("--title takes a short text on one line")?;
                title = Some(value.expose().to_owned());
            }
            (Some("--profile" | "--listen" | "--title"), None) => {
                bail!("a value is missing at the end")
            }
            (Some(_) | None, _) => bail!(USAGE),
        }
    }
    let folder = match folder {
        Some(folder) => std::path::absolute(folder).context("finding the profile's folder")?,
        None => usual_folder().context("no folder for a profile; name one with --profile DIR")?,
    };
    Ok(Choices {
        client: Options { folder, listen },
        title,
    })
}

/// Named like the program, so that it tells no more than the program does.
fn usual_folder() -> Option<PathBuf> {
    Some(dirs::data_local_dir()?.join("notebook"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> anyhow::Result<Choices> {
        parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_folder_and_an_interface_can_be_named() {
        let given = read(&["--profile", "/tmp/a", "--listen", "127.0.0.1"]).unwrap();
        assert_eq!(given.client.folder, PathBuf::from("/tmp/a"));
        assert_eq!(given.client.listen, IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert_eq!(given.title, None);
    }

    #[test]
    fn the_window_can_be_called_something_else() {
        let given = read(&["--profile", "/tmp/a", "--title", "Рецепты"]).unwrap();
        assert_eq!(given.title.as_deref(), Some("Рецепты"));
        let long = "x".repeat(1000);
        for wrong in ["", "two\nlines", "\u{202e}sepicer", &long] {
            assert!(read(&["--title", wrong]).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            &["--profile"][..],
            &["--title"],
            &["--listen", "home"],
            &["--passphrase", "abc"],
            &["/tmp/a"],
        ] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
