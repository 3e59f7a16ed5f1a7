members-title = Members
members-count = { $count ->
    [one] { $count } member
   *[other] { $count } members
  }
members-former = No longer members
members-you = You
members-full = May vote and invite
members-not-full = Not yet allowed to vote or invite
members-not-full-why = Somebody other than the one who invited them has to vouch first.
members-vouch = Vouch for { $name }
members-vouch-short = Vouch
members-vouched = { $name } may now vote and invite.
members-verified = Compared
members-not-verified = Not compared yet
members-reachable = Connected now
members-not-reachable = Not connected
members-silent = { $days ->
    [one] Silent for { $days } day
   *[other] Silent for { $days } days
  }
members-silent-long = Nobody has heard from them for long. Ask by another way whether they are all right.
members-introduced = Invited by { $name }
members-introduced-compared = Invited by { $name }, who says they compared the phrase
members-introduced-uncompared = Invited by { $name }, without comparing the phrase
members-founder = Founded the cell
members-suspended = Suspended: two different things bear their signature
members-removed = Removed
members-left = Left
members-compare = Compare with { $name }
members-compare-short = Compare
members-remove = Remove { $name }…
members-vote-short = Vote to remove…
members-invite = Invite somebody
members-more = More about { $name }
members-restored = Confirm the restored device of { $name }
members-votes = { $votes ->
    [one] { $votes } vote
   *[other] { $votes } votes
  } of { $needed } to remove { $name }
members-not-applied = { $applied } of { $of } members have carried out the removal. The others still speak to { $name } until they hear of it.
members-all-applied = All members have carried out the removal.
members-empty = Nobody else is here yet. Invite the first one.
members-failed = The list could not be read.

safety-title = Compare with { $name }
safety-lead = Call { $name } or meet. Read the numbers to each other in turn. They must be the same on both sides.
safety-digits = Twelve groups of five digits
safety-words = The same as words
safety-qr = The same as a picture
safety-qr-text = QR code of the safety number
safety-same = They are the same
safety-differ = They differ
safety-differ-lead = Then somebody may stand between you, or you are not looking at the same cell. Do not mark it. Do not speak about anything that matters until you have met.
safety-already = You compared it before.
safety-done = Noted: you compared with { $name }.
safety-close = Close

remove-title = Remove { $name }?
remove-does-title = What happens
remove-does-vote = Your vote is counted now. { $needed ->
    [one] { $needed } vote is
   *[other] { $needed } votes are
  } needed; { $votes ->
    [0] there is none yet
    [one] there is { $votes } so far
   *[other] there are { $votes } so far
  }.
remove-does-first = Your vote is counted now. In a small cell two votes are needed, in one of ten or more three.
remove-does-when = With the last vote, { $name } reads nothing more from everyone who knows of it: at once from those connected, from the others when they come back.
remove-does-see = { $name } will be told that they were removed, and by whose votes.
remove-not-title = What does not happen
remove-not-read = { $name } keeps what they have read.
remove-not-back = It cannot be undone. They can only come back as somebody new, by a new invite.
remove-confirm = Vote to remove { $name }
remove-cancel = Cancel
remove-counted = Your vote counts. { $votes ->
    [one] { $votes } vote
   *[other] { $votes } votes
  } of { $needed }.
remove-done = { $name } is removed.

restored-title = Was this really { $name }?
restored-lead = { $name } came back from an older copy of their device. That happens after a repair. It also happens when somebody copied the disk. Ask by voice or in person before you confirm.
restored-confirm = I have asked, let them speak again
restored-cancel = Not yet

leave-title = Leave { $name }?
leave-lead = The others will see that you left. You read and write nothing more here.
leave-keeps = What you have read stays on this computer until you erase it.
leave-back = You can only come back by a new invite, as somebody new.
leave-confirm = Leave
leave-cancel = Stay
