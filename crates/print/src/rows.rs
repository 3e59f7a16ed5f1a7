//! Blocks become rows: pieces of a page that are never cut.

use crate::font::{Fonts, Length, Weight};
use crate::lines::{Line, Span, broken};
use crate::{Paper, PrintError};

/// Black, and what is less important. 0 is black.
pub(crate) const INK: u8 = 0;
pub(crate) const QUIET: u8 = 38;
pub(crate) const PALE: u8 = 65;

/// What one block of a page says.
pub(crate) enum Block {
    /// What the page is.
    Title(String),
    /// A sentence with a bar at its side.
    Quote(String),
    /// What the next blocks are about.
    Heading(String),
    /// Text.
    Text(Vec<Span>),
    /// Text to look something up in.
    Note(Vec<Span>),
    /// Text that is there but need not be read.
    Small(String),
    /// Some room.
    Space,
    /// A line of a list.
    Item(Mark, Vec<Span>),
    /// A label and what it stands for.
    Fact(String, String),
    /// A text and an empty line to write on.
    Write(String),
    /// Two columns, if they go beside each other on this paper and fit; one after the other if not.
    Beside(Vec<Block>, Vec<Block>),
}

/// What stands before an item.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    Dot,
    Number(usize),
    Tick,
}

/// The measures of a paper.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) width: Length,
    pub(crate) height: Length,
    pub(crate) margin: Length,
    pub(crate) size: Length,
    pub(crate) leading: Length,
    pub(crate) small: Length,
    title: Length,
    quote: Length,
    heading: Length,
    /// How wide the labels of facts are.
    label: Length,
    /// The space between two columns, if there is room for two.
    gutter: Option<Length>,
}

impl Style {
    pub(crate) const fn of(paper: Paper) -> Self {
        match paper {
            Paper::A4 => Self {
                width: 595_276,
                height: 841_890,
                margin: 54_000,
                size: 10_000,
                leading: 14_000,
                small: 8_500,
                title: 22_000,
                quote: 12_500,
                heading: 12_000,
                label: 96_000,
                gutter: Some(26_000),
            },
            Paper::A6 => Self {
                width: 297_638,
                height: 419_528,
                margin: 21_000,
                size: 8_000,
                leading: 10_500,
                small: 6_500,
                title: 13_000,
                quote: 9_000,
                heading: 9_000,
                label: 66_000,
                gutter: None,
            },
        }
    }

    pub(crate) const fn text_width(&self) -> Length {
        self.width - 2 * self.margin
    }
}

/// Something drawn. `x` is from the left margin, `y` from the top of its row, downwards.
#[derive(Clone, Debug)]
pub(crate) enum Draw {
    Text {
        x: Length,
        y: Length,
        size: Length,
        weight: Weight,
        grey: u8,
        text: String,
    },
    /// An empty square, by its corner at the top left.
    Square { x: Length, y: Length, side: Length },
    /// A filled bar.
    Bar {
        x: Length,
        y: Length,
        width: Length,
        height: Length,
        grey: u8,
    },
}

impl Draw {
    pub(crate) const fn moved(&mut self, by_x: Length, by_y: Length) {
        let (Self::Text { x, y, .. } | Self::Square { x, y, .. } | Self::Bar { x, y, .. }) = self;
        *x += by_x;
        *y += by_y;
    }
}

/// A piece of a page that is never cut.
#[derive(Clone, Default)]
pub(crate) struct Row {
    /// Space before it, unless it begins a page.
    pub(crate) before: Length,
    pub(crate) height: Length,
    pub(crate) draws: Vec<Draw>,
    /// Whether the next row has to be on the same page.
    pub(crate) keep: bool,
}

/// How a text is set.
#[derive(Clone, Copy)]
struct Look {
    x: Length,
    width: Length,
    size: Length,
    leading: Length,
    grey: u8,
}

/// Sets blocks in rows.
pub(crate) struct Setter<'a> {
    fonts: &'a Fonts,
    style: Style,
    width: Length,
}

impl<'a> Setter<'a> {
    pub(crate) const fn new(fonts: &'a Fonts, style: Style) -> Self {
        Self {
            fonts,
            style,
            width: style.text_width(),
        }
    }

    pub(crate) fn set(&self, blocks: &[Block]) -> Result<Vec<Row>, PrintError> {
        let mut rows = Vec::new();
        let item = |index: Option<usize>| {
            let block = index.and_then(|index| blocks.get(index));
            block.is_some_and(|block| matches!(block, Block::Item(..)))
        };
        for (index, block) in blocks.iter().enumerate() {
            let mut set = self.block(block)?;
            // Neither the first nor the last of several items stands alone on a page.
            let first = !item(index.checked_sub(1));
            if item(Some(index)) && item(Some(index + 1)) && (first || !item(Some(index + 2))) {
                together(&mut set);
            }
            rows.extend(set);
        }
        Ok(rows)
    }

    fn block(&self, block: &Block) -> Result<Vec<Row>, PrintError> {
        let style = self.style;
        match block {
            Block::Title(text) => {
                let look = self.look(style.title, style.title * 6 / 5, INK);
                let mut rows = self.rows(&[Span::bold(text)], look, 0)?;
                together(&mut rows);
                Ok(rows)
            }
            Block::Quote(text) => self.quote(text),
            Block::Heading(text) => {
                let look = self.look(style.heading, style.heading * 4 / 3, INK);
                let mut rows = self.rows(&[Span::bold(text)], look, style.leading)?;
                together(&mut rows);
                Ok(rows)
            }
            Block::Text(spans) => self.rows(spans, self.body(), style.leading / 3),
            Block::Note(spans) => {
                let size = (style.size + style.small) / 2;
                let look = self.look(size, size * 27 / 20, INK);
                self.rows(spans, look, style.leading / 3)
            }
            Block::Space => Ok(vec![Row {
                height: style.leading / 2,
                ..Row::default()
            }]),
            Block::Small(text) => {
                let look = self.look(style.small, style.small * 4 / 3, QUIET);
                self.rows(&[Span::regular(text)], look, style.leading / 2)
            }
            Block::Item(mark, spans) => self.item(*mark, spans),
            Block::Fact(label, value) => self.fact(label, value),
            Block::Write(text) => self.write(text),
            Block::Beside(left, right) => self.beside(left, right),
        }
    }

    const fn look(&self, size: Length, leading: Length, grey: u8) -> Look {
        Look {
            x: 0,
            width: self.width,
            size,
            leading,
            grey,
        }
    }

    const fn body(&self) -> Look {
        self.look(self.style.size, self.style.leading, INK)
    }

    fn quote(&self, text: &str) -> Result<Vec<Row>, PrintError> {
        let size = self.style.quote;
        let mut look = self.look(size, size * 7 / 5, INK);
        look.x = size;
        look.width -= size;
        let before = self.style.leading * 2 / 3;
        let mut rows = self.rows(&[Span::regular(text)], look, before)?;
        for row in &mut rows {
            row.draws.push(Draw::Bar {
                x: 0,
                y: 0,
                width: size / 6,
                height: row.height,
                grey: PALE,
            });
        }
        whole(&mut rows);
        Ok(rows)
    }

    fn item(&self, mark: Mark, spans: &[Span]) -> Result<Vec<Row>, PrintError> {
        let (size, leading) = (self.style.size, self.style.leading);
        let mut look = self.body();
        let before = match mark {
            Mark::Tick => leading / 4,
            Mark::Dot | Mark::Number(_) => leading / 6,
        };
        let indent = match mark {
            Mark::Dot => size * 11 / 10,
            Mark::Number(_) | Mark::Tick => size * 17 / 10,
        };
        look.x = indent;
        look.width -= indent;
        let mut rows = self.rows(spans, look, before)?;
        let Some(first) = rows.first_mut() else {
            return Ok(rows);
        };
        let base = base(look);
        let shown = |text: String, x: Length| Draw::Text {
            x,
            y: base,
            size,
            weight: Weight::Regular,
            grey: INK,
            text,
        };
        // Whoever reads aloud what is drawn hears it first.
        let mark = match mark {
            Mark::Dot => shown("•".to_owned(), size / 5),
            Mark::Number(number) => {
                let text = format!("{number}.");
                let wide = self.fonts.width(Weight::Regular, &text, size);
                shown(text, indent - size * 2 / 5 - wide)
            }
            Mark::Tick => Draw::Square {
                x: size / 10,
                y: base - size * 8 / 10,
                side: size * 9 / 10,
            },
        };
        first.draws.insert(0, mark);
        Ok(rows)
    }

    fn fact(&self, label: &str, value: &str) -> Result<Vec<Row>, PrintError> {
        let (wide, leading) = (self.style.label, self.style.leading);
        let mut look = self.body();
        look.x = wide;
        look.width -= wide;
        let mut values = self.rows(&[Span::regular(value)], look, leading / 6)?;
        let mut look = self.body();
        look.size = self.style.small;
        look.grey = QUIET;
        look.width = wide - look.size / 2;
        let labels = self.rows(&[Span::bold(label)], look, leading / 6)?;
        // On one line, whatever the sizes are.
        let down = self.style.size * 7 / 20 - look.size * 7 / 20;
        for (index, mut row) in labels.into_iter().enumerate() {
            row.draws.iter_mut().for_each(|draw| draw.moved(0, down));
            match values.get_mut(index) {
                Some(value) => {
                    row.draws.append(&mut value.draws);
                    value.draws = row.draws;
                }
                None => values.push(row),
            }
        }
        whole(&mut values);
        Ok(values)
    }

    fn write(&self, text: &str) -> Result<Vec<Row>, PrintError> {
        let leading = self.style.leading;
        let mut rows = self.rows(&[Span::regular(text)], self.body(), leading / 3)?;
        rows.push(Row {
            before: 0,
            height: leading * 2,
            draws: vec![Draw::Bar {
                x: 0,
                y: leading * 5 / 3,
                width: self.width,
                height: 600,
                grey: QUIET,
            }],
            keep: false,
        });
        whole(&mut rows);
        Ok(rows)
    }

    fn beside(&self, left: &[Block], right: &[Block]) -> Result<Vec<Row>, PrintError> {
        let style = self.style;
        let room = style.height - 2 * style.margin;
        if let Some(gutter) = style
            .gutter
            .filter(|_| !left.is_empty() && !right.is_empty())
        {
            let width = (self.width - gutter) / 2;
            let column = Setter { width, ..*self };
            let (one, two) = (stacked(column.set(left)?), stacked(column.set(right)?));
            // What takes more than a third of a page is easier to read, and to break, in one column.
            if one.height.max(two.height) <= room / 3 {
                let mut row = one;
                row.height = row.height.max(two.height);
                for mut draw in two.draws {
                    draw.moved(width + gutter, 0);
                    row.draws.push(draw);
                }
                return Ok(vec![row]);
            }
        }
        let mut rows = self.set(left)?;
        rows.extend(self.set(right)?);
        Ok(rows)
    }

    /// A text in lines. Neither its first nor its last line stands alone on a page.
    fn rows(&self, spans: &[Span], look: Look, before: Length) -> Result<Vec<Row>, PrintError> {
        let lines = broken(self.fonts, spans, look.size, look.width)?;
        let count = lines.len();
        let row = |(index, line): (usize, Line)| Row {
            before: if index == 0 { before } else { 0 },
            height: look.leading,
            draws: self.line(line, look),
            keep: index + 1 < count && (index == 0 || index + 2 == count),
        };
        Ok(lines.into_iter().enumerate().map(row).collect())
    }

    fn line(&self, line: Line, look: Look) -> Vec<Draw> {
        let mut x = look.x;
        let mut draws = Vec::new();
        for span in line {
            let wide = self.fonts.width(span.weight, &span.text, look.size);
            draws.push(Draw::Text {
                x,
                y: base(look),
                size: look.size,
                weight: span.weight,
                grey: look.grey,
                text: span.text,
            });
            x += wide;
        }
        draws
    }
}

/// Where letters stand in a row: their height, half above and half below the middle of it.
const fn base(look: Look) -> Length {
    look.leading / 2 + look.size * 7 / 20
}

/// The rows go with each other and with what comes next.
fn together(rows: &mut [Row]) {
    rows.iter_mut().for_each(|row| row.keep = true);
}

/// The rows go with each other.
fn whole(rows: &mut [Row]) {
    together(rows);
    if let Some(last) = rows.last_mut() {
        last.keep = false;
    }
}

/// Rows as one.
fn stacked(rows: Vec<Row>) -> Row {
    let mut all = Row {
        before: rows.first().map_or(0, |row| row.before),
        ..Row::default()
    };
    for (index, row) in rows.into_iter().enumerate() {
        if index > 0 {
            all.height += row.before;
        }
        for mut draw in row.draws {
            draw.moved(0, all.height);
            all.draws.push(draw);
        }
        all.height += row.height;
    }
    all
}
