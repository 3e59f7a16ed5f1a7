members-title = Учасники
members-count = { $count ->
    [one] { $count } учасник
    [few] { $count } учасники
    [many] { $count } учасників
   *[other] { $count } учасника
  }
members-former = Більше не в осередку
members-you = Ви
members-full = Голосує й запрошує
members-not-full = Поки що не голосує й не запрошує
members-not-full-why = Спершу за цю людину має поручитися хтось, крім того, хто запросив.
members-vouch = Поручитися за { $name }
members-vouch-short = Поручитися
members-vouched = { $name } тепер голосує й запрошує.
members-verified = Код звірено
members-not-verified = Код ще не звірено
members-reachable = На зв’язку
members-not-reachable = Не на зв’язку
members-silent = { $days ->
    [one] Мовчить { $days } день
    [few] Мовчить { $days } дні
    [many] Мовчить { $days } днів
   *[other] Мовчить { $days } дня
  }
members-silent-long = Давно нічого не чути. Спитайте іншим шляхом, чи все гаразд.
members-introduced = Запрошення: { $name }
members-introduced-compared = Запрошення: { $name }, фразу позначено як звірену
members-introduced-uncompared = Запрошення: { $name }, фразу не звірено
members-founder = Тут від заснування осередку
members-suspended = Відсторонено: під двома різними записами стоїть той самий підпис
members-removed = Виключено
members-left = Немає в осередку з власної волі
members-compare = Звірити код: { $name }
members-compare-short = Звірити код
members-remove = Виключити: { $name }…
members-vote-short = Голосувати за виключення…
members-invite = Запросити
members-more = Докладніше: { $name }
members-restored = Підтвердити відновлений пристрій: { $name }
members-votes = Виключити { $name }: { $votes ->
    [one] { $votes } голос
    [few] { $votes } голоси
    [many] { $votes } голосів
   *[other] { $votes } голосу
  } з { $needed }
members-not-applied = Виключення виконали { $applied } з { $of }. Решта, доки не дізнається про нього, пише й для { $name }.
members-all-applied = Виключення виконали всі.
members-empty = Тут поки що тільки ви. Запросіть першу людину.
members-failed = Список не прочитався.

safety-title = Звірити код: { $name }
safety-lead = Зателефонуйте одне одному або зустріньтеся: ви й { $name }. Читайте числа по черзі. В обох вони мають збігтися.
safety-digits = Дванадцять груп по п’ять цифр
safety-words = Те саме словами
safety-qr = Те саме картинкою
safety-qr-text = QR-код коду безпеки
safety-same = Усе збігається
safety-differ = Не збігається
safety-differ-lead = Тоді між вами може хтось стояти, або ви дивитеся на різні осередки. Не позначайте код як звірений. Не говоріть тут про важливе, доки не зустрінетеся.
safety-already = Ви вже звіряли цей код.
safety-done = Позначено: код звірено, { $name }.
safety-close = Закрити

remove-title = Виключити { $name }?
remove-does-title = Що станеться
remove-does-vote = Ваш голос буде зараховано зараз. { $needed ->
    [one] Потрібен { $needed } голос
    [few] Потрібно { $needed } голоси
    [many] Потрібно { $needed } голосів
   *[other] Потрібно { $needed } голосу
  }; { $votes ->
    [0] поки що немає жодного
    [one] уже є { $votes }
    [few] уже є { $votes }
    [many] уже є { $votes }
   *[other] уже є { $votes }
  }.
remove-does-first = Ваш голос буде зараховано зараз. У невеликому осередку потрібні два голоси, від десяти людей — три.
remove-does-when = З останнім голосом { $name } більше не читає нічого від тих, хто про це знає: одразу від тих, хто на зв’язку, від решти — коли вони з’являться.
remove-does-see = { $name } дізнається про виключення і про те, хто за нього голосував.
remove-not-title = Чого не станеться
remove-not-read = Усе, що { $name } вже знає, лишиться в { $name }.
remove-not-back = Скасувати це не можна. Повернутися можна лише новою людиною, за новим запрошенням.
remove-confirm = Голосувати за виключення: { $name }
remove-cancel = Скасувати
remove-counted = Ваш голос зараховано. { $votes ->
    [one] { $votes } голос
    [few] { $votes } голоси
    [many] { $votes } голосів
   *[other] { $votes } голосу
  } з { $needed }.
remove-done = { $name } більше не в осередку.

restored-title = { $name } — це точно та людина?
restored-lead = Пристрій, з якого пише { $name }, повернувся зі старої копії. Так буває після ремонту. Так буває й тоді, коли хтось скопіював диск. Перш ніж підтвердити, спитайте голосом або особисто.
restored-confirm = Це точно ця людина, хай знову пише
restored-cancel = Поки що ні

leave-title = Вийти з осередку { $name }?
leave-lead = Інші побачать, що ви вийшли. Читати нове й писати тут ви більше не будете.
leave-keeps = Прочитане лишиться на цьому комп’ютері, доки ви його не зітрете.
leave-back = Повернутися можна лише за новим запрошенням, новою людиною.
leave-confirm = Вийти з осередку
leave-cancel = Лишитися
