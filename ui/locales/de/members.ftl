members-title = Mitglieder
members-count = { $count ->
    [one] { $count } Mitglied
   *[other] { $count } Mitglieder
  }
members-former = Nicht mehr dabei
members-you = Du
members-full = Darf abstimmen und einladen
members-not-full = Darf noch nicht abstimmen und einladen
members-not-full-why = Zuerst muss sich eine andere Person verbürgen als die, von der die Einladung kam.
members-vouch = Für { $name } bürgen
members-vouch-short = Bürgen
members-vouched = { $name } darf jetzt abstimmen und einladen.
members-verified = Verglichen
members-not-verified = Noch nicht verglichen
members-reachable = Gerade verbunden
members-not-reachable = Nicht verbunden
members-silent = { $days ->
    [one] Seit { $days } Tag still
   *[other] Seit { $days } Tagen still
  }
members-silent-long = Man hat lange nichts gehört. Frag auf anderem Weg, ob alles gut ist.
members-introduced = Eingeladen von { $name }
members-introduced-compared = Eingeladen von { $name }, nach eigener Angabe mit verglichener Losung
members-introduced-uncompared = Eingeladen von { $name }, ohne die Losung zu vergleichen
members-founder = Hat die Zelle gegründet
members-suspended = Gesperrt: Zwei verschiedene Dinge tragen dieselbe Unterschrift
members-removed = Ausgeschlossen
members-left = Ausgetreten
members-compare = Mit { $name } vergleichen
members-compare-short = Vergleichen
members-remove = { $name } ausschließen…
members-vote-short = Für den Ausschluss stimmen…
members-invite = Jemanden einladen
members-more = Mehr über { $name }
members-restored = Wiederhergestelltes Gerät von { $name } bestätigen
members-votes = { $votes ->
    [one] { $votes } Stimme
   *[other] { $votes } Stimmen
  } von { $needed } für den Ausschluss von { $name }
members-not-applied = { $applied } von { $of } Mitgliedern haben den Ausschluss vollzogen. Die anderen sprechen noch zu { $name }, bis sie davon hören.
members-all-applied = Alle haben den Ausschluss vollzogen.
members-empty = Außer dir ist noch niemand hier. Lade die erste Person ein.
members-failed = Die Liste ließ sich nicht lesen.

safety-title = Mit { $name } vergleichen
safety-lead = Ruf { $name } an, oder trefft euch. Lest euch die Zahlen abwechselnd vor. Auf beiden Seiten müssen sie gleich sein.
safety-digits = Zwölf Gruppen zu fünf Ziffern
safety-words = Dasselbe als Wörter
safety-qr = Dasselbe als Bild
safety-qr-text = QR-Code der Sicherheitsnummer
safety-same = Sie sind gleich
safety-differ = Sie sind verschieden
safety-differ-lead = Dann steht vielleicht jemand zwischen euch, oder ihr seht verschiedene Zellen an. Markiere nichts. Sprich hier über nichts Wichtiges, bis ihr euch getroffen habt.
safety-already = Du hast das schon einmal verglichen.
safety-done = Vermerkt: mit { $name } verglichen.
safety-close = Schließen

remove-title = { $name } ausschließen?
remove-does-title = Was geschieht
remove-does-vote = Deine Stimme zählt sofort. { $needed ->
    [one] { $needed } Stimme ist
   *[other] { $needed } Stimmen sind
  } nötig; { $votes ->
    [0] bisher gibt es keine
    [one] bisher gibt es { $votes }
   *[other] bisher gibt es { $votes }
  }.
remove-does-first = Deine Stimme zählt sofort. In einer kleinen Zelle sind zwei Stimmen nötig, ab zehn Mitgliedern drei.
remove-does-when = Mit der letzten Stimme liest { $name } nichts mehr von allen, die davon wissen: sofort von denen, die verbunden sind, von den anderen, sobald sie wiederkommen.
remove-does-see = { $name } erfährt vom Ausschluss und davon, wer dafür gestimmt hat.
remove-not-title = Was nicht geschieht
remove-not-read = { $name } behält, was schon gelesen ist.
remove-not-back = Es lässt sich nicht zurücknehmen. Zurück geht es nur als jemand Neues, mit einer neuen Einladung.
remove-confirm = Für den Ausschluss von { $name } stimmen
remove-cancel = Abbrechen
remove-counted = Deine Stimme zählt. { $votes ->
    [one] { $votes } Stimme
   *[other] { $votes } Stimmen
  } von { $needed }.
remove-done = { $name } ist ausgeschlossen.

restored-title = War das wirklich { $name }?
restored-lead = Das Gerät von { $name } kam aus einer älteren Kopie zurück. Das passiert nach einer Reparatur. Es passiert auch, wenn jemand das Laufwerk kopiert hat. Frag mit eigener Stimme oder persönlich nach, bevor du bestätigst.
restored-confirm = Ich habe gefragt, es darf weitergehen
restored-cancel = Noch nicht

leave-title = { $name } verlassen?
leave-lead = Die anderen sehen, dass du gegangen bist. Du liest und schreibst hier nichts mehr.
leave-keeps = Was du gelesen hast, bleibt auf diesem Computer, bis du es löschst.
leave-back = Zurück kommst du nur mit einer neuen Einladung, als jemand Neues.
leave-confirm = Verlassen
leave-cancel = Bleiben
