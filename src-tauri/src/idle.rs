//! Locks when nobody has touched the window for as long as the person chose.
//!
//! It listens to the system's events, not to the page: WebKit slows the timers of a page that nobody sees, which is
//! just when they matter.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use client::LockAfter;
use gtk::gdk::EventType;
use gtk::glib::{self, ControlFlow, Propagation};
use gtk::prelude::*;
use tauri::{AppHandle, Manager as _};

use crate::desk::Desk;

/// Between two looks at the clock.
const LOOK: Duration = Duration::from_secs(2);

/// Watches over one window until the process is replaced. On the main thread only.
pub(crate) fn watch(page: &impl IsA<gtk::Widget>, app: &AppHandle) {
    let touched = Rc::new(Cell::new(Instant::now()));
    let touching = Rc::clone(&touched);
    page.as_ref().connect_event(move |_, event| {
        if is_touch(event.event_type()) {
            touching.set(Instant::now());
        }
        Propagation::Proceed
    });
    let app = app.clone();
    glib::timeout_add_local(LOOK, move || {
        let idle = touched.get().elapsed();
        // Nobody can choose less, so until then there is nothing to look up.
        if is_due(idle, LockAfter::LEAST) {
            tauri::async_runtime::spawn(lock_if_due(app.clone(), idle));
        }
        ControlFlow::Continue
    });
}

async fn lock_if_due(app: AppHandle, idle: Duration) {
    let desk = app.state::<Desk>();
    let Ok(settings) = desk.client.settings().await else {
        // It is locked, or about to be.
        return;
    };
    if is_due(idle, settings.lock_after.seconds())
        && let Err(error) = desk.lock().await
    {
        tracing::warn!(?error, "locking an idle window");
    }
}

/// 0 seconds are for ever.
const fn is_due(idle: Duration, after_s: u32) -> bool {
    after_s > 0 && idle.as_secs() >= after_s as u64
}

/// Whether somebody moved, pressed, turned or touched something.
fn is_touch(event: EventType) -> bool {
    matches!(
        event,
        EventType::MotionNotify
            | EventType::ButtonPress
            | EventType::KeyPress
            | EventType::Scroll
            | EventType::TouchBegin
            | EventType::TouchUpdate
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_locks_when_the_time_is_over_and_never_if_that_was_chosen() {
        assert!(!is_due(Duration::from_secs(119), 120));
        assert!(is_due(Duration::from_secs(120), 120));
        assert!(!is_due(Duration::from_secs(1_000_000), 0));
    }

    #[test]
    fn what_the_window_does_by_itself_is_no_touch() {
        assert!(is_touch(EventType::KeyPress));
        assert!(!is_touch(EventType::Expose));
        assert!(!is_touch(EventType::FocusChange));
    }
}
