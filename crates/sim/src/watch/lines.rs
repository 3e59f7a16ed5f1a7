//! Reads every log line that is written while a world runs.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::MARK;

/// Hexadecimal digits in a row that are a whole identifier, the shortest being 16 bytes.
const DIGITS: usize = 32;

/// A subscriber that writes nothing and keeps the lines that say too much.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    names: Arc<Vec<String>>,
    found: Arc<Mutex<Vec<String>>>,
}

impl Lines {
    /// Looks for these names too.
    pub fn new(names: Vec<String>) -> Self {
        Self {
            names: Arc::new(names),
            found: Arc::default(),
        }
    }

    /// Where a line was written that says too much.
    pub fn found(&self) -> Vec<String> {
        self.found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn says_too_much(&self, line: &str) -> bool {
        let mut digits = 0;
        let whole = line.bytes().any(|byte| {
            digits = if byte.is_ascii_hexdigit() {
                digits + 1
            } else {
                0
            };
            digits >= DIGITS
        });
        whole || line.contains(MARK) || self.names.iter().any(|name| line.contains(name.as_str()))
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = ["proto", "group", "channel", "crypto", "model", "store"];
        ours.iter()
            .any(|name| metadata.target().split("::").next() == Some(name))
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        if self.says_too_much(&line.0) {
            let place = event.metadata().target().to_owned();
            self.found
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(place);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _a_string_takes_all = write!(self.0, " {}={value:?}", field.name());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_a_name_a_text_or_an_identifier_say_too_much() {
        let lines = Lines::new(vec!["alice".to_owned()]);
        for wrong in [
            "alice is here",
            "simtext:7: hello",
            &format!("cell {}", "0f".repeat(16)),
        ] {
            assert!(lines.says_too_much(wrong), "{wrong}");
        }
        assert!(!lines.says_too_much("a member of cell 0f0f.. is here"));
    }
}
