//! Lines from stdin, bounded.

use std::io::{self, BufRead, Read};

use tokio::sync::mpsc;

/// The longest line in bytes: the longest text, escaped in the longest way, fits many times.
const LINE_LIMIT: usize = 1 << 20;

/// Lines that may wait.
const LINES_WAITING: usize = 64;

/// One line of input.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Line {
    Whole(String),
    /// It is too long, or not UTF-8. Its bytes were thrown away.
    Unreadable,
}

pub(super) type Lines = mpsc::Receiver<Line>;

/// Reads on a thread of its own: a read from stdin cannot be given up.
pub(super) fn start() -> io::Result<Lines> {
    let (sender, lines) = mpsc::channel(LINES_WAITING);
    std::thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            let mut input = io::stdin().lock();
            while let Ok(Some(line)) = next(&mut input) {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        })?;
    Ok(lines)
}

/// The next line that is not blank; none at the end of the input.
pub(super) fn next(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    loop {
        let mut bytes = Vec::new();
        let limit = u64::try_from(LINE_LIMIT).unwrap_or(u64::MAX);
        if input.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        if bytes.last() != Some(&b'\n') && bytes.len() == LINE_LIMIT {
            skip_line(input)?;
            return Ok(Some(Line::Unreadable));
        }
        match String::from_utf8(bytes) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => return Ok(Some(Line::Whole(line))),
            Err(_) => return Ok(Some(Line::Unreadable)),
        }
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        let end = held.iter().position(|byte| *byte == b'\n');
        let (used, done) = match end {
            Some(at) => (at + 1, true),
            None => (held.len(), held.is_empty()),
        };
        input.consume(used);
        if done {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_end_is_thrown_away_and_the_next_is_read() {
        let mut input = "x".repeat(3 * LINE_LIMIT);
        input.push_str("\n\n \nnext\n\u{fffd}last");
        let mut input = input.as_bytes();
        let mut read = || next(&mut input).expect("memory can be read");
        assert_eq!(read(), Some(Line::Unreadable));
        assert_eq!(read(), Some(Line::Whole("next\n".to_owned())));
        assert_eq!(read(), Some(Line::Whole("\u{fffd}last".to_owned())));
        assert_eq!(read(), None);
        assert_eq!(
            next(&mut b"\xff\n".as_slice()).expect("memory can be read"),
            Some(Line::Unreadable)
        );
    }
}
