first-title = Ваш перший осередок
first-title-another = Ще один осередок
first-lead = Осередок — це кілька людей, які знають одне одного. Немає ні сервера, ні спільного списку осередків.
found-title = Створити осередок
found-text = Ви починаєте й запрошуєте решту по одному.
found-name = Як його назвати?
found-name-hint = Наприклад, «{ $name }». Цю назву бачать усі учасники.
found-you = Ваше ім’я в ньому
found-you-hint = У кожному осередку ви — окрема людина. Однакове ім’я у двох зв’язало б їх.
found-other = Інше ім’я
found-more = Ще
found-suite = Захист
found-suite-xwing = І від квантових комп’ютерів майбутнього, до 25 людей
found-suite-x25519 = Звичайний на сьогодні, до 50 людей
found-suite-hint = Майже всім підходить перший. Потім його не змінити.
found-button = Створити осередок
found-working = Створюємо…
found-join-title = Увійти за запрошенням
found-join-text = Вам дали посилання, файл або картинку.
found-join-button = У мене є запрошення

join-title = Увійти в осередок
join-lead = Запрошення годиться для однієї людини й однієї спроби.
join-link = Вставте посилання
join-link-hint = Воно починається з vigil:
join-file = Відкрити файл…
join-picture = Або перетягніть сюди картинку з кодом, або вставте її.
join-picture-type = Читаються лише картинки PNG і JPEG.
join-picture-large = Картинка завелика. Обріжте її до коду.
join-picture-none = На цій картинці немає запрошення. Візьміть чіткішу, де код видно цілком.
join-got-link = Запрошення є.
join-broken = Це не ціле запрошення. Скопіюйте його повністю, від vigil: до кінця.
join-name = Ваше ім’я в цьому осередку
join-name-hint = Його побачать учасники. Воно може відрізнятися від вашого імені деінде.
join-address = Той, хто запросив, і кожен, у кого є це посилання, може дізнатися вашу інтернет-адресу.
join-button = Увійти
join-cancel = Скасувати
join-back = Назад
join-waiting-title = Дорогою в осередок
join-stage-reach = Зв’язуємося з тим, хто запросив
join-stage-compare = Звіряєте фразу
join-stage-enter = Вас впускають
join-stage-done = готово
join-elapsed-seconds = Минуло { $seconds } с
join-elapsed-minutes = Минуло { $minutes } хв { $seconds } с
join-wait-hint = Зараз ви обоє маєте бути в мережі. Ми пробуємо хвилину.
join-wait-long = Це довше, ніж зазвичай. Спитайте, чи відкрита в іншої людини програма, і чи ви в одній мережі — або чи можна до неї достукатися ззовні.
join-phrase-title = Ви обоє бачите це?
join-phrase-lead = Прочитайте це одне одному голосом або особисто. Не листом: хто міг підмінити запрошення, міг би підмінити й лист.
join-phrase-then = Якщо збіглося, вас упустять з того боку. Якщо ні, зупиніться тут.
join-phrase-time = На це є 15 хвилин.
join-phrase-stop = Не збіглося, стоп
join-joined-title = Ви в осередку
join-joined-lead = Що скажуть тепер, ви прочитаєте. Що було раніше, лишилося в тих, хто був тоді.
join-joined-button = Відкрити осередок
join-failed-title = Увійти не вдалося
join-failed-again = Спробувати з іншим запрошенням
join-look = Подивитися
join-stopped = Ви зупинилися. Щоб спробувати ще раз, попросіть нове запрошення.

invites-title = Запросити
invites-lead = Одне запрошення — для однієї людини, на один раз.
invites-for = Діє
invites-hour = { $hours ->
    [one] { $hours } годину
    [few] { $hours } години
    [many] { $hours } годин
   *[other] { $hours } години
  }
invites-days = { $days ->
    [one] { $days } день
    [few] { $days } дні
    [many] { $days } днів
   *[other] { $days } дня
  }
invites-make = Зробити запрошення
invites-making = Робимо…
invites-another = Зробити ще одне
invites-link = Посилання
invites-copy = Скопіювати посилання
invites-copied = Скопійовано. За 30 секунд буфер обміну очиститься; програми, що ведуть його історію, можуть посилання зберегти.
invites-save = Зберегти файлом…
invites-saved = Збережено.
invites-qr = QR-код запрошення
invites-qr-hint = Хай його сфотографують, або надішліть картинкою.
invites-next-title = Що далі
invites-next-give = Передайте його одній людині шляхом, якому ви обоє довіряєте. Той, у кого воно є, може постукати замість неї й бачить вашу інтернет-адресу.
invites-next-online = Лишайтеся в мережі й не блокуйте програму, доки людина не ввійде.
invites-next-compare = Коли вона постукає, ви обоє побачите ту саму фразу. Звірте її голосом або особисто й тоді впустіть.
invites-until = До { $time }, на одну спробу
invites-list = Запрошення
invites-none = Запрошень немає.
invites-state-open = Чекає
invites-state-used = Використано
invites-state-expired = Минув строк
invites-state-withdrawn = Відкликано
invites-withdraw = Відкликати
invites-withdraw-label = Відкликати запрошення, що діє до { $time }
invites-withdrawn = Відкликано. Увійти за ним уже не можна.

request-title = { $name }: просить упустити
request-cell = в осередок { $cell }
request-lead = Зателефонуйте або зустріньтеся. Хай { $name } прочитає вам свою фразу. Це вона?
request-phrase = Фраза
request-name = «{ $name }» — це лише ім’я, яким людина назвалася. Ви точно знаєте, хто це?
request-same = Збігається, впустити
request-differ = Не збігається, відмовити
request-accepted = { $name }: впускаємо.
request-refused = Відмовлено. Запрошення більше не діє.
request-later = Відповісти пізніше
request-answer = Відповісти
