//! Everything that a page can ask for. Each command parses, makes one call and maps its answer.
//!
//! `build.rs` reads the list below, so that a command without a permission for its window cannot be called.

pub(crate) mod app;
pub(crate) mod attachments;
pub(crate) mod calls;
pub(crate) mod cells;
pub(crate) mod channels;
pub(crate) mod invites;
pub(crate) mod messages;
pub(crate) mod net;
pub(crate) mod profile;
pub(crate) mod settings;

/// Every command, once.
macro_rules! all {
    () => {
        tauri_specta::collect_commands![
            // commands begin
            crate::commands::app::app_role,
            crate::commands::app::app_about,
            crate::commands::app::app_quit,
            crate::commands::app::app_restart,
            crate::commands::app::clipboard_copy,
            crate::commands::profile::profile_status,
            crate::commands::profile::profile_generate_passphrase,
            crate::commands::profile::passphrase_strength,
            crate::commands::profile::profile_create,
            crate::commands::profile::profile_unlock,
            crate::commands::profile::profile_lock,
            crate::commands::profile::profile_erase,
            crate::commands::settings::settings_get,
            crate::commands::settings::settings_set,
            crate::commands::cells::cell_list,
            crate::commands::cells::cell_create,
            crate::commands::cells::cell_rename,
            crate::commands::cells::cell_mark_read,
            crate::commands::cells::cell_warnings,
            crate::commands::cells::cell_dismiss_warning,
            crate::commands::cells::cell_set_lan,
            crate::commands::cells::cell_set_lifetime,
            crate::commands::cells::cell_members,
            crate::commands::cells::cell_vouch,
            crate::commands::cells::cell_remove,
            crate::commands::cells::cell_confirm_restored,
            crate::commands::cells::cell_leave,
            crate::commands::cells::cell_heal,
            crate::commands::cells::cell_safety_number,
            crate::commands::cells::cell_verify,
            crate::commands::invites::cell_invite,
            crate::commands::invites::cell_invites,
            crate::commands::invites::cell_invite_withdraw,
            crate::commands::invites::cell_join,
            crate::commands::invites::cell_cancel_join,
            crate::commands::invites::cell_confirm_join,
            crate::commands::invites::invite_save,
            crate::commands::invites::invite_open,
            crate::commands::invites::invite_from_picture,
            crate::commands::messages::message_send,
            crate::commands::messages::message_list,
            crate::commands::messages::message_get,
            crate::commands::messages::message_readers,
            crate::commands::messages::message_search,
            crate::commands::messages::message_react,
            crate::commands::messages::message_edit,
            crate::commands::messages::message_delete,
            crate::commands::messages::draft_get,
            crate::commands::messages::draft_set,
            crate::commands::attachments::attachment_pick,
            crate::commands::attachments::attachment_offer,
            crate::commands::attachments::attachment_drop,
            crate::commands::attachments::attachment_send,
            crate::commands::attachments::attachment_fetch,
            crate::commands::attachments::attachment_cancel,
            crate::commands::attachments::attachment_save,
            crate::commands::attachments::attachment_image,
            crate::commands::calls::call_presets,
            crate::commands::calls::call_preview,
            crate::commands::calls::call_share,
            crate::commands::calls::call_list,
            crate::commands::calls::call_answer,
            crate::commands::calls::call_take_role,
            crate::commands::calls::call_leave_role,
            crate::commands::calls::call_set_plan,
            crate::commands::calls::call_tick,
            crate::commands::calls::call_set_buddy,
            crate::commands::calls::call_check_in,
            crate::commands::calls::call_presume_arrest,
            crate::commands::calls::call_take_back_presumption,
            crate::commands::calls::call_update,
            crate::commands::calls::call_cancel,
            crate::commands::calls::call_legal_card,
            crate::commands::calls::call_print,
            crate::commands::calls::call_export_ics,
            crate::commands::channels::channel_list,
            crate::commands::channels::channel_create,
            crate::commands::channels::channel_subscribe,
            crate::commands::channels::channel_link_open,
            crate::commands::channels::channel_link_from_picture,
            crate::commands::channels::channel_unsubscribe,
            crate::commands::channels::channel_link,
            crate::commands::channels::channel_export,
            crate::commands::channels::channel_post,
            crate::commands::channels::channel_post_call,
            crate::commands::channels::channel_posts,
            crate::commands::channels::channel_update_call,
            crate::commands::channels::channel_cancel_call,
            crate::commands::channels::channel_forward,
            crate::commands::channels::channel_show_call_off,
            crate::commands::channels::channel_offer,
            crate::commands::channels::channel_publishers,
            crate::commands::channels::channel_set_publishers,
            crate::commands::channels::channel_pending,
            crate::commands::channels::channel_countersign,
            crate::commands::channels::channel_withdraw,
            crate::commands::channels::channel_rekey,
            crate::commands::net::net_status,
            crate::commands::net::net_set_online,
            crate::commands::net::net_set_listen,
            crate::commands::net::bundle_export,
            crate::commands::net::bundle_import,
            // commands end
        ]
    };
}
pub(crate) use all;

use crate::error::CommandError;

/// What every command answers.
pub(crate) type Answer<T = ()> = Result<T, CommandError>;

/// The state that every command works on.
pub(crate) type Desk<'a> = tauri::State<'a, crate::Desk>;
