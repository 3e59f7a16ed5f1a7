//! The font that is built in: which letters it has, and how wide they are.

use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization;

use crate::PrintError;

const REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/NotoSans-Bold.ttf");

/// A length in thousandths of a point. Whole numbers are the same on every machine.
pub(crate) type Length = i64;

/// How heavy letters are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    pub(crate) const ALL: [Self; 2] = [Self::Regular, Self::Bold];
}

/// Both weights.
pub(crate) struct Fonts {
    regular: Face<'static>,
    bold: Face<'static>,
}

impl Fonts {
    pub(crate) fn read() -> Result<Self, PrintError> {
        let face = |bytes| Face::parse(bytes, 0).map_err(|_| PrintError::Font);
        Ok(Self {
            regular: face(REGULAR)?,
            bold: face(BOLD)?,
        })
    }

    pub(crate) const fn face(&self, weight: Weight) -> &Face<'static> {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// The glyph of a letter.
    pub(crate) fn glyph(&self, weight: Weight, letter: char) -> Option<u16> {
        let face = self.face(weight);
        face.glyph_index(shown(letter)).map(|glyph| glyph.0)
    }

    /// How wide a glyph is, in thousandths of the size.
    pub(crate) fn advance(&self, weight: Weight, glyph: u16) -> i64 {
        let face = self.face(weight);
        let units = face.glyph_hor_advance(ttf_parser::GlyphId(glyph));
        i64::from(units.unwrap_or(0)) * 1000 / i64::from(face.units_per_em().max(1))
    }

    /// How wide a text is.
    pub(crate) fn width(&self, weight: Weight, text: &str, size: Length) -> Length {
        let glyphs = text.chars().filter_map(|c| self.glyph(weight, c));
        let sum: i64 = glyphs.map(|glyph| self.advance(weight, glyph)).sum();
        sum * size / 1000
    }

    /// The text with its marks put together with their letters, if the font has all of it.
    pub(crate) fn checked(&self, text: &str) -> Result<String, PrintError> {
        let text: String = text.nfc().collect();
        let whole = text.chars().all(|letter| {
            let letter = if breaks(letter) { ' ' } else { letter };
            Weight::ALL
                .iter()
                .all(|weight| self.glyph(*weight, letter).is_some())
        });
        whole.then_some(text).ok_or(PrintError::Unprintable)
    }

    /// The bytes of a weight, to cut a part of.
    pub(crate) const fn bytes(weight: Weight) -> &'static [u8] {
        match weight {
            Weight::Regular => REGULAR,
            Weight::Bold => BOLD,
        }
    }
}

/// Spaces at which no line ends look like any other. No two other letters have one glyph.
pub(crate) const fn shown(letter: char) -> char {
    match letter {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
        other => other,
    }
}

/// Whether a line may end here.
pub(crate) fn breaks(letter: char) -> bool {
    letter.is_whitespace() && shown(letter) == letter
}
