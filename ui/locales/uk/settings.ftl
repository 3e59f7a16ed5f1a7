settings-title = Налаштування
settings-search = Знайти налаштування
settings-none = Нічого з такою назвою немає.
settings-failed = Це не збереглося.
settings-found = { $count ->
    [one] Знайдено { $count } налаштування
    [few] Знайдено { $count } налаштування
    [many] Знайдено { $count } налаштувань
   *[other] Знайдено { $count } налаштування
  }

settings-look = Вигляд
settings-language = Мова
settings-language-system = Як на цьому комп’ютері
settings-theme = Кольори
settings-theme-system = Як на цьому комп’ютері
settings-theme-light = Світлі
settings-theme-dark = Темні
settings-theme-contrast = Високий контраст
settings-text-size = Розмір тексту
settings-text-size-value = { $percent } %
settings-reduce-motion = Менше руху
settings-reduce-motion-hint = Ніщо не ковзає й не тане.

settings-safety = Безпека
settings-blur = Ховати останні повідомлення в списку
settings-blur-hint = Їх видно, коли ви на них вказуєте або переходите до них із клавіатури.
settings-lock-after = Блокувати, якщо нічого не відбувається
settings-lock-never = Ніколи
settings-lock-seconds = { $count ->
    [one] { $count } секунду
    [few] { $count } секунди
    [many] { $count } секунд
   *[other] { $count } секунди
  }
settings-lock-minutes = { $count ->
    [one] { $count } хвилину
    [few] { $count } хвилини
    [many] { $count } хвилин
   *[other] { $count } хвилини
  }
settings-lock-never-hint = Тоді кожен, хто застане цей комп’ютер відкритим, застане все.
settings-lock-suspend = Блокувати, коли комп’ютер засинає
settings-notifications = Сповіщення
settings-notifications-none = Жодних
settings-notifications-content-free = Лише про те, що є нове
settings-notifications-hint = Ніколи — хто написав, ніколи — що.
settings-erase = Стерти все
settings-erase-hint = Знищує ключі й файли на цьому комп’ютері. Ctrl+Shift+Delete відкриває це звідусіль.
settings-exit-hint = Швидко піти: Ctrl+Q двічі або Esc тричі. Усе закриється, нічого не зітреться.

settings-network = Мережа
settings-online = У мережі
settings-online-hint = Якщо вимкнути, закриються всі з’єднання й усі порти. Написане почекає тут.
settings-online-count = { $count ->
    [0] Зараз нікого на зв’язку
    [one] На зв’язку { $count } учасник
    [few] На зв’язку { $count } учасники
    [many] На зв’язку { $count } учасників
   *[other] На зв’язку { $count } учасника
  }
settings-online-readers = { $count ->
    [one] і { $count } читач каналів
    [few] і { $count } читачі каналів
    [many] і { $count } читачів каналів
   *[other] і { $count } читача каналів
  }
settings-offline = Не в мережі: нічого не входить і не виходить
settings-ports = Відкриті порти
settings-ports-hint = Тут учасники й читачі каналів можуть достукатися до цього комп’ютера. Стороннім тут не відповідають нічим, що виказало б, що це.
settings-ports-none = Немає
settings-ports-where = Порти осередку змінюються в його налаштуваннях.

settings-about = Про програму
settings-version = Версія { $version }
settings-sandbox-on = Частина, що малює це вікно, замкнена: у неї немає ні мережі, ні власних файлів.
settings-sandbox-off = Частину, що малює це вікно, на цьому комп’ютері замкнути не вдалося. Помилка в ній могла б відкрити ваші файли й мережу.
settings-jit-on = У цьому вікні ввімкнено швидкі скрипти. Помилці в ньому так просторіше.
settings-swap-on = Цей комп’ютер вивантажує пам’ять на диск без шифрування. Те, що ви тут бачите, може туди потрапити. Вимкніть підкачку або зашифруйте її.
settings-swap-off = Незашифрованої підкачки не знайдено.
settings-folder = Усе зберігається в
settings-audit = Ніхто сторонній цього ще не перевіряв.
settings-limits = Що це захищає, а що ні
settings-limits-lead = Кожне твердження тримає тест проєкту. Чого тут немає, того й не стверджуємо.
settings-limits-english = Що тут англійською, те ще не перекладено і стоїть так, як його веде проєкт.
settings-limits-yes = Захищено
settings-limits-no = Не захищено
settings-limits-claims = Усі твердження
settings-limits-more = Ще
settings-limits-open = Прочитати

claims-read = Читання
claims-member = Хто в осередку
claims-join = Вхід в осередок
claims-wire = Мережа
claims-bundle = Файли з рук у руки
claims-disk = Цей комп’ютер
claims-crypto = Криптографія
claims-mark = Реакції, правки та видалення
claims-sync = Що є в усіх
claims-window = Вікно
claims-other = Ще

cell-settings-title = Налаштування осередку
cell-settings-name = Як ви його називаєте
cell-settings-name-hint = Лише на цьому комп’ютері.
cell-settings-rename = Зберегти
cell-settings-renamed = Збережено
cell-settings-suite = Захист
cell-settings-suite-xwing = Повідомлення захищені й від квантових комп’ютерів майбутнього. До 25 людей.
cell-settings-suite-x25519 = У повідомлень звичайний на сьогодні захист, але не від квантових комп’ютерів майбутнього. До 50 людей.
cell-settings-lifetime = Скільки зберігаються повідомлення
cell-settings-lifetime-hint = Коли час повідомлення спливає, воно зникає з усіх пристроїв, з вимкнених — щойно їх знову ввімкнуть. Новий строк діє для всіх і для того, що написано після. Ніхто не може завадити іншому переписати прочитане.
cell-settings-lifetime-for = Зберігати повідомлення
cell-settings-lifetime-done = Відтепер і для всіх
cell-settings-lan = Шукати учасників у тій самій локальній мережі
cell-settings-lan-hint = Ваш комп’ютер тоді раз на кілька секунд подає в мережі голос. Хто стежить за цією мережею, побачить, що тут працює ця програма, але не побачить, який осередок. Вимкнено, доки ви не ввімкнете.
cell-settings-listen = Де до вас достукатися
cell-settings-listen-hint = Адреса й порт цього комп’ютера. Щоб достукатися ззовні, роутер має пропускати цей порт.
cell-settings-listen-now = Зараз відкрито
cell-settings-listen-none = Зараз нічого не відкрито.
cell-settings-ip = Адреса
cell-settings-ip-hint = Порожньо: як є
cell-settings-port = Порт
cell-settings-port-hint = 0: вибере система
cell-settings-listen-save = Взяти ці
cell-settings-listen-saved = Змінено. Якщо порт був зайнятий, відкрито інший: дивіться вище.
cell-settings-ip-wrong = Це не IP-адреса.
cell-settings-port-wrong = Порт — це число від 0 до 65535.
cell-settings-heal = Оновити ключі
cell-settings-heal-hint = Само відбувається раз на день, коли ви в мережі. Щойно інші приймуть нові ключі, викрадені у вас попередні марні для всього, що далі.
cell-settings-heal-done = Ключі оновляться з вашими наступними словами або раніше.
cell-settings-bundle = Передати повідомлення з рук у руки
cell-settings-bundle-hint = Пакунок — це файл з усім, чого може бракувати іншим учасникам, запечатаний для цього осередку. Без ключів осередку він схожий на шум. Віднесіть його на флешці.
cell-settings-export = Зберегти пакунок…
cell-settings-exported = { $count ->
    [one] Збережено, { $count } запис.
    [few] Збережено, { $count } записи.
    [many] Збережено, { $count } записів.
   *[other] Збережено, { $count } запису.
  }
cell-settings-import = Відкрити пакунок…
cell-settings-imported = { $count ->
    [0] Нового в ньому не було.
    [one] Надійшов { $count } новий запис.
    [few] Надійшло { $count } нові записи.
    [many] Надійшло { $count } нових записів.
   *[other] Надійшло { $count } нового запису.
  }
cell-settings-leave = Вийти з осередку…
cell-settings-left = Ви більше не в цьому осередку. Прочитане лишилося тут.
