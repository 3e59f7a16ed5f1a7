//! Text in lines.

use crate::PrintError;
use crate::font::{Fonts, Length, Weight, breaks};

/// Keeps two words together.
const TIE: char = '\u{a0}';

/// Some text of one weight.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) weight: Weight,
}

impl Span {
    pub(crate) fn regular(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            weight: Weight::Regular,
        }
    }

    pub(crate) fn bold(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            weight: Weight::Bold,
        }
    }
}

/// One line: runs of one weight each, one after the other.
pub(crate) type Line = Vec<Span>;

/// What stays together: a word, or words that are tied.
struct Piece {
    text: String,
    weight: Weight,
    /// Whether a space stands before it, unless it begins a line.
    apart: bool,
}

/// Breaks text into lines of at most `width`. A word that is longer is cut.
pub(crate) fn broken(
    fonts: &Fonts,
    spans: &[Span],
    size: Length,
    width: Length,
) -> Result<Vec<Line>, PrintError> {
    let mut lines: Vec<Line> = Vec::new();
    let mut line: Line = Vec::new();
    let mut used = 0;
    for piece in pieces(fonts, spans)? {
        let space = if piece.apart && !line.is_empty() {
            fonts.width(piece.weight, " ", size)
        } else {
            0
        };
        let wide = fonts.width(piece.weight, &piece.text, size);
        if used + space + wide <= width || line.is_empty() && wide <= width {
            if space > 0 {
                push(&mut line, piece.weight, " ");
            }
            push(&mut line, piece.weight, &piece.text);
            used += space + wide;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        used = 0;
        for letter in piece.text.chars() {
            let mut bytes = [0; 4];
            let letter: &str = letter.encode_utf8(&mut bytes);
            let wide = fonts.width(piece.weight, letter, size);
            if used + wide > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            push(&mut line, piece.weight, letter);
            used += wide;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(lines)
}

fn push(line: &mut Line, weight: Weight, text: &str) {
    match line.last_mut() {
        Some(last) if last.weight == weight => last.text.push_str(text),
        _ => line.push(Span {
            text: text.to_owned(),
            weight,
        }),
    }
}

fn pieces(fonts: &Fonts, spans: &[Span]) -> Result<Vec<Piece>, PrintError> {
    let mut pieces = Vec::new();
    for span in spans {
        let text = fonts.checked(&span.text)?;
        for word in tied(&text) {
            for (index, part) in parted(&word).into_iter().enumerate() {
                pieces.push(Piece {
                    text: part.to_owned(),
                    weight: span.weight,
                    apart: index == 0,
                });
            }
        }
    }
    Ok(pieces)
}

/// The words of a text, where some go together as [`goes_with`] says.
fn tied(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = "";
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if goes_with(before, word) => {
                last.push(TIE);
                last.push_str(word);
            }
            Some(_) | None => words.push(word.to_owned()),
        }
        before = word;
    }
    words
}

/// One letter alone goes with the word after it, a dash with the one before, an article with its number, thousands with
/// their hundreds.
fn goes_with(before: &str, word: &str) -> bool {
    let mut letters = before.chars().filter(|c| !"«“„(".contains(*c));
    let lone = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    let article = matches!(before.trim_start_matches('('), "Art." | "ст." | "№" | "§");
    let hundreds = word.chars().take_while(char::is_ascii_digit).count() == 3;
    let thousands = before.ends_with(|c: char| c.is_ascii_digit());
    lone || matches!(word, "—" | "–") || number && article || hundreds && thousands
}

/// The parts of a word after whose hyphens a line may end: between letters, not in numbers.
fn parted(word: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for three in letters.windows(3) {
        let [(_, before), (_, here), (at, after)] = three else {
            continue;
        };
        if matches!(here, '-' | '–' | '—' | '/') && before.is_alphabetic() && after.is_alphabetic()
        {
            parts.push(&word[from..*at]);
            from = *at;
        }
    }
    parts.push(&word[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, width: Length) -> Vec<String> {
        let fonts = Fonts::read().unwrap();
        let lines = broken(&fonts, &[Span::regular(text)], 10_000, width).unwrap();
        lines
            .into_iter()
            .map(|line| line.into_iter().map(|span| span.text).collect())
            .collect()
    }

    #[test]
    fn no_line_is_too_wide_and_nothing_is_lost() {
        let fonts = Fonts::read().unwrap();
        let text = "Мы молча стоим за всех, кого забрала война, anti-war и ещёоченьдлинноесловобезпробелов";
        for width in [30_000, 60_000, 100_000, 400_000] {
            let lines = set(text, width);
            for line in &lines {
                let wide = fonts.width(Weight::Regular, line, 10_000);
                assert!(wide <= width, "{line}");
            }
            let bare = |text: &str| -> String { text.split_whitespace().collect() };
            assert_eq!(bare(&lines.concat()), bare(text));
        }
    }

    #[test]
    fn small_words_and_dashes_stand_where_one_expects_them() {
        assert_eq!(
            tied("я и ты — в лесу"),
            ["я\u{a0}и\u{a0}ты\u{a0}—", "в\u{a0}лесу"]
        );
        assert_eq!(tied("(ст. 20.3)"), ["(ст.\u{a0}20.3)"]);
        assert_eq!(
            tied("30 000–50 000 рублей"),
            ["30\u{a0}000–50\u{a0}000", "рублей"]
        );
        assert_eq!(parted("anti-war"), ["anti-", "war"]);
        assert_eq!(parted("2024-06-01"), ["2024-06-01"]);
        assert_eq!(parted("10–20"), ["10–20"]);
    }
}
