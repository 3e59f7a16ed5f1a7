# ما تعرضه النافذة نفسها: العنوان والإشعارات ومربعات حوار الملفات.
window-title = Notebook
notification = هناك جديد
file-cancel = إلغاء
file-open = فتح
file-save = حفظ
bundle-save-title = حفظ الحزمة
bundle-open-title = فتح حزمة
invite-file-title = فتح دعوة
invite-save-title = حفظ الدعوة
channel-file-title = فتح رابط
attachment-open-title = إرفاق ملف
attachment-save-title = حفظ المرفق
call-card-save-title = حفظ البطاقة القانونية
call-print-save-title = حفظ النداء للطباعة
call-entry-save-title = حفظ موعد التقويم
