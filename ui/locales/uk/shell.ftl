# Тексти самої оболонки: заголовок, сповіщення та системні вікна вибору файлу.
window-title = Notebook
notification = Є нове
file-cancel = Скасувати
file-open = Відкрити
file-save = Зберегти
bundle-save-title = Зберегти пакунок
bundle-open-title = Відкрити пакунок
invite-file-title = Відкрити запрошення
invite-save-title = Зберегти запрошення
channel-file-title = Відкрити посилання
attachment-open-title = Прикріпити файл
attachment-save-title = Зберегти вкладення
call-card-save-title = Зберегти правову пам’ятку
call-print-save-title = Зберегти заклик для друку
call-entry-save-title = Зберегти запис календаря
