# Слова, які потрібні всюди.

close = Закрити
cancel = Скасувати
save = Зберегти
done = Готово
back = Назад
copy = Копіювати
copied = Скопійовано
delete = Видалити
edit = Змінити
try-again = Спробувати ще раз
more-actions = Ще
loading = Завантаження…
notices = Сповіщення
you = ви
understood = Зрозуміло
settings = Налаштування
lock = Заблокувати
quit = Вийти
failed-to-start = Не вдалося відкрити
pause = { "," }
