# Channels: what a few publish and any number read.

channels = Channels
channels-lead = A few people post, any number read. Nobody has a list of who reads.
channels-news = Channels, { $count } new
channels-none = No channels yet
channels-none-text = Somebody gives you a link, as text or as a picture. Or you start one, and give its link to others.
channels-follow = Follow a channel
channels-start = Start a channel
channel-follow = Follow
channel-start = Start it
channel-name = What is it called?
channel-name-hint = Whoever has the link reads this name. It cannot say who you are.
channel-start-text = Every device that follows a channel passes its posts on. What you post cannot be taken back, and nothing shows you who has read it.
channel-fresh = Promise a next post
channel-fresh-hint = If nothing is posted for so long, whoever follows the channel is told that it is silent. So they notice when you were stopped or cut off.
channel-fresh-none = No promise
channel-fresh-days = { $count ->
    [one] Within { $count } day
   *[other] Within { $count } days
}
channel-link-hint = It begins with vigil-channel:
channel-picture-none = There is no link of a channel in it. Try a sharper picture, with the whole code in it.
channel-got-link = The link was read.
channel-follow-text = Your device connects to whoever gave you the link, and to others who follow it. They learn your internet address, and that this device follows the channel.
channel-link = Pass the link on
channel-link-title = Link of { $name }
channel-link-text = Whoever has it can read everything from now on, and pass it on. Nobody learns who has it. It cannot be taken back from one person.
channel-link-qr = The link as a picture
channel-link-address = The internet address of this device is in it: it is where the next reader asks first.
channel-ours = you publish it
channel-reached = { $count ->
    [one] { $count } other reached
   *[other] { $count } others reached
}
channel-not-reached = nobody reached at present
channel-unread = { $count ->
    [one] { $count } new post
   *[other] { $count } new posts
}
channel-parted-short = said two different things
channel-parted = This channel said two different things in one place. Somebody has its keys who should not, or its publishers deceive. What came after that does not stand. Ask somebody you trust for a fresh link.
channel-silent-short = silent for longer than promised
channel-silent = A post was promised by { $day } and has not come. Perhaps you are cut off, perhaps its publishers are.
channel-missing = { $count ->
    [one] { $count } post is missing here. It comes once somebody who has it is reached.
   *[other] { $count } posts are missing here. They come once somebody who has them is reached.
}
channel-signed = Every post is signed by { $threshold } of { $count } publishers.
channel-signed-one = Every post is signed by its one publisher.
channel-posts = Posts
channel-no-posts = Nothing has been posted yet, or nothing has come here.
channel-older = Older posts
channel-post-gap = posts before it are missing here
channel-post-other = Something that this version cannot show
channel-write = Write a post
channel-post-title = Post in { $name }?
channel-post-who = Everybody who has the link of this channel can read it, keep it and pass it on, your opponents too. It cannot be taken back.
channel-post = Post it
channel-posted = Posted.
channel-stop = Stop following
channel-stop-title = Stop following { $name }?
channel-stop-text = Its posts go from this device. To follow it again you need a link.
channel-give-up-title = Give up { $name }?
channel-give-up-text = The key with which you publish goes with it. Nobody can ever post as you in this channel again, you neither.
channel-stopped = No longer followed.
channel-unnamed = Not known yet
channel-waiting-short = asking what it is called
channel-waiting = Nobody who follows this channel has been reached yet. Its name and its posts come then.
channel-confusable = Another channel here has a name that looks the same. Look closely at who gave you which link.
channel-damaged = What is stored of it is damaged. Stop following it, and follow it again with a fresh link.
channel-restored = This device was put back to an earlier day. It signs nothing in this channel any more, because it could contradict what it said before.
channel-unsigned = { $count ->
    [one] { $count } post of yours waits here until somebody who follows the channel is reached.
   *[other] { $count } posts of yours wait here until somebody who follows the channel is reached.
}
channel-post-waits = It waits until somebody who follows the channel is reached.
channel-post-fallen = It does not stand: the channel contradicted itself here or before.
channel-forward = Show to a cell…
channel-forward-call = Take it into a cell…
channel-forward-title = Show this post to a cell?
channel-forward-text = Everybody in the cell reads it with the signatures of the channel, and sees that it came from you. They learn that you follow this channel.
channel-forward-call-title = Take this call into a cell?
channel-forward-call-text = It becomes a call of yours there: the cell answers, plans and checks in by itself, and nothing of that goes back to the channel. The cell sees that it is from this channel and that you follow it. If the channel calls it off, this device tells the cell.
channel-forward-cell = Which cell
channel-forward-none = You are in no cell yet.
channel-forward-do = Show it
channel-forwarded = { $cell } has it.
channel-call-replaced = An earlier version of “{ $title }”. The newer one stands above.
channel-call-over = A call that is over. Nothing of it is kept.
channel-cancel-text = Everybody who follows the channel sees it before anything else, and cells that took it are told by whoever took it. It cannot be taken back. Who is offline hears of it late.
channel-carry = Carry by hand
channel-carry-title = { $name } on a stick
channel-carry-text = A bundle is a file with all posts that are here, for somebody without a network. They need the link too, from anybody who has it.
channel-carry-found = To whoever has no link it looks like noise. Whoever has the link and finds it sees that it is of this channel, and which posts were here.
channel-saved = { $count ->
    [one] Saved, with { $count } post.
   *[other] Saved, with { $count } posts.
}
channel-passphrase = Passphrase of the link
channel-passphrase-hint = Pass it on another way than the link. Whoever has the link can try to guess it, so it has to be long.
channel-guard = Protect it with a passphrase
channel-guard-do = Protect it
channel-guarded = Without the passphrase this link is of no use. It is kept nowhere: remember it.
