settings-title = Настройки
settings-search = Найти настройку
settings-none = Ничего с таким названием нет.
settings-failed = Это не сохранилось.
settings-found = { $count ->
    [one] Найдена { $count } настройка
    [few] Найдено { $count } настройки
    [many] Найдено { $count } настроек
   *[other] Найдено { $count } настройки
  }

settings-look = Внешний вид
settings-language = Язык
settings-language-system = Как на этом компьютере
settings-theme = Цвета
settings-theme-system = Как на этом компьютере
settings-theme-light = Светлые
settings-theme-dark = Тёмные
settings-theme-contrast = Высокий контраст
settings-text-size = Размер текста
settings-text-size-value = { $percent } %
settings-reduce-motion = Меньше движения
settings-reduce-motion-hint = Ничего не скользит и не тает.

settings-safety = Безопасность
settings-blur = Скрывать последние сообщения в списке
settings-blur-hint = Они видны, когда вы на них указываете или переходите к ним с клавиатуры.
settings-lock-after = Блокировать, если ничего не происходит
settings-lock-never = Никогда
settings-lock-seconds = { $count ->
    [one] { $count } секунду
    [few] { $count } секунды
    [many] { $count } секунд
   *[other] { $count } секунды
  }
settings-lock-minutes = { $count ->
    [one] { $count } минуту
    [few] { $count } минуты
    [many] { $count } минут
   *[other] { $count } минуты
  }
settings-lock-never-hint = Тогда всякий, кто застанет этот компьютер открытым, застанет всё.
settings-lock-suspend = Блокировать, когда компьютер засыпает
settings-notifications = Уведомления
settings-notifications-none = Никаких
settings-notifications-content-free = Только о том, что есть новое
settings-notifications-hint = Никогда — кто написал, никогда — что.
settings-erase = Стереть всё
settings-erase-hint = Уничтожает ключи и файлы на этом компьютере. Ctrl+Shift+Delete открывает это откуда угодно.
settings-exit-hint = Быстро уйти: Ctrl+Q дважды или Esc трижды. Всё закроется, ничего не сотрётся.

settings-network = Сеть
settings-online = В сети
settings-online-hint = Если выключить, закроются все соединения и все порты. Написанное подождёт здесь.
settings-online-count = { $count ->
    [0] Сейчас никого на связи
    [one] На связи { $count } участник
    [few] На связи { $count } участника
    [many] На связи { $count } участников
   *[other] На связи { $count } участника
  }
settings-online-readers = { $count ->
    [one] и { $count } читатель каналов
    [few] и { $count } читателя каналов
    [many] и { $count } читателей каналов
   *[other] и { $count } читателя каналов
  }
settings-offline = Не в сети: ничего не входит и не выходит
settings-ports = Открытые порты
settings-ports-hint = Здесь участники и читатели каналов могут достучаться до этого компьютера. Посторонним здесь не отвечают ничем, что выдало бы, что это.
settings-ports-none = Нет
settings-ports-where = Порты ячейки меняются в её настройках.

settings-about = О программе
settings-version = Версия { $version }
settings-sandbox-on = Часть, которая рисует это окно, заперта: у неё нет ни сети, ни своих файлов.
settings-sandbox-off = Часть, которая рисует это окно, на этом компьютере запереть не удалось. Ошибка в ней могла бы открыть ваши файлы и сеть.
settings-jit-on = В этом окне включены быстрые скрипты. Ошибке в нём так просторнее.
settings-swap-on = Этот компьютер выгружает память на диск без шифрования. То, что вы здесь видите, может туда попасть. Выключите подкачку или зашифруйте её.
settings-swap-off = Незашифрованной подкачки не найдено.
settings-folder = Всё хранится в
settings-audit = Никто со стороны это ещё не проверял.
settings-limits = Что это защищает и что нет
settings-limits-lead = Каждое утверждение держит тест проекта. Чего здесь нет, то и не утверждается.
settings-limits-english = Что здесь по-английски, то ещё не переведено и стоит так, как его ведёт проект.
settings-limits-yes = Защищено
settings-limits-no = Не защищено
settings-limits-claims = Все утверждения
settings-limits-more = Ещё
settings-limits-open = Прочитать

claims-read = Чтение
claims-member = Кто в ячейке
claims-join = Вход в ячейку
claims-wire = Сеть
claims-bundle = Файлы из рук в руки
claims-disk = Этот компьютер
claims-crypto = Криптография
claims-mark = Реакции, правки и удаления
claims-sync = Что есть у всех
claims-window = Окно
claims-other = Ещё

cell-settings-title = Настройки ячейки
cell-settings-name = Как вы её называете
cell-settings-name-hint = Только на этом компьютере.
cell-settings-rename = Сохранить
cell-settings-renamed = Сохранено
cell-settings-suite = Защита
cell-settings-suite-xwing = Сообщения защищены и от квантовых компьютеров будущего. До 25 человек.
cell-settings-suite-x25519 = У сообщений обычная на сегодня защита, но не от квантовых компьютеров будущего. До 50 человек.
cell-settings-lifetime = Сколько хранятся сообщения
cell-settings-lifetime-hint = Когда время сообщения выходит, оно исчезает со всех устройств, с выключенных — как только их снова включат. Новый срок действует для всех и для того, что написано после. Никто не может помешать другому переписать прочитанное.
cell-settings-lifetime-for = Хранить сообщения
cell-settings-lifetime-done = Отныне и для всех
cell-settings-lan = Искать участников в той же локальной сети
cell-settings-lan-hint = Ваш компьютер тогда раз в несколько секунд подаёт в сети голос. Кто следит за этой сетью, увидит, что здесь работает эта программа, но не увидит, какая ячейка. Выключено, пока вы не включите.
cell-settings-listen = Где до вас достучаться
cell-settings-listen-hint = Адрес и порт этого компьютера. Чтобы достучаться снаружи, роутер должен пропускать этот порт.
cell-settings-listen-now = Сейчас открыто
cell-settings-listen-none = Сейчас ничего не открыто.
cell-settings-ip = Адрес
cell-settings-ip-hint = Пусто: как есть
cell-settings-port = Порт
cell-settings-port-hint = 0: выберет система
cell-settings-listen-save = Взять эти
cell-settings-listen-saved = Изменено. Если порт был занят, открыт другой: смотрите выше.
cell-settings-ip-wrong = Это не IP-адрес.
cell-settings-port-wrong = Порт — это число от 0 до 65535.
cell-settings-heal = Обновить ключи
cell-settings-heal-hint = Само происходит раз в день, когда вы в сети. Как только другие примут новые ключи, украденные у вас прежние бесполезны для всего, что дальше.
cell-settings-heal-done = Ключи обновятся с вашими следующими словами или раньше.
cell-settings-bundle = Передать сообщения из рук в руки
cell-settings-bundle-hint = Свёрток — это файл со всем, чего может не хватать другим участникам, запечатанный для этой ячейки. Без ключей ячейки он похож на шум. Отнесите его на флешке.
cell-settings-export = Сохранить свёрток…
cell-settings-exported = { $count ->
    [one] Сохранено, { $count } запись.
    [few] Сохранено, { $count } записи.
    [many] Сохранено, { $count } записей.
   *[other] Сохранено, { $count } записи.
  }
cell-settings-import = Открыть свёрток…
cell-settings-imported = { $count ->
    [0] Нового в нём не было.
    [one] Пришла { $count } новая запись.
    [few] Пришло { $count } новых записи.
    [many] Пришло { $count } новых записей.
   *[other] Пришло { $count } новой записи.
  }
cell-settings-leave = Выйти из ячейки…
cell-settings-left = Вы больше не в этой ячейке. Прочитанное осталось здесь.
