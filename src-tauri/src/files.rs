//! Files that a person chooses in the system's own dialog. The page never sees a path.

use std::path::PathBuf;

use gtk::prelude::*;
use tokio::sync::oneshot;

/// What a file is asked for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// An existing one.
    Open {
        /// What the dialog says.
        title: String,
    },
    /// A new one.
    Save {
        /// What the dialog says.
        title: String,
        /// The name it begins with: neutral, or what a message calls it.
        name: String,
    },
}

impl Wanted {
    /// A place for a bundle.
    pub(crate) fn bundle() -> Self {
        Self::Save {
            title: crate::words::say("bundle-save-title"),
            name: "bundle.bin".to_owned(),
        }
    }
}

/// Shows the dialog. On the main thread only.
pub(crate) fn ask(wanted: Wanted, answer: oneshot::Sender<Option<PathBuf>>) {
    let (title, action) = match &wanted {
        Wanted::Open { title } => (title, gtk::FileChooserAction::Open),
        Wanted::Save { title, .. } => (title, gtk::FileChooserAction::Save),
    };
    let window = gtk::Window::list_toplevels().into_iter();
    let window = window.filter_map(|window| window.downcast::<gtk::Window>().ok());
    let parent = window.clone().find(|window| window.is_active());
    let dialog = gtk::FileChooserDialog::with_buttons(Some(title), parent.as_ref(), action, &[]);
    dialog.add_button(&crate::words::say("file-cancel"), gtk::ResponseType::Cancel);
    let accept = match wanted {
        Wanted::Open { .. } => "file-open",
        Wanted::Save { name, .. } => {
            dialog.set_current_name(&name);
            dialog.set_do_overwrite_confirmation(true);
            "file-save"
        }
    };
    dialog.add_button(&crate::words::say(accept), gtk::ResponseType::Accept);
    dialog.set_default_response(gtk::ResponseType::Accept);
    dialog.set_local_only(true);
    let answer = std::cell::Cell::new(Some(answer));
    dialog.connect_response(move |dialog, response| {
        let chosen = (response == gtk::ResponseType::Accept).then(|| dialog.filename());
        if let Some(answer) = answer.take() {
            // Nobody waits any more if the page was closed meanwhile.
            let _ = answer.send(chosen.flatten());
        }
        dialog.close();
    });
    dialog.show();
}

/// The dialog must not note in the person's home what was opened or saved with it.
pub(crate) fn forget_recent_files() {
    if let Some(settings) = gtk::Settings::default() {
        settings.set_gtk_recent_files_enabled(false);
    }
}
