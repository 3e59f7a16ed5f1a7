# Was die Hülle selbst zeigt: Titel, Mitteilungen und Dateidialoge des Systems.
window-title = Notebook
notification = Etwas Neues
file-cancel = Abbrechen
file-open = Öffnen
file-save = Speichern
bundle-save-title = Paket speichern
bundle-open-title = Paket öffnen
invite-file-title = Einladung öffnen
invite-save-title = Einladung speichern
channel-file-title = Link öffnen
attachment-open-title = Datei anhängen
attachment-save-title = Anhang speichern
call-card-save-title = Rechtskarte speichern
call-print-save-title = Aufruf zum Drucken speichern
call-entry-save-title = Kalendereintrag speichern
