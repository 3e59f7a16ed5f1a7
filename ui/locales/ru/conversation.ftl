# Что говорят в ячейке и как сказать самому.

conversation-messages = Сообщения в { $cell }
conversation-back = Назад к ячейкам
conversation-search = Искать в этой ячейке
conversation-members = Участники
conversation-invite = Пригласить
conversation-cell-settings = Настройки этой ячейки
conversation-more = Ещё
conversation-empty-title = Пока ничего не сказано
conversation-empty-text = Написанное здесь прочитают участники этой ячейки и больше никто. Оно ждёт на этом устройстве, пока кто-то из них не окажется на связи.
conversation-alone-title = Вы здесь первые
conversation-alone-text = В ячейке должно быть хотя бы двое. Пригласите того, кому доверяете, и сверьте с ним фразу голосом.
conversation-failed = Сообщения не удалось прочитать.
conversation-beginning = Здесь всё начинается.
conversation-unread = Ещё не прочитано
conversation-newest = К новым
conversation-newest-count = { $count ->
    [one] { $count } новое сообщение
    [few] { $count } новых сообщения
    [many] { $count } новых сообщений
   *[other] { $count } нового сообщения
}
conversation-removed-title = Вас больше нет в этой ячейке
conversation-removed-text = Другие исключили вас. Прочитанное остаётся здесь; нового не будет, и отправить ничего нельзя.
conversation-left-title = Вы вышли из этой ячейки
conversation-left-text = Прочитанное остаётся здесь; нового не будет, и отправить ничего нельзя.
conversation-suspended-title = Ваше устройство приостановлено
conversation-suspended-text = Под двумя разными записями стоит его подпись. Поговорите с другими лично.
conversation-removal = Участник { $name } исключён, но { $missing } из { $of } ещё не применили это. Пока не узнают, они могут писать и ему.
conversation-warning-people = Показать участников
conversation-more-warnings = { $count ->
    [one] И ещё { $count }
    [few] И ещё { $count }
    [many] И ещё { $count }
   *[other] И ещё { $count }
}

reach-alone = Больше здесь пока никого
reach-nobody = Никого на связи. Написанное ждёт на этом устройстве.
reach-some = на связи { $have } из { $of }
reach-catching-up = на связи { $have } из { $of }, догоняем
reach-synced = на связи { $have } из { $of }, всё совпадает с { $time }
reach-offline = Вы не в сети
reach-over = Только то, что было раньше

message-you = Вы
message-unknown = Кто-то, кого здесь не знают
message-deleted = Сообщение удалено
message-edited = изменено
message-label = { $name }, { $text }, { $time }
message-label-edited = { $name }, { $text }, { $time }, изменено
message-label-mine = Вы, { $text }, { $time }, { $state }
message-reply-to = Ответ на { $name }: { $text }
message-quote-gone = Сообщения здесь нет
message-more = Что можно сделать с этим сообщением
message-unfold = Показать всё
message-fold = Свернуть
message-reactions = Отклики
message-reaction = { $emoji } — { $names }
message-reply = Ответить
message-react = Отозваться
message-edit = Изменить
message-details = Подробности
message-copy = Копировать текст
message-delete = Удалить…
message-copied = Скопировано. Другие программы могут это прочитать.
message-went = Сообщение отправлено

delivery-alone = Только здесь
delivery-waiting = Ждёт на этом устройстве
delivery-some = На { $have } из { $of } устройств
delivery-all = { $of ->
    [one] На всех устройствах: { $of }
    [few] На всех { $of } устройствах
    [many] На всех { $of } устройствах
   *[other] На всех { $of } устройствах
}

react-title = Отозваться
react-other = Другой
react-other-hint = Один эмодзи
react-use = Выбрать

delete-title = Удалить это сообщение?
delete-here = Удалить у себя
delete-here-text = Оно исчезнет с этого устройства. У других останется.
delete-all = Удалить у всех
delete-all-text = Других попросят удалить его. Кто успел скопировать, сфотографировать или не выходит на связь, может его сохранить.
delete-done = Удалено

details-title = Подробности
details-sent = Отправлено
details-edited = Изменено
details-state = Где оно
details-audience = { $count ->
    [one] Когда его отправили, прочитать мог { $count } человек.
    [few] Когда его отправили, прочитать могли { $count } человека, считая автора.
    [many] Когда его отправили, прочитать могли { $count } человек, считая автора.
   *[other] Когда его отправили, прочитать могли { $count } человека, считая автора.
}
details-waiting = Оно ещё не покинуло это устройство. Кто сможет его прочитать, решится при отправке.
details-has = На их устройствах
details-lacks = Неизвестно, дошло ли
details-lacks-text = Они получат его, когда встретят любого, у кого оно есть.
details-failed = Подробности не удалось прочитать.

compose-label = Сообщение в { $cell }
compose-placeholder = Написать сообщение
compose-send = Отправить
compose-save-edit = Сохранить изменение
compose-replying = Ответ на { $name }
compose-replying-self = Ответ самому себе
compose-editing = Вы изменяете своё сообщение
compose-drop-reply = Не отвечать
compose-drop-edit = Оставить как было
compose-left = { $count ->
    [one] Остался { $count } знак
    [few] Осталось { $count } знака
    [many] Осталось { $count } знаков
   *[other] Осталось { $count } знака
}
compose-too-long = { $count ->
    [one] Длиннее на { $count } байт. Сократите или отправьте частями.
    [few] Длиннее на { $count } байта. Сократите или отправьте частями.
    [many] Длиннее на { $count } байт. Сократите или отправьте частями.
   *[other] Длиннее на { $count } байта. Сократите или отправьте частями.
}
compose-mention = Упомянуть кого-нибудь
compose-mention-found = { $count ->
    [one] { $count } имя
    [few] { $count } имени
    [many] { $count } имён
   *[other] { $count } имени
}

search-title-here = Поиск в этой ячейке
search-title-all = Поиск везде
search-label = Какие слова искать
search-teach = Ищем по всему, что есть на этом устройстве; ничего его не покидает.
search-none = Ничего не нашлось.
search-found = { $count ->
    [one] Найдено { $count } сообщение
    [few] Найдено { $count } сообщения
    [many] Найдено { $count } сообщений
   *[other] Найдено { $count } сообщения
}
search-full = Показаны только последние { $count }. Добавьте слово, чтобы сузить поиск.
message-from-channel = Из канала { $name }, { $day }, с подписью
