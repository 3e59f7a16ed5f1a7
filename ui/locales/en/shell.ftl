# What the shell itself shows: the title, notifications and the system's file dialogs.
window-title = Notebook
notification = Something new
file-cancel = Cancel
file-open = Open
file-save = Save
bundle-save-title = Save bundle
bundle-open-title = Open bundle
invite-file-title = Open invite
invite-save-title = Save invite
channel-file-title = Open link
attachment-open-title = Attach file
attachment-save-title = Save attachment
call-card-save-title = Save legal card
call-print-save-title = Save call to print
call-entry-save-title = Save calendar entry
