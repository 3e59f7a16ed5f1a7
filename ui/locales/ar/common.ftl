# كلمات تستعمل في كل مكان.

close = إغلاق
cancel = إلغاء
save = حفظ
done = تم
back = رجوع
copy = نسخ
copied = تم النسخ
delete = حذف
edit = تعديل
try-again = إعادة المحاولة
more-actions = المزيد
loading = جارٍ التحميل…
notices = إشعارات
you = أنت
understood = حسنًا
settings = الإعدادات
lock = قفل
quit = خروج
failed-to-start = تعذّر الفتح
pause = { "،" }
