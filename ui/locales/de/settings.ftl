settings-title = Einstellungen
settings-search = Einstellungen durchsuchen
settings-none = Hier heißt nichts so.
settings-failed = Das ließ sich nicht speichern.
settings-found = { $count ->
    [one] { $count } Einstellung gefunden
   *[other] { $count } Einstellungen gefunden
  }

settings-look = Aussehen
settings-language = Sprache
settings-language-system = Wie auf diesem Computer
settings-theme = Farben
settings-theme-system = Wie auf diesem Computer
settings-theme-light = Hell
settings-theme-dark = Dunkel
settings-theme-contrast = Hoher Kontrast
settings-text-size = Textgröße
settings-text-size-value = { $percent } %
settings-reduce-motion = Weniger Bewegung
settings-reduce-motion-hint = Nichts gleitet oder blendet.

settings-safety = Sicherheit
settings-blur = Letzte Nachrichten in der Liste verbergen
settings-blur-hint = Sie erscheinen, wenn du auf sie zeigst oder sie mit der Tastatur erreichst.
settings-lock-after = Sperren, wenn nichts geschieht, nach
settings-lock-never = Nie
settings-lock-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
  }
settings-lock-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
  }
settings-lock-never-hint = Dann findet alles, wer diesen Computer offen findet.
settings-lock-suspend = Sperren, wenn der Computer schlafen geht
settings-notifications = Benachrichtigungen
settings-notifications-none = Keine
settings-notifications-content-free = Nur, dass es etwas Neues gibt
settings-notifications-hint = Nie, wer geschrieben hat, und nie, was.
settings-erase = Alles löschen
settings-erase-hint = Zerstört die Schlüssel und Dateien auf diesem Computer. Strg+Umschalt+Entf öffnet es von überall.
settings-exit-hint = Schnell weg: zweimal Strg+Q oder dreimal Esc. Das schließt alles und löscht nichts.

settings-network = Netz
settings-online = Online
settings-online-hint = Ausgeschaltet sind alle Verbindungen und alle Ports zu. Was du schreibst, wartet hier.
settings-online-count = { $count ->
    [0] Gerade mit niemandem verbunden
    [one] Mit { $count } Mitglied verbunden
   *[other] Mit { $count } Mitgliedern verbunden
  }
settings-online-readers = { $count ->
    [one] und mit { $count } Gerät, das Kanäle liest
   *[other] und mit { $count } Geräten, die Kanäle lesen
  }
settings-offline = Offline: nichts geht hinein oder hinaus
settings-ports = Offene Ports
settings-ports-hint = Hier erreichen Mitglieder und wer Kanäle liest diesen Computer. Fremde bekommen hier keine Antwort, die verrät, was es ist.
settings-ports-none = Keine
settings-ports-where = Die einer Zelle änderst du in ihren Einstellungen.

settings-about = Über das Programm
settings-version = Version { $version }
settings-sandbox-on = Der Teil, der dieses Fenster zeichnet, ist eingesperrt: Er hat kein Netz und keine eigenen Dateien.
settings-sandbox-off = Der Teil, der dieses Fenster zeichnet, ließ sich auf diesem Computer nicht einsperren. Ein Fehler darin könnte an deine Dateien und ins Netz.
settings-jit-on = In diesem Fenster sind schnelle Skripte eingeschaltet. Das gibt einem Fehler darin mehr Raum.
settings-swap-on = Dieser Computer lagert Speicher unverschlüsselt auf das Laufwerk aus. Was du hier siehst, kann dort landen. Schalte das aus oder verschlüssele es.
settings-swap-off = Keine unverschlüsselte Auslagerung gefunden.
settings-folder = Alles liegt in
settings-audit = Niemand von außen hat das bisher geprüft.
settings-limits = Was es schützt und was nicht
settings-limits-lead = Jede Aussage wird von einem Test des Projekts gehalten. Was nicht dasteht, wird nicht behauptet.
settings-limits-english = Was hier auf Englisch steht, ist noch nicht übersetzt und steht so da, wie das Projekt es führt.
settings-limits-yes = Geschützt
settings-limits-no = Nicht geschützt
settings-limits-claims = Jede Aussage
settings-limits-more = Außerdem
settings-limits-open = Lesen

claims-read = Lesen
claims-member = Wer dazugehört
claims-join = Beitreten
claims-wire = Netz
claims-bundle = Von Hand getragene Dateien
claims-disk = Dieser Computer
claims-crypto = Kryptografie
claims-mark = Reaktionen, Änderungen, Löschungen
claims-sync = Was alle haben
claims-window = Das Fenster
claims-other = Mehr

cell-settings-title = Einstellungen der Zelle
cell-settings-name = Wie du sie nennst
cell-settings-name-hint = Nur auf diesem Computer.
cell-settings-rename = Speichern
cell-settings-renamed = Gespeichert
cell-settings-suite = Schutz
cell-settings-suite-xwing = Nachrichten sind auch gegen Quantencomputer der Zukunft geschützt. Bis 25 Mitglieder.
cell-settings-suite-x25519 = Nachrichten haben den heute üblichen Schutz, nicht den gegen Quantencomputer der Zukunft. Bis 50 Mitglieder.
cell-settings-lifetime = Wie lange Nachrichten bleiben
cell-settings-lifetime-hint = Eine Nachricht verschwindet von jedem Gerät, wenn ihre Zeit um ist, von ausgeschalteten, sobald sie wieder laufen. Eine neue Zeit gilt für alle und für das, was ab dann geschrieben wird. Niemand kann andere daran hindern abzuschreiben, was sie lesen.
cell-settings-lifetime-for = Nachrichten verschwinden nach
cell-settings-lifetime-done = Ab jetzt, für alle
cell-settings-lan = Mitglieder im selben lokalen Netz finden
cell-settings-lan-hint = Dein Computer ruft dann alle paar Sekunden ins Netz. Wer dieses Netz beobachtet, sieht, dass hier dieses Programm läuft, aber nicht, welche Zelle. Aus, bis du es einschaltest.
cell-settings-listen = Wo Mitglieder dich erreichen
cell-settings-listen-hint = Eine Adresse und ein Port dieses Computers. Um von außen erreichbar zu sein, muss der Router den Port weiterleiten.
cell-settings-listen-now = Jetzt offen
cell-settings-listen-none = Jetzt ist nichts offen.
cell-settings-ip = Adresse
cell-settings-ip-hint = Leer: wie sie ist
cell-settings-port = Port
cell-settings-port-hint = 0: das System wählt
cell-settings-listen-save = Diese nehmen
cell-settings-listen-saved = Geändert. War der Port belegt, ist ein anderer offen: siehe oben.
cell-settings-ip-wrong = Das ist keine IP-Adresse.
cell-settings-port-wrong = Ein Port ist eine Zahl von 0 bis 65535.
cell-settings-heal = Schlüssel erneuern
cell-settings-heal-hint = Geschieht von selbst an jedem Tag, an dem du online bist. Sobald die anderen die neuen Schlüssel übernommen haben, nützen früher gestohlene nichts mehr für das, was danach kommt.
cell-settings-heal-done = Die Schlüssel werden mit deinen nächsten Worten erneuert, oder früher.
cell-settings-bundle = Nachrichten von Hand tragen
cell-settings-bundle-hint = Ein Bündel ist eine Datei mit allem, was anderen Mitgliedern fehlen kann, versiegelt für diese Zelle. Ohne die Schlüssel der Zelle sieht es aus wie Rauschen. Bring es auf einem Stick vorbei.
cell-settings-export = Bündel speichern…
cell-settings-exported = { $count ->
    [one] Gespeichert, mit { $count } Stück.
   *[other] Gespeichert, mit { $count } Stücken.
  }
cell-settings-import = Bündel öffnen…
cell-settings-imported = { $count ->
    [0] Es war nichts Neues darin.
    [one] { $count } neues Stück kam herein.
   *[other] { $count } neue Stücke kamen herein.
  }
cell-settings-leave = Zelle verlassen…
cell-settings-left = Du bist nicht mehr in dieser Zelle. Was du gelesen hattest, bleibt hier.
