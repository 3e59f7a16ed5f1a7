# Що кажуть в осередку і як сказати самому.

conversation-messages = Повідомлення в { $cell }
conversation-back = Назад до осередків
conversation-search = Шукати в цьому осередку
conversation-members = Учасники
conversation-invite = Запросити
conversation-cell-settings = Налаштування цього осередку
conversation-more = Ще
conversation-empty-title = Поки нічого не сказано
conversation-empty-text = Написане тут прочитають учасники цього осередку і більше ніхто. Воно чекає на цьому пристрої, доки хтось із них не буде на зв’язку.
conversation-alone-title = Ви тут перші
conversation-alone-text = В осередку має бути хоча б двоє. Запросіть того, кому довіряєте, і звірте з ним фразу голосом.
conversation-failed = Повідомлення не вдалося прочитати.
conversation-beginning = Тут усе починається.
conversation-unread = Ще не прочитано
conversation-newest = До нових
conversation-newest-count = { $count ->
    [one] { $count } нове повідомлення
    [few] { $count } нові повідомлення
    [many] { $count } нових повідомлень
   *[other] { $count } нового повідомлення
}
conversation-removed-title = Вас більше немає в цьому осередку
conversation-removed-text = Інші виключили вас. Прочитане залишається тут; нового не буде, і надіслати нічого не можна.
conversation-left-title = Ви вийшли з цього осередку
conversation-left-text = Прочитане залишається тут; нового не буде, і надіслати нічого не можна.
conversation-suspended-title = Ваш пристрій призупинено
conversation-suspended-text = Під двома різними записами стоїть його підпис. Поговоріть з іншими особисто.
conversation-removal = Учасника { $name } виключено, але { $missing } із { $of } ще не застосували це. Доки не дізнаються, вони можуть писати й йому.
conversation-warning-people = Показати учасників
conversation-more-warnings = { $count ->
    [one] І ще { $count }
    [few] І ще { $count }
    [many] І ще { $count }
   *[other] І ще { $count }
}

reach-alone = Більше тут поки нікого
reach-nobody = Нікого на зв’язку. Написане чекає на цьому пристрої.
reach-some = на зв’язку { $have } із { $of }
reach-catching-up = на зв’язку { $have } із { $of }, наздоганяємо
reach-synced = на зв’язку { $have } із { $of }, усе збігається з { $time }
reach-offline = Ви не в мережі
reach-over = Лише те, що було раніше

message-you = Ви
message-unknown = Хтось, кого тут не знають
message-deleted = Повідомлення видалено
message-edited = змінено
message-label = { $name }, { $text }, { $time }
message-label-edited = { $name }, { $text }, { $time }, змінено
message-label-mine = Ви, { $text }, { $time }, { $state }
message-reply-to = Відповідь на { $name }: { $text }
message-quote-gone = Повідомлення тут немає
message-more = Що можна зробити з цим повідомленням
message-unfold = Показати все
message-fold = Згорнути
message-reactions = Відгуки
message-reaction = { $emoji } — { $names }
message-reply = Відповісти
message-react = Відгукнутися
message-edit = Змінити
message-details = Подробиці
message-copy = Копіювати текст
message-delete = Видалити…
message-copied = Скопійовано. Інші програми можуть це прочитати.
message-went = Повідомлення надіслано

delivery-alone = Лише тут
delivery-waiting = Чекає на цьому пристрої
delivery-some = На { $have } із { $of } пристроїв
delivery-all = { $of ->
    [one] На всіх пристроях: { $of }
    [few] На всіх { $of } пристроях
    [many] На всіх { $of } пристроях
   *[other] На всіх { $of } пристроях
}

react-title = Відгукнутися
react-other = Інший
react-other-hint = Один емодзі
react-use = Вибрати

delete-title = Видалити це повідомлення?
delete-here = Видалити в себе
delete-here-text = Воно зникне з цього пристрою. В інших залишиться.
delete-all = Видалити в усіх
delete-all-text = Інших попросять видалити його. Хто встиг скопіювати, сфотографувати або не виходить на зв’язок, може його зберегти.
delete-done = Видалено

details-title = Подробиці
details-sent = Надіслано
details-edited = Змінено
details-state = Де воно
details-audience = { $count ->
    [one] Коли його надіслали, прочитати могла { $count } людина.
    [few] Коли його надіслали, прочитати могли { $count } людини, рахуючи автора.
    [many] Коли його надіслали, прочитати могли { $count } людей, рахуючи автора.
   *[other] Коли його надіслали, прочитати могли { $count } людини, рахуючи автора.
}
details-waiting = Воно ще не покинуло цей пристрій. Хто зможе його прочитати, вирішиться під час надсилання.
details-has = На їхніх пристроях
details-lacks = Невідомо, чи дійшло
details-lacks-text = Вони отримають його, коли зустрінуть будь-кого, у кого воно є.
details-failed = Подробиці не вдалося прочитати.

compose-label = Повідомлення в { $cell }
compose-placeholder = Написати повідомлення
compose-send = Надіслати
compose-save-edit = Зберегти зміну
compose-replying = Відповідь на { $name }
compose-replying-self = Відповідь самому собі
compose-editing = Ви змінюєте своє повідомлення
compose-drop-reply = Не відповідати
compose-drop-edit = Залишити як було
compose-left = { $count ->
    [one] Залишився { $count } знак
    [few] Залишилося { $count } знаки
    [many] Залишилося { $count } знаків
   *[other] Залишилося { $count } знака
}
compose-too-long = { $count ->
    [one] Довше на { $count } байт. Скоротіть або надішліть частинами.
    [few] Довше на { $count } байти. Скоротіть або надішліть частинами.
    [many] Довше на { $count } байтів. Скоротіть або надішліть частинами.
   *[other] Довше на { $count } байта. Скоротіть або надішліть частинами.
}
compose-mention = Згадати когось
compose-mention-found = { $count ->
    [one] { $count } ім’я
    [few] { $count } імені
    [many] { $count } імен
   *[other] { $count } імені
}

search-title-here = Пошук у цьому осередку
search-title-all = Пошук усюди
search-label = Які слова шукати
search-teach = Шукаємо в усьому, що є на цьому пристрої; ніщо його не покидає.
search-none = Нічого не знайшлося.
search-found = { $count ->
    [one] Знайдено { $count } повідомлення
    [few] Знайдено { $count } повідомлення
    [many] Знайдено { $count } повідомлень
   *[other] Знайдено { $count } повідомлення
}
search-full = Показано лише останні { $count }. Додайте слово, щоб звузити пошук.
message-from-channel = З каналу { $name }, { $day }, з підписом
