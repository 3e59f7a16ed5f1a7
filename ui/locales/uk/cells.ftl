# Список осередків, переходи між ними, клавіатура.

cells-title = Осередки
cells-new = Створити осередок
cells-join = Увійти за запрошенням
cells-add = Новий
cells-more = Налаштування та інше
cells-online = У мережі
cells-go-offline = Від’єднатися
cells-unread = { $count ->
    [one] { $count } непрочитане повідомлення
    [few] { $count } непрочитані повідомлення
    [many] { $count } непрочитаних повідомлень
   *[other] { $count } непрочитаного повідомлення
}
cells-reachable = на зв’язку { $have } із { $of }
cells-alone = Поки лише ви
cells-removed = Вас виключили
cells-left = Ви вийшли
cells-suspended = Призупинено
cells-damaged = Пошкоджено
cells-nothing = Поки нічого не сказано
cells-deleted = Повідомлення видалено
cells-said = { $name }:
cells-said-mine = Ви:
cells-pick-title = Виберіть осередок
cells-pick-text = Тут з’явиться те, що в ньому кажуть. Непрочитане чекає там, де ви зупинилися.
cells-pick-keys = Ctrl+K — перейти до осередку за назвою, Ctrl+/ — усі сполучення клавіш.

connection-offline = Ви не в мережі. Написане чекає на цьому пристрої.
connection-go-online = Під’єднатися

switch-title = Перейти до осередку
switch-label = Назва осередку
switch-none = Осередку з такою назвою немає.
switch-found = { $count ->
    [one] { $count } осередок
    [few] { $count } осередки
    [many] { $count } осередків
   *[other] { $count } осередку
}

keys-title = Клавіатура
keys-everywhere = Усюди
keys-conversation = У розмові
keys-position = Осередок із першого по дев’ятий
keys-create = Створити осередок
keys-switch = Перейти до осередку за назвою
keys-previous = Осередок вище
keys-next = Осередок нижче
keys-previous-unread = Непрочитаний осередок вище
keys-next-unread = Непрочитаний осередок нижче
keys-find = Шукати в цьому осередку
keys-find-everywhere = Шукати всюди
keys-newest = До нового повідомлення
keys-region = Наступна частина вікна
keys-composer = Написати повідомлення
keys-details = Подробиці повідомлення
keys-settings = Налаштування
keys-shortcuts = Цей список
keys-lock = Заблокувати
keys-quit = Одразу вийти, натиснути двічі
keys-erase = Стерти все
keys-messages = Повідомлення вище, повідомлення нижче
keys-open = Подробиці повідомлення або надіслати
keys-menu = Що з ним можна зробити
keys-reply = Відповісти
keys-react = Відгукнутися
keys-newline = Новий рядок

# Що написано на клавішах.
key-ctrl = Ctrl
key-shift = Shift
key-alt = Alt
key-delete = Del
key-enter = Enter
