# Erster Start, Entsperren, Löschen. Vor dem Entsperren steht hier nichts über Zellen und Menschen,
# außer auf dem allerersten Bildschirm, wo es noch nichts gibt.

door-language = Sprache
door-language-system = Sprache dieses Computers
door-step = Schritt { $number } von { $total }
door-back = Zurück
door-next = Weiter
door-quit = Beenden

door-welcome-title = Bevor es losgeht
door-welcome-lead = Für kleine Gruppen von Menschen, die sich kennen und gemeinsam handeln. Kein Server, kein Konto, keine Telefonnummer.
door-protects-title = Was das schützt
door-protects-readers = Was in einer Zelle gesagt wird, lesen die, die in diesem Moment dazugehörten, und niemand unterwegs.
door-protects-disk = Was auf diesem Computer liegt, ist mit deiner Passphrase versiegelt.
door-protects-removal = Wer ausgeschlossen wurde, liest nichts mehr von denen, die davon wissen.
door-limits-title = Was es nicht kann
door-limits-members = Wer etwas liest, kann es abschreiben, fotografieren oder weitergeben. Nachrichten sind signiert: So lässt sich beweisen, wer sie schrieb.
door-limits-network = Mitglieder sehen gegenseitig ihre Internetadresse. Wer das Netz beobachtet, sieht, dass zwei Adressen miteinander reden, und wann.
door-limits-open = Solange entsperrt ist, zeigt dieser Computer alles. Ebenso eine Passphrase, zu der man dich zwingt.
door-audit = Niemand von außen hat das bisher geprüft. Bitte setze niemandes Freiheit darauf.

door-words-title = Deine Passphrase
door-words-lead = Diese sechs Wörter sind der einzige Schlüssel. Schreib sie in dieser Reihenfolge auf Papier. Neue kann dir niemand schicken.
door-words-list = Sechs Wörter der Reihe nach
door-words-hide = Die Wörter stehen nirgends, wo du sie später nachsehen könntest.
door-words-again = Andere Wörter
door-words-written = Ich habe sie aufgeschrieben
door-words-own = Selbst eine Passphrase wählen
door-words-failed = Die Wörter konnten nicht erzeugt werden.
door-try-again = Noch einmal versuchen

door-check-title = Prüfe deinen Zettel
door-check-lead = Tippe zwei der Wörter ein, damit wir wissen, dass der Zettel stimmt.
door-check-word = Wort { $number }
door-check-wrong = Das ist nicht Wort { $number }. Sieh noch einmal auf den Zettel.
door-check-show = Wörter noch einmal zeigen
door-check-done = Sie stimmen, weiter

door-own-title = Deine eigene Passphrase
door-own-lead = Am besten mehrere Wörter, die nichts miteinander zu tun haben. Keine Namen, keine Daten, nichts Gedrucktes. Einfügen ist erlaubt.
door-own-field = Passphrase
door-own-repeat = Noch einmal dasselbe
door-own-differ = Die beiden sind nicht gleich.
door-own-words = Sechs Wörter für mich erzeugen
door-own-use = Diese Passphrase nehmen
door-strength-0 = Sofort zu erraten
door-strength-1 = Schnell zu erraten
door-strength-2 = Noch zu leicht zu erraten
door-strength-3 = Schwer zu erraten
door-strength-4 = Sehr schwer zu erraten
door-strength-more = Noch nicht genug. Nimm mehr Wörter.
door-strength-enough = Das reicht.

door-making-title = Dein Schlüssel entsteht
door-making-lead = Aus deiner Passphrase wird ein Schlüssel. Das dauert mit Absicht ein paar Sekunden: So viel kostet auch jeden Angreifer jeder Versuch.
door-opening = Wird geöffnet…

door-unlock-title = Entsperren
door-unlock-field = Passphrase
door-unlock-show = Passphrase zeigen
door-unlock-hide = Passphrase verbergen
door-unlock-button = Entsperren
door-unlock-working = Aus deiner Passphrase wird ein Schlüssel. Das dauert ein paar Sekunden.
door-unlock-wrong = Diese Passphrase öffnet es nicht. Prüfe Tastaturbelegung und Feststelltaste und versuche es noch einmal.
door-forgotten = Passphrase vergessen?
door-forgotten-text = Es gibt keinen anderen Schlüssel, und niemand kann sie zurücksetzen. Dann bleibt nur, hier alles zu löschen und neu anzufangen.

door-damaged-title = Was hier liegt, ist beschädigt
door-damaged-lead = Man kann ihm nicht trauen, darum wurde es nicht geöffnet. Nichts wurde verändert.
door-damaged-copy = Beende das Programm und kopiere zuallererst den Ordner auf ein anderes Laufwerk.
door-damaged-disk = Prüfe, ob das Laufwerk defekt ist, und versuche es dann noch einmal.
door-damaged-erase = Bleibt es beschädigt, lösche hier alles und fang neu an.

door-rollback-title = Das ist ein älterer Stand
door-rollback-lead = Was hier liegt, ist älter als beim letzten Mal. So sieht es aus, wenn der Ordner aus einer Kopie zurückgeholt wurde. So sieht auch ein Laufwerk aus, das jemand verändert hat.
door-rollback-known = Hast du selbst eine Kopie zurückgeholt? Dann kannst du weitermachen. Die anderen erfahren, dass dein Gerät wiederhergestellt wurde, und eine Person von ihnen muss dich bestätigen, bevor sie dich wieder lesen.
door-rollback-unknown = Wenn nicht, hatte vielleicht jemand diesen Computer. Beende das Programm und sprich zuerst mit deinen Leuten.
door-rollback-accept = Das war ich selbst, weiter
door-rollback-quit = Beenden

door-running-title = Schon geöffnet
door-running-lead = Es ist schon in einem anderen Fenster auf diesem Computer geöffnet. Nimm jenes, oder schließe es und versuche es noch einmal.
door-full-title = Das Laufwerk ist voll
door-full-lead = Schaffe etwas Platz und versuche es noch einmal. Es ist nichts verloren.

erase-open = Alles löschen…
erase-title = Alles löschen?
erase-lead = Zuerst werden die Schlüssel zerstört, dann die Dateien. Niemand kann das rückgängig machen.
erase-lost = Was hier ist, ist dann weg: Die Passphrase öffnet nichts mehr.
erase-copies = Was es nicht erreicht: Kopien des Laufwerks, die jemand früher gemacht hat, und das, was andere haben.
erase-law = In manchen Ländern wird bestraft, wer zerstört, was ein Beweis sein könnte. Du entscheidest.
erase-cancel = Abbrechen
erase-continue = Weiter zum letzten Schritt
erase-last-title = Letzter Schritt
erase-last-lead = Halte die Taste zwei Sekunden, oder drücke zweimal Enter. Loslassen bricht ab.
erase-hold = Halten zum Löschen
erase-holding = Weiter halten…
erase-armed = Noch einmal Enter zum Löschen
erase-stopped = Abgebrochen. Nichts wurde gelöscht.
erase-progress = Bis alles gelöscht wird
erase-working = Wird gelöscht…
erase-done-title = Gelöscht
erase-done-lead = Die Schlüssel und Dateien auf diesem Computer sind weg.
erase-failed-title = Es hat nicht geklappt
erase-failed-lead = Auf diesem Laufwerk können Daten geblieben sein.
erase-failed-again = Versuche es jetzt noch einmal.
erase-failed-folder = Klappt es wieder nicht, beende das Programm und lösche diesen Ordner von Hand:
erase-failed-disk = Behandle das Laufwerk danach so, als wäre noch alles darauf.
erase-again = Noch einmal
erase-close = Jetzt schließen
erase-closes = Schließt in { $seconds ->
    [one] { $seconds } Sekunde
   *[other] { $seconds } Sekunden
  }.
erase-exit-again = Noch einmal Strg+Q schließt alles. Gelöscht wird nichts.
