//! Notifications that say nothing: that there is something new, never from whom, where or what.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use gtk::gio;
use gtk::glib::prelude::*;
use gtk::glib::{self, Variant};

use crate::words;

/// One notification in this time, however much arrives: after days offline a hundred would tell a bystander more.
const APART: Duration = Duration::from_secs(60);

/// How long the service may take to answer, in milliseconds.
const PATIENCE_MS: i32 = 5_000;

/// When the last one was shown.
#[derive(Default)]
pub(crate) struct Notifier(Mutex<Option<Instant>>);

impl Notifier {
    /// Tells that something arrived, unless that was told a moment ago. On the main thread only.
    pub(crate) fn something_new(&self, now: Instant) {
        let mut last = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if last.is_some_and(|last| now.duration_since(last) < APART) {
            return;
        }
        *last = Some(now);
        show(&words::title(), &words::say("notification"));
    }
}

/// The arguments of `org.freedesktop.Notifications.Notify`. There is no way to put anything else in.
fn arguments(program: &str, summary: &str) -> Variant {
    let hints = glib::VariantDict::new(None);
    // Not to be kept in a list of past notifications.
    hints.insert("transient", true);
    Variant::tuple_from_iter([
        program.to_variant(),
        0_u32.to_variant(),
        "".to_variant(),
        summary.to_variant(),
        "".to_variant(),
        Vec::<String>::new().to_variant(),
        hints.end(),
        (-1_i32).to_variant(),
    ])
}

fn show(program: &str, summary: &str) {
    let arguments = arguments(program, summary);
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE);
    let Ok(bus) = bus else {
        tracing::debug!("there is no session bus, so nothing can be shown");
        return;
    };
    bus.call(
        Some("org.freedesktop.Notifications"),
        "/org/freedesktop/Notifications",
        "org.freedesktop.Notifications",
        "Notify",
        Some(&arguments),
        None,
        gio::DBusCallFlags::NONE,
        PATIENCE_MS,
        gio::Cancellable::NONE,
        |answer| {
            if answer.is_err() {
                tracing::debug!("the notification was not shown");
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_has_the_programs_name_and_one_constant_sentence() {
        let sent = arguments("Notebook", "Something new");
        assert_eq!(sent.type_().as_str(), "(susssasa{sv}i)");
        assert_eq!(sent.child_value(0).str(), Some("Notebook"));
        assert_eq!(sent.child_value(3).str(), Some("Something new"));
        assert_eq!(sent.child_value(4).str(), Some(""));
        assert_eq!(sent.child_value(6).n_children(), 1);
    }
}
