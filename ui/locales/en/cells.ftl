# The list of cells, moving between them, the keyboard.

cells-title = Cells
cells-new = Found a cell
cells-join = Join with an invite
cells-add = New
cells-more = Settings and more
cells-online = Online
cells-go-offline = Go offline
cells-unread = { $count ->
    [one] { $count } unread message
   *[other] { $count } unread messages
}
cells-reachable = { $have } of { $of } reachable
cells-alone = Only you so far
cells-removed = You were removed
cells-left = You left
cells-suspended = Suspended
cells-damaged = Damaged
cells-nothing = Nothing said yet
cells-deleted = Message deleted
cells-said = { $name }:
cells-said-mine = You:
cells-pick-title = Choose a cell
cells-pick-text = What is said in it appears here. What you have not read waits where you stopped.
cells-pick-keys = Press Ctrl+K to go to one by its name, and Ctrl+/ for all shortcuts.

connection-offline = You are offline. What you write waits on this device.
connection-go-online = Go online

switch-title = Go to a cell
switch-label = Name of the cell
switch-none = No cell is called that.
switch-found = { $count ->
    [one] { $count } cell
   *[other] { $count } cells
}

keys-title = Keyboard
keys-everywhere = Everywhere
keys-conversation = In a conversation
keys-position = First to ninth cell
keys-create = Found a cell
keys-switch = Go to a cell by its name
keys-previous = Cell above
keys-next = Cell below
keys-previous-unread = Unread cell above
keys-next-unread = Unread cell below
keys-find = Search in this cell
keys-find-everywhere = Search everywhere
keys-newest = Newest message
keys-region = Next part of the window
keys-composer = Write a message
keys-details = Details of the message
keys-settings = Settings
keys-shortcuts = This list
keys-lock = Lock
keys-quit = Quit at once, pressed twice
keys-erase = Erase everything
keys-messages = Message above, message below
keys-open = Details of the message, or send
keys-menu = What can be done with it
keys-reply = Reply
keys-react = React
keys-newline = New line

# What is written on keys.
key-ctrl = Ctrl
key-shift = Shift
key-alt = Alt
key-delete = Del
key-enter = Enter
