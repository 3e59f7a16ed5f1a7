//! What an attachment is called. It comes from anywhere, so it can be nothing but one short, visible name.

use std::fmt;

use crate::ParseTextError;
use crate::text::{is_invisible, parse_line};

/// The name of a file as it is shown and offered when it is saved: never a path, a hidden file or something that reads
/// backwards.
#[derive(Clone, Eq, PartialEq)]
pub struct FileName(String);

/// What a file is called of which nothing else is known.
const UNNAMED: &str = "file";

impl FileName {
    /// The longest name in bytes: as of people and cells.
    pub const LIMIT: usize = 96;

    /// Takes a name that is already as it has to be. Names from peers pass here.
    ///
    /// # Errors
    ///
    /// Fails if [`Self::sanitise`] would change it.
    pub fn parse(text: &str) -> Result<Self, ParseTextError> {
        let name = parse_line(text, Self::LIMIT)?;
        if name == text && Self::sanitise(text).0 == name {
            Ok(Self(name))
        } else {
            Err(ParseTextError::Invisible)
        }
    }

    /// Makes a name of any text: the last part of a path, without what does not show, cut to the limit with its ending
    /// kept.
    #[must_use]
    pub fn sanitise(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible: String = last
            .chars()
            .filter(|c| !is_invisible(*c))
            .map(|c| if ":*?\"<>|".contains(c) { '_' } else { c })
            .collect();
        let trimmed = visible.trim().trim_matches('.').trim();
        let cut = cut(trimmed);
        parse_line(cut.trim().trim_matches('.'), Self::LIMIT)
            .ok()
            // What normalising changed may be longer, or begin with a dot again.
            .filter(|name| !name.starts_with('.') && !name.ends_with('.'))
            .map_or_else(|| Self(UNNAMED.to_owned()), Self)
    }

    /// The name.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// At most [`FileName::LIMIT`] bytes, the ending kept if it is short.
fn cut(name: &str) -> String {
    const ENDING: usize = 16;
    if name.len() <= FileName::LIMIT {
        return name.to_owned();
    }
    let ending = name
        .rfind('.')
        .map(|at| &name[at..])
        .filter(|ending| ending.len() <= ENDING)
        .unwrap_or_default();
    let mut end = FileName::LIMIT - ending.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", &name[..end])
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileName({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_never_a_path_and_never_reads_backwards() {
        for (from, to) in [
            ("photo.jpg", "photo.jpg"),
            ("/where/alice/lives/plan.pdf", "plan.pdf"),
            ("C:\\papers\\plan.pdf", "plan.pdf"),
            ("..", "file"),
            ("../../.bashrc", "bashrc"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\nb\0c.txt", "abc.txt"),
            ("  . ", "file"),
            ("a:b*c?.txt", "a_b_c_.txt"),
            ("", "file"),
        ] {
            assert_eq!(FileName::sanitise(from).expose(), to, "{from:?}");
        }
        for wrong in ["a/b", "\u{202e}a", " a", "", ".a", "a.", "a\\b", "a\n"] {
            assert!(FileName::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = FileName::sanitise(&format!("{}.pdf", "я".repeat(200)));
        assert!(name.expose().ends_with("я.pdf"));
        assert!(name.expose().len() <= FileName::LIMIT);
    }

    proptest! {
        #[test]
        fn whatever_is_sanitised_can_be_parsed(text in ".{0,200}") {
            let name = FileName::sanitise(&text);
            prop_assert_eq!(FileName::parse(name.expose()), Ok(name));
        }
    }
}
