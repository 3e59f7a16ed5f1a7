# Words that every place uses.

close = Close
cancel = Cancel
save = Save
done = Done
back = Back
copy = Copy
copied = Copied
delete = Delete
edit = Edit
try-again = Try again
more-actions = More
loading = Loading…
notices = Notices
you = you
understood = Got it
settings = Settings
lock = Lock
quit = Quit
failed-to-start = This could not be opened
pause = { "," }
