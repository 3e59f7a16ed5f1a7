first-title = خليتك الأولى
first-title-another = خلية أخرى
first-lead = الخلية مجموعة صغيرة من أناس يعرف بعضهم بعضًا. لا خادم ولا قائمة عامة بالخلايا.
found-title = تأسيس خلية
found-text = تبدأ أنت، وتدعو الآخرين واحدًا واحدًا.
found-name = ماذا تسمّيها؟
found-name-hint = مثلًا «{ $name }». يرى كل الأعضاء هذا الاسم.
found-you = اسمك فيها
found-you-hint = أنت في كل خلية شخص آخر. الاسم نفسه في خليتين يربط بينهما.
found-other = اقتراح آخر
found-more = المزيد
found-suite = الحماية
found-suite-xwing = ضد حواسيب المستقبل الكمومية أيضًا، حتى 25 عضوًا
found-suite-x25519 = الحماية المعتادة اليوم، حتى 50 عضوًا
found-suite-hint = الأولى مناسبة للجميع تقريبًا. ولا يمكن تغييرها لاحقًا.
found-button = تأسيس الخلية
found-working = جارٍ التأسيس…
found-join-title = الانضمام بدعوة
found-join-text = أعطاك أحدهم رابطًا أو ملفًا أو صورة.
found-join-button = لديّ دعوة

join-title = الانضمام إلى خلية
join-lead = الدعوة صالحة لشخص واحد ومحاولة واحدة.
join-link = الصق الرابط هنا
join-link-hint = يبدأ بـ vigil:
join-file = فتح ملف…
join-picture = أو أفلت هنا صورة للرمز، أو الصقها.
join-picture-type = لا تُقرأ إلا صور PNG وJPEG.
join-picture-large = هذه الصورة كبيرة جدًا. قُصّها حول الرمز.
join-picture-none = لا دعوة في هذه الصورة. جرّب صورة أوضح يظهر فيها الرمز كاملًا.
join-got-link = الدعوة موجودة.
join-broken = هذه ليست دعوة كاملة. انسخها كلها، من vigil: إلى آخرها.
join-name = اسمك في هذه الخلية
join-name-hint = سيراه الأعضاء. ويمكن أن يختلف عن اسمك في أماكن أخرى.
join-address = من دعاك، وكل من لديه هذا الرابط، يستطيع أن يعرف عنوانك على الإنترنت.
join-button = انضمام
join-cancel = إلغاء
join-back = رجوع
join-waiting-title = في الطريق إلى الداخل
join-stage-reach = جارٍ الوصول إلى من دعاك
join-stage-compare = مقارنة العبارة
join-stage-enter = جارٍ إدخالك
join-stage-done = تم
join-elapsed-seconds = مضى { $seconds } ث
join-elapsed-minutes = مضى { $minutes } د { $seconds } ث
join-wait-hint = يجب أن تكونا كلاكما متصلين الآن. نحاول مدة دقيقة.
join-wait-long = هذا أطول من المعتاد. اسأل إن كان البرنامج عنده مفتوحًا وغير مقفل، وإن كنتما في الشبكة نفسها أو كان يمكن الوصول إليه من الخارج.
join-phrase-title = هل تريان هذا كلاكما؟
join-phrase-lead = اقرآها لبعضكما بالصوت أو وجهًا لوجه. لا كتابةً: فمن استطاع تغيير الدعوة يستطيع تغيير رسالة أيضًا.
join-phrase-then = إن تطابقت، أدخلك الطرف الآخر. وإن اختلفت، فتوقف هنا.
join-phrase-time = لديكما 15 دقيقة.
join-phrase-stop = مختلفة، توقف
join-joined-title = أنت في الداخل
join-joined-lead = ما يُقال من الآن تستطيع قراءته. وما قيل من قبل يبقى عند من كانوا حاضرين.
join-joined-button = فتح الخلية
join-failed-title = لم يتم الانضمام
join-failed-again = المحاولة بدعوة أخرى
join-look = عرض
join-stopped = لقد أوقفت الأمر. اطلب دعوة جديدة إن أردت المحاولة ثانية.

invites-title = دعوة
invites-lead = الدعوة الواحدة لشخص واحد، وتعمل مرة واحدة.
invites-for = صالحة لمدة
invites-hour = { $hours ->
    [zero] { $hours } ساعة
    [one] ساعة واحدة
    [two] ساعتين
    [few] { $hours } ساعات
    [many] { $hours } ساعة
   *[other] { $hours } ساعة
  }
invites-days = { $days ->
    [zero] { $days } يوم
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
  }
invites-make = إنشاء دعوة
invites-making = جارٍ الإنشاء…
invites-another = إنشاء دعوة أخرى
invites-link = الرابط
invites-copy = نسخ الرابط
invites-copied = تم النسخ. تُفرَّغ الحافظة بعد 30 ثانية، لكن البرامج التي تحفظ سجلّها قد تُبقي الرابط.
invites-save = حفظ كملف…
invites-saved = تم الحفظ.
invites-qr = رمز QR للدعوة
invites-qr-hint = دعه يصوّر هذا، أو أرسله صورةً.
invites-next-title = ماذا يحدث بعد ذلك
invites-next-give = أعطِها لشخص واحد بطريق تثقان به كلاكما. من يملكها يستطيع أن يطرق الباب بدلًا منه، ويرى عنوانك على الإنترنت.
invites-next-online = ابقَ متصلًا ودون قفل حتى ينضم.
invites-next-compare = حين يطرق الباب تريان كلاكما العبارة نفسها. قارناها بالصوت أو وجهًا لوجه، ثم أدخله.
invites-until = صالحة حتى { $time }، لمحاولة واحدة
invites-list = الدعوات
invites-none = لا توجد دعوات.
invites-state-open = مفتوحة
invites-state-used = مستخدمة
invites-state-expired = منتهية
invites-state-withdrawn = مسحوبة
invites-withdraw = سحب
invites-withdraw-label = سحب الدعوة الصالحة حتى { $time }
invites-withdrawn = سُحبت. لا أحد يستطيع الانضمام بها الآن.

request-title = { $name } على الباب
request-cell = باب { $cell }
request-lead = اتصل أو التقيا. دع { $name } يقرأ لك عبارته. هل هي هذه؟
request-phrase = العبارة
request-name = «{ $name }» مجرد اسم سمّى به نفسه. هل تعرف يقينًا من هو؟
request-same = متطابقة، أدخله
request-differ = مختلفة، ارفض
request-accepted = جارٍ إدخال { $name }.
request-refused = تم الرفض. استُهلكت الدعوة.
request-later = أجب لاحقًا
request-answer = أجب
