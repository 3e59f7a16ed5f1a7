use std::collections::BTreeMap;

use action::{Call, CallIn, Day, presets};
use proptest::prelude::*;

use super::{PAGES_MAX, Paper, Parts, PrintError, call};

const SHEET: Parts = Parts {
    sheet: true,
    checklists: false,
    card: false,
};
const LISTS: Parts = Parts {
    sheet: false,
    checklists: true,
    card: false,
};
const CARD: Parts = Parts {
    sheet: false,
    checklists: false,
    card: true,
};
const PAPERS: [Paper; 2] = [Paper::A4, Paper::A6];

fn all() -> Vec<CallIn> {
    presets(Day::parse("2026-11-24").unwrap(), None)
}

fn vigil() -> CallIn {
    all().remove(0)
}

fn checked(draft: CallIn) -> Call {
    draft.check(None).unwrap()
}

fn changed(draft: &CallIn, field: &str, value: serde_json::Value) -> CallIn {
    let mut whole = serde_json::to_value(draft).unwrap();
    *whole.pointer_mut(field).unwrap() = value;
    serde_json::from_value(whole).unwrap()
}

/// A document as a reader takes it apart.
struct Read {
    /// The text of every page but what stands at its foot, without any space: a line may end at each.
    text: String,
    pages: usize,
    operators: Vec<String>,
}

/// The streams of the objects of a document, by what stands before each.
fn streams(pdf: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut rest = pdf;
    let at = |rest: &[u8], what: &[u8]| rest.windows(what.len()).position(|seen| seen == what);
    while let Some(begin) = at(rest, b"stream\n") {
        let head = String::from_utf8_lossy(&rest[..begin]).into_owned();
        let head = head
            .rsplit_once(" obj")
            .map_or(head.clone(), |(_, last)| last.to_owned());
        let length = head.rsplit_once("/Length ").unwrap().1;
        let length: usize = length
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .and_then(|digits| digits.parse().ok())
            .unwrap();
        let body = &rest[begin + 7..begin + 7 + length];
        found.push((head, body.to_vec()));
        rest = &rest[begin + 7 + length + "\nendstream".len()..];
    }
    found
}

/// What `<0001> <0041>` in the map of a font says.
fn map(stream: &str) -> BTreeMap<u16, char> {
    let pairs = stream.lines().filter_map(|line| {
        let (glyph, letter) = line.strip_prefix('<')?.split_once("> <")?;
        let glyph = u16::from_str_radix(glyph, 16).ok()?;
        let letter = u32::from_str_radix(letter.strip_suffix('>')?, 16).ok()?;
        Some((glyph, char::from_u32(letter)?))
    });
    pairs.filter(|(glyph, _)| *glyph != 0).collect()
}

/// One string as it is written: in brackets with escapes, or as hexadecimal digits.
fn string(bytes: &[u8]) -> Vec<u8> {
    if bytes[0] == b'<' {
        let digits: String = bytes[1..].iter().map(|byte| char::from(*byte)).collect();
        let digits = digits.trim_end_matches('>');
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        return (0..digits.len()).step_by(2).map(byte).collect();
    }
    let mut read = Vec::new();
    let mut bytes = bytes[1..bytes.len() - 1].iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            read.push(byte);
            continue;
        }
        match bytes.next().unwrap() {
            b'n' => read.push(b'\n'),
            b'r' => read.push(b'\r'),
            b't' => read.push(b'\t'),
            b'b' => read.push(8),
            b'f' => read.push(12),
            first @ b'0'..=b'7' => {
                let mut value = first - b'0';
                for _ in 0..2 {
                    value = value * 8 + (bytes.next().unwrap() - b'0');
                }
                read.push(value);
            }
            other => read.push(other),
        }
    }
    read
}

fn read(pdf: &[u8]) -> Read {
    let streams = streams(pdf);
    let maps: Vec<_> = streams
        .iter()
        .filter(|(head, _)| head.contains("/CMap"))
        .map(|(_, body)| map(std::str::from_utf8(body).unwrap()))
        .collect();
    // Regular comes before bold.
    let named = |font: &[u8]| match font {
        b"/R" => &maps[0],
        b"/B" => &maps[maps.len() - 1],
        other => panic!("{other:?} is no font"),
    };
    let mut whole = Read {
        text: String::new(),
        pages: 0,
        operators: Vec::new(),
    };
    let small = String::from_utf8_lossy(pdf).contains("[0 0 297.638 419.528]");
    let foot: f32 = if small { 15.0 } else { 30.0 };
    for (head, body) in &streams {
        if head.contains("/CMap") || head.contains("/Length1") {
            continue;
        }
        whole.pages += 1;
        let mut font: &[u8] = b"";
        let mut height = 0.0;
        for line in body.split(|byte| *byte == b'\n') {
            let operator = line.rsplit(|byte| *byte == b' ').next().unwrap();
            whole
                .operators
                .push(String::from_utf8_lossy(operator).into_owned());
            match operator {
                b"Tf" => font = line.split(|byte| *byte == b' ').next().unwrap(),
                b"Td" => {
                    let line = std::str::from_utf8(line).unwrap();
                    height = line.split(' ').nth(1).unwrap().parse().unwrap();
                }
                b"Tj" if height < foot => {}
                b"Tj" => {
                    let bytes = string(&line[..line.len() - 3]);
                    let glyphs = bytes
                        .chunks_exact(2)
                        .map(|two| u16::from_be_bytes([two[0], two[1]]));
                    whole.text.extend(glyphs.map(|glyph| named(font)[&glyph]));
                }
                _ => {}
            }
        }
    }
    whole.text.retain(|c| !c.is_whitespace());
    whole
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every text of the call in one language.
fn texts(call: &Call, language: &str) -> Vec<String> {
    fn strings(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => found.push(text.clone()),
            serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
            serde_json::Value::Object(fields) => {
                let told = fields
                    .iter()
                    .filter(|(name, _)| *name != "role" && *name != "language");
                told.for_each(|(_, value)| strings(value, found));
            }
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            }
        }
    }
    let mut found = Vec::new();
    let texts = serde_json::to_value(call.texts_in(language).unwrap()).unwrap();
    strings(&texts, &mut found);
    assert!(found.len() > 20);
    found
}

#[test]
fn every_word_of_a_call_is_on_paper_in_both_languages() {
    for draft in all() {
        let checked = checked(draft);
        for language in ["en", "ru"] {
            for paper in PAPERS {
                let read = read(&call(&checked, language, paper, Parts::ALL).unwrap());
                for text in texts(&checked, language) {
                    assert!(read.text.contains(&bare(&text)), "{text}");
                }
            }
        }
    }
}

#[test]
fn a_document_says_nothing_but_what_is_seen() {
    for draft in all() {
        let checked = checked(draft);
        for paper in PAPERS {
            let pdf = call(&checked, "ru", paper, Parts::ALL).unwrap();
            let text = String::from_utf8_lossy(&pdf);
            for name in [
                "/Info",
                "/Metadata",
                "/CreationDate",
                "/ModDate",
                "/Producer",
                "/Creator",
                "/Author",
                "/Title",
                "/Lang",
                "/ID",
                "/PieceInfo",
                "/LastModified",
                "xmp",
                "XMP",
                "D:20",
                "igil",
            ] {
                assert!(!text.contains(name), "{name}");
            }
        }
    }
}

#[test]
fn a_document_is_grey() {
    let pdf = call(&checked(vigil()), "en", Paper::A4, Parts::ALL).unwrap();
    let read = read(&pdf);
    for operator in &read.operators {
        let known = [
            "g", "G", "w", "re", "f", "S", "BT", "ET", "Tf", "Td", "Tj", "",
        ];
        assert!(known.contains(&operator.as_str()), "{operator}");
    }
    assert!(read.operators.iter().any(|operator| operator == "g"));
    let text = String::from_utf8_lossy(&pdf);
    for name in [
        "/DeviceRGB",
        "/DeviceCMYK",
        "/ICCBased",
        "/ColorSpace",
        "/Pattern",
        "/XObject",
    ] {
        assert!(!text.contains(name), "{name}");
    }
}

#[test]
fn a_document_is_the_same_every_time_and_on_every_machine() {
    let draft = vigil();
    let once = call(&checked(draft.clone()), "ru", Paper::A6, Parts::ALL).unwrap();
    assert_eq!(
        once,
        call(&checked(draft), "ru", Paper::A6, Parts::ALL).unwrap()
    );
    // Whoever changes what a page looks like writes the new number here.
    assert_eq!(
        blake3::hash(&once).to_hex().as_str(),
        "546431c003f252f4d08ec53765cfe552df48d8ca5af24750978c69613791124a"
    );
}

#[test]
fn the_card_and_the_lists_do_not_depend_on_the_day_and_the_card_does_not_say_what_for() {
    let draft = vigil();
    let mut later = draft.clone();
    later.issued_on = draft.issued_on.plus(40);
    later.expires = draft.expires.plus(40);
    let title = bare(draft.texts[0].title.expose());
    let (draft, later) = (checked(draft), checked(later));
    for parts in [LISTS, CARD] {
        let first = call(&draft, "en", Paper::A6, parts).unwrap();
        assert_eq!(first, call(&later, "en", Paper::A6, parts).unwrap());
    }
    let card = read(&call(&draft, "en", Paper::A6, CARD).unwrap());
    assert!(!card.text.contains(&title));
    assert!(card.text.contains("2024-06-01"), "it says how old it is");
    let sheet = read(&call(&draft, "en", Paper::A6, SHEET).unwrap());
    assert!(sheet.text.contains(&title));
}

#[test]
fn who_reviewed_a_call_is_not_on_paper() {
    let draft = changed(&vigil(), "/risk/reviewed_by", "Olena Lawyer".into());
    let draft = changed(&draft, "/risk/reviewed_on", "2026-11-01".into());
    let read = read(&call(&checked(draft), "en", Paper::A4, Parts::ALL).unwrap());
    assert!(!read.text.contains("Olena") && !read.text.contains("2026-11-01"));
}

#[test]
fn only_the_letters_that_are_used_go_along() {
    let checked = checked(vigil());
    for (parts, most) in [(SHEET, 90_000), (LISTS, 60_000), (CARD, 70_000)] {
        let pdf = call(&checked, "ru", Paper::A4, parts).unwrap();
        assert!(pdf.len() < most, "{}", pdf.len());
        let fonts: usize = streams(&pdf)
            .iter()
            .filter(|(head, _)| head.contains("/Length1"))
            .map(|(_, body)| body.len())
            .sum();
        assert!((5_000..40_000).contains(&fonts), "{fonts}");
    }
}

#[test]
fn letters_that_cannot_be_set_are_refused() {
    for title in ["وقفة صامتة", "静かに立つ", "a vigil 🌷", "x\u{e01}"] {
        let draft = changed(&vigil(), "/texts/0/title", title.into());
        for paper in PAPERS {
            let printed = call(&checked(draft.clone()), "en", paper, Parts::ALL);
            assert_eq!(printed, Err(PrintError::Unprintable), "{title}");
            // Another language of the same call can be printed.
            assert!(call(&checked(draft.clone()), "ru", paper, Parts::ALL).is_ok());
        }
    }
    for title in [
        "Мовчазне стояння: ґанок, її, є, 5 ₴",
        "й е\u{301} Ünï ßø ẞ",
        "Ціль № 5 — «так» ½",
    ] {
        let draft = changed(&vigil(), "/texts/0/title", title.into());
        assert!(
            call(&checked(draft), "en", Paper::A6, SHEET).is_ok(),
            "{title}"
        );
    }
}

#[test]
fn nothing_to_print_is_an_error() {
    let none = Parts {
        sheet: false,
        ..SHEET
    };
    let whole = checked(vigil());
    assert_eq!(
        call(&whole, "en", Paper::A4, none),
        Err(PrintError::Nothing)
    );
    let mut draft = vigil();
    for texts in &mut draft.texts {
        texts.checklists = action::Checklists::default();
    }
    assert_eq!(
        call(&checked(draft), "en", Paper::A4, LISTS),
        Err(PrintError::Nothing)
    );
}

#[test]
fn the_longest_call_in_wide_letters_has_room() {
    let mut draft = vigil();
    draft.texts.truncate(1);
    let line = |length: usize| action::Words::new("W".repeat(length));
    let texts = &mut draft.texts[0];
    for list in [
        &mut texts.bring,
        &mut texts.leave_at_home,
        &mut texts.steps,
        &mut texts.abort_signals,
        &mut texts.checklists.before,
        &mut texts.checklists.during,
        &mut texts.checklists.after,
        &mut texts.checklists.if_held,
    ] {
        *list = vec![line(280); 16];
    }
    let draft = checked(draft);
    for paper in PAPERS {
        let read = read(&call(&draft, "en", paper, Parts::ALL).unwrap());
        assert!(read.pages <= PAGES_MAX, "{}", read.pages);
    }
}

fn words(most: usize) -> impl Strategy<Value = String> {
    let pattern = format!(
        "[a-zA-Zа-яА-ЯёЁіїєґ€«»“”( ).,;—–/\\-0-9é\u{301}]{{1,{most}}}|W{{1,{most}}}|\\PC{{1,{most}}}"
    );
    proptest::string::string_regex(&pattern).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_call_is_printed_or_refused(
        title in words(80), why in words(280), lines in prop::collection::vec(words(280), 0..16),
        name in words(48), note in words(900), which in 0..6_usize, a4: bool,
        sheet: bool, checklists: bool, card: bool,
    ) {
        let mut draft = all().remove(which);
        draft.texts.truncate(1);
        let texts = &mut draft.texts[0];
        let new = |text: &String| action::Words::new(text.clone());
        texts.title = new(&title);
        texts.why = new(&why);
        texts.steps = lines.iter().map(new).collect();
        texts.bring = texts.steps.clone();
        texts.checklists.before = texts.steps.clone();
        texts.roles[0].name = new(&name);
        texts.legal_notes.iter_mut().for_each(|each| each.text = new(&note));
        if let Ok(checked) = draft.check(None) {
            let paper = if a4 { Paper::A4 } else { Paper::A6 };
            if let Ok(pdf) = call(&checked, "en", paper, Parts { sheet, checklists, card }) {
                prop_assert!(pdf.starts_with(b"%PDF-"));
                prop_assert!(read(&pdf).pages <= PAGES_MAX);
            }
        }
    }
}
