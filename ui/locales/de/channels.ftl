# Channels: what a few publish and any number read.

channels = Kanäle
channels-lead = Wenige schreiben, beliebig viele lesen. Niemand hat eine Liste, wer liest.
channels-news = Kanäle, { $count } neu
channels-none = Noch keine Kanäle
channels-none-text = Jemand gibt Ihnen einen Link, als Text oder als Bild. Oder Sie beginnen einen und geben seinen Link weiter.
channels-follow = Einem Kanal folgen
channels-start = Einen Kanal beginnen
channel-follow = Folgen
channel-start = Beginnen
channel-name = Wie heißt er?
channel-name-hint = Wer den Link hat, liest diesen Namen. Er sollte nicht sagen, wer Sie sind.
channel-start-text = Jedes Gerät, das einem Kanal folgt, gibt seine Beiträge weiter. Was Sie schreiben, lässt sich nicht zurücknehmen, und nichts zeigt Ihnen, wer es gelesen hat.
channel-fresh = Einen nächsten Beitrag versprechen
channel-fresh-hint = Wird so lange nichts veröffentlicht, erfahren alle, die dem Kanal folgen, dass er schweigt. So merken sie, wenn du aufgehalten oder abgeschnitten wurdest.
channel-fresh-none = Kein Versprechen
channel-fresh-days = { $count ->
    [one] Innerhalb von { $count } Tag
   *[other] Innerhalb von { $count } Tagen
}
channel-link-hint = Er beginnt mit vigil-channel:
channel-picture-none = Darin ist kein Link zu einem Kanal. Nimm ein schärferes Bild mit dem ganzen Code.
channel-got-link = Der Link wurde gelesen.
channel-follow-text = Ihr Gerät verbindet sich mit dem, der Ihnen den Link gab, und mit anderen, die folgen. Sie erfahren Ihre Internetadresse und dass dieses Gerät dem Kanal folgt.
channel-link = Link weitergeben
channel-link-title = Link von { $name }
channel-link-text = Wer ihn hat, kann von jetzt an alles lesen und ihn weitergeben. Niemand erfährt, wer ihn hat. Einer einzelnen Person lässt er sich nicht wieder nehmen.
channel-link-qr = Der Link als Bild
channel-link-address = Die Internetadresse dieses Geräts steht darin: Hier fragt die nächste Person zuerst.
channel-ours = Ihr Kanal
channel-reached = { $count ->
    [one] { $count } weiteres Gerät erreicht
   *[other] { $count } weitere Geräte erreicht
}
channel-not-reached = zurzeit niemand erreicht
channel-unread = { $count ->
    [one] { $count } neuer Beitrag
   *[other] { $count } neue Beiträge
}
channel-parted-short = sagte zweierlei
channel-parted = Dieser Kanal sagte an einer Stelle zweierlei. Jemand hat seine Schlüssel, der sie nicht haben sollte, oder die Schreibenden täuschen. Was danach kam, gilt nicht. Bitten Sie jemanden, dem Sie trauen, um einen frischen Link.
channel-silent-short = schweigt länger als versprochen
channel-silent = Bis { $day } war ein Beitrag versprochen, und keiner kam. Vielleicht sind Sie abgeschnitten, vielleicht die Schreibenden.
channel-missing = { $count ->
    [one] { $count } Beitrag fehlt hier. Er kommt, sobald jemand erreicht wird, der ihn hat.
   *[other] { $count } Beiträge fehlen hier. Sie kommen, sobald jemand erreicht wird, der sie hat.
}
channel-signed = Jeden Beitrag unterschreiben { $threshold } von { $count }.
channel-signed-one = Jeden Beitrag unterschreibt eine Person.
channel-posts = Beiträge
channel-no-posts = Noch wurde nichts geschrieben, oder es kam nichts hier an.
channel-older = Ältere
channel-post-gap = Beiträge davor fehlen hier
channel-post-other = Etwas, das diese Version nicht zeigen kann
channel-write = Etwas schreiben
channel-post-title = In { $name } schreiben?
channel-post-who = Wer den Link dieses Kanals hat, kann es lesen, behalten und weitergeben, auch Ihre Gegner. Es lässt sich nicht zurücknehmen.
channel-post = Veröffentlichen
channel-posted = Veröffentlicht.
channel-stop = Nicht mehr folgen
channel-stop-title = { $name } nicht mehr folgen?
channel-stop-text = Seine Beiträge verschwinden von diesem Gerät. Um wieder zu folgen, brauchen Sie einen Link.
channel-give-up-title = { $name } aufgeben?
channel-give-up-text = Der Schlüssel, mit dem Sie schreiben, verschwindet mit. Niemand kann je wieder als Sie in diesem Kanal schreiben, auch Sie nicht.
channel-stopped = Wird nicht mehr gelesen.
channel-unnamed = Noch unbekannt
channel-waiting-short = fragt, wie er heißt
channel-waiting = Noch wurde niemand erreicht, der diesem Kanal folgt. Name und Beiträge kommen dann.
channel-confusable = Ein anderer Kanal hier heißt ähnlich. Sehen Sie genau hin, wer Ihnen welchen Link gab.
channel-damaged = Was von ihm gespeichert ist, ist beschädigt. Folgen Sie ihm nicht mehr, und dann neu mit einem frischen Link.
channel-restored = Dieses Gerät wurde auf einen früheren Tag zurückgesetzt. Es unterschreibt in diesem Kanal nichts mehr, denn es könnte sich widersprechen.
channel-unsigned = { $count ->
    [one] { $count } Beitrag von Ihnen wartet hier, bis jemand erreicht wird, der dem Kanal folgt.
   *[other] { $count } Beiträge von Ihnen warten hier, bis jemand erreicht wird, der dem Kanal folgt.
}
channel-post-waits = Er wartet, bis jemand erreicht wird, der dem Kanal folgt.
channel-post-fallen = Gilt nicht: Der Kanal widersprach sich hier oder davor.
channel-forward = Einer Zelle zeigen…
channel-forward-call = In eine Zelle holen…
channel-forward-title = Diesen Beitrag einer Zelle zeigen?
channel-forward-text = Alle in der Zelle lesen ihn mit den Unterschriften des Kanals und sehen, dass er von dir kommt. Sie erfahren, dass du diesem Kanal folgst.
channel-forward-call-title = Diesen Aufruf in eine Zelle holen?
channel-forward-call-text = Dort wird er deiner: die Zelle antwortet, plant und meldet sich zurück, und nichts davon geht zum Kanal. Die Zelle sieht, aus welchem Kanal er ist und dass du ihm folgst. Sagt der Kanal ihn ab, sagt dieses Gerät es der Zelle.
channel-forward-cell = Welche Zelle
channel-forward-none = Du bist noch in keiner Zelle.
channel-forward-do = Zeigen
channel-forwarded = { $cell } hat es.
channel-call-replaced = Eine frühere Fassung von „{ $title }“. Die neuere steht weiter oben.
channel-call-over = Ein Aufruf, der vorbei ist. Nichts davon bleibt.
channel-cancel-text = Alle, die dem Kanal folgen, sehen die Absage vor allem anderen; Zellen, die ihn geholt haben, hören es von dem, der ihn geholt hat. Es lässt sich nicht zurücknehmen. Wer offline ist, erfährt es spät.
channel-carry = Von Hand tragen
channel-carry-title = { $name } auf einem Stick
channel-carry-text = Ein Bündel ist eine Datei mit allen Beiträgen, die hier sind, für jemanden ohne Netz. Auch dort braucht man den Link, von irgendwem, der ihn hat.
channel-carry-found = Wer keinen Link hat, sieht nur Rauschen. Wer den Link hat und die Datei findet, sieht, dass sie von diesem Kanal ist und welche Beiträge hier waren.
channel-saved = { $count ->
    [one] Gespeichert, mit { $count } Beitrag.
   *[other] Gespeichert, mit { $count } Beiträgen.
}
channel-passphrase = Passphrase des Links
channel-passphrase-hint = Geben Sie sie auf einem anderen Weg weiter als den Link. Wer den Link hat, kann sie zu erraten versuchen, darum muss sie lang sein.
channel-guard = Mit einer Passphrase schützen
channel-guard-do = Schützen
channel-guarded = Ohne die Passphrase nützt dieser Link nichts. Sie wird nirgends aufgehoben: Merken Sie sie sich.
