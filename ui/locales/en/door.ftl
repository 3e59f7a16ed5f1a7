# First run, unlocking, erasing. Nothing here may hint at cells or people before the profile is open,
# except on the very first screen, where there is nothing yet.

door-language = Language
door-language-system = Language of this computer
door-step = Step { $number } of { $total }
door-back = Back
door-next = Go on
door-quit = Quit

door-welcome-title = Before you begin
door-welcome-lead = For small groups of people who know each other and act together. No server, no account, no phone number.
door-protects-title = What this protects
door-protects-readers = What is said in a cell can be read by those who were its members when it was said, and by nobody in between.
door-protects-disk = What is stored on this computer is sealed with your passphrase.
door-protects-removal = Somebody who was removed reads nothing more from those who know of the removal.
door-limits-title = What it cannot protect
door-limits-members = A member can copy, photograph or pass on whatever they read. Messages are signed, so they can prove who wrote them.
door-limits-network = Members see each other’s internet address. Whoever watches the network sees that two addresses talk, and when.
door-limits-open = While it is unlocked, this computer shows everything. So does a passphrase you are made to give.
door-audit = Nobody outside the project has checked it yet. Please do not stake anyone’s freedom on it.

door-words-title = Your passphrase
door-words-lead = These six words are the only key. Write them down on paper, in this order. Nobody can send you new ones.
door-words-list = Six words, in order
door-words-hide = The words are not stored anywhere you could look them up later.
door-words-again = Other words
door-words-written = I have written them down
door-words-own = Choose my own passphrase
door-words-failed = The words could not be made.
door-try-again = Try again

door-check-title = Check your paper
door-check-lead = Type two of the words, so that we know the paper is right.
door-check-word = Word { $number }
door-check-wrong = This is not word { $number }. Look at your paper again.
door-check-show = Show the words again
door-check-done = They are right, go on

door-own-title = Your own passphrase
door-own-lead = Several unrelated words are best. No names, no dates, nothing that was ever printed. Pasting is fine.
door-own-field = Passphrase
door-own-repeat = The same once more
door-own-differ = The two are not the same.
door-own-words = Six words made for me
door-own-use = Use this passphrase
door-strength-0 = Guessed at once
door-strength-1 = Guessed quickly
door-strength-2 = Still too easy to guess
door-strength-3 = Hard to guess
door-strength-4 = Very hard to guess
door-strength-more = Not enough yet. Add words.
door-strength-enough = This is enough.

door-making-title = Making your key
door-making-lead = Your passphrase is being turned into a key. This takes a few seconds on purpose: every guess costs an attacker the same.
door-opening = Opening…

door-unlock-title = Unlock
door-unlock-field = Passphrase
door-unlock-show = Show passphrase
door-unlock-hide = Hide passphrase
door-unlock-button = Unlock
door-unlock-working = Turning your passphrase into a key. This takes a few seconds.
door-unlock-wrong = This passphrase does not open it. Check the keyboard layout and Caps Lock, then try again.
door-forgotten = Forgotten the passphrase?
door-forgotten-text = There is no other key, and nobody can reset it. All that can be done then is to erase everything here and begin again.

door-damaged-title = What is stored here is damaged
door-damaged-lead = It cannot be trusted, so it was not opened. Nothing was changed.
door-damaged-copy = Quit, and copy the folder to another disk before anything else.
door-damaged-disk = Check whether the disk is failing, then try again.
door-damaged-erase = If it stays damaged, erase it here and begin again.

door-rollback-title = This is an older state
door-rollback-lead = What is stored here is older than what was here last time. A folder put back from a copy looks like this. So does a disk that somebody changed.
door-rollback-known = Did you put a copy back yourself? Then you can go on. The others are told that your device was restored, and one of them has to confirm you before they read you again.
door-rollback-unknown = If you did not, somebody may have had this computer. Quit, and speak with your people first.
door-rollback-accept = I put it back myself, go on
door-rollback-quit = Quit

door-running-title = Already open
door-running-lead = It is already open in another window on this computer. Use that one, or close it and try again.
door-full-title = The disk is full
door-full-lead = Free some space, then try again. Nothing is lost.

erase-open = Erase everything…
erase-title = Erase everything?
erase-lead = This destroys the keys first, then the files. Nobody can undo it.
erase-lost = What is here will be gone: the passphrase will open nothing any more.
erase-copies = What it does not reach: copies of this computer’s disk that somebody made earlier, and what others have.
erase-law = In some countries it is punished to destroy what could be evidence. It is your decision.
erase-cancel = Cancel
erase-continue = Go on to the last step
erase-last-title = Last step
erase-last-lead = Hold the button for two seconds, or press Enter twice. Letting go stops it.
erase-hold = Hold to erase
erase-holding = Keep holding…
erase-armed = Press Enter once more to erase
erase-stopped = Stopped. Nothing was erased.
erase-progress = Until everything is erased
erase-working = Erasing…
erase-done-title = Erased
erase-done-lead = The keys and files on this computer are gone.
erase-failed-title = It failed
erase-failed-lead = Data may remain on this disk.
erase-failed-again = Try again now.
erase-failed-folder = If it fails again, quit and delete this folder by hand:
erase-failed-disk = Then treat the disk as if everything were still on it.
erase-again = Try again
erase-close = Close now
erase-closes = Closes in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
  }.
erase-exit-again = Ctrl+Q once more closes everything. Nothing is erased.
