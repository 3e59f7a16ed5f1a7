# Призывы: что сделать, кто придёт и кто снова дома.

calls = Призывы
calls-all = Все призывы
calls-none = Призывов пока нет
calls-none-text = Призыв говорит, что сделать, когда и насколько это опасно. Кто придёт и куда — остаётся в этой ячейке.
call-new = Новый призыв
call-open = Показать
call-off = Отменён
call-off-title = Отменено: { $title }
call-off-text = Этого не будет. Не ходите туда. Скажите тем, кто, как вы знаете, уже в пути.
call-off-done = Отменено. Все увидят это первым.
call-kind-vigil = Тихий пикет
call-kind-leafleting = Листовки
call-kind-memorial = Память
call-kind-slogan = Слова на вещах
call-kind-fund = Стачечный фонд
call-kind-information = Распространение знаний
call-kind-custom = Другое
call-risk = Насколько опасно
call-risk-1 = Почти без риска
call-risk-2 = Риск есть
call-risk-3 = Могут задержать
call-risk-4 = Скорее всего задержат
call-risk-5 = Вероятно уголовное дело
call-when = { $day }, { $time }
call-any-day = В любой день до { $until }
call-days = { $from } — { $until }
call-mine-in = вы участвуете
call-mine-maybe = вы, может быть, придёте
call-mine-out = вас не будет
call-answer-wanted = Вы с нами?
call-answers = Кто придёт
call-answers-stay = Ответы не покидают эту ячейку.
call-in = Участвую
call-maybe = Может быть
call-out = Не в этот раз
call-who-in = Участвуют: { $names }
call-who-maybe = Может быть: { $names }
call-who-out = Не в этот раз: { $names }
call-by = { $name }, { $time }
call-what = Что делаем
call-steps = По шагам
call-criteria = Какое место
call-criteria-hint = Не адрес: «людная площадь с памятником, днём».
call-bring = Взять с собой
call-leave = Оставить дома
call-abort = Уходить, если
call-if-stopped = Если остановят, скажите
call-roles = Роли
call-role-taken = { $taken } из { $count }
call-role-waiting = Подстрахуют: { $names }
call-role-take = Взять
call-role-take-named = Взять роль: { $role }
call-role-leave = Отказаться
call-role-leave-named = Отказаться от роли: { $role }
call-plan = Где и когда
call-place = Место
call-place-hint = Словами, понятными своим. Без ссылок.
call-time = Время
call-plan-none = Ещё не решено
call-plan-by = Назначено: { $name }
call-plan-change = Изменить
call-plan-stays = Никогда не покидает эту ячейку.
call-lists = Списки дел
call-list-before = До
call-list-during = Во время
call-list-after = После
call-list-held = Если кого-то задержали
call-check-in = Снова дома
call-check-in-unplanned = Когда назначено время, каждый, кто идёт, говорит здесь, что он дома.
call-home = Я дома
call-home-hint = Достаточно одного нажатия.
call-home-done = Хорошо. Остальные видят, что вы дома.
call-home-lead = { $title }: вы дома?
call-due = Ждём до { $time }
call-state-expected = в пути
call-state-asked = спрашиваем
call-state-missed = ещё не дома
call-state-home = дома
call-buddy = Кого спросить первым, если вы не вернётесь
call-buddy-hint = Лучше того, кто не стоит рядом с вами.
call-buddy-none = Никого отдельно
call-buddy-title = Дома ли { $name }?
call-buddy-text = Вас спрашивают первым. Остальные узнают, только если никто не знает.
call-missed-title = Не вернулся домой: { $name }
call-missed-text = Время вышло, вестей нет. Может быть, просто сел телефон. Посмотрите, что делать.
call-missed-do = Что делать
call-missed-lead = Ждали до { $time }. Может быть, просто сел телефон. Делайте одно за другим.
call-missed-lead-now = Может быть, просто сел телефон. Делайте одно за другим.
call-missed-ask = Спросите
call-missed-ask-text = Спросите тех, кто был рядом ({ $name }), и домашних. Не только через эту программу.
call-missed-help = Позовите на помощь
call-missed-help-text = Первые часы важнее всего. Назовите имя и где это было; о других — ничего.
call-missed-shut = Отключите устройство
call-missed-shut-text = Тогда тот, у кого в руках устройство ({ $name }), не прочтёт ничего из сказанного дальше. Если { $name } вернётся до конца голосования, всё отменяется.
call-missed-change = Смените то, что было известно
call-missed-change-text = Места, время и слова, которые знал этот человек ({ $name }). Не ждите, пока о них спросят. Новые ключи делаются одним нажатием.
call-came-home = { $name } дома
call-came-home-text = Больше ничего не нужно.
call-vote = Голосовать за отключение
call-voted = Вы проголосовали
call-vote-counted = Ваш голос учтён.
call-vote-take-back = Взять обратно
call-vote-taken-back = Взято обратно.
call-card = Правовая памятка
call-card-save = Сохранить для печати…
call-card-saved = Сохранено. Выучите номер, бумагу оставьте дома.
call-print = На бумаге
call-print-hint = Лист, чтобы повесить, списки и правовая памятка в PDF: A4 или A6 для кармана. Того, о чём договорились в ячейке, на нём нет: ни места, ни времени, ни имён.
call-print-a4 = A4 для печати…
call-print-a6 = A6 для печати…
call-printed = Сохранено. Напечатанное могут найти: берите только туда, где оно нужно.
call-checked-on = проверено { $date }
call-no-legal-aid = На памятке нет номера адвоката. Договоритесь о нём до выхода.
call-not-advice = Это не юридическая консультация.
call-cancel = Отменить…
call-cancel-hint = Призыв ваш, отменить его можно в любой момент.
call-cancel-title = Отменить: { $title }?
call-cancel-text = Все в ячейке увидят это прежде всего. Вернуть нельзя. Кто не в сети, узнает поздно: скажите им иначе.
call-cancel-reason = Почему, в двух словах
call-cancel-reason-hint = Например: на площади полиция.
call-cancel-not = Оставить
call-erased = Всё это исчезнет само { $time } со всех устройств ячейки, которые тогда работают.
call-preset-lead = Возьмите готовый и измените то, что у вас иначе.
call-edit = К чему вы призываете
call-preview = Прежде чем он уйдёт
call-look = Проверить
call-share = Отправить: { $cell }
call-shared = Призыв в ячейке.
call-title = Название
call-why = Зачем, одной фразой
call-from = С
call-until = По
call-until-hint = Потом он исчезнет.
call-duration = Минут
call-most = Людей не больше
call-lines-hint = Каждое с новой строки
call-entry-save = Сохранить запись в календарь…
call-entry-saved = Сохранено. Это вторая копия: удалите её, когда всё пройдёт.
call-entry-hint = Только название и время, вне этой программы и без защиты.
call-change = Изменить…
call-change-title = Изменить призыв
call-change-share = Сообщить: { $cell }
call-changed = Изменено. Все видят новые слова.
call-legal-aid = Кому звонить, если кого-то задержали
call-legal-aid-hint = Позвоните по номеру один раз, прежде чем записать его сюда.
call-legal-aid-name = Кто
call-legal-aid-number = Номер
call-legal-aid-hours = Когда
call-legal-aid-more = Ещё номер
call-asks = Спрашивать, все ли дома
call-asks-hint = Кто идёт, отмечается одним нажатием. Кто не отметился, того ищут.
call-grace = Минут после конца
call-who-sees = Кто что увидит
call-sees-here = Что вы отметите и кого назовёте, увидит тоже только ячейка.
call-sees-nobody = Никто вне её не увидит ничего из этого призыва.
call-sees-outside = Часть будет видна вне этой ячейки.
call-problem-empty = Не хватает нужного. Вернитесь и допишите.
call-problem-long = Что-то слишком длинно. Сократите.
call-problem-range = Число или день не подходят.
call-problem-past = День уже прошёл.
call-problem-place = Похоже на адрес или координаты. Опишите, какое место; само место — в плане.
call-problem-link = В нём ссылка. Ссылки выдают тех, кто их открывает; напишите словами.
call-problem-phone = В нём телефонный номер. Он для всех, кто это прочтёт?
call-problem-legal = В нём нет номера адвоката.
call-problem-legal-old = То, что в нём о законе, проверяли давно.
call-problem-languages = На разных языках сказано разное.
call-problem-other = Что-то в нём не подходит.
call-count-in = { $count ->
    [one] участвует { $count }
    [few] участвуют { $count }
    [many] участвуют { $count }
   *[other] участвуют { $count }
}
call-ticked = { $count ->
    [one] отметил { $count } человек
    [few] отметили { $count } человека
    [many] отметили { $count } человек
   *[other] отметили { $count } человека
}
call-votes = { $count ->
    [one] { $count } голос из { $needed }
    [few] { $count } голоса из { $needed }
    [many] { $count } голосов из { $needed }
   *[other] { $count } голоса из { $needed }
}
call-sees-cell = { $count ->
    [one] { $cell }, пока только вы: призыв, ответы, роли, место и время.
    [few] { $count } участника ячейки { $cell }: призыв, ответы, роли, место и время.
    [many] { $count } участников ячейки { $cell }: призыв, ответы, роли, место и время.
   *[other] { $count } участника ячейки { $cell }: призыв, ответы, роли, место и время.
}
call-from-channel = Из канала { $name }, показан с его подписями.
call-from-channel-changed = Здесь он изменён.
call-off-there = { $name } отменяет этот призыв. Ячейка ещё не знает.
call-off-there-tell = Сказать ячейке
call-off-there-hint = Ячейка тогда увидит, что вы читаете этот канал.
call-changed-there = { $name } изменяет этот призыв. Здесь он такой, каким его взяли.
