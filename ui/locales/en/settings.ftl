settings-title = Settings
settings-search = Search settings
settings-none = Nothing here is called that.
settings-failed = That could not be saved.
settings-found = { $count ->
    [one] { $count } setting found
   *[other] { $count } settings found
  }

settings-look = Appearance
settings-language = Language
settings-language-system = Same as this computer
settings-theme = Colours
settings-theme-system = Same as this computer
settings-theme-light = Light
settings-theme-dark = Dark
settings-theme-contrast = High contrast
settings-text-size = Size of text
settings-text-size-value = { $percent } %
settings-reduce-motion = Less movement
settings-reduce-motion-hint = Nothing slides or fades.

settings-safety = Safety
settings-blur = Hide last messages in the list
settings-blur-hint = They show when you point at them or reach them with the keyboard.
settings-lock-after = Lock when nothing happens for
settings-lock-never = Never
settings-lock-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
  }
settings-lock-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
  }
settings-lock-never-hint = Then anybody who finds this computer open finds everything.
settings-lock-suspend = Lock when the computer sleeps
settings-notifications = Notifications
settings-notifications-none = None
settings-notifications-content-free = Only that something is new
settings-notifications-hint = Never who wrote, never what.
settings-erase = Erase everything
settings-erase-hint = Destroys the keys and files on this computer. Ctrl+Shift+Delete opens it from anywhere.
settings-exit-hint = To leave fast: Ctrl+Q twice, or Esc three times. That closes everything and erases nothing.

settings-network = Network
settings-online = Online
settings-online-hint = Switched off, every connection and every open port is closed. What you write waits here.
settings-online-count = { $count ->
    [0] Connected to nobody right now
    [one] Connected to { $count } member
   *[other] Connected to { $count } members
  }
settings-online-readers = { $count ->
    [one] and to { $count } reader of channels
   *[other] and to { $count } readers of channels
  }
settings-offline = Offline: nothing goes in or out
settings-ports = Open ports
settings-ports-hint = Where members and readers of channels can reach this computer. Strangers get no answer there that says what it is.
settings-ports-none = None
settings-ports-where = Those of a cell are changed in its settings.

settings-about = About
settings-version = Version { $version }
settings-sandbox-on = The part that draws this window is shut in: it has no network and no files of its own.
settings-sandbox-off = The part that draws this window could not be shut in on this computer. A flaw in it could reach your files and the network.
settings-jit-on = Fast scripts are on in this window. That gives a flaw in it more room.
settings-swap-on = This computer swaps memory to the disk without encryption. What you see here may be written there. Switch swap off, or encrypt it.
settings-swap-off = No unencrypted swap was found.
settings-folder = Everything is stored in
settings-audit = Nobody outside the project has checked it yet.
settings-limits = What it protects, and what not
settings-limits-lead = Each claim is held by a test of the project. What is not listed is not claimed.
settings-limits-english = What is in English here is not translated yet, and stands as the project keeps it.
settings-limits-yes = Protected
settings-limits-no = Not protected
settings-limits-claims = Every claim
settings-limits-more = Also
settings-limits-open = Read it

claims-read = Reading
claims-member = Membership
claims-join = Joining
claims-wire = Network
claims-bundle = Files carried by hand
claims-disk = This computer
claims-crypto = Cryptography
claims-mark = Reactions, changes and deletions
claims-sync = What everybody has
claims-window = The window
claims-other = More

cell-settings-title = Settings of the cell
cell-settings-name = What you call it
cell-settings-name-hint = Only on this computer.
cell-settings-rename = Save
cell-settings-renamed = Saved
cell-settings-suite = Protection
cell-settings-suite-xwing = Messages are also protected against quantum computers of the future. Up to 25 members.
cell-settings-suite-x25519 = Messages have today’s usual protection, not that against quantum computers of the future. Up to 50 members.
cell-settings-lifetime = How long messages stay
cell-settings-lifetime-hint = A message goes from every device when its time is over, from those that are switched off once they run again. A new time is for everybody and holds for what is written from then on. Nobody can keep somebody else from copying what they read.
cell-settings-lifetime-for = Messages go after
cell-settings-lifetime-done = From now on, for everybody
cell-settings-lan = Find members in the same local network
cell-settings-lan-hint = Your computer then calls into the network every few seconds. Whoever watches that network can see that this program runs here, but not which cell. Off until you switch it on.
cell-settings-listen = Where members reach you
cell-settings-listen-hint = An address and a port of this computer. To be reached from outside, the router has to pass the port on.
cell-settings-listen-now = Open now
cell-settings-listen-none = Nothing is open now.
cell-settings-ip = Address
cell-settings-ip-hint = Empty: as it is
cell-settings-port = Port
cell-settings-port-hint = 0: the system chooses
cell-settings-listen-save = Use these
cell-settings-listen-saved = Changed. If the port was taken, another one is open: see above.
cell-settings-ip-wrong = This is not an IP address.
cell-settings-port-wrong = A port is a number from 0 to 65535.
cell-settings-heal = Renew keys
cell-settings-heal-hint = Happens by itself every day you are online. Once the others have taken up the new keys, keys that were stolen from you before are of no use for what comes after.
cell-settings-heal-done = Keys will be renewed with your next words, or sooner.
cell-settings-bundle = Carry messages by hand
cell-settings-bundle-hint = A bundle is a file with all that other members may lack, sealed for this cell. Without the cell’s keys it looks like noise. Take it to them on a stick.
cell-settings-export = Save a bundle…
cell-settings-exported = { $count ->
    [one] Saved, with { $count } piece.
   *[other] Saved, with { $count } pieces.
  }
cell-settings-import = Open a bundle…
cell-settings-imported = { $count ->
    [0] There was nothing new in it.
    [one] { $count } new piece came in.
   *[other] { $count } new pieces came in.
  }
cell-settings-leave = Leave the cell…
cell-settings-left = You are no longer in this cell. What you had read stays here.
