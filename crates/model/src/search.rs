//! Finding words in text as people remember them: without capitals, accents or ligatures.
//!
//! Both sides are **folded**: compatibility decomposition (NFKD), without the marks it sets free, in small letters. So
//! `ё` is `е`, `Ü` is `u`, `ﬁ` is `fi`. A few letters that Unicode does not decompose are folded to what people type.

use std::fmt;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use zeroize::Zeroizing;

use crate::ParseTextError;

/// What somebody searches for: words that must all be in a text, anywhere. Zeroed when dropped.
#[derive(Clone)]
pub struct SearchWords {
    words: Vec<Zeroizing<String>>,
    print: TextPrint,
}

impl SearchWords {
    /// The longest search in bytes: some forty words, which no one remembers of a text.
    pub const LIMIT: usize = 512;

    /// Takes the words apart.
    ///
    /// # Errors
    ///
    /// Fails if `text` has no word or is longer than [`Self::LIMIT`].
    pub fn parse(text: &str) -> Result<Self, ParseTextError> {
        if text.len() > Self::LIMIT {
            return Err(ParseTextError::TooLong {
                len: text.len(),
                limit: Self::LIMIT,
            });
        }
        let mut folded = Folded::default();
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let word = folded.fold(word);
            if !word.is_empty() {
                words.push(Zeroizing::new(word.to_owned()));
            }
        }
        if words.is_empty() {
            return Err(ParseTextError::Empty);
        }
        // The longest is the rarest: most texts are done with after it.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut print = TextPrint::default();
        for word in &words {
            print.add(word);
        }
        Ok(Self { words, print })
    }

    /// Whether every word is in `text`. The buffer is given so that it can be used again.
    pub fn are_in(&self, text: &str, buffer: &mut Folded) -> bool {
        let folded = buffer.fold(text);
        let mut words = self.words.iter();
        words.all(|word| folded.contains(word.as_str()))
    }
}

impl fmt::Debug for SearchWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SearchWords({})", self.words.len())
    }
}

/// Which pairs and triples of letters stand in a text, as a Bloom filter (Bloom 1970) of one hash: enough to say of most
/// texts, without opening them, that a word is not in them. It tells about the text, so it lives in memory only.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
pub struct TextPrint([u64; TextPrint::LANES]);

impl TextPrint {
    /// 512 bits: half of them are set by a text of 180 letters.
    const LANES: usize = 8;

    /// The print of a text. The buffer is given so that it can be used again.
    pub fn of(text: &str, buffer: &mut Folded) -> Self {
        let mut print = Self::default();
        print.add(buffer.fold(text));
        print
    }

    /// False if some of the words cannot be in the text of this print.
    pub fn may_have(&self, words: &SearchWords) -> bool {
        let mut lanes = self.0.iter().zip(&words.print.0);
        lanes.all(|(ours, needed)| ours & needed == *needed)
    }

    /// Adds what stands in a folded text. No word has a space in it, so runs end at spaces.
    fn add(&mut self, folded: &str) {
        for word in folded.split_whitespace() {
            let (mut before, mut last) = (None, None);
            for c in word.chars() {
                if let Some(last) = last {
                    self.set(u64::from(last), u64::from(c), 0);
                    if let Some(before) = before {
                        self.set(u64::from(before), u64::from(last), u64::from(c) + 1);
                    }
                }
                (before, last) = (last, Some(c));
            }
        }
    }

    fn set(&mut self, first: u64, second: u64, third: u64) {
        // Three code points of 21 bits are one number; multiplying by 2^64 / φ spreads it (Knuth, TAOCP 6.4).
        let run = first << 42 | second << 21 | third;
        let hash = run.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55;
        if let Some(lane) = self.0.get_mut((hash >> 6) as usize) {
            *lane |= 1 << (hash & 63);
        }
    }
}

impl fmt::Debug for TextPrint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextPrint")
    }
}

impl zeroize::DefaultIsZeroes for TextPrint {}

/// A buffer for folded text. Zeroed when dropped; one text overwrites the one before.
#[derive(Default)]
pub struct Folded(Zeroizing<String>);

impl Folded {
    fn fold(&mut self, text: &str) -> &str {
        // Growing would leave a copy behind. No letter folds to more than eleven times its bytes (U+FDFA does).
        let most = text.len() * 12;
        if self.0.capacity() < most {
            self.0 = Zeroizing::new(String::with_capacity(most));
        }
        self.0.clear();
        for c in text.chars() {
            fold(c, &mut self.0);
        }
        &self.0
    }
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Folded")
    }
}

fn fold(c: char, into: &mut String) {
    match c {
        '\0'..='\u{7f}' => into.push(c.to_ascii_lowercase()),
        // The letters that most texts here are made of, without the way through the tables.
        'а'..='и' | 'к'..='я' => into.push(c),
        'ё' | 'Ё' => into.push('е'),
        'й' | 'Й' => into.push('и'),
        'А'..='Я' => into.extend(char::from_u32(u32::from(c) + 0x20)),
        _ => decompose_compatible(c, |part| {
            if is_combining_mark(part) {
                return;
            }
            for small in part
                .to_lowercase()
                .filter(|small| !is_combining_mark(*small))
            {
                match small {
                    'ß' => into.push_str("ss"),
                    'æ' => into.push_str("ae"),
                    'œ' => into.push_str("oe"),
                    'ø' => into.push('o'),
                    'ł' => into.push('l'),
                    'đ' => into.push('d'),
                    'ı' => into.push('i'),
                    'ς' => into.push('σ'),
                    // Stretches Arabic words and says nothing.
                    'ـ' => {}
                    small => into.push(small),
                }
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn finds(words: &str, text: &str) -> bool {
        SearchWords::parse(words)
            .unwrap()
            .are_in(text, &mut Folded::default())
    }

    #[test]
    fn words_are_found_as_people_remember_them() {
        for (words, text) in [
            ("елка", "Ёлка"),
            ("ЁЛКА", "елка у дома"),
            ("strasse", "Hauptstraße 5"),
            ("müller", "MULLER"),
            ("їжак", "Їжак"),
            ("istanbul", "İstanbul"),
            ("fi", "ﬁsh"),
            ("bridge noon", "At NOON by the bridge"),
            ("rid", "bridge"),
            ("سلام", "سَلَامٌ"),
            ("e\u{301}tat", "état"),
            ("łódź", "Lodz"),
        ] {
            assert!(finds(words, text), "{words} in {text}");
        }
        assert!(!finds("bridge dawn", "At NOON by the bridge"));
        assert!(!finds("лес", "лис"));
    }

    #[test]
    fn a_search_without_words_is_none() {
        for wrong in ["", "  ", "\u{301}"] {
            assert_eq!(SearchWords::parse(wrong).err(), Some(ParseTextError::Empty));
        }
        let long = "x".repeat(SearchWords::LIMIT + 1);
        assert!(SearchWords::parse(&long).is_err());
        assert_eq!(
            format!("{:?}", SearchWords::parse("at dawn").unwrap()),
            "SearchWords(2)"
        );
    }

    fn folded(text: &str) -> String {
        Folded::default().fold(text).to_owned()
    }

    #[test]
    fn the_buffer_never_grows_under_a_text() {
        for text in ["\u{fdfa}".repeat(100), "\u{1d15e}\u{3316}ǆ".repeat(100)] {
            let mut buffer = Folded::default();
            buffer.fold(&text);
            let capacity = buffer.0.capacity();
            assert!(
                buffer.0.len() <= text.len() * 12 && capacity < text.len() * 13,
                "{capacity}"
            );
        }
        let every =
            ('\0'..='\u{2ffff}').filter(|c| folded(&c.to_string()).len() > c.len_utf8() * 12);
        assert_eq!(every.collect::<Vec<_>>(), Vec::<char>::new());
    }

    #[test]
    fn a_print_tells_most_texts_from_one_that_has_the_word() {
        let words = SearchWords::parse("lighthouse").unwrap();
        let mut buffer = Folded::default();
        let print = |text: &str, buffer: &mut Folded| TextPrint::of(text, buffer);
        assert!(print("At the LIGHTHOUSES", &mut buffer).may_have(&words));
        let others = (0..1000).map(|number| format!("we meet at the bridge at noon, {number}"));
        let opened = others.filter(|text| print(text, &mut buffer).may_have(&words));
        assert!(opened.count() < 50);
        let shown = format!("{:?}", print("At the lighthouse", &mut buffer));
        assert_eq!(shown, "TextPrint");
    }

    proptest! {
        #[test]
        fn a_text_that_has_the_words_is_never_passed_over(text in "\\PC{0,60}", words in "\\PC{1,8}", from in 0..60_usize, to in 0..60_usize) {
            let chars: Vec<char> = text.chars().collect();
            let part = |at: usize| at.min(chars.len());
            let within: String = chars[part(from.min(to))..part(from.max(to))].iter().collect();
            for words in [words, within] {
                let Ok(words) = SearchWords::parse(&words) else { continue };
                let mut buffer = Folded::default();
                let may_have = TextPrint::of(&text, &mut buffer).may_have(&words);
                prop_assert!(may_have || !words.are_in(&text, &mut buffer));
            }
        }

        #[test]
        fn folding_is_decomposing_dropping_marks_and_small_letters(text in "[\\u{0}-\\u{6ff}]{0,40}") {
            // The tables alone, without the short ways.
            let mut expected = String::new();
            for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
                match c {
                    'ß' => expected.push_str("ss"),
                    'æ' => expected.push_str("ae"),
                    'œ' => expected.push_str("oe"),
                    'ø' => expected.push('o'),
                    'ł' => expected.push('l'),
                    'đ' => expected.push('d'),
                    'ı' => expected.push('i'),
                    'ς' => expected.push('σ'),
                    'ـ' => {}
                    c if is_combining_mark(c) => {}
                    c => expected.push(c),
                }
            }
            prop_assert_eq!(folded(&text), expected);
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            prop_assert_eq!(folded(&folded(&text)), folded(&text));
        }

        #[test]
        fn every_part_of_a_text_is_found_in_it_in_capitals_too(text in "[a-zа-яёїäöü ]{1,40}", from in 0..40_usize) {
            let chars: Vec<char> = text.chars().collect();
            let part: String = chars[from.min(chars.len() - 1)..].iter().collect();
            if let Ok(words) = SearchWords::parse(&part) {
                prop_assert!(words.are_in(&text.to_uppercase(), &mut Folded::default()));
            }
        }
    }
}
