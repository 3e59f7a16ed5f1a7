# ما يقال في خلية، وكيف تقول شيئًا.

conversation-messages = الرسائل في { $cell }
conversation-back = العودة إلى الخلايا
conversation-search = البحث في هذه الخلية
conversation-members = الأعضاء
conversation-invite = دعوة
conversation-cell-settings = إعدادات هذه الخلية
conversation-more = المزيد
conversation-empty-title = لم يُقل شيء بعد
conversation-empty-text = ما تكتبه هنا يقرؤه أعضاء هذه الخلية لا غير. وينتظر على هذا الجهاز إلى أن يمكن الوصول إلى أحدهم.
conversation-alone-title = أنت أول من هنا
conversation-alone-text = تحتاج الخلية إلى اثنين على الأقل. ادعُ من تثق به، وقارن العبارة معه بالصوت.
conversation-failed = تعذّرت قراءة الرسائل.
conversation-beginning = من هنا تبدأ.
conversation-unread = لم يُقرأ بعد
conversation-newest = إلى الأحدث
conversation-newest-count = { $count ->
    [zero] لا رسائل جديدة
    [one] رسالة جديدة
    [two] رسالتان جديدتان
    [few] { $count } رسائل جديدة
    [many] { $count } رسالة جديدة
   *[other] { $count } رسالة جديدة
}
conversation-removed-title = لم تعد في هذه الخلية
conversation-removed-text = أخرجك الآخرون. يبقى هنا ما قرأته؛ لا يأتي جديد ولا يمكن إرسال شيء.
conversation-left-title = غادرت هذه الخلية
conversation-left-text = يبقى هنا ما قرأته؛ لا يأتي جديد ولا يمكن إرسال شيء.
conversation-suspended-title = جهازك موقوف
conversation-suspended-text = يحمل شيئان مختلفان توقيعه. تحدّث مع الآخرين وجهًا لوجه.
conversation-removal = أُخرج { $name }، لكن { $missing } من { $of } لم يطبّقوا ذلك بعد. قد يرسلون إليه إلى أن يسمعوا به.
conversation-warning-people = إظهار الأعضاء
conversation-more-warnings = { $count ->
    [zero] لا مزيد
    [one] وواحد آخر
    [two] واثنان آخران
    [few] و{ $count } أخرى
    [many] و{ $count } أخرى
   *[other] و{ $count } أخرى
}

reach-alone = لا أحد غيرك هنا بعد
reach-nobody = لا يمكن الوصول إلى أحد. ما تكتبه ينتظر على هذا الجهاز.
reach-some = يمكن الوصول إلى { $have } من { $of }
reach-catching-up = يمكن الوصول إلى { $have } من { $of }، وتجري المطابقة
reach-synced = يمكن الوصول إلى { $have } من { $of }، متطابق منذ { $time }
reach-offline = أنت غير متصل
reach-over = ما كان من قبل فقط

message-you = أنت
message-unknown = شخص غير معروف هنا
message-deleted = حُذفت هذه الرسالة
message-edited = معدّلة
message-label = { $name }، { $text }، { $time }
message-label-edited = { $name }، { $text }، { $time }، معدّلة
message-label-mine = أنت، { $text }، { $time }، { $state }
message-reply-to = رد على { $name }: { $text }
message-quote-gone = رسالة ليست هنا
message-more = ما يمكن فعله بهذه الرسالة
message-unfold = إظهار الكل
message-fold = إظهار أقل
message-reactions = التفاعلات
message-reaction = { $emoji } من { $names }
message-reply = رد
message-react = تفاعل
message-edit = تعديل
message-details = تفاصيل
message-copy = نسخ النص
message-delete = حذف…
message-copied = تم النسخ. يمكن لبرامج أخرى قراءته.
message-went = أُرسلت الرسالة

delivery-alone = هنا فقط
delivery-waiting = تنتظر على هذا الجهاز
delivery-some = على { $have } من { $of } أجهزة
delivery-all = { $of ->
    [zero] هنا فقط
    [one] على الجهاز الآخر
    [two] على الجهازين الآخرين
    [few] على كل الأجهزة: { $of }
    [many] على كل الأجهزة: { $of }
   *[other] على كل الأجهزة: { $of }
}

react-title = تفاعل
react-other = غيرها
react-other-hint = رمز تعبيري واحد
react-use = استعماله

delete-title = حذف هذه الرسالة؟
delete-here = حذف عندي
delete-here-text = تزول من هذا الجهاز. وتبقى لدى الآخرين.
delete-all = حذف عند الجميع
delete-all-text = يُطلب من الآخرين حذفها. وقد يحتفظ بها من نسخها أو صوّرها أو بقي غائبًا.
delete-done = حُذفت

details-title = تفاصيل
details-sent = أُرسلت
details-edited = عُدّلت
details-state = أين هي
details-audience = { $count ->
    [zero] لم يكن بإمكان أحد قراءتها عند إرسالها.
    [one] كان بإمكان شخص واحد قراءتها عند إرسالها.
    [two] كان بإمكان شخصين قراءتها عند إرسالها، بمن فيهما الكاتب.
    [few] كان بإمكان { $count } أشخاص قراءتها عند إرسالها، بمن فيهم الكاتب.
    [many] كان بإمكان { $count } شخصًا قراءتها عند إرسالها، بمن فيهم الكاتب.
   *[other] كان بإمكان { $count } شخص قراءتها عند إرسالها، بمن فيهم الكاتب.
}
details-waiting = لم تغادر هذا الجهاز بعد. ومن يمكنه قراءتها يتحدّد عند مغادرتها.
details-has = على أجهزتهم
details-lacks = لا يُعرف أنها وصلت إليهم
details-lacks-text = تصلهم حين يلتقون بأي شخص لديه نسخة منها.
details-failed = تعذّرت قراءة التفاصيل.

compose-label = رسالة إلى { $cell }
compose-placeholder = اكتب رسالة
compose-send = إرسال
compose-save-edit = حفظ التعديل
compose-replying = رد على { $name }
compose-replying-self = رد على نفسك
compose-editing = أنت تعدّل رسالتك
compose-drop-reply = عدم الرد
compose-drop-edit = إبقاؤها كما كانت
compose-left = { $count ->
    [zero] لم يبق أي حرف
    [one] بقي حرف واحد
    [two] بقي حرفان
    [few] بقي { $count } أحرف
    [many] بقي { $count } حرفًا
   *[other] بقي { $count } حرف
}
compose-too-long = { $count ->
    [zero] النص طويل جدًا. اختصره أو أرسله على أجزاء.
    [one] أطول مما يجوز ببايت واحد. اختصره أو أرسله على أجزاء.
    [two] أطول مما يجوز ببايتين. اختصره أو أرسله على أجزاء.
    [few] أطول مما يجوز بـ{ $count } بايتات. اختصره أو أرسله على أجزاء.
    [many] أطول مما يجوز بـ{ $count } بايتًا. اختصره أو أرسله على أجزاء.
   *[other] أطول مما يجوز بـ{ $count } بايت. اختصره أو أرسله على أجزاء.
}
compose-mention = ذكر أحد الأعضاء
compose-mention-found = { $count ->
    [zero] لا أسماء
    [one] اسم واحد
    [two] اسمان
    [few] { $count } أسماء
    [many] { $count } اسمًا
   *[other] { $count } اسم
}

search-title-here = البحث في هذه الخلية
search-title-all = البحث في كل مكان
search-label = الكلمات المطلوبة
search-teach = يجري البحث في كل ما على هذا الجهاز، ولا يغادره شيء.
search-none = لم يُعثر على شيء.
search-found = { $count ->
    [zero] لا رسائل
    [one] رسالة واحدة
    [two] رسالتان
    [few] { $count } رسائل
    [many] { $count } رسالة
   *[other] { $count } رسالة
}
search-full = تظهر آخر { $count } فقط. أضف كلمة لتضييق البحث.
message-from-channel = من القناة { $name }، { $day }، موقّع
