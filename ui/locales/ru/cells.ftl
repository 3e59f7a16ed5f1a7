# Список ячеек, переходы между ними, клавиатура.

cells-title = Ячейки
cells-new = Создать ячейку
cells-join = Войти по приглашению
cells-add = Новая
cells-more = Настройки и прочее
cells-online = В сети
cells-go-offline = Отключиться
cells-unread = { $count ->
    [one] { $count } непрочитанное сообщение
    [few] { $count } непрочитанных сообщения
    [many] { $count } непрочитанных сообщений
   *[other] { $count } непрочитанного сообщения
}
cells-reachable = на связи { $have } из { $of }
cells-alone = Пока только вы
cells-removed = Вас исключили
cells-left = Вы вышли
cells-suspended = Приостановлена
cells-damaged = Повреждена
cells-nothing = Пока ничего не сказано
cells-deleted = Сообщение удалено
cells-said = { $name }:
cells-said-mine = Вы:
cells-pick-title = Выберите ячейку
cells-pick-text = Здесь появится то, что в ней говорят. Непрочитанное ждёт там, где вы остановились.
cells-pick-keys = Ctrl+K — перейти к ячейке по названию, Ctrl+/ — все сочетания клавиш.

connection-offline = Вы не в сети. Написанное ждёт на этом устройстве.
connection-go-online = Подключиться

switch-title = Перейти к ячейке
switch-label = Название ячейки
switch-none = Ячейки с таким названием нет.
switch-found = { $count ->
    [one] { $count } ячейка
    [few] { $count } ячейки
    [many] { $count } ячеек
   *[other] { $count } ячейки
}

keys-title = Клавиатура
keys-everywhere = Везде
keys-conversation = В разговоре
keys-position = Ячейка с первой по девятую
keys-create = Создать ячейку
keys-switch = Перейти к ячейке по названию
keys-previous = Ячейка выше
keys-next = Ячейка ниже
keys-previous-unread = Непрочитанная ячейка выше
keys-next-unread = Непрочитанная ячейка ниже
keys-find = Искать в этой ячейке
keys-find-everywhere = Искать везде
keys-newest = К новому сообщению
keys-region = Следующая часть окна
keys-composer = Написать сообщение
keys-details = Подробности сообщения
keys-settings = Настройки
keys-shortcuts = Этот список
keys-lock = Заблокировать
keys-quit = Сразу выйти, нажать дважды
keys-erase = Стереть всё
keys-messages = Сообщение выше, сообщение ниже
keys-open = Подробности сообщения или отправить
keys-menu = Что с ним можно сделать
keys-reply = Ответить
keys-react = Отозваться
keys-newline = Новая строка

# Что написано на клавишах.
key-ctrl = Ctrl
key-shift = Shift
key-alt = Alt
key-delete = Del
key-enter = Enter
