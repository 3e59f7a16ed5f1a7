//! What gives a place or a person away: coordinates, links, addresses, telephone numbers.
//!
//! A help, not a guarantee. A person can always describe a place in words that no program knows.

/// What was found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// A point on the map.
    Coordinates,
    /// An address on the internet.
    Link,
    /// Something like a street with a number.
    Address,
    /// Something like a telephone number.
    Phone,
}

/// Beginnings of what opens a browser or a map, and ends of names of hosts.
const LINKS: [&str; 8] = [
    "://",
    "www.",
    "t.me/",
    "geo:",
    "mailto:",
    ".onion",
    "vigil:",
    "what3words",
];

/// Ends of host names that people write without anything before them.
const HOSTS: [&str; 10] = [
    ".com", ".org", ".net", ".ru", ".by", ".ua", ".info", ".io", ".рф", ".me",
];

/// Words that stand before or after the name of a street, folded to small letters.
const STREETS: [&str; 30] = [
    "street",
    "str",
    "avenue",
    "ave",
    "road",
    "lane",
    "boulevard",
    "blvd",
    "улица",
    "улице",
    "улицы",
    "ул",
    "проспект",
    "проспекте",
    "пр-т",
    "просп",
    "пр-кт",
    "переулок",
    "переулке",
    "пер",
    "бульвар",
    "бульваре",
    "шоссе",
    "набережная",
    "набережной",
    "площадь",
    "вулиця",
    "вул",
    "straße",
    "strasse",
];

/// Telephone numbers have at least so many digits.
const PHONE_DIGITS: usize = 9;

/// Everything that is found in a text, each kind once.
pub(crate) fn found(text: &str) -> Vec<Found> {
    let small = text.to_lowercase();
    let mut all = Vec::new();
    if has_coordinates(&small) {
        all.push(Found::Coordinates);
    }
    if has_link(&small) {
        all.push(Found::Link);
    }
    if has_address(&small) {
        all.push(Found::Address);
    }
    if !all.contains(&Found::Coordinates) && has_phone(&small) {
        all.push(Found::Phone);
    }
    all
}

/// Two numbers with three or more decimals (four behind a comma) near each other, degrees with minutes, or a plus code.
fn has_coordinates(text: &str) -> bool {
    let precise = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit() && c != '-' && c != '+');
        let word = word.trim_start_matches(['-', '+']);
        // A comma with three digits behind it stands for thousands.
        let split = (word.split_once('.').map(|split| (split, 3)))
            .or_else(|| word.split_once(',').map(|split| (split, 4)));
        split.is_some_and(|((whole, part), least)| {
            (1..=3).contains(&whole.len())
                && part.len() >= least
                && (whole.bytes().chain(part.bytes())).all(|byte| byte.is_ascii_digit())
        })
    };
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | '/' | '(' | ')'))
        .flat_map(|word| split_pair(word))
        .filter(|word| !word.is_empty())
        .collect();
    let pair = words
        .windows(3)
        .any(|near| near.iter().filter(|word| precise(word)).count() >= 2);
    let two = words.len() == 2 && words.iter().all(|word| precise(word));
    pair || two || has_degrees(text) || words.iter().any(|word| is_plus_code(word))
}

/// `55.751,37.618` are two numbers with a comma between them; `55,751` is one.
fn split_pair(word: &str) -> Vec<&str> {
    if word.contains('.') {
        word.split(',').collect()
    } else {
        vec![word]
    }
}

/// `55°45′` and `55 ° 45'`: a degree sign with digits on both sides. `-5°` and `20 °C` are the weather.
fn has_degrees(text: &str) -> bool {
    text.match_indices('°').any(|(at, sign)| {
        let before = text[..at].trim_end().chars().next_back();
        let after = text[at + sign.len()..].trim_start().chars().next();
        before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit())
    })
}

/// `9g7vqj2f+x2` and `qj2f+x2`, as maps show them.
fn is_plus_code(word: &str) -> bool {
    let Some((area, point)) = word.split_once('+') else {
        return false;
    };
    let digits = |part: &str| part.chars().all(|c| "23456789cfghjmpqrvwx".contains(c));
    matches!(area.len(), 4 | 6 | 8)
        && (2..=3).contains(&point.len())
        && digits(area)
        && digits(point)
}

fn has_link(text: &str) -> bool {
    if LINKS.iter().any(|mark| text.contains(mark)) {
        return true;
    }
    text.split_whitespace().any(|word| {
        HOSTS.iter().any(|end| {
            word.match_indices(end).any(|(at, _)| {
                let before = word[..at].chars().next_back();
                let after = word[at + end.len()..].chars().next();
                before.is_some_and(char::is_alphanumeric)
                    && after.is_none_or(|c| !c.is_alphanumeric())
            })
        })
    })
}

/// A word for a street, and a number of at most four digits among the four words around it.
fn has_address(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || ",.;:()«»\"".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let number = |word: &&str| {
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        (1..=4).contains(&digits) && word.chars().count() <= digits + 2
    };
    words.iter().enumerate().any(|(at, word)| {
        let near = &words[at.saturating_sub(3)..(at + 4).min(words.len())];
        STREETS.contains(word) && near.iter().any(number)
    })
}

/// Many digits with nothing but what people put between them.
fn has_phone(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            ' ' | '-' | '(' | ')' | '.' | '+' | '\u{a0}' => {}
            _ => digits = 0,
        }
        if digits >= PHONE_DIGITS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gives_a_place_away_is_found() {
        for text in [
            "55.7512, 37.6184",
            "55.7512,37.6184",
            "at -33.8675 151.2070 or so",
            "55°45′21″N",
            "55 ° 45'",
            "9G7VQJ2F+X2",
            "широта 55,7512 долгота 37,6184",
            "(55.751;37.618)",
        ] {
            assert!(found(text).contains(&Found::Coordinates), "{text}");
        }
        for text in [
            "https://example.org",
            "t.me/somebody",
            "see example.com.",
            "geo:1,2",
            "сайт пример.рф",
            "www.x",
        ] {
            assert!(found(text).contains(&Found::Link), "{text}");
        }
        for text in [
            "12 Market Street",
            "ул. Ленина, д. 5",
            "Невский проспект 20",
            "улица Мира, 7а",
        ] {
            assert!(found(text).contains(&Found::Address), "{text}");
        }
        for text in ["+7 (800) 123-45-67", "call 030 1234 5678"] {
            assert_eq!(found(text), [Found::Phone], "{text}");
        }
    }

    #[test]
    fn what_people_write_in_a_call_is_not_taken_for_a_place() {
        for text in [
            "a busy square with a war monument, daylight",
            "людная площадь с памятником, днём",
            "below -5° bring gloves, above 20 °C bring water",
            "2 to 3 people, 10–20 minutes, from 2026-11-24 until 2026-12-08",
            "Art. 20.3.3 KoAP, fines from 30,000 to 50,000 roubles; Art. 280.3, 207.3",
            "ст. 20.3.3 КоАП, штраф от 30 000 до 50 000 рублей",
            "on the street, not in the road",
            "5,000 crosses in 41 towns, A4 or A6, 1.5 m apart",
            "write the number on your arm, then walk 200 metres",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
