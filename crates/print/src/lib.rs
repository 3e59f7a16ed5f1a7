//! A call on paper: what to read, what to tick and what to carry, as one PDF.
//!
//! What it is: text set in a font that is built in, on A4 or A6, in grey. What it is not: it knows no cell, no plan, nobody
//! who comes, no clock and no file; what a printer or its spooler keeps is beyond it. Invariants: the bytes follow from
//! what is asked for alone · they hold no metadata · a letter that the font lacks is an error, never an empty box.
//!
//! ```text
//! Call ──sheet──► blocks ──rows──► rows ──pages──► pages ──pdf──► bytes
//! ```
//!
//! The font is Noto Sans (`fonts/`, SIL Open Font License 1.1), Regular and Bold of Debian's `fonts-noto-core` 20201225,
//! cut to Latin, Greek, Cyrillic and punctuation without hints and layout tables by `pyftsubset`, as `fonts/README.md` says.

mod font;
mod lines;
mod pages;
mod pdf;
mod rows;
mod sheet;
mod words;

use action::Call;

/// The most pages that one call makes: the longest call in wide letters on A6 takes less, and nobody prints more.
pub const PAGES_MAX: usize = 64;

/// What it is printed on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Paper {
    /// 210 × 297 mm: to hang up, to lay on a table.
    #[default]
    A4,
    /// 105 × 148 mm: for a pocket.
    A6,
}

/// What is printed of a call, each on pages of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Parts {
    /// What the call says.
    pub sheet: bool,
    /// What to tick.
    pub checklists: bool,
    /// What to carry. It does not say what for.
    pub card: bool,
}

impl Parts {
    /// Everything.
    pub const ALL: Self = Self {
        sheet: true,
        checklists: true,
        card: true,
    };
}

/// Why a call was not printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PrintError {
    /// A text has a letter that the font lacks, or that it cannot set: Arabic, Chinese, emoji.
    #[error("the call has letters that cannot be printed; only Latin, Greek and Cyrillic ones can")]
    Unprintable,
    /// Nothing was asked for, or the call has none of it.
    #[error("there is nothing to print in these parts of the call")]
    Nothing,
    /// It would be more than [`PAGES_MAX`] pages.
    #[error("the call is too long to be printed on this paper")]
    TooLong,
    /// The font that is built in cannot be read.
    #[error("the font that is built in cannot be read")]
    Font,
}

/// A call as a PDF, in a language of it or in its first.
///
/// # Errors
///
/// See [`PrintError`].
pub fn call(
    call: &Call,
    language: &str,
    paper: Paper,
    parts: Parts,
) -> Result<Vec<u8>, PrintError> {
    let fonts = font::Fonts::read()?;
    let style = rows::Style::of(paper);
    let mut pages = Vec::new();
    for part in sheet::parts(call, language, parts) {
        let rows = rows::Setter::new(&fonts, style).set(&part.blocks)?;
        pages.extend(pages::fill(&fonts, style, rows, part.name)?);
        if pages.len() > PAGES_MAX {
            return Err(PrintError::TooLong);
        }
    }
    if pages.is_empty() {
        return Err(PrintError::Nothing);
    }
    pdf::write(&fonts, style, &pages)
}

#[cfg(test)]
#[cfg(test)]
mod tests;
