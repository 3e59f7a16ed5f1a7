//! Hears that the machine goes to sleep or that its screen is locked, in time to lock first.

use gtk::gio;
use gtk::glib::prelude::*;

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const PATIENCE_MS: i32 = 5_000;

/// Calls `lock` before the machine sleeps and when its session is locked. Where there is no logind, nothing is heard.
/// Keeps listening until the process ends. On the main thread only.
pub(crate) fn listen(lock: impl Fn() + Clone + 'static) {
    let Ok(bus) = gio::bus_get_sync(gio::BusType::System, gio::Cancellable::NONE) else {
        tracing::debug!("there is no system bus, so sleep is not heard");
        return;
    };
    let before_sleep = lock.clone();
    subscribe(&bus, MANAGER, "PrepareForSleep", move |arguments| {
        if going_to_sleep(arguments) {
            before_sleep();
        }
    });
    subscribe(&bus, "org.freedesktop.login1.Session", "Lock", move |_| {
        lock()
    });
    hold_off_sleep(&bus);
}

fn going_to_sleep(arguments: &gtk::glib::Variant) -> bool {
    arguments.n_children() == 1 && arguments.child_value(0).get::<bool>() == Some(true)
}

fn subscribe(
    bus: &gio::DBusConnection,
    interface: &str,
    signal: &str,
    hear: impl Fn(&gtk::glib::Variant) + 'static,
) {
    // Lives as long as the process, which ends with every lock.
    let _subscription = bus.signal_subscribe(
        Some(LOGIND),
        Some(interface),
        Some(signal),
        None,
        None,
        gio::DBusSignalFlags::NONE,
        move |_, _, _, _, _, arguments| hear(arguments),
    );
}

/// Asks for a moment before each sleep. The file descriptor that logind gives is held until the process is replaced.
fn hold_off_sleep(bus: &gio::DBusConnection) {
    let arguments = ("sleep", crate::words::say("window-title"), "", "delay").to_variant();
    let held = bus.call_with_unix_fd_list_sync(
        Some(LOGIND),
        "/org/freedesktop/login1",
        MANAGER,
        "Inhibit",
        Some(&arguments),
        None,
        gio::DBusCallFlags::NONE,
        PATIENCE_MS,
        gio::UnixFDList::NONE,
        gio::Cancellable::NONE,
    );
    match held {
        Ok((_, held)) => std::mem::forget(held),
        Err(_) => tracing::debug!("sleep cannot be held off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waking_up_is_not_going_to_sleep() {
        assert!(going_to_sleep(&(true,).to_variant()));
        assert!(!going_to_sleep(&(false,).to_variant()));
        assert!(!going_to_sleep(&().to_variant()));
    }
}
