# Заклики: що зробити, хто прийде і хто знову вдома.

calls = Заклики
calls-all = Усі заклики
calls-none = Закликів поки немає
calls-none-text = Заклик каже, що зробити, коли й наскільки це небезпечно. Хто прийде й куди — лишається в цьому осередку.
call-new = Новий заклик
call-open = Показати
call-off = Скасовано
call-off-title = Скасовано: { $title }
call-off-text = Цього не буде. Не йдіть туди. Скажіть тим, хто, як ви знаєте, вже в дорозі.
call-off-done = Скасовано. Усі побачать це першим.
call-kind-vigil = Тихий пікет
call-kind-leafleting = Листівки
call-kind-memorial = Пам’ять
call-kind-slogan = Слова на речах
call-kind-fund = Страйковий фонд
call-kind-information = Поширення знань
call-kind-custom = Інше
call-risk = Наскільки небезпечно
call-risk-1 = Майже без ризику
call-risk-2 = Ризик є
call-risk-3 = Можуть затримати
call-risk-4 = Найімовірніше затримають
call-risk-5 = Імовірна кримінальна справа
call-when = { $day }, { $time }
call-any-day = Будь-якого дня до { $until }
call-days = { $from } — { $until }
call-mine-in = ви берете участь
call-mine-maybe = ви, можливо, прийдете
call-mine-out = вас не буде
call-answer-wanted = Ви з нами?
call-answers = Хто прийде
call-answers-stay = Відповіді не залишають цей осередок.
call-in = Беру участь
call-maybe = Можливо
call-out = Не цього разу
call-who-in = Беруть участь: { $names }
call-who-maybe = Можливо: { $names }
call-who-out = Не цього разу: { $names }
call-by = { $name }, { $time }
call-what = Що робимо
call-steps = По кроках
call-criteria = Яке місце
call-criteria-hint = Не адреса: «людна площа з пам’ятником, удень».
call-bring = Узяти з собою
call-leave = Лишити вдома
call-abort = Іти, якщо
call-if-stopped = Якщо зупинять, скажіть
call-roles = Ролі
call-role-taken = { $taken } із { $count }
call-role-waiting = Підстрахують: { $names }
call-role-take = Узяти
call-role-take-named = Узяти роль: { $role }
call-role-leave = Відмовитися
call-role-leave-named = Відмовитися від ролі: { $role }
call-plan = Де й коли
call-place = Місце
call-place-hint = Словами, зрозумілими своїм. Без посилань.
call-time = Час
call-plan-none = Ще не вирішено
call-plan-by = Призначено: { $name }
call-plan-change = Змінити
call-plan-stays = Ніколи не залишає цей осередок.
call-lists = Списки справ
call-list-before = До
call-list-during = Під час
call-list-after = Після
call-list-held = Якщо когось затримали
call-check-in = Знову вдома
call-check-in-unplanned = Коли призначено час, кожен, хто йде, каже тут, що він удома.
call-home = Я вдома
call-home-hint = Досить одного натискання.
call-home-done = Добре. Інші бачать, що ви вдома.
call-home-lead = { $title }: ви вдома?
call-due = Чекаємо до { $time }
call-state-expected = у дорозі
call-state-asked = питаємо
call-state-missed = ще не вдома
call-state-home = вдома
call-buddy = Кого спитати першим, якщо ви не повернетеся
call-buddy-hint = Краще того, хто не стоїть поруч із вами.
call-buddy-none = Нікого окремо
call-buddy-title = Чи вдома { $name }?
call-buddy-text = Вас питають першим. Інші дізнаються, лише якщо ніхто не знає.
call-missed-title = Не повернувся додому: { $name }
call-missed-text = Час минув, звісток немає. Можливо, просто сів телефон. Подивіться, що робити.
call-missed-do = Що робити
call-missed-lead = Чекали до { $time }. Можливо, просто сів телефон. Робіть одне за одним.
call-missed-lead-now = Можливо, просто сів телефон. Робіть одне за одним.
call-missed-ask = Спитайте
call-missed-ask-text = Спитайте тих, хто був поруч ({ $name }), і домашніх. Не лише через цю програму.
call-missed-help = Покличте на допомогу
call-missed-help-text = Перші години найважливіші. Назвіть ім’я і де це було; про інших — нічого.
call-missed-shut = Вимкніть пристрій
call-missed-shut-text = Тоді той, у кого в руках пристрій ({ $name }), не прочитає нічого зі сказаного далі. Якщо { $name } повернеться до кінця голосування, усе скасовується.
call-missed-change = Змініть те, що було відомо
call-missed-change-text = Місця, час і слова, які знала ця людина ({ $name }). Не чекайте, поки про них спитають. Нові ключі — одним натисканням.
call-came-home = { $name } вдома
call-came-home-text = Більше нічого не треба.
call-vote = Голосувати за вимкнення
call-voted = Ви проголосували
call-vote-counted = Ваш голос ураховано.
call-vote-take-back = Узяти назад
call-vote-taken-back = Узято назад.
call-card = Правова пам’ятка
call-card-save = Зберегти для друку…
call-card-saved = Збережено. Вивчіть номер, папір лишіть удома.
call-print = На папері
call-print-hint = Аркуш, щоб повісити, списки й правова пам’ятка в PDF: A4 або A6 для кишені. Того, про що домовилися в осередку, на ньому немає: ні місця, ні часу, ні імен.
call-print-a4 = A4 для друку…
call-print-a6 = A6 для друку…
call-printed = Збережено. Надруковане можуть знайти: беріть лише туди, де воно потрібне.
call-checked-on = перевірено { $date }
call-no-legal-aid = На пам’ятці немає номера адвоката. Домовтеся про нього до виходу.
call-not-advice = Це не юридична консультація.
call-cancel = Скасувати…
call-cancel-hint = Заклик ваш, скасувати його можна будь-коли.
call-cancel-title = Скасувати: { $title }?
call-cancel-text = Усі в осередку побачать це насамперед. Повернути не можна. Хто не в мережі, дізнається пізно: скажіть їм інакше.
call-cancel-reason = Чому, двома словами
call-cancel-reason-hint = Наприклад: на площі поліція.
call-cancel-not = Залишити
call-erased = Усе це зникне само { $time } з усіх пристроїв осередку, які тоді працюють.
call-preset-lead = Візьміть готовий і змініть те, що у вас інакше.
call-edit = До чого ви закликаєте
call-preview = Перш ніж він піде
call-look = Перевірити
call-share = Надіслати: { $cell }
call-shared = Заклик в осередку.
call-title = Назва
call-why = Навіщо, одним реченням
call-from = З
call-until = По
call-until-hint = Потім він зникне.
call-duration = Хвилин
call-most = Людей не більше
call-lines-hint = Кожне з нового рядка
call-entry-save = Зберегти запис у календар…
call-entry-saved = Збережено. Це друга копія: видаліть її, коли все мине.
call-entry-hint = Лише назва й час, поза цією програмою і без захисту.
call-change = Змінити…
call-change-title = Змінити заклик
call-change-share = Повідомити: { $cell }
call-changed = Змінено. Усі бачать нові слова.
call-legal-aid = Кому дзвонити, якщо когось затримали
call-legal-aid-hint = Подзвоніть за номером один раз, перш ніж записати його тут.
call-legal-aid-name = Хто
call-legal-aid-number = Номер
call-legal-aid-hours = Коли
call-legal-aid-more = Ще номер
call-asks = Питати, чи всі вдома
call-asks-hint = Хто йде, відмічається одним натисканням. Хто не відмітився, того шукають.
call-grace = Хвилин після кінця
call-who-sees = Хто що побачить
call-sees-here = Що ви позначите й кого назвете, побачить теж лише осередок.
call-sees-nobody = Ніхто поза ним не побачить нічого із цього заклику.
call-sees-outside = Частину буде видно поза цим осередком.
call-problem-empty = Бракує потрібного. Поверніться й допишіть.
call-problem-long = Щось задовге. Скоротіть.
call-problem-range = Число або день не підходять.
call-problem-past = День уже минув.
call-problem-place = Схоже на адресу чи координати. Опишіть, яке місце; саме місце — у плані.
call-problem-link = У ньому посилання. Посилання видають тих, хто їх відкриває; напишіть словами.
call-problem-phone = У ньому телефонний номер. Він для всіх, хто це прочитає?
call-problem-legal = У ньому немає номера адвоката.
call-problem-legal-old = Те, що в ньому про закон, перевіряли давно.
call-problem-languages = Різними мовами сказано різне.
call-problem-other = Щось у ньому не підходить.
call-count-in = { $count ->
    [one] бере участь { $count }
    [few] беруть участь { $count }
    [many] беруть участь { $count }
   *[other] беруть участь { $count }
}
call-ticked = { $count ->
    [one] позначила { $count } людина
    [few] позначили { $count } людини
    [many] позначили { $count } людей
   *[other] позначили { $count } людини
}
call-votes = { $count ->
    [one] { $count } голос із { $needed }
    [few] { $count } голоси з { $needed }
    [many] { $count } голосів із { $needed }
   *[other] { $count } голосу з { $needed }
}
call-sees-cell = { $count ->
    [one] { $cell }, поки лише ви: заклик, відповіді, ролі, місце й час.
    [few] { $count } учасники осередку { $cell }: заклик, відповіді, ролі, місце й час.
    [many] { $count } учасників осередку { $cell }: заклик, відповіді, ролі, місце й час.
   *[other] { $count } учасника осередку { $cell }: заклик, відповіді, ролі, місце й час.
}
call-from-channel = З каналу { $name }, показано з його підписами.
call-from-channel-changed = Тут його змінено.
call-off-there = { $name } скасовує цей заклик. Осередок ще не знає.
call-off-there-tell = Сказати осередку
call-off-there-hint = Осередок тоді побачить, що ви читаєте цей канал.
call-changed-there = { $name } змінює цей заклик. Тут він такий, яким його взяли.
