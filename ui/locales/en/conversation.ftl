# What is said in a cell, and saying something.

conversation-messages = Messages in { $cell }
conversation-back = Back to the cells
conversation-search = Search in this cell
conversation-members = Members
conversation-invite = Invite
conversation-cell-settings = Settings of this cell
conversation-more = More
conversation-empty-title = Nothing has been said yet
conversation-empty-text = What you write here is read by the members of this cell and by nobody else. It waits on this device until one of them can be reached.
conversation-alone-title = You are the first one here
conversation-alone-text = A cell needs at least two. Invite somebody you trust, and compare the phrase with them by voice.
conversation-failed = The messages could not be read.
conversation-beginning = This is where it begins.
conversation-unread = Not read yet
conversation-newest = To the newest
conversation-newest-count = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
conversation-removed-title = You are not in this cell any more
conversation-removed-text = Others removed you. What you had read stays here; nothing new comes, and nothing can be sent.
conversation-left-title = You left this cell
conversation-left-text = What you had read stays here; nothing new comes, and nothing can be sent.
conversation-suspended-title = Your device is suspended
conversation-suspended-text = Two different things bear its signature. Talk to the others in person.
conversation-removal = { $name } is removed, and { $missing } of { $of } have not applied it yet. They may still send to { $name } until they hear of it.
conversation-warning-people = Show members
conversation-more-warnings = { $count ->
    [one] And { $count } more
   *[other] And { $count } more
}

reach-alone = Nobody else is here yet
reach-nobody = Nobody reachable. What you write waits on this device.
reach-some = { $have } of { $of } reachable
reach-catching-up = { $have } of { $of } reachable, catching up
reach-synced = { $have } of { $of } reachable, the same since { $time }
reach-offline = You are offline
reach-over = Only what was there before

message-you = You
message-unknown = Somebody who is not known here
message-deleted = This message was deleted
message-edited = edited
message-label = { $name }, { $text }, { $time }
message-label-edited = { $name }, { $text }, { $time }, edited
message-label-mine = You, { $text }, { $time }, { $state }
message-reply-to = Reply to { $name }: { $text }
message-quote-gone = A message that is not here
message-more = What can be done with this message
message-unfold = Show all
message-fold = Show less
message-reactions = Reactions
message-reaction = { $emoji } from { $names }
message-reply = Reply
message-react = React
message-edit = Edit
message-details = Details
message-copy = Copy text
message-delete = Delete…
message-copied = Copied. Other programs can read it.
message-went = Message sent

delivery-alone = Only here
delivery-waiting = Waiting on this device
delivery-some = On { $have } of { $of } devices
delivery-all = { $of ->
    [one] On the other device
   *[other] On all { $of } devices
}

react-title = React
react-other = Another one
react-other-hint = One emoji
react-use = Use it

delete-title = Delete this message?
delete-here = Delete for me
delete-here-text = It goes from this device. The others keep it.
delete-all = Delete for everyone
delete-all-text = The others are asked to delete it. Whoever has copied or photographed it, or stays away, may keep it.
delete-done = Deleted

details-title = Details
details-sent = Sent
details-edited = Edited
details-state = Where it is
details-audience = { $count ->
    [one] Only one could read it when it was sent.
   *[other] { $count } could read it when it was sent, the author included.
}
details-waiting = It has not left this device. Who can read it is settled when it does.
details-has = On their device
details-lacks = Not known to have it yet
details-lacks-text = They get it when they meet anyone who has it.
details-failed = The details could not be read.

compose-label = Message to { $cell }
compose-placeholder = Write a message
compose-send = Send
compose-save-edit = Save the change
compose-replying = Reply to { $name }
compose-replying-self = Reply to yourself
compose-editing = You are changing your message
compose-drop-reply = Do not reply
compose-drop-edit = Keep it as it was
compose-left = { $count ->
    [one] { $count } character left
   *[other] { $count } characters left
}
compose-too-long = { $count ->
    [one] Too long by { $count } byte. Shorten it, or send it in parts.
   *[other] Too long by { $count } bytes. Shorten it, or send it in parts.
}
compose-mention = Mention somebody
compose-mention-found = { $count ->
    [one] { $count } name
   *[other] { $count } names
}

search-title-here = Search in this cell
search-title-all = Search everywhere
search-label = Words to look for
search-teach = Everything on this device is searched, and nothing leaves it.
search-none = Nothing was found.
search-found = { $count ->
    [one] { $count } message found
   *[other] { $count } messages found
}
search-full = Only the newest { $count } are shown. Add a word to narrow it down.
message-from-channel = From the channel { $name }, { $day }, signed
