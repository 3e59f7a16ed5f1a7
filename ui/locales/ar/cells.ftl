# قائمة الخلايا والتنقل بينها ولوحة المفاتيح.

cells-title = الخلايا
cells-new = تأسيس خلية
cells-join = الانضمام بدعوة
cells-add = جديد
cells-more = الإعدادات والمزيد
cells-online = متصل
cells-go-offline = قطع الاتصال
cells-unread = { $count ->
    [zero] لا رسائل غير مقروءة
    [one] رسالة واحدة غير مقروءة
    [two] رسالتان غير مقروءتين
    [few] { $count } رسائل غير مقروءة
    [many] { $count } رسالة غير مقروءة
   *[other] { $count } رسالة غير مقروءة
}
cells-reachable = يمكن الوصول إلى { $have } من { $of }
cells-alone = أنت وحدك حتى الآن
cells-removed = أُخرجت منها
cells-left = غادرتها
cells-suspended = موقوفة
cells-damaged = تالفة
cells-nothing = لم يُقل شيء بعد
cells-deleted = حُذفت الرسالة
cells-said = { $name }:
cells-said-mine = أنت:
cells-pick-title = اختر خلية
cells-pick-text = يظهر هنا ما يقال فيها. وما لم تقرأه ينتظر حيث توقفت.
cells-pick-keys = ‏Ctrl+K للذهاب إلى خلية باسمها، و Ctrl+/ لكل الاختصارات.

connection-offline = أنت غير متصل. ما تكتبه ينتظر على هذا الجهاز.
connection-go-online = اتصال

switch-title = الذهاب إلى خلية
switch-label = اسم الخلية
switch-none = لا خلية بهذا الاسم.
switch-found = { $count ->
    [zero] لا خلايا
    [one] خلية واحدة
    [two] خليتان
    [few] { $count } خلايا
    [many] { $count } خلية
   *[other] { $count } خلية
}

keys-title = لوحة المفاتيح
keys-everywhere = في كل مكان
keys-conversation = في محادثة
keys-position = الخلية من الأولى إلى التاسعة
keys-create = تأسيس خلية
keys-switch = الذهاب إلى خلية باسمها
keys-previous = الخلية التي فوق
keys-next = الخلية التي تحت
keys-previous-unread = الخلية غير المقروءة التي فوق
keys-next-unread = الخلية غير المقروءة التي تحت
keys-find = البحث في هذه الخلية
keys-find-everywhere = البحث في كل مكان
keys-newest = أحدث رسالة
keys-region = الجزء التالي من النافذة
keys-composer = كتابة رسالة
keys-details = تفاصيل الرسالة
keys-settings = الإعدادات
keys-shortcuts = هذه القائمة
keys-lock = قفل
keys-quit = الخروج فورًا، بالضغط مرتين
keys-erase = محو كل شيء
keys-messages = الرسالة التي فوق، الرسالة التي تحت
keys-open = تفاصيل الرسالة، أو إرسال
keys-menu = ما يمكن فعله بها
keys-reply = رد
keys-react = تفاعل
keys-newline = سطر جديد

# ما يُكتب على المفاتيح.
key-ctrl = Ctrl
key-shift = Shift
key-alt = Alt
key-delete = Del
key-enter = Enter
