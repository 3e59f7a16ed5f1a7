//! Lines to stdout, bounded.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

/// Lines that may wait for a reader.
const LINES_WAITING: usize = 256;

/// How long the last lines may wait for a reader.
const LAST_LINES: Duration = Duration::from_secs(2);

/// Writes on a thread of its own: a write to a pipe that nobody reads cannot be given up.
pub(super) struct Writer {
    lines: mpsc::Sender<String>,
    done: oneshot::Receiver<()>,
}

impl Writer {
    pub(super) fn start() -> io::Result<Self> {
        let (lines, waiting) = mpsc::channel(LINES_WAITING);
        let (finished, done) = oneshot::channel();
        std::thread::Builder::new()
            .name("stdout".to_owned())
            .spawn(move || {
                let _reader_is_gone = write(waiting, &mut io::stdout().lock());
                let _nobody_waits = finished.send(());
            })?;
        Ok(Self { lines, done })
    }

    /// Says one line, when there is room for it. False if nobody will ever read it.
    pub(super) async fn say(&self, value: Option<&Value>) -> bool {
        match value {
            Some(value) => self.lines.send(value.to_string()).await.is_ok(),
            None => !self.lines.is_closed(),
        }
    }

    /// Waits a moment for what was said to be read.
    pub(super) async fn finish(self) {
        drop(self.lines);
        let _in_time = tokio::time::timeout(LAST_LINES, self.done).await;
    }
}

/// Lines that are there together are flushed together.
fn write(mut lines: mpsc::Receiver<String>, out: &mut impl Write) -> io::Result<()> {
    let mut gathered = Vec::new();
    while let Some(line) = lines.blocking_recv() {
        gathered.clear();
        gathered.extend_from_slice(line.as_bytes());
        gathered.push(b'\n');
        while let Ok(line) = lines.try_recv() {
            gathered.extend_from_slice(line.as_bytes());
            gathered.push(b'\n');
        }
        out.write_all(&gathered)?;
        out.flush()?;
    }
    Ok(())
}
