first-title = Ваша первая ячейка
first-title-another = Ещё одна ячейка
first-lead = Ячейка — это несколько человек, которые знают друг друга. Нет ни сервера, ни общего списка ячеек.
found-title = Создать ячейку
found-text = Вы начинаете и приглашаете остальных по одному.
found-name = Как её назвать?
found-name-hint = Например, «{ $name }». Это название видят все участники.
found-you = Ваше имя в ней
found-you-hint = В каждой ячейке вы — отдельный человек. Одинаковое имя в двух связало бы их.
found-other = Другое имя
found-more = Ещё
found-suite = Защита
found-suite-xwing = И от квантовых компьютеров будущего, до 25 человек
found-suite-x25519 = Обычная на сегодня, до 50 человек
found-suite-hint = Почти всем подходит первая. Потом её не поменять.
found-button = Создать ячейку
found-working = Создаём…
found-join-title = Войти по приглашению
found-join-text = Вам дали ссылку, файл или картинку.
found-join-button = У меня есть приглашение

join-title = Войти в ячейку
join-lead = Приглашение годится для одного человека и одной попытки.
join-link = Вставьте ссылку
join-link-hint = Она начинается с vigil:
join-file = Открыть файл…
join-picture = Или перетащите сюда картинку с кодом, или вставьте её.
join-picture-type = Читаются только картинки PNG и JPEG.
join-picture-large = Картинка слишком большая. Обрежьте её до кода.
join-picture-none = На этой картинке нет приглашения. Возьмите более чёткую, где код виден целиком.
join-got-link = Приглашение есть.
join-broken = Это не целое приглашение. Скопируйте его полностью, от vigil: до конца.
join-name = Ваше имя в этой ячейке
join-name-hint = Его увидят участники. Оно может отличаться от вашего имени в других местах.
join-address = Пригласивший и любой, у кого есть эта ссылка, может узнать ваш интернет-адрес.
join-button = Войти
join-cancel = Отмена
join-back = Назад
join-waiting-title = На пути в ячейку
join-stage-reach = Связываемся с тем, кто пригласил
join-stage-compare = Сверяете фразу
join-stage-enter = Вас впускают
join-stage-done = готово
join-elapsed-seconds = Прошло { $seconds } с
join-elapsed-minutes = Прошло { $minutes } мин { $seconds } с
join-wait-hint = Сейчас вы оба должны быть в сети. Мы пробуем минуту.
join-wait-long = Это дольше обычного. Спросите, открыта ли у другого человека программа, и в одной ли вы сети — или можно ли до него достучаться снаружи.
join-phrase-title = Вы оба видите это?
join-phrase-lead = Прочтите это друг другу голосом или лично. Не письмом: кто мог подменить приглашение, мог бы подменить и письмо.
join-phrase-then = Если совпало, вас впустят с той стороны. Если нет, остановитесь здесь.
join-phrase-time = На это есть 15 минут.
join-phrase-stop = Не совпало, стоп
join-joined-title = Вы в ячейке
join-joined-lead = Что скажут теперь, вы прочтёте. Что было раньше, осталось у тех, кто был тогда.
join-joined-button = Открыть ячейку
join-failed-title = Войти не удалось
join-failed-again = Попробовать с другим приглашением
join-look = Посмотреть
join-stopped = Вы остановились. Чтобы попробовать ещё раз, попросите новое приглашение.

invites-title = Пригласить
invites-lead = Одно приглашение — для одного человека, на один раз.
invites-for = Действует
invites-hour = { $hours ->
    [one] { $hours } час
    [few] { $hours } часа
    [many] { $hours } часов
   *[other] { $hours } часа
  }
invites-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
    [many] { $days } дней
   *[other] { $days } дня
  }
invites-make = Сделать приглашение
invites-making = Делаем…
invites-another = Сделать ещё одно
invites-link = Ссылка
invites-copy = Скопировать ссылку
invites-copied = Скопировано. Через 30 секунд буфер обмена очистится; программы, которые ведут его историю, могут ссылку сохранить.
invites-save = Сохранить файлом…
invites-saved = Сохранено.
invites-qr = QR-код приглашения
invites-qr-hint = Пусть его сфотографируют, или отправьте картинкой.
invites-next-title = Что дальше
invites-next-give = Передайте его одному человеку путём, которому вы оба доверяете. Тот, у кого оно есть, может постучаться вместо него и видит ваш интернет-адрес.
invites-next-online = Оставайтесь в сети и не блокируйте программу, пока человек не войдёт.
invites-next-compare = Когда он постучится, вы оба увидите одну и ту же фразу. Сверьте её голосом или лично и тогда впустите.
invites-until = До { $time }, на одну попытку
invites-list = Приглашения
invites-none = Приглашений нет.
invites-state-open = Ждёт
invites-state-used = Использовано
invites-state-expired = Истекло
invites-state-withdrawn = Отозвано
invites-withdraw = Отозвать
invites-withdraw-label = Отозвать приглашение, которое действует до { $time }
invites-withdrawn = Отозвано. Войти по нему уже нельзя.

request-title = { $name }: просит впустить
request-cell = в ячейку { $cell }
request-lead = Позвоните или встретьтесь. Пусть { $name } прочтёт вам свою фразу. Это она?
request-phrase = Фраза
request-name = «{ $name }» — это только имя, которым человек назвался. Вы точно знаете, кто это?
request-same = Совпадает, впустить
request-differ = Не совпадает, отказать
request-accepted = { $name }: впускаем.
request-refused = Отказано. Приглашение больше не действует.
request-later = Ответить позже
request-answer = Ответить
