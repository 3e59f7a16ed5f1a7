//! Rows go on pages.

use crate::font::{Fonts, Length, Weight};
use crate::rows::{Draw, QUIET, Row, Style};
use crate::{PAGES_MAX, PrintError};

/// What is drawn on one page: `x` from its left edge, `y` from its top, downwards.
pub(crate) type Page = Vec<Draw>;

/// Fills as many pages as it takes. Each says which part it is of; if there are several, also which of how many.
pub(crate) fn fill(
    fonts: &Fonts,
    style: Style,
    rows: Vec<Row>,
    name: &str,
) -> Result<Vec<Page>, PrintError> {
    let mut pages = filled(style, rows)?;
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        let base = style.height - style.margin * 11 / 20;
        let mut text = |x, text: String| {
            page.push(Draw::Text {
                x,
                y: base,
                size: style.small,
                weight: Weight::Regular,
                grey: QUIET,
                text,
            });
        };
        text(style.margin, fonts.checked(name)?);
        if count > 1 {
            let number = format!("{} / {count}", index + 1);
            let wide = fonts.width(Weight::Regular, &number, style.small);
            text(style.width - style.margin - wide, number);
        }
    }
    Ok(pages)
}

fn filled(style: Style, rows: Vec<Row>) -> Result<Vec<Page>, PrintError> {
    let room = style.height - 2 * style.margin - style.small;
    let mut pages: Vec<Page> = Vec::new();
    let mut used: Length = 0;
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut chunk = Vec::new();
        for row in rows.by_ref() {
            let keep = row.keep;
            chunk.push(row);
            if !keep {
                break;
            }
        }
        let height: Length = chunk.iter().map(|row| row.before + row.height).sum();
        if pages.is_empty() || used + height > room {
            pages.push(Page::new());
            used = 0;
        }
        for row in chunk {
            // Rows that go together may be more than a page.
            if used > 0 && used + row.before + row.height > room {
                pages.push(Page::new());
                used = 0;
            }
            if pages.len() > PAGES_MAX {
                return Err(PrintError::TooLong);
            }
            used += if used == 0 { 0 } else { row.before };
            if let Some(page) = pages.last_mut() {
                for mut draw in row.draws {
                    draw.moved(style.margin, style.margin + used);
                    page.push(draw);
                }
            }
            used += row.height;
        }
    }
    Ok(pages)
}
