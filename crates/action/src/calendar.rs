//! A calendar entry (RFC 5545) of a call, only when a person asks for it. It says itself that it is a second copy.

use model::Timestamp;

use crate::{Call, Day};

const MS_PER_MINUTE: u64 = 60_000;

/// The longest line in bytes before it is folded (RFC 5545 §3.1).
const LINE: usize = 73;

/// One event from `start`, without place, people or alarm. The id is what a calendar knows
/// the entry by: with the same one it is replaced.
pub fn calendar_entry(call: &Call, start: Timestamp, id: [u8; 16], language: &str) -> String {
    let texts = call.texts_in(language);
    let title = texts.map_or("", |texts| texts.title.expose());
    let note = if texts.is_some_and(|texts| texts.language == "ru") {
        "Эта запись — вторая копия: она не исчезнет вместе с призывом. Удалите её сами."
    } else {
        "This entry is a second copy: it does not go when the call does. Delete it yourself."
    };
    let uid: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//calendar//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{uid}"),
        // When the entry was made is nobody's business; the standard asks for a stamp.
        format!("DTSTAMP:{}", stamp(Day::of(start).start())),
        format!("DTSTART:{}", stamp(start)),
        format!("DTEND:{}", stamp(start + call.duration())),
        format!("SUMMARY:{}", escaped(title)),
        format!("DESCRIPTION:{}", escaped(note)),
        "CLASS:PRIVATE".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

fn stamp(at: Timestamp) -> String {
    let (year, month, day) = Day::of(at).civil();
    let minutes = at.since(Day::of(at).start()).as_secs() * 1000 / MS_PER_MINUTE;
    format!(
        "{year:04}{month:02}{day:02}T{:02}{:02}00Z",
        minutes / 60,
        minutes % 60
    )
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Lines end with CR LF; what is too long goes on after a space.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(c);
        length += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    #[test]
    fn an_entry_has_a_time_a_title_and_a_warning_and_nothing_else() {
        let today = Day::parse("2026-09-21").unwrap();
        let call = presets(today, None).remove(0).check(None).unwrap();
        let start = Timestamp::from_millis(1_790_000_000_000);
        let entry = calendar_entry(&call, start, [0xab; 16], "ru");
        assert!(entry.contains("DTSTART:20260921T141300Z\r\nDTEND:20260921T143300Z\r\n"));
        assert!(entry.lines().all(|line| line.len() <= 75));
        let whole = entry.replace("\r\n ", "");
        assert!(
            whole.contains("SUMMARY:Женщины в чёрном: молчаливое стояние\r\n"),
            "{whole}"
        );
        assert!(whole.contains("вторая копия"));
        assert!(!whole.contains("LOCATION") && !whole.contains("ATTENDEE"));
        assert_eq!(escaped("a,b;c\\"), "a\\,b\\;c\\\\");
    }
}
