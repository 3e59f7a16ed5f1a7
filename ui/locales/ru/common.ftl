# Слова, которые нужны везде.

close = Закрыть
cancel = Отмена
save = Сохранить
done = Готово
back = Назад
copy = Копировать
copied = Скопировано
delete = Удалить
edit = Изменить
try-again = Повторить
more-actions = Ещё
loading = Загрузка…
notices = Уведомления
you = вы
understood = Понятно
settings = Настройки
lock = Заблокировать
quit = Выйти
failed-to-start = Не удалось открыть
pause = { "," }
