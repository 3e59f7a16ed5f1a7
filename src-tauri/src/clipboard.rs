//! Copies text so that a secret neither stays in the clipboard nor enters its history where that can be asked for.

use std::time::Duration;

use gtk::gdk;
use gtk::glib;

/// A secret is taken back after this, if it is still there.
const SECRET_TIME: Duration = Duration::from_secs(30);

/// Asks managers of clipboards, KDE's among them, not to keep the text.
const HINT: &str = "x-kde-passwordManagerHint";

/// On the main thread only.
pub(crate) fn copy(text: String, secret: bool) {
    let clipboard = gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD);
    if !secret {
        clipboard.set_text(&text);
        return;
    }
    let target = |name: &str| gtk::TargetEntry::new(name, gtk::TargetFlags::empty(), 0);
    let targets = [
        target("UTF8_STRING"),
        target("text/plain;charset=utf-8"),
        target(HINT),
    ];
    let kept = text.clone();
    let owned = clipboard.set_with_data(&targets, move |_, wanted, _| {
        if wanted.target().name() == HINT {
            wanted.set(&wanted.target(), 8, b"secret");
        } else {
            wanted.set_text(&kept);
        }
    });
    if !owned {
        clipboard.set_text(&text);
    }
    glib::timeout_add_local_once(SECRET_TIME, move || {
        clipboard.request_text(move |clipboard, found| {
            if found.is_some_and(|found| found == text) {
                clipboard.set_text("");
            }
        });
    });
}
