# Die Liste der Zellen, der Weg von einer zur anderen, die Tastatur.

cells-title = Zellen
cells-new = Zelle gründen
cells-join = Mit Einladung beitreten
cells-add = Neu
cells-more = Einstellungen und mehr
cells-online = Online
cells-go-offline = Offline gehen
cells-unread = { $count ->
    [one] { $count } ungelesene Nachricht
   *[other] { $count } ungelesene Nachrichten
}
cells-reachable = { $have } von { $of } erreichbar
cells-alone = Bisher nur du
cells-removed = Du wurdest entfernt
cells-left = Du bist gegangen
cells-suspended = Ausgesetzt
cells-damaged = Beschädigt
cells-nothing = Noch nichts gesagt
cells-deleted = Nachricht gelöscht
cells-said = { $name }:
cells-said-mine = Du:
cells-pick-title = Wähle eine Zelle
cells-pick-text = Was in ihr gesagt wird, erscheint hier. Ungelesenes wartet dort, wo du aufgehört hast.
cells-pick-keys = Strg+K führt zu einer Zelle nach ihrem Namen, Strg+/ zeigt alle Tasten.

connection-offline = Du bist offline. Was du schreibst, wartet auf diesem Gerät.
connection-go-online = Online gehen

switch-title = Zu einer Zelle gehen
switch-label = Name der Zelle
switch-none = So heißt keine Zelle.
switch-found = { $count ->
    [one] { $count } Zelle
   *[other] { $count } Zellen
}

keys-title = Tastatur
keys-everywhere = Überall
keys-conversation = In einem Gespräch
keys-position = Erste bis neunte Zelle
keys-create = Zelle gründen
keys-switch = Zu einer Zelle nach ihrem Namen
keys-previous = Zelle darüber
keys-next = Zelle darunter
keys-previous-unread = Ungelesene Zelle darüber
keys-next-unread = Ungelesene Zelle darunter
keys-find = In dieser Zelle suchen
keys-find-everywhere = Überall suchen
keys-newest = Zur neuesten Nachricht
keys-region = Nächster Teil des Fensters
keys-composer = Nachricht schreiben
keys-details = Einzelheiten der Nachricht
keys-settings = Einstellungen
keys-shortcuts = Diese Liste
keys-lock = Sperren
keys-quit = Sofort beenden, zweimal drücken
keys-erase = Alles vernichten
keys-messages = Nachricht darüber, Nachricht darunter
keys-open = Einzelheiten der Nachricht oder senden
keys-menu = Was sich mit ihr tun lässt
keys-reply = Antworten
keys-react = Reagieren
keys-newline = Neue Zeile

# Was auf Tasten steht.
key-ctrl = Strg
key-shift = Umschalt
key-alt = Alt
key-delete = Entf
key-enter = Eingabe
