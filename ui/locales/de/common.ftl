# Wörter, die überall gebraucht werden.

close = Schließen
cancel = Abbrechen
save = Speichern
done = Fertig
back = Zurück
copy = Kopieren
copied = Kopiert
delete = Löschen
edit = Bearbeiten
try-again = Noch einmal versuchen
more-actions = Mehr
loading = Wird geladen …
notices = Hinweise
you = du
understood = Verstanden
settings = Einstellungen
lock = Sperren
quit = Beenden
failed-to-start = Das ließ sich nicht öffnen
pause = { "," }
