# Was in einer Zelle gesagt wird, und wie man selbst etwas sagt.

conversation-messages = Nachrichten in { $cell }
conversation-back = Zurück zu den Zellen
conversation-search = In dieser Zelle suchen
conversation-members = Mitglieder
conversation-invite = Einladen
conversation-cell-settings = Einstellungen dieser Zelle
conversation-more = Mehr
conversation-empty-title = Hier wurde noch nichts gesagt
conversation-empty-text = Was du hier schreibst, lesen die Mitglieder dieser Zelle und sonst niemand. Es wartet auf diesem Gerät, bis jemand von ihnen erreichbar ist.
conversation-alone-title = Du bist als Erstes hier
conversation-alone-text = Eine Zelle braucht mindestens zwei. Lade jemanden ein, dem du traust, und vergleiche mit ihm den Satz mündlich.
conversation-failed = Die Nachrichten ließen sich nicht lesen.
conversation-beginning = Hier fängt es an.
conversation-unread = Noch nicht gelesen
conversation-newest = Zum Neuesten
conversation-newest-count = { $count ->
    [one] { $count } neue Nachricht
   *[other] { $count } neue Nachrichten
}
conversation-removed-title = Du bist nicht mehr in dieser Zelle
conversation-removed-text = Andere haben dich entfernt. Was du gelesen hattest, bleibt hier; Neues kommt nicht, und senden lässt sich nichts.
conversation-left-title = Du hast diese Zelle verlassen
conversation-left-text = Was du gelesen hattest, bleibt hier; Neues kommt nicht, und senden lässt sich nichts.
conversation-suspended-title = Dein Gerät ist ausgesetzt
conversation-suspended-text = Zwei verschiedene Dinge tragen seine Unterschrift. Sprich persönlich mit den anderen.
conversation-removal = { $name } ist entfernt, aber { $missing } von { $of } haben es noch nicht umgesetzt. Bis sie davon hören, senden sie vielleicht noch an { $name }.
conversation-warning-people = Mitglieder zeigen
conversation-more-warnings = { $count ->
    [one] Und { $count } weitere
   *[other] Und { $count } weitere
}

reach-alone = Außer dir ist noch niemand hier
reach-nobody = Niemand erreichbar. Was du schreibst, wartet auf diesem Gerät.
reach-some = { $have } von { $of } erreichbar
reach-catching-up = { $have } von { $of } erreichbar, wird abgeglichen
reach-synced = { $have } von { $of } erreichbar, gleich seit { $time }
reach-offline = Du bist offline
reach-over = Nur, was vorher da war

message-you = Du
message-unknown = Jemand, den hier niemand kennt
message-deleted = Diese Nachricht wurde gelöscht
message-edited = geändert
message-label = { $name }, { $text }, { $time }
message-label-edited = { $name }, { $text }, { $time }, geändert
message-label-mine = Du, { $text }, { $time }, { $state }
message-reply-to = Antwort an { $name }: { $text }
message-quote-gone = Eine Nachricht, die nicht hier ist
message-more = Was sich mit dieser Nachricht tun lässt
message-unfold = Alles zeigen
message-fold = Weniger zeigen
message-reactions = Reaktionen
message-reaction = { $emoji } von { $names }
message-reply = Antworten
message-react = Reagieren
message-edit = Ändern
message-details = Einzelheiten
message-copy = Text kopieren
message-delete = Löschen …
message-copied = Kopiert. Andere Programme können es lesen.
message-went = Nachricht gesendet

delivery-alone = Nur hier
delivery-waiting = Wartet auf diesem Gerät
delivery-some = Auf { $have } von { $of } Geräten
delivery-all = { $of ->
    [one] Auf dem anderen Gerät
   *[other] Auf allen { $of } Geräten
}

react-title = Reagieren
react-other = Ein anderes
react-other-hint = Ein Emoji
react-use = Nehmen

delete-title = Diese Nachricht löschen?
delete-here = Bei mir löschen
delete-here-text = Sie verschwindet von diesem Gerät. Die anderen behalten sie.
delete-all = Bei allen löschen
delete-all-text = Die anderen werden gebeten, sie zu löschen. Wer sie kopiert oder fotografiert hat oder wegbleibt, behält sie vielleicht.
delete-done = Gelöscht

details-title = Einzelheiten
details-sent = Gesendet
details-edited = Geändert
details-state = Wo sie ist
details-audience = { $count ->
    [one] Beim Senden konnte nur eine Person sie lesen.
   *[other] Beim Senden konnten { $count } sie lesen, den Absender mitgezählt.
}
details-waiting = Sie hat dieses Gerät noch nicht verlassen. Wer sie lesen kann, entscheidet sich dabei.
details-has = Auf ihrem Gerät
details-lacks = Noch nicht sicher angekommen
details-lacks-text = Sie bekommen sie, sobald sie jemanden treffen, der sie hat.
details-failed = Die Einzelheiten ließen sich nicht lesen.

compose-label = Nachricht an { $cell }
compose-placeholder = Nachricht schreiben
compose-send = Senden
compose-save-edit = Änderung speichern
compose-replying = Antwort an { $name }
compose-replying-self = Antwort an dich selbst
compose-editing = Du änderst deine Nachricht
compose-drop-reply = Nicht antworten
compose-drop-edit = Lassen, wie sie war
compose-left = { $count ->
    [one] Noch { $count } Zeichen
   *[other] Noch { $count } Zeichen
}
compose-too-long = { $count ->
    [one] Um { $count } Byte zu lang. Kürze oder sende in Teilen.
   *[other] Um { $count } Bytes zu lang. Kürze oder sende in Teilen.
}
compose-mention = Jemanden erwähnen
compose-mention-found = { $count ->
    [one] { $count } Name
   *[other] { $count } Namen
}

search-title-here = In dieser Zelle suchen
search-title-all = Überall suchen
search-label = Gesuchte Wörter
search-teach = Gesucht wird in allem, was auf diesem Gerät ist, und nichts verlässt es.
search-none = Nichts gefunden.
search-found = { $count ->
    [one] { $count } Nachricht gefunden
   *[other] { $count } Nachrichten gefunden
}
search-full = Nur die neuesten { $count } sind zu sehen. Ein weiteres Wort grenzt ein.
message-from-channel = Aus dem Kanal { $name }, { $day }, unterschrieben
