# النداءات: ما المطلوب ومن يأتي ومن عاد إلى البيت.

calls = نداءات
calls-all = كل النداءات
calls-none = لا نداءات بعد
calls-none-text = يقول النداء ما المطلوب ومتى وكم خطورته. أما من يأتي وإلى أين فيبقى في هذه الخلية.
call-new = نداء جديد
call-open = عرض
call-off = أُلغي
call-off-title = أُلغي: { $title }
call-off-text = لن يحدث. لا تذهب إلى هناك. أخبر من تعرف أنه في الطريق.
call-off-done = أُلغي. سيراه الجميع أولًا.
call-kind-vigil = وقفة صامتة
call-kind-leafleting = منشورات
call-kind-memorial = تذكار
call-kind-slogan = كلمات على الأشياء
call-kind-fund = صندوق الإضراب
call-kind-information = نشر المعرفة
call-kind-custom = شيء آخر
call-risk = مدى الخطورة
call-risk-1 = خطر قليل
call-risk-2 = بعض الخطر
call-risk-3 = قد يقع توقيف
call-risk-4 = التوقيف مرجح
call-risk-5 = الملاحقة مرجحة
call-when = { $day }، { $time }
call-any-day = في أي يوم حتى { $until }
call-days = من { $from } إلى { $until }
call-mine-in = أنت مشارك
call-mine-maybe = ربما تأتي
call-mine-out = لن تأتي
call-answer-wanted = هل تشارك؟
call-answers = من يأتي
call-answers-stay = الإجابات لا تغادر هذه الخلية.
call-in = أشارك
call-maybe = ربما
call-out = ليس هذه المرة
call-who-in = يشارك: { $names }
call-who-maybe = ربما: { $names }
call-who-out = ليس هذه المرة: { $names }
call-by = { $name }، { $time }
call-what = ما نفعله
call-steps = خطوة بخطوة
call-criteria = أي نوع من الأماكن
call-criteria-hint = ليس عنوانًا: «ساحة مزدحمة فيها نصب، نهارًا».
call-bring = أحضر معك
call-leave = اترك في البيت
call-abort = انصرف إذا
call-if-stopped = إذا أُوقفت فقل
call-roles = الأدوار
call-role-taken = { $taken } من { $count }
call-role-waiting = بدلاء: { $names }
call-role-take = توليه
call-role-take-named = تولي دور { $role }
call-role-leave = التخلي عنه
call-role-leave-named = التخلي عن دور { $role }
call-plan = أين ومتى
call-place = المكان
call-place-hint = بكلمات يفهمها رفاقك. بلا روابط.
call-time = الوقت
call-plan-none = لم يُحدد بعد
call-plan-by = حدده { $name }
call-plan-change = تغيير
call-plan-stays = لا يغادر هذه الخلية أبدًا.
call-lists = قوائم المهام
call-list-before = قبل
call-list-during = أثناء
call-list-after = بعد
call-list-held = إذا احتُجز أحد
call-check-in = العودة إلى البيت
call-check-in-unplanned = حين يُحدد الوقت، يقول هنا كل من يذهب إنه عاد إلى البيت.
call-home = أنا في البيت
call-home-hint = تكفي ضغطة واحدة.
call-home-done = حسنًا. يرى الآخرون أنك في البيت.
call-home-lead = { $title }: هل أنت في البيت؟
call-due = المتوقع حتى { $time }
call-state-expected = في الطريق
call-state-asked = يُسأل عنه
call-state-missed = لم يعد بعد
call-state-home = في البيت
call-buddy = من يُسأل أولًا إن لم تعد
call-buddy-hint = اختر من لا يقف بجانبك.
call-buddy-none = لا أحد بعينه
call-buddy-title = هل عاد { $name } إلى البيت؟
call-buddy-text = تُسأل أنت أولًا. ولا يعرف الآخرون إلا إن لم يعلم أحد.
call-missed-title = لم يعد { $name } إلى البيت
call-missed-text = مضى الوقت ولا خبر. ربما نفد الهاتف فقط. انظر ما ينبغي فعله.
call-missed-do = ما العمل
call-missed-lead = كان متوقعًا حتى { $time }. ربما نفد الهاتف فقط. خطوة بعد خطوة.
call-missed-lead-now = ربما نفد الهاتف فقط. خطوة بعد خطوة.
call-missed-ask = اسأل
call-missed-ask-text = اسأل من كان مع { $name } ومن يسكن معه. وليس عبر هذا البرنامج وحده.
call-missed-help = اطلب العون
call-missed-help-text = الساعات الأولى هي الأهم. قل الاسم وأين حدث، ولا شيء عن الآخرين.
call-missed-shut = أخرج الجهاز
call-missed-shut-text = من بيده جهاز { $name } لن يقرأ ما يقال بعد الآن. وإن عاد { $name } قبل اكتمال التصويت بطل ذلك.
call-missed-change = غيّر ما كان معروفًا
call-missed-change-text = الأماكن والأوقات والكلمات التي يعرفها { $name }. لا تنتظر حتى يُسأل عنها. والمفاتيح الجديدة بضغطة واحدة.
call-came-home = { $name } في البيت
call-came-home-text = لا حاجة إلى شيء آخر.
call-vote = صوّت لإخراجه
call-voted = لقد صوّتَّ
call-vote-counted = احتُسب صوتك.
call-vote-take-back = التراجع
call-vote-taken-back = تم التراجع.
call-card = بطاقة قانونية
call-card-save = حفظ للطباعة…
call-card-saved = حُفظت. احفظ الرقم واترك الورقة في البيت.
call-print = على الورق
call-print-hint = ورقة تُعلَّق والقوائم والبطاقة القانونية بصيغة PDF: ‏A4 أو A6 للجيب. لا شيء مما اتفقتم عليه في الخلية عليها: لا مكان ولا وقت ولا أسماء.
call-print-a4 = ‏A4 للطباعة…
call-print-a6 = ‏A6 للطباعة…
call-printed = حُفظ. المطبوع قد يُعثر عليه: لا تحمله إلا حيث يلزم.
call-checked-on = تم التحقق في { $date }
call-no-legal-aid = لا رقم محامٍ في هذه البطاقة. اتفقوا على رقم قبل الذهاب.
call-not-advice = هذه ليست استشارة قانونية.
call-cancel = إلغاء…
call-cancel-hint = أنت صاحب النداء، ويمكنك إلغاؤه في أي وقت.
call-cancel-title = إلغاء { $title }؟
call-cancel-text = يراه كل من في الخلية قبل أي شيء. ولا رجعة فيه. ومن ليس متصلًا يعلم متأخرًا: أخبره بطريقة أخرى.
call-cancel-reason = لماذا، بكلمات قليلة
call-cancel-reason-hint = مثلًا: الشرطة في الساحة.
call-cancel-not = إبقاؤه
call-erased = يزول كل هذا تلقائيًا في { $time } من كل جهاز في الخلية يعمل حينها.
call-preset-lead = ابدأ بنداء جاهز وغيّر ما يختلف عندكم.
call-edit = إلامَ تدعو
call-preview = قبل أن يُرسل
call-look = مراجعة
call-share = مشاركة في { $cell }
call-shared = النداء في الخلية.
call-title = العنوان
call-why = لماذا، في جملة
call-from = من
call-until = حتى
call-until-hint = ثم يختفي.
call-duration = الدقائق
call-most = أقصى عدد
call-lines-hint = سطر لكل واحد
call-entry-save = حفظ موعد في التقويم…
call-entry-saved = حُفظ. هذه نسخة ثانية: احذفها حين ينتهي الأمر.
call-entry-hint = العنوان والوقت فقط، خارج هذا البرنامج وبلا حماية.
call-change = تغيير…
call-change-title = تغيير النداء
call-change-share = إبلاغ { $cell }
call-changed = تغيّر. يرى الجميع الكلمات الجديدة.
call-legal-aid = بمن نتصل إذا احتُجز أحد
call-legal-aid-hint = اتصل بالرقم مرة قبل أن تكتبه هنا.
call-legal-aid-name = من
call-legal-aid-number = الرقم
call-legal-aid-hours = متى
call-legal-aid-more = رقم آخر
call-asks = السؤال هل عاد الجميع إلى البيت
call-asks-hint = من يذهب يقول ذلك بضغطة واحدة. ومن لا يقول يُسأل عنه.
call-grace = دقائق بعد النهاية
call-who-sees = من سيرى ماذا
call-sees-here = ما تؤشره ومن تسميه تراه الخلية أيضًا، ولا أحد غيرها.
call-sees-nobody = لا يرى أحد خارجها شيئًا من هذا النداء.
call-sees-outside = بعضه يُرى خارج هذه الخلية.
call-problem-empty = ينقص شيء لازم. عُد وأكمله.
call-problem-long = شيء أطول مما ينبغي. اختصره.
call-problem-range = رقم أو يوم غير مناسب.
call-problem-past = يوم قد مضى.
call-problem-place = يبدو عنوانًا أو إحداثيات. صف نوع المكان؛ أما المكان نفسه فموضعه الخطة.
call-problem-link = فيه رابط. الروابط تكشف من يفتحها؛ اكتبه بالكلمات.
call-problem-phone = فيه رقم هاتف. أهو لكل من يقرأ هذا؟
call-problem-legal = ليس فيه رقم محامٍ.
call-problem-legal-old = ما فيه عن القانون رُوجع منذ زمن بعيد.
call-problem-languages = اللغات لا تقول الشيء نفسه.
call-problem-other = شيء فيه غير مناسب.
call-count-in = { $count ->
    [zero] لا أحد مشارك
    [one] { $count } مشارك
    [two] { $count } مشاركان
    [few] { $count } مشاركين
    [many] { $count } مشاركًا
   *[other] { $count } مشارك
}
call-ticked = { $count ->
    [zero] لم يؤشره أحد
    [one] أشّره { $count }
    [two] أشّره { $count }
    [few] أشّره { $count }
    [many] أشّره { $count }
   *[other] أشّره { $count }
}
call-votes = { $count ->
    [zero] { $count } من { $needed } أصوات
    [one] { $count } من { $needed } أصوات
    [two] { $count } من { $needed } أصوات
    [few] { $count } من { $needed } أصوات
    [many] { $count } من { $needed } أصوات
   *[other] { $count } من { $needed } أصوات
}
call-sees-cell = { $count ->
    [zero] أعضاء { $cell } ({ $count }): النداء والإجابات والأدوار والمكان والوقت.
    [one] أعضاء { $cell } ({ $count }): النداء والإجابات والأدوار والمكان والوقت.
    [two] أعضاء { $cell } ({ $count }): النداء والإجابات والأدوار والمكان والوقت.
    [few] أعضاء { $cell } ({ $count }): النداء والإجابات والأدوار والمكان والوقت.
    [many] أعضاء { $cell } ({ $count }): النداء والإجابات والأدوار والمكان والوقت.
   *[other] أعضاء { $cell } ({ $count }): النداء والإجابات والأدوار والمكان والوقت.
}
call-from-channel = من القناة { $name }، مع تواقيعها.
call-from-channel-changed = غُيرت هنا.
call-off-there = ألغت { $name } هذه الدعوة. الخلية لا تعرف بعد.
call-off-there-tell = أخبر الخلية
call-off-there-hint = عندها ترى الخلية أنك تتابع هذه القناة.
call-changed-there = غيرت { $name } هذه الدعوة. هي هنا كما أُخذت.
