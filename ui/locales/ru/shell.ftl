# Тексты самой оболочки: заголовок, уведомления и системные окна выбора файла.
window-title = Notebook
notification = Есть новое
file-cancel = Отмена
file-open = Открыть
file-save = Сохранить
bundle-save-title = Сохранить пакет
bundle-open-title = Открыть пакет
invite-file-title = Открыть приглашение
invite-save-title = Сохранить приглашение
channel-file-title = Открыть ссылку
attachment-open-title = Прикрепить файл
attachment-save-title = Сохранить вложение
call-card-save-title = Сохранить правовую памятку
call-print-save-title = Сохранить призыв для печати
call-entry-save-title = Сохранить запись календаря
